// SPDX-License-Identifier: Apache-2.0
// Options as clients send them: named values when a client is created, a protobuf message when a
// program is compiled.
#ifndef SK_PJRT_PJRT_OPTIONS_H
#define SK_PJRT_PJRT_OPTIONS_H

#include "pjrt/pjrt_int.h"

// Options of ours, taken out of a client's: keys and values are heap texts.
typedef struct sk_pjrt_option_list {
  skarn_option *options;
  size_t count, capacity;
} sk_pjrt_option_list;

void sk_pjrt_option_list_fini(sk_pjrt_option_list *list);

struct sk_pjrt_create_options {
  bool is_cpu;
  size_t device_count;
  sk_pjrt_option_list list;
};

// The list is to be ended also after an error.
sk_pjrt_error *sk_pjrt_read_create_options(const sk_pjrt_named_value *values, size_t count,
                                           sk_pjrt_create_options *out_options);

// What matters of a CompileOptionsProto.
typedef struct sk_pjrt_compile_options {
  int64_t replica_count, partition_count;
  int64_t *device_ids;  // owned; of the assignment, replica after replica
  size_t device_id_count;
  bool portable;  // may run on any device
  sk_pjrt_option_list list;
} sk_pjrt_compile_options;

// INVALID_ARGUMENT for bytes that are no such message. To be ended also after an error.
sk_pjrt_error *sk_pjrt_read_compile_options(const void *bytes, size_t size,
                                            sk_pjrt_compile_options *out_options);
void sk_pjrt_compile_options_fini(sk_pjrt_compile_options *options);

// Whether a compiler option that is not ours may be given: one of XLA's, with a value of its kind (pjrt_xla_options.c).
sk_pjrt_error *sk_pjrt_check_xla_option(const char *name, size_t size, const char *value);

// "skarn 0.1.0 BUILD-ID v4", a new heap text; NULL without memory.
char *sk_pjrt_platform_version(void);

#endif
