// SPDX-License-Identifier: Apache-2.0
// Rounding to bf16: what is known of the values that are rounded, and the code.
//
//   x + 0x7fff + (bit 16 of x), of which the upper half counts
//
// rounds to nearest even whatever x is, infinities included, but NaNs: one may lose itself in the
// carry. None does whose lower half is 0; those are all that arithmetic makes of values that have
// been rounded, and of what was loaded as bf16. The lower half is cleared only for those who look at
// it: a store takes the upper one.
#include "gen/gen_int.h"

enum { HALF_BITS = 16, LOW_HALF = 0xffff };

// ---- facts

typedef struct short_nans {
  sk_gen *g;
  uint8_t *is_short;       // by value: F32: a NaN's lower half is 0; I32: the lower half is 0
  SK_VEC(uint32_t) rows;   // scratch buffers of which all that was stored so far is short
  SK_VEC(uint32_t) mixed;  // ... other scratch buffers
} short_nans;

static bool is_scratch(const short_nans *s, uint32_t access, uint32_t *out_buf) {
  *out_buf = s->g->kernel->accesses.data[access].buf;
  return s->g->prog->bufs.data[*out_buf].kind == SK_BUF_SCRATCH;
}

static bool is_among(const uint32_t *bufs, uint32_t count, uint32_t buf) {
  for (uint32_t i = 0; i < count; i++) {
    if (bufs[i] == buf) {
      return true;
    }
  }
  return false;
}

static bool has_short_constant(const sk_gen *g, const sk_inst *inst) {
  uint64_t bits;
  if (inst->op == SK_L_SHL) {
    return sk_gen_get_const(g, inst->b, &bits) && bits >= HALF_BITS;
  }
  return (sk_gen_get_const(g, inst->a, &bits) || sk_gen_get_const(g, inst->b, &bits)) &&
         (bits & LOW_HALF) == 0;
}

// The NaN that arithmetic gives is one of its operands', made quiet, or one with the quiet bit
// alone.
static bool is_arithmetic(sk_lop op) {
  switch ((int)op) {
    case SK_L_FADD:
    case SK_L_FSUB:
    case SK_L_FMUL:
    case SK_L_FDIV:
    case SK_L_FSQRT:
    case SK_L_FMA:
    case SK_L_FMS:
    case SK_L_FNMA: return true;
    default: return false;
  }
}

static bool keeps_short(const short_nans *s, const sk_inst *inst) {
  const uint8_t *is_short = s->is_short;
  uint32_t buf;
  if (is_arithmetic((sk_lop)inst->op)) {
    return is_short[inst->a.id] && is_short[inst->b.id] && is_short[inst->c.id];
  }
  switch ((int)inst->op) {
    case SK_L_CONST:
      return inst->type == SK_LT_F32 &&
             ((inst->imm & 0x7fffffff) <= 0x7f800000 || (inst->imm & LOW_HALF) == 0);
    case SK_L_FROUNDBF: return true;
    case SK_L_SHL:
    case SK_L_AND: return inst->type == SK_LT_I32 && has_short_constant(s->g, inst);
    case SK_L_BITCAST:
      return inst->type == SK_LT_F32 && sk_gen_inst(s->g, inst->a.id)->type == SK_LT_I32 &&
             is_short[inst->a.id];
    case SK_L_FNEG:
    case SK_L_FABS: return is_short[inst->a.id];
    case SK_L_FMAXX:
    case SK_L_FMINX: return is_short[inst->a.id] && is_short[inst->b.id];
    case SK_L_SELECT: return is_short[inst->b.id] && is_short[inst->c.id];
    case SK_L_LOAD:
      return inst->type == SK_LT_F32 && is_scratch(s, (uint32_t)inst->imm, &buf) &&
             is_among(s->rows.data, s->rows.count, buf);
    default: return false;
  }
}

// Forward over the kernel. False: a row that was trusted gets other values later on.
static bool find_short(short_nans *s, bool trust_rows) {
  const sk_kernel *k = s->g->kernel;
  bool rows_hold = true;
  s->is_short[0] = 1;
  s->rows.count = s->mixed.count = 0;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    uint32_t buf;
    s->is_short[i] = keeps_short(s, inst);
    if (inst->op != SK_L_STORE || !trust_rows || !is_scratch(s, (uint32_t)inst->imm, &buf)) {
      continue;
    }
    bool known = is_among(s->rows.data, s->rows.count, buf);
    if (!s->is_short[inst->a.id]) {
      rows_hold = rows_hold && !known;
      sk_vec_push(&s->g->scratch, &s->mixed, buf);
    } else if (!known && !is_among(s->mixed.data, s->mixed.count, buf)) {
      sk_vec_push(&s->g->scratch, &s->rows, buf);
    }
  }
  return rows_hold;
}

