// SPDX-License-Identifier: Apache-2.0
// Reductions: the order of loop.h, bit for bit.
//
//   element i goes to virtual lane i mod L in ascending order; then
//   for h = L/2 .. 1: lane[l] = comb(lane[l], lane[l + h])
//
// Along lanes: L virtual lanes are L / VL accumulator vectors. One trip takes L elements, one
// vector for each accumulator, interleaved `copies` at a time; what is left over continues with the
// first accumulators; the last vector is masked. The tree combines accumulators first, halves of
// vectors then. Combiners whose result does not depend on the order may use more lanes than asked.
//
// Not along lanes (the vector loop is elsewhere, or there is none) with L > 1: the virtual lanes
// are vectors in the stack area.
//
// An identity combined with x gives x, bit for bit, so lanes that never get an element may be
// skipped in the tree, and an accumulator may begin as its first contribution: it does where the
// trips are few and small, and written out.
#include "gen/gen_int.h"

enum { FLAT_TRIPS = 4, FLAT_INSTS = 400 };  // ... of all vectors

typedef struct reduction {
  uint32_t loop;
  uint32_t carries;
  uint32_t lanes;  // virtual
  uint32_t count;  // accumulator vectors per carry
  sk_vr *acc;      // [carry * count + vector]
} reduction;

static const sk_inst *carry_of(const sk_gen *g, const reduction *r, uint32_t c) {
  return sk_gen_inst(g, g->kernel->loops.data[r->loop].begin + 1 + c);
}

static uint32_t carry_bytes(const sk_gen *g, const sk_inst *carry) {
  return sk_gen_elem(g, true, (sk_lt)carry->type);
}

static uint32_t carry_vl(const sk_gen *g, const sk_inst *carry) {
  return sk_gen_vl(g, true, carry_bytes(g, carry));
}

// Bits of the identity in lanes of so many bytes: in narrow ones the ends of what they hold.
static uint64_t identity_bits(const sk_gen *g, const sk_inst *carry, uint32_t bytes) {
  sk_lop op = bytes < 4 ? sk_gen_lane_op(g, carry, bytes) : (sk_lop)carry->imm;
  if (bytes < 4 && (op == SK_L_SMAX || op == SK_L_SMIN)) {
    uint64_t top = UINT64_C(1) << (8 * bytes - 1);
    return op == SK_L_SMAX ? top : top - 1;
  }
  return sk_combiner_identity(op, (sk_lt)carry->type);
}

sk_vr sk_gen_identity(sk_gen *g, const sk_inst *carry, bool vary) {
  uint32_t bytes = sk_gen_elem(g, vary, (sk_lt)carry->type);
  uint64_t bits = identity_bits(g, carry, bytes);
  return carry->type == SK_LT_PRED ? sk_gen_pred_const(g, bits & 1) : sk_gen_const(g, bytes, bits);
}

static sk_vr identity(sk_gen *g, const sk_inst *carry) { return sk_gen_identity(g, carry, true); }

// A uniform constant cut to the length of a lane vector.
static sk_vr start_accumulator(sk_gen *g, const sk_inst *carry) {
  uint32_t bytes = carry_bytes(g, carry);
  if (carry->type == SK_LT_PRED || bytes < 4) {
    return sk_vc_copy(&g->vc, identity(g, carry));
  }
  return sk_vc_copy(&g->vc,
                    sk_vc_splat(&g->vc, carry_vl(g, carry), bytes, identity_bits(g, carry, bytes)));
}

static sk_vr combine(sk_gen *g, const sk_inst *carry, uint32_t vl, sk_vr x, sk_vr y, sk_vr into) {
  uint32_t lane = sk_gen_lane(g, true);
  return sk_gen_combine(g, sk_gen_lane_op(g, carry, lane), (sk_lt)carry->type, lane, vl, x, y,
                        into);
}

