// SPDX-License-Identifier: Apache-2.0
// Exact rules about concatenations, slices and pads. In a kernel, an element of a concatenation is a choice among all pieces, so
// that nested ones multiply; as written by array languages they often nest for nothing.
//
//   slice of a concatenation, inside one piece                  -> slice of the piece, as long as that is a concatenation,
//                                                                  through reshapes that add or remove dimensions of 1
//   concatenation of concatenations along the same dimension    -> one; empty pieces go
//   transpose of a concatenation, that makes its pieces columns -> concatenation of transposes, as stacking on the last axis is written
//   op(pad(a, v, every other element), pad(b, w, the others))   -> reshape(concatenate(op(a, w), op(v, b))), as lax.associative_scan
//                                                                  interleaves two arrays
#include "pass/simplify_int.h"

enum { MAX_PIECES = SK_CONCATENATE_PIECES };

// ---- slices

// A slice on its way through what makes its operand.
typedef struct range {
  sk_value of;
  int64_t starts[SK_MAX_RANK], limits[SK_MAX_RANK], strides[SK_MAX_RANK];
} range;

static bool has_steps(const sk_module *m, const range *x) {
  bool steps = false;
  for (uint32_t d = 0; d < sk_value_type_rec(m, x->of)->rank; d++) {
    steps |= x->strides[d] != 1;
  }
  return steps;
}

static sk_value emit_slice(sk_rebuild *r, sk_region into, sk_op like, const range *x) {
  sk_module *m = r->m;
  const sk_type_rec from = *sk_value_type_rec(m, x->of);
  int64_t dims[SK_MAX_RANK];
  bool all = !has_steps(m, x);
  for (uint32_t d = 0; d < from.rank; d++) {
    dims[d] = (x->limits[d] - x->starts[d] + x->strides[d] - 1) / x->strides[d];
    all &= dims[d] == from.dims[d];
  }
  const sk_named_attr attrs[3] = {{{SK_NAME_start_indices}, sk_attr_ints(m, x->starts, from.rank)},
                                  {{SK_NAME_limit_indices}, sk_attr_ints(m, x->limits, from.rank)},
                                  {{SK_NAME_strides}, sk_attr_ints(m, x->strides, from.rank)}};
  const sk_type part = sk_type_tensor(m, (sk_elem)from.elem, from.rank, dims),
                type = sk_value_type(m, sk_op_result(m, like, 0));
  sk_value v =
      all ? x->of : sk_simplify_emit(r, into, like, SK_OP_SLICE, &x->of, 1, part, attrs, 3);
  return part.id == type.id ? v
                            : sk_simplify_emit(r, into, like, SK_OP_RESHAPE, &v, 1, type, NULL, 0);
}

// To the piece of a concatenation that has all of the range.
static bool narrow(const sk_module *m, range *x) {
  sk_op whole = sk_made_by(m, x->of, SK_OP_CONCATENATE);
  int64_t along = whole.id != 0 ? sk_op_int(m, whole, SK_NAME_dimension, 0) : 0, begin = 0;
  for (uint32_t i = 0; whole.id != 0 && i < sk_op_get(m, whole)->operand_count; i++) {
    sk_value piece = sk_op_operand(m, whole, i);
    int64_t end = begin + sk_value_type_rec(m, piece)->dims[along];
    if (x->starts[along] >= begin && x->limits[along] <= end) {
      x->starts[along] -= begin;
      x->limits[along] -= begin;
      x->of = piece;
      return true;
    }
    begin = end;
  }
  return false;
}

// The same through a reshape that adds or removes dimensions of extent 1.
static bool narrow_reshaped(const sk_module *m, range *x) {
  sk_op reshape = sk_made_by(m, x->of, SK_OP_RESHAPE);
  if (reshape.id == 0 || has_steps(m, x)) {
    return false;
  }
  const sk_type_rec *to = sk_value_type_rec(m, x->of);
  range inner = {.of = sk_op_operand(m, reshape, 0)};
  const sk_type_rec *from = sk_value_type_rec(m, inner.of);
  uint32_t at = 0;
  for (uint32_t d = 0; d < from->rank; d++) {
    inner.limits[d] = inner.strides[d] = 1;
    while (from->dims[d] != 1 && at < to->rank && to->dims[at] == 1) {
      at++;
    }
    if (from->dims[d] != 1 && (at == to->rank || to->dims[at] != from->dims[d])) {
      return false;
    }
    if (from->dims[d] != 1) {
      inner.starts[d] = x->starts[at];
      inner.limits[d] = x->limits[at++];
    }
  }
  if (!narrow(m, &inner)) {
    return false;
  }
  *x = inner;
  return true;
}

