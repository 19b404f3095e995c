// SPDX-License-Identifier: Apache-2.0
// Reductions, dot products, sort, map: ops that combine many elements, in ascending row-major order. Partial results of reductions are kept in
// double and rounded once at the end; dots accumulate as generated code does.
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "interp/interp_int.h"

enum { MAX_BODY_VALUES = 64 };

// ---------------------------------------------------------------------------------------------------- bodies on numbers

typedef struct binding {
  uint32_t value;
  sk_number number;
} binding;

static const sk_number *find(const binding *all, uint32_t count, uint32_t value) {
  for (uint32_t i = count; i-- > 0;) {
    if (all[i].value == value) {
      return &all[i].number;
    }
  }
  return NULL;
}

// Brings an integer back into its type. Floats keep double precision inside a body, so that sums are rounded once, when they are stored.
static sk_number settled(sk_elem elem, sk_number n) {
  char bytes[16];
  if (sk_elem_is_float(elem) || sk_elem_is_complex(elem)) {
    return n;
  }
  sk_number_write(elem, bytes, n);
  return sk_number_read(elem, bytes);
}

static sk_status operand_of(const sk_interp *s, sk_op op, uint32_t i, const binding *all, uint32_t count, sk_number *out) {
  sk_value v = sk_op_operand(s->m, op, i);
  const sk_number *known = find(all, count, v.id);
  if (known != NULL) {
    *out = *known;
    return NULL;
  }
  if (s->env[v.id] != NULL && s->env[v.id]->count == 1) {  // a scalar from outside
    *out = sk_tensor_get(s->env[v.id], 0);
    return NULL;
  }
  return sk_op_error(s->m, op, SK_INTERNAL, "operand of a body has no value");
}

sk_status sk_interp_scalar_region(sk_interp *s, sk_region region, const sk_number *args, sk_number *out) {
  binding all[MAX_BODY_VALUES];
  uint32_t count = 0;
  const sk_region_rec *rec = sk_region_get(s->m, region);
  for (uint32_t i = 0; i < rec->arg_count && count < MAX_BODY_VALUES; i++) {
    all[count++] = (binding){rec->args + i, args[i]};
  }
  for (sk_op op = rec->first; op.id != rec->last.id; op = sk_op_next(s->m, op)) {
    sk_number in[3] = {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}, result;
    sk_value v = sk_op_result(s->m, op, 0);
    if (count == MAX_BODY_VALUES) {
      return sk_op_error(s->m, op, SK_UNIMPLEMENTED, "a body of more than %d operations in the reference interpreter", MAX_BODY_VALUES);
    }
    if (sk_op_kind(s->m, op) == SK_OP_CONSTANT) {
      SK_TRY(sk_interp_CONSTANT(s, op));
      all[count++] = (binding){v.id, sk_tensor_get(s->env[v.id], 0)};
      continue;
    }
    for (uint32_t i = 0; i < sk_op_get(s->m, op)->operand_count && i < 3; i++) {
      SK_TRY(operand_of(s, op, i, all, count, &in[i]));
    }
    bool forwards = sk_op_kind(s->m, op) == SK_OP_RESHAPE || sk_op_kind(s->m, op) == SK_OP_BROADCAST_IN_DIM;
    if (forwards) {
      result = in[0];
    } else if (!sk_interp_scalar_op(s, op, in, &result)) {
      return sk_op_error(s->m, op, SK_UNIMPLEMENTED, "the reference interpreter does not have this operation in a body yet");
    }
    all[count++] = (binding){v.id, settled((sk_elem)sk_value_type_rec(s->m, v)->elem, result)};
  }
  for (uint32_t i = 0; i < sk_op_get(s->m, rec->last)->operand_count; i++) {
    SK_TRY(operand_of(s, rec->last, i, all, count, &out[i]));
  }
  return NULL;
}

// ---------------------------------------------------------------------------------------------------- reduce

static bool is_listed(sk_ints list, int64_t d) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (list.data[i] == d) {
      return true;
    }
  }
  return false;
}

