// SPDX-License-Identifier: Apache-2.0
// Expands compound operations into StableHLO operations.
//
//   top_k   iota and a stable sort of (operand, indices) along the last dimension, larger elements
//           first, floats in total order; then the first k of both
//   dot_general of some types and shapes: expand_dot.c
#include "pass/expand_int.h"

typedef struct expander {
  sk_rebuild *r;
  sk_region into;
  sk_loc loc;
} expander;

static sk_op emit(expander *e, sk_region into, const sk_op_desc *desc) {
  sk_op_desc located = *desc;
  located.loc = e->loc;
  return sk_rebuild_emit(e->r, into, &located);
}

// first > second, of two scalars of the operand and two indices.
static sk_region greater_first(expander *e, sk_elem elem) {
  sk_module *m = e->r->m;
  const sk_type scalar = sk_type_tensor(m, elem, 0, NULL),
                index = sk_type_tensor(m, SK_S32, 0, NULL);
  const sk_type pred = sk_type_tensor(m, SK_PRED, 0, NULL);
  const sk_region body = sk_region_new(m, (const sk_type[]){scalar, scalar, index, index}, 4);
  const sk_value both[2] = {sk_region_arg(m, body, 0), sk_region_arg(m, body, 1)};
  const sk_named_attr attrs[] = {
      {{SK_NAME_comparison_direction}, sk_attr_enum(m, SK_ENUM_COMPARISON_DIRECTION, SK_CMP_GT)},
      {{SK_NAME_compare_type}, sk_attr_enum(m, SK_ENUM_COMPARISON_TYPE, SK_CMPTYPE_TOTALORDER)}};
  const sk_op compare = emit(e, body,
                             &(sk_op_desc){.kind = SK_OP_COMPARE,
                                           .operands = both,
                                           .operand_count = 2,
                                           .result_types = &pred,
                                           .result_count = 1,
                                           .attrs = attrs,
                                           .attr_count = sk_elem_is_float(elem) ? 2 : 1});
  const sk_value result = sk_op_result(m, compare, 0);
  emit(e, body, &(sk_op_desc){.kind = SK_OP_RETURN, .operands = &result, .operand_count = 1});
  return body;
}

// The first elements of v along its last dimension, as many as `type` says.
static sk_value first_elements(expander *e, sk_value v, sk_type type) {
  sk_module *m = e->r->m;
  const sk_type_rec rec = *sk_type_get(m, type);
  int64_t starts[SK_MAX_RANK], strides[SK_MAX_RANK];
  for (uint32_t d = 0; d < rec.rank; d++) {
    starts[d] = 0;
    strides[d] = 1;
  }
  const sk_named_attr attrs[] = {{{SK_NAME_start_indices}, sk_attr_ints(m, starts, rec.rank)},
                                 {{SK_NAME_limit_indices}, sk_attr_ints(m, rec.dims, rec.rank)},
                                 {{SK_NAME_strides}, sk_attr_ints(m, strides, rec.rank)}};
  const sk_op slice = emit(e, e->into,
                           &(sk_op_desc){.kind = SK_OP_SLICE,
                                         .operands = &v,
                                         .operand_count = 1,
                                         .result_types = &type,
                                         .result_count = 1,
                                         .attrs = attrs,
                                         .attr_count = SK_COUNT(attrs)});
  return sk_op_result(m, slice, 0);
}

static void expand_top_k(expander *e, sk_op op) {
  sk_module *m = e->r->m;
  const sk_value x = sk_rebuild_get(e->r, sk_op_operand(m, op, 0));
  const sk_type type = sk_value_type(m, x), i64 = sk_type_scalar(m, SK_S64);
  const sk_type_rec rec = *sk_type_get(m, type);
  const sk_type index_type = sk_type_tensor(m, SK_S32, rec.rank, rec.dims);
  const sk_attr last = sk_attr_int(m, i64, (int64_t)rec.rank - 1);
  const sk_named_attr along = {{SK_NAME_iota_dimension}, last};
  const sk_op iota = emit(e, e->into,
                          &(sk_op_desc){.kind = SK_OP_IOTA,
                                        .result_types = &index_type,
                                        .result_count = 1,
                                        .attrs = &along,
                                        .attr_count = 1});
  const sk_value operands[2] = {x, sk_op_result(m, iota, 0)};
  const sk_type types[2] = {type, index_type};
  const sk_region body = greater_first(e, (sk_elem)rec.elem);
  const sk_named_attr attrs[] = {{{SK_NAME_dimension}, last},
                                 {{SK_NAME_is_stable}, sk_attr_bool(m, true)}};
  const sk_op sort = emit(e, e->into,
                          &(sk_op_desc){.kind = SK_OP_SORT,
                                        .operands = operands,
                                        .operand_count = 2,
                                        .result_types = types,
                                        .result_count = 2,
                                        .attrs = attrs,
                                        .attr_count = SK_COUNT(attrs),
                                        .regions = &body,
                                        .region_count = 1});
  for (uint32_t i = 0; i < 2; i++) {
    const sk_value result = sk_op_result(m, op, i);
    sk_rebuild_set(e->r, result,
                   first_elements(e, sk_op_result(m, sort, i), sk_value_type(m, result)));
  }
}

static bool rewrite(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  (void)out_status;
  if (sk_expand_is_dot(r->m, op)) {
    sk_expand_dot(r, op, into);
    return true;
  }
  if (sk_op_kind(r->m, op) != SK_OP_CHLO_TOP_K) {
    return false;
  }
  expander e = {.r = r, .into = into, .loc = sk_op_get(r->m, op)->loc};
  expand_top_k(&e, op);
  return true;
}

static bool needs_expansion(const sk_module *m, sk_region region) {
  SK_FOR_EACH_OP(m, region, op) {
    if (sk_op_kind(m, op) == SK_OP_CHLO_TOP_K || sk_expand_is_dot(m, op)) {
      return true;
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
