// SPDX-License-Identifier: Apache-2.0
// Complex modulus, division, roots, exponentials and logarithms; see math_complex.h.
//
//   abs      sqrt(x'^2 + y'^2) 2^e, z' = z 2^-e with parts below 2; squares in two numbers
//   divide   Smith's cure by scaling: y 2^-e, x 2^-f, then x conj(y) / |y|^2, products fused
//   sqrt     t = sqrt((|x| + |z|) / 2), the other part |y| / 2t, scaled by even powers of 2
//   exp      e^x (cos y + i sin y), e^x as a product of two factors where it overflows
//   expm1    expm1(x) cos y - 2 sin^2(y/2), e^x sin y
//   log      e ln2 + log1p(|z'|^2 - 1) / 2, z' = z 2^-e with the larger part in [0.7, 1.4); |z'|^2
//   - 1
//            in two numbers, since it cancels near the unit circle
//   log1p    the same of (1 + x in two numbers) + i y
//   power    |x|^c e^(-d arg x) at the angle c arg x + d log|x|, y = c + i d; e^(c log|x| - d arg x) where a factor overflows
//   logistic 1 / (1 + e^-z), from e^-|x| (cos y, -+ sin y), which does not overflow
#include "loop/math_complex.h"

#include "loop/math_twofold.h"

#define LN2_HIGH 0x1.62e42fefa38p-1  // 42 bits
#define LN2_LOW 0x1.ef35793c7673p-45
#define EXPONENT_MASK INT64_C(0x7FF0000000000000)

static sk_val is_infinite(sk_build *b, sk_val x) { return feq(b, magnitude(b, x), inf64(b)); }

static sk_val copy_sign(sk_build *b, sk_val size, sk_val from) {
  return bor(b, magnitude(b, size), band(b, from, minus_zero64(b)));
}

// The larger and smaller magnitude of two numbers; a NaN stays in one of them.
typedef struct ordered {
  sk_val large, small;
} ordered;

static ordered order(sk_build *b, sk_val x, sk_val y) {
  sk_val ax = magnitude(b, x), ay = magnitude(b, y), swap = flt(b, ax, ay);
  return (ordered){pick(b, swap, ay, ax), pick(b, swap, ax, ay)};
}

// 2^e <= m < 2^(e+1), with e kept where 2^-e and 2^e are normal numbers.
typedef struct scaling {
  sk_val up, down;  // 2^e, 2^-e
  sk_val bits;      // of 2^e
} scaling;

static scaling scale_of(sk_build *b, sk_val m) {
  m = minx(b, f64(b, 0x1p1021), maxx(b, f64(b, 0x1p-1022), m));
  sk_val e = band(b, bits64(b, m), i64(b, EXPONENT_MASK));
  sk_val inverse = isub(b, i64(b, INT64_C(0x7FE0000000000000)), e);
  return (scaling){float64(b, e), float64(b, inverse), e};
}

// sqrt(x^2 + y^2) of scaled numbers.
static sk_val root_of_squares(sk_build *b, sk_val x, sk_val y) {
  twofold p = exact_product(b, x, x), q = exact_product(b, y, y);
  twofold s = exact_sum(b, p.high, q.high);
  s.low = fadd(b, s.low, fadd(b, p.low, q.low));
  sk_val r = square_root(b, s.high), rest = fadd(b, fnmadd(b, r, r, s.high), s.low);
  sk_val twice = maxx(b, f64(b, 0x1p-1000), fadd(b, r, r));
  return fadd(b, r, fdiv(b, rest, twice));
}

sk_val sk_complex_hypot(sk_build *b, sk_val x, sk_val y) {
  ordered o = order(b, x, y);
  scaling s = scale_of(b, o.large);
  sk_val r = root_of_squares(b, fmul(b, o.large, s.down), fmul(b, o.small, s.down));
  r = fmul(b, r, s.up);
  return pick(b, either(b, is_infinite(b, x), is_infinite(b, y)), inf64(b), r);
}

sk_val sk_complex_abs(sk_build *b, sk_complex z) { return sk_complex_hypot(b, z.re, z.im); }

static sk_val is_zero(sk_build *b, sk_complex z) {
  return both(b, feq(b, z.re, f64(b, 0.0)), feq(b, z.im, f64(b, 0.0)));
}

static sk_complex pick_complex(sk_build *b, sk_val p, sk_complex yes, sk_complex no) {
  return (sk_complex){pick(b, p, yes.re, no.re), pick(b, p, yes.im, no.im)};
}

