// SPDX-License-Identifier: Apache-2.0
// Shorthand for writing math expansions; only for math_*.c. Names follow the loop-IR operations.
#ifndef SK_LOOP_MATH_INT_H
#define SK_LOOP_MATH_INT_H

#include "loop/math.h"

static inline sk_val f32(sk_build *b, float value) { return sk_build_f32(b, value); }
static inline sk_val f64(sk_build *b, double value) { return sk_build_f64(b, value); }
static inline sk_val i32(sk_build *b, int32_t value) { return sk_build_i32(b, value); }
static inline sk_val fadd(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_FADD, x, y); }
static inline sk_val fsub(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_FSUB, x, y); }
static inline sk_val fmul(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_FMUL, x, y); }
static inline sk_val fdiv(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_FDIV, x, y); }
static inline sk_val fsqrt_of(sk_build *b, sk_val x) { return sk_build_1(b, SK_L_FSQRT, x); }
static inline sk_val fmadd(sk_build *b, sk_val x, sk_val y, sk_val z) { return sk_build_3(b, SK_L_FMA, x, y, z); }    // x y + z
static inline sk_val fnmadd(sk_build *b, sk_val x, sk_val y, sk_val z) { return sk_build_3(b, SK_L_FNMA, x, y, z); }  // z - x y
static inline sk_val fmsub(sk_build *b, sk_val x, sk_val y, sk_val z) { return sk_build_3(b, SK_L_FMS, x, y, z); }    // x y - z
static inline sk_val maxx(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_FMAXX, x, y); }  // y if either is NaN
static inline sk_val minx(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_FMINX, x, y); }
static inline sk_val magnitude(sk_build *b, sk_val x) { return sk_build_1(b, SK_L_FABS, x); }
static inline sk_val fround_of(sk_build *b, sk_val x) { return sk_build_1(b, SK_L_FROUND, x); }
static inline sk_val flt(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_FLT, x, y); }
static inline sk_val feq(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_FEQ, x, y); }
static inline sk_val pick(sk_build *b, sk_val p, sk_val yes, sk_val no) { return sk_build_select(b, p, yes, no); }
static inline sk_val band(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_AND, x, y); }
static inline sk_val bor(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_OR, x, y); }
static inline sk_val bxor(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_XOR, x, y); }
static inline sk_val iadd(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_ADD, x, y); }
static inline sk_val isub(sk_build *b, sk_val x, sk_val y) { return sk_build_2(b, SK_L_SUB, x, y); }
static inline sk_val shl(sk_build *b, sk_val x, int32_t n) { return sk_build_2(b, SK_L_SHL, x, i32(b, n)); }
static inline sk_val shr(sk_build *b, sk_val x, int32_t n) { return sk_build_2(b, SK_L_SHR, x, i32(b, n)); }
static inline sk_val bits32(sk_build *b, sk_val x) { return sk_build_convert(b, SK_L_BITCAST, SK_LT_I32, x); }
static inline sk_val float32(sk_build *b, sk_val x) { return sk_build_convert(b, SK_L_BITCAST, SK_LT_F32, x); }
static inline sk_val to_f32(sk_build *b, sk_val x) { return sk_build_convert(b, SK_L_FTRUNCF, SK_LT_F32, x); }
static inline sk_val to_f64(sk_build *b, sk_val x) { return sk_build_convert(b, SK_L_FEXT, SK_LT_F64, x); }
static inline sk_val int_to_f32(sk_build *b, sk_val x) { return sk_build_convert(b, SK_L_SITOF, SK_LT_F32, x); }

// c[0] + c[1] x + ... by Horner's rule with fused steps.
static inline sk_val poly_f32(sk_build *b, sk_val x, const float *c, int n) {
  sk_val p = f32(b, c[n - 1]);
  for (int i = n - 2; i >= 0; i--) {
    p = fmadd(b, p, x, f32(b, c[i]));
  }
  return p;
}
#define POLY_F32(b, x, c) poly_f32((b), (x), (c), (int)SK_COUNT(c))

#endif
