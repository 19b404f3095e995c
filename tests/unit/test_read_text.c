// SPDX-License-Identifier: Apache-2.0
// What the text reader makes of each piece of syntax: values of constants, kinds of attributes, types,
// locations, scopes, aliases, resources, custom forms against their generic twins. Errors are in
// test_read_errors.c, whole suites in test_read_suites.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/read_int.h"

static sk_module *read_ok(const char *text) {
  sk_module *module;
  sk_status status = sk_read_text("t.mlir", text, strlen(text), NULL, &module);
  if (status != NULL) {
    char message[400];
    sk_status_format(status, message, sizeof message);
    fail_msg("%s\n%s", message, text);
  }
  return module;
}

static sk_op first_op(const sk_module *m, sk_opkind kind) {
  for (uint32_t id = 1; id < m->ops.count; id++) {
    if (m->ops.data[id].kind == kind) {
      return (sk_op){id};
    }
  }
  fail_msg("no %s", sk_opkind_name(kind));
  return (sk_op){0};
}

// The attribute `value` written as the attribute of a module.
static const sk_attr_rec *read_attr(const char *value, sk_module **out_module) {
  char text[4000];
  snprintf(text, sizeof text, "module attributes {a = %s} {}", value);
  *out_module = read_ok(text);
  assert_int_equal(sk_op_get(*out_module, (*out_module)->root)->attr_count, 1);
  return sk_attr_get(
      *out_module,
      (*out_module)->attr_pool.data[sk_op_get(*out_module, (*out_module)->root)->attrs].attr);
}

static void expect_same(const char *a, const char *b) {
  sk_module *x = read_ok(a);
  sk_module *y = read_ok(b);
  sk_text difference;
  sk_text_init(&difference);
  if (!sk_module_equal(x, y, &difference)) {
    fail_msg("%s\n%s\n%s", a, b, difference.data);
  }
  sk_text_fini(&difference);
  sk_module_destroy(x);
  sk_module_destroy(y);
}

// -- constants ------------------------------------------------------------------------------------

typedef struct {
  const char *text;
  const char *hex;  // the bytes in the module
  bool splat;
} constant_case;

static const constant_case constants[] = {
    {"dense<[[1, 2], [3, -4]]> : tensor<2x2xi8>", "010203FC", false},
    {"dense<7> : tensor<2x2xi8>", "07", true},
    {"dense<[5, 5, 5]> : tensor<3xi8>", "05", true},  // as MLIR stores it
    {"dense<[5]> : tensor<1xi8>", "05", true},
    {"dense<255> : tensor<i8>", "FF", true},
    {"dense<-128> : tensor<i8>", "80", true},
    {"dense<0xFFFF> : tensor<i16>", "FFFF", true},
    {"dense<[-1, 258]> : tensor<2xi32>", "FFFFFFFF02010000", false},
    {"dense<18446744073709551615> : tensor<ui64>", "FFFFFFFFFFFFFFFF", true},
    {"dense<-9223372036854775808> : tensor<i64>", "0000000000000080", true},
    {"dense<[1, -2]> : tensor<2xindex>", "0100000000000000FEFFFFFFFFFFFFFF", false},
    {"dense<[-8, 7, 15]> : tensor<3xi4>", "F807FF", false},
    {"dense<[15, 0]> : tensor<2xui4>", "0F00", false},
    {"dense<[-2, 1]> : tensor<2xi2>", "FE01", false},
    {"dense<[true, false]> : tensor<2xi1>", "0100", false},
    {"dense<[0, 1, -1]> : tensor<3xi1>", "000101", false},
    {"dense<true> : tensor<9xi1>", "01", true},
    {"dense<[1.0, -0.0]> : tensor<2xf32>", "0000803F00000080", false},
    {"dense<0x7FC00001> : tensor<f32>", "0100C07F", true},
    {"dense<0.1> : tensor<f64>", "9A9999999999B93F", true},
    {"dense<0x7FF0000000000000> : tensor<f64>", "000000000000F07F", true},
    {"dense<1.0> : tensor<f16>", "003C", true},
    {"dense<3.0e-5> : tensor<bf16>", "FC37", true},  // 3e-5 lies between 0x37FB and 0x37FC
    {"dense<[1.0, 0x7F]> : tensor<2xf8E4M3FN>", "387F", false},
    {"dense<[6.0, -0.5]> : tensor<2xf4E2M1FN>", "0709", false},
    {"dense<(1.0, -2.0)> : tensor<complex<f32>>", "0000803F000000C0", true},
    {"dense<[(0.0, 1.0), (0x7F800000, 0.0)]> : tensor<2xcomplex<f32>>",
     "000000000000803F0000807F00000000", false},
    {"dense<> : tensor<0xf32>", "", false},
    {"dense<[]> : tensor<0xf32>", "", false},
    {"dense<[[], []]> : tensor<2x0xf32>", "", false},
    {"dense<1.0> : tensor<0xf32>", "", false},
    {"dense<\"0x0102ff80\"> : tensor<4xi8>", "0102FF80", false},
    {"dense<\"0x0000803F\"> : tensor<3xf32>", "0000803F", true},
    {"dense<\"0x0000803F0000803F\"> : tensor<2xf32>", "0000803F", true},
    {"dense<\"0xA5\"> : tensor<8xi1>", "0100010000010001", false},  // bits
    {"dense<\"0x01000101\"> : tensor<4xi1>", "01000101", false},    // bytes
    {"dense<\"0xFF\"> : tensor<20xi1>", "01", true},                // splat of true in bytecode
    {"dense<\"0x0FF8\"> : tensor<2xi4>", "FFF8", false},            // upper bits do not count
    {"dense<\"0xF104\"> : tensor<2xui4>", "0104", false},
    {"dense< // a > b\n [1, // >\n 2]> : tensor<2xi8>", "0102", false},
};

static void to_hex(const uint8_t *bytes, uint64_t len, char *out) {
  for (uint64_t i = 0; i < len; i++) {
    snprintf(out + 2 * i, 3, "%02X", bytes[i]);
  }
  out[2 * len] = '\0';
}

static void test_constants(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++) {
    sk_module *m;
    char hex[200];
    const sk_attr_rec *rec = read_attr(constants[i].text, &m);
    assert_int_equal(rec->kind, SK_ATTR_DENSE);
    to_hex(rec->u.dense.data, rec->u.dense.bytes, hex);
    if (strcmp(hex, constants[i].hex) != 0 || rec->u.dense.splat != constants[i].splat) {
      fail_msg("%s: %s %d, expected %s %d", constants[i].text, hex, rec->u.dense.splat,
               constants[i].hex, constants[i].splat);
    }
    sk_module_destroy(m);
  }
}

