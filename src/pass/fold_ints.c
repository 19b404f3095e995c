// SPDX-License-Identifier: Apache-2.0
// Folds operations on small integer constants; see fold_ints.h.
//
// Element-wise operations go element by element with the arithmetic of the specification: integers
// wrap, pred adds and multiplies are or and and. Operations that only move elements are a map from
// result coordinates to a source element. Divisions that the specification leaves undefined do not
// fold.
#include "pass/fold_ints.h"

// ------------------------------------------------------------------------------------ constants

static bool is_integral(sk_elem elem) {
  sk_elem_class kind = sk_elem_get_class(elem);
  return kind == SK_CLASS_PRED || kind == SK_CLASS_SINT || kind == SK_CLASS_UINT ||
         elem == SK_INDEX;
}

static bool is_signed(sk_elem elem) { return sk_elem_is_signed(elem) || elem == SK_INDEX; }

static uint32_t bits_of(sk_elem elem) { return elem == SK_INDEX ? 64 : sk_elem_bits(elem); }

static int64_t read_int(sk_elem elem, const void *data, int64_t index) {
  int64_t value = 0;
  uint32_t bytes = sk_elem_bytes(elem), shift = 64 - 8 * bytes;
  memcpy(&value, (const char *)data + index * (int64_t)bytes, bytes);
  return is_signed(elem) ? (int64_t)((uint64_t)value << shift) >> shift : value;
}

// Wraps to the type's width; pred: any bit.
static int64_t wrap_int(sk_elem elem, int64_t value) {
  uint32_t unused = 64 - bits_of(elem);
  if (elem == SK_PRED) {
    return value & 1;
  }
  uint64_t up = (uint64_t)value << unused;
  return is_signed(elem) ? (int64_t)up >> unused : (int64_t)(up >> unused);
}

static bool is_small(const sk_module *m, sk_type type, int64_t *out_count) {
  const sk_type_rec *rec = sk_type_get(m, type);
  return rec->kind == SK_TYPE_TENSOR && is_integral((sk_elem)rec->elem) &&
         sk_type_elem_count(m, type, out_count) && *out_count <= SK_FOLD_ELEMS;
}

bool sk_fold_read_attr(const sk_module *m, sk_attr attr, sk_known_ints *out) {
  const sk_attr_rec *rec = sk_attr_get(m, attr);
  if (rec->kind != SK_ATTR_DENSE || !is_small(m, rec->type, &out->count)) {
    return false;
  }
  out->elem = (sk_elem)sk_type_get(m, rec->type)->elem;
  for (int64_t i = 0; i < out->count; i++) {
    out->at[i] = read_int(out->elem, rec->u.dense.data, rec->u.dense.splat ? 0 : i);
  }
  return true;
}

bool sk_fold_read(const sk_module *m, sk_value value, sk_known_ints *out) {
  sk_op def = sk_value_get(m, value)->op;
  return def.id != 0 && sk_op_kind(m, def) == SK_OP_CONSTANT &&
         sk_fold_read_attr(m, sk_op_find_attr(m, def, SK_NAME_value), out);
}

sk_value sk_fold_emit(sk_rebuild *r, sk_region into, sk_loc loc, sk_type type,
                      const int64_t *values) {
  sk_module *m = r->m;
  sk_elem elem = (sk_elem)sk_type_get(m, type)->elem;
  uint32_t bytes = sk_elem_bytes(elem);
  int64_t count = 0;
  (void)is_small(m, type, &count);
  bool splat = count > 0;
  for (int64_t i = 1; i < count; i++) {
    splat &= values[i] == values[0];
  }
  int64_t stored = splat ? 1 : count;
  char *data = sk_arena_alloc(&m->arena, (size_t)stored * bytes + 8, 8);
  for (int64_t i = 0; i < stored; i++) {
    int64_t value = wrap_int(elem, values[i]);
    memcpy(data + i * bytes, &value, bytes);
  }
  sk_named_attr attr = {{SK_NAME_value},
                        sk_attr_dense(m, type, (sk_dense){data, (uint64_t)stored * bytes, splat})};
  sk_op made = sk_rebuild_emit(r, into,
                               &(sk_op_desc){.kind = SK_OP_CONSTANT,
                                             .loc = loc,
                                             .result_types = &type,
                                             .result_count = 1,
                                             .attrs = &attr,
                                             .attr_count = 1});
  return sk_op_result(m, made, 0);
}

