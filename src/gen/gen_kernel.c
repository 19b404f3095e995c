// SPDX-License-Identifier: Apache-2.0
// One kernel: walks its regions in program order and emits virtual code, then has it allocated.
//
//   plain loop     counter, pointers and carries are stepped per iteration; a loop of one trip
//                  leaves no trace
//   vector loop    main:  `copies` vectors per trip, interleaved operation by operation
//                  rest:  vectors left over, at once (static extent) or one by one (range known at
//                         run time)
//                  tail:  one vector under a mask
//   IF             a branch over the body if no lane takes it; inside, memory is accessed under
//                  the mask
//
// A loop's iteration number is either in a general register (`counter`) or known (`at`). Regions
// nest at most as deep as MAX_DEPTH; the walk recurses by that depth only.
#include "gen/gen_int.h"

enum { MAX_DEPTH = 96 };

uint32_t sk_gen_carries(const sk_gen *g, uint32_t loop) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  uint32_t count = 0;
  while (g->kernel->insts.data[l->begin + 1 + count].op == SK_L_CARRY) {
    count++;
  }
  return count;
}

static void walk(sk_gen *g, uint32_t from, uint32_t to);

void sk_gen_body(sk_gen *g, uint32_t loop) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  uint32_t carries = sk_gen_carries(g, loop), mark = g->undo.count;
  walk(g, l->begin + 1 + carries, l->end - carries);
  sk_gen_undo(g, mark);
}

// ---- counter, pointers, index vectors

static void make_ramp(sk_gen *g, uint32_t loop, uint32_t which, sk_vr begin, int64_t at) {
  sk_vcode *vc = &g->vc;
  uint32_t elem = which == 1 ? 8 : 4;
  bool vary = loop == g->vec_loop;
  uint32_t vl = sk_gen_vl(g, vary, elem), count = (16u << vl) / elem;
  uint8_t bytes[64];
  for (uint32_t i = 0; i < count; i++) {
    int64_t value = at + (vary ? (int64_t)i : 0);
    memcpy(bytes + i * elem, &value, elem);
  }
  sk_vr ramp = vary || at != 0 ? sk_vc_vector(vc, vl, bytes) : sk_vc_splat(vc, vl, elem, 0);
  if (begin != 0) {
    sk_vr low = elem == 8 ? sk_vc_to(vc, SK_CLASS_V, SK_X_VMOVQ, SK_XMM, begin)
                          : sk_vc_to(vc, SK_CLASS_V, SK_X_VMOVD, SK_XMM, begin);
    sk_vr all = sk_gen_broadcast(g, vl, elem, low);
    ramp = sk_vc_rvm(vc, elem == 8 ? SK_X_VPADDQ : SK_X_VPADDD, vl, all, ramp);
  }
  g->ramp[loop][which] = ramp;
}

static void make_ramps(sk_gen *g, uint32_t loop, sk_vr begin, int64_t at) {
  for (uint32_t which = 0; which < 2; which++) {
    if (g->index_used[loop] >> which & 1) {
      make_ramp(g, loop, which, begin, at);
    }
  }
}

void sk_gen_start(sk_gen *g, uint32_t loop, sk_vr begin) {
  sk_vcode *vc = &g->vc;
  make_ramps(g, loop, begin, 0);
  for (uint32_t which = 0; which < 2; which++) {  // index vectors are stepped in place
    if (g->ramp[loop][which] != 0 && (g->index_used[loop] >> which & 1)) {
      g->ramp[loop][which] = sk_vc_copy(vc, g->ramp[loop][which]);
    }
  }
  g->counter[loop] = sk_vc_copy(vc, begin != 0 ? begin : sk_vc_imm(vc, 0));
  for (uint32_t n = g->loop_nodes[loop]; n != 0; n = g->nodes.data[n].next) {
    sk_pnode node = g->nodes.data[n];
    if (node.is_indexed) {
      continue;
    }
    sk_vr ptr = sk_vc_copy(vc, sk_gen_pointer(g, node.parent));
    if (begin != 0) {
      sk_vr offset = sk_vc_g2(vc, SK_X_IMUL, sk_vc_imm(vc, node.stride), begin);
      sk_vc_update(vc, SK_X_ADD, SK_OP64, ptr, offset);
    }
    sk_gen_set_pointer(g, n, ptr);
  }
}

