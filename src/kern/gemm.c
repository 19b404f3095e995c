// SPDX-License-Identifier: Apache-2.0
// Generator of matrix products: C[b,m,n] = sum over k of A[b,m,k] B[b,k,n], f32 and f64, shapes and
// strides fixed at generation.
//
//            NR columns
//          +-----------+        One iteration of the parallel loop is a job: mb rows x a group of
//    kc    |  B panel  |        panels of NR columns. KC steps at a time, and panel after panel, a
//          +-----------+        panel of B is packed into the thread's scratch (so that any strides
//   +----+ +-----------+        are fine, and it stays in the first-level cache), then register tiles
//   | A  | | tile x NR | mb     go down the rows: one accumulator vector per row and vector of the
//   +----+ +-----------+        panel, one broadcast of A each. The block of A, mb x kc, stays in the
//                               second-level cache for the whole group.
//
// Packing is left out where it does not pay: a small B, or one for few rows, is read where it lies if
// its stride along n is 1; A is only packed where the elements of a tile lie far apart (at a pitch of a
// page they fall on few lines of the first-level cache) and the group is wide.
// A large B that meets one tile of rows is streamed: a few steps at a time, along the rows.
// Jobs are numbered (batch, group, row block), row block fastest; a short last panel is a group.
//
//   tier        registers   f32 tile   f64 tile
//   v3 (ymm)    16          6 x 16     6 x 8        1 to 3 rows: 6, 4, 3 vectors
//   v4 (zmm)    32          14 x 32    14 x 16      the same
// Rows are spread evenly: m = 32 is 6 6 5 5 5 5, not 6 6 6 6 6 2.
// Every accumulator starts at +0 and takes one fused multiply-add per k, ascending; between blocks of
// k it rests in C. Nothing here depends on the number of threads.
// Shape of the blocks: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
#include "kern/gemm_int.h"

enum {
  PANELS = 8,  // panels of a group; more where A is packed, to make the packing pay
  PANELS_PACKED = 32,
  MIN_PANELS_PACKED = 8,
  JOBS = 8,  // a product is cut into about so many jobs, between these sizes
  MIN_JOB_FLOPS = 200000,
  MIN_BLOCK_FLOPS = 4000000,  // where a row block is one of several
  MAX_JOB_FLOPS = 200000000,
  B_PANEL_BYTES = 16 << 10,
  B_PANEL_BYTES_WIDE = 24 << 10,
  A_BLOCK_BYTES = 256 << 10,
  B_NEAR_BYTES = 64 << 10,  // so large may B be to be read where it lies
  STREAM_BYTES =
      512 << 10,  // so large must B be to be streamed, in blocks of so many rows and panels
  STREAM_STEPS = 8,
  STREAM_PANELS = 32,
  FAR_BYTES = 3000,  // distance of elements from which a tile of A wants packing
  MAX_JOBS = 1 << 30
};

static void add(gemm *g, uint32_t d, uint32_t s) { sk_x64_rr(g->a, SK_X_ADD, SK_OP64, d, s); }

// d += s * value; destroys r8
static void add_scaled(gemm *g, uint32_t d, uint32_t s, int64_t value) {
  if (value != 0) {
    sk_x64_mov_imm(g->a, SK_R8, value);
    sk_x64_rr(g->a, SK_X_IMUL, SK_OP64, SK_R8, s);
    add(g, d, SK_R8);
  }
}

// slot += value, through reg
static void advance_slot(gemm *g, int32_t slot, int64_t value, uint32_t reg) {
  sk_gemm_load_slot(g, reg, slot);
  sk_gemm_add_constant(g, reg, value);
  sk_gemm_save_slot(g, reg, slot);
}

static int64_t bytes(const gemm *g, int64_t elems) { return sk_gemm_bytes(g, elems); }

