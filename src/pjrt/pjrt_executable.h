// SPDX-License-Identifier: Apache-2.0
// Executables of the plugin: what a client asks of one is answered from tables made when it is
// compiled or loaded.
#ifndef SK_PJRT_PJRT_EXECUTABLE_H
#define SK_PJRT_PJRT_EXECUTABLE_H

#include "pjrt/pjrt_int.h"
#include "pjrt/pjrt_options.h"

// One argument or result; texts belong to the executable of the runtime.
typedef struct sk_pjrt_value {
  skarn_value_info info;
  sk_pjrt_layout layout;
} sk_pjrt_value;

enum { SK_PJRT_COSTS = 2, SK_PJRT_SMALL_ARGS = 32 };

struct sk_pjrt_executable {
  _Atomic uint32_t refs;
  sk_pjrt_client *client;  // counted
  skarn_executable *code;  // one reference
  // One for each device, where they meet nowhere but in functions of the host: these run, at the same time, and
  // `code` does not. NULL: `code` runs for all.
  skarn_executable **apart;
  skarn_executable_info info;  // counts are those of one device
  int64_t replica_count, partition_count;
  uint64_t fingerprint;  // of the code and the options it was compiled with
  char fingerprint_text[17];
  bool plain;  // no tokens, no layouts but row-major: nothing to look at per call
  sk_pjrt_value *args, *results;
  // As the interface wants them; one entry per argument or result.
  int *result_types;
  size_t *result_ranks;
  int64_t *result_dims;  // of all results, one after the other
  const char **arg_kinds, **result_kinds;
  size_t *arg_kind_sizes, *result_kind_sizes;
  sk_pjrt_layout **arg_layouts, **result_layouts;
  uint8_t *result_memory;  // index of its memory kind
  char **shardings;        // of arguments, then results; those with a size are owned
  size_t *sharding_sizes;
  sk_pjrt_named_value costs[SK_PJRT_COSTS];
  char *options;  // owned: the compile options as they came
  size_t options_size;
  char *program;  // owned: the program as it came; NULL when it was loaded, or is large
  size_t program_size;
};

struct sk_pjrt_loaded {
  sk_pjrt_executable *executable;  // counted
  _Atomic bool deleted;
  bool portable;  // the call says on which device
  size_t device_count;
  sk_pjrt_device **devices;  // owned
  sk_pjrt_logical_id *logical_ids;
};

// Takes `code`, also on failure. The options are copied.
sk_pjrt_error *sk_pjrt_executable_create(sk_pjrt_client *client, skarn_executable *code,
                                         const sk_pjrt_compile_options *options,
                                         const char *option_bytes, size_t option_size,
                                         sk_pjrt_executable **out_executable);
// Keeps a copy of `program` for clients that ask what was compiled.
sk_pjrt_error *sk_pjrt_executable_keep_program(sk_pjrt_executable *executable,
                                               const sk_pjrt_program *program);
void sk_pjrt_executable_release(sk_pjrt_executable *executable);
// Takes `executable`, also on failure.
sk_pjrt_error *sk_pjrt_loaded_create(sk_pjrt_executable *executable,
                                     const sk_pjrt_compile_options *options,
                                     sk_pjrt_loaded **out_loaded);

#endif
