// SPDX-License-Identifier: Apache-2.0
// dynamic_update_slice, and concatenations that run on their own. The scans of array languages
// stack the values of every trip this way:
//
//   s = f(...)                       kernel f  { store s[e] }                 kernel f { store c[2048 i + e] }
//   c' = dynamic_update_slice(c, s, i, 0, 0)   kernel { c[2048 i + e] = s[e] }
//
// A piece (an update, an operand of a concatenation) is claimed by the kernel that computes its
// value (left out above: s itself, unless somebody else reads it) when the value is a member of a
// fused group, up to views that move nothing, and
//   of an update: the array is updated in place, no longer read, and the start indices are known before that kernel; the slice is a
//     contiguous piece of the array,
//   of a concatenation: the member has the dimensions of the operand, leaving out those of extent 1.
// Any other update is a kernel of its own, in place when the array's storage dies here, else after
// a copy; so is any other piece of a concatenation.
#include "loop/lower_int.h"

enum { INDEX_STEPS = 32 };

// Is the value's storage its own, and not that of a value which is passed through unchanged (and may be read later)?
static bool owns_storage(const sk_lowering *l, const sk_value_rec *rec) {
  sk_opkind kind = rec->op.id != 0 ? sk_op_kind(l->m, rec->op) : SK_OP_NONE;
  if (kind == SK_OP_WHILE) {
    sk_region body = sk_op_region(l->m, rec->op, 1);
    sk_value next = sk_op_operand(l->m, sk_region_get(l->m, body)->last, rec->index);
    return next.id != sk_region_arg(l->m, body, rec->index).id;
  }
  return kind != SK_OP_OPTIMIZATION_BARRIER;
}

// In place at turn `turn`: what the program made and nobody reads from then on, or the storage chosen for a while's carry.
static bool is_in_place_at(sk_lowering *l, sk_op op, uint32_t k, uint32_t turn) {
  sk_value operand = sk_op_operand(l->m, op, k);
  const sk_value_rec *rec = sk_value_get(l->m, operand);
  uint32_t have = l->buf_of[operand.id], here = sk_op_get(l->m, op)->parent.id;
  uint8_t kind = l->prog->bufs.data[have].kind;
  bool dies = have != 0 && (kind == SK_BUF_TEMP || kind == SK_BUF_RESULT);
  uint32_t made_in = rec->op.id != 0 ? sk_op_get(l->m, rec->op)->parent.id : rec->region.id;
  return dies && made_in == here && owns_storage(l, rec) &&
         l->buf_of[sk_op_result(l->m, op, k).id] == 0 &&
         sk_lower_is_read_before(l, operand, op, k, turn);
}

bool sk_lower_is_in_place(sk_lowering *l, sk_op op, uint32_t k) {
  return is_in_place_at(l, op, k, l->order[op.id]);
}

// ------------------------------------------------------------------- pieces stored where the value is made

// Do consecutive elements of the slice lie one after the other in the array?
static bool is_contiguous(const sk_lowering *l, sk_op op) {
  const sk_type_rec *whole = sk_value_type_rec(l->m, sk_op_operand(l->m, op, 0));
  const sk_type_rec *part = sk_value_type_rec(l->m, sk_op_operand(l->m, op, 1));
  uint32_t d = 0;
  while (d < part->rank && part->dims[d] == 1) {
    d++;
  }
  for (d++; d < part->rank; d++) {
    if (part->dims[d] != whole->dims[d]) {
      return false;
    }
  }
  return true;
}

// The group member whose elements the operand's are; none if there is no such member.
static sk_value find_source(const sk_lowering *l, sk_op op, uint32_t operand) {
  sk_value source = sk_lower_resolve(l, sk_op_operand(l->m, op, operand));
  sk_op def = sk_value_get(l->m, source)->op;
  bool member = def.id != 0 && l->plan->group_of[def.id] != 0 && l->plan->stored[def.id] &&
                sk_op_get(l->m, def)->parent.id == sk_op_get(l->m, op)->parent.id;
  return member ? source : (sk_value){0};
}

// Equal up to dimensions of extent 1?
static bool has_same_dims(const sk_lowering *l, sk_value a, sk_value b) {
  const sk_type_rec *x = sk_value_type_rec(l->m, a), *y = sk_value_type_rec(l->m, b);
  uint32_t i = 0, j = 0;
  for (;;) {
    while (i < x->rank && x->dims[i] == 1) {
      i++;
    }
    while (j < y->rank && y->dims[j] == 1) {
      j++;
    }
    if (i == x->rank || j == y->rank) {
      return i == x->rank && j == y->rank;
    }
    if (x->dims[i++] != y->dims[j++]) {
      return false;
    }
  }
}

