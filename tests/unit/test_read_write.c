// SPDX-License-Identifier: Apache-2.0
// The bytecode writer on its own: what each version can express and what the error says when it
// cannot, the container of every version, locations, equal bytes for equal modules, and exhausted
// memory at every allocation. That what is written is right, test_read_suites.c shows on thousands
// of programs, and tests/jax/test_artifacts.py through the eyes of JAX.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "read/read.h"

static sk_module *parse(const char *text) {
  sk_module *m;
  sk_status status = sk_read_text("test.mlir", text, strlen(text), NULL, &m);
  if (status != NULL) {
    char message[400];
    sk_status_format(status, message, sizeof message);
    print_error("%s\n%s\n", text, message);
  }
  assert_null(status);
  return m;
}

static sk_write_options version(uint32_t major, uint32_t minor) {
  return (sk_write_options){.portable = true, .major = major, .minor = minor};
}

// ---- versions

typedef struct {
  uint32_t major, minor;  // the first that has it
  const char *text;       // body of a function of %a: tensor<4xf32>, or a whole module
  const char *message;    // what the one before says
} newcomer;

#define UNARY(op)                                                                                  \
  "%0 = stablehlo." op " %a {result_accuracy = #stablehlo.result_accuracy<ulps = 2, mode = "       \
  "#stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<4xf32>"
#define GROUPS "replica_groups = dense<0> : tensor<1x1xi64>"
#define SUM                                                                                        \
  "({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %s = stablehlo.add %x, %y : tensor<f32> "            \
  "stablehlo.return %s : tensor<f32> })"
#define OF(type) "func.func @main(%a: tensor<4x" type ">) { return }"