void sk_gen_start_at(sk_gen *g, uint32_t loop, int64_t iteration) {
  g->counter[loop] = 0;
  g->at[loop] = iteration;
  make_ramps(g, loop, 0, iteration);
}

void sk_gen_step(sk_gen *g, uint32_t loop, int64_t elements) {
  sk_vcode *vc = &g->vc;
  for (uint32_t which = 0; which < 2; which++) {
    sk_vr ramp = g->ramp[loop][which];
    if (g->index_used[loop] >> which & 1) {
      uint32_t elem = which == 1 ? 8 : 4, vl = vc->vregs.data[ramp].vl;
      sk_vc_update(vc, elem == 8 ? SK_X_VPADDQ : SK_X_VPADDD, vl, ramp,
                   sk_vc_splat(vc, vl, elem, (uint64_t)elements));
    }
  }
  for (uint32_t n = g->loop_nodes[loop]; n != 0; n = g->nodes.data[n].next) {
    const sk_pnode *node = &g->nodes.data[n];
    if (!node->is_indexed) {
      sk_vc_addi(vc, node->ptr, node->stride * elements);
    }
  }
  sk_vc_addi(vc, g->counter[loop], elements);
}

// ---- plain loops

static void set_val(sk_gen *g, uint32_t inst, uint32_t copy, sk_vr v, sk_vr v64) {
  g->val[inst * g->max_copies + copy] = v;
  g->val64[inst * g->max_copies + copy] = v64;
}

static uint32_t copies_of(const sk_gen *g, uint32_t inst) { return g->vary[inst] ? g->copies : 1; }

static uint32_t value_vl(const sk_gen *g, uint32_t inst) {
  bool vary = g->vary[inst];
  return sk_gen_vl(g, vary, sk_gen_elem(g, vary, (sk_lt)g->kernel->insts.data[inst].type));
}

// A value in lanes as wide as those of the instruction.
static sk_vr val_like(sk_gen *g, uint32_t inst, sk_val v, uint32_t copy) {
  return g->vary[inst] ? sk_gen_lane_val(g, v, copy) : sk_gen_val(g, v, copy);
}

static sk_vr combine(sk_gen *g, uint32_t inst, sk_vr x, sk_vr y) {
  const sk_inst *carry = &g->kernel->insts.data[inst];
  uint32_t lane = sk_gen_lane(g, g->vary[inst]);
  return sk_gen_combine(g, sk_gen_lane_op(g, carry, lane), (sk_lt)carry->type, lane,
                        value_vl(g, inst), x, y, 0);
}

// What a carry starts from. The identity is not the same number in narrow lanes.
static sk_vr initial_of(sk_gen *g, uint32_t inst, uint32_t copy) {
  const sk_inst *carry = &g->kernel->insts.data[inst];
  bool vary = g->vary[inst];
  return sk_gen_elem(g, vary, (sk_lt)carry->type) < 4 && sk_gen_starts_empty(g, carry)
             ? sk_gen_identity(g, carry, vary)
             : val_like(g, inst, carry->a, copy);
}

typedef struct carry_state {
  uint32_t phi[2];  // index in vc.phis of the value and of its 64-bit form; UINT32_MAX = none
} carry_state;

