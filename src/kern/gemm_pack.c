// SPDX-License-Identifier: Apache-2.0
// Packing for the matrix product: `count` steps of a few columns, at any strides, copied to
//
//   step 0: column 0 1 2 ... | step 1: column 0 1 2 ... | ...       whole vectors, 0 beyond the last column
//
// or, for A, one step close behind the other: what a vector has beyond the last column is written over by the
// step after it, and behind the last step there is room. (With whole vectors a tile of six f64 rows and a panel
// of B filled the first-level cache of Zen 3 to the last line.)
//
// so that the register tile reads memory in order. Three ways, by the strides of the source:
//   columns side by side    vector copies
//   steps side by side      transposes in registers: 4 (f64: 2) steps of 8 (4) columns at a time
//   neither                 element by element
// Reads exactly the elements named (and prefetches beyond them).
#include "kern/gemm_int.h"

panel sk_gemm_panel(const gemm *g, uint32_t columns, bool packed) {
  uint32_t vectors = (columns + g->lanes - 1) / g->lanes;
  return (panel){vectors, columns - (vectors - 1) * g->lanes, packed};
}

void sk_gemm_add_constant(gemm *g, uint32_t d, int64_t value) {
  if (value == 0) {
    return;
  }
  if (value >= INT32_MIN && value <= INT32_MAX) {
    sk_x64_alu_imm(g->a, SK_X_ADD_MI, SK_OP64, sk_rm_reg(d), (int32_t)value);
  } else {
    sk_x64_mov_imm(g->a, SK_R8, value);
    sk_x64_rr(g->a, SK_X_ADD, SK_OP64, d, SK_R8);
  }
}

// ---------------------------------------------------------------------------------- vectors of a panel

static bool is_masked(const gemm *g, const panel *p, uint32_t v) {
  return v + 1 == p->vectors && p->last_lanes != g->lanes;
}

void sk_gemm_prepare_mask(gemm *g, const panel *p) {
  if (p->last_lanes == g->lanes) {
    return;
  }
  if (g->a->isa == SK_ISA_V4) {
    sk_x64_mov_imm(g->a, SK_RAX, (INT64_C(1) << p->last_lanes) - 1);
    sk_x64_rr(g->a, SK_X_KMOVW_KR, 0, 1, SK_RAX);
  } else {
    uint8_t mask[32] = {0};
    memset(mask, 0xFF, (size_t)p->last_lanes * g->es);
    sk_x64_rm_(g->a, SK_X_VMOVUPS, g->vl, 15,
               sk_rm_const(sk_asm_constant(g->a, mask, sizeof mask)));
  }
}

void sk_gemm_load_vector(gemm *g, const panel *p, uint32_t v, uint32_t reg, sk_x64_rm from) {
  if (!is_masked(g, p, v)) {
    sk_x64_rm_(g->a, g->load, g->vl, reg, from);
  } else if (g->a->isa == SK_ISA_V4) {
    sk_x64_emit(g->a, g->load, g->vl, reg, 0, from, 0, 1 | SK_DECO_ZERO);
  } else {
    sk_x64_rvm(g->a, g->es == 4 ? SK_X_VMASKMOVPS : SK_X_VMASKMOVPD, g->vl, reg, 15, from);
  }
}

// v3: the first lanes in pieces; masked stores take some processors a dozen cycles. Destroys ymm14.
static void store_first(gemm *g, uint32_t lanes, uint32_t reg, sk_x64_rm to) {
  uint32_t left = lanes * g->es;
  if (left >= 16) {
    sk_x64_rm_(g->a, SK_X_VMOVUPS_ST, SK_XMM, reg, to);
    left -= 16;
    to.disp += 16;
    if (left > 0) {
      sk_x64_emit(g->a, SK_X_VEXTRACTF128, SK_YMM, reg, 0, sk_rm_reg(14), 1, 0);
    }
    reg = 14;
  }
  if (left >= 8) {
    sk_x64_rm_(g->a, SK_X_VMOVQ_XX_ST, SK_XMM, reg, to);
    to.disp += 8;
  }
  if (left == 12) {
    sk_x64_emit(g->a, SK_X_VEXTRACTPS, SK_XMM, reg, 0, to, 2, 0);
  } else if (left == 4) {
    sk_x64_rm_(g->a, SK_X_VMOVSS_ST, SK_XMM, reg, to);
  }
}

