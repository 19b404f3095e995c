// SPDX-License-Identifier: Apache-2.0
// Helpers of the commands: options that were given, errors and their exit codes, time.
#include "cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/thread.h"

const char *cli_value(const cli_args *args, const char *name) {
  for (size_t i = args->given_count; i-- > 0;) {
    if (strcmp(args->given[i].name, name) == 0) {
      return args->given[i].value != NULL ? args->given[i].value : "";
    }
  }
  return NULL;
}

bool cli_has(const cli_args *args, const char *name) { return cli_value(args, name) != NULL; }

const char *cli_flag(const cli_args *args, const char *key) {
  for (size_t i = args->option_count; i-- > 0;) {
    if (strcmp(args->options[i].key, key) == 0) {
      return args->options[i].value;
    }
  }
  return NULL;
}

int cli_number(const cli_args *args, const char *name, int64_t otherwise, int64_t least,
               int64_t *out) {
  const char *text = cli_value(args, name);
  *out = otherwise;
  if (text != NULL && (!sk_str_to_i64(sk_str_from(text), out) || *out < least)) {
    return cli_usage_error("--%s needs a number of at least %lld, not '%s'", name, (long long)least,
                           text);
  }
  return CLI_OK;
}

int cli_seconds(const cli_args *args, const char *name, double otherwise, double *out) {
  const char *text = cli_value(args, name);
  *out = otherwise;
  if (text != NULL && (!sk_str_to_f64(sk_str_from(text), out) || !(*out >= 0 && *out <= 1e6))) {
    return cli_usage_error("--%s needs a number of seconds, not '%s'", name, text);
  }
  return CLI_OK;
}

int cli_usage_error(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("skarn: error: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  return CLI_USAGE;
}

int cli_fail(skarn_status *status) {
  size_t need = skarn_status_format(status, NULL, 0) + 1;
  char *text = malloc(need), fallback[256];
  char *to = text != NULL ? text : fallback;
  skarn_status_format(status, to, text != NULL ? need : sizeof fallback);
  fprintf(stderr, "%s%s\n", skarn_status_file(status) != NULL ? "" : "skarn: ", to);
  free(text);
  int code = sk_code_exit_status((sk_code)skarn_status_code(status));
  skarn_status_free(status);
  return code;
}

int cli_fail_internal(sk_status status) {
  char text[2048];
  int code = sk_code_exit_status(sk_status_code(status));
  sk_status_format(status, text, sizeof text);
  fprintf(stderr, "%s%s\n", sk_status_pos(status).file != NULL ? "" : "skarn: ", text);
  sk_status_free(status);
  return code;
}

void cli_json_string(FILE *out, const char *text) {
  fputc('"', out);
  for (const unsigned char *c = (const unsigned char *)text; *c != 0; c++) {
    if (*c == '"' || *c == '\\') {
      fprintf(out, "\\%c", *c);
    } else if (*c < 0x20) {
      fprintf(out, "\\u%04x", *c);
    } else {
      fputc(*c, out);
    }
  }
  fputc('"', out);
}

double cli_now_us(void) { return (double)sk_time_ns() / 1000.0; }