// Defines the value a carry has at the header, of each copy.
static void start_carry(sk_gen *g, uint32_t inst, bool is_red, sk_vr (*headers)[2]) {
  const sk_inst *carry = &g->kernel->insts.data[inst];
  for (uint32_t u = 0; u < copies_of(g, inst); u++) {
    if (is_red) {
      sk_vr identity = sk_gen_identity(g, carry, g->vary[inst]);
      headers[u][0] = sk_vc_copy(&g->vc, identity);
      headers[u][1] = carry->type == SK_LT_PRED && !g->v4 ? sk_vc_copy(&g->vc, identity) : 0;
    } else {
      sk_vr init = initial_of(g, inst, u), init64 = sk_gen_val64(g, carry->a, u);
      headers[u][0] = init != 0 ? sk_vc_copy(&g->vc, init) : 0;
      headers[u][1] = init64 != 0 ? sk_vc_copy(&g->vc, init64) : 0;
    }
    set_val(g, inst, u, headers[u][0], headers[u][1]);
  }
}

static bool is_own_ramp(const sk_gen *g, uint32_t loop, sk_vr v) {
  return v == g->ramp[loop][0] || v == g->ramp[loop][1];
}

// The value a phi takes next. Values that END changes at the same time are copied first.
static sk_vr safe_next(sk_gen *g, uint32_t loop, uint32_t vloop, sk_vr header, sk_vr next) {
  bool other_phi = g->vc.vregs.data[next].phi_loop == vloop && next != header;
  return other_phi || is_own_ramp(g, loop, next) ? sk_vc_copy(&g->vc, next) : next;
}

static void end_carry(sk_gen *g, uint32_t loop, uint32_t vloop, uint32_t inst, const sk_inst *yield,
                      carry_state *state, sk_vr (*headers)[2]) {
  for (uint32_t u = 0; u < copies_of(g, inst); u++) {
    sk_vr next[2] = {val_like(g, inst, yield->b, u), sk_gen_val64(g, yield->b, u)};
    for (uint32_t form = 0; form < 2; form++) {
      if (headers[u][form] == 0) {
        continue;
      }
      if (next[form] == 0) {
        next[form] = next[0];
      }
      if (g->kernel->loops.data[loop].kind == SK_LOOP_RED) {
        next[form] = combine(g, inst, headers[u][form], next[form]);
      }
      g->vc.phis.data[state[u].phi[form]].next =
          safe_next(g, loop, vloop, headers[u][form], next[form]);
    }
  }
}

static void finish_carry(sk_gen *g, bool is_red, uint32_t inst, const carry_state *state,
                         sk_vr (*headers)[2]) {
  const sk_inst *carry = &g->kernel->insts.data[inst];
  for (uint32_t u = 0; u < copies_of(g, inst); u++) {
    sk_vr result[2] = {0, 0};
    for (uint32_t form = 0; form < 2; form++) {
      if (headers[u][form] == 0) {
        continue;
      }
      const sk_vreg *header = &g->vc.vregs.data[headers[u][form]];
      sk_vr final = sk_vc_new(&g->vc, header->class, header->vl);
      g->vc.vregs.data[final].def = g->vc.code.count - 1;
      g->vc.phis.data[state[u].phi[form]].final = final;
      result[form] = final;
      if (is_red) {
        sk_vr init = form ? sk_gen_val64(g, carry->a, u) : 0;
        init = init != 0 ? init : initial_of(g, inst, u);
        result[form] = combine(g, inst, init, final);
      }
    }
    set_val(g, inst, u, result[0], result[1]);
  }
}

