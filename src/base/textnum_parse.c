// SPDX-License-Identifier: Apache-2.0
// Text to numbers, correctly rounded (to nearest, ties to even), by integer arithmetic only:
// neither the locale nor the host's rounding mode or denormal flags take part.
//
// A decimal is read as w x 10^q, w the first 19 digits. Quick path: w times the 128-bit power of
// ten gives the first 128 bits of the value with a known bound on the error; if no midpoint between
// two results lies within that error, rounding is decided (the idea of Eisel and Lemire's method,
// with an explicit bound instead of a proof about the table). Otherwise - exact ties with negative
// powers, or more than 19 digits close to a midpoint - the quotient of two big integers decides.
// f32 is rounded once, straight from the decimal.
#include "base/str.h"
#include "base/textnum_int.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

// -- integers -------------------------------------------------------------------------------------

static int hex_digit(char c) {
  if (is_digit(c)) {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

bool sk_str_to_u64(sk_str s, uint64_t *out) {
  unsigned base = 10;
  size_t i = 0;
  if (s.len > 2 && s.data[0] == '0' && s.data[1] == 'x') {
    base = 16;
    i = 2;
  }
  if (i == s.len) {
    return false;
  }
  uint64_t value = 0;
  for (; i < s.len; i++) {
    const unsigned digit = (unsigned)hex_digit(s.data[i]);
    if (digit >= base || SK_MUL_OVERFLOW(value, (uint64_t)base, &value) ||
        SK_ADD_OVERFLOW(value, (uint64_t)digit, &value)) {
      return false;
    }
  }
  *out = value;
  return true;
}

bool sk_str_to_i64(sk_str s, int64_t *out) {
  const bool negative = s.len > 0 && s.data[0] == '-';
  uint64_t magnitude;
  if (!sk_str_to_u64(negative ? (sk_str){s.data + 1, s.len - 1} : s, &magnitude) ||
      magnitude > (uint64_t)INT64_MAX + negative) {
    return false;
  }
  *out = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
  return true;
}

// -- the decimal as written -----------------------------------------------------------------------

enum { QUICK_DIGITS = 19 };

typedef struct decimal_text {
  const char *first, *end;  // from the first significant digit; may contain the point
  uint64_t w;               // its first QUICK_DIGITS digits
  int64_t q;                // value = w x 10^q (digits beyond w left out)
  int64_t all_exponent;     // value = (all digits from first to end) x 10^all_exponent
  bool truncated;           // digits other than 0 were left out of w
} decimal_text;

// Beyond any exponent that matters, even after digit counts up to 2^62 were added.
static const int64_t exponent_clamp = INT64_MAX / 4;

// Reads [eE][+-]digits at `p`; false if there are no digits.
static bool read_exponent(const char *p, const char *end, int64_t *out_exponent) {
  bool negative = false;
  if (p < end && (*p == '+' || *p == '-')) {
    negative = *p++ == '-';
  }
  if (p == end) {
    return false;
  }
  int64_t value = 0;
  for (; p < end; p++) {
    if (!is_digit(*p)) {
      return false;
    }
    value = value < exponent_clamp / 10 ? value * 10 + (*p - '0') : exponent_clamp;
  }
  *out_exponent = negative ? -value : value;
  return true;
}

// Reads digits[.digits][exponent] that fill p..end; at least one digit on either side of the point.
static bool read_decimal(const char *p, const char *end, decimal_text *out) {
  *out = (decimal_text){NULL, NULL, 0, 0, 0, false};
  int64_t digits = 0, fraction_digits = 0, dropped = 0;
  bool point = false;
  int taken = 0;
  for (; p < end; p++) {
    if (*p == '.' && !point) {
      point = true;
      continue;
    }
    if (!is_digit(*p)) {
      break;
    }
    digits++;
    fraction_digits += point;
    if (!out->first && *p != '0') {
      out->first = p;
    }
    if (out->first && taken < QUICK_DIGITS) {
      out->w = out->w * 10 + (uint64_t)(*p - '0');
      taken++;
    } else if (out->first) {
      dropped++;
      out->truncated |= *p != '0';
    }
  }
  if (digits == 0) {
    return false;
  }
  out->end = p;
  int64_t exponent = 0;
  if (p < end && ((*p != 'e' && *p != 'E') || !read_exponent(p + 1, end, &exponent))) {
    return false;
  }
  out->all_exponent = exponent - fraction_digits;
  out->q = out->all_exponent + dropped;
  return true;
}

// -- rounding -------------------------------------------------------------------------------------

typedef struct ieee_format {
  int precision;  // significand bits, the hidden one included
  int bias;
  int exponent_bits;
} ieee_format;

static const ieee_format format_f64 = {53, 1023, 11};
static const ieee_format format_f32 = {24, 127, 8};

static uint64_t infinity_of(const ieee_format *f) {
  return (((uint64_t)1 << f->exponent_bits) - 1) << (f->precision - 1);
}

// The true value lies in [v, v + error) x 2^(exponent - 127), or is exactly v when error is 0; the
// top bit of v is set. Rounds it to bits without sign; false when the error leaves it open which
// way.
static bool round_value(const ieee_format *f, sk_u128 v, sk_u128 error, int exponent,
                        uint64_t *out_bits) {
  int field = exponent + f->bias;
  int discard = 128 - f->precision;
  if (field < 1) {
    discard += 1 - field;
    field = 1;
  }
  if (discard > 129) {
    *out_bits = 0;  // below a quarter of the smallest denormal
    return true;
  }
  if (discard == 129) {  // below, but perhaps by less than the error, half the smallest denormal
    *out_bits = 0;
    return v + error >= v;
  }
  const sk_u128 half = (sk_u128)1 << (discard - 1);
  const sk_u128 rest = discard == 128 ? v : v & ((half << 1) - 1);
  uint64_t kept = discard == 128 ? 0 : (uint64_t)(v >> discard);
  if (error != 0 && rest <= half && half - rest <= error) {
    return false;
  }
  kept += rest > half || (rest == half && (kept & 1) != 0);
  const uint64_t code = ((uint64_t)(field - 1) << (f->precision - 1)) + kept;
  *out_bits = SK_MIN(code, infinity_of(f));
  return true;
}

static bool round_quick(const ieee_format *f, const decimal_text *d, uint64_t *out_bits) {
  const int q = (int)d->q;
  const sk_pow10 power = sk_pow10_table[q - SK_POW10_MIN];
  const unsigned shift = sk_clz64(d->w);
  const uint64_t w = d->w << shift;
  uint64_t high, mid, carry, low;
  sk_mul64_wide(w, power.low, &carry, &low);
  sk_mul64_wide(w, power.high, &high, &mid);
  mid += carry;
  high += mid < carry;
  sk_u128 v = (sk_u128)high << 64 | mid;
  int exponent = sk_floor_log2_pow10(q) + 64 - (int)shift;
  const bool exact = q >= 0 && q <= SK_POW10_EXACT_MAX && !d->truncated && low == 0;
  // Left out: `low` and the cut-off power, each below one unit of v; digits beyond w, below 2^64
  // units.
  sk_u128 error = exact ? 0 : 2;
  if (d->truncated) {
    error += (sk_u128)1 << (64 + shift);
  }
  if (high >> 63 == 0) {
    v <<= 1;
    error <<= 1;
    exponent--;
  }
  return round_value(f, v, error, exponent, out_bits);
}

// -- big integers ---------------------------------------------------------------------------------

// Limbs: 801 digits x 10^345 below, 10^1146 x 2^64 above the fraction bar: under 3900 bits.
enum { BIG_LIMBS = 64, BIG_DIGITS = 800 };

typedef struct big {
  uint64_t limb[BIG_LIMBS];  // least significant first
  int count;                 // limbs in use, the top one not 0
} big;

static void big_mul_add(big *b, uint64_t factor, uint64_t addend) {
  uint64_t carry = addend;
  for (int i = 0; i < b->count; i++) {
    uint64_t hi, lo;
    sk_mul64_wide(b->limb[i], factor, &hi, &lo);
    lo += carry;
    carry = hi + (lo < carry);
    b->limb[i] = lo;
  }
  if (carry != 0 && b->count < BIG_LIMBS) {
    b->limb[b->count++] = carry;
  }
}

static void big_mul_pow10(big *b, int64_t power) {
  for (; power >= 19; power -= 19) {
    big_mul_add(b, 10000000000000000000u, 0);
  }
  for (; power > 0; power--) {
    big_mul_add(b, 10, 0);
  }
}

static int big_bits(const big *b) {
  return b->count == 0 ? 0 : 64 * b->count - (int)sk_clz64(b->limb[b->count - 1]);
}

static void big_shift_left(big *b, int bits) {
  const int limbs = bits / 64, rest = bits % 64;
  if (rest != 0) {
    big_mul_add(b, (uint64_t)1 << rest, 0);
  }
  if (limbs != 0 && b->count + limbs <= BIG_LIMBS) {
    memmove(b->limb + limbs, b->limb, (size_t)b->count * sizeof b->limb[0]);
    memset(b->limb, 0, (size_t)limbs * sizeof b->limb[0]);
    b->count += limbs;
  }
}

static void big_halve(big *b) {
  for (int i = 0; i < b->count; i++) {
    const uint64_t above = i + 1 < b->count ? b->limb[i + 1] : 0;
    b->limb[i] = b->limb[i] >> 1 | above << 63;
  }
  if (b->count != 0 && b->limb[b->count - 1] == 0) {
    b->count--;
  }
}

// a -= b and true when a >= b, else a stays.
static bool big_take(big *a, const big *b) {
  if (a->count < b->count) {
    return false;
  }
  for (int i = a->count - 1; i >= 0; i--) {
    const uint64_t other = i < b->count ? b->limb[i] : 0;
    if (a->limb[i] != other) {
      if (a->limb[i] < other) {
        return false;
      }
      break;
    }
  }
  uint64_t borrow = 0;
  for (int i = 0; i < a->count; i++) {
    const uint64_t other = i < b->count ? b->limb[i] : 0;
    const uint64_t less = a->limb[i] - other;
    const uint64_t result = less - borrow;
    borrow = (a->limb[i] < other) | (less < borrow);
    a->limb[i] = result;
  }
  while (a->count != 0 && a->limb[a->count - 1] == 0) {
    a->count--;
  }
  return true;
}

// All digits (at most BIG_DIGITS, then a 1 that stands for the rest) into *out_value; returns the
// exponent of ten.
static int64_t read_big(const decimal_text *d, big *out_value) {
  out_value->count = 0;
  int64_t dropped = 0;
  int taken = 0;
  bool rest = false;
  for (const char *p = d->first; p < d->end; p++) {
    if (*p == '.') {
      continue;
    }
    if (taken < BIG_DIGITS) {
      big_mul_add(out_value, 10, (uint64_t)(*p - '0'));
      taken++;
    } else {
      dropped++;
      rest |= *p != '0';
    }
  }
  if (rest) {
    big_mul_add(out_value, 10, 1);
    dropped--;
  }
  return d->all_exponent + dropped;
}

// Numerator / denominator to 64 bits and a sticky bit, then rounding: exact, some 20 microseconds.
static uint64_t round_exactly(const ieee_format *f, const decimal_text *d) {
  big num, den = {{1}, 1};
  const int64_t exponent10 = read_big(d, &num);
  big_mul_pow10(exponent10 > 0 ? &num : &den, exponent10 > 0 ? exponent10 : -exponent10);
  // Align so that the quotient lies between 2^62 and 2^64.
  const int shift = 63 - (big_bits(&num) - big_bits(&den));
  big_shift_left(shift > 0 ? &num : &den, shift > 0 ? shift : -shift);
  big_shift_left(&den, 63);
  uint64_t quotient = 0;
  for (int bit = 63; bit >= 0; bit--) {
    quotient |= (uint64_t)big_take(&num, &den) << bit;
    big_halve(&den);
  }
  sk_u128 v = (sk_u128)quotient << 64 | (num.count != 0);
  int exponent = 63 - shift;
  if (quotient >> 63 == 0) {
    v <<= 1;
    exponent--;
  }
  uint64_t bits = 0;
  (void)round_value(f, v, 0, exponent, &bits);
  return bits;
}

// -- entry points ---------------------------------------------------------------------------------

static bool equals_folded(const char *p, const char *end, const char *lower) {
  for (; p < end && *lower; p++, lower++) {
    const char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
    if (c != *lower) {
      return false;
    }
  }
  return p == end && *lower == '\0';
}

// Bits of the whole slice in format `f`. False: malformed, or too large (then *out_bits is the
// infinity).
static bool parse_float(const ieee_format *f, sk_str s, uint64_t *out_bits) {
  const char *p = s.data, *end = s.data + s.len;
  uint64_t sign = 0;
  if (s.len > 0 && (*p == '-' || *p == '+')) {
    sign = (uint64_t)(*p == '-') << (f->precision - 1 + f->exponent_bits);
    p++;
  }
  if (equals_folded(p, end, "inf") || equals_folded(p, end, "infinity")) {
    *out_bits = sign | infinity_of(f);
    return true;
  }
  if (equals_folded(p, end, "nan")) {
    *out_bits = sign | infinity_of(f) | (uint64_t)1 << (f->precision - 2);
    return true;
  }
  decimal_text d;
  if (!read_decimal(p, end, &d)) {
    return false;
  }
  uint64_t bits = 0;
  if (d.w != 0 && d.q > 308) {
    bits = infinity_of(f);
  } else if (d.w != 0 && d.q >= SK_POW10_MIN && !round_quick(f, &d, &bits)) {
    bits = round_exactly(f, &d);
  }
  *out_bits = sign | bits;
  return bits != infinity_of(f);
}

bool sk_str_to_f64(sk_str s, double *out) {
  uint64_t bits = 0;
  const bool ok = parse_float(&format_f64, s, &bits);
  memcpy(out, &bits, sizeof *out);
  return ok;
}

bool sk_str_to_f32(sk_str s, float *out) {
  uint64_t bits = 0;
  const bool ok = parse_float(&format_f32, s, &bits);
  const uint32_t bits32 = (uint32_t)bits;
  memcpy(out, &bits32, sizeof *out);
  return ok;
}
