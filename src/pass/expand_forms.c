// SPDX-License-Identifier: Apache-2.0
// Other ways to write what simple operations say, and operations that say nothing on one device:
//
//   dot, broadcast            dot_general, broadcast_in_dim
//   torch_index_select        gather
//   chlo.broadcast_*          the operands broadcast, then the operation
//   chlo.constant, sdy.constant, chlo.constant_like     constants
//   get_tuple_element         the member of the tuple made before
//   collectives among one participant                   their operands
//   replica_id, partition_id, of one participant        zero
//   shardings, manual and named computations            their operands, their bodies
//   async_start, async_done   the body, where it starts
//
// Whether there is one participant is said by the module's numbers of replicas and partitions and by the
// op's own groups.
#include "ir/sharding.h"
#include "pass/expand_int.h"

// ---- older spellings

sk_status sk_expand_legacy_dot(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  const sk_value operands[2] = {sk_expand_operand(e, op, 0), sk_expand_operand(e, op, 1)};
  const int64_t last = (int64_t)sk_value_type_rec(m, operands[0])->rank - 1, first = 0;
  const sk_dot_dims dims = {.lhs_contracting_dimensions = {&last, 1},
                            .rhs_contracting_dimensions = {&first, 1}};
  const sk_named_attr attrs[2] = {
      {{SK_NAME_dot_dimension_numbers},
       sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_DOT_DIMS, .u.dot = &dims})},
      {{SK_NAME_precision_config}, sk_op_find_attr(m, op, SK_NAME_precision_config)}};
  const sk_value old = sk_op_result(m, op, 0);
  sk_rebuild_set(e->r, old,
                 sk_expand_emit(e, SK_OP_DOT_GENERAL, sk_value_type(m, old), operands, 2, attrs,
                                attrs[1].attr.id != 0 ? 2 : 1));
  return NULL;
}

sk_status sk_expand_legacy_broadcast(const sk_expander *e, sk_op op) {
  const sk_value x = sk_expand_operand(e, op, 0), old = sk_op_result(e->m, op, 0);
  const uint32_t in_front = sk_op_ints(e->m, op, SK_NAME_broadcast_sizes).count;
  int64_t dims[SK_MAX_RANK];
  for (uint32_t d = 0; d < sk_value_type_rec(e->m, x)->rank; d++) {
    dims[d] = (int64_t)in_front + d;
  }
  sk_rebuild_set(e->r, old, sk_expand_broadcast(e, x, sk_value_type(e->m, old), dims));
  return NULL;
}

// Dimensions of an index_select, counted from the end where negative. False: out of range.
static bool read_index_select(const sk_module *m, sk_op op, uint32_t *out_along,
                              uint32_t *out_batch) {
  const int64_t rank = sk_value_type_rec(m, sk_op_operand(m, op, 0))->rank;
  const int64_t index_rank = sk_value_type_rec(m, sk_op_operand(m, op, 1))->rank;
  int64_t along = sk_op_int(m, op, SK_NAME_dim, 0), batch = sk_op_int(m, op, SK_NAME_batch_dims, 0);
  along += along < 0 ? rank : 0;
  batch += batch < 0 ? index_rank : 0;
  *out_along = (uint32_t)along;
  *out_batch = (uint32_t)batch;
  return along >= 0 && along < rank && batch >= 0 && batch <= along && batch <= index_rank &&
         rank - 1 + index_rank - batch <= SK_MAX_RANK;
}

// Where there are no elements to choose from, there may be no indices.
static sk_status select_of_nothing(const sk_expander *e, sk_op op) {
  const sk_value old = sk_op_result(e->m, op, 0);
  int64_t count = 0;
  (void)sk_type_elem_count(e->m, sk_value_type(e->m, old), &count);
  if (count > 0) {
    return sk_op_error(e->m, op, SK_INVALID_ARGUMENT,
                       "there are indices, but nothing to choose from");
  }
  sk_rebuild_set(e->r, old, sk_expand_number(e, sk_value_type(e->m, old), 0));
  return NULL;
}

