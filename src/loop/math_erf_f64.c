// SPDX-License-Identifier: Apache-2.0
// f64 erf, erfc and erf_inv, within 2 ULP.
//
//   erf      |x| <= 1: odd polynomial; else 1 - e^-(x^2 + P(|x|))
//   erfc     e^(-x^2) R(t), R the scaled function, t = (|x| - 3.125) / (|x| + 3); the rounding
//            errors of x^2 and t go into the exponent and into a factor 1 + rho
//   erf_inv  x (1 + P(w)), w = log(1 - x^2) in [-5, 0]; else two polynomials in sqrt(-w), inside IF
#include "loop/math_int.h"

#define LOG2E 0x1.71547652b82fep0
#define LN2_HIGH 0x1.62e42fefa38p-1  // 42 bits: n * LN2_HIGH is exact
#define LN2_LOW 0x1.ef35793c7673p-45

// erf(x)/x - 1 in x^2, |x| <= 1
static const double erf_small[] = {
    0x1.06eba8214db69p-3,  -0x1.812746b0379e6p-2,  0x1.ce2f21a041d64p-4,  -0x1.b82ce31224cbep-6,
    0x1.565bccfc6fa8cp-8,  -0x1.c02db0744265fp-11, 0x1.f9a2b93431d94p-14, -0x1.f4c9c60e039c7p-17,
    0x1.b9750157559edp-20, -0x1.5b9131e031e2cp-23, 0x1.d14b361e72a1cp-27, -0x1.839aeacbedb1dp-31,
    -0x1.d51bb744915a2p-37};
// -log(e^(a^2) erfc(a)), a = u + 3.25, 1 <= a <= 5.95
static const double erf_exponent[] = {
    0x1.cb33286a5295cp+0,   0x1.22921d1467de1p-2,  -0x1.3359aeb0d86f8p-5,  0x1.964be70b1bb58p-8,
    -0x1.1be4e8a77c859p-10, 0x1.8d7d0dad36b74p-13, -0x1.0f2f7c46b41dfp-15, 0x1.617d45b478335p-18,
    -0x1.aa6543f1df076p-21, 0x1.b29c524e3af7p-24,  -0x1.4c512029545f7p-26, -0x1.cdb5c1febbecdp-29,
    0x1.d15b3c910b19ap-31,  0x1.fcc055eaecd4cp-30, 0x1.49d263900f1fap-30,  0x1.9c01e3f84dea6p-32,
    0x1.26bfb7df3ab09p-34,  0x1.5777fb9bcf065p-38};
// (e^-r - 1 + r) / r^2, |r| <= ln2 / 2
static const double exp_minus_q[] = {
    0x1.000000000000ap-1,  -0x1.555555555550ap-3,  0x1.5555555550772p-5,  -0x1.1111111124ce9p-7,
    0x1.6c16c1844687fp-10, -0x1.a01a01368e944p-13, 0x1.a01999e2d993ap-16, -0x1.71df0f72c8f21p-19,
    0x1.28ad896561b9dp-22, -0x1.ad9c1ca9ffdebp-26};
// (a + 3) e^(a^2) erfc(a) in t, 0 <= a <= 27.4
static const double erfc_s[] = {
    0x1.0e648ae088e95p+0,   -0x1.af2d555855c38p-1,  0x1.18cb79bb20916p-1,   -0x1.21906a8c24292p-2,
    0x1.b879e9e84a32bp-4,   -0x1.8e49416ca9522p-6,  -0x1.6bef6ef775056p-11, 0x1.4d9ddd7bf874ep-9,
    -0x1.0971497673cb6p-11, -0x1.babd9ed2dccb8p-13, 0x1.84b2b3ecb9b38p-14,  0x1.5b58677c2d7aep-16,
    -0x1.e7db60f98a544p-17, -0x1.9238115f2bab8p-19, 0x1.32594b373f49ap-19,  0x1.504fd491248edp-21,
    -0x1.728881893188dp-22, -0x1.41e5d2ec05cb5p-23, 0x1.5edd25b2860d1p-25,  0x1.1513f5cf8c60cp-25,
    -0x1.236b388962c04p-31, -0x1.2818042494cfdp-28, -0x1.ecc874c109b5ap-31};
// (log((1+s)/(1-s)) / s - 2) / s^2 in s^2, |s| <= 0.2
static const double log_r[] = {0x1.5555555555777p-1, 0x1.99999998f05f1p-2, 0x1.249249b272f8cp-2,
                               0x1.c71c012b24afcp-3, 0x1.7474eca7103c5p-3, 0x1.38520384dbdc2p-3,
                               0x1.3ac4eaf38a523p-3};
