// SPDX-License-Identifier: Apache-2.0
// Narrow floats, exhaustively: every pattern of every format is decoded and encoded again, and
// every pair of neighbouring values is asked for the values at, just below and just above their
// midpoint. The oracle is the list `facts` below, written down from the formats' specifications
// (OCP OFP8, OCP MX, the FNUZ proposal, IEEE 754), and decoding by ldexp, which shares nothing with
// the room's integer routines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xmmintrin.h>

#include "base/num.h"

typedef struct format_facts {
  sk_numfmt fmt;
  const char *name;
  unsigned bits, mantissa_bits;
  int min_normal_exponent;  // of field 1, or of field 0 without mantissa bits
  double largest, least;    // finite values above 0
  uint32_t nan, overflow;   // patterns of +NaN and of +infinity put in; `nan` of f4/f6: -0
  uint32_t nan_count;
} format_facts;

static const format_facts facts[] = {
    {SK_NUM_F16, "f16", 16, 10, -14, 65504.0, 0x1p-24, 0x7E00, 0x7C00, 2046},
    {SK_NUM_BF16, "bf16", 16, 7, -126, 0x1.FEp127, 0x1p-133, 0x7FC0, 0x7F80, 254},
    {SK_NUM_F8E3M4, "f8E3M4", 8, 4, -2, 15.5, 0x1p-6, 0x78, 0x70, 30},
    {SK_NUM_F8E4M3, "f8E4M3", 8, 3, -6, 240.0, 0x1p-9, 0x7C, 0x78, 14},
    {SK_NUM_F8E4M3FN, "f8E4M3FN", 8, 3, -6, 448.0, 0x1p-9, 0x7F, 0x7F, 2},
    {SK_NUM_F8E4M3FNUZ, "f8E4M3FNUZ", 8, 3, -7, 240.0, 0x1p-10, 0x80, 0x80, 1},
    {SK_NUM_F8E4M3B11FNUZ, "f8E4M3B11FNUZ", 8, 3, -10, 30.0, 0x1p-13, 0x80, 0x80, 1},
    {SK_NUM_F8E5M2, "f8E5M2", 8, 2, -14, 57344.0, 0x1p-16, 0x7E, 0x7C, 6},
    {SK_NUM_F8E5M2FNUZ, "f8E5M2FNUZ", 8, 2, -15, 57344.0, 0x1p-17, 0x80, 0x80, 1},
    {SK_NUM_F8E8M0FNU, "f8E8M0FNU", 8, 0, -127, 0x1p127, 0x1p-127, 0xFF, 0xFF, 1},
    {SK_NUM_F4E2M1FN, "f4E2M1FN", 4, 1, 0, 6.0, 0.5, 0x8, 0x7, 0},
    {SK_NUM_F6E2M3FN, "f6E2M3FN", 6, 3, 0, 7.5, 0.125, 0x20, 0x1F, 0},
    {SK_NUM_F6E3M2FN, "f6E3M2FN", 6, 2, -2, 28.0, 0.0625, 0x20, 0x1F, 0},
};
enum { FORMATS = sizeof facts / sizeof facts[0] };

static bool is_unsigned(const format_facts *f) { return f->fmt == SK_NUM_F8E8M0FNU; }
static bool has_negative_zero(const format_facts *f) { return f->nan != 0x80 && !is_unsigned(f); }
static uint32_t sign_of(const format_facts *f) { return is_unsigned(f) ? 0 : 1u << (f->bits - 1); }

