// SPDX-License-Identifier: Apache-2.0
// Custom calls through the C API: what a handler is told and where its results are, who is asked for one, what its errors
// become, and buffers whose contents come later.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "skarn/skarn.h"

static skarn_client *client;

static void expect_ok(skarn_status *status) {
  if (status) {
    fail_msg("%s", skarn_status_message(status));
  }
}

static void expect(skarn_status *status, skarn_code code, const char *part) {
  if (skarn_status_code(status) != code || !strstr(skarn_status_message(status), part)) {
    fail_msg("'%s' is not %s '%s'", skarn_status_message(status), skarn_code_name(code), part);
  }
  skarn_status_free(status);
}

static int set_up(void **state) {
  (void)state;
  expect_ok(skarn_client_create(NULL, &client));
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  skarn_client_release(client);
  return 0;
}

static skarn_status *compile(const char *text, skarn_executable **out) {
  skarn_program program = SKARN_INIT(skarn_program);
  program.data = text;
  program.size = strlen(text);
  return skarn_compile(client, &program, NULL, out);
}

static skarn_buffer *put(const float *data, int64_t count) {
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  skarn_buffer *buffer;
  array.data = data;
  array.type = SKARN_TYPE_F32;
  array.rank = 1;
  array.dims = &count;
  expect_ok(skarn_buffer_from_host(skarn_client_device(client, 0), &array, NULL, &buffer));
  return buffer;
}

// ---- handlers

static int instantiated, destroyed;

static skarn_status *instantiate(const skarn_custom_call_frame *frame, void **out_state) {
  instantiated++;
  *out_state = frame->user;
  return NULL;
}

static void destroy(void *user, void *state) { destroyed += user == state; }

static skarn_status *shift(const skarn_custom_call_frame *frame) {
  assert_string_equal(frame->target, "shift");
  assert_ptr_equal(frame->state, frame->user);
  assert_int_equal(frame->argument_count, 1);
  assert_int_equal(frame->result_count, 1);
  assert_int_equal(frame->arguments[0].type, SKARN_TYPE_F32);
  assert_int_equal(frame->arguments[0].dims[0], 4);
  assert_int_equal(frame->attribute_count, 1);
  assert_string_equal(frame->attributes[0].name, "opaque");
  assert_int_equal(frame->attributes[0].kind, SKARN_ATTRIBUTE_STRING);
  assert_string_equal((const char *)frame->attributes[0].data, "by");
  assert_non_null(frame->device);
  if (!frame->context) {
    return skarn_status_create(SKARN_ABORTED, "no context");
  }
  for (int i = 0; i < 4; i++) {
    ((float *)frame->results[0].data)[i] =
        ((const float *)frame->arguments[0].data)[i] + *(const float *)frame->context;
  }
  return NULL;
}

static const char program[] =
    "func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {\n"
    "  %0 = stablehlo.custom_call @shift(%a) {backend_config = \"by\"} : (tensor<4xf32>) -> "
    "tensor<4xf32>\n"
    "  return %0 : tensor<4xf32> }\n";

static void run_shift(void) {
  static const float data[] = {1, 2, 3, 4};
  float by = 10, out[4];
  skarn_executable *f;
  skarn_buffer *x = put(data, 4), *y;
  expect_ok(compile(program, &f));
  skarn_execute_options options = SKARN_INIT(skarn_execute_options);
  options.custom_call_context = &by;
  options.may_return_early = true;  // never with a handler
  for (int i = 0; i < 3; i++) {
    expect_ok(skarn_executable_execute(f, &x, 1, &options, &y, 1));
    expect_ok(skarn_buffer_to_host(y, out, sizeof out, NULL, NULL));
    assert_true(out[0] == 11 && out[3] == 14);
    skarn_buffer_release(y);
  }
  expect(skarn_executable_execute(f, &x, 1, NULL, &y, 1), SKARN_ABORTED, "no context");
  assert_null(y);
  skarn_buffer_release(x);
  skarn_executable_release(f);
}

