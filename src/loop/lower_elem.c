// SPDX-License-Identifier: Apache-2.0
// One element-wise op on scalars of any element type, as loop IR. The meaning is that of the StableHLO specification; where it leaves
// a choice, XLA:CPU's (docs/numerics.md).
//
// Registers hold: pred as PRED; integers up to 32 bits in I32, extended by their own sign after every op that may leave the type; 64-bit
// ones in I64; bf16, f16 and smaller floats as the F32 of equal value, rounded to the type after every op; complex as two floats.
#include "base/num.h"
#include "loop/lower_int.h"
#include "loop/math.h"

// ---------------------------------------------------------------------------------------------------- representation

sk_lt sk_elem_lt(sk_elem elem) {
  elem = sk_elem_complex_part(elem);
  switch (sk_elem_get_class(elem)) {
    case SK_CLASS_PRED: return SK_LT_PRED;
    case SK_CLASS_SINT: case SK_CLASS_UINT: return sk_elem_bits(elem) == 64 ? SK_LT_I64 : SK_LT_I32;
    case SK_CLASS_FLOAT: return elem == SK_F64 ? SK_LT_F64 : elem == SK_F8E8M0FNU ? SK_LT_NONE : SK_LT_F32;
    case SK_CLASS_NONE: case SK_CLASS_COMPLEX: case SK_CLASS_OTHER: return SK_LT_NONE;
  }
  return SK_LT_NONE;
}

sk_mem sk_elem_mem(sk_elem elem) {
  elem = sk_elem_complex_part(elem);
  bool is_signed = sk_elem_is_signed(elem);
  if (elem == SK_PRED) {
    return SK_MEM_PRED;
  }
  if (elem == SK_F32 || elem == SK_F64) {
    return elem == SK_F32 ? SK_MEM_F32 : SK_MEM_F64;
  }
  switch (sk_elem_bytes(elem)) {
    case 1: return is_signed ? SK_MEM_S8 : SK_MEM_U8;
    case 2: return is_signed ? SK_MEM_S16 : SK_MEM_U16;
    case 4: return SK_MEM_I32;
    default: return SK_MEM_I64;
  }
}

static bool narrow_format(sk_elem elem, sk_numfmt *out_format) {
  static const struct { sk_elem elem; sk_numfmt format; } table[] = {
#define X(name, ...) {SK_##name, SK_NUM_##name},
#include "base/num.def"
#undef X
  };
  for (size_t i = 0; i < SK_COUNT(table); i++) {
    if (table[i].elem == elem) {
      *out_format = table[i].format;
      return true;
    }
  }
  return false;
}

static bool is_narrow_float(sk_elem elem) { return sk_elem_is_float(elem) && sk_elem_bits(elem) < 32; }

static sk_val and_mask(sk_build *b, sk_val x, uint32_t mask) {
  return sk_build_2(b, SK_L_AND, x, sk_build_i32(b, (int32_t)mask));
}

static sk_val shift(sk_build *b, sk_lop op, sk_val x, int32_t amount) {
  sk_val by = sk_build_type(b, x) == SK_LT_I64 ? sk_build_i64(b, amount) : sk_build_i32(b, amount);
  return sk_build_2(b, op, x, by);
}

static sk_val as_bits(sk_build *b, sk_val x) {
  sk_lt type = sk_build_type(b, x);
  return type == SK_LT_F32 ? sk_build_convert(b, SK_L_BITCAST, SK_LT_I32, x)
                           : type == SK_LT_F64 ? sk_build_convert(b, SK_L_BITCAST, SK_LT_I64, x) : x;
}

static sk_val as_f32(sk_build *b, sk_val bits) { return sk_build_convert(b, SK_L_BITCAST, SK_LT_F32, bits); }

// Brings an integer back into its type after an op that may have left it.
static sk_val wrap(sk_build *b, sk_elem elem, sk_val x) {
  uint32_t bits = sk_elem_bits(elem);
  if (sk_elem_get_class(elem) == SK_CLASS_UINT) {
    return bits >= 32 ? x : and_mask(b, x, (1u << bits) - 1);
  }
  switch (bits) {
    case 8: return sk_build_1(b, SK_L_SEXT8, x);
    case 16: return sk_build_1(b, SK_L_SEXT16, x);
    case 2: case 4: return shift(b, SK_L_SAR, shift(b, SK_L_SHL, x, 32 - (int32_t)bits), 32 - (int32_t)bits);
    default: return x;
  }
}

// ---------------------------------------------------------------------------------------------------- narrow floats

// bf16 bits of a float, rounded to nearest even; NaN becomes quiet with its sign.
static sk_val bf16_bits(sk_build *b, sk_val x) {
  sk_val bits = as_bits(b, x);
  sk_val odd = and_mask(b, shift(b, SK_L_SHR, bits, 16), 1);
  sk_val rounded = sk_build_2(b, SK_L_ADD, bits, sk_build_2(b, SK_L_ADD, odd, sk_build_i32(b, 0x7FFF)));
  sk_val quiet = sk_build_2(b, SK_L_OR, bits, sk_build_i32(b, 0x400000));
  return shift(b, SK_L_SHR, sk_build_select(b, sk_build_2(b, SK_L_FUNORD, x, x), quiet, rounded), 16);
}

