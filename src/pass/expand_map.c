// SPDX-License-Identifier: Apache-2.0
// map: its body over whole tensors, or element by element.
//
//   element-wise ops, constants, scalars from outside    the same ops on the shape of the result
//   anything else (loops, branches, reductions inside)   a while over the elements:
//
//     (i, out) = while (i < count) { elements i of the flattened operands; the body; out updated at i }
#include "pass/expand_int.h"

static bool is_scalar(const sk_module *m, sk_value v) {
  const sk_type_rec *type = sk_value_type_rec(m, v);
  return type->kind == SK_TYPE_TENSOR && type->rank == 0;
}

// Does the op mean the same on every element of a tensor as on one?
static bool is_elementwise(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  const sk_op_class op_class = (sk_op_class)sk_opkind_info((sk_opkind)rec->kind)->op_class;
  bool good = rec->result_count == 1 && rec->region_count == 0 &&
              (op_class == SK_OPCLASS_ELEMENTWISE || rec->kind == SK_OP_CONSTANT) &&
              is_scalar(m, sk_op_result(m, op, 0));
  for (uint32_t i = 0; i < rec->operand_count && good; i++) {
    good = is_scalar(m, sk_op_operand(m, op, i));
  }
  return good;
}

static bool is_all_elementwise(const sk_module *m, sk_region body) {
  bool all = true;
  for (sk_op op = sk_region_first(m, body); op.id != sk_region_get(m, body)->last.id && all;
       op = sk_op_next(m, op)) {
    all = is_elementwise(m, op);
  }
  return all;
}

// ---- over whole tensors

typedef struct spread {
  const sk_expander *e;
  sk_type_rec shape;
} spread;

static sk_value spread_value(const spread *s, sk_value old) {
  const sk_value v = sk_rebuild_get(s->e->r, old);
  const sk_type_rec *type = sk_value_type_rec(s->e->m, v);
  if (type->rank == s->shape.rank) {
    return v;
  }
  const sk_type wide = sk_type_tensor(s->e->m, (sk_elem)type->elem, s->shape.rank, s->shape.dims);
  return sk_expand_broadcast(s->e, v, wide, NULL);
}

static void spread_op(const spread *s, sk_op op) {
  sk_module *m = s->e->m;
  sk_op_draft draft = sk_rebuild_draft(s->e->r, op);
  for (uint32_t i = 0; i < draft.desc.operand_count; i++) {
    draft.operands[i] = spread_value(s, sk_op_operand(m, op, i));
  }
  const sk_value old = sk_op_result(m, op, 0);
  if (draft.desc.kind != SK_OP_CONSTANT) {
    const sk_elem elem = (sk_elem)sk_type_get(m, draft.types[0])->elem;
    draft.types[0] = sk_type_tensor(m, elem, s->shape.rank, s->shape.dims);
  }
  draft.desc.loc = s->e->loc;
  sk_rebuild_set(s->e->r, old,
                 sk_op_result(m, sk_rebuild_emit(s->e->r, s->e->into, &draft.desc), 0));
}

static void spread_body(const sk_expander *e, sk_op op, sk_region body) {
  sk_module *m = e->m;
  const spread s = {e, *sk_value_type_rec(m, sk_op_result(m, op, 0))};
  for (uint32_t i = 0; i < sk_op_get(m, op)->operand_count; i++) {
    sk_rebuild_set(e->r, sk_region_arg(m, body, i), sk_expand_operand(e, op, i));
  }
  const sk_op end = sk_region_get(m, body)->last;
  for (sk_op inner = sk_region_first(m, body); inner.id != end.id; inner = sk_op_next(m, inner)) {
    spread_op(&s, inner);
  }
  sk_rebuild_set(e->r, sk_op_result(m, op, 0), spread_value(&s, sk_op_operand(m, end, 0)));
}

// ---- element by element

typedef struct elements {
  sk_op op;
  const sk_value *flat;  // operands
} elements;

static sk_type list_type(const sk_expander *e, sk_elem elem, int64_t count) {
  return sk_type_tensor(e->m, elem, 1, &count);
}

static sk_status map_element(const sk_expander *e, sk_value i, sk_value *state, void *context) {
  const elements *c = context;
  sk_module *m = e->m;
  const sk_region body = sk_op_region(m, c->op, 0);
  const int64_t one = 1;
  const sk_named_attr sizes = {{SK_NAME_slice_sizes}, sk_attr_ints(m, &one, 1)};
  for (uint32_t k = 0; k < sk_op_get(m, c->op)->operand_count; k++) {
    const sk_value arg = sk_region_arg(m, body, k), operands[2] = {c->flat[k], i};
    const sk_elem elem = (sk_elem)sk_value_type_rec(m, arg)->elem;
    const sk_value part =
        sk_expand_emit(e, SK_OP_DYNAMIC_SLICE, list_type(e, elem, 1), operands, 2, &sizes, 1);
    sk_rebuild_set(e->r, arg, sk_expand_reshape(e, part, sk_value_type(m, arg)));
  }
  SK_TRY(sk_rebuild_scope(e->r, body, e->into));
  const sk_value made = sk_expand_operand(e, sk_region_get(m, body)->last, 0);
  const sk_elem elem = (sk_elem)sk_value_type_rec(m, made)->elem;
  const sk_value operands[3] = {state[0], sk_expand_reshape(e, made, list_type(e, elem, 1)), i};
  state[0] = sk_expand_emit(e, SK_OP_DYNAMIC_UPDATE_SLICE, sk_value_type(m, state[0]), operands, 3,
                            NULL, 0);
  return NULL;
}

static sk_status loop_over_elements(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  const uint32_t operands = sk_op_get(m, op)->operand_count;
  const sk_value old = sk_op_result(m, op, 0);
  int64_t count = 0;
  (void)sk_type_elem_count(m, sk_value_type(m, old), &count);
  sk_value *flat = SK_NEW_ARRAY(&m->arena, sk_value, operands + 1);
  for (uint32_t i = 0; i < operands && count > 0; i++) {
    const sk_value v = sk_expand_operand(e, op, i);
    const sk_elem elem = (sk_elem)sk_value_type_rec(m, v)->elem;
    flat[i] = sk_expand_reshape(e, v, list_type(e, elem, count));
  }
  elements context = {op, flat};
  sk_value out =
      sk_expand_number(e, list_type(e, (sk_elem)sk_value_type_rec(m, old)->elem, count), 0);
  if (count > 0) {
    SK_TRY(sk_expand_loop(e, count, &out, 1, map_element, &context));
  }
  sk_rebuild_set(e->r, old, sk_expand_reshape(e, out, sk_value_type(m, old)));
  return NULL;
}

sk_status sk_expand_map(const sk_expander *e, sk_op op) {
  const sk_region body = sk_op_region(e->m, op, 0);
  if (is_all_elementwise(e->m, body)) {
    spread_body(e, op, body);
    return NULL;
  }
  return loop_over_elements(e, op);
}