static uint64_t bits_of(double value) {
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

// The value of a finite magnitude pattern, by ldexp.
static double magnitude_value(const format_facts *f, uint32_t magnitude) {
  const uint32_t field = magnitude >> f->mantissa_bits;
  const uint32_t mantissa = magnitude & ((1u << f->mantissa_bits) - 1);
  const int m = (int)f->mantissa_bits;
  if (m == 0) {
    return ldexp(1.0, f->min_normal_exponent + (int)field);
  }
  if (field == 0) {
    return ldexp(mantissa, f->min_normal_exponent - m);
  }
  return ldexp(mantissa + (1u << m), f->min_normal_exponent - m + (int)field - 1);
}

// Largest finite magnitude pattern, found by value.
static uint32_t largest_pattern(const format_facts *f) {
  uint32_t magnitude = 0;
  while (magnitude_value(f, magnitude) != f->largest) {
    magnitude++;
  }
  return magnitude;
}

static void check_encode(const format_facts *f, double value, uint32_t expected) {
  const uint32_t got = sk_num_encode(f->fmt, value);
  if (got != expected) {
    fail_msg("%s: encode(%a) = 0x%X, expected 0x%X", f->name, value, (unsigned)got,
             (unsigned)expected);
  }
  const float narrow = (float)value;
  if ((double)narrow == value) {
    const uint32_t from_f32 = sk_num_encode_f32(f->fmt, narrow);
    if (from_f32 != expected) {
      fail_msg("%s: encode_f32(%a) = 0x%X, expected 0x%X", f->name, value, (unsigned)from_f32,
               (unsigned)expected);
    }
  }
}

// The same for value and -value.
static void check_both_signs(const format_facts *f, double value, uint32_t expected) {
  check_encode(f, value, expected);
  if (is_unsigned(f)) {
    check_encode(f, -value, f->nan);
  } else if (expected == 0) {
    check_encode(f, -value, has_negative_zero(f) ? sign_of(f) : 0);
  } else if (expected == 0x80 && f->nan == 0x80) {
    check_encode(f, -value, 0x80);
  } else {
    check_encode(f, -value, expected | sign_of(f));
  }
}

static void test_table_covers_every_format(void **state) {
  (void)state;
  assert_int_equal(FORMATS, SK_NUM_COUNT);
  for (size_t i = 0; i < FORMATS; i++) {
    assert_int_equal(facts[i].fmt, i);
    assert_string_equal(sk_num_name(facts[i].fmt), facts[i].name);
    assert_int_equal(sk_num_storage_bits(facts[i].fmt), facts[i].bits);
  }
}

static void test_every_pattern_round_trips(void **state) {
  (void)state;
  for (size_t i = 0; i < FORMATS; i++) {
    const format_facts *f = &facts[i];
    uint32_t nans = 0, infinities = 0;
    for (uint32_t bits = 0; bits < 1u << f->bits; bits++) {
      const double value = sk_num_decode(f->fmt, bits);
      assert_int_equal(sk_num_is_nan(f->fmt, bits), isnan(value) != 0);
      if (isnan(value)) {
        nans++;
        const uint32_t sign = f->nan == 0x80 ? 0 : bits & sign_of(f);
        assert_int_equal(sk_num_encode(f->fmt, value), f->nan | sign);
        assert_true((bits_of(value) & (UINT64_C(1) << 51)) != 0);  // quiet
        continue;
      }
      infinities += isinf(value) != 0;
      assert_int_equal(sk_num_encode(f->fmt, value), bits);
      if (!isinf(value)) {
        const double expected = magnitude_value(f, bits & ~sign_of(f));
        const bool negative = (bits & sign_of(f)) != 0;
        assert_true(bits_of(value) == bits_of(negative ? -expected : expected));
      } else {
        assert_int_equal(bits & ~sign_of(f), f->overflow);
      }
    }
    assert_int_equal(nans, f->nan_count);
    const bool has_infinity = f->overflow != f->nan && f->nan_count != 0;
    assert_int_equal(infinities, has_infinity ? 2 : 0);
  }
}

static void test_extremes(void **state) {
  (void)state;
  for (size_t i = 0; i < FORMATS; i++) {
    const format_facts *f = &facts[i];
    assert_true(sk_num_decode(f->fmt, largest_pattern(f)) == f->largest);
    assert_true(sk_num_decode(f->fmt, is_unsigned(f) ? 0 : 1) == f->least);
  }
}

// Between neighbours a < b (patterns p, p + 1): below the midpoint a, above it b, on it the one
// with the even significand; without mantissa bits both significands are 1, and the tie carries.
static void test_rounding_between_neighbours(void **state) {
  (void)state;
  for (size_t i = 0; i < FORMATS; i++) {
    const format_facts *f = &facts[i];
    const uint32_t last = largest_pattern(f);
    for (uint32_t p = 0; p < last; p++) {
      const double a = magnitude_value(f, p), b = magnitude_value(f, p + 1);
      const double middle = a + (b - a) / 2;
      const uint32_t even = f->mantissa_bits == 0 ? p + 1 : p + (p & 1);
      check_both_signs(f, middle, even);
      check_both_signs(f, nextafter(middle, a), p);
      check_both_signs(f, nextafter(middle, b), p + 1);
      check_both_signs(f, (double)nextafterf((float)middle, (float)a), p);
      check_both_signs(f, (double)nextafterf((float)middle, (float)b), p + 1);
      check_both_signs(f, nextafter(b, a), p + 1);
      if (a != 0) {
        check_both_signs(f, nextafter(a, b), p);
      }
    }
  }
}

static void test_overflow(void **state) {
  (void)state;
  for (size_t i = 0; i < FORMATS; i++) {
    const format_facts *f = &facts[i];
    const uint32_t last = largest_pattern(f);
    const double below = f->mantissa_bits ? magnitude_value(f, last - 1) : 0;
    // Half a step above the largest value is the tie with the value that would come next.
    const double step = f->mantissa_bits ? f->largest - below : f->largest;
    const double tie = f->largest + step / 2;
    const bool last_is_even = (last & 1) == 0 && f->mantissa_bits != 0;
    const uint32_t saturated = f->nan_count == 0 ? last : f->overflow;
    check_both_signs(f, nextafter(tie, 0), last);
    check_both_signs(f, tie, last_is_even ? last : saturated);
    check_both_signs(f, nextafter(tie, (double)INFINITY), saturated);
    check_both_signs(f, f->largest * 4, saturated);
    check_both_signs(f, 0x1.FFFFFFFFFFFFFp1023, saturated);
    check_both_signs(f, (double)INFINITY, saturated);
  }
}

static void test_underflow_and_zero(void **state) {
  (void)state;
  for (size_t i = 0; i < FORMATS; i++) {
    const format_facts *f = &facts[i];
    static const double tiny[] = {0x1p-1074, 0x1.FFFFFFFFFFFFFp-1023, 0x1p-149, 0x1p-140};
    for (size_t k = 0; k < sizeof tiny / sizeof tiny[0]; k++) {
      check_both_signs(f, tiny[k], 0);  // f8E8M0FNU: 2^-127 is pattern 0
    }
    check_encode(f, 0.0, is_unsigned(f) ? f->nan : 0);
    check_encode(f, -0.0, is_unsigned(f) ? f->nan : has_negative_zero(f) ? sign_of(f) : 0);
    if (!is_unsigned(f)) {
      check_both_signs(f, f->least / 2, 0);
      check_both_signs(f, nextafter(f->least / 2, 1), 1);
    }
  }
}

static void test_nan(void **state) {
  (void)state;
  static const uint32_t nans[] = {0x7FC00000, 0x7F800001, 0x7FFFFFFF, 0x7FBFFFFF};
  for (size_t i = 0; i < FORMATS; i++) {
    const format_facts *f = &facts[i];
    const uint32_t negative = f->nan == 0x80 ? f->nan : f->nan | sign_of(f);
    for (size_t k = 0; k < sizeof nans / sizeof nans[0]; k++) {
      assert_int_equal(sk_num_encode_f32(f->fmt, float_from(nans[k])), f->nan);
      assert_int_equal(sk_num_encode_f32(f->fmt, float_from(nans[k] | 0x80000000u)), negative);
    }
    assert_int_equal(sk_num_encode(f->fmt, (double)NAN), f->nan);
    assert_int_equal(sk_num_encode(f->fmt, copysign((double)NAN, -1.0)), negative);
  }
}

static void test_high_bits_are_ignored(void **state) {
  (void)state;
  for (size_t i = 0; i < FORMATS; i++) {
    const format_facts *f = &facts[i];
    for (uint32_t bits = 0; bits < 1u << f->bits; bits += 3) {
      const uint32_t noisy = bits | ~0u << f->bits;
      assert_true(bits_of(sk_num_decode(f->fmt, noisy)) == bits_of(sk_num_decode(f->fmt, bits)));
      assert_int_equal(sk_num_is_nan(f->fmt, noisy), sk_num_is_nan(f->fmt, bits));
    }
  }
}

static void test_quick_decoding(void **state) {
  (void)state;
  for (uint32_t bits = 0; bits < 1u << 16; bits++) {
    const float f16 = sk_f16_to_f32((uint16_t)bits), bf16 = sk_bf16_to_f32((uint16_t)bits);
    const double f16_slow = sk_num_decode(SK_NUM_F16, bits);
    const double bf16_slow = sk_num_decode(SK_NUM_BF16, bits);
    assert_int_equal(isnan(f16) != 0, isnan(f16_slow) != 0);
    assert_int_equal(isnan(bf16) != 0, isnan(bf16_slow) != 0);
    assert_true(isnan(f16) || bits_of((double)f16) == bits_of(f16_slow));
    assert_true(isnan(bf16) || bits_of((double)bf16) == bits_of(bf16_slow));
    // Payloads survive: the patterns move whole.
    assert_int_equal(float_bits(bf16), bits << 16);
    assert_int_equal(float_bits(f16) >> 31, bits >> 15);
  }
}

// The quick encoders against the generic one over a spread of all f32 patterns.
static void test_quick_encoding(void **state) {
  (void)state;
  for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += 4099) {
    const float value = float_from((uint32_t)bits);
    const double wide = (double)value;
    assert_int_equal(sk_f32_to_f16(value), sk_num_encode(SK_NUM_F16, wide));
    assert_int_equal(sk_f32_to_bf16(value), sk_num_encode(SK_NUM_BF16, wide));
  }
}

