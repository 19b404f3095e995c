// SPDX-License-Identifier: Apache-2.0
// Loads and stores: element type x step of the lanes x mask -> instructions.
//
//   step along the vector loop
//     none (uniform)             one element, broadcast; under a mask: if any lane wants it
//     1; -1                      a vector; a vector with its lanes reversed
//     else                       lane by lane, or with its neighbours (gen_weave.c)
//   offsets that differ by lane
//     32- and 64-bit elements    gather, scatter (v3: stores lane by lane)
//     narrow ones                lane by lane
//   under a mask
//     v4                         masked instructions
//     v3                         vmaskmov for 32- and 64-bit elements, else lane by lane, each
//                                behind a bit test; in a tail whose length is known just the
//                                elements there are (gen_tail.c)
//
// No byte outside an access is ever touched: lanes that are off do not reach memory. 8- and 16-bit
// elements live in 32-bit lanes, or in narrower ones where the loop has such: loads widen, stores
// pack, if memory is narrower than the lanes. Predicates are bytes: loads compare with zero, stores
// write 0 or 1.
#include "gen/gen_int.h"

typedef struct transfer {
  uint32_t inst;
  uint32_t copy;
  sk_mem mem;
  uint32_t bytes;  // of an element in memory
  uint32_t elem;   // of a lane: 4 or 8, or 1 or 2 in narrow lanes
  uint32_t vl;
  int64_t step;        // elements per lane
  sk_vr mask, mask64;  // active lanes, 0 = all
  bool masked;
  bool vary;
} transfer;

static bool is_wide(const transfer *t) { return t->elem == 8; }
static bool is_narrow(const transfer *t) { return t->bytes < t->elem; }  // than its lane
static uint32_t length_for(uint32_t bytes) {
  return bytes <= 16 ? SK_XMM : bytes == 32 ? SK_YMM : SK_ZMM;
}

// The first so many lanes are active, and no others; 0: that is not known.
static uint32_t known_lanes(const sk_gen *g, const transfer *t) {
  return t->masked && !g->v4 && t->mask == g->tail_mask ? g->tail : 0;
}

static uint32_t address(sk_gen *g, const transfer *t, uint32_t lane, int64_t bytes) {
  return sk_vc_mem(&g->vc, sk_gen_address(g, t->inst, t->copy, lane, bytes));
}

// ---- 128-bit parts

sk_vr sk_gen_part(sk_gen *g, sk_vr v, uint32_t vl, uint32_t index) {
  if (index == 0) {
    return v;
  }
  if (vl == SK_ZMM && index >= 2) {
    v = sk_vc_mrr(&g->vc, SK_CLASS_V, SK_X_VEXTRACTI64X4, SK_ZMM, SK_YMM, v, 1);
    index -= 2;
  }
  return index == 0 ? v : sk_vc_mrr(&g->vc, SK_CLASS_V, SK_X_VEXTRACTI128, SK_YMM, SK_XMM, v, 1);
}

sk_vr sk_gen_join(sk_gen *g, const sk_vr *parts, uint32_t vl) {
  if (vl == SK_XMM) {
    return parts[0];
  }
  sk_vr low = sk_vc_rvmi(&g->vc, SK_X_VINSERTI128, SK_YMM, parts[0], parts[1], 1);
  if (vl == SK_YMM) {
    return low;
  }
  sk_vr high = sk_vc_rvmi(&g->vc, SK_X_VINSERTI128, SK_YMM, parts[2], parts[3], 1);
  return sk_vc_rvmi(&g->vc, SK_X_VINSERTI64X4, SK_ZMM, low, high, 1);
}

// Active lanes as bits of a general register.
static sk_vr mask_bits(sk_gen *g, const transfer *t) {
  if (g->v4) {
    return sk_vc_to(&g->vc, SK_CLASS_G, SK_X_KMOVW_RK, 0, t->mask);
  }
  return sk_vc_to(&g->vc, SK_CLASS_G, SK_X_VMOVMSKPS, sk_gen_vl(g, t->vary, 4), t->mask);
}

static sk_vr reverse_lanes(sk_gen *g, sk_vr v, uint32_t vl, uint32_t elem) {
  sk_vcode *vc = &g->vc;
  if (vl == SK_XMM) {
    return sk_vc_rmi(vc, SK_X_VPSHUFD, vl, v, elem == 8 ? 0x4e : 0x1b);
  }
  if (vl == SK_YMM && elem == 8) {
    return sk_vc_rmi(vc, SK_X_VPERMQ, vl, v, 0x1b);
  }
  uint8_t order[64] = {0};
  uint32_t count = (16u << vl) / elem;
  for (uint32_t i = 0; i < count; i++) {
    order[i * elem] = (uint8_t)(count - 1 - i);
  }
  return sk_vc_rvm(vc, elem == 8 ? SK_X_VPERMQ_V : SK_X_VPERMD, vl, sk_vc_vector(vc, vl, order), v);
}

// ---- what a value in memory form becomes

