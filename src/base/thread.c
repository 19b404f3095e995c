// SPDX-License-Identifier: Apache-2.0
// pthreads, the Linux futex and the monotonic clock under our names.
//
// Locks are plain non-recursive mutexes; condition waits use the monotonic clock, so that setting
// the wall clock does not disturb time-outs. New threads run with asynchronous signals blocked. The
// synchronous ones (SEGV, BUS, FPE, ILL, TRAP, SYS) stay open: a host whose callbacks run on our
// threads may rely on its handlers for them (JVM, Julia), and a blocked fault would end the process
// without a word.
#include "base/thread.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

enum { STACK_BYTES = 8 << 20, NAME_BYTES = 16 };
enum { NS_PER_SECOND = 1000000000 };

_Static_assert(sizeof(_Atomic uint32_t) == 4, "the futex word is 32 bits");

sk_status sk_mutex_init(sk_mutex *mutex) {
  int error = pthread_mutex_init(&mutex->impl, NULL);
  if (error != 0) {
    return sk_status_new(SK_RESOURCE_EXHAUSTED, "cannot create a mutex (error %d)", error);
  }
  return NULL;
}

void sk_mutex_fini(sk_mutex *mutex) { pthread_mutex_destroy(&mutex->impl); }
void sk_mutex_lock(sk_mutex *mutex) { pthread_mutex_lock(&mutex->impl); }
bool sk_mutex_try_lock(sk_mutex *mutex) { return pthread_mutex_trylock(&mutex->impl) == 0; }
void sk_mutex_unlock(sk_mutex *mutex) { pthread_mutex_unlock(&mutex->impl); }

sk_status sk_cond_init(sk_cond *cond) {
  pthread_condattr_t attr;
  int error = pthread_condattr_init(&attr);
  if (error == 0) {
    error = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    if (error == 0) {
      error = pthread_cond_init(&cond->impl, &attr);
    }
    pthread_condattr_destroy(&attr);
  }
  if (error != 0) {
    return sk_status_new(SK_RESOURCE_EXHAUSTED, "cannot create a condition variable (error %d)",
                         error);
  }
  return NULL;
}

void sk_cond_fini(sk_cond *cond) { pthread_cond_destroy(&cond->impl); }
void sk_cond_wait(sk_cond *cond, sk_mutex *mutex) { pthread_cond_wait(&cond->impl, &mutex->impl); }
void sk_cond_signal(sk_cond *cond) { pthread_cond_signal(&cond->impl); }
void sk_cond_broadcast(sk_cond *cond) { pthread_cond_broadcast(&cond->impl); }

bool sk_cond_wait_ns(sk_cond *cond, sk_mutex *mutex, uint64_t timeout_ns) {
  uint64_t now = sk_time_ns();
  uint64_t until = timeout_ns > INT64_MAX - now ? INT64_MAX : now + timeout_ns;
  struct timespec at = {(time_t)(until / NS_PER_SECOND), (long)(until % NS_PER_SECOND)};
  return pthread_cond_timedwait(&cond->impl, &mutex->impl, &at) != ETIMEDOUT;
}

typedef struct thread_start {
  void (*run)(void *arg);
  void *arg;
  char name[NAME_BYTES];
} thread_start;

static void *thread_main(void *raw) {
  thread_start start = *(thread_start *)raw;
  sk_mem_free(raw);
  pthread_setname_np(pthread_self(), start.name);
  start.run(start.arg);
  return NULL;
}

// Creates the thread with the signal mask it is to inherit. Returns an errno value.
static int create_masked(pthread_t *thread, const pthread_attr_t *attr, thread_start *start) {
  static const int synchronous[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
  sigset_t blocked, before;
  sigfillset(&blocked);
  for (size_t i = 0; i < SK_COUNT(synchronous); i++) {
    sigdelset(&blocked, synchronous[i]);
  }
  int error = pthread_sigmask(SIG_SETMASK, &blocked, &before);
  if (error == 0) {
    error = pthread_create(thread, attr, thread_main, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  return error;
}

sk_status sk_thread_start(sk_thread *thread, const char *name, void (*run)(void *arg), void *arg) {
  thread->running = false;
  thread_start *start = sk_mem_alloc(sizeof *start);
  if (!start) {
    return sk_status_no_memory();
  }
  start->run = run;
  start->arg = arg;
  snprintf(start->name, sizeof start->name, "%s", name);
  pthread_attr_t attr;
  int error = pthread_attr_init(&attr);
  if (error == 0) {
    error = pthread_attr_setstacksize(&attr, STACK_BYTES);
    if (error == 0) {
      error = create_masked(&thread->impl, &attr, start);
    }
    pthread_attr_destroy(&attr);
  }
  if (error != 0) {
    sk_mem_free(start);
    return sk_status_new(SK_RESOURCE_EXHAUSTED, "cannot start thread '%s' (error %d)", name, error);
  }
  thread->running = true;
  return NULL;
}

void sk_thread_join(sk_thread *thread) {
  if (thread->running) {
    pthread_join(thread->impl, NULL);
    thread->running = false;
  }
}

void sk_thread_detach(sk_thread *thread) {
  if (thread->running) {
    pthread_detach(thread->impl);
    thread->running = false;
  }
}

bool sk_thread_is_self(const sk_thread *thread) {
  return thread->running && pthread_equal(thread->impl, pthread_self());
}

int sk_thread_id(void) { return (int)syscall(SYS_gettid); }

void sk_thread_name(char *out_name, size_t room) {
  char name[NAME_BYTES] = "";
  (void)pthread_getname_np(pthread_self(), name, sizeof name);
  snprintf(out_name, room, "%s", name);
}

void sk_futex_wait(_Atomic uint32_t *word, uint32_t expected, uint64_t timeout_ns) {
  struct timespec limit, *at = NULL;
  if (timeout_ns != UINT64_MAX) {
    limit.tv_sec = (time_t)(timeout_ns / NS_PER_SECOND);
    limit.tv_nsec = (long)(timeout_ns % NS_PER_SECOND);
    at = &limit;
  }
  // EAGAIN, EINTR and ETIMEDOUT all mean: look again.
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, at, NULL, 0);
}

void sk_futex_wake(_Atomic uint32_t *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

uint64_t sk_time_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}
