// SPDX-License-Identifier: Apache-2.0
// The slow paths of the bump allocator: blocks, limits, marks.
//
//   chain:   current -> older -> oldest          spare: rewound blocks, the oldest of them on top
//   block:   [sk_arena_block | bytes .............................. ]
//                              ^start         next ^     ^end    block_end ^
//
// arena->end is the end of the *window* the inline path may fill: the block's end, or nearer when a
// byte limit is set, so that the inline path can never pass the limit. The peak is brought up to
// date on every slow path; between them sk_arena_peak reports the truth. Under ASAN every
// allocation takes the slow path: 16 bytes of red zone precede it and everything free is poisoned.
// An empty arena points at `nowhere`, so that an allocation of 0 bytes is not NULL.
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_BLOCK_BYTES = 8 << 10, MAX_BLOCK_BYTES = 1 << 20, MAX_ALIGN = 64 };
// SLACK_BYTES: what an empty block must hold besides a request. Its start has the largest
// alignment, so that is nothing but for a red zone, which moves the request off that start.
#if defined(SK_ASAN)
enum { RED_ZONE_BYTES = 16, SLACK_BYTES = RED_ZONE_BYTES + MAX_ALIGN };
#else
enum { RED_ZONE_BYTES = 0, SLACK_BYTES = 0 };
#endif

struct sk_arena_block {
  sk_arena_block *older;  // owned
  size_t bytes;           // of the payload
};

enum { HEADER_BYTES = MAX_ALIGN };  // keeps the payload aligned
_Static_assert(sizeof(sk_arena_block) <= HEADER_BYTES, "block header grew");

static _Alignas(MAX_ALIGN) char nowhere[MAX_ALIGN];

static char *block_start(sk_arena_block *block) {
  return block ? (char *)block + HEADER_BYTES : nowhere;
}
static char *block_end(sk_arena_block *block) {
  return block ? block_start(block) + block->bytes : nowhere;
}

// Sets the window for the inline path: to the block's end or to the byte limit, whichever is
// nearer.
static void set_window(sk_arena *arena) {
  arena->end = block_end(arena->current);
  if (arena->limit_bytes != 0) {
    uint64_t left = arena->limit_bytes - SK_MIN(arena->total_bytes, arena->limit_bytes);
    if (left < (uint64_t)(arena->end - arena->next)) {
      arena->end = arena->next + left;
    }
  }
}

static void note_peak(sk_arena *arena) { arena->peak_bytes = sk_arena_peak(arena); }

static void *exhausted(sk_arena *arena) {
  if (arena->bail) {
    longjmp(*arena->bail, 1);
  }
  return NULL;
}

void sk_arena_init(sk_arena *arena) {
  memset(arena, 0, sizeof *arena);
  arena->next = arena->end = nowhere;
}

static void free_block(sk_arena_block *block) {
  SK_UNPOISON(block_start(block), block->bytes);
  sk_mem_free(block);
}

// ---- pools

static _Thread_local sk_arena_pool *pool_in_use;

sk_arena_pool *sk_arena_use_pool(sk_arena_pool *pool) {
  sk_arena_pool *before = pool_in_use;
  pool_in_use = pool;
  return before;
}

void sk_arena_pool_init(sk_arena_pool *pool, uint64_t limit_bytes) {
  *pool = (sk_arena_pool){.limit_bytes = limit_bytes};
}

void sk_arena_pool_fini(sk_arena_pool *pool) {
  while (pool->blocks) {
    sk_arena_block *block = pool->blocks;
    pool->blocks = block->older;
    free_block(block);
  }
  pool->bytes = 0;
}

static sk_arena_block *unlink_block(sk_arena_block **link) {
  sk_arena_block *block = *link;
  *link = block->older;
  return block;
}

// Takes the first block that holds `bytes` out of a chain; NULL: none does.
static sk_arena_block *take_first(sk_arena_block **chain, size_t bytes) {
  for (sk_arena_block **link = chain; *link; link = &(*link)->older) {
    if ((*link)->bytes >= bytes) {
      return unlink_block(link);
    }
  }
  return NULL;
}

// Takes the smallest block that holds `bytes`, so that the same requests in the same order find
// what they left behind the last time.
static sk_arena_block *take_best(sk_arena_block **chain, size_t bytes) {
  sk_arena_block **best = NULL;
  for (sk_arena_block **link = chain; *link; link = &(*link)->older) {
    if ((*link)->bytes >= bytes && (!best || (*link)->bytes < (*best)->bytes)) {
      best = link;
    }
  }
  return best ? unlink_block(best) : NULL;
}

static sk_arena_block *new_block(size_t bytes) {
  sk_arena_block *block = sk_mem_alloc_aligned(HEADER_BYTES + bytes, MAX_ALIGN);
  if (block) {
    block->bytes = bytes;
    SK_POISON(block_start(block), bytes);
  }
  return block;
}

bool sk_arena_pool_warm(sk_arena_pool *pool, size_t bytes) {
  sk_arena_block *block = new_block(bytes);
  if (!block) {
    return false;
  }
  SK_UNPOISON(block_start(block), bytes);
  sk_mem_populate(block_start(block), bytes);
  SK_POISON(block_start(block), bytes);
  block->older = pool->blocks;
  pool->blocks = block;
  pool->bytes += bytes;
  return true;
}

