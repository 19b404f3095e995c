// SPDX-License-Identifier: Apache-2.0
// Slow path of arena vectors: a new storage of twice the size, the old one left to the arena; the
// same storage made longer where nothing has been allocated behind it.
//
// The storage is 16-byte aligned whatever the element. A count above 2^31 fails as exhausted memory
// does, so that callers have one failure to handle. The data pointer is written through void **:
// gcc and clang let void * alias every object pointer.
#include "base/vec.h"

enum { FIRST_CAP = 8 };

bool sk_vec_reserve_raw(sk_arena *arena, void **data, uint32_t count, uint32_t *cap,
                        size_t elem_bytes, uint32_t extra) {
  const uint64_t limit = (uint64_t)1 << 31;
  uint64_t need = (uint64_t)count + extra;
  uint64_t new_cap = SK_MAX(SK_MIN((uint64_t)*cap * 2, limit), FIRST_CAP);
  new_cap = SK_MAX(new_cap, need);
  // A count past the limit asks for the impossible, so that it fails (or bails) as exhausted memory
  // does.
  size_t asked = need > limit ? SIZE_MAX : (size_t)new_cap;
  size_t longer = (size_t)(new_cap - *cap) * elem_bytes;
  if (*cap != 0 && need <= limit &&
      sk_arena_extend(arena, (const char *)*data + *cap * elem_bytes, longer)) {
    *cap = (uint32_t)new_cap;
    return true;
  }
  void *grown = sk_arena_alloc_array(arena, asked, elem_bytes, 16);
  if (!grown) {
    return false;
  }
  if (count != 0) {
    memcpy(grown, *data, (size_t)count * elem_bytes);
  }
  *data = grown;
  *cap = (uint32_t)new_cap;
  return true;
}
