// SPDX-License-Identifier: Apache-2.0
// The accuracy of the math functions as shipped: f32 functions of one argument over all 2^32
// inputs, the others over random arguments in several strata, against the C library in the next
// wider type. Prints one line per function; exit status 1 if any is above its limit.
//
//   math [--only NAME] [--stride N] [--samples N] [--isa v3|v4|none] [--threads N]
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "support/complex_case.h"

enum { BLOCK = 4096 };

typedef struct options {
  const char *only;
  uint64_t stride, samples;
  sk_isa isa;
  uint32_t threads;
} options;

typedef struct job {
  const options *opt;
  const math_case *c;
  uint64_t part;  // of opt->threads
  math_report report;
  uint32_t ops;
  char message[MATH_MESSAGE_BYTES];
  bool failed;
} job;

static void sweep_all(job *j, math_fn *fn) {
  static _Thread_local float x[BLOCK], out[BLOCK];
  const uint64_t end = UINT64_C(1) << 32, step = j->opt->stride;
  for (uint64_t block = j->part; block * BLOCK * step < end; block += j->opt->threads) {
    int64_t n = 0;
    memset(x, 0, sizeof x);
    for (uint64_t v = block * BLOCK * step; n < BLOCK && v < end; v += step) {
      const uint32_t bits = (uint32_t)v;
      memcpy(&x[n++], &bits, sizeof bits);
    }
    math_fn_run(fn, x, NULL, out);
    math_report_add(&j->report, j->c, x, NULL, out, n);
  }
}

static void sweep_samples(job *j, math_fn *fn) {
  static _Thread_local double x[BLOCK], y[BLOCK], out[BLOCK];  // f32 use the first half
  const size_t bytes = sk_lt_bytes(j->c->type);
  uint64_t state = j->part * 77 + 1, special = 0, done = 0;
  const bool two = j->c->two != NULL;
  const uint64_t specials = math_special(j->c->type, 0, x, two ? y : NULL);
  while (done < j->opt->samples / j->opt->threads) {
    for (size_t i = 0; i < BLOCK; i++) {
      void *xi = (char *)x + i * bytes, *yi = two ? (char *)y + i * bytes : NULL;
      if (j->part == 0 && special < specials) {
        math_special(j->c->type, special++, xi, yi);
      } else {
        math_random(j->c, &state, xi, yi);
      }
    }
    math_fn_run(fn, x, two ? y : NULL, out);
    math_report_add(&j->report, j->c, x, two ? y : NULL, out, BLOCK);
    done += BLOCK;
  }
}

static void *run_job(void *arg) {
  job *j = arg;
  math_fn *fn = math_fn_new(j->c, BLOCK, j->opt->isa, j->message);
  j->failed = fn == NULL;
  if (fn != NULL) {
    j->ops = math_fn_op_count(fn);
    if (j->c->type == SK_LT_F32 && j->c->two == NULL) {
      sweep_all(j, fn);
    } else {
      sweep_samples(j, fn);
    }
    math_fn_free(fn);
  }
  return NULL;
}

static bool sweep(const options *opt, const math_case *c) {
  enum { MAX_THREADS = 64 };
  static job jobs[MAX_THREADS];
  pthread_t threads[MAX_THREADS];
  const uint32_t n = SK_MIN(opt->threads, (uint32_t)MAX_THREADS);
  for (uint32_t i = 0; i < n; i++) {
    jobs[i] = (job){.opt = opt, .c = c, .part = i};
    if (pthread_create(&threads[i], NULL, run_job, &jobs[i]) != 0) {
      abort();
    }
  }
  math_report total = {0};
  bool failed = false;
  for (uint32_t i = 0; i < n; i++) {
    pthread_join(threads[i], NULL);
    math_report_merge(&total, &jobs[i].report);
    if (jobs[i].failed && !failed) {
      printf("%-13s %s\n", c->name, jobs[i].message);
      failed = true;
    }
  }
  if (!failed) {
    math_report_print(&total, c, jobs[0].ops);
  }
  return !failed && math_report_is_good(&total);
}

static bool sweep_table(const options *opt, const math_case *cases, uint32_t count) {
  bool good = true;
  for (uint32_t i = 0; i < count; i++) {
    if (opt->only == NULL || strcmp(opt->only, cases[i].name) == 0) {
      good &= sweep(opt, &cases[i]);
    }
  }
  return good;
}

int main(int argc, char **argv) {
  options opt = {.stride = 1, .samples = 20000000, .isa = SK_ISA_NONE};
  opt.isa = sk_cpu_get()->isa;
  opt.threads = SK_MIN(sk_cpu_get()->threads, 64);
  bool usage = argc % 2 == 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *name = argv[i], *value = argv[i + 1];
    if (strcmp(name, "--only") == 0) {
      opt.only = value;
    } else if (strcmp(name, "--stride") == 0) {
      opt.stride = strtoull(value, NULL, 10);
    } else if (strcmp(name, "--samples") == 0) {
      opt.samples = strtoull(value, NULL, 10);
    } else if (strcmp(name, "--threads") == 0) {
      opt.threads = (uint32_t)strtoul(value, NULL, 10);
    } else if (strcmp(name, "--isa") != 0 || !sk_isa_parse(value, &opt.isa)) {
      usage = true;
    }
  }
  if (usage || opt.stride == 0 || opt.threads == 0 || opt.threads > 64) {
    fprintf(stderr, "usage: math [--only NAME] [--stride N] [--samples N] [--isa v3|v4|none] "
                    "[--threads N]\n");
    return 2;
  }
  const bool good = sweep_table(&opt, math_cases, math_case_count);
  return !(sweep_table(&opt, complex_cases, complex_case_count) && good);
}
