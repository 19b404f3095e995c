// SPDX-License-Identifier: Apache-2.0
// Register tile of the matrix product: a few rows of A times a panel of B, all steps of a k block.
//
//              b0  b1            one accumulator per row and vector of the panel; a step loads the
//   a0 (bcast) 0   1             panel's vectors and broadcasts one element of A per row
//   a1         2   3
//   ...                          In: r12 A, r13 B (or the packed panel in scratch), r14 C
//
// Registers, from the top (16, v4: 32): the mask of a short last vector or a second broadcast, the
// broadcast, the panel's vectors; accumulators from 0 on.
#include "kern/gemm_int.h"

static uint32_t acc(const block *b, uint32_t row, uint32_t v) { return row * b->p.vectors + v; }

static int64_t bytes(const gemm *g, int64_t elems) { return sk_gemm_bytes(g, elems); }

static int64_t a_row_bytes(const gemm *g, const block *b) {
  return bytes(g, b->packed_a ? 1 : g->d->a_strides[1]);
}

static int64_t a_step_bytes(const gemm *g, const block *b) {
  return bytes(g, b->packed_a ? (int64_t)g->a_row : g->d->a_strides[2]);
}

int64_t sk_gemm_b_step_bytes(const gemm *g, const block *b) {
  return b->p.packed ? (int64_t)(b->p.vectors * sk_gemm_vector_bytes(g))
                     : bytes(g, g->d->b_strides[1]);
}

// Are the lanes beyond the panel kept out of its loads?
static bool loads_masked(const gemm *g, const block *b) {
  return !b->p.packed && b->p.last_lanes != g->lanes;
}

// Step u; displacements are relative to rsi (A) and rdi (B). Where loads are masked, the last
// register (v3) holds the mask.
static void emit_step(gemm *g, const block *b, uint32_t rows, uint32_t u) {
  sk_asm *a = g->a;
  uint32_t registers = a->isa == SK_ISA_V4 ? 32 : 16, bcast = registers - 2;
  uint32_t b0 = bcast - b->p.vectors, alternate = loads_masked(g, b) ? 0 : 1;
  int64_t a_disp = u * a_step_bytes(g, b), b_disp = u * sk_gemm_b_step_bytes(g, b);
  for (uint32_t v = 0; v < b->p.vectors; v++) {
    sk_x64_rm from = sk_rm_base(SK_RDI, (int32_t)(b_disp + (int64_t)(v * sk_gemm_vector_bytes(g))));
    if (b->p.packed) {
      sk_x64_rm_(a, g->load, g->vl, b0 + v, from);
    } else {
      sk_gemm_load_vector(g, &b->p, v, b0 + v, from);
    }
  }
  for (uint32_t row = 0; row < rows; row++) {
    uint32_t reg = bcast + (row & alternate);
    int32_t from = (int32_t)(a_disp + row * a_row_bytes(g, b));
    sk_x64_rm_(a, g->broadcast, g->vl, reg, sk_rm_base(SK_RSI, from));
    for (uint32_t v = 0; v < b->p.vectors; v++) {
      sk_x64_rrr(a, g->fma, g->vl, acc(b, row, v), reg, b0 + v);
    }
  }
}

static sk_x64_rm c_vector(const gemm *g, uint32_t row, uint32_t v) {
  int64_t disp = row * bytes(g, g->d->c_strides[1]) + (int64_t)(v * sk_gemm_vector_bytes(g));
  return sk_rm_base(SK_R14, (int32_t)disp);
}

static void emit_load_accumulators(gemm *g, const block *b, uint32_t rows) {
  sk_gemm_prepare_mask(g, &b->p);
  for (uint32_t row = 0; row < rows; row++) {
    for (uint32_t v = 0; v < b->p.vectors; v++) {
      sk_gemm_load_vector(g, &b->p, v, acc(b, row, v), c_vector(g, row, v));
    }
  }
}

static void emit_zero_accumulators(gemm *g, const block *b, uint32_t rows) {
  for (uint32_t i = 0; i < rows * b->p.vectors; i++) {
    sk_x64_rrr(g->a, SK_X_VXORPS, g->vl, i, i, i);
  }
}