// Every digit at every place of the eight that are decoded together, and every wrong character.
static void test_hex_digits(void **state) {
  (void)state;
  for (int c = 1; c < 256; c++) {
    for (int at = 0; at < 20; at++) {
      char text[120] =
          "module attributes {a = dense<\"0x00000000000000000000\"> : tensor<10xi8>} {}";
      if (c == '"' || c == '\\' || c == '\n') {
        continue;
      }
      char *digits = strstr(text, "0x") + 2;
      digits[at] = (char)c;
      sk_module *m;
      sk_status status = sk_read_text("t", text, strlen(text), NULL, &m);
      char *end;
      char digit[2] = {(char)c, 0};
      long value = strtol(digit, &end, 16);
      bool valid = end == digit + 1 && c != '+' && c != '-' && c != ' ';
      assert_int_equal(status == NULL, valid);
      if (!valid) {
        assert_int_equal(sk_status_pos(status).col, digits - text + at + 1);
        sk_status_free(status);
        continue;
      }
      const sk_attr_rec *rec = sk_attr_get(
          m, sk_op_find_attr_sym(m, m->root, m->attr_pool.data[sk_op_get(m, m->root)->attrs].name));
      const uint8_t *bytes = rec->u.dense.data;
      uint8_t expected = (uint8_t)(at % 2 == 0 ? value << 4 : value);
      assert_int_equal(bytes[rec->u.dense.splat ? 0 : at / 2], expected);
      sk_module_destroy(m);
    }
  }
}

// -- attributes -----------------------------------------------------------------------------------

static void test_numbers(void **state) {
  (void)state;
  sk_module *m;
  const sk_attr_rec *rec = read_attr("-5", &m);
  assert_int_equal(rec->kind, SK_ATTR_INT);
  assert_int_equal(rec->u.i, -5);
  assert_int_equal(sk_type_get(m, rec->type)->elem, SK_S64);
  sk_module_destroy(m);
  rec = read_attr("200 : i8", &m);
  assert_int_equal(rec->u.i, -56);
  sk_module_destroy(m);
  rec = read_attr("4294967295 : ui32", &m);
  assert_int_equal(rec->u.i, 4294967295);
  sk_module_destroy(m);
  rec = read_attr("true", &m);
  assert_int_equal(rec->kind, SK_ATTR_BOOL);
  assert_int_equal(rec->u.i, 1);
  sk_module_destroy(m);
  rec = read_attr("1 : i1", &m);
  assert_int_equal(rec->kind, SK_ATTR_BOOL);
  sk_module_destroy(m);
  rec = read_attr("0.1 : f32", &m);
  assert_int_equal(rec->kind, SK_ATTR_FLOAT);
  assert_true(rec->u.f == (double)0.1f);
  sk_module_destroy(m);
  rec = read_attr("-1.5e2", &m);
  assert_true(rec->u.f == -150.0);
  assert_int_equal(sk_type_get(m, rec->type)->elem, SK_F64);
  sk_module_destroy(m);
  rec = read_attr("0xFF800000 : f32", &m);
  assert_true(rec->u.f < -1e308);
  sk_module_destroy(m);
}

static void expect_text(const char *value, sk_attr_kind kind, const char *text) {
  sk_module *m;
  const sk_attr_rec *rec = read_attr(value, &m);
  assert_int_equal(rec->kind, kind);
  sk_str got = sk_sym_str(&m->strings, rec->u.sym);
  if (!sk_str_eq(got, sk_str_from(text))) {
    fail_msg("%s: '%.*s', expected '%s'", value, SK_STR_ARG(got), text);
  }
  sk_module_destroy(m);
}

static void test_texts(void **state) {
  (void)state;
  expect_text("\"plain\"", SK_ATTR_STRING, "plain");
  expect_text("\"a\\22b\\5C\\n\\t\\\"\\\\\"", SK_ATTR_STRING, "a\"b\\\n\t\"\\");
  expect_text("\"\"", SK_ATTR_STRING, "");
  expect_text("\"x\" : i32", SK_ATTR_STRING, "x");
  expect_text("@f", SK_ATTR_SYMBOL, "f");
  expect_text("@\"two words\"", SK_ATTR_SYMBOL, "two words");
  expect_text("@a::@b::@\"c d\"", SK_ATTR_SYMBOL, "a::b::c d");
  expect_text("#sdy.sharding<@mesh, [{\"a\"},\n   // comment\n {?}]>", SK_ATTR_OPAQUE,
              "#sdy.sharding<@mesh, [{\"a\"}, {?}]>");
  expect_text("#other.thing", SK_ATTR_OPAQUE, "#other.thing");
  expect_text("#other<x -> \">\" (1)>", SK_ATTR_OPAQUE, "#other<x -> \">\" (1)>");
  expect_text("affine_map<(d0)  -> (d0)>", SK_ATTR_OPAQUE, "affine_map<(d0) -> (d0)>");
  expect_text("#stablehlo.mesh<axes=[#stablehlo.mesh_axis<name = \"x\", size = 2>]>",
              SK_ATTR_OPAQUE, "#stablehlo.mesh<axes=[<name = \"x\", size = 2>]>");
  expect_text(
      "#stablehlo.mesh<axes = [#stablehlo.mesh_axis<name = \"x\", size = 2>, "
      "#stablehlo.mesh_axis<name = \"y\", size = 1>], device_ids = dense<[1, 0]> : tensor<2xi64>>",
      SK_ATTR_OPAQUE,
      "#stablehlo.mesh<axes=[<name = \"x\", size = 2>, <name = \"y\", size = 1>], "
      "device_ids=dense<[1, 0]> : tensor<2xi64>>");
  expect_text("#stablehlo.mesh_axis<name = \"x\", size = 2>", SK_ATTR_OPAQUE,
              "#stablehlo.mesh_axis<name = \"x\", size = 2>");
}

static void test_containers(void **state) {
  (void)state;
  sk_module *m;
  const sk_attr_rec *rec = read_attr("[1, {b = 2 : i32, a, \"quoted key\" = unit}, []]", &m);
  assert_int_equal(rec->kind, SK_ATTR_ARRAY);
  assert_int_equal(rec->u.list.count, 3);
  const sk_attr_rec *dict = sk_attr_get(m, rec->u.list.data[1]);
  assert_int_equal(dict->kind, SK_ATTR_DICT);
  assert_int_equal(dict->u.dict.count, 3);
  assert_string_equal(sk_sym_cstr(&m->strings, dict->u.dict.data[0].name), "a");
  assert_int_equal(sk_attr_get(m, dict->u.dict.data[0].attr)->kind, SK_ATTR_UNIT);
  assert_string_equal(sk_sym_cstr(&m->strings, dict->u.dict.data[2].name), "quoted key");
  sk_module_destroy(m);
  rec = read_attr("array<i64: 1, -2>", &m);
  assert_int_equal(rec->kind, SK_ATTR_INTS);
  assert_int_equal(rec->u.ints.data[1], -2);
  sk_module_destroy(m);
  rec = read_attr("array<i1: true, false>", &m);
  assert_int_equal(rec->kind, SK_ATTR_BOOLS);
  assert_int_equal(rec->u.ints.data[0], 1);
  sk_module_destroy(m);
  rec = read_attr("array<f32: 1.0, 2.0>", &m);
  assert_int_equal(rec->kind, SK_ATTR_DENSE_ARRAY);
  assert_int_equal(rec->u.dense.bytes, 8);
  sk_module_destroy(m);
  rec = read_attr("array<i32>", &m);
  assert_int_equal(rec->u.dense.bytes, 0);
  sk_module_destroy(m);
}

