// SPDX-License-Identifier: Apache-2.0
// Building kernels: appends instructions in structured order, folds constants, shares equal pure values.
//
// Sharing works on scopes. A value may be reused wherever the scope that defines it is still open, so the table of known values
// is a hash table of chains to which entries are pushed when made and popped when their scope closes:
//
//   heads[hash] -> newest instruction -> older ...        log: instruction ids in order of pushing; a scope remembers its start
//
// Every operation is constant-time. Assumes sk_arena.bail is set (exhaustion jumps out). The instruction order produced here is
// legal as it stands; sk_build_finish then removes what is unused and hoists invariants (clean.c).
#include "loop/loop_int.h"

struct sk_build_scope {
  struct sk_build_scope *parent;
  uint32_t start;  // LOOP or IF instruction
  uint32_t loop;   // loop id, or UINT32_MAX for an IF
  uint32_t log_start;
};

struct sk_build_table {
  uint32_t *heads;  // instruction id by hash, 0 = empty
  uint32_t mask;
  SK_VEC(uint32_t) next;  // by instruction id: older one of the same chain
  SK_VEC(uint32_t) log;
  SK_VEC(uint64_t)
  bound;  // by instruction id: largest value, taken as unsigned, of an I32 or I64 result
  uint32_t max_loops;
};

void sk_prog_init(sk_prog *prog, sk_arena *arena, const char *name) {
  memset(prog, 0, sizeof *prog);
  prog->arena = arena;
  prog->name = name;
  sk_vec_push(arena, &prog->bufs, (sk_buf){0});
  sk_vec_push(arena, &prog->kernels, (sk_kernel){0});
  sk_vec_push(arena, &prog->stmts, (sk_stmt){0});
}

uint32_t sk_prog_add_buf(sk_prog *prog, const sk_buf *buf) {
  sk_vec_push(prog->arena, &prog->bufs, *buf);
  return prog->bufs.count - 1;
}

uint32_t sk_prog_add_kernel(sk_prog *prog, const char *name) {
  sk_vec_push(prog->arena, &prog->kernels, (sk_kernel){.name = name});
  return prog->kernels.count - 1;
}

// The list at its exact size in the program's arena.
#define KEEP(arena, v)                                                                             \
  ((v)->data =                                                                                     \
       sk_arena_copy((arena), (v)->data, sizeof *(v)->data * (v)->count, _Alignof(uint64_t)),      \
   (v)->cap = (v)->count)

// The copy's own buffer for scratch buffer `was` of access `at`.
static uint32_t own_scratch(sk_prog *prog, const sk_kernel *original, const sk_kernel *copy,
                            uint32_t at) {
  uint32_t was = original->accesses.data[at].buf;
  for (uint32_t i = 0; i < at; i++) {
    if (original->accesses.data[i].buf == was) {
      return copy->accesses.data[i].buf;
    }
  }
  const sk_buf buf = prog->bufs.data[was];
  return sk_prog_add_buf(prog, &buf);
}

uint32_t sk_prog_copy_kernel(sk_prog *prog, uint32_t of, const char *name, const uint32_t *from,
                             const uint32_t *to, uint32_t count) {
  uint32_t id = sk_prog_add_kernel(prog, name);
  sk_kernel *copy = &prog->kernels.data[id];
  *copy = prog->kernels.data[of];
  copy->name = name;
  KEEP(prog->arena, &copy->insts);
  KEEP(prog->arena, &copy->loops);
  KEEP(prog->arena, &copy->accesses);
  KEEP(prog->arena, &copy->strides);
  for (uint32_t i = 0; i < copy->accesses.count; i++) {
    uint32_t *buf = &copy->accesses.data[i].buf, was = *buf;
    if (prog->bufs.data[was].kind == SK_BUF_SCRATCH) {
      *buf = own_scratch(prog, &prog->kernels.data[of], copy, i);
    }
    for (uint32_t k = 0; k < count; k++) {
      *buf = was == from[k] ? to[k] : *buf;
    }
  }
  return id;
}

uint32_t sk_prog_add_stmt(sk_prog *prog, const sk_stmt *stmt) {
  sk_vec_push(prog->arena, &prog->stmts, *stmt);
  return prog->stmts.count - 1;
}

