// SPDX-License-Identifier: Apache-2.0
// bitcast_convert between element types of different widths, complex ones included, by shifts:
//
//   elements -> pieces of as many bits as the narrower type (or part of a complex number) has,
//               lowest first -> elements
//
// From narrow to wide the last dimension of the operand is taken apart, from wide to narrow that of the
// result is put together. Pieces are held in unsigned integers wide enough for both types.
//
// Floats of 6 bits have no integers of their width. Scaled by 2^(bias - 127) their exponents, those of
// subnormal numbers too, are those of f32, whose bits are then theirs, further up.
#include "pass/expand_int.h"

typedef struct cast {
  const sk_expander *e;
  sk_elem from, to;
  sk_elem work;    // unsigned, of the pieces
  uint32_t piece;  // bits
} cast;

static uint32_t part_bits(sk_elem elem) { return sk_elem_bits(sk_elem_complex_part(elem)); }

static sk_elem unsigned_of(uint32_t bits) {
  switch (bits) {
    case 1: return SK_PRED;
    case 2: return SK_U2;
    case 4: return SK_U4;
    case 8: return SK_U8;
    case 16: return SK_U16;
    case 32: return SK_U32;
    case 64: return SK_U64;
    default: return SK_ELEM_NONE;
  }
}

static bool is_six_bits(sk_elem elem) { return elem == SK_F6E2M3FN || elem == SK_F6E3M2FN; }

static bool has_pieces(sk_elem elem) {
  return unsigned_of(part_bits(elem)) != SK_ELEM_NONE || is_six_bits(elem);
}

bool sk_expand_is_recasting(const sk_module *m, sk_op op) {
  const sk_type_rec *from = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  const sk_type_rec *to = sk_value_type_rec(m, sk_op_result(m, op, 0));
  const sk_elem a = (sk_elem)from->elem, b = (sk_elem)to->elem;
  return from->rank != to->rank && has_pieces(a) && has_pieces(b) && from->rank < SK_MAX_RANK &&
         to->rank < SK_MAX_RANK;
}

static sk_value number(const cast *c, sk_value like, int64_t value) {
  const sk_type scalar = sk_type_tensor(c->e->m, c->work, 0, NULL);
  return sk_expand_broadcast(c->e, sk_expand_int(c->e, scalar, value), sk_value_type(c->e->m, like),
                             NULL);
}

static sk_value same_width(const cast *c, sk_value v, sk_elem elem) {
  if (sk_value_type_rec(c->e->m, v)->elem == (uint8_t)elem) {
    return v;
  }
  return sk_expand_emit(c->e, SK_OP_BITCAST_CONVERT, sk_expand_retyped(c->e, v, elem), &v, 1, NULL,
                        0);
}

// ---- floats of 6 bits: sign, magnitude of 5

enum { SIX_SIGN = 0x20, SIX_MAGNITUDE = 0x1F, SIGN_UP = 31 - 5 };

typedef struct six {
  int64_t up;    // how much further up f32 has the magnitude
  double scale;  // 2^(bias - 127)
} six;

static six six_of(sk_elem elem) {
  return elem == SK_F6E2M3FN ? (six){23 - 3, 0x1p-126} : (six){23 - 2, 0x1p-124};
}

static sk_value scaled(const cast *c, sk_value v, double by) {
  const sk_type scalar = sk_type_tensor(c->e->m, SK_F32, 0, NULL);
  const sk_value factor =
      sk_expand_broadcast(c->e, sk_expand_float(c->e, scalar, by), sk_value_type(c->e->m, v), NULL);
  return sk_expand_2(c->e, SK_OP_MULTIPLY, v, factor);
}

static sk_value moved(const cast *c, sk_value v, sk_opkind shift, int64_t by, int64_t mask) {
  const sk_value there = sk_expand_2(c->e, shift, v, number(c, v, by));
  return sk_expand_2(c->e, SK_OP_AND, there, number(c, there, mask));
}

