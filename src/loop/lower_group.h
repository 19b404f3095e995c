// SPDX-License-Identifier: Apache-2.0
// Of the lowering of fused groups only: what plain groups (lower_group.c) and those with reductions
// (lower_reduce.c) share.
#ifndef SK_LOOP_LOWER_GROUP_H
#define SK_LOOP_LOWER_GROUP_H

#include "loop/lower_int.h"

static inline bool sk_group_has_bit(uint32_t mask, uint32_t p) { return (mask >> p & 1) != 0; }

// All positions of F.
static inline uint32_t sk_group_full(const sk_group *g) { return (1u << g->rank) - 1; }

static inline bool sk_group_is_reduce(const sk_lowering *l, sk_op op) {
  return sk_op_kind(l->m, op) == SK_OP_REDUCE;
}

// ---- lower_group.c
void sk_group_set_space(sk_lowering *l, const sk_group *g);
const char *sk_group_kernel_name(sk_lowering *l, sk_op op);
void sk_group_emit_kernel(sk_lowering *l, uint32_t kernel);
// Positions of F that a member's results span.
uint32_t sk_group_level(const sk_lowering *l, const sk_group *g, sk_op op);
// Stores the results of a member at the iteration point, whose positions are `mask`, wherever
// others want them.
void sk_group_store_results(sk_lowering *l, sk_op op, uint32_t mask);

// ---- lower_reduce.c
// Is the group one large reduction, done in two kernels?
bool sk_reduce_is_blocked(const sk_lowering *l, const sk_group *g, sk_op *out_op);
void sk_reduce_in_blocks(sk_lowering *l, uint32_t group, sk_op reduce);
void sk_reduce_rows(sk_lowering *l, uint32_t group);

#endif