// A gather of slices that are whole but for the batch dimensions and the one along which is chosen.
sk_status sk_expand_index_select(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  const sk_value operands[2] = {sk_expand_operand(e, op, 0), sk_expand_operand(e, op, 1)};
  const sk_type_rec from = *sk_value_type_rec(m, operands[0]);
  const uint32_t index_rank = sk_value_type_rec(m, operands[1])->rank;
  uint32_t along, batch, offsets = 0;
  int64_t offset_dims[SK_MAX_RANK], batch_dims[SK_MAX_RANK], sizes[SK_MAX_RANK], chosen;
  if (!read_index_select(m, op, &along, &batch)) {
    return sk_op_error(m, op, SK_INVALID_ARGUMENT, "dimensions out of range");
  }
  if (from.dims[along] == 0) {
    return select_of_nothing(e, op);
  }
  chosen = along;
  for (uint32_t d = 0; d < from.rank; d++) {
    sizes[d] = d < batch || d == along ? 1 : from.dims[d];
    batch_dims[d] = d;
    if (d >= batch && d != along) {
      offset_dims[offsets++] = d < along ? d : d - 1 + index_rank - batch;
    }
  }
  const sk_gather_dims dims = {.offset_dims = {offset_dims, offsets},
                               .collapsed_slice_dims = {&chosen, 1},
                               .operand_batching_dims = {batch_dims, batch},
                               .start_indices_batching_dims = {batch_dims, batch},
                               .start_index_map = {&chosen, 1},
                               .index_vector_dim = index_rank};
  const sk_named_attr attrs[2] = {
      {{SK_NAME_dimension_numbers},
       sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_GATHER_DIMS, .u.gather = &dims})},
      {{SK_NAME_slice_sizes}, sk_attr_ints(m, sizes, from.rank)}};
  const sk_value old = sk_op_result(m, op, 0);
  sk_rebuild_set(e->r, old,
                 sk_expand_emit(e, SK_OP_GATHER, sk_value_type(m, old), operands, 2, attrs, 2));
  return NULL;
}

// ---- chlo.broadcast_*

static sk_opkind broadcast_kind(sk_opkind kind) {
  switch ((int)kind) {
#define BROADCASTS(name)                                                                           \
  case SK_OP_CHLO_BROADCAST_##name: return SK_OP_##name;
    BROADCASTS(ADD)
    BROADCASTS(AND)
    BROADCASTS(ATAN2)
    BROADCASTS(COMPARE)
    BROADCASTS(COMPLEX)
    BROADCASTS(DIVIDE)
    BROADCASTS(MAXIMUM)
    BROADCASTS(MINIMUM)
    BROADCASTS(MULTIPLY)
    BROADCASTS(OR)
    BROADCASTS(POWER)
    BROADCASTS(REMAINDER)
    BROADCASTS(SELECT)
    BROADCASTS(SHIFT_LEFT)
    BROADCASTS(SHIFT_RIGHT_ARITHMETIC)
    BROADCASTS(SHIFT_RIGHT_LOGICAL)
    BROADCASTS(SUBTRACT)
    BROADCASTS(XOR)
#undef BROADCASTS
    case SK_OP_CHLO_BROADCAST_NEXT_AFTER: return SK_OP_CHLO_NEXT_AFTER;
    case SK_OP_CHLO_BROADCAST_POLYGAMMA: return SK_OP_CHLO_POLYGAMMA;
    case SK_OP_CHLO_BROADCAST_ZETA: return SK_OP_CHLO_ZETA;
    default: return SK_OP_NONE;
  }
}

bool sk_expand_is_broadcasting(const sk_module *m, sk_op op) {
  return broadcast_kind(sk_op_kind(m, op)) != SK_OP_NONE;
}