// Narrow integers packed in the low part of `packed` -> lanes of 32 or 16 bits.
static uint32_t widening_op(const transfer *t) {
  switch (t->mem) {
    case SK_MEM_S8: return t->elem == 4 ? SK_X_VPMOVSXBD : SK_X_VPMOVSXBW;
    case SK_MEM_S16: return SK_X_VPMOVSXWD;
    case SK_MEM_U16: return SK_X_VPMOVZXWD;
    case SK_MEM_PRED:
    case SK_MEM_U8: return t->elem == 4 ? SK_X_VPMOVZXBD : SK_X_VPMOVZXBW;
    case SK_MEM_NONE:
    case SK_MEM_I32:
    case SK_MEM_I64:
    case SK_MEM_F32:
    case SK_MEM_F64:
    case SK_MEM_COUNT: break;
  }
  return 0;
}

// Lanes that hold bytes -> predicate: which are not 0.
static void lanes_to_predicate(sk_gen *g, const transfer *t, sk_vr lanes, sk_vr *out,
                               sk_vr *out64) {
  if (g->v4) {
    uint32_t op = t->elem == 4 ? SK_X_VPTESTMD : t->elem == 2 ? SK_X_VPTESTMW : SK_X_VPTESTMB;
    *out = sk_vc_k_rvm(&g->vc, op, t->vl, lanes, lanes);
    return;
  }
  if (t->elem < 4) {  // bytes have no room for a sign
    sk_vr one = sk_gen_const(g, t->elem, 1);
    sk_vr bit = sk_vc_rvm_commutes(&g->vc, SK_X_VPMINUB, t->vl, lanes, one);
    *out =
        sk_vc_rvm_commutes(&g->vc, t->elem == 1 ? SK_X_VPCMPEQB : SK_X_VPCMPEQW, t->vl, bit, one);
    return;
  }
  sk_pure p = {.vary = t->vary, .need = g->need[t->inst]};
  sk_gen_pred_forms(g, &p, sk_vc_rvm(&g->vc, SK_X_VPCMPGTD, t->vl, lanes, sk_gen_const(g, 4, 0)),
                    false);
  *out = p.result;
  *out64 = p.result64;
}

// ---- loads

// One element to all lanes.
static sk_vr load_broadcast(sk_gen *g, const transfer *t) {
  sk_vcode *vc = &g->vc;
  uint32_t m = address(g, t, 0, 0);
  if (t->bytes >= 4) {
    uint32_t op = !is_wide(t)       ? SK_X_VBROADCASTSS
                  : t->vl == SK_XMM ? SK_X_VMOVDDUP
                                    : SK_X_VBROADCASTSD;
    return sk_vc_load(vc, op, t->vl, t->vl, m, 0);
  }
  uint32_t op = t->mem == SK_MEM_S8    ? SK_X_MOVSX8
                : t->mem == SK_MEM_S16 ? SK_X_MOVSX16
                : t->mem == SK_MEM_U16 ? SK_X_MOVZX16
                                       : SK_X_MOVZX8;
  sk_vr scalar = sk_vc_new(vc, SK_CLASS_G, 0);
  sk_vc_push(vc, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RM, .vl = SK_OP32, .d = scalar, .m = m});
  if (g->v4) {
    return sk_vc_to(vc, SK_CLASS_V, SK_X_VPBROADCASTD_G, t->vl, scalar);
  }
  return sk_gen_broadcast(g, t->vl, 4, sk_vc_to(vc, SK_CLASS_V, SK_X_VMOVD, SK_XMM, scalar));
}

// v4: the mask for narrow elements that do not fill an xmm register; it must have no bits beyond
// them.
static sk_vr packed_mask(sk_gen *g, const transfer *t) {
  return g->lanes * t->bytes < 16 ? sk_gen_trim_mask(g, t->mask, g->lanes) : t->mask;
}

// v4: moves under a mask, by the bytes of an element.
static uint32_t masked_move(const transfer *t, bool store) {
  static const uint16_t ops[4][2] = {{SK_X_VMOVDQU8, SK_X_VMOVDQU8_ST},
                                     {SK_X_VMOVDQU16, SK_X_VMOVDQU16_ST},
                                     {SK_X_VMOVUPS, SK_X_VMOVUPS_ST},
                                     {SK_X_VMOVUPD, SK_X_VMOVUPD_ST}};
  return ops[t->bytes == 8 ? 3 : t->bytes / 2][store];
}

static sk_vr load_vector(sk_gen *g, const transfer *t, uint32_t m) {
  sk_vcode *vc = &g->vc;
  if (!t->masked) {
    uint32_t op = is_narrow(t) ? widening_op(t) : is_wide(t) ? SK_X_VMOVUPD : SK_X_VMOVUPS;
    return sk_vc_load(vc, op, t->vl, t->vl, m, 0);
  }
  if (!g->v4) {
    return sk_vc_rvm_mem(vc, is_wide(t) ? SK_X_VMASKMOVPD : SK_X_VMASKMOVPS, t->vl,
                         is_wide(t) ? t->mask64 : t->mask, m, 0);
  }
  if (!is_narrow(t)) {
    return sk_vc_load(vc, masked_move(t, false), t->vl, t->vl, m, t->mask);
  }
  uint32_t packed_vl = length_for(g->lanes * t->bytes);
  sk_vr packed = sk_vc_load(vc, masked_move(t, false), packed_vl, packed_vl, m, packed_mask(g, t));
  return sk_vc_rm(vc, widening_op(t), t->vl, t->vl, packed);
}

