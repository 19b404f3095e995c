// SPDX-License-Identifier: Apache-2.0
// chlo.ragged_dot: a dot whose lhs is cut into groups along one dimension, by sizes that are data.
//
//   ragged dimension      for every group g
//   free in lhs           result[.., rows of g, ..] = dot(rows of g of lhs, rhs[g])
//   contracted            result[g] = dot(part g of lhs, part g of rhs)
//   batch                 a plain dot: batches do not mix anyhow
//
// Rows beyond the last group are zero. The dimension numbers come as text, into which the verifier
// does not look: they are checked here.
#include "base/mem.h"
#include "interp/interp_int.h"

typedef struct dim_list {
  int64_t data[SK_MAX_RANK];
  uint32_t count;
} dim_list;

typedef struct ragged {
  sk_interp *s;
  sk_op op;
  const sk_tensor *lhs, *rhs, *sizes;
  dim_list lhs_batch, rhs_batch, lhs_contract, rhs_contract, lhs_ragged, rhs_group;
  sk_dot_dims dims;
  sk_type_rec like;
} ragged;

// ---- dimension numbers

static bool add_number(dim_list *list, sk_str digits, uint32_t rank) {
  int64_t value;
  bool good = sk_str_to_i64(digits, &value) && value >= 0 && value < rank &&
              list->count < SK_MAX_RANK && !sk_is_listed((sk_ints){list->data, list->count}, value);
  if (good) {
    list->data[list->count++] = value;
  }
  return good;
}

// Reads `name = [1, 2]` out of the text; absent: an empty list.
static bool read_list(sk_str text, const char *name, uint32_t rank, dim_list *out) {
  size_t len = strlen(name);
  const char *end = text.data + text.len, *at = memmem(text.data, text.len, name, len);
  *out = (dim_list){.count = 0};
  if (!at) {
    return true;
  }
  for (at += len; at < end && (*at == ' ' || *at == '=');) {
    at++;
  }
  if (at == end || *at != '[') {
    return false;
  }
  for (at++; at < end && *at != ']';) {
    const char *first = at;
    while (at < end && *at >= '0' && *at <= '9') {
      at++;
    }
    if (at == first) {
      at++;  // a comma or a blank
    } else if (!add_number(out, (sk_str){first, (size_t)(at - first)}, rank)) {
      return false;
    }
  }
  return at < end;
}

static bool read_lists(ragged *r, sk_str text) {
  uint32_t a = r->lhs->type->rank, b = r->rhs->type->rank;
  return read_list(text, "lhs_batching_dimensions", a, &r->lhs_batch) &&
         read_list(text, "rhs_batching_dimensions", b, &r->rhs_batch) &&
         read_list(text, "lhs_contracting_dimensions", a, &r->lhs_contract) &&
         read_list(text, "rhs_contracting_dimensions", b, &r->rhs_contract) &&
         read_list(text, "lhs_ragged_dimensions", a, &r->lhs_ragged) &&
         read_list(text, "rhs_group_dimensions", b, &r->rhs_group) &&
         r->lhs_batch.count == r->rhs_batch.count &&
         r->lhs_contract.count == r->rhs_contract.count && r->lhs_ragged.count == 1;
}

static sk_ints ints_of(const dim_list *list) { return (sk_ints){list->data, list->count}; }

static bool overlap(const dim_list *a, const dim_list *b) {
  for (uint32_t i = 0; i < b->count; i++) {
    if (sk_is_listed(ints_of(a), b->data[i])) {
      return true;
    }
  }
  return false;
}

static sk_status read_dims(ragged *r) {
  sk_attr attr = sk_op_find_attr(r->s->m, r->op, SK_NAME_ragged_dot_dimension_numbers);
  const sk_attr_rec *rec = sk_attr_get(r->s->m, attr);
  bool good = rec->kind == SK_ATTR_OPAQUE && r->sizes->type->rank == 1 &&
              read_lists(r, sk_sym_str(&r->s->m->strings, rec->u.sym));
  good = good && !overlap(&r->lhs_batch, &r->lhs_contract) &&
         !overlap(&r->rhs_batch, &r->rhs_contract) && !overlap(&r->rhs_batch, &r->rhs_group) &&
         !overlap(&r->rhs_contract, &r->rhs_group);
  r->dims = (sk_dot_dims){ints_of(&r->lhs_batch), ints_of(&r->rhs_batch), ints_of(&r->lhs_contract),
                          ints_of(&r->rhs_contract)};
  return sk_interp_require(r->s, r->op, good,
                           "these dimension numbers are not those of a ragged dot");
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
    dim += !sk_is_listed(ints_of(&r->lhs_batch), d) && !sk_is_listed(ints_of(&r->lhs_contract), d);
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
  SK_TRY(read_dims(&r));
  if (sk_is_listed(r.dims.lhs_batching_dimensions, r.lhs_ragged.data[0])) {
    sk_tensor *t;
    SK_TRY(sk_interp_dot_tensors(s, op, r.lhs, r.rhs, &r.dims, &r.like, &t));
    return sk_interp_accept(s, op, 0, t);
  }
  return run_groups(&r, sk_is_listed(r.dims.lhs_contracting_dimensions, r.lhs_ragged.data[0]));
}
