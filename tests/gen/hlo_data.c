// SPDX-License-Identifier: Apache-2.0
// Elements for arguments and constants.
//
//   tame   floats are multiples of 2^-4 in [-4, 4]: sums are exact, comparisons and conversions do
//          not hang on the last bit. Integers are small.
//   wild   a mix of those, uniform bits, the largest and smallest numbers, denormals, NaN,
//          infinities, zeros of both signs
//
// Narrow types get the nearest value they have; storage follows ir/types.def (s4 sign-extended in a
// byte, and so on).
#include <string.h>

#include "base/hash.h"
#include "base/num.h"
#include "hlo.h"

static uint64_t next(uint64_t *rng) { return sk_hash_splitmix(*rng += 0x9E3779B97F4A7C15u); }

static double tame_float(uint64_t r) { return (double)((int64_t)(r % 129) - 64) / 16; }

static void put_f64(double value, void *out) { memcpy(out, &value, 8); }
static void put_f32(double value, void *out) {
  float narrow = (float)value;
  memcpy(out, &narrow, 4);
}

static void fill_f32(uint64_t *rng, bool wild, void *out) {
  static const uint32_t special[] = {0x00000000, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000,
                                     0x00000001, 0x807fffff, 0x00800000, 0x7f7fffff, 0xff7fffff,
                                     0x3f800000, 0xbf800000, 0x4f000000, 0xcf000000, 0x33800000};
  uint64_t r = next(rng);
  if (!wild || r % 4 < 2) {
    put_f32(tame_float(r >> 8), out);
  } else if (r % 4 == 2) {
    memcpy(out, &special[(r >> 8) % SK_COUNT(special)], 4);
  } else {
    uint32_t bits = (uint32_t)(r >> 32);
    memcpy(out, &bits, 4);
  }
}

static void fill_f64(uint64_t *rng, bool wild, void *out) {
  static const uint64_t special[] = {0x0000000000000000, 0x8000000000000000, 0x7ff0000000000000,
                                     0xfff0000000000000, 0x7ff8000000000000, 0x0000000000000001,
                                     0x800fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff,
                                     0xffefffffffffffff, 0x3ff0000000000000, 0x43e0000000000000,
                                     0xc3e0000000000000, 0x36a0000000000000};
  uint64_t r = next(rng);
  if (!wild || r % 4 < 2) {
    put_f64(tame_float(r >> 8), out);
  } else if (r % 4 == 2) {
    memcpy(out, &special[(r >> 8) % SK_COUNT(special)], 8);
  } else {
    uint64_t bits = next(rng);
    memcpy(out, &bits, 8);
  }
}

static void fill_narrow(uint64_t *rng, sk_numfmt format, uint32_t bits, bool wild, void *out) {
  uint64_t r = next(rng);
  uint32_t code = wild && r % 2 == 0 ? (uint32_t)(r >> 32) & ((1u << bits) - 1)
                                     : sk_num_encode(format, tame_float(r >> 8));
  memcpy(out, &code, (bits + 7) / 8);
}

static void fill_int(uint64_t *rng, sk_elem elem, bool wild, void *out) {
  uint64_t r = next(rng);
  uint32_t bits = sk_elem_bits(elem);
  uint64_t value = (uint64_t)((int64_t)((r >> 8) % 17) - (sk_elem_is_signed(elem) ? 8 : 0));
  if (wild && r % 2 == 0) {
    uint64_t top = UINT64_C(1) << (bits - 1);
    const uint64_t special[] = {0, top, top - 1, UINT64_MAX, 1, 63, next(rng), next(rng)};
    value = special[(r >> 8) % SK_COUNT(special)];
  }
  uint32_t unused = 64 - bits;  // bring it to the type: what storage says of the bits above
  value = sk_elem_is_signed(elem) ? (uint64_t)((int64_t)(value << unused) >> unused)
                                  : value << unused >> unused;
  memcpy(out, &value, sk_elem_bytes(elem));
}

static void fill_one(uint64_t *rng, sk_elem elem, bool wild, char *out) {
  switch ((int)elem) {
    case SK_PRED: *out = (char)(next(rng) & 1); return;
    case SK_F32: fill_f32(rng, wild, out); return;
    case SK_F64: fill_f64(rng, wild, out); return;
    case SK_C64:
      fill_f32(rng, wild, out);
      fill_f32(rng, wild, out + 4);
      return;
    case SK_C128:
      fill_f64(rng, wild, out);
      fill_f64(rng, wild, out + 8);
      return;
#define X(name, ...)                                                                               \
  case SK_##name:                                                                                  \
    fill_narrow(rng, SK_NUM_##name, sk_elem_bits(elem), wild, out);                                \
    return;
#include "base/num.def"
#undef X
    default: fill_int(rng, elem, wild, out); return;
  }
}

void hlo_fill(uint64_t *rng, sk_elem elem, int64_t count, bool wild, void *out) {
  uint32_t bytes = sk_elem_bytes(elem);
  for (int64_t i = 0; i < count; i++) {
    fill_one(rng, elem, wild, (char *)out + i * (int64_t)bytes);
  }
}
