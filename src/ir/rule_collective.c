// SPDX-License-Identifier: Apache-2.0
// Rules of operations between devices and with the host. Numbers in brackets are the constraints of
// the operation's section in the specification. How many replicas and partitions there are is not
// known here: ids are checked to be 0 ... n - 1, each once.
#include <stdlib.h>

#include "ir/rule_int.h"

typedef struct group_labels {
  const char *unique, *range, *channel;
} group_labels;

enum {                // what groups may be
  GROUPS_RAGGED = 1,  // padded with -1
  GROUPS_EMPTY = 2,
  GROUPS_PARTIAL = 4,  // not every id from 0 on is in one
};

// Sorted copies make uniqueness cheap for long lists.
static int compare_ids(const void *a, const void *b) {
  int64_t x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return (x > y) - (x < y);
}

static bool is_mesh(const sk_module *m, sk_str name) {
  return sk_module_find_mesh(m, name).id != 0 || sk_module_find_func(m, name).id != 0;
}

// #stablehlo.replica_group_mesh_axes<mesh = @name, axes = [#stablehlo.axis_ref<...>]>, kept as text.
// The mesh must be there; its axes are not looked at. Axes by number name no mesh of the module.
static sk_status check_mesh(const sk_rule *r, sk_str text) {
  const sk_str key = SK_STR("mesh = @");
  const char *at = sk_str_find_unquoted(text, key);
  if (at == NULL || !r->complete ||
      sk_str_find_unquoted(text, SK_STR("#stablehlo.axis_ref")) == NULL) {
    return NULL;
  }
  at += key.len;
  const char *end = at, *stop = text.data + text.len;
  while (end < stop && *at != '"' && *end != ',' && *end != '>' && *end != ' ') {
    end++;
  }
  sk_str name = {at, (size_t)(end - at)};
  if (at < stop && *at == '"') {
    size_t len = sk_str_quoted_len((sk_str){at, (size_t)(stop - at)});
    name = (sk_str){at + 1, SK_MAX(len, (size_t)2) - 2};
  }
  SK_RULE_REQUIRE(r, is_mesh(r->m, name), NULL,
                  "replica_groups name a mesh @%.*s that is not there",
                  (int)SK_MIN(name.len, (size_t)200), name.data);
  return NULL;
}

// Groups given as a matrix, or by the axes of a mesh.
static sk_status check_groups(const sk_rule *r, const group_labels *labels, uint32_t allowed,
                              int64_t *out_size) {
  const sk_attr_rec *rec = sk_rule_attr(r, SK_NAME_replica_groups);
  *out_size = SK_DIM_UNKNOWN;
  if (rec->kind == SK_ATTR_OPAQUE) {
    return check_mesh(r, sk_sym_str(&r->m->strings, rec->u.sym));
  }
  if (rec->kind != SK_ATTR_INTS) {
    return NULL;
  }
  sk_ints ids = rec->u.ints;
  SK_RULE_REQUIRE(r, rec->cols != 0 || ids.count == 0, NULL, "replica_groups is not a 2-D tensor");
  SK_RULE_REQUIRE(r, ids.count != 0 || (allowed & GROUPS_EMPTY), NULL, "replica_groups is empty");
  if (rec->cols != 0) {
    *out_size = rec->cols;
  }
  int64_t *sorted = SK_NEW_ARRAY(&r->m->arena, int64_t, (size_t)ids.count + 1);
  if (sorted == NULL) {
    return sk_status_no_memory();
  }
  uint32_t count = 0;
  for (uint32_t i = 0; i < ids.count; i++) {
    bool padding = ids.data[i] == -1 && (allowed & GROUPS_RAGGED);
    SK_RULE_REQUIRE(r, ids.data[i] >= 0 || padding, labels->range, "replica id %lld is invalid",
                    (long long)ids.data[i]);
    if (!padding) {
      sorted[count++] = ids.data[i];
    }
  }
  qsort(sorted, count, sizeof *sorted, compare_ids);
  for (uint32_t i = 0; i < count; i++) {
    SK_RULE_REQUIRE(r, i == 0 || sorted[i] != sorted[i - 1], labels->unique,
                    "replica id %lld is there twice", (long long)sorted[i]);
    SK_RULE_REQUIRE(r, (allowed & GROUPS_PARTIAL) || sorted[i] == i, labels->range,
                    "replica id %u is missing", i);
  }
  return NULL;
}

