// SPDX-License-Identifier: Apache-2.0
// What the bytecode reader says to wrong files: code, message, place; and that hostile ones end in
// an error in bounded time and memory, wherever they are cut off or damaged.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"
#include "read/read.h"
#include "support/bytecode_make.h"

static unsigned wrong_count;

// Takes the bytes over.
static void expect_bytes(uint8_t *bytes, size_t len, const sk_read_options *options, sk_code code,
                         const char *message) {
  sk_module *module = NULL;
  sk_status status = sk_read_bytecode("t.bc", bytes, len, options, &module);
  char whole[600] = "accepted";
  sk_status_format(status, whole, sizeof whole);
  if (status == NULL || sk_status_code(status) != code || strstr(whole, message) == NULL) {
    print_error("got:      %s\nexpected: %s\n", whole, message);
    wrong_count++;
  } else {
    assert_null(module);
    assert_string_equal(sk_status_pos(status).file, "t.bc");
  }
  sk_status_free(status);
  sk_module_destroy(module);
  free(bytes);
}

static void finish(void) {
  unsigned count = wrong_count;
  wrong_count = 0;
  assert_int_equal(count, 0);
}

// Ends the file's life, too.
static void expect(bytecode_file *f, sk_code code, const char *message) {
  uint8_t *bytes;
  size_t len = bytecode_finish(f, &bytes);
  expect_bytes(bytes, len, NULL, code, message);
  bytecode_fini(f);
}

// -- the container --------------------------------------------------------------------------------

static void expect_raw(const char *bytes, size_t len, sk_code code, const char *message) {
  uint8_t *copy = malloc(len + 1);
  assert_non_null(copy);
  memcpy(copy, bytes, len);
  expect_bytes(copy, len, NULL, code, message);
}
#define RAW(bytes, code, message) expect_raw(bytes, sizeof bytes - 1, SK_##code, message)

static void test_header(void **state) {
  (void)state;
  RAW("", INVALID_ARGUMENT, "begins with the bytes 4D 4C EF 52, at byte 0");
  RAW("ML\xEF", INVALID_ARGUMENT, "begins with the bytes 4D 4C EF 52");
  RAW("module {}", INVALID_ARGUMENT, "begins with the bytes 4D 4C EF 52");
  RAW("ML\xEFR", INVALID_ARGUMENT, "the input ends in the middle of something, at byte 4");
  RAW("ML\xEFR\x0Fname\0", UNIMPLEMENTED,
      "bytecode version 7; versions up to 6 are known, at byte 4");
  RAW("ML\xEFR\x0Dname", INVALID_ARGUMENT, "the name of the producer has no end, at byte 5");
  RAW("ML\xEFR\x0Dname\0", INVALID_ARGUMENT, "section 0 (strings) is missing");
  RAW("ML\xEFR\x0Dname\0\x04", INVALID_ARGUMENT, "the input ends in the middle of something");
  RAW("ML\xEFR\x0Dname\0\x04\x05", INVALID_ARGUMENT, "2 bytes where only 0 are left, at byte 12");
  RAW("ML\xEFR\x0Dname\0\x0B\x01", INVALID_ARGUMENT, "there is no section 11 in such a file");
  RAW("ML\xEFR\x0Dname\0\x07\x01", INVALID_ARGUMENT, "there is no section 7 in such a file");
  RAW("ML\xEFR\x0Dname\0\x04\x01\x04\x01", INVALID_ARGUMENT, "section 4 (operations) occurs twice");
  RAW("ML\xEFR\x0Dname\0\x84\x01\x07", INVALID_ARGUMENT, "an alignment of 3 is no power of two");
  RAW("ML\xEFR\x0Dname\0\x84\x01\x21\xCC", INVALID_ARGUMENT, "expected padding (CB)");
  finish();
}

static void test_missing_sections(void **state) {
  (void)state;
  static const int needed[] = {0, 1, 2, 3, 4};
  for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
    bytecode_file f;
    char message[40];
    bytecode_init(&f, 6);
    bytecode_module(&f, -1);
    f.omitted[needed[i]] = true;
    snprintf(message, sizeof message, "section %d (", needed[i]);
    expect(&f, SK_INVALID_ARGUMENT, message);
  }
  finish();
}

// A module whose section `id` holds these bytes instead.
static void expect_section(unsigned id, const char *bytes, size_t len, sk_code code,
                           const char *message) {
  bytecode_file f;
  bytecode_init(&f, 6);
  bytecode_module(&f, -1);
  f.replaced[id] = true;
  f.sections[id].len = 0;
  bytecode_add(&f.sections[id], bytes, len);
  expect(&f, code, message);
}
#define SECTION(id, bytes, message)                                                                \
  expect_section(id, bytes, sizeof bytes - 1, SK_INVALID_ARGUMENT, message)

