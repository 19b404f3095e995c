// SPDX-License-Identifier: Apache-2.0
// Makers of operations that read or write where other values say: slices at run time, gather,
// scatter, sort, top_k, torch_index_select.
#include <stdio.h>

#include "hlo_int.h"

static sk_elem index_elem(hlo_gen *g) {
  static const sk_elem elems[] = {SK_S32, SK_S32, SK_S64, SK_S64, SK_U32, SK_S8, SK_U64, SK_U8};
  return elems[hlo_below(g, SK_COUNT(elems))];
}

static sk_value index_operand(hlo_gen *g, sk_elem elem, int64_t extent) {
  int64_t most = SK_MAX(extent - 1, 0);
  return hlo_index(g, elem, SK_MIN(most, 100));
}

bool hlo_make_dynamic_slice(hlo_gen *g, sk_opkind kind) {
  sk_value operands[1 + HLO_RANK] = {hlo_any(g, 31, 0, HLO_RANK)};
  if (operands[0].id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, operands[0]);
  int64_t sizes[HLO_RANK];
  sk_elem elem = index_elem(g);
  for (uint32_t d = 0; d < shape.rank; d++) {
    sizes[d] = hlo_chance(g, 1, 3) ? shape.dims[d] : hlo_between(g, 0, shape.dims[d]);
    operands[1 + d] = index_operand(g, elem, shape.dims[d] - sizes[d] + 1);
  }
  char attrs[80] = "";
  return hlo_put(g, kind, operands, 1 + shape.rank,
                 hlo_list(attrs, sizeof attrs, "slice_sizes", sizes, shape.rank), (sk_type){0});
}

bool hlo_make_dynamic_update_slice(hlo_gen *g, sk_opkind kind) {
  sk_value operands[2 + HLO_RANK] = {hlo_any(g, 31, 0, HLO_RANK)};
  if (operands[0].id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, operands[0]), update = shape;
  sk_elem elem = index_elem(g);
  for (uint32_t d = 0; d < shape.rank; d++) {
    update.dims[d] = hlo_chance(g, 1, 3) ? shape.dims[d] : hlo_between(g, 0, shape.dims[d]);
    operands[2 + d] = index_operand(g, elem, shape.dims[d] - update.dims[d] + 1);
  }
  operands[1] = hlo_value(g, (sk_elem)hlo_type(g, operands[0])->elem, &update);
  return hlo_put(g, kind, operands, 2 + shape.rank, NULL, (sk_type){0});
}

// How dimensions of an operand and of indices meet, for gather and scatter alike.
typedef struct index_plan {
  hlo_shape indices, slices;  // slices: the result of gather, the updates of scatter
  int64_t window[HLO_RANK], collapsed[HLO_RANK], batch[HLO_RANK], indices_batch[HLO_RANK],
      map[HLO_RANK], sizes[HLO_RANK];
  uint32_t window_count, collapsed_count, batch_count, map_count;
  int64_t vector_dim;
} index_plan;

// The parts of the operand's dimensions: batching, collapsed, windows; and slice sizes.
static void plan_operand(hlo_gen *g, const hlo_shape *operand, index_plan *plan) {
  plan->window_count = plan->collapsed_count = plan->batch_count = plan->map_count = 0;
  bool batches = hlo_chance(g, 1, 4);
  for (uint32_t d = 0; d < operand->rank; d++) {
    bool whole = hlo_chance(g, 1, 2);
    plan->sizes[d] = whole ? operand->dims[d] : hlo_between(g, 0, operand->dims[d]);
    if (batches && plan->batch_count == 0 && operand->dims[d] > 0 && hlo_chance(g, 1, 2)) {
      plan->batch[plan->batch_count++] = d;
      plan->sizes[d] = 1;
    } else {
      if (operand->dims[d] > 0 && hlo_chance(g, 1, 2)) {
        plan->collapsed[plan->collapsed_count++] = d;
        plan->sizes[d] = 1;
      }
      if (hlo_chance(g, 2, 3)) {
        plan->map[plan->map_count++] = d;
      }
    }
  }
  if (plan->map_count > 1 && hlo_chance(g, 1, 4)) {
    int64_t first = plan->map[0];
    plan->map[0] = plan->map[1];
    plan->map[1] = first;
  }
}

