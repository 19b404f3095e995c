// SPDX-License-Identifier: Apache-2.0
// Generator of matrix products: C[b,m,n] = sum over k of A[b,m,k] B[b,k,n], f32 and f64, shapes and strides fixed at generation.
//
//            NR columns
//          +-----------+        One iteration of the parallel loop is a tile: mb rows x a group of up to PANELS panels of NR columns.
//    K     |  B panel  |        Panel after panel of B is packed into the thread's scratch, KC steps at a time (so that any strides
//          +-----------+        are fine), then register tiles of MR x NR go down the rows: MR * NV accumulators, NV vectors of B,
//   +----+ +-----------+        one broadcast of A each. The mb rows of A stay in the second-level cache for the whole group.
//   | A  | |  MR x NR  | mb     With few rows and unit stride along n, B is read where it lies.
//   +----+ +-----------+        Tiles are numbered (batch, group, row block), row block fastest; a short last panel is a group.
//
//   tier        registers   f32 tile   f64 tile
//   v3 (ymm)    16          6 x 16     6 x 8
//   v4 (zmm)    32          14 x 32    14 x 16
// Every accumulator starts at +0 and takes one fused multiply-add per k, ascending; between blocks of KC it rests in C.
// Shape of the tile: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008), without packing A.
#include "kern/kern.h"

enum { KC = 1024, UNROLL = 4, PANELS = 8, TILE_FLOPS = 4000000, A_BLOCK_BYTES = 192 << 10, MAX_TILES = 1 << 30 };

// Stack slots of the emitted function, bytes from rsp.
enum { SLOT_A = 0, SLOT_B = 8, SLOT_C = 16, SLOT_END = 24, SLOT_SCRATCH = 32, SLOT_LEFT = 40, SLOT_ROWS = 48, SLOT_A_ROW = 56,
       SLOT_C_ROW = 64, SLOT_B_PANEL = 72, SLOT_C_PANEL = 80, SLOT_A_GROUP = 88, SLOT_ROWS_GROUP = 96,
       STACK_BYTES = 104 };

// General registers: rbx tile, r12 A at the current row and k block, r13 B at the panel and k block, r14 C at the current row, r15 rows
// left, rbp k block; rax rcx rdx rsi rdi r8 are free.
typedef struct gemm {
  sk_asm *a;
  const sk_dot *d;
  const sk_prog *prog;
  uint32_t vl, es, lanes;       // vector length, element bytes, elements per vector
  uint32_t mr, nv, nr;          // register tile
  int64_t mb, row_blocks, full_panels, tail;  // tail: columns of the last, short panel
  int64_t group, groups, full_groups;         // panels per group; groups, and those of full panels
  bool direct;                  // full panels of B are read in place
  uint32_t load, store, fma, broadcast;
  uint32_t mask_constant;       // v3 tail: lane mask of the last vector in use
} gemm;

// ---------------------------------------------------------------------------------------------------- small emitters

static void load_slot(gemm *g, uint32_t reg, int32_t slot) { sk_x64_rm_(g->a, SK_X_MOV, SK_OP64, reg, sk_rm_base(SK_RSP, slot)); }
static void save_slot(gemm *g, uint32_t reg, int32_t slot) { sk_x64_rm_(g->a, SK_X_MOV_MR, SK_OP64, reg, sk_rm_base(SK_RSP, slot)); }
static void move(gemm *g, uint32_t d, uint32_t s) { sk_x64_rr(g->a, SK_X_MOV, SK_OP64, d, s); }
static void add(gemm *g, uint32_t d, uint32_t s) { sk_x64_rr(g->a, SK_X_ADD, SK_OP64, d, s); }

// d += value, through r8 if it does not fit an immediate
static void add_constant(gemm *g, uint32_t d, int64_t value) {
  if (value == 0) {
    return;
  }
  if (value >= INT32_MIN && value <= INT32_MAX) {
    sk_x64_alu_imm(g->a, SK_X_ADD_MI, SK_OP64, sk_rm_reg(d), (int32_t)value);
  } else {
    sk_x64_mov_imm(g->a, SK_R8, value);
    add(g, d, SK_R8);
  }
}

