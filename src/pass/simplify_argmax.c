// SPDX-License-Identifier: Apache-2.0
// argmax and argmin, as JAX writes them: one reduction of values and their indices together, which goes element by element. Where only the
// index is wanted, and the reduced dimension is the innermost, it becomes two reductions that run in lanes:
//
//   v = max(x)        i = min(x == v or x != x ? iota : the largest index)
//
// The index is the least of those with the largest value (zeros of both signs alike), or of the first NaN: what the body says,
//
//   wins = a > b or a != a      (values, select(wins, a, b))
//   first = wins or (a == b and ia < ib)                            (indices, select(first, ia, ib))
//
// and it is matched as a whole. A long row is searched in blocks: largest values of each, then the first block that has the largest of
// all, then that block only. Indices of 64 bits beside narrower values are found in 32, in twice the lanes. The value itself might
// differ in the sign of a zero, hence "where only the index is wanted".
#include "pass/simplify_int.h"

typedef struct arg_reduce {
  sk_op op;
  sk_value x, index;  // operands, new values
  bool largest;       // or smallest
  int64_t along;
  sk_type x_type, value_type, index_type;
} arg_reduce;

// ---- matching the body

typedef struct body {
  const sk_module *m;
  sk_value a, ia, b, ib;
} body;

static bool is_compare(const body *k, sk_value v, int64_t direction, sk_value x, sk_value y) {
  sk_op op = sk_made_by(k->m, v, SK_OP_COMPARE);
  return op.id != 0 && sk_op_int(k->m, op, SK_NAME_comparison_direction, -1) == direction &&
         sk_op_int(k->m, op, SK_NAME_compare_type, SK_CMPTYPE_NOTYPE) != SK_CMPTYPE_TOTALORDER &&
         sk_op_operand(k->m, op, 0).id == x.id && sk_op_operand(k->m, op, 1).id == y.id;
}

static bool is_tie(const body *k, sk_value v) {
  sk_op op = sk_made_by(k->m, v, SK_OP_AND);
  return op.id != 0 && is_compare(k, sk_op_operand(k->m, op, 0), SK_CMP_EQ, k->a, k->b) &&
         is_compare(k, sk_op_operand(k->m, op, 1), SK_CMP_LT, k->ia, k->ib);
}

// a > b, for floats also where a is NaN.
static bool is_win(const body *k, sk_value v, int64_t direction, bool is_float) {
  sk_op either = sk_made_by(k->m, v, SK_OP_OR);
  if (!is_float) {
    return is_compare(k, v, direction, k->a, k->b);
  }
  return either.id != 0 && is_compare(k, sk_op_operand(k->m, either, 0), direction, k->a, k->b) &&
         is_compare(k, sk_op_operand(k->m, either, 1), SK_CMP_NE, k->a, k->a);
}

static bool is_select(const body *k, sk_value v, sk_value x, sk_value y, sk_value *out_pred) {
  sk_op op = sk_made_by(k->m, v, SK_OP_SELECT);
  if (op.id == 0 || sk_op_operand(k->m, op, 1).id != x.id ||
      sk_op_operand(k->m, op, 2).id != y.id) {
    return false;
  }
  *out_pred = sk_op_operand(k->m, op, 0);
  return true;
}

static bool match_body(const sk_module *m, arg_reduce *s) {
  sk_region region = sk_op_region(m, s->op, 0);
  sk_op end = sk_region_get(m, region)->last;
  const body k = {m, sk_region_arg(m, region, 0), sk_region_arg(m, region, 1),
                  sk_region_arg(m, region, 2), sk_region_arg(m, region, 3)};
  sk_value wins, first;
  if (!is_select(&k, sk_op_operand(m, end, 0), k.a, k.b, &wins) ||
      !is_select(&k, sk_op_operand(m, end, 1), k.ia, k.ib, &first)) {
    return false;
  }
  sk_op both = sk_made_by(m, first, SK_OP_OR);
  bool is_float = sk_elem_is_float((sk_elem)sk_type_get(m, s->x_type)->elem);
  s->largest = is_win(&k, wins, SK_CMP_GT, is_float);
  return (s->largest || is_win(&k, wins, SK_CMP_LT, is_float)) && both.id != 0 &&
         sk_op_operand(m, both, 0).id == wins.id && is_tie(&k, sk_op_operand(m, both, 1));
}

