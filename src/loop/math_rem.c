// SPDX-License-Identifier: Apache-2.0
// Exact remainder of the division that rounds toward zero (C's fmod), f32 and f64, any ratio.
//
// One step takes a to a mod d for a / d < 2^52: q = trunc(a / d) is the quotient or, where the
// division rounded up to an integer, one more; a - q d is exact in one fused operation, because it
// is a multiple of d's last bit and smaller than d; if it is negative, d is added once. A larger
// quotient is taken down first by steps with d = |y| 2^52j, j descending. These are rare and sit
// inside IFs, which the generator skips unless some lane needs them. f32 computes in f64, where one
// step takes 52 bits as well and the exponents of f32 need five at most.
//
// Specials follow C99 Annex F: x mod inf = x; NaN for y = 0, infinite x or a NaN. The result has
// the sign of x, a zero too.
#include "loop/math_int.h"

enum { STEP_BITS = 52, STEPS_F32 = 5, STEPS_NEAR = 4, STEPS_F64 = 40 };

// a mod d; a itself when it is smaller (also when d is infinite).
static sk_val step(sk_build *b, sk_val a, sk_val d) {
  sk_val q = sk_build_1(b, SK_L_FTRUNC, fdiv(b, a, d)), r = fnmadd(b, q, d, a);
  r = pick(b, flt(b, r, f64(b, 0.0)), fadd(b, r, d), r);
  return pick(b, flt(b, a, d), a, r);
}

// y 2^n, n up to 2080, exact or infinite.
static sk_val scaled(sk_build *b, sk_val y, int n) {
  const int first = n < 1000 ? n : 1000, second = n - first < 1000 ? n - first : 1000;
  for (int part = 0, bits[3] = {first, second, n - first - second}; part < 3; part++) {
    if (bits[part] != 0) {
      y = fmul(b, y, f64_bits(b, (uint64_t)(1023 + bits[part]) << 52));
    }
  }
  return y;
}

// Steps j = high .. low, if the quotient is large enough for them.
static sk_val large_steps(sk_build *b, sk_val a, sk_val y, int high, int low) {
  sk_val needed = sk_build_2(b, SK_L_FLE, scaled(b, y, STEP_BITS * low), a), before = a;
  sk_build_if(b, needed);
  for (int j = high; j >= low; j--) {
    a = step(b, a, scaled(b, y, STEP_BITS * j));
  }
  sk_build_end_if(b);
  return sk_build_merge(b, needed, a, before);
}

sk_val sk_math_rem_f32(sk_build *b, sk_val x, sk_val y) {
  sk_val a = to_f64(b, magnitude(b, x)), d = to_f64(b, magnitude(b, y));
  a = step(b, large_steps(b, a, d, STEPS_F32, 1), d);
  return bor(b, to_f32(b, a), band(b, x, minus_zero32(b)));
}

sk_val sk_math_rem_f64(sk_build *b, sk_val x, sk_val y) {
  sk_val a = magnitude(b, x), d = magnitude(b, y);
  a = large_steps(b, a, d, STEPS_F64, STEPS_NEAR + 1);
  a = step(b, large_steps(b, a, d, STEPS_NEAR, 1), d);
  return bor(b, a, band(b, x, minus_zero64(b)));
}
