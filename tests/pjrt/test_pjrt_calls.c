// SPDX-License-Identifier: Apache-2.0
// Custom calls through the plugin: handlers under the typed FFI see types, dimensions, attributes and
// user data, in the memory order that the program asks for; tokens order calls; what fails is told.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "pjrt/pjrt_extensions.h"
#include "pjrt/pjrt_ffi.h"
#include "pjrt_host.h"

static sk_pjrt_client *client;
static const sk_pjrt_ffi_table *ffi;

static int set_up(void **state) {
  (void)state;
  client = host_open(1);
  ffi = host_extension(SK_PJRT_EXTENSION_FFI);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  ARGS(Device_MemoryStats, stats, .device = host_device(client, 0));
  CALL(Device_MemoryStats, &stats);
  assert_int_equal(stats.num_allocs, 1);  // the token
  host_close(client);
  return 0;
}

static const sk_ffi_buffer *arg(const sk_ffi_call_frame *frame, int i) {
  assert_true(i < frame->args.size && frame->args.types[i] == SK_FFI_BUFFER);
  return frame->args.values[i];
}
static const sk_ffi_buffer *ret(const sk_ffi_call_frame *frame, int i) {
  assert_true(i < frame->rets.size);
  return frame->rets.values[i];
}

// ---- types, dimensions, attributes

// Scales by the attribute; checks all that it is told.
static sk_ffi_error *scale(sk_ffi_call_frame *frame) {
  assert_int_equal(frame->stage, SK_FFI_EXECUTE);
  assert_int_equal(frame->args.size, 1);
  const sk_ffi_buffer *x = arg(frame, 0), *y = ret(frame, 0);
  assert_int_equal(x->dtype, 11);
  assert_int_equal(x->rank, 2);
  assert_int_equal(x->dims[0], 2);
  assert_int_equal(x->dims[1], 3);
  const sk_ffi_attrs *attrs = &frame->attrs;
  assert_int_equal(attrs->size, 5);
  const char *names[] = {"by", "flag", "list", "mode", "name"};  // sorted
  for (int i = 0; i < 5; i++) {
    assert_true(attrs->names[i]->len == strlen(names[i]) &&
                memcmp(attrs->names[i]->ptr, names[i], attrs->names[i]->len) == 0);
  }
  const sk_ffi_scalar *by = attrs->attrs[0], *flag = attrs->attrs[1], *mode = attrs->attrs[3];
  const sk_ffi_array *list = attrs->attrs[2];
  const sk_ffi_span *name = attrs->attrs[4];
  assert_true(attrs->types[0] == SK_FFI_SCALAR && by->dtype == 11);
  assert_true(flag->dtype == 1 && *(uint8_t *)flag->value == 1);
  assert_true(attrs->types[2] == SK_FFI_ARRAY && list->dtype == 5 && list->size == 3);
  assert_true(((int64_t *)list->data)[2] == -7);
  assert_true(mode->dtype == 6 && *(uint8_t *)mode->value == 86);
  assert_true(attrs->types[4] == SK_FFI_STRING && name->len == 5);
  assert_memory_equal(name->ptr, "a \"b\"", 5);
  float factor;
  memcpy(&factor, by->value, sizeof factor);
  for (int i = 0; i < 6; i++) {
    ((float *)y->data)[i] = ((const float *)x->data)[i] * factor;
  }
  return NULL;
}

static void test_tells_all(void **state) {
  (void)state;
  host_register("test_scale", scale, "Host");
  sk_pjrt_loaded *loaded = host_compile(
      client, "func.func @main(%a: tensor<2x3xf32>) -> tensor<2x3xf32> {\n"
              "  %b = stablehlo.add %a, %a : tensor<2x3xf32>\n"
              "  %c = stablehlo.custom_call @test_scale(%b) {api_version = 1 : i32, backend_config "
              "= \"\",\n"
              "    mhlo.backend_config = {by = 0.5 : f32, mode = 86 : ui8, flag = true,\n"
              "      list = array<i64: 1, 2, -7>, name = \"a \\\"b\\\"\"}}\n"
              "    : (tensor<2x3xf32>) -> tensor<2x3xf32>\n"
              "  %d = stablehlo.add %c, %a : tensor<2x3xf32>\n"
              "  return %d : tensor<2x3xf32> }\n");
  const float data[] = {1, 2, 3, 4, 5, 6};
  sk_pjrt_buffer *x = host_put(client, data, (const int64_t[]){2, 3}, 2, 0), *y;
  for (int i = 0; i < 3; i++) {
    host_run(loaded, &x, 1, &y);
    float out[6];
    host_get(y, out, 6);
    assert_true(out[0] == 2 && out[5] == 12);
    host_destroy(y);
  }
  host_destroy(x);
  host_destroy_loaded(loaded);
}

