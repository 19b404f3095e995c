// SPDX-License-Identifier: Apache-2.0
// Conversions between value types.
//
// v4 has an instruction for each pair except half precision, which is packed. v3 lacks everything
// between 64-bit integers and floats and all unsigned conversions; these are done with the usual
// bias constants (exact, one rounding) or lane by lane with the scalar instruction. Float to
// integer follows x86: the minimum integer for NaN and out of range. Where lanes shrink, a uniform
// result is broadcast again so that all lanes of the full vector are equal.
#include "gen/gen_int.h"

static sk_vr rvm(sk_gen *g, uint32_t op, uint32_t vl, sk_vr a, sk_vr b) {
  return sk_vc_rvm(&g->vc, op, vl, a, b);
}
static sk_vr k32(sk_gen *g, uint32_t bits) { return sk_gen_const(g, 4, bits); }
static sk_vr k64(sk_gen *g, uint64_t bits) { return sk_gen_const(g, 8, bits); }

static uint32_t halved(uint32_t vl) { return vl == SK_XMM ? SK_XMM : vl - 1; }

// op turns 64-bit lanes (of length vl) into 32-bit ones.
static sk_vr shrink(sk_gen *g, const sk_pure *p, uint32_t op) {
  sk_vr v = sk_vc_rm(&g->vc, op, p->from_vl, halved(p->from_vl), p->a);
  return p->vary ? v : sk_gen_broadcast(g, p->vl, 4, v);
}

static sk_vr truncate_to_32(sk_gen *g, const sk_pure *p) {
  if (!p->vary) {
    return sk_gen_broadcast(g, p->vl, 4, p->a);
  }
  if (g->v4) {
    return sk_vc_mrr(&g->vc, SK_CLASS_V, SK_X_VPMOVQD, p->from_vl, halved(p->from_vl), p->a, 0);
  }
  sk_vr high = sk_vc_mrr(&g->vc, SK_CLASS_V, SK_X_VEXTRACTF128, SK_YMM, SK_XMM, p->a, 1);
  return sk_vc_rvmi(&g->vc, SK_X_VSHUFPS, SK_XMM, p->a, high, 0x88);
}

// ---- lane by lane through a general register (v3)

static sk_vr each_lane_to_integer(sk_gen *g, const sk_pure *p, bool nearest) {
  bool f32 = p->from == SK_LT_F32;
  uint32_t op = f32 ? (nearest ? SK_X_VCVTSS2SI_64 : SK_X_VCVTTSS2SI_64)
                    : (nearest ? SK_X_VCVTSD2SI_64 : SK_X_VCVTTSD2SI_64);
  uint32_t parts = p->vary ? 1u << p->vl : 1;
  sk_vcode *vc = &g->vc;
  sk_vr out[4];
  for (uint32_t i = 0; i < parts; i++) {
    sk_vr pair =
        f32 ? sk_gen_part(g, p->a, p->from_vl, i / 2) : sk_gen_part(g, p->a, p->from_vl, i);
    if (f32 && i % 2) {
      pair = rvm(g, SK_X_VMOVHLPS, SK_XMM, pair, pair);
    }
    sk_vr low = sk_vc_to(vc, SK_CLASS_G, op, SK_XMM, pair);
    out[i] = sk_vc_to(vc, SK_CLASS_V, SK_X_VMOVQ, SK_XMM, low);
    if (p->vary) {
      sk_vr second = f32 ? sk_vc_rm(vc, SK_X_VMOVSHDUP, SK_XMM, SK_XMM, pair)
                         : sk_vc_rmi(vc, SK_X_VPERMILPD, SK_XMM, pair, 1);
      sk_vr high = sk_vc_to(vc, SK_CLASS_G, op, SK_XMM, second);
      out[i] = sk_vc_rvmi(vc, SK_X_VPINSRQ, SK_XMM, out[i], high, 1);
    }
  }
  return p->vary ? sk_gen_join(g, out, p->vl) : sk_gen_broadcast(g, p->vl, 8, out[0]);
}

