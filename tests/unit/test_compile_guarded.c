// SPDX-License-Identifier: Apache-2.0
// The guard itself: programs in loop IR that step over their buffers by one element are caught on
// the side that is guarded, with the kernel's and the buffer's name; those that stay inside run.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "compile/compile.h"

enum { ELEMS = 5 };

// result[i + store] = twice[i] where twice[i] = argument[i + load] * 2, stored in a temporary at
// i + temp and read back.
static const char shifted[] = "program main args 1 results 1 slots 2 arena 64 consts 0 scratch 0\n"
                              "buf 1 arg 0 f32 5 slot 0\n"
                              "buf 2 result 0 f32 5 slot 1\n"
                              "buf 3 temp f32 5\n"
                              "kernel 1 double_1 loc 0 scratch 0 {\n"
                              "  access 0 buf 1 f32 offset %d strides 1\n"
                              "  access 1 buf 3 f32 offset %d strides 1\n"
                              "  loop 0 par 5 lanes 1 unroll 1 vec\n"
                              "  %%1 loop 0\n"
                              "    %%2 f32 load a0\n"
                              "    %%3 f32 fadd %%2 %%2\n"
                              "    %%4 store a1 %%3\n"
                              "  %%5 end 1\n"
                              "}\n"
                              "kernel 2 turn_2 loc 0 scratch 0 {\n"
                              "  access 0 buf 3 f32 offset 4 strides -1\n"
                              "  access 1 buf 2 f32 offset %d strides 1\n"
                              "  loop 0 par 5 lanes 1 unroll 1 vec\n"
                              "  %%1 loop 0\n"
                              "    %%2 f32 load a0\n"
                              "    %%3 store a1 %%2\n"
                              "  %%4 end 1\n"
                              "}\n"
                              "body {\n"
                              "  kernel 1\n"
                              "  kernel 2\n"
                              "}\n";

typedef struct shifts {
  int load, temp, store;
} shifts;

static sk_status run_on(sk_client *client, sk_exec *exec, float *out) {
  static const float data[ELEMS] = {1, 2, 3, 4, 5};
  const int64_t dims[1] = {ELEMS};
  sk_host_array host = {.data = data, .type = SK_DTYPE_F32, .rank = 1, .dims = dims};
  sk_buffer *argument, *result;
  assert_null(sk_buffer_from_host(sk_client_device(client, 0), &host, NULL, &argument));
  sk_status status = sk_exec_run(exec, &argument, 1, NULL, &result, 1);
  if (!status) {
    assert_null(sk_buffer_to_host(result, out, ELEMS * sizeof *out, NULL, NULL));
    sk_buffer_release(result);
  }
  sk_buffer_release(argument);
  return status;
}

static sk_status run(shifts by, const char *guard, float *out) {
  char text[2000];
  int length = snprintf(text, sizeof text, shifted, by.load, by.temp, by.store);
  sk_client *client;
  assert_null(sk_client_create(&(sk_client_config){0}, &client));
  sk_flags flags;
  sk_flags_init(&flags);
  flags.guard = guard;
  sk_compile_input input = {.name = "shifted",
                            .data = text,
                            .len = (size_t)length,
                            .flags = &flags,
                            .from = SK_STAGE_LOWER};
  sk_exec *exec;
  assert_null(sk_compile(client, &input, 0, &exec));
  sk_status status = run_on(client, exec, out);
  // Once more: a fault must not leave anything behind.
  sk_status again = run_on(client, exec, out);
  assert_int_equal(sk_status_code(again), sk_status_code(status));
  sk_status_free(again);
  sk_exec_release(exec);
  sk_client_release(client);
  return status;
}

static void inside(void **state) {
  (void)state;
  static const char *const guards[] = {"end", "start"};
  for (size_t g = 0; g < SK_COUNT(guards); g++) {
    float out[ELEMS] = {0};
    assert_null(run((shifts){0, 0, 0}, guards[g], out));
    for (int i = 0; i < ELEMS; i++) {
      assert_true(out[i] == 2 * (float)(ELEMS - i));  // backwards: no temporary in the result
    }
  }
}

static void expect_caught(shifts by, const char *guard, const char *first, const char *second) {
  float out[ELEMS];
  sk_status status = run(by, guard, out);
  if (sk_status_code(status) != SK_INTERNAL || !strstr(sk_status_message(status), first) ||
      !strstr(sk_status_message(status), second)) {
    fail_msg("'%s' lacks '%s' or '%s'", sk_status_message(status), first, second);
  }
  sk_status_free(status);
}

static void outside(void **state) {
  (void)state;
  expect_caught((shifts){1, 0, 0}, "end", "double_1", "past the end of argument 0");
  expect_caught((shifts){-1, 0, 0}, "start", "double_1", "before the start of argument 0");
  expect_caught((shifts){0, 1, 0}, "end", "double_1", "temporaries");
  expect_caught((shifts){0, -1, 0}, "start", "double_1", "temporaries");
  expect_caught((shifts){0, 0, 1}, "end", "turn_2", "past the end of result 0");
  expect_caught((shifts){0, 0, -1}, "start", "turn_2", "before the start of result 0");
  // On the other side a write does not fault: it changes what lies there.
  expect_caught((shifts){0, 0, -1}, "end", "writes around", "result 0");
  expect_caught((shifts){0, 0, 1}, "start", "writes around", "result 0");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(inside),
      cmocka_unit_test(outside),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
