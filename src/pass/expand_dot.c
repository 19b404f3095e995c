// SPDX-License-Identifier: Apache-2.0
// Products of floats other than f32 and f64 become products of f32 (f64, where the result is f64):
// their operands are converted, sums are kept and rounded once in that type. So do convolutions, whose
// padding is then a zero of that type (f8E8M0FNU has none of its own), and products of integers of up to
// 8 bits, in parts of which no sum can leave the integers that f32 holds, 2^24: nothing is rounded then.
//
// Products of a matrix with a vector, or of two vectors, become element-wise product and sum:
//
//   dot_general(A[m, k], x[k])  ->  reduce(A * broadcast(x)) add across k
//
// where the contracted dimensions are the innermost ones of both operands: so that they are read in
// order and fuse with what surrounds them. The order of such a sum is that of reductions
// (docs/numerics.md); it is decided here, by shapes and dimension numbers alone.
#include "pass/expand_int.h"

// ---- types of sums

// Type in which a product with this result is summed.
enum { F32_INTEGERS = 1 << 24, MOST_PARTS = 16 };

static sk_elem sum_elem(sk_elem result) { return result == SK_F64 ? SK_F64 : SK_F32; }

static sk_elem operand_elem(const sk_module *m, sk_op op, uint32_t i) {
  return (sk_elem)sk_value_type_rec(m, sk_op_operand(m, op, i))->elem;
}

static sk_elem result_elem(const sk_module *m, sk_op op) {
  return (sk_elem)sk_value_type_rec(m, sk_op_result(m, op, 0))->elem;
}

static bool is_of_floats(const sk_module *m, sk_op op) {
  return sk_elem_is_float(operand_elem(m, op, 0)) && sk_elem_is_float(operand_elem(m, op, 1)) &&
         sk_elem_is_float(result_elem(m, op));
}

// Largest magnitude of an integer of up to 8 bits; 0: it is none.
static int64_t small_magnitude(sk_elem elem) {
  const sk_elem_class class = sk_elem_get_class(elem);
  if ((class != SK_CLASS_SINT && class != SK_CLASS_UINT) || sk_elem_bits(elem) > 8) {
    return 0;
  }
  return class == SK_CLASS_SINT ? INT64_C(1) << (sk_elem_bits(elem) - 1)
                                : (INT64_C(1) << sk_elem_bits(elem)) - 1;
}

// Products of integers that f32 sums exactly; 0: this is none such. *out_along: extent of the
// contracted dimension (the product of several), of which so many at a time may be summed.
static int64_t exact_steps(const sk_module *m, sk_op op, int64_t *out_along) {
  if (sk_op_kind(m, op) != SK_OP_DOT_GENERAL) {
    return 0;
  }
  const sk_elem_class class = sk_elem_get_class(result_elem(m, op));
  const sk_ints along = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers))
                            ->u.dot->lhs_contracting_dimensions;
  const sk_type_rec *a = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  const int64_t largest =
      small_magnitude(operand_elem(m, op, 0)) * small_magnitude(operand_elem(m, op, 1));
  bool fits = largest > 0 && (class == SK_CLASS_SINT || class == SK_CLASS_UINT);
  *out_along = 1;
  for (uint32_t i = 0; i < along.count && fits; i++) {
    fits = !SK_MUL_OVERFLOW(*out_along, a->dims[along.data[i]], out_along);
  }
  const int64_t steps = fits ? F32_INTEGERS / largest : 0;
  return *out_along <= steps || (along.count == 1 && *out_along <= MOST_PARTS * steps) ? steps : 0;
}

// Operand `i` in the type of the sum.
static sk_value sum_operand(const sk_expander *e, sk_op op, uint32_t i, sk_elem sum) {
  const sk_value operand = sk_expand_operand(e, op, i);
  return operand_elem(e->m, op, i) == sum ? operand : sk_expand_convert(e, operand, sum);
}

// `value`, a sum, becomes the product's result. Integers wrap around.
static void set_rounded(const sk_expander *e, sk_op op, sk_value value, sk_elem sum) {
  const sk_elem to = result_elem(e->m, op);
  if (!sk_elem_is_float(to)) {
    value = sk_expand_convert(e, value, SK_S32);
  }
  sk_rebuild_set(e->r, sk_op_result(e->m, op, 0),
                 to == sum ? value : sk_expand_convert(e, value, to));
}

// A product whose operands or result are not of the type of its sum.
static bool is_mixed(const sk_module *m, sk_op op) {
  const sk_elem result = result_elem(m, op), sum = sum_elem(result);
  return result != sum || operand_elem(m, op, 0) != sum || operand_elem(m, op, 1) != sum;
}