void sk_build_init(sk_build *b, sk_prog *prog, uint32_t kernel, uint32_t max_loops,
                   sk_arena *scratch) {
  memset(b, 0, sizeof *b);
  b->prog = prog;
  b->kernel = &prog->kernels.data[kernel];
  b->arena = scratch;
  b->loop_count = max_loops;
  b->table = SK_NEW(b->arena, struct sk_build_table);
  b->table->mask = 63;
  b->table->heads = sk_arena_zalloc(b->arena, sizeof(uint32_t) * 64, _Alignof(uint32_t));
  b->table->max_loops = max_loops;
  b->scope = SK_NEW(b->arena, struct sk_build_scope);
  b->scope->loop = UINT32_MAX;
  sk_vec_push(b->arena, &b->kernel->insts, (sk_inst){0});
  sk_vec_push(b->arena, &b->table->next, 0u);
  sk_vec_push(b->arena, &b->table->bound, (uint64_t)0);
}

void sk_build_expect(sk_build *b, uint32_t insts) {
  struct sk_build_table *t = b->table;
  uint32_t size = t->mask + 1;
  while (size < insts && t->log.count == 0) {
    size *= 2;
  }
  if (size > t->mask + 1) {
    t->heads = sk_arena_zalloc(b->arena, sizeof(uint32_t) * size, _Alignof(uint32_t));
    t->mask = size - 1;
  }
  (void)sk_vec_reserve(b->arena, &b->kernel->insts, insts);
  (void)sk_vec_reserve(b->arena, &t->next, insts);
  (void)sk_vec_reserve(b->arena, &t->bound, insts);
  (void)sk_vec_reserve(b->arena, &t->log, insts);
}

static uint32_t depth_of(const sk_build *b) {
  uint32_t depth = 0;
  for (const struct sk_build_scope *s = b->scope; s->parent != NULL; s = s->parent) {
    depth++;
  }
  return depth;
}

// Largest unsigned value an integer instruction can have; the type's maximum when nothing better is known.
static uint64_t bound_of_load(const sk_build *b, const sk_inst *inst, uint64_t most) {
  switch ((sk_mem)b->kernel->accesses.data[inst->imm].mem) {
    case SK_MEM_U8: return UINT8_MAX;
    case SK_MEM_U16: return UINT16_MAX;
    case SK_MEM_NONE:
    case SK_MEM_PRED:
    case SK_MEM_S8:
    case SK_MEM_S16:
    case SK_MEM_I32:
    case SK_MEM_I64:
    case SK_MEM_F32:
    case SK_MEM_F64:
    case SK_MEM_COUNT: break;
  }
  return most;
}

static uint64_t bound_of(const sk_build *b, const sk_inst *inst) {
  uint64_t most = inst->type == SK_LT_I64 ? UINT64_MAX : 0xFFFFFFFFu, signed_most = most >> 1;
  uint64_t x = b->table->bound.data[inst->a.id], y = b->table->bound.data[inst->b.id], result;
  switch ((int)inst->op) {
    case SK_L_CONST: return inst->imm;
    case SK_L_INDEX: return (uint64_t)b->kernel->loops.data[inst->imm].extent - 1;
    case SK_L_ADD: return SK_ADD_OVERFLOW(x, y, &result) || result > most ? most : result;
    case SK_L_MUL: return SK_MUL_OVERFLOW(x, y, &result) || result > most ? most : result;
    case SK_L_AND: return SK_MIN(x, y);
    case SK_L_SHR:
      return b->kernel->insts.data[inst->b.id].op != SK_L_CONST ? x : y >= 64 ? 0 : x >> y;
    case SK_L_UDIV:
      return b->kernel->insts.data[inst->b.id].op != SK_L_CONST || y == 0 ? most : x / y;
    case SK_L_UREM:
      return b->kernel->insts.data[inst->b.id].op != SK_L_CONST || y == 0 ? most : SK_MIN(x, y - 1);
    case SK_L_ZEXT: return b->kernel->insts.data[inst->a.id].type == SK_LT_PRED ? 1 : x;
    case SK_L_SEXT: return x <= INT32_MAX ? x : most;
    case SK_L_UMIN: return SK_MIN(x, y);
    case SK_L_SMIN: return x <= signed_most && y <= signed_most ? SK_MIN(x, y) : most;
    case SK_L_SMAX:  // one that is not negative keeps the result from being so
      return x <= signed_most && y <= signed_most   ? SK_MAX(x, y)
             : x <= signed_most || y <= signed_most ? signed_most
                                                    : most;
    case SK_L_SELECT: return SK_MAX(y, b->table->bound.data[inst->c.id]);
    case SK_L_LOAD: return bound_of_load(b, inst, most);
    case SK_L_TRUNC: return SK_MIN(x, most);
    case SK_L_CLZ:
    case SK_L_POPCNT: return inst->type == SK_LT_I64 ? 64 : 32;
    default: return most;
  }
}

