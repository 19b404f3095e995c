// SPDX-License-Identifier: Apache-2.0
// Expands compound ops without native form into StableHLO ops: the hyperbolic and inverse functions of chlo on real floats.
//
//   sinh   |x| < 1: (e + e / (e + 1)) / 2 with e = expm1(x); else h h / 2 - 1 / (2 h h) with h = exp(x / 2), which overflows only with the result
//   cosh   h h / 2 + 1 / (2 h h) with h = exp(|x| / 2)
//   asin   2 atan2(x, 1 + sqrt((1 - x)(1 + x)))        acos  2 atan2(sqrt(1 - x), sqrt(1 + x))        atan  atan2(x, 1)
//   asinh  sign(x) log1p(|x| + x^2 / (1 + sqrt(x^2 + 1))); beyond 2^(mantissa bits) log(|x|) + log 2
//   acosh  log1p(t + sqrt(t) sqrt(t + 2)), t = x - 1; beyond 2^(mantissa bits) log(x) + log 2
//   atanh  (log1p(x) - log1p(-x)) / 2
// f16 and bf16 are computed in f32 and rounded once.
#include "pass/rebuild.h"

typedef struct expander {
  sk_rebuild *r;
  sk_region into;
  sk_loc loc;
  sk_type type, pred_type;
} expander;

static sk_value emit(expander *e, sk_opkind kind, sk_type type, sk_value x, sk_value y, sk_value z, const sk_named_attr *attrs, uint32_t attr_count) {
  const sk_value operands[3] = {x, y, z};
  uint32_t count = x.id == 0 ? 0 : y.id == 0 ? 1 : z.id == 0 ? 2 : 3;
  sk_op op = sk_rebuild_emit(e->r, e->into, &(sk_op_desc){.kind = kind, .loc = e->loc, .operands = operands, .operand_count = count, .result_types = &type,
                                                          .result_count = 1, .attrs = attrs, .attr_count = attr_count});
  return sk_op_result(e->r->m, op, 0);
}

static const sk_value none = {0};

static sk_value unary(expander *e, sk_opkind kind, sk_value x) { return emit(e, kind, e->type, x, none, none, NULL, 0); }
static sk_value binary(expander *e, sk_opkind kind, sk_value x, sk_value y) { return emit(e, kind, e->type, x, y, none, NULL, 0); }
static sk_value add(expander *e, sk_value x, sk_value y) { return binary(e, SK_OP_ADD, x, y); }
static sk_value sub(expander *e, sk_value x, sk_value y) { return binary(e, SK_OP_SUBTRACT, x, y); }
static sk_value mul(expander *e, sk_value x, sk_value y) { return binary(e, SK_OP_MULTIPLY, x, y); }
static sk_value divide(expander *e, sk_value x, sk_value y) { return binary(e, SK_OP_DIVIDE, x, y); }

static sk_value number(expander *e, double value) {
  sk_module *m = e->r->m;
  bool wide = sk_type_get(m, e->type)->elem == SK_F64;
  char *bytes = sk_arena_alloc(&m->arena, 8, 8);
  float narrow = (float)value;
  memcpy(bytes, wide ? (const void *)&value : (const void *)&narrow, wide ? 8 : 4);
  sk_named_attr attr = {{SK_NAME_value}, sk_attr_dense(m, e->type, (sk_dense){bytes, wide ? 8 : 4, true})};
  return emit(e, SK_OP_CONSTANT, e->type, none, none, none, &attr, 1);
}

static sk_value less(expander *e, sk_value x, sk_value y) {
  sk_module *m = e->r->m;
  const sk_named_attr attrs[2] = {{{SK_NAME_comparison_direction}, sk_attr_enum(m, SK_ENUM_COMPARISON_DIRECTION, SK_CMP_LT)},
                                  {{SK_NAME_compare_type}, sk_attr_enum(m, SK_ENUM_COMPARISON_TYPE, SK_CMPTYPE_FLOAT)}};
  return emit(e, SK_OP_COMPARE, e->pred_type, x, y, none, attrs, 2);
}

static sk_value select(expander *e, sk_value p, sk_value x, sk_value y) { return emit(e, SK_OP_SELECT, e->type, p, x, y, NULL, 0); }

// Beyond this the square of a value plus 1 is the square.
static sk_value large_limit(expander *e) { return number(e, sk_type_get(e->r->m, e->type)->elem == SK_F64 ? 0x1p53 : 0x1p24); }

static sk_value expand_sinh(expander *e, sk_value x) {
  sk_value em1 = unary(e, SK_OP_EXPONENTIAL_MINUS_ONE, x), one = number(e, 1), half = number(e, 0.5);
  sk_value small = mul(e, half, add(e, em1, divide(e, em1, add(e, em1, one))));
  sk_value h = unary(e, SK_OP_EXPONENTIAL, mul(e, half, x));
  sk_value large = sub(e, mul(e, mul(e, half, h), h), divide(e, divide(e, half, h), h));
  return select(e, less(e, unary(e, SK_OP_ABS, x), one), small, large);
}

static sk_value expand_cosh(expander *e, sk_value x) {
  sk_value half = number(e, 0.5), h = unary(e, SK_OP_EXPONENTIAL, mul(e, half, unary(e, SK_OP_ABS, x)));
  return add(e, mul(e, mul(e, half, h), h), divide(e, divide(e, half, h), h));
}

