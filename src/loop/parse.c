// SPDX-License-Identifier: Apache-2.0
// Reads the text that print.c writes back into an equal program. Line by line, word by word; errors name file and line. What is read
// is only as consistent as its syntax demands: sk_prog_verify checks the rest before anything runs.
#include "loop/loop_int.h"

enum { MAX_NESTING = 256 };

typedef struct reader {
  const char *name, *at, *end;
  uint32_t line;
  sk_arena *arena;
  sk_prog *prog;
  uint32_t depth;
} reader;

static sk_status fail(const reader *r, const char *what) SK_NODISCARD;
static sk_status fail(const reader *r, const char *what) {
  return sk_status_new_at(SK_INVALID_ARGUMENT, (sk_srcpos){r->name, r->line, 0}, "program text: %s",
                          what);
}

static bool at_line_end(reader *r) {
  while (r->at < r->end && *r->at == ' ') {
    r->at++;
  }
  return r->at == r->end || *r->at == '\n';
}

static void next_line(reader *r) {
  while (r->at < r->end && *r->at != '\n') {
    r->at++;
  }
  if (r->at < r->end) {
    r->at++;
    r->line++;
  }
}

// The next word of the line; empty at its end.
static sk_str peek(reader *r) {
  if (at_line_end(r)) {
    return (sk_str){r->at, 0};
  }
  const char *start = r->at, *p = start;
  while (p < r->end && *p != ' ' && *p != '\n') {
    p++;
  }
  return (sk_str){start, (size_t)(p - start)};
}

static sk_str word(reader *r) {
  sk_str w = peek(r);
  r->at += w.len;
  return w;
}

static bool accept(reader *r, const char *text) {
  if (!sk_str_eq(peek(r), sk_str_from(text))) {
    return false;
  }
  word(r);
  return true;
}

static sk_status expect(reader *r, const char *text) {
  return accept(r, text) ? NULL : fail(r, text);
}

static sk_status read_i64(reader *r, int64_t *out) {
  return sk_str_to_i64(word(r), out) ? NULL : fail(r, "expected an integer");
}

static sk_status read_u32(reader *r, uint32_t *out) {
  int64_t value;
  SK_TRY(read_i64(r, &value));
  if (value < 0 || value > UINT32_MAX) {
    return fail(r, "number out of range");
  }
  *out = (uint32_t)value;
  return NULL;
}

static sk_status read_u64(reader *r, uint64_t *out) {
  return sk_str_to_u64(word(r), out) ? NULL : fail(r, "expected a number");
}

static sk_status read_name(reader *r, const char *const *names, uint32_t count, uint8_t *out) {
  sk_str w = word(r);
  for (uint32_t i = 0; i < count; i++) {
    if (sk_str_eq(w, sk_str_from(names[i]))) {
      *out = (uint8_t)i;
      return NULL;
    }
  }
  return fail(r, "unknown keyword");
}

static sk_status read_text(reader *r, const char **out) {
  sk_str w = word(r);
  *out = sk_arena_strndup(r->arena, w.data, w.len);
  return w.len > 0 ? NULL : fail(r, "expected a name");
}

// ---------------------------------------------------------------------------------------------------- buffers

static int hex_digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static sk_status read_data(reader *r, sk_buf *b) {
  sk_str w = word(r);
  int64_t bytes;
  if (SK_MUL_OVERFLOW(b->elems, (int64_t)sk_mem_bytes((sk_mem)b->mem), &bytes) || w.len < 2 ||
      (uint64_t)bytes != (w.len - 2) / 2) {
    return fail(r, "constant data of the wrong length");
  }
  uint8_t *data = sk_arena_alloc(r->arena, (size_t)bytes + 1, 64);
  for (int64_t i = 0; i < bytes; i++) {
    int high = hex_digit(w.data[2 + 2 * i]), low = hex_digit(w.data[3 + 2 * i]);
    if (high < 0 || low < 0) {
      return fail(r, "constant data are not hexadecimal");
    }
    data[i] = (uint8_t)(high << 4 | low);
  }
  b->data = data;
  return NULL;
}