// ---- matching the operands

// The bits that any value replaces: infinities, or the ends of the integers.
static bool worst_bits(sk_elem elem, bool largest, uint64_t *out) {
  uint32_t bits = sk_elem_bits(elem);
  uint64_t all = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1, sign = all ^ (all >> 1);
  switch (sk_elem_get_class(elem)) {
    case SK_CLASS_SINT: *out = largest ? sign : all >> 1; return true;
    case SK_CLASS_UINT: *out = largest ? 0 : all; return true;
    case SK_CLASS_FLOAT: break;
    default: return false;
  }
  static const struct {
    sk_elem elem;
    uint64_t infinity;
  } floats[] = {{SK_F32, 0x7F800000},
                {SK_F64, UINT64_C(0x7FF0000000000000)},
                {SK_F16, 0x7C00},
                {SK_BF16, 0x7F80}};
  for (size_t i = 0; i < SK_COUNT(floats); i++) {
    if (floats[i].elem == elem) {
      *out = floats[i].infinity | (largest ? sign : 0);
      return true;
    }
  }
  return false;
}

static bool is_constant(const sk_module *m, sk_value v, uint64_t bits) {
  for (sk_op view; (view = sk_made_by(m, v, SK_OP_BROADCAST_IN_DIM)).id != 0;) {
    v = sk_op_operand(m, view, 0);
  }
  sk_op op = sk_made_by(m, v, SK_OP_CONSTANT);
  uint32_t bytes = sk_elem_bytes((sk_elem)sk_value_type_rec(m, v)->elem);
  uint64_t have = 0;
  if (op.id == 0 || sk_value_type_rec(m, v)->rank != 0) {
    return false;
  }
  memcpy(&have, sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_value))->u.dense.data, bytes);
  return have == bits;
}

static bool is_innermost(const sk_type_rec *type, int64_t along) {
  for (uint32_t d = (uint32_t)along + 1; d < type->rank; d++) {
    if (type->dims[d] != 1) {
      return false;
    }
  }
  return type->dims[along] > 1;
}

static bool match(const sk_rebuild *r, arg_reduce *s) {
  const sk_module *m = r->m;
  sk_ints dims = sk_op_ints(m, s->op, SK_NAME_dimensions);
  if (sk_op_get(m, s->op)->result_count != 2 || dims.count != 1 ||
      r->uses[sk_op_result(m, s->op, 0).id] != 0) {
    return false;
  }
  s->along = dims.data[0];
  s->x = sk_rebuild_get(r, sk_op_operand(m, s->op, 0));
  s->index = sk_rebuild_get(r, sk_op_operand(m, s->op, 1));
  s->x_type = sk_value_type(m, s->x);
  s->value_type = sk_value_type(m, sk_op_result(m, s->op, 0));
  s->index_type = sk_value_type(m, sk_op_result(m, s->op, 1));
  sk_op iota = sk_made_by(m, s->index, SK_OP_IOTA);
  sk_elem elem = (sk_elem)sk_type_get(m, s->x_type)->elem,
          index_elem = (sk_elem)sk_type_get(m, s->index_type)->elem;
  uint64_t worst = 0;
  return iota.id != 0 && sk_op_int(m, iota, SK_NAME_iota_dimension, -1) == s->along &&
         sk_elem_is_int(index_elem) && sk_value_type_rec(m, s->index)->elem == index_elem &&
         sk_type_get(m, s->value_type)->elem == elem &&
         is_innermost(sk_type_get(m, s->x_type), s->along) && match_body(m, s) &&
         worst_bits(elem, s->largest, &worst) &&
         is_constant(m, sk_rebuild_get(r, sk_op_operand(m, s->op, 2)), worst) &&
         is_constant(m, sk_rebuild_get(r, sk_op_operand(m, s->op, 3)), 0);
}

// ---- what it becomes

static sk_value emit(sk_rebuild *r, sk_region into, const arg_reduce *s, sk_op_desc desc,
                     sk_type type) {
  desc.loc = sk_op_get(r->m, s->op)->loc;
  desc.result_types = &type;
  desc.result_count = 1;
  return sk_op_result(r->m, sk_rebuild_emit(r, into, &desc), 0);
}

