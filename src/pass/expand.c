// SPDX-License-Identifier: Apache-2.0
// Expands compound ops into simpler StableHLO ops. Those of chlo without native form, on real floats:
//
//   sinh   |x| < 1: (e + e / (e + 1)) / 2 with e = expm1(x); else h h / 2 - 1 / (2 h h) with h = exp(x / 2), which overflows only with the result
//   cosh   h h / 2 + 1 / (2 h h) with h = exp(|x| / 2)
//   asin   2 atan2(x, 1 + sqrt((1 - x)(1 + x)))        acos  2 atan2(sqrt(1 - x), sqrt(1 + x))        atan  atan2(x, 1)
//   asinh  sign(x) log1p(|x| + x^2 / (1 + sqrt(x^2 + 1))); beyond 2^(mantissa bits) log(|x|) + log 2
//   acosh  log1p(t + sqrt(t) sqrt(t + 2)), t = x - 1; beyond 2^(mantissa bits) log(x) + log 2
//   atanh  (log1p(x) - log1p(-x)) / 2
// f16 and bf16 are computed in f32 and rounded once.
//
// Products of floats other than f32 and f64 become products of f32 (f64, where the result is f64): their
// operands are converted, sums are kept and rounded once in that type.
//
// Products of a matrix with a vector, or of two vectors, become element-wise product and sum:
//
//   dot_general(A[m, k], x[k])  ->  reduce(A * broadcast(x)) add across k
//
// where the contracted dimensions are the innermost ones of both operands: so that they are read in order and
// fuse with what surrounds them. The order of such a sum is that of reductions (docs/numerics.md); it is decided
// here, by shapes and dimension numbers alone.
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

// -------------------------------------------------------------------------------------------- products

// Type in which a product with this result is summed.
static sk_elem sum_elem(sk_elem result) { return result == SK_F64 ? SK_F64 : SK_F32; }

static bool is_computed_float(sk_elem elem) {
  return elem == SK_F64 || elem == SK_F32 || elem == SK_F16 || elem == SK_BF16;
}

static bool is_float_dot(const sk_module *m, sk_op op) {
  return sk_op_kind(m, op) == SK_OP_DOT_GENERAL &&
         is_computed_float((sk_elem)sk_value_type_rec(m, sk_op_operand(m, op, 0))->elem) &&
         is_computed_float((sk_elem)sk_value_type_rec(m, sk_op_operand(m, op, 1))->elem) &&
         is_computed_float((sk_elem)sk_value_type_rec(m, sk_op_result(m, op, 0))->elem);
}

// Operand `index` in the type of the sum.
static sk_value sum_operand(expander *e, sk_op op, uint32_t index, sk_elem sum) {
  sk_module *m = e->r->m;
  sk_value operand = sk_rebuild_get(e->r, sk_op_operand(m, op, index));
  const sk_type_rec type = *sk_value_type_rec(m, operand);
  if (type.elem == (uint8_t)sum) {
    return operand;
  }
  return emit(e, SK_OP_CONVERT, sk_type_tensor(m, sum, type.rank, type.dims), operand, none, none,
              NULL, 0);
}

// `value`, a sum, becomes the product's result.
static void set_rounded(expander *e, sk_op op, sk_value value) {
  sk_value result = sk_op_result(e->r->m, op, 0);
  sk_type type = sk_value_type(e->r->m, result);
  bool same = sk_value_type(e->r->m, value).id == type.id;
  sk_rebuild_set(e->r, result,
                 same ? value : emit(e, SK_OP_CONVERT, type, value, none, none, NULL, 0));
}

// A product whose operands or result are not of the type of its sum.
static bool is_mixed(const sk_module *m, sk_op op) {
  if (!is_float_dot(m, op)) {
    return false;
  }
  uint8_t result = sk_value_type_rec(m, sk_op_result(m, op, 0))->elem,
          sum = (uint8_t)sum_elem((sk_elem)result);
  return result != sum || sk_value_type_rec(m, sk_op_operand(m, op, 0))->elem != sum ||
         sk_value_type_rec(m, sk_op_operand(m, op, 1))->elem != sum;
}

