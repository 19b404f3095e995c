// SPDX-License-Identifier: Apache-2.0
// Verifies a program: what builder, passes and generator rely on. A violation is a defect of ours (INTERNAL) unless the program was read
// from text (then the reader reports it as the user's); it names kernel and instruction.
//
// Kernels   every operand is an earlier value of an open scope; types follow lops.def; LOOP/IF/END nest; CARRYs directly after LOOP,
//           YIELDs directly before END, one per CARRY in order; MERGE directly after END of its IF; one vec loop on any path
// Program   buffer, kernel and statement ids in range; blocks are lists without cycles; memory types match; sizes fit
#include "base/hostcall.h"
#include "base/sortcall.h"
#include "loop/loop_int.h"

typedef struct checker {
  const sk_prog *prog;
  const sk_kernel *k;
  uint32_t kernel, at;
  uint8_t *visible;               // by instruction
  SK_VEC(uint32_t) scopes;        // LOOP and IF instructions that are open
  SK_VEC(uint32_t) scope_values;  // values made, in order; a scope forgets its own at its end
  SK_VEC(uint32_t) scope_starts;
  uint8_t *seen_loop;
} checker;

static sk_status fail(const checker *c, const char *what) SK_NODISCARD;
static sk_status fail(const checker *c, const char *what) {
  return sk_status_new(SK_INTERNAL, "loop IR of kernel %s, instruction %u (%s): %s",
                       c->k->name != NULL ? c->k->name : "?", c->at,
                       sk_lop_name((sk_lop)c->k->insts.data[c->at].op), what);
}

#define REQUIRE(condition, what)                                                                   \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      return fail(c, (what));                                                                      \
    }                                                                                              \
  } while (0)

static bool is_int(sk_lt t) { return t == SK_LT_I32 || t == SK_LT_I64; }
static bool is_float(sk_lt t) { return t == SK_LT_F32 || t == SK_LT_F64; }

static sk_lt type_of(const checker *c, sk_val v) {
  return v.id == 0 ? SK_LT_NONE : (sk_lt)c->k->insts.data[v.id].type;
}

static sk_status check_operands(const checker *c, const sk_inst *inst) {
  const sk_val operands[3] = {inst->a, inst->b, inst->c};
  uint32_t needed = sk_lop_operand_count((sk_lop)inst->op);
  for (uint32_t i = 0; i < 3; i++) {
    REQUIRE(operands[i].id < c->at, "operand is not an earlier value");
    REQUIRE(operands[i].id == 0 || c->visible[operands[i].id] || (inst->op == SK_L_MERGE && i == 1),
            "operand is out of scope");
    bool optional = (inst->op == SK_L_LOAD) || (inst->op == SK_L_STORE && i > 0);
    REQUIRE(operands[i].id != 0 || i >= needed || optional, "operand is missing");
    REQUIRE(operands[i].id == 0 || i < needed, "too many operands");
  }
  return NULL;
}

static bool same(sk_lt a, sk_lt b, sk_lt x) { return a == b && b == x; }

