// SPDX-License-Identifier: Apache-2.0
// Real bytecode against text of the same program, operation by operation and location by location:
//
//   examples/programs/*.bc         text that JAX's own MLIR makes of them (build/venv)
//   tests/fuzz/corpus/bytecode     the same; half of them is StableHLO's own bytecode
//   jax's export tests             the same, and the text from before they were serialised
//   stablehlo/tests/vhlo/*.bc      every version of VHLO; the text they were made from
//
// Where JAX is missing, or the suite (found through SKARN_CONFORMANCE, default
// ../shared/conformance), the tests that need it are skipped.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/file.h"
#include "read/read.h"
#include "support/test_path.h"

typedef struct {
  unsigned file_count, equal_count, unreadable_count, op_count;
} suite;

static bool ends_with(const char *name, const char *suffix) {
  size_t len = strlen(name);
  size_t suffix_len = strlen(suffix);
  return len > suffix_len && strcmp(name + len - suffix_len, suffix) == 0;
}

// A module of a file; the file stays open, for the module borrows from it.
static sk_status read_path(const char *path, sk_file *file, sk_module **out) {
  sk_status status = sk_file_open(path, 0, file);
  *out = NULL;
  return status != NULL ? status : sk_read_module(path, file->data, file->len, NULL, out);
}

static void complain(const char *path, const char *what) { print_error("%s: %s\n", path, what); }

static void complain_status(const char *path, sk_status status) {
  char text[600];
  sk_status_format(status, text, sizeof text);
  complain(path, text);
  sk_status_free(status);
}

// -- comparison -----------------------------------------------------------------------------------

typedef struct {
  const sk_module *a, *b;
  uint32_t budget;
} loc_match;

static bool locs_equal(loc_match *x, sk_loc la, sk_loc lb) {
  const sk_loc_rec *a = sk_loc_get(x->a, la);
  const sk_loc_rec *b = sk_loc_get(x->b, lb);
  if (x->budget == 0) {
    return true;  // shared parts compared often enough
  }
  x->budget--;
  if (a->kind != b->kind || a->line != b->line || a->col != b->col || a->end_line != b->end_line ||
      a->end_col != b->end_col || a->part_count != b->part_count ||
      (a->metadata.id == 0) != (b->metadata.id == 0) ||
      !sk_str_eq(sk_sym_str(&x->a->strings, a->name), sk_sym_str(&x->b->strings, b->name)) ||
      (a->metadata.id != 0 && !sk_attr_equal(x->a, a->metadata, x->b, b->metadata))) {
    return false;
  }
  for (uint32_t i = 0; i < a->part_count; i++) {
    if (!locs_equal(x, a->parts[i], b->parts[i])) {
      return false;
    }
  }
  return (a->kind != SK_LOC_NAME && a->kind != SK_LOC_CALLSITE) ||
         (locs_equal(x, a->a, b->a) && locs_equal(x, a->b, b->b));
}

// Both have the same operations in the same order.
static bool op_locs_equal(const sk_module *a, const sk_module *b) {
  sk_walker wa;
  sk_walker wb;
  sk_op oa;
  sk_op ob;
  sk_walk_begin(&wa, a, sk_op_region(a, a->root, 0));
  sk_walk_begin(&wb, b, sk_op_region(b, b->root, 0));
  while (sk_walk_next(&wa, &oa) && sk_walk_next(&wb, &ob)) {
    loc_match x = {a, b, 2000};
    if (!locs_equal(&x, sk_op_get(a, oa)->loc, sk_op_get(b, ob)->loc)) {
      return false;
    }
  }
  return true;
}

static bool compare(const char *path, const sk_module *a, const sk_module *b, bool locations) {
  sk_text difference;
  bool equal;
  sk_text_init(&difference);
  equal = sk_module_equal(a, b, &difference);
  if (!equal) {
    complain(path, difference.data);
  } else if (sk_module_hash(a) != sk_module_hash(b)) {
    complain(path, "equal modules have different hashes");
    equal = false;
  } else if (locations && !op_locs_equal(a, b)) {
    complain(path, "locations differ");
    equal = false;
  }
  sk_text_fini(&difference);
  return equal;
}

