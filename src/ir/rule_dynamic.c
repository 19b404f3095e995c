// SPDX-License-Identifier: Apache-2.0
// Rules of operations whose result shape is computed at run time. Numbers in brackets are the
// constraints of the operation's section in the specification. What the shape operands hold is
// checked where they are known.
#include "ir/rule_int.h"

// A static 1-D tensor of integers (or index) with one entry per dimension of something of rank
// `rank`.
static sk_status check_shape_operand(const sk_rule *r, uint32_t i, uint32_t rank,
                                     const char *label) {
  const sk_type_rec *shape = sk_rule_operand(r, i);
  bool integer = sk_elem_is_int((sk_elem)shape->elem) || shape->elem == SK_INDEX;
  SK_RULE_REQUIRE(r, shape->rank == 1 && integer, NULL, "operand %u is not a 1-D integer tensor",
                  i);
  SK_RULE_REQUIRE(r, shape->dims[0] == rank, label, "operand %u must have %u entries", i, rank);
  return NULL;
}

// Where operand i is a constant, the result's shape must be it.
static sk_status check_result_shape(const sk_rule *r, uint32_t i, const char *label) {
  int64_t dims[SK_MAX_RANK];
  uint32_t count;
  const sk_type_rec *result = sk_rule_written(r, 0);
  if (!sk_rule_const_ints(r, i, SK_MAX_RANK, dims, &count) || count != result->rank) {
    return NULL;
  }
  for (uint32_t d = 0; d < count; d++) {
    SK_RULE_REQUIRE(r, dims[d] >= 0 && sk_dim_match(dims[d], result->dims[d]), label,
                    "the shape operand says %lld for dimension %u", (long long)dims[d], d);
  }
  return NULL;
}

// A constant output shape is what the operand is broadcast to, even where the result's type leaves
// it open.
static sk_status check_broadcast_sizes(const sk_rule *r) {
  int64_t sizes[SK_MAX_RANK];
  uint32_t count;
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  sk_ints dims = sk_rule_ints(r, SK_NAME_broadcast_dimensions);
  if (!sk_rule_const_ints(r, 1, SK_MAX_RANK, sizes, &count)) {
    return NULL;
  }
  for (uint32_t i = 0; i < dims.count; i++) {
    SK_RULE_REQUIRE(r, operand->dims[i] == 1 || sk_dim_match(operand->dims[i], sizes[dims.data[i]]),
                    "C5", "dimension %u of size %lld cannot be broadcast to %lld", i,
                    (long long)operand->dims[i], (long long)sizes[dims.data[i]]);
  }
  return NULL;
}

sk_status sk_rule_dynamic_broadcast_in_dim(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  sk_ints growing = sk_rule_ints(r, SK_NAME_known_expanding_dimensions);
  sk_ints fixed = sk_rule_ints(r, SK_NAME_known_nonexpanding_dimensions);
  SK_TRY(sk_rule_check_broadcast(r));
  SK_TRY(check_shape_operand(r, 1, sk_rule_written(r, 0)->rank, "C7"));
  SK_TRY(check_result_shape(r, 1, "C7"));
  SK_TRY(check_broadcast_sizes(r));
  SK_RULE_REQUIRE(r, sk_in_range(growing, operand->rank), "C9",
                  "a known expanding dimension is not in [0, %u)", operand->rank);
  SK_RULE_REQUIRE(r, sk_in_range(fixed, operand->rank), "C10",
                  "a known nonexpanding dimension is not in [0, %u)", operand->rank);
  SK_RULE_REQUIRE(r, growing.count <= operand->rank && fixed.count <= operand->rank, "C8",
                  "known dimensions are repeated");
  SK_RULE_REQUIRE(r, sk_is_unique(growing) && sk_is_unique(fixed), "C8",
                  "known dimensions are repeated");
  for (uint32_t i = 0; i < growing.count; i++) {
    SK_RULE_REQUIRE(r, !sk_contains(fixed, growing.data[i]), "C8",
                    "dimension %lld is both expanding and not", (long long)growing.data[i]);
  }
  return sk_rule_add_written(r);
}

