// SPDX-License-Identifier: Apache-2.0
// Result types and constraints op by op: one table of ops that must be inferred, one of ops that
// must be refused with the specification's label.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "support/ir_make.h"

// `result`: expected types when inference succeeds; `label`: part of the error otherwise.
// `written`: given result types.
typedef struct infer_case {
  sk_opkind kind;
  const char *operands, *attrs, *written, *result, *label;
} infer_case;

static const infer_case cases[] = {
    // ---- element-wise
    {SK_OP_ADD, "2x3xf32 2x3xf32", "", NULL, "2x3xf32", NULL},
    {SK_OP_ADD, "2x?xf32 ?x3xf32", "", NULL, "2x3xf32", NULL},
    {SK_OP_ADD, "i1 i1", "", NULL, "i1", NULL},
    {SK_OP_ADD, "2x3xf32 2x4xf32", "", NULL, NULL, "(C1)"},
    {SK_OP_ADD, "2xf32 2xf64", "", NULL, NULL, "(C1)"},
    {SK_OP_ADD, "2xf32", "", NULL, NULL, "1 operands"},
    {SK_OP_ADD, "token token", "", NULL, NULL, "not a ranked tensor"},
    {SK_OP_AND, "2xf32 2xf32", "", NULL, NULL, "(I1)"},
    {SK_OP_ABS, "4xcomplex<f32>", "", NULL, "4xf32", NULL},
    {SK_OP_ABS, "4xui8", "", NULL, NULL, "(I1)"},
    {SK_OP_SHIFT_LEFT, "4xui8 4xui8", "", NULL, "4xui8", NULL},
    {SK_OP_EXPONENTIAL, "4xi32", "", NULL, NULL, "(I1)"},
    {SK_OP_REAL, "4xcomplex<f64>", "", NULL, "4xf64", NULL},
    {SK_OP_IMAG, "4xf32", "", NULL, "4xf32", NULL},
    {SK_OP_IS_FINITE, "4x2xbf16", "", NULL, "4x2xi1", NULL},
    {SK_OP_COMPARE, "4xf32 4xf32", "comparison_direction=LT", NULL, "4xi1", NULL},
    {SK_OP_COMPARE, "4xf32 4xi32", "comparison_direction=LT", NULL, NULL, "(C1)"},
    {SK_OP_COMPARE, "4xf32 5xf32", "comparison_direction=LT", NULL, NULL, "(C2)"},
    {SK_OP_COMPARE, "4xf32 4xf32", "", NULL, NULL, "comparison_direction"},
    {SK_OP_COMPARE, "4xf32 4xf32", "comparison_direction=HIGHEST", NULL, NULL, "wrong kind"},
    {SK_OP_COMPLEX, "3xf32 3xf32", "", NULL, "3xcomplex<f32>", NULL},
    {SK_OP_COMPLEX, "3xf16 3xf16", "", NULL, NULL, "(I1)"},
    {SK_OP_CLAMP, "f32 4xf32 4xf32", "", NULL, "4xf32", NULL},
    {SK_OP_CLAMP, "3xf32 4xf32 4xf32", "", NULL, NULL, "(C1)"},
    {SK_OP_CLAMP, "f32 4xf32 3xf32", "", NULL, NULL, "(C2)"},
    {SK_OP_CLAMP, "f64 4xf32 f32", "", NULL, NULL, "(C3)"},
    {SK_OP_SELECT, "i1 4xf32 4xf32", "", NULL, "4xf32", NULL},
    {SK_OP_SELECT, "4xi1 4xf32 4xf32", "", NULL, "4xf32", NULL},
    {SK_OP_SELECT, "3xi1 4xf32 4xf32", "", NULL, NULL, "(C1)"},
    {SK_OP_SELECT, "4xi1 4xf32 4xf16", "", NULL, NULL, "(C2)"},
    {SK_OP_SELECT, "4xi8 4xf32 4xf32", "", NULL, NULL, "(I1)"},
    {SK_OP_CONVERT, "4xf32", "", "4xi8", "4xi8", NULL},
    {SK_OP_CONVERT, "4xf32", "", "5xi8", NULL, "(C1)"},
    {SK_OP_CONVERT, "4xf32", "", NULL, NULL, "must be given"},
    {SK_OP_REDUCE_PRECISION, "4xf32", "exponent_bits=8i mantissa_bits=10i", NULL, "4xf32", NULL},
    {SK_OP_REDUCE_PRECISION, "4xf32", "exponent_bits=0i mantissa_bits=10i", NULL, NULL, "(C2)"},
    {SK_OP_REDUCE_PRECISION, "4xf32", "exponent_bits=8i mantissa_bits=-1i", NULL, NULL, "(C3)"},
    {SK_OP_REDUCE_PRECISION, "4xf32", "exponent_bits=8 mantissa_bits=10", NULL, NULL, "wrong kind"},
    // ---- shape
    {SK_OP_IOTA, "", "iota_dimension=1", "2x3xi32", "2x3xi32", NULL},
    {SK_OP_IOTA, "", "iota_dimension=2", "2x3xi32", NULL, "(C1)"},
    {SK_OP_BITCAST_CONVERT, "4xf32", "", "4xi32", "4xi32", NULL},
    {SK_OP_BITCAST_CONVERT, "4xf32", "", "4x4xi8", "4x4xi8", NULL},
    {SK_OP_BITCAST_CONVERT, "4x4xi8", "", "4xf32", "4xf32", NULL},
    {SK_OP_BITCAST_CONVERT, "4xf32", "", "4x2xi8", NULL, "(C1)"},
    {SK_OP_BITCAST_CONVERT, "4xcomplex<f32>", "", "4xf64", NULL, "(C2)"},
    {SK_OP_BROADCAST_IN_DIM, "3xf32", "broadcast_dimensions=[1]", "2x3xf32", "2x3xf32", NULL},
    {SK_OP_BROADCAST_IN_DIM, "1xf32", "broadcast_dimensions=[0]", "2x3xf32", "2x3xf32", NULL},
    {SK_OP_BROADCAST_IN_DIM, "3xf32", "broadcast_dimensions=[1]", "2x3xf64", NULL, "(C1)"},
    {SK_OP_BROADCAST_IN_DIM, "3xf32", "broadcast_dimensions=[]", "2x3xf32", NULL, "(C2)"},
    {SK_OP_BROADCAST_IN_DIM, "3xf32", "broadcast_dimensions=[2]", "2x3xf32", NULL, "(C3)"},
    {SK_OP_BROADCAST_IN_DIM, "1x1xf32", "broadcast_dimensions=[1,1]", "2x3xf32", NULL, "(C4)"},
    {SK_OP_BROADCAST_IN_DIM, "2xf32", "broadcast_dimensions=[1]", "2x3xf32", NULL, "(C5)"},
    {SK_OP_RESHAPE, "2x3xf32", "", "6xf32", "6xf32", NULL},
    {SK_OP_RESHAPE, "2x3xf32", "", "7xf32", NULL, "(C2)"},
    {SK_OP_RESHAPE, "2x3xf32", "", "6xi32", NULL, "(C1)"},
    {SK_OP_TRANSPOSE, "2x3x5xf32", "permutation=[2,0,1]", NULL, "5x2x3xf32", NULL},
    {SK_OP_TRANSPOSE, "2x3xf32", "permutation=[0,0]", NULL, NULL, "(C2)"},
    {SK_OP_REVERSE, "2x3xf32", "dimensions=[1]", NULL, "2x3xf32", NULL},
    {SK_OP_REVERSE, "2x3xf32", "dimensions=[1,1]", NULL, NULL, "(C2)"},
    {SK_OP_REVERSE, "2x3xf32", "dimensions=[2]", NULL, NULL, "(C3)"},
    {SK_OP_SLICE, "9x4xf32", "start_indices=[1,0] limit_indices=[8,4] strides=[3,1]", NULL,
     "3x4xf32", NULL},
    {SK_OP_SLICE, "9xf32", "start_indices=[3] limit_indices=[3] strides=[9223372036854775807]",
     NULL, "0xf32", NULL},
    {SK_OP_SLICE, "9xf32", "start_indices=[1,2] limit_indices=[8] strides=[3]", NULL, NULL, "(C2)"},
    {SK_OP_SLICE, "9xf32", "start_indices=[1] limit_indices=[10] strides=[3]", NULL, NULL, "(C3)"},
    {SK_OP_SLICE, "9xf32", "start_indices=[5] limit_indices=[4] strides=[3]", NULL, NULL, "(C3)"},
    {SK_OP_SLICE, "9xf32", "start_indices=[1] limit_indices=[8] strides=[0]", NULL, NULL, "(C4)"},
    {SK_OP_PAD, "3x2xf32 f32",
     "edge_padding_low=[1,-1] edge_padding_high=[0,2] interior_padding=[2,0]", NULL, "8x3xf32",
     NULL},
    {SK_OP_PAD, "0xf32 f32", "edge_padding_low=[1] edge_padding_high=[1] interior_padding=[5]",
     NULL, "2xf32", NULL},
    {SK_OP_PAD, "3xf32 f64", "edge_padding_low=[1] edge_padding_high=[0] interior_padding=[2]",
     NULL, NULL, "(C1)"},
    {SK_OP_PAD, "3xf32 f32", "edge_padding_low=[1,1] edge_padding_high=[0] interior_padding=[2]",
     NULL, NULL, "(C2)"},
    {SK_OP_PAD, "3xf32 f32", "edge_padding_low=[1] edge_padding_high=[0] interior_padding=[-1]",
     NULL, NULL, "(C3)"},
    {SK_OP_PAD, "3xf32 f32", "edge_padding_low=[-4] edge_padding_high=[0] interior_padding=[0]",
     NULL, NULL, "(C4)"},
    {SK_OP_PAD, "3xf32 f32",
     "edge_padding_low=[9223372036854775807] edge_padding_high=[9] interior_padding=[0]", NULL,
     NULL, "(C4)"},
    {SK_OP_CONCATENATE, "2x3xf32 2x5xf32 2x0xf32", "dimension=1", NULL, "2x8xf32", NULL},
    {SK_OP_CONCATENATE, "2x3xf32 2x?xf32", "dimension=1", NULL, "2x?xf32", NULL},
    {SK_OP_CONCATENATE, "2x3xf32 2x5xf64", "dimension=1", NULL, NULL, "(C1)"},
    {SK_OP_CONCATENATE, "2x3xf32 3x5xf32", "dimension=1", NULL, NULL, "(C2)"},
    {SK_OP_CONCATENATE, "2x3xf32 2x5xf32", "dimension=2", NULL, NULL, "(C4)"},
    {SK_OP_GET_DIMENSION_SIZE, "2x?xf32", "dimension=1", NULL, "i32", NULL},
    {SK_OP_GET_DIMENSION_SIZE, "2x?xf32", "dimension=2", NULL, NULL, "(C1)"},
    // ---- indexing
    {SK_OP_DYNAMIC_SLICE, "4x5xf32 i32 i32", "slice_sizes=[2,5]", NULL, "2x5xf32", NULL},
    {SK_OP_DYNAMIC_SLICE, "4x5xf32 i32", "slice_sizes=[2,5]", NULL, NULL, "(C2)"},
    {SK_OP_DYNAMIC_SLICE, "4x5xf32 i32 i64", "slice_sizes=[2,5]", NULL, NULL, "(C3)"},
    {SK_OP_DYNAMIC_SLICE, "4x5xf32 i32 i32", "slice_sizes=[2,6]", NULL, NULL, "(C4)"},
    {SK_OP_DYNAMIC_SLICE, "4xf32 f32", "slice_sizes=[2]", NULL, NULL, "(I2)"},
    {SK_OP_DYNAMIC_UPDATE_SLICE, "4x5xf32 2x5xf32 i32 i32", "", NULL, "4x5xf32", NULL},
    {SK_OP_DYNAMIC_UPDATE_SLICE, "4x5xf32 2x5xf64 i32 i32", "", NULL, NULL, "(C2)"},
    {SK_OP_DYNAMIC_UPDATE_SLICE, "4x5xf32 5xf32 i32 i32", "", NULL, NULL, "(C3)"},
    {SK_OP_DYNAMIC_UPDATE_SLICE, "4x5xf32 2x6xf32 i32 i32", "", NULL, NULL, "(C6)"},
    // ---- linear algebra
    {SK_OP_CHOLESKY, "2x3x3xf32", "", NULL, "2x3x3xf32", NULL},
    {SK_OP_CHOLESKY, "3xf32", "", NULL, NULL, "(C2)"},
    {SK_OP_CHOLESKY, "3x4xf32", "", NULL, NULL, "(C3)"},
    {SK_OP_TRIANGULAR_SOLVE, "3x3xf32 3x5xf32",
     "left_side=true lower=true unit_diagonal=false transpose_a=NO_TRANSPOSE", NULL, "3x5xf32",
     NULL},
    {SK_OP_TRIANGULAR_SOLVE, "3x3xf32 3x5xf32",
     "left_side=false lower=true unit_diagonal=false transpose_a=NO_TRANSPOSE", NULL, NULL, "(C3)"},
    {SK_OP_DOT, "2x3xf32 3x4xf32", "", NULL, "2x4xf32", NULL},
    {SK_OP_DOT, "3xf32 3xf32", "", NULL, "f32", NULL},
    {SK_OP_FFT, "2x16xf32", "fft_type=RFFT fft_length=[16]", NULL, "2x9xcomplex<f32>", NULL},
    {SK_OP_FFT, "2x9xcomplex<f32>", "fft_type=IRFFT fft_length=[16]", NULL, "2x16xf32", NULL},
    {SK_OP_FFT, "2x9xcomplex<f32>", "fft_type=IRFFT fft_length=[14]", NULL, NULL, "(C5)"},
    {SK_OP_FFT, "2x16xf32", "fft_type=FFT fft_length=[16]", NULL, NULL, "(C2)"},
    {SK_OP_FFT, "16xf32", "fft_type=RFFT fft_length=[2,16]", NULL, NULL, "(C1)"},
    {SK_OP_FFT, "2x2x2x2xcomplex<f32>", "fft_type=FFT fft_length=[2,2,2,2]", NULL, NULL, "(C3)"},
    // ---- control, tuples, random
    {SK_OP_OPTIMIZATION_BARRIER, "2xf32 token", "", NULL, "2xf32 token", NULL},
    {SK_OP_AFTER_ALL, "token token", "", NULL, "token", NULL},
    {SK_OP_AFTER_ALL, "token f32", "", NULL, NULL, "(I1)"},
    {SK_OP_TUPLE, "2xf32 i1", "", NULL, "tuple(2xf32;i1)", NULL},
    {SK_OP_GET_TUPLE_ELEMENT, "tuple(2xf32;i1)", "index=1i", NULL, "i1", NULL},
    {SK_OP_GET_TUPLE_ELEMENT, "tuple(2xf32;i1)", "index=2i", NULL, NULL, "(C1)"},
    {SK_OP_RNG_BIT_GENERATOR, "2xui64", "rng_algorithm=THREE_FRY", "2xui64 5xui32", "2xui64 5xui32",
     NULL},
    {SK_OP_RNG_BIT_GENERATOR, "2xui64", "rng_algorithm=THREE_FRY", "3xui64 5xui32", NULL, "(C1)"},
    {SK_OP_RNG_BIT_GENERATOR, "3xui64", "rng_algorithm=THREE_FRY", "3xui64 5xui32", NULL, "(C2)"},
    {SK_OP_BATCH_NORM_INFERENCE, "2x3xf32 3xf32 3xf32 3xf32 3xf32", "epsilon=0.1f feature_index=1",
     NULL, "2x3xf32", NULL},
    {SK_OP_BATCH_NORM_INFERENCE, "2x3xf32 3xf32 2xf32 3xf32 3xf32", "epsilon=0.1f feature_index=1",
     NULL, NULL, "(C4)"},
    {SK_OP_BATCH_NORM_TRAINING, "2x3xf32 3xf32 3xf32", "epsilon=0.1f feature_index=1", NULL,
     "2x3xf32 3xf32 3xf32", NULL},
    {SK_OP_CUSTOM_CALL, "f32", "call_target_name='x'", "2xf32 i1", "2xf32 i1", NULL},
    {SK_OP_REPLICA_ID, "", "", NULL, "ui32", NULL},
    {SK_OP_CREATE_TOKEN, "", "", NULL, "token", NULL},
    // ---- collectives
    {SK_OP_ALL_GATHER, "2x3xf32", "all_gather_dim=1 replica_groups={0,1;2,3}", NULL, "2x6xf32",
     NULL},
    {SK_OP_ALL_GATHER, "2x3xf32", "all_gather_dim=1 replica_groups={0,1;1,3}", NULL, NULL, "(C2)"},
    {SK_OP_ALL_GATHER, "2x3xf32", "all_gather_dim=2 replica_groups={0,1;2,3}", NULL, NULL, "(C1)"},
    {SK_OP_ALL_TO_ALL, "4x6xf32",
     "split_dimension=1 concat_dimension=0 split_count=2 replica_groups={0,1}", NULL, "8x3xf32",
     NULL},
    {SK_OP_ALL_TO_ALL, "4x6xf32",
     "split_dimension=1 concat_dimension=0 split_count=3 replica_groups={0,1}", NULL, NULL, "(C8)"},
    {SK_OP_COLLECTIVE_PERMUTE, "4xf32", "source_target_pairs={0,1;1,0}", NULL, "4xf32", NULL},
    {SK_OP_COLLECTIVE_PERMUTE, "4xf32", "source_target_pairs={0,1;0,2}", NULL, NULL, "(C2)"},
    {SK_OP_COLLECTIVE_PERMUTE, "4xf32", "source_target_pairs={0,1;2,1}", NULL, NULL, "(C3)"},
    // ---- dynamic shapes
    {SK_OP_DYNAMIC_RESHAPE, "6xf32 2xi32", "", "?x3xf32", "?x3xf32", NULL},
    {SK_OP_DYNAMIC_RESHAPE, "6xf32 3xi32", "", "?x3xf32", NULL, "(C4)"},
    {SK_OP_DYNAMIC_IOTA, "2xi32", "iota_dimension=0", "?x?xf32", "?x?xf32", NULL},
    // ---- chlo
    {SK_OP_CHLO_ERF, "4xf32", "", NULL, "4xf32", NULL},
    {SK_OP_CHLO_TOP_K, "4x9xf32", "k=3", NULL, "4x3xf32 4x3xi32", NULL},
    {SK_OP_CHLO_TOP_K, "4x9xf32", "k=10", NULL, NULL, "k = 10"},
    {SK_OP_CHLO_BROADCAST_ADD, "4x1xf32 3xf32", "", NULL, "4x3xf32", NULL},
    {SK_OP_CHLO_BROADCAST_ADD, "4x2xf32 3xf32", "", NULL, NULL, "broadcast"},
    {SK_OP_CHLO_BROADCAST_COMPARE, "4xf32 f32", "comparison_direction=LT", NULL, "4xi1", NULL},
};

