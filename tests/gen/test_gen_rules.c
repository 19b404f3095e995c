// SPDX-License-Identifier: Apache-2.0
// The rules by which random programs are judged (tools/oracle.h): results that another order or another rounding can give are
// allowed, and a planted error is found, in well conditioned elements beside ill conditioned ones.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "read/read.h"
#include "tools/oracle.h"

enum { MOST = 64 };  // parts of a result

// One operation of a program: its result as it could come from generated code.
typedef struct trial {
  const sk_module *m;
  sk_opkind kind;
  uint32_t result;
  const void *operands[8];
  int64_t part;   // of the result, that is changed
  double by, to;  // by a share, or to a value where `by` is 0
  bool seen, allowed;
  char why[300];
} trial;

static void change(sk_elem elem, void *data, int64_t part, double by, double to) {
  float f32;
  double f64;
  if (sk_elem_complex_part(elem) == SK_F64) {
    memcpy(&f64, (char *)data + 8 * part, 8);
    f64 = by != 0 ? f64 * (1 + by) : to;
    memcpy((char *)data + 8 * part, &f64, 8);
  } else {
    assert_int_equal(sk_elem_complex_part(elem), SK_F32);
    memcpy(&f32, (char *)data + 4 * part, 4);
    f32 = (float)(by != 0 ? (double)f32 * (1 + by) : to);
    memcpy((char *)data + 4 * part, &f32, 4);
  }
}

static void judge(void *user, sk_interp *s, sk_op op, uint32_t result, void *data, int64_t count) {
  trial *t = user;
  char got[MOST * 16];
  sk_elem elem = (sk_elem)sk_value_type_rec(t->m, sk_op_result(t->m, op, result))->elem;
  if (sk_op_kind(t->m, op) != t->kind || result != t->result) {
    return;
  }
  assert_true(count * (int64_t)sk_elem_bytes(elem) <= (int64_t)sizeof got);
  memcpy(got, data, (size_t)count * sk_elem_bytes(elem));
  change(elem, got, t->part, t->by, t->to);
  oracle_op o = {t->m, s, op, result, t->operands};
  t->allowed = oracle_allows(&o, got, data, count, t->why, sizeof t->why);
  t->seen = true;
}

// Is the result of the first operation of that kind still allowed when one part of it is changed?
static bool allows(const char *text, const void *const *args, trial t) {
  sk_module *m;
  assert_null(sk_read_module("rules", text, strlen(text), NULL, &m));
  assert_null(sk_module_verify(m, NULL));
  sk_op entry = sk_module_find_func(m, SK_STR("main"));
  const sk_type_rec *type = sk_func_type(m, entry);
  char results[8][MOST * 16];
  void *list[8];
  for (uint32_t i = 0; i < type->result_count; i++) {
    list[i] = results[i];
  }
  for (uint32_t i = 0; i < type->input_count; i++) {
    t.operands[i] = args[i];
  }
  t.m = m;
  sk_interp_observer observer = {judge, &t};
  assert_null(sk_interp_run_observed(m, entry, args, list, &observer));
  assert_true(t.seen);
  sk_module_destroy(m);
  return t.allowed;
}

#define REDUCE(op, type, count)                                                                    \
  "func.func @main(%x: tensor<" count "x" type ">, %i: tensor<" type ">) -> tensor<" type "> {\n"  \
  "  %0 = stablehlo.reduce(%x init: %i) applies stablehlo." op " across dimensions = [0] : "       \
  "(tensor<" count "x" type ">, tensor<" type ">) -> tensor<" type ">\n"                           \
  "  return %0 : tensor<" type ">\n}\n"

static void products_may_leave_the_range_on_the_way(void **state) {
  (void)state;
  const char *text = REDUCE("multiply", "f32", "4");
  const trial reduce = {.kind = SK_OP_REDUCE};
  const float one = 1, tiny[4] = {1e-30f, 1e-30f, 1e30f, 1e30f}, tame[4] = {1.5f, 3, -2, 0.125f};
  const void *args[2] = {tiny, &one};
  trial t = reduce;
  t.to = 0;  // the first two first
  assert_true(allows(text, args, t));
  t.to = HUGE_VAL;  // the last two first
  assert_true(allows(text, args, t));
  args[0] = tame;
  assert_false(allows(text, args, t));
  t.to = 0;
  assert_false(allows(text, args, t));
  t.by = 1e-5;
  assert_false(allows(text, args, t));
  t.by = 3e-7;
  assert_true(allows(text, args, t));
}

