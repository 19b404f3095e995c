// SPDX-License-Identifier: Apache-2.0
// interpreter.run_parallel: a grid of processes becomes one program, in which the processes take
// turns and collective operations are data movement between their values.
//
//   run_parallel(%a, %b) {programs = [[@f], [@f]]}        %a' = body of @f on %a, up to the all_reduce
//   @f(%x) { .. all_reduce(%y) .. }                  ->   %b' = body of @f on %b, up to the all_reduce
//                                                         %s  = map(%a', %b') { the combiner }
//                                                         .. the rest, twice, both on %s
//
// Every process has its own map from values of its function to values of the entry. One goes on until
// it ends or meets an operation that needs others: a collective, which happens once all members of
// its group stand at it, or a receive from a channel to which nothing was sent. When none can go on,
// the program would hang: an error. Rows of the grid are replicas, columns partitions; groups and their
// order are those of the specification, and so is the order of reductions.
//
// Assumes a verified module. What stands inside a region (while, if, a combiner) belongs to one
// process; collective operations there are UNIMPLEMENTED, located.
#include "pass/grid.h"

#include "pass/expand_int.h"

enum { MAX_PROCESSES = 256 };

typedef enum strategy {
  CROSS_REPLICA,
  CROSS_PARTITION,
  CROSS_REPLICA_AND_PARTITION,
  FLATTENED_IDS
} strategy;

// Operations still to be written: those of a region from `next` on.
typedef struct cursor {
  sk_region region;
  sk_op next;
  sk_op by;  // func.call or async_start whose region this is; id 0: the process's function
} cursor;

typedef struct process {
  uint32_t id;
  sk_value *map;  // of the rebuild while another one has its turn
  uint32_t map_count;
  SK_VEC(cursor) stack;
  SK_VEC(uint32_t) group;  // of the collective it stands at, in order
  uint32_t self;           // position in it
  int64_t key;             // of the meeting; collectives with equal keys meet
  bool waits, ended;
} process;

typedef struct parcel {
  int64_t channel;
  sk_value *values;
  uint32_t count;
  bool taken;
} parcel;

struct sk_grid {
  sk_rebuild *r;
  sk_module *m;
  sk_op op;  // run_parallel
  sk_region into;
  process *processes;
  uint32_t count, replicas, partitions;
  SK_VEC(parcel) sent;
  const sk_attr_rec *infeed;  // list of functions; NULL: none
  uint32_t fed;               // taken from it
  const process *turn;        // whose map the rebuild has; NULL: that of the entry
};

// ---- turns

// The rebuild's map is the one of whoever writes.
static void exchange_map(sk_grid *g, process *p) {
  sk_value *map = g->r->map;
  uint32_t count = g->r->map_count;
  g->r->map = p->map;
  g->r->map_count = p->map_count;
  p->map = map;
  p->map_count = count;
}

static void begin_turn(sk_grid *g, process *p) {
  exchange_map(g, p);
  g->turn = p;
}

static void end_turn(sk_grid *g, process *p) {
  exchange_map(g, p);
  g->turn = NULL;
}

static sk_value value_in(sk_grid *g, process *p, sk_value old) {
  begin_turn(g, p);
  sk_value value = sk_rebuild_get(g->r, old);
  end_turn(g, p);
  return value;
}

static void set_in(sk_grid *g, process *p, sk_value old, sk_value value) {
  begin_turn(g, p);
  sk_rebuild_set(g->r, old, value);
  end_turn(g, p);
}

static sk_op op_of(const process *p) { return sk_vec_last(&p->stack).next; }

static void step_over(sk_grid *g, process *p) {
  cursor *c = &p->stack.data[p->stack.count - 1];
  c->next = sk_op_next(g->m, c->next);
}

// ---- groups

static int64_t channel_of(const sk_module *m, sk_op op) {
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
  bool channel = channel_of(m, op) > 0;
  switch ((int)sk_op_kind(m, op)) {
    case SK_OP_CROSS_REPLICA_SUM: return CROSS_REPLICA;
    case SK_OP_ALL_TO_ALL:
    case SK_OP_COLLECTIVE_BROADCAST:
    case SK_OP_COLLECTIVE_PERMUTE: return channel ? CROSS_PARTITION : CROSS_REPLICA;
    default:
      return !channel                                         ? CROSS_REPLICA
             : has_flag(m, op, SK_NAME_use_global_device_ids) ? FLATTENED_IDS
                                                              : CROSS_REPLICA_AND_PARTITION;
  }
}

