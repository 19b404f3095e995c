// SPDX-License-Identifier: Apache-2.0
// f64 sin, cos, tan over the whole range, and atan2. The schemes are those of math_trig_f32.c.
// Reduction to r + lo = |x| - q pi/2, |r| <= pi/4:
//
//   |x| <= 1.6e6  Cody-Waite: pi/2 in parts of 53, 33 and 53 bits
//   larger        Payne and Hanek: x = M 2^e meets only those 24-bit digits of 2/pi that matter for
//                 its fraction; nine of them are loaded, from digit (e - 2) / 24 on. Products are
//                 kept exactly (value and rounding error), integer parts dropped, and the sum is
//                 taken twice: roughly for the quadrant, then without it in two-number arithmetic,
//                 because the fraction may be as small as 2^-62.
//
// atan2: a / b, the smaller over the larger magnitude; above 1/2 as pi/4 + atan((a - b) / (a + b)),
// where a - b is exact.
#include "loop/math_int.h"

#define PIO2_1 0x1.921fb54442d18p+0
#define PIO2_2 0x1.1a626331p-54
#define PIO2_3 0x1.1701b839a252p-88
#define TWO_PI_HIGH 0x1.921fb54442d18p+2
#define TWO_PI_LOW 0x1.1a62633145c07p-52

// (sin(r)/r - 1) / r^2 in r^2, |r| <= pi/4
static const double sin_q[] = {-0x1.5555555555548p-3,  0x1.111111110f73p-7,
                               -0x1.a01a019be9234p-13, 0x1.71de35552e8b4p-19,
                               -0x1.ae5e4b878dda2p-26, 0x1.5d8b56eca5247p-33};
// ((cos(r) - 1) / r^2 + 1/2) / r^2
static const double cos_q[] = {0x1.555555555554bp-5, -0x1.6c16c16c15005p-10,
                               0x1.a01a019c8c7dp-16, -0x1.27e4f7ef0cd41p-22,
                               0x1.1ee9d9c60ac8p-29, -0x1.8fa5533a4c8c8p-37};
// (tan(r)/r - 1) / r^2
static const double tan_q[] = {
    0x1.55555555554eep-2,   0x1.11111111186fbp-3,  0x1.ba1ba1b43a7b2p-5,   0x1.664f49b185f2p-6,
    0x1.226e115b73b14p-7,   0x1.d6d957873c4b9p-9,  0x1.7d59aac27dfcdp-10,  0x1.3808c5dc77d54p-11,
    0x1.d1c92acf10da7p-13,  0x1.1f8231c421c74p-13, -0x1.c82c735961b1bp-16, 0x1.7a4b95d6c2ffp-14,
    -0x1.7bcf922b55968p-15, 0x1.5fa56da954327p-16};
// (atan(q)/q - 1) / q^2 in q^2, |q| <= 1/2
static const double atan_q[] = {-0x1.5555555555552p-2, 0x1.99999999990d6p-3,  -0x1.2492492453659p-3,
                                0x1.c71c71aaf0283p-4,  -0x1.745d138f5ea75p-4, 0x1.3b1360b1df8e4p-4,
                                -0x1.110c713636894p-4, 0x1.e182d91648db8p-5,  -0x1.ac72bb27fe9c3p-5,
                                0x1.77fc58c410bbp-5,   -0x1.301dbfe16943cp-5, 0x1.83aa95abd10bcp-6,
                                -0x1.123f26b7ea3c7p-7};
// 2/pi in base 2^24
static const double two_over_pi[] = {
    0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163,
    0xabdebb, 0xc561b7, 0x246e3a, 0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129,
    0xa73ee8, 0x8235f5, 0x2ebb44, 0x84e99c, 0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c,
    0x845f8b, 0xbdf928, 0x3b1ff8, 0x97ffde, 0x5980f,  0xef2f11, 0x8b5a0a, 0x6d1f6d, 0x367ecf,
    0x27cb09, 0xb74f46, 0x3f669e, 0x5fea2d, 0x7527ba, 0xc7ebe5, 0xf17b3d, 0x739f7,  0x8a5292,
    0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330};

typedef struct reduced {
  sk_val r, lo, q;  // F64, F64, I64
} reduced;

// The digits as a constant of the program, added once.
static uint32_t digits_buffer(sk_build *b) {
  sk_prog *prog = b->prog;
  for (uint32_t i = 1; i < prog->bufs.count; i++) {
    if (prog->bufs.data[i].kind == SK_BUF_CONST && prog->bufs.data[i].data == two_over_pi) {
      return i;
    }
  }
  const sk_buf buf = {.kind = SK_BUF_CONST,
                      .mem = SK_MEM_F64,
                      .elems = SK_COUNT(two_over_pi),
                      .offset = -1,
                      .data = two_over_pi,
                      .name = "two_over_pi"};
  return sk_prog_add_buf(prog, &buf);
}

typedef struct two_sum {
  sk_val high, low;
} two_sum;

