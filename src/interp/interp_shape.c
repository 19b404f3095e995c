// SPDX-License-Identifier: Apache-2.0
// Ops that move elements: the coordinates of each result element give the operand element it comes
// from. Shapes are those that the operands have at run time; where types leave dimensions open,
// what the verifier could not see is checked here.
//
// Functions ending in _with do the work for an op and for its dynamic form (interp_dynamic.c).
#include "interp/interp_int.h"

typedef struct mover {
  sk_tensor *to;
  const sk_tensor *from;
  uint32_t bytes;
} mover;

// dims NULL: those of the result's type.
static sk_status start(sk_interp *s, sk_op op, const int64_t *dims, mover *out) {
  *out = (mover){.from = sk_interp_operand(s, op, 0)};
  SK_TRY(sk_interp_result(s, op, 0, dims, &out->to));
  out->bytes = sk_elem_bytes((sk_elem)out->to->type->elem);
  return NULL;
}

static void move(const mover *v, int64_t to, int64_t from) {
  memcpy(v->to->data + to * (int64_t)v->bytes, v->from->data + from * (int64_t)v->bytes, v->bytes);
}

static void move_all(const mover *v) {
  memcpy(v->to->data, v->from->data, (size_t)v->to->count * v->bytes);
}

sk_status sk_interp_CONSTANT(sk_interp *s, sk_op op) {
  const sk_dense *dense = &sk_attr_get(s->m, sk_op_find_attr(s->m, op, SK_NAME_value))->u.dense;
  sk_tensor *t;
  SK_TRY(sk_interp_result(s, op, 0, NULL, &t));
  uint32_t bytes = sk_elem_bytes((sk_elem)t->type->elem);
  if (!dense->splat) {
    memcpy(t->data, dense->data, (size_t)t->count * bytes);
    return NULL;
  }
  for (int64_t i = 0; i < t->count; i++) {
    memcpy(t->data + i * (int64_t)bytes, dense->data, bytes);
  }
  return NULL;
}

sk_status sk_interp_CHLO_CONSTANT(sk_interp *s, sk_op op) { return sk_interp_CONSTANT(s, op); }

sk_status sk_interp_SDY_CONSTANT(sk_interp *s, sk_op op) { return sk_interp_CONSTANT(s, op); }

sk_status sk_interp_iota_with(sk_interp *s, sk_op op, const int64_t *dims) {
  int64_t along = sk_op_int(s->m, op, SK_NAME_iota_dimension, 0), at[SK_MAX_RANK];
  sk_tensor *t;
  SK_TRY(sk_interp_result(s, op, 0, dims, &t));
  for (int64_t i = 0; i < t->count; i++) {
    sk_unravel(t->type, i, at);
    const sk_quant *q = t->type->quant;
    int64_t stored = q ? sk_quantize(q, 0, (double)at[along]) : at[along];
    sk_tensor_set(t, i, (sk_number){.re = (double)at[along], .i = stored});
  }
  return NULL;
}

sk_status sk_interp_IOTA(sk_interp *s, sk_op op) { return sk_interp_iota_with(s, op, NULL); }

sk_status sk_interp_RESHAPE(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, NULL, &v));
  SK_TRY(sk_interp_require(s, op, v.from->count == v.to->count,
                           "the operand has another number of elements"));
  move_all(&v);
  return NULL;
}

// ---- bitcast_convert: elements as strings of bits, least significant first

static uint32_t bits_of(const sk_tensor *t) { return sk_elem_bits((sk_elem)t->type->elem); }

static bool bit_of(const sk_tensor *t, uint32_t bits, int64_t index) {
  const char *at = t->data + index / bits * sk_elem_bytes((sk_elem)t->type->elem);
  return ((at[index % bits / 8] >> (index % bits % 8)) & 1) != 0;
}

static uint64_t field_of(const sk_tensor *t, int64_t first, uint32_t count) {
  uint32_t bits = bits_of(t);
  uint64_t field = 0;
  for (uint32_t b = 0; b < count; b++) {
    field |= (uint64_t)bit_of(t, bits, first + b) << b;
  }
  return field;
}

