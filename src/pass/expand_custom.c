// SPDX-License-Identifier: Apache-2.0
// Custom calls whose handlers want dimensions in another order than row-major:
//
//   %r = custom_call @f(%a) {operand_layouts = [[0, 1]], result_layouts = [[0, 1]]}
//   ->
//   %t = transpose %a, [1, 0]
//   %u = custom_call @f(%t) {operand_layouts = [[0, 1]], ..., skarn.transposed}
//   %r = transpose %u, [1, 0]
//
// so that every value of the program is row-major. The layouts stay, and with the mark they tell what the
// handler is to be told of its operands. And calls that are only there to keep other compilers from
// removing something: dce_sink, which is nothing.
#include "pass/expand_int.h"

static bool is_sink(const sk_module *m, sk_op op) {
  return sk_op_get(m, op)->result_count == 0 &&
         sk_str_eq(sk_op_string(m, op, SK_NAME_call_target_name), SK_STR("dce_sink"));
}

static bool has_layouts(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  for (uint32_t i = 0; i < rec->operand_count + rec->result_count; i++) {
    bool result = i >= rec->operand_count;
    if (sk_custom_call_layout(m, op, result, result ? i - rec->operand_count : i).count != 0) {
      return true;
    }
  }
  return false;
}

bool sk_expand_is_custom(const sk_module *m, sk_op op) {
  return is_sink(m, op) || (!sk_custom_call_is_transposed(m, op) && has_layouts(m, op));
}

// The type with its dimensions in the order of the layout, major first.
static sk_type ordered_type(sk_module *m, sk_type type, sk_ints layout) {
  const sk_type_rec rec = *sk_type_get(m, type);
  int64_t dims[SK_MAX_RANK];
  if (layout.count != rec.rank) {
    return type;
  }
  for (uint32_t d = 0; d < rec.rank; d++) {
    dims[d] = rec.dims[layout.data[rec.rank - 1 - d]];
  }
  return sk_type_tensor(m, (sk_elem)rec.elem, rec.rank, dims);
}

static sk_value transpose(const sk_expander *e, sk_value v, sk_type type, const int64_t *from) {
  const uint32_t rank = sk_type_get(e->m, type)->rank;
  const sk_attr_rec ints = {.kind = SK_ATTR_INTS, .u.ints = {from, rank}};
  const sk_named_attr attr = {{SK_NAME_permutation}, sk_attr_new(e->m, &ints)};
  return sk_expand_emit(e, SK_OP_TRANSPOSE, type, &v, 1, &attr, 1);
}

static sk_value into_layout(const sk_expander *e, sk_value v, sk_ints layout) {
  int64_t from[SK_MAX_RANK];
  if (layout.count == 0) {
    return v;
  }
  for (uint32_t d = 0; d < layout.count; d++) {
    from[d] = layout.data[layout.count - 1 - d];
  }
  return transpose(e, v, ordered_type(e->m, sk_value_type(e->m, v), layout), from);
}

static sk_value from_layout(const sk_expander *e, sk_value v, sk_type type, sk_ints layout) {
  int64_t from[SK_MAX_RANK];
  if (layout.count == 0) {
    return v;
  }
  for (uint32_t d = 0; d < layout.count; d++) {
    from[layout.data[layout.count - 1 - d]] = d;
  }
  return transpose(e, v, type, from);
}

static sk_op write_call(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  sk_value *operands = SK_NEW_ARRAY(&m->arena, sk_value, rec.operand_count + 1);
  sk_type *types = SK_NEW_ARRAY(&m->arena, sk_type, rec.result_count + 1);
  sk_named_attr *attrs = SK_NEW_ARRAY(&m->arena, sk_named_attr, rec.attr_count + 1);
  if (operands == NULL || types == NULL || attrs == NULL) {
    return (sk_op){0};
  }
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    operands[i] =
        into_layout(e, sk_expand_operand(e, op, i), sk_custom_call_layout(m, op, false, i));
  }
  for (uint32_t i = 0; i < rec.result_count; i++) {
    types[i] = ordered_type(m, sk_value_type(m, sk_op_result(m, op, i)),
                            sk_custom_call_layout(m, op, true, i));
  }
  for (uint32_t i = 0; i < rec.attr_count; i++) {
    attrs[i] = m->attr_pool.data[rec.attrs + i];
  }
  attrs[rec.attr_count] = (sk_named_attr){{SK_NAME_skarn_transposed}, sk_attr_unit(m)};
  return sk_rebuild_emit(e->r, e->into,
                         &(sk_op_desc){.kind = SK_OP_CUSTOM_CALL,
                                       .loc = e->loc,
                                       .operands = operands,
                                       .operand_count = rec.operand_count,
                                       .result_types = types,
                                       .result_count = rec.result_count,
                                       .attrs = attrs,
                                       .attr_count = rec.attr_count + 1});
}

sk_status sk_expand_custom(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  if (is_sink(m, op)) {
    return NULL;
  }
  const uint32_t count = sk_op_get(m, op)->result_count;
  const sk_op call = write_call(e, op);
  if (call.id == 0) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    const sk_value old = sk_op_result(m, op, i);
    sk_rebuild_set(e->r, old,
                   from_layout(e, sk_op_result(m, call, i), sk_value_type(m, old),
                               sk_custom_call_layout(m, op, true, i)));
  }
  return NULL;
}
