// SPDX-License-Identifier: Apache-2.0
// f32 sin, cos, tan over the whole range, within 1 ULP, and atan2, within 2. Coefficients:
// scripts/math_coefficients.py. Reduction to r + lo = |x| - q pi/2, |r| <= pi/4:
//
//   |x| <= 1600   Cody-Waite in f32: pi/2 in parts of 24, 14 and 24 bits, so that q * part 2 is
//                 exact and the rounding error of r is recovered in lo
//   |x| <= 2^46   in f64: x * 2/pi in two parts, fraction times pi/2       } rare: inside IF, which
//   larger        in f64: x times seven 28-bit limbs of 1 / 2 pi (Payne    } the generator skips
//                 and Hanek); products are exact, so their fractions are   } unless a lane needs it
//
// lo enters the sine directly, the cosine through r^2, the tangent through its derivative: without
// it the rounding of r alone would cost half an ULP near pi/4.
#include "loop/math_int.h"

#define PIO2_1 0x1.921fb4p+0f
#define PIO2_2 0x1.444p-24f
#define PIO2_3 0x1.68c234p-39f
#define PIO2 0x1.921fb54442d18p+0
#define TWO_OVER_PI_1 0x1.45f306dc9c883p-1
#define TWO_OVER_PI_2 -0x1.6b01ec5417056p-55

// (sin(r)/r - 1) / r^2 in r^2, |r| <= 1.01 pi/4
static const float sin_q[] = {-0x1.555544p-3f, 0x1.1106c6p-7f, -0x1.991c28p-13f};
// (cos(r) - 1) / r^2
static const float cos_q[] = {-0x1p-1f, 0x1.55554ap-5f, -0x1.6c0c14p-10f, 0x1.99de6ap-16f};
// (tan(r)/r - 1) / r^2
static const float tan_q[] = {0x1.555562p-2f, 0x1.110d12p-3f,   0x1.baf31p-5f, 0x1.5bb61p-6f,
                              0x1.684d62p-7f, -0x1.f227c4p-14f, 0x1.25b412p-8f};
// (atan(q)/q - 1) / q^2 in q^2, q in [0, 1]
static const float atan_q[] = {-0x1.5554dcp-2f, 0x1.9978ecp-3f, -0x1.230a94p-3f, 0x1.b4deb4p-4f,
                               -0x1.3550fp-4f,  0x1.61ef0cp-5f, -0x1.0c188p-6f,  0x1.7ea876p-9f};
static const double inverse_two_pi[] = {0x1.45f306cp-3,  0x1.c9c882ap-31,  0x1.4fe13a8p-61,
                                        0x1.f47d4dp-88,  0x1.bb81b6cp-115, 0x1.4acc9ep-145,
                                        0x1.0e4107cp-172};

typedef struct reduced {
  sk_val r, lo, q;  // F32, F32, I32
} reduced;

// From the fraction in units of pi/2 and the magic sum that holds the quadrant.
static reduced from_fraction(sk_build *b, sk_val fraction, sk_val magic_sum) {
  sk_val r = fmul(b, fraction, f64(b, PIO2)), high = to_f32(b, r);
  sk_val lo = to_f32(b, fsub(b, r, to_f64(b, high)));
  return (reduced){high, lo, low_half(b, bits64(b, magic_sum))};
}

static reduced reduce_medium(sk_build *b, sk_val y) {
  sk_val t = fmadd(b, y, f64(b, TWO_OVER_PI_1), f64(b, MAGIC64)), n = fsub(b, t, f64(b, MAGIC64));
  sk_val f = fmadd(b, y, f64(b, TWO_OVER_PI_2), fmsub(b, y, f64(b, TWO_OVER_PI_1), n));
  return from_fraction(b, f, t);
}

// The quadrant comes from a first sum of the fractions; it is taken from the leading one before
// they are added again, so that nothing is lost when the result is small.
static reduced reduce_huge(sk_build *b, sk_val y) {
  enum { LIMBS = SK_COUNT(inverse_two_pi) };
  sk_val part[LIMBS], sum = {0};
  for (int k = 0; k < LIMBS; k++) {
    sk_val product = fmul(b, y, f64(b, inverse_two_pi[k]));
    part[k] = fsub(b, product, to_nearest(b, product));
    sum = k == 0 ? part[0] : fadd(b, sum, part[k]);
  }
  sk_val t = fmadd(b, sum, f64(b, 4.0), f64(b, MAGIC64)), n = fsub(b, t, f64(b, MAGIC64));
  sum = fnmadd(b, n, f64(b, 0.25), part[0]);
  for (int k = 1; k < LIMBS; k++) {
    sum = fadd(b, sum, part[k]);
  }
  return from_fraction(b, fmul(b, sum, f64(b, 4.0)), t);
}

static reduced merge(sk_build *b, sk_val pred, reduced inside, reduced otherwise) {
  sk_val r = sk_build_merge(b, pred, inside.r, otherwise.r);
  sk_val lo = sk_build_merge(b, pred, inside.lo, otherwise.lo);
  return (reduced){r, lo, sk_build_merge(b, pred, inside.q, otherwise.q)};
}

