// SPDX-License-Identifier: Apache-2.0
// The loop runner: executes a program as loop.h defines it, statement by statement, element by element. The second oracle (after the graph
// interpreter) and the executor where no machine code may be made.
//
// Innermost PAR and RED loops run in strips of up to STRIP elements, instruction by instruction over the strip, which changes
// nothing but speed. Everything else is scalar:
//
//   lanes of instruction i:  values[i * STRIP + 0 .. STRIP)      instructions outside the strip use lane 0
//
// Assumes a verified program. The caller's rounding mode must be nearest, denormals on. Temporaries come from the heap.
#include "base/mem.h"
#include "loop/loop_int.h"

enum { STRIP = 64 };

typedef struct runner {
  const sk_prog *prog;
  sk_libcall_finder libcalls;
  char **storage;  // by buffer: its memory now (swaps exchange entries)
  void **owned;    // by buffer: heap memory of temporaries
  const sk_kernel *k;
  uint64_t *values;  // insts * STRIP
  uint64_t *lanes;   // accumulators of RED carries: STRIP per instruction
  int64_t *index;    // by loop
  uint8_t *leaf;     // by loop: innermost, PAR or RED
} runner;

// ---------------------------------------------------------------------------------------------------- memory

static uint64_t load_element(sk_mem mem, const char *at) {
  uint64_t bits = 0;
  switch (mem) {
    case SK_MEM_PRED: return *(const uint8_t *)at != 0;
    case SK_MEM_S8: return (uint32_t)(int32_t) * (const int8_t *)at;
    case SK_MEM_U8: return *(const uint8_t *)at;
    case SK_MEM_S16: {
      int16_t v;
      memcpy(&v, at, 2);
      return (uint32_t)(int32_t)v;
    }
    case SK_MEM_U16: memcpy(&bits, at, 2); return bits;
    case SK_MEM_I32:
    case SK_MEM_F32: memcpy(&bits, at, 4); return bits;
    case SK_MEM_I64:
    case SK_MEM_F64: memcpy(&bits, at, 8); return bits;
    case SK_MEM_NONE:
    case SK_MEM_COUNT: break;
  }
  return 0;
}

static void store_element(sk_mem mem, char *at, uint64_t bits) {
  if (mem == SK_MEM_PRED) {
    *(uint8_t *)at = bits != 0;
  } else {
    memcpy(at, &bits, sk_mem_bytes(mem));  // little endian: the low bytes
  }
}

static int64_t access_offset(const runner *r, uint32_t access) {
  const sk_kernel *k = r->k;
  int64_t offset = k->accesses.data[access].offset;
  for (uint32_t l = 0; l < k->loops.count; l++) {
    offset += sk_access_stride(k, access, l) * r->index[l];
  }
  return offset;
}

// Lanes of an operand: its own if it was computed in the strip, else its one value.
typedef struct lane_view {
  const uint64_t *data;
  uint32_t step;
} lane_view;

static lane_view view_of(const runner *r, sk_val v, uint32_t strip_begin) {
  return (lane_view){&r->values[(size_t)v.id * STRIP], v.id > strip_begin};
}

static int64_t dynamic_offset(const runner *r, sk_val dyn, uint64_t bits) {
  return r->k->insts.data[dyn.id].type == SK_LT_I32 ? (int64_t)(int32_t)bits : (int64_t)bits;
}

static void run_load(runner *r, uint32_t id, uint32_t strip_begin, uint32_t strip_loop,
                     uint32_t count, const uint64_t *active) {
  const sk_inst *inst = &r->k->insts.data[id];
  const sk_access *a = &r->k->accesses.data[inst->imm];
  sk_mem mem = (sk_mem)a->mem;
  const char *base = r->storage[a->buf];
  int64_t offset = access_offset(r, (uint32_t)inst->imm), bytes = sk_mem_bytes(mem);
  int64_t step =
      strip_loop == UINT32_MAX ? 0 : sk_access_stride(r->k, (uint32_t)inst->imm, strip_loop);
  lane_view dyn = view_of(r, inst->a, strip_begin), guard = view_of(r, inst->b, strip_begin);
  uint64_t *out = &r->values[(size_t)id * STRIP];
  for (uint32_t j = 0; j < count; j++) {
    bool on = (inst->b.id == 0 || (guard.data[j * guard.step] & 1)) &&
              (active == NULL || (active[j] & 1));
    int64_t at = offset + step * (int64_t)j +
                 (inst->a.id != 0 && on ? dynamic_offset(r, inst->a, dyn.data[j * dyn.step]) : 0);
    out[j] = on ? load_element(mem, base + at * bytes) : 0;
  }
}

