// SPDX-License-Identifier: Apache-2.0
// scatter: one kernel over the updates, on the inputs' storage where that dies here, else on a copy.
//
//   loop a, outer      dimensions that hit different elements whatever the indices are            PAR
//     loop i            batches of index vectors (and what has to keep its order among them)       SEQ
//       start = indices[i]
//       if start lies inside
//         loop w        through the window                                                         PAR
//           x[start + w] = body(x[start + w], updates[a, i, w])     (guarded where a window may stick out)
//
// Every element sees its updates in ascending order of their row-major index, so that the result does not depend on threads even
// where indices repeat. Which dimensions may leave that order:
//   WINDOW, BATCHED   the element's own coordinate: two different ones never meet. Outermost, or inside when no batch follows
//   MOVED             within one batch two different ones never meet: inside when no batch follows, else sequential
//   BATCH             sequential
// Elements outside the operand are left out one by one, as the specification says; or (skarn.whole_windows) windows that are not
// inside as a whole, which is one question at their start.
#include "loop/lower_index.h"

#define NO_POSITION UINT32_MAX

typedef struct scattering {
  sk_lowering *l;
  sk_op op;
  sk_indexing x;
  uint32_t count;                     // inputs, updates, results
  const sk_type_rec *whole, *part;    // of the inputs, of the updates
  uint32_t position[SK_MAX_RANK];     // in the iteration space, by dimension of the updates
  uint32_t outer, sequential, inner;  // positions
  bool whole_windows;
  sk_map *at;    // the update at the iteration point
  sk_val guard;  // of the element, inside the window's loops; none = always
} scattering;

// ------------------------------------------------------------------------------------------ loops

// The last dimension that walks along batches; 0 when there is none.
static uint32_t last_batch(const scattering *s) {
  uint32_t last = 0;
  for (uint32_t d = 0; d < s->part->rank; d++) {
    if (s->part->dims[d] != 1 && sk_indexing_role(&s->x, s->whole->rank, d) == SK_SLICE_BATCH) {
      last = d;
    }
  }
  return last;
}

static bool plan_loops(scattering *s) {
  sk_space *space = &s->l->space;
  uint32_t last = last_batch(s);
  for (uint32_t d = 0; d < s->part->rank; d++) {
    s->position[d] = NO_POSITION;
    if (s->part->dims[d] == 1) {
      continue;
    }
    if (space->rank == SK_GROUP_MAX_RANK) {
      return false;
    }
    uint32_t bit = 1u << space->rank;
    s->position[d] = space->rank;
    space->extent[space->rank++] = s->part->dims[d];
    switch (sk_indexing_role(&s->x, s->whole->rank, d)) {
      case SK_SLICE_BATCH: s->sequential |= bit; break;
      case SK_SLICE_BATCHED: s->outer |= bit; break;
      case SK_SLICE_WINDOW: *(d < last ? &s->outer : &s->inner) |= bit; break;
      case SK_SLICE_MOVED: *(d < last ? &s->sequential : &s->inner) |= bit; break;
    }
  }
  if (s->outer == 0 && s->sequential == 0) {  // one window
    s->outer = s->inner;
    s->inner = 0;
  }
  return true;
}

// ------------------------------------------------------------------------------------------ where the updates go

static sk_val ult(sk_build *b, sk_val x, int64_t limit) {
  sk_val bound =
      sk_build_type(b, x) == SK_LT_I32 ? sk_build_i32(b, (int32_t)limit) : sk_build_i64(b, limit);
  return sk_build_2(b, SK_L_ULT, x, bound);
}

// start + offset as an unsigned number in which everything outside [0, dimension) is large: I32 when that suffices.
static sk_val coordinate(sk_lowering *l, sk_elem elem, sk_val start, sk_val offset,
                         int64_t dimension) {
  sk_build *b = &l->b;
  bool is_signed = sk_elem_is_signed(elem),
       small = sk_elem_bits(elem) <= 32 && dimension <= INT32_MAX;
  if (small && (is_signed || offset.id == 0)) {
    sk_val low = offset.id != 0 ? sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, offset) : offset;
    return offset.id != 0 ? sk_build_2(b, SK_L_ADD, start, low) : start;
  }
  start = sk_scalar_convert(b, elem, is_signed ? SK_S64 : SK_U64, start);
  if (!is_signed) {  // (an offset must not bring it back)
    start = sk_build_2(b, SK_L_UMIN, start, sk_build_i64(b, INT64_MAX));
  }
  return offset.id != 0 ? sk_build_2(b, SK_L_ADD, start, offset) : start;
}

// Position of the window dimension that moves along operand dimension d, and its extent; false: one element.
static bool find_moving(const scattering *s, uint32_t d, uint32_t *out_position) {
  for (uint32_t i = 0; i < s->part->rank; i++) {
    if (s->position[i] != NO_POSITION && sk_indexing_operand_dim(&s->x, s->whole->rank, i) == d) {
      *out_position = s->position[i];
      return true;
    }
  }
  return false;
}

