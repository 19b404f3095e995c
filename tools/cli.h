// SPDX-License-Identifier: Apache-2.0
// Shared by the commands of the skarn program: arguments, errors, exit codes, files, arrays.
#ifndef SK_TOOLS_CLI_H
#define SK_TOOLS_CLI_H

#include <skarn/skarn.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/file.h"

// Exit codes (docs/cli.md): part of the contract.
enum {
  CLI_OK = 0,
  CLI_BAD_INPUT = 1,
  CLI_USAGE = 2,
  CLI_UNSUPPORTED = 3,
  CLI_RESOURCE = 4,
  CLI_MISMATCH = 5,
  CLI_INTERNAL = 6
};

// What a command understands besides the flags of base/flags.def. takes_value 0: a switch.
typedef struct cli_option {
  const char *name;  // "repeat"
  bool takes_value;
  const char *help;
} cli_option;

typedef struct cli_given {
  const char *name, *value;
} cli_given;

typedef struct cli_args {
  const cli_given *given;  // the command's own options in order
  size_t given_count;
  const skarn_option *options;  // flags for the library: environment first, then the command line
  size_t option_count;
  const char *const *files;
  size_t file_count;
} cli_args;

typedef struct cli_command {
  const char *name, *usage, *summary;
  const cli_option *options;  // ends with a NULL name
  int (*run)(const cli_args *args);
} cli_command;

extern const cli_command cli_run, cli_bench, cli_compile, cli_opt, cli_explain, cli_lint, cli_test,
    cli_convert, cli_ops, cli_reduce, cli_version;
extern const cli_command *const cli_commands[];  // NULL-terminated

const char *cli_value(const cli_args *args, const char *name);  // the last one given; NULL if none
bool cli_has(const cli_args *args, const char *name);
const char *cli_flag(const cli_args *args,
                     const char *key);  // value of a library flag; NULL if not given
int cli_number(const cli_args *args, const char *name, int64_t otherwise, int64_t least,
               int64_t *out);  // CLI_OK or prints and CLI_USAGE

// The same for a number of seconds, 0 or more.
int cli_seconds(const cli_args *args, const char *name, double otherwise, double *out);

int cli_usage_error(const char *format, ...) SK_PRINTF(1, 2);  // prints, returns CLI_USAGE
int cli_fail(skarn_status *status);       // prints and frees; the exit code of its code
int cli_fail_internal(sk_status status);  // the same for errors of the base room
void cli_json_string(FILE *out, const char *text);

double cli_now_us(void);
// Arguments whose one file is a bundle directory become those that replay it; others stay as they are.
int cli_bundle_open(const cli_args *args, sk_arena *arena, cli_args *out);
bool cli_is_executable_image(const sk_file *file);  // starts with the magic of a .skx file

// ---- --refine: what is known of the entry's arguments
enum { CLI_MAX_RANK = 32 };
typedef struct cli_arg_types {
  skarn_argument_type *types;  // owned, like what they point to
  int64_t (*dims)[CLI_MAX_RANK];
  int64_t *values;
  size_t count;
} cli_arg_types;
int cli_arg_types_new(size_t most, cli_arg_types *out);         // room; nothing known
int cli_arg_types_parse(const char *text, cli_arg_types *out);  // CLI_OK or prints and CLI_USAGE
void cli_arg_types_free(cli_arg_types *types);

// ---- arrays as .npy files (format 1.0 to 3.0, C order). Types that NumPy lacks are V1 or V2.
typedef struct cli_array {
  skarn_type type;
  size_t rank;
  int64_t dims[32];
  void *data;  // owned: free()
  size_t bytes;
} cli_array;

// Reads an array for an entry argument of the given type and shape; a mismatch is an error that names both.
int cli_npy_read(const char *path, const skarn_value_info *want, cli_array *out);
// Shape of the array, and its number if it is a 0-D integer, as entry `index` of the types.
int cli_npy_describe(const char *path, cli_arg_types *types, size_t index);
int cli_npy_write(const char *path, skarn_type type, size_t rank, const int64_t *dims,
                  const void *data, size_t bytes);
// Elements by the rule of --random (docs/cli.md).
void cli_random(uint64_t seed, size_t argument, skarn_type type, void *out, size_t bytes);

#endif
