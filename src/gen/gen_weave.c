// SPDX-License-Identifier: Apache-2.0
// Weaves: accesses of one block that together touch neighbouring elements at every lane, as the
// parts of complex numbers, the columns of a narrow array and rows that are written out do. They
// are moved as whole 128-bit pieces and transposed in registers, instead of lane by lane.
//
//   step of the lanes    accesses                  in memory, per 4 (8-byte elements: 2) lanes
//   2                    x, y                      x0 y0 x1 y1 | x2 y2 x3 y3
//   3                    x, y, z                   x0 y0 z0 x1 | y1 z1 x2 y2 | z2 x3 y3 z3
//   other                x, y, z, w                x0 y0 z0 w0 | x1 y1 z1 w1 | ...      each where its lane is
//   any, 8 bytes         x, y                      x0 y0 | x1 y1
//   2 to 4, loads of     x, y, z                   x0 y0 z0 x1 y1 z1 x2 y2 z2 x3 y3 z3, four bytes
//     bytes                                        more that are there; a byte shuffle each
//
// Every 128-bit part of a register is such a piece of the table, so that the shuffles are the same
// for all vector lengths.
//
// The loads of a weave are emitted with the first of them, in the order of emission, its stores
// with the last; under a mask each access is on its own. Loads take part if the kernel writes no
// such buffer, stores if nothing that may touch the same elements comes in between. No byte outside
// the accesses is touched. Linear time, but for sorting.
#include <stdlib.h>

#include "gen/gen_int.h"

enum { MAX_SPAN = 512 };  // positions between the first and the last store of a weave

// ---- which accesses

typedef struct candidate {
  uint32_t inst, block, buf, dyn, op, mem;
  int64_t offset;
  const int64_t *strides;
  size_t strides_bytes;
} candidate;

// By everything that the members of a weave share.
static int compare_kinds(const candidate *x, const candidate *y) {
  const uint32_t a[] = {x->block, x->op, x->buf, x->mem, x->dyn},
                 b[] = {y->block, y->op, y->buf, y->mem, y->dyn};
  for (size_t i = 0; i < SK_COUNT(a); i++) {
    if (a[i] != b[i]) {
      return a[i] < b[i] ? -1 : 1;
    }
  }
  return memcmp(x->strides, y->strides, x->strides_bytes);
}

static int compare_candidates(const void *a, const void *b) {
  const candidate *x = a, *y = b;
  int kinds = compare_kinds(x, y);
  if (kinds != 0) {
    return kinds;
  }
  if (x->offset != y->offset) {
    return x->offset < y->offset ? -1 : 1;
  }
  return (x->inst > y->inst) - (x->inst < y->inst);
}

static uint32_t vec_loop_of(const sk_gen *g, uint32_t inst) {
  uint32_t loop = g->in_loop[inst];
  while (loop != SK_NO_LOOP && !g->is_vec[loop]) {
    loop = g->kernel->loops.data[loop].parent;
  }
  return loop;
}

// How many accesses make a weave; 0: this one cannot be part of any.
static uint32_t members_for(const sk_gen *g, uint32_t inst) {
  const sk_inst *in = sk_gen_inst(g, inst);
  bool load = in->op == SK_L_LOAD;
  sk_val dyn = load ? in->a : in->b, guard = load ? in->b : in->c;
  const sk_access *access = &g->kernel->accesses.data[in->imm];
  uint32_t bytes = sk_mem_bytes((sk_mem)access->mem), loop = vec_loop_of(g, inst);
  if (loop == SK_NO_LOOP || guard.id != 0 || g->vary[dyn.id] || (load && g->written[in->imm])) {
    return 0;
  }
  int64_t step = sk_access_stride(g->kernel, (uint32_t)in->imm, loop);
  if (bytes < 4) {
    bool plain = load && (access->mem == SK_MEM_U8 || access->mem == SK_MEM_S8);
    bool fits = step >= 2 && step <= 4 && step * g->loop_lanes[loop] >= 16;
    return plain && fits ? (uint32_t)step : 0;
  }
  if (step == 0 || step == 1 || step == -1) {
    return 0;
  }
  return bytes == 8 ? 2 : step == 2 || step == 3 ? (uint32_t)step : 4;
}

static bool is_candidate(const sk_gen *g, uint32_t inst) {
  sk_lop op = (sk_lop)sk_gen_inst(g, inst)->op;
  return (op == SK_L_LOAD || op == SK_L_STORE) && members_for(g, inst) != 0;
}

