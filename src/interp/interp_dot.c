// SPDX-License-Identifier: Apache-2.0
// Products summed over contracted dimensions: dot_general, and dot, whose dimension numbers follow
// from its operands.
//
// k ascends for every element of the result; each product is rounded, then added, in the result's
// type, as the specification multiplies and reduces. Types narrower than f32 are summed in f32 and
// rounded once. An algorithm rounds the operands to its precision types first; more than one
// component stands for all bits.
#include "base/mem.h"
#include "base/num.h"
#include "interp/interp_int.h"

// ---- one step

static void accumulate_complex(sk_elem to, sk_number *sum, sk_number x, sk_number y) {
  if (to == SK_C64) {
    float a = (float)x.re, b = (float)x.im, c = (float)y.re, d = (float)y.im;
    sum->re = (double)((float)sum->re + (a * c - b * d));
    sum->im = (double)((float)sum->im + (a * d + b * c));
  } else {
    sum->re += x.re * y.re - x.im * y.im;
    sum->im += x.re * y.im + x.im * y.re;
  }
}

void sk_accumulate(sk_elem to, sk_number *sum, sk_number x, sk_number y) {
  if (sk_elem_is_complex(to)) {
    accumulate_complex(to, sum, x, y);
  } else if (to == SK_F64) {
    sum->re += x.re * y.re;
  } else if (sk_elem_is_float(to)) {
    sum->re = (double)((float)x.re * (float)y.re + (float)sum->re);
  } else if (to == SK_PRED) {
    sum->i |= x.i & y.i;
  } else {
    sum->i = (int64_t)((uint64_t)sum->i + (uint64_t)x.i * (uint64_t)y.i);
  }
}

sk_number *sk_tensor_factors(const sk_tensor *t, sk_elem to) {
  sk_number *all = sk_mem_alloc(sizeof *all * ((size_t)t->count + 1));
  sk_elem from = (sk_elem)t->type->elem;
  bool converts = !sk_elem_is_float(from) && !sk_elem_is_complex(from) &&
                  (sk_elem_is_float(to) || sk_elem_is_complex(to));
  if (all) {
    sk_numbers_get(t, 0, t->count, all);
  }
  for (int64_t i = 0; all && converts && i < t->count; i++) {
    bool is_unsigned = sk_elem_get_class(from) == SK_CLASS_UINT;
    all[i].re = is_unsigned ? (double)(uint64_t)all[i].i : (double)all[i].i;
  }
  return all;
}

// ---- the sum of one element

typedef struct dot_plan {
  const sk_tensor *a, *b;
  sk_dot_dims dims;
  int64_t a_strides[SK_MAX_RANK], b_strides[SK_MAX_RANK];
  int64_t *a_steps, *b_steps;  // offsets of the contracted elements; owned
  int64_t contracted;
  sk_number *x, *y;                   // all elements; owned
  const sk_dot_algorithm *algorithm;  // or NULL
  sk_elem sum_elem;
} dot_plan;

static sk_status plan_contraction(const sk_interp *s, sk_op op, dot_plan *p) {
  sk_ints l = p->dims.lhs_contracting_dimensions, r = p->dims.rhs_contracting_dimensions;
  p->contracted = 1;
  for (uint32_t i = 0; i < l.count; i++) {
    int64_t extent = p->a->type->dims[l.data[i]];
    SK_TRY(sk_interp_require(s, op, extent == p->b->type->dims[r.data[i]],
                             "contracted dimensions differ"));
    p->contracted *= extent;
  }
  if (p->a->count == 0) {
    p->contracted = 0;  // nothing to add up, or nothing to add it up for
  }
  p->a_steps = sk_mem_alloc(sizeof(int64_t) * ((size_t)p->contracted + 1));
  p->b_steps = sk_mem_alloc(sizeof(int64_t) * ((size_t)p->contracted + 1));
  if (!p->a_steps || !p->b_steps) {
    return sk_status_no_memory();
  }
  for (int64_t k = 0; k < p->contracted; k++) {
    int64_t rest = k;
    p->a_steps[k] = p->b_steps[k] = 0;
    for (uint32_t i = l.count; i-- > 0;) {
      int64_t extent = p->a->type->dims[l.data[i]];
      p->a_steps[k] += rest % extent * p->a_strides[l.data[i]];
      p->b_steps[k] += rest % extent * p->b_strides[r.data[i]];
      rest /= extent;
    }
  }
  return NULL;
}

