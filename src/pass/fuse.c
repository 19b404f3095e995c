// SPDX-License-Identifier: Apache-2.0
// Fusion: which element-wise ops and reductions of a block share a kernel, and in what order a block's kernels and other statements
// run. Greedy, from the last op of the block to the first, linear in the number of ops and uses.
//
// Units. Every op of a block is one of: inlined (views, constants, cheap producers: evaluated wherever they are used), a member
// of a group (one kernel), or a statement of its own (dot, while, ...). Groups and statements are units; units that merge are joined
// by union-find.
//
// Uses. For each op, as it is met, the list of places that will read it is known, since all users were visited before:
//
//   use = {unit, aligned?, expands?, map: dimension of the value -> dimension of the unit's iteration space F}
//
// composed through the inlined ops between. A use is aligned when the unit reads the value at its own iteration point (the
// dimensions appear in order, none sliced, shifted or permuted); it expands when one element is read at several points.
// Dimensions of extent 1 do not count. The dimensions of F have stable ids, because F grows when a reduction joins its epilogue.
//
// A gather counts as element-wise; what it reads is not aligned with it.
//
// Decision for an element-wise op p, first match wins
//   1 inline     every use is in one unit, and evaluating p there costs nothing twice
//   2 join       all uses aligned with groups of one shape that can be merged without a cycle: they become one group, with p in it
//   3 inline     p and what was already inlined below it is cheap
//   4 join       the first group that p is aligned with and that creates no cycle; the other users read p from memory
//   5 new group  (merged with the latest group of the same shape if that creates no cycle)
// Decision for a reduction r: join the group that uses its result if F fits (as the epilogue of a plain group, or as a row-level
// value of a row kernel, up to MAX_STAGES after one another); large reductions are done in blocks by two kernels and therefore only take producers.
//
// Cycles: p may join group G while another unit X also reads p only if G cannot be reached from X. Searched along units with a
// bounded number of steps; giving up counts as reachable.
#include <stdlib.h>

#include "base/vec.h"
#include "ir/plan.h"
#include "pass/pass.h"

enum { CLASS_VIEW = 1, CLASS_ELEM, CLASS_REDUCE, CLASS_ROOT };
enum {
  MAX_USES = 8,
  SEARCH_STEPS = 256,
  INLINE_COST = 8,
  INLINE_ROW_COST = 40,
  INLINE_EXPAND_COST = 4,
  MAX_OUTPUTS = 16,
  MAX_STAGES = 32,  // reductions of one row, each of what the one before gave, in one kernel
};

typedef struct use {
  uint32_t unit;
  bool aligned, expands;
  bool
      gathered;  // read by a gather: where is known at run time only, so that two such uses are at two points
  uint8_t rank;
  uint8_t map
      [SK_GROUP_MAX_RANK];  // dimension ids of the unit's group, per squeezed dimension of the value
} use;

typedef struct use_list {
  use *data;
  uint32_t count;
  bool many;  // more than MAX_USES: unknown readers
} use_list;

typedef struct unit {
  uint32_t parent;                   // union-find by size; itself when a root of the forest
  uint8_t to_id[SK_GROUP_MAX_RANK];  // once merged away: the parent's dimension ids by position
  sk_op op;                          // statement; none for a group
  uint8_t rank;
  int64_t dims[SK_GROUP_MAX_RANK];
  uint8_t id[SK_GROUP_MAX_RANK];
  uint8_t next_id;
  uint32_t reduced, outer;  // bit masks by position
  bool blocked;             // a reduction done in blocks: takes full-level producers only
  bool
      shifted;  // a member is also read at other points by a member: must not depend on reductions of the same kernel
  SK_VEC(sk_op) ops;  // in order of joining
  uint32_t outputs;
  const char *reason;
  uint32_t seen;     // search generation
  uint32_t group;    // final number
  uint32_t pending;  // topological order
} unit;

typedef struct squeezed {
  uint32_t rank;
  int64_t dims[SK_GROUP_MAX_RANK];
  uint8_t from[SK_GROUP_MAX_RANK];  // original dimension
  bool fits;
} squeezed;

typedef struct fuser {
  const sk_module *m;
  sk_plan *plan;
  sk_arena *arena;
  uint32_t *use_start, *use_list_ops;  // users of each value: CSR over value ids
  uint32_t *use_list_operands;         // as which operand, in step with use_list_ops
  uint8_t *cls;                        // by op
  uint32_t *unit_of;                   // by op; 0 = inlined
  use_list *uses;                      // by op
  uint16_t *dup_cost;                  // by op: cost of evaluating it once more where it is inlined
  uint8_t (*member_ids)
      [SK_GROUP_MAX_RANK];  // by op: F ids of a member's own squeezed dimensions (reductions: of the operand)
  SK_VEC(unit) units;  // [0] unused
  sk_region region;
  uint16_t *stages;    // by op: reductions of its unit that depend on it, one after the other
  uint32_t *position;  // by op, in its block
  uint32_t *seen_op;   // by op: search generation
  uint32_t generation, last_group;
} fuser;

// ---------------------------------------------------------------------------------------------------- shapes and classes

static squeezed squeeze(const sk_type_rec *t) {
  squeezed s = {.fits = t->kind == SK_TYPE_TENSOR};
  for (uint32_t d = 0; d < t->rank && s.fits; d++) {
    if (t->dims[d] == 1) {
      continue;
    }
    if (s.rank == SK_GROUP_MAX_RANK) {
      s.fits = false;
      break;
    }
    s.from[s.rank] = (uint8_t)d;
    s.dims[s.rank++] = t->dims[d];
  }
  return s;
}

