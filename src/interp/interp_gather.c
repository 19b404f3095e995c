// SPDX-License-Identifier: Apache-2.0
// gather, scatter, torch_index_select: slices at indices that are data.
//
// Both directions share one map from (batch coordinates, coordinates in the slice) to the indexed
// operand:
//
//   start      the index vector, scattered over the operand by start_index_map
//   batching   coordinates of the batch, for operand dimensions that are batched
//   offset     coordinates in the slice; 0 in collapsed (inserted) and batched dimensions
//
// gather clamps `start` so that the slice lies inside; scatter leaves out every single element that
// lies outside (the specification's rule), or all of a slice that is not inside (skarn.whole_windows,
// XLA's rule), and combines in ascending order of the updates.
#include "base/mem.h"
#include "interp/interp_int.h"

typedef struct indexing {
  const sk_tensor *indices;
  int64_t vector_dim;
  sk_ints window_dims;       // of the result (updates) that run through the slice
  sk_ints dropped, batched;  // operand dimensions without window dimension
  sk_ints index_batched;     // dimensions of the indices that belong to `batched`
  sk_ints index_map;         // operand dimension of each component of the index vector
} indexing;

static indexing gather_indexing(const sk_interp *s, sk_op op) {
  const sk_gather_dims *d =
      sk_attr_get(s->m, sk_op_find_attr(s->m, op, SK_NAME_dimension_numbers))->u.gather;
  return (indexing){.indices = sk_interp_operand(s, op, 1),
                    .vector_dim = d->index_vector_dim,
                    .window_dims = d->offset_dims,
                    .dropped = d->collapsed_slice_dims,
                    .batched = d->operand_batching_dims,
                    .index_batched = d->start_indices_batching_dims,
                    .index_map = d->start_index_map};
}

static indexing scatter_indexing(const sk_interp *s, sk_op op, uint32_t inputs) {
  const sk_scatter_dims *d =
      sk_attr_get(s->m, sk_op_find_attr(s->m, op, SK_NAME_scatter_dimension_numbers))->u.scatter;
  return (indexing){.indices = sk_interp_operand(s, op, inputs),
                    .vector_dim = d->index_vector_dim,
                    .window_dims = d->update_window_dims,
                    .dropped = d->inserted_window_dims,
                    .batched = d->input_batching_dims,
                    .index_batched = d->scatter_indices_batching_dims,
                    .index_map = d->scatter_dims_to_operand_dims};
}

// Start of the slice for a batch, in coordinates of the operand. `batch` has the coordinates of the
// indices but the vector's.
static void start_of(const indexing *x, const int64_t *batch, int64_t *out, uint32_t rank) {
  const sk_type_rec *type = x->indices->type;
  int64_t at[SK_MAX_RANK];
  uint32_t next = 0;
  for (uint32_t d = 0; d < type->rank; d++) {
    at[d] = (int64_t)d == x->vector_dim ? 0 : batch[next++];
  }
  memset(out, 0, rank * sizeof *out);
  for (uint32_t k = 0; k < x->index_map.count; k++) {
    if (x->vector_dim < (int64_t)type->rank) {
      at[x->vector_dim] = k;
    }
    out[x->index_map.data[k]] = sk_tensor_index(x->indices, sk_ravel(type, at));
  }
}

// Coordinates of the batch and in the slice, from those of the result (updates).
static void split(const indexing *x, const int64_t *at, uint32_t rank, int64_t *batch,
                  int64_t *window) {
  for (uint32_t d = 0; d < rank; d++) {
    if (sk_is_listed(x->window_dims, d)) {
      *window++ = at[d];
    } else {
      *batch++ = at[d];
    }
  }
}

// Adds what is not the start: batching and offset.
static void add_rest(const indexing *x, uint32_t rank, const int64_t *batch, const int64_t *window,
                     int64_t *place) {
  for (uint32_t k = 0; k < x->batched.count; k++) {
    int64_t d = x->index_batched.data[k];
    place[x->batched.data[k]] = batch[d - (d < x->vector_dim ? 0 : 1)];
  }
  for (uint32_t d = 0; d < rank; d++) {
    if (!sk_is_listed(x->dropped, d) && !sk_is_listed(x->batched, d)) {
      // An index near the end of int64 lies outside with or without the offset.
      place[d] = place[d] > INT64_MAX - *window ? INT64_MAX : place[d] + *window;
      window++;
    }
  }
}

// ---- gather

