// SPDX-License-Identifier: Apache-2.0
// Programs of several partitions: parts in, parts out, what each device was given, and calls that do
// not fit.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "pjrt/pjrt_extensions.h"
#include "pjrt/pjrt_sharding.h"
#include "pjrt_host.h"

// %a is split, the sum of all of it is on both devices.
static const char centre[] =
    "module @jit_f attributes {mhlo.num_partitions = 2 : i32, mhlo.num_replicas = 1 : i32} {\n"
    "  sdy.mesh @line = <[\"x\"=2]>\n"
    "  func.func @main(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{\"x\"}]>})\n"
    "      -> (tensor<4xf32>, tensor<f32>) {\n"
    "    %z = stablehlo.constant dense<0.0> : tensor<f32>\n"
    "    %s = stablehlo.reduce(%a init: %z) applies stablehlo.add across dimensions = [0]\n"
    "      : (tensor<4xf32>, tensor<f32>) -> tensor<f32>\n"
    "    %b = stablehlo.broadcast_in_dim %s, dims = [] : (tensor<f32>) -> tensor<4xf32>\n"
    "    %r = stablehlo.subtract %a, %b : tensor<4xf32>\n"
    "    return %r, %s : tensor<4xf32>, tensor<f32> } }\n";
static const int64_t two[] = {2};
static const float halves[2][2] = {{1, 2}, {3, 4}};
static const uint8_t two_partitions[] = {0x1a, 2, 0x28, 2};  // 3 { 5: 2 }

static sk_pjrt_buffer *put_on(sk_pjrt_client *client, size_t device, const float *data) {
  ARGS(Client_BufferFromHostBuffer, put, .client = client, .data = data, .type = 11, .dims = two,
       .num_dims = 1, .device = host_device(client, device));
  CALL(Client_BufferFromHostBuffer, &put);
  host_await(put.done_with_host_buffer);
  return put.buffer;
}

static sk_pjrt_error *execute(sk_pjrt_loaded *loaded, sk_pjrt_buffer *first, sk_pjrt_buffer *second,
                              sk_pjrt_buffer *results[2][2], sk_pjrt_event **done) {
  sk_pjrt_execute_options options = {.struct_size = sizeof options};
  sk_pjrt_buffer *const args[2][1] = {{first}, {second}};
  sk_pjrt_buffer *const *const argument_lists[2] = {args[0], args[1]};
  sk_pjrt_buffer **const output_lists[2] = {results[0], results[1]};
  ARGS(LoadedExecutable_Execute, call, .executable = loaded, .options = &options,
       .argument_lists = argument_lists, .num_devices = 2, .num_args = 1,
       .output_lists = output_lists, .device_complete_events = done);
  return api->LoadedExecutable_Execute(&call);
}

static void expect_on(sk_pjrt_client *client, sk_pjrt_buffer *buffer, size_t index) {
  ARGS(Buffer_Device, device, .buffer = buffer);
  CALL(Buffer_Device, &device);
  assert_ptr_equal(device.device, host_device(client, index));
}

static void test_runs_on_both(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(2);
  sk_pjrt_loaded *loaded;
  host_expect_ok("compile",
                 host_try_compile(client, centre, two_partitions, sizeof two_partitions, &loaded));
  ARGS(LoadedExecutable_AddressableDevices, devices, .executable = loaded);
  CALL(LoadedExecutable_AddressableDevices, &devices);
  assert_int_equal(devices.num_addressable_devices, 2);
  sk_pjrt_buffer *x[2] = {put_on(client, 0, halves[0]), put_on(client, 1, halves[1])};
  sk_pjrt_buffer *results[2][2];
  sk_pjrt_event *done[2];
  host_expect_ok("execute", execute(loaded, x[0], x[1], results, done));
  for (size_t d = 0; d < 2; d++) {
    float part[2], sum;
    host_await(done[d]);
    host_get(results[d][0], part, 2);
    host_get(results[d][1], &sum, 1);
    assert_true(part[0] == halves[d][0] - 10 && part[1] == halves[d][1] - 10 && sum == 10);
    expect_on(client, results[d][0], d);
    expect_on(client, results[d][1], d);
    host_destroy(results[d][0]);
    host_destroy(results[d][1]);
  }
  // Arguments must be where the program expects them, and be there.
  host_expect(execute(loaded, x[1], x[0], results, NULL), SKARN_INVALID_ARGUMENT, "device");
  host_expect(execute(loaded, x[0], NULL, results, NULL), SKARN_INVALID_ARGUMENT, "missing");
  assert_null(results[0][0]);
  assert_null(results[1][1]);
  host_destroy(x[0]);
  host_destroy(x[1]);
  host_destroy_loaded(loaded);
  host_close(client);
}