// ---- memory order

// Copies bytes: with a column-major operand and a row-major result that is a permutation.
static sk_ffi_error *copy_bytes(sk_ffi_call_frame *frame) {
  assert_int_equal(arg(frame, 0)->dims[0], 2);  // as the program says
  assert_int_equal(arg(frame, 0)->dims[1], 3);
  memcpy(ret(frame, 0)->data, arg(frame, 0)->data, 24);
  return NULL;
}

static void test_honours_layouts(void **state) {
  (void)state;
  host_register("test_copy", copy_bytes, "cpu");
  static const char *const layouts[] = {"operand_layouts = [dense<[0, 1]> : tensor<2xindex>], "
                                        "result_layouts = [dense<[1, 0]> : tensor<2xindex>]",
                                        "operand_layouts = [dense<[1, 0]> : tensor<2xindex>], "
                                        "result_layouts = [dense<[0, 1]> : tensor<2xindex>]",
                                        "operand_layouts = [dense<[0, 1]> : tensor<2xindex>], "
                                        "result_layouts = [dense<[0, 1]> : tensor<2xindex>]"};
  static const float expected[3][6] = {{1, 4, 2, 5, 3, 6}, {1, 3, 5, 2, 4, 6}, {1, 2, 3, 4, 5, 6}};
  const float data[] = {1, 2, 3, 4, 5, 6};
  for (int i = 0; i < 3; i++) {
    char text[1024];
    snprintf(text, sizeof text,
             "func.func @main(%%a: tensor<2x3xf32>) -> tensor<2x3xf32> {\n"
             "  %%c = stablehlo.custom_call @test_copy(%%a) {%s} : (tensor<2x3xf32>) -> "
             "tensor<2x3xf32>\n  return %%c : tensor<2x3xf32> }\n",
             layouts[i]);
    sk_pjrt_loaded *loaded = host_compile(client, text);
    sk_pjrt_buffer *x = host_put(client, data, (const int64_t[]){2, 3}, 2, 0), *y;
    host_run(loaded, &x, 1, &y);
    float out[6];
    host_get(y, out, 6);
    assert_memory_equal(out, expected[i], sizeof out);
    host_destroy(x);
    host_destroy(y);
    host_destroy_loaded(loaded);
  }
}

// ---- tokens, user data, state

static int order[8], order_count;
static int state_made, state_gone;
static int64_t state_type;

static void delete_state(void *object) {
  (void)object;
  state_gone++;
}

static sk_ffi_error *make_state(sk_ffi_call_frame *frame) {
  static int object = 5;
  assert_int_equal(frame->stage, SK_FFI_INSTANTIATE);
  sk_ffi_type_info info = {sizeof info, NULL, delete_state};
  sk_ffi_Type_Register_args type = {sizeof type, NULL, {"test_state", 10}, &state_type, &info};
  assert_null(frame->api->Type_Register(&type));
  sk_ffi_State_Set_args set = {sizeof set,         NULL,        frame->ctx,
                               SK_FFI_INSTANTIATE, &state_type, &object};
  assert_null(frame->api->State_Set(&set));
  state_made++;
  return NULL;
}

static sk_ffi_error *note_order(sk_ffi_call_frame *frame) {
  int64_t type = 77;
  sk_ffi_State_Get_args get = {sizeof get, NULL, frame->ctx, SK_FFI_INSTANTIATE, &state_type, NULL};
  assert_null(frame->api->State_Get(&get));
  assert_int_equal(*(int *)get.state, 5);
  sk_ffi_InvokeContext_Get_args user = {sizeof user, NULL, frame->ctx, &type, NULL};
  assert_null(frame->api->InvokeContext_Get(&user));
  assert_int_equal(arg(frame, 0)->dtype, 17);  // the token
  sk_ffi_DeviceMemory_Allocate_args memory = {sizeof memory, NULL, frame->ctx, 100, 64, NULL};
  assert_null(frame->api->DeviceMemory_Allocate(&memory));  // given back by itself
  memset(memory.data, 1, 100);
  const sk_ffi_scalar *index = frame->attrs.attrs[0];
  order[order_count++ % 8] = *(int *)index->value + *(int *)user.data;
  return NULL;
}

