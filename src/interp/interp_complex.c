// SPDX-License-Identifier: Apache-2.0
// Element-wise ops on complex numbers. Sums and products are the plain formulas in the type of the parts; everything else is evaluated
// in long double, so that neither overflow nor cancellation on the way shows in the rounded result.
//
// Special values are those of the real formulas written out (exp(-inf + i inf) is NaN, not the 0 of
// C99's Annex G); branch cuts are C99's. Comparisons are lexicographic.
#include <complex.h>
#include <math.h>
#include <string.h>

#include "interp/interp_int.h"

typedef long double real;
typedef long double complex wide;

// CMPLXL is missing from some headers under clang; the layout is the standard's.
static wide from_parts(real re, real im) {
  real parts[2] = {re, im};
  wide z;
  memcpy(&z, parts, sizeof z);
  return z;
}

static wide complex_exp(real x, real y) {
  real e = expl(x);
  return y == 0 ? from_parts(e, y) : from_parts(e * cosl(y), e * sinl(y));
}

static wide complex_expm1(real x, real y) {
  if (y == 0) {
    return from_parts(expm1l(x), y);
  }
  real half = sinl(y / 2), e = expl(x);
  return from_parts(isinf(x) ? e * cosl(y) - 1 : expm1l(x) * cosl(y) - 2 * half * half,
                    e * sinl(y));
}

// a + b without rounding error: the sum, and what it lacks.
static real two_sum(real a, real b, real *out_rest) {
  real sum = a + b, part = sum - a;
  *out_rest = (a - (sum - part)) + (b - part);
  return sum;
}

// log(1 + z): |1 + z|^2 - 1 = 2x + x^2 + y^2 with every rounding error caught. Not near -1, where that
// is near -1 and its logarithm lives on what it lacks; there 1 + x is exact.
static wide complex_log1p(real x, real y) {
  real angle = atan2l(y, 1 + x), big = SK_MAX(fabsl(x), fabsl(y)), size = hypotl(1 + x, y);
  if (isnan(x) || isnan(y) || big > 1e6L || size < 0.5L) {
    return from_parts(logl(size), angle);
  }
  real xx = x * x, yy = y * y, rest1, rest2;
  real rest = fmal(x, x, -xx) + fmal(y, y, -yy);
  real sum = two_sum(2 * x, yy, &rest1);
  sum = two_sum(sum, xx, &rest2);
  return from_parts(log1pl(sum + (rest + rest1 + rest2)) / 2, angle);
}

static wide complex_sign(real x, real y) {
  real size = hypotl(x, y);
  if (isnan(x) || isnan(y)) {
    return from_parts((real)NAN, (real)NAN);
  }
  return size == 0 ? from_parts(x, y) : from_parts(x / size, y / size);
}

static wide complex_logistic(wide x) { return 1 / (1 + complex_exp(-creall(x), -cimagl(x))); }

// -i log((y + i x) / sqrt(x^2 + y^2))
static wide complex_atan2(wide y, wide x) {
  wide sum = from_parts(creall(x) - cimagl(y), cimagl(x) + creall(y));
  wide log = clogl(sum / csqrtl(x * x + y * y));
  return from_parts(cimagl(log), -creall(log));
}

static bool unary(sk_opkind kind, wide z, wide *out) {
  real x = creall(z), y = cimagl(z);
  switch ((int)kind) {
    case SK_OP_ABS: *out = from_parts(hypotl(x, y), 0); return true;
    case SK_OP_CBRT: *out = cpowl(z, from_parts(1.0L / 3, 0)); return true;
    case SK_OP_CHLO_ACOS: *out = cacosl(z); return true;
    case SK_OP_CHLO_ACOSH: *out = cacoshl(z); return true;
    case SK_OP_CHLO_ASIN: *out = casinl(z); return true;
    case SK_OP_CHLO_ASINH: *out = casinhl(z); return true;
    case SK_OP_CHLO_ATAN: *out = catanl(z); return true;
    case SK_OP_CHLO_ATANH: *out = catanhl(z); return true;
    case SK_OP_CHLO_CONJ: *out = from_parts(x, -y); return true;
    case SK_OP_CHLO_COSH: *out = ccoshl(z); return true;
    case SK_OP_CHLO_SINH: *out = csinhl(z); return true;
    case SK_OP_CHLO_SQUARE: *out = from_parts((x - y) * (x + y), 2 * x * y); return true;
    case SK_OP_COSINE: *out = ccosl(z); return true;
    case SK_OP_EXPONENTIAL: *out = complex_exp(x, y); return true;
    case SK_OP_EXPONENTIAL_MINUS_ONE: *out = complex_expm1(x, y); return true;
    case SK_OP_IMAG: *out = from_parts(y, 0); return true;
    case SK_OP_LOG: *out = clogl(z); return true;
    case SK_OP_LOGISTIC: *out = complex_logistic(z); return true;
    case SK_OP_LOG_PLUS_ONE: *out = complex_log1p(x, y); return true;
    case SK_OP_NEGATE: *out = from_parts(-x, -y); return true;
    case SK_OP_REAL: *out = from_parts(x, 0); return true;
    case SK_OP_RSQRT: *out = 1 / csqrtl(z); return true;
    case SK_OP_SIGN: *out = complex_sign(x, y); return true;
    case SK_OP_SINE: *out = csinl(z); return true;
    case SK_OP_SQRT: *out = csqrtl(z); return true;
    case SK_OP_TAN:
    case SK_OP_CHLO_TAN: *out = ctanl(z); return true;
    case SK_OP_TANH: *out = ctanhl(z); return true;
    default: return false;
  }
}