static sk_value bits_of_six(const cast *c, sk_value v) {
  const cast words = {.e = c->e, .work = SK_U32};
  const six s = six_of((sk_elem)sk_value_type_rec(c->e->m, v)->elem);
  const sk_value wide = scaled(c, sk_expand_convert(c->e, v, SK_F32), s.scale);
  const sk_value bits = same_width(c, wide, SK_U32);
  const sk_value sign = moved(&words, bits, SK_OP_SHIFT_RIGHT_LOGICAL, SIGN_UP, SIX_SIGN);
  const sk_value rest = moved(&words, bits, SK_OP_SHIFT_RIGHT_LOGICAL, s.up, SIX_MAGNITUDE);
  return sk_expand_convert(c->e, sk_expand_2(c->e, SK_OP_OR, sign, rest), c->work);
}

static sk_value six_of_bits(const cast *c, sk_value v, sk_elem elem) {
  const cast words = {.e = c->e, .work = SK_U32};
  const six s = six_of(elem);
  const sk_value bits = sk_expand_convert(c->e, v, SK_U32);
  const sk_value sign =
      moved(&words, bits, SK_OP_SHIFT_LEFT, SIGN_UP, (int64_t)SIX_SIGN << SIGN_UP);
  const sk_value rest = moved(&words, bits, SK_OP_SHIFT_LEFT, s.up, (int64_t)SIX_MAGNITUDE << s.up);
  const sk_value wide = same_width(c, sk_expand_2(c->e, SK_OP_OR, sign, rest), SK_F32);
  return sk_expand_convert(c->e, scaled(c, wide, 1 / s.scale), elem);
}

// Appends the pieces of one part.
static void split_part(const cast *c, sk_value v, sk_value *pieces, uint32_t *count) {
  const sk_elem elem = (sk_elem)sk_value_type_rec(c->e->m, v)->elem;
  const uint32_t bits = sk_elem_bits(elem);
  const sk_value whole =
      is_six_bits(elem) ? bits_of_six(c, v)
                        : sk_expand_convert(c->e, same_width(c, v, unsigned_of(bits)), c->work);
  for (uint32_t at = 0; at < bits; at += c->piece) {
    sk_value piece = whole;
    if (at > 0) {
      piece = sk_expand_2(c->e, SK_OP_SHIFT_RIGHT_LOGICAL, piece, number(c, piece, at));
    }
    if (at + c->piece < bits) {
      const int64_t mask = (int64_t)((UINT64_C(1) << c->piece) - 1);
      piece = sk_expand_2(c->e, SK_OP_AND, piece, number(c, piece, mask));
    }
    pieces[(*count)++] = piece;
  }
}

static void split(const cast *c, sk_value v, sk_value *pieces, uint32_t *count) {
  if (!sk_elem_is_complex(c->from)) {
    split_part(c, v, pieces, count);
    return;
  }
  const sk_type part = sk_expand_retyped(c->e, v, sk_elem_complex_part(c->from));
  split_part(c, sk_expand_emit(c->e, SK_OP_REAL, part, &v, 1, NULL, 0), pieces, count);
  split_part(c, sk_expand_emit(c->e, SK_OP_IMAG, part, &v, 1, NULL, 0), pieces, count);
}

static sk_value join_part(const cast *c, const sk_value *pieces, uint32_t *used) {
  const sk_elem part = sk_elem_complex_part(c->to);
  sk_value sum = pieces[(*used)++];
  for (uint32_t at = c->piece; at < sk_elem_bits(part); at += c->piece) {
    const sk_value piece = pieces[(*used)++];
    sum = sk_expand_2(c->e, SK_OP_OR, sum,
                      sk_expand_2(c->e, SK_OP_SHIFT_LEFT, piece, number(c, piece, at)));
  }
  if (is_six_bits(part)) {
    return six_of_bits(c, sum, part);
  }
  const sk_elem bits = unsigned_of(sk_elem_bits(part));
  return same_width(c, sk_expand_convert(c->e, sum, bits), part);
}