static void add_piece(sk_lowering *l, sk_value source, sk_piece piece) {
  piece.next = l->piece_of[source.id];
  uint32_t id = l->pieces.count;
  sk_vec_push(l->arena, &l->pieces, piece);
  l->piece_of[source.id] = id;
  l->first_piece[piece.op.id] = l->first_piece[piece.op.id] != 0 ? l->first_piece[piece.op.id] : id;
}

static void plan_concatenation(sk_lowering *l, sk_op op) {
  int64_t along = sk_op_int(l->m, op, SK_NAME_dimension, 0), start = 0;
  for (uint32_t i = 0; i < sk_op_get(l->m, op)->operand_count; i++) {
    sk_value operand = sk_op_operand(l->m, op, i), source = find_source(l, op, i);
    if (source.id != 0 && has_same_dims(l, source, operand)) {
      add_piece(l, source, (sk_piece){.op = op, .operand = i, .start = start});
    }
    start += sk_value_type_rec(l->m, operand)->dims[along];
  }
}

void sk_lower_plan_pieces(sk_lowering *l, sk_region region) {
  SK_FOR_EACH_OP(l->m, region, op) {
    sk_opkind kind = sk_op_kind(l->m, op);
    if (kind == SK_OP_DYNAMIC_UPDATE_SLICE && is_contiguous(l, op)) {
      sk_value source = find_source(l, op, 1);
      if (source.id != 0) {
        add_piece(l, source, (sk_piece){.op = op, .operand = 1});
      }
    } else if (kind == SK_OP_CONCATENATE && sk_lower_is_statement(l, op)) {
      plan_concatenation(l, op);
    }
  }
}

// Has the piece at *cursor, of the operand, been claimed? Moves on behind it. Operands are asked
// about in order.
static bool is_claimed(const sk_lowering *l, sk_op op, uint32_t operand, uint32_t *cursor) {
  if (*cursor == 0 || *cursor == l->pieces.count) {
    return false;
  }
  const sk_piece *piece = &l->pieces.data[*cursor];
  bool there = piece->op.id == op.id && piece->operand == operand;
  *cursor += there;
  return there && piece->claimed;
}

// Can v (a scalar) be evaluated in a kernel at this point of the program? What is computed later is
// computed there as well.
static bool is_known(const sk_lowering *l, sk_value v, uint32_t *steps) {
  sk_op op = sk_value_get(l->m, v)->op;
  if (op.id == 0 || l->computed[op.id] || l->buf_of[v.id] != 0) {
    return l->buf_of[v.id] != 0 && (op.id == 0 || l->computed[op.id]);
  }
  sk_opkind kind = sk_op_kind(l->m, op);
  sk_op_class class = (sk_op_class)sk_opkind_info(kind)->op_class;
  bool walkable = class == SK_OPCLASS_ELEMENTWISE || class == SK_OPCLASS_VIEW ||
                  class == SK_OPCLASS_CONSTANT || kind == SK_OP_DYNAMIC_SLICE;
  if (!walkable || (*steps)++ == INDEX_STEPS) {
    return false;
  }
  for (uint32_t i = 0; i < sk_op_get(l->m, op)->operand_count; i++) {
    if (!is_known(l, sk_op_operand(l->m, op, i), steps)) {
      return false;
    }
  }
  return true;
}

static bool can_claim(sk_lowering *l, sk_op op, sk_value source) {
  if (sk_op_kind(l->m, op) == SK_OP_CONCATENATE) {
    return true;
  }
  sk_op made = sk_value_get(l->m, sk_op_operand(l->m, op, 0))->op;
  uint32_t steps = 0, turn = l->order[sk_value_get(l->m, source)->op.id];
  bool can = is_in_place_at(l, op, 0, turn) && (made.id == 0 || l->computed[made.id]);
  for (uint32_t i = 2; i < sk_op_get(l->m, op)->operand_count && can; i++) {
    can = is_known(l, sk_op_operand(l->m, op, i), &steps);
  }
  return can;
}

