// SPDX-License-Identifier: Apache-2.0
// Within the sort: keys as signed numbers, and numbers sorted by value.
//
// An element of 1, 2 or 4 bytes becomes a number of 32 bits, one of 8 bytes one of 64 (`wide`). Of its bits, extended by the sign bit
// whatever the type, with the one form of zeros and NaNs where the order makes them one:
//
//   number = bits ^ (bits < 0 ? magnitude : 0) ^ flip         and back         bits = x ^ (x < 0 ? magnitude : 0), x = number ^ flip
#ifndef SK_LIB_SORT_INT_H
#define SK_LIB_SORT_INT_H

#include <stdbool.h>
#include <string.h>

#include "base/abi.h"

typedef struct sk_sort_key {
  const char *data;  // element 0 of the operand
  int64_t elem_bytes, order, exponent_bits, descending;
} sk_sort_key;

typedef struct sk_sort_form {
  int64_t magnitude;  // of floats: all bits but the sign; else 0
  int64_t
      flip;  // the sign bit of unsigned numbers and all above; all bits of descending keys besides
  int64_t infinity;   // larger magnitudes are NaN
  bool has_one_zero;  // zeros are one, and NaNs, as the largest positive pattern
} sk_sort_form;

// What numbers do not show of the row they were made of.
enum { SK_SORT_HAS_NEGATIVE_ZERO = 1, SK_SORT_HAS_NAN = 2 };

sk_sort_form sk_sort_form_of(const sk_sort_key *key);

// Makes numbers of `count` elements, `stride` bytes apart; gives SK_SORT_HAS_* of forms with one zero, else 0.
unsigned sk_sort_encode(const sk_sort_key *key, const char *row, int64_t stride, int64_t count,
                        void *numbers);

// Puts the zeros and NaNs of a row in their own bits and order among its sorted elements, which are extended to numbers.
void sk_sort_restore(const sk_sort_key *key, const char *row, int64_t stride, int64_t count,
                     void *sorted);

// Which of the sorted elements are wanted: those at [first, kept).
typedef struct sk_sort_window {
  int64_t first, kept;
} sk_sort_window;

// Sorts `count` numbers in place. Afterwards those that are wanted are where and what a whole sort makes
// them, as the bits that `form` made numbers of; the others are undefined. spare: memory for as many.
void sk_sort_numbers(bool wide, void *numbers, void *spare, int64_t count, sk_sort_window wanted,
                     sk_sort_form form);

// The same; what is not sorted after so many divisions of a range is sorted by digits.
void sk_sort_numbers_within(bool wide, void *numbers, void *spare, int64_t count,
                            sk_sort_window wanted, sk_sort_form form, int divisions);

// The first `kept` words of a row in order, number << 32 | position, without its being sorted; less than a quarter of the row. Keys of up
// to 4 bytes. words, spare: as many as the row has elements.
void sk_sort_choose(const sk_sort_key *key, const char *row, int64_t stride, int64_t count,
                    int64_t kept, void *words, void *spare);

SK_ALWAYS_INLINE int64_t sk_sort_number(sk_sort_form f, int64_t bits) {
  if (f.has_one_zero) {
    const int64_t magnitude = bits & f.magnitude;
    bits = magnitude == 0 ? 0 : bits;
    bits = magnitude > f.infinity ? f.magnitude : bits;
  }
  return bits ^ (bits < 0 ? f.magnitude : 0) ^ f.flip;
}

// Little endian; `bytes` a constant where this is called.
SK_ALWAYS_INLINE int64_t sk_sort_bits(const char *at, int64_t bytes) {
  int64_t bits = 0;
  memcpy(&bits, at, (size_t)bytes);
  return bytes == 1 ? (int8_t)bits : bytes == 2 ? (int16_t)bits : bytes == 4 ? (int32_t)bits : bits;
}

#endif
