// SPDX-License-Identifier: Apache-2.0
// Attributes, operations, functions by name, walking, and exhausted memory at every allocation.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "support/ir_make.h"

static sk_module *new_module(void) {
  sk_module *m;
  assert_null(sk_module_create("test.mlir", &m));
  return m;
}

static void test_tables(void **state) {
  (void)state;
  assert_int_equal(sk_opkind_find(SK_STR("stablehlo.no_such_op")), SK_OP_NONE);
  assert_int_equal(sk_opkind_find(SK_STR("")), SK_OP_NONE);
  uint32_t stablehlo = 0;
  for (uint32_t k = 1; k < SK_OPKIND_COUNT; k++) {
    const sk_op_info *info = sk_opkind_info((sk_opkind)k);
    assert_int_equal(sk_opkind_find(sk_str_from(info->name)), k);
    assert_true(info->operands_min <= info->operands_max && info->results_min <= info->results_max);
    // Effects are stated, one way or another.
    bool module_like = info->op_class == SK_OPCLASS_MODULE || info->op_class == SK_OPCLASS_FUNC ||
                       info->op_class == SK_OPCLASS_SHARDING;
    assert_true(module_like ||
                (info->traits & (SK_TRAIT_PURE | SK_TRAIT_SIDE_EFFECT | SK_TRAIT_RECURSIVE)));
    assert_false((info->traits & SK_TRAIT_PURE) && (info->traits & SK_TRAIT_SIDE_EFFECT));
    stablehlo += strncmp(info->name, "stablehlo.", 10) == 0;
    for (uint32_t i = 0; i < info->attr_count; i++) {
      assert_in_range(info->attrs[i].name, 1, SK_NAME_COUNT - 1);
      assert_ptr_equal(sk_opkind_find_attr((sk_opkind)k, (sk_sym){info->attrs[i].name}),
                       &info->attrs[i]);
    }
  }
  assert_int_equal(stablehlo, 118);
  assert_string_equal(sk_opkind_mnemonic(SK_OP_ADD), "add");
  for (uint32_t id = 1; id < SK_ENUM_COUNT; id++) {
    assert_int_equal(sk_enum_find(sk_str_from(sk_enum_mnemonic((sk_enum_id)id))), id);
  }
  int64_t value;
  assert_true(sk_enum_parse(SK_ENUM_RNG_DISTRIBUTION, SK_STR("NORMAL"), &value));
  assert_int_equal(value, 2);
  assert_false(sk_enum_parse(SK_ENUM_PRECISION, SK_STR("LT"), &value));
  assert_null(sk_enum_keyword(SK_ENUM_PRECISION, 3));
}

static void test_fixed_names(void **state) {
  (void)state;
  sk_module *m = new_module();
  for (uint32_t name = 1; name < SK_NAME_COUNT; name++) {
    sk_sym sym;
    assert_true(sk_intern_find(&m->strings, sk_str_from(sk_name_text((sk_name)name)), &sym));
    assert_int_equal(sym.id, name);
  }
  sk_module_destroy(m);
}