static void expand_mixed(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  const sk_type_rec to = *sk_value_type_rec(m, sk_op_result(m, op, 0));
  sk_elem sum = sum_elem((sk_elem)to.elem);
  expander e = {.r = r, .into = into, .loc = sk_op_get(m, op)->loc};
  sk_value a = sum_operand(&e, op, 0, sum), b = sum_operand(&e, op, 1, sum);
  sk_named_attr attr = {{SK_NAME_dot_dimension_numbers},
                        sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers)};
  set_rounded(
      &e, op,
      emit(&e, SK_OP_DOT_GENERAL, sk_type_tensor(m, sum, to.rank, to.dims), a, b, none, &attr, 1));
}

// Are `dims` the innermost dimensions of the type, in order? (Extents of 1 do not count.) *out_other: does
// it have dimensions larger than 1 besides these and the batch ones?
static bool are_innermost(const sk_type_rec *type, sk_ints dims, sk_ints batch, bool *out_other) {
  uint32_t next = dims.count;
  bool passed = false;
  *out_other = false;
  for (uint32_t d = type->rank; d-- > 0;) {
    if (type->dims[d] == 1) {
      continue;
    }
    while (next > 0 && type->dims[dims.data[next - 1]] == 1) {
      next--;
    }
    if (next > 0 && dims.data[next - 1] == (int64_t)d) {
      if (passed) {
        return false;
      }
      next--;
      continue;
    }
    passed = true;
    bool is_batch = false;
    for (uint32_t i = 0; i < batch.count; i++) {
      is_batch |= batch.data[i] == (int64_t)d;
    }
    *out_other |= !is_batch;
  }
  while (next > 0 && type->dims[dims.data[next - 1]] == 1) {
    next--;
  }
  return next == 0;
}

static bool is_row_sum(const sk_module *m, sk_op op) {
  if (!is_float_dot(m, op)) {
    return false;
  }
  const sk_dot_dims *dims =
      sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers))->u.dot;
  const sk_type_rec *a = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  const sk_type_rec *b = sk_value_type_rec(m, sk_op_operand(m, op, 1));
  const sk_type_rec *to = sk_value_type_rec(m, sk_op_result(m, op, 0));
  uint32_t steps = 0, rank = 0;  // dimensions larger than 1: contracted, all
  bool empty = false;
  for (uint32_t i = 0; i < dims->lhs_contracting_dimensions.count; i++) {
    int64_t extent = a->dims[dims->lhs_contracting_dimensions.data[i]];
    steps += extent > 1;
    empty |= extent == 0;
  }
  for (uint32_t d = 0; d < to->rank; d++) {
    rank += to->dims[d] != 1;
  }
  bool rows, columns;
  return steps > 0 && !empty && rank + steps <= SK_GROUP_MAX_RANK &&
         to->rank + dims->lhs_contracting_dimensions.count <= SK_MAX_RANK &&
         are_innermost(a, dims->lhs_contracting_dimensions, dims->lhs_batching_dimensions, &rows) &&
         are_innermost(b, dims->rhs_contracting_dimensions, dims->rhs_batching_dimensions,
                       &columns) &&
         !(rows && columns);
}

// Where the dimensions of an operand lie in the space [batch, rows, columns, steps] of all products.
static void place_dims(uint32_t rank, sk_ints batch, sk_ints contracting, uint32_t first_free,
                       uint32_t first_step, int64_t *out) {
  for (uint32_t d = 0; d < rank; d++) {
    out[d] = -1;
  }
  for (uint32_t i = 0; i < batch.count; i++) {
    out[batch.data[i]] = i;
  }
  for (uint32_t i = 0; i < contracting.count; i++) {
    out[contracting.data[i]] = first_step + i;
  }
  for (uint32_t d = 0; d < rank; d++) {
    out[d] = out[d] < 0 ? first_free++ : out[d];
  }
}