static two_sum add_exactly(sk_build *b, two_sum s, sk_val x) {
  sk_val sum = fadd(b, s.high, x), part = fsub(b, sum, s.high);
  sk_val error = fadd(b, fsub(b, s.high, fsub(b, sum, part)), fsub(b, x, part));
  return (two_sum){sum, fadd(b, s.low, error)};
}

enum { TERMS = 9, WHOLE_TERMS = 4 };  // only the first four products have integer parts

// The fraction of x / 2 pi as exact terms, by size. x 2^-24j is below 2^79 and the digits skipped
// contribute multiples of 4 to x * 2/pi.
static uint32_t fraction_terms(sk_build *b, sk_val x, sk_val terms[2 * TERMS]) {
  sk_val bits = bits64(b, x);
  sk_val exponent = bor(b, shr(b, bits, 52), i64(b, INT64_C(0x4330000000000000)));
  sk_val e = fsub(b, float64(b, exponent), f64(b, 0x1p52 + 1075.0));
  sk_val j = fmul(b, fsub(b, e, f64(b, 1.5)), f64(b, 1.0 / 24));
  j = sk_build_1(b, SK_L_FFLOOR, maxx(b, j, f64(b, 0.0)));
  sk_val index = sk_build_convert(b, SK_L_FTOSI, SK_LT_I32, j);
  sk_val shift = shl(b, bits64(b, fmadd(b, j, f64(b, 24.0), f64(b, MAGIC64))), 52);
  sk_val scaled = fmul(b, float64(b, isub(b, bits, shift)), f64(b, 0x1p-26));
  uint32_t buf = digits_buffer(b), count = 0;
  for (int i = 0; i < TERMS; i++) {
    sk_val digit = sk_build_load(b, sk_build_access(b, buf, SK_MEM_F64, i), index, (sk_val){0});
    sk_val product = fmul(b, scaled, digit), rest = fmsub(b, scaled, digit, product);
    if (i < WHOLE_TERMS) {
      product = fsub(b, product, to_nearest(b, product));
    }
    if (i == 0) {
      rest = fsub(b, rest, to_nearest(b, rest));
    }
    terms[count++] = product;
    terms[count++] = rest;
    scaled = fmul(b, scaled, f64(b, 0x1p-24));
  }
  return count;
}

static reduced reduce_huge(sk_build *b, sk_val x) {
  sk_val terms[2 * TERMS], rough;
  uint32_t count = fraction_terms(b, x, terms);
  rough = terms[0];
  for (uint32_t i = 1; i < count; i++) {
    rough = fadd(b, rough, terms[i]);
  }
  sk_val t = fmadd(b, rough, f64(b, 4.0), f64(b, MAGIC64));
  sk_val quarter = fmul(b, fsub(b, t, f64(b, MAGIC64)), f64(b, 0.25));
  two_sum s = {fsub(b, terms[0], quarter), f64(b, 0.0)};
  for (uint32_t i = 1; i < count; i++) {
    s = add_exactly(b, s, terms[i]);
  }
  sk_val f = fadd(b, s.high, s.low), f_low = fadd(b, fsub(b, s.high, f), s.low);
  sk_val r = fmul(b, f, f64(b, TWO_PI_HIGH)), lo = fmsub(b, f, f64(b, TWO_PI_HIGH), r);
  lo = fmadd(b, f, f64(b, TWO_PI_LOW), fmadd(b, f_low, f64(b, TWO_PI_HIGH), lo));
  lo = fadd(b, lo, fsub(b, x, x));  // NaN for infinity
  return (reduced){r, lo, bits64(b, t)};
}

static reduced reduce(sk_build *b, sk_val a) {
  sk_val magic = f64(b, MAGIC64);
  sk_val t = fmadd(b, a, f64(b, 0x1.45f306dc9c883p-1), magic), n = fsub(b, t, magic);
  sk_val r1 = fmadd(b, n, f64(b, -PIO2_1), a), r = fmadd(b, n, f64(b, -PIO2_2), r1);
  sk_val lo = fmadd(b, n, f64(b, -PIO2_2), fsub(b, r1, r));
  lo = fmadd(b, n, f64(b, -PIO2_3), lo);
  sk_val is_big = flt(b, f64(b, 1.6e6), a);
  sk_build_if(b, is_big);
  reduced huge = reduce_huge(b, a);
  sk_build_end_if(b);
  r = sk_build_merge(b, is_big, huge.r, r);
  lo = sk_build_merge(b, is_big, huge.lo, lo);
  return (reduced){r, lo, sk_build_merge(b, is_big, huge.q, bits64(b, t))};
}

static sk_val square_of(sk_build *b, reduced d) {  // (r + lo)^2
  return fmadd(b, d.r, d.r, fmul(b, fadd(b, d.r, d.r), d.lo));
}

static sk_val sine_of(sk_build *b, reduced d, sk_val z) {
  return fadd(b, d.r, fmadd(b, fmul(b, d.r, z), POLY_F64(b, z, sin_q), d.lo));
}

static sk_val cosine_of(sk_build *b, sk_val z) {
  sk_val p = fmadd(b, POLY_F64(b, z, cos_q), z, f64(b, -0.5));
  return fmadd(b, z, p, f64(b, 1.0));
}