// I64 -> F32 with the scalar instruction; unsigned values beyond 2^63 are halved first, keeping a
// sticky bit, and doubled after.
static sk_vr each_lane_to_f32(sk_gen *g, const sk_pure *p, bool is_unsigned) {
  sk_vcode *vc = &g->vc;
  uint32_t parts = p->vary ? 1u << p->from_vl : 1, wide = p->from_vl;
  sk_vr source = p->a, large = 0;
  if (is_unsigned) {
    large = rvm(g, SK_X_VPCMPGTQ, wide, k64(g, 0), p->a);
    sk_vr half = rvm(g, SK_X_VPORQ, wide, sk_vc_shift(vc, SK_X_VPSRLQ_I, wide, p->a, 1),
                     rvm(g, SK_X_VPANDQ, wide, p->a, k64(g, 1)));
    source = sk_vc_blend(vc, SK_X_VBLENDVPD, wide, p->a, half, large);
  }
  sk_vr all = 0, zero = sk_vc_splat(vc, SK_XMM, 4, 0);
  for (uint32_t i = 0; i < parts; i++) {
    sk_vr part = sk_gen_part(g, source, wide, i);
    for (uint32_t lane = 0; lane < (p->vary ? 2u : 1u); lane++) {
      sk_vr x = lane == 0 ? sk_vc_mrr(vc, SK_CLASS_G, SK_X_VMOVQ_ST, SK_XMM, 0, part, 0)
                          : sk_vc_mrr(vc, SK_CLASS_G, SK_X_VPEXTRQ, SK_XMM, 0, part, 1);
      sk_vr f = sk_vc_rvm(vc, SK_X_VCVTSI2SS_64, SK_XMM, zero, x);
      all = all == 0
                ? f
                : sk_vc_rvmi(vc, SK_X_VINSERTPS, SK_XMM, all, f, (int32_t)((i * 2 + lane) << 4));
    }
  }
  if (is_unsigned) {
    sk_vr mask = large;
    if (wide == SK_YMM) {
      sk_vr high = sk_vc_mrr(vc, SK_CLASS_V, SK_X_VEXTRACTF128, SK_YMM, SK_XMM, large, 1);
      mask = sk_vc_rvmi(vc, SK_X_VSHUFPS, SK_XMM, large, high, 0x88);
    }
    all = sk_vc_blend(vc, SK_X_VBLENDVPS, SK_XMM, all, rvm(g, SK_X_VADDPS, SK_XMM, all, all), mask);
  }
  return p->vary ? all : sk_gen_broadcast(g, p->vl, 4, all);
}

// ---- bias constants (v3)

// I64 -> F64: the high half, biased by 2^84, minus the bias is exact; adding the low half, biased
// by 2^52, rounds once.
static sk_vr i64_to_f64(sk_gen *g, const sk_pure *p, bool is_unsigned) {
  uint32_t vl = p->vl;
  sk_vr low =
      sk_vc_rvmi(&g->vc, SK_X_VPBLENDD, vl, k64(g, UINT64_C(0x4330000000000000)), p->a, 0x55);
  uint64_t high_bias = is_unsigned ? UINT64_C(0x4530000000000000) : UINT64_C(0x4530000080000000);
  uint64_t all_bias = is_unsigned ? UINT64_C(0x4530000000100000) : UINT64_C(0x4530000080100000);
  sk_vr high =
      rvm(g, SK_X_VPXORQ, vl, sk_vc_shift(&g->vc, SK_X_VPSRLQ_I, vl, p->a, 32), k64(g, high_bias));
  return rvm(g, SK_X_VADDPD, vl, rvm(g, SK_X_VSUBPD, vl, high, k64(g, all_bias)), low);
}

// Unsigned I32 -> F32: halves of 16 bits biased by 2^39 and 2^23.
static sk_vr u32_to_f32(sk_gen *g, const sk_pure *p) {
  uint32_t vl = p->vl;
  sk_vr low = sk_vc_rvmi(&g->vc, SK_X_VPBLENDW, vl, p->a, k32(g, 0x4b000000), 0xaa);
  sk_vr high = sk_vc_shift(&g->vc, SK_X_VPSRLD_I, vl, p->a, 16);
  high = sk_vc_rvmi(&g->vc, SK_X_VPBLENDW, vl, high, k32(g, 0x53000000), 0xaa);
  return rvm(g, SK_X_VADDPS, vl, rvm(g, SK_X_VSUBPS, vl, high, k32(g, 0x53000080)), low);
}

static sk_vr u32_to_f64(sk_gen *g, const sk_pure *p) {
  sk_vr magic = k64(g, UINT64_C(0x4330000000000000));
  sk_vr bits = sk_vc_rm(&g->vc, SK_X_VPMOVZXDQ, p->vl, p->vl, p->a);
  return rvm(g, SK_X_VSUBPD, p->vl, rvm(g, SK_X_VPORQ, p->vl, bits, magic), magic);
}

// ---- integer <-> float

