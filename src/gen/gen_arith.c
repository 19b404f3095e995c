// SPDX-License-Identifier: Apache-2.0
// Integer operations that are not one instruction: shifts, rotates, 64-bit work on v3, high
// products, bit counts, division.
//
// Each sequence gives exactly the meaning stated in loop/lops.def for all inputs. Division of
// 32-bit integers goes through f64: both operands are exact there, and the rounded quotient
// truncates to the true one, because a quotient below an integer n stays below it by at least n *
// 2^-32. Division of 64-bit integers is scalar, lane by lane.
#include "gen/gen_int.h"

static sk_vr rvm(sk_gen *g, uint32_t op, uint32_t vl, sk_vr a, sk_vr b) {
  return sk_vc_rvm(&g->vc, op, vl, a, b);
}
static sk_vr shift(sk_gen *g, uint32_t op, uint32_t vl, sk_vr a, int32_t by) {
  return sk_vc_shift(&g->vc, op, vl, a, by);
}
static sk_vr k32(sk_gen *g, uint32_t bits) { return sk_gen_const(g, 4, bits); }
static sk_vr k64(sk_gen *g, uint64_t bits) { return sk_gen_const(g, 8, bits); }

// ---- shifts and rotates

static sk_vr sign_mask64(sk_gen *g, uint32_t vl, sk_vr x) {  // all ones where negative
  return g->v4 ? shift(g, SK_X_VPSRAQ_I, vl, x, 63) : rvm(g, SK_X_VPCMPGTQ, vl, k64(g, 0), x);
}

static sk_vr shift_by_constant(sk_gen *g, const sk_pure *p, uint64_t amount) {
  bool wide = p->type == SK_LT_I64;
  int32_t by = (int32_t)SK_MIN(wide ? amount : (uint32_t)amount, 255u);
  uint32_t vl = p->vl;
  switch ((int)p->op) {
    case SK_L_SHL: return shift(g, wide ? SK_X_VPSLLQ_I : SK_X_VPSLLD_I, vl, p->a, by);
    case SK_L_SHR: return shift(g, wide ? SK_X_VPSRLQ_I : SK_X_VPSRLD_I, vl, p->a, by);
    case SK_L_SAR: break;
    default: return 0;
  }
  if (!wide) {
    return shift(g, SK_X_VPSRAD_I, vl, p->a, by);
  }
  if (g->v4) {
    return shift(g, SK_X_VPSRAQ_I, vl, p->a, by);
  }
  if (by >= 63) {
    return sign_mask64(g, vl, p->a);
  }
  sk_vr low = shift(g, SK_X_VPSRLQ_I, vl, p->a, by);
  if (by < 32) {  // the high half of each lane comes from a 32-bit arithmetic shift
    return sk_vc_rvmi(&g->vc, SK_X_VPBLENDD, vl, low, shift(g, SK_X_VPSRAD_I, vl, p->a, by), 0xaa);
  }
  sk_vr sign = sign_mask64(g, vl, p->a);
  return rvm(g, SK_X_VPORQ, vl, low, shift(g, SK_X_VPSLLQ_I, vl, sign, 64 - by));
}

static sk_vr shift_by_lane(sk_gen *g, const sk_pure *p) {
  bool wide = p->type == SK_LT_I64;
  uint32_t vl = p->vl;
  switch ((int)p->op) {
    case SK_L_SHL: return rvm(g, wide ? SK_X_VPSLLVQ : SK_X_VPSLLVD, vl, p->a, p->b);
    case SK_L_SHR: return rvm(g, wide ? SK_X_VPSRLVQ : SK_X_VPSRLVD, vl, p->a, p->b);
    case SK_L_SAR: break;
    default: return 0;
  }
  if (!wide || g->v4) {
    return rvm(g, wide ? SK_X_VPSRAVQ : SK_X_VPSRAVD, vl, p->a, p->b);
  }
  sk_vr sign = sign_mask64(g, vl, p->a);  // a logical shift of the absolute pattern, sign put back
  sk_vr bits = rvm(g, SK_X_VPSRLVQ, vl, rvm(g, SK_X_VPXORQ, vl, p->a, sign), p->b);
  return rvm(g, SK_X_VPXORQ, vl, bits, sign);
}

