// SPDX-License-Identifier: Apache-2.0
// The ops that expansions are made of, a line each: expand_int.h says what every function writes.
#include "base/num.h"
#include "pass/expand_int.h"

sk_value sk_expand_operand(const sk_expander *e, sk_op op, uint32_t i) {
  return sk_rebuild_get(e->r, sk_op_operand(e->m, op, i));
}

sk_value sk_expand_emit(const sk_expander *e, sk_opkind kind, sk_type type,
                        const sk_value *operands, uint32_t count, const sk_named_attr *attrs,
                        uint32_t attr_count) {
  return sk_rebuild_value(e->r, e->into, e->loc, kind, type, operands, count, attrs, attr_count);
}

sk_type sk_expand_retyped(const sk_expander *e, sk_value like, sk_elem elem) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, like);
  return sk_type_tensor(e->m, elem, rec.rank, rec.dims);
}

sk_value sk_expand_1(const sk_expander *e, sk_opkind kind, sk_value a) {
  return sk_expand_emit(e, kind, sk_value_type(e->m, a), &a, 1, NULL, 0);
}

sk_value sk_expand_2(const sk_expander *e, sk_opkind kind, sk_value a, sk_value b) {
  const sk_value operands[2] = {a, b};
  return sk_expand_emit(e, kind, sk_value_type(e->m, a), operands, 2, NULL, 0);
}

sk_value sk_expand_convert(const sk_expander *e, sk_value v, sk_elem elem) {
  if (sk_value_type_rec(e->m, v)->elem == (uint8_t)elem) {
    return v;
  }
  return sk_expand_emit(e, SK_OP_CONVERT, sk_expand_retyped(e, v, elem), &v, 1, NULL, 0);
}

bool sk_expand_is_complex(const sk_expander *e, sk_value v) {
  return sk_elem_is_complex((sk_elem)sk_value_type_rec(e->m, v)->elem);
}

sk_value sk_expand_part(const sk_expander *e, sk_opkind kind, sk_value v) {
  const sk_elem elem = sk_elem_complex_part((sk_elem)sk_value_type_rec(e->m, v)->elem);
  return sk_expand_emit(e, kind, sk_expand_retyped(e, v, elem), &v, 1, NULL, 0);
}

sk_value sk_expand_join(const sk_expander *e, sk_value real, sk_value imaginary) {
  const sk_value parts[2] = {real, imaginary};
  const sk_elem elem = sk_value_type_rec(e->m, real)->elem == SK_F32 ? SK_C64 : SK_C128;
  return sk_expand_emit(e, SK_OP_COMPLEX, sk_expand_retyped(e, real, elem), parts, 2, NULL, 0);
}

sk_value sk_expand_conjugate(const sk_expander *e, sk_value v) {
  return sk_expand_is_complex(e, v)
             ? sk_expand_join(e, sk_expand_part(e, SK_OP_REAL, v),
                              sk_expand_1(e, SK_OP_NEGATE, sk_expand_part(e, SK_OP_IMAG, v)))
             : v;
}

sk_value sk_expand_compare(const sk_expander *e, int64_t direction, sk_value a, sk_value b) {
  const sk_value operands[2] = {a, b};
  const sk_named_attr attr = {{SK_NAME_comparison_direction},
                              sk_attr_enum(e->m, SK_ENUM_COMPARISON_DIRECTION, direction)};
  return sk_expand_emit(e, SK_OP_COMPARE, sk_expand_retyped(e, a, SK_PRED), operands, 2, &attr, 1);
}

sk_value sk_expand_select(const sk_expander *e, sk_value pred, sk_value yes, sk_value no) {
  const sk_value operands[3] = {pred, yes, no};
  return sk_expand_emit(e, SK_OP_SELECT, sk_value_type(e->m, yes), operands, 3, NULL, 0);
}

