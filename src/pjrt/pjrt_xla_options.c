// SPDX-License-Identifier: Apache-2.0
// Compiler options that are not ours: those of XLA are accepted, checked as XLA would and ignored.
//
// Names beginning with "xla_" that the table lacks may be of another release and are ignored too.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pjrt/pjrt_options.h"

typedef enum option_kind { KIND_BOOL, KIND_INT, KIND_FLOAT, KIND_TEXT } option_kind;

typedef struct xla_option {
  const char *name;
  option_kind kind;
} xla_option;

static const xla_option options[] = {
#define X(name, kind) {#name, KIND_##kind},
#include "pjrt/pjrt_xla_options.def"
#undef X
};

static const char *const kind_names[] = {
    [KIND_BOOL] = "bool", [KIND_INT] = "integer", [KIND_FLOAT] = "float", [KIND_TEXT] = "text"};

typedef struct key {
  const char *name;
  size_t size;
} key;

static int compare(const void *raw_key, const void *raw_option) {
  const key *wanted = raw_key;
  const xla_option *option = raw_option;
  size_t size = strlen(option->name);
  int order = memcmp(wanted->name, option->name, SK_MIN(size, wanted->size));
  return order ? order : (wanted->size > size) - (wanted->size < size);
}

static bool is_bool(const char *text) {
  static const char *const words[] = {"true", "false", "True", "False", "1", "0"};
  for (size_t i = 0; i < SK_COUNT(words); i++) {
    if (strcmp(text, words[i]) == 0) {
      return true;
    }
  }
  return false;
}

static bool is_integer(const char *text) {
  char *end;
  errno = 0;
  (void)strtoll(text, &end, 10);
  return *text && !*end && errno == 0;
}

static bool is_float(const char *text) {
  return strpbrk(text, "0123456789") && strspn(text, "+-.0123456789eE") == strlen(text);
}

sk_pjrt_error *sk_pjrt_check_xla_option(const char *name, size_t size, const char *value) {
  static const char prefix[] = "xla_";
  const key wanted = {name, size};
  const xla_option *found = bsearch(&wanted, options, SK_COUNT(options), sizeof *options, compare);
  int shown = (int)SK_MIN(size, (size_t)128);
  if (!found) {
    bool foreign = size >= sizeof prefix - 1 && memcmp(name, prefix, sizeof prefix - 1) == 0;
    return foreign ? NULL
                   : sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "No such compile option: '%.*s'",
                                       shown, name);
  }
  bool valid = found->kind == KIND_TEXT || (found->kind == KIND_BOOL && is_bool(value)) ||
               (found->kind == KIND_INT && is_integer(value)) ||
               (found->kind == KIND_FLOAT && is_float(value));
  return valid ? NULL
               : sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                                   "While setting option %.*s, '%.64s' is not a valid %s value.",
                                   shown, name, value, kind_names[found->kind]);
}
