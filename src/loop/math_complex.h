// SPDX-License-Identifier: Apache-2.0
// Functions of complex numbers as loop-IR primitives. Both parts are F64, also where the element
// type is complex<f32>: the lowering widens and rounds once, so that nothing overflows on the way
// and errors are those of the last rounding.
//
// On complex<f64> no step overflows or underflows unless the result does, but for power, where
// |z| itself must be representable. Errors are a few ULP of each part for abs, log, log1p, sqrt,
// rsqrt, exp, tanh, the inverse functions and division; parts of a product or power that cancel
// keep the error of the terms. Infinities and NaN follow C99 Annex G for division, exp, log, sqrt
// and abs; elsewhere they follow from the formulas.
#ifndef SK_LOOP_MATH_COMPLEX_H
#define SK_LOOP_MATH_COMPLEX_H

#include "loop/math.h"

typedef struct sk_complex {
  sk_val re, im;
} sk_complex;

// ---- math_complex.c
sk_val sk_complex_abs(sk_build *b, sk_complex z);
sk_complex sk_complex_sign(sk_build *b, sk_complex z);
sk_complex sk_complex_divide(sk_build *b, sk_complex x, sk_complex y);
sk_complex sk_complex_sqrt(sk_build *b, sk_complex z);
sk_complex sk_complex_rsqrt(sk_build *b, sk_complex z);
sk_complex sk_complex_cbrt(sk_build *b, sk_complex z);
sk_complex sk_complex_exp(sk_build *b, sk_complex z);
sk_complex sk_complex_expm1(sk_build *b, sk_complex z);
sk_complex sk_complex_log(sk_build *b, sk_complex z);
sk_complex sk_complex_log1p(sk_build *b, sk_complex z);
sk_complex sk_complex_power(sk_build *b, sk_complex x, sk_complex y);
sk_complex sk_complex_logistic(sk_build *b, sk_complex z);

// ---- math_complex_trig.c
sk_complex sk_complex_sin(sk_build *b, sk_complex z);
sk_complex sk_complex_cos(sk_build *b, sk_complex z);
sk_complex sk_complex_tan(sk_build *b, sk_complex z);
sk_complex sk_complex_sinh(sk_build *b, sk_complex z);
sk_complex sk_complex_cosh(sk_build *b, sk_complex z);
sk_complex sk_complex_tanh(sk_build *b, sk_complex z);
sk_complex sk_complex_asin(sk_build *b, sk_complex z);
sk_complex sk_complex_acos(sk_build *b, sk_complex z);
sk_complex sk_complex_atan(sk_build *b, sk_complex z);
sk_complex sk_complex_asinh(sk_build *b, sk_complex z);
sk_complex sk_complex_acosh(sk_build *b, sk_complex z);
sk_complex sk_complex_atanh(sk_build *b, sk_complex z);
sk_complex sk_complex_atan2(sk_build *b, sk_complex y, sk_complex x);

// log|(x + x_low) + i y|, accurate also where the modulus is close to 1; x_low may be none.
sk_val sk_complex_log_abs(sk_build *b, sk_val x, sk_val x_low, sk_val y);
sk_val sk_complex_hypot(sk_build *b, sk_val x, sk_val y);

#endif