typedef struct narrow {
  int32_t exponent_bits, mantissa_bits, bias, storage_bits;
  bool has_inf, has_sign, has_negative_zero;
  int nan_kind;
} narrow;

enum { NAN_IEEE, NAN_ALL_ONES, NAN_NEG_ZERO, NAN_NONE };

static narrow narrow_info(sk_numfmt format) {
  static const narrow table[] = {
#define X(name, text, storage, exponent, mantissa, bias, inf, nan, neg_zero, sign) \
  {exponent, mantissa, bias, storage, inf, sign, neg_zero, NAN_##nan},
#include "base/num.def"
#undef X
  };
  return table[format];
}

// Bits of a small float (f8, f6, f4) from a float: round the magnitude at the position its exponent asks for, then build the
// pattern. The magnitude is scaled so that the target's exponents line up with f32's; target subnormals come out by an add that
// drops the right bits (the classic "magic number" rounding).
static sk_val small_float_bits(sk_build *b, sk_numfmt format, sk_val x) {
  narrow n = narrow_info(format);
  uint32_t sign_mask = n.has_sign ? 1u << (n.storage_bits - 1) : 0;
  sk_val bits = as_bits(b, x), magnitude = and_mask(b, bits, 0x7FFFFFFF);
  sk_val sign = n.has_sign ? and_mask(b, shift(b, SK_L_SHR, bits, 32 - n.storage_bits), sign_mask) : sk_build_i32(b, 0);
  int32_t drop = 23 - n.mantissa_bits;
  // normal: round to nearest even at bit `drop`, rebias
  sk_val odd = and_mask(b, shift(b, SK_L_SHR, magnitude, drop), 1);
  sk_val half = sk_build_i32(b, drop > 0 ? (int32_t)((1u << (drop - 1)) - 1) : 0);
  sk_val rounded = drop > 0 ? shift(b, SK_L_SHR, sk_build_2(b, SK_L_ADD, magnitude, sk_build_2(b, SK_L_ADD, odd, half)), drop) : magnitude;
  sk_val normal = sk_build_2(b, SK_L_SUB, rounded, sk_build_i32(b, (127 - n.bias) << n.mantissa_bits));
  // subnormal: |x| + 2^(23 + lowest exponent) leaves the rounded pattern in the low bits
  int32_t magic_exponent = 127 + 23 + (1 - n.bias - n.mantissa_bits);
  sk_val result = normal;
  if (magic_exponent > 0 && n.mantissa_bits > 0) {
    sk_val magic = sk_build_i32(b, magic_exponent << 23);
    sk_val low = sk_build_2(b, SK_L_SUB, as_bits(b, sk_build_2(b, SK_L_FADD, as_f32(b, magnitude), as_f32(b, magic))), magic);
    sk_val is_small = sk_build_2(b, SK_L_SLT, magnitude, sk_build_i32(b, (127 + 1 - n.bias) << 23));
    result = sk_build_select(b, is_small, low, normal);
  }
  // overflow and NaN by the format's own encoder, so that there is one definition
  uint32_t overflow = sk_num_encode(format, 1e38) & ~sign_mask, nan = sk_num_encode(format, (double)__builtin_nanf("")) & ~sign_mask;
  uint32_t largest = 0;
  for (uint32_t p = 0; p < 1u << (n.storage_bits - (n.has_sign ? 1 : 0)); p++) {
    double value = sk_num_decode(format, p);
    largest = !sk_num_is_nan(format, p) && value < 1e300 ? p : largest;
  }
  result = sk_build_select(b, sk_build_2(b, SK_L_SLT, sk_build_i32(b, (int32_t)largest), result), sk_build_i32(b, (int32_t)overflow), result);
  sk_val too_big = sk_build_2(b, SK_L_SLE, sk_build_i32(b, 0x7F000000), magnitude);  // 2^127 and more, inf
  result = n.bias < 120 ? sk_build_select(b, too_big, sk_build_i32(b, (int32_t)overflow), result) : result;
  result = sk_build_select(b, sk_build_2(b, SK_L_FUNORD, x, x), sk_build_i32(b, (int32_t)nan), result);
  if (n.nan_kind == NAN_NEG_ZERO) {  // no negative zero; the NaN is the pattern 100..0
    sk_val is_nan = sk_build_2(b, SK_L_POR, sk_build_2(b, SK_L_FUNORD, x, x),
                               sk_build_2(b, SK_L_SLT, sk_build_i32(b, (int32_t)largest), normal));
    sk_val zero = sk_build_2(b, SK_L_IEQ, result, sk_build_i32(b, 0));
    sk_val signed_result = sk_build_select(b, zero, result, sk_build_2(b, SK_L_OR, result, sign));
    return sk_build_select(b, is_nan, sk_build_i32(b, (int32_t)sign_mask), signed_result);
  }
  return sk_build_2(b, SK_L_OR, result, sign);
}

static sk_val small_float_value(sk_build *b, sk_numfmt format, sk_val bits) {
  narrow n = narrow_info(format);
  uint32_t magnitude_mask = (1u << (n.exponent_bits + n.mantissa_bits)) - 1;
  sk_val magnitude = and_mask(b, bits, magnitude_mask);
  sk_val sign = shift(b, SK_L_SHL, and_mask(b, bits, 1u << (n.storage_bits - 1)), 32 - n.storage_bits);
  // place mantissa and exponent in f32's fields and scale by the difference of biases: exact, subnormals included
  sk_val placed = as_f32(b, shift(b, SK_L_SHL, magnitude, 23 - n.mantissa_bits));
  sk_val scaled = sk_build_2(b, SK_L_FMUL, placed, as_f32(b, sk_build_i32(b, (127 + 127 - n.bias) << 23)));
  sk_val value = as_f32(b, sk_build_2(b, SK_L_OR, as_bits(b, scaled), sign));
  sk_val nan = sk_build_i32(b, 0x7FC00000);
  if (n.nan_kind == NAN_NEG_ZERO) {
    sk_val is_nan = sk_build_2(b, SK_L_IEQ, bits, sk_build_i32(b, 1 << (n.storage_bits - 1)));
    return sk_build_select(b, is_nan, as_f32(b, nan), value);
  }
  if (n.nan_kind == NAN_ALL_ONES) {
    sk_val is_nan = sk_build_2(b, SK_L_IEQ, magnitude, sk_build_i32(b, (int32_t)magnitude_mask));
    return sk_build_select(b, is_nan, as_f32(b, nan), value);
  }
  if (n.nan_kind == NAN_IEEE) {
    sk_val inf_bits = sk_build_i32(b, (int32_t)(((1u << n.exponent_bits) - 1) << n.mantissa_bits));
    sk_val inf = as_f32(b, sk_build_2(b, SK_L_OR, sign, sk_build_i32(b, 0x7F800000)));
    value = sk_build_select(b, sk_build_2(b, SK_L_IEQ, magnitude, inf_bits), inf, value);
    return sk_build_select(b, sk_build_2(b, SK_L_SLT, inf_bits, magnitude), as_f32(b, nan), value);
  }
  return value;
}

sk_val sk_scalar_from_memory(sk_build *b, sk_elem elem, sk_val loaded) {
  sk_numfmt format;
  elem = sk_elem_complex_part(elem);
  if (elem == SK_BF16) {
    return as_f32(b, shift(b, SK_L_SHL, loaded, 16));
  }
  if (elem == SK_F16) {
    return sk_build_convert(b, SK_L_HTOF, SK_LT_F32, loaded);
  }
  return narrow_format(elem, &format) ? small_float_value(b, format, loaded) : loaded;
}

// Register form is the value of the element type already: the bits of a bf16 are the upper half.
sk_val sk_scalar_to_memory(sk_build *b, sk_elem elem, sk_val value) {
  sk_numfmt format;
  elem = sk_elem_complex_part(elem);
  if (elem == SK_BF16) {
    return sk_build_2(b, SK_L_SHR, as_bits(b, value), sk_build_i32(b, 16));
  }
  if (elem == SK_F16) {
    return sk_build_convert(b, SK_L_FTOH, SK_LT_I32, value);
  }
  return narrow_format(elem, &format) ? small_float_bits(b, format, value) : value;
}

// Rounds an F32 result to the element type and back to its register form.
sk_val sk_scalar_round(sk_build *b, sk_elem elem, sk_val x) {
  if (elem == SK_BF16) {
    return sk_scalar_from_memory(b, elem, bf16_bits(b, x));
  }
  return is_narrow_float(elem) ? sk_scalar_from_memory(b, elem, sk_scalar_to_memory(b, elem, x)) : x;
}

sk_val sk_scalar_const(sk_build *b, sk_elem elem, const void *bits) {
  sk_numfmt format;
  uint64_t raw = 0;
  elem = sk_elem_complex_part(elem);
  memcpy(&raw, bits, sk_elem_bytes(elem));
  if (narrow_format(elem, &format)) {
    return sk_build_f32(b, (float)sk_num_decode(format, (uint32_t)raw));
  }
  switch (sk_elem_lt(elem)) {
    case SK_LT_PRED: return sk_build_pred(b, raw != 0);
    case SK_LT_I32: return wrap(b, elem, sk_build_i32(b, (int32_t)(uint32_t)raw));
    case SK_LT_I64: return sk_build_i64(b, (int64_t)raw);
    case SK_LT_F32: case SK_LT_F64: return sk_build_const(b, sk_elem_lt(elem), raw);
    case SK_LT_NONE: break;
  }
  return (sk_val){0};
}

// ---------------------------------------------------------------------------------------------------- conversions

static sk_val zero_of(sk_build *b, sk_lt type) { return sk_build_const(b, type, 0); }

static sk_val float_const(sk_build *b, sk_lt type, double value) {
  return type == SK_LT_F64 ? sk_build_f64(b, value) : sk_build_f32(b, (float)value);
}

// f64 -> f32 rounded to odd, so that a further rounding to a narrower format sees no false ties.
static sk_val f64_to_f32_odd(sk_build *b, sk_val x) {
  sk_val nearest = sk_build_convert(b, SK_L_FTRUNCF, SK_LT_F32, x);
  sk_val back = sk_build_convert(b, SK_L_FEXT, SK_LT_F64, nearest);
  sk_val bits = as_bits(b, nearest);
  sk_val away = sk_build_2(b, SK_L_FLT, sk_build_1(b, SK_L_FABS, x), sk_build_1(b, SK_L_FABS, back));
  sk_val toward_zero = sk_build_select(b, away, sk_build_2(b, SK_L_SUB, bits, sk_build_i32(b, 1)), bits);
  sk_val odd = sk_build_2(b, SK_L_OR, toward_zero, sk_build_i32(b, 1));
  return as_f32(b, sk_build_select(b, sk_build_2(b, SK_L_FNE, back, x), sk_build_select(b, sk_build_2(b, SK_L_FUNORD, x, x), bits, odd), bits));
}

// 64-bit integers beyond 2^53 get their low 12 bits folded into one sticky bit before they pass through f64 to a narrow float.
static sk_val i64_sticky(sk_build *b, sk_val x) {
  sk_val low = sk_build_2(b, SK_L_AND, x, sk_build_i64(b, 0xFFF));
  sk_val sticky = sk_build_select(b, sk_build_2(b, SK_L_INE, low, sk_build_i64(b, 0)), sk_build_i64(b, 0x1000), sk_build_i64(b, 0));
  sk_val folded = sk_build_2(b, SK_L_OR, sk_build_2(b, SK_L_AND, x, sk_build_i64(b, ~INT64_C(0xFFF))), sticky);
  sk_val high = shift(b, SK_L_SHR, sk_build_2(b, SK_L_XOR, x, shift(b, SK_L_SAR, x, 63)), 53);
  return sk_build_select(b, sk_build_2(b, SK_L_IEQ, high, sk_build_i64(b, 0)), x, folded);
}

static sk_val int_to_float(sk_build *b, sk_elem from, sk_elem to, sk_val x) {
  sk_lop op = sk_elem_is_signed(from) ? SK_L_SITOF : SK_L_UITOF;
  if (is_narrow_float(to)) {
    sk_val wide = sk_build_type(b, x) == SK_LT_I64 ? i64_sticky(b, x) : x;
    return sk_scalar_round(b, to, f64_to_f32_odd(b, sk_build_convert(b, op, SK_LT_F64, wide)));
  }
  return sk_build_convert(b, op, sk_elem_lt(to), x);
}

static sk_val float_to_signed(sk_build *b, sk_lt wide, sk_val x) {
  sk_lt type = sk_build_type(b, x);
  double limit = wide == SK_LT_I64 ? 9223372036854775808.0 : 2147483648.0;
  sk_val max = wide == SK_LT_I64 ? sk_build_i64(b, INT64_MAX) : sk_build_i32(b, INT32_MAX);
  sk_val raw = sk_build_convert(b, SK_L_FTOSI, wide, x);
  sk_val finite = sk_build_select(b, sk_build_2(b, SK_L_FUNORD, x, x), zero_of(b, wide), raw);
  return sk_build_select(b, sk_build_2(b, SK_L_FLE, float_const(b, type, limit), x), max, finite);
}

static sk_val float_to_unsigned(sk_build *b, sk_lt wide, sk_val x) {
  sk_lt type = sk_build_type(b, x);
  double half = wide == SK_LT_I64 ? 9223372036854775808.0 : 2147483648.0;
  sk_val top = wide == SK_LT_I64 ? sk_build_i64(b, INT64_MIN) : sk_build_i32(b, INT32_MIN);
  sk_val ones = wide == SK_LT_I64 ? sk_build_i64(b, -1) : sk_build_i32(b, -1);
  sk_val low = sk_build_convert(b, SK_L_FTOSI, wide, x);
  sk_val rest = sk_build_2(b, SK_L_FSUB, x, float_const(b, type, half));
  sk_val high = sk_build_2(b, SK_L_XOR, sk_build_convert(b, SK_L_FTOSI, wide, rest), top);
  sk_val value = sk_build_select(b, sk_build_2(b, SK_L_FLT, x, float_const(b, type, half)), low, high);
  value = sk_build_select(b, sk_build_2(b, SK_L_FLE, float_const(b, type, 2 * half), x), ones, value);
  sk_val positive = sk_build_2(b, SK_L_FLT, float_const(b, type, 0), x);  // false on NaN
  return sk_build_select(b, positive, value, zero_of(b, wide));
}

static sk_val float_to_int(sk_build *b, sk_elem to, sk_val x) {
  uint32_t bits = sk_elem_bits(to);
  bool is_signed = sk_elem_is_signed(to);
  if (bits == 64) {
    return is_signed ? float_to_signed(b, SK_LT_I64, x) : float_to_unsigned(b, SK_LT_I64, x);
  }
  if (bits == 32 && !is_signed) {
    return float_to_unsigned(b, SK_LT_I32, x);
  }
  sk_val value = float_to_signed(b, SK_LT_I32, x);
  if (bits == 32) {
    return value;
  }
  int32_t max = is_signed ? (1 << (bits - 1)) - 1 : (int32_t)((1u << bits) - 1), min = is_signed ? -max - 1 : 0;
  return sk_build_2(b, SK_L_SMAX, sk_build_2(b, SK_L_SMIN, value, sk_build_i32(b, max)), sk_build_i32(b, min));
}

static sk_val float_to_float(sk_build *b, sk_elem from, sk_elem to, sk_val x) {
  if (from == SK_F64 && to != SK_F64) {
    return to == SK_F32 ? sk_build_convert(b, SK_L_FTRUNCF, SK_LT_F32, x) : sk_scalar_round(b, to, f64_to_f32_odd(b, x));
  }
  if (to == SK_F64) {
    return from == SK_F64 ? x : sk_build_convert(b, SK_L_FEXT, SK_LT_F64, x);
  }
  return from == to ? x : sk_scalar_round(b, to, x);
}

static sk_val int_to_int(sk_build *b, sk_elem from, sk_elem to, sk_val x) {
  sk_lt have = sk_elem_lt(from), want = sk_elem_lt(to);
  if (have == SK_LT_I32 && want == SK_LT_I64) {
    return sk_build_convert(b, sk_elem_is_signed(from) ? SK_L_SEXT : SK_L_ZEXT, SK_LT_I64, x);
  }
  if (have == SK_LT_I64 && want == SK_LT_I32) {
    x = sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, x);
  }
  return wrap(b, to, x);
}

