// SPDX-License-Identifier: Apache-2.0
// See pjrt_host.h.
#include "pjrt_host.h"

#include <stdio.h>
#include <stdlib.h>

#include "pjrt/pjrt_extensions.h"

const sk_pjrt_api *api;

static void get_message(sk_pjrt_error *error, char *out, size_t room, int *out_code) {
  ARGS(Error_Message, message, .error = error);
  api->Error_Message(&message);
  snprintf(out, room, "%.*s", (int)message.message_size, message.message);
  ARGS(Error_GetCode, code, .error = error);
  assert_null(api->Error_GetCode(&code));
  *out_code = code.code;
  ARGS(Error_Destroy, destroy, .error = error);
  api->Error_Destroy(&destroy);
}

void host_expect_ok(const char *what, sk_pjrt_error *error) {
  if (error) {
    char text[1024];
    int code;
    get_message(error, text, sizeof text, &code);
    fail_msg("%s: error %d: %s", what, code, text);
  }
}

void host_expect(sk_pjrt_error *error, int code, const char *part) {
  char text[1024];
  int got;
  if (!error) {
    fail_msg("no error that mentions '%s'", part);
  }
  get_message(error, text, sizeof text, &got);
  if (got != code || !strstr(text, part)) {
    fail_msg("error %d '%s', expected %d '%s'", got, text, code, part);
  }
}

const void *host_extension(int type) {
  const sk_pjrt_extension *each = api->extension_start;
  while (each && each->type != type) {
    each = each->next;
  }
  assert_non_null(each);
  return each;
}

void host_register(const char *target, sk_ffi_handler handler, const char *platform) {
  union {
    sk_ffi_handler handler;
    void *address;
  } view = {handler};
  sk_pjrt_FFI_Register_Handler_args args = {.struct_size = sizeof args,
                                            .target_name = target,
                                            .target_name_size = strlen(target),
                                            .handler = view.address,
                                            .platform_name = platform,
                                            .platform_name_size = strlen(platform)};
  const sk_pjrt_ffi_table *ffi = host_extension(SK_PJRT_EXTENSION_FFI);
  host_expect_ok("register_handler", ffi->FFI_Register_Handler(&args));
}

sk_pjrt_client *host_open(size_t device_count) {
  api = GetPjrtApi();
  sk_pjrt_named_value count = {.struct_size = sizeof count,
                               .name = "num_devices",
                               .name_size = 11,
                               .type = SK_PJRT_INT64,
                               .value_size = 1};
  count.int64_value = (int64_t)device_count;
  // A client that has no cluster passes garbage here.
  void *garbage = (void *)0x41005543000a5d;
  ARGS(Client_Create, args, .create_options = &count, .num_options = 1, .kv_get_user_arg = garbage,
       .kv_put_user_arg = garbage, .kv_try_get_user_arg = garbage);
  CALL(Client_Create, &args);
  assert_non_null(args.client);
  return args.client;
}

void host_close(sk_pjrt_client *client) {
  ARGS(Client_Destroy, args, .client = client);
  CALL(Client_Destroy, &args);
}

sk_pjrt_device *host_device(sk_pjrt_client *client, size_t index) {
  ARGS(Client_LookupDevice, args, .client = client, .id = (int)index);
  CALL(Client_LookupDevice, &args);
  return args.device;
}

size_t host_options(uint8_t *bytes, size_t room, int device) {
  // executable_build_options { device_ordinal -1, num_replicas 1, num_partitions 1,
  //   device_assignment { replica_count 1, computation_count 1, computation_devices { [device] } } }
  const uint8_t message[] = {0x1a, 26,   0x08, 0xff, 0xff, 0xff, 0xff, 0xff,           0xff, 0xff,
                             0xff, 0xff, 0x01, 0x20, 0x01, 0x28, 0x01, 0x4a,           9,    0x08,
                             1,    0x10, 1,    0x1a, 3,    0x0a, 1,    (uint8_t)device};
  assert_true(sizeof message <= room);
  memcpy(bytes, message, sizeof message);
  return sizeof message;
}

