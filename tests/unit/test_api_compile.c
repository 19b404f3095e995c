// SPDX-License-Identifier: Apache-2.0
// The C API with the compiler behind it: a program on every executor and thread count, saved and
// loaded, donated, limited; errors with positions and diagnostics; stages, dumps, conversion and
// self-checking programs; structs older and newer than the library's; memory that runs out anywhere.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/thread.h"
#include "compile/compile.h"
#include "skarn/skarn.h"

static const char softmax[] =
    "module @soft {\n"
    "  func.func public @main(%x: tensor<64x100xf32>) -> (tensor<64x100xf32>, tensor<64xf32>) {\n"
    "    %zero = stablehlo.constant dense<0.0> : tensor<f32>\n"
    "    %scale = stablehlo.constant dense<[0.5]> : tensor<1xf32>\n"
    "    %s = stablehlo.broadcast_in_dim %scale, dims = [0] : (tensor<1xf32>) -> "
    "tensor<64x100xf32>\n"
    "    %y = stablehlo.multiply %x, %s : tensor<64x100xf32>\n"
    "    %e = stablehlo.exponential %y : tensor<64x100xf32>\n"
    "    %r = stablehlo.reduce(%e init: %zero) applies stablehlo.add across dimensions = [1]\n"
    "      : (tensor<64x100xf32>, tensor<f32>) -> tensor<64xf32>\n"
    "    %b = stablehlo.broadcast_in_dim %r, dims = [0] : (tensor<64xf32>) -> tensor<64x100xf32>\n"
    "    %d = stablehlo.divide %e, %b : tensor<64x100xf32>\n"
    "    return %d, %r : tensor<64x100xf32>, tensor<64xf32>\n"
    "  }\n"
    "}\n";

enum { ROWS = 64, COLUMNS = 100 };

static skarn_program source(const char *text) {
  skarn_program program = {sizeof program, "test.mlir", text, strlen(text)};
  return program;
}

static void expect_ok(skarn_status *status) {
  if (status) {
    char message[2000];
    skarn_status_format(status, message, sizeof message);
    fail_msg("%s", message);
  }
}

static void expect_error(skarn_status *status, skarn_code code, const char *part) {
  char message[2000];
  skarn_status_format(status, message, sizeof message);
  if (skarn_status_code(status) != code || !strstr(message, part)) {
    fail_msg("'%s' is not %s with '%s'", message, skarn_code_name(code), part);
  }
  skarn_status_free(status);
}

static skarn_client *new_client(void) {
  skarn_client *client;
  expect_ok(skarn_client_create(NULL, &client));
  return client;
}

static skarn_executable *compile(skarn_client *client, const char *text, size_t count,
                                 const skarn_option *options) {
  skarn_program program = source(text);
  skarn_compile_options with = SKARN_INIT(skarn_compile_options);
  with.options = options;
  with.option_count = count;
  skarn_executable *executable;
  expect_ok(skarn_compile(client, &program, &with, &executable));
  return executable;
}

static skarn_buffer *input(skarn_client *client) {
  static float data[ROWS * COLUMNS];
  static const int64_t dims[2] = {ROWS, COLUMNS};
  for (int i = 0; i < ROWS * COLUMNS; i++) {
    data[i] = (float)(i % 37) / 8.0f - 2.0f;
  }
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  array.data = data;
  array.type = SKARN_TYPE_F32;
  array.rank = 2;
  array.dims = dims;
  skarn_buffer *buffer;
  expect_ok(skarn_buffer_from_host(skarn_client_device(client, 0), &array, NULL, &buffer));
  return buffer;
}

static void run(const skarn_executable *executable, skarn_buffer *x, float *out) {
  skarn_buffer *results[2];
  expect_ok(skarn_executable_execute(executable, &x, 1, NULL, results, 2));
  size_t bytes = ROWS * COLUMNS * sizeof(float);
  expect_ok(skarn_buffer_to_host(results[0], out, bytes, NULL, NULL));
  expect_ok(
      skarn_buffer_to_host(results[1], out + ROWS * COLUMNS, ROWS * sizeof(float), NULL, NULL));
  skarn_buffer_release(results[0]);
  skarn_buffer_release(results[1]);
}

// ---- running

static void every_executor_agrees(void **state) {
  (void)state;
  skarn_client *client = new_client();
  skarn_buffer *x = input(client);
  static float native[ROWS * COLUMNS + ROWS], other[ROWS * COLUMNS + ROWS];
  static const char *const threads[] = {"1", "2", "3", "8"};
  for (size_t t = 0; t < SK_COUNT(threads); t++) {
    const skarn_option options[] = {{"threads", threads[t]}};
    skarn_executable *executable = compile(client, softmax, 1, options);
    run(executable, x, t == 0 ? native : other);
    if (t != 0) {
      assert_memory_equal(native, other, sizeof native);
    }
    skarn_executable_release(executable);
  }
  const skarn_option loop = {"via", "loop"}, interp = {"via", "interp"};
  skarn_executable *executable = compile(client, softmax, 1, &loop);
  skarn_executable_info info = SKARN_INIT(skarn_executable_info);
  expect_ok(skarn_executable_get_info(executable, &info));
  assert_string_equal(info.via, "loop");
  assert_string_equal(info.isa, "none");
  run(executable, x, other);
  assert_memory_equal(native, other, sizeof native);
  skarn_executable_release(executable);
  executable = compile(client, softmax, 1, &interp);
  expect_ok(skarn_executable_get_info(executable, &info));
  assert_string_equal(info.via, "interp");
  run(executable, x, other);
  for (int i = 0; i < ROWS * COLUMNS + ROWS; i++) {
    float difference = native[i] - other[i];
    assert_true(difference < 1e-5f * other[i] && difference > -1e-5f * other[i]);
  }
  skarn_bytes *bytes;
  expect_error(skarn_executable_serialize(executable, &bytes), SKARN_UNIMPLEMENTED,
               "'soft' runs through 'interp' and cannot be saved");
  skarn_executable_release(executable);
  skarn_buffer_release(x);
  skarn_client_release(client);
}