static void describe(const infer_case *c, char *out, size_t bytes) {
  snprintf(out, bytes, "%s (%s) {%s} -> (%s)", sk_opkind_name(c->kind), c->operands, c->attrs,
           c->written ? c->written : "");
}

static void run_case(sk_module *m, const infer_case *c) {
  sk_type in[16], written[16], expected[16], out[16];
  sk_named_attr attrs[16];
  sk_value operands[16];
  char what[400], error[600];
  describe(c, what, sizeof what);
  uint32_t count = ir_make_types(m, c->operands, in, 16);
  sk_region region = sk_region_new(m, in, count);
  for (uint32_t i = 0; i < count; i++) {
    operands[i] = sk_region_arg(m, region, i);
  }
  sk_op_desc desc = {.kind = c->kind,
                     .operands = operands,
                     .operand_count = count,
                     .attrs = attrs,
                     .result_types = written};
  desc.attr_count = ir_make_attrs(m, c->attrs, attrs, 16);
  desc.result_count = c->written ? ir_make_types(m, c->written, written, 16) : 0;
  uint32_t got = 0;
  sk_status status = sk_ir_infer_types(m, &desc, out, 16, &got);
  if (c->label != NULL) {
    if (status == NULL) {
      fail_msg("%s: accepted, expected an error with '%s'", what, c->label);
    }
    ir_make_error(status, error, sizeof error);
    if (strstr(error, c->label) == NULL || strstr(error, sk_opkind_name(c->kind)) == NULL) {
      fail_msg("%s: expected '%s' in '%s'", what, c->label, error);
    }
    return;
  }
  if (status != NULL) {
    fail_msg("%s: %s", what, ir_make_error(status, error, sizeof error));
  }
  assert_int_equal(got, ir_make_types(m, c->result, expected, 16));
  for (uint32_t i = 0; i < got; i++) {
    if (out[i].id != expected[i].id) {
      fail_msg("%s: result %u is not as expected", what, i);
    }
  }
}