static void emit_start(gemm *g, const block *b, uint32_t rows) {
  sk_asm *a = g->a;
  sk_label zero = sk_asm_new_label(a), ready = sk_asm_new_label(a);
  if (b->first == -1) {
    sk_x64_rr(a, SK_X_TEST_MR, SK_OP64, SK_RBP, SK_RBP);
    sk_x64_jcc(a, SK_CC_E, zero);
  }
  if (b->first != 1) {
    emit_load_accumulators(g, b, rows);
  }
  if (b->first == -1) {
    sk_x64_jmp(a, ready);
    sk_asm_bind(a, zero);
  }
  if (b->first != 0) {
    emit_zero_accumulators(g, b, rows);
  }
  sk_asm_bind(a, ready);
}

// All steps but the last few; leaves rsi and rdi at those.
static void emit_steps_in_loop(gemm *g, const block *b, uint32_t rows) {
  sk_asm *a = g->a;
  sk_label top = sk_asm_new_label(a);
  sk_x64_mov_imm(a, SK_RCX, b->count / GEMM_UNROLL);
  sk_asm_align(a, 16);
  sk_asm_bind(a, top);
  for (uint32_t u = 0; u < GEMM_UNROLL; u++) {
    emit_step(g, b, rows, u);
  }
  sk_gemm_add_constant(g, SK_RSI, GEMM_UNROLL * a_step_bytes(g, b));
  sk_gemm_add_constant(g, SK_RDI, GEMM_UNROLL * sk_gemm_b_step_bytes(g, b));
  sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RCX), 1);
  sk_x64_jcc(a, SK_CC_NE, top);
}

// Short rows that lie one behind the other are stored in pairs: who reads them next reads longer vectors, and a load that
// spans two stores waits until both have left for the cache.
static bool stores_pairs(const gemm *g, const block *b) {
  return g->vl == SK_XMM && b->p.vectors == 1 && b->p.last_lanes == g->lanes &&
         bytes(g, g->d->c_strides[1]) == sk_gemm_vector_bytes(g);
}

static void emit_stores(gemm *g, const block *b, uint32_t rows) {
  uint32_t paired = stores_pairs(g, b) ? rows & ~1u : 0;
  for (uint32_t row = 0; row < paired; row += 2) {
    uint32_t first = acc(b, row, 0);
    sk_x64_emit(g->a, SK_X_VINSERTF128, SK_YMM, first, first, sk_rm_reg(acc(b, row + 1, 0)), 1, 0);
    sk_x64_rm_(g->a, SK_X_VMOVUPS_ST, SK_YMM, first, c_vector(g, row, 0));
  }
  for (uint32_t row = paired; row < rows; row++) {
    for (uint32_t v = 0; v < b->p.vectors; v++) {
      sk_gemm_store_vector(g, &b->p, v, acc(b, row, v), c_vector(g, row, v));
    }
  }
}

void sk_gemm_emit_tile(gemm *g, const block *b, uint32_t rows) {
  emit_start(g, b, rows);
  sk_gemm_move(g, SK_RSI, SK_R12);
  if (b->p.packed) {
    sk_gemm_load_slot(g, SK_RDI, SLOT_SCRATCH);
  } else {
    sk_gemm_move(g, SK_RDI, SK_R13);
  }
  if (loads_masked(g, b)) {
    sk_gemm_prepare_mask(g, &b->p);
  }
  uint32_t rest = (uint32_t)(b->count % GEMM_UNROLL);
  if (b->count >= 2 * GEMM_UNROLL) {
    emit_steps_in_loop(g, b, rows);
  } else {
    rest = (uint32_t)b->count;
  }
  for (uint32_t u = 0; u < rest; u++) {
    emit_step(g, b, rows, u);
  }
  if (g->a->isa == SK_ISA_V4) {  // v3 stores a short vector in pieces
    sk_gemm_prepare_mask(g, &b->p);
  }
  emit_stores(g, b, rows);
}
