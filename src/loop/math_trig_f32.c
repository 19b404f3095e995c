// SPDX-License-Identifier: Apache-2.0
// f32 sine, cosine, tangent over the whole range. Reduction to r + lo = |x| - q pi/2, |r| <= pi/4:
//
//   |x| <= 1600     Cody-Waite in f32 with a three-part pi/2
//   |x| <= 2^46     in f64: x * 2/pi in two parts, fraction times pi/2       } rare: inside IF, which the generator
//   larger          in f64: x times seven 29-bit limbs of 2/pi, each product } skips unless some lane needs it
//                   reduced by its nearest integer (Payne and Hanek)
// The products with the limbs are exact (24 + 29 bits), so that their fractions are.
#include "loop/math_int.h"

#define PIO2_1 0x1.921fb4p+0f
#define PIO2_2 0x1.444p-24f
#define PIO2_3 0x1.68c234p-39f
#define PIO2 0x1.921fb54442d18p+0

static const double two_over_pi_limbs[] = {0x1.45f306c000000p-3, 0x1.c9c882a000000p-31, 0x1.4fe13a8000000p-61, 0x1.f47d4d0000000p-88,
                                           0x1.bb81b6c000000p-115, 0x1.4acc9e0000000p-145, 0x1.0e4107c000000p-172};

typedef struct reduced {
  sk_val r, lo, q;  // F32, F32, I32
} reduced;

static sk_val low_half(sk_build *b, sk_val x) {
  return sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, sk_build_convert(b, SK_L_BITCAST, SK_LT_I64, x));
}

// fraction (in units of pi/2) and the magic sum that holds the quadrant -> r, lo, q
static reduced from_fraction(sk_build *b, sk_val fraction, sk_val magic_sum) {
  sk_val r = fmul(b, fraction, f64(b, PIO2)), high = to_f32(b, r);
  return (reduced){high, to_f32(b, fsub(b, r, to_f64(b, high))), low_half(b, magic_sum)};
}

static reduced reduce_medium(sk_build *b, sk_val y) {
  const double c0 = 0x1.45f306dc9c883p-1, c1 = -0x1.6b01ec5417056p-55, magic = 0x1.8p52;
  sk_val t = fmadd(b, y, f64(b, c0), f64(b, magic)), n = fsub(b, t, f64(b, magic));
  sk_val f = fmadd(b, y, f64(b, c1), fmsub(b, y, f64(b, c0), n));
  return from_fraction(b, f, t);
}

static reduced reduce_huge(sk_build *b, sk_val y) {
  enum { LIMBS = SK_COUNT(two_over_pi_limbs) };
  sk_val part[LIMBS], sum = {0};
  for (int k = 0; k < LIMBS; k++) {
    sk_val product = fmul(b, y, f64(b, two_over_pi_limbs[k]));
    part[k] = fsub(b, product, fround_of(b, product));
    sum = k == 0 ? part[0] : fadd(b, sum, part[k]);
  }
  sk_val t = fmadd(b, sum, f64(b, 4.0), f64(b, 0x1.8p52)), n = fsub(b, t, f64(b, 0x1.8p52));
  sum = fnmadd(b, n, f64(b, 0.25), part[0]);
  for (int k = 1; k < LIMBS; k++) {
    sum = fadd(b, sum, part[k]);
  }
  return from_fraction(b, fmul(b, sum, f64(b, 4.0)), t);
}

static reduced merge(sk_build *b, sk_val pred, reduced inside, reduced otherwise) {
  return (reduced){sk_build_merge(b, pred, inside.r, otherwise.r), sk_build_merge(b, pred, inside.lo, otherwise.lo),
                   sk_build_merge(b, pred, inside.q, otherwise.q)};
}

static reduced reduce(sk_build *b, sk_val a) {
  const float magic = 0x1.8p23f;
  sk_val t = fmadd(b, a, f32(b, 0x1.45f306p-1f), f32(b, magic)), n = fsub(b, t, f32(b, magic));
  sk_val r1 = fmadd(b, n, f32(b, -PIO2_1), a), r = fmadd(b, n, f32(b, -PIO2_2), r1);
  sk_val lo = fmadd(b, n, f32(b, -PIO2_3), fmadd(b, n, f32(b, -PIO2_2), fsub(b, r1, r)));
  reduced small = {r, lo, bits32(b, t)};
  sk_val big = flt(b, f32(b, 1600.0f), a);
  sk_build_if(b, big);
  sk_val y = to_f64(b, a);
  reduced medium = reduce_medium(b, y);
  sk_val is_huge = flt(b, f32(b, 0x1p46f), a);
  sk_build_if(b, is_huge);
  reduced huge = reduce_huge(b, y);
  sk_build_end_if(b);
  reduced large = merge(b, is_huge, huge, medium);
  sk_build_end_if(b);
  return merge(b, big, large, small);
}

static sk_val sine_of(sk_build *b, reduced d, sk_val z) {
  static const float c[] = {-0x1.555544p-3f, 0x1.1106c6p-7f, -0x1.991c28p-13f};
  return fadd(b, d.r, fmadd(b, fmul(b, d.r, z), POLY_F32(b, z, c), d.lo));
}

static sk_val cosine_of(sk_build *b, sk_val z) {
  static const float c[] = {-0x1.000000p-1f, 0x1.55554ap-5f, -0x1.6c0c14p-10f, 0x1.99de6ap-16f};
  return fmadd(b, z, POLY_F32(b, z, c), f32(b, 1.0f));
}

static sk_val is_odd(sk_build *b, sk_val q) { return sk_build_2(b, SK_L_SLT, shl(b, q, 31), i32(b, 0)); }

static sk_val square_of(sk_build *b, reduced d) { return fmadd(b, d.r, d.r, fmul(b, fadd(b, d.r, d.r), d.lo)); }

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

sk_val sk_math_tan_f32(sk_build *b, sk_val x) {
  static const float c[] = {0x1.555562p-2f, 0x1.110d12p-3f, 0x1.baf310p-5f, 0x1.5bb610p-6f, 0x1.684d62p-7f, -0x1.f227c4p-14f, 0x1.25b412p-8f};
  reduced d = reduce(b, magnitude(b, x));
  sk_val z = fmul(b, d.r, d.r), low = fmadd(b, fmul(b, d.lo, f32(b, 1.6f)), z, d.lo);
  sk_val p = poly_f32(b, z, c + 1, (int)SK_COUNT(c) - 1);
  sk_val cube = fmadd(b, d.r, z, fmul(b, d.r, fmsub(b, d.r, d.r, z)));
  sk_val w = fmadd(b, cube, f32(b, c[0]), fmadd(b, fmul(b, cube, z), p, low));
  sk_val h = fadd(b, d.r, w), l = fadd(b, fsub(b, d.r, h), w);
  sk_val q = fdiv(b, f32(b, -1.0f), h);
  sk_val e = fmadd(b, q, l, fmadd(b, q, h, f32(b, 1.0f)));
  sk_val v = pick(b, is_odd(b, d.q), fmadd(b, q, e, q), h);
  return bxor(b, v, band(b, x, f32(b, -0.0f)));
}
