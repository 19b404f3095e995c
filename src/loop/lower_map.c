// SPDX-License-Identifier: Apache-2.0
// Index maps: where a value is read at the current iteration point, and how views change that.
//
// A map has one affine expression per dimension of the value over the positions of the iteration
// space F. Views compose exactly: broadcast drops expressions, transpose permutes them, slice and
// reverse scale and shift them. A reshape keeps the row-major linear index; it is taken apart again
// by mixed-radix division, which succeeds on affine expressions whenever the reshape cuts along
// positions of F, and otherwise falls back to integer division of what is left of the index
// (correct, slower).
#include "loop/loop_int.h"
#include "loop/lower_int.h"

enum { MAX_BOUND = INT32_MAX };  // of what is computed while running: sums of it stay small

sk_map *sk_map_new(sk_lowering *l, uint32_t rank) {
  size_t bytes = sizeof(sk_map) + sizeof(sk_affine) * rank;
  sk_map *map = sk_arena_zalloc(l->scratch, bytes, _Alignof(sk_map));
  map->rank = rank;
  return map;
}

sk_map *sk_map_empty(sk_lowering *l) { return sk_map_new(l, 0); }

static bool affine_equal(const sk_affine *a, const sk_affine *b) {
  return a->offset == b->offset && a->dyn.id == b->dyn.id &&
         memcmp(a->coef, b->coef, sizeof a->coef) == 0;
}

bool sk_map_equal(const sk_map *a, const sk_map *b) {
  return a->guard.id == b->guard.id && sk_map_answers(a, b);
}

bool sk_map_answers(const sk_map *a, const sk_map *b) {
  if (a == b) {
    return true;
  }
  bool guarded = a->guard.id != 0 && a->guard.id != b->guard.id;
  if (a->rank != b->rank || a->linear != b->linear || guarded) {
    return false;
  }
  for (uint32_t d = 0; d < a->rank; d++) {
    if (!affine_equal(&a->dim[d], &b->dim[d])) {
      return false;
    }
  }
  return true;
}

sk_map *sk_map_at_point(sk_lowering *l, const sk_type_rec *type, uint32_t mask) {
  sk_map *map = sk_map_new(l, type->rank);
  uint32_t position = 0;
  for (uint32_t d = 0; d < type->rank; d++) {
    if (type->dims[d] == 1) {
      continue;
    }
    while (position < SK_GROUP_MAX_RANK && (mask >> position & 1) == 0) {
      position++;
    }
    if ((l->space.fixed >> position & 1) != 0) {
      map->dim[d].offset = l->space.base[position++];
    } else {
      map->dim[d].coef[position++] = 1;
    }
  }
  return map;
}

sk_val sk_guard_and(sk_lowering *l, sk_val a, sk_val b) {
  return a.id == 0 ? b : b.id == 0 ? a : sk_build_2(&l->b, SK_L_PAND, a, b);
}

// Index along position p as I64.
static sk_val position_index(sk_lowering *l, uint32_t p) {
  sk_val index = sk_build_2(&l->b, SK_L_ADD, sk_build_index(&l->b, l->space.loop[p], SK_LT_I64),
                            sk_build_i64(&l->b, l->space.base[p]));
  if (l->space.block_position == p) {
    sk_val block = sk_build_index(&l->b, l->space.block_loop, SK_LT_I64);
    sk_val start = sk_build_2(&l->b, SK_L_MUL, block, sk_build_i64(&l->b, l->space.block_elems));
    index = sk_build_2(&l->b, SK_L_ADD, sk_build_2(&l->b, SK_L_ADD, index, start),
                       sk_build_i64(&l->b, l->space.block_base));
  }
  return index;
}

sk_val sk_affine_value(sk_lowering *l, const sk_affine *e) {
  sk_val sum = sk_build_i64(&l->b, e->offset);
  for (uint32_t p = 0; p < l->space.rank; p++) {
    if (e->coef[p] != 0) {
      sk_val term =
          sk_build_2(&l->b, SK_L_MUL, position_index(l, p), sk_build_i64(&l->b, e->coef[p]));
      sum = sk_build_2(&l->b, SK_L_ADD, sum, term);
    }
  }
  return e->dyn.id != 0 ? sk_build_2(&l->b, SK_L_ADD, sum, e->dyn) : sum;
}

sk_val sk_affine_index(sk_lowering *l, const sk_affine *e) {
  int64_t lo, hi;
  bool known = sk_affine_bounds(l, e, &lo, &hi);
  if (!known && sk_build_bound(&l->b, e->dyn) <= MAX_BOUND) {
    hi += (int64_t)sk_build_bound(&l->b, e->dyn);
    known = true;
  }
  bool small = known && lo >= INT32_MIN && hi <= INT32_MAX;
  sk_val index = sk_affine_value(l, e);
  return small ? sk_build_convert(&l->b, SK_L_TRUNC, SK_LT_I32, index) : index;
}

static sk_val int_like(sk_lowering *l, sk_val like, int64_t value) {
  return sk_build_type(&l->b, like) == SK_LT_I32 ? sk_build_i32(&l->b, (int32_t)value)
                                                 : sk_build_i64(&l->b, value);
}

