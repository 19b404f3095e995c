// SPDX-License-Identifier: Apache-2.0
// Buffers and executions at their edges: host arrays of every kind, layouts, donation, external
// references, pending contents, tokens, results on the dispatcher, threads that delete meanwhile.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include "pjrt/pjrt_extensions.h"
#include "pjrt_host.h"

static sk_pjrt_client *client;
static const int64_t four[] = {4};
static const float values[] = {1, 2, 3, 4};

static const char add_one[] = "func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {\n"
                              "  %c = stablehlo.constant dense<1.0> : tensor<4xf32>\n"
                              "  %r = stablehlo.add %a, %c : tensor<4xf32>\n"
                              "  return %r : tensor<4xf32> }\n";
// Writes in place where it may.
static const char donating[] =
    "func.func @main(%a: tensor<4xf32> {tf.aliasing_output = 0 : i32}, %b: tensor<4xf32>)\n"
    "    -> tensor<4xf32> {\n"
    "  %s = stablehlo.add %b, %b : tensor<4xf32>\n"
    "  %p = stablehlo.slice %s [0:1] : (tensor<4xf32>) -> tensor<1xf32>\n"
    "  %i = stablehlo.constant dense<0> : tensor<i32>\n"
    "  %r = stablehlo.dynamic_update_slice %a, %p, %i :\n"
    "    (tensor<4xf32>, tensor<1xf32>, tensor<i32>) -> tensor<4xf32>\n"
    "  return %r : tensor<4xf32> }\n";
// Long enough that the second call is left to the dispatcher.
static const char slow[] = "func.func @main(%a: tensor<600x600xf32>) -> tensor<600x600xf32> {\n"
                           "  %r = stablehlo.dot_general %a, %a, contracting_dims = [1] x [0] :\n"
                           "    (tensor<600x600xf32>, tensor<600x600xf32>) -> tensor<600x600xf32>\n"
                           "  return %r : tensor<600x600xf32> }\n";
enum { SLOW = 600, SLOW_COUNT = SLOW * SLOW };
static const int64_t slow_dims[] = {SLOW, SLOW};

static int set_up(void **state) {
  (void)state;
  client = host_open(2);
  return 0;
}

// Everything was given back.
static int tear_down(void **state) {
  (void)state;
  ARGS(Device_MemoryStats, stats, .device = host_device(client, 0));
  CALL(Device_MemoryStats, &stats);
  assert_int_equal(stats.num_allocs, 2);  // the token of each device
  host_close(client);
  return 0;
}

static sk_pjrt_buffer *put_vector(int semantics) {
  return host_put(client, values, four, 1, semantics);
}

static void expect_vector(sk_pjrt_buffer *buffer, float first) {
  float out[4];
  host_get(buffer, out, 4);
  assert_true(out[0] == first);
}

// ---- host arrays

// A 2 x 3 array with the element of index (i, j) at data + i * s0 + j * s1 must arrive as such.
static void check_strided(const void *data, int64_t s0, int64_t s1) {
  const int64_t dims[] = {2, 3}, strides[] = {s0, s1};
  ARGS(Client_BufferFromHostBuffer, args, .client = client, .data = data, .type = 11, .dims = dims,
       .num_dims = 2, .byte_strides = strides, .num_byte_strides = 2,
       .host_buffer_semantics = SK_PJRT_ZERO_COPY);
  CALL(Client_BufferFromHostBuffer, &args);
  float out[6];
  host_get(args.buffer, out, 6);
  for (int i = 0; i < 6; i++) {
    float expected;
    memcpy(&expected, (const char *)data + (i / 3) * s0 + (i % 3) * s1, sizeof expected);
    assert_true(out[i] == expected);
  }
  host_destroy(args.buffer);
  host_await(args.done_with_host_buffer);
}

static void test_takes_any_strides(void **state) {
  (void)state;
  float data[64];
  for (int i = 0; i < 64; i++) {
    data[i] = (float)i;
  }
  check_strided(data, 12, 4);
  check_strided(data, 4, 8);         // transposed
  check_strided(data + 32, -12, 4);  // rows backwards
  check_strided(data + 32, 12, -4);  // columns backwards
  check_strided(data, 0, 4);         // repeated
  check_strided(data, 0, 0);
  check_strided((char *)data + 1, 12, 4);  // not aligned
  check_strided((char *)data + 3, 40, 7);
  const int64_t wrong[] = {4};
  const int64_t dims[] = {2, 3};
  ARGS(Client_BufferFromHostBuffer, args, .client = client, .data = data, .type = 11, .dims = dims,
       .num_dims = 2, .byte_strides = wrong, .num_byte_strides = 1);
  host_expect(api->Client_BufferFromHostBuffer(&args), SKARN_INVALID_ARGUMENT, "strides");
  args.byte_strides = NULL;
  args.type = 99;
  host_expect(api->Client_BufferFromHostBuffer(&args), SKARN_UNIMPLEMENTED, "element type 99");
  args.type = 11;
  args.num_dims = 40;
  host_expect(api->Client_BufferFromHostBuffer(&args), SKARN_INVALID_ARGUMENT, "rank 40");
  args.num_dims = 2;
  args.host_buffer_semantics = 7;
  host_expect(api->Client_BufferFromHostBuffer(&args), SKARN_INVALID_ARGUMENT, "semantics");
  args.host_buffer_semantics = 0;
  args.data = NULL;
  host_expect(api->Client_BufferFromHostBuffer(&args), SKARN_INVALID_ARGUMENT, "data");
  const int64_t huge[] = {INT64_MAX, 3};
  args.data = data;
  args.dims = huge;
  host_expect(api->Client_BufferFromHostBuffer(&args), SKARN_INVALID_ARGUMENT, "");
}

