// SPDX-License-Identifier: Apache-2.0
// Shared by number printing and parsing (room base only): the table of powers of ten and logarithms
// as integer arithmetic.
#ifndef SK_BASE_TEXTNUM_INT_H
#define SK_BASE_TEXTNUM_INT_H

#include "base/compiler.h"

enum { SK_POW10_MIN = -342, SK_POW10_MAX = 324, SK_POW10_EXACT_MAX = 55 };

// 10^k = (high:low) x 2^(sk_floor_log2_pow10(k) - 127), cut off after 128 bits.
typedef struct sk_pow10 {
  uint64_t high, low;
} sk_pow10;
extern const sk_pow10 sk_pow10_table[SK_POW10_MAX - SK_POW10_MIN + 1];  // by k - SK_POW10_MIN

// floor(log2(10^k)), floor(log10(2^q)) and floor(log10(3/4 x 2^q)): exact for |k| <= 1200 and |q|
// <= 1200, which the unit test checks over the ranges used. Right shifts of negative numbers are
// arithmetic on gcc and clang.
static inline int sk_floor_log2_pow10(int k) { return (k * 1741647) >> 19; }
static inline int sk_floor_log10_pow2(int q) { return (q * 1262611) >> 22; }
static inline int sk_floor_log10_three_quarters_pow2(int q) { return (q * 1262611 - 524031) >> 22; }

#endif