static void test_table(void **state) {
  (void)state;
  sk_module *m;
  assert_null(sk_module_create("test.mlir", &m));
  for (size_t i = 0; i < SK_COUNT(cases); i++) {
    run_case(m, &cases[i]);
  }
  sk_module_destroy(m);
}

// ---- ops with struct attributes or regions

typedef struct op_maker {
  sk_module *m;
  sk_value operands[8];
  uint32_t count;
} op_maker;

static op_maker make_operands(sk_module *m, const char *types) {
  op_maker maker = {.m = m};
  sk_type in[8];
  maker.count = ir_make_types(m, types, in, 8);
  sk_region region = sk_region_new(m, in, maker.count);
  for (uint32_t i = 0; i < maker.count; i++) {
    maker.operands[i] = sk_region_arg(m, region, i);
  }
  return maker;
}

// Infers an op with one struct attribute besides `attrs`; compares result types or looks for
// `label`.
static void check_struct(sk_module *m, sk_opkind kind, const char *types, sk_name name,
                         const sk_attr_rec *rec, const char *more, const char *result,
                         const char *label) {
  op_maker maker = make_operands(m, types);
  sk_named_attr attrs[8];
  uint32_t count = ir_make_attrs(m, more, attrs, 7);
  attrs[count++] = (sk_named_attr){{(uint32_t)name}, sk_attr_new(m, rec)};
  sk_op_desc desc = {.kind = kind,
                     .operands = maker.operands,
                     .operand_count = maker.count,
                     .attrs = attrs,
                     .attr_count = count};
  sk_type out[4], expected[4];
  uint32_t got;
  char error[600];
  sk_status status = sk_ir_infer_types(m, &desc, out, 4, &got);
  if (label != NULL) {
    assert_non_null(status);
    if (strstr(ir_make_error(status, error, sizeof error), label) == NULL) {
      fail_msg("expected %s in %s", label, error);
    }
    return;
  }
  if (status != NULL) {
    fail_msg("%s", ir_make_error(status, error, sizeof error));
  }
  assert_int_equal(got, ir_make_types(m, result, expected, 4));
  assert_int_equal(out[0].id, expected[0].id);
}