// d += s * value; destroys r8
static void add_scaled(gemm *g, uint32_t d, uint32_t s, int64_t value) {
  if (value != 0) {
    sk_x64_mov_imm(g->a, SK_R8, value);
    sk_x64_rr(g->a, SK_X_IMUL, SK_OP64, SK_R8, s);
    add(g, d, SK_R8);
  }
}

static int64_t bytes(const gemm *g, int64_t elems) { return elems * (int64_t)g->es; }

// rax / value -> rax, remainder rdx; destroys rcx
static void divide(gemm *g, int64_t value) {
  sk_x64_rr(g->a, SK_X_XOR, SK_OP32, SK_RDX, SK_RDX);
  if (value == 1) {
    return;
  }
  sk_x64_mov_imm(g->a, SK_RCX, value);
  sk_x64_rm_(g->a, SK_X_DIV, SK_OP64, 0, sk_rm_reg(SK_RCX));
}

// ---------------------------------------------------------------------------------------------------- vectors of a panel

typedef struct panel {
  uint32_t vectors;      // in use
  uint32_t last_lanes;   // lanes of the last one; equal to g->lanes in a full panel
  bool packed;
} panel;

static bool is_masked(const gemm *g, const panel *p, uint32_t v) { return v + 1 == p->vectors && p->last_lanes != g->lanes; }

// v3: ymm15 holds the mask while masked moves are emitted. v4: k1.
static void prepare_mask(gemm *g, const panel *p) {
  if (p->last_lanes == g->lanes) {
    return;
  }
  if (g->a->isa == SK_ISA_V4) {
    sk_x64_mov_imm(g->a, SK_RAX, (INT64_C(1) << p->last_lanes) - 1);
    sk_x64_rr(g->a, SK_X_KMOVW_KR, 0, 1, SK_RAX);
  } else {
    sk_x64_rm_(g->a, SK_X_VMOVUPS, g->vl, 15, sk_rm_const(g->mask_constant));
  }
}

static void load_vector(gemm *g, const panel *p, uint32_t v, uint32_t reg, sk_x64_rm from) {
  if (!is_masked(g, p, v)) {
    sk_x64_rm_(g->a, g->load, g->vl, reg, from);
  } else if (g->a->isa == SK_ISA_V4) {
    sk_x64_emit(g->a, g->load, g->vl, reg, 0, from, 0, 1 | SK_DECO_ZERO);
  } else {
    sk_x64_rvm(g->a, g->es == 4 ? SK_X_VMASKMOVPS : SK_X_VMASKMOVPD, g->vl, reg, 15, from);
  }
}

static void store_vector(gemm *g, const panel *p, uint32_t v, uint32_t reg, sk_x64_rm to) {
  if (!is_masked(g, p, v)) {
    sk_x64_rm_(g->a, g->store, g->vl, reg, to);
  } else if (g->a->isa == SK_ISA_V4) {
    sk_x64_emit(g->a, g->store, g->vl, reg, 0, to, 0, 1);
  } else {
    sk_x64_rvm(g->a, g->es == 4 ? SK_X_VMASKMOVPS_ST : SK_X_VMASKMOVPD_ST, g->vl, reg, 15, to);
  }
}

static uint32_t vector_bytes(const gemm *g) { return g->lanes * g->es; }

// ---------------------------------------------------------------------------------------------------- packing