static sk_status check_reshape_size(const sk_rule *r) {
  int64_t sizes[SK_MAX_RANK], from, to = 1;
  uint32_t count;
  if (!sk_rule_const_ints(r, 1, SK_MAX_RANK, sizes, &count) ||
      !sk_type_elem_count(r->m, sk_rule_operand_type(r, 0), &from)) {
    return NULL;
  }
  for (uint32_t i = 0; i < count; i++) {
    SK_RULE_REQUIRE(r, !SK_MUL_OVERFLOW(to, sizes[i], &to), "C2", "the output shape overflows");
  }
  SK_RULE_REQUIRE(r, from == to, "C2", "the operand has %lld elements, the output shape %lld",
                  (long long)from, (long long)to);
  return NULL;
}

sk_status sk_rule_dynamic_reshape(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  SK_TRY(check_shape_operand(r, 1, sk_rule_written(r, 0)->rank, "C4"));
  SK_TRY(check_result_shape(r, 1, "C4"));
  SK_TRY(check_reshape_size(r));
  return sk_rule_reshape_any(r);
}

sk_status sk_rule_dynamic_iota(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *result = sk_rule_written(r, 0);
  int64_t dim = sk_rule_int(r, SK_NAME_iota_dimension, 0);
  SK_TRY(check_shape_operand(r, 0, result->rank, "C2"));
  SK_TRY(check_result_shape(r, 0, "C2"));
  SK_RULE_REQUIRE(r, dim >= 0 && dim < result->rank, "C1", "iota_dimension %lld is not in [0, %u)",
                  (long long)dim, result->rank);
  return sk_rule_add_written(r);
}

sk_status sk_rule_dynamic_pad(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *operand = sk_rule_operand(r, 0), *value = sk_rule_operand(r, 1),
                    *result = sk_rule_written(r, 0);
  SK_RULE_REQUIRE(r, value->rank == 0, "I2", "padding_value is not 0-D");
  SK_RULE_REQUIRE(r, sk_elem_match(operand, value) && sk_elem_match(operand, result), "C1",
                  "operand, padding_value and result differ in element type");
  for (uint32_t i = 2; i < 5; i++) {
    SK_TRY(check_shape_operand(r, i, operand->rank, "C2"));
  }
  SK_RULE_REQUIRE(r, result->rank == operand->rank, "C4", "the result has rank %u, the operand %u",
                  result->rank, operand->rank);
  int64_t low[SK_MAX_RANK], high[SK_MAX_RANK], interior[SK_MAX_RANK], size;
  uint32_t count;
  if (sk_rule_const_ints(r, 4, SK_MAX_RANK, interior, &count)) {
    for (uint32_t i = 0; i < count; i++) {
      SK_RULE_REQUIRE(r, interior[i] >= 0, "C3", "interior padding %lld is negative",
                      (long long)interior[i]);
    }
    bool edges = sk_rule_const_ints(r, 2, SK_MAX_RANK, low, &count) &&
                 sk_rule_const_ints(r, 3, SK_MAX_RANK, high, &count);
    for (uint32_t i = 0; edges && i < count; i++) {
      SK_RULE_REQUIRE(r, sk_padded_size(operand->dims[i], low[i], high[i], interior[i], &size),
                      "C4", "padding makes dimension %u negative or too large", i);
      SK_RULE_REQUIRE(r, sk_dim_match(size, result->dims[i]), "C4",
                      "dimension %u of the result must be %lld", i, (long long)size);
    }
  }
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
  int64_t sizes[SK_MAX_RANK];
  uint32_t count;
  if (sk_rule_const_ints(r, 2, SK_MAX_RANK, sizes, &count) && count == rank) {
    return sk_rule_gather_with(r, (sk_ints){sizes, rank});
  }
  return sk_rule_gather_with(r, (sk_ints){unknown, rank});
}

sk_status sk_rule_dynamic_conv(sk_rule *r) {
  const sk_type_rec *padding = sk_rule_operand(r, 2);
  uint32_t rank = sk_rule_operand(r, 0)->rank;
  bool integer = sk_elem_is_int((sk_elem)padding->elem) || padding->elem == SK_INDEX;
  SK_RULE_REQUIRE(r,
                  integer && padding->rank == 2 && rank >= 2 &&
                      sk_dim_match(padding->dims[0], rank - 2) && sk_dim_match(padding->dims[1], 2),
                  "C4", "padding is not an integer tensor of shape [rank - 2, 2]");
  return sk_rule_convolution_with(r, NULL);
}
