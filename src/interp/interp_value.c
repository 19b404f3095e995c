// SPDX-License-Identifier: Apache-2.0
// Numbers and values: elements to numbers and back; counted tensors, tokens, tuples; coordinates.
//
// Values are immutable once made and may be shared by threads: only their count is written.
// Buffers hold one element per sk_elem_bytes, sub-byte types too. Writing rounds floats once, to
// nearest even, and wraps integers.
#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "interp/interp_int.h"

// ---- numbers

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

// A NaN of f32 keeps its sign and payload on the way to double and back, which conversions in
// hardware do not grant: total order sees them.
static double widen(uint32_t bits) {
  double wide;
  float value;
  if ((bits & 0x7fffffff) <= 0x7f800000) {
    memcpy(&value, &bits, sizeof value);
    return (double)value;
  }
  uint64_t raw = (uint64_t)(bits & 0x80000000) << 32 | UINT64_C(0x7ff) << 52 |
                 (uint64_t)(bits & 0x7fffff) << 29;
  memcpy(&wide, &raw, sizeof wide);
  return wide;
}

static uint32_t narrow(double value) {
  uint64_t raw;
  uint32_t bits;
  float rounded = (float)value;
  memcpy(&bits, &rounded, sizeof bits);
  memcpy(&raw, &value, sizeof raw);
  uint32_t payload = (uint32_t)(raw >> 29) & 0x7fffff;
  return isnan(value) && payload != 0 ? (uint32_t)(raw >> 32 & 0x80000000) | 0x7f800000 | payload
                                      : bits;
}

sk_number sk_number_read(sk_elem elem, const void *at) {
  sk_number n = {0, 0, 0};
  sk_numfmt format;
  uint64_t raw = 0;
  uint32_t f[2] = {0, 0};
  if (elem == SK_F32 || elem == SK_C64) {
    memcpy(f, at, sk_elem_bytes(elem));
    n.re = widen(f[0]);
    n.im = widen(f[1]);
  } else if (elem == SK_F64 || elem == SK_C128) {
    memcpy(&n.re, at, 8);
    if (elem == SK_C128) {
      memcpy(&n.im, (const char *)at + 8, 8);
    }
  } else {
    uint32_t bytes = sk_elem_bytes(elem), unused = 64 - 8 * bytes;
    memcpy(&raw, at, bytes);
    if (narrow_format(elem, &format)) {
      n.re = sk_num_decode(format, (uint32_t)raw);
    } else {
      n.i = sk_elem_is_signed(elem) ? (int64_t)(raw << unused) >> unused : (int64_t)raw;
    }
  }
  return n;
}

static int64_t wrap(sk_elem elem, int64_t value) {
  uint32_t unused = 64 - sk_elem_bits(elem);
  uint64_t up = (uint64_t)value << unused;
  return sk_elem_is_signed(elem) ? (int64_t)up >> unused : (int64_t)(up >> unused);
}

void sk_number_write(sk_elem elem, void *at, sk_number value) {
  sk_numfmt format;
  if (elem == SK_F32 || elem == SK_C64) {
    uint32_t f[2] = {narrow(value.re), narrow(value.im)};
    memcpy(at, f, sk_elem_bytes(elem));
  } else if (elem == SK_F64 || elem == SK_C128) {
    double d[2] = {value.re, value.im};
    memcpy(at, d, sk_elem_bytes(elem));
  } else if (narrow_format(elem, &format)) {
    uint32_t bits = sk_num_encode(format, value.re);
    memcpy(at, &bits, sk_elem_bytes(elem));
  } else {
    int64_t bits = elem == SK_PRED ? (value.i & 1) : wrap(elem, value.i);
    memcpy(at, &bits, sk_elem_bytes(elem));
  }
}

sk_number sk_number_rounded(sk_elem elem, sk_number value) {
  char bytes[16];
  sk_number_write(elem, bytes, value);
  return sk_number_read(elem, bytes);
}

