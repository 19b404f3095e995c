// SPDX-License-Identifier: Apache-2.0
// Numbers to text and back. The table of powers of ten is computed again with big integers; glibc's
// exactly rounded strtod, strtof and printf are the oracle for values, in the C locale; a locale
// with a decimal comma and a changed rounding mode must make no difference. Midpoints between
// neighbouring numbers are written out exactly (x87 long double holds them) and with one unit more
// or less in a far digit.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fenv.h>
#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xmmintrin.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/textnum_int.h"

static uint64_t random_state = 1;

static uint64_t next_random(void) {
  random_state += 0x9E3779B97F4A7C15u;
  return sk_hash_splitmix(random_state);
}

static double double_from(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static uint64_t double_bits(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static float float_from(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static uint32_t float_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// -- the table ----------------------------------------------------------------------------------

enum { LIMBS = 48 };  // 1536 bits; 10^342 has 1137

typedef struct bigint {
  uint32_t limb[LIMBS];  // least significant first
} bigint;

static void big_times_10(bigint *b) {
  uint64_t carry = 0;
  for (int i = 0; i < LIMBS; i++) {
    carry += (uint64_t)b->limb[i] * 10;
    b->limb[i] = (uint32_t)carry;
    carry >>= 32;
  }
  assert_int_equal(carry, 0);
}

static int big_bit(const bigint *b, int n) {
  return n < 0 ? 0 : (int)(b->limb[n / 32] >> (n % 32) & 1);
}

static int big_length(const bigint *b) {
  int n = LIMBS * 32;
  while (n > 0 && !big_bit(b, n - 1)) {
    n--;
  }
  return n;
}

static int big_compare(const bigint *a, const bigint *b) {
  for (int i = LIMBS - 1; i >= 0; i--) {
    if (a->limb[i] != b->limb[i]) {
      return a->limb[i] < b->limb[i] ? -1 : 1;
    }
  }
  return 0;
}

static void big_subtract(bigint *a, const bigint *b) {
  int64_t borrow = 0;
  for (int i = 0; i < LIMBS; i++) {
    borrow += (int64_t)a->limb[i] - b->limb[i];
    a->limb[i] = (uint32_t)borrow;
    borrow >>= 32;
  }
}

static void big_double(bigint *b) {
  for (int i = LIMBS - 1; i > 0; i--) {
    b->limb[i] = b->limb[i] << 1 | b->limb[i - 1] >> 31;
  }
  b->limb[0] <<= 1;
}

// The first 128 bits of 10^k and of 10^-k by schoolbook division, and floor(log2) of both.
static void test_powers_of_ten(void **state) {
  (void)state;
  bigint power = {{1}};
  for (int k = 0; k <= -SK_POW10_MIN; k++) {
    const int length = big_length(&power);
    if (k <= SK_POW10_MAX) {
      const sk_pow10 row = sk_pow10_table[k - SK_POW10_MIN];
      for (int i = 0; i < 128; i++) {
        const uint64_t word = i < 64 ? row.high : row.low;
        assert_int_equal(word >> (63 - i % 64) & 1, big_bit(&power, length - 1 - i));
      }
      assert_int_equal(sk_floor_log2_pow10(k), length - 1);
      bool exact = true;
      for (int i = 0; i < length - 128; i++) {
        exact = exact && !big_bit(&power, i);
      }
      assert_int_equal(exact, k <= SK_POW10_EXACT_MAX);
    }
    // 2^(length) / 10^k lies in (1, 2]: its bits from the top are those of 10^-k.
    bigint rest = {{0}};
    rest.limb[length / 32] = 1u << (length % 32);
    const sk_pow10 row = sk_pow10_table[-k - SK_POW10_MIN];
    if (k > 0) {
      for (int i = 0; i < 128; i++) {
        const bool one = big_compare(&rest, &power) >= 0;
        const uint64_t word = i < 64 ? row.high : row.low;
        assert_int_equal(word >> (63 - i % 64) & 1, one);
        if (one) {
          big_subtract(&rest, &power);
        }
        big_double(&rest);
      }
      assert_int_equal(sk_floor_log2_pow10(-k), -length);
    }
    if (k < -SK_POW10_MIN) {
      big_times_10(&power);
    }
  }
}

static void test_decimal_logarithms(void **state) {
  (void)state;
  for (int q = -1100; q <= 1100; q++) {
    assert_int_equal(sk_floor_log10_pow2(q), (int)floorl(log10l(2) * q));
    const long double three_quarters = log10l(2) * q + log10l(0.75L);
    assert_int_equal(sk_floor_log10_three_quarters_pow2(q), (int)floorl(three_quarters));
  }
}

// -- printing -----------------------------------------------------------------------------------

static const char *print_f64(sk_text *text, double value) {
  text->len = 0;
  sk_text_add_f64(text, value);
  assert_false(text->failed);
  return text->data;
}

static const char *print_f32(sk_text *text, float value) {
  text->len = 0;
  sk_text_add_f32(text, value);
  assert_false(text->failed);
  return text->data;
}

typedef struct print_case {
  double value;
  const char *text;
} print_case;

static void test_printed_form(void **state) {
  (void)state;
  static const print_case cases[] = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {-2.5, "-2.5"},
      {0.1, "0.1"},
      {100.0, "100.0"},
      {1e16, "10000000000000000.0"},
      {1e17, "1.0e17"},
      {123456789012345680.0, "1.2345678901234568e17"},
      {0.00001, "0.00001"},
      {0.000001, "1.0e-6"},
      {0.000015, "0.000015"},
      {1e23, "1.0e23"},
      {9007199254740993.0, "9007199254740992.0"},
      {5e-324, "5.0e-324"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
      {1.7976931348623157e308, "1.7976931348623157e308"},
      {2.2250738585072011e-308, "2.225073858507201e-308"},
      {9.5e-3, "0.0095"},
      {3.141592653589793, "3.141592653589793"},
      {(double)INFINITY, "0x7FF0000000000000"},
      {-(double)INFINITY, "0xFFF0000000000000"},
  };
  sk_text text;
  sk_text_init(&text);
  for (size_t i = 0; i < SK_COUNT(cases); i++) {
    assert_string_equal(print_f64(&text, cases[i].value), cases[i].text);
  }
  assert_string_equal(print_f64(&text, double_from(0x7FF8000000000001)), "0x7FF8000000000001");
  assert_string_equal(print_f32(&text, 0.1f), "0.1");
  assert_string_equal(print_f32(&text, 16777216.0f), "16777216.0");
  assert_string_equal(print_f32(&text, 3.4028235e38f), "3.4028235e38");
  assert_string_equal(print_f32(&text, 1e-45f), "1.0e-45");
  assert_string_equal(print_f32(&text, -INFINITY), "0xFF800000");
  // The one number that would be misread by way of f64 with one digit less.
  assert_string_equal(print_f32(&text, float_from(0x15AE43FD)), "7.0385307e-26");
  assert_string_equal(print_f32(&text, float_from(0x95AE43FD)), "-7.0385307e-26");
  assert_string_equal(print_f32(&text, float_from(0x7FC00000)), "0x7FC00000");
  sk_text_fini(&text);
}

// Copies the significant digits of a printed number, zeros at either end left out; their count.
static int significant_digits(const char *text, char out[64]) {
  int count = 0;
  for (; *text && *text != 'e'; text++) {
    if (*text >= '0' && *text <= '9' && (count > 0 || *text != '0')) {
      out[count++] = *text;
    }
  }
  while (count > 0 && out[count - 1] == '0') {
    count--;
  }
  out[count] = '\0';
  return count;
}

// Reads back, no shorter text does, and among texts of this length it is the closest.
static void check_shortest_f64(sk_text *text, double value) {
  const char *printed = print_f64(text, value);
  double back;
  assert_true(sk_str_to_f64(sk_str_from(printed), &back));
  if (double_bits(back) != double_bits(value) ||
      double_bits(strtod(printed, NULL)) != double_bits(value)) {
    fail_msg("%a prints as %s, which does not read back", value, printed);
  }
  char ours[64], other[64], other_digits[64];
  const int digits = significant_digits(printed, ours);
  const bool power_of_two = (double_bits(value) & 0xFFFFFFFFFFFFF) == 0;  // uneven interval
  if (digits > 1 && !power_of_two) {
    snprintf(other, sizeof other, "%.*e", digits - 2, value);
    if (strtod(other, NULL) == value) {
      fail_msg("%a prints as %s, but %s is shorter", value, printed, other);
    }
  }
  snprintf(other, sizeof other, "%.*e", digits - 1, value);
  (void)significant_digits(other, other_digits);
  if (strcmp(ours, other_digits) != 0 && strtod(other, NULL) == value) {
    fail_msg("%a prints as %s, but %s is closer", value, printed, other);
  }
}

static void check_shortest_f32(sk_text *text, float value) {
  const char *printed = print_f32(text, value);
  float back;
  assert_true(sk_str_to_f32(sk_str_from(printed), &back));
  if (float_bits(back) != float_bits(value) || strtof(printed, NULL) != value) {
    fail_msg("%a prints as %s, which does not read back", (double)value, printed);
  }
  char ours[64], other[64], other_digits[64];
  const int digits = significant_digits(printed, ours);
  if (digits > 1 && (float_bits(value) & 0x7FFFFF) != 0) {
    snprintf(other, sizeof other, "%.*e", digits - 2, (double)value);
    if (strtof(other, NULL) == value) {
      fail_msg("%a prints as %s, but %s is shorter", (double)value, printed, other);
    }
  }
  snprintf(other, sizeof other, "%.*e", digits - 1, (double)value);
  (void)significant_digits(other, other_digits);
  if (strcmp(ours, other_digits) != 0 && strtof(other, NULL) == value) {
    fail_msg("%a prints as %s, but %s is closer", (double)value, printed, other);
  }
}

static void test_shortest_f64(void **state) {
  (void)state;
  sk_text text;
  sk_text_init(&text);
  for (int e = 0; e < 2047; e++) {  // every binade: its ends and neighbours
    const uint64_t base = (uint64_t)e << 52;
    for (uint64_t d = 0; d < 3; d++) {
      check_shortest_f64(&text, double_from(base + d + (base == 0)));
      check_shortest_f64(&text, double_from(base + 0xFFFFFFFFFFFFF - d));
    }
  }
  for (int i = 0; i < 60000; i++) {
    const double value = double_from(next_random() & INT64_MAX);
    if (isfinite(value)) {
      check_shortest_f64(&text, value);
    }
    check_shortest_f64(&text, (double)(next_random() >> (next_random() % 64)) + 1);
    check_shortest_f64(&text, (double)(next_random() % 1000000 + 1) / 1000);
    // Exact ties between two texts of the same length: the even digit wins, as in printf.
    check_shortest_f64(&text, (double)(next_random() >> 11) / 4);
    check_shortest_f64(&text, (double)(next_random() >> 11) / 8);
  }
  sk_text_fini(&text);
}

static void test_shortest_f32(void **state) {
  (void)state;
  sk_text text;
  sk_text_init(&text);
  for (uint32_t bits = 1; bits < 0x7F800000; bits += 9973) {
    check_shortest_f32(&text, float_from(bits));
  }
  for (uint32_t e = 1; e < 255; e++) {
    check_shortest_f32(&text, float_from(e << 23));
    check_shortest_f32(&text, float_from((e << 23) - 1));
    check_shortest_f32(&text, float_from((e << 23) + 1));
  }
  sk_text_fini(&text);
}

static void test_integers(void **state) {
  (void)state;
  static const int64_t values[] = {0, 1, -1, 9, 10, -10, INT64_MAX, INT64_MIN, 1234567890123};
  sk_text text;
  sk_text_init(&text);
  for (size_t i = 0; i < SK_COUNT(values); i++) {
    char expected[32];
    snprintf(expected, sizeof expected, "%" PRId64, values[i]);
    text.len = 0;
    sk_text_add_i64(&text, values[i]);
    assert_string_equal(text.data, expected);
    int64_t back;
    assert_true(sk_str_to_i64(sk_str_from(text.data), &back));
    assert_int_equal(back, values[i]);
  }
  text.len = 0;
  sk_text_add_u64(&text, UINT64_MAX);
  assert_string_equal(text.data, "18446744073709551615");
  sk_text_fini(&text);
}

// -- parsing ------------------------------------------------------------------------------------

static void check_parse(const char *text) {
  double f64 = -1;
  float f32 = -1;
  const bool ok64 = sk_str_to_f64(sk_str_from(text), &f64);
  const bool ok32 = sk_str_to_f32(sk_str_from(text), &f32);
  const double expected64 = strtod(text, NULL);
  const float expected32 = strtof(text, NULL);
  if (double_bits(f64) != double_bits(expected64) || ok64 != !isinf(expected64)) {
    fail_msg("'%s' as f64: %a, expected %a", text, f64, expected64);
  }
  if (float_bits(f32) != float_bits(expected32) || ok32 != !isinf(expected32)) {
    fail_msg("'%s' as f32: %a, expected %a", text, (double)f32, (double)expected32);
  }
}

static void test_parse_by_hand(void **state) {
  (void)state;
  static const char *const texts[] = {
      "0",
      "0.0",
      "-0",
      "-0.0e5",
      "1",
      "+1",
      "1.",
      ".5",
      "-.5e1",
      "1e0",
      "1E+2",
      "1e-2",
      "00012.5000",
      "0.000000000000000000000000000000000000000000000001",
      "123456789012345678901234567890",
      "1e308",
      "1.7976931348623157e308",
      "1.7976931348623158e308",
      "1.7976931348623159e308",
      "1e309",
      "17976931348623158079372897140530341507993413271003782693617377898044496829276475094664901797"
      "75872070963302864166928879109465555478519404026306574886715058206819089020007083836762738548"
      "45817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711"
      "559699508093042880",
      "2.4703282292062327208e-324",
      "2.4703282292062328e-324",
      "4.9406564584124654e-324",
      "2e-324",
      "2.2250738585072011e-308",
      "2.2250738585072012e-308",
      "2.2250738585072014e-308",
      "3.4028235677973366e38",
      "3.4028235677973367e38",
      "3.4028236e38",
      "7.0064923216240853e-46",
      "7.0064923216240854e-46",
      "1.1754943e-38",
      "16777217",
      "16777219",
      "33554434.0000001",
      "9007199254740993",
      "9007199254740993.00000000000000000000000000000000000000001",
      "9007199254740992.99999999999999999999999999999999999999999",
      "1e-400",
      "1e400",
      "1e-99999999999999999999",
      "0e99999999999999999999",
      "1e99999999999999999999",
      "8.5e-1",
      "0.3",
      "6.62607015e-34",
      "10000000000000000000",
      "18446744073709551615",
      "18446744073709551616e-20",
      "5e-20",
      "9.5367431640625e-7",
      "7.450580596923828125e-9",
      "1.00000005960464477539062500000000000000000000000000000000001",
      "1.000000059604644775390625",
      "1.00000005960464477539062499999999999999999999",
      "72057594037927945",
      "72057594037927935.99999",
      "1090544144181609348671888949248",
      "1090544144181609348835077142190",
      "3.5844466002796428e298",
      "9.109e-31",
      "1e22",
      "1e23",
      "8.41e21",
      "9.5e-27",
  };
  for (size_t i = 0; i < SK_COUNT(texts); i++) {
    check_parse(texts[i]);
  }
}

static void test_parse_random(void **state) {
  (void)state;
  char text[64];
  for (int i = 0; i < 150000; i++) {
    const int exponent = (int)(next_random() % 700) - 360;
    const uint64_t digits = next_random() >> (next_random() % 60);
    snprintf(text, sizeof text, "%" PRIu64 "e%d", digits, exponent);
    check_parse(text);
    snprintf(text, sizeof text, "0.%019" PRIu64 "%09" PRIu64 "e%d", digits % 10000000000000000000u,
             next_random() % 1000000000, exponent % 50);
    check_parse(text);
    snprintf(text, sizeof text, "%.*e", (int)(next_random() % 20),
             double_from(next_random() & INT64_MAX));
    if (text[0] != 'n' && text[0] != 'i') {
      check_parse(text);
    }
  }
}

// The exact decimal of `middle`, then with one unit more and one less far behind its last digit.
static void check_midpoint(long double middle) {
  static char text[1600];
  const int len = snprintf(text, sizeof text, "%.1150Le", middle);
  assert_true(len > 0 && len < (int)sizeof text - 8);
  check_parse(text);
  char *e = strchr(text, 'e');
  assert_non_null(e);
  e[-1] = '1';  // the expansion is shorter than 1150 digits: this was a 0
  check_parse(text);
  // One unit less: the last digit that is not 0 goes down by one, nines follow.
  e[-1] = '0';
  char *p = e - 1;
  while (*p == '0') {
    p--;
  }
  assert_true(*p >= '1' && *p <= '9');
  (*p)--;
  memset(p + 1, '9', (size_t)(e - p - 1));
  check_parse(text);
}

static void test_parse_midpoints(void **state) {
  (void)state;
  for (int i = 0; i < 600; i++) {
    const double a = double_from(next_random() % 0x7FE0000000000000);
    check_midpoint(((long double)a + (long double)nextafter(a, DBL_MAX)) / 2);
    const double small = double_from(next_random() >> (12 + next_random() % 50));
    check_midpoint(((long double)small + (long double)nextafter(small, 1)) / 2);
    const float b = float_from((uint32_t)(next_random() % 0x7F000000));
    check_midpoint(((long double)b + (long double)nextafterf(b, FLT_MAX)) / 2);
    const float c = float_from((uint32_t)(next_random() >> 32) >> (9 + next_random() % 20));
    check_midpoint(((long double)c + (long double)nextafterf(c, 1)) / 2);
  }
  check_midpoint(((long double)DBL_MAX + 0x1p1024L) / 2);
  check_midpoint(((long double)FLT_MAX + 0x1p128L) / 2);
  check_midpoint(0x1p-1075L);
  check_midpoint(0x1p-150L);
}

static void test_parse_long(void **state) {
  (void)state;
  enum { DIGITS = 5000 };
  char *text = malloc(DIGITS + 64);
  assert_non_null(text);
  for (int variant = 0; variant < 4; variant++) {
    memset(text, variant & 1 ? '9' : '0', DIGITS);
    text[0] = variant & 2 ? '.' : '1';
    snprintf(text + DIGITS, 64, "%s", variant & 2 ? "1" : "e-4999");
    check_parse(text);
    snprintf(text + DIGITS, 64, "1e-%d", DIGITS - 200);
    check_parse(text);
  }
  free(text);
}

static void test_parse_special(void **state) {
  (void)state;
  double f64;
  float f32;
  assert_true(sk_str_to_f64(SK_STR("inf"), &f64) && isinf(f64) && f64 > 0);
  assert_true(sk_str_to_f64(SK_STR("-Infinity"), &f64) && isinf(f64) && f64 < 0);
  assert_true(sk_str_to_f64(SK_STR("NaN"), &f64) && isnan(f64));
  assert_true(sk_str_to_f32(SK_STR("-inf"), &f32) && isinf(f32) && f32 < 0);
  assert_true(sk_str_to_f32(SK_STR("nan"), &f32) && isnan(f32));
  assert_false(sk_str_to_f64(SK_STR("1e999"), &f64));
  assert_true(isinf(f64));
  assert_false(sk_str_to_f32(SK_STR("-1e39"), &f32));
  assert_true(isinf(f32) && f32 < 0);
}

static void test_parse_malformed(void **state) {
  (void)state;
  static const char *const texts[] = {"",      ".",     "e5",   "-",    "+",   "1e",    "1e+",
                                      "1.2.3", " 1",    "1 ",   "1,5",  "0x1", "1e5.0", "--1",
                                      "1e--1", "infin", "nanx", "1_0",  "1f",  "in",    "-.",
                                      ".e1",   "i",     "+-1",  "1e1e1"};
  for (size_t i = 0; i < SK_COUNT(texts); i++) {
    double f64 = 7;
    float f32 = 7;
    assert_false(sk_str_to_f64(sk_str_from(texts[i]), &f64));
    assert_false(sk_str_to_f32(sk_str_from(texts[i]), &f32));
    assert_true(f64 == 0 && f32 == 0);
  }
  // The slice ends where it says, whatever follows.
  double f64;
  assert_true(sk_str_to_f64((sk_str){"1.25e37", 4}, &f64));
  assert_true(f64 == 1.25);
}

static void test_parse_integers(void **state) {
  (void)state;
  int64_t i;
  uint64_t u;
  assert_true(sk_str_to_i64(SK_STR("-9223372036854775808"), &i) && i == INT64_MIN);
  assert_true(sk_str_to_i64(SK_STR("9223372036854775807"), &i) && i == INT64_MAX);
  assert_true(sk_str_to_i64(SK_STR("-0x10"), &i) && i == -16);
  assert_true(sk_str_to_u64(SK_STR("18446744073709551615"), &u) && u == UINT64_MAX);
  assert_true(sk_str_to_u64(SK_STR("0xfFfFfFfFfFfFfFfF"), &u) && u == UINT64_MAX);
  assert_true(sk_str_to_u64(SK_STR("0007"), &u) && u == 7);
  static const char *const bad_i64[] = {
      "",   "-",   "9223372036854775808", "-9223372036854775809", "1a", "+1", "--1", "0x",
      " 1", "1.0", "0x8000000000000000"};
  for (size_t k = 0; k < SK_COUNT(bad_i64); k++) {
    assert_false(sk_str_to_i64(sk_str_from(bad_i64[k]), &i));
  }
  static const char *const bad_u64[] = {
      "",   "-1", "18446744073709551616", "0x10000000000000000", "0xg", "184467440737095516150",
      "x1", "a"};
  for (size_t k = 0; k < SK_COUNT(bad_u64); k++) {
    assert_false(sk_str_to_u64(sk_str_from(bad_u64[k]), &u));
  }
}

// -- host state ---------------------------------------------------------------------------------

static uint64_t digest_of_everything(void) {
  uint64_t digest = 0, seed = 5;
  sk_text text;
  sk_text_init(&text);
  for (int i = 0; i < 3000; i++) {
    seed += 0x9E3779B97F4A7C15u;
    const uint64_t r = sk_hash_splitmix(seed);
    text.len = 0;
    sk_text_add_f64(&text, double_from(r));
    sk_text_add_char(&text, ' ');
    sk_text_add_f32(&text, float_from((uint32_t)r));
    digest = sk_hash_bytes(text.data, text.len, digest);
    text.len = 0;
    sk_text_add_u64(&text, r >> (i % 60));
    sk_text_add(&text, SK_STR(".5e-"));
    sk_text_add_i64(&text, i % 330);
    double f64 = 0;
    float f32 = 0;
    (void)sk_str_to_f64((sk_str){text.data, text.len}, &f64);
    (void)sk_str_to_f32((sk_str){text.data, text.len}, &f32);
    digest = sk_hash_mix(digest, double_bits(f64) ^ float_bits(f32));
  }
  sk_text_fini(&text);
  return digest;
}

static void test_host_state_does_not_matter(void **state) {
  (void)state;
  const uint64_t expected = digest_of_everything();
  const unsigned saved = _mm_getcsr();
  fesetround(FE_DOWNWARD);
  _mm_setcsr(_mm_getcsr() | 0x8040);  // FTZ and DAZ
  const uint64_t changed = digest_of_everything();
  fesetround(FE_TONEAREST);
  _mm_setcsr(saved);
  assert_true(changed == expected);
  if (setlocale(LC_ALL, "de_DE.UTF-8")) {  // only where installed
    assert_true(digest_of_everything() == expected);
    setlocale(LC_ALL, "C");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_powers_of_ten),   cmocka_unit_test(test_decimal_logarithms),
      cmocka_unit_test(test_printed_form),    cmocka_unit_test(test_shortest_f64),
      cmocka_unit_test(test_shortest_f32),    cmocka_unit_test(test_integers),
      cmocka_unit_test(test_parse_by_hand),   cmocka_unit_test(test_parse_random),
      cmocka_unit_test(test_parse_midpoints), cmocka_unit_test(test_parse_long),
      cmocka_unit_test(test_parse_special),   cmocka_unit_test(test_parse_malformed),
      cmocka_unit_test(test_parse_integers),  cmocka_unit_test(test_host_state_does_not_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