// Operand and result types of pure operations by family.
static bool types_fit(const checker *c, const sk_inst *inst) {
  sk_lt a = type_of(c, inst->a), b = type_of(c, inst->b), d = type_of(c, inst->c),
        r = (sk_lt)inst->type;
  uint32_t n = sk_lop_operand_count((sk_lop)inst->op);
  sk_lop op = (sk_lop)inst->op;
  if (op >= SK_L_FADD && op <= SK_L_FNEG) {
    return is_float(r) && a == r && (n < 2 || b == r) && (n < 3 || d == r);
  }
  if (op >= SK_L_AND && op <= SK_L_NOT) {
    return (is_float(r) || is_int(r)) && a == r && (n < 2 || b == r);
  }
  if (op >= SK_L_ADD && op <= SK_L_POPCNT) {
    return is_int(r) && a == r && (n < 2 || b == r);
  }
  if (op == SK_L_LOOKUP) {
    const sk_inst *insts = c->k->insts.data;
    return r == SK_LT_I32 && a == r && same(b, d, SK_LT_I64) &&
           insts[inst->b.id].op == SK_L_CONST && insts[inst->c.id].op == SK_L_CONST;
  }
  if (op >= SK_L_FEQ && op <= SK_L_FUNORD) {
    return r == SK_LT_PRED && is_float(a) && a == b;
  }
  if (op >= SK_L_IEQ && op <= SK_L_ULE) {
    return r == SK_LT_PRED && is_int(a) && a == b;
  }
  if (op >= SK_L_PAND && op <= SK_L_PNOT) {
    return r == SK_LT_PRED && a == r && (n < 2 || b == r);
  }
  switch ((int)op) {
    case SK_L_SELECT:
    case SK_L_MERGE: return a == SK_LT_PRED && same(b, d, r);
    case SK_L_SEXT: return a == SK_LT_I32 && r == SK_LT_I64;
    case SK_L_ZEXT: return (a == SK_LT_I32 && r == SK_LT_I64) || (a == SK_LT_PRED && is_int(r));
    case SK_L_TRUNC: return a == SK_LT_I64 && r == SK_LT_I32;
    case SK_L_SEXT8:
    case SK_L_SEXT16: return a == SK_LT_I32 && r == a;
    case SK_L_BITCAST:
      return a != SK_LT_PRED && r != SK_LT_PRED && sk_lt_bytes(a) == sk_lt_bytes(r);
    case SK_L_FEXT: return a == SK_LT_F32 && r == SK_LT_F64;
    case SK_L_FTRUNCF: return a == SK_LT_F64 && r == SK_LT_F32;
    case SK_L_SITOF:
    case SK_L_UITOF: return is_int(a) && is_float(r);
    case SK_L_FTOSI:
    case SK_L_FTOSIR: return is_float(a) && is_int(r);
    case SK_L_FROUNDH:
    case SK_L_FROUNDBF: return a == SK_LT_F32 && r == SK_LT_F32;
    case SK_L_HTOF: return a == SK_LT_I32 && r == SK_LT_F32;
    case SK_L_FTOH: return a == SK_LT_F32 && r == SK_LT_I32;
    case SK_L_CONST: return r != SK_LT_NONE;
    case SK_L_INDEX: return is_int(r);
    default: return false;
  }
}

static sk_status check_access(const checker *c, const sk_inst *inst) {
  REQUIRE(inst->imm < c->k->accesses.count, "access id");
  const sk_access *a = &c->k->accesses.data[inst->imm];
  REQUIRE(a->buf != 0 && a->buf < c->prog->bufs.count, "buffer id");
  REQUIRE(a->mem > SK_MEM_NONE && a->mem < SK_MEM_COUNT, "memory type");
  REQUIRE((uint64_t)a->strides + c->k->loops.count <= c->k->strides.count, "strides");
  REQUIRE(sk_mem_bytes((sk_mem)a->mem) == sk_mem_bytes((sk_mem)c->prog->bufs.data[a->buf].mem),
          "width of the memory type");
  bool load = inst->op == SK_L_LOAD;
  sk_lt value = load ? (sk_lt)inst->type : type_of(c, inst->a),
        dyn = type_of(c, load ? inst->a : inst->b), guard = type_of(c, load ? inst->b : inst->c);
  REQUIRE(value == sk_mem_lt((sk_mem)a->mem), "type of the value in memory");
  REQUIRE(dyn == SK_LT_NONE || is_int(dyn), "dynamic offset is no integer");
  REQUIRE(guard == SK_LT_NONE || guard == SK_LT_PRED, "guard is no predicate");
  REQUIRE(load || c->prog->bufs.data[a->buf].kind != SK_BUF_CONST, "store to a constant");
  return NULL;
}

static const sk_inst *open_loop(const checker *c) {
  if (c->scopes.count == 0) {
    return NULL;
  }
  const sk_inst *start = &c->k->insts.data[sk_vec_last(&c->scopes)];
  return start->op == SK_L_LOOP ? start : NULL;
}

