// SPDX-License-Identifier: Apache-2.0
// Of the pass room only: small integer tensors that are known while a pass rewrites. Sizes, shapes and counters are computed with
// ordinary operations; here is what folds them.
#ifndef SK_PASS_FOLD_INTS_H
#define SK_PASS_FOLD_INTS_H

#include "pass/rebuild.h"

enum { SK_FOLD_ELEMS = 64 };  // larger tensors are not folded

typedef struct sk_known_ints {
  sk_elem elem;  // pred, an integer, or index
  int64_t count;
  int64_t at[SK_FOLD_ELEMS];  // row-major; unsigned 64-bit numbers as their bits
} sk_known_ints;

// The numbers of a constant; false: not a constant, not integers, or too many.
bool sk_fold_read(const sk_module *m, sk_value value, sk_known_ints *out);
bool sk_fold_read_attr(const sk_module *m, sk_attr attr, sk_known_ints *out);
// The constant that an op with these operands, attributes and result type computes, written into `into`; none if it does not fold.
sk_value sk_fold_desc(sk_rebuild *r, sk_region into, const sk_op_desc *desc);
// The same for an op as it stands, operands mapped: true when its result was set.
bool sk_fold_op(sk_rebuild *r, sk_op op, sk_region into);
// Writes a constant of the given type. `values` wrap to its width.
sk_value sk_fold_emit(sk_rebuild *r, sk_region into, sk_loc loc, sk_type type,
                      const int64_t *values);

#endif