static sk_status check_global_ids(const sk_rule *r, const char *label) {
  const sk_attr_rec *channel = sk_rule_attr(r, SK_NAME_channel_handle);
  int64_t id = channel->kind == SK_ATTR_CHANNEL_HANDLE ? channel->u.channel->handle : 0;
  SK_RULE_REQUIRE(r, sk_rule_int(r, SK_NAME_use_global_device_ids, 0) == 0 || id > 0, label,
                  "with use_global_device_ids the channel must be positive, not %lld",
                  (long long)id);
  return NULL;
}

// How many processes share a result. Across replicas and partitions (a channel, but no global ids)
// every partition of the replicas of a group is in it, and how many there are is not known here.
static int64_t process_count(const sk_rule *r, int64_t group) {
  const sk_attr_rec *channel = sk_rule_attr(r, SK_NAME_channel_handle);
  int64_t id = channel->kind == SK_ATTR_CHANNEL_HANDLE ? channel->u.channel->handle : 0;
  bool global = sk_rule_int(r, SK_NAME_use_global_device_ids, 0) != 0;
  return id > 0 && !global ? SK_DIM_UNKNOWN : group;
}

static sk_status check_tensors(const sk_rule *r, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    SK_RULE_REQUIRE(r, sk_is_tensor(sk_rule_operand(r, i)), "I1",
                    "operand %u is not a ranked tensor", i);
  }
  return NULL;
}

// Like operand i, with dimension `dim` of size `size`.
static sk_status add_resized(sk_rule *r, uint32_t i, int64_t dim, int64_t size) {
  const sk_type_rec *operand = sk_rule_operand(r, i);
  int64_t dims[SK_MAX_RANK];
  memcpy(dims, operand->dims, operand->rank * sizeof *dims);
  dims[dim] = size;
  return sk_rule_add_tensor(r, operand, operand->rank, dims);
}

static bool times(int64_t size, int64_t factor, int64_t *out) {
  if (size == SK_DIM_UNKNOWN || factor == SK_DIM_UNKNOWN) {
    *out = SK_DIM_UNKNOWN;
    return true;
  }
  return !SK_MUL_OVERFLOW(size, factor, out);
}

// As in the reference implementation the gathered dimension need only be a multiple of the
// operand's, whatever the size of the groups says; with mesh axes or ragged groups more is not
// known here.
static sk_status check_gathered(const sk_rule *r, uint32_t i, int64_t dim) {
  const sk_type_rec *operand = sk_rule_operand(r, i), *result = sk_rule_written(r, i);
  SK_RULE_REQUIRE(
      r, sk_is_tensor(result) && result->rank == operand->rank && sk_elem_match(operand, result),
      "C6", "operand and result %u differ in rank or element type", i);
  for (uint32_t d = 0; d < operand->rank; d++) {
    int64_t from = operand->dims[d], to = result->dims[d];
    bool known = from != SK_DIM_UNKNOWN && to != SK_DIM_UNKNOWN;
    SK_RULE_REQUIRE(r, !known || (d == dim ? to % from == 0 : to == from), "C6",
                    "dimension %u has size %lld in the operand, %lld in the result", d,
                    (long long)from, (long long)to);
  }
  return NULL;
}

