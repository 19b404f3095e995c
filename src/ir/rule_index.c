// SPDX-License-Identifier: Apache-2.0
// Rules of operations that read or write at computed places: dynamic slices, gather, scatter.
// Numbers in brackets are the constraints of the operation's section in the specification; gather's
// and dynamic_gather's differ, gather's are used for both.
#include "ir/rule_int.h"

static bool is_index(const sk_type_rec *type) {
  return sk_elem_is_int((sk_elem)type->elem) || type->elem == SK_INDEX;
}

// Start indices are operands [first, end): 0-D integer tensors of one type, one per dimension of
// operand 0.
static sk_status check_starts(const sk_rule *r, uint32_t first, const char *count_label,
                              const char *type_label) {
  uint32_t count = r->desc->operand_count - first;
  SK_RULE_REQUIRE(r, count == sk_rule_operand(r, 0)->rank, count_label,
                  "%u start indices for rank %u", count, sk_rule_operand(r, 0)->rank);
  for (uint32_t i = 0; i < count; i++) {
    const sk_type_rec *start = sk_rule_operand(r, first + i);
    SK_RULE_REQUIRE(r, start->rank == 0 && is_index(start), "I2",
                    "start index %u is not a 0-D integer tensor", i);
    SK_RULE_REQUIRE(r, start->elem == sk_rule_operand(r, first)->elem, type_label,
                    "start indices differ in type");
  }
  return NULL;
}

sk_status sk_rule_dynamic_slice(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  sk_ints sizes = sk_rule_ints(r, SK_NAME_slice_sizes);
  SK_TRY(check_starts(r, 1, "C2", "C3"));
  SK_RULE_REQUIRE(r, sizes.count == operand->rank, "C2", "%u slice sizes for rank %u", sizes.count,
                  operand->rank);
  for (uint32_t i = 0; i < sizes.count; i++) {
    SK_RULE_REQUIRE(r,
                    sizes.data[i] >= 0 &&
                        (operand->dims[i] == SK_DIM_UNKNOWN || sizes.data[i] <= operand->dims[i]),
                    "C4", "slice size %lld is not in [0, %lld] in dimension %u",
                    (long long)sizes.data[i], (long long)operand->dims[i], i);
  }
  return sk_rule_add_tensor(r, operand, sizes.count, sizes.data);  // (C5)
}

sk_status sk_rule_dynamic_update_slice(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0), *update = sk_rule_operand(r, 1);
  SK_RULE_REQUIRE(r, sk_elem_match(update, operand), "C2",
                  "operand and update differ in element type");
  SK_RULE_REQUIRE(r, update->rank == operand->rank, "C3", "the update has rank %u, the operand %u",
                  update->rank, operand->rank);
  SK_TRY(check_starts(r, 2, "C4", "C5"));
  for (uint32_t i = 0; i < update->rank; i++) {
    bool known = update->dims[i] != SK_DIM_UNKNOWN && operand->dims[i] != SK_DIM_UNKNOWN;
    SK_RULE_REQUIRE(r, !known || update->dims[i] <= operand->dims[i], "C6",
                    "the update is larger than the operand in dimension %u: %lld, %lld", i,
                    (long long)update->dims[i], (long long)operand->dims[i]);
  }
  return sk_rule_add(r, sk_rule_operand_type(r, 0));
}

sk_status sk_rule_torch_index_select(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0), *index = sk_rule_operand(r, 1);
  int64_t dim = sk_rule_int(r, SK_NAME_dim, 0), batch = sk_rule_int(r, SK_NAME_batch_dims, 0);
  SK_RULE_REQUIRE(r, is_index(index), NULL, "the index is not of integer type");
  SK_RULE_REQUIRE(r, dim >= 0 && dim < operand->rank, NULL, "dim %lld is not in [0, %u)",
                  (long long)dim, operand->rank);
  SK_RULE_REQUIRE(r, batch >= 0 && batch <= dim && batch <= index->rank, NULL,
                  "batch_dims %lld is out of range", (long long)batch);
  int64_t dims[2 * SK_MAX_RANK];
  uint32_t rank = 0;
  for (int64_t i = 0; i < dim; i++) {
    dims[rank++] = operand->dims[i];
  }
  for (int64_t i = batch; i < index->rank; i++) {
    dims[rank++] = index->dims[i];
  }
  for (int64_t i = dim + 1; i < operand->rank; i++) {
    dims[rank++] = operand->dims[i];
  }
  return sk_rule_add_tensor(r, operand, rank, dims);
}

