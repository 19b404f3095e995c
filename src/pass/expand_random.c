// SPDX-License-Identifier: Apache-2.0
// rng_bit_generator as integer arithmetic on counters, with the bits XLA gives:
//
//   THREE_FRY         Threefry-2x32-20 of (counter + i), key and counter from the state
//   PHILOX, DEFAULT   Philox-4x32-10 of consecutive 128-bit counters
//
// (J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3; SC 2011.) A block of two or four words
// is one point of an element-wise computation; the words are laid side by side by a concatenation.
// The state is (key, counter) or (key, counter, high half of the counter), ui64.
#include "pass/expand_int.h"

enum { THREE_FRY = 1 };

static sk_value constant_like(const sk_expander *e, sk_value like, int64_t value) {
  const sk_type scalar =
      sk_type_tensor(e->m, (sk_elem)sk_value_type_rec(e->m, like)->elem, 0, NULL);
  return sk_expand_broadcast(e, sk_expand_int(e, scalar, value), sk_value_type(e->m, like), NULL);
}

static sk_value add(const sk_expander *e, sk_value a, sk_value b) {
  return sk_expand_2(e, SK_OP_ADD, a, b);
}

static sk_value exclusive_or(const sk_expander *e, sk_value a, sk_value b) {
  return sk_expand_2(e, SK_OP_XOR, a, b);
}

static sk_value shift_right(const sk_expander *e, sk_value v, int64_t by) {
  return sk_expand_2(e, SK_OP_SHIFT_RIGHT_LOGICAL, v, constant_like(e, v, by));
}

static sk_value low_word(const sk_expander *e, sk_value v) {
  return sk_expand_convert(e, v, SK_U32);
}

static sk_value high_word(const sk_expander *e, sk_value v) {
  return low_word(e, shift_right(e, v, 32));
}

static sk_value rotate(const sk_expander *e, sk_value v, int64_t by) {
  const sk_value left = sk_expand_2(e, SK_OP_SHIFT_LEFT, v, constant_like(e, v, by));
  return sk_expand_2(e, SK_OP_OR, left, shift_right(e, v, 32 - by));
}

// A 0-D value in every element, or one that has the shape already.
static sk_value spread(const sk_expander *e, sk_value scalar, sk_value like) {
  if (sk_value_type(e->m, scalar).id == sk_value_type(e->m, like).id) {
    return scalar;
  }
  const sk_elem elem = (sk_elem)sk_value_type_rec(e->m, scalar)->elem;
  return sk_expand_broadcast(e, scalar, sk_expand_retyped(e, like, elem), NULL);
}

// Element i of the state, 0-D.
static sk_value state_word(const sk_expander *e, sk_value state, int64_t i) {
  const int64_t start = i, limit = i + 1;
  return sk_expand_reshape(e, sk_expand_slice(e, state, &start, &limit),
                           sk_type_tensor(e->m, SK_U64, 0, NULL));
}

// Row-major numbers of the elements of a shape, ui64.
static sk_value numbers(const sk_expander *e, uint32_t rank, const int64_t *dims) {
  int64_t count = 1;
  for (uint32_t d = 0; d < rank; d++) {
    count *= dims[d];
  }
  const sk_value line = sk_expand_iota(e, sk_type_tensor(e->m, SK_U64, 1, &count), 0);
  return sk_expand_reshape(e, line, sk_type_tensor(e->m, SK_U64, rank, dims));
}

// ---- generators; counters of any shape

