// SPDX-License-Identifier: Apache-2.0
// Math expansion: transcendental functions as loop-IR primitives with exact meaning, so that the
// runner and every ISA tier give the same bits, and constant folding too.
//
// Argument and result have the type in the name. Specials follow C99 Annex F; denormal arguments
// and results are exact; NaN gives NaN (which one is not specified). Accuracy, shown by
// tests/sweep/math.c: at most 1 ULP (f32: over all inputs) but for those that docs/numerics.md
// lists. Rare argument ranges sit inside IF, so builders must be in a scope that allows
// it. The f64 trigonometric functions add a constant buffer of 49 numbers to the program.
#ifndef SK_LOOP_MATH_H
#define SK_LOOP_MATH_H

#include "loop/loop.h"

sk_val sk_math_exp_f32(sk_build *b, sk_val x);
sk_val sk_math_expm1_f32(sk_build *b, sk_val x);
sk_val sk_math_log_f32(sk_build *b, sk_val x);
sk_val sk_math_log1p_f32(sk_build *b, sk_val x);
sk_val sk_math_logistic_f32(sk_build *b, sk_val x);
sk_val sk_math_tanh_f32(sk_build *b, sk_val x);
sk_val sk_math_erf_f32(sk_build *b, sk_val x);
sk_val sk_math_erfc_f32(sk_build *b, sk_val x);
sk_val sk_math_erf_inv_f32(sk_build *b, sk_val x);
sk_val sk_math_sin_f32(sk_build *b, sk_val x);
sk_val sk_math_cos_f32(sk_build *b, sk_val x);
sk_val sk_math_tan_f32(sk_build *b, sk_val x);
sk_val sk_math_rsqrt_f32(sk_build *b, sk_val x);
sk_val sk_math_cbrt_f32(sk_build *b, sk_val x);
sk_val sk_math_sinh_f32(sk_build *b, sk_val x);
sk_val sk_math_cosh_f32(sk_build *b, sk_val x);
sk_val sk_math_asin_f32(sk_build *b, sk_val x);
sk_val sk_math_acos_f32(sk_build *b, sk_val x);
sk_val sk_math_atan_f32(sk_build *b, sk_val x);
sk_val sk_math_asinh_f32(sk_build *b, sk_val x);
sk_val sk_math_acosh_f32(sk_build *b, sk_val x);
sk_val sk_math_atanh_f32(sk_build *b, sk_val x);
sk_val sk_math_lgamma_f32(sk_build *b, sk_val x);
sk_val sk_math_digamma_f32(sk_build *b, sk_val x);
sk_val sk_math_bessel_i1e_f32(sk_build *b, sk_val x);
sk_val sk_math_pow_f32(sk_build *b, sk_val x, sk_val y);
sk_val sk_math_atan2_f32(sk_build *b, sk_val y, sk_val x);
sk_val sk_math_rem_f32(sk_build *b, sk_val x, sk_val y);  // exact

sk_val sk_math_exp_f64(sk_build *b, sk_val x);
sk_val sk_math_expm1_f64(sk_build *b, sk_val x);
sk_val sk_math_log_f64(sk_build *b, sk_val x);
sk_val sk_math_log1p_f64(sk_build *b, sk_val x);
sk_val sk_math_logistic_f64(sk_build *b, sk_val x);
sk_val sk_math_tanh_f64(sk_build *b, sk_val x);
sk_val sk_math_erf_f64(sk_build *b, sk_val x);
sk_val sk_math_erfc_f64(sk_build *b, sk_val x);
sk_val sk_math_erf_inv_f64(sk_build *b, sk_val x);
sk_val sk_math_sin_f64(sk_build *b, sk_val x);
sk_val sk_math_cos_f64(sk_build *b, sk_val x);
sk_val sk_math_tan_f64(sk_build *b, sk_val x);
sk_val sk_math_rsqrt_f64(sk_build *b, sk_val x);
sk_val sk_math_cbrt_f64(sk_build *b, sk_val x);
sk_val sk_math_sinh_f64(sk_build *b, sk_val x);
sk_val sk_math_cosh_f64(sk_build *b, sk_val x);
sk_val sk_math_asin_f64(sk_build *b, sk_val x);
sk_val sk_math_acos_f64(sk_build *b, sk_val x);
sk_val sk_math_atan_f64(sk_build *b, sk_val x);
sk_val sk_math_asinh_f64(sk_build *b, sk_val x);
sk_val sk_math_acosh_f64(sk_build *b, sk_val x);
sk_val sk_math_atanh_f64(sk_build *b, sk_val x);
sk_val sk_math_lgamma_f64(sk_build *b, sk_val x);
sk_val sk_math_digamma_f64(sk_build *b, sk_val x);
sk_val sk_math_bessel_i1e_f64(sk_build *b, sk_val x);
sk_val sk_math_pow_f64(sk_build *b, sk_val x, sk_val y);
sk_val sk_math_atan2_f64(sk_build *b, sk_val y, sk_val x);
sk_val sk_math_rem_f64(sk_build *b, sk_val x, sk_val y);  // exact
// SDIV, UDIV, SREM or UREM of I64, fast in lanes; for what stands alone the operation itself is.
sk_val sk_math_divide_i64(sk_build *b, sk_lop op, sk_val x, sk_val y);

#endif
