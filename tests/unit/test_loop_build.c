// SPDX-License-Identifier: Apache-2.0
// Building kernels: what memory it takes, what finishing a kernel moves, that nothing of it depends
// on the working memory afterwards, and that divisions by constants become something else exactly.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "loop/loop.h"

enum { STORES = 100, ROWS = 4, STEPS = 8 };

static const sk_val none = {0};

static uint32_t add_buf(sk_prog *prog, sk_buf_kind kind, int64_t elems) {
  sk_buf buf = {.kind = (uint8_t)kind, .mem = SK_MEM_F32, .elems = elems, .offset = -1, .slot = 1};
  if (kind == SK_BUF_ARG) {
    buf.index = prog->arg_count++;
  } else {
    buf.index = prog->result_count++;
  }
  return sk_prog_add_buf(prog, &buf);
}

// `spare` buffers that no kernel touches, one argument, STORES results; one kernel: in each of ROWS
// rows and STEPS steps, every result[row] = its own value + argument[row].
static uint32_t build(sk_prog *prog, sk_arena *arena, sk_arena *scratch, uint32_t spare) {
  sk_prog_init(prog, arena, "test");
  for (uint32_t i = 0; i < spare; i++) {
    sk_prog_add_buf(prog, &(sk_buf){.kind = SK_BUF_TEMP, .mem = SK_MEM_F32, .offset = -1});
  }
  uint32_t in = add_buf(prog, SK_BUF_ARG, ROWS), kernel = sk_prog_add_kernel(prog, "sums");
  uint32_t results[STORES];
  for (uint32_t i = 0; i < STORES; i++) {
    results[i] = add_buf(prog, SK_BUF_RESULT, ROWS);
  }
  sk_build b;
  sk_build_init(&b, prog, kernel, 3, scratch);
  uint32_t row = sk_build_loop(&b, SK_LOOP_PAR, ROWS, 1);
  sk_build_loop(&b, SK_LOOP_SEQ, STEPS, 1);
  for (uint32_t i = 0; i < STORES; i++) {
    uint32_t from = sk_build_access(&b, in, SK_MEM_F32, 0),
             to = sk_build_access(&b, results[i], SK_MEM_F32, 0);
    sk_build_set_stride(&b, from, row, 1);
    sk_build_set_stride(&b, to, row, 1);
    sk_val sum = sk_build_2(&b, SK_L_FADD, sk_build_load(&b, to, none, none),
                            sk_build_load(&b, from, none, none));
    sk_build_store(&b, to, sum, none, none);
  }
  sk_build_end_loop(&b, NULL, NULL, 0);
  sk_build_end_loop(&b, NULL, NULL, 0);
  sk_build_finish(&b);
  uint32_t stmt = sk_prog_add_stmt(prog, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
  prog->body = stmt;
  return kernel;
}

// A kernel's cost is its own, however large the program around it.
static void memory_does_not_grow_with_the_program(void **state) {
  (void)state;
  uint64_t peak[2];
  const uint32_t spare[2] = {0, 100000};
  for (uint32_t i = 0; i < 2; i++) {
    sk_arena arena, scratch;
    jmp_buf bail;
    sk_arena_init(&arena);
    sk_arena_init(&scratch);
    assert_int_equal(setjmp(bail), 0);
    arena.bail = scratch.bail = &bail;
    sk_prog prog;
    build(&prog, &arena, &scratch, spare[i]);
    peak[i] = sk_arena_peak(&scratch);
    sk_arena_fini(&scratch);
    sk_arena_fini(&arena);
  }
  assert_true(peak[0] > 0);
  assert_int_equal(peak[0], peak[1]);
}

// The lists are of their exact size and outlive the working memory.
static void finished_kernel_needs_no_scratch(void **state) {
  (void)state;
  sk_arena arena, scratch;
  jmp_buf bail;
  sk_arena_init(&arena);
  sk_arena_init(&scratch);
  assert_int_equal(setjmp(bail), 0);
  arena.bail = scratch.bail = &bail;
  sk_prog prog;
  uint32_t kernel = build(&prog, &arena, &scratch, 0);
  uint64_t used = scratch.total_bytes;
  sk_arena_reset(&scratch);
  while (scratch.total_bytes < used) {
    memset(sk_arena_alloc(&scratch, 64, 64), 0xA5, 64);
  }
  const sk_kernel *k = &prog.kernels.data[kernel];
  assert_int_equal(k->insts.cap, k->insts.count);
  assert_int_equal(k->accesses.cap, k->accesses.count);
  assert_int_equal(k->strides.cap, k->strides.count);
  assert_int_equal(k->strides.count, k->accesses.count * k->loops.count);
  sk_status status = sk_prog_verify(&prog);
  if (status != NULL) {
    fail_msg("%s", sk_status_message(status));
  }
  float in[ROWS] = {1, 2, 3, 4}, out[STORES][ROWS] = {{0}};
  void *args[1] = {in}, *results[STORES];
  for (uint32_t i = 0; i < STORES; i++) {
    results[i] = out[i];
  }
  assert_null(sk_prog_run(&prog, NULL, args, results));
  for (uint32_t i = 0; i < STORES; i++) {
    for (uint32_t row = 0; row < ROWS; row++) {
      assert_true(out[i][row] == (float)STEPS * in[row]);
    }
  }
  sk_arena_fini(&scratch);
  sk_arena_fini(&arena);
}

// Of the loads in the inner loop, that of the argument moves out of it; those of buffers that the
// kernel stores to stay.
static void loads_of_written_buffers_stay(void **state) {
  (void)state;
  sk_arena arena, scratch;
  jmp_buf bail;
  sk_arena_init(&arena);
  sk_arena_init(&scratch);
  assert_int_equal(setjmp(bail), 0);
  arena.bail = scratch.bail = &bail;
  sk_prog prog;
  uint32_t kernel = build(&prog, &arena, &scratch, 3);
  const sk_kernel *k = &prog.kernels.data[kernel];
  uint32_t inside = 0, outside = 0;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    if (inst->op == SK_L_LOAD) {
      bool written = prog.bufs.data[k->accesses.data[inst->imm].buf].kind == SK_BUF_RESULT;
      assert_int_equal(inst->depth, written ? 2 : 1);
      inside += written;
      outside += !written;
    }
  }
  assert_int_equal(inside, STORES);
  assert_int_equal(outside, STORES);
  sk_arena_fini(&scratch);
  sk_arena_fini(&arena);
}

