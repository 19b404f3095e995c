// SPDX-License-Identifier: Apache-2.0
// Integers in lanes of 8 and 16 bits (gen_lanes.c says when): the low bits of each result from the
// low bits of the operands. Predicates about them are in gen_pred.c.
//
// x86 has no shifts and products of bytes; those of 16-bit lanes do two at once:
//
//   x << c, x >> c    shift, then clear what came from the other byte
//   x >> c, signed    the unsigned shift of x + 128, less 128 >> c
//   x y               even bytes from x y, odd ones from (x >> 8) (y & 0xff00), put together
#include "gen/gen_int.h"

typedef struct narrow_op {
  uint16_t of_bytes, of_words;  // instruction by lane; 0 = not one
  uint8_t commutes;
} narrow_op;

static const narrow_op two_operands[SK_LOP_COUNT] = {
    [SK_L_AND] = {SK_X_VPANDD, SK_X_VPANDD, 1},
    [SK_L_OR] = {SK_X_VPORD, SK_X_VPORD, 1},
    [SK_L_XOR] = {SK_X_VPXORD, SK_X_VPXORD, 1},
    [SK_L_ANDN] = {SK_X_VPANDND, SK_X_VPANDND, 0},
    [SK_L_ADD] = {SK_X_VPADDB, SK_X_VPADDW, 1},
    [SK_L_SUB] = {SK_X_VPSUBB, SK_X_VPSUBW, 0},
    [SK_L_MUL] = {0, SK_X_VPMULLW, 1},
    [SK_L_SMIN] = {SK_X_VPMINSB, SK_X_VPMINSW, 1},
    [SK_L_SMAX] = {SK_X_VPMAXSB, SK_X_VPMAXSW, 1},
    [SK_L_UMIN] = {SK_X_VPMINUB, SK_X_VPMINUW, 1},
    [SK_L_UMAX] = {SK_X_VPMAXUB, SK_X_VPMAXUW, 1},
};

static sk_vr shift_words(sk_gen *g, const sk_pure *p, uint32_t op, sk_vr a, int32_t by) {
  return sk_vc_shift(&g->vc, op, p->vl, a, by);
}

static sk_vr masked(sk_gen *g, const sk_pure *p, sk_vr a, uint32_t lane, uint64_t mask) {
  return sk_vc_rvm_commutes(&g->vc, SK_X_VPANDD, p->vl, a, sk_gen_const(g, lane, mask));
}

static sk_vr multiply_bytes(sk_gen *g, const sk_pure *p) {
  sk_vr even = masked(g, p, sk_vc_rvm_commutes(&g->vc, SK_X_VPMULLW, p->vl, p->a, p->b), 2, 0xff);
  sk_vr upper = shift_words(g, p, SK_X_VPSRLW_I, p->a, 8);
  sk_vr odd = sk_vc_rvm_commutes(&g->vc, SK_X_VPMULLW, p->vl, upper, masked(g, p, p->b, 2, 0xff00));
  return sk_vc_rvm_commutes(&g->vc, SK_X_VPORD, p->vl, even, odd);
}

static sk_vr shift_bytes(sk_gen *g, const sk_pure *p, int32_t by) {
  switch ((int)p->op) {
    case SK_L_SHL:
      return masked(g, p, shift_words(g, p, SK_X_VPSLLW_I, p->a, by), 1, 0xffu << by & 0xff);
    case SK_L_SHR: return masked(g, p, shift_words(g, p, SK_X_VPSRLW_I, p->a, by), 1, 0xffu >> by);
    default: break;
  }
  sk_vr biased = sk_vc_rvm_commutes(&g->vc, SK_X_VPXORD, p->vl, p->a, sk_gen_const(g, 1, 0x80));
  sk_vr shifted = masked(g, p, shift_words(g, p, SK_X_VPSRLW_I, biased, by), 1, 0xffu >> by);
  return sk_vc_rvm(&g->vc, SK_X_VPSUBB, p->vl, shifted, sk_gen_const(g, 1, 0x80u >> by));
}

// By a constant. Numbers that are extended with zeros have no sign to fill in.
static sk_vr shift(sk_gen *g, sk_pure p) {
  uint64_t amount = 0;
  (void)sk_gen_get_const(g, p.inst->b, &amount);
  amount = (uint32_t)amount;
  uint32_t width = 8u * p.lane;
  if (p.op == SK_L_SAR && !sk_gen_is_signed(g, p.inst->a, p.lane)) {
    p.op = SK_L_SHR;
  }
  if (amount >= width && p.op != SK_L_SAR) {
    return sk_gen_const(g, 4, 0);
  }
  int32_t by = (int32_t)SK_MIN(amount, width - 1);
  if (p.lane == 1) {
    return shift_bytes(g, &p, by);
  }
  uint32_t op = p.op == SK_L_SHL ? SK_X_VPSLLW_I : p.op == SK_L_SHR ? SK_X_VPSRLW_I : SK_X_VPSRAW_I;
  return shift_words(g, &p, op, p.a, by);
}

sk_vr sk_gen_narrow(sk_gen *g, const sk_pure *p) {
  bool bytes = p->lane == 1, same = p->inst != NULL && p->inst->op == p->op;
  sk_lop op = same ? sk_gen_lane_op(g, p->inst, p->lane) : p->op;
  if (p->type != SK_LT_I32) {
    return 0;
  }
  if (same && sk_gen_is_size(g, p->inst)) {
    return sk_vc_rm(&g->vc, bytes ? SK_X_VPABSB : SK_X_VPABSW, p->vl, p->vl, p->a);
  }
  uint32_t simple = bytes ? two_operands[op].of_bytes : two_operands[op].of_words;
  if (simple != 0) {
    return two_operands[op].commutes ? sk_vc_rvm_commutes(&g->vc, simple, p->vl, p->a, p->b)
                                     : sk_vc_rvm(&g->vc, simple, p->vl, p->a, p->b);
  }
  switch ((int)op) {
    case SK_L_NOT:
      return sk_vc_rvm_commutes(&g->vc, SK_X_VPXORD, p->vl, p->a, sk_gen_const(g, 4, UINT32_MAX));
    case SK_L_MUL: return multiply_bytes(g, p);
    case SK_L_SHL:
    case SK_L_SHR:
    case SK_L_SAR: return shift(g, *p);
    case SK_L_SEXT8:  // of words
      return shift_words(g, p, SK_X_VPSRAW_I, shift_words(g, p, SK_X_VPSLLW_I, p->a, 8), 8);
    default: return 0;
  }
}