// rax / value -> rax, remainder rdx; destroys rcx
static void divide(gemm *g, int64_t value) {
  sk_x64_rr(g->a, SK_X_XOR, SK_OP32, SK_RDX, SK_RDX);
  if (value == 1) {
    return;
  }
  sk_x64_mov_imm(g->a, SK_RCX, value);
  sk_x64_rm_(g->a, SK_X_DIV, SK_OP64, 0, sk_rm_reg(SK_RCX));
}

// ------------------------------------------------------------------------------------------ down the rows

// Calls `emit` for every tile of the r15 rows: high ones first, then those of the rows in SLOT_LOW_ROWS.
static void emit_tiles(gemm *g, const block *b,
                       void (*emit)(gemm *g, const block *b, uint32_t rows)) {
  sk_asm *a = g->a;
  sk_label top = sk_asm_new_label(a), last = sk_asm_new_label(a), done = sk_asm_new_label(a);
  sk_asm_bind(a, top);
  sk_x64_rm_(a, SK_X_CMP, SK_OP64, SK_R15, sk_rm_base(SK_RSP, SLOT_LOW_ROWS));
  sk_x64_jcc(a, SK_CC_LE, last);
  emit(g, b, g->high);
  sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_R15), (int32_t)g->high);
  sk_x64_jmp(a, top);
  sk_asm_bind(a, last);
  if (g->low_tiles > 0) {
    sk_x64_rr(a, SK_X_TEST_MR, SK_OP64, SK_R15, SK_R15);
    sk_x64_jcc(a, SK_CC_E, done);
    emit(g, b, g->low);
    sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_R15), (int32_t)g->low);
    sk_x64_jmp(a, last);
  }
  sk_asm_bind(a, done);
}

static void compute_tile(gemm *g, const block *b, uint32_t rows) {
  sk_gemm_emit_tile(g, b, rows);
  sk_gemm_add_constant(g, SK_R12,
                       b->packed_a ? bytes(g, b->count * (int64_t)g->a_row)
                                   : bytes(g, rows * g->d->a_strides[1]));
  sk_gemm_add_constant(g, SK_R14, bytes(g, rows * g->d->c_strides[1]));
}

static int64_t b_scratch_bytes(const gemm *g) { return bytes(g, g->kc * (int64_t)g->nr); }

// A tile of A -> packed A at r14.
static void pack_tile(gemm *g, const block *b, uint32_t rows) {
  panel sideways = sk_gemm_panel(g, rows, true);
  packing how = {bytes(g, g->d->a_strides[1]), bytes(g, g->d->a_strides[2]),
                 bytes(g, (int64_t)g->a_row)};
  sk_gemm_move(g, SK_RSI, SK_R12);
  sk_gemm_move(g, SK_RDI, SK_R14);
  sk_gemm_emit_pack(g, &sideways, how, b->count);
  sk_gemm_add_constant(g, SK_R12, bytes(g, rows * g->d->a_strides[1]));
  sk_gemm_add_constant(g, SK_R14, bytes(g, b->count * (int64_t)g->a_row));
}

static void emit_pack_a(gemm *g, const block *b) {
  sk_gemm_load_slot(g, SK_R12, SLOT_A_JOB);
  sk_gemm_load_slot(g, SK_R15, SLOT_ROWS);
  sk_gemm_load_slot(g, SK_R14, SLOT_SCRATCH);
  sk_gemm_add_constant(g, SK_R14, b_scratch_bytes(g));
  emit_tiles(g, b, pack_tile);
}

