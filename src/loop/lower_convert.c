// SPDX-License-Identifier: Apache-2.0
// How elements of every type are held in registers, and conversions between types, as loop IR.
//
// Registers hold: pred as PRED; integers up to 32 bits in I32, extended by their own sign after
// every op that may leave the type; 64-bit ones in I64; bf16, f16 and smaller floats as the F32 of
// equal value, rounded to the type after every op; complex as two floats. Conversions are
// StableHLO's: floats round once to nearest even, float to integer truncates and clamps, NaN gives
// 0 (docs/numerics.md).
#include "base/num.h"
#include "loop/lower_elem.h"

// ---- representation

sk_lt sk_elem_lt(sk_elem elem) {
  elem = sk_elem_complex_part(elem);
  switch (sk_elem_get_class(elem)) {
    case SK_CLASS_PRED: return SK_LT_PRED;
    case SK_CLASS_SINT:
    case SK_CLASS_UINT: return sk_elem_bits(elem) == 64 ? SK_LT_I64 : SK_LT_I32;
    case SK_CLASS_FLOAT: return elem == SK_F64 ? SK_LT_F64 : SK_LT_F32;
    case SK_CLASS_NONE:
    case SK_CLASS_COMPLEX:
    case SK_CLASS_OTHER: return SK_LT_NONE;
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
  static const struct {
    sk_elem elem;
    sk_numfmt format;
  } table[] = {
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

bool sk_elem_is_narrow_float(sk_elem elem) {
  return sk_elem_is_float(elem) && sk_elem_bits(elem) < 32;
}

static sk_val as_f32(sk_build *b, sk_val bits) {
  return sk_build_convert(b, SK_L_BITCAST, SK_LT_F32, bits);
}

// Brings an integer back into its type after an op that may have left it.
sk_val sk_scalar_wrap(sk_build *b, sk_elem elem, sk_val x) {
  uint32_t bits = sk_elem_bits(elem);
  if (sk_elem_get_class(elem) == SK_CLASS_UINT) {
    return bits >= 32 ? x : sk_scalar_mask(b, x, (1u << bits) - 1);
  }
  switch (bits) {
    case 8: return sk_build_1(b, SK_L_SEXT8, x);
    case 16: return sk_build_1(b, SK_L_SEXT16, x);
    case 2:
    case 4:
      return sk_scalar_shift(b, SK_L_SAR, sk_scalar_shift(b, SK_L_SHL, x, 32 - (int32_t)bits),
                             32 - (int32_t)bits);
    default: return x;
  }
}

// ---- narrow floats

typedef struct narrow {
  int32_t exponent_bits, mantissa_bits, bias, storage_bits;
  int nan_kind;
} narrow;

enum { NAN_IEEE, NAN_ALL_ONES, NAN_NEG_ZERO, NAN_NONE };

static narrow narrow_info(sk_numfmt format) {
  static const narrow table[] = {
#define X(name, text, storage, exponent, mantissa, bias, inf, nan, neg_zero, sign)                 \
  {exponent, mantissa, bias, storage, NAN_##nan},
#include "base/num.def"
#undef X
  };
  return table[format];
}

static sk_val i32_const(sk_build *b, uint32_t value) { return sk_build_i32(b, (int32_t)value); }

// The pattern of |x| in a small format as if its exponents had no end, for results that are normal
// in it: rounded to nearest even at the lowest mantissa bit, then rebiased.
static sk_val normal_pattern(sk_build *b, narrow n, sk_val magnitude) {
  const int32_t drop = 23 - n.mantissa_bits;
  sk_val odd = sk_scalar_mask(b, sk_scalar_shift(b, SK_L_SHR, magnitude, drop), 1);
  sk_val half = i32_const(b, (1u << (drop - 1)) - 1);
  sk_val rounded = sk_build_2(b, SK_L_ADD, magnitude, sk_build_2(b, SK_L_ADD, odd, half));
  rounded = sk_scalar_shift(b, SK_L_SHR, rounded, drop);
  return sk_build_2(b, SK_L_SUB, rounded, sk_build_i32(b, (127 - n.bias) << n.mantissa_bits));
}

// The same where the result is subnormal: |x| + 2^(23 + lowest exponent) leaves the rounded pattern
// in the low bits.
static sk_val subnormal_pattern(sk_build *b, narrow n, sk_val magnitude) {
  sk_val magic = sk_build_i32(b, (127 + 23 + 1 - n.bias - n.mantissa_bits) << 23);
  sk_val sum = sk_build_2(b, SK_L_FADD, as_f32(b, magnitude), as_f32(b, magic));
  return sk_build_2(b, SK_L_SUB, sk_scalar_as_bits(b, sum), magic);
}

// Largest finite pattern of a format, without sign.
static uint32_t largest_finite(sk_numfmt format, narrow n) {
  uint32_t largest = 0;
  for (uint32_t p = 0; p < 1u << (n.storage_bits - 1); p++) {
    largest = !sk_num_is_nan(format, p) && sk_num_decode(format, p) < 1e300 ? p : largest;
  }
  return largest;
}

// Bits of a small signed float (f8, f6, f4) from a float. Overflow and NaN are what the format's
// own encoder makes of them.
static sk_val small_float_bits(sk_build *b, sk_numfmt format, sk_val x) {
  const narrow n = narrow_info(format);
  const uint32_t sign_mask = 1u << (n.storage_bits - 1);
  const uint32_t nan = sk_num_encode(format, (double)__builtin_nanf(""));
  sk_val bits = sk_scalar_as_bits(b, x), magnitude = sk_scalar_mask(b, bits, 0x7FFFFFFF);
  sk_val sign = sk_scalar_shift(b, SK_L_SHR, bits, 32 - n.storage_bits);
  sign = sk_scalar_mask(b, sign, sign_mask);
  sk_val normal = normal_pattern(b, n, magnitude);
  sk_val is_small = sk_build_2(b, SK_L_SLT, magnitude, sk_build_i32(b, (128 - n.bias) << 23));
  sk_val result = sk_build_select(b, is_small, subnormal_pattern(b, n, magnitude), normal);
  sk_val largest = i32_const(b, largest_finite(format, n));
  sk_val overflow = i32_const(b, sk_num_encode(format, 1e38));
  result = sk_build_select(b, sk_build_2(b, SK_L_SLT, largest, result), overflow, result);
  sk_val is_huge = sk_build_2(b, SK_L_SLE, sk_build_i32(b, 0x7F000000), magnitude);  // infinity too
  result = sk_build_select(b, is_huge, overflow, result);
  sk_val is_nan = sk_build_2(b, SK_L_FUNORD, x, x), zero = sk_build_i32(b, 0);
  switch (n.nan_kind) {
    case NAN_NEG_ZERO: {  // zero has no sign, and overflow is the one NaN
      sk_val keep = sk_build_2(b, SK_L_IEQ, result, zero);
      result = sk_build_select(b, keep, result, sk_build_2(b, SK_L_OR, result, sign));
      is_nan = sk_build_2(b, SK_L_POR, is_nan, sk_build_2(b, SK_L_SLT, largest, normal));
      return sk_build_select(b, is_nan, i32_const(b, nan), result);
    }
    case NAN_NONE:  // NaN is taken as negative zero, whatever its sign
      result = sk_build_2(b, SK_L_OR, result, sign);
      return sk_build_select(b, is_nan, i32_const(b, nan), result);
    default:
      result = sk_build_select(b, is_nan, i32_const(b, nan & ~sign_mask), result);
      return sk_build_2(b, SK_L_OR, result, sign);
  }
}

static sk_val small_float_value(sk_build *b, sk_numfmt format, sk_val bits) {
  narrow n = narrow_info(format);
  uint32_t magnitude_mask = (1u << (n.exponent_bits + n.mantissa_bits)) - 1;
  sk_val magnitude = sk_scalar_mask(b, bits, magnitude_mask);
  sk_val sign = sk_scalar_shift(b, SK_L_SHL, sk_scalar_mask(b, bits, 1u << (n.storage_bits - 1)),
                                32 - n.storage_bits);
  // place mantissa and exponent in f32's fields and scale by the difference of biases: exact,
  // subnormals included
  sk_val placed = as_f32(b, sk_scalar_shift(b, SK_L_SHL, magnitude, 23 - n.mantissa_bits));
  sk_val scaled =
      sk_build_2(b, SK_L_FMUL, placed, as_f32(b, sk_build_i32(b, (127 + 127 - n.bias) << 23)));
  sk_val value = as_f32(b, sk_build_2(b, SK_L_OR, sk_scalar_as_bits(b, scaled), sign));
  sk_val nan = sk_build_i32(b, 0x7FC00000);
  if (n.nan_kind == NAN_NEG_ZERO) {
    sk_val is_nan = sk_build_2(b, SK_L_IEQ, bits, sk_build_i32(b, 1 << (n.storage_bits - 1)));
    return sk_build_select(b, is_nan, as_f32(b, nan), value);
  }
  nan = sk_build_2(b, SK_L_OR, sign, nan);  // a total order sees it
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

// f8E8M0FNU holds the exponent of a power of two, field 0 being 2^-127; 255 is NaN, and so is what
// is not positive. Ties go to the larger power.
static sk_val power_bits(sk_build *b, sk_val x) {
  sk_val bits = sk_scalar_as_bits(b, x), nan = sk_build_i32(b, 255);
  sk_val half_up = sk_build_2(b, SK_L_ADD, bits, sk_build_i32(b, 0x400000));
  sk_val normal = sk_scalar_shift(b, SK_L_SHR, half_up, 23);
  sk_val is_tiny = sk_build_2(b, SK_L_SLT, bits, sk_build_i32(b, 0x600000));  // below 1.5 2^-127
  sk_val power = sk_build_select(b, is_tiny, sk_build_i32(b, 0), normal);
  sk_val positive = sk_build_2(b, SK_L_FLT, sk_build_f32(b, 0), x);
  return sk_build_select(b, positive, sk_build_2(b, SK_L_UMIN, power, nan), nan);
}

static sk_val power_value(sk_build *b, sk_val bits) {
  sk_val zero = sk_build_i32(b, 0), nan = as_f32(b, sk_build_i32(b, 0x7FC00000));
  sk_val smallest = as_f32(b, sk_build_i32(b, 0x400000));
  sk_val value = as_f32(b, sk_scalar_shift(b, SK_L_SHL, bits, 23));
  value = sk_build_select(b, sk_build_2(b, SK_L_IEQ, bits, zero), smallest, value);
  return sk_build_select(b, sk_build_2(b, SK_L_IEQ, bits, sk_build_i32(b, 255)), nan, value);
}

sk_val sk_scalar_from_memory(sk_build *b, sk_elem elem, sk_val loaded) {
  sk_numfmt format;
  elem = sk_elem_complex_part(elem);
  if (elem == SK_BF16) {
    return as_f32(b, sk_scalar_shift(b, SK_L_SHL, loaded, 16));
  }
  if (elem == SK_F16) {
    return sk_build_convert(b, SK_L_HTOF, SK_LT_F32, loaded);
  }
  if (elem == SK_F8E8M0FNU) {
    return power_value(b, loaded);
  }
  return narrow_format(elem, &format) ? small_float_value(b, format, loaded) : loaded;
}

// Register form is the value of the element type already: the bits of a bf16 are the upper half.
sk_val sk_scalar_to_memory(sk_build *b, sk_elem elem, sk_val value) {
  sk_numfmt format;
  elem = sk_elem_complex_part(elem);
  if (elem == SK_BF16) {
    return sk_scalar_shift(b, SK_L_SHR, sk_scalar_as_bits(b, value), 16);
  }
  if (elem == SK_F16) {
    return sk_build_convert(b, SK_L_FTOH, SK_LT_I32, value);
  }
  if (elem == SK_F8E8M0FNU) {
    return power_bits(b, value);
  }
  return narrow_format(elem, &format) ? small_float_bits(b, format, value) : value;
}

// Rounds an F32 result to the element type and back to its register form.
sk_val sk_scalar_round(sk_build *b, sk_elem elem, sk_val x) {
  if (sk_elem_complex_part(elem) == SK_BF16) {
    return sk_build_1(b, SK_L_FROUNDBF, x);
  }
  return sk_elem_is_narrow_float(elem)
             ? sk_scalar_from_memory(b, elem, sk_scalar_to_memory(b, elem, x))
             : x;
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
    case SK_LT_I32: return sk_scalar_wrap(b, elem, sk_build_i32(b, (int32_t)(uint32_t)raw));
    case SK_LT_I64: return sk_build_i64(b, (int64_t)raw);
    case SK_LT_F32:
    case SK_LT_F64: return sk_build_const(b, sk_elem_lt(elem), raw);
    case SK_LT_NONE: break;
  }
  return (sk_val){0};
}

// ---- conversions

// f64 -> f32 rounded to odd, so that a further rounding to a narrower format sees no false ties.
static sk_val f64_to_f32_odd(sk_build *b, sk_val x) {
  sk_val nearest = sk_build_convert(b, SK_L_FTRUNCF, SK_LT_F32, x);
  sk_val back = sk_build_convert(b, SK_L_FEXT, SK_LT_F64, nearest);
  sk_val bits = sk_scalar_as_bits(b, nearest);
  sk_val away =
      sk_build_2(b, SK_L_FLT, sk_build_1(b, SK_L_FABS, x), sk_build_1(b, SK_L_FABS, back));
  sk_val toward_zero =
      sk_build_select(b, away, sk_build_2(b, SK_L_SUB, bits, sk_build_i32(b, 1)), bits);
  sk_val odd = sk_build_2(b, SK_L_OR, toward_zero, sk_build_i32(b, 1));
  return as_f32(b, sk_build_select(b, sk_build_2(b, SK_L_FNE, back, x),
                                   sk_build_select(b, sk_build_2(b, SK_L_FUNORD, x, x), bits, odd),
                                   bits));
}

// 64-bit integers beyond 2^53 get their low 12 bits folded into one sticky bit before they pass
// through f64 to a narrow float.
static sk_val i64_sticky(sk_build *b, sk_val x) {
  sk_val low = sk_build_2(b, SK_L_AND, x, sk_build_i64(b, 0xFFF));
  sk_val sticky = sk_build_select(b, sk_build_2(b, SK_L_INE, low, sk_build_i64(b, 0)),
                                  sk_build_i64(b, 0x1000), sk_build_i64(b, 0));
  sk_val folded =
      sk_build_2(b, SK_L_OR, sk_build_2(b, SK_L_AND, x, sk_build_i64(b, ~INT64_C(0xFFF))), sticky);
  sk_val high = sk_scalar_shift(
      b, SK_L_SHR, sk_build_2(b, SK_L_XOR, x, sk_scalar_shift(b, SK_L_SAR, x, 63)), 53);
  return sk_build_select(b, sk_build_2(b, SK_L_IEQ, high, sk_build_i64(b, 0)), x, folded);
}

static sk_val int_to_float(sk_build *b, sk_elem from, sk_elem to, sk_val x) {
  sk_lop op = sk_elem_is_signed(from) ? SK_L_SITOF : SK_L_UITOF;
  if (sk_elem_is_narrow_float(to)) {
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
  sk_val finite =
      sk_build_select(b, sk_build_2(b, SK_L_FUNORD, x, x), sk_scalar_zero(b, wide), raw);
  return sk_build_select(b, sk_build_2(b, SK_L_FLE, sk_scalar_float(b, type, limit), x), max,
                         finite);
}

static sk_val float_to_unsigned(sk_build *b, sk_lt wide, sk_val x) {
  sk_lt type = sk_build_type(b, x);
  double half = wide == SK_LT_I64 ? 9223372036854775808.0 : 2147483648.0;
  sk_val top = wide == SK_LT_I64 ? sk_build_i64(b, INT64_MIN) : sk_build_i32(b, INT32_MIN);
  sk_val ones = wide == SK_LT_I64 ? sk_build_i64(b, -1) : sk_build_i32(b, -1);
  sk_val low = sk_build_convert(b, SK_L_FTOSI, wide, x);
  sk_val rest = sk_build_2(b, SK_L_FSUB, x, sk_scalar_float(b, type, half));
  sk_val high = sk_build_2(b, SK_L_XOR, sk_build_convert(b, SK_L_FTOSI, wide, rest), top);
  sk_val value =
      sk_build_select(b, sk_build_2(b, SK_L_FLT, x, sk_scalar_float(b, type, half)), low, high);
  value = sk_build_select(b, sk_build_2(b, SK_L_FLE, sk_scalar_float(b, type, 2 * half), x), ones,
                          value);
  sk_val positive = sk_build_2(b, SK_L_FLT, sk_scalar_float(b, type, 0), x);  // false on NaN
  return sk_build_select(b, positive, value, sk_scalar_zero(b, wide));
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
  int32_t max = is_signed ? (1 << (bits - 1)) - 1 : (int32_t)((1u << bits) - 1),
          min = is_signed ? -max - 1 : 0;
  return sk_build_2(b, SK_L_SMAX, sk_build_2(b, SK_L_SMIN, value, sk_build_i32(b, max)),
                    sk_build_i32(b, min));
}

static sk_val float_to_float(sk_build *b, sk_elem from, sk_elem to, sk_val x) {
  if (from == SK_F64 && to != SK_F64) {
    return to == SK_F32 ? sk_build_convert(b, SK_L_FTRUNCF, SK_LT_F32, x)
                        : sk_scalar_round(b, to, f64_to_f32_odd(b, x));
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
  return sk_scalar_wrap(b, to, x);
}

sk_val sk_scalar_convert(sk_build *b, sk_elem from, sk_elem to, sk_val x) {
  bool from_float = sk_elem_is_float(from), to_float = sk_elem_is_float(to);
  if (from == SK_PRED) {
    if (to == SK_PRED) {
      return x;
    }
    sk_lt type = sk_elem_lt(to);
    if (!to_float) {
      return sk_build_convert(b, SK_L_ZEXT, type, x);
    }
    sk_val zero = sk_scalar_round(b, to, sk_scalar_float(b, type, 0));  // NaN, where there is none
    return sk_build_select(b, x, sk_scalar_float(b, type, 1), zero);
  }
  if (to == SK_PRED) {
    return sk_build_2(b, from_float ? SK_L_FNE : SK_L_INE, x,
                      sk_scalar_zero(b, sk_build_type(b, x)));
  }
  if (from_float) {
    return to_float ? float_to_float(b, from, to, x) : float_to_int(b, to, x);
  }
  return to_float ? int_to_float(b, from, to, x) : int_to_int(b, from, to, x);
}