static bool add_member(sk_grid *g, process *p, int64_t replica, int64_t partition) {
  if (replica < 0 || replica >= g->replicas || partition < 0 || partition >= g->partitions) {
    return false;
  }
  uint32_t id = (uint32_t)replica * g->partitions + (uint32_t)partition;
  if (id == p->id) {
    p->self = p->group.count;
  }
  sk_vec_push(&g->m->arena, &p->group, id);
  return true;
}

static bool fill_group(sk_grid *g, process *p, const int64_t *row, uint32_t width, strategy how) {
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

static bool row_names(const sk_grid *g, const process *p, const int64_t *row, uint32_t width,
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

// Fills p->group for the collective it stands at; left empty where no group has it.
static sk_status find_group(sk_grid *g, process *p, sk_op op) {
  const sk_attr_rec *rows = NULL;
  strategy how = strategy_of(g->m, op);
  sk_attr attr = sk_op_find_attr(g->m, op, SK_NAME_replica_groups);
  if (attr.id != 0 && sk_op_kind(g->m, op) != SK_OP_COLLECTIVE_PERMUTE) {
    rows = sk_attr_get(g->m, attr);
  }
  p->group.count = 0;
  if (rows && rows->kind != SK_ATTR_INTS) {
    return sk_op_error(g->m, op, SK_UNIMPLEMENTED,
                       "groups given by the axes of a mesh are not supported yet");
  }
  uint32_t width = rows ? rows->cols : 0, count = width ? rows->u.ints.count / width : 0;
  for (uint32_t i = 0; i < count; i++) {
    const int64_t *row = rows->u.ints.data + (size_t)i * width;
    if (row_names(g, p, row, width, how)) {
      return fill_group(g, p, row, width, how)
                 ? NULL
                 : sk_op_error(g->m, op, SK_INVALID_ARGUMENT,
                               "a group names a process that does not run");
    }
  }
  uint32_t everybody = count != 0 ? 0 : how == CROSS_PARTITION ? g->partitions : g->replicas;
  for (int64_t id = 0; id < everybody; id++) {
    (void)fill_group(g, p, &id, 1, how);
  }
  return NULL;
}

// ---- what collectives give, for member `self` of a group

typedef struct meeting {
  sk_grid *g;
  process *first;  // has the group
  sk_expander e;
} meeting;

static process *member(const meeting *t, uint32_t i) {
  return &t->g->processes[t->first->group.data[i]];
}

static sk_value operand_of(const meeting *t, uint32_t i, uint32_t operand) {
  process *p = member(t, i);
  return value_in(t->g, p, sk_op_operand(t->g->m, op_of(p), operand));
}

static sk_value concatenate(const sk_expander *e, const sk_value *values, uint32_t count,
                            uint32_t dim) {
  sk_type_rec rec = *sk_value_type_rec(e->m, values[0]);
  int64_t dims[SK_MAX_RANK];
  memcpy(dims, rec.dims, rec.rank * sizeof *dims);
  dims[dim] = 0;
  for (uint32_t i = 0; i < count; i++) {
    dims[dim] += sk_value_type_rec(e->m, values[i])->dims[dim];
  }
  const sk_named_attr attr = {{SK_NAME_dimension},
                              sk_attr_int(e->m, sk_type_scalar(e->m, SK_S64), dim)};
  return sk_expand_emit(e, SK_OP_CONCATENATE,
                        sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, dims), values, count,
                        &attr, 1);
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
  const sk_op_desc desc = {.kind = SK_OP_MAP,
                           .loc = e->loc,
                           .operands = operands,
                           .operand_count = 2,
                           .result_types = &type,
                           .result_count = 1,
                           .attrs = &attr,
                           .attr_count = 1,
                           .regions = &body,
                           .region_count = 1};
  *out = sk_op_result(e->m, sk_rebuild_emit(e->r, e->into, &desc), 0);
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
static sk_value choose_root(const meeting *t, process *p, sk_op op, uint32_t i,
                            const sk_value *chosen) {
  const sk_expander *e = &t->e;
  if (!has_flag(e->m, op, SK_NAME_has_dynamic_root)) {
    return chosen[0];
  }
  uint32_t last = sk_op_get(e->m, op)->operand_count - 1;
  sk_value roots = value_in(t->g, p, sk_op_operand(e->m, op, last));
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

static sk_status reduce_at_root(const meeting *t, process *p, sk_op op, uint32_t i, sk_value *out) {
  sk_value *chosen = SK_NEW_ARRAY(&t->g->m->arena, sk_value, t->first->group.count + 1);
  for (uint32_t k = 0; k < t->first->group.count; k++) {
    chosen[k] = zeros(&t->e, operand_of(t, k, i));
  }
  SK_TRY(reduce_group(t, op, i, &chosen[p->self]));
  *out = choose_root(t, p, op, i, chosen);
  return NULL;
}

static sk_status permuted(const meeting *t, process *p, sk_op op, sk_value *out) {
  const sk_ints pairs = sk_op_ints(t->g->m, op, SK_NAME_source_target_pairs);
  uint32_t partitions = t->g->partitions;
  int64_t own =
      strategy_of(t->g->m, op) == CROSS_PARTITION ? p->id % partitions : p->id / partitions;
  *out = zeros(&t->e, operand_of(t, p->self, 0));
  for (uint32_t i = 0; i + 1 < pairs.count; i += 2) {
    if (pairs.data[i + 1] != own) {
      continue;
    }
    if (pairs.data[i] < 0 || pairs.data[i] >= t->first->group.count) {
      return sk_op_error(t->g->m, op, SK_INVALID_ARGUMENT,
                         "a pair names a process that does not run");
    }
    *out = operand_of(t, (uint32_t)pairs.data[i], 0);
  }
  return NULL;
}

static bool splits(const meeting *t, sk_value v, uint32_t dim) {
  return sk_value_type_rec(t->g->m, v)->dims[dim] % t->first->group.count == 0;
}

// Result `i` of the collective for process p, whose group has come together.
static sk_status result_for(const meeting *t, process *p, sk_op op, uint32_t i, sk_value *out) {
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
      *out = concatenate(e, all, count, (uint32_t)sk_op_int(m, op, SK_NAME_all_gather_dim, 0));
      break;
    case SK_OP_ALL_TO_ALL:
      good = splits(t, all[0], split);
      for (uint32_t k = 0; good && k < count; k++) {
        all[k] = part_of(e, all[k], split, p->self, count);
      }
      *out =
          good ? concatenate(e, all, count, (uint32_t)sk_op_int(m, op, SK_NAME_concat_dimension, 0))
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
    default: return reduce_group(t, op, i, out);
  }
  return good ? NULL
              : sk_op_error(m, op, SK_INVALID_ARGUMENT,
                            "the operand does not split into as many parts as processes");
}

static bool is_typed(const sk_module *m, sk_op op, uint32_t i, sk_value value) {
  return sk_value_type(m, value).id == sk_value_type(m, sk_op_result(m, op, i)).id;
}

static sk_status give_results(const meeting *t, process *p) {
  sk_op op = op_of(p);
  uint32_t count = sk_op_get(t->g->m, op)->result_count;
  sk_value *results = SK_NEW_ARRAY(&t->g->m->arena, sk_value, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(result_for(t, p, op, i, &results[i]));
    if (!is_typed(t->g->m, op, i, results[i])) {
      return sk_op_error(t->g->m, op, SK_INVALID_ARGUMENT,
                         "the result has another type than the processes give it");
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    set_in(t->g, p, sk_op_result(t->g->m, op, i), results[i]);
  }
  return NULL;
}

// ---- meeting

static bool is_collective(sk_opkind kind) {
  switch ((int)kind) {
    case SK_OP_ALL_GATHER:
    case SK_OP_ALL_REDUCE:
    case SK_OP_ALL_TO_ALL:
    case SK_OP_COLLECTIVE_BROADCAST:
    case SK_OP_COLLECTIVE_PERMUTE:
    case SK_OP_COLLECTIVE_REDUCE:
    case SK_OP_CROSS_REPLICA_SUM:
    case SK_OP_REDUCE_SCATTER: return true;
    default: return false;
  }
}

static bool same_group(const process *a, const process *b) {
  return a->group.count == b->group.count &&
         memcmp(a->group.data, b->group.data, a->group.count * sizeof *a->group.data) == 0;
}

// Members of a group write for all once the last of them has come.
static sk_status try_to_meet(sk_grid *g, process *last) {
  meeting t = {
      .g = g,
      .first = last,
      .e = {.r = g->r, .m = g->m, .into = g->into, .loc = sk_op_get(g->m, op_of(last))->loc}};
  for (uint32_t i = 0; i < last->group.count; i++) {
    const process *p = member(&t, i);
    if (!p->waits || p->key != last->key || !same_group(p, last)) {
      return NULL;
    }
  }
  for (uint32_t i = 0; i < last->group.count; i++) {
    SK_TRY(give_results(&t, member(&t, i)));
  }
  for (uint32_t i = 0; i < last->group.count; i++) {
    process *p = member(&t, i);
    p->waits = false;
    step_over(g, p);
  }
  return NULL;
}

// Outside all groups a broadcast or a reduction to a root gives zeros.
static sk_status stand_apart(sk_grid *g, process *p, sk_op op) {
  sk_opkind kind = sk_op_kind(g->m, op);
  if (kind != SK_OP_COLLECTIVE_BROADCAST && kind != SK_OP_COLLECTIVE_REDUCE) {
    return sk_op_error(g->m, op, SK_INVALID_ARGUMENT, "this process is in no process group");
  }
  const sk_expander e = {.r = g->r, .m = g->m, .into = g->into, .loc = sk_op_get(g->m, op)->loc};
  for (uint32_t i = 0; i < sk_op_get(g->m, op)->result_count; i++) {
    set_in(g, p, sk_op_result(g->m, op, i), zeros(&e, value_in(g, p, sk_op_operand(g->m, op, i))));
  }
  step_over(g, p);
  return NULL;
}

static sk_status arrive(sk_grid *g, process *p, sk_op op) {
  SK_TRY(find_group(g, p, op));
  if (p->group.count == 0) {
    return stand_apart(g, p, op);
  }
  p->key = (channel_of(g->m, op) << 16) ^ (int64_t)sk_op_kind(g->m, op);
  p->waits = true;
  return try_to_meet(g, p);
}

// ---- send, receive, feeds

static void send(sk_grid *g, process *p, sk_op op) {
  uint32_t count = sk_op_get(g->m, op)->operand_count - 1;  // the last is a token
  parcel sent = {channel_of(g->m, op), SK_NEW_ARRAY(&g->m->arena, sk_value, count + 1), count,
                 false};
  for (uint32_t i = 0; i < count; i++) {
    sent.values[i] = value_in(g, p, sk_op_operand(g->m, op, i));
  }
  sk_vec_push(&g->m->arena, &g->sent, sent);
}

// Values become the results, which a token follows.
static sk_status give_received(sk_grid *g, process *p, sk_op op, const sk_value *values,
                               uint32_t count) {
  const sk_op_rec rec = *sk_op_get(g->m, op);
  bool fits = count == rec.result_count - 1;
  for (uint32_t i = 0; i < count && fits; i++) {
    fits = is_typed(g->m, op, i, values[i]);
  }
  if (!fits) {
    return sk_op_error(g->m, op, SK_INVALID_ARGUMENT,
                       "what comes has other types than the results");
  }
  for (uint32_t i = 0; i < count; i++) {
    set_in(g, p, sk_op_result(g->m, op, i), values[i]);
  }
  return NULL;
}

static void pass_token(sk_grid *g, process *p, sk_op op) {
  const sk_op_rec rec = *sk_op_get(g->m, op);
  set_in(g, p, sk_op_result(g->m, op, rec.result_count - 1),
         value_in(g, p, sk_op_operand(g->m, op, rec.operand_count - 1)));
  step_over(g, p);
}

// Takes the oldest parcel of the channel; where there is none the process goes on waiting.
static sk_status receive(sk_grid *g, process *p, sk_op op) {
  int64_t channel = channel_of(g->m, op);
  for (uint32_t i = 0; i < g->sent.count; i++) {
    parcel *sent = &g->sent.data[i];
    if (!sent->taken && sent->channel == channel) {
      sent->taken = true;
      SK_TRY(give_received(g, p, op, sent->values, sent->count));
      pass_token(g, p, op);
      return NULL;
    }
  }
  return NULL;
}

static sk_status find_function(const sk_grid *g, sk_op op, sk_attr symbol, sk_op *out) {
  const sk_attr_rec *rec = sk_attr_get(g->m, symbol);
  *out = (sk_op){0};
  if (rec->kind == SK_ATTR_SYMBOL) {
    *out = sk_module_find_func(g->m, sk_sym_str(&g->m->strings, rec->u.sym));
  }
  if (out->id == 0 || sk_func_body(g->m, *out).id == 0) {
    return sk_op_error(g->m, op, SK_INVALID_ARGUMENT, "names a function that is not defined");
  }
  return NULL;
}

// The next function of the queue gives what comes.
static sk_status feed(sk_grid *g, process *p, sk_op op) {
  if (!g->infeed || g->fed == g->infeed->u.list.count) {
    return sk_op_error(g->m, op, SK_FAILED_PRECONDITION, "nothing is left in the infeed");
  }
  sk_op function;
  SK_TRY(find_function(g, op, g->infeed->u.list.data[g->fed++], &function));
  sk_region body = sk_func_body(g->m, function);
  if (sk_region_get(g->m, body)->arg_count != 0) {
    return sk_op_error(g->m, op, SK_INVALID_ARGUMENT, "a function of the infeed has arguments");
  }
  begin_turn(g, p);
  sk_status status = sk_rebuild_ops(g->r, body, g->into);
  end_turn(g, p);
  SK_TRY(status);
  sk_op end = sk_region_get(g->m, body)->last;
  uint32_t count = sk_op_get(g->m, end)->operand_count;
  sk_value *values = SK_NEW_ARRAY(&g->m->arena, sk_value, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    values[i] = value_in(g, p, sk_op_operand(g->m, end, i));
  }
  SK_TRY(give_received(g, p, op, values, count));
  pass_token(g, p, op);
  return NULL;
}

// ---- one process

static sk_status enter_region(sk_grid *g, process *p, sk_op by, sk_region region) {
  if (p->stack.count >= SK_REBUILD_MAX_DEPTH) {
    return sk_op_error(g->m, by, SK_RESOURCE_EXHAUSTED, "calls are nested deeper than %d",
                       SK_REBUILD_MAX_DEPTH);
  }
  const sk_op_rec rec = *sk_op_get(g->m, by);
  if (sk_region_get(g->m, region)->arg_count != rec.operand_count) {
    return sk_op_error(g->m, by, SK_INVALID_ARGUMENT,
                       "runs a region with %u arguments on %u values",
                       sk_region_get(g->m, region)->arg_count, rec.operand_count);
  }
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    set_in(g, p, sk_region_arg(g->m, region, i), value_in(g, p, sk_op_operand(g->m, by, i)));
  }
  step_over(g, p);
  cursor c = {region, sk_region_first(g->m, region), by};
  sk_vec_push(&g->m->arena, &p->stack, c);
  return NULL;
}

static sk_status enter_call(sk_grid *g, process *p, sk_op call) {
  sk_str name = sk_op_string(g->m, call, SK_NAME_callee);
  sk_op function = sk_module_find_func(g->m, name);
  if (function.id == 0 || sk_func_body(g->m, function).id == 0) {
    return sk_op_error(g->m, call, SK_INVALID_ARGUMENT, "calls @%.*s, which has no definition",
                       SK_STR_ARG(name));
  }
  return enter_region(g, p, call, sk_func_body(g->m, function));
}

static void set_from_end(sk_grid *g, process *p, sk_op op, sk_region region) {
  sk_op end = sk_region_get(g->m, region)->last;
  for (uint32_t i = 0; i < sk_op_get(g->m, op)->result_count; i++) {
    set_in(g, p, sk_op_result(g->m, op, i), value_in(g, p, sk_op_operand(g->m, end, i)));
  }
}

static void leave_region(sk_grid *g, process *p) {
  cursor c = sk_vec_last(&p->stack);
  if (c.by.id == 0) {
    p->ended = true;
    return;
  }
  p->stack.count--;
  if (sk_op_kind(g->m, c.by) == SK_OP_FUNC_CALL) {
    set_from_end(g, p, c.by, c.region);
  }
}

// What was begun has ended: its region was written where it began.
static sk_status await(sk_grid *g, process *p, sk_op op) {
  sk_op start = sk_value_get(g->m, sk_op_operand(g->m, op, 0))->op;
  if (start.id == 0 || sk_op_kind(g->m, start) != SK_OP_ASYNC_START) {
    return sk_op_error(g->m, op, SK_UNIMPLEMENTED,
                       "what is awaited does not begin in the same function");
  }
  set_from_end(g, p, op, sk_op_region(g->m, start, 0));
  step_over(g, p);
  return NULL;
}

static sk_status write_op(sk_grid *g, process *p, sk_op op) {
  begin_turn(g, p);
  sk_status status = sk_rebuild_op(g->r, op, g->into);
  end_turn(g, p);
  SK_TRY(status);
  step_over(g, p);
  return NULL;
}

// The next operation of a process; p->stack stays as it is when it must wait.
static sk_status advance(sk_grid *g, process *p) {
  sk_op op = op_of(p);
  sk_opkind kind = sk_op_kind(g->m, op);
  if (op.id == sk_region_get(g->m, sk_vec_last(&p->stack).region)->last.id) {
    leave_region(g, p);
    return NULL;
  }
  if (is_collective(kind)) {
    return arrive(g, p, op);
  }
  switch ((int)kind) {
    case SK_OP_FUNC_CALL: return enter_call(g, p, op);
    case SK_OP_ASYNC_START: return enter_region(g, p, op, sk_op_region(g->m, op, 0));
    case SK_OP_ASYNC_DONE: return await(g, p, op);
    case SK_OP_SEND:
      send(g, p, op);
      pass_token(g, p, op);
      return NULL;
    case SK_OP_RECV: return receive(g, p, op);
    case SK_OP_INFEED: return feed(g, p, op);
    case SK_OP_OUTFEED: pass_token(g, p, op); return NULL;
    default: return write_op(g, p, op);
  }
}

// Until it waits or ends; *out_moved: it did something.
static sk_status take_turn(sk_grid *g, process *p, bool *out_moved) {
  while (!p->ended && !p->waits) {
    cursor before = sk_vec_last(&p->stack);
    uint32_t depth = p->stack.count;
    SK_TRY(advance(g, p));
    bool stays = p->stack.count == depth && sk_vec_last(&p->stack).next.id == before.next.id;
    *out_moved |= !stays || p->ended || p->waits;
    if (stays && !p->ended && !p->waits) {
      return NULL;  // nothing to receive yet
    }
  }
  return NULL;
}

static sk_status take_turns(sk_grid *g) {
  for (;;) {
    bool moved = false;
    const process *left = NULL;
    for (uint32_t i = 0; i < g->count; i++) {
      SK_TRY(take_turn(g, &g->processes[i], &moved));
    }
    for (uint32_t i = 0; i < g->count; i++) {
      left = g->processes[i].ended ? left : &g->processes[i];
    }
    if (!left) {
      return NULL;
    }
    if (!moved) {
      return sk_op_error(g->m, op_of(left), SK_FAILED_PRECONDITION,
                         "no process is left that could take part in this");
    }
  }
}

// ---- the grid

static const sk_attr_rec *list_of(const sk_module *m, sk_attr attr) {
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(m, attr) : NULL;
  return rec && rec->kind == SK_ATTR_ARRAY ? rec : NULL;
}

static sk_status read_grid(sk_grid *g, const sk_attr_rec **out_programs) {
  const sk_attr_rec *programs = list_of(g->m, sk_op_find_attr(g->m, g->op, SK_NAME_programs));
  uint32_t replicas = programs ? programs->u.list.count : 0, partitions = 0;
  bool good = replicas > 0 && replicas <= MAX_PROCESSES;
  for (uint32_t i = 0; i < replicas && good; i++) {
    const sk_attr_rec *row = list_of(g->m, programs->u.list.data[i]);
    good = row && row->u.list.count > 0 && (i == 0 || row->u.list.count == partitions);
    partitions = row ? row->u.list.count : 0;
    good = good && partitions <= MAX_PROCESSES / replicas;
  }
  if (!good) {
    return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                       "programs are not a grid of at most %d functions", MAX_PROCESSES);
  }
  g->replicas = replicas;
  g->partitions = partitions;
  g->count = replicas * partitions;
  g->infeed = list_of(g->m, sk_op_find_attr(g->m, g->op, SK_NAME_infeed));
  *out_programs = programs;
  return NULL;
}

// Operands of run_parallel are the arguments of all processes, one after the other.
static sk_status start_process(sk_grid *g, process *p, sk_attr symbol, uint32_t *operand) {
  sk_op function;
  SK_TRY(find_function(g, g->op, symbol, &function));
  sk_region body = sk_func_body(g->m, function);
  uint32_t count = sk_region_get(g->m, body)->arg_count;
  if (count > sk_op_get(g->m, g->op)->operand_count - *operand) {
    return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                       "the programs have more arguments than there are operands");
  }
  for (uint32_t i = 0; i < count; i++) {
    sk_value value = sk_rebuild_get(g->r, sk_op_operand(g->m, g->op, (*operand)++));
    set_in(g, p, sk_region_arg(g->m, body, i), value);
  }
  cursor c = {body, sk_region_first(g->m, body), {0}};
  sk_vec_push(&g->m->arena, &p->stack, c);
  return NULL;
}