static void test_attributes_are_interned(void **state) {
  (void)state;
  sk_module *m = new_module();
  int64_t list[] = {1, 2, 3, 4};
  sk_type i64 = sk_type_scalar(m, SK_S64);
  assert_int_equal(sk_attr_ints(m, list, 4).id, sk_attr_ints(m, list, 4).id);
  assert_int_not_equal(sk_attr_ints(m, list, 4).id, sk_attr_ints_2d(m, list, 2, 2).id);
  assert_int_not_equal(sk_attr_ints(m, list, 4).id, sk_attr_bools(m, list, 4).id);
  assert_int_equal(sk_attr_int(m, i64, 5).id, sk_attr_int(m, i64, 5).id);
  assert_int_not_equal(sk_attr_int(m, i64, 5).id, sk_attr_int(m, sk_type_scalar(m, SK_S32), 5).id);
  assert_int_not_equal(sk_attr_float(m, i64, 0.0).id, sk_attr_float(m, i64, -0.0).id);
  assert_int_not_equal(sk_attr_string(m, SK_STR("a")).id, sk_attr_symbol(m, SK_STR("a")).id);
  sk_attr items[] = {sk_attr_unit(m), sk_attr_bool(m, true)};
  assert_int_equal(sk_attr_array(m, items, 2).id, sk_attr_array(m, items, 2).id);
  // Struct payloads: equal content, one id; the caller's lists are copied.
  sk_dot_dims dims = {{list, 1}, {list, 1}, {list + 1, 1}, {list + 2, 1}};
  sk_attr_rec rec = {.kind = SK_ATTR_DOT_DIMS, .u.dot = &dims};
  sk_attr dot = sk_attr_new(m, &rec);
  int64_t other[] = {1, 2, 3};
  sk_dot_dims same = {{other, 1}, {other, 1}, {other + 1, 1}, {other + 2, 1}};
  rec.u.dot = &same;
  assert_int_equal(sk_attr_new(m, &rec).id, dot.id);
  same.rhs_contracting_dimensions.count = 0;
  assert_int_not_equal(sk_attr_new(m, &rec).id, dot.id);
  list[1] = 77;
  assert_int_equal(sk_attr_get(m, dot)->u.dot->lhs_contracting_dimensions.data[0], 2);
  sk_result_accuracy a = {1e-5, 0, 2, 2}, b = {1e-5, 0, 3, 2};
  sk_attr_rec ra = {.kind = SK_ATTR_RESULT_ACCURACY, .u.accuracy = &a}, rb = ra;
  rb.u.accuracy = &b;
  assert_int_not_equal(sk_attr_new(m, &ra).id, sk_attr_new(m, &rb).id);
  sk_module_destroy(m);
}

static void test_dictionaries_are_sorted(void **state) {
  (void)state;
  sk_module *m = new_module();
  enum { COUNT = 100 };
  sk_named_attr items[COUNT];
  for (int i = 0; i < COUNT; i++) {
    char name[8] = {(char)('a' + i * 7 % 26), (char)('a' + i * 11 % 25), (char)('0' + i % 10), 0};
    assert_true(sk_intern(&m->strings, sk_str_from(name), &items[i].name));
    items[i].attr = sk_attr_int(m, sk_type_scalar(m, SK_S64), i);
  }
  const sk_attr_rec *dict = sk_attr_get(m, sk_attr_dict(m, items, COUNT));
  assert_int_equal(dict->u.dict.count, COUNT);
  int64_t sum = 0;
  for (uint32_t i = 0; i < COUNT; i++) {
    sum += sk_attr_get(m, dict->u.dict.data[i].attr)->u.i;
    if (i != 0) {
      assert_true(strcmp(sk_sym_cstr(&m->strings, dict->u.dict.data[i - 1].name),
                         sk_sym_cstr(&m->strings, dict->u.dict.data[i].name)) <= 0);
    }
  }
  assert_int_equal(sum, COUNT * (COUNT - 1) / 2);
  sk_module_destroy(m);
}

