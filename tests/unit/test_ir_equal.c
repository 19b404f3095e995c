// SPDX-License-Identifier: Apache-2.0
// Structural equality and hash: what makes no difference, and that every other change is seen.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "support/ir_make.h"

typedef enum variant {
  BASE,
  // no difference
  OTHER_IDS,  // types, names and locations made in another order
  SPELLED_DEFAULT,
  ATTRIBUTE_ORDER,
  SPLAT_AS_LIST,
  LOCATION,
  FIRST_DIFFERENT,
  // differences
  OPERANDS_SWAPPED = FIRST_DIFFERENT,
  OTHER_OP,
  OTHER_ATTRIBUTE,
  OTHER_CONSTANT,
  OTHER_TYPE,
  OTHER_NAME,
  ONE_MORE_OP,
  OTHER_DIRECTION,
  VARIANT_COUNT,
} variant;

// func main(x, y) { c = constant; a = x - y {k, l}; b = compare a, c; s = sort; return }
static sk_module *make(variant v) {
  static const float same[4] = {2, 2, 2, 2}, mixed[4] = {2, 2, 3, 2};
  sk_module *m;
  assert_null(sk_module_create(v == OTHER_IDS ? "b" : "a", &m));
  if (v == OTHER_IDS) {
    ir_make_type(m, "17xi8");
    sk_sym unused;
    assert_true(sk_intern(&m->strings, SK_STR("unused"), &unused));
    sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_INPUT, .line = 1});
  }
  ir_func f = ir_make_func(m, v == OTHER_NAME ? "other" : "main",
                           v == OTHER_TYPE ? "4xf32 ?xf32" : "4xf32 4xf32");
  sk_value x = ir_make_arg(&f, 0), y = ir_make_arg(&f, 1);
  sk_dense dense = v == SPLAT_AS_LIST    ? (sk_dense){same, 16, false}
                   : v == OTHER_CONSTANT ? (sk_dense){mixed, 16, false}
                                         : (sk_dense){same, 4, true};
  sk_named_attr value = {{SK_NAME_value}, sk_attr_dense(m, ir_make_type(m, "4xf32"), dense)};
  sk_op_desc constant = {.kind = SK_OP_CONSTANT, .attrs = &value, .attr_count = 1};
  if (v == LOCATION) {
    constant.loc = sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_INPUT, .line = 7});
  }
  sk_op c;
  assert_null(sk_ir_build_op(m, f.body, constant, &c));
  sk_value both[] = {v == OPERANDS_SWAPPED ? y : x, v == OPERANDS_SWAPPED ? x : y};
  const char *attrs = v == ATTRIBUTE_ORDER   ? "l=2 k=1"
                      : v == OTHER_ATTRIBUTE ? "k=1 l=3"
                                             : "k=1 l=2";
  sk_op a =
      ir_make_op(m, f.body, v == OTHER_OP ? SK_OP_DIVIDE : SK_OP_SUBTRACT, both, 2, attrs, NULL);
  sk_value pair[] = {sk_op_result(m, a, 0), sk_op_result(m, c, 0)};
  const char *compare = v == SPELLED_DEFAULT   ? "comparison_direction=LT compare_type=NOTYPE"
                        : v == OTHER_DIRECTION ? "comparison_direction=GT"
                                               : "comparison_direction=LT";
  ir_make_op(m, f.body, SK_OP_COMPARE, pair, 2, compare, NULL);
  if (v == ONE_MORE_OP) {
    ir_make_op(m, f.body, SK_OP_NEGATE, &x, 1, "", NULL);
  }
  ir_make_return(&f, pair, 1);
  return m;
}

static void test_variants(void **state) {
  (void)state;
  sk_module *base = make(BASE);
  for (int v = BASE; v < VARIANT_COUNT; v++) {
    sk_module *other = make((variant)v);
    sk_text text;
    sk_text_init(&text);
    bool equal = sk_module_equal(base, other, &text), back = sk_module_equal(other, base, NULL);
    bool expected = v < FIRST_DIFFERENT;
    if (equal != expected || back != expected ||
        (sk_module_hash(base) == sk_module_hash(other)) != expected) {
      fail_msg("variant %d: %d %d, hashes %016llx %016llx: %s", v, equal, back,
               (unsigned long long)sk_module_hash(base), (unsigned long long)sk_module_hash(other),
               text.data ? text.data : "");
    }
    assert_int_equal(text.len != 0, !expected);
    sk_text_fini(&text);
    sk_module_destroy(other);
  }
  sk_module_destroy(base);
}

static void test_defaults(void **state) {
  (void)state;
  sk_module *m;
  assert_null(sk_module_create(NULL, &m));
  static const struct {
    sk_opkind kind;
    const char *attr;
    bool is_default;
  } cases[] = {
      {SK_OP_SORT, "is_stable=false", true},
      {SK_OP_SORT, "is_stable=true", false},
      {SK_OP_SORT, "dimension=-1", true},
      {SK_OP_SORT, "dimension=0", false},
      {SK_OP_CONVOLUTION, "window_strides=[1,1]", true},
      {SK_OP_CONVOLUTION, "window_strides=[1,2]", false},
      {SK_OP_CONVOLUTION, "padding={0,0;0,0}", true},
      {SK_OP_CONVOLUTION, "padding={0,0;0,1}", false},
      {SK_OP_CUSTOM_CALL, "backend_config=''", true},
      {SK_OP_CUSTOM_CALL, "backend_config='x'", false},
      {SK_OP_FUNC_FUNC, "sym_visibility='public'", true},
      {SK_OP_FUNC_FUNC, "sym_visibility='private'", false},
      {SK_OP_ADD, "foo=0", false},              // not of the schema
      {SK_OP_REVERSE, "dimensions=[]", false},  // required
      {SK_OP_SORT, "dimension='text'", false},  // not of the schema's kind
  };
  for (size_t i = 0; i < SK_COUNT(cases); i++) {
    sk_named_attr attr;
    ir_make_attrs(m, cases[i].attr, &attr, 1);
    if (sk_attr_is_default(m, cases[i].kind, attr.name, attr.attr) != cases[i].is_default) {
      fail_msg("%s of %s", cases[i].attr, sk_opkind_name(cases[i].kind));
    }
  }
  sk_module_destroy(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_variants),
                                     cmocka_unit_test(test_defaults)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