static void gathered_dims(const indexing *x, const sk_type_rec *operand, const int64_t *sizes,
                          uint32_t rank, int64_t *dims) {
  const sk_type_rec *indices = x->indices->type;
  uint32_t index_dim = 0, operand_dim = 0;
  for (uint32_t d = 0; d < rank; d++) {
    if (sk_is_listed(x->window_dims, d)) {
      while (operand_dim < operand->rank &&
             (sk_is_listed(x->dropped, operand_dim) || sk_is_listed(x->batched, operand_dim))) {
        operand_dim++;
      }
      dims[d] = operand_dim < operand->rank ? sizes[operand_dim++] : 1;
    } else {
      index_dim += (int64_t)index_dim == x->vector_dim;
      dims[d] = index_dim < indices->rank ? indices->dims[index_dim++] : 1;
    }
  }
}

sk_status sk_interp_gather_with(sk_interp *s, sk_op op, const int64_t *sizes) {
  indexing x = gather_indexing(s, op);
  const sk_tensor *operand = sk_interp_operand(s, op, 0);
  uint32_t rank = operand->type->rank;
  uint32_t result_rank = sk_value_type_rec(s->m, sk_op_result(s->m, op, 0))->rank;
  int64_t dims[SK_MAX_RANK], at[SK_MAX_RANK], place[SK_MAX_RANK];
  int64_t batch[SK_MAX_RANK] = {0}, window[SK_MAX_RANK] = {0};
  sk_tensor *t;
  for (uint32_t d = 0; d < rank; d++) {
    SK_TRY(sk_interp_require(s, op, sizes[d] >= 0 && sizes[d] <= operand->type->dims[d],
                             "a slice is larger than the operand"));
  }
  int64_t components =
      x.vector_dim < x.indices->type->rank ? x.indices->type->dims[x.vector_dim] : 1;
  SK_TRY(sk_interp_require(s, op, components == x.index_map.count,
                           "index vectors have another number of components"));
  gathered_dims(&x, operand->type, sizes, result_rank, dims);
  SK_TRY(sk_interp_result(s, op, 0, dims, &t));
  uint32_t bytes = sk_elem_bytes((sk_elem)t->type->elem);
  for (int64_t i = 0; i < t->count; i++) {
    sk_unravel(t->type, i, at);
    split(&x, at, result_rank, batch, window);
    start_of(&x, batch, place, rank);
    for (uint32_t d = 0; d < rank; d++) {
      int64_t most = operand->type->dims[d] - sizes[d];
      place[d] = place[d] < 0 ? 0 : SK_MIN(place[d], most);
    }
    add_rest(&x, rank, batch, window, place);
    SK_TRY(sk_interp_require(s, op, sk_is_inside(operand->type, place),
                             "batches of the indices and the operand differ in number"));
    memcpy(t->data + i * bytes, operand->data + sk_ravel(operand->type, place) * bytes, bytes);
  }
  return NULL;
}

sk_status sk_interp_GATHER(sk_interp *s, sk_op op) {
  return sk_interp_gather_with(s, op, sk_op_ints(s->m, op, SK_NAME_slice_sizes).data);
}

// ---- scatter

typedef struct scattering {
  sk_interp *s;
  sk_op op;
  uint32_t count;  // inputs, updates, results
  indexing x;
  sk_body body;
  sk_number *args;  // arguments of the body, then its results; owned
} scattering;

static sk_tensor *result_of(const scattering *c, uint32_t k) {
  return c->s->env[sk_op_result(c->s->m, c->op, k).id];
}

static sk_status combine(scattering *c, int64_t to, int64_t from) {
  sk_number *out = c->args + 2 * c->count;
  for (uint32_t k = 0; k < c->count; k++) {
    c->args[k] = sk_tensor_get(result_of(c, k), to);
    c->args[c->count + k] = sk_tensor_get(sk_interp_operand(c->s, c->op, c->count + 1 + k), from);
  }
  SK_TRY(sk_body_run(&c->body, c->args, out));
  for (uint32_t k = 0; k < c->count; k++) {
    sk_tensor_set(result_of(c, k), to, out[k]);
  }
  return NULL;
}

// Does a slice that begins at `start` lie inside as a whole? Its extents are those of the updates.
static bool is_whole_inside(const scattering *c, const int64_t *start) {
  const sk_type_rec *input = sk_interp_operand(c->s, c->op, 0)->type;
  const sk_type_rec *updates = sk_interp_operand(c->s, c->op, c->count + 1)->type;
  uint32_t next = 0;
  for (uint32_t d = 0; d < input->rank; d++) {
    bool is_window = !sk_is_listed(c->x.dropped, d) && !sk_is_listed(c->x.batched, d);
    int64_t extent = is_window ? updates->dims[c->x.window_dims.data[next++]] : 1;
    if (start[d] < 0 || start[d] > input->dims[d] - extent) {
      return false;
    }
  }
  return true;
}