sk_val sk_scalar_convert(sk_build *b, sk_elem from, sk_elem to, sk_val x) {
  bool from_float = sk_elem_is_float(from), to_float = sk_elem_is_float(to);
  if (from == SK_PRED) {
    if (to == SK_PRED) {
      return x;
    }
    sk_lt type = sk_elem_lt(to);
    return to_float ? sk_build_select(b, x, float_const(b, type, 1), float_const(b, type, 0)) : sk_build_convert(b, SK_L_ZEXT, type, x);
  }
  if (to == SK_PRED) {
    return sk_build_2(b, from_float ? SK_L_FNE : SK_L_INE, x, zero_of(b, sk_build_type(b, x)));
  }
  if (from_float) {
    return to_float ? float_to_float(b, from, to, x) : float_to_int(b, to, x);
  }
  return to_float ? int_to_float(b, from, to, x) : int_to_int(b, from, to, x);
}

// ---------------------------------------------------------------------------------------------------- op families

// Key whose signed order is the total order of floats: -NaN < -inf < ... < -0 < +0 < ... < +NaN.
static sk_val total_order_key(sk_build *b, sk_val x) {
  sk_val bits = as_bits(b, x);
  int32_t width = sk_build_type(b, bits) == SK_LT_I64 ? 64 : 32;
  return sk_build_2(b, SK_L_XOR, bits, shift(b, SK_L_SHR, shift(b, SK_L_SAR, bits, width - 1), 1));
}