static void test_structures(void **state) {
  (void)state;
  sk_module *m;
  const sk_attr_rec *rec = read_attr(
      "#stablehlo.dot<rhs_contracting_dimensions = [3], lhs_batching_dimensions = [0, 1],>", &m);
  assert_int_equal(rec->kind, SK_ATTR_DOT_DIMS);
  assert_int_equal(rec->u.dot->lhs_batching_dimensions.count, 2);
  assert_int_equal(rec->u.dot->lhs_batching_dimensions.data[1], 1);
  assert_int_equal(rec->u.dot->rhs_contracting_dimensions.data[0], 3);
  assert_int_equal(rec->u.dot->lhs_contracting_dimensions.count, 0);
  sk_module_destroy(m);
  rec = read_attr("#stablehlo.conv<[b, f, 1, 0]x[o, 0, i, 1]->[?, b, f, 0]>", &m);
  assert_int_equal(rec->kind, SK_ATTR_CONV_DIMS);
  assert_int_equal(rec->u.conv->input_spatial_dimensions.data[0], 3);
  assert_int_equal(rec->u.conv->input_spatial_dimensions.data[1], 2);
  assert_int_equal(rec->u.conv->kernel_output_feature_dimension, 0);
  assert_int_equal(rec->u.conv->kernel_input_feature_dimension, 2);
  assert_int_equal(rec->u.conv->output_batch_dimension, 1);
  assert_int_equal(rec->u.conv->output_spatial_dimensions.count, 1);
  sk_module_destroy(m);
  rec = read_attr("#stablehlo.dot_algorithm<lhs_precision_type = f8E5M2, "
                  "rhs_precision_type = f8E4M3FN, accumulation_type = f32, "
                  "lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, "
                  "allow_imprecise_accumulation = true>",
                  &m);
  assert_int_equal(rec->kind, SK_ATTR_DOT_ALGORITHM);
  assert_int_equal(sk_type_get(m, rec->u.dot_algorithm->rhs_precision_type)->elem, SK_F8E4M3FN);
  assert_int_equal(rec->u.dot_algorithm->num_primitive_operations, 1);
  assert_true(rec->u.dot_algorithm->allow_imprecise_accumulation);
  sk_module_destroy(m);
  rec = read_attr("#chlo.ragged_dot<lhs_contracting_dimensions = [1], "
                  "rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [0], "
                  "rhs_group_dimensions = [3]>",
                  &m);
  assert_int_equal(rec->kind, SK_ATTR_RAGGED_DIMS);
  assert_int_equal(rec->u.ragged->dot.lhs_batching_dimensions.count, 0);
  assert_int_equal(rec->u.ragged->dot.rhs_contracting_dimensions.data[0], 2);
  assert_int_equal(rec->u.ragged->rhs_group_dimensions.data[0], 3);
  sk_module_destroy(m);
  rec =
      read_attr("#stablehlo.result_accuracy<mode = #stablehlo.result_accuracy_mode<HIGHEST>>", &m);
  assert_int_equal(rec->kind, SK_ATTR_RESULT_ACCURACY);
  assert_int_equal(rec->u.accuracy->mode, 1);
  sk_module_destroy(m);
  static const char *const spellings[] = {"#stablehlo<comparison_direction GT>",
                                          "#stablehlo.comparison_direction<GT>",
                                          "#chlo<comparison_direction GT>"};
  for (size_t i = 0; i < 3; i++) {
    rec = read_attr(spellings[i], &m);
    assert_int_equal(rec->kind, SK_ATTR_ENUM);
    assert_int_equal(rec->enum_id, SK_ENUM_COMPARISON_DIRECTION);
    assert_int_equal(rec->u.i, SK_CMP_GT);
    sk_module_destroy(m);
  }
}

// -- attributes of an op's schema, in every spelling ----------------------------------------------

#define TRANSPOSE(value)                                                                           \
  "func.func @f(%a: tensor<2x3xf32>) { %0 = \"stablehlo.transpose\"(%a) {permutation = " value     \
  "} : (tensor<2x3xf32>) -> tensor<3x2xf32> return }"
#define WINDOW(padding, reversal)                                                                  \
  "func.func @f(%a: tensor<1x4x1xf32>, %b: tensor<2x1x1xf32>) { %0 = "                             \
  "\"stablehlo.convolution\"(%a, %b) "                                                             \
  "<{dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, padding = " padding      \
  ", window_reversal = " reversal                                                                  \
  ", feature_group_count = 1 : i64, batch_group_count = 1 : i64}> "                                \
  ": (tensor<1x4x1xf32>, tensor<2x1x1xf32>) -> tensor<1x3x1xf32> return }"

static void test_spellings(void **state) {
  (void)state;
  expect_same(TRANSPOSE("array<i64: 1, 0>"), TRANSPOSE("dense<[1, 0]> : tensor<2xi64>"));
  expect_same(TRANSPOSE("array<i64: 1, 0>"), TRANSPOSE("[1, 0]"));
  expect_same(TRANSPOSE("array<i64: 1, 0>"), TRANSPOSE("array<i32: 1, 0>"));
  expect_same(TRANSPOSE("array<i64: 1, 1>"), TRANSPOSE("dense<1> : tensor<2xi64>"));
  expect_same(WINDOW("dense<[[0, 0]]> : tensor<1x2xi64>", "array<i1: true>"),
              WINDOW("dense<0> : tensor<1x2xi64>", "dense<true> : tensor<1xi1>"));
  // What cannot be converted stays, for the verifier to refuse.
  sk_module *odd = read_ok(TRANSPOSE("dense<[1.0, 0.0]> : tensor<2xf32>"));
  sk_attr kept = sk_op_find_attr(odd, first_op(odd, SK_OP_TRANSPOSE), SK_NAME_permutation);
  assert_int_equal(sk_attr_get(odd, kept)->kind, SK_ATTR_DENSE);
  sk_module_destroy(odd);
  sk_module *m = read_ok(WINDOW("dense<[[1, 2]]> : tensor<1x2xi64>", "array<i1: true>"));
  const sk_attr_rec *padding =
      sk_attr_get(m, sk_op_find_attr(m, first_op(m, SK_OP_CONVOLUTION), SK_NAME_padding));
  assert_int_equal(padding->kind, SK_ATTR_INTS);
  assert_int_equal(padding->cols, 2);
  sk_module_destroy(m);
  m = read_ok("func.func @f() { stablehlo.custom_call @t() {api_version = 4 : i32, operand_layouts "
              "= [dense<[1, 0]> : "
              "tensor<2xindex>]} : () -> () return }");
  sk_op call = first_op(m, SK_OP_CUSTOM_CALL);
  const sk_attr_rec *version = sk_attr_get(m, sk_op_find_attr(m, call, SK_NAME_api_version));
  assert_int_equal(version->kind, SK_ATTR_ENUM);
  assert_int_equal(version->u.i, 4);
  const sk_attr_rec *layouts = sk_attr_get(m, sk_op_find_attr(m, call, SK_NAME_operand_layouts));
  assert_int_equal(sk_attr_get(m, layouts->u.list.data[0])->kind, SK_ATTR_INTS);
  sk_module_destroy(m);
}

