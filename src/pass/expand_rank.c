// SPDX-License-Identifier: Apache-2.0
// Operations on tensors of more dimensions than a kernel counts: on tensors of fewer, the same elements in the same
// order, between reshapes. Dimensions of extent 1 do not count. What lies side by side and is treated alike is one
// dimension; where that leaves too many, there are several steps of few.
//
//   element-wise                    on [n]
//   slice, pad, reverse             three of the dimensions that change in a step
//   broadcast_in_dim                operand in the order of the result; three runs of new dimensions in a step
//   transpose                       runs move to their place one by one, until few enough are left
//   reduce                          of [kept, reduced]
//   dot_general                     of [batch, free, contracted]
//   iota, concatenate               [before, the dimension, behind]
//   gather, scatter                 of a list of places, runs of dimensions that are taken whole as one
//
// What follows makes reshapes of reshapes one, or nothing.
#include "pass/expand_int.h"

enum { STEP = 3 };  // so many changing runs and those between them are fewer than SK_GROUP_MAX_RANK

static const sk_type_rec *type_of(const sk_expander *e, sk_value v) {
  return sk_value_type_rec(e->m, v);
}

static bool is_high(const sk_module *m, sk_value v) {
  const sk_type_rec *type = sk_value_type_rec(m, v);
  uint32_t large = 0;
  for (uint32_t d = 0; type->kind == SK_TYPE_TENSOR && d < type->rank; d++) {
    if (type->dims[d] < 1) {  // unknown, or there are no elements
      return false;
    }
    large += type->dims[d] != 1;
  }
  return large > SK_GROUP_MAX_RANK;
}

static bool has_few_windows(const sk_module *m, sk_op op);

static bool is_known(const sk_module *m, sk_op op) {
  switch ((int)sk_op_kind(m, op)) {
    case SK_OP_GATHER:
    case SK_OP_SCATTER: return has_few_windows(m, op);
    case SK_OP_SLICE:
    case SK_OP_PAD:
    case SK_OP_REVERSE:
    case SK_OP_BROADCAST_IN_DIM:
    case SK_OP_TRANSPOSE:
    case SK_OP_REDUCE:
    case SK_OP_DOT_GENERAL:
    case SK_OP_IOTA:
    case SK_OP_CONCATENATE:
    case SK_OP_BITCAST_CONVERT: return true;
    default: return sk_opkind_info(sk_op_kind(m, op))->op_class == SK_OPCLASS_ELEMENTWISE;
  }
}

bool sk_expand_is_high_rank(const sk_module *m, sk_op op) {
  const sk_op_rec rec = *sk_op_get(m, op);
  bool high = false;
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    high = high || is_high(m, sk_op_operand(m, op, i));
  }
  for (uint32_t i = 0; i < rec.result_count; i++) {
    high = high || is_high(m, sk_op_result(m, op, i));
  }
  return high && is_known(m, op);
}

// ---- dimensions

typedef struct dim_list {
  uint32_t count;
  int64_t dims[SK_MAX_RANK];
} dim_list;

static void add_dim(dim_list *list, int64_t extent) { list->dims[list->count++] = extent; }

static sk_type tensor(const sk_expander *e, sk_value like, const dim_list *list) {
  return sk_type_tensor(e->m, (sk_elem)type_of(e, like)->elem, list->count, list->dims);
}

static sk_value shaped(const sk_expander *e, sk_value v, const dim_list *list) {
  return sk_expand_reshape(e, v, tensor(e, v, list));
}

static dim_list dims_of(const sk_expander *e, sk_value v) {
  const sk_type_rec *type = type_of(e, v);
  dim_list list = {0};
  for (uint32_t d = 0; d < type->rank; d++) {
    add_dim(&list, type->dims[d]);
  }
  return list;
}

static int64_t product(const int64_t *dims, uint32_t count) {
  int64_t all = 1;
  for (uint32_t d = 0; d < count; d++) {
    all *= dims[d];
  }
  return all;
}

// [before, dim, behind]
static dim_list around(const dim_list *list, uint32_t dim) {
  return (dim_list){3,
                    {product(list->dims, dim), list->dims[dim],
                     product(list->dims + dim + 1, list->count - dim - 1)}};
}