static sk_status read_buf(reader *r) {
  sk_buf b = {.offset = -1};
  uint32_t id, alias;
  SK_TRY(read_u32(r, &id));
  if (id != r->prog->bufs.count) {
    return fail(r, "buffer numbers must follow each other");
  }
  SK_TRY(read_name(r, sk_buf_kind_names, 5, &b.kind));
  if (b.kind == SK_BUF_ARG || b.kind == SK_BUF_RESULT) {
    SK_TRY(read_u32(r, &b.index));
  }
  SK_TRY(read_name(r, sk_mem_names, SK_MEM_COUNT, &b.mem));
  SK_TRY(read_i64(r, &b.elems));
  while (!at_line_end(r)) {
    if (accept(r, "slot")) {
      b.slot = 1;
      SK_TRY(read_u32(r, &b.slot_index));
    } else if (accept(r, "offset")) {
      SK_TRY(read_i64(r, &b.offset));
    } else if (accept(r, "alias")) {
      SK_TRY(read_u32(r, &alias));
      if (alias >= id) {
        return fail(r, "alias of a later buffer");
      }
      b.alias = alias + 1;
    } else {
      SK_TRY(expect(r, "data"));
      SK_TRY(read_data(r, &b));
    }
  }
  sk_prog_add_buf(r->prog, &b);
  return NULL;
}

// ---------------------------------------------------------------------------------------------------- kernels

static sk_status read_access(reader *r, sk_kernel *k) {
  sk_access a = {.strides = k->strides.count};
  uint32_t id;
  SK_TRY(read_u32(r, &id));
  SK_TRY(expect(r, "buf"));
  SK_TRY(read_u32(r, &a.buf));
  SK_TRY(read_name(r, sk_mem_names, SK_MEM_COUNT, &a.mem));
  SK_TRY(expect(r, "offset"));
  SK_TRY(read_i64(r, &a.offset));
  SK_TRY(expect(r, "strides"));
  while (!at_line_end(r)) {
    int64_t stride;
    SK_TRY(read_i64(r, &stride));
    sk_vec_push(r->arena, &k->strides, stride);
  }
  if (id != k->accesses.count) {
    return fail(r, "access numbers must follow each other");
  }
  sk_vec_push(r->arena, &k->accesses, a);
  return NULL;
}

static sk_status read_loop(reader *r, sk_kernel *k) {
  sk_loop l = {.parent = UINT32_MAX};
  uint32_t id, lanes, unroll;
  SK_TRY(read_u32(r, &id));
  SK_TRY(read_name(r, sk_loop_kind_names, 3, &l.kind));
  SK_TRY(read_i64(r, &l.extent));
  SK_TRY(expect(r, "lanes"));
  SK_TRY(read_u32(r, &lanes));
  SK_TRY(expect(r, "unroll"));
  SK_TRY(read_u32(r, &unroll));
  l.vec = accept(r, "vec");
  if (id != k->loops.count || lanes > UINT16_MAX || unroll > UINT16_MAX) {
    return fail(r, "loop number, lanes or unroll");
  }
  l.lanes = (uint16_t)lanes;
  l.unroll = (uint16_t)unroll;
  sk_vec_push(r->arena, &k->loops, l);
  return NULL;
}

static bool find_op(sk_str name, uint32_t *out) {
  for (uint32_t op = 1; op <= SK_L_FMIN; op++) {
    if (sk_str_eq(name, sk_str_from(sk_lop_name((sk_lop)op)))) {
      *out = op;
      return true;
    }
  }
  return false;
}

static sk_status read_operand(reader *r, sk_val *out) {
  sk_str w = word(r);
  int64_t id;
  if (sk_str_eq(w, SK_STR("-"))) {
    *out = (sk_val){0};
    return NULL;
  }
  if (w.len < 2 || w.data[0] != '%' || !sk_str_to_i64((sk_str){w.data + 1, w.len - 1}, &id) ||
      id <= 0 || id > INT32_MAX) {
    return fail(r, "expected an operand");
  }
  *out = (sk_val){(uint32_t)id};
  return NULL;
}