sk_status sk_rule_all_gather(sk_rule *r) {
  static const group_labels labels = {"C2", "C4", "C5"};
  int64_t dim = sk_rule_int(r, SK_NAME_all_gather_dim, 0), group, size;
  SK_TRY(check_tensors(r, r->desc->operand_count));
  SK_TRY(check_groups(r, &labels, GROUPS_EMPTY, &group));
  SK_TRY(check_global_ids(r, labels.channel));
  group = process_count(r, group);
  SK_RULE_REQUIRE(r, r->desc->result_count == 0 || r->desc->result_count == r->desc->operand_count,
                  NULL, "%u results for %u operands", r->desc->result_count,
                  r->desc->operand_count);
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    const sk_type_rec *operand = sk_rule_operand(r, i);
    SK_RULE_REQUIRE(r, dim >= 0 && dim < operand->rank, "C1",
                    "all_gather_dim %lld is not in [0, %u)", (long long)dim, operand->rank);
    SK_RULE_REQUIRE(r, operand->dims[dim] != 0, "C6", "dimension all_gather_dim of operand %u is 0",
                    i);
    if (r->desc->result_count != 0) {
      SK_TRY(check_gathered(r, i, dim));
      SK_TRY(sk_rule_add(r, r->desc->result_types[i]));
    } else {
      SK_RULE_REQUIRE(r, times(operand->dims[dim], group, &size), "C6",
                      "the gathered dimension overflows");
      SK_TRY(add_resized(r, i, dim, size));
    }
  }
  return NULL;
}

// One result per operand, with its shape and the element type the computation returns.
static sk_status add_reduced(sk_rule *r, uint32_t count, const char *label) {
  const sk_type_rec *elem;
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(sk_rule_reducer(r, 0, 1, i, SK_ZERO_DIMENSIONAL, label, &elem));
    const sk_type_rec *operand = sk_rule_operand(r, i);
    if (sk_elem_match(operand, elem)) {
      SK_TRY(sk_rule_add(r, sk_rule_operand_type(r, i)));
    } else {
      SK_TRY(sk_rule_add_tensor(r, elem, operand->rank, operand->dims));
    }
  }
  return NULL;
}

sk_status sk_rule_all_reduce(sk_rule *r) {
  static const group_labels labels = {"C1", "C3", "C4"};
  int64_t group;
  SK_TRY(check_tensors(r, r->desc->operand_count));
  SK_TRY(check_groups(r, &labels, GROUPS_RAGGED, &group));
  SK_TRY(check_global_ids(r, labels.channel));
  return add_reduced(r, r->desc->operand_count, "C5");
}

sk_status sk_rule_reduce_scatter(sk_rule *r) {
  static const group_labels labels = {"C3", "C5", "C6"};
  int64_t dim = sk_rule_int(r, SK_NAME_scatter_dimension, 0), group;
  const sk_type_rec *elem;
  SK_TRY(check_tensors(r, 1));
  SK_TRY(check_groups(r, &labels, GROUPS_EMPTY, &group));
  SK_TRY(check_global_ids(r, labels.channel));
  group = process_count(r, group);
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  SK_RULE_REQUIRE(r, dim >= 0 && dim < operand->rank, "C2",
                  "scatter_dimension %lld is not in [0, %u)", (long long)dim, operand->rank);
  int64_t size = operand->dims[dim];
  bool known = size != SK_DIM_UNKNOWN && group != SK_DIM_UNKNOWN;
  SK_RULE_REQUIRE(r, size != 0, "C1", "dimension scatter_dimension has size 0");
  SK_RULE_REQUIRE(r, !known || size % group == 0, "C1",
                  "size %lld is not a multiple of the group size %lld", (long long)size,
                  (long long)group);
  SK_TRY(sk_rule_reducer(r, 0, 1, 0, SK_ZERO_DIMENSIONAL, "C7", &elem));
  int64_t dims[SK_MAX_RANK];
  memcpy(dims, operand->dims, operand->rank * sizeof *dims);
  dims[dim] = known ? size / group : SK_DIM_UNKNOWN;
  return sk_rule_add_tensor(r, elem, operand->rank, dims);
}

