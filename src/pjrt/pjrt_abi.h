// SPDX-License-Identifier: Apache-2.0
// The binary interface between a PJRT client and this plugin, version 0.114, in our own words.
//
// A client gets one table of functions (GetPjrtApi). Each takes one struct that the client fills:
//
//   { size_t struct_size; void *extension_start; inputs and outputs ... }
//
// struct_size is what the client's version of the struct ends with, without padding: nothing behind
// it may be touched. Functions return NULL or an error that the client owns. Strings are pointer
// and size. Slots and their structs stand in pjrt_slots.def and pjrt_extensions.def; here are the
// records they refer to. tests/unit/test_pjrt_abi.c compares all of it with the official header.
#ifndef SK_PJRT_PJRT_ABI_H
#define SK_PJRT_PJRT_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SK_PJRT_MAJOR = 0, SK_PJRT_MINOR = 114 };

// Ours, opaque to the client; errors and memories begin with a table of functions.
typedef struct sk_pjrt_error sk_pjrt_error;
typedef struct sk_pjrt_event sk_pjrt_event;
typedef struct sk_pjrt_client sk_pjrt_client;
typedef struct sk_pjrt_device sk_pjrt_device;
typedef struct sk_pjrt_device_desc sk_pjrt_device_desc;
typedef struct sk_pjrt_memory sk_pjrt_memory;
typedef struct sk_pjrt_buffer sk_pjrt_buffer;
typedef struct sk_pjrt_executable sk_pjrt_executable;
typedef struct sk_pjrt_loaded sk_pjrt_loaded;
typedef struct sk_pjrt_topology sk_pjrt_topology;
typedef struct sk_pjrt_transfer sk_pjrt_transfer;
typedef struct sk_pjrt_context sk_pjrt_context;
typedef struct sk_pjrt_layout sk_pjrt_layout;

typedef void (*sk_pjrt_on_ready_fn)(sk_pjrt_error *error, void *user);  // owns the error
typedef void (*sk_pjrt_payload_fn)(const char *key, size_t key_size, const char *value,
                                   size_t value_size, void *user);
typedef void (*sk_pjrt_delete_fn)(void *object);
typedef void (*sk_pjrt_on_delete_fn)(void *data, void *user);
typedef void (*sk_pjrt_kv_fn)(void);  // key-value store of a cluster; never called

// Functions behind the first word of an error.
typedef struct sk_pjrt_error_table {
  size_t struct_size, instance_size;
  void *extension_start;
  void (*destroy)(sk_pjrt_error *error);
  void (*message)(const sk_pjrt_error *error, const char **message, size_t *message_size);
  int (*get_code)(const sk_pjrt_error *error);
  void (*for_each_payload)(const sk_pjrt_error *error, sk_pjrt_payload_fn visitor, void *user_arg);
} sk_pjrt_error_table;

// Functions behind the first word of a memory.
typedef struct sk_pjrt_memory_table {
  size_t struct_size;
  void *extension_start;
  size_t instance_struct_size;
  void *(*get_user_data)(sk_pjrt_memory *memory, const void *key);
  void (*set_user_data)(sk_pjrt_memory *memory, const void *key, void *data, void (*dtor)(void *));
} sk_pjrt_memory_table;

enum { SK_PJRT_STRING, SK_PJRT_INT64, SK_PJRT_INT64_LIST, SK_PJRT_FLOAT, SK_PJRT_BOOL };

typedef struct sk_pjrt_named_value {
  size_t struct_size;
  void *extension_start;
  const char *name;
  size_t name_size;
  int type;
  union {
    const char *string_value;
    int64_t int64_value;
    const int64_t *int64_array_value;
    float float_value;
    bool bool_value;
  };
  size_t value_size;  // bytes of a string, elements of a list, else 1
} sk_pjrt_named_value;

typedef struct sk_pjrt_program {
  size_t struct_size;
  void *extension_start;
  char *code;
  size_t code_size;
  const char *format;  // "mlir"
  size_t format_size;
} sk_pjrt_program;