static sk_val append(sk_build *b, sk_inst inst) {
  uint32_t id = b->kernel->insts.count;
  inst.depth = (uint16_t)depth_of(b);
  sk_vec_push(b->arena, &b->kernel->insts, inst);
  sk_vec_push(b->arena, &b->table->next, 0u);
  sk_vec_push(b->arena, &b->table->bound, bound_of(b, &inst));
  return (sk_val){id};
}

uint64_t sk_build_bound(const sk_build *b, sk_val v) { return b->table->bound.data[v.id]; }

static uint64_t hash_inst(const sk_inst *inst) {
  uint64_t h = (uint64_t)inst->op << 8 | inst->type;
  h = (h ^ inst->imm) * 0x9E3779B97F4A7C15u;
  h = (h ^ (h >> 29) ^ ((uint64_t)inst->a.id << 32 | inst->b.id)) * 0xBF58476D1CE4E5B9u;
  h = (h ^ (h >> 32) ^ inst->c.id) * 0x94D049BB133111EBu;
  return h ^ (h >> 31);
}

static void grow_table(sk_build *b) {
  struct sk_build_table *t = b->table;
  uint32_t size = (t->mask + 1) * 4;
  t->heads = sk_arena_zalloc(b->arena, sizeof(uint32_t) * size, _Alignof(uint32_t));
  t->mask = size - 1;
  for (uint32_t i = 0; i < t->log.count; i++) {  // oldest first, so chains keep newest first
    uint32_t id = t->log.data[i];
    uint32_t *head = &t->heads[hash_inst(&b->kernel->insts.data[id]) & t->mask];
    t->next.data[id] = *head;
    *head = id;
  }
}

// Finds an equal visible value or appends a new one.
static sk_val share(sk_build *b, sk_inst inst) {
  struct sk_build_table *t = b->table;
  uint64_t hash = hash_inst(&inst);
  for (uint32_t id = t->heads[hash & t->mask]; id != 0; id = t->next.data[id]) {
    const sk_inst *other = &b->kernel->insts.data[id];
    if (other->op == inst.op && other->type == inst.type && other->a.id == inst.a.id &&
        other->b.id == inst.b.id && other->c.id == inst.c.id && other->imm == inst.imm) {
      return (sk_val){id};
    }
  }
  sk_val made = append(b, inst);
  if (t->log.count > t->mask) {
    grow_table(b);
  }
  uint32_t *head = &t->heads[hash & t->mask];
  t->next.data[made.id] = *head;
  *head = made.id;
  sk_vec_push(b->arena, &t->log, made.id);
  return made;
}

static void open_scope(sk_build *b, uint32_t start, uint32_t loop) {
  struct sk_build_scope *scope = SK_NEW(b->arena, struct sk_build_scope);
  scope->parent = b->scope;
  scope->start = start;
  scope->loop = loop;
  scope->log_start = b->table->log.count;
  b->scope = scope;
}

static void close_scope(sk_build *b) {
  struct sk_build_table *t = b->table;
  while (t->log.count > b->scope->log_start) {
    uint32_t id = t->log.data[--t->log.count];
    t->heads[hash_inst(&b->kernel->insts.data[id]) & t->mask] = t->next.data[id];
  }
  b->scope = b->scope->parent;
}

