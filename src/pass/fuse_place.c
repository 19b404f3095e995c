// SPDX-License-Identifier: Apache-2.0
// Fusion: the decision about one op, whose users have all been placed.
//
// fuse.c lists the rules. Where a value comes to go through memory, the reason is recorded at that moment for each of its uses, as the
// test that failed gave it.
#include "pass/fuse_int.h"

enum { INLINE_COST = 8, INLINE_ROW_COST = 40, INLINE_EXPAND_COST = 4 };

// ---------------------------------------------------------------------------------------------------- why

static bool is_terminator(const fuser *f, sk_op op) {
  return sk_op_get(f->m, op)->next.id == 0 && sk_op_get(f->m, op)->parent.id == f->region.id;
}

// Why op cannot be a member of the unit of this use, by the use alone.
static sk_break_why use_refuses(fuser *f, fuse_use *u) {
  uint32_t mask;
  const fuse_unit *unit = &f->units.data[sk_fuse_find(f, u->unit)];
  if (unit->op.id != 0) {
    return is_terminator(f, unit->op) ? SK_BREAK_RESULT : SK_BREAK_READER_RUNS_ALONE;
  }
  if (!sk_fuse_use_mask(f, u, &mask)) {
    return u->gathered ? SK_BREAK_GATHERED : SK_BREAK_SHIFTED;
  }
  return sk_fuse_accepts(unit, mask);
}

static void record_break(fuser *f, sk_op op, uint32_t unit, sk_break_why why) {
  const fuse_unit *u = &f->units.data[sk_fuse_find(f, unit)];
  sk_op reader = u->op.id != 0 ? u->op : u->ops.count > 0 ? u->ops.data[0] : (sk_op){0};
  sk_break record = {.producer = op, .reader = reader, .why = (uint8_t)why};
  for (uint32_t i = f->plan->breaks.count; i-- > 0;) {
    const sk_break *b = &f->plan->breaks.data[i];
    if (b->producer.id != op.id) {
      break;
    }
    if (b->reader.id == reader.id && b->why == record.why) {
      return;  // another use by the same reader
    }
  }
  sk_vec_push(f->arena, &f->plan->breaks, record);
}

// For every use outside `group` (0: every use). `merging`: why groups of readers that would take op could not become one.
static void record_breaks(fuser *f, sk_op op, uint32_t group, sk_break_why merging) {
  const fuse_uses *uses = &f->uses[op.id];
  if (uses->many) {
    sk_break record = {.producer = op, .why = SK_BREAK_MANY_READERS};
    sk_vec_push(f->arena, &f->plan->breaks, record);
    return;
  }
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t unit = sk_fuse_find(f, uses->data[i].unit);
    if (unit != group) {
      sk_break_why why = use_refuses(f, &uses->data[i]);
      record_break(f, op, unit, why != SK_BREAK_NONE ? why : merging);
    }
  }
}

// ---------------------------------------------------------------------------------------------------- element-wise ops

fuse_summary sk_fuse_summarize(fuser *f, sk_op op) {
  const fuse_uses *uses = &f->uses[op.id];
  fuse_summary s = {.single = !uses->many && uses->count > 0,
                    .aligned = !uses->many && uses->count > 0};
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t u = sk_fuse_find(f, uses->data[i].unit), mask;
    if (i == 0) {
      s.unit = u;
    }
    s.single &= u == s.unit && sk_fuse_is_group(f, u);
    s.aligned &= sk_fuse_use_mask(f, &uses->data[i], &mask) &&
                 sk_fuse_accepts(&f->units.data[u], mask) == SK_BREAK_NONE;
    s.expands |= uses->data[i].expands;
  }
  for (uint32_t r = 0; r < sk_op_get(f->m, op)->result_count; r++) {
    sk_value v = sk_op_result(f->m, op, r);
    for (uint32_t i = f->use_start[v.id]; i < f->use_start[v.id + 1]; i++) {
      uint32_t user = f->use_list_ops[i];
      if (f->unit_of[user] == 0) {
        s.below = SK_MAX(s.below, f->dup_cost[user]);
      }
    }
  }
  return s;
}

static bool all_groups(fuser *f, const fuse_uses *uses) {
  for (uint32_t i = 0; i < uses->count; i++) {
    if (!sk_fuse_is_group(f, sk_fuse_find(f, uses->data[i].unit))) {
      return false;
    }
  }
  return !uses->many;
}

