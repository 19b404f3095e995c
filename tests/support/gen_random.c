// SPDX-License-Identifier: Apache-2.0
// See gen_random.h. Values in scope are kept on a stack; leaving a region drops what it pushed.
#include "support/gen_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { MAX_LOOPS = 12, MAX_VALUES = 256, MAX_BUFFERS = 24 };

typedef struct scratch_row {
  uint32_t buf;
  int64_t extent;
  uint32_t depth;  // of the loop around
} scratch_row;

typedef struct maker {
  sk_prog *prog;
  sk_build b;
  uint64_t state;
  const gen_shape *shape;
  sk_val values[MAX_VALUES];
  uint32_t value_count;
  uint32_t chain[MAX_LOOPS];   // open loops
  int64_t extents[MAX_LOOPS];  // by loop id
  uint32_t depth, loops, regions;
  uint32_t args, results;
  scratch_row rows[4];
  uint32_t row_count;
  uint32_t narrow_bytes;  // narrow shape: of most of its integers
} maker;

static const sk_val none = {0};

static uint32_t pick(maker *m, uint32_t bound) {
  return (uint32_t)(gen_random(&m->state) >> 33) % bound;
}
static bool chance(maker *m, uint32_t percent) { return pick(m, 100) < percent; }

static sk_lt random_type(maker *m) {
  if (m->shape->narrow) {
    return chance(m, 70) ? SK_LT_I32 : SK_LT_PRED;
  }
  static const sk_lt types[] = {SK_LT_F32, SK_LT_F32,  SK_LT_F32, SK_LT_I32,
                                SK_LT_I32, SK_LT_PRED, SK_LT_F64, SK_LT_I64};
  return types[pick(m, SK_COUNT(types))];
}

static void push(maker *m, sk_val v) {
  if (m->value_count < MAX_VALUES) {
    m->values[m->value_count++] = v;
  }
}

// An integer of the width, in either extension.
static sk_val wrap(maker *m, sk_val v) {
  if (chance(m, 50)) {
    return sk_build_1(&m->b, m->narrow_bytes == 1 ? SK_L_SEXT8 : SK_L_SEXT16, v);
  }
  return sk_build_2(&m->b, SK_L_AND, v, sk_build_i32(&m->b, m->narrow_bytes == 1 ? 0xff : 0xffff));
}

static sk_val constant(maker *m, sk_lt type) {
  uint64_t bits = 0;
  static const sk_mem mems[] = {SK_MEM_PRED, SK_MEM_PRED, SK_MEM_I32,
                                SK_MEM_I64,  SK_MEM_F32,  SK_MEM_F64};
  gen_random_data(&m->state, mems[type], 1, &bits);
  sk_val v = sk_build_const(&m->b, type, bits);
  return m->shape->narrow && type == SK_LT_I32 ? wrap(m, v) : v;
}

// A value of the type: recent ones are likelier.
static sk_val value_of(maker *m, sk_lt type) {
  for (uint32_t tries = 0; tries < 24 && m->value_count != 0; tries++) {
    uint32_t back = chance(m, 60) ? pick(m, SK_MIN(m->value_count, 8u)) : pick(m, m->value_count);
    sk_val v = m->values[m->value_count - 1 - back];
    if (sk_build_type(&m->b, v) == type) {
      return v;
    }
  }
  return constant(m, type);
}

// Which NaN an operation returns is not defined, so bits are looked at only where there is none.
static sk_val without_nan(maker *m, sk_val v) {
  bool wide = sk_build_type(&m->b, v) == SK_LT_F64;
  sk_val nan = sk_build_2(&m->b, SK_L_FUNORD, v, v);
  return sk_build_select(&m->b, nan, wide ? sk_build_f64(&m->b, 1.5) : sk_build_f32(&m->b, 1.5f),
                         v);
}

// ---- accesses

static uint32_t new_buffer(maker *m, sk_buf_kind kind, sk_mem mem, int64_t elems) {
  sk_buf buf = {.kind = (uint8_t)kind, .mem = (uint8_t)mem, .elems = elems};
  if (kind == SK_BUF_ARG) {
    buf.index = m->args++;
  } else if (kind == SK_BUF_RESULT) {
    buf.index = m->results++;
  }
  return sk_prog_add_buf(m->prog, &buf);
}