bool sk_simplify_slice_of_concatenate(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  range x = {.of = sk_rebuild_get(r, sk_op_operand(m, op, 0))};
  const sk_value from = x.of;
  const size_t bytes = sizeof(int64_t) * sk_value_type_rec(m, from)->rank;
  if (bytes == 0) {
    return false;  // (of a single element; there are no lists)
  }
  memcpy(x.starts, sk_op_ints(m, op, SK_NAME_start_indices).data, bytes);
  memcpy(x.limits, sk_op_ints(m, op, SK_NAME_limit_indices).data, bytes);
  memcpy(x.strides, sk_op_ints(m, op, SK_NAME_strides).data, bytes);
  while (narrow(m, &x) || narrow_reshaped(m, &x)) {
  }
  return x.of.id != from.id && sk_simplify_to(r, op, emit_slice(r, into, op, &x));
}

// ---- concatenations

static bool add_piece(const sk_module *m, sk_value piece, int64_t along, sk_value *pieces,
                      uint32_t *count) {
  if (sk_value_type_rec(m, piece)->dims[along] == 0) {
    return true;
  }
  if (*count == MAX_PIECES) {
    return false;
  }
  pieces[(*count)++] = piece;
  return true;
}

bool sk_simplify_concatenate(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  int64_t along = sk_op_int(m, op, SK_NAME_dimension, 0);
  uint32_t operands = sk_op_get(m, op)->operand_count, count = 0;
  sk_value pieces[MAX_PIECES];
  bool nested = false;
  for (uint32_t i = 0; i < operands; i++) {
    sk_value piece = sk_rebuild_get(r, sk_op_operand(m, op, i));
    sk_op inner = sk_made_by(m, piece, SK_OP_CONCATENATE);
    bool same = inner.id != 0 && sk_op_int(m, inner, SK_NAME_dimension, 0) == along;
    nested |= same;
    for (uint32_t k = 0; k < (same ? sk_op_get(m, inner)->operand_count : 1); k++) {
      if (!add_piece(m, same ? sk_op_operand(m, inner, k) : piece, along, pieces, &count)) {
        return false;
      }
    }
  }
  if (count == 0 || (count == operands && !nested)) {
    return false;
  }
  sk_named_attr attr = {{SK_NAME_dimension}, sk_op_find_attr(m, op, SK_NAME_dimension)};
  sk_type type = sk_value_type(m, sk_op_result(m, op, 0));
  return sk_simplify_to(
      r, op,
      count == 1 ? pieces[0]
                 : sk_simplify_emit(r, into, op, SK_OP_CONCATENATE, pieces, count, type, &attr, 1));
}

bool sk_simplify_transpose_of_concatenate(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  sk_op whole = sk_made_by(m, sk_rebuild_get(r, sk_op_operand(m, op, 0)), SK_OP_CONCATENATE);
  sk_ints permutation = sk_op_ints(m, op, SK_NAME_permutation);
  sk_type type = sk_value_type(m, sk_op_result(m, op, 0));
  if (whole.id == 0 || sk_op_get(m, whole)->operand_count > MAX_PIECES) {
    return false;
  }
  uint32_t along = 0, count = sk_op_get(m, whole)->operand_count;
  while (permutation.data[along] != sk_op_int(m, whole, SK_NAME_dimension, 0)) {
    along++;
  }
  if (!sk_concatenate_is_of_columns(m, type, along)) {
    return false;
  }
  sk_value pieces[MAX_PIECES];
  const sk_type_rec to = *sk_type_get(m, type);
  sk_named_attr order = {{SK_NAME_permutation}, sk_op_find_attr(m, op, SK_NAME_permutation)};
  for (uint32_t i = 0; i < count; i++) {
    sk_value piece = sk_op_operand(m, whole, i);
    int64_t dims[SK_MAX_RANK];
    memcpy(dims, to.dims, sizeof(int64_t) * to.rank);
    dims[along] = sk_value_type_rec(m, piece)->dims[permutation.data[along]];
    sk_type column = sk_type_tensor(m, (sk_elem)to.elem, to.rank, dims);
    pieces[i] = sk_simplify_emit(r, into, op, SK_OP_TRANSPOSE, &piece, 1, column, &order, 1);
  }
  sk_named_attr attr = {{SK_NAME_dimension}, sk_attr_int(m, sk_type_scalar(m, SK_S64), along)};
  return sk_simplify_to(
      r, op, sk_simplify_emit(r, into, op, SK_OP_CONCATENATE, pieces, count, type, &attr, 1));
}

