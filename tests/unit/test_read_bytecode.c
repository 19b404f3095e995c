// SPDX-License-Identifier: Apache-2.0
// What the bytecode reader makes of each piece of the format, from files written by hand: numbers,
// every code of types and attributes, every row of VHLO's operations in both ways of writing
// attributes, constants, locations, numbering of values, container versions. Errors and hostile
// files are in test_read_bytecode_errors.c, real files in test_read_bytecode_suites.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/read.h"
#include "support/bytecode_make.h"

typedef struct {
  bytecode_file f;
  uint8_t *bytes;
  size_t len;
  sk_module *m;
} reading;

static void read_file(reading *r) {
  r->len = bytecode_finish(&r->f, &r->bytes);
  sk_status status = sk_read_bytecode("t.bc", r->bytes, r->len, NULL, &r->m);
  if (status != NULL) {
    char message[500];
    sk_status_format(status, message, sizeof message);
    fail_msg("%s", message);
  }
}

static void close_reading(reading *r) {
  sk_module_destroy(r->m);
  free(r->bytes);
  bytecode_fini(&r->f);
}

static void want_text(sk_text *text, const char *want) {
  if (text->data == NULL || strcmp(text->data, want) != 0) {
    fail_msg("got      %s\nexpected %s", text->data, want);
  }
  sk_text_fini(text);
}

// -- many attributes in one file ------------------------------------------------------------------

enum { MOST_WANTED = 200 };
typedef struct {
  reading r;
  uint32_t attrs[MOST_WANTED];
  const char *texts[MOST_WANTED];
  uint32_t count;
} wanted;

// The attribute must print as `text`.
static void want(wanted *w, uint32_t attr, const char *text) {
  assert_true(w->count < MOST_WANTED);
  w->attrs[w->count] = attr;
  w->texts[w->count++] = text;
}

static void want_type(wanted *w, uint32_t type, const char *text) {
  want(w, bytecode_attr(&w->r.f, "builtin", "vv", 6u, type), text);
}

static const sk_attr_rec *wanted_rec(const wanted *w, uint32_t i) {
  const sk_module *m = w->r.m;
  const sk_attr_rec *list = sk_attr_get(m, m->attr_pool.data[sk_op_get(m, m->root)->attrs].attr);
  assert_int_equal(list->kind, SK_ATTR_ARRAY);
  assert_int_equal(list->u.list.count, w->count);
  return sk_attr_get(m, list->u.list.data[i]);
}

// All of them in one array, the attribute "all" of the module.
static void read_wanted(wanted *w) {
  bytecode_file *f = &w->r.f;
  bytecode_bytes array = {0};
  bytecode_put(f, &array, "vv", 0u, w->count);
  for (uint32_t i = 0; i < w->count; i++) {
    bytecode_put(f, &array, "v", w->attrs[i]);
  }
  uint32_t all = bytecode_attr_bytes(f, "builtin", array.data, array.len);
  free(array.data);
  uint32_t key = bytecode_attr(f, "builtin", "vt", 2u, "all");
  bytecode_module(f, (int)bytecode_attr(f, "builtin", "vvvv", 1u, 1u, key, all));
  read_file(&w->r);
}

static void check_wanted(wanted *w) {
  read_wanted(w);
  const sk_attr_rec *list =
      sk_attr_get(w->r.m, w->r.m->attr_pool.data[sk_op_get(w->r.m, w->r.m->root)->attrs].attr);
  assert_int_equal(list->u.list.count, w->count);
  for (uint32_t i = 0; i < w->count; i++) {
    sk_text text;
    sk_text_init(&text);
    sk_attr_print(w->r.m, list->u.list.data[i], &text);
    want_text(&text, w->texts[i]);
  }
  close_reading(&w->r);
}

// -- numbers --------------------------------------------------------------------------------------

static void test_numbers(void **state) {
  (void)state;
  wanted w = {0};
  int64_t values[MOST_WANTED];
  bytecode_init(&w.r.f, 6);
  uint32_t si64 = bytecode_type(&w.r.f, "vhlo", "v", 14u);
  for (int bits = 0; bits < 64; bits += bits < 56 ? 7 : 1) {  // around every change of length
    for (int64_t i = -1; i <= 1; i++) {
      values[w.count] = (int64_t)(((uint64_t)1 << bits) + (uint64_t)i);
      want(&w, bytecode_attr(&w.r.f, "vhlo", "vvs", 9u, si64, values[w.count]), NULL);
      values[w.count] = (int64_t)(0 - ((uint64_t)1 << bits) + (uint64_t)i);
      want(&w, bytecode_attr(&w.r.f, "vhlo", "vvs", 9u, si64, values[w.count]), NULL);
    }
  }
  // More bytes than needed: the number 5 in 2, 3 and 9 of them; si64 has type number 0.
  static const uint8_t longer[3][11] = {
      {0x13, 0x01, 0x2A, 0x00}, {0x13, 0x01, 0x54, 0x00, 0x00}, {0x13, 0x01, 0, 10}};
  static const size_t lengths[3] = {4, 5, 11};
  for (int i = 0; i < 3; i++) {
    values[w.count] = 5;
    want(&w, bytecode_attr_bytes(&w.r.f, "vhlo", longer[i], lengths[i]), NULL);
  }
  read_wanted(&w);
  for (uint32_t i = 0; i < w.count; i++) {
    assert_int_equal(wanted_rec(&w, i)->kind, SK_ATTR_INT);
    assert_int_equal(wanted_rec(&w, i)->u.i, values[i]);
  }
  close_reading(&w.r);
}

// -- types ----------------------------------------------------------------------------------------

static void want_vhlo_scalars(wanted *w) {
  static const char *const names[] = {"i1",
                                      NULL,
                                      "bf16",
                                      "f16",
                                      "f32",
                                      "f64",
                                      "f8E4M3FN",
                                      "f8E5M2",
                                      NULL,
                                      "index",
                                      "i4",
                                      "i8",
                                      "i16",
                                      "i32",
                                      "i64",
                                      "ui4",
                                      "ui8",
                                      "ui16",
                                      "ui32",
                                      "ui64",
                                      NULL,
                                      NULL,
                                      "!stablehlo.token",
                                      NULL,
                                      NULL,
                                      NULL,
                                      "!shape.witness",
                                      "f8E4M3FNUZ",
                                      "f8E5M2FNUZ",
                                      "f8E4M3B11FNUZ",
                                      NULL,
                                      "i2",
                                      "ui2",
                                      "none",
                                      "tf32",
                                      "f8E4M3",
                                      "f8E3M4",
                                      "f4E2M1FN",
                                      "f6E2M3FN",
                                      "f6E3M2FN",
                                      "f8E8M0FNU"};
  for (uint32_t code = 0; code < sizeof names / sizeof names[0]; code++) {
    if (names[code] != NULL) {
      want_type(w, bytecode_type(&w->r.f, "vhlo", "v", code), names[code]);
    }
  }
}

static void want_builtin_scalars(wanted *w) {
  static const char *const after_vectors[] = {
      "tf32",          "f8E5M2", "f8E4M3",   "f8E4M3FN", "f8E5M2FNUZ", "f8E4M3FNUZ",
      "f8E4M3B11FNUZ", "f8E3M4", "f4E2M1FN", "f6E2M3FN", "f6E3M2FN",   "f8E8M0FNU"};
  static const char *const floats[] = {"bf16", "f16", "f32", "f64"};
  bytecode_file *f = &w->r.f;
  want_type(w, bytecode_type(f, "builtin", "vv", 0u, 1u << 2), "i1");
  want_type(w, bytecode_type(f, "builtin", "vv", 0u, 32u << 2), "i32");
  want_type(w, bytecode_type(f, "builtin", "vv", 0u, 64u << 2 | 2), "ui64");
  want_type(w, bytecode_type(f, "builtin", "vv", 0u, 4u << 2 | 2), "ui4");
  want_type(w, bytecode_type(f, "builtin", "v", 1u), "index");
  want_type(w, bytecode_type(f, "builtin", "v", 12u), "none");
  for (uint32_t i = 0; i < 4; i++) {
    want_type(w, bytecode_type(f, "builtin", "v", 3 + i), floats[i]);
  }
  for (uint32_t i = 0; i < sizeof after_vectors / sizeof after_vectors[0]; i++) {
    want_type(w, bytecode_type(f, "builtin", "v", 21 + i), after_vectors[i]);
  }
  want_type(w, bytecode_type_text(f, "builtin", "f8E4M3FN"), "f8E4M3FN");
  want_type(w, bytecode_type_text(f, "foreign", "!foreign.type<1>"), "!foreign.type<1>");
}