static sk_named_attr ints(const sk_expander *e, sk_name name, const dim_list *list) {
  return (sk_named_attr){{name}, sk_attr_ints(e->m, list->dims, list->count)};
}

static void give(const sk_expander *e, sk_op op, uint32_t index, sk_value v) {
  const sk_value old = sk_op_result(e->m, op, index);
  sk_rebuild_set(e->r, old, sk_expand_reshape(e, v, sk_value_type(e->m, old)));
}

// ---- element-wise

static void expand_elementwise(const sk_expander *e, sk_op op) {
  sk_op_draft draft = sk_rebuild_draft(e->r, op);
  for (uint32_t i = 0; i < draft.desc.operand_count; i++) {
    const dim_list old = dims_of(e, draft.operands[i]);
    if (old.count > 0) {
      const dim_list flat = {1, {product(old.dims, old.count)}};
      draft.operands[i] = shaped(e, draft.operands[i], &flat);
    }
  }
  for (uint32_t i = 0; i < draft.desc.result_count; i++) {
    const sk_value old = sk_op_result(e->m, op, i);
    const dim_list whole = dims_of(e, old), flat = {1, {product(whole.dims, whole.count)}};
    draft.types[i] = tensor(e, old, &flat);
  }
  const sk_op made = sk_rebuild_emit(e->r, e->into, &draft.desc);
  for (uint32_t i = 0; i < draft.desc.result_count; i++) {
    give(e, op, i, sk_op_result(e->m, made, i));
  }
}

// ---- transpose

typedef struct ordering {
  dim_list from;                // of the operand
  uint32_t order[SK_MAX_RANK];  // by dimension of the result: that of the operand
} ordering;

// Neighbours that stay neighbours become one; extents of 1 are gone.
static ordering merged(const ordering *o) {
  uint32_t place[SK_MAX_RANK], run_of[SK_MAX_RANK], count = 0, last = UINT32_MAX;
  dim_list large = {0};
  ordering out = {0};
  for (uint32_t d = 0; d < o->from.count; d++) {
    place[d] = large.count;
    if (o->from.dims[d] != 1) {
      add_dim(&large, o->from.dims[d]);
    }
  }
  bool starts[SK_MAX_RANK + 1] = {0};
  for (uint32_t d = 0; d < o->from.count; d++) {
    const uint32_t at = place[o->order[d]];
    if (o->from.dims[o->order[d]] != 1) {
      starts[at] = last == UINT32_MAX || at != last + 1;
      last = at;
    }
  }
  for (uint32_t i = 0; i < large.count; i++) {
    count += i == 0 || starts[i];
    run_of[i] = count - 1;
    if (count > out.from.count) {
      add_dim(&out.from, 1);
    }
    out.from.dims[count - 1] *= large.dims[i];
  }
  count = 0;
  for (uint32_t d = 0; d < o->from.count; d++) {
    const uint32_t at = place[o->order[d]];
    if (o->from.dims[o->order[d]] != 1 && (at == 0 || starts[at])) {
      out.order[count++] = run_of[at];
    }
  }
  return out;
}

static sk_value emit_transpose(const sk_expander *e, sk_value v, const ordering *o) {
  dim_list order = {0}, to = {0};
  for (uint32_t d = 0; d < o->from.count; d++) {
    add_dim(&order, o->order[d]);
    add_dim(&to, o->from.dims[o->order[d]]);
  }
  const sk_value operand = shaped(e, v, &o->from);
  const sk_named_attr attr = ints(e, SK_NAME_permutation, &order);
  return sk_expand_emit(e, SK_OP_TRANSPOSE, tensor(e, v, &to), &operand, 1, &attr, 1);
}