uint32_t sk_build_loop(sk_build *b, sk_loop_kind kind, int64_t extent, uint32_t lanes) {
  uint32_t id = b->kernel->loops.count;
  uint32_t parent = UINT32_MAX;
  for (const struct sk_build_scope *s = b->scope; s != NULL && parent == UINT32_MAX;
       s = s->parent) {
    parent = s->loop;
  }
  sk_val start = append(b, (sk_inst){.op = SK_L_LOOP, .imm = id});
  sk_loop loop = {.extent = extent,
                  .kind = (uint8_t)kind,
                  .lanes = (uint16_t)lanes,
                  .unroll = 1,
                  .parent = parent,
                  .begin = start.id};
  sk_vec_push(b->arena, &b->kernel->loops, loop);
  open_scope(b, start.id, id);
  return id;
}

sk_val sk_build_carry(sk_build *b, sk_val init, sk_lop combiner) {
  return append(b, (sk_inst){.op = SK_L_CARRY,
                             .type = (uint8_t)sk_build_type(b, init),
                             .a = init,
                             .imm = (uint64_t)combiner});
}

void sk_build_end_loop(sk_build *b, const sk_val *carries, const sk_val *yields, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    append(b, (sk_inst){.op = SK_L_YIELD, .a = carries[i], .b = yields[i]});
  }
  uint32_t start = b->scope->start, loop = b->scope->loop;
  close_scope(b);
  sk_val end = append(b, (sk_inst){.op = SK_L_END, .imm = start});
  b->kernel->loops.data[loop].end = end.id;
}

void sk_build_if(sk_build *b, sk_val pred) {
  sk_val start = append(b, (sk_inst){.op = SK_L_IF, .a = pred});
  open_scope(b, start.id, UINT32_MAX);
}

void sk_build_end_if(sk_build *b) {
  uint32_t start = b->scope->start;
  close_scope(b);
  append(b, (sk_inst){.op = SK_L_END, .imm = start});
}

sk_val sk_build_merge(sk_build *b, sk_val pred, sk_val inside, sk_val otherwise) {
  uint64_t taken, known;
  if (sk_build_get_const(b, pred, &taken) && (!taken || sk_build_get_const(b, inside, &known))) {
    return taken ? sk_build_const(b, sk_build_type(b, inside), known) : otherwise;
  }
  return append(b, (sk_inst){.op = SK_L_MERGE,
                             .type = (uint8_t)sk_build_type(b, inside),
                             .a = pred,
                             .b = inside,
                             .c = otherwise});
}

sk_val sk_build_const(sk_build *b, sk_lt type, uint64_t bits) {
  return share(b, (sk_inst){.op = SK_L_CONST, .type = (uint8_t)type, .imm = bits});
}

sk_val sk_build_f32(sk_build *b, float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return sk_build_const(b, SK_LT_F32, bits);
}

sk_val sk_build_f64(sk_build *b, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return sk_build_const(b, SK_LT_F64, bits);
}

sk_val sk_build_i32(sk_build *b, int32_t value) {
  return sk_build_const(b, SK_LT_I32, (uint32_t)value);
}
sk_val sk_build_i64(sk_build *b, int64_t value) {
  return sk_build_const(b, SK_LT_I64, (uint64_t)value);
}
sk_val sk_build_pred(sk_build *b, bool value) {
  return sk_build_const(b, SK_LT_PRED, value ? 1 : 0);
}

sk_val sk_build_index(sk_build *b, uint32_t loop, sk_lt type) {
  return share(b, (sk_inst){.op = SK_L_INDEX, .type = (uint8_t)type, .imm = loop});
}

sk_lt sk_build_type(const sk_build *b, sk_val v) { return (sk_lt)b->kernel->insts.data[v.id].type; }

bool sk_build_get_const(const sk_build *b, sk_val v, uint64_t *out_bits) {
  const sk_inst *inst = &b->kernel->insts.data[v.id];
  if (v.id == 0 || inst->op != SK_L_CONST) {
    return false;
  }
  *out_bits = inst->imm;
  return true;
}

