// SPDX-License-Identifier: Apache-2.0
// The verifier on modules that are wrong in structure, one fault each, and the sink that collects
// several.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "support/ir_make.h"

static sk_module *new_module(void) {
  sk_module *m;
  assert_null(sk_module_create("test.mlir", &m));
  return m;
}

static void expect_error(sk_module *m, const char *part) {
  char buf[800];
  sk_status status = sk_module_verify(m, NULL);
  if (status == NULL) {
    fail_msg("accepted, expected '%s'", part);
  }
  ir_make_error(status, buf, sizeof buf);
  if (strstr(buf, part) == NULL) {
    fail_msg("expected '%s' in '%s'", part, buf);
  }
  sk_module_destroy(m);
}

static void expect_valid(sk_module *m) {
  char buf[800];
  sk_status status = sk_module_verify(m, NULL);
  if (status != NULL) {
    fail_msg("%s", ir_make_error(status, buf, sizeof buf));
  }
}

static sk_op negate(sk_module *m, sk_region into, sk_value v) {
  return ir_make_op(m, into, SK_OP_NEGATE, &v, 1, "", NULL);
}

// func main(x) { y = -x; return y }
static ir_func begin_negate(sk_module *m, sk_op *out_negate) {
  ir_func f = ir_make_func(m, "main", "4xf32");
  *out_negate = negate(m, f.body, ir_make_arg(&f, 0));
  return f;
}

static void test_valid(void **state) {
  (void)state;
  sk_module *m = new_module();
  expect_valid(m);
  sk_op op;
  ir_func f = begin_negate(m, &op);
  sk_value y = sk_op_result(m, op, 0);
  ir_make_return(&f, &y, 1);
  expect_valid(m);
  sk_module_destroy(m);
}

static void test_use_before_definition(void **state) {
  (void)state;
  sk_module *m = new_module();
  sk_op first;
  ir_func f = begin_negate(m, &first);
  sk_op second = negate(m, f.body, sk_op_result(m, first, 0));
  sk_value y = sk_op_result(m, second, 0);
  ir_make_return(&f, &y, 1);
  sk_op_set_operand(m, first, 0, y);
  expect_error(m, "used before");
}

static void test_value_of_another_function(void **state) {
  (void)state;
  sk_module *m = new_module();
  sk_op first;
  ir_func f = begin_negate(m, &first);
  sk_value y = sk_op_result(m, first, 0);
  ir_make_return(&f, &y, 1);
  ir_func g = ir_make_func(m, "other", "");
  ir_make_return(&g, &y, 1);
  expect_error(m, "outside the region");
}

// A value defined inside a body is not there any more behind it, and outer values are there inside.
static void test_regions(void **state) {
  (void)state;
  for (int leak = 0; leak < 2; leak++) {
    sk_module *m = new_module();
    ir_func f = ir_make_func(m, "main", "i1 f32");
    sk_region branches[2];
    sk_value inner[2], pred = ir_make_arg(&f, 0), x = ir_make_arg(&f, 1);
    for (int i = 0; i < 2; i++) {
      branches[i] = sk_region_new(m, NULL, 0);
      inner[i] = sk_op_result(m, negate(m, branches[i], x), 0);
      sk_op_desc ret = {.kind = SK_OP_RETURN, .operands = &inner[i], .operand_count = 1};
      sk_op_new(m, branches[i], &ret);
    }
    sk_op_desc desc = {.kind = SK_OP_IF,
                       .operands = &pred,
                       .operand_count = 1,
                       .regions = branches,
                       .region_count = 2};
    sk_op op;
    assert_null(sk_ir_build_op(m, f.body, desc, &op));
    sk_value out = leak ? inner[0] : sk_op_result(m, op, 0);
    ir_make_return(&f, &out, 1);
    if (leak) {
      expect_error(m, "outside the region");
    } else {
      expect_valid(m);
      sk_module_destroy(m);
    }
  }
}