// B[k][panel] -> scratch[k][NR], `count` steps from r13 on; lanes beyond the panel become 0.
static void emit_pack(gemm *g, const panel *p, int64_t count) {
  sk_asm *a = g->a;
  sk_label top = sk_asm_new_label(a);
  int64_t k_stride = bytes(g, g->d->b_strides[1]), n_stride = bytes(g, g->d->b_strides[2]);
  bool unit = g->d->b_strides[2] == 1 || (p->vectors == 1 && p->last_lanes == 1);
  uint32_t columns = (p->vectors - 1) * g->lanes + p->last_lanes, row_bytes = p->vectors * vector_bytes(g);
  move(g, SK_RSI, SK_R13);
  load_slot(g, SK_RDI, SLOT_SCRATCH);
  if (unit) {
    prepare_mask(g, p);
  } else {
    sk_x64_rrr(a, SK_X_VXORPS, g->vl, 0, 0, 0);
  }
  sk_x64_mov_imm(a, SK_RCX, count);
  sk_asm_bind(a, top);
  if (unit) {
    for (uint32_t v = 0; v < p->vectors; v++) {
      load_vector(g, p, v, 0, sk_rm_base(SK_RSI, (int32_t)(v * vector_bytes(g))));
      sk_x64_rm_(a, g->store, g->vl, 0, sk_rm_base(SK_RDI, (int32_t)(v * vector_bytes(g))));
    }
  } else {
    if (p->last_lanes != g->lanes) {
      sk_x64_rm_(a, g->store, g->vl, 0, sk_rm_base(SK_RDI, (int32_t)((p->vectors - 1) * vector_bytes(g))));
    }
    move(g, SK_RDX, SK_RSI);
    for (uint32_t n = 0; n < columns; n++) {
      uint32_t size = g->es == 8 ? SK_OP64 : SK_OP32;
      sk_x64_rm_(a, SK_X_MOV, size, SK_RAX, sk_rm_base(SK_RDX, 0));
      sk_x64_rm_(a, SK_X_MOV_MR, size, SK_RAX, sk_rm_base(SK_RDI, (int32_t)(n * g->es)));
      if (n + 1 < columns) {
        add_constant(g, SK_RDX, n_stride);
      }
    }
  }
  add_constant(g, SK_RSI, k_stride);
  add_constant(g, SK_RDI, row_bytes);
  sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RCX), 1);
  sk_x64_jcc(a, SK_CC_NE, top);
}

// ---------------------------------------------------------------------------------------------------- register tile

static uint32_t acc(const gemm *g, const panel *p, uint32_t row, uint32_t v) {
  (void)g;
  return row * p->vectors + v;
}

// One k step; displacements are relative to rsi (A) and rdi (B).
static void emit_step(gemm *g, const panel *p, uint32_t rows, int64_t a_disp, int64_t b_disp) {
  sk_asm *a = g->a;
  uint32_t registers = g->a->isa == SK_ISA_V4 ? 32 : 16, b0 = registers - 2 - p->vectors, bcast = registers - 2;
  for (uint32_t v = 0; v < p->vectors; v++) {
    sk_x64_rm from = sk_rm_base(SK_RDI, (int32_t)(b_disp + (int64_t)(v * vector_bytes(g))));
    sk_x64_rm_(a, g->load, g->vl, b0 + v, from);
  }
  for (uint32_t row = 0; row < rows; row++) {
    uint32_t reg = bcast + (row & 1);
    sk_x64_rm_(a, g->broadcast, g->vl, reg, sk_rm_base(SK_RSI, (int32_t)(a_disp + row * bytes(g, g->d->a_strides[1]))));
    for (uint32_t v = 0; v < p->vectors; v++) {
      sk_x64_rrr(a, g->fma, g->vl, acc(g, p, row, v), reg, b0 + v);
    }
  }
}

// Accumulators from C (continued sums) or zero. `first`: 1 always zero, 0 always C, -1: zero in k block 0 (rbp).
static void emit_start(gemm *g, const panel *p, uint32_t rows, int first) {
  sk_asm *a = g->a;
  sk_label zero = sk_asm_new_label(a), ready = sk_asm_new_label(a);
  if (first == -1) {
    sk_x64_rr(a, SK_X_TEST_MR, SK_OP64, SK_RBP, SK_RBP);
    sk_x64_jcc(a, SK_CC_E, zero);
  }
  if (first != 1) {
    prepare_mask(g, p);
    for (uint32_t row = 0; row < rows; row++) {
      for (uint32_t v = 0; v < p->vectors; v++) {
        int64_t disp = row * bytes(g, g->d->c_strides[1]) + (int64_t)(v * vector_bytes(g));
        load_vector(g, p, v, acc(g, p, row, v), sk_rm_base(SK_R14, (int32_t)disp));
      }
    }
  }
  if (first == -1) {
    sk_x64_jmp(a, ready);
    sk_asm_bind(a, zero);
  }
  if (first != 0) {
    for (uint32_t i = 0; i < rows * p->vectors; i++) {
      sk_x64_rrr(a, SK_X_VXORPS, g->vl, i, i, i);
    }
  }
  sk_asm_bind(a, ready);
}