static sk_mem random_mem(maker *m, sk_lt type) {
  static const sk_mem ints[] = {SK_MEM_S8,  SK_MEM_U8,  SK_MEM_S16,
                                SK_MEM_U16, SK_MEM_I32, SK_MEM_I32};
  switch (type) {
    case SK_LT_PRED: return SK_MEM_PRED;
    case SK_LT_I64: return SK_MEM_I64;
    case SK_LT_F32: return SK_MEM_F32;
    case SK_LT_F64: return SK_MEM_F64;
    default: return ints[pick(m, m->shape->narrow ? 2 * m->narrow_bytes : SK_COUNT(ints))];
  }
}

// A layout over the open loops: strides in random order, some dimensions reversed; loads may leave
// dimensions out and skip elements. Returns the elements needed and sets the offset.
static int64_t random_layout(maker *m, bool is_store, int64_t strides[MAX_LOOPS], int64_t *offset) {
  uint32_t order[MAX_LOOPS];
  int64_t size = 1;
  *offset = 0;
  for (uint32_t i = 0; i < m->depth; i++) {
    order[i] = i;
  }
  bool plain = m->shape->narrow && chance(m, 95), natural = chance(m, 70) || plain;
  for (uint32_t i = 0; i < m->depth && !natural; i++) {
    uint32_t k = pick(m, m->depth), t = order[i];
    order[i] = order[k];
    order[k] = t;
  }
  for (uint32_t i = m->depth; i-- > 0;) {  // innermost first
    uint32_t loop = m->chain[order[i]];
    int64_t extent = m->extents[loop];
    if (!is_store && chance(m, 15)) {
      strides[loop] = 0;
      continue;
    }
    int64_t step = chance(m, 12) && !plain ? 1 + pick(m, 4) : 1;
    strides[loop] = size * step;
    size *= (extent - 1) * step + 1;
    if (chance(m, 10) && !plain) {
      *offset += (extent - 1) * strides[loop];
      strides[loop] = -strides[loop];
    }
  }
  return size;
}

// Some layouts are of rows of a few elements: so many accesses side by side. 1: of one.
static uint32_t random_row(maker *m, int64_t strides[MAX_LOOPS], int64_t *offset, int64_t *size) {
  uint32_t count = chance(m, 25) ? 2 + pick(m, 4) : 1;
  uint32_t apart = count == 1 ? 1 : count + (chance(m, 40) ? pick(m, 4) : 0);
  for (uint32_t i = 0; i < MAX_LOOPS; i++) {
    strides[i] *= apart;
  }
  *offset *= apart;
  *size = (*size - 1) * apart + count;
  return count;
}

static uint32_t make_access(maker *m, uint32_t buf, sk_mem mem, int64_t offset,
                            const int64_t strides[MAX_LOOPS]) {
  uint32_t access = sk_build_access(&m->b, buf, mem, offset);
  for (uint32_t i = 0; i < m->depth; i++) {
    sk_build_set_stride(&m->b, access, m->chain[i], strides[m->chain[i]]);
  }
  return access;
}

