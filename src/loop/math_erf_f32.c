// SPDX-License-Identifier: Apache-2.0
// f32 erf, erfc and its inverse erf_inv, within 1 ULP. Coefficients: scripts/math_coefficients.py.
//
//   erf      four polynomials for |x| in [0, 1), [1, 2) ..., chosen lane by lane
//   erfc     in f64: e^(-x^2) R(t), R the scaled function, t = (|x| - 3) / (|x| + 3); rounded once
//   erf_inv  x (1 + P(w)), w = log(1 - x^2) in [-4.6, 0]; the tail has its own polynomial inside an
//            IF, which the generator skips unless some lane needs it (1 % of uniform inputs)
//
// erf_inv is limited by the rounding of w, so w = e ln2 + g is never used as one number where it
// matters: P(w) = c0 + q0 w + q(w) w with both products taken apart, q0 w exactly.
#include "loop/math_int.h"

// Row k: coefficients of u^k; columns: erf(a)/a - 1 for a = u + 0.5, then -erfc(a) for a = u + 1.5,
// u + 2.5, u + 3.5; |u| <= 0.5 (the last: a <= 3.925, where erf rounds to 1)
static const float erf_pieces[][4] = {
    {0x1.4fdeb8p-5f, -0x1.15aaaap-5f, -0x1.aab848p-12f, -0x1.8ef96p-21f},
    {-0x1.4c3876p-2f, 0x1.e72338p-4f, 0x1.1d8438p-9f, 0x1.6a4b06p-18f},
    {-0x1.d6dd1p-3f, -0x1.6d5a84p-3f, -0x1.64e498p-8f, -0x1.3ce694p-16f},
    {0x1.55c988p-3f, 0x1.1c3032p-3f, 0x1.118e88p-7f, 0x1.6340d4p-15f},
    {0x1.091756p-5f, -0x1.6d5f76p-5f, -0x1.1a7faep-7f, -0x1.1d2848p-14f},
    {-0x1.98c412p-5f, -0x1.ecba94p-7f, 0x1.929c3ep-8f, 0x1.545c8ep-14f},
    {0x1.1a4cf8p-15f, 0x1.3ce7ccp-6f, -0x1.705cc6p-9f, -0x1.3b7516p-14f},
    {0x1.3f7cdcp-7f, -0x1.f544c6p-9f, 0x1.a6b3b6p-12f, 0x1.0fcb54p-14f},
    {-0x1.2297eap-10f, -0x1.3cb80ep-9f, 0x1.45b5aap-12f, -0x1.63aca2p-15f},
};

// Below 1 the magnitude is a + a P(u), from there on 1 + P(u); with the sign: y + y P(u), y = x
// between -1 and 1. The piece is the whole part of a, whose centre is taken away exactly.
sk_val sk_math_erf_f32(sk_build *b, sk_val x) {
  sk_val a = minx(b, f32(b, 3.925f), magnitude(b, x)), w = fsub(b, a, f32(b, 0.5f));
  sk_val t = fadd(b, w, f32(b, MAGIC32)), piece = bits32(b, t);
  sk_val u = fsub(b, w, fsub(b, t, f32(b, MAGIC32)));
  sk_val p = POLY4_F32(b, u, piece, erf_pieces);
  sk_val y = maxx(b, f32(b, -1.0f), minx(b, f32(b, 1.0f), x));
  return fmadd(b, y, p, y);
}

// e^(a^2) erfc(a) in t, 0 <= a <= 10.6
static const double erfc_scaled[] = {
    0x1.6e9827d593909p-3,  -0x1.4e102bde02e0bp-2, 0x1.f6ff1f776a52cp-3, -0x1.336fe745d738fp-3,
    0x1.258b227633843p-4,  -0x1.8facb77a5f1cep-6, 0x1.17c17db89d90bp-8, 0x1.7725e106a7d26p-11,
    -0x1.37a22b280b01p-11, 0x1.eb4d55bd022a2p-16, 0x1.d6840a5104e2ap-15};
// e^-r, |r| <= ln2 / 2
static const double exp_minus[] = {
    0x1.0000000265a96p+0, -0x1.0000009ccca3bp+0, 0x1.fffffaa7dbccbp-2, -0x1.5554095c73773p-3,
    0x1.55589d81cba3ap-5, -0x1.126da4dd9243bp-7, 0x1.6ab8a4bb7b4d6p-10};

