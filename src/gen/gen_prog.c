// SPDX-License-Identifier: Apache-2.0
// The whole program: every kernel and dot becomes a function with the kernel signature, the
// statement tree becomes the entry, which calls them.
//
//   entry:             rbx = frame; on the stack: rbp, rbx, 8 bytes, a frame for shared functions,
//                      room for pointer arrays
//   kernel, serial:    rdi = frame, esi = 0, rdx = extent, rcx = scratch; call
//   kernel, parallel:  builtin PARALLEL(frame, kernel, total, grain, align)
//   while:             jmp cond; body: ...; cond: ...; test byte [pred]; jne body
//   case:              binary search over the selector
//
// Buffers addressed through slots have their pointers loaded where they are used, since SWAP
// exchanges them at run time. Assumes a scheduled program: every buffer placed, slots numbered.
//
// Kernels and dots that are the same but for their buffers share one function (gen_share.c), which
// finds them in the slots of a frame of its own: the entry keeps one on its stack, a copy of the
// program's frame up to the slots, and fills these before each such call.
#include "gen/gen_int.h"

typedef struct fn_record {
  sk_label label;
  const char *name;
  uint32_t kernel;
  int64_t total;
  int64_t multiple;  // of the bounds of every range it is called with
  bool is_parallel;  // by some statement
  bool is_done;
} fn_record;

typedef struct blob {
  sk_label label;
  const int64_t *params;
  uint32_t count;
} blob;

typedef struct prog_gen {
  sk_gen g;
  fn_record *kernels;  // by kernel id
  fn_record *dots;     // by statement id
  uint32_t *leader;    // by statement id: the one whose function it calls
  bool *is_shared;     // by statement id, of leaders: others call its function too
  uint32_t *local;     // by buffer: slot + 1 of the shared function being generated or called
  uint32_t bindings;   // most slots of any; 0: nothing is shared
  SK_VEC(sk_gen_fn) fns;
  SK_VEC(blob) blobs;
  uint32_t stack_bytes;  // pointer array of library calls
  bool has_host_calls;
  uint64_t scratch_bytes;
  uint32_t depth;
} prog_gen;

enum { MAX_DEPTH = 512 };

void sk_gen_unsupported(sk_gen *g, const char *what) {
  const char *name = g->kernel && g->kernel->name ? g->kernel->name : "?";
  g->status = sk_status_new(SK_UNIMPLEMENTED, "code generation: %s in kernel %s", what, name);
  longjmp(g->bail, 1);
}

// ---- buffers

uint32_t sk_gen_place_buf(const sk_prog *prog, uint32_t buf) {
  for (uint32_t steps = 0; steps < prog->bufs.count; steps++) {
    const sk_buf *b = &prog->bufs.data[buf];
    if (b->slot || b->offset >= 0 || b->alias == 0) {
      break;
    }
    buf = b->alias - 1;
  }
  return buf;
}

void sk_gen_emit_buffer(sk_asm *a, const sk_prog *prog, uint32_t buf, uint32_t frame,
                        uint32_t scratch, uint32_t dst) {
  const sk_buf *b = &prog->bufs.data[sk_gen_place_buf(prog, buf)];
  int64_t offset = b->slot ? 0 : b->offset;
  if (b->slot) {
    sk_x64_rm_(a, SK_X_MOV, SK_OP64, dst,
               sk_rm_base(frame, SK_FRAME_SLOTS + 8 * (int32_t)b->slot_index));
  } else if (b->kind == SK_BUF_SCRATCH) {
    if (dst != scratch) {
      sk_x64_rr(a, SK_X_MOV, SK_OP64, dst, scratch);
    }
  } else {
    int32_t base = b->kind == SK_BUF_CONST ? SK_FRAME_CONSTS : SK_FRAME_ARENA;
    sk_x64_rm_(a, SK_X_MOV, SK_OP64, dst, sk_rm_base(frame, base));
  }
  for (; offset > INT32_MAX; offset -= INT32_MAX) {
    sk_x64_alu_imm(a, SK_X_ADD_MI, SK_OP64, sk_rm_reg(dst), INT32_MAX);
  }
  if (offset != 0) {
    sk_x64_alu_imm(a, SK_X_ADD_MI, SK_OP64, sk_rm_reg(dst), (int32_t)offset);
  }
}

