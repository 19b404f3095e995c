// SPDX-License-Identifier: Apache-2.0
// f32 exp, expm1, log, log1p, tanh, logistic, rsqrt and cbrt: argument reduction by powers of two,
// minimax polynomials, and a final step arranged so that every input, denormals included, comes out
// within 1 ULP. Coefficients: scripts/math_coefficients.py.
//
//   exp      x = n ln2 + r (Cody-Waite, two steps); 2^n applied so that a denormal result is
//            rounded once; of a negation, the sign is in the constants
//   expm1    2^n p + (2^n - 1), p = e^r - 1; |x| < 0.45 is p itself
//   log      x = 2^e m, m in [0.75, 1.5); log m = f + f^2 q(f), f = m - 1; e ln2 added last. What
//            is no positive normal number is rare: inside an IF, scaled and with the special values
//   log1p    the same with f = x 2^-e + (2^-e - 1), exact if m is not taken above 1.5: 1 + x, which
//            gives e, must not round up to that
//   tanh     |x| <= 0.98: odd polynomial; else 1 - 2K / (K e^(2|x|) + K). K = 1.5 keeps the
//            denominator away from 2^k (1 + small), where its rounding would cost most
//   logistic 1 / (1 + e^-x) with the rounding errors of e^-x and of the sum carried into one
//            correction of the quotient: it has the accuracy of exp alone
//   rsqrt    sqrt(c / x), c a power of two: the error of the quotient is halved by the root
//   cbrt     x^(-1/3) from the bits, one step of order 4, Newton's step with an exact residual
//
// Specials follow C99 Annex F. A NaN enters through max/min (FMAXX returns its second operand) and
// must never pass only through integer operations.
#include "loop/math_int.h"

#define LOG2E 0x1.715476p0f
#define LN2_HIGH 0x1.62e4p-1f  // 16 bits: n * LN2_HIGH is exact
#define LN2_LOW 0x1.7f7d1cp-20f

// (e^r - 1 - r) / r^2, |r| <= ln2 / 2
static const float exp_q[] = {0x1.fffffcp-2f, 0x1.555492p-3f, 0x1.5558b2p-5f, 0x1.123992p-7f,
                              0x1.6a4aaep-10f};
// (e^-r - 1 + r) / r^2
static const float exp_minus_q[] = {0x1.fffffcp-2f, -0x1.555492p-3f, 0x1.5558b2p-5f,
                                    -0x1.123992p-7f, 0x1.6a4aaep-10f};
// the same on |r| <= 0.451, relative to e^r - 1
static const float expm1_q[] = {0x1p-1f,       0x1.555552p-3f,  0x1.55543ep-5f,
                                0x1.1113ep-7f, 0x1.6e0c86p-10f, 0x1.9ef1ccp-13f};
// 1.5 e^(2r), |r| <= ln2 / 4
static const float exp2x_k[] = {0x1.8p+0f,      0x1.8p+1f,      0x1.7ffffcp+1f, 0x1.fffedep+0f,
                                0x1.000328p+0f, 0x1.9b54b6p-2f, 0x1.0f53e4p-3f};
// (log(1+f) - f) / f^2, f in [-0.25, 0.5]
static const float log_q[] = {-0x1p-1f,        0x1.5555a4p-2f,  -0x1.00004ap-2f,
                              0x1.99699ep-3f,  -0x1.54ed94p-3f, 0x1.288074p-3f,
                              -0x1.0d990cp-3f, 0x1.acf5ap-4f,   -0x1.71e50cp-5f};
// (tanh(x)/x - 1) / x^2 in x^2, |x| <= 0.98
static const float tanh_q[] = {-0x1.555542p-2f, 0x1.110ce4p-3f, -0x1.b97eccp-5f, 0x1.60c5p-6f,
                               -0x1.06caf2p-7f, 0x1.35746p-9f,  -0x1.8b8d1cp-12f};
// ((1-e)^(-1/3) - 1) / e, |e| <= 0.11
static const float cbrt_q[] = {0x1.5553dcp-2f, 0x1.c716fp-3f, 0x1.65d914p-3f, 0x1.2b882cp-3f};

// Is x a square or a magnitude, known not to be below 0?
static bool is_nonnegative(const sk_build *b, sk_val x) {
  const sk_inst *inst = &b->kernel->insts.data[x.id];
  return inst->op == SK_L_FABS || (inst->op == SK_L_FMUL && inst->a.id == inst->b.id);
}

