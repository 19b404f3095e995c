// SPDX-License-Identifier: Apache-2.0
// Facts about a kernel that selection asks for, computed in a few linear sweeps before anything is
// emitted:
//
//   which loops are really run along lanes, and with how many lanes (gen_lanes.c)
//   which values vary by lane; where each value stands (loop, block), how often and where last it
//   is used; which shifts make a rotation
//   which indices stay in general registers
//   which buffers are written; which forms of predicates are wanted (v3)
//
// `vec` is advice: it is taken for PAR loops, and for RED loops whose virtual lanes fill vectors
// (or whose combiner gives the same bits in any order). One vector loop per path: an inner one is
// ignored.
#include <stdlib.h>

#include "gen/gen_int.h"

static void *new_array(sk_gen *g, uint32_t count, size_t elem) {
  return sk_arena_zalloc(&g->scratch, count * elem, 8);
}

static void find_places(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  uint32_t loop = SK_NO_LOOP, block = 0;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    if (inst->op == SK_L_LOOP) {
      g->in_loop[i] = loop;
      loop = (uint32_t)inst->imm;
      block++;
    } else if (inst->op == SK_L_END) {
      uint32_t start = (uint32_t)inst->imm;
      g->end_of[start] = i;
      if (k->insts.data[start].op == SK_L_LOOP) {
        loop = k->loops.data[loop].parent;
      }
      g->in_loop[i] = loop;
      block++;
    } else {
      g->in_loop[i] = loop;
      block += inst->op == SK_L_IF;
    }
    g->block[i] = block;
    const sk_val operands[3] = {inst->a, inst->b, inst->c};
    for (uint32_t o = 0; o < 3; o++) {
      g->use_count[operands[o].id]++;
      g->last_user[operands[o].id] = i;
    }
    if (inst->op == SK_L_INDEX) {
      g->index_used[inst->imm] |= inst->type == SK_LT_I64 ? 2 : 1;
    }
  }
}

// The loop of the path to `loop` that runs along lanes.
static uint32_t vec_loop_of(const sk_gen *g, uint32_t loop) {
  while (loop != SK_NO_LOOP && !g->is_vec[loop]) {
    loop = g->kernel->loops.data[loop].parent;
  }
  return loop;
}

static bool varies(const sk_gen *g, uint32_t i, uint32_t vec_loop) {
  const sk_inst *inst = &g->kernel->insts.data[i];
  bool operands = g->vary[inst->a.id] || g->vary[inst->b.id] || g->vary[inst->c.id];
  switch ((sk_lop)inst->op) {
    case SK_L_INDEX: return inst->imm == vec_loop;
    case SK_L_LOAD:
      return operands || sk_access_stride(g->kernel, (uint32_t)inst->imm, vec_loop) != 0;
    case SK_L_CARRY: return g->in_loop[i] != vec_loop;
    case SK_L_CONST:
    case SK_L_LOOP:
    case SK_L_END:
    case SK_L_YIELD:
    case SK_L_STORE: return false;
    default: return operands;
  }
}

// Bytes of a lane that a value needs by its type.
static uint32_t least_lane(sk_lt type) {
  return type == SK_LT_I32 || type == SK_LT_PRED ? 1 : sk_lt_bytes(type);
}

static void find_varying(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  uint32_t *lane = new_array(g, k->loops.count, sizeof *lane);  // bytes, of vector loops
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    uint32_t v = vec_loop_of(g, g->in_loop[i]);
    g->vary[i] = v != SK_NO_LOOP && varies(g, i, v);
    if (v == SK_NO_LOOP) {
      continue;
    }
    if (inst->op == SK_L_STORE || (inst->op == SK_L_LOAD && g->vary[i])) {
      lane[v] = SK_MAX(lane[v], sk_mem_bytes((sk_mem)k->accesses.data[inst->imm].mem));
    } else if (inst->op == SK_L_CARRY || g->vary[i]) {
      lane[v] = SK_MAX(lane[v], least_lane((sk_lt)inst->type));
    }
  }
  for (uint32_t l = 0; l < k->loops.count; l++) {
    lane[l] = g->is_vec[l] ? sk_gen_narrowest_lane(g, l, SK_MAX(lane[l], 1u)) : 0;
  }
  for (uint32_t l = 0; l < k->loops.count; l++) {
    uint32_t v = vec_loop_of(g, l);
    g->loop_lanes[l] = v == SK_NO_LOOP ? 1 : g->vector_bytes / lane[v];
  }
}

static bool all_order_free(const sk_gen *g, uint32_t loop) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  for (uint32_t i = l->begin + 1; g->kernel->insts.data[i].op == SK_L_CARRY; i++) {
    if (!sk_combiner_is_order_free((sk_lop)g->kernel->insts.data[i].imm)) {
      return false;
    }
  }
  return true;
}

