// SPDX-License-Identifier: Apache-2.0
// Elements of arrays as numbers, for comparing them: values, units in the last place, the edges of types.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "oracle_int.h"

double oracle_element(sk_elem elem, const void *data, int64_t index) {
  const char *at = (const char *)data + index * (int64_t)sk_elem_bytes(elem);
  uint64_t bits = 0;
  float f32;
  double f64;
  switch ((int)elem) {
    case SK_F32: memcpy(&f32, at, 4); return (double)f32;
    case SK_F64: memcpy(&f64, at, 8); return f64;
#define X(name, ...)                                                                               \
  case SK_##name:                                                                                  \
    memcpy(&bits, at, sk_elem_bytes(elem));                                                        \
    return sk_num_decode(SK_NUM_##name, (uint32_t)bits);
#include "base/num.def"
#undef X
    default: {
      uint32_t unused = 64 - 8 * sk_elem_bytes(elem);
      memcpy(&bits, at, sk_elem_bytes(elem));
      bool has_sign = sk_elem_is_signed(elem);
      return has_sign ? (double)((int64_t)(bits << unused) >> unused) : (double)bits;
    }
  }
}

void oracle_set_element(sk_elem elem, void *data, int64_t index, double value) {
  char *at = (char *)data + index * (int64_t)sk_elem_bytes(elem);
  float f32 = (float)value;
  uint32_t bits;
  switch ((int)elem) {
    case SK_F32: memcpy(at, &f32, 4); return;
    case SK_F64: memcpy(at, &value, 8); return;
#define X(name, ...)                                                                               \
  case SK_##name:                                                                                  \
    bits = sk_num_encode(SK_NUM_##name, value);                                                    \
    memcpy(at, &bits, sk_elem_bytes(elem));                                                        \
    return;
#include "base/num.def"
#undef X
    default: return;
  }
}

// Half a unit in the last place of 1.
double oracle_epsilon(sk_elem elem) {
  switch ((int)elem) {
    case SK_F64: return 0x1p-53;
    case SK_F32: return 0x1p-24;
#define X(name, text, bits, exponent, mantissa, ...)                                               \
  case SK_##name:                                                                                  \
    return ldexp(1, -(mantissa)-1);
#include "base/num.def"
#undef X
    default: return 0;
  }
}

double oracle_largest_finite(sk_elem elem) {
  switch ((int)elem) {
    case SK_F64: return 0x1.fffffffffffffp1023;
    case SK_F32: return 0x1.fffffep127;
#define X(name, text, bits, exponent, mantissa, bias, ...)                                         \
  case SK_##name:                                                                                  \
    return ldexp(1, (1 << (exponent)) - 1 - (bias));
#include "base/num.def"
#undef X
    default: return HUGE_VAL;
  }
}

double oracle_smallest_step(sk_elem elem) {
  switch ((int)elem) {
    case SK_F64: return 0x1p-1074;
    case SK_F32: return 0x1p-149;
#define X(name, text, bits, exponent, mantissa, bias, ...)                                         \
  case SK_##name:                                                                                  \
    return ldexp(1, 1 - (bias) - (mantissa));
#include "base/num.def"
#undef X
    default: return 0;
  }
}

double oracle_unit_at(sk_elem elem, double x) {
  double unit = 2 * oracle_epsilon(elem) * fabs(x);  // at most twice the true one
  return unit > oracle_smallest_step(elem) ? unit : oracle_smallest_step(elem);
}

bool oracle_is_narrow(sk_elem elem) {
  return sk_elem_is_float(elem) && elem != SK_F32 && elem != SK_F64;
}

// Narrow floats compute in f32.
double oracle_computing_epsilon(sk_elem elem) {
  return oracle_epsilon(oracle_is_narrow(elem) ? SK_F32 : elem);
}

bool oracle_same_bits(sk_elem part, const void *a, const void *b, int64_t i) {
  size_t bytes = sk_elem_bytes(part);
  const char *x = (const char *)a + (size_t)i * bytes, *y = (const char *)b + (size_t)i * bytes;
  return memcmp(x, y, bytes) == 0 || (sk_elem_is_float(part) && isnan(oracle_element(part, a, i)) &&
                                      isnan(oracle_element(part, b, i)));
}

int64_t oracle_first_difference(sk_elem elem, const void *a, const void *b, int64_t count) {
  sk_elem part = sk_elem_complex_part(elem);
  int64_t parts = part != elem ? 2 : 1;
  if (memcmp(a, b, (size_t)count * sk_elem_bytes(elem)) == 0) {
    return -1;
  }
  for (int64_t i = 0; i < count * parts; i++) {
    if (!oracle_same_bits(part, a, b, i)) {
      return i / parts;
    }
  }
  return -1;
}

void oracle_print_element(sk_elem elem, const void *data, int64_t index, char *buf, size_t bytes) {
  sk_elem part = sk_elem_complex_part(elem);
  if (part != elem) {
    snprintf(buf, bytes, "(%.17g, %.17g)", oracle_element(part, data, 2 * index),
             oracle_element(part, data, 2 * index + 1));
  } else if (sk_elem_is_float(elem)) {
    snprintf(buf, bytes, elem == SK_F64 ? "%.17g" : "%.9g", oracle_element(elem, data, index));
  } else {
    uint64_t bits = 0;
    memcpy(&bits, (const char *)data + index * (int64_t)sk_elem_bytes(elem), sk_elem_bytes(elem));
    uint32_t unused = 64 - 8 * sk_elem_bytes(elem);
    snprintf(buf, bytes, sk_elem_is_signed(elem) ? "%lld" : "%llu",
             sk_elem_is_signed(elem) ? (long long)((int64_t)(bits << unused) >> unused)
                                     : (long long)bits);
  }
}
