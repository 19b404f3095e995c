// SPDX-License-Identifier: Apache-2.0
// The memory behind buffers and arenas: freed blocks are kept by size class and given out again.
//
//   heap memory   [ .... | sk_block | data: capacity bytes ]      data 64-byte aligned
//   classes       64 128 192 256 | 320 384 448 512 | 640 ...      four per doubling
//
// A page touched for the first time costs the system more than reading it costs the program, so a
// steady state must not touch new ones: a result of yesterday's size gets yesterday's memory. What
// is kept is bounded by the most that ever was in use (at least KEEP_BYTES).
//
// From CUT_FROM on blocks are cut out of chunks of several huge pages, and from one huge page on
// they have their own: fewer page faults, fewer entries of the TLB. The first chunk is of small
// pages, though, brought in for each block together: where a virtual machine gets its memory as it
// touches it, a huge page can cost 8 ms (Firecracker, 2026-11), small ones are mostly recycled, and
// a program that runs once must not wait. Blocks begin at varying offsets: arrays that all begin at
// the same place within a page evict each other from the caches. `exact` asks for the page boundary
// itself.
//
// The limit counts bytes asked for, of blocks in use. One lock; no heap call is made under it.
#include <string.h>
#include <sys/mman.h>

#include "rt/rt_int.h"

enum {
  SMALLEST = 64,
  COLORS = 16,
  COLOR_BYTES = 320,
  COLORED_FROM = 128 << 10,
  CUT_FROM = 256 << 10,
  CHUNK_BYTES = 8 << 20,
};
static const uint64_t keep_bytes = (uint64_t)64 << 20;

_Static_assert(sizeof(sk_block) == SK_CACHE_LINE, "data follow the header at a cache line");

// The smallest class that holds `bytes`; SK_SIZE_CLASSES if none does.
static uint32_t class_of(uint64_t bytes) {
  uint64_t last = bytes == 0 ? 0 : bytes - 1;
  if (last < 4 * SMALLEST) {
    return (uint32_t)(last / SMALLEST);
  }
  uint32_t octave = 63 - sk_clz64(last);
  uint32_t index = 4 + (octave - 8) * 4 + (uint32_t)((last >> (octave - 2)) & 3);
  return SK_MIN(index, (uint32_t)SK_SIZE_CLASSES);
}

static uint64_t class_bytes(uint32_t index) {
  if (index < 4) {
    return (uint64_t)(index + 1) * SMALLEST;
  }
  uint32_t octave = 8 + (index - 4) / 4, quarter = (index - 4) % 4;
  return (uint64_t)(5 + quarter) << (octave - 2);
}

// Gives back a chunk's last user.
static void leave_chunk(sk_mempool *pool, sk_chunk *chunk) {
  if (!chunk) {
    return;
  }
  sk_mutex_lock(&pool->lock);
  bool last = --chunk->blocks == 0;
  sk_mutex_unlock(&pool->lock);
  if (last) {
    sk_mem_free(chunk->base);
    sk_mem_free(chunk);
  }
}

sk_status sk_mempool_init(sk_mempool *pool, uint64_t limit_bytes) {
  memset(pool, 0, sizeof *pool);
  pool->limit = limit_bytes;
  pool->machine_bytes = sk_cpu_get()->memory_bytes;
  return sk_mutex_init(&pool->lock);
}

void sk_mempool_fini(sk_mempool *pool) {
  sk_mempool_trim(pool);
  leave_chunk(pool, pool->chunk);
  sk_mutex_fini(&pool->lock);
}

// ---- blocks from the heap

static sk_block *place_block(char *base, char *data, uint32_t size_class) {
  sk_block *block = (sk_block *)(void *)data - 1;
  *block = (sk_block){.base = base, .size_class = size_class, .capacity = class_bytes(size_class)};
  return block;
}