static void want_shaped(wanted *w, const char *dialect, const uint32_t codes[9]) {
  bytecode_file *f = &w->r.f;
  bool vhlo = strcmp(dialect, "vhlo") == 0;
  uint32_t f32 = bytecode_type(f, "vhlo", "v", 4u);
  uint32_t f64 = bytecode_type(f, "builtin", "v", 6u);
  uint32_t bounds = bytecode_attr(f, vhlo ? "vhlo" : "stablehlo", "vvss", vhlo ? 18u : 13u, 2u,
                                  INT64_C(8), INT64_MIN);
  uint32_t foreign = bytecode_attr_text(f, "foreign", "#foreign.encoding<1>");
  uint32_t scalar = bytecode_type(f, dialect, "vvv", codes[0], 0u, f32);
  uint32_t matrix = bytecode_type(f, dialect, "vvssv", codes[0], 2u, INT64_MIN, INT64_C(300), f64);
  want_type(w, scalar, "tensor<f32>");
  want_type(w, matrix, "tensor<?x300xf64>");
  want_type(w,
            bytecode_type(f, dialect, "vvvssv", codes[1], bounds, 2u, INT64_MIN, INT64_C(4), f32),
            "tensor<?x4xf32, #stablehlo.bounds<8, ?>>");
  want_type(w, bytecode_type(f, dialect, "vvvsv", codes[1], foreign, 1u, INT64_C(4), f32),
            "tensor<4xf32, #foreign.encoding<1>>");
  want_type(w, bytecode_type(f, dialect, "vv", codes[2], f32), "tensor<*xf32>");
  want_type(w, bytecode_type(f, dialect, "vvvv", codes[3], 2u, scalar, matrix),
            "tuple<tensor<f32>, tensor<?x300xf64>>");
  want_type(w, bytecode_type(f, dialect, "vvvvv", codes[4], 1u, scalar, 1u, matrix),
            "(tensor<f32>) -> tensor<?x300xf64>");
  want_type(w, bytecode_type(f, dialect, "vv", codes[5], f32), "complex<f32>");
  want_type(w, bytecode_type(f, dialect, "vv", codes[5], f64), "complex<f64>");
}

static void test_types(void **state) {
  (void)state;
  static const uint32_t vhlo[9] = {20, 21, 25, 23, 8, 1};
  static const uint32_t builtin[9] = {13, 14, 18, 15, 2, 9};
  wanted w = {0};
  bytecode_file *f = &w.r.f;
  bytecode_init(f, 6);
  want_vhlo_scalars(&w);
  want_builtin_scalars(&w);
  want_shaped(&w, "vhlo", vhlo);
  want_shaped(&w, "builtin", builtin);
  uint32_t f32 = bytecode_type(f, "vhlo", "v", 4u);
  uint32_t si8 = bytecode_type(f, "vhlo", "v", 11u);
  uint32_t tensor = bytecode_type(f, "vhlo", "vvv", 20u, 0u, f32);
  uint32_t map = bytecode_attr_text(f, "builtin", "affine_map<(d0, d1) -> (d0, d1)>");
  uint32_t no_map = bytecode_attr_text(f, "builtin", "affine_map<() -> ()>");
  want_type(&w, bytecode_type(f, "vhlo", "vvssv", 41u, 2u, INT64_C(2), INT64_C(3), f32),
            "memref<2x3xf32>");
  want_type(&w, bytecode_type(f, "builtin", "vvssvv", 10u, 2u, INT64_C(2), INT64_C(3), f32, map),
            "memref<2x3xf32>");
  want_type(&w, bytecode_type(f, "builtin", "vvvv", 10u, 0u, f32, no_map), "memref<f32>");
  want_type(&w, bytecode_type(f, "vhlo", "vvv", 42u, 1u, tensor), "!stablehlo.future<tensor<f32>>");
  want_type(&w, bytecode_type(f, "stablehlo", "vvv", 1u, 1u, tensor),
            "!stablehlo.future<tensor<f32>>");
  want_type(&w, bytecode_type(f, "stablehlo", "v", 0u), "!stablehlo.token");
  want_type(&w,
            bytecode_type(f, "vhlo", "vvvvssss", 24u, 1u, si8, f32, INT64_C(0x3FE0000000000000),
                          INT64_C(3), INT64_C(-128), INT64_C(127)),
            "!quant.uniform<i8:f32, 0.5:3>");
  want_type(&w,
            bytecode_type(f, "vhlo", "vvvvvssvssvss", 30u, 0u, si8, f32, 1u, INT64_C(0),
                          INT64_C(255), 2u, INT64_C(0x3FE0000000000000),
                          INT64_C(0x4000000000000000), 2u, INT64_C(0), INT64_C(7)),
            "!quant.uniform<u8:f32:1, {0.5, 2.0:7}>");
  check_wanted(&w);
}

// -- attributes -----------------------------------------------------------------------------------

static void want_numbers(wanted *w) {
  bytecode_file *f = &w->r.f;
  static const struct {
    uint32_t type;  // code in VHLO
    const char *format;
    int64_t bits;
    const char *text;
  } numbers[] = {{10, "vvc", 0xFD, "-3 : i4"},
                 {15, "vvc", 0xFD, "13 : ui4"},
                 {31, "vvc", 3, "-1 : i2"},
                 {11, "vvc", 0x80, "-128 : i8"},
                 {16, "vvc", 0x80, "128 : ui8"},
                 {12, "vvs", 0xFFFF, "-1 : i16"},
                 {17, "vvs", 0xFFFF, "65535 : ui16"},
                 {13, "vvs", 0x80000000, "-2147483648 : i32"},
                 {14, "vvs", INT64_MIN, "-9223372036854775808 : i64"},
                 {19, "vvs", -1, "18446744073709551615 : ui64"},
                 {9, "vvs", 7, "7 : index"},
                 {0, "vvc", 1, "true"}};
  static const struct {
    uint32_t type;
    const char *format;
    int64_t bits;
    const char *text;
  } floats[] = {
      {4, "vvs", 0x3FC00000, "1.5 : f32"},       {5, "vvs", 0x3FF8000000000000, "1.5 : f64"},
      {3, "vvs", 0xC200, "-3.0 : f16"},          {2, "vvs", 0x3FC0, "1.5 : bf16"},
      {6, "vvc", 0x38, "1.0 : f8E4M3FN"},        {37, "vvc", 7, "6.0 : f4E2M1FN"},
      {40, "vvc", 127, "1.0 : f8E8M0FNU"},       {4, "vvs", 0x80000000, "-0.0 : f32"},
      {4, "vvs", 0x7F800000, "0x7F800000 : f32"}};
  for (uint32_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    uint32_t type = bytecode_type(f, "vhlo", "v", numbers[i].type);
    bool small = strcmp(numbers[i].format, "vvc") == 0;
    for (int k = 0; k < 2; k++) {
      uint32_t attr = small ? bytecode_attr(f, k ? "vhlo" : "builtin", "vvc", k ? 9u : 8u, type,
                                            (int)numbers[i].bits)
                            : bytecode_attr(f, k ? "vhlo" : "builtin", "vvs", k ? 9u : 8u, type,
                                            numbers[i].bits);
      want(w, attr, numbers[i].text);
    }
  }
  for (uint32_t i = 0; i < sizeof floats / sizeof floats[0]; i++) {
    uint32_t type = bytecode_type(f, "vhlo", "v", floats[i].type);
    bool small = strcmp(floats[i].format, "vvc") == 0;
    want(w,
         small ? bytecode_attr(f, "vhlo", "vvc", 8u, type, (int)floats[i].bits)
               : bytecode_attr(f, "builtin", "vvs", 9u, type, floats[i].bits),
         floats[i].text);
  }
}

