// SPDX-License-Identifier: Apache-2.0
// Fusion: which element-wise ops and reductions of a block share a kernel, and in what order a block's kernels and other statements
// run. Greedy, from the last op of the block to the first, linear in the number of ops and uses.
//
// Units. Every op of a block is one of: inlined (views, constants, cheap producers: evaluated wherever they are used), a member
// of a group (one kernel), or a statement of its own (dot, while, ...). Groups and statements are units; units that merge are joined
// by union-find.
//
// Uses. For each op, as it is met, the list of places that will read it is known, since all users were visited before:
//
//   use = {unit, aligned?, expands?, map: dimension of the value -> dimension of the unit's iteration space F}
//
// composed through the inlined ops between. A use is aligned when the unit reads the value at its own iteration point (the
// dimensions appear in order, none sliced, shifted or permuted); it expands when one element is read at several points.
// Dimensions of extent 1 do not count. The dimensions of F have stable ids, because F grows when a reduction joins its epilogue.
//
// A product that is contracted into its sum goes where the sum goes: the sum reads the operands of the product.
// A gather counts as element-wise; what it reads is not aligned with it.
//
// A concatenation that a statement wants in memory starts a group, so that its pieces are computed where they belong.
// Decision for an element-wise op p, first match wins
//   1 inline     every use is in one unit, and evaluating p there costs nothing twice
//   2 join       all uses aligned with groups of one shape that can be merged without a cycle: they become one group, with p in it
//   3 inline     p and what was already inlined below it is cheap
//   4 join       the first group that p is aligned with, that reads p nowhere else, and that creates no cycle; the other users read
//                p from memory
//   5 new group  (merged with the latest group of the same shape if that creates no cycle)
// Decision for a reduction r: join the group that uses its result if F fits (as the epilogue of a plain group, or as a row-level
// value of a row kernel); large reductions are done in blocks by two kernels and therefore only take producers.
//
// Cycles: p may join group G while another unit X also reads p only if G cannot be reached from X. Searched along units with a
// bounded number of steps; giving up counts as reachable.
#include "pass/fuse_int.h"

// A product that is contracted into the sum that reads it: nothing computes it by itself.
static bool is_contracted(const fuser *f, sk_op op) {
  if (sk_op_kind(f->m, op) != SK_OP_MULTIPLY) {
    return false;
  }
  uint32_t v = sk_op_result(f->m, op, 0).id, first = f->use_start[v];
  uint8_t mark = f->use_start[v + 1] - first == 1 ? f->plan->marks[f->use_list_ops[first]] : 0;
  return mark != 0 && f->use_list_operands[first] == (mark == SK_MARK_FMA_LHS ? 0 : 1);
}

static void place(fuser *f, sk_op op) {
  f->cls[op.id] = sk_fuse_classify(f, op);
  if (f->cls[op.id] == FUSE_ROOT) {
    sk_fuse_place_statement(f, op);
    return;
  }
  sk_fuse_collect_uses(f, op);
  if (f->cls[op.id] == FUSE_VIEW && sk_fuse_is_written(f, op)) {
    sk_fuse_place_view(f, op);
  } else if (f->cls[op.id] == FUSE_VIEW || is_contracted(f, op)) {
    const fuse_uses *uses = &f->uses[op.id];
    uint32_t below = sk_fuse_summarize(f, op).below;
    f->dup_cost[op.id] = (uint16_t)(below + (uses->count > 1 ? 1 : 0));
    f->plan->inlined[op.id] = SK_INLINED_ONCE;
  } else if (f->uses[op.id].count == 0 && !f->uses[op.id].many) {
    return;  // unused
  } else if (f->cls[op.id] == FUSE_ELEM) {
    sk_fuse_place_elementwise(f, op);
  } else {
    sk_fuse_place_reduce(f, op);
  }
}

typedef SK_VEC(sk_region) region_list;