static void emit_tile(gemm *g, const panel *p, uint32_t rows, int64_t count, int first) {
  sk_asm *a = g->a;
  int64_t a_step = bytes(g, g->d->a_strides[2]);
  int64_t b_step = p->packed ? (int64_t)(p->vectors * vector_bytes(g)) : bytes(g, g->d->b_strides[1]);
  emit_start(g, p, rows, first);
  move(g, SK_RSI, SK_R12);
  if (p->packed) {
    load_slot(g, SK_RDI, SLOT_SCRATCH);
  } else {
    move(g, SK_RDI, SK_R13);
  }
  if (count >= UNROLL) {
    sk_label top = sk_asm_new_label(a);
    sk_x64_mov_imm(a, SK_RCX, count / UNROLL);
    sk_asm_align(a, 16);
    sk_asm_bind(a, top);
    for (uint32_t u = 0; u < UNROLL; u++) {
      emit_step(g, p, rows, u * a_step, u * b_step);
    }
    add_constant(g, SK_RSI, UNROLL * a_step);
    add_constant(g, SK_RDI, UNROLL * b_step);
    sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RCX), 1);
    sk_x64_jcc(a, SK_CC_NE, top);
  }
  for (int64_t u = 0; u < count % UNROLL; u++) {
    emit_step(g, p, rows, u * a_step, u * b_step);
  }
  prepare_mask(g, p);
  for (uint32_t row = 0; row < rows; row++) {
    for (uint32_t v = 0; v < p->vectors; v++) {
      int64_t disp = row * bytes(g, g->d->c_strides[1]) + (int64_t)(v * vector_bytes(g));
      store_vector(g, p, v, acc(g, p, row, v), sk_rm_base(SK_R14, (int32_t)disp));
    }
  }
}

// All rows of the tile for one k block.
static void emit_rows(gemm *g, const panel *p, int64_t count, int first) {
  sk_asm *a = g->a;
  uint32_t rest = (uint32_t)(g->d->m % g->mr);
  sk_label top = sk_asm_new_label(a), last = sk_asm_new_label(a), done = sk_asm_new_label(a);
  if (g->d->m >= g->mr) {
    sk_asm_bind(a, top);
    sk_x64_alu_imm(a, SK_X_CMP_MI, SK_OP64, sk_rm_reg(SK_R15), (int32_t)g->mr);
    sk_x64_jcc(a, SK_CC_L, last);
    emit_tile(g, p, g->mr, count, first);
    add_constant(g, SK_R12, bytes(g, g->mr * g->d->a_strides[1]));
    add_constant(g, SK_R14, bytes(g, g->mr * g->d->c_strides[1]));
    sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_R15), (int32_t)g->mr);
    sk_x64_jmp(a, top);
  }
  sk_asm_bind(a, last);
  if (rest != 0) {
    sk_x64_rr(a, SK_X_TEST_MR, SK_OP64, SK_R15, SK_R15);
    sk_x64_jcc(a, SK_CC_E, done);
    emit_tile(g, p, rest, count, first);
  }
  sk_asm_bind(a, done);
}

// ---------------------------------------------------------------------------------------------------- panels and tiles

static void save_rows(gemm *g) {
  save_slot(g, SK_R12, SLOT_A_ROW);
  save_slot(g, SK_R14, SLOT_C_ROW);
  save_slot(g, SK_R15, SLOT_ROWS);
}

static void restore_rows(gemm *g) {
  load_slot(g, SK_R12, SLOT_A_ROW);
  load_slot(g, SK_R14, SLOT_C_ROW);
  load_slot(g, SK_R15, SLOT_ROWS);
}

