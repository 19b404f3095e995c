// SPDX-License-Identifier: Apache-2.0
// Special functions of CHLO on doubles, good to a few units in the last place of double: erf_inv,
// lgamma, digamma, polygamma, zeta, bessel_i1e, sinh, cosh.
//
// Poles and arguments outside the domain follow XLA's definitions: digamma and lgamma at
// non-positive integers are NaN and infinity, zeta(s <= 1, q) is NaN but for the pole at 1.
#include <math.h>

#include "interp/interp_int.h"

static const double nan_value = (double)NAN, infinite = (double)INFINITY;

// erf's inverse by Newton's method on libm's erf, from Giles' approximation (GPU Computing Gems,
// 2011); full double accuracy but for the tails' last bits.
static double erf_inv(double x) {
  if (!(x > -1 && x < 1)) {
    return x == 1 ? infinite : x == -1 ? -infinite : nan_value;
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
  for (int i = 0; i < 4; i++) {
    double error = x < 0 ? -(erfc(-y) - (1 + x)) : erfc(y) - (1 - x);  // no cancellation near 1
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

// Upwards by recurrence to where the asymptotic series converges; downwards by reflection.
static double digamma(double x) {
  static const double series[] = {1.0 / 12,  -1.0 / 120,     1.0 / 252, -1.0 / 240,
                                  1.0 / 132, -691.0 / 32760, 1.0 / 12};
  if (x <= 0 && floor(x) == x) {
    return nan_value;
  }
  if (x < 0) {
    double rest = x - floor(x);
    return digamma(1 - x) - M_PI / tan(M_PI * rest);
  }
  double shift = 0;
  while (x < 12) {
    shift += 1 / x;
    x++;
  }
  double square = 1 / (x * x), power = square, sum = log(x) - 0.5 / x;
  for (size_t k = 0; k < SK_COUNT(series); k++) {
    sum -= series[k] * power;
    power *= square;
  }
  return sum - shift;
}

// Hurwitz: sum over k >= 0 of (q + k)^-s, the first terms added up, the rest by Euler-Maclaurin.
static double zeta(double s, double q) {
  enum { TERMS = 12 };
  if (s == 1) {
    return infinite;
  }
  if (!(s > 1) || isnan(q)) {
    return nan_value;
  }
  if (q <= 0 && (floor(q) == q || floor(s) != s)) {
    return floor(q) == q ? infinite : nan_value;
  }
  double sum = 0, at = q;
  for (int k = 0; k < TERMS || at <= TERMS; k++, at++) {
    sum += pow(at, -s);
  }
  double tail = pow(at, -s), factor = s, power = tail / at;
  sum += tail * at / (s - 1) + tail / 2;
  for (size_t k = 0; k < SK_COUNT(bernoulli); k++) {
    sum += bernoulli[k] * factor * power;
    factor *= (s + 2 * (double)k + 1) * (s + 2 * (double)k + 2);
    power /= at * at;
  }
  return sum;
}

static double polygamma(double n, double x) {
  if (n < 0 || floor(n) != n) {
    return nan_value;
  }
  if (n == 0) {
    return digamma(x);
  }
  double sign = fmod(n, 2) == 0 ? -1 : 1;
  return sign * exp(log_gamma(n + 1)) * zeta(n + 1, x);
}

// exp(-|x|) I1(x): the power series, whose terms are all of one sign; the asymptotic one for large
// arguments, up to its smallest term.
static double bessel_i1e(double x) {
  double size = fabs(x), sum = 0;
  if (size < 30) {
    double term = size / 2, quarter = size * size / 4;
    for (int k = 1; term > sum * 1e-17; k++) {
      sum += term;
      term *= quarter / (k * (k + 1.0));
    }
    sum *= exp(-size);
  } else {
    double term = 1;
    for (int k = 1; k < 30 && fabs(term) > 1e-17; k++) {
      sum += term;
      term *= ((2 * k - 1.0) * (2 * k - 1.0) - 4) / (8 * k * size);
    }
    sum /= sqrt(2 * M_PI * size);
  }
  return isinf(x) ? copysign(0, x) : copysign(sum, x);
}

bool sk_special_unary(sk_opkind kind, double x, double *out) {
  switch ((int)kind) {
    case SK_OP_CHLO_BESSEL_I1E: *out = bessel_i1e(x); return true;
    case SK_OP_CHLO_COSH: *out = cosh(x); return true;
    case SK_OP_CHLO_DIGAMMA: *out = digamma(x); return true;
    case SK_OP_CHLO_ERF_INV: *out = erf_inv(x); return true;
    case SK_OP_CHLO_LGAMMA: *out = log_gamma(x); return true;
    case SK_OP_CHLO_SINH: *out = sinh(x); return true;
    default: return false;
  }
}

bool sk_special_binary(sk_opkind kind, double x, double y, double *out) {
  switch ((int)kind) {
    case SK_OP_CHLO_POLYGAMMA: *out = polygamma(x, y); return true;
    case SK_OP_CHLO_ZETA: *out = zeta(x, y); return true;
    default: return false;
  }
}
