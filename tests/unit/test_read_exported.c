// SPDX-License-Identifier: Apache-2.0
// Artifacts of jax.export (tests/fuzz/corpus/exported, made by JAX): arguments that were dropped,
// symbolic dimensions, several platforms, gradients. Cut short anywhere and with any bit changed
// they are a module or an error; a signature that is not the function's is an error.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "read/read.h"

static sk_file open_artifact(const char *name) {
  char path[600];
  const char *root = getenv("SK_TEST_SOURCE_DIR");
  sk_file file = {0};
  snprintf(path, sizeof path, "%s/tests/fuzz/corpus/exported/%s.jax", root ? root : ".", name);
  assert_null(sk_file_open(path, 0, &file));
  return file;
}

static const struct {
  const char *name, *inputs, *results;
} artifacts[] = {
    {"add", "(tensor<4xf32>, tensor<4xf32>)", "(tensor<4xf32>)"},
    {"kept", "(tensor<2x3xi32>, tensor<i1>)", "(tensor<2x3xi32>, tensor<bf16>)"},
    {"symbolic", "(tensor<?x3xf32>)", "(tensor<?x3xf32>)"},
    {"platforms", "(tensor<i32>, tensor<8xf32>)", "(tensor<8xf32>)"},
    {"vjp", "(tensor<3xf32>)", "(tensor<3xf32>)"},
};

static void expect_types(const sk_module *m, const sk_type *types, uint32_t count,
                         const char *expected) {
  sk_text text = {0};
  sk_text_add_char(&text, '(');
  for (uint32_t i = 0; i < count; i++) {
    sk_text_add(&text, i > 0 ? SK_STR(", ") : SK_STR(""));
    sk_type_print(m, types[i], &text);
  }
  sk_text_add_char(&text, ')');
  assert_string_equal(text.data, expected);
  sk_text_fini(&text);
}

static void test_artifacts(void **state) {
  (void)state;
  for (size_t i = 0; i < SK_COUNT(artifacts); i++) {
    sk_file file = open_artifact(artifacts[i].name);
    sk_module *m;
    assert_true(sk_read_is_exported(file.data, file.len));
    assert_null(sk_read_module("in.jax", file.data, file.len, NULL, &m));
    assert_null(sk_module_verify(m, NULL));
    const sk_type_rec *type = sk_func_type(m, sk_module_find_func(m, SK_STR("main")));
    expect_types(m, type->inputs, type->input_count, artifacts[i].inputs);
    expect_types(m, type->results, type->result_count, artifacts[i].results);
    sk_module_destroy(m);
    sk_file_close(&file);
  }
}

static void expect_failure(const char *bytes, size_t len, const char *message) {
  sk_module *m;
  sk_status status = sk_read_exported("in.jax", bytes, len, NULL, &m);
  assert_non_null(status);
  assert_null(m);
  assert_string_equal(sk_status_pos(status).file, "in.jax");
  if (message != NULL && strstr(sk_status_message(status), message) == NULL) {
    fail_msg("'%s' is not '%s'", sk_status_message(status), message);
  }
  sk_status_free(status);
}

static void test_cut_short(void **state) {
  (void)state;
  sk_file file = open_artifact("kept");
  sk_module *whole;
  assert_null(sk_read_exported("in.jax", file.data, file.len, NULL, &whole));
  for (size_t len = 0; len < file.len; len++) {
    sk_module *m;
    char *cut = malloc(len + 1);
    memcpy(cut, file.data, len);
    sk_status status = sk_read_exported("in.jax", cut, len, NULL, &m);
    // At the end of the file stand parts that the module does not need.
    assert_true(status != NULL || (len > file.len / 2 && sk_module_equal(whole, m, NULL)));
    sk_module_destroy(m);
    sk_status_free(status);
    free(cut);
  }
  sk_module_destroy(whole);
  sk_file_close(&file);
}

static void test_changed_bits(void **state) {
  (void)state;
  sk_file file = open_artifact("kept");
  char *copy = malloc(file.len);
  for (size_t bit = 0; bit < file.len * 8; bit++) {
    sk_module *m;
    memcpy(copy, file.data, file.len);
    copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
    sk_status status = sk_read_exported("in.jax", copy, file.len, NULL, &m);
    assert_true((status == NULL) == (m != NULL));
    sk_module_destroy(m);
    sk_status_free(status);
  }
  free(copy);
  sk_file_close(&file);
}

// A FlatBuffer by hand: a root whose fields are where jax.export has them.
typedef struct builder {
  uint8_t bytes[4096];
  uint32_t len;
} builder;

static void put(builder *b, uint32_t value, uint32_t size) {
  memcpy(b->bytes + b->len, &value, size);
  b->len += size;
}