static void emit_panel(gemm *g, const panel *p) {
  sk_asm *a = g->a;
  int64_t k = g->d->k;
  if (k == 0 || !p->packed) {
    emit_rows(g, p, k, 1);
    return;
  }
  if (k <= KC) {
    emit_pack(g, p, k);
    emit_rows(g, p, k, 1);
    return;
  }
  sk_label top = sk_asm_new_label(a);
  sk_x64_mov_imm(a, SK_RBP, 0);
  sk_asm_bind(a, top);
  emit_pack(g, p, KC);
  save_rows(g);
  emit_rows(g, p, KC, -1);
  restore_rows(g);
  add_constant(g, SK_R12, bytes(g, KC * g->d->a_strides[2]));
  add_constant(g, SK_R13, bytes(g, KC * g->d->b_strides[1]));
  sk_x64_alu_imm(a, SK_X_ADD_MI, SK_OP64, sk_rm_reg(SK_RBP), 1);
  sk_x64_mov_imm(a, SK_RAX, k / KC);
  sk_x64_rr(a, SK_X_CMP, SK_OP64, SK_RBP, SK_RAX);
  sk_x64_jcc(a, SK_CC_L, top);
  if (k % KC != 0) {
    emit_pack(g, p, k % KC);
    emit_rows(g, p, k % KC, 0);
  }
}

static const uint8_t saved_registers[] = {SK_RBX, SK_RBP, SK_R12, SK_R13, SK_R14, SK_R15};

static void emit_prologue(gemm *g) {
  sk_asm *a = g->a;
  const struct { uint32_t buf; int64_t offset; int32_t slot; } operands[] = {
      {g->d->a, g->d->a_offset, SLOT_A}, {g->d->b, g->d->b_offset, SLOT_B}, {g->d->c, g->d->c_offset, SLOT_C}};
  for (size_t i = 0; i < SK_COUNT(saved_registers); i++) {
    sk_x64_push(a, saved_registers[i]);
  }
  sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RSP), STACK_BYTES);
  move(g, SK_RBX, SK_RSI);
  save_slot(g, SK_RDX, SLOT_END);
  save_slot(g, SK_RCX, SLOT_SCRATCH);
  for (size_t i = 0; i < SK_COUNT(operands); i++) {
    sk_gen_emit_buffer(a, g->prog, operands[i].buf, SK_RDI, SK_RCX, SK_RAX);
    add_constant(g, SK_RAX, bytes(g, operands[i].offset));
    save_slot(g, SK_RAX, operands[i].slot);
  }
}

static void emit_epilogue(gemm *g) {
  sk_x64_alu_imm(g->a, SK_X_ADD_MI, SK_OP64, sk_rm_reg(SK_RSP), STACK_BYTES);
  for (size_t i = SK_COUNT(saved_registers); i-- > 0;) {
    sk_x64_pop(g->a, saved_registers[i]);
  }
  sk_x64_emit(g->a, SK_X_VZEROUPPER, 0, 0, 0, sk_rm_reg(0), 0, 0);
  sk_x64_ret(g->a);
}

// rbx -> pointers of the tile; leaves the group's number within the batch in rdx.
static void emit_decode(gemm *g) {
  sk_asm *a = g->a;
  const sk_dot *d = g->d;
  move(g, SK_RAX, SK_RBX);
  divide(g, g->row_blocks);
  sk_x64_mov_imm(a, SK_R9, g->mb);
  sk_x64_rr(a, SK_X_IMUL, SK_OP64, SK_R9, SK_RDX);  // first row
  sk_x64_mov_imm(a, SK_R15, d->m);
  sk_x64_rr(a, SK_X_SUB, SK_OP64, SK_R15, SK_R9);
  sk_x64_mov_imm(a, SK_RCX, g->mb);
  sk_x64_rr(a, SK_X_CMP, SK_OP64, SK_R15, SK_RCX);
  sk_x64_cmov(a, SK_CC_G, SK_OP64, SK_R15, sk_rm_reg(SK_RCX));
  divide(g, g->groups);  // rax: batch, rdx: group
  load_slot(g, SK_R12, SLOT_A);
  load_slot(g, SK_R13, SLOT_B);
  load_slot(g, SK_R14, SLOT_C);
  add_scaled(g, SK_R12, SK_RAX, bytes(g, d->a_strides[0]));
  add_scaled(g, SK_R12, SK_R9, bytes(g, d->a_strides[1]));
  add_scaled(g, SK_R13, SK_RAX, bytes(g, d->b_strides[0]));
  add_scaled(g, SK_R13, SK_RDX, bytes(g, g->group * g->nr * d->b_strides[2]));
  add_scaled(g, SK_R14, SK_RAX, bytes(g, d->c_strides[0]));
  add_scaled(g, SK_R14, SK_R9, bytes(g, d->c_strides[1]));
  add_scaled(g, SK_R14, SK_RDX, bytes(g, g->group * g->nr));
}

