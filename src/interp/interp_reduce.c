// SPDX-License-Identifier: Apache-2.0
// reduce and map: a body over the elements, in ascending row-major order.
//
// reduce keeps the partial results of all result elements as numbers (interp_body.c): floats in
// double, rounded once at the end. Inputs may differ in element type from results (promotion), but
// not from each other in shape.
#include "base/mem.h"
#include "interp/interp_int.h"

// ---- reduce

typedef struct reduction {
  sk_interp *s;
  sk_op op;
  uint32_t count;  // inputs, initial values and results
  sk_body body;
  sk_number *sums;  // [element][result]; owned
  sk_number *args;  // arguments of the body, then its results; owned
} reduction;

// Folds element `i` of every input into the accumulators of result element `to`.
static sk_status fold(reduction *r, int64_t i, int64_t to) {
  sk_number *sums = r->sums + to * r->count, *out = r->args + 2 * r->count;
  for (uint32_t k = 0; k < r->count; k++) {
    r->args[k] = sums[k];
    r->args[r->count + k] = sk_tensor_get(sk_interp_operand(r->s, r->op, k), i);
  }
  SK_TRY(sk_body_run(&r->body, r->args, out));
  memcpy(sums, out, sizeof *out * r->count);
  return NULL;
}

static sk_status fold_all(reduction *r, const sk_type_rec *result) {
  const sk_tensor *first = sk_interp_operand(r->s, r->op, 0);
  sk_ints dims = sk_op_ints(r->s->m, r->op, SK_NAME_dimensions);
  int64_t at[SK_MAX_RANK], kept[SK_MAX_RANK];
  for (int64_t i = 0; i < first->count; i++) {
    uint32_t k = 0;
    sk_unravel(first->type, i, at);
    for (uint32_t d = 0; d < first->type->rank; d++) {
      if (!sk_is_listed(dims, d)) {
        kept[k++] = at[d];
      }
    }
    SK_TRY(fold(r, i, sk_ravel(result, kept)));
  }
  return NULL;
}

static sk_status reduce(reduction *r) {
  const sk_type_rec *input = sk_interp_operand(r->s, r->op, 0)->type;
  sk_ints reduced = sk_op_ints(r->s->m, r->op, SK_NAME_dimensions);
  int64_t dims[SK_MAX_RANK];
  uint32_t rank = 0;
  sk_tensor *t = NULL;
  SK_TRY(sk_op_check_initial_values(r->s->m, r->op));
  for (uint32_t d = 0; d < input->rank; d++) {
    if (!sk_is_listed(reduced, d)) {
      dims[rank++] = input->dims[d];
    }
  }
  for (uint32_t k = 0; k < r->count; k++) {
    SK_TRY(sk_interp_require(r->s, r->op,
                             sk_same_dims(sk_interp_operand(r->s, r->op, k)->type, input),
                             "inputs differ in shape"));
    SK_TRY(sk_interp_result(r->s, r->op, k, dims, &t));
  }
  int64_t total = t->count * (int64_t)r->count;
  r->sums = sk_mem_alloc(sizeof *r->sums * ((size_t)total + 1));
  r->args = sk_mem_alloc(sizeof *r->args * 3 * r->count);
  if (!r->sums || !r->args) {
    return sk_status_no_memory();
  }
  for (int64_t i = 0; i < total; i++) {
    uint32_t init = r->count + (uint32_t)(i % r->count);
    r->sums[i] = sk_tensor_get(sk_interp_operand(r->s, r->op, init), 0);
  }
  SK_TRY(sk_body_init(&r->body, r->s, sk_op_region(r->s->m, r->op, 0)));
  SK_TRY(fold_all(r, t->type));
  for (int64_t i = 0; i < total; i++) {
    sk_value v = sk_op_result(r->s->m, r->op, (uint32_t)(i % r->count));
    sk_tensor_set(r->s->env[v.id], i / r->count, r->sums[i]);
  }
  return NULL;
}

sk_status sk_interp_REDUCE(sk_interp *s, sk_op op) {
  reduction r = {.s = s, .op = op, .count = sk_op_get(s->m, op)->result_count};
  sk_status status = reduce(&r);
  sk_body_fini(&r.body);
  sk_mem_free(r.sums);
  sk_mem_free(r.args);
  return status;
}

// ---- map

static sk_status map_all(sk_interp *s, sk_op op, sk_body *body, sk_number *args, sk_tensor *t) {
  for (int64_t i = 0; i < t->count; i++) {
    sk_number out;
    for (uint32_t o = 0; o < sk_interp_operand_count(s, op); o++) {
      args[o] = sk_tensor_get(sk_interp_operand(s, op, o), i);
    }
    SK_TRY(sk_body_run(body, args, &out));
    sk_tensor_set(t, i, out);
  }
  return NULL;
}

sk_status sk_interp_MAP(sk_interp *s, sk_op op) {
  sk_tensor *t;
  sk_body body;
  SK_TRY(sk_interp_result(s, op, 0, NULL, &t));
  sk_number *args = sk_mem_alloc(sizeof *args * ((size_t)sk_interp_operand_count(s, op) + 1));
  sk_status status = sk_body_init(&body, s, sk_op_region(s->m, op, 0));
  if (!status) {
    body.rounds = true;
    status = args ? map_all(s, op, &body, args, t) : sk_status_no_memory();
  }
  sk_body_fini(&body);
  sk_mem_free(args);
  return status;
}