// One panel (at the B and C in the slots given) over all rows of the job.
static void emit_panel(gemm *g, const block *b, int32_t b_slot, int32_t c_slot) {
  sk_gemm_load_slot(g, SK_R13, b_slot);
  if (b->p.packed && b->count > 0) {
    packing how = {bytes(g, g->d->b_strides[2]), bytes(g, g->d->b_strides[1]),
                   sk_gemm_b_step_bytes(g, b)};
    sk_gemm_move(g, SK_RSI, SK_R13);
    sk_gemm_load_slot(g, SK_RDI, SLOT_SCRATCH);
    sk_gemm_emit_pack(g, &b->p, how, b->count);
  }
  if (b->packed_a) {
    sk_gemm_load_slot(g, SK_R12, SLOT_SCRATCH);
    sk_gemm_add_constant(g, SK_R12, b_scratch_bytes(g));
  } else {
    sk_gemm_load_slot(g, SK_R12, SLOT_A_JOB);
  }
  sk_gemm_load_slot(g, SK_R14, c_slot);
  sk_gemm_load_slot(g, SK_R15, SLOT_ROWS);
  emit_tiles(g, b, compute_tile);
}

// ------------------------------------------------------------------------------------------------- jobs

// One k block: all panels of the group, one after the other.
static void emit_block(gemm *g, const block *b, bool grouped) {
  sk_asm *a = g->a;
  if (b->packed_a) {
    emit_pack_a(g, b);
  }
  if (!grouped || g->group == 1) {
    emit_panel(g, b, SLOT_B_JOB, SLOT_C_JOB);
    return;
  }
  const int32_t copies[3][2] = {
      {SLOT_PANELS, SLOT_LEFT}, {SLOT_B_JOB, SLOT_B_PANEL}, {SLOT_C_JOB, SLOT_C_PANEL}};
  for (size_t i = 0; i < SK_COUNT(copies); i++) {
    sk_gemm_load_slot(g, SK_RAX, copies[i][0]);
    sk_gemm_save_slot(g, SK_RAX, copies[i][1]);
  }
  sk_label top = sk_asm_new_label(a);
  sk_asm_bind(a, top);
  emit_panel(g, b, SLOT_B_PANEL, SLOT_C_PANEL);
  advance_slot(g, SLOT_B_PANEL, bytes(g, g->nr * g->d->b_strides[2]), SK_RAX);
  advance_slot(g, SLOT_C_PANEL, bytes(g, g->nr), SK_RAX);
  sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_base(SK_RSP, SLOT_LEFT), 1);
  sk_x64_jcc(a, SK_CC_NE, top);
}

static void emit_k_blocks(gemm *g, block *b, bool grouped) {
  sk_asm *a = g->a;
  int64_t k = g->d->k, whole = g->k_blocks - 1;
  b->first = whole == 0;
  if (whole > 0) {
    sk_label top = sk_asm_new_label(a);
    b->count = g->kc;
    b->first = whole > 1 ? -1 : 1;
    sk_x64_mov_imm(a, SK_RBP, 0);
    sk_asm_bind(a, top);
    emit_block(g, b, grouped);
    advance_slot(g, SLOT_A_JOB, bytes(g, g->kc * g->d->a_strides[2]), SK_RAX);
    advance_slot(g, SLOT_B_JOB, bytes(g, g->kc * g->d->b_strides[1]), SK_RAX);
    if (whole > 1) {
      sk_x64_alu_imm(a, SK_X_ADD_MI, SK_OP64, sk_rm_reg(SK_RBP), 1);
      sk_x64_mov_imm(a, SK_RAX, whole);
      sk_x64_rr(a, SK_X_CMP, SK_OP64, SK_RBP, SK_RAX);
      sk_x64_jcc(a, SK_CC_L, top);
    }
    b->first = 0;
  }
  b->count = k - whole * g->kc;
  emit_block(g, b, grouped);
}

// Panels of the group whose number is in rdx; the last full group may have fewer.
static void emit_panel_count(gemm *g) {
  sk_asm *a = g->a;
  int64_t rest = g->full_panels % g->group;
  sk_x64_mov_imm(a, SK_RAX, g->group);
  if (rest != 0) {
    sk_x64_mov_imm(a, SK_RCX, rest);
    sk_x64_mov_imm(a, SK_RSI, g->full_groups - 1);
    sk_x64_rr(a, SK_X_CMP, SK_OP64, SK_RDX, SK_RSI);
    sk_x64_cmov(a, SK_CC_E, SK_OP64, SK_RAX, sk_rm_reg(SK_RCX));
  }
  sk_gemm_save_slot(g, SK_RAX, SLOT_PANELS);
}

