// SPDX-License-Identifier: Apache-2.0
// The verifier's decisions on StableHLO's own verifier tests: segments that expect an error are
// refused, the others accepted. Segments with operations of dialects beyond this project are left
// out. Every module of testdata is accepted.
//
// The suites are found through SKARN_CONFORMANCE (default ../shared/conformance); without them the
// tests are skipped. They are stablehlo/tests and stablehlo/testdata of openxla/stablehlo.
//
// Known difference, counted below: print_stablehlo.mlir is refused, for a function of no results that
// ends in stablehlo.return of one, and for a state of two floats for PHILOX, against (C2) of
// rng_bit_generator. StableHLO's verifier looks at neither.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/read.h"
#include "support/suite.h"
#include "support/test_path.h"

typedef struct tally {
  unsigned files, right_refusals, right_acceptances, wrong_refusals, wrong_acceptances, foreign;
} tally;

static bool contains(const char *text, size_t len, const char *part) {
  return memmem(text, len, part, strlen(part)) != NULL;
}

static void judge(void *context, const char *name, const char *text, size_t len) {
  tally *t = context;
  bool negative = contains(text, len, "expected-error");
  sk_module *m = NULL;
  sk_status status = sk_read_text(name, text, len, NULL, &m);
  if (status == NULL) {
    status = sk_module_verify(m, NULL);
  } else if (sk_status_code(status) == SK_UNIMPLEMENTED) {
    t->foreign++;
    sk_status_free(status);
    return;
  }
  if (negative) {
    t->right_refusals += status != NULL;
    t->wrong_acceptances += status == NULL;
  } else {
    t->right_acceptances += status == NULL;
    t->wrong_refusals += status != NULL;
    if (status != NULL) {
      char line[400];
      sk_status_format(status, line, sizeof line);
      print_message("refused: %s\n", line);
    }
  }
  sk_status_free(status);
  sk_module_destroy(m);
}

static tally judge_directory(const char *suite) {
  char directory[1000], path[1300];
  tally t = {0};
  if (!test_suite_path(directory, sizeof directory, suite)) {
    skip();
  }
  DIR *dir = opendir(directory);
  assert_non_null(dir);
  for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    size_t len = strlen(entry->d_name);
    if (len > 5 && strcmp(entry->d_name + len - 5, ".mlir") == 0) {
      snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
      t.files++;
      suite_visit_file(path, entry->d_name, judge, &t);
    }
  }
  closedir(dir);
  print_message(
      "%u files: %u refused and %u accepted as expected, %u and %u otherwise, %u foreign\n",
      t.files, t.right_refusals, t.right_acceptances, t.wrong_refusals, t.wrong_acceptances,
      t.foreign);
  return t;
}

static void test_verifier_decisions(void **state) {
  (void)state;
  tally t = judge_directory("tests");
  assert_true(t.right_refusals >= 849);
  assert_true(t.right_acceptances >= 523);
  assert_int_equal(t.wrong_acceptances, 0);
  assert_true(t.wrong_refusals <= 1);
}

static void test_testdata_is_valid(void **state) {
  (void)state;
  static const struct {
    const char *directory;
    unsigned least;
  } parts[] = {{"testdata", 2325}, {"testdata/dynamic", 388}, {"testdata/quantized", 126}};
  for (size_t i = 0; i < SK_COUNT(parts); i++) {
    tally t = judge_directory(parts[i].directory);
    assert_true(t.right_acceptances >= parts[i].least);
    assert_int_equal(t.wrong_refusals + t.wrong_acceptances + t.foreign, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_verifier_decisions),
      cmocka_unit_test(test_testdata_is_valid),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
