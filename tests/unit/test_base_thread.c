// SPDX-License-Identifier: Apache-2.0
// Threads, locks, futexes and the clock: mutual exclusion, wake-ups, time-outs, names, and the
// signal mask of new threads.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"

enum { MS = 1000000 };

typedef struct shared {
  sk_mutex mutex;
  sk_cond cond;
  uint64_t counter;  // under mutex
  int stage;         // under mutex
  _Atomic uint32_t word, woken;
} shared;

static void init_shared(shared *s) {
  memset(s, 0, sizeof *s);
  assert_null(sk_mutex_init(&s->mutex));
  assert_null(sk_cond_init(&s->cond));
}

static void fini_shared(shared *s) {
  sk_cond_fini(&s->cond);
  sk_mutex_fini(&s->mutex);
}

enum { THREADS = 4, ROUNDS = 20000 };

static void count_up(void *arg) {
  shared *s = arg;
  for (int i = 0; i < ROUNDS; i++) {
    sk_mutex_lock(&s->mutex);
    s->counter++;
    sk_mutex_unlock(&s->mutex);
  }
}

static void test_mutual_exclusion(void **state) {
  (void)state;
  shared s;
  init_shared(&s);
  sk_thread threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    assert_null(sk_thread_start(&threads[i], "counter", count_up, &s));
  }
  for (int i = 0; i < THREADS; i++) {
    sk_thread_join(&threads[i]);
    assert_false(threads[i].running);
    sk_thread_join(&threads[i]);  // joining twice is harmless
  }
  assert_int_equal(s.counter, THREADS * ROUNDS);
  fini_shared(&s);
}

static void hold_until_told(void *arg) {
  shared *s = arg;
  sk_mutex_lock(&s->mutex);
  s->stage = 1;
  sk_cond_broadcast(&s->cond);
  while (s->stage != 2) {
    sk_cond_wait(&s->cond, &s->mutex);
  }
  s->stage = 3;
  sk_cond_signal(&s->cond);
  sk_mutex_unlock(&s->mutex);
}

static void test_condition(void **state) {
  (void)state;
  shared s;
  init_shared(&s);
  sk_thread thread;
  assert_null(sk_thread_start(&thread, "partner", hold_until_told, &s));
  sk_mutex_lock(&s.mutex);
  assert_false(sk_mutex_try_lock(&s.mutex));
  while (s.stage != 1) {
    assert_true(sk_cond_wait_ns(&s.cond, &s.mutex, UINT64_C(60000) * MS));
  }
  s.stage = 2;
  sk_cond_signal(&s.cond);
  while (s.stage != 3) {
    assert_true(sk_cond_wait_ns(&s.cond, &s.mutex, UINT64_MAX));
  }
  sk_mutex_unlock(&s.mutex);
  sk_thread_join(&thread);
  assert_true(sk_mutex_try_lock(&s.mutex));
  sk_mutex_unlock(&s.mutex);
  fini_shared(&s);
}

static void test_timeouts(void **state) {
  (void)state;
  shared s;
  init_shared(&s);
  sk_mutex_lock(&s.mutex);
  uint64_t start = sk_time_ns();
  while (sk_cond_wait_ns(&s.cond, &s.mutex, 20 * MS)) {
  }
  assert_true(sk_time_ns() - start >= 20 * MS);
  assert_false(sk_cond_wait_ns(&s.cond, &s.mutex, 0));
  sk_mutex_unlock(&s.mutex);
  start = sk_time_ns();
  for (uint64_t now = start; now - start < 20 * MS; now = sk_time_ns()) {
    sk_futex_wait(&s.word, 0, 20 * MS - (now - start));
  }
  start = sk_time_ns();
  sk_futex_wait(&s.word, 1, UINT64_MAX);  // the word is 0: returns at once
  assert_true(sk_time_ns() - start < UINT64_C(10000) * MS);
  fini_shared(&s);
}

static void wait_for_word(void *arg) {
  shared *s = arg;
  while (atomic_load(&s->word) == 0) {
    sk_futex_wait(&s->word, 0, UINT64_MAX);
  }
  atomic_fetch_add(&s->woken, 1);
}

static void test_futex(void **state) {
  (void)state;
  for (int round = 0; round < 50; round++) {
    shared s;
    init_shared(&s);
    sk_thread threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
      assert_null(sk_thread_start(&threads[i], "waiter", wait_for_word, &s));
    }
    atomic_store(&s.word, 1);
    sk_futex_wake(&s.word, THREADS);
    for (int i = 0; i < THREADS; i++) {
      sk_thread_join(&threads[i]);
    }
    assert_int_equal(s.woken, THREADS);
    fini_shared(&s);
  }
}

typedef struct report {
  char name[32];
  sigset_t mask;
} report;

static void report_self(void *arg) {
  report *r = arg;
  pthread_getname_np(pthread_self(), r->name, sizeof r->name);
  pthread_sigmask(SIG_SETMASK, NULL, &r->mask);
}

static sigset_t mask_at_start;  // of the main thread, before any other was started

static void test_name_and_signals(void **state) {
  (void)state;
  report r;
  sk_thread thread;
  assert_null(sk_thread_start(&thread, "a-name-beyond-fifteen", report_self, &r));
  sk_thread_join(&thread);
  assert_string_equal(r.name, "a-name-beyond-f");
  static const int blocked[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD, SIGALRM, SIGPROF};
  static const int open_ones[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
  for (size_t i = 0; i < SK_COUNT(blocked); i++) {
    assert_int_equal(sigismember(&r.mask, blocked[i]), 1);
  }
  for (size_t i = 0; i < SK_COUNT(open_ones); i++) {
    assert_int_equal(sigismember(&r.mask, open_ones[i]), 0);
  }
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, NULL, &after);
  for (int signal_number = 1; signal_number < 32; signal_number++) {
    assert_int_equal(sigismember(&mask_at_start, signal_number),
                     sigismember(&after, signal_number));
  }
}

static void test_start_without_memory(void **state) {
  (void)state;
  sk_thread thread = {.running = true};
  sk_mem_fail_at(1, false);
  sk_status status = sk_thread_start(&thread, "never", report_self, NULL);
  sk_mem_fail_at(0, false);
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  assert_false(thread.running);
  sk_thread_join(&thread);
  sk_status_free(status);
}

static void test_clock(void **state) {
  (void)state;
  uint64_t last = sk_time_ns();
  for (int i = 0; i < 10000; i++) {
    const uint64_t now = sk_time_ns();
    assert_true(now >= last);
    last = now;
    sk_cpu_pause();
  }
}

int main(void) {
  pthread_sigmask(SIG_SETMASK, NULL, &mask_at_start);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_mutual_exclusion),
      cmocka_unit_test(test_condition),
      cmocka_unit_test(test_timeouts),
      cmocka_unit_test(test_futex),
      cmocka_unit_test(test_name_and_signals),
      cmocka_unit_test(test_start_without_memory),
      cmocka_unit_test(test_clock),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