// All panels of a group, one after the other over the same rows.
static void emit_group(gemm *g, const panel *p) {
  sk_asm *a = g->a;
  sk_label top = sk_asm_new_label(a);
  int64_t rest = g->full_panels % g->group;
  if (g->group == 1) {
    emit_panel(g, p);
    return;
  }
  sk_x64_mov_imm(a, SK_RAX, g->group);
  if (rest != 0) {  // the last full group has fewer
    sk_x64_mov_imm(a, SK_RCX, rest);
    sk_x64_mov_imm(a, SK_RSI, g->full_groups - 1);
    sk_x64_rr(a, SK_X_CMP, SK_OP64, SK_RDX, SK_RSI);
    sk_x64_cmov(a, SK_CC_E, SK_OP64, SK_RAX, sk_rm_reg(SK_RCX));
  }
  save_slot(g, SK_RAX, SLOT_LEFT);
  save_slot(g, SK_R12, SLOT_A_GROUP);
  save_slot(g, SK_R15, SLOT_ROWS_GROUP);
  sk_asm_bind(a, top);
  save_slot(g, SK_R13, SLOT_B_PANEL);
  save_slot(g, SK_R14, SLOT_C_PANEL);
  emit_panel(g, p);
  load_slot(g, SK_R12, SLOT_A_GROUP);
  load_slot(g, SK_R15, SLOT_ROWS_GROUP);
  load_slot(g, SK_R13, SLOT_B_PANEL);
  load_slot(g, SK_R14, SLOT_C_PANEL);
  add_constant(g, SK_R13, bytes(g, g->nr * g->d->b_strides[2]));
  add_constant(g, SK_R14, bytes(g, g->nr));
  sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_base(SK_RSP, SLOT_LEFT), 1);
  sk_x64_jcc(a, SK_CC_NE, top);
}

static void emit_function(gemm *g) {
  sk_asm *a = g->a;
  sk_label top = sk_asm_new_label(a), next = sk_asm_new_label(a), done = sk_asm_new_label(a), tail = sk_asm_new_label(a);
  emit_prologue(g);
  sk_asm_bind(a, top);
  sk_x64_rm_(a, SK_X_CMP, SK_OP64, SK_RBX, sk_rm_base(SK_RSP, SLOT_END));
  sk_x64_jcc(a, SK_CC_GE, done);
  emit_decode(g);
  if (g->full_panels > 0) {
    if (g->tail > 0) {
      sk_x64_mov_imm(a, SK_RAX, g->full_groups);
      sk_x64_rr(a, SK_X_CMP, SK_OP64, SK_RDX, SK_RAX);
      sk_x64_jcc(a, SK_CC_E, tail);
    }
    panel full = {.vectors = g->nv, .last_lanes = g->lanes, .packed = !g->direct};
    emit_group(g, &full);
    sk_x64_jmp(a, next);
  }
  sk_asm_bind(a, tail);
  if (g->tail > 0) {
    uint32_t vectors = (uint32_t)((g->tail + g->lanes - 1) / g->lanes);
    int64_t overshoot = (g->full_groups * g->group - g->full_panels) * g->nr;  // the last full group may be short
    add_constant(g, SK_R13, -bytes(g, overshoot * g->d->b_strides[2]));
    add_constant(g, SK_R14, -bytes(g, overshoot));
    panel part = {.vectors = vectors, .last_lanes = (uint32_t)(g->tail - (int64_t)(vectors - 1) * g->lanes), .packed = true};
    emit_panel(g, &part);
  }
  sk_asm_bind(a, next);
  sk_x64_alu_imm(a, SK_X_ADD_MI, SK_OP64, sk_rm_reg(SK_RBX), 1);
  sk_x64_jmp(a, top);
  sk_asm_bind(a, done);
  emit_epilogue(g);
}