static sk_complex scale_complex(sk_build *b, sk_complex z, sk_val factor) {
  return (sk_complex){fmul(b, z.re, factor), fmul(b, z.im, factor)};
}

static sk_val has_infinity(sk_build *b, sk_complex z) {
  return either(b, is_infinite(b, z.re), is_infinite(b, z.im));
}

// z / |z|, 0 at 0.
sk_complex sk_complex_sign(sk_build *b, sk_complex z) {
  scaling s = scale_of(b, order(b, z.re, z.im).large);
  sk_complex u = scale_complex(b, z, s.down);
  sk_val r = root_of_squares(b, u.re, u.im);
  sk_complex v = {fdiv(b, u.re, r), fdiv(b, u.im, r)};
  v = pick_complex(b, has_infinity(b, z), scale_complex(b, z, f64(b, 0.0)), v);
  return pick_complex(b, is_zero(b, z), z, v);
}

// ---- division

// p q + r s, rounded as if in twice the precision.
static sk_val sum_of_products(sk_build *b, sk_val p, sk_val q, sk_val r, sk_val s) {
  sk_val second = fmul(b, r, s), error = fmsub(b, r, s, second);
  error = pick(b, is_infinite(b, second), f64(b, 0.0), error);
  return fadd(b, fmadd(b, p, q, second), error);
}

// 1 with x's sign where x is infinite, else 0 with it.
static sk_val infinite_unit(sk_build *b, sk_val x) {
  return copy_sign(b, pick(b, is_infinite(b, x), f64(b, 1.0), f64(b, 0.0)), x);
}

static sk_val is_finite(sk_build *b, sk_complex z) {
  return both(b, flt(b, magnitude(b, z.re), inf64(b)), flt(b, magnitude(b, z.im), inf64(b)));
}

static sk_complex product_with_conjugate(sk_build *b, sk_complex x, sk_complex y) {
  return (sk_complex){sum_of_products(b, x.re, y.re, x.im, y.im),
                      sum_of_products(b, x.im, y.re, x.re, negate(b, y.im))};
}

static sk_val is_nan(sk_build *b, sk_val x) { return sk_build_2(b, SK_L_FUNORD, x, x); }

// Annex G's results for zero and infinite operands, in place of NaN in both parts.
static sk_complex divide_specials(sk_build *b, sk_complex x, sk_complex y, sk_complex v) {
  const sk_complex x_unit = {infinite_unit(b, x.re), infinite_unit(b, x.im)};
  const sk_complex y_unit = {infinite_unit(b, y.re), infinite_unit(b, y.im)};
  sk_val lost = both(b, is_nan(b, v.re), is_nan(b, v.im)), inf = inf64(b);
  sk_val signed_inf = copy_sign(b, inf, y.re);
  sk_val by_zero =
      both(b, is_zero(b, y), sk_build_1(b, SK_L_PNOT, both(b, is_nan(b, x.re), is_nan(b, x.im))));
  sk_val from_inf = both(b, has_infinity(b, x), is_finite(b, y));
  sk_val by_inf = both(b, has_infinity(b, y), is_finite(b, x));
  sk_complex w = scale_complex(b, product_with_conjugate(b, x, y_unit), f64(b, 0.0));
  w = pick_complex(b, by_inf, w, v);
  sk_complex grown = scale_complex(b, product_with_conjugate(b, x_unit, y), inf);
  w = pick_complex(b, from_inf, grown, w);
  w = pick_complex(b, by_zero, scale_complex(b, x, signed_inf), w);
  return pick_complex(b, lost, w, v);
}

sk_complex sk_complex_divide(sk_build *b, sk_complex x, sk_complex y) {
  scaling sx = scale_of(b, order(b, x.re, x.im).large);
  scaling sy = scale_of(b, order(b, y.re, y.im).large);
  sk_complex p = scale_complex(b, x, sx.down), q = scale_complex(b, y, sy.down);
  sk_val size = sum_of_products(b, q.re, q.re, q.im, q.im);
  sk_complex v = product_with_conjugate(b, p, q);
  v = (sk_complex){fdiv(b, v.re, size), fdiv(b, v.im, size)};
  // 2^(ex - ey) may leave the range though the result does not: two factors of half the exponent.
  sk_val sum = iadd(b, isub(b, sx.bits, sy.bits), i64(b, INT64_C(0x7FE0000000000000)));
  sum = shr(b, sum, 52);
  sk_val half = shr(b, sum, 1);
  v = scale_complex(b, v, float64(b, shl(b, half, 52)));
  v = scale_complex(b, v, float64(b, shl(b, isub(b, sum, half), 52)));
  return divide_specials(b, x, y, v);
}

