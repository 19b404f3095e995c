// SPDX-License-Identifier: Apache-2.0
// Fast non-cryptographic hashing (for tables, cache keys and checksums; not against adversaries).
// Deterministic across runs.
#ifndef SK_BASE_HASH_H
#define SK_BASE_HASH_H

#include "base/compiler.h"

uint64_t sk_hash_bytes(const void *data, size_t bytes, uint64_t seed);
static inline uint64_t sk_hash_mix(uint64_t h, uint64_t value) {
  h = (h ^ value) * 0x9E3779B97F4A7C15u;
  return h ^ (h >> 32);
}
// The splitmix64 finaliser (Steele, Lea, Flood 2014).
static inline uint64_t sk_hash_splitmix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

#endif
