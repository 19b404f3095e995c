// SPDX-License-Identifier: Apache-2.0
// One element-wise op on scalars of any element type, as loop IR. The meaning is that of the
// StableHLO specification; where it leaves a choice, XLA:CPU's (docs/numerics.md). Registers hold
// elements as lower_convert.c says. Functions come from math_*.c, ops on bit patterns from
// lower_bits.c, complex numbers go to lower_complex.c.
#include "loop/lower_elem.h"
#include "loop/loop_int.h"
#include "loop/math.h"

// ---- op families

// Key whose signed order is the total order of floats: -NaN < -inf < ... < -0 < +0 < ... < +NaN.
static sk_val total_order_key(sk_build *b, sk_val x) {
  sk_val bits = sk_scalar_as_bits(b, x);
  int32_t width = sk_build_type(b, bits) == SK_LT_I64 ? 64 : 32;
  return sk_build_2(b, SK_L_XOR, bits,
                    sk_scalar_shift(b, SK_L_SHR, sk_scalar_shift(b, SK_L_SAR, bits, width - 1), 1));
}

static sk_val compare_with(sk_build *b, uint32_t direction, sk_lop eq, sk_lop ne, sk_lop lt,
                           sk_lop le, sk_val x, sk_val y) {
  switch (direction) {
    case SK_CMP_EQ: return sk_build_2(b, eq, x, y);
    case SK_CMP_NE: return sk_build_2(b, ne, x, y);
    case SK_CMP_LT: return sk_build_2(b, lt, x, y);
    case SK_CMP_LE: return sk_build_2(b, le, x, y);
    case SK_CMP_GT: return sk_build_2(b, lt, y, x);
    default: return sk_build_2(b, le, y, x);  // GE
  }
}

sk_val sk_scalar_compare(sk_build *b, const sk_elem_op *op, sk_val x, sk_val y) {
  if (op->from == SK_PRED) {
    x = sk_build_convert(b, SK_L_ZEXT, SK_LT_I32, x);
    y = sk_build_convert(b, SK_L_ZEXT, SK_LT_I32, y);
  }
  if (sk_elem_is_float(op->from) && op->compare_type != SK_CMPTYPE_TOTALORDER) {
    return compare_with(b, op->compare_direction, SK_L_FEQ, SK_L_FNE, SK_L_FLT, SK_L_FLE, x, y);
  }
  if (sk_elem_is_float(op->from)) {
    x = total_order_key(b, x);
    y = total_order_key(b, y);
  }
  bool is_unsigned = sk_elem_get_class(op->from) == SK_CLASS_UINT;
  return compare_with(b, op->compare_direction, SK_L_IEQ, SK_L_INE,
                      is_unsigned ? SK_L_ULT : SK_L_SLT, is_unsigned ? SK_L_ULE : SK_L_SLE, x, y);
}

static sk_val max_or_min(sk_build *b, sk_elem elem, bool want_max, sk_val x, sk_val y) {
  if (elem == SK_PRED) {
    return sk_build_2(b, want_max ? SK_L_POR : SK_L_PAND, x, y);
  }
  if (sk_elem_is_float(elem)) {
    return want_max ? sk_build_fmax(b, x, y) : sk_build_fmin(b, x, y);
  }
  if (sk_elem_is_signed(elem)) {
    return sk_build_2(b, want_max ? SK_L_SMAX : SK_L_SMIN, x, y);
  }
  return sk_build_2(b, want_max ? SK_L_UMAX : SK_L_UMIN, x, y);
}