// Indices: some dimensions of their own, one for the batch, one for the vector; slices follow.
static bool plan_indices(hlo_gen *g, const hlo_shape *operand, index_plan *plan) {
  hlo_shape free_dims = {.rank = 0};
  uint32_t own = (uint32_t)hlo_between(g, plan->batch_count == 0 && plan->map_count == 0, 2);
  for (uint32_t i = 0; i < own; i++) {
    free_dims.dims[free_dims.rank++] = hlo_extent(g, 40);
  }
  if (plan->batch_count > 0) {
    plan->indices_batch[0] = free_dims.rank;
    free_dims.dims[free_dims.rank++] = operand->dims[plan->batch[0]];
  }
  plan->indices = free_dims;
  bool implicit = plan->map_count == 1 && hlo_chance(g, 1, 2);
  plan->vector_dim = implicit ? free_dims.rank : hlo_below(g, free_dims.rank + 1);
  if (!implicit) {
    for (uint32_t d = plan->indices.rank; d > (uint32_t)plan->vector_dim; d--) {
      plan->indices.dims[d] = plan->indices.dims[d - 1];
    }
    plan->indices.dims[plan->vector_dim] = plan->map_count;
    plan->indices.rank++;
    if (plan->batch_count > 0 && plan->vector_dim <= plan->indices_batch[0]) {
      plan->indices_batch[0]++;
    }
  }
  uint32_t windows = operand->rank - plan->collapsed_count - plan->batch_count;
  plan->slices.rank = free_dims.rank + windows;
  if (plan->slices.rank > HLO_RANK || plan->indices.rank > HLO_RANK) {
    return false;
  }
  uint32_t window = 0, plain = 0, dim = 0;
  for (uint32_t d = 0; d < plan->slices.rank; d++) {
    bool left = window < windows && (plain == free_dims.rank || hlo_chance(g, 1, 2));
    if (!left) {
      plan->slices.dims[d] = free_dims.dims[plain++];
      continue;
    }
    bool skipped = true;
    while (skipped) {
      skipped = plan->batch_count > 0 && plan->batch[0] == dim;
      for (uint32_t i = 0; i < plan->collapsed_count; i++) {
        skipped = skipped || plan->collapsed[i] == dim;
      }
      dim++;
    }
    plan->window[window++] = d;
    plan->slices.dims[d] = plan->sizes[dim - 1];
  }
  plan->window_count = window;
  return true;
}

static sk_ints ints(const int64_t *data, uint32_t count) { return (sk_ints){data, count}; }

// Indices that usually lie inside.
static sk_value indices_value(hlo_gen *g, const index_plan *plan, const hlo_shape *operand) {
  sk_elem elem = index_elem(g);
  int64_t count = hlo_count(&plan->indices), least = 100;
  if (count == 0 || count > 200 || hlo_chance(g, 1, 3)) {
    return hlo_value(g, elem, &plan->indices);
  }
  for (uint32_t i = 0; i < plan->map_count; i++) {
    least = SK_MIN(least, operand->dims[plan->map[i]]);
  }
  int64_t values[200];
  for (int64_t i = 0; i < count; i++) {
    bool outside = hlo_chance(g, 1, 12);
    values[i] = hlo_between(g, outside && sk_elem_is_signed(elem) ? -2 : 0,
                            outside ? least + 2 : SK_MAX(least - 1, 0));
  }
  sk_value flat = hlo_constant_ints(g, elem, (uint32_t)count, values, false);
  return hlo_emit(g, SK_OP_RESHAPE, &flat, 1, NULL, hlo_tensor(g, elem, &plan->indices));
}

