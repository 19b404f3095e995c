// SPDX-License-Identifier: Apache-2.0
// One fused group -> one kernel: loops over the group's space F, stores of what others need.
//
//   plain group             with reductions: lower_reduce.c
//     loop outer dims
//       [loop inner dims]
//         stores
//
// A group is cut into kernels, or into loops one after the other, where pads and concatenations in
// it change source (lower_segment.c). Copies of values that nothing else stores are kernels of the
// same kind.
#include "loop/lower_group.h"

// ---------------------------------------------------------------------------------------------------- loops over F

void sk_space_open(sk_lowering *l, uint32_t mask, sk_loop_kind kind) {
  for (uint32_t p = 0; p < l->space.rank; p++) {
    if (sk_group_has_bit(mask, p)) {
      l->space.loop[p] = sk_build_loop(&l->b, kind, l->space.extent[p], 1);
      sk_eval_open(l);
    }
  }
}

void sk_space_close(sk_lowering *l, uint32_t mask) {
  for (uint32_t p = l->space.rank; p-- > 0;) {
    if (sk_group_has_bit(mask, p)) {
      sk_eval_close(l);
      sk_build_end_loop(&l->b, NULL, NULL, 0);
      l->space.loop[p] = UINT32_MAX;
    }
  }
}

void sk_group_set_space(sk_lowering *l, const sk_group *g) {
  l->space.rank = g->rank;
  memcpy(l->space.extent, g->dims, sizeof l->space.extent);
  if (l->segment.position != UINT32_MAX) {
    l->space.base[l->segment.position] = l->segment.begin;
    l->space.extent[l->segment.position] = l->segment.end - l->segment.begin;
  }
}

const char *sk_group_kernel_name(sk_lowering *l, sk_op op) {
  return sk_arena_printf(l->arena, "%s_%u", sk_opkind_mnemonic(sk_op_kind(l->m, op)),
                         l->prog->kernels.count);
}

