// SPDX-License-Identifier: Apache-2.0
// Exact text: attributes and constants in all spellings, operations in their custom and generic
// forms, locations.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/ir_make.h"

static sk_module *new_module(void) {
  sk_module *m;
  assert_null(sk_module_create("test.mlir", &m));
  return m;
}

static void expect_attr(const sk_module *m, sk_attr attr, const char *expected) {
  sk_text text;
  sk_text_init(&text);
  assert_int_not_equal(attr.id, 0);
  sk_attr_print(m, attr, &text);
  assert_string_equal(text.data, expected);
  sk_text_fini(&text);
}

static void test_attributes(void **state) {
  (void)state;
  sk_module *m = new_module();
  const int64_t n[] = {0, 1, 2, 3};
  sk_type i64 = sk_type_scalar(m, SK_S64);
  expect_attr(m, sk_attr_unit(m), "unit");
  expect_attr(m, sk_attr_bool(m, false), "false");
  expect_attr(m, sk_attr_int(m, i64, -5), "-5 : i64");
  expect_attr(m, sk_attr_int(m, sk_type_scalar(m, SK_U64), -1), "18446744073709551615 : ui64");
  expect_attr(m, sk_attr_float(m, sk_type_scalar(m, SK_F32), (double)0.1f), "0.1 : f32");
  expect_attr(m, sk_attr_float(m, sk_type_scalar(m, SK_F64), -(double)INFINITY),
              "0xFFF0000000000000 : f64");
  expect_attr(m, sk_attr_float(m, sk_type_scalar(m, SK_BF16), (double)INFINITY), "0x7F80 : bf16");
  expect_attr(m, sk_attr_float(m, sk_type_scalar(m, SK_F16), 0.5), "0.5 : f16");
  expect_attr(m, sk_attr_string(m, SK_STR("a\"b\\\n")), "\"a\\22b\\\\\\0A\"");
  expect_attr(m, sk_attr_symbol(m, SK_STR("main")), "@main");
  expect_attr(m, sk_attr_symbol(m, SK_STR("a b")), "@\"a b\"");
  expect_attr(m, sk_attr_symbol(m, SK_STR("a::b")), "@a::@b");
  expect_attr(m, sk_attr_type(m, ir_make_type(m, "2xi1")), "tensor<2xi1>");
  expect_attr(m, sk_attr_ints(m, n, 3), "array<i64: 0, 1, 2>");
  expect_attr(m, sk_attr_ints(m, NULL, 0), "array<i64>");
  expect_attr(m, sk_attr_ints_2d(m, n, 2, 2), "dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>");
  expect_attr(m, sk_attr_ints_2d(m, NULL, 0, 2), "dense<> : tensor<0x2xi64>");
  expect_attr(m, sk_attr_bools(m, n, 2), "array<i1: false, true>");
  expect_attr(m, sk_attr_enum(m, SK_ENUM_COMPARISON_DIRECTION, SK_CMP_LT),
              "#stablehlo<comparison_direction LT>");
  expect_attr(m, sk_attr_enum(m, SK_ENUM_RESULT_ACCURACY_MODE, 1),
              "#stablehlo.result_accuracy_mode<HIGHEST>");
  expect_attr(m, sk_attr_enum(m, SK_ENUM_CUSTOM_CALL_API_VERSION, 4), "4 : i32");
  expect_attr(m, sk_attr_opaque(m, SK_STR("#sdy.sharding<@m, [{}]>")), "#sdy.sharding<@m, [{}]>");
  sk_attr items[] = {sk_attr_int(m, i64, 1), sk_attr_unit(m)};
  expect_attr(m, sk_attr_array(m, items, 2), "[1 : i64, unit]");
  sk_named_attr dict[2];
  ir_make_attrs(m, "z.y=1 a-b='x'", dict, 2);
  expect_attr(m, sk_attr_dict(m, dict, 2), "{\"a-b\" = \"x\", z.y = 1 : i64}");
  sk_dot_dims dot = {{n, 1}, {n, 1}, {n + 2, 1}, {n + 1, 1}};
  expect_attr(m, sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_DOT_DIMS, .u.dot = &dot}),
              "#stablehlo.dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], "
              "lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1]>");
  sk_conv_dims conv = {0, 3, 2, 3, 0, 3, {n + 1, 2}, {n, 2}, {n + 1, 2}};
  expect_attr(m, sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_CONV_DIMS, .u.conv = &conv}),
              "#stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>");
  sk_result_accuracy accuracy = {1e-5, 0, 2, 2};
  expect_attr(
      m, sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_RESULT_ACCURACY, .u.accuracy = &accuracy}),
      "#stablehlo.result_accuracy<atol = 0.00001, ulps = 2, mode = "
      "#stablehlo.result_accuracy_mode<TOLERANCE>>");
  sk_module_destroy(m);
}