// v3, in a tail: narrow elements, or any in narrow lanes, one after the other.
static sk_vr load_tail(sk_gen *g, const transfer *t, uint32_t known) {
  uint32_t packed_vl = length_for(g->lanes * t->bytes);
  sk_vr packed = sk_gen_load_bytes(g, t->inst, t->copy, packed_vl, known * t->bytes);
  return is_narrow(t) ? sk_vc_rm(&g->vc, widening_op(t), t->vl, t->vl, packed) : packed;
}

// A load that only one instruction of the same block uses becomes that instruction's memory operand
// if it can.
static bool can_wait(const sk_gen *g, const transfer *t) {
  uint32_t i = t->inst, user = g->last_user[i];
  if (t->masked || is_narrow(t) || g->use_count[i] != 1 || g->block[user] != g->block[i]) {
    return false;
  }
  const sk_inst *u = sk_gen_inst(g, user);
  if (u->op == SK_L_YIELD) {  // combined right after the body in a reduction; carried on otherwise
    if (g->kernel->loops.data[g->in_loop[user]].kind != SK_LOOP_RED) {
      return false;
    }
  } else if (u->op == SK_L_BITCAST || u->op == SK_L_IF ||
             sk_gen_kept_in_lane(g, u, t->elem < 4 ? t->elem : 4).id != 0) {
    return false;
  }
  return !g->written[sk_gen_inst(g, i)->imm] || g->stores[i] == g->stores[user];
}

static sk_vr lazy_load(sk_gen *g, const transfer *t, uint32_t m) {
  sk_vr v = sk_vc_new(&g->vc, SK_CLASS_V, t->vl);
  sk_vreg *r = &g->vc.vregs.data[v];
  r->remat = SK_REMAT_MEM;
  r->data = m;
  r->def = g->vc.code.count;
  g->vc.uses_upper |= t->vl != SK_XMM;
  return v;
}

// Where lane `lane` is: by stride, or by its own offset in a general register (which then includes
// the stride).
static uint32_t lane_memory(sk_gen *g, const transfer *t, uint32_t lane, const sk_vr *indices,
                            sk_vmem base) {
  sk_vmem mem = base;
  if (indices == NULL) {
    mem = sk_gen_address(g, t->inst, t->copy, lane, 0);
  } else {
    mem.index = indices[lane];
    mem.scale = (uint8_t)(t->bytes == 8 ? 3 : t->bytes == 4 ? 2 : t->bytes == 2 ? 1 : 0);
  }
  return sk_vc_mem(&g->vc, mem);
}

// The address that per-lane offsets are added to: its index register is free.
static sk_vmem offset_base(sk_gen *g, const transfer *t) {
  sk_vmem mem = sk_gen_address(g, t->inst, t->copy, 0, 0);
  if (mem.index != 0) {  // the counter is in the way
    mem = (sk_vmem){.base = sk_vc_lea(&g->vc, mem)};
  }
  return mem;
}

// Lane by lane into vectors of `bytes`-wide elements, starting from zero. `indices` (general
// registers) or none.
static sk_vr load_lanes(sk_gen *g, const transfer *t, const sk_vr *indices) {
  sk_vcode *vc = &g->vc;
  uint32_t packed_vl = length_for(g->lanes * t->bytes);
  uint32_t per_part = 16 / t->bytes, count = SK_MIN(g->lanes, per_part);
  uint32_t op = t->bytes == 1   ? SK_X_VPINSRB
                : t->bytes == 2 ? SK_X_VPINSRW
                : t->bytes == 4 ? SK_X_VINSERTPS
                                : SK_X_VPINSRQ;
  uint32_t known = known_lanes(g, t);
  bool tested = t->masked && known == 0;
  sk_vr bits = tested ? mask_bits(g, t) : 0, parts[4];
  sk_vmem base = {0};
  if (indices != NULL) {
    base = offset_base(g, t);
  }
  for (uint32_t p = 0; p < SK_COUNT(parts); p++) {
    parts[p] = sk_vc_splat(vc, SK_XMM, 4, 0);
  }
  for (uint32_t lane = 0; lane < (known != 0 ? known : g->lanes); lane++) {
    uint32_t m = lane_memory(g, t, lane, indices, base), at = lane % count;
    int32_t imm = (int32_t)(t->bytes == 4 ? at << 4 : at);
    sk_vr *part = &parts[lane / count];
    if (!tested && at == 0 && t->bytes >= 4) {
      *part = sk_vc_load(vc, t->bytes == 8 ? SK_X_VMOVSD : SK_X_VMOVSS, SK_XMM, SK_XMM, m, 0);
      continue;
    }
    sk_vr before = *part;
    if (tested) {
      *part = sk_vc_new(vc, SK_CLASS_V, SK_XMM);
      sk_vc_push(vc, (sk_vi){.op = (uint16_t)op,
                             .shape = SK_S_LANE_IN,
                             .d = *part,
                             .a = bits,
                             .c = before,
                             .m = m,
                             .imm = imm | (int32_t)(lane << 8)});
    } else if (t->bytes == 8) {
      *part = sk_vc_rvm_mem(vc, SK_X_VMOVHPS, SK_XMM, before, m, 0);
    } else {
      *part = sk_vc_rvm_mem(vc, op, SK_XMM, before, m, imm);
    }
  }
  sk_vr packed = sk_gen_join(g, parts, packed_vl);
  return is_narrow(t) ? sk_vc_rm(vc, widening_op(t), t->vl, t->vl, packed) : packed;
}