// ---------------------------------------------------------------------------------- description

static const sk_attr_rec *attr_of(const sk_module *m, const sk_op_desc *d, sk_name name) {
  for (uint32_t i = 0; i < d->attr_count; i++) {
    if (d->attrs[i].name.id == (uint32_t)name) {
      return sk_attr_get(m, d->attrs[i].attr);
    }
  }
  return sk_attr_get(m, (sk_attr){0});
}

static const int64_t *list_of(const sk_module *m, const sk_op_desc *d, sk_name name) {
  return attr_of(m, d, name)->u.ints.data;
}

// --------------------------------------------------------------------------------- element-wise

static bool compare_ints(int64_t direction, bool is_unsigned, int64_t x, int64_t y) {
  bool less = is_unsigned ? (uint64_t)x < (uint64_t)y : x < y;
  switch (direction) {
    case SK_CMP_EQ: return x == y;
    case SK_CMP_NE: return x != y;
    case SK_CMP_LT: return less;
    case SK_CMP_LE: return less || x == y;
    case SK_CMP_GT: return !less && x != y;
    default: return !less;
  }
}

static bool divide(bool remainder, bool is_unsigned, int64_t x, int64_t y, int64_t *out) {
  if (y == 0 || (!is_unsigned && y == -1 && x == INT64_MIN)) {
    return false;
  }
  if (is_unsigned) {
    *out = (int64_t)(remainder ? (uint64_t)x % (uint64_t)y : (uint64_t)x / (uint64_t)y);
  } else {
    *out = remainder ? x % y : x / y;
  }
  return true;
}

static int64_t shift_right(sk_elem elem, bool arithmetic, int64_t x, uint64_t by) {
  uint32_t bits = bits_of(elem);
  uint64_t mask = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
  if (arithmetic) {
    int64_t wide = (int64_t)((uint64_t)x << (64 - bits)) >> (64 - bits);
    return wide >> SK_MIN(by, (uint64_t)63);
  }
  return by >= bits ? 0 : (int64_t)(((uint64_t)x & mask) >> by);
}

// One element of type `elem`; false: this op is not folded.
static bool fold_scalar(const sk_module *m, const sk_op_desc *d, sk_elem elem, const int64_t *in,
                        int64_t *out) {
  uint64_t x = (uint64_t)in[0], y = (uint64_t)in[1];
  bool is_unsigned = !is_signed(elem), pred = elem == SK_PRED;
  switch ((int)d->kind) {
    case SK_OP_ADD: *out = (int64_t)(pred ? (x | y) : x + y); return true;
    case SK_OP_SUBTRACT: *out = (int64_t)(x - y); return !pred;
    case SK_OP_MULTIPLY: *out = (int64_t)(pred ? (x & y) : x * y); return true;
    case SK_OP_DIVIDE: return !pred && divide(false, is_unsigned, in[0], in[1], out);
    case SK_OP_REMAINDER: return !pred && divide(true, is_unsigned, in[0], in[1], out);
    case SK_OP_AND: *out = in[0] & in[1]; return true;
    case SK_OP_OR: *out = in[0] | in[1]; return true;
    case SK_OP_XOR: *out = in[0] ^ in[1]; return true;
    case SK_OP_NOT: *out = pred ? !in[0] : ~in[0]; return true;
    case SK_OP_NEGATE: *out = (int64_t)(0 - x); return !pred;
    case SK_OP_ABS: *out = in[0] < 0 ? (int64_t)(0 - x) : in[0]; return !is_unsigned;
    case SK_OP_SIGN: *out = (in[0] > 0) - (in[0] < 0); return !is_unsigned;
    case SK_OP_MAXIMUM:
      *out = compare_ints(SK_CMP_LT, is_unsigned, in[0], in[1]) ? in[1] : in[0];
      return true;
    case SK_OP_MINIMUM:
      *out = compare_ints(SK_CMP_LT, is_unsigned, in[0], in[1]) ? in[0] : in[1];
      return true;
    case SK_OP_CLAMP:
      *out = compare_ints(SK_CMP_LT, is_unsigned, in[1], in[0]) ? in[0] : in[1];
      *out = compare_ints(SK_CMP_LT, is_unsigned, in[2], *out) ? in[2] : *out;
      return true;
    case SK_OP_SHIFT_LEFT: *out = y >= bits_of(elem) ? 0 : (int64_t)(x << y); return !pred;
    case SK_OP_SHIFT_RIGHT_LOGICAL: *out = shift_right(elem, false, in[0], y); return !pred;
    case SK_OP_SHIFT_RIGHT_ARITHMETIC: *out = shift_right(elem, true, in[0], y); return !pred;
    case SK_OP_COMPARE:
      *out =
          compare_ints(attr_of(m, d, SK_NAME_comparison_direction)->u.i, is_unsigned, in[0], in[1]);
      return true;
    case SK_OP_SELECT: *out = in[0] ? in[1] : in[2]; return true;
    default: return false;
  }
}