static sk_val compare_with(sk_build *b, uint32_t direction, sk_lop eq, sk_lop ne, sk_lop lt, sk_lop le, sk_val x, sk_val y) {
  switch (direction) {
    case SK_CMP_EQ: return sk_build_2(b, eq, x, y);
    case SK_CMP_NE: return sk_build_2(b, ne, x, y);
    case SK_CMP_LT: return sk_build_2(b, lt, x, y);
    case SK_CMP_LE: return sk_build_2(b, le, x, y);
    case SK_CMP_GT: return sk_build_2(b, lt, y, x);
    default: return sk_build_2(b, le, y, x);  // GE
  }
}

static sk_val compare(sk_build *b, const sk_elem_op *op, sk_val x, sk_val y) {
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
  return compare_with(b, op->compare_direction, SK_L_IEQ, SK_L_INE, is_unsigned ? SK_L_ULT : SK_L_SLT,
                      is_unsigned ? SK_L_ULE : SK_L_SLE, x, y);
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
    sk_val sign_bit = sk_build_const(b, type, type == SK_LT_F64 ? UINT64_C(1) << 63 : 0x80000000u);
    sk_val one = sk_build_2(b, SK_L_OR, sk_build_2(b, SK_L_AND, x, sign_bit), float_const(b, type, 1));
    sk_val special = sk_build_2(b, SK_L_POR, sk_build_2(b, SK_L_FEQ, x, zero_of(b, type)), sk_build_2(b, SK_L_FUNORD, x, x));
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
  sk_val one = sk_build_const(b, type, 1), zero = zero_of(b, type), result = one, square = base, bits = exponent;
  for (int i = 0; i < 6; i++) {
    sk_val odd = sk_build_2(b, SK_L_INE, sk_build_2(b, SK_L_AND, bits, one), zero);
    result = sk_build_select(b, odd, sk_build_2(b, SK_L_MUL, result, square), result);
    square = sk_build_2(b, SK_L_MUL, square, square);
    bits = sk_build_2(b, SK_L_SHR, bits, one);
  }
  if (sk_elem_is_signed(elem)) {
    sk_val is_one = sk_build_2(b, SK_L_IEQ, base, one);
    result = sk_build_select(b, sk_build_2(b, SK_L_SLT, exponent, zero), sk_build_select(b, is_one, one, zero), result);
  }
  return wrap(b, elem, result);
}