// One trip only: carries pass straight through. All next values are looked up before any carry is
// renamed.
static void single_trip(sk_gen *g, uint32_t loop) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  uint32_t carries = sk_gen_carries(g, loop);
  const sk_inst *yields = &g->kernel->insts.data[l->end - carries];
  for (uint32_t c = 0; c < carries; c++) {
    uint32_t inst = l->begin + 1 + c;
    for (uint32_t u = 0; u < copies_of(g, inst); u++) {
      sk_val init = g->kernel->insts.data[inst].a;
      set_val(g, inst, u, initial_of(g, inst, u), sk_gen_val64(g, init, u));
    }
  }
  sk_gen_start_at(g, loop, 0);
  sk_gen_body(g, loop);
  sk_vr(*results)[2] =
      sk_arena_zalloc(&g->scratch, (carries * g->max_copies + 1) * sizeof *results, 4);
  for (uint32_t c = 0; c < carries; c++) {
    uint32_t inst = l->begin + 1 + c;
    const sk_inst *carry = &g->kernel->insts.data[inst];
    for (uint32_t u = 0; u < copies_of(g, inst); u++) {
      sk_vr *v = results[c * g->max_copies + u];
      v[0] = val_like(g, inst, yields[c].b, u);
      v[1] = sk_gen_val64(g, yields[c].b, u);
      for (uint32_t form = 0; form < 2 && l->kind == SK_LOOP_RED; form++) {
        if (v[form] != 0) {
          sk_vr init = form ? sk_gen_val64(g, carry->a, u) : 0;
          init = init != 0 ? init : initial_of(g, inst, u);
          v[form] = combine(g, inst, init, v[form]);
        }
      }
    }
  }
  for (uint32_t c = 0; c < carries; c++) {
    uint32_t inst = l->begin + 1 + c;
    for (uint32_t u = 0; u < copies_of(g, inst); u++) {
      set_val(g, inst, u, results[c * g->max_copies + u][0], results[c * g->max_copies + u][1]);
    }
  }
}

static void plain_loop(sk_gen *g, uint32_t loop) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  bool is_range = loop == 0 && g->is_parallel, is_red = l->kind == SK_LOOP_RED;
  if (l->extent == 1 && !is_range) {
    single_trip(g, loop);
    return;
  }
  if (is_red && l->lanes > 1) {
    sk_gen_lane_reduction(g, loop);
    return;
  }
  uint32_t carries = sk_gen_carries(g, loop), mark = g->undo.count;
  sk_vr(*headers)[2] =
      sk_arena_zalloc(&g->scratch, (carries * g->max_copies + 1) * sizeof *headers, 4);
  carry_state *states =
      sk_arena_zalloc(&g->scratch, (carries * g->max_copies + 1) * sizeof *states, 4);
  if (is_range) {
    sk_vc_if(&g->vc, (sk_vif){.kind = SK_IF_CMP, .cc = SK_CC_L, .a = g->begin, .b = g->end});
  }
  sk_gen_start(g, loop, is_range ? g->begin : 0);
  for (uint32_t c = 0; c < carries; c++) {
    start_carry(g, l->begin + 1 + c, is_red, headers + c * g->max_copies);
  }
  uint32_t vloop = sk_vc_loop(&g->vc);
  for (uint32_t c = 0; c < carries; c++) {
    for (uint32_t u = 0; u < copies_of(g, l->begin + 1 + c); u++) {
      for (uint32_t form = 0; form < 2; form++) {
        sk_vr header = headers[c * g->max_copies + u][form];
        states[c * g->max_copies + u].phi[form] =
            header != 0 ? sk_vc_phi(&g->vc, vloop, header) : UINT32_MAX;
      }
    }
  }
  sk_gen_body(g, loop);
  for (uint32_t c = 0; c < carries; c++) {
    end_carry(g, loop, vloop, l->begin + 1 + c, &g->kernel->insts.data[l->end - carries + c],
              states + c * g->max_copies, headers + c * g->max_copies);
  }
  sk_gen_step(g, loop, 1);
  sk_vc_end(&g->vc, vloop, g->counter[loop], SK_CC_L, is_range ? g->end : 0, l->extent);
  for (uint32_t c = 0; c < carries; c++) {
    finish_carry(g, is_red, l->begin + 1 + c, states + c * g->max_copies,
                 headers + c * g->max_copies);
  }
  if (is_range) {
    sk_vc_endif(&g->vc);
  }
  sk_gen_undo(g, mark);
}

// ---- vector loops

static sk_vr lane_mask(sk_gen *g, uint32_t active, uint32_t elem) {
  uint8_t bytes[64] = {0};
  memset(bytes, 0xff, active * elem);
  return sk_vc_vector(&g->vc, sk_gen_vl(g, true, elem), bytes);
}