static bool fold_elementwise(const sk_module *m, const sk_op_desc *d, sk_elem to, int64_t count,
                             int64_t *out) {
  sk_known_ints in[3];
  if (d->operand_count == 0 || d->operand_count > SK_COUNT(in)) {
    return false;
  }
  for (uint32_t i = 0; i < d->operand_count; i++) {
    if (!sk_fold_read(m, d->operands[i], &in[i])) {
      return false;
    }
  }
  for (int64_t e = 0; e < count; e++) {
    int64_t x[3] = {0, 0, 0};
    for (uint32_t i = 0; i < d->operand_count; i++) {
      bool one = sk_value_type_rec(m, d->operands[i])->rank == 0;
      x[i] = in[i].at[one ? 0 : e];
    }
    if (d->kind == SK_OP_CONVERT) {
      out[e] = to == SK_PRED ? x[0] != 0 : x[0];
    } else if (!fold_scalar(m, d, in[d->kind == SK_OP_SELECT ? 1 : 0].elem, x, &out[e])) {
      return false;
    }
  }
  return true;
}

// ----------------------------------------------------------------------------------------- moves

static void unravel(const sk_type_rec *type, int64_t index, int64_t *out) {
  for (uint32_t d = type->rank; d-- > 0;) {
    out[d] = index % type->dims[d];
    index /= type->dims[d];
  }
}

static int64_t ravel(const sk_type_rec *type, const int64_t *at) {
  int64_t index = 0;
  for (uint32_t d = 0; d < type->rank; d++) {
    index = index * type->dims[d] + at[d];
  }
  return index;
}

// Coordinates of the operand's element that goes to `at` of the result.
static void source_of(const sk_module *m, const sk_op_desc *d, const sk_type_rec *from,
                      const int64_t *at, int64_t *out) {
  const int64_t *list = NULL, *strides = NULL;
  switch ((int)d->kind) {
    case SK_OP_SLICE:
      list = list_of(m, d, SK_NAME_start_indices);
      strides = list_of(m, d, SK_NAME_strides);
      for (uint32_t i = 0; i < from->rank; i++) {
        out[i] = list[i] + at[i] * strides[i];
      }
      return;
    case SK_OP_TRANSPOSE:
      list = list_of(m, d, SK_NAME_permutation);
      for (uint32_t i = 0; i < from->rank; i++) {
        out[list[i]] = at[i];
      }
      return;
    case SK_OP_REVERSE: {
      sk_ints reversed = attr_of(m, d, SK_NAME_dimensions)->u.ints;
      memcpy(out, at, from->rank * sizeof *out);
      for (uint32_t i = 0; i < reversed.count; i++) {
        out[reversed.data[i]] = from->dims[reversed.data[i]] - 1 - at[reversed.data[i]];
      }
      return;
    }
    default:  // broadcast_in_dim
      list = list_of(m, d, SK_NAME_broadcast_dimensions);
      for (uint32_t i = 0; i < from->rank; i++) {
        out[i] = from->dims[i] == 1 ? 0 : at[list[i]];
      }
      return;
  }
}

static bool fold_move(const sk_module *m, const sk_op_desc *d, int64_t count, int64_t *out) {
  sk_known_ints in;
  if (!sk_fold_read(m, d->operands[0], &in)) {
    return false;
  }
  const sk_type_rec *from = sk_value_type_rec(m, d->operands[0]);
  const sk_type_rec *to = sk_type_get(m, d->result_types[0]);
  for (int64_t i = 0; i < count; i++) {
    int64_t at[SK_MAX_RANK], source[SK_MAX_RANK];
    if (d->kind == SK_OP_RESHAPE) {
      out[i] = in.at[i];
      continue;
    }
    unravel(to, i, at);
    source_of(m, d, from, at, source);
    out[i] = in.at[ravel(from, source)];
  }
  return true;
}

