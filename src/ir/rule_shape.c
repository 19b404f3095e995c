// SPDX-License-Identifier: Apache-2.0
// Rules of constants and of operations that only rearrange elements: broadcasts, reshapes, slices,
// padding. Numbers in brackets are the constraints of the operation's section in the specification.
#include "ir/rule_int.h"

sk_status sk_rule_constant(sk_rule *r) {
  const sk_attr_rec *value = sk_rule_attr(r, SK_NAME_value);
  const sk_type_rec *type = sk_type_get(r->m, value->type);
  if (r->desc->result_count == 0) {
    return sk_rule_add(r, value->type);
  }
  const sk_type_rec *result = sk_rule_written(r, 0);
  bool stored = result->quant != NULL && type->elem == (uint8_t)result->quant->storage;
  SK_RULE_REQUIRE(r, (sk_elem_match(type, result) || stored) && sk_shape_match(type, result), "C1",
                  "the value's type differs from the result's");
  return sk_rule_add_written(r);
}

sk_status sk_rule_iota(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  int64_t dim = sk_rule_int(r, SK_NAME_iota_dimension, 0);
  SK_RULE_REQUIRE(r, dim >= 0 && dim < sk_rule_written(r, 0)->rank, "C1",
                  "iota_dimension %lld is not below the rank %u", (long long)dim,
                  sk_rule_written(r, 0)->rank);
  return sk_rule_add_written(r);
}

// -------------------------------------------------------------------------------- reinterpretation

static uint32_t storage_bits(const sk_type_rec *type) {
  return sk_elem_bits(type->quant ? type->quant->storage : (sk_elem)type->elem);
}

sk_status sk_rule_bitcast_convert(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *operand = sk_rule_operand(r, 0), *result = sk_rule_written(r, 0);
  uint32_t from = storage_bits(operand), to = storage_bits(result);
  SK_RULE_REQUIRE(
      r, sk_elem_is_complex((sk_elem)operand->elem) == sk_elem_is_complex((sk_elem)result->elem),
      "C2", "only one of operand and result is complex");
  if (from == to) {
    SK_RULE_REQUIRE(r, sk_shape_match(operand, result), "C1", "operand and result differ in shape");
    return sk_rule_add_written(r);
  }
  const sk_type_rec *narrow = from > to ? result : operand, *wide = from > to ? operand : result;
  uint32_t narrow_bits = SK_MIN(from, to), wide_bits = SK_MAX(from, to);
  SK_RULE_REQUIRE(r, narrow->rank == wide->rank + 1, "C1",
                  "the side with the narrower elements has rank %u, it must be one above %u",
                  narrow->rank, wide->rank);
  for (uint32_t i = 0; i < wide->rank; i++) {
    SK_RULE_REQUIRE(r, sk_dim_match(narrow->dims[i], wide->dims[i]), "C1",
                    "operand and result differ in dimension %u", i);
  }
  int64_t last = narrow->dims[wide->rank];
  SK_RULE_REQUIRE(
      r, last == SK_DIM_UNKNOWN || (last <= wide_bits && last * narrow_bits == wide_bits), "C1",
      "%lld elements of %u bits do not make %u bits", (long long)last, narrow_bits, wide_bits);
  return sk_rule_add_written(r);
}

// Product of dims[from, to); false if one is unknown.
static bool span_size(const sk_type_rec *type, uint32_t from, uint32_t to, int64_t *out) {
  *out = 1;
  for (uint32_t i = from; i < to; i++) {
    if (type->dims[i] == SK_DIM_UNKNOWN) {
      return false;
    }
    *out *= type->dims[i];  // cannot overflow: the type was checked, zeros apart
  }
  return true;
}

// Elements are the same except for the quantization dimension.
static bool same_elem_but_axis(const sk_type_rec *a, const sk_type_rec *b) {
  if (!sk_is_per_axis(a) || !sk_is_per_axis(b)) {
    return sk_elem_match(a, b);
  }
  sk_quant moved = *b->quant;
  moved.axis = a->quant->axis;
  sk_type_rec like = *b;
  like.quant = &moved;
  return sk_elem_match(a, &like);
}

