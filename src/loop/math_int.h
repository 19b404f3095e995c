// SPDX-License-Identifier: Apache-2.0
// Shorthand for writing math expansions; only for math_*.c. Names follow the loop-IR operations,
// every one builds exactly one of them unless it says otherwise.
#ifndef SK_LOOP_MATH_INT_H
#define SK_LOOP_MATH_INT_H

#include "loop/math.h"

#define MATH_1(name, op)                                                                           \
  static inline sk_val name(sk_build *b, sk_val x) { return sk_build_1(b, SK_L_##op, x); }
#define MATH_2(name, op)                                                                           \
  static inline sk_val name(sk_build *b, sk_val x, sk_val y) {                                     \
    return sk_build_2(b, SK_L_##op, x, y);                                                         \
  }
#define MATH_3(name, op)                                                                           \
  static inline sk_val name(sk_build *b, sk_val x, sk_val y, sk_val z) {                           \
    return sk_build_3(b, SK_L_##op, x, y, z);                                                      \
  }
#define MATH_CONVERT(name, op, type)                                                               \
  static inline sk_val name(sk_build *b, sk_val x) {                                               \
    return sk_build_convert(b, SK_L_##op, SK_LT_##type, x);                                        \
  }

// ---- constants
static inline sk_val f32(sk_build *b, float value) { return sk_build_f32(b, value); }
static inline sk_val f64(sk_build *b, double value) { return sk_build_f64(b, value); }
static inline sk_val i32(sk_build *b, int32_t value) { return sk_build_i32(b, value); }
static inline sk_val i64(sk_build *b, int64_t value) { return sk_build_i64(b, value); }
static inline sk_val f32_bits(sk_build *b, uint32_t bits) {
  return sk_build_const(b, SK_LT_F32, bits);
}
static inline sk_val f64_bits(sk_build *b, uint64_t bits) {
  return sk_build_const(b, SK_LT_F64, bits);
}
static inline sk_val inf32(sk_build *b) { return f32_bits(b, 0x7F800000u); }
static inline sk_val nan32(sk_build *b) { return f32_bits(b, 0x7FC00000u); }
static inline sk_val minus_zero32(sk_build *b) { return f32_bits(b, 0x80000000u); }
static inline sk_val inf64(sk_build *b) { return f64_bits(b, UINT64_C(0x7FF0000000000000)); }
static inline sk_val nan64(sk_build *b) { return f64_bits(b, UINT64_C(0x7FF8000000000000)); }
static inline sk_val minus_zero64(sk_build *b) { return f64_bits(b, UINT64_C(1) << 63); }

// ---- floats
MATH_2(fadd, FADD)
MATH_2(fsub, FSUB)
MATH_2(fmul, FMUL)
MATH_2(fdiv, FDIV)
MATH_3(fmadd, FMA)    // x y + z
MATH_3(fnmadd, FNMA)  // z - x y
MATH_3(fmsub, FMS)    // x y - z
MATH_2(maxx, FMAXX)   // y if either is NaN
MATH_2(minx, FMINX)
MATH_1(square_root, FSQRT)
MATH_1(magnitude, FABS)
MATH_1(negate, FNEG)
MATH_1(to_nearest, FROUND)
MATH_2(feq, FEQ)
MATH_2(fne, FNE)
MATH_2(flt, FLT)

// ---- integers and bits (AND, OR, XOR of floats work on their bits)
MATH_2(band, AND)
MATH_2(bor, OR)
MATH_2(bxor, XOR)
MATH_2(iadd, ADD)
MATH_2(isub, SUB)
MATH_2(slt, SLT)
MATH_2(both, PAND)
MATH_2(either, POR)
static inline sk_val shift_amount(sk_build *b, sk_val x, int n) {
  return sk_build_type(b, x) == SK_LT_I64 ? i64(b, n) : i32(b, n);
}
static inline sk_val shl(sk_build *b, sk_val x, int n) {
  return sk_build_2(b, SK_L_SHL, x, shift_amount(b, x, n));
}
static inline sk_val shr(sk_build *b, sk_val x, int n) {
  return sk_build_2(b, SK_L_SHR, x, shift_amount(b, x, n));
}
static inline sk_val pick(sk_build *b, sk_val p, sk_val yes, sk_val no) {
  return sk_build_select(b, p, yes, no);
}

// ---- conversions
MATH_CONVERT(bits32, BITCAST, I32)
MATH_CONVERT(float32, BITCAST, F32)
MATH_CONVERT(bits64, BITCAST, I64)
MATH_CONVERT(float64, BITCAST, F64)
MATH_CONVERT(to_f32, FTRUNCF, F32)
MATH_CONVERT(to_f64, FEXT, F64)
MATH_CONVERT(int_to_f32, SITOF, F32)
MATH_CONVERT(f32_to_int, FTOSI, I32)
MATH_CONVERT(low_half, TRUNC, I32)

// Whether the bits are anything but those of a positive normal number, whose exponents wrap around
// to the lowest integers.
static inline sk_val is_rare32(sk_build *b, sk_val bits) {
  sk_val above = iadd(b, bits, i32(b, 0x7F800000));
  return slt(b, i32(b, (int32_t)0xFEFFFFFF), above);
}
static inline sk_val is_rare64(sk_build *b, sk_val bits) {
  sk_val above = iadd(b, bits, i64(b, INT64_C(0x7FF0000000000000)));
  return slt(b, i64(b, (int64_t)UINT64_C(0xFFDFFFFFFFFFFFFF)), above);
}

// c[0] + c[1] x + ... by Horner's rule with fused steps.
static inline sk_val poly_f32(sk_build *b, sk_val x, const float *c, size_t n) {
  sk_val p = f32(b, c[n - 1]);
  for (size_t i = n - 1; i-- > 0;) {
    p = fmadd(b, p, x, f32(b, c[i]));
  }
  return p;
}
static inline sk_val poly_f64(sk_build *b, sk_val x, const double *c, size_t n) {
  sk_val p = f64(b, c[n - 1]);
  for (size_t i = n - 1; i-- > 0;) {
    p = fmadd(b, p, x, f64(b, c[i]));
  }
  return p;
}
// One of the four, per lane, by an I32 whose low two bits are the column.
static inline sk_val choose_f32(sk_build *b, sk_val column, const float row[4]) {
  uint64_t half[2];
  memcpy(half, row, sizeof half);
  sk_val low = sk_build_const(b, SK_LT_I64, half[0]), high = sk_build_const(b, SK_LT_I64, half[1]);
  return float32(b, sk_build_3(b, SK_L_LOOKUP, column, low, high));
}
// One of four polynomials, c[k][j] the coefficient of x^k in polynomial j.
static inline sk_val poly4_f32(sk_build *b, sk_val x, sk_val selected, const float (*c)[4],
                               size_t n) {
  sk_val p = choose_f32(b, selected, c[n - 1]);
  for (size_t i = n - 1; i-- > 0;) {
    p = fmadd(b, p, x, choose_f32(b, selected, c[i]));
  }
  return p;
}
#define POLY4_F32(b, x, selected, c) poly4_f32((b), (x), (selected), (c), SK_COUNT(c))
#define POLY_F32(b, x, c) poly_f32((b), (x), (c), SK_COUNT(c))
#define POLY_F64(b, x, c) poly_f64((b), (x), (c), SK_COUNT(c))

// log1p(x) + rest for a small rest, rounded as one (math_f64.c).
sk_val sk_math_log1p_sum_f64(sk_build *b, sk_val x, sk_val rest);

// Adding MAGIC rounds to the nearest integer and leaves that integer in the low bits of the sum,
// for arguments below 2^22 (f32) or 2^51 (f64) in magnitude.
#define MAGIC32 0x1.8p23f
#define MAGIC64 0x1.8p52

#endif
