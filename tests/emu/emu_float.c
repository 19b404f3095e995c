// SPDX-License-Identifier: Apache-2.0
// Float lanes: arithmetic, fused multiply-add, comparison, rounding and the AVX-512 helpers (scalef,
// getexp, getmant, range, reduce, fixupimm, fpclass).
//
// Host arithmetic does the rounding: the code is compiled without contraction, and MXCSR holds the
// emulated control bits while it runs. NaNs are picked by hand before, since a compiler may swap the
// operands of a commutative operation: the first NaN in operand order, quieted; for a fused
// multiply-add the order is multiplicand, multiplier, addend as encoded (Intel's manual, volume 1,
// tables 4-7 and 14-17); an invalid operation gives the negative quiet NaN.

#include "emu/emu_int.h"

#include <math.h>
#include <string.h>
#include <xmmintrin.h>

static uint32_t bits32(float f) {
  uint32_t u;
  memcpy(&u, &f, 4);
  return u;
}

static uint64_t bits64(double f) {
  uint64_t u;
  memcpy(&u, &f, 8);
  return u;
}

static float float32(uint32_t u) {
  float f;
  memcpy(&f, &u, 4);
  return f;
}

static double float64(uint64_t u) {
  double f;
  memcpy(&f, &u, 8);
  return f;
}

// Everything that exists once per width. F: type, U: bits, N: suffix, M: mantissa bits, fn(x): the
// libm function for this width.
#define WIDTH_CONSTANTS(F, U, N, M, BITS)                                                          \
  static const U SIGN##N = (U)1 << (BITS - 1);                                                     \
  static const U QUIET##N = (U)1 << (M - 1);                                                       \
  static const U FRACTION##N = ((U)1 << M) - 1;                                                    \
  static bool is_nan##N(U u) { return (u & (U)~SIGN##N) > (U)(((U)~SIGN##N) & ~FRACTION##N); }     \
  static bool is_inf##N(U u) { return (u & (U)~SIGN##N) == (U)(((U)~SIGN##N) & ~FRACTION##N); }    \
  static bool is_snan##N(U u) { return is_nan##N(u) && !(u & QUIET##N); }                          \
  static bool is_zero##N(U u) { return (u & (U)~SIGN##N) == 0; }                                   \
  static F default_nan##N(void) {                                                                  \
    return float##N(SIGN##N | (U)(((U)~SIGN##N) & ~FRACTION##N) | QUIET##N);                       \
  }                                                                                                \
  static F infinity##N(void) { return float##N((U)(((U)~SIGN##N) & ~FRACTION##N)); }               \
  static F quiet##N(F f) { return float##N(bits##N(f) | QUIET##N); }
WIDTH_CONSTANTS(float, uint32_t, 32, 23, 32)
WIDTH_CONSTANTS(double, uint64_t, 64, 52, 64)

#define LANES(name, N, expr)                                                                       \
  void sk_emu_v_##name##_f##N(const sk_emu_args *x) {                                              \
    for (unsigned i = 0; i < x->count; ++i) {                                                      \
      x->out->f##N[i] = (expr);                                                                    \
    }                                                                                              \
  }
#define EACH_WIDTH(X) X(float, uint32_t, 32) X(double, uint64_t, 64)

// --- one rounding ---