// quotient[i] = (first + i) / divisor, rest[i] = (first + i) % divisor for i < extent; returns the
// divisions left in it.
static uint32_t build_division(sk_prog *prog, sk_arena *arena, sk_arena *scratch, int64_t extent,
                               int32_t first, int32_t divisor, bool is_signed) {
  sk_prog_init(prog, arena, "test");
  uint32_t kernel = sk_prog_add_kernel(prog, "division"), left = 0;
  sk_build b;
  sk_build_init(&b, prog, kernel, 1, scratch);
  uint32_t loop = sk_build_loop(&b, SK_LOOP_PAR, extent, 1);
  sk_val index = sk_build_index(&b, loop, SK_LT_I32), by = sk_build_i32(&b, divisor);
  if (first != 0) {
    index = sk_build_2(&b, SK_L_ADD, index, sk_build_i32(&b, first));
  }
  for (uint32_t rest = 0; rest < 2; rest++) {
    sk_buf buf = {.kind = SK_BUF_RESULT, .mem = SK_MEM_I32, .elems = extent, .offset = -1};
    buf.slot = 1;
    buf.index = prog->result_count++;
    uint32_t to = sk_build_access(&b, sk_prog_add_buf(prog, &buf), SK_MEM_I32, 0);
    sk_build_set_stride(&b, to, loop, 1);
    const sk_lop ops[2][2] = {{SK_L_UDIV, SK_L_UREM}, {SK_L_SDIV, SK_L_SREM}};
    sk_build_store(&b, to, sk_build_2(&b, ops[is_signed][rest], index, by), none, none);
  }
  sk_build_end_loop(&b, NULL, NULL, 0);
  sk_build_finish(&b);
  prog->body = sk_prog_add_stmt(prog, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
  const sk_kernel *k = &prog->kernels.data[kernel];
  for (uint32_t i = 1; i < k->insts.count; i++) {
    uint8_t op = k->insts.data[i].op;
    left += op == SK_L_UDIV || op == SK_L_UREM || op == SK_L_SDIV || op == SK_L_SREM;
  }
  return left;
}

static void check_division(int64_t extent, int32_t first, int32_t divisor, bool is_signed,
                           bool expect_none) {
  static int32_t quotients[70000], rests[70000];
  sk_arena arena, scratch;
  jmp_buf bail;
  sk_arena_init(&arena);
  sk_arena_init(&scratch);
  assert_int_equal(setjmp(bail), 0);
  arena.bail = scratch.bail = &bail;
  sk_prog prog;
  uint32_t left = build_division(&prog, &arena, &scratch, extent, first, divisor, is_signed);
  assert_true(left == 0 || !expect_none);
  void *results[2] = {quotients, rests};
  assert_null(sk_prog_run(&prog, NULL, NULL, results));
  for (int32_t i = 0; i < extent; i++) {
    assert_int_equal(quotients[i], (first + i) / divisor);
    assert_int_equal(rests[i], (first + i) % divisor);
  }
  sk_arena_fini(&scratch);
  sk_arena_fini(&arena);
}

static void divisions_of_small_numbers_are_exact(void **state) {
  (void)state;
  const int64_t extents[] = {1, 2, 7, 64, 1000, 4097, 40000, 70000};
  for (size_t e = 0; e < sizeof extents / sizeof *extents; e++) {
    for (int32_t divisor = 1; divisor <= 70; divisor++) {
      check_division(extents[e], 0, divisor, divisor % 2 != 0, extents[e] <= 4097);
    }
    check_division(extents[e], 0, 999, false, extents[e] <= 4097);
    check_division(extents[e], 0, 65537, true, extents[e] <= 65537);
    check_division(extents[e], 0, INT32_MAX, true, true);
  }
}

static void divisions_by_powers_are_exact(void **state) {
  (void)state;
  for (int32_t k = 0; k < 31; k++) {
    check_division(5000, -2500, (int32_t)1 << k, true, true);
    check_division(5000, INT32_MIN, (int32_t)1 << k, true, true);
    check_division(5000, INT32_MAX - 4999, (int32_t)1 << k, true, true);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(memory_does_not_grow_with_the_program),
      cmocka_unit_test(finished_kernel_needs_no_scratch),
      cmocka_unit_test(loads_of_written_buffers_stay),
      cmocka_unit_test(divisions_of_small_numbers_are_exact),
      cmocka_unit_test(divisions_by_powers_are_exact),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
