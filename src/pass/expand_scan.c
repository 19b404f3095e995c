// SPDX-License-Identifier: Apache-2.0
// chlo.scan becomes a while over one dimension:
//
//   (i, carries, outputs) = while (i < extent) {
//     slices of the inputs at i, the dimension dropped; the body; outputs updated at i
//   }
//
// backwards from the end where is_reverse says so. The outputs start at zero and are overwritten.
#include "pass/expand_int.h"

typedef struct scan {
  sk_op op;
  int64_t dim, extent;
  bool reverse;
  uint32_t inputs, carries, outputs;
  sk_type index;    // 0-D i64
  sk_type *types;   // of the state: index, carries, outputs
  sk_value *state;  // the same
} scan;

// Inputs come first: the operands that the body takes a slice of.
static bool read_scan(const sk_module *m, sk_op op, scan *s) {
  const sk_op_rec *rec = sk_op_get(m, op);
  const sk_region body = sk_op_region(m, op, 0);
  *s = (scan){.op = op, .dim = sk_op_int(m, op, SK_NAME_dimension, 0)};
  s->reverse = sk_op_int(m, op, SK_NAME_is_reverse, 0) != 0;
  while (s->inputs < rec->operand_count &&
         sk_value_type_rec(m, sk_region_arg(m, body, s->inputs))->rank + 1 ==
             sk_value_type_rec(m, sk_op_operand(m, op, s->inputs))->rank) {
    s->inputs++;
  }
  s->carries = rec->operand_count - s->inputs;
  if (s->inputs == 0 || s->carries > rec->result_count) {
    return false;
  }
  s->outputs = rec->result_count - s->carries;
  s->extent = sk_value_type_rec(m, sk_op_operand(m, op, 0))->dims[s->dim];
  bool fits = true;
  for (uint32_t i = 0; i < s->outputs; i++) {
    const sk_type_rec *type = sk_value_type_rec(m, sk_op_result(m, op, i));
    fits = fits && s->dim < (int64_t)type->rank && type->dims[s->dim] == s->extent &&
           sk_type_is_static_tensor(m, sk_value_type(m, sk_op_result(m, op, i)));
  }
  return fits;
}

bool sk_expand_is_scan(const sk_module *m, sk_op op) {
  scan s;
  return read_scan(m, op, &s);
}

static void end_region(const sk_expander *e, const sk_value *values, uint32_t count) {
  sk_op_new(e->m, e->into,
            &(sk_op_desc){
                .kind = SK_OP_RETURN, .loc = e->loc, .operands = values, .operand_count = count});
}

static sk_region condition(const sk_expander *e, const scan *s, uint32_t count) {
  sk_expander inside = *e;
  inside.into = sk_region_new(e->m, s->types, count);
  const sk_value more = sk_expand_compare(&inside, SK_CMP_LT, sk_region_arg(e->m, inside.into, 0),
                                          sk_expand_int(&inside, s->index, s->extent));
  end_region(&inside, &more, 1);
  return inside.into;
}

// Start indices of a slice at `at` along the dimension.
static void list_starts(const sk_expander *e, const scan *s, sk_value at, uint32_t rank,
                        sk_value *out) {
  for (uint32_t d = 0; d < rank; d++) {
    out[d] = (int64_t)d == s->dim ? at : sk_expand_int(e, s->index, 0);
  }
}

static sk_value take_slice(const sk_expander *e, const scan *s, sk_value whole, sk_value at,
                           sk_type type) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, whole);
  int64_t sizes[SK_MAX_RANK];
  sk_value operands[SK_MAX_RANK + 1] = {whole};
  memcpy(sizes, rec.dims, sizeof(int64_t) * rec.rank);
  sizes[s->dim] = 1;
  list_starts(e, s, at, rec.rank, operands + 1);
  const sk_named_attr attr = {{SK_NAME_slice_sizes}, sk_attr_ints(e->m, sizes, rec.rank)};
  const sk_value slice = sk_expand_emit(e, SK_OP_DYNAMIC_SLICE,
                                        sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, sizes),
                                        operands, rec.rank + 1u, &attr, 1);
  return sk_expand_reshape(e, slice, type);
}

