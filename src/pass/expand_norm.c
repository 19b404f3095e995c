// SPDX-License-Identifier: Apache-2.0
// Batch normalisation: the decompositions of the specification.
//
// Scale, offset, mean and variance have one value per index of the feature dimension; sums run over all
// others. Narrow floats compute in f32 and every result is rounded once.
#include "pass/expand_int.h"

typedef struct norm {
  const sk_expander *e;
  sk_op op;
  sk_elem elem;  // in which it computes
  sk_type type, per_feature;
  int64_t feature;  // dimension
  int64_t others[SK_MAX_RANK];
  uint32_t other_count;
  double count;  // elements per feature
} norm;

static norm norm_of(const sk_expander *e, sk_op op) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, sk_op_operand(e->m, op, 0));
  norm n = {.e = e, .op = op, .count = 1};
  n.elem = sk_elem_bits((sk_elem)rec.elem) < 32 ? SK_F32 : (sk_elem)rec.elem;
  n.feature = sk_op_int(e->m, op, SK_NAME_feature_index, 0);
  n.type = sk_type_tensor(e->m, n.elem, rec.rank, rec.dims);
  n.per_feature = sk_type_tensor(e->m, n.elem, 1, &rec.dims[n.feature]);
  for (uint32_t d = 0; d < rec.rank; d++) {
    if ((int64_t)d != n.feature) {
      n.others[n.other_count++] = d;
      n.count *= (double)rec.dims[d];
    }
  }
  return n;
}

static sk_value operand(const norm *n, uint32_t i) {
  return sk_expand_convert(n->e, sk_expand_operand(n->e, n->op, i), n->elem);
}

static void set_result(const norm *n, uint32_t i, sk_value v) {
  const sk_value old = sk_op_result(n->e->m, n->op, i);
  const sk_elem elem = (sk_elem)sk_value_type_rec(n->e->m, old)->elem;
  sk_rebuild_set(n->e->r, old, sk_expand_convert(n->e, v, elem));
}

static sk_value spread(const norm *n, sk_value v) {
  return sk_expand_broadcast(n->e, v, n->type, &n->feature);
}

static sk_value number(const norm *n, double value) {
  const sk_type scalar = sk_type_tensor(n->e->m, n->elem, 0, NULL);
  return sk_expand_broadcast(n->e, sk_expand_float(n->e, scalar, value), n->per_feature, NULL);
}

static sk_value sum(const norm *n, sk_value v) {
  return sk_expand_sum(n->e, v, n->others, n->other_count);
}

static sk_value mean_of(const norm *n, sk_value v) {
  return sk_expand_2(n->e, SK_OP_DIVIDE, sum(n, v), number(n, n->count));
}

static sk_value times(const norm *n, sk_value a, sk_value b) {
  return sk_expand_2(n->e, SK_OP_MULTIPLY, a, b);
}

static sk_value less(const norm *n, sk_value a, sk_value b) {
  return sk_expand_2(n->e, SK_OP_SUBTRACT, a, b);
}

static sk_value with_epsilon(const norm *n, sk_value variance) {
  const sk_attr attr = sk_op_find_attr(n->e->m, n->op, SK_NAME_epsilon);
  const sk_value epsilon = number(n, sk_attr_get(n->e->m, attr)->u.f);
  return sk_expand_2(n->e, SK_OP_ADD, variance, epsilon);
}

// scale * (x - mean) / sqrt(variance + epsilon) + offset
static sk_value normalise(const norm *n, sk_value mean, sk_value variance) {
  const sk_value root = sk_expand_1(n->e, SK_OP_SQRT, with_epsilon(n, variance));
  const sk_value apart = less(n, operand(n, 0), spread(n, mean));
  const sk_value normal = sk_expand_2(n->e, SK_OP_DIVIDE, apart, spread(n, root));
  return sk_expand_2(n->e, SK_OP_ADD, times(n, spread(n, operand(n, 1)), normal),
                     spread(n, operand(n, 2)));
}

sk_status sk_expand_norm_inference(const sk_expander *e, sk_op op) {
  const norm n = norm_of(e, op);
  set_result(&n, 0, normalise(&n, operand(&n, 3), operand(&n, 4)));
  return NULL;
}

sk_status sk_expand_norm_training(const sk_expander *e, sk_op op) {
  const norm n = norm_of(e, op);
  const sk_value x = operand(&n, 0), mean = mean_of(&n, x);
  const sk_value apart = less(&n, x, spread(&n, mean));
  const sk_value variance = mean_of(&n, times(&n, apart, apart));
  set_result(&n, 0, normalise(&n, mean, variance));
  set_result(&n, 1, mean);
  set_result(&n, 2, variance);
  return NULL;
}

// grad_operand = scale / sqrt(v) / count * (count g - sum(g) - sum(g apart) apart / v)
sk_status sk_expand_norm_grad(const sk_expander *e, sk_op op) {
  const norm n = norm_of(e, op);
  const sk_value grad = operand(&n, 4), variance = with_epsilon(&n, operand(&n, 3));
  const sk_value root = sk_expand_1(e, SK_OP_SQRT, variance);
  const sk_value apart = less(&n, operand(&n, 0), spread(&n, operand(&n, 2)));
  const sk_value total = sum(&n, grad), weighted = sum(&n, times(&n, grad, apart));
  const sk_value factor = sk_expand_2(
      e, SK_OP_DIVIDE, sk_expand_2(e, SK_OP_DIVIDE, operand(&n, 1), root), number(&n, n.count));
  const sk_value bent =
      sk_expand_2(e, SK_OP_DIVIDE, times(&n, spread(&n, weighted), apart), spread(&n, variance));
  const sk_value scaled = times(&n, grad, spread(&n, number(&n, n.count)));
  const sk_value inner = less(&n, less(&n, scaled, spread(&n, total)), bent);
  set_result(&n, 0, times(&n, spread(&n, factor), inner));
  set_result(&n, 1, sk_expand_2(e, SK_OP_DIVIDE, weighted, root));
  set_result(&n, 2, total);
  return NULL;
}