static void round_factors(const sk_module *m, sk_type type, int64_t components, sk_number *all,
                          int64_t count) {
  sk_elem elem = (sk_elem)sk_type_get(m, type)->elem;
  for (int64_t i = 0; components == 1 && i < count; i++) {
    all[i].re = elem == SK_TF32 ? (double)sk_num_reduce_precision_f32((float)all[i].re, 8, 10)
                                : sk_round_to(elem, all[i].re);
  }
}

static sk_status read_factors(const sk_module *m, dot_plan *p) {
  const sk_dot_algorithm *with = p->algorithm;
  p->x = sk_tensor_factors(p->a, p->sum_elem);
  p->y = sk_tensor_factors(p->b, p->sum_elem);
  if (!p->x || !p->y) {
    return sk_status_no_memory();
  }
  if (with) {
    round_factors(m, with->lhs_precision_type, with->lhs_component_count, p->x, p->a->count);
    round_factors(m, with->rhs_precision_type, with->rhs_component_count, p->y, p->b->count);
  }
  return NULL;
}

static sk_number dot_element(const dot_plan *p, int64_t a_base, int64_t b_base) {
  sk_number sum = {0, 0, 0};
  for (int64_t k = 0; k < p->contracted; k++) {
    sk_accumulate(p->sum_elem, &sum, p->x[a_base + p->a_steps[k]], p->y[b_base + p->b_steps[k]]);
  }
  return sum;
}

// ---- all elements: batch dimensions, then those of lhs that are left, then those of rhs

static uint32_t add_free_dims(const sk_type_rec *type, sk_ints batch, sk_ints contracted,
                              int64_t *dims, uint32_t next) {
  for (uint32_t d = 0; d < type->rank; d++) {
    if (!sk_is_listed(batch, d) && !sk_is_listed(contracted, d)) {
      dims[next++] = type->dims[d];
    }
  }
  return next;
}

static sk_status dot_dims(const sk_interp *s, sk_op op, const dot_plan *p, int64_t *dims,
                          uint32_t *out_rank) {
  const sk_dot_dims *d = &p->dims;
  uint32_t next = 0;
  for (; next < d->lhs_batching_dimensions.count; next++) {
    dims[next] = p->a->type->dims[d->lhs_batching_dimensions.data[next]];
    SK_TRY(sk_interp_require(s, op,
                             dims[next] == p->b->type->dims[d->rhs_batching_dimensions.data[next]],
                             "batch dimensions differ"));
  }
  next = add_free_dims(p->a->type, d->lhs_batching_dimensions, d->lhs_contracting_dimensions, dims,
                       next);
  *out_rank = add_free_dims(p->b->type, d->rhs_batching_dimensions, d->rhs_contracting_dimensions,
                            dims, next);
  return sk_interp_require(s, op, *out_rank <= SK_MAX_RANK, "the result has too high a rank");
}

// Offset of an operand's element for the coordinates of the result; `next` is the first of the
// coordinates that run through what is left of it.
static int64_t base_of(const sk_type_rec *type, const int64_t *strides, sk_ints batch,
                       sk_ints contracted, const int64_t *at, uint32_t *next) {
  int64_t base = 0;
  for (uint32_t d = 0; d < batch.count; d++) {
    base += at[d] * strides[batch.data[d]];
  }
  for (uint32_t d = 0; d < type->rank; d++) {
    if (!sk_is_listed(batch, d) && !sk_is_listed(contracted, d)) {
      base += at[(*next)++] * strides[d];
    }
  }
  return base;
}