static squeezed squeeze_value(const fuser *f, sk_value v) {
  return squeeze(sk_value_type_rec(f->m, v));
}

static bool same_dims(const int64_t *a, uint32_t a_rank, const int64_t *b, uint32_t b_rank) {
  return a_rank == b_rank && (a_rank == 0 || memcmp(a, b, sizeof(int64_t) * a_rank) == 0);
}

// Class of an op for fusion. What the loop stage cannot evaluate inside a kernel is a statement.
static uint8_t classify(const fuser *f, sk_op op) {
  const sk_op_rec *rec = sk_op_get(f->m, op);
  for (uint32_t i = 0; i < rec->result_count; i++) {
    if (!squeeze_value(f, sk_op_result(f->m, op, i)).fits) {
      return CLASS_ROOT;
    }
  }
  switch ((sk_op_class)sk_opkind_info((sk_opkind)rec->kind)->op_class) {
    case SK_OPCLASS_ELEMENTWISE: return CLASS_ELEM;
    case SK_OPCLASS_CONSTANT: return CLASS_VIEW;
    case SK_OPCLASS_VIEW: {
      if (rec->kind == SK_OP_CONCATENATE && sk_concatenate_is_statement(f->m, op)) {
        return CLASS_ROOT;
      }
      if (rec->kind != SK_OP_BITCAST_CONVERT) {
        return CLASS_VIEW;
      }
      const sk_type_rec *from = sk_value_type_rec(f->m, sk_op_operand(f->m, op, 0));
      const sk_type_rec *to = sk_value_type_rec(f->m, sk_op_result(f->m, op, 0));
      return from->rank == to->rank ? CLASS_ELEM : CLASS_ROOT;
    }
    case SK_OPCLASS_REDUCE:
      return squeeze_value(f, sk_op_operand(f->m, op, 0)).fits ? CLASS_REDUCE : CLASS_ROOT;
    case SK_OPCLASS_INDEXING:
      return rec->kind == SK_OP_DYNAMIC_SLICE ? CLASS_VIEW
             : rec->kind == SK_OP_GATHER      ? CLASS_ELEM
                                              : CLASS_ROOT;
    default: return CLASS_ROOT;
  }
}

// Rough cost of one evaluation, in vector instructions.
static uint32_t cost_of(sk_opkind kind) {
  switch ((int)kind) {
    case SK_OP_DIVIDE:
    case SK_OP_SQRT: return 5;
    case SK_OP_GATHER: return 6;
    case SK_OP_RSQRT:
    case SK_OP_REDUCE_PRECISION:
    case SK_OP_CHLO_NEXT_AFTER: return 10;
    case SK_OP_EXPONENTIAL:
    case SK_OP_LOG:
    case SK_OP_LOGISTIC: return 18;
    case SK_OP_REMAINDER:
    case SK_OP_TANH:
    case SK_OP_EXPONENTIAL_MINUS_ONE:
    case SK_OP_LOG_PLUS_ONE:
    case SK_OP_CBRT: return 24;
    case SK_OP_SINE:
    case SK_OP_COSINE:
    case SK_OP_TAN:
    case SK_OP_ATAN2:
    case SK_OP_CHLO_ERF:
    case SK_OP_CHLO_ERFC:
    case SK_OP_CHLO_ERF_INV:
    case SK_OP_CHLO_ACOS:
    case SK_OP_CHLO_ASIN:
    case SK_OP_CHLO_ATAN:
    case SK_OP_CHLO_TAN: return 32;
    case SK_OP_POWER:
    case SK_OP_CHLO_COSH:
    case SK_OP_CHLO_SINH:
    case SK_OP_CHLO_ACOSH:
    case SK_OP_CHLO_ASINH:
    case SK_OP_CHLO_ATANH:
    case SK_OP_CHLO_BESSEL_I1E:
    case SK_OP_CHLO_DIGAMMA:
    case SK_OP_CHLO_LGAMMA: return 60;
    case SK_OP_CONVERT:
    case SK_OP_NEGATE:
    case SK_OP_COMPARE: return 1;
    default: return 2;
  }
}

static uint32_t find(const fuser *f, uint32_t u) {
  while (f->units.data[u].parent != u) {
    u = f->units.data[u].parent;
  }
  return u;
}

static uint32_t new_unit(fuser *f, sk_op op) {
  uint32_t u = f->units.count;
  sk_vec_push(f->arena, &f->units, (unit){.parent = u, .op = op});
  return u;
}

static bool is_group(const fuser *f, uint32_t u) { return f->units.data[u].op.id == 0; }

static uint32_t position_of_id(const unit *g, uint8_t id) {
  for (uint32_t i = 0; i < g->rank; i++) {
    if (g->id[i] == id) {
      return i;
    }
  }
  return UINT32_MAX;
}

// Brings a use up to date with the merges of its unit.
static void refresh(const fuser *f, use *u) {
  while (f->units.data[u->unit].parent != u->unit) {
    const unit *old = &f->units.data[u->unit];
    for (uint32_t i = 0; u->aligned && i < u->rank; i++) {
      u->map[i] = old->to_id[position_of_id(old, u->map[i])];
    }
    u->unit = old->parent;
  }
}