static candidate *list_candidates(sk_gen *g, uint32_t *out_count) {
  const sk_kernel *k = g->kernel;
  uint32_t count = 0, at = 0;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    count += is_candidate(g, i);
  }
  candidate *list = SK_NEW_ARRAY(&g->scratch, candidate, count + 1);
  for (uint32_t i = 1; i < k->insts.count && at < count; i++) {
    if (!is_candidate(g, i)) {
      continue;
    }
    const sk_inst *inst = sk_gen_inst(g, i);
    const sk_access *access = &k->accesses.data[inst->imm];
    list[at++] = (candidate){.inst = i,
                             .block = g->block[i],
                             .buf = access->buf,
                             .dyn = inst->op == SK_L_LOAD ? inst->a.id : inst->b.id,
                             .op = inst->op,
                             .mem = access->mem,
                             .offset = access->offset,
                             .strides = &k->strides.data[access->strides],
                             .strides_bytes = sizeof(int64_t) * k->loops.count};
  }
  *out_count = count;
  return list;
}

// ---- whether stores may wait for the last of them

static bool is_member(const sk_weave *w, uint32_t inst) {
  for (uint32_t i = 0; i < w->count; i++) {
    if (w->inst[i] == inst) {
      return true;
    }
  }
  return false;
}

// Can the access at `inst` touch an element that a member of the weave stores, in the same
// iteration? Other iterations store others.
static bool interferes(const sk_gen *g, const sk_weave *w, uint32_t inst) {
  const sk_inst *other = sk_gen_inst(g, inst), *one = sk_gen_inst(g, w->inst[0]);
  bool load = other->op == SK_L_LOAD;
  if ((!load && other->op != SK_L_STORE) || is_member(w, inst)) {
    return false;
  }
  const sk_access *x = &g->kernel->accesses.data[other->imm],
                  *y = &g->kernel->accesses.data[one->imm];
  if ((load && !g->written[other->imm]) || !sk_gen_may_alias(g, x->buf, y->buf)) {
    return false;
  }
  bool alike = x->buf == y->buf && x->mem == y->mem &&
               (load ? other->a.id : other->b.id) == one->b.id &&
               memcmp(&g->kernel->strides.data[x->strides], &g->kernel->strides.data[y->strides],
                      sizeof(int64_t) * g->kernel->loops.count) == 0;
  return !alike || (x->offset >= y->offset && x->offset < y->offset + w->count);
}

static bool may_wait(const sk_gen *g, const sk_weave *w, const uint32_t *position) {
  uint32_t from = position[w->first], to = position[w->last];
  if (to - from > MAX_SPAN) {
    return false;
  }
  for (uint32_t at = from; at < to; at++) {
    if (interferes(g, w, g->order[at])) {
      return false;
    }
  }
  return true;
}

static void add_weave(sk_gen *g, const candidate *members, uint32_t count,
                      const uint32_t *position) {
  sk_weave w = {.count = (uint8_t)count, .first = members[0].inst, .last = members[0].inst};
  for (uint32_t i = 0; i < count; i++) {
    uint32_t inst = members[i].inst;
    w.inst[i] = inst;
    w.first = position[inst] < position[w.first] ? inst : w.first;
    w.last = position[inst] > position[w.last] ? inst : w.last;
  }
  if (members[0].op == SK_L_STORE && !may_wait(g, &w, position)) {
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    g->weave_of[w.inst[i]] = g->weaves.count;
  }
  sk_vec_push(&g->scratch, &g->weaves, w);
}

void sk_gen_find_weaves(sk_gen *g) {
  uint32_t n = g->kernel->insts.count, count;
  memset(&g->weaves, 0, sizeof g->weaves);
  sk_vec_push(&g->scratch, &g->weaves, (sk_weave){0});
  g->weave_of = sk_arena_zalloc(&g->scratch, n * sizeof *g->weave_of, _Alignof(uint32_t));
  if (!g->has_vec) {
    return;
  }
  candidate *list = list_candidates(g, &count);
  if (count < 2) {
    return;
  }
  uint32_t *position = sk_arena_zalloc(&g->scratch, n * sizeof *position, _Alignof(uint32_t));
  for (uint32_t at = 1; at < n; at++) {
    position[g->order[at]] = at;
  }
  qsort(list, count, sizeof *list, compare_candidates);
  for (uint32_t i = 0; i < count;) {
    uint32_t wanted = members_for(g, list[i].inst), have = 1;
    while (have < wanted && i + have < count && compare_kinds(&list[i], &list[i + have]) == 0 &&
           list[i + have].offset == list[i].offset + have) {
      have++;
    }
    if (have == wanted) {
      add_weave(g, &list[i], wanted, position);
      i += wanted;
    } else {
      i++;
    }
  }
}

// ---- shuffles

