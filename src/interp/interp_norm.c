// SPDX-License-Identifier: Apache-2.0
// Batch normalisation: inference, training, gradient.
//
// The decompositions of the specification, with one value of scale, offset, mean and variance per
// index of the feature dimension. Evaluated in double, every element of a result rounded once;
// sums run in ascending row-major order. Assumes what the verifier checked: shapes that fit.
#include <math.h>

#include "base/mem.h"
#include "interp/interp_int.h"

typedef struct norm {
  const sk_tensor *x;  // the operand that is normalised
  int64_t feature_index, features, per_feature;
  double epsilon;
  int64_t stride;  // of the feature dimension
} norm;

static norm norm_of(const sk_interp *s, sk_op op) {
  norm n = {.x = sk_interp_operand(s, op, 0),
            .feature_index = sk_op_int(s->m, op, SK_NAME_feature_index, 0),
            .epsilon = sk_attr_get(s->m, sk_op_find_attr(s->m, op, SK_NAME_epsilon))->u.f};
  int64_t strides[SK_MAX_RANK];
  sk_strides_of(n.x->type, strides);
  n.stride = strides[n.feature_index];
  n.features = n.x->type->dims[n.feature_index];
  n.per_feature = n.features > 0 ? n.x->count / n.features : 0;
  return n;
}

static int64_t feature_of(const norm *n, int64_t i) { return i / n->stride % n->features; }

static double real_at(const sk_tensor *t, int64_t i) { return sk_tensor_get(t, i).re; }

static void set_real(sk_tensor *t, int64_t i, double value) {
  sk_tensor_set(t, i, (sk_number){.re = value});
}

sk_status sk_interp_BATCH_NORM_INFERENCE(sk_interp *s, sk_op op) {
  norm n = norm_of(s, op);
  sk_tensor *t;
  SK_TRY(sk_interp_result(s, op, 0, NULL, &t));
  for (int64_t i = 0; i < t->count; i++) {
    int64_t f = feature_of(&n, i);
    double scale = real_at(sk_interp_operand(s, op, 1), f);
    double offset = real_at(sk_interp_operand(s, op, 2), f);
    double mean = real_at(sk_interp_operand(s, op, 3), f);
    double variance = real_at(sk_interp_operand(s, op, 4), f);
    double normal = (real_at(n.x, i) - mean) / sqrt(variance + n.epsilon);
    set_real(t, i, scale * normal + offset);
  }
  return NULL;
}

// Mean and variance of every feature: mean[f], mean[features + f].
static double *moments_of(const norm *n) {
  double *mean = sk_mem_zalloc(sizeof *mean * (2 * (size_t)n->features + 1));
  if (!mean) {
    return NULL;
  }
  double *variance = mean + n->features;
  for (int64_t i = 0; i < n->x->count; i++) {
    mean[feature_of(n, i)] += real_at(n->x, i);
  }
  for (int64_t f = 0; f < n->features; f++) {
    mean[f] /= (double)n->per_feature;  // of no elements: NaN
  }
  for (int64_t i = 0; i < n->x->count; i++) {
    double apart = real_at(n->x, i) - mean[feature_of(n, i)];
    variance[feature_of(n, i)] += apart * apart;
  }
  for (int64_t f = 0; f < n->features; f++) {
    variance[f] /= (double)n->per_feature;
  }
  return mean;
}

sk_status sk_interp_BATCH_NORM_TRAINING(sk_interp *s, sk_op op) {
  norm n = norm_of(s, op);
  sk_tensor *t, *means, *variances;
  SK_TRY(sk_interp_result(s, op, 0, NULL, &t));
  SK_TRY(sk_interp_result(s, op, 1, NULL, &means));
  SK_TRY(sk_interp_result(s, op, 2, NULL, &variances));
  double *mean = moments_of(&n);
  if (!mean) {
    return sk_status_no_memory();
  }
  for (int64_t f = 0; f < n.features; f++) {
    set_real(means, f, mean[f]);
    set_real(variances, f, mean[n.features + f]);
  }
  for (int64_t i = 0; i < t->count; i++) {
    int64_t f = feature_of(&n, i);
    double normal = (real_at(n.x, i) - mean[f]) / sqrt(mean[n.features + f] + n.epsilon);
    set_real(t, i,
             real_at(sk_interp_operand(s, op, 1), f) * normal +
                 real_at(sk_interp_operand(s, op, 2), f));
  }
  sk_mem_free(mean);
  return NULL;
}

typedef struct gradient {
  const sk_tensor *scale, *mean, *variance, *grad;
  double *sums;  // of grad, then of grad * (x - mean); owned
} gradient;

static void finish_gradient(const norm *n, const gradient *g, sk_tensor *const *t) {
  double count = (double)n->per_feature;
  for (int64_t i = 0; i < n->x->count; i++) {
    int64_t f = feature_of(n, i);
    double variance = real_at(g->variance, f) + n->epsilon;
    double apart = real_at(n->x, i) - real_at(g->mean, f);
    double inner =
        real_at(g->grad, i) * count - g->sums[f] - g->sums[n->features + f] * apart / variance;
    set_real(t[0], i, real_at(g->scale, f) / sqrt(variance) / count * inner);
  }
  for (int64_t f = 0; f < n->features; f++) {
    double variance = real_at(g->variance, f) + n->epsilon;
    set_real(t[1], f, g->sums[n->features + f] / sqrt(variance));
    set_real(t[2], f, g->sums[f]);
  }
}

sk_status sk_interp_BATCH_NORM_GRAD(sk_interp *s, sk_op op) {
  norm n = norm_of(s, op);
  sk_tensor *t[3];
  gradient g = {.scale = sk_interp_operand(s, op, 1),
                .mean = sk_interp_operand(s, op, 2),
                .variance = sk_interp_operand(s, op, 3),
                .grad = sk_interp_operand(s, op, 4)};
  for (uint32_t r = 0; r < 3; r++) {
    SK_TRY(sk_interp_result(s, op, r, NULL, &t[r]));
  }
  g.sums = sk_mem_zalloc(sizeof *g.sums * (2 * (size_t)n.features + 1));
  if (!g.sums) {
    return sk_status_no_memory();
  }
  for (int64_t i = 0; i < n.x->count; i++) {
    int64_t f = feature_of(&n, i);
    g.sums[f] += real_at(g.grad, i);
    g.sums[n.features + f] += real_at(g.grad, i) * (real_at(n.x, i) - real_at(g.mean, f));
  }
  finish_gradient(&n, &g, t);
  sk_mem_free(g.sums);
  return NULL;
}
