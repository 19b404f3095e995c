// SPDX-License-Identifier: Apache-2.0
// Expands compound operations into StableHLO operations, by the table below; what an expansion writes may
// be expanded in turn.
//
//   quantized tensors   integers and floats (expand_quant.c), before all else
//   top_k   iota and a stable sort of (operand, indices) along the last dimension, larger elements
//           first, floats in total order; then the first k of both
//   rng_bit_generator   integer arithmetic on counters (expand_random.c)
//   batch_norm_*        means, products, quotients (expand_norm.c)
//   dot_general with a vector   product and sum (expand_dot.c)
#include "pass/expand_int.h"

// first > second, of two scalars of the operand and two indices.
static sk_region greater_first(const sk_expander *e, sk_elem elem) {
  sk_module *m = e->m;
  const sk_type scalar = sk_type_tensor(m, elem, 0, NULL),
                index = sk_type_tensor(m, SK_S32, 0, NULL);
  sk_expander inside = *e;
  inside.into = sk_region_new(m, (const sk_type[]){scalar, scalar, index, index}, 4);
  const sk_value both[2] = {sk_region_arg(m, inside.into, 0), sk_region_arg(m, inside.into, 1)};
  const sk_named_attr attrs[] = {
      {{SK_NAME_comparison_direction}, sk_attr_enum(m, SK_ENUM_COMPARISON_DIRECTION, SK_CMP_GT)},
      {{SK_NAME_compare_type}, sk_attr_enum(m, SK_ENUM_COMPARISON_TYPE, SK_CMPTYPE_TOTALORDER)}};
  const sk_value result =
      sk_expand_emit(&inside, SK_OP_COMPARE, sk_type_tensor(m, SK_PRED, 0, NULL), both, 2, attrs,
                     sk_elem_is_float(elem) ? 2 : 1);
  const sk_op_desc end = {
      .kind = SK_OP_RETURN, .loc = e->loc, .operands = &result, .operand_count = 1};
  sk_op_new(m, inside.into, &end);
  return inside.into;
}

static sk_status expand_top_k(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  const sk_value x = sk_expand_operand(e, op, 0);
  const sk_type_rec rec = *sk_value_type_rec(m, x);
  const sk_type types[2] = {sk_value_type(m, x), sk_expand_retyped(e, x, SK_S32)};
  const sk_value operands[2] = {x, sk_expand_iota(e, types[1], rec.rank - 1u)};
  const sk_region body = greater_first(e, (sk_elem)rec.elem);
  const sk_named_attr attrs[] = {
      {{SK_NAME_dimension}, sk_attr_int(m, sk_type_scalar(m, SK_S64), (int64_t)rec.rank - 1)},
      {{SK_NAME_is_stable}, sk_attr_bool(m, true)}};
  const sk_op_desc desc = {.kind = SK_OP_SORT,
                           .loc = e->loc,
                           .operands = operands,
                           .operand_count = 2,
                           .result_types = types,
                           .result_count = 2,
                           .attrs = attrs,
                           .attr_count = SK_COUNT(attrs),
                           .regions = &body,
                           .region_count = 1};
  const sk_op sort = sk_rebuild_emit(e->r, e->into, &desc);
  for (uint32_t i = 0; i < 2; i++) {
    const sk_value result = sk_op_result(m, op, i);
    static const int64_t starts[SK_MAX_RANK] = {0};
    const sk_type_rec first = *sk_value_type_rec(m, result);
    sk_rebuild_set(e->r, result, sk_expand_slice(e, sk_op_result(m, sort, i), starts, first.dims));
  }
  return NULL;
}

typedef struct expansion {
  sk_opkind kind;
  bool (*applies)(const sk_module *m, sk_op op);  // NULL: always
  sk_status (*expand)(const sk_expander *e, sk_op op);
} expansion;

static const expansion expansions[] = {
    {SK_OP_CHLO_TOP_K, NULL, expand_top_k},
    {SK_OP_BATCH_NORM_GRAD, NULL, sk_expand_norm_grad},
    {SK_OP_BATCH_NORM_INFERENCE, NULL, sk_expand_norm_inference},
    {SK_OP_BATCH_NORM_TRAINING, NULL, sk_expand_norm_training},
    {SK_OP_RNG_BIT_GENERATOR, sk_expand_is_bit_generator, sk_expand_bit_generator},
    {SK_OP_DOT_GENERAL, sk_expand_is_row_sum, sk_expand_row_sum},
};

static const expansion *find_expansion(const sk_module *m, sk_op op) {
  const sk_opkind kind = sk_op_kind(m, op);
  for (uint32_t i = 0; i < SK_COUNT(expansions); i++) {
    const expansion *x = &expansions[i];
    if (x->kind == kind && (x->applies == NULL || x->applies(m, op))) {
      return x;
    }
  }
  return NULL;
}

static bool rewrite(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  const expansion *x = find_expansion(r->m, op);
  if (x == NULL) {
    return false;
  }
  const sk_expander e = {.r = r, .m = r->m, .into = into, .loc = sk_op_get(r->m, op)->loc};
  *out_status = x->expand(&e, op);
  return true;
}

static bool needs_expansion(const sk_module *m, sk_region region) {
  SK_FOR_EACH_OP(m, region, op) {
    if (find_expansion(m, op) != NULL) {
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
  SK_TRY(sk_expand_quantized(m, entry, options));
  while (needs_expansion(m, sk_func_body(m, entry))) {  // every expansion writes simpler ops
    sk_rebuild r;
    sk_rebuild_init(&r, m, options, false);
    r.rewrite = rewrite;
    SK_TRY(sk_rebuild_function(&r, entry));
  }
  return NULL;
}