// What was read from bytecode prints, in all ways, as text of the same module.
static bool prints_back(const char *path, const sk_module *module) {
  static const sk_print_options ways[] = {{0}, {.generic = true}, {.locations = true}};
  bool good = true;
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    sk_text text;
    sk_module *again = NULL;
    sk_text_init(&text);
    sk_module_print(module, &ways[i], &text);
    sk_status status = sk_read_text("printed", text.data, text.len, NULL, &again);
    if (status != NULL) {
      complain_status(path, status);
      good = false;
    } else {
      good = compare(path, module, again, ways[i].locations) && good;
    }
    sk_module_destroy(again);
    sk_text_fini(&text);
  }
  return good;
}

// One artifact against one text; without the text only the artifact is read and printed.
static void run_pair(suite *s, const char *bytecode_path, const char *text_path, bool locations) {
  sk_file bytecode = {0};
  sk_file text = {0};
  sk_module *a = NULL;
  sk_module *b = NULL;
  s->file_count++;
  sk_status status = read_path(bytecode_path, &bytecode, &a);
  if (status != NULL) {
    complain_status(bytecode_path, status);
    s->unreadable_count++;
  } else {
    bool equal = prints_back(bytecode_path, a);
    s->op_count += (unsigned)sk_module_op_count(a);
    if (text_path != NULL) {
      status = read_path(text_path, &text, &b);
      if (status != NULL) {
        complain_status(text_path, status);
      } else {
        equal = compare(bytecode_path, a, b, locations) && equal;
      }
    }
    s->equal_count += status == NULL && equal;
  }
  sk_module_destroy(a);
  sk_module_destroy(b);
  sk_file_close(&bytecode);
  sk_file_close(&text);
}

static void report(const suite *s, const char *what) {
  print_message("%u artifacts, %u operations: %u not readable, %u equal to %s\n", s->file_count,
                s->op_count, s->unreadable_count, s->equal_count, what);
}

// -- directories ----------------------------------------------------------------------------------

static bool exists(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file != NULL) {
    fclose(file);
  }
  return file != NULL;
}

// Every DIR/*.bc against the file of the same name with `suffix`; without one, alone.
static suite run_directory(const char *dir, const char *suffix, bool locations) {
  suite s = {0};
  struct dirent **entries;
  int count = scandir(dir, &entries, NULL, alphasort);
  assert_true(count >= 0);
  for (int i = 0; i < count; i++) {
    char bytecode[1000];
    char text[1100];
    snprintf(bytecode, sizeof bytecode, "%s/%s", dir, entries[i]->d_name);
    snprintf(text, sizeof text, "%s%s", bytecode, suffix);
    if (ends_with(bytecode, ".bc")) {
      run_pair(&s, bytecode, exists(text) ? text : NULL, locations);
    }
    free(entries[i]);
  }
  free(entries);
  return s;
}

// Runs tests/support/deserialize.py into a directory of its own; skips the test without JAX.
static void deserialize(char *out_dir, size_t size, const char *arguments) {
  char python[500];
  char script[500];
  char command[2000];
  const char *temporary = getenv("TMPDIR");
  test_source_path(python, sizeof python, "build/venv/bin/python");
  test_source_path(script, sizeof script, "tests/support/deserialize.py");
  snprintf(out_dir, size, "%s/skarn-bytecode-XXXXXX", temporary ? temporary : "/tmp");
  if (!exists(python)) {
    print_message("%s is not there: scripts/install_deps.sh test makes it\n", python);
    skip();
  }
  assert_non_null(mkdtemp(out_dir));
  snprintf(command, sizeof command, "'%s' '%s' '%s' %s", python, script, out_dir, arguments);
  int status = system(command);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
    skip();
  }
  assert_int_equal(status, 0);
}

static void remove_directory(const char *dir) {
  char command[1100];
  snprintf(command, sizeof command, "rm -rf '%s'", dir);
  assert_int_equal(system(command), 0);
}

// -- tests ----------------------------------------------------------------------------------------

static void run_own_files(const char *folder, unsigned least_files) {
  char dir[500];
  char pattern[600];
  char out[600];
  test_source_path(dir, sizeof dir, folder);
  snprintf(pattern, sizeof pattern, "'%s'/*.bc", dir);
  deserialize(out, sizeof out, pattern);
  suite s = run_directory(out, ".mlir", true);
  remove_directory(out);
  report(&s, "what JAX reads");
  assert_true(s.file_count >= least_files);
  assert_int_equal(s.equal_count, s.file_count);
}

