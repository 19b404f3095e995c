// SPDX-License-Identifier: Apache-2.0
// Shape refinement of the programs in StableHLO's testdata/dynamic: with 3 for every unknown
// dimension of an argument, and for every 64-bit number (those are dimensions), all shapes come out,
// and what comes out is valid.
//
// The suite is found through SKARN_CONFORMANCE (default ../shared/conformance); without it the test
// is skipped. It is stablehlo/testdata/dynamic of openxla/stablehlo.
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
#include "base/flags.h"
#include "compile/compile.h"
#include "support/test_path.h"

enum { MOST_ARGS = 16, SIZE = 3 };

typedef struct given_types {
  sk_arg_type types[MOST_ARGS];
  int64_t dims[MOST_ARGS][SK_MAX_RANK];
} given_types;

static const int64_t size = SIZE;

static void give_types(const sk_compilation *c, given_types *out) {
  const sk_type_rec *func = sk_func_type(c->module, c->entry);
  assert_true(func->input_count <= MOST_ARGS);
  for (uint32_t i = 0; i < func->input_count; i++) {
    const sk_type_rec *type = sk_type_get(c->module, func->inputs[i]);
    bool dimension = type->rank == 0 && type->elem == SK_S64;
    for (uint32_t d = 0; d < type->rank; d++) {
      out->dims[i][d] = type->dims[d] == SK_DIM_UNKNOWN ? SIZE : type->dims[d];
    }
    out->types[i] = (sk_arg_type){sk_compile_dtype((sk_elem)type->elem), type->rank, out->dims[i],
                                  dimension ? &size : NULL};
  }
}

static bool is_static(const sk_compilation *c) {
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, c->module, sk_func_body(c->module, c->entry));
  while (sk_walk_next(&walker, &op)) {
    for (uint32_t i = 0; i < sk_op_get(c->module, op)->result_count; i++) {
      if (!sk_type_is_static_tensor(c->module,
                                    sk_value_type(c->module, sk_op_result(c->module, op, i)))) {
        return false;
      }
    }
  }
  return true;
}

static sk_status refine(sk_compile_input *input, given_types *given, bool *out_static) {
  sk_compilation *c;
  SK_TRY(sk_compilation_create(input, &c));
  sk_status status = sk_compilation_run(c, SK_STAGE_VERIFY);
  if (status == NULL) {
    give_types(c, given);
    input->arg_types = given->types;
    input->arg_type_count = sk_func_type(c->module, c->entry)->input_count;
  }
  sk_compilation_destroy(c);
  SK_TRY(status);
  SK_TRY(sk_compilation_create(input, &c));
  status = sk_compilation_run(c, SK_STAGE_REFINE);
  if (status == NULL) {
    *out_static = is_static(c);
    status = sk_module_verify(c->module, NULL);
  }
  sk_compilation_destroy(c);
  return status;
}

static bool refine_file(const char *path) {
  sk_file file;
  given_types given;
  sk_flags flags;
  bool all_static = false;
  assert_null(sk_file_open(path, 0, &file));
  sk_flags_init(&flags);
  sk_compile_input input = {.name = path, .data = file.data, .len = file.len, .flags = &flags};
  sk_status status = refine(&input, &given, &all_static);
  if (status != NULL) {
    char text[500];
    sk_status_format(status, text, sizeof text);
    print_message("%s\n", text);
  }
  bool ok = status == NULL && all_static;
  sk_status_free(status);
  sk_file_close(&file);
  return ok;
}

static void test_dynamic_programs(void **state) {
  (void)state;
  char directory[1000], path[1300];
  unsigned files = 0, refined = 0;
  if (!test_suite_path(directory, sizeof directory, "testdata/dynamic")) {
    skip();
  }
  DIR *dir = opendir(directory);
  assert_non_null(dir);
  for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    size_t len = strlen(entry->d_name);
    if (len > 5 && strcmp(entry->d_name + len - 5, ".mlir") == 0) {
      snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
      files++;
      refined += refine_file(path);
    }
  }
  closedir(dir);
  print_message("%u of %u files refined\n", refined, files);
  assert_true(files >= 388);
  assert_int_equal(refined, files);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_dynamic_programs)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