static void want_enums(wanted *w) {
  static const struct {
    uint32_t vhlo, native, value;
    const char *text;
  } enums[] = {{3, 2, 5, "#stablehlo<comparison_direction LT>"},
               {4, 3, 2, "#stablehlo<comparison_type TOTALORDER>"},
               {5, 0, 4, "4 : i32"},
               {7, 6, 3, "#stablehlo<fft_type IRFFT>"},
               {11, 8, 2, "#stablehlo<precision HIGHEST>"},
               {12, 9, 2, "#stablehlo<rng_algorithm PHILOX>"},
               {13, 10, 2, "#stablehlo<rng_distribution NORMAL>"},
               {16, 12, 3, "#stablehlo<transpose ADJOINT>"},
               {19, 16, 1, "#stablehlo.result_accuracy_mode<HIGHEST>"}};
  for (uint32_t i = 0; i < sizeof enums / sizeof enums[0]; i++) {
    want(w, bytecode_attr(&w->r.f, "vhlo", "vv", enums[i].vhlo, enums[i].value), enums[i].text);
    if (enums[i].native != 0) {
      want(w, bytecode_attr(&w->r.f, "stablehlo", "vv", enums[i].native, enums[i].value),
           enums[i].text);
    }
  }
  want(w, bytecode_attr(&w->r.f, "chlo", "vv", 0u, 3u), "#stablehlo<comparison_direction GT>");
}

static void want_containers(wanted *w) {
  bytecode_file *f = &w->r.f;
  uint32_t f32 = bytecode_type(f, "vhlo", "v", 4u);
  uint32_t key_b = bytecode_attr(f, "builtin", "vt", 2u, "b");
  uint32_t key_a = bytecode_attr(f, "vhlo", "vt", 14u, "a");
  uint32_t unit = bytecode_attr(f, "builtin", "v", 7u);
  uint32_t yes = bytecode_attr(f, "vhlo", "vv", 2u, 1u);
  uint32_t root = bytecode_attr(f, "builtin", "vv", 4u, key_b);
  uint32_t leaf = bytecode_attr(f, "builtin", "vv", 4u, key_a);
  want(w, key_a, "\"a\"");
  want(w, bytecode_attr(f, "builtin", "vtv", 3u, "typed", f32), "\"typed\"");
  want(w, unit, "unit");
  want(w, yes, "true");
  want(w, root, "@b");
  want(w, bytecode_attr(f, "builtin", "vvvvv", 5u, key_b, 2u, leaf, root), "@b::@a::@b");
  want(w, bytecode_attr(f, "builtin", "vvvv", 0u, 2u, unit, yes), "[unit, true]");
  want(w, bytecode_attr(f, "vhlo", "vv", 1u, 0u), "[]");
  want(w, bytecode_attr(f, "builtin", "vvvvvv", 1u, 2u, key_b, unit, key_a, yes),
       "{a = true, b}");  // sorted
  want(w, bytecode_attr(f, "vhlo", "vvvv", 6u, 1u, key_a, root), "{a = @b}");
  want(w, bytecode_attr(f, "vhlo", "vv", 17u, f32), "f32");
  want(w, bytecode_attr_text(f, "builtin", "affine_map<(d0) -> (d0 + 1)>"),
       "affine_map<(d0) -> (d0 + 1)>");
  want(w, bytecode_attr_text(f, "foreign", "#foreign.attr<a, [b]>"), "#foreign.attr<a, [b]>");
}

static void want_structures(wanted *w) {
  bytecode_file *f = &w->r.f;
  uint32_t tf32 = bytecode_type(f, "vhlo", "v", 34u), f32 = bytecode_type(f, "vhlo", "v", 4u);
  uint32_t mode = bytecode_attr(f, "vhlo", "vv", 19u, 2u);
  want(w,
       bytecode_attr(f, "stablehlo", "vvsvsvsvs", 5u, 1u, INT64_C(0), 1u, INT64_C(1), 1u,
                     INT64_C(2), 1u, INT64_C(3)),
       "#stablehlo.dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], "
       "lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [3]>");
  want(w,
       bytecode_attr(f, "stablehlo", "vvssvsvvvss", 7u, 2u, INT64_C(1), INT64_C(2), 1u, INT64_C(0),
                     0u, 0u, 1u, INT64_C(5), INT64_C(6)),
       "#stablehlo.gather<offset_dims = [1, 2], collapsed_slice_dims = [0], start_index_map = [5], "
       "index_vector_dim = 6>");
  want(w,
       bytecode_attr(f, "stablehlo", "vvvvvvss", 11u, 0u, 0u, 0u, 0u, 1u, INT64_C(0), INT64_C(1)),
       "#stablehlo.scatter<scatter_dims_to_operand_dims = [0], index_vector_dim = 1>");
  want(w,
       bytecode_attr(f, "stablehlo", "vssvsssvsssvs", 4u, INT64_C(0), INT64_C(2), 1u, INT64_C(1),
                     INT64_C(1), INT64_C(2), 1u, INT64_C(0), INT64_C(0), INT64_C(2), 1u,
                     INT64_C(1)),
       "#stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>");
  want(w,
       bytecode_attr(f, "stablehlo", "vvvvsssc", 15u, tf32, tf32, f32, INT64_C(1), INT64_C(1),
                     INT64_C(3), 0),
       "#stablehlo.dot_algorithm<lhs_precision_type = tf32, rhs_precision_type = tf32, "
       "accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, "
       "num_primitive_operations = 3, allow_imprecise_accumulation = false>");
  want(w, bytecode_attr(f, "stablehlo", "vss", 1u, INT64_C(7), INT64_C(1)),
       "#stablehlo.channel_handle<handle = 7, type = 1>");
  for (int k = 0; k < 2; k++) {
    const char *dialect = k ? "vhlo" : "stablehlo";
    want(w,
         bytecode_attr(f, dialect, "vvssvs", k ? 10u : 14u, 1u, INT64_C(0), INT64_C(2), 1u,
                       INT64_C(4)),
         "#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 2, "
         "operand_tuple_indices = [4]>");
    want(w,
         bytecode_attr(f, dialect, "vsssv", k ? 20u : 17u, INT64_C(0x3FE0000000000000), INT64_C(0),
                       INT64_C(9), mode),
         "#stablehlo.result_accuracy<atol = 0.5, ulps = 9, mode = "
         "#stablehlo.result_accuracy_mode<TOLERANCE>>");
    want(w, bytecode_attr(f, dialect, "vvss", k ? 18u : 13u, 2u, INT64_C(3), INT64_MIN),
         "#stablehlo.bounds<3, ?>");
  }
}

static void test_attributes(void **state) {
  (void)state;
  wanted w = {0};
  bytecode_init(&w.r.f, 6);
  want_numbers(&w);
  want_enums(&w);
  want_containers(&w);
  want_structures(&w);
  check_wanted(&w);
}

// -- shardings ------------------------------------------------------------------------------------

typedef struct {
  uint32_t a, b1, dim_a, dim_open, sharding;  // "a", "b":(1)2, {"a"}, {"b":(1)2, ?}p1, <@mesh, ..>
} sdy_parts;

static sdy_parts want_axes(wanted *w) {
  bytecode_file *f = &w->r.f;
  sdy_parts p;
  uint32_t axis_a = bytecode_attr(f, "sdy", "vts", 1u, "a", INT64_C(2));
  uint32_t axis_b = bytecode_attr(f, "sdy", "vts", 1u, "b\"", INT64_C(4));
  uint32_t sub = bytecode_attr(f, "sdy", "vss", 3u, INT64_C(1), INT64_C(2));
  uint32_t name = bytecode_attr(f, "builtin", "vt", 2u, "mesh");
  uint32_t mesh = bytecode_attr(f, "builtin", "vv", 4u, name);
  uint32_t inner = bytecode_attr(f, "sdy", "vvvv", 2u, 1u, axis_a, 0u);
  p.a = bytecode_attr(f, "sdy", "vto", 4u, "a", -1);
  p.b1 = bytecode_attr(f, "sdy", "vto", 4u, "b", (int)sub);
  p.dim_a = bytecode_attr(f, "sdy", "vvvcv", 5u, 1u, p.a, 1, 0u);
  p.dim_open = bytecode_attr(f, "sdy", "vvvcv", 5u, 1u, p.b1, 0, 1u << 1 | 1);
  p.sharding = bytecode_attr(f, "sdy", "vvvvvv", 6u, mesh, 2u, p.dim_a, p.dim_open, 0u);
  uint32_t open = bytecode_attr(f, "sdy", "vvcv", 5u, 0u, 0, 0u);
  want(w, bytecode_attr(f, "sdy", "vvvvv", 2u, 2u, axis_a, axis_b, 0u),
       "#sdy.mesh<[\"a\"=2, \"b\\22\"=4]>");
  want(w, bytecode_attr(f, "sdy", "vvvvss", 2u, 1u, axis_a, 2u, INT64_C(1), INT64_C(0)),
       "#sdy.mesh<[\"a\"=2], device_ids=[1, 0]>");
  want(w, bytecode_attr(f, "sdy", "vvv", 2u, 0u, 0u), "#sdy.mesh<[]>");
  want(w, p.sharding, "#sdy.sharding<@mesh, [{\"a\"}, {\"b\":(1)2, ?}p1]>");
  want(w, bytecode_attr(f, "sdy", "vvvvvv", 6u, inner, 1u, open, 1u, p.a),
       "#sdy.sharding<mesh<[\"a\"=2]>, [{?}], replicated={\"a\"}>");
  want(w, bytecode_attr(f, "sdy", "vvvvvv", 15u, mesh, 0u, 0u, 1u, p.b1),
       "#sdy.sharding<@mesh, [], unreduced={\"b\":(1)2}>");
  want(w, bytecode_attr(f, "sdy", "vvvvvvs", 17u, mesh, 0u, 0u, 1u, p.a, INT64_C(1)),
       "#sdy.sharding<@mesh, [], unreduced=max{\"a\"}>");
  return p;
}

