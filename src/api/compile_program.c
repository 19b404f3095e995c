// SPDX-License-Identifier: Apache-2.0
// Public C API: compiling, what its stages took, reading and writing programs, limits.
//
// The options of one compilation are those of the client with the caller's on top; their texts live
// until the compilation ends.
#include <pthread.h>

#include "api/runtime_int.h"
#include "base/mem.h"
#include "compile/checks.h"
#include "compile/compile.h"
#include "skarn/skarn.h"

// ---- diagnostics

typedef struct host_sink {
  skarn_diagnostic_fn report;
  void *user;
} host_sink;

static void forward_diagnostic(void *user, sk_status status) {
  const host_sink *sink = user;
  sink->report(sink->user, sk_api_to_status(status));
  sk_status_free(status);
}

static sk_diag_sink sink_for(const host_sink *sink) {
  return sink->report ? (sk_diag_sink){forward_diagnostic, (void *)(uintptr_t)sink}
                      : (sk_diag_sink){NULL, NULL};
}

// ---- compiling

static sk_compile_input input_of(const skarn_program *program, const host_sink *sink) {
  return (sk_compile_input){.name = program->name ? program->name : "<input>",
                            .data = program->data,
                            .len = program->size,
                            .sink = sink_for(sink)};
}

static sk_status read_arg_types(const skarn_compile_options *options, sk_arena *arena,
                                const sk_arg_type **out_types) {
  *out_types = NULL;
  if (!options->argument_types) {
    return NULL;
  }
  sk_arg_type *types = sk_arena_alloc_array(arena, options->argument_type_count + 1, sizeof *types,
                                            _Alignof(sk_arg_type));
  if (!types) {
    return sk_status_no_memory();
  }
  for (size_t i = 0; i < options->argument_type_count; i++) {
    const skarn_argument_type *given = &options->argument_types[i];
    if (given->rank > SK_RT_MAX_RANK || (given->rank && !given->dims)) {
      return sk_status_new(SK_INVALID_ARGUMENT, "the type of argument %zu is not valid", i);
    }
    types[i] =
        (sk_arg_type){(sk_dtype)given->type, (uint32_t)given->rank, given->dims, given->value};
  }
  *out_types = types;
  return NULL;
}

static sk_status find_device(const skarn_compile_options *options, uint32_t *out_device) {
  *out_device = 0;
  if (options->device_count > 1) {
    return sk_status_new(SK_UNIMPLEMENTED,
                         "device_ids lists %zu devices: a program for several is compiled with the "
                         "option \"devices\", and executions say which",
                         options->device_count);
  }
  if (options->device_count == 1 && options->device_ids) {
    *out_device = (uint32_t)options->device_ids[0];
  }
  return NULL;
}

// The input of one compilation; `flags` and `sink` stay with the caller, texts go to `arena`.
static sk_status prepare(sk_client *client, const skarn_program *program,
                         const skarn_compile_options *options, sk_arena *arena, sk_flags *flags,
                         const host_sink *sink, sk_compile_input *out_input) {
  *flags = *sk_client_flags(client);
  *out_input = input_of(program, sink);
  out_input->entry = options->entry;
  out_input->flags = flags;
  out_input->log = sk_client_log(client);
  out_input->profile = sk_client_profile(client);
  out_input->arg_type_count = options->argument_type_count;
  SK_TRY(sk_api_set_options(flags, arena, options->options, options->option_count));
  return read_arg_types(options, arena, &out_input->arg_types);
}

static sk_status compile(sk_client *client, const skarn_program *program,
                         const skarn_compile_options *options, sk_arena *arena,
                         sk_exec **out_exec) {
  sk_flags flags;
  host_sink sink = {options->diagnostic, options->diagnostic_user};
  sk_compile_input input;
  uint32_t device;
  SK_TRY(find_device(options, &device));
  SK_TRY(prepare(client, program, options, arena, &flags, &sink, &input));
  return sk_compile(client, &input, device, out_exec);
}

skarn_status *skarn_compile(skarn_client *client, const skarn_program *program,
                            const skarn_compile_options *options,
                            skarn_executable **out_executable) {
  *out_executable = NULL;
  SK_API_REQUIRE(client && program, "no client or no program");
  skarn_program source;
  SK_API_READ(program, &source);
  SK_API_REQUIRE(source.data || source.size == 0, "a program without data");
  skarn_compile_options read = {.struct_size = sizeof read};
  if (options) {
    SK_API_READ(options, &read);
  }
  sk_arena arena;
  sk_arena_init(&arena);
  sk_exec *exec = NULL;
  sk_status status = compile(sk_api_client(client), &source, &read, &arena, &exec);
  sk_arena_fini(&arena);
  *out_executable = sk_api_to_exec(exec);
  return sk_api_to_status(status);
}

// ---- stages

static size_t stage_count(const sk_stage_record *records) {
  size_t count = 0;
  for (int i = 0; records && i < SK_STAGE_COUNT; i++) {
    count += records[i].ran;
  }
  return count;
}

size_t skarn_executable_stage_count(const skarn_executable *executable) {
  return stage_count(sk_compile_records(sk_api_exec(executable)));
}

