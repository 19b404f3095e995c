// SPDX-License-Identifier: Apache-2.0
// Collective ops, sending and receiving, and the ids of processes.
//
// A collective op finds the group its process belongs to, meets the others there (interp_grid.c),
// and makes its own result from everybody's operands. replica_id is a process's row in the grid,
// partition_id its column. A program run by itself is a grid of one process.
#include "base/mem.h"
#include "interp/interp_int.h"

// ---- which process group

typedef enum strategy {
  CROSS_REPLICA,
  CROSS_PARTITION,
  CROSS_REPLICA_AND_PARTITION,
  FLATTENED_IDS
} strategy;

static int64_t channel_of(const sk_interp *s, sk_op op) {
  sk_attr attr = sk_op_find_attr(s->m, op, SK_NAME_channel_handle);
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(s->m, attr) : NULL;
  return rec && rec->kind == SK_ATTR_CHANNEL_HANDLE ? rec->u.channel->handle : 0;
}

// A unit attribute, or an older text's boolean.
static bool has_flag(const sk_interp *s, sk_op op, sk_name name) {
  sk_attr attr = sk_op_find_attr(s->m, op, name);
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(s->m, attr) : NULL;
  return rec && (rec->kind != SK_ATTR_BOOL || rec->u.i != 0);
}

// Of all_gather, all_reduce, reduce_scatter and collective_reduce.
static strategy global_strategy(const sk_interp *s, sk_op op) {
  bool global = has_flag(s, op, SK_NAME_use_global_device_ids);
  return channel_of(s, op) <= 0 ? CROSS_REPLICA
         : global               ? FLATTENED_IDS
                                : CROSS_REPLICA_AND_PARTITION;
}

// Of all_to_all, collective_broadcast and collective_permute.
static strategy local_strategy(const sk_interp *s, sk_op op) {
  return channel_of(s, op) <= 0 ? CROSS_REPLICA : CROSS_PARTITION;
}

typedef struct rows {
  const int64_t *data;
  uint32_t count, width;
  int64_t *made;  // owned: the data, where a mesh gives them
} rows;

// Does the row name this process's coordinate?
static bool row_has(const sk_interp *s, const rows *r, uint32_t row, strategy how) {
  uint32_t partitions = sk_grid_partitions(s->grid);
  int64_t own = how == FLATTENED_IDS     ? s->process
                : how == CROSS_PARTITION ? s->process % partitions
                                         : s->process / partitions;
  return sk_is_listed((sk_ints){r->data + (size_t)row * r->width, r->width}, own);
}

static bool add_process(const sk_interp *s, sk_process_list *list, int64_t replica,
                        int64_t partition) {
  uint32_t replicas = sk_grid_replicas(s->grid), partitions = sk_grid_partitions(s->grid);
  if (replica < 0 || replica >= replicas || partition < 0 || partition >= partitions) {
    return false;
  }
  list->ids[list->count++] = (uint32_t)replica * partitions + (uint32_t)partition;
  return true;
}

static bool fill_group(const sk_interp *s, const int64_t *row, uint32_t width, strategy how,
                       sk_process_list *out) {
  uint32_t partitions = sk_grid_partitions(s->grid);
  int64_t replica = s->process / partitions, partition = s->process % partitions;
  bool good = true;
  for (uint32_t p = 0; p < (how == CROSS_REPLICA_AND_PARTITION ? partitions : 1); p++) {
    for (uint32_t i = 0; i < width; i++) {
      int64_t id = row[i];
      if (id < 0) {
        continue;  // rows of different length are filled up with -1
      }
      switch (how) {
        case CROSS_REPLICA: good = good && add_process(s, out, id, partition); break;
        case CROSS_PARTITION: good = good && add_process(s, out, replica, id); break;
        case CROSS_REPLICA_AND_PARTITION: good = good && add_process(s, out, id, p); break;
        case FLATTENED_IDS:
          good = good && add_process(s, out, id / partitions, id % partitions);
          break;
      }
    }
  }
  return good;
}