static void sums_may_be_off_by_every_rounding(void **state) {
  (void)state;
  const char *text = REDUCE("add", "f64", "3");
  const double zero = 0, cancels[3] = {1e16, 1, -1e16};
  const void *args[2] = {cancels, &zero};
  assert_true(allows(text, args, (trial){.kind = SK_OP_REDUCE, .to = 0}));
  assert_false(allows(text, args, (trial){.kind = SK_OP_REDUCE, .to = 1e4}));
}

// Of (-1)^(-1e200 - 3.25 i) the last units of its operands decide everything, of the other element nothing that counts.
static void steep_functions_are_held_to_their_condition(void **state) {
  (void)state;
  const char *text = "func.func @main(%x: tensor<2xcomplex<f64>>, %y: tensor<2xcomplex<f64>>) -> "
                     "tensor<2xcomplex<f64>> {\n"
                     "  %0 = stablehlo.power %x, %y : tensor<2xcomplex<f64>>\n"
                     "  return %0 : tensor<2xcomplex<f64>>\n}\n";
  const double x[4] = {-1, 0, 2, 1}, y[4] = {-1e200, -3.25, 1.5, -0.5};
  const void *args[2] = {x, y};
  trial t = {.kind = SK_OP_POWER, .part = 0};
  t.to = 1000;
  assert_true(allows(text, args, t));
  t.part = 2;
  t.by = 1e-10;
  assert_false(allows(text, args, t));
}

// The smallest number may be the next one as well, which the modulus tells; zero stays zero.
static void numbers_below_the_normal_ones_are_known_to_their_step(void **state) {
  (void)state;
  const char *text = "func.func @main(%x: tensor<2xcomplex<f64>>, %y: tensor<2xcomplex<f64>>) -> "
                     "tensor<2xcomplex<f64>> {\n"
                     "  %0 = stablehlo.power %x, %y : tensor<2xcomplex<f64>>\n"
                     "  return %0 : tensor<2xcomplex<f64>>\n}\n";
  const double x[4] = {0x1p-1074, 0x1p-1074, 0, 0}, y[4] = {0.75, 0, 0.75, 0};
  const void *args[2] = {x, y};
  assert_true(allows(text, args, (trial){.kind = SK_OP_POWER, .part = 0, .by = -0.2}));
  assert_false(allows(text, args, (trial){.kind = SK_OP_POWER, .part = 0, .by = 100}));
  assert_false(allows(text, args, (trial){.kind = SK_OP_POWER, .part = 2, .to = 1e-300}));
}

// polygamma(144, 144) is 144! times a number below the normal ones; of 2 and 3 every digit is known.
static void polygamma_is_held_to_its_zeta(void **state) {
  (void)state;
  const char *text =
      "func.func @main(%n: tensor<2xf64>, %x: tensor<2xf64>) -> tensor<2xf64> {\n"
      "  %0 = chlo.polygamma %n, %x : tensor<2xf64>, tensor<2xf64> -> tensor<2xf64>\n"
      "  return %0 : tensor<2xf64>\n}\n";
  const double n[2] = {144, 2}, x[2] = {144, 3};
  const void *args[2] = {n, x};
  assert_true(allows(text, args, (trial){.kind = SK_OP_CHLO_POLYGAMMA, .part = 0, .by = 4e-9}));
  assert_false(allows(text, args, (trial){.kind = SK_OP_CHLO_POLYGAMMA, .part = 1, .by = 4e-9}));
}

static void gradients_of_norms_are_held_to_their_condition(void **state) {
  (void)state;
  const char *text =
      "func.func @main(%x: tensor<4x1xf32>, %s: tensor<1xf32>, %m: tensor<1xf32>, %v: "
      "tensor<1xf32>, %g: tensor<4x1xf32>) -> (tensor<4x1xf32>, tensor<1xf32>, tensor<1xf32>) {\n"
      "  %0:3 = \"stablehlo.batch_norm_grad\"(%x, %s, %m, %v, %g) <{epsilon = 0.5 : f32, "
      "feature_index = 1 : i64}> : (tensor<4x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, "
      "tensor<4x1xf32>) -> (tensor<4x1xf32>, tensor<1xf32>, tensor<1xf32>)\n"
      "  return %0#0, %0#1, %0#2 : tensor<4x1xf32>, tensor<1xf32>, tensor<1xf32>\n}\n";
  const float tame[4] = {1, -2, 3, 5}, vast[4] = {1e29f, 1, 2, 3}, g[4] = {1, -1, 2, 3}, one = 1;
  const void *args[5] = {vast, &one, &one, &one, g};
  trial t = {.kind = SK_OP_BATCH_NORM_GRAD, .part = 1, .to = -HUGE_VAL};
  assert_true(allows(text, args, t));  // 1e29 squared
  args[0] = tame;
  assert_false(allows(text, args, t));
  t = (trial){.kind = SK_OP_BATCH_NORM_GRAD, .result = 1, .by = 1e-6};
  assert_true(allows(text, args, t));
  t.by = 1e-3;
  assert_false(allows(text, args, t));
}