static void calls_registered_handlers(void **state) {
  (void)state;
  skarn_executable *f;
  expect(compile(program, &f), SKARN_UNIMPLEMENTED, "no handler for custom call target 'shift'");
  int user;
  skarn_custom_call call = SKARN_INIT(skarn_custom_call);
  call.target = "shift";
  expect(skarn_client_register_custom_call(client, &call), SKARN_INVALID_ARGUMENT, "execute");
  call.execute = shift;
  call.instantiate = instantiate;
  call.destroy = destroy;
  call.user = &user;
  expect_ok(skarn_client_register_custom_call(client, &call));
  expect(skarn_client_register_custom_call(client, &call), SKARN_ALREADY_EXISTS, "shift");
  instantiated = destroyed = 0;
  run_shift();
  assert_int_equal(instantiated, 1);
  assert_int_equal(destroyed, 1);
}

static int asked;

static bool find(void *user, const char *target, skarn_custom_call *out_handler) {
  asked++;
  out_handler->execute = shift;
  out_handler->instantiate = instantiate;
  out_handler->user = user;
  return strcmp(target, "shift") == 0;
}

static void asks_for_handlers(void **state) {
  (void)state;
  skarn_client_release(client);
  skarn_client_options options = SKARN_INIT(skarn_client_options);
  options.find_custom_call = find;
  options.find_user = &asked;
  expect_ok(skarn_client_create(&options, &client));
  asked = 0;
  run_shift();
  run_shift();
  assert_int_equal(asked, 1);
}

// An executable that was saved finds its handler where it is loaded, or says which one it lacks.
static void loads_calls(void **state) {
  (void)state;
  skarn_custom_call call = SKARN_INIT(skarn_custom_call);
  call.target = "shift";
  call.execute = shift;
  call.instantiate = instantiate;
  expect_ok(skarn_client_register_custom_call(client, &call));
  skarn_executable *f, *again;
  skarn_bytes *bytes;
  expect_ok(compile(program, &f));
  expect_ok(skarn_executable_serialize(f, &bytes));
  skarn_executable_release(f);
  skarn_client_release(client);
  expect_ok(skarn_client_create(NULL, &client));
  expect_ok(skarn_executable_deserialize(client, skarn_bytes_data(bytes), skarn_bytes_size(bytes),
                                         NULL, &again));
  skarn_bytes_release(bytes);
  static const float data[] = {1, 2, 3, 4};
  skarn_buffer *x = put(data, 4), *y;
  expect(skarn_executable_execute(again, &x, 1, NULL, &y, 1), SKARN_UNIMPLEMENTED, "'shift'");
  skarn_buffer_release(x);
  skarn_executable_release(again);
}

// ---- results in the place of operands

// Adds 1 to its results, where the operands are; leaves the first element of each alone.
static skarn_status *bump(const skarn_custom_call_frame *frame) {
  for (size_t i = 0; i < frame->result_count; i++) {
    float *data = frame->results[i].data;
    assert_ptr_equal(data, frame->arguments[frame->argument_count - 1 - i].data);
    for (int k = 1; k < 4; k++) {
      data[k] += 1;
    }
  }
  return NULL;
}

// Operands that are an argument, one that is donated, a sum, a constant, a result of another call; all of them read again.
static const char bumps[] =
    "func.func @main(%a: tensor<4xf32>, %b: tensor<4xf32> {tf.aliasing_output = 1 : i32}) -> "
    "(tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {\n"
    "  %sum = stablehlo.add %a, %b : tensor<4xf32>\n"
    "  %c = stablehlo.constant dense<[10.0, 20.0, 30.0, 40.0]> : tensor<4xf32>\n"
    "  %0 = stablehlo.custom_call @bump(%c, %a) {output_operand_aliases = "
    "[#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 1, "
    "operand_tuple_indices = []>]} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>\n"
    "  %1:2 = stablehlo.custom_call @bump(%sum, %b) {output_operand_aliases = "
    "[#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 1, "
    "operand_tuple_indices = []>, #stablehlo.output_operand_alias<output_tuple_indices = [1], "
    "operand_index = 0, operand_tuple_indices = []>]} : (tensor<4xf32>, tensor<4xf32>) -> "
    "(tensor<4xf32>, tensor<4xf32>)\n"
    "  %2 = stablehlo.custom_call @bump(%0, %c) {output_operand_aliases = "
    "[#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 1, "
    "operand_tuple_indices = []>]} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>\n"
    "  %3 = stablehlo.add %c, %sum : tensor<4xf32>\n"
    "  %4 = stablehlo.add %a, %b : tensor<4xf32>\n"
    "  return %0, %1#0, %1#1, %2, %3, %4 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, "
    "tensor<4xf32>, tensor<4xf32>, tensor<4xf32> }\n";