static void random_load(maker *m) {
  if (m->args >= MAX_BUFFERS) {
    return;
  }
  sk_lt type = random_type(m);
  sk_mem mem = random_mem(m, type);
  int64_t strides[MAX_LOOPS] = {0}, offset;
  int64_t size = random_layout(m, false, strides, &offset);
  sk_val dyn = none, guard = none;
  bool plain = m->shape->narrow && chance(m, 98);
  if (chance(m, 20) && !plain) {  // somewhere in 16 further elements
    bool wide = chance(m, 30);
    sk_val raw = value_of(m, wide ? SK_LT_I64 : SK_LT_I32);
    dyn =
        sk_build_2(&m->b, SK_L_AND, raw, wide ? sk_build_i64(&m->b, 15) : sk_build_i32(&m->b, 15));
    size += 15;
  }
  if (chance(m, 20) && !plain) {
    guard = value_of(m, SK_LT_PRED);
  }
  uint32_t loop = m->chain[m->depth - 1];
  if (m->depth != 0 && guard.id == 0 && dyn.id == 0 && strides[loop] == 1 && m->depth == 1 &&
      chance(m, 30) && !plain) {
    // padding: the buffer covers a part of the loop's range only
    int64_t extent = m->extents[loop], low = pick(m, (uint32_t)extent),
            count = 1 + pick(m, (uint32_t)(extent - low));
    sk_val i = sk_build_index(&m->b, loop, SK_LT_I32);
    sk_val above = sk_build_2(&m->b, SK_L_SLE, sk_build_i32(&m->b, (int32_t)low), i);
    sk_val below = sk_build_2(&m->b, SK_L_SLT, i, sk_build_i32(&m->b, (int32_t)(low + count)));
    guard = sk_build_2(&m->b, SK_L_PAND, above, below);
    offset = -low;
    size = count;
  }
  uint32_t count = guard.id == 0 && !plain ? random_row(m, strides, &offset, &size) : 1;
  uint32_t buf = new_buffer(m, SK_BUF_ARG, mem, size);
  for (uint32_t i = 0; i < count; i++) {
    push(m, sk_build_load(&m->b, make_access(m, buf, mem, offset + i, strides), dyn, guard));
  }
  if (mem == SK_MEM_U16 && !m->shape->narrow && chance(m, 50)) {
    push(m, sk_build_convert(&m->b, SK_L_HTOF, SK_LT_F32, m->values[m->value_count - 1]));
  }
}

static void random_body(maker *m, uint32_t budget);

// An element of a table, where an index that was loaded is inside.
static void random_lookup(maker *m) {
  sk_lt type = random_type(m);
  int64_t strides[MAX_LOOPS] = {0}, none_of_them[MAX_LOOPS] = {0}, offset;
  int64_t size = random_layout(m, false, strides, &offset);
  if (m->args + 2 >= MAX_BUFFERS) {
    return;
  }
  uint32_t limit = 1 + pick(m, 1000), mark = m->value_count;
  uint32_t indices = new_buffer(m, SK_BUF_ARG, SK_MEM_I32, size);
  sk_mem mem = random_mem(m, type);
  uint32_t table = new_buffer(m, SK_BUF_ARG, mem, limit);
  sk_val index =
      sk_build_load(&m->b, make_access(m, indices, SK_MEM_I32, offset, strides), none, none);
  sk_val inside = sk_build_2(&m->b, SK_L_ULT, index, sk_build_i32(&m->b, (int32_t)limit));
  sk_build_if(&m->b, inside);
  m->regions++;
  push(m, sk_build_load(&m->b, make_access(m, table, mem, 0, none_of_them), index, none));
  random_body(m, 3);
  m->regions--;
  m->value_count = mark;
  sk_build_end_if(&m->b);
}

static void random_store(maker *m) {
  if (m->results >= MAX_BUFFERS || m->value_count == 0) {
    return;
  }
  sk_val v = m->values[m->value_count - 1 - pick(m, SK_MIN(m->value_count, 6u))];
  sk_mem mem = random_mem(m, sk_build_type(&m->b, v));
  if (sk_build_type(&m->b, v) == SK_LT_F32 && chance(m, 20)) {  // rounded to half precision
    v = sk_build_convert(&m->b, SK_L_FTOH, SK_LT_I32, without_nan(m, v));
    mem = SK_MEM_U16;
  }
  int64_t strides[MAX_LOOPS] = {0}, offset;
  int64_t size = random_layout(m, true, strides, &offset);
  bool plain = m->shape->narrow && chance(m, 98);
  sk_val guard = chance(m, 20) && !plain ? value_of(m, SK_LT_PRED) : none;
  uint32_t count =
      guard.id == 0 && !plain && mem != SK_MEM_U16 ? random_row(m, strides, &offset, &size) : 1;
  if (size > 1 << 18) {
    return;
  }
  uint32_t buf = new_buffer(m, SK_BUF_RESULT, mem, size);
  for (uint32_t i = 0; i < count; i++) {
    sk_build_store(&m->b, make_access(m, buf, mem, offset + (i + 1) % count, strides), v, none,
                   guard);
    v = value_of(m, sk_build_type(&m->b, v));
  }
}