sk_pjrt_error *host_try_compile(sk_pjrt_client *client, const char *text, const void *options,
                                size_t options_size, sk_pjrt_loaded **out_loaded) {
  char *code = strdup(text);
  sk_pjrt_program program = {.struct_size = sizeof program,
                             .code = code,
                             .code_size = strlen(text),
                             .format = "mlir",
                             .format_size = 4};
  ARGS(Client_Compile, args, .client = client, .program = &program, .compile_options = options,
       .compile_options_size = options_size);
  sk_pjrt_error *error = api->Client_Compile(&args);
  free(code);  // not needed once the call returned
  *out_loaded = args.executable;
  return error;
}

sk_pjrt_loaded *host_compile(sk_pjrt_client *client, const char *text) {
  uint8_t options[64];
  sk_pjrt_loaded *loaded;
  size_t size = host_options(options, sizeof options, 0);
  host_expect_ok("compile", host_try_compile(client, text, options, size, &loaded));
  return loaded;
}

void host_destroy_loaded(sk_pjrt_loaded *loaded) {
  ARGS(LoadedExecutable_Destroy, args, .executable = loaded);
  CALL(LoadedExecutable_Destroy, &args);
}

sk_pjrt_buffer *host_put(sk_pjrt_client *client, const float *data, const int64_t *dims,
                         size_t rank, int semantics) {
  ARGS(Client_BufferFromHostBuffer, args, .client = client, .data = data, .type = 11, .dims = dims,
       .num_dims = rank, .host_buffer_semantics = semantics);
  CALL(Client_BufferFromHostBuffer, &args);
  ARGS(Event_Destroy, destroy, .event = args.done_with_host_buffer);
  CALL(Event_Destroy, &destroy);
  return args.buffer;
}

void host_await(sk_pjrt_event *event) {
  ARGS(Event_Await, wait, .event = event);
  CALL(Event_Await, &wait);
  ARGS(Event_Destroy, destroy, .event = event);
  CALL(Event_Destroy, &destroy);
}

void host_get(sk_pjrt_buffer *buffer, float *out, size_t count) {
  ARGS(Buffer_ToHostBuffer, args, .src = buffer, .dst = out, .dst_size = count * sizeof *out);
  CALL(Buffer_ToHostBuffer, &args);
  host_await(args.event);
}

bool host_is_deleted(sk_pjrt_buffer *buffer) {
  ARGS(Buffer_IsDeleted, args, .buffer = buffer);
  CALL(Buffer_IsDeleted, &args);
  return args.is_deleted;
}

void host_destroy(sk_pjrt_buffer *buffer) {
  if (buffer) {
    ARGS(Buffer_Destroy, args, .buffer = buffer);
    CALL(Buffer_Destroy, &args);
  }
}

sk_pjrt_error *host_execute(sk_pjrt_loaded *loaded, sk_pjrt_buffer *const *args, size_t arg_count,
                            sk_pjrt_execute_options *options, sk_pjrt_buffer **results,
                            sk_pjrt_event **out_done) {
  sk_pjrt_execute_options none = {.struct_size = sizeof none, .launch_id = -7};
  sk_pjrt_buffer *const *const argument_lists[1] = {args};
  sk_pjrt_buffer **const output_lists[1] = {results};
  sk_pjrt_event *done[1] = {NULL};
  ARGS(LoadedExecutable_Execute, call, .executable = loaded, .options = options ? options : &none,
       .argument_lists = argument_lists, .num_devices = 1, .num_args = arg_count,
       .output_lists = output_lists, .device_complete_events = out_done ? done : NULL);
  sk_pjrt_error *error = api->LoadedExecutable_Execute(&call);
  if (out_done) {
    *out_done = done[0];
  }
  return error;
}

void host_run(sk_pjrt_loaded *loaded, sk_pjrt_buffer *const *args, size_t arg_count,
              sk_pjrt_buffer **results) {
  sk_pjrt_event *done;
  host_expect_ok("execute", host_execute(loaded, args, arg_count, NULL, results, &done));
  host_await(done);
}