// The per-lane offsets of a gather or scatter, with the access's own step along the lanes added.
static sk_vr lane_offsets(sk_gen *g, const transfer *t, sk_val dyn) {
  uint32_t elem = sk_gen_inst(g, dyn.id)->type == SK_LT_I64 ? 8 : 4, vl = sk_gen_vl(g, true, elem);
  sk_vr offsets = sk_gen_val(g, dyn, t->copy);
  if (t->step == 0) {
    return offsets;
  }
  uint8_t bytes[64] = {0};
  for (uint32_t lane = 0; lane < g->lanes; lane++) {
    int64_t value = t->step * (int64_t)lane;
    memcpy(bytes + lane * elem, &value, elem);
  }
  return sk_vc_rvm_commutes(&g->vc, elem == 8 ? SK_X_VPADDQ : SK_X_VPADDD, vl, offsets,
                            sk_vc_vector(&g->vc, vl, bytes));
}

// Offsets in general registers, one per lane.
static void extract_offsets(sk_gen *g, const transfer *t, sk_val dyn, sk_vr *out) {
  sk_vcode *vc = &g->vc;
  bool wide = sk_gen_inst(g, dyn.id)->type == SK_LT_I64;
  uint32_t vl = sk_gen_vl(g, true, wide ? 8 : 4), per_part = wide ? 2 : 4;
  sk_vr offsets = lane_offsets(g, t, dyn), part = 0;
  for (uint32_t lane = 0; lane < g->lanes; lane++) {
    uint32_t at = lane % per_part;
    if (at == 0) {
      part = sk_gen_part(g, offsets, vl, lane / per_part);
    }
    if (wide) {
      out[lane] = at == 0 ? sk_vc_mrr(vc, SK_CLASS_G, SK_X_VMOVQ_ST, SK_XMM, 0, part, 0)
                          : sk_vc_mrr(vc, SK_CLASS_G, SK_X_VPEXTRQ, SK_XMM, 0, part, (int32_t)at);
    } else {
      sk_vr low = at == 0 ? sk_vc_mrr(vc, SK_CLASS_G, SK_X_VMOVD_ST, SK_XMM, 0, part, 0)
                          : sk_vc_mrr(vc, SK_CLASS_G, SK_X_VPEXTRD, SK_XMM, 0, part, (int32_t)at);
      out[lane] = sk_vc_to(vc, SK_CLASS_G, SK_X_MOVSXD, SK_OP64, low);
    }
  }
}

// Instruction by width of the offsets and of the elements. `vl` is that of the wider.
static uint32_t indexed_op(const sk_gen *g, bool scatter, bool wide_offsets, bool wide) {
  static const uint16_t ops[3][2][2] = {
      {{SK_X_VPGATHERDD, SK_X_VPGATHERDQ}, {SK_X_VPGATHERQD, SK_X_VPGATHERQQ}},
      {{SK_X_VPGATHERDD_K, SK_X_VPGATHERDQ_K}, {SK_X_VPGATHERQD_K, SK_X_VPGATHERQQ_K}},
      {{SK_X_VPSCATTERDD, SK_X_VPSCATTERDQ}, {SK_X_VPSCATTERQD, SK_X_VPSCATTERQQ}},
  };
  return ops[scatter ? 2 : g->v4][wide_offsets][wide];
}

static uint32_t indexed_address(sk_gen *g, const transfer *t, sk_vr offsets) {
  sk_vmem mem = offset_base(g, t);
  mem.index = offsets;
  mem.scale = t->bytes == 8 ? 3 : 2;
  return sk_vc_mem(&g->vc, mem);
}

static sk_vr load_gather(sk_gen *g, const transfer *t, sk_val dyn) {
  sk_vcode *vc = &g->vc;
  if (is_narrow(t)) {
    sk_vr indices[16];
    extract_offsets(g, t, dyn, indices);
    return load_lanes(g, t, indices);
  }
  bool wide_offsets = sk_gen_inst(g, dyn.id)->type == SK_LT_I64;
  uint32_t vl = sk_gen_vl(g, true, wide_offsets || is_wide(t) ? 8 : 4);
  uint32_t m = indexed_address(g, t, lane_offsets(g, t, dyn));
  sk_vr d = sk_vc_new(vc, SK_CLASS_V, t->vl), zero = sk_vc_splat(vc, t->vl, 4, 0);
  sk_vi inst = {.op = (uint16_t)indexed_op(g, false, wide_offsets, is_wide(t)),
                .shape = SK_S_GATHER,
                .vl = (uint8_t)vl,
                .d = d,
                .c = zero,
                .m = m};
  if (g->v4) {
    inst.k = sk_vc_copy(vc, t->masked ? t->mask : sk_gen_all_lanes(g, g->lanes));
  } else {
    sk_vr mask =
        t->masked ? (is_wide(t) ? t->mask64 : t->mask) : sk_vc_splat(vc, t->vl, 4, UINT64_MAX);
    inst.b = sk_vc_copy(vc, mask);
  }
  sk_vc_push(vc, inst);
  return d;
}

