// SPDX-License-Identifier: Apache-2.0
// Growable arrays that live in an arena: SK_VEC(T) is a struct {T *data; uint32_t count, cap}.
// Zero-initialised = empty. Growth doubles and leaves the old storage to the arena (at most 2x
// waste). Pointers into a vector die at the next push: hold indices. Counts are limited to 2^31.
#ifndef SK_BASE_VEC_H
#define SK_BASE_VEC_H

#include <string.h>

#include "base/arena.h"

#define SK_VEC(T)                                                                                  \
  struct {                                                                                         \
    T *data;                                                                                       \
    uint32_t count, cap;                                                                           \
  }

// Ensures room for `extra` more; false when memory is exhausted (and the arena has no bail).
bool sk_vec_reserve_raw(sk_arena *arena, void **data, uint32_t count, uint32_t *cap,
                        size_t elem_bytes, uint32_t extra);

#define sk_vec_reserve(arena, v, extra)                                                            \
  (SK_LIKELY((v)->cap - (v)->count >= (uint32_t)(extra)) ||                                        \
   sk_vec_reserve_raw((arena), (void **)(void *)&(v)->data, (v)->count, &(v)->cap,                 \
                      sizeof *(v)->data, (uint32_t)(extra)))

// Appends `value`; false when memory is exhausted.
#define sk_vec_push(arena, v, ...)                                                                 \
  (sk_vec_reserve((arena), (v), 1) && ((v)->data[(v)->count++] = (__VA_ARGS__), true))

#define sk_vec_last(v) ((v)->data[(v)->count - 1])

#endif