static sk_status check_reshape_axis(const sk_rule *r, const sk_type_rec *a, const sk_type_rec *b) {
  uint32_t i = (uint32_t)a->quant->axis, k = (uint32_t)b->quant->axis;
  int64_t before_a, before_b, after_a, after_b;
  bool known = span_size(a, 0, i, &before_a) && span_size(b, 0, k, &before_b) &&
               span_size(a, i + 1, a->rank, &after_a) && span_size(b, k + 1, b->rank, &after_b);
  SK_RULE_REQUIRE(r,
                  sk_dim_match(a->dims[i], b->dims[k]) &&
                      (!known || (before_a == before_b && after_a == after_b)),
                  "C3", "the quantization dimension is split or merged");
  return NULL;
}

// Static shapes, or one unknown dimension with a bound.
static sk_status check_bounded(const sk_rule *r) {
  const sk_type_rec *result = sk_rule_written(r, 0);
  uint32_t unknown = 0, bounded = 0;
  for (uint32_t i = 0; i < result->rank; i++) {
    unknown += result->dims[i] == SK_DIM_UNKNOWN;
    bounded += result->bounds != NULL && result->bounds[i] != SK_DIM_UNKNOWN;
  }
  SK_RULE_REQUIRE(
      r, unknown == 0 || (unknown == 1 && bounded == 1), NULL,
      "the result must have a static shape, or a single unknown dimension with a bound");
  return NULL;
}

sk_status sk_rule_reshape(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  SK_TRY(check_bounded(r));
  return sk_rule_reshape_any(r);
}

sk_status sk_rule_reshape_any(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0), *result = sk_rule_written(r, 0);
  SK_RULE_REQUIRE(r, same_elem_but_axis(operand, result), "C1",
                  "operand and result differ in element type: %s and %s",
                  sk_elem_name((sk_elem)operand->elem), sk_elem_name((sk_elem)result->elem));
  int64_t from, to;
  bool known = sk_type_elem_count(r->m, sk_rule_operand_type(r, 0), &from) &&
               sk_type_elem_count(r->m, r->desc->result_types[0], &to);
  SK_RULE_REQUIRE(r, !known || from == to, "C2", "the operand has %lld elements, the result %lld",
                  (long long)from, (long long)to);
  if (sk_is_per_axis(operand)) {
    SK_TRY(check_reshape_axis(r, operand, result));
  }
  return sk_rule_add_written(r);
}

sk_status sk_rule_transpose(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  sk_ints permutation = sk_rule_ints(r, SK_NAME_permutation);
  SK_RULE_REQUIRE(r, permutation.count == operand->rank, "C2",
                  "the permutation has %u dimensions, the operand %u", permutation.count,
                  operand->rank);
  SK_RULE_REQUIRE(r, sk_in_range(permutation, operand->rank) && sk_is_unique(permutation), "C2",
                  "not a permutation of the operand's dimensions");
  int64_t dims[SK_MAX_RANK], bounds[SK_MAX_RANK];
  sk_quant quant = {0};
  sk_type_rec rec = *operand;
  for (uint32_t i = 0; i < operand->rank; i++) {
    dims[i] = operand->dims[permutation.data[i]];
    bounds[i] = operand->bounds ? operand->bounds[permutation.data[i]] : SK_DIM_UNKNOWN;
    if (sk_is_per_axis(operand) && permutation.data[i] == operand->quant->axis) {
      quant = *operand->quant;  // (C4)
      quant.axis = (int32_t)i;
      rec.quant = &quant;
    }
  }
  rec.dims = dims;
  rec.bounds = operand->bounds ? bounds : NULL;
  rec.encoding = (sk_attr){0};
  SK_RULE_REQUIRE(r, r->desc->result_count == 0 || sk_elem_match(&rec, sk_rule_written(r, 0)), "C1",
                  "operand and result differ in element type or quantization");
  return sk_rule_add(r, sk_type_intern(r->m, &rec));
}