// Scratch that every iteration of the loop writes anew cannot hold the lanes of several at once.
static void find_shared_stores(const sk_gen *g, uint8_t *shared) {
  const sk_kernel *k = g->kernel;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    uint32_t v = inst->op == SK_L_STORE ? vec_loop_of(g, g->in_loop[i]) : SK_NO_LOOP;
    if (v != SK_NO_LOOP && sk_access_stride(k, (uint32_t)inst->imm, v) == 0 &&
        !g->vary[inst->b.id]) {
      shared[v] = 1;
    }
  }
}

// Takes the advice back where it cannot be followed. True if anything changed.
static bool check_vector_loops(sk_gen *g) {
  bool changed = false;
  uint8_t *shared = new_array(g, g->kernel->loops.count, 1);
  find_shared_stores(g, shared);
  for (uint32_t l = 0; l < g->kernel->loops.count; l++) {
    const sk_loop *loop = &g->kernel->loops.data[l];
    if (!g->is_vec[l]) {
      continue;
    }
    bool inner = loop->parent != SK_NO_LOOP && vec_loop_of(g, loop->parent) != SK_NO_LOOP;
    bool order =
        loop->kind == SK_LOOP_SEQ ||
        (loop->kind == SK_LOOP_RED && loop->lanes < g->loop_lanes[l] && !all_order_free(g, l));
    if (inner || order || shared[l]) {
      g->is_vec[l] = 0;
      changed = true;
    }
  }
  return changed;
}

static int compare_ids(const void *a, const void *b) {
  const uint32_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

// Time and memory go with the kernel's accesses: the program may have a hundred thousand buffers.
static void find_written(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  SK_VEC(uint32_t) stored = {0};
  uint32_t unique = 0;
  g->written = new_array(g, k->accesses.count, 1);
  for (uint32_t i = 1; i < k->insts.count; i++) {
    if (k->insts.data[i].op == SK_L_STORE) {
      sk_vec_push(&g->scratch, &stored, k->accesses.data[k->insts.data[i].imm].buf);
    }
  }
  if (stored.count > 1) {
    qsort(stored.data, stored.count, sizeof *stored.data, compare_ids);
  }
  for (uint32_t i = 0; i < stored.count; i++) {
    if (unique == 0 || stored.data[unique - 1] != stored.data[i]) {
      stored.data[unique++] = stored.data[i];
    }
  }
  for (uint32_t a = 0; a < k->accesses.count; a++) {
    for (uint32_t s = 0; s < unique && !g->written[a]; s++) {
      g->written[a] = sk_gen_may_alias(g, k->accesses.data[a].buf, stored.data[s]);
    }
  }
}

// v3: which lane widths of each predicate its users want, in nests of 64-bit lanes. Backward, so
// users come first; a carried predicate is wanted in both.
static void find_wanted_forms(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  for (uint32_t i = k->insts.count - 1; i > 0; i--) {
    const sk_inst *inst = &k->insts.data[i];
    uint8_t by_type = sk_lt_bytes((sk_lt)inst->type) == 8 ? 2 : 1;
    switch ((sk_lop)inst->op) {
      case SK_L_SELECT:
      case SK_L_MERGE: {
        uint8_t forms = inst->type == SK_LT_PRED ? g->need[i] : by_type;
        g->need[inst->a.id] |= forms;
        if (inst->type == SK_LT_PRED) {
          g->need[inst->b.id] |= forms;
          g->need[inst->c.id] |= forms;
        }
        break;
      }
      case SK_L_PAND:
      case SK_L_POR:
      case SK_L_PXOR:
      case SK_L_PNOT:
        g->need[inst->a.id] |= g->need[i];
        g->need[inst->b.id] |= g->need[i];
        break;
      case SK_L_ZEXT: g->need[inst->a.id] |= by_type; break;
      case SK_L_LOAD: g->need[inst->b.id] |= 3; break;
      case SK_L_STORE:
        g->need[inst->a.id] |= 1;
        g->need[inst->c.id] |= 3;
        break;
      case SK_L_IF: g->need[inst->a.id] |= 3; break;
      case SK_L_CARRY:
      case SK_L_YIELD:
        g->need[inst->a.id] |= 3;
        g->need[inst->b.id] |= 3;
        break;
      default: break;
    }
  }
}

// (x << c) | (x >> (width - c)): one rotation, and the shifts vanish.
static void find_rotations(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    if (inst->op != SK_L_OR || (inst->type != SK_LT_I32 && inst->type != SK_LT_I64)) {
      continue;
    }
    uint32_t left = inst->a.id, right = inst->b.id;
    if (k->insts.data[left].op == SK_L_SHR) {
      left = inst->b.id;
      right = inst->a.id;
    }
    const sk_inst *l = &k->insts.data[left], *r = &k->insts.data[right];
    uint64_t up, down, width = inst->type == SK_LT_I64 ? 64 : 32;
    if (l->op == SK_L_SHL && r->op == SK_L_SHR && l->a.id == r->a.id && g->use_count[left] == 1 &&
        g->use_count[right] == 1 && sk_gen_get_const(g, l->b, &up) &&
        sk_gen_get_const(g, r->b, &down) && up > 0 && down > 0 && up + down == width) {
      g->rotation[i] = (uint8_t)up;
      g->fused[left] = g->fused[right] = 1;
    }
  }
}

