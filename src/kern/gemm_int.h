// SPDX-License-Identifier: Apache-2.0
// Of the matrix product generator only: its state, small emitters, and the packing of operands.
//
//   gemm.c       which tile, which blocks; the loops
//   gemm_tile.c  the register tile
//   gemm_small.c products of a few rows and one panel: nothing but register tiles
//   gemm_pack.c  copies of operand blocks in the order in which the register tile reads them
#ifndef SK_KERN_GEMM_INT_H
#define SK_KERN_GEMM_INT_H

#include "kern/kern.h"

// Stack slots of the emitted function, bytes from rsp.
enum {
  SLOT_A = 0,
  SLOT_B = 8,
  SLOT_C = 16,
  SLOT_END = 24,
  SLOT_SCRATCH = 32,
  SLOT_LOW_ROWS = 40,  // rows of the row block that low tiles cover
  SLOT_A_JOB = 48,     // operands of the job at the current k block
  SLOT_B_JOB = 56,
  SLOT_C_JOB = 64,
  SLOT_ROWS = 72,
  SLOT_PANELS = 80,  // panels of the job
  SLOT_LEFT = 88,    // panels left in the current k block
  SLOT_B_PANEL = 96,
  SLOT_C_PANEL = 104,
  STACK_BYTES = 104 + 16
};

// General registers: rbx job, rbp k block, r12 A at the current tile, r13 B at the panel, r14 C at the
// current tile, r15 rows left; rax rcx rdx rsi rdi r8 are free.
typedef struct gemm {
  sk_asm *a;
  const sk_dot *d;
  const sk_prog *prog;
  uint32_t vl, es, lanes;              // vector length, element bytes, elements per vector
  uint32_t nv, nr;                     // a panel: vectors, columns
  uint32_t high, low;                  // rows of a tile; the last low_tiles of all tiles have fewer
  int64_t tiles, low_tiles;            // of all m rows
  int64_t mb, row_blocks;              // rows of a row block (the last may have fewer)
  int64_t kc, k_blocks;                // steps of a k block (the last may have fewer)
  int64_t full_panels, tail;           // tail: columns of the last, short panel
  int64_t group, groups, full_groups;  // panels per group; groups, and those of full panels
  bool pack_a, pack_b;                 // pack_a: in groups of full panels only
  uint32_t a_row;                      // elements of one step in packed A
  uint32_t load, store, fma, broadcast;
} gemm;

// Columns side by side in vectors: a panel of B, or a tile of A turned on its side.
typedef struct panel {
  uint32_t vectors;     // in use
  uint32_t last_lanes;  // lanes of the last one; equal to g->lanes when it is full
  bool packed;
} panel;

enum { GEMM_UNROLL = 4 };  // steps of a tile's loop

// One k block of one panel.
typedef struct block {
  panel p;
  int64_t count;  // steps
  int first;      // accumulators start: 1 at zero, 0 from C, -1 at zero in k block 0 (rbp)
  bool packed_a;
} block;

// How a block is packed: bytes between columns and between steps of the source, between steps of the copy.
typedef struct packing {
  int64_t column_stride, step_stride, packed_stride;
} packing;

static inline void sk_gemm_move(gemm *g, uint32_t d, uint32_t s) {
  sk_x64_rr(g->a, SK_X_MOV, SK_OP64, d, s);
}
static inline void sk_gemm_load_slot(gemm *g, uint32_t reg, int32_t slot) {
  sk_x64_rm_(g->a, SK_X_MOV, SK_OP64, reg, sk_rm_base(SK_RSP, slot));
}
static inline void sk_gemm_save_slot(gemm *g, uint32_t reg, int32_t slot) {
  sk_x64_rm_(g->a, SK_X_MOV_MR, SK_OP64, reg, sk_rm_base(SK_RSP, slot));
}
static inline int64_t sk_gemm_bytes(const gemm *g, int64_t elems) { return elems * (int64_t)g->es; }
static inline uint32_t sk_gemm_vector_bytes(const gemm *g) { return g->lanes * g->es; }

// `columns` columns side by side.
panel sk_gemm_panel(const gemm *g, uint32_t columns, bool packed);
// d += value, through r8 if it does not fit an immediate
void sk_gemm_add_constant(gemm *g, uint32_t d, int64_t value);
// Moves of vector v of a panel between memory and a register, masked in the last one. Before masked moves
// sk_gemm_prepare_mask sets ymm15 (v3, where stores need no mask and destroy ymm14) or k1 (v4,
// through rax).
void sk_gemm_prepare_mask(gemm *g, const panel *p);
void sk_gemm_load_vector(gemm *g, const panel *p, uint32_t v, uint32_t reg, sk_x64_rm from);
void sk_gemm_store_vector(gemm *g, const panel *p, uint32_t v, uint32_t reg, sk_x64_rm to);

// Bytes from one step of the panel to the next.
int64_t sk_gemm_b_step_bytes(const gemm *g, const block *b);
// `rows` rows at r12 and r14: all steps of the block. Destroys rax rcx rsi rdi r8.
void sk_gemm_emit_tile(gemm *g, const block *b, uint32_t rows);

// Few rows and steps, one panel that is read where it lies.
bool sk_gemm_is_small(const gemm *g);
// Narrows the vectors to the columns of such a product.
void sk_gemm_fit_vectors(gemm *g);
// The whole function; a job is a batch.
void sk_gemm_emit_small(gemm *g);

// Copies `count` steps of the panel's columns from rsi to rdi, as whole vectors: lanes beyond the columns
// become 0. Destroys rax rcx rdx rsi rdi r8 and vectors 0 to 15.
void sk_gemm_emit_pack(gemm *g, const panel *p, packing how, int64_t count);

#endif