// -- custom forms against generic ones ------------------------------------------------------------

#define F(args, body) "func.func @f(" args ") { " body " return }"
#define A "%a: tensor<2x3xf32>, %b: tensor<2x3xf32>"
#define T "tensor<2x3xf32>"

static const char *const twins[][2] = {
    {F(A, "%0 = stablehlo.add %a, %b : " T),
     F(A, "%0 = \"stablehlo.add\"(%a, %b) : (" T ", " T ") -> " T)},
    {F(A, "%0 = stablehlo.add %a, %b {x = 1} : (" T ", " T ") -> " T),
     F(A, "%0 = \"stablehlo.add\"(%a, %b) {x = 1} : (" T ", " T ") -> " T)},
    {F(A, "%0 = stablehlo.compare  EQ, %a, %b,  FLOAT : (" T ", " T ") -> tensor<2x3xi1>"),
     F(A, "%0 = \"stablehlo.compare\"(%a, %b) <{compare_type = #stablehlo<comparison_type FLOAT>, "
          "comparison_direction = "
          "#stablehlo<comparison_direction EQ>}> : (" T ", " T ") -> tensor<2x3xi1>")},
    {F(A, "%0 = stablehlo.slice %a [0:2, 1:3:2] : (" T ") -> tensor<2x1xf32>"),
     F(A, "%0 = \"stablehlo.slice\"(%a) {start_indices = array<i64: 0, 1>, limit_indices = "
          "array<i64: 2, 3>, strides = "
          "array<i64: 1, 2>} : (" T ") -> tensor<2x1xf32>")},
    {F("%a: tensor<4xf32>, %b: tensor<f32>",
       "%0 = stablehlo.pad %a, %b, low = [-1], high = [2], interior = [0] : (tensor<4xf32>, "
       "tensor<f32>) -> tensor<5xf32>"),
     F("%a: tensor<4xf32>, %b: tensor<f32>",
       "%0 = \"stablehlo.pad\"(%a, %b) {edge_padding_low = array<i64: -1>, edge_padding_high = "
       "array<i64: 2>, "
       "interior_padding = array<i64: 0>} : (tensor<4xf32>, tensor<f32>) -> tensor<5xf32>")},
    {F("", "%0 = stablehlo.iota dim = 1 : tensor<2x3xi32>"),
     F("", "%0 = \"stablehlo.iota\"() {iota_dimension = 1 : i64} : () -> tensor<2x3xi32>")},
    {F(A, "%0 = stablehlo.concatenate %a, %b, dim = 0 : (" T ", " T ") -> tensor<4x3xf32>"),
     F(A, "%0 = \"stablehlo.concatenate\"(%a, %b) {dimension = 0 : i64} : (" T ", " T
          ") -> tensor<4x3xf32>")},
    {F(A, "%0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [1], precision = [HIGH, "
          "DEFAULT] : (" T ", " T ") -> tensor<2x2xf32>"),
     F(A, "%0 = \"stablehlo.dot_general\"(%a, %b) {dot_dimension_numbers = "
          "#stablehlo.dot<lhs_contracting_dimensions = [1], "
          "rhs_contracting_dimensions = [1]>, precision_config = [#stablehlo<precision HIGH>, "
          "#stablehlo<precision DEFAULT>]} "
          ": (" T ", " T ") -> tensor<2x2xf32>")},
    {F(A, "%0 = stablehlo.reduce_precision %a, format = e5m2 : " T),
     F(A, "%0 = \"stablehlo.reduce_precision\"(%a) {exponent_bits = 5 : i32, mantissa_bits = 2 : "
          "i32} : (" T ") -> " T)},
    {F("%p: tensor<i1>, " A, "%0 = stablehlo.select %p, %a, %b : tensor<i1>, " T),
     F("%p: tensor<i1>, " A,
       "%0 = \"stablehlo.select\"(%p, %a, %b) : (tensor<i1>, " T ", " T ") -> " T)},
    {F(A, "%0 = stablehlo.complex %a, %b : tensor<2x3xcomplex<f32>>"),
     F(A, "%0 = \"stablehlo.complex\"(%a, %b) : (" T ", " T ") -> tensor<2x3xcomplex<f32>>")},
    {F(A, "%0 = stablehlo.tuple %a, %b : tuple<" T ", " T
          "> %1 = stablehlo.get_tuple_element %0[1] : (tuple<" T ", " T ">) -> " T),
     F(A, "%0 = \"stablehlo.tuple\"(%a, %b) : (" T ", " T ") -> tuple<" T ", " T "> %1 = "
          "\"stablehlo.get_tuple_element\"(%0) {index = 1 : i32} : (tuple<" T ", " T ">) -> " T)},
    {F("%a: tensor<2x2xf32>", "%0 = stablehlo.cholesky %a, lower = true : tensor<2x2xf32>"),
     F("%a: tensor<2x2xf32>",
       "%0 = \"stablehlo.cholesky\"(%a) {lower = true} : (tensor<2x2xf32>) -> tensor<2x2xf32>")},
    {F(A, "%0:2 = stablehlo.optimization_barrier %a, %b : " T ", " T),
     F(A, "%0:2 = \"stablehlo.optimization_barrier\"(%a, %b) : (" T ", " T ") -> (" T ", " T ")")},
    {F("", "stablehlo.optimization_barrier ()"),
     F("", "\"stablehlo.optimization_barrier\"() : () -> ()")},
    {F("", "%0 = stablehlo.after_all : !stablehlo.token"),
     F("", "%0 = \"stablehlo.after_all\"() : () -> !stablehlo.token")},
    {F(A, "%0 = stablehlo.custom_call @t(%a, %b) {has_side_effect = true} : (" T ", " T ") -> " T),
     F(A, "%0 = \"stablehlo.custom_call\"(%a, %b) <{call_target_name = \"t\"}> {has_side_effect = "
          "true} : (" T ", " T ") -> " T)},
    {F(A, "%0 = chlo.erf %a : " T " -> " T), F(A, "%0 = \"chlo.erf\"(%a) : (" T ") -> " T)},
    {F(A, "check.expect_almost_eq_const %a, dense<1.0> : " T " {tolerance = 0.1 : f64}"),
     F(A, "\"check.expect_almost_eq_const\"(%a) {value = dense<1.0> : " T
          ", tolerance = 0.1 : f64} : (" T ") -> ()")},
    {F(A, "check.expect_close %a, %b, max_ulp_difference = 3 : " T ", " T),
     F(A, "\"check.expect_close\"(%a, %b) {max_ulp_difference = 3 : ui64} : (" T ", " T ") -> ()")},
    {F(A, "check.expect_eq %a, %b : " T),
     F(A, "\"check.expect_eq\"(%a, %b) : (" T ", " T ") -> ()")},
    {F("%a: tensor<4x5xf32>, %z: tensor<f32>",
       "%0 = stablehlo.reduce(%a init: %z) applies stablehlo.add across dimensions = [1] : "
       "(tensor<4x5xf32>, tensor<f32>) -> "
       "tensor<4xf32>"),
     F("%a: tensor<4x5xf32>, %z: tensor<f32>",
       "%0 = \"stablehlo.reduce\"(%a, %z) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %s = "
       "stablehlo.add %x, %y : tensor<f32> "
       "stablehlo.return %s : tensor<f32> }) {dimensions = array<i64: 1>} : (tensor<4x5xf32>, "
       "tensor<f32>) -> tensor<4xf32>")},
    {F("%a: tensor<4xf32>, %b: tensor<4xi32>, %z: tensor<f32>, %k: tensor<i32>",
       "%0:2 = stablehlo.reduce(%a init: %z), (%b init: %k) across dimensions = [0] : "
       "(tensor<4xf32>, tensor<4xi32>, "
       "tensor<f32>, tensor<i32>) -> (tensor<f32>, tensor<i32>) reducer(%x: tensor<f32>, %y: "
       "tensor<f32>) (%u: tensor<i32>, "
       "%v: tensor<i32>) { stablehlo.return %x, %v : tensor<f32>, tensor<i32> }"),
     F("%a: tensor<4xf32>, %b: tensor<4xi32>, %z: tensor<f32>, %k: tensor<i32>",
       "%0:2 = \"stablehlo.reduce\"(%a, %b, %z, %k) <{dimensions = array<i64: 0>}> ({ ^bb0(%x: "
       "tensor<f32>, %u: tensor<i32>, "
       "%y: tensor<f32>, %v: tensor<i32>): stablehlo.return %x, %v : tensor<f32>, tensor<i32> }) : "
       "(tensor<4xf32>, "
       "tensor<4xi32>, tensor<f32>, tensor<i32>) -> (tensor<f32>, tensor<i32>)")},
    {F("%a: tensor<i32>",
       "%0 = stablehlo.while(%i = %a) : tensor<i32> attributes {m = 1 : i32} cond { %c = "
       "stablehlo.constant dense<true> : "
       "tensor<i1> stablehlo.return %c : tensor<i1> } do { stablehlo.return %i : tensor<i32> }"),
     F("%a: tensor<i32>", "%0 = \"stablehlo.while\"(%a) ({ ^bb0(%i: tensor<i32>): %c = "
                          "stablehlo.constant dense<true> : tensor<i1> "
                          "stablehlo.return %c : tensor<i1> }, { ^bb0(%i: tensor<i32>): "
                          "stablehlo.return %i : tensor<i32> }) {m = 1 : i32} : "
                          "(tensor<i32>) -> tensor<i32>")},
    {"module @m attributes {a = 1} { func.func private @f(tensor<f32>) -> (tensor<f32> {x}) }",
     "\"builtin.module\"() <{sym_name = \"m\"}> ({ \"func.func\"() <{sym_name = \"f\", "
     "sym_visibility = \"private\", "
     "function_type = (tensor<f32>) -> tensor<f32>, res_attrs = [{x}]}> ({ }) : () -> () }) {a = "
     "1} : () -> ()"},
    {"func.func public @f(%x: tensor<f32> {a}, %y: tensor<f32>) attributes {n} { return }",
     "\"func.func\"() <{function_type = (tensor<f32>, tensor<f32>) -> (), sym_name = \"f\", "
     "sym_visibility = \"public\", "
     "arg_attrs = [{a}, {}]}> ({ ^bb0(%0: tensor<f32>, %1: tensor<f32>): \"func.return\"() : () -> "
     "() }) {n} : () -> ()"},
    {F("%x: tensor<4x2xf32>, %c: tensor<2xf32>",
       "%0:2 = chlo.scan(%x) inits(%c) dimension=0 attributes {is_reverse = true} { ^bb0(%a: "
       "tensor<2xf32>, %b: tensor<2xf32>): "
       "stablehlo.return %a, %b : tensor<2xf32>, tensor<2xf32> } : (tensor<4x2xf32>, "
       "tensor<2xf32>) -> (tensor<4x2xf32>, "
       "tensor<2xf32>)"),
     F("%x: tensor<4x2xf32>, %c: tensor<2xf32>",
       "%0:2 = \"chlo.scan\"(%x, %c) ({ ^bb0(%a: tensor<2xf32>, %b: tensor<2xf32>): "
       "stablehlo.return %a, %b : tensor<2xf32>, "
       "tensor<2xf32> }) {is_reverse = true, dimension = 0 : i64, operandSegmentSizes = array<i32: "
       "1, 1>, resultSegmentSizes = "
       "array<i32: 1, 1>} : (tensor<4x2xf32>, tensor<2xf32>) -> (tensor<4x2xf32>, tensor<2xf32>)")},
    {"sdy.mesh @m = <[\"a\"=2]>",
     "\"sdy.mesh\"() <{mesh = #sdy.mesh<[\"a\"=2]>, sym_name = \"m\"}> : () -> ()"},
    {F(A, "%0 = sdy.sharding_constraint %a <@m, [{\"a\"}, {}]> : " T),
     F(A,
       "%0 = \"sdy.sharding_constraint\"(%a) <{sharding = #sdy.sharding<@m, [{\"a\"}, {}]>}> : (" T
       ") -> " T)},
    {F(A, "%0 = sdy.manual_computation(%a) in_shardings=[<@m, [{\"a\"}, {}]>] out_shardings=[<@m, "
          "[{}, {}]>] manual_axes={\"a\"} "
          "(%a: tensor<1x3xf32>) { sdy.return %a : tensor<1x3xf32> } : (" T ") -> " T),
     F(A, "%0 = \"sdy.manual_computation\"(%a) <{in_shardings = #sdy.sharding_per_value<[<@m, "
          "[{\"a\"}, {}]>]>, manual_axes = "
          "#sdy<manual_axes{\"a\"}>, out_shardings = #sdy.sharding_per_value<[<@m, [{}, {}]>]>}> "
          "({ ^bb0(%c: tensor<1x3xf32>): "
          "sdy.return %c : tensor<1x3xf32> }) : (" T ") -> " T)},
};

