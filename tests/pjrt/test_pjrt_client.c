// SPDX-License-Identifier: Apache-2.0
// What clients do, in their order: start-up, compiling, the first call, the hot path, the end; old
// and short structs; two clients; many threads that compile on small stacks; saved executables.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "pjrt/pjrt_extensions.h"
#include "pjrt_host.h"

static const char add_one[] =
    "module @jit_f { func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {\n"
    "  %c = stablehlo.constant dense<1.0> : tensor<4xf32>\n"
    "  %r = stablehlo.add %a, %c : tensor<4xf32>\n"
    "  return %r : tensor<4xf32> } }\n";
static const int64_t four[] = {4};
static const float values[] = {1, 2, 3, 4};

static bool text_is(const char *text, size_t size, const char *expected) {
  return size == strlen(expected) && memcmp(text, expected, size) == 0;
}

// ---- start-up

static void describe_device(sk_pjrt_device *device, int index) {
  ARGS(Device_GetDescription, description, .device = device);
  CALL(Device_GetDescription, &description);
  sk_pjrt_device_desc *desc = description.device_description;
  ARGS(DeviceDescription_Attributes, attributes, .device_description = desc);
  CALL(DeviceDescription_Attributes, &attributes);
  ARGS(Device_GetAttributes, more, .device = device);
  CALL(Device_GetAttributes, &more);
  assert_non_null(more.attributes_deleter);
  more.attributes_deleter(more.device_attributes);
  ARGS(DeviceDescription_Id, id, .device_description = desc);
  CALL(DeviceDescription_Id, &id);
  assert_int_equal(id.id, index);
  ARGS(DeviceDescription_ProcessIndex, process, .device_description = desc);
  CALL(DeviceDescription_ProcessIndex, &process);
  assert_int_equal(process.process_index, 0);
  ARGS(DeviceDescription_Kind, kind, .device_description = desc);
  CALL(DeviceDescription_Kind, &kind);
  assert_true(text_is(kind.device_kind, kind.device_kind_size, "skarn"));
  ARGS(DeviceDescription_ToString, text, .device_description = desc);
  CALL(DeviceDescription_ToString, &text);
  assert_true(text.to_string_size > 0);
  ARGS(DeviceDescription_DebugString, debug, .device_description = desc);
  CALL(DeviceDescription_DebugString, &debug);
  assert_true(
      text_is(debug.debug_string, debug.debug_string_size, index == 0 ? "skarn:0" : "skarn:1"));
  ARGS(Device_IsAddressable, addressable, .device = device);
  CALL(Device_IsAddressable, &addressable);
  assert_true(addressable.is_addressable);
  ARGS(Device_LocalHardwareId, local, .device = device);
  CALL(Device_LocalHardwareId, &local);
  assert_int_equal(local.local_hardware_id, index);
}

static int destroyed;
static void note_destroyed(void *data) { destroyed += *(int *)data; }

static void describe_memories(sk_pjrt_device *device) {
  ARGS(Device_AddressableMemories, memories, .device = device);
  CALL(Device_AddressableMemories, &memories);
  assert_true(memories.num_memories >= 1);
  ARGS(Device_DefaultMemory, fallback, .device = device);
  CALL(Device_DefaultMemory, &fallback);
  assert_ptr_equal(fallback.memory, memories.memories[0]);
  for (size_t i = 0; i < memories.num_memories; i++) {
    sk_pjrt_memory *memory = memories.memories[i];
    ARGS(Memory_Kind, kind, .memory = memory);
    CALL(Memory_Kind, &kind);
    assert_true(i != 0 || text_is(kind.kind, kind.kind_size, "device"));
    ARGS(Memory_Kind_Id, kind_id, .memory = memory);
    CALL(Memory_Kind_Id, &kind_id);
    ARGS(Memory_DebugString, text, .memory = memory);
    CALL(Memory_DebugString, &text);
    ARGS(Memory_AddressableByDevices, devices, .memory = memory);
    CALL(Memory_AddressableByDevices, &devices);
    assert_int_equal(devices.num_devices, 1);
    assert_ptr_equal(devices.devices[0], device);
    // The first word leads to functions that keep data of the client's.
    static int one = 1, two = 2;
    const sk_pjrt_memory_table *table = *(const sk_pjrt_memory_table **)(void *)memory;
    assert_null(table->get_user_data(memory, &one));
    table->set_user_data(memory, &one, &one, note_destroyed);
    table->set_user_data(memory, &two, &two, note_destroyed);
    assert_ptr_equal(table->get_user_data(memory, &two), &two);
    assert_ptr_equal(table->get_user_data(memory, &one), &one);
  }
}

