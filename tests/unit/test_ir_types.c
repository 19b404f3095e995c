// SPDX-License-Identifier: Apache-2.0
// Element types, tensor and other types: interning, what is refused and why, sizes, compatibility,
// and limits on types that are exponentially larger than their definition.
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

static const char *text_of(const sk_module *m, sk_type type, char *buf, size_t bytes) {
  sk_text text;
  sk_text_init(&text);
  sk_type_print(m, type, &text);
  snprintf(buf, bytes, "%s", text.data);
  sk_text_fini(&text);
  return buf;
}

static void test_elements(void **state) {
  (void)state;
  for (uint32_t e = 1; e < SK_ELEM_COUNT; e++) {
    assert_int_equal(sk_elem_find(sk_str_from(sk_elem_name((sk_elem)e))), e);
    assert_true(sk_elem_bytes((sk_elem)e) * 8 >= sk_elem_bits((sk_elem)e));
  }
  assert_int_equal(sk_elem_find(SK_STR("f31")), SK_ELEM_NONE);
  assert_int_equal(sk_elem_complex_part(SK_C64), SK_F32);
  assert_int_equal(sk_elem_complex_part(SK_C128), SK_F64);
  assert_int_equal(sk_elem_complex_part(SK_S8), SK_S8);
  assert_true(sk_elem_is_int(SK_U4) && !sk_elem_is_signed(SK_U4) && sk_elem_is_signed(SK_S4));
  assert_false(sk_elem_is_int(SK_PRED));
  assert_false(sk_elem_is_float(SK_C64));
}

static void test_equal_types_have_one_id(void **state) {
  (void)state;
  sk_module *m = new_module();
  int64_t dims[] = {2, SK_DIM_UNKNOWN, 3}, bounds[] = {SK_DIM_UNKNOWN, 7, SK_DIM_UNKNOWN};
  sk_type plain = sk_type_tensor(m, SK_F32, 3, dims);
  assert_int_not_equal(plain.id, 0);
  assert_int_equal(plain.id, sk_type_tensor(m, SK_F32, 3, dims).id);
  assert_int_not_equal(plain.id, sk_type_tensor(m, SK_F32, 2, dims).id);
  assert_int_not_equal(plain.id, sk_type_tensor(m, SK_S32, 3, dims).id);
  sk_type_rec bounded = *sk_type_get(m, plain);
  bounded.bounds = bounds;
  sk_type with_bounds = sk_type_intern(m, &bounded);
  assert_int_not_equal(with_bounds.id, plain.id);
  bounds[1] = SK_DIM_UNKNOWN;  // a list of no bounds is none
  assert_int_equal(sk_type_intern(m, &bounded).id, plain.id);
  dims[0] = 99;  // the caller's array is not kept
  assert_int_equal(sk_type_get(m, plain)->dims[0], 2);
  char buf[200];
  assert_string_equal(text_of(m, with_bounds, buf, sizeof buf),
                      "tensor<2x?x3xf32, #stablehlo.bounds<?, 7, ?>>");
  assert_int_equal(sk_type_scalar(m, SK_BF16).id, sk_type_scalar(m, SK_BF16).id);
  // Many types: the table grows and still finds them.
  uint32_t ids[3000];
  for (int64_t i = 0; i < 3000; i++) {
    ids[i] = sk_type_tensor(m, SK_S8, 1, &i).id;
  }
  for (int64_t i = 0; i < 3000; i++) {
    assert_int_equal(sk_type_tensor(m, SK_S8, 1, &i).id, ids[i]);
  }
  sk_module_destroy(m);
}

static void check_refused(sk_module *m, const sk_type_rec *rec, sk_code code, const char *part) {
  assert_int_equal(sk_type_intern(m, rec).id, 0);
  sk_status status = sk_type_explain(m, rec, (sk_srcpos){"f", 3, 4});
  assert_non_null(status);
  assert_int_equal(sk_status_code(status), code);
  if (strstr(sk_status_message(status), part) == NULL) {
    fail_msg("expected '%s' in '%s'", part, sk_status_message(status));
  }
  assert_int_equal(sk_status_pos(status).line, 3);
  sk_status_free(status);
}