// One more use of the update's value needs no memory; and so upwards from a view without any other use.
static void cover_use(sk_lowering *l, sk_value used, sk_value source) {
  while (++l->covered[used.id] == l->uses[used.id] && used.id != source.id) {
    used = sk_op_operand(l->m, sk_value_get(l->m, used)->op, 0);
  }
}

static uint32_t count_uses_in_group(const sk_lowering *l, sk_value v, uint32_t group) {
  const sk_group *g = &l->plan->groups.data[group - 1];
  uint32_t count = 0;
  for (uint32_t i = 0; i < g->ops.count; i++) {
    for (uint32_t o = 0; o < sk_op_get(l->m, g->ops.data[i])->operand_count; o++) {
      count += sk_op_operand(l->m, g->ops.data[i], o).id == v.id;
    }
  }
  return count;
}

bool sk_lower_claim_pieces(sk_lowering *l, sk_value v, uint32_t group) {
  bool any = false;
  for (uint32_t p = l->piece_of[v.id]; p != 0; p = l->pieces.data[p].next) {
    sk_piece *piece = &l->pieces.data[p];
    if (can_claim(l, piece->op, v)) {
      piece->claimed = true;
      any = true;
      cover_use(l, sk_op_operand(l->m, piece->op, piece->operand), v);
      if (sk_op_kind(l->m, piece->op) == SK_OP_CONCATENATE) {
        sk_lower_result_buf(l, sk_op_result(l->m, piece->op, 0));
      }
    }
  }
  return any && l->buf_of[v.id] == 0 &&
         l->covered[v.id] + count_uses_in_group(l, v, group) == l->uses[v.id];
}

// Row-major index in the array of the slice's first element.
static sk_affine eval_base(sk_lowering *l, sk_op op) {
  const sk_type_rec *whole = sk_value_type_rec(l->m, sk_op_operand(l->m, op, 0));
  const sk_type_rec *part = sk_value_type_rec(l->m, sk_op_operand(l->m, op, 1));
  sk_map *map = sk_map_new(l, whole->rank);
  for (uint32_t d = 0; d < part->rank; d++) {
    map->dim[d].dyn = sk_eval_start(l, op, d + 2, whole->dims[d] - part->dims[d]);
  }
  return sk_map_linear(l, whole, map);
}

static void store_in_concatenation(sk_lowering *l, const sk_piece *piece, uint32_t mask,
                                   sk_scalar value) {
  sk_value whole = sk_op_result(l->m, piece->op, 0);
  const sk_type_rec *type = sk_value_type_rec(l->m, whole);
  sk_map *map = sk_map_at_point(
      l, sk_value_type_rec(l->m, sk_op_operand(l->m, piece->op, piece->operand)), mask);
  map->dim[sk_op_int(l->m, piece->op, SK_NAME_dimension, 0)].offset += piece->start;
  sk_affine at = sk_map_linear(l, type, map);
  sk_emit_store(l, l->buf_of[whole.id], (sk_elem)type->elem, &at, value);
}

static void store_update(sk_lowering *l, const sk_piece *piece, const sk_affine *linear,
                         sk_scalar value) {
  sk_value array = sk_op_operand(l->m, piece->op, 0);
  sk_affine at = *linear, base = eval_base(l, piece->op);
  at.offset += base.offset;
  at.dyn = base.dyn;
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, array)->elem;
  sk_emit_store(l, l->buf_of[array.id], elem, &at, value);
}

void sk_lower_store_pieces(sk_lowering *l, sk_value v, uint32_t mask, const sk_affine *linear,
                           sk_scalar value) {
  for (uint32_t p = l->piece_of[v.id]; p != 0; p = l->pieces.data[p].next) {
    const sk_piece *piece = &l->pieces.data[p];
    if (!piece->claimed) {
      continue;
    }
    if (sk_op_kind(l->m, piece->op) == SK_OP_CONCATENATE) {
      store_in_concatenation(l, piece, mask, value);
    } else {
      store_update(l, piece, linear, value);
    }
  }
}

// ------------------------------------------------------------------------------------- a kernel of its own

// A piece of an array along one dimension; UINT32_MAX: all of it.
typedef struct extract {
  uint32_t dim;
  int64_t begin, end;
} extract;