static void test_twins(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++) {
    expect_same(twins[i][0], twins[i][1]);
  }
}

// -- types ----------------------------------------------------------------------------------------

static const sk_type_rec *read_type(const char *text, sk_module **out_module) {
  const sk_attr_rec *rec = read_attr(text, out_module);
  assert_int_equal(rec->kind, SK_ATTR_TYPE);
  return sk_type_get(*out_module, rec->type);
}

static void test_types(void **state) {
  (void)state;
  sk_module *m;
  sk_module *again;
  const sk_type_rec *type = read_type("tensor<0x10x?xf32>", &m);
  assert_int_equal(type->rank, 3);
  assert_int_equal(type->dims[0], 0);
  assert_int_equal(type->dims[1], 10);
  assert_true(type->dims[2] == SK_DIM_UNKNOWN);
  sk_module_destroy(m);
  static const char *const bounds[] = {
      "tensor<?x4xf32, #stablehlo.bounds<8, ?>>",
      "tensor<?x4xf32, #stablehlo.type_extensions<bounds = [8, ?]>>", "tensor< ? x 4 x f32 , #b>"};
  for (size_t i = 0; i < 3; i++) {
    char text[200];
    snprintf(text, sizeof text, "#b = #stablehlo.bounds<8, ?>\nmodule attributes {a = %s} {}",
             bounds[i]);
    m = read_ok(text);
    again = read_ok("module attributes {a = tensor<?x4xf32, #stablehlo.bounds<8, ?>>} {}");
    assert_true(sk_module_equal(m, again, NULL));
    sk_module_destroy(m);
    sk_module_destroy(again);
  }
  type = read_type("tensor<2x!quant.uniform<i8<-127:127>:f32:0, {0.5:3, 2.0}>>", &m);
  assert_int_equal(type->elem, SK_QUANT);
  assert_int_equal(type->quant->storage, SK_S8);
  assert_int_equal(type->quant->storage_min, -127);
  assert_int_equal(type->quant->count, 2);
  assert_int_equal(type->quant->zero_points[0], 3);
  assert_true(type->quant->scales[1] == 2.0);
  sk_module_destroy(m);
  type = read_type("tensor<!quant.uniform<u4:f32, 0.25>>", &m);
  assert_int_equal(type->quant->storage_max, 15);
  assert_int_equal(type->quant->axis, -1);
  sk_module_destroy(m);
  type = read_type("!other.type<\"a>\" [b -> c]>", &m);
  assert_int_equal(type->kind, SK_TYPE_OPAQUE);
  sk_module_destroy(m);
}

