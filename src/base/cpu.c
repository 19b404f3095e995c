// SPDX-License-Identifier: Apache-2.0
// Detection by CPUID, XGETBV and the operating system, once per process.
//
// A tier counts only if all its instructions are there *and* the operating system saves the
// registers (XCR0). Cache sizes come from leaf 4 (Intel) or 0x8000001D (AMD), which have one
// layout; hypervisors that report none get modest defaults. Usable threads: the affinity mask,
// limited by the tightest CPU quota of the control groups the process is in (v2: cpu.max; v1:
// cpu.cfs_quota_us / cpu.cfs_period_us). The rate of the time-stamp counter, which AMD does not
// tell, is what it did meanwhile. Nothing here can fail: what cannot be found out is not
// limited.
#include "base/cpu.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "base/file.h"
#include "base/str.h"
#include "base/thread.h"

enum { EAX, EBX, ECX, EDX };

static bool has_bits(uint32_t reg, uint32_t bits) { return (reg & bits) == bits; }
static uint32_t bit(unsigned n) { return (uint32_t)1 << n; }

// -- instruction sets -----------------------------------------------------------------------------

// What is read once: under a hypervisor each CPUID leaves the virtual machine, which takes
// microseconds.
typedef struct cpuid_leaves {
  uint32_t max_leaf, max_extended;
  uint32_t l1[4], l7[4], l7s1[4], x1[4];  // leaves 1, 7, 7.1, 0x80000001; 0 where there is none
} cpuid_leaves;

static void read_leaves(cpuid_leaves *out) {
  uint32_t r[4];
  memset(out, 0, sizeof *out);
  sk_cpuid(0, 0, r);
  out->max_leaf = r[EAX];
  sk_cpuid(1, 0, out->l1);
  if (out->max_leaf >= 7) {
    sk_cpuid(7, 0, out->l7);
    if (out->l7[EAX] >= 1) {
      sk_cpuid(7, 1, out->l7s1);
    }
  }
  sk_cpuid(0x80000000u, 0, r);
  out->max_extended = r[EAX];
  if (out->max_extended >= 0x80000001u) {
    sk_cpuid(0x80000001u, 0, out->x1);
  }
}

static void detect_isa(sk_cpu *cpu, const cpuid_leaves *leaves) {
  const uint32_t *l1 = leaves->l1, *l7 = leaves->l7, *x1 = leaves->x1;
  const bool xsave = has_bits(l1[ECX], bit(27));
  const uint64_t saved = xsave ? sk_xgetbv0() : 0;
  const bool ymm = (saved & 0x06) == 0x06, zmm = (saved & 0xE6) == 0xE6;
  // FMA, MOVBE, AVX, F16C; BMI1, AVX2, BMI2; LZCNT.
  const bool v3 = ymm && has_bits(l1[ECX], bit(12) | bit(22) | bit(28) | bit(29)) &&
                  has_bits(l7[EBX], bit(3) | bit(5) | bit(8)) && has_bits(x1[ECX], bit(5));
  // AVX512 F, DQ, CD, BW, VL.
  const bool v4 = v3 && zmm && has_bits(l7[EBX], bit(16) | bit(17) | bit(28) | bit(30) | bit(31));
  cpu->isa = v4 ? SK_ISA_V4 : v3 ? SK_ISA_V3 : SK_ISA_NONE;
  if (v4) {
    cpu->features |= has_bits(l7[ECX], bit(11)) ? SK_CPU_AVX512_VNNI : 0;
    cpu->features |= has_bits(leaves->l7s1[EAX], bit(5)) ? SK_CPU_AVX512_BF16 : 0;
    cpu->features |= has_bits(l7[ECX], bit(1)) ? SK_CPU_AVX512_VBMI : 0;
  }
}