static void saved_executables_are_equal(void **state) {
  (void)state;
  skarn_client *client = new_client();
  skarn_buffer *x = input(client);
  static float direct[ROWS * COLUMNS + ROWS], loaded[ROWS * COLUMNS + ROWS];
  for (int loop = 0; loop < 2; loop++) {
    const skarn_option options[] = {{"via", loop ? "loop" : "native"}};
    skarn_executable *executable = compile(client, softmax, 1, options), *again;
    skarn_bytes *bytes, *more;
    run(executable, x, direct);
    expect_ok(skarn_executable_serialize(executable, &bytes));
    expect_ok(skarn_executable_deserialize(client, skarn_bytes_data(bytes), skarn_bytes_size(bytes),
                                           NULL, &again));
    run(again, x, loaded);
    assert_memory_equal(direct, loaded, sizeof direct);
    skarn_executable_info first = SKARN_INIT(skarn_executable_info), second = first;
    expect_ok(skarn_executable_get_info(executable, &first));
    expect_ok(skarn_executable_get_info(again, &second));
    assert_int_equal(first.fingerprint, second.fingerprint);
    assert_string_equal(first.via, second.via);
    assert_int_equal(first.op_count, second.op_count);
    assert_true(first.compile_us > 0 && second.compile_us == 0);
    // Compiled again, the same bytes.
    skarn_executable *twin = compile(client, softmax, 1, options);
    expect_ok(skarn_executable_serialize(twin, &more));
    assert_int_equal(skarn_bytes_size(bytes), skarn_bytes_size(more));
    assert_memory_equal(skarn_bytes_data(bytes), skarn_bytes_data(more), skarn_bytes_size(bytes));
    skarn_bytes_release(bytes);
    skarn_bytes_release(more);
    skarn_executable_release(executable);
    skarn_executable_release(again);
    skarn_executable_release(twin);
  }
  skarn_buffer_release(x);
  skarn_client_release(client);
}

static void says_what_it_is(void **state) {
  (void)state;
  skarn_client *client = new_client();
  const skarn_option options[] = {{"time", "true"}, {"verify", "true"}};
  skarn_executable *executable = compile(client, softmax, 2, options);
  skarn_executable_info info = SKARN_INIT(skarn_executable_info);
  expect_ok(skarn_executable_get_info(executable, &info));
  assert_string_equal(info.name, "soft");
  assert_string_equal(info.via, "native");
  assert_int_equal(info.argument_count, 1);
  assert_int_equal(info.result_count, 2);
  assert_int_equal(info.argument_bytes, 4 * ROWS * COLUMNS);
  assert_int_equal(info.result_bytes, 4 * ROWS * COLUMNS + 4 * ROWS);
  assert_true(info.op_count >= 9 && info.kernel_count >= 1 && info.code_bytes > 100);
  assert_true(info.parse_us > 0 && info.compile_us > 0 && info.fingerprint != 0);
  skarn_value_info value = SKARN_INIT(skarn_value_info);
  expect_ok(skarn_executable_result(executable, 1, &value));
  assert_string_equal(value.type_text, "tensor<64xf32>");
  assert_int_equal(value.type, SKARN_TYPE_F32);
  assert_int_equal(value.rank, 1);
  assert_int_equal(value.dims[0], 64);
  assert_int_equal(value.bytes, 256);
  assert_int_equal(value.alias, -1);
  assert_string_equal(value.memory_kind, "device");
  expect_error(skarn_executable_result(executable, 2, &value), SKARN_OUT_OF_RANGE, "value 2 of 2");
  assert_ptr_equal(skarn_executable_client(executable), client);
  // Stages in order, the same names as everywhere.
  size_t stages = skarn_executable_stage_count(executable);
  assert_true(stages >= 9);
  double sum = 0;
  for (size_t i = 0; i < stages; i++) {
    skarn_stage_info stage = SKARN_INIT(skarn_stage_info);
    expect_ok(skarn_executable_stage(executable, i, &stage));
    sk_stage id;
    assert_true(sk_stage_find(stage.name, &id));
    sum += stage.us;
    if (id == SK_STAGE_PARSE) {
      assert_int_equal(i, 0);
      assert_int_equal(stage.ops_out, info.op_count);
      assert_true(stage.arena_bytes > 0);
    }
  }
  assert_true(sum > 0 && sum <= info.parse_us + info.compile_us);
  skarn_stage_info beyond = SKARN_INIT(skarn_stage_info);
  expect_error(skarn_executable_stage(executable, stages, &beyond), SKARN_OUT_OF_RANGE, "stage");
  skarn_executable_release(executable);
  executable = compile(client, softmax, 0, NULL);
  assert_int_equal(skarn_executable_stage_count(executable), 0);
  skarn_executable_release(executable);
  skarn_client_release(client);
}