static sk_status check_carry(const checker *c, const sk_inst *inst) {
  const sk_inst *start = open_loop(c);
  uint8_t before = c->k->insts.data[c->at - 1].op;
  REQUIRE(start != NULL && (before == SK_L_LOOP || before == SK_L_CARRY),
          "not directly after LOOP");
  const sk_loop *l = &c->k->loops.data[start->imm];
  REQUIRE(l->kind != SK_LOOP_PAR, "in a parallel loop");
  REQUIRE(inst->type == type_of(c, inst->a), "type of the initial value");
  REQUIRE(l->kind == SK_LOOP_SEQ ? inst->imm == SK_L_NONE
                                 : sk_is_combiner(inst->imm, (sk_lt)inst->type),
          "combiner");
  return NULL;
}

// The YIELDs before END answer the CARRYs after LOOP one by one.
static sk_status check_yields(const checker *c, uint32_t start) {
  const sk_kernel *k = c->k;
  uint32_t carries = 0, yields = 0;
  while (k->insts.data[start + 1 + carries].op == SK_L_CARRY) {
    carries++;
  }
  while (k->insts.data[c->at - 1 - yields].op == SK_L_YIELD) {
    yields++;
  }
  REQUIRE(carries == yields, "number of YIELDs");
  for (uint32_t i = 0; i < carries; i++) {
    const sk_inst *y = &k->insts.data[c->at - yields + i];
    REQUIRE(y->a.id == start + 1 + i, "order of YIELDs");
    REQUIRE(k->insts.data[y->b.id].type == k->insts.data[y->a.id].type, "type of a YIELD");
  }
  return NULL;
}

static sk_status open_scope(checker *c, const sk_inst *inst, sk_arena *arena) {
  if (inst->op == SK_L_IF) {
    REQUIRE(type_of(c, inst->a) == SK_LT_PRED, "condition is no predicate");
  } else {
    REQUIRE(inst->imm < c->k->loops.count && !c->seen_loop[inst->imm], "loop id");
    const sk_loop *l = &c->k->loops.data[inst->imm];
    c->seen_loop[inst->imm] = 1;
    REQUIRE(l->extent > 0, "extent");
    REQUIRE(l->kind <= SK_LOOP_RED &&
                (l->kind != SK_LOOP_RED ||
                 (l->lanes > 0 && l->lanes <= 64 && (l->lanes & (l->lanes - 1)) == 0)),
            "lanes");
    REQUIRE(l->begin == c->at && l->end < c->k->insts.count && l->unroll > 0, "loop record");
    uint32_t parent = UINT32_MAX, vec = l->vec;
    for (uint32_t i = c->scopes.count; i-- > 0;) {
      const sk_inst *s = &c->k->insts.data[c->scopes.data[i]];
      if (s->op == SK_L_LOOP) {
        parent = parent == UINT32_MAX ? (uint32_t)s->imm : parent;
        vec += c->k->loops.data[s->imm].vec;
      }
    }
    REQUIRE(l->parent == parent, "parent loop");
    REQUIRE(vec <= 1, "two vector loops on one path");
    REQUIRE((inst->imm == 0) == (c->scopes.count == 0), "one outermost loop, number 0");
  }
  sk_vec_push(arena, &c->scopes, c->at);
  sk_vec_push(arena, &c->scope_starts, c->scope_values.count);
  return NULL;
}

static sk_status close_scope(checker *c, const sk_inst *inst) {
  REQUIRE(c->scopes.count > 0 && inst->imm == sk_vec_last(&c->scopes), "END does not match");
  uint32_t start = sk_vec_last(&c->scopes);
  bool loop = c->k->insts.data[start].op == SK_L_LOOP;
  if (loop) {
    REQUIRE(c->k->loops.data[c->k->insts.data[start].imm].end == c->at, "loop record");
    SK_TRY(check_yields(c, start));
  }
  c->scopes.count--;
  for (uint32_t from = c->scope_starts.data[--c->scope_starts.count];
       c->scope_values.count > from;) {
    uint32_t v = c->scope_values.data[--c->scope_values.count];
    c->visible[v] = loop && c->k->insts.data[v].op == SK_L_CARRY && v <= start + 64 &&
                    v > start;  // final values stay
  }
  return NULL;
}