static sk_value expand_asin(expander *e, sk_value x) {
  sk_value one = number(e, 1), root = unary(e, SK_OP_SQRT, mul(e, sub(e, one, x), add(e, one, x)));
  return mul(e, number(e, 2), binary(e, SK_OP_ATAN2, x, add(e, one, root)));
}

static sk_value expand_acos(expander *e, sk_value x) {
  sk_value one = number(e, 1), up = unary(e, SK_OP_SQRT, sub(e, one, x)), down = unary(e, SK_OP_SQRT, add(e, one, x));
  return mul(e, number(e, 2), binary(e, SK_OP_ATAN2, up, down));
}

static sk_value expand_atan(expander *e, sk_value x) { return binary(e, SK_OP_ATAN2, x, number(e, 1)); }

static sk_value expand_asinh(expander *e, sk_value x) {
  sk_value a = unary(e, SK_OP_ABS, x), square = mul(e, a, a), one = number(e, 1);
  sk_value t = add(e, a, divide(e, square, add(e, one, unary(e, SK_OP_SQRT, add(e, square, one)))));
  sk_value large = add(e, unary(e, SK_OP_LOG, a), number(e, 0.69314718055994530942));
  sk_value y = select(e, less(e, a, large_limit(e)), unary(e, SK_OP_LOG_PLUS_ONE, t), large);
  return mul(e, unary(e, SK_OP_SIGN, x), y);
}

static sk_value expand_acosh(expander *e, sk_value x) {
  sk_value t = sub(e, x, number(e, 1));
  sk_value root = mul(e, unary(e, SK_OP_SQRT, t), unary(e, SK_OP_SQRT, add(e, t, number(e, 2))));  // NaN below 1
  sk_value large = add(e, unary(e, SK_OP_LOG, x), number(e, 0.69314718055994530942));
  return select(e, less(e, x, large_limit(e)), unary(e, SK_OP_LOG_PLUS_ONE, add(e, t, root)), large);
}

static sk_value expand_atanh(expander *e, sk_value x) {
  sk_value difference = sub(e, unary(e, SK_OP_LOG_PLUS_ONE, x), unary(e, SK_OP_LOG_PLUS_ONE, unary(e, SK_OP_NEGATE, x)));
  return mul(e, number(e, 0.5), difference);
}

static const struct {
  sk_opkind kind;
  sk_value (*expand)(expander *e, sk_value x);
} expansions[] = {
    {SK_OP_CHLO_SINH, expand_sinh}, {SK_OP_CHLO_COSH, expand_cosh}, {SK_OP_CHLO_ASIN, expand_asin}, {SK_OP_CHLO_ACOS, expand_acos},
    {SK_OP_CHLO_ATAN, expand_atan}, {SK_OP_CHLO_ASINH, expand_asinh}, {SK_OP_CHLO_ACOSH, expand_acosh}, {SK_OP_CHLO_ATANH, expand_atanh},
};

static bool rewrite(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  (void)out_status;
  sk_module *m = r->m;
  for (size_t i = 0; i < SK_COUNT(expansions); i++) {
    if (expansions[i].kind != sk_op_kind(m, op)) {
      continue;
    }
    sk_value result = sk_op_result(m, op, 0), x = sk_rebuild_get(r, sk_op_operand(m, op, 0));
    sk_type type = sk_value_type(m, result);
    const sk_type_rec rec = *sk_type_get(m, type);
    if (!sk_elem_is_float((sk_elem)rec.elem)) {
      return false;
    }
    sk_elem compute = rec.elem == SK_F64 ? SK_F64 : SK_F32;
    expander e = {.r = r, .into = into, .loc = sk_op_get(m, op)->loc, .type = sk_type_tensor(m, compute, rec.rank, rec.dims),
                  .pred_type = sk_type_tensor(m, SK_PRED, rec.rank, rec.dims)};
    bool narrow = rec.elem != compute;
    sk_value y = expansions[i].expand(&e, narrow ? unary(&e, SK_OP_CONVERT, x) : x);
    sk_rebuild_set(r, result, narrow ? emit(&e, SK_OP_CONVERT, type, y, none, none, NULL, 0) : y);
    return true;
  }
  return false;
}

static bool needs_expansion(const sk_module *m, sk_region region) {
  SK_FOR_EACH_OP(m, region, op) {
    for (size_t i = 0; i < SK_COUNT(expansions); i++) {
      if (sk_op_kind(m, op) == expansions[i].kind) {
        return true;
      }
    }
    for (uint32_t i = 0; i < sk_op_get(m, op)->region_count; i++) {
      if (needs_expansion(m, sk_op_region(m, op, i))) {
        return true;
      }
    }
  }
  return false;
}

sk_status sk_pass_expand(sk_module *m, sk_op entry, sk_pass_options *options) {
  if (!needs_expansion(m, sk_func_body(m, entry))) {
    return NULL;
  }
  sk_rebuild r;
  sk_rebuild_init(&r, m, options, false);
  r.rewrite = rewrite;
  return sk_rebuild_function(&r, entry);
}
