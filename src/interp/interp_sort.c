// SPDX-License-Identifier: Apache-2.0
// sort, CHLO's top_k, and custom calls that sort to keep the first elements.
//
// A line along the sorted dimension is a list of indices that a stable merge sort brings in order;
// the elements of all operands follow. The comparator may be anything, so its answers are used but
// never trusted for bounds. Stability is kept whether asked for or not: one result, always.
#include "base/mem.h"
#include "interp/interp_int.h"

// Does element x of the line go before element y?
typedef sk_status (*before_fn)(void *state, int64_t x, int64_t y, bool *out);

static sk_status merge_sort(before_fn before, void *state, int64_t *order, int64_t *spare,
                            int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    order[i] = i;
  }
  for (int64_t width = 1; width < count; width *= 2) {
    for (int64_t from = 0; from < count; from += 2 * width) {
      int64_t middle = SK_MIN(from + width, count), to = SK_MIN(from + 2 * width, count);
      int64_t x = from, y = middle;
      for (int64_t k = from; k < to; k++) {
        bool take_right = x == middle;
        if (!take_right && y < to) {
          SK_TRY(before(state, order[y], order[x], &take_right));
        }
        spare[k] = take_right ? order[y++] : order[x++];
      }
    }
    memcpy(order, spare, sizeof(int64_t) * (size_t)count);
  }
  return NULL;
}

// ---- sort

typedef struct sorter {
  sk_interp *s;
  sk_op op;
  uint32_t count;        // arrays: the first operands
  sk_region region;      // says which of two comes first
  int64_t along, kept;   // dimension, and how many of a line the results have
  int64_t base, stride;  // of the line being sorted
  sk_body body;
  sk_number *args;  // owned
  int64_t *order;   // twice the line; owned
} sorter;

static sk_status compare_elements(void *state, int64_t x, int64_t y, bool *out) {
  sorter *c = state;
  sk_number result = {0, 0, 0};
  for (uint32_t o = 0; o < c->count; o++) {
    const sk_tensor *t = sk_interp_operand(c->s, c->op, o);
    c->args[2 * o] = sk_tensor_get(t, c->base + x * c->stride);
    c->args[2 * o + 1] = sk_tensor_get(t, c->base + y * c->stride);
  }
  SK_TRY(sk_body_run(&c->body, c->args, &result));
  *out = result.i != 0;
  return NULL;
}

static void move_line(const sorter *c, int64_t extent) {
  int64_t to_base = c->base / (c->stride * extent) * c->stride * c->kept + c->base % c->stride;
  for (uint32_t o = 0; o < c->count; o++) {
    const sk_tensor *from = sk_interp_operand(c->s, c->op, o);
    sk_tensor *to = c->s->env[sk_op_result(c->s->m, c->op, o).id];
    int64_t bytes = sk_elem_bytes((sk_elem)to->type->elem);
    for (int64_t k = 0; k < c->kept; k++) {
      memcpy(to->data + (to_base + k * c->stride) * bytes,
             from->data + (c->base + c->order[k] * c->stride) * bytes, (size_t)bytes);
    }
  }
}

static sk_status sort_lines(sorter *c) {
  const sk_tensor *first = sk_interp_operand(c->s, c->op, 0);
  int64_t strides[SK_MAX_RANK];
  uint32_t rank = first->type->rank;
  c->along = c->along < 0 ? c->along + rank : c->along;
  int64_t extent = rank == 0 ? 1 : first->count == 0 ? 0 : first->type->dims[c->along];
  sk_strides_of(first->type, strides);
  c->stride = rank == 0 ? 1 : strides[c->along];
  const sk_type_rec *result = c->s->env[sk_op_result(c->s->m, c->op, 0).id]->type;
  c->kept = rank == 0 ? 1 : result->dims[c->along];
  c->order = sk_mem_alloc(sizeof(int64_t) * (2 * (size_t)extent + 1));
  c->args = sk_mem_alloc(sizeof(sk_number) * (2 * (size_t)c->count + 1));
  if (!c->order || !c->args) {
    return sk_status_no_memory();
  }
  SK_TRY(sk_body_init(&c->body, c->s, c->region));
  c->body.rounds = true;
  for (int64_t i = 0; i < first->count; i++) {
    if (i / c->stride % extent == 0) {
      c->base = i;
      SK_TRY(merge_sort(compare_elements, c, c->order, c->order + extent, extent));
      move_line(c, extent);
    }
  }
  return NULL;
}

