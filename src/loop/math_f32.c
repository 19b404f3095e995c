// SPDX-License-Identifier: Apache-2.0
// f32 functions built from exp and log: argument reduction by powers of two, minimax polynomials (coefficients: scripts/minimax), results put
// together so that every input, denormals included, is within 1 ULP.
//
//   exp     x = n ln2 + r (Cody-Waite, two steps); 2^n applied in two factors so that denormal results round once
//   log     x = 2^e m, m in [0.75, 1.5); log m = f + f^2 q(f), f = m - 1; e ln2 added last
//   log1p   the same with f = (x 2^-e) + (2^-e - 1), which is exact enough for all x
//   expm1   the sum 2^n (e^r - 1) + (2^n - 1) kept as one expression; tiny x pass through
//   tanh    small |x|: odd polynomial; else 1 - 2 K / (K e^(2|x|) + K) with the constant folded into the polynomial
//   logistic  1 / (1 + e^-x) with the rounding errors of the denominator carried into one correction step
//   erf     small |x|: odd polynomial; else a polynomial around the middle of [1.1, 3.925]
// The magic number 1.5 * 2^23 rounds to the nearest integer by addition and leaves that integer in the low bits.
#include "loop/math_int.h"

#define LOG2E 0x1.715476p0f
#define LN2_HIGH 0x1.62e4p-1f
#define LN2_LOW 0x1.7f7d1cp-20f

static sk_val sign_of_zero(sk_build *b) { return f32(b, -0.0f); }

sk_val sk_math_exp_f32(sk_build *b, sk_val x) {
  static const float c[] = {0x1.fffffcp-2f, 0x1.555492p-3f, 0x1.5558b2p-5f, 0x1.123992p-7f, 0x1.6a4aaep-10f};
  const float magic = 0x1.8p23f + 254.0f;  // its low bits become n + 254
  x = minx(b, f32(b, 89.0f), maxx(b, f32(b, -104.0f), x));
  sk_val t = fmadd(b, x, f32(b, LOG2E), f32(b, magic)), n = fsub(b, t, f32(b, magic));
  sk_val r = fmadd(b, n, f32(b, -LN2_LOW), fmadd(b, n, f32(b, -LN2_HIGH), x));
  sk_val p = fmadd(b, POLY_F32(b, r, c), r, f32(b, 1.0f));
  p = fmadd(b, p, r, f32(b, 1.0f));
  sk_val i = bits32(b, t), half = shr(b, i, 1);
  sk_val first = float32(b, shl(b, half, 23)), second = float32(b, shl(b, isub(b, i, half), 23));
  return fmul(b, fmul(b, p, first), second);
}

static const float log_poly[] = {-0x1.000000p-1f, 0x1.5555a4p-2f, -0x1.00004ap-2f, 0x1.99699ep-3f, -0x1.54ed94p-3f,
                                 0x1.288074p-3f, -0x1.0d990cp-3f, 0x1.acf5a0p-4f, -0x1.71e50cp-5f};
#define LN2_PER_EXPONENT_STEP 0x1.62e43p-24f  // ln2 / 2^23: the exponent is kept where it stands in the bits

// Replaces y where x is no positive finite number. `zero`: the argument at which the logarithm is -inf.
static sk_val log_specials(sk_build *b, sk_val x, sk_val y, float zero) {
  y = pick(b, flt(b, x, sk_build_const(b, SK_LT_F32, 0x7F800000u)), y, x);
  y = pick(b, flt(b, x, f32(b, zero)), sk_build_const(b, SK_LT_F32, 0x7FC00000u), y);
  return pick(b, feq(b, x, f32(b, zero)), sk_build_const(b, SK_LT_F32, 0xFF800000u), y);
}

sk_val sk_math_log_f32(sk_build *b, sk_val x) {
  sk_val denormal = flt(b, x, f32(b, 0x1p-126f));
  sk_val scaled = isub(b, bits32(b, fmul(b, x, f32(b, 0x1p23f))), i32(b, 23 << 23));
  sk_val i = pick(b, denormal, scaled, bits32(b, x));
  sk_val exponent = band(b, isub(b, i, i32(b, 0x3f400000)), i32(b, (int32_t)0xff800000));
  sk_val f = fsub(b, float32(b, isub(b, i, exponent)), f32(b, 1.0f)), z = fmul(b, f, f);
  sk_val y = fmadd(b, int_to_f32(b, exponent), f32(b, LN2_PER_EXPONENT_STEP), fmadd(b, z, POLY_F32(b, f, log_poly), f));
  return log_specials(b, x, y, 0.0f);
}