// ---- roots

// The parts of the root of |x| + i y: large >= small; |z| = size 4^k, down = 2^-k.
typedef struct root {
  sk_val large, small, size, down;
  sk_val inverse_small;  // small / |z|
} root;

static root root_parts(sk_build *b, sk_complex z) {
  sk_val m = order(b, z.re, z.im).large, half = f64(b, 0.5);
  m = minx(b, f64(b, 0x1p1020), maxx(b, f64(b, 0x1p-1020), m));
  sk_val k = band(b, shr(b, iadd(b, bits64(b, m), i64(b, INT64_C(1) << 52)), 53), i64(b, 0x3FF));
  sk_val up = float64(b, shl(b, iadd(b, k, i64(b, 511)), 52));
  sk_val down = float64(b, shl(b, isub(b, i64(b, 1535), k), 52));
  sk_val x = magnitude(b, fmul(b, fmul(b, z.re, down), down));
  sk_val y = magnitude(b, fmul(b, fmul(b, z.im, down), down));
  sk_val size = root_of_squares(b, x, y);
  sk_val t = square_root(b, fmadd(b, size, half, fmul(b, x, half)));
  sk_val large = fmul(b, maxx(b, f64(b, 0x1p-100), t), up);
  sk_val small = fdiv(b, magnitude(b, z.im), fadd(b, large, large));
  sk_val inverse_small = fdiv(b, fmul(b, fmul(b, y, down), half), fmul(b, t, size));
  return (root){large, small, size, down, inverse_small};
}

static sk_complex place_root(sk_build *b, sk_complex z, sk_val large, sk_val small) {
  sk_val left = flt(b, z.re, f64(b, 0.0));
  sk_val re = pick(b, left, small, large), im = pick(b, left, large, small);
  return (sk_complex){re, copy_sign(b, im, z.im)};
}

sk_complex sk_complex_sqrt(sk_build *b, sk_complex z) {
  root r = root_parts(b, z);
  sk_val zero = f64(b, 0.0), inf = inf64(b);
  sk_complex v = place_root(b, z, r.large, r.small);
  v = pick_complex(b, is_zero(b, z), (sk_complex){zero, z.im}, v);
  const sk_complex right = {inf, pick(b, is_nan(b, z.im), z.im, copy_sign(b, zero, z.im))};
  const sk_complex left = {pick(b, is_nan(b, z.im), z.im, zero), copy_sign(b, inf, z.im)};
  v = pick_complex(b, feq(b, z.re, inf), right, v);
  v = pick_complex(b, feq(b, z.re, negate(b, inf)), left, v);
  return pick_complex(b, is_infinite(b, z.im), (sk_complex){inf, z.im}, v);
}

// conj(sqrt(z)) / |z|; of zero (inf, NaN), of infinity 0.
sk_complex sk_complex_rsqrt(sk_build *b, sk_complex z) {
  root r = root_parts(b, z);
  sk_val zero = f64(b, 0.0), large = fmul(b, fdiv(b, fmul(b, r.large, r.down), r.size), r.down);
  sk_complex v = place_root(b, z, large, r.inverse_small);
  v.im = negate(b, v.im);
  v = pick_complex(b, is_zero(b, z), (sk_complex){inf64(b), nan64(b)}, v);
  const sk_complex vanished = {zero, negate(b, copy_sign(b, zero, z.im))};
  return pick_complex(b, has_infinity(b, z), vanished, v);
}

// The principal value: cbrt(|z|) at a third of the angle.
sk_complex sk_complex_cbrt(sk_build *b, sk_complex z) {
  sk_val m = order(b, z.re, z.im).large, big = flt(b, f64(b, 0x1p900), m);
  sk_val tiny = flt(b, m, f64(b, 0x1p-900)), one = f64(b, 1.0);
  sk_val before = pick(b, big, f64(b, 0x1p-300), pick(b, tiny, f64(b, 0x1p300), one));
  sk_val after = pick(b, big, f64(b, 0x1p100), pick(b, tiny, f64(b, 0x1p-100), one));
  sk_val size = sk_complex_hypot(b, fmul(b, z.re, before), fmul(b, z.im, before));
  sk_val r = fmul(b, sk_math_cbrt_f64(b, size), after);
  sk_val angle = fdiv(b, sk_math_atan2_f64(b, z.im, z.re), f64(b, 3.0));
  const sk_complex v = {fmul(b, r, sk_math_cos_f64(b, angle)),
                        fmul(b, r, sk_math_sin_f64(b, angle))};
  return pick_complex(b, is_zero(b, z), z, v);
}