sk_status sk_rule_all_to_all(sk_rule *r) {
  static const group_labels labels = {"C5", "C7", NULL};
  int64_t split = sk_rule_int(r, SK_NAME_split_dimension, 0),
          concat = sk_rule_int(r, SK_NAME_concat_dimension, 0);
  int64_t count = sk_rule_int(r, SK_NAME_split_count, 0), group;
  SK_TRY(check_tensors(r, r->desc->operand_count));
  SK_RULE_REQUIRE(r, count > 0, "C4", "split_count must be positive");
  SK_TRY(check_groups(r, &labels, GROUPS_EMPTY, &group));
  SK_RULE_REQUIRE(r, sk_dim_match(group, count), "C8", "groups have size %lld, split_count is %lld",
                  (long long)group, (long long)count);
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    const sk_type_rec *operand = sk_rule_operand(r, i);
    SK_RULE_REQUIRE(r, split >= 0 && split < operand->rank, "C1",
                    "split_dimension %lld is not in [0, %u)", (long long)split, operand->rank);
    SK_RULE_REQUIRE(r, concat >= 0 && concat < operand->rank, "C3",
                    "concat_dimension %lld is not in [0, %u)", (long long)concat, operand->rank);
    int64_t size = operand->dims[split];
    sk_extents e;
    SK_RULE_REQUIRE(r, size == SK_DIM_UNKNOWN || size % count == 0, "C2",
                    "size %lld is not a multiple of split_count %lld", (long long)size,
                    (long long)count);
    sk_extents_of(operand, &e);
    if (split != concat) {
      e.dims[split] = size == SK_DIM_UNKNOWN ? size : size / count;
      e.bounds[split] = size != SK_DIM_UNKNOWN || e.bounds[split] == SK_DIM_UNKNOWN
                            ? SK_DIM_UNKNOWN
                            : e.bounds[split] / count;
      SK_RULE_REQUIRE(r,
                      times(e.dims[concat], count, &e.dims[concat]) &&
                          times(e.bounds[concat], count, &e.bounds[concat]),
                      "C9", "the concatenated dimension overflows");
    }
    SK_TRY(sk_rule_add_extents(r, operand, &e));
  }
  return NULL;
}

// With a dynamic root the last operand holds the root per data operand; it has no result.
static sk_status data_operands(const sk_rule *r, const char *label, uint32_t *out_count) {
  uint32_t count = r->desc->operand_count;
  *out_count = count;
  if (sk_rule_int(r, SK_NAME_has_dynamic_root, 0) == 0) {
    return NULL;
  }
  SK_RULE_REQUIRE(r, count >= 2, label, "a dynamic root needs data and a root");
  const sk_type_rec *root = sk_rule_operand(r, count - 1);
  SK_RULE_REQUIRE(r, root->rank == 1 && root->elem == SK_S32, label,
                  "the root is not a 1-D i32 tensor");
  SK_RULE_REQUIRE(r, sk_dim_match(root->dims[0], count - 1), label,
                  "the root has %lld entries for %u data operands", (long long)root->dims[0],
                  count - 1);
  *out_count = count - 1;
  return NULL;
}

sk_status sk_rule_collective_broadcast(sk_rule *r) {
  static const group_labels labels = {"C1", "C2", NULL};
  int64_t group;
  uint32_t count;
  SK_TRY(check_tensors(r, r->desc->operand_count));
  SK_TRY(check_groups(r, &labels, GROUPS_RAGGED | GROUPS_EMPTY | GROUPS_PARTIAL, &group));
  SK_TRY(data_operands(r, "C4", &count));
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(sk_rule_add(r, sk_rule_operand_type(r, i)));
  }
  return NULL;
}

sk_status sk_rule_collective_reduce(sk_rule *r) {
  static const group_labels labels = {"C1", "C2", NULL};
  int64_t group;
  uint32_t count;
  SK_TRY(check_tensors(r, r->desc->operand_count));
  SK_TRY(check_groups(r, &labels, GROUPS_RAGGED | GROUPS_EMPTY | GROUPS_PARTIAL, &group));
  SK_TRY(check_global_ids(r, NULL));
  SK_TRY(data_operands(r, "C3", &count));
  return add_reduced(r, count, "C4");
}

sk_status sk_rule_cross_replica_sum(sk_rule *r) {
  static const group_labels labels = {NULL, NULL, NULL};
  int64_t group;
  SK_TRY(check_tensors(r, 1));
  SK_TRY(check_groups(r, &labels, GROUPS_RAGGED | GROUPS_EMPTY | GROUPS_PARTIAL, &group));
  return sk_rule_add(r, sk_rule_operand_type(r, 0));
}

