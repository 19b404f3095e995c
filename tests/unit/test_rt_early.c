// SPDX-License-Identifier: Apache-2.0
// Executions that return early: chains on contents that come later, donation along them, results
// given up meanwhile, errors that travel, threads, clients that end on the dispatcher, forks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "rt/rt_int.h"
#include "support/rt_images.h"

// gcc defines a macro for ThreadSanitizer, clang tells on request.
#if defined(__SANITIZE_THREAD__)
#define SKIP_FORKS true
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SKIP_FORKS true
#endif
#endif
#ifndef SKIP_FORKS
#define SKIP_FORKS false
#endif

static sk_client *new_client(void) {
  sk_client *client;
  assert_null(sk_client_create(&(sk_client_config){0}, &client));
  return client;
}

static sk_exec *load(sk_client *client, sk_image image) {
  sk_exec *exec;
  assert_null(sk_exec_create(client, &image, &(sk_exec_options){.threads = 2}, &exec));
  return exec;
}

// s64[2], pending until *out_ready is set.
static sk_buffer *pending_pair(sk_client *client, sk_event **out_ready) {
  const int64_t two[] = {2};
  sk_buffer *buffer;
  assert_null(sk_event_create(out_ready));
  assert_null(sk_buffer_create_pending(sk_client_device(client, 0), SK_DTYPE_S64, 1, two,
                                       *out_ready, &buffer));
  return buffer;
}

static void fill(sk_buffer *buffer, int64_t first) {
  int64_t *data = sk_buffer_mutable_data(buffer);
  data[0] = first;
  data[1] = 0;
}

static sk_buffer *run(sk_exec *exec, sk_buffer *arg, sk_event **out_done) {
  sk_buffer *result;
  sk_call_options options = {.may_return_early = true, .out_done = out_done};
  assert_null(sk_exec_run(exec, &arg, 1, &options, &result, 1));
  return result;
}

static void expect_pair(sk_buffer *buffer, int64_t first) {
  int64_t out[2];
  assert_null(sk_buffer_to_host(buffer, out, sizeof out, NULL, NULL));
  assert_int_equal(out[0], first);
}

// ---- chains

enum { CHAIN = 50 };

// Each call takes the storage of the result before it, while none has run.
static void donates_along_a_chain(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_exec *exec = load(client, rt_image_in_place(true));
  sk_event *ready;
  sk_buffer *x = pending_pair(client, &ready);
  fill(x, 5);
  void *storage = sk_buffer_mutable_data(x);
  for (int i = 0; i < CHAIN; i++) {
    sk_buffer *y = run(exec, x, NULL);
    assert_true(sk_buffer_is_deleted(x));
    assert_true(sk_buffer_is_pending(y));
    sk_buffer_release(x);
    x = y;
  }
  assert_ptr_equal(sk_buffer_data(x), storage);
  assert_null(sk_event_set(ready, NULL));
  expect_pair(x, 5 + CHAIN);
  sk_buffer_release(x);
  sk_event_release(ready);
  sk_exec_release(exec);
  sk_client_release(client);
}

// Without donation every call copies what the one before wrote, when that is there.
static void copies_along_a_chain(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_exec *exec = load(client, rt_image_in_place(false));
  sk_event *ready;
  sk_buffer *x = pending_pair(client, &ready), *all[CHAIN + 1] = {x};
  for (int i = 0; i < CHAIN; i++) {
    all[i + 1] = run(exec, all[i], NULL);
  }
  fill(x, 7);
  assert_null(sk_event_set(ready, NULL));
  for (int i = CHAIN; i >= 0; i--) {
    expect_pair(all[i], 7 + i);
    sk_buffer_release(all[i]);
  }
  sk_event_release(ready);
  sk_exec_release(exec);
  sk_client_release(client);
}

// The memory of a result that nobody wants stays until the execution is done with it.
static void survives_lost_results(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_exec *exec = load(client, rt_image_in_place(true));
  sk_event *ready, *done;
  sk_buffer *x = pending_pair(client, &ready);
  fill(x, 1);
  sk_buffer *y = run(exec, x, &done);
  sk_buffer_delete(y);
  sk_buffer_release(y);
  sk_buffer_release(x);
  sk_exec_release(exec);
  assert_false(sk_event_is_ready(done));
  assert_null(sk_event_set(ready, NULL));
  assert_null(sk_event_await(done));
  sk_memory_stats stats;
  sk_client_memory_stats(client, &stats);
  assert_int_equal(stats.buffer_count, 0);
  sk_event_release(done);
  sk_event_release(ready);
  sk_client_release(client);
}

// ---- errors

