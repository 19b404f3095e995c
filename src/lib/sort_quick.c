// SPDX-License-Identifier: Apache-2.0
// Numbers sorted by value: quicksort on vectors, blocks sorted in registers.
//
//   numbers | spare: a range is divided from one into the other, smaller numbers from the left end on, larger ones from the right end;
//   what fits a block goes from where it is to its place in `numbers`
//
// A vector is divided by one permutation, looked up by which numbers are larger than the pivot, and stored twice, at both ends of what
// is free: as much is free as is still to be divided, a multiple of a vector, so that nothing is overwritten but what is free.
// (Bramas: A novel hybrid quicksort algorithm vectorized using AVX-512, 2017; Blacher et al. 2022. Dividing between two arrays
// instead of in one needs no decision from which end to read.)
//
// Every range knows bounds of its numbers. One whose pivot is the upper bound is divided below that number, and the upper part is all
// alike: many equal numbers are an easy case. Ranges that pivots, the median of eight medians of eight, don't divide well in the long run are
// sorted by digits, as everything is on a processor without AVX2. So the time is O(n log n) for every input.
//
// Ranges with nothing that is wanted are left as they are: a few elements from anywhere, as a median asks for, take linear time.
//
// Equal numbers cannot be told apart, so the result is one, whatever the pivots.
#include "lib/sort_int.h"

#include <string.h>

#include "base/cpu.h"
#include "lib/sort_block.h"

enum { SAMPLE_ROWS = 8, DIGIT_VALUES = 256 };

typedef struct quick {
  uint32_t *numbers, *spare;
  int64_t first, kept;  // words that are wanted
  sk_sort_form form;
} quick;

// Words [from, to), in `spare` or in `numbers`; numbers in [least, most].
typedef struct range {
  int64_t from, to, least, most;
  int budget;  // divisions left
  bool in_spare;
} range;

static uint32_t *place_of(const quick *q, const range *r) {
  return (r->in_spare ? q->spare : q->numbers) + r->from;
}

// ---- by digits

SK_ALWAYS_INLINE uint64_t load_number(bool wide, const uint32_t *at) {
  uint64_t bits = 0;
  memcpy(&bits, at, wide ? 8 : 4);
  return bits;
}

SK_ALWAYS_INLINE void store_number(bool wide, uint32_t *at, uint64_t bits) {
  memcpy(at, &bits, wide ? 8 : 4);
}

// Of a number.
SK_ALWAYS_INLINE uint64_t bits_of(bool wide, sk_sort_form form, uint64_t number) {
  const uint64_t bits = number ^ (uint64_t)form.flip, sign = wide ? bits >> 63 : bits >> 31 & 1;
  return bits ^ ((uint64_t)form.magnitude & (0 - sign));
}

SK_ALWAYS_INLINE void sort_by_digits(bool wide, const quick *q, const range *r) {
  const int words = wide ? 2 : 1, digits = 4 * words;
  const uint64_t sign = (uint64_t)1 << (32 * words - 1);
  const int64_t count = r->to - r->from;
  int64_t counts[8][DIGIT_VALUES];
  uint32_t *from = place_of(q, r), *to = (r->in_spare ? q->numbers : q->spare) + r->from;
  memset(counts, 0, (size_t)digits * sizeof counts[0]);
  for (int64_t i = 0; i < count; i += words) {
    const uint64_t number = load_number(wide, from + i) ^ sign;
    for (int digit = 0; digit < digits; digit++) {
      counts[digit][number >> (8 * digit) & (DIGIT_VALUES - 1)]++;
    }
  }
  for (int digit = 0; digit < digits; digit++) {
    int64_t *starts = counts[digit], sum = 0;
    const uint64_t some = load_number(wide, from) ^ sign;
    if (starts[some >> (8 * digit) & (DIGIT_VALUES - 1)] * words == count) {
      continue;  // all share it
    }
    for (int value = 0; value < DIGIT_VALUES; value++) {
      const int64_t here = starts[value];
      starts[value] = sum;
      sum += here * words;
    }
    for (int64_t i = 0; i < count; i += words) {
      const uint64_t number = load_number(wide, from + i);
      int64_t *place = &starts[(number ^ sign) >> (8 * digit) & (DIGIT_VALUES - 1)];
      store_number(wide, to + *place, number);
      *place += words;
    }
    uint32_t *sorted = to;
    to = from;
    from = sorted;
  }
  for (int64_t i = 0; i < count; i += words) {
    store_number(wide, q->numbers + r->from + i,
                 bits_of(wide, q->form, load_number(wide, from + i)));
  }
}

static SK_NOINLINE void sort_narrow_by_digits(const quick *q, const range *r) {
  sort_by_digits(false, q, r);
}

static SK_NOINLINE void sort_wide_by_digits(const quick *q, const range *r) {
  sort_by_digits(true, q, r);
}

// ---- blocks

