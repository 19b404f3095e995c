// SPDX-License-Identifier: Apache-2.0
// Vectors of 32 bytes for sorting: eight signed numbers of 32 bits, or (`wide`) four of 64 bits.
//
// Where a function takes `wide` it is a constant at every call, so that one text serves both. Positions, strides and masks are
// counted in words of four bytes: a wide number is a pair of words that move together, and only comparisons know what lies in them.
//
// Everything here needs AVX2: it may be called from functions marked SK_TARGET_AVX2 alone, and they only where the processor has it.
#ifndef SK_LIB_SORT_LANES_H
#define SK_LIB_SORT_LANES_H

#include <immintrin.h>
#include <stdbool.h>

#include "base/compiler.h"

#define LANES SK_TARGET_AVX2 SK_ALWAYS_INLINE

enum { LANE_WORDS = 8 };  // of a vector

typedef __m256i lanes;

// ---- memory

LANES lanes lanes_load(const uint32_t *at) { return _mm256_loadu_si256((const __m256i *)at); }

LANES void lanes_store(uint32_t *at, lanes v) { _mm256_storeu_si256((__m256i *)at, v); }

// All ones in the first `count` words, at most all of them.
LANES lanes lanes_first(int64_t count) {
  const lanes word = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const int limit = (int)SK_MAX(SK_MIN(count, (int64_t)LANE_WORDS), (int64_t)0);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(limit), word);
}

// The first `count` words from memory, the others of `rest`; nothing else is read.
LANES lanes lanes_load_first(const uint32_t *at, int64_t count, lanes rest) {
  const lanes mask = lanes_first(count);
  return _mm256_blendv_epi8(rest, _mm256_maskload_epi32((const int *)at, mask), mask);
}

LANES void lanes_store_first(uint32_t *at, int64_t count, lanes v) {
  _mm256_maskstore_epi32((int *)at, lanes_first(count), v);
}

LANES lanes lanes_all(bool wide, int64_t number) {
  return wide ? _mm256_set1_epi64x(number) : _mm256_set1_epi32((int32_t)number);
}

// ---- comparisons

// All ones where x > y.
LANES lanes lanes_greater(bool wide, lanes x, lanes y) {
  return wide ? _mm256_cmpgt_epi64(x, y) : _mm256_cmpgt_epi32(x, y);
}

LANES lanes lanes_equal(bool wide, lanes x, lanes y) {
  return wide ? _mm256_cmpeq_epi64(x, y) : _mm256_cmpeq_epi32(x, y);
}

LANES void lanes_order(bool wide, lanes x, lanes y, lanes *out_smaller, lanes *out_larger) {
  if (wide) {
    const lanes greater = _mm256_cmpgt_epi64(x, y);
    *out_smaller = _mm256_blendv_epi8(x, y, greater);
    *out_larger = _mm256_blendv_epi8(y, x, greater);
    return;
  }
  *out_smaller = _mm256_min_epi32(x, y);
  *out_larger = _mm256_max_epi32(x, y);
}

LANES void lanes_exchange(bool wide, lanes *upper, lanes *lower) {
  lanes_order(wide, *upper, *lower, upper, lower);
}

// ---- movements within a vector

// Words that are `distance` apart change places.
LANES lanes lanes_swap(int distance, lanes v) {
  return distance == 1   ? _mm256_shuffle_epi32(v, 0xB1)
         : distance == 2 ? _mm256_shuffle_epi32(v, 0x4E)
                         : _mm256_permute4x64_epi64(v, 0x4E);
}

// Numbers in reverse order within groups of `span` words.
LANES lanes lanes_reverse(bool wide, int span, lanes v) {
  if (wide) {
    return span == 4 ? _mm256_shuffle_epi32(v, 0x4E) : _mm256_permute4x64_epi64(v, 0x1B);
  }
  return span == 2   ? _mm256_shuffle_epi32(v, 0xB1)
         : span == 4 ? _mm256_shuffle_epi32(v, 0x1B)
                     : _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0));
}

// Of every group of `span` words the first half of x, the second half of y.
LANES lanes lanes_halves(int span, lanes x, lanes y) {
  return span == 2   ? _mm256_blend_epi32(x, y, 0xAA)
         : span == 4 ? _mm256_blend_epi32(x, y, 0xCC)
                     : _mm256_blend_epi32(x, y, 0xF0);
}

#endif
