// SPDX-License-Identifier: Apache-2.0
// Products of a matrix with a vector, or of two vectors, into element-wise product and sum:
//
//   dot_general(A[m, k], x[k])  ->  reduce(A * broadcast(x)) add across k
//
// where the contracted dimensions are the innermost ones of both operands: so that they are read in
// order and fuse with what surrounds them. The order of such a sum is that of reductions
// (docs/numerics.md); it is decided here, by shapes and dimension numbers alone.
#include "pass/expand_int.h"

// Are `dims` the innermost dimensions of the type, in order? (Extents of 1 do not count.) *out_other: does
// it have dimensions larger than 1 besides these and the batch ones?
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

bool sk_expand_is_row_sum(const sk_module *m, sk_op op) {
  if (sk_op_kind(m, op) != SK_OP_DOT_GENERAL) {
    return false;
  }
  const sk_dot_dims *dims =
      sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers))->u.dot;
  const sk_type_rec *a = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  const sk_type_rec *b = sk_value_type_rec(m, sk_op_operand(m, op, 1));
  const sk_type_rec *to = sk_value_type_rec(m, sk_op_result(m, op, 0));
  bool plain =
      (to->elem == SK_F32 || to->elem == SK_F64) && a->elem == to->elem && b->elem == to->elem;
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
  return plain && steps > 0 && !empty && rank + steps <= SK_GROUP_MAX_RANK &&
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

sk_status sk_expand_row_sum(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  const sk_dot_dims *dims =
      sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers))->u.dot;
  sk_ints batch[2] = {dims->lhs_batching_dimensions, dims->rhs_batching_dimensions};
  sk_ints contracting[2] = {dims->lhs_contracting_dimensions, dims->rhs_contracting_dimensions};
  const sk_type_rec to = *sk_value_type_rec(m, sk_op_result(m, op, 0));
  uint32_t steps = contracting[0].count, rank = to.rank + steps, first_free = batch[0].count;
  int64_t space[SK_MAX_RANK], along[SK_MAX_RANK];
  memcpy(space, to.dims, sizeof(int64_t) * to.rank);
  for (uint32_t i = 0; i < steps; i++) {
    along[i] = to.rank + i;
    space[to.rank + i] =
        sk_value_type_rec(m, sk_op_operand(m, op, 0))->dims[contracting[0].data[i]];
  }
  const sk_type products = sk_type_tensor(m, (sk_elem)to.elem, rank, space);
  sk_value spread[2];
  for (uint32_t i = 0; i < 2; i++) {
    sk_value operand = sk_expand_operand(e, op, i);
    uint32_t operand_rank = sk_value_type_rec(m, operand)->rank;
    int64_t places[SK_MAX_RANK];
    place_dims(operand_rank, batch[i], contracting[i], first_free, to.rank, places);
    first_free += operand_rank - batch[i].count - steps;
    spread[i] = sk_expand_broadcast(e, operand, products, places);
  }
  sk_value product = sk_expand_2(e, SK_OP_MULTIPLY, spread[0], spread[1]);
  sk_rebuild_set(e->r, sk_op_result(m, op, 0), sk_expand_sum(e, product, along, steps));
  return NULL;
}