static void load_buffer(prog_gen *p, uint32_t buf, uint32_t dst) {
  sk_asm *a = &p->g.as;
  const sk_buf *b = &p->g.prog->bufs.data[sk_gen_place_buf(p->g.prog, buf)];
  uint32_t scratch = dst;
  if (b->kind == SK_BUF_SCRATCH && !b->slot) {
    sk_x64_rm_(a, SK_X_MOV, SK_OP64, dst, sk_rm_base(SK_RBX, SK_FRAME_SCRATCH));
  }
  sk_gen_emit_buffer(a, p->g.prog, buf, SK_RBX, scratch, dst);
}

// ---- functions

static void add_function(prog_gen *p, const char *name, uint32_t offset, uint32_t kernel,
                         uint32_t stmt) {
  sk_gen_fn fn = {.name = sk_arena_strndup(p->g.arena, name, strlen(name)),
                  .offset = offset,
                  .size = p->g.as.len - offset,
                  .kernel = kernel,
                  .stmt = stmt};
  sk_vec_push(p->g.arena, &p->fns, fn);
}

static void generate_kernel(prog_gen *p, uint32_t id) {
  const sk_stmt *stmt = &p->g.prog->stmts.data[id];
  fn_record *record = &p->kernels[stmt->kernel];
  if (record->is_done) {
    return;
  }
  const sk_kernel *kernel = &p->g.prog->kernels.data[stmt->kernel];
  record->is_done = true;
  record->kernel = stmt->kernel;
  record->total = kernel->loops.data[0].extent;
  sk_bindings bound = {.count = 0};
  if (p->is_shared[id]) {
    bound = sk_gen_bind(&p->g, stmt, p->local);
    p->g.bound = p->local;
  }
  record->label = sk_gen_kernel(&p->g, stmt->kernel, record->is_parallel, record->multiple);
  sk_gen_unbind(&p->g, &bound, p->local);
  p->g.bound = NULL;
  add_function(p, kernel->name ? kernel->name : "kernel", sk_asm_label_pos(&p->g.as, record->label),
               stmt->kernel, id);
  p->scratch_bytes = SK_MAX(p->scratch_bytes, kernel->scratch_bytes);
}

// The dot on buffers 1, 2, .. of a program whose buffers are the slots of a frame.
static sk_prog bind_dot(prog_gen *p, const sk_stmt *stmt, sk_dot *out_dot) {
  sk_prog prog = *p->g.prog;
  *out_dot = *stmt->dot;
  prog.bufs.data = SK_NEW_ARRAY(p->g.arena, sk_buf, SK_MAX_BINDINGS + 1);
  prog.bufs.count = prog.bufs.cap = SK_MAX_BINDINGS + 1;
  memset(prog.bufs.data, 0, prog.bufs.count * sizeof *prog.bufs.data);
  sk_bindings bound = sk_gen_bind(&p->g, stmt, p->local);
  uint32_t *const operands[3] = {&out_dot->a, &out_dot->b, &out_dot->c};
  for (uint32_t i = 0; i < 3; i++) {
    uint32_t place = sk_gen_place_buf(p->g.prog, *operands[i]), slot = p->local[place];
    sk_buf *buf = &prog.bufs.data[slot];
    *buf = p->g.prog->bufs.data[place];
    buf->slot = 1;
    buf->slot_index = slot - 1;
    buf->alias = 0;
    *operands[i] = slot;
  }
  sk_gen_unbind(&p->g, &bound, p->local);
  return prog;
}

static void generate_dot(prog_gen *p, uint32_t id) {
  sk_gen *g = &p->g;
  const sk_stmt *stmt = &g->prog->stmts.data[id];
  const sk_dot *dot = stmt->dot;
  const sk_prog *prog = g->prog;
  if (!g->opt->emit_dot) {
    g->status =
        sk_status_new(SK_UNIMPLEMENTED, "code generation: dot statements have no generator here");
    longjmp(g->bail, 1);
  }
  sk_dot own;
  sk_prog slots;
  if (p->is_shared[id]) {
    slots = bind_dot(p, stmt, &own);
    dot = &own;
    prog = &slots;
  }
  sk_gen_dot out = {0};
  uint32_t start;
  sk_asm_pad_int3(&g->as, 32);
  start = g->as.len;
  g->status = g->opt->emit_dot(g->opt->user, &g->as, dot, prog, &out);
  if (g->status) {
    longjmp(g->bail, 1);
  }
  p->dots[id] =
      (fn_record){.label = out.entry, .name = out.name, .total = out.total, .is_done = true};
  add_function(p, out.name ? out.name : "dot", start, 0, id);
  p->scratch_bytes = SK_MAX(p->scratch_bytes, out.scratch_bytes);
}