static sk_status read_rows(const sk_interp *s, sk_op op, sk_name name, rows *out) {
  sk_attr attr = sk_op_find_attr(s->m, op, name);
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(s->m, attr) : NULL;
  *out = (rows){.count = 0};
  if (rec && rec->kind != SK_ATTR_INTS) {
    sk_groups groups = {0};
    SK_TRY(sk_groups_read(s->m, op, attr, &groups));
    *out = (rows){groups.ids, groups.count, groups.width, groups.ids};
    return NULL;
  }
  uint32_t width = rec ? rec->cols : 0;
  *out = (rows){.data = rec ? rec->u.ints.data : NULL,
                .count = width ? rec->u.ints.count / width : 0,
                .width = width};
  return NULL;
}

// The group of this process; count 0: it is in none. No groups at all: everybody.
static sk_status find_group(const sk_interp *s, sk_op op, const rows *r, strategy how,
                            sk_process_list *out) {
  uint32_t replicas = sk_grid_replicas(s->grid), partitions = sk_grid_partitions(s->grid);
  *out = (sk_process_list){
      .ids = sk_mem_alloc(sizeof(uint32_t) * ((size_t)(r->width + 1) * partitions + replicas))};
  if (!out->ids) {
    return sk_status_no_memory();
  }
  for (uint32_t row = 0; row < r->count; row++) {
    if (row_has(s, r, row, how)) {
      bool good = fill_group(s, r->data + (size_t)row * r->width, r->width, how, out);
      return sk_interp_require(s, op, good, "a group names a process that does not run");
    }
  }
  for (uint32_t i = 0; r->count == 0 && i < (how == CROSS_PARTITION ? partitions : replicas); i++) {
    int64_t id = i;
    (void)fill_group(s, &id, 1, how, out);
  }
  return NULL;
}

// ---- meeting

typedef struct collective {
  sk_interp *s;
  sk_op op;
  sk_process_list group;  // owned
  uint32_t self;          // index of this process in it
  uint32_t count;         // operands
  sk_tensor **all;        // [member][operand]; owned references
} collective;

static void fini_collective(collective *c) {
  sk_tensors_release(c->all, c->all ? c->group.count * c->count : 0);
  sk_mem_free(c->group.ids);
}

static sk_status meet(collective *c) {
  sk_interp *s = c->s;
  sk_tensor **values = sk_mem_alloc(sizeof *values * ((size_t)c->count + 1));
  if (!values) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < c->count; i++) {
    values[i] = sk_interp_operand(s, c->op, i);
  }
  while (c->self < c->group.count && c->group.ids[c->self] != s->process) {
    c->self++;
  }
  int64_t key = (channel_of(s, c->op) << 16) ^ (int64_t)sk_op_kind(s->m, c->op);
  sk_status status = sk_grid_meet(s, c->op, key, &c->group, values, c->count, &c->all);
  sk_mem_free(values);
  return status;
}

// Finds the group and meets it. `needed`: a process outside all groups is an error.
static sk_status gather_operands(sk_interp *s, sk_op op, sk_name groups, strategy how, bool needed,
                                 collective *out) {
  rows r;
  *out = (collective){.s = s, .op = op, .count = sk_interp_operand_count(s, op)};
  SK_TRY(read_rows(s, op, groups, &r));
  sk_status status = find_group(s, op, &r, how, &out->group);
  sk_mem_free(r.made);
  SK_TRY(status);
  SK_TRY(sk_interp_require(s, op, !needed || out->group.count > 0,
                           "this process is in no process group"));
  return out->group.count > 0 ? meet(out) : NULL;
}

static const sk_tensor *operand_at(const collective *c, uint32_t member, uint32_t operand) {
  return c->all[(size_t)member * c->count + operand];
}

