// SPDX-License-Identifier: Apache-2.0
// Exact meaning of every pure loop-IR operation on bit patterns: the definition that constant folding, the runner and the
// generator's tests share.
//
// Values are bit patterns in a uint64_t: PRED 0 or 1; I32 and F32 in the low half (upper half zero); I64 and F64 whole.
// Assumes the host rounds to nearest and keeps denormals (the runtime and the compiler entry set that). Float results follow
// IEEE-754; which NaN results is not defined. Must not call any libm function whose result is not exact: only fma, sqrt, rint,
// floor, ceil, trunc are used, which are correctly rounded by definition.
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "loop/loop.h"

static float f32_of(uint64_t bits) {
  uint32_t low = (uint32_t)bits;
  float value;
  memcpy(&value, &low, sizeof value);
  return value;
}

static double f64_of(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static uint64_t bits_of_f32(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static uint64_t bits_of_f64(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static float eval_f32(sk_lop op, float a, float b, float c) {
  switch ((int)op) {
    case SK_L_FADD: return a + b;
    case SK_L_FSUB: return a - b;
    case SK_L_FMUL: return a * b;
    case SK_L_FDIV: return a / b;
    case SK_L_FSQRT: return sqrtf(a);
    case SK_L_FMA: return fmaf(a, b, c);
    case SK_L_FNMA: return fmaf(-a, b, c);
    case SK_L_FMS: return fmaf(a, b, -c);
    case SK_L_FMAXX: return a > b ? a : b;
    case SK_L_FMINX: return a < b ? a : b;
    case SK_L_FROUND: return rintf(a);
    case SK_L_FFLOOR: return floorf(a);
    case SK_L_FCEIL: return ceilf(a);
    default: return truncf(a);  // FTRUNC
  }
}

static double eval_f64(sk_lop op, double a, double b, double c) {
  switch ((int)op) {
    case SK_L_FADD: return a + b;
    case SK_L_FSUB: return a - b;
    case SK_L_FMUL: return a * b;
    case SK_L_FDIV: return a / b;
    case SK_L_FSQRT: return sqrt(a);
    case SK_L_FMA: return fma(a, b, c);
    case SK_L_FNMA: return fma(-a, b, c);
    case SK_L_FMS: return fma(a, b, -c);
    case SK_L_FMAXX: return a > b ? a : b;
    case SK_L_FMINX: return a < b ? a : b;
    case SK_L_FROUND: return rint(a);
    case SK_L_FFLOOR: return floor(a);
    case SK_L_FCEIL: return ceil(a);
    default: return trunc(a);  // FTRUNC
  }
}

static uint64_t eval_float_compare(sk_lop op, double a, double b) {
  switch ((int)op) {
    case SK_L_FEQ: return a == b;
    case SK_L_FNE: return a != b;
    case SK_L_FLT: return a < b;
    case SK_L_FLE: return a <= b;
    default: return isunordered(a, b);  // FUNORD
  }
}

static uint64_t shift_32(sk_lop op, uint32_t a, uint32_t amount) {
  switch ((int)op) {
    case SK_L_SHL: return amount >= 32 ? 0 : a << amount;
    case SK_L_SHR: return amount >= 32 ? 0 : a >> amount;
    case SK_L_SAR: return (uint32_t)((int32_t)a >> (amount >= 32 ? 31 : amount));
    default: amount &= 31; return amount == 0 ? a : (a << amount) | (a >> (32 - amount));  // ROTL
  }
}

static uint64_t shift_64(sk_lop op, uint64_t a, uint64_t amount) {
  switch ((int)op) {
    case SK_L_SHL: return amount >= 64 ? 0 : a << amount;
    case SK_L_SHR: return amount >= 64 ? 0 : a >> amount;
    case SK_L_SAR: return (uint64_t)((int64_t)a >> (amount >= 64 ? 63 : amount));
    default: amount &= 63; return amount == 0 ? a : (a << amount) | (a >> (64 - amount));  // ROTL
  }
}

static uint64_t divide_32(sk_lop op, uint32_t a, uint32_t b) {
  bool overflow = a == 0x80000000u && b == 0xFFFFFFFFu;
  switch ((int)op) {
    case SK_L_SDIV:
      return b == 0 ? 0xFFFFFFFFu : overflow ? a : (uint32_t)((int32_t)a / (int32_t)b);
    case SK_L_UDIV: return b == 0 ? 0xFFFFFFFFu : a / b;
    case SK_L_SREM: return b == 0 ? a : overflow ? 0 : (uint32_t)((int32_t)a % (int32_t)b);
    default: return b == 0 ? a : a % b;  // UREM
  }
}

static uint64_t divide_64(sk_lop op, uint64_t a, uint64_t b) {
  bool overflow = a == UINT64_C(1) << 63 && b == UINT64_MAX;
  switch ((int)op) {
    case SK_L_SDIV: return b == 0 ? UINT64_MAX : overflow ? a : (uint64_t)((int64_t)a / (int64_t)b);
    case SK_L_UDIV: return b == 0 ? UINT64_MAX : a / b;
    case SK_L_SREM: return b == 0 ? a : overflow ? 0 : (uint64_t)((int64_t)a % (int64_t)b);
    default: return b == 0 ? a : a % b;  // UREM
  }
}

static uint64_t eval_i32(sk_lop op, uint32_t a, uint32_t b) {
  switch ((int)op) {
    case SK_L_ADD: return (uint32_t)(a + b);
    case SK_L_SUB: return (uint32_t)(a - b);
    case SK_L_MUL: return (uint32_t)(a * b);
    case SK_L_UMULH: return (uint32_t)(((uint64_t)a * b) >> 32);
    case SK_L_SMULH: return (uint32_t)((uint64_t)((int64_t)(int32_t)a * (int32_t)b) >> 32);
    case SK_L_SMIN: return (int32_t)a < (int32_t)b ? a : b;
    case SK_L_SMAX: return (int32_t)a > (int32_t)b ? a : b;
    case SK_L_UMIN: return a < b ? a : b;
    case SK_L_UMAX: return a > b ? a : b;
    case SK_L_CLZ: return a == 0 ? 32 : sk_clz64(a) - 32;
    case SK_L_POPCNT: return sk_popcount64(a);
    case SK_L_IEQ: return a == b;
    case SK_L_INE: return a != b;
    case SK_L_SLT: return (int32_t)a < (int32_t)b;
    case SK_L_SLE: return (int32_t)a <= (int32_t)b;
    case SK_L_ULT: return a < b;
    case SK_L_ULE: return a <= b;
    case SK_L_SEXT8: return (uint32_t)(int32_t)(int8_t)a;
    case SK_L_SEXT16: return (uint32_t)(int32_t)(int16_t)a;
    case SK_L_SHL:
    case SK_L_SHR:
    case SK_L_SAR:
    case SK_L_ROTL: return shift_32(op, a, b);
    default: return divide_32(op, a, b);
  }
}

static uint64_t eval_i64(sk_lop op, uint64_t a, uint64_t b) {
  switch ((int)op) {
    case SK_L_ADD: return a + b;
    case SK_L_SUB: return a - b;
    case SK_L_MUL: return a * b;
    case SK_L_UMULH: return (uint64_t)(((sk_u128)a * b) >> 64);
    case SK_L_SMULH: return (uint64_t)((sk_u128)((sk_i128)(int64_t)a * (int64_t)b) >> 64);
    case SK_L_SMIN: return (int64_t)a < (int64_t)b ? a : b;
    case SK_L_SMAX: return (int64_t)a > (int64_t)b ? a : b;
    case SK_L_UMIN: return a < b ? a : b;
    case SK_L_UMAX: return a > b ? a : b;
    case SK_L_CLZ: return a == 0 ? 64 : sk_clz64(a);
    case SK_L_POPCNT: return sk_popcount64(a);
    case SK_L_IEQ: return a == b;
    case SK_L_INE: return a != b;
    case SK_L_SLT: return (int64_t)a < (int64_t)b;
    case SK_L_SLE: return (int64_t)a <= (int64_t)b;
    case SK_L_ULT: return a < b;
    case SK_L_ULE: return a <= b;
    case SK_L_SHL:
    case SK_L_SHR:
    case SK_L_SAR:
    case SK_L_ROTL: return shift_64(op, a, b);
    default: return divide_64(op, a, b);
  }
}

// Toward zero (or to nearest); NaN and values out of range give the minimum integer.
static uint64_t float_to_int(double value, bool nearest, bool wide) {
  double whole = nearest ? rint(value) : trunc(value);
  if (wide) {
    bool fits = whole >= -9223372036854775808.0 && whole < 9223372036854775808.0;
    return fits ? (uint64_t)(int64_t)whole : UINT64_C(1) << 63;
  }
  bool fits = whole >= -2147483648.0 && whole < 2147483648.0;
  return fits ? (uint32_t)(int32_t)whole : 0x80000000u;
}

static uint64_t int_to_float(sk_lop op, sk_lt result, sk_lt from, uint64_t a) {
  bool is_signed = op == SK_L_SITOF;
  if (from == SK_LT_I32) {  // exact in double
    double value = is_signed ? (double)(int32_t)a : (double)(uint32_t)a;
    return result == SK_LT_F64 ? bits_of_f64(value) : bits_of_f32((float)value);
  }
  if (result == SK_LT_F64) {
    return bits_of_f64(is_signed ? (double)(int64_t)a : (double)a);
  }
  return bits_of_f32(is_signed ? (float)(int64_t)a : (float)a);
}

static uint64_t eval_convert(sk_lop op, sk_lt result, sk_lt from, uint64_t a) {
  switch ((int)op) {
    case SK_L_SEXT: return (uint64_t)(int64_t)(int32_t)a;
    case SK_L_ZEXT: return from == SK_LT_PRED ? (a & 1) : (uint32_t)a;
    case SK_L_TRUNC: return (uint32_t)a;
    case SK_L_BITCAST: return a;
    case SK_L_FEXT: return bits_of_f64((double)f32_of(a));
    case SK_L_FTRUNCF: return bits_of_f32((float)f64_of(a));
    case SK_L_SITOF:
    case SK_L_UITOF: return int_to_float(op, result, from, a);
    case SK_L_FTOSI:
    case SK_L_FTOSIR:
      return float_to_int(from == SK_LT_F32 ? (double)f32_of(a) : f64_of(a), op == SK_L_FTOSIR,
                          result == SK_LT_I64);
    case SK_L_FROUNDBF: return (uint32_t)sk_f32_to_bf16(f32_of(a)) << 16;
    case SK_L_FROUNDH: return bits_of_f32(sk_f16_to_f32(sk_f32_to_f16(f32_of(a))));
    case SK_L_HTOF: return bits_of_f32(sk_f16_to_f32((uint16_t)a));
    default: return sk_f32_to_f16(f32_of(a));  // FTOH
  }
}

static uint64_t eval_bits(sk_lop op, sk_lt type, uint64_t a, uint64_t b) {
  bool wide = type == SK_LT_I64 || type == SK_LT_F64;
  uint64_t mask = wide ? UINT64_MAX : 0xFFFFFFFFu;
  uint64_t sign = wide ? UINT64_C(1) << 63 : 0x80000000u;
  switch ((int)op) {
    case SK_L_AND: return a & b;
    case SK_L_OR: return a | b;
    case SK_L_XOR: return a ^ b;
    case SK_L_ANDN: return ~a & b & mask;
    case SK_L_NOT: return ~a & mask;
    case SK_L_FABS: return a & ~sign & mask;
    default: return (a ^ sign) & mask;  // FNEG
  }
}

uint64_t sk_lop_eval(sk_lop op, sk_lt result_type, sk_lt operand_type, uint64_t a, uint64_t b,
                     uint64_t c) {
  switch ((int)op) {
    case SK_L_FADD:
    case SK_L_FSUB:
    case SK_L_FMUL:
    case SK_L_FDIV:
    case SK_L_FSQRT:
    case SK_L_FMA:
    case SK_L_FNMA:
    case SK_L_FMS:
    case SK_L_FMAXX:
    case SK_L_FMINX:
    case SK_L_FROUND:
    case SK_L_FFLOOR:
    case SK_L_FCEIL:
    case SK_L_FTRUNC:
      return operand_type == SK_LT_F32 ? bits_of_f32(eval_f32(op, f32_of(a), f32_of(b), f32_of(c)))
                                       : bits_of_f64(eval_f64(op, f64_of(a), f64_of(b), f64_of(c)));
    case SK_L_FABS:
    case SK_L_FNEG:
    case SK_L_AND:
    case SK_L_OR:
    case SK_L_XOR:
    case SK_L_ANDN:
    case SK_L_NOT: return eval_bits(op, operand_type, a, b);
    case SK_L_FEQ:
    case SK_L_FNE:
    case SK_L_FLT:
    case SK_L_FLE:
    case SK_L_FUNORD:
      return operand_type == SK_LT_F32
                 ? eval_float_compare(op, (double)f32_of(a), (double)f32_of(b))
                 : eval_float_compare(op, f64_of(a), f64_of(b));
    case SK_L_PAND: return a & b;
    case SK_L_POR: return a | b;
    case SK_L_PXOR: return a ^ b;
    case SK_L_PNOT: return (a & 1) ^ 1;
    case SK_L_SELECT: return (a & 1) ? b : c;
    case SK_L_LOOKUP: return ((a & 2) != 0 ? c : b) >> 32 * (a & 1) & UINT32_MAX;
    case SK_L_SEXT:
    case SK_L_ZEXT:
    case SK_L_TRUNC:
    case SK_L_BITCAST:
    case SK_L_FEXT:
    case SK_L_FTRUNCF:
    case SK_L_SITOF:
    case SK_L_UITOF:
    case SK_L_FTOSI:
    case SK_L_FTOSIR:
    case SK_L_FROUNDBF:
    case SK_L_FROUNDH:
    case SK_L_HTOF:
    case SK_L_FTOH: return eval_convert(op, result_type, operand_type, a);
    default:
      return operand_type == SK_LT_I64 ? eval_i64(op, a, b)
                                       : eval_i32(op, (uint32_t)a, (uint32_t)b);
  }
}

bool sk_is_combiner(uint64_t op, sk_lt type) {
  switch (op) {
    case SK_L_FADD:
    case SK_L_FMUL:
    case SK_L_FMAX:
    case SK_L_FMIN: return type == SK_LT_F32 || type == SK_LT_F64;
    case SK_L_ADD:
    case SK_L_MUL:
    case SK_L_AND:
    case SK_L_OR:
    case SK_L_XOR:
    case SK_L_SMIN:
    case SK_L_SMAX:
    case SK_L_UMIN:
    case SK_L_UMAX: return type == SK_LT_I32 || type == SK_LT_I64;
    case SK_L_PAND:
    case SK_L_POR:
    case SK_L_PXOR: return type == SK_LT_PRED;
    default: return false;
  }
}

bool sk_combiner_is_order_free(sk_lop combiner) {
  return combiner != SK_L_FADD && combiner != SK_L_FMUL;
}

uint64_t sk_combiner_identity(sk_lop combiner, sk_lt type) {
  bool wide = type == SK_LT_I64 || type == SK_LT_F64;
  uint64_t mask = type == SK_LT_PRED ? 1 : wide ? UINT64_MAX : 0xFFFFFFFFu;
  uint64_t sign = wide ? UINT64_C(1) << 63 : 0x80000000u;
  switch ((int)combiner) {
    case SK_L_FADD: return sign;  // -0.0
    case SK_L_FMUL: return wide ? bits_of_f64(1.0) : bits_of_f32(1.0f);
    case SK_L_FMAX: return wide ? bits_of_f64(-(double)INFINITY) : bits_of_f32(-INFINITY);
    case SK_L_FMIN: return wide ? bits_of_f64((double)INFINITY) : bits_of_f32(INFINITY);
    case SK_L_MUL: return 1;
    case SK_L_AND:
    case SK_L_PAND:
    case SK_L_UMIN: return mask;
    case SK_L_SMIN: return sign - 1;
    case SK_L_SMAX: return sign;
    default: return 0;  // ADD OR XOR UMAX POR PXOR
  }
}