static sk_value put_slice(const sk_expander *e, const scan *s, sk_value whole, sk_value slice,
                          sk_value at) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, whole);
  int64_t sizes[SK_MAX_RANK];
  memcpy(sizes, rec.dims, sizeof(int64_t) * rec.rank);
  sizes[s->dim] = 1;
  sk_value operands[SK_MAX_RANK + 2] = {
      whole, sk_expand_reshape(e, slice, sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, sizes))};
  list_starts(e, s, at, rec.rank, operands + 2);
  return sk_expand_emit(e, SK_OP_DYNAMIC_UPDATE_SLICE, sk_value_type(e->m, whole), operands,
                        rec.rank + 2u, NULL, 0);
}

static sk_status step(const sk_expander *e, const scan *s, uint32_t count, sk_region *out) {
  sk_module *m = e->m;
  sk_expander inside = *e;
  inside.into = *out = sk_region_new(m, s->types, count);
  const sk_region from = sk_op_region(m, s->op, 0);
  const sk_value i = sk_region_arg(m, *out, 0);
  const sk_value last = sk_expand_int(&inside, s->index, s->extent - 1);
  const sk_value at = s->reverse ? sk_expand_2(&inside, SK_OP_SUBTRACT, last, i) : i;
  for (uint32_t k = 0; k < s->inputs; k++) {
    const sk_value arg = sk_region_arg(m, from, k);
    sk_rebuild_set(
        e->r, arg,
        take_slice(&inside, s, sk_expand_operand(e, s->op, k), at, sk_value_type(m, arg)));
  }
  for (uint32_t k = 0; k < s->carries; k++) {
    sk_rebuild_set(e->r, sk_region_arg(m, from, s->inputs + k), sk_region_arg(m, *out, 1 + k));
  }
  SK_TRY(sk_rebuild_scope(e->r, from, *out));
  const sk_op end = sk_region_get(m, from)->last;
  sk_value *next = SK_NEW_ARRAY(&m->arena, sk_value, count);
  next[0] = sk_expand_2(&inside, SK_OP_ADD, i, sk_expand_int(&inside, s->index, 1));
  for (uint32_t k = 0; k < s->carries; k++) {
    next[1 + k] = sk_expand_operand(e, end, s->outputs + k);
  }
  for (uint32_t k = 0; k < s->outputs; k++) {
    next[1 + s->carries + k] = put_slice(&inside, s, sk_region_arg(m, *out, 1 + s->carries + k),
                                         sk_expand_operand(e, end, k), at);
  }
  end_region(&inside, next, count);
  return NULL;
}

static sk_value zeros(const sk_expander *e, sk_type type) {
  const sk_elem elem = (sk_elem)sk_type_get(e->m, type)->elem;
  return sk_elem_is_int(elem) || elem == SK_PRED ? sk_expand_int(e, type, 0)
                                                 : sk_expand_float(e, type, 0);
}

sk_status sk_expand_scan(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  scan s;
  (void)read_scan(m, op, &s);
  const uint32_t count = 1 + s.carries + s.outputs;
  s.index = sk_type_tensor(m, SK_S64, 0, NULL);
  s.types = SK_NEW_ARRAY(&m->arena, sk_type, count);
  s.state = SK_NEW_ARRAY(&m->arena, sk_value, count);
  s.state[0] = sk_expand_int(e, s.index, 0);
  for (uint32_t k = 0; k < s.carries; k++) {
    s.state[1 + k] = sk_expand_operand(e, op, s.inputs + k);
  }
  for (uint32_t k = 0; k < s.outputs; k++) {
    s.state[1 + s.carries + k] = zeros(e, sk_value_type(m, sk_op_result(m, op, k)));
  }
  for (uint32_t k = 0; k < count; k++) {
    s.types[k] = sk_value_type(m, s.state[k]);
  }
  sk_region regions[2] = {condition(e, &s, count), {0}};
  SK_TRY(step(e, &s, count, &regions[1]));
  const sk_op_desc desc = {.kind = SK_OP_WHILE,
                           .loc = e->loc,
                           .operands = s.state,
                           .operand_count = count,
                           .result_types = s.types,
                           .result_count = count,
                           .regions = regions,
                           .region_count = 2};
  const sk_op made = sk_rebuild_emit(e->r, e->into, &desc);
  for (uint32_t k = 0; k < s.outputs + s.carries; k++) {
    const uint32_t from = k < s.outputs ? 1 + s.carries + k : 1 + (k - s.outputs);
    sk_rebuild_set(e->r, sk_op_result(m, op, k), sk_op_result(m, made, from));
  }
  return NULL;
}
