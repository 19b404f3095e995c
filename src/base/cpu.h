// SPDX-License-Identifier: Apache-2.0
// What this processor can do: ISA tier by CPUID and XCR0 (never by name), cache sizes, how many
// threads may run.
#ifndef SK_BASE_CPU_H
#define SK_BASE_CPU_H

#include "base/status.h"

typedef enum sk_isa {
  SK_ISA_NONE = 0,  // no native code: the loop runner answers
  SK_ISA_V3 = 3,    // AVX2 + FMA + F16C + BMI1/2 + LZCNT + MOVBE (x86-64-v3)
  SK_ISA_V4 = 4,    // AVX-512 F/BW/DQ/CD/VL (x86-64-v4)
} sk_isa;

enum {  // sub-features used beyond the tier
  SK_CPU_AVX512_VNNI = 1 << 0,
  SK_CPU_AVX512_BF16 = 1 << 1,
  SK_CPU_AVX512_VBMI = 1 << 2,
};

typedef struct sk_cpu {
  sk_isa isa;              // highest tier the processor and the operating system support
  uint32_t features;       // SK_CPU_*
  uint32_t family, model;  // for tuning tables only
  // 32 or 64: 64 only where 512-bit operations are full width (or on a par).
  uint32_t vector_bytes_native;
  uint64_t l1d_bytes, l2_bytes, l3_bytes;
  // Usable when detected: the affinity mask, limited by the cgroup CPU quota (rounded up).
  uint32_t threads;
  // Of the machine, swap included, or what the control group allows if that is less; 0: unknown.
  uint64_t memory_bytes;
  // Of the time-stamp counter (sk_ticks), measured while all this was found out: within a percent.
  uint64_t ticks_per_us;
} sk_cpu;

const sk_cpu *sk_cpu_get(void);                        // detected once, thread-safe
const char *sk_isa_name(sk_isa isa);                   // "none", "v3", "v4"
bool sk_isa_parse(const char *name, sk_isa *out_isa);  // also "auto" -> the detected tier

// Threads that a CPU quota allows (rounded up), 0 = no quota: `membership` is /proc/self/cgroup's
// text, `root` the directory where cgroups are mounted. The tightest limit from the process's group
// up to the root counts.
uint32_t sk_cpu_quota_threads(const char *root, const char *membership);
// The same for bytes of memory.
uint64_t sk_cpu_quota_memory(const char *root, const char *membership);

#endif