static sk_status check_alike(const collective *c, uint32_t operand) {
  const sk_tensor *own = sk_interp_operand(c->s, c->op, operand);
  for (uint32_t m = 0; m < c->group.count; m++) {
    const sk_type_rec *type = operand_at(c, m, operand)->type;
    SK_TRY(sk_interp_require(c->s, c->op,
                             type->elem == own->type->elem && sk_same_dims(type, own->type),
                             "the processes meet with operands of different types"));
  }
  return NULL;
}

// ---- all_gather, all_to_all

static sk_status concatenate_all(const collective *c, uint32_t operand, uint32_t dim) {
  const sk_type_rec *type = sk_interp_operand(c->s, c->op, operand)->type;
  int64_t dims[SK_MAX_RANK], extent = type->dims[dim];
  sk_tensor *t;
  memcpy(dims, type->dims, type->rank * sizeof *dims);
  dims[dim] *= c->group.count;
  SK_TRY(check_alike(c, operand));
  SK_TRY(sk_interp_result(c->s, c->op, operand, dims, &t));
  for (uint32_t m = 0; m < c->group.count; m++) {
    sk_tensor_copy_part(operand_at(c, m, operand), dim, 0, extent, t, dim, m * extent);
  }
  return NULL;
}

sk_status sk_interp_ALL_GATHER(sk_interp *s, sk_op op) {
  collective c;
  uint32_t dim = (uint32_t)sk_op_int(s->m, op, SK_NAME_all_gather_dim, 0);
  sk_status status =
      gather_operands(s, op, SK_NAME_replica_groups, global_strategy(s, op), true, &c);
  for (uint32_t i = 0; i < c.count && !status; i++) {
    status = concatenate_all(&c, i, dim);
  }
  fini_collective(&c);
  return status;
}

static sk_status exchange_parts(const collective *c, uint32_t operand, uint32_t split_dim,
                                uint32_t concat_dim) {
  const sk_type_rec *type = sk_interp_operand(c->s, c->op, operand)->type;
  int64_t dims[SK_MAX_RANK], parts = c->group.count;
  sk_tensor *t;
  SK_TRY(check_alike(c, operand));
  SK_TRY(sk_interp_require(c->s, c->op, type->dims[split_dim] % parts == 0,
                           "the operand does not split into as many parts as processes"));
  memcpy(dims, type->dims, type->rank * sizeof *dims);
  int64_t part = dims[split_dim] /= parts, along = dims[concat_dim];
  dims[concat_dim] *= parts;
  SK_TRY(sk_interp_result(c->s, c->op, operand, dims, &t));
  for (uint32_t m = 0; m < c->group.count; m++) {
    sk_tensor_copy_part(operand_at(c, m, operand), split_dim, c->self * part, part, t, concat_dim,
                        m * along);
  }
  return NULL;
}

sk_status sk_interp_ALL_TO_ALL(sk_interp *s, sk_op op) {
  collective c;
  uint32_t split_dim = (uint32_t)sk_op_int(s->m, op, SK_NAME_split_dimension, 0);
  uint32_t concat_dim = (uint32_t)sk_op_int(s->m, op, SK_NAME_concat_dimension, 0);
  sk_status status =
      gather_operands(s, op, SK_NAME_replica_groups, local_strategy(s, op), true, &c);
  for (uint32_t i = 0; i < c.count && !status; i++) {
    status = exchange_parts(&c, i, split_dim, concat_dim);
  }
  fini_collective(&c);
  return status;
}

// ---- reductions over processes

// Combines element `i` of an operand over the group, in its order.
static sk_status reduce_element(const collective *c, sk_body *body, uint32_t operand, int64_t i,
                                sk_number *out) {
  sk_number pair[2];
  *out = sk_tensor_get(operand_at(c, 0, operand), i);
  for (uint32_t m = 1; m < c->group.count; m++) {
    pair[0] = *out;
    pair[1] = sk_tensor_get(operand_at(c, m, operand), i);
    SK_TRY(sk_body_run(body, pair, out));
  }
  return NULL;
}