// ---- interleaving

// A pad of the last dimension alone that puts its elements at every other place, from `first` on.
static bool spreads(const sk_module *m, sk_op pad, int64_t first) {
  sk_ints low = sk_op_ints(m, pad, SK_NAME_edge_padding_low),
          high = sk_op_ints(m, pad, SK_NAME_edge_padding_high),
          interior = sk_op_ints(m, pad, SK_NAME_interior_padding);
  uint32_t last = low.count - 1;
  for (uint32_t d = 0; d < last; d++) {
    if (low.data[d] != 0 || high.data[d] != 0 || interior.data[d] != 0) {
      return false;
    }
  }
  return low.data[last] == first && high.data[last] == 1 - first && interior.data[last] == 1;
}

static sk_value broadcast(sk_rebuild *r, sk_region into, sk_op like, sk_value scalar,
                          sk_type type) {
  sk_named_attr attr = {{SK_NAME_broadcast_dimensions}, sk_attr_ints(r->m, NULL, 0)};
  return sk_simplify_emit(r, into, like, SK_OP_BROADCAST_IN_DIM, &scalar, 1, type, &attr, 1);
}

// op(x, y) of halves, as a column.
static sk_value half(sk_rebuild *r, sk_region into, sk_op op, sk_value x, sk_value y,
                     sk_type column) {
  const sk_value operands[2] = {x, y};
  sk_type type = sk_value_type(r->m, x);
  sk_value z = sk_simplify_emit(r, into, op, sk_op_kind(r->m, op), operands, 2, type, NULL, 0);
  return sk_simplify_emit(r, into, op, SK_OP_RESHAPE, &z, 1, column, NULL, 0);
}

bool sk_simplify_interleave(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  const sk_op_rec *rec = sk_op_get(m, op);
  if (rec->operand_count != 2 || rec->attr_count != 0 || rec->result_count != 1) {
    return false;
  }
  sk_op pads[2];
  for (uint32_t i = 0; i < 2; i++) {
    pads[i] = sk_made_by(m, sk_rebuild_get(r, sk_op_operand(m, op, i)), SK_OP_PAD);
    if (pads[i].id == 0 || sk_value_type_rec(m, sk_op_result(m, pads[i], 0))->rank == 0) {
      return false;
    }
  }
  bool swapped = spreads(m, pads[0], 1);
  sk_value a = sk_op_operand(m, pads[0], 0), b = sk_op_operand(m, pads[1], 0);
  const sk_type_rec from = *sk_value_type_rec(m, a);
  sk_type type = sk_value_type(m, sk_op_result(m, op, 0));
  if (!spreads(m, pads[swapped], 0) || !spreads(m, pads[!swapped], 1) ||
      sk_value_type(m, a).id != sk_value_type(m, b).id || from.rank + 1 > SK_MAX_RANK ||
      from.elem != sk_type_get(m, type)->elem) {
    return false;
  }
  int64_t dims[SK_MAX_RANK];
  memcpy(dims, from.dims, sizeof(int64_t) * from.rank);
  dims[from.rank] = 1;
  sk_type column = sk_type_tensor(m, (sk_elem)from.elem, from.rank + 1u, dims);
  dims[from.rank] = 2;
  sk_type both = sk_type_tensor(m, (sk_elem)from.elem, from.rank + 1u, dims);
  sk_value v = broadcast(r, into, op, sk_op_operand(m, pads[0], 1), sk_value_type(m, a)),
           w = broadcast(r, into, op, sk_op_operand(m, pads[1], 1), sk_value_type(m, a));
  sk_value columns[2];
  columns[swapped] = half(r, into, op, a, w, column);
  columns[!swapped] = half(r, into, op, v, b, column);
  sk_named_attr attr = {{SK_NAME_dimension}, sk_attr_int(m, sk_type_scalar(m, SK_S64), from.rank)};
  sk_value joined = sk_simplify_emit(r, into, op, SK_OP_CONCATENATE, columns, 2, both, &attr, 1);
  return sk_simplify_to(r, op,
                        sk_simplify_emit(r, into, op, SK_OP_RESHAPE, &joined, 1, type, NULL, 0));
}