sk_value sk_expand_reshape(const sk_expander *e, sk_value v, sk_type type) {
  return sk_value_type(e->m, v).id == type.id
             ? v
             : sk_expand_emit(e, SK_OP_RESHAPE, type, &v, 1, NULL, 0);
}

sk_value sk_expand_broadcast(const sk_expander *e, sk_value v, sk_type type, const int64_t *dims) {
  const sk_named_attr attr = {{SK_NAME_broadcast_dimensions},
                              sk_attr_ints(e->m, dims, sk_value_type_rec(e->m, v)->rank)};
  return sk_expand_emit(e, SK_OP_BROADCAST_IN_DIM, type, &v, 1, &attr, 1);
}

sk_value sk_expand_slice(const sk_expander *e, sk_value v, const int64_t *starts,
                         const int64_t *limits) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, v);
  int64_t dims[SK_MAX_RANK], strides[SK_MAX_RANK];
  for (uint32_t d = 0; d < rec.rank; d++) {
    dims[d] = limits[d] - starts[d];
    strides[d] = 1;
  }
  const sk_named_attr attrs[] = {{{SK_NAME_start_indices}, sk_attr_ints(e->m, starts, rec.rank)},
                                 {{SK_NAME_limit_indices}, sk_attr_ints(e->m, limits, rec.rank)},
                                 {{SK_NAME_strides}, sk_attr_ints(e->m, strides, rec.rank)}};
  const sk_type type = sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, dims);
  return sk_expand_emit(e, SK_OP_SLICE, type, &v, 1, attrs, SK_COUNT(attrs));
}

sk_value sk_expand_by_body(const sk_expander *e, sk_opkind kind, sk_type type,
                           const sk_value operands[2], const sk_named_attr *attr, sk_region body) {
  const sk_op_desc desc = {.kind = kind,
                           .loc = e->loc,
                           .operands = operands,
                           .operand_count = 2,
                           .result_types = &type,
                           .result_count = 1,
                           .attrs = attr,
                           .attr_count = 1,
                           .regions = &body,
                           .region_count = 1};
  return sk_op_result(e->m, sk_rebuild_emit(e->r, e->into, &desc), 0);
}

sk_value sk_expand_concatenate(const sk_expander *e, const sk_value *values, uint32_t count,
                               uint32_t dim) {
  sk_type_rec rec = *sk_value_type_rec(e->m, values[0]);
  int64_t dims[SK_MAX_RANK];
  memcpy(dims, rec.dims, rec.rank * sizeof *dims);
  dims[dim] = 0;
  for (uint32_t i = 0; i < count; i++) {
    dims[dim] += sk_value_type_rec(e->m, values[i])->dims[dim];
  }
  const sk_named_attr attr = {{SK_NAME_dimension},
                              sk_attr_int(e->m, sk_type_scalar(e->m, SK_S64), dim)};
  return sk_expand_emit(e, SK_OP_CONCATENATE,
                        sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, dims), values, count,
                        &attr, 1);
}

sk_value sk_expand_iota(const sk_expander *e, sk_type type, uint32_t dim) {
  const sk_named_attr attr = {{SK_NAME_iota_dimension},
                              sk_attr_int(e->m, sk_type_scalar(e->m, SK_S64), dim)};
  return sk_expand_emit(e, SK_OP_IOTA, type, NULL, 0, &attr, 1);
}

// ---- constants

static bool narrow_format(sk_elem elem, sk_numfmt *out) {
  switch ((int)elem) {
#define X(name, ...)                                                                               \
  case SK_##name:                                                                                  \
    *out = SK_NUM_##name;                                                                          \
    return true;
#include "base/num.def"
#undef X
    default: return false;
  }
}

static void encode_float(sk_elem elem, double value, char *to) {
  sk_numfmt format;
  sk_elem part = sk_elem_complex_part(elem);
  if (part == SK_F64) {
    memcpy(to, &value, sizeof value);
  } else if (part == SK_F32) {
    float rounded = (float)value;
    memcpy(to, &rounded, sizeof rounded);
  } else if (narrow_format(part, &format)) {
    uint32_t bits = sk_num_encode(format, value);
    memcpy(to, &bits, sk_elem_bytes(part));
  }
}

