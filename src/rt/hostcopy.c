// SPDX-License-Identifier: Apache-2.0
// Copies of arrays between two layouts, each given by byte strides (any sign, 0 on the source side
// repeats).
//
// Dimensions of extent 1 are dropped and neighbours that are contiguous on both sides are joined;
// then the innermost dimension is a memcpy where both sides are dense, else a loop of elements, and
// the outer dimensions an odometer. Where the source runs along another dimension than the
// destination (a transpose), the two innermost are walked in tiles, so that lines that were fetched
// are used up.
#include <string.h>

#include "rt/rt_int.h"

enum { TILE = 16 };

typedef struct copy_dim {
  int64_t extent, to, from;  // strides in bytes
} copy_dim;

void sk_dense_strides(uint32_t rank, const int64_t *dims, uint32_t elem_bytes,
                      int64_t *out_strides) {
  int64_t stride = elem_bytes;
  for (uint32_t i = rank; i-- > 0;) {
    out_strides[i] = stride;
    stride *= SK_MAX(dims[i], 1);
  }
}

static uint32_t join_dims(const int64_t *to_strides, const int64_t *from_strides, uint32_t rank,
                          const int64_t *dims, copy_dim *out) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < rank; i++) {
    copy_dim dim = {dims[i], to_strides[i], from_strides[i]};
    copy_dim *last = count ? &out[count - 1] : NULL;
    if (dim.extent == 1) {
      continue;
    }
    if (last && last->to == dim.to * dim.extent && last->from == dim.from * dim.extent) {
      *last = (copy_dim){last->extent * dim.extent, dim.to, dim.from};
    } else {
      out[count++] = dim;
    }
  }
  return count;
}

static void copy_elems(char *to, const char *from, copy_dim dim, uint32_t bytes) {
  switch (bytes) {
#define COPY_LOOP(constant)                                                                        \
  for (int64_t i = 0; i < dim.extent; i++) {                                                       \
    memcpy(to + i * dim.to, from + i * dim.from, constant);                                        \
  }
    case 1: COPY_LOOP(1) return;
    case 2: COPY_LOOP(2) return;
    case 4: COPY_LOOP(4) return;
    case 8: COPY_LOOP(8) return;
    case 16: COPY_LOOP(16) return;
    default: COPY_LOOP(bytes) return;
#undef COPY_LOOP
  }
}

static void copy_row(char *to, const char *from, copy_dim dim, uint32_t bytes) {
  if (dim.to == bytes && dim.from == bytes) {
    memcpy(to, from, (size_t)dim.extent * bytes);
  } else {
    copy_elems(to, from, dim, bytes);
  }
}

static void copy_plane(char *to, const char *from, copy_dim rows, copy_dim cols, uint32_t bytes) {
  bool dense = cols.to == bytes && cols.from == bytes;
  int64_t tile = dense ? INT64_MAX : TILE;
  for (int64_t r = 0; r < rows.extent; r += SK_MIN(tile, rows.extent)) {
    int64_t r_end = rows.extent - r > tile ? r + tile : rows.extent;
    for (int64_t c = 0; c < cols.extent; c += SK_MIN(tile, cols.extent)) {
      copy_dim part = {SK_MIN(tile, cols.extent - c), cols.to, cols.from};
      for (int64_t row = r; row < r_end; row++) {
        copy_row(to + row * rows.to + c * cols.to, from + row * rows.from + c * cols.from, part,
                 bytes);
      }
    }
  }
}

void sk_copy_strided(void *to, const int64_t *to_strides, const void *from,
                     const int64_t *from_strides, uint32_t rank, const int64_t *dims,
                     uint32_t elem_bytes) {
  copy_dim all[SK_RT_MAX_RANK + 2] = {{1, elem_bytes, elem_bytes}, {1, elem_bytes, elem_bytes}};
  copy_dim *outer = all + 2;
  for (uint32_t i = 0; i < rank; i++) {
    if (dims[i] == 0) {
      return;
    }
  }
  if (elem_bytes == 0) {
    return;
  }
  // At least two dimensions, the missing ones of extent 1.
  uint32_t count = join_dims(to_strides, from_strides, rank, dims, outer);
  copy_dim rows = outer[(int)count - 2], cols = outer[(int)count - 1];
  uint32_t outer_count = count > 2 ? count - 2 : 0;
  int64_t at[SK_RT_MAX_RANK] = {0};
  char *t = to;
  const char *f = from;
  for (;;) {
    copy_plane(t, f, rows, cols, elem_bytes);
    uint32_t d = outer_count;
    for (; d > 0; d--) {
      const copy_dim *dim = &outer[d - 1];
      t += dim->to;
      f += dim->from;
      if (++at[d - 1] < dim->extent) {
        break;
      }
      t -= dim->to * dim->extent;
      f -= dim->from * dim->extent;
      at[d - 1] = 0;
    }
    if (d == 0) {
      return;
    }
  }
}