bool hlo_make_gather(hlo_gen *g, sk_opkind kind) {
  sk_value operands[3] = {hlo_any(g, 31, 0, 4)};
  if (operands[0].id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, operands[0]);
  index_plan plan;
  plan_operand(g, &shape, &plan);
  if (!plan_indices(g, &shape, &plan)) {
    return false;
  }
  operands[1] = indices_value(g, &plan, &shape);
  sk_gather_dims dims = {.offset_dims = ints(plan.window, plan.window_count),
                         .collapsed_slice_dims = ints(plan.collapsed, plan.collapsed_count),
                         .operand_batching_dims = ints(plan.batch, plan.batch_count),
                         .start_indices_batching_dims = ints(plan.indices_batch, plan.batch_count),
                         .start_index_map = ints(plan.map, plan.map_count),
                         .index_vector_dim = plan.vector_dim};
  sk_named_attr attrs[2] = {
      {{SK_NAME_dimension_numbers},
       sk_attr_new(g->m, &(sk_attr_rec){.kind = SK_ATTR_GATHER_DIMS, .u.gather = &dims})},
      {{SK_NAME_slice_sizes}, sk_attr_ints(g->m, plan.sizes, shape.rank)}};
  bool dynamic = kind == SK_OP_DYNAMIC_GATHER;
  sk_type type = hlo_tensor(g, (sk_elem)hlo_type(g, operands[0])->elem, &plan.slices);
  if (dynamic) {
    operands[2] = hlo_constant_ints(g, SK_S64, shape.rank, plan.sizes, false);
  }
  sk_op_desc desc = {.kind = kind,
                     .operands = operands,
                     .operand_count = dynamic ? 3 : 2,
                     .attrs = attrs,
                     .attr_count = dynamic ? 1 : 2,
                     .result_types = &type,
                     .result_count = dynamic};
  return hlo_fits(g, &plan.slices) && hlo_emit_desc(g, &desc).id != 0;
}

// The update alone, or a combiner.
static sk_region scatter_body(hlo_gen *g, sk_elem elem) {
  sk_opkind kind;
  if (hlo_chance(g, 2, 3)) {
    return hlo_combiner(g, elem, &kind);
  }
  sk_type scalar = hlo_tensor(g, elem, &(hlo_shape){.rank = 0});
  hlo_place place;
  sk_region body = hlo_enter(g, (sk_type[]){scalar, scalar}, 2, true, &place);
  sk_value update = sk_region_arg(g->m, body, 1);
  hlo_leave(g, &place, SK_OP_RETURN, &update, 1);
  return body;
}

bool hlo_make_scatter(hlo_gen *g, sk_opkind kind) {
  sk_value operands[3] = {hlo_any(g, 31, 0, 4)};
  if (operands[0].id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, operands[0]);
  sk_elem elem = (sk_elem)hlo_type(g, operands[0])->elem;
  index_plan plan;
  plan_operand(g, &shape, &plan);
  if (!plan_indices(g, &shape, &plan) || !hlo_fits(g, &plan.slices)) {
    return false;
  }
  operands[1] = indices_value(g, &plan, &shape);
  operands[2] = hlo_value(g, elem, &plan.slices);
  sk_scatter_dims dims = {.update_window_dims = ints(plan.window, plan.window_count),
                          .inserted_window_dims = ints(plan.collapsed, plan.collapsed_count),
                          .input_batching_dims = ints(plan.batch, plan.batch_count),
                          .scatter_indices_batching_dims =
                              ints(plan.indices_batch, plan.batch_count),
                          .scatter_dims_to_operand_dims = ints(plan.map, plan.map_count),
                          .index_vector_dim = plan.vector_dim};
  sk_named_attr attr = {
      {SK_NAME_scatter_dimension_numbers},
      sk_attr_new(g->m, &(sk_attr_rec){.kind = SK_ATTR_SCATTER_DIMS, .u.scatter = &dims})};
  sk_region body = scatter_body(g, elem);
  sk_op_desc desc = {.kind = kind,
                     .operands = operands,
                     .operand_count = 3,
                     .attrs = &attr,
                     .attr_count = 1,
                     .regions = &body,
                     .region_count = 1};
  return hlo_emit_desc(g, &desc).id != 0;
}

bool hlo_make_torch_index_select(hlo_gen *g, sk_opkind kind) {
  sk_value operands[2] = {hlo_any(g, 31, 1, 3)};
  if (operands[0].id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, operands[0]);
  int64_t dim = hlo_below(g, shape.rank), values[4];
  for (uint32_t i = 0; i < 4; i++) {
    values[i] = hlo_between(g, 0, SK_MAX(shape.dims[dim] - 1, 0));
  }
  operands[1] = hlo_constant_ints(g, SK_S32, shape.dims[dim] > 0 ? 4 : 0, values, false);
  char attrs[60];
  snprintf(attrs, sizeof attrs, "dim=%lld batch_dims=0", (long long)dim);
  return hlo_put(g, kind, operands, 2, attrs, (sk_type){0});
}