static void test_refused_shapes(void **state) {
  (void)state;
  sk_module *m = new_module();
  int64_t huge[] = {INT64_MAX / 4, 2}, fits[] = {INT64_MAX / 8, 2}, with_zero[] = {0, INT64_MAX, 3},
          negative[] = {-1};
  int64_t bound[] = {3}, many[SK_MAX_RANK + 1];
  memset(many, 0, sizeof many);
  sk_type_rec rec = {.kind = SK_TYPE_TENSOR, .elem = SK_F32, .rank = 2, .dims = huge};
  check_refused(m, &rec, SK_INVALID_ARGUMENT, "overflows");
  rec.dims = fits;
  rec.elem = SK_F64;
  check_refused(m, &rec, SK_INVALID_ARGUMENT, "overflows");  // elements fit, bytes do not
  rec.elem = SK_F32;
  assert_int_not_equal(sk_type_intern(m, &rec).id, 0);
  rec = (sk_type_rec){.kind = SK_TYPE_TENSOR, .elem = SK_F32, .rank = 3, .dims = with_zero};
  check_refused(m, &rec, SK_INVALID_ARGUMENT,
                "overflows");  // no elements, but the strides overflow
  rec = (sk_type_rec){.kind = SK_TYPE_TENSOR, .elem = SK_F32, .rank = 1, .dims = negative};
  check_refused(m, &rec, SK_INVALID_ARGUMENT, "negative");
  rec = (sk_type_rec){
      .kind = SK_TYPE_TENSOR, .elem = SK_F32, .rank = 1, .dims = bound, .bounds = bound};
  check_refused(m, &rec, SK_INVALID_ARGUMENT, "static");
  rec =
      (sk_type_rec){.kind = SK_TYPE_TENSOR, .elem = SK_F32, .rank = SK_MAX_RANK + 1, .dims = many};
  check_refused(m, &rec, SK_UNIMPLEMENTED, "rank");
  rec = (sk_type_rec){.kind = SK_TYPE_TENSOR, .elem = SK_TF32};
  check_refused(m, &rec, SK_INVALID_ARGUMENT, "element type");
  sk_type scalar = sk_type_scalar(m, SK_F32);
  rec = (sk_type_rec){.kind = SK_TYPE_FUTURE, .input_count = 1, .inputs = &scalar};
  check_refused(m, &rec, SK_INVALID_ARGUMENT, "future");
  sk_module_destroy(m);
}

// Can be written, but not used.
static void check_unusable(const sk_type_rec *rec, const char *expected) {
  const char *label = NULL, *fault = sk_type_quant_fault(rec, &label);
  assert_int_equal(fault != NULL, expected != NULL);
  if (expected != NULL) {
    assert_string_equal(label, expected);
  }
  assert_null(sk_type_check(rec, (sk_srcpos){0}));
}

static void test_quantized(void **state) {
  (void)state;
  sk_module *m = new_module();
  double scales[] = {0.5, 0.25};
  int64_t zeros[] = {0, -3}, dims[] = {4, 2};
  sk_quant q = {SK_S8, SK_F32, 1, 2, -128, 127, scales, zeros};
  sk_type_rec rec = {
      .kind = SK_TYPE_TENSOR, .elem = SK_QUANT, .rank = 2, .dims = dims, .quant = &q};
  sk_type type = sk_type_intern(m, &rec);
  char buf[200];
  assert_string_equal(text_of(m, type, buf, sizeof buf),
                      "tensor<4x2x!quant.uniform<i8:f32:1, {0.5, 0.25:-3}>>");
  int64_t bytes;
  assert_true(sk_type_byte_count(m, type, &bytes));
  assert_int_equal(bytes, 8);
  check_unusable(&rec, NULL);
  q.axis = 0;
  check_unusable(&rec, "C13");
  q.axis = 2;
  check_unusable(&rec, "C12");
  q.axis = -1;
  check_refused(m, &rec, SK_INVALID_ARGUMENT, "(C10)");
  q.axis = 1;
  scales[1] = 0;
  check_refused(m, &rec, SK_INVALID_ARGUMENT, "(C5)");
  scales[1] = 1;
  zeros[1] = 200;
  check_unusable(&rec, "C7");
  zeros[1] = 0;
  q.storage_max = 128;
  check_refused(m, &rec, SK_INVALID_ARGUMENT, "(C3)");
  sk_module_destroy(m);
}