static sk_status reduce_operand(const collective *c, sk_body *body, uint32_t k) {
  sk_tensor *t;
  SK_TRY(check_alike(c, k));
  SK_TRY(sk_interp_result(c->s, c->op, k, sk_interp_operand(c->s, c->op, k)->type->dims, &t));
  for (int64_t i = 0; i < t->count; i++) {
    sk_number out;
    SK_TRY(reduce_element(c, body, k, i, &out));
    sk_tensor_set(t, i, out);
  }
  return NULL;
}

static sk_status zero_result(sk_interp *s, sk_op op, uint32_t index) {
  sk_tensor *t;
  SK_TRY(sk_interp_result(s, op, index, sk_interp_operand(s, op, index)->type->dims, &t));
  sk_number zero = {.i = t->type->quant ? sk_quantize(t->type->quant, 0, 0) : 0};
  for (int64_t e = 0; e < t->count; e++) {
    sk_tensor_set(t, e, zero);
  }
  return NULL;
}

sk_status sk_interp_ALL_REDUCE(sk_interp *s, sk_op op) {
  collective c;
  sk_body body = {0};
  sk_status status =
      gather_operands(s, op, SK_NAME_replica_groups, global_strategy(s, op), true, &c);
  if (!status) {
    status = sk_body_init(&body, s, sk_op_region(s->m, op, 0));
  }
  for (uint32_t k = 0; k < c.count && !status; k++) {
    status = reduce_operand(&c, &body, k);
  }
  sk_body_fini(&body);
  fini_collective(&c);
  return status;
}

// Which member of the group result `i` belongs to: the first, or what the last operand says.
static sk_status root_of(const collective *c, uint32_t i, int64_t *out) {
  *out = 0;
  if (has_flag(c->s, c->op, SK_NAME_has_dynamic_root)) {
    *out = sk_tensor_index(sk_interp_operand(c->s, c->op, c->count - 1), i);
  }
  return sk_interp_require(c->s, c->op, *out >= 0 && *out < c->group.count,
                           "the root is not in the group");
}

static sk_status reduce_at_root(const collective *c, sk_body *body, uint32_t k) {
  int64_t root = -1;
  if (c->group.count > 0) {
    SK_TRY(root_of(c, k, &root));
  }
  return root == c->self && c->group.count > 0 ? reduce_operand(c, body, k)
                                               : zero_result(c->s, c->op, k);
}

// The root has the result, the others zeros.
sk_status sk_interp_COLLECTIVE_REDUCE(sk_interp *s, sk_op op) {
  collective c;
  sk_body body = {0};
  sk_status status =
      gather_operands(s, op, SK_NAME_replica_groups, global_strategy(s, op), false, &c);
  if (!status) {
    status = sk_body_init(&body, s, sk_op_region(s->m, op, 0));
  }
  for (uint32_t k = 0; k < sk_op_get(s->m, op)->result_count && !status; k++) {
    status = reduce_at_root(&c, &body, k);
  }
  sk_body_fini(&body);
  fini_collective(&c);
  return status;
}

// Part `self` of the reduction along a dimension.
static sk_status reduce_part(const collective *c, sk_body *body, uint32_t dim) {
  const sk_type_rec *type = sk_interp_operand(c->s, c->op, 0)->type;
  int64_t dims[SK_MAX_RANK], at[SK_MAX_RANK], parts = c->group.count;
  sk_tensor *t;
  SK_TRY(check_alike(c, 0));
  SK_TRY(sk_interp_require(c->s, c->op, type->dims[dim] % parts == 0,
                           "the operand does not split into as many parts as processes"));
  memcpy(dims, type->dims, type->rank * sizeof *dims);
  dims[dim] /= parts;
  SK_TRY(sk_interp_result(c->s, c->op, 0, dims, &t));
  for (int64_t i = 0; i < t->count; i++) {
    sk_number out;
    sk_unravel(t->type, i, at);
    at[dim] += c->self * dims[dim];
    SK_TRY(reduce_element(c, body, 0, sk_ravel(type, at), &out));
    sk_tensor_set(t, i, out);
  }
  return NULL;
}

