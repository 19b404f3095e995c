// SPDX-License-Identifier: Apache-2.0
// Where processes of a grid meet: groups, and what a collective operation gives each member, once all
// of its group stand at it.
//
// Rows of the grid are replicas, columns partitions; groups and their order are those of the
// specification, and so is the order of reductions.
#include "ir/sharding.h"
#include "pass/grid_int.h"
#include "pass/shard.h"

typedef enum strategy {
  CROSS_REPLICA,
  CROSS_PARTITION,
  CROSS_REPLICA_AND_PARTITION,
  FLATTENED_IDS
} strategy;

// ---- groups

int64_t sk_grid_channel(const sk_module *m, sk_op op) {
  sk_attr attr = sk_op_find_attr(m, op, SK_NAME_channel_handle);
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(m, attr) : NULL;
  return rec && rec->kind == SK_ATTR_CHANNEL_HANDLE ? rec->u.channel->handle : 0;
}

static bool has_flag(const sk_module *m, sk_op op, sk_name name) {
  sk_attr attr = sk_op_find_attr(m, op, name);
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(m, attr) : NULL;
  return rec && (rec->kind != SK_ATTR_BOOL || rec->u.i != 0);
}

static strategy strategy_of(const sk_module *m, sk_op op) {
  bool channel = sk_grid_channel(m, op) > 0;
  switch ((int)sk_op_kind(m, op)) {
    case SK_OP_CROSS_REPLICA_SUM: return CROSS_REPLICA;
    case SK_OP_CUSTOM_CALL: return CROSS_PARTITION;
    case SK_OP_ALL_TO_ALL:
    case SK_OP_COLLECTIVE_BROADCAST:
    case SK_OP_COLLECTIVE_PERMUTE: return channel ? CROSS_PARTITION : CROSS_REPLICA;
    default:
      return !channel                                         ? CROSS_REPLICA
             : has_flag(m, op, SK_NAME_use_global_device_ids) ? FLATTENED_IDS
                                                              : CROSS_REPLICA_AND_PARTITION;
  }
}

static bool add_member(sk_grid *g, sk_process *p, int64_t replica, int64_t partition) {
  if (replica < 0 || replica >= g->replicas || partition < 0 || partition >= g->partitions) {
    return false;
  }
  uint32_t id = (uint32_t)replica * g->partitions + (uint32_t)partition;
  if (g->processes[id].absent) {
    return false;
  }
  if (id == p->id) {
    p->self = p->group.count;
  }
  sk_vec_push(&g->m->arena, &p->group, id);
  return true;
}

static bool fill_group(sk_grid *g, sk_process *p, const int64_t *row, uint32_t width,
                       strategy how) {
  int64_t partitions = g->partitions, replica = p->id / partitions, partition = p->id % partitions;
  bool good = true;
  for (uint32_t q = 0; q < (how == CROSS_REPLICA_AND_PARTITION ? g->partitions : 1u); q++) {
    for (uint32_t i = 0; i < width && good; i++) {
      int64_t id = row[i];
      if (id < 0) {
        continue;  // rows of different length are filled up with -1
      }
      switch (how) {
        case CROSS_REPLICA: good = add_member(g, p, id, partition); break;
        case CROSS_PARTITION: good = add_member(g, p, replica, id); break;
        case CROSS_REPLICA_AND_PARTITION: good = add_member(g, p, id, q); break;
        case FLATTENED_IDS: good = add_member(g, p, id / partitions, id % partitions); break;
      }
    }
  }
  return good;
}

static bool row_names(const sk_grid *g, const sk_process *p, const int64_t *row, uint32_t width,
                      strategy how) {
  int64_t own = how == FLATTENED_IDS     ? p->id
                : how == CROSS_PARTITION ? p->id % g->partitions
                                         : p->id / g->partitions;
  for (uint32_t i = 0; i < width; i++) {
    if (row[i] == own) {
      return true;
    }
  }
  return false;
}

// The rows of ids by which groups are given, by listing them or by the axes of a mesh; count 0: none are.
static sk_status read_rows(sk_grid *g, sk_op op, sk_device_groups *out) {
  sk_attr attr = sk_op_find_attr(g->m, op, SK_NAME_replica_groups);
  *out = (sk_device_groups){0};
  if (attr.id == 0 || sk_op_kind(g->m, op) == SK_OP_COLLECTIVE_PERMUTE) {
    return NULL;
  }
  const sk_attr_rec *rec = sk_attr_get(g->m, attr);
  if (rec->kind != SK_ATTR_INTS) {
    return sk_group_axes_read(g->m, op, attr, &g->m->arena, out);
  }
  *out = (sk_device_groups){.ids = rec->u.ints.data,
                            .count = rec->cols ? rec->u.ints.count / rec->cols : 0,
                            .width = rec->cols};
  return NULL;
}