// A row in scratch, written by one inner loop and read by a later one.
static void scratch_traffic(maker *m) {
  uint32_t loop = m->chain[m->depth - 1];
  int64_t strides[MAX_LOOPS] = {0}, extent = m->extents[loop];
  strides[loop] = 1;
  for (uint32_t i = 0; i < m->row_count; i++) {
    if (m->rows[i].extent == extent && m->rows[i].depth == m->depth && chance(m, 60)) {
      sk_mem mem = (sk_mem)m->prog->bufs.data[m->rows[i].buf].mem;
      push(m, sk_build_load(&m->b, make_access(m, m->rows[i].buf, mem, 0, strides), none, none));
      return;
    }
  }
  if (m->row_count < SK_COUNT(m->rows) && m->value_count != 0 && m->depth >= 2) {
    sk_val v = m->values[m->value_count - 1];
    sk_mem mem = random_mem(m, sk_build_type(&m->b, v));
    uint32_t buf = new_buffer(m, SK_BUF_SCRATCH, mem, extent);
    sk_build_store(&m->b, make_access(m, buf, mem, 0, strides), v, none, none);
    m->rows[m->row_count++] =
        (scratch_row){buf, extent, m->depth + MAX_LOOPS};  // readable once this loop is closed
  }
}

// ---- operations

static void random_operation(maker *m) {
  sk_build *b = &m->b;
  sk_lt type = random_type(m);
  bool is_float = type == SK_LT_F32 || type == SK_LT_F64;
  static const sk_lop floats[] = {SK_L_FADD, SK_L_FSUB, SK_L_FMUL,  SK_L_FMUL,
                                  SK_L_FADD, SK_L_FDIV, SK_L_FMAXX, SK_L_FMINX};
  static const sk_lop float_bits[] = {SK_L_AND, SK_L_OR, SK_L_XOR, SK_L_ANDN};
  static const sk_lop floats1[] = {SK_L_FSQRT, SK_L_FROUND, SK_L_FFLOOR, SK_L_FABS, SK_L_FNEG};
  static const sk_lop ints[] = {SK_L_ADD,  SK_L_SUB,  SK_L_MUL,  SK_L_AND,   SK_L_OR,   SK_L_XOR,
                                SK_L_ANDN, SK_L_SHL,  SK_L_SHR,  SK_L_SAR,   SK_L_ROTL, SK_L_SMIN,
                                SK_L_SMAX, SK_L_UMIN, SK_L_UMAX, SK_L_UMULH, SK_L_SMULH};
  static const sk_lop divisions[] = {SK_L_SDIV, SK_L_UDIV, SK_L_SREM, SK_L_UREM};
  static const sk_lop ints1[] = {SK_L_CLZ, SK_L_POPCNT, SK_L_NOT};
  static const sk_lop fcompares[] = {SK_L_FEQ, SK_L_FNE, SK_L_FLT, SK_L_FLE, SK_L_FUNORD};
  static const sk_lop icompares[] = {SK_L_IEQ, SK_L_INE, SK_L_SLT, SK_L_SLE, SK_L_ULT, SK_L_ULE};
  static const sk_lop preds[] = {SK_L_PAND, SK_L_POR, SK_L_PXOR};
  sk_val x = value_of(m, type), y = value_of(m, type), z = value_of(m, type);
  if (chance(m, 8)) {
    push(m, sk_build_select(b, value_of(m, SK_LT_PRED), x, y));
  } else if (type == SK_LT_PRED) {
    sk_lt of = chance(m, 60)   ? (chance(m, 70) ? SK_LT_F32 : SK_LT_F64)
               : chance(m, 70) ? SK_LT_I32
                               : SK_LT_I64;
    bool f = of == SK_LT_F32 || of == SK_LT_F64;
    if (chance(m, 70)) {
      push(m, sk_build_2(b,
                         f ? fcompares[pick(m, SK_COUNT(fcompares))]
                           : icompares[pick(m, SK_COUNT(icompares))],
                         value_of(m, of), value_of(m, of)));
    } else {
      push(m, chance(m, 20) ? sk_build_1(b, SK_L_PNOT, x)
                            : sk_build_2(b, preds[pick(m, SK_COUNT(preds))], x, y));
    }
  } else if (is_float) {
    uint32_t kind = pick(m, 10);
    if (kind == 0) {
      push(m, sk_build_2(b, float_bits[pick(m, SK_COUNT(float_bits))], without_nan(m, x),
                         without_nan(m, y)));
    } else if (kind < 5) {
      push(m, sk_build_2(b, floats[pick(m, SK_COUNT(floats))], x, y));
    } else if (kind < 8) {
      static const sk_lop fused[] = {SK_L_FMA, SK_L_FNMA, SK_L_FMS};
      push(m, sk_build_3(b, fused[pick(m, 3)], x, y, z));
    } else {
      push(m, sk_build_1(b, floats1[pick(m, SK_COUNT(floats1))], x));
    }
  } else if (m->shape->allow_divisions && chance(m, 10)) {
    push(m, sk_build_2(b, divisions[pick(m, 4)], x, y));
  } else if (chance(m, 8)) {  // a rotation written as shifts
    uint32_t width = type == SK_LT_I64 ? 64 : 32, up = 1 + pick(m, width - 1);
    sk_val left = sk_build_2(b, SK_L_SHL, x, sk_build_const(b, type, up));
    sk_val right = sk_build_2(b, SK_L_SHR, x, sk_build_const(b, type, width - up));
    push(m, sk_build_2(b, SK_L_OR, chance(m, 50) ? left : right, chance(m, 50) ? right : left));
  } else if (type == SK_LT_I32 && chance(m, 8)) {
    sk_val low = sk_build_const(b, SK_LT_I64, sk_hash_splitmix(pick(m, 1000)));
    sk_val high = sk_build_const(b, SK_LT_I64, sk_hash_splitmix(pick(m, 1000)));
    push(m, sk_build_3(b, SK_L_LOOKUP, x, low, high));
  } else if (chance(m, 85)) {
    push(m, sk_build_2(b, ints[pick(m, SK_COUNT(ints))], x, y));
  } else {
    push(m, sk_build_1(b, ints1[pick(m, SK_COUNT(ints1))], x));
  }
}