static sk_status dot_all(const sk_interp *s, sk_op op, dot_plan *p, const sk_type_rec *like,
                         sk_tensor **out) {
  const sk_dot_dims *d = &p->dims;
  int64_t dims[2 * SK_MAX_RANK], at[SK_MAX_RANK];
  uint32_t rank;
  sk_strides_of(p->a->type, p->a_strides);
  sk_strides_of(p->b->type, p->b_strides);
  SK_TRY(dot_dims(s, op, p, dims, &rank));
  SK_TRY(plan_contraction(s, op, p));
  sk_tensor *t = *out = sk_tensor_new(like, rank, dims);
  if (!t) {
    return sk_status_no_memory();
  }
  p->sum_elem = (sk_elem)t->type->elem;
  if (!sk_elem_is_float(p->sum_elem)) {
    p->algorithm = NULL;  // there is nothing to be imprecise about
  } else if (p->algorithm) {
    p->sum_elem = (sk_elem)sk_type_get(s->m, p->algorithm->accumulation_type)->elem;
  }
  SK_TRY(read_factors(s->m, p));
  for (int64_t i = 0; i < t->count; i++) {
    uint32_t next = d->lhs_batching_dimensions.count;
    sk_unravel(t->type, i, at);
    int64_t a = base_of(p->a->type, p->a_strides, d->lhs_batching_dimensions,
                        d->lhs_contracting_dimensions, at, &next);
    int64_t b = base_of(p->b->type, p->b_strides, d->rhs_batching_dimensions,
                        d->rhs_contracting_dimensions, at, &next);
    sk_tensor_set(t, i, dot_element(p, a, b));
  }
  return NULL;
}

sk_status sk_interp_dot_tensors(const sk_interp *s, sk_op op, const sk_tensor *a,
                                const sk_tensor *b, const sk_dot_dims *dims,
                                const sk_type_rec *like, sk_tensor **out) {
  sk_attr algorithm = sk_op_find_attr(s->m, op, SK_NAME_algorithm);
  dot_plan plan = {.a = a, .b = b, .dims = *dims};
  if (algorithm.id != 0 && sk_attr_get(s->m, algorithm)->kind == SK_ATTR_DOT_ALGORITHM) {
    plan.algorithm = sk_attr_get(s->m, algorithm)->u.dot_algorithm;
  }
  *out = NULL;
  sk_status status = dot_all(s, op, &plan, like, out);
  if (status) {
    sk_tensor_release(*out);
    *out = NULL;
  }
  sk_mem_free(plan.a_steps);
  sk_mem_free(plan.b_steps);
  sk_mem_free(plan.x);
  sk_mem_free(plan.y);
  return status;
}

static sk_status run_dot(sk_interp *s, sk_op op, const sk_dot_dims *dims) {
  sk_type_rec like = sk_interp_stored_type(s, op, 0);
  sk_tensor *t;
  SK_TRY(sk_interp_dot_tensors(s, op, sk_interp_operand(s, op, 0), sk_interp_operand(s, op, 1),
                               dims, &like, &t));
  return sk_interp_accept(s, op, 0, t);
}

sk_status sk_interp_DOT_GENERAL(sk_interp *s, sk_op op) {
  sk_attr dims = sk_op_find_attr(s->m, op, SK_NAME_dot_dimension_numbers);
  return run_dot(s, op, sk_attr_get(s->m, dims)->u.dot);
}

// The last dimension of lhs with the first of rhs.
sk_status sk_interp_DOT(sk_interp *s, sk_op op) {
  int64_t last = (int64_t)sk_interp_operand(s, op, 0)->type->rank - 1, first = 0;
  sk_dot_dims dims = {.lhs_contracting_dimensions = {&last, 1},
                      .rhs_contracting_dimensions = {&first, 1}};
  return run_dot(s, op, &dims);
}
