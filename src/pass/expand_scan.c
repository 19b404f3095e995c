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
  sk_type index;  // 0-D i64
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

// state: carries, outputs
static sk_status step(const sk_expander *e, sk_value i, sk_value *state, void *context) {
  const scan *s = context;
  sk_module *m = e->m;
  const sk_region from = sk_op_region(m, s->op, 0);
  const sk_value last = sk_expand_int(e, s->index, s->extent - 1);
  const sk_value at = s->reverse ? sk_expand_2(e, SK_OP_SUBTRACT, last, i) : i;
  for (uint32_t k = 0; k < s->inputs; k++) {
    const sk_value arg = sk_region_arg(m, from, k);
    sk_rebuild_set(e->r, arg,
                   take_slice(e, s, sk_expand_operand(e, s->op, k), at, sk_value_type(m, arg)));
  }
  for (uint32_t k = 0; k < s->carries; k++) {
    sk_rebuild_set(e->r, sk_region_arg(m, from, s->inputs + k), state[k]);
  }
  SK_TRY(sk_rebuild_scope(e->r, from, e->into));
  const sk_op end = sk_region_get(m, from)->last;
  for (uint32_t k = 0; k < s->carries; k++) {
    state[k] = sk_expand_operand(e, end, s->outputs + k);
  }
  for (uint32_t k = 0; k < s->outputs; k++) {
    sk_value *output = &state[s->carries + k];
    *output = put_slice(e, s, *output, sk_expand_operand(e, end, k), at);
  }
  return NULL;
}

sk_status sk_expand_scan(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  scan s;
  (void)read_scan(m, op, &s);
  const uint32_t count = s.carries + s.outputs;
  s.index = sk_type_tensor(m, SK_S64, 0, NULL);
  sk_value *state = SK_NEW_ARRAY(&m->arena, sk_value, count + 1);
  for (uint32_t k = 0; k < s.carries; k++) {
    state[k] = sk_expand_operand(e, op, s.inputs + k);
  }
  for (uint32_t k = 0; k < s.outputs; k++) {
    state[s.carries + k] = sk_expand_number(e, sk_value_type(m, sk_op_result(m, op, k)), 0);
  }
  SK_TRY(sk_expand_loop(e, s.extent, state, count, step, &s));
  for (uint32_t k = 0; k < count; k++) {
    sk_rebuild_set(e->r, sk_op_result(m, op, k),
                   state[k < s.outputs ? s.carries + k : k - s.outputs]);
  }
  return NULL;
}