// A stored element whose value has these bits; wide complex elements are set in two halves.
static void set_field(sk_tensor *t, int64_t i, const sk_tensor *from) {
  sk_elem elem = (sk_elem)t->type->elem;
  uint32_t bits = bits_of(t), bytes = sk_elem_bytes(elem);
  for (uint32_t part = 0; part < bits; part += 64) {
    uint32_t width = SK_MIN(bits - part, 64);
    uint64_t field = field_of(from, i * bits + part, width);
    if (sk_elem_is_signed(elem)) {
      field = (uint64_t)((int64_t)(field << (64 - width)) >> (64 - width));
    }
    memcpy(t->data + i * (int64_t)bytes + part / 8, &field, SK_MIN(bytes, 8));
  }
}

sk_status sk_interp_BITCAST_CONVERT(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, NULL, &v));
  SK_TRY(sk_interp_require(s, op, v.from->count * bits_of(v.from) == v.to->count * bits_of(v.to),
                           "the operand has another number of bits"));
  bool whole = bits_of(v.from) % 8 == 0 && bits_of(v.to) % 8 == 0;
  if (whole) {
    move_all(&v);  // little endian: the bytes stay in place
    return NULL;
  }
  for (int64_t i = 0; i < v.to->count; i++) {
    set_field(v.to, i, v.from);
  }
  return NULL;
}

// ---- broadcasts

sk_status sk_interp_broadcast_with(sk_interp *s, sk_op op, const int64_t *dims) {
  mover v;
  SK_TRY(start(s, op, dims, &v));
  sk_ints onto = sk_op_ints(s->m, op, SK_NAME_broadcast_dimensions);
  const sk_type_rec *from = v.from->type, *to = v.to->type;
  int64_t at[SK_MAX_RANK], source[SK_MAX_RANK];
  SK_TRY(sk_interp_require(s, op, onto.count == from->rank, "the operand has another rank"));
  for (uint32_t d = 0; d < from->rank; d++) {
    int64_t target = to->dims[onto.data[d]];
    SK_TRY(sk_interp_require(s, op, from->dims[d] == 1 || from->dims[d] == target,
                             "an operand dimension is neither 1 nor that of the result"));
  }
  for (int64_t i = 0; i < v.to->count; i++) {
    sk_unravel(to, i, at);
    for (uint32_t d = 0; d < from->rank; d++) {
      source[d] = from->dims[d] == 1 ? 0 : at[onto.data[d]];
    }
    move(&v, i, sk_ravel(from, source));
  }
  return NULL;
}

sk_status sk_interp_BROADCAST_IN_DIM(sk_interp *s, sk_op op) {
  return sk_interp_broadcast_with(s, op, NULL);
}

// New dimensions in front.
sk_status sk_interp_BROADCAST(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, NULL, &v));
  for (int64_t i = 0; i < v.to->count; i++) {
    move(&v, i, i % v.from->count);
  }
  return NULL;
}

// ---- permutations

sk_status sk_interp_TRANSPOSE(sk_interp *s, sk_op op) {
  mover v;
  sk_ints permutation = sk_op_ints(s->m, op, SK_NAME_permutation);
  const sk_type_rec *from = sk_interp_operand(s, op, 0)->type;
  int64_t dims[SK_MAX_RANK], at[SK_MAX_RANK], source[SK_MAX_RANK];
  for (uint32_t d = 0; d < permutation.count; d++) {
    dims[d] = from->dims[permutation.data[d]];
  }
  SK_TRY(start(s, op, dims, &v));
  for (int64_t i = 0; i < v.to->count; i++) {
    sk_unravel(v.to->type, i, at);
    for (uint32_t d = 0; d < permutation.count; d++) {
      source[permutation.data[d]] = at[d];
    }
    move(&v, i, sk_ravel(from, source));
  }
  return NULL;
}