static sk_status read_imm(reader *r, sk_inst *inst) {
  switch ((int)inst->op) {
    case SK_L_CONST:
    case SK_L_INDEX:
    case SK_L_LOOP:
    case SK_L_END: return read_u64(r, &inst->imm);
    case SK_L_CARRY: {
      sk_str w = word(r);
      uint32_t combiner = SK_L_NONE;
      if (!sk_str_eq(w, SK_STR("next")) && !find_op(w, &combiner)) {
        return fail(r, "unknown combiner");
      }
      inst->imm = combiner;
      return NULL;
    }
    case SK_L_LOAD:
    case SK_L_STORE: {
      sk_str w = word(r);
      if (w.len < 2 || w.data[0] != 'a' ||
          !sk_str_to_u64((sk_str){w.data + 1, w.len - 1}, &inst->imm)) {
        return fail(r, "expected an access");
      }
      return NULL;
    }
    default: return NULL;
  }
}

// Keeps the loop records (parent, begin, end) and END's target in step with the nesting.
typedef struct nesting {
  uint32_t starts[MAX_NESTING];
  uint32_t depth;
} nesting;

static sk_status note_structure(reader *r, sk_kernel *k, sk_inst *inst, uint32_t id, nesting *n) {
  if (inst->op == SK_L_END) {
    if (n->depth == 0 || inst->imm != n->starts[n->depth - 1]) {
      return fail(r, "end without its start");
    }
    const sk_inst *start = &k->insts.data[n->starts[--n->depth]];
    if (start->op == SK_L_LOOP) {
      k->loops.data[start->imm].end = id;
    }
  }
  inst->depth = (uint16_t)n->depth;
  if (inst->op == SK_L_LOOP || inst->op == SK_L_IF) {
    if (n->depth == MAX_NESTING || (inst->op == SK_L_LOOP && inst->imm >= k->loops.count)) {
      return fail(r, "loop number or nesting");
    }
    if (inst->op == SK_L_LOOP) {
      sk_loop *l = &k->loops.data[inst->imm];
      l->begin = id;
      for (uint32_t i = n->depth; i-- > 0 && l->parent == UINT32_MAX;) {
        const sk_inst *outer = &k->insts.data[n->starts[i]];
        l->parent = outer->op == SK_L_LOOP ? (uint32_t)outer->imm : UINT32_MAX;
      }
    }
    n->starts[n->depth++] = id;
  }
  return NULL;
}

static sk_status read_inst(reader *r, sk_kernel *k, nesting *n) {
  sk_inst inst = {0};
  sk_val self;
  uint32_t op;
  SK_TRY(read_operand(r, &self));
  if (self.id != k->insts.count) {
    return fail(r, "instruction numbers must follow each other");
  }
  sk_str w = word(r);
  for (uint32_t t = SK_LT_PRED; t <= SK_LT_F64; t++) {
    if (sk_str_eq(w, sk_str_from(sk_lt_names[t]))) {
      inst.type = (uint8_t)t;
      w = word(r);
      break;
    }
  }
  if (!find_op(w, &op) || op >= SK_LOP_COUNT) {
    return fail(r, "unknown operation");
  }
  inst.op = (uint8_t)op;
  SK_TRY(read_imm(r, &inst));
  sk_val *const operands[3] = {&inst.a, &inst.b, &inst.c};
  for (uint32_t i = 0; i < 3 && !at_line_end(r); i++) {
    SK_TRY(read_operand(r, operands[i]));
  }
  SK_TRY(note_structure(r, k, &inst, self.id, n));
  sk_vec_push(r->arena, &k->insts, inst);
  return NULL;
}

