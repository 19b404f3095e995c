// SPDX-License-Identifier: Apache-2.0
// The custom calls between wholes and parts by which programs said what sdy.manual_computation says now.
// In between a function is about the parts of one device; a process of the grid (spread.c: one for each
// device, all with the same wholes) cuts its part out, and all meet where they put parts together.
//
//   %1 = custom_call @Sharding(%0) {mhlo.sharding = "{devices=[2,1]<=[2]}"}
//   %2 = custom_call @SPMDFullToShardShape(%1) {mhlo.sharding = "{manual}"}: 4x3xf32 -> 2x3xf32
//   ..
//   %4 = custom_call @SPMDShardToFullShape(%3) {mhlo.sharding = "{devices=[2,1]<=[2]}"}: 2x3xf32 -> 4x3xf32
//
// Where only some axes are manual, tiles may speak of others too: those that the types do not split by are
// left out.
#include "pass/grid_int.h"
#include "pass/shard.h"

sk_shape_call sk_shape_call_of(const sk_module *m, sk_op op) {
  const sk_op_rec rec = *sk_op_get(m, op);
  if (rec.kind != SK_OP_CUSTOM_CALL || rec.operand_count != 1 || rec.result_count != 1 ||
      sk_value_type(m, sk_op_operand(m, op, 0)).id == sk_value_type(m, sk_op_result(m, op, 0)).id) {
    return SK_SHAPE_CALL_NONE;
  }
  const sk_str target = sk_op_string(m, op, SK_NAME_call_target_name);
  return sk_str_eq(target, SK_STR("SPMDFullToShardShape"))   ? SK_SHAPE_CALL_CUTS
         : sk_str_eq(target, SK_STR("SPMDShardToFullShape")) ? SK_SHAPE_CALL_JOINS
                                                             : SK_SHAPE_CALL_NONE;
}

// Dimensions that are as long in a part as in the whole are not split.
static sk_status fit(const sk_module *m, sk_op op, sk_sharding *s, const sk_type_rec *whole,
                     const sk_type_rec *part) {
  bool fits = whole->kind == SK_TYPE_TENSOR && part->kind == SK_TYPE_TENSOR &&
              whole->rank == part->rank && whole->elem == part->elem;
  for (uint32_t d = 0; fits && d < whole->rank; d++) {
    if (whole->dims[d] == part->dims[d]) {
      s->dims[d] = (sk_dim_sharding){0};
    }
    int64_t size;
    fits = whole->dims[d] >= 0 &&
           !SK_MUL_OVERFLOW(part->dims[d], sk_dim_parts(&s->dims[d], UINT64_MAX), &size) &&
           size == whole->dims[d];
  }
  return fits ? NULL
              : sk_op_error(m, op, SK_INVALID_ARGUMENT, "the parts do not make up the whole");
}

// Of a whole that is cut, its annotation says how; of one that is put together, the call itself.
sk_status sk_shape_call_read(sk_module *m, sk_op op, sk_sharding *out) {
  const bool cuts = sk_shape_call_of(m, op) == SK_SHAPE_CALL_CUTS;
  const sk_value operand = sk_op_operand(m, op, 0), result = sk_op_result(m, op, 0);
  const sk_type_rec *whole = sk_value_type_rec(m, cuts ? operand : result);
  const sk_type_rec *part = sk_value_type_rec(m, cuts ? result : operand);
  sk_op from = cuts ? sk_value_get(m, operand)->op : op;
  from = from.id != 0 ? from : op;
  SK_TRY(sk_tiles_read(m, from, sk_op_find_attr(m, from, SK_NAME_mhlo_sharding), whole->rank,
                       &m->arena, out));
  return fit(m, op, out, whole, part);
}

static sk_status read_for(const sk_grid *g, sk_op op, sk_sharding *out) {
  SK_TRY(sk_shape_call_read(g->m, op, out));
  return out->mesh.device_count == g->partitions
             ? NULL
             : sk_op_error(g->m, op, SK_INVALID_ARGUMENT, "a mesh of %u devices, where %u run",
                           out->mesh.device_count, g->partitions);
}

sk_status sk_grid_cut(sk_grid *g, sk_op op, sk_region into) {
  const sk_expander e = {.r = g->r, .m = g->m, .into = into, .loc = sk_op_get(g->m, op)->loc};
  sk_sharding s;
  SK_TRY(read_for(g, op, &s));
  uint32_t position = sk_mesh_position(&s.mesh, g->turn->id % g->partitions);
  sk_value whole = sk_rebuild_get(g->r, sk_op_operand(g->m, op, 0));
  sk_rebuild_set(g->r, sk_op_result(g->m, op, 0),
                 sk_shard_cut(&e, (sk_shards){&s, UINT64_MAX}, whole, position));
  return NULL;
}

sk_status sk_grid_join(const sk_grid *g, const sk_expander *e, sk_op op, const sk_value *parts,
                       sk_value *out) {
  sk_sharding s;
  SK_TRY(read_for(g, op, &s));
  sk_value *by_position = SK_NEW_ARRAY(&g->m->arena, sk_value, g->partitions);
  for (uint32_t device = 0; device < g->partitions; device++) {
    by_position[sk_mesh_position(&s.mesh, device)] = parts[device];
  }
  *out = sk_shard_join(e, (sk_shards){&s, UINT64_MAX}, by_position);
  return NULL;
}
