// SPDX-License-Identifier: Apache-2.0
// A client of the plugin in plain C: calls through the table as other people's clients do, and fails
// the test when an answer is not the one expected.
#ifndef SK_TEST_PJRT_PJRT_HOST_H
#define SK_TEST_PJRT_PJRT_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "pjrt/pjrt_abi.h"
#include "pjrt/pjrt_ffi.h"
#include "skarn/skarn.h"

extern const sk_pjrt_api *api;  // set by host_open

// Argument structs as a client fills them: the size ends with the last field.
#define ARGS(slot, variable, ...)                                                                  \
  sk_pjrt_##slot##_args variable = {.struct_size = sizeof variable, __VA_ARGS__}
// Calls a slot that must succeed.
#define CALL(slot, args) host_expect_ok(#slot, api->slot(args))

void host_expect_ok(const char *what, sk_pjrt_error *error);
// The error must have this code and mention `part`; it is destroyed.
void host_expect(sk_pjrt_error *error, int code, const char *part);

// The extension of the type, which must be there.
const void *host_extension(int type);
// Registers a handler of jax.ffi, "Host" or "Host/<stage>" being its platform.
void host_register(const char *target, sk_ffi_handler handler, const char *platform);

sk_pjrt_client *host_open(size_t device_count);
void host_close(sk_pjrt_client *client);
sk_pjrt_device *host_device(sk_pjrt_client *client, size_t index);

// CompileOptionsProto bytes for one device.
size_t host_options(uint8_t *bytes, size_t room, int device);
sk_pjrt_error *host_try_compile(sk_pjrt_client *client, const char *text, const void *options,
                                size_t options_size, sk_pjrt_loaded **out_loaded);
sk_pjrt_loaded *host_compile(sk_pjrt_client *client, const char *text);
void host_destroy_loaded(sk_pjrt_loaded *loaded);

// f32 arrays; semantics as in the interface; the done event is destroyed at once.
sk_pjrt_buffer *host_put(sk_pjrt_client *client, const float *data, const int64_t *dims,
                         size_t rank, int semantics);
void host_get(sk_pjrt_buffer *buffer, float *out, size_t count);
bool host_is_deleted(sk_pjrt_buffer *buffer);
void host_destroy(sk_pjrt_buffer *buffer);  // NULL is fine
void host_await(sk_pjrt_event *event);      // must succeed; destroys it

// One device, `options` may be NULL. Waits for nothing.
sk_pjrt_error *host_execute(sk_pjrt_loaded *loaded, sk_pjrt_buffer *const *args, size_t arg_count,
                            sk_pjrt_execute_options *options, sk_pjrt_buffer **results,
                            sk_pjrt_event **out_done);
// The same, must succeed; the event is destroyed after it is ready.
void host_run(sk_pjrt_loaded *loaded, sk_pjrt_buffer *const *args, size_t arg_count,
              sk_pjrt_buffer **results);

#endif
