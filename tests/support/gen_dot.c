// SPDX-License-Identifier: Apache-2.0
#include "support/gen_dot.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

// Distance between rows beyond which the generator packs the left operand (bytes: four or eight times that).
enum { FAR_GAP = 1000, FEW_ROWS = 40 };

static int64_t pick(uint64_t *state, int64_t below) {
  return (int64_t)(gen_random(state) % (uint64_t)below);
}

// Strides of rows x columns in memory, either one innermost, with a gap; returns the extent in elements.
static int64_t pick_strides(uint64_t *state, int64_t rows, int64_t columns, int64_t *out_row,
                            int64_t *out_column) {
  int64_t gaps[4] = {0, 0, 1 + pick(state, 5), FAR_GAP}, gap = gaps[pick(state, 4)];
  if (pick(state, 2) == 0) {
    *out_row = columns + gap;
    *out_column = 1;
    return rows * *out_row;
  }
  *out_column = rows + gap;
  *out_row = 1;
  return columns * *out_column;
}

static uint32_t add_operand(sk_prog *prog, bool result, sk_mem mem, int64_t elems) {
  sk_buf buf = {.kind = result ? SK_BUF_RESULT : SK_BUF_ARG, .mem = (uint8_t)mem, .elems = elems};
  buf.index = result ? prog->result_count++ : prog->arg_count++;
  return sk_prog_add_buf(prog, &buf);
}

static void make_dot(sk_prog *prog, uint64_t seed, const gen_dot_shape *shape, sk_dot *d) {
  uint64_t state = seed;
  bool is_f32 = pick(&state, 3) != 0;
  sk_mem mem = is_f32 ? SK_MEM_F32 : SK_MEM_F64;
  d->elem = is_f32 ? SK_LT_F32 : SK_LT_F64;
  d->batch = 1 + pick(&state, shape->max_rows <= FEW_ROWS ? 5 : 2);
  d->m = 1 + pick(&state, shape->max_rows);
  d->n = 1 + pick(&state, shape->max_columns);
  d->k = pick(&state, shape->max_steps + 1);
  d->a_strides[0] = pick_strides(&state, d->m, d->k, &d->a_strides[1], &d->a_strides[2]);
  d->b_strides[0] = pick_strides(&state, d->k, d->n, &d->b_strides[1], &d->b_strides[2]);
  d->c_strides[2] = 1;
  d->c_strides[1] = d->n;
  d->c_strides[0] = d->m * d->n;
  d->a_offset = pick(&state, 3);
  d->b_offset = pick(&state, 3);
  d->a = add_operand(prog, false, mem, d->a_offset + d->batch * d->a_strides[0]);
  d->b = add_operand(prog, false, mem, d->b_offset + d->batch * d->b_strides[0]);
  d->c = add_operand(prog, true, mem, d->batch * d->c_strides[0]);
}

bool gen_dot_check(uint64_t seed, const gen_dot_shape *shape, const gen_target *target,
                   char message[GEN_MESSAGE_BYTES]) {
  sk_arena arena;
  jmp_buf bail;
  sk_arena_init(&arena);
  arena.bail = &bail;
  if (setjmp(bail) != 0) {
    snprintf(message, GEN_MESSAGE_BYTES, "out of memory");
    sk_arena_fini(&arena);
    return false;
  }
  sk_prog prog;
  sk_dot dot = {0};
  sk_prog_init(&prog, &arena, "dot");
  make_dot(&prog, seed, shape, &dot);
  prog.body = sk_prog_add_stmt(
      &prog,
      &(sk_stmt){
          .kind = SK_STMT_DOT, .dot = &dot, .parallel = seed % 2 == 0, .grain = 1, .align = 1});
  gen_place_buffers(&prog);
  bool ok = gen_run_compare(&prog, target, seed, message);
  if (!ok) {
    size_t length = strlen(message);
    snprintf(message + length, GEN_MESSAGE_BYTES - length,
             " (seed %llu: %s, batch %lld m %lld n %lld k %lld, strides %lld %lld, %lld %lld)",
             (unsigned long long)seed, dot.elem == SK_LT_F32 ? "f32" : "f64", (long long)dot.batch,
             (long long)dot.m, (long long)dot.n, (long long)dot.k, (long long)dot.a_strides[1],
             (long long)dot.a_strides[2], (long long)dot.b_strides[1], (long long)dot.b_strides[2]);
  }
  sk_arena_fini(&arena);
  return ok;
}