// A large array that is lent is not copied, and given back when the buffer is gone; misaligned ones
// too, and programs read them.
static void test_views_large_arrays(void **state) {
  (void)state;
  char *raw = malloc(SLOW_COUNT * sizeof(float) + 4);
  for (int shift = 0; shift < 2; shift++) {
    float *data = (float *)(void *)(raw + shift);
    for (int i = 0; i < SLOW_COUNT; i++) {
      float one = 1;
      memcpy((char *)data + (size_t)i * sizeof one, &one, sizeof one);
    }
    ARGS(Client_BufferFromHostBuffer, args, .client = client, .data = data, .type = 11,
         .dims = slow_dims, .num_dims = 2, .host_buffer_semantics = SK_PJRT_ZERO_COPY);
    CALL(Client_BufferFromHostBuffer, &args);
    ARGS(Buffer_UnsafePointer, address, .buffer = args.buffer);
    CALL(Buffer_UnsafePointer, &address);
    assert_true(address.buffer_pointer == (uintptr_t)data);
    ARGS(Event_IsReady, ready, .event = args.done_with_host_buffer);
    CALL(Event_IsReady, &ready);
    assert_false(ready.is_ready);
    sk_pjrt_loaded *loaded = host_compile(client, slow);
    sk_pjrt_buffer *y;
    host_run(loaded, &args.buffer, 1, &y);
    float *out = malloc(SLOW_COUNT * sizeof *out);
    host_get(y, out, SLOW_COUNT);
    assert_true(out[0] == SLOW && out[SLOW_COUNT - 1] == SLOW);
    free(out);
    host_destroy(y);
    host_destroy_loaded(loaded);
    host_destroy(args.buffer);
    host_await(args.done_with_host_buffer);
  }
  free(raw);
}

static int given_back;
static void give_back(void *data, void *user) {
  (void)data;
  given_back += *(int *)user;
}

static void test_views_device_memory(void **state) {
  (void)state;
  static float data[] = {1, 2, 3, 4, 5, 6};
  static int one = 1;
  const int64_t dims[] = {2, 3};
  given_back = 0;
  ARGS(Client_CreateViewOfDeviceBuffer, args, .client = client, .device_buffer_ptr = data,
       .element_type = 11, .dims = dims, .num_dims = 2, .on_delete_callback = give_back,
       .on_delete_callback_arg = &one);
  args.struct_size = offsetof(sk_pjrt_Client_CreateViewOfDeviceBuffer_args, memory);
  CALL(Client_CreateViewOfDeviceBuffer, &args);
  float out[6];
  host_get(args.buffer, out, 6);
  assert_true(out[5] == 6);
  assert_int_equal(given_back, 0);
  host_destroy(args.buffer);
  assert_int_equal(given_back, 1);
  // Memory in another order is read as such.
  const int64_t columns[] = {0, 1};
  sk_pjrt_layout_spec layout = {.struct_size = sizeof layout, .type = SK_PJRT_TILED};
  layout.tiled.minor_to_major = columns;
  layout.tiled.minor_to_major_size = 2;
  args.layout = &layout;
  CALL(Client_CreateViewOfDeviceBuffer, &args);
  assert_int_equal(given_back, 2);
  ARGS(Buffer_ToHostBuffer, get, .src = args.buffer, .dst = out, .dst_size = sizeof out);
  CALL(Buffer_ToHostBuffer, &get);  // no layout: as the buffer has it
  host_await(get.event);
  assert_memory_equal(out, data, sizeof data);
  host_destroy(args.buffer);
}

// ---- layouts

static void test_honours_layouts(void **state) {
  (void)state;
  static const float rows[] = {1, 2, 3, 4, 5, 6}, columns[] = {1, 4, 2, 5, 3, 6};
  const int64_t dims[] = {2, 3}, order[] = {0, 1};
  sk_pjrt_layout_spec layout = {.struct_size = sizeof layout, .type = SK_PJRT_TILED};
  layout.tiled.minor_to_major = order;
  layout.tiled.minor_to_major_size = 2;
  ARGS(Client_BufferFromHostBuffer, args, .client = client, .data = rows, .type = 11, .dims = dims,
       .num_dims = 2, .device_layout = &layout);
  CALL(Client_BufferFromHostBuffer, &args);
  host_await(args.done_with_host_buffer);
  ARGS(Buffer_GetMemoryLayout, asked, .buffer = args.buffer);
  CALL(Buffer_GetMemoryLayout, &asked);
  assert_int_equal(asked.layout.tiled.minor_to_major[0], 0);
  // Whoever looks at the memory sees that order; copies to the host have the one asked for.
  ARGS(Buffer_OpaqueDeviceMemoryDataPointer, address, .buffer = args.buffer);
  CALL(Buffer_OpaqueDeviceMemoryDataPointer, &address);
  assert_memory_equal(address.device_memory_ptr, columns, sizeof columns);
  float out[6];
  ARGS(Buffer_ToHostBuffer, get, .src = args.buffer, .dst = out, .dst_size = sizeof out);
  CALL(Buffer_ToHostBuffer, &get);
  host_await(get.event);
  assert_memory_equal(out, columns, sizeof columns);
  sk_pjrt_layout_spec row_major = {.struct_size = sizeof layout, .type = SK_PJRT_STRIDES};
  const int64_t strides[] = {12, 4}, gaps[] = {16, 4};
  row_major.strides.byte_strides = strides;
  row_major.strides.num_byte_strides = 2;
  get.host_layout = &row_major;
  CALL(Buffer_ToHostBuffer, &get);
  host_await(get.event);
  assert_memory_equal(out, rows, sizeof rows);
  row_major.strides.byte_strides = gaps;
  host_expect(api->Buffer_ToHostBuffer(&get), SKARN_UNIMPLEMENTED, "layout");
  get.host_layout = NULL;
  get.dst_size = 23;
  host_expect(api->Buffer_ToHostBuffer(&get), SKARN_INVALID_ARGUMENT, "23");
  get.dst = NULL;
  CALL(Buffer_ToHostBuffer, &get);
  assert_int_equal(get.dst_size, 24);
  host_destroy(args.buffer);
  const int64_t twice[] = {1, 1};
  layout.tiled.minor_to_major = twice;
  host_expect(api->Client_BufferFromHostBuffer(&args), SKARN_INVALID_ARGUMENT, "layout");
  layout.tiled.num_tiles = 1;
  host_expect(api->Client_BufferFromHostBuffer(&args), SKARN_UNIMPLEMENTED, "tiled");
}

