// SPDX-License-Identifier: Apache-2.0
// Pure operations: constants, index vectors, and the table of those that are one instruction. The
// rest is delegated.
//
// Tables hold the instruction per result type; what v4 adds is in a table of its own.
// An operation is applied to each interleaved copy in turn, so that neighbouring instructions
// belong to independent chains.
#include "gen/gen_int.h"

typedef struct simple_op {
  uint16_t f32, f64, i32, i64;  // instruction by result type; 0 = not simple
  uint8_t commutes;
} simple_op;

// Two-operand operations, on both tiers unless `v4_64`.
static const simple_op two_operands[SK_LOP_COUNT] = {
    [SK_L_FADD] = {SK_X_VADDPS, SK_X_VADDPD, 0, 0, 1},
    [SK_L_FSUB] = {SK_X_VSUBPS, SK_X_VSUBPD, 0, 0, 0},
    [SK_L_FMUL] = {SK_X_VMULPS, SK_X_VMULPD, 0, 0, 1},
    [SK_L_FDIV] = {SK_X_VDIVPS, SK_X_VDIVPD, 0, 0, 0},
    [SK_L_FMAXX] = {SK_X_VMAXPS, SK_X_VMAXPD, 0, 0, 0},
    [SK_L_FMINX] = {SK_X_VMINPS, SK_X_VMINPD, 0, 0, 0},
    [SK_L_AND] = {SK_X_VANDPS, SK_X_VANDPD, SK_X_VPANDD, SK_X_VPANDQ, 1},
    [SK_L_OR] = {SK_X_VORPS, SK_X_VORPD, SK_X_VPORD, SK_X_VPORQ, 1},
    [SK_L_XOR] = {SK_X_VXORPS, SK_X_VXORPD, SK_X_VPXORD, SK_X_VPXORQ, 1},
    [SK_L_ANDN] = {SK_X_VANDNPS, SK_X_VANDNPD, SK_X_VPANDND, SK_X_VPANDNQ, 0},
    [SK_L_ADD] = {0, 0, SK_X_VPADDD, SK_X_VPADDQ, 1},
    [SK_L_SUB] = {0, 0, SK_X_VPSUBD, SK_X_VPSUBQ, 0},
    [SK_L_MUL] = {0, 0, SK_X_VPMULLD, 0, 1},
    [SK_L_SMIN] = {0, 0, SK_X_VPMINSD, 0, 1},
    [SK_L_SMAX] = {0, 0, SK_X_VPMAXSD, 0, 1},
    [SK_L_UMIN] = {0, 0, SK_X_VPMINUD, 0, 1},
    [SK_L_UMAX] = {0, 0, SK_X_VPMAXUD, 0, 1},
};

// What v4 adds.
static const simple_op two_operands_v4[SK_LOP_COUNT] = {
    [SK_L_MUL] = {0, 0, 0, SK_X_VPMULLQ, 1},  [SK_L_SMIN] = {0, 0, 0, SK_X_VPMINSQ, 1},
    [SK_L_SMAX] = {0, 0, 0, SK_X_VPMAXSQ, 1}, [SK_L_UMIN] = {0, 0, 0, SK_X_VPMINUQ, 1},
    [SK_L_UMAX] = {0, 0, 0, SK_X_VPMAXUQ, 1},
};

static uint32_t op_for(const simple_op *row, sk_lt type) {
  switch (type) {
    case SK_LT_F32: return row->f32;
    case SK_LT_F64: return row->f64;
    case SK_LT_I32: return row->i32;
    case SK_LT_I64: return row->i64;
    case SK_LT_NONE:
    case SK_LT_PRED: break;
  }
  return 0;
}

bool sk_gen_get_const(const sk_gen *g, sk_val v, uint64_t *out_bits) {
  const sk_inst *inst = &g->kernel->insts.data[v.id];
  *out_bits = inst->imm;
  return v.id != 0 && inst->op == SK_L_CONST;
}

sk_vr sk_gen_const(sk_gen *g, uint32_t elem_bytes, uint64_t bits) {
  if (elem_bytes < 4) {
    bits = elem_bytes == 1 ? (bits & 0xff) * 0x01010101u : (bits & 0xffff) * 0x00010001u;
    elem_bytes = 4;
  }
  return sk_vc_splat(&g->vc, g->full_vl, elem_bytes, bits);
}

