// SPDX-License-Identifier: Apache-2.0
// Of simplify only: rules that fill files of their own. Each returns true when it has given every result of the op a new value, as hooks
// of a rebuild do.
#ifndef SK_PASS_SIMPLIFY_INT_H
#define SK_PASS_SIMPLIFY_INT_H

#include "pass/rebuild.h"

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