// Arrays that are too large to exist are refused, however they are said to lie.
static void test_refuses_huge_layouts(void **state) {
  (void)state;
  static float data[1];
  const int64_t dims[] = {(int64_t)1 << 40, (int64_t)1 << 40}, order[] = {0, 1},
                strides[] = {4, (int64_t)1 << 42};
  sk_pjrt_layout_spec by_order = {.struct_size = sizeof by_order, .type = SK_PJRT_TILED};
  by_order.tiled.minor_to_major = order;
  by_order.tiled.minor_to_major_size = 2;
  sk_pjrt_layout_spec by_strides = {.struct_size = sizeof by_strides, .type = SK_PJRT_STRIDES};
  by_strides.strides.byte_strides = strides;
  by_strides.strides.num_byte_strides = 2;
  sk_pjrt_layout_spec *layouts[] = {NULL, &by_order, &by_strides};
  for (size_t i = 0; i < SK_COUNT(layouts); i++) {
    ARGS(Client_BufferFromHostBuffer, put, .client = client, .data = data, .type = 11, .dims = dims,
         .num_dims = 2, .device_layout = layouts[i]);
    host_expect(api->Client_BufferFromHostBuffer(&put), SKARN_INVALID_ARGUMENT, "too large");
    ARGS(Client_CreateViewOfDeviceBuffer, view, .client = client, .device_buffer_ptr = data,
         .element_type = 11, .dims = dims, .num_dims = 2, .layout = layouts[i]);
    host_expect(api->Client_CreateViewOfDeviceBuffer(&view), SKARN_INVALID_ARGUMENT, "too large");
  }
}

static void expect_text(const sk_pjrt_layouts_table *layouts, sk_pjrt_layout *layout,
                        const char *expected) {
  sk_pjrt_Layouts_MemoryLayout_Serialize_args text = {.struct_size = sizeof text, .layout = layout};
  host_expect_ok("text", layouts->Layouts_MemoryLayout_Serialize(&text));
  assert_int_equal(text.serialized_bytes_size, strlen(expected));
  assert_memory_equal(text.serialized_bytes, expected, strlen(expected));
  text.serialized_layout_deleter(text.serialized_layout);
  sk_pjrt_Layouts_MemoryLayout_Destroy_args end = {.struct_size = sizeof end, .layout = layout};
  host_expect_ok("destroy", layouts->Layouts_MemoryLayout_Destroy(&end));
}

// Layouts as handles and texts, of few dimensions and of many, of both orders.
static void test_tells_layouts(void **state) {
  (void)state;
  const sk_pjrt_layouts_table *layouts = host_extension(SK_PJRT_EXTENSION_LAYOUTS);
  static const char *const texts[] = {"{}",        "{0}",         "{1,0}",        "{2,1,0}",
                                      "{3,2,1,0}", "{4,3,2,1,0}", "{5,4,3,2,1,0}"};
  const int64_t ones[32] = {1};
  sk_pjrt_Layouts_PJRT_Client_GetDefaultLayout_args usual = {
      .struct_size = sizeof usual, .client = client, .type = 11, .dims = ones};
  for (size_t rank = 0; rank < SK_COUNT(texts); rank++) {
    usual.num_dims = rank;
    host_expect_ok("default", layouts->Layouts_PJRT_Client_GetDefaultLayout(&usual));
    expect_text(layouts, usual.layout, texts[rank]);
  }
  usual.num_dims = 33;
  host_expect(layouts->Layouts_PJRT_Client_GetDefaultLayout(&usual), SKARN_INVALID_ARGUMENT,
              "rank 33");
  const int64_t dims[] = {2, 3}, order[] = {0, 1};
  sk_pjrt_layout_spec columns = {.struct_size = sizeof columns, .type = SK_PJRT_TILED};
  columns.tiled.minor_to_major = order;
  columns.tiled.minor_to_major_size = 2;
  const float rows[6] = {0};
  ARGS(Client_BufferFromHostBuffer, put, .client = client, .data = rows, .type = 11, .dims = dims,
       .num_dims = 2, .device_layout = &columns);
  CALL(Client_BufferFromHostBuffer, &put);
  host_await(put.done_with_host_buffer);
  sk_pjrt_Layouts_PJRT_Buffer_MemoryLayout_args own = {.struct_size = sizeof own,
                                                       .buffer = put.buffer};
  host_expect_ok("layout", layouts->Layouts_PJRT_Buffer_MemoryLayout(&own));
  expect_text(layouts, own.layout, "{0,1}");
  host_destroy(put.buffer);
}

// ---- donation

static void test_donates(void **state) {
  (void)state;
  sk_pjrt_loaded *loaded = host_compile(client, donating);
  sk_pjrt_buffer *args[2] = {put_vector(SK_PJRT_DURING_CALL), put_vector(SK_PJRT_DURING_CALL)}, *y;
  host_run(loaded, args, 2, &y);
  assert_true(host_is_deleted(args[0]));
  assert_false(host_is_deleted(args[1]));
  expect_vector(y, 2);
  // Use after donation.
  sk_pjrt_buffer *none = NULL;
  host_expect(host_execute(loaded, args, 2, NULL, &none, NULL), SKARN_INVALID_ARGUMENT,
              "Buffer has been deleted or donated.");
  assert_null(none);
  float out[4];
  ARGS(Buffer_ToHostBuffer, get, .src = args[0], .dst = out, .dst_size = sizeof out);
  host_expect(api->Buffer_ToHostBuffer(&get), SKARN_INVALID_ARGUMENT, "deleted or donated");
  ARGS(Buffer_IncreaseExternalReferenceCount, hold, .buffer = args[0]);
  host_expect(api->Buffer_IncreaseExternalReferenceCount(&hold), SKARN_INVALID_ARGUMENT, "deleted");
  host_destroy(args[0]);
  // The same buffer twice, one of them donated.
  args[0] = y;
  sk_pjrt_buffer *twice[2] = {y, y};
  host_expect(host_execute(loaded, twice, 2, NULL, &none, NULL), SKARN_INVALID_ARGUMENT, "donate");
  assert_false(host_is_deleted(y));
  // Vetoed: the argument stays.
  const int64_t veto[] = {0};
  sk_pjrt_execute_options options = {.struct_size = sizeof options,
                                     .non_donatable_input_indices = veto,
                                     .num_non_donatable_input_indices = 1};
  host_expect_ok("execute", host_execute(loaded, args, 2, &options, &y, NULL));
  assert_false(host_is_deleted(args[0]));
  expect_vector(args[0], 2);
  expect_vector(y, 2);
  host_destroy(y);
  host_destroy(args[0]);
  host_destroy(args[1]);
  host_destroy_loaded(loaded);
}