static void test_starts_up(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(2);
  assert_ptr_equal(api, GetPjrtApi());
  ARGS(Plugin_Initialize, initialize, .extension_start = NULL);
  CALL(Plugin_Initialize, &initialize);
  ARGS(Client_TopologyDescription, topology, .client = client);
  CALL(Client_TopologyDescription, &topology);
  ARGS(Client_PlatformVersion, version, .client = client);
  CALL(Client_PlatformVersion, &version);
  assert_memory_equal(version.platform_version, "skarn ", 6);
  ARGS(Client_PlatformName, name, .client = client);
  CALL(Client_PlatformName, &name);
  assert_true(text_is(name.platform_name, name.platform_name_size, "skarn"));
  ARGS(Client_Devices, devices, .client = client);
  CALL(Client_Devices, &devices);
  assert_int_equal(devices.num_devices, 2);
  destroyed = 0;
  for (size_t i = 0; i < 2; i++) {
    describe_device(devices.devices[i], (int)i);
    describe_memories(devices.devices[i]);
    assert_ptr_equal(host_device(client, i), devices.devices[i]);
  }
  ARGS(Client_AddressableMemories, memories, .client = client);
  CALL(Client_AddressableMemories, &memories);
  ARGS(Client_LookupDevice, missing, .client = client, .id = 2);
  host_expect(api->Client_LookupDevice(&missing), SKARN_INVALID_ARGUMENT, "no device 2");
  ARGS(Plugin_Attributes, attributes, .extension_start = NULL);
  CALL(Plugin_Attributes, &attributes);
  assert_true(attributes.num_attributes >= 1);
  host_close(client);
  assert_int_equal(destroyed, 3 * (int)memories.num_addressable_memories);
}

static void test_reads_create_options(void **state) {
  (void)state;
  host_close(host_open(1));
  sk_pjrt_named_value options[3] = {
      {sizeof *options, NULL, "platform", 8, SK_PJRT_STRING, {.string_value = "cpu!"}, 3},
      {sizeof *options, NULL, "num_devices", 11, SK_PJRT_STRING, {.string_value = "4x"}, 1},
      {sizeof *options, NULL, "someone_elses", 13, SK_PJRT_FLOAT, {.float_value = 1}, 1}};
  ARGS(Client_Create, create, .create_options = options, .num_options = 3);
  CALL(Client_Create, &create);
  ARGS(Client_PlatformName, name, .client = create.client);
  CALL(Client_PlatformName, &name);
  assert_true(text_is(name.platform_name, name.platform_name_size, "cpu"));
  ARGS(Client_Devices, devices, .client = create.client);
  CALL(Client_Devices, &devices);
  assert_int_equal(devices.num_devices, 4);
  ARGS(Device_GetDescription, last, .device = devices.devices[3]);
  CALL(Device_GetDescription, &last);
  ARGS(DeviceDescription_DebugString, debug, .device_description = last.device_description);
  CALL(DeviceDescription_DebugString, &debug);
  assert_true(text_is(debug.debug_string, debug.debug_string_size, "cpu:3"));
  host_close(create.client);
  options[1].value_size = 2;
  host_expect(api->Client_Create(&create), SKARN_INVALID_ARGUMENT, "num_devices");
  assert_null(create.client);
  options[0].string_value = "gpu";
  host_expect(api->Client_Create(&create), SKARN_INVALID_ARGUMENT, "platform");
  sk_pjrt_named_value ours = {sizeof ours,        NULL, "skarn_treads", 12, SK_PJRT_INT64,
                              {.int64_value = 1}, 1};
  create.create_options = &ours;
  create.num_options = 1;
  host_expect(api->Client_Create(&create), SKARN_NOT_FOUND, "treads");
  ours.name = "skarn_threads";
  ours.name_size = 13;
  CALL(Client_Create, &create);
  host_close(create.client);
}

// ---- compiling, calling, ending

// The size first, then the text: StableHLO that reads back.
static void check_program(sk_pjrt_executable *executable) {
  char text[4096];
  sk_pjrt_program program = {.struct_size = sizeof program};
  ARGS(Executable_OptimizedProgram, ask, .executable = executable, .program = &program);
  CALL(Executable_OptimizedProgram, &ask);
  assert_true(program.code_size > 0 && program.code_size < sizeof text);
  size_t size = program.code_size;
  program.code = text;
  program.code_size = size - 1;
  host_expect(api->Executable_OptimizedProgram(&ask), SKARN_INVALID_ARGUMENT, "room");
  program.code_size = size;
  CALL(Executable_OptimizedProgram, &ask);
  assert_int_equal(program.code_size, size);
  assert_memory_equal(program.format, "mlir", program.format_size);
  text[size] = '\0';
  assert_non_null(strstr(text, "stablehlo.add"));
  program.struct_size = 8;
  host_expect(api->Executable_OptimizedProgram(&ask), SKARN_INVALID_ARGUMENT, "struct");
}

