// SPDX-License-Identifier: Apache-2.0
// The pseudo-random arrays of --random (docs/cli.md). Each element is a function of seed, argument
// and its own index, so that another program can make the same arrays in any order:
//
//   h = finaliser of splitmix64 (seed * 0x9E3779B97F4A7C15 + (argument << 40) + index)
//   float    (h >> 40) * 2^-24 * 0.9 + 0.05 in double, rounded once: inside (0, 1)
//   integer  h mod 4 in the type's own bits; i1: h mod 2
//
// A complex element is two floats. One loop per kind of type: the arguments of a large program are
// made in the time that writing them takes, which is part of the first result.
#include <string.h>

#include "base/hash.h"
#include "base/num.h"
#include "cli.h"

typedef struct stream {
  uint64_t base;
  size_t count;
} stream;

static inline uint64_t hash_at(stream s, size_t index) { return sk_hash_splitmix(s.base + index); }

static inline double uniform_at(stream s, size_t index) {
  return (double)(int64_t)(hash_at(s, index) >> 40) * 0x1p-24 * 0.9 + 0.05;
}

static void fill_f32(stream s, float *out) {
  for (size_t i = 0; i < s.count; i++) {
    out[i] = (float)uniform_at(s, i);
  }
}

static void fill_f64(stream s, double *out) {
  for (size_t i = 0; i < s.count; i++) {
    out[i] = uniform_at(s, i);
  }
}

static void fill_narrow(stream s, sk_numfmt format, size_t width, char *out) {
  for (size_t i = 0; i < s.count; i++) {
    uint32_t bits = sk_num_encode(format, uniform_at(s, i));
    memcpy(out + i * width, &bits, width);
  }
}

// Numbers of two bits; those of s2 are signed, and stored in a whole byte.
static void fill_integer(stream s, skarn_type type, size_t width, char *out) {
  uint64_t mask = type == SKARN_TYPE_PRED ? 1 : 3;
  for (size_t i = 0; i < s.count; i++) {
    uint64_t value = hash_at(s, i) & mask;
    if (type == SKARN_TYPE_S2 && value >= 2) {
      value -= 4;
    }
    memcpy(out + i * width, &value, width);
  }
}

void cli_random(uint64_t seed, size_t argument, skarn_type type, void *out, size_t bytes) {
  bool complex = type == SKARN_TYPE_C64 || type == SKARN_TYPE_C128;
  size_t width = skarn_type_bytes(type) / (complex ? 2 : 1);
  if (width == 0) {
    return;
  }
  stream s = {seed * 0x9E3779B97F4A7C15u + ((uint64_t)argument << 40), bytes / width};
  switch (type) {
    case SKARN_TYPE_F32:
    case SKARN_TYPE_C64: fill_f32(s, out); return;
    case SKARN_TYPE_F64:
    case SKARN_TYPE_C128: fill_f64(s, out); return;
#define X(name, ...)                                                                               \
  case SKARN_TYPE_##name:                                                                          \
    fill_narrow(s, SK_NUM_##name, width, out);                                                     \
    return;
#include "base/num.def"
#undef X
    default: fill_integer(s, type, width, out); return;
  }
}
