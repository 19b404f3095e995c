// SPDX-License-Identifier: Apache-2.0
// skarn reduce: judges a program by all executors, and makes one on which they differ small.
//
//   FILE            text, bytecode, portable artifact, or the directory of a bundle (--dump-to);
//                   arguments from --input or the bundle, from skarn.value attributes in the
//                   program, else pseudo-random as those of `skarn run --random`
//   standard output the reduced program, with its arguments, ready to be judged again
//
// Exit code 0 when the executors agree (nothing to reduce), 5 when they do not.
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compile/compile.h"
#include "reduce.h"

typedef struct filler {
  const cli_args *args;
  uint64_t seed;
  int code;
} filler;

static const char *nth_input(const cli_args *args, size_t n) {
  for (size_t i = 0; i < args->given_count; i++) {
    if (strcmp(args->given[i].name, "input") == 0 && n-- == 0) {
      return args->given[i].value;
    }
  }
  return NULL;
}

// The files' elements as far as there are files.
static void fill(void *user, uint32_t index, const sk_type_rec *type, void *out, size_t bytes) {
  filler *f = user;
  const char *path = nth_input(f->args, index);
  skarn_value_info want = SKARN_INIT(skarn_value_info);
  cli_array array = {.data = NULL};
  want.type = (skarn_type)sk_compile_dtype((sk_elem)type->elem);
  want.type_text = "another type or shape";
  want.rank = type->rank;
  want.dims = type->dims;
  want.bytes = bytes;
  if (path == NULL) {
    cli_random(f->seed, index, want.type, out, bytes);
    return;
  }
  int code = cli_npy_read(path, &want, &array);
  if (code == CLI_OK && bytes > 0) {
    memcpy(out, array.data, bytes);
  }
  f->code = f->code != CLI_OK ? f->code : code;
  free(array.data);
}

static void print_progress(void *user, const reduce_case *c, uint32_t ops, uint32_t tries) {
  (void)user;
  fprintf(stderr, "\r%u operations, %zu bytes, %u tries ", ops, c->len, tries);
}

// What the last question of a judgement compiles.
static int print_whole(const reduce_case *c, const oracle_options *options) {
  sk_text text;
  sk_text_init(&text);
  sk_status status = oracle_print_whole(options, c->text, c->len, &text);
  reduce_case whole = {text.data, text.len, c->args, c->arg_count};
  sk_text out;
  sk_text_init(&out);
  status = status == NULL ? reduce_case_print(&whole, &out) : status;
  fwrite(out.data, 1, out.len, stdout);
  sk_text_fini(&text);
  sk_text_fini(&out);
  return status == NULL ? CLI_OK : cli_fail_internal(status);
}

static int reduce_case_of(const cli_args *args, reduce_case *c) {
  double seconds = 0, judge_seconds = 0;
  int code = cli_seconds(args, "time-limit", 0, &seconds);
  code = code == CLI_OK ? cli_seconds(args, "judge-limit", 20, &judge_seconds) : code;
  if (code != CLI_OK) {
    return code;
  }
  const char *unchecked = cli_flag(args, "isa-unchecked");
  reduce_options options = {
      .oracle = {.entry = cli_value(args, "entry"),
                 .isa = cli_flag(args, "isa"),
                 .isa_unchecked = unchecked != NULL && strcmp(unchecked, "true") == 0,
                 .reading = true,
                 .threads = true,
                 .guards = cli_flag(args, "isa") == NULL,
                 .seconds = judge_seconds},
      .seconds = seconds,
      .progress = cli_has(args, "verbose") ? print_progress : NULL};
  oracle_verdict verdict;
  if (cli_has(args, "whole")) {
    return print_whole(c, &options.oracle);
  }
  if (cli_has(args, "judge")) {
    reduce_case_judge(c, &options.oracle, &verdict);
  } else {
    sk_status status = reduce_run(c, &options, &verdict);
    if (status != NULL) {
      return cli_fail_internal(status);
    }
  }
  fprintf(stderr, "%s%s: %s%s%s\n", cli_has(args, "verbose") ? "\n" : "", args->files[0],
          oracle_what_name(verdict.what), verdict.message[0] ? ": " : "", verdict.message);
  if (!oracle_is_finding(verdict.what)) {
    return CLI_OK;
  }
  sk_text text;
  sk_text_init(&text);
  sk_status status = cli_has(args, "judge") ? NULL : reduce_case_print(c, &text);
  if (status == NULL) {
    fwrite(text.data, 1, text.len, stdout);
  }
  sk_text_fini(&text);
  return status == NULL ? CLI_MISMATCH : cli_fail_internal(status);
}

static int run_on_file(const cli_args *args) {
  if (args->file_count != 1) {
    return cli_usage_error("reduce: expected one file, %zu were given", args->file_count);
  }
  int64_t seed;
  int code = cli_number(args, "random", 1, 0, &seed);
  if (code != CLI_OK) {
    return code;
  }
  sk_file file;
  sk_status status = sk_file_open(args->files[0], 0, &file);
  if (status != NULL) {
    return cli_fail_internal(status);
  }
  filler f = {args, (uint64_t)seed, CLI_OK};
  reduce_case c;
  status = reduce_case_read(args->files[0], file.data, file.len, fill, &f, &c);
  code = status != NULL ? cli_fail_internal(status) : f.code;
  if (code == CLI_OK) {
    code = reduce_case_of(args, &c);
  }
  if (status == NULL) {
    reduce_case_free(&c);
  }
  sk_file_close(&file);
  return code;
}

// A bundle is replayed on every executor: its program, arguments and options.
static int run(const cli_args *args) {
  sk_arena arena;
  cli_args replayed;
  sk_arena_init(&arena);
  int code = cli_bundle_open(args, &arena, &replayed);
  code = code == CLI_OK ? run_on_file(&replayed) : code;
  sk_arena_fini(&arena);
  return code;
}

static const cli_option options[] = {
    {"input", true, "a .npy file, once per argument, in order"},
    {"entry", true, "function to run (default main)"},
    {"refine", true,
     "types of the arguments, as a bundle may name them; the program must say them too"},
    {"random", true, "seed of arguments that the program has no values for (default 1)"},
    {"judge", false, "say what the executors find and reduce nothing"},
    {"whole", false, "print the program with every value among its results and do no more"},
    {"time-limit", true, "seconds after which the smallest so far is printed (default: none)"},
    {"judge-limit", true, "seconds after which a run counts as a hang (default 20)"},
    {"verbose", false, "progress on standard error"},
    {NULL, false, NULL},
};
const cli_command cli_reduce = {"reduce", "reduce FILE [options] > SMALL.mlir",
                                "make a program on which the executors differ smaller", options,
                                run};
