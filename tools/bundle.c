// SPDX-License-Identifier: Apache-2.0
// A bundle in place of a program: what --dump-to wrote (src/compile/capture.c has its form) becomes
// the arguments that would do the same again.
//
//   options of the bundle, then the user's own       the user's win
//   its entry, argument types and arrays             unless the user says the like
//   its program                                      in place of the directory
//
// A directory is a bundle if it has a bundle.txt. The text is untrusted: what it says must be what
// the command line could say, and its files must lie in the directory.
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "cli.h"

enum { MAX_ARGUMENTS = 1 << 16 };

typedef struct bundle {
  const char *dir;
  sk_arena *arena;  // with the command's arguments
  SK_VEC(skarn_option) options;
  SK_VEC(cli_given) given;
  const char *program;
  bool failed;  // memory exhausted
} bundle;

static const char *copy(bundle *b, sk_str text) {
  const char *to = sk_arena_strndup(b->arena, text.data, text.len);
  b->failed = b->failed || to == NULL;
  return to;
}

static const char *path_in(bundle *b, const char *name) {
  const char *path = sk_arena_printf(b->arena, "%s/%s", b->dir, name);
  b->failed = b->failed || path == NULL;
  return path;
}

static void add_given(bundle *b, const char *name, const char *value) {
  b->failed |= !sk_vec_push(b->arena, &b->given, ((cli_given){name, value}));
}

// Splits at the first space; false if there is none.
static bool split(sk_str line, sk_str *out_first, sk_str *out_rest) {
  const char *space = line.len > 0 ? memchr(line.data, ' ', line.len) : NULL;
  if (space == NULL) {
    return false;
  }
  size_t at = (size_t)(space - line.data);
  *out_first = (sk_str){line.data, at};
  *out_rest = (sk_str){space + 1, line.len - at - 1};
  return true;
}

// One line; false: not one of a bundle.
static bool read_line(bundle *b, sk_str line) {
  sk_str key, value, name, setting;
  if (!split(line, &key, &value)) {
    return false;
  }
  if (sk_str_eq(key, SK_STR("cpu")) || sk_str_eq(key, SK_STR("name"))) {
    return true;  // for the reader
  }
  if (sk_str_eq(key, SK_STR("program"))) {
    bool inside = memchr(value.data, '/', value.len) == NULL;
    b->program = inside ? path_in(b, copy(b, value)) : NULL;
    return inside;
  }
  if (sk_str_eq(key, SK_STR("option"))) {
    if (!split(value, &name, &setting)) {
      return false;
    }
    skarn_option option = {copy(b, name), copy(b, setting)};
    b->failed |= !sk_vec_push(b->arena, &b->options, option);
    return true;
  }
  bool entry = sk_str_eq(key, SK_STR("entry"));
  if (entry || sk_str_eq(key, SK_STR("argument_types"))) {
    add_given(b, entry ? "entry" : "refine", copy(b, value));
    return true;
  }
  return false;
}

static int read_text(bundle *b, const char *path, const sk_file *file) {
  static const char first[] = "skarn-bundle 1\n";
  const char *at = (const char *)file->data, *end = at + file->len;
  if (file->len < sizeof first - 1 || memcmp(at, first, sizeof first - 1) != 0) {
    fprintf(stderr, "%s:1: error: this is no bundle that can be read here\n", path);
    return CLI_BAD_INPUT;
  }
  at += sizeof first - 1;
  for (unsigned line = 2; at < end && !b->failed; line++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    stop = stop != NULL ? stop : end;
    if (!read_line(b, (sk_str){at, (size_t)(stop - at)})) {
      fprintf(stderr, "%s:%u: error: not a line of a bundle\n", path, line);
      return CLI_BAD_INPUT;
    }
    at = stop + 1;
  }
  if (!b->failed && b->program == NULL) {
    fprintf(stderr, "%s: error: no program is named\n", path);
    return CLI_BAD_INPUT;
  }
  return CLI_OK;
}

static bool file_is_there(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file != NULL) {
    fclose(file);
  }
  return file != NULL;
}

// Its arrays, unless the user brings others.
static void add_inputs(bundle *b, const cli_args *args) {
  for (int i = 0; i < MAX_ARGUMENTS && !b->failed; i++) {
    char name[32];
    snprintf(name, sizeof name, "arg%d.npy", i);
    const char *path = path_in(b, name);
    if (path == NULL || !file_is_there(path) || cli_has(args, "input") || cli_has(args, "random")) {
      return;
    }
    add_given(b, "input", path);
  }
}

static void add_users(bundle *b, const cli_args *args) {
  for (size_t i = 0; i < args->given_count; i++) {
    add_given(b, args->given[i].name, args->given[i].value);
  }
  for (size_t i = 0; i < args->option_count; i++) {
    b->failed |= !sk_vec_push(b->arena, &b->options, args->options[i]);
  }
}

int cli_bundle_open(const cli_args *args, sk_arena *arena, cli_args *out) {
  *out = *args;
  if (args->file_count != 1 || !sk_file_is_dir(args->files[0])) {
    return CLI_OK;
  }
  bundle b = {.dir = args->files[0], .arena = arena};
  const char *path = path_in(&b, "bundle.txt");
  sk_file file;
  if (path == NULL || !file_is_there(path)) {
    return CLI_OK;
  }
  sk_status status = sk_file_open(path, 0, &file);
  if (status != NULL) {
    return cli_fail_internal(status);
  }
  int code = read_text(&b, path, &file);
  sk_file_close(&file);
  if (code != CLI_OK) {
    return code;
  }
  add_inputs(&b, args);
  add_users(&b, args);
  const char **files = SK_NEW_ARRAY(arena, const char *, 1);
  if (b.failed || files == NULL) {
    return cli_fail_internal(sk_status_no_memory());
  }
  files[0] = b.program;
  *out = (cli_args){.given = b.given.data,
                    .given_count = b.given.count,
                    .options = b.options.data,
                    .option_count = b.options.count,
                    .files = files,
                    .file_count = 1};
  return CLI_OK;
}