sk_status sk_interp_REVERSE(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, sk_interp_operand(s, op, 0)->type->dims, &v));
  sk_ints dims = sk_op_ints(s->m, op, SK_NAME_dimensions);
  int64_t at[SK_MAX_RANK];
  for (int64_t i = 0; i < v.to->count; i++) {
    sk_unravel(v.to->type, i, at);
    for (uint32_t d = 0; d < dims.count; d++) {
      at[dims.data[d]] = v.to->type->dims[dims.data[d]] - 1 - at[dims.data[d]];
    }
    move(&v, i, sk_ravel(v.from->type, at));
  }
  return NULL;
}

// ---- parts

sk_status sk_interp_slice_with(sk_interp *s, sk_op op, const int64_t *start_at,
                               const int64_t *limit, const int64_t *stride) {
  const sk_type_rec *from = sk_interp_operand(s, op, 0)->type;
  int64_t dims[SK_MAX_RANK], at[SK_MAX_RANK];
  mover v;
  for (uint32_t d = 0; d < from->rank; d++) {
    bool inside = start_at[d] >= 0 && start_at[d] <= limit[d] && limit[d] <= from->dims[d];
    SK_TRY(sk_interp_require(s, op, inside && stride[d] > 0, "the slice is not in the operand"));
    int64_t extent = limit[d] - start_at[d];
    dims[d] = extent / stride[d] + (extent % stride[d] != 0);
  }
  SK_TRY(start(s, op, dims, &v));
  for (int64_t i = 0; i < v.to->count; i++) {
    sk_unravel(v.to->type, i, at);
    for (uint32_t d = 0; d < from->rank; d++) {
      at[d] = start_at[d] + at[d] * stride[d];
    }
    move(&v, i, sk_ravel(from, at));
  }
  return NULL;
}

sk_status sk_interp_SLICE(sk_interp *s, sk_op op) {
  return sk_interp_slice_with(s, op, sk_op_ints(s->m, op, SK_NAME_start_indices).data,
                              sk_op_ints(s->m, op, SK_NAME_limit_indices).data,
                              sk_op_ints(s->m, op, SK_NAME_strides).data);
}

static sk_status concatenated_dims(const sk_interp *s, sk_op op, int64_t along, int64_t *dims) {
  const sk_type_rec *first = sk_interp_operand(s, op, 0)->type;
  memcpy(dims, first->dims, first->rank * sizeof *dims);
  for (uint32_t o = 1; o < sk_interp_operand_count(s, op); o++) {
    const sk_type_rec *type = sk_interp_operand(s, op, o)->type;
    for (uint32_t d = 0; d < first->rank; d++) {
      SK_TRY(sk_interp_require(s, op, d == along || type->dims[d] == dims[d],
                               "operands differ in another dimension"));
    }
    SK_TRY(sk_interp_require(s, op, !SK_ADD_OVERFLOW(dims[along], type->dims[along], &dims[along]),
                             "the result's dimension overflows"));
  }
  return NULL;
}

sk_status sk_interp_CONCATENATE(sk_interp *s, sk_op op) {
  int64_t along = sk_op_int(s->m, op, SK_NAME_dimension, 0), offset = 0;
  int64_t dims[SK_MAX_RANK], at[SK_MAX_RANK];
  mover v;
  SK_TRY(concatenated_dims(s, op, along, dims));
  SK_TRY(start(s, op, dims, &v));
  for (uint32_t o = 0; o < sk_interp_operand_count(s, op); o++) {
    v.from = sk_interp_operand(s, op, o);
    for (int64_t i = 0; i < v.from->count; i++) {
      sk_unravel(v.from->type, i, at);
      at[along] += offset;
      move(&v, sk_ravel(v.to->type, at), i);
    }
    offset += v.from->type->dims[along];
  }
  return NULL;
}