// -- aliases, resources, locations, scopes --------------------------------------------------------

static void test_aliases(void **state) {
  (void)state;
  expect_same("#a = 5 : i32\n!t = tensor<2xf32>\nmodule attributes {x = #a, y = !t} {}",
              "module attributes {x = 5 : i32, y = tensor<2xf32>} {}");
  expect_same("module attributes {x = #a, y = !t, z = #a} {}\n#a = [#b, #b]\n!t = tensor<2x!e>\n!e "
              "= f32\n#b = !t",
              "module attributes {x = [tensor<2xf32>, tensor<2xf32>], y = tensor<2xf32>, z = "
              "[tensor<2xf32>, tensor<2xf32>]} {}");
  expect_same("module attributes {x = #0} {}\n  #0 = {a}", "module attributes {x = {a}} {}");
}

static void test_resources(void **state) {
  (void)state;
  expect_same("module attributes {a = dense_resource<key> : tensor<2xf32>, b = dense_resource<\"k "
              "2\"> : tensor<1xi8>, c = "
              "dense_resource<key> : tensor<8xi8>} {}\n{-#\n dialect_resources: { builtin: { key: "
              "\"0x040000000000803F00000040\", \"k 2\": \"0x010000007F\" } }, external_resources: "
              "{ x: { y: \"z\" } }\n#-}\n",
              "module attributes {a = dense<[1.0, 2.0]> : tensor<2xf32>, b = dense<127> : "
              "tensor<1xi8>, c = dense<[0, 0, -128, 63, "
              "0, 0, 0, 64]> : tensor<8xi8>} {}");
}

static void expect_pos(const sk_module *m, sk_opkind kind, const char *file, uint32_t line,
                       uint32_t col) {
  sk_srcpos pos = sk_loc_pos(m, sk_op_get(m, first_op(m, kind))->loc);
  assert_string_equal(pos.file, file);
  assert_int_equal(pos.line, line);
  assert_int_equal(pos.col, col);
}

static void test_locations(void **state) {
  (void)state;
  sk_module *m = read_ok(
      "func.func @f(%a: tensor<f32> loc(\"x\")) {\n"
      "  %0 = stablehlo.abs %a : tensor<f32> loc(#loc3)\n"
      "\n"
      "  // comment\n"
      "    %1 = \"stablehlo.sine\"(%a) : (tensor<f32>) -> tensor<f32>\n"
      "  %2 = stablehlo.floor %a : tensor<f32> loc(\"n\"(\"f.py\":3:4))\n"
      "  %3 = stablehlo.ceil %a : tensor<f32> loc(callsite(\"c\"(\"g.py\":5:6 to 7:8) at "
      "unknown))\n"
      "  %4 = stablehlo.negate %a : tensor<f32> loc(fused<{a = 1}>[\"q\", \"h.py\":9:1 to :5])\n"
      "  %5 = stablehlo.sqrt %a : tensor<f32> loc(#loc2)\n"
      "  return loc(unknown)\n"
      "}\n"
      "#loc2 = loc(#loc1)\n"
      "#loc3 = loc(callsite(\"n\" at #loc2))\n"
      "#loc1 = loc(\"late.py\":11:12)\n");
  expect_pos(m, SK_OP_ABS, "late.py", 11, 12);
  expect_pos(m, SK_OP_SQRT, "late.py", 11, 12);
  expect_pos(m, SK_OP_SINE, "t.mlir", 5, 10);
  expect_pos(m, SK_OP_FLOOR, "f.py", 3, 4);
  expect_pos(m, SK_OP_CEIL, "g.py", 5, 6);
  expect_pos(m, SK_OP_NEGATE, "h.py", 9, 1);
  for (uint32_t id = 1; id < m->locs.count; id++) {  // parts before wholes
    const sk_loc_rec *rec = &m->locs.data[id];
    assert_true(rec->a.id < id && rec->b.id < id);
    for (uint32_t i = 0; i < rec->part_count; i++) {
      assert_true(rec->parts[i].id < id);
    }
  }
  assert_int_equal(sk_op_get(m, first_op(m, SK_OP_FUNC_RETURN))->loc.id, sk_loc_unknown(m).id);
  sk_module_destroy(m);
}