// ------------------------------------------------------------------------------------------ gather

// dynamic_gather's number for a constraint that gather has under another; NULL: it has none.
static const char *gather_label(const sk_rule *r, const char *label) {
  static const char *const renumbered[][2] = {{"C7", "C6"},  {"C8", "C7"},   {"C9", "C8"},
                                              {"C18", "C9"}, {"C19", "C10"}, {"C20", "C11"},
                                              {"C21", "C12"}};
  if (r->desc->kind != SK_OP_DYNAMIC_GATHER) {
    return label;
  }
  for (size_t i = 0; i < SK_COUNT(renumbered); i++) {
    if (strcmp(renumbered[i][0], label) == 0) {
      return renumbered[i][1];
    }
  }
  return NULL;
}

static sk_status check_gather_lists(const sk_rule *r, const sk_gather_dims *d) {
  const sk_type_rec *operand = sk_rule_operand(r, 0), *starts = sk_rule_operand(r, 1);
  uint64_t named = (uint64_t)d->offset_dims.count + d->collapsed_slice_dims.count +
                   d->operand_batching_dims.count;
  SK_RULE_REQUIRE(r, named == operand->rank, "C1",
                  "offset, collapsed and batching dimensions are %llu, the operand has %u",
                  (unsigned long long)named, operand->rank);
  SK_RULE_REQUIRE(r, d->index_vector_dim >= 0 && d->index_vector_dim <= starts->rank, "C2",
                  "index_vector_dim %lld is not in [0, %u]", (long long)d->index_vector_dim,
                  starts->rank);
  int64_t vector = d->index_vector_dim < starts->rank ? starts->dims[d->index_vector_dim] : 1;
  SK_RULE_REQUIRE(r, sk_dim_match(d->start_index_map.count, vector), "C3",
                  "start_index_map has %u entries, an index vector %lld", d->start_index_map.count,
                  (long long)vector);
  SK_RULE_REQUIRE(r, sk_is_unique(d->offset_dims) && sk_is_sorted(d->offset_dims), "C4",
                  "offset_dims are not sorted or repeated");
  SK_RULE_REQUIRE(r,
                  sk_is_unique(d->collapsed_slice_dims) && sk_is_unique(d->operand_batching_dims),
                  "C6", "collapsed or batching dimensions are repeated");
  SK_RULE_REQUIRE(r, sk_is_sorted(d->collapsed_slice_dims), gather_label(r, "C7"),
                  "collapsed_slice_dims are not sorted");
  SK_RULE_REQUIRE(r, sk_in_range(d->collapsed_slice_dims, operand->rank), gather_label(r, "C8"),
                  "a collapsed dimension is not in [0, %u)", operand->rank);
  SK_RULE_REQUIRE(r, sk_is_sorted(d->operand_batching_dims), gather_label(r, "C10"),
                  "operand_batching_dims are not sorted");
  SK_RULE_REQUIRE(r, sk_in_range(d->operand_batching_dims, operand->rank), gather_label(r, "C11"),
                  "a batching dimension is not in [0, %u)", operand->rank);
  SK_RULE_REQUIRE(r, sk_in_range(d->start_indices_batching_dims, starts->rank),
                  gather_label(r, "C14"), "a batching dimension of start_indices is not in [0, %u)",
                  starts->rank);
  SK_RULE_REQUIRE(r, d->start_indices_batching_dims.count == d->operand_batching_dims.count,
                  gather_label(r, "C16"), "%u and %u batching dimensions",
                  d->operand_batching_dims.count, d->start_indices_batching_dims.count);
  SK_RULE_REQUIRE(r, sk_is_unique(d->start_indices_batching_dims), gather_label(r, "C13"),
                  "batching dimensions of start_indices are repeated");
  SK_RULE_REQUIRE(r, !sk_contains(d->start_indices_batching_dims, d->index_vector_dim),
                  gather_label(r, "C15"), "index_vector_dim is a batching dimension");
  SK_RULE_REQUIRE(r, sk_in_range(d->start_index_map, operand->rank), gather_label(r, "C19"),
                  "start_index_map has an entry not in [0, %u)", operand->rank);
  SK_RULE_REQUIRE(r, d->start_index_map.count <= operand->rank && sk_is_unique(d->start_index_map),
                  gather_label(r, "C18"), "start_index_map has repeated entries");
  for (uint32_t i = 0; i < d->operand_batching_dims.count; i++) {
    int64_t dim = d->operand_batching_dims.data[i], other = d->start_indices_batching_dims.data[i];
    SK_RULE_REQUIRE(r, !sk_contains(d->collapsed_slice_dims, dim), "C6",
                    "dimension %lld is both collapsed and batching", (long long)dim);
    SK_RULE_REQUIRE(r, !sk_contains(d->start_index_map, dim), gather_label(r, "C18"),
                    "dimension %lld is both indexed and batching", (long long)dim);
    SK_RULE_REQUIRE(r, sk_dim_match(operand->dims[dim], starts->dims[other]),
                    gather_label(r, "C17"), "batching dimensions %lld and %lld differ in size",
                    (long long)dim, (long long)other);
  }
  return NULL;
}

