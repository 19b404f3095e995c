// SPDX-License-Identifier: Apache-2.0
// Numbers sorted by value against qsort: every length up to 300 and around powers of two, every distribution that quicksorts are
// afraid of, any number of divisions before digits take over, the first few alone. Numbers and spare memory end at, or begin
// after, an inaccessible page. And rows of 32 and 64 bits through the call itself, likewise between such pages.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "lib/lib.h"
#include "lib/sort_int.h"

enum { MAX_COUNT = 70000 };

static uint64_t seed = 1;
static uint64_t next_random(void) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  uint64_t x = (seed ^ seed >> 33) * 0xff51afd7ed558ccdu;
  return x ^ x >> 33;
}

typedef enum distribution {
  RANDOM,
  SORTED,
  REVERSED,
  EQUAL,
  SMALLEST,
  LARGEST,
  FEW_DISTINCT,
  ORGAN_PIPE,
  SAW_TEETH,
  ONE_OUTLIER,
  PLATEAUS,
  EXTREMES,
  DISTRIBUTIONS
} distribution;

static int64_t number_at(distribution d, bool wide, int64_t i, int64_t count) {
  const int64_t least = wide ? INT64_MIN : INT32_MIN, most = wide ? INT64_MAX : INT32_MAX;
  switch (d) {
    case RANDOM: return (int64_t)next_random();
    case SORTED: return 3 * i;
    case REVERSED: return -3 * i;
    case EQUAL: return 42;
    case SMALLEST: return least;
    case LARGEST: return most;
    case FEW_DISTINCT: return (int64_t)(next_random() % 3) - 1;
    case ORGAN_PIPE: return SK_MIN(i, count - i);
    case SAW_TEETH: return i % 17;
    case ONE_OUTLIER: return i == count / 2 ? most : 7;
    case PLATEAUS: return i * 8 / count;
    case EXTREMES: return next_random() % 2 ? most : least;
    case DISTRIBUTIONS: break;
  }
  return 0;
}

static int compare_narrow(const void *x, const void *y) {
  int32_t a, b;
  memcpy(&a, x, sizeof a);
  memcpy(&b, y, sizeof b);
  return (a > b) - (a < b);
}

static int compare_wide(const void *x, const void *y) {
  int64_t a, b;
  memcpy(&a, x, sizeof a);
  memcpy(&b, y, sizeof b);
  return (a > b) - (a < b);
}

static void check_window(bool wide, distribution d, int64_t count, int64_t first, int64_t kept,
                         int divisions, sk_guard side) {
  static char expected[8 * MAX_COUNT];
  const size_t size = wide ? 8 : 4;
  sk_guarded numbers, spare;
  assert_null(sk_guarded_init(size * (size_t)count, side, size, &numbers));
  assert_null(sk_guarded_init(size * (size_t)count, side, size, &spare));
  for (int64_t i = 0; i < count; i++) {
    const int64_t number = number_at(d, wide, i, count);
    memcpy(expected + size * (size_t)i, &number, size);
  }
  if (count > 0) {
    memcpy(numbers.data, expected, size * (size_t)count);
  }
  qsort(expected, (size_t)count, size, wide ? compare_wide : compare_narrow);
  const sk_sort_form none = {.magnitude = 0};
  const sk_sort_window wanted = {first, kept};
  if (divisions < 0) {
    sk_sort_numbers(wide, numbers.data, spare.data, count, wanted, none);
  } else {
    sk_sort_numbers_within(wide, numbers.data, spare.data, count, wanted, none, divisions);
  }
  if (kept > first) {
    const size_t at = size * (size_t)first;
    assert_memory_equal((char *)numbers.data + at, expected + at, size * (size_t)(kept - first));
  }
  assert_true(sk_guarded_is_intact(&numbers));
  assert_true(sk_guarded_is_intact(&spare));
  sk_guarded_fini(&numbers);
  sk_guarded_fini(&spare);
}

static void check(bool wide, distribution d, int64_t count, int64_t kept, int divisions,
                  sk_guard side) {
  check_window(wide, d, count, 0, kept, divisions, side);
}

// Some from the middle, as a median takes.
static void windows(void **state) {
  (void)state;
  for (int wide = 0; wide < 2; wide++) {
    for (int64_t count = 1; count <= 9000; count += 1 + count / 3) {
      for (int d = 0; d < DISTRIBUTIONS; d++) {
        for (int n = 0; n < 4; n++) {
          const int64_t first = n == 0 ? count / 2 : (int64_t)(next_random() % (uint64_t)count);
          const int64_t kept = SK_MIN(count, first + 1 + n * n * 10);
          check_window(wide, (distribution)d, count, first, kept, n == 3 ? 2 : -1, SK_GUARD_END);
        }
      }
    }
  }
}

static void every_length(void **state) {
  (void)state;
  for (int wide = 0; wide < 2; wide++) {
    for (int64_t count = 0; count <= 300; count++) {
      for (int d = 0; d < DISTRIBUTIONS; d += d == RANDOM ? 1 : 1 + (int)(count % 3)) {
        check(wide, (distribution)d, count, count, -1, count % 2 ? SK_GUARD_END : SK_GUARD_START);
      }
    }
  }
}

static void every_distribution(void **state) {
  (void)state;
  for (int wide = 0; wide < 2; wide++) {
    for (int64_t power = 512; power <= 65536; power *= 4) {
      for (int64_t count = power - 1; count <= power + 1; count++) {
        for (int d = 0; d < DISTRIBUTIONS; d++) {
          check(wide, (distribution)d, count, count, -1, SK_GUARD_END);
        }
      }
    }
  }
}