// Memory that somebody else holds or lends is not written.
static void test_copies_what_it_must_not_write(void **state) {
  (void)state;
  sk_pjrt_loaded *loaded = host_compile(client, donating);
  sk_pjrt_buffer *args[2] = {put_vector(SK_PJRT_DURING_CALL), put_vector(SK_PJRT_DURING_CALL)}, *y;
  ARGS(Buffer_IncreaseExternalReferenceCount, hold, .buffer = args[0]);
  CALL(Buffer_IncreaseExternalReferenceCount, &hold);
  ARGS(Buffer_OpaqueDeviceMemoryDataPointer, address, .buffer = args[0]);
  CALL(Buffer_OpaqueDeviceMemoryDataPointer, &address);
  host_run(loaded, args, 2, &y);
  assert_false(host_is_deleted(args[0]));
  assert_true(*(float *)address.device_memory_ptr == 1);
  expect_vector(y, 2);
  host_destroy(y);
  // The view outlives Delete, and even Destroy.
  ARGS(Buffer_Delete, delete, .buffer = args[0]);
  CALL(Buffer_Delete, &delete);
  assert_true(host_is_deleted(args[0]));
  assert_true(*(float *)address.device_memory_ptr == 1);
  host_destroy(args[0]);
  assert_true(*(float *)address.device_memory_ptr == 1);
  ARGS(Buffer_DecreaseExternalReferenceCount, drop, .buffer = hold.buffer);
  CALL(Buffer_DecreaseExternalReferenceCount, &drop);
  host_expect(api->Buffer_DecreaseExternalReferenceCount(
                  &(sk_pjrt_Buffer_DecreaseExternalReferenceCount_args){.struct_size = sizeof drop,
                                                                        .buffer = args[1]}),
              SKARN_FAILED_PRECONDITION, "no external reference");
  // A view of the client's memory.
  static float lent[4] = {1, 2, 3, 4};
  ARGS(Client_CreateViewOfDeviceBuffer, view, .client = client, .device_buffer_ptr = lent,
       .element_type = 11, .dims = four, .num_dims = 1);
  CALL(Client_CreateViewOfDeviceBuffer, &view);
  args[0] = view.buffer;
  host_run(loaded, args, 2, &y);
  assert_true(lent[0] == 1);
  assert_true(host_is_deleted(args[0]));
  expect_vector(y, 2);
  host_destroy(y);
  host_destroy(args[0]);
  host_destroy(args[1]);
  host_destroy_loaded(loaded);
}

// ---- calls that are wrong

static void test_refuses_wrong_calls(void **state) {
  (void)state;
  sk_pjrt_loaded *loaded = host_compile(client, add_one);
  sk_pjrt_buffer *x = put_vector(SK_PJRT_DURING_CALL), *y = NULL, *two[2] = {x, x};
  host_expect(host_execute(loaded, two, 2, NULL, &y, NULL), SKARN_INVALID_ARGUMENT,
              "expected 1 buffers");
  host_expect(host_execute(loaded, NULL, 0, NULL, &y, NULL), SKARN_INVALID_ARGUMENT,
              "supplied 0 buffers");
  sk_pjrt_buffer *missing = NULL;
  host_expect(host_execute(loaded, &missing, 1, NULL, &y, NULL), SKARN_INVALID_ARGUMENT, "missing");
  sk_pjrt_buffer *const *no_arguments = NULL, *const *arguments = &x;
  sk_pjrt_buffer **no_results = NULL, **results = &y;
  ARGS(LoadedExecutable_Execute, lists, .executable = loaded, .argument_lists = &no_arguments,
       .num_devices = 1, .num_args = 1, .output_lists = &results);
  host_expect(api->LoadedExecutable_Execute(&lists), SKARN_INVALID_ARGUMENT, "device 0");
  lists.argument_lists = &arguments;
  lists.output_lists = &no_results;
  host_expect(api->LoadedExecutable_Execute(&lists), SKARN_INVALID_ARGUMENT, "device 0");
  sk_pjrt_buffer *short_one = host_put(client, values, (const int64_t[]){3}, 1, 0);
  host_expect(host_execute(loaded, &short_one, 1, NULL, &y, NULL), SKARN_INVALID_ARGUMENT,
              "tensor<4xf32>");
  ARGS(Buffer_CopyToDevice, copy, .buffer = x, .dst_device = host_device(client, 1));
  CALL(Buffer_CopyToDevice, &copy);
  host_expect(host_execute(loaded, &copy.dst_buffer, 1, NULL, &y, NULL), SKARN_INVALID_ARGUMENT,
              "device");
  sk_pjrt_execute_options options = {.struct_size = sizeof options, .num_send_ops = 1};
  host_expect(host_execute(loaded, &x, 1, &options, &y, NULL), SKARN_UNIMPLEMENTED, "callbacks");
  options = (sk_pjrt_execute_options){.struct_size = 16};
  host_expect(host_execute(loaded, &x, 1, &options, &y, NULL), SKARN_INVALID_ARGUMENT, "16 bytes");
  options = (sk_pjrt_execute_options){.struct_size = sizeof options,
                                      .num_non_donatable_input_indices = 2};
  host_expect(host_execute(loaded, &x, 1, &options, &y, NULL), SKARN_INVALID_ARGUMENT, "indices");
  ARGS(LoadedExecutable_Delete, delete, .executable = loaded);
  CALL(LoadedExecutable_Delete, &delete);
  host_expect(host_execute(loaded, &x, 1, NULL, &y, NULL), SKARN_FAILED_PRECONDITION, "deleted");
  assert_null(y);
  host_destroy(copy.dst_buffer);
  host_destroy(short_one);
  host_destroy(x);
  host_destroy_loaded(loaded);
}

// ---- events

typedef struct seen {
  sk_pjrt_event *event;  // destroyed by the callback
  int calls;
  bool failed;
} seen;