// A step whose state is donated: the state stays where it is, and memory in use is that of one state.
static void donated_state_stays_in_place(void **state) {
  (void)state;
  enum { COUNT = 50000, STEPS = 3 };
  static const char step[] = "func.func @main(%s: tensor<50000xf32> {tf.aliasing_output = 0 : "
                             "i32}, %g: tensor<50000xf32>)\n"
                             "    -> tensor<50000xf32> {\n"
                             "  %0 = stablehlo.multiply %s, %g : tensor<50000xf32>\n"
                             "  %1 = stablehlo.add %0, %g : tensor<50000xf32>\n"
                             "  return %1 : tensor<50000xf32>\n"
                             "}\n";
  static float ones[COUNT], out[COUNT];
  for (int i = 0; i < COUNT; i++) {
    ones[i] = 1;
  }
  skarn_client *client = new_client();
  skarn_executable *executable = compile(client, step, 0, NULL);
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  const int64_t dims[1] = {COUNT};
  array.data = ones;
  array.type = SKARN_TYPE_F32;
  array.rank = 1;
  array.dims = dims;
  skarn_buffer *args[2];
  expect_ok(skarn_buffer_from_host(skarn_client_device(client, 0), &array, NULL, &args[0]));
  expect_ok(skarn_buffer_from_host(skarn_client_device(client, 0), &array, NULL, &args[1]));
  const void *place = skarn_buffer_data(args[0]);
  skarn_memory_stats before = SKARN_INIT(skarn_memory_stats), after = before;
  expect_ok(skarn_client_memory_stats(client, &before));
  for (int i = 0; i < STEPS; i++) {
    skarn_buffer *result;
    expect_ok(skarn_executable_execute(executable, args, 2, NULL, &result, 1));
    assert_true(skarn_buffer_is_deleted(args[0]));
    assert_ptr_equal(skarn_buffer_data(result), place);
    skarn_buffer_release(args[0]);
    args[0] = result;
  }
  expect_ok(skarn_client_memory_stats(client, &after));
  assert_true(after.peak_bytes_in_use < before.peak_bytes_in_use + sizeof ones / 2);
  expect_ok(skarn_buffer_to_host(args[0], out, sizeof out, NULL, NULL));
  assert_true(out[0] == 1 + STEPS && out[COUNT - 1] == 1 + STEPS);
  // Someone else looks at it: then the result is elsewhere, and the state as it was.
  const void *seen;
  expect_ok(skarn_buffer_add_external_ref(args[0], &seen));
  skarn_buffer *result;
  expect_ok(skarn_executable_execute(executable, args, 2, NULL, &result, 1));
  assert_ptr_not_equal(skarn_buffer_data(result), place);
  assert_true(((const float *)seen)[7] == 1 + STEPS);
  expect_ok(skarn_buffer_to_host(result, out, sizeof out, NULL, NULL));
  assert_true(out[7] == 2 + STEPS);
  skarn_buffer_drop_external_ref(args[0]);
  skarn_buffer_release(result);
  skarn_buffer_release(args[0]);
  skarn_buffer_release(args[1]);
  skarn_executable_release(executable);
  skarn_client_release(client);
}

static void attributes_reach_the_signature(void **state) {
  (void)state;
  skarn_client *client = new_client();
  static const char text[] =
      "func.func @main(%a: tensor<4xf32> {mhlo.sharding = \"{replicated}\"},\n"
      "    %b: tensor<4xf32> {tf.aliasing_output = 1 : i32}, %c: tensor<2xi8> {jax.buffer_donor = "
      "true}, %d: tensor<2xi8> {jax.buffer_donor = true})\n"
      "    -> (tensor<4xf32> {jax.result_info = \"[0]\", mhlo.layout_mode = \"default\"}, "
      "tensor<4xf32>, tensor<1x2xi8>) {\n"
      "  %0 = stablehlo.add %a, %b : tensor<4xf32>\n"
      "  %1 = stablehlo.add %c, %d : tensor<2xi8>\n"
      "  %2 = stablehlo.reshape %1 : (tensor<2xi8>) -> tensor<1x2xi8>\n"
      "  return %a, %0, %2 : tensor<4xf32>, tensor<4xf32>, tensor<1x2xi8>\n"
      "}\n";
  const skarn_option donate = {"donate", "0"};
  skarn_executable *executable = compile(client, text, 1, &donate);
  skarn_value_info v = SKARN_INIT(skarn_value_info);
  expect_ok(skarn_executable_argument(executable, 0, &v));
  assert_string_equal(v.sharding, "{replicated}");
  assert_true(v.donor && v.alias == -1);
  expect_ok(skarn_executable_argument(executable, 1, &v));
  assert_true(v.donor && v.alias == 1);
  expect_ok(skarn_executable_argument(executable, 2, &v));
  assert_true(v.donor && v.alias == -1);
  assert_string_equal(v.type_text, "tensor<2xi8>");
  // One result can take the storage of one argument of its size: the second is not used up.
  expect_ok(skarn_executable_argument(executable, 3, &v));
  assert_true(!v.donor && v.alias == -1);
  expect_ok(skarn_executable_result(executable, 0, &v));
  assert_string_equal(v.name, "[0]");
  assert_string_equal(v.layout, "default");
  expect_ok(skarn_executable_result(executable, 1, &v));
  assert_int_equal(v.alias, 1);
  skarn_executable_release(executable);
  static const char bad[] =
      "func.func @main(%b: tensor<4xf32> {tf.aliasing_output = 3 : i32}) -> tensor<4xf32> {\n"
      "  return %b : tensor<4xf32>\n"
      "}\n";
  skarn_program program = source(bad);
  expect_error(skarn_compile(client, &program, NULL, &executable), SKARN_INVALID_ARGUMENT,
               "does not name a result");
  skarn_client_release(client);
}

// Arguments passed through are copied; donated ones are gone afterwards.
static void arguments_pass_through(void **state) {
  (void)state;
  skarn_client *client = new_client();
  static const char text[] = "func.func @main(%a: tensor<64x100xf32>) -> (tensor<64x100xf32>,\n"
                             "    tensor<64x100xf32>) {\n"
                             "  return %a, %a : tensor<64x100xf32>, tensor<64x100xf32>\n"
                             "}\n";
  for (int donate = 0; donate < 2; donate++) {
    const skarn_option options[] = {{"donate", donate ? "0" : ""}};
    skarn_executable *executable = compile(client, text, 1, options);
    skarn_buffer *x = input(client), *results[2];
    expect_ok(skarn_executable_execute(executable, &x, 1, NULL, results, 2));
    assert_int_equal(skarn_buffer_is_deleted(x), donate);
    assert_ptr_not_equal(skarn_buffer_data(results[0]), skarn_buffer_data(results[1]));
    assert_memory_equal(skarn_buffer_data(results[0]), skarn_buffer_data(results[1]),
                        4 * ROWS * COLUMNS);
    if (!donate) {
      assert_ptr_not_equal(skarn_buffer_data(results[0]), skarn_buffer_data(x));
      assert_memory_equal(skarn_buffer_data(results[0]), skarn_buffer_data(x), 4 * ROWS * COLUMNS);
    }
    skarn_buffer_release(x);
    skarn_buffer_release(results[0]);
    skarn_buffer_release(results[1]);
    skarn_executable_release(executable);
  }
  skarn_client_release(client);
}