static sk_status check_inst(checker *c, sk_arena *arena) {
  const sk_inst *inst = &c->k->insts.data[c->at];
  REQUIRE(inst->op > SK_L_NONE && inst->op < SK_LOP_COUNT && inst->type <= SK_LT_F64,
          "operation or type");
  SK_TRY(check_operands(c, inst));
  switch ((int)inst->op) {
    case SK_L_LOOP:
    case SK_L_IF: return open_scope(c, inst, arena);
    case SK_L_END: return close_scope(c, inst);
    case SK_L_CARRY: SK_TRY(check_carry(c, inst)); break;
    case SK_L_YIELD: return NULL;  // with its END
    case SK_L_LOAD:
    case SK_L_STORE: SK_TRY(check_access(c, inst)); break;
    case SK_L_INDEX: {
      bool open = false;
      for (uint32_t i = 0; i < c->scopes.count; i++) {
        const sk_inst *s = &c->k->insts.data[c->scopes.data[i]];
        open |= s->op == SK_L_LOOP && s->imm == inst->imm;
      }
      REQUIRE(open, "index of a loop that is not open");
      REQUIRE(types_fit(c, inst), "types");
      break;
    }
    default: REQUIRE(types_fit(c, inst), "types"); break;
  }
  if (inst->op != SK_L_STORE) {
    c->visible[c->at] = 1;
    sk_vec_push(arena, &c->scope_values, c->at);
  }
  return NULL;
}

static sk_status check_kernel(const sk_prog *prog, uint32_t id, sk_arena *arena) {
  checker c = {.prog = prog, .k = &prog->kernels.data[id], .kernel = id};
  c.visible = sk_arena_zalloc(arena, c.k->insts.count + 1, 1);
  c.seen_loop = sk_arena_zalloc(arena, c.k->loops.count + 1, 1);
  if (c.visible == NULL || c.seen_loop == NULL) {
    return sk_status_no_memory();
  }
  if (c.k->loops.count == 0 || c.k->insts.count == 0) {
    return sk_status_new(SK_INTERNAL, "loop IR of kernel %u: no loops", id);
  }
  for (c.at = 1; c.at < c.k->insts.count; c.at++) {
    SK_TRY(check_inst(&c, arena));
  }
  return c.scopes.count == 0
             ? NULL
             : sk_status_new(SK_INTERNAL, "loop IR of kernel %u: a region is not closed", id);
}

// ---------------------------------------------------------------------------------------------------- program

typedef struct tree_checker {
  const sk_prog *prog;
  uint8_t *seen;  // by statement
  uint32_t depth;
} tree_checker;

static bool is_buf(const tree_checker *t, uint32_t buf) {
  return buf != 0 && buf < t->prog->bufs.count;
}

// Do the parameters of a SORT (base/libcalls.def) describe its buffers?
static bool is_sort(const sk_prog *p, const sk_stmt *st) {
  const int64_t *n = st->params;
  if (st->param_count < SK_SORT_HEAD || n[0] < 1 || n[0] > st->buf_count || n[1] < 1 ||
      n[1] > st->param_count || n[SK_SORT_WORK_BYTES] < 0 ||
      st->buf_count != 2 * n[0] + (n[SK_SORT_WORK_BYTES] > 0) ||
      st->param_count != SK_SORT_HEAD + 2 * n[0] + 4 * n[1] || n[2] < 0 || n[3] < 0 || n[4] < 0 ||
      n[SK_SORT_FIRST] < 0 || n[SK_SORT_KEPT] < n[SK_SORT_FIRST] || n[SK_SORT_KEPT] > n[3]) {
    return false;
  }
  const int64_t *bytes = n + SK_SORT_HEAD, *roles = bytes + n[0], *keys = roles + n[0];
  int64_t elems, size;
  bool ok = !SK_MUL_OVERFLOW(n[2], n[3], &elems) && !SK_MUL_OVERFLOW(elems, n[4], &elems);
  if (n[SK_SORT_WORK_BYTES] > 0) {
    const sk_buf *work = &p->bufs.data[st->bufs[2 * n[0]]];
    ok = ok && work->kind == SK_BUF_TEMP &&
         work->elems * (int64_t)sk_mem_bytes((sk_mem)work->mem) >= n[SK_SORT_WORK_BYTES];
  }
  for (uint32_t i = 0; i < 2 * n[0] && ok; i++) {
    const sk_buf *buf = &p->bufs.data[st->bufs[i]];
    int64_t each = bytes[i % n[0]];
    ok = (each == 1 || each == 2 || each == 4 || each == 8 || each == 16) &&
         !SK_MUL_OVERFLOW(elems, each, &size) &&
         buf->elems * (int64_t)sk_mem_bytes((sk_mem)buf->mem) == size &&
         roles[i % n[0]] >= SK_SORT_MOVED && roles[i % n[0]] <= SK_SORT_UNWANTED &&
         (i < n[0] || roles[i % n[0]] == SK_SORT_UNWANTED || buf->kind != SK_BUF_CONST);
  }
  for (int64_t k = 0; k < n[1] && ok; k++, keys += 4) {
    ok = keys[0] >= 0 && keys[0] < n[0] && bytes[keys[0]] <= 8 && keys[1] >= SK_SORT_SIGNED &&
         keys[1] <= SK_SORT_PLAIN && keys[2] >= 0 && keys[2] < 8 * bytes[keys[0]];
  }
  return ok;
}