static void ask_executable(sk_pjrt_loaded *loaded, bool was_compiled) {
  ARGS(LoadedExecutable_GetExecutable, get, .loaded_executable = loaded);
  CALL(LoadedExecutable_GetExecutable, &get);
  sk_pjrt_executable *executable = get.executable;
  ARGS(LoadedExecutable_AddressableDevices, devices, .executable = loaded);
  CALL(LoadedExecutable_AddressableDevices, &devices);
  assert_int_equal(devices.num_addressable_devices, 1);
  ARGS(LoadedExecutable_AddressableDeviceLogicalIds, logical, .executable = loaded);
  CALL(LoadedExecutable_AddressableDeviceLogicalIds, &logical);
  assert_int_equal(logical.addressable_device_logical_ids[0].partition, 0);
  ARGS(LoadedExecutable_GetDeviceAssignment, assignment, .executable = loaded);
  CALL(LoadedExecutable_GetDeviceAssignment, &assignment);
  const uint8_t expected[] = {8, 1, 16, 1, 26, 3, 10, 1, 0};
  assert_int_equal(assignment.serialized_bytes_size, sizeof expected);
  assert_memory_equal(assignment.serialized_bytes, expected, sizeof expected);
  assignment.serialized_device_assignment_deleter(assignment.serialized_device_assignment);
  ARGS(Executable_OutputMemoryKinds, kinds, .executable = executable);
  CALL(Executable_OutputMemoryKinds, &kinds);
  assert_int_equal(kinds.num_outputs, 1);
  assert_true(text_is(kinds.memory_kinds[0], kinds.memory_kind_sizes[0], "device"));
  ARGS(Executable_Name, name, .executable = executable);
  CALL(Executable_Name, &name);
  assert_true(text_is(name.executable_name, name.executable_name_size, "jit_f"));
  ARGS(Executable_OutputElementTypes, types, .executable = executable);
  CALL(Executable_OutputElementTypes, &types);
  assert_int_equal(types.num_output_types, 1);
  assert_int_equal(types.output_types[0], 11);
  ARGS(Executable_OutputDimensions, dims, .executable = executable);
  CALL(Executable_OutputDimensions, &dims);
  assert_int_equal(dims.dim_sizes[0], 1);
  assert_int_equal(dims.dims[0], 4);
  ARGS(Executable_GetCompiledMemoryStats, stats, .executable = executable);
  CALL(Executable_GetCompiledMemoryStats, &stats);
  assert_int_equal(stats.argument_size_in_bytes, 16);
  assert_int_equal(stats.output_size_in_bytes, 16);
  if (was_compiled) {
    check_program(executable);
  } else {
    ARGS(Executable_OptimizedProgram, ask, .executable = executable,
         .program = &(sk_pjrt_program){.struct_size = sizeof(sk_pjrt_program)});
    host_expect(api->Executable_OptimizedProgram(&ask), SKARN_UNIMPLEMENTED, "loaded");
  }
  // JAX destroys the executable before the loaded one.
  ARGS(Executable_Destroy, destroy, .executable = executable);
  CALL(Executable_Destroy, &destroy);
}

static void test_compiles_and_calls(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  ARGS(Device_MemoryStats, stats, .device = host_device(client, 0));
  CALL(Device_MemoryStats, &stats);
  sk_pjrt_loaded *loaded = host_compile(client, add_one);
  ask_executable(loaded, true);
  sk_pjrt_buffer *x = host_put(client, values, four, 1, SK_PJRT_ZERO_COPY), *y = NULL;
  for (int i = 0; i < 100; i++) {
    sk_pjrt_buffer *next;
    host_run(loaded, &x, 1, &next);
    host_destroy(y);
    y = next;
  }
  float out[4];
  host_get(y, out, 4);
  assert_true(out[0] == 2 && out[3] == 5);
  host_destroy(x);
  host_destroy(y);
  host_destroy_loaded(loaded);
  host_close(client);
}

// The client's parts outlive it when it is destroyed first.
static void test_ends_in_any_order(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  sk_pjrt_loaded *loaded = host_compile(client, add_one);
  sk_pjrt_buffer *x = host_put(client, values, four, 1, SK_PJRT_ZERO_COPY), *y;
  host_close(client);
  host_run(loaded, &x, 1, &y);
  host_destroy_loaded(loaded);
  float out[4];
  host_get(y, out, 4);
  assert_true(out[1] == 3);
  host_destroy(y);
  host_destroy(x);
}