static sk_val sign_of(sk_build *b, sk_elem elem, sk_val x) {
  sk_lt type = sk_build_type(b, x);
  if (sk_elem_is_float(elem)) {
    sk_val sign = sk_build_2(b, SK_L_AND, x, sk_scalar_sign_bit(b, type));
    sk_val one = sk_build_2(b, SK_L_OR, sign, sk_scalar_float(b, type, 1));
    sk_val special = sk_build_2(b, SK_L_POR, sk_build_2(b, SK_L_FEQ, x, sk_scalar_zero(b, type)),
                                sk_build_2(b, SK_L_FUNORD, x, x));
    return sk_build_select(b, special, x, one);
  }
  sk_val one = sk_build_const(b, type, 1);
  if (!sk_elem_is_signed(elem)) {
    return sk_build_2(b, SK_L_UMIN, x, one);
  }
  sk_val minus_one = sk_build_const(b, type, type == SK_LT_I64 ? UINT64_MAX : 0xFFFFFFFFu);
  return sk_build_2(b, SK_L_SMAX, sk_build_2(b, SK_L_SMIN, x, one), minus_one);
}

// Integer power by squaring, six steps as XLA does; a negative exponent gives 1 for base 1, else 0.
static sk_val int_power(sk_build *b, sk_elem elem, sk_val base, sk_val exponent) {
  sk_lt type = sk_build_type(b, base);
  sk_val one = sk_build_const(b, type, 1), zero = sk_scalar_zero(b, type), result = one,
         square = base, bits = exponent;
  for (int i = 0; i < 6; i++) {
    sk_val odd = sk_build_2(b, SK_L_INE, sk_build_2(b, SK_L_AND, bits, one), zero);
    result = sk_build_select(b, odd, sk_build_2(b, SK_L_MUL, result, square), result);
    square = sk_build_2(b, SK_L_MUL, square, square);
    bits = sk_build_2(b, SK_L_SHR, bits, one);
  }
  if (sk_elem_is_signed(elem)) {
    sk_val is_one = sk_build_2(b, SK_L_IEQ, base, one);
    result = sk_build_select(b, sk_build_2(b, SK_L_SLT, exponent, zero),
                             sk_build_select(b, is_one, one, zero), result);
  }
  return sk_scalar_wrap(b, elem, result);
}

static sk_val round_away(sk_build *b, sk_val x) {
  sk_lt type = sk_build_type(b, x);
  sk_val whole = sk_build_1(b, SK_L_FTRUNC, x);
  sk_val rest = sk_build_1(b, SK_L_FABS, sk_build_2(b, SK_L_FSUB, x, whole));
  sk_val sign = sk_build_2(b, SK_L_AND, x, sk_scalar_sign_bit(b, type));
  sk_val one = sk_build_2(b, SK_L_OR, sign, sk_scalar_float(b, type, 1));
  return sk_build_select(b, sk_build_2(b, SK_L_FLE, sk_scalar_float(b, type, 0.5), rest),
                         sk_build_2(b, SK_L_FADD, whole, one), whole);
}

typedef sk_val (*math_1)(sk_build *b, sk_val x);
typedef sk_val (*math_2)(sk_build *b, sk_val x, sk_val y);