static sk_vr integer_to_float(sk_gen *g, const sk_pure *p, bool is_unsigned) {
  sk_vcode *vc = &g->vc;
  bool from64 = p->from == SK_LT_I64, to64 = p->type == SK_LT_F64;
  if (!from64 && !is_unsigned) {
    return sk_vc_rm(vc, to64 ? SK_X_VCVTDQ2PD : SK_X_VCVTDQ2PS, p->vl, p->vl, p->a);
  }
  if (g->v4) {
    if (!from64) {
      return sk_vc_rm(vc, to64 ? SK_X_VCVTUDQ2PD : SK_X_VCVTUDQ2PS, p->vl, p->vl, p->a);
    }
    if (to64) {
      return sk_vc_rm(vc, is_unsigned ? SK_X_VCVTUQQ2PD : SK_X_VCVTQQ2PD, p->vl, p->vl, p->a);
    }
    return shrink(g, p, is_unsigned ? SK_X_VCVTUQQ2PS : SK_X_VCVTQQ2PS);
  }
  if (!from64) {
    return to64 ? u32_to_f64(g, p) : u32_to_f32(g, p);
  }
  return to64 ? i64_to_f64(g, p, is_unsigned) : each_lane_to_f32(g, p, is_unsigned);
}

static sk_vr float_to_integer(sk_gen *g, const sk_pure *p, bool nearest) {
  sk_vcode *vc = &g->vc;
  bool from64 = p->from == SK_LT_F64, to64 = p->type == SK_LT_I64;
  if (!to64) {
    if (from64) {
      return shrink(g, p, nearest ? SK_X_VCVTPD2DQ : SK_X_VCVTTPD2DQ);
    }
    return sk_vc_rm(vc, nearest ? SK_X_VCVTPS2DQ : SK_X_VCVTTPS2DQ, p->vl, p->vl, p->a);
  }
  if (!g->v4) {
    return each_lane_to_integer(g, p, nearest);
  }
  if (from64) {
    return sk_vc_rm(vc, nearest ? SK_X_VCVTPD2QQ : SK_X_VCVTTPD2QQ, p->vl, p->vl, p->a);
  }
  return sk_vc_rm(vc, nearest ? SK_X_VCVTPS2QQ : SK_X_VCVTTPS2QQ, p->vl, p->vl, p->a);
}

// ---- half precision: 32-bit lanes are packed to 16 bits for the instruction, and back

static sk_vr half_to_float(sk_gen *g, const sk_pure *p) {
  sk_vcode *vc = &g->vc;
  uint32_t vl = p->vl;
  sk_vr packed;
  if (g->v4) {
    packed = sk_vc_mrr(vc, SK_CLASS_V, SK_X_VPMOVDW, vl, halved(vl), p->a, 0);
  } else {
    sk_vr bits = rvm(g, SK_X_VPANDD, vl, p->a, k32(g, 0xffff));
    packed = rvm(g, SK_X_VPACKUSDW, vl, bits, bits);
    if (vl == SK_YMM) {
      packed = sk_vc_rmi(vc, SK_X_VPERMQ, vl, packed, 0x08);
    }
  }
  return sk_vc_rm(vc, SK_X_VCVTPH2PS, vl, vl, packed);
}

static sk_vr float_to_half(sk_gen *g, const sk_pure *p) {
  sk_vr packed = sk_vc_mrr(&g->vc, SK_CLASS_V, SK_X_VCVTPS2PH, p->vl, halved(p->vl), p->a, 0);
  return sk_vc_rm(&g->vc, SK_X_VPMOVZXWD, p->vl, p->vl, packed);
}

static sk_vr round_to_half(sk_gen *g, const sk_pure *p) {
  uint32_t packed_vl = halved(p->vl);
  sk_vr half = sk_vc_mrr(&g->vc, SK_CLASS_V, SK_X_VCVTPS2PH, p->vl, packed_vl, p->a, 0);
  return sk_vc_rm(&g->vc, SK_X_VCVTPH2PS, p->vl, p->vl, half);
}

sk_vr sk_gen_convert(sk_gen *g, sk_pure *p) {
  sk_vcode *vc = &g->vc;
  switch ((int)p->op) {
    case SK_L_SEXT: return sk_vc_rm(vc, SK_X_VPMOVSXDQ, p->vl, p->vl, p->a);
    case SK_L_ZEXT: return sk_vc_rm(vc, SK_X_VPMOVZXDQ, p->vl, p->vl, p->a);
    case SK_L_TRUNC: return truncate_to_32(g, p);
    case SK_L_FEXT: return sk_vc_rm(vc, SK_X_VCVTPS2PD, p->vl, p->vl, p->a);
    case SK_L_FTRUNCF: return shrink(g, p, SK_X_VCVTPD2PS);
    case SK_L_SITOF: return integer_to_float(g, p, false);
    case SK_L_UITOF: return integer_to_float(g, p, true);
    case SK_L_FTOSI: return float_to_integer(g, p, false);
    case SK_L_FTOSIR: return float_to_integer(g, p, true);
    case SK_L_FROUNDBF: return sk_gen_round_bf16(g, p);
    case SK_L_FROUNDH: return round_to_half(g, p);
    case SK_L_HTOF: return half_to_float(g, p);
    case SK_L_FTOH: return float_to_half(g, p);
    default: return 0;
  }
}
