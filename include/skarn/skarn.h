// SPDX-License-Identifier: Apache-2.0
// Skarn: StableHLO programs compiled to native code. This header adds the compiler to runtime.h;
// read the conventions there.
//
//   skarn_client_create(NULL, &client);
//   skarn_program program = {sizeof program, "f.mlir", text, size};
//   skarn_compile(client, &program, NULL, &f);
//   skarn_buffer_from_host(skarn_client_device(client, 0), &array, NULL, &x);
//   skarn_executable_execute(f, &x, 1, NULL, &y, 1);
//   skarn_buffer_to_host(y, result, sizeof result, NULL, NULL);
//
// examples/c has whole programs.
#ifndef SKARN_SKARN_H
#define SKARN_SKARN_H

#include <skarn/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- input

// MLIR text of StableHLO, MLIR bytecode (StableHLO or a VHLO portable artifact), or what
// Exported.serialize of jax.export gives; recognised by its first bytes. Untrusted: any bytes give a program or an error, in bounded time and memory.
typedef struct skarn_program {
  size_t struct_size;
  const char *name;  // file name for messages; NULL = "<input>"
  const void *data;
  size_t size;
} skarn_program;

// Called for every error found, in order, as far as reading goes on after one; `status` is borrowed
// until the sink returns.
typedef void (*skarn_diagnostic_fn)(void *user, const skarn_status *status);

// What is known of an argument of the entry beyond the program's text.
typedef struct skarn_argument_type {
  skarn_type type;  // SKARN_TYPE_INVALID: as the program says
  size_t rank;
  const int64_t *dims;   // -1: as the program says; without type and dims, so is the shape
  const int64_t *value;  // of a 0-D integer that shapes depend on; NULL: not known
} skarn_argument_type;

typedef struct skarn_compile_options {
  size_t struct_size;
  const char *entry;            // function; NULL = "main", or the only public function
  const skarn_option *options;  // override those of the client
  size_t option_count;
  skarn_diagnostic_fn diagnostic;  // NULL: none. The first error is returned in any case
  void *diagnostic_user;
  // Types of all arguments of the entry, which may say more than the program does: unknown
  // dimensions become known, and with them the shapes of the whole program. A shape that still does
  // not come out is UNIMPLEMENTED, at its operation. An argument whose value is given is passed as
  // before, and not looked at. NULL: types as written.
  const skarn_argument_type *argument_types;
  size_t argument_type_count;
  // The device the program runs on unless a call says otherwise: NULL = device 0. More than one is
  // UNIMPLEMENTED: a program for several is compiled with the option "devices", takes
  // their arguments one device after the other, and learns where they are from skarn_execute_options.
  const int32_t *device_ids;
  size_t device_count;
} skarn_compile_options;

// Errors: INVALID_ARGUMENT and UNIMPLEMENTED with the position in the program, NOT_FOUND (entry,
// option), RESOURCE_EXHAUSTED, INTERNAL. The program's bytes are not needed once this returns.
// `options` may be NULL.
SKARN_API skarn_status *skarn_compile(skarn_client *client, const skarn_program *program,
                                      const skarn_compile_options *options,
                                      skarn_executable **out_executable);

// What each stage took, of an executable compiled with option time=true; none otherwise or if it
// was loaded.
typedef struct skarn_stage_info {
  size_t struct_size;
  const char *name;  // "parse", "verify", "inline", ...
  double us;
  uint64_t arena_bytes;      // allocated by the stage; of working memory the most at a time
  uint64_t ops_in, ops_out;  // operations, statements or instructions, as the stage counts
} skarn_stage_info;
SKARN_API size_t skarn_executable_stage_count(const skarn_executable *executable);
SKARN_API skarn_status *skarn_executable_stage(const skarn_executable *executable, size_t index,
                                               skarn_stage_info *out_info);

// ---- programs as such

typedef struct skarn_convert_options {
  size_t struct_size;
  // "text" (NULL); "generic" (every op in generic form); "bytecode" (MLIR bytecode of StableHLO,
  // for tools of the same age); "portable@VERSION" (a portable artifact for StableHLO VERSION, 0.9.0
  // to 1.20.0, that any later StableHLO reads: UNIMPLEMENTED where that version lacks something).
  const char *to;
  bool locations;  // text: with loc(...)
  // Text: larger constants are left out (the text does not parse back); 0 = never.
  uint32_t elide_elements;
  bool verify;  // refuse a program that breaks a constraint
  skarn_diagnostic_fn diagnostic;
  void *diagnostic_user;
  // 0: the program as it is. N: the one function that it becomes when it is compiled for N devices,
  // before anything is rewritten: calls are inlined, and its arguments are those of all devices.
  uint32_t devices;
} skarn_convert_options;

// Reads a program and writes it in another form. `options` may be NULL.
SKARN_API skarn_status *skarn_program_convert(const skarn_program *program,
                                              const skarn_convert_options *options,
                                              skarn_bytes **out_bytes);
// Reads and verifies: every error to the sink, the first one returned.
SKARN_API skarn_status *skarn_program_verify(const skarn_program *program,
                                             skarn_diagnostic_fn diagnostic, void *diagnostic_user);

typedef struct skarn_test_report {
  size_t struct_size;
  uint64_t check_count;     // check operations that were reached
  uint64_t failed_count;    // ... and did not hold; each went to the diagnostic sink
  uint64_t constant_count;  // constants that were passed as arguments
  uint64_t kernel_count;    // native functions that ran
  uint64_t op_count;
  bool moves_only;  // the program has nothing to compute: only constants, views, copies
} skarn_test_report;

// Runs a program without arguments that checks itself (operations of the `check` dialect, or custom
// calls @check.*). So that the code is tested and not the folding, constants reachable from the
// entry are passed in as arguments, except where a shape must be known; `keep_constants` leaves
// them alone. Numerics are strict unless the options say otherwise. A check that fails is no error
// of this function: see the report. Option via=interp runs the reference interpreter.
SKARN_API skarn_status *skarn_program_test(skarn_client *client, const skarn_program *program,
                                           const skarn_compile_options *options,
                                           bool keep_constants, skarn_test_report *out_report);

// ---- limits of the readers

typedef struct skarn_limit {
  const char *name, *what;
  uint64_t value;
} skarn_limit;
// The limits that every input is held to; the array is static.
SKARN_API const skarn_limit *skarn_limits(size_t *out_count);

#ifdef __cplusplus
}  // extern "C"
#endif

#endif
