// SPDX-License-Identifier: Apache-2.0
// f64 pow(x, y) = 2^(y log2|x|), with the logarithm as a sum of two numbers (relative error about
// 2^-63, so 1 ULP where the exponent is largest). Specials as in math_pow_f32.c.
//
//   |x| = 2^e m, m in [sqrt(1/2), sqrt(2));  s = (m - 1) / (m + 1) with its rounding error
//   log2 m = s (C0 + w (C1 + w T(w))), w = s^2; C0, C1 and the sums around them in two numbers
//   t = y log2|x| in two numbers;  2^t = 2^n 2^f, applied in two factors
#include "loop/math_int.h"

#define C0_HIGH 0x1.71547652b82fep+1
#define C0_LOW 0x1.777d0ffda0d24p-55
#define C1_HIGH 0x1.ec709dc3a03fdp-1
#define C1_LOW 0x1.d27f05548af0cp-55

// ((log2((1+s)/(1-s)) / s - C0) / s^2 - C1) / s^2 in s^2
static const double log2_t[] = {0x1.2776c50ef9bfcp-1, 0x1.a61762a7aeddcp-2, 0x1.484b13d6ad163p-2,
                                0x1.0c9a853adb70fp-2, 0x1.c68ee96e8b49cp-3, 0x1.8a09b568a38dap-3,
                                0x1.58fcffe0b39afp-3, 0x1.61ef1eb6bd4dfp-3};
// (2^f - 1) / f, |f| <= 0.5
static const double exp2_q[] = {
    0x1.62e42fefa39efp-1,  0x1.ebfbdff82c58ep-3,  0x1.c6b08d704a1d5p-5,  0x1.3b2ab6fba519fp-7,
    0x1.5d87fe7873f76p-10, 0x1.430912f756b48p-13, 0x1.ffcbfd4b4e20bp-17, 0x1.62c02725e19b7p-20,
    0x1.b5232d257a61ep-24, 0x1.e4bba8a374e1ep-28, 0x1.ec79b3db6239ep-32, 0x1.e0b7f10659e72p-36};

typedef struct pair {
  sk_val high, low;
} pair;

// log2 m / s, w = s^2.
static pair log2_factor(sk_build *b, sk_val w) {
  sk_val t = fmul(b, w, POLY_F64(b, w, log2_t)), c1 = f64(b, C1_HIGH), c0 = f64(b, C0_HIGH);
  sk_val u = fadd(b, c1, t);
  sk_val u_low = fadd(b, fadd(b, fsub(b, c1, u), t), f64(b, C1_LOW));
  sk_val v = fmul(b, w, u), v_low = fmadd(b, w, u_low, fmsub(b, w, u, v));
  sk_val k = fadd(b, c0, v);
  sk_val k_low = fadd(b, fadd(b, fsub(b, c0, k), v), fadd(b, v_low, f64(b, C0_LOW)));
  return (pair){k, k_low};
}

static pair log2_of(sk_build *b, sk_val a) {
  const uint64_t start = UINT64_C(0x3FE6A09E667F3BCD) + (UINT64_C(1) << 63);  // sqrt(1/2)
  sk_val denormal = flt(b, a, f64(b, 0x1p-1022)), one = f64(b, 1.0);
  sk_val scaled = isub(b, bits64(b, fmul(b, a, f64(b, 0x1p52))), i64(b, INT64_C(52) << 52));
  sk_val i = pick(b, denormal, scaled, bits64(b, a));
  sk_val above = isub(b, i, i64(b, (int64_t)start));  // e + 2048 on top
  sk_val minus_m = isub(b, i, band(b, above, i64(b, -INT64_C(0x10000000000000))));
  sk_val f = fsub(b, negate(b, one), float64(b, minus_m)), den = fadd(b, f, f64(b, 2.0));
  sk_val den_low = fsub(b, f, fsub(b, den, f64(b, 2.0)));
  sk_val inverse = fdiv(b, one, den), s = fmul(b, f, inverse);
  sk_val s_low = fmul(b, fnmadd(b, s, den_low, fnmadd(b, s, den, f)), inverse);
  sk_val w = fmul(b, s, s);
  sk_val w_low = fmadd(b, fadd(b, s, s), s_low, fmsub(b, s, s, w));
  pair k = log2_factor(b, w);
  k.low = fmadd(b, w_low, f64(b, C1_HIGH), k.low);
  sk_val l = fmul(b, s, k.high), l_low = fmsub(b, s, k.high, l);
  l_low = fmadd(b, s, k.low, fmadd(b, s_low, k.high, l_low));
  sk_val biased = bor(b, shr(b, above, 52), i64(b, INT64_C(0x4330000000000000)));
  sk_val e = fsub(b, float64(b, biased), f64(b, 0x1p52 + 2048.0));
  sk_val sum = fadd(b, e, l), low = fadd(b, fadd(b, fsub(b, e, sum), l), l_low);
  sum = pick(b, flt(b, a, inf64(b)), sum, a);  // infinity, NaN
  sum = pick(b, feq(b, a, f64(b, 0.0)), f64_bits(b, UINT64_C(0xFFF0000000000000)), sum);
  return (pair){sum, low};
}

// 2^(t + t_low); NaN gives NaN.
static sk_val exp2_of(sk_build *b, sk_val t, sk_val t_low) {
  const double magic = MAGIC64 + 2046.0;
  sk_val inside = flt(b, magnitude(b, t), f64(b, 1100.0));
  t = minx(b, f64(b, 1100.0), maxx(b, f64(b, -1100.0), t));
  t_low = pick(b, inside, t_low, f64(b, 0.0));
  sk_val sum = fadd(b, t, f64(b, magic)), n = fsub(b, sum, f64(b, magic));
  sk_val f = fadd(b, fsub(b, t, n), t_low);
  sk_val p = fmadd(b, POLY_F64(b, f, exp2_q), f, f64(b, 1.0));
  sk_val i = bits64(b, sum), half = shr(b, i, 1);
  p = fmul(b, p, float64(b, shl(b, half, 52)));
  return fmul(b, p, float64(b, shl(b, isub(b, i, half), 52)));
}

sk_val sk_math_pow_f64(sk_build *b, sk_val x, sk_val y) {
  sk_val a = magnitude(b, x), zero = f64(b, 0.0);
  pair l = log2_of(b, a);
  sk_val t = fmul(b, l.high, y);
  sk_val t_low = fmadd(b, l.low, y, fmsub(b, l.high, y, t));
  sk_val is_one = either(b, feq(b, a, f64(b, 1.0)), feq(b, y, zero));
  t = pick(b, is_one, zero, t);
  t_low = pick(b, is_one, zero, t_low);
  sk_val r = exp2_of(b, t, t_low);
  sk_val half = fmul(b, y, f64(b, 0.5));
  sk_val fraction = fne(b, to_nearest(b, y), y), half_fraction = fne(b, to_nearest(b, half), half);
  sk_val sign = pick(b, fraction, zero, band(b, x, minus_zero64(b)));
  r = pick(b, half_fraction, bxor(b, r, sign), r);
  sk_val outside = both(b, both(b, flt(b, x, zero), flt(b, a, inf64(b))), fraction);
  return pick(b, outside, nan64(b), r);
}
