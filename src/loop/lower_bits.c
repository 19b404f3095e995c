// SPDX-License-Identifier: Apache-2.0
// Ops that are defined on the bit pattern of a float: reduce_precision and next_after, for every
// float type that registers hold.
//
// A pattern is I32 (all narrow formats and f32) or I64 (f64). Narrow floats live in registers as
// f32, whose denormals lie elsewhere, so they go through the pattern that memory would hold.
// Oracle: sk_num_reduce_precision (base/num.h) and C's nextafter.
#include "base/num.h"
#include "loop/lower_elem.h"

typedef struct layout {
  int exponent_bits, mantissa_bits;
  bool ieee;  // the largest exponent is for infinity and NaN
} layout;

enum { NAN_IEEE, NAN_ALL_ONES, NAN_NEG_ZERO, NAN_NONE };

static layout layout_of(sk_elem elem) {
  switch ((int)elem) {
    case SK_F32: return (layout){8, 23, true};
    case SK_F64: return (layout){11, 52, true};
#define X(name, text, storage, exponent, mantissa, bias, inf, nan, neg_zero, sign)                 \
  case SK_##name:                                                                                  \
    return (layout){exponent, mantissa, NAN_##nan == NAN_IEEE};
#include "base/num.def"
#undef X
    default: return (layout){0};
  }
}

static sk_val pattern(sk_build *b, sk_elem elem, sk_val x) {
  return sk_scalar_as_bits(b, sk_scalar_to_memory(b, elem, x));
}

static sk_val value(sk_build *b, sk_elem elem, sk_val bits) {
  if (elem == SK_F32 || elem == SK_F64) {
    return sk_build_convert(b, SK_L_BITCAST, sk_elem_lt(elem), bits);
  }
  return sk_scalar_from_memory(b, elem, bits);
}

static uint64_t low_bits(int n) { return n <= 0 ? 0 : UINT64_MAX >> (64 - n); }

// Mantissa first, then the range, as base/num.c: fields at or below the narrow format's zero field
// are flushed.
static sk_val reduce_pattern(sk_build *b, layout f, int exponent_bits, int mantissa_bits,
                             sk_val bits) {
  const sk_lt type = sk_build_type(b, bits);
  const int E = f.exponent_bits, M = f.mantissa_bits;
  const sk_val infinity = sk_build_const(b, type, low_bits(E) << M);
  sk_val all = sk_build_2(b, SK_L_AND, bits, sk_build_const(b, type, low_bits(E + M)));
  sk_val sign = sk_build_2(b, SK_L_XOR, bits, all), magnitude = all;
  if (mantissa_bits < M) {
    const int discard = M - mantissa_bits;
    sk_val last = sk_scalar_shift(b, SK_L_SHR, magnitude, discard);
    sk_val odd = sk_build_2(b, SK_L_AND, last, sk_build_const(b, type, 1));
    sk_val half = sk_build_const(b, type, low_bits(discard - 1));
    magnitude = sk_build_2(b, SK_L_ADD, magnitude, sk_build_2(b, SK_L_ADD, half, odd));
    sk_val kept = sk_build_const(b, type, low_bits(E + M + 1) & ~low_bits(discard));
    magnitude = sk_build_2(b, SK_L_AND, magnitude, kept);
  }
  if (exponent_bits < E) {
    const uint64_t bias = low_bits(E - 1), narrow_bias = low_bits(exponent_bits - 1);
    sk_val top = sk_build_const(b, type, (bias + narrow_bias + 1) << M);
    sk_val bottom = sk_build_const(b, type, (bias - narrow_bias + 1) << M);
    sk_val overflow = sk_build_2(b, SK_L_SLE, top, magnitude);
    sk_val underflow = sk_build_2(b, SK_L_SLT, magnitude, bottom);
    magnitude = sk_build_select(b, overflow, infinity, magnitude);
    magnitude = sk_build_select(b, underflow, sk_scalar_zero(b, type), magnitude);
  }
  sk_val is_nan = sk_build_2(b, SK_L_SLT, infinity, all);
  sk_val nan = mantissa_bits > 0 ? bits : infinity;
  return sk_build_select(b, is_nan, nan, sk_build_2(b, SK_L_OR, sign, magnitude));
}

sk_val sk_scalar_reduce_precision(sk_build *b, const sk_elem_op *op, sk_val x) {
  const layout f = layout_of(op->from), wide = layout_of(SK_F64);
  const int e = (int)SK_MIN(op->exponent_bits, 11), m = (int)SK_MIN(op->mantissa_bits, 52);
  if (f.ieee) {
    return value(b, op->from, reduce_pattern(b, f, e, m, pattern(b, op->from, x)));
  }
  // Formats with odd ranges: as f64, where only widths below the format's own take effect.
  sk_val bits = sk_scalar_as_bits(b, sk_build_convert(b, SK_L_FEXT, SK_LT_F64, x));
  bits = reduce_pattern(b, wide, e < f.exponent_bits ? e : wide.exponent_bits,
                        m < f.mantissa_bits ? m : wide.mantissa_bits, bits);
  sk_val reduced = sk_build_convert(b, SK_L_BITCAST, SK_LT_F64, bits);
  reduced = sk_build_convert(b, SK_L_FTRUNCF, SK_LT_F32, reduced);
  return sk_build_select(b, sk_build_2(b, SK_L_FUNORD, x, x), x, reduced);
}

// The neighbour of x in the direction of y: the magnitude's pattern one up or down; y where they
// are equal; from zero the least denormal with y's sign.
sk_val sk_scalar_next_after(sk_build *b, sk_elem elem, sk_val x, sk_val y) {
  const sk_lt held = sk_build_type(b, x);
  const layout f = layout_of(elem);
  sk_val magnitude = pattern(b, elem, x);
  const sk_lt type = sk_build_type(b, magnitude);
  const sk_val zero = sk_scalar_zero(b, held), one = sk_build_const(b, type, 1);
  const sk_val sign_bit = sk_scalar_sign_bit(b, held);
  magnitude = sk_build_2(b, SK_L_AND, magnitude,
                         sk_build_const(b, type, low_bits(f.exponent_bits + f.mantissa_bits)));
  sk_val up = sk_build_2(b, SK_L_FLT, x, y), positive = sk_build_2(b, SK_L_FLT, zero, x);
  sk_val inward = sk_build_2(b, SK_L_PXOR, up, positive);
  sk_val step = sk_build_select(b, inward, sk_build_const(b, type, UINT64_MAX), one);
  sk_val moved = sk_build_2(b, SK_L_ADD, magnitude, step);
  sk_val sign = sk_build_2(b, SK_L_AND, x, sign_bit);
  sk_val from_zero = sk_build_2(b, SK_L_FEQ, x, zero);
  moved = sk_build_select(b, from_zero, one, moved);
  sign = sk_build_select(b, from_zero, sk_build_2(b, SK_L_AND, y, sign_bit), sign);
  sk_val next = sk_build_2(b, SK_L_OR, value(b, elem, moved), sign);
  next = sk_build_select(b, sk_build_2(b, SK_L_FEQ, x, y), y, next);
  sk_val nan = sk_scalar_float(b, held, (double)__builtin_nanf(""));
  return sk_build_select(b, sk_build_2(b, SK_L_FUNORD, x, y), nan, next);
}
