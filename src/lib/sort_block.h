// SPDX-License-Identifier: Apache-2.0
// Up to 16 vectors of numbers sorted in registers.
//
//   rows of a vector each   -> columns sorted by a network between rows   sort_network.def
//                           -> pairs of columns merged, pairs of pairs, until one column is left
//   the matrix transposed   -> memory
//
// To merge two columns, or two groups of them, each number meets the one as far from the end of the second as it is from the beginning
// of the first; the smaller ones are the first half, which as the second is a bitonic sequence and sorted by comparing numbers half,
// a quarter, .. of its length apart (Batcher 1968). As columns are longer than vectors, most of that compares whole rows. (The layout
// is that of Blacher, Giesen, Sanders, Wassenberg: Vectorized and performance-portable Quicksort, 2022.)
//
// `rows` is a constant of 1, 2, 4, 8, 16 at every call. Lanes without a number hold the largest one, which makes no difference.
#ifndef SK_LIB_SORT_BLOCK_H
#define SK_LIB_SORT_BLOCK_H

#include "lib/sort_lanes.h"

enum { BLOCK_ROWS = 16, BLOCK_WORDS = BLOCK_ROWS * LANE_WORDS };

LANES void block_sort_columns(bool wide, int rows, lanes *v) {
#define X(upper, lower) lanes_exchange(wide, &v[upper], &v[lower]);
  if (rows == 2) {
    X(0, 1)
  } else if (rows == 4) {
#define SORT_4
#include "lib/sort_network.def"
#undef SORT_4
  } else if (rows == 8) {
#define SORT_8
#include "lib/sort_network.def"
#undef SORT_8
  } else if (rows == 16) {
#define SORT_16
#include "lib/sort_network.def"
#undef SORT_16
  }
#undef X
}

// Bitonic sequences in columns.
LANES void block_finish_columns(bool wide, int rows, lanes *v) {
  SK_UNROLL
  for (int distance = BLOCK_ROWS / 2; distance > 0; distance /= 2) {
    SK_UNROLL
    for (int i = 0; i < BLOCK_ROWS; i++) {
      if (i + distance < rows && (i & distance) == 0) {
        lanes_exchange(wide, &v[i], &v[i + distance]);
      }
    }
  }
}

// Numbers `distance` words apart, the smaller to the first.
LANES lanes block_order_within(bool wide, int distance, lanes v) {
  lanes smaller, larger;
  lanes_order(wide, v, lanes_swap(distance, v), &smaller, &larger);
  return lanes_halves(2 * distance, smaller, larger);
}

// Groups of columns that fill `span` words are sorted, if those of half as many are.
LANES void block_merge(bool wide, int rows, int span, lanes *v) {
  lanes smaller, larger;
  if (rows == 1) {
    lanes_order(wide, v[0], lanes_reverse(wide, span, v[0]), &smaller, &larger);
    v[0] = lanes_halves(span, smaller, larger);
  }
  SK_UNROLL
  for (int i = 0; i < BLOCK_ROWS / 2; i++) {
    if (i < rows / 2) {
      lanes *opposite = &v[rows - 1 - i];
      lanes_order(wide, v[i], lanes_reverse(wide, span, *opposite), &smaller, &larger);
      v[i] = lanes_halves(span, smaller, larger);
      *opposite = lanes_reverse(wide, span, lanes_halves(span, larger, smaller));
    }
  }
  SK_UNROLL
  for (int distance = 2; distance > 0; distance--) {
    SK_UNROLL
    for (int i = 0; i < BLOCK_ROWS; i++) {
      if (i < rows && 4 * distance <= span && distance >= (wide ? 2 : 1)) {
        v[i] = block_order_within(wide, distance, v[i]);
      }
    }
  }
  block_finish_columns(wide, rows, v);
}

LANES void block_sort(bool wide, int rows, lanes *v) {
  block_sort_columns(wide, rows, v);
  if (!wide) {
    block_merge(wide, rows, 2, v);
  }
  block_merge(wide, rows, 4, v);
  block_merge(wide, rows, 8, v);
}

// Four rows of words: out[c] has columns c and c + 4, those of numbers of two words likewise 2 c and 2 c + 1.
LANES void block_turn_narrow(const lanes *v, lanes *out) {
  const lanes a = _mm256_unpacklo_epi32(v[0], v[1]), b = _mm256_unpackhi_epi32(v[0], v[1]);
  const lanes c = _mm256_unpacklo_epi32(v[2], v[3]), d = _mm256_unpackhi_epi32(v[2], v[3]);
  out[0] = _mm256_unpacklo_epi64(a, c);
  out[1] = _mm256_unpackhi_epi64(a, c);
  out[2] = _mm256_unpacklo_epi64(b, d);
  out[3] = _mm256_unpackhi_epi64(b, d);
}

LANES lanes low_halves(lanes x, lanes y) { return _mm256_permute2x128_si256(x, y, 0x20); }
LANES lanes high_halves(lanes x, lanes y) { return _mm256_permute2x128_si256(x, y, 0x31); }

// Column after column: what memory gets.
LANES void block_turn(bool wide, int rows, const lanes *v, lanes *out) {
  if (rows == 1) {
    out[0] = v[0];
  } else if (rows == 2) {
    lanes even = wide ? _mm256_unpacklo_epi64(v[0], v[1]) : _mm256_unpacklo_epi32(v[0], v[1]);
    lanes odd = wide ? _mm256_unpackhi_epi64(v[0], v[1]) : _mm256_unpackhi_epi32(v[0], v[1]);
    out[0] = low_halves(even, odd);
    out[1] = high_halves(even, odd);
  } else if (wide) {
    SK_UNROLL
    for (int i = 0; i < BLOCK_ROWS; i += 4) {
      if (i < rows) {
        lanes a = _mm256_unpacklo_epi64(v[i], v[i + 1]), b = _mm256_unpackhi_epi64(v[i], v[i + 1]);
        lanes c = _mm256_unpacklo_epi64(v[i + 2], v[i + 3]),
              d = _mm256_unpackhi_epi64(v[i + 2], v[i + 3]);
        out[i / 4] = low_halves(a, c);
        out[rows / 4 + i / 4] = low_halves(b, d);
        out[rows / 2 + i / 4] = high_halves(a, c);
        out[3 * rows / 4 + i / 4] = high_halves(b, d);
      }
    }
  } else if (rows == 4) {
    lanes turned[4];
    block_turn_narrow(v, turned);
    out[0] = low_halves(turned[0], turned[1]);
    out[1] = low_halves(turned[2], turned[3]);
    out[2] = high_halves(turned[0], turned[1]);
    out[3] = high_halves(turned[2], turned[3]);
  } else {
    SK_UNROLL
    for (int i = 0; i < BLOCK_ROWS; i += 8) {
      if (i < rows) {
        lanes upper[4], lower[4];
        block_turn_narrow(v + i, upper);
        block_turn_narrow(v + i + 4, lower);
        SK_UNROLL
        for (int c = 0; c < 4; c++) {
          out[c * rows / 8 + i / 8] = low_halves(upper[c], lower[c]);
          out[(c + 4) * rows / 8 + i / 8] = high_halves(upper[c], lower[c]);
        }
      }
    }
  }
}

#endif
