// SPDX-License-Identifier: Apache-2.0
// Products of small matrices, in batches or alone: register tiles down the rows, and on to the next
// batch. No blocks, no packing, no numbers of jobs to take apart: between two 4 x 4 x 4 products
// lie a few additions.
//
// Registers as in gemm_tile.c; r9 counts the batches left.
#include "kern/gemm_int.h"

// Rows, and steps x rows x vectors, beyond which the general function's preparations do not matter.
enum { MOST_ROWS = 24, MOST_FMAS = 1024 };

bool sk_gemm_is_small(const gemm *g) {
  const sk_dot *d = g->d;
  if ((d->b_strides[2] != 1 && d->n != 1) || d->n > g->nr || d->m > MOST_ROWS) {
    return false;
  }
  int64_t vectors = sk_gemm_panel(g, (uint32_t)d->n, false).vectors;
  return SK_MAX(d->k, (int64_t)1) <= MOST_FMAS / (SK_MAX(d->m, (int64_t)1) * vectors);
}

void sk_gemm_fit_vectors(gemm *g) {
  int64_t bytes = g->d->n * (int64_t)g->es;
  if (bytes <= 16 &&
      g->d->elem == SK_LT_F32) {  // (there is no broadcast of an f64 to an xmm register)
    g->vl = SK_XMM;
  } else if (bytes <= 32) {
    g->vl = SK_YMM;
  }
  g->lanes = (16u << g->vl) / g->es;
}

static const uint8_t saved_registers[] = {SK_R12, SK_R13, SK_R14};

// r12, r13, r14: operands of batch rsi; r9: batches.
static void emit_start(gemm *g) {
  sk_asm *a = g->a;
  const sk_dot *d = g->d;
  const struct {
    uint32_t buf, reg;
    int64_t offset, stride;
  } operands[] = {{d->a, SK_R12, d->a_offset, d->a_strides[0]},
                  {d->b, SK_R13, d->b_offset, d->b_strides[0]},
                  {d->c, SK_R14, d->c_offset, d->c_strides[0]}};
  for (size_t i = 0; i < SK_COUNT(saved_registers); i++) {
    sk_x64_push(a, saved_registers[i]);
  }
  sk_gemm_move(g, SK_R9, SK_RDX);
  sk_x64_rr(a, SK_X_SUB, SK_OP64, SK_R9, SK_RSI);
  for (size_t i = 0; i < SK_COUNT(operands); i++) {
    sk_gen_emit_buffer(a, g->prog, operands[i].buf, SK_RDI, SK_RCX, operands[i].reg);
    sk_gemm_add_constant(g, operands[i].reg, sk_gemm_bytes(g, operands[i].offset));
    if (d->batch > 1 && operands[i].stride != 0) {
      sk_x64_mov_imm(a, SK_RAX, sk_gemm_bytes(g, operands[i].stride));
      sk_x64_rr(a, SK_X_IMUL, SK_OP64, SK_RAX, SK_RSI);
      sk_x64_rr(a, SK_X_ADD, SK_OP64, operands[i].reg, SK_RAX);
    }
  }
}

// All rows of a batch; the operands move on by `next` elements from where the batch began.
static void emit_batch(gemm *g) {
  const sk_dot *d = g->d;
  block b = {.p = sk_gemm_panel(g, (uint32_t)d->n, false), .count = d->k, .first = 1};
  int64_t row = 0, a_at = 0, c_at = 0;
  for (int64_t tile = 0; tile < g->tiles; tile++) {
    uint32_t rows = tile < g->tiles - g->low_tiles ? g->high : g->low;
    sk_gemm_add_constant(g, SK_R12, sk_gemm_bytes(g, row * d->a_strides[1] - a_at));
    sk_gemm_add_constant(g, SK_R14, sk_gemm_bytes(g, row * d->c_strides[1] - c_at));
    a_at = row * d->a_strides[1];
    c_at = row * d->c_strides[1];
    sk_gemm_emit_tile(g, &b, rows);
    row += rows;
  }
  if (d->batch > 1) {
    sk_gemm_add_constant(g, SK_R12, sk_gemm_bytes(g, d->a_strides[0] - a_at));
    sk_gemm_add_constant(g, SK_R13, sk_gemm_bytes(g, d->b_strides[0]));
    sk_gemm_add_constant(g, SK_R14, sk_gemm_bytes(g, d->c_strides[0] - c_at));
  }
}

void sk_gemm_emit_small(gemm *g) {
  sk_asm *a = g->a;
  sk_label top = sk_asm_new_label(a), done = sk_asm_new_label(a);
  emit_start(g);
  sk_x64_rr(a, SK_X_TEST_MR, SK_OP64, SK_R9, SK_R9);
  sk_x64_jcc(a, SK_CC_LE, done);
  if (g->d->batch > 1) {
    sk_asm_align(a, 16);
  }
  sk_asm_bind(a, top);
  emit_batch(g);
  if (g->d->batch > 1) {
    sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_R9), 1);
    sk_x64_jcc(a, SK_CC_NE, top);
  }
  sk_asm_bind(a, done);
  for (size_t i = SK_COUNT(saved_registers); i-- > 0;) {
    sk_x64_pop(a, saved_registers[i]);
  }
  sk_x64_emit(a, SK_X_VZEROUPPER, 0, 0, 0, sk_rm_reg(0), 0, 0);
  sk_x64_ret(a);
}
