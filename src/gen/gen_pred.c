// SPDX-License-Identifier: Apache-2.0
// Predicates: comparisons, logic, select, conversion to integers.
//
//   v4   a mask register; bits above the lanes are anything. Uniform predicates have a bit for each
//        32-bit lane of a full vector.
//   v3   a vector of all-ones or all-zeros lanes. Where 64-bit values are in flight a predicate
//        exists with 32-bit lanes (`result`), with 64-bit lanes (`result64`), or both, as its users
//        want; uniform ones are the same bits either way.
//
// In narrow lanes masks have lanes or bits as narrow, and as many.
#include "gen/gen_int.h"

static bool has_wide_form(const sk_gen *g) { return g->lanes * 8 <= g->vector_bytes; }

// v4: more than 16 bits of a mask register count.
static bool has_many_lanes(const sk_gen *g) { return g->lanes > 16; }

sk_vr sk_gen_pred_const(sk_gen *g, bool value) {
  if (!g->v4) {
    return sk_vc_splat(&g->vc, g->full_vl, 4, value ? UINT64_MAX : 0);
  }
  bool many = has_many_lanes(g);
  return sk_vc_to(&g->vc, SK_CLASS_K, many ? SK_X_KMOVQ_KR : SK_X_KMOVW_KR, 0,
                  sk_vc_imm(&g->vc, !value ? 0
                                    : many ? -1
                                           : 0xffff));
}

static uint32_t length_of(const sk_gen *g, sk_vr v) { return g->vc.vregs.data[v].vl; }

static sk_vr k_logic(sk_gen *g, uint32_t few, uint32_t many, sk_vr x, sk_vr y) {
  return sk_vc_k_rvm(&g->vc, has_many_lanes(g) ? many : few, 0, x, y);
}

static sk_vr v_logic(sk_gen *g, uint32_t v_op, sk_vr x, sk_vr y) {
  uint32_t vl = SK_MIN(length_of(g, x), length_of(g, y));
  return sk_vc_rvm_commutes(&g->vc, v_op, vl, x, y);
}

sk_vr sk_gen_mask_and(sk_gen *g, sk_vr x, sk_vr y) {
  if (x == 0 || y == 0) {
    return x == 0 ? y : x;
  }
  return g->v4 ? k_logic(g, SK_X_KANDW, SK_X_KANDQ, x, y) : v_logic(g, SK_X_VANDPS, x, y);
}
sk_vr sk_gen_mask_or(sk_gen *g, sk_vr x, sk_vr y) {
  return g->v4 ? k_logic(g, SK_X_KORW, SK_X_KORQ, x, y) : v_logic(g, SK_X_VORPS, x, y);
}
sk_vr sk_gen_mask_xor(sk_gen *g, sk_vr x, sk_vr y) {
  return g->v4 ? k_logic(g, SK_X_KXORW, SK_X_KXORQ, x, y) : v_logic(g, SK_X_VXORPS, x, y);
}

static sk_vr negate(sk_gen *g, sk_vr x) {
  if (!g->v4) {
    return sk_vc_rvm_commutes(&g->vc, SK_X_VXORPS, length_of(g, x), x,
                              sk_gen_const(g, 4, UINT64_MAX));
  }
  return sk_vc_to(&g->vc, SK_CLASS_K, has_many_lanes(g) ? SK_X_KNOTQ : SK_X_KNOTW, 0, x);
}

sk_vr sk_gen_all_lanes(sk_gen *g, uint32_t lanes) {
  return sk_vc_to(&g->vc, SK_CLASS_K, SK_X_KMOVW_KR, 0, sk_vc_imm(&g->vc, (1 << lanes) - 1));
}

sk_vr sk_gen_trim_mask(sk_gen *g, sk_vr k, uint32_t lanes) {
  return sk_vc_k_rvm(&g->vc, SK_X_KANDW, 0, k, sk_gen_all_lanes(g, lanes));
}

// v3: lanes of 64 bits to lanes of 32 bits.
static sk_vr narrow(sk_gen *g, sk_vr wide) {
  sk_vr high = sk_vc_mrr(&g->vc, SK_CLASS_V, SK_X_VEXTRACTF128, SK_YMM, SK_XMM, wide, 1);
  return sk_vc_rvmi(&g->vc, SK_X_VSHUFPS, SK_XMM, wide, high, 0x88);
}