static bool fold_concatenate(const sk_module *m, const sk_op_desc *d, int64_t *out) {
  int64_t dim = attr_of(m, d, SK_NAME_dimension)->u.i, before = 0;
  const sk_type_rec *to = sk_type_get(m, d->result_types[0]);
  for (uint32_t k = 0; k < d->operand_count; k++) {
    sk_known_ints in;
    const sk_type_rec *from = sk_value_type_rec(m, d->operands[k]);
    if (!sk_fold_read(m, d->operands[k], &in)) {
      return false;
    }
    for (int64_t i = 0; i < in.count; i++) {
      int64_t at[SK_MAX_RANK];
      unravel(from, i, at);
      at[dim] += before;
      out[ravel(to, at)] = in.at[i];
    }
    before += from->dims[dim];
  }
  return true;
}

static bool fold_iota(const sk_module *m, const sk_op_desc *d, int64_t count, int64_t *out) {
  int64_t dim = attr_of(m, d, SK_NAME_iota_dimension)->u.i, at[SK_MAX_RANK] = {0};
  for (int64_t i = 0; i < count; i++) {
    unravel(sk_type_get(m, d->result_types[0]), i, at);
    out[i] = at[dim];
  }
  return true;
}

// ----------------------------------------------------------------------------------------- entry

static bool evaluate(const sk_module *m, const sk_op_desc *d, int64_t count, int64_t *out) {
  switch ((int)d->kind) {
    case SK_OP_RESHAPE:
    case SK_OP_SLICE:
    case SK_OP_TRANSPOSE:
    case SK_OP_REVERSE:
    case SK_OP_BROADCAST_IN_DIM: return fold_move(m, d, count, out);
    case SK_OP_CONCATENATE: return fold_concatenate(m, d, out);
    case SK_OP_IOTA: return fold_iota(m, d, count, out);
    default:
      return sk_opkind_info(d->kind)->op_class == SK_OPCLASS_ELEMENTWISE &&
             fold_elementwise(m, d, (sk_elem)sk_type_get(m, d->result_types[0])->elem, count, out);
  }
}

static bool has_constant_operand(const sk_module *m, sk_value operand) {
  sk_op def = sk_value_get(m, operand)->op;
  return def.id != 0 && sk_op_kind(m, def) == SK_OP_CONSTANT;
}

sk_value sk_fold_desc(sk_rebuild *r, sk_region into, const sk_op_desc *desc) {
  int64_t count, values[SK_FOLD_ELEMS];
  if (desc->result_count != 1 || !is_small(r->m, desc->result_types[0], &count) ||
      !evaluate(r->m, desc, count, values)) {
    return (sk_value){0};
  }
  return sk_fold_emit(r, into, desc->loc, desc->result_types[0], values);
}

bool sk_fold_op(sk_rebuild *r, sk_op op, sk_region into) {
  const sk_module *m = r->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  int64_t count;
  sk_type type = sk_value_type(m, sk_op_result(m, op, 0));
  if (rec.result_count != 1 || rec.operand_count == 0 || !is_small(m, type, &count) ||
      !has_constant_operand(m, sk_rebuild_get(r, sk_op_operand(m, op, 0)))) {
    return false;
  }
  sk_value *operands = SK_NEW_ARRAY(&r->m->arena, sk_value, rec.operand_count);
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    operands[i] = sk_rebuild_get(r, sk_op_operand(m, op, i));
  }
  sk_value folded = sk_fold_desc(r, into,
                                 &(sk_op_desc){.kind = (sk_opkind)rec.kind,
                                               .loc = rec.loc,
                                               .operands = operands,
                                               .operand_count = rec.operand_count,
                                               .result_types = &type,
                                               .result_count = 1,
                                               .attrs = m->attr_pool.data + rec.attrs,
                                               .attr_count = rec.attr_count});
  if (folded.id != 0) {
    sk_rebuild_set(r, sk_op_result(m, op, 0), folded);
  }
  return folded.id != 0;
}