static sk_val round_away(sk_build *b, sk_val x) {
  sk_lt type = sk_build_type(b, x);
  sk_val whole = sk_build_1(b, SK_L_FTRUNC, x);
  sk_val rest = sk_build_1(b, SK_L_FABS, sk_build_2(b, SK_L_FSUB, x, whole));
  sk_val sign_bit = sk_build_const(b, type, type == SK_LT_F64 ? UINT64_C(1) << 63 : 0x80000000u);
  sk_val one = sk_build_2(b, SK_L_OR, sk_build_2(b, SK_L_AND, x, sign_bit), float_const(b, type, 1));
  return sk_build_select(b, sk_build_2(b, SK_L_FLE, float_const(b, type, 0.5), rest), sk_build_2(b, SK_L_FADD, whole, one), whole);
}

typedef sk_val (*math_1)(sk_build *b, sk_val x);
typedef struct math_row {
  sk_opkind kind;
  math_1 f32, f64;
} math_row;

static const math_row math_table[] = {
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
    {SK_OP_CHLO_ERF, sk_math_erf_f32, sk_math_erf_f64},
    {SK_OP_CHLO_ERFC, sk_math_erfc_f32, sk_math_erfc_f64},
    {SK_OP_CHLO_ERF_INV, sk_math_erf_inv_f32, sk_math_erf_inv_f64},
};