bool sk_affine_bounds(const sk_lowering *l, const sk_affine *e, int64_t *out_lo, int64_t *out_hi) {
  *out_lo = *out_hi = e->offset;
  for (uint32_t p = 0; p < l->space.rank; p++) {
    bool blocked = l->space.block_position == p;
    int64_t first = l->space.base[p] + (blocked ? l->space.block_base : 0);
    int64_t last_block = blocked ? (l->space.block_count - 1) * l->space.block_elems : 0;
    int64_t reach = e->coef[p] * (l->space.extent[p] - 1 + last_block);
    *out_lo += e->coef[p] * first;
    *out_hi += e->coef[p] * first;
    *(reach < 0 ? out_lo : out_hi) += reach;
  }
  return e->dyn.id == 0;
}

sk_val sk_guard_range(sk_lowering *l, const sk_affine *e, int64_t lo, int64_t hi, bool *out_empty) {
  int64_t min, max;
  bool known = sk_affine_bounds(l, e, &min, &max);
  *out_empty = known && (max < lo || min >= hi);
  sk_val guard = {0};
  if (*out_empty || (known && min >= lo && max < hi)) {
    return guard;
  }
  sk_val index = sk_affine_index(l, e);
  bool narrow = sk_build_type(&l->b, index) ==
                SK_LT_I32;  // bounds outside of the type's range decide nothing
  if ((!known || min < lo) && !(narrow && lo > INT32_MAX)) {
    guard = sk_build_2(&l->b, SK_L_SLE, int_like(l, index, lo), index);
  }
  if ((!known || max >= hi) && !(narrow && hi > INT32_MAX)) {
    guard = sk_guard_and(l, guard, sk_build_2(&l->b, SK_L_SLT, index, int_like(l, index, hi)));
  }
  return guard;
}

static void affine_add(sk_lowering *l, sk_affine *sum, const sk_affine *e, int64_t scale) {
  sum->offset += e->offset * scale;
  for (uint32_t p = 0; p < SK_GROUP_MAX_RANK; p++) {
    sum->coef[p] += e->coef[p] * scale;
  }
  if (e->dyn.id != 0) {
    sk_val scaled = sk_build_2(&l->b, SK_L_MUL, e->dyn, sk_build_i64(&l->b, scale));
    sum->dyn = sum->dyn.id == 0 ? scaled : sk_build_2(&l->b, SK_L_ADD, sum->dyn, scaled);
  }
}

sk_affine sk_map_linear(sk_lowering *l, const sk_type_rec *type, const sk_map *map) {
  if (map->linear) {
    return map->dim[0];
  }
  sk_affine sum = {0};
  int64_t stride = 1;
  for (uint32_t d = type->rank; d-- > 0;) {
    affine_add(l, &sum, &map->dim[d], stride);
    stride *= type->dims[d];
  }
  return sum;
}

// e = quotient * divisor + remainder with quotient affine and remainder >= 0; true if remainder <
// divisor as well. False with a remainder that may be larger: *out_some says whether such a
// quotient and remainder were found. e may be negative, where a guard says that the point does not
// exist.
static bool affine_divide(const sk_lowering *l, const sk_affine *e, int64_t divisor,
                          sk_affine *quotient, sk_affine *remainder, bool *out_some) {
  memset(quotient, 0, sizeof *quotient);
  memset(remainder, 0, sizeof *remainder);
  *out_some = e->dyn.id == 0 || sk_build_bound(&l->b, e->dyn) <= MAX_BOUND;
  if (!*out_some) {
    return false;
  }
  for (uint32_t p = 0; p < l->space.rank; p++) {
    if (e->coef[p] % divisor == 0) {
      quotient->coef[p] = e->coef[p] / divisor;
    } else {
      remainder->coef[p] = e->coef[p];
    }
  }
  int64_t lo, hi;
  sk_affine_bounds(l, remainder, &lo, &hi);
  remainder->dyn = e->dyn;
  hi += e->dyn.id == 0 ? 0 : (int64_t)sk_build_bound(&l->b, e->dyn);
  int64_t least = lo + e->offset;  // as much of the offset goes as leaves this in [0, divisor)
  quotient->offset = (least - (least < 0 ? divisor - 1 : 0)) / divisor;
  remainder->offset = e->offset - quotient->offset * divisor;
  return hi + remainder->offset < divisor;
}

// The most significant dimension takes what is left: beyond it no point exists.
static bool is_outermost(const sk_type_rec *type, uint32_t d) {
  for (uint32_t i = 0; i < d; i++) {
    if (type->dims[i] != 1) {
      return false;
    }
  }
  return true;
}

static sk_val widen(sk_lowering *l, sk_val index) {
  return sk_build_type(&l->b, index) == SK_LT_I64
             ? index
             : sk_build_convert(&l->b, SK_L_ZEXT, SK_LT_I64, index);
}

