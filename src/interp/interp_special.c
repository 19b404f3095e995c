// SPDX-License-Identifier: Apache-2.0
// Element-wise ops of CHLO that C's math library lacks, and ops on the pattern of a float:
// bessel_i1e, digamma, next_after, reduce_precision, mulhi, conj and the tests for infinity.
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

bool sk_interp_special_function(sk_opkind kind, double x, double *out) {
  switch ((int)kind) {
    case SK_OP_CHLO_DIGAMMA: *out = digamma(x); return true;
    case SK_OP_CHLO_BESSEL_I1E: *out = bessel_i1e(x); return true;
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

bool sk_interp_special_op(const sk_interp *s, sk_op op, sk_elem elem, const sk_number *in,
                          sk_number *out) {
  const double x = in[0].re;
  switch ((int)sk_op_kind(s->m, op)) {
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