sk_status sk_rule_reverse(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  sk_ints dimensions = sk_rule_ints(r, SK_NAME_dimensions);
  SK_RULE_REQUIRE(r, sk_in_range(dimensions, operand->rank), "C3", "a dimension is not in [0, %u)",
                  operand->rank);
  SK_RULE_REQUIRE(r, dimensions.count <= operand->rank && sk_is_unique(dimensions), "C2",
                  "dimensions are repeated");
  return sk_rule_add(r, sk_rule_operand_type(r, 0));
}

// -------------------------------------------------------------------------------------- broadcasts

// Constraints common to broadcast_in_dim and dynamic_broadcast_in_dim.
sk_status sk_rule_check_broadcast(const sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0), *result = sk_rule_written(r, 0);
  sk_ints dims = sk_rule_ints(r, SK_NAME_broadcast_dimensions);
  bool per_axis = sk_is_per_axis(operand);
  SK_RULE_REQUIRE(r,
                  per_axis
                      ? sk_is_per_axis(result) && operand->quant->storage == result->quant->storage
                      : sk_elem_match(operand, result),
                  "C1", "operand and result differ in element type: %s and %s",
                  sk_elem_name((sk_elem)operand->elem), sk_elem_name((sk_elem)result->elem));
  SK_RULE_REQUIRE(r, dims.count == operand->rank, "C2",
                  "broadcast_dimensions has %u entries, the operand rank %u", dims.count,
                  operand->rank);
  SK_RULE_REQUIRE(r, sk_in_range(dims, result->rank), "C3",
                  "a broadcast dimension is not in [0, %u)", result->rank);
  SK_RULE_REQUIRE(r, sk_is_unique(dims), "C4", "broadcast dimensions are repeated");
  for (uint32_t i = 0; i < dims.count; i++) {
    int64_t from = operand->dims[i], to = result->dims[dims.data[i]];
    SK_RULE_REQUIRE(r, from == 1 || sk_dim_match(from, to), "C5",
                    "dimension %u of size %lld cannot be broadcast to dimension %lld of size %lld",
                    i, (long long)from, (long long)dims.data[i], (long long)to);
  }
  SK_RULE_REQUIRE(r, !per_axis || result->quant->axis == dims.data[operand->quant->axis], "C6",
                  "the quantization dimension does not follow broadcast_dimensions");
  for (uint32_t i = 0; per_axis && operand->quant->count == 1 && i < result->quant->count; i++) {
    SK_RULE_REQUIRE(r,
                    result->quant->scales[i] == operand->quant->scales[0] &&
                        result->quant->zero_points[i] == operand->quant->zero_points[0],
                    "C6", "scale or zero point %u of the result differs from the operand's", i);
  }
  return NULL;
}

sk_status sk_rule_broadcast_in_dim(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  SK_TRY(check_bounded(r));
  SK_TRY(sk_rule_check_broadcast(r));
  return sk_rule_add_written(r);
}

sk_status sk_rule_broadcast(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  sk_ints sizes = sk_rule_ints(r, SK_NAME_broadcast_sizes);
  int64_t dims[SK_MAX_RANK];
  SK_RULE_REQUIRE(r, sizes.count + (uint64_t)operand->rank <= SK_MAX_RANK, NULL,
                  "the result's rank is above %d", SK_MAX_RANK);
  for (uint32_t i = 0; i < sizes.count; i++) {
    SK_RULE_REQUIRE(r, sizes.data[i] >= 0, NULL, "broadcast size %lld is negative",
                    (long long)sizes.data[i]);
    dims[i] = sizes.data[i];
  }
  for (uint32_t i = 0; i < operand->rank; i++) {
    dims[sizes.count + i] = operand->dims[i];
  }
  return sk_rule_add_tensor(r, operand, sizes.count + operand->rank, dims);
}

