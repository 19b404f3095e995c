// SPDX-License-Identifier: Apache-2.0
// Shares of a sum as devices would have made them: of a result that is left unreduced over axes of the
// mesh, a device holds what its own parts add up to, where the sum runs over a dimension that those axes
// split.
//
//   %r = dot_general %a, %b      %a: [{}, {"x"}], contracted     share k of %r: dot_general of slices k of %a and %b
//   %r = %a, moved nowhere       %a: [{"x"}, {}]                 share k of %r: slice k of %a, zeros around it
//
// Sums, products and scattered additions are known, through constraints and calls; those of a called function where
// their operands are values of the entry, or constants. Of anything else the first share is all of it (shard.c).
#include "pass/shard.h"

enum { MAX_STEPS = 256, MAX_CALLS = 16 };

// Calls from the entry to the function that a value is of, outermost first.
typedef struct place {
  sk_op calls[MAX_CALLS];
  uint32_t depth;
} place;

typedef struct maker {
  const sk_expander *e;
  const sk_shardings *known;
  const sk_sharding *target;
  int64_t index, count;  // of the share
  place at;              // of the op that adds up
} maker;

// The dimension that the axes of the shares split, and nothing else does; false: none.
static bool find_split(const maker *k, sk_value v, uint32_t *out_dim) {
  const sk_sharding *s = sk_sharding_of(k->known, v);
  const sk_dim_sharding *axes = &k->target->unreduced;
  const sk_type_rec *type = sk_value_type_rec(k->e->m, v);
  if (!s || !sk_mesh_equal(&s->mesh, &k->target->mesh)) {
    return false;
  }
  for (uint32_t d = 0; d < s->rank; d++) {
    if (sk_dim_sharding_equal(&s->dims[d], axes) && type->dims[d] % k->count == 0) {
      *out_dim = d;
      return true;
    }
  }
  return false;
}

static bool is_split_at(const maker *k, sk_value v, int64_t dim) {
  uint32_t found;
  return find_split(k, v, &found) && found == dim;
}

static sk_value slice(const maker *k, sk_value v, uint32_t dim) {
  const sk_type_rec rec = *sk_value_type_rec(k->e->m, v);
  int64_t starts[SK_MAX_RANK] = {0}, limits[SK_MAX_RANK], size = rec.dims[dim] / k->count;
  memcpy(limits, rec.dims, rec.rank * sizeof *limits);
  starts[dim] = k->index * size;
  limits[dim] = starts[dim] + size;
  return sk_expand_slice(k->e, v, starts, limits);
}

static sk_value zeros(const maker *k, sk_type type) { return sk_expand_number(k->e, type, 0); }

// The slice where it was, zeros around it.
static sk_value keep_slice(const maker *k, sk_value v, uint32_t dim) {
  sk_value part = slice(k, v, dim);
  sk_value *all = SK_NEW_ARRAY(&k->e->m->arena, sk_value, k->count);
  sk_value nothing = zeros(k, sk_value_type(k->e->m, part));
  for (int64_t i = 0; i < k->count; i++) {
    all[i] = i == k->index ? part : nothing;
  }
  return sk_expand_concatenate(k->e, all, (uint32_t)k->count, dim);
}

// ---- where a result comes from

// The value whose result, unchanged, `v` is; steps into and out of calls.
static bool step_back(const sk_module *m, place *at, sk_value *v) {
  const sk_value_rec rec = *sk_value_get(m, *v);
  if (rec.op.id == 0) {  // an argument
    if (at->depth == 0) {
      return false;
    }
    const sk_op call = at->calls[at->depth - 1];
    sk_op func = sk_module_find_func(m, sk_op_string(m, call, SK_NAME_callee));
    const sk_region body = sk_func_body(m, func);
    for (uint32_t i = 0; i < sk_region_get(m, body)->arg_count; i++) {
      if (sk_region_arg(m, body, i).id == v->id) {
        *v = sk_op_operand(m, call, i);
        at->depth--;
        return true;
      }
    }
    return false;
  }
  switch ((int)sk_op_kind(m, rec.op)) {
    case SK_OP_SDY_SHARDING_CONSTRAINT:
    case SK_OP_SDY_RESHARD: *v = sk_op_operand(m, rec.op, 0); return true;
    case SK_OP_FUNC_CALL: {
      sk_op func = sk_module_find_func(m, sk_op_string(m, rec.op, SK_NAME_callee));
      sk_region body = func.id != 0 ? sk_func_body(m, func) : (sk_region){0};
      for (uint32_t i = 0; body.id != 0 && i < sk_op_get(m, rec.op)->result_count; i++) {
        if (sk_op_result(m, rec.op, i).id == v->id && at->depth < MAX_CALLS) {
          at->calls[at->depth++] = rec.op;
          *v = sk_op_operand(m, sk_region_get(m, body)->last, i);
          return true;
        }
      }
      return false;
    }
    default: return false;
  }
}