static void test_counts(void **state) {
  (void)state;
  sk_module *m = new_module();
  int64_t count, bytes;
  assert_true(sk_type_elem_count(m, ir_make_type(m, "f64"), &count));
  assert_int_equal(count, 1);
  assert_true(sk_type_byte_count(m, ir_make_type(m, "3x5xf64"), &bytes));
  assert_int_equal(bytes, 120);
  assert_true(sk_type_byte_count(m, ir_make_type(m, "7xi4"), &bytes));
  assert_int_equal(bytes, 7);  // one byte per element in buffers
  assert_true(sk_type_elem_count(m, ir_make_type(m, "3x0x5xf64"), &count));
  assert_int_equal(count, 0);
  assert_false(sk_type_elem_count(m, ir_make_type(m, "3x?xf64"), &count));
  assert_false(sk_type_is_static_tensor(m, ir_make_type(m, "token")));
  sk_module_destroy(m);
}

static void test_compatible(void **state) {
  (void)state;
  sk_module *m = new_module();
  static const struct {
    const char *a, *b;
    bool yes;
  } cases[] = {
      {"2x3xf32", "2x3xf32", true},
      {"2x3xf32", "2x?xf32", true},
      {"?x3xf32", "2x?xf32", true},
      {"2x3xf32", "2x4xf32", false},
      {"2x3xf32", "2x3xf64", false},
      {"2x3xf32", "2x3x1xf32", false},
      {"f32", "token", false},
      {"tuple(2xf32;i1)", "tuple(?xf32;i1)", true},
      {"token", "token", true},
      {"tuple(2xf32;i1)", "tuple(3xf32;i1)", false},
      {"tuple(i1)", "tuple(i1;i1)", false},
  };
  for (size_t i = 0; i < SK_COUNT(cases); i++) {
    sk_type a = ir_make_type(m, cases[i].a), b = ir_make_type(m, cases[i].b);
    assert_int_equal(sk_type_compatible(m, a, b), cases[i].yes);
    assert_int_equal(sk_type_compatible(m, b, a), cases[i].yes);
  }
  sk_module_destroy(m);
}

// Each tuple holds the one before twice: 2^n members from n definitions.
static void test_exponential_types_are_refused(void **state) {
  (void)state;
  sk_module *m = new_module();
  sk_type type = ir_make_type(m, "f32");
  int made = 0;
  sk_type_rec rec = {.kind = SK_TYPE_TUPLE, .input_count = 2};
  for (; made < 64; made++) {
    sk_type twice[2] = {type, type};
    rec.inputs = twice;
    sk_type next = sk_type_intern(m, &rec);
    if (next.id == 0) {
      check_refused(m, &rec, SK_RESOURCE_EXHAUSTED, "parts");
      break;
    }
    type = next;
  }
  assert_in_range(made, 10, 30);
  // Deep, not wide.
  type = ir_make_type(m, "f32");
  rec.input_count = 1;
  for (made = 0; made < 2 * SK_MAX_NESTING; made++) {
    rec.inputs = &type;
    sk_type next = sk_type_intern(m, &rec);
    if (next.id == 0) {
      check_refused(m, &rec, SK_RESOURCE_EXHAUSTED, "deeper");
      break;
    }
    type = next;
  }
  assert_int_equal(made, SK_MAX_NESTING);
  sk_module_destroy(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_elements),
      cmocka_unit_test(test_equal_types_have_one_id),
      cmocka_unit_test(test_refused_shapes),
      cmocka_unit_test(test_quantized),
      cmocka_unit_test(test_counts),
      cmocka_unit_test(test_compatible),
      cmocka_unit_test(test_exponential_types_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
