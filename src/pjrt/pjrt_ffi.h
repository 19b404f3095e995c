// SPDX-License-Identifier: Apache-2.0
// The binary interface between this plugin and handlers of custom calls: XLA's typed FFI, version
// 0.4, in our own words. tests/pjrt/test_pjrt_abi.c compares it with the official header.
//
//   handler(call frame) -> NULL or an error
//     frame: table of functions, context, stage, arguments, results, attributes sorted by name
#ifndef SK_PJRT_PJRT_FFI_H
#define SK_PJRT_PJRT_FFI_H

#include "pjrt/pjrt_int.h"

enum { SK_FFI_MAJOR = 0, SK_FFI_MINOR = 4 };

typedef struct sk_ffi_error sk_ffi_error;
typedef struct sk_ffi_context sk_ffi_context;
typedef struct sk_ffi_future sk_ffi_future;
typedef void (*sk_ffi_task)(void *data);

typedef struct sk_ffi_span {
  const char *ptr;
  size_t len;
} sk_ffi_span;

typedef struct sk_ffi_buffer {
  size_t struct_size;
  void *extension_start;
  int dtype;  // as XLA's protos number them
  void *data;
  int64_t rank;
  int64_t *dims;
} sk_ffi_buffer;

typedef struct sk_ffi_scalar {
  int dtype;
  void *value;
} sk_ffi_scalar;

typedef struct sk_ffi_array {
  int dtype;
  size_t size;
  void *data;
} sk_ffi_array;

enum { SK_FFI_BUFFER = 1 };  // kind of an argument or result
enum { SK_FFI_ARRAY = 1, SK_FFI_DICTIONARY, SK_FFI_SCALAR, SK_FFI_STRING };
enum { SK_FFI_INSTANTIATE, SK_FFI_PREPARE, SK_FFI_INITIALIZE, SK_FFI_EXECUTE, SK_FFI_STAGES };

typedef struct sk_ffi_values {
  size_t struct_size;
  void *extension_start;
  int64_t size;
  int *types;
  void **values;
} sk_ffi_values;

typedef struct sk_ffi_attrs {
  size_t struct_size;
  void *extension_start;
  int64_t size;
  int *types;
  sk_ffi_span **names;
  void **attrs;
} sk_ffi_attrs;

typedef struct sk_ffi_call_frame {
  size_t struct_size;
  void *extension_start;
  const struct sk_ffi_api *api;
  sk_ffi_context *ctx;
  int stage;
  sk_ffi_values args, rets;
  sk_ffi_attrs attrs;
  sk_ffi_future *future;  // out: the handler goes on by itself until this is set
} sk_ffi_call_frame;

// The size that handlers insist on: it leaves out the last field.
enum { SK_FFI_CALL_FRAME_BYTES = offsetof(sk_ffi_call_frame, future) };

typedef sk_ffi_error *(*sk_ffi_handler)(sk_ffi_call_frame *frame);

typedef struct sk_ffi_bundle {
  sk_ffi_handler instantiate, prepare, initialize, execute, record;
} sk_ffi_bundle;

typedef struct sk_ffi_type_info {
  size_t struct_size;
  void *extension_start;
  void (*deleter)(void *object);
} sk_ffi_type_info;

#define F(type, name) type name;
#define X(name, last, fields)                                                                      \
  typedef struct sk_ffi_##name##_args {                                                            \
    size_t struct_size;                                                                            \
    void *extension_start;                                                                         \
    fields                                                                                         \
  } sk_ffi_##name##_args;
#include "pjrt/pjrt_ffi.def"
#undef X
#undef F

typedef struct sk_ffi_api {
  size_t struct_size;
  void *extension_start;
  struct {
    size_t struct_size;
    void *extension_start;
    int major_version, minor_version;
  } version;
  const void *internal_api;  // NULL: there is none
#define X(name, last, fields) sk_ffi_error *(*name)(sk_ffi_##name##_args * args);
#include "pjrt/pjrt_ffi.def"
#undef X
} sk_ffi_api;

// The handlers of this process, for a client's find_custom_call.
bool sk_pjrt_find_custom_call(void *user, const char *target, skarn_custom_call *out_handler);

// ---- contexts: what a client hands to the handlers of one execution

enum { SK_PJRT_MAX_USER_DATA = 8 };
struct sk_pjrt_context {
  size_t count;
  sk_pjrt_user_data user_data[SK_PJRT_MAX_USER_DATA];
};

#endif
