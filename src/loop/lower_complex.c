// SPDX-License-Identifier: Apache-2.0
// Element-wise ops on complex numbers, as loop IR on their two parts.
#include "loop/lower_elem.h"

static bool complex_op(sk_build *b, const sk_elem_op *op, const sk_scalar *in, sk_scalar *out) {
  const sk_scalar x = in[0], y = in[1];
  switch ((int)op->kind) {
    case SK_OP_ADD:
    case SK_OP_SUBTRACT: {
      sk_lop add = op->kind == SK_OP_ADD ? SK_L_FADD : SK_L_FSUB;
      *out = (sk_scalar){sk_build_2(b, add, x.re, y.re), sk_build_2(b, add, x.im, y.im)};
      return true;
    }
    case SK_OP_MULTIPLY:
      out->re = sk_build_2(b, SK_L_FSUB, sk_build_2(b, SK_L_FMUL, x.re, y.re),
                           sk_build_2(b, SK_L_FMUL, x.im, y.im));
      out->im = sk_build_2(b, SK_L_FADD, sk_build_2(b, SK_L_FMUL, x.re, y.im),
                           sk_build_2(b, SK_L_FMUL, x.im, y.re));
      return true;
    case SK_OP_NEGATE:
      *out = (sk_scalar){sk_build_1(b, SK_L_FNEG, x.re), sk_build_1(b, SK_L_FNEG, x.im)};
      return true;
    case SK_OP_REAL: *out = (sk_scalar){x.re, {0}}; return true;
    case SK_OP_IMAG: *out = (sk_scalar){x.im, {0}}; return true;
    default: return false;
  }
}

static bool complex_compare(sk_build *b, const sk_elem_op *op, const sk_scalar *in,
                            sk_scalar *out) {
  bool equal = op->compare_direction == SK_CMP_EQ;
  if (!equal && op->compare_direction != SK_CMP_NE) {
    return false;
  }
  sk_lop test = equal ? SK_L_FEQ : SK_L_FNE;
  sk_val re = sk_build_2(b, test, in[0].re, in[1].re), im = sk_build_2(b, test, in[0].im, in[1].im);
  *out = (sk_scalar){sk_build_2(b, equal ? SK_L_PAND : SK_L_POR, re, im), {0}};
  return true;
}

static bool complex_convert(sk_build *b, const sk_elem_op *op, const sk_scalar *in,
                            sk_scalar *out) {
  sk_elem from = sk_elem_complex_part(op->from), to = sk_elem_complex_part(op->to);
  out->re = sk_scalar_convert(b, from, to, in[0].re);
  if (sk_elem_is_complex(op->to)) {
    out->im = sk_elem_is_complex(op->from) ? sk_scalar_convert(b, from, to, in[0].im)
                                           : sk_scalar_zero(b, sk_elem_lt(to));
  }
  return true;
}

bool sk_scalar_apply_complex(sk_build *b, const sk_elem_op *op, const sk_scalar *in, uint32_t count,
                             sk_scalar *out) {
  (void)count;
  switch ((int)op->kind) {
    case SK_OP_SELECT:
      out->re = sk_build_select(b, in[0].re, in[1].re, in[2].re);
      out->im = sk_build_select(b, in[0].re, in[1].im, in[2].im);
      return true;
    case SK_OP_COMPARE: return complex_compare(b, op, in, out);
    case SK_OP_CONVERT: return complex_convert(b, op, in, out);
    default: return complex_op(b, op, in, out);
  }
}