// Sources once each, targets once each, none negative.
static sk_status check_pairs(const sk_rule *r) {
  const sk_attr_rec *rec = sk_rule_attr(r, SK_NAME_source_target_pairs);
  if (rec->kind != SK_ATTR_INTS) {
    return NULL;
  }
  sk_ints pairs = rec->u.ints;
  SK_RULE_REQUIRE(r, rec->cols == 2 || (pairs.count == 0 && rec->cols == 0), "C1",
                  "source_target_pairs is not of shape [n, 2]");
  int64_t *column = SK_NEW_ARRAY(&r->m->arena, int64_t, pairs.count / 2 + 1);
  if (column == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t side = 0; side < 2; side++) {
    uint32_t n = pairs.count / 2;
    for (uint32_t i = 0; i < n; i++) {
      column[i] = pairs.data[2 * i + side];
      SK_RULE_REQUIRE(r, column[i] >= 0, "C4", "an id of source_target_pairs is negative");
    }
    qsort(column, n, sizeof *column, compare_ids);
    for (uint32_t i = 1; i < n; i++) {
      SK_RULE_REQUIRE(r, column[i - 1] != column[i], side ? "C3" : "C2", "id %lld is a %s twice",
                      (long long)column[i], side ? "target" : "source");
    }
  }
  return NULL;
}

sk_status sk_rule_collective_permute(sk_rule *r) {
  SK_TRY(check_tensors(r, 1));
  SK_TRY(check_pairs(r));
  return sk_rule_add(r, sk_rule_operand_type(r, 0));  // (C5)
}

sk_status sk_rule_device_id(sk_rule *r) {
  return sk_rule_add(r, sk_type_tensor(r->m, SK_U32, 0, NULL));
}

// ------------------------------------------------------------------------- asynchronous operations

sk_status sk_rule_async_start(sk_rule *r) {
  sk_op last, inner = sk_region_first(r->m, r->desc->regions[0]);
  SK_TRY(sk_rule_region_returns(r, 0, &last));
  SK_RULE_REQUIRE(r, sk_op_next(r->m, inner).id == last.id, "C1",
                  "the body is not one operation and a return");
  sk_opkind kind = sk_op_kind(r->m, inner);
  bool allowed = kind == SK_OP_ALL_REDUCE || kind == SK_OP_ALL_GATHER || kind == SK_OP_ALL_TO_ALL ||
                 kind == SK_OP_COLLECTIVE_PERMUTE || kind == SK_OP_REDUCE_SCATTER ||
                 kind == SK_OP_COLLECTIVE_BROADCAST || kind == SK_OP_SLICE ||
                 kind == SK_OP_DYNAMIC_SLICE || kind == SK_OP_DYNAMIC_UPDATE_SLICE;
  SK_RULE_REQUIRE(r, allowed, "C2", "%s cannot be asynchronous", sk_opkind_name(kind));
  SK_RULE_REQUIRE(r, sk_region_arg_count(r, 0) == r->desc->operand_count, "C3",
                  "the body takes %u arguments, not %u", sk_region_arg_count(r, 0),
                  r->desc->operand_count);
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    SK_RULE_REQUIRE(
        r,
        sk_type_compatible(r->m, sk_rule_operand_type(r, i),
                           sk_value_type(r->m, sk_region_arg(r->m, r->desc->regions[0], i))),
        "C3", "argument %u of the body differs in type from the operand", i);
  }
  uint32_t count = sk_op_get(r->m, last)->operand_count;
  sk_type *types = SK_NEW_ARRAY(&r->m->arena, sk_type, (size_t)count + 1);
  if (types == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    types[i] = sk_value_type(r->m, sk_op_operand(r->m, last, i));
  }
  return sk_rule_add(r, sk_type_intern(r->m, &(sk_type_rec){.kind = SK_TYPE_FUTURE,
                                                            .input_count = count,
                                                            .inputs = types}));  // (C4)
}

sk_status sk_rule_async_done(sk_rule *r) {
  const sk_type_rec *future = sk_rule_operand(r, 0);
  SK_RULE_REQUIRE(r, future->kind == SK_TYPE_FUTURE, "I1", "the operand is not a future");
  for (uint32_t i = 0; i < future->input_count; i++) {
    SK_TRY(sk_rule_add(r, future->inputs[i]));  // (C1)
  }
  return NULL;
}