static sk_status scatter_updates(scattering *c) {
  bool whole = sk_op_find_attr(c->s->m, c->op, SK_NAME_skarn_whole_windows).id != 0;
  const sk_tensor *updates = sk_interp_operand(c->s, c->op, c->count + 1);
  const sk_type_rec *input = sk_interp_operand(c->s, c->op, 0)->type;
  int64_t at[SK_MAX_RANK], place[SK_MAX_RANK];
  int64_t batch[SK_MAX_RANK] = {0}, window[SK_MAX_RANK] = {0};
  for (int64_t i = 0; i < updates->count; i++) {
    sk_unravel(updates->type, i, at);
    split(&c->x, at, updates->type->rank, batch, window);
    start_of(&c->x, batch, place, input->rank);
    bool inside = !whole || is_whole_inside(c, place);
    add_rest(&c->x, input->rank, batch, window, place);
    if (inside && sk_is_inside(input, place)) {
      SK_TRY(combine(c, sk_ravel(input, place), i));
    }
  }
  return NULL;
}

static sk_status scatter(scattering *c) {
  for (uint32_t k = 0; k < c->count; k++) {
    const sk_tensor *input = sk_interp_operand(c->s, c->op, k);
    sk_tensor *t;
    SK_TRY(sk_interp_result(c->s, c->op, k, NULL, &t));
    if (t->type->elem == input->type->elem) {
      memcpy(t->data, input->data, (size_t)t->count * sk_elem_bytes((sk_elem)t->type->elem));
    } else {  // promoted by the body
      for (int64_t i = 0; i < t->count; i++) {
        sk_tensor_set(t, i, sk_tensor_get(input, i));
      }
    }
  }
  c->args = sk_mem_alloc(sizeof *c->args * 3 * c->count);
  if (!c->args) {
    return sk_status_no_memory();
  }
  SK_TRY(sk_body_init(&c->body, c->s, sk_op_region(c->s->m, c->op, 0)));
  c->body.rounds = true;
  return scatter_updates(c);
}

sk_status sk_interp_SCATTER(sk_interp *s, sk_op op) {
  scattering c = {.s = s, .op = op, .count = sk_op_get(s->m, op)->result_count};
  c.x = scatter_indexing(s, op, c.count);
  sk_status status = scatter(&c);
  sk_body_fini(&c.body);
  sk_mem_free(c.args);
  return status;
}

// ---- torch_index_select: result[b.., o.., i.., n..] = operand[b.., o.., index[b.., i..], n..]

sk_status sk_interp_TORCH_INDEX_SELECT(sk_interp *s, sk_op op) {
  const sk_tensor *operand = sk_interp_operand(s, op, 0), *index = sk_interp_operand(s, op, 1);
  int64_t along = sk_op_int(s->m, op, SK_NAME_dim, 0);
  int64_t batch = sk_op_int(s->m, op, SK_NAME_batch_dims, 0);
  uint32_t rank = operand->type->rank, index_rank = index->type->rank;
  int64_t dims[2 * SK_MAX_RANK], at[SK_MAX_RANK], from[SK_MAX_RANK], chosen[SK_MAX_RANK];
  sk_tensor *t;
  along = along < 0 ? along + rank : along;
  batch = batch < 0 ? batch + index_rank : batch;
  SK_TRY(sk_interp_require(s, op,
                           along >= 0 && along < rank && batch >= 0 && batch <= along &&
                               batch <= index_rank && rank + index_rank < 2 * SK_MAX_RANK,
                           "dimensions out of range"));
  uint32_t inner = index_rank - (uint32_t)batch;  // dimensions of the index that are not batch
  for (uint32_t d = 0; d < rank - 1 + inner; d++) {
    dims[d] = d < along           ? operand->type->dims[d]
              : d < along + inner ? index->type->dims[batch + d - along]
                                  : operand->type->dims[d - inner + 1];
  }
  SK_TRY(sk_interp_result(s, op, 0, dims, &t));
  SK_TRY(sk_interp_require(s, op, t->count == 0 || operand->count > 0,
                           "there are indices, but nothing to choose from"));
  uint32_t bytes = sk_elem_bytes((sk_elem)t->type->elem);
  for (int64_t i = 0; i < t->count; i++) {
    sk_unravel(t->type, i, at);
    for (uint32_t d = 0; d < index_rank; d++) {
      chosen[d] = d < batch ? at[d] : at[along + d - batch];
    }
    for (uint32_t d = 0; d < rank; d++) {
      from[d] = d < along ? at[d] : d > along ? at[d + inner - 1] : 0;
    }
    int64_t wanted = sk_tensor_index(index, sk_ravel(index->type, chosen));
    from[along] = SK_MAX(SK_MIN(wanted, operand->type->dims[along] - 1), 0);
    memcpy(t->data + i * bytes, operand->data + sk_ravel(operand->type, from) * bytes, bytes);
  }
  return NULL;
}
