// SPDX-License-Identifier: Apache-2.0
// Rules of operations whose result shape is computed at run time. Numbers in brackets are the constraints of the operation's section in
// the specification. What the shape operands hold is checked where they are known.
#include "ir/rule_int.h"

// A 1-D tensor of integers (or index) with one entry per dimension of something of rank `rank`.
static sk_status check_shape_operand(const sk_rule *r, uint32_t i, uint32_t rank, const char *label) {
  const sk_type_rec *shape = sk_rule_operand(r, i);
  bool integer = sk_elem_is_int((sk_elem)shape->elem) || shape->elem == SK_INDEX;
  SK_RULE_REQUIRE(r, shape->rank == 1 && integer, NULL, "operand %u is not a 1-D integer tensor", i);
  SK_RULE_REQUIRE(r, sk_dim_match(shape->dims[0], rank), label, "operand %u has %lld entries, not %u", i,
                  (long long)shape->dims[0], rank);
  return NULL;
}

sk_status sk_rule_dynamic_broadcast_in_dim(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  sk_ints growing = sk_rule_ints(r, SK_NAME_known_expanding_dimensions);
  sk_ints fixed = sk_rule_ints(r, SK_NAME_known_nonexpanding_dimensions);
  SK_TRY(sk_rule_check_broadcast(r));
  SK_TRY(check_shape_operand(r, 1, sk_rule_written(r, 0)->rank, "C7"));
  SK_RULE_REQUIRE(r, sk_in_range(growing, operand->rank), "C9", "a known expanding dimension is not in [0, %u)",
                  operand->rank);
  SK_RULE_REQUIRE(r, sk_in_range(fixed, operand->rank), "C10", "a known nonexpanding dimension is not in [0, %u)",
                  operand->rank);
  SK_RULE_REQUIRE(r, growing.count <= operand->rank && fixed.count <= operand->rank, "C8", "known dimensions are repeated");
  SK_RULE_REQUIRE(r, sk_is_unique(growing) && sk_is_unique(fixed), "C8", "known dimensions are repeated");
  for (uint32_t i = 0; i < growing.count; i++) {
    SK_RULE_REQUIRE(r, !sk_contains(fixed, growing.data[i]), "C8", "dimension %lld is both expanding and not",
                    (long long)growing.data[i]);
  }
  return sk_rule_add_written(r);
}

sk_status sk_rule_dynamic_reshape(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  SK_TRY(check_shape_operand(r, 1, sk_rule_written(r, 0)->rank, "C4"));
  return sk_rule_reshape(r);
}

sk_status sk_rule_dynamic_iota(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *result = sk_rule_written(r, 0);
  int64_t dim = sk_rule_int(r, SK_NAME_iota_dimension, 0);
  SK_TRY(check_shape_operand(r, 0, result->rank, "C2"));
  SK_RULE_REQUIRE(r, dim >= 0 && dim < result->rank, "C1", "iota_dimension %lld is not in [0, %u)", (long long)dim,
                  result->rank);
  return sk_rule_add_written(r);
}

sk_status sk_rule_dynamic_pad(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *operand = sk_rule_operand(r, 0), *value = sk_rule_operand(r, 1), *result = sk_rule_written(r, 0);
  SK_RULE_REQUIRE(r, value->rank == 0, "I2", "padding_value is not 0-D");
  SK_RULE_REQUIRE(r, sk_elem_match(operand, value) && sk_elem_match(operand, result), "C1",
                  "operand, padding_value and result differ in element type");
  for (uint32_t i = 2; i < 5; i++) {
    SK_TRY(check_shape_operand(r, i, operand->rank, "C2"));
  }
  SK_RULE_REQUIRE(r, result->rank == operand->rank, "C4", "the result has rank %u, the operand %u", result->rank,
                  operand->rank);
  return sk_rule_add_written(r);
}

sk_status sk_rule_real_dynamic_slice(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *operand = sk_rule_operand(r, 0), *result = sk_rule_written(r, 0);
  for (uint32_t i = 1; i < 4; i++) {
    SK_TRY(check_shape_operand(r, i, operand->rank, NULL));
    SK_RULE_REQUIRE(r, sk_rule_operand(r, i)->elem == sk_rule_operand(r, 1)->elem, NULL,
                    "starts, limits and strides differ in type");
  }
  SK_RULE_REQUIRE(r, sk_elem_match(operand, result) && result->rank == operand->rank, NULL,
                  "the result differs from the operand in element type or rank");
  return sk_rule_add_written(r);
}

sk_status sk_rule_dynamic_gather(sk_rule *r) {
  int64_t unknown[SK_MAX_RANK];
  uint32_t rank = sk_rule_operand(r, 0)->rank;
  for (uint32_t i = 0; i < rank; i++) {
    unknown[i] = SK_DIM_UNKNOWN;
  }
  SK_TRY(check_shape_operand(r, 2, rank, "C11"));
  return sk_rule_gather_with(r, (sk_ints){unknown, rank});
}

sk_status sk_rule_dynamic_conv(sk_rule *r) {
  const sk_type_rec *padding = sk_rule_operand(r, 2);
  uint32_t rank = sk_rule_operand(r, 0)->rank;
  bool integer = sk_elem_is_int((sk_elem)padding->elem) || padding->elem == SK_INDEX;
  SK_RULE_REQUIRE(r,
                  integer && padding->rank == 2 && rank >= 2 && sk_dim_match(padding->dims[0], rank - 2) &&
                      sk_dim_match(padding->dims[1], 2),
                  "C4", "padding is not an integer tensor of shape [rank - 2, 2]");
  return sk_rule_convolution_with(r, NULL);
}