static sk_value reduce(sk_rebuild *r, sk_region into, const arg_reduce *s, sk_opkind kind,
                       sk_value x, sk_value init, sk_type type) {
  sk_module *m = r->m;
  sk_type scalar = sk_type_tensor(m, (sk_elem)sk_type_get(m, type)->elem, 0, NULL);
  const sk_type args[2] = {scalar, scalar};
  sk_region region = sk_region_new(m, args, 2);
  const sk_value pair[2] = {sk_region_arg(m, region, 0), sk_region_arg(m, region, 1)};
  sk_loc loc = sk_op_get(m, s->op)->loc;
  sk_op combined = sk_op_new(m, region,
                             &(sk_op_desc){.kind = kind,
                                           .loc = loc,
                                           .operands = pair,
                                           .operand_count = 2,
                                           .result_types = &scalar,
                                           .result_count = 1});
  sk_value sum = sk_op_result(m, combined, 0);
  (void)sk_op_new(
      m, region,
      &(sk_op_desc){.kind = SK_OP_RETURN, .loc = loc, .operands = &sum, .operand_count = 1});
  const sk_value operands[2] = {x, init};
  sk_named_attr dims = {{SK_NAME_dimensions}, sk_attr_ints(m, &s->along, 1)};
  return emit(r, into, s,
              (sk_op_desc){.kind = SK_OP_REDUCE,
                           .operands = operands,
                           .operand_count = 2,
                           .attrs = &dims,
                           .attr_count = 1,
                           .regions = &region,
                           .region_count = 1},
              type);
}

static sk_value compare(sk_rebuild *r, sk_region into, const arg_reduce *s, int64_t direction,
                        sk_value x, sk_value y) {
  sk_module *m = r->m;
  const sk_type_rec type = *sk_type_get(m, s->x_type);
  const sk_value operands[2] = {x, y};
  sk_named_attr attr = {{SK_NAME_comparison_direction},
                        sk_attr_enum(m, SK_ENUM_COMPARISON_DIRECTION, direction)};
  return emit(r, into, s,
              (sk_op_desc){.kind = SK_OP_COMPARE,
                           .operands = operands,
                           .operand_count = 2,
                           .attrs = &attr,
                           .attr_count = 1},
              sk_type_tensor(m, SK_PRED, type.rank, type.dims));
}

static sk_value broadcast(sk_rebuild *r, sk_region into, const arg_reduce *s, sk_value v,
                          sk_type type) {
  int64_t dims[SK_MAX_RANK];
  uint32_t count = 0;
  for (uint32_t d = 0; d < sk_type_get(r->m, type)->rank; d++) {
    if ((int64_t)d != s->along) {
      dims[count++] = d;
    }
  }
  count = SK_MIN(count, (uint32_t)sk_value_type_rec(r->m, v)->rank);
  sk_named_attr attr = {{SK_NAME_broadcast_dimensions}, sk_attr_ints(r->m, dims, count)};
  return emit(r, into, s,
              (sk_op_desc){.kind = SK_OP_BROADCAST_IN_DIM,
                           .operands = &v,
                           .operand_count = 1,
                           .attrs = &attr,
                           .attr_count = 1},
              type);
}

static sk_value largest_index(sk_rebuild *r, sk_region into, const arg_reduce *s) {
  sk_module *m = r->m;
  sk_elem elem = (sk_elem)sk_type_get(m, s->index_type)->elem;
  sk_type scalar = sk_type_tensor(m, elem, 0, NULL);
  int64_t last = sk_type_get(m, s->x_type)->dims[s->along] - 1;
  void *bits = sk_arena_copy(&m->arena, &last, sizeof last, _Alignof(int64_t));
  sk_dense dense = {.data = bits, .bytes = sk_elem_bytes(elem)};
  sk_named_attr attr = {{SK_NAME_value}, sk_attr_dense(m, scalar, dense)};
  return emit(r, into, s, (sk_op_desc){.kind = SK_OP_CONSTANT, .attrs = &attr, .attr_count = 1},
              scalar);
}