static void test_scopes(void **state) {
  (void)state;
  // Numbers and names again in another function; names again in sibling regions; outer values seen from inside.
  sk_module *m = read_ok(
      "func.func @f(%0: tensor<i1>, %x: tensor<f32>) {\n"
      "  %1:2 = \"stablehlo.if\"(%0) ({\n"
      "    %2 = stablehlo.abs %x : tensor<f32>\n %y = stablehlo.abs %2 : tensor<f32>\n"
      "    stablehlo.return %2, %y : tensor<f32>, tensor<f32>\n"
      "  }, {\n"
      "    %2 = stablehlo.sine %x : tensor<f32>\n %y = stablehlo.sine %2 : tensor<f32>\n"
      "    stablehlo.return %2, %y : tensor<f32>, tensor<f32>\n"
      "  }) : (tensor<i1>) -> (tensor<f32>, tensor<f32>)\n"
      "  %2 = stablehlo.negate %1#1 : tensor<f32>\n %y = stablehlo.negate %1 : tensor<f32>\n"
      "  return\n"
      "}\n"
      "func.func @g(%0: tensor<f32>, %x: tensor<i1>) {\n %1 = stablehlo.floor %0 : tensor<f32>\n "
      "%123456 = stablehlo.ceil %1 : "
      "tensor<f32>\n %00 = stablehlo.sqrt %123456 : tensor<f32>\n return\n}\n");
  sk_op negate = first_op(m, SK_OP_NEGATE);
  const sk_value_rec *operand = sk_value_get(m, sk_op_operand(m, negate, 0));
  assert_int_equal(operand->op.id, first_op(m, SK_OP_IF).id);
  assert_int_equal(operand->index, 1);
  sk_op sqrt_op = first_op(m, SK_OP_SQRT);
  assert_int_equal(sk_value_get(m, sk_op_operand(m, sqrt_op, 0))->op.id,
                   first_op(m, SK_OP_CEIL).id);
  sk_module_destroy(m);
}

// Many names in many regions, against what they must mean.
static void test_many_names(void **state) {
  (void)state;
  enum { REGIONS = 40, NAMES = 60 };
  sk_text text;
  sk_text_init(&text);
  sk_text_addf(&text, "func.func @f(%%p: tensor<i1>, %%v: tensor<f32>) {\n");
  for (int r = 0; r < REGIONS; r++) {
    sk_text_addf(&text, "\"stablehlo.if\"(%%p) ({\n");
    for (int i = 0; i < NAMES; i++) {
      sk_text_addf(
          &text,
          "%%%s%d_%d = stablehlo.abs %%v : tensor<f32>\n%%%d = stablehlo.abs %%v : tensor<f32>\n",
          i % 2 ? "arg" : "x", r % 3, i, i * 7 + r % 2);
    }
    sk_text_addf(&text,
                 "stablehlo.return\n}, {\nstablehlo.return\n}) : (tensor<i1>) -> ()\n%%n%d = "
                 "stablehlo.sine %%v : tensor<f32>\n",
                 r);
  }
  for (int r = 0; r < REGIONS; r++) {
    sk_text_addf(&text, "%%m%d = stablehlo.cosine %%n%d : tensor<f32>\n", r, r);
  }
  sk_text_addf(&text, "return\n}\n");
  sk_module *m = read_ok(text.data);
  int seen = 0;
  for (uint32_t id = 1; id < m->ops.count; id++) {
    if (m->ops.data[id].kind == SK_OP_COSINE) {
      sk_op sine = sk_value_get(m, sk_op_operand(m, (sk_op){id}, 0))->op;
      assert_int_equal(sk_op_kind(m, sine), SK_OP_SINE);
      sk_op previous = {0};
      for (uint32_t k = 1; k < m->ops.count && seen > 0; k++) {
        if (m->ops.data[k].kind == SK_OP_SINE && k < sine.id) {
          previous.id = k;
        }
      }
      assert_true(seen == 0 || previous.id != 0);
      seen++;
    }
  }
  assert_int_equal(seen, REGIONS);
  sk_module_destroy(m);
  sk_text_fini(&text);
}

// -- top level ------------------------------------------------------------------------------------

static void test_top_level(void **state) {
  (void)state;
  sk_module *m = read_ok("");
  assert_int_equal(sk_region_first(m, sk_op_region(m, m->root, 0)).id, 0);
  sk_module_destroy(m);
  m = read_ok("// nothing but a comment");
  sk_module_destroy(m);
  m = read_ok("module @name {\n  func.func @f() { return }\n  module @inner { func.func @g() { "
              "return } }\n} loc(\"m.py\":1:2)\n");
  assert_true(sk_str_eq(sk_op_string(m, m->root, SK_NAME_sym_name), SK_STR("name")));
  assert_int_equal(sk_loc_pos(m, sk_op_get(m, m->root)->loc).line, 1);
  assert_true(sk_module_find_func(m, SK_STR("f")).id != 0);
  assert_int_equal(sk_module_find_func(m, SK_STR("g")).id, 0);
  sk_module_destroy(m);
  expect_same("func.func @f() { return }", "module { func.func @f() { return } }");
  m = read_ok("func.func @f() { return }\nmodule @second { }");
  assert_int_equal(sk_op_string(m, m->root, SK_NAME_sym_name).len, 0);
  sk_module_destroy(m);
}

static void test_any_module(void **state) {
  (void)state;
  static const char text[] = "module @m {}";
  static const unsigned char magic[] = {0x4D, 0x4C, 0xEF, 0x52};
  sk_module *m;
  assert_null(sk_read_module("t.mlir", text, sizeof text - 1, NULL, &m));
  sk_module_destroy(m);
  assert_false(sk_read_is_bytecode(text, sizeof text - 1));
  assert_true(sk_read_is_bytecode(magic, sizeof magic));
  assert_false(sk_read_is_bytecode(magic, 3));
  sk_status status = sk_read_module("b.mlirbc", magic, sizeof magic, NULL, &m);
  assert_non_null(status);  // cut off behind the magic number: the other reader's error
  assert_null(strstr(sk_status_message(status), "expected the name of an operation"));
  assert_null(m);
  sk_status_free(status);
}