// What narrow lanes can do, and now and then what they cannot.
static void narrow_operation(maker *m) {
  sk_build *b = &m->b;
  static const sk_lop ints[] = {SK_L_ADD,  SK_L_SUB,  SK_L_MUL,  SK_L_AND,  SK_L_OR,  SK_L_XOR,
                                SK_L_ANDN, SK_L_SMIN, SK_L_SMAX, SK_L_UMIN, SK_L_UMAX};
  static const sk_lop shifts[] = {SK_L_SHL, SK_L_SHR, SK_L_SAR};
  static const sk_lop compares[] = {SK_L_IEQ, SK_L_INE, SK_L_SLT, SK_L_SLE, SK_L_ULT, SK_L_ULE};
  static const sk_lop preds[] = {SK_L_PAND, SK_L_POR, SK_L_PXOR};
  uint32_t r = pick(m, 100);
  sk_val x = value_of(m, SK_LT_I32), y = value_of(m, SK_LT_I32), v;
  if (r < 40) {
    v = sk_build_2(b, ints[pick(m, SK_COUNT(ints))], x, y);
    push(m, chance(m, 75) ? wrap(m, v) : v);
  } else if (r < 52) {
    int32_t by = (int32_t)pick(m, chance(m, 80) ? 8 * m->narrow_bytes : 40);
    push(m, sk_build_2(b, shifts[pick(m, SK_COUNT(shifts))], x, sk_build_i32(b, by)));
  } else if (r < 56) {  // the absolute value
    v = sk_build_2(b, SK_L_SMAX, x, sk_build_2(b, SK_L_SUB, sk_build_i32(b, 0), x));
    push(m, wrap(m, v));
  } else if (r < 72) {
    push(m, sk_build_2(b, compares[pick(m, SK_COUNT(compares))], x, y));
  } else if (r < 82) {
    sk_lt type = random_type(m);
    push(m, sk_build_select(b, value_of(m, SK_LT_PRED), value_of(m, type), value_of(m, type)));
  } else if (r < 90) {
    push(m, sk_build_2(b, preds[pick(m, SK_COUNT(preds))], value_of(m, SK_LT_PRED),
                       value_of(m, SK_LT_PRED)));
  } else if (r < 93) {
    push(m, sk_build_1(b, SK_L_PNOT, value_of(m, SK_LT_PRED)));
  } else if (r < 96) {
    push(m, sk_build_convert(b, SK_L_ZEXT, SK_LT_I32, value_of(m, SK_LT_PRED)));
  } else if (r < 99) {
    push(m, sk_build_1(b, chance(m, 50) ? SK_L_NOT : SK_L_SEXT8, x));
  } else {
    push(m, sk_build_1(b, SK_L_POPCNT, x));
  }
}