// The operand in the shape of the result: dimensions as listed, or else from the right.
static sk_value broadcast_operand(const sk_expander *e, sk_op op, uint32_t i) {
  const sk_value v = sk_expand_operand(e, op, i);
  const sk_type_rec from = *sk_value_type_rec(e->m, v);
  const sk_type_rec to = *sk_value_type_rec(e->m, sk_op_result(e->m, op, 0));
  const sk_ints listed = sk_op_ints(e->m, op, SK_NAME_broadcast_dimensions);
  const bool use = listed.count == from.rank && from.rank < to.rank;
  int64_t dims[SK_MAX_RANK];
  for (uint32_t d = 0; d < from.rank; d++) {
    dims[d] = use ? listed.data[d] : (int64_t)(to.rank - from.rank + d);
  }
  const sk_type type = sk_type_tensor(e->m, (sk_elem)from.elem, to.rank, to.dims);
  return type.id == sk_value_type(e->m, v).id ? v : sk_expand_broadcast(e, v, type, dims);
}

sk_status sk_expand_broadcasting(const sk_expander *e, sk_op op) {
  const sk_opkind kind = broadcast_kind(sk_op_kind(e->m, op));
  const sk_value old = sk_op_result(e->m, op, 0);
  const uint32_t count = sk_op_get(e->m, op)->operand_count;
  sk_value operands[3];
  for (uint32_t i = 0; i < count && i < SK_COUNT(operands); i++) {
    operands[i] = broadcast_operand(e, op, i);
  }
  const sk_named_attr attrs[2] = {
      {{SK_NAME_comparison_direction}, sk_op_find_attr(e->m, op, SK_NAME_comparison_direction)},
      {{SK_NAME_compare_type}, sk_op_find_attr(e->m, op, SK_NAME_compare_type)}};
  const uint32_t attr_count = kind != SK_OP_COMPARE ? 0 : attrs[1].attr.id != 0 ? 2 : 1;
  sk_rebuild_set(
      e->r, old,
      sk_expand_emit(e, kind, sk_value_type(e->m, old), operands, count, attrs, attr_count));
  return NULL;
}

// ---- constants

sk_status sk_expand_constant(const sk_expander *e, sk_op op) {
  const sk_value old = sk_op_result(e->m, op, 0);
  const sk_named_attr attr = {{SK_NAME_value}, sk_op_find_attr(e->m, op, SK_NAME_value)};
  sk_rebuild_set(e->r, old,
                 sk_expand_emit(e, SK_OP_CONSTANT, sk_value_type(e->m, old), NULL, 0, &attr, 1));
  return NULL;
}

bool sk_expand_is_constant_like(const sk_module *m, sk_op op) {
  const sk_attr_rec *value = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_value));
  return (value->kind == SK_ATTR_FLOAT || value->kind == SK_ATTR_INT ||
          value->kind == SK_ATTR_BOOL) &&
         sk_type_is_static_tensor(m, sk_value_type(m, sk_op_result(m, op, 0)));
}

sk_status sk_expand_constant_like(const sk_expander *e, sk_op op) {
  const sk_attr_rec value = *sk_attr_get(e->m, sk_op_find_attr(e->m, op, SK_NAME_value));
  const sk_value old = sk_op_result(e->m, op, 0);
  const sk_type type = sk_value_type(e->m, old);
  const sk_elem elem = (sk_elem)sk_type_get(e->m, type)->elem;
  const bool whole = sk_elem_is_int(elem) || elem == SK_PRED;
  const double real = value.kind == SK_ATTR_FLOAT ? value.u.f : (double)value.u.i;
  const int64_t number = value.kind == SK_ATTR_FLOAT ? 0 : value.u.i;
  sk_rebuild_set(e->r, old,
                 whole ? sk_expand_int(e, type, number) : sk_expand_float(e, type, real));
  return NULL;
}

// ---- values passed on

static void forward_all(const sk_expander *e, sk_op op) {
  for (uint32_t i = 0; i < sk_op_get(e->m, op)->result_count; i++) {
    sk_rebuild_set(e->r, sk_op_result(e->m, op, i), sk_expand_operand(e, op, i));
  }
}