static void fuse_block(fuser *f, sk_region region, region_list *todo) {
  uint32_t count = 0;
  SK_FOR_EACH_OP(f->m, region, op) { count++; }
  sk_op *ops = SK_NEW_ARRAY(f->arena, sk_op, count + 1);
  uint32_t at = 0;
  SK_FOR_EACH_OP(f->m, region, op) { ops[at++] = op; }
  f->region = region;
  f->units.count = 0;
  f->units.cap = 0;
  f->last_group = 0;
  sk_vec_push(f->arena, &f->units, (fuse_unit){0});
  for (uint32_t i = count; i-- > 0;) {
    place(f, ops[i]);
    uint32_t in = f->unit_of[ops[i].id];
    f->stages[ops[i].id] =
        (uint16_t)(sk_fuse_stages_below(f, ops[i], in != 0 ? sk_fuse_find(f, in) : 0) +
                   (f->cls[ops[i].id] == FUSE_REDUCE));
    sk_opkind kind = sk_op_kind(f->m, ops[i]);
    if (kind == SK_OP_WHILE || kind == SK_OP_CASE || kind == SK_OP_IF) {
      for (uint32_t r = 0; r < sk_op_get(f->m, ops[i])->region_count; r++) {
        sk_vec_push(f->arena, todo, sk_op_region(f->m, ops[i], r));
      }
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    f->position[ops[i].id] = i;
  }
  sk_fuse_record_groups(f);
  sk_fuse_order_units(f, ops, count);
}

static void count_users(fuser *f, sk_region region, bool fill) {
  SK_FOR_EACH_OP(f->m, region, op) {
    const sk_op_rec *rec = sk_op_get(f->m, op);
    for (uint32_t i = 0; i < rec->operand_count; i++) {
      uint32_t v = sk_op_operand(f->m, op, i).id;
      if (fill) {
        f->use_list_operands[f->use_start[v]] = i;
        f->use_list_ops[f->use_start[v]++] = op.id;
      } else {
        f->use_start[v + 2]++;
      }
    }
    for (uint32_t i = 0; i < rec->region_count; i++) {
      count_users(f, sk_op_region(f->m, op, i), fill);
    }
  }
}

// use_start is counted two places up, summed, then filled one place up: afterwards use_start[v] .. use_start[v + 1] is v's range.
static void index_users(fuser *f, sk_region body) {
  uint32_t values = f->m->values.count;
  f->use_start = sk_arena_zalloc(f->arena, sizeof(uint32_t) * (values + 2), 4);
  count_users(f, body, false);
  for (uint32_t i = 1; i < values + 2; i++) {
    f->use_start[i] += f->use_start[i - 1];
  }
  f->use_list_ops = SK_NEW_ARRAY(f->arena, uint32_t, f->use_start[values + 1] + 1);
  f->use_list_operands = SK_NEW_ARRAY(f->arena, uint32_t, f->use_start[values + 1] + 1);
  f->use_start++;
  count_users(f, body, true);
  f->use_start--;
}

void sk_pass_fuse(const sk_module *m, sk_op entry, sk_plan *plan, sk_arena *arena) {
  fuser f = {.m = m, .plan = plan, .arena = arena};
  uint32_t ops = m->ops.count;
  f.cls = sk_arena_zalloc(arena, ops, 1);
  f.unit_of = sk_arena_zalloc(arena, sizeof(uint32_t) * ops, 4);
  f.uses = sk_arena_zalloc(arena, sizeof(fuse_uses) * ops, _Alignof(fuse_uses));
  f.stages = sk_arena_zalloc(arena, sizeof(uint16_t) * ops, 2);
  f.dup_cost = sk_arena_zalloc(arena, sizeof(uint16_t) * ops, 2);
  f.position = sk_arena_zalloc(arena, sizeof(uint32_t) * ops, 4);
  f.seen_op = sk_arena_zalloc(arena, sizeof(uint32_t) * ops, 4);
  f.member_ids = sk_arena_zalloc(arena, (size_t)SK_GROUP_MAX_RANK * ops, 1);
  index_users(&f, sk_func_body(m, entry));
  region_list todo = {0};
  sk_vec_push(arena, &todo, sk_func_body(m, entry));
  while (todo.count > 0) {
    sk_region region = todo.data[--todo.count];
    fuse_block(&f, region, &todo);
  }
}
