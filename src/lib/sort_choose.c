// SPDX-License-Identifier: Apache-2.0
// The first few elements of a row in order, in one pass over it.
//
// Only keys before the last of the best so far are candidates: equal ones come later in the row. Of few, the best so far are kept in
// order all the time, and every candidate goes among them; of more, candidates gather behind the best, in the order of their positions,
// so that equal keys stay in order, and whenever there are enough of them most are left out again.
#include "lib/sort_int.h"

enum {
  LOOK_AHEAD = 16,
  FEW_KEPT = 24,  // 128 rows of 1000, 10 kept: 540 us with candidates sorted by 48
  LEAST_ROOM = 48
};

static int64_t word_of(int64_t number, int64_t position) {
  return (int64_t)((uint64_t)number << 32 | (uint64_t)position);
}

// Are the numbers of LOOK_AHEAD keys of four bytes side by side all at least `limit`? sk_sort_number in what vectors of the oldest
// processors can do: signed comparisons of 32 bits.
static bool none_below(sk_sort_form form, const char *at, int32_t limit) {
  int32_t keys[LOOK_AHEAD];
  uint32_t found = 0;
  const int32_t magnitudes = (int32_t)form.magnitude, flip = (int32_t)form.flip;
  const int32_t infinity = form.has_one_zero ? (int32_t)form.infinity : INT32_MAX;
  const int32_t zero = form.has_one_zero ? 0 : -1;
  memcpy(keys, at, sizeof keys);
  for (int i = 0; i < LOOK_AHEAD; i++) {
    int32_t bits = keys[i];
    const int32_t magnitude = bits & INT32_MAX;
    bits = magnitude == zero ? 0 : bits;
    bits = magnitude > infinity ? INT32_MAX : bits;
    found |= (bits ^ (magnitudes & (bits >> 31)) ^ flip) < limit ? 1u : 0u;
  }
  return found == 0;
}

// Puts a word into `count` words in order, before words[count], which is not smaller than any other; the last falls out. Without branches
// that depend on words: where it belongs is anyone's guess.
static void insert_word(int64_t *words, int64_t count, int64_t word) {
  for (int64_t i = count; i > 0; i--) {
    const int64_t before = words[i - 1], here = words[i], later = word < here ? word : here;
    words[i] = word < before ? before : later;
  }
  words[0] = word < words[0] ? word : words[0];
}

SK_ALWAYS_INLINE void choose_few(const sk_sort_key *key, const char *row, int64_t stride,
                                 int64_t count, int64_t kept, int64_t *words, int64_t bytes) {
  const sk_sort_form form = sk_sort_form_of(key);
  const int64_t last = kept - 1;
  for (int64_t i = 0; i <= last; i++) {
    words[i] = INT64_MAX;
  }
  for (int64_t i = 0, end; i < count; i = end) {
    end = SK_MIN(i + LOOK_AHEAD, count);
    const int32_t limit = (int32_t)(words[last] >> 32);
    const bool looks = bytes == 4 && stride == 4 && i > last && end - i == LOOK_AHEAD;
    if (looks && none_below(form, row + 4 * i, limit)) {
      continue;
    }
    for (int64_t k = i; k < end; k++) {
      const int64_t word = word_of(sk_sort_number(form, sk_sort_bits(row + k * stride, bytes)), k);
      if (word < words[last]) {
        insert_word(words, last, word);
      }
    }
  }
}

// Leaves the first `kept` of `count` candidates, in order; gives the number of the last.
static int64_t leave_best(int64_t *words, int64_t *spare, int64_t count, int64_t kept) {
  sk_sort_numbers(true, words, spare, count, (sk_sort_window){0, kept}, (sk_sort_form){.flip = 0});
  return words[kept - 1] >> 32;
}

SK_ALWAYS_INLINE void choose_more(const sk_sort_key *key, const char *row, int64_t stride,
                                  int64_t count, int64_t kept, int64_t *words, int64_t *spare,
                                  int64_t bytes) {
  const sk_sort_form form = sk_sort_form_of(key);
  const int64_t room = SK_MIN(SK_MAX(4 * kept, (int64_t)LEAST_ROOM), count);
  int64_t limit = INT64_MAX, found = 0;
  for (int64_t i = 0, end; i < count; i = end) {
    end = SK_MIN(i + LOOK_AHEAD, count);
    const bool looks = bytes == 4 && stride == 4 && limit <= INT32_MAX && end - i == LOOK_AHEAD;
    if (looks && none_below(form, row + 4 * i, (int32_t)limit)) {
      continue;
    }
    for (int64_t k = i; k < end; k++) {
      const int64_t number = sk_sort_number(form, sk_sort_bits(row + k * stride, bytes));
      words[found] = word_of(number, k);
      found += number < limit;
      if (found == room) {
        limit = leave_best(words, spare, found, kept);
        found = kept;
      }
    }
  }
  if (found > kept) {
    leave_best(words, spare, found, kept);
  }
}

void sk_sort_choose(const sk_sort_key *key, const char *row, int64_t stride, int64_t count,
                    int64_t kept, void *words, void *spare) {
  if (kept <= FEW_KEPT) {
    switch (key->elem_bytes) {
      case 1: choose_few(key, row, stride, count, kept, words, 1); return;
      case 2: choose_few(key, row, stride, count, kept, words, 2); return;
      default: choose_few(key, row, stride, count, kept, words, 4); return;
    }
  }
  switch (key->elem_bytes) {
    case 1: choose_more(key, row, stride, count, kept, words, spare, 1); return;
    case 2: choose_more(key, row, stride, count, kept, words, spare, 2); return;
    default: choose_more(key, row, stride, count, kept, words, spare, 4); return;
  }
}