void sk_gen_pred_forms(sk_gen *g, sk_pure *p, sk_vr mask, bool wide) {
  p->result64 = 0;
  p->result = mask;
  if (g->v4) {
    return;
  }
  if (!p->vary) {
    p->result64 = mask;
    return;
  }
  if (!has_wide_form(g)) {
    return;
  }
  if (wide) {
    p->result64 = mask;
    p->result = p->need & 1 ? narrow(g, mask) : mask;
  } else if (p->need & 2) {
    uint32_t vl = sk_gen_vl(g, true, 8);
    p->result64 = sk_vc_rm(&g->vc, SK_X_VPMOVSXDQ, vl, vl, mask);
  }
}

// v4: a uniform predicate of 64-bit lanes gets its bits doubled.
static sk_vr widen_uniform(sk_gen *g, sk_vr k) {
  if (g->full_vl == SK_ZMM) {
    return sk_vc_k_rvm(&g->vc, SK_X_KUNPCKBW, 0, k, k);
  }
  sk_vr v = sk_vc_to(&g->vc, SK_CLASS_V, SK_X_VPMOVM2Q, g->full_vl, k);
  return sk_vc_to(&g->vc, SK_CLASS_K, SK_X_VPMOVD2M, g->full_vl, v);
}

// ---- comparisons

static int32_t float_predicate(sk_lop op) {
  switch ((int)op) {
    case SK_L_FEQ: return SK_FCMP_EQ;
    case SK_L_FNE: return SK_FCMP_NE;
    case SK_L_FLT: return SK_FCMP_LT;
    case SK_L_FLE: return SK_FCMP_LE;
    case SK_L_FUNORD: return SK_FCMP_UNORD;
    default: return -1;
  }
}

// Row of a table by the lanes of integer operands: 8, 16, 32, 64 bits.
static uint32_t width_of(const sk_pure *p) {
  return p->from == SK_LT_I64 ? 3 : p->lane == 4 ? 2 : p->lane - 1;
}

static sk_vr compare_v4(sk_gen *g, const sk_pure *p) {
  static const uint16_t integers[4][2] = {{SK_X_VPCMPB_K, SK_X_VPCMPUB_K},
                                          {SK_X_VPCMPW_K, SK_X_VPCMPUW_K},
                                          {SK_X_VPCMPD_K, SK_X_VPCMPUD_K},
                                          {SK_X_VPCMPQ_K, SK_X_VPCMPUQ_K}};
  int32_t predicate = float_predicate(p->op);
  bool wide = sk_lt_bytes(p->from) == 8;
  uint32_t op;
  if (predicate >= 0) {
    op = wide ? SK_X_VCMPPD_K : SK_X_VCMPPS_K;
  } else {
    op = integers[width_of(p)][p->op == SK_L_ULT || p->op == SK_L_ULE];
    switch ((int)p->op) {
      case SK_L_IEQ: predicate = SK_ICMP_EQ; break;
      case SK_L_INE: predicate = SK_ICMP_NE; break;
      case SK_L_SLT:
      case SK_L_ULT: predicate = SK_ICMP_LT; break;
      default: predicate = SK_ICMP_LE; break;
    }
  }
  sk_vr k = sk_vc_k_rvmi(&g->vc, op, p->from_vl, p->a, p->b, predicate, 0);
  return wide && !p->vary ? widen_uniform(g, k) : k;
}

static sk_vr flip_sign(sk_gen *g, sk_vr v, uint32_t vl) {
  return sk_vc_rvm_commutes(&g->vc, SK_X_VPXORQ, vl, v, sk_gen_const(g, 8, UINT64_C(1) << 63));
}