// Rotation of 32-bit lanes by whole bytes as a byte shuffle.
static sk_vr rotate_bytes(sk_gen *g, uint32_t vl, sk_vr x, uint32_t bytes) {
  uint8_t order[64];
  for (uint32_t i = 0; i < 64; i++) {
    order[i] = (uint8_t)((i & 12) | ((i + 4 - bytes) & 3));
  }
  return rvm(g, SK_X_VPSHUFB, vl, x, sk_vc_vector(&g->vc, vl, order));
}

sk_vr sk_gen_rotate(sk_gen *g, const sk_pure *p, uint64_t amount) {
  bool wide = p->type == SK_LT_I64;
  uint32_t vl = p->vl, width = wide ? 64 : 32;
  int32_t by = (int32_t)(amount & (width - 1));
  if (g->v4) {
    return shift(g, wide ? SK_X_VPROLQ_I : SK_X_VPROLD_I, vl, p->a, by);
  }
  if (!wide && by % 8 == 0) {
    return rotate_bytes(g, vl, p->a, (uint32_t)by / 8);
  }
  sk_vr left = shift(g, wide ? SK_X_VPSLLQ_I : SK_X_VPSLLD_I, vl, p->a, by);
  sk_vr right = shift(g, wide ? SK_X_VPSRLQ_I : SK_X_VPSRLD_I, vl, p->a, (int32_t)width - by);
  return rvm(g, wide ? SK_X_VPORQ : SK_X_VPORD, vl, left, right);
}

static sk_vr rotate(sk_gen *g, const sk_pure *p) {
  bool wide = p->type == SK_LT_I64;
  uint32_t vl = p->vl;
  uint64_t amount;
  if (p->inst != NULL && sk_gen_get_const(g, p->inst->b, &amount)) {
    return sk_gen_rotate(g, p, amount);
  }
  if (g->v4) {
    return rvm(g, wide ? SK_X_VPROLVQ : SK_X_VPROLVD, vl, p->a, p->b);
  }
  sk_vr by = rvm(g, SK_X_VPANDD, vl, p->b, wide ? k64(g, 63) : k32(g, 31));
  sk_vr back = rvm(g, wide ? SK_X_VPSUBQ : SK_X_VPSUBD, vl, wide ? k64(g, 64) : k32(g, 32), by);
  return rvm(g, wide ? SK_X_VPORQ : SK_X_VPORD, vl,
             rvm(g, wide ? SK_X_VPSLLVQ : SK_X_VPSLLVD, vl, p->a, by),
             rvm(g, wide ? SK_X_VPSRLVQ : SK_X_VPSRLVD, vl, p->a, back));
}

// ---- products

// Low 64 bits on v3: low * low + ((low * high + high * low) << 32).
static sk_vr multiply64(sk_gen *g, uint32_t vl, sk_vr a, sk_vr b) {
  sk_vr swapped = sk_vc_rmi(&g->vc, SK_X_VPSHUFD, vl, b, 0xb1);
  sk_vr cross = rvm(g, SK_X_VPMULLD, vl, a, swapped);
  sk_vr sum = rvm(g, SK_X_VPADDD, vl, cross, shift(g, SK_X_VPSRLQ_I, vl, cross, 32));
  return rvm(g, SK_X_VPADDQ, vl, rvm(g, SK_X_VPMULUDQ, vl, a, b),
             shift(g, SK_X_VPSLLQ_I, vl, sum, 32));
}