static sk_vr shuffle(sk_gen *g, uint32_t vl, sk_vr a, sk_vr b, int32_t imm) {
  return sk_vc_rvmi(&g->vc, SK_X_VSHUFPS, vl, a, b, imm);
}

static sk_vr unpack(sk_gen *g, uint32_t op, uint32_t vl, sk_vr a, sk_vr b) {
  return sk_vc_rvm(&g->vc, op, vl, a, b);
}

// In every 128-bit part, pieces as they lie in memory -> one register per access.
static void take_apart(sk_gen *g, const sk_weave *w, uint32_t elem, uint32_t vl, sk_vr *v) {
  if (w->count == 2 && elem == 4) {
    sk_vr x = shuffle(g, vl, v[0], v[1], 0x88);
    v[1] = shuffle(g, vl, v[0], v[1], 0xdd);
    v[0] = x;
  } else if (w->count == 3) {
    sk_vr xy = shuffle(g, vl, v[1], v[2], 0x9e), yz = shuffle(g, vl, v[0], v[1], 0x49);
    v[0] = shuffle(g, vl, v[0], xy, 0x8c);
    v[1] = shuffle(g, vl, yz, xy, 0xd8);
    v[2] = shuffle(g, vl, yz, v[2], 0xcd);
  } else if (w->count == 2) {
    sk_vr x = unpack(g, SK_X_VUNPCKLPD, vl, v[0], v[1]);
    v[1] = unpack(g, SK_X_VUNPCKHPD, vl, v[0], v[1]);
    v[0] = x;
  } else {
    sk_vr a = unpack(g, SK_X_VUNPCKLPS, vl, v[0], v[1]),
          b = unpack(g, SK_X_VUNPCKLPS, vl, v[2], v[3]),
          c = unpack(g, SK_X_VUNPCKHPS, vl, v[0], v[1]),
          d = unpack(g, SK_X_VUNPCKHPS, vl, v[2], v[3]);
    v[0] = unpack(g, SK_X_VUNPCKLPD, vl, a, b);
    v[1] = unpack(g, SK_X_VUNPCKHPD, vl, a, b);
    v[2] = unpack(g, SK_X_VUNPCKLPD, vl, c, d);
    v[3] = unpack(g, SK_X_VUNPCKHPD, vl, c, d);
  }
}

// And back. Squares are their own inverse.
static void put_together(sk_gen *g, const sk_weave *w, uint32_t elem, uint32_t vl, sk_vr *v) {
  if (w->count == 2 && elem == 4) {
    sk_vr low = unpack(g, SK_X_VUNPCKLPS, vl, v[0], v[1]);
    v[1] = unpack(g, SK_X_VUNPCKHPS, vl, v[0], v[1]);
    v[0] = low;
  } else if (w->count == 3) {
    sk_vr xy = shuffle(g, vl, v[0], v[1], 0x88), yz = shuffle(g, vl, v[1], v[2], 0xdd),
          zx = shuffle(g, vl, v[2], v[0], 0xd8);
    v[0] = shuffle(g, vl, xy, zx, 0x88);
    v[1] = shuffle(g, vl, yz, xy, 0xd8);
    v[2] = shuffle(g, vl, zx, yz, 0xdd);
  } else {
    take_apart(g, w, elem, vl, v);
  }
}

// ---- memory

// Where the 128 bits of register `piece` lie that are its part `part`.
static uint32_t piece_memory(sk_gen *g, const sk_weave *w, uint32_t copy, uint32_t elem,
                             uint32_t part, uint32_t piece) {
  uint32_t per_part = 16 / elem, lane = 0;
  int64_t bytes = 0;
  if (elem == 4 && w->count < 4) {  // one after the other
    bytes = 16 * (int64_t)(part * w->count + piece);
  } else {
    lane = part * per_part + piece;
  }
  return sk_vc_mem(&g->vc, sk_gen_address(g, w->inst[0], copy, lane, bytes));
}

static uint32_t elem_bytes(const sk_gen *g, const sk_weave *w) {
  return sk_mem_bytes((sk_mem)g->kernel->accesses.data[sk_gen_inst(g, w->inst[0])->imm].mem);
}

static void set_values(sk_gen *g, const sk_weave *w, uint32_t copy, const sk_vr *v) {
  for (uint32_t i = 0; i < w->count; i++) {
    g->val[w->inst[i] * g->max_copies + copy] = v[i];
    g->val64[w->inst[i] * g->max_copies + copy] = 0;
  }
}