// An operand of the op that adds up, as a new value; id 0: it is made in a called function.
static sk_status operand_of(const maker *k, sk_op op, uint32_t i, sk_value *out) {
  sk_module *m = k->e->m;
  sk_value v = sk_op_operand(m, op, i);
  place at = k->at;
  *out = (sk_value){0};
  for (int step = 0; at.depth > 0 && step < MAX_STEPS; step++) {
    if (!step_back(m, &at, &v)) {
      break;
    }
  }
  if (at.depth == 0) {
    *out = sk_rebuild_get(k->e->r, v);
  } else if (sk_value_get(m, v)->op.id != 0 &&
             sk_op_kind(m, sk_value_get(m, v)->op) == SK_OP_CONSTANT) {
    SK_TRY(sk_rebuild_op(k->e->r, sk_value_get(m, v)->op, k->e->into));
    *out = sk_rebuild_get(k->e->r, v);
  }
  return NULL;
}

// ---- operations that add up

static bool adds(const sk_module *m, sk_op op) {
  const sk_region body = sk_op_region(m, op, 0);
  const sk_op first = sk_region_first(m, body), end = sk_region_get(m, body)->last;
  if (sk_op_kind(m, first) != SK_OP_ADD || sk_op_next(m, first).id != end.id ||
      sk_op_get(m, end)->operand_count != 1) {
    return false;
  }
  uint32_t a = sk_op_operand(m, first, 0).id, b = sk_op_operand(m, first, 1).id;
  uint32_t x = sk_region_arg(m, body, 0).id, y = sk_region_arg(m, body, 1).id;
  return sk_op_operand(m, end, 0).id == sk_op_result(m, first, 0).id &&
         ((a == x && b == y) || (a == y && b == x));
}

// The op again, on other operands; not if one of them is not there.
static sk_status repeat(const maker *k, sk_op op, const sk_value *operands, sk_value *out) {
  sk_module *m = k->e->m;
  sk_op_draft draft = sk_rebuild_draft(k->e->r, op);
  draft.desc.operands = operands;
  for (uint32_t i = 0; i < draft.desc.operand_count; i++) {
    if (operands[i].id == 0) {
      return NULL;
    }
  }
  for (uint32_t i = 0; i < draft.desc.region_count; i++) {
    SK_TRY(sk_rebuild_region(k->e->r, sk_op_region(m, op, i), &draft.regions[i]));
  }
  *out = sk_op_result(m, sk_rebuild_emit(k->e->r, k->e->into, &draft.desc), 0);
  return NULL;
}

// What a sum starts from belongs to the first share.
static sk_status start_of(const maker *k, sk_op op, uint32_t operand, sk_value *out) {
  if (k->index == 0) {
    return operand_of(k, op, operand, out);
  }
  *out = zeros(k, sk_value_type(k->e->m, sk_op_operand(k->e->m, op, operand)));
  return NULL;
}

static sk_status slice_of(const maker *k, sk_op op, uint32_t operand, uint32_t dim, sk_value *out) {
  SK_TRY(operand_of(k, op, operand, out));
  *out = out->id != 0 ? slice(k, *out, dim) : *out;
  return NULL;
}

static bool holds(sk_ints list, int64_t value) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (list.data[i] == value) {
      return true;
    }
  }
  return false;
}