// ---- statements

static void emit_block(prog_gen *p, uint32_t first);

// rdi = the frame for shared functions, its slots filled with the buffers of the statement.
static void emit_bindings(prog_gen *p, const sk_stmt *stmt) {
  sk_asm *a = &p->g.as;
  sk_bindings bound = sk_gen_bind(&p->g, stmt, p->local);
  sk_gen_unbind(&p->g, &bound, p->local);
  for (uint32_t i = 0; i < bound.count; i++) {
    load_buffer(p, bound.buf[i], SK_RAX);
    int32_t at = (int32_t)p->stack_bytes + SK_FRAME_SLOTS + 8 * (int32_t)i;
    sk_x64_rm_(a, SK_X_MOV_MR, SK_OP64, SK_RAX, sk_rm_base(SK_RSP, at));
  }
  sk_x64_rr(a, SK_X_MOV, SK_OP64, SK_RDI, SK_RSP);
  if (p->stack_bytes != 0) {
    sk_x64_alu_imm(a, SK_X_ADD_MI, SK_OP64, sk_rm_reg(SK_RDI), (int32_t)p->stack_bytes);
  }
}

// Everything before the slots, once: it does not change.
static void emit_shared_frame(prog_gen *p) {
  sk_asm *a = &p->g.as;
  for (int32_t at = 0; at < SK_FRAME_SLOTS; at += 8) {
    sk_x64_rm_(a, SK_X_MOV, SK_OP64, SK_RAX, sk_rm_base(SK_RBX, at));
    sk_x64_rm_(a, SK_X_MOV_MR, SK_OP64, SK_RAX, sk_rm_base(SK_RSP, (int32_t)p->stack_bytes + at));
  }
}

static void emit_call(prog_gen *p, uint32_t id) {
  sk_asm *a = &p->g.as;
  const sk_stmt *stmt = &p->g.prog->stmts.data[id];
  uint32_t first = p->leader[id];
  const fn_record *fn = stmt->kind == SK_STMT_DOT
                            ? &p->dots[first]
                            : &p->kernels[p->g.prog->stmts.data[first].kernel];
  if (p->is_shared[first]) {
    emit_bindings(p, stmt);
  } else {
    sk_x64_rr(a, SK_X_MOV, SK_OP64, SK_RDI, SK_RBX);
  }
  if (stmt->parallel) {
    sk_x64_lea_label(a, SK_RSI, fn->label);
    sk_x64_mov_imm(a, SK_RDX, fn->total);
    sk_x64_mov_imm(a, SK_RCX, SK_MAX(stmt->grain, 1));
    sk_x64_mov_imm(a, SK_R8, SK_MAX(stmt->align, 1));
    sk_x64_rm_(a, SK_X_MOV, SK_OP64, SK_RAX, sk_rm_base(SK_RBX, SK_FRAME_BUILTINS));
    sk_x64_rm_(a, SK_X_CALL_M, SK_OP64, 0, sk_rm_base(SK_RAX, 8 * SK_BUILTIN_PARALLEL));
    return;
  }
  sk_x64_mov_imm(a, SK_RSI, 0);
  sk_x64_mov_imm(a, SK_RDX, fn->total);
  sk_x64_rm_(a, SK_X_MOV, SK_OP64, SK_RCX, sk_rm_base(SK_RBX, SK_FRAME_SCRATCH));
  sk_x64_call(a, fn->label);
}