// Indices in 32 bits, if they fit and the values are not wider.
static void narrow_indices(sk_rebuild *r, sk_region into, arg_reduce *s) {
  sk_module *m = r->m;
  const sk_type_rec result = *sk_type_get(m, s->index_type), x = *sk_type_get(m, s->x_type);
  if (sk_elem_bits((sk_elem)result.elem) != 64 || sk_elem_bits((sk_elem)x.elem) > 32 ||
      x.dims[s->along] > INT32_MAX) {
    return;
  }
  const sk_named_attr dim = {
      {SK_NAME_iota_dimension},
      sk_op_find_attr(m, sk_value_get(m, s->index)->op, SK_NAME_iota_dimension)};
  s->index_type = sk_type_tensor(m, SK_S32, result.rank, result.dims);
  s->index = emit(r, into, s, (sk_op_desc){.kind = SK_OP_IOTA, .attrs = &dim, .attr_count = 1},
                  sk_type_tensor(m, SK_S32, x.rank, x.dims));
}

// The first index at which x is `best` or NaN.
static sk_value find_first(sk_rebuild *r, sk_region into, const arg_reduce *s, sk_value best) {
  sk_module *m = r->m;
  sk_value everywhere = broadcast(r, into, s, best, s->x_type);
  sk_value found = compare(r, into, s, SK_CMP_EQ, s->x, everywhere);
  if (sk_elem_is_float((sk_elem)sk_type_get(m, s->x_type)->elem)) {
    const sk_value either[2] = {found, compare(r, into, s, SK_CMP_NE, s->x, s->x)};
    found = emit(r, into, s, (sk_op_desc){.kind = SK_OP_OR, .operands = either, .operand_count = 2},
                 sk_value_type(m, found));
  }
  sk_value last = largest_index(r, into, s);
  const sk_value choice[3] = {found, s->index,
                              broadcast(r, into, s, last, sk_value_type(m, s->index))};
  sk_value at =
      emit(r, into, s, (sk_op_desc){.kind = SK_OP_SELECT, .operands = choice, .operand_count = 3},
           sk_value_type(m, s->index));
  return reduce(r, into, s, SK_OP_MINIMUM, at, last, s->index_type);
}

static sk_value best_of(sk_rebuild *r, sk_region into, const arg_reduce *s) {
  sk_value init = sk_rebuild_get(r, sk_op_operand(r->m, s->op, 2));
  return reduce(r, into, s, s->largest ? SK_OP_MAXIMUM : SK_OP_MINIMUM, s->x, init, s->value_type);
}

// ---- long rows

enum { LONG_ROW = 1 << 14, MOST_BLOCKS = 64, LEAST_BLOCKS = 8 };

// How many blocks of equal length the one row there is has; 1: it stays whole.
static int64_t count_blocks(const sk_module *m, const arg_reduce *s) {
  const sk_type_rec *x = sk_type_get(m, s->x_type);
  int64_t length = x->dims[s->along], blocks = SK_MIN(length & -length, (int64_t)MOST_BLOCKS);
  for (uint32_t d = 0; d < x->rank; d++) {
    length = (int64_t)d != s->along && x->dims[d] != 1 ? 0 : length;
  }
  bool wide = sk_elem_bits((sk_elem)sk_type_get(m, s->index_type)->elem) >= 32;
  return wide && length >= LONG_ROW && blocks >= LEAST_BLOCKS ? blocks : 1;
}

static sk_value reshape(sk_rebuild *r, sk_region into, const arg_reduce *s, sk_value v,
                        sk_type type) {
  return emit(r, into, s, (sk_op_desc){.kind = SK_OP_RESHAPE, .operands = &v, .operand_count = 1},
              type);
}

// A search in a row of its own.
static arg_reduce row_of(sk_rebuild *r, sk_region into, const arg_reduce *s, sk_value x) {
  sk_module *m = r->m;
  const sk_elem elem = (sk_elem)sk_value_type_rec(m, x)->elem,
                index = (sk_elem)sk_type_get(m, s->index_type)->elem;
  const int64_t length = sk_value_type_rec(m, x)->dims[0];
  const sk_named_attr dim = {{SK_NAME_iota_dimension},
                             sk_attr_int(m, sk_type_tensor(m, SK_S64, 0, NULL), 0)};
  arg_reduce row = *s;
  row.along = 0;
  row.x = x;
  row.x_type = sk_value_type(m, x);
  row.value_type = sk_type_tensor(m, elem, 0, NULL);
  row.index_type = sk_type_tensor(m, index, 0, NULL);
  row.index = emit(r, into, s, (sk_op_desc){.kind = SK_OP_IOTA, .attrs = &dim, .attr_count = 1},
                   sk_type_tensor(m, index, 1, &length));
  return row;
}