static void few_divisions(void **state) {
  (void)state;
  for (int wide = 0; wide < 2; wide++) {
    for (int divisions = 0; divisions < 5; divisions++) {
      for (int d = 0; d < DISTRIBUTIONS; d++) {
        check(wide, (distribution)d, 5003, 5003, divisions, SK_GUARD_END);
        check(wide, (distribution)d, 131, 131, divisions, SK_GUARD_START);
      }
    }
  }
}

static void first_of_many(void **state) {
  (void)state;
  static const int64_t kept[] = {0, 1, 7, 128, 129, 2500, 4999, 5000};
  for (int wide = 0; wide < 2; wide++) {
    for (size_t k = 0; k < SK_COUNT(kept); k++) {
      for (int d = 0; d < DISTRIBUTIONS; d++) {
        check(wide, (distribution)d, 5000, kept[k], k % 2 ? -1 : 3, SK_GUARD_END);
      }
    }
  }
}

// ---- rows of the call

// The order by definition: of unsigned numbers, and of floats in total order by sign and magnitude.
static bool is_after(int64_t order, int64_t bytes, uint64_t a, uint64_t b) {
  const int shift = 64 - 8 * (int)bytes;
  int64_t x = (int64_t)(a << shift), y = (int64_t)(b << shift);
  if (order == SK_SORT_UNSIGNED) {
    return (uint64_t)x > (uint64_t)y;
  }
  if (order == SK_SORT_TOTAL && x < 0 && y < 0) {
    return (uint64_t)x < (uint64_t)y;
  }
  return x > y;
}

static void check_row(int64_t bytes, int64_t order, bool descending, int64_t count, bool in_place,
                      bool with_positions) {
  sk_guarded in, out, positions, moved;
  assert_null(sk_guarded_init((size_t)(bytes * count), SK_GUARD_END, (size_t)bytes, &in));
  assert_null(sk_guarded_init((size_t)(bytes * count), SK_GUARD_END, (size_t)bytes, &out));
  assert_null(sk_guarded_init((size_t)(4 * count), SK_GUARD_END, 4, &positions));
  assert_null(sk_guarded_init((size_t)(4 * count), SK_GUARD_END, 4, &moved));
  uint64_t sum = 0;
  for (int64_t i = 0; i < count; i++) {
    const uint64_t bits = next_random() >> (count % 3 == 0 ? 60 : 0) << (count % 3 == 2 ? 40 : 0);
    const uint32_t position = (uint32_t)i;
    memcpy(in.data + bytes * i, &bits, (size_t)bytes);
    memcpy(positions.data + 4 * i, &position, 4);
    sum += bits << (64 - 8 * bytes) >> (64 - 8 * bytes);
  }
  char *key_out = in_place ? in.data : out.data;
  const int64_t exponent = order == SK_SORT_TOTAL ? (bytes == 8 ? 11 : bytes == 4 ? 8 : 5) : 0;
  void *alone[] = {in.data, key_out}, *both[] = {in.data, positions.data, key_out, moved.data};
  const int64_t alone_params[] = {
      1, 1, 1, count, 1, 0, count, 0, bytes, SK_SORT_MOVED, 0, order, exponent, descending};
  const int64_t both_params[] = {
      2, 1,     1,        count,     1, 0, count, 0, bytes, 4, SK_SORT_MOVED, SK_SORT_MOVED,
      0, order, exponent, descending};
  sk_frame frame = {.fault = 0};
  sk_lib_sort(&frame, with_positions ? both : alone, with_positions ? both_params : alone_params);
  assert_int_equal(frame.fault, 0);
  uint64_t before = 0;
  uint32_t place = 0;
  for (int64_t i = 0; i < count; i++) {
    uint64_t bits = 0;
    uint32_t position = 0;
    memcpy(&bits, key_out + bytes * i, (size_t)bytes);
    memcpy(&position, moved.data + 4 * i, 4);
    if (i > 0) {
      assert_false(descending ? is_after(order, bytes, bits, before)
                              : is_after(order, bytes, before, bits));
      assert_true(!with_positions || bits != before || position > place);  // stable
    }
    before = bits;
    place = position;
    sum -= bits;
  }
  assert_int_equal(sum, 0);
  assert_true(sk_guarded_is_intact(&in) && sk_guarded_is_intact(&out));
  assert_true(sk_guarded_is_intact(&positions) && sk_guarded_is_intact(&moved));
  sk_guarded_fini(&in);
  sk_guarded_fini(&out);
  sk_guarded_fini(&positions);
  sk_guarded_fini(&moved);
}

static void rows_between_pages(void **state) {
  (void)state;
  static const int64_t orders[] = {SK_SORT_SIGNED, SK_SORT_UNSIGNED, SK_SORT_TOTAL};
  for (int64_t count = 1; count < 40000; count += count < 280 ? 1 : count / 3) {
    for (int64_t bytes = 1; bytes <= 8; bytes *= 2) {
      const int64_t order = orders[count % 3];
      if (order != SK_SORT_TOTAL || bytes > 1) {
        check_row(bytes, order, count / 3 % 2, count, count / 6 % 2, count / 12 % 2);
      }
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_length),       cmocka_unit_test(every_distribution),
      cmocka_unit_test(few_divisions),      cmocka_unit_test(first_of_many),
      cmocka_unit_test(rows_between_pages), cmocka_unit_test(windows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