sk_val sk_math_log1p_f32(sk_build *b, sk_val x) {
  sk_val u = fadd(b, x, f32(b, 1.0f));
  sk_val minus_exponent = band(b, isub(b, i32(b, 0x3fbfffff), bits32(b, u)), i32(b, (int32_t)0xff800000));
  sk_val scale4 = float32(b, iadd(b, minus_exponent, i32(b, 0x40800000)));  // 4 * 2^-e
  sk_val f = fadd(b, float32(b, iadd(b, bits32(b, x), minus_exponent)), fmadd(b, f32(b, 0.25f), scale4, f32(b, -1.0f)));
  sk_val z = fmul(b, f, f);
  sk_val y = fmadd(b, int_to_f32(b, minus_exponent), f32(b, -LN2_PER_EXPONENT_STEP), fmadd(b, z, POLY_F32(b, f, log_poly), f));
  return log_specials(b, x, y, -1.0f);
}

sk_val sk_math_expm1_f32(sk_build *b, sk_val x) {
  static const float c[] = {0x1.000000p-1f, 0x1.555552p-3f, 0x1.55543ep-5f, 0x1.1113e0p-7f, 0x1.6e0c86p-10f, 0x1.9ef1ccp-13f};
  const float magic = 0x1.8p23f + 126.0f;
  sk_val y = minx(b, f32(b, 89.0f), maxx(b, f32(b, -18.0f), x));
  sk_val t = fmadd(b, y, f32(b, LOG2E), f32(b, -0.0845f));
  t = fadd(b, pick(b, flt(b, magnitude(b, x), f32(b, 0.45f)), f32(b, 0.0f), t), f32(b, magic));
  sk_val n = fsub(b, t, f32(b, magic)), scale_bits = shl(b, bits32(b, t), 23), scale = float32(b, scale_bits);  // 2^(n - 1)
  sk_val large = flt(b, f32(b, 24.5f), n);  // the -1 is folded into r through the inverse scale
  sk_val inverse = pick(b, large, float32(b, isub(b, i32(b, 255 << 23), scale_bits)), f32(b, 0.0f));
  sk_val r = fmadd(b, n, f32(b, -LN2_HIGH), y);
  r = fmadd(b, n, f32(b, -LN2_LOW), fnmadd(b, inverse, f32(b, 0.22f), r));
  sk_val p = fmadd(b, fmul(b, r, r), POLY_F32(b, r, c), r);
  sk_val v = fmadd(b, scale, p, fsub(b, scale, f32(b, 0.5f)));
  return bor(b, fadd(b, v, v), band(b, x, sign_of_zero(b)));
}

sk_val sk_math_tanh_f32(sk_build *b, sk_val x) {
  static const float small[] = {-0x1.555542p-2f, 0x1.110ce4p-3f, -0x1.b97eccp-5f, 0x1.60c500p-6f, -0x1.06caf2p-7f, 0x1.357460p-9f, -0x1.8b8d1cp-12f};
  static const float exp_times_k[] = {0x1.800000p+0f, 0x1.800000p+1f, 0x1.7ffffcp+1f, 0x1.fffedep+0f, 0x1.000328p+0f, 0x1.9b54b6p-2f, 0x1.0f53e4p-3f};
  const float k = 1.5f, magic = 0x1.8p23f;
  sk_val a = magnitude(b, x), z = fmul(b, x, x);
  sk_val s = fmadd(b, fmul(b, POLY_F32(b, z, small), z), a, a);
  sk_val bounded = minx(b, f32(b, 10.0f), a);
  sk_val t = fmadd(b, bounded, f32(b, 2 * LOG2E), f32(b, magic)), n = fsub(b, t, f32(b, magic));
  sk_val r = fmadd(b, n, f32(b, -0x1.62e43p-2f), bounded);
  sk_val e = float32(b, iadd(b, bits32(b, POLY_F32(b, r, exp_times_k)), shl(b, bits32(b, t), 23)));  // K e^(2a)
  sk_val l = fsub(b, f32(b, 1.0f), fdiv(b, f32(b, 2 * k), fadd(b, e, f32(b, k))));
  sk_val y = pick(b, flt(b, f32(b, 0.98f), a), l, s);
  return bor(b, y, band(b, x, sign_of_zero(b)));
}

