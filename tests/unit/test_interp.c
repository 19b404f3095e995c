// SPDX-License-Identifier: Apache-2.0
// The reference interpreter on programs that check themselves: the checks are executed where they
// stand. StableHLO's own suites must hold (found through SKARN_CONFORMANCE, default
// ../shared/conformance; skipped without them); the programs of tests/lit/interp must end well
// wherever memory runs out, which ASAN judges; and a program may run in several threads at a time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/thread.h"
#include "interp/interp.h"
#include "read/read.h"
#include "support/test_path.h"

typedef struct suite suite;
typedef void (*program_fn)(suite *s, const char *name, sk_module *m, sk_op entry);
struct suite {
  program_fn run;
  unsigned run_count, failure_count;
};

// ---- one program

static sk_op find_entry(const sk_module *m) {
  sk_op entry = sk_module_find_func(m, SK_STR("main"));
  return entry.id != 0 ? entry : sk_module_first_func(m);
}

// Runs an entry without arguments; its results are dropped.
static sk_status run_entry(const sk_module *m, sk_op entry) {
  const sk_type_rec *type = sk_func_type(m, entry);
  void **results = calloc(type->result_count + 1, sizeof *results);
  for (uint32_t i = 0; i < type->result_count; i++) {
    int64_t bytes = 0;
    (void)sk_type_byte_count(m, type->results[i], &bytes);
    results[i] = malloc((size_t)bytes + 1);
  }
  sk_status status = sk_interp_run(m, entry, NULL, results);
  for (uint32_t i = 0; i < type->result_count; i++) {
    free(results[i]);
  }
  free(results);
  return status;
}

static void complain(suite *s, const char *name, sk_status status) {
  char text[500];
  sk_status_format(status, text, sizeof text);
  sk_status_free(status);
  if (s->failure_count++ < 10) {
    print_error("%s: %s\n", name, text);
  }
}

static void run_once(suite *s, const char *name, sk_module *m, sk_op entry) {
  sk_status status = run_entry(m, entry);
  if (status) {
    complain(s, name, status);
  }
}

// Memory ends at the first allocation, at the second, and so on, for good or only then. Programs
// that fail by themselves must fail.
static void run_short_of_memory(suite *s, const char *name, sk_module *m, sk_op entry) {
  sk_status own = run_entry(m, entry);
  bool fails = own != NULL;
  sk_status_free(own);
  for (int sticky = 0; sticky < 2; sticky++) {
    for (uint64_t n = 1, hit = 1; hit; n += 1 + n / 64) {
      sk_mem_fail_at(n, sticky != 0);
      sk_status status = run_entry(m, entry);
      hit = sk_mem_fail_hits();
      sk_mem_fail_at(0, false);
      if (hit && !status) {
        complain(s, name, sk_status_new(SK_INTERNAL, "no error without memory (%d)", (int)n));
      } else if (!hit && (status != NULL) != fails) {
        complain(s, name, sk_status_new(SK_INTERNAL, "another outcome after a lack of memory"));
      }
      sk_status_free(status);
    }
  }
}

typedef struct runner {
  sk_thread thread;
  const sk_module *m;
  sk_op entry;
  bool fails;
} runner;

static void run_in_thread(void *arg) {
  runner *r = arg;
  sk_status status = run_entry(r->m, r->entry);
  r->fails = status != NULL;
  sk_status_free(status);
}

static void run_at_once(suite *s, const char *name, sk_module *m, sk_op entry) {
  runner all[3] = {0};
  for (size_t i = 0; i < SK_COUNT(all); i++) {
    all[i].m = m;
    all[i].entry = entry;
    assert_null(sk_thread_start(&all[i].thread, "test", run_in_thread, &all[i]));
  }
  for (size_t i = 0; i < SK_COUNT(all); i++) {
    sk_thread_join(&all[i].thread);
  }
  if (all[0].fails != all[1].fails || all[0].fails != all[2].fails) {
    complain(s, name, sk_status_new(SK_INTERNAL, "different outcomes in different threads"));
  }
}

// ---- files

// Programs that are wrong on purpose or have nothing to check are left out.
static void run_segment(suite *s, const char *name, const char *text, size_t len) {
  sk_module *m;
  bool checks = memmem(text, len, "check", 5) != NULL;
  if (!checks || memmem(text, len, "expected-error", 14)) {
    return;
  }
  sk_status status = sk_read_text(name, text, len, NULL, &m);
  if (!status) {
    status = sk_module_verify(m, NULL);
  }
  if (status) {
    complain(s, name, status);
  } else if (sk_func_type(m, find_entry(m))->input_count == 0) {
    s->run_count++;
    s->run(s, name, m, find_entry(m));
  }
  sk_module_destroy(m);
}

static void run_file(suite *s, const char *path) {
  static const char mark[] = "// -----";
  sk_file file;
  assert_null(sk_file_open(path, 0, &file));
  const char *at = (const char *)file.data, *end = at + file.len;
  bool disabled = memmem(at, file.len, "RUN-DISABLED", 12) != NULL;
  for (bool more = !disabled; more;) {
    const char *next = memmem(at, (size_t)(end - at), mark, sizeof mark - 1);
    more = next != NULL;
    run_segment(s, path, at, (size_t)((more ? next : end) - at));
    at = more ? next + sizeof mark - 1 : end;
  }
  sk_file_close(&file);
}

static void run_directory(suite *s, const char *path) {
  struct dirent **entries;
  int count = scandir(path, &entries, NULL, alphasort);
  assert_true(count >= 0);
  for (int i = 0; i < count; i++) {
    char inner[1000];
    size_t len = (size_t)snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
    if (len > 5 && len < sizeof inner && strcmp(inner + len - 5, ".mlir") == 0) {
      run_file(s, inner);
    } else if (entries[i]->d_name[0] != '.' && sk_file_is_dir(inner)) {
      run_directory(s, inner);
    }
    free(entries[i]);
  }
  free(entries);
}

static void run_suite(const char *name, unsigned least) {
  char path[1000];
  suite s = {.run = run_once};
  if (!test_suite_path(path, sizeof path, name)) {
    skip();
  }
  run_directory(&s, path);
  print_message("%u programs, %u failures\n", s.run_count, s.failure_count);
  assert_true(s.run_count >= least);
  assert_int_equal(s.failure_count, 0);
}

static void run_own(program_fn run) {
  char path[1000];
  suite s = {.run = run};
  test_source_path(path, sizeof path, "tests/lit/interp");
  run_directory(&s, path);
  assert_true(s.run_count >= 50);
  assert_int_equal(s.failure_count, 0);
}

// ---- tests

static void test_testdata(void **state) {
  (void)state;
  run_suite("testdata", 2500);
}

static void test_interpret(void **state) {
  (void)state;
  run_suite("tests/interpret", 500);
}

static void test_math(void **state) {
  (void)state;
  run_suite("tests/math", 47);
}

static void test_memory_exhausted(void **state) {
  (void)state;
  run_own(run_short_of_memory);
}

static void test_threads(void **state) {
  (void)state;
  run_own(run_at_once);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_testdata), cmocka_unit_test(test_interpret),
      cmocka_unit_test(test_math),     cmocka_unit_test(test_memory_exhausted),
      cmocka_unit_test(test_threads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
