// SPDX-License-Identifier: Apache-2.0
// sinh, cosh and the inverse functions asin, acos, atan, asinh, acosh, atanh, in f32 and f64.
// Coefficients: scripts/math_coefficients.py.
//
// f64, where h + l stands for a sum of two numbers:
//
//   cosh   2^(n-1) (H + D), H + l = e^|x| 2^-n, D + d = 2^-2n / (H + l), summed with what they lost
//   sinh   |x| < 1: odd polynomial; else as cosh with H - D
//   asin   |x| <= 1/2: odd polynomial; else pi/2 - 2 asin(s), s + c = sqrt((1 - |x|) / 2)
//   acos   pi/2 - asin(x); 2 asin(s) for x > 1/2; pi - 2 asin(s) for x < -1/2
//   atan   base + atan(t) with t = x, (x - 1) / (x + 1) or -1 / x
//   asinh  log1p(|x| + q), q = x^2 / (1 + sqrt(x^2 + 1)) with the rounding errors of every step
//          carried into log1p's argument h + l: log1p(h) + l / (1 + h)
//   acosh  log1p(t + sqrt(t (t + 2))), t = x - 1, in the same way
//   atanh  log1p(2 |x| / (1 - |x|)) / 2, in the same way
//   asinh, acosh of arguments above 2^60: log|x| + log 2
//
// f32 evaluates the plain formulas in f64 and rounds once, but atan, which stays in f32.
#include "loop/math_twofold.h"

#define LOG2E 0x1.71547652b82fep0
#define LN2_HIGH 0x1.62e42fefa38p-1  // 42 bits: n * LN2_HIGH is exact
#define LN2_LOW 0x1.ef35793c7673p-45
#define LN2 0x1.62e42fefa39efp-1
#define PIO2_HIGH 0x1.921fb54442d18p+0
#define PIO2_LOW 0x1.1a62633145c07p-54

// (e^r - 1 - r) / r^2, |r| <= ln2 / 2
static const double exp_q[] = {0x1.000000000000ap-1,  0x1.555555555550ap-3,  0x1.5555555550772p-5,
                               0x1.1111111124ce9p-7,  0x1.6c16c1844687fp-10, 0x1.a01a01368e944p-13,
                               0x1.a01999e2d993ap-16, 0x1.71df0f72c8f21p-19, 0x1.28ad896561b9cp-22,
                               0x1.ad9c1ca9ffde4p-26};
// (sinh(x)/x - 1) / x^2 in x^2, |x| <= 1
static const double sinh_q[] = {0x1.5555555555556p-3,  0x1.111111111101ep-7,  0x1.a01a01a03726ap-13,
                                0x1.71de3a3b06941p-19, 0x1.ae646ff5559f7p-26, 0x1.6116f469ce6cbp-33,
                                0x1.b5c8b3590c7d1p-41};
// (asin(x)/x - 1) / x^2 in x^2, |x| <= 1/2
static const double asin_q[] = {0x1.5555555555577p-3, 0x1.333333332e108p-4, 0x1.6db6db721572p-5,
                                0x1.f1c71a9383b5p-6,  0x1.6e8bdf0f0f7d6p-6, 0x1.1c49ecb5e66cfp-6,
                                0x1.ca1fec894ebb5p-7, 0x1.7582493db5126p-7, 0x1.614fd884eaf5fp-7,
                                0x1.e4c31d0f96bddp-9, 0x1.63fdd7ba83cap-6,  -0x1.588ce95095018p-6,
                                0x1.0b753f68fc48p-5};
// (atan(t)/t - 1) / t^2 in t^2, |t| <= 1/2
static const double atan_q[] = {-0x1.5555555555552p-2, 0x1.99999999990d6p-3,  -0x1.2492492453659p-3,
                                0x1.c71c71aaf0283p-4,  -0x1.745d138f5ea75p-4, 0x1.3b1360b1df8e4p-4,
                                -0x1.110c713636894p-4, 0x1.e182d91648db8p-5,  -0x1.ac72bb27fe9c3p-5,
                                0x1.77fc58c410bbp-5,   -0x1.301dbfe16943cp-5, 0x1.83aa95abd10bcp-6,
                                -0x1.123f26b7ea3c7p-7};