static sk_status check_gather_sizes(const sk_rule *r, const sk_gather_dims *d, sk_ints sizes) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  SK_RULE_REQUIRE(r, sizes.count == operand->rank, gather_label(r, "C20"),
                  "%u slice sizes for rank %u", sizes.count, operand->rank);
  for (uint32_t i = 0; i < sizes.count; i++) {
    int64_t size = sizes.data[i], dim = operand->dims[i];
    if (size == SK_DIM_UNKNOWN) {
      continue;
    }
    SK_RULE_REQUIRE(r, size >= 0 && (dim == SK_DIM_UNKNOWN || size <= dim), gather_label(r, "C21"),
                    "slice size %lld is not in [0, %lld] in dimension %u", (long long)size,
                    (long long)dim, i);
    SK_RULE_REQUIRE(r, size <= 1 || !sk_contains(d->collapsed_slice_dims, i), gather_label(r, "C9"),
                    "slice size %lld of collapsed dimension %u is above 1", (long long)size, i);
    SK_RULE_REQUIRE(r, size <= 1 || !sk_contains(d->operand_batching_dims, i),
                    gather_label(r, "C12"), "slice size %lld of batching dimension %u is above 1",
                    (long long)size, i);
  }
  return NULL;
}

sk_status sk_rule_gather_with(sk_rule *r, sk_ints sizes) {
  const sk_type_rec *operand = sk_rule_operand(r, 0), *starts = sk_rule_operand(r, 1);
  const sk_gather_dims *d = sk_rule_attr(r, SK_NAME_dimension_numbers)->u.gather;
  SK_RULE_REQUIRE(r, is_index(starts), "I2", "start_indices are not of integer type");
  SK_TRY(check_gather_lists(r, d));
  SK_TRY(check_gather_sizes(r, d, sizes));
  uint32_t batch = starts->rank - (d->index_vector_dim < starts->rank),
           rank = batch + d->offset_dims.count;
  sk_extents e = {.rank = rank};
  SK_RULE_REQUIRE(r, sk_in_range(d->offset_dims, rank), "C5",
                  "an offset dimension is not in [0, %u)", rank);
  SK_RULE_REQUIRE(r, rank <= SK_MAX_RANK, NULL, "result has rank %u, the limit is %d", rank,
                  SK_MAX_RANK);
  uint32_t next_start = 0, next_slice = 0;  // (C22)
  for (uint32_t i = 0; i < rank; i++) {
    if (sk_contains(d->offset_dims, i)) {
      while (sk_contains(d->collapsed_slice_dims, next_slice) ||
             sk_contains(d->operand_batching_dims, next_slice)) {
        next_slice++;
      }
      e.dims[i] = sizes.data[next_slice++];
      e.bounds[i] = SK_DIM_UNKNOWN;
    } else {
      next_start += next_start == d->index_vector_dim;
      e.dims[i] = starts->dims[next_start];
      e.bounds[i] = sk_dim_bound(starts, next_start++);
    }
  }
  return sk_rule_add_extents(r, operand, &e);
}

