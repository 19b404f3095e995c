// SPDX-License-Identifier: Apache-2.0
// Ops of CHLO with a shape of their own: scan, constant_like.
// Element-wise ones are in interp_scalar.c, top_k is with sort.
//
// scan walks along one dimension, forwards or backwards. The body takes a slice of every input (the
// dimension dropped) and the carries, and returns a slice of every output and the next carries.
#include "base/mem.h"
#include "interp/interp_int.h"

// ---- scan

typedef struct scan {
  sk_interp *s;
  sk_op op;
  int64_t dim, extent;
  uint32_t inputs, carries, outputs;
  sk_tensor **args, **out;  // of the body; owned references
} scan;

// Slice `at` of an input or output: index `inner` of the slice is at this index of the whole.
static int64_t whole_index(const sk_type_rec *type, int64_t dim, int64_t at, int64_t i) {
  int64_t stride = 1;
  for (uint32_t d = (uint32_t)dim + 1; d < type->rank; d++) {
    stride *= type->dims[d];
  }
  return (i / stride * type->dims[dim] + at) * stride + i % stride;
}

static sk_tensor *take_slice(const scan *c, const sk_tensor *whole, int64_t at) {
  int64_t dims[SK_MAX_RANK];
  uint32_t rank = 0;
  for (uint32_t d = 0; d < whole->type->rank; d++) {
    if (d != c->dim) {
      dims[rank++] = whole->type->dims[d];
    }
  }
  sk_tensor *t = sk_tensor_new(whole->type, rank, dims);
  int64_t bytes = sk_elem_bytes((sk_elem)whole->type->elem);
  for (int64_t i = 0; t && i < t->count; i++) {
    memcpy(t->data + i * bytes, whole->data + whole_index(whole->type, c->dim, at, i) * bytes,
           (size_t)bytes);
  }
  return t;
}

static sk_status put_slice(const scan *c, uint32_t output, const sk_tensor *slice, int64_t at) {
  sk_tensor *whole = c->s->env[sk_op_result(c->s->m, c->op, output).id];
  int64_t bytes = sk_elem_bytes((sk_elem)whole->type->elem);
  SK_TRY(sk_interp_require(c->s, c->op, slice->count * c->extent == whole->count,
                           "the body returns a slice of another shape"));
  for (int64_t i = 0; i < slice->count; i++) {
    memcpy(whole->data + whole_index(whole->type, c->dim, at, i) * bytes, slice->data + i * bytes,
           (size_t)bytes);
  }
  return NULL;
}

static sk_status scan_step(scan *c, int64_t at) {
  for (uint32_t i = 0; i < c->inputs; i++) {
    sk_tensor_release(c->args[i]);
    c->args[i] = take_slice(c, sk_interp_operand(c->s, c->op, i), at);
    if (!c->args[i]) {
      return sk_status_no_memory();
    }
  }
  SK_TRY(sk_interp_region(c->s, sk_op_region(c->s->m, c->op, 0), c->args, c->out));
  for (uint32_t i = 0; i < c->outputs; i++) {
    SK_TRY(put_slice(c, i, c->out[i], at));
    sk_tensor_release(c->out[i]);
    c->out[i] = NULL;
  }
  for (uint32_t i = 0; i < c->carries; i++) {
    sk_tensor_release(c->args[c->inputs + i]);
    c->args[c->inputs + i] = c->out[c->outputs + i];
    c->out[c->outputs + i] = NULL;
  }
  return NULL;
}

static sk_status run_scan(scan *c) {
  bool backwards = sk_op_int(c->s->m, c->op, SK_NAME_is_reverse, 0) != 0;
  for (uint32_t i = 0; i < c->outputs; i++) {
    sk_tensor *t;
    SK_TRY(sk_interp_result(c->s, c->op, i, NULL, &t));
    SK_TRY(sk_interp_require(c->s, c->op,
                             t->type->rank > c->dim && t->type->dims[c->dim] == c->extent,
                             "an output has another size along the scan dimension"));
  }
  for (uint32_t i = 0; i < c->inputs; i++) {
    const sk_type_rec *type = sk_interp_operand(c->s, c->op, i)->type;
    SK_TRY(sk_interp_require(c->s, c->op, type->rank > c->dim && type->dims[c->dim] == c->extent,
                             "an input has another size along the scan dimension"));
  }
  for (uint32_t i = 0; i < c->carries; i++) {
    c->args[c->inputs + i] = sk_tensor_retain(sk_interp_operand(c->s, c->op, c->inputs + i));
  }
  for (int64_t step = 0; step < c->extent; step++) {
    SK_TRY(scan_step(c, backwards ? c->extent - 1 - step : step));
  }
  for (uint32_t i = 0; i < c->carries; i++) {
    sk_interp_set(c->s, sk_op_result(c->s->m, c->op, c->outputs + i),
                  sk_tensor_retain(c->args[c->inputs + i]));
  }
  return NULL;
}

// Inputs come first: the operands that the body takes a slice of.
static uint32_t count_inputs(const sk_interp *s, sk_op op) {
  sk_region body = sk_op_region(s->m, op, 0);
  uint32_t inputs = 0, count = sk_interp_operand_count(s, op);
  while (inputs < count) {
    const sk_type_rec *arg = sk_value_type_rec(s->m, sk_region_arg(s->m, body, inputs));
    if (arg->rank + 1 != sk_interp_operand(s, op, inputs)->type->rank) {
      break;
    }
    inputs++;
  }
  return inputs;
}

sk_status sk_interp_CHLO_SCAN(sk_interp *s, sk_op op) {
  uint32_t operands = sk_interp_operand_count(s, op), results = sk_op_get(s->m, op)->result_count;
  scan c = {.s = s,
            .op = op,
            .dim = sk_op_int(s->m, op, SK_NAME_dimension, 0),
            .inputs = count_inputs(s, op)};
  c.carries = operands - c.inputs;
  SK_TRY(sk_interp_require(s, op,
                           c.carries <= results && c.inputs > 0 && c.dim >= 0 &&
                               c.dim < sk_interp_operand(s, op, 0)->type->rank,
                           "the reference interpreter needs an input and a result per carry"));
  c.outputs = results - c.carries;
  c.extent = sk_interp_operand(s, op, 0)->type->dims[c.dim];
  c.args = sk_mem_zalloc(sizeof *c.args * ((size_t)operands + 1));
  c.out = sk_mem_zalloc(sizeof *c.out * ((size_t)results + 1));
  sk_status status = c.args && c.out ? run_scan(&c) : sk_status_no_memory();
  sk_tensors_release(c.args, operands);
  sk_tensors_release(c.out, results);
  return status;
}

// ---- constant_like

sk_status sk_interp_CHLO_CONSTANT_LIKE(sk_interp *s, sk_op op) {
  const sk_attr_rec *value = sk_attr_get(s->m, sk_op_find_attr(s->m, op, SK_NAME_value));
  sk_number n = {0, 0, 0};
  sk_tensor *t;
  SK_TRY(sk_interp_result(s, op, 0, sk_interp_operand(s, op, 0)->type->dims, &t));
  if (value->kind == SK_ATTR_FLOAT) {
    n.re = value->u.f;
  } else if (value->kind == SK_ATTR_INT || value->kind == SK_ATTR_BOOL) {
    n = (sk_number){(double)value->u.i, 0, value->u.i};
  } else {
    return sk_op_error(s->m, op, SK_UNIMPLEMENTED,
                       "a value that is neither an integer nor a float");
  }
  for (int64_t i = 0; i < t->count; i++) {
    sk_tensor_set(t, i, n);
  }
  return NULL;
}
