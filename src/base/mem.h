// SPDX-License-Identifier: Apache-2.0
// The process heap behind one door, so that every allocation can be made to fail in tests.
// Thread-safe. Sizes in bytes. `align` is a power of two <= 4096.
#ifndef SK_BASE_MEM_H
#define SK_BASE_MEM_H

#include "base/status.h"

// NULL when exhausted; 0 bytes give a valid pointer. Memory is 16-byte aligned and uninitialised,
// or zeroed by zalloc.
void *sk_mem_alloc(size_t bytes);
void *sk_mem_zalloc(size_t bytes);
void *sk_mem_realloc(void *old, size_t bytes);  // old may be NULL; on failure old stays valid
void *sk_mem_alloc_aligned(size_t bytes, size_t align);  // released with sk_mem_free like the rest
void sk_mem_free(void *ptr);                             // NULL is fine
// Brings the pages of fresh memory into being, together, which is cheaper than one by one as they
// are touched. Only speed depends on it; contents are undefined afterwards.
void sk_mem_populate(void *memory, size_t bytes);
char *sk_mem_strdup(const char *text, size_t len);  // NUL-terminated copy

// Fault injection (tests): the n-th allocation from now fails (1 = the next), and every later one
// when `sticky`. 0 disables. Counts are per process; sk_mem_fail_hits tells whether the armed
// failure was reached.
void sk_mem_fail_at(uint64_t n, bool sticky);
uint64_t sk_mem_fail_hits(void);

#endif