// the same for t in [0, 1]
static const float atan_f32_q[] = {-0x1.55553ep-2f, 0x1.9991e4p-3f,  -0x1.242084p-3f,
                                   0x1.c08c18p-4f,  -0x1.580804p-4f, 0x1.da2468p-5f,
                                   -0x1.fd6e9ap-6f, 0x1.640f44p-7f,  -0x1.d32a0cp-10f};

static sk_val with_sign_of(sk_build *b, sk_val v, sk_val x) {
  return bor(b, v, band(b, x, minus_zero64(b)));
}

// ---- sinh, cosh

// 2^(n-1) (h +- d) for a = |x|: the sum of e^a and +- e^-a, halved.
static sk_val exponentials(sk_build *b, sk_val a, bool subtract) {
  const double magic = MAGIC64 + 2045.0;  // low bits: n - 1 + 2046
  sk_val one = f64(b, 1.0);
  a = minx(b, f64(b, 711.0), a);
  sk_val t = fmadd(b, a, f64(b, LOG2E), f64(b, magic)), n = fsub(b, t, f64(b, magic));
  sk_val r1 = fmadd(b, n, f64(b, -LN2_HIGH), a), r = fmadd(b, n, f64(b, -LN2_LOW), r1);
  sk_val r_low = fmadd(b, n, f64(b, -LN2_LOW), fsub(b, r1, r));
  twofold p = ordered_sum(b, r, fmadd(b, fmul(b, r, r), POLY_F64(b, r, exp_q), r_low));
  twofold h = ordered_sum(b, one, p.high);
  h.low = fadd(b, h.low, p.low);
  sk_val twice = fmul(b, minx(b, f64(b, 100.0), n), f64(b, 2.0));
  sk_val bits = isub(b, i64(b, 1023), bits64(b, fadd(b, twice, f64(b, MAGIC64))));
  sk_val scale = float64(b, shl(b, bits, 52));  // 2^-2n, nothing beside h for large n
  sk_val inverse = fdiv(b, one, h.high);
  sk_val rest = fnmadd(b, inverse, h.low, fnmadd(b, inverse, h.high, one));
  sk_val d = fmul(b, inverse, scale), d_low = fmul(b, rest, d);
  if (subtract) {
    d = negate(b, d);
    d_low = negate(b, d_low);
  }
  twofold sum = ordered_sum(b, h.high, d);
  sk_val v = fadd(b, sum.high, fadd(b, sum.low, fadd(b, h.low, d_low)));
  sk_val i = bits64(b, t), half = shr(b, i, 1);  // two biased exponents whose sum is n - 1 + 2046
  v = fmul(b, v, float64(b, shl(b, half, 52)));
  return fmul(b, v, float64(b, shl(b, isub(b, i, half), 52)));
}

static sk_val sinh_near_zero(sk_build *b, sk_val a) {
  sk_val z = fmul(b, a, a);
  return fmadd(b, fmul(b, POLY_F64(b, z, sinh_q), z), a, a);
}

sk_val sk_math_sinh_f64(sk_build *b, sk_val x) {
  sk_val a = magnitude(b, x), small = sinh_near_zero(b, a), large = exponentials(b, a, true);
  return with_sign_of(b, pick(b, flt(b, a, f64(b, 1.0)), small, large), x);
}

sk_val sk_math_cosh_f64(sk_build *b, sk_val x) { return exponentials(b, magnitude(b, x), false); }