// Positions in F that the value spans, or false when it is not read at the iteration point.
static bool use_mask(fuser *f, use *u, uint32_t *out_mask) {
  refresh(f, u);
  const unit *g = &f->units.data[u->unit];
  uint32_t mask = 0, next = 0;
  if (!u->aligned || g->op.id != 0) {
    return false;
  }
  for (uint32_t i = 0; i < u->rank; i++) {
    uint32_t at = position_of_id(g, u->map[i]);
    if (at == UINT32_MAX || at < next) {
      return false;
    }
    next = at + 1;
    mask |= 1u << at;
  }
  *out_mask = mask;
  return true;
}

static uint32_t full_mask(const unit *g) { return (1u << g->rank) - 1; }

// ---------------------------------------------------------------------------------------------------- uses

static void add_use(fuser *f, use_list *list, use *buffer, use u) {
  refresh(f, &u);
  for (uint32_t i = 0; i < list->count; i++) {
    use *have = &buffer[i];
    refresh(f, have);
    bool same = have->unit == u.unit && have->aligned == u.aligned &&
                have->gathered == u.gathered && have->rank == u.rank;
    if (same && u.gathered) {
      have->expands = true;
      return;
    }
    same = same && have->expands == u.expands;
    if (same && (!u.aligned || memcmp(have->map, u.map, u.rank) == 0)) {
      return;
    }
  }
  if (list->count == MAX_USES) {
    list->many = true;
    return;
  }
  buffer[list->count++] = u;
}

// Where dimension `d` of operand `index` of a view shows up in the view's result; UINT32_MAX if not simply there.
static uint32_t view_result_dim(const fuser *f, sk_op view, uint32_t d) {
  switch ((int)sk_op_kind(f->m, view)) {
    case SK_OP_BROADCAST_IN_DIM:
      return (uint32_t)sk_op_ints(f->m, view, SK_NAME_broadcast_dimensions).data[d];
    case SK_OP_TRANSPOSE: {
      sk_ints permutation = sk_op_ints(f->m, view, SK_NAME_permutation);
      for (uint32_t i = 0; i < permutation.count; i++) {
        if (permutation.data[i] == (int64_t)d) {
          return i;
        }
      }
      return UINT32_MAX;
    }
    default: return UINT32_MAX;
  }
}

// A gather is computed per point like an element-wise op, but reads its operands at points of their own.
static bool reads_elsewhere(const fuser *f, sk_op user) {
  return sk_op_kind(f->m, user) == SK_OP_GATHER;
}

// Does it read elements of v several times each?
static bool repeats(const fuser *f, sk_op user, sk_value v) {
  int64_t from = 0, to = 0;
  return reads_elsewhere(f, user) &&
         (!sk_type_elem_count(f->m, sk_value_type(f->m, v), &from) ||
          !sk_type_elem_count(f->m, sk_value_type(f->m, sk_op_result(f->m, user, 0)), &to) ||
          from < to);
}

// The use of `v` by way of the inlined op `through`, given a use of through's result.
static use compose(const fuser *f, sk_op through, uint32_t operand, sk_value v, use u) {
  squeezed from = squeeze_value(f, v);
  squeezed to = squeeze_value(f, sk_op_result(f->m, through, 0));
  sk_opkind kind = sk_op_kind(f->m, through);
  if (from.rank == 0) {
    u.rank = 0;
    u.expands = u.expands || to.rank != 0;
    return u;  // a scalar is aligned with anything
  }
  if (reads_elsewhere(f, through)) {
    u.aligned = false;
    u.gathered = true;
    u.expands = u.expands || repeats(f, through, v);
    return u;
  }
  bool same_shape = f->cls[through.id] != CLASS_VIEW || kind == SK_OP_RESHAPE;
  if (same_shape) {
    u.aligned = u.aligned && same_dims(from.dims, from.rank, to.dims, to.rank);
    return u;
  }
  if (operand != 0 || (kind != SK_OP_BROADCAST_IN_DIM && kind != SK_OP_TRANSPOSE)) {
    u.aligned = false;
    return u;
  }
  uint8_t map[SK_GROUP_MAX_RANK];
  for (uint32_t i = 0; i < from.rank && u.aligned; i++) {
    uint32_t d = view_result_dim(f, through, from.from[i]);
    uint32_t at = UINT32_MAX;
    for (uint32_t j = 0; j < to.rank; j++) {
      at = to.from[j] == d ? j : at;
    }
    u.aligned = at != UINT32_MAX && at < u.rank;
    if (u.aligned) {
      map[i] = u.map[at];
    }
  }
  if (u.aligned) {
    memcpy(u.map, map, from.rank);
  }
  u.rank = (uint8_t)from.rank;
  u.expands = u.expands || from.rank < to.rank;
  return u;
}

static sk_op ancestor_in_region(const fuser *f, sk_op op) {
  while (sk_op_get(f->m, op)->parent.id != f->region.id) {
    op = sk_region_get(f->m, sk_op_get(f->m, op)->parent)->parent;
    if (op.id == 0) {
      return op;
    }
  }
  return op;
}

