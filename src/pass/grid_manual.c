// SPDX-License-Identifier: Apache-2.0
// sdy.manual_computation: a body that is written for one device of a mesh, on its parts of the
// operands. All devices of a mesh share this program's memory, so the body becomes a grid of
// processes whose operands are slices and whose results are put together again.
//
//   sdy.manual_computation(%a) in_shardings=[<@mesh, [{"x"}]>]        %a0 = slice %a [0:4]     body on %a0
//     out_shardings=[<@mesh, [{"x"}]>] manual_axes={"x"}         ->   %a1 = slice %a [4:8]     body on %a1
//     (%p: tensor<4xf32>) { .. }                                      concatenate of what both return
//
// Where only some axes are manual, the others split nothing: one process stands for all devices that
// differ in those axes alone, and meets processes, not devices. A manual computation inside another
// takes up more axes of the same mesh: each process becomes a grid of its own, whose processes meet
// only each other.
#include "pass/grid_int.h"
#include "pass/shard.h"

typedef struct manual {
  sk_grid *g;
  sk_expander e;
  sk_sharding_list in, out;
  const sk_mesh *mesh;  // of all of them; NULL: no operands and no results
  uint64_t axes;        // manual ones
} manual;

static sk_status read_meshes(manual *c, const sk_sharding_list *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    const sk_mesh *mesh = &list->items[i].mesh;
    if (c->mesh && !sk_mesh_equal(c->mesh, mesh)) {
      return sk_op_error(c->g->m, c->g->op, SK_UNIMPLEMENTED,
                         "shardings over different meshes are not supported yet");
    }
    c->mesh = mesh;
  }
  return NULL;
}

static sk_status read(manual *c) {
  sk_module *m = c->g->m;
  sk_op op = c->g->op;
  const sk_op_rec rec = *sk_op_get(m, op);
  SK_TRY(sk_sharding_list_read(m, op, sk_op_find_attr(m, op, SK_NAME_in_shardings), &m->arena,
                               &c->in));
  SK_TRY(sk_sharding_list_read(m, op, sk_op_find_attr(m, op, SK_NAME_out_shardings), &m->arena,
                               &c->out));
  if (c->in.count != rec.operand_count || c->out.count != rec.result_count) {
    return sk_op_error(m, op, SK_INVALID_ARGUMENT,
                       "%u and %u shardings for %u operands and %u results", c->in.count,
                       c->out.count, rec.operand_count, rec.result_count);
  }
  SK_TRY(read_meshes(c, &c->in));
  SK_TRY(read_meshes(c, &c->out));
  static const sk_mesh lone = {.device_count = 1};
  const sk_grid *outer = c->g->outer;
  c->mesh = c->mesh ? c->mesh : outer ? outer->mesh : &lone;
  if (c->mesh == &lone) {
    return NULL;
  }
  return sk_manual_axes_read(m, op, sk_op_find_attr(m, op, SK_NAME_manual_axes), c->mesh, &c->axes);
}

// The axes of this computation come to those of the one around it.
static sk_status place(manual *c) {
  const sk_grid *outer = c->g->outer;
  c->g->mesh = c->mesh;
  c->g->axes = c->axes;
  if (outer == NULL) {
    return NULL;
  }
  if (!sk_mesh_equal(c->mesh, outer->mesh)) {
    return sk_op_error(c->g->m, c->g->op, SK_UNIMPLEMENTED,
                       "a manual computation over another mesh than the one around it");
  }
  if ((c->axes & outer->axes) != 0) {
    return sk_op_error(c->g->m, c->g->op, SK_INVALID_ARGUMENT,
                       "an axis is manual already in the computation around it");
  }
  c->g->axes |= outer->axes;
  return NULL;
}

// Does the device at a position stand for those that differ in free axes alone? Inside another
// computation: among those that the process at hand stands for.
static bool stands_first(const manual *c, uint32_t position) {
  const sk_grid *outer = c->g->outer;
  uint32_t from = outer ? sk_mesh_position(c->mesh, outer->turn->id) : 0;
  for (uint32_t a = 0; a < c->mesh->axis_count; a++) {
    if (!(c->axes >> a & 1) &&
        sk_mesh_coordinate(c->mesh, position, a) != sk_mesh_coordinate(c->mesh, from, a)) {
      return false;
    }
  }
  return true;
}