// r15 = rows of the row block that starts at row r9; how many of them low tiles cover.
static void emit_row_count(gemm *g) {
  sk_asm *a = g->a;
  sk_x64_mov_imm(a, SK_R15, g->d->m);
  sk_x64_rr(a, SK_X_SUB, SK_OP64, SK_R15, SK_R9);
  sk_x64_mov_imm(a, SK_RSI, g->low_tiles * (int64_t)g->low);
  if (g->row_blocks > 1) {
    sk_x64_mov_imm(a, SK_RCX, g->mb);
    sk_x64_mov_imm(a, SK_RDI, 0);
    sk_x64_rr(a, SK_X_CMP, SK_OP64, SK_R15, SK_RCX);
    sk_x64_cmov(a, SK_CC_G, SK_OP64, SK_R15, sk_rm_reg(SK_RCX));
    sk_x64_cmov(a, SK_CC_G, SK_OP64, SK_RSI, sk_rm_reg(SK_RDI));
  }
  sk_gemm_save_slot(g, SK_RSI, SLOT_LOW_ROWS);
  sk_gemm_save_slot(g, SK_R15, SLOT_ROWS);
}

// rbx -> pointers and rows of the job, in their slots; leaves the group's number within the batch in rdx.
static void emit_decode(gemm *g) {
  sk_asm *a = g->a;
  const sk_dot *d = g->d;
  sk_gemm_move(g, SK_RAX, SK_RBX);
  divide(g, g->row_blocks);
  sk_x64_mov_imm(a, SK_R9, g->mb);
  sk_x64_rr(a, SK_X_IMUL, SK_OP64, SK_R9, SK_RDX);  // first row
  emit_row_count(g);
  divide(g, g->groups);  // rax: batch, rdx: group
  sk_gemm_load_slot(g, SK_R12, SLOT_A);
  sk_gemm_load_slot(g, SK_R13, SLOT_B);
  sk_gemm_load_slot(g, SK_R14, SLOT_C);
  add_scaled(g, SK_R12, SK_RAX, bytes(g, d->a_strides[0]));
  add_scaled(g, SK_R12, SK_R9, bytes(g, d->a_strides[1]));
  add_scaled(g, SK_R13, SK_RAX, bytes(g, d->b_strides[0]));
  add_scaled(g, SK_R13, SK_RDX, bytes(g, g->group * g->nr * d->b_strides[2]));
  add_scaled(g, SK_R14, SK_RAX, bytes(g, d->c_strides[0]));
  add_scaled(g, SK_R14, SK_R9, bytes(g, d->c_strides[1]));
  add_scaled(g, SK_R14, SK_RDX, bytes(g, g->group * g->nr));
}

static void save_job(gemm *g) {
  sk_gemm_save_slot(g, SK_R12, SLOT_A_JOB);
  sk_gemm_save_slot(g, SK_R13, SLOT_B_JOB);
  sk_gemm_save_slot(g, SK_R14, SLOT_C_JOB);
}

static const uint8_t saved_registers[] = {SK_RBX, SK_RBP, SK_R12, SK_R13, SK_R14, SK_R15};