static const char ordered[] =
    "func.func @main(%t: !stablehlo.token {jax.token = true}) -> !stablehlo.token {\n"
    "  %a = stablehlo.custom_call @test_order(%t) {has_side_effect = true,\n"
    "    mhlo.backend_config = {index = 1 : i32}} : (!stablehlo.token) -> !stablehlo.token\n"
    "  %b = stablehlo.after_all %a, %t : !stablehlo.token\n"
    "  %c = stablehlo.custom_call @test_order(%b) {has_side_effect = true,\n"
    "    mhlo.backend_config = {index = 2 : i32}} : (!stablehlo.token) -> !stablehlo.token\n"
    "  return %c : !stablehlo.token }\n";

static void test_orders_by_tokens(void **state) {
  (void)state;
  host_register("test_order", note_order, "Host");
  host_register("test_order", make_state, "Host/instantiate");
  sk_pjrt_loaded *loaded = host_compile(client, ordered);
  // Clients send an empty array of booleans for a token.
  const int64_t zero[] = {0};
  ARGS(Client_BufferFromHostBuffer, token, .client = client, .type = 1, .dims = zero,
       .num_dims = 1);
  CALL(Client_BufferFromHostBuffer, &token);
  host_await(token.done_with_host_buffer);
  order_count = state_made = state_gone = 0;
  int hundred = 100;
  ARGS(ExecuteContext_Create, create, .extension_start = NULL);
  CALL(ExecuteContext_Create, &create);
  sk_pjrt_FFI_UserData_Add_args add = {
      .struct_size = sizeof add, .context = create.context, .user_data = {77, &hundred}};
  host_expect_ok("user_data_add", ffi->FFI_UserData_Add(&add));
  sk_pjrt_execute_options options = {.struct_size = sizeof options, .context = create.context};
  for (int i = 0; i < 2; i++) {
    sk_pjrt_buffer *result;
    host_expect_ok("execute", host_execute(loaded, &token.buffer, 1, &options, &result, NULL));
    ARGS(Buffer_ElementType, type, .buffer = result);
    CALL(Buffer_ElementType, &type);
    assert_int_equal(type.type, 23);
    host_destroy(token.buffer);
    token.buffer = result;  // and the token back again
  }
  assert_int_equal(order_count, 4);
  assert_true(order[0] == 101 && order[1] == 102 && order[2] == 101 && order[3] == 102);
  assert_int_equal(state_made, 2);  // one per place
  ARGS(ExecuteContext_Destroy, destroy, .context = create.context);
  CALL(ExecuteContext_Destroy, &destroy);
  host_destroy(token.buffer);
  host_destroy_loaded(loaded);
  assert_int_equal(state_gone, 2);
}

// ---- failures

static int calls;

static sk_ffi_error *fail_third(sk_ffi_call_frame *frame) {
  memcpy(ret(frame, 0)->data, arg(frame, 0)->data, 4);
  if (++calls < 3) {
    return NULL;
  }
  sk_ffi_Error_Create_args create = {sizeof create, NULL, "no more of it", 9};
  return frame->api->Error_Create(&create);
}

// Within a loop that would go on for ever.
static void test_ends_at_an_error(void **state) {
  (void)state;
  host_register("test_fail", fail_third, "Host");
  sk_pjrt_loaded *loaded = host_compile(
      client,
      "func.func @main(%a: tensor<f32>) -> tensor<f32> {\n"
      "  %r = stablehlo.while(%i = %a) : tensor<f32>\n"
      "    cond { %z = stablehlo.constant dense<0.0> : tensor<f32>\n"
      "      %p = stablehlo.compare GE, %i, %z : (tensor<f32>, tensor<f32>) -> tensor<i1>\n"
      "      stablehlo.return %p : tensor<i1>\n"
      "    } do { %n = stablehlo.custom_call @test_fail(%i) : (tensor<f32>) -> tensor<f32>\n"
      "      stablehlo.return %n : tensor<f32> }\n"
      "  return %r : tensor<f32> }\n");
  const float one = 1;
  sk_pjrt_buffer *x = host_put(client, &one, NULL, 0, 0), *y = NULL;
  calls = 0;
  sk_pjrt_event *done;
  host_expect(host_execute(loaded, &x, 1, NULL, &y, &done), SKARN_FAILED_PRECONDITION,
              "no more of it");
  assert_int_equal(calls, 3);
  assert_null(y);
  host_destroy(x);
  host_destroy_loaded(loaded);
}

// ---- types narrower than a byte

static sk_ffi_error *reverse_four(sk_ffi_call_frame *frame) {
  assert_int_equal(arg(frame, 0)->dtype, 21);
  for (int i = 0; i < 4; i++) {
    ((uint8_t *)ret(frame, 0)->data)[3 - i] = ((const uint8_t *)arg(frame, 0)->data)[i];
  }
  return NULL;
}

