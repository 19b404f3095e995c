// SPDX-License-Identifier: Apache-2.0
// Arrays as .npy files, the writing side (numpy/lib/format.py describes the format 1.0).
//
//   "\x93NUMPY" 1 0 | header length, 2 bytes | {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } | data
//
// Element types go by their MLIR spelling; those that NumPy lacks are written as bytes: |V1, |V2.
#ifndef SK_BASE_NPY_H
#define SK_BASE_NPY_H

#include "base/status.h"

enum { SK_NPY_DESCR_BYTES = 16 };
// "<f4", "|i1", "|V2": what elements of a type ("f32", "i8", "bf16") with so many bytes are called.
void sk_npy_describe(const char *type_name, uint32_t elem_bytes, char out[SK_NPY_DESCR_BYTES]);

typedef struct sk_npy_array {
  const char *type_name;
  uint32_t elem_bytes, rank;
  const int64_t *dims;
  const void *data;  // row-major
  uint64_t bytes;
} sk_npy_array;
sk_status sk_npy_write(const char *path, const sk_npy_array *array) SK_NODISCARD;

#endif
