// SPDX-License-Identifier: Apache-2.0
// Expands compound operations into StableHLO operations, by the table below; what an expansion writes may
// be expanded in turn.
//
//   quantized tensors   integers and floats (expand_quant.c), before all else
//   top_k   iota and a stable sort of (operand, indices) along the last dimension, larger elements
//           first, floats in total order; then the first k of both
//   chlo.scan   a while (expand_scan.c)
//   map   its body over whole tensors, or a while (expand_map.c)
//   chlo.zeta, chlo.polygamma   sums of powers (expand_zeta.c)
//   einsum, unary_einsum   a product or a sum (expand_einsum.c)
//   chlo.ragged_dot   a product per group (expand_ragged.c)
//   older spellings, what is nothing on one device   (expand_forms.c)
//   bitcast_convert to another width   shifts (expand_bitcast.c)
//   custom calls of known targets   factorisations and kernels of frameworks (expand_target.c)
//   rng_bit_generator   integer arithmetic on counters (expand_random.c)
//   batch_norm_*        means, products, quotients (expand_norm.c)
//   dot_general of some types and shapes, convolution of some types   (expand_dot.c)
//   reduce of arrays that have nothing to do with each other   a reduce of each (expand_reduce.c)
//   tensors of many dimensions   tensors of fewer, between reshapes (expand_rank.c)
//   cholesky and triangular_solve of many rows   products and smaller ones (expand_linalg.c)
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
  sk_expand_end(&inside, &result, 1);
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

// Reductions that nothing can be written for.
static bool is_known_call(const sk_module *m, sk_op op) {
  return sk_expand_is_target(m, op) || sk_expand_is_ordered_call(m, op);
}

static sk_status expand_call(const sk_expander *e, sk_op op) {
  return sk_expand_is_target(e->m, op) ? sk_expand_target(e, op) : sk_expand_ordered_call(e, op);
}

static sk_status refuse_initial_values(const sk_expander *e, sk_op op) {
  return sk_op_check_initial_values(e->m, op);
}

typedef struct expansion {
  bool (*applies)(const sk_module *m, sk_op op);  // NULL: always
  sk_status (*expand)(const sk_expander *e, sk_op op);
} expansion;

