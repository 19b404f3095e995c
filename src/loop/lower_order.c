// SPDX-License-Identifier: Apache-2.0
// Whether an array is still read when it comes to be updated. If not, the update may change its storage instead of a copy:
//
//   r = dynamic_slice(a, i)        y = f(r)        a' = dynamic_update_slice(a, y, i)        a is a carry of a loop
//
// Known before anything of the block is lowered, from the order that fusion decided: operations have turns; those without one are
// evaluated by whoever uses their results. A reader whose result may be the array itself (a loop that passes it on) counts as reading
// it for ever. Searches scan the block and share a budget that is linear in the program: out of it, the answer is no.
#include "loop/lower_int.h"

enum { STEPS_PER_OP = 16 };

void sk_lower_number_units(sk_lowering *l) {
  const sk_plan *plan = l->plan;
  uint32_t ops = l->m->ops.count;
  l->order = sk_arena_zalloc(l->arena, sizeof(uint32_t) * ops, _Alignof(uint32_t));
  l->tainted = sk_arena_zalloc(l->arena, sizeof(uint32_t) * ops, _Alignof(uint32_t));
  l->search_steps = (uint64_t)STEPS_PER_OP * ops;
  for (uint32_t r = 0; r < plan->region_count; r++) {
    for (uint32_t i = 0; i < plan->regions[r].count; i++) {
      const sk_unit *unit = &plan->regions[r].units[i];
      if (unit->op.id != 0) {
        l->order[unit->op.id] = i + 1;
        continue;
      }
      const sk_group *g = &plan->groups.data[unit->group];
      for (uint32_t k = 0; k < g->ops.count; k++) {
        l->order[g->ops.data[k].id] = i + 1;
      }
    }
  }
}

// Results may share storage with what the op is given.
static bool may_pass_on(sk_opkind kind) {
  return kind == SK_OP_WHILE || kind == SK_OP_CASE || kind == SK_OP_IF ||
         kind == SK_OP_OPTIMIZATION_BARRIER;
}

typedef struct reading {
  sk_value v;
  sk_op update;
  uint32_t operand, turn;
  bool in_time;  // so far
} reading;

// Does op, or an operation in its regions, read v, be it through ops without a turn?
static bool reads(sk_lowering *l, const reading *r, sk_op op) {
  const sk_op_rec *rec = sk_op_get(l->m, op);
  for (uint32_t i = 0; i < rec->operand_count; i++) {
    sk_value used = sk_op_operand(l->m, op, i);
    sk_op def = sk_value_get(l->m, used)->op;
    bool updates = op.id == r->update.id && i == r->operand;
    if ((used.id == r->v.id && !updates) || (def.id != 0 && l->tainted[def.id] == l->taint)) {
      return true;
    }
  }
  for (uint32_t k = 0; k < rec->region_count; k++) {
    SK_FOR_EACH_OP(l->m, sk_op_region(l->m, op, k), inner) {
      l->search_steps -= l->search_steps > 0;
      if (reads(l, r, inner)) {
        return true;
      }
    }
  }
  return false;
}

static void visit(sk_lowering *l, reading *r, sk_op op) {
  if (!reads(l, r, op)) {
    return;
  }
  if (l->plan->inlined[op.id] != SK_INLINED_NOT) {
    l->tainted[op.id] = l->taint;
    return;
  }
  r->in_time =
      l->order[op.id] != 0 && l->order[op.id] < r->turn && !may_pass_on(sk_op_kind(l->m, op));
}

bool sk_lower_is_read_before(sk_lowering *l, sk_value v, sk_op op, uint32_t k, uint32_t turn) {
  if (l->uses[v.id] == 1) {
    return true;
  }
  reading r = {.v = v, .update = op, .operand = k, .turn = turn, .in_time = true};
  l->taint++;
  SK_FOR_EACH_OP(l->m, sk_op_get(l->m, op)->parent, user) {
    if (l->search_steps == 0 || !r.in_time) {
      return false;
    }
    l->search_steps--;
    visit(l, &r, user);
  }
  return r.in_time;
}
