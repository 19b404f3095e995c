// SPDX-License-Identifier: Apache-2.0
// Programs of several partitions: parts in, parts out, what each device was given, and calls that do
// not fit.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <time.h>

#include "pjrt/pjrt_extensions.h"
#include "pjrt/pjrt_ffi.h"
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
  // 6 additions and subtractions of 4 elements in all; 8 bytes in, 12 out.
  ARGS(Executable_GetCostAnalysis, costs, .executable = get.executable);
  CALL(Executable_GetCostAnalysis, &costs);
  assert_int_equal(costs.num_properties, 2);
  assert_string_equal(costs.properties[0].name, "flops");
  assert_true(costs.properties[0].float_value >= 4 && costs.properties[0].float_value <= 8);
  assert_true(costs.properties[1].float_value >= 20);
  ARGS(Executable_GetCompiledMemoryStats, memory, .executable = get.executable);
  CALL(Executable_GetCompiledMemoryStats, &memory);
  assert_int_equal(memory.argument_size_in_bytes, 8);
  assert_int_equal(memory.output_size_in_bytes, 12);
  ARGS(Executable_Destroy, destroy, .executable = get.executable);
  CALL(Executable_Destroy, &destroy);
  host_destroy_loaded(loaded);
  host_close(client);
}

// As go-xla calls: a portable executable has no devices of its own, each call names one, and buffers outlive the client's handle.
static void test_runs_where_the_call_says(void **state) {
  (void)state;
  static const char twice[] = "func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {\n"
                              "  %r = stablehlo.add %a, %a : tensor<2xf32>\n"
                              "  return %r : tensor<2xf32> }\n";
  sk_pjrt_client *client = host_open(2);
  sk_pjrt_loaded *loaded;
  const uint8_t portable[] = {0x1a, 4, 0x20, 1, 0x28, 1, 0x20, 1};  // 3 { 4: 1 5: 1 } 4: true
  host_expect_ok("compile", host_try_compile(client, twice, portable, sizeof portable, &loaded));
  ARGS(LoadedExecutable_GetDeviceAssignment, assignment, .executable = loaded);
  CALL(LoadedExecutable_GetDeviceAssignment, &assignment);
  assert_int_equal(assignment.serialized_bytes_size, 0);
  assignment.serialized_device_assignment_deleter(assignment.serialized_device_assignment);
  sk_pjrt_buffer *y[2];
  for (size_t d = 0; d < 2; d++) {
    sk_pjrt_buffer *x = put_on(client, d, halves[d]);
    sk_pjrt_buffer *const args[1] = {x};
    sk_pjrt_buffer *const *const argument_lists[1] = {args};
    sk_pjrt_buffer **const output_lists[1] = {&y[d]};
    sk_pjrt_execute_options options = {.struct_size = sizeof options};
    sk_pjrt_event *done[1];
    ARGS(LoadedExecutable_Execute, call, .executable = loaded, .options = &options,
         .argument_lists = argument_lists, .num_devices = 1, .num_args = 1,
         .output_lists = output_lists, .device_complete_events = done,
         .execute_device = host_device(client, d));
    CALL(LoadedExecutable_Execute, &call);
    host_await(done[0]);
    expect_on(client, y[d], d);
    host_destroy(x);
  }
  host_destroy_loaded(loaded);
  // One that belongs to device 0 is not run elsewhere.
  uint8_t fixed[64];
  size_t size = host_options(fixed, sizeof fixed, 0);
  host_expect_ok("compile", host_try_compile(client, twice, fixed, size, &loaded));
  sk_pjrt_execute_options options = {.struct_size = sizeof options};
  sk_pjrt_buffer *const *const argument_lists[1] = {y};
  sk_pjrt_buffer *none, **const output_lists[1] = {&none};
  ARGS(LoadedExecutable_Execute, call, .executable = loaded, .options = &options,
       .argument_lists = argument_lists, .num_devices = 1, .num_args = 1,
       .output_lists = output_lists, .execute_device = host_device(client, 1));
  host_expect(api->LoadedExecutable_Execute(&call), SKARN_INVALID_ARGUMENT, "compiled for");
  host_destroy_loaded(loaded);
  host_close(client);
  for (size_t d = 0; d < 2; d++) {
    float out[2];
    host_get(y[d], out, 2);
    assert_true(out[0] == 2 * halves[d][0] && out[1] == 2 * halves[d][1]);
    host_destroy(y[d]);
  }
}