static void limits_hold(void **state) {
  (void)state;
  skarn_client *client = new_client();
  const skarn_option tight = {"memory-limit", "1000"};
  skarn_program program = source(softmax);
  skarn_compile_options options = SKARN_INIT(skarn_compile_options);
  options.options = &tight;
  options.option_count = 1;
  skarn_executable *executable;
  expect_error(skarn_compile(client, &program, &options, &executable), SKARN_RESOURCE_EXHAUSTED,
               "its limit is 1000");
  skarn_client_release(client);
  skarn_client_options limited = SKARN_INIT(skarn_client_options);
  limited.memory_limit_bytes = 40000;
  expect_ok(skarn_client_create(&limited, &client));
  executable = compile(client, softmax, 0, NULL);
  skarn_buffer *x = input(client), *results[2] = {x, x};
  expect_error(skarn_executable_execute(executable, &x, 1, NULL, results, 2),
               SKARN_RESOURCE_EXHAUSTED, "memory limit of 40000");
  assert_null(results[0]);
  assert_null(results[1]);
  skarn_memory_stats stats = SKARN_INIT(skarn_memory_stats);
  expect_ok(skarn_client_memory_stats(client, &stats));
  assert_int_equal(stats.buffer_count, 1);
  assert_int_equal(stats.bytes_limit, 40000);
  assert_true(stats.code_bytes_in_use > 0);
  skarn_buffer_release(x);
  skarn_executable_release(executable);
  skarn_client_release(client);
}

// Where executable memory is forbidden, native becomes loop.
static void runs_without_executable_memory(void **state) {
  (void)state;
  sk_client *forbidden;
  assert_null(sk_client_create(&(sk_client_config){.code_mode = SK_CODEMEM_NONE}, &forbidden));
  skarn_client *client = new_client(), *without = (skarn_client *)(void *)forbidden;
  static float native[ROWS * COLUMNS + ROWS], other[ROWS * COLUMNS + ROWS];
  skarn_executable *executable = compile(without, softmax, 0, NULL);
  skarn_executable_info info = SKARN_INIT(skarn_executable_info);
  expect_ok(skarn_executable_get_info(executable, &info));
  assert_string_equal(info.via, "loop");
  skarn_buffer *x = input(without);
  run(executable, x, other);
  skarn_buffer_release(x);
  skarn_executable_release(executable);
  executable = compile(client, softmax, 0, NULL);
  x = input(client);
  run(executable, x, native);
  assert_memory_equal(native, other, sizeof native);
  // Native code cannot be loaded there.
  skarn_bytes *bytes;
  skarn_executable *loaded;
  expect_ok(skarn_executable_serialize(executable, &bytes));
  expect_error(skarn_executable_deserialize(without, skarn_bytes_data(bytes),
                                            skarn_bytes_size(bytes), NULL, &loaded),
               SKARN_UNIMPLEMENTED, "executable memory");
  skarn_bytes_release(bytes);
  skarn_buffer_release(x);
  skarn_executable_release(executable);
  skarn_client_release(client);
  skarn_client_release(without);
}

// ---- errors

static void errors_have_positions(void **state) {
  (void)state;
  skarn_client *client = new_client();
  static const struct {
    const char *text, *part;
    skarn_code code;
  } cases[] = {
      {"func.func @main() -> tensor<f32> {\n  return %x : tensor<f32>\n}\n",
       "test.mlir:2:", SKARN_INVALID_ARGUMENT},
      {"func.func @main(%a: tensor<2xf32>, %b: tensor<3xf32>) -> tensor<2xf32> {\n"
       "  %0 = \"stablehlo.add\"(%a, %b) : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>\n"
       "  return %0 : tensor<2xf32>\n}\n",
       "test.mlir:2:", SKARN_INVALID_ARGUMENT},
      {"func.func @other() {\n  return\n}\nfunc.func @third() {\n  return\n}\n",
       "2 public functions and none named @main", SKARN_NOT_FOUND},
      {"func.func private @main()\n", "no body", SKARN_INVALID_ARGUMENT},
      {"", "test.mlir", SKARN_NOT_FOUND},
      {"func.func @main(%a: tensor<?xf32>) -> tensor<?xf32> {\n  return %a : tensor<?xf32>\n}\n",
       "test.mlir:1:", SKARN_UNIMPLEMENTED},
  };
  for (size_t i = 0; i < SK_COUNT(cases); i++) {
    skarn_program program = source(cases[i].text);
    skarn_executable *executable = (skarn_executable *)(void *)client;
    skarn_status *status = skarn_compile(client, &program, NULL, &executable);
    assert_null(executable);
    if (strncmp(cases[i].part, "test.mlir:", 10) == 0) {
      assert_string_equal(skarn_status_file(status), "test.mlir");
      assert_true(skarn_status_line(status) > 0 && skarn_status_column(status) > 0);
    }
    expect_error(status, cases[i].code, cases[i].part);
  }
  skarn_client_release(client);
}