static void test_missing_return(void **state) {
  (void)state;
  sk_module *m = new_module();
  sk_op first;
  ir_func f = begin_negate(m, &first);
  sk_value y = sk_op_result(m, first, 0);
  ir_make_return(&f, &y, 1);
  sk_op_unlink(m, sk_region_get(m, f.body)->last);
  expect_error(m, "does not end in a return");
}

static void test_return_in_the_middle(void **state) {
  (void)state;
  sk_module *m = new_module();
  sk_op first;
  ir_func f = begin_negate(m, &first);
  sk_value y = sk_op_result(m, first, 0);
  sk_op_desc ret = {.kind = SK_OP_FUNC_RETURN, .operands = &y, .operand_count = 1};
  sk_op_new(m, f.body, &ret);
  ir_make_return(&f, &y, 1);
  expect_error(m, "last operation");
}

static void test_result_types(void **state) {
  (void)state;
  sk_module *m = new_module();
  ir_func f = ir_make_func(m, "main", "4xf32");
  sk_value x = ir_make_arg(&f, 0);
  sk_type wrong = ir_make_type(m, "5xf32");
  sk_op_desc desc = {.kind = SK_OP_NEGATE,
                     .operands = &x,
                     .operand_count = 1,
                     .result_types = &wrong,
                     .result_count = 1};
  sk_value y = sk_op_result(m, sk_op_new(m, f.body, &desc), 0);
  ir_make_return(&f, &y, 1);
  expect_error(m, "must be compatible with tensor<4xf32>");
}

static void test_function_types(void **state) {
  (void)state;
  sk_module *m = new_module();
  sk_op first;
  ir_func f = begin_negate(m, &first);
  sk_value y = sk_op_result(m, first, 0);
  sk_op func = ir_make_return(&f, &y, 1);
  sk_type other = ir_make_type(m, "3xf32");
  sk_attr type = sk_attr_type(m, sk_type_function(m, 1, &other, 1, &other));
  assert_true(sk_op_set_attr(m, func, (sk_sym){SK_NAME_function_type}, type));
  expect_error(m, "argument 0 differs");
}

static void test_duplicate_names(void **state) {
  (void)state;
  sk_module *m = new_module();
  for (int i = 0; i < 2; i++) {
    sk_op op;
    ir_func f = begin_negate(m, &op);
    sk_value y = sk_op_result(m, op, 0);
    ir_make_return(&f, &y, 1);
  }
  expect_error(m, "defined before");
}

static void test_duplicate_attributes(void **state) {
  (void)state;
  sk_module *m = new_module();
  ir_func f = ir_make_func(m, "main", "4xf32");
  sk_value x = ir_make_arg(&f, 0);
  ir_make_op(m, f.body, SK_OP_NEGATE, &x, 1, "a=1 b=2 a=3", NULL);
  ir_make_return(&f, &x, 1);
  expect_error(m, "'a' is there twice");
}

static void test_calls(void **state) {
  (void)state;
  for (int right = 0; right < 2; right++) {
    sk_module *m = new_module();
    ir_func f = ir_make_func(m, "main", "4xf32");
    sk_value x = ir_make_arg(&f, 0);
    sk_op call = ir_make_op(m, f.body, SK_OP_FUNC_CALL, &x, 1, "callee=@later", "4xf32");
    sk_value y = sk_op_result(m, call, 0);
    ir_make_return(&f, &y, 1);
    if (right) {
      ir_func g = ir_make_func(m, "later", "4xf32");
      sk_value z = ir_make_arg(&g, 0);
      ir_make_return(&g, &z, 1);
      expect_valid(m);
      sk_module_destroy(m);
    } else {
      expect_error(m, "no function @later");
    }
  }
}

static void test_constant_bytes(void **state) {
  (void)state;
  sk_module *m = new_module();
  ir_func f = ir_make_func(m, "main", "");
  sk_type type = ir_make_type(m, "4xf32");
  static const float data[4] = {1, 2, 3, 4};
  sk_named_attr value = {{SK_NAME_value}, sk_attr_dense(m, type, (sk_dense){data, 12, false})};
  sk_op_desc desc = {.kind = SK_OP_CONSTANT,
                     .attrs = &value,
                     .attr_count = 1,
                     .result_types = &type,
                     .result_count = 1};
  sk_value c = sk_op_result(m, sk_op_new(m, f.body, &desc), 0);
  ir_make_return(&f, &c, 1);
  expect_error(m, "'value' is of the wrong kind");
}