static sk_value emit_sum(expander *e, sk_value products, sk_type type, uint32_t first_step,
                         uint32_t steps) {
  sk_module *m = e->r->m;
  sk_type scalar = sk_type_tensor(m, (sk_elem)sk_type_get(m, type)->elem, 0, NULL);
  expander inner = *e;
  inner.type = scalar;
  sk_value zero = number(&inner, 0);
  sk_region body = sk_region_new(m, (const sk_type[2]){scalar, scalar}, 2);
  sk_value args[2] = {sk_region_arg(m, body, 0), sk_region_arg(m, body, 1)};
  sk_op_desc desc = {.kind = SK_OP_ADD, .loc = e->loc, .operands = args, .operand_count = 2};
  desc.result_types = &scalar;
  desc.result_count = 1;
  sk_value total = sk_op_result(m, sk_op_new(m, body, &desc), 0);
  sk_op_new(
      m, body,
      &(sk_op_desc){.kind = SK_OP_RETURN, .loc = e->loc, .operands = &total, .operand_count = 1});
  int64_t dims[SK_MAX_RANK];
  for (uint32_t i = 0; i < steps; i++) {
    dims[i] = first_step + i;
  }
  sk_named_attr attr = {{SK_NAME_dimensions}, sk_attr_ints(m, dims, steps)};
  const sk_value operands[2] = {products, zero};
  sk_op_desc reduce = {
      .kind = SK_OP_REDUCE, .loc = e->loc, .operands = operands, .operand_count = 2};
  reduce.result_types = &type;
  reduce.result_count = 1;
  reduce.attrs = &attr;
  reduce.attr_count = 1;
  reduce.regions = &body;
  reduce.region_count = 1;
  return sk_op_result(m, sk_rebuild_emit(e->r, e->into, &reduce), 0);
}

static void expand_row_sum(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  const sk_dot_dims *dims =
      sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers))->u.dot;
  sk_ints batch[2] = {dims->lhs_batching_dimensions, dims->rhs_batching_dimensions};
  sk_ints contracting[2] = {dims->lhs_contracting_dimensions, dims->rhs_contracting_dimensions};
  const sk_type_rec to = *sk_value_type_rec(m, sk_op_result(m, op, 0));
  sk_elem sum = sum_elem((sk_elem)to.elem);
  uint32_t steps = contracting[0].count, rank = to.rank + steps, first_free = batch[0].count;
  int64_t space[SK_MAX_RANK];
  for (uint32_t i = 0; i < to.rank; i++) {
    space[i] = to.dims[i];
  }
  for (uint32_t i = 0; i < steps; i++) {
    space[to.rank + i] =
        sk_value_type_rec(m, sk_op_operand(m, op, 0))->dims[contracting[0].data[i]];
  }
  expander e = {.r = r, .into = into, .loc = sk_op_get(m, op)->loc};
  e.type = sk_type_tensor(m, sum, rank, space);
  sk_value spread[2];
  for (uint32_t i = 0; i < 2; i++) {
    sk_value operand = sum_operand(&e, op, i, sum);
    uint32_t operand_rank = sk_value_type_rec(m, operand)->rank;
    int64_t places[SK_MAX_RANK];
    place_dims(operand_rank, batch[i], contracting[i], first_free, to.rank, places);
    first_free += operand_rank - batch[i].count - steps;
    sk_named_attr attr = {{SK_NAME_broadcast_dimensions}, sk_attr_ints(m, places, operand_rank)};
    spread[i] = emit(&e, SK_OP_BROADCAST_IN_DIM, e.type, operand, none, none, &attr, 1);
  }
  sk_type type = sk_type_tensor(m, sum, to.rank, to.dims);
  set_rounded(&e, op, emit_sum(&e, mul(&e, spread[0], spread[1]), type, to.rank, steps));
}

// ----------------------------------------------------------------------------------------------- entry

static bool rewrite(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  (void)out_status;
  sk_module *m = r->m;
  if (is_row_sum(m, op)) {
    expand_row_sum(r, op, into);
    return true;
  }
  if (is_mixed(m, op)) {
    expand_mixed(r, op, into);
    return true;
  }
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
    if (is_row_sum(m, op) || is_mixed(m, op)) {
      return true;
    }
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
