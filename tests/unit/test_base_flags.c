// SPDX-License-Identifier: Apache-2.0
// The flag table: defaults, every type's values and their limits, spellings, suggestions, the
// environment, help, allocation failure.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/flags.h"
#include "base/mem.h"

typedef struct fixture {
  sk_arena arena;
  sk_flags flags;
} fixture;

static int set_up(void **state) {
  static fixture f;
  sk_arena_init(&f.arena);
  sk_flags_init(&f.flags);
  *state = &f;
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  sk_arena_fini(&f->arena);
  return 0;
}

static void check_error(sk_status status, sk_code code, const char *message) {
  assert_int_equal(sk_status_code(status), code);
  assert_string_equal(sk_status_message(status), message);
  sk_status_free(status);
}

static void test_defaults(void **state) {
  fixture *f = *state;
  assert_string_equal(f->flags.isa, "auto");
  assert_string_equal(f->flags.via, "native");
  assert_string_equal(f->flags.dump, "");
  assert_int_equal(f->flags.threads, 0);
  assert_int_equal(f->flags.bisect, -1);
  assert_false(f->flags.verify);
}

static void check_row(fixture *f, const char *name, const char *value, bool is_bool) {
  char spelled[64];
  snprintf(spelled, sizeof spelled, "%s", name);
  for (char *p = spelled; *p; p++) {
    *p = *p == '-' ? '_' : *p;
  }
  assert_null(sk_flags_set(&f->flags, &f->arena, name, value));
  assert_null(sk_flags_set(&f->flags, &f->arena, spelled, value));
  assert_int_equal(sk_flags_is_bool(name), is_bool);
}

