// SPDX-License-Identifier: Apache-2.0
// See gen_ops.h.
#include "support/gen_ops.h"

#include <stdio.h>
#include <string.h>

typedef struct signature {
  sk_lop op;
  sk_lt result, a, b, c;
} signature;

#define P SK_LT_PRED
#define I SK_LT_I32
#define L SK_LT_I64
#define F SK_LT_F32
#define D SK_LT_F64
#define O SK_LT_NONE

#define FLOATS1(op)                                                                                \
  {SK_L_##op, F, F, O, O}, { SK_L_##op, D, D, O, O }
#define FLOATS2(op)                                                                                \
  {SK_L_##op, F, F, F, O}, { SK_L_##op, D, D, D, O }
#define FLOATS3(op)                                                                                \
  {SK_L_##op, F, F, F, F}, { SK_L_##op, D, D, D, D }
#define INTS1(op)                                                                                  \
  {SK_L_##op, I, I, O, O}, { SK_L_##op, L, L, O, O }
#define INTS2(op)                                                                                  \
  {SK_L_##op, I, I, I, O}, { SK_L_##op, L, L, L, O }
#define BITS2(op) INTS2(op), FLOATS2(op)
#define FCOMPARE(op)                                                                               \
  {SK_L_##op, P, F, F, O}, { SK_L_##op, P, D, D, O }
#define ICOMPARE(op)                                                                               \
  {SK_L_##op, P, I, I, O}, { SK_L_##op, P, L, L, O }
#define TO_INT(op)                                                                                 \
  {SK_L_##op, I, F, O, O}, {SK_L_##op, L, F, O, O}, {SK_L_##op, I, D, O, O}, {                     \
    SK_L_##op, L, D, O, O                                                                          \
  }
#define TO_FLOAT(op)                                                                               \
  {SK_L_##op, F, I, O, O}, {SK_L_##op, D, I, O, O}, {SK_L_##op, F, L, O, O}, {                     \
    SK_L_##op, D, L, O, O                                                                          \
  }

static const signature SIGNATURES[] = {
    FLOATS2(FADD),
    FLOATS2(FSUB),
    FLOATS2(FMUL),
    FLOATS2(FDIV),
    FLOATS1(FSQRT),
    FLOATS3(FMA),
    FLOATS3(FNMA),
    FLOATS3(FMS),
    FLOATS2(FMAXX),
    FLOATS2(FMINX),
    FLOATS1(FROUND),
    FLOATS1(FFLOOR),
    FLOATS1(FCEIL),
    FLOATS1(FTRUNC),
    FLOATS1(FABS),
    FLOATS1(FNEG),
    BITS2(AND),
    BITS2(OR),
    BITS2(XOR),
    BITS2(ANDN),
    INTS1(NOT),
    FLOATS1(NOT),
    INTS2(ADD),
    INTS2(SUB),
    INTS2(MUL),
    INTS2(UMULH),
    INTS2(SMULH),
    INTS2(SDIV),
    INTS2(UDIV),
    INTS2(SREM),
    INTS2(UREM),
    INTS2(SHL),
    INTS2(SHR),
    INTS2(SAR),
    INTS2(ROTL),
    INTS2(SMIN),
    INTS2(SMAX),
    INTS2(UMIN),
    INTS2(UMAX),
    INTS1(CLZ),
    INTS1(POPCNT),
    FCOMPARE(FEQ),
    FCOMPARE(FNE),
    FCOMPARE(FLT),
    FCOMPARE(FLE),
    FCOMPARE(FUNORD),
    ICOMPARE(IEQ),
    ICOMPARE(INE),
    ICOMPARE(SLT),
    ICOMPARE(SLE),
    ICOMPARE(ULT),
    ICOMPARE(ULE),
    {SK_L_PAND, P, P, P, O},
    {SK_L_POR, P, P, P, O},
    {SK_L_PXOR, P, P, P, O},
    {SK_L_PNOT, P, P, O, O},
    {SK_L_SELECT, F, P, F, F},
    {SK_L_SELECT, D, P, D, D},
    {SK_L_SELECT, I, P, I, I},
    {SK_L_SELECT, L, P, L, L},
    {SK_L_SELECT, P, P, P, P},
    {SK_L_SEXT, L, I, O, O},
    {SK_L_ZEXT, L, I, O, O},
    {SK_L_ZEXT, I, P, O, O},
    {SK_L_ZEXT, L, P, O, O},
    {SK_L_TRUNC, I, L, O, O},
    {SK_L_SEXT8, I, I, O, O},
    {SK_L_SEXT16, I, I, O, O},
    {SK_L_BITCAST, I, F, O, O},
    {SK_L_BITCAST, D, L, O, O},
    {SK_L_FEXT, D, F, O, O},
    {SK_L_FTRUNCF, F, D, O, O},
    TO_FLOAT(SITOF),
    TO_FLOAT(UITOF),
    TO_INT(FTOSI),
    TO_INT(FTOSIR),
    {SK_L_FROUNDBF, F, F, O, O},
    {SK_L_FROUNDH, F, F, O, O},
    {SK_L_HTOF, F, I, O, O},
    {SK_L_FTOH, I, F, O, O},
};

uint32_t gen_op_count(void) { return SK_COUNT(SIGNATURES); }

static sk_mem mem_of(sk_lt type) {
  switch (type) {
    case SK_LT_PRED: return SK_MEM_PRED;
    case SK_LT_I32: return SK_MEM_I32;
    case SK_LT_I64: return SK_MEM_I64;
    case SK_LT_F32: return SK_MEM_F32;
    case SK_LT_F64: return SK_MEM_F64;
    case SK_LT_NONE: break;
  }
  return SK_MEM_NONE;
}

typedef struct variant {
  int64_t extent;
  uint32_t unroll;
  bool vec, parallel,
      wide;           // wide: an F64 value beside it, so that 32-bit values come in half vectors
  sk_mem narrow;      // not NONE: memory of I32 operands and results
  bool mixed;         // ... the second operand's has the other sign
  uint32_t uniform;   // bit per operand: stride 0
  uint32_t constant;  // bit per operand
  uint64_t bits;
} variant;

static sk_mem other_sign(sk_mem mem) {
  switch ((int)mem) {
    case SK_MEM_S8: return SK_MEM_U8;
    case SK_MEM_U8: return SK_MEM_S8;
    case SK_MEM_S16: return SK_MEM_U16;
    default: return SK_MEM_S16;
  }
}

static sk_mem operand_mem(const variant *v, sk_lt type, uint32_t operand) {
  if (v->narrow == SK_MEM_NONE || type != SK_LT_I32) {
    return mem_of(type);
  }
  return v->mixed && operand == 1 ? other_sign(v->narrow) : v->narrow;
}

static void build_kernel(sk_prog *prog, const signature *s, const variant *v) {
  const sk_lt types[3] = {s->a, s->b, s->c};
  uint32_t bufs[3] = {0}, args = 0;
  for (uint32_t i = 0; i < 3 && types[i] != SK_LT_NONE; i++) {
    if (!(v->constant >> i & 1)) {
      bufs[i] = sk_prog_add_buf(prog, &(sk_buf){.kind = SK_BUF_ARG,
                                                .mem = (uint8_t)operand_mem(v, types[i], i),
                                                .index = args++,
                                                .elems = v->uniform >> i & 1 ? 1 : v->extent});
    }
  }
  uint32_t extra = 0, extra_out = 0;
  if (v->wide) {
    extra = sk_prog_add_buf(
        prog,
        &(sk_buf){.kind = SK_BUF_ARG, .mem = SK_MEM_F64, .index = args++, .elems = v->extent});
  }
  uint32_t out = sk_prog_add_buf(prog, &(sk_buf){.kind = SK_BUF_RESULT,
                                                 .mem = (uint8_t)operand_mem(v, s->result, 0),
                                                 .elems = v->extent});
  prog->result_count = 1;
  if (v->wide) {
    extra_out = sk_prog_add_buf(
        prog, &(sk_buf){.kind = SK_BUF_RESULT, .mem = SK_MEM_F64, .index = 1, .elems = v->extent});
    prog->result_count = 2;
  }
  prog->arg_count = args;
  uint32_t kernel = sk_prog_add_kernel(prog, sk_lop_name(s->op));
  sk_build b;
  sk_build_init(&b, prog, kernel, 1, prog->arena);
  const sk_val none = {0};
  uint32_t loop = sk_build_loop(&b, SK_LOOP_PAR, v->extent, 0);
  sk_val x[3] = {none, none, none};
  for (uint32_t i = 0; i < 3 && types[i] != SK_LT_NONE; i++) {
    if (v->constant >> i & 1) {
      x[i] = sk_build_const(&b, types[i], v->bits);
      continue;
    }
    uint32_t access = sk_build_access(&b, bufs[i], operand_mem(v, types[i], i), 0);
    sk_build_set_stride(&b, access, loop, v->uniform >> i & 1 ? 0 : 1);
    x[i] = sk_build_load(&b, access, none, none);
  }
  if (v->wide) {
    uint32_t from = sk_build_access(&b, extra, SK_MEM_F64, 0),
             to = sk_build_access(&b, extra_out, SK_MEM_F64, 0);
    sk_build_set_stride(&b, from, loop, 1);
    sk_build_set_stride(&b, to, loop, 1);
    sk_val d = sk_build_load(&b, from, none, none);
    sk_build_store(&b, to, sk_build_2(&b, SK_L_FADD, d, d), none, none);
  }
  sk_val r = s->op == SK_L_SELECT     ? sk_build_select(&b, x[0], x[1], x[2])
             : types[2] != SK_LT_NONE ? sk_build_3(&b, s->op, x[0], x[1], x[2])
             : types[1] != SK_LT_NONE ? sk_build_2(&b, s->op, x[0], x[1])
             : s->result != s->a && s->result != SK_LT_PRED
                 ? sk_build_convert(&b, s->op, s->result, x[0])
                 : sk_build_1(&b, s->op, x[0]);
  if (s->op == SK_L_FTOH) {  // which NaN comes out is not defined
    sk_val magnitude = sk_build_2(&b, SK_L_AND, r, sk_build_i32(&b, 0x7fff));
    sk_val nan = sk_build_2(&b, SK_L_SLT, sk_build_i32(&b, 0x7c00), magnitude);
    r = sk_build_select(&b, nan, sk_build_i32(&b, 0x7e00), r);
  }
  uint32_t to = sk_build_access(&b, out, operand_mem(v, s->result, 0), 0);
  sk_build_set_stride(&b, to, loop, 1);
  sk_build_store(&b, to, r, none, none);
  sk_build_end_loop(&b, NULL, NULL, 0);
  sk_build_finish(&b);
  sk_loop *l = &prog->kernels.data[kernel].loops.data[0];
  l->vec = v->vec;
  l->unroll = (uint16_t)v->unroll;
  sk_stmt stmt = {.kind = SK_STMT_KERNEL,
                  .kernel = kernel,
                  .parallel = v->parallel,
                  .grain = v->parallel ? 7 : 0,
                  .align = v->parallel && v->narrow != SK_MEM_NONE ? 64 : 1};
  prog->body = sk_prog_add_stmt(prog, &stmt);
  gen_place_buffers(prog);
}

static bool check(const signature *s, const variant *v, const gen_target *target, uint32_t *cases,
                  char *message) {
  sk_arena arena;
  sk_arena_init(&arena);
  jmp_buf bail;
  arena.bail = &bail;
  if (setjmp(bail)) {
    snprintf(message, GEN_MESSAGE_BYTES, "memory");
    return false;
  }
  sk_prog prog;
  sk_prog_init(&prog, &arena, "test");
  build_kernel(&prog, s, v);
  char text[GEN_MESSAGE_BYTES];
  bool ok = gen_run_compare(&prog, target, *cases, text);
  if (!ok) {
    snprintf(message, GEN_MESSAGE_BYTES,
             "%s (types %d <- %d %d %d) extent %lld unroll %u vec %d parallel %d wide %d narrow %d "
             "mixed %d uniform %u constant %u (%llx): %.500s",
             sk_lop_name(s->op), s->result, s->a, s->b, s->c, (long long)v->extent, v->unroll,
             v->vec, v->parallel, v->wide, v->narrow, v->mixed, v->uniform, v->constant,
             (unsigned long long)v->bits, text);
  }
  ++*cases;
  arena.bail = NULL;
  sk_arena_fini(&arena);
  return ok;
}

// Constants that a lane of the width holds, in either extension, and one that it does not.
static const uint32_t NARROW_CONSTANTS[] = {
    0,   1,   2,      3,      5,          7,          8,  15, 100,    127,
    128, 255, 0x7fff, 0xffff, 0xffffffff, 0xffffff80, 31, 33, 0x12345};

// Operations on I32 and PRED between memory of 8 or 16 bits.
static bool check_narrow(const signature *s, sk_mem mem, uint32_t operands, gen_target target,
                         int effort, uint32_t *cases, char *message) {
  uint32_t vector = target.vector_bytes ? target.vector_bytes : target.isa == SK_ISA_V4 ? 64 : 32;
  uint32_t lanes = vector / (mem == SK_MEM_S8 || mem == SK_MEM_U8 ? 1 : 2);
  uint32_t step = effort == GEN_OPS_THOROUGH ? 3 : 17;
  variant v = {.unroll = 1, .vec = true, .narrow = mem};
  bool ok = true;
  for (uint32_t extent = 1; ok && extent <= 2 * lanes + 1; extent += step) {
    v.extent = extent;
    v.mixed = extent % 4 == 0;
    target.at_end = extent & 1;
    ok = check(s, &v, &target, cases, message);
  }
  v.mixed = false;
  v.extent = lanes * 9 + 3;
  for (v.unroll = 1; ok && v.unroll <= 4; v.unroll *= 2) {
    v.parallel = v.unroll == 2;
    ok = check(s, &v, &target, cases, message);
  }
  v.parallel = false;
  v.unroll = 2;
  v.extent = 2 * lanes + 13;
  for (v.uniform = 1; ok && v.uniform < 1u << operands; v.uniform++) {
    ok = check(s, &v, &target, cases, message);
  }
  v.uniform = 0;
  for (uint32_t i = 0; ok && operands > 1 && i < SK_COUNT(NARROW_CONSTANTS); i++) {
    for (uint32_t o = 0; ok && o < operands; o++) {
      sk_lt type = o == 0 ? s->a : o == 1 ? s->b : s->c;
      v.constant = 1u << o;
      v.bits = type == SK_LT_PRED ? NARROW_CONSTANTS[i] & 1 : NARROW_CONSTANTS[i];
      ok = check(s, &v, &target, cases, message);
    }
  }
  return ok;
}

static bool is_small(sk_lt type) {
  return type == SK_LT_I32 || type == SK_LT_PRED || type == SK_LT_NONE;
}

bool gen_op_check(uint32_t index, const gen_target *given, int effort, uint32_t *cases,
                  char message[GEN_MESSAGE_BYTES]) {
  const signature *s = &SIGNATURES[index];
  gen_target target = *given;
  uint32_t lanes = (target.vector_bytes       ? target.vector_bytes
                    : target.isa == SK_ISA_V4 ? 64
                                              : 32) /
                   4;
  uint32_t operands = s->c != SK_LT_NONE ? 3 : s->b != SK_LT_NONE ? 2 : 1;
  bool ok = true;
  uint32_t step = effort == GEN_OPS_THOROUGH ? 1 : 5;
  for (uint32_t extent = 1; ok && extent <= 2 * lanes + 1;
       extent += step) {  // tails of every length
    target.at_end = extent & 1;
    ok = check(s, &(variant){.extent = extent, .unroll = 1, .vec = true}, &target, cases, message);
  }
  target.at_end = true;
  for (uint32_t unroll = 1; ok && unroll <= 4; unroll *= 2) {
    variant v = {.extent = lanes * 9 + 3, .unroll = unroll, .vec = true};
    ok = check(s, &v, &target, cases, message);
    v.wide = true;
    ok = ok && check(s, &v, &target, cases, message);
    v.parallel = true;
    ok = ok && check(s, &v, &target, cases, message);
    v.wide = false;
    v.extent = 300;
    ok = ok && check(s, &v, &target, cases, message);
  }
  ok = ok && check(s, &(variant){.extent = 21, .unroll = 1}, &target, cases, message);
  ok = ok &&
       check(s, &(variant){.extent = 50, .unroll = 1, .parallel = true}, &target, cases, message);
  ok = ok && check(s, &(variant){.extent = 1, .unroll = 1}, &target, cases, message);
  for (uint32_t mask = 1; ok && mask < 1u << operands; mask++) {
    for (uint32_t wide = 0; ok && wide < 2; wide++) {
      ok = check(s,
                 &(variant){.extent = 37, .unroll = 2, .vec = true, .uniform = mask, .wide = wide},
                 &target, cases, message);
    }
  }
  static const uint64_t constants[] = {0,
                                       1,
                                       3,
                                       7,
                                       8,
                                       16,
                                       24,
                                       31,
                                       32,
                                       33,
                                       63,
                                       64,
                                       200,
                                       UINT64_MAX,
                                       UINT64_C(1) << 63 | UINT64_C(1) << 31,
                                       0x3f8000003f800000};
  for (uint32_t i = 0; ok && operands > 1 && i < SK_COUNT(constants); i++) {
    for (uint32_t o = 0; ok && o < operands; o++) {
      sk_lt type = o == 0 ? s->a : o == 1 ? s->b : s->c;
      uint64_t bits = type == SK_LT_PRED                       ? constants[i] & 1
                      : type == SK_LT_I32 || type == SK_LT_F32 ? (uint32_t)constants[i]
                                                               : constants[i];
      ok = check(
          s, &(variant){.extent = 29, .unroll = 2, .vec = true, .constant = 1u << o, .bits = bits},
          &target, cases, message);
    }
  }
  bool small = is_small(s->result) && is_small(s->a) && is_small(s->b) && is_small(s->c);
  for (sk_mem mem = SK_MEM_S8; ok && small && mem <= SK_MEM_U16; mem = (sk_mem)(mem + 1)) {
    ok = check_narrow(s, mem, operands, target, effort, cases, message);
  }
  return ok;
}