// Does every use leave the value in the outer dimensions of the unit's space, so that it is evaluated once per row?
static bool stays_outside(fuser *f, const fuse_uses *uses, uint32_t *out_mask) {
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t mask;
    if (!sk_fuse_use_mask(f, &uses->data[i], &mask)) {
      return false;
    }
    const fuse_unit *g = &f->units.data[sk_fuse_find(f, uses->data[i].unit)];
    bool leading = (mask & (mask + 1)) == 0;
    if (mask == sk_fuse_full_mask(g) ||
        (g->reduced != 0 ? mask != g->outer && mask != 0 : !leading)) {
      return false;
    }
    *out_mask = mask;
  }
  return uses->count > 0;
}

// Of evaluating op once more. Where a gather reads it, each of its operands is gathered instead of it.
static uint32_t cost_again(const fuser *f, sk_op op) {
  uint32_t cost = sk_fuse_cost(sk_op_kind(f->m, op)), operands = 0;
  bool gathered = false;
  for (uint32_t i = 0; i < f->uses[op.id].count; i++) {
    gathered |= f->uses[op.id].data[i].gathered;
  }
  for (uint32_t i = 0; i < sk_op_get(f->m, op)->operand_count && gathered; i++) {
    operands += sk_fuse_squeeze_value(f, sk_op_operand(f->m, op, i)).rank > 0;
  }
  return operands > 1 ? cost + (operands - 1) * sk_fuse_cost(SK_OP_GATHER) : cost;
}

static bool should_inline(fuser *f, sk_op op, const fuse_summary *s) {
  const fuse_uses *uses = &f->uses[op.id];
  uint32_t cost = cost_again(f, op), mask;
  if (!all_groups(f, uses) || uses->count == 0) {
    return false;
  }
  if (stays_outside(f, uses, &mask)) {
    return s->single || cost + s->below <= INLINE_ROW_COST;
  }
  if (s->single && uses->count == 1 && !uses->data[0].aligned && !s->expands) {
    return true;  // read once, somewhere else: a slice, a pad, a transpose
  }
  if (s->expands && cost + s->below > INLINE_EXPAND_COST) {
    return false;
  }
  return !s->aligned && cost + s->below <= INLINE_COST;
}

// All groups that read op merge into one, if they can.
static sk_break_why merge_users(fuser *f, sk_op op, uint32_t *out_group) {
  const fuse_uses *uses = &f->uses[op.id];
  uint32_t group = sk_fuse_find(f, uses->data[0].unit);
  for (uint32_t i = 1; i < uses->count; i++) {
    uint32_t other = sk_fuse_find(f, uses->data[i].unit);
    if (other != group) {
      sk_break_why why = sk_fuse_merge(f, group, other, &group);
      if (why != SK_BREAK_NONE) {
        return why;
      }
    }
  }
  *out_group = group;
  return SK_BREAK_NONE;
}

// Rule 2. The reason is about readers that would each take op, but not together.
static sk_break_why join_all(fuser *f, sk_op op) {
  const fuse_uses *uses = &f->uses[op.id];
  uint32_t group, mask;
  sk_break_why why = merge_users(f, op, &group);
  if (why != SK_BREAK_NONE) {
    return why;
  }
  if (!sk_fuse_use_mask(f, &uses->data[0], &mask)) {
    return SK_BREAK_SHIFTED;
  }
  why = sk_fuse_accepts(&f->units.data[group], mask);
  for (uint32_t i = 1; i < uses->count && why == SK_BREAK_NONE; i++) {
    uint32_t other;
    bool same = sk_fuse_use_mask(f, &uses->data[i], &other) && other == mask;
    why = same ? SK_BREAK_NONE : SK_BREAK_LEVEL;
  }
  if (why == SK_BREAK_NONE) {
    sk_fuse_join(f, op, group, &uses->data[0], mask, false);
  }
  return why;
}

// Rule 4 for one use.
static sk_break_why join_one(fuser *f, sk_op op, fuse_use *u) {
  uint32_t group = sk_fuse_find(f, u->unit), mask;
  sk_break_why why = use_refuses(f, u);
  if (why != SK_BREAK_NONE) {
    return why;
  }
  if (sk_fuse_is_shifted(f, op, group)) {
    return SK_BREAK_SHIFTED;
  }
  if (f->units.data[group].outputs >= FUSE_MAX_OUTPUTS) {
    return SK_BREAK_OUTPUTS;
  }
  if (!sk_fuse_join_is_acyclic(f, op, group)) {
    return SK_BREAK_CYCLE;
  }
  (void)sk_fuse_use_mask(f, u, &mask);  // it has one: use_refuses found it
  sk_fuse_join(f, op, group, u, mask, true);
  return SK_BREAK_NONE;
}