// By kind. chlo.broadcast_* are one expansion (expand_forms.c), not listed.
static const expansion expansions[SK_OPKIND_COUNT] = {
    [SK_OP_ALL_GATHER] = {sk_expand_is_lone_collective, sk_expand_lone_collective},
    [SK_OP_ALL_REDUCE] = {sk_expand_is_lone_collective, sk_expand_lone_collective},
    [SK_OP_ALL_TO_ALL] = {sk_expand_is_lone_collective, sk_expand_lone_collective},
    [SK_OP_ASYNC_DONE] = {sk_expand_is_awaited, sk_expand_async_done},
    [SK_OP_ASYNC_START] = {sk_expand_is_async, sk_expand_async_start},
    [SK_OP_BATCH_NORM_GRAD] = {NULL, sk_expand_norm_grad},
    [SK_OP_BATCH_NORM_INFERENCE] = {NULL, sk_expand_norm_inference},
    [SK_OP_BATCH_NORM_TRAINING] = {NULL, sk_expand_norm_training},
    [SK_OP_BITCAST_CONVERT] = {sk_expand_is_recasting, sk_expand_recasting},
    [SK_OP_BROADCAST] = {NULL, sk_expand_legacy_broadcast},
    [SK_OP_CHLO_ZETA] = {NULL, sk_expand_zeta},
    [SK_OP_CHOLESKY] = {sk_expand_is_large_factor, sk_expand_large_factor},
    [SK_OP_CHLO_CONSTANT] = {NULL, sk_expand_constant},
    [SK_OP_CHLO_CONSTANT_LIKE] = {sk_expand_is_constant_like, sk_expand_constant_like},
    [SK_OP_CHLO_POLYGAMMA] = {NULL, sk_expand_zeta},
    [SK_OP_CHLO_RAGGED_DOT] = {sk_expand_is_ragged, sk_expand_ragged},
    [SK_OP_CHLO_SCAN] = {sk_expand_is_scan, sk_expand_scan},
    [SK_OP_CHLO_TOP_K] = {NULL, expand_top_k},
    [SK_OP_COLLECTIVE_BROADCAST] = {sk_expand_is_lone_collective, sk_expand_lone_collective},
    [SK_OP_COLLECTIVE_PERMUTE] = {sk_expand_is_lone_permute, sk_expand_forward},
    [SK_OP_COLLECTIVE_REDUCE] = {sk_expand_is_lone_collective, sk_expand_lone_collective},
    [SK_OP_CONVOLUTION] = {sk_expand_is_mixed_convolution, sk_expand_mixed_convolution},
    [SK_OP_CROSS_REPLICA_SUM] = {sk_expand_is_lone_collective, sk_expand_lone_collective},
    [SK_OP_CUSTOM_CALL] = {is_known_call, expand_call},
    [SK_OP_DOT] = {NULL, sk_expand_legacy_dot},
    [SK_OP_DOT_GENERAL] = {sk_expand_is_dot, sk_expand_dot},
    [SK_OP_EINSUM] = {NULL, sk_expand_einsum},
    [SK_OP_GET_TUPLE_ELEMENT] = {sk_expand_is_member, sk_expand_member},
    [SK_OP_MAP] = {NULL, sk_expand_map},
    [SK_OP_PARTITION_ID] = {sk_expand_is_lone, sk_expand_process_id},
    [SK_OP_REDUCE] = {sk_expand_is_reduce, sk_expand_reduce},
    [SK_OP_REDUCE_SCATTER] = {sk_expand_is_lone_collective, sk_expand_lone_collective},
    [SK_OP_REDUCE_WINDOW] = {sk_expand_is_undefined, refuse_initial_values},
    [SK_OP_REPLICA_ID] = {sk_expand_is_lone, sk_expand_process_id},
    [SK_OP_RNG_BIT_GENERATOR] = {sk_expand_is_bit_generator, sk_expand_bit_generator},
    [SK_OP_SDY_ALL_GATHER] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_ALL_REDUCE] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_ALL_SLICE] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_ALL_TO_ALL] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_COLLECTIVE_PERMUTE] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_CONSTANT] = {NULL, sk_expand_constant},
    [SK_OP_SDY_DATA_FLOW_EDGE] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_FUNC_DATA_FLOW_EDGE] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_MANUAL_COMPUTATION] = {sk_expand_is_computation, sk_expand_computation},
    [SK_OP_SDY_NAMED_COMPUTATION] = {sk_expand_is_computation, sk_expand_computation},
    [SK_OP_SDY_PROPAGATION_BARRIER] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_REDUCE_SCATTER] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_REPLICATED_TO_UNREDUCED] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_RESHARD] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_SHARDED_TO_UNREDUCED] = {sk_expand_is_sharding, sk_expand_forward},
    [SK_OP_SDY_SHARDING_GROUP] = {NULL, sk_expand_forward},
    [SK_OP_TORCH_INDEX_SELECT] = {NULL, sk_expand_index_select},
    [SK_OP_TRIANGULAR_SOLVE] = {sk_expand_is_large_system, sk_expand_large_system},
    [SK_OP_UNARY_EINSUM] = {NULL, sk_expand_einsum},
};

static const expansion *find_expansion(const sk_module *m, sk_op op) {
  static const expansion broadcasting = {NULL, sk_expand_broadcasting},
                         high_rank = {NULL, sk_expand_high_rank};
  const expansion *x = &expansions[sk_op_kind(m, op)];
  if (sk_expand_is_broadcasting(m, op)) {
    return &broadcasting;
  }
  if (x->expand != NULL && (x->applies == NULL || x->applies(m, op))) {
    return x;
  }
  return sk_expand_is_high_rank(m, op) ? &high_rank : NULL;
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