static const newcomer newcomers[] = {
    {0, 10, OF("f8E4M3FNUZ"), "a type of the operation"},
    {0, 11, OF("f8E4M3B11FNUZ"), "a type of the operation"},
    {0, 16,
     "%0 = \"stablehlo.collective_broadcast\"(%a) <{" GROUPS
     "}> : (tensor<4xf32>) -> tensor<4xf32>",
     "the operation"},
    {0, 17,
     "%i = stablehlo.constant dense<0.0> : tensor<f32> "
     "%0 = stablehlo.reduce(%a init: %i) across dimensions = [0] : (tensor<4xf32>, tensor<f32>) -> "
     "tensor<f64> "
     "reducer(%x: tensor<f64>, %y: tensor<f64>) { %s = stablehlo.add %x, %y : tensor<f64> "
     "stablehlo.return %s : tensor<f64> }",
     "a body of another element type"},
    {0, 18, OF("!quant.uniform<i8:f32:0, {0.5, 0.5, 0.5, 0.5}>"), "a type of the operation"},
    {0, 19,
     "func.func private @f(%a: tensor<4xf32>) -> tensor<4xf32> { return %a : tensor<4xf32> } "
     "func.func @main(%a: tensor<4xf32>) { %0 = stablehlo.composite \"a.f\" %a {decomposition = "
     "@f} : "
     "(tensor<4xf32>) -> tensor<4xf32> return }",
     "the operation"},
    {1, 1,
     "%i = stablehlo.constant dense<0> : tensor<4x1x1xi32> %b = stablehlo.reshape %a : "
     "(tensor<4xf32>) -> tensor<4x1xf32> "
     "%0 = \"stablehlo.gather\"(%b, %i) <{dimension_numbers = "
     "#stablehlo.gather<collapsed_slice_dims = [1], "
     "operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], "
     "index_vector_dim = 2>, "
     "slice_sizes = array<i64: 1, 1>}> : (tensor<4x1xf32>, tensor<4x1x1xi32>) -> tensor<4x1xf32>",
     "'operand_batching_dims'"},
    {1, 2, OF("ui2"), "a type of the operation"},
    {1, 3,
     "%0 = stablehlo.custom_call @f(%a) {backend_config = {a = 1 : i32}, api_version = 4 : i32} : "
     "(tensor<4xf32>) -> tensor<4xf32>",
     "'backend_config' as a dictionary"},
    {1, 4, "%0 = stablehlo.tan %a : tensor<4xf32>", "the operation"},
    {1, 5,
     "%0:2 = \"stablehlo.all_gather\"(%a, %a) <{all_gather_dim = 0 : i64, " GROUPS
     "}> : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)",
     "an operation of several operands"},
    {1, 5,
     "%0:2 = \"stablehlo.all_reduce\"(%a, %a) <{" GROUPS "}> " SUM
     " : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)",
     "an operation of several operands"},
    {1, 6,
     "%0 = stablehlo.dot_general %a, %a, contracting_dims = [0] x [0], algorithm = "
     "<lhs_precision_type = tf32, "
     "rhs_precision_type = tf32, accumulation_type = f32, lhs_component_count = 1, "
     "rhs_component_count = 1, "
     "num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<4xf32>, "
     "tensor<4xf32>) -> tensor<f32>",
     "'lhs_precision_type'"},
    {1, 7, OF("f8E3M4"), "a type of the operation"},
    {1, 8, OF("f4E2M1FN"), "a type of the operation"},
    {1, 9, UNARY("exponential"), "'result_accuracy'"},
    {1, 10, UNARY("tanh"), "'result_accuracy'"},
    {1, 10, UNARY("tan"), "'result_accuracy'"},
    {1, 11, "%0 = chlo.erf %a : tensor<4xf32> -> tensor<4xf32>", "an operation of another dialect"},
    {1, 11, "%0 = stablehlo.abs %a {x = #sdy.sharding<@m, [{}]>} : tensor<4xf32>",
     "an attribute of another dialect"},
    {1, 11, "%0 = stablehlo.abs %a {x} : tensor<4xf32>", "a unit attribute"},
    {1, 12,
     "%t = stablehlo.create_token : !stablehlo.token %0 = \"stablehlo.send\"(%a, %t) "
     "<{channel_handle = #stablehlo.channel_handle<handle = 1, "
     "type = 1>, source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4xf32>, "
     "!stablehlo.token) -> !stablehlo.token",
     "'source_target_pairs'"},
    {1, 13, "%0 = stablehlo.custom_call @f(%a) : (tensor<4xf32>) -> memref<4xf32>",
     "a type of the operation"},
    {1, 14,
     "func.func private @f(%a: tensor<4xf32>) -> tensor<4xf32> { return %a : tensor<4xf32> } "
     "func.func @main(%a: tensor<4xf32>) { %0 = \"stablehlo.composite\"(%a) <{decomposition = @f, "
     "name = \"a.f\"}> ({ "
     "^bb0(%x: tensor<f32>): stablehlo.return %x : tensor<f32> }) : (tensor<4xf32>) -> "
     "tensor<4xf32> return }",
     "an operation with regions"},
    {1, 15,
     "%0 = \"stablehlo.async_start\"(%a) ({ ^bb0(%x: tensor<4xf32>): %s = stablehlo.abs %x : "
     "tensor<4xf32> "
     "stablehlo.return %s : tensor<4xf32> }) : (tensor<4xf32>) -> !stablehlo.future<tensor<4xf32>>",
     "the operation"},
    {1, 16,
     "%0 = \"stablehlo.all_gather\"(%a) <{all_gather_dim = 0 : i64, replica_groups = "
     "#stablehlo.replica_group_mesh_axes<mesh = @m, axes = [#stablehlo.axis_ref<name = \"x\", "
     "sub_axis_info = (1)2>, #stablehlo.axis_ref<name = \"y\">]>}> : (tensor<4xf32>) -> "
     "tensor<4xf32>",
     "replica groups by mesh axes"},
    {1, 17,
     "%0 = stablehlo.custom_call @f(%a) : (tensor<4xf32>) -> !stablehlo.future<tensor<4xf32>>",
     "a future as an operand or result"},
    {1, 18,
     "%0 = stablehlo.custom_call @f(%a) {result_tilings = [1 : i64]} : (tensor<4xf32>) -> "
     "tensor<4xf32>",
     "'result_tilings'"},
    {1, 19,
     "%0 = \"stablehlo.collective_reduce\"(%a) <{" GROUPS "}> " SUM
     " : (tensor<4xf32>) -> tensor<4xf32>",
     "the operation"},
    {1, 20,
     "%0:2 = \"stablehlo.collective_broadcast\"(%a, %a) <{" GROUPS
     "}> : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)",
     "an operation of several operands"},
};