static void emit_prologue(gemm *g) {
  sk_asm *a = g->a;
  const struct {
    uint32_t buf;
    int64_t offset;
    int32_t slot;
  } operands[] = {{g->d->a, g->d->a_offset, SLOT_A},
                  {g->d->b, g->d->b_offset, SLOT_B},
                  {g->d->c, g->d->c_offset, SLOT_C}};
  for (size_t i = 0; i < SK_COUNT(saved_registers); i++) {
    sk_x64_push(a, saved_registers[i]);
  }
  sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RSP), STACK_BYTES);
  sk_gemm_move(g, SK_RBX, SK_RSI);
  sk_gemm_save_slot(g, SK_RDX, SLOT_END);
  sk_gemm_save_slot(g, SK_RCX, SLOT_SCRATCH);
  for (size_t i = 0; i < SK_COUNT(operands); i++) {
    sk_gen_emit_buffer(a, g->prog, operands[i].buf, SK_RDI, SK_RCX, SK_RAX);
    sk_gemm_add_constant(g, SK_RAX, bytes(g, operands[i].offset));
    sk_gemm_save_slot(g, SK_RAX, operands[i].slot);
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

static void emit_full_group(gemm *g) {
  block b = {.p = sk_gemm_panel(g, g->nr, g->pack_b), .packed_a = g->pack_a};
  if (g->group > 1) {
    emit_panel_count(g);
  }
  save_job(g);
  emit_k_blocks(g, &b, true);
}

// Decoded as if it were a full group: the last one may have been short.
static void emit_tail_group(gemm *g) {
  block b = {.p = sk_gemm_panel(g, (uint32_t)g->tail, g->pack_b)};
  int64_t overshoot = (g->full_groups * g->group - g->full_panels) * g->nr;
  sk_gemm_add_constant(g, SK_R13, -bytes(g, overshoot * g->d->b_strides[2]));
  sk_gemm_add_constant(g, SK_R14, -bytes(g, overshoot));
  save_job(g);
  emit_k_blocks(g, &b, false);
}

static void emit_function(gemm *g) {
  sk_asm *a = g->a;
  sk_label top = sk_asm_new_label(a), next = sk_asm_new_label(a);
  sk_label done = sk_asm_new_label(a), tail = sk_asm_new_label(a);
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
    emit_full_group(g);
    sk_x64_jmp(a, next);
  }
  sk_asm_bind(a, tail);
  if (g->tail > 0) {
    emit_tail_group(g);
  }
  sk_asm_bind(a, next);
  sk_x64_alu_imm(a, SK_X_ADD_MI, SK_OP64, sk_rm_reg(SK_RBX), 1);
  sk_x64_jmp(a, top);
  sk_asm_bind(a, done);
  emit_epilogue(g);
}

// ---------------------------------------------------------------------------------------------- choices

static int64_t divide_up(int64_t x, int64_t by) { return (x + by - 1) / by; }

// Vectors of a panel: two, or as many as keep the multipliers busy when there are few rows (an accumulator
// takes a step every four cycles). Registers: rows x vectors accumulators, the vectors, two broadcasts.
static uint32_t vectors_for(int64_t rows) {
  static const uint8_t by_rows[] = {6, 6, 4, 3};
  return rows < (int64_t)SK_COUNT(by_rows) ? by_rows[rows] : 2;
}

static void choose_tile(gemm *g) {
  bool wide = g->a->isa == SK_ISA_V4, is_f32 = g->d->elem == SK_LT_F32;
  g->es = sk_lt_bytes((sk_lt)g->d->elem);
  g->vl = wide ? SK_ZMM : SK_YMM;
  g->lanes = (wide ? 64 : 32) / g->es;
  g->nv = vectors_for(g->d->m);
  g->nr = g->nv * g->lanes;
  g->load = is_f32 ? SK_X_VMOVUPS : SK_X_VMOVUPD;
  g->store = is_f32 ? SK_X_VMOVUPS_ST : SK_X_VMOVUPD_ST;
  g->fma = is_f32 ? SK_X_VFMADD231PS : SK_X_VFMADD231PD;
  g->broadcast = is_f32 ? SK_X_VBROADCASTSS : SK_X_VBROADCASTSD;
  g->full_panels = g->d->n / g->nr;
  g->tail = g->d->n % g->nr;
}

static int64_t most_rows(const gemm *g) { return g->a->isa == SK_ISA_V4 ? 14 : 6; }

