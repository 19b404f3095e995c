// SPDX-License-Identifier: Apache-2.0
// Segments: where a pad or a concatenation changes source along a dimension, the kernel is cut in two, so that inside each piece every guard is
// decided and no lane is masked.
//
//   pad(x, 0, low 64, high 64) + y  over [0, 192)     ->   [0, 64): 0 + y     [64, 128): x + y     [128, 192): 0 + y
//
// Only one dimension is cut, the last one that asks for it; short pieces and many pieces are not worth a kernel and stay guarded.
//
// What a neighbour on a grid needs, one index at either end of the innermost dimension, is cut inside the kernel instead: the
// innermost loop becomes several, one after the other. Short pieces side by side are one loop, which stays guarded.
//
//   roll(x, 1, axis 1) + x  over [n, 256)             ->   loop n { loop [0, 1) { ... }  loop [1, 256) { ... } }
//
// Cuts are looked for behind members of the group through views and element-wise operations that are computed where they are used.
#include <stdlib.h>

#include "loop/lower_int.h"

enum { MAX_CUTS = 16, MIN_PIECE = 16, MIN_PIECE_ELEMS = 256 };
// Of the pieces of an innermost loop: how many, how many operations of all together, how far along a dimension of its own they
// replace a kernel for each.
enum { MAX_LOOPS = 5, MAX_COPIED_OPS = 600, MAX_ALONE = 1 << 15, MAX_VISITS = 2000 };
enum { SHORT_LAST = 4 };  // coordinates of points, colours

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