static void emit_libcall(prog_gen *p, const sk_stmt *stmt) {
  sk_asm *a = &p->g.as;
  for (uint32_t i = 0; i < stmt->buf_count; i++) {
    load_buffer(p, stmt->bufs[i], SK_RAX);
    sk_x64_rm_(a, SK_X_MOV_MR, SK_OP64, SK_RAX, sk_rm_base(SK_RSP, 8 * (int32_t)i));
  }
  sk_x64_rr(a, SK_X_MOV, SK_OP64, SK_RDI, SK_RBX);
  sk_x64_rr(a, SK_X_MOV, SK_OP64, SK_RSI, SK_RSP);
  if (stmt->param_count != 0) {
    blob params = {sk_asm_new_label(a), stmt->params, stmt->param_count};
    sk_vec_push(p->g.arena, &p->blobs, params);
    sk_x64_lea_label(a, SK_RDX, params.label);
  } else {
    sk_x64_mov_imm(a, SK_RDX, 0);
  }
  sk_x64_rm_(a, SK_X_MOV, SK_OP64, SK_RAX, sk_rm_base(SK_RBX, SK_FRAME_BUILTINS));
  sk_x64_rm_(a, SK_X_CALL_M, SK_OP64, 0, sk_rm_base(SK_RAX, 8 * (int32_t)stmt->libcall));
}

static void emit_while(prog_gen *p, const sk_stmt *stmt) {
  sk_asm *a = &p->g.as;
  sk_label body = sk_asm_new_label(a), condition = sk_asm_new_label(a);
  sk_x64_jmp(a, condition);
  sk_asm_align(a, 16);
  sk_asm_bind(a, body);
  emit_block(p, stmt->block[1]);
  sk_asm_bind(a, condition);
  emit_block(p, stmt->block[0]);
  sk_label done = sk_asm_new_label(a);
  if (p->has_host_calls) {  // one that failed left no values to go on with
    sk_x64_alu_imm(a, SK_X_CMP_MI, SK_OP64, sk_rm_base(SK_RBX, SK_FRAME_FAULT), 0);
    sk_x64_jcc(a, SK_CC_NE, done);
  }
  load_buffer(p, stmt->pred, SK_RAX);
  sk_x64_rm_(a, SK_X_MOVZX8, SK_OP32, SK_RAX, sk_rm_base(SK_RAX, 0));
  sk_x64_rr(a, SK_X_TEST_MR, SK_OP32, SK_RAX, SK_RAX);
  sk_x64_jcc(a, SK_CC_NE, body);
  sk_asm_bind(a, done);
}

// Branches [low, high) of a case; the selector is in eax and known to be in range.
static void emit_branches(prog_gen *p, const sk_stmt *stmt, uint32_t low, uint32_t high,
                          sk_label done) {
  sk_asm *a = &p->g.as;
  if (high - low == 1) {
    emit_block(p, stmt->branches[low]);
    sk_x64_jmp(a, done);
    return;
  }
  uint32_t middle = low + (high - low) / 2;
  sk_label upper = sk_asm_new_label(a);
  sk_x64_alu_imm(a, SK_X_CMP_MI, SK_OP32, sk_rm_reg(SK_RAX), (int32_t)middle);
  sk_x64_jcc(a, SK_CC_AE, upper);
  emit_branches(p, stmt, low, middle, done);
  sk_asm_bind(a, upper);
  emit_branches(p, stmt, middle, high, done);
}

static void emit_case(prog_gen *p, const sk_stmt *stmt) {
  sk_asm *a = &p->g.as;
  if (stmt->branch_count == 0) {
    return;
  }
  load_buffer(p, stmt->pred, SK_RAX);
  sk_label done = sk_asm_new_label(a);
  if (stmt->case_is_pred) {
    sk_x64_rm_(a, SK_X_MOVZX8, SK_OP32, SK_RAX, sk_rm_base(SK_RAX, 0));
    sk_x64_alu_imm(a, SK_X_CMP_MI, SK_OP32, sk_rm_reg(SK_RAX), 1);  // carry if false
    sk_x64_emit(a, SK_X_MOV_MI, SK_OP32, 0, 0, sk_rm_reg(SK_RAX), 0, 0);
    sk_x64_setcc(a, SK_CC_B, SK_RAX);
  } else {
    sk_x64_rm_(a, SK_X_MOV, SK_OP32, SK_RAX, sk_rm_base(SK_RAX, 0));
    sk_x64_mov_imm(a, SK_RCX, stmt->branch_count - 1);
    sk_x64_rr(a, SK_X_CMP, SK_OP32, SK_RAX, SK_RCX);
    sk_x64_cmov(a, SK_CC_A, SK_OP32, SK_RAX, sk_rm_reg(SK_RCX));
  }
  emit_branches(p, stmt, 0, stmt->branch_count, done);
  sk_asm_bind(a, done);
}