void sk_gen_set_tail(sk_gen *g, uint32_t active) {
  if (g->v4) {
    sk_vr bits = sk_vc_imm(&g->vc, (int64_t)((UINT64_C(1) << active) - 1));
    uint32_t op = g->lanes > 16 ? SK_X_KMOVQ_KR : SK_X_KMOVW_KR;
    g->mask[0] = sk_vc_to(&g->vc, SK_CLASS_K, op, 0, bits);
    return;
  }
  g->mask[0] = g->tail_mask = lane_mask(g, active, sk_gen_lane(g, true));
  g->tail = active;
  g->mask64[0] = g->lanes * 8 <= g->vector_bytes ? lane_mask(g, active, 8) : 0;
}

// Mask of the first `left` lanes, left in a general register, 1 to lanes - 1.
static void set_range_tail(sk_gen *g, sk_vr left) {
  sk_vcode *vc = &g->vc;
  if (g->v4) {
    sk_vr bits = sk_vc_new(vc, SK_CLASS_G, 0);
    sk_vc_push(vc, (sk_vi){.op = SK_X_BZHI,
                           .shape = SK_S_RVM,
                           .vl = SK_OP32,
                           .d = bits,
                           .a = left,
                           .b = sk_vc_imm(vc, -1)});
    g->mask[0] = sk_vc_to(vc, SK_CLASS_K, SK_X_KMOVW_KR, 0, bits);
    return;
  }
  uint32_t vl = sk_gen_vl(g, true, 4);
  int32_t numbers[16];
  for (int32_t i = 0; i < 16; i++) {
    numbers[i] = i;
  }
  sk_vr low = sk_vc_to(vc, SK_CLASS_V, SK_X_VMOVD, SK_XMM, left);
  sk_vr all = sk_gen_broadcast(g, vl, 4, low);
  g->mask[0] = sk_vc_rvm(vc, SK_X_VPCMPGTD, vl, all, sk_vc_vector(vc, vl, numbers));
  if (g->lanes * 8 <= g->vector_bytes) {
    uint32_t wide = sk_gen_vl(g, true, 8);
    g->mask64[0] = sk_vc_rm(vc, SK_X_VPMOVSXDQ, wide, wide, g->mask[0]);
  }
}

static void vectors(sk_gen *g, uint32_t loop, uint32_t copies) {
  sk_gen_begin_copies(g, loop, copies);
  sk_gen_body(g, loop);
}

static void static_vector_loop(sk_gen *g, uint32_t loop, uint32_t unroll) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  int64_t whole = l->extent / g->lanes, lanes = g->lanes;
  uint32_t tail = (uint32_t)(l->extent % lanes);
  uint32_t copies = (uint32_t)SK_MIN((int64_t)unroll, SK_MAX(whole, 1));
  int64_t trips = whole / copies;
  uint32_t rest = (uint32_t)(whole % copies);
  if (trips > 1) {
    sk_gen_start(g, loop, 0);
    uint32_t vloop = sk_vc_loop(&g->vc);
    vectors(g, loop, copies);
    sk_gen_step(g, loop, lanes * copies);
    sk_vc_end(&g->vc, vloop, g->counter[loop], SK_CC_L, 0, trips * copies * lanes);
  } else if (trips == 1) {
    sk_gen_start_at(g, loop, 0);
    vectors(g, loop, copies);
  }
  int64_t done = trips * copies * lanes;
  if (rest != 0) {
    if (trips <= 1) {
      sk_gen_start_at(g, loop, done);
    }
    vectors(g, loop, rest);
    if (trips > 1 && tail != 0) {
      sk_gen_step(g, loop, lanes * rest);
    }
    done += lanes * rest;
  }
  if (tail != 0) {
    if (trips <= 1) {
      sk_gen_start_at(g, loop, done);
    }
    sk_gen_set_tail(g, tail);
    vectors(g, loop, 1);
  }
}