// x <u constant that nothing but an IF asks for.
static bool guards_only(const sk_gen *g, uint32_t i) {
  const sk_inst *inst = &g->kernel->insts.data[i];
  uint64_t limit;
  return inst->op == SK_L_ULT && !g->vary[i] && g->use_count[i] == 1 &&
         g->kernel->insts.data[g->last_user[i]].op == SK_L_IF &&
         sk_gen_get_const(g, inst->b, &limit) && limit <= INT32_MAX;
}

// Indices that are loaded, compared with a bound and added to an address need no vector register:
// an I32 with no other users than dynamic offsets and such comparisons, which are left to their
// IFs.
static void find_general(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    g->general[i] = inst->op == SK_L_LOAD && inst->type == SK_LT_I32 && !g->vary[i] &&
                    inst->b.id == 0 && k->accesses.data[inst->imm].mem == SK_MEM_I32;
    const sk_val operands[3] = {inst->a, inst->b, inst->c};
    for (uint32_t o = 0; o < 3; o++) {
      bool offset = (inst->op == SK_L_LOAD && o == 0) || (inst->op == SK_L_STORE && o == 1);
      if (!offset && !(o == 0 && guards_only(g, i))) {
        g->general[operands[o].id] = 0;
      }
    }
  }
  for (uint32_t i = 1; i < k->insts.count; i++) {
    g->fused[i] |= guards_only(g, i) && g->general[k->insts.data[i].a.id];
  }
}

static uint32_t find_max_copies(const sk_gen *g) {
  uint32_t most = 1;
  for (uint32_t l = 0; l < g->kernel->loops.count; l++) {
    if (g->is_vec[l]) {
      most = SK_MAX(most, SK_MIN(g->kernel->loops.data[l].unroll, SK_MAX_COPIES));
    }
  }
  return most;
}

void sk_gen_find_facts(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  uint32_t n = k->insts.count, loops = k->loops.count;
  g->vary = new_array(g, n, 1);
  g->need = new_array(g, n, 1);
  g->fused = new_array(g, n, 1);
  g->merged = new_array(g, n, 1);
  g->general = new_array(g, n, 1);
  g->rotation = new_array(g, n, 1);
  g->use_count = new_array(g, n, 4);
  g->last_user = new_array(g, n, 4);
  g->in_loop = new_array(g, n, 4);
  g->block = new_array(g, n, 4);
  g->stores = new_array(g, n, 4);
  g->end_of = new_array(g, n, 4);
  g->is_vec = new_array(g, loops, 1);
  g->index_used = new_array(g, loops, 1);
  g->loop_lanes = new_array(g, loops, 4);
  g->counter = new_array(g, loops, sizeof *g->counter);
  g->at = new_array(g, loops, sizeof *g->at);
  g->ramp = new_array(g, loops, sizeof *g->ramp);
  g->range = NULL;
  find_places(g);
  find_rotations(g);
  for (uint32_t l = 0; l < loops; l++) {
    g->is_vec[l] = k->loops.data[l].vec && k->loops.data[l].extent > 1;
  }
  do {
    find_varying(g);
  } while (check_vector_loops(g));
  g->has_vec = false;
  for (uint32_t l = 0; l < loops; l++) {
    g->has_vec |= g->is_vec[l];
  }
  g->full_vl = !g->has_vec ? SK_XMM : g->vector_bytes == 64 ? SK_ZMM : SK_YMM;
  g->max_copies = find_max_copies(g);
  g->val = new_array(g, n * g->max_copies, sizeof *g->val);
  g->val64 = new_array(g, n * g->max_copies, sizeof *g->val64);
  g->narrow = g->range != NULL ? new_array(g, n, sizeof *g->narrow) : NULL;
  find_written(g);
  find_general(g);
  sk_gen_find_roundings(g);
  sk_gen_find_splits(g);
  if (!g->v4) {
    find_wanted_forms(g);
  }
}