static sk_module *parse_case(const char *text) {
  char whole[2000];
  if (strstr(text, "func.func") != NULL) {
    return parse(text);
  }
  snprintf(whole, sizeof whole, "func.func @main(%%a: tensor<4xf32>) {\n  %s\n  return\n}\n", text);
  return parse(whole);
}

static void check_readable(const newcomer *row, const sk_module *m) {
  sk_text bytes = {0};
  sk_text difference = {0};
  sk_module *again = NULL;
  sk_write_options options = version(row->major, row->minor);
  sk_status status = sk_write_bytecode(m, &options, &bytes);
  if (status == NULL) {
    status = sk_read_bytecode("again", bytes.data, bytes.len, NULL, &again);
  }
  if (status != NULL) {
    char text[400];
    sk_status_format(status, text, sizeof text);
    fail_msg("%u.%u %s: %s", row->major, row->minor, row->text, text);
  }
  if (!sk_module_equal(m, again, &difference)) {
    fail_msg("%s: %s", row->text, difference.data);
  }
  sk_module_destroy(again);
  sk_text_fini(&difference);
  sk_text_fini(&bytes);
}

// The last version that lacks it refuses at the operation and names the version that has it.
static void check_refused(const newcomer *row, const sk_module *m) {
  char since[80];
  sk_text bytes = {0};
  sk_write_options before = row->minor > 0 ? version(row->major, row->minor - 1) : version(0, 20);
  snprintf(since, sizeof since, "needs version %u.%u.0, the target is %u.%u.0", row->major,
           row->minor, before.major, before.minor);
  sk_status status = sk_write_bytecode(m, &before, &bytes);
  if (status == NULL) {
    fail_msg("%u.%u is not refused: %s", before.major, before.minor, row->text);
  }
  const char *message = sk_status_message(status);
  if (strstr(message, row->message) == NULL || strstr(message, since) == NULL) {
    fail_msg("%s: %s", row->text, message);
  }
  assert_int_equal(sk_status_code(status), SK_UNIMPLEMENTED);
  assert_string_equal(sk_status_pos(status).file, "test.mlir");
  assert_true(sk_status_pos(status).line > 0);
  assert_int_equal(bytes.len, 0);
  sk_status_free(status);
  sk_text_fini(&bytes);
}

static void test_newcomers(void **state) {
  (void)state;
  for (size_t i = 0; i < SK_COUNT(newcomers); i++) {
    sk_module *m = parse_case(newcomers[i].text);
    check_readable(&newcomers[i], m);
    check_refused(&newcomers[i], m);
    sk_module_destroy(m);
  }
}

// Before 0.15 an operation's own attributes lie among all others.
static void test_name_clash(void **state) {
  (void)state;
  sk_module *m = parse_case(
      "%0 = \"stablehlo.dot_general\"(%a, %a) {dot_dimension_numbers = "
      "#stablehlo.dot<lhs_contracting_dimensions = [0], rhs_contracting_dimensions = [0]>, "
      "lhs_batching_dimensions = 3 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<f32>");
  sk_text bytes = {0};
  sk_write_options old = version(0, 14), newer = version(0, 15);
  sk_status status = sk_write_bytecode(m, &old, &bytes);
  assert_non_null(status);
  assert_non_null(
      strstr(sk_status_message(status), "'lhs_batching_dimensions' has the name of one"));
  sk_status_free(status);
  assert_null(sk_write_bytecode(m, &newer, &bytes));
  sk_text_fini(&bytes);
  sk_module_destroy(m);
}

static void test_unknown_versions(void **state) {
  (void)state;
  static const uint32_t versions[][2] = {{0, 8}, {1, 21}, {2, 0}, {0, 0}, {1, 70000}, {70000, 1}};
  sk_module *m = parse("func.func @main() { return }");
  for (size_t i = 0; i < SK_COUNT(versions); i++) {
    sk_text bytes = {0};
    sk_write_options options = version(versions[i][0], versions[i][1]);
    sk_status status = sk_write_bytecode(m, &options, &bytes);
    assert_non_null(status);
    assert_int_equal(sk_status_code(status), SK_INVALID_ARGUMENT);
    sk_status_free(status);
  }
  sk_module_destroy(m);
}