// v is the operand `index` of user.
static void collect_from_user(fuser *f, use_list *list, use *buffer, sk_value v, sk_op user,
                              uint32_t index) {
  if (sk_op_get(f->m, user)->parent.id != f->region.id) {
    sk_op ancestor = ancestor_in_region(f, user);
    // (values of an enclosing region are only read there through units of that region, which its own turn handles)
    if (ancestor.id != 0) {
      add_use(f, list, buffer, (use){.unit = f->unit_of[ancestor.id]});
    }
    return;
  }
  if (f->unit_of[user.id] != 0) {
    use u = {.unit = f->unit_of[user.id]};
    if (reads_elsewhere(f, user)) {
      u.gathered = true;
      u.expands = repeats(f, user, v);
    } else if (f->cls[user.id] == CLASS_ELEM || f->cls[user.id] == CLASS_REDUCE) {
      squeezed s = squeeze_value(f, v);
      u.rank = (uint8_t)s.rank;
      u.aligned = true;
      memcpy(u.map, f->member_ids[user.id], s.rank);
    }
    add_use(f, list, buffer, u);
    return;
  }
  const use_list *next = &f->uses[user.id];
  list->many |= next->many;
  for (uint32_t j = 0; j < next->count; j++) {
    refresh(f, &next->data[j]);
    add_use(f, list, buffer, compose(f, user, index, v, next->data[j]));
  }
}

static void collect_uses(fuser *f, sk_op op) {
  use buffer[MAX_USES];
  use_list list = {.data = buffer};
  const sk_op_rec *rec = sk_op_get(f->m, op);
  for (uint32_t r = 0; r < rec->result_count; r++) {
    sk_value v = sk_op_result(f->m, op, r);
    for (uint32_t i = f->use_start[v.id]; i < f->use_start[v.id + 1] && !list.many; i++) {
      collect_from_user(f, &list, buffer, v, (sk_op){f->use_list_ops[i]}, f->use_list_operands[i]);
    }
  }
  list.data = sk_arena_copy(f->arena, buffer, sizeof(use) * list.count, _Alignof(use));
  f->uses[op.id] = list;
}

// ---------------------------------------------------------------------------------------------------- cycles

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
    const unit *u = &f->units.data[at];
    uint32_t members = u->op.id != 0 ? 1 : u->ops.count;
    for (uint32_t i = 0; i < members && !found; i++) {
      const use_list *uses = &f->uses[u->op.id != 0 ? u->op.id : u->ops.data[i].id];
      if (uses->many) {
        found = true;
        break;
      }
      for (uint32_t j = 0; j < uses->count; j++) {
        uint32_t next = find(f, uses->data[j].unit);
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

// No user of op outside `group` may lead back into it.
static bool join_is_acyclic(fuser *f, sk_op op, uint32_t group) {
  const use_list *uses = &f->uses[op.id];
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t other = find(f, uses->data[i].unit);
    if (other != group && reaches(f, other, group, true)) {
      return false;
    }
  }
  return !uses->many;
}

// ---------------------------------------------------------------------------------------------------- joining

static void put_member(fuser *f, uint32_t group, sk_op op, const uint8_t *ids, uint32_t rank) {
  unit *g = &f->units.data[group];
  sk_vec_push(f->arena, &g->ops, op);
  f->unit_of[op.id] = group;
  memcpy(f->member_ids[op.id], ids, rank);
}

static uint32_t new_group(fuser *f, const squeezed *shape) {
  uint32_t u = new_unit(f, (sk_op){0});
  unit *g = &f->units.data[u];
  g->rank = (uint8_t)shape->rank;
  for (uint32_t i = 0; i < shape->rank; i++) {
    g->dims[i] = shape->dims[i];
    g->id[i] = (uint8_t)i;
  }
  g->next_id = (uint8_t)shape->rank;
  g->outer = full_mask(g);
  return u;
}

static bool same_space(const unit *a, const unit *b) {
  return a->op.id == 0 && b->op.id == 0 && same_dims(a->dims, a->rank, b->dims, b->rank) &&
         !a->blocked && !b->blocked &&
         (a->outer == b->outer || a->outer == full_mask(a) || b->outer == full_mask(b)) &&
         (a->reduced == 0 || b->reduced == 0 || a->reduced == b->reduced) &&
         !((a->shifted || b->shifted) && (a->reduced | b->reduced) != 0);
}

// Both groups become one (the smaller moves into the larger); ids of the moved members are translated by position.
static uint32_t merge(fuser *f, uint32_t a, uint32_t b) {
  if (f->units.data[a].ops.count < f->units.data[b].ops.count) {
    uint32_t swap = a;
    a = b;
    b = swap;
  }
  unit *into = &f->units.data[a], *from = &f->units.data[b];
  for (uint32_t i = 0; i < from->ops.count; i++) {
    sk_op op = from->ops.data[i];
    sk_value shape_of =
        f->cls[op.id] == CLASS_REDUCE ? sk_op_operand(f->m, op, 0) : sk_op_result(f->m, op, 0);
    squeezed s = squeeze_value(f, shape_of);
    for (uint32_t d = 0; d < s.rank; d++) {
      f->member_ids[op.id][d] = into->id[position_of_id(from, f->member_ids[op.id][d])];
    }
    sk_vec_push(f->arena, &into->ops, op);
    f->unit_of[op.id] = a;
  }
  if (into->outer == full_mask(into)) {
    into->outer = from->outer;
  }
  into->reduced |= from->reduced;
  into->shifted |= from->shifted;
  into->outputs += from->outputs;
  memcpy(from->to_id, into->id, sizeof from->to_id);
  from->parent = a;
  return a;
}

static bool try_merge(fuser *f, uint32_t a, uint32_t b, uint32_t *out) {
  const unit *x = &f->units.data[a], *y = &f->units.data[b];
  if (!same_space(x, y) || x->outputs + y->outputs > MAX_OUTPUTS || reaches(f, a, b, true) ||
      reaches(f, b, a, true)) {
    return false;
  }
  *out = merge(f, a, b);
  return true;
}

// May an element-wise op that spans `mask` be a member of g?
static bool accepts(const unit *g, uint32_t mask) {
  if (mask == full_mask(g)) {
    return true;
  }
  if (g->blocked) {
    return false;
  }
  if (g->reduced != 0) {
    return mask == g->outer;
  }
  bool leading = mask != 0 && (mask & (mask + 1)) == 0;
  return leading && (g->outer == full_mask(g) || g->outer == mask);
}

// Is op read by group g also at other points than the iteration point?
static bool is_shifted_in(fuser *f, sk_op op, uint32_t g) {
  const use_list *uses = &f->uses[op.id];
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t mask;
    if (find(f, uses->data[i].unit) == g && !use_mask(f, &uses->data[i], &mask)) {
      return true;
    }
  }
  return false;
}

