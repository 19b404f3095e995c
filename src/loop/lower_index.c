// SPDX-License-Identifier: Apache-2.0
// Dimension numbers of gather and scatter -> index maps (lower_index.h).
#include "loop/lower_index.h"

static bool is_listed(sk_ints list, int64_t value) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (list.data[i] == value) {
      return true;
    }
  }
  return false;
}

sk_indexing sk_indexing_of(const sk_lowering *l, sk_op op) {
  if (sk_op_kind(l->m, op) == SK_OP_GATHER) {
    const sk_gather_dims *d =
        sk_attr_get(l->m, sk_op_find_attr(l->m, op, SK_NAME_dimension_numbers))->u.gather;
    return (sk_indexing){.indices = sk_op_operand(l->m, op, 1),
                         .vector_dim = d->index_vector_dim,
                         .window_dims = d->offset_dims,
                         .dropped = d->collapsed_slice_dims,
                         .batched = d->operand_batching_dims,
                         .index_batched = d->start_indices_batching_dims,
                         .index_map = d->start_index_map};
  }
  const sk_scatter_dims *d =
      sk_attr_get(l->m, sk_op_find_attr(l->m, op, SK_NAME_scatter_dimension_numbers))->u.scatter;
  return (sk_indexing){.indices = sk_op_operand(l->m, op, sk_op_get(l->m, op)->result_count),
                       .vector_dim = d->index_vector_dim,
                       .window_dims = d->update_window_dims,
                       .dropped = d->inserted_window_dims,
                       .batched = d->input_batching_dims,
                       .index_batched = d->scatter_indices_batching_dims,
                       .index_map = d->scatter_dims_to_operand_dims};
}

// Dimension of the indices that the slices' batch dimension `dim` runs through.
static uint32_t index_dim_of(const sk_indexing *x, uint32_t dim) {
  uint32_t at = 0;
  for (uint32_t d = 0; d < dim; d++) {
    at += !is_listed(x->window_dims, d);
  }
  return at + (at >= x->vector_dim);
}

uint32_t sk_indexing_operand_dim(const sk_indexing *x, uint32_t operand_rank, uint32_t dim) {
  if (!is_listed(x->window_dims, dim)) {
    int64_t index_dim = index_dim_of(x, dim);
    for (uint32_t i = 0; i < x->index_batched.count; i++) {
      if (x->index_batched.data[i] == index_dim) {
        return (uint32_t)x->batched.data[i];
      }
    }
    return UINT32_MAX;
  }
  uint32_t window = 0;
  for (uint32_t d = 0; d < dim; d++) {
    window += is_listed(x->window_dims, d);
  }
  for (uint32_t d = 0; d < operand_rank; d++) {
    if (!is_listed(x->dropped, d) && !is_listed(x->batched, d) && window-- == 0) {
      return d;
    }
  }
  return UINT32_MAX;
}

sk_slice_role sk_indexing_role(const sk_indexing *x, uint32_t operand_rank, uint32_t dim) {
  uint32_t operand_dim = sk_indexing_operand_dim(x, operand_rank, dim);
  if (!is_listed(x->window_dims, dim)) {
    return operand_dim == UINT32_MAX ? SK_SLICE_BATCH : SK_SLICE_BATCHED;
  }
  return is_listed(x->index_map, operand_dim) ? SK_SLICE_MOVED : SK_SLICE_WINDOW;
}

// (A dimension of extent 1 has the expression 0.)
static void place(sk_map *map, const sk_type_rec *type, uint32_t dim, const sk_affine *e) {
  if (type->dims[dim] != 1) {
    map->dim[dim] = *e;
  }
}

sk_map *sk_indexing_component(sk_lowering *l, const sk_indexing *x, const sk_map *at, uint32_t k) {
  const sk_type_rec *type = sk_value_type_rec(l->m, x->indices);
  sk_map *map = sk_map_new(l, type->rank);
  map->guard = at->guard;
  for (uint32_t d = 0; d < at->rank; d++) {
    if (!is_listed(x->window_dims, d)) {
      place(map, type, index_dim_of(x, d), &at->dim[d]);
    }
  }
  if (x->vector_dim < type->rank) {
    place(map, type, (uint32_t)x->vector_dim, &(sk_affine){.offset = k});
  }
  return map;
}

sk_map *sk_indexing_operand(sk_lowering *l, const sk_indexing *x, const sk_type_rec *operand,
                            const sk_map *at, const sk_val *starts) {
  sk_map *map = sk_map_new(l, operand->rank);
  map->guard = at->guard;
  for (uint32_t d = 0; d < at->rank; d++) {
    uint32_t to = sk_indexing_operand_dim(x, operand->rank, d);
    if (to != UINT32_MAX) {
      place(map, operand, to, &at->dim[d]);
    }
  }
  for (uint32_t k = 0; k < x->index_map.count; k++) {
    uint32_t to = (uint32_t)x->index_map.data[k];
    sk_affine e = map->dim[to];
    e.dyn = e.dyn.id == 0 ? starts[k] : sk_build_2(&l->b, SK_L_ADD, e.dyn, starts[k]);
    place(map, operand, to, &e);
  }
  return map;
}