static bool keeps_types(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  bool same = rec->operand_count == rec->result_count;
  for (uint32_t i = 0; same && i < rec->result_count; i++) {
    same =
        sk_value_type(m, sk_op_operand(m, op, i)).id == sk_value_type(m, sk_op_result(m, op, i)).id;
  }
  return same;
}

sk_status sk_expand_forward(const sk_expander *e, sk_op op) {
  forward_all(e, op);
  return NULL;
}

// A member of the tuple that an operation before made. Tuples from elsewhere stay.
bool sk_expand_is_member(const sk_module *m, sk_op op) {
  const sk_op made = sk_value_get(m, sk_op_operand(m, op, 0))->op;
  return made.id != 0 &&
         (sk_op_kind(m, made) == SK_OP_TUPLE ||
          (sk_op_kind(m, made) == SK_OP_GET_TUPLE_ELEMENT && sk_expand_is_member(m, made)));
}

sk_status sk_expand_member(const sk_expander *e, sk_op op) {
  const sk_op made = sk_value_get(e->m, sk_expand_operand(e, op, 0))->op;
  const int64_t index = sk_op_int(e->m, op, SK_NAME_index, 0);
  if (made.id == 0 || sk_op_kind(e->m, made) != SK_OP_TUPLE ||
      index >= (int64_t)sk_op_get(e->m, made)->operand_count) {
    return sk_op_error(e->m, op, SK_UNIMPLEMENTED,
                       "the tuple does not come from a tuple operation");
  }
  sk_rebuild_set(e->r, sk_op_result(e->m, op, 0), sk_op_operand(e->m, made, (uint32_t)index));
  return NULL;
}

// ---- one participant

static bool is_alone(const sk_module *m) {
  return sk_op_int(m, m->root, SK_NAME_mhlo_num_replicas, 1) <= 1 &&
         sk_op_int(m, m->root, SK_NAME_mhlo_num_partitions, 1) <= 1;
}

static bool is_list(const sk_attr_rec *groups) { return groups->kind == SK_ATTR_INTS; }

// Groups of one process: none are written, or just its own; or the axes of a mesh, which are looked at below.
bool sk_expand_is_lone_collective(const sk_module *m, sk_op op) {
  const sk_attr attr = sk_op_find_attr(m, op, SK_NAME_replica_groups);
  const sk_attr_rec *groups = sk_attr_get(m, attr);
  const bool own = attr.id == 0 || !is_list(groups) || groups->u.ints.count == 0 ||
                   (groups->u.ints.count == 1 && groups->u.ints.data[0] == 0);
  return is_alone(m) && own && keeps_types(m, op);
}

sk_status sk_expand_lone_collective(const sk_expander *e, sk_op op) {
  const sk_attr attr = sk_op_find_attr(e->m, op, SK_NAME_replica_groups);
  if (attr.id != 0 && !is_list(sk_attr_get(e->m, attr))) {
    sk_device_groups groups;
    SK_TRY(sk_group_axes_read(e->m, op, attr, &e->m->arena, &groups));
    if (groups.count != 1 || groups.width != 1 || groups.ids[0] != 0) {
      return sk_op_error(e->m, op, SK_INVALID_ARGUMENT,
                         "a group names a process that does not run");
    }
  }
  return sk_expand_forward(e, op);
}

bool sk_expand_is_lone_permute(const sk_module *m, sk_op op) {
  const sk_ints pairs = sk_op_ints(m, op, SK_NAME_source_target_pairs);
  return is_alone(m) && keeps_types(m, op) && pairs.count == 2 && pairs.data[0] == 0 &&
         pairs.data[1] == 0;
}

bool sk_expand_is_lone(const sk_module *m, sk_op op) {
  (void)op;
  return is_alone(m);
}

sk_status sk_expand_process_id(const sk_expander *e, sk_op op) {
  const sk_value old = sk_op_result(e->m, op, 0);
  int64_t id = sk_op_kind(e->m, op) == SK_OP_PARTITION_ID
                   ? sk_op_int(e->m, e->m->root, SK_NAME_skarn_partition, 0)
                   : 0;
  sk_rebuild_set(e->r, old, sk_expand_int(e, sk_value_type(e->m, old), id));
  return NULL;
}

