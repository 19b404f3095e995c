// SPDX-License-Identifier: Apache-2.0
// Random numbers: rng_bit_generator with the bits XLA gives, and rng.
//
//   THREE_FRY         Threefry-2x32-20 of (counter + i), key and counter from the state
//   PHILOX, DEFAULT   Philox-4x32-10 of consecutive 128-bit counters
//
// (J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3; SC 2011.) rng has no state of its
// own in the program: it draws from Philox, keyed by the op, the process and how often it drew.
#include <math.h>

#include "base/mem.h"
#include "interp/interp_int.h"

// ---- generators

static uint32_t rotate(uint32_t x, unsigned by) { return x << by | x >> (32 - by); }

void sk_interp_threefry(uint64_t key, uint64_t counter, uint32_t out[2]) {
  static const uint8_t rotations[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  const uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  const uint32_t keys[3] = {k0, k1, k0 ^ k1 ^ 0x1BD11BDA};
  uint32_t x = (uint32_t)counter + keys[0], y = (uint32_t)(counter >> 32) + keys[1];
  for (uint32_t group = 0; group < 5; group++) {
    for (int i = 0; i < 4; i++) {
      x += y;
      y = rotate(y, rotations[group % 2][i]) ^ x;
    }
    x += keys[(group + 1) % 3];
    y += keys[(group + 2) % 3] + group + 1;
  }
  out[0] = x;
  out[1] = y;
}

static void philox(uint64_t key, uint64_t low, uint64_t high, uint32_t out[4]) {
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  uint32_t x[4] = {(uint32_t)low, (uint32_t)(low >> 32), (uint32_t)high, (uint32_t)(high >> 32)};
  for (int round = 0; round < 10; round++) {
    uint64_t p = (uint64_t)0xD2511F53 * x[0], q = (uint64_t)0xCD9E8D57 * x[2];
    const uint32_t next[4] = {(uint32_t)(q >> 32) ^ x[1] ^ k0, (uint32_t)q,
                              (uint32_t)(p >> 32) ^ x[3] ^ k1, (uint32_t)p};
    memcpy(x, next, sizeof x);
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  memcpy(out, x, sizeof x);
}

// ---- rng_bit_generator

// Stores an element's bits, of which `bits` holds at least as many.
static void set_bits(sk_tensor *t, int64_t i, uint64_t bits) {
  sk_elem elem = (sk_elem)t->type->elem;
  uint32_t bytes = sk_elem_bytes(elem);
  if (sk_elem_is_int(elem) || elem == SK_PRED) {
    sk_tensor_set(t, i, (sk_number){.i = (int64_t)bits});
  } else {
    memcpy(t->data + i * (int64_t)bytes, &bits, SK_MIN(bytes, 8));
  }
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

// Returns how far the counter advances.
static uint64_t fill_threefry(sk_tensor *t, uint64_t key, uint64_t counter) {
  uint32_t out[2];
  if (sk_elem_bits((sk_elem)t->type->elem) == 64) {
    for (int64_t i = 0; i < t->count; i++) {
      sk_interp_threefry(key, counter + (uint64_t)i, out);
      set_bits(t, i, (uint64_t)out[1] << 32 | out[0]);
    }
    return (uint64_t)t->count;
  }
  if (t->type->rank == 0) {
    sk_interp_threefry(key, counter, out);
    set_bits(t, 0, out[0]);
    return 1;
  }
  uint32_t along = split_dimension(t->type);
  int64_t at[SK_MAX_RANK], stride = 1, extent = t->type->dims[along], half = (extent + 1) / 2;
  for (uint32_t d = along + 1; d < t->type->rank; d++) {
    stride *= t->type->dims[d];
  }
  for (int64_t i = 0; i < t->count; i++) {
    sk_unravel(t->type, i, at);
    int64_t outer = i / (stride * extent), inner = i % stride;
    int64_t pair = (outer * half + at[along] / 2) * stride + inner;
    sk_interp_threefry(key, counter + (uint64_t)pair, out);
    set_bits(t, i, out[at[along] % 2]);
  }
  return extent == 0 ? 0 : (uint64_t)(t->count / extent * half);
}

static uint64_t fill_philox(sk_tensor *t, uint64_t key, uint64_t low, uint64_t high) {
  uint32_t out[4], words = sk_elem_bits((sk_elem)t->type->elem) == 64 ? 2 : 1;
  uint64_t total = (uint64_t)t->count * words;
  for (uint64_t w = 0; w < total; w += words) {
    if (w % 4 == 0) {
      uint64_t at = low + w / 4;
      philox(key, at, high + (at < low), out);
    }
    uint64_t bits = words == 2 ? (uint64_t)out[w % 4 + 1] << 32 | out[w % 4] : out[w % 4];
    set_bits(t, (int64_t)(w / words), bits);
  }
  return (total + 3) / 4;
}

sk_status sk_interp_RNG_BIT_GENERATOR(sk_interp *s, sk_op op) {
  enum { THREE_FRY = 1 };
  const sk_tensor *state = sk_interp_operand(s, op, 0);
  sk_tensor *next, *t;
  SK_TRY(sk_interp_result(s, op, 0, NULL, &next));
  SK_TRY(sk_interp_result(s, op, 1, NULL, &t));
  bool words = sk_elem_bits((sk_elem)state->type->elem) == 64 && state->type->rank == 1;
  SK_TRY(sk_interp_require(s, op, words && (state->count == 2 || state->count == 3),
                           "the state is not of 2 or 3 elements of ui64"));
  uint64_t key = (uint64_t)sk_tensor_get(state, 0).i, low = (uint64_t)sk_tensor_get(state, 1).i;
  uint64_t high = state->count == 3 ? (uint64_t)sk_tensor_get(state, 2).i : key;
  uint64_t steps = sk_op_int(s->m, op, SK_NAME_rng_algorithm, 0) == THREE_FRY
                       ? fill_threefry(t, key, low)
                       : fill_philox(t, key, low, high);
  uint64_t after = low + steps;
  sk_tensor_set(next, 0, (sk_number){.i = (int64_t)key});
  sk_tensor_set(next, 1, (sk_number){.i = (int64_t)after});
  if (state->count == 3) {
    sk_tensor_set(next, 2, (sk_number){.i = (int64_t)(high + (after < low))});
  }
  return NULL;
}

// ---- rng

// In (0, 1): the middle of one of 2^53 intervals.
static double unit_interval(const uint32_t *words) {
  uint64_t bits = ((uint64_t)words[1] << 32 | words[0]) >> 11;
  return ((double)bits + 0.5) * 0x1p-53;
}

static sk_number draw_uniform(sk_elem elem, const uint32_t *words, sk_number a, sk_number b) {
  if (sk_elem_is_float(elem)) {
    double value = sk_round_to(elem, a.re + (b.re - a.re) * unit_interval(words));
    return (sk_number){.re = value < b.re ? value : a.re};  // rounded up to the open end
  }
  uint64_t span = (uint64_t)b.i - (uint64_t)a.i, bits = (uint64_t)words[1] << 32 | words[0];
  return (sk_number){.i = (int64_t)((uint64_t)a.i + (span != 0 ? bits % span : 0))};
}

static sk_number draw_normal(const uint32_t *words, sk_number mean, sk_number deviation) {
  double radius = sqrt(-2 * log(unit_interval(words)));
  return (sk_number){.re = mean.re +
                           deviation.re * radius * cos(2 * M_PI * unit_interval(words + 2))};
}

sk_status sk_interp_RNG(sk_interp *s, sk_op op) {
  enum { NORMAL = 2 };
  const sk_tensor *sizes = sk_interp_operand(s, op, 2);
  sk_number a = sk_tensor_get(sk_interp_operand(s, op, 0), 0);
  sk_number b = sk_tensor_get(sk_interp_operand(s, op, 1), 0);
  int64_t dims[SK_MAX_RANK];
  sk_tensor *t;
  SK_TRY(sk_interp_require(s, op,
                           sizes->count == sk_value_type_rec(s->m, sk_op_result(s->m, op, 0))->rank,
                           "the shape has another number of elements"));
  for (int64_t d = 0; d < sizes->count; d++) {
    dims[d] = sk_tensor_index(sizes, d);
  }
  SK_TRY(sk_interp_result(s, op, 0, dims, &t));
  bool normal = sk_op_int(s->m, op, SK_NAME_rng_distribution, 1) == NORMAL;
  uint64_t draw = s->draws++;
  for (int64_t i = 0; i < t->count; i++) {
    uint32_t words[4];
    philox((uint64_t)s->process << 32 | op.id, (uint64_t)i, draw, words);
    sk_tensor_set(t, i,
                  normal ? draw_normal(words, a, b)
                         : draw_uniform((sk_elem)t->type->elem, words, a, b));
  }
  return NULL;
}
