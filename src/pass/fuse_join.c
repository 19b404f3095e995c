// SPDX-License-Identifier: Apache-2.0
// Fusion: groups grow, merge, and stay free of cycles.
//
// Each of these says no by a reason (ir/fusion.def), which the decision hands on to the plan.
#include "pass/fuse_int.h"

enum { SEARCH_STEPS = 256 };

// Can `target` be reached from `from` through at least one unit in between (direct: also by a single step)?
static bool reaches(fuser *f, uint32_t from, uint32_t target, bool direct) {
  SK_VEC(uint32_t) stack = {0};
  sk_arena_mark mark = sk_arena_get_mark(f->arena);
  uint32_t generation = ++f->generation, steps = 0;
  bool found = false;
  f->units.data[from].seen = generation;
  sk_vec_push(f->arena, &stack, from);
  while (stack.count > 0 && !found) {
    uint32_t at = stack.data[--stack.count];
    const fuse_unit *u = &f->units.data[at];
    uint32_t members = u->op.id != 0 ? 1 : u->ops.count;
    for (uint32_t i = 0; i < members && !found; i++) {
      const fuse_uses *uses = &f->uses[u->op.id != 0 ? u->op.id : u->ops.data[i].id];
      if (uses->many) {
        found = true;
        break;
      }
      for (uint32_t j = 0; j < uses->count; j++) {
        uint32_t next = sk_fuse_find(f, uses->data[j].unit);
        if (next == target && (direct || at != from)) {
          found = true;
        }
        if (++steps > SEARCH_STEPS) {
          found = true;
        }
        if (next != target && f->units.data[next].seen != generation) {
          f->units.data[next].seen = generation;
          sk_vec_push(f->arena, &stack, next);
        }
      }
    }
  }
  sk_arena_rewind(f->arena, mark);
  return found;
}

bool sk_fuse_join_is_acyclic(fuser *f, sk_op op, uint32_t group) {
  const fuse_uses *uses = &f->uses[op.id];
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t other = sk_fuse_find(f, uses->data[i].unit);
    if (other != group && reaches(f, other, group, true)) {
      return false;
    }
  }
  return !uses->many;
}

// ---------------------------------------------------------------------------------------------------- joining

void sk_fuse_put_member(fuser *f, uint32_t group, sk_op op, const uint8_t *ids, uint32_t rank) {
  fuse_unit *g = &f->units.data[group];
  sk_vec_push(f->arena, &g->ops, op);
  f->unit_of[op.id] = group;
  memcpy(f->member_ids[op.id], ids, rank);
}

uint32_t sk_fuse_new_group(fuser *f, const fuse_shape *shape) {
  uint32_t u = sk_fuse_new_unit(f, (sk_op){0});
  fuse_unit *g = &f->units.data[u];
  g->rank = (uint8_t)shape->rank;
  for (uint32_t i = 0; i < shape->rank; i++) {
    g->dims[i] = shape->dims[i];
    g->id[i] = (uint8_t)i;
  }
  g->next_id = (uint8_t)shape->rank;
  g->outer = sk_fuse_full_mask(g);
  return u;
}

// Can two groups without blocks iterate together?
static bool same_space(const fuse_unit *a, const fuse_unit *b) {
  return sk_fuse_same_dims(a->dims, a->rank, b->dims, b->rank) &&
         (a->outer == b->outer || a->outer == sk_fuse_full_mask(a) ||
          b->outer == sk_fuse_full_mask(b)) &&
         (a->reduced == 0 || b->reduced == 0 || a->reduced == b->reduced);
}

// Both groups become one (the smaller moves into the larger); ids of the moved members are translated by position.
static uint32_t absorb(fuser *f, uint32_t a, uint32_t b) {
  if (f->units.data[a].ops.count < f->units.data[b].ops.count) {
    uint32_t swap = a;
    a = b;
    b = swap;
  }
  fuse_unit *into = &f->units.data[a], *from = &f->units.data[b];
  for (uint32_t i = 0; i < from->ops.count; i++) {
    sk_op op = from->ops.data[i];
    sk_value shape_of =
        f->cls[op.id] == FUSE_REDUCE ? sk_op_operand(f->m, op, 0) : sk_op_result(f->m, op, 0);
    fuse_shape s = sk_fuse_squeeze_value(f, shape_of);
    for (uint32_t d = 0; d < s.rank; d++) {
      f->member_ids[op.id][d] = into->id[sk_fuse_position_of_id(from, f->member_ids[op.id][d])];
    }
    sk_vec_push(f->arena, &into->ops, op);
    f->unit_of[op.id] = a;
  }
  if (into->outer == sk_fuse_full_mask(into)) {
    into->outer = from->outer;
  }
  into->reduced |= from->reduced;
  into->outputs += from->outputs;
  memcpy(from->to_id, into->id, sizeof from->to_id);
  from->parent = a;
  return a;
}

sk_break_why sk_fuse_merge(fuser *f, uint32_t a, uint32_t b, uint32_t *out) {
  const fuse_unit *x = &f->units.data[a], *y = &f->units.data[b];
  if (x->op.id != 0 || y->op.id != 0) {
    return SK_BREAK_READER_RUNS_ALONE;
  }
  if (x->blocked || y->blocked) {
    return SK_BREAK_BLOCKS;
  }
  if (!same_space(x, y)) {
    return SK_BREAK_SPACE;
  }
  if (x->outputs + y->outputs > FUSE_MAX_OUTPUTS) {
    return SK_BREAK_OUTPUTS;
  }
  if (reaches(f, a, b, true) || reaches(f, b, a, true)) {
    return SK_BREAK_CYCLE;
  }
  *out = absorb(f, a, b);
  return SK_BREAK_NONE;
}

sk_break_why sk_fuse_accepts(const fuse_unit *g, uint32_t mask) {
  if (mask == sk_fuse_full_mask(g)) {
    return SK_BREAK_NONE;
  }
  if (g->blocked) {
    return SK_BREAK_BLOCKS;
  }
  if (g->reduced != 0) {
    return mask == g->outer ? SK_BREAK_NONE : SK_BREAK_LEVEL;
  }
  bool leading = mask != 0 && (mask & (mask + 1)) == 0;
  return leading && (g->outer == sk_fuse_full_mask(g) || g->outer == mask) ? SK_BREAK_NONE
                                                                           : SK_BREAK_LEVEL;
}

bool sk_fuse_is_shifted(fuser *f, sk_op op, uint32_t g) {
  const fuse_uses *uses = &f->uses[op.id];
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t mask;
    if (sk_fuse_find(f, uses->data[i].unit) == g && !sk_fuse_use_mask(f, &uses->data[i], &mask)) {
      return true;
    }
  }
  return false;
}

void sk_fuse_join(fuser *f, sk_op op, uint32_t group, const fuse_use *u, uint32_t mask,
                  bool stored) {
  fuse_unit *g = &f->units.data[group];
  if (mask != sk_fuse_full_mask(g)) {
    g->outer = mask;
  }
  g->outputs += stored;
  sk_fuse_put_member(f, group, op, u->map, u->rank);
}