static void want_rules(wanted *w) {
  bytecode_file *f = &w->r.f;
  uint32_t i_dim = bytecode_attr(f, "sdy", "vvs", 8u, 1u, INT64_C(0));
  uint32_t jz = bytecode_attr(f, "sdy", "vvss", 8u, 2u, INT64_C(1), INT64_C(18));
  uint32_t both = bytecode_attr(f, "sdy", "vvvv", 9u, 2u, i_dim, jz);
  uint32_t empty = bytecode_attr(f, "sdy", "vv", 9u, 0u);
  want(w,
       bytecode_attr(f, "sdy", "vvssvvvvvvsvvvc", 10u, 2u, INT64_C(8), INT64_C(4), 2u, both, empty,
                     1u, both, 1u, INT64_C(1), 0u, 0u, 0u, 1),
       "#sdy.op_sharding_rule<([i, jz_1], [])->([i, jz_1]) {i=8, j=4} reduction={j}, custom>");
}

static void want_groups(wanted *w, bool vhlo) {
  bytecode_file *f = &w->r.f;
  uint32_t x = bytecode_attr(f, "vhlo", "vt", 14u, "x");
  uint32_t name = bytecode_attr(f, "vhlo", "vt", 14u, "mesh");
  uint32_t symbol = bytecode_attr(f, "builtin", "vv", 4u, name);
  uint32_t sub = vhlo ? bytecode_attr(f, "vhlo", "vss", 21u, INT64_C(1), INT64_C(2))
                      : bytecode_attr(f, "stablehlo", "vss", 19u, INT64_C(1), INT64_C(2));
  uint32_t axis = vhlo ? bytecode_attr(f, "vhlo", "vvv", 22u, x, 0u)
                       : bytecode_attr(f, "stablehlo", "vtc", 20u, "x", 0);
  uint32_t part = vhlo ? bytecode_attr(f, "vhlo", "vvvv", 22u, x, 1u, sub)
                       : bytecode_attr(f, "stablehlo", "vtcv", 20u, "x", 1, sub);
  uint32_t mesh_axis = vhlo ? bytecode_attr(f, "vhlo", "vvs", 24u, x, INT64_C(2))
                            : bytecode_attr(f, "stablehlo", "vts", 21u, "x", INT64_C(2));
  uint32_t axes = vhlo ? bytecode_attr(f, "vhlo", "vvvv", 1u, 2u, axis, part) : 0;
  uint32_t mesh_axes = bytecode_attr(f, vhlo ? "vhlo" : "builtin", "vvv", vhlo, 1u, mesh_axis);
  uint32_t si64 = bytecode_type(f, "vhlo", "v", 14u);
  uint32_t pair = bytecode_type(f, "vhlo", "vvsv", 20u, 1u, INT64_C(2), si64);
  static const int64_t ids[2] = {1, 0};
  uint32_t device_ids = bytecode_attr(f, "vhlo", "vvb", 15u, pair, ids, sizeof ids);
  uint32_t mesh = vhlo ? bytecode_attr(f, "vhlo", "vvo", 25u, mesh_axes, (int)device_ids)
                       : bytecode_attr(f, "stablehlo", "vvcv", 22u, mesh_axes, 1, device_ids);
  want(
      w,
      vhlo ? bytecode_attr(f, "vhlo", "vvv", 23u, name, axes)
           : bytecode_attr(f, "stablehlo", "vvvvv", 18u, symbol, 2u, axis, part),
      "#stablehlo.replica_group_mesh_axes<mesh = @mesh, axes = [#stablehlo.axis_ref<name = \"x\">, "
      "#stablehlo.axis_ref<name = \"x\", sub_axis_info = (1)2>]>");
  want(
      w, mesh,
      "#stablehlo.mesh<axes=[<name = \"x\", size = 2>], device_ids=dense<[1, 0]> : tensor<2xi64>>");
}

static void test_shardings(void **state) {
  (void)state;
  wanted w = {0};
  bytecode_file *f = &w.r.f;
  bytecode_init(f, 6);
  sdy_parts p = want_axes(&w);
  uint32_t string = bytecode_attr(f, "builtin", "vt", 2u, "a");
  uint32_t list = bytecode_attr(f, "sdy", "vvvv", 11u, 2u, p.a, p.b1);
  uint32_t param = bytecode_attr(f, "sdy", "vvvss", 13u, 1u, p.a, INT64_C(0), INT64_C(2));
  want(&w, bytecode_attr(f, "sdy", "vvv", 7u, 1u, p.sharding),
       "#sdy.sharding_per_value<[<@mesh, [{\"a\"}, {\"b\":(1)2, ?}p1]>]>");
  want(&w, bytecode_attr(f, "sdy", "vv", 16u, 0u), "#sdy.sharding_per_value<[]>");
  want(&w, bytecode_attr(f, "sdy", "vvvv", 0u, 2u, string, string),
       "#sdy<manual_axes{\"a\", \"a\"}>");
  want(&w, list, "#sdy<axis_ref_list{\"a\", \"b\":(1)2}>");
  want(&w, bytecode_attr(f, "sdy", "vvv", 12u, 1u, list),
       "#sdy<list_of_axis_ref_lists[{\"a\", \"b\":(1)2}]>");
  want(&w, bytecode_attr(f, "sdy", "vvv", 14u, 1u, param),
       "#sdy<all_to_all_param_list[{\"a\"}: 0->2]>");
  want_rules(&w);
  want_groups(&w, true);
  want_groups(&w, false);
  check_wanted(&w);
}

// -- constants ------------------------------------------------------------------------------------

typedef struct {
  uint32_t elem;  // code in VHLO
  int64_t size;   // of the tensor, 1-D
  const char *bytes;
  size_t len;
  const char *text;
} constant_case;

static const constant_case constants[] = {
    {13, 2, "\1\0\0\0\2\0\0\0", 8, "dense<[1, 2]> : tensor<2xi32>"},
    {13, 2, "\1\0\0\0", 4, "dense<1> : tensor<2xi32>"},
    {13, 2, "\1\0\0\0\1\0\0\0", 8, "dense<1> : tensor<2xi32>"},
    {13, 0, "", 0, "dense<> : tensor<0xi32>"},
    {0, 9, "\xA5\x01", 2,
     "dense<[true, false, true, false, false, true, false, true, true]> : tensor<9xi1>"},
    {0, 9, "\xFF", 1, "dense<true> : tensor<9xi1>"},
    {0, 9, "\0", 1, "dense<false> : tensor<9xi1>"},
    {0, 3, "\1\0\1", 3, "dense<[true, false, true]> : tensor<3xi1>"},
    {0, 3, "\5", 1, "dense<[true, false, true]> : tensor<3xi1>"},
    {0, 8, "\xFF", 1, "dense<true> : tensor<8xi1>"},
    {10, 3, "\x0F\xF8\x07", 3, "dense<[-1, -8, 7]> : tensor<3xi4>"},
    {15, 2, "\xF1\x04", 2, "dense<[1, 4]> : tensor<2xui4>"},
    {4, 1, "\0\0\x80\x3F", 4, "dense<1.0> : tensor<1xf32>"},
};

