// SPDX-License-Identifier: Apache-2.0
// Integer division by a constant as a product (Granlund and Montgomery, Division by Invariant Integers
// using Multiplication, PLDI 1994). With w bits, l = ceil(log2 d) and `mulh` the upper half of an
// unsigned product:
//
//   unsigned   m = floor(2^w (2^l - d) / d) + 1, without the bit 2^w above it
//              t = mulh(m, x),  q = (t + (x - t) / 2) >> (l - 1)
//   signed     m = floor(2^(w - 1 + l) / d) + 1, for |x| <= 2^(w - 1)
//              q = mulh(m, |x|) >> (l - 1), and the sign of x
//
// A remainder is x - q d, or that of |x| with the sign of x. Exact for all x.
#include "gen/gen_int.h"

typedef struct divider {
  sk_gen *g;
  uint32_t vl;
  bool wide;      // 64-bit lanes
  uint64_t d, m;  // divisor, factor
  int32_t shift;  // l - 1
} divider;

static sk_vr rvm(const divider *v, uint32_t narrow, uint32_t wide, sk_vr a, sk_vr b) {
  return sk_vc_rvm(&v->g->vc, v->wide ? wide : narrow, v->vl, a, b);
}

static sk_vr shift_right(const divider *v, sk_vr a, int32_t by) {
  uint32_t op = v->wide ? SK_X_VPSRLQ_I : SK_X_VPSRLD_I;
  return by == 0 ? a : sk_vc_shift(&v->g->vc, op, v->vl, a, by);
}

static sk_vr k64(const divider *v, uint64_t bits) { return sk_gen_const(v->g, 8, bits); }

// ---- products with a constant

static sk_vr mul_even(const divider *v, sk_vr a, sk_vr b) {
  return sk_vc_rvm(&v->g->vc, SK_X_VPMULUDQ, v->vl, a, b);
}
static sk_vr shift64(const divider *v, uint32_t op, sk_vr a) {
  return sk_vc_shift(&v->g->vc, op, v->vl, a, 32);
}
static sk_vr add64(const divider *v, sk_vr a, sk_vr b) {
  return sk_vc_rvm_commutes(&v->g->vc, SK_X_VPADDQ, v->vl, a, b);
}

// Upper half of m x, in 32-bit digits.
static sk_vr high_product(const divider *v, sk_vr x) {
  sk_vcode *vc = &v->g->vc;
  sk_vr upper = shift64(v, SK_X_VPSRLQ_I, x);
  if (v->wide) {
    sk_vr m0 = k64(v, v->m & UINT32_MAX), m1 = k64(v, v->m >> 32);
    sk_vr low = shift64(v, SK_X_VPSRLQ_I, mul_even(v, x, m0));
    sk_vr middle = add64(v, mul_even(v, upper, m0), low);
    sk_vr digit = sk_vc_rvm_commutes(vc, SK_X_VPANDQ, v->vl, middle, k64(v, UINT32_MAX));
    sk_vr other = add64(v, mul_even(v, x, m1), digit);
    return add64(v, add64(v, mul_even(v, upper, m1), shift64(v, SK_X_VPSRLQ_I, middle)),
                 shift64(v, SK_X_VPSRLQ_I, other));
  }
  sk_vr m = sk_gen_const(v->g, 4, v->m);
  sk_vr even = shift64(v, SK_X_VPSRLQ_I, mul_even(v, x, m)), odd = mul_even(v, upper, m);
  if (!v->g->v4) {
    return sk_vc_rvmi(vc, SK_X_VPBLENDD, v->vl, even, odd, 0xaa);
  }
  sk_vr mask = k64(v, UINT64_C(0xffffffff00000000));
  odd = sk_vc_rvm_commutes(vc, SK_X_VPANDQ, v->vl, odd, mask);
  return sk_vc_rvm_commutes(vc, SK_X_VPORQ, v->vl, even, odd);
}

