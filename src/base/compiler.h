// SPDX-License-Identifier: Apache-2.0
// The only place for compiler extensions. Everything else is plain C11.
#ifndef SK_BASE_COMPILER_H
#define SK_BASE_COMPILER_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define SK_LIKELY(x) __builtin_expect(!!(x), 1)
#define SK_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define SK_PRINTF(fmt_index, first_arg) __attribute__((format(printf, fmt_index, first_arg)))
#define SK_NODISCARD __attribute__((warn_unused_result))
#define SK_NORETURN __attribute__((noreturn))
#define SK_EXPORT __attribute__((visibility("default")))
#define SK_HIDDEN __attribute__((visibility("hidden")))
#define SK_ALWAYS_INLINE static inline __attribute__((always_inline))
#define SK_NOINLINE __attribute__((noinline))
// May use AVX2 and what belongs to it (SK_ISA_V3 of cpu.h); who calls it must know that the processor can.
#define SK_TARGET_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
#define SK_UNREACHABLE() __builtin_unreachable()
#define SK_CONSTRUCTOR __attribute__((constructor))  // runs when the library is loaded
#define SK_USED __attribute__((used))                // kept, though nothing of ours refers to it
// Before a loop of at most 16 constant steps: written out, so that arrays indexed by it are registers.
#if defined(__clang__)
#define SK_UNROLL _Pragma("unroll")
#else
#define SK_UNROLL _Pragma("GCC unroll 16")
#endif
#define SK_POPCOUNT32(x) __builtin_popcount(x)  // a constant of constants
#define SK_BARRIER() __asm__ volatile("" ::: "memory")
// Plain objects that another thread may change meanwhile, where a type of the public interface cannot
// be _Atomic.
#define SK_LOAD_RELAXED(pointer) __atomic_load_n((pointer), __ATOMIC_RELAXED)
#define SK_STORE_RELAXED(pointer, value) __atomic_store_n((pointer), (value), __ATOMIC_RELAXED)
#else
#error "Skarn is built with gcc or clang"
#endif

#define SK_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SK_MIN(a, b) ((a) < (b) ? (a) : (b))
#define SK_MAX(a, b) ((a) > (b) ? (a) : (b))

// Overflow-checked arithmetic: true = overflow, *out undefined then. Types of a, b, *out alike.
#define SK_ADD_OVERFLOW(a, b, out) __builtin_add_overflow((a), (b), (out))
#define SK_SUB_OVERFLOW(a, b, out) __builtin_sub_overflow((a), (b), (out))
#define SK_MUL_OVERFLOW(a, b, out) __builtin_mul_overflow((a), (b), (out))

// 64x64 -> 128-bit product: *out_hi and *out_lo.
__extension__ typedef unsigned __int128 sk_u128;
static inline void sk_mul64_wide(uint64_t a, uint64_t b, uint64_t *out_hi, uint64_t *out_lo) {
  sk_u128 product = (sk_u128)a * b;
  *out_hi = (uint64_t)(product >> 64);
  *out_lo = (uint64_t)product;
}

// AddressSanitizer: SK_ASAN is defined under gcc's and clang's; the macros mark bytes (un)usable.
#if defined(__SANITIZE_ADDRESS__)
#define SK_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SK_ASAN 1
#endif
#endif
#if defined(SK_ASAN)
void __asan_poison_memory_region(void const volatile *addr, size_t size);
void __asan_unpoison_memory_region(void const volatile *addr, size_t size);
#define SK_POISON(addr, bytes) __asan_poison_memory_region((addr), (bytes))
#define SK_UNPOISON(addr, bytes) __asan_unpoison_memory_region((addr), (bytes))
#else
#define SK_POISON(addr, bytes) ((void)(addr), (void)(bytes))
#define SK_UNPOISON(addr, bytes) ((void)(addr), (void)(bytes))
#endif

// CPUID and XGETBV; out: eax, ebx, ecx, edx.
static inline void sk_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t out[4]) {
  __asm__ volatile("cpuid"
                   : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3])
                   : "a"(leaf), "c"(subleaf));
}
static inline uint64_t sk_xgetbv0(void) {
  uint32_t lo, hi;
  __asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
  return (uint64_t)hi << 32 | lo;
}

__extension__ typedef unsigned __int128 sk_u128;
__extension__ typedef __int128 sk_i128;

// The SSE control and status word: rounding, exception masks, FTZ/DAZ, sticky flags.
static inline uint32_t sk_mxcsr_get(void) { return __builtin_ia32_stmxcsr(); }
static inline void sk_mxcsr_set(uint32_t word) { __builtin_ia32_ldmxcsr(word); }

// Bit tricks; arguments of the count functions must not be zero.
static inline unsigned sk_clz64(uint64_t x) { return (unsigned)__builtin_clzll(x); }
static inline unsigned sk_ctz64(uint64_t x) { return (unsigned)__builtin_ctzll(x); }
static inline unsigned sk_popcount64(uint64_t x) { return (unsigned)__builtin_popcountll(x); }
static inline uint64_t sk_align_up(uint64_t x, uint64_t align_pow2) {
  return (x + align_pow2 - 1) & ~(align_pow2 - 1);
}

#endif