// The expansions of math.h by operation.
static const struct math_1_row {
  sk_opkind kind;
  math_1 f32, f64;
} math_1_table[] = {
    {SK_OP_EXPONENTIAL, sk_math_exp_f32, sk_math_exp_f64},
    {SK_OP_EXPONENTIAL_MINUS_ONE, sk_math_expm1_f32, sk_math_expm1_f64},
    {SK_OP_LOG, sk_math_log_f32, sk_math_log_f64},
    {SK_OP_LOG_PLUS_ONE, sk_math_log1p_f32, sk_math_log1p_f64},
    {SK_OP_LOGISTIC, sk_math_logistic_f32, sk_math_logistic_f64},
    {SK_OP_TANH, sk_math_tanh_f32, sk_math_tanh_f64},
    {SK_OP_SINE, sk_math_sin_f32, sk_math_sin_f64},
    {SK_OP_COSINE, sk_math_cos_f32, sk_math_cos_f64},
    {SK_OP_TAN, sk_math_tan_f32, sk_math_tan_f64},
    {SK_OP_CHLO_TAN, sk_math_tan_f32, sk_math_tan_f64},
    {SK_OP_RSQRT, sk_math_rsqrt_f32, sk_math_rsqrt_f64},
    {SK_OP_CBRT, sk_math_cbrt_f32, sk_math_cbrt_f64},
    {SK_OP_CHLO_SINH, sk_math_sinh_f32, sk_math_sinh_f64},
    {SK_OP_CHLO_COSH, sk_math_cosh_f32, sk_math_cosh_f64},
    {SK_OP_CHLO_ASIN, sk_math_asin_f32, sk_math_asin_f64},
    {SK_OP_CHLO_ACOS, sk_math_acos_f32, sk_math_acos_f64},
    {SK_OP_CHLO_ATAN, sk_math_atan_f32, sk_math_atan_f64},
    {SK_OP_CHLO_ASINH, sk_math_asinh_f32, sk_math_asinh_f64},
    {SK_OP_CHLO_ACOSH, sk_math_acosh_f32, sk_math_acosh_f64},
    {SK_OP_CHLO_ATANH, sk_math_atanh_f32, sk_math_atanh_f64},
    {SK_OP_CHLO_LGAMMA, sk_math_lgamma_f32, sk_math_lgamma_f64},
    {SK_OP_CHLO_DIGAMMA, sk_math_digamma_f32, sk_math_digamma_f64},
    {SK_OP_CHLO_BESSEL_I1E, sk_math_bessel_i1e_f32, sk_math_bessel_i1e_f64},
    {SK_OP_CHLO_ERF, sk_math_erf_f32, sk_math_erf_f64},
    {SK_OP_CHLO_ERFC, sk_math_erfc_f32, sk_math_erfc_f64},
    {SK_OP_CHLO_ERF_INV, sk_math_erf_inv_f32, sk_math_erf_inv_f64},
};
static const struct math_2_row {
  sk_opkind kind;
  math_2 f32, f64;
} math_2_table[] = {
    {SK_OP_POWER, sk_math_pow_f32, sk_math_pow_f64},
    {SK_OP_ATAN2, sk_math_atan2_f32, sk_math_atan2_f64},
    {SK_OP_REMAINDER, sk_math_rem_f32, sk_math_rem_f64},
};

static sk_val float_unary(sk_build *b, const sk_elem_op *op, sk_val x) {
  for (size_t i = 0; i < SK_COUNT(math_1_table); i++) {
    if (math_1_table[i].kind == op->kind) {
      bool wide = sk_build_type(b, x) == SK_LT_F64;
      return wide ? math_1_table[i].f64(b, x) : math_1_table[i].f32(b, x);
    }
  }
  switch ((int)op->kind) {
    case SK_OP_ABS: return sk_build_1(b, SK_L_FABS, x);
    case SK_OP_NEGATE: return sk_build_1(b, SK_L_FNEG, x);
    case SK_OP_SQRT: return sk_build_1(b, SK_L_FSQRT, x);
    case SK_OP_FLOOR: return sk_build_1(b, SK_L_FFLOOR, x);
    case SK_OP_CEIL: return sk_build_1(b, SK_L_FCEIL, x);
    case SK_OP_ROUND_NEAREST_EVEN: return sk_build_1(b, SK_L_FROUND, x);
    case SK_OP_ROUND_NEAREST_AFZ: return round_away(b, x);
    case SK_OP_SIGN: return sign_of(b, op->from, x);
    case SK_OP_REDUCE_PRECISION: return sk_scalar_reduce_precision(b, op, x);
    case SK_OP_CHLO_SQUARE: return sk_build_2(b, SK_L_FMUL, x, x);
    case SK_OP_CHLO_CONJ: return x;
    default: return (sk_val){0};
  }
}

