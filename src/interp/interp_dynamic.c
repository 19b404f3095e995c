// SPDX-License-Identifier: Apache-2.0
// Ops whose shapes or sizes are operands: the numbers are read, and the static form does the work.
//
// What the verifier cannot see (a negative size, a shape that does not fit the result's type, a
// slice outside its operand) is an error here, never a wild access. get_dimension_size and
// set_dimension_size deal in the sizes that tensors have at run time.
#include "interp/interp_int.h"

// The elements of operand `i`, one per dimension.
static sk_status read_sizes(const sk_interp *s, sk_op op, uint32_t i, uint32_t rank, int64_t *out) {
  const sk_tensor *t = sk_interp_operand(s, op, i);
  SK_TRY(sk_interp_require(s, op, t->count == rank && rank <= SK_MAX_RANK,
                           "a size operand has another number of elements"));
  for (uint32_t d = 0; d < rank; d++) {
    out[d] = sk_tensor_index(t, d);
  }
  return NULL;
}

static uint32_t result_rank(const sk_interp *s, sk_op op) {
  return sk_value_type_rec(s->m, sk_op_result(s->m, op, 0))->rank;
}

sk_status sk_interp_DYNAMIC_BROADCAST_IN_DIM(sk_interp *s, sk_op op) {
  int64_t dims[SK_MAX_RANK];
  SK_TRY(read_sizes(s, op, 1, result_rank(s, op), dims));
  return sk_interp_broadcast_with(s, op, dims);
}

sk_status sk_interp_DYNAMIC_IOTA(sk_interp *s, sk_op op) {
  int64_t dims[SK_MAX_RANK];
  SK_TRY(read_sizes(s, op, 0, result_rank(s, op), dims));
  return sk_interp_iota_with(s, op, dims);
}

sk_status sk_interp_DYNAMIC_RESHAPE(sk_interp *s, sk_op op) {
  const sk_tensor *from = sk_interp_operand(s, op, 0);
  int64_t dims[SK_MAX_RANK];
  sk_tensor *t;
  SK_TRY(read_sizes(s, op, 1, result_rank(s, op), dims));
  SK_TRY(sk_interp_result(s, op, 0, dims, &t));
  SK_TRY(sk_interp_require(s, op, from->count == t->count,
                           "the operand has another number of elements"));
  memcpy(t->data, from->data, (size_t)t->count * sk_elem_bytes((sk_elem)t->type->elem));
  return NULL;
}

sk_status sk_interp_DYNAMIC_PAD(sk_interp *s, sk_op op) {
  uint32_t rank = sk_interp_operand(s, op, 0)->type->rank;
  int64_t low[SK_MAX_RANK], high[SK_MAX_RANK], interior[SK_MAX_RANK];
  SK_TRY(read_sizes(s, op, 2, rank, low));
  SK_TRY(read_sizes(s, op, 3, rank, high));
  SK_TRY(read_sizes(s, op, 4, rank, interior));
  return sk_interp_pad_with(s, op, low, high, interior);
}

sk_status sk_interp_REAL_DYNAMIC_SLICE(sk_interp *s, sk_op op) {
  uint32_t rank = sk_interp_operand(s, op, 0)->type->rank;
  int64_t start[SK_MAX_RANK], limit[SK_MAX_RANK], stride[SK_MAX_RANK];
  SK_TRY(read_sizes(s, op, 1, rank, start));
  SK_TRY(read_sizes(s, op, 2, rank, limit));
  SK_TRY(read_sizes(s, op, 3, rank, stride));
  return sk_interp_slice_with(s, op, start, limit, stride);
}

sk_status sk_interp_DYNAMIC_GATHER(sk_interp *s, sk_op op) {
  int64_t sizes[SK_MAX_RANK];
  SK_TRY(read_sizes(s, op, 2, sk_interp_operand(s, op, 0)->type->rank, sizes));
  return sk_interp_gather_with(s, op, sizes);
}

sk_status sk_interp_DYNAMIC_CONV(sk_interp *s, sk_op op) {
  const sk_tensor *padding = sk_interp_operand(s, op, 2);
  uint32_t spatial = sk_interp_operand(s, op, 0)->type->rank - 2;
  int64_t pads[2 * SK_MAX_RANK];
  SK_TRY(sk_interp_require(s, op, padding->count == 2 * (int64_t)spatial,
                           "padding has another number of elements"));
  for (int64_t i = 0; i < padding->count; i++) {
    pads[i] = sk_tensor_index(padding, i);
  }
  return sk_interp_convolve(s, op, pads);
}

sk_status sk_interp_GET_DIMENSION_SIZE(sk_interp *s, sk_op op) {
  int64_t along = sk_op_int(s->m, op, SK_NAME_dimension, 0);
  sk_tensor *t;
  SK_TRY(sk_interp_result(s, op, 0, NULL, &t));
  sk_tensor_set(t, 0, (sk_number){.i = sk_interp_operand(s, op, 0)->type->dims[along]});
  return NULL;
}

// Keeps the first `size` indices of the dimension.
sk_status sk_interp_SET_DIMENSION_SIZE(sk_interp *s, sk_op op) {
  const sk_type_rec *type = sk_interp_operand(s, op, 0)->type;
  int64_t along = sk_op_int(s->m, op, SK_NAME_dimension, 0);
  int64_t start[SK_MAX_RANK] = {0}, limit[SK_MAX_RANK], stride[SK_MAX_RANK];
  for (uint32_t d = 0; d < type->rank; d++) {
    limit[d] = type->dims[d];
    stride[d] = 1;
  }
  limit[along] = sk_tensor_index(sk_interp_operand(s, op, 1), 0);
  return sk_interp_slice_with(s, op, start, limit, stride);
}
