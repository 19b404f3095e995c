// SPDX-License-Identifier: Apache-2.0
// Element-wise ops on complex numbers, as loop IR on their two parts. Arithmetic that needs no
// more stays in the type of the parts; every other function is evaluated in f64 (math_complex.h)
// and its parts are rounded once. Ordering (maximum, minimum, clamp) is lexicographic, NaN wins.
#include "loop/lower_elem.h"
#include "loop/math_complex.h"

typedef sk_complex (*function_1)(sk_build *b, sk_complex z);
typedef sk_complex (*function_2)(sk_build *b, sk_complex x, sk_complex y);

static const struct {
  sk_opkind kind;
  function_1 function;
} functions_1[] = {
    {SK_OP_SIGN, sk_complex_sign},         {SK_OP_SQRT, sk_complex_sqrt},
    {SK_OP_RSQRT, sk_complex_rsqrt},       {SK_OP_CBRT, sk_complex_cbrt},
    {SK_OP_EXPONENTIAL, sk_complex_exp},   {SK_OP_EXPONENTIAL_MINUS_ONE, sk_complex_expm1},
    {SK_OP_LOG, sk_complex_log},           {SK_OP_LOG_PLUS_ONE, sk_complex_log1p},
    {SK_OP_LOGISTIC, sk_complex_logistic}, {SK_OP_SINE, sk_complex_sin},
    {SK_OP_COSINE, sk_complex_cos},        {SK_OP_TAN, sk_complex_tan},
    {SK_OP_CHLO_TAN, sk_complex_tan},      {SK_OP_TANH, sk_complex_tanh},
    {SK_OP_CHLO_SINH, sk_complex_sinh},    {SK_OP_CHLO_COSH, sk_complex_cosh},
    {SK_OP_CHLO_ASIN, sk_complex_asin},    {SK_OP_CHLO_ACOS, sk_complex_acos},
    {SK_OP_CHLO_ATAN, sk_complex_atan},    {SK_OP_CHLO_ASINH, sk_complex_asinh},
    {SK_OP_CHLO_ACOSH, sk_complex_acosh},  {SK_OP_CHLO_ATANH, sk_complex_atanh},
};

static const struct {
  sk_opkind kind;
  function_2 function;
} functions_2[] = {
    {SK_OP_DIVIDE, sk_complex_divide},
    {SK_OP_POWER, sk_complex_power},
    {SK_OP_ATAN2, sk_complex_atan2},
};

// ---- in the type of the parts

static sk_scalar multiply(sk_build *b, sk_scalar x, sk_scalar y) {
  sk_val re = sk_build_2(b, SK_L_FMUL, x.re, y.re), im = sk_build_2(b, SK_L_FMUL, x.re, y.im);
  return (sk_scalar){
      sk_build_2(b, SK_L_FSUB, re, sk_build_2(b, SK_L_FMUL, x.im, y.im)),
      sk_build_2(b, SK_L_FADD, im, sk_build_2(b, SK_L_FMUL, x.im, y.re)),
  };
}

// (x - y)(x + y) + 2 x y i: no cancellation of squares, and 0 where they are equal.
static sk_scalar square(sk_build *b, sk_scalar z) {
  const sk_lt type = sk_build_type(b, z.re);
  const sk_val x = sk_build_1(b, SK_L_FABS, z.re), y = sk_build_1(b, SK_L_FABS, z.im);
  sk_val equal = sk_build_2(b, SK_L_PAND, sk_build_2(b, SK_L_FEQ, x, y),
                            sk_build_2(b, SK_L_FLT, x, sk_scalar_float(b, type, __builtin_inf())));
  sk_val re = sk_build_2(b, SK_L_FMUL, sk_build_2(b, SK_L_FSUB, z.re, z.im),
                         sk_build_2(b, SK_L_FADD, z.re, z.im));
  sk_val im = sk_build_2(b, SK_L_FMUL, z.re, z.im);
  return (sk_scalar){sk_build_select(b, equal, sk_scalar_zero(b, type), re),
                     sk_build_2(b, SK_L_FMUL, sk_scalar_float(b, type, 2), im)};
}

