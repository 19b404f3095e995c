// SPDX-License-Identifier: Apache-2.0
// Trigonometric and hyperbolic functions of complex numbers and their inverses; see math_complex.h.
//
//   sin, cos    sin x cosh y + i cos x sinh y, cos x cosh y - i sin x sinh y; beyond 700 cosh and
//               sinh are products of two factors
//   sinh, cosh  -i sin(iz), cos(iz)
//   tanh        (b r s + i t) / (1 + b s^2), t = tan y, b = 1 + t^2, s = sinh x, r = cosh x
//   (Kahan);
//               beyond 20: +-1 + 4 i sin y cos y e^(-2|x|)
//   asin, acos  Hull, Fairgrieve and Tang (TOMS 23, 1997) in the first quadrant: with
//               r = |z + 1|, s = |z - 1|, a = (r + s) / 2, both a - 1 and a - x come without
//               cancellation. Real parts atan2(x, d), atan2(d, x) with d = sqrt((a - x)(a + x)),
//               imaginary part log1p((a - 1) + sqrt((a - 1)(a + 1)))
//   asinh       -i asin(iz);  acosh: acos turned into the right half plane
//   atanh       log1p(4x / |1 - z|^2) / 4 + i atan2(2y, 1 - |z|^2) / 2;  atan: -i atanh(iz)
#include "loop/math_complex.h"

#include "loop/math_twofold.h"

#define HALF_PI 0x1.921fb54442d18p+0
#define LN2 0x1.62e42fefa39efp-1

// The sign of a NaN, which is not defined, counts as +.
static sk_val copy_sign(sk_build *b, sk_val size, sk_val from) {
  sk_val number = pick(b, feq(b, from, from), from, f64(b, 0.0));
  return bor(b, magnitude(b, size), band(b, number, minus_zero64(b)));
}

static sk_complex times_i(sk_build *b, sk_complex z) { return (sk_complex){negate(b, z.im), z.re}; }

static sk_complex times_minus_i(sk_build *b, sk_complex z) {
  return (sk_complex){z.im, negate(b, z.re)};
}

// ---- sin, cos, sinh, cosh, tan, tanh

// cosh y and sinh y, each times `rest`.
typedef struct hyperbolic {
  sk_val cosh, sinh, rest;
} hyperbolic;

static hyperbolic hyperbolic_of(sk_build *b, sk_val y) {
  sk_val big = flt(b, f64(b, 700.0), magnitude(b, y)), one = f64(b, 1.0), half = f64(b, 0.5);
  sk_val near = pick(b, big, f64(b, 0.0), y);
  sk_val e = sk_math_exp_f64(b, fmul(b, magnitude(b, y), half)), half_e = fmul(b, e, half);
  return (hyperbolic){pick(b, big, half_e, sk_math_cosh_f64(b, near)),
                      pick(b, big, copy_sign(b, half_e, y), sk_math_sinh_f64(b, near)),
                      pick(b, big, e, one)};
}

// u v w, zero where u is, whatever v.
static sk_val product(sk_build *b, sk_val u, sk_val v, sk_val w) {
  sk_val zero = bxor(b, u, band(b, v, minus_zero64(b)));
  return pick(b, feq(b, u, f64(b, 0.0)), zero, fmul(b, fmul(b, u, v), w));
}

sk_complex sk_complex_sin(sk_build *b, sk_complex z) {
  hyperbolic h = hyperbolic_of(b, z.im);
  sk_val re = product(b, sk_math_sin_f64(b, z.re), h.cosh, h.rest);
  sk_val im = product(b, h.sinh, sk_math_cos_f64(b, z.re), h.rest);
  return (sk_complex){re, im};
}

sk_complex sk_complex_cos(sk_build *b, sk_complex z) {
  hyperbolic h = hyperbolic_of(b, z.im);
  sk_val re = product(b, sk_math_cos_f64(b, z.re), h.cosh, h.rest);
  sk_val im = product(b, sk_math_sin_f64(b, z.re), h.sinh, h.rest);
  return (sk_complex){re, negate(b, im)};
}

sk_complex sk_complex_sinh(sk_build *b, sk_complex z) {
  return times_minus_i(b, sk_complex_sin(b, times_i(b, z)));
}

sk_complex sk_complex_cosh(sk_build *b, sk_complex z) { return sk_complex_cos(b, times_i(b, z)); }