// v3 has signed greater-than and equality only.
static sk_vr compare_integers_v3(sk_gen *g, const sk_pure *p) {
  enum { EQ, GT, SMIN, UMIN };
  static const uint16_t ops[4][4] = {
      {SK_X_VPCMPEQB, SK_X_VPCMPGTB, SK_X_VPMINSB, SK_X_VPMINUB},
      {SK_X_VPCMPEQW, SK_X_VPCMPGTW, SK_X_VPMINSW, SK_X_VPMINUW},
      {SK_X_VPCMPEQD, SK_X_VPCMPGTD, SK_X_VPMINSD, SK_X_VPMINUD},
      {SK_X_VPCMPEQQ, SK_X_VPCMPGTQ, 0, 0},
  };
  sk_vcode *vc = &g->vc;
  bool wide = p->from == SK_LT_I64;
  const uint16_t *op = ops[width_of(p)];
  uint32_t vl = p->from_vl, eq = op[EQ], gt = op[GT];
  sk_vr a = p->a, b = p->b;
  switch ((int)p->op) {
    case SK_L_IEQ: return sk_vc_rvm_commutes(vc, eq, vl, a, b);
    case SK_L_INE: return negate(g, sk_vc_rvm_commutes(vc, eq, vl, a, b));
    case SK_L_SLT: return sk_vc_rvm(vc, gt, vl, b, a);
    case SK_L_SLE:
      if (!wide) {
        return sk_vc_rvm_commutes(vc, eq, vl, sk_vc_rvm_commutes(vc, op[SMIN], vl, a, b), a);
      }
      return negate(g, sk_vc_rvm(vc, gt, vl, a, b));
    case SK_L_ULE:
      if (!wide) {
        return sk_vc_rvm_commutes(vc, eq, vl, sk_vc_rvm_commutes(vc, op[UMIN], vl, a, b), a);
      }
      return negate(g, sk_vc_rvm(vc, gt, vl, flip_sign(g, a, vl), flip_sign(g, b, vl)));
    case SK_L_ULT:
      if (!wide) {
        return negate(
            g, sk_vc_rvm_commutes(vc, eq, vl, sk_vc_rvm_commutes(vc, op[UMIN], vl, a, b), b));
      }
      return sk_vc_rvm(vc, gt, vl, flip_sign(g, b, vl), flip_sign(g, a, vl));
    default: return 0;
  }
}

static sk_vr compare(sk_gen *g, sk_pure *p) {
  if (p->lane < 4) {
    p->op = sk_gen_lane_op(g, p->inst, p->lane);
  }
  if (g->v4) {
    p->result = compare_v4(g, p);
    return p->result;
  }
  int32_t predicate = float_predicate(p->op);
  bool wide = sk_lt_bytes(p->from) == 8;
  sk_vr mask = predicate >= 0 ? sk_vc_rvmi(&g->vc, wide ? SK_X_VCMPPD : SK_X_VCMPPS, p->from_vl,
                                           p->a, p->b, predicate)
                              : compare_integers_v3(g, p);
  sk_gen_pred_forms(g, p, mask, wide);
  return p->result;
}

// ---- logic

static sk_vr predicate_logic(sk_gen *g, sk_pure *p) {
  sk_vr a[2] = {p->a, p->a64}, b[2] = {p->b, p->b64}, result[2] = {0, 0};
  for (uint32_t form = 0; form < 2; form++) {
    bool wanted = g->v4 || !p->vary || !has_wide_form(g) ? form == 0 : p->need >> form & 1;
    if (!wanted) {
      continue;
    }
    switch ((int)p->op) {
      case SK_L_PAND: result[form] = sk_gen_mask_and(g, a[form], b[form]); break;
      case SK_L_POR: result[form] = sk_gen_mask_or(g, a[form], b[form]); break;
      case SK_L_PXOR: result[form] = sk_gen_mask_xor(g, a[form], b[form]); break;
      default: result[form] = negate(g, a[form]); break;
    }
  }
  p->result64 = g->v4 ? 0 : p->vary ? result[1] : result[0];
  p->result = result[0] != 0 ? result[0] : result[1];
  return p->result;
}

// ---- select

static bool is_zero(const sk_gen *g, const sk_pure *p, uint32_t operand) {
  uint64_t bits;
  return p->inst != NULL && sk_gen_get_const(g, operand == 1 ? p->inst->b : p->inst->c, &bits) &&
         bits == 0;
}

// Are all bits of the first choice set?
static bool is_ones(const sk_gen *g, const sk_pure *p) {
  uint64_t bits;
  return p->inst != NULL && sk_gen_get_const(g, p->inst->b, &bits) &&
         bits == (sk_lt_bytes(p->type) == 8 ? UINT64_MAX : UINT32_MAX);
}

static sk_vr select_values_v4(sk_gen *g, const sk_pure *p) {
  enum { FLOATS = 4 };  // after integers of 8, 16, 32 and 64 bits
  static const uint16_t blend[6] = {SK_X_VPBLENDMB, SK_X_VPBLENDMW, SK_X_VPBLENDMD,
                                    SK_X_VPBLENDMQ, SK_X_VBLENDMPS, SK_X_VBLENDMPD};
  static const uint16_t move[6] = {SK_X_VMOVDQU8,  SK_X_VMOVDQU16, SK_X_VMOVDQU32,
                                   SK_X_VMOVDQU64, SK_X_VMOVUPS,   SK_X_VMOVUPD};
  bool wide = sk_lt_bytes(p->type) == 8, is_float = p->type == SK_LT_F32 || p->type == SK_LT_F64;
  uint32_t row = is_float ? (uint32_t)FLOATS + wide : wide ? 3u : p->lane == 4 ? 2u : p->lane - 1u;
  return is_zero(g, p, 2) ? sk_vc_rm_zeroed(&g->vc, move[row], p->vl, p->b, p->a)
                          : sk_vc_select(&g->vc, blend[row], p->vl, p->c, p->b, p->a);
}