sk_vr sk_gen_broadcast(sk_gen *g, uint32_t vl, uint32_t elem_bytes, sk_vr v) {
  uint32_t op = elem_bytes == 8   ? SK_X_VPBROADCASTQ
                : elem_bytes == 4 ? SK_X_VPBROADCASTD
                : elem_bytes == 2 ? SK_X_VPBROADCASTW
                                  : SK_X_VPBROADCASTB;
  return sk_vc_rm(&g->vc, op, vl, vl, v);
}

// ---- one-operand operations and fused multiply-add

static sk_vr round_to(sk_gen *g, const sk_pure *p, int32_t mode) {
  uint32_t op = p->type == SK_LT_F64 ? SK_X_VROUNDPD : SK_X_VROUNDPS;
  return sk_vc_rmi(&g->vc, op, p->vl, p->a, mode | 8);  // 8: no inexact exception
}

static sk_vr float_unary(sk_gen *g, const sk_pure *p) {
  bool f64 = p->type == SK_LT_F64;
  uint32_t elem = f64 ? 8 : 4;
  uint64_t sign = f64 ? UINT64_C(1) << 63 : 0x80000000u;
  switch ((int)p->op) {
    case SK_L_FSQRT: return sk_vc_rm(&g->vc, f64 ? SK_X_VSQRTPD : SK_X_VSQRTPS, p->vl, p->vl, p->a);
    case SK_L_FROUND: return round_to(g, p, 0);
    case SK_L_FFLOOR: return round_to(g, p, 1);
    case SK_L_FCEIL: return round_to(g, p, 2);
    case SK_L_FTRUNC: return round_to(g, p, 3);
    case SK_L_FABS:
      return sk_vc_rvm_commutes(&g->vc, f64 ? SK_X_VANDPD : SK_X_VANDPS, p->vl, p->a,
                                sk_gen_const(g, elem, ~sign));
    case SK_L_FNEG:
      return sk_vc_rvm_commutes(&g->vc, f64 ? SK_X_VXORPD : SK_X_VXORPS, p->vl, p->a,
                                sk_gen_const(g, elem, sign));
    default: return 0;
  }
}

static sk_vr fused(sk_gen *g, const sk_pure *p) {
  bool f64 = p->type == SK_LT_F64;
  switch ((int)p->op) {
    case SK_L_FMA:
      return sk_vc_fma(&g->vc, f64 ? SK_X_VFMADD132PD : SK_X_VFMADD132PS, p->vl, p->a, p->b, p->c);
    case SK_L_FNMA:
      return sk_vc_fma(&g->vc, f64 ? SK_X_VFNMADD132PD : SK_X_VFNMADD132PS, p->vl, p->a, p->b,
                       p->c);
    case SK_L_FMS:
      return sk_vc_fma(&g->vc, f64 ? SK_X_VFMSUB132PD : SK_X_VFMSUB132PS, p->vl, p->a, p->b, p->c);
    default: return 0;
  }
}

// ---- dispatch

static sk_vr apply_narrow(sk_gen *g, sk_pure *p) {
  sk_vr result = sk_gen_narrow(g, p);
  result = result != 0 ? result : sk_gen_predicate(g, p);
  if (result == 0) {
    sk_gen_unsupported(g, sk_lop_name(p->op));
  }
  return result;
}

sk_vr sk_gen_apply(sk_gen *g, sk_pure *p) {
  if (p->lane < 4) {
    return apply_narrow(g, p);
  }
  if ((uint32_t)p->op < SK_LOP_COUNT && p->type != SK_LT_PRED) {
    uint32_t op = op_for(&two_operands[p->op], p->type);
    uint32_t commutes = two_operands[p->op].commutes;
    if (op == 0 && g->v4) {
      op = op_for(&two_operands_v4[p->op], p->type);
    }
    if (op != 0) {
      return commutes ? sk_vc_rvm_commutes(&g->vc, op, p->vl, p->a, p->b)
                      : sk_vc_rvm(&g->vc, op, p->vl, p->a, p->b);
    }
  }
  if (p->op == SK_L_NOT) {
    uint32_t elem = sk_lt_bytes(p->type);
    return sk_vc_rvm_commutes(&g->vc, elem == 8 ? SK_X_VPXORQ : SK_X_VPXORD, p->vl, p->a,
                              sk_gen_const(g, elem, UINT64_MAX));
  }
  sk_vr result = float_unary(g, p);
  result = result != 0 ? result : fused(g, p);
  result = result != 0 ? result : sk_gen_predicate(g, p);
  result = result != 0 ? result : sk_gen_integer(g, p);
  result = result != 0 ? result : sk_gen_divide(g, p);
  result = result != 0 ? result : sk_gen_convert(g, p);
  if (result == 0) {
    sk_gen_unsupported(g, sk_lop_name(p->op));
  }
  return result;
}