// while (counter <= end - size) { size elements }
static void range_of_vectors(sk_gen *g, uint32_t loop, uint32_t copies) {
  int32_t size = (int32_t)(g->lanes * copies);
  sk_vr limit = sk_vc_lea(&g->vc, (sk_vmem){.base = g->end, .disp = -size});
  sk_vc_if(&g->vc, (sk_vif){.kind = SK_IF_CMP, .cc = SK_CC_LE, .a = g->counter[loop], .b = limit});
  uint32_t vloop = sk_vc_loop(&g->vc);
  vectors(g, loop, copies);
  sk_gen_step(g, loop, size);
  sk_vc_end(&g->vc, vloop, g->counter[loop], SK_CC_LE, limit, 0);
  sk_vc_endif(&g->vc);
}

static void range_vector_loop(sk_gen *g, uint32_t loop, uint32_t unroll) {
  int64_t extent = g->kernel->loops.data[loop].extent, lanes = g->lanes;
  sk_gen_start(g, loop, g->begin);
  if (unroll > 1 && extent >= lanes * unroll) {
    range_of_vectors(g, loop, unroll);
  }
  if (unroll == 1 || g->multiple % (lanes * unroll) != 0 || extent % (lanes * unroll) != 0) {
    range_of_vectors(g, loop, 1);
  }
  if (g->multiple % lanes != 0 || extent % lanes != 0) {
    sk_vc_if(&g->vc,
             (sk_vif){.kind = SK_IF_CMP, .cc = SK_CC_L, .a = g->counter[loop], .b = g->end});
    if (g->multiple % lanes == 0) {  // then only the end of the loop is no multiple of the lanes
      sk_gen_set_tail(g, (uint32_t)(extent % lanes));
    } else {
      set_range_tail(g, sk_vc_g2(&g->vc, SK_X_SUB, g->end, g->counter[loop]));
    }
    vectors(g, loop, 1);
    sk_vc_endif(&g->vc);
  }
}

static void vector_loop(sk_gen *g, uint32_t loop) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  uint32_t mark = g->undo.count;
  g->vec_loop = loop;
  g->lanes = g->loop_lanes[loop];
  g->copy_base = 0;
  uint32_t unroll = SK_MAX(SK_MIN(l->unroll, g->max_copies), 1u);
  sk_gen_prepare_narrow(g, loop, true);
  if (l->kind == SK_LOOP_RED) {
    sk_gen_reduction(g, loop);
  } else if (loop == 0 && g->is_parallel) {
    range_vector_loop(g, loop, unroll);
  } else {
    static_vector_loop(g, loop, unroll);
  }
  sk_gen_prepare_narrow(g, loop, false);
  g->mask[0] = g->mask64[0] = 0;  // conditions around the loop are uniform: there was no mask
  g->vec_loop = SK_NO_LOOP;
  g->lanes = 1;
  g->copies = 1;
  g->is_split = false;
  sk_gen_undo(g, mark);
}

// ---- conditions

// Starts a region that runs if some lane holds.
void sk_gen_if_any(sk_gen *g, sk_vr mask, bool vary) {
  if (!g->v4) {
    sk_vc_if(&g->vc, (sk_vif){.kind = SK_IF_V, .vl = (uint8_t)sk_gen_vl(g, vary, 4), .a = mask});
    return;
  }
  uint32_t lanes = vary ? g->lanes : (16u << g->full_vl) / 4;
  if (lanes < 8) {
    mask = sk_gen_trim_mask(g, mask, lanes);
  }
  sk_vc_if(&g->vc, (sk_vif){.kind = SK_IF_K, .vl = lanes == 8, .a = mask});
}

// A comparison of an index in a general register with a bound that is not negative: one that is
// counts as large.
static void if_index_below(sk_gen *g, sk_val compare) {
  const sk_inst *inst = sk_gen_inst(g, compare.id);
  uint64_t limit = 0;
  (void)sk_gen_get_const(g, inst->b, &limit);
  sk_vc_if(&g->vc, (sk_vif){.kind = SK_IF_CMP,
                            .cc = SK_CC_B,
                            .a = sk_gen_val(g, inst->a, 0),
                            .imm = (int32_t)limit});
}

