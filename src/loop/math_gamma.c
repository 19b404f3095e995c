// SPDX-License-Identifier: Apache-2.0
// lgamma and digamma of real arguments, in f64; f32 computes in f64 and rounds once. Coefficients:
// scripts/math_coefficients.py.
//
// With a = |x| the positive axis falls into
//
//   a < 10   lgamma: (u - 1) (u - 2) Q(u) + log q, moved by the recurrence to u in [1, 2.5]; q is
//   the
//            product of the factors a - k, below 1 the quotient 1 / a of one step up
//            digamma: (u - root) R(u), moved to u in [1, 2], and the sum of 1 / (a - k) as one
//            fraction; the root of digamma, 1.4616..., in two numbers
//   else     Stirling's series, with log a in two numbers
//
// and the negative one is reflected: lgamma(x) = log(pi / (a |sin(pi x)|)) - lgamma(a),
// digamma(x) = digamma(1 - x) - pi / tan(pi x), with x - round(x) exact.
//
// lgamma is log|gamma|: +inf at 0 and the negative integers and for both infinities. digamma is NaN
// at its poles and -inf. The relative error has no bound near the zeros of both on the negative
// axis, where the terms cancel; elsewhere it is a few ULP.
#include "loop/math_twofold.h"

enum { LIMIT = 10 };  // where Stirling's series takes over
#define PI 0x1.921fb54442d18p+1
#define HALF_LOG_TWO_PI 0x1.d67f1c864beb5p-1
#define PSI_ROOT_HIGH 0x1.762d86356be3fp+0
#define PSI_ROOT_LOW 0x1.b86a722197829p-54

// lgamma(u) / ((u - 1) (u - 2)) in u - 7/4, 1 <= u <= 2.5
static const double lgamma_q[] = {
    0x1.ccf151e09cde8p-2,   -0x1.e96586307946dp-4,  0x1.6cb6251711cffp-5,  -0x1.382e176f60e8dp-6,
    0x1.1f9587f9ca93fp-7,   -0x1.14f7c58e6d423p-8,  0x1.12aa7321f1b47p-9,  -0x1.160562900af1dp-10,
    0x1.1daeca93da03ep-11,  -0x1.28f25ecb75a37p-12, 0x1.37781f99e1945p-13, -0x1.4919058b33a1ap-14,
    0x1.5dac3ad581bffp-15,  -0x1.75aec07a8c351p-16, 0x1.93edff515bf3p-17,  -0x1.b25484c9b7f07p-18,
    0x1.b57a5a47518e4p-19,  -0x1.e33f6aa23e338p-20, 0x1.7c2eb631aefd4p-20, -0x1.7f71c183a4c1p-21,
    -0x1.00736ccb6a10ep-23, 0x1.b67b60e240c3ep-29,  0x1.6bd67704c3fa3p-22, -0x1.3db4ff410aef3p-23,
    -0x1.3a38dff5d4a14p-26};
// digamma(x) / (x - root) in x - 3/2, 1 <= x <= 2
static const double psi_r[] = {
    0x1.e6f0cbb873616p-1,   -0x1.b1cb63005ee96p-2,  0x1.eca189b8e7559p-3,  -0x1.2feeeb98a8106p-3,
    0x1.8512e58fc1e99p-4,   -0x1.fb4420292ab1p-5,   0x1.4de9aa51d4bd5p-5,  -0x1.b9f8b1855013p-6,
    0x1.256462d18f4bdp-6,   -0x1.86354bc87dbedp-7,  0x1.03c2d2cbbac65p-7,  -0x1.5a09f9985c18p-8,
    0x1.ccbbe4fe78ed9p-9,   -0x1.33237445daff5p-9,  0x1.9fb180547aba1p-10, -0x1.13e7d7e1b9d46p-10,
    0x1.31c96c062e2e3p-11,  -0x1.aec16d560b201p-12, 0x1.5283682a9a166p-11, -0x1.7e3c634df3866p-12,
    -0x1.d42178d53774cp-12, 0x1.864fec914aaddp-13,  0x1.0dbbf002b02ddp-11, -0x1.1247f816156c9p-12};
// sin(pi r) / r in r^2, |r| <= 1/2
static const double sin_pi[] = {
    0x1.921fb54442d18p+1,  -0x1.4abbce625be2ap+2,  0x1.466bc67759aa4p+1,
    -0x1.32d2cce5d66adp-1, 0x1.50783469f89b4p-4,   -0x1.e30743a117d01p-8,
    0x1.e8f1369d34e1ap-12, -0x1.6f3dfd8974396p-16, 0x1.98290de3a6f82p-21};