static sk_status share_reduce(const maker *k, sk_op op, sk_value *out) {
  sk_module *m = k->e->m;
  uint32_t dim;
  if (sk_op_get(m, op)->operand_count != 2 || !adds(m, op) ||
      !find_split(k, sk_op_operand(m, op, 0), &dim) ||
      !holds(sk_op_ints(m, op, SK_NAME_dimensions), dim)) {
    return NULL;
  }
  sk_value operands[2];
  SK_TRY(slice_of(k, op, 0, dim, &operands[0]));
  SK_TRY(start_of(k, op, 1, &operands[1]));
  return repeat(k, op, operands, out);
}

static sk_status share_dot(const maker *k, sk_op op, sk_value *out) {
  sk_module *m = k->e->m;
  const sk_attr_rec *rec = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers));
  if (rec->kind != SK_ATTR_DOT_DIMS) {
    return NULL;
  }
  const sk_ints lhs = rec->u.dot->lhs_contracting_dimensions,
                rhs = rec->u.dot->rhs_contracting_dimensions;
  for (uint32_t i = 0; i < SK_MIN(lhs.count, rhs.count); i++) {
    if (is_split_at(k, sk_op_operand(m, op, 0), lhs.data[i]) ||
        is_split_at(k, sk_op_operand(m, op, 1), rhs.data[i])) {
      sk_value operands[2];
      SK_TRY(slice_of(k, op, 0, (uint32_t)lhs.data[i], &operands[0]));
      SK_TRY(slice_of(k, op, 1, (uint32_t)rhs.data[i], &operands[1]));
      return repeat(k, op, operands, out);
    }
  }
  return NULL;
}

// Dimensions of updates that are not of a window go with those of indices that are not of a vector.
static sk_status share_scatter(const maker *k, sk_op op, sk_value *out) {
  sk_module *m = k->e->m;
  const sk_attr_rec *rec =
      sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_scatter_dimension_numbers));
  if (rec->kind != SK_ATTR_SCATTER_DIMS || sk_op_get(m, op)->operand_count != 3 || !adds(m, op)) {
    return NULL;
  }
  const sk_scatter_dims *dims = rec->u.scatter;
  const sk_value indices = sk_op_operand(m, op, 1), updates = sk_op_operand(m, op, 2);
  uint32_t at = 0;
  for (uint32_t d = 0; d < sk_value_type_rec(m, updates)->rank; d++) {
    if (holds(dims->update_window_dims, d)) {
      continue;
    }
    at += at == dims->index_vector_dim;
    bool split = is_split_at(k, updates, d) || is_split_at(k, indices, at);
    if (split && !holds(dims->scatter_indices_batching_dims, at)) {
      sk_value operands[3];
      SK_TRY(start_of(k, op, 0, &operands[0]));
      SK_TRY(slice_of(k, op, 1, at, &operands[1]));
      SK_TRY(slice_of(k, op, 2, d, &operands[2]));
      return repeat(k, op, operands, out);
    }
    at++;
  }
  return NULL;
}

sk_status sk_share_make(const sk_expander *e, const sk_shardings *known, const sk_sharding *target,
                        uint32_t position, sk_value v, sk_value *out) {
  maker k = {.e = e,
             .known = known,
             .target = target,
             .index = sk_dim_part_of(target, &target->unreduced, UINT64_MAX, position),
             .count = sk_dim_parts(&target->unreduced, UINT64_MAX)};
  const sk_value whole = sk_rebuild_get(e->r, v);
  uint32_t dim;
  *out = (sk_value){0};
  for (int step = 0; step < MAX_STEPS; step++) {
    if (find_split(&k, v, &dim)) {
      *out = keep_slice(&k, whole, dim);
      return NULL;
    }
    if (!step_back(e->m, &k.at, &v)) {
      break;
    }
  }
  const sk_op op = sk_value_get(e->m, v)->op;
  switch (op.id != 0 ? (int)sk_op_kind(e->m, op) : -1) {
    case SK_OP_REDUCE: SK_TRY(share_reduce(&k, op, out)); break;
    case SK_OP_DOT_GENERAL: SK_TRY(share_dot(&k, op, out)); break;
    case SK_OP_SCATTER: SK_TRY(share_scatter(&k, op, out)); break;
    default: break;
  }
  if (out->id == 0) {
    *out = k.index == 0 ? whole : zeros(&k, sk_value_type(e->m, whole));
  }
  return NULL;
}
