// SPDX-License-Identifier: Apache-2.0
// Element-wise ops of CHLO that C's math library lacks, and ops on the pattern of a float:
// bessel_i1e, digamma, erf_inv, lgamma, polygamma, zeta, sinh and cosh of f32, next_after,
// reduce_precision, mulhi, conj and the tests for infinity.
// Functions are evaluated in double (series in long double where terms cancel) and rounded by the
// caller, as in interp_scalar.c.
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "interp/interp_int.h"

// psi(x): recurrence up to 20, then the asymptotic series; reflection below 0.
static double digamma(double x) {
  const long double pi = 3.14159265358979323846264338327950288L;
  static const long double b[] = {// B_2k / 2k
                                  1.0L / 12,  -1.0L / 120,     1.0L / 252, -1.0L / 240,
                                  1.0L / 132, -691.0L / 32760, 1.0L / 12,  -3617.0L / 8160};
  if (x <= 0 && x == floor(x)) {
    return (double)NAN;  // a pole; the sides differ in sign
  }
  long double y = (long double)x, sum = 0;
  if (x < 0) {
    const long double fraction = y - roundl(y);  // exact
    sum = -pi / tanl(pi * fraction);
    y = 1 - y;
  }
  while (y < 20) {
    sum -= 1 / y;
    y += 1;
  }
  const long double w = 1 / (y * y);
  long double series = 0;
  for (size_t k = SK_COUNT(b); k-- > 0;) {
    series = w * (b[k] + series);
  }
  return (double)(sum + logl(y) - 1 / (2 * y) - series);
}

// e^-|x| I1(x): the power series up to 30, then the asymptotic one.
static double bessel_i1e(double x) {
  const long double a = fabsl((long double)x);
  long double sum = 0;
  if (a <= 30) {
    long double term = a / 2;
    for (int k = 1; term > sum * 0x1p-70L; k++) {
      sum += term;
      term *= a * a / 4 / ((long double)k * (k + 1));
    }
    sum *= expl(-a);
  } else if (!isnan(x)) {
    long double term = 1;
    for (int k = 1; fabsl(term) > 0x1p-70L && k < 60; k++) {
      sum += term;
      term *= ((long double)(2 * k - 1) * (2 * k - 1) - 4) / (8 * a * k);
    }
    sum /= sqrtl(2 * 3.14159265358979323846264338327950288L * a);
  } else {
    return x;
  }
  return copysign((double)sum, x);
}

// erf's inverse by Newton's method on libm's erf, from Giles' approximation (GPU Computing Gems,
// 2011); full double accuracy but for the tails' last bits.
static double erf_inv(double x) {
  if (!(x > -1 && x < 1)) {
    return x == 1 ? (double)INFINITY : x == -1 ? -(double)INFINITY : (double)NAN;
  }
  double w = -log1p(-x * x), y;
  if (w < 5) {
    w -= 2.5;
    y = -0.00125372503 + w * 0.00021858087;
    y = 1.50140941 + w * (0.246640727 + w * (-0.00417768164 + w * y));
  } else {
    w = sqrt(w) - 3;
    y = -0.0076224613 + w * 0.00573950773;
    y = 2.83297682 + w * (1.00167406 + w * (0.00943887047 + w * y));
  }
  y *= x;
  // In the tails the first guess is far off, and each step gains little.
  for (int i = 0; i < 40; i++) {
    double error = x > -0.5 && x < 0.5 ? x - erf(y)  // no cancellation near 0, nor near 1
                   : x < 0             ? -(erfc(-y) - (1 + x))
                                       : erfc(y) - (1 - x);
    y += error / (2 / sqrt(M_PI) * exp(-y * y));
  }
  return y;
}

// The gamma function's sign is not asked for, and must not be written where threads meet.
static double log_gamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

// Coefficients B(2k) / (2k)! of the Euler-Maclaurin formula.
static const double bernoulli[] = {
    1.0 / 12,
    -1.0 / 720,
    1.0 / 30240,
    -1.0 / 1209600,
    1.0 / 47900160,
    -691.0 / 1307674368000,
    1.0 / 74724249600,
    -3617.0 / 10670622842880000,
    43867.0 / 5109094217170944000,
};

// Hurwitz: sum over k >= 0 of (q + k)^-s, for q > 0: the first terms added up, the rest by
// Euler-Maclaurin.
static double zeta_of_positive(double s, double q) {
  enum { TERMS = 12 };
  double sum = 0, at = q;
  for (int k = 0; k < TERMS || at <= TERMS; k++, at++) {
    sum += pow(at, -s);
  }
  double tail = pow(at, -s), factor = s, power = tail / at;
  if (tail == 0) {
    return sum;  // though its factors may be infinite
  }
  sum += tail * at / (s - 1) + tail / 2;
  for (size_t k = 0; k < SK_COUNT(bernoulli); k++) {
    sum += bernoulli[k] * factor * power;
    factor *= (s + 2 * (double)k + 1) * (s + 2 * (double)k + 2);
    power /= at * at;
  }
  return sum;
}

static double zeta(double s, double q) {
  if (s == 1) {
    return (double)INFINITY;
  }
  if (!(s > 1) || isnan(q)) {
    return (double)NAN;
  }
  if (q > 0) {
    return zeta_of_positive(s, q);
  }
  if (floor(q) == q || floor(s) != s) {
    return floor(q) == q ? (double)INFINITY : (double)NAN;
  }
  // The terms below zero are those of two positive sums of which one is the tail of the other.
  double sign = fmod(s, 2) == 1 ? -1 : 1;
  double below = zeta_of_positive(s, ceil(q) - q) - zeta_of_positive(s, 1 - q);
  return zeta_of_positive(s, q - floor(q)) + sign * below;
}

