// SPDX-License-Identifier: Apache-2.0
// Segments: where a pad or a concatenation changes source along a dimension, the kernel is cut in two, so that inside each piece every guard is
// decided and no lane is masked.
//
//   pad(x, 0, low 64, high 64) + y  over [0, 192)     ->   [0, 64): 0 + y     [64, 128): x + y     [128, 192): 0 + y
//
// Only one dimension is cut, the last one that asks for it; short pieces and many pieces are not worth a kernel and stay guarded.
#include <stdlib.h>

#include "loop/lower_int.h"

enum { MAX_CUTS = 16, MIN_PIECE = 16, MIN_PIECE_ELEMS = 256 };

typedef struct cut_list {
  int64_t at[MAX_CUTS];
  uint32_t count;
  bool overflow;
} cut_list;

static void add_cut(cut_list *c, int64_t at, int64_t extent) {
  for (uint32_t i = 0; i < c->count; i++) {
    if (c->at[i] == at) {
      return;
    }
  }
  if (at <= 0 || at >= extent) {
    return;
  }
  if (c->count == MAX_CUTS) {
    c->overflow = true;
    return;
  }
  c->at[c->count++] = at;
}

// Cuts that op asks for along dimension d of its result.
static void cuts_of(const sk_lowering *l, sk_op op, uint32_t d, cut_list *c) {
  const sk_module *m = l->m;
  int64_t extent = sk_value_type_rec(m, sk_op_result(m, op, 0))->dims[d];
  if (sk_op_kind(m, op) == SK_OP_PAD) {
    int64_t low = sk_op_ints(m, op, SK_NAME_edge_padding_low).data[d],
            step = sk_op_ints(m, op, SK_NAME_interior_padding).data[d] + 1;
    int64_t inner = sk_value_type_rec(m, sk_op_operand(m, op, 0))->dims[d];
    add_cut(c, low, extent);
    add_cut(c, inner == 0 ? low : low + (inner - 1) * step + 1, extent);
  } else if (sk_op_kind(m, op) == SK_OP_CONCATENATE &&
             sk_op_int(m, op, SK_NAME_dimension, 0) == (int64_t)d) {
    int64_t at = 0;
    for (uint32_t i = 0; i + 1 < sk_op_get(m, op)->operand_count; i++) {
      at += sk_value_type_rec(m, sk_op_operand(m, op, i))->dims[d];
      add_cut(c, at, extent);
    }
  }
}

static int compare_cuts(const void *a, const void *b) {
  const int64_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static bool is_worth_a_kernel(int64_t extent, int64_t inner_elems) {
  return extent >= MIN_PIECE || extent >= MIN_PIECE_ELEMS / SK_MAX(inner_elems, (int64_t)1);
}

// 0, the cuts ascending, the extent; one piece when cutting does not pay. `inner_elems`: elements per index.
static uint32_t pieces(sk_lowering *l, cut_list *c, int64_t extent, int64_t inner_elems,
                       int64_t **out_cuts) {
  int64_t *cuts = SK_NEW_ARRAY(l->arena, int64_t, c->count + 2);
  qsort(c->at, c->count, sizeof c->at[0], compare_cuts);
  uint32_t count = 0;
  bool worth = !c->overflow;
  cuts[count++] = 0;
  for (uint32_t i = 0; i < c->count && worth; i++) {
    worth = is_worth_a_kernel(c->at[i] - cuts[count - 1], inner_elems);
    cuts[count++] = c->at[i];
  }
  worth = worth && is_worth_a_kernel(extent - cuts[count - 1], inner_elems);
  if (!worth) {
    count = 1;
  }
  cuts[count] = extent;
  *out_cuts = cuts;
  return count;
}

// Is the result of the pad or concatenation as large as F? (Then a member that reads it does so at its own point.)
static bool has_shape_of(const sk_lowering *l, sk_op op, const sk_group *g) {
  const sk_type_rec *type = sk_value_type_rec(l->m, sk_op_result(l->m, op, 0));
  uint32_t position = 0;
  for (uint32_t d = 0; d < type->rank; d++) {
    if (type->dims[d] != 1) {
      if (position >= g->rank || g->dims[position] != type->dims[d]) {
        return false;
      }
      position++;
    }
  }
  return position == g->rank;
}

static uint32_t position_of_dim(const sk_type_rec *type, uint32_t dim) {
  uint32_t position = 0;
  for (uint32_t d = 0; d < dim; d++) {
    position += type->dims[d] != 1;
  }
  return position;
}

uint32_t sk_lower_segments(sk_lowering *l, uint32_t group, uint32_t *out_position,
                           int64_t **out_cuts) {
  const sk_group *g = &l->plan->groups.data[group - 1];
  cut_list c[SK_GROUP_MAX_RANK];
  memset(c, 0, sizeof c);
  for (uint32_t i = 0; i < g->ops.count; i++) {
    for (uint32_t o = 0; o < sk_op_get(l->m, g->ops.data[i])->operand_count; o++) {
      sk_op def = sk_value_get(l->m, sk_op_operand(l->m, g->ops.data[i], o))->op;
      bool asks =
          def.id != 0 &&
          (sk_op_kind(l->m, def) == SK_OP_PAD || sk_op_kind(l->m, def) == SK_OP_CONCATENATE) &&
          !sk_lower_is_statement(l, def);
      if (!asks || !has_shape_of(l, def, g)) {
        continue;
      }
      const sk_type_rec *type = sk_value_type_rec(l->m, sk_op_result(l->m, def, 0));
      for (uint32_t d = 0; d < type->rank; d++) {
        if (type->dims[d] != 1) {
          cuts_of(l, def, d, &c[position_of_dim(type, d)]);
        }
      }
    }
  }
  int64_t inner_elems = 1;
  for (uint32_t p = g->rank; p-- > 0;
       inner_elems = SK_MIN(inner_elems * g->dims[p], INT64_C(1) << 30)) {
    bool kept = g->reduced == 0 || (g->outer >> p & 1) != 0;
    if (kept && c[p].count > 0) {
      uint32_t count = pieces(l, &c[p], g->dims[p], inner_elems, out_cuts);
      if (count > 1) {
        *out_position = p;
        return count;
      }
    }
  }
  cut_list none = {.count = 0};
  *out_position = UINT32_MAX;
  return pieces(l, &none, INT64_MAX, 1, out_cuts);
}

uint32_t sk_lower_segments_of(sk_lowering *l, sk_value v, uint32_t *out_dim, int64_t **out_cuts) {
  sk_op op = sk_value_get(l->m, v)->op;
  const sk_type_rec *type = sk_value_type_rec(l->m, v);
  bool asks = op.id != 0 &&
              (sk_op_kind(l->m, op) == SK_OP_PAD || sk_op_kind(l->m, op) == SK_OP_CONCATENATE);
  int64_t inner_elems = 1;
  for (uint32_t d = asks ? type->rank : 0; d-- > 0;
       inner_elems = SK_MIN(inner_elems * type->dims[d], INT64_C(1) << 30)) {
    cut_list c = {.count = 0};
    cuts_of(l, op, d, &c);
    uint32_t count = c.count > 0 ? pieces(l, &c, type->dims[d], inner_elems, out_cuts) : 1;
    if (count > 1) {
      *out_dim = d;
      return count;
    }
  }
  cut_list none = {.count = 0};
  *out_dim = UINT32_MAX;
  return pieces(l, &none, INT64_MAX, 1, out_cuts);
}