// Fills p->group for the collective it stands at; left empty where no group has it.
static sk_status find_group(sk_grid *g, sk_process *p, sk_op op) {
  strategy how = strategy_of(g->m, op);
  sk_device_groups rows;
  p->group.count = 0;
  SK_TRY(read_rows(g, op, &rows));
  for (uint32_t i = 0; i < rows.count; i++) {
    const int64_t *row = rows.ids + (size_t)i * rows.width;
    if (row_names(g, p, row, rows.width, how)) {
      return fill_group(g, p, row, rows.width, how)
                 ? NULL
                 : sk_op_error(g->m, op, SK_INVALID_ARGUMENT,
                               "a group names a process that does not run");
    }
  }
  uint32_t everybody = rows.count != 0 ? 0 : how == CROSS_PARTITION ? g->partitions : g->replicas;
  for (int64_t id = 0; id < everybody; id++) {
    (void)fill_group(g, p, &id, 1, how);
  }
  return NULL;
}

// ---- what collectives give, for member `self` of a group

typedef struct meeting {
  sk_grid *g;
  sk_process *first;  // has the group
  sk_expander e;
} meeting;

static sk_process *member(const meeting *t, uint32_t i) {
  return &t->g->processes[t->first->group.data[i]];
}

static sk_value operand_of(const meeting *t, uint32_t i, uint32_t operand) {
  sk_process *p = member(t, i);
  return sk_grid_get(t->g, p, sk_op_operand(t->g->m, sk_grid_op(p), operand));
}

// Part `index` of `parts` along a dimension.
static sk_value part_of(const sk_expander *e, sk_value v, uint32_t dim, uint32_t index,
                        uint32_t parts) {
  sk_type_rec rec = *sk_value_type_rec(e->m, v);
  int64_t starts[SK_MAX_RANK] = {0}, limits[SK_MAX_RANK], extent = rec.dims[dim] / parts;
  memcpy(limits, rec.dims, rec.rank * sizeof *limits);
  starts[dim] = index * extent;
  limits[dim] = starts[dim] + extent;
  return sk_expand_slice(e, v, starts, limits);
}

static sk_value zeros(const sk_expander *e, sk_value like) {
  sk_type type = sk_value_type(e->m, like);
  sk_elem elem = (sk_elem)sk_type_get(e->m, type)->elem;
  return sk_elem_is_int(elem) || elem == SK_PRED ? sk_expand_int(e, type, 0)
                                                 : sk_expand_float(e, type, 0);
}

// combiner(a, b) of every element.
static sk_status combine(const sk_expander *e, sk_op op, sk_value a, sk_value b, sk_value *out) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, a);
  int64_t dims[SK_MAX_RANK];
  for (uint32_t d = 0; d < rec.rank; d++) {
    dims[d] = d;
  }
  if (sk_op_get(e->m, op)->region_count == 0) {  // cross-replica-sum
    *out = sk_expand_2(e, SK_OP_ADD, a, b);
    return NULL;
  }
  sk_region body;
  SK_TRY(sk_rebuild_region(e->r, sk_op_region(e->m, op, 0), &body));
  const sk_value operands[2] = {a, b};
  const sk_type type = sk_value_type(e->m, a);
  const sk_named_attr attr = {{SK_NAME_dimensions}, sk_attr_ints(e->m, dims, rec.rank)};
  *out = sk_expand_by_body(e, SK_OP_MAP, type, operands, &attr, body);
  return NULL;
}

// The reduction over the group, in its order.
static sk_status reduce_group(const meeting *t, sk_op op, uint32_t operand, sk_value *out) {
  *out = operand_of(t, 0, operand);
  for (uint32_t i = 1; i < t->first->group.count; i++) {
    SK_TRY(combine(&t->e, op, *out, operand_of(t, i, operand), out));
  }
  return NULL;
}