// Of four lanes in each part: the last 16 bytes that hold theirs, then bytes to the bottom (signed
// ones to the top) of 32-bit lanes.
static void load_bytes(sk_gen *g, const sk_weave *w, uint32_t copy) {
  sk_vcode *vc = &g->vc;
  uint32_t vl = sk_gen_vl(g, true, 4), parts = 1u << vl, step = w->count;
  uint32_t last = step * g->lanes - 16;
  bool is_signed = g->kernel->accesses.data[sk_gen_inst(g, w->inst[0])->imm].mem == SK_MEM_S8;
  sk_vr bytes = 0, v[SK_WEAVE_MEMBERS];
  for (uint32_t p = 0; p < parts; p++) {
    int64_t at = SK_MIN(4 * step * p, last);
    uint32_t m = sk_vc_mem(vc, sk_gen_address(g, w->inst[0], copy, 0, at));
    bytes = p == 0 ? sk_vc_load(vc, SK_X_VMOVUPS, SK_XMM, SK_XMM, m, 0)
                   : sk_vc_rvm_mem(vc, SK_X_VINSERTF128, p == 1 ? SK_YMM : SK_ZMM, bytes, m,
                                   (int32_t)p);
  }
  for (uint32_t i = 0; i < w->count; i++) {
    uint8_t order[64];
    memset(order, 0x80, sizeof order);
    for (uint32_t lane = 0; lane < 4 * parts; lane++) {
      uint32_t start = SK_MIN(4 * step * (lane / 4), last);
      order[4 * lane + (is_signed ? 3 : 0)] = (uint8_t)(step * lane + i - start);
    }
    v[i] = sk_vc_rvm(vc, SK_X_VPSHUFB, vl, bytes, sk_vc_vector(vc, vl, order));
    v[i] = is_signed ? sk_vc_shift(vc, SK_X_VPSRAD_I, vl, v[i], 24) : v[i];
  }
  set_values(g, w, copy, v);
}

static void load(sk_gen *g, const sk_weave *w, uint32_t copy) {
  uint32_t elem = elem_bytes(g, w), vl = sk_gen_vl(g, true, elem), parts = 1u << vl;
  sk_vr v[SK_WEAVE_MEMBERS];
  if (elem == 1) {
    load_bytes(g, w, copy);
    return;
  }
  for (uint32_t i = 0; i < w->count; i++) {
    v[i] =
        sk_vc_load(&g->vc, SK_X_VMOVUPS, SK_XMM, SK_XMM, piece_memory(g, w, copy, elem, 0, i), 0);
    for (uint32_t p = 1; p < parts; p++) {
      uint32_t m = piece_memory(g, w, copy, elem, p, i);
      v[i] = sk_vc_rvm_mem(&g->vc, SK_X_VINSERTF128, p == 1 ? SK_YMM : SK_ZMM, v[i], m, (int32_t)p);
    }
  }
  take_apart(g, w, elem, vl, v);
  set_values(g, w, copy, v);
}

static void store(sk_gen *g, const sk_weave *w, uint32_t copy) {
  uint32_t elem = elem_bytes(g, w), vl = sk_gen_vl(g, true, elem), parts = 1u << vl;
  sk_vr v[SK_WEAVE_MEMBERS];
  for (uint32_t i = 0; i < w->count; i++) {
    v[i] = sk_gen_val(g, sk_gen_inst(g, w->inst[i])->a, copy);
  }
  put_together(g, w, elem, vl, v);
  for (uint32_t i = 0; i < w->count; i++) {
    for (uint32_t p = 0; p < parts; p++) {
      uint32_t m = piece_memory(g, w, copy, elem, p, i);
      if (p == 0) {
        sk_vc_store(&g->vc, SK_X_VMOVUPS_ST, SK_XMM, m, v[i], 0);
      } else {
        sk_vc_push(&g->vc, (sk_vi){.op = SK_X_VEXTRACTF128,
                                   .shape = SK_S_STORE,
                                   .vl = p == 1 ? SK_YMM : SK_ZMM,
                                   .a = v[i],
                                   .m = m,
                                   .imm = (int32_t)p});
      }
    }
  }
}

bool sk_gen_woven(sk_gen *g, uint32_t inst) {
  const sk_weave *w = &g->weaves.data[g->weave_of[inst]];
  if (w->count == 0 || g->vec_loop == SK_NO_LOOP) {
    return false;
  }
  for (uint32_t u = 0; u < g->copies; u++) {
    if (g->mask[u] != 0 || g->mask64[u] != 0) {
      return false;
    }
  }
  bool is_load = sk_gen_inst(g, inst)->op == SK_L_LOAD;
  for (uint32_t u = 0; u < g->copies && inst == (is_load ? w->first : w->last); u++) {
    if (is_load) {
      load(g, w, u);
    } else {
      store(g, w, u);
    }
  }
  return true;
}
