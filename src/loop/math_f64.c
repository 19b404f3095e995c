// SPDX-License-Identifier: Apache-2.0
// f64 exp, expm1, log, log1p, tanh, logistic, rsqrt and cbrt. The schemes are those of math_f32.c,
// with these differences:
//
//   log      log m = f - (f^2/2 - s (f^2/2 + R(s^2))), s = f / (2 + f): a division for half the
//            polynomial; the exponent reaches f64 through the bits of 2^52 + e, since AVX2 converts
//            no 64-bit integers
//   tanh     (e^(2|x|) - 1) / (e^(2|x|) + 1), both as sums of two numbers, and one correction of
//            the quotient: one formula for all x
//   cbrt     two steps, of order 5 and 3, before the last
#include "loop/math_twofold.h"

#define LOG2E 0x1.71547652b82fep0
#define LN2_HIGH 0x1.62e42fefa38p-1  // 42 bits: n * LN2_HIGH is exact
#define LN2_LOW 0x1.ef35793c7673p-45

// (e^r - 1 - r) / r^2, |r| <= ln2 / 2
static const double exp_q[] = {0x1.000000000000ap-1,  0x1.555555555550ap-3,  0x1.5555555550772p-5,
                               0x1.1111111124ce9p-7,  0x1.6c16c1844687fp-10, 0x1.a01a01368e944p-13,
                               0x1.a01999e2d993ap-16, 0x1.71df0f72c8f21p-19, 0x1.28ad896561b9cp-22,
                               0x1.ad9c1ca9ffde4p-26};
// (e^-r - 1 + r) / r^2
static const double exp_minus_q[] = {
    0x1.000000000000ap-1,  -0x1.555555555550ap-3,  0x1.5555555550772p-5,  -0x1.1111111124ce9p-7,
    0x1.6c16c1844687fp-10, -0x1.a01a01368e944p-13, 0x1.a01999e2d993ap-16, -0x1.71df0f72c8f21p-19,
    0x1.28ad896561b9dp-22, -0x1.ad9c1ca9ffdebp-26};
// exp_q on |r| <= 0.4515, relative to e^r - 1
static const double expm1_q[] = {0x1p-1,
                                 0x1.5555555555582p-3,
                                 0x1.55555555554a2p-5,
                                 0x1.1111111104462p-7,
                                 0x1.6c16c16c48eap-10,
                                 0x1.a01a01ea61312p-13,
                                 0x1.a01a011181c4bp-16,
                                 0x1.71dd801df4ee8p-19,
                                 0x1.27e585fa888a6p-22,
                                 0x1.b009b89a950b9p-26,
                                 0x1.1ef9153be327cp-29};
// (log((1+s)/(1-s)) / s - 2) / s^2 in s^2, |s| <= 0.2
static const double log_r[] = {0x1.5555555555777p-1, 0x1.99999998f05f1p-2, 0x1.249249b272f8cp-2,
                               0x1.c71c012b24afcp-3, 0x1.7474eca7103c5p-3, 0x1.38520384dbdc2p-3,
                               0x1.3ac4eaf38a523p-3};
// ((1-e)^(-1/3) - 1) / e, |e| <= 0.11
static const double cbrt_q[] = {0x1.5553dceafc08dp-2, 0x1.c716d062236ffp-3, 0x1.65d87839188b1p-3,
                                0x1.2b931b440ad59p-3};

sk_val sk_math_exp_f64(sk_build *b, sk_val x) {
  const double magic = MAGIC64 + 2046.0;  // low bits: n + 2046
  x = minx(b, f64(b, 710.0), maxx(b, f64(b, -746.0), x));
  sk_val t = fmadd(b, x, f64(b, LOG2E), f64(b, magic)), n = fsub(b, t, f64(b, magic));
  sk_val r = fmadd(b, n, f64(b, -LN2_LOW), fmadd(b, n, f64(b, -LN2_HIGH), x));
  sk_val p = fmadd(b, POLY_F64(b, r, exp_q), r, f64(b, 1.0));
  p = fmadd(b, p, r, f64(b, 1.0));
  sk_val i = bits64(b, t), half = shr(b, i, 1);  // two biased exponents whose sum is n + 2046
  sk_val first = float64(b, shl(b, half, 52)), second = float64(b, shl(b, isub(b, i, half), 52));
  return fmul(b, fmul(b, p, first), second);
}

