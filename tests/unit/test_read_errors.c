// SPDX-License-Identifier: Apache-2.0
// What the text reader says to wrong text: code, line, column and message; and that hostile text ends in
// an error in bounded time, wherever it is cut off.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "read/read.h"

typedef struct {
  const char *text;
  sk_code code;
  uint32_t line, col;
  const char *message;  // part of it
} error_case;

static unsigned wrong_count;

static void expect_error(const char *text, size_t len, const error_case *want) {
  sk_module *module = NULL;
  sk_status status = sk_read_text("t.mlir", text, len, NULL, &module);
  if (status == NULL) {
    fail_msg("accepted: %.300s", text);
  }
  assert_null(module);
  char whole[600];
  sk_status_format(status, whole, sizeof whole);
  sk_srcpos pos = sk_status_pos(status);
  bool right = sk_status_code(status) == want->code &&
               strstr(sk_status_message(status), want->message) != NULL &&
               (want->line == 0 || (pos.line == want->line && pos.col == want->col));
  if (!right) {
    print_error("%.300s\ngot:      %s\nexpected: %u:%u %s\n", text, whole, want->line, want->col,
                want->message);
    wrong_count++;
  }
  assert_string_equal(pos.file, "t.mlir");
  sk_status_free(status);
}

#define F(body) "func.func @f(%a: tensor<2xf32>, %b: tensor<2xi32>) {\n" body "\nreturn }"
#define M(value) "module attributes {a = " value "} {}"