// An executable of several partitions, saved: it runs on the devices of its assignment, whatever their order.
static void test_saves_partitions(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(2);
  sk_pjrt_loaded *loaded;
  // 3 { 5: 2 9 { 1: 1 2: 2 3 { 1: 1 } 3 { 1: 0 } } }
  const uint8_t crossed[] = {0x1a, 16, 0x28, 2, 0x4a, 12, 8, 1, 16, 2, 26, 2, 8, 1, 0x1a, 2, 8, 0};
  host_expect_ok("compile", host_try_compile(client, centre, crossed, sizeof crossed, &loaded));
  ARGS(LoadedExecutable_GetExecutable, get, .loaded_executable = loaded);
  CALL(LoadedExecutable_GetExecutable, &get);
  ARGS(Executable_Serialize, bytes, .executable = get.executable);
  CALL(Executable_Serialize, &bytes);
  ARGS(Executable_DeserializeAndLoad, load, .client = client,
       .serialized_executable = bytes.serialized_bytes,
       .serialized_executable_size = bytes.serialized_bytes_size);
  CALL(Executable_DeserializeAndLoad, &load);
  bytes.serialized_executable_deleter(bytes.serialized_executable);
  host_destroy_loaded(loaded);
  sk_pjrt_buffer *x[2] = {put_on(client, 1, halves[0]), put_on(client, 0, halves[1])};
  sk_pjrt_buffer *results[2][2];
  sk_pjrt_event *done[2];
  host_expect_ok("execute", execute(load.loaded_executable, x[0], x[1], results, done));
  for (size_t d = 0; d < 2; d++) {
    float part[2];
    host_await(done[d]);
    host_get(results[d][0], part, 2);
    assert_true(part[0] == halves[d][0] - 10 && part[1] == halves[d][1] - 10);
    expect_on(client, results[d][0], 1 - d);
    host_destroy(results[d][0]);
    host_destroy(results[d][1]);
    host_destroy(x[d]);
  }
  host_destroy_loaded(load.loaded_executable);
  // Into a client that has not as many devices.
  sk_pjrt_client *small = host_open(1);
  ARGS(Client_Load, elsewhere, .client = small, .executable = get.executable);
  host_expect(api->Client_Load(&elsewhere), SKARN_INVALID_ARGUMENT, "2 partitions on 1 devices");
  ARGS(Executable_Destroy, destroy, .executable = get.executable);
  CALL(Executable_Destroy, &destroy);
  host_close(small);
  host_close(client);
}

// ---- devices that meet in functions of the host

static const char meeting[] =
    "module @jit_f attributes {mhlo.num_partitions = 2 : i32, mhlo.num_replicas = 1 : i32} {\n"
    "  sdy.mesh @line = <[\"x\"=2]>\n"
    "  func.func @main(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{\"x\"}]>})\n"
    "      -> (tensor<4xf32>, tensor<2xf32>) {\n"
    "    %r:2 = sdy.manual_computation(%a) in_shardings=[<@line, [{\"x\"}]>]\n"
    "      out_shardings=[<@line, [{\"x\"}]>, <@line, [{\"x\"}]>] manual_axes={\"x\"}\n"
    "      (%p: tensor<2xf32>) {\n"
    "      %id = stablehlo.partition_id : tensor<ui32>\n"
    "      %n = stablehlo.convert %id : (tensor<ui32>) -> tensor<f32>\n"
    "      %d = stablehlo.add %p, %p : tensor<2xf32>\n"
    "      %o = stablehlo.custom_call @test_meet(%d, %n)\n"
    "        {has_side_effect = true, api_version = 4 : i32}\n"
    "        : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>\n"
    "      %v = stablehlo.reshape %n : (tensor<f32>) -> tensor<1xf32>\n"
    "      sdy.return %o, %v : tensor<2xf32>, tensor<1xf32>\n"
    "    } : (tensor<4xf32>) -> (tensor<4xf32>, tensor<2xf32>)\n"
    "    return %r#0, %r#1 : tensor<4xf32>, tensor<2xf32> } }\n";

static struct {
  _Atomic int calls, fails;
  float seen[2][2];
} meet;