// As expm1_f32, but with the rounding error of r; the -1 moves into r from n = 54 on.
sk_val sk_math_expm1_f64(sk_build *b, sk_val x) {
  const double magic = MAGIC64 + 1022.0;
  sk_val y = minx(b, f64(b, 710.0), maxx(b, f64(b, -38.0), x));
  sk_val near = flt(b, magnitude(b, x), f64(b, 0.45));
  sk_val t = fmadd(b, y, f64(b, LOG2E), f64(b, -0.0845));
  t = fadd(b, pick(b, near, f64(b, 0.0), t), f64(b, magic));
  sk_val n = fsub(b, t, f64(b, magic));
  sk_val scale_bits = shl(b, bits64(b, t), 52), scale = float64(b, scale_bits);    // 2^(n-1)
  sk_val inverse4 = float64(b, isub(b, i64(b, INT64_C(2047) << 52), scale_bits));  // 2^(2-n)
  inverse4 = pick(b, flt(b, f64(b, 53.5), n), inverse4, f64(b, 0.0));
  sk_val n_low = fmadd(b, inverse4, f64(b, 0.26 / LN2_LOW), n);
  sk_val r1 = fmadd(b, n, f64(b, -LN2_HIGH), y), r = fmadd(b, n_low, f64(b, -LN2_LOW), r1);
  sk_val r_low = fmadd(b, n_low, f64(b, -LN2_LOW), fsub(b, r1, r));
  sk_val p = fmadd(b, fmul(b, r, r), POLY_F64(b, r, expm1_q), r_low);
  p = fadd(b, r, p);
  sk_val half = fmadd(b, scale, p, fsub(b, scale, f64(b, 0.5)));
  sk_val v = pick(b, near, p, fadd(b, half, half));
  return bor(b, v, band(b, x, minus_zero64(b)));
}

// Replaces y where x is no finite number above `zero`, the argument at which the result is -inf.
static sk_val log_specials(sk_build *b, sk_val x, sk_val y, double zero) {
  y = pick(b, flt(b, x, inf64(b)), y, x);
  y = pick(b, flt(b, x, f64(b, zero)), nan64(b), y);
  return pick(b, feq(b, x, f64(b, zero)), f64_bits(b, UINT64_C(0xFFF0000000000000)), y);
}

// log(1 + f) as f + low, f in [-0.25, 0.5].
static sk_val log_low(sk_build *b, sk_val f) {
  sk_val s = fdiv(b, f, fadd(b, f, f64(b, 2.0))), w = fmul(b, s, s);
  sk_val h = fmul(b, fmul(b, f, f64(b, 0.5)), f);
  sk_val g = fmadd(b, POLY_F64(b, w, log_r), w, h);  // f^2/2 + R
  return fmsub(b, s, g, h);
}

// log(1 + f) + e ln2 + rest with e = sign * k and a small rest (or none).
static sk_val log_sum(sk_build *b, sk_val f, sk_val k, double sign, sk_val rest) {
  sk_val low = fmadd(b, k, f64(b, sign * LN2_LOW), log_low(b, f));
  low = rest.id != 0 ? fadd(b, low, rest) : low;
  return fmadd(b, k, f64(b, sign * LN2_HIGH), fadd(b, f, low));
}

// x = 2^e (1 + f), x > 0.
typedef struct reduced {
  sk_val f, e;
} reduced;

// i: the bits of a positive normal number, or of a scaled one with its exponent taken back.
static reduced reduce_bits(sk_build *b, sk_val i) {
  const int64_t top = INT64_MIN, low_end = INT64_C(0x3FE8000000000000);  // 0.75
  sk_val above =
      isub(b, i, i64(b, (int64_t)((uint64_t)low_end + (uint64_t)top)));  // e + 2048 on top
  sk_val minus_m = isub(b, i, band(b, above, i64(b, -INT64_C(0x10000000000000))));
  sk_val f = fsub(b, f64(b, -1.0), float64(b, minus_m));
  sk_val biased = bor(b, shr(b, above, 52), i64(b, INT64_C(0x4330000000000000)));
  return (reduced){f, fsub(b, float64(b, biased), f64(b, 0x1p52 + 2048.0))};
}

static sk_val scaled_bits(sk_build *b, sk_val x) {
  return isub(b, bits64(b, fmul(b, x, f64(b, 0x1p52))), i64(b, INT64_C(52) << 52));
}