static const math_row *find_math(sk_opkind kind) {
  for (size_t i = 0; i < SK_COUNT(math_table); i++) {
    if (math_table[i].kind == kind) {
      return &math_table[i];
    }
  }
  return NULL;
}

static sk_val float_unary(sk_build *b, const sk_elem_op *op, sk_val x) {
  const math_row *math = find_math(op->kind);
  if (math != NULL) {
    math_1 expand = sk_build_type(b, x) == SK_LT_F64 ? math->f64 : math->f32;
    return expand != NULL ? expand(b, x) : (sk_val){0};
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
    case SK_OP_CHLO_SQUARE: return sk_build_2(b, SK_L_FMUL, x, x);
    default: return (sk_val){0};
  }
}

static sk_val float_binary(sk_build *b, const sk_elem_op *op, sk_val x, sk_val y) {
  switch ((int)op->kind) {
    case SK_OP_ADD: return sk_build_2(b, SK_L_FADD, x, y);
    case SK_OP_SUBTRACT: return sk_build_2(b, SK_L_FSUB, x, y);
    case SK_OP_MULTIPLY: return sk_build_2(b, SK_L_FMUL, x, y);
    case SK_OP_DIVIDE: return sk_build_2(b, SK_L_FDIV, x, y);
    case SK_OP_MAXIMUM: return sk_build_fmax(b, x, y);
    case SK_OP_MINIMUM: return sk_build_fmin(b, x, y);
    case SK_OP_POWER: return sk_build_type(b, x) == SK_LT_F32 ? sk_math_pow_f32(b, x, y) : sk_math_pow_f64(b, x, y);
    case SK_OP_ATAN2: return sk_build_type(b, x) == SK_LT_F32 ? sk_math_atan2_f32(b, x, y) : sk_math_atan2_f64(b, x, y);
    default: return (sk_val){0};
  }
}

static sk_val int_unary(sk_build *b, const sk_elem_op *op, sk_val x) {
  sk_elem elem = op->from;
  sk_lt type = sk_build_type(b, x);
  int32_t bits = (int32_t)sk_elem_bits(elem);
  sk_val zero_extended = bits < 32 ? and_mask(b, x, (1u << bits) - 1) : x;
  switch ((int)op->kind) {
    case SK_OP_ABS: return wrap(b, elem, sk_build_2(b, SK_L_SMAX, x, sk_build_2(b, SK_L_SUB, zero_of(b, type), x)));
    case SK_OP_NEGATE: return wrap(b, elem, sk_build_2(b, SK_L_SUB, zero_of(b, type), x));
    case SK_OP_NOT: return wrap(b, elem, sk_build_1(b, SK_L_NOT, x));
    case SK_OP_SIGN: return sign_of(b, elem, x);
    case SK_OP_POPCNT: return sk_build_1(b, SK_L_POPCNT, zero_extended);
    case SK_OP_COUNT_LEADING_ZEROS: {
      sk_val count = sk_build_1(b, SK_L_CLZ, zero_extended);
      return bits < 32 ? sk_build_2(b, SK_L_SUB, count, sk_build_i32(b, 32 - bits)) : count;
    }
    case SK_OP_CHLO_SQUARE: return wrap(b, elem, sk_build_2(b, SK_L_MUL, x, x));
    default: return (sk_val){0};
  }
}