// One pure operation: fold, rewrite, share.
static sk_val emit_pure(sk_build *b, sk_lop op, sk_lt type, sk_val x, sk_val y, sk_val z) {
  uint64_t bits[3] = {0, 0, 0};
  uint32_t count = sk_lop_operand_count(op);
  bool known = (count < 1 || sk_build_get_const(b, x, &bits[0])) &&
               (count < 2 || sk_build_get_const(b, y, &bits[1])) &&
               (count < 3 || sk_build_get_const(b, z, &bits[2]));
  if (known) {
    sk_lt from = op == SK_L_SELECT ? type : sk_build_type(b, x);
    return sk_build_const(b, type, sk_lop_eval(op, type, from, bits[0], bits[1], bits[2]));
  }
  sk_val simpler = sk_build_simplify(b, op, type, x, y, z);
  if (simpler.id != 0) {
    return simpler;
  }
  if (sk_lop_is_commutative(op) && x.id > y.id) {
    sk_val swap = x;
    x = y;
    y = swap;
  }
  return share(b, (sk_inst){.op = (uint8_t)op, .type = (uint8_t)type, .a = x, .b = y, .c = z});
}

static sk_lt type_by_rule(const sk_build *b, sk_lop op, sk_val x, sk_val y) {
  switch (sk_lop_result_rule(op)) {
    case SK_RULE_A: return sk_build_type(b, x);
    case SK_RULE_B: return sk_build_type(b, y);
    case SK_RULE_PRED: return SK_LT_PRED;
    case SK_RULE_NONE:
    case SK_RULE_T: return SK_LT_NONE;
  }
  return SK_LT_NONE;
}

sk_val sk_build_1(sk_build *b, sk_lop op, sk_val a) {
  return emit_pure(b, op, type_by_rule(b, op, a, a), a, (sk_val){0}, (sk_val){0});
}

sk_val sk_build_2(sk_build *b, sk_lop op, sk_val a, sk_val b2) {
  return emit_pure(b, op, type_by_rule(b, op, a, b2), a, b2, (sk_val){0});
}

sk_val sk_build_3(sk_build *b, sk_lop op, sk_val a, sk_val b2, sk_val c) {
  return emit_pure(b, op, type_by_rule(b, op, a, b2), a, b2, c);
}

sk_val sk_build_convert(sk_build *b, sk_lop op, sk_lt type, sk_val a) {
  return emit_pure(b, op, type, a, (sk_val){0}, (sk_val){0});
}

sk_val sk_build_select(sk_build *b, sk_val pred, sk_val yes, sk_val no) {
  return sk_build_3(b, SK_L_SELECT, pred, yes, no);
}

uint32_t sk_build_access(sk_build *b, uint32_t buf, sk_mem mem, int64_t offset) {
  sk_kernel *k = b->kernel;
  sk_access access = {
      .buf = buf, .mem = (uint8_t)mem, .offset = offset, .strides = k->strides.count};
  sk_vec_push(b->arena, &k->accesses, access);
  for (uint32_t i = 0; i < b->table->max_loops; i++) {
    sk_vec_push(b->arena, &k->strides, (int64_t)0);
  }
  return k->accesses.count - 1;
}

void sk_build_set_stride(sk_build *b, uint32_t access, uint32_t loop, int64_t stride) {
  b->kernel->strides.data[b->kernel->accesses.data[access].strides + loop] = stride;
}

sk_val sk_build_load(sk_build *b, uint32_t access, sk_val dyn, sk_val guard) {
  sk_lt type = sk_mem_lt((sk_mem)b->kernel->accesses.data[access].mem);
  return append(
      b, (sk_inst){.op = SK_L_LOAD, .type = (uint8_t)type, .a = dyn, .b = guard, .imm = access});
}

void sk_build_store(sk_build *b, uint32_t access, sk_val value, sk_val dyn, sk_val guard) {
  append(b, (sk_inst){.op = SK_L_STORE, .a = value, .b = dyn, .c = guard, .imm = access});
}