// f64 values go to the narrow format in one rounding: through f32 these would come out wrong.
static void test_no_double_rounding(void **state) {
  (void)state;
  assert_int_equal(sk_num_encode(SK_NUM_BF16, 0x1.0100000000001p0), 0x3F81);
  assert_int_equal(sk_num_encode(SK_NUM_F16, 0x1.0020000000001p0), 0x3C01);
  assert_int_equal(sk_num_encode(SK_NUM_F8E5M2, 0x1.2000000000001p0), 0x3D);
}

// -- reduce_precision ---------------------------------------------------------------------------

static void test_reduce_to_bf16_and_f16(void **state) {
  (void)state;
  for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += 4099) {
    const float value = float_from((uint32_t)bits);
    if (isnan(value)) {
      assert_int_equal(float_bits(sk_num_reduce_precision_f32(value, 5, 10)), bits);
      continue;
    }
    const float bf16 = sk_bf16_to_f32(sk_f32_to_bf16(value));
    assert_int_equal(float_bits(sk_num_reduce_precision_f32(value, 8, 7)), float_bits(bf16));
    // e5m10 rounds the mantissa first and knows no denormals.
    const float half = sk_num_reduce_precision_f32(value, 5, 10);
    if (fabsf(half) >= 0x1p-14f) {
      assert_int_equal(float_bits(half), float_bits(sk_f16_to_f32(sk_f32_to_f16(value))));
    } else {
      assert_true(half == 0 && signbit(half) == signbit(value) && fabsf(value) < 0x1p-14f);
    }
  }
}