// Folds element `i` of every input into the accumulators of its result element.
static sk_status reduce_step(sk_interp *s, sk_op op, uint32_t n, int64_t i, int64_t to, sk_number *sums, sk_number *args, sk_number *out) {
  for (uint32_t r = 0; r < n; r++) {
    args[r] = sums[to * n + r];
    args[n + r] = sk_tensor_get(sk_interp_operand(s, op, r), i);
  }
  SK_TRY(sk_interp_scalar_region(s, sk_op_region(s->m, op, 0), args, out));
  for (uint32_t r = 0; r < n; r++) {
    sums[to * n + r] = out[r];
  }
  return NULL;
}

static sk_status reduce_all(sk_interp *s, sk_op op, uint32_t n, sk_number *sums, sk_number *args) {
  const sk_tensor *first = sk_interp_operand(s, op, 0);
  const sk_type_rec *result = s->env[sk_op_result(s->m, op, 0).id]->type;
  sk_ints dims = sk_op_ints(s->m, op, SK_NAME_dimensions);
  int64_t at[SK_MAX_RANK], kept[SK_MAX_RANK];
  for (int64_t i = 0; i < first->count; i++) {
    uint32_t k = 0;
    sk_unravel(first->type, i, at);
    for (uint32_t d = 0; d < first->type->rank; d++) {
      if (!is_listed(dims, d)) {
        kept[k++] = at[d];
      }
    }
    SK_TRY(reduce_step(s, op, n, i, sk_ravel(result, kept), sums, args, args + 2 * n));
  }
  return NULL;
}

sk_status sk_interp_REDUCE(sk_interp *s, sk_op op) {
  uint32_t n = sk_op_get(s->m, op)->result_count;
  for (uint32_t r = 0; r < n; r++) {
    if (sk_interp_new(s, sk_op_result(s->m, op, r)) == NULL) {
      return sk_status_no_memory();
    }
  }
  int64_t count = s->env[sk_op_result(s->m, op, 0).id]->count;
  sk_number *sums = sk_mem_alloc(sizeof *sums * ((size_t)count * n + 1)), *args = sk_mem_alloc(sizeof *args * 3 * n);
  sk_status status = sums == NULL || args == NULL ? sk_status_no_memory() : NULL;
  if (status == NULL) {
    for (int64_t i = 0; i < count * n; i++) {
      sums[i] = sk_tensor_get(sk_interp_operand(s, op, n + (uint32_t)(i % n)), 0);
    }
    status = reduce_all(s, op, n, sums, args);
  }
  for (int64_t i = 0; i < count * n && status == NULL; i++) {
    sk_tensor_set(s->env[sk_op_result(s->m, op, (uint32_t)(i % n)).id], i / n, sums[i]);
  }
  sk_mem_free(sums);
  sk_mem_free(args);
  return status;
}

sk_status sk_interp_MAP(sk_interp *s, sk_op op) {
  uint32_t n = sk_op_get(s->m, op)->operand_count;
  sk_tensor *t = sk_interp_new(s, sk_op_result(s->m, op, 0));
  sk_number *args = sk_mem_alloc(sizeof *args * (n + 1)), out = {0, 0, 0};
  sk_status status = t == NULL || args == NULL ? sk_status_no_memory() : NULL;
  for (int64_t i = 0; status == NULL && i < t->count; i++) {
    for (uint32_t o = 0; o < n; o++) {
      args[o] = sk_tensor_get(sk_interp_operand(s, op, o), i);
    }
    status = sk_interp_scalar_region(s, sk_op_region(s->m, op, 0), args, &out);
    if (status == NULL) {
      sk_tensor_set(t, i, out);
    }
  }
  sk_mem_free(args);
  return status;
}

// ---------------------------------------------------------------------------------------------------- dot_general

typedef struct dot_plan {
  int64_t *a, *b;      // offsets of the contracted elements in each operand
  int64_t contracted;
} dot_plan;

static void strides_of(const sk_type_rec *type, int64_t *strides) {
  int64_t stride = 1;
  for (uint32_t d = type->rank; d-- > 0;) {
    strides[d] = stride;
    stride *= type->dims[d];
  }
}

