// SPDX-License-Identifier: Apache-2.0
// sdy.manual_computation: a body that is written for one device of a mesh, on its parts of the
// operands. All devices of a mesh share this program's memory, so the body becomes a grid of
// processes whose operands are slices and whose results are put together again.
//
//   sdy.manual_computation(%a) in_shardings=[<@mesh, [{"x"}]>]        %a0 = slice %a [0:4]     body on %a0
//     out_shardings=[<@mesh, [{"x"}]>] manual_axes={"x"}         ->   %a1 = slice %a [4:8]     body on %a1
//     (%p: tensor<4xf32>) { .. }                                      concatenate of what both return
//
// What the body takes and gives as the devices have it comes by itself, behind the wholes (spread_manual.c).
//
// Where only some axes are manual, the others split nothing: one process stands for all devices that
// differ in those axes alone, and meets processes, not devices. A computation inside the body that makes
// further axes manual is where it calls those devices: they are processes until its end, and what
// they return becomes results of the one that called them.
#include "pass/grid_int.h"
#include "pass/shard.h"

struct sk_grid_manual {
  sk_grid *g;
  sk_op op;
  sk_process *caller;  // NULL: the entry
  sk_sharding_list in, out;
  sk_ints own_in, own_out;  // operands and results with parts of their own behind (spread_manual.c)
  const sk_mesh *mesh;      // of all of them; NULL: no operands and no results
  uint64_t axes, outer;     // manual ones, and those that are so around it
};

static const sk_mesh lone = {.device_count = 1};

static sk_expander expander_of(const sk_grid_manual *c) {
  return (sk_expander){
      .r = c->g->r, .m = c->g->m, .into = c->g->into, .loc = sk_op_get(c->g->m, c->op)->loc};
}

static sk_status read_meshes(sk_grid_manual *c, const sk_sharding_list *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    const sk_mesh *mesh = &list->items[i].mesh;
    if (c->mesh && !sk_mesh_equal(c->mesh, mesh)) {
      return sk_op_error(c->g->m, c->op, SK_UNIMPLEMENTED,
                         "shardings over different meshes are not supported yet");
    }
    c->mesh = mesh;
  }
  return NULL;
}

static bool are_below(sk_ints list, uint32_t limit) {
  bool below = true;
  for (uint32_t i = 0; i < list.count; i++) {
    below = below && list.data[i] >= 0 && list.data[i] < limit;
  }
  return below;
}

// Parts of some come behind the operands and results that have shardings.
static sk_status read_own(sk_grid_manual *c) {
  const sk_op_rec rec = *sk_op_get(c->g->m, c->op);
  const uint64_t devices = c->mesh->device_count;
  c->own_in = sk_op_ints(c->g->m, c->op, SK_NAME_skarn_own_operands);
  c->own_out = sk_op_ints(c->g->m, c->op, SK_NAME_skarn_own_results);
  bool none = c->own_in.count + c->own_out.count == 0;
  bool good = rec.operand_count == c->in.count + c->own_in.count * devices &&
              rec.result_count == c->out.count + c->own_out.count * devices &&
              are_below(c->own_in, c->in.count) && are_below(c->own_out, c->out.count) &&
              (none || (!c->caller && c->axes == sk_mesh_all_axes(c->mesh)));
  return good ? NULL
              : sk_op_error(c->g->m, c->op, SK_INVALID_ARGUMENT,
                            "%u and %u shardings for %u operands and %u results", c->in.count,
                            c->out.count, rec.operand_count, rec.result_count);
}

static sk_status read(sk_grid_manual *c) {
  sk_module *m = c->g->m;
  sk_op op = c->op;
  SK_TRY(sk_sharding_list_read(m, op, sk_op_find_attr(m, op, SK_NAME_in_shardings), &m->arena,
                               &c->in));
  SK_TRY(sk_sharding_list_read(m, op, sk_op_find_attr(m, op, SK_NAME_out_shardings), &m->arena,
                               &c->out));
  c->mesh = c->g->mesh;  // around it
  SK_TRY(read_meshes(c, &c->in));
  SK_TRY(read_meshes(c, &c->out));
  c->mesh = c->mesh ? c->mesh : &lone;
  if (c->in.count + c->out.count > 0) {
    SK_TRY(
        sk_manual_axes_read(m, op, sk_op_find_attr(m, op, SK_NAME_manual_axes), c->mesh, &c->axes));
  }
  SK_TRY(read_own(c));
  return c->axes & c->outer
             ? sk_op_error(m, op, SK_INVALID_ARGUMENT, "an axis of the mesh is manual twice")
             : NULL;
}

// Is the device at a position one that the caller stands for, and the first of those that differ in free
// axes alone?
static bool is_called(const sk_grid_manual *c, uint32_t position) {
  uint32_t own = c->caller ? sk_mesh_position(c->mesh, c->caller->id) : 0;
  for (uint32_t a = 0; a < c->mesh->axis_count; a++) {
    bool is_outer = c->outer >> a & 1, is_free = !((c->axes | c->outer) >> a & 1);
    int64_t at = sk_mesh_coordinate(c->mesh, position, a);
    if ((is_free && at != 0) || (is_outer && at != sk_mesh_coordinate(c->mesh, own, a))) {
      return false;
    }
  }
  return true;
}