// Counts are those of one device; shapes those of a part.
static void test_describes_one_device(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(2);
  sk_pjrt_loaded *loaded;
  host_expect_ok("compile",
                 host_try_compile(client, centre, two_partitions, sizeof two_partitions, &loaded));
  ARGS(LoadedExecutable_GetExecutable, get, .loaded_executable = loaded);
  CALL(LoadedExecutable_GetExecutable, &get);
  ARGS(Executable_NumOutputs, outputs, .executable = get.executable);
  CALL(Executable_NumOutputs, &outputs);
  assert_int_equal(outputs.num_outputs, 2);
  ARGS(Executable_NumPartitions, partitions, .executable = get.executable);
  CALL(Executable_NumPartitions, &partitions);
  assert_int_equal(partitions.num_partitions, 2);
  ARGS(Executable_OutputDimensions, dimensions, .executable = get.executable);
  CALL(Executable_OutputDimensions, &dimensions);
  assert_int_equal(dimensions.dim_sizes[0], 1);
  assert_int_equal(dimensions.dims[0], 2);
  ARGS(Executable_Destroy, destroy, .executable = get.executable);
  CALL(Executable_Destroy, &destroy);
  host_destroy_loaded(loaded);
  host_close(client);
}

static void test_refuses(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(2);
  sk_pjrt_loaded *loaded;
  const uint8_t two_replicas[] = {0x1a, 2, 0x20, 2}, three[] = {0x1a, 2, 0x28, 3};
  host_expect(host_try_compile(client, centre, two_replicas, sizeof two_replicas, &loaded),
              SKARN_UNIMPLEMENTED, "replicas");
  host_expect(host_try_compile(client, centre, three, sizeof three, &loaded),
              SKARN_INVALID_ARGUMENT, "3 partitions on 2 devices");
  host_close(client);
}

static void test_encodes_shardings(void **state) {
  (void)state;
  const uint8_t expected[] = {1 << 3, 3, 3 << 3 | 2, 2, 1, 2, 4 << 3 | 2, 3, 0, 0xac, 2, 6 << 3, 1};
  char *bytes;
  size_t size;
  host_expect_ok("encode", sk_pjrt_sharding_encode("{devices=[1,2]0,300 last_tile_dim_replicate}",
                                                   &bytes, &size));
  assert_int_equal(size, sizeof expected);
  assert_memory_equal(bytes, expected, sizeof expected);
  sk_mem_free(bytes);
  host_expect_ok("encode", sk_pjrt_sharding_encode("{replicated}", &bytes, &size));
  assert_null(bytes);
  const char *const wrong[] = {"{devices=[]0}", "{devices=[1]}", "{devices=[2]0,1", "{manual}",
                               "{devices=[2]0,1} "};
  for (size_t i = 0; i < SK_COUNT(wrong); i++) {
    host_expect(sk_pjrt_sharding_encode(wrong[i], &bytes, &size), SKARN_INTERNAL, "sharding");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_runs_on_both),
      cmocka_unit_test(test_describes_one_device),
      cmocka_unit_test(test_refuses),
      cmocka_unit_test(test_encodes_shardings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