static void random_conversion(maker *m) {
  sk_build *b = &m->b;
  switch (pick(m, 10)) {
    case 0: push(m, sk_build_convert(b, SK_L_SITOF, SK_LT_F32, value_of(m, SK_LT_I32))); break;
    case 1: push(m, sk_build_convert(b, SK_L_FTOSI, SK_LT_I32, value_of(m, SK_LT_F32))); break;
    case 2: push(m, sk_build_convert(b, SK_L_FEXT, SK_LT_F64, value_of(m, SK_LT_F32))); break;
    case 3: push(m, sk_build_convert(b, SK_L_FTRUNCF, SK_LT_F32, value_of(m, SK_LT_F64))); break;
    case 4: push(m, sk_build_convert(b, SK_L_SEXT, SK_LT_I64, value_of(m, SK_LT_I32))); break;
    case 5: push(m, sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, value_of(m, SK_LT_I64))); break;
    case 6:
      push(m, sk_build_convert(b, SK_L_BITCAST, SK_LT_I32, without_nan(m, value_of(m, SK_LT_F32))));
      break;
    case 7: push(m, sk_build_convert(b, SK_L_ZEXT, SK_LT_I32, value_of(m, SK_LT_PRED))); break;
    case 8: push(m, sk_build_convert(b, SK_L_UITOF, SK_LT_F64, value_of(m, SK_LT_I64))); break;
    default:
      push(m,
           sk_build_index(b, m->chain[pick(m, m->depth)], chance(m, 80) ? SK_LT_I32 : SK_LT_I64));
      break;
  }
}

// ---- regions

static void random_condition(maker *m) {
  sk_val pred = value_of(m, SK_LT_PRED);
  uint32_t mark = m->value_count;
  sk_build_if(&m->b, pred);
  m->regions++;
  random_body(m, 4);
  m->regions--;
  sk_val inside = m->value_count > mark ? m->values[m->value_count - 1] : none;
  m->value_count = mark;
  sk_build_end_if(&m->b);
  if (inside.id != 0) {
    push(m, sk_build_merge(&m->b, pred, inside, value_of(m, sk_build_type(&m->b, inside))));
  }
}

static sk_lop random_combiner(maker *m, sk_lt type) {
  static const sk_lop floats[] = {SK_L_FADD, SK_L_FADD, SK_L_FMUL, (sk_lop)SK_L_FMAX,
                                  (sk_lop)SK_L_FMIN};
  static const sk_lop ints[] = {SK_L_ADD,  SK_L_MUL,  SK_L_AND,  SK_L_OR,  SK_L_XOR,
                                SK_L_SMIN, SK_L_SMAX, SK_L_UMIN, SK_L_UMAX};
  static const sk_lop preds[] = {SK_L_PAND, SK_L_POR, SK_L_PXOR};
  switch (type) {
    case SK_LT_PRED: return preds[pick(m, SK_COUNT(preds))];
    case SK_LT_F32:
    case SK_LT_F64: return floats[pick(m, SK_COUNT(floats))];
    default: return ints[pick(m, SK_COUNT(ints))];
  }
}

static uint32_t open_loop(maker *m, sk_loop_kind kind, int64_t extent, uint32_t lanes) {
  uint32_t loop = sk_build_loop(&m->b, kind, extent, lanes);
  m->chain[m->depth++] = loop;
  m->extents[loop] = extent;
  m->loops++;
  return loop;
}

static void close_loop(maker *m) {
  m->depth--;
  for (uint32_t i = 0; i < m->row_count; i++) {
    if (m->rows[i].depth == m->depth + 1 + MAX_LOOPS) {
      m->rows[i].depth = m->depth + 1;
    } else if (m->rows[i].depth > m->depth + 1 && m->rows[i].depth < MAX_LOOPS) {
      m->rows[i].extent = -1;
    }
  }
}