// The same operation of other operands with these attributes, in the type of its sum.
static sk_value mixed_product(const sk_expander *e, sk_op op, const sk_value operands[2],
                              const sk_named_attr *attrs, uint32_t attr_count, sk_elem sum) {
  sk_module *m = e->m;
  const sk_type_rec to = *sk_value_type_rec(m, sk_op_result(m, op, 0));
  return sk_expand_emit(e, sk_op_kind(m, op), sk_type_tensor(m, sum, to.rank, to.dims), operands, 2,
                        attrs, attr_count);
}

static void expand_mixed(const sk_expander *e, sk_op op, const sk_named_attr *attrs,
                         uint32_t attr_count) {
  const sk_elem sum = sum_elem(result_elem(e->m, op));
  const sk_value operands[2] = {sum_operand(e, op, 0, sum), sum_operand(e, op, 1, sum)};
  set_rounded(e, op, mixed_product(e, op, operands, attrs, attr_count, sum), sum);
}

static sk_value steps_of(const sk_expander *e, sk_value v, int64_t dim, int64_t start,
                         int64_t end) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, v);
  int64_t starts[SK_MAX_RANK] = {0}, limits[SK_MAX_RANK];
  memcpy(limits, rec.dims, rec.rank * sizeof *limits);
  starts[dim] = start;
  limits[dim] = end;
  return sk_expand_slice(e, v, starts, limits);
}

// Sums of parts are added as integers of 32 bits, which wrap around like any narrower ones, and are
// exact for wider ones: 16 times 2^24.
static void expand_in_parts(const sk_expander *e, sk_op op, const sk_named_attr *attrs,
                            int64_t along, int64_t steps) {
  const sk_dot_dims *dims =
      sk_attr_get(e->m, sk_op_find_attr(e->m, op, SK_NAME_dot_dimension_numbers))->u.dot;
  const int64_t dim[2] = {dims->lhs_contracting_dimensions.data[0],
                          dims->rhs_contracting_dimensions.data[0]};
  const sk_value whole[2] = {sum_operand(e, op, 0, SK_F32), sum_operand(e, op, 1, SK_F32)};
  sk_value total = {0};
  for (int64_t start = 0; start < along; start += steps) {
    const int64_t end = SK_MIN(start + steps, along);
    const sk_value operands[2] = {steps_of(e, whole[0], dim[0], start, end),
                                  steps_of(e, whole[1], dim[1], start, end)};
    const sk_value part =
        sk_expand_convert(e, mixed_product(e, op, operands, attrs, 1, SK_F32), SK_S32);
    total = start == 0 ? part : sk_expand_2(e, SK_OP_ADD, total, part);
  }
  set_rounded(e, op, total, SK_S32);
}

// ---- sums along rows

// Are `dims` the innermost dimensions of the type, in order? (Extents of 1 do not count.)
// *out_other: does it have dimensions larger than 1 besides these and the batch ones?
static bool are_innermost(const sk_type_rec *type, sk_ints dims, sk_ints batch, bool *out_other) {
  uint32_t next = dims.count;
  bool passed = false;
  *out_other = false;
  for (uint32_t d = type->rank; d-- > 0;) {
    if (type->dims[d] == 1) {
      continue;
    }
    while (next > 0 && type->dims[dims.data[next - 1]] == 1) {
      next--;
    }
    if (next > 0 && dims.data[next - 1] == (int64_t)d) {
      if (passed) {
        return false;
      }
      next--;
      continue;
    }
    passed = true;
    bool is_batch = false;
    for (uint32_t i = 0; i < batch.count; i++) {
      is_batch |= batch.data[i] == (int64_t)d;
    }
    *out_other |= !is_batch;
  }
  while (next > 0 && type->dims[dims.data[next - 1]] == 1) {
    next--;
  }
  return next == 0;
}

