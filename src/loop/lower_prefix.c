// SPDX-License-Identifier: Apache-2.0
// Cumulative reduce_window: windows that all begin (or all end) at the edge of one dimension, as array languages write prefix sums.
//
//   window n over a dimension of n, padding (n - 1, 0):   result[i] = body(... body(body(init, x[0]), x[1]) ..., x[i])
//
//   loop other dims (par)
//     loop i = 0 .. n-1 (seq), carry sums = init
//       sums = body(sums, x[i]); store sums at i
//
// n steps per row instead of n * n. These are the steps of the definition as long as the padding changes nothing: body(init, init) must be
// init, which is tried on the constants. With the padding at the other end, (0, n - 1), the definition begins anew at every element;
// there the same recurrence runs from the last element to the first, which docs/numerics.md promises, for bodies of one associative and
// commutative operation.
#include "loop/lower_int.h"

typedef struct prefix {
  sk_op op;
  uint32_t count;  // inputs and results
  uint32_t along;  // dimension
  bool reverse;
  const sk_type_rec *type;
  const uint32_t *inputs;
  sk_scalar *init, *sums, *next;
} prefix;

static int64_t listed(sk_ints list, uint32_t i, int64_t otherwise) {
  return i < list.count ? list.data[i] : otherwise;
}

static bool all_ones(sk_ints list) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (list.data[i] != 1) {
      return false;
    }
  }
  return true;
}

// Strides and dilations of 1, one window that reaches from an edge over everything, all others single elements.
static bool has_form(const sk_lowering *l, prefix *p) {
  sk_ints size = sk_op_ints(l->m, p->op, SK_NAME_window_dimensions);
  sk_ints padding = sk_op_ints(l->m, p->op, SK_NAME_padding);
  bool plain = all_ones(sk_op_ints(l->m, p->op, SK_NAME_window_strides)) &&
               all_ones(sk_op_ints(l->m, p->op, SK_NAME_base_dilations)) &&
               all_ones(sk_op_ints(l->m, p->op, SK_NAME_window_dilations));
  uint32_t windows = 0;
  for (uint32_t d = 0; d < p->type->rank && plain; d++) {
    int64_t n = listed(size, d, 1), low = listed(padding, 2 * d, 0),
            high = listed(padding, 2 * d + 1, 0);
    if (n == 1) {
      plain = low == 0 && high == 0;
      continue;
    }
    plain = n == p->type->dims[d] && low + high == n - 1 && (low == 0 || high == 0);
    p->along = d;
    p->reverse = low == 0;
    windows++;
  }
  return plain && windows == 1;
}

// One associative and commutative operation on the two arguments.
static bool is_symmetric(const sk_lowering *l, const prefix *p) {
  sk_region body = sk_op_region(l->m, p->op, 0);
  sk_op op = sk_region_first(l->m, body), end = sk_region_get(l->m, body)->last;
  if (p->count != 1 || op.id == end.id || sk_op_next(l->m, op).id != end.id ||
      sk_op_get(l->m, op)->operand_count != 2 ||
      sk_op_operand(l->m, end, 0).id != sk_op_result(l->m, op, 0).id) {
    return false;
  }
  uint32_t a = sk_region_arg(l->m, body, 0).id, b = sk_region_arg(l->m, body, 1).id;
  uint32_t x = sk_op_operand(l->m, op, 0).id, y = sk_op_operand(l->m, op, 1).id;
  const uint32_t both = SK_TRAIT_ASSOCIATIVE | SK_TRAIT_COMMUTATIVE;
  return (sk_opkind_info(sk_op_kind(l->m, op))->traits & both) == both &&
         ((x == a && y == b) || (x == b && y == a));
}

static bool same_types(const sk_lowering *l, const prefix *p) {
  for (uint32_t i = 0; i < p->count; i++) {
    sk_value init = sk_lower_resolve(l, sk_op_operand(l->m, p->op, p->count + i));
    sk_op made = sk_value_get(l->m, init)->op;
    uint32_t type = sk_value_type(l->m, sk_op_result(l->m, p->op, i)).id;
    sk_elem elem = (sk_elem)sk_value_type_rec(l->m, sk_op_result(l->m, p->op, i))->elem;
    if (sk_value_type(l->m, sk_op_operand(l->m, p->op, i)).id != type || made.id == 0 ||
        sk_op_kind(l->m, made) != SK_OP_CONSTANT || sk_elem_lt(elem) == SK_LT_NONE) {
      return false;
    }
  }
  return true;
}

static bool same_bits(const sk_lowering *l, sk_val a, sk_val b) {
  uint64_t x, y;
  return sk_build_get_const(&l->b, a, &x) && sk_build_get_const(&l->b, b, &y) && x == y;
}

static bool is_complex(const sk_lowering *l, const prefix *p, uint32_t i) {
  return sk_elem_is_complex((sk_elem)sk_value_type_rec(l->m, sk_op_result(l->m, p->op, i))->elem);
}