// scale e^(sign r), |r| <= ln2 / 2. A power of two in the coefficients changes no rounding.
static sk_val exp_fraction(sk_build *b, sk_val r, float sign, float scale) {
  float c[2 + SK_COUNT(exp_q)] = {scale, sign * scale};
  for (size_t i = 0; i < SK_COUNT(exp_q); i++) {
    c[2 + i] = exp_q[i] * (i % 2 == 0 ? scale : sign * scale);
  }
  return POLY_F32(b, r, c);
}

// e^-y, y >= 0. Of the power 2^n, -150 <= n <= 0, the fraction holds 2^-24 and n + 24 is the
// exponent of a normal number, so that one multiplication rounds a denormal result.
static sk_val exp_minus(sk_build *b, sk_val y) {
  const float magic = MAGIC32 + 127.0f + 24.0f;  // low bits: biased exponent
  y = minx(b, f32(b, 104.0f), y);
  sk_val t = fmadd(b, y, f32(b, -LOG2E), f32(b, magic)), n = fsub(b, t, f32(b, magic));
  sk_val r = fmadd(b, n, f32(b, LN2_LOW), fmadd(b, n, f32(b, LN2_HIGH), y));
  sk_val p = exp_fraction(b, r, -1, 0x1p-24f);
  return fmul(b, p, float32(b, shl(b, bits32(b, t), 23)));
}

// 2^n is applied as two factors with half the exponent each, both normal for -150 <= n <= 128.
sk_val sk_math_exp_f32(sk_build *b, sk_val x) {
  const sk_inst *inst = &b->kernel->insts.data[x.id];
  const float sign = inst->op == SK_L_FNEG ? -1 : 1, magic = MAGIC32 + 254.0f;
  sk_val y = inst->op == SK_L_FNEG ? inst->a : x;  // x = sign y
  if (sign < 0 && is_nonnegative(b, y)) {
    return exp_minus(b, y);
  }
  y = sign < 0 ? minx(b, f32(b, 104.0f), y) : maxx(b, f32(b, -104.0f), y);
  y = sign < 0 ? maxx(b, f32(b, -89.0f), y) : minx(b, f32(b, 89.0f), y);
  sk_val t = fmadd(b, y, f32(b, sign * LOG2E), f32(b, magic)), n = fsub(b, t, f32(b, magic));
  sk_val r = fmadd(b, n, f32(b, -sign * LN2_HIGH), y);  // sign (x - n ln2)
  r = fmadd(b, n, f32(b, -sign * LN2_LOW), r);
  sk_val sum = shl(b, bits32(b, t), 23);
  sk_val half = band(b, shl(b, bits32(b, t), 22), i32(b, (int32_t)0xFF800000));
  sk_val p = fmul(b, exp_fraction(b, r, sign, 1), float32(b, half));
  return fmul(b, p, float32(b, isub(b, sum, half)));
}

// With scale s = 2^(n-1), half the result is s p + (s - 0.5) in one fused step, so that n = 128
// does not overflow. n leans towards 0 by 0.0845 to keep |p| below 0.5 (its rounding error doubles
// there). From n = 25 on s - 0.5 is not representable: there the -1 is taken from r, as 2^-n e^-r,
// through a change of n in the low step of the reduction.
sk_val sk_math_expm1_f32(sk_build *b, sk_val x) {
  const float magic = MAGIC32 + 126.0f;
  sk_val y = minx(b, f32(b, 89.0f), maxx(b, f32(b, -18.0f), x));
  sk_val near = flt(b, magnitude(b, x), f32(b, 0.45f));
  sk_val t = fmadd(b, y, f32(b, LOG2E), f32(b, -0.0845f));
  t = fadd(b, pick(b, near, f32(b, 0.0f), t), f32(b, magic));
  sk_val n = fsub(b, t, f32(b, magic));
  sk_val scale_bits = shl(b, bits32(b, t), 23), scale = float32(b, scale_bits);
  sk_val inverse4 = float32(b, isub(b, i32(b, 255 << 23), scale_bits));  // 2^(2-n)
  inverse4 = pick(b, flt(b, f32(b, 24.5f), n), inverse4, f32(b, 0.0f));
  sk_val n_low = fmadd(b, inverse4, f32(b, 0.26f / LN2_LOW), n);
  sk_val r = fmadd(b, n_low, f32(b, -LN2_LOW), fmadd(b, n, f32(b, -LN2_HIGH), y));
  sk_val p = fmadd(b, fmul(b, r, r), POLY_F32(b, r, expm1_q), r);
  sk_val half = fmadd(b, scale, p, fsub(b, scale, f32(b, 0.5f)));
  sk_val v = pick(b, near, p, fadd(b, half, half));
  return bor(b, v, band(b, x, minus_zero32(b)));
}

