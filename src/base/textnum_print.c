// SPDX-License-Identifier: Apache-2.0
// Numbers to text: the shortest decimal that reads back as the same binary number, by integer
// arithmetic only.
//
// Method: Raffaello Giulietti, "The Schubfach way to render doubles" (2021). For v = c x 2^q every
// decimal between the midpoints to v's neighbours reads back as v. A power of ten 10^k is chosen so
// that this interval holds at least one and at most a few multiples of it; the interval's ends and
// v, scaled by 10^-k with a 128-bit power and rounded to odd, decide exactly between the two
// candidates of one digit less, else between the two nearest. f32 uses the same routine with its
// own interval; only c < 2^53 and the range of q matter.
//
// Form: digits with a point (MLIR requires one) for 1e-5 <= |v| < 1e17, else d.ddde[-]dd.
// Infinities and NaNs are written as hexadecimal bit patterns, as MLIR does. No locale takes part.
#include "base/str.h"
#include "base/textnum_int.h"

const sk_pow10 sk_pow10_table[SK_POW10_MAX - SK_POW10_MIN + 1] = {
#define X(high, low) {high, low},
#include "base/pow10.def"
#undef X
};

typedef struct decimal {
  uint64_t digits;  // no trailing zeros unless 0
  int exponent;     // value = digits x 10^exponent
} decimal;

// 10^k as a 128-bit significand rounded up (exact where it fits).
static sk_pow10 pow10_ceil(int k) {
  sk_pow10 g = sk_pow10_table[k - SK_POW10_MIN];
  if (k < 0 || k > SK_POW10_EXACT_MAX) {
    g.low += 1;
    g.high += g.low == 0;
  }
  return g;
}

// floor(g x c / 2^128) with the lowest bit set when the quotient is not exact (up to the error of
// g).
static uint64_t round_to_odd(sk_pow10 g, uint64_t c) {
  uint64_t low_hi, low_lo, hi, mid;
  sk_mul64_wide(g.low, c, &low_hi, &low_lo);
  sk_mul64_wide(g.high, c, &hi, &mid);
  mid += low_hi;
  hi += mid < low_hi;
  return hi | (mid > 1);
}

static decimal strip_zeros(uint64_t digits, int exponent) {
  while (digits != 0 && digits % 10 == 0) {
    digits /= 10;
    exponent++;
  }
  return (decimal){digits, digits ? exponent : 0};
}

// v = c x 2^q, c > 0. `closer_below`: the lower neighbour is at half the distance (c is a power of
// two).
static decimal shortest(uint64_t c, int q, bool closer_below) {
  if (q <= 0 && q > -53 && (c & (((uint64_t)1 << -q) - 1)) == 0) {
    return strip_zeros(c >> -q, 0);  // an integer below 2^53
  }
  const uint64_t open = c & 1;  // the interval's ends belong to it when c is even
  const int k = closer_below ? sk_floor_log10_three_quarters_pow2(q) : sk_floor_log10_pow2(q);
  const int h = q + sk_floor_log2_pow10(-k) + 1;
  const sk_pow10 g = pow10_ceil(-k);
  const uint64_t lower = round_to_odd(g, (4 * c - 2 + closer_below) << h) + open;
  const uint64_t v4 = round_to_odd(g, (4 * c) << h);
  const uint64_t upper = round_to_odd(g, (4 * c + 2) << h) - open;
  const uint64_t s = v4 / 4;
  if (s >= 10) {
    const uint64_t tens = s / 10;
    const bool down_inside = lower <= 40 * tens, up_inside = 40 * tens + 40 <= upper;
    if (down_inside != up_inside) {
      return strip_zeros(tens + up_inside, k + 1);
    }
  }
  const bool down_inside = lower <= 4 * s, up_inside = 4 * s + 4 <= upper;
  if (down_inside != up_inside) {
    return strip_zeros(s + up_inside, k);
  }
  const uint64_t middle = 4 * s + 2;
  const bool up = v4 > middle || (v4 == middle && (s & 1) != 0);
  return strip_zeros(s + up, k);
}