static void test_reduce_f64(void **state) {
  (void)state;
  assert_true(sk_num_reduce_precision_f64(65505.0, 5, 10) == 65504.0);
  assert_true(isinf(sk_num_reduce_precision_f64(65520.0, 5, 10)));
  assert_true(bits_of(sk_num_reduce_precision_f64(-0x1p-1074, 5, 10)) == bits_of(-0.0));
  assert_true(sk_num_reduce_precision_f64(0x1p-1074, 11, 52) == 0x1p-1074);
  assert_true(sk_num_reduce_precision_f64(0x1.8p-1074 * 3, 11, 60) == 0x1.8p-1074 * 3);
  // Without mantissa bits a tie goes to the even exponent field: 1023 is odd, 1024 even.
  assert_true(sk_num_reduce_precision_f64(1.5, 11, 0) == 2.0);
  assert_true(sk_num_reduce_precision_f64(3.0, 11, 0) == 2.0);
  assert_true(sk_num_reduce_precision_f64(0x1.8000000000001p1, 11, 0) == 4.0);
  assert_true(isinf(sk_num_reduce_precision_f64(0x1.FFFFFFFFFFFFFp1023, 11, 51)));
}

static void test_reduce_nan_and_one_exponent_bit(void **state) {
  (void)state;
  assert_true(isnan(sk_num_reduce_precision_f32(NAN, 2, 1)));
  assert_int_equal(float_bits(sk_num_reduce_precision_f32(-NAN, 5, 0)), 0x7F800000);
  assert_true(bits_of(sk_num_reduce_precision_f64((double)NAN, 5, 0)) == bits_of((double)INFINITY));
  // One exponent bit leaves zero and infinity.
  assert_true(sk_num_reduce_precision_f32(1.5f, 1, 2) == 0);
  assert_true(isinf(sk_num_reduce_precision_f32(2.0f, 1, 2)));
  assert_true(sk_num_reduce_precision_f32(-INFINITY, 4, 3) == -INFINITY);
}

