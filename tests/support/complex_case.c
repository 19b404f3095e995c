// SPDX-License-Identifier: Apache-2.0
// See complex_case.h. Not here: functions whose parts cancel by nature (power, logistic) and those
// that C lacks (log1p, expm1), which other tests compare with the interpreter.
#include "support/complex_case.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include "loop/math_complex.h"

// CMPLXL is missing from some headers under clang; the layout is the standard's.
static long double complex as_complex(long double x, long double y) {
  const long double parts[2] = {x, y};
  long double complex z;
  memcpy(&z, parts, sizeof z);
  return z;
}

static long double complex signl(long double complex z) { return z == 0 ? z : z / cabsl(z); }
static long double complex rsqrtl(long double complex z) {
  return z == 0 ? as_complex(HUGE_VALL, (long double)NAN) : conjl(csqrtl(z)) / cabsl(z);
}

#define COMPLEX_PARTS(name, function)                                                              \
  static sk_val name##_re(sk_build *b, sk_val x, sk_val y) {                                       \
    return sk_complex_##name(b, (sk_complex){x, y}).re;                                            \
  }                                                                                                \
  static sk_val name##_im(sk_build *b, sk_val x, sk_val y) {                                       \
    return sk_complex_##name(b, (sk_complex){x, y}).im;                                            \
  }                                                                                                \
  static long double want_##name##_re(long double x, long double y) {                              \
    return creall(function(as_complex(x, y)));                                                     \
  }                                                                                                \
  static long double want_##name##_im(long double x, long double y) {                              \
    return cimagl(function(as_complex(x, y)));                                                     \
  }

COMPLEX_PARTS(exp, cexpl)
COMPLEX_PARTS(log, clogl)
COMPLEX_PARTS(sqrt, csqrtl)
COMPLEX_PARTS(rsqrt, rsqrtl)
COMPLEX_PARTS(sign, signl)
COMPLEX_PARTS(sin, csinl)
COMPLEX_PARTS(cos, ccosl)
COMPLEX_PARTS(tan, ctanl)
COMPLEX_PARTS(sinh, csinhl)
COMPLEX_PARTS(cosh, ccoshl)
COMPLEX_PARTS(tanh, ctanhl)
COMPLEX_PARTS(asin, casinl)
COMPLEX_PARTS(acos, cacosl)
COMPLEX_PARTS(atan, catanl)
COMPLEX_PARTS(asinh, casinhl)
COMPLEX_PARTS(acosh, cacoshl)
COMPLEX_PARTS(atanh, catanhl)

static long double want_hypot(long double x, long double y) { return hypotl(x, y); }

#define PARTS(name, limit)                                                                         \
  {"c" #name "_re", SK_LT_F64, NULL, name##_re, NULL, want_##name##_re, limit, MATH_FINITE}, {     \
    "c" #name "_im", SK_LT_F64, NULL, name##_im, NULL, want_##name##_im, limit, MATH_FINITE        \
  }

const math_case complex_cases[] = {
    {"cabs", SK_LT_F64, NULL, sk_complex_hypot, NULL, want_hypot, 1, MATH_ALL},
    PARTS(exp, 4),
    PARTS(log, 2),
    PARTS(sqrt, 4),
    PARTS(rsqrt, 4),
    PARTS(sign, 2),
    PARTS(sin, 4),
    PARTS(cos, 4),
    PARTS(tan, 8),
    PARTS(sinh, 4),
    PARTS(cosh, 4),
    PARTS(tanh, 8),
    PARTS(asin, 4),
    PARTS(acos, 4),
    PARTS(atan, 4),
    PARTS(asinh, 4),
    PARTS(acosh, 4),
    PARTS(atanh, 4),
};
const uint32_t complex_case_count = SK_COUNT(complex_cases);