// ... and those of an LU?
static bool is_lu(const sk_prog *p, const sk_stmt *st) {
  const int64_t *n = st->params;
  int64_t matrix, all, rows, pivots;
  if (st->param_count != 5 || st->buf_count != 5 || (n[0] != 4 && n[0] != 8) ||
      (n[1] != 1 && n[1] != 2) || n[2] < 0 || n[3] < 0 || n[4] < 0 || n[3] > INT32_MAX ||
      SK_MUL_OVERFLOW(n[3], n[4], &matrix) || SK_MUL_OVERFLOW(matrix, n[1] * n[2], &all) ||
      SK_MUL_OVERFLOW(n[3], n[2], &rows) || SK_MUL_OVERFLOW(SK_MIN(n[3], n[4]), n[2], &pivots)) {
    return false;
  }
  const int64_t elems[5] = {all, all, pivots, n[2], rows};
  for (uint32_t i = 0; i < 5; i++) {
    const sk_buf *buf = &p->bufs.data[st->bufs[i]];
    if (buf->elems != elems[i] || (i > 0 && buf->kind == SK_BUF_CONST) ||
        sk_mem_bytes((sk_mem)buf->mem) != (i < 2 ? n[0] : 4)) {
      return false;
    }
  }
  return true;
}

// Do the parameters of a HOST_CALL (base/hostcall.h) describe its buffers, and end where they say?
static bool is_host_call(const sk_stmt *st) {
  const int64_t *n = st->params;
  int64_t at = SK_CALL_HEAD, count = st->param_count;
  if (count < SK_CALL_HEAD || n[SK_CALL_OPERANDS] < 0 || n[SK_CALL_RESULTS] < 0 ||
      n[SK_CALL_ATTRS] < 0 || n[SK_CALL_OPERANDS] > st->buf_count ||
      n[SK_CALL_OPERANDS] + n[SK_CALL_RESULTS] != st->buf_count || n[SK_CALL_TARGET_BYTES] < 1 ||
      n[SK_CALL_TARGET_BYTES] > 8 * count) {
    return false;
  }
  for (uint32_t i = 0; i < st->buf_count; i++) {
    if (count - at < 2 || n[at + 1] < 0 || n[at + 1] > count - at - 2) {
      return false;
    }
    at += 2 + n[at + 1];
  }
  at += sk_call_words(n[SK_CALL_TARGET_BYTES]);
  for (int64_t i = 0; i < n[SK_CALL_ATTRS]; i++) {
    if (count - at < SK_CALL_ATTR_HEAD || n[at + SK_CALL_ATTR_NAME_BYTES] < 1 ||
        n[at + SK_CALL_ATTR_NAME_BYTES] > 8 * count || n[at + SK_CALL_ATTR_DATA_BYTES] < 0 ||
        n[at + SK_CALL_ATTR_DATA_BYTES] > 8 * count) {
      return false;
    }
    at += SK_CALL_ATTR_HEAD + sk_call_words(n[at + SK_CALL_ATTR_NAME_BYTES]) +
          sk_call_words(n[at + SK_CALL_ATTR_DATA_BYTES]);
  }
  return at == count;
}

static sk_status check_block(tree_checker *t, uint32_t first);