static void see(sk_pjrt_error *error, void *raw) {
  seen *record = raw;
  record->calls++;
  record->failed = error != NULL;
  ARGS(Error_Destroy, destroy, .error = error);
  api->Error_Destroy(&destroy);
  if (record->event) {
    ARGS(Event_Destroy, end, .event = record->event);
    CALL(Event_Destroy, &end);
  }
}

static void test_events_call_back(void **state) {
  (void)state;
  ARGS(Event_Create, create, .extension_start = NULL);
  CALL(Event_Create, &create);
  sk_pjrt_event *event = create.event;
  seen first = {0}, second = {.event = event};
  ARGS(Event_OnReady, on_ready, .event = event, .callback = see, .user_arg = &first);
  CALL(Event_OnReady, &on_ready);
  on_ready.user_arg = &second;
  CALL(Event_OnReady, &on_ready);
  ARGS(Event_Set, set, .event = event, .error_code = 13, .error_message = "lost!",
       .error_message_size = 4);
  CALL(Event_Set, &set);  // the second callback destroys the event meanwhile
  assert_true(first.calls == 1 && first.failed && second.calls == 1 && second.failed);
  // Destroyed while pending: the callback is told.
  CALL(Event_Create, &create);
  seen third = {0};
  on_ready.event = create.event;
  on_ready.user_arg = &third;
  CALL(Event_OnReady, &on_ready);
  ARGS(Event_Destroy, destroy, .event = create.event);
  CALL(Event_Destroy, &destroy);
  assert_true(third.calls == 1 && third.failed);
  on_ready.callback = NULL;
  host_expect(api->Event_OnReady(&on_ready), SKARN_INVALID_ARGUMENT, "Event_OnReady");
}

// ---- the dispatcher

static float *slow_input(float scale) {
  float *data = malloc(SLOW_COUNT * sizeof *data);
  for (int i = 0; i < SLOW_COUNT; i++) {
    data[i] = i / SLOW == i % SLOW ? scale : 0;
  }
  return data;
}

// A chain of calls that return early, each on the result of the one before, results destroyed as
// soon as they were passed on.
static void test_pipelines_long_calls(void **state) {
  (void)state;
  sk_pjrt_loaded *loaded = host_compile(client, slow);
  float *data = slow_input(-1);
  sk_pjrt_buffer *x = host_put(client, data, slow_dims, 2, SK_PJRT_DURING_CALL);
  int calls = 0, events = 0;
  static seen done[13];
  memset(done, 0, sizeof done);
  for (int i = 0; i < 13; i++) {
    sk_pjrt_buffer *y;
    sk_pjrt_event *event;
    host_expect_ok("execute", host_execute(loaded, &x, 1, NULL, &y, &event));
    // As JAX does: asked, and destroyed in the callback.
    done[i].event = event;
    ARGS(Event_OnReady, on_ready, .event = event, .callback = see, .user_arg = &done[i]);
    CALL(Event_OnReady, &on_ready);
    host_destroy(x);
    x = y;
    calls++;
  }
  ARGS(Buffer_ReadyEvent, ready, .buffer = x);
  CALL(Buffer_ReadyEvent, &ready);
  host_await(ready.event);
  float *out = malloc(SLOW_COUNT * sizeof *out);
  host_get(x, out, SLOW_COUNT);
  assert_true(out[0] == 1 && out[1] == 0 && out[SLOW_COUNT - 1] == 1);
  for (int i = 0; i < 12; i++) {
    events += done[i].calls;  // all before the last have ended
    assert_false(done[i].failed);
  }
  assert_int_equal(events, calls - 1);
  // The address is there at once, the contents at the event; destroyed meanwhile, nothing breaks.
  sk_pjrt_buffer *y;
  host_expect_ok("execute", host_execute(loaded, &x, 1, NULL, &y, NULL));
  ARGS(Buffer_UnsafePointer, address, .buffer = y);
  CALL(Buffer_UnsafePointer, &address);
  host_destroy(y);
  host_expect_ok("execute", host_execute(loaded, &x, 1, NULL, &y, NULL));
  host_destroy_loaded(loaded);  // while it runs
  host_get(y, out, SLOW_COUNT);
  assert_true(out[0] == 1);
  host_destroy(y);
  host_destroy(x);
  free(out);
  free(data);
}

// ---- contents that come later

static sk_pjrt_transfer *new_transfer(void) {
  sk_pjrt_shape_spec shapes[2] = {{sizeof *shapes, NULL, four, 1, 11},
                                  {sizeof *shapes, NULL, four, 1, 11}};
  ARGS(Client_CreateBuffersForAsyncHostToDevice, create, .client = client, .shape_specs = shapes,
       .num_shape_specs = 2);
  CALL(Client_CreateBuffersForAsyncHostToDevice, &create);
  return create.transfer_manager;
}

static sk_pjrt_buffer *retrieve(sk_pjrt_transfer *transfer, int index) {
  ARGS(AsyncHostToDeviceTransferManager_RetrieveBuffer, args, .transfer_manager = transfer,
       .buffer_index = index);
  CALL(AsyncHostToDeviceTransferManager_RetrieveBuffer, &args);
  return args.buffer_out;
}

static void send(sk_pjrt_transfer *transfer, int64_t offset, int64_t size, bool last) {
  ARGS(AsyncHostToDeviceTransferManager_TransferData, args, .transfer_manager = transfer,
       .data = (const char *)values + offset, .offset = offset, .transfer_size = size,
       .is_last_transfer = last);
  CALL(AsyncHostToDeviceTransferManager_TransferData, &args);
  host_await(args.done_with_h2d_transfer);
}