// The first run that is not where it belongs goes there.
static sk_value place_run(const sk_expander *e, sk_value v, ordering *o) {
  uint32_t to = 0;
  while (o->order[to] == to) {
    to++;
  }
  const uint32_t from = o->order[to], count = o->from.count;
  const int64_t extent = o->from.dims[from];
  const ordering step = {{4,
                          {product(o->from.dims, to), product(o->from.dims + to, from - to), extent,
                           product(o->from.dims + from + 1, count - from - 1)}},
                         {0, 2, 1, 3}};
  memmove(o->from.dims + to + 1, o->from.dims + to, (from - to) * sizeof *o->from.dims);
  o->from.dims[to] = extent;
  for (uint32_t d = to; d < count; d++) {
    o->order[d] = d == to ? to : o->order[d] + (o->order[d] < from);
  }
  return emit_transpose(e, v, &step);
}

// `v` with its dimensions in another order; its shape is that of the runs.
static sk_value transposed(const sk_expander *e, sk_value v, ordering o) {
  o = merged(&o);
  while (o.from.count > SK_GROUP_MAX_RANK) {
    v = place_run(e, v, &o);
    o = merged(&o);
  }
  return emit_transpose(e, v, &o);
}

static void expand_transpose(const sk_expander *e, sk_op op) {
  const sk_value v = sk_expand_operand(e, op, 0);
  const sk_ints order = sk_op_ints(e->m, op, SK_NAME_permutation);
  ordering o = {.from = dims_of(e, v)};
  for (uint32_t d = 0; d < order.count; d++) {
    o.order[d] = (uint32_t)order.data[d];
  }
  give(e, op, 0, transposed(e, v, o));
}

// ---- slice, pad, reverse: a number of lists with an entry per dimension

enum { LISTS = 3 };

typedef struct change {
  sk_opkind kind;
  sk_name names[LISTS];
  uint32_t list_count;
  sk_value padding;  // PAD
  dim_list from, to;
  dim_list lists[LISTS];  // REVERSE: 1 where elements go backwards
} change;

static bool changes(const change *c, uint32_t d) {
  bool listed = false;
  for (uint32_t i = 0; i < c->list_count && c->kind != SK_OP_SLICE; i++) {
    listed = listed || c->lists[i].dims[d] != 0;
  }
  return listed || c->from.dims[d] != c->to.dims[d];
}

static void add_plain(change *c, int64_t extent) {
  add_dim(&c->from, extent);
  add_dim(&c->to, extent);
  for (uint32_t i = 0; i < c->list_count; i++) {
    const bool is_limit = c->names[i] == SK_NAME_limit_indices,
               is_stride = c->names[i] == SK_NAME_strides;
    add_dim(&c->lists[i], is_limit ? extent : is_stride);
  }
}

static void add_changing(change *c, const change *all, uint32_t d) {
  add_dim(&c->from, all->from.dims[d]);
  add_dim(&c->to, all->to.dims[d]);
  for (uint32_t i = 0; i < c->list_count; i++) {
    add_dim(&c->lists[i], all->lists[i].dims[d]);
  }
}

static sk_value emit_change(const sk_expander *e, const change *c, sk_value v) {
  const sk_value operands[2] = {shaped(e, v, &c->from), c->padding};
  sk_named_attr attrs[LISTS];
  dim_list backwards = {0};
  for (uint32_t d = 0; c->kind == SK_OP_REVERSE && d < c->from.count; d++) {
    if (c->lists[0].dims[d] != 0) {
      add_dim(&backwards, d);
    }
  }
  for (uint32_t i = 0; i < c->list_count; i++) {
    attrs[i] = ints(e, c->names[i], c->kind == SK_OP_REVERSE ? &backwards : &c->lists[i]);
  }
  return sk_expand_emit(e, c->kind, tensor(e, v, &c->to), operands, c->kind == SK_OP_PAD ? 2 : 1,
                        attrs, c->list_count);
}

// The first dimensions that change; they have then.
static sk_value emit_step(const sk_expander *e, change *all, sk_value v) {
  change step = {.kind = all->kind, .list_count = all->list_count, .padding = all->padding};
  memcpy(step.names, all->names, sizeof step.names);
  int64_t plain = 1;
  uint32_t changed = 0;
  for (uint32_t d = 0; d < all->from.count; d++) {
    if (changed == STEP || !changes(all, d)) {
      plain *= all->from.dims[d];
      continue;
    }
    add_plain(&step, plain);
    add_changing(&step, all, d);
    plain = 1;
    changed++;
    all->from.dims[d] = all->to.dims[d];
    for (uint32_t i = 0; i < all->list_count; i++) {
      all->lists[i].dims[d] = 0;
    }
  }
  add_plain(&step, plain);
  return emit_change(e, &step, v);
}

