// SPDX-License-Identifier: Apache-2.0
// A reduce of several arrays whose results have nothing to do with each other becomes a reduce of
// each: one operation as a body has an order and a precision of its own (docs/numerics.md), and runs
// along the lanes.
//
//   (s, n) = reduce(x, y) { add(s, x), maximum(n, y) }   ->   s = reduce(x) add, n = reduce(y) maximum
#include "pass/expand_int.h"

// The op that makes result `k` of the body, if it combines nothing but its accumulator and element.
static sk_op find_step(const sk_module *m, sk_op reduce, uint32_t k) {
  const sk_region body = sk_op_region(m, reduce, 0);
  const uint32_t count = sk_op_get(m, reduce)->result_count;
  const sk_value result = sk_op_operand(m, sk_region_get(m, body)->last, k);
  const sk_op step = sk_value_get(m, result)->op;
  if (step.id == 0) {
    return step;
  }
  const sk_op_rec *rec = sk_op_get(m, step);
  bool own = rec->parent.id == body.id && rec->operand_count == 2 && rec->result_count == 1 &&
             rec->region_count == 0 && rec->attr_count == 0;
  if (own) {
    const uint32_t sum = sk_region_arg(m, body, k).id, next = sk_region_arg(m, body, count + k).id;
    const uint32_t a = sk_op_operand(m, step, 0).id, b = sk_op_operand(m, step, 1).id;
    own = (a == sum && b == next) || (a == next && b == sum);
  }
  return own ? step : (sk_op){0};
}

static bool is_separable(const sk_module *m, sk_op op) {
  const uint32_t count = sk_op_get(m, op)->result_count;
  bool separable = count > 1;
  for (uint32_t k = 0; k < count && separable; k++) {
    separable = find_step(m, op, k).id != 0;
  }
  return separable;
}

bool sk_expand_is_undefined(const sk_module *m, sk_op op) {
  sk_status status = sk_op_check_initial_values(m, op);
  bool undefined = status != NULL;
  sk_status_free(status);
  return undefined;
}

bool sk_expand_is_reduce(const sk_module *m, sk_op op) {
  return is_separable(m, op) || sk_expand_is_undefined(m, op);
}

// The body with this one result.
static sk_region own_body(const sk_expander *e, sk_op op, uint32_t k) {
  sk_module *m = e->m;
  const sk_region body = sk_op_region(m, op, 0);
  const sk_op step = find_step(m, op, k);
  const uint32_t count = sk_op_get(m, op)->result_count;
  const sk_value sum = sk_region_arg(m, body, k), next = sk_region_arg(m, body, count + k);
  const bool swapped = sk_op_operand(m, step, 0).id != sum.id;
  const sk_type result = sk_value_type(m, sk_op_result(m, step, 0));
  sk_expander inside = *e;
  inside.into =
      sk_region_new(m, (const sk_type[]){sk_value_type(m, sum), sk_value_type(m, next)}, 2);
  const sk_value both[2] = {sk_region_arg(m, inside.into, swapped),
                            sk_region_arg(m, inside.into, !swapped)};
  const sk_value made = sk_expand_emit(&inside, sk_op_kind(m, step), result, both, 2, NULL, 0);
  sk_expand_end(&inside, &made, 1);
  return inside.into;
}

sk_status sk_expand_reduce(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  const uint32_t count = sk_op_get(m, op)->result_count;
  SK_TRY(sk_op_check_initial_values(m, op));
  const sk_named_attr attr = {{SK_NAME_dimensions}, sk_op_find_attr(m, op, SK_NAME_dimensions)};
  for (uint32_t k = 0; k < count; k++) {
    const sk_value operands[2] = {sk_expand_operand(e, op, k), sk_expand_operand(e, op, count + k)};
    const sk_value result = sk_op_result(m, op, k);
    sk_rebuild_set(e->r, result,
                   sk_expand_by_body(e, SK_OP_REDUCE, sk_value_type(m, result), operands, &attr,
                                     own_body(e, op, k)));
  }
  return NULL;
}