// Does component k of the index vector put its element, or its whole window, inside?
static sk_val is_inside(scattering *s, uint32_t k, sk_val index, const uint32_t *position) {
  sk_lowering *l = s->l;
  uint32_t d = (uint32_t)s->x.index_map.data[k];
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, s->x.indices)->elem;
  int64_t limit = s->whole->dims[d];
  sk_val offset = {0};
  if (position != NULL && s->whole_windows) {
    limit = SK_MAX(limit - l->space.extent[*position] + 1, (int64_t)0);
  } else if (position != NULL) {
    sk_affine e = {0};
    e.coef[*position] = 1;
    offset = sk_affine_value(l, &e);
  }
  return ult(&l->b, coordinate(l, elem, index, offset, limit), limit);
}

// Does the update lie inside, as far as components whose window runs in the loops of `mask` decide it? (Component without such a
// loop, and whole windows: with the outer ones.)
static sk_val guard_of(scattering *s, const sk_val *index, bool in_window) {
  sk_val guard = {0};
  for (uint32_t k = 0; k < s->x.index_map.count; k++) {
    uint32_t position = 0;
    bool moves = find_moving(s, (uint32_t)s->x.index_map.data[k], &position);
    bool by_element = moves && !s->whole_windows && (s->inner >> position & 1) != 0;
    if (by_element == in_window) {
      guard = sk_guard_and(s->l, guard, is_inside(s, k, index[k], moves ? &position : NULL));
    }
  }
  return guard;
}

// ------------------------------------------------------------------------------------------ the update itself

static sk_scalar convert(sk_lowering *l, sk_elem from, sk_elem to, sk_scalar x) {
  if (from == to) {
    return x;
  }
  sk_elem from_part = sk_elem_is_complex(from) ? sk_elem_complex_part(from) : from;
  sk_elem to_part = sk_elem_is_complex(to) ? sk_elem_complex_part(to) : to;
  sk_scalar out = {sk_scalar_convert(&l->b, from_part, to_part, x.re), {0}};
  if (sk_elem_is_complex(to)) {
    out.im = sk_elem_is_complex(from) ? sk_scalar_convert(&l->b, from_part, to_part, x.im)
                                      : sk_build_const(&l->b, sk_elem_lt(to), 0);
  }
  return out;
}

static sk_elem elem_of(const sk_lowering *l, sk_value v) {
  return (sk_elem)sk_value_type_rec(l->m, v)->elem;
}

static void combine(scattering *s, const sk_affine *linear) {
  sk_lowering *l = s->l;
  sk_region body = sk_op_region(l->m, s->op, 0);
  sk_scalar *args = SK_NEW_ARRAY(l->scratch, sk_scalar, 3 * s->count), *next = args + 2 * s->count;
  for (uint32_t k = 0; k < s->count; k++) {
    sk_value result = sk_op_result(l->m, s->op, k),
             update = sk_op_operand(l->m, s->op, s->count + 1 + k);
    sk_elem elem = elem_of(l, result);
    sk_scalar have = sk_emit_load(l, l->buf_of[result.id], elem, linear, s->guard);
    args[k] = convert(l, elem, elem_of(l, sk_region_arg(l->m, body, k)), have);
    args[s->count + k] =
        convert(l, elem_of(l, update), elem_of(l, sk_region_arg(l->m, body, s->count + k)),
                sk_eval(l, update, s->at));
  }
  sk_eval_region(l, body, args, next);
  for (uint32_t k = 0; k < s->count; k++) {
    sk_value result = sk_op_result(l->m, s->op, k);
    sk_emit_store_if(l, l->buf_of[result.id], elem_of(l, result), linear, next[k], s->guard);
  }
}

// All of it inside the outer and sequential loops.
static void emit_window(scattering *s) {
  sk_lowering *l = s->l;
  sk_val *index = SK_NEW_ARRAY(l->scratch, sk_val, 2 * s->x.index_map.count + 1),
         *start = index + s->x.index_map.count;
  sk_elem elem = elem_of(l, s->x.indices);
  for (uint32_t k = 0; k < s->x.index_map.count; k++) {
    index[k] = sk_eval(l, s->x.indices, sk_indexing_component(l, &s->x, s->at, k)).re;
    start[k] = sk_scalar_convert(&l->b, elem, sk_elem_is_signed(elem) ? SK_S64 : SK_U64, index[k]);
  }
  sk_affine linear =
      sk_map_linear(l, s->whole, sk_indexing_operand(l, &s->x, s->whole, s->at, start));
  for (uint32_t k = 0; k < s->count; k++) {
    sk_value result = sk_op_result(l->m, s->op, k);
    sk_emit_offset(l, l->buf_of[result.id], elem_of(l, result), &linear);
  }
  sk_val inside = guard_of(s, index, false);
  if (inside.id != 0) {
    sk_build_if(&l->b, inside);
    sk_eval_open(l);
  }
  sk_space_open(l, s->inner, SK_LOOP_PAR);
  s->guard = guard_of(s, index, true);
  combine(s, &linear);
  sk_space_close(l, s->inner);
  if (inside.id != 0) {
    sk_eval_close(l);
    sk_build_end_if(&l->b);
  }
}