// The contribution with inactive lanes replaced by the identity.
static sk_vr masked_contribution(sk_gen *g, const sk_inst *carry, sk_vr x) {
  sk_vcode *vc = &g->vc;
  uint32_t vl = carry_vl(g, carry), bytes = carry_bytes(g, carry);
  bool wide = bytes == 8;
  sk_vr none = identity(g, carry);
  if (carry->type == SK_LT_PRED) {
    uint64_t bits = sk_combiner_identity((sk_lop)carry->imm, SK_LT_PRED);
    if (!(bits & 1)) {
      return sk_gen_mask_and(g, x, g->mask[0]);
    }
    // `none` is all ones: what it has beyond the mask is where x does not count
    uint32_t k_op = g->lanes > 16 ? SK_X_KANDNQ : SK_X_KANDNW;
    sk_vr off = g->v4 ? sk_vc_k_rvm(vc, k_op, 0, g->mask[0], none)
                      : sk_vc_rvm(vc, SK_X_VANDNPS, vl, g->mask[0], none);
    return sk_gen_mask_or(g, x, off);
  }
  if (g->v4) {
    uint32_t op = wide         ? SK_X_VBLENDMPD
                  : bytes == 4 ? SK_X_VBLENDMPS
                  : bytes == 2 ? SK_X_VPBLENDMW
                               : SK_X_VPBLENDMB;
    return sk_vc_select(vc, op, vl, none, x, g->mask[0]);
  }
  uint32_t op = wide ? SK_X_VBLENDVPD : bytes == 4 ? SK_X_VBLENDVPS : SK_X_VPBLENDVB;
  return sk_vc_blend(vc, op, vl, none, x, wide ? g->mask64[0] : g->mask[0]);
}

// One body over `copies` vectors; vector k goes to accumulator first + k.
static void accumulate(sk_gen *g, const reduction *r, uint32_t first, uint32_t copies,
                       bool masked) {
  const sk_loop *l = &g->kernel->loops.data[r->loop];
  sk_gen_begin_copies(g, r->loop, copies);
  sk_gen_body(g, r->loop);
  for (uint32_t c = 0; c < r->carries; c++) {
    const sk_inst *carry = carry_of(g, r, c), *yield = sk_gen_inst(g, l->end - r->carries + c);
    for (uint32_t u = 0; u < copies; u++) {
      sk_vr x = sk_gen_lane_val(g, yield->b, u), acc = r->acc[c * r->count + first + u];
      if (masked) {
        x = masked_contribution(g, carry, x);
      }
      if (acc == 0) {
        r->acc[c * r->count + first + u] = sk_vc_copy(&g->vc, x);
      } else {
        combine(g, carry, carry_vl(g, carry), acc, x, acc);
      }
    }
  }
}

// ---- the tree

// The upper `h` lanes of the first 2h, moved to the bottom.
static sk_vr upper_lanes(sk_gen *g, sk_vr v, uint32_t h, uint32_t elem) {
  sk_vcode *vc = &g->vc;
  switch (h * elem) {
    case 32: return sk_vc_mrr(vc, SK_CLASS_V, SK_X_VEXTRACTF64X4, SK_ZMM, SK_YMM, v, 1);
    case 16: return sk_vc_mrr(vc, SK_CLASS_V, SK_X_VEXTRACTF128, SK_YMM, SK_XMM, v, 1);
    case 8: return sk_vc_rmi(vc, SK_X_VPERMILPD, SK_XMM, v, 1);
    case 4: return sk_vc_rm(vc, SK_X_VMOVSHDUP, SK_XMM, SK_XMM, v);
    default: return sk_vc_shift(vc, SK_X_VPSRLD_I, SK_XMM, v, (int32_t)(8 * h * elem));
  }
}

static sk_vr reduce_vector(sk_gen *g, const sk_inst *carry, sk_vr v) {
  uint32_t elem = carry_bytes(g, carry);
  for (uint32_t h = g->lanes / 2; h >= 1; h /= 2) {
    uint32_t bytes = h * elem, vl = bytes <= 16 ? SK_XMM : bytes == 32 ? SK_YMM : SK_ZMM;
    v = combine(g, carry, vl, v, upper_lanes(g, v, h, elem), 0);
  }
  return v;
}

// Predicates: any lane (POR), all lanes (PAND), parity (PXOR), as a uniform predicate.
static sk_vr reduce_predicate(sk_gen *g, const sk_inst *carry, sk_vr v) {
  sk_vcode *vc = &g->vc;
  uint32_t elem = sk_gen_lane(g, true), vl = sk_gen_vl(g, true, elem);
  sk_vr lanes = v;
  if (g->v4) {
    uint32_t to_lanes = elem == 4 ? SK_X_VPMOVM2D : elem == 2 ? SK_X_VPMOVM2W : SK_X_VPMOVM2B;
    lanes = sk_vc_to(vc, SK_CLASS_V, to_lanes, vl, v);
  }
  uint32_t op = carry->imm == SK_L_PAND  ? SK_X_VPANDD
                : carry->imm == SK_L_POR ? SK_X_VPORD
                                         : SK_X_VPXORD;
  for (uint32_t h = g->lanes / 2; h >= 1; h /= 2) {
    uint32_t bytes = h * elem, length = bytes <= 16 ? SK_XMM : bytes == 32 ? SK_YMM : SK_ZMM;
    lanes = sk_vc_rvm_commutes(vc, op, length, lanes, upper_lanes(g, lanes, h, elem));
  }
  sk_vr all = sk_gen_broadcast(g, g->full_vl, elem, lanes);
  if (!g->v4) {
    return all;
  }
  return sk_vc_to(vc, SK_CLASS_K, SK_X_VPMOVD2M, g->full_vl, all);
}

