// SPDX-License-Identifier: Apache-2.0
// Permutations: results whose lane i comes from lane p(i) of a source. Most work within each 128 bits
// of the vector, as their SSE ancestors did; `group` below is the first lane of lane i's 128 bits.

#include "emu/emu_int.h"

#include <string.h>

// EACH(name, member of sk_emu_vec, expression over a, b, lane number i, group)
#define EACH(name, m, expr)                                                                        \
  void sk_emu_v_##name(const sk_emu_args *x) {                                                     \
    const sk_emu_vec *a = x->a, *b = x->b;                                                         \
    enum { PER_128 = 16 / sizeof a->m[0] };                                                        \
    for (unsigned i = 0; i < x->count; ++i) {                                                      \
      const unsigned group = i / PER_128 * PER_128;                                                \
      (void)group, (void)a, (void)b;                                                               \
      x->out->m[i] = (expr);                                                                       \
    }                                                                                              \
  }

// --- any lane of the vector ---
EACH(permv16, u16, b->u16[a->u16[i] % x->count])
EACH(permv32, u32, b->u32[a->u32[i] % x->count])
// Immediate: within each 256 bits. Vector: a holds the indices.
EACH(perm64, u64,
     x->has_imm ? a->u64[(i & ~3u) + (x->imm >> (2 * (i & 3)) & 3)] : b->u64[a->u64[i] % x->count])

// Two sources: the bit above the lane number picks. i2: the destination holds the indices and the
// sources are a, b; t2: a holds the indices and the sources are the destination, b.
#define TWO_SOURCES(BITS)                                                                          \
  EACH(permi2_##BITS, u##BITS,                                                                     \
       (x->old->u##BITS[i] & x->count ? b : a)->u##BITS[x->old->u##BITS[i] % x->count])            \
  EACH(permt2_##BITS, u##BITS,                                                                     \
       (a->u##BITS[i] & x->count ? b : x->old)->u##BITS[a->u##BITS[i] % x->count])
TWO_SOURCES(16)
TWO_SOURCES(32)
TWO_SOURCES(64)

// The concatenation b, a shifted right by whole lanes.
static unsigned aligned(const sk_emu_args *x, unsigned i) { return i + x->imm % x->count; }
EACH(align32, u32,
     aligned(x, i) < x->count ? b->u32[aligned(x, i)] : a->u32[aligned(x, i) - x->count])
EACH(align64, u64,
     aligned(x, i) < x->count ? b->u64[aligned(x, i)] : a->u64[aligned(x, i) - x->count])

void sk_emu_v_repeat(const sk_emu_args *x) {
  for (unsigned at = 0; at < x->bytes; at += x->aux) {
    memcpy(&x->out->u8[at], x->a->u8, x->aux);
  }
}

// --- within 128 bits ---
EACH(permil32, u32, a->u32[group + ((x->has_imm ? x->imm >> (2 * (i % 4)) : b->u32[i]) & 3)])
EACH(permil64, u64, a->u64[group + (x->has_imm ? x->imm >> i & 1 : b->u64[i] >> 1 & 1)])
EACH(pshufb, u8, b->u8[i] & 0x80 ? 0 : a->u8[group + (b->u8[i] & 15)])
// aux: first of the four words permuted in each 128 bits
EACH(pshufw, u16,
     i % 8 / 4 * 4 == x->aux ? a->u16[group + x->aux + (x->imm >> (2 * (i % 4)) & 3)] : a->u16[i])
EACH(shuf32, u32, (i % 4 < 2 ? a : b)->u32[group + (x->imm >> (2 * (i % 4)) & 3)])
EACH(shuf64, u64, (i % 2 == 0 ? a : b)->u64[group + (x->imm >> i & 1)])
// aux 0: low halves interleaved, 1: high halves
#define UNPACK(BITS)                                                                               \
  EACH(unpack##BITS, u##BITS,                                                                      \
       (i % 2 == 0 ? a : b)->u##BITS[group + x->aux * (PER_128 / 2) + i % PER_128 / 2])
UNPACK(8)
UNPACK(16)
UNPACK(32)
UNPACK(64)
EACH(movddup, u64, a->u64[i & ~1u])
EACH(movsldup, u32, a->u32[i & ~1u])
EACH(movshdup, u32, a->u32[i | 1])
EACH(movhl, u64, i == 0 ? b->u64[1] : a->u64[1])
EACH(movlh, u64, i == 0 ? a->u64[0] : b->u64[0])

// Bytes i + imm of the 32 bytes b, a of each 128 bits.
EACH(alignr, u8,
     i % 16 + x->imm < 16   ? b->u8[i + x->imm]
     : i % 16 + x->imm < 32 ? a->u8[i + x->imm - 16]
                            : 0)
EACH(slldq, u8, i % 16 >= x->imm ? a->u8[i - x->imm] : 0)
EACH(srldq, u8, i % 16 + x->imm < 16 ? a->u8[i + x->imm] : 0)

// --- whole 128-bit parts ---

// The low half of the result from a, the high half from b; 512 bits: two selector bits each.
void sk_emu_v_shuf128(const sk_emu_args *x) {
  unsigned parts = x->bytes / 16;
  for (unsigned i = 0; i < parts; ++i) {
    unsigned which = parts == 4 ? x->imm >> (2 * i) & 3 : x->imm >> i & 1;
    memcpy(&x->out->u8[16 * i], &(i < parts / 2 ? x->a : x->b)->u8[16 * which], 16);
  }
}

void sk_emu_v_perm2_128(const sk_emu_args *x) {
  for (unsigned i = 0; i < 2; ++i) {
    unsigned control = x->imm >> (4 * i) & 15;
    if (!(control & 8)) {
      memcpy(&x->out->u8[16 * i], &(control & 2 ? x->b : x->a)->u8[16 * (control & 1)], 16);
    }
  }
}

// --- packing with saturation: in each 128 bits, a's lanes then b's ---
static int64_t clamp(int64_t v, int64_t low, int64_t high) {
  return v < low ? low : v > high ? high : v;
}
#define PACK(name, to, from, low, high)                                                            \
  EACH(name, to,                                                                                   \
       (__typeof__(x->out->to[0]))clamp(                                                           \
           (i % PER_128 < PER_128 / 2 ? a : b)->from[group / 2 + i % (PER_128 / 2)], low, high))
PACK(pack_ss16, s8, s16, INT8_MIN, INT8_MAX)
PACK(pack_us16, u8, s16, 0, UINT8_MAX)
PACK(pack_ss32, s16, s32, INT16_MIN, INT16_MAX)
PACK(pack_us32, u16, s32, 0, UINT16_MAX)