// dst = src, `bytes` of them, not overlapping. Vectors of 32 bytes; the last one overlaps its
// predecessor.
static void emit_bytes(prog_gen *p, int64_t bytes) {
  sk_asm *a = &p->g.as;
  if (bytes >= 32) {
    int64_t whole = bytes / 32;
    int64_t trips = whole / 4;
    if (trips > 1) {
      sk_x64_mov_imm(a, SK_RCX, trips);
      sk_label loop = sk_asm_new_label(a);
      sk_asm_align(a, 16);
      sk_asm_bind(a, loop);
      for (int32_t i = 0; i < 4; i++) {
        sk_x64_rm_(a, SK_X_VMOVDQU32, SK_YMM, (uint32_t)i, sk_rm_base(SK_RSI, 32 * i));
      }
      for (int32_t i = 0; i < 4; i++) {
        sk_x64_rm_(a, SK_X_VMOVDQU32_ST, SK_YMM, (uint32_t)i, sk_rm_base(SK_RDI, 32 * i));
      }
      sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RSI), -128);
      sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RDI), -128);
      sk_x64_rm_(a, SK_X_DEC, SK_OP64, 0, sk_rm_reg(SK_RCX));
      sk_x64_jcc(a, SK_CC_NE, loop);
      bytes -= trips * 128;
    }
    int64_t at = 0;
    for (; at + 32 <= bytes; at += 32) {
      sk_x64_rm_(a, SK_X_VMOVDQU32, SK_YMM, 0, sk_rm_base(SK_RSI, (int32_t)at));
      sk_x64_rm_(a, SK_X_VMOVDQU32_ST, SK_YMM, 0, sk_rm_base(SK_RDI, (int32_t)at));
    }
    if (at < bytes) {
      sk_x64_rm_(a, SK_X_VMOVDQU32, SK_YMM, 0, sk_rm_base(SK_RSI, (int32_t)bytes - 32));
      sk_x64_rm_(a, SK_X_VMOVDQU32_ST, SK_YMM, 0, sk_rm_base(SK_RDI, (int32_t)bytes - 32));
    }
    sk_x64_emit(a, SK_X_VZEROUPPER, 0, 0, 0, sk_rm_reg(0), 0, 0);
    return;
  }
  static const struct {
    uint8_t bytes, size;
    uint16_t load, store;
  } units[] = {
      {16, SK_XMM, SK_X_VMOVDQU32, SK_X_VMOVDQU32_ST},
      {8, SK_OP64, SK_X_MOV, SK_X_MOV_MR},
      {4, SK_OP32, SK_X_MOV, SK_X_MOV_MR},
      {2, SK_OP32, SK_X_MOVZX16, SK_X_MOV16_MR},
      {1, SK_OP32, SK_X_MOVZX8, SK_X_MOV8_MR},
  };
  int32_t at = 0;
  for (uint32_t u = 0; u < SK_COUNT(units); u++) {
    for (; bytes - at >= units[u].bytes; at += units[u].bytes) {
      sk_x64_rm_(a, units[u].load, units[u].size, 0, sk_rm_base(SK_RSI, at));
      sk_x64_rm_(a, units[u].store, units[u].size, 0, sk_rm_base(SK_RDI, at));
    }
  }
}

static void emit_copy(prog_gen *p, const sk_stmt *stmt) {
  if (sk_gen_place_buf(p->g.prog, stmt->src) == sk_gen_place_buf(p->g.prog, stmt->dst)) {
    return;
  }
  const sk_buf *src = &p->g.prog->bufs.data[stmt->src];
  load_buffer(p, stmt->src, SK_RSI);
  load_buffer(p, stmt->dst, SK_RDI);
  emit_bytes(p, src->elems * (int64_t)sk_mem_bytes((sk_mem)src->mem));
}