sk_map *sk_map_per_dim(sk_lowering *l, const sk_type_rec *type, const sk_map *map) {
  if (!map->linear) {
    sk_map *copy = sk_map_new(l, map->rank);
    memcpy(copy->dim, map->dim, sizeof(sk_affine) * map->rank);
    copy->guard = map->guard;
    return copy;
  }
  sk_map *out = sk_map_new(l, type->rank);
  out->guard = map->guard;
  sk_affine rest = map->dim[0];
  for (uint32_t d = type->rank; d-- > 0;) {
    int64_t extent = type->dims[d];
    if (extent == 1) {
      continue;
    }
    sk_affine quotient, remainder;
    int64_t lo, hi;
    bool some, last = sk_affine_bounds(l, &rest, &lo, &hi) && lo >= 0 && hi < extent;
    if (last || is_outermost(type, d)) {
      out->dim[d] = rest;
      memset(&rest, 0, sizeof rest);
    } else if (affine_divide(l, &rest, extent, &quotient, &remainder, &some)) {
      out->dim[d] = remainder;
      rest = quotient;
    } else {
      sk_val index = sk_affine_index(l, some ? &remainder : &rest), by = int_like(l, index, extent);
      out->dim[d].dyn = widen(l, sk_build_2(&l->b, SK_L_UREM, index, by));
      rest = some ? quotient : (sk_affine){0};
      rest.dyn = widen(l, sk_build_2(&l->b, SK_L_UDIV, index, by));
    }
  }
  return out;
}

// ---------------------------------------------------------------------------------------------------- views

static sk_map *through_reshape(sk_lowering *l, const sk_type_rec *from, const sk_type_rec *to,
                               const sk_map *map) {
  sk_map *linear = sk_map_new(l, 1);
  linear->linear = true;
  linear->guard = map->guard;
  if (!map->linear) {
    // equal shapes up to dimensions of extent 1: expressions move over one by one
    sk_map *moved = sk_map_new(l, from->rank);
    uint32_t d = 0;
    bool same = true;
    for (uint32_t i = 0; i < from->rank && same; i++) {
      if (from->dims[i] == 1) {
        continue;
      }
      while (d < to->rank && to->dims[d] == 1) {
        d++;
      }
      same = d < to->rank && to->dims[d] == from->dims[i];
      if (same) {
        moved->dim[i] = map->dim[d++];
      }
    }
    if (same) {
      moved->guard = map->guard;
      return moved;
    }
  }
  linear->dim[0] = sk_map_linear(l, to, map);
  return linear;
}

static void scale_and_shift(sk_lowering *l, sk_affine *e, int64_t scale, int64_t shift) {
  sk_affine out = {.offset = shift};
  affine_add(l, &out, e, scale);
  *e = out;
}

sk_map *sk_map_through(sk_lowering *l, sk_op view, const sk_map *map, const sk_val *starts) {
  const sk_module *m = l->m;
  const sk_type_rec *from = sk_value_type_rec(m, sk_op_operand(m, view, 0));
  const sk_type_rec *to = sk_value_type_rec(m, sk_op_result(m, view, 0));
  sk_opkind kind = sk_op_kind(m, view);
  if (kind == SK_OP_RESHAPE) {
    return through_reshape(l, from, to, map);
  }
  sk_map *result = sk_map_per_dim(l, to, map), *out = sk_map_new(l, from->rank);
  out->guard = map->guard;
  for (uint32_t d = 0; d < from->rank; d++) {
    switch ((int)kind) {
      case SK_OP_BROADCAST_IN_DIM:
        out->dim[d] = result->dim[sk_op_ints(m, view, SK_NAME_broadcast_dimensions).data[d]];
        break;
      case SK_OP_TRANSPOSE: break;  // below
      case SK_OP_SLICE:
        out->dim[d] = result->dim[d];
        scale_and_shift(l, &out->dim[d], sk_op_ints(m, view, SK_NAME_strides).data[d],
                        sk_op_ints(m, view, SK_NAME_start_indices).data[d]);
        break;
      case SK_OP_DYNAMIC_SLICE:
        out->dim[d] = result->dim[d];
        affine_add(l, &out->dim[d], &(sk_affine){.dyn = starts[d]}, 1);
        break;
      default: out->dim[d] = result->dim[d]; break;  // REVERSE
    }
  }
  if (kind == SK_OP_TRANSPOSE) {
    sk_ints permutation = sk_op_ints(m, view, SK_NAME_permutation);
    for (uint32_t i = 0; i < permutation.count; i++) {
      out->dim[permutation.data[i]] = result->dim[i];
    }
  }
  if (kind == SK_OP_REVERSE) {
    sk_ints dims = sk_op_ints(m, view, SK_NAME_dimensions);
    for (uint32_t i = 0; i < dims.count; i++) {
      scale_and_shift(l, &out->dim[dims.data[i]], -1, from->dims[dims.data[i]] - 1);
    }
  }
  for (uint32_t d = 0; d < from->rank; d++) {
    if (from->dims[d] == 1) {
      memset(&out->dim[d], 0, sizeof out->dim[d]);
    }
  }
  return out;
}