// -------------------------------------------------------------------------------- parts and wholes

sk_status sk_rule_slice(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  sk_ints start = sk_rule_ints(r, SK_NAME_start_indices),
          limit = sk_rule_ints(r, SK_NAME_limit_indices);
  sk_ints strides = sk_rule_ints(r, SK_NAME_strides);
  int64_t dims[SK_MAX_RANK];
  SK_RULE_REQUIRE(r,
                  start.count == operand->rank && limit.count == operand->rank &&
                      strides.count == operand->rank,
                  "C2", "%u starts, %u limits, %u strides for rank %u", start.count, limit.count,
                  strides.count, operand->rank);
  for (uint32_t i = 0; i < operand->rank; i++) {
    int64_t from = start.data[i], to = limit.data[i], stride = strides.data[i],
            size = operand->dims[i];
    SK_RULE_REQUIRE(r, from >= 0 && from <= to, "C3",
                    "start %lld is not in [0, limit %lld] in dimension %u", (long long)from,
                    (long long)to, i);
    size = size == SK_DIM_UNKNOWN ? sk_dim_bound(operand, i) : size;
    SK_RULE_REQUIRE(r, size == SK_DIM_UNKNOWN || to <= size, "C3",
                    "limit %lld is above the size or bound %lld of dimension %u", (long long)to,
                    (long long)size, i);
    SK_RULE_REQUIRE(r, stride > 0, "C4", "stride %lld is not positive in dimension %u",
                    (long long)stride, i);
    dims[i] = from == to ? 0 : (to - from - 1) / stride + 1;  // (C5)
  }
  return sk_rule_add_tensor(r, operand, operand->rank, dims);
}

bool sk_padded_size(int64_t size, int64_t low, int64_t high, int64_t interior, int64_t *out) {
  int64_t inner;
  if (size == SK_DIM_UNKNOWN) {
    *out = SK_DIM_UNKNOWN;
    return true;
  }
  return !SK_MUL_OVERFLOW(size > 0 ? size - 1 : 0, interior, &inner) &&
         !SK_ADD_OVERFLOW(size, inner, out) && !SK_ADD_OVERFLOW(*out, low, out) &&
         !SK_ADD_OVERFLOW(*out, high, out) && *out >= 0;
}

sk_status sk_rule_pad(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0), *value = sk_rule_operand(r, 1);
  sk_ints low = sk_rule_ints(r, SK_NAME_edge_padding_low),
          high = sk_rule_ints(r, SK_NAME_edge_padding_high);
  sk_ints interior = sk_rule_ints(r, SK_NAME_interior_padding);
  sk_extents e;
  SK_RULE_REQUIRE(r, value->rank == 0, "I2", "padding_value is not 0-D");
  SK_RULE_REQUIRE(r, sk_elem_match(operand, value), "C1",
                  "operand and padding_value differ in element type");
  SK_RULE_REQUIRE(r,
                  low.count == operand->rank && high.count == operand->rank &&
                      interior.count == operand->rank,
                  "C2", "%u low, %u high, %u interior paddings for rank %u", low.count, high.count,
                  interior.count, operand->rank);
  sk_extents_of(operand, &e);
  for (uint32_t i = 0; i < operand->rank; i++) {
    SK_RULE_REQUIRE(r, interior.data[i] >= 0, "C3",
                    "interior padding %lld is negative in dimension %u",
                    (long long)interior.data[i], i);
    SK_RULE_REQUIRE(
        r,
        sk_padded_size(e.dims[i], low.data[i], high.data[i], interior.data[i], &e.dims[i]) &&
            sk_padded_size(e.bounds[i], low.data[i], high.data[i], interior.data[i], &e.bounds[i]),
        "C4", "padding makes dimension %u negative or too large", i);
  }
  return sk_rule_add_extents(r, operand, &e);
}