static sk_value emit_constant(const sk_expander *e, sk_type type, const char *data, uint32_t count,
                              bool splat) {
  const uint64_t bytes = (uint64_t)sk_elem_bytes((sk_elem)sk_type_get(e->m, type)->elem) * count;
  const sk_named_attr attr = {{SK_NAME_value},
                              sk_attr_dense(e->m, type, (sk_dense){data, bytes, splat})};
  return sk_expand_emit(e, SK_OP_CONSTANT, type, NULL, 0, &attr, 1);
}

static char *new_elements(const sk_expander *e, sk_elem elem, uint32_t count) {
  return sk_arena_zalloc(&e->m->arena, (size_t)sk_elem_bytes(elem) * count + 8, 8);
}

// Buffers hold narrow integers extended to their storage.
static void encode_int(sk_elem elem, int64_t value, char *to) {
  uint32_t spare = 64 - SK_MIN(sk_elem_bits(elem), 64u);
  uint64_t top = (uint64_t)value << spare;
  int64_t wrapped = sk_elem_is_signed(elem) ? (int64_t)top >> spare : (int64_t)(top >> spare);
  memcpy(to, &wrapped, sk_elem_bytes(elem));
}

sk_value sk_expand_float(const sk_expander *e, sk_type type, double value) {
  sk_elem elem = (sk_elem)sk_type_get(e->m, type)->elem;
  char *data = new_elements(e, elem, 1);
  encode_float(elem, value, data);
  return emit_constant(e, type, data, 1, true);
}

sk_value sk_expand_int(const sk_expander *e, sk_type type, int64_t value) {
  sk_elem elem = (sk_elem)sk_type_get(e->m, type)->elem;
  char *data = new_elements(e, elem, 1);
  encode_int(elem, value, data);
  return emit_constant(e, type, data, 1, true);
}

sk_value sk_expand_floats(const sk_expander *e, sk_elem elem, const double *values,
                          uint32_t count) {
  char *data = new_elements(e, elem, count);
  for (uint32_t i = 0; i < count; i++) {
    encode_float(elem, values[i], data + (size_t)i * sk_elem_bytes(elem));
  }
  const int64_t dims[1] = {count};
  return emit_constant(e, sk_type_tensor(e->m, elem, 1, dims), data, count, false);
}

sk_value sk_expand_ints(const sk_expander *e, sk_elem elem, const int64_t *values, uint32_t count) {
  char *data = new_elements(e, elem, count);
  for (uint32_t i = 0; i < count; i++) {
    encode_int(elem, values[i], data + (size_t)i * sk_elem_bytes(elem));
  }
  const int64_t dims[1] = {count};
  return emit_constant(e, sk_type_tensor(e->m, elem, 1, dims), data, count, false);
}

// ---- bodies and loops

void sk_expand_end(const sk_expander *e, const sk_value *values, uint32_t count) {
  sk_op_new(e->m, e->into,
            &(sk_op_desc){
                .kind = SK_OP_RETURN, .loc = e->loc, .operands = values, .operand_count = count});
}

static sk_region fold_body(const sk_expander *e, sk_opkind kind, sk_type scalar) {
  sk_expander inside = *e;
  inside.into = sk_region_new(e->m, (const sk_type[2]){scalar, scalar}, 2);
  const sk_value total = sk_expand_2(&inside, kind, sk_region_arg(e->m, inside.into, 0),
                                     sk_region_arg(e->m, inside.into, 1));
  sk_expand_end(&inside, &total, 1);
  return inside.into;
}