// On the narrow patterns themselves: f16 keeps its denormals at five exponent bits.
static void test_reduce_narrow(void **state) {
  (void)state;
  assert_int_equal(sk_num_reduce_precision(SK_NUM_F16, 0x0001, 5, 10), 0x0001);
  assert_int_equal(sk_num_reduce_precision(SK_NUM_F16, 0x8001, 4, 10), 0x8000);
  assert_int_equal(sk_num_reduce_precision(SK_NUM_F16, 0x7BFF, 5, 7), 0x7C00);
  assert_int_equal(sk_num_reduce_precision(SK_NUM_F16, 0x7E01, 5, 7), 0x7E01);
  assert_int_equal(sk_num_reduce_precision(SK_NUM_F16, 0xFE01, 5, 0), 0x7C00);
  for (size_t i = 0; i < FORMATS; i++) {
    const format_facts *f = &facts[i];
    for (uint32_t bits = 0; bits < 1u << f->bits; bits++) {
      assert_int_equal(sk_num_reduce_precision(f->fmt, bits, 11, 52), bits);
      assert_int_equal(sk_num_reduce_precision(f->fmt, bits, 8, 10), bits);
    }
  }
  assert_int_equal(sk_num_reduce_precision(SK_NUM_F8E4M3FN, 0x7E, 4, 1),
                   0x7F);  // 448 -> 512 -> NaN
  assert_int_equal(sk_num_reduce_precision(SK_NUM_F8E4M3FN, 0x39, 4, 1), 0x38);  // 1.125 -> 1
}

// -- independence of the host's floating-point state --------------------------------------------

static uint64_t digest_of_everything(void) {
  uint64_t digest = 0;
  for (size_t i = 0; i < FORMATS; i++) {
    for (uint32_t bits = 0; bits < 1u << facts[i].bits; bits++) {
      const double value = sk_num_decode(facts[i].fmt, bits);
      digest = digest * 31 + bits_of(value);
      for (size_t k = 0; k < FORMATS; k += 4) {
        digest = digest * 31 + sk_num_encode(facts[k].fmt, value);
      }
    }
  }
  for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += 99991) {
    const float value = float_from((uint32_t)bits);
    digest = digest * 31 + sk_f32_to_f16(value);
    digest = digest * 31 + sk_num_encode_f32(SK_NUM_F8E4M3FN, value);
    digest = digest * 31 + float_bits(sk_num_reduce_precision_f32(value, 6, 9));
    digest = digest * 31 + float_bits(sk_f16_to_f32((uint16_t)bits));
  }
  return digest;
}

static void test_host_state_does_not_matter(void **state) {
  (void)state;
  const uint64_t expected = digest_of_everything();
  const unsigned saved = _mm_getcsr();
  fesetround(FE_UPWARD);
  _mm_setcsr(_mm_getcsr() | 0x8040);  // FTZ and DAZ
  const uint64_t got = digest_of_everything();
  fesetround(FE_TONEAREST);
  _mm_setcsr(saved);
  assert_true(got == expected);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_table_covers_every_format),
      cmocka_unit_test(test_every_pattern_round_trips),
      cmocka_unit_test(test_extremes),
      cmocka_unit_test(test_rounding_between_neighbours),
      cmocka_unit_test(test_overflow),
      cmocka_unit_test(test_underflow_and_zero),
      cmocka_unit_test(test_nan),
      cmocka_unit_test(test_high_bits_are_ignored),
      cmocka_unit_test(test_quick_decoding),
      cmocka_unit_test(test_quick_encoding),
      cmocka_unit_test(test_no_double_rounding),
      cmocka_unit_test(test_reduce_to_bf16_and_f16),
      cmocka_unit_test(test_reduce_f64),
      cmocka_unit_test(test_reduce_nan_and_one_exponent_bit),
      cmocka_unit_test(test_reduce_narrow),
      cmocka_unit_test(test_host_state_does_not_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