// Rule 5.
static void start_group(fuser *f, sk_op op) {
  fuse_shape shape = sk_fuse_squeeze_value(f, sk_op_result(f->m, op, 0));
  uint32_t group = sk_fuse_new_group(f, &shape);
  f->units.data[group].outputs = 1;
  uint8_t ids[SK_GROUP_MAX_RANK] = {0, 1, 2, 3, 4, 5, 6, 7};
  sk_fuse_put_member(f, group, op, ids, shape.rank);
  if (f->last_group != 0) {
    (void)sk_fuse_merge(f, group, sk_fuse_find(f, f->last_group), &group);
  }
  f->last_group = group;
}

bool sk_fuse_is_written(fuser *f, sk_op op) {
  const fuse_uses *uses = &f->uses[op.id];
  bool statement = false;
  for (uint32_t i = 0; i < uses->count; i++) {
    sk_op reader = f->units.data[sk_fuse_find(f, uses->data[i].unit)].op;
    statement |= reader.id != 0 && sk_op_kind(f->m, reader) != SK_OP_CONCATENATE;
  }
  return statement && !uses->many && sk_op_kind(f->m, op) == SK_OP_CONCATENATE;
}

void sk_fuse_place_view(fuser *f, sk_op op) {
  record_breaks(f, op, 0, SK_BREAK_SPACE);
  start_group(f, op);
}

void sk_fuse_place_elementwise(fuser *f, sk_op op) {
  const fuse_uses *uses = &f->uses[op.id];
  fuse_summary s = sk_fuse_summarize(f, op);
  if (should_inline(f, op, &s)) {
    bool again = !(s.single && uses->count == 1) || s.expands;
    uint32_t cost = s.below + (again ? cost_again(f, op) : 0);
    f->dup_cost[op.id] = (uint16_t)SK_MIN(cost, 60000u);
    f->plan->inlined[op.id] = again ? SK_INLINED_AGAIN : SK_INLINED_ONCE;
    return;
  }
  sk_break_why merging = SK_BREAK_SPACE;
  if (s.aligned) {
    merging = join_all(f, op);
    if (merging == SK_BREAK_NONE) {
      return;
    }
  }
  sk_break_why first = SK_BREAK_NONE;
  for (uint32_t i = 0; i < uses->count; i++) {
    sk_break_why why = join_one(f, op, &uses->data[i]);
    if (why == SK_BREAK_NONE) {
      record_breaks(f, op, sk_fuse_find(f, f->unit_of[op.id]), merging);
      return;
    }
    first = first == SK_BREAK_NONE && use_refuses(f, &uses->data[i]) == SK_BREAK_NONE ? why : first;
  }
  record_breaks(f, op, 0, first != SK_BREAK_NONE ? first : merging);
  start_group(f, op);
}

// ---------------------------------------------------------------------------------------------------- reductions

typedef struct reduce_shape {
  fuse_shape in;
  uint32_t reduced, kept;  // bits over in's dimensions
  bool minor, blocked;
} reduce_shape;

static reduce_shape shape_of_reduce(const fuser *f, sk_op op) {
  reduce_shape s = {.in = sk_fuse_squeeze_value(f, sk_op_operand(f->m, op, 0))};
  sk_ints dims = sk_op_ints(f->m, op, SK_NAME_dimensions);
  for (uint32_t i = 0; i < s.in.rank; i++) {
    for (uint32_t j = 0; j < dims.count; j++) {
      if (dims.data[j] == s.in.from[i]) {
        s.reduced |= 1u << i;
      }
    }
  }
  s.kept = ((1u << s.in.rank) - 1) & ~s.reduced;
  s.minor = s.in.rank > 0 && (s.reduced >> (s.in.rank - 1) & 1) != 0;
  s.blocked = sk_reduce_get_blocks(s.in.rank, s.in.dims, s.reduced).count > 1;
  return s;
}

// F of a plain group over the kept dimensions grows by the reduced ones.
static void widen(fuse_unit *g, const reduce_shape *s) {
  uint8_t old_ids[SK_GROUP_MAX_RANK];
  memcpy(old_ids, g->id, sizeof old_ids);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < s->in.rank; i++) {
    g->dims[i] = s->in.dims[i];
    g->id[i] = (s->reduced >> i & 1) != 0 ? g->next_id++ : old_ids[kept++];
  }
  g->rank = (uint8_t)s->in.rank;
  g->outer = s->kept;
  g->reduced = s->reduced;
}

