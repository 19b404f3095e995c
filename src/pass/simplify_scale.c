// SPDX-License-Identifier: Apache-2.0
// Rules about factors that are powers of two, which change no rounding. They are exact unless an intermediate result under- or
// overflows (where they keep more), and for that reason off under strict numerics. In what automatic differentiation writes, such factors
// pile up: of a product rule, of a square, of 0.5 (1 + erf x).
//
//   (x c) d            -> x (c d)                if c or d is a power of two
//   (x 2^i) (y 2^j)    -> (x y) 2^(i+j)          if neither factor has another use
//   (x + c) 2^i        -> x 2^i + c 2^i          if the sum has no other use and x is no product: it becomes one fused multiply-add
//
// c, d: floats known at compile time, splats or broadcasts of a scalar. Exponents are small, so that only the last few binades of the range
// notice.
#include <math.h>
#include <stdlib.h>

#include "pass/simplify_int.h"

enum { MAX_EXPONENT = 16 };

static double float_of(sk_elem elem, const void *data) {
  float single;
  double wide;
  memcpy(&single, data, sizeof single);
  if (elem == SK_F32) {
    return (double)single;
  }
  memcpy(&wide, data, sizeof wide);
  return wide;
}

// The one value of all elements, where that is written in the program.
static bool is_known(const sk_module *m, sk_value v, double *out) {
  double sign = 1;
  for (sk_op op = sk_value_get(m, v)->op; op.id != 0;
       op = sk_value_get(m, sk_op_operand(m, op, 0))->op) {
    switch ((int)sk_op_kind(m, op)) {
      case SK_OP_NEGATE: sign = -sign; break;
      case SK_OP_BROADCAST_IN_DIM:
      case SK_OP_RESHAPE: break;
      case SK_OP_CONSTANT: {
        const sk_dense *dense = &sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_value))->u.dense;
        sk_elem elem = (sk_elem)sk_value_type_rec(m, v)->elem;
        if (!dense->splat && dense->bytes != sk_elem_bytes(elem)) {
          return false;
        }
        *out = sign * float_of(elem, dense->data);
        return true;
      }
      default: return false;
    }
  }
  return false;
}

static bool is_power(double c) {
  int exponent = 0;
  return fabs(frexp(c, &exponent)) == 0.5 && abs(exponent) <= MAX_EXPONENT;
}

// v = x c
typedef struct scaled {
  sk_value x;
  double c;
} scaled;

static bool is_scaled(const sk_module *m, sk_value v, scaled *out) {
  sk_op op = sk_made_by(m, v, SK_OP_MULTIPLY);
  for (uint32_t i = 0; op.id != 0 && i < 2; i++) {
    out->x = sk_op_operand(m, op, 1 - i);
    if (is_known(m, sk_op_operand(m, op, i), &out->c)) {
      return true;
    }
  }
  return false;
}

// ---- what is written

static sk_value emit_2(sk_rebuild *r, sk_region into, sk_op like, sk_opkind kind, sk_value a,
                       sk_value b) {
  const sk_value operands[2] = {a, b};
  return sk_simplify_emit(r, into, like, kind, operands, 2,
                          sk_value_type(r->m, sk_op_result(r->m, like, 0)), NULL, 0);
}

static sk_value emit_constant(sk_rebuild *r, sk_region into, sk_op like, double value) {
  sk_module *m = r->m;
  sk_type type = sk_value_type(m, sk_op_result(m, like, 0));
  sk_elem elem = (sk_elem)sk_type_get(m, type)->elem;
  float single = (float)value;
  uint32_t bytes = sk_elem_bytes(elem);
  void *data = sk_arena_alloc(&m->arena, bytes, 8);
  memcpy(data, elem == SK_F32 ? (const void *)&single : &value, bytes);
  const sk_dense dense = {.data = data, .bytes = bytes, .splat = true};
  const sk_named_attr attr = {{SK_NAME_value}, sk_attr_dense(m, type, dense)};
  return sk_simplify_emit(r, into, like, SK_OP_CONSTANT, NULL, 0, type, &attr, 1);
}

static sk_value emit_scaled(sk_rebuild *r, sk_region into, sk_op like, sk_value x, double c) {
  return c == 1 ? x : emit_2(r, into, like, SK_OP_MULTIPLY, x, emit_constant(r, into, like, c));
}

// ---- rules

// Is c d, rounded to the type, the exact product, and a normal number?
static bool multiplies_exactly(sk_elem elem, double c, double d) {
  double product = c * d, least = elem == SK_F32 ? 0x1p-126 : 0x1p-1022;
  double most = elem == SK_F32 ? 0x1.fffffep127 : 0x1.fffffffffffffp1023;
  return (is_power(c) || is_power(d)) && fabs(product) >= least && fabs(product) <= most;
}

static bool has_one_use(const sk_rebuild *r, sk_op op, uint32_t operand) {
  return r->uses[sk_op_operand(r->m, op, operand).id] == 1;
}

static sk_value product_of_scaled(sk_rebuild *r, sk_op op, sk_region into, const scaled s[2]) {
  sk_value product = emit_2(r, into, op, SK_OP_MULTIPLY, s[0].x, s[1].x);
  return emit_scaled(r, into, op, product, s[0].c * s[1].c);
}

// (x + c) d; none: the rule does not apply.
static sk_value scaled_sum(sk_rebuild *r, sk_op op, sk_region into, sk_value v, double d) {
  sk_module *m = r->m;
  sk_op add = sk_made_by(m, v, SK_OP_ADD);
  sk_elem elem = (sk_elem)sk_value_type_rec(m, v)->elem;
  double c = 0;
  for (uint32_t i = 0; add.id != 0 && is_power(d) && i < 2; i++) {
    sk_value x = sk_op_operand(m, add, 1 - i);
    if (sk_made_by(m, x, SK_OP_MULTIPLY).id == 0 && is_known(m, sk_op_operand(m, add, i), &c) &&
        multiplies_exactly(elem, c, d)) {
      sk_value product = emit_scaled(r, into, op, x, d);
      return emit_2(r, into, op, SK_OP_ADD, product, emit_constant(r, into, op, c * d));
    }
  }
  return (sk_value){0};
}

bool sk_simplify_scale(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  sk_value result = sk_op_result(m, op, 0), made = {0};
  sk_elem elem = (sk_elem)sk_value_type_rec(m, result)->elem;
  if (r->options->strict || (elem != SK_F32 && elem != SK_F64)) {
    return false;
  }
  sk_value v[2];
  scaled s[2];
  bool is_s[2];
  for (uint32_t i = 0; i < 2; i++) {
    v[i] = sk_rebuild_get(r, sk_op_operand(m, op, i));
    is_s[i] = is_scaled(m, v[i], &s[i]);
  }
  for (uint32_t i = 0; i < 2 && made.id == 0; i++) {
    double d = 0;
    if (!is_known(m, v[1 - i], &d)) {
      continue;
    }
    if (is_s[i] && multiplies_exactly(elem, s[i].c, d)) {
      made = emit_scaled(r, into, op, s[i].x, s[i].c * d);
    } else if (has_one_use(r, op, i)) {
      made = scaled_sum(r, op, into, v[i], d);
    }
  }
  if (made.id == 0 && is_s[0] && is_s[1] && is_power(s[0].c) && is_power(s[1].c) &&
      has_one_use(r, op, 0) && has_one_use(r, op, 1)) {
    made = product_of_scaled(r, op, into, s);
  }
  return made.id != 0 && sk_simplify_to(r, op, made);
}
