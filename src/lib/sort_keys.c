// SPDX-License-Identifier: Apache-2.0
// Rows of elements made numbers, and zeros and NaNs put back in their order.
//
// Where an order makes -0 and +0 one, and all NaNs, so do the numbers: which is which no longer shows when they are sorted. A row that
// has a -0 or a NaN is looked through again, and its zeros and NaNs, in the order in which they stand there, replace those of the
// sorted row: that is what a stable sort gives.
#include "base/cpu.h"
#include "lib/sort_int.h"
#include "lib/sort_lanes.h"

static int64_t sign_extended(uint64_t bits, int64_t bytes) {
  const int64_t above = 64 - 8 * bytes;
  return (int64_t)(bits << above) >> above;
}

sk_sort_form sk_sort_form_of(const sk_sort_key *key) {
  const uint64_t sign = (uint64_t)1 << (8 * key->elem_bytes - 1);
  const uint64_t mantissa = (sign >> key->exponent_bits) - 1;
  const bool is_float = key->order >= SK_SORT_TOTAL;
  const uint64_t flip =
      (key->order == SK_SORT_UNSIGNED ? sign : 0) ^ (0 - (uint64_t)(key->descending != 0));
  return (sk_sort_form){.magnitude = is_float ? (int64_t)(sign - 1) : 0,
                        .flip = sign_extended(flip, key->elem_bytes),
                        .infinity = is_float ? (int64_t)((sign - 1) & ~mantissa) : INT64_MAX,
                        .has_one_zero = key->order >= SK_SORT_NUMERIC};
}

// ---- elements to numbers

SK_ALWAYS_INLINE unsigned encode(sk_sort_form form, const char *row, int64_t stride, int64_t count,
                                 void *numbers, int64_t bytes) {
  bool has_negative_zero = false, has_nan = false;
  for (int64_t i = 0; i < count; i++) {
    const int64_t bits = sk_sort_bits(row + i * stride, bytes), number = sk_sort_number(form, bits);
    has_negative_zero |= bits == ~form.magnitude;
    has_nan |= (bits & form.magnitude) > form.infinity;
    if (bytes == 8) {
      memcpy((char *)numbers + 8 * i, &number, 8);
    } else {
      memcpy((char *)numbers + 4 * i, &number, 4);
    }
  }
  return (has_negative_zero ? SK_SORT_HAS_NEGATIVE_ZERO : 0) | (has_nan ? SK_SORT_HAS_NAN : 0);
}

static unsigned encode_apart(const sk_sort_key *key, const char *row, int64_t stride, int64_t count,
                             void *numbers) {
  const sk_sort_form form = sk_sort_form_of(key);
  switch (key->elem_bytes) {
    case 1: return encode(form, row, stride, count, numbers, 1);
    case 2: return encode(form, row, stride, count, numbers, 2);
    case 4: return encode(form, row, stride, count, numbers, 4);
    default: return encode(form, row, stride, count, numbers, 8);
  }
}

// Side by side; gives what was found as encode does. Words: of memory.
LANES unsigned encode_lanes(bool wide, const sk_sort_key *key, const char *row, int64_t words,
                            uint32_t *numbers) {
  const sk_sort_form form = sk_sort_form_of(key);
  const lanes magnitudes = lanes_all(wide, form.magnitude), flip = lanes_all(wide, form.flip);
  const lanes negative_zero = lanes_all(wide, ~form.magnitude), zero = _mm256_setzero_si256();
  const lanes infinity =
      lanes_all(wide, form.has_one_zero ? form.infinity : INT64_MAX >> (wide ? 0 : 32));
  const lanes none = lanes_all(wide, form.has_one_zero ? 0 : -1);
  lanes found_zero = zero, found_nan = zero;
  for (int64_t at = 0; at < words; at += LANE_WORDS) {
    const bool whole = words - at >= LANE_WORDS;
    lanes x = whole ? lanes_load((const uint32_t *)(const void *)row + at)
                    : lanes_load_first((const uint32_t *)(const void *)row + at, words - at, zero);
    const lanes magnitude = _mm256_and_si256(x, magnitudes);
    const lanes is_nan = lanes_greater(wide, magnitude, infinity);
    const lanes is_zero = lanes_equal(wide, x, negative_zero);
    found_nan = _mm256_or_si256(found_nan, is_nan);
    found_zero = _mm256_or_si256(found_zero, is_zero);
    x = _mm256_andnot_si256(_mm256_andnot_si256(none, is_zero), x);
    x = _mm256_blendv_epi8(x, magnitudes, is_nan);
    const lanes sign = lanes_greater(wide, zero, x);
    x = _mm256_xor_si256(_mm256_xor_si256(x, flip), _mm256_and_si256(sign, magnitudes));
    if (whole) {
      lanes_store(numbers + at, x);
    } else {
      lanes_store_first(numbers + at, words - at, x);
    }
  }
  return (_mm256_testz_si256(found_zero, found_zero) ? 0 : SK_SORT_HAS_NEGATIVE_ZERO) |
         (_mm256_testz_si256(found_nan, found_nan) ? 0 : SK_SORT_HAS_NAN);
}

static SK_TARGET_AVX2 SK_NOINLINE unsigned encode_narrow(const sk_sort_key *key, const char *row,
                                                         int64_t count, void *numbers) {
  return encode_lanes(false, key, row, count, numbers);
}

static SK_TARGET_AVX2 SK_NOINLINE unsigned encode_wide(const sk_sort_key *key, const char *row,
                                                       int64_t count, void *numbers) {
  return encode_lanes(true, key, row, 2 * count, numbers);
}

unsigned sk_sort_encode(const sk_sort_key *key, const char *row, int64_t stride, int64_t count,
                        void *numbers) {
  unsigned found;
  const bool is_dense = stride == key->elem_bytes && sk_cpu_get()->isa >= SK_ISA_V3;
  if (is_dense && stride == 4) {
    found = encode_narrow(key, row, count, numbers);
  } else if (is_dense && stride == 8) {
    found = encode_wide(key, row, count, numbers);
  } else {
    found = encode_apart(key, row, stride, count, numbers);
  }
  return key->order >= SK_SORT_NUMERIC ? found : 0;
}

// ---- zeros and NaNs

SK_ALWAYS_INLINE void restore(sk_sort_form form, const char *row, int64_t stride, int64_t count,
                              char *sorted, int64_t bytes) {
  const int64_t zero = sk_sort_number(form, 0), nan = sk_sort_number(form, form.magnitude);
  const size_t lane = bytes == 8 ? 8 : 4;
  int64_t zeros = 0, nans = 0;  // their places in the sorted row
  for (int64_t i = 0; i < count; i++) {
    const int64_t number = sk_sort_number(form, sk_sort_bits(row + i * stride, bytes));
    zeros += number < zero;
    nans += number < nan;
  }
  for (int64_t i = 0; i < count; i++) {
    const int64_t bits = sk_sort_bits(row + i * stride, bytes), number = sk_sort_number(form, bits);
    if (number == zero) {
      memcpy(sorted + lane * (size_t)zeros++, &bits, lane);
    } else if (number == nan) {
      memcpy(sorted + lane * (size_t)nans++, &bits, lane);
    }
  }
}

void sk_sort_restore(const sk_sort_key *key, const char *row, int64_t stride, int64_t count,
                     void *sorted) {
  const sk_sort_form form = sk_sort_form_of(key);
  switch (key->elem_bytes) {
    case 2: restore(form, row, stride, count, sorted, 2); return;
    case 4: restore(form, row, stride, count, sorted, 4); return;
    default: restore(form, row, stride, count, sorted, 8); return;
  }
}