static void test_constants(void **state) {
  (void)state;
  wanted w = {0};
  bytecode_file *f = &w.r.f;
  bytecode_init(f, 6);
  for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++) {
    const constant_case *c = &constants[i];
    uint32_t elem = bytecode_type(f, "vhlo", "v", c->elem);
    uint32_t type = bytecode_type(f, "vhlo", "vvsv", 20u, 1u, c->size, elem);
    want(&w, bytecode_attr(f, "vhlo", "vvb", 15u, type, c->bytes, c->len), c->text);
    want(&w, bytecode_attr(f, "builtin", "vvb", 18u, type, c->bytes, c->len), c->text);
  }
  check_wanted(&w);
}

static void test_dense_arrays(void **state) {
  (void)state;
  static const int64_t wide[2] = {1, -2};
  static const int32_t narrow[2] = {1, -2};
  static const uint8_t bools[3] = {1, 0, 1};
  wanted w = {0};
  bytecode_file *f = &w.r.f;
  bytecode_init(f, 6);
  uint32_t si64 = bytecode_type(f, "vhlo", "v", 14u);
  uint32_t si32 = bytecode_type(f, "vhlo", "v", 13u);
  uint32_t pred = bytecode_type(f, "vhlo", "v", 0u);
  want(&w, bytecode_attr(f, "builtin", "vvvb", 17u, si64, 2u, wide, sizeof wide),
       "array<i64: 1, -2>");
  want(&w, bytecode_attr(f, "builtin", "vvvb", 17u, si32, 2u, narrow, sizeof narrow),
       "array<i32: 1, -2>");
  want(&w, bytecode_attr(f, "builtin", "vvvb", 17u, pred, 3u, bools, sizeof bools),
       "array<i1: true, false, true>");
  want(&w, bytecode_attr(f, "builtin", "vvvb", 17u, si64, 0u, wide, (size_t)0), "array<i64>");
  check_wanted(&w);
}

// Large constants point into the input; so do resources, which are aligned there.
static void test_borrowing(void **state) {
  (void)state;
  float data[64];
  wanted w = {0};
  bytecode_file *f = &w.r.f;
  for (int i = 0; i < 64; i++) {
    data[i] = (float)i;
  }
  bytecode_init(f, 6);
  uint32_t f32 = bytecode_type(f, "vhlo", "v", 4u);
  uint32_t type = bytecode_type(f, "vhlo", "vvsv", 20u, 1u, INT64_C(64), f32);
  want(&w, bytecode_attr(f, "vhlo", "vvb", 15u, type, data, sizeof data), NULL);
  want(&w, bytecode_attr(f, "builtin", "vvv", 16u, type, 1u), NULL);
  bytecode_bytes blob = {0};
  bytecode_put(f, &blob, "vv", 8u, (uint32_t)sizeof data);
  bytecode_add(&blob, "\xCB\xCB\xCB", 3);  // as much padding as it takes
  bytecode_add(&blob, data, sizeof data);
  uint32_t dialect = bytecode_dialect(f, "builtin");
  bytecode_add(&f->sections[5], "\1", 1);
  bytecode_put(f, &f->sections[6], "vtvtvc", 1u, "external", 1u, "unused", 1u, 1);
  bytecode_put(f, &f->sections[6], "vvtvctvc", dialect, 2u, "flag", 0u, 2, "weights",
               (uint32_t)blob.len, 0);
  bytecode_add(&f->sections[5], blob.data, blob.len);
  free(blob.data);
  read_wanted(&w);
  for (uint32_t i = 0; i < 2; i++) {
    const sk_attr_rec *rec = wanted_rec(&w, i);
    const uint8_t *at = rec->u.dense.data;
    assert_int_equal(rec->kind, SK_ATTR_DENSE);
    assert_int_equal(rec->u.dense.bytes, sizeof data);
    assert_memory_equal(at, data, sizeof data);
    assert_true(at > w.r.bytes && at + sizeof data <= w.r.bytes + w.r.len);
  }
  close_reading(&w.r);
}

// -- locations ------------------------------------------------------------------------------------

static void test_locations(void **state) {
  (void)state;
  wanted w = {0};
  bytecode_file *f = &w.r.f;
  bytecode_init(f, 6);
  uint32_t file = bytecode_attr(f, "builtin", "vt", 2u, "a.py");
  uint32_t name = bytecode_attr(f, "builtin", "vt", 2u, "f");
  uint32_t unknown = bytecode_attr(f, "builtin", "v", 15u);
  uint32_t position = bytecode_attr(f, "builtin", "vvvv", 11u, file, 3u, 4u);
  uint32_t named = bytecode_attr(f, "builtin", "vvv", 14u, name, position);
  uint32_t call = bytecode_attr(f, "builtin", "vvv", 10u, named, unknown);
  want(&w, bytecode_attr(f, "builtin", "vvv", 22u, file, 0u), NULL);
  want(&w, bytecode_attr(f, "builtin", "vvvv", 22u, file, 1u, 5u), NULL);
  want(&w, bytecode_attr(f, "builtin", "vvvvv", 22u, file, 2u, 5u, 6u), NULL);
  want(&w, bytecode_attr(f, "builtin", "vvvvvv", 22u, file, 3u, 5u, 6u, 7u), NULL);
  want(&w, bytecode_attr(f, "builtin", "vvvvvvv", 22u, file, 4u, 5u, 6u, 7u, 8u), NULL);
  want(&w, call, NULL);
  want(&w, bytecode_attr(f, "builtin", "vvvv", 12u, 2u, call, unknown), NULL);
  want(&w, bytecode_attr(f, "builtin", "vvvv", 13u, 1u, position, name), NULL);
  want(&w, bytecode_attr_text(f, "builtin", "loc(\"b.py\":1:2)"), NULL);
  want(&w, bytecode_attr(f, "builtin", "vvv", 14u, name, w.attrs[8]), NULL);
  read_wanted(&w);
  const sk_module *m = w.r.m;
  const sk_loc_rec *l[MOST_WANTED];
  for (uint32_t i = 0; i < w.count; i++) {
    assert_int_equal(wanted_rec(&w, i)->kind, SK_ATTR_LOC);
    l[i] = sk_loc_get(m, wanted_rec(&w, i)->u.loc);
  }
  static const uint32_t numbers[5][4] = {
      {0, 0, 0, 0}, {5, 0, 0, 0}, {5, 6, 0, 0}, {5, 6, 5, 7}, {5, 6, 7, 8}};
  for (uint32_t i = 0; i < 5; i++) {
    const uint32_t got[4] = {l[i]->line, l[i]->col, l[i]->end_line, l[i]->end_col};
    assert_int_equal(l[i]->kind, SK_LOC_FILE);
    assert_memory_equal(got, numbers[i], sizeof got);
  }
  assert_int_equal(l[5]->kind, SK_LOC_CALLSITE);
  assert_int_equal(sk_loc_get(m, l[5]->a)->kind, SK_LOC_NAME);
  assert_int_equal(l[5]->b.id, 0);
  sk_srcpos pos = sk_loc_pos(m, l[5]->a);
  assert_string_equal(pos.file, "a.py");
  assert_int_equal(pos.line, 3);
  assert_int_equal(pos.col, 4);
  assert_int_equal(l[6]->kind, SK_LOC_FUSED);
  assert_int_equal(l[6]->part_count, 2);
  assert_int_equal(sk_attr_get(m, l[7]->metadata)->kind, SK_ATTR_STRING);
  assert_int_equal(l[9]->kind, SK_LOC_NAME);
  assert_int_equal(sk_loc_get(m, l[9]->a)->line, 1);
  close_reading(&w.r);
}

// -- operations of VHLO ---------------------------------------------------------------------------

typedef struct {
  const char *name;
  bool is_field;
  int kind;  // sk_schema_kind, or the letter of the field's kind
  sk_enum_id enum_id;
} row_attr;
typedef struct {
  const char *name;
  sk_opkind op;
  uint32_t count;
  row_attr attrs[24];
} row;

enum { FIELD_INT = 'i', FIELD_INTS = 'l', FIELD_TYPE = 't', FIELD_BOOL = 'b', NO_FIELD = 0 };
static const struct {
  const char *name;
  int kind;
} fields[] = {
#define FIELD(member, kind, name) {#name, FIELD_##kind},
#include "read/bytecode.def"
};

