// SPDX-License-Identifier: Apache-2.0
// Guarded memory (guard.h): one anonymous mapping each, its first and last page inaccessible.
//
// Every mapping is new, so that a pointer kept from an earlier one has a good chance of pointing
// nowhere. Nothing here comes from the heap, and fault injection does not reach it.
#include "base/guard.h"

#include <string.h>
#include <sys/mman.h>

#include "base/compiler.h"

enum { FILL = 0xff };

sk_status sk_guarded_init(size_t bytes, sk_guard side, size_t align, sk_guarded *out) {
  const size_t page = SK_GUARD_PAGE;
  *out = (sk_guarded){0};
  if (bytes > SIZE_MAX / 2) {
    return sk_status_no_memory();
  }
  size_t inner = sk_align_up(bytes, page);
  void *map =
      mmap(NULL, inner + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) {
    return sk_status_no_memory();
  }
  *out = (sk_guarded){.map = map, .map_bytes = inner + 2 * page, .bytes = bytes};
  char *first = out->map + page;
  out->data = side == SK_GUARD_END ? first + (inner - bytes) / align * align : first;
  memset(first, FILL, inner);
  if (mprotect(out->map, page, PROT_NONE) != 0 || mprotect(first + inner, page, PROT_NONE) != 0) {
    sk_guarded_fini(out);
    return sk_status_no_memory();
  }
  return NULL;
}

void sk_guarded_fini(sk_guarded *memory) {
  if (memory->map) {
    munmap(memory->map, memory->map_bytes);
  }
  *memory = (sk_guarded){0};
}

static bool is_fill(const char *from, const char *to) {
  for (; from < to; from++) {
    if ((unsigned char)*from != FILL) {
      return false;
    }
  }
  return true;
}

bool sk_guarded_is_intact(const sk_guarded *memory) {
  const char *end = memory->map + memory->map_bytes - SK_GUARD_PAGE;
  return is_fill(memory->map + SK_GUARD_PAGE, memory->data) &&
         is_fill(memory->data + memory->bytes, end);
}