// ---- values that all lanes take from a region, or none: moves into one register

static void move_to(sk_gen *g, sk_vr to, sk_vr from) {
  sk_vc_push(&g->vc,
             (sk_vi){.shape = SK_S_COPY, .vl = g->vc.vregs.data[to].vl, .d = to, .a = from});
}

// The MERGEs directly behind the region that its uniform predicate decides; sets *out_end behind the last. (Constants may stand between.)
static uint32_t find_merges(const sk_gen *g, uint32_t start, uint32_t *out_end) {
  sk_val pred = sk_gen_inst(g, start)->a;
  uint32_t first = g->end_of[start] + 1, end = first;
  for (uint32_t i = first; i < g->kernel->insts.count && !g->vary[pred.id]; i++) {
    const sk_inst *inst = sk_gen_inst(g, i);
    bool has_forms = inst->type == SK_LT_PRED && g->vary[i];  // of more than one width
    if (inst->op == SK_L_MERGE && inst->a.id == pred.id && !has_forms) {
      end = i + 1;
    } else if (inst->op != SK_L_CONST) {
      break;
    }
  }
  *out_end = end;
  return first;
}

// (A constant may stand behind the region, and may be an instruction that counts inside it only.)
static sk_vr merged_value(sk_gen *g, sk_val v, uint32_t copy) {
  const sk_inst *inst = sk_gen_inst(g, v.id);
  if (inst->op != SK_L_CONST) {
    return sk_gen_val(g, v, copy);
  }
  return inst->type == SK_LT_PRED ? sk_gen_pred_const(g, inst->imm & 1)
                                  : sk_gen_const(g, sk_lt_bytes((sk_lt)inst->type), inst->imm);
}

// Registers that hold what is so if the region does not run.
static void start_merges(sk_gen *g, uint32_t first, uint32_t end) {
  for (uint32_t i = first; i < end; i++) {
    const sk_inst *inst = sk_gen_inst(g, i);
    for (uint32_t u = 0; u < copies_of(g, i) && inst->op == SK_L_MERGE; u++) {
      sk_vr otherwise = merged_value(g, inst->c, u);
      uint32_t class = g->vc.vregs.data[otherwise].class;
      sk_vr v = sk_vc_new(&g->vc, class, class == SK_CLASS_V ? value_vl(g, i) : 0);
      move_to(g, v, otherwise);
      set_val(g, i, u, v, inst->type == SK_LT_PRED && !g->v4 ? v : 0);
    }
    g->merged[i] = inst->op == SK_L_MERGE;
  }
}

static void end_merges(sk_gen *g, uint32_t first, uint32_t end) {
  for (uint32_t i = first; i < end; i++) {
    const sk_inst *inst = sk_gen_inst(g, i);
    for (uint32_t u = 0; u < copies_of(g, i) && inst->op == SK_L_MERGE; u++) {
      move_to(g, sk_gen_val(g, (sk_val){i}, u), merged_value(g, inst->b, u));
    }
  }
}

// Copies share the branch: the body runs if any lane of any copy wants it.
static void condition(sk_gen *g, uint32_t start) {
  sk_val pred = g->kernel->insts.data[start].a;
  uint32_t mark = g->undo.count, merges_end, merges = find_merges(g, start, &merges_end);
  start_merges(g, merges, merges_end);
  sk_vr outer[SK_MAX_COPIES], outer64[SK_MAX_COPIES];
  memcpy(outer, g->mask, sizeof outer);
  memcpy(outer64, g->mask64, sizeof outer64);
  if (g->fused[pred.id]) {
    if_index_below(g, pred);
  } else if (!g->vary[pred.id]) {
    sk_gen_if_any(g, sk_gen_val(g, pred, 0), false);
  } else {
    sk_vr any = 0;
    for (uint32_t u = 0; u < g->copies; u++) {
      g->mask[u] = sk_gen_mask_and(g, sk_gen_val(g, pred, u), outer[u]);
      if (sk_gen_val64(g, pred, u) != 0) {
        g->mask64[u] = sk_gen_mask_and(g, sk_gen_val64(g, pred, u), outer64[u]);
      }
      any = u == 0 ? g->mask[u] : sk_gen_mask_or(g, any, g->mask[u]);
    }
    sk_gen_if_any(g, any, true);
  }
  walk(g, start + 1, g->end_of[start]);
  end_merges(g, merges, merges_end);
  memcpy(g->mask, outer, sizeof outer);
  memcpy(g->mask64, outer64, sizeof outer64);
  sk_vc_endif(&g->vc);
  sk_gen_undo(g, mark);
}