static bool is_row_sum(const sk_module *m, sk_op op) {
  const sk_dot_dims *dims =
      sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers))->u.dot;
  const sk_type_rec *a = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  const sk_type_rec *b = sk_value_type_rec(m, sk_op_operand(m, op, 1));
  const sk_type_rec *to = sk_value_type_rec(m, sk_op_result(m, op, 0));
  uint32_t steps = 0, rank = 0;  // dimensions larger than 1: contracted, all
  bool empty = false;
  for (uint32_t i = 0; i < dims->lhs_contracting_dimensions.count; i++) {
    int64_t extent = a->dims[dims->lhs_contracting_dimensions.data[i]];
    steps += extent > 1;
    empty |= extent == 0;
  }
  for (uint32_t d = 0; d < to->rank; d++) {
    rank += to->dims[d] != 1;
  }
  bool rows, columns;
  return steps > 0 && !empty && rank + steps <= SK_GROUP_MAX_RANK &&
         to->rank + dims->lhs_contracting_dimensions.count <= SK_MAX_RANK &&
         are_innermost(a, dims->lhs_contracting_dimensions, dims->lhs_batching_dimensions, &rows) &&
         are_innermost(b, dims->rhs_contracting_dimensions, dims->rhs_batching_dimensions,
                       &columns) &&
         !(rows && columns);
}

// Where the dimensions of an operand lie in the space [batch, rows, columns, steps] of all products.
static void place_dims(uint32_t rank, sk_ints batch, sk_ints contracting, uint32_t first_free,
                       uint32_t first_step, int64_t *out) {
  for (uint32_t d = 0; d < rank; d++) {
    out[d] = -1;
  }
  for (uint32_t i = 0; i < batch.count; i++) {
    out[batch.data[i]] = i;
  }
  for (uint32_t i = 0; i < contracting.count; i++) {
    out[contracting.data[i]] = first_step + i;
  }
  for (uint32_t d = 0; d < rank; d++) {
    out[d] = out[d] < 0 ? first_free++ : out[d];
  }
}

static void expand_row_sum(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  const sk_dot_dims *dims =
      sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers))->u.dot;
  sk_ints batch[2] = {dims->lhs_batching_dimensions, dims->rhs_batching_dimensions};
  sk_ints contracting[2] = {dims->lhs_contracting_dimensions, dims->rhs_contracting_dimensions};
  const sk_type_rec to = *sk_value_type_rec(m, sk_op_result(m, op, 0));
  const sk_elem sum = sum_elem((sk_elem)to.elem);
  uint32_t steps = contracting[0].count, rank = to.rank + steps, first_free = batch[0].count;
  int64_t space[SK_MAX_RANK], along[SK_MAX_RANK];
  for (uint32_t i = 0; i < to.rank; i++) {
    space[i] = to.dims[i];
  }
  for (uint32_t i = 0; i < steps; i++) {
    along[i] = to.rank + i;
    space[to.rank + i] =
        sk_value_type_rec(m, sk_op_operand(m, op, 0))->dims[contracting[0].data[i]];
  }
  const sk_type products = sk_type_tensor(m, sum, rank, space);
  sk_value spread[2];
  for (uint32_t i = 0; i < 2; i++) {
    sk_value operand = sum_operand(e, op, i, sum);
    uint32_t operand_rank = sk_value_type_rec(m, operand)->rank;
    int64_t places[SK_MAX_RANK];
    place_dims(operand_rank, batch[i], contracting[i], first_free, to.rank, places);
    first_free += operand_rank - batch[i].count - steps;
    spread[i] = sk_expand_broadcast(e, operand, products, places);
  }
  const sk_value product = sk_expand_2(e, SK_OP_MULTIPLY, spread[0], spread[1]);
  set_rounded(e, op, sk_expand_sum(e, product, along, steps), sum);
}

// ---- entry

bool sk_expand_is_dot(const sk_module *m, sk_op op) {
  int64_t along;
  return exact_steps(m, op, &along) > 0 ||
         (is_of_floats(m, op) && (is_row_sum(m, op) || is_mixed(m, op)));
}

sk_status sk_expand_dot(const sk_expander *e, sk_op op) {
  const sk_named_attr dims = {{SK_NAME_dot_dimension_numbers},
                              sk_op_find_attr(e->m, op, SK_NAME_dot_dimension_numbers)};
  int64_t along, steps = exact_steps(e->m, op, &along);
  if (steps > 0 && along > steps) {
    expand_in_parts(e, op, &dims, along, steps);
    return NULL;
  }
  if (is_of_floats(e->m, op) && is_row_sum(e->m, op)) {
    expand_row_sum(e, op);
  } else {
    expand_mixed(e, op, &dims, 1);
  }
  return NULL;
}

bool sk_expand_is_mixed_convolution(const sk_module *m, sk_op op) {
  return is_of_floats(m, op) && is_mixed(m, op);
}

sk_status sk_expand_mixed_convolution(const sk_expander *e, sk_op op) {
  const sk_op_draft draft = sk_rebuild_draft(e->r, op);
  expand_mixed(e, op, draft.attrs, draft.desc.attr_count);
  return NULL;
}