// Cuts that op asks for along dimension d of its result, of which index 0 is at `start` of the space.
static void cuts_of(const sk_lowering *l, sk_op op, uint32_t d, int64_t start, int64_t extent,
                    cut_list *c) {
  const sk_module *m = l->m;
  if (sk_op_kind(m, op) == SK_OP_PAD) {
    int64_t low = sk_op_ints(m, op, SK_NAME_edge_padding_low).data[d],
            step = sk_op_ints(m, op, SK_NAME_interior_padding).data[d] + 1;
    int64_t inner = sk_value_type_rec(m, sk_op_operand(m, op, 0))->dims[d];
    add_cut(c, start + low, extent);
    add_cut(c, start + (inner == 0 ? low : low + (inner - 1) * step + 1), extent);
  } else if (sk_op_kind(m, op) == SK_OP_CONCATENATE &&
             sk_op_int(m, op, SK_NAME_dimension, 0) == (int64_t)d) {
    int64_t at = start;
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

// Beside a long rest even the shortest piece is, as every element of that would be guarded.
static bool is_worth_a_kernel(int64_t extent, int64_t inner_elems, bool beside_long) {
  return beside_long || extent >= MIN_PIECE ||
         extent >= MIN_PIECE_ELEMS / SK_MAX(inner_elems, (int64_t)1);
}

// 0, the cuts ascending, the extent; one piece when cutting does not pay. `inner_elems`: elements per index; `outermost`: a piece is one
// stretch of memory.
static uint32_t pieces(sk_lowering *l, cut_list *c, int64_t extent, int64_t inner_elems,
                       bool outermost, int64_t **out_cuts) {
  int64_t *cuts = SK_NEW_ARRAY(l->arena, int64_t, c->count + 2);
  qsort(c->at, c->count, sizeof c->at[0], compare_cuts);
  uint32_t count = 0;
  bool worth = !c->overflow;
  bool beside_long = outermost && extent > MAX_ALONE / inner_elems;
  cuts[count++] = 0;
  for (uint32_t i = 0; i < c->count && worth; i++) {
    worth = is_worth_a_kernel(c->at[i] - cuts[count - 1], inner_elems, beside_long);
    cuts[count++] = c->at[i];
  }
  worth = worth && is_worth_a_kernel(extent - cuts[count - 1], inner_elems, beside_long);
  if (!worth) {
    count = 1;
  }
  cuts[count] = extent;
  *out_cuts = cuts;
  return count;
}

// Does the value span F? (Then a member that reads it does so at its own point.)
static bool has_shape_of(const sk_type_rec *type, const sk_group *g) {
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

// Walks backwards from the members. A value that is met has its dimensions along those of F, shifted.
typedef struct cut_search {
  sk_lowering *l;
  const sk_group *g;
  cut_list cuts[SK_GROUP_MAX_RANK];
  uint32_t visits;
} cut_search;

typedef struct placed {
  uint8_t position[SK_GROUP_MAX_RANK];  // of F, by dimension; UINT8_MAX: of extent 1 in F
  int64_t start[SK_GROUP_MAX_RANK];     // where index 0 lies
} placed;

static void search_value(cut_search *s, sk_value v, const placed *at);

static void search_pieces(cut_search *s, sk_op op, const placed *at) {
  const sk_module *m = s->l->m;
  bool pad = sk_op_kind(m, op) == SK_OP_PAD;
  placed inner = *at;
  uint32_t rank = sk_value_type_rec(m, sk_op_result(m, op, 0))->rank, count = 1;
  int64_t dim = pad ? 0 : sk_op_int(m, op, SK_NAME_dimension, 0);
  for (uint32_t d = 0; d < rank; d++) {
    if (at->position[d] != UINT8_MAX) {
      uint32_t p = at->position[d];
      cuts_of(s->l, op, d, at->start[d], s->g->dims[p], &s->cuts[p]);
    }
    if (pad) {
      inner.start[d] += sk_op_ints(m, op, SK_NAME_edge_padding_low).data[d];
      count = sk_op_ints(m, op, SK_NAME_interior_padding).data[d] != 0 ? 0 : count;
    }
  }
  count = pad ? count : sk_op_get(m, op)->operand_count;
  for (uint32_t i = 0; i < count; i++) {
    sk_value part = sk_op_operand(m, op, i);
    search_value(s, part, &inner);
    inner.start[dim] += pad ? 0 : sk_value_type_rec(m, part)->dims[dim];
  }
}

static void search_slice(cut_search *s, sk_op op, const placed *at) {
  sk_ints first = sk_op_ints(s->l->m, op, SK_NAME_start_indices);
  sk_ints strides = sk_op_ints(s->l->m, op, SK_NAME_strides);
  placed inner = *at;
  for (uint32_t d = 0; d < (uint32_t)first.count; d++) {
    if (strides.data[d] != 1) {
      return;
    }
    inner.start[d] -= first.data[d];
  }
  search_value(s, sk_op_operand(s->l->m, op, 0), &inner);
}

static void search_value(cut_search *s, sk_value v, const placed *at) {
  sk_lowering *l = s->l;
  sk_op op = sk_value_get(l->m, v)->op;
  if (op.id == 0 || l->buf_of[v.id] != 0 || sk_lower_is_statement(l, op) ||
      s->visits++ >= MAX_VISITS) {
    return;
  }
  sk_opkind kind = sk_op_kind(l->m, op);
  if (kind == SK_OP_PAD || kind == SK_OP_CONCATENATE) {
    search_pieces(s, op, at);
  } else if (kind == SK_OP_SLICE) {
    search_slice(s, op, at);
  } else if (sk_opkind_info(kind)->op_class == SK_OPCLASS_ELEMENTWISE) {
    for (uint32_t i = 0; i < sk_op_get(l->m, op)->operand_count; i++) {
      sk_value operand = sk_op_operand(l->m, op, i);
      if (sk_value_type_rec(l->m, operand)->rank == sk_value_type_rec(l->m, v)->rank) {
        search_value(s, operand, at);
      }
    }
  }
}

static bool place_at_point(const sk_type_rec *type, const sk_group *g, placed *out) {
  if (type->rank > SK_GROUP_MAX_RANK || !has_shape_of(type, g)) {
    return false;
  }
  uint32_t position = 0;
  memset(out, 0, sizeof *out);
  for (uint32_t d = 0; d < type->rank; d++) {
    out->position[d] = type->dims[d] != 1 ? (uint8_t)position++ : UINT8_MAX;
  }
  return true;
}

static void search_group(cut_search *s) {
  const sk_module *m = s->l->m;
  for (uint32_t i = 0; i < s->g->ops.count; i++) {
    sk_op op = s->g->ops.data[i];
    placed own;
    sk_opkind kind = sk_op_kind(m, op);
    bool in_pieces = kind == SK_OP_PAD || kind == SK_OP_CONCATENATE;
    if (in_pieces && place_at_point(sk_value_type_rec(m, sk_op_result(m, op, 0)), s->g, &own)) {
      search_pieces(s, op, &own);
      continue;
    }
    for (uint32_t o = 0; o < sk_op_get(m, op)->operand_count; o++) {
      placed at;
      sk_value v = sk_op_operand(m, op, o);
      sk_op def = sk_value_get(m, v)->op;
      bool member = def.id != 0 && s->l->plan->group_of[def.id] == s->l->plan->group_of[op.id];
      if (def.id != 0 && !member && place_at_point(sk_value_type_rec(m, v), s->g, &at)) {
        search_value(s, v, &at);
      }
    }
  }
}

// Short pieces side by side become one. 1: not worth more than one loop.
static uint32_t loops_of(cut_list *c, int64_t extent, uint32_t ops, int64_t *out_cuts) {
  int64_t all[MAX_CUTS + 2], clean = 0;
  uint32_t count = 0, pieces_of_it = c->count + 1;
  qsort(c->at, c->count, sizeof c->at[0], compare_cuts);
  all[0] = 0;
  memcpy(all + 1, c->at, sizeof c->at[0] * c->count);
  all[pieces_of_it] = extent;
  out_cuts[0] = 0;
  for (uint32_t i = 0; i < pieces_of_it; i++) {
    bool is_short = all[i + 1] - all[i] < MIN_PIECE;
    bool after_short = i > 0 && all[i] - all[i - 1] < MIN_PIECE;
    count += i == 0 || !is_short || !after_short;
    if (count > MAX_LOOPS) {
      return 1;
    }
    out_cuts[count] = all[i + 1];
    clean += is_short ? 0 : all[i + 1] - all[i];
  }
  return c->overflow || 2 * clean < extent || count * ops > MAX_COPIED_OPS ? 1 : count;
}

static bool is_outer(const sk_group *g, uint32_t p) {
  return g->reduced == 0 || (g->outer >> p & 1) != 0;
}

// What is stored once per row must not depend on the innermost position `p`.
static bool may_loop_in_pieces(const sk_group *g, uint32_t p) {
  uint32_t all = (1u << g->rank) - 1;
  return g->reduced == 0 && (g->outer == all || (g->outer >> p & 1) == 0) &&
         (p > 0 || g->dims[p] <= MAX_ALONE);
}

// Neighbours along the dimension before a short last one, or single elements of the last: lanes run along the one before.
static bool should_unroll_last(const cut_search *s) {
  const sk_group *g = s->g;
  uint32_t last = g->rank - 1;
  return g->rank > 1 && g->reduced == 0 && g->outer == (1u << g->rank) - 1 &&
         g->dims[last] <= SHORT_LAST && s->cuts[last].count + s->cuts[last - 1].count > 0 &&
         g->dims[last - 1] >= MIN_PIECE && g->dims[last] * g->ops.count <= MAX_COPIED_OPS / 3;
}

uint32_t sk_lower_segments(sk_lowering *l, uint32_t group, sk_cuts *out) {
  const sk_group *g = &l->plan->groups.data[group - 1];
  cut_search s = {.l = l, .g = g};
  search_group(&s);
  *out = (sk_cuts){.position = UINT32_MAX, .loops = 1, .unrolled = should_unroll_last(&s)};
  uint32_t inner = g->rank - (out->unrolled ? 2 : 1);
  int64_t inner_elems = out->unrolled ? g->dims[inner + 1] : 1;
  for (uint32_t p = inner + 1; p-- > 0;
       inner_elems = SK_MIN(inner_elems * g->dims[p], INT64_C(1) << 30)) {
    if (!is_outer(g, p) || s.cuts[p].count == 0) {
      continue;
    }
    uint32_t count = pieces(l, &s.cuts[p], g->dims[p], inner_elems, p == 0, &out->at);
    if (count > 1) {
      out->position = p;
      return count;
    }
    if (p == inner && may_loop_in_pieces(g, p)) {
      out->loop_at = SK_NEW_ARRAY(l->arena, int64_t, MAX_LOOPS + 1);
      out->loops = loops_of(&s.cuts[p], g->dims[p], g->ops.count, out->loop_at);
    }
  }
  cut_list none = {.count = 0};
  return pieces(l, &none, INT64_MAX, 1, false, &out->at);
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
    cuts_of(l, op, d, 0, type->dims[d], &c);
    uint32_t count = c.count > 0 ? pieces(l, &c, type->dims[d], inner_elems, d == 0, out_cuts) : 1;
    if (count > 1) {
      *out_dim = d;
      return count;
    }
  }
  cut_list none = {.count = 0};
  *out_dim = UINT32_MAX;
  return pieces(l, &none, INT64_MAX, 1, false, out_cuts);
}