static transfer begin_transfer(sk_gen *g, uint32_t inst, uint32_t copy, sk_val guard, sk_lt type,
                               bool vary) {
  const sk_inst *in = sk_gen_inst(g, inst);
  const sk_access *access = &g->kernel->accesses.data[in->imm];
  transfer t = {.inst = inst, .copy = copy, .mem = (sk_mem)access->mem, .vary = vary};
  t.bytes = sk_mem_bytes(t.mem);
  t.elem = sk_gen_elem(g, vary, type);
  t.vl = sk_gen_vl(g, vary, t.elem);
  if (g->vec_loop != SK_NO_LOOP && g->kernel->loops.data[g->vec_loop].extent != 1) {
    t.step = sk_access_stride(g->kernel, (uint32_t)in->imm, g->vec_loop);
  }
  t.mask = sk_gen_mask_and(g, sk_gen_val(g, guard, copy), g->mask[copy]);
  if (!g->v4 && t.elem == 8) {
    t.mask64 = sk_gen_mask_and(g, sk_gen_val64(g, guard, copy), g->mask64[copy]);
  }
  t.masked = t.mask != 0;
  return t;
}

// A uniform element behind a uniform guard: zero unless the guard holds.
static sk_vr load_guarded(sk_gen *g, const transfer *t, sk_vr guard) {
  sk_vr d = sk_vc_copy(&g->vc, sk_vc_splat(&g->vc, t->vl, 4, 0));
  uint32_t mark = g->undo.count;
  sk_gen_if_any(g, guard, false);
  sk_vr loaded = load_broadcast(g, t);
  sk_vc_push(&g->vc, (sk_vi){.shape = SK_S_COPY, .d = d, .a = loaded});
  sk_vc_endif(&g->vc);
  sk_gen_undo(g, mark);
  return d;
}

// A uniform element behind a guard that differs by lane: read once if any lane wants it, zero in the others.
static sk_vr load_uniform_masked(sk_gen *g, const transfer *t) {
  sk_vcode *vc = &g->vc;
  sk_vr d = sk_vc_copy(vc, sk_vc_splat(vc, t->vl, 4, 0));
  uint32_t mark = g->undo.count;
  sk_gen_if_any(g, t->mask, true);
  sk_vr loaded = load_broadcast(g, t);
  if (g->v4) {
    loaded = sk_vc_rm_zeroed(vc, is_wide(t) ? SK_X_VMOVUPD : SK_X_VMOVUPS, t->vl, loaded, t->mask);
  } else {
    loaded = sk_vc_rvm_commutes(vc, SK_X_VPANDD, t->vl, loaded, is_wide(t) ? t->mask64 : t->mask);
  }
  sk_vc_push(vc, (sk_vi){.shape = SK_S_COPY, .d = d, .a = loaded});
  sk_vc_endif(vc);
  sk_gen_undo(g, mark);
  return d;
}

static sk_vr load_copy(sk_gen *g, uint32_t i, uint32_t copy) {
  const sk_inst *inst = sk_gen_inst(g, i);
  transfer t = begin_transfer(g, i, copy, inst->b, (sk_lt)inst->type, g->vary[i]);
  if (!t.vary) {
    t.masked = false;  // someone takes the way here, so the element exists
    return inst->b.id != 0 ? load_guarded(g, &t, sk_gen_val(g, inst->b, 0)) : load_broadcast(g, &t);
  }
  if (g->addr[i].is_gather) {
    return load_gather(g, &t, inst->a);
  }
  if (t.step == 0 && t.masked) {
    return load_uniform_masked(g, &t);
  }
  uint32_t known = known_lanes(g, &t);
  if (t.step == 1 && known != 0 && t.bytes < 4) {
    return load_tail(g, &t, known);
  }
  bool lane_wise =
      (t.step != 1 && t.step != -1) || (t.masked && (t.step == -1 || (is_narrow(&t) && !g->v4)));
  if (lane_wise) {
    return load_lanes(g, &t, NULL);
  }
  if (t.step == -1) {
    uint32_t m = address(g, &t, g->lanes - 1, 0);
    return reverse_lanes(g, load_vector(g, &t, m), t.vl, t.elem);
  }
  uint32_t user = g->last_user[i];
  if (t.mem == SK_MEM_U16 && !t.masked && g->use_count[i] == 1 &&
      sk_gen_inst(g, user)->op == SK_L_HTOF) {
    g->fused[user] = 1;
    return sk_vc_load(&g->vc, SK_X_VCVTPH2PS, t.vl, t.vl, address(g, &t, 0, 0), 0);
  }
  uint32_t m = address(g, &t, 0, 0);
  return can_wait(g, &t) ? lazy_load(g, &t, m) : load_vector(g, &t, m);
}

static void load_general(sk_gen *g, uint32_t i) {
  sk_vcode *vc = &g->vc;
  sk_vr index = sk_vc_new(vc, SK_CLASS_G, 0);
  uint32_t m = sk_vc_mem(vc, sk_gen_address(g, i, 0, 0, 0));
  sk_vc_push(vc, (sk_vi){.op = SK_X_MOVSXD, .shape = SK_S_RM, .vl = SK_OP64, .d = index, .m = m});
  g->val[i * g->max_copies] = index;
}

