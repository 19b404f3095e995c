// SPDX-License-Identifier: Apache-2.0
// Every program of the examples and of StableHLO's own suites: the text reader accepts it, and what it
// made prints - custom forms, generic form, with locations - as text of the same module. Written as
// bytecode it reads back as the same module, which prints the same text to the letter; as a portable
// artifact as an equal module.
// The suites are found through SKARN_CONFORMANCE (default ../shared/conformance); without them those tests
// are skipped. They are the directories stablehlo/testdata and stablehlo/tests of openxla/stablehlo.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "read/read.h"
#include "support/test_path.h"

typedef struct {
  unsigned file_count, segment_count, failure_count;
  unsigned skipped_count;  // segments that expect errors, or use other dialects
  bool negative_too;       // segments may expect errors or use other dialects
} suite;

static void complain(suite *s, const char *name, const char *what) {
  if (s->failure_count++ < 10) {
    print_error("%s: %s\n", name, what);
  }
}

static void complain_status(suite *s, const char *name, sk_status status) {
  char text[500];
  sk_status_format(status, text, sizeof text);
  complain(s, name, text);
  sk_status_free(status);
}

static void check_round_trip(suite *s, const char *name, const sk_module *module,
                             const sk_print_options *options) {
  sk_text text;
  sk_text difference;
  sk_module *again = NULL;
  sk_text_init(&text);
  sk_text_init(&difference);
  sk_module_print(module, options, &text);
  assert_false(text.failed);
  sk_status status = sk_read_text("printed", text.data, text.len, NULL, &again);
  if (status != NULL) {
    complain_status(s, name, status);
  } else if (!sk_module_equal(module, again, &difference)) {
    complain(s, name, difference.data);
  }
  sk_module_destroy(again);
  sk_text_fini(&difference);
  sk_text_fini(&text);
}

// VHLO has one operation for both returns; which it is, the parent says.
static bool is_about_return(const sk_text *difference) {
  return memmem(difference->data, difference->len, "stablehlo.return", 16) != NULL &&
         memmem(difference->data, difference->len, "func.return", 11) != NULL;
}

// The module again from its bytecode; NULL: complained.
static sk_module *write_and_read(suite *s, const char *name, const sk_module *module,
                                 const sk_write_options *options) {
  sk_text bytes;
  sk_text difference;
  sk_module *again = NULL;
  sk_text_init(&bytes);
  sk_text_init(&difference);
  sk_status status = sk_write_bytecode(module, options, &bytes);
  if (status == NULL) {
    status = sk_read_bytecode("written", bytes.data, bytes.len, NULL, &again);
  }
  if (status != NULL && s->negative_too && sk_status_code(status) == SK_UNIMPLEMENTED) {
    s->skipped_count++;  // required attributes missing, attributes that VHLO's calls cannot have
    sk_status_free(status);
  } else if (status != NULL) {
    complain_status(s, name, status);
  } else if (!sk_module_equal(module, again, &difference) &&
             !(options->portable && is_about_return(&difference))) {
    complain(s, name, difference.data);
  }
  // The module borrows its constants.
  sk_text printed = {0};
  if (again != NULL) {
    sk_module_print(again, &(sk_print_options){.locations = !options->portable}, &printed);
    sk_module_destroy(again);
    again = NULL;
    status = sk_read_text("printed", printed.data, printed.len, NULL, &again);
    if (status != NULL) {
      complain_status(s, name, status);
    }
  }
  sk_text_fini(&printed);
  sk_text_fini(&difference);
  sk_text_fini(&bytes);
  return again;
}

static void check_bytecode(suite *s, const char *name, const sk_module *module) {
  static const sk_print_options plain = {0};
  static const sk_write_options native = {0}, portable = {.portable = true, 1, 20};
  sk_text before = {0};
  sk_text after = {0};
  sk_module *again = write_and_read(s, name, module, &native);
  if (again != NULL) {
    sk_module_print(module, &plain, &before);
    sk_module_print(again, &plain, &after);
    if (before.len != after.len || memcmp(before.data, after.data, before.len) != 0) {
      complain(s, name, "the text differs after bytecode");
    }
  }
  sk_module_destroy(again);
  sk_module_destroy(write_and_read(s, name, module, &portable));
  sk_text_fini(&before);
  sk_text_fini(&after);
}

