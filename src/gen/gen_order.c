// SPDX-License-Identifier: Apache-2.0
// The order in which a block's operations are emitted: each as late as its first user allows,
// heavier operands first.
//
// Lowering emits values as it meets them, which keeps many alive over long stretches; with several
// copies interleaved they would all be spilled. Within a block (a stretch without region
// boundaries) everything without an effect may move. Effects (stores, loads from buffers that the
// kernel writes) keep their order; in front of each come the values it still lacks, by depth-first
// search, operands that need more registers first (Sethi and Ullman 1970; on a DAG it is a
// heuristic). Values that later blocks use come last.
//
//   order[]   permutation of the instructions that maps every block onto itself; region
//             instructions stay in place
//
//   stores[]  by instruction: STOREs emitted before it
//
// Linear time, no recursion. The interleaved copies, not this order, provide independent work.
#include "gen/gen_int.h"

typedef struct orderer {
  sk_gen *g;
  uint8_t *weight;  // registers needed to evaluate, saturated
  uint8_t *done;
  uint32_t *stack;  // instructions being expanded
  uint32_t fill;    // next position of order[] to write
} orderer;

static bool is_boundary(const sk_inst *inst) {
  switch ((sk_lop)inst->op) {
    case SK_L_LOOP:
    case SK_L_END:
    case SK_L_IF:
    case SK_L_CARRY:
    case SK_L_YIELD:
    case SK_L_MERGE: return true;
    default: return false;
  }
}

static bool has_effect(const sk_gen *g, const sk_inst *inst) {
  return inst->op == SK_L_STORE || (inst->op == SK_L_LOAD && g->written[inst->imm]);
}

// Ershov numbers: constants and loads that fold cost nothing.
static uint8_t weigh(const orderer *o, uint32_t i, uint32_t first) {
  const sk_inst *inst = sk_gen_inst(o->g, i);
  if (inst->op == SK_L_CONST) {
    return 0;
  }
  if (inst->op == SK_L_LOAD) {
    return o->g->use_count[i] > 1;
  }
  const uint32_t operands[3] = {inst->a.id, inst->b.id, inst->c.id};
  uint32_t w[3] = {0, 0, 0}, count = 0;
  for (uint32_t k = 0; k < 3; k++) {
    if (operands[k] >= first) {  // of this block
      uint32_t x = o->weight[operands[k]], at = count++;
      for (; at > 0 && w[at - 1] < x; at--) {
        w[at] = w[at - 1];
      }
      w[at] = x;
    }
  }
  uint32_t need = 1;
  for (uint32_t k = 0; k < count; k++) {
    need = SK_MAX(need, w[k] + k);
  }
  return (uint8_t)SK_MIN(need, 255u);
}

// Emits `root` after everything of the block that it depends on.
static void emit_tree(orderer *o, uint32_t root, uint32_t first) {
  uint32_t depth = 0;
  o->stack[depth++] = root;
  while (depth != 0) {
    uint32_t i = o->stack[depth - 1];
    if (o->done[i]) {
      depth--;
      continue;
    }
    const sk_inst *inst = sk_gen_inst(o->g, i);
    const uint32_t operands[3] = {inst->a.id, inst->b.id, inst->c.id};
    uint32_t next = 0;
    int32_t heaviest = -1;
    for (uint32_t k = 0; k < 3; k++) {
      uint32_t x = operands[k];
      if (x >= first && !o->done[x] && (int32_t)o->weight[x] > heaviest) {
        heaviest = o->weight[x];
        next = x;
      }
    }
    if (next != 0) {
      o->stack[depth++] = next;
      continue;
    }
    o->done[i] = 1;
    o->g->order[o->fill++] = i;
    depth--;
  }
}

static void order_block(orderer *o, uint32_t first, uint32_t end) {
  sk_gen *g = o->g;
  o->fill = first;
  for (uint32_t i = first; i < end; i++) {
    o->weight[i] = weigh(o, i, first);
  }
  for (uint32_t i = first; i < end; i++) {
    if (has_effect(g, sk_gen_inst(g, i))) {
      emit_tree(o, i, first);
    }
  }
  for (uint32_t i = first; i < end; i++) {
    if (!o->done[i]) {
      emit_tree(o, i, first);
    }
  }
}

void sk_gen_order(sk_gen *g) {
  uint32_t n = g->kernel->insts.count;
  orderer o = {.g = g};
  g->order = SK_NEW_ARRAY(&g->scratch, uint32_t, n);
  o.weight = sk_arena_zalloc(&g->scratch, n, 1);
  o.done = sk_arena_zalloc(&g->scratch, n, 1);
  o.stack = SK_NEW_ARRAY(&g->scratch, uint32_t, n);
  uint32_t first = 1;
  for (uint32_t i = 0; i <= n; i++) {
    if (i == 0 || i == n || is_boundary(sk_gen_inst(g, i))) {
      if (i > first) {
        order_block(&o, first, i);
      }
      if (i < n) {
        g->order[i] = i;
      }
      first = i + 1;
    }
  }
  uint32_t stores = 0;
  for (uint32_t at = 1; at < n; at++) {
    g->stores[g->order[at]] = stores;
    stores += sk_gen_inst(g, g->order[at])->op == SK_L_STORE;
  }
}