static void detect_model(sk_cpu *cpu, const uint32_t l1[4]) {
  const uint32_t family = l1[EAX] >> 8 & 15, model = l1[EAX] >> 4 & 15;
  cpu->family = family == 15 ? family + (l1[EAX] >> 20 & 255) : family;
  cpu->model = family == 6 || family == 15 ? model | (l1[EAX] >> 16 & 15) << 4 : model;
}

// 512-bit vectors pay on Zen 4 (split in two, no loss), Zen 5 and Intel from Ice Lake on.
// Skylake-SP and its successors of the same model lower the clock for them.
static uint32_t native_vector_bytes(const sk_cpu *cpu) {
  const bool skylake_sp = cpu->family == 6 && cpu->model == 0x55;
  return cpu->isa == SK_ISA_V4 && !skylake_sp ? 64 : 32;
}

// -- caches ---------------------------------------------------------------------------------------

// Reads the sub-leaves of leaf 4 or 0x8000001D, from the first level on; the third is the last of
// interest.
static void read_cache_leaf(sk_cpu *cpu, uint32_t leaf) {
  for (uint32_t index = 0; index < 16 && cpu->l3_bytes == 0; index++) {
    uint32_t r[4];
    sk_cpuid(leaf, index, r);
    const uint32_t type = r[EAX] & 31, level = r[EAX] >> 5 & 7;
    if (type == 0) {
      break;
    }
    const uint64_t ways = (r[EBX] >> 22 & 1023) + 1, partitions = (r[EBX] >> 12 & 1023) + 1;
    const uint64_t line = (r[EBX] & 4095) + 1, sets = (uint64_t)r[ECX] + 1;
    const uint64_t bytes = ways * partitions * line * sets;
    if (type == 2) {
      continue;  // instructions
    }
    if (level == 1) {
      cpu->l1d_bytes = bytes;
    } else if (level == 2) {
      cpu->l2_bytes = bytes;
    } else if (level == 3) {
      cpu->l3_bytes = bytes;
    }
  }
}

static void detect_caches(sk_cpu *cpu, const cpuid_leaves *leaves) {
  const bool topology_extensions = has_bits(leaves->x1[ECX], bit(22));
  if (leaves->max_extended >= 0x8000001Du && topology_extensions) {
    read_cache_leaf(cpu, 0x8000001Du);
  }
  if (cpu->l1d_bytes == 0 && leaves->max_leaf >= 4) {
    read_cache_leaf(cpu, 4);
  }
  if (cpu->l1d_bytes == 0) {
    cpu->l1d_bytes = 32 << 10;
  }
  if (cpu->l2_bytes == 0) {
    cpu->l2_bytes = 512 << 10;
  }
}

// -- threads --------------------------------------------------------------------------------------

static uint32_t affinity_threads(void) {
  cpu_set_t sets[16];  // 16384 processors
  memset(sets, 0, sizeof sets);
  if (sched_getaffinity(0, sizeof sets, sets) != 0) {
    return 1;
  }
  const int count = CPU_COUNT_S(sizeof sets, sets);
  return count > 0 ? (uint32_t)count : 1;
}

// The first line of root/group/name, blanks at its end cut off. False when there is none.
static bool read_line(const char *root, sk_str group, const char *name, char *buf,
                      size_t buf_bytes) {
  char path[PATH_MAX];
  const int len = snprintf(path, sizeof path, "%s%.*s/%s", root, SK_STR_ARG(group), name);
  if (len < 0 || (size_t)len >= sizeof path) {
    return false;
  }
  sk_file file;
  sk_status status = sk_file_open(path, 1 << 20, &file);
  if (status) {
    sk_status_free(status);
    return false;
  }
  size_t n = 0;
  while (n < file.len && n + 1 < buf_bytes && file.data[n] != '\n') {
    buf[n] = (char)file.data[n];
    n++;
  }
  while (n > 0 && buf[n - 1] == ' ') {
    n--;
  }
  buf[n] = '\0';
  sk_file_close(&file);
  return n > 0;
}