static void test_two_clients(void **state) {
  (void)state;
  sk_pjrt_client *first = host_open(1), *second = host_open(2);
  sk_pjrt_loaded *in_first = host_compile(first, add_one),
                 *in_second = host_compile(second, add_one);
  sk_pjrt_buffer *x = host_put(first, values, four, 1, SK_PJRT_DURING_CALL), *y, *moved;
  host_expect(host_execute(in_second, &x, 1, NULL, &y, NULL), SKARN_INVALID_ARGUMENT, "device");
  ARGS(Device_DefaultMemory, memory, .device = host_device(second, 0));
  CALL(Device_DefaultMemory, &memory);
  ARGS(Buffer_CopyToMemory, copy, .buffer = x, .dst_memory = memory.memory);
  CALL(Buffer_CopyToMemory, &copy);
  moved = copy.dst_buffer;
  host_run(in_second, &moved, 1, &y);
  float out[4];
  host_get(y, out, 4);
  assert_true(out[2] == 4);
  host_destroy(y);
  host_destroy(moved);
  host_destroy(x);
  host_destroy_loaded(in_first);
  host_close(first);
  host_destroy_loaded(in_second);
  host_close(second);
}

// ---- old clients

static void test_takes_short_structs(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  // Client_Create of clients that know no kv_try_get; what lies behind must stay as it is.
  ARGS(Client_Create, create, .extension_start = NULL);
  create.struct_size = offsetof(sk_pjrt_Client_Create_args, kv_try_get_callback);
  create.kv_try_get_user_arg = &create;
  CALL(Client_Create, &create);
  host_close(create.client);
  ARGS(Device_MemoryStats, stats, .device = host_device(client, 0));
  stats.struct_size = offsetof(sk_pjrt_Device_MemoryStats_args, peak_allocated_bytes);
  stats.peak_allocated_bytes = 77;
  CALL(Device_MemoryStats, &stats);
  assert_int_equal(stats.peak_allocated_bytes, 77);
  // Execute options of JAX 0.5.3 end before call_location.
  sk_pjrt_loaded *loaded = host_compile(client, add_one);
  sk_pjrt_execute_options options;
  memset(&options, 0xa5, sizeof options);
  options.struct_size = 80;
  options.extension_start = NULL;
  options.send_callbacks = options.recv_callbacks = NULL;
  options.num_send_ops = options.num_recv_ops = 0;
  options.launch_id = 1;
  options.non_donatable_input_indices = NULL;
  options.num_non_donatable_input_indices = 0;
  options.context = NULL;
  sk_pjrt_buffer *x = host_put(client, values, four, 1, SK_PJRT_DURING_CALL), *y;
  host_expect_ok("execute", host_execute(loaded, &x, 1, &options, &y, NULL));
  host_destroy(y);
  host_destroy(x);
  ARGS(LoadedExecutable_GetExecutable, get, .loaded_executable = loaded);
  CALL(LoadedExecutable_GetExecutable, &get);
  ARGS(Executable_GetCompiledMemoryStats, memory, .executable = get.executable);
  memory.struct_size =
      offsetof(sk_pjrt_Executable_GetCompiledMemoryStats_args, total_size_in_bytes);
  memory.total_size_in_bytes = 77;
  CALL(Executable_GetCompiledMemoryStats, &memory);
  assert_int_equal(memory.total_size_in_bytes, 77);
  ARGS(Executable_Destroy, destroy, .executable = get.executable);
  CALL(Executable_Destroy, &destroy);
  host_destroy_loaded(loaded);
  host_close(client);
}

// ---- compile options

static void test_reads_compile_options(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(2);
  sk_pjrt_loaded *loaded;
  uint8_t options[128];
  size_t size = host_options(options, sizeof options, 1);
  host_expect_ok("compile", host_try_compile(client, add_one, options, size, &loaded));
  // The program runs on device 1 and its results are there.
  ARGS(LoadedExecutable_AddressableDevices, devices, .executable = loaded);
  CALL(LoadedExecutable_AddressableDevices, &devices);
  assert_ptr_equal(devices.addressable_devices[0], host_device(client, 1));
  ARGS(Client_BufferFromHostBuffer, put, .client = client, .data = values, .type = 11, .dims = four,
       .num_dims = 1, .device = host_device(client, 1));
  CALL(Client_BufferFromHostBuffer, &put);
  host_await(put.done_with_host_buffer);
  sk_pjrt_buffer *y;
  host_run(loaded, &put.buffer, 1, &y);
  ARGS(Buffer_Device, device, .buffer = y);
  CALL(Buffer_Device, &device);
  assert_ptr_equal(device.device, host_device(client, 1));
  host_destroy(y);
  host_destroy(put.buffer);
  host_destroy_loaded(loaded);
  // env_option_overrides { skarn_numerics: "strict" }, and one of XLA's, which is ignored.
  const uint8_t override[] =
      "\x3a\x1a\x0a\x0eskarn_numerics\x12\x08\x0a\x06strict\x3a\x0b\x0a\x05xla_x"
      "\x12\x02\x10\x01";
  memcpy(options + size, override, sizeof override - 1);
  host_expect_ok("compile",
                 host_try_compile(client, add_one, options, size + sizeof override - 1, &loaded));
  host_destroy_loaded(loaded);
  options[size + 10] = 'x';
  host_expect(host_try_compile(client, add_one, options, size + sizeof override - 1, &loaded),
              SKARN_NOT_FOUND, "option");
  options[size + 10] = 'n';
  options[size + 32] = 'y';  // yla_x is nobody's
  host_expect(host_try_compile(client, add_one, options, size + sizeof override - 1, &loaded),
              SKARN_INVALID_ARGUMENT, "No such compile option: 'yla_x'");
  size = host_options(options, sizeof options, 5);
  host_expect(host_try_compile(client, add_one, options, size, &loaded), SKARN_INVALID_ARGUMENT,
              "device");
  const uint8_t many[] = {0x1a, 11, 0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x28, 2};
  host_expect(host_try_compile(client, add_one, many, sizeof many, &loaded), SKARN_INVALID_ARGUMENT,
              "replicas");
  // No options at all are the defaults.
  host_expect_ok("compile", host_try_compile(client, add_one, NULL, 0, &loaded));
  host_destroy_loaded(loaded);
  host_close(client);
}

