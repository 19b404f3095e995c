// SPDX-License-Identifier: Apache-2.0
// Program and kernels as text that parse.c reads back to an equal program. Line by line; numbers are the ids:
//
//   program main args 1 results 1 slots 2 arena 0 consts 0 scratch 4032
//   buf 1 arg 0 f32 2048000 slot 0
//   buf 3 temp f32 64 offset 128
//   kernel 1 divide_1 loc 12 scratch 4032 {
//     access 0 buf 1 f32 offset 0 strides 1000 1 0
//     loop 0 par 2048 lanes 1 unroll 1
//     loop 1 red 1000 lanes 64 unroll 1 vec
//     %1 f32 const 0xff800000
//     %2 loop 0
//       %3 f32 load a0
//     ...
//   }
//   body {
//     kernel 1 parallel grain 64 align 1
//   }
#include "loop/loop_int.h"

const char *const sk_loop_kind_names[3] = {"par", "seq", "red"};
const char *const sk_lt_names[6] = {"none", "pred", "i32", "i64", "f32", "f64"};
const char *const sk_mem_names[SK_MEM_COUNT] = {"none", "pred", "s8",  "u8",  "s16",
                                                "u16",  "i32",  "i64", "f32", "f64"};
const char *const sk_buf_kind_names[5] = {"arg", "result", "temp", "const", "scratch"};

static void print_buf(const sk_prog *p, uint32_t id, sk_text *out) {
  const sk_buf *b = &p->bufs.data[id];
  sk_text_addf(out, "buf %u %s", id, sk_buf_kind_names[b->kind]);
  if (b->kind == SK_BUF_ARG || b->kind == SK_BUF_RESULT) {
    sk_text_addf(out, " %u", b->index);
  }
  sk_text_addf(out, " %s %lld", sk_mem_names[b->mem], (long long)b->elems);
  if (b->slot) {
    sk_text_addf(out, " slot %u", b->slot_index);
  }
  if (b->offset >= 0) {
    sk_text_addf(out, " offset %lld", (long long)b->offset);
  }
  if (b->alias != 0) {
    sk_text_addf(out, " alias %u", b->alias - 1);
  }
  if (b->kind == SK_BUF_CONST && b->data != NULL) {
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = b->data;
    sk_text_add(out, SK_STR(" data 0x"));
    for (int64_t i = 0; i < b->elems * (int64_t)sk_mem_bytes((sk_mem)b->mem); i++) {
      sk_text_add_char(out, digits[bytes[i] >> 4]);
      sk_text_add_char(out, digits[bytes[i] & 15]);
    }
  }
  sk_text_add_char(out, '\n');
}

static void print_operand(sk_text *out, sk_val v) {
  if (v.id == 0) {
    sk_text_add(out, SK_STR(" -"));
  } else {
    sk_text_addf(out, " %%%u", v.id);
  }
}

static void print_inst(const sk_kernel *k, uint32_t id, uint32_t indent, sk_text *out) {
  const sk_inst *inst = &k->insts.data[id];
  sk_text_addf(out, "%*s%%%u ", (int)indent, "", id);
  if (inst->type != SK_LT_NONE) {
    sk_text_addf(out, "%s ", sk_lt_names[inst->type]);
  }
  sk_text_addf(out, "%s", sk_lop_name((sk_lop)inst->op));
  switch ((int)inst->op) {
    case SK_L_CONST: sk_text_addf(out, " 0x%llx", (unsigned long long)inst->imm); break;
    case SK_L_INDEX:
    case SK_L_LOOP:
    case SK_L_END: sk_text_addf(out, " %llu", (unsigned long long)inst->imm); break;
    case SK_L_CARRY:
      sk_text_addf(out, " %s", inst->imm == SK_L_NONE ? "next" : sk_lop_name((sk_lop)inst->imm));
      break;
    case SK_L_LOAD:
    case SK_L_STORE: sk_text_addf(out, " a%llu", (unsigned long long)inst->imm); break;
    default: break;
  }
  uint32_t count = sk_lop_operand_count((sk_lop)inst->op);
  const sk_val operands[3] = {inst->a, inst->b, inst->c};
  while (count > 0 && operands[count - 1].id == 0) {
    count--;
  }
  for (uint32_t i = 0; i < count; i++) {
    print_operand(out, operands[i]);
  }
  sk_text_add_char(out, '\n');
}