static bool any_changes(const change *c) {
  bool any = false;
  for (uint32_t d = 0; d < c->from.count; d++) {
    any = any || changes(c, d);
  }
  return any;
}

static void expand_change(const sk_expander *e, sk_op op) {
  static const struct {
    sk_opkind kind;
    uint32_t count;
    sk_name names[LISTS];
  } rows[] = {
      {SK_OP_SLICE, 3, {SK_NAME_start_indices, SK_NAME_limit_indices, SK_NAME_strides}},
      {SK_OP_PAD,
       3,
       {SK_NAME_edge_padding_low, SK_NAME_edge_padding_high, SK_NAME_interior_padding}},
      {SK_OP_REVERSE, 1, {SK_NAME_dimensions}},
  };
  sk_value v = sk_expand_operand(e, op, 0);
  change c = {.kind = sk_op_kind(e->m, op),
              .from = dims_of(e, v),
              .to = dims_of(e, sk_op_result(e->m, op, 0))};
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    if (rows[i].kind == c.kind) {
      c.list_count = rows[i].count;
      memcpy(c.names, rows[i].names, sizeof c.names);
    }
  }
  for (uint32_t i = 0; i < c.list_count; i++) {
    const sk_ints list = sk_op_ints(e->m, op, c.names[i]);
    c.lists[i].count = c.from.count;
    for (uint32_t k = 0; k < list.count; k++) {
      c.lists[i].dims[c.kind == SK_OP_REVERSE ? list.data[k] : k] =
          c.kind == SK_OP_REVERSE ? 1 : list.data[k];
    }
  }
  if (c.kind == SK_OP_PAD) {
    c.padding = sk_expand_operand(e, op, 1);
  }
  while (any_changes(&c)) {
    v = emit_step(e, &c, v);
  }
  give(e, op, 0, v);
}

// ---- broadcast_in_dim

// Adds dimensions of the result that `v` lacks, at most STEP runs of them; has[d]: it has that one then.
static sk_value add_runs(const sk_expander *e, sk_value v, const dim_list *to, bool *has) {
  dim_list from = {0}, into = {0}, places = {0};
  uint32_t added = 0;
  int last = -1;  // whether the run that ends here was there
  for (uint32_t d = 0; d < to->count; d++) {
    const bool old = has[d];
    if (!old && last != 0 && added == STEP) {
      continue;  // in a later step
    }
    if (last != old) {
      added += !old;
      add_dim(&into, 1);
      if (old) {
        add_dim(&places, into.count - 1);
        add_dim(&from, 1);
      }
    }
    into.dims[into.count - 1] *= to->dims[d];
    if (old) {
      from.dims[from.count - 1] *= to->dims[d];
    }
    has[d] = true;
    last = old;
  }
  return sk_expand_broadcast(e, shaped(e, v, &from), tensor(e, v, &into), places.dims);
}

static void expand_broadcast(const sk_expander *e, sk_op op) {
  sk_value v = sk_expand_operand(e, op, 0);
  const sk_ints places = sk_op_ints(e->m, op, SK_NAME_broadcast_dimensions);
  const dim_list to = dims_of(e, sk_op_result(e->m, op, 0));
  ordering o = {.from = dims_of(e, v)};
  bool has[SK_MAX_RANK] = {0};
  uint32_t count = 0;
  for (uint32_t d = 0; d < to.count; d++) {
    for (uint32_t k = 0; k < places.count; k++) {
      if (places.data[k] == d) {
        has[d] = o.from.dims[k] == to.dims[d];
        o.order[count++] = k;
      }
    }
  }
  v = transposed(e, v, o);
  for (uint32_t d = 0; d < to.count; d++) {
    if (!has[d]) {
      v = add_runs(e, v, &to, has);
    }
  }
  give(e, op, 0, v);
}