// A compile option as clients send it: env_option_overrides { name: { string_field: value } }.
static sk_pjrt_error *try_option(sk_pjrt_client *client, const char *name, const char *value) {
  uint8_t options[192];
  size_t size = host_options(options, sizeof options, 0);
  size_t name_size = strlen(name), value_size = strlen(value);
  const uint8_t head[] = {0x3a, (uint8_t)(name_size + value_size + 6), 0x0a, (uint8_t)name_size};
  const uint8_t middle[] = {0x12, (uint8_t)(value_size + 2), 0x0a, (uint8_t)value_size};
  const struct {
    const void *bytes;
    size_t size;
  } parts[] = {{head, 4}, {name, name_size}, {middle, 4}, {value, value_size}};
  for (size_t i = 0; i < 4; i++) {
    assert_true(size + parts[i].size <= sizeof options);
    memcpy(options + size, parts[i].bytes, parts[i].size);
    size += parts[i].size;
  }
  sk_pjrt_loaded *loaded;
  sk_pjrt_error *error = host_try_compile(client, add_one, options, size, &loaded);
  if (!error) {
    host_destroy_loaded(loaded);
  }
  return error;
}

// Options of XLA are accepted with values that XLA accepts; what nobody has is an error.
static void test_knows_options_of_xla(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  static const char *const good[][2] = {
      {"xla_embed_ir_in_executable", "True"}, {"xla_cpu_enable_fast_math", "false"},
      {"xla_gpu_autotune_level", "-1"},       {"xla_dump_to", "/anywhere"},
      {"xla_of_another_release", "whatever"}, {"skarn_verify", "true"}};
  for (size_t i = 0; i < SK_COUNT(good); i++) {
    host_expect_ok(good[i][0], try_option(client, good[i][0], good[i][1]));
  }
  static const char *const bad[][3] = {
      {"invalid_key", "value", "No such compile option: 'invalid_key'"},
      {"", "", "No such compile option: ''"},
      {"xla_embed_ir_in_executable", "invalid", "'invalid' is not a valid bool value."},
      {"xla_gpu_autotune_level", "7x", "'7x' is not a valid integer value."},
      {"xla_gpu_autotune_level", "", "'' is not a valid integer value."}};
  for (size_t i = 0; i < SK_COUNT(bad); i++) {
    host_expect(try_option(client, bad[i][0], bad[i][1]), SKARN_INVALID_ARGUMENT, bad[i][2]);
  }
  host_close(client);
}

// Whatever the bytes, an answer comes.
static void test_survives_random_options(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  uint64_t seed = 1;
  int refused = 0;
  for (int i = 0; i < 3000; i++) {
    uint8_t options[64];
    sk_pjrt_loaded *loaded;
    size_t size = host_options(options, sizeof options, 0);
    for (int k = 0; k < 1 + i % 4; k++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      options[(seed >> 33) % size] = (uint8_t)(seed >> 56);
    }
    size -= (seed >> 40) % 3 == 0 ? (seed >> 45) % size : 0;
    uint8_t *exact = malloc(size ? size : 1);  // so that a read past the end is seen
    memcpy(exact, options, size);
    sk_pjrt_error *error = host_try_compile(client, "module {", exact, size, &loaded);
    assert_non_null(error);
    ARGS(Error_Destroy, destroy, .error = error);
    ARGS(Error_GetCode, code, .error = error);
    CALL(Error_GetCode, &code);
    refused += code.code == SKARN_INVALID_ARGUMENT;
    api->Error_Destroy(&destroy);
    free(exact);
  }
  assert_true(refused > 0);
  host_close(client);
}