static void normalisation_is_held_to_its_condition(void **state) {
  (void)state;
  const char *text =
      "func.func @main(%x: tensor<4x2xf32>, %s: tensor<2xf32>, %o: tensor<2xf32>) -> "
      "(tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>) {\n"
      "  %0:3 = \"stablehlo.batch_norm_training\"(%x, %s, %o) <{epsilon = 0.0 : f32, feature_index "
      "= 1 : i64}> : (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<4x2xf32>, "
      "tensor<2xf32>, tensor<2xf32>)\n"
      "  return %0#0, %0#1, %0#2 : tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>\n}\n";
  // The first feature varies in its last digit only.
  const float x[8] = {1e6f, 1, 1e6f, -2, 1e6f, 3, 1000000.0625f, 5}, scale[2] = {1, 1};
  const void *args[3] = {x, scale, scale};
  trial t = {.kind = SK_OP_BATCH_NORM_TRAINING, .part = 0, .by = 0.5};
  assert_true(allows(text, args, t));
  t.part = 1;
  t.by = 1e-4;
  assert_false(allows(text, args, t));
  t.result = 1;
  t.part = 0;
  assert_false(allows(text, args, t));
}

static void linear_algebra_is_held_to_its_condition(void **state) {
  (void)state;
  const char *text = "func.func @main(%x: tensor<2x2x2xf64>) -> tensor<2x2x2xf64> {\n"
                     "  %0 = stablehlo.cholesky %x, lower = true : tensor<2x2x2xf64>\n"
                     "  return %0 : tensor<2x2x2xf64>\n}\n";
  const double x[8] = {1, 1, 1, 1.0000000000000007, 4, 2, 2, 3};
  const void *args[1] = {x};
  trial t = {.kind = SK_OP_CHOLESKY, .part = 3, .by = 0.1};  // the root of what cancels
  assert_true(allows(text, args, t));
  t.part = 7;
  t.by = 1e-9;
  assert_false(allows(text, args, t));
}

// The body subtracts what is equal but for rounding, and takes a branch by a function that is not exact.
static void bodies_are_held_to_what_their_steps_may_do(void **state) {
  (void)state;
  const char *text =
      "func.func @main(%x: tensor<3xf32>, %p: tensor<i1>) -> (tensor<3xf32>, tensor<3xf32>) {\n"
      "  %0:2 = \"stablehlo.if\"(%p) ({\n"
      "    %1 = stablehlo.exponential %x : tensor<3xf32>\n"
      "    %2 = stablehlo.log %1 : tensor<3xf32>\n"
      "    %3 = stablehlo.subtract %2, %x : tensor<3xf32>\n"
      "    stablehlo.return %1, %3 : tensor<3xf32>, tensor<3xf32>\n"
      "  }, {\n"
      "    stablehlo.return %x, %x : tensor<3xf32>, tensor<3xf32>\n"
      "  }) : (tensor<i1>) -> (tensor<3xf32>, tensor<3xf32>)\n"
      "  return %0#0, %0#1 : tensor<3xf32>, tensor<3xf32>\n}\n";
  const float x[3] = {1, 2, 3};
  const unsigned char yes = 1, no = 0;
  const void *args[2] = {x, &yes};
  trial t = {.kind = SK_OP_IF, .result = 1, .part = 1, .to = 2e-7};
  assert_true(allows(text, args, t));
  t.to = 1e-4;
  assert_false(allows(text, args, t));
  t.result = 0;
  t.by = 1e-5;
  assert_false(allows(text, args, t));
  args[1] = &no;  // the steps that ran are exact, but which ran is the interpreter's to know
  t.by = 1e-5;
  assert_false(allows(text, args, t));
}