sk_status sk_rule_gather(sk_rule *r) {
  return sk_rule_gather_with(r, sk_rule_ints(r, SK_NAME_slice_sizes));
}

// ----------------------------------------------------------------------------------------- scatter

static sk_status check_scatter_lists(const sk_rule *r, const sk_scatter_dims *d,
                                     const sk_type_rec *input, const sk_type_rec *indices) {
  uint64_t named = (uint64_t)d->update_window_dims.count + d->inserted_window_dims.count +
                   d->input_batching_dims.count;
  SK_RULE_REQUIRE(r, named == input->rank, "C2",
                  "window, inserted and batching dimensions are %llu, the inputs have %u",
                  (unsigned long long)named, input->rank);
  SK_RULE_REQUIRE(r, sk_is_unique(d->update_window_dims) && sk_is_sorted(d->update_window_dims),
                  "C7", "update_window_dims are not sorted or repeated");
  SK_RULE_REQUIRE(r, sk_is_unique(d->inserted_window_dims) && sk_is_unique(d->input_batching_dims),
                  "C9", "inserted or batching dimensions are repeated");
  SK_RULE_REQUIRE(r, sk_is_sorted(d->inserted_window_dims), "C10",
                  "inserted_window_dims are not sorted");
  SK_RULE_REQUIRE(r, sk_in_range(d->inserted_window_dims, input->rank), "C11",
                  "an inserted dimension is not in [0, %u)", input->rank);
  SK_RULE_REQUIRE(r, sk_is_sorted(d->input_batching_dims), "C12",
                  "input_batching_dims are not sorted");
  SK_RULE_REQUIRE(r, sk_in_range(d->input_batching_dims, input->rank), "C13",
                  "a batching dimension is not in [0, %u)", input->rank);
  SK_RULE_REQUIRE(r, sk_in_range(d->scatter_indices_batching_dims, indices->rank), "C15",
                  "a batching dimension of scatter_indices is not in [0, %u)", indices->rank);
  SK_RULE_REQUIRE(r, d->input_batching_dims.count == d->scatter_indices_batching_dims.count, "C17",
                  "%u and %u batching dimensions", d->input_batching_dims.count,
                  d->scatter_indices_batching_dims.count);
  SK_RULE_REQUIRE(r, sk_is_unique(d->scatter_indices_batching_dims), "C14",
                  "batching dimensions of scatter_indices are repeated");
  SK_RULE_REQUIRE(r, d->index_vector_dim >= 0 && d->index_vector_dim <= indices->rank, "C22",
                  "index_vector_dim %lld is not in [0, %u]", (long long)d->index_vector_dim,
                  indices->rank);
  SK_RULE_REQUIRE(r, !sk_contains(d->scatter_indices_batching_dims, d->index_vector_dim), "C16",
                  "index_vector_dim is a batching dimension");
  int64_t vector = d->index_vector_dim < indices->rank ? indices->dims[d->index_vector_dim] : 1;
  SK_RULE_REQUIRE(r, sk_dim_match(d->scatter_dims_to_operand_dims.count, vector), "C19",
                  "scatter_dims_to_operand_dims has %u entries, an index vector %lld",
                  d->scatter_dims_to_operand_dims.count, (long long)vector);
  SK_RULE_REQUIRE(r, sk_in_range(d->scatter_dims_to_operand_dims, input->rank), "C21",
                  "scatter_dims_to_operand_dims has an entry not in [0, %u)", input->rank);
  SK_RULE_REQUIRE(r,
                  d->scatter_dims_to_operand_dims.count <= input->rank &&
                      sk_is_unique(d->scatter_dims_to_operand_dims),
                  "C20", "scatter_dims_to_operand_dims has repeated entries");
  for (uint32_t i = 0; i < d->input_batching_dims.count; i++) {
    int64_t dim = d->input_batching_dims.data[i], other = d->scatter_indices_batching_dims.data[i];
    SK_RULE_REQUIRE(r, !sk_contains(d->inserted_window_dims, dim), "C9",
                    "dimension %lld is both inserted and batching", (long long)dim);
    SK_RULE_REQUIRE(r, !sk_contains(d->scatter_dims_to_operand_dims, dim), "C20",
                    "dimension %lld is both indexed and batching", (long long)dim);
    SK_RULE_REQUIRE(r, sk_dim_match(input->dims[dim], indices->dims[other]), "C18",
                    "batching dimensions %lld and %lld differ in size", (long long)dim,
                    (long long)other);
  }
  return NULL;
}