// The same program and options give the same fingerprint, in whatever order the options came.
static void test_fingerprints(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  const uint8_t one_way[] = {0x1a, 4, 0x20, 1, 0x28, 1, 0x28, 1};
  const uint8_t other_way[] = {0x28, 1, 0x1a, 4, 0x28, 1, 0x20, 1};
  char prints[2][17];
  for (int i = 0; i < 2; i++) {
    sk_pjrt_loaded *loaded;
    host_expect_ok("compile", host_try_compile(client, add_one, i ? other_way : one_way,
                                               sizeof one_way, &loaded));
    ARGS(LoadedExecutable_GetExecutable, get, .loaded_executable = loaded);
    CALL(LoadedExecutable_GetExecutable, &get);
    ARGS(Executable_Fingerprint, print, .executable = get.executable);
    CALL(Executable_Fingerprint, &print);
    snprintf(prints[i], sizeof prints[i], "%.*s", (int)print.executable_fingerprint_size,
             print.executable_fingerprint);
    ARGS(Executable_Destroy, destroy, .executable = get.executable);
    CALL(Executable_Destroy, &destroy);
    host_destroy_loaded(loaded);
  }
  assert_string_equal(prints[0], prints[1]);
  assert_int_equal(strlen(prints[0]), 16);
  host_close(client);
}

// ---- errors of programs

static void test_explains_bad_programs(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  sk_pjrt_loaded *loaded;
  host_expect(host_try_compile(client, "func.func @main( {", NULL, 0, &loaded),
              SKARN_INVALID_ARGUMENT, "1:");
  assert_null(loaded);
  host_expect(
      host_try_compile(client,
                       "func.func @main(%a: tensor<f32>) -> tensor<f32> {\n"
                       "  %r = stablehlo.custom_call @nobody_has_this(%a) : (tensor<f32>) -> "
                       "tensor<f32>\n  return %r : tensor<f32> }",
                       NULL, 0, &loaded),
      SKARN_UNIMPLEMENTED, "custom_call");
  char code[] = "x";
  sk_pjrt_program program = {sizeof program, NULL, code, 1, "hlo", 3};
  ARGS(Client_Compile, args, .client = client, .program = &program);
  host_expect(api->Client_Compile(&args), SKARN_UNIMPLEMENTED, "hlo");
  program.format = NULL;
  host_expect(api->Client_Compile(&args), SKARN_UNIMPLEMENTED, "format");
  program.struct_size = 8;
  host_expect(api->Client_Compile(&args), SKARN_INVALID_ARGUMENT, "struct");
  host_close(client);
}

// ---- threads

enum { THREADS = 4, STACK = 2 << 20 };

static void *compile_and_run(void *raw) {
  sk_pjrt_client *client = raw;
  for (int i = 0; i < 8; i++) {
    sk_pjrt_loaded *loaded = host_compile(client, add_one);
    sk_pjrt_buffer *x = host_put(client, values, four, 1, SK_PJRT_ZERO_COPY), *y;
    for (int k = 0; k < 50; k++) {
      host_run(loaded, &x, 1, &y);
      float out[4];
      host_get(y, out, 4);
      assert_true(out[3] == 5);
      host_destroy(y);
    }
    host_destroy(x);
    host_destroy_loaded(loaded);
  }
  return NULL;
}

static void test_compiles_on_small_stacks(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  pthread_t threads[THREADS];
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  pthread_attr_setstacksize(&attr, STACK);
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_create(&threads[i], &attr, compile_and_run, client), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  pthread_attr_destroy(&attr);
  host_close(client);
}

// ---- saved executables

typedef struct saved {
  char *bytes;
  size_t size;
} saved;

static saved save(sk_pjrt_loaded *loaded) {
  ARGS(LoadedExecutable_GetExecutable, get, .loaded_executable = loaded);
  CALL(LoadedExecutable_GetExecutable, &get);
  ARGS(Executable_Serialize, args, .executable = get.executable);
  CALL(Executable_Serialize, &args);
  saved copy = {malloc(args.serialized_bytes_size), args.serialized_bytes_size};
  memcpy(copy.bytes, args.serialized_bytes, copy.size);
  args.serialized_executable_deleter(args.serialized_executable);
  ARGS(Executable_Destroy, destroy, .executable = get.executable);
  CALL(Executable_Destroy, &destroy);
  return copy;
}

static sk_pjrt_error *load(sk_pjrt_client *client, const char *bytes, size_t size,
                           sk_pjrt_loaded **out_loaded) {
  ARGS(Executable_DeserializeAndLoad, args, .client = client, .serialized_executable = bytes,
       .serialized_executable_size = size);
  sk_pjrt_error *error = api->Executable_DeserializeAndLoad(&args);
  *out_loaded = args.loaded_executable;
  return error;
}