static sk_vr select_values(sk_gen *g, sk_pure *p) {
  sk_vcode *vc = &g->vc;
  bool wide = sk_lt_bytes(p->type) == 8;
  if (g->v4) {
    return select_values_v4(g, p);
  }
  sk_vr mask = wide ? p->a64 : p->a;
  if (is_zero(g, p, 2)) {
    return sk_vc_rvm_commutes(vc, SK_X_VANDPS, p->vl, mask, p->b);
  }
  if (is_zero(g, p, 1)) {
    return sk_vc_rvm(vc, SK_X_VANDNPS, p->vl, mask, p->c);
  }
  if (is_ones(g, p)) {
    return sk_vc_rvm_commutes(vc, SK_X_VORPS, p->vl, mask, p->c);
  }
  uint32_t op = wide ? SK_X_VBLENDVPD : p->lane == 4 ? SK_X_VBLENDVPS : SK_X_VPBLENDVB;
  return sk_vc_blend(vc, op, p->vl, p->c, p->b, mask);
}

static sk_vr select_predicates(sk_gen *g, sk_pure *p) {
  sk_vcode *vc = &g->vc;
  if (g->v4) {
    sk_vr yes = sk_gen_mask_and(g, p->a, p->b),
          no = k_logic(g, SK_X_KANDNW, SK_X_KANDNQ, p->a, p->c);
    return p->result = sk_gen_mask_or(g, yes, no);
  }
  bool forms = p->vary && has_wide_form(g);
  p->result = p->result64 = 0;
  if (!forms || (p->need & 1)) {
    p->result =
        sk_vc_blend(vc, p->lane == 4 ? SK_X_VBLENDVPS : SK_X_VPBLENDVB, p->vl, p->c, p->b, p->a);
  }
  if (forms && (p->need & 2)) {
    p->result64 = sk_vc_blend(vc, SK_X_VBLENDVPD, sk_gen_vl(g, true, 8), p->c64, p->b64, p->a64);
  }
  if (!p->vary) {
    p->result64 = p->result;
  }
  p->result = p->result != 0 ? p->result : p->result64;
  return p->result;
}

// PRED -> 0 or 1
static sk_vr to_integer(sk_gen *g, const sk_pure *p) {
  bool wide = p->type == SK_LT_I64;
  if (p->lane < 4) {
    sk_vr one = sk_gen_const(g, p->lane, 1);
    return g->v4 ? sk_vc_rm_zeroed(&g->vc, p->lane == 1 ? SK_X_VMOVDQU8 : SK_X_VMOVDQU16, p->vl,
                                   one, p->a)
                 : sk_vc_rvm_commutes(&g->vc, SK_X_VANDPS, p->vl, p->a, one);
  }
  sk_vr ones;
  if (g->v4) {
    ones = sk_vc_to(&g->vc, SK_CLASS_V, wide ? SK_X_VPMOVM2Q : SK_X_VPMOVM2D, p->vl, p->a);
  } else {
    ones = wide ? p->a64 : p->a;
  }
  return sk_vc_shift(&g->vc, wide ? SK_X_VPSRLQ_I : SK_X_VPSRLD_I, p->vl, ones, wide ? 63 : 31);
}

sk_vr sk_gen_predicate(sk_gen *g, sk_pure *p) {
  switch ((int)p->op) {
    case SK_L_FEQ:
    case SK_L_FNE:
    case SK_L_FLT:
    case SK_L_FLE:
    case SK_L_FUNORD:
    case SK_L_IEQ:
    case SK_L_INE:
    case SK_L_SLT:
    case SK_L_SLE:
    case SK_L_ULT:
    case SK_L_ULE: return compare(g, p);
    case SK_L_PAND:
    case SK_L_POR:
    case SK_L_PXOR:
    case SK_L_PNOT: return predicate_logic(g, p);
    case SK_L_SELECT: return p->type == SK_LT_PRED ? select_predicates(g, p) : select_values(g, p);
    case SK_L_ZEXT: return p->from == SK_LT_PRED ? to_integer(g, p) : 0;
    default: return 0;
  }
}