static void expect_dense(sk_module *m, const char *type, const void *data, uint64_t bytes,
                         bool splat, const char *expected) {
  expect_attr(m, sk_attr_dense(m, ir_make_type(m, type), (sk_dense){data, bytes, splat}), expected);
}

static void test_constants(void **state) {
  (void)state;
  sk_module *m = new_module();
  const float f[] = {1.0f, -0.0f, 1e-45f, NAN};
  const double d[] = {0.1, 1e300};
  const int8_t s[] = {-1, 7, -8, 0, 1, 2};
  const uint8_t p[] = {1, 0};
  const uint16_t h[] = {0x3C00, 0x7C00, 0x0001};
  expect_dense(m, "4xf32", f, 16, false, "dense<[1.0, -0.0, 1.0e-45, 0x7FC00000]> : tensor<4xf32>");
  expect_dense(m, "9x9xf32", f, 4, true, "dense<1.0> : tensor<9x9xf32>");
  expect_dense(m, "2xcomplex<f32>", f, 16, false,
               "dense<[(1.0, -0.0), (1.0e-45, 0x7FC00000)]> : tensor<2xcomplex<f32>>");
  expect_dense(m, "2xf64", d, 16, false, "dense<[0.1, 1.0e300]> : tensor<2xf64>");
  expect_dense(m, "3x2xi8", s, 6, false, "dense<[[-1, 7], [-8, 0], [1, 2]]> : tensor<3x2xi8>");
  expect_dense(m, "1x6x1xi4", s, 6, false,
               "dense<[[[-1], [7], [-8], [0], [1], [2]]]> : tensor<1x6x1xi4>");
  expect_dense(m, "2xui8", s, 2, false, "dense<[255, 7]> : tensor<2xui8>");
  expect_dense(m, "2xi1", p, 2, false, "dense<[true, false]> : tensor<2xi1>");
  expect_dense(m, "3xf16", h, 6, false, "dense<[1.0, 0x7C00, 5.9604645e-8]> : tensor<3xf16>");
  expect_dense(m, "f32", f, 4, true, "dense<1.0> : tensor<f32>");
  expect_dense(m, "2x0xf32", f, 0, false, "dense<> : tensor<2x0xf32>");
  uint8_t many[101];
  for (int i = 0; i < 101; i++) {
    many[i] = (uint8_t)i;
  }
  sk_text text;
  sk_text_init(&text);
  sk_attr_print(m, sk_attr_dense(m, ir_make_type(m, "101xui8"), (sk_dense){many, 101, false}),
                &text);
  assert_memory_equal(text.data, "dense<\"0x000102", 15);
  assert_non_null(strstr(text.data, "6364\"> : tensor<101xui8>"));
  sk_text_fini(&text);
  // Every bf16 that is a number reads back from its decimal text to itself.
  for (uint32_t bits = 0; bits < 0x10000; bits += 7) {
    uint16_t b = (uint16_t)bits;
    sk_text_init(&text);
    sk_attr_print(m, sk_attr_dense(m, ir_make_type(m, "bf16"), (sk_dense){&b, 2, true}), &text);
    if ((bits & 0x7F80) != 0x7F80) {
      float value = strtof(text.data + strlen("dense<"), NULL);
      uint32_t wide;
      memcpy(&wide, &value, sizeof wide);
      wide += 0x7FFF + (wide >> 16 & 1);
      assert_int_equal(wide >> 16, bits);
    }
    sk_text_fini(&text);
  }
  sk_module_destroy(m);
}

static void expect_module(const sk_module *m, const sk_print_options *options,
                          const char *expected) {
  sk_text text;
  sk_text_init(&text);
  sk_module_print(m, options, &text);
  assert_false(text.failed);
  assert_string_equal(text.data, expected);
  sk_text_fini(&text);
}

