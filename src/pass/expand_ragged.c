// SPDX-License-Identifier: Apache-2.0
// chlo.ragged_dot as plain products: groups of rows of lhs, whose sizes are data.
//
//   ragged dimension
//     free in lhs   result = for g: rows [start g, start g + 1) of dot(lhs, rhs[g]), zero beyond
//     contracted    result[g] = dot(lhs, rhs) with zeros outside of the group in both
//     batch         dot(lhs, rhs)
//
// Every group takes a whole product: shapes must be known, sizes are not. An element is made of the
// same terms in the same order as in the product of its group alone.
#include "pass/expand_int.h"

typedef struct ragged {
  const sk_expander *e;
  sk_op op;
  sk_value lhs, rhs, sizes;
  const sk_ragged_dims *dims;
  uint32_t groups;
  sk_value *starts;  // 0-D, one more than there are groups
} ragged;

static bool lists(sk_ints ints, int64_t value) {
  for (uint32_t i = 0; i < ints.count; i++) {
    if (ints.data[i] == value) {
      return true;
    }
  }
  return false;
}

static const sk_ragged_dims *dims_of(const sk_module *m, sk_op op) {
  return sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_ragged_dot_dimension_numbers))->u.ragged;
}

// Sizes that differ by batch are left alone.
bool sk_expand_is_ragged(const sk_module *m, sk_op op) {
  for (uint32_t i = 0; i < 3; i++) {
    if (!sk_type_is_static_tensor(m, sk_value_type(m, sk_op_operand(m, op, i)))) {
      return false;
    }
  }
  return sk_value_type_rec(m, sk_op_operand(m, op, 2))->rank == 1;
}

// ---- groups

static void find_starts(ragged *r) {
  const sk_expander *e = r->e;
  sk_elem elem = (sk_elem)sk_value_type_rec(e->m, r->sizes)->elem;
  const sk_type scalar = sk_type_tensor(e->m, elem, 0, NULL);
  r->starts = SK_NEW_ARRAY(&e->m->arena, sk_value, r->groups + 1);
  r->starts[0] = sk_expand_int(e, scalar, 0);
  for (int64_t g = 0; g < r->groups; g++) {
    const int64_t limit = g + 1;
    sk_value size = sk_expand_reshape(e, sk_expand_slice(e, r->sizes, &g, &limit), scalar);
    r->starts[g + 1] = sk_expand_2(e, SK_OP_ADD, r->starts[g], size);
  }
}

// `value` where the index along `dim` is in group g, `otherwise` elsewhere.
static sk_value within_group(const ragged *r, uint32_t g, sk_value value, uint32_t dim,
                             sk_value otherwise) {
  const sk_expander *e = r->e;
  sk_elem elem = (sk_elem)sk_value_type_rec(e->m, r->sizes)->elem;
  const sk_type type = sk_expand_retyped(e, value, elem);
  sk_value index = sk_expand_iota(e, type, dim);
  sk_value from = sk_expand_broadcast(e, r->starts[g], type, NULL);
  sk_value to = sk_expand_broadcast(e, r->starts[g + 1], type, NULL);
  sk_value inside = sk_expand_2(e, SK_OP_AND, sk_expand_compare(e, SK_CMP_GE, index, from),
                                sk_expand_compare(e, SK_CMP_LT, index, to));
  return sk_expand_select(e, inside, value, otherwise);
}

static sk_value zeros(const sk_expander *e, sk_type type) {
  sk_elem elem = (sk_elem)sk_type_get(e->m, type)->elem;
  return sk_elem_is_int(elem) || elem == SK_PRED ? sk_expand_int(e, type, 0)
                                                 : sk_expand_float(e, type, 0);
}

// ---- products

static sk_value dot(const ragged *r, sk_value lhs, sk_value rhs, const sk_dot_dims *dims,
                    sk_type type) {
  sk_module *m = r->e->m;
  const sk_attr precision = sk_op_find_attr(m, r->op, SK_NAME_precision_config);
  const sk_named_attr attrs[] = {
      {{SK_NAME_dot_dimension_numbers},
       sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_DOT_DIMS, .u.dot = dims})},
      {{SK_NAME_precision_config}, precision}};
  const sk_value operands[2] = {lhs, rhs};
  return sk_expand_emit(r->e, SK_OP_DOT_GENERAL, type, operands, 2, attrs,
                        precision.id != 0 ? 2 : 1);
}

