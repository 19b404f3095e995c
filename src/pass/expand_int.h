// SPDX-License-Identifier: Apache-2.0
// For the expand pass itself: which ops its files replace, and by what.
#ifndef SK_PASS_EXPAND_INT_H
#define SK_PASS_EXPAND_INT_H

#include "pass/rebuild.h"

// expand_dot.c: products of floats with a vector, or of types other than that of their sum
bool sk_expand_is_dot(const sk_module *m, sk_op op);
void sk_expand_dot(sk_rebuild *r, sk_op op, sk_region into);

#endif