static sk_value arithmetic(sk_rebuild *r, sk_region into, const arg_reduce *s, sk_opkind kind,
                           sk_value x, sk_value y) {
  const sk_value operands[2] = {x, y};
  return emit(r, into, s, (sk_op_desc){.kind = kind, .operands = operands, .operand_count = 2},
              sk_value_type(r->m, x));
}

static sk_value find_in_blocks(sk_rebuild *r, sk_region into, const arg_reduce *s, int64_t blocks,
                               sk_value *out_best) {
  sk_module *m = r->m;
  const sk_elem elem = (sk_elem)sk_type_get(m, s->x_type)->elem,
                index = (sk_elem)sk_type_get(m, s->index_type)->elem;
  const int64_t all = sk_type_get(m, s->x_type)->dims[s->along];
  const int64_t dims[2] = {blocks, all / blocks};
  arg_reduce each = *s;
  each.along = 1;
  each.x_type = sk_type_tensor(m, elem, 2, dims);
  each.x = reshape(r, into, s, s->x, each.x_type);
  each.value_type = sk_type_tensor(m, elem, 1, dims);
  const arg_reduce among = row_of(r, into, s, best_of(r, into, &each));
  const sk_value best = best_of(r, into, &among);
  const sk_value block = find_first(r, into, &among, best);
  void *length = sk_arena_copy(&m->arena, &dims[1], sizeof dims[1], _Alignof(int64_t));
  const sk_named_attr value = {
      {SK_NAME_value},
      sk_attr_dense(m, among.index_type,
                    (sk_dense){.data = length, .bytes = sk_elem_bytes(index)})};
  const sk_value step =
      emit(r, into, s, (sk_op_desc){.kind = SK_OP_CONSTANT, .attrs = &value, .attr_count = 1},
           among.index_type);
  const sk_value start = arithmetic(r, into, s, SK_OP_MULTIPLY, block, step);
  const sk_value operands[2] = {reshape(r, into, s, s->x, sk_type_tensor(m, elem, 1, &all)), start};
  const sk_named_attr sizes = {{SK_NAME_slice_sizes}, sk_attr_ints(m, &dims[1], 1)};
  const arg_reduce inside = row_of(r, into, s,
                                   emit(r, into, s,
                                        (sk_op_desc){.kind = SK_OP_DYNAMIC_SLICE,
                                                     .operands = operands,
                                                     .operand_count = 2,
                                                     .attrs = &sizes,
                                                     .attr_count = 1},
                                        sk_type_tensor(m, elem, 1, &dims[1])));
  const sk_value first =
      arithmetic(r, into, s, SK_OP_ADD, start, find_first(r, into, &inside, best));
  *out_best = reshape(r, into, s, best, s->value_type);
  return reshape(r, into, s, first, s->index_type);
}

// ---- entry

bool sk_simplify_argmax(sk_rebuild *r, sk_op op, sk_region into) {
  arg_reduce s = {.op = op};
  if (!match(r, &s)) {
    return false;
  }
  const sk_type index_type = s.index_type;
  narrow_indices(r, into, &s);
  const int64_t blocks = count_blocks(r->m, &s);
  sk_value best, first;
  if (blocks > 1) {
    first = find_in_blocks(r, into, &s, blocks, &best);
  } else {
    best = best_of(r, into, &s);
    first = find_first(r, into, &s, best);
  }
  if (s.index_type.id != index_type.id) {
    first = emit(r, into, &s,
                 (sk_op_desc){.kind = SK_OP_CONVERT, .operands = &first, .operand_count = 1},
                 index_type);
  }
  sk_rebuild_set(r, sk_op_result(r->m, op, 0), best);
  sk_rebuild_set(r, sk_op_result(r->m, op, 1), first);
  return true;
}