void sk_gen_load(sk_gen *g, uint32_t i) {
  const sk_inst *inst = sk_gen_inst(g, i);
  uint32_t copies = g->vary[i] ? g->copies : 1, user = g->last_user[i];
  if (g->general[i]) {
    load_general(g, i);
    return;
  }
  sk_gen_join_shift(g, i);
  if (sk_gen_woven(g, i) || sk_gen_load_words(g, i)) {
    return;
  }
  if (sk_gen_inst(g, user)->op == SK_L_HTOF) {
    g->fused[user] = 0;
  }
  for (uint32_t u = 0; u < copies; u++) {
    sk_vr *out = &g->val[i * g->max_copies + u], *out64 = &g->val64[i * g->max_copies + u];
    *out = load_copy(g, i, u);
    *out64 = 0;
    if (inst->type == SK_LT_PRED) {
      uint32_t elem = sk_gen_lane(g, g->vary[i]);
      transfer t = {.inst = i, .elem = elem, .vary = g->vary[i]};
      t.vl = sk_gen_vl(g, t.vary, elem);
      lanes_to_predicate(g, &t, *out, out, out64);
    }
  }
}

// ---- stores

// Lanes -> bytes or 16-bit elements, packed at the bottom.
static sk_vr pack(sk_gen *g, const transfer *t, sk_vr v) {
  sk_vcode *vc = &g->vc;
  uint32_t vl = t->vl, in_part = 16 / t->elem;
  if (g->v4) {
    uint32_t op = t->elem == 2 ? SK_X_VPMOVWB : t->bytes == 1 ? SK_X_VPMOVDB : SK_X_VPMOVDW;
    return sk_vc_mrr(vc, SK_CLASS_V, op, vl, length_for(g->lanes * t->bytes), v, 0);
  }
  uint8_t order[32];
  memset(order, 0x80, sizeof order);
  for (uint32_t i = 0; i < in_part; i++) {
    for (uint32_t b = 0; b < t->bytes; b++) {
      order[i * t->bytes + b] = order[16 + i * t->bytes + b] = (uint8_t)(t->elem * i + b);
    }
  }
  sk_vr packed = sk_vc_rvm(vc, SK_X_VPSHUFB, vl, v, sk_vc_vector(vc, vl, order));
  if (vl == SK_XMM) {
    return packed;
  }
  sk_vr high = sk_vc_mrr(vc, SK_CLASS_V, SK_X_VEXTRACTI128, SK_YMM, SK_XMM, packed, 1);
  uint32_t op = in_part * t->bytes == 4 ? SK_X_VPUNPCKLDQ : SK_X_VPUNPCKLQDQ;
  return sk_vc_rvm(vc, op, SK_XMM, packed, high);
}

// Predicate -> bytes 0 or 1, packed at the bottom of a register.
static sk_vr pack_predicate(sk_gen *g, const transfer *t, sk_vr mask) {
  sk_vcode *vc = &g->vc;
  uint32_t packed_vl = length_for(g->lanes);
  sk_vr ones = sk_vc_splat(vc, packed_vl, 4, 0x01010101);
  if (g->v4) {
    return sk_vc_rm_zeroed(vc, SK_X_VMOVDQU8, packed_vl, ones, mask);
  }
  if (t->elem == 1) {
    return sk_vc_rvm_commutes(vc, SK_X_VPANDD, packed_vl, mask, ones);
  }
  sk_vr high = t->vl == SK_YMM
                   ? sk_vc_mrr(vc, SK_CLASS_V, SK_X_VEXTRACTI128, SK_YMM, SK_XMM, mask, 1)
                   : mask;
  sk_vr bytes;
  if (t->elem == 2) {
    bytes = sk_vc_rvm(vc, SK_X_VPACKSSWB, SK_XMM, mask, high);
  } else {
    sk_vr words = sk_vc_rvm(vc, SK_X_VPACKSSDW, SK_XMM, mask, high);
    bytes = sk_vc_rvm(vc, SK_X_VPACKSSWB, SK_XMM, words, words);
  }
  return sk_vc_rvm_commutes(vc, SK_X_VPANDD, SK_XMM, bytes, ones);
}

// Lane 0.
static void store_scalar(sk_gen *g, const transfer *t, sk_vr v) {
  sk_vcode *vc = &g->vc;
  if (t->mem == SK_MEM_PRED && g->v4) {
    sk_vr bit = sk_vc_gi(vc, SK_X_AND_MI, sk_vc_to(vc, SK_CLASS_G, SK_X_KMOVW_RK, 0, v), 1);
    sk_vc_store(vc, SK_X_MOV8_MR, SK_OP32, address(g, t, 0, 0), bit, 0);
    return;
  }
  if (t->mem == SK_MEM_PRED) {
    v = sk_vc_shift(vc, SK_X_VPSRLD_I, SK_XMM, v, 31);
  }
  uint32_t op = t->bytes == 8   ? SK_X_VMOVSD_ST
                : t->bytes == 4 ? SK_X_VMOVSS_ST
                : t->bytes == 2 ? SK_X_VPEXTRW
                                : SK_X_VPEXTRB;
  sk_vc_store(vc, op, SK_XMM, address(g, t, 0, 0), v, 0);
}