static void run_store(runner *r, uint32_t id, uint32_t strip_begin, uint32_t strip_loop,
                      uint32_t count, const uint64_t *active) {
  const sk_inst *inst = &r->k->insts.data[id];
  const sk_access *a = &r->k->accesses.data[inst->imm];
  sk_mem mem = (sk_mem)a->mem;
  char *base = r->storage[a->buf];
  int64_t offset = access_offset(r, (uint32_t)inst->imm), bytes = sk_mem_bytes(mem);
  int64_t step =
      strip_loop == UINT32_MAX ? 0 : sk_access_stride(r->k, (uint32_t)inst->imm, strip_loop);
  lane_view value = view_of(r, inst->a, strip_begin), dyn = view_of(r, inst->b, strip_begin),
            guard = view_of(r, inst->c, strip_begin);
  for (uint32_t j = 0; j < count; j++) {
    bool on = (inst->c.id == 0 || (guard.data[j * guard.step] & 1)) &&
              (active == NULL || (active[j] & 1));
    if (on) {
      int64_t at = offset + step * (int64_t)j +
                   (inst->b.id != 0 ? dynamic_offset(r, inst->b, dyn.data[j * dyn.step]) : 0);
      store_element(mem, base + at * bytes, value.data[j * value.step]);
    }
  }
}

// ---------------------------------------------------------------------------------------------------- pure operations

static float as_f32(uint64_t bits) {
  uint32_t low = (uint32_t)bits;
  float f;
  memcpy(&f, &low, sizeof f);
  return f;
}

static uint64_t from_f32(float f) {
  uint32_t bits;
  memcpy(&bits, &f, sizeof bits);
  return bits;
}

#define LANES(expression)                                                                          \
  for (uint32_t j = 0; j < count; j++) {                                                           \
    uint64_t x = a.data[j * a.step], y = b.data[j * b.step];                                       \
    (void)x;                                                                                       \
    (void)y;                                                                                       \
    out[j] = (expression);                                                                         \
  }                                                                                                \
  return true

// The frequent operations over a strip; false: use sk_lop_eval.
static bool run_quick(sk_lop op, sk_lt type, lane_view a, lane_view b, uint32_t count,
                      uint64_t *out) {
  if (type == SK_LT_F32) {
    switch ((int)op) {
      case SK_L_FADD: LANES(from_f32(as_f32(x) + as_f32(y)));
      case SK_L_FSUB: LANES(from_f32(as_f32(x) - as_f32(y)));
      case SK_L_FMUL: LANES(from_f32(as_f32(x) * as_f32(y)));
      case SK_L_FDIV: LANES(from_f32(as_f32(x) / as_f32(y)));
      case SK_L_AND: LANES(x & y);
      case SK_L_OR: LANES(x | y);
      default: return false;
    }
  }
  if (type == SK_LT_I32) {
    switch ((int)op) {
      case SK_L_ADD: LANES((uint32_t)(x + y));
      case SK_L_SUB: LANES((uint32_t)(x - y));
      case SK_L_MUL: LANES((uint32_t)(x * y));
      case SK_L_AND: LANES(x & y);
      case SK_L_OR: LANES(x | y);
      case SK_L_XOR: LANES(x ^ y);
      default: return false;
    }
  }
  return false;
}

static void run_pure(runner *r, uint32_t id, uint32_t strip_begin, uint32_t strip_loop,
                     uint32_t count) {
  const sk_inst *inst = &r->k->insts.data[id];
  uint64_t *out = &r->values[(size_t)id * STRIP];
  if (inst->op == SK_L_CONST || inst->op == SK_L_INDEX) {
    for (uint32_t j = 0; j < count; j++) {
      uint64_t index =
          inst->op == SK_L_CONST
              ? inst->imm
              : (uint64_t)(r->index[inst->imm] + (inst->imm == strip_loop ? (int64_t)j : 0));
      out[j] = inst->type == SK_LT_I32 || inst->type == SK_LT_F32 ? (uint32_t)index : index;
    }
    return;
  }
  lane_view a = view_of(r, inst->a, strip_begin), b = view_of(r, inst->b, strip_begin),
            c = view_of(r, inst->c, strip_begin);
  sk_lt from = (sk_lt)r->k->insts.data[inst->a.id].type;
  if (run_quick((sk_lop)inst->op, from, a, b, count, out)) {
    return;
  }
  for (uint32_t j = 0; j < count; j++) {
    out[j] = sk_lop_eval((sk_lop)inst->op, (sk_lt)inst->type, from, a.data[j * a.step],
                         b.data[j * b.step], c.data[j * c.step]);
  }
}

