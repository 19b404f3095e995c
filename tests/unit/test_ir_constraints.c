// SPDX-License-Identifier: Apache-2.0
// src/ir/constraints.def says which numbered constraints of the specification a refusal names. Here the
// segments that expect an error, of StableHLO's own tests and of tests/lit/verify, are read and verified,
// and what the refusals name is held against the table: nothing that it claims may be missing, and nothing
// that it says is not named may occur.
//
// StableHLO's tests are found through SKARN_CONFORMANCE; without them the test is skipped.
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

enum { MOST = 64 };
static bool named[SK_OPKIND_COUNT][MOST];

// Of a message "...: error: stablehlo.add: ... (C3) [...]".
static void note_refusal(sk_status status) {
  static const char start[] = "error: ";
  char message[2000], name[100];
  sk_status_format(status, message, sizeof message);
  const char *at = strstr(message, start);
  if (at == NULL) {
    return;
  }
  at += sizeof start - 1;
  snprintf(name, sizeof name, "%.*s", (int)strcspn(at, ":"), at);
  sk_opkind kind = sk_opkind_find(sk_str_from(name));
  const char *label = strstr(at, "(C");
  while (kind != SK_OP_NONE && label != NULL) {
    long number = strtol(label + 2, NULL, 10);
    if (number > 0 && number < MOST) {
      named[kind][number] = true;
    }
    label = strstr(label + 1, "(C");
  }
}

static void visit(void *context, const char *name, const char *text, size_t len) {
  (void)context;
  if (memmem(text, len, "expected-error", 14) == NULL) {
    return;
  }
  sk_module *m = NULL;
  sk_status status = sk_read_text(name, text, len, NULL, &m);
  status = status ? status : sk_module_verify(m, NULL);
  if (status != NULL) {
    note_refusal(status);
    sk_status_free(status);
  }
  sk_module_destroy(m);
}

static void visit_directory(const char *directory) {
  DIR *dir = opendir(directory);
  assert_non_null(dir);
  for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    char path[1400];
    size_t len = strlen(entry->d_name);
    if (len > 5 && strcmp(entry->d_name + len - 5, ".mlir") == 0) {
      snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
      suite_visit_file(path, entry->d_name, visit, NULL);
    }
  }
  closedir(dir);
}

static bool lists(const char *unnamed, long number) {
  for (const char *at = unnamed; (at = strchr(at, 'C')) != NULL; at++) {
    if (strtol(at + 1, NULL, 10) == number) {
      return true;
    }
  }
  return false;
}

static void test_table(void **state) {
  (void)state;
  static const struct {
    sk_opkind kind;
    long count;
    const char *unnamed;
  } rows[] = {
#define X(e, count, unnamed) {SK_OP_##e, count, unnamed},
#include "ir/constraints.def"
#undef X
  };
  char theirs[1000], ours[1000];
  if (!test_suite_path(theirs, sizeof theirs, "tests")) {
    skip();
  }
  test_source_path(ours, sizeof ours, "tests/lit/verify");
  visit_directory(theirs);
  visit_directory(ours);
  unsigned wrong = 0, shown = 0, count = 0;
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    assert_true(rows[i].count > 0 && rows[i].count < MOST);
    for (long number = 1; number <= rows[i].count; number++) {
      bool is = named[rows[i].kind][number];
      shown += is;
      count++;
      if (is == lists(rows[i].unnamed, number)) {
        print_message("%s: (C%ld) is %s\n", sk_opkind_name(rows[i].kind), number,
                      is ? "named by a refusal, and said not to be" : "named by none");
        wrong++;
      }
    }
  }
  print_message("%u of %u constraints are named by a refusal\n", shown, count);
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_table)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