static void print_kernel(const sk_prog *p, uint32_t id, sk_text *out) {
  const sk_kernel *k = &p->kernels.data[id];
  sk_text_addf(out, "kernel %u %s loc %u scratch %llu {\n", id, k->name != NULL ? k->name : "_",
               k->loc_id, (unsigned long long)k->scratch_bytes);
  for (uint32_t i = 0; i < k->accesses.count; i++) {
    const sk_access *a = &k->accesses.data[i];
    sk_text_addf(out, "  access %u buf %u %s offset %lld strides", i, a->buf, sk_mem_names[a->mem],
                 (long long)a->offset);
    for (uint32_t l = 0; l < k->loops.count; l++) {
      sk_text_addf(out, " %lld", (long long)sk_access_stride(k, i, l));
    }
    sk_text_add_char(out, '\n');
  }
  for (uint32_t i = 0; i < k->loops.count; i++) {
    const sk_loop *l = &k->loops.data[i];
    sk_text_addf(out, "  loop %u %s %lld lanes %u unroll %u%s\n", i, sk_loop_kind_names[l->kind],
                 (long long)l->extent, l->lanes, l->unroll, l->vec ? " vec" : "");
  }
  uint32_t indent = 2;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    indent -= k->insts.data[i].op == SK_L_END ? 2 : 0;
    print_inst(k, i, indent, out);
    indent += k->insts.data[i].op == SK_L_LOOP || k->insts.data[i].op == SK_L_IF ? 2 : 0;
  }
  sk_text_add(out, SK_STR("}\n"));
}

static void print_block(const sk_prog *p, uint32_t first, uint32_t indent, sk_text *out);

static void print_dot(const sk_stmt *st, sk_text *out) {
  const sk_dot *d = st->dot;
  sk_text_addf(out, "dot %s %u %u %u size %lld %lld %lld %lld offsets %lld %lld %lld strides",
               sk_lt_names[d->elem], d->c, d->a, d->b, (long long)d->batch, (long long)d->m,
               (long long)d->n, (long long)d->k, (long long)d->a_offset, (long long)d->b_offset,
               (long long)d->c_offset);
  const int64_t *const lists[3] = {d->a_strides, d->b_strides, d->c_strides};
  for (uint32_t i = 0; i < 9; i++) {
    sk_text_addf(out, " %lld", (long long)lists[i / 3][i % 3]);
  }
}

static void print_parallel(const sk_stmt *st, sk_text *out) {
  if (st->parallel) {
    sk_text_addf(out, " parallel grain %lld align %lld", (long long)st->grain,
                 (long long)st->align);
  }
  sk_text_add_char(out, '\n');
}

static void print_stmt(const sk_prog *p, const sk_stmt *st, uint32_t indent, sk_text *out) {
  sk_text_addf(out, "%*s", (int)indent, "");
  switch ((sk_stmt_kind)st->kind) {
    case SK_STMT_KERNEL:
      sk_text_addf(out, "kernel %u", st->kernel);
      print_parallel(st, out);
      break;
    case SK_STMT_DOT:
      print_dot(st, out);
      print_parallel(st, out);
      break;
    case SK_STMT_LIBCALL:
      sk_text_addf(out, "libcall %u bufs %u", st->libcall, st->buf_count);
      for (uint32_t i = 0; i < st->buf_count; i++) {
        sk_text_addf(out, " %u", st->bufs[i]);
      }
      sk_text_addf(out, " params %u", st->param_count);
      for (uint32_t i = 0; i < st->param_count; i++) {
        sk_text_addf(out, " %lld", (long long)st->params[i]);
      }
      sk_text_add_char(out, '\n');
      break;
    case SK_STMT_WHILE:
      sk_text_addf(out, "while %u {\n", st->pred);
      print_block(p, st->block[0], indent + 2, out);
      sk_text_addf(out, "%*s} do {\n", (int)indent, "");
      print_block(p, st->block[1], indent + 2, out);
      sk_text_addf(out, "%*s}\n", (int)indent, "");
      break;
    case SK_STMT_CASE:
      sk_text_addf(out, "%s %u %u\n", st->case_is_pred ? "if" : "case", st->pred, st->branch_count);
      for (uint32_t i = 0; i < st->branch_count; i++) {
        sk_text_addf(out, "%*s{\n", (int)indent, "");
        print_block(p, st->branches[i], indent + 2, out);
        sk_text_addf(out, "%*s}\n", (int)indent, "");
      }
      break;
    case SK_STMT_COPY: sk_text_addf(out, "copy %u %u\n", st->dst, st->src); break;
    case SK_STMT_SWAP: sk_text_addf(out, "swap %u %u\n", st->dst, st->src); break;
  }
}

static void print_block(const sk_prog *p, uint32_t first, uint32_t indent, sk_text *out) {
  for (uint32_t id = first; id != 0; id = p->stmts.data[id].next) {
    print_stmt(p, &p->stmts.data[id], indent, out);
  }
}

void sk_prog_print(const sk_prog *p, sk_text *out) {
  sk_text_addf(out, "program %s args %u results %u slots %u arena %llu consts %llu scratch %llu\n",
               p->name != NULL ? p->name : "_", p->arg_count, p->result_count, p->slot_count,
               (unsigned long long)p->arena_bytes, (unsigned long long)p->const_bytes,
               (unsigned long long)p->scratch_bytes);
  for (uint32_t i = 1; i < p->bufs.count; i++) {
    print_buf(p, i, out);
  }
  for (uint32_t i = 1; i < p->kernels.count; i++) {
    print_kernel(p, i, out);
  }
  sk_text_add(out, SK_STR("body {\n"));
  print_block(p, p->body, 2, out);
  sk_text_add(out, SK_STR("}\n"));
}