// a + b, unknown where one of them is; false: overflow.
static bool add_extents(int64_t a, int64_t b, int64_t *out) {
  bool known = a != SK_DIM_UNKNOWN && b != SK_DIM_UNKNOWN;
  *out = SK_DIM_UNKNOWN;
  return !known || !SK_ADD_OVERFLOW(a, b, out);
}

// Dimension `dim` of `next` after that of `e`.
static sk_status append(const sk_rule *r, uint32_t dim, const sk_extents *next, sk_extents *e) {
  int64_t size, limit;
  SK_RULE_REQUIRE(r,
                  add_extents(e->dims[dim], next->dims[dim], &size) &&
                      add_extents(sk_extent_limit(e, dim), sk_extent_limit(next, dim), &limit),
                  "C6", "the size overflows");
  e->dims[dim] = size;
  e->bounds[dim] = size == SK_DIM_UNKNOWN ? limit : SK_DIM_UNKNOWN;
  return NULL;
}

sk_status sk_rule_concatenate(sk_rule *r) {
  const sk_type_rec *first = sk_rule_operand(r, 0);
  int64_t dim = sk_rule_int(r, SK_NAME_dimension, 0);
  sk_extents e, other;
  SK_RULE_REQUIRE(r, dim >= 0 && dim < first->rank, "C4", "dimension %lld is not in [0, %u)",
                  (long long)dim, first->rank);
  sk_extents_of(first, &e);
  for (uint32_t k = 1; k < r->desc->operand_count; k++) {
    const sk_type_rec *next = sk_rule_operand(r, k);
    SK_RULE_REQUIRE(r, sk_elem_match(first, next), "C1",
                    "operand %u differs in element type from operand 0", k);
    SK_RULE_REQUIRE(r, next->rank == first->rank, "C2", "operand %u differs in rank from operand 0",
                    k);
    sk_extents_of(next, &other);
    for (uint32_t i = 0; i < first->rank; i++) {
      if ((int64_t)i == dim) {
        SK_TRY(append(r, i, &other, &e));
      } else {
        SK_RULE_REQUIRE(r, sk_dim_match(e.dims[i], other.dims[i]), "C2",
                        "operand %u differs in dimension %u from operand 0", k, i);
        SK_TRY(sk_extents_merge(r, "C2", i, &other, &e));
      }
    }
  }
  return sk_rule_add_extents(r, first, &e);
}

// ------------------------------------------------------------------------------------------- sizes

static sk_status check_dimension(const sk_rule *r, int64_t *out_dim) {
  *out_dim = sk_rule_int(r, SK_NAME_dimension, 0);
  SK_RULE_REQUIRE(r, *out_dim >= 0 && *out_dim < sk_rule_operand(r, 0)->rank, "C1",
                  "dimension %lld is not in [0, %u)", (long long)*out_dim,
                  sk_rule_operand(r, 0)->rank);
  return NULL;
}

sk_status sk_rule_get_dimension_size(sk_rule *r) {
  int64_t dim;
  SK_TRY(check_dimension(r, &dim));
  return sk_rule_add(r, sk_type_tensor(r->m, SK_S32, 0, NULL));
}

// The size becomes a run-time value below the old one, or the constant that it is.
sk_status sk_rule_set_dimension_size(sk_rule *r) {
  int64_t dim, constant;
  uint32_t count;
  sk_extents e;
  const sk_type_rec *operand = sk_rule_operand(r, 0), *size = sk_rule_operand(r, 1);
  SK_TRY(check_dimension(r, &dim));
  SK_RULE_REQUIRE(r, size->rank == 0, NULL, "the size is not 0-D");
  sk_extents_of(operand, &e);
  e.bounds[dim] = sk_extent_limit(&e, (uint32_t)dim);
  e.dims[dim] = SK_DIM_UNKNOWN;
  if (sk_rule_const_ints(r, 1, 1, &constant, &count) && constant >= 0) {
    e.dims[dim] = constant;
    e.bounds[dim] = SK_DIM_UNKNOWN;
  }
  return sk_rule_add_extents(r, operand, &e);
}