static void options_are_checked(void **state) {
  (void)state;
  skarn_client *client = new_client();
  skarn_program program = source(softmax);
  skarn_executable *executable;
  static const struct {
    skarn_option option;
    skarn_code code;
  } cases[] = {{{"thread", "1"}, SKARN_NOT_FOUND},
               {{"threads", "many"}, SKARN_INVALID_ARGUMENT},
               {{"isa", "v9"}, SKARN_INVALID_ARGUMENT},
               {{"threads", NULL}, SKARN_INVALID_ARGUMENT},
               {{NULL, "1"}, SKARN_INVALID_ARGUMENT}};
  for (size_t i = 0; i < SK_COUNT(cases); i++) {
    skarn_compile_options options = SKARN_INIT(skarn_compile_options);
    options.options = &cases[i].option;
    options.option_count = 1;
    expect_error(skarn_compile(client, &program, &options, &executable), cases[i].code, "");
    skarn_client_options with = SKARN_INIT(skarn_client_options);
    with.options = &cases[i].option;
    with.option_count = 1;
    skarn_client *other;
    expect_error(skarn_client_create(&with, &other), cases[i].code, "");
    assert_null(other);
  }
  skarn_compile_options options = SKARN_INIT(skarn_compile_options);
  options.entry = "nobody";
  expect_error(skarn_compile(client, &program, &options, &executable), SKARN_NOT_FOUND, "@nobody");
  options = SKARN_INIT(skarn_compile_options);
  const int32_t devices[2] = {0, 1};
  options.device_ids = devices;
  options.device_count = 2;
  expect_error(skarn_compile(client, &program, &options, &executable), SKARN_UNIMPLEMENTED,
               "device_ids lists 2 devices");
  options.device_count = 1;
  options.device_ids = devices + 1;
  expect_error(skarn_compile(client, &program, &options, &executable), SKARN_INVALID_ARGUMENT,
               "no device 1");
  const int64_t dims[2] = {64, 100};
  skarn_argument_type type = {SKARN_TYPE_F32, 2, dims, NULL};
  options = SKARN_INIT(skarn_compile_options);
  options.argument_types = &type;
  options.argument_type_count = 1;
  expect_ok(skarn_compile(client, &program, &options, &executable));
  skarn_executable_release(executable);
  type.type = SKARN_TYPE_F64;
  expect_error(skarn_compile(client, &program, &options, &executable), SKARN_INVALID_ARGUMENT,
               "argument 0 cannot have the type");
  skarn_client_release(client);
}

// Rows of %a, then as many rows of zeros as %n says.
static const char open_program[] =
    "func.func @main(%a: tensor<?x100xf32>, %n: tensor<i32>) -> tensor<?x100xf32> {\n"
    "  %c = stablehlo.constant dense<100> : tensor<1xi32>\n"
    "  %n1 = stablehlo.reshape %n : (tensor<i32>) -> tensor<1xi32>\n"
    "  %s = stablehlo.concatenate %n1, %c, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> "
    "tensor<2xi32>\n"
    "  %z = stablehlo.constant dense<0.0> : tensor<f32>\n"
    "  %b = stablehlo.dynamic_broadcast_in_dim %z, %s, dims = [] : (tensor<f32>, tensor<2xi32>)\n"
    "      -> tensor<?x100xf32>\n"
    "  %r = stablehlo.concatenate %a, %b, dim = 0 : (tensor<?x100xf32>, tensor<?x100xf32>)\n"
    "      -> tensor<?x100xf32>\n"
    "  return %r : tensor<?x100xf32>\n"
    "}\n";

static void arguments_refine_the_program(void **state) {
  (void)state;
  static const int64_t dims[] = {64, 100}, more[] = {64, 99}, rows = 3;
  skarn_client *client = new_client();
  skarn_program program = source(open_program);
  skarn_executable *executable;
  expect_error(skarn_compile(client, &program, NULL, &executable), SKARN_UNIMPLEMENTED,
               "argument 0 has unknown dimensions");
  skarn_argument_type types[] = {{SKARN_TYPE_F32, 2, dims, NULL},
                                 {SKARN_TYPE_INVALID, 0, NULL, NULL}};
  skarn_compile_options options = SKARN_INIT(skarn_compile_options);
  options.argument_types = types;
  options.argument_type_count = 2;
  expect_error(skarn_compile(client, &program, &options, &executable), SKARN_UNIMPLEMENTED,
               "depends on values that are not known");
  types[1].value = &rows;
  types[0].dims = more;
  expect_error(skarn_compile(client, &program, &options, &executable), SKARN_INVALID_ARGUMENT,
               "argument 0 cannot have the type");
  types[0].dims = dims;
  expect_ok(skarn_compile(client, &program, &options, &executable));
  skarn_value_info result = SKARN_INIT(skarn_value_info);
  expect_ok(skarn_executable_result(executable, 0, &result));
  assert_string_equal(result.type_text, "tensor<67x100xf32>");
  skarn_executable_release(executable);
  skarn_client_release(client);
}

static void count_diagnostic(void *user, const skarn_status *status) {
  assert_int_not_equal(skarn_status_code(status), SKARN_OK);
  ++*(int *)user;
}

static void every_error_is_reported(void **state) {
  (void)state;
  static const char text[] =
      "func.func @main(%a: tensor<2xf32>, %b: tensor<3xf32>) -> tensor<2xf32> {\n"
      "  %0 = \"stablehlo.add\"(%a, %b) : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>\n"
      "  %1 = \"stablehlo.multiply\"(%a, %b) : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>\n"
      "  return %0 : tensor<2xf32>\n}\n";
  skarn_program program = source(text);
  int count = 0;
  skarn_status *status = skarn_program_verify(&program, count_diagnostic, &count);
  assert_int_equal(skarn_status_line(status), 2);
  skarn_status_free(status);
  assert_int_equal(count, 2);
  program = source("not a program");
  count = 0;
  expect_error(skarn_program_verify(&program, count_diagnostic, &count), SKARN_INVALID_ARGUMENT,
               "test.mlir:1:");
  assert_int_equal(count, 1);
  skarn_client *client = new_client();
  skarn_compile_options options = SKARN_INIT(skarn_compile_options);
  options.diagnostic = count_diagnostic;
  options.diagnostic_user = &count;
  program = source(text);
  count = 0;
  skarn_executable *executable;
  skarn_status_free(skarn_compile(client, &program, &options, &executable));
  assert_int_equal(count, 2);
  skarn_client_release(client);
}