LANES lanes lanes_bits(bool wide, sk_sort_form form, lanes numbers) {
  const lanes bits = _mm256_xor_si256(numbers, lanes_all(wide, form.flip));
  const lanes sign = lanes_greater(wide, _mm256_setzero_si256(), bits);
  return _mm256_xor_si256(bits, _mm256_and_si256(sign, lanes_all(wide, form.magnitude)));
}

// More than half of the rows are full, or there is one.
LANES void sort_rows(bool wide, int rows, sk_sort_form form, const uint32_t *from, uint32_t *to,
                     int64_t words) {
  lanes v[BLOCK_ROWS], out[BLOCK_ROWS];
  const lanes largest = lanes_all(wide, wide ? INT64_MAX : INT32_MAX);
  SK_UNROLL
  for (int i = 0; i < BLOCK_ROWS; i++) {
    if (i < rows) {
      v[i] = i < rows / 2
                 ? lanes_load(from + LANE_WORDS * i)
                 : lanes_load_first(from + LANE_WORDS * i, words - LANE_WORDS * i, largest);
    }
  }
  block_sort(wide, rows, v);
  block_turn(wide, rows, v, out);
  if (rows == 1) {
    lanes_store_first(to, words, lanes_bits(wide, form, out[0]));
    return;
  }
  uint32_t tail[BLOCK_WORDS / 2 + LANE_WORDS];
  const int64_t sure = rows / 2 * LANE_WORDS;
  SK_UNROLL
  for (int i = 0; i < BLOCK_ROWS; i++) {
    if (i < rows) {
      uint32_t *at = i < rows / 2 ? to + LANE_WORDS * i : tail + LANE_WORDS * (i - rows / 2 + 1);
      lanes_store(at, lanes_bits(wide, form, out[i]));
    }
    if (i == rows / 2 - 1) {
      lanes_store(tail, lanes_bits(wide, form, out[i]));
    }
  }
  int64_t done = sure;
  for (; done + LANE_WORDS <= words; done += LANE_WORDS) {
    lanes_store(to + done, lanes_load(tail + (done - sure + LANE_WORDS)));
  }
  lanes_store(to + words - LANE_WORDS, lanes_load(tail + (words - sure)));
}

LANES void sort_block(bool wide, const quick *q, const range *r) {
  const uint32_t *from = place_of(q, r);
  uint32_t *to = q->numbers + r->from;
  const int64_t words = r->to - r->from;
  if (words <= LANE_WORDS) {
    sort_rows(wide, 1, q->form, from, to, words);
  } else if (words <= 2 * LANE_WORDS) {
    sort_rows(wide, 2, q->form, from, to, words);
  } else if (words <= 4 * LANE_WORDS) {
    sort_rows(wide, 4, q->form, from, to, words);
  } else if (words <= 8 * LANE_WORDS) {
    sort_rows(wide, 8, q->form, from, to, words);
  } else {
    sort_rows(wide, 16, q->form, from, to, words);
  }
}

static SK_NOINLINE SK_TARGET_AVX2 void sort_narrow_block(const quick *q, const range *r) {
  sort_block(false, q, r);
}

static SK_NOINLINE SK_TARGET_AVX2 void sort_wide_block(const quick *q, const range *r) {
  sort_block(true, q, r);
}

// ---- division

// By which words of a vector go to the right: where each word of the divided vector comes from, four bits each. Both sides keep
// their order.
#define BEFORE(set, word) SK_POPCOUNT32((set) & ((1u << (word)) - 1))
#define PLACE(set, word)                                                                           \
  ((set) >> (word)&1 ? BEFORE(~(set), 8) + BEFORE(set, word) : BEFORE(~(set), word))
#define SOURCE(set, word) ((uint32_t)(word) << 4 * PLACE(set, word))
#define ORDER(set)                                                                                 \
  (SOURCE(set, 0) | SOURCE(set, 1) | SOURCE(set, 2) | SOURCE(set, 3) | SOURCE(set, 4) |            \
   SOURCE(set, 5) | SOURCE(set, 6) | SOURCE(set, 7))
#define ORDERS_4(set) ORDER(set), ORDER(set + 1u), ORDER(set + 2u), ORDER(set + 3u)
#define ORDERS_16(set) ORDERS_4(set), ORDERS_4(set + 4u), ORDERS_4(set + 8u), ORDERS_4(set + 12u)
#define ORDERS_64(set)                                                                             \
  ORDERS_16(set), ORDERS_16(set + 16u), ORDERS_16(set + 32u), ORDERS_16(set + 48u)

static const uint32_t orders[256] = {ORDERS_64(0u), ORDERS_64(64u), ORDERS_64(128u),
                                     ORDERS_64(192u)};

