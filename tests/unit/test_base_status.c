// SPDX-License-Identifier: Apache-2.0
// Errors as values, the counted heap beneath them, and the log: what is printed, who owns what, and
// that making an error never fails, whichever allocation does.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/status.h"
#include "base/thread.h"

static void test_codes(void **state) {
  (void)state;
  int rows = 0;
#define X(name, value, exit_code, what)                                                            \
  assert_int_equal(SK_##name, value);                                                              \
  assert_int_equal(rows, value);                                                                   \
  assert_string_equal(sk_code_name(SK_##name), #name);                                             \
  assert_int_equal(sk_code_exit_status(SK_##name), exit_code);                                     \
  rows++;
#include "base/status.def"
#undef X
  assert_int_equal(rows, 17);
  assert_int_equal(sk_code_exit_status(SK_UNIMPLEMENTED), 3);
}

static void test_ok(void **state) {
  (void)state;
  assert_true(sk_status_is_ok(NULL));
  assert_int_equal(sk_status_code(NULL), SK_OK);
  assert_string_equal(sk_status_message(NULL), "");
  assert_null(sk_status_note(NULL, "no effect on %s", "success"));
  assert_null(sk_status_new(SK_OK, "nothing happened"));
  assert_null(sk_status_pos(NULL).file);
  char buf[8];
  assert_int_equal(sk_status_format(NULL, buf, sizeof buf), 2);
  assert_string_equal(buf, "OK");
  sk_status_free(NULL);
}

static void check_format(sk_status status, const char *expected) {
  char buf[256];
  assert_int_equal(sk_status_format(status, buf, sizeof buf), strlen(expected));
  assert_string_equal(buf, expected);
  sk_status_free(status);
}

static void test_format(void **state) {
  (void)state;
  check_format(sk_status_new(SK_INTERNAL, "broken %d", 7), "error: broken 7 [INTERNAL]");
  check_format(
      sk_status_new_at(SK_INVALID_ARGUMENT, (sk_srcpos){"a.mlir", 3, 14}, "bad %s", "type"),
      "a.mlir:3:14: error: bad type [INVALID_ARGUMENT]");
  check_format(sk_status_new_at(SK_NOT_FOUND, (sk_srcpos){"a.mlir", 3, 0}, "x"),
               "a.mlir:3: error: x [NOT_FOUND]");
  check_format(sk_status_new_at(SK_NOT_FOUND, (sk_srcpos){"a.mlir", 0, 0}, "x"),
               "a.mlir: error: x [NOT_FOUND]");
  check_format(sk_status_new_at(SK_NOT_FOUND, (sk_srcpos){NULL, 3, 1}, "x"),
               "<input>:3:1: error: x [NOT_FOUND]");
  sk_status status = sk_status_new(SK_DATA_LOSS, "torn");
  status = sk_status_note(status, "while reading %s", "cache");
  status = sk_status_note(status, "second");
  check_format(status, "error: torn [DATA_LOSS]\n  note: while reading cache\n  note: second");
}

static void test_format_cuts_short(void **state) {
  (void)state;
  sk_status status = sk_status_new_at(SK_ABORTED, (sk_srcpos){"f", 12, 34}, "message");
  status = sk_status_note(status, "a note");
  char whole[128];
  const size_t need = sk_status_format(status, whole, sizeof whole);
  assert_int_equal(need, strlen(whole));
  assert_int_equal(sk_status_format(status, NULL, 0), need);
  for (size_t room = 1; room <= need + 2; room++) {
    char buf[130];
    memset(buf, '#', sizeof buf);
    assert_int_equal(sk_status_format(status, buf, room), need);
    const size_t kept = room - 1 < need ? room - 1 : need;
    assert_memory_equal(buf, whole, kept);
    assert_int_equal(buf[kept], '\0');
    assert_int_equal(buf[room], '#');
  }
  sk_status_free(status);
}

// The record outlives the buffers it was made from.
static void test_copies(void **state) {
  (void)state;
  char file[] = "temp.mlir", word[] = "word";
  sk_status status = sk_status_new_at(SK_OUT_OF_RANGE, (sk_srcpos){file, 1, 2}, "%s", word);
  memset(file, 'x', sizeof file - 1);
  memset(word, 'x', sizeof word - 1);
  assert_string_equal(sk_status_message(status), "word");
  const sk_srcpos at = sk_status_pos(status);
  assert_string_equal(at.file, "temp.mlir");
  assert_int_equal(at.line, 1);
  assert_int_equal(at.col, 2);
  sk_status_free(status);
}

static void test_long_message(void **state) {
  (void)state;
  char text[5000];
  memset(text, 'm', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  sk_status status = sk_status_new(SK_UNKNOWN, "<%s>", text);
  assert_int_equal(strlen(sk_status_message(status)), sizeof text + 1);
  status = sk_status_note(status, "[%s]", text);
  assert_int_equal(sk_status_format(status, NULL, 0),
                   2 * 5001 + strlen("error:  [UNKNOWN]\n  note: "));
  sk_status_free(status);
}

static sk_status fails_at_two(int *steps) {
  for (int i = 0; i < 4; i++) {
    SK_TRY(i == 2 ? sk_status_new(SK_CANCELLED, "at %d", i) : NULL);
    ++*steps;
  }
  return NULL;
}

static void test_try(void **state) {
  (void)state;
  int steps = 0;
  sk_status status = fails_at_two(&steps);
  assert_int_equal(steps, 2);
  assert_int_equal(sk_status_code(status), SK_CANCELLED);
  sk_status_free(status);
}

// -- allocation failure ---------------------------------------------------------------------------

static void test_no_memory_record(void **state) {
  (void)state;
  sk_status status = sk_status_no_memory();
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  assert_true(sk_status_note(status, "kept as it is") == status);
  sk_status_free(status);
  check_format(sk_status_no_memory(), "error: out of memory [RESOURCE_EXHAUSTED]");
}

static void test_every_allocation_may_fail(void **state) {
  (void)state;
  for (uint64_t n = 1;; n++) {
    sk_mem_fail_at(n, false);
    sk_status status = sk_status_new_at(SK_INTERNAL, (sk_srcpos){"f", 1, 1}, "message");
    status = sk_status_note(status, "one");
    status = sk_status_note(status, "two");
    const uint64_t hits = sk_mem_fail_hits();
    sk_mem_fail_at(0, false);
    char buf[128];
    sk_status_format(status, buf, sizeof buf);
    if (hits == 0) {
      assert_int_equal(n, 4);
      assert_string_equal(buf, "f:1:1: error: message [INTERNAL]\n  note: one\n  note: two");
      sk_status_free(status);
      return;
    }
    assert_int_equal(hits, 1);
    static const char *const expected[] = {
        "error: out of memory [RESOURCE_EXHAUSTED]",
        "f:1:1: error: message [INTERNAL]\n  note: two",
        "f:1:1: error: message [INTERNAL]\n  note: one",
    };
    assert_string_equal(buf, expected[n - 1]);
    sk_status_free(status);
  }
}

static void test_fault_injection(void **state) {
  (void)state;
  void *p[8];
  sk_mem_fail_at(3, false);
  for (int i = 0; i < 5; i++) {
    p[i] = sk_mem_alloc(10);
    assert_true((p[i] == NULL) == (i == 2));
  }
  assert_int_equal(sk_mem_fail_hits(), 1);
  for (int i = 0; i < 5; i++) {
    sk_mem_free(p[i]);
  }
  sk_mem_fail_at(2, true);
  char *grown = sk_mem_zalloc(4);
  assert_non_null(grown);
  assert_null(sk_mem_realloc(grown, 4000));
  assert_int_equal(grown[3], 0);
  assert_null(sk_mem_alloc_aligned(64, 64));
  assert_null(sk_mem_strdup("x", 1));
  assert_null(sk_mem_zalloc(1));
  assert_int_equal(sk_mem_fail_hits(), 4);
  sk_mem_fail_at(0, false);
  assert_int_equal(sk_mem_fail_hits(), 0);
  sk_mem_free(grown);
}

enum { THREADS = 4, PER_THREAD = 500 };
static _Atomic uint32_t failures;

static void allocate_many(void *arg) {
  (void)arg;
  for (int i = 0; i < PER_THREAD; i++) {
    void *p = sk_mem_alloc(16);
    if (!p) {
      failures++;
    }
    sk_mem_free(p);
  }
}

static void test_one_ticket_fails_among_threads(void **state) {
  (void)state;
  for (int sticky = 0; sticky < 2; sticky++) {
    sk_thread threads[THREADS];
    failures = 0;
    // The threads' own start records take THREADS tickets.
    sk_mem_fail_at(THREADS * PER_THREAD, sticky != 0);
    for (int i = 0; i < THREADS; i++) {
      assert_null(sk_thread_start(&threads[i], "alloc", allocate_many, NULL));
    }
    for (int i = 0; i < THREADS; i++) {
      sk_thread_join(&threads[i]);
    }
    const uint64_t hits = sk_mem_fail_hits();
    sk_mem_fail_at(0, false);
    assert_int_equal(failures, sticky ? THREADS + 1 : 1);
    assert_int_equal(hits, failures);
  }
}

static void test_heap(void **state) {
  (void)state;
  void *nothing = sk_mem_alloc(0);
  assert_non_null(nothing);
  sk_mem_free(nothing);
  assert_null(sk_mem_alloc(SIZE_MAX));
  assert_null(sk_mem_alloc((size_t)PTRDIFF_MAX + 1));
  assert_null(sk_mem_strdup("", SIZE_MAX));
  for (size_t align = 1; align <= 4096; align *= 2) {
    void *p = sk_mem_alloc_aligned(3, align);
    assert_int_equal((uintptr_t)p % align, 0);
    sk_mem_free(p);
  }
  unsigned char *zeros = sk_mem_zalloc(1000);
  for (int i = 0; i < 1000; i++) {
    assert_int_equal(zeros[i], 0);
  }
  sk_mem_free(zeros);
  char *copy = sk_mem_strdup("abcdef", 3);
  assert_string_equal(copy, "abc");
  copy = sk_mem_realloc(copy, 100);
  assert_string_equal(copy, "abc");
  sk_mem_free(copy);
  void *fresh = sk_mem_realloc(NULL, 10);
  assert_non_null(fresh);
  sk_mem_free(fresh);
}

// -- log ------------------------------------------------------------------------------------------

typedef struct sink {
  int count;
  sk_log_level level;
  char text[2000];
} sink;

static void write_sink(void *user, sk_log_level level, const char *message) {
  sink *s = user;
  s->count++;
  s->level = level;
  snprintf(s->text, sizeof s->text, "%s", message);
}

static void test_log(void **state) {
  (void)state;
  sink s = {0};
  const sk_log log = {write_sink, &s, SK_LOG_WARNING};
  const sk_log silent = {NULL, NULL, SK_LOG_DEBUG};
  sk_log_write(NULL, SK_LOG_ERROR, "nobody");
  sk_log_write(&silent, SK_LOG_ERROR, "nobody");
  sk_log_write(&log, SK_LOG_INFO, "too low");
  assert_int_equal(s.count, 0);
  sk_log_write(&log, SK_LOG_ERROR, "n = %d", 5);
  assert_int_equal(s.count, 1);
  assert_int_equal(s.level, SK_LOG_ERROR);
  assert_string_equal(s.text, "n = 5");
  sk_log_write(&log, SK_LOG_WARNING, "%1500d", 1);
  assert_int_equal(strlen(s.text), 1500);
  sk_mem_fail_at(1, false);
  sk_log_write(&log, SK_LOG_WARNING, "%1500d", 1);
  assert_int_equal(sk_mem_fail_hits(), 1);
  sk_mem_fail_at(0, false);
  assert_int_equal(s.count, 3);
  assert_int_equal(strlen(s.text), 511);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_codes),
      cmocka_unit_test(test_ok),
      cmocka_unit_test(test_format),
      cmocka_unit_test(test_format_cuts_short),
      cmocka_unit_test(test_copies),
      cmocka_unit_test(test_long_message),
      cmocka_unit_test(test_try),
      cmocka_unit_test(test_no_memory_record),
      cmocka_unit_test(test_every_allocation_may_fail),
      cmocka_unit_test(test_fault_injection),
      cmocka_unit_test(test_one_ticket_fails_among_threads),
      cmocka_unit_test(test_heap),
      cmocka_unit_test(test_log),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