static sk_scalar select_scalar(sk_build *b, sk_val p, sk_scalar x, sk_scalar y) {
  return (sk_scalar){sk_build_select(b, p, x.re, y.re), sk_build_select(b, p, x.im, y.im)};
}

// x < y by real part, then by imaginary part; false on NaN.
static sk_val is_less(sk_build *b, sk_scalar x, sk_scalar y) {
  sk_val tie = sk_build_2(b, SK_L_PAND, sk_build_2(b, SK_L_FEQ, x.re, y.re),
                          sk_build_2(b, SK_L_FLT, x.im, y.im));
  return sk_build_2(b, SK_L_POR, sk_build_2(b, SK_L_FLT, x.re, y.re), tie);
}

static sk_val has_nan(sk_build *b, sk_scalar z) { return sk_build_2(b, SK_L_FUNORD, z.re, z.im); }

// x or y, but the first of them that has a NaN.
static sk_scalar pick_ordered(sk_build *b, sk_val pick_y, sk_scalar x, sk_scalar y) {
  pick_y = sk_build_2(b, SK_L_POR, pick_y, has_nan(b, y));
  sk_val keep_x = sk_build_1(b, SK_L_PNOT, has_nan(b, x));
  return select_scalar(b, sk_build_2(b, SK_L_PAND, pick_y, keep_x), y, x);
}

static sk_scalar maximum(sk_build *b, sk_scalar x, sk_scalar y) {
  return pick_ordered(b, is_less(b, x, y), x, y);
}

static sk_scalar minimum(sk_build *b, sk_scalar x, sk_scalar y) {
  return pick_ordered(b, is_less(b, y, x), x, y);
}

static bool simple_op(sk_build *b, sk_opkind kind, const sk_scalar *in, sk_scalar *out) {
  const sk_scalar x = in[0], y = in[1];
  switch ((int)kind) {
    case SK_OP_ADD:
      *out =
          (sk_scalar){sk_build_2(b, SK_L_FADD, x.re, y.re), sk_build_2(b, SK_L_FADD, x.im, y.im)};
      return true;
    case SK_OP_SUBTRACT:
      *out =
          (sk_scalar){sk_build_2(b, SK_L_FSUB, x.re, y.re), sk_build_2(b, SK_L_FSUB, x.im, y.im)};
      return true;
    case SK_OP_MULTIPLY: *out = multiply(b, x, y); return true;
    case SK_OP_CHLO_SQUARE: *out = square(b, x); return true;
    case SK_OP_NEGATE:
      *out = (sk_scalar){sk_build_1(b, SK_L_FNEG, x.re), sk_build_1(b, SK_L_FNEG, x.im)};
      return true;
    case SK_OP_CHLO_CONJ: *out = (sk_scalar){x.re, sk_build_1(b, SK_L_FNEG, x.im)}; return true;
    case SK_OP_REAL: *out = (sk_scalar){x.re, {0}}; return true;
    case SK_OP_IMAG: *out = (sk_scalar){x.im, {0}}; return true;
    case SK_OP_MAXIMUM: *out = maximum(b, x, y); return true;
    case SK_OP_MINIMUM: *out = minimum(b, x, y); return true;
    case SK_OP_CLAMP: *out = minimum(b, maximum(b, x, y), in[2]); return true;
    case SK_OP_SELECT: *out = select_scalar(b, x.re, y, in[2]); return true;
    default: return false;
  }
}

