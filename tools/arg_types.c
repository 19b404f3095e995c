// SPDX-License-Identifier: Apache-2.0
// The list of --refine: what is known of an entry's arguments when a program with unknown
// dimensions is compiled.
//
//   tensor<3x4xf32>, tensor<i64> = 7, _
//
// One item per argument, in order: a type, also with `?` for a dimension that stays as written; for
// a 0-D integer the value that shapes depend on; or `_`: as written.
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cli.h"

typedef struct scanner {
  const char *at;
  cli_arg_types *out;
} scanner;

static void skip_spaces(scanner *s) { s->at += strspn(s->at, " \t\n"); }

static bool accept(scanner *s, const char *text) {
  size_t len = strlen(text);
  bool there = strncmp(s->at, text, len) == 0;
  s->at += there ? len : 0;
  return there;
}

static bool scan_number(scanner *s, int64_t *out) {
  size_t len = strspn(s->at, "-0123456789");
  bool ok = len > 0 && sk_str_to_i64((sk_str){s->at, len}, out);
  s->at += ok ? len : 0;
  return ok;
}

static skarn_type find_type(sk_str name) {
  for (int i = 1; skarn_type_name((skarn_type)i); i++) {
    if (sk_str_eq(name, sk_str_from(skarn_type_name((skarn_type)i)))) {
      return (skarn_type)i;
    }
  }
  return SKARN_TYPE_INVALID;
}

// "3x?xf32>" behind "tensor<"
static bool scan_tensor(scanner *s, skarn_argument_type *type, int64_t *dims) {
  size_t rank = 0;
  while (*s->at == '?' || (*s->at >= '0' && *s->at <= '9')) {
    bool fits = rank < CLI_MAX_RANK &&
                (accept(s, "?") ? (dims[rank] = -1, true) : scan_number(s, &dims[rank]));
    rank++;
    if (!fits || !accept(s, "x")) {
      return false;
    }
  }
  const char *end = s->at;
  int depth = 0;
  for (; *end && (*end != '>' || depth > 0); end++) {
    depth += (*end == '<') - (*end == '>');
  }
  if (*end != '>') {
    return false;
  }
  type->type = find_type((sk_str){s->at, (size_t)(end - s->at)});
  s->at = end + 1;
  type->rank = rank;
  type->dims = dims;
  return type->type != SKARN_TYPE_INVALID;
}

static bool scan_item(scanner *s, size_t index) {
  cli_arg_types *out = s->out;
  skarn_argument_type *type = &out->types[index];
  *type = (skarn_argument_type){.type = SKARN_TYPE_INVALID};
  skip_spaces(s);
  if (!accept(s, "_")) {
    if (!accept(s, "tensor<") || !scan_tensor(s, type, out->dims[index])) {
      return false;
    }
  }
  skip_spaces(s);
  if (accept(s, "=")) {
    skip_spaces(s);
    type->value = &out->values[index];
    if (!scan_number(s, &out->values[index])) {
      return false;
    }
    skip_spaces(s);
  }
  return true;
}

int cli_arg_types_new(size_t most, cli_arg_types *out) {
  *out = (cli_arg_types){.types = calloc(most + 1, sizeof *out->types),
                         .dims = calloc(most + 1, sizeof *out->dims),
                         .values = calloc(most + 1, sizeof *out->values)};
  if (!out->types || !out->dims || !out->values) {
    cli_arg_types_free(out);
    return cli_fail_internal(sk_status_no_memory());
  }
  return CLI_OK;
}

int cli_arg_types_parse(const char *text, cli_arg_types *out) {
  size_t most = 1;
  for (const char *c = text; *c; c++) {
    most += *c == ',';
  }
  int code = cli_arg_types_new(most, out);
  if (code != CLI_OK) {
    return code;
  }
  scanner s = {text, out};
  skip_spaces(&s);
  while (*s.at) {
    if (!scan_item(&s, out->count) || (*s.at && !accept(&s, ","))) {
      cli_arg_types_free(out);
      return cli_usage_error("--refine: expected types such as tensor<3x4xf32>, tensor<i64> = 7, _ "
                             "at '%.20s'",
                             s.at);
    }
    out->count++;
  }
  return CLI_OK;
}

void cli_arg_types_free(cli_arg_types *types) {
  free(types->types);
  free(types->dims);
  free(types->values);
  *types = (cli_arg_types){0};
}
