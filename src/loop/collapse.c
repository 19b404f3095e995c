// SPDX-License-Identifier: Apache-2.0
// Merges perfectly nested parallel loops that every access walks contiguously:
//
//   loop i 4 { loop j 8 { x[8 i + j] } }    ->    loop k 32 { x[k] }
//
// Possible when the inner loop is the whole body of the outer one, for every access stride(outer) = stride(inner) * extent(inner), and
// neither index is used as a value. Runs after clean.c (which moves invariants out of the way); works from the innermost loops outwards.
#include "loop/loop_int.h"

typedef struct merge_plan {
  uint8_t *indexed;  // by loop: its index is used as a value
  uint32_t *into;    // by loop: the inner loop that absorbs it, or itself
} merge_plan;

static bool strides_agree(const sk_kernel *k, uint32_t outer, uint32_t inner,
                          int64_t inner_extent) {
  for (uint32_t a = 0; a < k->accesses.count; a++) {
    int64_t step = sk_access_stride(k, a, inner), product;
    if (SK_MUL_OVERFLOW(step, inner_extent, &product) || sk_access_stride(k, a, outer) != product) {
      return false;
    }
  }
  return true;
}

// The loop that is all of `outer`'s body, or NONE.
static uint32_t only_child(const sk_kernel *k, uint32_t outer) {
  const sk_loop *o = &k->loops.data[outer];
  uint32_t first = o->begin + 1, last = o->end - 1;
  while (k->insts.data[first].op == SK_L_NONE) {  // left by merges further in
    first++;
  }
  while (k->insts.data[last].op == SK_L_NONE) {
    last--;
  }
  if (k->insts.data[first].op != SK_L_LOOP) {
    return UINT32_MAX;
  }
  uint32_t inner = (uint32_t)k->insts.data[first].imm;
  return k->loops.data[inner].end == last ? inner : UINT32_MAX;
}

static bool plan_merges(sk_kernel *k, merge_plan *plan) {
  bool any = false;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    if (k->insts.data[i].op == SK_L_INDEX) {
      plan->indexed[k->insts.data[i].imm] = 1;
    }
  }
  for (uint32_t outer = k->loops.count; outer-- > 0;) {  // inner loops have larger ids
    plan->into[outer] = outer;
    uint32_t inner = only_child(k, outer);
    if (inner == UINT32_MAX || plan->indexed[outer] || plan->indexed[inner]) {
      continue;
    }
    sk_loop *o = &k->loops.data[outer], *n = &k->loops.data[inner];
    int64_t extent;
    if (o->kind != SK_LOOP_PAR || n->kind != SK_LOOP_PAR ||
        SK_MUL_OVERFLOW(o->extent, n->extent, &extent) ||
        !strides_agree(k, outer, inner, n->extent)) {
      continue;
    }
    // the outer loop takes over the inner one's strides and disappears into it
    for (uint32_t a = 0; a < k->accesses.count; a++) {
      k->strides.data[k->accesses.data[a].strides + outer] = sk_access_stride(k, a, inner);
    }
    o->extent = extent;
    plan->into[inner] = outer;
    any = true;
    k->insts.data[n->begin].op =
        SK_L_NONE;  // the outer LOOP and END stay and now enclose the inner body
    k->insts.data[n->end].op = SK_L_NONE;
  }
  return any;
}

// Numbers loops anew, in order of appearance, and drops the holes from the instruction list.
static void rebuild(sk_kernel *k, const merge_plan *plan, sk_arena *arena) {
  uint32_t n = k->insts.count, loops = k->loops.count, kept = 0, at = 1, depth = 0;
  uint32_t *loop_map = sk_arena_zalloc(arena, sizeof(uint32_t) * (loops + 1), 4),
           *map = sk_arena_zalloc(arena, sizeof(uint32_t) * n, 4);
  sk_loop *old = sk_arena_copy(arena, k->loops.data, sizeof(sk_loop) * loops, _Alignof(sk_loop));
  for (uint32_t l = 0; l < loops; l++) {
    if (plan->into[l] == l) {
      loop_map[l] = kept++;
    }
  }
  for (uint32_t l = 0; l < loops; l++) {
    uint32_t root = l;
    while (plan->into[root] != root) {
      root = plan->into[root];
    }
    loop_map[l] = loop_map[root];
  }
  for (uint32_t l = 0; l < loops; l++) {
    if (plan->into[l] == l) {
      sk_loop *to = &k->loops.data[loop_map[l]];
      *to = old[l];
      to->parent = old[l].parent == UINT32_MAX ? UINT32_MAX : loop_map[old[l].parent];
    }
  }
  k->loops.count = kept;
  int64_t *strides = SK_NEW_ARRAY(arena, int64_t, (size_t)k->accesses.count * kept + 1);
  for (uint32_t a = 0; a < k->accesses.count; a++) {
    for (uint32_t l = 0; l < loops; l++) {
      if (plan->into[l] == l) {
        strides[a * kept + loop_map[l]] = k->strides.data[k->accesses.data[a].strides + l];
      }
    }
    k->accesses.data[a].strides = a * kept;
  }
  k->strides.data = strides;
  k->strides.count = k->strides.cap = k->accesses.count * kept;
  for (uint32_t i = 1; i < n; i++) {
    sk_inst inst = k->insts.data[i];
    if (inst.op == SK_L_NONE) {
      continue;
    }
    inst.a.id = map[inst.a.id];
    inst.b.id = map[inst.b.id];
    inst.c.id = map[inst.c.id];
    if (inst.op == SK_L_END) {
      inst.imm = map[inst.imm];
      depth--;
      if (k->insts.data[inst.imm].op == SK_L_LOOP) {
        k->loops.data[k->insts.data[inst.imm].imm].end = at;
      }
    }
    if (inst.op == SK_L_LOOP || inst.op == SK_L_INDEX) {
      inst.imm = loop_map[inst.imm];
    }
    inst.depth = (uint16_t)depth;
    if (inst.op == SK_L_LOOP) {
      k->loops.data[inst.imm].begin = at;
    }
    depth += inst.op == SK_L_LOOP || inst.op == SK_L_IF;
    map[i] = at;
    k->insts.data[at++] = inst;
  }
  k->insts.count = at;
}

void sk_kernel_collapse(sk_kernel *k, sk_arena *arena) {
  if (k->loops.count < 2) {
    return;
  }
  merge_plan plan = {.indexed = sk_arena_zalloc(arena, k->loops.count, 1),
                     .into = sk_arena_zalloc(arena, sizeof(uint32_t) * k->loops.count, 4)};
  if (plan_merges(k, &plan)) {
    rebuild(k, &plan, arena);
  }
}
