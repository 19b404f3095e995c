// SPDX-License-Identifier: Apache-2.0
// Integer lanes: logic, arithmetic, shifts, comparisons, blends, and dot products. Each function
// computes every lane of its result from whole source vectors; masks are applied by the caller.

#include "emu/emu_int.h"

#include <math.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 i128;

void sk_emu_v_none(const sk_emu_args *x) { (void)x; }

// LANES(name, member of sk_emu_vec, expression over a, b, old of that type and lane number i)
#define LANES(name, m, expr) LANES_TO(name, m, m, expr)
#define LANES_TO(name, to, m, expr)                                                                \
  void sk_emu_v_##name(const sk_emu_args *x) {                                                     \
    const sk_emu_vec *va = x->a, *vb = x->b, *vo = x->old;                                         \
    for (unsigned i = 0; i < x->count; ++i) {                                                      \
      __typeof__(va->m[0]) a = va->m[i], b = vb->m[i];                                             \
      __typeof__(va->m[0]) old = vo->m[i];                                                         \
      (void)a, (void)b, (void)old;                                                                 \
      x->out->to[i] = (__typeof__(x->out->to[0]))(expr);                                           \
    }                                                                                              \
  }
#define UNSIGNED(name, expr)                                                                       \
  LANES(name##8, u8, expr)                                                                         \
  LANES(name##16, u16, expr) LANES(name##32, u32, expr) LANES(name##64, u64, expr)
#define SIGNED(name, expr)                                                                         \
  LANES(name##8, s8, expr)                                                                         \
  LANES(name##16, s16, expr) LANES(name##32, s32, expr) LANES(name##64, s64, expr)

// --- logic: f32 and f64 name the width masks apply to ---
#define LOGIC(name, expr) LANES(name##_f32, u32, expr) LANES(name##_f64, u64, expr)
LOGIC(and, a &b)
LOGIC(andn, ~a &b)
LOGIC(or, a | b)
LOGIC(xor, a ^ b)

// Bit i of the immediate answers the three bits that make up i.
static uint64_t ternary(uint64_t a, uint64_t b, uint64_t c, uint32_t table) {
  uint64_t result = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if (table >> i & 1) {
      result |= (i & 4 ? a : ~a) & (i & 2 ? b : ~b) & (i & 1 ? c : ~c);
    }
  }
  return result;
}
LANES(ternlog32, u32, ternary(old, a, b, x->imm))
LANES(ternlog64, u64, ternary(old, a, b, x->imm))

// --- arithmetic ---
UNSIGNED(add_i, a + b)
UNSIGNED(sub_i, a - b)
LANES(mull_i16, u16, (uint32_t)a *b)
LANES(mull_i32, u32, a *b)
LANES(mull_i64, u64, a *b)
LANES(mulh_i16, s16, ((int32_t)a * b) >> 16)
LANES(mulh_u16, u16, ((uint32_t)a * b) >> 16)
LANES(mulhrs_i16, s16, ((((int32_t)a * b) >> 14) + 1) >> 1)
LANES(mul_u32_wide, u64, (a & 0xffffffff) * (b & 0xffffffff))
LANES(mul_i32_wide, s64, (int64_t)(int32_t)a *(int32_t)b)

static int64_t clamp(int64_t v, int64_t low, int64_t high) {
  return v < low ? low : v > high ? high : v;
}
LANES(adds_i8, s8, clamp((int64_t)a + b, INT8_MIN, INT8_MAX))
LANES(adds_i16, s16, clamp((int64_t)a + b, INT16_MIN, INT16_MAX))
LANES(adds_u8, u8, clamp((int64_t)a + b, 0, UINT8_MAX))
LANES(adds_u16, u16, clamp((int64_t)a + b, 0, UINT16_MAX))
LANES(subs_i8, s8, clamp((int64_t)a - b, INT8_MIN, INT8_MAX))
LANES(subs_i16, s16, clamp((int64_t)a - b, INT16_MIN, INT16_MAX))
LANES(subs_u8, u8, clamp((int64_t)a - b, 0, UINT8_MAX))
LANES(subs_u16, u16, clamp((int64_t)a - b, 0, UINT16_MAX))

SIGNED(min_i, a < b ? a : b)
SIGNED(max_i, a > b ? a : b)
UNSIGNED(min_u, a < b ? a : b)
UNSIGNED(max_u, a > b ? a : b)
LANES(abs_i8, u8, a >> 7 ? 0 - a : a)
LANES(abs_i16, u16, a >> 15 ? 0 - a : a)
LANES(abs_i32, u32, a >> 31 ? 0 - a : a)
LANES(abs_i64, u64, a >> 63 ? 0 - a : a)
LANES(avg_u8, u8, (a + b + 1) >> 1)
LANES(avg_u16, u16, (a + b + 1) >> 1)
LANES(sign_i8, s8, b < 0 ? -(int32_t)a : b == 0 ? 0 : a)
LANES(sign_i16, s16, b < 0 ? -(int32_t)a : b == 0 ? 0 : a)
LANES(sign_i32, s32, b < 0 ? -(int64_t)a : b == 0 ? 0 : a)

LANES_TO(madd_i16, s32, s32,
         (int64_t)va->s16[2 * i] * vb->s16[2 * i] +
             (int64_t)va->s16[2 * i + 1] * vb->s16[2 * i + 1])
LANES_TO(madd_u8, s16, s16,
         clamp((int64_t)va->u8[2 * i] * vb->s8[2 * i] +
                   (int64_t)va->u8[2 * i + 1] * vb->s8[2 * i + 1],
               INT16_MIN, INT16_MAX))

static uint64_t absolute_differences(const uint8_t *a, const uint8_t *b) {
  uint64_t sum = 0;
  for (unsigned i = 0; i < 8; ++i) {
    sum += (uint64_t)(a[i] > b[i] ? a[i] - b[i] : b[i] - a[i]);
  }
  return sum;
}
LANES(sad_u8, u64, absolute_differences(&va->u8[8 * i], &vb->u8[8 * i]))

// Horizontal: in each 128 bits, the low half of the results from a, the high half from b.
#define HORIZONTAL(name, m, PER_128, op)                                                           \
  void sk_emu_v_##name(const sk_emu_args *x) {                                                     \
    for (unsigned i = 0; i < x->count; ++i) {                                                      \
      unsigned group = i / PER_128 * PER_128, in = i % PER_128;                                    \
      const sk_emu_vec *from = in < PER_128 / 2 ? x->a : x->b;                                     \
      unsigned at = group + 2 * (in % (PER_128 / 2));                                              \
      x->out->m[i] = (__typeof__(x->out->m[0]))(from->m[at] op from->m[at + 1]);                   \
    }                                                                                              \
  }
HORIZONTAL(hadd_i16, u16, 8, +)
HORIZONTAL(hadd_i32, u32, 4, +)
HORIZONTAL(hsub_i16, u16, 8, -)
HORIZONTAL(hsub_i32, u32, 4, -)

// --- shifts: by an immediate or by the low 64 bits of b, for all lanes alike ---

static uint64_t shift_count(const sk_emu_args *x) { return x->has_imm ? x->imm : x->b->u64[0]; }

#define SHIFTS(BITS)                                                                               \
  LANES(sll##BITS, u##BITS, shift_count(x) >= BITS ? 0 : a << shift_count(x))                      \
  LANES(srl##BITS, u##BITS, shift_count(x) >= BITS ? 0 : a >> shift_count(x))                      \
  LANES(sra##BITS, s##BITS, a >> (shift_count(x) >= BITS ? BITS - 1 : shift_count(x)))             \
  LANES(sllv##BITS, u##BITS, b >= BITS ? 0 : a << b)                                               \
  LANES(srlv##BITS, u##BITS, b >= BITS ? 0 : a >> b)                                               \
  LANES(srav##BITS, s##BITS, a >> (vb->u##BITS[i] >= BITS ? BITS - 1 : vb->u##BITS[i]))
SHIFTS(16)
SHIFTS(32)
SHIFTS(64)

static uint64_t rotate(uint64_t a, uint64_t count, unsigned bits) {
  count %= bits;
  return count == 0 ? a : a << count | a >> (bits - count);
}
#define ROTATES(BITS)                                                                              \
  LANES(rol##BITS, u##BITS, rotate(a, x->imm, BITS))                                               \
  LANES(ror##BITS, u##BITS, rotate(a, BITS - x->imm % BITS, BITS))                                 \
  LANES(rolv##BITS, u##BITS, rotate(a, b, BITS))                                                   \
  LANES(rorv##BITS, u##BITS, rotate(a, BITS - b % BITS, BITS))
ROTATES(32)
ROTATES(64)

LANES(lzcnt32, u32, a == 0 ? 32 : __builtin_clz(a))
LANES(lzcnt64, u64, a == 0 ? 64 : __builtin_clzll(a))
LANES(popcnt32, u32, __builtin_popcount(a))
LANES(popcnt64, u64, __builtin_popcountll(a))

// Lane i: a bit for every earlier lane with the same value.
#define CONFLICT(BITS)                                                                             \
  void sk_emu_v_conflict##BITS(const sk_emu_args *x) {                                             \
    for (unsigned i = 0; i < x->count; ++i) {                                                      \
      for (unsigned j = 0; j < i; ++j) {                                                           \
        bool same = x->a->u##BITS[i] == x->a->u##BITS[j];                                          \
        x->out->u##BITS[i] |= (uint##BITS##_t)same << j;                                           \
      }                                                                                            \
    }                                                                                              \
  }
CONFLICT(32)
CONFLICT(64)

// --- comparisons: all bits of the lane ---
UNSIGNED(eq_i, a == b ? ~(uint64_t)0 : 0)
SIGNED(gt_i, a > b ? ~(uint64_t)0 : 0)
UNSIGNED(testm, (a & b) != 0 ? ~(uint64_t)0 : 0)
UNSIGNED(testnm, (a & b) == 0 ? ~(uint64_t)0 : 0)

static bool relation(uint32_t predicate, bool less, bool equal) {
  switch (predicate & 3) {
    case 0: return equal != (predicate >> 2 & 1);
    case 1: return less != (predicate >> 2 & 1);
    case 2: return (less || equal) != (predicate >> 2 & 1);
    default: return predicate >> 2 & 1;
  }
}
SIGNED(cmp_i, relation(x->imm, a < b, a == b) ? ~(uint64_t)0 : 0)
UNSIGNED(cmp_u, relation(x->imm, a < b, a == b) ? ~(uint64_t)0 : 0)

// --- blends: by mask register, by sign of c, by immediate ---
UNSIGNED(blendm, b)
LANES(blendv8, u8, x->c->u8[i] >> 7 ? b : a)
LANES(blendv32, u32, x->c->u32[i] >> 31 ? b : a)
LANES(blendv64, u64, x->c->u64[i] >> 63 ? b : a)
LANES(blend16, u16, x->imm >> (i % 8) & 1 ? b : a)
LANES(blend32, u32, x->imm >> i & 1 ? b : a)
LANES(blend64, u64, x->imm >> i & 1 ? b : a)

// --- dot products into 32-bit lanes ---

static int64_t dot_bytes(const uint8_t *a, const int8_t *b) {
  return (int64_t)a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
}
static int64_t dot_words(const int16_t *a, const int16_t *b) {
  return (int64_t)a[0] * b[0] + (int64_t)a[1] * b[1];
}
LANES(dpbusd, s32, (uint32_t)old + (uint32_t)dot_bytes(&va->u8[4 * i], &vb->s8[4 * i]))
LANES(dpbusds, s32, clamp(old + dot_bytes(&va->u8[4 * i], &vb->s8[4 * i]), INT32_MIN, INT32_MAX))
LANES(dpwssd, s32, (uint32_t)old + (uint32_t)dot_words(&va->s16[2 * i], &vb->s16[2 * i]))
LANES(dpwssds, s32, clamp(old + dot_words(&va->s16[2 * i], &vb->s16[2 * i]), INT32_MIN, INT32_MAX))