static sk_status plan_contraction(const sk_tensor *a, const sk_tensor *b, const sk_dot_dims *dims, const int64_t *as, const int64_t *bs, dot_plan *out) {
  sk_ints l = dims->lhs_contracting_dimensions, r = dims->rhs_contracting_dimensions;
  out->contracted = 1;
  for (uint32_t i = 0; i < l.count; i++) {
    out->contracted *= a->type->dims[l.data[i]];
  }
  (void)b;
  out->a = sk_mem_alloc(sizeof(int64_t) * (size_t)(out->contracted + 1));
  out->b = sk_mem_alloc(sizeof(int64_t) * (size_t)(out->contracted + 1));
  if (out->a == NULL || out->b == NULL) {
    return sk_status_no_memory();
  }
  for (int64_t k = 0; k < out->contracted; k++) {
    int64_t rest = k;
    out->a[k] = out->b[k] = 0;
    for (uint32_t i = l.count; i-- > 0;) {
      int64_t extent = a->type->dims[l.data[i]];
      out->a[k] += rest % extent * as[l.data[i]];
      out->b[k] += rest % extent * bs[r.data[i]];
      rest /= extent;
    }
  }
  return NULL;
}

static sk_number dot_element(const sk_tensor *a, const sk_tensor *b, sk_elem to, int64_t a_base, int64_t b_base, const dot_plan *p) {
  sk_number sum = {0, 0, 0};
  sk_elem from = (sk_elem)a->type->elem;
  for (int64_t k = 0; k < p->contracted; k++) {
    sk_number x = sk_tensor_get(a, a_base + p->a[k]), y = sk_tensor_get(b, b_base + p->b[k]);
    if (sk_elem_is_complex(to)) {
      sum.re += x.re * y.re - x.im * y.im;
      sum.im += x.re * y.im + x.im * y.re;
    } else if (to == SK_F64) {
      sum.re = fma(x.re, y.re, sum.re);
    } else if (sk_elem_is_float(to)) {
      sum.re = sk_elem_is_float(from) ? (double)fmaf((float)x.re, (float)y.re, (float)sum.re) : (double)((float)x.i * (float)y.i + (float)sum.re);
    } else {
      sum.i = to == SK_PRED ? sum.i | (x.i & y.i) : (int64_t)((uint64_t)sum.i + (uint64_t)x.i * (uint64_t)y.i);
    }
  }
  return sum;
}

sk_status sk_interp_DOT_GENERAL(sk_interp *s, sk_op op) {
  sk_tensor *t = sk_interp_new(s, sk_op_result(s->m, op, 0));
  const sk_tensor *a = sk_interp_operand(s, op, 0), *b = sk_interp_operand(s, op, 1);
  const sk_dot_dims *dims = sk_attr_get(s->m, sk_op_find_attr(s->m, op, SK_NAME_dot_dimension_numbers))->u.dot;
  int64_t as[SK_MAX_RANK], bs[SK_MAX_RANK], at[SK_MAX_RANK];
  dot_plan plan = {NULL, NULL, 0};
  if (t == NULL) {
    return sk_status_no_memory();
  }
  strides_of(a->type, as);
  strides_of(b->type, bs);
  sk_status status = plan_contraction(a, b, dims, as, bs, &plan);
  for (int64_t i = 0; status == NULL && i < t->count; i++) {
    int64_t a_base = 0, b_base = 0;
    uint32_t next = dims->lhs_batching_dimensions.count;
    sk_unravel(t->type, i, at);
    for (uint32_t d = 0; d < next; d++) {
      a_base += at[d] * as[dims->lhs_batching_dimensions.data[d]];
      b_base += at[d] * bs[dims->rhs_batching_dimensions.data[d]];
    }
    for (uint32_t d = 0; d < a->type->rank; d++) {
      if (!is_listed(dims->lhs_batching_dimensions, d) && !is_listed(dims->lhs_contracting_dimensions, d)) {
        a_base += at[next++] * as[d];
      }
    }
    for (uint32_t d = 0; d < b->type->rank; d++) {
      if (!is_listed(dims->rhs_batching_dimensions, d) && !is_listed(dims->rhs_contracting_dimensions, d)) {
        b_base += at[next++] * bs[d];
      }
    }
    sk_tensor_set(t, i, dot_element(a, b, (sk_elem)t->type->elem, a_base, b_base, &plan));
  }
  sk_mem_free(plan.a);
  sk_mem_free(plan.b);
  return status;
}