sk_value sk_expand_number(const sk_expander *e, sk_type type, int64_t value) {
  const sk_elem elem = (sk_elem)sk_type_get(e->m, type)->elem;
  return sk_elem_is_int(elem) || elem == SK_PRED ? sk_expand_int(e, type, value)
                                                 : sk_expand_float(e, type, (double)value);
}

sk_value sk_expand_fold(const sk_expander *e, sk_opkind kind, int64_t init, sk_value v,
                        const int64_t *dims, uint32_t count) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, v);
  sk_elem elem = (sk_elem)rec.elem;
  int64_t left[SK_MAX_RANK];
  uint32_t rank = 0;
  for (uint32_t d = 0; d < rec.rank; d++) {
    bool folded = false;
    for (uint32_t i = 0; i < count; i++) {
      folded |= dims[i] == (int64_t)d;
    }
    if (!folded) {
      left[rank++] = rec.dims[d];
    }
  }
  const sk_type scalar = sk_type_tensor(e->m, elem, 0, NULL);
  const sk_type type = sk_type_tensor(e->m, elem, rank, left);
  const sk_value operands[2] = {v, sk_expand_number(e, scalar, init)};
  const sk_region body = fold_body(e, kind, scalar);
  const sk_named_attr attr = {{SK_NAME_dimensions}, sk_attr_ints(e->m, dims, count)};
  return sk_expand_by_body(e, SK_OP_REDUCE, type, operands, &attr, body);
}

sk_value sk_expand_sum(const sk_expander *e, sk_value v, const int64_t *dims, uint32_t count) {
  return sk_expand_fold(e, SK_OP_ADD, 0, v, dims, count);
}

static sk_region loop_condition(const sk_expander *e, int64_t trips, const sk_type *types,
                                uint32_t count) {
  sk_expander inside = *e;
  inside.into = sk_region_new(e->m, types, count);
  const sk_value more = sk_expand_compare(&inside, SK_CMP_LT, sk_region_arg(e->m, inside.into, 0),
                                          sk_expand_int(&inside, types[0], trips));
  sk_expand_end(&inside, &more, 1);
  return inside.into;
}

sk_status sk_expand_loop(const sk_expander *e, int64_t trips, sk_value *state, uint32_t count,
                         sk_expand_step step, void *context) {
  sk_module *m = e->m;
  sk_type *types = SK_NEW_ARRAY(&m->arena, sk_type, count + 1);
  sk_value *all = SK_NEW_ARRAY(&m->arena, sk_value, count + 1);
  types[0] = sk_type_tensor(m, SK_S64, 0, NULL);
  all[0] = sk_expand_int(e, types[0], 0);
  for (uint32_t k = 0; k < count; k++) {
    types[k + 1] = sk_value_type(m, state[k]);
    all[k + 1] = state[k];
  }
  sk_expander inside = *e;
  inside.into = sk_region_new(m, types, count + 1);
  const sk_region regions[2] = {loop_condition(e, trips, types, count + 1), inside.into};
  for (uint32_t k = 0; k < count; k++) {
    state[k] = sk_region_arg(m, inside.into, k + 1);
  }
  const sk_value i = sk_region_arg(m, inside.into, 0);
  SK_TRY(step(&inside, i, state, context));
  sk_value *next = SK_NEW_ARRAY(&m->arena, sk_value, count + 1);
  next[0] = sk_expand_2(&inside, SK_OP_ADD, i, sk_expand_int(&inside, types[0], 1));
  memcpy(next + 1, state, count * sizeof *state);
  sk_expand_end(&inside, next, count + 1);
  const sk_op_desc desc = {.kind = SK_OP_WHILE,
                           .loc = e->loc,
                           .operands = all,
                           .operand_count = count + 1,
                           .result_types = types,
                           .result_count = count + 1,
                           .regions = regions,
                           .region_count = 2};
  const sk_op made = sk_rebuild_emit(e->r, e->into, &desc);
  for (uint32_t k = 0; k < count; k++) {
    state[k] = sk_op_result(m, made, k + 1);
  }
  return NULL;
}