static int64_t random_extent(maker *m) {
  uint32_t r = pick(m, 10);
  int64_t most = m->shape->max_extent;
  for (uint32_t i = 0; i < m->row_count; i++) {
    if (m->rows[i].extent > 0 && m->rows[i].depth == m->depth + 1 && chance(m, 70)) {
      return m->rows[i].extent;
    }
  }
  return r < 2 ? 1 + pick(m, 4) : r < 6 ? 1 + pick(m, 40) : 1 + pick(m, (uint32_t)most);
}

// All bits of a value, for every iteration of the loops around.
static void store_whole(maker *m, sk_val v) {
  sk_mem mem = sk_build_type(&m->b, v) == SK_LT_PRED ? SK_MEM_PRED : SK_MEM_I32;
  int64_t strides[MAX_LOOPS] = {0}, offset;
  int64_t size = random_layout(m, true, strides, &offset);
  if (m->results < MAX_BUFFERS && size <= 1 << 18) {
    uint32_t buf = new_buffer(m, SK_BUF_RESULT, mem, size);
    sk_build_store(&m->b, make_access(m, buf, mem, offset, strides), v, none, none);
  }
}

static void random_inner_loop(maker *m) {
  uint32_t which = pick(m, 3), mark = m->value_count, carries = which == 0 ? 0 : 1 + pick(m, 3);
  int64_t extent = random_extent(m);
  static const uint32_t lane_choices[] = {1, 1, 64, 64, 32, 16, 8, 4, 2};
  uint32_t lanes = which == 2 ? lane_choices[pick(m, SK_COUNT(lane_choices))] : 0;
  sk_val init[3], carry[3], next[3];
  sk_lop combiners[3];
  for (uint32_t c = 0; c < carries; c++) {
    init[c] = value_of(m, random_type(m));
  }
  for (uint32_t c = 0; c < carries; c++) {
    sk_lt type = sk_build_type(&m->b, init[c]);
    combiners[c] = which == 2 ? random_combiner(m, type) : SK_L_NONE;
    if (which == 2 && m->shape->narrow && chance(m, 30)) {
      init[c] = sk_build_const(&m->b, type, sk_combiner_identity(combiners[c], type));
    }
  }
  open_loop(m, which == 0 ? SK_LOOP_PAR : which == 1 ? SK_LOOP_SEQ : SK_LOOP_RED, extent, lanes);
  for (uint32_t c = 0; c < carries; c++) {
    carry[c] = sk_build_carry(&m->b, init[c], combiners[c]);
    if (which == 1) {
      push(m, carry[c]);
    }
  }
  random_body(m, 2 + pick(m, m->shape->max_values));
  for (uint32_t c = 0; c < carries; c++) {
    next[c] = value_of(m, sk_build_type(&m->b, init[c]));
  }
  m->value_count = mark;
  sk_build_end_loop(&m->b, carry, next, carries);
  close_loop(m);
  for (uint32_t c = 0; c < carries; c++) {
    bool wraps = m->shape->narrow && sk_build_type(&m->b, carry[c]) == SK_LT_I32 && chance(m, 70);
    push(m, wraps ? wrap(m, carry[c]) : carry[c]);
    if (m->shape->narrow && chance(m, 40)) {
      store_whole(m, carry[c]);
    }
  }
}

static void narrow_body(maker *m, uint32_t budget) {
  for (uint32_t i = 0; i < budget; i++) {
    uint32_t r = pick(m, 100);
    if (r < 20) {
      random_load(m);
    } else if (r < 32) {
      random_store(m);
    } else if (r < 42 && m->depth < m->shape->max_depth && m->regions == 0 &&
               m->loops + 1 < MAX_LOOPS) {
      random_inner_loop(m);
    } else if (r < 43 && m->regions < 2) {
      random_condition(m);
    } else {
      narrow_operation(m);
    }
  }
}

static void random_body(maker *m, uint32_t budget) {
  if (m->shape->narrow) {
    narrow_body(m, budget);
    return;
  }
  for (uint32_t i = 0; i < budget; i++) {
    uint32_t r = pick(m, 100);
    if (r < 20) {
      random_load(m);
    } else if (r < 28) {
      random_store(m);
    } else if (r < 36) {
      random_conversion(m);
    } else if (r < 40 && m->regions < 2) {
      random_condition(m);
    } else if (r < 42 && m->regions < 2) {
      random_lookup(m);
    } else if (r < 44 && m->depth < m->shape->max_depth && m->regions == 0 &&
               m->loops + 1 < MAX_LOOPS) {
      random_inner_loop(m);
    } else if (r < 48 && m->regions == 0) {
      scratch_traffic(m);
    } else {
      random_operation(m);
    }
  }
}