static sk_val is_odd(sk_build *b, sk_val q) { return slt(b, shl(b, q, 63), i64(b, 0)); }

// Flips the sign of v where bit 63 of `flip` is set.
static sk_val with_sign(sk_build *b, sk_val v, sk_val flip) {
  return float64(b, bxor(b, bits64(b, v), band(b, flip, i64(b, INT64_MIN))));
}

sk_val sk_math_sin_f64(sk_build *b, sk_val x) {
  reduced d = reduce(b, magnitude(b, x));
  sk_val z = square_of(b, d);
  sk_val v = pick(b, is_odd(b, d.q), cosine_of(b, z), sine_of(b, d, z));
  return with_sign(b, v, bxor(b, shl(b, d.q, 62), bits64(b, x)));
}

sk_val sk_math_cos_f64(sk_build *b, sk_val x) {
  reduced d = reduce(b, magnitude(b, x));
  sk_val z = square_of(b, d);
  sk_val v = pick(b, is_odd(b, d.q), sine_of(b, d, z), cosine_of(b, z));
  return with_sign(b, v, shl(b, iadd(b, d.q, i64(b, 1)), 62));
}

// See sk_math_tan_f32.
sk_val sk_math_tan_f64(sk_build *b, sk_val x) {
  reduced d = reduce(b, magnitude(b, x));
  sk_val z = fmul(b, d.r, d.r), low = fmadd(b, fmul(b, d.lo, f64(b, 1.6)), z, d.lo);
  sk_val p = poly_f64(b, z, tan_q + 1, SK_COUNT(tan_q) - 1);
  sk_val cube = fmadd(b, d.r, z, fmul(b, d.r, fmsub(b, d.r, d.r, z)));
  sk_val w = fmadd(b, cube, f64(b, tan_q[0]), fmadd(b, fmul(b, cube, z), p, low));
  sk_val h = fadd(b, d.r, w), l = fadd(b, fsub(b, d.r, h), w);
  sk_val q = fdiv(b, f64(b, -1.0), h);
  sk_val e = fmadd(b, q, l, fmadd(b, q, h, f64(b, 1.0)));
  sk_val v = pick(b, is_odd(b, d.q), fmadd(b, q, e, q), h);
  return bxor(b, v, band(b, x, minus_zero64(b)));
}

// base +- atan of the smaller over the larger magnitude, see sk_math_atan2_f32; what the quotient q
// and the sum base + q lose is added to the correction.
sk_val sk_math_atan2_f64(sk_build *b, sk_val y, sk_val x) {
  const double pi = 0x1.921fb54442d18p+1, low_by_high = 0x1.1a62633145c07p-53 / pi;
  sk_val ax = magnitude(b, x), ay = magnitude(b, y), steep = flt(b, ax, ay), zero = f64(b, 0.0);
  sk_val small = pick(b, steep, ax, ay), large = pick(b, steep, ay, ax);
  large = maxx(b, f64(b, 0x1p-1074), large);
  sk_val equal = feq(b, small, large), one = f64(b, 1.0);  // infinities included
  sk_val scale = pick(b, flt(b, large, f64(b, 0x1p-900)), f64(b, 0x1p100), one);
  scale = pick(b, flt(b, f64(b, 0x1p900), large), f64(b, 0x1p-100), scale);
  small = fmul(b, small, scale);
  large = fmul(b, large, scale);
  sk_val diagonal = either(b, flt(b, fmul(b, large, f64(b, 0.5)), small), equal);
  sk_val num = pick(b, diagonal, fsub(b, small, large), small);
  sk_val sum = fadd(b, small, large), den = pick(b, diagonal, sum, large);
  sk_val den_low = pick(b, diagonal, fsub(b, small, fsub(b, sum, large)), zero);
  sk_val inverse = fdiv(b, one, den), q = pick(b, equal, zero, fmul(b, num, inverse));
  sk_val rest = fmul(b, fnmadd(b, q, den_low, fnmadd(b, q, den, num)), inverse);
  rest = pick(b, both(b, flt(b, large, inf64(b)), fne(b, small, large)), rest, zero);
  sk_val z = fmul(b, q, q), p = fmadd(b, fmul(b, POLY_F64(b, z, atan_q), z), q, rest);
  sk_val flip = bxor(b, pick(b, steep, minus_zero64(b), zero), band(b, x, minus_zero64(b)));
  sk_val octant = bxor(b, pick(b, diagonal, f64(b, pi / 4), zero), flip);  // turned like p
  sk_val left = slt(b, bits64(b, x), i64(b, 0));
  sk_val base = pick(b, steep, f64(b, pi / 2), pick(b, left, f64(b, pi), zero));
  base = fadd(b, base, octant);  // exact: multiples of pi / 4
  q = bxor(b, q, flip);
  sk_val v = fadd(b, base, q), low = fadd(b, fsub(b, base, v), q);
  low = fadd(b, fmadd(b, base, f64(b, low_by_high), low), bxor(b, p, flip));
  v = fadd(b, v, low);
  return bor(b, v, band(b, y, minus_zero64(b)));
}
