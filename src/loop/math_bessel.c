// SPDX-License-Identifier: Apache-2.0
// bessel_i1e(x) = e^-|x| I1(x), in f64; f32 computes in f64 and rounds once. Up to 8 as
// e^-|x| x q(x^2), where all coefficients are positive; beyond as p(8 / |x|) / sqrt(|x|).
// Coefficients: scripts/math_coefficients.py.
#include "loop/math_int.h"

// I1(x) / x in x^2, |x| <= 8
static const double i1_q[] = {0x1p-1,
                              0x1.ffffffffffffbp-5,
                              0x1.55555555555edp-9,
                              0x1.c71c71c71aee2p-15,
                              0x1.6c16c16c35105p-21,
                              0x1.845c8a0a28fcap-28,
                              0x1.27e4fb9f7d4f3p-35,
                              0x1.522a40e9d682ep-43,
                              0x1.2c97820f87596p-51,
                              0x1.ab7ed97645ce7p-60,
                              0x1.f19ffddc43a84p-69,
                              0x1.e0daab6875f8ap-78,
                              0x1.95c574ee9d8f2p-87,
                              0x1.d9159206ddd88p-97,
                              0x1.0d802e5a42095p-105};
// sqrt(x) e^-x I1(x) in 16 / x - 1, x >= 8
static const double i1e_large[] = {
    0x1.8ebe783a8403p-2,    -0x1.3f796198ee63fp-7,  -0x1.cbc54df1faaf2p-13, -0x1.f89c23041a115p-17,
    -0x1.ec8e0e8d17fe7p-20, -0x1.76138778b774cp-22, -0x1.ad8fddfd4ddbp-24,  -0x1.727659282531ep-25,
    -0x1.911d4c2a2357dp-26, -0x1.220ebbddd7f72p-27, 0x1.c2d04e4b13df2p-28,  0x1.e4acfd9057a69p-27,
    0x1.ce1e13ce9483ep-28,  -0x1.0ecbc16c27269p-27, -0x1.596fc40582962p-27, 0x1.101ce2aee3feep-28,
    0x1.697a6d4c2c58fp-27,  -0x1.347a09d6009aap-29, -0x1.49c2b1025f219p-27, 0x1.70a66547d1fdbp-30,
    0x1.e0fd53357bf14p-28,  -0x1.6c22180efafbap-31, -0x1.f0fdc5c3e7684p-29, 0x1.d3aa5367ed822p-33,
    0x1.3a6462ff319d7p-30,  -0x1.170802b8e55ecp-35, -0x1.69dac4e9e93abp-33};

sk_val sk_math_bessel_i1e_f64(sk_build *b, sk_val x) {
  sk_val a = magnitude(b, x), one = f64(b, 1.0), eight = f64(b, 8.0), z = fmul(b, a, a);
  sk_val small = fmul(b, fmul(b, POLY_F64(b, z, i1_q), a), sk_math_exp_f64(b, negate(b, a)));
  sk_val far = maxx(b, eight, a), t = fsub(b, fdiv(b, f64(b, 16.0), far), one);
  sk_val large = fdiv(b, POLY_F64(b, t, i1e_large), square_root(b, far));
  sk_val v = pick(b, flt(b, a, eight), small, large);
  return bor(b, v, band(b, x, minus_zero64(b)));
}

sk_val sk_math_bessel_i1e_f32(sk_build *b, sk_val x) {
  return to_f32(b, sk_math_bessel_i1e_f64(b, to_f64(b, x)));
}