// ---- structs of other versions

static void older_and_newer_structs(void **state) {
  (void)state;
  skarn_client *client = new_client();
  // Newer: longer, with a field we do not know.
  struct {
    skarn_program known;
    uint64_t unknown;
  } newer = {.known = source(softmax)};
  newer.known.struct_size = sizeof newer;
  skarn_executable *executable;
  expect_ok(skarn_compile(client, &newer.known, NULL, &executable));
  newer.unknown = 1;
  skarn_executable *refused;
  expect_error(skarn_compile(client, &newer.known, NULL, &refused), SKARN_INVALID_ARGUMENT,
               "does not know");
  newer.known.struct_size = 0;
  expect_error(skarn_compile(client, &newer.known, NULL, &refused), SKARN_INVALID_ARGUMENT,
               "struct_size");
  // Older: only the first fields are written.
  skarn_executable_info info;
  memset(&info, 0x77, sizeof info);
  info.struct_size = offsetof(skarn_executable_info, isa);
  expect_ok(skarn_executable_get_info(executable, &info));
  assert_string_equal(info.via, "native");
  assert_int_equal(info.struct_size, offsetof(skarn_executable_info, isa));
  assert_int_equal(info.argument_count, (size_t)0x7777777777777777);
  skarn_executable_release(executable);
  skarn_client_release(client);
}

// ---- programs as such

static void converts(void **state) {
  (void)state;
  skarn_program program = source(softmax);
  skarn_bytes *text, *again, *generic;
  expect_ok(skarn_program_convert(&program, NULL, &text));
  skarn_program printed = {sizeof printed, "printed", skarn_bytes_data(text),
                           skarn_bytes_size(text)};
  expect_ok(skarn_program_convert(&printed, NULL, &again));
  assert_int_equal(skarn_bytes_size(text), skarn_bytes_size(again));
  assert_memory_equal(skarn_bytes_data(text), skarn_bytes_data(again), skarn_bytes_size(text));
  skarn_convert_options options = SKARN_INIT(skarn_convert_options);
  options.to = "generic";
  options.verify = true;
  expect_ok(skarn_program_convert(&program, &options, &generic));
  assert_non_null(strstr(skarn_bytes_data(generic), "\"stablehlo.exponential\"("));
  skarn_bytes_release(again);
  skarn_bytes_release(generic);
  // Bytecode is recognised when it comes back.
  static const char *const forms[] = {"bytecode", "portable@0.9.0", "portable@1.20"};
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    skarn_bytes *bytes;
    options.to = forms[i];
    expect_ok(skarn_program_convert(&program, &options, &bytes));
    skarn_program written = {sizeof written, "written", skarn_bytes_data(bytes),
                             skarn_bytes_size(bytes)};
    expect_ok(skarn_program_convert(&written, NULL, &again));
    assert_int_equal(skarn_bytes_size(text), skarn_bytes_size(again));
    assert_memory_equal(skarn_bytes_data(text), skarn_bytes_data(again), skarn_bytes_size(text));
    skarn_bytes_release(bytes);
    skarn_bytes_release(again);
  }
  skarn_bytes_release(text);
  // As it is compiled for two devices: one function, with the arguments of both.
  skarn_program halves =
      source("sdy.mesh @m = <[\"x\"=2]>\n"
             "func.func @main(%x: tensor<8xf32> {sdy.sharding = #sdy.sharding<@m, [{\"x\"}]>}) -> "
             "tensor<8xf32> {\n"
             "  %y = func.call @twice(%x) : (tensor<8xf32>) -> tensor<8xf32>\n"
             "  return %y : tensor<8xf32>\n}\n"
             "func.func private @twice(%x: tensor<8xf32>) -> tensor<8xf32> {\n"
             "  %y = stablehlo.add %x, %x : tensor<8xf32>\n  return %y : tensor<8xf32>\n}\n");
  options.to = NULL;
  options.devices = 2;
  expect_ok(skarn_program_convert(&halves, &options, &text));
  assert_non_null(strstr(skarn_bytes_data(text), "%arg1: tensor<4xf32>"));
  assert_null(strstr(skarn_bytes_data(text), "call @twice"));
  skarn_bytes_release(text);
  // On one device shardings stay as they are, and so does the mesh that they name.
  options.devices = 1;
  expect_ok(skarn_program_convert(&halves, &options, &text));
  skarn_program one = {sizeof one, "one", skarn_bytes_data(text), skarn_bytes_size(text)};
  expect_ok(skarn_program_verify(&one, NULL, NULL));
  assert_non_null(strstr(skarn_bytes_data(text), "sdy.mesh @m"));
  skarn_bytes_release(text);
  options.devices = 0;
  static const char *const wrong[] = {"portable@",        "portable@1",      "portable@1.x",
                                      "portable@1.2.3.4", "portable@1.21.0", "latin"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    options.to = wrong[i];
    expect_error(skarn_program_convert(&program, &options, &text), SKARN_INVALID_ARGUMENT,
                 i == 4 ? "1.21" : wrong[i]);
  }
}

static skarn_test_report self_test(const char *text, const char *via, bool keep, int *out_errors) {
  skarn_client *client = new_client();
  skarn_program program = source(text);
  const skarn_option option = {"via", via};
  skarn_compile_options options = SKARN_INIT(skarn_compile_options);
  options.options = &option;
  options.option_count = 1;
  options.diagnostic = count_diagnostic;
  options.diagnostic_user = out_errors;
  skarn_test_report report = SKARN_INIT(skarn_test_report);
  *out_errors = 0;
  expect_ok(skarn_program_test(client, &program, &options, keep, &report));
  skarn_client_release(client);
  return report;
}