// B_2k / (2k (2k - 1)): lgamma's series in 1 / x, odd powers
static const double stirling_q[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                    1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
// B_2k / 2k: digamma's series in 1 / x^2
static const double psi_q[] = {1.0 / 12,  -1.0 / 120,     1.0 / 252, -1.0 / 240,
                               1.0 / 132, -691.0 / 32760, 1.0 / 12,  -3617.0 / 8160};

// v where x < LIMIT, else what `large` makes of it; that part is skipped where no lane needs it.
static sk_val unless_large(sk_build *b, sk_val x, sk_val v,
                           sk_val (*large)(sk_build *b, sk_val x)) {
  sk_val is_large = sk_build_2(b, SK_L_FLE, f64(b, LIMIT), x);
  sk_build_if(b, is_large);
  sk_val w = large(b, x);
  sk_build_end_if(b);
  return sk_build_merge(b, is_large, w, v);
}

// |sin(pi r)| for |r| <= 1/2.
static sk_val sine_of_pi(sk_build *b, sk_val r) {
  return fmul(b, magnitude(b, r), POLY_F64(b, fmul(b, r, r), sin_pi));
}

// ---- lgamma

// lgamma(a), but lgamma(1 + a) for a < 3/4; 0 <= a < LIMIT.
static sk_val lgamma_near(sk_build *b, sk_val a) {
  const sk_val one = f64(b, 1.0), two = f64(b, 2.0), zero = f64(b, 0.0);
  a = minx(b, f64(b, LIMIT), a);
  sk_val small = flt(b, a, one), low = both(b, small, sk_build_2(b, SK_L_FLE, f64(b, 0.75), a));
  sk_val whole = maxx(b, two, to_nearest(b, a)), below = fsub(b, a, one), q = one;
  for (int k = 1; k <= LIMIT - 2; k++) {
    sk_val is_factor = sk_build_2(b, SK_L_FLE, f64(b, k + 2), whole);
    sk_val factor = pick(b, is_factor, fsub(b, a, f64(b, k)), one);
    q = k == 1 ? factor : fmul(b, q, factor);
  }
  // u - 1 and u - 2, u = a + 1 or a - n
  sk_val from_two = pick(b, small, below, fsub(b, a, whole));
  sk_val from_one = pick(b, small, a, fadd(b, from_two, one));
  sk_val p = POLY_F64(b, fsub(b, from_one, f64(b, 0.75)), lgamma_q);
  sk_val base = fmul(b, fmul(b, from_one, from_two), p), flip = pick(b, low, minus_zero64(b), zero);
  sk_val v = sk_math_log1p_sum_f64(b, pick(b, low, below, fsub(b, q, one)), bxor(b, base, flip));
  return bxor(b, v, flip);
}

// (a - 1/2) (log a - 1) + log(2 pi) / 2 - 1/2 + 1 / 12 a - ...
static sk_val lgamma_far(sk_build *b, sk_val a) {
  sk_val inverse = fdiv(b, f64(b, 1.0), a), square = fmul(b, inverse, inverse);
  twofold log = sk_math_log_twofold_f64(b, a);
  sk_val shifted = fsub(b, a, f64(b, 0.5));
  twofold p = exact_product(b, shifted, fsub(b, log.high, f64(b, 1.0)));
  p.low = fmadd(b, shifted, log.low, p.low);
  sk_val w = fmadd(b, POLY_F64(b, square, stirling_q), inverse, f64(b, HALF_LOG_TWO_PI - 0.5));
  twofold sum = ordered_sum(b, p.high, w);
  sk_val v = fadd(b, sum.high, fadd(b, sum.low, p.low));
  return pick(b, flt(b, p.high, inf64(b)), v, p.high);  // infinite or NaN
}

sk_val sk_math_lgamma_f64(sk_build *b, sk_val x) {
  const sk_val one = f64(b, 1.0), zero = f64(b, 0.0), a = magnitude(b, x);
  sk_val tiny = flt(b, a, f64(b, 0.75)), negative = flt(b, x, zero);
  sk_val v = unless_large(b, a, lgamma_near(b, a), lgamma_far);
  sk_val size = magnitude(b, v), r = fsub(b, a, to_nearest(b, a));
  sk_val reflected = fmul(b, sine_of_pi(b, r), f64(b, 1 / PI));
  reflected = fmul(b, reflected, pick(b, tiny, one, a));
  sk_val factor = pick(b, negative, reflected, pick(b, tiny, a, one));
  v = bxor(b, v, pick(b, negative, minus_zero64(b), zero));
  twofold log = sk_math_log_twofold_f64(b, factor), sum = exact_sum(b, v, negate(b, log.high));
  v = fadd(b, sum.high, fsub(b, sum.low, log.low));
  sk_val infinite = either(b, feq(b, size, inf64(b)), feq(b, factor, zero));
  return pick(b, infinite, inf64(b), fadd(b, v, zero));  // no -0 at 1 and 2
}

// ---- digamma

// num / den, grown by 1 / f: (num f + den) / (den f). With `precise` in two numbers each.
typedef struct fraction {
  twofold num, den;
} fraction;

static fraction add_inverse(sk_build *b, fraction x, sk_val f, bool precise) {
  if (!precise) {
    return (fraction){{fmadd(b, x.num.high, f, x.den.high), x.num.low},
                      {fmul(b, x.den.high, f), x.den.low}};
  }
  twofold den = exact_product(b, x.den.high, f), num = exact_product(b, x.num.high, f);
  twofold sum = exact_sum(b, num.high, x.den.high);
  sum.low = fadd(b, fmadd(b, x.num.low, f, x.den.low), fadd(b, num.low, sum.low));
  den.low = fmadd(b, x.den.low, f, den.low);
  return (fraction){sum, den};
}

static twofold pick_twofold(sk_build *b, sk_val p, twofold yes, twofold no) {
  return (twofold){pick(b, p, yes.high, no.high), pick(b, p, yes.low, no.low)};
}

// For 0 < z < LIMIT.
static sk_val digamma_near(sk_build *b, sk_val z, bool precise) {
  const sk_val one = f64(b, 1.0), zero = f64(b, 0.0);
  z = minx(b, f64(b, LIMIT), z);
  sk_val low = flt(b, z, one), whole = sk_build_1(b, SK_L_FFLOOR, z);
  sk_val u = pick(b, low, fadd(b, z, one), fadd(b, fsub(b, z, whole), one));
  fraction x = {{pick(b, low, f64(b, -1.0), zero), zero}, {pick(b, low, z, one), zero}};
  for (int k = 1; k <= LIMIT - 2; k++) {
    sk_val is_term = sk_build_2(b, SK_L_FLE, f64(b, k + 1), whole);
    fraction more = add_inverse(b, x, fsub(b, z, f64(b, k)), precise);
    x = (fraction){pick_twofold(b, is_term, more.num, x.num),
                   pick_twofold(b, is_term, more.den, x.den)};
  }
  sk_val d = fsub(b, fsub(b, u, f64(b, PSI_ROOT_HIGH)), f64(b, PSI_ROOT_LOW));
  sk_val p = POLY_F64(b, fsub(b, u, f64(b, 1.5)), psi_r), q = fdiv(b, x.num.high, x.den.high);
  if (!precise) {
    return fmadd(b, d, p, q);
  }
  sk_val rest = fadd(b, fnmadd(b, q, x.den.high, x.num.high), fnmadd(b, q, x.den.low, x.num.low));
  sk_val sum = fadd(b, q, fmadd(b, d, p, fdiv(b, rest, x.den.high)));
  return pick(b, feq(b, magnitude(b, q), inf64(b)), q, sum);
}

static sk_val digamma_far(sk_build *b, sk_val z) {
  sk_val inverse = fdiv(b, f64(b, 1.0), z), square = fmul(b, inverse, inverse);
  twofold log = sk_math_log_twofold_f64(b, z);
  sk_val w = fmadd(b, POLY_F64(b, square, psi_q), square, fmul(b, inverse, f64(b, 0.5)));
  sk_val v = fadd(b, log.high, fsub(b, log.low, w));
  return pick(b, flt(b, z, inf64(b)), v, z);
}

static sk_val digamma(sk_build *b, sk_val x, bool precise) {
  const sk_val zero = f64(b, 0.0);
  sk_val negative = flt(b, x, zero), z = pick(b, negative, fsub(b, f64(b, 1.0), x), x);
  sk_val v = unless_large(b, z, digamma_near(b, z, precise), digamma_far);
  sk_val r = fsub(b, x, to_nearest(b, x)), size = magnitude(b, r);
  sk_val cosine = sine_of_pi(b, fsub(b, f64(b, 0.5), size));
  sk_val cotangent = fdiv(b, fmul(b, cosine, f64(b, PI)), sine_of_pi(b, r));
  cotangent = bor(b, cotangent, band(b, r, minus_zero64(b)));
  v = pick(b, negative, fsub(b, v, cotangent), v);
  sk_val pole = both(b, feq(b, size, zero), sk_build_2(b, SK_L_FLE, x, zero));
  return pick(b, pole, nan64(b), v);
}

sk_val sk_math_digamma_f64(sk_build *b, sk_val x) { return digamma(b, x, true); }

sk_val sk_math_lgamma_f32(sk_build *b, sk_val x) {
  return to_f32(b, sk_math_lgamma_f64(b, to_f64(b, x)));
}

sk_val sk_math_digamma_f32(sk_build *b, sk_val x) {
  return to_f32(b, digamma(b, to_f64(b, x), false));
}