static void test_saves_and_loads(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  sk_pjrt_loaded *loaded = host_compile(client, add_one), *again;
  saved copy = save(loaded);
  host_destroy_loaded(loaded);
  host_expect_ok("load", load(client, copy.bytes, copy.size, &again));
  ask_executable(again, false);
  sk_pjrt_buffer *x = host_put(client, values, four, 1, SK_PJRT_DURING_CALL), *y;
  host_run(again, &x, 1, &y);
  float out[4];
  host_get(y, out, 4);
  assert_true(out[0] == 2);
  host_destroy(x);
  host_destroy(y);
  host_destroy_loaded(again);
  // Another build, another place, damaged anywhere.
  char *version = memmem(copy.bytes, copy.size, "skarn ", 6);
  assert_non_null(version);
  for (size_t i = 0; i < copy.size; i += 1 + copy.size / 997) {
    copy.bytes[i] ^= 0x10;
    sk_pjrt_error *error = load(client, copy.bytes, copy.size, &again);
    assert_non_null(error);
    ARGS(Error_Destroy, destroy, .error = error);
    api->Error_Destroy(&destroy);
    copy.bytes[i] ^= 0x10;
    host_expect(load(client, copy.bytes, i ? i : 1, &again),
                i < 40 ? SKARN_INVALID_ARGUMENT : SKARN_DATA_LOSS, "");
  }
  host_expect(load(client, "garbage", 7, &again), SKARN_INVALID_ARGUMENT, "no executable");
  free(copy.bytes);
  host_close(client);
}

// What memories a device has is known without a client.
static void expect_memories(sk_pjrt_device_desc *device) {
  static const char *const kinds[] = {"device", "pinned_host", "unpinned_host"};
  const sk_pjrt_memories_table *memories = host_extension(SK_PJRT_EXTENSION_MEMORY_DESCRIPTIONS);
  sk_pjrt_DeviceDescription_MemoryDescriptions_args args = {.struct_size = sizeof args,
                                                            .device_description = device};
  host_expect_ok("memories", memories->DeviceDescription_MemoryDescriptions(&args));
  assert_int_equal(args.num_memory_descriptions, SK_COUNT(kinds));
  assert_int_equal(args.default_memory_index, 0);
  for (size_t i = 0; i < SK_COUNT(kinds); i++) {
    sk_pjrt_MemoryDescription_Kind_args kind = {.struct_size = sizeof kind,
                                                .memory_description = args.memory_descriptions[i]};
    host_expect_ok("kind", memories->MemoryDescription_Kind(&kind));
    assert_true(sk_pjrt_name_is(kind.kind, kind.kind_size, kinds[i]));
  }
}

// Into another client, and without one.
static void test_compiles_ahead(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  ARGS(TopologyDescription_Create, create, .extension_start = NULL);
  CALL(TopologyDescription_Create, &create);
  ARGS(TopologyDescription_Serialize, bytes, .topology = create.topology);
  CALL(TopologyDescription_Serialize, &bytes);
  ARGS(TopologyDescription_Deserialize, again, .serialized_topology = bytes.serialized_bytes,
       .serialized_topology_size = bytes.serialized_bytes_size);
  CALL(TopologyDescription_Deserialize, &again);
  again.serialized_topology_size--;
  ARGS(TopologyDescription_Fingerprint, print, .topology = again.topology);
  CALL(TopologyDescription_Fingerprint, &print);
  ARGS(TopologyDescription_Deserialize, cut, .serialized_topology = bytes.serialized_bytes,
       .serialized_topology_size = 3);
  host_expect(api->TopologyDescription_Deserialize(&cut), SKARN_INVALID_ARGUMENT, "topology");
  bytes.serialized_topology_deleter(bytes.serialized_topology);
  ARGS(TopologyDescription_GetDeviceDescriptions, descs, .topology = again.topology);
  CALL(TopologyDescription_GetDeviceDescriptions, &descs);
  assert_int_equal(descs.num_descriptions, 1);
  expect_memories(descs.descriptions[0]);
  char *code = strdup(add_one);
  sk_pjrt_program program = {sizeof program, NULL, code, strlen(code), "mlir", 4};
  ARGS(Compile, compile, .topology = again.topology, .program = &program);
  CALL(Compile, &compile);
  free(code);
  ARGS(Client_Load, load_args, .client = client, .executable = compile.executable);
  CALL(Client_Load, &load_args);
  ARGS(Executable_Destroy, destroy, .executable = compile.executable);
  CALL(Executable_Destroy, &destroy);
  sk_pjrt_buffer *x = host_put(client, values, four, 1, SK_PJRT_DURING_CALL), *y;
  host_run(load_args.loaded_executable, &x, 1, &y);
  float out[4];
  host_get(y, out, 4);
  assert_true(out[0] == 2);
  host_destroy(x);
  host_destroy(y);
  host_destroy_loaded(load_args.loaded_executable);
  ARGS(TopologyDescription_Destroy, end, .topology = create.topology);
  CALL(TopologyDescription_Destroy, &end);
  end.topology = again.topology;
  CALL(TopologyDescription_Destroy, &end);
  host_close(client);
}

// ---- short memory: the n-th allocation fails, for every n

