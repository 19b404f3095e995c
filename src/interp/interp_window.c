// SPDX-License-Identifier: Apache-2.0
// Windows sliding over a padded and dilated base: reduce_window and select_and_scatter.
//
//   base       x . x . x        base_dilation - 1 holes between elements (.)
//   padded   p x . x . x p      low and high, possibly negative
//   window     a   b            window_dilation apart; moves by stride
//
// reduce_window takes holes and padding for the initial value, as the specification pads, and
// rounds at every step: windows are small, and cumulative sums written as windows are expected to
// have the rounding of running sums. select_and_scatter never selects holes or padding.
#include "base/mem.h"
#include "interp/interp_int.h"

// ---- geometry

void sk_window_of(const sk_interp *s, sk_op op, sk_name sizes, uint32_t rank, sk_window_dim *out) {
  sk_ints size = sk_op_ints(s->m, op, sizes), padding = sk_op_ints(s->m, op, SK_NAME_padding);
  sk_ints stride = sk_op_ints(s->m, op, SK_NAME_window_strides);
  sk_ints base = sk_op_ints(s->m, op, SK_NAME_base_dilations);
  sk_ints window = sk_op_ints(s->m, op, SK_NAME_window_dilations);
  for (uint32_t d = 0; d < rank; d++) {
    out[d] = (sk_window_dim){
        .size = sk_listed_or(size, d, 1),
        .stride = sk_listed_or(stride, d, 1),
        .low = sk_listed_or(padding, 2 * d, 0),
        .high = sk_listed_or(padding, 2 * d + 1, 0),
        .base_dilation = sk_listed_or(base, d, 1),
        .window_dilation = sk_listed_or(window, d, 1),
    };
  }
}

static bool dilated(int64_t extent, int64_t dilation, int64_t *out) {
  *out = 0;
  return extent == 0 ||
         (!SK_MUL_OVERFLOW(extent - 1, dilation, out) && !SK_ADD_OVERFLOW(*out, 1, out));
}

bool sk_window_extent(int64_t extent, const sk_window_dim *w, int64_t *out) {
  int64_t base, window;
  if (!dilated(extent, w->base_dilation, &base) || !dilated(w->size, w->window_dilation, &window) ||
      SK_ADD_OVERFLOW(base, w->low, &base) || SK_ADD_OVERFLOW(base, w->high, &base)) {
    return false;
  }
  *out = base <= 0 || window > base ? 0 : (base - window) / w->stride + 1;
  return true;
}

int64_t sk_window_base(const sk_window_dim *w, int64_t extent, int64_t at, int64_t tap) {
  int64_t place = at * w->stride + tap * w->window_dilation - w->low;
  bool hole = place < 0 || place % w->base_dilation != 0;
  return hole || place / w->base_dilation >= extent ? -1 : place / w->base_dilation;
}

// Elements of a window of these sizes; false: more than int64 holds.
static bool tap_count(const sk_window_dim *w, uint32_t rank, int64_t *out) {
  *out = 1;
  for (uint32_t d = 0; d < rank; d++) {
    if (SK_MUL_OVERFLOW(*out, w[d].size, out)) {
      return false;
    }
  }
  return true;
}

// Element of the base under tap number `tap` of the window at `at`; -1: padding or a hole.
static int64_t element_under(const sk_type_rec *base, const sk_window_dim *w, const int64_t *at,
                             int64_t tap) {
  int64_t index = 0, stride = 1;
  for (uint32_t d = base->rank; d-- > 0;) {
    int64_t place = sk_window_base(&w[d], base->dims[d], at[d], tap % w[d].size);
    if (place < 0) {
      return -1;
    }
    tap /= w[d].size;
    index += place * stride;
    stride *= base->dims[d];
  }
  return index;
}

// ---- reduce_window

typedef struct windowed {
  sk_interp *s;
  sk_op op;
  uint32_t count;  // inputs and results
  int64_t taps;
  sk_window_dim w[SK_MAX_RANK];
  sk_body body, scatter;
  sk_number *args;  // accumulators, elements, initial values; owned
} windowed;

static sk_status reduce_one(windowed *r, int64_t i) {
  sk_interp *s = r->s;
  const sk_type_rec *base = sk_interp_operand(s, r->op, 0)->type;
  sk_number *sums = r->args, *elems = sums + r->count, *inits = elems + r->count;
  int64_t at[SK_MAX_RANK];
  sk_unravel(s->env[sk_op_result(s->m, r->op, 0).id]->type, i, at);
  memcpy(sums, inits, sizeof *sums * r->count);
  for (int64_t tap = 0; tap < r->taps; tap++) {
    int64_t from = element_under(base, r->w, at, tap);
    for (uint32_t k = 0; k < r->count; k++) {
      elems[k] = from < 0 ? inits[k] : sk_tensor_get(sk_interp_operand(s, r->op, k), from);
    }
    SK_TRY(sk_body_run(&r->body, sums, inits + r->count));
    memcpy(sums, inits + r->count, sizeof *sums * r->count);
  }
  for (uint32_t k = 0; k < r->count; k++) {
    sk_tensor_set(s->env[sk_op_result(s->m, r->op, k).id], i, sums[k]);
  }
  return NULL;
}