static const char *const simple =
    "module @m attributes {mhlo.num_partitions = 1 : i32} {\n"
    "  func.func public @main(%x: tensor<2x3xf32> {jax.buffer_donor = true}) -> (tensor<2xf32> "
    "{jax.result_info = \"r\"}) {\n"
    "    %i = stablehlo.constant dense<0.0> : tensor<f32> loc(\"zero\"(\"f.py\":3:4))\n"
    "    %b = stablehlo.constant dense<[true, false, true]> : tensor<3xi1>\n"
    "    %n = stablehlo.constant dense<[-1, 7]> : tensor<2xi4>\n"
    "    %0 = stablehlo.reduce(%x init: %i) applies stablehlo.add across dimensions = [1] : "
    "(tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32> loc(callsite(\"a\" at \"b\"(\"g.py\":1:2 to "
    "3:4)))\n"
    "    return %0 : tensor<2xf32> loc(fused<\"meta\">[\"p\", \"q.py\":1:2 to :9])\n"
    "  }\n"
    "}\n";

// Every container: its version and the producer at the beginning, the module again, and the same
// bytes from the module that was read.
static void test_containers(void **state) {
  (void)state;
  static const uint8_t containers[21] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3, 3, 4, 6};
  sk_module *m = parse(simple);
  for (uint32_t minor = 9; minor <= 40; minor++) {
    sk_write_options options = minor <= 20 ? version(0, minor) : version(1, minor - 20);
    uint32_t container = minor < 15 ? containers[minor] : 6;
    char producer[40];
    sk_text bytes = {0};
    sk_text second = {0};
    sk_module *again;
    assert_null(sk_write_bytecode(m, &options, &bytes));
    snprintf(producer, sizeof producer, "StableHLO_v%u.%u.0", options.major, options.minor);
    assert_int_equal((uint8_t)bytes.data[4], container << 1 | 1);
    assert_string_equal(bytes.data + 5, producer);
    assert_null(sk_read_bytecode("again", bytes.data, bytes.len, NULL, &again));
    assert_true(sk_module_equal(m, again, NULL));
    assert_null(sk_write_bytecode(again, &options, &second));
    assert_int_equal(bytes.len, second.len);
    assert_memory_equal(bytes.data, second.data, bytes.len);
    sk_module_destroy(again);
    sk_text_fini(&second);
    sk_text_fini(&bytes);
  }
  sk_module_destroy(m);
}

// Numbers of 64 bits are words of their own in the writer's tables, whatever else their bits could be.
static void test_wide_numbers(void **state) {
  (void)state;
  sk_text text = {0};
  sk_text_addf(&text, "module attributes {");
  for (int64_t i = 0; i < 64; i++) {
    sk_text_addf(&text, "%sa%d = %lld : i64", i ? ", " : "", (int)i, (long long)(INT64_MIN + i));
  }
  sk_text_addf(&text, "} { func.func @main() { return } }");
  sk_module *m = parse(text.data), *again;
  const sk_write_options forms[] = {{.portable = false}, version(1, 0)};
  for (size_t i = 0; i < SK_COUNT(forms); i++) {
    sk_text bytes = {0};
    assert_null(sk_write_bytecode(m, &forms[i], &bytes));
    assert_null(sk_read_bytecode("again", bytes.data, bytes.len, NULL, &again));
    assert_true(sk_module_equal(m, again, NULL));
    sk_module_destroy(again);
    sk_text_fini(&bytes);
  }
  sk_module_destroy(m);
  sk_text_fini(&text);
}

static void print_with_locations(const sk_module *m, sk_text *out) {
  sk_module_print(m, &(sk_print_options){.locations = true}, out);
}

