// SPDX-License-Identifier: Apache-2.0
// Threads, locks, counted references, futex waits and monotonic time over pthreads/Linux.
#ifndef SK_BASE_THREAD_H
#define SK_BASE_THREAD_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/status.h"

typedef struct sk_mutex {
  pthread_mutex_t impl;
} sk_mutex;
typedef struct sk_cond {
  pthread_cond_t impl;
} sk_cond;
typedef struct sk_thread {
  pthread_t impl;
  bool running;
} sk_thread;

sk_status sk_mutex_init(sk_mutex *mutex);
void sk_mutex_fini(sk_mutex *mutex);
void sk_mutex_lock(sk_mutex *mutex);
bool sk_mutex_try_lock(sk_mutex *mutex);
void sk_mutex_unlock(sk_mutex *mutex);

sk_status sk_cond_init(sk_cond *cond);
void sk_cond_fini(sk_cond *cond);
void sk_cond_wait(sk_cond *cond, sk_mutex *mutex);
bool sk_cond_wait_ns(sk_cond *cond, sk_mutex *mutex, uint64_t timeout_ns);  // false: timed out
void sk_cond_signal(sk_cond *cond);
void sk_cond_broadcast(sk_cond *cond);

// All signals are blocked in the new thread, so that the host's handlers run in the host's threads.
// name <= 15 characters.
sk_status sk_thread_start(sk_thread *thread, const char *name, void (*run)(void *arg), void *arg);
void sk_thread_join(sk_thread *thread);
void sk_thread_detach(sk_thread *thread);  // it ends by itself
bool sk_thread_is_self(const sk_thread *thread);
// The calling thread, as the system knows it.
int sk_thread_id(void);
void sk_thread_name(char *out_name, size_t room);

// Waits while *word == expected, until woken (spurious wake-ups allowed) or timeout_ns passed
// (UINT64_MAX: no limit).
void sk_futex_wait(_Atomic uint32_t *word, uint32_t expected, uint64_t timeout_ns);
void sk_futex_wake(_Atomic uint32_t *word, int count);

static inline void sk_cpu_pause(void) { __builtin_ia32_pause(); }
uint64_t sk_time_ns(void);  // monotonic
// The time-stamp counter, read in a third of the time (sk_cpu: ticks_per_us).
static inline uint64_t sk_ticks(void) { return __builtin_ia32_rdtsc(); }

// Gives up `count` of an object's references; true if none is left. Whoever holds all there are is
// alone with the object and need not write that down.
static inline bool sk_refs_drop(_Atomic uint32_t *refs, uint32_t count) {
  return atomic_load_explicit(refs, memory_order_acquire) == count ||
         atomic_fetch_sub_explicit(refs, count, memory_order_acq_rel) == count;
}

#endif