static void test_examples(void **state) {
  (void)state;
  run_own_files("examples/programs", 9);
}

static void test_corpus(void **state) {
  (void)state;
  run_own_files("tests/fuzz/corpus/bytecode", 16);
}

static void test_jax_artifacts(void **state) {
  (void)state;
  char out[600];
  deserialize(out, sizeof out, "--jax");
  suite read_by_jax = run_directory(out, ".mlir", true);
  suite source = run_directory(out, ".source.mlir", false);
  remove_directory(out);
  report(&read_by_jax, "what JAX reads");
  report(&source, "their source");  // VHLO drops the type of a permutation's channel
  assert_true(read_by_jax.file_count >= 100);
  assert_int_equal(read_by_jax.unreadable_count, 0);
  assert_int_equal(read_by_jax.equal_count, read_by_jax.file_count);
  assert_true(source.equal_count >= source.file_count - 1);
}

static void vhlo_path(char *out, size_t size) {
  if (!test_suite_path(out, size, "tests/vhlo")) {
    skip();
  }
}

// Each X.mlir.bc was made from X.mlir.
static void test_vhlo_versions(void **state) {
  (void)state;
  char dir[600];
  suite s = {0};
  struct dirent **entries;
  vhlo_path(dir, sizeof dir);
  int count = scandir(dir, &entries, NULL, alphasort);
  assert_true(count >= 0);
  for (int i = 0; i < count; i++) {
    char bytecode[1000];
    char text[1000];
    snprintf(bytecode, sizeof bytecode, "%s/%s", dir, entries[i]->d_name);
    snprintf(text, sizeof text, "%.*s", (int)strlen(bytecode) - 3, bytecode);
    if (ends_with(bytecode, ".mlir.bc") && strstr(bytecode, "invalid") == NULL) {
      run_pair(&s, bytecode, text, false);
    }
    free(entries[i]);
  }
  free(entries);
  report(&s, "their source");
  assert_true(s.file_count >= 33);
  assert_int_equal(s.equal_count, s.file_count);
}

// One of a version to come has operations that nobody knows yet.
static void test_future_version(void **state) {
  (void)state;
  char path[700];
  sk_file file = {0};
  sk_module *module;
  vhlo_path(path, sizeof path - 40);
  strcat(path, "/invalid_vhlo_future.mlir.bc");
  sk_status status = read_path(path, &file, &module);
  assert_non_null(status);
  assert_int_equal(sk_status_code(status), SK_UNIMPLEMENTED);
  assert_non_null(strstr(sk_status_message(status), "written by StableHLO_v2.0.0"));
  assert_non_null(strstr(sk_status_message(status), "of section 4 (operations)"));
  assert_string_equal(sk_status_pos(status).file, path);
  sk_status_free(status);
  sk_file_close(&file);
}

// The smallest file, in full.
static void test_smallest(void **state) {
  (void)state;
  char path[700];
  sk_file file = {0};
  sk_module *m;
  vhlo_path(path, sizeof path - 40);
  strcat(path, "/vhlo_emit_version_api.1_1_0.mlir.bc");
  assert_null(read_path(path, &file, &m));
  sk_op func = sk_module_first_func(m);
  sk_op add = sk_region_first(m, sk_func_body(m, func));
  sk_value x = sk_region_arg(m, sk_func_body(m, func), 0);
  assert_int_equal(sk_op_get(m, m->root)->attr_count, 0);
  assert_true(sk_str_eq(sk_func_name(m, func), SK_STR("main")));
  assert_int_equal(sk_op_kind(m, add), SK_OP_ADD);
  assert_int_equal(sk_op_operand(m, add, 0).id, x.id);
  assert_int_equal(sk_op_operand(m, add, 1).id, x.id);
  assert_int_equal(sk_op_kind(m, sk_op_next(m, add)), SK_OP_FUNC_RETURN);
  sk_module_destroy(m);
  sk_file_close(&file);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_examples),       cmocka_unit_test(test_corpus),
      cmocka_unit_test(test_jax_artifacts),  cmocka_unit_test(test_vhlo_versions),
      cmocka_unit_test(test_future_version), cmocka_unit_test(test_smallest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
