// SPDX-License-Identifier: Apache-2.0
// The program generator and the reducer themselves: a seed gives one program, every operation has a
// row and comes up, what is made verifies, and reducing keeps what it is told to keep.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hlo.h"
#include "pass/rebuild.h"
#include "read/read.h"
#include "tools/reduce.h"

static void print_program(uint64_t seed, const hlo_options *options, sk_text *out) {
  hlo_program program;
  assert_null(hlo_program_make(seed, options, &program));
  assert_string_equal(program.fault, "");
  sk_module_print(program.module, &(sk_print_options){0}, out);
  hlo_program_free(&program);
}

static void seeds_name_programs(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 40; seed++) {
    hlo_options options = hlo_options_of(seed);
    sk_text a, b;
    sk_text_init(&a);
    sk_text_init(&b);
    print_program(seed, &options, &a);
    print_program(seed, &options, &b);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
    sk_text_fini(&a);
    sk_text_fini(&b);
  }
}

static void every_operation_has_a_row(void **state) {
  (void)state;
  sk_text missing;
  sk_text_init(&missing);
  if (hlo_missing_rows(&missing) > 0) {
    fail_msg("no row in hlo_rows.def: %.*s", (int)missing.len, missing.data);
  }
  sk_text_fini(&missing);
}

static bool contains(const sk_module *m, sk_opkind kind) {
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, m, sk_op_region(m, m->root, 0));
  while (sk_walk_next(&walker, &op)) {
    if (sk_op_kind(m, op) == kind) {
      return true;
    }
  }
  return kind == SK_OP_BUILTIN_MODULE;
}

// A row that never makes its operation would be coverage on paper.
static void every_row_makes_its_operation(void **state) {
  (void)state;
  for (int kind = SK_OP_NONE + 1; kind < SK_OPKIND_COUNT; kind++) {
    hlo_options options = {.max_ops = 12, .max_elems = 300, .focus = (sk_opkind)kind};
    bool found = !hlo_is_made((sk_opkind)kind);
    for (uint64_t seed = 1; seed <= 60 && !found; seed++) {
      hlo_program program;
      assert_null(hlo_program_make(seed, &options, &program));
      assert_string_equal(program.fault, "");
      sk_status status = sk_module_verify(program.module, NULL);
      if (status != NULL) {
        fail_msg("seed %llu of %s: %s", (unsigned long long)seed, sk_opkind_name((sk_opkind)kind),
                 sk_status_message(status));
      }
      found = contains(program.module, (sk_opkind)kind);
      hlo_program_free(&program);
    }
    if (!found) {
      fail_msg("%s is never made", sk_opkind_name((sk_opkind)kind));
    }
  }
}

// ---- reducing

static void drop_unused(sk_module *m) {
  SK_FOR_EACH_OP(m, sk_op_region(m, m->root, 0), func) {
    if (sk_op_kind(m, func) == SK_OP_FUNC_FUNC) {
      sk_rebuild_drop_unused(m, sk_func_body(m, func));
    }
  }
}

// Finds something in programs in which a cosine of more than one element comes to something.
static void find_cosine(void *user, const reduce_case *c, oracle_verdict *out) {
  sk_module *m;
  uint32_t *calls = user;
  ++*calls;
  assert_null(sk_read_module("case", c->text, c->len, NULL, &m));
  assert_null(sk_module_verify(m, NULL));
  drop_unused(m);
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, m, sk_op_region(m, m->root, 0));
  while (sk_walk_next(&walker, &op)) {
    int64_t count = 0;
    if (sk_op_kind(m, op) == SK_OP_COSINE &&
        sk_type_elem_count(m, sk_value_type(m, sk_op_result(m, op, 0)), &count) && count > 1) {
      out->what = ORACLE_VALUE;
    }
  }
  sk_module_destroy(m);
}

static void fill(void *user, uint32_t index, const sk_type_rec *type, void *out, size_t bytes) {
  (void)type;
  (void)bytes;
  hlo_program_fill(user, index, out);
}

// A function whose call has to stay, since the operation is dead without it, keeps its body.
static uint32_t count_in_entry(const reduce_case *c) {
  sk_module *m;
  assert_null(sk_read_module("case", c->text, c->len, NULL, &m));
  uint32_t count = 0;
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, m, sk_func_body(m, sk_module_find_func(m, SK_STR("main"))));
  while (sk_walk_next(&walker, &op)) {
    count++;
  }
  sk_module_destroy(m);
  return count;
}

static void reduce_seed(uint64_t seed, uint32_t *out_found) {
  hlo_options options = {.max_ops = 25, .max_elems = 300, .focus = SK_OP_COSINE};
  hlo_program program;
  sk_text text;
  reduce_case c;
  uint32_t calls = 0;
  reduce_options how = {.judge = find_cosine, .user = &calls};
  oracle_verdict verdict;
  sk_text_init(&text);
  assert_null(hlo_program_make(seed, &options, &program));
  sk_module_print(program.module, &(sk_print_options){0}, &text);
  assert_null(reduce_case_read("case", text.data, text.len, fill, &program, &c));
  assert_null(reduce_run(&c, &how, &verdict));
  if (oracle_is_finding(verdict.what)) {
    ++*out_found;
    // The operation and what makes its result one of the program.
    if (count_in_entry(&c) > 12) {
      fail_msg("seed %llu is left with %u operations:\n%s", (unsigned long long)seed,
               count_in_entry(&c), c.text);
    }
    text.len = 0;
    reduce_case again;
    assert_null(reduce_case_print(&c, &text));
    assert_null(reduce_case_read("case", text.data, text.len, NULL, NULL, &again));
    assert_string_equal(again.text, c.text);
    for (uint32_t i = 0; i < c.arg_count; i++) {
      assert_memory_equal(again.args[i].data, c.args[i].data, c.args[i].bytes);
    }
    reduce_case_free(&again);
  }
  reduce_case_free(&c);
  hlo_program_free(&program);
  sk_text_fini(&text);
}

static void reducing_keeps_the_verdict(void **state) {
  (void)state;
  uint32_t found = 0;
  for (uint64_t seed = 1; seed <= 25; seed++) {
    reduce_seed(seed, &found);
  }
  assert_true(found >= 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(seeds_name_programs),
                                     cmocka_unit_test(every_operation_has_a_row),
                                     cmocka_unit_test(every_row_makes_its_operation),
                                     cmocka_unit_test(reducing_keeps_the_verdict)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