// Numbers that are larger than the pivot go to the right end of `to`; gives the words of the others.
LANES int64_t divide(bool wide, const uint32_t *restrict from, uint32_t *restrict to, int64_t words,
                     int64_t pivot) {
  const int64_t step = wide ? 2 : 1;
  int64_t left = 0, rest = words;  // placed on the left; still to be placed
  while (rest % LANE_WORDS != 0) {
    rest -= step;
    const uint64_t bits = load_number(wide, from + rest);
    const int64_t number = wide ? (int64_t)bits : (int32_t)bits;
    store_number(wide, to + left, bits);
    store_number(wide, to + left + rest, bits);
    left += number > pivot ? 0 : step;
  }
  const lanes limit = lanes_all(wide, pivot);
  const lanes shifts = _mm256_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28);
  while (rest > 0) {
    rest -= LANE_WORDS;
    lanes v = lanes_load(from);
    from += LANE_WORDS;
    const uint32_t larger =
        (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(lanes_greater(wide, v, limit)));
    const lanes order = _mm256_srlv_epi32(_mm256_set1_epi32((int)orders[larger]), shifts);
    v = _mm256_permutevar8x32_epi32(v, order);
    lanes_store(to + left, v);
    lanes_store(to + left + rest, v);
    left += LANE_WORDS - SK_POPCOUNT32(larger);
  }
  return left;
}

LANES int64_t choose_pivot(bool wide, const uint32_t *from, int64_t words) {
  lanes v[SAMPLE_ROWS];
  const int64_t stride = (words - LANE_WORDS) / (SAMPLE_ROWS - 1) & ~(int64_t)1;
  SK_UNROLL
  for (int i = 0; i < SAMPLE_ROWS; i++) {
    v[i] = lanes_load(from + i * stride);
  }
  block_sort_columns(wide, SAMPLE_ROWS, v);
  block_sort(wide, 1, &v[SAMPLE_ROWS / 2]);
  uint32_t medians[LANE_WORDS];
  lanes_store(medians, v[SAMPLE_ROWS / 2]);
  const uint64_t bits = load_number(wide, medians + LANE_WORDS / 2 - (wide ? 2 : 1));
  return wide ? (int64_t)bits : (int32_t)bits;
}

LANES void fill(bool wide, const quick *q, const range *r) {
  const lanes v = lanes_bits(wide, q->form, lanes_all(wide, r->least));
  int64_t at = r->from;
  for (; at + LANE_WORDS <= r->to; at += LANE_WORDS) {
    lanes_store(q->numbers + at, v);
  }
  lanes_store_first(q->numbers + at, r->to - at, v);
}

// Divides the range, which becomes its right part.
LANES range cut(bool wide, const quick *q, range *r) {
  const uint32_t *from = place_of(q, r);
  uint32_t *to = (r->in_spare ? q->numbers : q->spare) + r->from;
  int64_t pivot = choose_pivot(wide, from, r->to - r->from);
  pivot = pivot == r->most ? pivot - 1 : pivot;
  r->in_spare = !r->in_spare;
  r->budget--;
  range left = *r;
  left.to = left.from + divide(wide, from, to, r->to - r->from, pivot);
  left.most = pivot;
  r->from = left.to;
  r->least = pivot + 1;
  return left;
}

SK_ALWAYS_INLINE bool is_wanted(const quick *q, const range *r) {
  return r->from < q->kept && r->to > q->first && r->from < r->to;
}

static SK_TARGET_AVX2 void sort_narrow(const quick *q, range r) {
  while (is_wanted(q, &r)) {
    if (r.to - r.from <= BLOCK_WORDS) {
      sort_narrow_block(q, &r);
      return;
    }
    if (r.least == r.most) {
      fill(false, q, &r);
      return;
    }
    if (r.budget == 0) {
      sort_narrow_by_digits(q, &r);
      return;
    }
    sort_narrow(q, cut(false, q, &r));
  }
}

static SK_TARGET_AVX2 void sort_wide(const quick *q, range r) {
  while (is_wanted(q, &r)) {
    if (r.to - r.from <= BLOCK_WORDS) {
      sort_wide_block(q, &r);
      return;
    }
    if (r.least == r.most) {
      fill(true, q, &r);
      return;
    }
    if (r.budget == 0) {
      sort_wide_by_digits(q, &r);
      return;
    }
    sort_wide(q, cut(true, q, &r));
  }
}

void sk_sort_numbers_within(bool wide, void *numbers, void *spare, int64_t count,
                            sk_sort_window wanted, sk_sort_form form, int divisions) {
  const int64_t words = wide ? 2 : 1;
  const quick q = {numbers, spare, wanted.first * words, wanted.kept * words, form};
  const range all = {.from = 0,
                     .to = count * words,
                     .least = wide ? INT64_MIN : INT32_MIN,
                     .most = wide ? INT64_MAX : INT32_MAX,
                     .budget = divisions};
  if (sk_cpu_get()->isa >= SK_ISA_V3) {
    (wide ? sort_wide : sort_narrow)(&q, all);
  } else if (count > 0) {
    (wide ? sort_wide_by_digits : sort_narrow_by_digits)(&q, &all);
  }
}

void sk_sort_numbers(bool wide, void *numbers, void *spare, int64_t count, sk_sort_window wanted,
                     sk_sort_form form) {
  const int levels = count > 0 ? 64 - (int)sk_clz64((uint64_t)count) : 0;
  sk_sort_numbers_within(wide, numbers, spare, count, wanted, form, 2 * levels + 8);
}