static void calls_in_place(void **state) {
  (void)state;
  static const float a[] = {1, 2, 3, 4}, b[] = {100, 200, 300, 400};
  static const float first[6] = {1, 100, 101, 10, 111, 101}, last[6] = {5, 401, 405, 41, 444, 404};
  skarn_custom_call call = SKARN_INIT(skarn_custom_call);
  call.target = "bump";
  call.execute = bump;
  expect_ok(skarn_client_register_custom_call(client, &call));
  skarn_executable *f;
  expect_ok(compile(bumps, &f));
  skarn_buffer *args[] = {put(a, 4), put(b, 4)}, *results[6];
  expect_ok(skarn_executable_execute(f, args, 2, NULL, results, 6));
  for (int i = 0; i < 6; i++) {
    float out[4];
    expect_ok(skarn_buffer_to_host(results[i], out, sizeof out, NULL, NULL));
    assert_float_equal(out[0], first[i], 0);
    assert_float_equal(out[3], last[i], 0);
    skarn_buffer_release(results[i]);
  }
  float out[4];
  expect_ok(skarn_buffer_to_host(args[0], out, sizeof out, NULL, NULL));
  assert_float_equal(out[3], 4, 0);
  skarn_buffer_release(args[0]);
  skarn_buffer_release(args[1]);
  skarn_executable_release(f);
}

// ---- contents that come later

static void waits_for_contents(void **state) {
  (void)state;
  skarn_executable *f;
  expect_ok(compile("func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {\n"
                    "  %0 = stablehlo.add %a, %a : tensor<4xf32>\n"
                    "  return %0 : tensor<4xf32> }\n",
                    &f));
  const int64_t dims[] = {4};
  skarn_event *ready, *done;
  skarn_buffer *x, *y;
  expect_ok(skarn_event_create(&ready));
  expect_ok(skarn_buffer_create_pending(skarn_client_device(client, 0), SKARN_TYPE_F32, 1, dims,
                                        ready, &x));
  skarn_execute_options options = SKARN_INIT(skarn_execute_options);
  options.may_return_early = true;
  options.out_done = &done;
  expect_ok(skarn_executable_execute(f, &x, 1, &options, &y, 1));
  assert_false(skarn_event_is_ready(done));
  assert_non_null(skarn_buffer_data(y));
  float *data = skarn_buffer_mutable_data(x);
  for (int i = 0; i < 4; i++) {
    data[i] = 3;
  }
  expect_ok(skarn_event_set(ready, NULL));
  float out[4];
  expect_ok(skarn_buffer_to_host(y, out, sizeof out, NULL, NULL));
  assert_true(out[0] == 6 && out[3] == 6);
  expect_ok(skarn_event_await(done));
  skarn_event_release(done);
  skarn_event_release(ready);
  skarn_buffer_release(x);
  skarn_buffer_release(y);
  skarn_executable_release(f);
}

// ---- threads that register

enum { THREADS = 4, TARGETS = 100 };
static _Atomic int arrived, entered, refused;

static skarn_status *do_nothing(const skarn_custom_call_frame *frame) {
  (void)frame;
  return NULL;
}

static void *register_all(void *unused) {
  for (int i = 0; i < TARGETS; i++) {
    char target[32];
    snprintf(target, sizeof target, "shared_%d", i);
    skarn_custom_call call = SKARN_INIT(skarn_custom_call);
    call.target = target;
    call.execute = do_nothing;
    atomic_fetch_add(&arrived, 1);
    while (atomic_load(&arrived) < THREADS * (i + 1)) {  // all at once
      sched_yield();
    }
    skarn_status *status = skarn_client_register_custom_call(client, &call);
    atomic_fetch_add(skarn_status_code(status) == SKARN_ALREADY_EXISTS ? &refused : &entered, 1);
    skarn_status_free(status);
  }
  return unused;
}

// Of threads that register the same target one succeeds, and the others are told.
static void registers_each_target_once(void **state) {
  (void)state;
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, register_all, NULL), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  assert_int_equal(entered, TARGETS);
  assert_int_equal(refused, TARGETS * (THREADS - 1));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(calls_registered_handlers),
      TEST(asks_for_handlers),
      TEST(loads_calls),
      TEST(calls_in_place),
      TEST(waits_for_contents),
      TEST(registers_each_target_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