static void walk(sk_gen *g, uint32_t from, uint32_t to) {
  if (++g->depth > MAX_DEPTH) {
    sk_gen_unsupported(g, "regions nested deeper than 96");
  }
  for (uint32_t at = from; at < to; at++) {
    uint32_t i = g->order[at];
    const sk_inst *inst = &g->kernel->insts.data[i];
    switch ((sk_lop)inst->op) {
      case SK_L_LOOP:
        if (g->end_of[i] == i + 1) {
          // nothing in it
        } else if (g->is_vec[inst->imm]) {
          vector_loop(g, (uint32_t)inst->imm);
        } else {
          plain_loop(g, (uint32_t)inst->imm);
        }
        at = g->end_of[i];
        break;
      case SK_L_IF:
        condition(g, i);
        at = g->end_of[i];
        break;
      case SK_L_LOAD: sk_gen_load(g, i); break;
      case SK_L_STORE: sk_gen_store(g, i); break;
      case SK_L_END:
      case SK_L_YIELD:
      case SK_L_CARRY: break;
      case SK_L_MERGE:
        if (!g->merged[i]) {
          sk_gen_pure(g, i);
        }
        break;
      default: sk_gen_pure(g, i); break;
    }
  }
  g->depth--;
}

sk_label sk_gen_kernel(sk_gen *g, uint32_t kernel, bool is_parallel, int64_t multiple) {
  sk_arena_reset(&g->scratch);
  g->scratch.bail = &g->bail;
  g->kernel = &g->prog->kernels.data[kernel];
  g->is_parallel = is_parallel;
  g->multiple = is_parallel ? multiple : 1;
  sk_vcode_init(&g->vc, &g->scratch, &g->as, g->vector_bytes);
  sk_gen_find_facts(g);
  // Most instructions become one machine instruction per copy, and one each for what remains.
  sk_vcode_reserve(&g->vc, g->kernel->insts.count * (g->max_copies + 2));
  sk_gen_order(g);
  sk_gen_find_weaves(g);
  sk_gen_build_addresses(g);
  g->vec_loop = SK_NO_LOOP;
  g->lanes = g->copies = 1;
  g->copy_base = 0;
  memset(g->mask, 0, sizeof g->mask);
  memset(g->mask64, 0, sizeof g->mask64);
  g->depth = 0;
  g->tail = g->tail_mask = 0;
  sk_vcode *vc = &g->vc;
  g->frame = sk_vc_new(vc, SK_CLASS_G, 0);
  g->begin = sk_vc_new(vc, SK_CLASS_G, 0);
  g->end = sk_vc_new(vc, SK_CLASS_G, 0);
  g->scratch_ptr = sk_vc_new(vc, SK_CLASS_G, 0);
  sk_vc_push(
      vc,
      (sk_vi){.shape = SK_S_ENTRY, .a = g->frame, .b = g->begin, .c = g->end, .d = g->scratch_ptr});
  for (uint32_t n = 1; n < g->nodes.count; n++) {
    if (g->nodes.data[n].kind == SK_NODE_ROOT) {
      sk_gen_pointer(g, n);
    }
  }
  walk(g, 1, g->kernel->insts.count);
  return sk_vc_assemble(vc);
}
