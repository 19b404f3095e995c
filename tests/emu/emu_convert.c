// SPDX-License-Identifier: Apache-2.0
// Conversions between lane types. A float that has no integer gives the "integer indefinite" value:
// the most negative number when signed, all ones when unsigned. aux = 1: truncate, otherwise round as
// MXCSR (or the instruction's embedded rounding, set in it) says.

#include "emu/emu_int.h"

#include <emmintrin.h>
#include <math.h>
#include <string.h>

#define LANES(name, to, from, expr)                                                                \
  void sk_emu_v_##name(const sk_emu_args *x) {                                                     \
    for (unsigned i = 0; i < x->count; ++i) {                                                      \
      __typeof__(x->a->from[0]) a = x->a->from[i];                                                 \
      x->out->to[i] = (__typeof__(x->out->to[0]))(expr);                                           \
    }                                                                                              \
  }

// --- float to integer ---

// Not rint: a compiler that takes the rounding mode for constant may expand it wrongly.
double sk_emu_round_integral(double a) {
  return fabs(a) < 0x1p52 ? copysign((double)_mm_cvtsd_si64(_mm_set_sd(a)), a) : a;
}

static double integral(const sk_emu_args *x, double a) {
  return x->aux & 1 ? trunc(a) : sk_emu_round_integral(a);
}

static int32_t to_i32(double v) { return v >= -0x1p31 && v < 0x1p31 ? (int32_t)v : INT32_MIN; }
static int64_t to_i64(double v) { return v >= -0x1p63 && v < 0x1p63 ? (int64_t)v : INT64_MIN; }
static uint32_t to_u32(double v) { return v >= 0 && v < 0x1p32 ? (uint32_t)v : UINT32_MAX; }
static uint64_t to_u64(double v) { return v >= 0 && v < 0x1p64 ? (uint64_t)v : UINT64_MAX; }