static sk_val float_binary(sk_build *b, const sk_elem_op *op, sk_val x, sk_val y) {
  for (size_t i = 0; i < SK_COUNT(math_2_table); i++) {
    if (math_2_table[i].kind == op->kind) {
      bool wide = sk_build_type(b, x) == SK_LT_F64;
      return wide ? math_2_table[i].f64(b, x, y) : math_2_table[i].f32(b, x, y);
    }
  }
  switch ((int)op->kind) {
    case SK_OP_ADD: return sk_build_2(b, SK_L_FADD, x, y);
    case SK_OP_SUBTRACT: return sk_build_2(b, SK_L_FSUB, x, y);
    case SK_OP_MULTIPLY: return sk_build_2(b, SK_L_FMUL, x, y);
    case SK_OP_DIVIDE: return sk_build_2(b, SK_L_FDIV, x, y);
    case SK_OP_MAXIMUM: return sk_build_fmax(b, x, y);
    case SK_OP_MINIMUM: return sk_build_fmin(b, x, y);
    case SK_OP_CHLO_NEXT_AFTER: return sk_scalar_next_after(b, op->from, x, y);
    default: return (sk_val){0};
  }
}

static sk_val int_unary(sk_build *b, const sk_elem_op *op, sk_val x) {
  sk_elem elem = op->from;
  sk_lt type = sk_build_type(b, x);
  int32_t bits = (int32_t)sk_elem_bits(elem);
  sk_val zero_extended = bits < 32 ? sk_scalar_mask(b, x, (1u << bits) - 1) : x;
  switch ((int)op->kind) {
    case SK_OP_ABS:
      return sk_scalar_wrap(
          b, elem,
          sk_build_2(b, SK_L_SMAX, x, sk_build_2(b, SK_L_SUB, sk_scalar_zero(b, type), x)));
    case SK_OP_NEGATE:
      return sk_scalar_wrap(b, elem, sk_build_2(b, SK_L_SUB, sk_scalar_zero(b, type), x));
    case SK_OP_NOT: return sk_scalar_wrap(b, elem, sk_build_1(b, SK_L_NOT, x));
    case SK_OP_SIGN: return sign_of(b, elem, x);
    // The counts reach 2 on i2, which leaves it.
    case SK_OP_POPCNT: return sk_scalar_wrap(b, elem, sk_build_1(b, SK_L_POPCNT, zero_extended));
    case SK_OP_COUNT_LEADING_ZEROS: {
      sk_val count = sk_build_1(b, SK_L_CLZ, zero_extended);
      return bits < 32 ? sk_scalar_wrap(b, elem,
                                        sk_build_2(b, SK_L_SUB, count, sk_build_i32(b, 32 - bits)))
                       : count;
    }
    case SK_OP_CHLO_SQUARE: return sk_scalar_wrap(b, elem, sk_build_2(b, SK_L_MUL, x, x));
    default: return (sk_val){0};
  }
}

// High half of the product of two integers of `bits` bits.
static sk_val multiply_high(sk_build *b, sk_elem elem, sk_val x, sk_val y) {
  bool is_signed = sk_elem_is_signed(elem);
  if (sk_elem_bits(elem) >= 32) {
    return sk_build_2(b, is_signed ? SK_L_SMULH : SK_L_UMULH, x, y);
  }
  sk_val product = sk_build_2(b, SK_L_MUL, x, y);
  return sk_scalar_shift(b, is_signed ? SK_L_SAR : SK_L_SHR, product, (int32_t)sk_elem_bits(elem));
}

static sk_val divide(sk_build *b, sk_lop kind, bool many, sk_val x, sk_val y) {
  uint64_t divisor;
  bool in_lanes = many && sk_build_type(b, x) == SK_LT_I64 && !sk_build_get_const(b, x, &divisor) &&
                  sk_build_simplify(b, kind, SK_LT_I64, x, y, (sk_val){0}).id == 0;
  return in_lanes ? sk_math_divide_i64(b, kind, x, y) : sk_build_2(b, kind, x, y);
}