static sk_val int_binary(sk_build *b, const sk_elem_op *op, sk_val x, sk_val y) {
  sk_elem elem = op->from;
  bool is_signed = sk_elem_is_signed(elem);
  uint32_t bits = sk_elem_bits(elem);
  switch ((int)op->kind) {
    case SK_OP_ADD: return wrap(b, elem, sk_build_2(b, SK_L_ADD, x, y));
    case SK_OP_SUBTRACT: return wrap(b, elem, sk_build_2(b, SK_L_SUB, x, y));
    case SK_OP_MULTIPLY: return wrap(b, elem, sk_build_2(b, SK_L_MUL, x, y));
    case SK_OP_DIVIDE: return wrap(b, elem, sk_build_2(b, is_signed ? SK_L_SDIV : SK_L_UDIV, x, y));
    case SK_OP_REMAINDER: return sk_build_2(b, is_signed ? SK_L_SREM : SK_L_UREM, x, y);
    case SK_OP_MAXIMUM: return max_or_min(b, elem, true, x, y);
    case SK_OP_MINIMUM: return max_or_min(b, elem, false, x, y);
    case SK_OP_AND: return sk_build_2(b, SK_L_AND, x, y);
    case SK_OP_OR: return sk_build_2(b, SK_L_OR, x, y);
    case SK_OP_XOR: return sk_build_2(b, SK_L_XOR, x, y);
    case SK_OP_SHIFT_LEFT: return wrap(b, elem, sk_build_2(b, SK_L_SHL, x, y));
    case SK_OP_SHIFT_RIGHT_ARITHMETIC:
      if (bits < 32 && !is_signed) {  // the sign is the type's top bit
        sk_val up = shift(b, SK_L_SHL, x, 32 - (int32_t)bits);
        sk_val sign_filled = shift(b, SK_L_SAR, up, 32 - (int32_t)bits);
        return wrap(b, elem, sk_build_2(b, SK_L_SAR, sign_filled, y));
      }
      return sk_build_2(b, SK_L_SAR, x, y);
    case SK_OP_SHIFT_RIGHT_LOGICAL:
      return wrap(b, elem, sk_build_2(b, SK_L_SHR, bits < 32 && is_signed ? and_mask(b, x, (1u << bits) - 1) : x, y));
    case SK_OP_POWER: return int_power(b, elem, x, y);
    default: return (sk_val){0};
  }
}

static sk_val pred_op(sk_build *b, const sk_elem_op *op, const sk_scalar *in) {
  switch ((int)op->kind) {
    case SK_OP_ADD: case SK_OP_MAXIMUM: case SK_OP_OR: return sk_build_2(b, SK_L_POR, in[0].re, in[1].re);
    case SK_OP_MULTIPLY: case SK_OP_MINIMUM: case SK_OP_AND: return sk_build_2(b, SK_L_PAND, in[0].re, in[1].re);
    case SK_OP_XOR: return sk_build_2(b, SK_L_PXOR, in[0].re, in[1].re);
    case SK_OP_NOT: return sk_build_1(b, SK_L_PNOT, in[0].re);
    default: return (sk_val){0};
  }
}

// ---------------------------------------------------------------------------------------------------- complex

static bool complex_op(sk_build *b, const sk_elem_op *op, const sk_scalar *in, sk_scalar *out) {
  const sk_scalar x = in[0], y = in[1];
  switch ((int)op->kind) {
    case SK_OP_ADD: case SK_OP_SUBTRACT: {
      sk_lop add = op->kind == SK_OP_ADD ? SK_L_FADD : SK_L_FSUB;
      *out = (sk_scalar){sk_build_2(b, add, x.re, y.re), sk_build_2(b, add, x.im, y.im)};
      return true;
    }
    case SK_OP_MULTIPLY:
      out->re = sk_build_2(b, SK_L_FSUB, sk_build_2(b, SK_L_FMUL, x.re, y.re), sk_build_2(b, SK_L_FMUL, x.im, y.im));
      out->im = sk_build_2(b, SK_L_FADD, sk_build_2(b, SK_L_FMUL, x.re, y.im), sk_build_2(b, SK_L_FMUL, x.im, y.re));
      return true;
    case SK_OP_NEGATE: *out = (sk_scalar){sk_build_1(b, SK_L_FNEG, x.re), sk_build_1(b, SK_L_FNEG, x.im)}; return true;
    case SK_OP_REAL: *out = (sk_scalar){x.re, {0}}; return true;
    case SK_OP_IMAG: *out = (sk_scalar){x.im, {0}}; return true;
    default: return false;
  }
}