static void join(fuser *f, sk_op op, uint32_t group, const use *u, uint32_t mask, bool stored) {
  unit *g = &f->units.data[group];
  if (mask != full_mask(g)) {
    g->outer = mask;
  }
  g->outputs += stored;
  g->shifted |= is_shifted_in(f, op, group);
  put_member(f, group, op, u->map, u->rank);
}

// ---------------------------------------------------------------------------------------------------- element-wise ops

typedef struct summary {
  bool single;   // all uses in one group, none unknown
  bool aligned;  // every use is aligned with a group that accepts the op
  bool expands;
  uint32_t unit;   // of the first use
  uint32_t below;  // cost already inlined below
} summary;

static summary summarize(fuser *f, sk_op op) {
  const use_list *uses = &f->uses[op.id];
  summary s = {.single = !uses->many && uses->count > 0, .aligned = !uses->many && uses->count > 0};
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t u = find(f, uses->data[i].unit), mask;
    if (i == 0) {
      s.unit = u;
    }
    s.single &= u == s.unit && is_group(f, u);
    s.aligned &= use_mask(f, &uses->data[i], &mask) && accepts(&f->units.data[u], mask);
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

static bool all_groups(fuser *f, const use_list *uses) {
  for (uint32_t i = 0; i < uses->count; i++) {
    if (!is_group(f, find(f, uses->data[i].unit))) {
      return false;
    }
  }
  return !uses->many;
}

// Does every use leave the value in the outer dimensions of the unit's space, so that it is evaluated once per row?
static bool stays_outside(fuser *f, const use_list *uses, uint32_t *out_mask) {
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t mask;
    if (!use_mask(f, &uses->data[i], &mask)) {
      return false;
    }
    const unit *g = &f->units.data[find(f, uses->data[i].unit)];
    bool leading = (mask & (mask + 1)) == 0;
    if (mask == full_mask(g) || (g->reduced != 0 ? mask != g->outer && mask != 0 : !leading)) {
      return false;
    }
    *out_mask = mask;
  }
  return uses->count > 0;
}