#define A(name) {#name, false, 0, SK_ENUM_NONE},
#define F(record, name) {#name, true, 0, SK_ENUM_NONE},
#define G(record, field, name) {#name, true, FIELD_INT, SK_ENUM_NONE},
#define N(name) {#name, true, NO_FIELD, SK_ENUM_NONE},
#define UNWRAP(...) __VA_ARGS__
#define X(op, version, name, major, minor, limit, attrs)                                           \
  {name, SK_OP_##op, 0, {UNWRAP attrs{NULL, false, 0, SK_ENUM_NONE}}},
static const row rows[] = {
#include "read/vhlo.def"
};
#undef X
#undef A
#undef F
#undef G
#undef N

static void test_table_order(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    assert_true(i == 0 || strcmp(rows[i - 1].name, rows[i].name) < 0);
    for (uint32_t k = 0; rows[i].attrs[k].name != NULL; k++) {
      assert_true(k == 0 || strcmp(rows[i].attrs[k - 1].name, rows[i].attrs[k].name) < 0);
    }
  }
}

static uint32_t tensor_of(bytecode_file *f, uint32_t elem_code, uint32_t rank, const void *data,
                          size_t len) {
  uint32_t elem = bytecode_type(f, "vhlo", "v", elem_code);
  uint32_t type = rank == 2
                      ? bytecode_type(f, "vhlo", "vvssv", 20u, 2u, INT64_C(1), INT64_C(2), elem)
                      : bytecode_type(f, "vhlo", "vvsv", 20u, 1u, INT64_C(2), elem);
  return bytecode_attr(f, "vhlo", "vvb", 15u, type, data, len);
}

static uint32_t enum_attr(bytecode_file *f, sk_enum_id id) {
  static const uint32_t codes[SK_ENUM_COUNT] = {[SK_ENUM_COMPARISON_DIRECTION] = 3,
                                                [SK_ENUM_COMPARISON_TYPE] = 4,
                                                [SK_ENUM_CUSTOM_CALL_API_VERSION] = 5,
                                                [SK_ENUM_FFT_TYPE] = 7,
                                                [SK_ENUM_PRECISION] = 11,
                                                [SK_ENUM_RNG_ALGORITHM] = 12,
                                                [SK_ENUM_RNG_DISTRIBUTION] = 13,
                                                [SK_ENUM_TRANSPOSE] = 16};
  assert_int_not_equal(codes[id], 0);
  return bytecode_attr(f, "vhlo", "vv", codes[id], 2u);
}

// A value for the place that is not its default.
static uint32_t value_for(bytecode_file *f, const row_attr *attr) {
  static const int64_t pair[2] = {2, 3};
  static const uint8_t flags[2] = {1, 0};
  uint32_t si64 = bytecode_type(f, "vhlo", "v", 14u);
  uint32_t si32 = bytecode_type(f, "vhlo", "v", 13u);
  uint32_t f32 = bytecode_type(f, "vhlo", "v", 4u);
  uint32_t string = bytecode_attr(f, "vhlo", "vt", 14u, "text");
  uint32_t yes = bytecode_attr(f, "vhlo", "vv", 2u, 1u);
  uint32_t seven = bytecode_attr(f, "vhlo", "vvs", 9u, si64, INT64_C(7));
  if (attr->is_field) {
    // The parts of a dot algorithm must be one that exists: f32 x f32 -> f32 in one operation.
    bool counts = strstr(attr->name, "_count") != NULL || strstr(attr->name, "primitive") != NULL;
    switch (attr->kind) {
      case FIELD_INT: return counts ? bytecode_attr(f, "vhlo", "vvs", 9u, si64, INT64_C(1)) : seven;
      case FIELD_INTS: return tensor_of(f, 14, 1, pair, sizeof pair);
      case FIELD_TYPE: return bytecode_attr(f, "vhlo", "vv", 17u, f32);
      default: return bytecode_attr(f, "vhlo", "vv", 2u, 0u);
    }
  }
  uint32_t list = tensor_of(f, 14, 1, pair, sizeof pair);
  uint32_t layout = tensor_of(f, 9, 1, pair, sizeof pair);
  uint32_t mode = bytecode_attr(f, "vhlo", "vv", 19u, 1u);
  uint32_t precision = bytecode_attr(f, "vhlo", "vv", 11u, 2u);
  uint32_t alias = bytecode_attr(f, "vhlo", "vvsv", 10u, 0u, INT64_C(1), 0u);
  switch ((sk_schema_kind)attr->kind) {
    case SK_SCHEMA_INT: return seven;
    case SK_SCHEMA_I32: return bytecode_attr(f, "vhlo", "vvs", 9u, si32, INT64_C(7));
    case SK_SCHEMA_UNIT:
    case SK_SCHEMA_BOOL: return yes;
    case SK_SCHEMA_FLOAT: return bytecode_attr(f, "vhlo", "vvs", 8u, f32, INT64_C(0x3F800000));
    case SK_SCHEMA_STRING:
    case SK_SCHEMA_CONFIG:
    case SK_SCHEMA_SYMBOL: return string;
    case SK_SCHEMA_SYMBOLS: return bytecode_attr(f, "vhlo", "vvv", 1u, 1u, string);
    case SK_SCHEMA_TYPE: return bytecode_attr(f, "vhlo", "vv", 17u, f32);
    case SK_SCHEMA_INTS:
    case SK_SCHEMA_DENSE: return list;
    case SK_SCHEMA_PAIRS:
    case SK_SCHEMA_GROUPS: return tensor_of(f, 14, 2, pair, sizeof pair);
    case SK_SCHEMA_BOOLS: return tensor_of(f, 0, 1, flags, sizeof flags);
    case SK_SCHEMA_ENUM: return enum_attr(f, attr->enum_id);
    case SK_SCHEMA_PRECISIONS: return bytecode_attr(f, "vhlo", "vvv", 1u, 1u, precision);
    case SK_SCHEMA_ACCURACY:
      return bytecode_attr(f, "vhlo", "vsssv", 20u, INT64_C(0), INT64_C(0), INT64_C(2), mode);
    case SK_SCHEMA_ALIASES: return bytecode_attr(f, "vhlo", "vvv", 1u, 1u, alias);
    case SK_SCHEMA_LAYOUTS: return bytecode_attr(f, "vhlo", "vvv", 1u, 1u, layout);
    case SK_SCHEMA_ARRAY: return bytecode_attr(f, "vhlo", "vvv", 1u, 1u, list);
    case SK_SCHEMA_DICT: return bytecode_attr(f, "vhlo", "vvvv", 6u, 1u, string, yes);
    case SK_SCHEMA_ANY:
    case SK_SCHEMA_DOT_DIMS:
    case SK_SCHEMA_RAGGED_DIMS:
    case SK_SCHEMA_GATHER_DIMS:
    case SK_SCHEMA_SCATTER_DIMS:
    case SK_SCHEMA_CONV_DIMS:
    case SK_SCHEMA_ALGORITHM:
    case SK_SCHEMA_CHANNEL: break;
  }
  fail_msg("no value for %s", attr->name);
  return 0;
}

static int attr_kind_of(sk_schema_kind kind) {
  switch (kind) {
    case SK_SCHEMA_INT:
    case SK_SCHEMA_I32: return SK_ATTR_INT;
    case SK_SCHEMA_UNIT: return SK_ATTR_UNIT;
    case SK_SCHEMA_BOOL: return SK_ATTR_BOOL;
    case SK_SCHEMA_FLOAT: return SK_ATTR_FLOAT;
    case SK_SCHEMA_STRING:
    case SK_SCHEMA_CONFIG: return SK_ATTR_STRING;
    case SK_SCHEMA_SYMBOL: return SK_ATTR_SYMBOL;
    case SK_SCHEMA_TYPE: return SK_ATTR_TYPE;
    case SK_SCHEMA_INTS:
    case SK_SCHEMA_PAIRS:
    case SK_SCHEMA_GROUPS: return SK_ATTR_INTS;
    case SK_SCHEMA_BOOLS: return SK_ATTR_BOOLS;
    case SK_SCHEMA_DENSE: return SK_ATTR_DENSE;
    case SK_SCHEMA_ENUM: return SK_ATTR_ENUM;
    case SK_SCHEMA_ACCURACY: return SK_ATTR_RESULT_ACCURACY;
    case SK_SCHEMA_DICT: return SK_ATTR_DICT;
    case SK_SCHEMA_DOT_DIMS: return SK_ATTR_DOT_DIMS;
    case SK_SCHEMA_RAGGED_DIMS: return SK_ATTR_RAGGED_DIMS;
    case SK_SCHEMA_GATHER_DIMS: return SK_ATTR_GATHER_DIMS;
    case SK_SCHEMA_SCATTER_DIMS: return SK_ATTR_SCATTER_DIMS;
    case SK_SCHEMA_CONV_DIMS: return SK_ATTR_CONV_DIMS;
    case SK_SCHEMA_ALGORITHM: return SK_ATTR_DOT_ALGORITHM;
    case SK_SCHEMA_CHANNEL: return SK_ATTR_CHANNEL_HANDLE;
    case SK_SCHEMA_SYMBOLS:
    case SK_SCHEMA_PRECISIONS:
    case SK_SCHEMA_ALIASES:
    case SK_SCHEMA_LAYOUTS:
    case SK_SCHEMA_ARRAY: return SK_ATTR_ARRAY;
    case SK_SCHEMA_ANY: break;
  }
  return -1;
}

