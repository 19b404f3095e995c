// SPDX-License-Identifier: Apache-2.0
// malloc and friends behind one door, with an allocation counter that tests arm to make the n-th
// call fail.
//
// Disarmed, the door costs one relaxed load. Armed, every allocation of every thread takes one
// ticket from `tickets`; the one that takes ticket 1 fails, and so do all later ones when the
// failure is sticky. Arming is for one test thread; allocating meanwhile is safe from any thread,
// only which of two racing allocations gets the ticket is open. Sizes above PTRDIFF_MAX are refused
// here, because allocators and sanitizers differ in what they do about them.
#include "base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FAIL_NEVER, FAIL_ONCE, FAIL_STICKY };

static _Atomic int fail_mode = FAIL_NEVER;
static _Atomic int64_t tickets;
static _Atomic uint64_t hits;

void sk_mem_fail_at(uint64_t n, bool sticky) {
  atomic_store(&fail_mode, FAIL_NEVER);
  atomic_store(&tickets, (int64_t)SK_MIN(n, (uint64_t)INT64_MAX));
  atomic_store(&hits, 0);
  if (n != 0) {
    atomic_store(&fail_mode, sticky ? FAIL_STICKY : FAIL_ONCE);
  }
}

uint64_t sk_mem_fail_hits(void) { return atomic_load(&hits); }

static SK_NOINLINE bool ticket_fails(int mode) {
  int64_t ticket = atomic_fetch_sub(&tickets, 1);
  if (ticket == 1 || (ticket < 1 && mode == FAIL_STICKY)) {
    atomic_fetch_add(&hits, 1);
    return true;
  }
  return false;
}

static inline bool refuses(size_t bytes) {
  int mode = atomic_load_explicit(&fail_mode, memory_order_relaxed);
  return (SK_UNLIKELY(mode != FAIL_NEVER) && ticket_fails(mode)) || bytes > PTRDIFF_MAX;
}

void *sk_mem_alloc(size_t bytes) { return refuses(bytes) ? NULL : malloc(bytes ? bytes : 1); }

void *sk_mem_zalloc(size_t bytes) { return refuses(bytes) ? NULL : calloc(1, bytes ? bytes : 1); }

void *sk_mem_realloc(void *old, size_t bytes) {
  return refuses(bytes) ? NULL : realloc(old, bytes ? bytes : 1);
}

void *sk_mem_alloc_aligned(size_t bytes, size_t align) {
  void *ptr = NULL;
  if (refuses(bytes) || posix_memalign(&ptr, SK_MAX(align, sizeof(void *)), bytes ? bytes : 1)) {
    return NULL;
  }
  return ptr;
}

void sk_mem_free(void *ptr) { free(ptr); }

void sk_mem_populate(void *memory, size_t bytes) {
  enum { PAGE = 4096 };
  char *page = (char *)memory + (sk_align_up((uintptr_t)memory, PAGE) - (uintptr_t)memory);
  char *end = (char *)memory + bytes;
  size_t whole = end > page ? (size_t)(end - page) & ~(size_t)(PAGE - 1) : 0;
#if defined(MADV_POPULATE_WRITE)
  if (whole == 0 || madvise(page, whole, MADV_POPULATE_WRITE) == 0) {
    return;
  }
#endif
  for (size_t at = 0; at < whole; at += PAGE) {
    *(volatile char *)(page + at) = 0;
  }
}

char *sk_mem_strdup(const char *text, size_t len) {
  char *copy = len == SIZE_MAX ? NULL : sk_mem_alloc(len + 1);
  if (copy) {
    if (len != 0) {
      memcpy(copy, text, len);
    }
    copy[len] = '\0';
  }
  return copy;
}
