// SPDX-License-Identifier: Apache-2.0
// After fork(): the child's threads start anew, its code is its own, and its buffers go on working,
// whatever the parent was doing in other threads when it forked.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rt/rt_int.h"
#include "support/rt_images.h"

enum { ELEMS = 4000 };

static sk_client *client;
static sk_buffer *arg;

static int set_up(void **state) {
  (void)state;
  static int64_t data[ELEMS];
  int64_t dims = ELEMS;
  for (int64_t i = 0; i < ELEMS; i++) {
    data[i] = i;
  }
  sk_host_array host = {.data = data, .type = SK_DTYPE_S64, .rank = 1, .dims = &dims};
  assert_null(sk_client_create(&(sk_client_config){0}, &client));
  assert_null(sk_buffer_from_host(sk_client_device(client, 0), &host, NULL, &arg));
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  sk_buffer_release(arg);
  sk_client_release(client);
  return 0;
}

static sk_exec *load_parallel(void) {
  sk_image image = rt_image_parallel(ELEMS, 10, 2);
  sk_exec *exec;
  return sk_exec_create(client, &image, &(sk_exec_options){.threads = 3}, &exec) ? NULL : exec;
}

// Right results of a parallel execution. No assertions: the child must not return into cmocka.
static bool works(const sk_exec *exec) {
  sk_buffer *result;
  if (sk_exec_run(exec, &arg, 1, NULL, &result, 1)) {
    return false;
  }
  bool right = true;
  for (int64_t i = 0; i < ELEMS; i++) {
    right = right && ((const int64_t *)sk_buffer_data(result))[i] == 2 * i + 1;
  }
  sk_buffer_release(result);
  return right;
}

// Runs `child` in a child process; true: it returned true and nothing went wrong on the way.
static bool in_child(bool (*child)(sk_exec *exec), sk_exec *exec) {
  fflush(NULL);
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    alarm(60);
    _exit(child(exec) ? 0 : 1);
  }
  int status;
  assert_int_equal(waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool run_often(sk_exec *exec) {
  for (int i = 0; i < 50; i++) {
    if (!works(exec)) {
      return false;
    }
  }
  return true;
}

static void child_runs_in_parallel(void **state) {
  (void)state;
  sk_exec *exec = load_parallel();
  assert_true(run_often(exec));
  assert_true(in_child(run_often, exec));
  assert_true(run_often(exec));
  sk_exec_release(exec);
}

static bool load_more(sk_exec *exec) {
  sk_exec *more[20];
  for (int i = 0; i < 20; i++) {
    more[i] = load_parallel();
    if (!more[i] || !works(more[i])) {
      return false;
    }
  }
  for (int i = 0; i < 20; i++) {
    sk_exec_release(more[i]);
  }
  return works(exec);
}

// What parent and child load and unload afterwards does not meet.
static void code_is_private(void **state) {
  (void)state;
  sk_exec *exec = load_parallel(), *other = load_parallel();
  int ready[2], go[2];
  assert_int_equal(pipe(ready), 0);
  assert_int_equal(pipe(go), 0);
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    alarm(60);
    char byte;
    // The parent overwrites its code in between.
    bool ok = write(ready[1], "r", 1) == 1 && read(go[0], &byte, 1) == 1 && works(other) &&
              load_more(exec);
    _exit(ok ? 0 : 1);
  }
  char byte;
  assert_int_equal(read(ready[0], &byte, 1), 1);
  sk_exec_release(other);
  assert_true(load_more(exec));
  sk_image fault = rt_image_fault();
  sk_exec *replaced[8];
  for (int i = 0; i < 8; i++) {
    assert_null(sk_exec_create(client, &fault, &(sk_exec_options){0}, &replaced[i]));
  }
  assert_int_equal(write(go[1], "g", 1), 1);
  int status;
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  for (int i = 0; i < 8; i++) {
    sk_exec_release(replaced[i]);
  }
  sk_exec_release(exec);
  for (int i = 0; i < 2; i++) {
    close(ready[i]);
    close(go[i]);
  }
}

static bool release_all(sk_exec *exec) {
  bool ok = works(exec);
  sk_exec_release(exec);
  sk_buffer_release(arg);
  sk_client_release(client);
  sk_client *fresh = NULL;
  ok = ok && !sk_client_create(&(sk_client_config){0}, &fresh);
  sk_client_release(fresh);
  return ok;
}

static void child_releases_everything(void **state) {
  (void)state;
  sk_exec *exec = load_parallel();
  assert_true(works(exec));
  assert_true(in_child(release_all, exec));
  sk_exec_release(exec);
}

typedef struct busy {
  sk_exec *exec;
  sk_thread thread;
  _Atomic bool stop;
  bool wrong;
} busy;

static void run_until_stopped(void *raw) {
  busy *b = raw;
  while (!atomic_load(&b->stop)) {
    b->wrong = b->wrong || !works(b->exec);
    sk_exec *more = load_parallel();
    b->wrong = b->wrong || !more;
    sk_exec_release(more);
  }
}

// Other threads of the parent are anywhere in the runtime when it forks.
static void forks_at_any_moment(void **state) {
  (void)state;
#if defined(SK_ASAN)
  skip();  // the sanitizer's own allocator may be locked in the child for good
#endif
  busy threads[2];
  sk_exec *exec = load_parallel();
  for (int i = 0; i < 2; i++) {
    threads[i] = (busy){.exec = exec};
    assert_null(sk_thread_start(&threads[i].thread, "busy", run_until_stopped, &threads[i]));
  }
  for (int i = 0; i < 15; i++) {
    assert_true(in_child(load_more, exec));
  }
  for (int i = 0; i < 2; i++) {
    atomic_store(&threads[i].stop, true);
    sk_thread_join(&threads[i].thread);
    assert_false(threads[i].wrong);
  }
  sk_exec_release(exec);
}

int main(void) {
#if defined(__SANITIZE_THREAD__)
  return 77;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
  return 77;  // it does not support threads in the child of a fork
#endif
#endif
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(child_runs_in_parallel),
      cmocka_unit_test(code_is_private),
      cmocka_unit_test(child_releases_everything),
      cmocka_unit_test(forks_at_any_moment),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