static const error_case cases[] = {
    // structure
    {F("%0 = stablehlo.add %a, %a tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 27,
     "expected ':' after the operands in stablehlo.add, got 'tensor'"},
    {F("%0 = stablehlo.add %a, : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 24,
     "expected a value such as %0"},
    {F("%0 = stablehlo.add %a, %c : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 24,
     "use of value '%c' before any definition"},
    {F("%0 = stablehlo.add %a, %1 : tensor<2xf32>\n%1 = stablehlo.abs %a : tensor<2xf32>"),
     SK_INVALID_ARGUMENT, 2, 24, "use of value '%1' before any definition"},
    {F("%a = stablehlo.abs %a : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 1,
     "redefinition of value '%a'"},
    {F("%0 = stablehlo.abs %a : tensor<2xf32>\n%0 = stablehlo.abs %a : tensor<2xf32>"),
     SK_INVALID_ARGUMENT, 3, 1, "redefinition of value '%0'"},
    {F("%0 = stablehlo.add %a, %b : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 29,
     "operand 1 of stablehlo.add has type tensor<2xi32>, here it is said to have tensor<2xf32>"},
    {F("%0 = \"stablehlo.add\"(%a, %a) : (tensor<2xf32>) -> tensor<2xf32>"), SK_INVALID_ARGUMENT, 2,
     32, "2 operands present, but expected 1 in the type of stablehlo.add"},
    {F("%0, %1 = stablehlo.abs %a : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 1,
     "has 1 results, but 2 are named"},
    {F("%0:0 = stablehlo.abs %a : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 4,
     "at least one result"},
    {F("%0:4294967295 = stablehlo.abs %a : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 4,
     "at least one result"},
    {F("%0:2147483647 = stablehlo.abs %a : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 1,
     "but 2147483647 are named"},
    {F("%0 = stablehlo.abs %a#1 : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 22,
     "has 1 results, number 1 was asked for"},
    {F("%0 = stablehlo.abs %a#99999999999999999999 : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 22,
     "was asked for"},
    {F("%0 = stablehlo.gather %a : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 6,
     "write \"stablehlo.gather\"(...)"},
    {F("%0 = stablehlo.addd %a : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 6,
     "unknown operation 'stablehlo.addd'"},
    {F("\"chlo.nothing\"() : () -> ()"), SK_INVALID_ARGUMENT, 2, 1,
     "unknown operation 'chlo.nothing'"},
    {F("%0 = arith.addi %a, %a : i32"), SK_UNIMPLEMENTED, 2, 6,
     "'arith.addi' of another dialect is not supported"},
    {F("%0 = arith.constant 1 : i32"), SK_UNIMPLEMENTED, 2, 21,
     "arith.constant of a scalar is not supported"},
    {M("#stablehlo.dot_algorithm<lhs_precision_type = f32, rhs_precision_type = f32, "
       "accumulation_type = f32, lhs_component_count = 0, rhs_component_count = 1, "
       "num_primitive_operations = 1, allow_imprecise_accumulation = false>"),
     SK_INVALID_ARGUMENT, 0, 0, "lhs_component_count must be positive (C22)"},
    {F("\"stablehlo.add\"(%a)[^bb1] : () -> ()"), SK_UNIMPLEMENTED, 2, 20, "successor blocks"},
    {F("\"stablehlo.if\"(%a) ({ ^bb0: stablehlo.return\n ^bb1: stablehlo.return }) : "
       "(tensor<2xf32>) -> ()"),
     SK_UNIMPLEMENTED, 3, 2, "regions of several blocks are not supported"},
    {F("%0 = stablehlo.abs %a tensor"), SK_INVALID_ARGUMENT, 2, 23, "expected ':'"},
    {F("%0 = stablehlo.abs %a  // ok"), SK_INVALID_ARGUMENT, 2, 22,
     "expected ':' after the operands in stablehlo.abs, got 'return'"},
    {"func.func @f() {\n", SK_INVALID_ARGUMENT, 2, 1, "got the end of the input"},
    {"func.func @f(%a: tensor<f32>, tensor<f32>) { return }", SK_INVALID_ARGUMENT, 1, 31,
     "expected the name of an argument"},
    {"func.func @f(tensor<f32>) { return }", SK_INVALID_ARGUMENT, 1, 27,
     "the arguments have no names"},
    {"func.func f() { return }", SK_INVALID_ARGUMENT, 1, 11,
     "expected a symbol such as @name in func.func"},
    {"func.func @\"\"() { return }", SK_INVALID_ARGUMENT, 1, 11, "cannot be empty"},
    {"func.func @f() attributes {sym_name = \"g\"} { return }", SK_INVALID_ARGUMENT, 1, 1,
     "'sym_name' is given twice"},
    {"module {} module {}", SK_UNIMPLEMENTED, 1, 11, "operations behind the module"},
    {"\"builtin.module\"() : () -> ()", SK_INVALID_ARGUMENT, 1, 1, "builtin.module has one region"},
    {"\"builtin.module\"() ({ ^bb0(%a: tensor<f32>): stablehlo.abs %a : tensor<i32> }) : () -> ()",
     SK_INVALID_ARGUMENT, 1, 28, "the body of a module has no arguments"},
    {"}", SK_INVALID_ARGUMENT, 1, 1, "expected the name of an operation, got '}'"},
    {"\xff\xfe", SK_INVALID_ARGUMENT, 1, 1, "an unexpected character, where"},
    {"@", SK_INVALID_ARGUMENT, 1, 1, "a symbol name is missing"},
    {"\"abc", SK_INVALID_ARGUMENT, 1, 1, "a string without its closing quote"},
    {"\"abc\n\"", SK_INVALID_ARGUMENT, 1, 1, "a string without its closing quote"},
    {"\"abc\\\"", SK_INVALID_ARGUMENT, 1, 1, "a string without its closing quote"},
    {F("%0 = stablehlo.reduce(%a init: %b) applies stablehlo.subtract across dimensions = [0] : "
       "(tensor<2xf32>, tensor<2xi32>) "
       "-> tensor<f32>"),
     SK_INVALID_ARGUMENT, 2, 44, "commutative binary-op"},
    {F("%0 = stablehlo.while(%i = %a) : tensor<2xf32> cond {"), SK_INVALID_ARGUMENT, 0, 0, "while"},
    {F("\"stablehlo.abs\"(%a) <{x = 1}> {x = 2} : (tensor<2xf32>) -> tensor<2xf32>"),
     SK_INVALID_ARGUMENT, 2, 1, "'x' is given twice"},
    // attributes
    {M("1 : i65"), SK_INVALID_ARGUMENT, 1, 28, "expected a type"},
    {M("256 : i8"), SK_INVALID_ARGUMENT, 1, 24, "out of range for i8"},
    {M("-129 : i8"), SK_INVALID_ARGUMENT, 1, 24, "out of range for i8"},
    {M("-1 : ui8"), SK_INVALID_ARGUMENT, 1, 24, "out of range for ui8"},
    {M("18446744073709551616"), SK_INVALID_ARGUMENT, 1, 24, "out of range for i64"},
    {M("1 : f32"), SK_INVALID_ARGUMENT, 1, 24, "needs a floating-point literal such as 1.0"},
    {M("0x1FFFFFFFF : f32"), SK_INVALID_ARGUMENT, 1, 24, "out of range for f32"},
    {M("1 : tensor<f32>"), SK_INVALID_ARGUMENT, 1, 28,
     "a number needs an integer or floating-point type"},
    {M("- x"), SK_INVALID_ARGUMENT, 1, 26, "expected a number after '-'"},
    {M("1, a = 2"), SK_INVALID_ARGUMENT, 1, 19, "attribute 'a' is given twice"},
    {M("[1, ]"), SK_INVALID_ARGUMENT, 1, 28, "expected an attribute value"},
    {M("{\"\" = 1}"), SK_INVALID_ARGUMENT, 0, 0, "an attribute name that is not empty"},
    {M("#missing"), SK_INVALID_ARGUMENT, 1, 24, "undefined alias '#missing'"},
    {M("#stablehlo<precision LOW>"), SK_INVALID_ARGUMENT, 1, 45,
     "expected precision to be one of: DEFAULT, HIGH, HIGHEST; got 'LOW'"},
    {M("#stablehlo.nothing<1>"), SK_INVALID_ARGUMENT, 1, 24, "not an attribute of this dialect"},
    {M("#stablehlo.dot<foo = [1]>"), SK_INVALID_ARGUMENT, 1, 39,
     "expected one of: `lhs_batching_dimensions`"},
    {M("#stablehlo.dot<lhs_batching_dimensions = [], lhs_batching_dimensions = []>"),
     SK_INVALID_ARGUMENT, 1, 69, "duplicated `lhs_batching_dimensions` entry"},
    {M("#stablehlo.channel_handle<handle = 1>"), SK_INVALID_ARGUMENT, 0, 0, "`type` is missing"},
    {M("#stablehlo.conv<[b, 0, f]x[i, 0, o]->[b, 0]>"), SK_INVALID_ARGUMENT, 0, 0,
     "expected dimensions b and f"},
    {M("#stablehlo.conv<[b, 0, 0, f]x[i, 0, o]->[b, 0, f]>"), SK_INVALID_ARGUMENT, 1, 47,
     "duplicate entries for spatial dimension 0"},
    {M("#stablehlo.conv<[b, 1, f]x[i, 0, o]->[b, 0, f]>"), SK_INVALID_ARGUMENT, 0, 0,
     "expected spatial dimension 0"},
    {M("#stablehlo.conv<[b, 99999999999, f]x[i, 0, o]->[b, 0, f]>"), SK_INVALID_ARGUMENT, 0, 0,
     "unexpected dimension"},
    {M("#other.x<[(])>"), SK_INVALID_ARGUMENT, 1, 35, "expected ')' here"},
    {"module attributes {a = #other.x<[", SK_INVALID_ARGUMENT, 1, 32, "'<' is never closed"},
    {M("sparse<0, 1> : tensor<2xi32>"), SK_UNIMPLEMENTED, 1, 24, "sparse"},
    {M("array<tensor<f32>: 1>"), SK_INVALID_ARGUMENT, 1, 30, "array needs an integer"},
    {M("array<i8: 300>"), SK_INVALID_ARGUMENT, 1, 34, "out of range for i8"},
    // constants
    {M("dense<[1, 2]> : tensor<3xi32>"), SK_INVALID_ARGUMENT, 1, 35,
     "expected 3 elements in dimension 0"},
    {M("dense<[1, 2, 3]> : tensor<2xi32>"), SK_INVALID_ARGUMENT, 1, 35,
     "expected 2 elements in dimension 0"},
    {M("dense<[[1], [2, 3]]> : tensor<2x1xi32>"), SK_INVALID_ARGUMENT, 1, 38,
     "expected 1 elements in dimension 1"},
    {M("dense<[1, 2]> : tensor<2x1xi32>"), SK_INVALID_ARGUMENT, 1, 31, "expected '['"},
    {M("dense<[[1]]> : tensor<1xi32>"), SK_INVALID_ARGUMENT, 1, 31, "expected an integer"},
    {M("dense<[1]> : tensor<i32>"), SK_INVALID_ARGUMENT, 1, 30,
     "expected one element, without brackets"},
    {M("dense<> : tensor<2xi32>"), SK_INVALID_ARGUMENT, 1, 30,
     "expected the elements of a constant"},
    {M("dense<1.5> : tensor<2xi32>"), SK_INVALID_ARGUMENT, 1, 30, "expected an integer"},
    {M("dense<1> : tensor<2xf32>"), SK_INVALID_ARGUMENT, 1, 30,
     "an integer where f32 needs a floating-point literal"},
    {M("dense<1.0> : tensor<2xcomplex<f32>>"), SK_INVALID_ARGUMENT, 1, 30,
     "expected '(' before a complex number"},
    {M("dense<[1 2]> : tensor<2xi32>"), SK_INVALID_ARGUMENT, 1, 33, "expected ',' or ']'"},
    {M("dense<1 2> : tensor<2xi32>"), SK_INVALID_ARGUMENT, 1, 32,
     "expected '>' after the elements"},
    {M("dense<1> : tensor<?xi32>"), SK_INVALID_ARGUMENT, 1, 35,
     "a tensor type with known dimensions"},
    {M("dense<1> : i32"), SK_INVALID_ARGUMENT, 1, 35, "a tensor type with known dimensions"},
    {M("dense<1>"), SK_INVALID_ARGUMENT, 1, 32, "expected ':' after a constant"},
    {M("dense<1"), SK_INVALID_ARGUMENT, 1, 29, "dense<... without its '>'"},
    {M("dense<[0]> : tensor<9223372036854775807xi8>"), SK_INVALID_ARGUMENT, 1, 30,
     "the list is shorter"},
    {M("dense<\"0x012\"> : tensor<1xi8>"), SK_INVALID_ARGUMENT, 0, 0,
     "odd number of hexadecimal digits"},
    {M("dense<\"0x0102\"> : tensor<3xi8>"), SK_INVALID_ARGUMENT, 1, 33,
     "needs 3 bytes (or 1 for a single value), got 2"},
    {M("dense<\"0x0G\"> : tensor<1xi8>"), SK_INVALID_ARGUMENT, 1, 34,
     "expected a hexadecimal digit"},
    {M("dense<\"text\"> : tensor<1xi8>"), SK_UNIMPLEMENTED, 1, 30, "constants of strings"},
    {M("dense_resource<key> : tensor<1xi8>"), SK_INVALID_ARGUMENT, 1, 39,
     "resource 'key' is not among"},
    {M("dense_resource<__elided__> : tensor<1xi8>"), SK_INVALID_ARGUMENT, 1, 39,
     "was left out when this text was printed"},
    {M("dense_resource<k> : tensor<1xi8>") "\n{-# dialect_resources: {builtin: {k: \"0x04\"}} #-}",
     SK_INVALID_ARGUMENT, 2, 38, "the alignment in eight digits"},
    {"{-# a: 1 #-}", SK_INVALID_ARGUMENT, 1, 8, "expected a resource"},
    {"{-# dialect_resources: {", SK_INVALID_ARGUMENT, 1, 25, "expected the key of a resource"},
    // types
    {M("tensor<2x>"), SK_INVALID_ARGUMENT, 1, 33, "expected an element type"},
    {M("tensor<2 3xf32>"), SK_INVALID_ARGUMENT, 1, 33, "expected 'x' after a dimension"},
    {M("tensor<2xf33>"), SK_INVALID_ARGUMENT, 1, 33, "'f33' is not an element type"},
    {M("tensor<99999999999999999999xf32>"), SK_INVALID_ARGUMENT, 1, 31, "larger than 2^63 - 1"},
    {M("tensor<4294967296x4294967296xf32>"), SK_INVALID_ARGUMENT, 1, 24, ""},
    {M("tensor<1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xf32>"),
     SK_UNIMPLEMENTED, 1, 95, "more than 32 dimensions"},
    {M("tensor<2x*xf32>"), SK_INVALID_ARGUMENT, 1, 33, "'*' stands for all dimensions"},
    {M("tensor<?xf32, #stablehlo.bounds<1, 2>>"), SK_INVALID_ARGUMENT, 1, 38,
     "2 bounds for a tensor of 1 dimensions"},
    {M("complex<i32>"), SK_INVALID_ARGUMENT, 1, 32, "expected f32 or f64"},
    {M("vector<2xf32>"), SK_UNIMPLEMENTED, 1, 24, "vector types"},
    {M("memref<2xf32, 1>"), SK_UNIMPLEMENTED, 1, 24, "layout or memory space"},
    {M("!stablehlo.nothing"), SK_INVALID_ARGUMENT, 1, 24, "not a type of StableHLO"},
    {M("tensor<2x!quant.uniform<i8:f32:{0:1}, {{1.0}}>>"), SK_UNIMPLEMENTED, 0, 0, "sub-channel"},
    {M("tensor<2x!quant.uniform<i64:f32, 1.0>>"), SK_INVALID_ARGUMENT, 0, 0,
     "expected a storage type"},
    {M("!t"), SK_INVALID_ARGUMENT, 1, 24, "undefined alias '!t'"},
    // aliases and locations
    {"#a = [#b]\n#b = [#a]\nmodule {}", SK_INVALID_ARGUMENT, 2, 7, "'#a' contains itself"},
    {"!a = tuple<!a>", SK_INVALID_ARGUMENT, 1, 12, "'!a' contains itself"},
    {"#a = 1\n#a = 2", SK_INVALID_ARGUMENT, 2, 1, "redefinition of alias '#a'"},
    {"#a.b = 1", SK_INVALID_ARGUMENT, 1, 1, "cannot contain '.'"},
    {"func.func private @f() loc(#x)\n", SK_INVALID_ARGUMENT, 1, 28,
     "undefined location alias '#x'"},
    {"func.func private @f() loc(#x)\n#x = 5", SK_INVALID_ARGUMENT, 1, 28,
     "used as a location but defined as another attribute"},
    {"#x = 5\nfunc.func private @f() loc(#x)", SK_INVALID_ARGUMENT, 2, 28,
     "'#x' is not a location"},
    {"func.func private @f() loc(#x)\n#x = loc(#x)", SK_INVALID_ARGUMENT, 0, 0,
     "a location contains itself"},
    {"func.func private @f() loc(#x)\n#x = loc(\"a\"(#y))\n#y = loc(callsite(#z at #x))\n#z = "
     "loc(unknown)",
     SK_INVALID_ARGUMENT, 0, 0, "a location contains itself"},
    {"func.func private @f() loc(fused<[loc(#x)]>[#x])\n#x = loc(\"a\")", SK_UNIMPLEMENTED, 1, 35,
     "inside the metadata"},
    {"func.func private @f() loc(\"f\":99999999999:1)", SK_INVALID_ARGUMENT, 1, 32,
     "too large for a line or column"},
    {"func.func private @f() loc(somewhere)", SK_INVALID_ARGUMENT, 1, 28, "expected a location"},
    // forms
    {F("%0 = stablehlo.concatenate %a, %a dim = 0 : (tensor<2xf32>, tensor<2xf32>) -> "
       "tensor<4xf32>"),
     SK_INVALID_ARGUMENT, 2, 35, "expected ','"},
    {F("%0 = stablehlo.broadcast_in_dim %a : (tensor<2xf32>) -> tensor<2xf32>"),
     SK_INVALID_ARGUMENT, 2, 36, "expected ','"},
    {F("%0 = stablehlo.iota : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 21, "expected 'dim'"},
    {"func.func @f() {\n^bb0(%a: tensor<f32>): return }", SK_INVALID_ARGUMENT, 2, 5,
     "expected ':' after the label of a block"},
    {F("%0 = stablehlo.reduce_precision %a, format = e5 : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2,
     46, "in format e#m#, saw e5"},
    {F("%0 = stablehlo.reduce_precision %a, format = e1m2147483648 : tensor<2xf32>"),
     SK_INVALID_ARGUMENT, 2, 49, "unable to parse mantissa '2147483648'"},
    {F("%0 = stablehlo.select %a, %a, %a : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 36,
     "expected functional type or list of two types"},
    {F("%0 = stablehlo.complex %a, %a : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 33,
     "expected tensor with complex element type"},
    {F("%0 = stablehlo.tuple %a : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2, 27,
     "expected tuple type"},
    {F("%0 = stablehlo.compare XX, %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xi1>"),
     SK_INVALID_ARGUMENT, 2, 24,
     "expected comparison_direction to be one of: EQ, NE, GE, GT, LE, LT"},
    {F("%0 = stablehlo.constant 5 : i32"), SK_INVALID_ARGUMENT, 2, 25,
     "expected a constant such as"},
    {F("%0 = stablehlo.iota dim = 99999999999999999999 : tensor<2xf32>"), SK_INVALID_ARGUMENT, 2,
     27, "does not fit in 64 bits"},
    {F("%0 = stablehlo.custom_call \"t\"(%a) : (tensor<2xf32>) -> ()"), SK_INVALID_ARGUMENT, 2, 28,
     "expected a symbol"},
};

static void test_messages(void **state) {
  (void)state;
  wrong_count = 0;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    expect_error(cases[i].text, strlen(cases[i].text), &cases[i]);
  }
  assert_int_equal(wrong_count, 0);
}

static void test_nul_byte(void **state) {
  (void)state;
  static const char text[] = "func.func @f() {\n  \0return }";
  wrong_count = 0;
  expect_error(text, sizeof text - 1, &(error_case){NULL, SK_INVALID_ARGUMENT, 2, 3, "a NUL byte"});
  static const char inside[] = "module attributes {a = #x.y<\0>} {}";
  expect_error(inside, sizeof inside - 1,
               &(error_case){NULL, SK_INVALID_ARGUMENT, 1, 29, "a NUL byte"});
  assert_int_equal(wrong_count, 0);
}

// -- hostile text ---------------------------------------------------------------------------------

typedef struct {
  const char *before, *repeated, *after;
  sk_code code;
  const char *message;
} flood;

static const flood floods[] = {
    {"", "(", "", SK_INVALID_ARGUMENT, "expected"},
    {"", "\"stablehlo.if\"() ({ ", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"", "module { ", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"func.func @f() {", "stablehlo.while() cond {", "", SK_RESOURCE_EXHAUSTED,
     "levels of nesting"},
    {"module attributes {a = ", "[", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = ", "{a = ", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = ", "(", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = ", "() -> (", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = ", "tuple<", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = ", "!stablehlo.future<", "", SK_RESOURCE_EXHAUSTED,
     "levels of nesting"},
    {"module attributes {a = ", "tensor<f32, ", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = #x.y<", "<", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = !x.y<", "([{", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = dense<", "[", "> : tensor<1xi8>} {}", SK_INVALID_ARGUMENT,
     "expected an integer"},
    {"module attributes {a = dense<", "[", "", SK_INVALID_ARGUMENT, "without its '>'"},
    {"module attributes {a = loc(", "callsite(", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = loc(", "fused[", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = loc(", "\"n\"(", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = loc(", "fused<[loc(", "", SK_UNIMPLEMENTED, "inside the metadata"},
    {"{-# ", "a: {", "", SK_RESOURCE_EXHAUSTED, "levels of nesting"},
    {"module attributes {a = tensor<", "1x", "f32>} {}", SK_UNIMPLEMENTED,
     "more than 32 dimensions"},
    {"module attributes {a = tensor<", "9", "xf32>} {}", SK_INVALID_ARGUMENT, "larger than 2^63"},
    {"module attributes {a = ", "9", "} {}", SK_INVALID_ARGUMENT, "out of range"},
    {"module attributes {a = 0x", "F", "} {}", SK_INVALID_ARGUMENT, "out of range"},
    {"module attributes {a = ", "@a::", "} {}", SK_INVALID_ARGUMENT, "expected a symbol"},
    {"module attributes {", "a, ", "a} {}", SK_INVALID_ARGUMENT, "given twice"},
    {"module attributes {a = \"", "\\\"", "", SK_INVALID_ARGUMENT, "without its closing quote"},
    {"module attributes {a = dense<", "// >\n", "", SK_INVALID_ARGUMENT, "without its '>'"},
    {"module attributes {a = dense_resource<k> : tensor<1xi8>} {}\n", "\"{-#\" {-#", "",
     SK_INVALID_ARGUMENT, "is not among"},
    {"", "%a, ", "%a = stablehlo.create_token : !stablehlo.token", SK_INVALID_ARGUMENT,
     "are named"},
    {"", "#a = loc(\"x\"(#b))\n", "", SK_INVALID_ARGUMENT, "redefinition"},
    {"", "// ", "x", SK_INVALID_ARGUMENT, ""},
};

static void test_floods(void **state) {
  (void)state;
  wrong_count = 0;
  enum { TIMES = 1000000 };
  for (size_t i = 0; i < sizeof floods / sizeof floods[0]; i++) {
    const flood *f = &floods[i];
    size_t unit = strlen(f->repeated);
    size_t before = strlen(f->before);
    size_t len = before + unit * TIMES + strlen(f->after);
    char *text = malloc(len + 1);
    assert_non_null(text);
    memcpy(text, f->before, before);
    for (size_t k = 0; k < TIMES; k++) {
      memcpy(text + before + k * unit, f->repeated, unit);
    }
    memcpy(text + before + unit * TIMES, f->after, strlen(f->after));
    if (strcmp(f->repeated, "// ") == 0) {  // one comment to the end: an empty module
      sk_module *m;
      assert_null(sk_read_text("t.mlir", text, len, NULL, &m));
      sk_module_destroy(m);
    } else {
      uint64_t start = sk_time_ns();
      expect_error(text, len, &(error_case){NULL, f->code, 0, 0, f->message});
      assert_true(sk_time_ns() - start < 20000000000u);
    }
    free(text);
  }
  assert_int_equal(wrong_count, 0);
}

// Aliases that double with every line: 2^60 nodes when written out.
static void test_doubling(void **state) {
  (void)state;
  wrong_count = 0;
  static const char *const lines[][2] = {
      {"#a0 = [1]\n", "#a%d = [#a%d, #a%d]\n"},
      {"!a0 = f32\n", "!a%d = tuple<!a%d, !a%d>\n"},
      {"#a0 = loc(\"x\")\n", "#a%d = loc(callsite(#a%d at #a%d))\n"}};
  for (size_t kind = 0; kind < 3; kind++) {
    sk_text text;
    sk_text_init(&text);
    sk_text_add(&text, sk_str_from(lines[kind][0]));
    for (int i = 1; i <= 60; i++) {
      char line[100];
      snprintf(line, sizeof line,
               kind == 1   ? "!a%d = tuple<!a%d, !a%d>\n"
               : kind == 0 ? "#a%d = [#a%d, #a%d]\n"
                           : "#a%d = loc(callsite(#a%d at #a%d))\n",
               i, i - 1, i - 1);
      sk_text_add(&text, sk_str_from(line));
    }
    expect_error(text.data, text.len, &(error_case){NULL, SK_RESOURCE_EXHAUSTED, 0, 0, "nodes"});
    sk_text_fini(&text);
  }
  assert_int_equal(wrong_count, 0);
}

// Aliases that nest one level more with every line, beyond what one text could.
static void test_deep_aliases(void **state) {
  (void)state;
  wrong_count = 0;
  for (int kind = 0; kind < 2; kind++) {
    sk_text text;
    sk_text_init(&text);
    sk_text_addf(&text, kind ? "!a0 = f32\n" : "#a0 = 1\n");
    for (int i = 1; i <= 400; i++) {
      char line[60];
      snprintf(line, sizeof line, kind ? "!a%d = tuple<!a%d>\n" : "#a%d = {k = #a%d}\n", i, i - 1);
      sk_text_add(&text, sk_str_from(line));
    }
    expect_error(text.data, text.len,
                 &(error_case){NULL, SK_RESOURCE_EXHAUSTED, 0, 0, "nests deeper"});
    sk_text_fini(&text);
  }
  assert_int_equal(wrong_count, 0);
}

// A chain of locations through aliases, defined after their use: long ones are fine, endless ones are refused.
static void test_location_chain(void **state) {
  (void)state;
  static const int lengths[] = {1000, 100000};
  for (size_t k = 0; k < 2; k++) {
    sk_text text;
    sk_text_init(&text);
    sk_text_addf(&text, "func.func private @f() loc(#l0)\n");
    for (int i = 0; i < lengths[k]; i++) {
      sk_text_addf(&text, "#l%d = loc(\"n\"(#l%d))\n", i, i + 1);
    }
    sk_text_addf(&text, "#l%d = loc(\"f.py\":1:2)\n", lengths[k]);
    if (k == 1) {
      wrong_count = 0;
      expect_error(text.data, text.len,
                   &(error_case){NULL, SK_RESOURCE_EXHAUSTED, 0, 0, "levels in a location"});
      assert_int_equal(wrong_count, 0);
    } else {
      sk_module *m;
      assert_null(sk_read_text("t.mlir", text.data, text.len, NULL, &m));
      sk_module_destroy(m);
    }
    sk_text_fini(&text);
  }
}

// Linear in what is written: many aliases, attributes, arguments, values, each used.
static void test_large_but_right(void **state) {
  (void)state;
  enum { MANY = 100000 };
  sk_text text;
  sk_text_init(&text);
  sk_text_addf(&text, "module attributes {");
  for (int i = 0; i < MANY; i++) {
    sk_text_addf(&text, "%sa%d = #x%d", i ? ", " : "", i, i);
  }
  sk_text_addf(&text, "} {\nfunc.func @f(%%v: tensor<f32>) {\n");
  for (int i = 0; i < MANY; i++) {
    sk_text_addf(&text, "%%name%d = stablehlo.abs %%%s%d : tensor<f32> loc(#x%d)\n", i,
                 i ? "name" : "v", i ? i - 1 : 0, MANY);
    if (i == 0) {  // %v, not %v0
      text.len -= strlen("0 : tensor<f32> loc(#x100000)\n");
      sk_text_addf(&text, " : tensor<f32> loc(#x%d)\n", MANY);
    }
  }
  for (int i = 0; i < MANY; i++) {
    sk_text_addf(&text, "%%c%d = stablehlo.constant dense<\"0x%08X\"> : tensor<4xi8>\n", i, i);
  }
  sk_text_addf(&text, "return }\nfunc.func private @g(");
  for (int i = 0; i < MANY; i++) {
    sk_text_addf(&text, "%stensor<%dxf32>", i ? ", " : "", i);
  }
  sk_text_addf(&text, ")\n}\n");
  for (int i = MANY; i > 0; i--) {
    sk_text_addf(&text, "#x%d = \"%d\"\n", i - 1, i);
  }
  sk_text_addf(&text, "#x%d = loc(\"f\":1:1)\n", MANY);
  uint64_t start = sk_time_ns();
  sk_module *m;
  sk_status status = sk_read_text("t.mlir", text.data, text.len, NULL, &m);
  uint64_t took = sk_time_ns() - start;
  assert_null(status);
  assert_int_equal(sk_op_get(m, m->root)->attr_count, MANY);
  assert_true(took < 10000000000u);  // 0.3 s are usual; anything quadratic takes minutes
  sk_module_destroy(m);
  sk_text_fini(&text);
}

// -- cut off anywhere -----------------------------------------------------------------------------

static const char sample[] =
    "#a = [1, {b = dense<[1, 2, 3]> : tensor<3xi8>}]\n!t = tensor<4x5xf32>\n"
    "module @m attributes {x = #a, s = \"q\\22\", o = #sdy.mesh<[\"a\"=1]>, q = "
    "!quant.uniform<i8:f32:0, {0.5:1, 2.0}>} {\n"
    "  func.func public @f(%arg0: !t {k} loc(\"x\"), %z: tensor<f32>) -> (tensor<4xf32> {r = "
    "0x7F800000 : f32}) {\n"
    "    %0 = stablehlo.reduce(%arg0 init: %z) applies stablehlo.add across dimensions = [1] : "
    "(!t, tensor<f32>) -> tensor<4xf32>\n"
    "    %1:2 = \"stablehlo.sort\"(%0, %0) ({\n    ^bb0(%x: tensor<f32>, %y: tensor<f32>, %u: "
    "tensor<f32>, %v: tensor<f32>):\n"
    "      %c = stablehlo.compare LT, %x, %y, TOTALORDER : (tensor<f32>, tensor<f32>) -> "
    "tensor<i1>\n"
    "      stablehlo.return %c : tensor<i1>\n    }) {dimension = 0 : i64} : (tensor<4xf32>, "
    "tensor<4xf32>) -> (tensor<4xf32>, "
    "tensor<4xf32>) loc(callsite(\"a\"(\"f\":1:2 to :3) at fused<1>[#l, unknown]))\n"
    "    %2 = stablehlo.constant dense<\"0x0102030405060708\"> : tensor<2x4xi8>\n"
    "    %3 = stablehlo.constant dense_resource<k> : tensor<1xf32>\n"
    "    %4 = stablehlo.slice %1#1 [0:4:2] : (tensor<4xf32>) -> tensor<2xf32>\n"
    "    %5 = stablehlo.while(%i = %4) : tensor<2xf32> cond { %b = stablehlo.constant dense<true> "
    ": tensor<i1> stablehlo.return "
    "%b : tensor<i1> } do { stablehlo.return %i : tensor<2xf32> }\n"
    "    return %0 : tensor<4xf32>\n  }\n}\n#l = loc(\"z\")\n"
    "{-# dialect_resources: { builtin: { k: \"0x040000000000803F\" } } #-}\n";

static void test_truncated(void **state) {
  (void)state;
  size_t accepted = 0;
  for (size_t len = 0; len < sizeof sample; len++) {
    char *copy = malloc(len + 1);  // exactly so long, for ASAN
    assert_non_null(copy);
    char *text = copy + 1;
    memcpy(text, sample, len);
    sk_module *m;
    sk_status status = sk_read_text("t.mlir", text, len, NULL, &m);
    if (status != NULL) {
      assert_true(sk_status_pos(status).line > 0 && sk_status_message(status)[0] != '\0');
      // UNIMPLEMENTED: what is left of a name may be one of another dialect.
      assert_true(sk_status_code(status) == SK_INVALID_ARGUMENT ||
                  sk_status_code(status) == SK_UNIMPLEMENTED);
    }
    accepted += status == NULL;
    sk_status_free(status);
    sk_module_destroy(m);
    free(copy);
  }
  assert_true(accepted > 0 && accepted < 80);  // nothing, the aliases alone, and the whole
}

// Every limit can be set, and says so.
static void test_limits(void **state) {
  (void)state;
  uint32_t count;
  const sk_read_limit *limits = sk_read_limits(&count);
  assert_true(count >= 6 && limits[0].otherwise > 0 && limits[0].what[0] != '\0');
  static const struct {
    sk_read_options enough, less;  // by one
    const char *text;
  } cases_of_limits[] = {
      {{.input_bytes = 9}, {.input_bytes = 8}, "module {}"},
      {{.nesting = 5}, {.nesting = 4}, "module attributes {a = [[[[1]]]]} {}"},
      {{.ops = 4}, {.ops = 3}, "func.func @f() {\n return }\nfunc.func @g() { return }"},
      {{.constant_bytes = 4},
       {.constant_bytes = 3},
       "module attributes {a = dense<[1, 2, 3, 4]> : tensor<4xi8>} {}"},
      {{.constant_bytes = 4},
       {.constant_bytes = 3},
       "module attributes {a = dense<\"0x01020304\"> : tensor<4xi8>} {}"},
      {{.expansion = 6}, {.expansion = 5}, "#a = [1, 2, 3, 4, 5]"},
      {{.location_depth = 3}, {.location_depth = 2}, "#a = loc(\"a\"(\"b\"(\"c\")))"},
  };
  for (size_t i = 0; i < sizeof cases_of_limits / sizeof cases_of_limits[0]; i++) {
    const char *text = cases_of_limits[i].text;
    sk_module *m;
    sk_status status = sk_read_text("t.mlir", text, strlen(text), &cases_of_limits[i].enough, &m);
    assert_null(status);
    sk_module_destroy(m);
    status = sk_read_text("t.mlir", text, strlen(text), &cases_of_limits[i].less, &m);
    assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(sk_status_message(status), "a limit of the reader"));
    assert_true(sk_status_pos(status).line > 0);
    sk_status_free(status);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_messages),        cmocka_unit_test(test_nul_byte),
      cmocka_unit_test(test_floods),          cmocka_unit_test(test_doubling),
      cmocka_unit_test(test_deep_aliases),    cmocka_unit_test(test_location_chain),
      cmocka_unit_test(test_large_but_right), cmocka_unit_test(test_truncated),
      cmocka_unit_test(test_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