// ---- reduce, dot_general

// Dimensions of a tensor in groups, one after the other.
typedef struct grouping {
  ordering o;
  uint32_t count;
  dim_list extents;
} grouping;

static grouping group_dims(const sk_expander *e, sk_value v) {
  return (grouping){.o.from = dims_of(e, v)};
}

static void add_group(grouping *g, const int64_t *dims, uint32_t count) {
  int64_t extent = 1;
  for (uint32_t k = 0; k < count; k++) {
    g->o.order[g->count++] = (uint32_t)dims[k];
    extent *= g->o.from.dims[dims[k]];
  }
  add_dim(&g->extents, extent);
}

// Those that are in none of the lists.
static void add_others(grouping *g, sk_ints a, sk_ints b) {
  bool listed[SK_MAX_RANK] = {0};
  dim_list others = {0};
  for (uint32_t k = 0; k < a.count + b.count; k++) {
    listed[k < a.count ? a.data[k] : b.data[k - a.count]] = true;
  }
  for (uint32_t d = 0; d < g->o.from.count; d++) {
    if (!listed[d]) {
      add_dim(&others, d);
    }
  }
  add_group(g, others.dims, others.count);
}

static sk_value in_groups(const sk_expander *e, sk_value v, const grouping *g) {
  return shaped(e, transposed(e, v, g->o), &g->extents);
}

// As [batch, free, contracted].
static sk_value as_matrices(const sk_expander *e, sk_value v, sk_ints batch, sk_ints contracted) {
  grouping g = group_dims(e, v);
  add_group(&g, batch.data, batch.count);
  add_others(&g, batch, contracted);
  add_group(&g, contracted.data, contracted.count);
  return in_groups(e, v, &g);
}

static void expand_dot(const sk_expander *e, sk_op op) {
  sk_op_draft draft = sk_rebuild_draft(e->r, op);
  const sk_dot_dims dims =
      *sk_attr_get(e->m, sk_op_find_attr(e->m, op, SK_NAME_dot_dimension_numbers))->u.dot;
  const int64_t first = 0, last = 2;
  const sk_dot_dims plain = {{&first, 1}, {&first, 1}, {&last, 1}, {&last, 1}};
  draft.operands[0] = as_matrices(e, draft.operands[0], dims.lhs_batching_dimensions,
                                  dims.lhs_contracting_dimensions);
  draft.operands[1] = as_matrices(e, draft.operands[1], dims.rhs_batching_dimensions,
                                  dims.rhs_contracting_dimensions);
  const int64_t *a = type_of(e, draft.operands[0])->dims, *b = type_of(e, draft.operands[1])->dims;
  const dim_list result = {3, {a[0], a[1], b[1]}};
  draft.types[0] = tensor(e, sk_op_result(e->m, op, 0), &result);
  for (uint32_t i = 0; i < draft.desc.attr_count; i++) {
    if (draft.attrs[i].name.id == SK_NAME_dot_dimension_numbers) {
      draft.attrs[i].attr =
          sk_attr_new(e->m, &(sk_attr_rec){.kind = SK_ATTR_DOT_DIMS, .u.dot = &plain});
    }
  }
  give(e, op, 0, sk_op_result(e->m, sk_rebuild_emit(e->r, e->into, &draft.desc), 0));
}

// As [kept, reduced].
static sk_value kept_first(const sk_expander *e, sk_value v, sk_ints reduced) {
  grouping g = group_dims(e, v);
  add_others(&g, reduced, (sk_ints){0});
  add_group(&g, reduced.data, reduced.count);
  return in_groups(e, v, &g);
}