static reduced reduce(sk_build *b, sk_val x) {
  sk_val denormal = flt(b, x, f64(b, 0x1p-1022));
  return reduce_bits(b, pick(b, denormal, scaled_bits(b, x), bits64(b, x)));
}

static sk_val log_of(sk_build *b, reduced r) { return log_sum(b, r.f, r.e, 1, (sk_val){0}); }

sk_val sk_math_log_f64(sk_build *b, sk_val x) {
  sk_val i = bits64(b, x), rare = is_rare64(b, i);
  sk_val y = log_of(b, reduce_bits(b, i));
  sk_build_if(b, rare);
  sk_val z = log_specials(b, x, log_of(b, reduce_bits(b, scaled_bits(b, x))), 0.0);
  sk_build_end_if(b);
  return sk_build_merge(b, rare, z, y);
}

twofold sk_math_log_twofold_f64(sk_build *b, sk_val x) {
  reduced r = reduce(b, x);
  twofold m = ordered_sum(b, r.f, log_low(b, r.f));
  twofold sum = exact_sum(b, fmul(b, r.e, f64(b, LN2_HIGH)), m.high);
  sum.low = fmadd(b, r.e, f64(b, LN2_LOW), fadd(b, sum.low, m.low));
  return sum;
}

// Signs are arranged so that log1p(-0) = -0.
sk_val sk_math_log1p_sum_f64(sk_build *b, sk_val x, sk_val rest) {
  const int64_t mask = -INT64_C(0x10000000000000), high_end = INT64_C(0x3FF8000000000000);  // 1.5
  sk_val u = fadd(b, x, f64(b, 1.0));
  sk_val minus_e = band(b, isub(b, i64(b, high_end), bits64(b, u)), i64(b, mask));
  sk_val scale4 = float64(b, iadd(b, minus_e, i64(b, INT64_C(0x4010000000000000))));  // 2^(2-e)
  sk_val f = fnmadd(b, f64(b, 0.25), scale4, f64(b, 1.0));                            // 1 - 2^-e
  f = fsub(b, float64(b, iadd(b, bits64(b, x), minus_e)), f);
  sk_val biased = shr(b, bxor(b, minus_e, i64(b, INT64_MIN)), 52);  // 2048 - e
  biased = bor(b, biased, i64(b, INT64_C(0x4330000000000000)));
  sk_val k = fsub(b, float64(b, biased), f64(b, 0x1p52 + 2048.0));
  sk_val y = log_sum(b, f, k, -1, rest), rare = is_rare64(b, bits64(b, u));
  sk_build_if(b, rare);
  sk_val z = log_specials(b, x, y, -1.0);
  sk_build_end_if(b);
  return sk_build_merge(b, rare, z, y);
}

sk_val sk_math_log1p_f64(sk_build *b, sk_val x) { return sk_math_log1p_sum_f64(b, x, (sk_val){0}); }

// With P + p = e^r - 1 (p the rounding error), E + l = e^(2|x|) = s + s P + s p; numerator and
// denominator are E -+ 1 and what that loses. For tiny x the correction is the whole result.
sk_val sk_math_tanh_f64(sk_build *b, sk_val x) {
  const double magic = MAGIC64 + 1023.0;
  sk_val y = minx(b, f64(b, 19.1), magnitude(b, x)), one = f64(b, 1.0);
  sk_val t = fmadd(b, y, f64(b, 2 * LOG2E), f64(b, magic)), n = fsub(b, t, f64(b, magic));
  sk_val r1 = fmadd(b, n, f64(b, -LN2_HIGH), fadd(b, y, y)), r = fmadd(b, n, f64(b, -LN2_LOW), r1);
  sk_val r_low = fmadd(b, n, f64(b, -LN2_LOW), fsub(b, r1, r));
  sk_val w = fmadd(b, fmul(b, r, r), POLY_F64(b, r, exp_q), r_low);
  sk_val p = fadd(b, r, w), p_low = fadd(b, fsub(b, r, p), w);
  sk_val s = float64(b, shl(b, bits64(b, t), 52)), e = fmadd(b, s, p, s);
  sk_val l = fmadd(b, s, p_low, fmadd(b, s, p, fsub(b, s, e)));
  sk_val num = fsub(b, e, one), num_low = fadd(b, fsub(b, fsub(b, e, num), one), l);
  sk_val den = fadd(b, e, one), den_low = fadd(b, fadd(b, fsub(b, e, den), one), l);
  sk_val inverse = fdiv(b, one, den), q = fmul(b, num, inverse);
  sk_val rest = fnmadd(b, q, den_low, fadd(b, fnmadd(b, q, den, num), num_low));
  q = fmadd(b, rest, inverse, q);
  return bor(b, q, band(b, x, minus_zero64(b)));
}