static sk_status read_kernel(reader *r) {
  uint32_t id, loc;
  sk_kernel kernel = {0};
  SK_TRY(read_u32(r, &id));
  SK_TRY(read_text(r, &kernel.name));
  SK_TRY(expect(r, "loc"));
  SK_TRY(read_u32(r, &loc));
  SK_TRY(expect(r, "scratch"));
  SK_TRY(read_u64(r, &kernel.scratch_bytes));
  SK_TRY(expect(r, "{"));
  if (id != r->prog->kernels.count) {
    return fail(r, "kernel numbers must follow each other");
  }
  kernel.loc_id = loc;
  sk_vec_push(r->arena, &kernel.insts, (sk_inst){0});
  nesting n = {.depth = 0};
  for (next_line(r); !accept(r, "}"); next_line(r)) {
    if (r->at == r->end) {
      return fail(r, "kernel is not closed");
    }
    if (accept(r, "access")) {
      SK_TRY(read_access(r, &kernel));
    } else if (accept(r, "loop")) {
      SK_TRY(read_loop(r, &kernel));
    } else {
      SK_TRY(read_inst(r, &kernel, &n));
    }
    if (!at_line_end(r)) {
      return fail(r, "unexpected text at the end of the line");
    }
  }
  if (n.depth != 0) {
    return fail(r, "a loop is not closed");
  }
  sk_vec_push(r->arena, &r->prog->kernels, kernel);
  return NULL;
}

// ---------------------------------------------------------------------------------------------------- statements

static sk_status read_block(reader *r, uint32_t *out_first);

static sk_status read_dot(reader *r, sk_stmt *st) {
  sk_dot *d = SK_NEW(r->arena, sk_dot);
  SK_TRY(read_name(r, sk_lt_names, 6, &d->elem));
  SK_TRY(read_u32(r, &d->c));
  SK_TRY(read_u32(r, &d->a));
  SK_TRY(read_u32(r, &d->b));
  int64_t *const sizes[] = {&d->batch, &d->m, &d->n, &d->k}, *const offsets[] = {&d->a_offset,
                                                                                 &d->b_offset,
                                                                                 &d->c_offset};
  int64_t *const strides[] = {d->a_strides, d->b_strides, d->c_strides};
  SK_TRY(expect(r, "size"));
  for (uint32_t i = 0; i < 4; i++) {
    SK_TRY(read_i64(r, sizes[i]));
  }
  SK_TRY(expect(r, "offsets"));
  for (uint32_t i = 0; i < 3; i++) {
    SK_TRY(read_i64(r, offsets[i]));
  }
  SK_TRY(expect(r, "strides"));
  for (uint32_t i = 0; i < 9; i++) {
    SK_TRY(read_i64(r, &strides[i / 3][i % 3]));
  }
  st->kind = SK_STMT_DOT;
  st->dot = d;
  return NULL;
}

static sk_status read_parallel(reader *r, sk_stmt *st) {
  if (accept(r, "parallel")) {
    st->parallel = 1;
    SK_TRY(expect(r, "grain"));
    SK_TRY(read_i64(r, &st->grain));
    SK_TRY(expect(r, "align"));
    SK_TRY(read_i64(r, &st->align));
  }
  return NULL;
}

static sk_status read_libcall(reader *r, sk_stmt *st) {
  st->kind = SK_STMT_LIBCALL;
  SK_TRY(read_u32(r, &st->libcall));
  SK_TRY(expect(r, "bufs"));
  SK_TRY(read_u32(r, &st->buf_count));
  SK_VEC(uint32_t) bufs = {0};
  for (uint32_t i = 0; i < st->buf_count; i++) {
    uint32_t buf;
    SK_TRY(read_u32(r, &buf));
    sk_vec_push(r->arena, &bufs, buf);
  }
  SK_TRY(expect(r, "params"));
  SK_TRY(read_u32(r, &st->param_count));
  SK_VEC(int64_t) params = {0};
  for (uint32_t i = 0; i < st->param_count; i++) {
    int64_t param;
    SK_TRY(read_i64(r, &param));
    sk_vec_push(r->arena, &params, param);
  }
  st->bufs = bufs.data;
  st->params = params.data;
  return NULL;
}

static sk_status read_while(reader *r, sk_stmt *st) {
  st->kind = SK_STMT_WHILE;
  SK_TRY(read_u32(r, &st->pred));
  SK_TRY(expect(r, "{"));
  next_line(r);
  SK_TRY(read_block(r, &st->block[0]));
  SK_TRY(expect(r, "do"));
  SK_TRY(expect(r, "{"));
  next_line(r);
  return read_block(r, &st->block[1]);
}