sk_val sk_math_erfc_f32(sk_build *b, sk_val x) {
  sk_val a = to_f64(b, minx(b, f32(b, 10.55f), magnitude(b, x)));  // erfc(10.55) underflows
  sk_val t = fdiv(b, fsub(b, a, f64(b, 3.0)), fadd(b, a, f64(b, 3.0)));
  sk_val square = fmul(b, a, a);  // exact
  sk_val m = fmadd(b, square, f64(b, -0x1.71547652b82fep0), f64(b, MAGIC64));
  sk_val n = fsub(b, m, f64(b, MAGIC64)), r = fmadd(b, n, f64(b, 0x1.62e42fefa39efp-1), square);
  sk_val p = iadd(b, bits64(b, POLY_F64(b, r, exp_minus)), shl(b, bits64(b, m), 52));
  sk_val v = fmul(b, float64(b, p), POLY_F64(b, t, erfc_scaled));
  v = pick(b, flt(b, x, f32(b, 0.0f)), fsub(b, f64(b, 2.0), v), v);
  return to_f32(b, v);
}

// With E = 2^23 e: c0 + q0 w = C0 + Q0 E + Q0_G g, q(w) w = q E + Q_G q g.
// (log(1+f) - f) / f^2, f in [-0.25, 0.5]
static const float log_q[] = {-0x1p-1f,        0x1.5555a4p-2f,  -0x1.00004ap-2f,
                              0x1.99699ep-3f,  -0x1.54ed94p-3f, 0x1.288074p-3f,
                              -0x1.0d990cp-3f, 0x1.acf5ap-4f,   -0x1.71e50cp-5f};
// q(w) ln2 / 2^23, w in [-4.61, 0]
static const float erf_inv_q[] = {-0x1.11bd36p-30f, 0x1.0650a8p-30f,  0x1.a8562ap-33f,
                                  -0x1.6f3aaep-37f, -0x1.fd940ap-39f, 0x1.8c684ep-42f,
                                  0x1.7ae398p-43f,  0x1.534efcp-46f,  0x1.b289c2p-51f};
// erf_inv(x)/x - 2 in -w - 7.5, -w in [4.55, 16.7]
static const float erf_inv_tail[] = {0x1.24d896p-1f,   0x1.73eb4ap-3f,   -0x1.6447ap-8f,
                                     0x1.12767cp-12f,  -0x1.d4a9bp-18f,  -0x1.285f6p-20f,
                                     0x1.0e8984p-22f,  -0x1.f7451ep-26f, 0x1.223922p-29f,
                                     -0x1.6b915ap-34f, 0x1.df401p-41f,   0x1.0ddb18p-45f};
#define ERF_INV_C0 -0x1.d203b8p-4f
#define ERF_INV_Q0 -0x1.384p-26f
#define ERF_INV_Q0_G -0x1.c27b46p-3f
#define ERF_INV_Q_G 0x1.715476p+23f
#define LN2_PER_EXPONENT_STEP 0x1.62e43p-24f

// erf_inv of large |x|, also where the result is infinite or NaN. u = 1 - x^2.
static sk_val erf_inv_large(sk_build *b, sk_val x, sk_val u, sk_val e, sk_val g, sk_val w) {
  sk_val w_low = fadd(b, fmsub(b, e, f32(b, LN2_PER_EXPONENT_STEP), w), g);
  sk_val p = POLY_F32(b, fsub(b, f32(b, -7.5f), w), erf_inv_tail);
  p = fmadd(b, w_low, f32(b, -0.2f), p);
  sk_val v = fmadd(b, p, x, fadd(b, x, x));
  v = pick(b, feq(b, u, f32(b, 0.0f)), bor(b, x, inf32(b)), v);
  return pick(b, flt(b, u, f32(b, 0.0f)), nan32(b), v);
}

sk_val sk_math_erf_inv_f32(sk_build *b, sk_val x) {
  sk_val u = fnmadd(b, x, x, f32(b, 1.0f)), i = bits32(b, u);
  sk_val e_bits = band(b, isub(b, i, i32(b, 0x3F400000)), i32(b, (int32_t)0xFF800000));
  sk_val f = fsub(b, float32(b, isub(b, i, e_bits)), f32(b, 1.0f)), e = int_to_f32(b, e_bits);
  sk_val g = fmadd(b, fmul(b, f, f), POLY_F32(b, f, log_q), f);
  sk_val w = fmadd(b, e, f32(b, LN2_PER_EXPONENT_STEP), g), q = POLY_F32(b, w, erf_inv_q);
  sk_val p = fmadd(b, q, f32(b, ERF_INV_Q_G), f32(b, ERF_INV_Q0_G));
  p = fmadd(b, e, q, fmadd(b, g, p, f32(b, ERF_INV_C0)));
  p = fmadd(b, e, f32(b, ERF_INV_Q0), p);
  sk_val v = bor(b, fmadd(b, p, x, x), band(b, x, minus_zero32(b)));  // p < 0 makes +0 of -0
  sk_val tail = flt(b, u, f32(b, 0.01005f));
  sk_build_if(b, tail);
  sk_val large = erf_inv_large(b, x, u, e, g, w);
  sk_build_end_if(b);
  return sk_build_merge(b, tail, large, v);
}