static sk_status run_sorter(sorter *c) {
  sk_status status = sort_lines(c);
  sk_body_fini(&c->body);
  sk_mem_free(c->args);
  sk_mem_free(c->order);
  return status;
}

sk_status sk_interp_SORT(sk_interp *s, sk_op op) {
  sorter c = {.s = s,
              .op = op,
              .count = sk_interp_operand_count(s, op),
              .region = sk_op_region(s->m, op, 0),
              .along = sk_op_int(s->m, op, SK_NAME_dimension, -1)};
  for (uint32_t o = 0; o < c.count; o++) {
    sk_tensor *t;
    SK_TRY(sk_interp_result(s, op, o, sk_interp_operand(s, op, o)->type->dims, &t));
  }
  return run_sorter(&c);
}

sk_status sk_interp_sort_target(sk_interp *s, sk_op op, const sk_target_call *call) {
  sorter c = {.s = s,
              .op = op,
              .count = sk_op_get(s->m, op)->result_count,
              .region = sk_func_body(s->m, call->comparator),
              .along = call->dimension};
  for (uint32_t o = 0; o < c.count; o++) {
    sk_tensor *t;
    SK_TRY(sk_interp_result(s, op, o, NULL, &t));
  }
  return run_sorter(&c);
}

// ---- top_k: the k largest of every row, descending, and where they were; equal ones in order.
// Floats are in total order: -NaN, -inf, .., -0, 0, .., inf, NaN.

typedef struct row {
  const sk_tensor *t;
  int64_t base;
} row;

static bool is_larger(sk_elem elem, sk_number x, sk_number y) {
  return sk_elem_is_float(elem) ? sk_total_order_key(x.re) > sk_total_order_key(y.re)
                                : sk_scalar_less(elem, y, x);
}

static sk_status compare_larger(void *state, int64_t x, int64_t y, bool *out) {
  const row *r = state;
  *out = is_larger((sk_elem)r->t->type->elem, sk_tensor_get(r->t, r->base + x),
                   sk_tensor_get(r->t, r->base + y));
  return NULL;
}

sk_status sk_interp_CHLO_TOP_K(sk_interp *s, sk_op op) {
  const sk_tensor *from = sk_interp_operand(s, op, 0);
  uint32_t rank = from->type->rank;
  int64_t k = sk_op_int(s->m, op, SK_NAME_k, 0), dims[SK_MAX_RANK];
  SK_TRY(sk_interp_require(s, op, rank > 0 && k >= 0 && k <= from->type->dims[rank - 1],
                           "k is larger than the last dimension"));
  int64_t extent = from->count == 0 ? 0 : from->type->dims[rank - 1];
  memcpy(dims, from->type->dims, rank * sizeof *dims);
  dims[rank - 1] = k;
  sk_tensor *values, *places;
  SK_TRY(sk_interp_result(s, op, 0, dims, &values));
  SK_TRY(sk_interp_result(s, op, 1, dims, &places));
  int64_t *order = sk_mem_alloc(sizeof *order * (2 * (size_t)extent + 1));
  sk_status status = order ? NULL : sk_status_no_memory();
  row r = {from, 0};
  for (int64_t to = 0; r.base < from->count && !status; r.base += extent) {
    status = merge_sort(compare_larger, &r, order, order + extent, extent);
    for (int64_t i = 0; i < k && !status; i++, to++) {
      sk_tensor_set(values, to, sk_tensor_get(from, r.base + order[i]));
      sk_tensor_set(places, to, (sk_number){.i = order[i]});
    }
  }
  sk_mem_free(order);
  return status;
}