// Backward: whose lower half does anything look at? Not a shift of the upper one to its place.
static void find_low_users(const sk_gen *g, uint8_t *looked_at) {
  const sk_kernel *k = g->kernel;
  for (uint32_t i = k->insts.count - 1; i > 0; i--) {
    const sk_inst *inst = &k->insts.data[i];
    uint64_t amount;
    bool upper = inst->op == SK_L_SHR && inst->type == SK_LT_I32 &&
                 sk_gen_get_const(g, inst->b, &amount) && amount >= HALF_BITS;
    if (upper || (inst->op == SK_L_BITCAST && !looked_at[i])) {
      continue;
    }
    looked_at[inst->a.id] = looked_at[inst->b.id] = looked_at[inst->c.id] = 1;
  }
}

void sk_gen_find_roundings(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  uint32_t first = 1;
  while (first < k->insts.count && k->insts.data[first].op != SK_L_FROUNDBF) {
    first++;
  }
  if (first == k->insts.count) {
    g->rounding = NULL;
    return;
  }
  uint8_t *looked_at = sk_arena_zalloc(&g->scratch, k->insts.count, 1);
  short_nans s = {.g = g, .is_short = sk_arena_zalloc(&g->scratch, k->insts.count, 1)};
  if (!find_short(&s, true)) {
    find_short(&s, false);
  }
  find_low_users(g, looked_at);
  g->rounding = sk_arena_zalloc(&g->scratch, k->insts.count, 1);
  for (uint32_t i = first; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    if (inst->op == SK_L_FROUNDBF) {
      bool is_quiet = is_arithmetic((sk_lop)k->insts.data[inst->a.id].op);
      g->rounding[i] =
          (uint8_t)((s.is_short[inst->a.id] ? SK_ROUND_SHORT : 0) |
                    (is_quiet ? SK_ROUND_QUIET : 0) | (looked_at[i] ? SK_ROUND_CLEAR : 0));
    }
  }
}

// ---- code

static sk_vr k32(sk_gen *g, uint32_t bits) { return sk_gen_const(g, 4, bits); }

// 0x7fff, or 0x8000 where bit 16 is set.
static sk_vr half_to_even(sk_gen *g, uint32_t vl, sk_vr x) {
  if (g->v4) {
    sk_vr odd = sk_vc_k_rvm(&g->vc, SK_X_VPTESTMD, vl, x, k32(g, 1u << HALF_BITS));
    return sk_vc_select(&g->vc, SK_X_VPBLENDMD, vl, k32(g, 0x7fff), k32(g, 0x8000), odd);
  }
  sk_vr odd = sk_vc_shift(&g->vc, SK_X_VPSLLD_I, vl, x, 31 - HALF_BITS);
  return sk_vc_blend(&g->vc, SK_X_VBLENDVPS, vl, k32(g, 0x7fff), k32(g, 0x8000), odd);
}

// NaNs as they are, made quiet; `rounded` elsewhere.
static sk_vr keep_nans(sk_gen *g, uint32_t vl, sk_vr x, sk_vr rounded, bool is_quiet) {
  sk_vcode *vc = &g->vc;
  sk_vr quiet = is_quiet ? x : sk_vc_rvm_commutes(vc, SK_X_VPORD, vl, x, k32(g, 0x400000));
  if (g->v4) {
    sk_vr nan = sk_vc_k_rvmi(vc, SK_X_VCMPPS_K, vl, x, x, SK_FCMP_UNORD, 0);
    return sk_vc_select(vc, SK_X_VPBLENDMD, vl, rounded, quiet, nan);
  }
  sk_vr nan = sk_vc_rvmi(vc, SK_X_VCMPPS, vl, x, x, SK_FCMP_UNORD);
  return sk_vc_blend(vc, SK_X_VBLENDVPS, vl, rounded, quiet, nan);
}

sk_vr sk_gen_round_bf16(sk_gen *g, const sk_pure *p) {
  sk_vcode *vc = &g->vc;
  uint8_t facts = g->rounding[p->inst - g->kernel->insts.data];
  sk_vr rounded = sk_vc_rvm_commutes(vc, SK_X_VPADDD, p->vl, p->a, half_to_even(g, p->vl, p->a));
  if (!(facts & SK_ROUND_SHORT)) {
    rounded = keep_nans(g, p->vl, p->a, rounded, facts & SK_ROUND_QUIET);
  }
  return facts & SK_ROUND_CLEAR
             ? sk_vc_rvm_commutes(vc, SK_X_VPANDD, p->vl, rounded, k32(g, ~(uint32_t)LOW_HALF))
             : rounded;
}