// The sum of the first column is a rounding error, whose reciprocal is anything; that of the other column is known.
static void what_cancels_may_vanish(void **state) {
  (void)state;
  const char *text =
      "func.func @main(%x: tensor<3x2xf64>, %i: tensor<f64>) -> tensor<2xf64> {\n"
      "  %0 = func.call @f(%x, %i) : (tensor<3x2xf64>, tensor<f64>) -> tensor<2xf64>\n"
      "  return %0 : tensor<2xf64>\n}\n"
      "func.func private @f(%x: tensor<3x2xf64>, %i: tensor<f64>) -> tensor<2xf64> {\n"
      "  %0 = stablehlo.reduce(%x init: %i) applies stablehlo.add across dimensions = [0] : "
      "(tensor<3x2xf64>, tensor<f64>) -> tensor<2xf64>\n"
      "  %1 = stablehlo.rsqrt %0 : tensor<2xf64>\n"
      "  return %1 : tensor<2xf64>\n}\n";
  const double x[6] = {0.1, 1, 0.2, 2, -0.3, 1.5}, zero = 0;
  const void *args[2] = {x, &zero};
  trial t = {.kind = SK_OP_FUNC_CALL, .part = 0, .to = HUGE_VAL};
  assert_true(allows(text, args, t));
  t.part = 1;
  assert_false(allows(text, args, t));
}

// The terms of the first row may leave f32 on the way, those of the second do not.
static void sums_inside_may_overflow_on_the_way(void **state) {
  (void)state;
  const char *text =
      "func.func @main(%x: tensor<2x3xf32>, %y: tensor<3xf32>) -> tensor<2xf32> {\n"
      "  %0 = func.call @f(%x, %y) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2xf32>\n"
      "  return %0 : tensor<2xf32>\n}\n"
      "func.func private @f(%x: tensor<2x3xf32>, %y: tensor<3xf32>) -> tensor<2xf32> {\n"
      "  %0 = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0] : (tensor<2x3xf32>, "
      "tensor<3xf32>) -> tensor<2xf32>\n"
      "  return %0 : tensor<2xf32>\n}\n";
  const float large[6] = {3e38f, -3e38f, 1, 2, 3, 4}, tame[6] = {1, -1, 1, 2, 3, 4};
  const float y[3] = {1.5f, 1.5f, 1};
  const void *args[2] = {large, y};
  trial t = {.kind = SK_OP_FUNC_CALL, .part = 0, .to = HUGE_VAL};
  assert_true(allows(text, args, t));
  args[0] = tame;
  assert_false(allows(text, args, t));
  t.part = 1;
  assert_false(allows(text, args, t));
}

static void transforms_of_small_numbers_are_known_to_their_steps(void **state) {
  (void)state;
  const char *text = "func.func @main(%x: tensor<16xf64>) -> tensor<9xcomplex<f64>> {\n"
                     "  %0 = stablehlo.fft %x, type = RFFT, length = [16] : (tensor<16xf64>) -> "
                     "tensor<9xcomplex<f64>>\n"
                     "  return %0 : tensor<9xcomplex<f64>>\n}\n";
  double x[16];
  for (int i = 0; i < 16; i++) {
    x[i] = 0x1p-1074;
  }
  const void *args[1] = {x};
  trial t = {.kind = SK_OP_FFT, .part = 2, .to = 70 * 0x1p-1074};
  assert_true(allows(text, args, t));
  t.to = 200 * 0x1p-1074;
  assert_false(allows(text, args, t));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(products_may_leave_the_range_on_the_way),
      cmocka_unit_test(sums_may_be_off_by_every_rounding),
      cmocka_unit_test(steep_functions_are_held_to_their_condition),
      cmocka_unit_test(numbers_below_the_normal_ones_are_known_to_their_step),
      cmocka_unit_test(polygamma_is_held_to_its_zeta),
      cmocka_unit_test(normalisation_is_held_to_its_condition),
      cmocka_unit_test(gradients_of_norms_are_held_to_their_condition),
      cmocka_unit_test(linear_algebra_is_held_to_its_condition),
      cmocka_unit_test(bodies_are_held_to_what_their_steps_may_do),
      cmocka_unit_test(what_cancels_may_vanish),
      cmocka_unit_test(sums_inside_may_overflow_on_the_way),
      cmocka_unit_test(transforms_of_small_numbers_are_known_to_their_steps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
