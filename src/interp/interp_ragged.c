// SPDX-License-Identifier: Apache-2.0
// chlo.ragged_dot: a dot whose lhs is cut into groups along one dimension, by sizes that are data.
//
//   ragged dimension      for every group g
//   free in lhs           result[.., rows of g, ..] = dot(rows of g of lhs, rhs[g])
//   contracted            result[g] = dot(part g of lhs, part g of rhs)
//   batch                 a plain dot: batches do not mix anyhow
//
// Rows beyond the last group are zero. The verifier has checked the dimension numbers.
#include "base/mem.h"
#include "interp/interp_int.h"

typedef struct ragged {
  sk_interp *s;
  sk_op op;
  const sk_tensor *lhs, *rhs, *sizes;
  sk_ints lhs_batch, rhs_batch, lhs_contract, rhs_contract, lhs_ragged, rhs_group;
  sk_dot_dims dims;
  sk_type_rec like;
} ragged;

static void read_dims(ragged *r) {
  const sk_attr attr = sk_op_find_attr(r->s->m, r->op, SK_NAME_ragged_dot_dimension_numbers);
  const sk_ragged_dims *dims = sk_attr_get(r->s->m, attr)->u.ragged;
  r->dims = dims->dot;
  r->lhs_batch = dims->dot.lhs_batching_dimensions;
  r->rhs_batch = dims->dot.rhs_batching_dimensions;
  r->lhs_contract = dims->dot.lhs_contracting_dimensions;
  r->rhs_contract = dims->dot.rhs_contracting_dimensions;
  r->lhs_ragged = dims->lhs_ragged_dimensions;
  r->rhs_group = dims->rhs_group_dimensions;
}

// ---- groups

static sk_tensor *slice_of(const sk_tensor *t, uint32_t dim, int64_t first, int64_t extent) {
  int64_t dims[SK_MAX_RANK];
  memcpy(dims, t->type->dims, t->type->rank * sizeof *dims);
  dims[dim] = extent;
  sk_tensor *part = sk_tensor_new(t->type, t->type->rank, dims);
  if (part) {
    sk_tensor_copy_part(t, dim, first, extent, part, dim, 0);
  }
  return part;
}

// The dot of a part of each operand, in the shape of the whole result but for one dimension:
// `extent` long at `dim`, or not there (`dim` out of range).
static sk_status dot_parts(const ragged *r, sk_tensor *a, sk_tensor *b, sk_tensor **out) {
  *out = NULL;
  sk_status status = a && b ? sk_interp_dot_tensors(r->s, r->op, a, b, &r->dims, &r->like, out)
                            : sk_status_no_memory();
  sk_tensor_release(a);
  sk_tensor_release(b);
  return status;
}

// Elements [first, ..) of the dimension of the result that comes from the ragged one. The part has
// the same row-major order as its place in the result: rhs's group dimension has one element.
static sk_status put_rows(const ragged *r, sk_tensor *t, const sk_tensor *part, int64_t first,
                          int64_t extent) {
  uint32_t dim = r->lhs_batch.count;
  for (int64_t d = 0; d < r->lhs_ragged.data[0]; d++) {
    dim += !sk_is_listed(r->lhs_batch, d) && !sk_is_listed(r->lhs_contract, d);
  }
  int64_t outer = 1, inner = 1, bytes = sk_elem_bytes((sk_elem)t->type->elem);
  for (uint32_t d = 0; d < t->type->rank; d++) {
    outer *= d < dim ? t->type->dims[d] : 1;
    inner *= d > dim ? t->type->dims[d] : 1;
  }
  bool fits = dim < t->type->rank && first + extent <= t->type->dims[dim] &&
              part->count == outer * extent * inner;
  SK_TRY(sk_interp_require(r->s, r->op, fits, "the result has another shape"));
  for (int64_t o = 0; o < outer; o++) {
    memcpy(t->data + (o * t->type->dims[dim] + first) * inner * bytes,
           part->data + o * extent * inner * bytes, (size_t)(extent * inner * bytes));
  }
  return NULL;
}

static sk_status run_group(const ragged *r, sk_tensor *t, bool contracted, int64_t g, int64_t first,
                           int64_t extent) {
  uint32_t along = (uint32_t)r->lhs_ragged.data[0];
  sk_tensor *a = slice_of(r->lhs, along, first, extent), *b, *part;
  if (!contracted) {
    b = slice_of(r->rhs, (uint32_t)r->rhs_group.data[0], g, 1);
    SK_TRY(dot_parts(r, a, b, &part));
    sk_status status = put_rows(r, t, part, first, extent);
    sk_tensor_release(part);
    return status;
  }
  uint32_t k = 0;
  while (r->lhs_contract.data[k] != along) {
    k++;
  }
  b = slice_of(r->rhs, (uint32_t)r->rhs_contract.data[k], first, extent);
  SK_TRY(dot_parts(r, a, b, &part));
  bool fits = part->count * r->sizes->count == t->count;
  if (fits) {
    size_t bytes = (size_t)part->count * sk_elem_bytes((sk_elem)t->type->elem);
    memcpy(t->data + (size_t)g * bytes, part->data, bytes);
  }
  sk_tensor_release(part);
  return sk_interp_require(r->s, r->op, fits, "the result has another shape");
}

static sk_status run_groups(const ragged *r, bool contracted) {
  int64_t total = r->lhs->type->dims[r->lhs_ragged.data[0]], first = 0;
  sk_tensor *t;
  SK_TRY(sk_interp_result(r->s, r->op, 0, NULL, &t));
  for (int64_t i = 0; i < t->count; i++) {
    sk_tensor_set(t, i, (sk_number){0, 0, 0});
  }
  bool groups = contracted || (r->rhs_group.count == 1 &&
                               r->rhs->type->dims[r->rhs_group.data[0]] == r->sizes->count);
  SK_TRY(sk_interp_require(r->s, r->op, groups, "rhs has another number of groups"));
  for (int64_t g = 0; g < r->sizes->count; g++) {
    int64_t extent = sk_tensor_index(r->sizes, g);
    SK_TRY(sk_interp_require(r->s, r->op, extent >= 0 && extent <= total - first,
                             "the groups are larger than the dimension they divide"));
    SK_TRY(run_group(r, t, contracted, g, first, extent));
    first += extent;
  }
  return NULL;
}

sk_status sk_interp_CHLO_RAGGED_DOT(sk_interp *s, sk_op op) {
  ragged r = {.s = s,
              .op = op,
              .lhs = sk_interp_operand(s, op, 0),
              .rhs = sk_interp_operand(s, op, 1),
              .sizes = sk_interp_operand(s, op, 2),
              .like = sk_interp_stored_type(s, op, 0)};
  read_dims(&r);
  if (sk_is_listed(r.dims.lhs_batching_dimensions, r.lhs_ragged.data[0])) {
    sk_tensor *t;
    SK_TRY(sk_interp_dot_tensors(s, op, r.lhs, r.rhs, &r.dims, &r.like, &t));
    return sk_interp_accept(s, op, 0, t);
  }
  return run_groups(&r, sk_is_listed(r.dims.lhs_contracting_dimensions, r.lhs_ragged.data[0]));
}