#define BINARY(name, op) BINARY_WIDTH(name, op, float, 32) BINARY_WIDTH(name, op, double, 64)
#define BINARY_WIDTH(name, op, F, N)                                                               \
  static F name##N(F a, F b) {                                                                     \
    if (is_nan##N(bits##N(a))) {                                                                   \
      return quiet##N(a);                                                                          \
    }                                                                                              \
    if (is_nan##N(bits##N(b))) {                                                                   \
      return quiet##N(b);                                                                          \
    }                                                                                              \
    F result = a op b;                                                                             \
    return is_nan##N(bits##N(result)) ? default_nan##N() : result;                                 \
  }                                                                                                \
  LANES(name, N, name##N(x->a->f##N[i], x->b->f##N[i]))
BINARY(add, +)
BINARY(sub, -)
BINARY(mul, *)
BINARY(div, /)

// A NaN, and two zeros, give the second operand as it is.
LANES(min, 32, x->a->f32[i] < x->b->f32[i] ? x->a->f32[i] : x->b->f32[i])
LANES(min, 64, x->a->f64[i] < x->b->f64[i] ? x->a->f64[i] : x->b->f64[i])
LANES(max, 32, x->a->f32[i] > x->b->f32[i] ? x->a->f32[i] : x->b->f32[i])
LANES(max, 64, x->a->f64[i] > x->b->f64[i] ? x->a->f64[i] : x->b->f64[i])

static float root32(float a) { return sqrtf(a); }
static double root64(double a) { return sqrt(a); }
#define SQRT(F, U, N)                                                                              \
  static F sqrt##N(F a) {                                                                          \
    if (is_nan##N(bits##N(a))) {                                                                   \
      return quiet##N(a);                                                                          \
    }                                                                                              \
    return a < 0 ? default_nan##N() : root##N(a);                                                  \
  }                                                                                                \
  LANES(sqrt, N, sqrt##N(x->a->f##N[i]))
EACH_WIDTH(SQRT)

LANES(addsub, 32, i & 1 ? add32(x->a->f32[i], x->b->f32[i]) : sub32(x->a->f32[i], x->b->f32[i]))
LANES(addsub, 64, i & 1 ? add64(x->a->f64[i], x->b->f64[i]) : sub64(x->a->f64[i], x->b->f64[i]))

// Horizontal: in each 128 bits, the low half of the results from a, the high half from b.
#define HORIZONTAL(name, op, N, PER_128)                                                           \
  void sk_emu_v_##name##_f##N(const sk_emu_args *x) {                                              \
    for (unsigned i = 0; i < x->count; ++i) {                                                      \
      unsigned group = i / PER_128 * PER_128, in = i % PER_128;                                    \
      const sk_emu_vec *from = in < PER_128 / 2 ? x->a : x->b;                                     \
      unsigned at = group + 2 * (in % (PER_128 / 2));                                              \
      x->out->f##N[i] = op##N(from->f##N[at], from->f##N[at + 1]);                                 \
    }                                                                                              \
  }
HORIZONTAL(hadd, add, 32, 4)
HORIZONTAL(hadd, add, 64, 2)
HORIZONTAL(hsub, sub, 32, 4)
HORIZONTAL(hsub, sub, 64, 2)

// --- fused multiply-add ---

static float fused32(float a, float b, float c) { return fmaf(a, b, c); }
static double fused64(double a, double b, double c) { return fma(a, b, c); }

// The three sources in NaN order, then the operation on x * y + z with signs applied.
#define FUSE(F, U, N)                                                                              \
  static F fuse##N(F x, F y, F z, bool negate_product, bool negate_addend) {                       \
    if (is_nan##N(bits##N(x))) {                                                                   \
      return quiet##N(x);                                                                          \
    }                                                                                              \
    if (is_nan##N(bits##N(y))) {                                                                   \
      return quiet##N(y);                                                                          \
    }                                                                                              \
    if (is_nan##N(bits##N(z))) {                                                                   \
      return quiet##N(z);                                                                          \
    }                                                                                              \
    F result = fused##N(negate_product ? -x : x, y, negate_addend ? -z : z);                       \
    return is_nan##N(bits##N(result)) ? default_nan##N() : result;                                 \
  }
EACH_WIDTH(FUSE)