// ---- the body begins

// The part of an operand that comes by itself; id 0: it is cut from the whole.
static sk_value own_operand(const sk_grid_manual *c, uint32_t operand, uint32_t position) {
  for (uint32_t k = 0; k < c->own_in.count; k++) {
    if (c->own_in.data[k] == operand) {
      const uint32_t at = c->in.count + k * c->mesh->device_count + position;
      return sk_rebuild_get(c->g->r, sk_op_operand(c->g->m, c->op, at));
    }
  }
  return (sk_value){0};
}

static sk_status set_arguments(const sk_grid_manual *c, sk_process *p) {
  sk_grid *g = c->g;
  const sk_expander e = expander_of(c);
  const uint32_t position = sk_mesh_position(c->mesh, p->id);
  sk_region body = sk_op_region(g->m, c->op, 0);
  for (uint32_t i = 0; i < c->in.count; i++) {
    const sk_shards s = {&c->in.items[i], c->axes};
    sk_value operand = sk_op_operand(g->m, c->op, i), arg = sk_region_arg(g->m, body, i);
    sk_value whole = c->caller ? sk_grid_get(g, c->caller, operand) : sk_rebuild_get(g->r, operand);
    sk_value part = own_operand(c, i, position);
    sk_type type;
    SK_TRY(sk_shard_type(g->m, c->op, s, sk_value_type(g->m, whole), &type));
    if (sk_value_type(g->m, arg).id != type.id ||
        (part.id != 0 && sk_value_type(g->m, part).id != type.id)) {
      return sk_op_error(g->m, c->op, SK_INVALID_ARGUMENT,
                         "argument %u of the body is not of the type of a part", i);
    }
    sk_grid_set(g, p, arg, part.id != 0 ? part : sk_shard_cut(&e, s, whole, position));
  }
  return NULL;
}

static sk_status start_all(sk_grid_manual *c) {
  sk_grid *g = c->g;
  const sk_region body = sk_op_region(g->m, c->op, 0);
  for (uint32_t id = 0; id < g->count; id++) {
    sk_process *p = &g->processes[id];
    if (!is_called(c, sk_mesh_position(c->mesh, id))) {
      continue;
    }
    p->axes = c->axes | c->outer;
    SK_TRY(set_arguments(c, p));
    if (p != c->caller) {
      p->absent = p->ended = p->waits = false;
      p->stack.count = p->floor = 0;
    }
    sk_grid_start(g, p, body);
  }
  if (c->caller) {
    c->caller->stack.data[c->caller->stack.count - 1].manual = c;
  }
  return NULL;
}

// ---- and ends

static sk_status give_result(const sk_grid_manual *c, uint32_t i, sk_value *parts) {
  sk_grid *g = c->g;
  const sk_expander e = expander_of(c);
  const sk_op end = sk_region_get(g->m, sk_op_region(g->m, c->op, 0))->last;
  const sk_shards s = {&c->out.items[i], c->axes};
  const sk_value result = sk_op_result(g->m, c->op, i);
  const sk_type whole = sk_value_type(g->m, result);
  sk_value first = {0}, value;
  sk_type type;
  SK_TRY(sk_shard_type(g->m, c->op, s, whole, &type));
  for (uint32_t id = 0; id < g->count; id++) {
    const uint32_t position = sk_mesh_position(c->mesh, id);
    parts[position] = (sk_value){0};
    if (!is_called(c, position)) {
      continue;
    }
    parts[position] = sk_grid_get(g, &g->processes[id], sk_op_operand(g->m, end, i));
    first = first.id != 0 ? first : parts[position];
    if (sk_value_type(g->m, parts[position]).id != type.id) {
      return sk_op_error(g->m, c->op, SK_INVALID_ARGUMENT,
                         "result %u of the body is not of the type of a part", i);
    }
  }
  value = sk_type_get(g->m, whole)->kind == SK_TYPE_TENSOR ? sk_shard_join(&e, s, parts) : first;
  if (c->caller) {
    sk_grid_set(g, c->caller, result, value);
  } else {
    sk_rebuild_set(g->r, result, value);
  }
  return NULL;
}

// The parts of a result, where they are results too.
static sk_status give_own(const sk_grid_manual *c, uint32_t result, const sk_value *parts) {
  sk_module *m = c->g->m;
  for (uint32_t k = 0; k < c->own_out.count; k++) {
    for (uint32_t i = 0; c->own_out.data[k] == result && i < c->mesh->device_count; i++) {
      const sk_value own = sk_op_result(m, c->op, c->out.count + k * c->mesh->device_count + i);
      if (sk_value_type(m, own).id != sk_value_type(m, parts[i]).id) {
        return sk_op_error(m, c->op, SK_INVALID_ARGUMENT,
                           "a part of result %u is not of the type of one", result);
      }
      sk_rebuild_set(c->g->r, own, parts[i]);
    }
  }
  return NULL;
}