static bool should_inline(fuser *f, sk_op op, const summary *s) {
  const use_list *uses = &f->uses[op.id];
  uint32_t cost = cost_of(sk_op_kind(f->m, op)), mask;
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
static bool merge_users(fuser *f, sk_op op, uint32_t *out_group) {
  const use_list *uses = &f->uses[op.id];
  uint32_t group = find(f, uses->data[0].unit);
  for (uint32_t i = 1; i < uses->count; i++) {
    uint32_t other = find(f, uses->data[i].unit);
    if (other != group && !try_merge(f, group, other, &group)) {
      return false;
    }
  }
  *out_group = group;
  return true;
}

static void start_group(fuser *f, sk_op op, const squeezed *shape, const char *reason) {
  uint32_t group = new_group(f, shape);
  f->units.data[group].reason = reason;
  f->units.data[group].outputs = 1;
  uint8_t ids[SK_GROUP_MAX_RANK] = {0, 1, 2, 3, 4, 5, 6, 7};
  put_member(f, group, op, ids, shape->rank);
  if (f->last_group != 0) {
    uint32_t last = find(f, f->last_group);
    try_merge(f, group, last, &group);
  }
  f->last_group = group;
}

static void place_elementwise(fuser *f, sk_op op) {
  const use_list *uses = &f->uses[op.id];
  squeezed shape = squeeze_value(f, sk_op_result(f->m, op, 0));
  summary s = summarize(f, op);
  if (should_inline(f, op, &s)) {
    bool twice = !(s.single && uses->count == 1);
    f->dup_cost[op.id] = (uint16_t)SK_MIN(
        s.below + (twice || s.expands ? cost_of(sk_op_kind(f->m, op)) : 0), 60000u);
    return;
  }
  uint32_t group, mask;
  if (s.aligned && merge_users(f, op, &group) && use_mask(f, &uses->data[0], &mask) &&
      accepts(&f->units.data[group], mask)) {
    bool same = true;
    for (uint32_t i = 1; i < uses->count; i++) {
      uint32_t other;
      same &= use_mask(f, &uses->data[i], &other) && other == mask;
    }
    if (same) {
      join(f, op, group, &uses->data[0], mask, false);
      return;
    }
  }
  for (uint32_t i = 0; i < uses->count; i++) {
    uint32_t g = find(f, uses->data[i].unit);
    bool fits = use_mask(f, &uses->data[i], &mask) && accepts(&f->units.data[g], mask) &&
                (f->units.data[g].reduced == 0 || !is_shifted_in(f, op, g));
    if (fits && f->units.data[g].outputs < MAX_OUTPUTS && join_is_acyclic(f, op, g)) {
      join(f, op, g, &uses->data[i], mask, true);
      return;
    }
  }
  start_group(f, op, &shape,
              uses->many ? "read in many places" : "its readers work in another shape or order");
}

// ---------------------------------------------------------------------------------------------------- reductions

typedef struct reduce_shape {
  squeezed in;
  uint32_t reduced, kept;  // bits over in's dimensions
  bool minor, blocked;
} reduce_shape;

static reduce_shape shape_of_reduce(const fuser *f, sk_op op) {
  reduce_shape s = {.in = squeeze_value(f, sk_op_operand(f->m, op, 0))};
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
static void widen(unit *g, const reduce_shape *s) {
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
static bool prepare_for_reduce(unit *g, const reduce_shape *s, uint32_t mask) {
  bool same = same_dims(g->dims, g->rank, s->in.dims, s->in.rank);
  if (g->blocked || g->shifted) {
    return false;
  }
  if (g->reduced != 0) {
    return same && mask == s->kept && g->reduced == s->reduced;
  }
  if (same && mask == s->kept && s->minor && (g->outer == full_mask(g) || g->outer == mask)) {
    g->reduced = s->reduced;
    g->outer = s->kept;
    return true;
  }
  uint32_t kept_rank = sk_popcount64(s->kept);
  bool epilogue = mask == full_mask(g) && g->outer == full_mask(g) && g->rank == kept_rank &&
                  (uint32_t)g->next_id + s->in.rank - kept_rank < 255;
  if (epilogue) {
    widen(g, s);
  }
  return epilogue;
}

// Reductions of `group` (0: of any) that come one after the other behind op, which is placed now.
static uint16_t stages_below(fuser *f, sk_op op, uint32_t group) {
  uint16_t stages = 0;
  for (uint32_t r = 0; r < sk_op_get(f->m, op)->result_count; r++) {
    uint32_t v = sk_op_result(f->m, op, r).id;
    for (uint32_t i = f->use_start[v]; i < f->use_start[v + 1]; i++) {
      uint32_t user = f->use_list_ops[i];
      bool inside = group == 0 || f->unit_of[user] == 0 || find(f, f->unit_of[user]) == group;
      stages = inside ? SK_MAX(stages, f->stages[user]) : stages;
    }
  }
  return stages;
}

static void place_reduce(fuser *f, sk_op op) {
  const use_list *uses = &f->uses[op.id];
  reduce_shape s = shape_of_reduce(f, op);
  summary all = summarize(f, op);
  uint32_t group = 0, mask = 0;
  bool candidate = !s.blocked && s.reduced != 0 && !uses->many && uses->count > 0;
  for (uint32_t i = 0; i < uses->count && candidate; i++) {
    uint32_t m;
    bool in_group = use_mask(f, &uses->data[i], &m);
    if (in_group && group == 0) {
      group = find(f, uses->data[i].unit);
      mask = m;
    } else if (in_group && uses->data[i].unit == group) {
      candidate = m == mask;
    }
  }
  candidate = candidate && group != 0 && !is_shifted_in(f, op, group);
  bool joined = candidate && stages_below(f, op, group) < MAX_STAGES && (all.single || join_is_acyclic(f, op, group)) &&
                prepare_for_reduce(&f->units.data[group], &s, mask);
  if (!joined) {
    group = new_group(f, &s.in);
    f->units.data[group].reduced = s.reduced;
    f->units.data[group].outer = s.kept;
    f->units.data[group].blocked = s.blocked;
    f->units.data[group].reason = s.blocked ? "a large reduction runs in blocks"
                                            : "its readers work in another shape or order";
  }
  unit *g = &f->units.data[group];
  g->outputs += !joined || !all.single;
  put_member(f, group, op, g->id, g->rank);
}

typedef SK_VEC(uint32_t) uint32_list;

// ---------------------------------------------------------------------------------------------------- order and result

static void heap_push(uint32_t *heap, uint32_t *count, uint32_t key) {
  uint32_t i = (*count)++;
  heap[i] = key;
  while (i > 0 && heap[(i - 1) / 2] > heap[i]) {
    uint32_t swap = heap[i];
    heap[i] = heap[(i - 1) / 2];
    heap[(i - 1) / 2] = swap;
    i = (i - 1) / 2;
  }
}

static uint32_t heap_pop(uint32_t *heap, uint32_t *count) {
  uint32_t top = heap[0], i = 0;
  heap[0] = heap[--(*count)];
  for (;;) {
    uint32_t child = 2 * i + 1;
    if (child >= *count) {
      return top;
    }
    if (child + 1 < *count && heap[child + 1] < heap[child]) {
      child++;
    }
    if (heap[i] <= heap[child]) {
      return top;
    }
    uint32_t swap = heap[i];
    heap[i] = heap[child];
    heap[child] = swap;
    i = child;
  }
}

// The units that read op: from its list of uses, or by walking through everything inlined when that list overflowed.
static void list_readers(fuser *f, sk_op op, uint32_list *out) {
  const use_list *uses = &f->uses[op.id];
  out->count = 0;
  if (!uses->many) {
    for (uint32_t i = 0; i < uses->count; i++) {
      sk_vec_push(f->arena, out, find(f, uses->data[i].unit));
    }
    return;
  }
  uint32_list stack = {0};
  uint32_t generation = ++f->generation;
  sk_vec_push(f->arena, &stack, op.id);
  while (stack.count > 0) {
    sk_op at = {stack.data[--stack.count]};
    for (uint32_t r = 0; r < sk_op_get(f->m, at)->result_count; r++) {
      uint32_t v = sk_op_result(f->m, at, r).id;
      for (uint32_t i = f->use_start[v]; i < f->use_start[v + 1]; i++) {
        sk_op user = ancestor_in_region(f, (sk_op){f->use_list_ops[i]});
        if (user.id == 0 || f->seen_op[user.id] == generation) {
          continue;
        }
        f->seen_op[user.id] = generation;
        if (f->unit_of[user.id] != 0) {
          sk_vec_push(f->arena, out, find(f, f->unit_of[user.id]));
        } else {
          sk_vec_push(f->arena, &stack, user.id);
        }
      }
    }
  }
}

typedef struct sorter {
  uint32_t *rank_of_unit, *unit_at_rank, *heap;
  uint32_t heap_count;
  uint32_list readers;
} sorter;

static void count_pending(fuser *f, sorter *s, const sk_op *ops, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (f->unit_of[ops[i].id] == 0) {
      continue;
    }
    uint32_t u = find(f, f->unit_of[ops[i].id]);
    s->rank_of_unit[u] = i + 1;  // the last one wins
    list_readers(f, ops[i], &s->readers);
    for (uint32_t j = 0; j < s->readers.count; j++) {
      f->units.data[s->readers.data[j]].pending += s->readers.data[j] != u;
    }
  }
}

static void release_readers(fuser *f, sorter *s, uint32_t u) {
  const unit *rec = &f->units.data[u];
  uint32_t members = rec->op.id != 0 ? 1 : rec->ops.count;
  for (uint32_t i = 0; i < members; i++) {
    list_readers(f, rec->op.id != 0 ? rec->op : rec->ops.data[i], &s->readers);
    for (uint32_t j = 0; j < s->readers.count; j++) {
      uint32_t reader = s->readers.data[j];
      if (reader != u && --f->units.data[reader].pending == 0) {
        heap_push(s->heap, &s->heap_count, s->rank_of_unit[reader]);
      }
    }
  }
}

// Topological order of the block's units; among the ready ones the one whose last op stands first in the program.
static void order_units(fuser *f, const sk_op *ops, uint32_t count) {
  sorter s = {.rank_of_unit = sk_arena_zalloc(f->arena, sizeof(uint32_t) * f->units.count, 4),
              .unit_at_rank = SK_NEW_ARRAY(f->arena, uint32_t, count + 1),
              .heap = SK_NEW_ARRAY(f->arena, uint32_t, count + 1)};
  count_pending(f, &s, ops, count);
  for (uint32_t u = 1; u < f->units.count; u++) {
    if (s.rank_of_unit[u] != 0) {
      s.unit_at_rank[s.rank_of_unit[u]] = u;
      if (f->units.data[u].pending == 0) {
        heap_push(s.heap, &s.heap_count, s.rank_of_unit[u]);
      }
    }
  }
  sk_region_plan *out = &f->plan->regions[f->region.id];
  out->units = SK_NEW_ARRAY(f->arena, sk_unit, count + 1);
  while (s.heap_count > 0) {
    uint32_t u = s.unit_at_rank[heap_pop(s.heap, &s.heap_count)];
    const unit *rec = &f->units.data[u];
    bool terminator = rec->op.id != 0 && sk_op_get(f->m, rec->op)->next.id == 0;
    if (!terminator) {
      out->units[out->count++] = (sk_unit){.op = rec->op, .group = rec->group};
    }
    release_readers(f, &s, u);
  }
}

static int compare_ops(const void *a, const void *b) {
  const uint32_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static void record_groups(fuser *f) {
  for (uint32_t u = 1; u < f->units.count; u++) {
    unit *rec = &f->units.data[u];
    if (rec->op.id != 0 || rec->parent != u) {
      continue;
    }
    sk_group g = {
        .rank = rec->rank, .reduced = rec->reduced, .outer = rec->outer, .reason = rec->reason};
    memcpy(g.dims, rec->dims, sizeof g.dims);
    memcpy(g.dim_id, rec->id, sizeof g.dim_id);
    rec->group = f->plan->groups.count;
    // order by position in the block: sort (position, op) through the positions
    uint32_t *keys = SK_NEW_ARRAY(f->arena, uint32_t, rec->ops.count * 2 + 2);
    for (uint32_t i = 0; i < rec->ops.count; i++) {
      keys[2 * i] = f->position[rec->ops.data[i].id];
      keys[2 * i + 1] = rec->ops.data[i].id;
    }
    qsort(keys, rec->ops.count, 2 * sizeof(uint32_t), compare_ops);
    for (uint32_t i = 0; i < rec->ops.count; i++) {
      sk_op op = {keys[2 * i + 1]};
      sk_vec_push(f->arena, &g.ops, op);
      f->plan->group_of[op.id] = rec->group + 1;
      const use_list *uses = &f->uses[op.id];
      bool stored = uses->many;
      for (uint32_t j = 0; j < uses->count; j++) {
        stored |= find(f, uses->data[j].unit) != u;
      }
      f->plan->stored[op.id] = stored;
    }
    sk_vec_push(f->arena, &f->plan->groups, g);
  }
}

// ---------------------------------------------------------------------------------------------------- blocks

static void place(fuser *f, sk_op op) {
  f->cls[op.id] = classify(f, op);
  if (f->cls[op.id] == CLASS_ROOT) {
    f->unit_of[op.id] = new_unit(f, op);
    collect_uses(f, op);
    return;
  }
  collect_uses(f, op);
  if (f->cls[op.id] == CLASS_VIEW) {
    const use_list *uses = &f->uses[op.id];
    uint32_t below = summarize(f, op).below;
    f->dup_cost[op.id] = (uint16_t)(below + (uses->count > 1 ? 1 : 0));
  } else if (f->uses[op.id].count == 0 && !f->uses[op.id].many) {
    return;  // unused
  } else if (f->cls[op.id] == CLASS_ELEM) {
    place_elementwise(f, op);
  } else {
    place_reduce(f, op);
  }
}

typedef SK_VEC(sk_region) region_list;

static void fuse_block(fuser *f, sk_region region, region_list *todo) {
  uint32_t count = 0;
  SK_FOR_EACH_OP(f->m, region, op) { count++; }
  sk_op *ops = SK_NEW_ARRAY(f->arena, sk_op, count + 1);
  uint32_t at = 0;
  SK_FOR_EACH_OP(f->m, region, op) { ops[at++] = op; }
  f->region = region;
  f->units.count = 0;
  f->units.cap = 0;
  f->last_group = 0;
  sk_vec_push(f->arena, &f->units, (unit){0});
  for (uint32_t i = count; i-- > 0;) {
    place(f, ops[i]);
    uint32_t in = f->unit_of[ops[i].id];
    f->stages[ops[i].id] = (uint16_t)(stages_below(f, ops[i], in != 0 ? find(f, in) : 0) +
                                      (f->cls[ops[i].id] == CLASS_REDUCE));
    sk_opkind kind = sk_op_kind(f->m, ops[i]);
    if (kind == SK_OP_WHILE || kind == SK_OP_CASE || kind == SK_OP_IF) {
      for (uint32_t r = 0; r < sk_op_get(f->m, ops[i])->region_count; r++) {
        sk_vec_push(f->arena, todo, sk_op_region(f->m, ops[i], r));
      }
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    f->position[ops[i].id] = i;
  }
  record_groups(f);
  order_units(f, ops, count);
}

static void count_users(fuser *f, sk_region region, bool fill) {
  SK_FOR_EACH_OP(f->m, region, op) {
    const sk_op_rec *rec = sk_op_get(f->m, op);
    for (uint32_t i = 0; i < rec->operand_count; i++) {
      uint32_t v = sk_op_operand(f->m, op, i).id;
      if (fill) {
        f->use_list_operands[f->use_start[v]] = i;
        f->use_list_ops[f->use_start[v]++] = op.id;
      } else {
        f->use_start[v + 2]++;
      }
    }
    for (uint32_t i = 0; i < rec->region_count; i++) {
      count_users(f, sk_op_region(f->m, op, i), fill);
    }
  }
}

// use_start is counted two places up, summed, then filled one place up: afterwards use_start[v] .. use_start[v + 1] is v's range.
static void index_users(fuser *f, sk_region body) {
  uint32_t values = f->m->values.count;
  f->use_start = sk_arena_zalloc(f->arena, sizeof(uint32_t) * (values + 2), 4);
  count_users(f, body, false);
  for (uint32_t i = 1; i < values + 2; i++) {
    f->use_start[i] += f->use_start[i - 1];
  }
  f->use_list_ops = SK_NEW_ARRAY(f->arena, uint32_t, f->use_start[values + 1] + 1);
  f->use_list_operands = SK_NEW_ARRAY(f->arena, uint32_t, f->use_start[values + 1] + 1);
  f->use_start++;
  count_users(f, body, true);
  f->use_start--;
}

void sk_pass_fuse(const sk_module *m, sk_op entry, sk_plan *plan, sk_arena *arena) {
  fuser f = {.m = m, .plan = plan, .arena = arena};
  uint32_t ops = m->ops.count;
  f.cls = sk_arena_zalloc(arena, ops, 1);
  f.unit_of = sk_arena_zalloc(arena, sizeof(uint32_t) * ops, 4);
  f.uses = sk_arena_zalloc(arena, sizeof(use_list) * ops, _Alignof(use_list));
  f.dup_cost = sk_arena_zalloc(arena, sizeof(uint16_t) * ops, 2);
  f.stages = sk_arena_zalloc(arena, sizeof(uint16_t) * ops, 2);
  f.position = sk_arena_zalloc(arena, sizeof(uint32_t) * ops, 4);
  f.seen_op = sk_arena_zalloc(arena, sizeof(uint32_t) * ops, 4);
  f.member_ids = sk_arena_zalloc(arena, (size_t)SK_GROUP_MAX_RANK * ops, 1);
  index_users(&f, sk_func_body(m, entry));
  region_list todo = {0};
  sk_vec_push(arena, &todo, sk_func_body(m, entry));
  while (todo.count > 0) {
    sk_region region = todo.data[--todo.count];
    fuse_block(&f, region, &todo);
  }
}