// Lanes along one loop of each path, at random.
static void choose_vector_loops(maker *m, sk_kernel *k) {
  for (uint32_t l = 0; l < k->loops.count; l++) {
    sk_loop *loop = &k->loops.data[l];
    bool taken = false;
    for (uint32_t p = loop->parent; p != UINT32_MAX; p = k->loops.data[p].parent) {
      taken |= k->loops.data[p].vec;
    }
    loop->vec = loop->kind != SK_LOOP_SEQ && !taken && chance(m, 60);
    loop->unroll = (uint16_t)(1u << pick(m, 4));
  }
}

void gen_random_program(sk_prog *prog, uint64_t seed, const gen_shape *shape) {
  maker m = {
      .prog = prog, .state = seed * 77 + 5, .shape = shape, .narrow_bytes = seed % 3 == 0 ? 2 : 1};
  uint32_t kernel = sk_prog_add_kernel(prog, "random");
  sk_build_init(&m.b, prog, kernel, MAX_LOOPS, prog->arena);
  open_loop(&m, SK_LOOP_PAR, random_extent(&m), 0);
  random_body(&m, 4 + pick(&m, shape->max_values));
  random_load(&m);
  if (shape->narrow) {
    narrow_operation(&m);
  } else {
    random_operation(&m);
  }
  random_store(&m);
  if (m.depth >= 1 && m.loops < MAX_LOOPS && shape->max_depth > 1) {
    random_inner_loop(&m);
  }
  random_store(&m);
  sk_build_end_loop(&m.b, NULL, NULL, 0);
  sk_build_finish(&m.b);
  prog->arg_count = m.args;
  prog->result_count = m.results;
  choose_vector_loops(&m, &prog->kernels.data[kernel]);
  bool parallel = chance(&m, 40);
  sk_stmt stmt = {.kind = SK_STMT_KERNEL,
                  .kernel = kernel,
                  .parallel = parallel,
                  .grain = parallel ? 1 + pick(&m, 20) : 0,
                  .align = !parallel || !chance(&m, 50) ? 1
                           : shape->narrow              ? 64
                                                        : 8};
  prog->body = sk_prog_add_stmt(prog, &stmt);
  gen_place_buffers(prog);
}

bool gen_random_check(uint64_t seed, const gen_shape *shape, const gen_target *target,
                      char message[GEN_MESSAGE_BYTES]) {
  sk_arena arena;
  sk_arena_init(&arena);
  jmp_buf bail;
  arena.bail = &bail;
  if (setjmp(bail)) {
    snprintf(message, GEN_MESSAGE_BYTES, "memory");
    return false;
  }
  sk_prog prog;
  sk_prog_init(&prog, &arena, "random");
  gen_random_program(&prog, seed, shape);
  char text[GEN_MESSAGE_BYTES];
  sk_status status = sk_prog_verify(&prog);
  bool ok = status == NULL;
  if (!ok) {
    sk_status_format(status, text, sizeof text);
    sk_status_free(status);
  } else {
    gen_target at = *target;
    at.at_end = seed & 1;
    ok = gen_run_compare(&prog, &at, seed, text);
  }
  if (!ok) {
    snprintf(message, GEN_MESSAGE_BYTES, "seed %llu: %.900s", (unsigned long long)seed, text);
    if (getenv("GEN_DUMP")) {
      sk_text dump;
      sk_text_init(&dump);
      sk_prog_print(&prog, &dump);
      fprintf(stderr, "%s\n", dump.data);
      sk_text_fini(&dump);
      sk_gen_options options = {.isa = target->isa, .vector_bytes = target->vector_bytes};
      sk_gen_code code;
      FILE *file = fopen(getenv("GEN_DUMP"), "wb");
      if (file != NULL && sk_gen_program(&prog, &options, &arena, &code) == NULL) {
        fwrite(code.bytes, 1, code.length, file);
      }
      if (file != NULL) {
        fclose(file);
      }
    }
  }
  arena.bail = NULL;
  sk_arena_fini(&arena);
  return ok;
}