static sk_vr index_value(sk_gen *g, uint32_t inst, uint32_t copy) {
  const sk_inst *in = sk_gen_inst(g, inst);
  uint32_t which = in->type == SK_LT_I64, elem = which ? 8 : 4;
  sk_vr ramp = g->ramp[in->imm][which];
  uint64_t offset = ((uint64_t)g->copy_base + copy) * g->lanes;
  if (!g->vary[inst] || offset == 0) {
    return ramp;
  }
  uint32_t vl = sk_gen_vl(g, true, elem);
  return sk_vc_rvm_commutes(&g->vc, which ? SK_X_VPADDQ : SK_X_VPADDD, vl, ramp,
                            sk_gen_const(g, elem, offset));
}

// Constants, indices and what only changes its type; false: none of these.
static bool apply_trivial(sk_gen *g, uint32_t i, uint32_t copy, sk_vr *out, sk_vr *out64) {
  const sk_inst *inst = sk_gen_inst(g, i);
  switch ((int)inst->op) {
    case SK_L_CONST:
      *out = inst->type == SK_LT_PRED ? sk_gen_pred_const(g, inst->imm & 1)
                                      : sk_gen_const(g, sk_lt_bytes((sk_lt)inst->type), inst->imm);
      *out64 = *out;
      return true;
    case SK_L_INDEX: *out = index_value(g, i, copy); return true;
    case SK_L_BITCAST: *out = sk_gen_val(g, inst->a, copy); return true;
    default: return false;
  }
}

// What all copies of an instruction have in common.
static sk_pure describe(const sk_gen *g, uint32_t i) {
  const sk_inst *inst = sk_gen_inst(g, i);
  bool vary = g->vary[i];
  sk_lt type = (sk_lt)inst->type, from = (sk_lt)sk_gen_inst(g, inst->a.id)->type;
  return (sk_pure){
      .op = inst->op == SK_L_MERGE ? SK_L_SELECT : (sk_lop)inst->op,
      .type = type,
      .from = from,
      .vary = vary,
      .vl = sk_gen_vl(g, vary, sk_gen_elem(g, vary, type)),
      .from_vl = sk_gen_vl(g, vary, sk_gen_elem(g, vary, from)),
      .need = g->need[i],
      .lane = (uint8_t)sk_gen_lane(g, vary),
      .inst = inst,
  };
}

static sk_vr operand(sk_gen *g, const sk_pure *p, sk_val v, uint32_t copy) {
  return p->lane < 4 ? sk_gen_lane_val(g, v, copy) : sk_gen_val(g, v, copy);
}

static void apply_to_copy(sk_gen *g, uint32_t i, sk_pure *p, uint32_t copy, sk_vr *out,
                          sk_vr *out64) {
  const sk_inst *inst = p->inst;
  p->a = operand(g, p, inst->a, copy);
  p->b = operand(g, p, inst->b, copy);
  p->c = operand(g, p, inst->c, copy);
  p->a64 = sk_gen_val64(g, inst->a, copy);
  p->b64 = sk_gen_val64(g, inst->b, copy);
  p->c64 = sk_gen_val64(g, inst->c, copy);
  p->result = p->result64 = 0;
  if (g->rotation[i] != 0) {  // the fused shifts have passed their operand on
    *out = sk_gen_rotate(g, p, g->rotation[i]);
    return;
  }
  *out = sk_gen_apply(g, p);
  *out64 = p->result64;
}

// Is this f32 -> f16 conversion done by the vector store that alone uses it?
static bool is_left_to_store(const sk_gen *g, uint32_t i) {
  const sk_inst *user = sk_gen_inst(g, g->last_user[i]);
  return g->vary[i] && g->use_count[i] == 1 && user->op == SK_L_STORE && user->a.id == i &&
         g->kernel->accesses.data[user->imm].mem == SK_MEM_U16;
}