// x y, but 0 wherever y is: log|x| and what it is multiplied with may be infinite.
static real times(real x, real y) { return y == 0 ? 0 : x * y; }

// e^(y log x): 0^0 is 1, 0^y is 0 for a positive real part of y and (inf, NaN) for a negative one.
static wide complex_power(wide x, wide y) {
  real c = creall(y), d = cimagl(y);
  if (x == 0) {
    return y == 0                 ? from_parts(1, 0)
           : c > 0 && isfinite(d) ? from_parts(0, 0)
                                  : from_parts(c < 0 ? HUGE_VALL : (real)NAN, (real)NAN);
  }
  real size = creall(clogl(x)), angle = cargl(x);
  real modulus = expl(times(size, c) - times(angle, d));
  real sine = sinl(times(angle, c) + times(size, d));
  return from_parts(modulus * cosl(times(angle, c) + times(size, d)),
                    sine == 0 ? sine : modulus * sine);
}

static bool is_less(wide x, wide y) {
  return creall(x) < creall(y) || (creall(x) == creall(y) && cimagl(x) < cimagl(y));
}

static bool has_nan(wide z) { return isnan(creall(z)) || isnan(cimagl(z)); }

static bool binary(sk_opkind kind, wide x, wide y, wide *out) {
  switch ((int)kind) {
    case SK_OP_DIVIDE: *out = x / y; return true;
    case SK_OP_POWER: *out = complex_power(x, y); return true;
    case SK_OP_ATAN2: *out = complex_atan2(x, y); return true;
    case SK_OP_MAXIMUM: *out = has_nan(x) || (!has_nan(y) && !is_less(x, y)) ? x : y; return true;
    case SK_OP_MINIMUM: *out = has_nan(x) || (!has_nan(y) && !is_less(y, x)) ? x : y; return true;
    default: return false;
  }
}

// The plain formulas, every step rounded once (docs/numerics.md): what is returned, by the reader, as every other number.
static bool arithmetic(sk_opkind kind, sk_elem part, sk_number x, sk_number y, sk_number *out) {
  switch ((int)kind) {
    case SK_OP_ADD: *out = (sk_number){x.re + y.re, x.im + y.im, 0}; return true;
    case SK_OP_SUBTRACT: *out = (sk_number){x.re - y.re, x.im - y.im, 0}; return true;
    case SK_OP_MULTIPLY: {
      double re = sk_round_to(part, x.re * y.re), im = sk_round_to(part, x.re * y.im);
      *out = (sk_number){sk_round_to(part, re - sk_round_to(part, x.im * y.im)),
                         sk_round_to(part, im + sk_round_to(part, x.im * y.re)), 0};
      return true;
    }
    default: return false;
  }
}

bool sk_complex_op(sk_opkind kind, sk_elem elem, const sk_number *in, sk_number *out) {
  if (arithmetic(kind, sk_elem_complex_part(elem), in[0], in[1], out)) {
    return true;
  }
  wide x = from_parts((real)in[0].re, (real)in[0].im), r = 0;
  wide y = from_parts((real)in[1].re, (real)in[1].im);
  if (!unary(kind, x, &r) && !binary(kind, x, y, &r)) {
    return false;
  }
  *out = (sk_number){(double)creall(r), (double)cimagl(r), 0};
  return true;
}
