// SPDX-License-Identifier: Apache-2.0
// Numbers as unevaluated sums high + low of two floats, for expansions that need more than one
// (Dekker 1971, Knuth TAOCP 4.2.2). F32 or F64; nothing here checks for overflow.
#ifndef SK_LOOP_MATH_TWOFOLD_H
#define SK_LOOP_MATH_TWOFOLD_H

#include "loop/math_int.h"

typedef struct twofold {
  sk_val high, low;
} twofold;

// x + y exactly, |x| >= |y| or x = 0.
static inline twofold ordered_sum(sk_build *b, sk_val x, sk_val y) {
  sk_val sum = fadd(b, x, y);
  return (twofold){sum, fadd(b, fsub(b, x, sum), y)};
}

// x + y exactly.
static inline twofold exact_sum(sk_build *b, sk_val x, sk_val y) {
  sk_val sum = fadd(b, x, y), part = fsub(b, sum, x);
  sk_val error = fadd(b, fsub(b, x, fsub(b, sum, part)), fsub(b, y, part));
  return (twofold){sum, error};
}

// x y exactly, unless the product's low half underflows.
static inline twofold exact_product(sk_build *b, sk_val x, sk_val y) {
  sk_val product = fmul(b, x, y);
  return (twofold){product, fmsub(b, x, y, product)};
}

// log(x), 0 < x < inf, F64, to about 2^-57 (math_f64.c).
twofold sk_math_log_twofold_f64(sk_build *b, sk_val x);

#endif