static sk_status read_case(reader *r, sk_stmt *st, bool is_pred) {
  st->kind = SK_STMT_CASE;
  st->case_is_pred = is_pred;
  SK_TRY(read_u32(r, &st->pred));
  SK_TRY(read_u32(r, &st->branch_count));
  SK_VEC(uint32_t) branches = {0};
  for (uint32_t i = 0; i < st->branch_count; i++) {
    uint32_t first;
    next_line(r);
    SK_TRY(expect(r, "{"));
    next_line(r);
    SK_TRY(read_block(r, &first));
    sk_vec_push(r->arena, &branches, first);
  }
  st->branches = branches.data;
  return NULL;
}

static sk_status read_stmt(reader *r, sk_stmt *st) {
  if (accept(r, "kernel")) {
    st->kind = SK_STMT_KERNEL;
    SK_TRY(read_u32(r, &st->kernel));
    return read_parallel(r, st);
  }
  if (accept(r, "dot")) {
    SK_TRY(read_dot(r, st));
    return read_parallel(r, st);
  }
  if (accept(r, "libcall")) {
    return read_libcall(r, st);
  }
  if (accept(r, "while")) {
    return read_while(r, st);
  }
  if (accept(r, "case")) {
    return read_case(r, st, false);
  }
  if (accept(r, "if")) {
    return read_case(r, st, true);
  }
  bool copy = accept(r, "copy");
  if (!copy) {
    SK_TRY(expect(r, "swap"));
  }
  st->kind = copy ? SK_STMT_COPY : SK_STMT_SWAP;
  SK_TRY(read_u32(r, &st->dst));
  return read_u32(r, &st->src);
}

// Statements up to the closing brace, which is consumed.
static sk_status read_block(reader *r, uint32_t *out_first) {
  uint32_t last = 0;
  *out_first = 0;
  if (++r->depth > MAX_NESTING) {
    return fail(r, "nested too deeply");
  }
  for (; !accept(r, "}"); next_line(r)) {
    sk_stmt st = {0};
    if (r->at == r->end) {
      return fail(r, "block is not closed");
    }
    SK_TRY(read_stmt(r, &st));
    if (!at_line_end(r)) {
      return fail(r, "unexpected text at the end of the line");
    }
    uint32_t id = sk_prog_add_stmt(r->prog, &st);
    *out_first = last == 0 ? id : *out_first;
    if (last != 0) {
      r->prog->stmts.data[last].next = id;
    }
    last = id;
  }
  r->depth--;
  return NULL;
}

static sk_status read_header(reader *r) {
  sk_prog *p = r->prog;
  SK_TRY(expect(r, "program"));
  SK_TRY(read_text(r, &p->name));
  SK_TRY(expect(r, "args"));
  SK_TRY(read_u32(r, &p->arg_count));
  SK_TRY(expect(r, "results"));
  SK_TRY(read_u32(r, &p->result_count));
  SK_TRY(expect(r, "slots"));
  SK_TRY(read_u32(r, &p->slot_count));
  SK_TRY(expect(r, "arena"));
  SK_TRY(read_u64(r, &p->arena_bytes));
  SK_TRY(expect(r, "consts"));
  SK_TRY(read_u64(r, &p->const_bytes));
  SK_TRY(expect(r, "scratch"));
  return read_u64(r, &p->scratch_bytes);
}

sk_status sk_prog_parse(const char *input_name, sk_str text, sk_arena *arena, sk_prog *out_prog) {
  reader r = {.name = input_name,
              .at = text.data,
              .end = text.data + text.len,
              .line = 1,
              .arena = arena,
              .prog = out_prog};
  sk_prog_init(out_prog, arena, NULL);
  SK_TRY(read_header(&r));
  for (next_line(&r); r.at < r.end; next_line(&r)) {
    if (accept(&r, "buf")) {
      SK_TRY(read_buf(&r));
    } else if (accept(&r, "kernel")) {
      SK_TRY(read_kernel(&r));
    } else {
      SK_TRY(expect(&r, "body"));
      SK_TRY(expect(&r, "{"));
      next_line(&r);
      SK_TRY(read_block(&r, &out_prog->body));
    }
    if (!at_line_end(&r)) {
      return fail(&r, "unexpected text at the end of the line");
    }
  }
  return NULL;
}