static void free_chain(sk_arena_block *block) {
  sk_arena_pool *pool = pool_in_use;
  while (block) {
    sk_arena_block *older = block->older;
    if (pool && pool->bytes + block->bytes <= pool->limit_bytes) {
      SK_POISON(block_start(block), block->bytes);
      block->older = pool->blocks;
      pool->blocks = block;
      pool->bytes += block->bytes;
    } else {
      free_block(block);
    }
    block = older;
  }
}

void sk_arena_fini(sk_arena *arena) {
  free_chain(arena->current);
  free_chain(arena->spare);
  sk_arena_init(arena);
}

// A block for at least `bytes`: spare, or of the thread's pool, or new of twice the size of the
// current one, or of exactly the size of a large request.
static sk_arena_block *get_block(sk_arena *arena, size_t bytes) {
  sk_arena_block *block = take_first(&arena->spare, bytes);
  if (!block && pool_in_use) {
    block = take_best(&pool_in_use->blocks, bytes);
    pool_in_use->bytes -= block ? block->bytes : 0;
  }
  if (block) {
    return block;
  }
  size_t size = arena->current ? arena->current->bytes + HEADER_BYTES : FIRST_BLOCK_BYTES / 2;
  size = SK_MIN(size * 2, MAX_BLOCK_BYTES) - HEADER_BYTES;
  return new_block(SK_MAX(size, bytes));
}

// Bumps inside the current block; NULL when it does not fit there.
static void *bump(sk_arena *arena, size_t bytes, size_t align) {
  uintptr_t end = (uintptr_t)block_end(arena->current);
  uintptr_t at = ((uintptr_t)arena->next + RED_ZONE_BYTES + align - 1) & ~(uintptr_t)(align - 1);
  if (at > end || end - at < bytes) {
    return NULL;
  }
  char *result = arena->next + (at - (uintptr_t)arena->next);
  SK_UNPOISON(result, bytes);
  arena->next = result + bytes;
  arena->total_bytes += bytes;
  return result;
}

void *sk_arena_grow(sk_arena *arena, size_t bytes, size_t align) {
  if (arena->limit_bytes != 0 && (arena->total_bytes > arena->limit_bytes ||
                                  bytes > arena->limit_bytes - arena->total_bytes)) {
    return exhausted(arena);
  }
  if (bytes > PTRDIFF_MAX - (HEADER_BYTES + SLACK_BYTES)) {
    return exhausted(arena);
  }
  void *result = bump(arena, bytes, align);
  if (!result) {
    sk_arena_block *block = get_block(arena, bytes + SLACK_BYTES);
    if (!block) {
      return exhausted(arena);
    }
    block->older = arena->current;
    arena->current = block;
    arena->next = block_start(block);
    result = bump(arena, bytes, align);
  }
  note_peak(arena);
  set_window(arena);
  return result;
}

void *sk_arena_zalloc(sk_arena *arena, size_t bytes, size_t align) {
  void *result = sk_arena_alloc(arena, bytes, align);
  return result ? memset(result, 0, bytes) : NULL;
}

void *sk_arena_alloc_array(sk_arena *arena, size_t count, size_t elem_bytes, size_t align) {
  size_t bytes;
  if (SK_MUL_OVERFLOW(count, elem_bytes, &bytes)) {
    return exhausted(arena);
  }
  return sk_arena_alloc(arena, bytes, align);
}

void *sk_arena_copy(sk_arena *arena, const void *data, size_t bytes, size_t align) {
  void *result = sk_arena_alloc(arena, bytes, align);
  if (result && bytes != 0) {
    memcpy(result, data, bytes);
  }
  return result;
}

char *sk_arena_strndup(sk_arena *arena, const char *text, size_t len) {
  char *copy = len == SIZE_MAX ? exhausted(arena) : sk_arena_alloc(arena, len + 1, 1);
  if (copy) {
    if (len != 0) {
      memcpy(copy, text, len);
    }
    copy[len] = '\0';
  }
  return copy;
}

char *sk_arena_printf(sk_arena *arena, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (len < 0) {
    va_end(again);
    return sk_arena_strndup(arena, "", 0);
  }
  // Not through the bailing path: va_end must come first.
  jmp_buf *bail = arena->bail;
  arena->bail = NULL;
  char *text = sk_arena_alloc(arena, (size_t)len + 1, 1);
  arena->bail = bail;
  if (text) {
    vsnprintf(text, (size_t)len + 1, format, again);
  }
  va_end(again);
  return text ? text : exhausted(arena);
}

uint64_t sk_arena_peak(const sk_arena *arena) {
  return SK_MAX(arena->peak_bytes, arena->total_bytes);
}

sk_arena_mark sk_arena_get_mark(sk_arena *arena) {
  return (sk_arena_mark){arena->current, arena->next, arena->total_bytes};
}

void sk_arena_rewind(sk_arena *arena, sk_arena_mark mark) {
  note_peak(arena);
  while (arena->current != mark.block) {
    sk_arena_block *block = arena->current;
    SK_POISON(block_start(block), block->bytes);
    arena->current = block->older;
    block->older = arena->spare;
    arena->spare = block;
  }
  arena->next = mark.next;
  arena->total_bytes = mark.total_bytes;
  if (mark.block) {
    SK_POISON(mark.next, (size_t)(block_end(mark.block) - mark.next));
  }
  set_window(arena);
}

void sk_arena_reset(sk_arena *arena) { sk_arena_rewind(arena, (sk_arena_mark){NULL, nowhere, 0}); }