sk_val sk_math_sinh_f32(sk_build *b, sk_val x) {
  sk_val a = to_f64(b, magnitude(b, x)), e = sk_math_exp_f64(b, a), half = f64(b, 0.5);
  sk_val large = fsub(b, fmul(b, half, e), fdiv(b, half, e));
  sk_val v = to_f32(b, pick(b, flt(b, a, f64(b, 1.0)), sinh_near_zero(b, a), large));
  return bor(b, v, band(b, x, minus_zero32(b)));
}

sk_val sk_math_cosh_f32(sk_build *b, sk_val x) {
  sk_val e = sk_math_exp_f64(b, to_f64(b, magnitude(b, x))), half = f64(b, 0.5);
  return to_f32(b, fadd(b, fmul(b, half, e), fdiv(b, half, e)));
}

// ---- asin, acos, atan

typedef struct arc {
  sk_val big;   // |x| > 1/2
  sk_val s;     // |x|, or sqrt((1 - |x|) / 2)
  sk_val rest;  // asin of the exact value of that root, less s
} arc;

static arc reduce_arc(sk_build *b, sk_val a) {
  arc r = {.big = flt(b, f64(b, 0.5), a)};
  sk_val half = fmadd(b, a, f64(b, -0.5), f64(b, 0.5));  // exact from 1/2 on
  sk_val z = pick(b, r.big, half, fmul(b, a, a)), root = square_root(b, half);
  sk_val twice = maxx(b, f64(b, 0x1p-1022), fadd(b, root, root));
  sk_val c = fdiv(b, fnmadd(b, root, root, half), twice);
  r.s = pick(b, r.big, root, a);
  sk_val p = fmul(b, POLY_F64(b, z, asin_q), z);
  r.rest = fmadd(b, r.s, p, pick(b, r.big, c, f64(b, 0.0)));
  return r;
}

// base - (m + w), base in two numbers, |base| >= |m| or base = 0
static sk_val below(sk_build *b, twofold base, sk_val m, sk_val w) {
  twofold h = ordered_sum(b, base.high, negate(b, m));
  return fadd(b, h.high, fadd(b, h.low, fsub(b, base.low, w)));
}

static sk_val asin_of(sk_build *b, sk_val x) {
  sk_val a = magnitude(b, x);
  arc r = reduce_arc(b, a);
  const twofold half_pi = {f64(b, PIO2_HIGH), f64(b, PIO2_LOW)};
  sk_val large = below(b, half_pi, fadd(b, r.s, r.s), fadd(b, r.rest, r.rest));
  return with_sign_of(b, pick(b, r.big, large, fadd(b, r.s, r.rest)), x);
}

static sk_val acos_of(sk_build *b, sk_val x) {
  arc r = reduce_arc(b, magnitude(b, x));
  sk_val sign = band(b, x, minus_zero64(b)), left = flt(b, x, f64(b, -0.5));
  sk_val right = flt(b, f64(b, 0.5), x), zero = f64(b, 0.0);
  sk_val flip = bxor(b, sign, pick(b, r.big, minus_zero64(b), zero));
  sk_val factor = pick(b, r.big, f64(b, 2.0), f64(b, 1.0));
  twofold base = {pick(b, left, f64(b, 2 * PIO2_HIGH), f64(b, PIO2_HIGH)),
                  pick(b, left, f64(b, 2 * PIO2_LOW), f64(b, PIO2_LOW))};
  base.high = pick(b, right, zero, base.high);
  base.low = pick(b, right, zero, base.low);
  return below(b, base, bxor(b, fmul(b, r.s, factor), flip),
               bxor(b, fmul(b, r.rest, factor), flip));
}

sk_val sk_math_asin_f64(sk_build *b, sk_val x) { return asin_of(b, x); }
sk_val sk_math_acos_f64(sk_build *b, sk_val x) { return acos_of(b, x); }
sk_val sk_math_asin_f32(sk_build *b, sk_val x) { return to_f32(b, asin_of(b, to_f64(b, x))); }
sk_val sk_math_acos_f32(sk_build *b, sk_val x) { return to_f32(b, acos_of(b, to_f64(b, x))); }