static void passes_errors_on(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_exec *exec = load(client, rt_image_in_place(true));
  sk_event *ready;
  sk_buffer *x = pending_pair(client, &ready);
  sk_buffer *y = run(exec, x, NULL), *z = run(exec, y, NULL);
  assert_null(sk_event_set(ready, sk_status_new(SK_DATA_LOSS, "it burnt down")));
  int64_t out[2];
  sk_status status = sk_buffer_to_host(z, out, sizeof out, NULL, NULL);
  assert_int_equal(sk_status_code(status), SK_DATA_LOSS);
  assert_string_equal(sk_status_message(status), "it burnt down");
  sk_status_free(status);
  // Who may not return early says so at once.
  sk_buffer *w;
  status = sk_exec_run(exec, &z, 1, NULL, &w, 1);
  assert_int_equal(sk_status_code(status), SK_DATA_LOSS);
  assert_null(w);
  sk_status_free(status);
  sk_buffer_release(x);
  sk_buffer_release(y);
  sk_buffer_release(z);
  sk_event_release(ready);
  sk_exec_release(exec);
  sk_client_release(client);
}

// A program that fails while it runs, here and now.
static void tells_by_events(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_exec *exec = load(client, rt_image_fault());
  sk_event *done;
  sk_buffer *result;
  sk_call_options options = {.may_return_early = true, .out_done = &done};
  assert_null(sk_exec_run(exec, NULL, 0, &options, &result, 1));
  sk_status status = sk_event_await(done);
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  sk_status_free(status);
  status = sk_buffer_await(result);
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  sk_status_free(status);
  sk_event_release(done);
  sk_buffer_release(result);
  // Without events, by the call.
  options.may_return_early = false;
  status = sk_exec_run(exec, NULL, 0, &options, &result, 1);
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  assert_true(!done && !result);
  sk_status_free(status);
  sk_exec_release(exec);
  sk_client_release(client);
}

// ---- the end of a client

static void note_end(void *data) { atomic_store((_Atomic int *)data, 1); }

// The dispatcher drops the last reference of the client that it belongs to.
static void ends_on_the_dispatcher(void **state) {
  (void)state;
  static _Atomic int ended;
  for (int round = 0; round < 20; round++) {
    sk_client *client;
    sk_client_config config = {.attachment = {&ended, note_end}};
    atomic_store(&ended, 0);
    assert_null(sk_client_create(&config, &client));
    sk_exec *exec = load(client, rt_image_in_place(true));
    sk_event *ready;
    sk_buffer *x = pending_pair(client, &ready);
    fill(x, 1);
    sk_buffer_release(run(exec, x, NULL));
    sk_buffer_release(x);
    sk_exec_release(exec);
    sk_client_release(client);
    assert_int_equal(atomic_load(&ended), 0);
    assert_null(sk_event_set(ready, NULL));
    sk_event_release(ready);
    while (!atomic_load(&ended)) {
      sk_cpu_pause();
    }
  }
}

// ---- threads

enum { THREADS = 4, ROUNDS = 100 };

static void *run_chains(void *raw) {
  sk_exec *exec = raw;
  sk_client *client = sk_exec_client(exec);
  for (int i = 0; i < ROUNDS; i++) {
    sk_event *ready;
    sk_buffer *x = pending_pair(client, &ready);
    fill(x, i);
    sk_buffer *y = run(exec, x, NULL);
    sk_buffer *z = run(exec, y, NULL);
    assert_null(sk_event_set(ready, NULL));
    if (i % 3 == 0) {
      sk_buffer_release(y);
      y = NULL;
    }
    expect_pair(z, i + 2);
    sk_buffer_release(x);
    sk_buffer_release(y);
    sk_buffer_release(z);
    sk_event_release(ready);
  }
  return NULL;
}

static void serves_many_threads(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_exec *exec = load(client, rt_image_in_place(true));
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, run_chains, exec), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  sk_exec_release(exec);
  sk_client_release(client);
}

// ---- forks

// What waited in the parent goes on in the child, in a thread of its own.
static void goes_on_after_fork(void **state) {
  (void)state;
  if (SKIP_FORKS) {
    skip();  // it forbids threads in the child
  }
  sk_client *client = new_client();
  sk_exec *exec = load(client, rt_image_in_place(true));
  sk_event *ready;
  sk_buffer *first = pending_pair(client, &ready);
  fill(first, 1);
  sk_buffer *warm = run(exec, first, NULL);  // the dispatcher has a thread
  assert_null(sk_event_set(ready, NULL));
  expect_pair(warm, 2);
  sk_event_release(ready);
  sk_buffer *x = pending_pair(client, &ready);
  fill(x, 10);
  sk_buffer *y = run(exec, x, NULL);
  pid_t child = fork();
  if (child == 0) {
    sk_status_free(sk_event_set(ready, NULL));
    int64_t out[2] = {0};
    sk_status status = sk_buffer_to_host(y, out, sizeof out, NULL, NULL);
    _exit(!status && out[0] == 11 ? 0 : 1);
  }
  int result;
  assert_int_equal(waitpid(child, &result, 0), child);
  assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
  assert_null(sk_event_set(ready, NULL));
  expect_pair(y, 11);
  sk_event_release(ready);
  sk_buffer_release(first);
  sk_buffer_release(warm);
  sk_buffer_release(x);
  sk_buffer_release(y);
  sk_exec_release(exec);
  sk_client_release(client);
}

// A release of lent memory that stops the dispatcher in the end of a job, until the test says go on.
static _Atomic int stopped, go_on;