static void test_op_lists(void **state) {
  (void)state;
  sk_module *m = new_module();
  ir_func f = ir_make_func(m, "main", "4x8xf32 4x8xf32");
  sk_value args[] = {ir_make_arg(&f, 0), ir_make_arg(&f, 1)};
  sk_op add = ir_make_op(m, f.body, SK_OP_ADD, args, 2, "foo='bar'", NULL);
  // Attributes of the schema come first, in its order, whatever the order written.
  sk_op slice = ir_make_op(m, f.body, SK_OP_SLICE, args, 1,
                           "zoo=1 strides=[1,2] limit_indices=[4,8] start_indices=[0,1]", NULL);
  const sk_op_rec *rec = sk_op_get(m, slice);
  const uint32_t expected[] = {SK_NAME_start_indices, SK_NAME_limit_indices, SK_NAME_strides};
  assert_int_equal(rec->attr_count, 4);
  for (uint32_t i = 0; i < 3; i++) {
    assert_int_equal(m->attr_pool.data[rec->attrs + i].name.id, expected[i]);
  }
  assert_int_equal(sk_op_ints(m, slice, SK_NAME_start_indices).data[1], 1);
  assert_int_equal(sk_op_ints(m, add, SK_NAME_start_indices).count, 0);
  sk_sym foo;
  assert_true(sk_intern_find(&m->strings, SK_STR("foo"), &foo));
  assert_int_not_equal(sk_op_find_attr_sym(m, add, foo).id, 0);
  assert_int_equal(sk_op_int(m, add, SK_NAME_dimension, -7), -7);
  assert_true(sk_op_set_attr(m, add, (sk_sym){SK_NAME_dimension},
                             sk_attr_int(m, sk_type_scalar(m, SK_S64), 3)));
  assert_int_equal(sk_op_int(m, add, SK_NAME_dimension, -7), 3);
  assert_true(sk_op_set_attr(m, add, (sk_sym){SK_NAME_dimension},
                             sk_attr_int(m, sk_type_scalar(m, SK_S64), 4)));
  assert_int_equal(sk_op_int(m, add, SK_NAME_dimension, -7), 4);
  assert_int_equal(sk_op_get(m, add)->attr_count, 2);
  // Insertion and removal keep both directions of the list.
  sk_op_desc desc = {.kind = SK_OP_SUBTRACT, .operands = args, .operand_count = 2};
  sk_type type = sk_value_type(m, args[0]);
  desc.result_types = &type;
  desc.result_count = 1;
  sk_op first = sk_op_new_before(m, add, &desc), middle = sk_op_new_before(m, slice, &desc);
  sk_op order[] = {first, add, middle, slice};
  uint32_t n = 0;
  SK_FOR_EACH_OP(m, f.body, op) {
    assert_int_equal(op.id, order[n].id);
    assert_int_equal(sk_op_get(m, op)->prev.id, n ? order[n - 1].id : 0);
    n++;
  }
  assert_int_equal(n, 4);
  sk_op_unlink(m, first);
  sk_op_unlink(m, slice);
  sk_op_unlink(m, slice);  // a second time is harmless
  assert_int_equal(sk_region_first(m, f.body).id, add.id);
  assert_int_equal(sk_region_get(m, f.body)->last.id, middle.id);
  sk_op_set_operand(m, middle, 1, sk_op_result(m, add, 0));
  assert_int_equal(sk_op_operand(m, middle, 1).id, sk_op_result(m, add, 0).id);
  sk_module_destroy(m);
}

static void test_functions_by_name(void **state) {
  (void)state;
  sk_module *m = new_module();
  assert_int_equal(sk_module_first_func(m).id, 0);
  ir_func f = ir_make_func(m, "main", "f32"), g = ir_make_func(m, "other", "f32");
  sk_value x = ir_make_arg(&f, 0), y = ir_make_arg(&g, 0);
  sk_op main_op = ir_make_return(&f, &x, 1), other = ir_make_return(&g, &y, 1);
  assert_int_equal(sk_module_find_func(m, SK_STR("main")).id, main_op.id);
  assert_int_equal(sk_module_find_func(m, SK_STR("other")).id, other.id);
  assert_int_equal(sk_module_find_func(m, SK_STR("f32")).id, 0);
  assert_int_equal(sk_module_first_func(m).id, main_op.id);
  assert_int_equal(sk_func_type(m, main_op)->input_count, 1);
  assert_int_equal(sk_func_body(m, main_op).id, f.body.id);
  assert_true(
      sk_op_set_attr(m, other, (sk_sym){SK_NAME_sym_name}, sk_attr_string(m, SK_STR("renamed"))));
  assert_int_equal(sk_module_find_func(m, SK_STR("other")).id, 0);
  assert_int_equal(sk_module_find_func(m, SK_STR("renamed")).id, other.id);
  sk_op_unlink(m, other);
  assert_int_equal(sk_module_find_func(m, SK_STR("renamed")).id, 0);
  sk_module_destroy(m);
}

static void test_walk(void **state) {
  (void)state;
  sk_module *m = new_module();
  ir_func f = ir_make_func(m, "main", "4xf32 f32");
  sk_region body = ir_make_body(m, "f32 f32", SK_OP_ADD, "");
  sk_named_attr dims;
  ir_make_attrs(m, "dimensions=[0]", &dims, 1);
  sk_value args[] = {ir_make_arg(&f, 0), ir_make_arg(&f, 1)};
  sk_op_desc desc = {.kind = SK_OP_REDUCE,
                     .operands = args,
                     .operand_count = 2,
                     .attrs = &dims,
                     .attr_count = 1,
                     .regions = &body,
                     .region_count = 1};
  sk_op reduce;
  assert_null(sk_ir_build_op(m, f.body, desc, &reduce));
  sk_value sum = sk_op_result(m, reduce, 0);
  ir_make_return(&f, &sum, 1);
  const sk_opkind expected[] = {SK_OP_FUNC_FUNC, SK_OP_REDUCE, SK_OP_ADD, SK_OP_RETURN,
                                SK_OP_FUNC_RETURN};
  sk_walker walker;
  sk_op op;
  uint32_t n = 0;
  sk_walk_begin(&walker, m, sk_op_region(m, m->root, 0));
  while (sk_walk_next(&walker, &op)) {
    assert_int_equal(sk_op_kind(m, op), expected[n++]);
  }
  assert_int_equal(n, SK_COUNT(expected));
  assert_false(sk_walk_next(&walker, &op));
  assert_int_equal(sk_module_op_count(m), 4);
  sk_module_destroy(m);
}