// Memory from which `bytes` from the first huge page boundary on may be used; *out_page is there.
static char *heap_pages(uint64_t bytes, char **out_page) {
  char *base = sk_mem_alloc_aligned(bytes + SK_HUGE_PAGE + sizeof(sk_block), 4096);
  if (!base) {
    return NULL;
  }
  uintptr_t first = (uintptr_t)base + sizeof(sk_block);
  *out_page = base + (sk_align_up(first, SK_HUGE_PAGE) - (uintptr_t)base);
  madvise(*out_page, bytes, MADV_HUGEPAGE);  // advice: nothing depends on its being taken
  return base;
}

static sk_block *new_large_block(uint32_t size_class, uint64_t shift) {
  char *page;
  char *base = heap_pages(sk_align_up(class_bytes(size_class) + shift, SK_HUGE_PAGE), &page);
  return base ? place_block(base, page + shift, size_class) : NULL;
}

static sk_chunk *new_chunk(bool small_pages) {
  sk_chunk *chunk = sk_mem_alloc(sizeof *chunk);
  char *page = NULL, *base = NULL;
  if (chunk) {
    base = small_pages ? sk_mem_alloc_aligned(CHUNK_BYTES, 4096) : heap_pages(CHUNK_BYTES, &page);
  }
  if (!base) {
    sk_mem_free(chunk);
    return NULL;
  }
  page = small_pages ? base : page;
  *chunk = (sk_chunk){.base = base,
                      .next = page,
                      .end = page + CHUNK_BYTES,
                      .blocks = 1,  // the pool's
                      .small_pages = small_pages};
  return chunk;
}

// Takes `bytes` from the pool's chunk; NULL if it has too few.
static char *cut_chunk(sk_mempool *pool, uint64_t bytes, sk_chunk **out_chunk) {
  char *at = NULL;
  sk_mutex_lock(&pool->lock);
  sk_chunk *chunk = pool->chunk;
  if (chunk && (uint64_t)(chunk->end - chunk->next) >= bytes) {
    at = chunk->next;
    chunk->next += bytes;
    chunk->blocks++;
  }
  sk_mutex_unlock(&pool->lock);
  *out_chunk = chunk;
  return at;
}

// Cuts a block out of the current chunk, or of a new one that takes its place.
static sk_block *cut_block(sk_mempool *pool, uint32_t size_class, uint64_t shift,
                           uint64_t wanted_bytes) {
  uint64_t bytes = sizeof(sk_block) + shift + class_bytes(size_class);
  sk_chunk *chunk;
  char *at = cut_chunk(pool, bytes, &chunk);
  if (!at) {
    chunk = new_chunk(chunk == NULL);
    if (!chunk) {
      return NULL;
    }
    at = chunk->next;
    chunk->next += bytes;
    chunk->blocks++;
    sk_mutex_lock(&pool->lock);
    sk_chunk *before = pool->chunk;
    pool->chunk = chunk;
    sk_mutex_unlock(&pool->lock);
    leave_chunk(pool, before);
  }
  if (chunk->small_pages) {
    sk_mem_populate(at, sizeof(sk_block) + shift + wanted_bytes);
  }
  sk_block *block = place_block(NULL, at + sizeof(sk_block) + shift, size_class);
  block->chunk = chunk;
  return block;
}

static sk_block *new_block(sk_mempool *pool, uint32_t size_class, uint64_t wanted_bytes, bool exact,
                           uint32_t color) {
  uint64_t capacity = class_bytes(size_class);
  uint64_t shift = capacity < COLORED_FROM || exact ? 0 : color * (uint64_t)COLOR_BYTES;
  if (capacity >= SK_HUGE_PAGE) {
    return new_large_block(size_class, shift);
  }
  if (capacity >= CUT_FROM) {
    return cut_block(pool, size_class, shift, wanted_bytes);
  }
  char *base = sk_mem_alloc_aligned(sizeof(sk_block) + shift + capacity, SK_CACHE_LINE);
  return base ? place_block(base, base + sizeof(sk_block) + shift, size_class) : NULL;
}

static void free_block(sk_mempool *pool, sk_block *block) {
  SK_UNPOISON(sk_block_data(block), block->capacity);
  if (block->chunk) {
    leave_chunk(pool, block->chunk);
  } else {
    sk_mem_free(block->base);
  }
}

