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

void *sk_mem_alloc_huge(size_t lead_bytes, size_t bytes, char **out_page) {
  if (bytes > PTRDIFF_MAX - SK_HUGE_PAGE - lead_bytes) {
    return NULL;
  }
  char *base = lead_bytes == 0 ? sk_mem_alloc_aligned(bytes, SK_HUGE_PAGE)
                               : sk_mem_alloc_aligned(lead_bytes + bytes + SK_HUGE_PAGE, 4096);
  if (!base) {
    return NULL;
  }
  uintptr_t first = (uintptr_t)base + lead_bytes;
  *out_page = base + (sk_align_up(first, SK_HUGE_PAGE) - (uintptr_t)base);
  madvise(*out_page, bytes, MADV_HUGEPAGE);  // advice: nothing depends on its being taken
  return base;
}

void sk_mem_free(void *ptr) { free(ptr); }

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