void sk_group_emit_kernel(sk_lowering *l, uint32_t kernel) {
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

static uint32_t squeezed_rank(const sk_type_rec *t) {
  uint32_t rank = 0;
  for (uint32_t d = 0; d < t->rank; d++) {
    rank += t->dims[d] != 1;
  }
  return rank;
}

bool sk_lower_is_full_member(const sk_lowering *l, const sk_group *g, sk_op op) {
  return !sk_group_is_reduce(l, op) &&
         squeezed_rank(sk_value_type_rec(l->m, sk_op_result(l->m, op, 0))) == g->rank;
}

uint32_t sk_group_level(const sk_lowering *l, const sk_group *g, sk_op op) {
  return sk_lower_is_full_member(l, g, op) ? sk_group_full(g) : g->outer;
}

void sk_group_store_results(sk_lowering *l, sk_op op, uint32_t mask) {
  for (uint32_t r = 0; r < sk_op_get(l->m, op)->result_count; r++) {
    sk_value v = sk_op_result(l->m, op, r);
    const sk_type_rec *type = sk_value_type_rec(l->m, v);
    sk_map *map = sk_map_at_point(l, type, mask);
    sk_scalar value = sk_eval(l, v, map);
    sk_affine linear = sk_map_linear(l, type, map);
    if (l->buf_of[v.id] != 0) {
      sk_emit_store(l, l->buf_of[v.id], (sk_elem)type->elem, &linear, value);
    }
    sk_lower_store_pieces(l, v, mask, &linear, value);
  }
}

// Buffers must exist before the kernel starts, since results are looked up while it is built; but a
// member's buffer may be read only once it has been written (sk_eval checks stages). What only updates
// of other arrays read is written there and nowhere else.
static void make_buffers(sk_lowering *l, uint32_t group) {
  const sk_group *g = &l->plan->groups.data[group - 1];
  for (uint32_t i = 0; i < g->ops.count; i++) {
    sk_op op = g->ops.data[i];
    for (uint32_t r = 0; l->plan->stored[op.id] && r < sk_op_get(l->m, op)->result_count; r++) {
      sk_value v = sk_op_result(l->m, op, r);
      if (!sk_lower_claim_pieces(l, v, group)) {
        sk_lower_result_buf(l, v);
      }
    }
  }
}

static bool is_empty_along(const sk_group *g, uint32_t mask) {
  for (uint32_t p = 0; p < g->rank; p++) {
    if (g->dims[p] == 0 && sk_group_has_bit(mask, p)) {
      return true;
    }
  }
  return false;
}

// The loops inside the rows, and the stores at every element; those of an unrolled last position one after the other.
static void store_elements(sk_lowering *l, const sk_group *g, uint32_t inner, bool unrolled) {
  uint32_t last = unrolled ? g->rank - 1 : 0;
  sk_space_open(l, inner, SK_LOOP_PAR);
  l->space.fixed = unrolled ? 1u << last : 0;
  for (uint32_t i = 0; i < g->ops.count; i++) {
    if (!l->plan->stored[g->ops.data[i].id] ||
        sk_group_level(l, g, g->ops.data[i]) != sk_group_full(g)) {
      continue;
    }
    for (int64_t at = 0; at < (unrolled ? g->dims[last] : 1); at++) {
      if (unrolled) {
        l->space.base[last] = at;
      }
      sk_group_store_results(l, g->ops.data[i], sk_group_full(g));
    }
  }
  l->space.fixed = 0;
  sk_space_close(l, inner);
}

// The innermost loop in pieces, one after the other.
static void store_pieces(sk_lowering *l, const sk_group *g, uint32_t inner, const sk_cuts *cuts) {
  uint32_t along = g->rank - (cuts->unrolled ? 2 : 1);
  sk_space_open(l, inner & ~(1u << along), SK_LOOP_PAR);
  for (uint32_t i = 0; i < cuts->loops; i++) {
    l->space.base[along] = cuts->loop_at[i];
    l->space.extent[along] = cuts->loop_at[i + 1] - cuts->loop_at[i];
    store_elements(l, g, 1u << along, cuts->unrolled);
  }
  sk_space_close(l, inner & ~(1u << along));
}

static void lower_plain(sk_lowering *l, uint32_t group, const sk_cuts *cuts) {
  const sk_group *g = &l->plan->groups.data[group - 1];
  uint32_t kernel = sk_prog_add_kernel(l->prog, sk_group_kernel_name(l, sk_vec_last(&g->ops)));
  sk_eval_begin(l, kernel, SK_GROUP_MAX_RANK + cuts->loops, group);
  sk_group_set_space(l, g);
  bool in_pieces = cuts->loops > 1;
  uint32_t looped = cuts->unrolled ? sk_group_full(g) >> 1 : sk_group_full(g);
  uint32_t outer = g->outer & (in_pieces ? looped >> 1 : looped);
  bool wrapped = outer == 0;
  if (wrapped) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    sk_eval_open(l);
  }
  sk_space_open(l, outer, SK_LOOP_PAR);
  for (uint32_t i = 0; g->outer != sk_group_full(g) && i < g->ops.count; i++) {
    if (l->plan->stored[g->ops.data[i].id] &&
        sk_group_level(l, g, g->ops.data[i]) != sk_group_full(g)) {
      sk_group_store_results(l, g->ops.data[i], g->outer);
    }
  }
  if (is_empty_along(g, sk_group_full(g) & ~g->outer)) {
    // rows without elements may have values of their own, stored above
  } else if (in_pieces) {
    store_pieces(l, g, looped & ~outer, cuts);
  } else {
    store_elements(l, g, looped & ~outer, cuts->unrolled);
  }
  sk_space_close(l, outer);
  if (wrapped) {
    sk_eval_close(l);
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_group_emit_kernel(l, kernel);
}

// ---------------------------------------------------------------------------------------------------- entry points

static void lower_whole_group(sk_lowering *l, uint32_t group, const sk_cuts *cuts);

void sk_lower_group(sk_lowering *l, uint32_t group) {
  sk_cuts cuts;
  make_buffers(l, group);
  uint32_t count = sk_lower_segments(l, group, &cuts);
  for (uint32_t i = 0; i < count; i++) {
    l->segment = (sk_segment){cuts.position, cuts.at[i], cuts.at[i + 1]};
    lower_whole_group(l, group, &cuts);
  }
  l->segment.position = UINT32_MAX;
}

static void lower_whole_group(sk_lowering *l, uint32_t group, const sk_cuts *cuts) {
  const sk_group *g = &l->plan->groups.data[group - 1];
  sk_op reduce = {0};
  if (is_empty_along(g, g->outer)) {
    return;  // no elements
  }
  if (g->reduced == 0 && g->outer == sk_group_full(g)) {
    bool any_reduce = false;
    for (uint32_t i = 0; i < g->ops.count; i++) {
      any_reduce |= sk_group_is_reduce(l, g->ops.data[i]);
    }
    if (!any_reduce) {
      lower_plain(l, group, cuts);
      return;
    }
  }
  if (g->reduced == 0 && g->outer != sk_group_full(g)) {
    lower_plain(l, group, cuts);
  } else if (sk_reduce_is_blocked(l, g, &reduce)) {
    sk_reduce_in_blocks(l, group, reduce);
  } else {
    sk_reduce_rows(l, group);
  }
}

static void copy_segment(sk_lowering *l, sk_value v, uint32_t buf, const uint32_t *permutation,
                         uint32_t cut_dim, int64_t begin, int64_t end);

void sk_lower_copy(sk_lowering *l, sk_value v, uint32_t buf, const uint32_t *permutation) {
  uint32_t dim;
  int64_t *cuts;
  if (l->prog->bufs.data[buf].elems == 0) {
    return;
  }
  uint32_t count = sk_lower_segments_of(l, v, &dim, &cuts);
  for (uint32_t i = 0; i < count; i++) {
    copy_segment(l, v, buf, permutation, count > 1 ? dim : UINT32_MAX, cuts[i], cuts[i + 1]);
  }
}

static void copy_segment(sk_lowering *l, sk_value v, uint32_t buf, const uint32_t *permutation,
                         uint32_t cut_dim, int64_t begin, int64_t end) {
  const sk_type_rec *type = sk_value_type_rec(l->m, v);
  uint32_t kernel =
      sk_prog_add_kernel(l->prog, sk_arena_printf(l->arena, "copy_%u", l->prog->kernels.count));
  sk_eval_begin(l, kernel, SK_GROUP_MAX_RANK + 1, 0);
  for (uint32_t i = 0; i < type->rank; i++) {
    uint32_t d = permutation != NULL ? permutation[i] : i;
    if (type->dims[d] == 1) {
      continue;
    }
    if (l->space.rank == SK_GROUP_MAX_RANK) {
      sk_op op = sk_value_get(l->m, v)->op;
      sk_lower_fail(l, sk_op_error(l->m, op, SK_UNIMPLEMENTED,
                                   "more than %d dimensions larger than 1", SK_GROUP_MAX_RANK));
      break;
    }
    if (d == cut_dim) {
      l->space.base[l->space.rank] = begin;
    }
    l->space.extent[l->space.rank++] = d == cut_dim ? end - begin : type->dims[d];
  }
  uint32_t all = (1u << l->space.rank) - 1;
  if (all == 0) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    sk_eval_open(l);
  }
  sk_space_open(l, all, SK_LOOP_PAR);
  sk_map *map = sk_map_new(l, type->rank);
  sk_affine linear = {0};
  int64_t stride = 1;
  uint32_t position = l->space.rank;
  for (uint32_t i = type->rank; i-- > 0;) {
    uint32_t d = permutation != NULL ? permutation[i] : i;
    if (type->dims[d] != 1 && position > 0) {
      position--;
      map->dim[d].coef[position] = 1;
      linear.coef[position] = stride;
      stride *= type->dims[d];
    }
  }
  sk_emit_store(l, buf, (sk_elem)type->elem, &linear, sk_eval(l, v, map));
  sk_space_close(l, all);
  if (all == 0) {
    sk_eval_close(l);
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_op made = sk_value_get(l->m, v)->op;
  uint32_t asked_by = l->op_id;
  l->op_id = asked_by != 0 ? asked_by : made.id;
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .only_moves = 1, .kernel = kernel});
  l->op_id = asked_by;
}