// ---- exponentials

// e^x as first * second, so that x may be up to twice the range of e^x.
typedef struct factors {
  sk_val first, second;
} factors;

static factors exp_factors(sk_build *b, sk_val x) {
  sk_val large = flt(b, f64(b, 709.0), x), one = f64(b, 1.0);
  sk_val e = sk_math_exp_f64(b, fmul(b, x, pick(b, large, f64(b, 0.5), one)));
  return (factors){e, pick(b, large, e, one)};
}

static sk_val grow(sk_build *b, factors e, sk_val v) {
  return fmul(b, fmul(b, e.first, v), e.second);
}

sk_complex sk_complex_exp(sk_build *b, sk_complex z) {
  factors e = exp_factors(b, z.re);
  sk_val real = feq(b, z.im, f64(b, 0.0));
  sk_complex v = {grow(b, e, sk_math_cos_f64(b, z.im)), grow(b, e, sk_math_sin_f64(b, z.im))};
  v.im = pick(b, real, z.im, v.im);
  return v;
}

sk_complex sk_complex_expm1(sk_build *b, sk_complex z) {
  factors e = exp_factors(b, z.re);
  sk_val cosine = sk_math_cos_f64(b, z.im), zero = f64(b, 0.0);
  sk_val half_sine = sk_math_sin_f64(b, fmul(b, z.im, f64(b, 0.5)));
  sk_val drop = fmul(b, fmul(b, half_sine, half_sine), f64(b, -2.0));
  sk_val near = fmadd(b, sk_math_expm1_f64(b, z.re), cosine, drop);
  sk_val re = pick(b, flt(b, f64(b, 700.0), z.re), grow(b, e, cosine), near);
  sk_val im = grow(b, e, sk_math_sin_f64(b, z.im));
  return (sk_complex){re, pick(b, feq(b, z.im, zero), z.im, im)};
}

// ---- logarithms

sk_val sk_complex_log_abs(sk_build *b, sk_val x, sk_val x_low, sk_val y) {
  const uint64_t start = UINT64_C(0x3FE6A00000000000) + (UINT64_C(1) << 63);  // 0.707, 2048 on top
  const int64_t one_bits = (int64_t)(UINT64_C(0x3FF0000000000000) + (UINT64_C(1) << 63));
  ordered o = order(b, x, y);
  sk_val tiny = flt(b, o.large, f64(b, 0x1p-900)), one = f64(b, 1.0);
  sk_val lift = pick(b, tiny, f64(b, 0x1p200), one), m = fmul(b, o.large, lift);
  sk_val near = both(b, flt(b, m, f64(b, 2.0)), flt(b, f64(b, 0.5), m));  // no scaling around 1
  sk_val inside = minx(b, f64(b, 0x1p1000), maxx(b, f64(b, 0x1p-1000), pick(b, near, one, m)));
  sk_val above = isub(b, bits64(b, inside), i64(b, (int64_t)start));
  sk_val e_bits = band(b, above, i64(b, EXPONENT_MASK | INT64_MIN));
  sk_val down = float64(b, isub(b, i64(b, one_bits), e_bits));
  sk_val biased = bor(b, shr(b, above, 52), i64(b, INT64_C(0x4330000000000000)));
  sk_val e = fsub(b, float64(b, biased), f64(b, 0x1p52 + 2048.0));
  e = pick(b, tiny, fsub(b, e, f64(b, 200.0)), e);
  sk_val large = fmul(b, m, down), small = fmul(b, fmul(b, o.small, lift), down);
  twofold p = exact_product(b, large, large), q = exact_product(b, small, small);
  twofold less = exact_sum(b, p.high, f64(b, -1.0)), w = exact_sum(b, less.high, q.high);
  w.low = fadd(b, fadd(b, w.low, less.low), fadd(b, p.low, q.low));
  if (x_low.id != 0) {
    sk_val twice = fmul(b, fmul(b, x, down), f64(b, 2.0)), low = fmul(b, x_low, down);
    twofold c = exact_product(b, twice, low), sum = exact_sum(b, w.high, c.high);
    w.low = fadd(b, fadd(b, w.low, sum.low), fmadd(b, low, low, c.low));
    w.high = sum.high;
  }
  sk_val rest = fdiv(b, w.low, fadd(b, one, w.high)), half = f64(b, 0.5);
  sk_val l = fmul(b, sk_math_log1p_sum_f64(b, w.high, rest), half);
  l = fmadd(b, e, f64(b, LN2_HIGH), fmadd(b, e, f64(b, LN2_LOW), l));
  l = pick(b, feq(b, fadd(b, large, small), f64(b, 0.0)), negate(b, inf64(b)), l);
  sk_val infinite = either(b, is_infinite(b, x), is_infinite(b, y));
  return pick(b, infinite, inf64(b), l);
}