sk_complex sk_complex_tanh(sk_build *b, sk_complex z) {
  sk_val one = f64(b, 1.0), a = magnitude(b, z.re), far = flt(b, f64(b, 20.0), a);
  sk_val x = pick(b, far, f64(b, 0.0), z.re);
  sk_val t = sk_math_tan_f64(b, z.im), s = sk_math_sinh_f64(b, x);
  sk_val beta = fmadd(b, t, t, one), rho = square_root(b, fmadd(b, s, s, one));
  sk_val den = fmadd(b, fmul(b, beta, s), s, one);
  sk_val re = fdiv(b, fmul(b, fmul(b, beta, rho), s), den), im = fdiv(b, t, den);
  sk_val decay = sk_math_exp_f64(b, fmul(b, a, f64(b, -2.0)));
  sk_val turn = fmul(b, sk_math_sin_f64(b, z.im), sk_math_cos_f64(b, z.im));
  sk_val far_im = fmul(b, fmul(b, turn, decay), f64(b, 4.0));
  sk_val side = pick(b, sk_build_2(b, SK_L_FUNORD, turn, turn), z.im, turn);
  far_im = pick(b, feq(b, a, inf64(b)), copy_sign(b, f64(b, 0.0), side), far_im);
  // No direction, no value: z.im is infinite or NaN, and z.re is not infinite.
  sk_val far_re = fadd(b, copy_sign(b, one, z.re), fsub(b, far_im, far_im));
  return (sk_complex){pick(b, far, far_re, re), pick(b, far, far_im, im)};
}

sk_complex sk_complex_tan(sk_build *b, sk_complex z) {
  return times_minus_i(b, sk_complex_tanh(b, times_i(b, z)));
}

// ---- asin, acos, asinh, acosh

// For x, y >= 0: asin = atan2(x, d) + i h, acos = atan2(d, x) - i h.
typedef struct quadrant {
  sk_val d, h;
} quadrant;

static quadrant arc_in_quadrant(sk_build *b, sk_val whole_x, sk_val whole_y) {
  const sk_val one = f64(b, 1.0), half = f64(b, 0.5), limit = f64(b, 0x1p40);
  const sk_val x = minx(b, limit, whole_x), y = minx(b, limit, whole_y);
  sk_val right = fadd(b, x, one), left = magnitude(b, fsub(b, x, one)), inside = flt(b, x, one);
  sk_val r = sk_complex_hypot(b, right, y), s = sk_complex_hypot(b, left, y);
  sk_val a = fmul(b, half, fadd(b, r, s));
  // Twice a - 1 is g y^2 inside the unit interval, else w; twice a - x is g y^2 beyond it, else w.
  sk_val to_r = fdiv(b, one, fadd(b, r, right)), reach = fadd(b, s, left);
  sk_val g = fadd(b, to_r, fdiv(b, one, reach)), w = fmadd(b, y, fmul(b, y, to_r), reach);
  sk_val up = fmul(b, half, fadd(b, a, one)), across = fmul(b, half, fadd(b, a, x));
  sk_val root = square_root(b, fmul(b, pick(b, inside, g, w), up));
  root = fmul(b, root, pick(b, inside, y, one));
  sk_val near = fmul(b, half, pick(b, inside, fmul(b, fmul(b, y, g), y), w));
  sk_val h = sk_math_log1p_f64(b, fadd(b, near, root));
  sk_val beyond = flt(b, one, x), d = square_root(b, fmul(b, pick(b, beyond, g, w), across));
  d = fmul(b, d, pick(b, beyond, y, one));
  // Far out: d and x in the ratio of y and x, h = log(2 |z|).
  sk_val far = either(b, flt(b, limit, whole_x), flt(b, limit, whole_y));
  sk_val far_h = fadd(b, sk_complex_log_abs(b, whole_x, (sk_val){0}, whole_y), f64(b, LN2));
  return (quadrant){pick(b, far, whole_y, d), pick(b, far, far_h, h)};
}

sk_complex sk_complex_asin(sk_build *b, sk_complex z) {
  sk_val x = magnitude(b, z.re);
  quadrant q = arc_in_quadrant(b, x, magnitude(b, z.im));
  sk_val re = sk_math_atan2_f64(b, x, q.d);
  return (sk_complex){copy_sign(b, re, z.re), copy_sign(b, q.h, z.im)};
}

sk_complex sk_complex_acos(sk_build *b, sk_complex z) {
  quadrant q = arc_in_quadrant(b, magnitude(b, z.re), magnitude(b, z.im));
  return (sk_complex){sk_math_atan2_f64(b, q.d, z.re), negate(b, copy_sign(b, q.h, z.im))};
}

sk_complex sk_complex_asinh(sk_build *b, sk_complex z) {
  return times_minus_i(b, sk_complex_asin(b, times_i(b, z)));
}

sk_complex sk_complex_acosh(sk_build *b, sk_complex z) {
  quadrant q = arc_in_quadrant(b, magnitude(b, z.re), magnitude(b, z.im));
  return (sk_complex){q.h, copy_sign(b, sk_math_atan2_f64(b, q.d, z.re), z.im)};
}

// ---- atanh, atan