void sk_expand_threefry(const sk_expander *e, const sk_value key[3], const sk_value counter[2],
                        sk_value out[2]) {
  static const uint8_t rotations[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  sk_value keys[3], x = counter[0], y = counter[1];
  for (uint32_t i = 0; i < 3; i++) {
    keys[i] = spread(e, key[i], x);
  }
  x = add(e, x, keys[0]);
  y = add(e, y, keys[1]);
  for (uint32_t group = 0; group < 5; group++) {
    for (int i = 0; i < 4; i++) {
      x = add(e, x, y);
      y = exclusive_or(e, rotate(e, y, rotations[group % 2][i]), x);
    }
    x = add(e, x, keys[(group + 1) % 3]);
    y = add(e, y, add(e, keys[(group + 2) % 3], constant_like(e, y, (int64_t)group + 1)));
  }
  out[0] = x;
  out[1] = y;
}

void sk_expand_threefry_key(const sk_expander *e, sk_value key[3]) {
  const sk_value both = exclusive_or(e, key[0], key[1]);
  key[2] = exclusive_or(e, both, constant_like(e, both, 0x1BD11BDA));
}

static void threefry(const sk_expander *e, sk_value key, sk_value counters, sk_value out[2]) {
  const sk_value words[2] = {low_word(e, counters), high_word(e, counters)};
  sk_value keys[3] = {low_word(e, key), high_word(e, key)};
  sk_expand_threefry_key(e, keys);
  sk_expand_threefry(e, keys, words, out);
}

static void philox(const sk_expander *e, sk_value key, sk_value low, sk_value high,
                   sk_value out[4]) {
  sk_value x[4] = {low_word(e, low), high_word(e, low), low_word(e, high), high_word(e, high)};
  sk_value k0 = low_word(e, key), k1 = high_word(e, key);
  const sk_value a = constant_like(e, x[0], 0xD2511F53), b = constant_like(e, x[0], 0xCD9E8D57);
  for (int round = 0; round < 10; round++) {
    const sk_value p_high = sk_expand_2(e, SK_OP_CHLO_MULHI, x[0], a);
    const sk_value q_high = sk_expand_2(e, SK_OP_CHLO_MULHI, x[2], b);
    const sk_value next[4] = {exclusive_or(e, exclusive_or(e, q_high, x[1]), spread(e, k0, x[1])),
                              sk_expand_2(e, SK_OP_MULTIPLY, x[2], b),
                              exclusive_or(e, exclusive_or(e, p_high, x[3]), spread(e, k1, x[3])),
                              sk_expand_2(e, SK_OP_MULTIPLY, x[0], a)};
    memcpy(x, next, sizeof x);
    k0 = add(e, k0, constant_like(e, k0, 0x9E3779B9));
    k1 = add(e, k1, constant_like(e, k1, 0xBB67AE85));
  }
  memcpy(out, x, sizeof x);
}

// ---- words to elements

// Values of one shape side by side along a new dimension in front of dimension `at`.
static sk_value stack(const sk_expander *e, const sk_value *parts, uint32_t count, uint32_t at) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, parts[0]);
  sk_value wide[4];
  int64_t dims[SK_MAX_RANK + 1];
  memcpy(dims, rec.dims, sizeof(int64_t) * at);
  dims[at] = 1;
  memcpy(dims + at + 1, rec.dims + at, sizeof(int64_t) * (rec.rank - at));
  const sk_type one = sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank + 1u, dims);
  for (uint32_t i = 0; i < count; i++) {
    wide[i] = sk_expand_reshape(e, parts[i], one);
  }
  dims[at] = count;
  const sk_named_attr along = {{SK_NAME_dimension},
                               sk_attr_int(e->m, sk_type_scalar(e->m, SK_S64), at)};
  return sk_expand_emit(e, SK_OP_CONCATENATE,
                        sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank + 1u, dims), wide, count,
                        &along, 1);
}

static sk_value join_words(const sk_expander *e, sk_value low, sk_value high) {
  const sk_value wide = sk_expand_convert(e, high, SK_U64);
  return sk_expand_2(e, SK_OP_OR,
                     sk_expand_2(e, SK_OP_SHIFT_LEFT, wide, constant_like(e, wide, 32)),
                     sk_expand_convert(e, low, SK_U64));
}

// Bits, at least as many as needed, as elements of the result's type.
static sk_value as_elements(const sk_expander *e, sk_value bits, sk_elem elem) {
  if (sk_elem_is_int(elem)) {
    return sk_expand_convert(e, bits, elem);
  }
  const sk_elem same = sk_elem_bytes(elem) == 8   ? SK_U64
                       : sk_elem_bytes(elem) == 4 ? SK_U32
                       : sk_elem_bytes(elem) == 2 ? SK_U16
                                                  : SK_U8;
  const sk_value exact = sk_expand_convert(e, bits, same);
  return sk_expand_emit(e, SK_OP_BITCAST_CONVERT, sk_expand_retyped(e, exact, elem), &exact, 1,
                        NULL, 0);
}

// Two words of a pair go to neighbours along the first even dimension, else the largest.
static uint32_t split_dimension(const sk_type_rec *type) {
  uint32_t largest = 0;
  for (uint32_t d = 0; d < type->rank; d++) {
    if (type->dims[d] % 2 == 0) {
      return d;
    }
    largest = type->dims[d] > type->dims[largest] ? d : largest;
  }
  return largest;
}

// Bits in the shape of the result; *out_steps: how far the counter advances.
static sk_value threefry_bits(const sk_expander *e, sk_type type, sk_value key, sk_value counter,
                              int64_t *out_steps) {
  const sk_type_rec rec = *sk_type_get(e->m, type);
  const sk_type bits_type = sk_type_tensor(e->m, SK_U32, rec.rank, rec.dims);
  const bool paired = sk_elem_bits((sk_elem)rec.elem) < 64 && rec.rank > 0;
  int64_t dims[3] = {1, 1, 1}, extent = 1, half = 1;
  if (paired) {
    uint32_t along = split_dimension(&rec);
    extent = rec.dims[along];
    half = (extent + 1) / 2;
    dims[1] = half;
    for (uint32_t d = 0; d < rec.rank; d++) {
      dims[d < along ? 0 : 2] *= d == along ? 1 : rec.dims[d];
    }
  }
  sk_value at = paired ? numbers(e, 3, dims) : numbers(e, rec.rank, rec.dims), words[2];
  sk_type_elem_count(e->m, sk_value_type(e->m, at), out_steps);
  threefry(e, key, add(e, at, spread(e, counter, at)), words);
  if (!paired) {
    return sk_elem_bits((sk_elem)rec.elem) < 64 ? words[0] : join_words(e, words[0], words[1]);
  }
  const sk_value pairs = stack(e, words, 2, 2);  // [outer, half, 2, inner]
  const int64_t flat[3] = {dims[0], 2 * half, dims[2]}, starts[3] = {0, 0, 0};
  const int64_t limits[3] = {dims[0], extent, dims[2]};
  const sk_value line = sk_expand_reshape(e, pairs, sk_type_tensor(e->m, SK_U32, 3, flat));
  return sk_expand_reshape(e, sk_expand_slice(e, line, starts, limits), bits_type);
}