static sk_status reduce_windows(windowed *r) {
  sk_interp *s = r->s;
  const sk_type_rec *base = sk_interp_operand(s, r->op, 0)->type;
  int64_t dims[SK_MAX_RANK];
  sk_tensor *t = NULL;
  SK_TRY(sk_op_check_initial_values(s->m, r->op));
  sk_window_of(s, r->op, SK_NAME_window_dimensions, base->rank, r->w);
  bool fits = tap_count(r->w, base->rank, &r->taps);
  for (uint32_t d = 0; d < base->rank; d++) {
    fits = fits && sk_window_extent(base->dims[d], &r->w[d], &dims[d]);
  }
  SK_TRY(sk_interp_require(s, r->op, fits, "the window overflows"));
  for (uint32_t k = 0; k < r->count; k++) {
    SK_TRY(sk_interp_result(s, r->op, k, dims, &t));
  }
  r->args = sk_mem_alloc(sizeof *r->args * 4 * r->count);
  if (!r->args) {
    return sk_status_no_memory();
  }
  for (uint32_t k = 0; k < r->count; k++) {
    r->args[2 * r->count + k] = sk_tensor_get(sk_interp_operand(s, r->op, r->count + k), 0);
  }
  SK_TRY(sk_body_init(&r->body, s, sk_op_region(s->m, r->op, 0)));
  r->body.rounds = true;
  for (int64_t i = 0; i < t->count; i++) {
    SK_TRY(reduce_one(r, i));
  }
  return NULL;
}

sk_status sk_interp_REDUCE_WINDOW(sk_interp *s, sk_op op) {
  windowed r = {.s = s, .op = op, .count = sk_op_get(s->m, op)->result_count};
  sk_status status = reduce_windows(&r);
  sk_body_fini(&r.body);
  sk_mem_free(r.args);
  return status;
}

// ---- select_and_scatter

// The element that `select` picks from a window; -1: the window lies outside.
static sk_status select_one(windowed *r, const sk_tensor *operand, const int64_t *at,
                            int64_t *out) {
  *out = -1;
  for (int64_t tap = 0; tap < r->taps; tap++) {
    int64_t from = element_under(operand->type, r->w, at, tap);
    if (from < 0) {
      continue;
    }
    sk_number pair[2] = {{0, 0, 0}, sk_tensor_get(operand, from)}, keeps = {.i = 0};
    if (*out >= 0) {
      pair[0] = sk_tensor_get(operand, *out);
      SK_TRY(sk_body_run(&r->body, pair, &keeps));
    }
    *out = keeps.i != 0 ? *out : from;
  }
  return NULL;
}

static sk_status scatter_sources(windowed *r, sk_tensor *t) {
  const sk_tensor *operand = sk_interp_operand(r->s, r->op, 0);
  const sk_tensor *source = sk_interp_operand(r->s, r->op, 1);
  int64_t at[SK_MAX_RANK], to;
  for (int64_t i = 0; i < source->count; i++) {
    sk_number pair[2], out;
    sk_unravel(source->type, i, at);
    SK_TRY(select_one(r, operand, at, &to));
    if (to >= 0) {
      pair[0] = sk_tensor_get(t, to);
      pair[1] = sk_tensor_get(source, i);
      SK_TRY(sk_body_run(&r->scatter, pair, &out));
      sk_tensor_set(t, to, out);
    }
  }
  return NULL;
}

static sk_status select_and_scatter(windowed *r) {
  sk_interp *s = r->s;
  uint32_t rank = sk_interp_operand(s, r->op, 0)->type->rank;
  sk_number init = sk_tensor_get(sk_interp_operand(s, r->op, 2), 0);
  sk_tensor *t;
  sk_window_of(s, r->op, SK_NAME_window_dimensions, rank, r->w);
  SK_TRY(sk_interp_require(s, r->op, tap_count(r->w, rank, &r->taps), "the window overflows"));
  SK_TRY(sk_interp_result(s, r->op, 0, NULL, &t));
  for (int64_t i = 0; i < t->count; i++) {
    sk_tensor_set(t, i, init);
  }
  SK_TRY(sk_body_init(&r->body, s, sk_op_region(s->m, r->op, 0)));
  SK_TRY(sk_body_init(&r->scatter, s, sk_op_region(s->m, r->op, 1)));
  r->body.rounds = r->scatter.rounds = true;
  return scatter_sources(r, t);
}

sk_status sk_interp_SELECT_AND_SCATTER(sk_interp *s, sk_op op) {
  windowed r = {.s = s, .op = op};
  sk_status status = select_and_scatter(&r);
  sk_body_fini(&r.body);
  sk_body_fini(&r.scatter);
  return status;
}