// One tile of rows and a B from far away, used once: it is read a few rows at a time, along them.
static bool is_streamed(const gemm *g) {
  const sk_dot *d = g->d;
  return d->m <= most_rows(g) && d->b_strides[2] == 1 &&
         bytes(g, d->k * d->b_strides[1]) >= STREAM_BYTES;
}

static void choose_steps(gemm *g) {
  int64_t panel_bytes = g->a->isa == SK_ISA_V4 ? B_PANEL_BYTES_WIDE : B_PANEL_BYTES;
  int64_t k = SK_MAX(g->d->k, (int64_t)1);
  int64_t most = is_streamed(g) ? STREAM_STEPS : panel_bytes / bytes(g, g->nr);
  g->kc = (int64_t)sk_align_up((uint64_t)divide_up(k, divide_up(k, most)), GEMM_UNROLL);
  g->k_blocks = divide_up(k, g->kc);
  g->kc = SK_MIN(g->kc, g->d->k);
}

// Tiles of nearly equal height, as high as the registers allow; then blocks of them.
static void choose_rows(gemm *g, int64_t most_tiles) {
  int64_t m = g->d->m, most = most_rows(g);
  g->tiles = divide_up(m, most);
  g->row_blocks = divide_up(g->tiles, most_tiles);
  int64_t per_block = divide_up(g->tiles, g->row_blocks), high = divide_up(m, g->tiles);
  g->row_blocks = divide_up(g->tiles, per_block);
  g->low_tiles = g->tiles * high - m;
  int64_t low = high - 1;
  if (g->low_tiles > g->tiles - (g->row_blocks - 1) * per_block) {  // they must fit the last block
    high = most;
    low = m % most;
    g->low_tiles = low > 0;
  }
  g->high = (uint32_t)high;
  g->low = (uint32_t)low;
  g->mb = per_block * high;
  g->a_row = g->high;
}

static bool is_far(const gemm *g, int64_t stride, int64_t extent) {
  return extent > 1 && (stride < 0 || bytes(g, stride) >= FAR_BYTES);
}

// Row blocks and groups: their product makes a job. Groups are only as wide as they must be where there
// is one row block: nothing is shared between panels but A, which then stays in the cache anyway.
static void choose_jobs(gemm *g) {
  const sk_dot *d = g->d;
  double tile_flops = 2.0 * (double)(g->nr * most_rows(g)) * (double)SK_MAX(d->k, (int64_t)1);
  double flops = 2.0 * (double)d->m * (double)d->n * (double)SK_MAX(d->k, (int64_t)1);
  double job = SK_MIN(SK_MAX(flops / JOBS, MIN_BLOCK_FLOPS), MAX_JOB_FLOPS);
  int64_t a_tile_bytes = bytes(g, SK_MAX(g->kc, (int64_t)1) * most_rows(g));
  int64_t tiles = SK_MIN(A_BLOCK_BYTES / a_tile_bytes, (int64_t)(job / tile_flops));
  choose_rows(g, SK_MAX(tiles, (int64_t)1));
  bool far = is_far(g, d->a_strides[1], d->m) || is_far(g, d->a_strides[2], d->k);
  double panel_flops = tile_flops * (double)divide_up(g->mb, g->high);
  if (g->row_blocks == 1 && !far) {
    job = SK_MAX(flops / JOBS, MIN_JOB_FLOPS);
  }
  int64_t most = SK_MAX(SK_MIN((int64_t)(job / panel_flops), far ? PANELS_PACKED : PANELS), 1);
  most = is_streamed(g) ? STREAM_PANELS : most;
  g->full_groups = divide_up(g->full_panels, most);
  g->group = g->full_groups > 0 ? divide_up(g->full_panels, g->full_groups) : 1;
  g->full_groups = divide_up(g->full_panels, g->group);
  g->groups = g->full_groups + (g->tail > 0);
  g->pack_a =
      far && d->k > 0 && !is_streamed(g) && SK_MIN(g->group, g->full_panels) >= MIN_PANELS_PACKED;
}