// The op of the row in a function, as container version `version` writes it.
static void write_row(reading *r, const row *source, unsigned version) {
  bytecode_file *f = &r->f;
  bytecode_bytes body = {0};
  bytecode_bytes list = {0};
  uint32_t count = 0;
  bytecode_init(f, version);
  for (; source->attrs[count].name != NULL; count++) {
    row_attr attr = source->attrs[count];
    sk_sym sym = {0};
    for (uint32_t name = 1; name < SK_NAME_COUNT; name++) {
      sym.id = strcmp(sk_name_text((sk_name)name), attr.name) == 0 ? name : sym.id;
    }
    const sk_attr_schema *schema = sk_opkind_find_attr(source->op, sym);
    for (size_t i = 0; attr.is_field && i < sizeof fields / sizeof fields[0]; i++) {
      attr.kind = strcmp(fields[i].name, attr.name) == 0 ? fields[i].kind : attr.kind;
    }
    if (!attr.is_field) {
      assert_non_null(schema);
      attr.kind = schema->kind;
      attr.enum_id = (sk_enum_id)schema->enum_id;
    }
    uint32_t value = value_for(f, &attr);
    if (version < 5) {
      bytecode_put(f, &list, "v", bytecode_attr(f, "builtin", "vt", 2u, attr.name));
    }
    bytecode_put(f, &list, "v", value);
  }
  uint32_t loc = bytecode_attr(f, "builtin", "v", 15u);
  uint32_t name = bytecode_op(f, "vhlo", source->name);
  bytecode_put(f, &body, "vcv", name, count == 0 ? 0 : version < 5 ? 1 : 64, loc);
  if (count > 0 && version >= 5) {
    bytecode_put(f, &body, "v", bytecode_properties(f, ""));
    bytecode_add(&f->properties[f->property_count - 1], list.data, list.len);
  } else if (count > 0) {
    uint32_t dictionary = bytecode_attr(f, "builtin", "vv", 1u, count);
    bytecode_add(&f->attrs[dictionary].content, list.data, list.len);
    bytecode_put(f, &body, "v", dictionary);
  }
  free(list.data);
  bytecode_main(f, &body, 1, 0);
  read_file(r);
}

static sk_op only_op(const sk_module *m) {
  return sk_region_first(m, sk_func_body(m, sk_module_first_func(m)));
}

static void check_row(const reading *r, const row *source) {
  const sk_module *m = r->m;
  sk_op op = only_op(m);
  const sk_op_info *info = sk_opkind_info(source->op);
  bool is_return = source->op == SK_OP_RETURN;
  assert_int_equal(sk_op_kind(m, op), is_return ? SK_OP_FUNC_RETURN : source->op);
  for (uint32_t i = 0; i < sk_op_get(m, op)->attr_count; i++) {
    sk_named_attr item = m->attr_pool.data[sk_op_get(m, op)->attrs + i];
    const sk_attr_schema *schema = sk_opkind_find_attr(source->op, item.name);
    if (schema == NULL) {
      fail_msg("%s: attribute %s", source->name, sk_sym_cstr(&m->strings, item.name));
    }
    assert_int_equal(sk_attr_get(m, item.attr)->kind, attr_kind_of((sk_schema_kind)schema->kind));
  }
  for (uint32_t i = 0; i < info->attr_count && !is_return; i++) {
    if (info->attrs[i].presence == SK_PRESENCE_REQUIRED &&
        sk_op_find_attr(m, op, (sk_name)info->attrs[i].name).id == 0) {
      fail_msg("%s lacks %s", source->name, sk_name_text((sk_name)info->attrs[i].name));
    }
  }
}

static void test_vhlo_operations(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    reading by_properties = {0};
    reading by_dictionary = {0};
    sk_text difference;
    sk_text_init(&difference);
    write_row(&by_properties, &rows[i], 6);
    write_row(&by_dictionary, &rows[i], 4);
    check_row(&by_properties, &rows[i]);
    if (!sk_module_equal(by_properties.m, by_dictionary.m, &difference)) {
      fail_msg("%s: %s", rows[i].name, difference.data);
    }
    sk_text_fini(&difference);
    close_reading(&by_properties);
    close_reading(&by_dictionary);
  }
}

// What spells out a default is left out, as StableHLO prints such programs.
static void test_defaults(void **state) {
  (void)state;
  reading r = {0};
  bytecode_file *f = &r.f;
  bytecode_bytes body = {0};
  bytecode_init(f, 6);
  uint32_t none = bytecode_type(f, "vhlo", "v", 33u);
  uint32_t si64 = bytecode_type(f, "vhlo", "v", 14u);
  uint32_t loc = bytecode_attr(f, "builtin", "v", 15u);
  uint32_t absent = bytecode_attr(f, "vhlo", "vv", 17u, none);
  uint32_t dims = tensor_of(f, 14, 1, "\1\0\0\0\0\0\0", 8);
  uint32_t array = bytecode_attr(f, "vhlo", "vv", 1u, 0u);
  uint32_t no = bytecode_attr(f, "vhlo", "vv", 2u, 0u);
  uint32_t zero = bytecode_attr(f, "vhlo", "vvs", 9u, si64, INT64_C(0));
  uint32_t groups = tensor_of(f, 14, 2, "\1\0\0\0\0\0\0", 8);
  uint32_t dot = bytecode_properties(f, "vvvvvvvvvvvv", absent, absent, dims, absent, dims, absent,
                                     absent, array, dims, absent, dims, absent);
  uint32_t reduce = bytecode_properties(f, "vvv", zero, groups, no);
  bytecode_put(f, &body, "vcvv", bytecode_op(f, "vhlo", "dot_general_v2"), 64, loc, dot);
  bytecode_put(f, &body, "vcvv", bytecode_op(f, "vhlo", "all_reduce_v2"), 64, loc, reduce);
  bytecode_main(f, &body, 2, 0);
  read_file(&r);
  sk_op op = only_op(r.m);
  assert_int_equal(sk_op_get(r.m, op)->attr_count, 1);
  assert_int_not_equal(sk_op_find_attr(r.m, op, SK_NAME_dot_dimension_numbers).id, 0);
  op = sk_op_next(r.m, op);
  assert_int_equal(sk_op_get(r.m, op)->attr_count, 1);
  assert_int_not_equal(sk_op_find_attr(r.m, op, SK_NAME_replica_groups).id, 0);
  close_reading(&r);
}

// -- values ---------------------------------------------------------------------------------------