// ---------------------------------------------------------------------------------------------------- choices

static void choose_tile(gemm *g) {
  const sk_dot *d = g->d;
  bool wide = g->a->isa == SK_ISA_V4;
  g->es = sk_lt_bytes((sk_lt)d->elem);
  g->vl = wide ? SK_ZMM : SK_YMM;
  g->lanes = (wide ? 64 : 32) / g->es;
  g->mr = wide ? 14 : 6;
  g->nv = 2;
  g->nr = g->nv * g->lanes;
  bool is_f32 = g->es == 4;
  g->load = is_f32 ? SK_X_VMOVUPS : SK_X_VMOVUPD;
  g->store = is_f32 ? SK_X_VMOVUPS_ST : SK_X_VMOVUPD_ST;
  g->fma = is_f32 ? SK_X_VFMADD231PS : SK_X_VFMADD231PD;
  g->broadcast = is_f32 ? SK_X_VBROADCASTSS : SK_X_VBROADCASTSD;
  g->full_panels = d->n / g->nr;
  g->tail = d->n % g->nr;
  int64_t k = SK_MAX(d->k, (int64_t)1), panel_flops_per_row = 2 * (int64_t)g->nr * k;
  int64_t rows = SK_MIN(TILE_FLOPS / panel_flops_per_row, A_BLOCK_BYTES / (k * g->es)) / g->mr * g->mr;
  g->mb = SK_MIN(SK_MAX(rows, (int64_t)g->mr), (d->m + g->mr - 1) / g->mr * g->mr);
  g->group = SK_MAX((int64_t)1, SK_MIN((int64_t)PANELS, TILE_FLOPS / (panel_flops_per_row * g->mb)));
  g->full_groups = (g->full_panels + g->group - 1) / g->group;
  g->groups = g->full_groups + (g->tail > 0);
  g->row_blocks = (d->m + g->mb - 1) / g->mb;
  g->direct = d->b_strides[2] == 1 && d->m < 4 * (int64_t)g->mr;
  if (g->tail > 0 && !wide) {
    uint32_t last = (uint32_t)(g->tail % g->lanes), lane_bytes = g->es;
    uint8_t mask[32] = {0};
    memset(mask, 0xFF, (size_t)(last == 0 ? g->lanes : last) * lane_bytes);
    g->mask_constant = sk_asm_constant(g->a, mask, sizeof mask);
  }
}

// Row and step displacements are 32-bit immediates.
static bool displacements_fit(const gemm *g) {
  const sk_dot *d = g->d;
  const int64_t reach[] = {d->a_strides[1] * g->mr, d->a_strides[2] * UNROLL, d->b_strides[1] * UNROLL, d->c_strides[1] * g->mr};
  int64_t sum = 0;
  for (size_t i = 0; i < SK_COUNT(reach); i++) {
    int64_t magnitude = reach[i] < 0 ? -reach[i] : reach[i];
    if (SK_ADD_OVERFLOW(sum, magnitude, &sum) || sum > INT32_MAX / 16) {
      return false;
    }
  }
  return true;
}

sk_status sk_kern_emit_dot(void *user, sk_asm *a, const sk_dot *dot, const sk_prog *prog, sk_gen_dot *out) {
  (void)user;
  gemm g = {.a = a, .d = dot, .prog = prog};
  choose_tile(&g);
  if (!displacements_fit(&g) || g.groups * g.row_blocks > MAX_TILES / SK_MAX(dot->batch, (int64_t)1)) {
    return sk_status_new(SK_UNIMPLEMENTED, "dot with strides or sizes beyond the generator's range (m %lld, n %lld, k %lld)",
                         (long long)dot->m, (long long)dot->n, (long long)dot->k);
  }
  out->entry = sk_asm_new_label(a);
  out->total = dot->batch * g.groups * g.row_blocks;
  out->scratch_bytes = (uint64_t)SK_MIN(dot->k, (int64_t)KC) * g.nr * g.es;
  out->name = "dot";
  sk_asm_pad_int3(a, 64);
  sk_asm_bind(a, out->entry);
  emit_function(&g);
  return NULL;
}