// body(init, init) == init, worked out on the constants.
static bool padding_is_neutral(sk_lowering *l, const prefix *p) {
  sk_scalar *args = SK_NEW_ARRAY(l->scratch, sk_scalar, 2 * p->count);
  for (uint32_t i = 0; i < p->count; i++) {
    args[i] = args[p->count + i] = p->init[i];
  }
  sk_eval_region(l, sk_op_region(l->m, p->op, 0), args, p->next);
  bool neutral = true;
  for (uint32_t i = 0; i < p->count; i++) {
    neutral = neutral && same_bits(l, p->next[i].re, p->init[i].re) &&
              (!is_complex(l, p, i) || same_bits(l, p->next[i].im, p->init[i].im));
  }
  return neutral;
}

static uint32_t list_parts(const sk_lowering *l, const prefix *p, const sk_scalar *values,
                           sk_val *out) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < p->count; i++) {
    out[at++] = values[i].re;
    if (is_complex(l, p, i)) {
      out[at++] = values[i].im;
    }
  }
  return at;
}

static void step(sk_lowering *l, prefix *p, sk_place *at) {
  sk_scalar *args = SK_NEW_ARRAY(l->scratch, sk_scalar, 2 * p->count);
  for (uint32_t i = 0; i < p->count; i++) {
    at->buf = p->inputs[i];
    at->elem = (sk_elem)sk_value_type_rec(l->m, sk_op_operand(l->m, p->op, i))->elem;
    args[i] = p->sums[i];
    args[p->count + i] = sk_place_load(l, at);
  }
  sk_eval_region(l, sk_op_region(l->m, p->op, 0), args, p->next);
  for (uint32_t i = 0; i < p->count; i++) {
    sk_value result = sk_op_result(l->m, p->op, i);
    at->buf = l->buf_of[result.id];
    at->elem = (sk_elem)sk_value_type_rec(l->m, result)->elem;
    sk_place_store(l, at, p->next[i]);
  }
}

// The recurrence along the dimension, inside the loops over all others.
static void run_along(sk_lowering *l, prefix *p, sk_place *at, int64_t stride) {
  sk_val *carries = SK_NEW_ARRAY(l->scratch, sk_val, 2 * p->count);
  sk_val *yields = SK_NEW_ARRAY(l->scratch, sk_val, 2 * p->count);
  int64_t extent = p->type->dims[p->along];
  uint32_t loop = sk_build_loop(&l->b, SK_LOOP_SEQ, extent, 1);
  at->strides[loop] = p->reverse ? -stride : stride;
  at->offset += p->reverse ? stride * (extent - 1) : 0;
  for (uint32_t i = 0; i < p->count; i++) {
    p->sums[i].re = sk_build_carry(&l->b, p->init[i].re, SK_L_NONE);
    if (is_complex(l, p, i)) {
      p->sums[i].im = sk_build_carry(&l->b, p->init[i].im, SK_L_NONE);
    }
  }
  sk_eval_open(l);
  step(l, p, at);
  uint32_t parts = list_parts(l, p, p->sums, carries);
  list_parts(l, p, p->next, yields);
  sk_eval_close(l);
  sk_build_end_loop(&l->b, carries, yields, parts);
}

static void build(sk_lowering *l, prefix *p) {
  sk_place at = {0};
  int64_t strides[SK_MAX_RANK] = {0}, stride = 1;
  uint32_t loops = 0;
  for (uint32_t d = p->type->rank; d-- > 0;) {
    strides[d] = stride;
    stride *= p->type->dims[d];
  }
  for (uint32_t d = 0; d < p->type->rank; d++) {
    if (d != p->along && p->type->dims[d] != 1) {
      at.strides[sk_build_loop(&l->b, SK_LOOP_PAR, p->type->dims[d], 1)] = strides[d];
      sk_eval_open(l);
      loops++;
    }
  }
  if (loops == 0) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    sk_eval_open(l);
    loops = 1;
  }
  run_along(l, p, &at, strides[p->along]);
  for (uint32_t i = 0; i < loops; i++) {
    sk_eval_close(l);
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
}

bool sk_lower_prefix(sk_lowering *l, sk_op op, const uint32_t *inputs) {
  prefix p = {.op = op, .count = sk_op_get(l->m, op)->result_count};
  p.type = sk_value_type_rec(l->m, sk_op_result(l->m, op, 0));
  if (!has_form(l, &p) || !same_types(l, &p) || (p.reverse && !is_symmetric(l, &p))) {
    return false;
  }
  sk_scalar *scalars =
      sk_arena_zalloc(l->scratch, sizeof *scalars * 3 * p.count, _Alignof(sk_scalar));
  p.inputs = inputs;
  p.init = scalars;
  p.sums = scalars + p.count;
  p.next = scalars + 2 * p.count;
  sk_eval_open(l);
  for (uint32_t i = 0; i < p.count; i++) {
    p.init[i] = sk_eval(l, sk_op_operand(l->m, op, p.count + i), sk_map_empty(l));
  }
  bool neutral = padding_is_neutral(l, &p);
  if (neutral) {
    build(l, &p);
  }
  sk_eval_close(l);
  return neutral;
}