double sk_round_to(sk_elem elem, double value) {
  return elem == SK_F64   ? value
         : elem == SK_F32 ? (double)(float)value
                          : sk_number_rounded(elem, (sk_number){.re = value}).re;
}

sk_number sk_tensor_get(const sk_tensor *t, int64_t index) {
  sk_elem elem = (sk_elem)t->type->elem;
  return sk_number_read(elem, t->data + index * (int64_t)sk_elem_bytes(elem));
}

void sk_tensor_set(sk_tensor *t, int64_t index, sk_number value) {
  sk_elem elem = (sk_elem)t->type->elem;
  sk_number_write(elem, t->data + index * (int64_t)sk_elem_bytes(elem), value);
}

// What programs mostly consist of goes without a decision per element.
void sk_numbers_get(const sk_tensor *t, int64_t first, int64_t count, sk_number *out) {
  sk_elem elem = (sk_elem)t->type->elem;
  const char *from = t->data + first * (int64_t)sk_elem_bytes(elem);
  for (int64_t i = 0; elem == SK_F32 && i < count; i++) {
    uint32_t bits;
    memcpy(&bits, from + i * 4, 4);
    out[i] = (sk_number){widen(bits), 0, 0};
  }
  for (int64_t i = 0; elem == SK_S32 && i < count; i++) {
    int32_t value;
    memcpy(&value, from + i * 4, 4);
    out[i] = (sk_number){0, 0, value};
  }
  for (int64_t i = 0; elem == SK_PRED && i < count; i++) {
    out[i] = (sk_number){0, 0, from[i]};
  }
  bool common = elem == SK_F32 || elem == SK_S32 || elem == SK_PRED;
  int64_t bytes = sk_elem_bytes(elem);
  for (int64_t i = 0; !common && i < count; i++) {
    out[i] = sk_number_read(elem, from + i * bytes);
  }
}

void sk_numbers_set(sk_tensor *t, int64_t first, int64_t count, const sk_number *from) {
  sk_elem elem = (sk_elem)t->type->elem;
  int64_t bytes = sk_elem_bytes(elem);
  for (int64_t i = 0; i < count; i++) {
    sk_number_write(elem, t->data + (first + i) * bytes, from[i]);
  }
}

int64_t sk_tensor_index(const sk_tensor *t, int64_t index) {
  int64_t i = sk_tensor_get(t, index).i;
  return i < 0 && !sk_elem_is_signed((sk_elem)t->type->elem) ? INT64_MAX : i;
}

// ---- values

// The record, its dims behind it.
static sk_tensor *new_record(sk_type_kind kind, uint32_t rank) {
  sk_tensor *t = sk_mem_zalloc(sizeof *t + rank * sizeof(int64_t));
  if (t) {
    t->type = &t->shape;
    t->shape.kind = (uint8_t)kind;
    t->shape.rank = (uint16_t)rank;
    t->shape.dims = (int64_t *)(void *)(t + 1);
    atomic_init(&t->refs, 1);
  }
  return t;
}

sk_tensor *sk_tensor_new(const sk_type_rec *like, uint32_t rank, const int64_t *dims) {
  enum { BEHIND_BYTES = 16 };
  sk_tensor *t = rank <= SK_MAX_RANK ? new_record(SK_TYPE_TENSOR, rank) : NULL;
  if (!t) {
    return NULL;
  }
  sk_elem elem = (sk_elem)like->elem;
  t->shape.elem = (uint8_t)(elem == SK_QUANT ? like->quant->storage : elem);
  t->shape.quant = like->quant;
  int64_t *own = (int64_t *)(void *)(t + 1), bytes = sk_elem_bytes((sk_elem)t->shape.elem);
  bool fits = true, empty = false;
  t->count = 1;
  for (uint32_t d = 0; d < rank; d++) {
    own[d] = dims[d];
    empty |= dims[d] == 0;
    fits = fits && dims[d] >= 0 && (dims[d] == 0 || !SK_MUL_OVERFLOW(bytes, dims[d], &bytes));
    t->count *= fits ? SK_MAX(dims[d], 1) : 1;
  }
  t->count = empty ? 0 : t->count;
  t->data = fits ? sk_mem_alloc((empty ? 0 : (size_t)bytes) + BEHIND_BYTES) : NULL;
  if (!t->data) {
    sk_mem_free(t);
    return NULL;
  }
  return t;
}