// chosen[root] where the root of result `i` is data, else chosen[0].
static sk_value choose_root(const meeting *t, sk_process *p, sk_op op, uint32_t i,
                            const sk_value *chosen) {
  const sk_expander *e = &t->e;
  if (!has_flag(e->m, op, SK_NAME_has_dynamic_root)) {
    return chosen[0];
  }
  uint32_t last = sk_op_get(e->m, op)->operand_count - 1;
  sk_value roots = sk_grid_get(t->g, p, sk_op_operand(e->m, op, last));
  const sk_type_rec rec = *sk_value_type_rec(e->m, roots);
  sk_type scalar = sk_type_tensor(e->m, (sk_elem)rec.elem, 0, NULL);
  const int64_t start = i, limit = i + 1;
  sk_value root = rec.rank == 0
                      ? roots
                      : sk_expand_reshape(e, sk_expand_slice(e, roots, &start, &limit), scalar);
  sk_value result = chosen[0];
  for (uint32_t k = 1; k < t->first->group.count; k++) {
    sk_value is_root = sk_expand_compare(e, SK_CMP_EQ, root, sk_expand_int(e, scalar, k));
    result = sk_expand_select(e, is_root, chosen[k], result);
  }
  return result;
}

static sk_status reduce_at_root(const meeting *t, sk_process *p, sk_op op, uint32_t i,
                                sk_value *out) {
  sk_value *chosen = SK_NEW_ARRAY(&t->g->m->arena, sk_value, t->first->group.count + 1);
  for (uint32_t k = 0; k < t->first->group.count; k++) {
    chosen[k] = zeros(&t->e, operand_of(t, k, i));
  }
  SK_TRY(reduce_group(t, op, i, &chosen[p->self]));
  *out = choose_root(t, p, op, i, chosen);
  return NULL;
}

// The member with this number, for operations that say whose data goes where; UINT32_MAX: none.
static uint32_t find_member(const meeting *t, const sk_process *p, strategy how, int64_t number) {
  int64_t partitions = t->g->partitions;
  int64_t id = how == CROSS_PARTITION ? p->id / partitions * partitions + number
                                      : number * partitions + p->id % partitions;
  for (uint32_t k = 0; k < t->first->group.count; k++) {
    if (t->first->group.data[k] == id) {
      return k;
    }
  }
  return UINT32_MAX;
}

static sk_status permuted(const meeting *t, sk_process *p, sk_op op, sk_value *out) {
  const sk_ints pairs = sk_op_ints(t->g->m, op, SK_NAME_source_target_pairs);
  strategy how = strategy_of(t->g->m, op);
  *out = zeros(&t->e, operand_of(t, p->self, 0));
  for (uint32_t i = 0; i + 1 < pairs.count; i += 2) {
    if (find_member(t, p, how, pairs.data[i + 1]) != p->self) {
      continue;
    }
    uint32_t source = find_member(t, p, how, pairs.data[i]);
    if (source == UINT32_MAX) {
      return sk_op_error(t->g->m, op, SK_INVALID_ARGUMENT,
                         "a pair names a process that does not run");
    }
    *out = operand_of(t, source, 0);
  }
  return NULL;
}

static bool splits(const meeting *t, sk_value v, uint32_t dim) {
  return sk_value_type_rec(t->g->m, v)->dims[dim] % t->first->group.count == 0;
}

// Result `i` of the collective for process p, whose group has come together.
static sk_status result_for(const meeting *t, sk_process *p, sk_op op, uint32_t i, sk_value *out) {
  const sk_module *m = t->g->m;
  const sk_expander *e = &t->e;
  uint32_t count = t->first->group.count;
  sk_value *all = SK_NEW_ARRAY(&t->g->m->arena, sk_value, count + 1);
  for (uint32_t k = 0; k < count; k++) {
    all[k] = operand_of(t, k, i);
    if (sk_value_type(m, all[k]).id != sk_value_type(m, all[0]).id) {
      return sk_op_error(m, op, SK_INVALID_ARGUMENT,
                         "the processes meet with operands of different types");
    }
  }
  const uint32_t scatter = (uint32_t)sk_op_int(m, op, SK_NAME_scatter_dimension, 0);
  const uint32_t split = (uint32_t)sk_op_int(m, op, SK_NAME_split_dimension, 0);
  bool good = true;
  switch ((int)sk_op_kind(m, op)) {
    case SK_OP_ALL_GATHER:
      *out = sk_expand_concatenate(e, all, count,
                                   (uint32_t)sk_op_int(m, op, SK_NAME_all_gather_dim, 0));
      break;
    case SK_OP_ALL_TO_ALL:
      good = splits(t, all[0], split);
      for (uint32_t k = 0; good && k < count; k++) {
        all[k] = part_of(e, all[k], split, p->self, count);
      }
      *out = good ? sk_expand_concatenate(e, all, count,
                                          (uint32_t)sk_op_int(m, op, SK_NAME_concat_dimension, 0))
                  : all[0];
      break;
    case SK_OP_REDUCE_SCATTER:
      good = splits(t, all[0], scatter);
      SK_TRY(reduce_group(t, op, i, out));
      *out = good ? part_of(e, *out, scatter, p->self, count) : *out;
      break;
    case SK_OP_COLLECTIVE_REDUCE: return reduce_at_root(t, p, op, i, out);
    case SK_OP_COLLECTIVE_BROADCAST: *out = choose_root(t, p, op, i, all); break;
    case SK_OP_COLLECTIVE_PERMUTE: return permuted(t, p, op, out);
    case SK_OP_CUSTOM_CALL: return sk_grid_join(t->g, e, op, all, out);
    default: return reduce_group(t, op, i, out);
  }
  return good ? NULL
              : sk_op_error(m, op, SK_INVALID_ARGUMENT,
                            "the operand does not split into as many parts as processes");
}