// The initial value and the lanes' together: these alone where the initial value is the identity.
static sk_vr add_initial(sk_gen *g, const sk_inst *carry, uint32_t vl, sk_vr init, sk_vr lanes) {
  uint64_t bits;
  if (sk_gen_get_const(g, carry->a, &bits) &&
      bits == sk_combiner_identity((sk_lop)carry->imm, (sk_lt)carry->type)) {
    return lanes;
  }
  return sk_gen_combine(g, (sk_lop)carry->imm, (sk_lt)carry->type, 4, vl, init, lanes, 0);
}

// The number in lane 0, in lanes as wide as those of uniform values.
static sk_vr extend(sk_gen *g, uint32_t inst, sk_vr v) {
  static const uint16_t ops[2][2] = {{SK_X_VPMOVZXBD, SK_X_VPMOVZXWD},
                                     {SK_X_VPMOVSXBD, SK_X_VPMOVSXWD}};
  uint32_t lane = sk_gen_elem(g, true, (sk_lt)sk_gen_inst(g, inst)->type);
  if (lane >= 4) {
    return v;
  }
  bool is_signed = sk_gen_is_signed(g, (sk_val){inst}, lane);
  return sk_vc_rm(&g->vc, ops[is_signed][lane == 2], SK_XMM, SK_XMM, v);
}

static void finish(sk_gen *g, const reduction *r) {
  for (uint32_t c = 0; c < r->carries; c++) {
    const sk_inst *carry = carry_of(g, r, c);
    uint32_t inst = g->kernel->loops.data[r->loop].begin + 1 + c;
    sk_lt type = (sk_lt)carry->type;
    sk_vr *acc = r->acc + (size_t)c * r->count;
    uint32_t padded = 1;
    while (padded < r->count) {
      padded *= 2;
    }
    uint32_t pair = g->splits[r->loop] ? 2 : 1;
    for (uint32_t h = padded / 2; h >= pair; h /= 2) {
      for (uint32_t k = 0; k < h && k + h < r->count; k++) {
        acc[k] = combine(g, carry, carry_vl(g, carry), acc[k], acc[k + h], 0);
      }
    }
    sk_vr init = sk_gen_val(g, carry->a, 0), result;
    if (type == SK_LT_PRED) {
      result = reduce_predicate(g, carry, acc[0]);
    } else {
      result = reduce_vector(g, carry, acc[0]);
      if (pair == 2) {  // lanes 0 and 1 come last
        result = combine(g, carry, SK_XMM, result, reduce_vector(g, carry, acc[1]), 0);
      }
      result = sk_gen_broadcast(g, g->full_vl, sk_lt_bytes(type), extend(g, inst, result));
    }
    result = add_initial(g, carry, g->full_vl, init, result);
    g->val[inst * g->max_copies] = result;
    g->val64[inst * g->max_copies] = g->v4 ? 0 : result;
  }
}

// Virtual lanes really used: those asked for, or enough for `copies` vectors where the order is
// free.
static uint32_t choose_lanes(const sk_gen *g, const sk_loop *l, uint32_t copies) {
  bool is_free = l->lanes < g->lanes || sk_gen_lane(g, true) < 4;
  return is_free ? SK_MAX(l->lanes, g->lanes * copies) : l->lanes;
}

static void start_accumulators(sk_gen *g, const reduction *r) {
  for (uint32_t c = 0; c < r->carries; c++) {
    for (uint32_t k = 0; k < r->count; k++) {
      r->acc[c * r->count + k] = start_accumulator(g, carry_of(g, r, c));
    }
  }
}

// Whole trips: a vector for each of `full` accumulators.
static void accumulate_all(sk_gen *g, const reduction *r, uint32_t full, uint32_t unroll) {
  for (uint32_t first = 0; first < full; first += unroll) {
    g->copy_base = first;
    accumulate(g, r, first, unroll, false);
  }
  g->copy_base = 0;
}

