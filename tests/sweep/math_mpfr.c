// SPDX-License-Identifier: Apache-2.0
// The f64 math functions as shipped against MPFR at 160 bits, over special and random arguments in
// several strata. Prints one line per function; exit status 1 if any is above its limit.
//
//   math_mpfr [SAMPLES]
#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "support/math_case.h"

enum { BLOCK = 4096, BITS = 160 };

typedef struct oracle {
  const char *name;
  int (*one)(mpfr_t out, const mpfr_t x, mpfr_rnd_t round);  // or
  int (*two)(mpfr_t out, const mpfr_t x, const mpfr_t y, mpfr_rnd_t round);
} oracle;

static int logistic(mpfr_t out, const mpfr_t x, mpfr_rnd_t round) {
  mpfr_neg(out, x, round);
  mpfr_exp(out, out, round);
  mpfr_add_ui(out, out, 1, round);
  return mpfr_ui_div(out, 1, out, round);
}

static int log_gamma(mpfr_t out, const mpfr_t x, mpfr_rnd_t round) {
  int sign;
  return mpfr_lgamma(out, &sign, x, round);
}

static const oracle oracles[] = {
    {"exp_f64", mpfr_exp, NULL},         {"expm1_f64", mpfr_expm1, NULL},
    {"log_f64", mpfr_log, NULL},         {"log1p_f64", mpfr_log1p, NULL},
    {"logistic_f64", logistic, NULL},    {"tanh_f64", mpfr_tanh, NULL},
    {"erf_f64", mpfr_erf, NULL},         {"erfc_f64", mpfr_erfc, NULL},
    {"sin_f64", mpfr_sin, NULL},         {"cos_f64", mpfr_cos, NULL},
    {"tan_f64", mpfr_tan, NULL},         {"rsqrt_f64", mpfr_rec_sqrt, NULL},
    {"cbrt_f64", mpfr_cbrt, NULL},       {"sinh_f64", mpfr_sinh, NULL},
    {"cosh_f64", mpfr_cosh, NULL},       {"asin_f64", mpfr_asin, NULL},
    {"acos_f64", mpfr_acos, NULL},       {"atan_f64", mpfr_atan, NULL},
    {"asinh_f64", mpfr_asinh, NULL},     {"acosh_f64", mpfr_acosh, NULL},
    {"atanh_f64", mpfr_atanh, NULL},     {"lgamma_f64", log_gamma, NULL},
    {"digamma_f64", mpfr_digamma, NULL}, {"pow_f64", NULL, mpfr_pow},
    {"atan2_f64", NULL, mpfr_atan2},     {"rem_f64", NULL, mpfr_fmod},
};

typedef struct worst {
  double ulps, x, y;
} worst;

// Error of `got` in units of the last place of the exact value, which is finite and not zero.
static double error_in_ulps(double got, const mpfr_t want) {
  const double rounded = mpfr_get_d(want, MPFR_RNDN);
  if (isinf(rounded) || isinf(got)) {
    return isinf(rounded) && isinf(got) ? 0 : (double)INFINITY;
  }
  int exponent = (int)mpfr_get_exp(want) - 1;  // 2^exponent <= |want|
  exponent = exponent < -1022 ? -1022 : exponent;
  mpfr_t difference;
  mpfr_init2(difference, BITS);
  mpfr_d_sub(difference, got, want, MPFR_RNDN);
  mpfr_mul_2si(difference, difference, 52 - exponent, MPFR_RNDN);
  const double ulps = fabs(mpfr_get_d(difference, MPFR_RNDN));
  mpfr_clear(difference);
  return ulps;
}

// False for arguments that the case leaves out, and where the result is a special value.
static bool exact_value(const math_case *c, const oracle *o, double x, double y, mpfr_t want) {
  if (!isfinite(x) || (c->two != NULL && !isfinite(y)) || (c->domain == MATH_POSITIVE && x <= 0)) {
    return false;
  }
  mpfr_t a, b;
  mpfr_init2(a, 53);
  mpfr_init2(b, 53);
  mpfr_set_d(a, x, MPFR_RNDN);
  mpfr_set_d(b, y, MPFR_RNDN);
  if (o->one != NULL) {
    o->one(want, a, MPFR_RNDN);
  } else {
    o->two(want, a, b, MPFR_RNDN);
  }
  mpfr_clears(a, b, (mpfr_ptr)NULL);
  return mpfr_number_p(want) && !mpfr_zero_p(want);
}

static void measure(const math_case *c, const oracle *o, math_fn *fn, uint64_t samples,
                    worst *out_worst) {
  static double x[BLOCK], y[BLOCK], got[BLOCK];
  const bool two = c->two != NULL;
  const uint64_t specials = math_special(c->type, 0, x, two ? y : NULL);
  uint64_t state = 1, next = 0;
  mpfr_t want;
  mpfr_init2(want, BITS);
  for (uint64_t done = 0; done < samples; done += BLOCK) {
    for (size_t i = 0; i < BLOCK; i++) {
      if (next < specials && next < samples / 4) {
        math_special(c->type, next++, &x[i], two ? &y[i] : NULL);
      } else {
        math_random(c, &state, &x[i], two ? &y[i] : NULL);
      }
    }
    math_fn_run(fn, x, two ? y : NULL, got);
    for (size_t i = 0; i < BLOCK; i++) {
      const double ulps = exact_value(c, o, x[i], y[i], want) ? error_in_ulps(got[i], want) : 0;
      if (ulps > out_worst->ulps || isnan(ulps)) {
        *out_worst = (worst){isnan(ulps) ? (double)INFINITY : ulps, x[i], y[i]};
      }
    }
  }
  mpfr_clear(want);
}

static bool check(const oracle *o, const math_case *c, uint64_t samples) {
  char message[MATH_MESSAGE_BYTES];
  math_fn *fn = math_fn_new(c, BLOCK, sk_cpu_get()->isa, message);
  if (fn == NULL) {
    printf("%-13s %s\n", c->name, message);
    return false;
  }
  worst w = {0, 0, 0};
  measure(c, o, fn, samples, &w);
  math_fn_free(fn);
  printf("%-13s max %.4f ULP at %a", c->name, w.ulps, w.x);
  if (c->two != NULL) {
    printf(" %a", w.y);
  }
  printf("\n");
  return w.ulps <= c->limit;
}

int main(int argc, char **argv) {
  const uint64_t samples = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
  bool good = true;
  mpfr_set_emin(-5000);
  mpfr_set_emax(5000);
  for (size_t i = 0; i < SK_COUNT(oracles); i++) {
    for (uint32_t k = 0; k < math_case_count; k++) {
      if (strcmp(math_cases[k].name, oracles[i].name) == 0) {
        good &= check(&oracles[i], &math_cases[k], samples);
      }
    }
  }
  mpfr_free_cache();
  return !good;
}