// ---- sort

static sk_value compare(hlo_gen *g, sk_value a, sk_value b, const char *direction) {
  bool real = sk_elem_is_float((sk_elem)hlo_type(g, a)->elem);
  char attrs[80];
  snprintf(attrs, sizeof attrs, "comparison_direction=%s%s", direction,
           real && hlo_chance(g, 2, 3) ? " compare_type=TOTALORDER" : "");
  return hlo_emit(g, SK_OP_COMPARE, (sk_value[]){a, b}, 2, attrs, (sk_type){0});
}

// (first key) or (first key equal and second key), or something stranger but still an order.
static sk_region comparator(hlo_gen *g, const sk_type *types, uint32_t inputs) {
  sk_type args[2 * 3];
  for (uint32_t i = 0; i < 2 * inputs; i++) {
    args[i] = types[i / 2];
  }
  hlo_place place;
  sk_region body = hlo_enter(g, args, 2 * inputs, true, &place);
  const char *direction = hlo_chance(g, 1, 2) ? "LT" : "GT";
  sk_value a = sk_region_arg(g->m, body, 0), b = sk_region_arg(g->m, body, 1);
  bool negates = !sk_elem_is_complex((sk_elem)hlo_type(g, a)->elem) &&
                 sk_elem_get_class((sk_elem)hlo_type(g, a)->elem) != SK_CLASS_PRED;
  if (negates && hlo_chance(g, 1, 4)) {
    a = hlo_emit(g, SK_OP_NEGATE, &a, 1, NULL, (sk_type){0});
    b = hlo_emit(g, SK_OP_NEGATE, &b, 1, NULL, (sk_type){0});
  }
  sk_value less = compare(g, a, b, direction);
  if (inputs > 1 && hlo_chance(g, 1, 3)) {
    sk_value equal = compare(g, a, b, "EQ");
    sk_value next = compare(g, sk_region_arg(g->m, body, 2), sk_region_arg(g->m, body, 3), "LT");
    sk_value both = hlo_emit(g, SK_OP_AND, (sk_value[]){equal, next}, 2, NULL, (sk_type){0});
    less = hlo_emit(g, SK_OP_OR, (sk_value[]){less, both}, 2, NULL, (sk_type){0});
  }
  hlo_leave(g, &place, SK_OP_RETURN, &less, 1);
  return body;
}

bool hlo_make_sort(hlo_gen *g, sk_opkind kind) {
  const uint32_t sortable = SK_ELEMS_P | SK_ELEMS_S | SK_ELEMS_U | SK_ELEMS_F;
  sk_value operands[3] = {hlo_any(g, sortable, 1, 4)};
  sk_type types[3];
  uint32_t count = (uint32_t)hlo_between(g, 1, 3);
  if (operands[0].id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, operands[0]), scalar = {.rank = 0};
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) {
      operands[i] = hlo_value(g, hlo_elem(g, i == 1 ? sortable : 31), &shape);
    }
    operands[i] = i < 2 ? hlo_settled(g, operands[i]) : operands[i];
    types[i] = hlo_tensor(g, (sk_elem)hlo_type(g, operands[i])->elem, &scalar);
  }
  sk_region body = comparator(g, types, count);
  char attrs[60];
  snprintf(attrs, sizeof attrs, "dimension=%lld is_stable=%s",
           (long long)(hlo_below(g, shape.rank) - (hlo_chance(g, 1, 8) ? shape.rank : 0)),
           hlo_chance(g, 1, 2) ? "true" : "false");
  return hlo_emit_regions(g, kind, operands, count, attrs, NULL, 0, &body, 1).id != 0;
}

bool hlo_make_top_k(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, SK_ELEMS_S | SK_ELEMS_U | SK_ELEMS_F, 1, 3);
  if (x.id == 0) {
    return false;
  }
  char attrs[40];
  x = hlo_settled(g, x);
  const sk_type_rec *type = hlo_type(g, x);
  snprintf(attrs, sizeof attrs, "k=%lld", (long long)hlo_between(g, 0, type->dims[type->rank - 1]));
  return hlo_put(g, kind, &x, 1, attrs, (sk_type){0});
}