static bool complex_compare(sk_build *b, const sk_elem_op *op, const sk_scalar *in, sk_scalar *out) {
  bool equal = op->compare_direction == SK_CMP_EQ;
  if (!equal && op->compare_direction != SK_CMP_NE) {
    return false;
  }
  sk_lop test = equal ? SK_L_FEQ : SK_L_FNE;
  sk_val re = sk_build_2(b, test, in[0].re, in[1].re), im = sk_build_2(b, test, in[0].im, in[1].im);
  *out = (sk_scalar){sk_build_2(b, equal ? SK_L_PAND : SK_L_POR, re, im), {0}};
  return true;
}

static bool complex_convert(sk_build *b, const sk_elem_op *op, const sk_scalar *in, sk_scalar *out) {
  sk_elem from = sk_elem_complex_part(op->from), to = sk_elem_complex_part(op->to);
  out->re = sk_scalar_convert(b, from, to, in[0].re);
  if (sk_elem_is_complex(op->to)) {
    out->im = sk_elem_is_complex(op->from) ? sk_scalar_convert(b, from, to, in[0].im) : zero_of(b, sk_elem_lt(to));
  }
  return true;
}

// ---------------------------------------------------------------------------------------------------- entry

static sk_val bitcast(sk_build *b, sk_elem from, sk_elem to, sk_val x) {
  sk_val bits = from == SK_PRED ? sk_build_convert(b, SK_L_ZEXT, SK_LT_I32, x) : as_bits(b, sk_scalar_to_memory(b, from, x));
  if (to == SK_PRED) {
    return sk_build_2(b, SK_L_INE, bits, zero_of(b, SK_LT_I32));
  }
  if (to == SK_F32 || to == SK_F64) {
    return sk_build_convert(b, SK_L_BITCAST, sk_elem_lt(to), bits);
  }
  return sk_elem_is_float(to) ? sk_scalar_from_memory(b, to, and_mask(b, bits, (1u << sk_elem_bits(to)) - 1)) : wrap(b, to, bits);
}

static bool apply_generic(sk_build *b, const sk_elem_op *op, const sk_scalar *in, sk_scalar *out) {
  bool complex = sk_elem_is_complex(op->from);
  switch ((int)op->kind) {
    case SK_OP_SELECT:
      out->re = sk_build_select(b, in[0].re, in[1].re, in[2].re);
      out->im = sk_elem_is_complex(op->to) ? sk_build_select(b, in[0].re, in[1].im, in[2].im) : (sk_val){0};
      return true;
    case SK_OP_CLAMP:
      if (complex) {
        return false;
      }
      out->re = max_or_min(b, op->to, false, max_or_min(b, op->to, true, in[0].re, in[1].re), in[2].re);
      return true;
    case SK_OP_COMPARE:
      if (complex) {
        return complex_compare(b, op, in, out);
      }
      out->re = compare(b, op, in[0].re, in[1].re);
      return true;
    case SK_OP_CONVERT:
      if (complex || sk_elem_is_complex(op->to)) {
        return complex_convert(b, op, in, out);
      }
      out->re = sk_scalar_convert(b, op->from, op->to, in[0].re);
      return true;
    case SK_OP_BITCAST_CONVERT: out->re = bitcast(b, op->from, op->to, in[0].re); return !complex && !sk_elem_is_complex(op->to);
    case SK_OP_IS_FINITE: {
      sk_lt type = sk_build_type(b, in[0].re);
      out->re = sk_build_2(b, SK_L_FLT, sk_build_1(b, SK_L_FABS, in[0].re), float_const(b, type, __builtin_inf()));
      return !complex;
    }
    case SK_OP_COMPLEX: *out = (sk_scalar){in[0].re, in[1].re}; return true;
    case SK_OP_REAL: case SK_OP_IMAG:
      if (!complex) {
        out->re = op->kind == SK_OP_REAL ? in[0].re : zero_of(b, sk_elem_lt(op->to));
        return true;
      }
      return complex_op(b, op, in, out);
    default: return false;
  }
}

bool sk_scalar_apply(sk_build *b, const sk_elem_op *op, const sk_scalar *in, uint32_t count, sk_scalar *out) {
  *out = (sk_scalar){{0}, {0}};
  if (apply_generic(b, op, in, out)) {
    return true;
  }
  if (sk_elem_is_complex(op->from)) {
    return complex_op(b, op, in, out);
  }
  switch (sk_elem_get_class(op->from)) {
    case SK_CLASS_PRED: out->re = pred_op(b, op, in); break;
    case SK_CLASS_SINT: case SK_CLASS_UINT: out->re = count == 1 ? int_unary(b, op, in[0].re) : int_binary(b, op, in[0].re, in[1].re); break;
    case SK_CLASS_FLOAT:
      out->re = count == 1 ? float_unary(b, op, in[0].re) : float_binary(b, op, in[0].re, in[1].re);
      out->re = out->re.id != 0 ? sk_scalar_round(b, op->to, out->re) : out->re;
      break;
    case SK_CLASS_NONE: case SK_CLASS_COMPLEX: case SK_CLASS_OTHER: break;
  }
  return out->re.id != 0;
}
