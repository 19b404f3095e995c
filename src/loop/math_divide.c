// SPDX-License-Identifier: Apache-2.0
// Division of 64-bit integers in f64, where both are small enough: no processor divides such lanes
// side by side.
//
// |x|, |y| < 2^51: trunc(x / y) is the quotient. (A rounding of x / y to an integer k from
// below would need 1 / |y| < k 2^-53, that is k |y| > 2^53.) x - q y is exact in one fused step.
// For y = 0 the results are those of the operations: all ones, and x. Everything else is rare and
// divided lane by lane inside an IF.
#include "loop/math_int.h"

#define MAGIC_BITS INT64_C(0x4338000000000000)  // of 1.5 2^52: small integers sit in its low bits

static sk_val magic(sk_build *b) { return f64(b, 0x1.8p52); }

static sk_val to_small_float(sk_build *b, sk_val x) {
  return fsub(b, float64(b, iadd(b, x, i64(b, MAGIC_BITS))), magic(b));
}

static sk_val from_small_float(sk_build *b, sk_val x) {
  return isub(b, bits64(b, fadd(b, x, magic(b))), i64(b, MAGIC_BITS));
}

// Is x, taken as unsigned, 2^bits or more?
static sk_val is_above(sk_build *b, sk_val x, int bits) {
  sk_val flipped = iadd(b, x, i64(b, INT64_MIN));
  return slt(b, i64(b, INT64_MIN + (INT64_C(1) << bits) - 1), flipped);
}

static sk_val is_large(sk_build *b, sk_val x, bool is_signed) {
  return is_signed ? is_above(b, iadd(b, x, i64(b, INT64_C(1) << 51)), 52) : is_above(b, x, 51);
}

sk_val sk_math_divide_i64(sk_build *b, sk_lop op, sk_val x, sk_val y) {
  bool is_signed = op == SK_L_SDIV || op == SK_L_SREM, rest = op == SK_L_SREM || op == SK_L_UREM;
  sk_val a = to_small_float(b, x), d = to_small_float(b, y);
  sk_val q = sk_build_1(b, SK_L_FTRUNC, fdiv(b, a, d));
  sk_val v = from_small_float(b, rest ? fnmadd(b, q, d, a) : q);
  v = pick(b, feq(b, d, f64(b, 0.0)), rest ? x : i64(b, -1), v);
  sk_val rare = either(b, is_large(b, x, is_signed), is_large(b, y, is_signed));
  sk_build_if(b, rare);
  sk_val exact = sk_build_2(b, op, x, y);
  sk_build_end_if(b);
  return sk_build_merge(b, rare, exact, v);
}