// Gives each device what the other came with, once both are there.
static sk_ffi_error *exchange(sk_ffi_call_frame *frame) {
  const sk_ffi_buffer *own = frame->args.values[0], *number = frame->args.values[1];
  const sk_ffi_buffer *result = frame->rets.values[0];
  int device = *(const float *)number->data == 1;
  memcpy(meet.seen[device], own->data, sizeof meet.seen[device]);
  atomic_fetch_add(&meet.calls, 1);
  for (int ms = 0; atomic_load(&meet.calls) % 2 != 0 && ms < 20000; ms++) {
    nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
  if (atomic_load(&meet.calls) % 2 != 0 || (atomic_load(&meet.fails) && device == 1)) {
    sk_ffi_Error_Create_args create = {sizeof create, NULL, "nobody came", 9};
    return frame->api->Error_Create(&create);
  }
  memcpy(result->data, meet.seen[1 - device], sizeof meet.seen[0]);
  return NULL;
}

// A function of the host may wait for what another device calls. A failure of one is that of the call.
static void test_waits_for_another(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(2);
  host_register("test_meet", exchange, "Host");
  sk_pjrt_loaded *loaded;
  host_expect_ok("compile",
                 host_try_compile(client, meeting, two_partitions, sizeof two_partitions, &loaded));
  sk_pjrt_buffer *x[2] = {put_on(client, 0, halves[0]), put_on(client, 1, halves[1])};
  sk_pjrt_buffer *results[2][2];
  sk_pjrt_event *done[2];
  for (int round = 0; round < 20; round++) {
    host_expect_ok("execute", execute(loaded, x[0], x[1], results, round % 2 ? done : NULL));
    for (size_t d = 0; d < 2; d++) {
      float part[2], number;
      if (round % 2) {
        host_await(done[d]);
      }
      host_get(results[d][0], part, 2);
      host_get(results[d][1], &number, 1);
      assert_true(part[0] == 2 * halves[1 - d][0] && part[1] == 2 * halves[1 - d][1]);
      assert_true(number == (float)d);
      expect_on(client, results[d][0], d);
      host_destroy(results[d][0]);
      host_destroy(results[d][1]);
    }
  }
  atomic_store(&meet.fails, 1);
  host_expect(execute(loaded, x[0], x[1], results, done), SKARN_FAILED_PRECONDITION, "nobody came");
  assert_null(results[0][0]);
  // Nobody begins where one could not.
  const int calls = atomic_load(&meet.calls);
  host_expect(execute(loaded, x[0], NULL, results, done), SKARN_INVALID_ARGUMENT, "missing");
  assert_null(results[0][0]);
  host_expect(execute(loaded, x[1], x[0], results, NULL), SKARN_INVALID_ARGUMENT, "device");
  ARGS(Buffer_Delete, gone, .buffer = x[1]);
  CALL(Buffer_Delete, &gone);
  host_expect(execute(loaded, x[0], x[1], results, done), SKARN_INVALID_ARGUMENT, "deleted");
  assert_int_equal(atomic_load(&meet.calls), calls);
  host_destroy(x[0]);
  host_destroy(x[1]);
  host_destroy_loaded(loaded);
  host_close(client);
}

// What each replica has is its own; they meet in collective operations.
static void test_runs_replicas(void **state) {
  (void)state;
  static const char sum[] = "func.func @main(%a: tensor<2xf32> {jax.buffer_donor = true}) -> "
                            "(tensor<2xf32>, tensor<ui32>) {\n"
                            "  %r = \"stablehlo.all_reduce\"(%a) ({\n"
                            "  ^bb0(%x: tensor<f32>, %y: tensor<f32>):\n"
                            "    %z = stablehlo.add %x, %y : tensor<f32>\n"
                            "    stablehlo.return %z : tensor<f32>\n"
                            "  }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : "
                            "(tensor<2xf32>) -> tensor<2xf32>\n"
                            "  %i = stablehlo.replica_id : tensor<ui32>\n"
                            "  return %r, %i : tensor<2xf32>, tensor<ui32> }\n";
  const uint8_t two_replicas[] = {0x1a, 2, 0x20, 2};
  sk_pjrt_client *client = host_open(2);
  sk_pjrt_loaded *loaded;
  host_expect_ok("compile",
                 host_try_compile(client, sum, two_replicas, sizeof two_replicas, &loaded));
  sk_pjrt_buffer *x[2] = {put_on(client, 0, halves[0]), put_on(client, 1, halves[1])};
  sk_pjrt_buffer *results[2][2];
  sk_pjrt_event *done[2];
  host_expect_ok("execute", execute(loaded, x[0], x[1], results, done));
  for (size_t d = 0; d < 2; d++) {
    float out[2];
    uint32_t id;
    host_await(done[d]);
    host_get(results[d][0], out, 2);
    host_get(results[d][1], (float *)(void *)&id, 1);
    assert_true(out[0] == 4 && out[1] == 6 && id == d);
    assert_true(host_is_deleted(x[d]));
    expect_on(client, results[d][0], d);
    host_destroy(results[d][0]);
    host_destroy(results[d][1]);
    host_destroy(x[d]);
  }
  ARGS(LoadedExecutable_AddressableDeviceLogicalIds, ids, .executable = loaded);
  CALL(LoadedExecutable_AddressableDeviceLogicalIds, &ids);
  assert_int_equal(ids.addressable_device_logical_ids[1].replica, 1);
  host_destroy_loaded(loaded);
  host_close(client);
}

// Replicas that add up their arrays, which two partitions each hold a half of.
static void test_runs_replicas_of_partitions(void **state) {
  (void)state;
  static const char sum[] = "sdy.mesh @m = <[\"x\"=2]>\n"
                            "func.func @main(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@m, "
                            "[{\"x\"}]>}) -> (tensor<4xf32> {sdy.sharding = #sdy.sharding<@m, "
                            "[{\"x\"}]>}, tensor<ui32>) {\n"
                            "  %r = \"stablehlo.all_reduce\"(%a) ({\n"
                            "  ^bb0(%x: tensor<f32>, %y: tensor<f32>):\n"
                            "    %z = stablehlo.add %x, %y : tensor<f32>\n"
                            "    stablehlo.return %z : tensor<f32>\n"
                            "  }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : "
                            "(tensor<4xf32>) -> tensor<4xf32>\n"
                            "  %i = stablehlo.replica_id : tensor<ui32>\n"
                            "  return %r, %i : tensor<4xf32>, tensor<ui32> }\n";
  // Partition 0: replicas on devices 0 and 2; partition 1: on 1 and 3.
  const uint8_t options[] = {0x1a, 22, 0x20, 2, 0x28, 2, 0x4a, 16, 0x08, 2, 0x10, 2,
                             0x1a, 4,  0x0a, 2, 0,    2, 0x1a, 4,  0x0a, 2, 1,    3};
  sk_pjrt_client *client = host_open(4);
  sk_pjrt_loaded *loaded;
  host_expect_ok("compile", host_try_compile(client, sum, options, sizeof options, &loaded));
  ARGS(LoadedExecutable_AddressableDeviceLogicalIds, ids, .executable = loaded);
  CALL(LoadedExecutable_AddressableDeviceLogicalIds, &ids);
  const float given[4][2] = {{1, 2}, {3, 4}, {10, 20}, {30, 40}};
  sk_pjrt_buffer *x[4], *results[4][2], *const *lists[4], **outputs[4];
  for (size_t d = 0; d < 4; d++) {
    x[d] = put_on(client, d, given[d]);
    lists[d] = &x[d];
    outputs[d] = results[d];
    assert_int_equal(ids.addressable_device_logical_ids[d].replica, d / 2);
    assert_int_equal(ids.addressable_device_logical_ids[d].partition, d % 2);
  }
  ARGS(LoadedExecutable_Execute, run, .executable = loaded, .argument_lists = lists,
       .num_devices = 4, .num_args = 1, .output_lists = outputs);
  CALL(LoadedExecutable_Execute, &run);
  for (size_t d = 0; d < 4; d++) {
    float out[2];
    uint32_t id;
    host_get(results[d][0], out, 2);
    host_get(results[d][1], (float *)(void *)&id, 1);
    assert_true(out[0] == (d % 2 ? 33 : 11) && out[1] == (d % 2 ? 44 : 22) && id == d / 2);
    expect_on(client, results[d][0], d);
    host_destroy(results[d][0]);
    host_destroy(results[d][1]);
    host_destroy(x[d]);
  }
  host_destroy_loaded(loaded);
  host_close(client);
}

static void test_refuses(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(2);
  sk_pjrt_loaded *loaded;
  const uint8_t three[] = {0x1a, 2, 0x28, 3};
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
      cmocka_unit_test(test_runs_where_the_call_says),
      cmocka_unit_test(test_saves_partitions),
      cmocka_unit_test(test_waits_for_another),
      cmocka_unit_test(test_runs_replicas),
      cmocka_unit_test(test_runs_replicas_of_partitions),
      cmocka_unit_test(test_refuses),
      cmocka_unit_test(test_encodes_shardings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