static sk_status expand_reduce(const sk_expander *e, sk_op op) {
  sk_op_draft draft = sk_rebuild_draft(e->r, op);
  const sk_ints reduced = sk_op_ints(e->m, op, SK_NAME_dimensions);
  const uint32_t count = draft.desc.result_count;
  for (uint32_t i = 0; i < count; i++) {
    draft.operands[i] = kept_first(e, draft.operands[i], reduced);
    const sk_value old = sk_op_result(e->m, op, i);
    const dim_list kept = {1, {type_of(e, draft.operands[i])->dims[0]}};
    draft.types[i] = tensor(e, old, &kept);
  }
  for (uint32_t i = 0; i < draft.desc.attr_count; i++) {
    if (draft.attrs[i].name.id == SK_NAME_dimensions) {
      draft.attrs[i] = ints(e, SK_NAME_dimensions, &(dim_list){1, {1}});
    }
  }
  SK_TRY(sk_rebuild_region(e->r, sk_op_region(e->m, op, 0), &draft.regions[0]));
  const sk_op made = sk_rebuild_emit(e->r, e->into, &draft.desc);
  for (uint32_t i = 0; i < count; i++) {
    give(e, op, i, sk_op_result(e->m, made, i));
  }
  return NULL;
}

// ---- iota, concatenate

static void expand_iota(const sk_expander *e, sk_op op) {
  const sk_value result = sk_op_result(e->m, op, 0);
  const dim_list whole = dims_of(e, result);
  const dim_list list = around(&whole, (uint32_t)sk_op_int(e->m, op, SK_NAME_iota_dimension, 0));
  give(e, op, 0, sk_expand_iota(e, tensor(e, result, &list), 1));
}

static void expand_concatenate(const sk_expander *e, sk_op op) {
  const uint32_t count = sk_op_get(e->m, op)->operand_count;
  const uint32_t dim = (uint32_t)sk_op_int(e->m, op, SK_NAME_dimension, 0);
  sk_value *values = SK_NEW_ARRAY(&e->m->arena, sk_value, count);
  for (uint32_t i = 0; i < count; i++) {
    const sk_value v = sk_expand_operand(e, op, i);
    const dim_list whole = dims_of(e, v), list = around(&whole, dim);
    values[i] = shaped(e, v, &list);
  }
  give(e, op, 0, sk_expand_concatenate(e, values, count, 1));
}

// ---- gather, scatter

typedef struct gathering {
  sk_gather_dims dims;
  dim_list runs, run_sizes;  // of the operand, and of a slice
  dim_list collapsed, map;   // by run
  dim_list parts;            // of a slice: extents of the dimensions that the result has
} gathering;

static bool holds(sk_ints list, int64_t value) {
  bool found = false;
  for (uint32_t k = 0; k < list.count; k++) {
    found = found || list.data[k] == value;
  }
  return found;
}

// The windows of a gather, or of a scatter in the words of one: `type` is that of what has them.
static gathering read_windows(const sk_type_rec *type, const sk_gather_dims *dims,
                              const int64_t *sizes) {
  gathering g = {.dims = *dims};
  int64_t run_of[SK_MAX_RANK];
  bool extends = false;  // the run that ends here is taken whole
  for (uint32_t d = 0; d < type->rank; d++) {
    const bool collapsed = holds(dims->collapsed_slice_dims, d);
    const bool whole = !collapsed && !holds(dims->start_index_map, d) && sizes[d] == type->dims[d];
    if (!whole || !extends) {
      add_dim(&g.runs, 1);
      add_dim(&g.run_sizes, 1);
    }
    run_of[d] = g.runs.count - 1;
    g.runs.dims[run_of[d]] *= type->dims[d];
    g.run_sizes.dims[run_of[d]] *= sizes[d];
    extends = whole;
    if (collapsed) {
      add_dim(&g.collapsed, run_of[d]);
    } else {
      add_dim(&g.parts, sizes[d]);
    }
  }
  for (uint32_t k = 0; k < dims->start_index_map.count; k++) {
    add_dim(&g.map, run_of[dims->start_index_map.data[k]]);
  }
  return g;
}

static gathering read_gather(const sk_module *m, sk_op op) {
  return read_windows(sk_value_type_rec(m, sk_op_operand(m, op, 0)),
                      sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dimension_numbers))->u.gather,
                      sk_op_ints(m, op, SK_NAME_slice_sizes).data);
}