static void choose_packing_of_b(gemm *g) {
  bool few_rows = g->d->m < 4 * (int64_t)g->high;
  bool near = bytes(g, g->d->k * g->d->b_strides[1]) <= B_NEAR_BYTES;
  g->pack_b = g->d->b_strides[2] != 1 || !(few_rows || near);
}

// Displacements of rows, columns and steps are 32-bit immediates.
static bool displacements_fit(const gemm *g) {
  const sk_dot *d = g->d;
  const int64_t reach[] = {d->a_strides[1] * g->high, d->a_strides[2] * 2 * GEMM_UNROLL,
                           d->b_strides[1] * 2 * GEMM_UNROLL, d->b_strides[2] * g->nr,
                           d->c_strides[1] * g->high};
  int64_t sum = 0;
  for (size_t i = 0; i < SK_COUNT(reach); i++) {
    int64_t magnitude = reach[i] < 0 ? -reach[i] : reach[i];
    if (SK_ADD_OVERFLOW(sum, magnitude, &sum) || sum > INT32_MAX / 16) {
      return false;
    }
  }
  return true;
}

static uint64_t scratch_bytes(const gemm *g) {
  int64_t a_bytes = bytes(g, g->kc * (int64_t)g->a_row) * (g->mb / g->high);
  a_bytes += sk_gemm_vector_bytes(g);  // the last step is copied as whole vectors
  return (uint64_t)(b_scratch_bytes(g) + (g->pack_a ? a_bytes : 0));
}

// A product with one column as one with one row: then lanes run along what were the rows.
static const sk_dot *turn(const sk_dot *dot, sk_dot *out) {
  if (dot->n != 1 || dot->m == 1 || dot->a_strides[1] != 1 || dot->c_strides[1] != 1) {
    return dot;
  }
  *out = (sk_dot){.a = dot->b,
                  .b = dot->a,
                  .c = dot->c,
                  .elem = dot->elem,
                  .a_offset = dot->b_offset,
                  .b_offset = dot->a_offset,
                  .c_offset = dot->c_offset,
                  .batch = dot->batch,
                  .m = 1,
                  .n = dot->m,
                  .k = dot->k,
                  .a_strides = {dot->b_strides[0], dot->b_strides[2], dot->b_strides[1]},
                  .b_strides = {dot->a_strides[0], dot->a_strides[2], dot->a_strides[1]},
                  .c_strides = {dot->c_strides[0], dot->c_strides[2], dot->c_strides[1]}};
  return out;
}

sk_status sk_kern_emit_dot(void *user, sk_asm *a, const sk_dot *dot, const sk_prog *prog,
                           sk_gen_dot *out) {
  (void)user;
  sk_dot turned;
  gemm g = {.a = a, .d = turn(dot, &turned), .prog = prog};
  choose_tile(&g);
  bool small = sk_gemm_is_small(&g);
  int64_t jobs = 1;
  if (small) {
    sk_gemm_fit_vectors(&g);
    choose_rows(&g, g.d->m);
  } else {
    choose_steps(&g);
    choose_jobs(&g);
    choose_packing_of_b(&g);
    jobs = g.groups * g.row_blocks;
  }
  if (!displacements_fit(&g) || jobs > MAX_JOBS / SK_MAX(dot->batch, (int64_t)1)) {
    return sk_status_new(
        SK_UNIMPLEMENTED,
        "dot with strides or sizes beyond the generator's range (m %lld, n %lld, k %lld)",
        (long long)dot->m, (long long)dot->n, (long long)dot->k);
  }
  out->entry = sk_asm_new_label(a);
  out->total = dot->batch * jobs;
  out->scratch_bytes = small ? 0 : scratch_bytes(&g);
  out->name = "dot";
  sk_asm_pad_int3(a, 64);
  sk_asm_bind(a, out->entry);
  if (small) {
    sk_gemm_emit_small(&g);
  } else {
    emit_function(&g);
  }
  return NULL;
}