// 1 - x^2 - y^2, in two numbers as long as it cancels.
static sk_val one_minus_square(sk_build *b, sk_val x, sk_val y) {
  sk_val swap = flt(b, x, y), large = pick(b, swap, y, x), small = pick(b, swap, x, y);
  twofold p = exact_product(b, large, large), q = exact_product(b, small, small);
  twofold rest = exact_sum(b, f64(b, 1.0), negate(b, p.high));
  twofold sum = exact_sum(b, rest.high, negate(b, q.high));
  sk_val low = fsub(b, fadd(b, rest.low, sum.low), fadd(b, p.low, q.low));
  return fadd(b, sum.high, low);
}

// log(|z + 1| / |z - 1|) / 2 for x, y >= 0.
static sk_val half_log_ratio(sk_build *b, sk_val x, sk_val y, sk_val far) {
  const sk_val one = f64(b, 1.0), g = pick(b, far, f64(b, 0x1p-550), one);
  sk_val gx = fmul(b, x, g), gy = fmul(b, y, g);
  twofold u = exact_sum(b, g, negate(b, gx));
  sk_val square = fmul(b, gy, gy), error = fmsub(b, gy, gy, square);
  error = fmadd(b, fadd(b, u.high, u.high), u.low, error);
  sk_val size = fadd(b, fmadd(b, u.high, u.high, square), error);  // (g |1 - z|)^2
  // 4 x g^2 / size, small x scaled last
  sk_val large = flt(b, one, x), first = pick(b, large, gx, x);
  sk_val w = fmul(b, fdiv(b, fmul(b, f64(b, 4.0), first), size), g);
  w = fmul(b, w, pick(b, large, one, g));
  sk_val plain = fmul(b, sk_math_log1p_f64(b, w), f64(b, 0.25));
  // So close to 1 that x = 1: log(2 / y) / 2, where 4 / y^2 might overflow.
  sk_val near = fmul(b, fsub(b, f64(b, LN2), sk_math_log_f64(b, y)), f64(b, 0.5));
  sk_val v = pick(b, both(b, flt(b, y, f64(b, 0x1p-100)), feq(b, x, one)), near, plain);
  sk_val infinite = either(b, feq(b, x, inf64(b)), feq(b, y, inf64(b)));
  return pick(b, infinite, f64(b, 0.0), v);
}

sk_complex sk_complex_atanh(sk_build *b, sk_complex z) {
  const sk_val limit = f64(b, 0x1p60), x = magnitude(b, z.re), y = magnitude(b, z.im);
  sk_val far = either(b, flt(b, limit, x), flt(b, limit, y));
  sk_val re = half_log_ratio(b, x, y, far);
  sk_val square = one_minus_square(b, minx(b, limit, x), minx(b, limit, y));
  sk_val num = pick(b, far, copy_sign(b, f64(b, 1.0), z.im), fadd(b, z.im, z.im));
  sk_val angle = sk_math_atan2_f64(b, num, pick(b, far, f64(b, -0x1p200), square));
  return (sk_complex){copy_sign(b, re, z.re), fmul(b, angle, f64(b, 0.5))};
}

sk_complex sk_complex_atan(sk_build *b, sk_complex z) {
  return times_minus_i(b, sk_complex_atanh(b, times_i(b, z)));
}

// A power of two that brings the largest of four magnitudes into [1, 2), as far as it can.
static sk_val common_scale(sk_build *b, sk_complex x, sk_complex y) {
  sk_val m = maxx(b, magnitude(b, x.re), magnitude(b, x.im));
  m = maxx(b, m, maxx(b, magnitude(b, y.re), magnitude(b, y.im)));
  m = minx(b, f64(b, 0x1p1021), maxx(b, f64(b, 0x1p-1022), m));
  sk_val e = band(b, bits64(b, m), i64(b, INT64_C(0x7FF0000000000000)));
  return float64(b, isub(b, i64(b, INT64_C(0x7FE0000000000000)), e));
}

// -i log((x + i y) / sqrt(x^2 + y^2))
sk_complex sk_complex_atan2(sk_build *b, sk_complex y, sk_complex x) {
  sk_val scale = common_scale(b, x, y);
  x = (sk_complex){fmul(b, x.re, scale), fmul(b, x.im, scale)};
  y = (sk_complex){fmul(b, y.re, scale), fmul(b, y.im, scale)};
  const sk_complex sum = {fsub(b, x.re, y.im), fadd(b, x.im, y.re)};
  sk_val xr = fsub(b, fmul(b, x.re, x.re), fmul(b, x.im, x.im));
  sk_val yr = fsub(b, fmul(b, y.re, y.re), fmul(b, y.im, y.im));
  sk_val xi = fmul(b, x.re, x.im), yi = fmul(b, y.re, y.im);
  const sk_complex squares = {fadd(b, xr, yr), fmul(b, f64(b, 2.0), fadd(b, xi, yi))};
  sk_complex ratio = sk_complex_divide(b, sum, sk_complex_sqrt(b, squares));
  return times_minus_i(b, sk_complex_log(b, ratio));
}