// erf_inv(x)/x - 1 in w, w in [-5, 0]
static const double erf_inv_centre[] = {
    -0x1.d203b725884aap-4,  -0x1.db29fb2fee58cp-3,  0x1.7a72e72c2a53dp-7,  0x1.321102605a49ep-9,
    -0x1.0c86b752c78dep-13, -0x1.87013c944f38dp-15, 0x1.0f21737d4316dp-19, 0x1.0fdae2f2129d6p-20,
    -0x1.3e0a0acde0de1p-25, -0x1.827782b05511dp-26, 0x1.147bfbeca6d57p-30, 0x1.7a5ed0b2c8f8bp-31,
    0x1.25ffc89a163d2p-34,  0x1.65c3e3072f725p-36,  0x1.6529b7ed8d752p-37, 0x1.5c60401df99f1p-39,
    0x1.73d27263b08d1p-42,  0x1.9aed84bc56025p-46,  0x1.c1c7329ec15eep-53, -0x1.c9a08bc55f2e9p-54,
    -0x1.17b3ab6587e35p-57, -0x1.c5c6287e83798p-63};
// erf_inv(x)/x - 2 in sqrt(-w) - 2.90625, -w in [4.9, 13]
static const double erf_inv_tail[] = {
    0x1.7a731df44ac3dp-1,   0x1.ffd66315121cp-1,    0x1.86cc454e299bcp-7,   -0x1.4b642da5c465cp-7,
    0x1.eee5ed7917d1bp-8,   -0x1.20bc02ad8e849p-8,  0x1.886687aaad29cp-10,  0x1.158f0fc6b7624p-13,
    -0x1.edc75de26d443p-12, 0x1.ea3223abb31fbp-13,  -0x1.2b8c410241ee4p-17, -0x1.ab034c8b6994bp-15,
    0x1.c5d9ff02891aep-16,  -0x1.bc8d4a015e9a8p-20, -0x1.57bd726c86527p-18, 0x1.6f74850367942p-19,
    -0x1.1d8a5203cd5d2p-23, -0x1.f6718ef25331fp-22, 0x1.62c2f3bf8760bp-23};
// erf_inv(x)/x - 2 in sqrt(-w) - 4.84375, -w in [12.9, 37]
static const double erf_inv_far_tail[] = {
    0x1.5894e97adf78p+1,    0x1.02a4c7b359298p+0,   -0x1.b42ecc88eebcfp-16, -0x1.18b4108522db4p-12,
    0x1.86cadfa48d993p-14,  -0x1.9adae4173d958p-16, 0x1.84e217bd0bd0ap-18,  -0x1.6bea635fe79bdp-20,
    0x1.8b8079fba3dd5p-22,  -0x1.3037b8fd924aep-23, 0x1.3759a0208b26ap-24,  -0x1.4d7db9f98f5dp-25,
    0x1.4152a01449ac4p-26,  -0x1.fe9844aba0328p-28, 0x1.375e866a71ea6p-29,  -0x1.07d24aa826602p-31,
    -0x1.894a3b404dee9p-36, 0x1.01e44fdd884e4p-33,  -0x1.e66b1d0e79e47p-35, 0x1.68fa0d9ce3229p-39,
    0x1.85d0ea02ee952p-39};

typedef struct exponential {
  sk_val minus_one, n;  // n + bias in the low bits
} exponential;

// e^-(x + low) = 2^n (1 + minus_one).
static exponential exp_minus(sk_build *b, sk_val x, sk_val low, double bias) {
  const double magic = MAGIC64 + bias;
  sk_val t = fmadd(b, fadd(b, x, low), f64(b, -LOG2E), f64(b, magic));
  sk_val n = fsub(b, t, f64(b, magic));
  sk_val r = fadd(b, fmadd(b, n, f64(b, LN2_HIGH), x), fmadd(b, n, f64(b, LN2_LOW), low));
  sk_val p = fmsub(b, fmul(b, r, r), POLY_F64(b, r, exp_minus_q), r);
  return (exponential){p, bits64(b, t)};
}

sk_val sk_math_erf_f64(sk_build *b, sk_val x) {
  sk_val a = magnitude(b, x), z = fmul(b, x, x), one = f64(b, 1.0);
  sk_val small = fmadd(b, POLY_F64(b, z, erf_small), a, a);
  a = minx(b, f64(b, 5.95), a);
  sk_val u = fsub(b, a, f64(b, 3.25));
  exponential e = exp_minus(b, fmul(b, a, a), POLY_F64(b, u, erf_exponent), 1023);
  sk_val scale = float64(b, shl(b, e.n, 52));
  sk_val large = fnmadd(b, scale, fadd(b, one, e.minus_one), one);
  sk_val v = pick(b, flt(b, one, a), large, small);
  return bor(b, v, band(b, x, minus_zero64(b)));
}

