// SPDX-License-Identifier: Apache-2.0
// Statements as generated code: while with swapped carries, case, copies of every length, library
// calls, parallel kernels inside a loop; and tensors beyond 4 GiB.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "support/gen_run.h"

static const sk_val none = {0};

typedef struct fixture {
  sk_arena arena;
  jmp_buf bail;
  sk_prog prog;
} fixture;

static void fixture_init(fixture *f) {
  sk_arena_init(&f->arena);
  f->arena.bail = NULL;
  sk_prog_init(&f->prog, &f->arena, "test");
}

static void fixture_fini(fixture *f) { sk_arena_fini(&f->arena); }

static uint32_t add_buf(fixture *f, sk_buf_kind kind, sk_mem mem, int64_t elems) {
  sk_buf buf = {.kind = (uint8_t)kind, .mem = (uint8_t)mem, .elems = elems};
  if (kind == SK_BUF_ARG) {
    buf.index = f->prog.arg_count++;
  } else if (kind == SK_BUF_RESULT) {
    buf.index = f->prog.result_count++;
  }
  return sk_prog_add_buf(&f->prog, &buf);
}

static uint32_t add_stmt(fixture *f, sk_stmt stmt) { return sk_prog_add_stmt(&f->prog, &stmt); }

// Links statements in order; returns the first.
static uint32_t block(fixture *f, const uint32_t *ids, uint32_t count) {
  for (uint32_t i = 0; i + 1 < count; i++) {
    f->prog.stmts.data[ids[i]].next = ids[i + 1];
  }
  return ids[0];
}

static uint32_t add_access(sk_build *b, uint32_t buf, sk_mem mem, uint32_t loop, int64_t stride) {
  uint32_t access = sk_build_access(b, buf, mem, 0);
  sk_build_set_stride(b, access, loop, stride);
  return access;
}

// dst[i] = src[i] op value, as F32
static uint32_t map_kernel(fixture *f, uint32_t dst, uint32_t src, sk_lop op, float value,
                           int64_t extent, bool parallel) {
  uint32_t kernel = sk_prog_add_kernel(&f->prog, "map");
  sk_build b;
  sk_build_init(&b, &f->prog, kernel, 1, &f->arena);
  uint32_t loop = sk_build_loop(&b, SK_LOOP_PAR, extent, 0);
  sk_val x = sk_build_load(&b, add_access(&b, src, SK_MEM_F32, loop, 1), none, none);
  sk_build_store(&b, add_access(&b, dst, SK_MEM_F32, loop, 1),
                 sk_build_2(&b, op, x, sk_build_f32(&b, value)), none, none);
  sk_build_end_loop(&b, NULL, NULL, 0);
  sk_build_finish(&b);
  f->prog.kernels.data[kernel].loops.data[0].vec = 1;
  f->prog.kernels.data[kernel].loops.data[0].unroll = 2;
  return add_stmt(
      f,
      (sk_stmt){
          .kind = SK_STMT_KERNEL, .kernel = kernel, .parallel = parallel, .grain = 16, .align = 8});
}