static sk_status give_results(const sk_grid_manual *c) {
  sk_value *parts = SK_NEW_ARRAY(&c->g->m->arena, sk_value, c->g->count);
  for (uint32_t i = 0; i < c->out.count; i++) {
    SK_TRY(give_result(c, i, parts));
    SK_TRY(give_own(c, i, parts));
  }
  return NULL;
}

// ---- a computation inside another

static sk_status call_devices(sk_grid *g, sk_process *caller, sk_op op) {
  sk_grid_manual *c = SK_NEW_ARRAY(&g->m->arena, sk_grid_manual, 1);
  *c = (sk_grid_manual){.g = g, .op = op, .caller = caller, .outer = caller->axes};
  if (caller->stack.count >= SK_REBUILD_MAX_DEPTH) {
    return sk_op_error(g->m, op, SK_RESOURCE_EXHAUSTED, "calls are nested deeper than %d",
                       SK_REBUILD_MAX_DEPTH);
  }
  SK_TRY(read(c));
  return start_all(c);
}

sk_status sk_grid_call_devices(sk_grid *g, sk_process *p, sk_op op) {
  if (!g->mesh) {
    return sk_op_error(g->m, op, SK_UNIMPLEMENTED, "a grid of processes inside another");
  }
  if (!sk_grid_all_stand_at(g, p, op)) {
    return NULL;
  }
  uint32_t *callers = SK_NEW_ARRAY(&g->m->arena, uint32_t, g->count);
  uint32_t count = 0;
  for (uint32_t id = 0; id < g->count; id++) {
    if (!g->processes[id].absent) {
      callers[count++] = id;
    }
  }
  sk_grid_go_on(g);
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(call_devices(g, &g->processes[callers[i]], op));
  }
  return NULL;
}

// Is it the one that called, at the end of the body?
static bool is_caller(const sk_grid *g, const sk_process *p, sk_op op) {
  const sk_grid_cursor *c = p->absent || p->stack.count == 0 ? NULL : &sk_vec_last(&p->stack);
  return c && c->manual && c->manual->op.id == op.id &&
         c->next.id == sk_region_get(g->m, c->region)->last.id;
}

// All at once, so that whoever is there is there for all.
sk_status sk_grid_dismiss_devices(sk_grid *g, sk_process *p) {
  const sk_op op = sk_vec_last(&p->stack).manual->op;
  for (uint32_t id = 0; id < g->count; id++) {
    if (!g->processes[id].ended && !is_caller(g, &g->processes[id], op)) {
      return NULL;
    }
  }
  for (uint32_t id = 0; id < g->count; id++) {
    if (is_caller(g, &g->processes[id], op)) {
      SK_TRY(give_results(sk_vec_last(&g->processes[id].stack).manual));
    }
  }
  for (uint32_t id = 0; id < g->count; id++) {
    sk_process *each = &g->processes[id];
    if (is_caller(g, each, op)) {
      each->axes = sk_vec_last(&each->stack).manual->outer;
      each->stack.count--;
    } else {
      each->absent = true;
    }
  }
  return NULL;
}

// ---- the outermost

static sk_status begin(sk_grid_manual *c) {
  sk_grid *g = c->g;
  SK_TRY(read(c));
  g->mesh = c->mesh;
  g->replicas = 1;
  g->partitions = g->count = c->mesh->device_count;
  if (g->count > SK_GRID_MAX_PROCESSES) {
    return sk_op_error(g->m, g->op, SK_UNIMPLEMENTED, "a mesh of %u devices, at most %d", g->count,
                       SK_GRID_MAX_PROCESSES);
  }
  g->processes =
      sk_arena_zalloc(&g->m->arena, g->count * sizeof *g->processes, _Alignof(sk_process));
  for (uint32_t id = 0; id < g->count; id++) {
    if (sk_mesh_position(c->mesh, id) == UINT32_MAX) {
      return sk_op_error(g->m, g->op, SK_UNIMPLEMENTED,
                         "a mesh whose devices are not numbered from 0");
    }
    g->processes[id].id = id;
    g->processes[id].absent = g->processes[id].ended = true;
  }
  return start_all(c);
}

sk_status sk_grid_manual_computation(sk_rebuild *r, sk_op op, sk_region into, sk_grid **slot) {
  if (*slot) {
    return sk_op_error(r->m, op, SK_UNIMPLEMENTED, "a grid of processes inside another");
  }
  sk_grid g = {.r = r, .m = r->m, .op = op, .into = into};
  sk_grid_manual c = {.g = &g, .op = op};
  *slot = &g;
  sk_status status = begin(&c);
  status = status ? status : sk_grid_take_turns(&g);
  status = status ? status : give_results(&c);
  *slot = NULL;
  return status;
}