#define FMA_ORDERS(name, N, np, na)                                                                \
  LANES(name##_132, N, fuse##N(x->old->f##N[i], x->b->f##N[i], x->a->f##N[i], np, na))             \
  LANES(name##_213, N, fuse##N(x->a->f##N[i], x->old->f##N[i], x->b->f##N[i], np, na))             \
  LANES(name##_231, N, fuse##N(x->a->f##N[i], x->b->f##N[i], x->old->f##N[i], np, na))
#define FMA(name, np, na) FMA_ORDERS(name, 32, np, na) FMA_ORDERS(name, 64, np, na)
FMA(fmadd, false, false)
FMA(fmsub, false, true)
FMA(fnmadd, true, false)
FMA(fnmsub, true, true)
FMA(fmaddsub, false, !(i & 1))
FMA(fmsubadd, false, i & 1)

// --- comparison ---

// The 16 relations of the low four bits of a VCMP predicate; bit 4 changes only exceptions.
static bool compare(unsigned predicate, bool less, bool equal, bool unordered) {
  bool greater = !less && !equal && !unordered;
  switch (predicate & 15) {
    case 0: return equal;
    case 1: return less;
    case 2: return less || equal;
    case 3: return unordered;
    case 4: return !equal;
    case 5: return !less;
    case 6: return !(less || equal);
    case 7: return !unordered;
    case 8: return equal || unordered;
    case 9: return less || unordered;
    case 10: return less || equal || unordered;
    case 11: return false;
    case 12: return less || greater;
    case 13: return greater || equal;
    case 14: return greater;
    default: return true;
  }
}

#define CMP(F, U, N)                                                                               \
  void sk_emu_v_cmp_f##N(const sk_emu_args *x) {                                                   \
    for (unsigned i = 0; i < x->count; ++i) {                                                      \
      F a = x->a->f##N[i], b = x->b->f##N[i];                                                      \
      bool unordered = is_nan##N(bits##N(a)) || is_nan##N(bits##N(b));                             \
      x->out->u##N[i] = compare(x->imm, a < b, a == b, unordered) ? (U) ~(U)0 : 0;                 \
    }                                                                                              \
  }
EACH_WIDTH(CMP)

static bool is_class(uint32_t wanted, bool negative, bool zero, bool inf, bool nan, bool snan,
                     bool subnormal) {
  bool finite = !inf && !nan;
  return (wanted & 1 && nan && !snan) || (wanted & 2 && zero && !negative) ||
         (wanted & 4 && zero && negative) || (wanted & 8 && inf && !negative) ||
         (wanted & 16 && inf && negative) || (wanted & 32 && subnormal) ||
         (wanted & 64 && finite && negative && !zero) || (wanted & 128 && snan);
}

#define FPCLASS(F, U, N)                                                                           \
  void sk_emu_v_fpclass_f##N(const sk_emu_args *x) {                                               \
    for (unsigned i = 0; i < x->count; ++i) {                                                      \
      U u = x->a->u##N[i];                                                                         \
      U magnitude = u & (U)~SIGN##N;                                                               \
      bool yes = is_class(x->imm, (u & SIGN##N) != 0, magnitude == 0, is_inf##N(u), is_nan##N(u),  \
                          is_snan##N(u), magnitude != 0 && magnitude <= FRACTION##N);              \
      x->out->u##N[i] = yes ? (U) ~(U)0 : 0;                                                       \
    }                                                                                              \
  }
EACH_WIDTH(FPCLASS)

// --- rounding to integral values ---

// Rounds to an integer: mode 0 nearest even, 1 down, 2 up, 3 to zero, 4 and above as MXCSR says.
static double round_mode(double a, unsigned mode) {
  switch (mode) {
    case 0: {
      double low = floor(a), rest = a - low;
      double half_up = low + (rest > 0.5 || (rest == 0.5 && fmod(low, 2.0) != 0.0) ? 1.0 : 0.0);
      return copysign(half_up, a);
    }
    case 1: return floor(a);
    case 2: return ceil(a);
    case 3: return trunc(a);
    default: return sk_emu_round_integral(a);
  }
}

// imm: bits 1:0 mode, bit 2 use MXCSR, bits 7:4 fraction bits to keep. Wide enough doubles are
// integral already, which also keeps the scaling from overflowing.
static double rndscale64(double a, unsigned imm) {
  if (is_nan64(bits64(a))) {
    return quiet64(a);
  }
  if (!(fabs(a) < 0x1p52)) {
    return a;
  }
  double scale = (double)(1u << (imm >> 4 & 15));
  return copysign(round_mode(a * scale, imm & 4 ? 4 : imm & 3) / scale, a);
}

static float rndscale32(float a, unsigned imm) {
  return is_nan32(bits32(a)) ? quiet32(a) : (float)rndscale64((double)a, imm);
}

// The difference from the rounded value is itself rounded in the mode of the immediate; an infinity
// leaves zero.
static unsigned set_rounding(unsigned imm) {
  unsigned mxcsr = _mm_getcsr();
  if (!(imm & 4)) {
    _mm_setcsr((mxcsr & ~0x6000u) | (imm & 3) << 13);
  }
  return mxcsr;
}

#define ROUNDINGS(F, U, N)                                                                         \
  static F reduce##N(F a, unsigned imm) {                                                          \
    unsigned mxcsr = set_rounding(imm);                                                            \
    F result = is_inf##N(bits##N(a)) ? 0 : sub##N(a, rndscale##N(a, imm));                         \
    _mm_setcsr(mxcsr);                                                                             \
    return result;                                                                                 \
  }                                                                                                \
  LANES(round, N, rndscale##N(x->a->f##N[i], x->imm & 7))                                          \
  LANES(rndscale, N, rndscale##N(x->a->f##N[i], x->imm))                                           \
  LANES(reduce, N, reduce##N(x->a->f##N[i], x->imm))
EACH_WIDTH(ROUNDINGS)

// --- exponent and mantissa ---

static double scale_by(double a, double exponent) {
  double clamped = exponent < -5000 ? -5000 : exponent > 5000 ? 5000 : exponent;
  return scalbn(a, (int)clamped);
}

// In double the product is exact as long as the factor stays normal, and one rounding is left.
static float scalef_finite32(float a, float b) {
  double e = floor((double)b);
  e = e < -600 ? -600 : e > 600 ? 600 : e;
  return (float)((double)a * scale_by(1.0, e));
}

static double scalef_finite64(double a, double b) { return scale_by(a, floor(b)); }

#define SCALEF(F, U, N)                                                                            \
  static F scalef##N(F a, F b) {                                                                   \
    U ua = bits##N(a), ub = bits##N(b);                                                            \
    if (is_nan##N(ua) && (!is_inf##N(ub) || is_snan##N(ua))) {                                     \
      return quiet##N(a);                                                                          \
    }                                                                                              \
    if (is_nan##N(ub)) {                                                                           \
      return quiet##N(b);                                                                          \
    }                                                                                              \
    if (is_nan##N(ua)) {                                                                           \
      return b > 0 ? infinity##N() : 0;                                                            \
    }                                                                                              \
    if (is_inf##N(ub)) {                                                                           \
      bool zero = is_zero##N(ua), inf = is_inf##N(ua);                                             \
      if (b > 0 ? zero : inf) {                                                                    \
        return default_nan##N();                                                                   \
      }                                                                                            \
      return float##N((ua & SIGN##N) | (b > 0 ? bits##N(infinity##N()) : 0));                      \
    }                                                                                              \
    return is_inf##N(ua) ? a : scalef_finite##N(a, b);                                             \
  }                                                                                                \
  LANES(scalef, N, scalef##N(x->a->f##N[i], x->b->f##N[i]))
EACH_WIDTH(SCALEF)

static float exponent32(float a) { return (float)ilogbf(a); }
static double exponent64(double a) { return (double)ilogb(a); }
static float fraction32(float a) { return scalbnf(a, -ilogbf(a)); }
static double fraction64(double a) { return scalbn(a, -ilogb(a)); }

// getmant imm: bits 1:0 interval [1,2) [1/2,2) [1/2,1) [3/4,3/2), bits 3:2 sign control (1 = positive,
// 2 = negative operands are invalid). The magnitude m lies in [1,2) first.
#define MANTISSAS(F, U, N)                                                                         \
  static F getexp##N(F a) {                                                                        \
    U u = bits##N(a);                                                                              \
    if (is_nan##N(u)) {                                                                            \
      return quiet##N(a);                                                                          \
    }                                                                                              \
    if (is_inf##N(u) || is_zero##N(u)) {                                                           \
      return is_zero##N(u) ? -infinity##N() : infinity##N();                                       \
    }                                                                                              \
    return exponent##N(a);                                                                         \
  }                                                                                                \
  static F getmant##N(F a, unsigned imm) {                                                         \
    U u = bits##N(a);                                                                              \
    if (is_nan##N(u)) {                                                                            \
      return quiet##N(a);                                                                          \
    }                                                                                              \
    bool negative = (u & SIGN##N) != 0;                                                            \
    U sign = imm & 4 ? 0 : u & SIGN##N;                                                            \
    if (is_zero##N(u)) {                                                                           \
      return float##N(sign | bits##N((F)1));                                                       \
    }                                                                                              \
    if (negative && imm & 8) {                                                                     \
      return default_nan##N();                                                                     \
    }                                                                                              \
    if (is_inf##N(u)) {                                                                            \
      return float##N(sign | bits##N((F)1));                                                       \
    }                                                                                              \
    F m = fraction##N(float##N(u &(U)~SIGN##N));                                                   \
    bool odd = (int)exponent##N(float##N(u &(U)~SIGN##N)) & 1;                                     \
    bool halve = (imm & 3) == 2 || ((imm & 3) == 1 && odd) || ((imm & 3) == 3 && m >= (F)1.5);     \
    return float##N(sign | bits##N(halve ? m / 2 : m));                                            \
  }                                                                                                \
  LANES(getexp, N, getexp##N(x->a->f##N[i]))                                                       \
  LANES(getmant, N, getmant##N(x->a->f##N[i], x->imm))
EACH_WIDTH(MANTISSAS)

// --- range ---

// imm: bits 1:0 min, max, absolute min, absolute max; bits 3:2 sign of a, of the result, +, -.
#define RANGE(F, U, N)                                                                             \
  static U pick##N(U ua, U ub, unsigned operation) {                                               \
    U ka = operation & 2 ? ua & (U)~SIGN##N : ua, kb = operation & 2 ? ub & (U)~SIGN##N : ub;      \
    F fa = float##N(ka), fb = float##N(kb);                                                        \
    bool a_first = fa < fb || (fa == fb && (ka & SIGN##N) >= (kb & SIGN##N));                      \
    bool b_first = fb < fa || (fa == fb && (kb & SIGN##N) >= (ka & SIGN##N));                      \
    if (operation & 2 && ka == kb) { /* alike but for the sign */                                  \
      bool want_negative = !(operation & 1);                                                       \
      return ((ua & SIGN##N) != 0) == want_negative ? ua : ub;                                     \
    }                                                                                              \
    return operation & 1 ? (b_first ? ua : ub) : (a_first ? ua : ub);                              \
  }                                                                                                \
  static F range##N(F a, F b, unsigned imm) {                                                      \
    U ua = bits##N(a), ub = bits##N(b);                                                            \
    if (is_snan##N(ua) || is_snan##N(ub)) {                                                        \
      return quiet##N(is_snan##N(ua) ? a : b);                                                     \
    }                                                                                              \
    bool only_b = is_nan##N(ua) && !is_nan##N(ub);                                                 \
    U r = only_b ? ub : is_nan##N(ub) ? ua : pick##N(ua, ub, imm & 3);                             \
    switch (imm >> 2 & 3) {                                                                        \
      case 0: return float##N((r & (U)~SIGN##N) | (ua & SIGN##N));                                 \
      case 1: return float##N(r);                                                                  \
      case 2: return float##N(r & (U)~SIGN##N);                                                    \
      default: return float##N(r | SIGN##N);                                                       \
    }                                                                                              \
  }                                                                                                \
  LANES(range, N, range##N(x->a->f##N[i], x->b->f##N[i], x->imm))
EACH_WIDTH(RANGE)

// --- fixupimm ---

static const double PI_OVER_2 = 1.57079632679489661923;

// What the table's 4-bit answers mean; 0 keeps the destination, 1 takes the source.
static double fixup_value(unsigned answer, bool negative) {
  switch (answer) {
    case 4: return -(double)INFINITY;
    case 5: return (double)INFINITY;
    case 6: return negative ? -(double)INFINITY : (double)INFINITY;
    case 7: return -0.0;
    case 9: return -1.0;
    case 10: return 1.0;
    case 11: return 0.5;
    case 12: return 90.0;
    case 13: return PI_OVER_2;
    default: return 0.0;
  }
}

static float largest32(void) { return 0x1.fffffep127f; }
static double largest64(void) { return 0x1.fffffffffffffp1023; }
static float narrow32(double a) { return a == PI_OVER_2 ? 0x1.921fb6p0f : (float)a; }
static double narrow64(double a) { return a; }

// The class of the source picks four bits of the table.
#define FIXUP(F, U, N)                                                                             \
  static F fixup##N(F old, F a, U table) {                                                         \
    U u = bits##N(a);                                                                              \
    bool negative = (u & SIGN##N) != 0;                                                            \
    unsigned class = is_snan##N(u)        ? 1                                                      \
                     : is_nan##N(u)       ? 0                                                      \
                     : is_zero##N(u)      ? 2                                                      \
                     : u == bits##N((F)1) ? 3                                                      \
                     : is_inf##N(u)       ? (negative ? 4u : 5u)                                   \
                                          : (negative ? 6u : 7u);                                        \
    unsigned answer = (unsigned)(table >> (4 * class)) & 15;                                       \
    switch (answer) {                                                                              \
      case 0: return old;                                                                          \
      case 1: return a;                                                                            \
      case 2: return is_nan##N(u) ? quiet##N(a) : float##N(u | bits##N(infinity##N()) | QUIET##N); \
      case 3: return default_nan##N();                                                             \
      case 14: return largest##N();                                                                \
      case 15: return -largest##N();                                                               \
      default: return narrow##N(fixup_value(answer, negative));                                    \
    }                                                                                              \
  }                                                                                                \
  LANES(fixupimm, N, fixup##N(x->old->f##N[i], x->a->f##N[i], x->b->u##N[i]))
EACH_WIDTH(FIXUP)

// --- approximations, to 14 bits of the exact value ---

#define APPROXIMATE(F, U, N, M)                                                                    \
  static F coarse##N(F a) { return float##N(bits##N(a) & ~(((U)1 << (M - 15)) - 1)); }             \
  LANES(rcp14, N, coarse##N(div##N(1, x->a->f##N[i])))                                             \
  LANES(rsqrt14, N, coarse##N(div##N(1, sqrt##N(x->a->f##N[i]))))
APPROXIMATE(float, uint32_t, 32, 23)
APPROXIMATE(double, uint64_t, 64, 52)