// The elements, packed as they are in memory, lane by lane.
static void store_lanes(sk_gen *g, const transfer *t, sk_vr packed, const sk_vr *indices) {
  sk_vcode *vc = &g->vc;
  uint32_t vl = length_for(g->lanes * t->bytes);
  uint32_t count = SK_MIN(g->lanes, 16 / t->bytes);
  uint32_t op = t->bytes == 8   ? SK_X_VPEXTRQ
                : t->bytes == 4 ? SK_X_VEXTRACTPS
                : t->bytes == 2 ? SK_X_VPEXTRW
                                : SK_X_VPEXTRB;
  uint32_t known = known_lanes(g, t);
  bool tested = t->masked && known == 0;
  sk_vr bits = tested ? mask_bits(g, t) : 0, part = 0;
  sk_vmem base = {0};
  if (indices != NULL) {
    base = offset_base(g, t);
  }
  for (uint32_t lane = 0; lane < (known != 0 ? known : g->lanes); lane++) {
    uint32_t at = lane % count;
    if (at == 0) {
      part = sk_gen_part(g, packed, vl, lane / count);
    }
    uint32_t m = lane_memory(g, t, lane, indices, base);
    if (tested) {
      sk_vc_push(vc, (sk_vi){.op = (uint16_t)op,
                             .shape = SK_S_LANE_OUT,
                             .a = bits,
                             .b = part,
                             .m = m,
                             .imm = (int32_t)(at | lane << 8)});
    } else if (at == 0 && t->bytes >= 4) {
      sk_vc_store(vc, t->bytes == 8 ? SK_X_VMOVSD_ST : SK_X_VMOVSS_ST, SK_XMM, m, part, 0);
    } else {
      sk_vc_push(vc, (sk_vi){.op = (uint16_t)op,
                             .shape = SK_S_STORE,
                             .vl = SK_XMM,
                             .a = part,
                             .m = m,
                             .imm = (int32_t)at});
    }
  }
}

// Packed elements to consecutive places.
static void store_packed(sk_gen *g, const transfer *t, sk_vr packed) {
  uint32_t bytes = g->lanes * t->bytes, m = address(g, t, 0, 0);
  if (t->masked) {
    sk_vc_store(&g->vc, masked_move(t, true), length_for(bytes), m, packed, packed_mask(g, t));
    return;
  }
  uint32_t op = bytes == 4 ? SK_X_VMOVD_ST : bytes == 8 ? SK_X_VMOVQ_XX_ST : SK_X_VMOVDQU32_ST;
  sk_vc_store(&g->vc, op, length_for(bytes), m, packed, 0);
}

static void store_vector(sk_gen *g, const transfer *t, sk_vr v) {
  uint32_t m = address(g, t, 0, 0);
  if (!t->masked || g->v4) {
    uint32_t plain = is_wide(t) ? SK_X_VMOVUPD_ST : SK_X_VMOVUPS_ST;
    sk_vc_store(&g->vc, t->masked ? masked_move(t, true) : plain, t->vl, m, v,
                t->masked ? t->mask : 0);
    return;
  }
  sk_vc_push(&g->vc, (sk_vi){.op = is_wide(t) ? SK_X_VMASKMOVPD_ST : SK_X_VMASKMOVPS_ST,
                             .shape = SK_S_STORE,
                             .vl = (uint8_t)t->vl,
                             .a = v,
                             .b = is_wide(t) ? t->mask64 : t->mask,
                             .m = m});
}

static void store_scatter(sk_gen *g, const transfer *t, sk_val dyn, sk_vr packed) {
  if (!g->v4 || is_narrow(t)) {
    sk_vr indices[16];
    extract_offsets(g, t, dyn, indices);
    store_lanes(g, t, packed, indices);
    return;
  }
  bool wide_offsets = sk_gen_inst(g, dyn.id)->type == SK_LT_I64;
  uint32_t vl = sk_gen_vl(g, true, wide_offsets || is_wide(t) ? 8 : 4);
  uint32_t m = indexed_address(g, t, lane_offsets(g, t, dyn));
  sk_vc_push(&g->vc,
             (sk_vi){.op = (uint16_t)indexed_op(g, true, wide_offsets, is_wide(t)),
                     .shape = SK_S_SCATTER,
                     .vl = (uint8_t)vl,
                     .a = packed,
                     .m = m,
                     .k = sk_vc_copy(&g->vc, t->masked ? t->mask : sk_gen_all_lanes(g, g->lanes))});
}

static bool is_converted(const sk_gen *g, const transfer *t, const sk_inst *inst) {
  return t->mem == SK_MEM_U16 && sk_gen_inst(g, inst->a.id)->op == SK_L_FTOH &&
         g->fused[inst->a.id];
}

// In memory form: what store_lanes and store_packed expect.
static sk_vr memory_form(sk_gen *g, const transfer *t, const sk_inst *inst, sk_vr v) {
  if (t->mem == SK_MEM_PRED) {
    return pack_predicate(g, t, v);
  }
  if (is_converted(g, t, inst)) {  // f16: the conversion was left to the store
    uint32_t packed_vl = t->vl == SK_XMM ? SK_XMM : t->vl - 1;
    return sk_vc_mrr(&g->vc, SK_CLASS_V, SK_X_VCVTPS2PH, t->vl, packed_vl, v, 0);
  }
  return is_narrow(t) ? pack(g, t, v) : v;
}