sk_status sk_interp_REDUCE_SCATTER(sk_interp *s, sk_op op) {
  collective c;
  sk_body body = {0};
  uint32_t dim = (uint32_t)sk_op_int(s->m, op, SK_NAME_scatter_dimension, 0);
  sk_status status =
      gather_operands(s, op, SK_NAME_replica_groups, global_strategy(s, op), true, &c);
  if (!status) {
    status = sk_body_init(&body, s, sk_op_region(s->m, op, 0));
  }
  if (!status) {
    status = reduce_part(&c, &body, dim);
  }
  sk_body_fini(&body);
  fini_collective(&c);
  return status;
}

static sk_status sum_group(const collective *c) {
  sk_tensor *t;
  SK_TRY(check_alike(c, 0));
  SK_TRY(sk_interp_result(c->s, c->op, 0, sk_interp_operand(c->s, c->op, 0)->type->dims, &t));
  for (int64_t i = 0; i < t->count; i++) {
    sk_number sum = {0, 0, 0};
    for (uint32_t m = 0; m < c->group.count; m++) {
      sk_number n = sk_tensor_get(operand_at(c, m, 0), i);
      sum = (sk_number){sum.re + n.re, sum.im + n.im, (int64_t)((uint64_t)sum.i + (uint64_t)n.i)};
    }
    sk_tensor_set(t, i, sum);
  }
  return NULL;
}

sk_status sk_interp_CROSS_REPLICA_SUM(sk_interp *s, sk_op op) {
  collective c;
  sk_status status = gather_operands(s, op, SK_NAME_replica_groups, CROSS_REPLICA, true, &c);
  status = status ? status : sum_group(&c);
  fini_collective(&c);
  return status;
}

// ---- broadcast and permutation

static sk_status take_from_root(const collective *c, uint32_t i) {
  int64_t root;
  SK_TRY(check_alike(c, i));
  SK_TRY(root_of(c, i, &root));
  sk_tensor *t = c->all[(size_t)root * c->count + i];
  sk_interp_set(c->s, sk_op_result(c->s->m, c->op, i), sk_tensor_retain(t));
  return NULL;
}

sk_status sk_interp_COLLECTIVE_BROADCAST(sk_interp *s, sk_op op) {
  collective c;
  sk_status status =
      gather_operands(s, op, SK_NAME_replica_groups, local_strategy(s, op), false, &c);
  for (uint32_t i = 0; i < sk_op_get(s->m, op)->result_count && !status; i++) {
    status = c.group.count > 0 ? take_from_root(&c, i) : zero_result(s, op, i);
  }
  fini_collective(&c);
  return status;
}

// Everybody of the replica (partition) axis meets; each takes from whoever has it as target.
sk_status sk_interp_COLLECTIVE_PERMUTE(sk_interp *s, sk_op op) {
  strategy how = local_strategy(s, op);
  uint32_t partitions = sk_grid_partitions(s->grid);
  int64_t own = how == CROSS_PARTITION ? s->process % partitions : s->process / partitions;
  collective c = {.s = s, .op = op, .count = 1};
  rows pairs, none = {.count = 0};
  SK_TRY(read_rows(s, op, SK_NAME_source_target_pairs, &pairs));
  sk_status status = find_group(s, op, &none, how, &c.group);
  status = status ? status : meet(&c);
  status = status ? status : check_alike(&c, 0);
  status = status ? status : zero_result(s, op, 0);
  for (uint32_t i = 0; i < pairs.count && !status; i++) {
    int64_t source = pairs.data[2 * i];
    if (pairs.data[2 * i + 1] == own) {
      status = sk_interp_require(s, op, source >= 0 && source < c.group.count,
                                 "a pair names a process that does not run");
      if (!status) {
        sk_interp_set(s, sk_op_result(s->m, op, 0), sk_tensor_retain(c.all[source]));
      }
    }
  }
  fini_collective(&c);
  return status;
}