static sk_value join(const cast *c, const sk_value *pieces, uint32_t *used) {
  const sk_value first = join_part(c, pieces, used);
  if (!sk_elem_is_complex(c->to)) {
    return first;
  }
  const sk_value both[2] = {first, join_part(c, pieces, used)};
  return sk_expand_emit(c->e, SK_OP_COMPLEX, sk_expand_retyped(c->e, first, c->to), both, 2, NULL,
                        0);
}

// Element i along the last dimension, which is dropped.
static sk_value take(const cast *c, sk_value v, int64_t i) {
  const sk_type_rec rec = *sk_value_type_rec(c->e->m, v);
  int64_t starts[SK_MAX_RANK] = {0}, limits[SK_MAX_RANK];
  memcpy(limits, rec.dims, sizeof(int64_t) * rec.rank);
  starts[rec.rank - 1] = i;
  limits[rec.rank - 1] = i + 1;
  return sk_expand_reshape(c->e, sk_expand_slice(c->e, v, starts, limits),
                           sk_type_tensor(c->e->m, (sk_elem)rec.elem, rec.rank - 1u, rec.dims));
}

static sk_value stack_last(const cast *c, const sk_value *parts, uint32_t count, sk_type type) {
  const sk_type_rec rec = *sk_type_get(c->e->m, type);
  int64_t dims[SK_MAX_RANK];
  memcpy(dims, rec.dims, sizeof(int64_t) * rec.rank);
  dims[rec.rank - 1] = 1;
  const sk_type one = sk_type_tensor(c->e->m, (sk_elem)rec.elem, rec.rank, dims);
  sk_value *wide = SK_NEW_ARRAY(&c->e->m->arena, sk_value, count);
  for (uint32_t i = 0; i < count; i++) {
    wide[i] = sk_expand_reshape(c->e, parts[i], one);
  }
  const sk_named_attr along = {{SK_NAME_dimension},
                               sk_attr_int(c->e->m, sk_type_scalar(c->e->m, SK_S64), rec.rank - 1)};
  return sk_expand_emit(c->e, SK_OP_CONCATENATE, type, wide, count, &along, 1);
}

sk_status sk_expand_recasting(const sk_expander *e, sk_op op) {
  const sk_value x = sk_expand_operand(e, op, 0), old = sk_op_result(e->m, op, 0);
  const sk_type_rec from = *sk_value_type_rec(e->m, x), to = *sk_value_type_rec(e->m, old);
  cast c = {.e = e, .from = (sk_elem)from.elem, .to = (sk_elem)to.elem};
  const uint32_t a = part_bits(c.from), b = part_bits(c.to);
  c.piece = SK_MIN(a, b);
  c.work = unsigned_of(SK_MAX(SK_MAX(a, b), 8u));
  const int64_t operands = from.rank > to.rank ? from.dims[from.rank - 1] : 1;
  const int64_t results = to.rank > from.rank ? to.dims[to.rank - 1] : 1;
  const uint32_t per_operand = sk_elem_bits(c.from) / c.piece;
  sk_value *pieces = SK_NEW_ARRAY(&e->m->arena, sk_value, (size_t)operands * per_operand + 1);
  sk_value *made = SK_NEW_ARRAY(&e->m->arena, sk_value, (size_t)results + 1);
  uint32_t count = 0, used = 0;
  for (int64_t i = 0; i < operands; i++) {
    split(&c, from.rank > to.rank ? take(&c, x, i) : x, pieces, &count);
  }
  for (int64_t i = 0; i < results; i++) {
    made[i] = join(&c, pieces, &used);
  }
  sk_rebuild_set(e->r, old,
                 to.rank > from.rank
                     ? stack_last(&c, made, (uint32_t)results, sk_value_type(e->m, old))
                     : made[0]);
  return NULL;
}