static void accumulate_trips(sk_gen *g, const reduction *r, int64_t trips, uint32_t full,
                             uint32_t unroll) {
  const sk_loop *l = &g->kernel->loops.data[r->loop];
  bool is_flat = trips <= FLAT_TRIPS && trips * full * (l->end - l->begin) <= FLAT_INSTS;
  if (trips > 1 && !is_flat) {
    start_accumulators(g, r);
    sk_gen_start(g, r->loop, 0);
    uint32_t vloop = sk_vc_loop(&g->vc);
    accumulate_all(g, r, full, unroll);
    sk_gen_step(g, r->loop, r->lanes);
    sk_vc_end(&g->vc, vloop, g->counter[r->loop], SK_CC_L, 0, trips * r->lanes);
    return;
  }
  for (int64_t t = 0; t < trips; t++) {
    sk_gen_start_at(g, r->loop, t * r->lanes);
    accumulate_all(g, r, full, unroll);
  }
  sk_gen_start_at(g, r->loop, trips * r->lanes);
}

void sk_gen_reduction(sk_gen *g, uint32_t loop) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  uint32_t unroll = SK_MAX(SK_MIN(l->unroll, g->max_copies), 1u);
  while (unroll & (unroll - 1)) {
    unroll &= unroll - 1;  // a power of two divides the accumulators evenly
  }
  reduction r = {.loop = loop, .carries = sk_gen_carries(g, loop)};
  r.lanes = choose_lanes(g, l, unroll);
  int64_t vectors = l->extent / g->lanes;
  uint32_t tail = (uint32_t)(l->extent % g->lanes), full = r.lanes / g->lanes;
  r.count = (uint32_t)SK_MIN((int64_t)full, vectors + (tail != 0));
  r.acc = sk_arena_zalloc(&g->scratch, (size_t)SK_MAX(r.carries * r.count, 1u) * sizeof *r.acc, 4);
  int64_t trips = l->extent / r.lanes;
  uint32_t rest = (uint32_t)(vectors - trips * full);
  unroll = SK_MIN(unroll, full);
  accumulate_trips(g, &r, trips, full, unroll);
  for (uint32_t first = 0; first < rest; first += unroll) {
    g->copy_base = first;
    accumulate(g, &r, first, SK_MIN(unroll, rest - first), false);
  }
  if (tail != 0) {
    g->copy_base = rest;
    sk_gen_set_tail(g, tail);
    accumulate(g, &r, rest, 1, true);
    g->mask[0] = g->mask64[0] = 0;
  }
  g->copy_base = 0;
  finish(g, &r);
}

// ---- virtual lanes in the stack area

typedef struct lane_store {
  uint32_t base;    // in the stack area
  uint32_t stride;  // bytes of one lane's register
  uint32_t log2_stride;
} lane_store;

static uint32_t lane_slot(sk_gen *g, const lane_store *s, uint32_t lane, sk_vr offset) {
  return sk_vc_mem(
      &g->vc,
      (sk_vmem){.is_stack = 1, .index = offset, .disp = (int32_t)(s->base + lane * s->stride)});
}

static sk_vr load_lane(sk_gen *g, uint32_t vl, uint32_t m) {
  return sk_vc_load(&g->vc, SK_X_VMOVUPS, vl, vl, m, 0);
}

// Predicates are kept as vectors of 32-bit lanes.
static sk_vr to_stored(sk_gen *g, sk_lt type, uint32_t vl, sk_vr v) {
  return type == SK_LT_PRED && g->v4 ? sk_vc_to(&g->vc, SK_CLASS_V, SK_X_VPMOVM2D, vl, v) : v;
}

static sk_vr from_stored(sk_gen *g, sk_lt type, uint32_t vl, sk_vr v) {
  if (type != SK_LT_PRED || !g->v4) {
    return v;
  }
  return sk_vc_to(&g->vc, SK_CLASS_K, SK_X_VPMOVD2M, vl, v);
}

static uint32_t lane_vl(const sk_gen *g, uint32_t inst) {
  uint32_t bytes = sk_lt_bytes((sk_lt)sk_gen_inst(g, inst)->type);
  return sk_gen_vl(g, g->vary[inst], bytes == 1 ? 4 : bytes);
}

static void combine_lane(sk_gen *g, const sk_inst *carry, uint32_t vl, uint32_t to, uint32_t from) {
  sk_lt type = (sk_lt)carry->type;
  sk_vr x = from_stored(g, type, vl, load_lane(g, vl, to)),
        y = from_stored(g, type, vl, load_lane(g, vl, from));
  sk_vr sum = sk_gen_combine(g, (sk_lop)carry->imm, type, 4, vl, x, y, 0);
  sk_vc_store(&g->vc, SK_X_VMOVUPS_ST, vl, to, to_stored(g, type, vl, sum), 0);
}