// Iteration space: the dimensions of `part`, or of its extract. False: too many, reported.
static bool set_space_of(sk_lowering *l, sk_op op, const sk_type_rec *part, const extract *x) {
  for (uint32_t d = 0; d < part->rank; d++) {
    if (part->dims[d] == 1) {
      continue;
    }
    if (l->space.rank == SK_GROUP_MAX_RANK) {
      sk_lower_fail(l, sk_op_error(l->m, op, SK_UNIMPLEMENTED,
                                   "more than %d dimensions larger than 1", SK_GROUP_MAX_RANK));
      return false;
    }
    l->space.base[l->space.rank] = d == x->dim ? x->begin : 0;
    l->space.extent[l->space.rank++] = d == x->dim ? x->end - x->begin : part->dims[d];
  }
  return true;
}

// Kernel that stores an extract of `part` into the array in `buf`, at the start indices of the update `op`, or, when
// op is a concatenation, from `start` on along its dimension.
static void lower_extract(sk_lowering *l, sk_op op, sk_value part, const extract *x, int64_t start,
                          uint32_t buf) {
  const sk_type_rec *whole = sk_value_type_rec(l->m, sk_op_result(l->m, op, 0));
  const sk_type_rec *type = sk_value_type_rec(l->m, part);
  bool is_update = sk_op_kind(l->m, op) == SK_OP_DYNAMIC_UPDATE_SLICE;
  const char *mnemonic = sk_opkind_mnemonic(sk_op_kind(l->m, op));
  const char *name = sk_arena_printf(l->arena, "%s_%u", mnemonic, l->prog->kernels.count);
  uint32_t kernel = sk_prog_add_kernel(l->prog, name);
  sk_eval_begin(l, kernel, SK_GROUP_MAX_RANK + 1, 0);
  bool fits = set_space_of(l, op, type, x);
  uint32_t all = (1u << l->space.rank) - 1;
  if (all == 0) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    sk_eval_open(l);
  }
  sk_space_open(l, all, SK_LOOP_PAR);
  if (fits) {
    sk_map *map = sk_map_at_point(l, type, all), *target = sk_map_at_point(l, type, all);
    for (uint32_t d = 0; d < type->rank && is_update; d++) {
      target->dim[d].dyn = sk_eval_start(l, op, d + 2, whole->dims[d] - type->dims[d]);
    }
    if (!is_update) {
      target->dim[sk_op_int(l->m, op, SK_NAME_dimension, 0)].offset += start;
    }
    sk_affine linear = sk_map_linear(l, whole, target);
    sk_emit_store(l, buf, (sk_elem)whole->elem, &linear, sk_eval(l, part, map));
  }
  sk_space_close(l, all);
  if (all == 0) {
    sk_eval_close(l);
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

// The same for all of it, cut where its own sources change.
static void lower_part(sk_lowering *l, sk_op op, sk_value part, int64_t start, uint32_t buf) {
  int64_t elems = 0, *cuts;
  extract x = {.dim = UINT32_MAX};
  if (!sk_type_elem_count(l->m, sk_value_type(l->m, part), &elems) || elems == 0) {
    return;
  }
  uint32_t dim, count = sk_lower_segments_of(l, part, &dim, &cuts);
  for (uint32_t i = 0; i < count; i++) {
    x = (extract){count > 1 ? dim : UINT32_MAX, cuts[i], cuts[i + 1]};
    lower_extract(l, op, part, &x, start, buf);
  }
}

void sk_lower_concatenate(sk_lowering *l, sk_op op) {
  uint32_t buf = sk_lower_result_buf(l, sk_op_result(l->m, op, 0));
  int64_t along = sk_op_int(l->m, op, SK_NAME_dimension, 0), start = 0;
  uint32_t piece = l->first_piece[op.id];
  for (uint32_t i = 0; i < sk_op_get(l->m, op)->operand_count; i++) {
    sk_value part = sk_op_operand(l->m, op, i);
    if (!is_claimed(l, op, i, &piece)) {
      lower_part(l, op, part, start, buf);
    }
    start += sk_value_type_rec(l->m, part)->dims[along];
  }
}

void sk_lower_update(sk_lowering *l, sk_op op) {
  sk_value operand = sk_op_operand(l->m, op, 0), result = sk_op_result(l->m, op, 0);
  if (sk_lower_is_in_place(l, op, 0)) {
    l->buf_of[result.id] = l->buf_of[operand.id];
  } else {
    sk_lower_into(l, operand, sk_lower_result_buf(l, result));
  }
  uint32_t piece = l->first_piece[op.id];
  if (!is_claimed(l, op, 1, &piece)) {
    lower_part(l, op, sk_op_operand(l->m, op, 1), 0, l->buf_of[result.id]);
  }
}