void sk_gen_pure(sk_gen *g, uint32_t i) {
  const sk_inst *inst = sk_gen_inst(g, i);
  if (inst->op == SK_L_FTOH) {
    g->fused[i] = is_left_to_store(g, i);
  } else if (inst->op == SK_L_SHR) {
    sk_gen_join_shift(g, i);
  }
  uint32_t copies = g->vary[i] ? g->copies : 1;
  sk_pure pure = describe(g, i);
  sk_val kept = sk_gen_kept_in_lane(g, inst, pure.lane);
  for (uint32_t u = 0; u < copies; u++) {
    sk_vr *out = &g->val[i * g->max_copies + u], *out64 = &g->val64[i * g->max_copies + u];
    *out64 = 0;
    if (g->fused[i]) {  // a neighbour does the work: passes its operand on
      *out = sk_gen_val(g, inst->a, u);
    } else if (kept.id != 0) {
      *out = sk_gen_lane_val(g, kept, u);
    } else if (!apply_trivial(g, i, u, out, out64)) {
      apply_to_copy(g, i, &pure, u, out, out64);
    }
  }
}

// ---- combiners

// IEEE maximum and minimum of floats. x86's max gives the second operand when they are equal or
// unordered, so both orders together know the answer: equal results unless signed zeros (and/or of
// the two) or a NaN is involved.
static sk_vr float_extreme(sk_gen *g, bool is_max, bool f64, uint32_t vl, sk_vr x, sk_vr y) {
  sk_vcode *vc = &g->vc;
  uint32_t op = is_max ? (f64 ? SK_X_VMAXPD : SK_X_VMAXPS) : (f64 ? SK_X_VMINPD : SK_X_VMINPS);
  uint32_t both = is_max ? (f64 ? SK_X_VANDPD : SK_X_VANDPS) : (f64 ? SK_X_VORPD : SK_X_VORPS);
  sk_vr first = sk_vc_rvm(vc, op, vl, x, y), second = sk_vc_rvm(vc, op, vl, y, x);
  sk_vr result = sk_vc_rvm_commutes(vc, both, vl, first, second);
  if (g->v4) {
    sk_vr nan = sk_vc_k_rvmi(vc, f64 ? SK_X_VCMPPD_K : SK_X_VCMPPS_K, vl, x, y, SK_FCMP_UNORD, 0);
    return sk_vc_merge(vc, f64 ? SK_X_VADDPD : SK_X_VADDPS, vl, result, x, y, 0, nan);
  }
  sk_vr nan = sk_vc_rvmi(vc, f64 ? SK_X_VCMPPD : SK_X_VCMPPS, vl, x, y, SK_FCMP_UNORD);
  return sk_vc_rvm_commutes(vc, f64 ? SK_X_VORPD : SK_X_VORPS, vl, result, nan);
}

sk_vr sk_gen_combine(sk_gen *g, sk_lop combiner, sk_lt type, uint32_t lane, uint32_t vl, sk_vr x,
                     sk_vr y, sk_vr into) {
  sk_vr result;
  if ((int)combiner == SK_L_FMAX || (int)combiner == SK_L_FMIN) {
    result = float_extreme(g, (int)combiner == SK_L_FMAX, type == SK_LT_F64, vl, x, y);
  } else {
    sk_pure p = {.op = combiner,
                 .type = type,
                 .from = type,
                 .vary = true,
                 .vl = vl,
                 .from_vl = vl,
                 .a = x,
                 .b = y,
                 .need = 1,
                 .lane = (uint8_t)lane};
    if (type == SK_LT_PRED) {
      result = combiner == SK_L_PAND  ? sk_gen_mask_and(g, x, y)
               : combiner == SK_L_POR ? sk_gen_mask_or(g, x, y)
                                      : sk_gen_mask_xor(g, x, y);
    } else {
      result = sk_gen_apply(g, &p);
    }
  }
  if (into != 0) {  // the last instruction makes the result: let it write to `into`
    sk_vi *last = &g->vc.code.data[g->vc.code.count - 1];
    g->vc.vregs.data[result].def = 0;
    last->d = into;
    g->vc.vregs.data[into].is_mutable = 1;
    result = into;
  }
  return result;
}