static sk_val int_binary(sk_build *b, const sk_elem_op *op, sk_val x, sk_val y) {
  sk_elem elem = op->from;
  bool is_signed = sk_elem_is_signed(elem);
  uint32_t bits = sk_elem_bits(elem);
  switch ((int)op->kind) {
    case SK_OP_ADD: return sk_scalar_wrap(b, elem, sk_build_2(b, SK_L_ADD, x, y));
    case SK_OP_SUBTRACT: return sk_scalar_wrap(b, elem, sk_build_2(b, SK_L_SUB, x, y));
    case SK_OP_MULTIPLY: return sk_scalar_wrap(b, elem, sk_build_2(b, SK_L_MUL, x, y));
    case SK_OP_DIVIDE:
      return sk_scalar_wrap(b, elem, divide(b, is_signed ? SK_L_SDIV : SK_L_UDIV, op->many, x, y));
    case SK_OP_REMAINDER: return divide(b, is_signed ? SK_L_SREM : SK_L_UREM, op->many, x, y);
    case SK_OP_MAXIMUM: return max_or_min(b, elem, true, x, y);
    case SK_OP_MINIMUM: return max_or_min(b, elem, false, x, y);
    case SK_OP_AND: return sk_build_2(b, SK_L_AND, x, y);
    case SK_OP_OR: return sk_build_2(b, SK_L_OR, x, y);
    case SK_OP_XOR: return sk_build_2(b, SK_L_XOR, x, y);
    case SK_OP_SHIFT_LEFT: return sk_scalar_wrap(b, elem, sk_build_2(b, SK_L_SHL, x, y));
    case SK_OP_SHIFT_RIGHT_ARITHMETIC:
      if (bits < 32 && !is_signed) {  // the sign is the type's top bit
        sk_val up = sk_scalar_shift(b, SK_L_SHL, x, 32 - (int32_t)bits);
        sk_val sign_filled = sk_scalar_shift(b, SK_L_SAR, up, 32 - (int32_t)bits);
        return sk_scalar_wrap(b, elem, sk_build_2(b, SK_L_SAR, sign_filled, y));
      }
      return sk_build_2(b, SK_L_SAR, x, y);
    case SK_OP_SHIFT_RIGHT_LOGICAL:
      return sk_scalar_wrap(
          b, elem,
          sk_build_2(b, SK_L_SHR,
                     bits < 32 && is_signed ? sk_scalar_mask(b, x, (1u << bits) - 1) : x, y));
    case SK_OP_POWER: return int_power(b, elem, x, y);
    case SK_OP_CHLO_MULHI: return multiply_high(b, elem, x, y);
    default: return (sk_val){0};
  }
}

static sk_val pred_op(sk_build *b, const sk_elem_op *op, const sk_scalar *in) {
  switch ((int)op->kind) {
    case SK_OP_ADD:
    case SK_OP_MAXIMUM:
    case SK_OP_OR: return sk_build_2(b, SK_L_POR, in[0].re, in[1].re);
    case SK_OP_MULTIPLY:
    case SK_OP_MINIMUM:
    case SK_OP_AND: return sk_build_2(b, SK_L_PAND, in[0].re, in[1].re);
    case SK_OP_XOR: return sk_build_2(b, SK_L_PXOR, in[0].re, in[1].re);
    case SK_OP_NOT: return sk_build_1(b, SK_L_PNOT, in[0].re);
    default: return (sk_val){0};
  }
}

// ---- entry

static sk_val bitcast(sk_build *b, sk_elem from, sk_elem to, sk_val x) {
  sk_val bits = from == SK_PRED ? sk_build_convert(b, SK_L_ZEXT, SK_LT_I32, x)
                                : sk_scalar_as_bits(b, sk_scalar_to_memory(b, from, x));
  if (to == SK_PRED) {
    return sk_build_2(b, SK_L_INE, bits, sk_scalar_zero(b, SK_LT_I32));
  }
  if (to == SK_F32 || to == SK_F64) {
    return sk_build_convert(b, SK_L_BITCAST, sk_elem_lt(to), bits);
  }
  return sk_elem_is_float(to)
             ? sk_scalar_from_memory(b, to, sk_scalar_mask(b, bits, (1u << sk_elem_bits(to)) - 1))
             : sk_scalar_wrap(b, to, bits);
}