// %0 = constant; %1 = case, whose isolated region counts from 0 and holds one that counts on; %2.
static void test_numbering(void **state) {
  (void)state;
  reading r = {0};
  bytecode_file *f = &r.f;
  bytecode_bytes body = {0};
  bytecode_bytes inner = {0};
  bytecode_init(f, 6);
  uint32_t f32 = bytecode_type(f, "vhlo", "v", 4u);
  uint32_t type = bytecode_type(f, "vhlo", "vvv", 20u, 0u, f32);
  uint32_t loc = bytecode_attr(f, "builtin", "v", 15u);
  uint32_t value = bytecode_attr(f, "vhlo", "vvb", 15u, type, "\0\0\x80\x3F", (size_t)4);
  uint32_t constant = bytecode_op(f, "vhlo", "constant_v1");
  uint32_t abs = bytecode_op(f, "vhlo", "abs_v1");
  uint32_t add = bytecode_op(f, "vhlo", "add_v1");
  uint32_t case_op = bytecode_op(f, "vhlo", "case_v1");
  uint32_t ret = bytecode_op(f, "vhlo", "return_v1");
  uint32_t props = bytecode_properties(f, "v", value);
  bytecode_put(f, &body, "vcvvvv", constant, 64 | 2, loc, props, 1u, type);  // %0
  // case(%0): results %1; two regions, each of one value %3, numbered behind the three of @main
  bytecode_put(f, &body, "vcvvvvvv", case_op, 2 | 4 | 16, loc, 1u, type, 1u, 0u, 1u << 1 | 1);
  bytecode_put(f, &inner, "vvv", 1u, 2u, 3u << 1 | 1);  // block of 3 ops with arguments
  bytecode_put(f, &inner, "vvc", 1u, type << 1, 0);     // one: %0 of the isolated region
  bytecode_put(f, &inner, "vcvvvvvv", abs, 2 | 4 | 32, loc, 1u, type, 1u, 0u,
               0u);  // %1, order of no uses
  bytecode_put(f, &inner, "vcvvvvvv", case_op, 4 | 16, loc, 1u, 0u, 1u << 1, 1u, 1u);
  bytecode_put(f, &inner, "v", 2u << 1);
  bytecode_put(f, &inner, "vcvvvvvv", add, 2 | 4, loc, 1u, type, 2u, 0u, 1u);  // %2, from %0 and %1
  bytecode_put(f, &inner, "vcvvv", ret, 4, loc, 1u, 2u);
  bytecode_put(f, &inner, "vcvvv", ret, 4, loc, 1u, 1u);
  bytecode_section(&body, 4, &inner);
  bytecode_put(f, &body, "vcvvvvvv", add, 2 | 4, loc, 1u, type, 2u, 0u, 1u);  // %2
  bytecode_put(f, &body, "vcvvv", ret, 4, loc, 1u, 2u);
  bytecode_main(f, &body, 4, 3);
  read_file(&r);
  const sk_module *m = r.m;
  sk_op constant_op = only_op(m);
  sk_op outer = sk_op_next(m, constant_op);
  sk_op last = sk_op_next(m, outer);
  assert_int_equal(sk_op_operand(m, outer, 0).id, sk_op_result(m, constant_op, 0).id);
  assert_int_equal(sk_op_operand(m, last, 1).id, sk_op_result(m, outer, 0).id);
  assert_int_equal(sk_op_kind(m, sk_op_next(m, last)), SK_OP_FUNC_RETURN);
  sk_region region = sk_op_region(m, outer, 0);
  sk_op first = sk_region_first(m, region);
  assert_int_equal(sk_op_operand(m, first, 0).id, sk_region_arg(m, region, 0).id);
  sk_region nested = sk_op_region(m, sk_op_next(m, first), 0);
  sk_op sum = sk_region_first(m, nested);
  assert_int_equal(sk_op_operand(m, sum, 0).id, sk_region_arg(m, region, 0).id);
  assert_int_equal(sk_op_operand(m, sum, 1).id, sk_op_result(m, first, 0).id);
  sk_op end = sk_op_next(m, sum);
  assert_int_equal(sk_op_kind(m, end), SK_OP_RETURN);
  assert_int_equal(sk_op_operand(m, end, 0).id, sk_op_result(m, sum, 0).id);
  close_reading(&r);
}

static void test_casts(void **state) {
  (void)state;
  reading r = {0};
  bytecode_file *f = &r.f;
  bytecode_bytes body = {0};
  bytecode_init(f, 6);
  uint32_t f32 = bytecode_type(f, "vhlo", "v", 4u);
  uint32_t builtin_f32 = bytecode_type(f, "builtin", "v", 5u);
  uint32_t type = bytecode_type(f, "vhlo", "vvv", 20u, 0u, f32);
  uint32_t same = bytecode_type(f, "builtin", "vvv", 13u, 0u, builtin_f32);
  uint32_t loc = bytecode_attr(f, "builtin", "v", 15u);
  uint32_t value = bytecode_attr(f, "vhlo", "vvb", 15u, type, "\0\0\x80\x3F", (size_t)4);
  uint32_t props = bytecode_properties(f, "v", value);
  uint32_t cast = bytecode_op(f, "builtin", "unrealized_conversion_cast");
  bytecode_put(f, &body, "vcvvvv", bytecode_op(f, "vhlo", "constant_v1"), 64 | 2, loc, props, 1u,
               type);
  bytecode_put(f, &body, "vcvvvvv", cast, 2 | 4, loc, 1u, same, 1u, 0u);         // %1 is %0
  bytecode_put(f, &body, "vcvvvvv", cast, 2 | 4, loc, 1u, builtin_f32, 1u, 1u);  // a real one
  bytecode_put(f, &body, "vcvvvv", bytecode_op(f, "func", "return"), 4, loc, 2u, 1u, 2u);
  bytecode_main(f, &body, 4, 3);
  read_file(&r);
  sk_op constant = only_op(r.m);
  sk_op real = sk_op_next(r.m, constant);
  sk_op last = sk_op_next(r.m, real);
  assert_int_equal(sk_op_kind(r.m, real), SK_OP_BUILTIN_UNREALIZED_CONVERSION_CAST);
  assert_int_equal(sk_op_operand(r.m, real, 0).id, sk_op_result(r.m, constant, 0).id);
  assert_int_equal(sk_op_operand(r.m, last, 0).id, sk_op_result(r.m, constant, 0).id);
  assert_int_equal(sk_op_operand(r.m, last, 1).id, sk_op_result(r.m, real, 0).id);
  assert_int_equal(sk_op_next(r.m, last).id, 0);
  close_reading(&r);
}

// -- the container --------------------------------------------------------------------------------

static void test_versions(void **state) {
  (void)state;
  for (unsigned version = 0; version <= 6; version++) {
    reading r = {0};
    bytecode_bytes body = {0};
    bytecode_init(&r.f, version);
    uint32_t loc = bytecode_attr(&r.f, "builtin", "v", 15u);
    uint32_t key = bytecode_attr(&r.f, "builtin", "vt", 2u, "key");
    uint32_t unit = bytecode_attr(&r.f, "builtin", "v", 7u);
    uint32_t dict = bytecode_attr(&r.f, "builtin", "vvvv", 1u, 1u, key, unit);
    bytecode_put(&r.f, &body, "vcvv", bytecode_op(&r.f, "vhlo", "return_v1"), 1, loc, dict);
    bytecode_main(&r.f, &body, 1, 0);
    read_file(&r);
    sk_op op = only_op(r.m);
    assert_int_equal(sk_op_kind(r.m, op), SK_OP_FUNC_RETURN);
    assert_int_equal(sk_op_get(r.m, op)->attr_count, 1);
    assert_int_equal(sk_module_op_count(r.m), 1);
    assert_true(sk_module_find_func(r.m, SK_STR("main")).id != 0);
    close_reading(&r);
  }
}

// Properties of an operation that the writer did not know are one dictionary.
static void test_unregistered(void **state) {
  (void)state;
  reading r = {0};
  bytecode_file *f = &r.f;
  bytecode_bytes body = {0};
  bytecode_init(f, 6);
  uint32_t si64 = bytecode_type(f, "vhlo", "v", 14u);
  uint32_t loc = bytecode_attr(f, "builtin", "v", 15u);
  uint32_t key = bytecode_attr(f, "builtin", "vt", 2u, "dimension");
  uint32_t value = bytecode_attr(f, "builtin", "vvs", 8u, si64, INT64_C(3));
  uint32_t dict = bytecode_attr(f, "builtin", "vvvv", 1u, 1u, key, value);
  uint32_t name = bytecode_op(f, "stablehlo", "concatenate");
  f->ops[name].custom = false;
  bytecode_put(f, &body, "vcvv", name, 64, loc, bytecode_properties(f, "v", dict));
  bytecode_main(f, &body, 1, 0);
  read_file(&r);
  assert_int_equal(sk_op_int(r.m, only_op(r.m), SK_NAME_dimension, 0), 3);
  close_reading(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_numbers),      cmocka_unit_test(test_types),
      cmocka_unit_test(test_attributes),   cmocka_unit_test(test_shardings),
      cmocka_unit_test(test_constants),    cmocka_unit_test(test_dense_arrays),
      cmocka_unit_test(test_borrowing),    cmocka_unit_test(test_locations),
      cmocka_unit_test(test_table_order),  cmocka_unit_test(test_vhlo_operations),
      cmocka_unit_test(test_defaults),     cmocka_unit_test(test_numbering),
      cmocka_unit_test(test_casts),        cmocka_unit_test(test_versions),
      cmocka_unit_test(test_unregistered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