static sk_status give_results(const meeting *t, sk_process *p) {
  sk_op op = sk_grid_op(p);
  uint32_t count = sk_op_get(t->g->m, op)->result_count;
  sk_value *results = SK_NEW_ARRAY(&t->g->m->arena, sk_value, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(result_for(t, p, op, i, &results[i]));
    if (!sk_grid_is_typed(t->g->m, op, i, results[i])) {
      return sk_op_error(t->g->m, op, SK_INVALID_ARGUMENT,
                         "the result has another type than the processes give it");
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    sk_grid_set(t->g, p, sk_op_result(t->g->m, op, i), results[i]);
  }
  return NULL;
}

// ---- meeting

bool sk_grid_is_collective(const sk_module *m, sk_op op) {
  switch ((int)sk_op_kind(m, op)) {
    case SK_OP_ALL_GATHER:
    case SK_OP_ALL_REDUCE:
    case SK_OP_ALL_TO_ALL:
    case SK_OP_COLLECTIVE_BROADCAST:
    case SK_OP_COLLECTIVE_PERMUTE:
    case SK_OP_COLLECTIVE_REDUCE:
    case SK_OP_CROSS_REPLICA_SUM:
    case SK_OP_REDUCE_SCATTER: return true;
    case SK_OP_CUSTOM_CALL: return sk_shape_call_of(m, op) == SK_SHAPE_CALL_JOINS;
    default: return false;
  }
}

static bool same_group(const sk_process *a, const sk_process *b) {
  return a->group.count == b->group.count &&
         memcmp(a->group.data, b->group.data, a->group.count * sizeof *a->group.data) == 0;
}

// Members of a group write for all once the last of them has come.
static sk_status try_to_meet(sk_grid *g, sk_process *last) {
  meeting t = {
      .g = g,
      .first = last,
      .e = {.r = g->r, .m = g->m, .into = g->into, .loc = sk_op_get(g->m, sk_grid_op(last))->loc}};
  for (uint32_t i = 0; i < last->group.count; i++) {
    const sk_process *p = member(&t, i);
    if (!p->waits || p->key != last->key || !same_group(p, last)) {
      return NULL;
    }
  }
  for (uint32_t i = 0; i < last->group.count; i++) {
    SK_TRY(give_results(&t, member(&t, i)));
  }
  for (uint32_t i = 0; i < last->group.count; i++) {
    sk_process *p = member(&t, i);
    p->waits = false;
    sk_grid_step_over(g, p);
  }
  return NULL;
}

// Outside all groups a broadcast or a reduction to a root gives zeros.
static sk_status stand_apart(sk_grid *g, sk_process *p, sk_op op) {
  sk_opkind kind = sk_op_kind(g->m, op);
  if (kind != SK_OP_COLLECTIVE_BROADCAST && kind != SK_OP_COLLECTIVE_REDUCE) {
    return sk_op_error(g->m, op, SK_INVALID_ARGUMENT, "this process is in no process group");
  }
  const sk_expander e = {.r = g->r, .m = g->m, .into = g->into, .loc = sk_op_get(g->m, op)->loc};
  for (uint32_t i = 0; i < sk_op_get(g->m, op)->result_count; i++) {
    sk_grid_set(g, p, sk_op_result(g->m, op, i),
                zeros(&e, sk_grid_get(g, p, sk_op_operand(g->m, op, i))));
  }
  sk_grid_step_over(g, p);
  return NULL;
}

sk_status sk_grid_arrive(sk_grid *g, sk_process *p, sk_op op) {
  SK_TRY(find_group(g, p, op));
  if (p->group.count == 0) {
    return stand_apart(g, p, op);
  }
  p->key = (sk_grid_channel(g->m, op) << 16) ^ (int64_t)sk_op_kind(g->m, op);
  p->waits = true;
  return try_to_meet(g, p);
}
