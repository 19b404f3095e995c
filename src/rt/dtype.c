// SPDX-License-Identifier: Apache-2.0
// Facts about element types, from dtype.def, and array sizes with checked arithmetic.
//
// Sizes are bytes of dense arrays, one element per storage unit; a rank, dimension or product out
// of range is refused here, so that the rest of the runtime need not look again.
#include <string.h>

#include "rt/rt.h"

typedef struct dtype_row {
  const char *name;
  uint32_t bytes;
} dtype_row;

static const dtype_row rows[SK_DTYPE_COUNT] = {
#define X(name, value, spelling, elem_bytes) [value] = {spelling, elem_bytes},
#include "rt/dtype.def"
#undef X
};

const char *sk_dtype_name(sk_dtype type) {
  return (unsigned)type < SK_DTYPE_COUNT ? rows[type].name : NULL;
}

uint32_t sk_dtype_bytes(sk_dtype type) {
  return (unsigned)type < SK_DTYPE_COUNT ? rows[type].bytes : 0;
}

sk_dtype sk_dtype_find(const char *name) {
  for (unsigned i = 1; name && i < SK_DTYPE_COUNT; i++) {
    if (strcmp(rows[i].name, name) == 0) {
      return (sk_dtype)i;
    }
  }
  return SK_DTYPE_INVALID;
}

bool sk_dtype_array_bytes(sk_dtype type, uint32_t rank, const int64_t *dims, uint64_t *out_bytes) {
  int64_t bytes = sk_dtype_bytes(type);
  bool empty = bytes == 0;
  if (!sk_dtype_name(type) || rank > SK_RT_MAX_RANK) {
    return false;
  }
  for (uint32_t i = 0; i < rank; i++) {
    if (dims[i] < 0) {
      return false;
    }
    empty = empty || dims[i] == 0;
  }
  for (uint32_t i = 0; i < rank && !empty; i++) {
    if (SK_MUL_OVERFLOW(bytes, dims[i], &bytes)) {
      return false;
    }
  }
  *out_bytes = empty ? 0 : (uint64_t)bytes;
  return true;
}