static void stop_here(void *user, const void *data) {
  (void)user;
  (void)data;
  atomic_store(&stopped, 1);
  for (int i = 0; i < 10000 && !atomic_load(&go_on); i++) {
    usleep(1000);
  }
}

static void count_call(void *user, sk_status error) {
  sk_status_free(error);
  atomic_fetch_add((_Atomic int *)user, 1);
}

static void stop_call(void *user, sk_status error) {
  sk_status_free(error);
  stop_here(user, NULL);
}

// Forks when the dispatcher has stopped; the child's answer is whether `sum` comes and `calls` reaches `expected`.
static void expect_in_child(sk_buffer *sum, _Atomic int *calls, int expected) {
  while (!atomic_load(&stopped)) {
    usleep(1000);
  }
  pid_t child = fork();
  if (child == 0) {
    float out = 0;
    alarm(20);  // instead of waiting for ever
    sk_status status = sk_buffer_to_host(sum, &out, sizeof out, NULL, NULL);
    for (int i = 0; i < 5000 && atomic_load(calls) != expected; i++) {
      usleep(1000);
    }
    _exit(!status && out == 3 && atomic_load(calls) == expected ? 0 : 1);
  }
  int result;
  assert_int_equal(waitpid(child, &result, 0), child);
  assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
  atomic_store(&go_on, 1);
}

// The end of a job gives back what it used, then says that it is done, then calls who waits. A fork in the middle of either leaves the
// child with all of it.
static void ends_after_fork(void **state) {
  (void)state;
  if (SKIP_FORKS) {
    skip();
  }
  for (int when = 0; when < 2; when++) {
    sk_client *client = new_client();
    sk_device *device = sk_client_device(client, 0);
    sk_exec *exec = load(client, rt_image_add());
    float one = 1;
    sk_host_array lent = {.data = &one, .type = SK_DTYPE_F32, .semantics = SK_HOST_ZERO_COPY};
    lent.release = when == 0 ? stop_here : NULL;
    sk_buffer *args[2], *sum;
    sk_event *ready, *done;
    _Atomic int calls = 0;
    atomic_store(&stopped, 0);
    atomic_store(&go_on, 0);
    assert_null(sk_buffer_from_host(device, &lent, NULL, &args[0]));
    assert_null(sk_event_create(&ready));
    assert_null(sk_buffer_create_pending(device, SK_DTYPE_F32, 0, NULL, ready, &args[1]));
    *(float *)sk_buffer_mutable_data(args[1]) = 2;
    sk_call_options options = {.may_return_early = true, .out_done = &done};
    assert_null(sk_exec_run(exec, args, 2, &options, &sum, 1));
    sk_buffer_release(args[0]);  // the execution's is the last one
    if (when == 1) {
      assert_null(sk_event_on_ready(done, stop_call, NULL));
    }
    assert_null(sk_event_on_ready(done, count_call, &calls));
    assert_null(sk_event_set(ready, NULL));
    expect_in_child(sum, &calls, 1);
    sk_status_free(sk_event_await(done));
    while (atomic_load(&calls) != 1) {
      usleep(1000);
    }
    sk_event_release(done);
    sk_event_release(ready);
    sk_buffer_release(args[1]);
    sk_buffer_release(sum);
    sk_exec_release(exec);
    sk_client_release(client);
  }
}

// ---- short memory

static void survives_exhausted_memory(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_exec *exec = load(client, rt_image_in_place(true));
  bool ok = false;
  for (uint64_t n = 1; !ok; n++) {
    sk_event *ready, *done = NULL;
    sk_buffer *x = pending_pair(client, &ready), *y = NULL;
    fill(x, 3);
    sk_call_options options = {.may_return_early = true, .out_done = &done};
    sk_mem_fail_at(n, false);
    sk_status status = sk_exec_run(exec, &x, 1, &options, &y, 1);
    sk_status later = sk_event_set(ready, NULL);
    if (!status) {
      sk_status ended = sk_event_await(done);
      ok = !ended && sk_mem_fail_hits() == 0;
      sk_status_free(ended);
    } else {
      assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
      assert_null(y);
      assert_false(sk_buffer_is_deleted(x));  // nothing ran: the donor is as it was
      assert_int_equal(*(const int64_t *)sk_buffer_data(x), 3);
    }
    sk_mem_fail_at(0, false);
    sk_status_free(status);
    sk_status_free(later);
    sk_event_release(done);
    sk_event_release(ready);
    sk_buffer_release(x);
    sk_buffer_release(y);
    assert_true(n < 1000);
  }
  sk_exec_release(exec);
  sk_client_release(client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(donates_along_a_chain), cmocka_unit_test(copies_along_a_chain),
      cmocka_unit_test(survives_lost_results), cmocka_unit_test(passes_errors_on),
      cmocka_unit_test(tells_by_events),       cmocka_unit_test(ends_on_the_dispatcher),
      cmocka_unit_test(serves_many_threads),   cmocka_unit_test(goes_on_after_fork),
      cmocka_unit_test(ends_after_fork),       cmocka_unit_test(survives_exhausted_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