static sk_module *make_program(void) {
  sk_module *m = new_module();
  static const float one = 1;
  ir_func f = ir_make_func(m, "main", "4x8xf32 f32 i1");
  sk_value x = ir_make_arg(&f, 0), init = ir_make_arg(&f, 1), pred = ir_make_arg(&f, 2);
  sk_named_attr value = {{SK_NAME_value},
                         sk_attr_dense(m, ir_make_type(m, "4x8xf32"), (sk_dense){&one, 4, true})};
  sk_op_desc constant = {.kind = SK_OP_CONSTANT, .attrs = &value, .attr_count = 1};
  sk_op c;
  assert_null(sk_ir_build_op(m, f.body, constant, &c));
  sk_value two[] = {x, sk_op_result(m, c, 0)};
  sk_value sum = sk_op_result(m, ir_make_op(m, f.body, SK_OP_ADD, two, 2, "note='hi'", NULL), 0);
  sk_value test = sk_op_result(m,
                               ir_make_op(m, f.body, SK_OP_COMPARE, two, 2,
                                          "comparison_direction=GE compare_type=FLOAT", NULL),
                               0);
  sk_value choice[] = {test, x, sum};
  sk_value chosen = sk_op_result(m, ir_make_op(m, f.body, SK_OP_SELECT, choice, 3, "", NULL), 0);
  sk_region body = ir_make_body(m, "f32 f32", SK_OP_ADD, "");
  sk_named_attr dims;
  ir_make_attrs(m, "dimensions=[1]", &dims, 1);
  sk_value in[] = {chosen, init};
  sk_op_desc reduce = {.kind = SK_OP_REDUCE,
                       .operands = in,
                       .operand_count = 2,
                       .attrs = &dims,
                       .attr_count = 1,
                       .regions = &body,
                       .region_count = 1};
  sk_op r;
  assert_null(sk_ir_build_op(m, f.body, reduce, &r));
  sk_value reduced = sk_op_result(m, r, 0);
  sk_region branches[2];
  for (int i = 0; i < 2; i++) {
    branches[i] = sk_region_new(m, NULL, 0);
    sk_value v =
        i ? reduced
          : sk_op_result(m, ir_make_op(m, branches[i], SK_OP_NEGATE, &reduced, 1, "", NULL), 0);
    sk_value vs[] = {v, reduced};
    sk_op_desc ret = {.kind = SK_OP_RETURN, .operands = vs, .operand_count = 2};
    sk_op_new(m, branches[i], &ret);
  }
  sk_op_desc branch = {.kind = SK_OP_IF,
                       .operands = &pred,
                       .operand_count = 1,
                       .regions = branches,
                       .region_count = 2};
  sk_op b;
  assert_null(sk_ir_build_op(m, f.body, branch, &b));
  sk_value results[] = {sk_op_result(m, b, 0), sk_op_result(m, b, 1)};
  ir_make_return(&f, results, 2);
  assert_null(sk_module_verify(m, NULL));
  return m;
}

static void test_pretty(void **state) {
  (void)state;
  sk_module *m = make_program();
  expect_module(m, NULL,
                "module {\n"
                "  func.func @main(%arg0: tensor<4x8xf32>, %arg1: tensor<f32>, %arg2: tensor<i1>) "
                "-> (tensor<4xf32>, tensor<4xf32>) {\n"
                "    %0 = stablehlo.constant dense<1.0> : tensor<4x8xf32>\n"
                "    %1 = stablehlo.add %arg0, %0 {note = \"hi\"} : tensor<4x8xf32>\n"
                "    %2 = stablehlo.compare GE, %arg0, %0, FLOAT : (tensor<4x8xf32>, "
                "tensor<4x8xf32>) -> tensor<4x8xi1>\n"
                "    %3 = stablehlo.select %2, %arg0, %1 : tensor<4x8xi1>, tensor<4x8xf32>\n"
                "    %4 = stablehlo.reduce(%3 init: %arg1) applies stablehlo.add across dimensions "
                "= [1] : (tensor<4x8xf32>, tensor<f32>) -> tensor<4xf32>\n"
                "    %5:2 = \"stablehlo.if\"(%arg2) ({\n"
                "      %6 = stablehlo.negate %4 : tensor<4xf32>\n"
                "      stablehlo.return %6, %4 : tensor<4xf32>, tensor<4xf32>\n"
                "    }, {\n"
                "      stablehlo.return %4, %4 : tensor<4xf32>, tensor<4xf32>\n"
                "    }) : (tensor<i1>) -> (tensor<4xf32>, tensor<4xf32>)\n"
                "    return %5#0, %5#1 : tensor<4xf32>, tensor<4xf32>\n"
                "  }\n"
                "}\n");
  sk_module_destroy(m);
}

static void test_generic(void **state) {
  (void)state;
  sk_module *m = new_module();
  ir_func f = ir_make_func(m, "main", "4xf32");
  sk_value x = ir_make_arg(&f, 0);
  sk_op rev = ir_make_op(m, f.body, SK_OP_REVERSE, &x, 1, "dimensions=[0] more=true", NULL);
  sk_value y = sk_op_result(m, rev, 0);
  ir_make_return(&f, &y, 1);
  expect_module(m, &(sk_print_options){.generic = true},
                "\"builtin.module\"() ({\n"
                "  \"func.func\"() <{function_type = (tensor<4xf32>) -> tensor<4xf32>, sym_name = "
                "\"main\"}> ({\n"
                "  ^bb0(%arg0: tensor<4xf32>):\n"
                "    %0 = \"stablehlo.reverse\"(%arg0) <{dimensions = array<i64: 0>}> {more = "
                "true} : (tensor<4xf32>) -> tensor<4xf32>\n"
                "    \"func.return\"(%0) : (tensor<4xf32>) -> ()\n"
                "  }) : () -> ()\n"
                "}) : () -> ()\n");
  sk_text text;
  sk_text_init(&text);
  sk_op_print(m, rev, NULL, &text);
  assert_string_equal(text.data,
                      "%0 = stablehlo.reverse %arg0, dims = [0] {more = true} : tensor<4xf32>");
  sk_text_fini(&text);
  sk_module_destroy(m);
}