#define LN2_PER_EXPONENT_STEP 0x1.62e43p-24f  // ln2 / 2^23: the exponent stays in its place

// Replaces y where x is no finite number above `zero`, the argument at which the result is -inf.
// Differences and masks instead of choices between two numbers, which cost as much as a
// multiplication; y - 0 keeps a zero's sign.
static sk_val log_specials(sk_build *b, sk_val x, sk_val y, float zero) {
  sk_val none = f32(b, 0.0f);
  sk_val minus_x = bor(b, x, minus_zero32(b));                           // of positive x
  y = fsub(b, y, pick(b, flt(b, x, inf32(b)), none, minus_x));           // inf, NaN
  y = fsub(b, y, pick(b, feq(b, x, f32(b, zero)), inf32(b), none));      // -inf
  return pick(b, flt(b, x, f32(b, zero)), f32_bits(b, 0xFFFFFFFFu), y);  // NaN
}

// i: the bits of a positive normal number.
static sk_val log_of_bits(sk_build *b, sk_val i) {
  sk_val e = band(b, isub(b, i, i32(b, 0x3F400000)), i32(b, (int32_t)0xFF800000));
  sk_val f = fsub(b, float32(b, isub(b, i, e)), f32(b, 1.0f)), z = fmul(b, f, f);
  sk_val y = fmadd(b, z, POLY_F32(b, f, log_q), f);
  return fmadd(b, int_to_f32(b, e), f32(b, LN2_PER_EXPONENT_STEP), y);
}

static sk_val log_rare(sk_build *b, sk_val x) {
  sk_val scaled = isub(b, bits32(b, fmul(b, x, f32(b, 0x1p23f))), i32(b, 23 << 23));
  return log_specials(b, x, log_of_bits(b, scaled), 0.0f);
}

sk_val sk_math_log_f32(sk_build *b, sk_val x) {
  sk_val i = bits32(b, x), rare = is_rare32(b, i);
  sk_val y = log_of_bits(b, i);
  sk_build_if(b, rare);
  sk_val z = log_rare(b, x);
  sk_build_end_if(b);
  return sk_build_merge(b, rare, z, y);
}

// Signs are arranged so that log1p(-0) = -0 - (1 - 1) + 0 * -ln2 = -0.
sk_val sk_math_log1p_f32(sk_build *b, sk_val x) {
  const sk_val one = f32(b, 1.0f);
  sk_val u = minx(b, fadd(b, x, one), fmadd(b, x, f32(b, 1 - 0x1p-23f), one));
  sk_val minus_e = isub(b, i32(b, 0x3FBFFFFF), bits32(b, u));
  minus_e = band(b, minus_e, i32(b, (int32_t)0xFF800000));
  sk_val scale4 = float32(b, iadd(b, minus_e, i32(b, 0x40800000)));  // 2^(2-e)
  sk_val f = fnmadd(b, f32(b, 0.25f), scale4, f32(b, 1.0f));         // 1 - 2^-e
  f = fsub(b, float32(b, iadd(b, bits32(b, x), minus_e)), f);
  sk_val z = fmul(b, f, f), y = fmadd(b, z, POLY_F32(b, f, log_q), f);
  y = fmadd(b, int_to_f32(b, minus_e), f32(b, -LN2_PER_EXPONENT_STEP), y);
  sk_val rare = is_rare32(b, bits32(b, u));
  sk_build_if(b, rare);
  sk_val v = log_specials(b, x, y, -1.0f);
  sk_build_end_if(b);
  return sk_build_merge(b, rare, v, y);
}

