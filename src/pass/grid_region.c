// SPDX-License-Identifier: Apache-2.0
// Loops and branches in which processes meet: all of them go through together, as one loop or branch
// that carries the values of all.
//
//   while(%x) { .. all_reduce .. }   ->   while(%x0, %x1) { one trip of both, in turns }
//
// The processes must agree on how often and where they go, or they would wait for each other for
// ever; the first one decides for all.
#include "pass/grid_int.h"

enum { NOT_SEEN, APART, MEETS };

bool sk_grid_is_meeting(const sk_module *m, sk_op op) {
  const sk_opkind kind = sk_op_kind(m, op);
  return sk_grid_is_collective(m, op) || kind == SK_OP_SEND || kind == SK_OP_RECV ||
         kind == SK_OP_INFEED || kind == SK_OP_ASYNC_START || kind == SK_OP_ASYNC_DONE ||
         kind == SK_OP_SDY_MANUAL_COMPUTATION;
}

static bool region_meets(sk_grid *g, sk_region region, uint32_t depth);

static bool op_meets(sk_grid *g, sk_op op, uint32_t depth) {
  if (sk_grid_is_meeting(g->m, op)) {
    return true;
  }
  if (depth > SK_REBUILD_MAX_DEPTH) {
    return false;  // writing it reports that
  }
  if (sk_op_kind(g->m, op) == SK_OP_FUNC_CALL) {
    sk_op callee = sk_module_find_func(g->m, sk_op_string(g->m, op, SK_NAME_callee));
    return callee.id != 0 && sk_func_body(g->m, callee).id != 0 &&
           region_meets(g, sk_func_body(g->m, callee), depth + 1);
  }
  for (uint32_t i = 0; i < sk_op_get(g->m, op)->region_count; i++) {
    if (region_meets(g, sk_op_region(g->m, op, i), depth + 1)) {
      return true;
    }
  }
  return false;
}

// Remembered, so that a region is looked through once.
static bool region_meets(sk_grid *g, sk_region region, uint32_t depth) {
  if (!g->known) {
    g->known_count = g->m->regions.count;
    g->known = sk_arena_zalloc(&g->m->arena, g->known_count, 1);
  }
  if (region.id < g->known_count && g->known[region.id] != NOT_SEEN) {
    return g->known[region.id] == MEETS;
  }
  bool meets = false;
  SK_FOR_EACH_OP(g->m, region, op) { meets = meets || op_meets(g, op, depth); }
  if (region.id < g->known_count) {
    g->known[region.id] = meets ? MEETS : APART;
  }
  return meets;
}

bool sk_grid_goes_together(sk_grid *g, sk_op op) {
  sk_opkind kind = sk_op_kind(g->m, op);
  return (kind == SK_OP_WHILE || kind == SK_OP_IF || kind == SK_OP_CASE) && op_meets(g, op, 0);
}

// ---- going

static uint32_t present(const sk_grid *g) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < g->count; i++) {
    count += !g->processes[i].absent;
  }
  return count;
}

static sk_process *first(sk_grid *g) {
  uint32_t i = 0;
  while (g->processes[i].absent) {
    i++;
  }
  return &g->processes[i];
}

// Argument k of process i of a region with the arguments of all.
static void set_arguments(sk_grid *g, sk_region old, sk_region made) {
  uint32_t count = sk_region_get(g->m, old)->arg_count, next = 0;
  for (uint32_t i = 0; i < g->count; i++) {
    for (uint32_t k = 0; k < count && !g->processes[i].absent; k++) {
      sk_grid_set(g, &g->processes[i], sk_region_arg(g->m, old, k),
                  sk_region_arg(g->m, made, next++));
    }
  }
}

static void emit_return(sk_grid *g, sk_op like, const sk_value *values, uint32_t count) {
  const sk_op_desc desc = {.kind = sk_op_kind(g->m, like),
                           .loc = sk_op_get(g->m, like)->loc,
                           .operands = values,
                           .operand_count = count};
  (void)sk_rebuild_emit(g->r, g->into, &desc);
}