// How an array lies in memory.
enum { SK_PJRT_TILED, SK_PJRT_STRIDES };
typedef struct sk_pjrt_tiled {
  size_t struct_size;
  void *extension_start;
  const int64_t *minor_to_major;
  size_t minor_to_major_size;
  const int64_t *tile_dims;
  const size_t *tile_dim_sizes;
  size_t num_tiles;
} sk_pjrt_tiled;
typedef struct sk_pjrt_strides {
  size_t struct_size;
  void *extension_start;
  const int64_t *byte_strides;
  size_t num_byte_strides;
} sk_pjrt_strides;
typedef struct sk_pjrt_layout_spec {
  size_t struct_size;
  void *extension_start;
  union {
    sk_pjrt_tiled tiled;
    sk_pjrt_strides strides;
  };
  int type;
} sk_pjrt_layout_spec;

enum {
  SK_PJRT_DURING_CALL,  // host bytes may be read until the call returns
  SK_PJRT_UNTIL_TRANSFERRED,
  SK_PJRT_ZERO_COPY,
  SK_PJRT_MUTABLE_ZERO_COPY,
};

typedef struct sk_pjrt_shape_spec {
  size_t struct_size;
  void *extension_start;
  const int64_t *dims;
  size_t num_dims;
  int element_type;
} sk_pjrt_shape_spec;

typedef struct sk_pjrt_logical_id {
  int replica, partition;
} sk_pjrt_logical_id;

typedef struct sk_pjrt_execute_options {
  size_t struct_size;
  void *extension_start;
  void **send_callbacks, **recv_callbacks;
  size_t num_send_ops, num_recv_ops;
  int launch_id;
  const int64_t *non_donatable_input_indices;
  size_t num_non_donatable_input_indices;
  sk_pjrt_context *context;
  const char *call_location;
  size_t num_tasks;
  int *task_ids;
  int64_t *incarnation_ids;
  void *multi_slice_config;
  bool use_major_to_minor_data_layout_for_callbacks;
  void *hlo_output_callbacks;
  size_t num_hlo_output_callbacks;
} sk_pjrt_execute_options;

// Data of a client for the handlers of one execution.
typedef struct sk_pjrt_user_data {
  int64_t type_id;
  void *data;
} sk_pjrt_user_data;

typedef struct sk_pjrt_load_options {
  size_t struct_size;
  const int32_t *computation_origin;
  size_t computation_origin_size;
  void *multi_slice_config;
} sk_pjrt_load_options;

// Argument structs: sk_pjrt_NAME_args.
#define F(type, name) type name;
#define H F
#define SLOT(name, last, fields)                                                                   \
  typedef struct sk_pjrt_##name##_args {                                                           \
    size_t struct_size;                                                                            \
    void *extension_start;                                                                         \
    fields                                                                                         \
  } sk_pjrt_##name##_args;
#define VOID_SLOT SLOT
#define STUB SLOT
#include "pjrt/pjrt_slots.def"
#undef SLOT
#undef VOID_SLOT
#undef STUB
#undef F
#undef H

typedef struct sk_pjrt_extension {
  size_t struct_size;
  int type;
  const struct sk_pjrt_extension *next;
} sk_pjrt_extension;

// Numbers of the extensions that exist here.
enum {
  SK_PJRT_EXTENSION_PROFILER = 1,
  SK_PJRT_EXTENSION_LAYOUTS = 4,
  SK_PJRT_EXTENSION_FFI = 5,
  SK_PJRT_EXTENSION_MEMORY_DESCRIPTIONS = 6,
  SK_PJRT_EXTENSION_RAW_BUFFER = 8,
  SK_PJRT_EXTENSION_CALLBACK = 14,
  SK_PJRT_EXTENSION_SHARDINGS = 19,
};

typedef struct sk_pjrt_api {
  size_t struct_size;
  const sk_pjrt_extension *extension_start;
  struct {
    size_t struct_size;
    void *extension_start;
    int major_version, minor_version;
  } version;
#define SLOT(name, last, fields) sk_pjrt_error *(*name)(sk_pjrt_##name##_args *);
#define VOID_SLOT(name, last, fields) void (*name)(sk_pjrt_##name##_args *);
#define STUB SLOT
#include "pjrt/pjrt_slots.def"
#undef SLOT
#undef VOID_SLOT
#undef STUB
} sk_pjrt_api;

// The one function this library exports.
const sk_pjrt_api *GetPjrtApi(void);

#endif
