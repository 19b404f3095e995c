// SPDX-License-Identifier: Apache-2.0
// f32 pow(x, y) = 2^(y log2|x|), computed in f64 and rounded once: error below 0.53 ULP.
//
//   |x| = 2^e m, m in [sqrt(1/2), sqrt(2));  log2 m = s P(s^2), s = (m - 1) / (m + 1)   (2^-37)
//   t = y log2|x| = n + f;                   2^f by a polynomial, n added to the exponent (2^-29)
//
// Specials follow C99 Annex F: x^0 = 1^y = 1 also for NaN, (-1)^(+-inf) = 1, a negative finite base
// with a non-integer exponent gives NaN, the sign of the base survives odd exponents only.
#include "loop/math_int.h"

// log2((1+s)/(1-s))/s in s^2
static const double log2_q[] = {0x1.71547652bedfp+1, 0x1.ec709d12d1c92p-1, 0x1.27777fe76a2bbp-1,
                                0x1.a58d891084b36p-2, 0x1.5ce852aa21dbdp-2};
// 2^f, |f| <= 0.5
static const double exp2_p[] = {0x1.000000026269cp+0, 0x1.62e430c82736ap-1, 0x1.ebfbdadabd93p-3,
                                0x1.c6aed46283255p-5, 0x1.3b2dbcb15ed96p-7, 0x1.5f459727749b5p-10,
                                0x1.41d2d9d4f97c6p-13};

static sk_val log2_of(sk_build *b, sk_val a) {
  sk_val denormal = flt(b, a, f32(b, 0x1p-126f));
  sk_val scaled = isub(b, bits32(b, fmul(b, a, f32(b, 0x1p23f))), i32(b, 23 << 23));
  sk_val i = pick(b, denormal, scaled, bits32(b, a));
  sk_val e = band(b, isub(b, i, i32(b, 0x3F3504F3)), i32(b, (int32_t)0xFF800000));
  sk_val m = to_f64(b, float32(b, isub(b, i, e))), one = f64(b, 1.0);
  sk_val s = fdiv(b, fsub(b, m, one), fadd(b, m, one));
  sk_val exponent = to_f64(b, fmul(b, int_to_f32(b, e), f32(b, 0x1p-23f)));
  sk_val l = fmadd(b, POLY_F64(b, fmul(b, s, s), log2_q), s, exponent);
  l = pick(b, flt(b, a, inf32(b)), l, to_f64(b, a));
  return pick(b, feq(b, a, f32(b, 0.0f)), f64_bits(b, UINT64_C(0xFFF0000000000000)), l);
}

sk_val sk_math_pow_f32(sk_build *b, sk_val x, sk_val y) {
  sk_val a = magnitude(b, x), zero = f32(b, 0.0f);
  sk_val t = fmul(b, log2_of(b, a), to_f64(b, y));
  sk_val is_one = either(b, feq(b, a, f32(b, 1.0f)), feq(b, y, zero));
  t = pick(b, is_one, f64(b, 0.0), t);
  t = minx(b, f64(b, 200.0), maxx(b, f64(b, -200.0), t));
  sk_val sum = fadd(b, t, f64(b, MAGIC64)), f = fsub(b, t, fsub(b, sum, f64(b, MAGIC64)));
  sk_val p = iadd(b, bits64(b, POLY_F64(b, f, exp2_p)), shl(b, bits64(b, sum), 52));
  sk_val r = to_f32(b, float64(b, p));
  sk_val half = fmul(b, y, f32(b, 0.5f));
  sk_val fraction = fne(b, to_nearest(b, y), y), half_fraction = fne(b, to_nearest(b, half), half);
  sk_val sign = pick(b, fraction, zero, band(b, x, minus_zero32(b)));
  r = pick(b, half_fraction, bxor(b, r, sign), r);
  sk_val outside = both(b, both(b, flt(b, x, zero), flt(b, a, inf32(b))), fraction);
  return pick(b, outside, nan32(b), r);
}
