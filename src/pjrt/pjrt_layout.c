// SPDX-License-Identifier: Apache-2.0
// Layouts: in which order the dimensions of an array lie in memory.
//
// Arrays of the runtime are row-major. A client may ask for another order, for a buffer or for an
// argument or result of a program, and then believes that it got it: the order is kept as a label,
// copies to and from the host observe it, and whoever asks for an address gets a copy in that order
// (pjrt_buffer.c). Only orders are supported: no tiles, no padding.
#include <stdio.h>
#include <string.h>

#include "pjrt/pjrt_int.h"

void sk_pjrt_layout_row_major(uint32_t rank, sk_pjrt_layout *out_layout) {
  out_layout->rank = rank;
  out_layout->row_major = true;
  for (uint32_t i = 0; i < rank && i < SK_PJRT_MAX_RANK; i++) {
    out_layout->minor_to_major[i] = (int64_t)(rank - 1 - i);
  }
}

// Dimensions minor first -> layout, unless one is missing or there twice.
static sk_pjrt_error *from_order(const int64_t *minor_to_major, size_t count, uint32_t rank,
                                 sk_pjrt_layout *out_layout) {
  uint64_t seen = 0;
  bool ok = count == rank && rank <= SK_PJRT_MAX_RANK;
  sk_pjrt_layout_row_major(rank, out_layout);
  for (uint32_t i = 0; ok && i < rank; i++) {
    int64_t dim = minor_to_major[i];
    ok = dim >= 0 && dim < rank && !(seen >> dim & 1);
    if (ok) {
      seen |= (uint64_t)1 << dim;
      out_layout->row_major &= dim == out_layout->minor_to_major[i];
      out_layout->minor_to_major[i] = dim;
    }
  }
  return ok ? NULL
            : sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                                "a layout that does not name each of %u dimensions once", rank);
}

void sk_pjrt_layout_strides(const sk_pjrt_layout *layout, const int64_t *dims, size_t elem_bytes,
                            int64_t *out_strides) {
  uint64_t stride = elem_bytes;  // wraps where the array is too large to exist
  for (uint32_t i = 0; i < layout->rank; i++) {
    int64_t dim = layout->minor_to_major[i];
    out_strides[dim] = (int64_t)stride;
    stride *= dims[dim] > 1 ? (uint64_t)dims[dim] : 1;
  }
}

// Strides of a dense array in some order: the dimensions sorted by stride.
static sk_pjrt_error *from_strides(const sk_pjrt_strides *spec, uint32_t rank, const int64_t *dims,
                                   size_t elem_bytes, sk_pjrt_layout *out_layout) {
  int64_t order[SK_PJRT_MAX_RANK], expected[SK_PJRT_MAX_RANK];
  bool ok = spec->num_byte_strides == rank && (rank == 0 || spec->byte_strides);
  for (uint32_t i = 0; ok && i < rank; i++) {
    uint32_t at = i;
    int64_t dim = rank - 1 - i;  // equal strides stay in row-major order
    for (; at > 0 && spec->byte_strides[order[at - 1]] > spec->byte_strides[dim]; at--) {
      order[at] = order[at - 1];
    }
    order[at] = dim;
  }
  if (ok) {
    SK_PJRT_TRY(from_order(order, rank, rank, out_layout));
    sk_pjrt_layout_strides(out_layout, dims, elem_bytes, expected);
  }
  for (uint32_t i = 0; ok && i < rank; i++) {
    ok = dims[i] <= 1 || spec->byte_strides[i] == expected[i];
  }
  return ok ? NULL
            : sk_pjrt_error_new(SKARN_UNIMPLEMENTED, "a layout with gaps or repeated elements");
}

sk_pjrt_error *sk_pjrt_layout_read(const sk_pjrt_layout_spec *spec, uint32_t rank,
                                   const int64_t *dims, size_t elem_bytes,
                                   sk_pjrt_layout *out_layout) {
  sk_pjrt_layout_row_major(rank, out_layout);
  if (!spec) {
    return NULL;
  }
  if (spec->type == SK_PJRT_STRIDES) {
    return from_strides(&spec->strides, rank, dims, elem_bytes, out_layout);
  }
  if (spec->type != SK_PJRT_TILED || spec->tiled.num_tiles != 0) {
    return sk_pjrt_error_new(SKARN_UNIMPLEMENTED, "tiled layouts are not supported");
  }
  if (rank && !spec->tiled.minor_to_major) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "a layout without an order of dimensions");
  }
  return from_order(spec->tiled.minor_to_major, spec->tiled.minor_to_major_size, rank, out_layout);
}

sk_pjrt_error *sk_pjrt_layout_parse(const char *text, uint32_t rank, sk_pjrt_layout *out_layout) {
  sk_pjrt_layout_row_major(rank, out_layout);
  if (!*text || strcmp(text, "default") == 0 || strcmp(text, "auto") == 0) {
    return NULL;
  }
  int64_t order[SK_PJRT_MAX_RANK];
  size_t count = 0;
  const char *at = text;
  bool ok = *at++ == '{';
  while (ok && *at >= '0' && *at <= '9') {
    int64_t dim = 0;
    for (; *at >= '0' && *at <= '9' && dim < SK_PJRT_MAX_RANK; at++) {
      dim = dim * 10 + (*at - '0');
    }
    ok = count < SK_PJRT_MAX_RANK;
    if (ok) {
      order[count++] = dim;
    }
    at += *at == ',';
  }
  if (!ok || strcmp(at, "}") != 0) {
    return sk_pjrt_error_new(SKARN_UNIMPLEMENTED, "layout %.100s is not supported", text);
  }
  return from_order(order, count, rank, out_layout);
}
