// SPDX-License-Identifier: Apache-2.0
// Fusion: where a value is read.
//
// An op's users have been placed before it. Users that are members or statements give uses directly; inlined ones hand on their
// own uses, composed with what they do to indices. Two uses by one unit that are not at its iteration point are one only if the same
// views led to both: otherwise the value is needed at two points. More than FUSE_MAX_USES places count as unknown.
#include "base/hash.h"
#include "pass/fuse_int.h"

static void add_use(fuser *f, fuse_uses *list, fuse_use *buffer, fuse_use u) {
  sk_fuse_refresh(f, &u);
  if (u.aligned || u.rank == 0 || !sk_fuse_is_group(f, u.unit)) {
    u.place = 0;
  }
  for (uint32_t i = 0; i < list->count; i++) {
    fuse_use *have = &buffer[i];
    sk_fuse_refresh(f, have);
    bool same = have->unit == u.unit && have->aligned == u.aligned &&
                have->gathered == u.gathered && have->rank == u.rank;
    if (same && u.gathered) {
      have->expands = true;
      return;
    }
    same = same && have->expands == u.expands;
    bool full = list->count == FUSE_MAX_USES;
    if (same && (u.aligned ? memcmp(have->map, u.map, u.rank) == 0 : have->place == u.place)) {
      return;
    }
    if (same && full && !u.aligned) {
      have->expands = true;  // one of more points of one unit than are told apart
      return;
    }
  }
  if (list->count == FUSE_MAX_USES) {
    list->many = true;
    return;
  }
  buffer[list->count++] = u;
}

static uint32_t mix_place(uint32_t place, sk_op through, uint32_t operand) {
  uint64_t h = sk_hash_mix(place, (uint64_t)through.id << 32 | operand);
  return (uint32_t)(h >> 32) | 1;
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
static fuse_use compose(const fuser *f, sk_op through, uint32_t operand, sk_value v, fuse_use u) {
  fuse_shape from = sk_fuse_squeeze_value(f, v);
  fuse_shape to = sk_fuse_squeeze_value(f, sk_op_result(f->m, through, 0));
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
  bool same_shape = f->cls[through.id] != FUSE_VIEW || kind == SK_OP_RESHAPE;
  if (same_shape) {
    u.aligned = u.aligned && sk_fuse_same_dims(from.dims, from.rank, to.dims, to.rank);
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

sk_op sk_fuse_ancestor(const fuser *f, sk_op op) {
  while (sk_op_get(f->m, op)->parent.id != f->region.id) {
    op = sk_region_get(f->m, sk_op_get(f->m, op)->parent)->parent;
    if (op.id == 0) {
      return op;
    }
  }
  return op;
}

// Uses by a view that is a member, of its operand `index`: its own point, and what the view makes of it.
static void collect_from_view(fuser *f, fuse_uses *list, fuse_use *buffer, sk_value v, sk_op view,
                              uint32_t index) {
  fuse_shape s = sk_fuse_squeeze_value(f, sk_op_result(f->m, view, 0));
  fuse_use own = {.unit = f->unit_of[view.id], .aligned = true, .rank = (uint8_t)s.rank};
  memcpy(own.map, f->member_ids[view.id], s.rank);
  fuse_use u = compose(f, view, index, v, own);
  u.place = mix_place(u.place, view, index);
  add_use(f, list, buffer, u);
}

// v is the operand `index` of user.
static void collect_from_user(fuser *f, fuse_uses *list, fuse_use *buffer, sk_value v, sk_op user,
                              uint32_t index) {
  if (sk_op_get(f->m, user)->parent.id != f->region.id) {
    sk_op ancestor = sk_fuse_ancestor(f, user);
    // (values of an enclosing region are only read there through units of that region, which its own turn handles)
    if (ancestor.id != 0) {
      add_use(f, list, buffer, (fuse_use){.unit = f->unit_of[ancestor.id]});
    }
    return;
  }
  if (f->unit_of[user.id] != 0) {
    fuse_use u = {.unit = f->unit_of[user.id]};
    if (f->cls[user.id] == FUSE_VIEW) {
      collect_from_view(f, list, buffer, v, user, index);
      return;
    }
    if (reads_elsewhere(f, user)) {
      u.gathered = true;
      u.expands = repeats(f, user, v);
    } else if (f->cls[user.id] == FUSE_ELEM || f->cls[user.id] == FUSE_REDUCE) {
      fuse_shape s = sk_fuse_squeeze_value(f, v);
      u.rank = (uint8_t)s.rank;
      u.aligned = true;
      memcpy(u.map, f->member_ids[user.id], s.rank);
    }
    add_use(f, list, buffer, u);
    return;
  }
  const fuse_uses *next = &f->uses[user.id];
  list->many |= next->many;
  for (uint32_t j = 0; j < next->count; j++) {
    sk_fuse_refresh(f, &next->data[j]);
    fuse_use u = compose(f, user, index, v, next->data[j]);
    u.place = f->cls[user.id] == FUSE_VIEW ? mix_place(u.place, user, index) : u.place;
    add_use(f, list, buffer, u);
  }
}

void sk_fuse_collect_uses(fuser *f, sk_op op) {
  fuse_use buffer[FUSE_MAX_USES];
  fuse_uses list = {.data = buffer};
  const sk_op_rec *rec = sk_op_get(f->m, op);
  for (uint32_t r = 0; r < rec->result_count; r++) {
    sk_value v = sk_op_result(f->m, op, r);
    for (uint32_t i = f->use_start[v.id]; i < f->use_start[v.id + 1] && !list.many; i++) {
      collect_from_user(f, &list, buffer, v, (sk_op){f->use_list_ops[i]}, f->use_list_operands[i]);
    }
  }
  list.data = sk_arena_copy(f->arena, buffer, sizeof(fuse_use) * list.count, _Alignof(fuse_use));
  f->uses[op.id] = list;
}