// Results likewise.
static sk_status give_process_results(sk_grid *g, process *p, uint32_t *result) {
  sk_op end = sk_region_get(g->m, p->stack.data[0].region)->last;
  uint32_t count = sk_op_get(g->m, end)->operand_count;
  if (count > sk_op_get(g->m, g->op)->result_count - *result) {
    return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                       "the programs give more values than there are results");
  }
  for (uint32_t i = 0; i < count; i++) {
    sk_value value = value_in(g, p, sk_op_operand(g->m, end, i));
    if (!is_typed(g->m, g->op, *result, value)) {
      return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                         "result %u has another type than what the programs give", *result);
    }
    sk_rebuild_set(g->r, sk_op_result(g->m, g->op, (*result)++), value);
  }
  return NULL;
}

static sk_status run_grid(sk_grid *g) {
  const sk_attr_rec *programs = NULL;
  uint32_t operand = 0, result = 0;
  SK_TRY(read_grid(g, &programs));
  g->processes = sk_arena_zalloc(&g->m->arena, g->count * sizeof *g->processes, _Alignof(process));
  for (uint32_t i = 0; i < g->count; i++) {
    process *p = &g->processes[i];
    p->id = i;
    const sk_attr_rec *row = list_of(g->m, programs->u.list.data[i / g->partitions]);
    SK_TRY(start_process(g, p, row->u.list.data[i % g->partitions], &operand));
  }
  SK_TRY(take_turns(g));
  for (uint32_t i = 0; i < g->count; i++) {
    SK_TRY(give_process_results(g, &g->processes[i], &result));
  }
  if (result != sk_op_get(g->m, g->op)->result_count ||
      operand != sk_op_get(g->m, g->op)->operand_count) {
    return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                       "the programs have fewer arguments or results than stand here");
  }
  return NULL;
}