// Writes the digits of `value` so that they end before `end`; returns their start.
static char *put_digits(char *end, uint64_t value) {
  do {
    *--end = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return end;
}

static size_t put_zeros(char *out, int count) {
  memset(out, '0', (size_t)count);
  return (size_t)count;
}

enum { MAX_NUMBER_CHARS = 48 };

// Digits with a point; `point` = number of digits before it, may be <= 0.
static size_t put_positional(char *out, const char *digits, int count, int point) {
  size_t len = 0;
  if (point <= 0) {
    memcpy(out, "0.", 2);
    len = 2 + put_zeros(out + 2, -point);
    memcpy(out + len, digits, (size_t)count);
    return len + (size_t)count;
  }
  const int whole = SK_MIN(count, point);
  memcpy(out, digits, (size_t)whole);
  len = (size_t)whole + put_zeros(out + whole, point - whole);
  out[len++] = '.';
  if (count <= point) {
    out[len++] = '0';
    return len;
  }
  memcpy(out + len, digits + point, (size_t)(count - point));
  return len + (size_t)(count - point);
}

static size_t put_scientific(char *out, const char *digits, int count, int exponent) {
  size_t len = 0;
  out[len++] = digits[0];
  out[len++] = '.';
  if (count == 1) {
    out[len++] = '0';
  }
  memcpy(out + len, digits + 1, (size_t)(count - 1));
  len += (size_t)(count - 1);
  out[len++] = 'e';
  if (exponent < 0) {
    out[len++] = '-';
  }
  char buf[8], *end = buf + sizeof buf;
  char *start = put_digits(end, (uint64_t)(exponent < 0 ? -exponent : exponent));
  memcpy(out + len, start, (size_t)(end - start));
  return len + (size_t)(end - start);
}

static void add_decimal(sk_text *text, bool negative, decimal d) {
  char buf[24], *end = buf + sizeof buf;
  char *digits = put_digits(end, d.digits);
  const int count = (int)(end - digits);
  const int point = count + d.exponent;
  char out[MAX_NUMBER_CHARS];
  size_t len = 0;
  if (negative) {
    out[len++] = '-';
  }
  if (point > -5 && point <= 17) {
    len += put_positional(out + len, digits, count, point);
  } else {
    len += put_scientific(out + len, digits, count, point - 1);
  }
  sk_text_add(text, (sk_str){out, len});
}

static void add_hex(sk_text *text, uint64_t bits, int digits) {
  char out[2 + 16] = "0x";
  for (int i = 0; i < digits; i++) {
    out[2 + i] = "0123456789ABCDEF"[bits >> (4 * (digits - 1 - i)) & 15];
  }
  sk_text_add(text, (sk_str){out, (size_t)digits + 2});
}

// An IEEE number with `mantissa_bits` explicit bits and the given bias, of `total_bits` bits.
static void add_ieee(sk_text *text, uint64_t bits, int total_bits, int mantissa_bits, int bias) {
  const uint64_t hidden = (uint64_t)1 << mantissa_bits;
  const int exponent_bits = total_bits - 1 - mantissa_bits;
  const uint64_t fraction = bits & (hidden - 1);
  const int field = (int)(bits >> mantissa_bits & (((uint64_t)1 << exponent_bits) - 1));
  const bool negative = bits >> (total_bits - 1) & 1;
  if (field == (1 << exponent_bits) - 1) {
    add_hex(text, bits, total_bits / 4);
  } else if (field == 0 && fraction == 0) {
    add_decimal(text, negative, (decimal){0, 0});
  } else if (field == 0) {
    add_decimal(text, negative, shortest(fraction, 1 - bias - mantissa_bits, false));
  } else {
    add_decimal(
        text, negative,
        shortest(fraction | hidden, field - bias - mantissa_bits, fraction == 0 && field > 1));
  }
}

void sk_text_add_f64(sk_text *text, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  add_ieee(text, bits, 64, 52, 1023);
}

// Readers that go through f64, as MLIR does, round twice. Of all f32 numbers this is the only one
// whose shortest text, 7.038531e-26, they would read as a neighbour (tests/sweep/base_f32.c tries
// every one): it takes one digit more.
static const uint32_t twice_rounded_f32 = 0x15AE43FD;
static const decimal twice_rounded_text = {70385307, -33};

void sk_text_add_f32(sk_text *text, float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if ((bits & 0x7FFFFFFF) == twice_rounded_f32) {
    add_decimal(text, bits >> 31 != 0, twice_rounded_text);
    return;
  }
  add_ieee(text, bits, 32, 23, 127);
}

void sk_text_add_u64(sk_text *text, uint64_t value) {
  char buf[24], *end = buf + sizeof buf;
  char *start = put_digits(end, value);
  sk_text_add(text, (sk_str){start, (size_t)(end - start)});
}

void sk_text_add_i64(sk_text *text, int64_t value) {
  char buf[24], *end = buf + sizeof buf;
  char *start = put_digits(end, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
  if (value < 0) {
    *--start = '-';
  }
  sk_text_add(text, (sk_str){start, (size_t)(end - start)});
}