// Handlers of Skarn's own get them an element in a byte; others, who may expect them packed, not at all.
static void test_narrow_types(void **state) {
  (void)state;
  static const char *const targets[] = {"skarn_test_reverse", "test_reverse"};
  for (int i = 0; i < 2; i++) {
    host_register(targets[i], reverse_four, "Host");
    char text[512];
    snprintf(text, sizeof text,
             "func.func @main(%%a: tensor<4xf32>) -> tensor<4xf32> {\n"
             "  %%b = stablehlo.convert %%a : (tensor<4xf32>) -> tensor<4xi4>\n"
             "  %%c = stablehlo.custom_call @%s(%%b) : (tensor<4xi4>) -> tensor<4xi4>\n"
             "  %%d = stablehlo.convert %%c : (tensor<4xi4>) -> tensor<4xf32>\n"
             "  return %%d : tensor<4xf32> }\n",
             targets[i]);
    sk_pjrt_loaded *loaded = host_compile(client, text);
    const float data[] = {-8, -1, 0, 7};
    float out[4];
    sk_pjrt_buffer *x = host_put(client, data, (const int64_t[]){4}, 1, 0), *y;
    if (i == 0) {
      host_run(loaded, &x, 1, &y);
      host_get(y, out, 4);
      assert_memory_equal(out, ((const float[]){7, 0, -1, -8}), sizeof out);
    } else {
      host_expect(host_execute(loaded, &x, 1, NULL, &y, NULL), SKARN_UNIMPLEMENTED,
                  "narrower than a byte");
    }
    host_destroy(x);
    host_destroy(y);
    host_destroy_loaded(loaded);
  }
}

// With the sizes that the headers of clients give: a future whose struct does not count its result, an error whose
// struct has no code. Fails when asked to.
static sk_ffi_error *finish_later(sk_ffi_call_frame *frame) {
  const sk_ffi_api *table = frame->api;
  sk_ffi_Future_Create_args create = {.struct_size = offsetof(sk_ffi_Future_Create_args, future)};
  assert_null(table->Future_Create(&create));
  assert_non_null(create.future);
  frame->future = create.future;
  const float x = *(const float *)arg(frame, 0)->data;
  *(float *)ret(frame, 0)->data = x + 1;
  sk_ffi_Error_Create_args make = {
      .struct_size = sizeof make, .message = "later", .errc = SKARN_ABORTED};
  sk_ffi_error *error = table->Error_Create(&make);
  sk_ffi_Error_GetDetails_args details = {
      .struct_size = offsetof(sk_ffi_Error_GetDetails_args, errc), .error = error, .errc = 77};
  table->Error_GetDetails(&details);
  assert_string_equal(details.message, "later");
  assert_int_equal(details.errc, 77);
  if (x < 0) {
    sk_ffi_Future_SetError_args fail = {
        .struct_size = sizeof fail, .future = create.future, .error = error};
    return table->Future_SetError(&fail);
  }
  sk_ffi_Error_Destroy_args destroy = {.struct_size = sizeof destroy, .error = error};
  assert_null(table->Error_Destroy(&destroy));
  sk_ffi_Future_SetAvailable_args set = {.struct_size = sizeof set, .future = create.future};
  return table->Future_SetAvailable(&set);
}

static void test_waits_for_futures(void **state) {
  (void)state;
  host_register("test_later", finish_later, "Host");
  sk_pjrt_loaded *loaded = host_compile(
      client, "func.func @main(%a: tensor<f32>) -> tensor<f32> {\n"
              "  %r = stablehlo.custom_call @test_later(%a) : (tensor<f32>) -> tensor<f32>\n"
              "  return %r : tensor<f32> }\n");
  for (int i = 0; i < 2; i++) {
    float in = i == 0 ? 4 : -4, out;
    sk_pjrt_buffer *x = host_put(client, &in, NULL, 0, 0), *y = NULL;
    if (i == 0) {
      host_run(loaded, &x, 1, &y);
      host_get(y, &out, 1);
      assert_true(out == 5);
      host_destroy(y);
    } else {
      host_expect(host_execute(loaded, &x, 1, NULL, &y, NULL), SKARN_ABORTED, "later");
    }
    host_destroy(x);
  }
  host_destroy_loaded(loaded);
}