// Tests of one float; false: not one.
static bool float_test(sk_build *b, sk_opkind kind, sk_val x, sk_val *out) {
  const sk_lt type = sk_build_type(b, x);
  const sk_val inf = sk_scalar_float(b, type, __builtin_inf()), size = sk_build_1(b, SK_L_FABS, x);
  switch ((int)kind) {
    case SK_OP_IS_FINITE: *out = sk_build_2(b, SK_L_FLT, size, inf); return true;
    case SK_OP_CHLO_IS_INF: *out = sk_build_2(b, SK_L_FEQ, size, inf); return true;
    case SK_OP_CHLO_IS_POS_INF: *out = sk_build_2(b, SK_L_FEQ, x, inf); return true;
    case SK_OP_CHLO_IS_NEG_INF:
      *out = sk_build_2(b, SK_L_FEQ, x, sk_build_1(b, SK_L_FNEG, inf));
      return true;
    default: return false;
  }
}

// Ops on real operands whose lowering does not follow from the class of the first one.
static bool apply_generic(sk_build *b, const sk_elem_op *op, const sk_scalar *in, sk_scalar *out) {
  switch ((int)op->kind) {
    case SK_OP_SELECT: out->re = sk_build_select(b, in[0].re, in[1].re, in[2].re); return true;
    case SK_OP_CLAMP:
      out->re =
          max_or_min(b, op->to, false, max_or_min(b, op->to, true, in[0].re, in[1].re), in[2].re);
      return true;
    case SK_OP_COMPARE: out->re = sk_scalar_compare(b, op, in[0].re, in[1].re); return true;
    case SK_OP_CONVERT:
      out->re = sk_scalar_convert(b, op->from, sk_elem_complex_part(op->to), in[0].re);
      out->im = sk_elem_is_complex(op->to) ? sk_scalar_zero(b, sk_elem_lt(op->to)) : (sk_val){0};
      return true;
    case SK_OP_BITCAST_CONVERT:
      out->re = bitcast(b, op->from, op->to, in[0].re);
      return !sk_elem_is_complex(op->to);
    case SK_OP_COMPLEX: *out = (sk_scalar){in[0].re, in[1].re}; return true;
    case SK_OP_REAL: out->re = in[0].re; return true;
    case SK_OP_IMAG:  // of a real number; not every type has a zero
      out->re = sk_scalar_zero(b, sk_elem_lt(op->to));
      out->re = sk_elem_is_float(op->to) ? sk_scalar_round(b, op->to, out->re) : out->re;
      return true;
    default: return sk_elem_is_float(op->from) && float_test(b, op->kind, in[0].re, &out->re);
  }
}

bool sk_scalar_apply(sk_build *b, const sk_elem_op *op, const sk_scalar *in, uint32_t count,
                     sk_scalar *out) {
  *out = (sk_scalar){{0}, {0}};
  if (sk_elem_is_complex(op->from)) {
    return sk_scalar_apply_complex(b, op, in, out);
  }
  if (apply_generic(b, op, in, out)) {
    return true;
  }
  switch (sk_elem_get_class(op->from)) {
    case SK_CLASS_PRED: out->re = pred_op(b, op, in); break;
    case SK_CLASS_SINT:
    case SK_CLASS_UINT:
      out->re = count == 1 ? int_unary(b, op, in[0].re) : int_binary(b, op, in[0].re, in[1].re);
      break;
    case SK_CLASS_FLOAT:
      out->re = count == 1 ? float_unary(b, op, in[0].re) : float_binary(b, op, in[0].re, in[1].re);
      out->re = out->re.id != 0 ? sk_scalar_round(b, op->to, out->re) : out->re;
      break;
    case SK_CLASS_NONE:
    case SK_CLASS_COMPLEX:
    case SK_CLASS_OTHER: break;
  }
  return out->re.id != 0;
}