// base + atan(t): below 1/2 t = x, from 2 on t = -1 / x, between t = (x - 1) / (x + 1).
sk_val sk_math_atan_f64(sk_build *b, sk_val x) {
  sk_val a = magnitude(b, x), one = f64(b, 1.0), zero = f64(b, 0.0);
  sk_val near = flt(b, a, f64(b, 0.5)), far = flt(b, f64(b, 2.0), a);
  twofold den = exact_sum(b, a, one);
  den.high = pick(b, far, a, pick(b, near, one, den.high));
  den.low = pick(b, either(b, far, near), zero, den.low);
  sk_val num = pick(b, far, f64(b, -1.0), pick(b, near, a, fsub(b, a, one)));
  sk_val t = fdiv(b, num, den.high), z = fmul(b, t, t);
  sk_val rest = fnmadd(b, t, den.low, fnmadd(b, t, den.high, num));
  rest = pick(b, flt(b, a, inf64(b)), fdiv(b, rest, den.high), zero);
  sk_val base = pick(b, far, f64(b, PIO2_HIGH), pick(b, near, zero, f64(b, PIO2_HIGH / 2)));
  sk_val base_low = pick(b, far, f64(b, PIO2_LOW), pick(b, near, zero, f64(b, PIO2_LOW / 2)));
  twofold h = ordered_sum(b, base, t);
  rest = fadd(b, fmadd(b, fmul(b, POLY_F64(b, z, atan_q), z), t, rest), base_low);
  return with_sign_of(b, fadd(b, h.high, fadd(b, h.low, rest)), x);
}

// Above 1 as pi/2 - atan(1 / x), with what the quotient lost.
sk_val sk_math_atan_f32(sk_build *b, sk_val x) {
  sk_val a = magnitude(b, x), one = f32(b, 1.0f), zero = f32(b, 0.0f), steep = flt(b, one, a);
  sk_val q = pick(b, steep, fdiv(b, one, a), a), z = fmul(b, q, q);
  sk_val lost = pick(b, both(b, steep, flt(b, a, inf32(b))), fnmadd(b, q, a, one), zero);
  twofold h = ordered_sum(b, f32(b, 0x1.921fb6p+0f), negate(b, q));
  sk_val factor = POLY_F32(b, z, atan_f32_q), p = fmul(b, factor, z);
  lost = fmul(b, lost, fnmadd(b, z, f32(b, 0.5f), one));  // times the slope, about 1 / (1 + z)
  sk_val rest = fnmadd(b, lost, q, fsub(b, h.low, f32(b, 0x1.777a5cp-25f)));
  rest = fnmadd(b, fmsub(b, factor, z, p), q, rest);  // what the product lost
  sk_val large = fadd(b, h.high, fnmadd(b, p, q, rest));
  sk_val v = pick(b, steep, large, fmadd(b, p, q, q));
  return bor(b, v, band(b, x, minus_zero32(b)));
}

// ---- asinh, acosh, atanh

static sk_val log1p_twofold(sk_build *b, twofold t) {
  sk_val rest = fdiv(b, t.low, fadd(b, f64(b, 1.0), t.high));
  return sk_math_log1p_sum_f64(b, t.high, rest);
}

// log(2 a) where a is large, v elsewhere.
static sk_val unless_large(sk_build *b, sk_val a, sk_val v) {
  sk_val large = fadd(b, sk_math_log_f64(b, a), f64(b, LN2));
  return pick(b, flt(b, f64(b, 0x1p60), a), large, v);
}

// sqrt of a sum of two numbers.
static twofold root_of(sk_build *b, twofold u) {
  sk_val r = square_root(b, u.high), rest = fadd(b, fnmadd(b, r, r, u.high), u.low);
  sk_val twice = maxx(b, f64(b, 0x1p-1022), fadd(b, r, r));
  return (twofold){r, fdiv(b, rest, twice)};
}