static uint64_t combine(sk_lop combiner, sk_lt type, uint64_t x, uint64_t y) {
  if (combiner != SK_L_FMAX && combiner != SK_L_FMIN) {
    return sk_lop_eval(combiner, type, type, x, y, 0);
  }
  bool want_max = combiner == SK_L_FMAX;
  if (sk_lop_eval(SK_L_FUNORD, SK_LT_PRED, type, x, x, 0)) {
    return x;
  }
  if (sk_lop_eval(SK_L_FEQ, SK_LT_PRED, type, x, y, 0)) {
    return want_max ? x & y : x | y;
  }
  return sk_lop_eval(want_max ? SK_L_FMAXX : SK_L_FMINX, type, type, x, y, 0);
}

// ---------------------------------------------------------------------------------------------------- loops

static void run_range(runner *r, uint32_t from, uint32_t to);

// A strip of an innermost loop: instructions (begin, end), `count` elements from the loop's current index on. IF bodies run for
// all lanes with inactive ones masked in memory; MERGE picks.
static void run_strip(runner *r, uint32_t begin, uint32_t end, uint32_t loop, uint32_t count) {
  const sk_kernel *k = r->k;
  uint64_t active[8][STRIP];
  uint32_t depth = 0;
  for (uint32_t i = begin + 1; i < end; i++) {
    const sk_inst *inst = &k->insts.data[i];
    uint64_t *out = &r->values[(size_t)i * STRIP];
    const uint64_t *mask = depth > 0 ? active[depth - 1] : NULL;
    switch ((int)inst->op) {
      case SK_L_LOAD: run_load(r, i, begin, loop, count, mask); break;
      case SK_L_STORE: run_store(r, i, begin, loop, count, mask); break;
      case SK_L_CARRY: break;  // RED: only its YIELD uses it
      case SK_L_YIELD: {
        const sk_inst *carry = &k->insts.data[inst->a.id];
        lane_view v = view_of(r, inst->b, begin);
        uint64_t *acc = &r->lanes[(size_t)inst->a.id * STRIP];
        for (uint32_t j = 0; j < count; j++) {
          uint32_t lane = (uint32_t)((r->index[loop] + j) % k->loops.data[loop].lanes);
          acc[lane] =
              combine((sk_lop)carry->imm, (sk_lt)carry->type, acc[lane], v.data[j * v.step]);
        }
        break;
      }
      case SK_L_IF: {
        lane_view p = view_of(r, inst->a, begin);
        for (uint32_t j = 0; j < count; j++) {
          active[depth][j] = (p.data[j * p.step] & 1) & (mask != NULL ? mask[j] : 1);
        }
        depth++;
        break;
      }
      case SK_L_END: depth--; break;
      case SK_L_MERGE: {
        lane_view p = view_of(r, inst->a, begin), yes = view_of(r, inst->b, begin),
                  no = view_of(r, inst->c, begin);
        for (uint32_t j = 0; j < count; j++) {
          out[j] = (p.data[j * p.step] & 1) ? yes.data[j * yes.step] : no.data[j * no.step];
        }
        break;
      }
      default: run_pure(r, i, begin, loop, count); break;
    }
  }
}

static void start_lanes(runner *r, const sk_loop *l) {
  for (uint32_t i = l->begin + 1; r->k->insts.data[i].op == SK_L_CARRY; i++) {
    const sk_inst *carry = &r->k->insts.data[i];
    for (uint32_t j = 0; j < l->lanes; j++) {
      r->lanes[(size_t)i * STRIP + j] =
          sk_combiner_identity((sk_lop)carry->imm, (sk_lt)carry->type);
    }
  }
}