// ---- shardings and regions that run where they stand

bool sk_expand_is_sharding(const sk_module *m, sk_op op) {
  return sk_op_get(m, op)->region_count == 0 && keeps_types(m, op);
}

// Puts the region in place, its arguments being the operands; its terminator's operands have new values then.
static sk_status place_region(const sk_expander *e, sk_op op, sk_region region) {
  const uint32_t count = sk_region_get(e->m, region)->arg_count;
  if (count != sk_op_get(e->m, op)->operand_count) {
    return sk_op_error(e->m, op, SK_INVALID_ARGUMENT, "the body takes %u arguments", count);
  }
  for (uint32_t i = 0; i < count; i++) {
    sk_rebuild_set(e->r, sk_region_arg(e->m, region, i), sk_expand_operand(e, op, i));
  }
  return sk_rebuild_ops(e->r, region, e->into);
}

static void set_from_end(const sk_expander *e, sk_op op, sk_region region) {
  const sk_op end = sk_region_get(e->m, region)->last;
  for (uint32_t i = 0; i < sk_op_get(e->m, op)->result_count; i++) {
    sk_rebuild_set(e->r, sk_op_result(e->m, op, i), sk_expand_operand(e, end, i));
  }
}

static bool fits_region(const sk_module *m, sk_op op, sk_region region) {
  const sk_op_rec *rec = sk_op_get(m, op), *end = sk_op_get(m, sk_region_get(m, region)->last);
  bool fits = sk_region_get(m, region)->arg_count == rec->operand_count;
  for (uint32_t i = 0; fits && i < rec->operand_count; i++) {
    fits = sk_value_type(m, sk_op_operand(m, op, i)).id ==
           sk_value_type(m, sk_region_arg(m, region, i)).id;
  }
  return fits && end->operand_count >= rec->result_count;
}

bool sk_expand_is_computation(const sk_module *m, sk_op op) {
  const sk_region region = sk_op_region(m, op, 0);
  const sk_op end = sk_region_get(m, region)->last;
  bool fits = is_alone(m) && fits_region(m, op, region);
  for (uint32_t i = 0; fits && i < sk_op_get(m, op)->result_count; i++) {
    fits = sk_value_type(m, sk_op_result(m, op, i)).id ==
           sk_value_type(m, sk_op_operand(m, end, i)).id;
  }
  return fits;
}

sk_status sk_expand_computation(const sk_expander *e, sk_op op) {
  const sk_region region = sk_op_region(e->m, op, 0);
  SK_TRY(place_region(e, op, region));
  set_from_end(e, op, region);
  return NULL;
}

bool sk_expand_is_async(const sk_module *m, sk_op op) {
  return is_alone(m) && sk_op_get(m, op)->operand_count > 0 &&
         fits_region(m, op, sk_op_region(m, op, 0));
}

// The future itself has no value any more; async_done reads what the region returned.
sk_status sk_expand_async_start(const sk_expander *e, sk_op op) {
  SK_TRY(place_region(e, op, sk_op_region(e->m, op, 0)));
  sk_rebuild_set(e->r, sk_op_result(e->m, op, 0), sk_op_operand(e->m, op, 0));
  return NULL;
}

bool sk_expand_is_awaited(const sk_module *m, sk_op op) {
  const sk_op start = sk_value_get(m, sk_op_operand(m, op, 0))->op;
  return start.id != 0 && sk_op_kind(m, start) == SK_OP_ASYNC_START && sk_expand_is_async(m, start);
}

sk_status sk_expand_async_done(const sk_expander *e, sk_op op) {
  const sk_op start = sk_value_get(e->m, sk_op_operand(e->m, op, 0))->op;
  set_from_end(e, op, sk_op_region(e->m, start, 0));
  return NULL;
}
