// SPDX-License-Identifier: Apache-2.0
// Of simplify only: rules that fill files of their own. Each returns true when it has given every result of the op a new value, as hooks
// of a rebuild do.
#ifndef SK_PASS_SIMPLIFY_INT_H
#define SK_PASS_SIMPLIFY_INT_H

#include "pass/rebuild.h"

// The op that makes v, if it is one of the kind; none otherwise.
static inline sk_op sk_made_by(const sk_module *m, sk_value v, sk_opkind kind) {
  sk_op op = sk_value_get(m, v)->op;
  return op.id != 0 && sk_op_kind(m, op) == kind ? op : (sk_op){0};
}

// Result 0 of the op becomes the value.
static inline bool sk_simplify_to(sk_rebuild *r, sk_op op, sk_value value) {
  sk_rebuild_set(r, sk_op_result(r->m, op, 0), value);
  return true;
}

// ---- simplify.c
// Writes an op of one result, located where `like` is.
sk_value sk_simplify_emit(sk_rebuild *r, sk_region into, sk_op like, sk_opkind kind,
                          const sk_value *operands, uint32_t count, sk_type type,
                          const sk_named_attr *attrs, uint32_t attr_count);

// ---- simplify_views.c
bool sk_simplify_slice_of_concatenate(sk_rebuild *r, sk_op op, sk_region into);
bool sk_simplify_concatenate(sk_rebuild *r, sk_op op, sk_region into);
bool sk_simplify_transpose_of_concatenate(sk_rebuild *r, sk_op op, sk_region into);
bool sk_simplify_interleave(sk_rebuild *r, sk_op op, sk_region into);  // an add

// ---- simplify_scale.c
bool sk_simplify_scale(sk_rebuild *r, sk_op op, sk_region into);  // a multiply

// ---- simplify_argmax.c
bool sk_simplify_argmax(sk_rebuild *r, sk_op op, sk_region into);

#endif