static void point(builder *b, uint32_t from, uint32_t to) {
  uint32_t offset = to - from;
  memcpy(b->bytes + from, &offset, 4);
}

// A table of u32 fields behind its vtable; fields[i] is that of vtable entry 4 + 2 * i. Returns where
// the table begins; field i lies 4 + 4 * i behind.
static uint32_t put_table(builder *b, uint32_t field_count, const bool *present) {
  uint32_t vtable = b->len;
  put(b, 4 + 2 * field_count, 2);
  put(b, 4 + 4 * field_count, 2);
  for (uint32_t i = 0; i < field_count; i++) {
    put(b, present[i] ? 4 + 4 * i : 0, 2);
  }
  uint32_t table = b->len;
  put(b, table - vtable, 4);
  for (uint32_t i = 0; i < field_count; i++) {
    put(b, 0, 4);
  }
  return table;
}

static void put_bytes(builder *b, const void *data, uint32_t len) {
  put(b, len, 4);
  assert_true(b->len + len <= sizeof b->bytes);
  memcpy(b->bytes + b->len, data, len);
  b->len += len;
}

// f32[size] as an abstract value, at `from`.
static void put_aval(builder *b, uint32_t from, uint32_t dtype, const char *size) {
  static const bool present[] = {true, true, true};
  uint32_t table = put_table(b, 3, present);
  point(b, from, table);
  b->bytes[table + 12] = (uint8_t)dtype;
  point(b, table + 8, b->len);
  put(b, 1, 4);
  uint32_t shape = b->len;
  put(b, 0, 4);
  point(b, shape, b->len);
  put_bytes(b, size, (uint32_t)strlen(size));
}

// An export of @main, from f32[4] to f32[4], that claims other things.
static uint32_t make_export(builder *b, uint32_t dtype, const char *size, uint32_t kept) {
  static const char text[] =
      "func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : tensor<4xf32> }";
  bool present[16] = {false};
  sk_module *m;
  sk_text bytes = {0};
  assert_null(sk_read_text("main.mlir", text, sizeof text - 1, NULL, &m));
  assert_null(sk_write_bytecode(m, &(sk_write_options){.portable = true, 1, 0}, &bytes));
  present[0] = present[3] = present[13] = present[15] = true;
  *b = (builder){.len = 4};
  uint32_t root = put_table(b, 16, present);
  point(b, 0, root);
  b->bytes[root + 4] = 9;
  point(b, root + 4 + 4 * 13, b->len);
  put_bytes(b, bytes.data, (uint32_t)bytes.len);
  point(b, root + 4 + 4 * 15, b->len);
  put(b, 1, 4);
  put(b, kept, 2);
  point(b, root + 4 + 4 * 3, b->len);
  put(b, 1, 4);
  uint32_t aval = b->len;
  put(b, 0, 4);
  put_aval(b, aval, dtype, size);
  sk_text_fini(&bytes);
  sk_module_destroy(m);
  return root;
}

static void test_signatures(void **state) {
  (void)state;
  enum { F32 = 10, F64 = 11, KEY = 27 };
  static const struct {
    uint32_t dtype;
    const char *size;
    uint32_t kept;
    const char *message;
  } cases[] = {
      {F32, "4", 0, NULL},
      {F32, "batch", 0, NULL},
      {KEY, "7", 0, NULL},
      {F32, "5", 0, "argument 0 of @main is tensor<4xf32>, the export says otherwise"},
      {F64, "4", 0, "argument 0 of @main is tensor<4xf32>, the export says otherwise"},
      {F32, "4", 3, "there is no such argument"},
  };
  for (size_t i = 0; i < SK_COUNT(cases); i++) {
    builder b;
    sk_module *m;
    (void)make_export(&b, cases[i].dtype, cases[i].size, cases[i].kept);
    if (cases[i].message != NULL) {
      expect_failure((const char *)b.bytes, b.len, cases[i].message);
    } else {
      assert_null(sk_read_module("in.jax", b.bytes, b.len, NULL, &m));
      sk_module_destroy(m);
    }
  }
}

static void test_no_module(void **state) {
  (void)state;
  builder b;
  uint32_t root = make_export(&b, 10, "4", 0);
  b.bytes[root + 4] = 0;
  expect_failure((const char *)b.bytes, b.len, "there is no module in it");
  expect_failure("\4\0\0\0\0\0\0\0", 8, "damaged artifact of jax.export");
  assert_false(sk_read_is_exported("func.func", 9));
  assert_false(sk_read_is_exported("", 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_artifacts),    cmocka_unit_test(test_cut_short),
      cmocka_unit_test(test_changed_bits), cmocka_unit_test(test_signatures),
      cmocka_unit_test(test_no_module),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