// R = S / (|x| + 3): S varies little. The slope of its logarithm is close to
// 0.4 t - 0.82. The last step of its polynomial keeps its rounding error.
sk_val sk_math_erfc_f64(sk_build *b, sk_val x) {
  sk_val a = minx(b, f64(b, 27.3), magnitude(b, x)), three = f64(b, 3.0), one = f64(b, 1.0);
  sk_val num = fsub(b, a, f64(b, 3.125)), num_low = fsub(b, a, fadd(b, num, f64(b, 3.125)));
  sk_val den = fadd(b, a, three), den_low = fsub(b, a, fsub(b, den, three));
  sk_val inverse = fdiv(b, one, den), t = fmul(b, num, inverse);
  sk_val rest = fnmadd(b, t, den_low, fadd(b, fnmadd(b, t, den, num), num_low));
  rest = fmul(b, rest, inverse);
  sk_val rho = fnmadd(b, inverse, den_low, fnmadd(b, inverse, den, one));  // of 1 / (|x| + 3)
  rho = fmadd(b, rest, fmadd(b, t, f64(b, 0.4), f64(b, -0.82)), rho);
  sk_val square = fmul(b, a, a);
  exponential e = exp_minus(b, square, fmsub(b, a, a, square), 2046);
  sk_val q = poly_f64(b, t, erfc_s + 1, SK_COUNT(erfc_s) - 1), c = f64(b, erfc_s[0]);
  sk_val s = fmadd(b, q, t, c), s_low = fmadd(b, q, t, fsub(b, c, s));
  sk_val r = fmul(b, s, inverse), r_low = fmadd(b, s_low, inverse, fmsub(b, s, inverse, r));
  sk_val factor = fadd(b, one, e.minus_one), p = fmadd(b, rho, factor, e.minus_one);
  sk_val v = fadd(b, r, fmadd(b, r, p, fmul(b, r_low, factor)));
  sk_val half = shr(b, e.n, 1);  // two factors, so that a denormal result is rounded once
  v = fmul(b, v, float64(b, shl(b, half, 52)));
  v = fmul(b, v, float64(b, shl(b, isub(b, e.n, half), 52)));
  return pick(b, flt(b, x, f64(b, 0.0)), fsub(b, f64(b, 2.0), v), v);
}

// log u for u in (0, 1]; anything negative or zero gives a number below -700.
static sk_val log_below_one(sk_build *b, sk_val u) {
  const uint64_t start = UINT64_C(0x3FE8000000000000) + (UINT64_C(1) << 63);  // 0.75
  sk_val i = bits64(b, u), above = isub(b, i, i64(b, (int64_t)start));
  sk_val minus_m = isub(b, i, band(b, above, i64(b, -INT64_C(0x10000000000000))));
  sk_val f = fsub(b, f64(b, -1.0), float64(b, minus_m));
  sk_val biased = bor(b, shr(b, above, 52), i64(b, INT64_C(0x4330000000000000)));
  sk_val e = fsub(b, float64(b, biased), f64(b, 0x1p52 + 2048.0));
  sk_val s = fdiv(b, f, fadd(b, f, f64(b, 2.0))), w = fmul(b, s, s);
  sk_val h = fmul(b, fmul(b, f, f64(b, 0.5)), f);
  sk_val low = fmsub(b, s, fmadd(b, POLY_F64(b, w, log_r), w, h), h);
  low = fmadd(b, e, f64(b, LN2_LOW), low);
  return fmadd(b, e, f64(b, LN2_HIGH), fadd(b, f, low));
}

sk_val sk_math_erf_inv_f64(sk_build *b, sk_val x) {
  sk_val zero = f64(b, 0.0), u = fnmadd(b, x, x, f64(b, 1.0)), w = log_below_one(b, u);
  sk_val v = fmadd(b, POLY_F64(b, w, erf_inv_centre), x, x);
  v = bor(b, v, band(b, x, minus_zero64(b)));
  sk_val tail = flt(b, u, f64(b, 0.0068));
  sk_build_if(b, tail);
  sk_val root = square_root(b, fsub(b, zero, w)), far = flt(b, f64(b, 3.6), root);
  sk_val near_p = POLY_F64(b, fsub(b, root, f64(b, 2.90625)), erf_inv_tail);
  sk_val far_p = POLY_F64(b, fsub(b, root, f64(b, 4.84375)), erf_inv_far_tail);
  sk_val large = fmadd(b, pick(b, far, far_p, near_p), x, fadd(b, x, x));
  large = pick(b, feq(b, u, zero), bor(b, x, inf64(b)), large);
  large = pick(b, flt(b, u, zero), nan64(b), large);
  sk_build_end_if(b);
  return sk_build_merge(b, tail, large, v);
}