// Every function with nothing and with too little answers an error.
static sk_ffi_error *abuse(sk_ffi_call_frame *frame) {
  const sk_ffi_api *table = frame->api;
#define X(name, last, fields)                                                                      \
  {                                                                                                \
    sk_ffi_##name##_args args = {.struct_size = 8};                                                \
    sk_ffi_error *error = table->name(&args);                                                      \
    assert_non_null(error);                                                                        \
    sk_ffi_Error_GetDetails_args details = {.struct_size = sizeof details, .error = error};        \
    assert_null(table->Error_GetDetails(&details));                                                \
    assert_int_equal(details.errc, SKARN_INVALID_ARGUMENT);                                        \
    sk_ffi_Error_Destroy_args destroy = {.struct_size = sizeof destroy, .error = error};           \
    assert_null(table->Error_Destroy(&destroy));                                                   \
    assert_non_null(error = table->name(NULL));                                                    \
    destroy.error = error;                                                                         \
    assert_null(table->Error_Destroy(&destroy));                                                   \
  }
#include "pjrt/pjrt_ffi.def"
#undef X
  *(float *)ret(frame, 0)->data = 3;
  return NULL;
}

static void test_survives_handlers(void **state) {
  (void)state;
  host_register("test_abuse", abuse, "Host");
  sk_pjrt_loaded *loaded =
      host_compile(client, "func.func @main() -> tensor<f32> {\n"
                           "  %r = stablehlo.custom_call @test_abuse() : () -> tensor<f32>\n"
                           "  return %r : tensor<f32> }\n");
  sk_pjrt_buffer *y;
  host_run(loaded, NULL, 0, &y);
  float out;
  host_get(y, &out, 1);
  assert_true(out == 3);
  host_destroy(y);
  host_destroy_loaded(loaded);
  sk_pjrt_FFI_Register_Handler_args none = {.struct_size = 8};
  host_expect(ffi->FFI_Register_Handler(&none), SKARN_INVALID_ARGUMENT, "");
}

// ---- threads that register

enum { SHARED_TARGETS = 100, STAGES = 4 };
static _Atomic int arrived, stages_run[STAGES];

static sk_ffi_error *count_stage(sk_ffi_call_frame *frame) {
  atomic_fetch_add(&stages_run[frame->stage], 1);
  if (frame->stage == SK_FFI_EXECUTE) {
    memcpy(ret(frame, 0)->data, arg(frame, 0)->data, sizeof(float));
  }
  return NULL;
}

static void *register_stage(void *raw) {
  for (int i = 0; i < SHARED_TARGETS; i++) {
    char target[32];
    snprintf(target, sizeof target, "test_shared_%d", i);
    atomic_fetch_add(&arrived, 1);
    while (atomic_load(&arrived) < STAGES * (i + 1)) {  // all at once
      sched_yield();
    }
    host_register(target, count_stage, raw);
  }
  return NULL;
}

// Each registers one stage of every target: every target has all of them.
static void test_registers_from_threads(void **state) {
  (void)state;
  static char platforms[STAGES][20] = {"Host/instantiate", "Host/prepare", "Host/initialize",
                                       "Host"};
  pthread_t threads[STAGES];
  for (int i = 0; i < STAGES; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, register_stage, platforms[i]), 0);
  }
  for (int i = 0; i < STAGES; i++) {
    pthread_join(threads[i], NULL);
  }
  char *text = malloc(256 * (SHARED_TARGETS + 2));
  int at = sprintf(text, "func.func @main(%%v0: tensor<f32>) -> tensor<f32> {\n");
  for (int i = 0; i < SHARED_TARGETS; i++) {
    at += sprintf(text + at,
                  "  %%v%d = stablehlo.custom_call @test_shared_%d(%%v%d) {api_version = 4 : i32} "
                  ": (tensor<f32>) -> tensor<f32>\n",
                  i + 1, i, i);
  }
  sprintf(text + at, "  return %%v%d : tensor<f32> }\n", SHARED_TARGETS);
  sk_pjrt_loaded *loaded = host_compile(client, text);
  const float data = 3;
  float out;
  sk_pjrt_buffer *x = host_put(client, &data, NULL, 0, 0), *y;
  host_run(loaded, &x, 1, &y);
  host_get(y, &out, 1);
  assert_true(out == 3);
  for (int i = 0; i < STAGES; i++) {
    assert_int_equal(stages_run[i], SHARED_TARGETS);
  }
  host_destroy(y);
  host_destroy(x);
  host_destroy_loaded(loaded);
  free(text);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(test_tells_all),        TEST(test_honours_layouts),   TEST(test_orders_by_tokens),
      TEST(test_ends_at_an_error), TEST(test_survives_handlers), TEST(test_registers_from_threads),
      TEST(test_narrow_types),     TEST(test_waits_for_futures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
