// SPDX-License-Identifier: Apache-2.0
// Bump allocation in chained blocks; nothing in an arena has a destructor.
//
//   block:  [header | used ............ | free ..... ]   blocks double up to 1 MiB;
//                                                        a larger request gets its own
//
// mark/rewind frees everything allocated since (blocks beyond the mark are kept for reuse). Under
// ASAN the free part is poisoned. Not thread-safe: one thread at a time. When `bail` is set,
// exhaustion (or the byte limit) longjmps there with value 1 instead of returning NULL: the idiom
// of pass, loop and gen (STYLE: errors, idiom 2).
#ifndef SK_BASE_ARENA_H
#define SK_BASE_ARENA_H

#include <setjmp.h>

#include "base/status.h"

typedef struct sk_arena_block sk_arena_block;

typedef struct sk_arena {
  char *next, *end;         // free part of the current block
  sk_arena_block *current;  // owned, newest first by chain
  sk_arena_block *spare;    // owned, rewound blocks kept for reuse
  uint64_t total_bytes;     // handed out since init, less what was rewound
  uint64_t peak_bytes;      // brought up to date now and then: ask sk_arena_peak
  uint64_t limit_bytes;     // 0 = none
  jmp_buf *bail;            // borrowed from the frame that set it; may be NULL
} sk_arena;

typedef struct sk_arena_mark {
  sk_arena_block *block;
  char *next;
  uint64_t total_bytes;
} sk_arena_mark;

void sk_arena_init(sk_arena *arena);
void sk_arena_fini(sk_arena *arena);                               // frees all blocks
void sk_arena_reset(sk_arena *arena);                              // rewinds to empty, keeps blocks
void *sk_arena_grow(sk_arena *arena, size_t bytes, size_t align);  // slow path of sk_arena_alloc
uint64_t sk_arena_peak(const sk_arena *arena);  // most bytes handed out at a time since init

// Uninitialised memory; align a power of two <= 64. NULL when exhausted and no bail is set.
static inline void *sk_arena_alloc(sk_arena *arena, size_t bytes, size_t align) {
#if !defined(SK_ASAN)
  uintptr_t at = ((uintptr_t)arena->next + align - 1) & ~(uintptr_t)(align - 1);
  if (SK_LIKELY(at <= (uintptr_t)arena->end && (uintptr_t)arena->end - at >= bytes)) {
    arena->total_bytes += bytes;
    arena->next = (char *)at + bytes;
    return (void *)at;
  }
#endif
  return sk_arena_grow(arena, bytes, align);
}
// Makes the arena's last allocation, which ends at `end`, longer by `bytes` without moving it; false
// if it is not the last one or there is no room.
static inline bool sk_arena_extend(sk_arena *arena, const void *end, size_t bytes) {
#if !defined(SK_ASAN)
  if (end == arena->next && (size_t)(arena->end - arena->next) >= bytes) {
    arena->total_bytes += bytes;
    arena->next += bytes;
    return true;
  }
#endif
  (void)arena, (void)end, (void)bytes;
  return false;
}
void *sk_arena_zalloc(sk_arena *arena, size_t bytes, size_t align);
void *sk_arena_copy(sk_arena *arena, const void *data, size_t bytes, size_t align);
char *sk_arena_strndup(sk_arena *arena, const char *text, size_t len);  // NUL-terminated
char *sk_arena_printf(sk_arena *arena, const char *format, ...) SK_PRINTF(2, 3);

sk_arena_mark sk_arena_get_mark(sk_arena *arena);
void sk_arena_rewind(sk_arena *arena, sk_arena_mark mark);

// Blocks kept between arenas, so that the next one touches no new page. While a thread uses a pool,
// its arenas take blocks from there first and leave theirs there when they end, up to the limit.
// One thread at a time uses a pool.
typedef struct sk_arena_pool {
  sk_arena_block *blocks;  // owned
  uint64_t bytes, limit_bytes;
} sk_arena_pool;

void sk_arena_pool_init(sk_arena_pool *pool, uint64_t limit_bytes);
void sk_arena_pool_fini(sk_arena_pool *pool);
// Puts a block of so many bytes into it, its pages in memory; false: memory exhausted.
bool sk_arena_pool_warm(sk_arena_pool *pool, size_t bytes);
// For the calling thread, until the next call; NULL: none. Returns what was in use before.
sk_arena_pool *sk_arena_use_pool(sk_arena_pool *pool);

#define SK_NEW(arena, T) ((T *)sk_arena_zalloc((arena), sizeof(T), _Alignof(T)))
// Uninitialised, overflow-checked.
#define SK_NEW_ARRAY(arena, T, count)                                                              \
  ((T *)sk_arena_alloc_array((arena), (count), sizeof(T), _Alignof(T)))
void *sk_arena_alloc_array(sk_arena *arena, size_t count, size_t elem_bytes, size_t align);

#endif