// rhs[g], without the dimension of groups.
static sk_value rhs_of_group(const ragged *r, uint32_t g) {
  const sk_type_rec rec = *sk_value_type_rec(r->e->m, r->rhs);
  uint32_t dim = (uint32_t)r->dims->rhs_group_dimensions.data[0], rank = 0;
  int64_t starts[SK_MAX_RANK] = {0}, limits[SK_MAX_RANK], left[SK_MAX_RANK];
  memcpy(limits, rec.dims, rec.rank * sizeof *limits);
  starts[dim] = g;
  limits[dim] = g + 1;
  for (uint32_t d = 0; d < rec.rank; d++) {
    if (d != dim) {
      left[rank++] = rec.dims[d];
    }
  }
  const sk_type type = sk_type_tensor(r->e->m, (sk_elem)rec.elem, rank, left);
  return sk_expand_reshape(r->e, sk_expand_slice(r->e, r->rhs, starts, limits), type);
}

// Dimensions of rhs as they are called once that of the groups is gone.
static sk_ints without_group(const ragged *r, sk_ints dims) {
  int64_t gone = r->dims->rhs_group_dimensions.data[0];
  int64_t *renamed = SK_NEW_ARRAY(&r->e->m->arena, int64_t, dims.count + 1);
  for (uint32_t i = 0; i < dims.count; i++) {
    renamed[i] = dims.data[i] - (dims.data[i] > gone);
  }
  return (sk_ints){renamed, dims.count};
}

static sk_value dot_by_rows(const ragged *r, sk_type type) {
  const sk_dot_dims *d = &r->dims->dot;
  sk_dot_dims dims = *d;
  dims.rhs_batching_dimensions = without_group(r, d->rhs_batching_dimensions);
  dims.rhs_contracting_dimensions = without_group(r, d->rhs_contracting_dimensions);
  uint32_t row = d->lhs_batching_dimensions.count;  // of the result: batch, lhs, rhs
  for (int64_t k = 0; k < r->dims->lhs_ragged_dimensions.data[0]; k++) {
    row += !lists(d->lhs_batching_dimensions, k) && !lists(d->lhs_contracting_dimensions, k);
  }
  sk_value result = zeros(r->e, type);
  for (uint32_t g = 0; g < r->groups; g++) {
    sk_value product = dot(r, r->lhs, rhs_of_group(r, g), &dims, type);
    result = within_group(r, g, product, row, result);
  }
  return result;
}

static sk_value dot_by_parts(const ragged *r, sk_type type) {
  const sk_expander *e = r->e;
  const sk_dot_dims *d = &r->dims->dot;
  const sk_type_rec rec = *sk_type_get(e->m, type);
  const int64_t along = r->dims->lhs_ragged_dimensions.data[0];
  uint32_t k = 0;
  while (d->lhs_contracting_dimensions.data[k] != along) {
    k++;
  }
  const uint32_t rhs_along = (uint32_t)d->rhs_contracting_dimensions.data[k];
  int64_t dims[SK_MAX_RANK] = {1};
  memcpy(dims + 1, rec.dims + 1, (rec.rank - 1u) * sizeof *dims);
  const sk_type part = sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank - 1u, rec.dims + 1);
  const sk_type one = sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, dims);
  sk_value *parts = SK_NEW_ARRAY(&e->m->arena, sk_value, r->groups + 1);
  sk_value no_lhs = zeros(e, sk_value_type(e->m, r->lhs));
  sk_value no_rhs = zeros(e, sk_value_type(e->m, r->rhs));
  for (uint32_t g = 0; g < r->groups; g++) {
    sk_value lhs = within_group(r, g, r->lhs, (uint32_t)along, no_lhs);
    sk_value rhs = within_group(r, g, r->rhs, rhs_along, no_rhs);
    parts[g] = sk_expand_reshape(e, dot(r, lhs, rhs, d, part), one);
  }
  if (r->groups == 0) {
    return zeros(e, type);
  }
  const sk_named_attr attr = {{SK_NAME_dimension},
                              sk_attr_int(e->m, sk_type_scalar(e->m, SK_S64), 0)};
  return sk_expand_emit(e, SK_OP_CONCATENATE, type, parts, r->groups, &attr, 1);
}

sk_status sk_expand_ragged(const sk_expander *e, sk_op op) {
  ragged r = {.e = e,
              .op = op,
              .lhs = sk_expand_operand(e, op, 0),
              .rhs = sk_expand_operand(e, op, 1),
              .sizes = sk_expand_operand(e, op, 2),
              .dims = dims_of(e->m, op)};
  const sk_value result = sk_op_result(e->m, op, 0);
  const sk_type type = sk_value_type(e->m, result);
  const int64_t along = r.dims->lhs_ragged_dimensions.data[0];
  r.groups = (uint32_t)sk_value_type_rec(e->m, r.sizes)->dims[0];
  sk_value value;
  if (lists(r.dims->dot.lhs_batching_dimensions, along)) {
    value = dot(&r, r.lhs, r.rhs, &r.dims->dot, type);
  } else {
    find_starts(&r);
    value = lists(r.dims->dot.lhs_contracting_dimensions, along) ? dot_by_parts(&r, type)
                                                                 : dot_by_rows(&r, type);
  }
  sk_rebuild_set(e->r, result, value);
  return NULL;
}