// ---------------------------------------------------------------------------------------------------- sort

typedef struct sorter {
  sk_interp *s;
  sk_op op;
  uint32_t n;            // operands
  int64_t base, stride;  // of the line being sorted
  sk_number *args;
  sk_status status;
} sorter;

static bool goes_before(sorter *c, int64_t x, int64_t y) {
  sk_number result = {0, 0, 0};
  for (uint32_t o = 0; o < c->n; o++) {
    const sk_tensor *t = sk_interp_operand(c->s, c->op, o);
    c->args[2 * o] = sk_tensor_get(t, c->base + x * c->stride);
    c->args[2 * o + 1] = sk_tensor_get(t, c->base + y * c->stride);
  }
  if (c->status == NULL) {
    c->status = sk_interp_scalar_region(c->s, sk_op_region(c->s->m, c->op, 0), c->args, &result);
  }
  return result.i != 0;
}

// Stable merge sort of indices; the comparator may be anything, so its answers are used but never trusted for bounds.
static void merge_sort(sorter *c, int64_t *order, int64_t *spare, int64_t count) {
  for (int64_t width = 1; width < count; width *= 2) {
    for (int64_t from = 0; from < count; from += 2 * width) {
      int64_t middle = SK_MIN(from + width, count), to = SK_MIN(from + 2 * width, count), x = from, y = middle;
      for (int64_t k = from; k < to; k++) {
        bool take_right = x == middle || (y < to && goes_before(c, order[y], order[x]));
        spare[k] = take_right ? order[y++] : order[x++];
      }
    }
    memcpy(order, spare, sizeof(int64_t) * (size_t)count);
  }
}

static void sort_lines(sorter *c, int64_t along, int64_t *order, int64_t *spare) {
  const sk_tensor *first = sk_interp_operand(c->s, c->op, 0);
  int64_t strides[SK_MAX_RANK], at[SK_MAX_RANK], extent = first->type->dims[along];
  strides_of(first->type, strides);
  c->stride = strides[along];
  for (int64_t i = 0; i < first->count && c->status == NULL; i++) {
    sk_unravel(first->type, i, at);
    if (at[along] != 0) {
      continue;
    }
    c->base = i;
    for (int64_t k = 0; k < extent; k++) {
      order[k] = k;
    }
    merge_sort(c, order, spare, extent);
    for (uint32_t o = 0; o < c->n; o++) {
      sk_tensor *to = c->s->env[sk_op_result(c->s->m, c->op, o).id];
      for (int64_t k = 0; k < extent; k++) {
        sk_tensor_set(to, i + k * c->stride, sk_tensor_get(sk_interp_operand(c->s, c->op, o), i + order[k] * c->stride));
      }
    }
  }
}

sk_status sk_interp_SORT(sk_interp *s, sk_op op) {
  sorter c = {.s = s, .op = op, .n = sk_op_get(s->m, op)->operand_count};
  for (uint32_t o = 0; o < c.n; o++) {
    if (sk_interp_new(s, sk_op_result(s->m, op, o)) == NULL) {
      return sk_status_no_memory();
    }
  }
  const sk_type_rec *type = sk_interp_operand(s, op, 0)->type;
  int64_t along = sk_op_int(s->m, op, SK_NAME_dimension, -1);
  along = along < 0 ? along + type->rank : along;
  size_t extent = type->rank == 0 ? 1 : (size_t)type->dims[along];
  int64_t *order = sk_mem_alloc(sizeof(int64_t) * (2 * extent + 1));
  c.args = sk_mem_alloc(sizeof(sk_number) * (2 * c.n + 1));
  c.status = order == NULL || c.args == NULL ? sk_status_no_memory() : NULL;
  if (c.status == NULL && type->rank > 0) {
    sort_lines(&c, along, order, order + extent);
  }
  sk_mem_free(order);
  sk_mem_free(c.args);
  return c.status;
}