sk_val sk_math_asinh_f64(sk_build *b, sk_val x) {
  sk_val whole = magnitude(b, x), a = minx(b, f64(b, 0x1p60), whole), one = f64(b, 1.0);
  twofold square = exact_product(b, a, a), u = exact_sum(b, square.high, one);
  u.low = fadd(b, u.low, square.low);
  twofold root = root_of(b, u), den = exact_sum(b, root.high, one);
  sk_val inverse = fdiv(b, one, den.high), q = fmul(b, square.high, inverse);
  sk_val rest = fnmadd(b, q, fadd(b, den.low, root.low), fnmadd(b, q, den.high, square.high));
  twofold t = ordered_sum(b, a, q);
  t.low = fmadd(b, fadd(b, rest, square.low), inverse, t.low);
  return with_sign_of(b, unless_large(b, whole, log1p_twofold(b, t)), x);
}

sk_val sk_math_acosh_f64(sk_build *b, sk_val x) {
  sk_val a = minx(b, f64(b, 0x1p60), x);
  twofold t = exact_sum(b, a, f64(b, -1.0)), s = exact_sum(b, t.high, f64(b, 2.0));
  s.low = fadd(b, s.low, t.low);
  twofold u = exact_product(b, t.high, s.high);
  u.low = fadd(b, u.low, fmadd(b, t.low, s.high, fmul(b, t.high, s.low)));
  twofold root = root_of(b, u), sum = exact_sum(b, t.high, root.high);
  sum.low = fadd(b, sum.low, fadd(b, t.low, root.low));
  sk_val v = unless_large(b, x, log1p_twofold(b, sum));
  return pick(b, flt(b, x, f64(b, 1.0)), nan64(b), v);
}

sk_val sk_math_atanh_f64(sk_build *b, sk_val x) {
  sk_val a = magnitude(b, x), one = f64(b, 1.0), twice = fadd(b, a, a);
  twofold den = ordered_sum(b, one, negate(b, a));
  sk_val inverse = fdiv(b, one, den.high), q = fmul(b, twice, inverse);
  sk_val rest = fnmadd(b, q, den.low, fnmadd(b, q, den.high, twice));
  const twofold t = {q, fmul(b, rest, inverse)};
  sk_val v = fmul(b, log1p_twofold(b, t), f64(b, 0.5));
  v = pick(b, feq(b, a, one), inf64(b), v);
  return with_sign_of(b, pick(b, flt(b, one, a), nan64(b), v), x);
}

sk_val sk_math_asinh_f32(sk_build *b, sk_val x) {
  sk_val a = to_f64(b, magnitude(b, x)), one = f64(b, 1.0), square = fmul(b, a, a);
  sk_val root = square_root(b, fadd(b, square, one));
  sk_val t = fadd(b, a, fdiv(b, square, fadd(b, root, one)));
  t = pick(b, flt(b, a, inf64(b)), t, a);
  return bor(b, to_f32(b, sk_math_log1p_f64(b, t)), band(b, x, minus_zero32(b)));
}

sk_val sk_math_acosh_f32(sk_build *b, sk_val x) {
  sk_val t = fsub(b, to_f64(b, x), f64(b, 1.0));
  sk_val root = square_root(b, fmul(b, t, fadd(b, t, f64(b, 2.0))));
  sk_val v = to_f32(b, sk_math_log1p_f64(b, fadd(b, t, root)));
  return pick(b, flt(b, x, f32(b, 1.0f)), nan32(b), v);
}

sk_val sk_math_atanh_f32(sk_build *b, sk_val x) {
  sk_val a = to_f64(b, magnitude(b, x)), one = f64(b, 1.0);
  sk_val v = sk_math_log1p_f64(b, fdiv(b, fadd(b, a, a), fsub(b, one, a)));
  v = pick(b, flt(b, one, a), nan64(b), fmul(b, v, f64(b, 0.5)));
  return bor(b, to_f32(b, v), band(b, x, minus_zero32(b)));
}