static void run_segment(suite *s, const char *name, const char *text, size_t len) {
  static const sk_print_options ways[] = {{0}, {.generic = true}, {.locations = true}};
  sk_module *module;
  bool negative = memmem(text, len, "expected-error", 14) != NULL;
  s->segment_count++;
  sk_status status = sk_read_text(name, text, len, NULL, &module);
  if (status != NULL) {
    if (s->negative_too && (negative || sk_status_code(status) == SK_UNIMPLEMENTED)) {
      s->skipped_count++;
      sk_status_free(status);
    } else {
      complain_status(s, name, status);
    }
    return;
  }
  for (size_t i = 0; i < sizeof ways / sizeof ways[0] && !negative; i++) {
    check_round_trip(s, name, module, &ways[i]);
  }
  if (!negative) {
    check_bytecode(s, name, module);
  }
  sk_module_destroy(module);
}

static void run_file(suite *s, const char *path) {
  static const char mark[] = "// -----";
  sk_file file;
  assert_null(sk_file_open(path, 0, &file));
  const char *at = (const char *)file.data;
  const char *end = at + file.len;
  s->file_count++;
  for (bool more = true; more;) {
    const char *next = memmem(at, (size_t)(end - at), mark, sizeof mark - 1);
    more = next != NULL;
    run_segment(s, path, at, (size_t)((more ? next : end) - at));
    at = more ? next + sizeof mark - 1 : end;
  }
  sk_file_close(&file);
}

static bool ends_with(const char *name, const char *suffix) {
  size_t len = strlen(name);
  size_t suffix_len = strlen(suffix);
  return len > suffix_len && strcmp(name + len - suffix_len, suffix) == 0;
}

static void run_directory(suite *s, const char *path, bool deep) {
  struct dirent **entries;
  int count = scandir(path, &entries, NULL, alphasort);
  assert_true(count >= 0);
  for (int i = 0; i < count; i++) {
    char inner[1000];
    snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
    if (ends_with(inner, ".mlir")) {
      run_file(s, inner);
    } else if (deep && entries[i]->d_name[0] != '.' && sk_file_is_dir(inner)) {
      run_directory(s, inner, true);
    }
    free(entries[i]);
  }
  free(entries);
}

static void finish(const suite *s, unsigned least_files) {
  print_message("%u files, %u segments, %u set aside, %u failures\n", s->file_count,
                s->segment_count, s->skipped_count, s->failure_count);
  assert_true(s->file_count >= least_files);
  assert_int_equal(s->failure_count, 0);
}

static void suite_path(char *out, size_t size, const char *name) {
  if (!test_suite_path(out, size, name)) {
    skip();
  }
}

static void test_examples(void **state) {
  (void)state;
  char path[1000];
  suite s = {0};
  test_source_path(path, sizeof path, "examples/programs");
  run_directory(&s, path, false);
  finish(&s, 9);
}

static void test_testdata(void **state) {
  (void)state;
  char path[1000];
  suite s = {0};
  suite_path(path, sizeof path, "testdata");
  run_directory(&s, path, true);
  finish(&s, 2839);
}

static void test_interpret(void **state) {
  (void)state;
  char path[1000];
  suite s = {0};
  suite_path(path, sizeof path, "tests/interpret");
  run_directory(&s, path, true);
  finish(&s, 100);
}

static void test_math(void **state) {
  (void)state;
  char path[1000];
  suite s = {0};
  suite_path(path, sizeof path, "tests/math");
  run_directory(&s, path, true);
  finish(&s, 47);
}

// Verifier and transformation tests: what is neither wrong on purpose nor another dialect's is accepted.
static void test_others(void **state) {
  (void)state;
  char path[1000];
  suite s = {.negative_too = true};
  suite_path(path, sizeof path, "tests");
  run_directory(&s, path, false);
  suite_path(path, sizeof path, "tests/transforms");
  run_directory(&s, path, false);
  suite_path(path, sizeof path, "tests/chlo");
  run_directory(&s, path, false);
  suite_path(path, sizeof path, "tests/vhlo");
  run_directory(&s, path, false);
  finish(&s, 100);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_examples),  cmocka_unit_test(test_testdata),
      cmocka_unit_test(test_interpret), cmocka_unit_test(test_math),
      cmocka_unit_test(test_others),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