// maximum in general: when equal, AND keeps -0 only if both are -0 (equal non-zero values have equal bits); FMAXX yields y if y is NaN.
static bool is_float_const(const sk_build *b, sk_val v, bool *out_zero, bool *out_negative) {
  uint64_t bits;
  if (!sk_build_get_const(b, v, &bits)) {
    return false;
  }
  bool wide = sk_build_type(b, v) == SK_LT_F64;
  uint64_t sign = wide ? UINT64_C(1) << 63 : 0x80000000u, magnitude = bits & ~sign;
  *out_zero = magnitude == 0;
  *out_negative = (bits & sign) != 0;
  return magnitude <= (wide ? UINT64_C(0x7FF0000000000000) : 0x7F800000u);
}

// With a constant c (not NaN) FMAXX(c, x) already yields x when x is NaN or equal; only max(x, +0) must still turn -0 into +0, which
// adding +0 does.
static bool fmax_with_const(sk_build *b, sk_val c, sk_val x, sk_val *out) {
  bool zero, negative;
  if (!is_float_const(b, c, &zero, &negative)) {
    return false;
  }
  *out = sk_build_2(b, SK_L_FMAXX, c, x);
  if (zero && !negative) {
    *out = sk_build_2(b, SK_L_FADD, *out, c);
  }
  return true;
}

static bool fmin_with_const(sk_build *b, sk_val c, sk_val x, sk_val *out) {
  bool zero, negative;
  if (!is_float_const(b, c, &zero, &negative) || (zero && negative)) {
    return false;
  }
  *out = sk_build_2(b, SK_L_FMINX, c, x);
  return true;
}

sk_val sk_build_fmax(sk_build *b, sk_val x, sk_val y) {
  sk_val short_form;
  if (fmax_with_const(b, x, y, &short_form) || fmax_with_const(b, y, x, &short_form)) {
    return short_form;
  }
  // Both ways round they differ for zeros of either sign, of which their common bits make +0, and for NaN.
  sk_val larger =
      sk_build_2(b, SK_L_AND, sk_build_2(b, SK_L_FMAXX, x, y), sk_build_2(b, SK_L_FMAXX, y, x));
  sk_lt type = sk_build_type(b, x);
  sk_val nan = sk_build_const(b, type, type == SK_LT_F64 ? UINT64_MAX : UINT32_MAX);
  return sk_build_select(b, sk_build_2(b, SK_L_FUNORD, x, y), nan, larger);
}

sk_val sk_build_fmin(sk_build *b, sk_val x, sk_val y) {
  sk_val short_form;
  if (fmin_with_const(b, x, y, &short_form) || fmin_with_const(b, y, x, &short_form)) {
    return short_form;
  }
  // Both ways round they differ for zeros of either sign, where one bit makes -0, and for NaN, where one of them is it: with any other
  // bits it stays one.
  return sk_build_2(b, SK_L_OR, sk_build_2(b, SK_L_FMINX, x, y), sk_build_2(b, SK_L_FMINX, y, x));
}

sk_val sk_build_combine(sk_build *b, sk_lop combiner, sk_val x, sk_val y) {
  if (combiner == SK_L_FMAX) {
    return sk_build_fmax(b, x, y);
  }
  if (combiner == SK_L_FMIN) {
    return sk_build_fmin(b, x, y);
  }
  return sk_build_2(b, combiner, x, y);
}

// All but the instructions, which are there already.
static void keep_lists(sk_arena *arena, sk_kernel *k) {
  KEEP(arena, &k->loops);
  KEEP(arena, &k->accesses);
  KEEP(arena, &k->strides);
}

void sk_build_finish(sk_build *b) {
  sk_kernel *k = b->kernel;
  uint32_t max_loops = b->table->max_loops, loops = k->loops.count;
  if (loops < max_loops) {  // strides were laid out for max_loops; close up
    uint32_t at = 0;
    for (uint32_t i = 0; i < k->accesses.count; i++) {
      memmove(&k->strides.data[at], &k->strides.data[k->accesses.data[i].strides],
              sizeof(int64_t) * loops);
      k->accesses.data[i].strides = at;
      at += loops;
    }
    k->strides.count = at;
  }
  sk_kernel_clean(k, b->arena, b->prog->arena);
  if (sk_kernel_use_order_keys(k, b->arena)) {
    sk_kernel_clean(k, b->arena, b->prog->arena);
  }
  sk_kernel_collapse(k, b->arena);
  keep_lists(b->prog->arena, k);
}