static void test_locations(void **state) {
  (void)state;
  sk_module *m = new_module();
  sk_sym file, name;
  assert_true(sk_intern(&m->strings, SK_STR("a.py"), &file));
  assert_true(sk_intern(&m->strings, SK_STR("mul"), &name));
  sk_loc at = sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_FILE, .name = file, .line = 12, .col = 3});
  sk_loc named = sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_NAME, .name = name, .a = at});
  sk_loc blank = sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_NAME, .name = name});
  sk_loc call = sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_CALLSITE, .a = blank, .b = named});
  sk_loc parts[] = {blank, call};
  sk_loc fused =
      sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_FUSED, .parts = parts, .part_count = 2});
  assert_string_equal(sk_loc_pos(m, fused).file, "a.py");
  assert_int_equal(sk_loc_pos(m, fused).line, 12);
  assert_string_equal(sk_loc_pos(m, blank).file, "test.mlir");
  assert_int_equal(sk_loc_pos(m, blank).line, 0);
  // A chain longer than the budget ends without a position, not with a crash.
  sk_loc chain = at;
  for (int i = 0; i < 10000; i++) {
    sk_loc pair[] = {chain, chain};
    chain = sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_FUSED, .parts = pair, .part_count = 2});
  }
  assert_int_equal(sk_loc_pos(m, chain).line, 0);
  sk_module_destroy(m);
}

// Builds a little of everything; false when memory ran out somewhere.
static bool build_something(void) {
  sk_module *m;
  sk_status status = sk_module_create("x", &m);
  if (status != NULL) {
    sk_status_free(status);
    return false;
  }
  bool ok = true;
  for (int64_t i = 0; i < 200 && ok; i++) {
    int64_t dims[] = {i, 2};
    sk_type type = sk_type_tensor(m, SK_F32, 2, dims);
    sk_attr attr = sk_attr_ints(m, dims, 2), array = sk_attr_array(m, &attr, 1);
    sk_region region = sk_region_new(m, &type, 1);
    sk_value arg = sk_region_arg(m, region, 0);
    sk_named_attr named = {{SK_NAME_dimensions}, attr};
    sk_op_desc desc = {.kind = SK_OP_REVERSE,
                       .operands = &arg,
                       .operand_count = 1,
                       .result_types = &type,
                       .result_count = 1,
                       .attrs = &named,
                       .attr_count = 1};
    ok = type.id != 0 && attr.id != 0 && array.id != 0 && region.id != 0 &&
         sk_op_new(m, region, &desc).id != 0 &&
         sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_FILE}).id != 0;
  }
  if (ok) {
    sk_text text;
    sk_text_init(&text);
    sk_module_print(m, NULL, &text);
    ok = !text.failed;
    sk_text_fini(&text);
    status = sk_module_verify(m, NULL);
    ok = ok && status == NULL;
    sk_status_free(status);
  }
  sk_module_destroy(m);
  return ok;
}

static void test_memory_exhaustion(void **state) {
  (void)state;
  uint64_t failing = 0;
  for (uint64_t n = 1; n < 10000; n++) {
    sk_mem_fail_at(n, true);
    bool ok = build_something();
    bool reached = sk_mem_fail_hits() != 0;
    sk_mem_fail_at(0, false);
    assert_int_equal(ok, !reached);
    if (!reached) {
      break;
    }
    failing++;
  }
  assert_true(failing > 3);
  assert_true(build_something());
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_tables),
      cmocka_unit_test(test_fixed_names),
      cmocka_unit_test(test_attributes_are_interned),
      cmocka_unit_test(test_dictionaries_are_sorted),
      cmocka_unit_test(test_op_lists),
      cmocka_unit_test(test_functions_by_name),
      cmocka_unit_test(test_walk),
      cmocka_unit_test(test_locations),
      cmocka_unit_test(test_memory_exhaustion),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