static bool padded_extent(int64_t extent, int64_t low, int64_t high, int64_t interior,
                          int64_t *out) {
  int64_t holes, size;
  return !SK_MUL_OVERFLOW(SK_MAX(extent - 1, 0), interior, &holes) &&
         !SK_ADD_OVERFLOW(extent, holes, &size) && !SK_ADD_OVERFLOW(size, low, &size) &&
         !SK_ADD_OVERFLOW(size, high, out) && *out >= 0;
}

sk_status sk_interp_pad_with(sk_interp *s, sk_op op, const int64_t *low, const int64_t *high,
                             const int64_t *interior) {
  const sk_type_rec *from = sk_interp_operand(s, op, 0)->type;
  const sk_tensor *value = sk_interp_operand(s, op, 1);
  int64_t dims[SK_MAX_RANK], at[SK_MAX_RANK];
  mover v;
  for (uint32_t d = 0; d < from->rank; d++) {
    bool good = interior[d] >= 0 && interior[d] < INT64_MAX &&
                padded_extent(from->dims[d], low[d], high[d], interior[d], &dims[d]);
    SK_TRY(sk_interp_require(s, op, good, "padding gives a dimension that cannot be"));
  }
  SK_TRY(start(s, op, dims, &v));
  for (int64_t i = 0; i < v.to->count; i++) {
    memcpy(v.to->data + i * (int64_t)v.bytes, value->data, v.bytes);
  }
  for (int64_t i = 0; i < v.from->count; i++) {
    sk_unravel(from, i, at);
    for (uint32_t d = 0; d < from->rank; d++) {
      at[d] = low[d] + at[d] * (interior[d] + 1);
    }
    if (sk_is_inside(v.to->type, at)) {
      move(&v, sk_ravel(v.to->type, at), i);
    }
  }
  return NULL;
}

sk_status sk_interp_PAD(sk_interp *s, sk_op op) {
  return sk_interp_pad_with(s, op, sk_op_ints(s->m, op, SK_NAME_edge_padding_low).data,
                            sk_op_ints(s->m, op, SK_NAME_edge_padding_high).data,
                            sk_op_ints(s->m, op, SK_NAME_interior_padding).data);
}

// ---- slices at computed places

// Start indices, clamped so that `size` elements from there on lie inside `limit`.
static void clamped_starts(const sk_interp *s, sk_op op, uint32_t first, const sk_type_rec *limit,
                           const sk_type_rec *size, int64_t *out) {
  for (uint32_t d = 0; d < limit->rank; d++) {
    int64_t index = sk_tensor_index(sk_interp_operand(s, op, first + d), 0);
    int64_t most = limit->dims[d] - size->dims[d];
    out[d] = index > most ? most : index < 0 ? 0 : index;
  }
}

sk_status sk_interp_DYNAMIC_SLICE(sk_interp *s, sk_op op) {
  mover v;
  int64_t begin[SK_MAX_RANK], at[SK_MAX_RANK];
  SK_TRY(start(s, op, NULL, &v));
  clamped_starts(s, op, 1, v.from->type, v.to->type, begin);
  for (int64_t i = 0; i < v.to->count; i++) {
    sk_unravel(v.to->type, i, at);
    for (uint32_t d = 0; d < v.to->type->rank; d++) {
      at[d] += begin[d];
    }
    move(&v, i, sk_ravel(v.from->type, at));
  }
  return NULL;
}

sk_status sk_interp_DYNAMIC_UPDATE_SLICE(sk_interp *s, sk_op op) {
  mover v;
  const sk_tensor *update = sk_interp_operand(s, op, 1);
  int64_t begin[SK_MAX_RANK], at[SK_MAX_RANK];
  SK_TRY(start(s, op, NULL, &v));
  move_all(&v);
  clamped_starts(s, op, 2, v.to->type, update->type, begin);
  v.from = update;
  for (int64_t i = 0; i < update->count; i++) {
    sk_unravel(update->type, i, at);
    for (uint32_t d = 0; d < update->type->rank; d++) {
      at[d] += begin[d];
    }
    move(&v, sk_ravel(v.to->type, at), i);
  }
  return NULL;
}