static void finish_lanes(runner *r, const sk_loop *l) {
  for (uint32_t i = l->begin + 1; r->k->insts.data[i].op == SK_L_CARRY; i++) {
    const sk_inst *carry = &r->k->insts.data[i];
    uint64_t *acc = &r->lanes[(size_t)i * STRIP];
    for (uint32_t half = l->lanes / 2u; half > 0; half /= 2) {
      for (uint32_t j = 0; j < half; j++) {
        acc[j] = combine((sk_lop)carry->imm, (sk_lt)carry->type, acc[j], acc[j + half]);
      }
    }
    r->values[(size_t)i * STRIP] = combine((sk_lop)carry->imm, (sk_lt)carry->type,
                                           r->values[(size_t)carry->a.id * STRIP], acc[0]);
  }
}

static void run_loop(runner *r, uint32_t loop) {
  const sk_loop *l = &r->k->loops.data[loop];
  bool reduces = l->kind == SK_LOOP_RED;
  if (reduces) {
    start_lanes(r, l);
  } else {
    for (uint32_t i = l->begin + 1; r->k->insts.data[i].op == SK_L_CARRY; i++) {
      r->values[(size_t)i * STRIP] = r->values[(size_t)r->k->insts.data[i].a.id * STRIP];
    }
  }
  int64_t step = r->leaf[loop] ? STRIP : 1;
  for (r->index[loop] = 0; r->index[loop] < l->extent; r->index[loop] += step) {
    if (r->leaf[loop]) {
      run_strip(r, l->begin, l->end, loop,
                (uint32_t)SK_MIN((int64_t)STRIP, l->extent - r->index[loop]));
    } else {
      run_range(r, l->begin + 1, l->end);
    }
  }
  r->index[loop] = 0;
  if (reduces) {
    finish_lanes(r, l);
  }
}

// All yields of one trip take effect together.
static uint32_t run_yields(runner *r, uint32_t first, uint32_t loop) {
  const sk_kernel *k = r->k;
  bool reduces = k->loops.data[loop].kind == SK_LOOP_RED;
  uint32_t last = first;
  for (; k->insts.data[last].op == SK_L_YIELD; last++) {
    r->values[(size_t)last * STRIP] = r->values[(size_t)k->insts.data[last].b.id * STRIP];
  }
  for (uint32_t i = first; i < last; i++) {
    uint32_t carry = k->insts.data[i].a.id;
    uint64_t next = r->values[(size_t)i * STRIP];
    if (reduces) {
      uint64_t *acc =
          &r->lanes[(size_t)carry * STRIP + (size_t)(r->index[loop] % k->loops.data[loop].lanes)];
      *acc =
          combine((sk_lop)k->insts.data[carry].imm, (sk_lt)k->insts.data[carry].type, *acc, next);
    } else {
      r->values[(size_t)carry * STRIP] = next;
    }
  }
  return last - 1;
}

static uint32_t matching_end(const sk_kernel *k, uint32_t start) {
  uint32_t depth = 0;
  for (uint32_t i = start;; i++) {
    depth += k->insts.data[i].op == SK_L_LOOP || k->insts.data[i].op == SK_L_IF;
    depth -= k->insts.data[i].op == SK_L_END;
    if (depth == 0) {
      return i;
    }
  }
}

static uint32_t enclosing_loop(const sk_kernel *k, uint32_t yield) {
  uint32_t end = yield;
  while (k->insts.data[end].op == SK_L_YIELD) {
    end++;
  }
  return (uint32_t)k->insts.data[k->insts.data[end].imm].imm;
}

// Scalar execution of instructions [from, to).
static void run_range(runner *r, uint32_t from, uint32_t to) {
  const sk_kernel *k = r->k;
  for (uint32_t i = from; i < to; i++) {
    const sk_inst *inst = &k->insts.data[i];
    switch ((int)inst->op) {
      case SK_L_LOOP:
        run_loop(r, (uint32_t)inst->imm);
        i = k->loops.data[inst->imm].end;
        break;
      case SK_L_IF: {
        uint32_t end = matching_end(k, i);
        if (r->values[(size_t)inst->a.id * STRIP] & 1) {
          run_range(r, i + 1, end);
        }
        i = end;
        break;
      }
      case SK_L_MERGE:
        r->values[(size_t)i * STRIP] =
            r->values[(size_t)((r->values[(size_t)inst->a.id * STRIP] & 1) ? inst->b.id
                                                                           : inst->c.id) *
                      STRIP];
        break;
      case SK_L_CARRY:
      case SK_L_END: break;
      case SK_L_YIELD: i = run_yields(r, i, enclosing_loop(k, i)); break;
      case SK_L_LOAD: run_load(r, i, UINT32_MAX, UINT32_MAX, 1, NULL); break;
      case SK_L_STORE: run_store(r, i, UINT32_MAX, UINT32_MAX, 1, NULL); break;
      default: run_pure(r, i, UINT32_MAX, UINT32_MAX, 1); break;
    }
  }
}