// Each row can be set to its own default, by both spellings, and is found as what it is.
static void test_every_row(void **state) {
  fixture *f = *state;
#define DEFAULT_BOOL(v) ((v) ? "true" : "false")
#define DEFAULT_INT(v) sk_arena_printf(&f->arena, "%lld", (long long)(v))
#define DEFAULT_STR(v) (v)
#define IS_BOOL_BOOL true
#define IS_BOOL_INT false
#define IS_BOOL_STR false
#define X(field, name, type, initial, values, help)                                                \
  check_row(f, name, DEFAULT_##type(f->flags.field), IS_BOOL_##type);
#include "base/flags.def"
#undef X
}

static void test_values(void **state) {
  fixture *f = *state;
  sk_flags *flags = &f->flags;
  char value[] = "v4";
  assert_null(sk_flags_set(flags, &f->arena, "isa", value));
  value[0] = '?';
  assert_string_equal(flags->isa, "v4");  // copied
  assert_null(sk_flags_set(flags, &f->arena, "threads", "1024"));
  assert_int_equal(flags->threads, 1024);
  assert_null(sk_flags_set(flags, &f->arena, "threads", "0x10"));
  assert_int_equal(flags->threads, 16);
  assert_null(sk_flags_set(flags, &f->arena, "bisect", "-1"));
  assert_null(sk_flags_set(flags, &f->arena, "bisect", "9223372036854775807"));
  assert_null(sk_flags_set(flags, &f->arena, "dump", "parse,fuse"));
  assert_null(sk_flags_set(flags, &f->arena, "dump_dir", "/a b"));
  assert_string_equal(flags->dump_dir, "/a b");
  static const char *const yes[] = {"1", "true", "on", "yes", ""};
  static const char *const no[] = {"0", "false", "off", "no"};
  for (size_t i = 0; i < SK_COUNT(yes); i++) {
    flags->verify = false;
    assert_null(sk_flags_set(flags, &f->arena, "verify", yes[i]));
    assert_true(flags->verify);
  }
  for (size_t i = 0; i < SK_COUNT(no); i++) {
    flags->verify = true;
    assert_null(sk_flags_set(flags, &f->arena, "verify", no[i]));
    assert_false(flags->verify);
  }
}

static void test_bytes(void **state) {
  fixture *f = *state;
  static const struct {
    const char *text;
    int64_t bytes;
  } good[] = {{"0", 0},        {"1000", 1000},           {"4k", 4096},
              {"3M", 3 << 20}, {"2G", INT64_C(2) << 30}, {"9223372036854775807", INT64_MAX}};
  for (size_t i = 0; i < SK_COUNT(good); i++) {
    assert_null(sk_flags_set(&f->flags, &f->arena, "memory-limit", good[i].text));
    assert_int_equal(f->flags.memory_limit_bytes, good[i].bytes);
  }
  static const char *const bad[] = {"", "-1", "k", "1T", "1.5G", "9223372036854775807k", "1kk"};
  for (size_t i = 0; i < SK_COUNT(bad); i++) {
    sk_status status = sk_flags_set(&f->flags, &f->arena, "memory-limit", bad[i]);
    assert_int_equal(sk_status_code(status), SK_INVALID_ARGUMENT);
    sk_status_free(status);
    assert_int_equal(f->flags.memory_limit_bytes, INT64_MAX);  // as it was
  }
}

static void test_bad_values(void **state) {
  fixture *f = *state;
  sk_flags *flags = &f->flags;
  check_error(sk_flags_set(flags, &f->arena, "isa", "avx2"), SK_INVALID_ARGUMENT,
              "option 'isa' cannot be 'avx2': expected auto|v3|v4|none");
  check_error(sk_flags_set(flags, &f->arena, "isa", "v3|v4"), SK_INVALID_ARGUMENT,
              "option 'isa' cannot be 'v3|v4': expected auto|v3|v4|none");
  check_error(sk_flags_set(flags, &f->arena, "isa", "v"), SK_INVALID_ARGUMENT,
              "option 'isa' cannot be 'v': expected auto|v3|v4|none");
  check_error(sk_flags_set(flags, &f->arena, "threads", "1025"), SK_INVALID_ARGUMENT,
              "option 'threads' cannot be '1025': expected 0..1024");
  check_error(sk_flags_set(flags, &f->arena, "threads", "-1"), SK_INVALID_ARGUMENT,
              "option 'threads' cannot be '-1': expected 0..1024");
  check_error(sk_flags_set(flags, &f->arena, "threads", "two"), SK_INVALID_ARGUMENT,
              "option 'threads' cannot be 'two': expected 0..1024");
  check_error(sk_flags_set(flags, &f->arena, "bisect", "-2"), SK_INVALID_ARGUMENT,
              "option 'bisect' cannot be '-2': expected -1..");
  check_error(sk_flags_set(flags, &f->arena, "verify", "maybe"), SK_INVALID_ARGUMENT,
              "option 'verify' cannot be 'maybe': expected true or false");
  assert_string_equal(flags->isa, "auto");
  assert_int_equal(flags->threads, 0);
}

static void test_unknown_names(void **state) {
  fixture *f = *state;
  sk_flags *flags = &f->flags;
  check_error(sk_flags_set(flags, &f->arena, "dump-dri", "x"), SK_NOT_FOUND,
              "unknown option 'dump-dri'; did you mean 'dump-dir'?");
  check_error(sk_flags_set(flags, &f->arena, "THREADS", "1"), SK_NOT_FOUND,
              "unknown option 'THREADS'; did you mean 'threads'?");
  check_error(sk_flags_set(flags, &f->arena, "vai", "loop"), SK_NOT_FOUND,
              "unknown option 'vai'; did you mean 'via'?");
  check_error(sk_flags_set(flags, &f->arena, "tiem", "1"), SK_NOT_FOUND,
              "unknown option 'tiem'; did you mean 'time'?");
  check_error(sk_flags_set(flags, &f->arena, "is", "v3"), SK_NOT_FOUND,
              "unknown option 'is'; did you mean 'isa'?");
  check_error(sk_flags_set(flags, &f->arena, "verfy", "1"), SK_NOT_FOUND,
              "unknown option 'verfy'; did you mean 'verify'?");
  check_error(sk_flags_set(flags, &f->arena, "colour", "1"), SK_NOT_FOUND,
              "unknown option 'colour'");
  check_error(sk_flags_set(flags, &f->arena, "", "1"), SK_NOT_FOUND, "unknown option ''");
  char endless[300];
  memset(endless, 'q', sizeof endless - 1);
  endless[sizeof endless - 1] = '\0';
  sk_status status = sk_flags_set(flags, &f->arena, endless, "1");
  assert_int_equal(sk_status_code(status), SK_NOT_FOUND);
  sk_status_free(status);
  assert_false(sk_flags_is_bool("colour"));
  assert_false(sk_flags_is_bool("isa"));
  assert_true(sk_flags_is_bool("print_changed"));
}

static void clear_environment(void) {
  static const char *const names[] = {"SKARN_ISA",    "SKARN_DUMP_DIR",   "SKARN_THREADS",
                                      "SKARN_VERIFY", "SKARN_COLOR",      "SKARN_isa",
                                      "SKARN_",       "SKARN_CONFORMANCE"};
  for (size_t i = 0; i < SK_COUNT(names); i++) {
    unsetenv(names[i]);
  }
}

static void test_environment(void **state) {
  fixture *f = *state;
  clear_environment();
  const char *unknown = "?";
  assert_null(sk_flags_read_env(&f->flags, &f->arena, &unknown));
  assert_null(unknown);
  setenv("SKARN_DUMP_DIR", "/x", 1);
  setenv("SKARN_THREADS", "3", 1);
  setenv("SKARN_VERIFY", "1", 1);
  setenv("SKARN_CONFORMANCE", "/data", 1);
  assert_null(sk_flags_read_env(&f->flags, &f->arena, &unknown));
  assert_null(unknown);
  assert_string_equal(f->flags.dump_dir, "/x");
  assert_int_equal(f->flags.threads, 3);
  assert_true(f->flags.verify);
  setenv("SKARN_COLOR", "1", 1);
  assert_null(sk_flags_read_env(&f->flags, &f->arena, &unknown));
  assert_string_equal(unknown, "SKARN_COLOR");
  setenv("SKARN_isa", "v3", 1);
  assert_null(sk_flags_read_env(&f->flags, &f->arena, &unknown));
  assert_non_null(strchr(unknown, ','));
  assert_non_null(strstr(unknown, "SKARN_COLOR"));
  assert_non_null(strstr(unknown, "SKARN_isa"));
  assert_string_equal(f->flags.isa, "auto");
  setenv("SKARN_ISA", "v9", 1);
  sk_status status = sk_flags_read_env(&f->flags, &f->arena, &unknown);
  char buf[200];
  sk_status_format(status, buf, sizeof buf);
  assert_string_equal(buf, "error: option 'isa' cannot be 'v9': expected auto|v3|v4|none "
                           "[INVALID_ARGUMENT]\n  note: from the environment variable SKARN_ISA");
  sk_status_free(status);
  clear_environment();
}

static void test_help(void **state) {
  fixture *f = *state;
  const char *help = sk_flags_help(&f->arena);
  assert_non_null(help);
  size_t lines = 0, rows = 0;
  for (const char *p = help; *p; p++) {
    lines += *p == '\n';
  }
#define X(field, name, type, initial, values, text)                                                \
  rows++;                                                                                          \
  assert_non_null(strstr(help, "--" name));                                                        \
  assert_non_null(strstr(help, text));
#include "base/flags.def"
#undef X
  assert_int_equal(lines, rows);
  assert_non_null(strstr(help, "(default: native)"));
}

static void test_allocation_failure(void **state) {
  fixture *f = *state;
  clear_environment();
  setenv("SKARN_COLOR", "1", 1);
  setenv("SKARN_DUMP_DIR", "/somewhere", 1);
  for (uint64_t limit = 1;; limit += 7) {
    sk_arena arena;
    sk_arena_init(&arena);
    arena.limit_bytes = limit;
    const char *unknown;
    sk_status status = sk_flags_read_env(&f->flags, &arena, &unknown);
    const bool done = status == NULL && sk_flags_help(&arena) != NULL;
    assert_true(!status || sk_status_code(status) == SK_RESOURCE_EXHAUSTED);
    sk_status_free(status);
    sk_flags_init(&f->flags);
    sk_arena_fini(&arena);
    if (done) {
      assert_true(limit > 100);
      break;
    }
  }
  clear_environment();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_defaults, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_every_row, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_bytes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_bad_values, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_unknown_names, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_environment, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_help, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_allocation_failure, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