sk_complex sk_complex_log(sk_build *b, sk_complex z) {
  return (sk_complex){sk_complex_log_abs(b, z.re, (sk_val){0}, z.im),
                      sk_math_atan2_f64(b, z.im, z.re)};
}

sk_complex sk_complex_log1p(sk_build *b, sk_complex z) {
  twofold t = exact_sum(b, z.re, f64(b, 1.0));
  t.low = pick(b, flt(b, magnitude(b, z.re), f64(b, 0x1p100)), t.low, f64(b, 0.0));
  return (sk_complex){sk_complex_log_abs(b, t.high, t.low, z.im),
                      sk_math_atan2_f64(b, z.im, t.high)};
}

// |x|^c e^(-d angle). Where a factor leaves the range of numbers the other may bring the product back: there the exponent is summed.
static sk_val power_modulus(sk_build *b, sk_complex x, sk_complex y, sk_val angle, sk_val log_abs) {
  sk_val zero = f64(b, 0.0), one = f64(b, 1.0), straight = feq(b, y.im, zero);
  sk_val turn = fmul(b, y.im, angle);
  sk_val size = sk_math_pow_f64(b, sk_complex_abs(b, x), y.re);
  sk_val factor = pick(b, straight, one, sk_math_exp_f64(b, negate(b, turn)));
  sk_val least = minx(b, size, factor), most = maxx(b, size, factor);
  sk_val in_range = both(b, flt(b, f64(b, 0x1p-1000), least), flt(b, most, f64(b, 0x1p1000)));
  sk_val growth = pick(b, feq(b, y.re, zero), zero, fmul(b, y.re, log_abs));
  sk_val exponent = fsub(b, growth, pick(b, straight, zero, turn));
  return pick(b, in_range, fmul(b, size, factor), sk_math_exp_f64(b, exponent));
}

// 0^0 = 1; 0^y = 0 for a positive real part of y, (inf, NaN) for a negative one.
sk_complex sk_complex_power(sk_build *b, sk_complex x, sk_complex y) {
  sk_val zero = f64(b, 0.0), one = f64(b, 1.0), angle = sk_math_atan2_f64(b, x.im, x.re);
  sk_val log_abs = sk_complex_log_abs(b, x.re, (sk_val){0}, x.im);
  sk_val size = power_modulus(b, x, y, angle, log_abs);
  sk_val spin = pick(b, feq(b, y.im, zero), zero, fmul(b, y.im, log_abs));
  sk_val q = fmadd(b, y.re, angle, spin), sine = sk_math_sin_f64(b, q);
  sk_complex v = {fmul(b, size, sk_math_cos_f64(b, q)),
                  pick(b, feq(b, sine, zero), sine, fmul(b, size, sine))};
  const sk_val nan = nan64(b), below = flt(b, y.re, zero), above = flt(b, zero, y.re);
  sk_complex at_zero = {pick(b, below, inf64(b), nan), nan};
  at_zero = pick_complex(b, both(b, above, flt(b, magnitude(b, y.im), inf64(b))),
                         (sk_complex){zero, zero}, at_zero);
  at_zero = pick_complex(b, is_zero(b, y), (sk_complex){one, zero}, at_zero);
  return pick_complex(b, is_zero(b, x), at_zero, v);
}

sk_complex sk_complex_logistic(sk_build *b, sk_complex z) {
  sk_val one = f64(b, 1.0), left = flt(b, z.re, f64(b, 0.0));
  sk_val e = sk_math_exp_f64(b, negate(b, magnitude(b, z.re)));
  sk_val c = fmul(b, e, sk_math_cos_f64(b, z.im)), s = fmul(b, e, sk_math_sin_f64(b, z.im));
  sk_val d = fadd(b, one, c), size = fmadd(b, s, s, fmul(b, d, d));
  sk_val re = pick(b, left, fmadd(b, e, e, c), d);
  return (sk_complex){fdiv(b, re, size), fdiv(b, s, size)};
}