static void emit_swap(prog_gen *p, const sk_stmt *stmt) {
  sk_asm *a = &p->g.as;
  const sk_buf *x = &p->g.prog->bufs.data[stmt->dst], *y = &p->g.prog->bufs.data[stmt->src];
  if (!x->slot || !y->slot) {
    p->g.status = sk_status_new(SK_INTERNAL, "swap of buffers without slots");
    longjmp(p->g.bail, 1);
  }
  sk_x64_rm at_x = sk_rm_base(SK_RBX, SK_FRAME_SLOTS + 8 * (int32_t)x->slot_index);
  sk_x64_rm at_y = sk_rm_base(SK_RBX, SK_FRAME_SLOTS + 8 * (int32_t)y->slot_index);
  sk_x64_rm_(a, SK_X_MOV, SK_OP64, SK_RAX, at_x);
  sk_x64_rm_(a, SK_X_MOV, SK_OP64, SK_RCX, at_y);
  sk_x64_rm_(a, SK_X_MOV_MR, SK_OP64, SK_RAX, at_y);
  sk_x64_rm_(a, SK_X_MOV_MR, SK_OP64, SK_RCX, at_x);
}

static void emit_block(prog_gen *p, uint32_t first) {
  if (++p->depth > MAX_DEPTH) {
    p->g.status = sk_status_new(SK_RESOURCE_EXHAUSTED, "statements nest deeper than %d", MAX_DEPTH);
    longjmp(p->g.bail, 1);
  }
  for (uint32_t id = first; id != 0; id = p->g.prog->stmts.data[id].next) {
    const sk_stmt *stmt = &p->g.prog->stmts.data[id];
    switch ((sk_stmt_kind)stmt->kind) {
      case SK_STMT_KERNEL:
      case SK_STMT_DOT: emit_call(p, id); break;
      case SK_STMT_LIBCALL: emit_libcall(p, stmt); break;
      case SK_STMT_WHILE: emit_while(p, stmt); break;
      case SK_STMT_CASE: emit_case(p, stmt); break;
      case SK_STMT_COPY: emit_copy(p, stmt); break;
      case SK_STMT_SWAP: emit_swap(p, stmt); break;
    }
  }
  p->depth--;
}

static uint32_t emit_entry(prog_gen *p) {
  sk_asm *a = &p->g.as;
  sk_asm_pad_int3(a, 32);
  uint32_t entry = a->len;
  uint32_t frame_bytes =
      p->bindings != 0 ? (uint32_t)sk_align_up(SK_FRAME_SLOTS + 8 * p->bindings, 16) : 0;
  sk_x64_push(a, SK_RBP);
  sk_x64_rr(a, SK_X_MOV, SK_OP64, SK_RBP, SK_RSP);
  sk_x64_push(a, SK_RBX);
  sk_x64_alu_imm(a, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RSP),
                 8 + (int32_t)(p->stack_bytes + frame_bytes));
  sk_x64_rr(a, SK_X_MOV, SK_OP64, SK_RBX, SK_RDI);
  if (frame_bytes != 0) {
    emit_shared_frame(p);
  }
  emit_block(p, p->g.prog->body);
  sk_x64_rm_(a, SK_X_MOV, SK_OP64, SK_RBX, sk_rm_base(SK_RBP, -8));
  sk_x64_rr(a, SK_X_MOV, SK_OP64, SK_RSP, SK_RBP);
  sk_x64_pop(a, SK_RBP);
  sk_x64_ret(a);
  add_function(p, p->g.prog->name ? p->g.prog->name : "entry", entry, 0, 0);
  for (uint32_t i = 0; i < p->blobs.count; i++) {
    sk_asm_pad_int3(a, 8);
    sk_asm_bind(a, p->blobs.data[i].label);
    sk_asm_put(a, p->blobs.data[i].params, 8 * p->blobs.data[i].count);
  }
  return entry;
}