// ---- ids

static sk_status set_id(sk_interp *s, sk_op op, uint32_t id) {
  sk_tensor *t;
  SK_TRY(sk_interp_result(s, op, 0, NULL, &t));
  sk_tensor_set(t, 0, (sk_number){.i = id});
  return NULL;
}

sk_status sk_interp_PARTITION_ID(sk_interp *s, sk_op op) {
  return set_id(s, op, s->process % sk_grid_partitions(s->grid));
}

sk_status sk_interp_REPLICA_ID(sk_interp *s, sk_op op) {
  return set_id(s, op, s->process / sk_grid_partitions(s->grid));
}

// ---- send, recv, infeed, outfeed

static sk_status set_token(sk_interp *s, sk_op op, uint32_t index) {
  sk_tensor *token = sk_tensor_new_token();
  sk_interp_set(s, sk_op_result(s->m, op, index), token);
  return token ? NULL : sk_status_no_memory();
}

sk_status sk_interp_SEND(sk_interp *s, sk_op op) {
  uint32_t count = sk_interp_operand_count(s, op) - 1;  // the last is a token
  sk_tensor **values = sk_mem_alloc(sizeof *values * ((size_t)count + 1));
  if (!values) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    values[i] = sk_interp_operand(s, op, i);
  }
  sk_status status = sk_grid_send(s, channel_of(s, op), values, count);
  sk_mem_free(values);
  return status ? status : set_token(s, op, 0);
}

// Makes what came the results of the op, which the token follows. Takes over the list.
static sk_status give_received(sk_interp *s, sk_op op, sk_tensor **values, uint32_t count) {
  bool fits = count == sk_op_get(s->m, op)->result_count - 1;
  for (uint32_t i = 0; i < count && fits; i++) {
    const sk_type_rec *type = sk_value_type_rec(s->m, sk_op_result(s->m, op, i));
    const sk_type_rec *came = values[i]->type;
    sk_elem elem = type->quant ? type->quant->storage : (sk_elem)type->elem;
    fits = came->kind == SK_TYPE_TENSOR && type->kind == SK_TYPE_TENSOR &&
           came->elem == (uint8_t)elem && sk_same_dims(came, type);
  }
  for (uint32_t i = 0; i < count && fits; i++) {
    sk_interp_set(s, sk_op_result(s->m, op, i), values[i]);
    values[i] = NULL;
  }
  sk_tensors_release(values, count);
  SK_TRY(sk_interp_require(s, op, fits, "what comes has other types than the results"));
  return set_token(s, op, count);
}

sk_status sk_interp_RECV(sk_interp *s, sk_op op) {
  sk_tensor **values;
  uint32_t count;
  SK_TRY(sk_grid_receive(s, op, channel_of(s, op), &values, &count));
  return give_received(s, op, values, count);
}

// Runs the next function of the queue that run_parallel was given.
sk_status sk_interp_INFEED(sk_interp *s, sk_op op) {
  sk_str name;
  uint32_t count = sk_op_get(s->m, op)->result_count - 1;
  if (!sk_grid_next_feed(s->grid, &name)) {
    return sk_op_error(s->m, op, SK_FAILED_PRECONDITION, "nothing is left in the infeed");
  }
  sk_tensor **values = sk_mem_zalloc(sizeof *values * ((size_t)count + 1));
  if (!values) {
    return sk_status_no_memory();
  }
  sk_status status = sk_interp_function(s, op, name, NULL, 0, values, count);
  if (status) {
    sk_tensors_release(values, count);
    return status;
  }
  return give_received(s, op, values, count);
}

// What is fed out goes nowhere: there is no host to take it.
sk_status sk_interp_OUTFEED(sk_interp *s, sk_op op) { return set_token(s, op, 0); }
