// SPDX-License-Identifier: Apache-2.0
// Math expansion: transcendental functions as loop-IR primitives with exact meaning, so that the runner and every ISA tier give the same bits.
// Arguments and results have the type in the name. Specials follow C99 Annex F; denormals are handled exactly.
// Accuracy (tests/sweep, docs/numerics.md): f32 unary functions at most 1 ULP over all inputs, pow and atan2 at most 2.
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
sk_val sk_math_sin_f32(sk_build *b, sk_val x);
sk_val sk_math_cos_f32(sk_build *b, sk_val x);
sk_val sk_math_tan_f32(sk_build *b, sk_val x);
sk_val sk_math_rsqrt_f32(sk_build *b, sk_val x);

#endif
