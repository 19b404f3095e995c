// SPDX-License-Identifier: Apache-2.0
// Ops that move elements: each result element's coordinates give the operand element it comes from.
#include "interp/interp_int.h"

typedef struct mover {
  sk_tensor *to;
  const sk_tensor *from;
  uint32_t bytes;
} mover;

static sk_status start(sk_interp *s, sk_op op, mover *out) {
  *out = (mover){sk_interp_new(s, sk_op_result(s->m, op, 0)), sk_interp_operand(s, op, 0), 0};
  if (out->to == NULL) {
    return sk_status_no_memory();
  }
  out->bytes = sk_elem_bytes((sk_elem)out->to->type->elem);
  return NULL;
}

static void move(const mover *v, int64_t to, int64_t from) {
  memcpy(v->to->data + to * (int64_t)v->bytes, v->from->data + from * (int64_t)v->bytes, v->bytes);
}

sk_status sk_interp_CONSTANT(sk_interp *s, sk_op op) {
  sk_tensor *t = sk_interp_new(s, sk_op_result(s->m, op, 0));
  const sk_dense *dense = &sk_attr_get(s->m, sk_op_find_attr(s->m, op, SK_NAME_value))->u.dense;
  if (t == NULL) {
    return sk_status_no_memory();
  }
  uint32_t bytes = sk_elem_bytes((sk_elem)t->type->elem);
  for (int64_t i = 0; i < t->count; i++) {
    memcpy(t->data + i * (int64_t)bytes, (const char *)dense->data + (dense->splat ? 0 : i * (int64_t)bytes), bytes);
  }
  return NULL;
}

sk_status sk_interp_IOTA(sk_interp *s, sk_op op) {
  sk_tensor *t = sk_interp_new(s, sk_op_result(s->m, op, 0));
  int64_t along = sk_op_int(s->m, op, SK_NAME_iota_dimension, 0), at[SK_MAX_RANK];
  if (t == NULL) {
    return sk_status_no_memory();
  }
  for (int64_t i = 0; i < t->count; i++) {
    sk_unravel(t->type, i, at);
    sk_tensor_set(t, i, (sk_number){.re = (double)at[along], .i = at[along]});
  }
  return NULL;
}

static sk_status copy_bits(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, &v));
  memcpy(v.to->data, v.from->data, (size_t)v.to->count * v.bytes);
  return NULL;
}

sk_status sk_interp_RESHAPE(sk_interp *s, sk_op op) { return copy_bits(s, op); }
sk_status sk_interp_BITCAST_CONVERT(sk_interp *s, sk_op op) {
  return copy_bits(s, op);  // little endian: the bytes stay in place
}

sk_status sk_interp_BROADCAST_IN_DIM(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, &v));
  sk_ints dims = sk_op_ints(s->m, op, SK_NAME_broadcast_dimensions);
  int64_t at[SK_MAX_RANK], from[SK_MAX_RANK];
  if (v.from->count == 1) {  // one element everywhere
    for (int64_t i = 0; i < v.to->count; i++) {
      move(&v, i, 0);
    }
    return NULL;
  }
  for (int64_t i = 0; i < v.to->count; i++) {
    sk_unravel(v.to->type, i, at);
    for (uint32_t d = 0; d < dims.count; d++) {
      from[d] = v.from->type->dims[d] == 1 ? 0 : at[dims.data[d]];
    }
    move(&v, i, sk_ravel(v.from->type, from));
  }
  return NULL;
}

sk_status sk_interp_TRANSPOSE(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, &v));
  sk_ints permutation = sk_op_ints(s->m, op, SK_NAME_permutation);
  int64_t at[SK_MAX_RANK], from[SK_MAX_RANK];
  for (int64_t i = 0; i < v.to->count; i++) {
    sk_unravel(v.to->type, i, at);
    for (uint32_t d = 0; d < permutation.count; d++) {
      from[permutation.data[d]] = at[d];
    }
    move(&v, i, sk_ravel(v.from->type, from));
  }
  return NULL;
}

sk_status sk_interp_REVERSE(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, &v));
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

sk_status sk_interp_SLICE(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, &v));
  sk_ints begin = sk_op_ints(s->m, op, SK_NAME_start_indices), strides = sk_op_ints(s->m, op, SK_NAME_strides);
  int64_t at[SK_MAX_RANK];
  for (int64_t i = 0; i < v.to->count; i++) {
    sk_unravel(v.to->type, i, at);
    for (uint32_t d = 0; d < begin.count; d++) {
      at[d] = begin.data[d] + at[d] * strides.data[d];
    }
    move(&v, i, sk_ravel(v.from->type, at));
  }
  return NULL;
}

sk_status sk_interp_CONCATENATE(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, &v));
  int64_t along = sk_op_int(s->m, op, SK_NAME_dimension, 0), offset = 0, at[SK_MAX_RANK];
  for (uint32_t o = 0; o < sk_op_get(s->m, op)->operand_count; o++) {
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

sk_status sk_interp_PAD(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, &v));
  sk_ints low = sk_op_ints(s->m, op, SK_NAME_edge_padding_low), interior = sk_op_ints(s->m, op, SK_NAME_interior_padding);
  const sk_tensor *value = sk_interp_operand(s, op, 1);
  int64_t at[SK_MAX_RANK];
  for (int64_t i = 0; i < v.to->count; i++) {
    memcpy(v.to->data + i * (int64_t)v.bytes, value->data, v.bytes);
  }
  for (int64_t i = 0; i < v.from->count; i++) {
    bool inside = true;
    sk_unravel(v.from->type, i, at);
    for (uint32_t d = 0; d < low.count; d++) {
      at[d] = low.data[d] + at[d] * (interior.data[d] + 1);
      inside &= at[d] >= 0 && at[d] < v.to->type->dims[d];
    }
    if (inside) {
      move(&v, sk_ravel(v.to->type, at), i);
    }
  }
  return NULL;
}

// Start indices, clamped so that `size` elements from there on lie inside `limit`.
static void clamped_starts(const sk_interp *s, sk_op op, uint32_t first, const sk_type_rec *limit, const sk_type_rec *size, int64_t *out) {
  for (uint32_t d = 0; d < limit->rank; d++) {
    const sk_tensor *t = sk_interp_operand(s, op, first + d);
    int64_t start_index = sk_tensor_get(t, 0).i, most = limit->dims[d] - size->dims[d];
    bool huge = !sk_elem_is_signed((sk_elem)t->type->elem) && start_index < 0;  // ui64 beyond int64
    out[d] = huge || start_index > most ? most : start_index < 0 ? 0 : start_index;
  }
}

sk_status sk_interp_DYNAMIC_SLICE(sk_interp *s, sk_op op) {
  mover v;
  SK_TRY(start(s, op, &v));
  int64_t begin[SK_MAX_RANK], at[SK_MAX_RANK];
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
  SK_TRY(start(s, op, &v));
  const sk_tensor *update = sk_interp_operand(s, op, 1);
  int64_t begin[SK_MAX_RANK], at[SK_MAX_RANK];
  memcpy(v.to->data, v.from->data, (size_t)v.to->count * v.bytes);
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