static double polygamma(double n, double x) {
  if (n < 0 || floor(n) != n) {
    return (double)NAN;
  }
  if (n == 0) {
    return digamma(x);
  }
  double sign = fmod(n, 2) == 0 ? -1 : 1;
  return sign * exp(log_gamma(n + 1)) * zeta(n + 1, x);
}

// CHLO defines sinh (from 1 on) and cosh by exponentials of x + log(1/2), so that they overflow no
// earlier than they must. On f32 the sum's rounding shows: a few units in the last place.
static double hyperbolic_f32(sk_opkind kind, double x) {
  if (kind == SK_OP_CHLO_SINH && fabs(x) < 1) {
    return sinh(x);
  }
  const float log_half = -0.693147182f;
  float up = (float)exp((double)((float)x + log_half));
  float down = (float)exp((double)(log_half - (float)x));
  return (double)(kind == SK_OP_CHLO_SINH ? up - down : up + down);
}

static bool is_hyperbolic(sk_opkind kind) {
  return kind == SK_OP_CHLO_SINH || kind == SK_OP_CHLO_COSH;
}

bool sk_interp_special_function(sk_opkind kind, double x, double *out) {
  switch ((int)kind) {
    case SK_OP_CHLO_DIGAMMA: *out = digamma(x); return true;
    case SK_OP_CHLO_BESSEL_I1E: *out = bessel_i1e(x); return true;
    case SK_OP_CHLO_ERF_INV: *out = erf_inv(x); return true;
    case SK_OP_CHLO_LGAMMA: *out = log_gamma(x); return true;
    default: return false;
  }
}

bool sk_interp_special_pair(sk_opkind kind, double x, double y, double *out) {
  switch ((int)kind) {
    case SK_OP_CHLO_POLYGAMMA: *out = polygamma(x, y); return true;
    case SK_OP_CHLO_ZETA: *out = zeta(x, y); return true;
    default: return false;
  }
}

static bool narrow_format(sk_elem elem, sk_numfmt *out_format) {
  switch ((int)elem) {
#define X(name, ...)                                                                               \
  case SK_##name:                                                                                  \
    *out_format = SK_NUM_##name;                                                                   \
    return true;
#include "base/num.def"
#undef X
    default: return false;
  }
}

static double reduce_precision(const sk_interp *s, sk_op op, sk_elem elem, double x) {
  const int exponent = (int)SK_MIN(sk_op_int(s->m, op, SK_NAME_exponent_bits, 0), 11);
  const int mantissa = (int)SK_MIN(sk_op_int(s->m, op, SK_NAME_mantissa_bits, 0), 52);
  sk_numfmt format;
  if (narrow_format(elem, &format)) {
    return sk_num_decode(
        format, sk_num_reduce_precision(format, sk_num_encode(format, x), exponent, mantissa));
  }
  return elem == SK_F32 ? (double)sk_num_reduce_precision_f32((float)x, exponent, mantissa)
                        : sk_num_reduce_precision_f64(x, exponent, mantissa);
}

// In narrow formats by trying the patterns beside x's own.
static double next_after(sk_elem elem, double x, double y) {
  sk_numfmt format;
  if (!narrow_format(elem, &format)) {
    return elem == SK_F32 ? (double)nextafterf((float)x, (float)y) : nextafter(x, y);
  }
  if (isnan(x) || isnan(y) || x == y) {
    return isnan(x) ? x : y;
  }
  if (x == 0) {
    return copysign(sk_num_decode(format, 1), y);
  }
  const uint32_t pattern = sk_num_encode(format, fabs(x));
  return copysign(sk_num_decode(format, (x < y) == (x > 0) ? pattern + 1 : pattern - 1), x);
}

// High half of the product of two integers of the type's width.
static int64_t multiply_high(sk_elem elem, int64_t x, int64_t y) {
  const uint32_t bits = sk_elem_bits(elem);
  if (bits < 64) {
    return sk_elem_is_signed(elem) ? (x * y) >> bits : (int64_t)((uint64_t)x * (uint64_t)y >> bits);
  }
  const uint64_t a = (uint64_t)x, b = (uint64_t)y, low = UINT32_MAX;
  const uint64_t middle = (a >> 32) * (b & low) + ((a & low) * (b & low) >> 32);
  const uint64_t other = (a & low) * (b >> 32) + (middle & low);
  uint64_t high = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
  if (sk_elem_is_signed(elem)) {
    high -= (x < 0 ? b : 0) + (y < 0 ? a : 0);
  }
  return (int64_t)high;
}

bool sk_interp_special_op(const sk_interp *s, sk_op op, sk_opkind kind, sk_elem elem,
                          const sk_number *in, sk_number *out) {
  const double x = in[0].re;
  if (is_hyperbolic(kind) && elem == SK_F32) {
    out->re = hyperbolic_f32(kind, x);
    return true;
  }
  switch ((int)kind) {
    case SK_OP_REDUCE_PRECISION: out->re = reduce_precision(s, op, elem, x); return true;
    case SK_OP_CHLO_NEXT_AFTER: out->re = next_after(elem, x, in[1].re); return true;
    case SK_OP_CHLO_IS_INF: out->i = isinf(x) != 0; return true;
    case SK_OP_CHLO_IS_POS_INF: out->i = isinf(x) && x > 0; return true;
    case SK_OP_CHLO_IS_NEG_INF: out->i = isinf(x) && x < 0; return true;
    case SK_OP_CHLO_MULHI: out->i = multiply_high(elem, in[0].i, in[1].i); return true;
    case SK_OP_CHLO_CONJ:
      *out = (sk_number){x, sk_elem_is_complex(elem) ? -in[0].im : 0, 0};
      return true;
    default: return false;
  }
}