static void count_reports(void *user, sk_status status) {
  ++*(int *)user;
  assert_non_null(strstr(sk_status_message(status), "must be compatible"));
  sk_status_free(status);
}

static void test_sink_gets_all(void **state) {
  (void)state;
  sk_module *m = new_module();
  ir_func f = ir_make_func(m, "main", "4xf32");
  sk_value x = ir_make_arg(&f, 0);
  sk_type wrong = ir_make_type(m, "5xf32");
  sk_op_desc desc = {.kind = SK_OP_NEGATE,
                     .operands = &x,
                     .operand_count = 1,
                     .result_types = &wrong,
                     .result_count = 1};
  for (int i = 0; i < 3; i++) {
    sk_op_new(m, f.body, &desc);
  }
  ir_make_return(&f, &x, 1);
  int reports = 0;
  sk_diag_sink sink = {count_reports, &reports};
  sk_status first = sk_module_verify(m, &sink);
  assert_int_equal(reports, 3);
  assert_int_equal(sk_status_code(first), SK_INVALID_ARGUMENT);
  assert_non_null(strstr(sk_status_message(first), "stablehlo.negate"));
  sk_status_free(first);
  sk_module_destroy(m);
}

// Cases inside cases, built from the inside: regions nested to the limit pass, deeper ones are
// refused.
static sk_status verify_nested(int depth) {
  sk_module *m = new_module();
  ir_func f = ir_make_func(m, "main", "i32 f32");
  sk_value index = ir_make_arg(&f, 0), result = ir_make_arg(&f, 1);
  sk_op pending = {0};
  for (int d = 0; d < depth; d++) {
    sk_region branch = sk_region_new(m, NULL, 0);
    if (pending.id != 0) {  // link the op made before into this region
      sk_op_rec *rec = &m->ops.data[pending.id];
      rec->parent = branch;
      m->regions.data[branch.id].first = m->regions.data[branch.id].last = pending;
    }
    sk_op_desc ret = {.kind = SK_OP_RETURN, .operands = &result, .operand_count = 1};
    assert_int_not_equal(sk_op_new(m, branch, &ret).id, 0);
    sk_op_desc desc = {.kind = SK_OP_CASE,
                       .operands = &index,
                       .operand_count = 1,
                       .regions = &branch,
                       .region_count = 1};
    assert_null(sk_ir_build_op(m, d + 1 == depth ? f.body : (sk_region){0}, desc, &pending));
    result = sk_op_result(m, pending, 0);
  }
  ir_make_return(&f, &result, 1);
  sk_text text;
  sk_text_init(&text);
  sk_module_print(m, NULL, &text);
  sk_text_fini(&text);
  (void)sk_module_hash(m);
  (void)sk_module_op_count(m);
  sk_status status = sk_module_verify(m, NULL);
  sk_module_destroy(m);
  return status;
}

static void test_nesting(void **state) {
  (void)state;
  assert_null(verify_nested(1));
  assert_null(verify_nested(100));
  assert_null(verify_nested(SK_MAX_NESTING - 2));
  sk_status status = verify_nested(SK_MAX_NESTING + 2);
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  sk_status_free(status);
  status = verify_nested(20000);
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  sk_status_free(status);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_valid),
      cmocka_unit_test(test_use_before_definition),
      cmocka_unit_test(test_value_of_another_function),
      cmocka_unit_test(test_regions),
      cmocka_unit_test(test_missing_return),
      cmocka_unit_test(test_return_in_the_middle),
      cmocka_unit_test(test_result_types),
      cmocka_unit_test(test_function_types),
      cmocka_unit_test(test_duplicate_names),
      cmocka_unit_test(test_duplicate_attributes),
      cmocka_unit_test(test_calls),
      cmocka_unit_test(test_constant_bytes),
      cmocka_unit_test(test_sink_gets_all),
      cmocka_unit_test(test_nesting),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