// ---- taking and giving

// The limit given, or else what memory there is: more would end the process, and not with an error.
static bool within_limit(const sk_mempool *pool, uint64_t bytes) {
  uint64_t limit = pool->limit != 0 ? pool->limit : pool->machine_bytes;
  return limit == 0 || (bytes <= limit && pool->in_use <= limit - bytes);
}

static sk_status limit_error(const sk_mempool *pool, uint64_t bytes, uint64_t in_use) {
  unsigned long long more = bytes, used = in_use, machine = pool->machine_bytes;
  return pool->limit != 0
             ? sk_status_new(SK_RESOURCE_EXHAUSTED,
                             "%llu bytes more than the %llu in use exceed the memory limit of %llu",
                             more, used, (unsigned long long)pool->limit)
             : sk_status_new(
                   SK_RESOURCE_EXHAUSTED,
                   "%llu bytes more than the %llu in use exceed the %llu that the machine "
                   "or the control group has",
                   more, used, machine);
}

static void count_in(sk_mempool *pool, uint64_t bytes) {
  pool->in_use += bytes;
  pool->peak = SK_MAX(pool->peak, pool->in_use);
  pool->block_count++;
}

sk_status sk_mempool_take(sk_mempool *pool, uint64_t bytes, bool exact, sk_block **out_block) {
  *out_block = NULL;
  uint32_t size_class = class_of(bytes);
  if (size_class >= SK_SIZE_CLASSES) {
    return sk_status_new(SK_RESOURCE_EXHAUSTED, "an array of %llu bytes is too large",
                         (unsigned long long)bytes);
  }
  sk_mutex_lock(&pool->lock);
  if (!within_limit(pool, bytes)) {
    uint64_t in_use = pool->in_use;
    sk_mutex_unlock(&pool->lock);
    return limit_error(pool, bytes, in_use);
  }
  count_in(pool, bytes);
  sk_block *block = pool->free[size_class];
  // An exact block may be any; one that begins elsewhere in its page is no exact one.
  if (block && exact && (uintptr_t)sk_block_data(block) % SK_HUGE_PAGE != 0 &&
      block->capacity >= SK_HUGE_PAGE) {
    block = NULL;
  }
  if (block) {
    pool->free[size_class] = block->next;
    pool->pooled -= block->capacity;
  }
  uint32_t color = pool->color = (pool->color + 1) % COLORS;
  sk_mutex_unlock(&pool->lock);
  block = block ? block : new_block(pool, size_class, bytes, exact, color);
  if (!block) {
    sk_mutex_lock(&pool->lock);
    pool->in_use -= bytes;
    pool->block_count--;
    sk_mutex_unlock(&pool->lock);
    return sk_status_no_memory();
  }
  SK_UNPOISON(sk_block_data(block), block->capacity);
  block->requested = bytes;
  atomic_store_explicit(&block->refs, 1, memory_order_relaxed);
  *out_block = block;
  return NULL;
}

void sk_mempool_give(sk_mempool *pool, sk_block *block) {
  SK_POISON(sk_block_data(block), block->capacity);
  sk_mutex_lock(&pool->lock);
  pool->in_use -= block->requested;
  pool->block_count--;
  bool keep = pool->pooled + block->capacity <= SK_MAX(pool->peak, keep_bytes);
  if (keep) {
    block->next = pool->free[block->size_class];
    pool->free[block->size_class] = block;
    pool->pooled += block->capacity;
  }
  sk_mutex_unlock(&pool->lock);
  if (!keep) {
    free_block(pool, block);
  }
}

void sk_mempool_trim(sk_mempool *pool) {
  for (uint32_t i = 0; i < SK_SIZE_CLASSES; i++) {
    sk_mutex_lock(&pool->lock);
    sk_block *block = pool->free[i];
    pool->free[i] = NULL;
    for (sk_block *each = block; each; each = each->next) {
      pool->pooled -= each->capacity;
    }
    sk_mutex_unlock(&pool->lock);
    while (block) {
      sk_block *next = block->next;
      free_block(pool, block);
      block = next;
    }
  }
}