// Locations that the text gives survive in every form; positions in the text are left out.
static void test_locations(void **state) {
  (void)state;
  static const sk_write_options forms[] = {{0}, {true, 0, 9}, {true, 1, 20}};
  static const char *const kept[] = {
      "loc(\"f.py\":3:4)", "loc(\"zero\"(#",          "loc(\"g.py\":1:2 to 3:4)", "loc(callsite(#",
      "loc(\"b\"(#",       "loc(\"q.py\":1:2 to :9)", "loc(fused<\"meta\">[#"};
  sk_module *m = parse(simple);
  for (size_t i = 0; i < SK_COUNT(forms); i++) {
    sk_text bytes = {0};
    sk_text text = {0};
    sk_module *again;
    assert_null(sk_write_bytecode(m, &forms[i], &bytes));
    assert_null(sk_read_bytecode("again", bytes.data, bytes.len, NULL, &again));
    print_with_locations(again, &text);
    for (size_t k = 0; k < SK_COUNT(kept); k++) {
      assert_non_null(memmem(text.data, text.len, kept[k], strlen(kept[k])));
    }
    assert_null(memmem(bytes.data, bytes.len, "test.mlir", 9));
    sk_module_destroy(again);
    sk_text_fini(&text);
    sk_text_fini(&bytes);
  }
  sk_module_destroy(m);
}

// A chain of calls as deep as the readers allow.
static void test_deep_location(void **state) {
  (void)state;
  enum { DEPTH = 4000 };
  sk_module *m = parse("func.func @main() { return }");
  sk_loc loc = {0};
  for (uint32_t i = 0; i < DEPTH; i++) {
    loc = sk_loc_new(m, &(sk_loc_rec){.kind = SK_LOC_CALLSITE, .a = {0}, .b = loc});
    assert_int_not_equal(loc.id, 0);
  }
  m->ops.data[sk_module_first_func(m).id].loc = loc;
  sk_text bytes = {0};
  sk_module *again;
  assert_null(sk_write_bytecode(m, &(sk_write_options){0}, &bytes));
  assert_null(sk_read_bytecode("again", bytes.data, bytes.len, NULL, &again));
  uint32_t depth = 0;
  for (loc = sk_op_get(again, sk_module_first_func(again))->loc; loc.id != 0; depth++) {
    loc = sk_loc_get(again, loc)->b;
  }
  assert_int_equal(depth, DEPTH);
  sk_module_destroy(again);
  sk_module_destroy(m);
  sk_text_fini(&bytes);
}

// Cut short anywhere, and with any byte changed, a file is a module or an error.
static void test_damage(void **state) {
  (void)state;
  static const sk_write_options forms[] = {{0}, {true, 0, 9}, {true, 0, 12}, {true, 1, 20}};
  sk_module *m = parse(simple);
  for (size_t i = 0; i < SK_COUNT(forms); i++) {
    sk_text bytes = {0};
    assert_null(sk_write_bytecode(m, &forms[i], &bytes));
    for (size_t len = 0; len < bytes.len; len++) {
      sk_module *other;
      char *cut = malloc(len + 1);
      memcpy(cut, bytes.data, len);
      sk_status status = sk_read_bytecode("cut", cut, len, NULL, &other);
      assert_non_null(status);
      sk_status_free(status);
      free(cut);
    }
    for (size_t at = 0; at < bytes.len; at++) {
      sk_module *other;
      char *copy = malloc(bytes.len);
      memcpy(copy, bytes.data, bytes.len);
      copy[at] = (char)(copy[at] ^ (1 << (at % 8)));
      sk_status status = sk_read_bytecode("damaged", copy, bytes.len, NULL, &other);
      sk_module_destroy(other);
      sk_status_free(status);
      free(copy);
    }
    sk_text_fini(&bytes);
  }
  sk_module_destroy(m);
}

static void test_exhausted_memory(void **state) {
  (void)state;
  sk_module *m = parse(simple);
  bool done = false;
  for (uint64_t n = 1; !done; n++) {
    sk_text bytes = {0};
    sk_write_options options = version(1, 20);
    sk_mem_fail_at(n, true);
    sk_status status = sk_write_bytecode(m, &options, &bytes);
    done = sk_mem_fail_hits() == 0;
    sk_mem_fail_at(0, false);
    assert_int_equal(status == NULL, done);
    if (!done) {
      assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
    }
    sk_status_free(status);
    sk_text_fini(&bytes);
    assert_true(n < 1000);
  }
  sk_module_destroy(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_name_clash),       cmocka_unit_test(test_newcomers),
      cmocka_unit_test(test_unknown_versions), cmocka_unit_test(test_containers),
      cmocka_unit_test(test_locations),        cmocka_unit_test(test_deep_location),
      cmocka_unit_test(test_damage),           cmocka_unit_test(test_exhausted_memory),
      cmocka_unit_test(test_wide_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