// The shape of the updates: scatter dimensions from the indices, window dimensions bounded by the
// inputs (C4).
static sk_status check_updates(const sk_rule *r, const sk_scatter_dims *d, const sk_type_rec *input,
                               const sk_type_rec *indices, const sk_type_rec *update) {
  uint32_t rank =
      indices->rank - (d->index_vector_dim < indices->rank) + d->update_window_dims.count;
  SK_RULE_REQUIRE(r, update->rank == rank, "C4", "updates have rank %u, expected %u", update->rank,
                  rank);
  SK_RULE_REQUIRE(r, sk_in_range(d->update_window_dims, update->rank), "C8",
                  "a window dimension is not in [0, %u)", update->rank);
  uint32_t next_index = 0, next_window = 0;
  for (uint32_t i = 0; i < rank; i++) {
    int64_t size = update->dims[i];
    if (sk_contains(d->update_window_dims, i)) {
      while (sk_contains(d->inserted_window_dims, next_window) ||
             sk_contains(d->input_batching_dims, next_window)) {
        next_window++;
      }
      int64_t limit = input->dims[next_window++];
      SK_RULE_REQUIRE(r, size == SK_DIM_UNKNOWN || limit == SK_DIM_UNKNOWN || size <= limit, "C4",
                      "window dimension %u of the updates has size %lld, above %lld", i,
                      (long long)size, (long long)limit);
    } else {
      next_index += next_index == d->index_vector_dim;
      int64_t expected = indices->dims[next_index++];
      SK_RULE_REQUIRE(r, sk_dim_match(size, expected), "C4",
                      "scatter dimension %u of the updates has size %lld, not %lld", i,
                      (long long)size, (long long)expected);
    }
  }
  return NULL;
}

sk_status sk_rule_scatter(sk_rule *r) {
  uint32_t inputs = (r->desc->operand_count - 1) / 2;
  SK_RULE_REQUIRE(r, r->desc->operand_count % 2 == 1, "C5",
                  "%u operands are not inputs, indices and as many updates",
                  r->desc->operand_count);
  const sk_type_rec *input = sk_rule_operand(r, 0), *indices = sk_rule_operand(r, inputs);
  const sk_type_rec *update = sk_rule_operand(r, inputs + 1);
  const sk_scatter_dims *d = sk_rule_attr(r, SK_NAME_scatter_dimension_numbers)->u.scatter;
  SK_RULE_REQUIRE(r, is_index(indices), "I2", "scatter_indices are not of integer type");
  for (uint32_t i = 0; i < inputs; i++) {
    const sk_type_rec *in = sk_rule_operand(r, i), *up = sk_rule_operand(r, inputs + 1 + i);
    SK_RULE_REQUIRE(r, sk_shape_match(input, in), "C1", "input %u differs in shape from input 0",
                    i);
    SK_RULE_REQUIRE(r, sk_shape_match(update, up), "C3", "update %u differs in shape from update 0",
                    i);
    SK_RULE_REQUIRE(r, sk_elem_match(in, up), "C6", "input and update %u differ in element type",
                    i);
  }
  SK_TRY(check_scatter_lists(r, d, input, indices));
  SK_TRY(check_updates(r, d, input, indices, update));
  const sk_type_rec **elems = SK_NEW_ARRAY(&r->m->arena, const sk_type_rec *, inputs);
  if (elems == NULL) {
    return sk_status_no_memory();
  }
  SK_TRY(sk_rule_reducer(r, 0, inputs, 0, SK_ZERO_DIMENSIONAL, "C23", elems));
  for (uint32_t i = 0; i < inputs; i++) {
    sk_type_rec like = *sk_rule_operand(r, i), elem = *elems[i];
    like.elem = elem.elem;  // (C24), (C25)
    like.quant = elem.quant;
    sk_type type = sk_elem_match(sk_rule_operand(r, i), &elem) ? sk_rule_operand_type(r, i)
                                                               : sk_type_intern(r->m, &like);
    SK_TRY(sk_rule_add(r, type));
  }
  return NULL;
}