// ceil(quota / period), 0 where a text is no positive number ("max", "-1").
static uint32_t threads_of(sk_str quota, sk_str period) {
  uint64_t q, p;
  if (!sk_str_to_u64(quota, &q) || !sk_str_to_u64(period, &p) || q == 0 || p == 0) {
    return 0;
  }
  return (uint32_t)SK_MIN(q / p + (q % p != 0), (uint64_t)UINT32_MAX);
}

// A limit of one group; 0: none.
typedef uint64_t group_limit_fn(const char *root, sk_str group);

static uint64_t group_threads_v2(const char *root, sk_str group) {
  char line[128];
  if (!read_line(root, group, "cpu.max", line, sizeof line)) {
    return 0;
  }
  const char *blank = strchr(line, ' ');
  if (!blank) {
    return 0;
  }
  return threads_of((sk_str){line, (size_t)(blank - line)}, sk_str_from(blank + 1));
}

static uint64_t group_threads_v1(const char *root, sk_str group) {
  char path[PATH_MAX], quota[64], period[64];
  const int len = snprintf(path, sizeof path, "%s/cpu", root);
  if (len < 0 || (size_t)len >= sizeof path ||
      !read_line(path, group, "cpu.cfs_quota_us", quota, sizeof quota) ||
      !read_line(path, group, "cpu.cfs_period_us", period, sizeof period)) {
    return 0;
  }
  return threads_of(sk_str_from(quota), sk_str_from(period));
}

static uint64_t bytes_of(const char *root, sk_str group, const char *name) {
  char line[64];
  uint64_t bytes;
  // "max" is no number.
  return read_line(root, group, name, line, sizeof line) && sk_str_to_u64(sk_str_from(line), &bytes)
             ? bytes
             : 0;
}

static uint64_t group_memory_v2(const char *root, sk_str group) {
  return bytes_of(root, group, "memory.max");
}

static uint64_t group_memory_v1(const char *root, sk_str group) {
  char path[PATH_MAX];
  const int len = snprintf(path, sizeof path, "%s/memory", root);
  return len < 0 || (size_t)len >= sizeof path ? 0 : bytes_of(path, group, "memory.limit_in_bytes");
}

static uint64_t smaller_limit(uint64_t a, uint64_t b) {
  return a == 0 ? b : b == 0 ? a : SK_MIN(a, b);
}

// The tightest limit from `group` up to the root of the hierarchy.
static uint64_t tightest(const char *root, sk_str group, group_limit_fn *limit) {
  uint64_t least = 0;
  while (group.len > 0 && group.data[group.len - 1] == '/') {
    group.len--;
  }
  for (;;) {
    least = smaller_limit(least, limit(root, group));
    if (group.len == 0) {
      return least;
    }
    while (group.len > 0 && group.data[--group.len] != '/') {
    }
  }
}

// Is `word` one of the comma-separated items of `list`?
static bool has_item(sk_str list, sk_str word) {
  for (size_t start = 0; start <= list.len;) {
    size_t end = start;
    while (end < list.len && list.data[end] != ',') {
      end++;
    }
    if (sk_str_eq((sk_str){list.data + start, end - start}, word)) {
      return true;
    }
    start = end + 1;
  }
  return false;
}

// The tightest over all hierarchies that have the controller, or all controllers (v2).
static uint64_t tightest_of_all(const char *root, const char *membership, sk_str controller,
                                group_limit_fn *v1, group_limit_fn *v2) {
  uint64_t least = 0;
  for (const char *line = membership; *line;) {
    const char *end = strchr(line, '\n');
    end = end ? end : line + strlen(line);
    // hierarchy:controllers:/path
    const char *first = memchr(line, ':', (size_t)(end - line));
    const char *second = first ? memchr(first + 1, ':', (size_t)(end - first - 1)) : NULL;
    if (second) {
      const sk_str controllers = {first + 1, (size_t)(second - first - 1)};
      const sk_str group = {second + 1, (size_t)(end - second - 1)};
      const bool all = controllers.len == 0;
      if (all || has_item(controllers, controller)) {
        least = smaller_limit(least, tightest(root, group, all ? v2 : v1));
      }
    }
    line = *end ? end + 1 : end;
  }
  return least;
}