sk_val sk_math_logistic_f64(sk_build *b, sk_val x) {
  const double magic = MAGIC64 + 959.0;  // the scale is 2^(n - 64)
  sk_val one = f64(b, 0x1p-64);
  x = minx(b, f64(b, 50.0), maxx(b, f64(b, -746.0), x));
  sk_val t = fmadd(b, x, f64(b, -LOG2E), f64(b, magic)), n = fsub(b, t, f64(b, magic));
  sk_val r = fmadd(b, n, f64(b, LN2_LOW), fmadd(b, n, f64(b, LN2_HIGH), x));
  sk_val p = fmsub(b, fmul(b, r, r), POLY_F64(b, r, exp_minus_q), r);  // e^-r - 1
  sk_val high = fadd(b, f64(b, 1.0), p), low = fsub(b, p, fsub(b, high, f64(b, 1.0)));
  sk_val scale = float64(b, shl(b, bits64(b, t), 52));
  sk_val g = fmul(b, scale, high), big = maxx(b, g, one), little = minx(b, g, one);
  sk_val d = fadd(b, big, little);
  sk_val d_low = fmadd(b, scale, low, fsub(b, little, fsub(b, d, big)));
  sk_val q = fdiv(b, one, d), e = fnmadd(b, q, d_low, fnmadd(b, q, d, one));
  return fmadd(b, fmul(b, e, f64(b, 0x1p64)), q, q);
}

sk_val sk_math_rsqrt_f64(sk_build *b, sk_val x) {
  sk_val small = flt(b, x, f64(b, 1.0));
  sk_val c = pick(b, small, f64(b, 0x1p-512), f64(b, 0x1p512));
  sk_val w = fdiv(b, c, x);
  sk_val y = fmul(b, square_root(b, w), pick(b, small, f64(b, 0x1p256), f64(b, 0x1p-256)));
  y = pick(b, feq(b, x, f64(b, 0.0)), w, y);  // +-inf
  return pick(b, flt(b, x, f64(b, 0.0)), nan64(b), y);
}

sk_val sk_math_cbrt_f64(sk_build *b, sk_val x) {
  sk_val a = magnitude(b, x), tiny = flt(b, a, f64(b, 0x1p-900)), one = f64(b, 1.0);
  sk_val y = pick(b, tiny, fmul(b, a, f64(b, 0x1p300)), a);
  sk_val high = low_half(b, shr(b, bits64(b, y), 32));
  sk_val guess = fmadd(b, int_to_f32(b, high), f32(b, -1.0f / 3), f32(b, 1430186666.0f));
  guess = sk_build_convert(b, SK_L_ZEXT, SK_LT_I64, f32_to_int(b, guess));
  sk_val r = float64(b, shl(b, guess, 32));  // y^(-1/3), within 3.5 %
  sk_val e = fnmadd(b, fmul(b, fmul(b, r, r), y), r, one);
  r = fmadd(b, fmul(b, r, e), POLY_F64(b, e, cbrt_q), r);
  e = fnmadd(b, fmul(b, fmul(b, r, r), y), r, one);
  r = fmadd(b, fmul(b, r, e), fmadd(b, e, f64(b, 2.0 / 9), f64(b, 1.0 / 3)), r);
  sk_val s = fmul(b, r, r), v = fmul(b, y, s);
  sk_val v2 = fmul(b, v, v), residual = fmsub(b, v2, v, y);  // v^3 - y without rounding v^2
  residual = fmadd(b, fmsub(b, v, v, v2), v, residual);
  v = fmadd(b, fmul(b, residual, f64(b, -1.0 / 3)), s, v);
  v = fmul(b, v, pick(b, tiny, f64(b, 0x1p-100), one));
  v = bor(b, v, band(b, x, minus_zero64(b)));
  return pick(b, flt(b, a, inf64(b)), v, x);
}