sk_val sk_math_logistic_f32(sk_build *b, sk_val x) {
  static const float c[] = {0x1.fffffcp-2f, -0x1.555492p-3f, 0x1.5558b2p-5f, -0x1.123992p-7f, 0x1.6a4aaep-10f};
  const float magic = 0x1.8p23f + 63.0f;  // the scale is 2^(n - 64), so that the sum below cannot overflow
  x = minx(b, f32(b, 40.0f), maxx(b, f32(b, -104.5f), x));
  sk_val t = fmadd(b, x, f32(b, -LOG2E), f32(b, magic)), n = fsub(b, t, f32(b, magic));
  sk_val r = fmadd(b, n, f32(b, LN2_LOW), fmadd(b, n, f32(b, LN2_HIGH), x));
  sk_val p = fmsub(b, fmul(b, r, r), POLY_F32(b, r, c), r);
  sk_val high = fadd(b, f32(b, 1.0f), p), low = fsub(b, p, fsub(b, high, f32(b, 1.0f)));
  sk_val scale = float32(b, shl(b, bits32(b, t), 23)), one = f32(b, 0x1p-64f);
  sk_val g = fmul(b, scale, high), big = maxx(b, g, one), little = minx(b, g, one);
  sk_val d = fadd(b, big, little), d_low = fmadd(b, scale, low, fsub(b, little, fsub(b, d, big)));
  sk_val q = fdiv(b, one, d), e = fnmadd(b, q, d_low, fnmadd(b, q, d, one));
  return fmadd(b, fmul(b, e, f32(b, 0x1p64f)), q, q);
}

sk_val sk_math_erf_f32(sk_build *b, sk_val x) {
  static const float small[] = {0x1.06eba8p-3f, -0x1.81272cp-2f, 0x1.ce29bcp-4f, -0x1.b7c74ep-6f, 0x1.52a3eap-8f, -0x1.9aa5e4p-11f, 0x1.3166c6p-14f};
  static const float large[] = {0x1.ffce52p-1f, 0x1.0b2794p-9f, -0x1.4fbfa8p-8f, 0x1.03070ep-7f, -0x1.0d5facp-7f,
                                0x1.820bb4p-8f, -0x1.69a31ap-9f, 0x1.31aacap-11f,
                                0x1.0523aap-12f, -0x1.0d97eap-12f, 0x1.18da00p-14f,
                                0x1.dce0fap-17f, -0x1.3e1bacp-17f, 0x1.bc9294p-21f};
  sk_val a = magnitude(b, x), z = fmul(b, x, x);
  sk_val s = fmadd(b, POLY_F32(b, z, small), a, a);
  sk_val u = fsub(b, minx(b, f32(b, 3.925f), a), f32(b, 0x1.41b23p+1f));
  sk_val y = pick(b, flt(b, f32(b, 1.1f), a), POLY_F32(b, u, large), s);
  return bor(b, y, band(b, x, sign_of_zero(b)));
}

// Through a scaled reciprocal: w = c1 / x is rounded once, its square root once, and the last factor is a power of two.
sk_val sk_math_rsqrt_f32(sk_build *b, sk_val x) {
  sk_val small = flt(b, x, f32(b, 1.0f));
  sk_val c1 = pick(b, small, f32(b, 0x1p-64f), f32(b, 0x1p64f)), c2 = pick(b, small, f32(b, 0x1p32f), f32(b, 0x1p-32f));
  sk_val w = fdiv(b, c1, x), y = fmul(b, fsqrt_of(b, w), c2);
  y = pick(b, feq(b, x, f32(b, 0.0f)), w, y);
  return pick(b, flt(b, x, f32(b, 0.0f)), sk_build_const(b, SK_LT_F32, 0x7FC00000u), y);
}