static sk_vr high32(sk_gen *g, uint32_t vl, sk_vr a, sk_vr b, bool is_signed) {
  uint32_t op = is_signed ? SK_X_VPMULDQ : SK_X_VPMULUDQ;
  sk_vr even = rvm(g, op, vl, a, b);
  sk_vr odd =
      rvm(g, op, vl, shift(g, SK_X_VPSRLQ_I, vl, a, 32), shift(g, SK_X_VPSRLQ_I, vl, b, 32));
  even = shift(g, SK_X_VPSRLQ_I, vl, even, 32);
  if (!g->v4) {
    return sk_vc_rvmi(&g->vc, SK_X_VPBLENDD, vl, even, odd, 0xaa);
  }
  return rvm(g, SK_X_VPORQ, vl, even,
             rvm(g, SK_X_VPANDQ, vl, odd, k64(g, UINT64_C(0xffffffff00000000))));
}

// Schoolbook with 32-bit digits; no intermediate sum overflows 64 bits.
static sk_vr high64(sk_gen *g, uint32_t vl, sk_vr a, sk_vr b, bool is_signed) {
  sk_vr a1 = shift(g, SK_X_VPSRLQ_I, vl, a, 32), b1 = shift(g, SK_X_VPSRLQ_I, vl, b, 32);
  sk_vr low = rvm(g, SK_X_VPMULUDQ, vl, a, b), high = rvm(g, SK_X_VPMULUDQ, vl, a1, b1);
  sk_vr middle = rvm(g, SK_X_VPADDQ, vl, rvm(g, SK_X_VPMULUDQ, vl, a1, b),
                     shift(g, SK_X_VPSRLQ_I, vl, low, 32));
  sk_vr rest = rvm(g, SK_X_VPANDQ, vl, middle, k64(g, UINT32_MAX));
  sk_vr other = rvm(g, SK_X_VPADDQ, vl, rvm(g, SK_X_VPMULUDQ, vl, a, b1), rest);
  high = rvm(g, SK_X_VPADDQ, vl, high, shift(g, SK_X_VPSRLQ_I, vl, middle, 32));
  high = rvm(g, SK_X_VPADDQ, vl, high, shift(g, SK_X_VPSRLQ_I, vl, other, 32));
  if (is_signed) {
    high = rvm(g, SK_X_VPSUBQ, vl, high, rvm(g, SK_X_VPANDQ, vl, sign_mask64(g, vl, a), b));
    high = rvm(g, SK_X_VPSUBQ, vl, high, rvm(g, SK_X_VPANDQ, vl, sign_mask64(g, vl, b), a));
  }
  return high;
}

// ---- extremes of 64-bit integers on v3

static sk_vr extreme64(sk_gen *g, const sk_pure *p) {
  uint32_t vl = p->vl;
  sk_vr a = p->a, b = p->b;
  if (p->op == SK_L_UMIN || p->op == SK_L_UMAX) {
    sk_vr sign = k64(g, UINT64_C(1) << 63);
    a = rvm(g, SK_X_VPXORQ, vl, a, sign);
    b = rvm(g, SK_X_VPXORQ, vl, b, sign);
  }
  sk_vr greater = rvm(g, SK_X_VPCMPGTQ, vl, a, b);
  bool is_max = p->op == SK_L_SMAX || p->op == SK_L_UMAX;
  return sk_vc_blend(&g->vc, SK_X_VBLENDVPD, vl, is_max ? p->b : p->a, is_max ? p->a : p->b,
                     greater);
}

// ---- bit counts

// Leading zeros of 32-bit lanes on v3 through the exponent of the number converted to f32. Clearing
// each bit whose upper neighbour is set leaves the leading bit and keeps the conversion from
// rounding up to the next power of two. Negative numbers have the sign bit in the shifted pattern,
// which the saturating subtraction takes to zero.
static sk_vr leading_zeros32(sk_gen *g, uint32_t vl, sk_vr x) {
  sk_vr thinned = rvm(g, SK_X_VPANDND, vl, shift(g, SK_X_VPSRLD_I, vl, x, 1), x);
  sk_vr exponent =
      shift(g, SK_X_VPSRLD_I, vl, sk_vc_rm(&g->vc, SK_X_VCVTDQ2PS, vl, vl, thinned), 23);
  sk_vr count = rvm(g, SK_X_VPSUBUSW, vl, k32(g, 158), exponent);
  return rvm(g, SK_X_VPMINSW, vl, count, k32(g, 32));
}

