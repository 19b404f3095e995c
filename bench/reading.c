// SPDX-License-Identifier: Apache-2.0
// Measures how long it takes to read programs, as text and as bytecode.
//
//   reading [FILE...]      a table on stdout, one line per program and form:
//     program  form  ops  bytes  us_per_op  mb_per_s  kib_per_op
//
// Every FILE (text or bytecode) is read as both; what it lacks is written from it in memory. Besides
// there are programs made here: chains of 10^4 and 10^5 operations, whose times per operation are the
// same when reading is linear, and one constant of 32 MiB, whose text is hexadecimal digits.
//
// A time is processor time of the one thread that reads, the least of at least REPEATS batches of
// BATCH_SECONDS and more, and of SECONDS. It includes building the module and giving it back, not verifying it. kib_per_op is memory
// of the module.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "read/read.h"

enum { REPEATS = 5, CONSTANT_BYTES = 32 << 20 };
static const double SECONDS = 1.0, BATCH_SECONDS = 0.01;

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void fail(sk_status status) {
  char text[400];
  sk_status_format(status, text, sizeof text);
  fprintf(stderr, "reading: %s\n", text);
  exit(1);
}

static void check(sk_status status) {
  if (status != NULL) {
    fail(status);
  }
}

typedef struct reading {
  const char *name;
  const void *data;
  size_t len;
  uint64_t ops, module_bytes;
} reading;

// Seconds that `count` readings take.
static double read_times(reading *r, int count) {
  double start = cpu_seconds();
  for (int i = 0; i < count; i++) {
    sk_module *m = NULL;
    check(sk_read_module(r->name, r->data, r->len, NULL, &m));
    r->ops = sk_module_op_count(m);
    r->module_bytes = m->arena.total_bytes;
    sk_module_destroy(m);
  }
  return cpu_seconds() - start;
}

typedef struct total {
  double seconds;
  uint64_t ops, bytes, module_bytes;
} total;
static total file_totals[2], made[2];  // of FILEs, of what is made here: text, bytecode

static void print_row(const char *name, const char *form, const total *t) {
  printf("%-44.44s %-8s %8llu %10llu %9.3f %9.1f %10.3f\n", name, form, (unsigned long long)t->ops,
         (unsigned long long)t->bytes, t->seconds * 1e6 / (double)t->ops,
         (double)t->bytes * 1e-6 / t->seconds, (double)t->module_bytes / 1024 / (double)t->ops);
  fflush(stdout);
}

static total measure(const char *name, const char *form, const void *data, size_t len) {
  reading r = {.name = name, .data = data, .len = len};
  int batch = 1;
  while (read_times(&r, batch) < BATCH_SECONDS) {
    batch *= 2;
  }
  double best = 1e9, begin = cpu_seconds();
  for (int i = 0; i < REPEATS || cpu_seconds() - begin < SECONDS; i++) {
    double seconds = read_times(&r, batch) / batch;
    best = seconds < best ? seconds : best;
  }
  const total t = {best, r.ops, len, r.module_bytes};
  const char *base = strrchr(name, '/');
  print_row(base ? base + 1 : name, form, &t);
  return t;
}

static void add_total(total *sum, total t) {
  sum->seconds += t.seconds;
  sum->ops += t.ops;
  sum->bytes += t.bytes;
  sum->module_bytes += t.module_bytes;
}

// Both forms of a program that is given in one of them.
static void measure_both(const char *name, const void *data, size_t len, total *sums) {
  sk_text text = {0};
  sk_text bytes = {0};
  sk_module *m = NULL;
  bool is_bytecode = len >= 4 && memcmp(data, "ML\xefR", 4) == 0;
  check(sk_read_module(name, data, len, NULL, &m));
  if (is_bytecode) {
    sk_module_print(m, NULL, &text);
  } else {
    check(sk_write_bytecode(m, &(sk_write_options){.portable = false}, &bytes));
  }
  add_total(&sums[0],
            measure(name, "text", is_bytecode ? text.data : data, is_bytecode ? text.len : len));
  add_total(&sums[1], measure(name, "bytecode", is_bytecode ? data : bytes.data,
                              is_bytecode ? len : bytes.len));
  sk_module_destroy(m);
  sk_text_fini(&text);
  sk_text_fini(&bytes);
}

static void measure_chain(const char *name, int ops) {
  static const char *const kinds[] = {"add", "multiply", "subtract", "maximum", "minimum"};
  sk_text text = {0};
  sk_text_addf(&text, "func.func @main(%%a: tensor<64xf32>) -> tensor<64xf32> {\n"
                      "  %%0 = stablehlo.abs %%a : tensor<64xf32>\n");
  for (int i = 1; i < ops; i++) {
    sk_text_addf(&text, "  %%%d = stablehlo.%s %%%d, %%a : tensor<64xf32>\n", i, kinds[i % 5],
                 i - 1);
  }
  sk_text_addf(&text, "  return %%%d : tensor<64xf32>\n}\n", ops - 1);
  measure_both(name, text.data, text.len, made);
  sk_text_fini(&text);
}

static void measure_constant(void) {
  sk_text text = {0};
  uint32_t random = 1;
  sk_text_addf(&text,
               "func.func @main() -> tensor<%dxf32> {\n  %%0 = stablehlo.constant dense<\"0x",
               CONSTANT_BYTES / 4);
  for (int i = 0; i < CONSTANT_BYTES / 4; i++) {
    random = random * 1664525 + 1013904223;
    sk_text_addf(&text, "%08X", random);
  }
  sk_text_addf(&text, "\"> : tensor<%dxf32>\n  return %%0 : tensor<%dxf32>\n}\n",
               CONSTANT_BYTES / 4, CONSTANT_BYTES / 4);
  measure_both("one constant", text.data, text.len, made);
  sk_text_fini(&text);
}

int main(int argc, char **argv) {
  printf("%-44s %-8s %8s %10s %9s %9s %10s\n", "program", "form", "ops", "bytes", "us_per_op",
         "mb_per_s", "kib_per_op");
  measure_chain("chain of 10000", 10000);
  measure_chain("chain of 100000", 100000);
  measure_constant();
  for (int i = 1; i < argc; i++) {
    sk_file file;
    check(sk_file_open(argv[i], 0, &file));
    measure_both(argv[i], file.data, file.len, file_totals);
    sk_file_close(&file);
  }
  if (argc > 1) {
    print_row("all files", "text", &file_totals[0]);
    print_row("all files", "bytecode", &file_totals[1]);
  }
  return 0;
}