static reduced reduce(sk_build *b, sk_val a) {
  sk_val t = fmadd(b, a, f32(b, 0x1.45f306p-1f), f32(b, MAGIC32)), n = fsub(b, t, f32(b, MAGIC32));
  sk_val r1 = fmadd(b, n, f32(b, -PIO2_1), a), r = fmadd(b, n, f32(b, -PIO2_2), r1);
  sk_val lo = fmadd(b, n, f32(b, -PIO2_2), fsub(b, r1, r));
  reduced small = {r, fmadd(b, n, f32(b, -PIO2_3), lo), bits32(b, t)};
  sk_val is_big = flt(b, f32(b, 1600.0f), a);
  sk_build_if(b, is_big);
  sk_val y = to_f64(b, a);
  reduced medium = reduce_medium(b, y);
  sk_val is_huge = flt(b, f32(b, 0x1p46f), a);
  sk_build_if(b, is_huge);
  reduced huge = reduce_huge(b, y);
  sk_build_end_if(b);
  reduced big = merge(b, is_huge, huge, medium);
  sk_build_end_if(b);
  return merge(b, is_big, big, small);
}

static sk_val square_of(sk_build *b, reduced d) {  // (r + lo)^2
  return fmadd(b, d.r, d.r, fmul(b, fadd(b, d.r, d.r), d.lo));
}

static sk_val sine_of(sk_build *b, reduced d, sk_val z) {
  return fadd(b, d.r, fmadd(b, fmul(b, d.r, z), POLY_F32(b, z, sin_q), d.lo));
}

static sk_val cosine_of(sk_build *b, sk_val z) {
  return fmadd(b, z, POLY_F32(b, z, cos_q), f32(b, 1.0f));
}

static sk_val is_odd(sk_build *b, sk_val q) { return slt(b, shl(b, q, 31), i32(b, 0)); }

// Flips the sign of v where bit 31 of `flip` is set.
static sk_val with_sign(sk_build *b, sk_val v, sk_val flip) {
  return float32(b, bxor(b, bits32(b, v), band(b, flip, i32(b, INT32_MIN))));
}

sk_val sk_math_sin_f32(sk_build *b, sk_val x) {
  reduced d = reduce(b, magnitude(b, x));
  sk_val z = square_of(b, d);
  sk_val v = pick(b, is_odd(b, d.q), cosine_of(b, z), sine_of(b, d, z));
  return with_sign(b, v, bxor(b, shl(b, d.q, 30), bits32(b, x)));
}

sk_val sk_math_cos_f32(sk_build *b, sk_val x) {
  reduced d = reduce(b, magnitude(b, x));
  sk_val z = square_of(b, d);
  sk_val v = pick(b, is_odd(b, d.q), sine_of(b, d, z), cosine_of(b, z));
  return with_sign(b, v, shl(b, iadd(b, d.q, i32(b, 1)), 30));
}

// tan r = r + (r^3 / 3 + (r^5 q(r^2) + lo (1 + tan^2 r))) with r^3 corrected for the rounding of
// r^2; -1 / tan r takes what the first sum lost into its remainder.
sk_val sk_math_tan_f32(sk_build *b, sk_val x) {
  reduced d = reduce(b, magnitude(b, x));
  sk_val z = fmul(b, d.r, d.r), low = fmadd(b, fmul(b, d.lo, f32(b, 1.6f)), z, d.lo);
  sk_val p = poly_f32(b, z, tan_q + 1, SK_COUNT(tan_q) - 1);
  sk_val cube = fmadd(b, d.r, z, fmul(b, d.r, fmsub(b, d.r, d.r, z)));
  sk_val w = fmadd(b, cube, f32(b, tan_q[0]), fmadd(b, fmul(b, cube, z), p, low));
  sk_val h = fadd(b, d.r, w), l = fadd(b, fsub(b, d.r, h), w);
  sk_val q = fdiv(b, f32(b, -1.0f), h);
  sk_val e = fmadd(b, q, l, fmadd(b, q, h, f32(b, 1.0f)));
  sk_val v = pick(b, is_odd(b, d.q), fmadd(b, q, e, q), h);
  return bxor(b, v, band(b, x, minus_zero32(b)));
}

// atan of the smaller over the larger magnitude, then base +- that. The least denormal stands for a
// zero denominator (0/0 = 0); equal magnitudes give 1, infinities included.
sk_val sk_math_atan2_f32(sk_build *b, sk_val y, sk_val x) {
  const float pi_low_by_high = -0x1.777a5cp-25f / 0x1.921fb6p0f;
  sk_val ax = magnitude(b, x), ay = magnitude(b, y), steep = flt(b, ax, ay), zero = f32(b, 0.0f);
  sk_val small = pick(b, steep, ax, ay), large = pick(b, steep, ay, ax);
  large = maxx(b, f32(b, 0x1p-149f), large);
  sk_val q = pick(b, feq(b, small, large), f32(b, 1.0f), fdiv(b, small, large));
  sk_val z = fmul(b, q, q), p = fmadd(b, fmul(b, POLY_F32(b, z, atan_q), z), q, q);
  sk_val x_sign = band(b, x, minus_zero32(b));
  p = bxor(b, p, bxor(b, pick(b, steep, minus_zero32(b), zero), x_sign));
  sk_val left = slt(b, bits32(b, x), i32(b, 0));
  sk_val base = pick(b, left, f32(b, 0x1.921fb6p+1f), zero);
  base = pick(b, steep, f32(b, 0x1.921fb6p+0f), base);
  sk_val v = fadd(b, base, fmadd(b, base, f32(b, pi_low_by_high), p));
  return bor(b, v, band(b, y, minus_zero32(b)));
}