static sk_vr leading_zeros(sk_gen *g, const sk_pure *p) {
  uint32_t vl = p->vl;
  if (g->v4) {
    return sk_vc_rm(&g->vc, p->type == SK_LT_I64 ? SK_X_VPLZCNTQ : SK_X_VPLZCNTD, vl, vl, p->a);
  }
  sk_vr halves = leading_zeros32(g, vl, p->a);
  if (p->type == SK_LT_I32) {
    return halves;
  }
  sk_vr high = shift(g, SK_X_VPSRLQ_I, vl, halves, 32);
  sk_vr empty = rvm(g, SK_X_VPCMPEQQ, vl, high, k64(g, 32));  // then the low half counts too
  sk_vr low = rvm(g, SK_X_VPANDQ, vl, rvm(g, SK_X_VPANDQ, vl, halves, k64(g, UINT32_MAX)), empty);
  return rvm(g, SK_X_VPADDQ, vl, high, low);
}

// Ones per nibble from a table, added up within the lane.
static sk_vr population(sk_gen *g, const sk_pure *p) {
  static const uint8_t ones[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
  uint8_t table[64];
  for (uint32_t i = 0; i < 64; i++) {
    table[i] = ones[i & 15];
  }
  uint32_t vl = p->vl;
  sk_vr counts = sk_vc_vector(&g->vc, vl, table), nibble = k32(g, 0x0f0f0f0f);
  sk_vr low = rvm(g, SK_X_VPSHUFB, vl, counts, rvm(g, SK_X_VPANDD, vl, p->a, nibble));
  sk_vr high = rvm(g, SK_X_VPANDD, vl, shift(g, SK_X_VPSRLD_I, vl, p->a, 4), nibble);
  sk_vr bytes = rvm(g, SK_X_VPADDB, vl, low, rvm(g, SK_X_VPSHUFB, vl, counts, high));
  if (p->type == SK_LT_I64) {
    return rvm(g, SK_X_VPSADBW, vl, bytes, k64(g, 0));
  }
  sk_vr pairs = rvm(g, SK_X_VPMADDUBSW, vl, bytes, k32(g, 0x01010101));
  return rvm(g, SK_X_VPMADDWD, vl, pairs, k32(g, 0x00010001));
}

static sk_vr sign_extend(sk_gen *g, const sk_pure *p, int32_t bits) {
  return shift(g, SK_X_VPSRAD_I, p->vl, shift(g, SK_X_VPSLLD_I, p->vl, p->a, 32 - bits), 32 - bits);
}

// The table is in every 128-bit lane.
static sk_vr lookup(sk_gen *g, const sk_pure *p) {
  uint64_t table[8] = {0};
  for (uint32_t half = 0; half < 8; half++) {
    sk_gen_get_const(g, half % 2 == 0 ? p->inst->b : p->inst->c, &table[half]);
  }
  return rvm(g, SK_X_VPERMILPS_V, p->vl, sk_vc_vector(&g->vc, p->vl, table), p->a);
}

sk_vr sk_gen_integer(sk_gen *g, sk_pure *p) {
  uint64_t amount;
  switch ((int)p->op) {
    case SK_L_SHL:
    case SK_L_SHR:
    case SK_L_SAR:
      return p->inst != NULL && sk_gen_get_const(g, p->inst->b, &amount)
                 ? shift_by_constant(g, p, amount)
                 : shift_by_lane(g, p);
    case SK_L_ROTL: return rotate(g, p);
    case SK_L_MUL: return multiply64(g, p->vl, p->a, p->b);
    case SK_L_UMULH:
    case SK_L_SMULH:
      return p->type == SK_LT_I64 ? high64(g, p->vl, p->a, p->b, p->op == SK_L_SMULH)
                                  : high32(g, p->vl, p->a, p->b, p->op == SK_L_SMULH);
    case SK_L_SMIN:
    case SK_L_SMAX:
    case SK_L_UMIN:
    case SK_L_UMAX: return extreme64(g, p);
    case SK_L_CLZ: return leading_zeros(g, p);
    case SK_L_POPCNT: return population(g, p);
    case SK_L_LOOKUP: return lookup(g, p);
    case SK_L_SEXT8: return sign_extend(g, p, 8);
    case SK_L_SEXT16: return sign_extend(g, p, 16);
    default: return 0;
  }
}

// ---- division

// Quotients of 2, 4 or 8 pairs (vl: length of the f64 vectors), as 32-bit lanes of half that
// length.
static sk_vr quotients(sk_gen *g, uint32_t vl, sk_vr a, sk_vr b, bool is_signed) {
  sk_vcode *vc = &g->vc;
  uint32_t half = vl == SK_XMM ? SK_XMM : vl - 1;
  if (is_signed) {
    sk_vr q = rvm(g, SK_X_VDIVPD, vl, sk_vc_rm(vc, SK_X_VCVTDQ2PD, vl, vl, a),
                  sk_vc_rm(vc, SK_X_VCVTDQ2PD, vl, vl, b));
    return sk_vc_rm(vc, SK_X_VCVTTPD2DQ, vl, half, q);
  }
  sk_vr magic =
      k64(g, UINT64_C(0x4330000000000000));  // 2^52: integers below 2^32 sit in its low bits
  sk_vr fa = rvm(g, SK_X_VSUBPD, vl,
                 rvm(g, SK_X_VPORQ, vl, sk_vc_rm(vc, SK_X_VPMOVZXDQ, vl, vl, a), magic), magic);
  sk_vr fb = rvm(g, SK_X_VSUBPD, vl,
                 rvm(g, SK_X_VPORQ, vl, sk_vc_rm(vc, SK_X_VPMOVZXDQ, vl, vl, b), magic), magic);
  sk_vr q = sk_vc_rmi(vc, SK_X_VROUNDPD, vl, rvm(g, SK_X_VDIVPD, vl, fa, fb), 3 | 8);
  q = rvm(g, SK_X_VADDPD, vl, q, magic);
  if (g->v4) {
    return sk_vc_mrr(vc, SK_CLASS_V, SK_X_VPMOVQD, vl, half, q, 0);
  }
  sk_vr high =
      vl == SK_XMM ? q : sk_vc_mrr(vc, SK_CLASS_V, SK_X_VEXTRACTF128, SK_YMM, SK_XMM, q, 1);
  return sk_vc_rvmi(vc, SK_X_VSHUFPS, SK_XMM, q, high, 0x88);
}

static sk_vr upper_half(sk_gen *g, uint32_t vl, sk_vr v) {
  return vl == SK_ZMM ? sk_vc_mrr(&g->vc, SK_CLASS_V, SK_X_VEXTRACTI64X4, SK_ZMM, SK_YMM, v, 1)
                      : sk_vc_mrr(&g->vc, SK_CLASS_V, SK_X_VEXTRACTI128, SK_YMM, SK_XMM, v, 1);
}

static sk_vr divide32(sk_gen *g, const sk_pure *p, bool is_signed, bool want_rest) {
  sk_vcode *vc = &g->vc;
  uint32_t vl = p->vl;
  sk_vr q;
  if (!p->vary) {
    q = sk_gen_broadcast(g, vl, 4, quotients(g, SK_XMM, p->a, p->b, is_signed));
  } else if (vl == SK_XMM) {
    q = quotients(g, SK_YMM, p->a, p->b, is_signed);
  } else {
    sk_vr low = quotients(g, vl, p->a, p->b, is_signed);
    sk_vr high = quotients(g, vl, upper_half(g, vl, p->a), upper_half(g, vl, p->b), is_signed);
    q = sk_vc_rvmi(vc, vl == SK_ZMM ? SK_X_VINSERTI64X4 : SK_X_VINSERTI128, vl, low, high, 1);
  }
  if (g->v4) {  // x / 0 is all ones
    sk_vr zero = sk_vc_k_rvm(vc, SK_X_VPTESTNMD, vl, p->b, p->b);
    q = sk_vc_merge(vc, SK_X_VPTERNLOGD, vl, q, p->b, p->b, 0xff, zero);
  } else {
    q = rvm(g, SK_X_VPORD, vl, q, rvm(g, SK_X_VPCMPEQD, vl, p->b, k32(g, 0)));
  }
  return want_rest ? rvm(g, SK_X_VPSUBD, vl, p->a, rvm(g, SK_X_VPMULLD, vl, q, p->b)) : q;
}

static sk_vr lane_to_general(sk_gen *g, sk_vr part, uint32_t lane) {
  return lane == 0 ? sk_vc_mrr(&g->vc, SK_CLASS_G, SK_X_VMOVQ_ST, SK_XMM, 0, part, 0)
                   : sk_vc_mrr(&g->vc, SK_CLASS_G, SK_X_VPEXTRQ, SK_XMM, 0, part, 1);
}

static sk_vr pair_from_general(sk_gen *g, sk_vr low, sk_vr high) {
  sk_vr v = sk_vc_to(&g->vc, SK_CLASS_V, SK_X_VMOVQ, SK_XMM, low);
  return sk_vc_rvmi(&g->vc, SK_X_VPINSRQ, SK_XMM, v, high, 1);
}

static sk_vr divide64(sk_gen *g, const sk_pure *p, int32_t kind) {
  uint32_t parts = p->vary ? 1u << p->vl : 1;
  sk_vr out[4];
  for (uint32_t i = 0; i < parts; i++) {
    sk_vr a = sk_gen_part(g, p->a, p->vl, i), b = sk_gen_part(g, p->b, p->vl, i), q[2] = {0, 0};
    for (uint32_t lane = 0; lane < (p->vary ? 2u : 1u); lane++) {
      q[lane] = sk_vc_new(&g->vc, SK_CLASS_G, 0);
      sk_vr x = lane_to_general(g, a, lane), y = lane_to_general(g, b, lane);
      sk_vc_push(&g->vc,
                 (sk_vi){.shape = SK_S_DIV, .d = q[lane], .a = x, .b = y, .imm = kind | SK_DIV_64});
    }
    out[i] = p->vary ? pair_from_general(g, q[0], q[1])
                     : sk_vc_to(&g->vc, SK_CLASS_V, SK_X_VMOVQ, SK_XMM, q[0]);
  }
  return p->vary ? sk_gen_join(g, out, p->vl) : sk_gen_broadcast(g, p->vl, 8, out[0]);
}

sk_vr sk_gen_divide(sk_gen *g, sk_pure *p) {
  bool is_signed = p->op == SK_L_SDIV || p->op == SK_L_SREM,
       rest = p->op == SK_L_SREM || p->op == SK_L_UREM;
  switch ((int)p->op) {
    case SK_L_SDIV:
    case SK_L_UDIV:
    case SK_L_SREM:
    case SK_L_UREM: break;
    default: return 0;
  }
  sk_vr quotient = sk_gen_divide_by_constant(g, p);
  if (quotient != 0) {
    return quotient;
  }
  if (p->type == SK_LT_I32) {
    return divide32(g, p, is_signed, rest);
  }
  return divide64(g, p, (is_signed ? SK_DIV_SIGNED : 0) | (rest ? SK_DIV_REM : 0));
}