static gathering read_scatter(const sk_module *m, sk_op op) {
  const sk_scatter_dims *dims =
      sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_scatter_dimension_numbers))->u.scatter;
  const uint32_t inputs = sk_op_get(m, op)->result_count;
  const sk_type_rec *type = sk_value_type_rec(m, sk_op_operand(m, op, 0)),
                    *updates = sk_value_type_rec(m, sk_op_operand(m, op, inputs + 1));
  int64_t sizes[SK_MAX_RANK];
  uint32_t window = 0;
  for (uint32_t d = 0; d < type->rank; d++) {
    const bool gone = holds(dims->inserted_window_dims, d) || holds(dims->input_batching_dims, d);
    sizes[d] = gone ? 1 : updates->dims[dims->update_window_dims.data[window++]];
  }
  const sk_gather_dims gather = {.offset_dims = dims->update_window_dims,
                                 .collapsed_slice_dims = dims->inserted_window_dims,
                                 .operand_batching_dims = dims->input_batching_dims,
                                 .start_index_map = dims->scatter_dims_to_operand_dims,
                                 .index_vector_dim = dims->index_vector_dim};
  return read_windows(type, &gather, sizes);
}

static bool has_few_windows(const sk_module *m, sk_op op) {
  const gathering g = sk_op_kind(m, op) == SK_OP_GATHER ? read_gather(m, op) : read_scatter(m, op);
  return g.dims.operand_batching_dims.count == 0 && g.runs.count < SK_GROUP_MAX_RANK;
}

// As [places, numbers of a place]; what it had instead of the first goes to `out_places`.
static sk_value listed_places(const sk_expander *e, sk_value v, int64_t vector_dim,
                              dim_list *out_places) {
  grouping g = group_dims(e, v);
  const bool has = vector_dim < g.o.from.count;
  for (uint32_t d = 0; d < g.o.from.count; d++) {
    if (d != vector_dim) {
      add_dim(out_places, g.o.from.dims[d]);
    }
  }
  const sk_ints vector = {&vector_dim, has};
  add_others(&g, vector, (sk_ints){0});
  add_group(&g, vector.data, vector.count);
  return in_groups(e, v, &g);
}

// From [places.., parts..] to where the result has them.
static sk_value spread_parts(const sk_expander *e, sk_value v, const gathering *g,
                             const dim_list *places) {
  ordering o = {.from = *places};
  for (uint32_t k = 0; k < g->parts.count; k++) {
    add_dim(&o.from, g->parts.dims[k]);
  }
  uint32_t place = 0, part = places->count;
  for (uint32_t d = 0; d < o.from.count; d++) {
    o.order[d] = holds(g->dims.offset_dims, d) ? part++ : place++;
  }
  return transposed(e, v, o);
}

static sk_ints as_ints(const dim_list *list) { return (sk_ints){list->dims, list->count}; }

// The other way round: [places, windows by run], whose windows' places `offsets` are.
static sk_value gathered_parts(const sk_expander *e, sk_value v, const gathering *g,
                               dim_list *offsets) {
  grouping by_place = group_dims(e, v);
  add_others(&by_place, g->dims.offset_dims, (sk_ints){0});
  add_group(&by_place, g->dims.offset_dims.data, g->dims.offset_dims.count);
  const sk_value ordered = in_groups(e, v, &by_place);
  dim_list shape = {1, {by_place.extents.dims[0]}};
  for (uint32_t k = 0; k < g->runs.count; k++) {
    if (!holds(as_ints(&g->collapsed), k)) {
      add_dim(offsets, shape.count);
      add_dim(&shape, g->run_sizes.dims[k]);
    }
  }
  return shaped(e, ordered, &shape);
}