static void test_dot_general(void **state) {
  (void)state;
  sk_module *m;
  assert_null(sk_module_create(NULL, &m));
  const int64_t n[] = {0, 1, 2, 3};
  sk_dot_dims d = {{n, 1}, {n, 1}, {n + 2, 1}, {n + 1, 1}};
  sk_attr_rec rec = {.kind = SK_ATTR_DOT_DIMS, .u.dot = &d};
  const sk_name name = SK_NAME_dot_dimension_numbers;
  check_struct(m, SK_OP_DOT_GENERAL, "2x3x4xf32 2x4x5xf32", name, &rec, "", "2x3x5xf32", NULL);
  check_struct(m, SK_OP_DOT_GENERAL, "?x3x4xf32 2x?x5xf32", name, &rec, "", "2x3x5xf32", NULL);
  check_struct(m, SK_OP_DOT_GENERAL, "2x3x4xf32 3x4x5xf32", name, &rec, "", NULL, "(C9)");
  check_struct(m, SK_OP_DOT_GENERAL, "2x3x4xf32 2x5x5xf32", name, &rec, "", NULL, "(C10)");
  check_struct(m, SK_OP_DOT_GENERAL, "2x3xf32 2x4x5xf32", name, &rec, "", NULL, "(C6)");
  check_struct(m, SK_OP_DOT_GENERAL, "2x3x4xf32 2xf32", name, &rec, "", NULL, "(C8)");
  d.lhs_contracting_dimensions = (sk_ints){n, 1};
  check_struct(m, SK_OP_DOT_GENERAL, "2x3x4xf32 2x4x5xf32", name, &rec, "", NULL, "(C3)");
  d.lhs_contracting_dimensions = (sk_ints){n + 1, 2};
  check_struct(m, SK_OP_DOT_GENERAL, "2x3x4xf32 2x4x5xf32", name, &rec, "", NULL, "(C2)");
  d = (sk_dot_dims){{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
  check_struct(m, SK_OP_DOT_GENERAL, "2xf32 3xf32", name, &rec, "", "2x3xf32", NULL);
  sk_module_destroy(m);
}

static void test_gather(void **state) {
  (void)state;
  sk_module *m;
  assert_null(sk_module_create(NULL, &m));
  const int64_t n[] = {0, 1, 2, 3};
  sk_gather_dims d = {.offset_dims = {n + 1, 1},
                      .collapsed_slice_dims = {n, 1},
                      .start_index_map = {n, 1},
                      .index_vector_dim = 1};
  sk_attr_rec rec = {.kind = SK_ATTR_GATHER_DIMS, .u.gather = &d};
  const sk_name name = SK_NAME_dimension_numbers;
  check_struct(m, SK_OP_GATHER, "10x4xf32 5x1xi32", name, &rec, "slice_sizes=[1,4]", "5x4xf32",
               NULL);
  check_struct(m, SK_OP_GATHER, "10x4xf32 5xi32", name, &rec, "slice_sizes=[1,4]", "5x4xf32", NULL);
  check_struct(m, SK_OP_GATHER, "10x4xf32 5x2xi32", name, &rec, "slice_sizes=[1,4]", NULL, "(C3)");
  check_struct(m, SK_OP_GATHER, "10x4xf32 5x1xi32", name, &rec, "slice_sizes=[2,4]", NULL, "(C9)");
  check_struct(m, SK_OP_GATHER, "10x4xf32 5x1xi32", name, &rec, "slice_sizes=[1,5]", NULL, "(C21)");
  check_struct(m, SK_OP_GATHER, "10x4x2xf32 5x1xi32", name, &rec, "slice_sizes=[1,4,2]", NULL,
               "(C1)");
  check_struct(m, SK_OP_GATHER, "10x4xf32 5x1xf32", name, &rec, "slice_sizes=[1,4]", NULL, "(I2)");
  d.index_vector_dim = 3;
  check_struct(m, SK_OP_GATHER, "10x4xf32 5x1xi32", name, &rec, "slice_sizes=[1,4]", NULL, "(C2)");
  sk_module_destroy(m);
}

static void test_convolution(void **state) {
  (void)state;
  sk_module *m;
  assert_null(sk_module_create(NULL, &m));
  const int64_t n[] = {0, 1, 2, 3};
  sk_conv_dims d = {0, 3, 2, 3, 0, 3, {n + 1, 2}, {n, 2}, {n + 1, 2}};
  sk_attr_rec rec = {.kind = SK_ATTR_CONV_DIMS, .u.conv = &d};
  const sk_name name = SK_NAME_dimension_numbers;
  const char *groups = "feature_group_count=1 batch_group_count=1";
  check_struct(m, SK_OP_CONVOLUTION, "1x8x9x4xf32 3x3x4x16xf32", name, &rec, groups, "1x6x7x16xf32",
               NULL);
  check_struct(m, SK_OP_CONVOLUTION, "1x8x9x4xf32 3x3x4x16xf32", name, &rec,
               "window_strides=[2,1] padding={1,1;0,2} lhs_dilation=[1,2] rhs_dilation=[2,1] "
               "feature_group_count=1 "
               "batch_group_count=1",
               "1x3x17x16xf32", NULL);
  check_struct(m, SK_OP_CONVOLUTION, "1x8x9x4xf32 3x3x2x16xf32", name, &rec,
               "feature_group_count=2 batch_group_count=1", "1x6x7x16xf32", NULL);
  check_struct(m, SK_OP_CONVOLUTION, "1x8x9x4xf32 3x3x4x16xf32", name, &rec,
               "feature_group_count=2 batch_group_count=1", NULL, "(C14)");
  check_struct(m, SK_OP_CONVOLUTION, "1x8x9x4xf32 3x3x4xf32", name, &rec, groups, NULL, "(C1)");
  check_struct(m, SK_OP_CONVOLUTION, "1x8x9x4xf32 3x3x4x16xf32", name, &rec,
               "window_strides=[1] feature_group_count=1 batch_group_count=1", NULL, "(C2)");
  check_struct(m, SK_OP_CONVOLUTION, "1x8x9x4xf32 3x3x4x16xf16", name, &rec, groups, NULL, "(C27)");
  d.output_feature_dimension = 0;
  check_struct(m, SK_OP_CONVOLUTION, "1x8x9x4xf32 3x3x4x16xf32", name, &rec, groups, NULL, "(C20)");
  sk_module_destroy(m);
}

static void check_region(sk_module *m, sk_opkind kind, const char *types, const char *attrs,
                         const char *body_types, sk_opkind body_kind, const char *body_attrs,
                         const char *result, const char *label) {
  op_maker maker = make_operands(m, types);
  sk_named_attr list[8];
  sk_region body = ir_make_body(m, body_types, body_kind, body_attrs);
  sk_op_desc desc = {.kind = kind,
                     .operands = maker.operands,
                     .operand_count = maker.count,
                     .attrs = list,
                     .regions = &body,
                     .region_count = 1};
  desc.attr_count = ir_make_attrs(m, attrs, list, 8);
  sk_type out[4], expected[4];
  uint32_t got;
  char error[600];
  sk_status status = sk_ir_infer_types(m, &desc, out, 4, &got);
  if (label != NULL) {
    assert_non_null(status);
    if (strstr(ir_make_error(status, error, sizeof error), label) == NULL) {
      fail_msg("expected %s in %s", label, error);
    }
    return;
  }
  if (status != NULL) {
    fail_msg("%s", ir_make_error(status, error, sizeof error));
  }
  assert_int_equal(got, ir_make_types(m, result, expected, 4));
  assert_int_equal(out[0].id, expected[0].id);
}

static void test_bodies(void **state) {
  (void)state;
  sk_module *m;
  assert_null(sk_module_create(NULL, &m));
  check_region(m, SK_OP_REDUCE, "4x8xf32 f32", "dimensions=[1]", "f32 f32", SK_OP_ADD, "", "4xf32",
               NULL);
  check_region(m, SK_OP_REDUCE, "4x8xf16 f16", "dimensions=[0,1]", "f32 f32", SK_OP_ADD, "", "f32",
               NULL);
  check_region(m, SK_OP_REDUCE, "4x8xf32 f32", "dimensions=[1]", "f16 f16", SK_OP_ADD, "", NULL,
               "(C6)");
  check_region(m, SK_OP_REDUCE, "4x8xf32 f32", "dimensions=[1]", "2xf32 2xf32", SK_OP_ADD, "", NULL,
               "(C6)");
  check_region(m, SK_OP_REDUCE, "4x8xf32 f64", "dimensions=[1]", "f32 f32", SK_OP_ADD, "", NULL,
               "(C2)");
  check_region(m, SK_OP_REDUCE, "4x8xf32 f32 f32", "dimensions=[1]", "f32 f32", SK_OP_ADD, "", NULL,
               "(C3)");
  check_region(m, SK_OP_REDUCE, "4x8xf32 f32", "dimensions=[2]", "f32 f32", SK_OP_ADD, "", NULL,
               "(C4)");
  check_region(m, SK_OP_REDUCE, "4x8xf32 f32", "dimensions=[1,1]", "f32 f32", SK_OP_ADD, "", NULL,
               "(C5)");
  check_region(m, SK_OP_REDUCE_WINDOW, "10xf32 f32",
               "window_dimensions=[3] window_strides=[2] padding={1,1}", "f32 f32", SK_OP_MAXIMUM,
               "", "5xf32", NULL);
  check_region(m, SK_OP_REDUCE_WINDOW, "10xf32 f32", "window_dimensions=[3,1]", "f32 f32",
               SK_OP_MAXIMUM, "", NULL, "(C4)");
  check_region(m, SK_OP_REDUCE_WINDOW, "10xf32 f32", "window_dimensions=[0]", "f32 f32",
               SK_OP_MAXIMUM, "", NULL, "(C5)");
  check_region(m, SK_OP_SORT, "10xf32", "dimension=0", "f32 f32", SK_OP_COMPARE,
               "comparison_direction=LT", "10xf32", NULL);
  check_region(m, SK_OP_SORT, "10xf32", "dimension=1", "f32 f32", SK_OP_COMPARE,
               "comparison_direction=LT", NULL, "(C4)");
  check_region(m, SK_OP_SORT, "10xf32", "", "f32 f32", SK_OP_ADD, "", NULL, "(C5)");
  check_region(m, SK_OP_SORT, "10xf32", "", "i32 i32", SK_OP_COMPARE, "comparison_direction=LT",
               NULL, "(C5)");
  check_region(m, SK_OP_MAP, "4x8xf32 4x8xf32", "dimensions=[0,1]", "f32 f32", SK_OP_ADD, "",
               "4x8xf32", NULL);
  check_region(m, SK_OP_MAP, "4x8xf32 4x8xf32", "dimensions=[1,0]", "f32 f32", SK_OP_ADD, "", NULL,
               "(C3)");
  check_region(m, SK_OP_ALL_REDUCE, "4xf32", "replica_groups={0,1}", "f32 f32", SK_OP_ADD, "",
               "4xf32", NULL);
  check_region(m, SK_OP_REDUCE_SCATTER, "4xf32", "scatter_dimension=0 replica_groups={0,1}",
               "f32 f32", SK_OP_ADD, "", "2xf32", NULL);
  check_region(m, SK_OP_REDUCE_SCATTER, "5xf32", "scatter_dimension=0 replica_groups={0,1}",
               "f32 f32", SK_OP_ADD, "", NULL, "(C1)");
  sk_module_destroy(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_table),  cmocka_unit_test(test_dot_general),
      cmocka_unit_test(test_gather), cmocka_unit_test(test_convolution),
      cmocka_unit_test(test_bodies),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