static sk_status check_stmt(tree_checker *t, const sk_stmt *st) {
  bool ok = true;
  switch ((sk_stmt_kind)st->kind) {
    case SK_STMT_KERNEL: ok = st->kernel != 0 && st->kernel < t->prog->kernels.count; break;
    case SK_STMT_DOT:
      ok = st->dot != NULL && is_buf(t, st->dot->a) && is_buf(t, st->dot->b) &&
           is_buf(t, st->dot->c);
      break;
    case SK_STMT_LIBCALL:
      for (uint32_t i = 0; i < st->buf_count; i++) {
        ok &= is_buf(t, st->bufs[i]);
      }
      ok = ok && ((st->libcall == SK_BUILTIN_SORT && is_sort(t->prog, st)) ||
                  (st->libcall == SK_BUILTIN_LU && is_lu(t->prog, st)) ||
                  (st->libcall == SK_BUILTIN_HOST_CALL && is_host_call(st)));
      break;
    case SK_STMT_WHILE:
      ok = is_buf(t, st->pred);
      SK_TRY(check_block(t, st->block[0]));
      SK_TRY(check_block(t, st->block[1]));
      break;
    case SK_STMT_CASE:
      ok = is_buf(t, st->pred) && st->branch_count > 0 &&
           (!st->case_is_pred || st->branch_count == 2);
      for (uint32_t i = 0; i < st->branch_count; i++) {
        SK_TRY(check_block(t, st->branches[i]));
      }
      break;
    case SK_STMT_COPY:
      ok = is_buf(t, st->dst) && is_buf(t, st->src) &&
           t->prog->bufs.data[st->dst].elems == t->prog->bufs.data[st->src].elems;
      break;
    case SK_STMT_SWAP:
      ok = is_buf(t, st->dst) && is_buf(t, st->src) && t->prog->bufs.data[st->dst].slot &&
           t->prog->bufs.data[st->src].slot;
      break;
    default: ok = false; break;
  }
  return ok ? NULL
            : sk_status_new(SK_INTERNAL, "program tree: a statement of kind %u is malformed",
                            st->kind);
}

static sk_status check_block(tree_checker *t, uint32_t first) {
  if (++t->depth > 256) {
    return sk_status_new(SK_INTERNAL, "program tree: nested too deeply");
  }
  for (uint32_t id = first; id != 0; id = t->prog->stmts.data[id].next) {
    if (id >= t->prog->stmts.count || t->seen[id]) {
      return sk_status_new(SK_INTERNAL,
                           "program tree: statement %u stands in two places or does not exist", id);
    }
    t->seen[id] = 1;
    SK_TRY(check_stmt(t, &t->prog->stmts.data[id]));
  }
  t->depth--;
  return NULL;
}

static sk_status check_bufs(const sk_prog *p) {
  for (uint32_t i = 1; i < p->bufs.count; i++) {
    const sk_buf *b = &p->bufs.data[i];
    uint32_t limit = b->kind == SK_BUF_ARG ? p->arg_count : p->result_count;
    bool ok = b->kind <= SK_BUF_SCRATCH && b->mem > SK_MEM_NONE && b->mem < SK_MEM_COUNT &&
              b->elems >= 0 && b->alias <= p->bufs.count && b->alias != i + 1 &&
              (b->kind != SK_BUF_CONST || b->data != NULL || b->elems == 0) &&
              (b->kind > SK_BUF_RESULT || b->index < limit);
    if (!ok) {
      return sk_status_new(SK_INTERNAL, "program tree: buffer %u is malformed", i);
    }
  }
  return NULL;
}

sk_status sk_prog_verify(const sk_prog *prog) {
  sk_arena arena;
  sk_arena_init(&arena);
  tree_checker t = {.prog = prog, .seen = sk_arena_zalloc(&arena, prog->stmts.count + 1, 1)};
  sk_status status = t.seen == NULL ? sk_status_no_memory() : check_bufs(prog);
  for (uint32_t i = 1; i < prog->kernels.count && status == NULL; i++) {
    sk_arena_mark mark = sk_arena_get_mark(&arena);
    status = check_kernel(prog, i, &arena);
    sk_arena_rewind(&arena, mark);
  }
  if (status == NULL) {
    status = check_block(&t, prog->body);
  }
  sk_arena_fini(&arena);
  return status;
}