static void programs_check_themselves(void **state) {
  (void)state;
  static const char text[] =
      "func.func @inputs() -> tensor<3xf32> {\n"
      "  %c = stablehlo.constant dense<[1.0, 2.0, 4.0]> : tensor<3xf32>\n"
      "  return %c : tensor<3xf32>\n}\n"
      "func.func public @main() -> tensor<3xf32> {\n"
      "  %a = call @inputs() : () -> tensor<3xf32>\n"
      "  %b = stablehlo.add %a, %a : tensor<3xf32>\n"
      "  %one = stablehlo.constant dense<1> : tensor<3xi32>\n"
      "  %two = stablehlo.add %one, %one : tensor<3xi32>\n"
      "  check.expect_eq_const %b, dense<[2.0, 4.0, 8.0]> : tensor<3xf32>\n"
      "  check.expect_eq_const %two, dense<2> : tensor<3xi32>\n"
      "  check.expect_almost_eq_const %b, dense<[2.0, 4.00001, 8.0]> : tensor<3xf32>\n"
      "  stablehlo.custom_call @check.expect_close(%b, %b) {has_side_effect = true}\n"
      "    : (tensor<3xf32>, tensor<3xf32>) -> ()\n"
      "  check.expect_eq_const %b, dense<[2.0, 4.0, 9.0]> : tensor<3xf32>\n"
      "  check.expect_eq_const %two, dense<3> : tensor<3xi32>\n"
      "  return %b : tensor<3xf32>\n}\n";
  static const char *const via[] = {"native", "loop", "interp"};
  int errors;
  for (size_t i = 0; i < SK_COUNT(via); i++) {
    skarn_test_report report = self_test(text, via[i], false, &errors);
    assert_int_equal(report.check_count, 6);
    assert_int_equal(report.failed_count, 2);
    assert_int_equal(errors, 2);
    assert_false(report.moves_only);
    if (i == 0) {
      assert_int_equal(report.constant_count, 2);
      assert_true(report.kernel_count > 0);
      // Left alone, folding answers.
      report = self_test(text, via[i], true, &errors);
      assert_int_equal(report.constant_count, 0);
      assert_int_equal(report.failed_count, 2);
    }
  }
  skarn_test_report moves = self_test(
      "func.func @main() {\n"
      "  %a = stablehlo.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>\n"
      "  %b = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x2xi8>) -> tensor<2x2xi8>\n"
      "  check.expect_eq_const %b, dense<[[1, 3], [2, 4]]> : tensor<2x2xi8>\n"
      "  return\n}\n",
      "native", false, &errors);
  assert_true(moves.moves_only);
  assert_int_equal(moves.failed_count, 0);
}

static void limits_are_listed(void **state) {
  (void)state;
  size_t count;
  const skarn_limit *limits = skarn_limits(&count);
  assert_true(count >= 5);
  for (size_t i = 0; i < count; i++) {
    assert_true(limits[i].name[0] && limits[i].what[0] && limits[i].value > 0);
  }
}

// ---- dumps

static void dumps_are_numbered(void **state) {
  (void)state;
  char directory[] = "/tmp/skarn-dump-XXXXXX", path[64];
  assert_non_null(mkdtemp(directory));
  skarn_client *client = new_client();
  const skarn_option options[] = {
      {"dump", "parse,simplify,vectorise,gen,image"}, {"dump-dir", directory}, {"via", "native"}};
  skarn_executable_release(compile(client, softmax, 3, options));
  static const struct {
    const char *name, *part;
  } files[] = {{"00-parse.mlir", "stablehlo.exponential"},
               {"01-simplify.mlir", "stablehlo.exponential"},
               {"02-vectorise.loop", "kernel 1"},
               {"03-gen.s", ".byte"},
               {"04-image.plan", "executable soft"}};
  for (size_t i = 0; i < SK_COUNT(files); i++) {
    snprintf(path, sizeof path, "%s/%s", directory, files[i].name);
    sk_file file;
    assert_null(sk_file_open(path, 0, &file));
    assert_non_null(memmem(file.data, file.len, files[i].part, strlen(files[i].part)));
    sk_file_close(&file);
    assert_int_equal(unlink(path), 0);
  }
  const skarn_option nowhere[] = {{"dump", "parse"}, {"dump-dir", "/nonexistent"}};
  skarn_program program = source(softmax);
  skarn_compile_options with = SKARN_INIT(skarn_compile_options);
  with.options = nowhere;
  with.option_count = 2;
  skarn_executable *executable;
  expect_error(skarn_compile(client, &program, &with, &executable), SKARN_NOT_FOUND,
               "/nonexistent/00-parse.mlir");
  skarn_client_release(client);
  assert_int_equal(rmdir(directory), 0);
}

// What a stage prints is read back where it is a program; all stages can be printed.
static void stages_print(void **state) {
  (void)state;
  sk_flags flags;
  sk_flags_init(&flags);
  sk_compile_input input_of = {
      .name = "test.mlir", .data = softmax, .len = strlen(softmax), .flags = &flags};
  sk_compilation *c;
  assert_null(sk_compilation_create(&input_of, &c));
  sk_text scheduled, code, again;
  sk_text_init(&scheduled);
  sk_text_init(&code);
  sk_text_init(&again);
  for (int stage = 0; stage < SK_STAGE_COUNT; stage++) {
    sk_text text;
    sk_text_init(&text);
    assert_null(sk_compilation_run(c, (sk_stage)stage));
    sk_compilation_print(c, stage == SK_STAGE_SCHEDULE ? &scheduled
                            : stage == SK_STAGE_GEN    ? &code
                                                       : &text);
    assert_true(stage == SK_STAGE_SCHEDULE || stage == SK_STAGE_GEN || text.len > 10);
    sk_text_fini(&text);
  }
  sk_compilation_destroy(c);
  // From the program tree on, the same code.
  sk_compile_input from = {.name = "scheduled.loop",
                           .data = scheduled.data,
                           .len = scheduled.len,
                           .flags = &flags,
                           .from = SK_STAGE_SCHEDULE};
  assert_null(sk_compilation_create(&from, &c));
  assert_null(sk_compilation_run(c, SK_STAGE_GEN));
  sk_compilation_print(c, &again);
  assert_string_equal(again.data, code.data);
  assert_null(sk_compilation_run(c, SK_STAGE_IMAGE));
  assert_int_equal(c->image.arg_count, 1);
  assert_int_equal(c->image.args[0].dims[0], ROWS * COLUMNS);
  sk_compilation_destroy(c);
  from.from = SK_STAGE_GEN;
  sk_status status = sk_compilation_create(&from, &c);
  assert_int_equal(sk_status_code(status), SK_INVALID_ARGUMENT);
  sk_status_free(status);
  sk_text_fini(&scheduled);
  sk_text_fini(&code);
  sk_text_fini(&again);
}