sk_val sk_math_tanh_f32(sk_build *b, sk_val x) {
  const float k = 1.5f;
  sk_val a = magnitude(b, x), z = fmul(b, x, x);
  sk_val small = fmadd(b, fmul(b, POLY_F32(b, z, tanh_q), z), a, a);
  sk_val y = minx(b, f32(b, 10.0f), a);
  sk_val t = fmadd(b, y, f32(b, 2 * LOG2E), f32(b, MAGIC32)), n = fsub(b, t, f32(b, MAGIC32));
  sk_val r = fmadd(b, n, f32(b, -0x1.62e43p-2f), y);
  sk_val p = bits32(b, POLY_F32(b, r, exp2x_k));
  sk_val e = float32(b, iadd(b, p, shl(b, bits32(b, t), 23)));  // K e^(2|x|)
  sk_val large = fsub(b, f32(b, 1.0f), fdiv(b, f32(b, 2 * k), fadd(b, e, f32(b, k))));
  sk_val v = pick(b, flt(b, f32(b, 0.98f), a), large, small);  // NaN: small
  return bor(b, v, band(b, x, minus_zero32(b)));
}

// Everything is scaled by 2^-64, so that 1 + e^-x does not overflow before the result underflows.
sk_val sk_math_logistic_f32(sk_build *b, sk_val x) {
  const float magic = MAGIC32 + 63.0f;
  sk_val one = f32(b, 0x1p-64f);
  x = minx(b, f32(b, 40.0f), maxx(b, f32(b, -104.5f), x));
  sk_val t = fmadd(b, x, f32(b, -LOG2E), f32(b, magic)), n = fsub(b, t, f32(b, magic));
  sk_val r = fmadd(b, n, f32(b, LN2_LOW), fmadd(b, n, f32(b, LN2_HIGH), x));
  sk_val p = fmsub(b, fmul(b, r, r), POLY_F32(b, r, exp_minus_q), r);  // e^-r - 1
  sk_val high = fadd(b, f32(b, 1.0f), p), low = fsub(b, p, fsub(b, high, f32(b, 1.0f)));
  sk_val scale = float32(b, shl(b, bits32(b, t), 23));
  sk_val g = fmul(b, scale, high), big = maxx(b, g, one), little = minx(b, g, one);
  sk_val d = fadd(b, big, little);
  sk_val d_low = fmadd(b, scale, low, fsub(b, little, fsub(b, d, big)));
  sk_val q = fdiv(b, one, d), e = fnmadd(b, q, d_low, fnmadd(b, q, d, one));
  return fmadd(b, fmul(b, e, f32(b, 0x1p64f)), q, q);
}

sk_val sk_math_rsqrt_f32(sk_build *b, sk_val x) {
  sk_val small = flt(b, x, f32(b, 1.0f));
  sk_val c = pick(b, small, f32(b, 0x1p-64f), f32(b, 0x1p64f));
  sk_val w = fdiv(b, c, x);
  sk_val y = fmul(b, square_root(b, w), pick(b, small, f32(b, 0x1p32f), f32(b, 0x1p-32f)));
  y = pick(b, feq(b, x, f32(b, 0.0f)), w, y);  // +-inf
  return pick(b, flt(b, x, f32(b, 0.0f)), nan32(b), y);
}

sk_val sk_math_cbrt_f32(sk_build *b, sk_val x) {
  sk_val a = magnitude(b, x), tiny = flt(b, a, f32(b, 0x1p-100f));
  sk_val y = pick(b, tiny, fmul(b, a, f32(b, 0x1p48f)), a);
  sk_val guess = fmadd(b, int_to_f32(b, bits32(b, y)), f32(b, -1.0f / 3), f32(b, 0x54A20000));
  sk_val r = float32(b, f32_to_int(b, guess));  // y^(-1/3), within 3.5 %
  sk_val e = fnmadd(b, fmul(b, fmul(b, r, r), y), r, f32(b, 1.0f));
  r = fmadd(b, fmul(b, r, e), POLY_F32(b, e, cbrt_q), r);
  sk_val s = fmul(b, r, r), v = fmul(b, y, s);
  sk_val v2 = fmul(b, v, v), residual = fmsub(b, v2, v, y);  // v^3 - y without rounding v^2
  residual = fmadd(b, fmsub(b, v, v, v2), v, residual);
  v = fmadd(b, fmul(b, residual, f32(b, -1.0f / 3)), s, v);
  v = fmul(b, v, pick(b, tiny, f32(b, 0x1p-16f), f32(b, 1.0f)));
  v = bor(b, v, band(b, x, minus_zero32(b)));
  return pick(b, flt(b, a, inf32(b)), v, x);
}