static void test_transfers_in_pieces(void **state) {
  (void)state;
  sk_pjrt_loaded *loaded = host_compile(client, add_one);
  sk_pjrt_transfer *transfer = new_transfer();
  sk_pjrt_buffer *x = retrieve(transfer, 0), *bad = retrieve(transfer, 1), *y, *z;
  // Executions wait for it without holding anybody up.
  host_expect_ok("execute", host_execute(loaded, &x, 1, NULL, &y, NULL));
  host_expect_ok("execute", host_execute(loaded, &bad, 1, NULL, &z, NULL));
  sk_pjrt_buffer *other = put_vector(SK_PJRT_DURING_CALL), *w;
  host_run(loaded, &other, 1, &w);
  ARGS(Buffer_ReadyEvent, ready, .buffer = y);
  CALL(Buffer_ReadyEvent, &ready);
  ARGS(Event_IsReady, is_ready, .event = ready.event);
  CALL(Event_IsReady, &is_ready);
  assert_false(is_ready.is_ready);
  send(transfer, 8, 8, false);
  send(transfer, 0, 8, true);
  host_await(ready.event);
  expect_vector(y, 2);
  ARGS(AsyncHostToDeviceTransferManager_TransferData, late, .transfer_manager = transfer,
       .data = values, .transfer_size = 4);
  host_expect(api->AsyncHostToDeviceTransferManager_TransferData(&late), SKARN_FAILED_PRECONDITION,
              "last transfer");
  late.buffer_index = 1;
  late.offset = 14;
  host_expect(api->AsyncHostToDeviceTransferManager_TransferData(&late), SKARN_INVALID_ARGUMENT,
              "4 bytes to 14");
  late.buffer_index = 2;
  host_expect(api->AsyncHostToDeviceTransferManager_TransferData(&late), SKARN_INVALID_ARGUMENT,
              "buffer 2");
  // The second never comes: what depends on it fails.
  ARGS(AsyncHostToDeviceTransferManager_SetBufferError, fail, .transfer_manager = transfer,
       .buffer_index = 1, .error_code = 15, .error_message = "disk on fire",
       .error_message_size = 12);
  CALL(AsyncHostToDeviceTransferManager_SetBufferError, &fail);
  CALL(Buffer_ReadyEvent, &ready);
  ARGS(Buffer_ReadyEvent, poisoned, .buffer = z);
  CALL(Buffer_ReadyEvent, &poisoned);
  ARGS(Event_Await, wait, .event = poisoned.event);
  host_expect(api->Event_Await(&wait), SKARN_DATA_LOSS, "disk on fire");
  ARGS(Event_Destroy, destroy, .event = poisoned.event);
  CALL(Event_Destroy, &destroy);
  destroy.event = ready.event;
  CALL(Event_Destroy, &destroy);
  float out[4];
  ARGS(Buffer_ToHostBuffer, get, .src = z, .dst = out, .dst_size = sizeof out);
  host_expect(api->Buffer_ToHostBuffer(&get), SKARN_DATA_LOSS, "disk on fire");
  ARGS(AsyncHostToDeviceTransferManager_Destroy, end, .transfer_manager = transfer);
  CALL(AsyncHostToDeviceTransferManager_Destroy, &end);
  // Given up before it was complete.
  transfer = new_transfer();
  sk_pjrt_buffer *lost = retrieve(transfer, 0);
  end.transfer_manager = transfer;
  CALL(AsyncHostToDeviceTransferManager_Destroy, &end);
  get.src = lost;
  host_expect(api->Buffer_ToHostBuffer(&get), SKARN_CANCELLED, "before it was complete");
  sk_pjrt_buffer *all[] = {x, y, z, w, bad, other, lost};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    host_destroy(all[i]);
  }
  host_destroy_loaded(loaded);
}

static sk_pjrt_buffer *copy_to(sk_pjrt_buffer *source, sk_pjrt_device *device) {
  ARGS(Buffer_CopyToDevice, args, .buffer = source, .dst_device = device);
  CALL(Buffer_CopyToDevice, &args);
  return args.dst_buffer;
}

static sk_pjrt_event *start_get(sk_pjrt_buffer *source, float *out) {
  ARGS(Buffer_ToHostBuffer, args, .src = source, .dst = out, .dst_size = sizeof values);
  CALL(Buffer_ToHostBuffer, &args);
  return args.event;
}

static bool is_ready(sk_pjrt_event *event) {
  ARGS(Event_IsReady, args, .event = event);
  CALL(Event_IsReady, &args);
  return args.is_ready;
}

// A thread that asks for copies before it sends the contents is not held up, and gets them; the
// source may be gone by then, the target of a copy be copied, and the other client's be another.
static void test_copies_what_comes_later(void **state) {
  (void)state;
  sk_pjrt_client *foreign = host_open(1);
  static const float others[] = {9, 9, 9, 9};
  sk_pjrt_buffer *before[8];
  for (int i = 0; i < 8; i++) {  // what lies in memory that is used again is not the contents
    before[i] = host_put(i < 4 ? client : foreign, others, four, 1, SK_PJRT_DURING_CALL);
  }
  for (int i = 0; i < 8; i++) {
    host_destroy(before[i]);
  }
  for (int fails = 0; fails < 2; fails++) {
    sk_pjrt_transfer *transfer = new_transfer();
    sk_pjrt_buffer *x = retrieve(transfer, 0);
    float out[4] = {0}, far[4] = {0};
    sk_pjrt_event *done = start_get(x, out), *far_done;
    sk_pjrt_buffer *near = copy_to(x, host_device(client, 1));
    sk_pjrt_buffer *other = copy_to(near, host_device(foreign, 0));
    sk_pjrt_buffer *unused = copy_to(x, host_device(foreign, 0));
    host_destroy(unused);
    host_destroy(x);
    far_done = start_get(other, far);
    assert_false(is_ready(done) || is_ready(far_done));
    if (fails) {
      ARGS(AsyncHostToDeviceTransferManager_SetBufferError, fail, .transfer_manager = transfer,
           .error_code = 15, .error_message = "disk on fire", .error_message_size = 12);
      CALL(AsyncHostToDeviceTransferManager_SetBufferError, &fail);
      sk_pjrt_event *events[] = {done, far_done};
      for (int i = 0; i < 2; i++) {
        ARGS(Event_Await, wait, .event = events[i]);
        host_expect(api->Event_Await(&wait), SKARN_DATA_LOSS, "disk on fire");
        ARGS(Event_Destroy, destroy, .event = events[i]);
        CALL(Event_Destroy, &destroy);
      }
    } else {
      send(transfer, 0, sizeof values, true);
      host_await(done);
      host_await(far_done);
      assert_memory_equal(out, values, sizeof values);
      assert_memory_equal(far, values, sizeof values);
      expect_vector(near, 1);
    }
    host_destroy(near);
    host_destroy(other);
    ARGS(AsyncHostToDeviceTransferManager_Destroy, end, .transfer_manager = transfer);
    CALL(AsyncHostToDeviceTransferManager_Destroy, &end);
  }
  host_close(foreign);
}