// ---- several threads, failing memory

typedef struct worker {
  skarn_client *client;
  sk_thread thread;
  int wrong;
} worker;

static void compile_and_run(void *raw) {
  worker *w = raw;
  static const float zeros[ROWS * COLUMNS];
  static const int64_t dims[2] = {ROWS, COLUMNS};
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  array.data = zeros;
  array.type = SKARN_TYPE_F32;
  array.rank = 2;
  array.dims = dims;
  for (int i = 0; i < 20; i++) {
    skarn_program program = source(softmax);
    skarn_executable *executable = NULL;
    skarn_buffer *x = NULL, *results[2] = {NULL, NULL};
    skarn_status *status = skarn_compile(w->client, &program, NULL, &executable);
    status = status ? status
                    : skarn_buffer_from_host(skarn_client_device(w->client, 0), &array, NULL, &x);
    status = status ? status : skarn_executable_execute(executable, &x, 1, NULL, results, 2);
    w->wrong += status != NULL || ((const float *)skarn_buffer_data(results[1]))[0] != 100.0f;
    skarn_status_free(status);
    skarn_buffer_release(x);
    skarn_buffer_release(results[0]);
    skarn_buffer_release(results[1]);
    skarn_executable_release(executable);
  }
}

static void threads_compile_at_once(void **state) {
  (void)state;
  skarn_client *client = new_client();
  worker workers[3];
  for (int i = 0; i < 3; i++) {
    workers[i] = (worker){.client = client};
    assert_null(sk_thread_start(&workers[i].thread, "compiler", compile_and_run, &workers[i]));
  }
  for (int i = 0; i < 3; i++) {
    sk_thread_join(&workers[i].thread);
    assert_int_equal(workers[i].wrong, 0);
  }
  skarn_client_release(client);
}

// A client, a compilation through `via`, saving and loading; false if memory ran out on the way.
static bool whole_life(const char *via, bool open) {
  static const int64_t dims[] = {64, 100}, rows = 3;
  static const skarn_argument_type types[] = {{SKARN_TYPE_F32, 2, dims, NULL},
                                              {SKARN_TYPE_INVALID, 0, NULL, &rows}};
  skarn_client *client = NULL;
  skarn_executable *executable = NULL, *loaded = NULL;
  skarn_bytes *bytes = NULL, *text = NULL;
  skarn_program program = source(open ? open_program : softmax);
  const skarn_option options[] = {{"via", via}, {"time", "true"}};
  skarn_compile_options with = SKARN_INIT(skarn_compile_options);
  with.argument_types = open ? types : NULL;
  with.argument_type_count = open ? 2 : 0;
  with.options = options;
  with.option_count = 2;
  skarn_status *status;
  (void)((status = skarn_client_create(NULL, &client)) ||
         (status = skarn_compile(client, &program, &with, &executable)) ||
         (status = skarn_program_convert(&program, NULL, &text)) ||
         (strcmp(via, "interp") != 0 &&
          ((status = skarn_executable_serialize(executable, &bytes)) ||
           (status = skarn_executable_deserialize(client, skarn_bytes_data(bytes),
                                                  skarn_bytes_size(bytes), NULL, &loaded)))));
  bool done = status == NULL;
  if (!done && skarn_status_code(status) != SKARN_RESOURCE_EXHAUSTED) {
    char message[1000];
    skarn_status_format(status, message, sizeof message);
    sk_mem_fail_at(0, false);
    fail_msg("%s", message);
  }
  skarn_status_free(status);
  skarn_bytes_release(bytes);
  skarn_bytes_release(text);
  skarn_executable_release(loaded);
  skarn_executable_release(executable);
  skarn_client_release(client);
  return done;
}

static void survives_exhausted_memory(void **state) {
  (void)state;
  static const char *const via[] = {"native", "loop", "interp"};
  for (size_t v = 0; v < 2 * SK_COUNT(via); v++) {
    uint64_t n = 1;
    for (;; n++) {
      sk_mem_fail_at(n, false);
      whole_life(via[v / 2], v % 2 != 0);
      uint64_t hits = sk_mem_fail_hits();
      sk_mem_fail_at(0, false);
      if (hits == 0) {
        break;
      }
    }
    assert_true(n > 20);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_executor_agrees),
      cmocka_unit_test(saved_executables_are_equal),
      cmocka_unit_test(says_what_it_is),
      cmocka_unit_test(donated_state_stays_in_place),
      cmocka_unit_test(attributes_reach_the_signature),
      cmocka_unit_test(arguments_pass_through),
      cmocka_unit_test(limits_hold),
      cmocka_unit_test(runs_without_executable_memory),
      cmocka_unit_test(errors_have_positions),
      cmocka_unit_test(options_are_checked),
      cmocka_unit_test(arguments_refine_the_program),
      cmocka_unit_test(every_error_is_reported),
      cmocka_unit_test(older_and_newer_structs),
      cmocka_unit_test(converts),
      cmocka_unit_test(programs_check_themselves),
      cmocka_unit_test(limits_are_listed),
      cmocka_unit_test(dumps_are_numbered),
      cmocka_unit_test(stages_print),
      cmocka_unit_test(threads_compile_at_once),
      cmocka_unit_test(survives_exhausted_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