static void store_guarded(sk_gen *g, const transfer *t, sk_vr guard, sk_vr v) {
  uint32_t mark = g->undo.count;
  sk_gen_if_any(g, guard, false);
  store_scalar(g, t, v);
  sk_vc_endif(&g->vc);
  sk_gen_undo(g, mark);
}

static void store_copy(sk_gen *g, uint32_t i, uint32_t copy) {
  const sk_inst *inst = sk_gen_inst(g, i);
  bool in_lanes = g->vec_loop != SK_NO_LOOP;
  sk_lt type = (sk_lt)sk_gen_inst(g, inst->a.id)->type;
  transfer t = begin_transfer(g, i, copy, inst->c, type, in_lanes);
  sk_vr v = in_lanes ? sk_gen_lane_val(g, inst->a, copy) : sk_gen_val(g, inst->a, copy);
  if (!in_lanes) {
    if (inst->c.id != 0) {
      store_guarded(g, &t, sk_gen_val(g, inst->c, 0), v);
    } else {
      store_scalar(g, &t, v);
    }
    return;
  }
  if (g->addr[i].is_gather) {
    store_scatter(g, &t, inst->b, memory_form(g, &t, inst, v));
    return;
  }
  if (t.step == -1 && !t.masked && !is_narrow(&t)) {
    v = reverse_lanes(g, v, t.vl, t.elem);
    sk_vc_store(&g->vc, is_wide(&t) ? SK_X_VMOVUPD_ST : SK_X_VMOVUPS_ST, t.vl,
                address(g, &t, g->lanes - 1, 0), v, 0);
    return;
  }
  uint32_t known = known_lanes(g, &t);
  if (t.step == 1 && known != 0) {
    sk_gen_store_bytes(g, i, copy, memory_form(g, &t, inst, v), length_for(g->lanes * t.bytes),
                       known * t.bytes);
  } else if (t.step != 1 || (t.masked && is_narrow(&t) && !g->v4)) {
    store_lanes(g, &t, memory_form(g, &t, inst, v), NULL);
  } else if (is_converted(g, &t, inst) && !t.masked) {
    sk_vc_store(&g->vc, SK_X_VCVTPS2PH, t.vl, address(g, &t, 0, 0), v, 0);
  } else if (is_narrow(&t)) {
    store_packed(g, &t, memory_form(g, &t, inst, v));
  } else {
    store_vector(g, &t, memory_form(g, &t, inst, v));
  }
}

// v3, 16-bit elements one after the other: two copies fill a vector.
static bool stores_in_pairs(const sk_gen *g, uint32_t i) {
  const sk_inst *inst = sk_gen_inst(g, i);
  sk_mem mem = (sk_mem)g->kernel->accesses.data[inst->imm].mem;
  return !g->v4 && (mem == SK_MEM_U16 || mem == SK_MEM_S16) && g->vec_loop != SK_NO_LOOP &&
         g->lanes == 8 && inst->c.id == 0 && g->mask[0] == 0 && !g->addr[i].is_gather &&
         !g->fused[inst->a.id] &&
         sk_access_stride(g->kernel, (uint32_t)inst->imm, g->vec_loop) == 1;
}

// The lower halves of 32-bit lanes, the upper ones being 0.
static sk_vr low_halves(sk_gen *g, sk_val value, uint32_t copy) {
  const sk_inst *inst = sk_gen_inst(g, value.id);
  uint64_t amount;
  sk_vr v = sk_gen_val(g, value, copy);
  if (inst->op == SK_L_SHR && sk_gen_get_const(g, inst->b, &amount) && amount >= 16) {
    return v;
  }
  return sk_vc_rvm_commutes(&g->vc, SK_X_VPANDD, SK_YMM, v, sk_gen_const(g, 4, 0xffff));
}

static void store_pair(sk_gen *g, uint32_t i, uint32_t copy) {
  sk_vcode *vc = &g->vc;
  const sk_inst *inst = sk_gen_inst(g, i);
  transfer t = begin_transfer(g, i, copy, inst->c, SK_LT_I32, true);
  sk_vr first = low_halves(g, inst->a, copy), second = low_halves(g, inst->a, copy + 1);
  sk_vr packed = sk_vc_rvm(vc, SK_X_VPACKUSDW, SK_YMM, first, second);  // by 128-bit parts
  packed = sk_vc_rmi(vc, SK_X_VPERMQ, SK_YMM, packed, 0xd8);
  sk_vc_store(vc, SK_X_VMOVDQU32_ST, SK_YMM, address(g, &t, 0, 0), packed, 0);
}

void sk_gen_store(sk_gen *g, uint32_t i) {
  uint32_t copies = g->vec_loop != SK_NO_LOOP ? g->copies : 1, u = 0;
  if (sk_gen_woven(g, i) || sk_gen_store_words(g, i)) {
    return;
  }
  for (; u + 1 < copies && stores_in_pairs(g, i); u += 2) {
    store_pair(g, i, u);
  }
  for (; u < copies; u++) {
    store_copy(g, i, u);
  }
}