// ---------------------------------------------------------------------------- point to point, host

static sk_status check_token(const sk_rule *r, uint32_t i) {
  SK_RULE_REQUIRE(r, sk_rule_operand(r, i)->kind == SK_TYPE_TOKEN, NULL,
                  "operand %u is not a token", i);
  return NULL;
}

// Results: tensors, then one token.
static sk_status check_received(const sk_rule *r, const char *count_label, const char *tensor_label,
                                const char *token_label) {
  uint32_t count = r->desc->result_count;
  SK_RULE_REQUIRE(r, count >= 1, count_label, "there must be a result, at least the token");
  for (uint32_t i = 0; i + 1 < count; i++) {
    SK_RULE_REQUIRE(r, sk_is_tensor(sk_rule_written(r, i)), tensor_label,
                    "result %u is not a tensor", i);
  }
  SK_RULE_REQUIRE(r, sk_rule_written(r, count - 1)->kind == SK_TYPE_TOKEN, token_label,
                  "the last result is not a token");
  return NULL;
}

// channel_type says the same as is_host_transfer: 1 device to device, 2 device to host, 3 host to
// device (C5).
static sk_status check_channel(const sk_rule *r, int64_t host_type) {
  const sk_channel_handle *channel = sk_rule_attr(r, SK_NAME_channel_handle)->u.channel;
  bool host = sk_rule_int(r, SK_NAME_is_host_transfer, 0) != 0;
  SK_RULE_REQUIRE(r, channel->type == (host ? host_type : 1), "C5",
                  "channel type %lld does not fit is_host_transfer", (long long)channel->type);
  return NULL;
}

sk_status sk_rule_send(sk_rule *r) {
  uint32_t last = r->desc->operand_count - 1;
  SK_TRY(check_token(r, last));
  SK_TRY(check_tensors(r, last));
  SK_TRY(check_pairs(r));
  SK_TRY(check_channel(r, 2));
  return sk_rule_add(r, sk_rule_operand_type(r, last));
}

sk_status sk_rule_recv(sk_rule *r) {
  SK_TRY(check_token(r, 0));
  SK_TRY(check_pairs(r));
  SK_TRY(check_channel(r, 3));
  SK_TRY(check_received(r, "C1", "C2", "C3"));
  return sk_rule_add_written(r);
}

// One list of integers per tensor.
static sk_status check_infeed_layout(const sk_rule *r) {
  const sk_attr_rec *layout = sk_rule_attr(r, SK_NAME_layout);
  if (layout->kind != SK_ATTR_ARRAY) {
    return NULL;
  }
  SK_RULE_REQUIRE(r, layout->u.list.count + 1 == r->desc->result_count, NULL,
                  "layout has %u entries for %u results", layout->u.list.count,
                  r->desc->result_count);
  for (uint32_t i = 0; i < layout->u.list.count; i++) {
    const sk_attr_rec *dims = sk_attr_get(r->m, layout->u.list.data[i]);
    SK_RULE_REQUIRE(r, dims->kind == SK_ATTR_ARRAY, NULL, "entry %u of layout is not an array", i);
    for (uint32_t k = 0; k < dims->u.list.count; k++) {
      SK_RULE_REQUIRE(r, sk_attr_get(r->m, dims->u.list.data[k])->kind == SK_ATTR_INT, NULL,
                      "entry %u of layout holds something that is not an integer", i);
    }
  }
  return NULL;
}

sk_status sk_rule_infeed(sk_rule *r) {
  SK_TRY(check_token(r, 0));
  SK_TRY(check_infeed_layout(r));
  SK_TRY(check_received(r, "C1", "C2", "C3"));
  return sk_rule_add_written(r);
}

sk_status sk_rule_outfeed(sk_rule *r) {
  uint32_t last = r->desc->operand_count - 1;
  SK_TRY(check_token(r, last));
  SK_TRY(check_tensors(r, last));
  return sk_rule_add(r, sk_rule_operand_type(r, last));
}