static int64_t greatest_divisor(int64_t x, int64_t y) {
  while (y != 0) {
    int64_t rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}

static void find_calls(prog_gen *p) {
  const sk_prog *prog = p->g.prog;
  for (uint32_t i = 1; i < prog->stmts.count; i++) {
    const sk_stmt *stmt = &prog->stmts.data[i];
    if (stmt->kind == SK_STMT_KERNEL && stmt->parallel) {
      fn_record *record = &p->kernels[stmt->kernel];
      record->multiple = greatest_divisor(record->multiple, SK_MAX(stmt->align, 1));
      record->is_parallel = true;
    }
  }
}

static void find_shared(prog_gen *p) {
  sk_gen *g = &p->g;
  const sk_prog *prog = g->prog;
  sk_share_call *calls = SK_NEW_ARRAY(g->arena, sk_share_call, prog->kernels.count);
  for (uint32_t i = 0; i < prog->kernels.count; i++) {
    calls[i] = (sk_share_call){p->kernels[i].is_parallel, p->kernels[i].multiple};
  }
  p->local = sk_arena_zalloc(g->arena, prog->bufs.count * sizeof *p->local, 4);
  p->leader = SK_NEW_ARRAY(g->arena, uint32_t, prog->stmts.count);
  p->is_shared = sk_arena_zalloc(g->arena, prog->stmts.count, 1);
  sk_gen_find_equal(g, calls, p->local, p->leader);
  for (uint32_t i = 1; i < prog->stmts.count; i++) {
    if (p->leader[i] != i) {
      p->is_shared[p->leader[i]] = true;
      sk_bindings bound = sk_gen_bind(g, &prog->stmts.data[i], p->local);
      sk_gen_unbind(g, &bound, p->local);
      p->bindings = SK_MAX(p->bindings, SK_MAX(bound.count, 1u));
    }
  }
}

static void generate(prog_gen *p, sk_gen_code *out) {
  sk_gen *g = &p->g;
  const sk_prog *prog = g->prog;
  uint32_t libcalls = 0;
  p->kernels =
      sk_arena_zalloc(g->arena, prog->kernels.count * sizeof *p->kernels, _Alignof(fn_record));
  p->dots = sk_arena_zalloc(g->arena, prog->stmts.count * sizeof *p->dots, _Alignof(fn_record));
  find_calls(p);
  find_shared(p);
  for (uint32_t i = 1; i < prog->stmts.count; i++) {
    const sk_stmt *stmt = &prog->stmts.data[i];
    if (stmt->kind == SK_STMT_KERNEL && p->leader[i] == i) {
      generate_kernel(p, i);
    } else if (stmt->kind == SK_STMT_DOT && p->leader[i] == i) {
      generate_dot(p, i);
    } else if (stmt->kind == SK_STMT_LIBCALL) {
      p->stack_bytes = SK_MAX(p->stack_bytes, (uint32_t)sk_align_up(8 * stmt->buf_count, 16));
      libcalls++;
      p->has_host_calls |= stmt->libcall == SK_BUILTIN_HOST_CALL;
    }
  }
  out->kernel_count = p->fns.count + libcalls;
  out->entry = emit_entry(p);
  out->code_bytes = g->as.len;
  out->inst_count = g->as.emitted;
  out->fns = p->fns.data;
  out->fn_count = p->fns.count;
  out->scratch_bytes = SK_MAX(p->scratch_bytes, prog->scratch_bytes);
}

sk_status sk_gen_program(const sk_prog *prog, const sk_gen_options *opt, sk_arena *arena,
                         sk_gen_code *out) {
  memset(out, 0, sizeof *out);
  if (opt->isa != SK_ISA_V3 && opt->isa != SK_ISA_V4) {
    return sk_status_new(SK_INTERNAL, "no generator for ISA %s", sk_isa_name(opt->isa));
  }
  prog_gen *p = SK_NEW(arena, prog_gen);
  if (!p) {
    return sk_status_no_memory();
  }
  sk_gen *g = &p->g;
  g->prog = prog;
  g->opt = opt;
  g->arena = arena;
  g->v4 = opt->isa == SK_ISA_V4;
  g->vector_bytes = opt->vector_bytes != 0 ? opt->vector_bytes : g->v4 ? 64 : 32;
  if (opt->scratch) {
    g->scratch = *opt->scratch;
  } else {
    sk_arena_init(&g->scratch);
  }
  jmp_buf *outer = arena->bail;
  arena->bail = &g->bail;
  g->scratch.bail = &g->bail;
  sk_status status = NULL;
  if (setjmp(g->bail) == 0) {
    sk_asm_init(&g->as, arena, opt->isa, 0);
    generate(p, out);
    status = sk_asm_finish(&g->as, &out->length);
    out->bytes = g->as.code;
  } else {
    status = p->g.status ? p->g.status : sk_status_no_memory();
  }
  arena->bail = outer;
  if (opt->scratch) {
    outer = opt->scratch->bail;
    sk_arena_reset(&g->scratch);
    *opt->scratch = g->scratch;
    opt->scratch->bail = outer;
  } else {
    sk_arena_fini(&g->scratch);
  }
  return status;
}