// All processes through a region, from its first operation to its end.
static sk_status walk_through(sk_grid *g, sk_region old, sk_region made, bool first_alone) {
  const sk_op end = sk_region_get(g->m, old)->last;
  const uint32_t results = sk_op_get(g->m, end)->operand_count;
  const sk_region outside = g->into;
  uint32_t *floors = SK_NEW_ARRAY(&g->m->arena, uint32_t, g->count);
  sk_value *values = SK_NEW_ARRAY(&g->m->arena, sk_value, g->count * results + 1);
  uint32_t count = 0;
  set_arguments(g, old, made);
  g->into = made;
  for (uint32_t i = 0; i < g->count; i++) {
    sk_process *p = &g->processes[i];
    floors[i] = p->floor;
    p->floor = p->stack.count;
    p->waits = false;
    if (!p->absent) {
      sk_grid_start(g, p, old);
    }
  }
  SK_TRY(sk_grid_take_turns(g));
  for (uint32_t i = 0; i < g->count; i++) {
    sk_process *p = &g->processes[i];
    bool counts = !p->absent && !(first_alone && p != first(g));
    for (uint32_t k = 0; k < results && counts; k++) {
      values[count++] = sk_grid_get(g, p, sk_op_operand(g->m, end, k));
    }
    p->stack.count -= !p->absent;
    p->floor = floors[i];
    p->ended = p->absent;
    p->waits = !p->absent;  // where it came from
  }
  emit_return(g, end, values, count);
  g->into = outside;
  return NULL;
}

// Operands and results of all processes, and the regions between them.
static sk_status go(sk_grid *g, sk_op op) {
  sk_module *m = g->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  const bool is_loop = sk_op_kind(m, op) == SK_OP_WHILE;
  const uint32_t members = present(g), operands = is_loop ? members * rec.operand_count : 1;
  sk_value *values = SK_NEW_ARRAY(&m->arena, sk_value, operands + 1);
  sk_type *types = SK_NEW_ARRAY(&m->arena, sk_type, members * rec.result_count + 1);
  sk_region *regions = SK_NEW_ARRAY(&m->arena, sk_region, rec.region_count);
  uint32_t value_count = 0, type_count = 0;
  for (uint32_t i = 0; i < g->count; i++) {
    sk_process *p = &g->processes[i];
    for (uint32_t k = 0; k < rec.operand_count && !p->absent && value_count < operands; k++) {
      values[value_count++] = sk_grid_get(g, p, sk_op_operand(m, op, k));
    }
    for (uint32_t k = 0; k < rec.result_count && !p->absent; k++) {
      types[type_count++] = sk_value_type(m, sk_op_result(m, op, k));
    }
  }
  for (uint32_t k = 0; k < rec.region_count; k++) {
    sk_region old = sk_op_region(m, op, k);
    regions[k] = is_loop ? sk_region_new(m, types, type_count) : sk_region_new(m, NULL, 0);
    SK_TRY(walk_through(g, old, regions[k], is_loop && k == 0));
  }
  const sk_op_desc desc = {.kind = sk_op_kind(m, op),
                           .loc = rec.loc,
                           .operands = values,
                           .operand_count = value_count,
                           .result_types = types,
                           .result_count = type_count,
                           .regions = regions,
                           .region_count = rec.region_count};
  sk_op made = sk_rebuild_emit(g->r, g->into, &desc);
  uint32_t next = 0;
  for (uint32_t i = 0; i < g->count; i++) {
    sk_process *p = &g->processes[i];
    for (uint32_t k = 0; k < rec.result_count && !p->absent; k++) {
      sk_grid_set(g, p, sk_op_result(m, op, k), sk_op_result(m, made, next++));
    }
  }
  return NULL;
}

bool sk_grid_all_stand_at(sk_grid *g, sk_process *p, sk_op op) {
  p->waits = true;
  p->group.count = 0;
  p->key = -(int64_t)op.id - 1;
  for (uint32_t i = 0; i < g->count; i++) {
    const sk_process *other = &g->processes[i];
    if (!other->absent && (!other->waits || other->key != p->key)) {
      return false;
    }
  }
  return true;
}

void sk_grid_go_on(sk_grid *g) {
  for (uint32_t i = 0; i < g->count; i++) {
    if (!g->processes[i].absent) {
      g->processes[i].waits = false;
      sk_grid_step_over(g, &g->processes[i]);
    }
  }
}

sk_status sk_grid_go_together(sk_grid *g, sk_process *p, sk_op op) {
  if (!sk_grid_all_stand_at(g, p, op)) {
    return NULL;
  }
  if (g->depth == SK_REBUILD_MAX_DEPTH) {
    return sk_op_error(g->m, op, SK_RESOURCE_EXHAUSTED, "regions are nested deeper than %d",
                       SK_REBUILD_MAX_DEPTH);
  }
  g->depth++;
  SK_TRY(go(g, op));
  g->depth--;
  sk_grid_go_on(g);
  return NULL;
}