static bool whole_life(void) {
  sk_pjrt_loaded *loaded = NULL;
  sk_pjrt_buffer *y = NULL;
  sk_pjrt_event *done = NULL;
  api = GetPjrtApi();
  ARGS(Client_Create, create, .extension_start = NULL);
  sk_pjrt_error *error = api->Client_Create(&create);
  ARGS(Client_BufferFromHostBuffer, put, .client = create.client, .data = values, .type = 11,
       .dims = four, .num_dims = 1, .host_buffer_semantics = SK_PJRT_ZERO_COPY);
  if (!error) {
    error = api->Client_BufferFromHostBuffer(&put);
  }
  if (!error) {
    ARGS(Event_Destroy, destroy, .event = put.done_with_host_buffer);
    CALL(Event_Destroy, &destroy);
    error = host_try_compile(create.client, add_one, NULL, 0, &loaded);
  }
  if (!error) {
    error = host_execute(loaded, &put.buffer, 1, NULL, &y, &done);
  }
  bool ok = !error;
  if (ok) {
    host_await(done);
  } else {
    host_expect(error, SKARN_RESOURCE_EXHAUSTED, "");
  }
  host_destroy(y);
  if (loaded) {
    host_destroy_loaded(loaded);
  }
  host_destroy(put.buffer);
  if (create.client) {
    host_close(create.client);
  }
  return ok;
}

// Copies that were asked for before the contents came.
static bool copy_pending(void) {
  float out[4] = {0};
  sk_pjrt_buffer *x = NULL;
  sk_pjrt_shape_spec shape = {sizeof shape, NULL, four, 1, 11};
  api = GetPjrtApi();
  ARGS(Client_Create, create, .extension_start = NULL);
  sk_pjrt_error *error = api->Client_Create(&create);
  ARGS(Client_CreateBuffersForAsyncHostToDevice, transfer, .client = create.client,
       .shape_specs = &shape, .num_shape_specs = 1);
  if (!error) {
    error = api->Client_CreateBuffersForAsyncHostToDevice(&transfer);
  }
  ARGS(Buffer_ToHostBuffer, get, .dst = out, .dst_size = sizeof out);
  ARGS(Buffer_CopyToDevice, copy, .extension_start = NULL);
  if (!error) {
    ARGS(AsyncHostToDeviceTransferManager_RetrieveBuffer, take,
         .transfer_manager = transfer.transfer_manager);
    CALL(AsyncHostToDeviceTransferManager_RetrieveBuffer, &take);
    x = copy.buffer = take.buffer_out;
    copy.dst_device = host_device(create.client, 0);
    error = api->Buffer_CopyToDevice(&copy);
  }
  if (!error) {
    get.src = copy.dst_buffer;
    error = api->Buffer_ToHostBuffer(&get);
  }
  if (transfer.transfer_manager) {
    ARGS(AsyncHostToDeviceTransferManager_TransferData, send,
         .transfer_manager = transfer.transfer_manager, .data = values,
         .transfer_size = sizeof values, .is_last_transfer = true);
    CALL(AsyncHostToDeviceTransferManager_TransferData, &send);
    ARGS(AsyncHostToDeviceTransferManager_Destroy, end,
         .transfer_manager = transfer.transfer_manager);
    CALL(AsyncHostToDeviceTransferManager_Destroy, &end);
  }
  bool ok = !error;
  if (ok) {
    host_await(get.event);
    assert_memory_equal(out, values, sizeof out);
  } else {
    host_expect(error, SKARN_RESOURCE_EXHAUSTED, "");
  }
  host_destroy(copy.dst_buffer);
  host_destroy(x);
  if (create.client) {
    host_close(create.client);
  }
  return ok;
}

static void test_survives_exhausted_memory(void **state) {
  (void)state;
  static bool (*const lives[])(void) = {whole_life, copy_pending};
  for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
    assert_true(lives[i]());
    bool ok = false;
    for (uint64_t n = 1; !ok; n++) {
      sk_mem_fail_at(n, true);
      ok = lives[i]() && sk_mem_fail_hits() == 0;
      sk_mem_fail_at(0, false);
      assert_true(n < 10000);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_starts_up),
      cmocka_unit_test(test_reads_create_options),
      cmocka_unit_test(test_compiles_and_calls),
      cmocka_unit_test(test_ends_in_any_order),
      cmocka_unit_test(test_two_clients),
      cmocka_unit_test(test_takes_short_structs),
      cmocka_unit_test(test_reads_compile_options),
      cmocka_unit_test(test_knows_options_of_xla),
      cmocka_unit_test(test_survives_random_options),
      cmocka_unit_test(test_fingerprints),
      cmocka_unit_test(test_explains_bad_programs),
      cmocka_unit_test(test_compiles_on_small_stacks),
      cmocka_unit_test(test_saves_and_loads),
      cmocka_unit_test(test_compiles_ahead),
      cmocka_unit_test(test_survives_exhausted_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