// Fits group g, whose members read the reduction's result at positions `mask`? Prepares g to take it.
static sk_break_why prepare_for_reduce(fuse_unit *g, const reduce_shape *s, uint32_t mask) {
  bool same = sk_fuse_same_dims(g->dims, g->rank, s->in.dims, s->in.rank);
  if (g->blocked) {
    return SK_BREAK_BLOCKS;
  }
  if (g->reduced != 0) {
    return same && mask == s->kept && g->reduced == s->reduced ? SK_BREAK_NONE
                                                               : SK_BREAK_REDUCES_OTHERWISE;
  }
  if (same && mask == s->kept && s->minor &&
      (g->outer == sk_fuse_full_mask(g) || g->outer == mask)) {
    g->reduced = s->reduced;
    g->outer = s->kept;
    return SK_BREAK_NONE;
  }
  uint32_t kept_rank = sk_popcount64(s->kept);
  bool epilogue = mask == sk_fuse_full_mask(g) && g->outer == sk_fuse_full_mask(g) &&
                  g->rank == kept_rank && (uint32_t)g->next_id + s->in.rank - kept_rank < 255;
  if (epilogue) {
    widen(g, s);
  }
  return epilogue ? SK_BREAK_NONE : SK_BREAK_LEVEL;
}

// The one group among the users, which all read the result at the same positions of it; else why there is none.
static sk_break_why find_reduce_group(fuser *f, sk_op op, uint32_t *out_group, uint32_t *out_mask) {
  const fuse_uses *uses = &f->uses[op.id];
  *out_group = 0;
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t mask;
    bool in_group = sk_fuse_use_mask(f, &uses->data[i], &mask);
    if (in_group && *out_group == 0) {
      *out_group = sk_fuse_find(f, uses->data[i].unit);
      *out_mask = mask;
    } else if (in_group && uses->data[i].unit == *out_group && mask != *out_mask) {
      return SK_BREAK_LEVEL;
    }
  }
  if (*out_group == 0) {
    return SK_BREAK_SPACE;
  }
  return sk_fuse_is_shifted(f, op, *out_group) ? SK_BREAK_SHIFTED : SK_BREAK_NONE;
}

uint16_t sk_fuse_stages_below(const fuser *f, sk_op op, uint32_t group) {
  uint16_t stages = 0;
  for (uint32_t r = 0; r < sk_op_get(f->m, op)->result_count; r++) {
    uint32_t v = sk_op_result(f->m, op, r).id;
    for (uint32_t i = f->use_start[v]; i < f->use_start[v + 1]; i++) {
      uint32_t user = f->use_list_ops[i];
      bool inside =
          group == 0 || f->unit_of[user] == 0 || sk_fuse_find(f, f->unit_of[user]) == group;
      stages = inside ? SK_MAX(stages, f->stages[user]) : stages;
    }
  }
  return stages;
}

static sk_break_why join_reduce(fuser *f, sk_op op, const reduce_shape *s, bool single,
                                uint32_t *out_group) {
  uint32_t mask = 0;
  if (s->blocked || s->reduced == 0) {
    return s->blocked ? SK_BREAK_BLOCKS : SK_BREAK_LEVEL;
  }
  if (f->uses[op.id].many) {
    return SK_BREAK_MANY_READERS;
  }
  sk_break_why why = find_reduce_group(f, op, out_group, &mask);
  if (why == SK_BREAK_NONE && sk_fuse_stages_below(f, op, *out_group) >= FUSE_MAX_STAGES) {
    why = SK_BREAK_STAGES;
  }
  if (why == SK_BREAK_NONE && !single && !sk_fuse_join_is_acyclic(f, op, *out_group)) {
    why = SK_BREAK_CYCLE;
  }
  return why != SK_BREAK_NONE ? why : prepare_for_reduce(&f->units.data[*out_group], s, mask);
}

void sk_fuse_place_reduce(fuser *f, sk_op op) {
  reduce_shape s = shape_of_reduce(f, op);
  fuse_summary all = sk_fuse_summarize(f, op);
  uint32_t group = 0;
  sk_break_why why = join_reduce(f, op, &s, all.single, &group);
  bool joined = why == SK_BREAK_NONE;
  record_breaks(f, op, joined ? group : 0, joined ? SK_BREAK_SPACE : why);
  if (!joined) {
    group = sk_fuse_new_group(f, &s.in);
    f->units.data[group].reduced = s.reduced;
    f->units.data[group].outer = s.kept;
    f->units.data[group].blocked = s.blocked;
  }
  fuse_unit *g = &f->units.data[group];
  g->outputs += !joined || !all.single;
  sk_fuse_put_member(f, group, op, g->id, g->rank);
}

// ---------------------------------------------------------------------------------------------------- statements

void sk_fuse_place_statement(fuser *f, sk_op op) {
  f->unit_of[op.id] = sk_fuse_new_unit(f, op);
  sk_fuse_collect_uses(f, op);
  if (f->uses[op.id].count > 0 || f->uses[op.id].many) {
    sk_break record = {.producer = op, .why = SK_BREAK_RUNS_ALONE};
    sk_vec_push(f->arena, &f->plan->breaks, record);
  }
}