// Reading ends well wherever memory runs out. ASAN judges the leaks.
static void test_memory_exhausted(void **state) {
  (void)state;
  static const char text[] =
      "#a = [1, {b = dense<[1, 2, 3]> : tensor<3xi8>}]\n"
      "module @m attributes {x = #a, y = #late, s = \"q\\22\", o = #sdy.mesh<[\"a\"=1]>} {\n"
      "  func.func @f(%a: tensor<4x5xf32> {k}, %z: tensor<f32>) -> (tensor<4xf32> {r}) {\n"
      "    %0 = stablehlo.reduce(%a init: %z) applies stablehlo.add across dimensions = [1] : "
      "(tensor<4x5xf32>, tensor<f32>) -> "
      "tensor<4xf32> loc(#l)\n"
      "    %1 = \"stablehlo.sort\"(%0) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %c = "
      "stablehlo.compare LT, %x, %y : "
      "(tensor<f32>, tensor<f32>) -> tensor<i1> stablehlo.return %c : tensor<i1> }) {dimension = 0 "
      ": i64} : (tensor<4xf32>) -> "
      "tensor<4xf32>\n"
      "    %c = stablehlo.constant dense_resource<k> : tensor<1xf32>\n"
      "    return %1 : tensor<4xf32>\n  }\n}\n"
      "#late = @s::@t\n#l = loc(fused<\"m\">[\"n\"(#k), \"f\":1:2])\n#k = loc(\"z\")\n"
      "{-# dialect_resources: { builtin: { k: \"0x040000000000803F\" } } #-}\n";
  sk_module *m = read_ok(text);
  sk_module_destroy(m);
  uint64_t n = 0;
  for (bool done = false; !done;) {
    sk_mem_fail_at(++n, true);
    sk_status status = sk_read_text("t", text, sizeof text - 1, NULL, &m);
    done = sk_mem_fail_hits() == 0;
    sk_mem_fail_at(0, false);
    assert_true(done ? status == NULL
                     : m == NULL && sk_status_code(status) == SK_RESOURCE_EXHAUSTED);
    sk_status_free(status);
    sk_module_destroy(m);
  }
  assert_true(n > 3);
}

static void test_pieces(void **state) {
  (void)state;
  sk_module *m = read_ok("");
  sk_type type;
  sk_attr attr;
  sk_srcpos at = {"b.mlirbc", 0, 0};
  assert_null(sk_read_text_type(m, SK_STR("tensor<2xf8E5M2>"), at, &type));
  assert_int_equal(sk_type_get(m, type)->elem, SK_F8E5M2);
  bool has_loc = true;
  assert_null(sk_read_text_attr(m, SK_STR("[1, \"a loc(unknown)\"]"), at, &attr, &has_loc));
  assert_int_equal(sk_attr_get(m, attr)->kind, SK_ATTR_ARRAY);
  assert_false(has_loc);
  assert_null(sk_read_text_attr(m, SK_STR("[1, loc(unknown)]"), at, &attr, &has_loc));
  assert_true(has_loc);
  sk_status status = sk_read_text_attr(m, SK_STR("1 2"), at, &attr, &has_loc);
  assert_int_equal(sk_status_code(status), SK_INVALID_ARGUMENT);
  assert_string_equal(sk_status_pos(status).file, "b.mlirbc");
  sk_status_free(status);
  sk_module_destroy(m);
}

// Text of attributes of other dialects means nothing here: it comes back as it was, whatever it looks
// like. What StableHLO's own say inside string literals comes back, too.
static void test_kept_text(void **state) {
  (void)state;
  static const char *const kept[] = {
      "#sdy.mesh<[\"#stablehlo.mesh<axes = [\"=2]>",
      "#sdy.mesh<[\"a\\22#stablehlo.mesh<axes = [\\\\\"=2]>",
      "#sdy.mesh<[\"a\"a#stablehlo.mesh<axes = [\"=2, \"b]>, 7]>",
      "#sdy.mesh<[#stablehlo.mesh_axis<\"a\"=2>]>",
      "#other.x<#stablehlo.mesh<axes = [], device_ids = 1>>",
      "#stablehlo.mesh<axes=[<name = \"[#stablehlo.mesh_axis<>], device_ids = \", size = 2>]>",
      "#stablehlo.mesh<axes=[<name = \"a\\22, #stablehlo.mesh_axis<\", size = 2>]>",
  };
  for (size_t i = 0; i < SK_COUNT(kept); i++) {
    sk_module *m = read_ok("");
    sk_srcpos at = {"kept", 0, 0};
    sk_attr attr;
    sk_text text;
    bool has_loc;
    sk_text_init(&text);
    assert_null(sk_read_text_attr(m, sk_str_from(kept[i]), at, &attr, &has_loc));
    sk_attr_print(m, attr, &text);
    assert_string_equal(text.data, kept[i]);
    sk_text_fini(&text);
    sk_module_destroy(m);
  }
}

// Strings hold any bytes, NUL too; every way of printing brings all of them back.
static void test_nul_in_strings(void **state) {
  (void)state;
  static const char source[] =
      "sdy.mesh @\"m\\00n\" = <[\"a\0b\"=2]>\n"
      "func.func @\"f\\00g\"(%a: tensor<8xf32> {x.y = \"a\\00b\"}) -> tensor<8xf32> {\n"
      "  %0 = sdy.manual_computation(%a) in_shardings=[<@\"m\0n\", [{\"a\0b\"}]>] "
      "out_shardings=[<@\"m\0n\", [{\"a\0b\"}]>] manual_axes={\"a\0b\"} (%b: tensor<4xf32>) {\n"
      "    sdy.return %b : tensor<4xf32>\n"
      "  } : (tensor<8xf32>) -> tensor<8xf32>\n"
      "  %1 = sdy.sharding_constraint %0 <@\"m\0n\", [{\"a\0b\"}]> : tensor<8xf32>\n"
      "  return %1 : tensor<8xf32>\n"
      "}\n";
  static const sk_print_options ways[] = {{0}, {.generic = true}, {.locations = true}};
  sk_module *m, *again;
  assert_null(sk_read_text("nul", source, sizeof source - 1, NULL, &m));
  for (size_t i = 0; i < SK_COUNT(ways); i++) {
    sk_text text, difference;
    sk_text_init(&text);
    sk_text_init(&difference);
    sk_module_print(m, &ways[i], &text);
    assert_null(sk_read_text("again", text.data, text.len, NULL, &again));
    assert_true(sk_module_equal(m, again, &difference));
    sk_module_destroy(again);
    sk_text_fini(&difference);
    sk_text_fini(&text);
  }
  sk_module_destroy(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_constants),      cmocka_unit_test(test_hex_digits),
      cmocka_unit_test(test_numbers),        cmocka_unit_test(test_texts),
      cmocka_unit_test(test_containers),     cmocka_unit_test(test_structures),
      cmocka_unit_test(test_spellings),      cmocka_unit_test(test_twins),
      cmocka_unit_test(test_types),          cmocka_unit_test(test_aliases),
      cmocka_unit_test(test_resources),      cmocka_unit_test(test_locations),
      cmocka_unit_test(test_scopes),         cmocka_unit_test(test_many_names),
      cmocka_unit_test(test_top_level),      cmocka_unit_test(test_memory_exhausted),
      cmocka_unit_test(test_nul_in_strings), cmocka_unit_test(test_kept_text),
      cmocka_unit_test(test_pieces),         cmocka_unit_test(test_any_module),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