// Each the source of the next: their number does not matter to the stack of whoever sends.
static void *copy_in_a_row(void *unused) {
  enum { COPIES = 5000 };
  sk_pjrt_transfer *transfer = new_transfer();
  sk_pjrt_buffer *x = retrieve(transfer, 0);
  for (int i = 0; i < COPIES; i++) {
    sk_pjrt_buffer *next = copy_to(x, host_device(client, i % 2 == 0));
    host_destroy(x);
    x = next;
  }
  send(transfer, 0, sizeof values, true);
  expect_vector(x, 1);
  host_destroy(x);
  ARGS(AsyncHostToDeviceTransferManager_Destroy, end, .transfer_manager = transfer);
  CALL(AsyncHostToDeviceTransferManager_Destroy, &end);
  return unused;
}

static void test_copies_in_a_row(void **state) {
  (void)state;
  pthread_attr_t small;
  pthread_t thread;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 256 << 10);
  assert_int_equal(pthread_create(&thread, &small, copy_in_a_row, NULL), 0);
  pthread_join(thread, NULL);
  pthread_attr_destroy(&small);
}

static void test_fulfils_aliases(void **state) {
  (void)state;
  ARGS(Device_DefaultMemory, memory, .device = host_device(client, 0));
  CALL(Device_DefaultMemory, &memory);
  ARGS(Client_CreateAliasBuffer, create, .client = client, .memory = memory.memory,
       .shape_dims = four, .shape_num_dims = 1, .shape_element_type = 11);
  CALL(Client_CreateAliasBuffer, &create);
  sk_pjrt_buffer *source = put_vector(SK_PJRT_DURING_CALL), *alias = create.alias_buffer;
  ARGS(Client_FulfillAliasBuffer, fulfil, .client = client, .buffer = source,
       .fulfill_alias_buffer_cb = create.fulfill_alias_buffer_cb);
  CALL(Client_FulfillAliasBuffer, &fulfil);
  expect_vector(alias, 1);
  host_destroy(alias);
  ARGS(Client_CreateErrorBuffer, bad, .client = client, .error_code = 9, .error_message = "no luck",
       .error_message_size = 7, .memory = memory.memory, .shape_dims = four, .shape_num_dims = 1,
       .shape_element_type = 11);
  CALL(Client_CreateErrorBuffer, &bad);
  CALL(Client_CreateAliasBuffer, &create);
  fulfil.buffer = bad.buffer;
  fulfil.fulfill_alias_buffer_cb = create.fulfill_alias_buffer_cb;
  CALL(Client_FulfillAliasBuffer, &fulfil);
  ARGS(Buffer_CopyToDevice, copy, .buffer = create.alias_buffer,
       .dst_device = host_device(client, 1));
  host_expect(api->Buffer_CopyToDevice(&copy), SKARN_FAILED_PRECONDITION, "no luck");
  // An execution that cannot return early says so itself.
  sk_pjrt_loaded *loaded = host_compile(client, add_one);
  sk_pjrt_buffer *y;
  sk_pjrt_event *done;
  host_expect_ok("execute", host_execute(loaded, &bad.buffer, 1, NULL, &y, &done));
  ARGS(Event_Await, wait, .event = done);
  host_expect(api->Event_Await(&wait), SKARN_FAILED_PRECONDITION, "no luck");
  ARGS(Event_Destroy, destroy, .event = done);
  CALL(Event_Destroy, &destroy);
  host_destroy(y);
  host_destroy_loaded(loaded);
  host_destroy(create.alias_buffer);
  host_destroy(bad.buffer);
  host_destroy(source);
}

static void test_copies_raw_bytes(void **state) {
  (void)state;
  sk_pjrt_buffer *x = put_vector(SK_PJRT_DURING_CALL);
  float out[2] = {0};
  ARGS(Buffer_CopyRawToHost, copy, .buffer = x, .dst = out, .offset = 8, .transfer_size = 8);
  CALL(Buffer_CopyRawToHost, &copy);
  host_await(copy.event);
  assert_true(out[0] == 3 && out[1] == 4);
  copy.offset = 12;
  host_expect(api->Buffer_CopyRawToHost(&copy), SKARN_INVALID_ARGUMENT, "8 bytes from 12");
  copy.offset = -1;
  host_expect(api->Buffer_CopyRawToHost(&copy), SKARN_INVALID_ARGUMENT, "from -1");
  ARGS(Buffer_CopyRawToHostFuture, future, .buffer = x, .offset = 0, .transfer_size = 8);
  CALL(Buffer_CopyRawToHostFuture, &future);
  struct {
    size_t struct_size;
    void *callback_data;
    int error_code;
    const char *error_message;
    size_t error_message_size;
    void *dst;
  } known = {sizeof known, future.callback_data, 0, NULL, 0, out};
  future.future_ready_callback(&known);
  host_await(future.event);
  assert_true(out[0] == 1 && out[1] == 2);
  // The same bytes as integers.
  ARGS(Buffer_Bitcast, cast, .buffer = x, .element_type = 4, .dims = four, .num_dims = 1);
  CALL(Buffer_Bitcast, &cast);
  host_destroy(x);
  int32_t bits[4];
  host_get(cast.out_buffer, (float *)(void *)bits, 4);
  assert_int_equal(bits[0], 0x3f800000);
  host_destroy(cast.out_buffer);
}

static sk_pjrt_buffer *cast_to(sk_pjrt_buffer *buffer, int type, int64_t count) {
  ARGS(Buffer_Bitcast, cast, .buffer = buffer, .element_type = type, .dims = &count, .num_dims = 1);
  CALL(Buffer_Bitcast, &cast);
  return cast.out_buffer;
}

static void expect_bytes(sk_pjrt_buffer *buffer, const uint8_t *expected, size_t count) {
  uint8_t out[8];
  ARGS(Buffer_ToHostBuffer, get, .src = buffer, .dst = out, .dst_size = count);
  CALL(Buffer_ToHostBuffer, &get);
  host_await(get.event);
  assert_memory_equal(out, expected, count);
}

