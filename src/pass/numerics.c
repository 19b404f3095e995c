// SPDX-License-Identifier: Apache-2.0
// Contraction marks: decides, before anything is duplicated, which product each add or subtract absorbs into one fused
// multiply-add. A product qualifies if the add is its only use in the whole program, so that the decision does not depend on
// fusion, and both are f32 or f64. With two qualifying products the left one is taken. Bodies of reductions, scans and
// comparators are left alone: accumulation is never contracted.
#include "ir/ir.h"
#include "pass/pass.h"

typedef struct marker {
  const sk_module *m;
  sk_plan *plan;
  uint32_t *uses;  // by value id
} marker;

static void count_uses(marker *k, sk_region region) {
  SK_FOR_EACH_OP(k->m, region, op) {
    const sk_op_rec *rec = sk_op_get(k->m, op);
    for (uint32_t i = 0; i < rec->operand_count; i++) {
      k->uses[sk_op_operand(k->m, op, i).id]++;
    }
    for (uint32_t i = 0; i < rec->region_count; i++) {
      count_uses(k, sk_op_region(k->m, op, i));
    }
  }
}

static bool is_single_use_product(const marker *k, sk_value v, sk_region region) {
  sk_op def = sk_value_get(k->m, v)->op;
  return def.id != 0 && sk_op_kind(k->m, def) == SK_OP_MULTIPLY && k->uses[v.id] == 1 &&
         sk_op_get(k->m, def)->parent.id == region.id;
}

static void mark_region(marker *k, sk_region region) {
  SK_FOR_EACH_OP(k->m, region, op) {
    const sk_op_rec *rec = sk_op_get(k->m, op);
    sk_opkind kind = (sk_opkind)rec->kind;
    if (kind == SK_OP_WHILE || kind == SK_OP_CASE || kind == SK_OP_IF) {
      for (uint32_t i = 0; i < rec->region_count; i++) {
        mark_region(k, sk_op_region(k->m, op, i));
      }
    }
    if (kind != SK_OP_ADD && kind != SK_OP_SUBTRACT) {
      continue;
    }
    sk_elem elem = (sk_elem)sk_value_type_rec(k->m, sk_op_result(k->m, op, 0))->elem;
    if (elem != SK_F32 && elem != SK_F64) {
      continue;
    }
    if (is_single_use_product(k, sk_op_operand(k->m, op, 0), region)) {
      k->plan->marks[op.id] = SK_MARK_FMA_LHS;
    } else if (is_single_use_product(k, sk_op_operand(k->m, op, 1), region)) {
      k->plan->marks[op.id] = SK_MARK_FMA_RHS;
    }
  }
}

void sk_plan_init(sk_plan *plan, const sk_module *m, sk_arena *arena) {
  memset(plan, 0, sizeof *plan);
  plan->op_count = m->ops.count;
  plan->region_count = m->regions.count;
  plan->marks = sk_arena_zalloc(arena, m->ops.count, 1);
  plan->stored = sk_arena_zalloc(arena, m->ops.count, 1);
  plan->inlined = sk_arena_zalloc(arena, m->ops.count, 1);
  plan->group_of = sk_arena_zalloc(arena, sizeof(uint32_t) * m->ops.count, _Alignof(uint32_t));
  plan->regions =
      sk_arena_zalloc(arena, sizeof(sk_region_plan) * m->regions.count, _Alignof(sk_region_plan));
}

void sk_pass_numerics(const sk_module *m, sk_op entry, const sk_pass_options *options,
                      sk_plan *plan, sk_arena *arena) {
  if (options->strict) {
    return;
  }
  marker k = {.m = m, .plan = plan};
  k.uses = sk_arena_zalloc(arena, sizeof(uint32_t) * m->values.count, _Alignof(uint32_t));
  count_uses(&k, sk_func_body(m, entry));
  mark_region(&k, sk_func_body(m, entry));
}