static sk_value philox_bits(const sk_expander *e, sk_type type, sk_value key, sk_value low,
                            sk_value high, int64_t *out_steps) {
  const sk_type_rec rec = *sk_type_get(e->m, type);
  const bool wide = sk_elem_bits((sk_elem)rec.elem) == 64;
  int64_t count = 0;
  sk_type_elem_count(e->m, type, &count);
  const int64_t per_block = wide ? 2 : 4, blocks = (count + per_block - 1) / per_block;
  const sk_value at = numbers(e, 1, &blocks);
  const sk_value from = spread(e, low, at), counter = add(e, at, from);
  const sk_value carry =
      sk_expand_convert(e, sk_expand_compare(e, SK_CMP_LT, counter, from), SK_U64);
  sk_value words[4];
  philox(e, key, counter, add(e, spread(e, high, at), carry), words);
  if (wide) {
    words[0] = join_words(e, words[0], words[1]);
    words[1] = join_words(e, words[2], words[3]);
  }
  const int64_t all = blocks * per_block, start = 0;
  const sk_elem elem = wide ? SK_U64 : SK_U32;
  const sk_value line = sk_expand_reshape(e, stack(e, words, (uint32_t)per_block, 1),
                                          sk_type_tensor(e->m, elem, 1, &all));
  *out_steps = blocks;
  return sk_expand_reshape(e, sk_expand_slice(e, line, &start, &count),
                           sk_type_tensor(e->m, elem, rec.rank, rec.dims));
}

// ---- the op

static sk_value next_state(const sk_expander *e, sk_type type, sk_value key, sk_value low,
                           sk_value high, int64_t steps) {
  const sk_type one = sk_type_tensor(e->m, SK_U64, 1, (const int64_t[1]){1});
  const sk_value after = add(e, low, constant_like(e, low, steps));
  const sk_value carry = sk_expand_convert(e, sk_expand_compare(e, SK_CMP_LT, after, low), SK_U64);
  sk_value parts[3] = {key, after, add(e, high, carry)};
  for (uint32_t i = 0; i < 3; i++) {
    parts[i] = sk_expand_reshape(e, parts[i], one);
  }
  const sk_named_attr along = {{SK_NAME_dimension},
                               sk_attr_int(e->m, sk_type_scalar(e->m, SK_S64), 0)};
  return sk_expand_emit(e, SK_OP_CONCATENATE, type, parts,
                        (uint32_t)sk_type_get(e->m, type)->dims[0], &along, 1);
}

bool sk_expand_is_bit_generator(const sk_module *m, sk_op op) {
  const sk_type_rec *state = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  const sk_type_rec *to = sk_value_type_rec(m, sk_op_result(m, op, 1));
  const sk_elem elem = (sk_elem)to->elem;
  return state->elem == SK_U64 && state->rank == 1 &&
         (state->dims[0] == 2 || state->dims[0] == 3) &&
         (sk_elem_is_int(elem) || sk_elem_is_float(elem)) && to->rank < SK_MAX_RANK &&
         sk_type_is_static_tensor(m, sk_value_type(m, sk_op_result(m, op, 1)));
}

sk_status sk_expand_bit_generator(const sk_expander *e, sk_op op) {
  const sk_value state = sk_expand_operand(e, op, 0);
  const sk_type type = sk_value_type(e->m, sk_op_result(e->m, op, 1));
  const sk_type state_type = sk_value_type(e->m, state);
  const sk_elem elem = (sk_elem)sk_type_get(e->m, type)->elem;
  const sk_value key = state_word(e, state, 0), low = state_word(e, state, 1);
  const sk_value high = sk_type_get(e->m, state_type)->dims[0] == 3 ? state_word(e, state, 2) : key;
  int64_t steps = 0;
  const sk_value bits = sk_op_int(e->m, op, SK_NAME_rng_algorithm, 0) == THREE_FRY
                            ? threefry_bits(e, type, key, low, &steps)
                            : philox_bits(e, type, key, low, high, &steps);
  sk_rebuild_set(e->r, sk_op_result(e->m, op, 0), next_state(e, state_type, key, low, high, steps));
  sk_rebuild_set(e->r, sk_op_result(e->m, op, 1), as_elements(e, bits, elem));
  return NULL;
}