void sk_gemm_store_vector(gemm *g, const panel *p, uint32_t v, uint32_t reg, sk_x64_rm to) {
  if (!is_masked(g, p, v)) {
    sk_x64_rm_(g->a, g->store, g->vl, reg, to);
  } else if (g->a->isa == SK_ISA_V4) {
    sk_x64_emit(g->a, g->store, g->vl, reg, 0, to, 0, 1);
  } else {
    store_first(g, p->last_lanes, reg, to);
  }
}

// ---------------------------------------------------------------------------------------- three copies

typedef struct packer {
  gemm *g;
  const panel *p;
  packing how;
  uint32_t columns;
} packer;

enum { COPY_STEPS = 4 };

static void copy_step(packer *k, int64_t step) {
  gemm *g = k->g;
  for (uint32_t v = 0; v < k->p->vectors; v++) {
    int32_t at = (int32_t)(v * sk_gemm_vector_bytes(g));
    int32_t from = (int32_t)(step * k->how.step_stride) + at;
    sk_gemm_load_vector(g, k->p, v, v & 1, sk_rm_base(SK_RSI, from));
    int32_t to = (int32_t)(step * k->how.packed_stride) + at;
    sk_x64_rm_(g->a, g->store, g->vl, v & 1, sk_rm_base(SK_RDI, to));
  }
  // the panel to the right is next
  int32_t next = (int32_t)(step * k->how.step_stride) + (int32_t)k->how.packed_stride;
  sk_x64_rm_(g->a, SK_X_PREFETCHT0, SK_XMM, 0, sk_rm_base(SK_RSI, next));
}

// A step without a vector load that reaches beyond the copied elements.
static void copy_columns(packer *k, int64_t count) {
  gemm *g = k->g;
  sk_asm *a = g->a;
  sk_gemm_prepare_mask(g, k->p);
  if (count >= COPY_STEPS) {
    sk_label top = sk_asm_new_label(a);
    sk_x64_mov_imm(a, SK_RCX, count / COPY_STEPS);
    sk_asm_bind(a, top);
    for (uint32_t s = 0; s < COPY_STEPS; s++) {
      copy_step(k, s);
    }
    sk_gemm_add_constant(g, SK_RSI, COPY_STEPS * k->how.step_stride);
    sk_gemm_add_constant(g, SK_RDI, COPY_STEPS * k->how.packed_stride);
    sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RCX), 1);
    sk_x64_jcc(a, SK_CC_NE, top);
  }
  for (uint32_t s = 0; s < count % COPY_STEPS; s++) {
    copy_step(k, s);
  }
}

static void copy_elements(packer *k, int64_t count) {
  gemm *g = k->g;
  sk_asm *a = g->a;
  sk_label top = sk_asm_new_label(a);
  uint32_t size = g->es == 8 ? SK_OP64 : SK_OP32;
  sk_x64_rrr(a, SK_X_VXORPS, g->vl, 0, 0, 0);
  sk_x64_mov_imm(a, SK_RCX, count);
  sk_asm_bind(a, top);
  if (k->p->last_lanes != g->lanes) {
    int32_t last = (int32_t)((k->p->vectors - 1) * sk_gemm_vector_bytes(g));
    sk_x64_rm_(a, g->store, g->vl, 0, sk_rm_base(SK_RDI, last));
  }
  sk_gemm_move(g, SK_RDX, SK_RSI);
  for (uint32_t n = 0; n < k->columns; n++) {
    sk_x64_rm_(a, SK_X_MOV, size, SK_RAX, sk_rm_base(SK_RDX, 0));
    sk_x64_rm_(a, SK_X_MOV_MR, size, SK_RAX, sk_rm_base(SK_RDI, (int32_t)(n * g->es)));
    if (n + 1 < k->columns) {
      sk_gemm_add_constant(g, SK_RDX, k->how.column_stride);
    }
  }
  sk_gemm_add_constant(g, SK_RSI, k->how.step_stride);
  sk_gemm_add_constant(g, SK_RDI, k->how.packed_stride);
  sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RCX), 1);
  sk_x64_jcc(a, SK_CC_NE, top);
}

// ------------------------------------------------------------------------------------------ transposes

// Column `low` in the lower and `high` in the upper half of ymm `reg`, one half's worth of steps.
static void load_pair(packer *k, uint32_t reg, uint32_t low, uint32_t high) {
  sk_asm *a = k->g->a;
  if (low >= k->columns) {
    sk_x64_rrr(a, SK_X_VXORPS, SK_YMM, reg, reg, reg);
    return;
  }
  sk_x64_rm_(a, SK_X_VMOVUPS, SK_XMM, reg,
             sk_rm_base(SK_RSI, (int32_t)(low * k->how.column_stride)));
  if (high < k->columns) {
    sk_x64_rvmi(a, SK_X_VINSERTF128, SK_YMM, reg, reg,
                sk_rm_base(SK_RSI, (int32_t)(high * k->how.column_stride)), 1);
  }
}