// Scalars: dst = src + step (I32; src 0: dst = step), pred = dst < limit when pred is given.
static uint32_t count_kernel(fixture *f, uint32_t dst, uint32_t src, int32_t step, uint32_t pred,
                             int32_t limit) {
  uint32_t kernel = sk_prog_add_kernel(&f->prog, "count");
  sk_build b;
  sk_build_init(&b, &f->prog, kernel, 1, &f->arena);
  uint32_t loop = sk_build_loop(&b, SK_LOOP_PAR, 1, 0);
  sk_val v = sk_build_i32(&b, step);
  if (src != 0) {
    v = sk_build_2(&b, SK_L_ADD, v,
                   sk_build_load(&b, add_access(&b, src, SK_MEM_I32, loop, 0), none, none));
  }
  if (dst != 0) {
    sk_build_store(&b, add_access(&b, dst, SK_MEM_I32, loop, 0), v, none, none);
  }
  if (pred != 0) {
    sk_val less = sk_build_2(&b, SK_L_SLT, v, sk_build_i32(&b, limit));
    sk_build_store(&b, add_access(&b, pred, SK_MEM_PRED, loop, 0), less, none, none);
  }
  sk_build_end_loop(&b, NULL, NULL, 0);
  sk_build_finish(&b);
  return add_stmt(f, (sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

static void check(fixture *f, uint64_t seed) {
  char message[GEN_MESSAGE_BYTES];
  gen_place_buffers(&f->prog);
  sk_status status = sk_prog_verify(&f->prog);
  if (status != NULL) {
    fail_msg("%s", sk_status_message(status));
  }
  gen_target target = {.isa = SK_ISA_V3, .at_end = seed & 1};
  if (!gen_run_compare(&f->prog, &target, seed, message)) {
    fail_msg("%s", message);
  }
}

static void skip_without_v3(void) {
  if (sk_cpu_get()->isa < SK_ISA_V3) {
    skip();
  }
}

// x = input; for (i = 0; i < trips; i++) { y = x * 1.5; swap(x, y) }; result = x + 1
static void while_with_swap(void **state) {
  (void)state;
  skip_without_v3();
  for (int32_t trips = 0; trips < 6; trips++) {
    fixture f;
    fixture_init(&f);
    int64_t n = 37;
    uint32_t in = add_buf(&f, SK_BUF_ARG, SK_MEM_F32, n),
             out = add_buf(&f, SK_BUF_RESULT, SK_MEM_F32, n);
    uint32_t x = add_buf(&f, SK_BUF_TEMP, SK_MEM_F32, n),
             y = add_buf(&f, SK_BUF_TEMP, SK_MEM_F32, n);
    uint32_t i = add_buf(&f, SK_BUF_TEMP, SK_MEM_I32, 1),
             pred = add_buf(&f, SK_BUF_TEMP, SK_MEM_PRED, 1);
    f.prog.bufs.data[x].slot = f.prog.bufs.data[y].slot = 1;
    uint32_t init = add_stmt(&f, (sk_stmt){.kind = SK_STMT_COPY, .dst = x, .src = in});
    uint32_t zero = count_kernel(&f, i, 0, 0, 0, 0);
    uint32_t condition = count_kernel(&f, 0, i, 0, pred, trips);
    const uint32_t body[] = {map_kernel(&f, y, x, SK_L_FMUL, 1.5f, n, trips & 1),
                             add_stmt(&f, (sk_stmt){.kind = SK_STMT_SWAP, .dst = x, .src = y}),
                             count_kernel(&f, i, i, 1, 0, 0)};
    uint32_t loop = add_stmt(&f, (sk_stmt){.kind = SK_STMT_WHILE,
                                           .pred = pred,
                                           .block = {condition, block(&f, body, SK_COUNT(body))}});
    const uint32_t all[] = {init, zero, loop, map_kernel(&f, out, x, SK_L_FADD, 1, n, false)};
    f.prog.body = block(&f, all, SK_COUNT(all));
    check(&f, (uint64_t)trips);
    fixture_fini(&f);
  }
}

static void case_branches(void **state) {
  (void)state;
  skip_without_v3();
  for (uint32_t branches = 1; branches <= 7; branches++) {
    for (int32_t selector = -2; selector <= 8; selector++) {
      fixture f;
      fixture_init(&f);
      uint32_t in = add_buf(&f, SK_BUF_ARG, SK_MEM_F32, 9),
               out = add_buf(&f, SK_BUF_RESULT, SK_MEM_F32, 9);
      uint32_t s = add_buf(&f, SK_BUF_TEMP, SK_MEM_I32, 1);
      uint32_t ids[8];
      for (uint32_t k = 0; k < branches; k++) {
        ids[k] = map_kernel(&f, out, in, SK_L_FADD, (float)k, 9, false);
      }
      const uint32_t all[] = {count_kernel(&f, s, 0, selector, 0, 0),
                              add_stmt(&f, (sk_stmt){.kind = SK_STMT_CASE,
                                                     .pred = s,
                                                     .branch_count = branches,
                                                     .branches = ids})};
      f.prog.body = block(&f, all, 2);
      check(&f, 3);
      fixture_fini(&f);
    }
  }
}

static void case_of_predicate(void **state) {
  (void)state;
  skip_without_v3();
  for (int32_t value = 0; value < 2; value++) {
    fixture f;
    fixture_init(&f);
    uint32_t in = add_buf(&f, SK_BUF_ARG, SK_MEM_F32, 3),
             out = add_buf(&f, SK_BUF_RESULT, SK_MEM_F32, 3);
    uint32_t p = add_buf(&f, SK_BUF_TEMP, SK_MEM_PRED, 1);
    uint32_t ids[2] = {map_kernel(&f, out, in, SK_L_FADD, 1, 3, false),
                       map_kernel(&f, out, in, SK_L_FMUL, 2, 3, false)};
    const uint32_t all[] = {count_kernel(&f, 0, 0, value, p, 1),
                            add_stmt(&f, (sk_stmt){.kind = SK_STMT_CASE,
                                                   .pred = p,
                                                   .case_is_pred = 1,
                                                   .branch_count = 2,
                                                   .branches = ids})};
    f.prog.body = block(&f, all, 2);
    check(&f, 4);
    fixture_fini(&f);
  }
}

static void copies(void **state) {
  (void)state;
  skip_without_v3();
  for (int64_t bytes = 1; bytes < 700; bytes += bytes < 140 ? 1 : 37) {
    fixture f;
    fixture_init(&f);
    uint32_t in = add_buf(&f, SK_BUF_ARG, SK_MEM_U8, bytes),
             out = add_buf(&f, SK_BUF_RESULT, SK_MEM_U8, bytes);
    f.prog.body = add_stmt(&f, (sk_stmt){.kind = SK_STMT_COPY, .dst = out, .src = in});
    check(&f, (uint64_t)bytes);
    fixture_fini(&f);
  }
}

// ---- library calls

static void *const *seen_pointers;
static char *seen_first;
static int64_t seen_params[3];

static void record_call(sk_frame *frame, void *const *pointers, const int64_t *params) {
  (void)frame;
  seen_pointers = pointers;
  seen_first = pointers[0];
  memcpy(seen_params, params, sizeof seen_params);
  memcpy(pointers[1], pointers[0], 4 * 5);
  assert_int_equal((uintptr_t)__builtin_frame_address(0) % 16, 0);
}

static void library_call(void **state) {
  (void)state;
  skip_without_v3();
  fixture f;
  fixture_init(&f);
  uint32_t in = add_buf(&f, SK_BUF_ARG, SK_MEM_F32, 5),
           out = add_buf(&f, SK_BUF_RESULT, SK_MEM_F32, 5);
  const uint32_t bufs[] = {in, out, in};
  const int64_t params[] = {1, INT64_MIN, 77};
  f.prog.body = add_stmt(&f, (sk_stmt){.kind = SK_STMT_LIBCALL,
                                       .libcall = SK_BUILTIN_SORT,
                                       .bufs = bufs,
                                       .buf_count = 3,
                                       .params = params,
                                       .param_count = 3});
  gen_place_buffers(&f.prog);
  sk_gen_code code;
  sk_gen_options options = {.isa = SK_ISA_V3};
  assert_null(sk_gen_program(&f.prog, &options, &f.arena, &code));
  void *map = mmap(NULL, code.length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(map, code.bytes, code.length);
  mprotect(map, code.length, PROT_READ | PROT_EXEC);
  sk_frame *frame = calloc(1, sizeof *frame + 2 * sizeof(void *));
  float input[5] = {1, 2, 3, 4, 5}, output[5] = {0};
  void *builtins[SK_BUILTIN_COUNT] = {0};
  sk_libcall_fn call = record_call;
  memcpy(&builtins[SK_BUILTIN_SORT], &call, sizeof call);
  frame->builtins = builtins;
  frame->slots[0] = input;
  frame->slots[1] = output;
  sk_entry_fn entry;
  const char *at = (const char *)map + code.entry;
  memcpy(&entry, &at, sizeof entry);
  entry(frame);
  assert_ptr_equal(seen_first, input);
  assert_memory_equal(seen_params, params, sizeof params);
  assert_memory_equal(input, output, sizeof input);
  free(frame);
  munmap(map, code.length);
  fixture_fini(&f);
}

// ---- more than 4 GiB: a sparse mapping, of which a few pages are touched

static void large_tensors(void **state) {
  (void)state;
  skip_without_v3();
  const int64_t step = (INT64_C(1) << 31) + 4096, count = 3, lanes = 21;
  int64_t elems = step * count + 64;
  char *memory = mmap(NULL, (size_t)elems, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    print_message("no address space for 6 GiB\n");
    skip();
  }
  for (uint32_t vec = 0; vec < 2; vec++) {
    for (uint32_t order = 0; order < 2; order++) {
      fixture f;
      fixture_init(&f);
      uint32_t in = add_buf(&f, SK_BUF_ARG, SK_MEM_U8, elems),
               out = add_buf(&f, SK_BUF_RESULT, SK_MEM_I32, count * lanes);
      uint32_t kernel = sk_prog_add_kernel(&f.prog, "large");
      sk_build b;
      sk_build_init(&b, &f.prog, kernel, 2, &f.arena);
      // order 0: the large stride is outside; 1: it runs along the inner loop
      uint32_t outer = sk_build_loop(&b, SK_LOOP_PAR, order ? lanes : count, 0);
      uint32_t inner = sk_build_loop(&b, SK_LOOP_PAR, order ? count : lanes, 0);
      uint32_t big = order ? inner : outer, small = order ? outer : inner;
      uint32_t from = sk_build_access(&b, in, SK_MEM_U8, 17),
               to = sk_build_access(&b, out, SK_MEM_I32, 0);
      sk_build_set_stride(&b, from, big, step);
      sk_build_set_stride(&b, from, small, 1);
      sk_build_set_stride(&b, to, big, lanes);
      sk_build_set_stride(&b, to, small, 1);
      sk_build_store(&b, to, sk_build_load(&b, from, none, none), none, none);
      sk_build_end_loop(&b, NULL, NULL, 0);
      sk_build_end_loop(&b, NULL, NULL, 0);
      sk_build_finish(&b);
      for (uint32_t l = 0; l < f.prog.kernels.data[kernel].loops.count; l++) {
        f.prog.kernels.data[kernel].loops.data[l].vec = l == vec;
        f.prog.kernels.data[kernel].loops.data[l].unroll = 2;
      }
      f.prog.body = add_stmt(&f, (sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
      gen_place_buffers(&f.prog);
      for (int64_t c = 0; c < count; c++) {
        for (int64_t i = 0; i < lanes; i++) {
          memory[17 + c * step + i] = (char)(c * 50 + i);
        }
      }
      sk_gen_code code;
      sk_gen_options options = {.isa = SK_ISA_V3};
      assert_null(sk_gen_program(&f.prog, &options, &f.arena, &code));
      void *map =
          mmap(NULL, code.length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      memcpy(map, code.bytes, code.length);
      mprotect(map, code.length, PROT_READ | PROT_EXEC);
      sk_frame *frame = calloc(1, sizeof *frame + 2 * sizeof(void *));
      int32_t result[63];
      frame->slots[0] = memory;
      frame->slots[1] = result;
      sk_entry_fn entry;
      const char *at = (const char *)map + code.entry;
      memcpy(&entry, &at, sizeof entry);
      entry(frame);
      for (int64_t c = 0; c < count; c++) {
        for (int64_t i = 0; i < lanes; i++) {
          assert_int_equal(result[c * lanes + i], (c * 50 + i) & 255);
        }
      }
      free(frame);
      munmap(map, code.length);
      fixture_fini(&f);
    }
  }
  munmap(memory, (size_t)elems);
}

// ---- what is refused, and that two runs give the same bytes

static void refusals(void **state) {
  (void)state;
  fixture f;
  fixture_init(&f);
  uint32_t a = add_buf(&f, SK_BUF_ARG, SK_MEM_F32, 4),
           c = add_buf(&f, SK_BUF_RESULT, SK_MEM_F32, 4);
  const sk_dot dot = {.a = a, .b = a, .c = c, .batch = 1, .m = 2, .n = 2, .k = 2};
  f.prog.body = add_stmt(&f, (sk_stmt){.kind = SK_STMT_DOT, .dot = &dot});
  gen_place_buffers(&f.prog);
  sk_gen_code code;
  sk_gen_options options = {.isa = SK_ISA_V3};
  sk_status status = sk_gen_program(&f.prog, &options, &f.arena, &code);
  assert_int_equal(sk_status_code(status), SK_UNIMPLEMENTED);
  sk_status_free(status);
  options.isa = SK_ISA_NONE;
  status = sk_gen_program(&f.prog, &options, &f.arena, &code);
  assert_non_null(status);
  sk_status_free(status);
  fixture_fini(&f);
}

static void same_bytes(void **state) {
  (void)state;
  for (uint32_t isa = SK_ISA_V3; isa <= SK_ISA_V4; isa++) {
    fixture f;
    fixture_init(&f);
    uint32_t in = add_buf(&f, SK_BUF_ARG, SK_MEM_F32, 100),
             out = add_buf(&f, SK_BUF_RESULT, SK_MEM_F32, 100);
    f.prog.body = map_kernel(&f, out, in, SK_L_FDIV, 3, 100, false);
    gen_place_buffers(&f.prog);
    sk_gen_options options = {.isa = (sk_isa)isa};
    sk_gen_code first, second;
    sk_arena scratch;
    sk_arena_init(&scratch);
    assert_null(sk_gen_program(&f.prog, &options, &f.arena, &first));
    options.scratch = &scratch;
    assert_null(sk_gen_program(&f.prog, &options, &f.arena, &second));
    assert_null(sk_gen_program(&f.prog, &options, &f.arena, &second));
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.bytes, second.bytes, first.length);
    assert_int_equal(first.fn_count, 2);
    assert_int_equal(first.kernel_count, 1);
    sk_arena_fini(&scratch);
    fixture_fini(&f);
  }
}

// Memory that ends at any point gives RESOURCE_EXHAUSTED and nothing worse.
static void memory_limits(void **state) {
  (void)state;
  fixture f;
  fixture_init(&f);
  uint32_t in = add_buf(&f, SK_BUF_ARG, SK_MEM_F32, 100),
           out = add_buf(&f, SK_BUF_RESULT, SK_MEM_F32, 100);
  f.prog.body = map_kernel(&f, out, in, SK_L_FDIV, 3, 100, false);
  gen_place_buffers(&f.prog);
  bool succeeded = false;
  for (uint64_t limit = 64; limit < 200000 && !succeeded; limit += limit < 8000 ? 64 : 512) {
    sk_arena arena, scratch;
    sk_arena_init(&arena);
    sk_arena_init(&scratch);
    arena.limit_bytes = limit;
    scratch.limit_bytes = limit;
    sk_gen_code code;
    sk_gen_options options = {.isa = SK_ISA_V3, .scratch = &scratch};
    sk_status status = sk_gen_program(&f.prog, &options, &arena, &code);
    succeeded = status == NULL;
    if (status != NULL) {
      assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
      sk_status_free(status);
    }
    sk_arena_fini(&arena);
    sk_arena_fini(&scratch);
  }
  assert_true(succeeded);
  fixture_fini(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(while_with_swap),   cmocka_unit_test(case_branches),
      cmocka_unit_test(case_of_predicate), cmocka_unit_test(copies),
      cmocka_unit_test(library_call),      cmocka_unit_test(large_tensors),
      cmocka_unit_test(refusals),          cmocka_unit_test(same_bytes),
      cmocka_unit_test(memory_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