static sk_status run_kernel(runner *r, uint32_t id) {
  const sk_kernel *k = &r->prog->kernels.data[id];
  size_t lanes = (size_t)k->insts.count * STRIP;
  r->k = k;
  r->values = sk_mem_alloc(lanes * sizeof(uint64_t));
  r->lanes = sk_mem_alloc(lanes * sizeof(uint64_t));
  r->index = sk_mem_zalloc(sizeof(int64_t) * (k->loops.count + 1));
  r->leaf = sk_mem_zalloc(k->loops.count + 1);
  bool enough = r->values != NULL && r->lanes != NULL && r->index != NULL && r->leaf != NULL;
  if (enough) {
    for (uint32_t l = 0; l < k->loops.count; l++) {
      r->leaf[l] = k->loops.data[l].kind != SK_LOOP_SEQ;
      uint32_t ifs = 0;
      for (uint32_t i = k->loops.data[l].begin + 1; i < k->loops.data[l].end; i++) {
        r->leaf[l] &= k->insts.data[i].op != SK_L_LOOP;
        ifs += k->insts.data[i].op == SK_L_IF;
      }
      r->leaf[l] &= ifs <= 8;
    }
    run_range(r, 1, k->insts.count);
  }
  sk_mem_free(r->values);
  sk_mem_free(r->lanes);
  sk_mem_free(r->index);
  sk_mem_free(r->leaf);
  return enough ? NULL : sk_status_no_memory();
}

// ---------------------------------------------------------------------------------------------------- statements

static void run_dot(runner *r, const sk_dot *d) {
  const char *a = r->storage[d->a], *b = r->storage[d->b];
  char *c = r->storage[d->c];
  sk_lt type = (sk_lt)d->elem;
  sk_mem mem = type == SK_LT_F64 ? SK_MEM_F64 : SK_MEM_F32;
  int64_t bytes = sk_mem_bytes(mem);
  for (int64_t batch = 0; batch < d->batch; batch++) {
    for (int64_t m = 0; m < d->m; m++) {
      for (int64_t n = 0; n < d->n; n++) {
        int64_t at_a = d->a_offset + batch * d->a_strides[0] + m * d->a_strides[1];
        int64_t at_b = d->b_offset + batch * d->b_strides[0] + n * d->b_strides[2];
        uint64_t sum = 0;
        for (int64_t k = 0; k < d->k; k++, at_a += d->a_strides[2], at_b += d->b_strides[1]) {
          sum = sk_lop_eval(SK_L_FMA, type, type, load_element(mem, a + at_a * bytes),
                            load_element(mem, b + at_b * bytes), sum);
        }
        int64_t at =
            d->c_offset + batch * d->c_strides[0] + m * d->c_strides[1] + n * d->c_strides[2];
        store_element(mem, c + at * bytes, sum);
      }
    }
  }
}

static uint32_t root_of(const sk_prog *p, uint32_t buf) {
  while (p->bufs.data[buf].alias != 0) {
    buf = p->bufs.data[buf].alias - 1;
  }
  return buf;
}

static void set_storage(runner *r, uint32_t buf, char *memory) {
  uint32_t root = root_of(r->prog, buf);
  for (uint32_t i = 1; i < r->prog->bufs.count; i++) {
    if (root_of(r->prog, i) == root) {
      r->storage[i] = memory;
    }
  }
}

static sk_status run_block(runner *r, uint32_t first);

static sk_status run_while(runner *r, const sk_stmt *st) {
  for (;;) {
    SK_TRY(run_block(r, st->block[0]));
    if (r->storage[st->pred][0] == 0) {
      return NULL;
    }
    SK_TRY(run_block(r, st->block[1]));
  }
}

static sk_status run_case(runner *r, const sk_stmt *st) {
  uint32_t branch = st->branch_count - 1;
  if (st->case_is_pred) {
    branch = r->storage[st->pred][0] ? 0 : 1;
  } else {
    int32_t index;
    memcpy(&index, r->storage[st->pred], sizeof index);
    branch = index >= 0 && (uint32_t)index < st->branch_count ? (uint32_t)index : branch;
  }
  return run_block(r, st->branches[branch]);
}