static void store_step(packer *k, uint32_t step, uint32_t first_column, uint32_t reg) {
  int32_t to = (int32_t)(step * k->how.packed_stride + first_column * k->g->es);
  sk_x64_rm_(k->g->a, SK_X_VMOVUPS_ST, SK_YMM, reg, sk_rm_base(SK_RDI, to));
}

// f32: 4 steps of 8 columns. The halves of each register hold columns i and i + 4.
//   a0 a1 a2 a3    unpack    a0 b0 a1 b1    shuffle    a0 b0 c0 d0   step 0
//   b0 b1 b2 b3      ->      c0 d0 c1 d1      ->       a1 b1 c1 d1   step 1
static void transpose_f32(packer *k, uint32_t first, uint32_t base) {
  sk_asm *a = k->g->a;
  for (uint32_t i = 0; i < 4; i++) {
    load_pair(k, base + i, first + i, first + i + 4);
  }
  for (uint32_t i = 0; i < 4; i += 2) {
    sk_x64_rrr(a, SK_X_VUNPCKLPS, SK_YMM, base + 4 + i, base + i, base + i + 1);
    sk_x64_rrr(a, SK_X_VUNPCKHPS, SK_YMM, base + 5 + i, base + i, base + i + 1);
  }
  for (uint32_t s = 0; s < 4; s++) {
    uint32_t ab = base + 4 + s / 2, cd = base + 6 + s / 2;
    sk_x64_rvmi(a, SK_X_VSHUFPS, SK_YMM, base + s, ab, sk_rm_reg(cd), s % 2 == 0 ? 0x44 : 0xEE);
    store_step(k, s, first, base + s);
  }
}

// f64: 2 steps of 4 columns. The halves of each register hold columns i and i + 2.
static void transpose_f64(packer *k, uint32_t first, uint32_t base) {
  sk_asm *a = k->g->a;
  for (uint32_t i = 0; i < 2; i++) {
    load_pair(k, base + i, first + i, first + i + 2);
  }
  sk_x64_rrr(a, SK_X_VUNPCKLPD, SK_YMM, base + 2, base, base + 1);
  sk_x64_rrr(a, SK_X_VUNPCKHPD, SK_YMM, base + 3, base, base + 1);
  store_step(k, 0, first, base + 2);
  store_step(k, 1, first, base + 3);
}

// The last columns first, since they reach into the next step where steps are close.
static void transpose_steps(packer *k) {
  bool is_f32 = k->g->es == 4;
  uint32_t width = k->p->vectors * k->g->lanes, columns = is_f32 ? 8 : 4, base = 0;
  for (uint32_t first = width; first > 0; base ^= 8) {
    first -= columns;
    (is_f32 ? transpose_f32 : transpose_f64)(k, first, base);
  }
}

// Whole blocks of steps; the last block lies over the one before where they don't come out even.
static void copy_transposed(packer *k, int64_t count) {
  gemm *g = k->g;
  sk_asm *a = g->a;
  sk_label top = sk_asm_new_label(a);
  int64_t steps = 16 / g->es, back = (steps - count % steps) % steps;
  sk_x64_mov_imm(a, SK_RCX, count / steps);
  sk_asm_bind(a, top);
  transpose_steps(k);
  sk_gemm_add_constant(g, SK_RSI, 16);
  sk_gemm_add_constant(g, SK_RDI, steps * k->how.packed_stride);
  sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RCX), 1);
  sk_x64_jcc(a, SK_CC_NE, top);
  if (back != 0) {
    sk_gemm_add_constant(g, SK_RSI, -sk_gemm_bytes(g, back));
    sk_gemm_add_constant(g, SK_RDI, -back * k->how.packed_stride);
    transpose_steps(k);
  }
}

void sk_gemm_emit_pack(gemm *g, const panel *p, packing how, int64_t count) {
  packer k = {.g = g, .p = p, .how = how};
  k.columns = (p->vectors - 1) * g->lanes + p->last_lanes;
  if (how.column_stride == (int64_t)g->es || k.columns == 1) {
    copy_columns(&k, count);
  } else if (how.step_stride == (int64_t)g->es && count * g->es >= 16) {
    copy_transposed(&k, count);
  } else {
    copy_elements(&k, count);
  }
}