static void test_locations(void **state) {
  (void)state;
  sk_module *m = new_module();
  ir_func f = ir_make_func(m, "main", "");
  sk_sym file, name;
  assert_true(sk_intern(&m->strings, SK_STR("a.py"), &file));
  assert_true(sk_intern(&m->strings, SK_STR("mul"), &name));
  sk_loc_new(
      m, &(sk_loc_rec){.kind = SK_LOC_FILE, .name = file, .line = 99});  // not used, not printed
  sk_loc at = sk_loc_new(
      m, &(sk_loc_rec){
             .kind = SK_LOC_FILE, .name = file, .line = 2, .col = 3, .end_col = 7, .end_line = 2});
  sk_loc named = sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_NAME, .name = name, .a = at});
  sk_loc input = sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_INPUT, .line = 5, .col = 6});
  sk_loc call = sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_CALLSITE, .a = named, .b = input});
  sk_type type = sk_type_tensor(m, SK_U32, 0, NULL);
  sk_op_desc desc = {
      .kind = SK_OP_REPLICA_ID, .loc = call, .result_types = &type, .result_count = 1};
  sk_op_new(m, f.body, &desc);
  ir_make_return(&f, NULL, 0);
  expect_module(m, &(sk_print_options){.locations = true},
                "module {\n"
                "  func.func @main() {\n"
                "    %0 = stablehlo.replica_id : tensor<ui32> loc(#loc5)\n"
                "    return loc(unknown)\n"
                "  } loc(unknown)\n"
                "} loc(unknown)\n"
                "#loc2 = loc(\"a.py\":2:3 to :7)\n"
                "#loc3 = loc(\"mul\"(#loc2))\n"
                "#loc4 = loc(\"test.mlir\":5:6)\n"
                "#loc5 = loc(callsite(#loc3 at #loc4))\n");
  sk_module_destroy(m);
}

static void test_elided(void **state) {
  (void)state;
  sk_module *m = new_module();
  static const float data[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  ir_func f = ir_make_func(m, "main", "");
  sk_named_attr value = {{SK_NAME_value},
                         sk_attr_dense(m, ir_make_type(m, "8xf32"), (sk_dense){data, 32, false})};
  sk_op_desc constant = {.kind = SK_OP_CONSTANT, .attrs = &value, .attr_count = 1};
  sk_op c;
  assert_null(sk_ir_build_op(m, f.body, constant, &c));
  sk_text text;
  sk_text_init(&text);
  sk_op_print(m, c, &(sk_print_options){.elide_elements = 7}, &text);
  assert_string_equal(text.data,
                      "%0 = stablehlo.constant dense_resource<__elided__> : tensor<8xf32>");
  sk_text_fini(&text);
  sk_module_destroy(m);
}

// Ops that lack everything which ops.def promises, as readers may give before anyone verifies: none
// may print parts of another op.
static void test_without_parts(void **state) {
  (void)state;
  static const sk_print_options ways[] = {{0}, {.generic = true}, {.locations = true}};
  for (int kind = SK_OP_NONE + 1; kind < SK_OPKIND_COUNT; kind++) {
    const sk_op_info *info = sk_opkind_info((sk_opkind)kind);
    bool whole = info->operands_min + info->results_min + info->regions_min == 0;
    sk_module *m = new_module();
    ir_func f = ir_make_func(m, "main", "");
    sk_op op = sk_op_new(m, f.body, &(sk_op_desc){.kind = (sk_opkind)kind});
    ir_make_return(&f, NULL, 0);
    for (size_t i = 0; i < SK_COUNT(ways); i++) {
      sk_text text;
      sk_text_init(&text);
      sk_module_print(m, &ways[i], &text);
      assert_true(!text.failed && text.len < 400);
      text.len = 0;
      sk_op_print(m, op, &ways[i], &text);
      assert_true(whole || text.data[0] == '"');
      sk_text_fini(&text);
    }
    sk_module_destroy(m);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_without_parts), cmocka_unit_test(test_attributes),
      cmocka_unit_test(test_constants),     cmocka_unit_test(test_pretty),
      cmocka_unit_test(test_generic),       cmocka_unit_test(test_locations),
      cmocka_unit_test(test_elided),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
