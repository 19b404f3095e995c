// SPDX-License-Identifier: Apache-2.0
// Custom calls whose layouts order dimensions in memory in another way than row-major: transposes
// around the call, so that its operands and results are dense buffers as its handler expects them.
//
//   %r = custom_call @f(%a) {operand_layouts = [[0, 1]]}
//   %t = transpose %a, dims = [1, 0]      %r = custom_call @f(%t) {..., skarn.memory_order}
//
// The layouts stay with the call: they tell which dimension is which.
#include "pass/expand_int.h"

// Dimensions from the outermost in memory inwards; false: row-major, or no layout.
static bool find_order(const sk_module *m, sk_op op, sk_name name, uint32_t index, uint32_t rank,
                       int64_t *out_order) {
  const sk_attr attr = sk_op_find_attr(m, op, name);
  const sk_attr_rec *list = sk_attr_get(m, attr);
  if (attr.id == 0 || list->kind != SK_ATTR_ARRAY || index >= list->u.list.count) {
    return false;
  }
  const sk_attr_rec *layout = sk_attr_get(m, list->u.list.data[index]);
  bool differs = false;
  if (layout->kind != SK_ATTR_INTS || layout->u.ints.count != rank) {
    return false;
  }
  for (uint32_t i = 0; i < rank; i++) {
    out_order[i] = layout->u.ints.data[rank - 1 - i];
    differs |= out_order[i] != (int64_t)i;
  }
  return differs;
}

static bool has_order(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  int64_t order[SK_MAX_RANK];
  for (uint32_t i = 0; i < rec->operand_count; i++) {
    const uint32_t rank = sk_value_type_rec(m, sk_op_operand(m, op, i))->rank;
    if (find_order(m, op, SK_NAME_operand_layouts, i, rank, order)) {
      return true;
    }
  }
  for (uint32_t i = 0; i < rec->result_count; i++) {
    const uint32_t rank = sk_value_type_rec(m, sk_op_result(m, op, i))->rank;
    if (find_order(m, op, SK_NAME_result_layouts, i, rank, order)) {
      return true;
    }
  }
  return false;
}

bool sk_expand_is_ordered_call(const sk_module *m, sk_op op) {
  return sk_op_find_attr(m, op, SK_NAME_skarn_memory_order).id == 0 && has_order(m, op);
}

static sk_value transpose(const sk_expander *e, sk_value v, sk_type type, const int64_t *order,
                          uint32_t rank) {
  const sk_named_attr attr = {{SK_NAME_permutation}, sk_attr_ints(e->m, order, rank)};
  return sk_expand_emit(e, SK_OP_TRANSPOSE, type, &v, 1, &attr, 1);
}

static sk_type ordered_type(const sk_expander *e, sk_type type, const int64_t *order) {
  const sk_type_rec rec = *sk_type_get(e->m, type);
  int64_t dims[SK_MAX_RANK];
  for (uint32_t i = 0; i < rec.rank; i++) {
    dims[i] = rec.dims[order[i]];
  }
  return sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, dims);
}

sk_status sk_expand_ordered_call(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  sk_op_draft draft = sk_rebuild_draft(e->r, op);
  int64_t order[SK_MAX_RANK], inverse[SK_MAX_RANK];
  sk_value *operands = draft.operands;
  sk_type *types = draft.types;
  for (uint32_t i = 0; i < draft.desc.operand_count; i++) {
    const sk_type type = sk_value_type(m, operands[i]);
    const uint32_t rank = sk_type_get(m, type)->rank;
    if (find_order(m, op, SK_NAME_operand_layouts, i, rank, order)) {
      operands[i] = transpose(e, operands[i], ordered_type(e, type, order), order, rank);
    }
  }
  for (uint32_t i = 0; i < draft.desc.result_count; i++) {
    const uint32_t rank = sk_type_get(m, types[i])->rank;
    if (find_order(m, op, SK_NAME_result_layouts, i, rank, order)) {
      types[i] = ordered_type(e, types[i], order);
    }
  }
  draft.attrs[draft.desc.attr_count++] =
      (sk_named_attr){{SK_NAME_skarn_memory_order}, sk_attr_bool(m, true)};
  const sk_op made = sk_rebuild_emit(e->r, e->into, &draft.desc);
  for (uint32_t i = 0; i < draft.desc.result_count; i++) {
    const sk_value old = sk_op_result(m, op, i);
    const uint32_t rank = sk_value_type_rec(m, old)->rank;
    sk_value result = sk_op_result(m, made, i);
    if (find_order(m, op, SK_NAME_result_layouts, i, rank, order)) {
      for (uint32_t k = 0; k < rank; k++) {
        inverse[order[k]] = k;
      }
      result = transpose(e, result, sk_value_type(m, old), inverse, rank);
    }
    sk_rebuild_set(e->r, old, result);
  }
  return NULL;
}