static bool compare(sk_build *b, const sk_elem_op *op, const sk_scalar *in, sk_scalar *out) {
  bool equal = op->compare_direction == SK_CMP_EQ;
  if (!equal && op->compare_direction != SK_CMP_NE) {
    return false;
  }
  sk_lop test = equal ? SK_L_FEQ : SK_L_FNE;
  sk_val re = sk_build_2(b, test, in[0].re, in[1].re), im = sk_build_2(b, test, in[0].im, in[1].im);
  out->re = sk_build_2(b, equal ? SK_L_PAND : SK_L_POR, re, im);
  return true;
}

// To a real type, pred included, the real part alone counts.
static bool convert(sk_build *b, const sk_elem_op *op, const sk_scalar *in, sk_scalar *out) {
  sk_elem from = sk_elem_complex_part(op->from), to = sk_elem_complex_part(op->to);
  out->re = sk_scalar_convert(b, from, to, in[0].re);
  if (sk_elem_is_complex(op->to)) {
    out->im = sk_scalar_convert(b, from, to, in[0].im);
  }
  return true;
}

// ---- in f64

static sk_complex widened(sk_build *b, sk_scalar x) {
  if (sk_build_type(b, x.re) == SK_LT_F64) {
    return (sk_complex){x.re, x.im};
  }
  return (sk_complex){sk_build_convert(b, SK_L_FEXT, SK_LT_F64, x.re),
                      sk_build_convert(b, SK_L_FEXT, SK_LT_F64, x.im)};
}

static sk_val narrowed(sk_build *b, sk_lt type, sk_val x) {
  return type == SK_LT_F64 ? x : sk_build_convert(b, SK_L_FTRUNCF, type, x);
}

static bool function_op(sk_build *b, sk_opkind kind, const sk_scalar *in, sk_scalar *out) {
  const sk_lt type = sk_build_type(b, in[0].re);
  sk_complex v = {{0}, {0}};
  for (size_t i = 0; i < SK_COUNT(functions_1); i++) {
    if (functions_1[i].kind == kind) {
      v = functions_1[i].function(b, widened(b, in[0]));
    }
  }
  for (size_t i = 0; i < SK_COUNT(functions_2); i++) {
    if (functions_2[i].kind == kind) {
      v = functions_2[i].function(b, widened(b, in[0]), widened(b, in[1]));
    }
  }
  if (v.re.id == 0) {
    return false;
  }
  *out = (sk_scalar){narrowed(b, type, v.re), narrowed(b, type, v.im)};
  return true;
}

// Without scaling where the parts are f32: their squares are exact in f64.
static sk_val modulus(sk_build *b, sk_scalar x) {
  const sk_lt type = sk_build_type(b, x.re);
  const sk_complex z = widened(b, x);
  if (type == SK_LT_F64) {
    return sk_complex_abs(b, z);
  }
  sk_val square = sk_build_3(b, SK_L_FMA, z.re, z.re, sk_build_2(b, SK_L_FMUL, z.im, z.im));
  sk_val inf = sk_build_f64(b, __builtin_inf()), size = sk_build_1(b, SK_L_FSQRT, square);
  sk_val infinite =
      sk_build_2(b, SK_L_POR, sk_build_2(b, SK_L_FEQ, sk_build_1(b, SK_L_FABS, z.re), inf),
                 sk_build_2(b, SK_L_FEQ, sk_build_1(b, SK_L_FABS, z.im), inf));
  return narrowed(b, type, sk_build_select(b, infinite, inf, size));
}

bool sk_scalar_apply_complex(sk_build *b, const sk_elem_op *op, const sk_scalar *in,
                             sk_scalar *out) {
  switch ((int)op->kind) {
    case SK_OP_COMPARE: return compare(b, op, in, out);
    case SK_OP_CONVERT: return convert(b, op, in, out);
    case SK_OP_BITCAST_CONVERT: *out = in[0]; return op->from == op->to;
    case SK_OP_ABS: out->re = modulus(b, in[0]); return true;
    default: return simple_op(b, op->kind, in, out) || function_op(b, op->kind, in, out);
  }
}