static sk_status start(manual *c, sk_process *p, uint32_t position) {
  sk_grid *g = c->g;
  sk_region body = sk_op_region(g->m, g->op, 0);
  for (uint32_t i = 0; i < c->in.count; i++) {
    const sk_shards s = {&c->in.items[i], c->axes};
    sk_value whole = sk_rebuild_get(g->r, sk_op_operand(g->m, g->op, i));
    sk_type type;
    SK_TRY(sk_shard_type(g->m, g->op, s, sk_value_type(g->m, whole), &type));
    if (sk_value_type(g->m, sk_region_arg(g->m, body, i)).id != type.id) {
      return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                         "argument %u of the body is not of the type of a part", i);
    }
    sk_grid_set(g, p, sk_region_arg(g->m, body, i), sk_shard_cut(&c->e, s, whole, position));
  }
  sk_grid_start(g, p, body);
  return NULL;
}

static sk_status start_all(manual *c) {
  sk_grid *g = c->g;
  g->replicas = 1;
  g->partitions = g->count = c->mesh->device_count;
  if (g->count > SK_GRID_MAX_PROCESSES) {
    return sk_op_error(g->m, g->op, SK_UNIMPLEMENTED, "a mesh of %u devices, at most %d", g->count,
                       SK_GRID_MAX_PROCESSES);
  }
  g->processes =
      sk_arena_zalloc(&g->m->arena, g->count * sizeof *g->processes, _Alignof(sk_process));
  for (uint32_t id = 0; id < g->count; id++) {
    sk_process *p = &g->processes[id];
    uint32_t position = sk_mesh_position(c->mesh, id);
    if (position == UINT32_MAX) {
      return sk_op_error(g->m, g->op, SK_UNIMPLEMENTED,
                         "a mesh whose devices are not numbered from 0");
    }
    p->id = id;
    p->absent = p->ended = !stands_first(c, position);
  }
  for (uint32_t id = 0; id < g->count; id++) {
    if (!g->processes[id].absent) {
      SK_TRY(start(c, &g->processes[id], sk_mesh_position(c->mesh, id)));
    }
  }
  return NULL;
}

static sk_value any_of(const sk_value *parts, uint32_t count) {
  uint32_t i = 0;
  while (i + 1 < count && parts[i].id == 0) {
    i++;
  }
  return parts[i];
}

static sk_status give_results(manual *c) {
  sk_grid *g = c->g;
  sk_value *parts = SK_NEW_ARRAY(&g->m->arena, sk_value, g->count);
  for (uint32_t i = 0; i < c->out.count; i++) {
    const sk_shards s = {&c->out.items[i], c->axes};
    sk_type whole = sk_value_type(g->m, sk_op_result(g->m, g->op, i)), type;
    SK_TRY(sk_shard_type(g->m, g->op, s, whole, &type));
    memset(parts, 0, g->count * sizeof *parts);
    for (uint32_t id = 0; id < g->count; id++) {
      sk_process *p = &g->processes[id];
      if (p->absent) {
        continue;
      }
      sk_value part = sk_grid_get(g, p, sk_op_operand(g->m, sk_grid_end(g, p), i));
      if (sk_value_type(g->m, part).id != type.id) {
        return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                           "result %u of the body is not of the type of a part", i);
      }
      parts[sk_mesh_position(c->mesh, id)] = part;
    }
    sk_rebuild_set(g->r, sk_op_result(g->m, g->op, i),
                   sk_type_get(g->m, whole)->kind == SK_TYPE_TENSOR ? sk_shard_join(&c->e, s, parts)
                                                                    : any_of(parts, g->count));
  }
  return NULL;
}

sk_status sk_grid_manual_computation(sk_rebuild *r, sk_op op, sk_region into, sk_grid **slot) {
  const sk_expander e = {.r = r, .m = r->m, .into = into, .loc = sk_op_get(r->m, op)->loc};
  sk_grid *outer = *slot, g = {.r = r, .m = r->m, .op = op, .into = into, .outer = outer};
  manual c = {.g = &g, .e = e};
  if (outer && !outer->mesh) {
    return sk_op_error(r->m, op, SK_UNIMPLEMENTED, "a grid of processes inside another");
  }
  SK_TRY(read(&c));
  SK_TRY(place(&c));
  *slot = &g;
  sk_status status = start_all(&c);
  status = status ? status : sk_grid_take_turns(&g);
  status = status ? status : give_results(&c);
  *slot = outer;
  return status;
}