sk_tensor *sk_tensor_new_token(void) { return new_record(SK_TYPE_TOKEN, 0); }

sk_tensor *sk_tensor_new_tuple(sk_type_kind kind, sk_tensor *const *members, uint32_t count) {
  sk_tensor *t = new_record(kind, 0);
  if (t) {
    t->members = sk_mem_zalloc(sizeof(sk_tensor *) * ((size_t)count + 1));
    if (!t->members) {
      sk_mem_free(t);
      return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
      t->members[i] = sk_tensor_retain(members[i]);
    }
    t->member_count = count;
  }
  return t;
}

sk_tensor *sk_tensor_retain(sk_tensor *t) {
  if (t) {
    atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
  }
  return t;
}

// Tuples are no deeper than their types, which the readers limit.
void sk_tensor_release(sk_tensor *t) {
  if (t && atomic_fetch_sub_explicit(&t->refs, 1, memory_order_acq_rel) == 1) {
    sk_tensors_release(t->members, t->member_count);
    sk_mem_free(t->data);
    sk_mem_free(t);
  }
}

void sk_tensor_copy_part(const sk_tensor *from, uint32_t dim, int64_t first, int64_t extent,
                         sk_tensor *to, uint32_t to_dim, int64_t offset) {
  int64_t at[SK_MAX_RANK], bytes = sk_elem_bytes((sk_elem)to->type->elem);
  for (int64_t i = 0; i < from->count; i++) {
    sk_unravel(from->type, i, at);
    if (at[dim] >= first && at[dim] < first + extent) {
      at[dim] -= first;
      at[to_dim] += offset;
      memcpy(to->data + sk_ravel(to->type, at) * bytes, from->data + i * bytes, (size_t)bytes);
    }
  }
}

void sk_tensors_release(sk_tensor **tensors, uint32_t count) {
  for (uint32_t i = 0; tensors && i < count; i++) {
    sk_tensor_release(tensors[i]);
  }
  sk_mem_free(tensors);
}

// ---- coordinates

void sk_unravel(const sk_type_rec *type, int64_t index, int64_t *out_coordinates) {
  for (uint32_t d = type->rank; d-- > 0;) {
    out_coordinates[d] = index % type->dims[d];
    index /= type->dims[d];
  }
}

int64_t sk_ravel(const sk_type_rec *type, const int64_t *coordinates) {
  int64_t index = 0;
  for (uint32_t d = 0; d < type->rank; d++) {
    index = index * type->dims[d] + coordinates[d];
  }
  return index;
}

void sk_strides_of(const sk_type_rec *type, int64_t *out_strides) {
  int64_t stride = 1;
  for (uint32_t d = type->rank; d-- > 0;) {
    out_strides[d] = stride;
    stride *= type->dims[d];
  }
}

bool sk_is_inside(const sk_type_rec *type, const int64_t *coordinates) {
  for (uint32_t d = 0; d < type->rank; d++) {
    if (coordinates[d] < 0 || coordinates[d] >= type->dims[d]) {
      return false;
    }
  }
  return true;
}

bool sk_same_dims(const sk_type_rec *a, const sk_type_rec *b) {
  return a->rank == b->rank &&
         (a->rank == 0 || memcmp(a->dims, b->dims, a->rank * sizeof(int64_t)) == 0);
}

bool sk_is_listed(sk_ints list, int64_t value) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (list.data[i] == value) {
      return true;
    }
  }
  return false;
}

int64_t sk_listed_or(sk_ints list, uint32_t i, int64_t otherwise) {
  return i < list.count ? list.data[i] : otherwise;
}