static void emit_kernel(scattering *s) {
  sk_lowering *l = s->l;
  uint32_t kernel =
      sk_prog_add_kernel(l->prog, sk_arena_printf(l->arena, "scatter_%u", l->prog->kernels.count));
  sk_eval_begin(l, kernel, SK_GROUP_MAX_RANK + 1, 0);
  if (!plan_loops(s)) {
    sk_lower_fail(l, sk_op_error(l->m, s->op, SK_UNIMPLEMENTED,
                                 "more than %d dimensions larger than 1", SK_GROUP_MAX_RANK));
  }
  bool wrapped = s->outer == 0;
  if (wrapped) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    sk_eval_open(l);
  }
  s->at = sk_map_new(l, s->part->rank);
  for (uint32_t d = 0; d < s->part->rank; d++) {
    if (s->position[d] != NO_POSITION) {
      s->at->dim[d].coef[s->position[d]] = 1;
    }
  }
  sk_space_open(l, s->outer, SK_LOOP_PAR);
  sk_space_open(l, s->sequential, SK_LOOP_SEQ);
  if (l->failure == NULL) {
    emit_window(s);
  }
  sk_space_close(l, s->sequential);
  sk_space_close(l, s->outer);
  if (wrapped) {
    sk_eval_close(l);
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

// ------------------------------------------------------------------------------------------ storage

// A body that computes in a wider type: the result starts as the input, converted.
static void convert_input(sk_lowering *l, sk_value input, sk_value result) {
  const sk_type_rec *type = sk_value_type_rec(l->m, input);
  uint32_t kernel =
      sk_prog_add_kernel(l->prog, sk_arena_printf(l->arena, "convert_%u", l->prog->kernels.count));
  uint32_t buf = sk_lower_result_buf(l, result);
  int64_t elems = 0;
  sk_type_elem_count(l->m, sk_value_type(l->m, input), &elems);
  sk_eval_begin(l, kernel, 2, 0);
  l->space.rank = 1;
  l->space.extent[0] = elems;
  sk_space_open(l, 1, SK_LOOP_PAR);
  sk_map *map = sk_map_new(l, 1);
  map->linear = true;
  map->dim[0].coef[0] = 1;
  sk_scalar value = convert(l, (sk_elem)type->elem, elem_of(l, result), sk_eval(l, input, map));
  sk_emit_store(l, buf, elem_of(l, result), &map->dim[0], value);
  sk_space_close(l, 1);
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

static void prepare_storage(const scattering *s, bool is_empty) {
  sk_lowering *l = s->l;
  for (uint32_t k = 0; k < s->count; k++) {
    sk_value input = sk_op_operand(l->m, s->op, k), result = sk_op_result(l->m, s->op, k);
    bool promoted = elem_of(l, input) != elem_of(l, result);
    if (!promoted && sk_lower_is_in_place(l, s->op, k)) {
      l->buf_of[result.id] = l->buf_of[input.id];
    } else if (!promoted) {
      sk_lower_into(l, input, sk_lower_result_buf(l, result));
    } else if (is_empty) {
      sk_lower_result_buf(l, result);
    } else {
      convert_input(l, input, result);
    }
  }
}

void sk_lower_scatter(sk_lowering *l, sk_op op) {
  scattering s = {
      .l = l, .op = op, .x = sk_indexing_of(l, op), .count = sk_op_get(l->m, op)->result_count};
  s.whole_windows = sk_op_find_attr(l->m, op, SK_NAME_skarn_whole_windows).id != 0;
  sk_value update = sk_op_operand(l->m, op, s.count + 1), input = sk_op_operand(l->m, op, 0);
  s.whole = sk_value_type_rec(l->m, input);
  s.part = sk_value_type_rec(l->m, update);
  sk_op stranger = sk_lower_find_stranger(l, sk_op_region(l->m, op, 0));
  if (stranger.id != 0) {
    sk_lower_fail(l, sk_op_error(l->m, stranger, SK_UNIMPLEMENTED,
                                 "no native code for this operation in a scatter's body yet"));
    return;
  }
  int64_t updates = 0, elems = 0;
  sk_type_elem_count(l->m, sk_value_type(l->m, update), &updates);
  sk_type_elem_count(l->m, sk_value_type(l->m, input), &elems);
  prepare_storage(&s, elems == 0);
  if (updates != 0 && elems != 0) {
    emit_kernel(&s);
  }
}