static void test_tables(void **state) {
  (void)state;
  SECTION(0, "", "the input ends in the middle of something, at byte 0 of section 0 (strings)");
  SECTION(0, "\x81",
          "64 strings do not fit into the 0 bytes that are left, at byte 0 of section 0");
  SECTION(0, "\x03\x05xy", "string 0 does not end in NUL, at byte 2 of section 0");
  SECTION(0, "\x03\x01", "string 0 has an impossible size of 0");
  SECTION(0, "\x03\x0Bx", "string 0 has an impossible size of 5");
  SECTION(0, "\x05\x07\x05xxx", "string 0 has an impossible size of 2");
  SECTION(0, "\x03\x03\0xx", "2 bytes are left over after the strings");
  SECTION(0, "\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "18446744073709551615 strings do not fit");
  SECTION(1, "\x03\x21\x01", "there is no string 8, only 2");
  SECTION(1, "\x03\x03\x01\x01", "section 1 where the version of a dialect was expected");
  SECTION(1, "\x03\x01\x01\x03\x01", "there is no dialect 1, only 1");
  SECTION(1, "\x03\x01\x01\x01\x09", "4 names of operations do not fit");
  SECTION(1, "\x03\x01\x01\x01\x03\x21", "there is no string 8");
  SECTION(3, "\xFE\xFF", "16383 attributes do not fit");
  SECTION(3, "\x05\x01\x01\x07\x03\x03\x03", "a group of 3 attributes or types where 2 are left");
  SECTION(3, "\x03\x01\x01\x03\xF1", "60 bytes where only");
  SECTION(3, "\x03\x01\x05\x03\x01", "there is no dialect 2");
  SECTION(3, "\x03\x01", "the input ends in the middle of something");
  SECTION(3, "\x01\x01\x01", "1 bytes are left over after the sizes of all attributes and types");
  SECTION(8, "\x03\x03", "1 bytes where only 0 are left");
  SECTION(8, "\x05", "2 properties do not fit into the 0 bytes that are left");
  SECTION(8, "\x01\x01", "1 bytes are left over after the properties");
  SECTION(8, "\x01", "there is no set of properties 0, only 0");
  finish();
}

// -- attributes and types -------------------------------------------------------------------------

// A module with attribute `index` in its dictionary.
static void expect_attr(bytecode_file *f, uint32_t index, sk_code code, const char *message) {
  uint32_t key = bytecode_attr(f, "builtin", "vt", 2u, "k");
  bytecode_module(f, (int)bytecode_attr(f, "builtin", "vvvv", 1u, 1u, key, index));
  expect(f, code, message);
}
static void expect_type(bytecode_file *f, uint32_t index, sk_code code, const char *message) {
  expect_attr(f, bytecode_attr(f, "builtin", "vv", 6u, index), code, message);
}
#define ATTR(code, message, ...)                                                                   \
  do {                                                                                             \
    bytecode_file f;                                                                               \
    bytecode_init(&f, 6);                                                                          \
    expect_attr(&f, bytecode_attr(&f, __VA_ARGS__), SK_##code, message);                           \
  } while (0)
#define TYPE(code, message, ...)                                                                   \
  do {                                                                                             \
    bytecode_file f;                                                                               \
    bytecode_init(&f, 6);                                                                          \
    bytecode_type(&f, "vhlo", "v", 4u);            /* 0: f32 */                                    \
    bytecode_type(&f, "vhlo", "v", 11u);           /* 1: i8 */                                     \
    bytecode_type(&f, "vhlo", "vvv", 20u, 0u, 0u); /* 2: tensor<f32> */                            \
    expect_type(&f, bytecode_type(&f, __VA_ARGS__), SK_##code, message);                           \
  } while (0)

static void test_attributes(void **state) {
  (void)state;
  ATTR(UNIMPLEMENTED, "attribute 26 of dialect 'vhlo' is not supported, at byte 0 of section 2",
       "vhlo", "v", 26u);
  ATTR(UNIMPLEMENTED, "attribute 20 of dialect 'builtin' is not supported", "builtin", "v", 20u);
  ATTR(UNIMPLEMENTED, "attribute 9999 of dialect 'vhlo'", "vhlo", "v", 9999u);
  ATTR(UNIMPLEMENTED, "attribute 3 of dialect 'other'", "other", "v", 3u);
  ATTR(UNIMPLEMENTED, "a part of an axis on its own", "vhlo", "vss", 21u, INT64_C(1), INT64_C(2));
  ATTR(UNIMPLEMENTED, "comparison_direction has no value 6", "vhlo", "vv", 3u, 6u);
  ATTR(UNIMPLEMENTED, "rng_distribution has no value 0", "vhlo", "vv", 13u, 0u);
  ATTR(INVALID_ARGUMENT, "a boolean of value 2", "vhlo", "vv", 2u, 2u);
  ATTR(INVALID_ARGUMENT, "there is no string 77", "vhlo", "vv", 14u, 77u);
  ATTR(INVALID_ARGUMENT, "there is no attribute 77, only", "vhlo", "vvv", 1u, 1u, 77u);
  ATTR(INVALID_ARGUMENT, "there is no type 5, only 0", "vhlo", "vv", 17u, 5u);
  ATTR(INVALID_ARGUMENT, "100 attributes do not fit into the 0 bytes", "vhlo", "vv", 1u, 100u);
  ATTR(INVALID_ARGUMENT, "attribute 0 contains itself", "vhlo", "vvv", 1u, 1u, 0u);
  ATTR(INVALID_ARGUMENT, "1 bytes are left over after an attribute", "vhlo", "vvv", 2u, 1u, 0u);
  ATTR(INVALID_ARGUMENT, "a location contains itself", "builtin", "vvv", 10u, 0u, 0u);
  ATTR(INVALID_ARGUMENT, "the input ends in the middle of something", "vhlo", "v", 14u);
  finish();
}

static void test_attribute_parts(void **state) {
  (void)state;
  bytecode_file f;
  bytecode_init(&f, 6);
  uint32_t unit = bytecode_attr(&f, "builtin", "v", 7u);
  expect_attr(&f, bytecode_attr(&f, "builtin", "vvvv", 1u, 1u, unit, unit), SK_INVALID_ARGUMENT,
              "expected a string attribute, at byte 3 of section 2 (attributes and types)");
  bytecode_init(&f, 6);
  unit = bytecode_attr(&f, "builtin", "vt", 2u, "twice");
  expect_attr(&f, bytecode_attr(&f, "builtin", "vvvvvv", 1u, 2u, unit, unit, unit, unit),
              SK_INVALID_ARGUMENT, "a dictionary has an empty name, or one name twice");
  bytecode_init(&f, 6);
  unit = bytecode_attr(&f, "builtin", "vt", 2u, "");
  expect_attr(&f, bytecode_attr(&f, "builtin", "vv", 4u, unit), SK_INVALID_ARGUMENT,
              "a symbol name cannot be empty");
  bytecode_init(&f, 6);
  unit = bytecode_attr(&f, "builtin", "v", 7u);
  expect_attr(&f, bytecode_attr(&f, "builtin", "vvv", 10u, unit, unit), SK_INVALID_ARGUMENT,
              "attribute 0 is not a location");
  bytecode_init(&f, 6);
  unit = bytecode_attr(&f, "builtin", "v", 15u);
  unit = bytecode_attr(&f, "builtin", "vvv", 0u, 1u, unit);
  expect_attr(&f, bytecode_attr(&f, "builtin", "vvv", 13u, 0u, unit), SK_UNIMPLEMENTED,
              "locations inside the metadata of a location are not supported");
  bytecode_init(&f, 6);
  unit = bytecode_attr(&f, "builtin", "vt", 2u, "f");
  expect_attr(&f, bytecode_attr(&f, "builtin", "vvww", 11u, unit, (uint64_t)1 << 40, (uint64_t)1),
              SK_INVALID_ARGUMENT, "1099511627776 is too large for a line or column");
  bytecode_init(&f, 6);
  unit = bytecode_attr(&f, "builtin", "v", 7u);
  expect_attr(&f, bytecode_attr(&f, "sdy", "vvv", 7u, 1u, unit), SK_INVALID_ARGUMENT,
              "attribute 0 cannot be part of a sharding here");
  bytecode_init(&f, 6);
  expect_attr(&f, bytecode_attr_text(&f, "builtin", "dense<[1, 2> : tensor<2xi8>"),
              SK_INVALID_ARGUMENT, "in a list of elements");
  bytecode_init(&f, 6);
  bytecode_type(&f, "vhlo", "v", 4u);
  expect_attr(&f, bytecode_attr(&f, "builtin", "vvv", 16u, 0u, 0u), SK_INVALID_ARGUMENT,
              "there is no resource 0, only 0");
  bytecode_init(&f, 6);
  unit = bytecode_attr_text(&f, "builtin", "unit");
  f.attrs[unit].content.len--;
  expect_attr(&f, unit, SK_INVALID_ARGUMENT, "a text does not end in NUL");
  finish();
}

static void test_constants(void **state) {
  (void)state;
  bytecode_file f;
  bytecode_init(&f, 6);
  uint32_t si32 = bytecode_type(&f, "vhlo", "v", 13u);
  uint32_t type = bytecode_type(&f, "vhlo", "vvsv", 20u, 1u, INT64_C(3), si32);
  expect_attr(&f, bytecode_attr(&f, "vhlo", "vvb", 15u, type, "12345678", (size_t)8),
              SK_INVALID_ARGUMENT, "a constant of 3 elements of i32 needs 12 bytes");
  bytecode_init(&f, 6);
  si32 = bytecode_type(&f, "vhlo", "v", 13u);
  type = bytecode_type(&f, "vhlo", "vvsv", 20u, 1u, INT64_MIN, si32);
  expect_attr(&f, bytecode_attr(&f, "vhlo", "vvb", 15u, type, "1234", (size_t)4),
              SK_INVALID_ARGUMENT, "a constant needs a tensor type with known dimensions");
  bytecode_init(&f, 6);
  si32 = bytecode_type(&f, "vhlo", "v", 13u);
  expect_attr(&f, bytecode_attr(&f, "vhlo", "vvb", 15u, si32, "1234", (size_t)4),
              SK_INVALID_ARGUMENT, "a constant needs a tensor type");
  bytecode_init(&f, 6);
  si32 = bytecode_type(&f, "vhlo", "v", 13u);
  expect_attr(&f, bytecode_attr(&f, "vhlo", "vvs", 8u, si32, INT64_C(1)), SK_INVALID_ARGUMENT,
              "a floating-point number of type i32");
  bytecode_init(&f, 6);
  si32 = bytecode_type(&f, "vhlo", "v", 4u);
  expect_attr(&f, bytecode_attr(&f, "vhlo", "vvs", 9u, si32, INT64_C(1)), SK_INVALID_ARGUMENT,
              "an integer of type f32");
  bytecode_init(&f, 6);
  si32 = bytecode_type(&f, "vhlo", "v", 13u);
  expect_attr(&f, bytecode_attr(&f, "builtin", "vvvb", 17u, si32, 3u, "12345678", (size_t)8),
              SK_INVALID_ARGUMENT, "an array of 3 elements of i32 in 8 bytes");
  finish();
}

static void test_types(void **state) {
  (void)state;
  TYPE(UNIMPLEMENTED, "type 43 of dialect 'vhlo' is not supported", "vhlo", "v", 43u);
  TYPE(UNIMPLEMENTED, "type 19 of dialect 'builtin' is not supported", "builtin", "v", 19u);
  TYPE(UNIMPLEMENTED, "type 0 of dialect 'other' is not supported", "other", "v", 0u);
  TYPE(UNIMPLEMENTED, "the integer type i128 is not supported", "builtin", "vv", 0u, 128u << 2);
  TYPE(UNIMPLEMENTED, "the integer type si32 is not supported", "builtin", "vv", 0u, 32u << 2 | 1);
  TYPE(INVALID_ARGUMENT, "type 3 contains itself", "vhlo", "vvv", 23u, 1u, 3u);
  TYPE(INVALID_ARGUMENT, "there is no type 9, only 4", "vhlo", "vvv", 23u, 1u, 9u);
  TYPE(INVALID_ARGUMENT, "expected an element type", "vhlo", "vvv", 20u, 0u, 2u);
  TYPE(INVALID_ARGUMENT, "expected f32 or f64 as the parts of a complex type", "vhlo", "vv", 1u,
       1u);
  TYPE(INVALID_ARGUMENT, "dimension 0 is negative: -2", "vhlo", "vvsv", 20u, 1u, INT64_C(-2), 0u);
  TYPE(INVALID_ARGUMENT, "size of the tensor overflows 63 bits", "vhlo", "vvssv", 20u, 2u,
       INT64_C(1) << 40, INT64_C(1) << 40, 0u);
  TYPE(INVALID_ARGUMENT, "99 dimensions do not fit into", "vhlo", "vvv", 20u, 99u, 0u);
  TYPE(INVALID_ARGUMENT, "1 bytes are left over after a type", "vhlo", "vv", 4u, 0u);
  TYPE(INVALID_ARGUMENT, "expected an integer as the storage of a quantized type", "vhlo",
       "vvvvssss", 24u, 0u, 0u, 0u, INT64_C(0), INT64_C(0), INT64_C(0), INT64_C(0));
  TYPE(INVALID_ARGUMENT, "quantization scale must be positive", "vhlo", "vvvvssss", 24u, 1u, 1u, 0u,
       INT64_C(0), INT64_C(0), INT64_C(0), INT64_C(1));
  TYPE(INVALID_ARGUMENT, "1 scales and 2 zero points", "vhlo", "vvvvvssvsvss", 30u, 1u, 1u, 0u, 0u,
       INT64_C(0), INT64_C(1), 1u, INT64_C(1), 2u, INT64_C(0), INT64_C(0));
  TYPE(INVALID_ARGUMENT, "quantization axis 99 is out of range", "vhlo", "vvvvv", 30u, 1u, 1u, 0u,
       99u);
  TYPE(INVALID_ARGUMENT, "a future must hold ranked tensors", "vhlo", "vvv", 42u, 1u, 0u);
  bytecode_file f;
  bytecode_init(&f, 6);
  bytecode_bytes shape = {0};
  bytecode_put(&f, &shape, "vv", 20u, 33u);
  for (int i = 0; i < 34; i++) {
    bytecode_put(&f, &shape, "s", INT64_C(0));
  }
  uint32_t wide = bytecode_type_bytes(&f, "vhlo", shape.data, shape.len);
  free(shape.data);
  expect_type(&f, wide, SK_UNIMPLEMENTED, "tensors of more than 32 dimensions are not supported");
  bytecode_init(&f, 6);
  uint32_t f32 = bytecode_type(&f, "vhlo", "v", 4u);
  uint32_t bounds = bytecode_attr(&f, "vhlo", "vvs", 18u, 1u, INT64_C(4));
  expect_type(&f, bytecode_type(&f, "vhlo", "vvvssv", 21u, bounds, 2u, INT64_MIN, INT64_MIN, f32),
              SK_INVALID_ARGUMENT, "1 bounds for a tensor of 2 dimensions");
  bytecode_init(&f, 6);
  f32 = bytecode_type(&f, "vhlo", "v", 4u);
  bounds = bytecode_attr(&f, "builtin", "v", 7u);
  expect_type(&f, bytecode_type(&f, "vhlo", "vvvsv", 21u, bounds, 1u, INT64_MIN, f32),
              SK_UNIMPLEMENTED, "this encoding of a tensor type is not supported");
  bytecode_init(&f, 6);
  f32 = bytecode_type(&f, "vhlo", "v", 4u);
  bounds = bytecode_attr_text(&f, "builtin", "affine_map<(d0, d1) -> (d1, d0)>");
  expect_type(&f,
              bytecode_type(&f, "builtin", "vvssvv", 10u, 2u, INT64_C(1), INT64_C(1), f32, bounds),
              SK_UNIMPLEMENTED, "memref types with a layout are not supported");
  finish();
}

// -- operations -----------------------------------------------------------------------------------

// @main with a body of one operation. The unknown location has number `loc`, which is 0, and f32
// and tensor<f32> are the types 0 and 1.
typedef struct {
  bytecode_file f;
  bytecode_bytes body;
  uint32_t loc;
} op_file;

static void begin_op(op_file *o) {
  memset(o, 0, sizeof *o);
  bytecode_init(&o->f, 6);
  bytecode_type(&o->f, "vhlo", "v", 4u);
  bytecode_type(&o->f, "vhlo", "vvv", 20u, 0u, 0u);
  o->loc = bytecode_attr(&o->f, "builtin", "v", 15u);
}

static void end_op(op_file *o, unsigned ops, unsigned values, sk_code code, const char *message) {
  bytecode_main(&o->f, &o->body, ops, values);
  expect(&o->f, code, message);
}
#define OP(ops, values, code, message, dialect, name, ...)                                         \
  do {                                                                                             \
    op_file o;                                                                                     \
    begin_op(&o);                                                                                  \
    bytecode_put(&o.f, &o.body, "v", bytecode_op(&o.f, dialect, name));                            \
    bytecode_put(&o.f, &o.body, __VA_ARGS__);                                                      \
    end_op(&o, ops, values, SK_##code, message);                                                   \
  } while (0)

static void test_operations(void **state) {
  (void)state;
  OP(1, 0, UNIMPLEMENTED,
     "there is no operation 'vhlo.constant_v99' (written by test); versions up to 1.20.0 are "
     "known, "
     "at byte",
     "vhlo", "constant_v99", "cv", 0, 0u);
  OP(1, 0, UNIMPLEMENTED, "there is no operation 'stablehlo.nothing'", "stablehlo", "nothing", "cv",
     0, 0u);
  OP(1, 0, UNIMPLEMENTED, "operation 'other.op': this dialect is not supported", "other", "op",
     "cv", 0, 0u);
  OP(1, 0, INVALID_ARGUMENT, "vhlo.iota_v1 has no attributes, but needs 1", "vhlo", "iota_v1", "cv",
     0, 0u);
  OP(1, 0, INVALID_ARGUMENT, "there is no attribute 90, only", "vhlo", "abs_v1", "cv", 0, 90u);
  OP(1, 0, INVALID_ARGUMENT, "attribute 0 is not a dictionary", "vhlo", "abs_v1", "cvv", 1, 0u, 0u);
  OP(1, 0, INVALID_ARGUMENT, "there is no set of properties 7, only", "vhlo", "abs_v1", "cvv", 64,
     0u, 7u);
  OP(1, 0, INVALID_ARGUMENT, "a region defines more values than it says", "vhlo", "abs_v1", "cvvv",
     2, 0u, 1u, 1u);
  OP(1, 5, INVALID_ARGUMENT, "a region of 5 values defines 1", "vhlo", "abs_v1", "cvvv", 2, 0u, 1u,
     1u);
  OP(1, 0, INVALID_ARGUMENT, "there is no type 77, only", "vhlo", "abs_v1", "cvvv", 2, 0u, 1u, 77u);
  OP(1, 1, INVALID_ARGUMENT, "value 0 is used before it is defined", "vhlo", "abs_v1", "cvvvvv", 6,
     0u, 1u, 1u, 1u, 0u);
  OP(1, 1, INVALID_ARGUMENT, "there is no value 3, only 1", "vhlo", "abs_v1", "cvvvvv", 6, 0u, 1u,
     1u, 1u, 3u);
  OP(1, 0, UNIMPLEMENTED, "operations with successors are not supported", "vhlo", "abs_v1", "cv", 8,
     0u);
  OP(1, 0, UNIMPLEMENTED, "regions of several blocks are not supported", "vhlo", "case_v1", "cvvv",
     16, 0u, 1u << 1, 2u);
  OP(1, 0, UNIMPLEMENTED, "operations of more than 65535 regions", "vhlo", "case_v1", "cvv", 16, 0u,
     70000u << 1);
  OP(1, 0, INVALID_ARGUMENT, "section 1 where regions were expected", "vhlo", "case_v1", "cvvcv",
     16, 0u, 3u, 1, 0u);
  OP(1, 0, INVALID_ARGUMENT, "a region cannot define 1000000 values", "vhlo", "case_v1", "cvvvv",
     16, 0u, 1u << 1, 1u, 1000000u);
  OP(2, 0, INVALID_ARGUMENT, "the input ends in the middle of something", "vhlo", "abs_v1", "cv", 0,
     0u);
  OP(0, 0, INVALID_ARGUMENT, "bytes are left over after the regions of an operation", "vhlo",
     "abs_v1", "cv", 0, 0u);
  OP(1, 0, INVALID_ARGUMENT, "the input ends in the middle of something", "vhlo", "abs_v1", "cvv",
     32, 0u, 99u << 1);
  OP(1, 0, INVALID_ARGUMENT, "16000 operands do not fit into", "vhlo", "abs_v1", "cvv", 4, 0u,
     16000u);
  finish();
}

static void test_op_attributes(void **state) {
  (void)state;
  op_file o;
  begin_op(&o);
  uint32_t unit = bytecode_attr(&o.f, "builtin", "v", 7u);
  uint32_t none = bytecode_attr(&o.f, "vhlo", "vv", 1u, 0u);
  bytecode_put(&o.f, &o.body, "vcvv", bytecode_op(&o.f, "vhlo", "dot_general_v1"), 64, o.loc,
               bytecode_properties(&o.f, "vvvvv", unit, unit, none, unit, unit));
  end_op(&o, 1, 0, SK_INVALID_ARGUMENT,
         "expected a list of integers, at byte 2 of section 8 (properties)");
  begin_op(&o);
  none = bytecode_attr(&o.f, "vhlo", "vv", 1u, 0u);
  bytecode_put(&o.f, &o.body, "vcvv", bytecode_op(&o.f, "vhlo", "iota_v1"), 64, o.loc,
               bytecode_properties(&o.f, "vv", none, none));
  end_op(&o, 1, 0, SK_INVALID_ARGUMENT,
         "1 bytes are left over after the properties of an operation");
  begin_op(&o);
  uint32_t key = bytecode_attr(&o.f, "builtin", "vt", 2u, "iota_dimension");
  none = bytecode_attr(&o.f, "builtin", "vvvv", 1u, 1u, key, key);
  bytecode_put(&o.f, &o.body, "vcvvv", bytecode_op(&o.f, "vhlo", "iota_v1"), 64 | 1, o.loc, none,
               bytecode_properties(&o.f, "v", key));
  end_op(&o, 1, 0, SK_INVALID_ARGUMENT,
         "an operation has an attribute without a name, or one twice");
  begin_op(&o);
  o.f.version = 4;
  key = bytecode_attr(&o.f, "builtin", "vt", 2u, "other");
  none = bytecode_attr(&o.f, "builtin", "vvvv", 1u, 1u, key, key);
  bytecode_put(&o.f, &o.body, "vcvv", bytecode_op(&o.f, "vhlo", "iota_v1"), 1, o.loc, none);
  end_op(&o, 1, 0, SK_INVALID_ARGUMENT, "vhlo.iota_v1 has 1 attributes, 0 are given");
  finish();
}

// The place of an error in an attribute, and the operation that needs it with its own origin.
static void test_notes(void **state) {
  (void)state;
  op_file o;
  begin_op(&o);
  uint32_t file = bytecode_attr(&o.f, "builtin", "vt", 2u, "model.py");
  uint32_t loc = bytecode_attr(&o.f, "builtin", "vvvv", 11u, file, 12u, 5u);
  uint32_t bad = bytecode_attr(&o.f, "vhlo", "vv", 2u, 3u);
  bytecode_put(&o.f, &o.body, "vcvv", bytecode_op(&o.f, "vhlo", "iota_v1"), 64, loc,
               bytecode_properties(&o.f, "v", bad));
  end_op(&o, 1, 0, SK_INVALID_ARGUMENT, "note: in stablehlo.iota at byte ");
  begin_op(&o);
  file = bytecode_attr(&o.f, "builtin", "vt", 2u, "model.py");
  loc = bytecode_attr(&o.f, "builtin", "vvvv", 11u, file, 12u, 5u);
  bad = bytecode_attr(&o.f, "vhlo", "vv", 2u, 3u);
  bytecode_put(&o.f, &o.body, "vcvv", bytecode_op(&o.f, "vhlo", "iota_v1"), 64, loc,
               bytecode_properties(&o.f, "v", bad));
  end_op(&o, 1, 0, SK_INVALID_ARGUMENT, "of section 4, made at model.py:12:5");
  finish();
}

static void test_root(void **state) {
  (void)state;
  expect_section(4, "\x01", 1, SK_UNIMPLEMENTED, "expected one operation, builtin.module, got 0");
  expect_section(4, "\x0B", 1, SK_UNIMPLEMENTED, "got 2 and arguments");
  SECTION(4, "\x05\x01\x00\x01", "builtin.module has one region");
  SECTION(4, "\x05\x01\x10\x01\x01", "builtin.module has one region");
  SECTION(4, "\x05\x01\x02\x01\x01", "builtin.module has one region");
  SECTION(4, "\x05\x13\x00\x01", "there is no name of an operation 9, only 1");
  SECTION(4, "\x05\x01\x10\x01\x05", "the input ends in the middle");
  finish();
}

// -- limits ---------------------------------------------------------------------------------------

typedef struct {
  sk_read_options options;
  sk_code code;
  const char *message;
} limit_case;

static void test_limits(void **state) {
  (void)state;
  static const limit_case cases[] = {
      {{.input_bytes = 100}, SK_RESOURCE_EXHAUSTED, "more than 100 bytes of input"},
      {{.ops = 3}, SK_RESOURCE_EXHAUSTED, "more than 3 operations"},
      {{.constant_bytes = 100}, SK_RESOURCE_EXHAUSTED, "more than 100 bytes of one constant"},
      {{.nesting = 2}, SK_RESOURCE_EXHAUSTED, "more than 2 levels of nesting"},
      {{.location_depth = 3}, SK_RESOURCE_EXHAUSTED, "nodes or levels in a location"},
      {{.expansion = 3}, SK_RESOURCE_EXHAUSTED, "nodes or levels in a location"}};
  static float data[64] = {1};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    op_file o;
    uint8_t *bytes;
    begin_op(&o);
    uint32_t name = bytecode_attr(&o.f, "builtin", "vt", 2u, "n");
    uint32_t loc = o.loc;
    for (int k = 0; k < 4; k++) {
      loc = bytecode_attr(&o.f, "builtin", "vvv", 14u, name, loc);
    }
    uint32_t type = bytecode_type(&o.f, "vhlo", "vvsv", 20u, 1u, INT64_C(64), 0u);
    uint32_t value = bytecode_attr(&o.f, "vhlo", "vvb", 15u, type, data, sizeof data);
    uint32_t properties = bytecode_properties(&o.f, "v", value);
    uint32_t inner = bytecode_op(&o.f, "vhlo", "case_v1");
    bytecode_put(&o.f, &o.body, "vcvv", bytecode_op(&o.f, "vhlo", "constant_v1"), 64, loc,
                 properties);
    bytecode_put(&o.f, &o.body, "vcvvvvv", inner, 16, o.loc, 1u << 1, 1u, 0u, 0u);
    bytecode_main(&o.f, &o.body, 2, 0);
    size_t len = bytecode_finish(&o.f, &bytes);
    expect_bytes(bytes, len, &cases[i].options, cases[i].code, cases[i].message);
    bytecode_fini(&o.f);
  }
  finish();
}

// -- hostile files --------------------------------------------------------------------------------

// Time and memory of a reading that must fail, or (message NULL) may not.
static void expect_quickly(bytecode_file *f, const char *message) {
  uint8_t *bytes;
  sk_module *module = NULL;
  size_t len = bytecode_finish(f, &bytes);
  uint64_t start = sk_time_ns();
  sk_status status = sk_read_bytecode("t.bc", bytes, len, NULL, &module);
  uint64_t elapsed = sk_time_ns() - start;
  char whole[600] = "";
  sk_status_format(status, whole, sizeof whole);
  if (message != NULL && strstr(whole, message) == NULL) {
    fail_msg("got:      %s\nexpected: %s", whole, message);
  }
  if (module != NULL) {
    assert_true(sk_arena_peak(&module->arena) < ((uint64_t)32 << 20) + 400 * len);
  }
  assert_true(elapsed < UINT64_C(3000000000));
  sk_status_free(status);
  sk_module_destroy(module);
  free(bytes);
  bytecode_fini(f);
}

// Each names the one before twice: 2^64 parts when written out.
static void test_doubling(void **state) {
  (void)state;
  bytecode_file f;
  bytecode_init(&f, 6);
  uint32_t last = bytecode_attr(&f, "builtin", "v", 15u);
  for (int i = 0; i < 64; i++) {
    last = bytecode_attr(&f, "builtin", "vvv", 10u, last, last);
  }
  uint32_t key = bytecode_attr(&f, "builtin", "vt", 2u, "k");
  bytecode_module(&f, (int)bytecode_attr(&f, "builtin", "vvvv", 1u, 1u, key, last));
  expect_quickly(&f, NULL);  // the unknown location is nothing, however often
  bytecode_init(&f, 6);
  key = bytecode_attr(&f, "builtin", "vt", 2u, "k");
  last = bytecode_attr(&f, "builtin", "vvvv", 11u, key, 1u, 1u);
  for (int i = 0; i < 64; i++) {
    last = bytecode_attr(&f, "builtin", "vvv", 10u, last, last);
  }
  bytecode_module(&f, (int)bytecode_attr(&f, "builtin", "vvvv", 1u, 1u, key, last));
  expect_quickly(&f, "nodes or levels in a location");
  bytecode_init(&f, 6);
  last = bytecode_attr(&f, "builtin", "v", 7u);
  for (int i = 0; i < 64; i++) {
    last = bytecode_attr(&f, "builtin", "vvvv", 0u, 2u, last, last);
  }
  key = bytecode_attr(&f, "builtin", "vt", 2u, "k");
  bytecode_module(&f, (int)bytecode_attr(&f, "builtin", "vvvv", 1u, 1u, key, last));
  expect_quickly(&f, "attribute nests deeper than");
  bytecode_init(&f, 6);
  last = bytecode_type(&f, "vhlo", "v", 22u);
  for (int i = 0; i < 64; i++) {
    last = bytecode_type(&f, "vhlo", "vvvv", 23u, 2u, last, last);
  }
  last = bytecode_attr(&f, "builtin", "vv", 6u, last);
  key = bytecode_attr(&f, "builtin", "vt", 2u, "k");
  bytecode_module(&f, (int)bytecode_attr(&f, "builtin", "vvvv", 1u, 1u, key, last));
  expect_quickly(&f, "type nests deeper than");
}

// Chains longer than the limits: of attributes, of types, of locations.
static void test_depth(void **state) {
  (void)state;
  bytecode_file f;
  bytecode_init(&f, 6);
  uint32_t last = bytecode_attr(&f, "builtin", "v", 7u);
  uint32_t key = bytecode_attr(&f, "builtin", "vt", 2u, "k");
  for (int i = 0; i < 300; i++) {  // each names the next one: read from the outside
    last = bytecode_attr(&f, "builtin", "vvv", 0u, 1u, f.attr_count + 1);
  }
  bytecode_attr(&f, "builtin", "v", 7u);
  bytecode_module(&f, (int)bytecode_attr(&f, "builtin", "vvvv", 1u, 1u, key, 2u));
  expect_quickly(&f, "more than 256 levels of nesting");
  bytecode_init(&f, 6);
  for (int i = 0; i < 300; i++) {
    bytecode_type(&f, "vhlo", "vvv", 23u, 1u, f.type_count + 1);
  }
  bytecode_type(&f, "vhlo", "v", 22u);
  last = bytecode_attr(&f, "builtin", "vv", 6u, 0u);
  key = bytecode_attr(&f, "builtin", "vt", 2u, "k");
  bytecode_module(&f, (int)bytecode_attr(&f, "builtin", "vvvv", 1u, 1u, key, last));
  expect_quickly(&f, "more than 256 levels of nesting");
}

// 10^6 entries: the file is put together from sections, without the tables of the helper.
static void test_long_chain_of_locations(void **state) {
  (void)state;
  enum { COUNT = 1000000 };
  bytecode_file f;
  bytecode_init(&f, 6);
  bytecode_bytes values = {0};
  bytecode_bytes sizes = {0};
  bytecode_put(&f, &sizes, "vvvv", COUNT + 2u, 0u, bytecode_dialect(&f, "builtin"), COUNT + 2u);
  for (uint32_t i = 0; i < COUNT + 2; i++) {
    size_t before = values.len;
    if (i < COUNT) {
      bytecode_put(&f, &values, "vvv", 10u, i + 1, COUNT);  // called from the next
    } else if (i == COUNT) {
      bytecode_put(&f, &values, "vvvv", 11u, COUNT + 1u, 1u, 1u);
    } else {
      bytecode_put(&f, &values, "vt", 2u, "f");
    }
    bytecode_put(&f, &sizes, "v", (uint32_t)(values.len - before) << 1 | 1);
  }
  uint32_t name = bytecode_op(&f, "builtin", "module");
  bytecode_put(&f, &f.sections[4], "vvcvvvv", 1u << 1, name, 64 | 16, 0u,
               bytecode_properties(&f, "oo", -1, -1), 1u << 1, 0u);
  f.replaced[2] = f.replaced[3] = true;
  f.sections[2] = values;
  f.sections[3] = sizes;
  expect_quickly(&f, "nodes or levels in a location");
}

static void test_nested_regions(void **state) {
  (void)state;
  enum { COUNT = 1000000 };
  op_file o;
  begin_op(&o);
  uint32_t name = bytecode_op(&o.f, "vhlo", "case_v1");
  for (int i = 0; i < COUNT; i++) {  // one operation whose region holds one operation whose ...
    bytecode_put(&o.f, &o.body, "vcvvvvv", name, 16, o.loc, 1u << 1, 1u, 0u, 1u << 1);
  }
  bytecode_main(&o.f, &o.body, 1, 0);
  expect_quickly(&o.f, "more than 256 levels of nesting");
}

// Much mentioned, little written: one long list of attributes on very many operations.
static void test_spread(void **state) {
  (void)state;
  enum { ATTRS = 150, OPS = 100000 };
  op_file o;
  bytecode_bytes dictionary = {0};
  begin_op(&o);
  bytecode_put(&o.f, &dictionary, "vv", 1u, (uint32_t)ATTRS);
  for (int i = 0; i < ATTRS; i++) {
    char text[16];
    snprintf(text, sizeof text, "key%d", i);
    uint32_t key = bytecode_attr(&o.f, "builtin", "vt", 2u, text);
    bytecode_put(&o.f, &dictionary, "vv", key, key);
  }
  uint32_t attrs = bytecode_attr_bytes(&o.f, "builtin", dictionary.data, dictionary.len);
  free(dictionary.data);
  uint32_t name = bytecode_op(&o.f, "vhlo", "replica_id_v1");
  for (int i = 0; i < OPS; i++) {
    bytecode_put(&o.f, &o.body, "vcvv", name, 1, o.loc, attrs);
  }
  bytecode_main(&o.f, &o.body, OPS, 0);
  expect_quickly(&o.f, "take too much room");
}

// A long list used for many purposes, and a splat that stands for very many integers.
static void test_shared_lists(void **state) {
  (void)state;
  enum { OPS = 2000, COUNT = 100000 };
  int64_t *ones = calloc(COUNT, sizeof *ones);
  assert_non_null(ones);
  for (int i = 0; i < COUNT; i++) {
    ones[i] = 1;
  }
  for (int splat = 0; splat < 2; splat++) {
    op_file o;
    begin_op(&o);
    uint32_t si64 = bytecode_type(&o.f, "vhlo", "v", 14u);
    uint32_t type = bytecode_type(&o.f, "vhlo", "vvsv", 20u, 1u, (int64_t)COUNT, si64);
    uint32_t list =
        bytecode_attr(&o.f, "vhlo", "vvb", 15u, type, ones, splat ? 8 : COUNT * sizeof *ones);
    uint32_t slice = bytecode_op(&o.f, "vhlo", "slice_v1");
    uint32_t reverse = bytecode_op(&o.f, "vhlo", "reverse_v1");
    uint32_t three = bytecode_properties(&o.f, "vvv", list, list, list);
    uint32_t one = bytecode_properties(&o.f, "v", list);
    for (int i = 0; i < OPS; i++) {
      bytecode_put(&o.f, &o.body, "vcvv", slice, 64, o.loc, three);
      bytecode_put(&o.f, &o.body, "vcvv", reverse, 64, o.loc, one);
    }
    bytecode_main(&o.f, &o.body, 2 * OPS, 0);
    expect_quickly(&o.f, NULL);
  }
  free(ones);
}

// -- damage ---------------------------------------------------------------------------------------

// A small valid file with most things in it.
static size_t make_sample(uint8_t **out) {
  op_file o;
  begin_op(&o);
  bytecode_file *f = &o.f;
  uint32_t file = bytecode_attr(f, "builtin", "vt", 2u, "a.py");
  uint32_t loc = bytecode_attr(f, "builtin", "vvvv", 11u, file, 3u, 4u);
  uint32_t call = bytecode_attr(f, "builtin", "vvv", 10u, loc, o.loc);
  uint32_t si64 = bytecode_type(f, "vhlo", "v", 14u);
  uint32_t pair = bytecode_type(f, "vhlo", "vvsv", 20u, 1u, INT64_C(2), si64);
  static const int64_t data[2] = {4, 5};
  uint32_t value = bytecode_attr(f, "vhlo", "vvb", 15u, pair, data, sizeof data);
  uint32_t axis = bytecode_attr(f, "sdy", "vto", 4u, "x", -1);
  uint32_t dim = bytecode_attr(f, "sdy", "vvvcv", 5u, 1u, axis, 1, 0u);
  uint32_t mesh = bytecode_attr(f, "builtin", "vv", 4u, file);
  uint32_t sharding = bytecode_attr(f, "sdy", "vvvvv", 6u, mesh, 1u, dim, 0u);
  uint32_t dict = bytecode_attr(f, "builtin", "vvvv", 1u, 1u, file, sharding);
  uint32_t constant = bytecode_op(f, "vhlo", "constant_v1");
  uint32_t add = bytecode_op(f, "vhlo", "add_v1");
  uint32_t transpose = bytecode_op(f, "vhlo", "transpose_v1");
  uint32_t case_op = bytecode_op(f, "vhlo", "case_v1");
  uint32_t ret = bytecode_op(f, "vhlo", "return_v1");
  uint32_t props = bytecode_properties(f, "v", value);
  bytecode_put(f, &o.body, "vcvvvv", constant, 64 | 2, loc, props, 1u, pair);
  bytecode_put(f, &o.body, "vcvvvvvvv", add, 1 | 2 | 4, call, dict, 1u, pair, 2u, 0u, 0u);
  bytecode_put(f, &o.body, "vcvvvvvv", transpose, 64 | 2 | 4, call, props, 1u, pair, 1u, 1u);
  bytecode_put(f, &o.body, "vcvvvvvvv", case_op, 4 | 16, loc, 1u, 0u, 1u << 1, 1u, 0u, 1u << 1);
  bytecode_put(f, &o.body, "vcvvv", ret, 4, loc, 1u, 1u);
  bytecode_put(f, &o.body, "vcv", ret, 0, loc);
  bytecode_main(f, &o.body, 5, 3);
  size_t len = bytecode_finish(f, out);
  bytecode_fini(f);
  return len;
}

// The input at the very end of its memory, so that a sanitizer sees what is read beyond.
static sk_status read_copy(const uint8_t *bytes, size_t len, sk_module **out) {
  uint8_t *copy = malloc(len > 0 ? len : 1);
  assert_non_null(copy);
  memcpy(copy, bytes, len);
  sk_status status = sk_read_bytecode("t.bc", copy, len, NULL, out);
  sk_module_destroy(*out);
  free(copy);
  return status;
}

static void test_truncation(void **state) {
  (void)state;
  uint8_t *bytes;
  sk_module *module;
  size_t len = make_sample(&bytes);
  for (size_t i = 0; i <= len; i++) {
    sk_status status = read_copy(bytes, i, &module);
    if ((status == NULL) != (i == len)) {
      fail_msg("%zu of %zu bytes: %s", i, len, sk_status_message(status));
    }
    if (status != NULL) {
      assert_non_null(strstr(sk_status_message(status), "at byte "));
    }
    sk_status_free(status);
  }
  free(bytes);
}

static void test_flipped_bits(void **state) {
  (void)state;
  uint8_t *bytes;
  sk_module *module;
  size_t len = make_sample(&bytes);
  size_t accepted = 0;
  for (size_t i = 0; i < 8 * len; i++) {
    bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    sk_status status = read_copy(bytes, len, &module);
    assert_true(status == NULL ||
                (sk_status_message(status)[0] != '\0' && sk_status_code(status) != SK_INTERNAL));
    accepted += status == NULL;
    sk_status_free(status);
    bytes[i / 8] ^= (uint8_t)(1u << i % 8);
  }
  assert_true(accepted > 0 && accepted < 4 * len);  // in names and numbers anything goes
  free(bytes);
}

// The n-th allocation fails, for every n: an error and no leak, until nothing fails any more.
static void test_exhausted_memory(void **state) {
  (void)state;
  uint8_t *bytes;
  size_t len = make_sample(&bytes);
  unsigned n = 1;
  for (bool failed = true; failed; n++) {
    sk_module *module = NULL;
    sk_mem_fail_at(n, false);
    sk_status status = sk_read_bytecode("t.bc", bytes, len, NULL, &module);
    failed = sk_mem_fail_hits() > 0;
    sk_mem_fail_at(0, false);
    if (failed) {
      assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
      assert_null(module);
    } else {
      assert_null(status);
    }
    sk_status_free(status);
    sk_module_destroy(module);
  }
  assert_true(n > 5);
  free(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_header),
      cmocka_unit_test(test_missing_sections),
      cmocka_unit_test(test_tables),
      cmocka_unit_test(test_attributes),
      cmocka_unit_test(test_attribute_parts),
      cmocka_unit_test(test_constants),
      cmocka_unit_test(test_types),
      cmocka_unit_test(test_operations),
      cmocka_unit_test(test_op_attributes),
      cmocka_unit_test(test_notes),
      cmocka_unit_test(test_root),
      cmocka_unit_test(test_limits),
      cmocka_unit_test(test_doubling),
      cmocka_unit_test(test_depth),
      cmocka_unit_test(test_long_chain_of_locations),
      cmocka_unit_test(test_nested_regions),
      cmocka_unit_test(test_spread),
      cmocka_unit_test(test_shared_lists),
      cmocka_unit_test(test_truncation),
      cmocka_unit_test(test_flipped_bits),
      cmocka_unit_test(test_exhausted_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