sk_status sk_grid_run_parallel(sk_rebuild *r, sk_op op, sk_region into, sk_grid **slot) {
  if (*slot) {
    return sk_op_error(r->m, op, SK_UNIMPLEMENTED, "a grid of processes inside another");
  }
  sk_grid g = {.r = r, .m = r->m, .op = op, .into = into};
  *slot = &g;
  sk_status status = run_grid(&g);
  *slot = NULL;
  return status;
}

bool sk_grid_rewrite(sk_grid *g, sk_op op, sk_region into, sk_status *out_status) {
  sk_opkind kind = sk_op_kind(g->m, op);
  if (kind == SK_OP_REPLICA_ID || kind == SK_OP_PARTITION_ID) {
    const sk_expander e = {.r = g->r, .m = g->m, .into = into, .loc = sk_op_get(g->m, op)->loc};
    sk_value old = sk_op_result(g->m, op, 0);
    uint32_t id = g->turn->id;
    sk_rebuild_set(
        g->r, old,
        sk_expand_int(&e, sk_value_type(g->m, old),
                      kind == SK_OP_REPLICA_ID ? id / g->partitions : id % g->partitions));
    return true;
  }
  bool meets = is_collective(kind) || kind == SK_OP_SEND || kind == SK_OP_RECV ||
               kind == SK_OP_INFEED || kind == SK_OP_ASYNC_START || kind == SK_OP_ASYNC_DONE;
  if (meets) {
    *out_status = sk_op_error(g->m, op, SK_UNIMPLEMENTED,
                              "a process that meets others inside a region is not supported yet");
  }
  return meets;
}