static sk_status run_libcall(runner *r, const sk_stmt *st) {
  if (r->libcalls == NULL) {
    return sk_status_new(SK_UNIMPLEMENTED, "the loop runner was given no library calls");
  }
  void **pointers = sk_mem_alloc(sizeof(void *) * (st->buf_count + 1));
  if (pointers == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < st->buf_count; i++) {
    pointers[i] = r->storage[st->bufs[i]];
  }
  sk_frame frame = {0};
  sk_libcall_fn function = r->libcalls((sk_builtin)st->libcall);
  if (function == NULL) {
    sk_mem_free(pointers);
    return sk_status_new(SK_UNIMPLEMENTED, "the loop runner calls no functions of the host");
  }
  function(&frame, pointers, st->params);
  sk_mem_free(pointers);
  return frame.fault == 0 ? NULL : sk_status_new((sk_code)frame.fault, "a library call failed");
}

static sk_status run_block(runner *r, uint32_t first) {
  for (uint32_t id = first; id != 0; id = r->prog->stmts.data[id].next) {
    const sk_stmt *st = &r->prog->stmts.data[id];
    switch ((sk_stmt_kind)st->kind) {
      case SK_STMT_KERNEL: SK_TRY(run_kernel(r, st->kernel)); break;
      case SK_STMT_DOT: run_dot(r, st->dot); break;
      case SK_STMT_WHILE: SK_TRY(run_while(r, st)); break;
      case SK_STMT_CASE: SK_TRY(run_case(r, st)); break;
      case SK_STMT_COPY: {
        const sk_buf *buf = &r->prog->bufs.data[st->dst];
        memmove(r->storage[st->dst], r->storage[st->src],
                (size_t)buf->elems * sk_mem_bytes((sk_mem)buf->mem));
        break;
      }
      case SK_STMT_SWAP: {
        char *dst = r->storage[st->dst], *src = r->storage[st->src];
        set_storage(r, st->dst, src);
        set_storage(r, st->src, dst);
        break;
      }
      case SK_STMT_LIBCALL: SK_TRY(run_libcall(r, st)); break;
    }
  }
  return NULL;
}

static sk_status allocate(runner *r, void *const *args, void *const *results) {
  const sk_prog *p = r->prog;
  for (uint32_t i = 1; i < p->bufs.count; i++) {
    const sk_buf *buf = &p->bufs.data[i];
    switch ((sk_buf_kind)buf->kind) {
      case SK_BUF_ARG: r->storage[i] = args[buf->index]; break;
      case SK_BUF_RESULT: r->storage[i] = results[buf->index]; break;
      case SK_BUF_CONST: {
        char *memory;  // read only: no store goes there
        memcpy(&memory, &buf->data, sizeof memory);
        r->storage[i] = memory;
        break;
      }
      case SK_BUF_TEMP:
      case SK_BUF_SCRATCH:
        if (buf->alias == 0) {
          r->owned[i] =
              sk_mem_alloc((size_t)SK_MAX(buf->elems, (int64_t)1) * sk_mem_bytes((sk_mem)buf->mem));
          if (r->owned[i] == NULL) {
            return sk_status_no_memory();
          }
          r->storage[i] = r->owned[i];
        }
        break;
    }
  }
  for (uint32_t i = 1; i < p->bufs.count; i++) {
    if (p->bufs.data[i].alias != 0) {
      r->storage[i] = r->storage[root_of(p, i)];
    }
  }
  return NULL;
}

sk_status sk_prog_run(const sk_prog *prog, sk_libcall_finder libcalls, void *const *args,
                      void *const *results) {
  runner r = {.prog = prog, .libcalls = libcalls};
  r.storage = sk_mem_zalloc(sizeof(char *) * prog->bufs.count);
  r.owned = sk_mem_zalloc(sizeof(void *) * prog->bufs.count);
  sk_status status =
      r.storage == NULL || r.owned == NULL ? sk_status_no_memory() : allocate(&r, args, results);
  if (status == NULL) {
    status = run_block(&r, prog->body);
  }
  for (uint32_t i = 0; r.owned != NULL && i < prog->bufs.count; i++) {
    sk_mem_free(r.owned[i]);
  }
  sk_mem_free(r.storage);
  sk_mem_free(r.owned);
  return status;
}