uint32_t sk_cpu_quota_threads(const char *root, const char *membership) {
  return (uint32_t)tightest_of_all(root, membership, SK_STR("cpu"), group_threads_v1,
                                   group_threads_v2);
}

uint64_t sk_cpu_quota_memory(const char *root, const char *membership) {
  return tightest_of_all(root, membership, SK_STR("memory"), group_memory_v1, group_memory_v2);
}

static void read_membership(char *out, size_t size) {
  sk_file file;
  sk_status status = sk_file_open("/proc/self/cgroup", 1 << 20, &file);
  size_t len = 0;
  if (!status) {
    len = SK_MIN(file.len, size - 1);
    memcpy(out, file.data, len);
    sk_file_close(&file);
  }
  sk_status_free(status);
  out[len] = '\0';
}

static void detect_limits(sk_cpu *cpu) {
  char membership[8192];
  struct sysinfo info;
  read_membership(membership, sizeof membership);
  const uint32_t affinity = affinity_threads();
  const uint32_t quota = sk_cpu_quota_threads("/sys/fs/cgroup", membership);
  cpu->threads = quota != 0 ? SK_MIN(affinity, quota) : affinity;
  uint64_t memory = 0;
  if (sysinfo(&info) == 0) {
    memory = ((uint64_t)info.totalram + info.totalswap) * info.mem_unit;
  }
  cpu->memory_bytes = smaller_limit(memory, sk_cpu_quota_memory("/sys/fs/cgroup", membership));
}

// -- entry points ---------------------------------------------------------------------------------

static sk_cpu detected;  // written once, under `once`
static pthread_once_t once = PTHREAD_ONCE_INIT;

// How far the counter gets in a microsecond, from a moment on; waits until there is something to
// measure.
static uint64_t measure_ticks(uint64_t begin_ns, uint64_t begin_ticks) {
  enum { ENOUGH_NS = 20000 };
  uint64_t ns, ticks;
  do {
    ns = sk_time_ns() - begin_ns;
    ticks = sk_ticks() - begin_ticks;
  } while (ns < ENOUGH_NS);
  return SK_MAX((uint64_t)((double)ticks * 1000 / (double)ns), 1u);
}

static void detect(void) {
  const uint64_t begin_ns = sk_time_ns(), begin_ticks = sk_ticks();
  cpuid_leaves leaves;
  read_leaves(&leaves);
  detect_isa(&detected, &leaves);
  detect_model(&detected, leaves.l1);
  detected.vector_bytes_native = native_vector_bytes(&detected);
  detect_caches(&detected, &leaves);
  detect_limits(&detected);
  detected.ticks_per_us = measure_ticks(begin_ns, begin_ticks);
}

const sk_cpu *sk_cpu_get(void) {
  pthread_once(&once, detect);
  return &detected;
}

const char *sk_isa_name(sk_isa isa) {
  switch (isa) {
    case SK_ISA_NONE: return "none";
    case SK_ISA_V3: return "v3";
    case SK_ISA_V4: return "v4";
  }
  return "none";
}

bool sk_isa_parse(const char *name, sk_isa *out_isa) {
  static const sk_isa all[] = {SK_ISA_NONE, SK_ISA_V3, SK_ISA_V4};
  if (strcmp(name, "auto") == 0) {
    *out_isa = sk_cpu_get()->isa;
    return true;
  }
  for (size_t i = 0; i < SK_COUNT(all); i++) {
    if (strcmp(name, sk_isa_name(all[i])) == 0) {
      *out_isa = all[i];
      return true;
    }
  }
  return false;
}
