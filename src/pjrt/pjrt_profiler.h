// SPDX-License-Identifier: Apache-2.0
// The profiler that clients reach through the Profiler extension, and where spans of time go while
// it runs.
#ifndef SK_PJRT_PJRT_PROFILER_H
#define SK_PJRT_PJRT_PROFILER_H

#include "pjrt/pjrt_abi.h"
#include "skarn/skarn.h"

typedef struct sk_pjrt_profiler sk_pjrt_profiler;
typedef struct sk_pjrt_error sk_pjrt_profiler_error;

// Argument structs of XLA's interface for profilers of plugins. JAX does not set their sizes.
typedef struct sk_pjrt_profiler_error_args {
  size_t struct_size;
  void *priv;
  const sk_pjrt_profiler_error *error;
  const char *message;
  size_t message_size;
} sk_pjrt_profiler_error_args;
typedef struct sk_pjrt_profiler_code_args {
  size_t struct_size;
  void *priv;
  const sk_pjrt_profiler_error *error;
  int code;
} sk_pjrt_profiler_code_args;
typedef struct sk_pjrt_profiler_create_args {
  size_t struct_size;
  const char *options;
  size_t options_size;
  sk_pjrt_profiler *profiler;
} sk_pjrt_profiler_create_args;
typedef struct sk_pjrt_profiler_args {
  size_t struct_size;
  sk_pjrt_profiler *profiler;
} sk_pjrt_profiler_args;
// Without a buffer: the bytes are the profiler's.
typedef struct sk_pjrt_profiler_collect_args {
  size_t struct_size;
  sk_pjrt_profiler *profiler;
  uint8_t *buffer;
  size_t buffer_size_in_bytes;
} sk_pjrt_profiler_collect_args;

typedef struct sk_pjrt_profiler_api {
  size_t struct_size;
  void *priv;
  void (*error_destroy)(sk_pjrt_profiler_error_args *);  // its first three fields
  void (*error_message)(sk_pjrt_profiler_error_args *);
  sk_pjrt_profiler_error *(*error_get_code)(sk_pjrt_profiler_code_args *);
  sk_pjrt_profiler_error *(*create)(sk_pjrt_profiler_create_args *);
  sk_pjrt_profiler_error *(*destroy)(sk_pjrt_profiler_args *);
  sk_pjrt_profiler_error *(*start)(sk_pjrt_profiler_args *);
  sk_pjrt_profiler_error *(*stop)(sk_pjrt_profiler_args *);
  sk_pjrt_profiler_error *(*collect_data)(sk_pjrt_profiler_collect_args *);
} sk_pjrt_profiler_api;

typedef struct sk_pjrt_profiler_table {
  sk_pjrt_extension base;
  const sk_pjrt_profiler_api *api;
  int64_t traceme_context_id;  // of calls; nothing here
} sk_pjrt_profiler_table;

extern const sk_pjrt_profiler_api sk_pjrt_profiler_functions;

// For the clients of the runtime: spans go to the profiler while it runs.
void sk_pjrt_profile(void *user, const skarn_profile_span *span);
extern volatile int sk_pjrt_profile_wanted;

#endif
