// SPDX-License-Identifier: Apache-2.0
// Shared by lower_convert.c, lower_elem.c, lower_bits.c and lower_complex.c: small builders on
// values in register form (lower_convert.c says what that is).
#ifndef SK_LOOP_LOWER_ELEM_H
#define SK_LOOP_LOWER_ELEM_H

#include "loop/lower_int.h"

static inline sk_val sk_scalar_mask(sk_build *b, sk_val x, uint32_t mask) {
  return sk_build_2(b, SK_L_AND, x, sk_build_i32(b, (int32_t)mask));
}

static inline sk_val sk_scalar_shift(sk_build *b, sk_lop op, sk_val x, int32_t amount) {
  sk_val by = sk_build_type(b, x) == SK_LT_I64 ? sk_build_i64(b, amount) : sk_build_i32(b, amount);
  return sk_build_2(b, op, x, by);
}

static inline sk_val sk_scalar_as_bits(sk_build *b, sk_val x) {
  sk_lt type = sk_build_type(b, x);
  if (type == SK_LT_F32 || type == SK_LT_F64) {
    return sk_build_convert(b, SK_L_BITCAST, type == SK_LT_F32 ? SK_LT_I32 : SK_LT_I64, x);
  }
  return x;
}

static inline sk_val sk_scalar_zero(sk_build *b, sk_lt type) { return sk_build_const(b, type, 0); }

static inline sk_val sk_scalar_float(sk_build *b, sk_lt type, double value) {
  return type == SK_LT_F64 ? sk_build_f64(b, value) : sk_build_f32(b, (float)value);
}

static inline sk_val sk_scalar_sign_bit(sk_build *b, sk_lt type) {
  bool wide = type == SK_LT_F64 || type == SK_LT_I64;
  return sk_build_const(b, type, wide ? UINT64_C(1) << 63 : 0x80000000u);
}

// ---- lower_convert.c
// Brings an integer back into its type after an op that may have left it.
sk_val sk_scalar_wrap(sk_build *b, sk_elem elem, sk_val x);
bool sk_elem_is_narrow_float(sk_elem elem);  // held in a register as f32, rounded after every op

// ---- lower_elem.c
sk_val sk_scalar_compare(sk_build *b, const sk_elem_op *op, sk_val x, sk_val y);  // not complex

// ---- lower_bits.c: ops defined on the bit pattern of a float
sk_val sk_scalar_reduce_precision(sk_build *b, const sk_elem_op *op, sk_val x);
sk_val sk_scalar_next_after(sk_build *b, sk_elem elem, sk_val x, sk_val y);

// ---- lower_complex.c: ops whose first operand (select: second) is complex. False: not defined
// there.
bool sk_scalar_apply_complex(sk_build *b, const sk_elem_op *op, const sk_scalar *in,
                             sk_scalar *out);

#endif