// Lower half of d q.
static sk_vr low_product(const divider *v, sk_vr q) {
  sk_vcode *vc = &v->g->vc;
  if (!v->wide) {
    return sk_vc_rvm_commutes(vc, SK_X_VPMULLD, v->vl, q, sk_gen_const(v->g, 4, v->d));
  }
  sk_vr d0 = k64(v, v->d & UINT32_MAX);
  sk_vr cross = mul_even(v, shift64(v, SK_X_VPSRLQ_I, q), d0);
  if (v->d >> 32 != 0) {
    cross = add64(v, cross, mul_even(v, q, k64(v, v->d >> 32)));
  }
  return add64(v, mul_even(v, q, d0), shift64(v, SK_X_VPSLLQ_I, cross));
}

// ---- the two kinds

static sk_vr difference(const divider *v, sk_vr a, sk_vr b) {
  return rvm(v, SK_X_VPSUBD, SK_X_VPSUBQ, a, b);
}

static sk_vr divide_unsigned(const divider *v, sk_vr x, bool rest) {
  sk_vr t = high_product(v, x);
  sk_vr sum = rvm(v, SK_X_VPADDD, SK_X_VPADDQ, t, shift_right(v, difference(v, x, t), 1));
  sk_vr q = shift_right(v, sum, v->shift);
  return rest ? difference(v, x, low_product(v, q)) : q;
}

// All ones where x is negative.
static sk_vr sign_of(const divider *v, sk_vr x) {
  sk_vcode *vc = &v->g->vc;
  if (v->g->v4) {
    return sk_vc_shift(vc, v->wide ? SK_X_VPSRAQ_I : SK_X_VPSRAD_I, v->vl, x, v->wide ? 63 : 31);
  }
  return rvm(v, SK_X_VPCMPGTD, SK_X_VPCMPGTQ, sk_vc_splat(vc, v->vl, 4, 0), x);
}

static sk_vr divide_signed(const divider *v, sk_vr x, bool rest) {
  sk_vcode *vc = &v->g->vc;
  bool has_sign = !v->wide && !v->g->v4, has_size = !v->wide || v->g->v4;
  sk_vr sign = has_sign ? 0 : sign_of(v, x), size;
  if (has_size) {
    size = sk_vc_rm(vc, v->wide ? SK_X_VPABSQ : SK_X_VPABSD, v->vl, v->vl, x);
  } else {
    size = difference(v, rvm(v, SK_X_VPXORD, SK_X_VPXORQ, x, sign), sign);
  }
  sk_vr out = shift_right(v, high_product(v, size), v->shift);
  if (rest) {
    out = difference(v, size, low_product(v, out));
  }
  return has_sign ? sk_vc_rvm(vc, SK_X_VPSIGND, v->vl, out, x)
                  : difference(v, rvm(v, SK_X_VPXORD, SK_X_VPXORQ, out, sign), sign);
}

sk_vr sk_gen_divide_by_constant(sk_gen *g, const sk_pure *p) {
  const bool is_signed = p->op == SK_L_SDIV || p->op == SK_L_SREM,
             rest = p->op == SK_L_SREM || p->op == SK_L_UREM;
  divider v = {.g = g, .vl = p->vl, .wide = p->type == SK_LT_I64};
  const uint32_t width = v.wide ? 64 : 32;
  if (p->inst == NULL || !sk_gen_get_const(g, p->inst->b, &v.d)) {
    return 0;
  }
  v.d = v.wide ? v.d : (uint32_t)v.d;
  const uint64_t most = UINT64_MAX >> (64 - width + (is_signed ? 1 : 0));
  if (v.d < 2 || v.d > most ||
      (v.wide && !p->vary)) {  // one by one the processor's own is as quick
    return 0;
  }
  uint32_t l = 64 - sk_clz64(v.d - 1);
  v.shift = (int32_t)l - 1;
  const sk_u128 power =
      is_signed ? (sk_u128)1 << (width - 1 + l) : (((sk_u128)1 << l) - v.d) << width;
  v.m = (uint64_t)(power / v.d + 1);
  return is_signed ? divide_signed(&v, p->a, rest) : divide_unsigned(&v, p->a, rest);
}