#define TO_INTEGER(name, to)                                                                       \
  LANES(f32_##name, to, f32, to_##name(integral(x, (double)a)))                                    \
  LANES(f64_##name, to, f64, to_##name(integral(x, a)))
TO_INTEGER(i32, s32)
TO_INTEGER(u32, u32)
TO_INTEGER(i64, s64)
TO_INTEGER(u64, u64)

// --- integer to float: one rounding, which C's conversion does in the mode of MXCSR ---
LANES(i32_f32, f32, s32, (float)a)
LANES(u32_f32, f32, u32, (float)(int64_t)a)
LANES(i64_f32, f32, s64, (float)a)
LANES(u64_f32, f32, u64, (float)a)
LANES(i32_f64, f64, s32, (double)a)
LANES(u32_f64, f64, u32, (double)a)
LANES(i64_f64, f64, s64, (double)a)
LANES(u64_f64, f64, u64, (double)a)

// --- float to float ---
LANES(f32_f64, f64, f32, (double)a)
LANES(f64_f32, f32, f64, (float)a)

static uint32_t half_to_float(uint16_t h) {
  uint32_t sign = (uint32_t)(h & 0x8000) << 16;
  uint32_t exponent = h >> 10 & 31;
  uint32_t fraction = h & 0x3ff;
  if (exponent == 31) {
    return sign | 0x7f800000 | fraction << 13 | (fraction != 0 ? 0x400000u : 0);
  }
  if (exponent != 0) {
    return sign | (exponent + 112) << 23 | fraction << 13;
  }
  float value = (float)fraction * 0x1p-24f;  // normal in float, so exact
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return sign | bits;
}

// mode: 0 nearest even, 1 down, 2 up, 3 to zero. The magnitude is m * 2^(exponent - 150); `keep` of
// its bits lie above the last place of the half.
static uint16_t float_to_half(uint32_t u, unsigned mode) {
  uint32_t sign = u >> 16 & 0x8000;
  uint32_t fraction = u & 0x7fffff;
  int exponent = (int)(u >> 23 & 255);
  bool away = mode == (sign ? 1 : 2);
  if (exponent == 255) {
    return (uint16_t)(sign | 0x7c00 | (fraction != 0 ? 0x200 | fraction >> 13 : 0));
  }
  if (exponent >= 143) {
    return (uint16_t)(sign | (mode == 0 || away ? 0x7c00 : 0x7bff));
  }
  uint32_t m = exponent != 0 ? fraction | 0x800000 : fraction;
  int drop = exponent >= 113 ? 13 : 126 - (exponent != 0 ? exponent : 1);
  drop = drop > 26 ? 26 : drop;
  uint32_t keep = m >> drop;
  uint32_t rest = m & (((uint32_t)1 << drop) - 1);
  uint32_t half = (uint32_t)1 << (drop - 1);
  uint32_t bits = exponent >= 113 ? ((uint32_t)(exponent - 113) << 10) + keep : keep;
  bool nearest_up = rest > half || (rest == half && (keep & 1));
  bits += mode == 0 ? nearest_up : away && rest != 0;
  return (uint16_t)(sign | bits);
}

static unsigned half_rounding(const sk_emu_args *x) {
  return x->imm & 4 ? _mm_getcsr() >> 13 & 3 : x->imm & 3;
}
LANES(f16_f32, u32, u16, half_to_float(a))
LANES(f32_f16, u16, u32, float_to_half(a, half_rounding(x)))

// Nearest even whatever MXCSR says; subnormals become zero.
static uint16_t float_to_bfloat(uint32_t u) {
  if ((u & 0x7f800000) == 0) {
    return u >> 16 & 0x8000;
  }
  if ((u & 0x7fffffff) > 0x7f800000) {
    return (uint16_t)(u >> 16 | 0x40);
  }
  return (uint16_t)((u + 0x7fff + (u >> 16 & 1)) >> 16);
}
LANES(f32_bf16, u16, u32, float_to_bfloat(a))

void sk_emu_v_f32x2_bf16(const sk_emu_args *x) {
  unsigned half = x->count / 2;
  for (unsigned i = 0; i < x->count; ++i) {
    x->out->u16[i] = float_to_bfloat(i < half ? x->b->u32[i] : x->a->u32[i - half]);
  }
}

static float bfloat(uint16_t u) {
  uint32_t wide = (uint32_t)((u & 0x7f80) == 0 ? u & 0x8000 : u) << 16;
  float f;
  memcpy(&f, &wide, 4);
  return f;
}

// Two fused steps, the odd pair first, nearest even, subnormals to zero on both sides.
void sk_emu_v_dpbf16(const sk_emu_args *x) {
  unsigned mxcsr = _mm_getcsr();
  _mm_setcsr(0x9fc0);
  for (unsigned i = 0; i < x->count; ++i) {
    float sum = fmaf(bfloat(x->a->u16[2 * i + 1]), bfloat(x->b->u16[2 * i + 1]), x->old->f32[i]);
    x->out->f32[i] = fmaf(bfloat(x->a->u16[2 * i]), bfloat(x->b->u16[2 * i]), sum);
  }
  _mm_setcsr(mxcsr);
}

// --- integer to integer ---
#define WIDEN(n, w) LANES(sx_##n##_##w, s##w, s##n, a) LANES(zx_##n##_##w, u##w, u##n, a)
WIDEN(8, 16)
WIDEN(8, 32)
WIDEN(8, 64)
WIDEN(16, 32)
WIDEN(16, 64)
WIDEN(32, 64)

#define NARROW(w, n)                                                                               \
  LANES(tr_##w##_##n, u##n, u##w, a)                                                               \
  LANES(ss_##w##_##n, s##n, s##w,                                                                  \
        a<INT##n##_MIN ? INT##n##_MIN : a> INT##n##_MAX ? INT##n##_MAX : a)                        \
  LANES(us_##w##_##n, u##n, u##w, a > UINT##n##_MAX ? UINT##n##_MAX : a)
NARROW(16, 8)
NARROW(32, 8)
NARROW(32, 16)
NARROW(64, 8)
NARROW(64, 16)
NARROW(64, 32)
