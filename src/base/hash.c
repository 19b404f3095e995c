// SPDX-License-Identifier: Apache-2.0
// A 64-bit hash of bytes built on the 64x64 -> 128-bit multiply ("folded multiply", as in wyhash
// and its relatives): 16 bytes per multiply, four independent lanes from 64 bytes on. The factors
// are folded back into the product, so that a factor that happens to be zero does not swallow the
// other one. Little-endian loads; the value is part of cache keys and checksums on disk: changing
// it changes their format.
#include "base/hash.h"

#include <string.h>

// Digits of pi (the Blowfish constants), made odd.
static const uint64_t key[5] = {0x243F6A8885A308D3u, 0x13198A2E03707345u, 0xA4093822299F31D1u,
                                0x082EFA98EC4E6C89u, 0x452821E638D01377u};

static inline uint64_t load64(const uint8_t *p) {
  uint64_t x;
  memcpy(&x, p, 8);
  return x;
}

static inline uint64_t load32(const uint8_t *p) {
  uint32_t x;
  memcpy(&x, p, 4);
  return x;
}

static inline uint64_t fold(uint64_t a, uint64_t b) {
  uint64_t hi, lo;
  sk_mul64_wide(a, b, &hi, &lo);
  return a ^ b ^ hi ^ lo;
}

// The last 0..16 bytes as two words; overlapping loads, every byte is covered.
static inline void load_tail(const uint8_t *p, size_t bytes, uint64_t *out_a, uint64_t *out_b) {
  *out_a = *out_b = 0;
  if (bytes >= 8) {
    *out_a = load64(p);
    *out_b = load64(p + bytes - 8);
  } else if (bytes >= 4) {
    *out_a = load32(p);
    *out_b = load32(p + bytes - 4);
  } else if (bytes > 0) {
    *out_a = (uint64_t)p[0] | (uint64_t)p[bytes / 2] << 8 | (uint64_t)p[bytes - 1] << 16;
  }
}

uint64_t sk_hash_bytes(const void *data, size_t bytes, uint64_t seed) {
  const uint8_t *p = data;
  size_t left = bytes;
  uint64_t h = fold(seed ^ key[0], key[1]);
  if (left > 64) {
    uint64_t h1 = h ^ key[1], h2 = h ^ key[2], h3 = h ^ key[3];
    do {
      h = fold(load64(p) ^ key[1], load64(p + 8) ^ h);
      h1 = fold(load64(p + 16) ^ key[2], load64(p + 24) ^ h1);
      h2 = fold(load64(p + 32) ^ key[3], load64(p + 40) ^ h2);
      h3 = fold(load64(p + 48) ^ key[4], load64(p + 56) ^ h3);
      p += 64;
      left -= 64;
    } while (left > 64);
    h = fold(h ^ key[2], h1) ^ fold(h2 ^ key[3], h3);
  }
  while (left > 16) {
    h = fold(load64(p) ^ key[1], load64(p + 8) ^ h);
    p += 16;
    left -= 16;
  }
  uint64_t a, b;
  load_tail(p, left, &a, &b);
  h = fold(a ^ key[2], b ^ h);
  return fold(h ^ key[4], (uint64_t)bytes ^ key[3]);
}
