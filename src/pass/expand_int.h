// SPDX-License-Identifier: Apache-2.0
// For the expand pass itself: which ops its files replace, and by what.
#ifndef SK_PASS_EXPAND_INT_H
#define SK_PASS_EXPAND_INT_H

#include "pass/rebuild.h"

// expand_dot.c: a product along the innermost dimensions of both operands, one of which is a vector
// (of each batch).
bool sk_expand_is_row_sum(const sk_module *m, sk_op op);
void sk_expand_row_sum(sk_rebuild *r, sk_op op, sk_region into);

#endif