skarn_status *skarn_executable_stage(const skarn_executable *executable, size_t index,
                                     skarn_stage_info *out_info) {
  SK_API_REQUIRE(out_info->struct_size >= sizeof(size_t), "out_info lacks its struct_size");
  const sk_stage_record *records = sk_compile_records(sk_api_exec(executable));
  size_t at = 0;
  for (int i = 0; records && i < SK_STAGE_COUNT; i++) {
    const sk_stage_record *record = &records[i];
    if (record->ran && at++ == index) {
      skarn_stage_info info = {.name = sk_stage_name((sk_stage)i),
                               .us = (double)record->ns / 1000,
                               .arena_bytes = record->arena_bytes,
                               .ops_in = record->ops_in,
                               .ops_out = record->ops_out};
      sk_api_write_struct(&info, sizeof info, out_info);
      return NULL;
    }
  }
  return sk_api_to_status(sk_status_new(SK_OUT_OF_RANGE, "stage %zu of %zu does not exist", index,
                                        stage_count(records)));
}

// ---- programs as such

static sk_status convert(sk_compile_input *input, const skarn_convert_options *options,
                         sk_text *out) {
  const char *form = options->to ? options->to : "text";
  if (options->devices) {
    sk_flags flags;
    sk_flags_init(&flags);
    flags.devices = options->devices;
    input->flags = &flags;
    return sk_program_write_inlined(input, form, options->locations, options->elide_elements, out);
  }
  sk_module *module;
  SK_TRY(sk_program_read(input, options->verify, &module));
  sk_status status =
      sk_program_write(module, form, options->locations, options->elide_elements, out);
  sk_module_destroy(module);
  return status;
}

skarn_status *skarn_program_convert(const skarn_program *program,
                                    const skarn_convert_options *options, skarn_bytes **out_bytes) {
  *out_bytes = NULL;
  SK_API_REQUIRE(program, "no program");
  skarn_program source;
  SK_API_READ(program, &source);
  SK_API_REQUIRE(source.data || source.size == 0, "a program without data");
  skarn_convert_options read = {.struct_size = sizeof read};
  if (options) {
    SK_API_READ(options, &read);
  }
  host_sink sink = {read.diagnostic, read.diagnostic_user};
  sk_compile_input input = input_of(&source, &sink);
  sk_text text;
  sk_text_init(&text);
  sk_status status = convert(&input, &read, &text);
  if (status) {
    sk_text_fini(&text);
    return sk_api_to_status(status);
  }
  return sk_api_new_bytes(text.data, text.len, out_bytes);
}

skarn_status *skarn_program_verify(const skarn_program *program, skarn_diagnostic_fn diagnostic,
                                   void *diagnostic_user) {
  SK_API_REQUIRE(program, "no program");
  skarn_program source;
  SK_API_READ(program, &source);
  SK_API_REQUIRE(source.data || source.size == 0, "a program without data");
  host_sink sink = {diagnostic, diagnostic_user};
  sk_compile_input input = input_of(&source, &sink);
  sk_module *module;
  sk_status status = sk_program_read(&input, true, &module);
  if (!status) {
    sk_module_destroy(module);
  }
  return sk_api_to_status(status);
}

// ---- testing

static sk_status test(sk_client *client, const skarn_program *program,
                      const skarn_compile_options *options, bool keep_constants, sk_arena *arena,
                      sk_test_report *out_report) {
  sk_flags flags;
  host_sink sink = {options->diagnostic, options->diagnostic_user};
  sk_compile_input input;
  const skarn_option strict = {"numerics", "strict"};
  skarn_compile_options under = *options;
  // Strict first, so that the caller's options may say otherwise.
  skarn_option *all =
      sk_arena_alloc_array(arena, options->option_count + 1, sizeof *all, _Alignof(skarn_option));
  if (!all) {
    return sk_status_no_memory();
  }
  all[0] = strict;
  for (size_t i = 0; i < options->option_count; i++) {
    all[i + 1] = options->options[i];
  }
  under.options = all;
  under.option_count = options->option_count + 1;
  SK_TRY(prepare(client, program, &under, arena, &flags, &sink, &input));
  return sk_compile_test(client, &input, keep_constants, out_report);
}

skarn_status *skarn_program_test(skarn_client *client, const skarn_program *program,
                                 const skarn_compile_options *options, bool keep_constants,
                                 skarn_test_report *out_report) {
  SK_API_REQUIRE(client && program, "no client or no program");
  SK_API_REQUIRE(out_report->struct_size >= sizeof(size_t), "out_report lacks its struct_size");
  skarn_program source;
  SK_API_READ(program, &source);
  SK_API_REQUIRE(source.data || source.size == 0, "a program without data");
  skarn_compile_options read = {.struct_size = sizeof read};
  if (options) {
    SK_API_READ(options, &read);
  }
  sk_arena arena;
  sk_arena_init(&arena);
  sk_test_report report;
  sk_status status = test(sk_api_client(client), &source, &read, keep_constants, &arena, &report);
  sk_arena_fini(&arena);
  skarn_test_report full = {.check_count = report.check_count,
                            .failed_count = report.failed_count,
                            .constant_count = report.constant_count,
                            .kernel_count = report.kernel_count,
                            .op_count = report.op_count,
                            .moves_only = report.moves_only};
  sk_api_write_struct(&full, sizeof full, out_report);
  return sk_api_to_status(status);
}

// ---- limits

enum { MAX_LIMITS = 32 };
static skarn_limit limit_rows[MAX_LIMITS];  // written once, under limits_once
static size_t limit_count;
static pthread_once_t limits_once = PTHREAD_ONCE_INIT;

static void fill_limits(void) {
  size_t count;
  const sk_program_limit *limits = sk_program_limits(&count);
  for (size_t i = 0; i < count && i < MAX_LIMITS; i++) {
    limit_rows[limit_count++] = (skarn_limit){limits[i].name, limits[i].what, limits[i].value};
  }
}

const skarn_limit *skarn_limits(size_t *out_count) {
  pthread_once(&limits_once, fill_limits);
  *out_count = limit_count;
  return limit_rows;
}