// Types narrower than a byte have one element per byte in memory, and side by side as bits.
static void test_casts_narrow_types(void **state) {
  (void)state;
  static const uint8_t bytes[] = {0xe1, 0x47};
  const int64_t two[] = {2};
  ARGS(Client_BufferFromHostBuffer, put, .client = client, .data = bytes, .type = 6, .dims = two,
       .num_dims = 1);
  CALL(Client_BufferFromHostBuffer, &put);
  host_await(put.done_with_host_buffer);
  sk_pjrt_buffer *as_u4 = cast_to(put.buffer, 22, 4), *as_s4 = cast_to(as_u4, 21, 4),
                 *as_s2 = cast_to(put.buffer, 24, 8), *back = cast_to(as_s4, 6, 2),
                 *back2 = cast_to(as_s2, 3, 1);
  expect_bytes(as_u4, (const uint8_t[]){1, 14, 7, 4}, 4);
  expect_bytes(as_s4, (const uint8_t[]){1, 0xfe, 7, 4}, 4);
  expect_bytes(as_s2, (const uint8_t[]){1, 0, 0xfe, 0xff, 0xff, 1, 0, 1}, 8);
  expect_bytes(back, bytes, 2);
  expect_bytes(back2, bytes, 2);
  const int64_t one[] = {1}, four_of[] = {4};
  ARGS(Buffer_Bitcast, cast, .buffer = as_u4, .element_type = 6, .dims = one, .num_dims = 1);
  host_expect(api->Buffer_Bitcast(&cast), SKARN_INVALID_ARGUMENT, "another size");
  cast.element_type = 24;
  cast.dims = four_of;
  host_expect(api->Buffer_Bitcast(&cast), SKARN_INVALID_ARGUMENT, "another size");
  const int64_t eight[] = {8};
  cast.dims = eight;
  host_expect(api->Buffer_Bitcast(&cast), SKARN_UNIMPLEMENTED, "4 bits as one of 2 bits");
  host_destroy(put.buffer);
  host_destroy(as_u4);
  host_destroy(as_s4);
  host_destroy(as_s2);
  host_destroy(back);
  host_destroy(back2);
}

// ---- threads

enum { THREADS = 4, ROUNDS = 300 };
static sk_pjrt_loaded *shared_loaded;
static sk_pjrt_buffer *shared_buffer;

// Half of them use the buffer, half delete copies of it: no answer but success or "deleted".
static void *use_and_delete(void *raw) {
  int who = *(int *)raw;
  for (int i = 0; i < ROUNDS; i++) {
    sk_pjrt_buffer *y = NULL, *copy = NULL;
    ARGS(Buffer_CopyToDevice, args, .buffer = shared_buffer, .dst_device = host_device(client, 0));
    CALL(Buffer_CopyToDevice, &args);
    copy = args.dst_buffer;
    sk_pjrt_buffer *call[2] = {copy, shared_buffer};
    if (who % 2) {
      ARGS(Buffer_Delete, delete, .buffer = copy);
      CALL(Buffer_Delete, &delete);
      host_expect(host_execute(shared_loaded, call, 2, NULL, &y, NULL), SKARN_INVALID_ARGUMENT,
                  "deleted");
    } else {
      host_run(shared_loaded, call, 2, &y);
      float out[4];
      host_get(y, out, 4);
      assert_true(out[0] == 2 && out[3] == 4);
    }
    host_destroy(copy);
    host_destroy(y);
  }
  return NULL;
}

static void test_survives_threads(void **state) {
  (void)state;
  shared_loaded = host_compile(client, donating);
  shared_buffer = put_vector(SK_PJRT_DURING_CALL);
  pthread_t threads[THREADS];
  int who[THREADS];
  for (int i = 0; i < THREADS; i++) {
    who[i] = i;
    assert_int_equal(pthread_create(&threads[i], NULL, use_and_delete, &who[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  host_destroy(shared_buffer);
  host_destroy_loaded(shared_loaded);
}

// ---- abuse: every slot with nothing, and with too little

static void expect_refusal(const char *name, sk_pjrt_error *error) {
  if (!error) {
    fail_msg("%s accepts it", name);
  }
  ARGS(Error_Destroy, destroy, .error = error);
  api->Error_Destroy(&destroy);
}

static void test_refuses_nothing_and_too_little(void **state) {
  (void)state;
#define SLOT(name, last, fields)                                                                   \
  assert_non_null(api->name);                                                                      \
  expect_refusal(#name, api->name(NULL));                                                          \
  {                                                                                                \
    ARGS(name, args, .extension_start = NULL);                                                     \
    args.struct_size = 8;                                                                          \
    expect_refusal(#name, api->name(&args));                                                       \
    args.struct_size = sizeof args;                                                                \
    if (has_handle(#fields)) { /* the others make something of nothing */                          \
      expect_refusal(#name, api->name(&args));                                                     \
    }                                                                                              \
  }
#define VOID_SLOT(name, last, fields)                                                              \
  api->name(NULL);                                                                                 \
  {                                                                                                \
    ARGS(name, args, .extension_start = NULL);                                                     \
    args.struct_size = 8;                                                                          \
    api->name(&args);                                                                              \
    args.struct_size = sizeof args;                                                                \
    api->name(&args);                                                                              \
  }
#define STUB(name, last, fields) host_expect(api->name(NULL), SKARN_UNIMPLEMENTED, "PJRT_" #name);
#define has_handle(text) (strstr(text, "H(") != NULL)
#include "pjrt/pjrt_slots.def"
#undef SLOT
#undef VOID_SLOT
#undef STUB
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(test_takes_any_strides),
      TEST(test_views_large_arrays),
      TEST(test_views_device_memory),
      TEST(test_honours_layouts),
      TEST(test_tells_layouts),
      TEST(test_refuses_huge_layouts),
      TEST(test_donates),
      TEST(test_copies_what_it_must_not_write),
      TEST(test_refuses_wrong_calls),
      TEST(test_events_call_back),
      TEST(test_pipelines_long_calls),
      TEST(test_transfers_in_pieces),
      TEST(test_copies_what_comes_later),
      TEST(test_copies_in_a_row),
      TEST(test_fulfils_aliases),
      TEST(test_copies_raw_bytes),
      TEST(test_casts_narrow_types),
      TEST(test_survives_threads),
      TEST(test_refuses_nothing_and_too_little),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