void sk_gen_lane_reduction(sk_gen *g, uint32_t loop) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  sk_vcode *vc = &g->vc;
  uint32_t carries = sk_gen_carries(g, loop), mark = g->undo.count, copies = g->copies;
  uint32_t used = (uint32_t)SK_MIN((int64_t)l->lanes, l->extent), stack_before = vc->open_stack;
  lane_store *stores = sk_arena_zalloc(&g->scratch, (carries * copies + 1) * sizeof *stores, 4);
  uint32_t stride = g->vector_bytes, log2_stride = stride == 64 ? 6 : 5;
  for (uint32_t c = 0; c < carries; c++) {
    uint32_t inst = l->begin + 1 + c;
    const sk_inst *carry = sk_gen_inst(g, inst);
    for (uint32_t u = 0; u < (g->vary[inst] ? copies : 1); u++) {
      stores[c * copies + u] = (lane_store){vc->open_stack, stride, log2_stride};
      vc->open_stack += used * stride;
      sk_vr none =
          to_stored(g, (sk_lt)carry->type, lane_vl(g, inst), sk_gen_identity(g, carry, false));
      for (uint32_t lane = 0; lane < used; lane++) {
        sk_vc_store(vc, SK_X_VMOVUPS_ST, lane_vl(g, inst),
                    lane_slot(g, &stores[c * copies + u], lane, 0), none, 0);
      }
    }
  }
  vc->stack_bytes = SK_MAX(vc->stack_bytes, vc->open_stack);
  sk_gen_start(g, loop, 0);
  uint32_t vloop = sk_vc_loop(vc);
  sk_gen_body(g, loop);
  sk_vr lane = sk_vc_gi(vc, SK_X_AND_MI, g->counter[loop], l->lanes - 1);
  sk_vr offset = sk_vc_gi(vc, SK_X_SHL_I, lane, (int32_t)log2_stride);
  for (uint32_t c = 0; c < carries; c++) {
    uint32_t inst = l->begin + 1 + c, vl = lane_vl(g, inst);
    const sk_inst *carry = sk_gen_inst(g, inst), *yield = sk_gen_inst(g, l->end - carries + c);
    sk_lt type = (sk_lt)carry->type;
    for (uint32_t u = 0; u < (g->vary[inst] ? copies : 1); u++) {
      uint32_t at = lane_slot(g, &stores[c * copies + u], 0, offset);
      sk_vr old = from_stored(g, type, vl, load_lane(g, vl, at));
      sk_vr sum =
          sk_gen_combine(g, (sk_lop)carry->imm, type, 4, vl, old, sk_gen_val(g, yield->b, u), 0);
      sk_vc_store(vc, SK_X_VMOVUPS_ST, vl, at, to_stored(g, type, vl, sum), 0);
    }
  }
  sk_gen_step(g, loop, 1);
  sk_vc_end(vc, vloop, g->counter[loop], SK_CC_L, 0, l->extent);
  for (uint32_t c = 0; c < carries; c++) {
    uint32_t inst = l->begin + 1 + c, vl = lane_vl(g, inst);
    const sk_inst *carry = sk_gen_inst(g, inst);
    sk_lt type = (sk_lt)carry->type;
    for (uint32_t u = 0; u < (g->vary[inst] ? copies : 1); u++) {
      const lane_store *s = &stores[c * copies + u];
      for (uint32_t h = l->lanes / 2; h >= 1; h /= 2) {
        for (uint32_t k = 0; k < h && k + h < used; k++) {
          combine_lane(g, carry, vl, lane_slot(g, s, k, 0), lane_slot(g, s, k + h, 0));
        }
      }
      sk_vr total = from_stored(g, type, vl, load_lane(g, vl, lane_slot(g, s, 0, 0)));
      sk_vr result = add_initial(g, carry, vl, sk_gen_val(g, carry->a, u), total);
      sk_pure p = {.vary = g->vary[inst], .need = 3};
      if (type == SK_LT_PRED) {
        sk_gen_pred_forms(g, &p, result, false);
      }
      g->val[inst * g->max_copies + u] = result;
      g->val64[inst * g->max_copies + u] = p.result64;
    }
  }
  vc->open_stack = stack_before;
  sk_gen_undo(g, mark);
}