static sk_status expand_scatter(const sk_expander *e, sk_op op) {
  const gathering g = read_scatter(e->m, op);
  sk_op_draft draft = sk_rebuild_draft(e->r, op);
  const uint32_t count = draft.desc.result_count;
  dim_list places = {0}, offsets = {0};
  draft.operands[count] = listed_places(e, draft.operands[count], g.dims.index_vector_dim, &places);
  for (uint32_t i = 0; i < count; i++) {
    offsets.count = 0;
    draft.operands[i] = shaped(e, draft.operands[i], &g.runs);
    draft.operands[count + 1 + i] = gathered_parts(e, draft.operands[count + 1 + i], &g, &offsets);
    draft.types[i] = tensor(e, sk_op_result(e->m, op, i), &g.runs);
  }
  const sk_scatter_dims dims = {.update_window_dims = as_ints(&offsets),
                                .inserted_window_dims = as_ints(&g.collapsed),
                                .scatter_dims_to_operand_dims = as_ints(&g.map),
                                .index_vector_dim = 1};
  for (uint32_t i = 0; i < draft.desc.attr_count; i++) {
    if (draft.attrs[i].name.id == SK_NAME_scatter_dimension_numbers) {
      draft.attrs[i].attr =
          sk_attr_new(e->m, &(sk_attr_rec){.kind = SK_ATTR_SCATTER_DIMS, .u.scatter = &dims});
    }
  }
  SK_TRY(sk_rebuild_region(e->r, sk_op_region(e->m, op, 0), &draft.regions[0]));
  const sk_op made = sk_rebuild_emit(e->r, e->into, &draft.desc);
  for (uint32_t i = 0; i < count; i++) {
    give(e, op, i, sk_op_result(e->m, made, i));
  }
  return NULL;
}

static void expand_gather(const sk_expander *e, sk_op op) {
  const gathering g = read_gather(e->m, op);
  sk_op_draft draft = sk_rebuild_draft(e->r, op);
  dim_list places = {0}, offsets = {0}, result = {0};
  draft.operands[0] = shaped(e, draft.operands[0], &g.runs);
  draft.operands[1] = listed_places(e, draft.operands[1], g.dims.index_vector_dim, &places);
  add_dim(&result, type_of(e, draft.operands[1])->dims[0]);
  for (uint32_t k = 0; k < g.runs.count; k++) {
    if (!holds(as_ints(&g.collapsed), k)) {
      add_dim(&offsets, result.count);
      add_dim(&result, g.run_sizes.dims[k]);
    }
  }
  const sk_gather_dims dims = {.offset_dims = as_ints(&offsets),
                               .collapsed_slice_dims = as_ints(&g.collapsed),
                               .start_index_map = as_ints(&g.map),
                               .index_vector_dim = 1};
  for (uint32_t i = 0; i < draft.desc.attr_count; i++) {
    if (draft.attrs[i].name.id == SK_NAME_dimension_numbers) {
      draft.attrs[i].attr =
          sk_attr_new(e->m, &(sk_attr_rec){.kind = SK_ATTR_GATHER_DIMS, .u.gather = &dims});
    } else if (draft.attrs[i].name.id == SK_NAME_slice_sizes) {
      draft.attrs[i] = ints(e, SK_NAME_slice_sizes, &g.run_sizes);
    }
  }
  draft.types[0] = tensor(e, sk_op_result(e->m, op, 0), &result);
  const sk_value made = sk_op_result(e->m, sk_rebuild_emit(e->r, e->into, &draft.desc), 0);
  give(e, op, 0, spread_parts(e, made, &g, &places));
}

sk_status sk_expand_high_rank(const sk_expander *e, sk_op op) {
  switch ((int)sk_op_kind(e->m, op)) {
    case SK_OP_SLICE:
    case SK_OP_PAD:
    case SK_OP_REVERSE: expand_change(e, op); return NULL;
    case SK_OP_BROADCAST_IN_DIM: expand_broadcast(e, op); return NULL;
    case SK_OP_TRANSPOSE: expand_transpose(e, op); return NULL;
    case SK_OP_REDUCE: return expand_reduce(e, op);
    case SK_OP_DOT_GENERAL: expand_dot(e, op); return NULL;
    case SK_OP_GATHER: expand_gather(e, op); return NULL;
    case SK_OP_SCATTER: return expand_scatter(e, op);
    case SK_OP_IOTA: expand_iota(e, op); return NULL;
    case SK_OP_CONCATENATE: expand_concatenate(e, op); return NULL;
    default: expand_elementwise(e, op); return NULL;
  }
}
