// SPDX-License-Identifier: Apache-2.0
// Detection against the operating system's own account (/proc/cpuinfo, sysfs, the affinity mask),
// and CPU quotas read from control group trees made up in a temporary directory.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ftw.h>
#include <limits.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/thread.h"

static bool has_word(const char *line, const char *word) {
  const size_t len = strlen(word);
  for (const char *p = strstr(line, word); p; p = strstr(p + 1, word)) {
    if ((p[-1] == ' ') && (p[len] == ' ' || p[len] == '\n' || p[len] == '\0')) {
      return true;
    }
  }
  return false;
}

// The kernel lists a flag only when it has enabled the register state, too.
static void test_isa_agrees_with_the_kernel(void **state) {
  (void)state;
  sk_file file;
  assert_null(sk_file_open("/proc/cpuinfo", 0, &file));
  char *text = sk_mem_strdup((const char *)file.data, file.len);
  assert_non_null(text);
  sk_file_close(&file);
  const char *flags = strstr(text, "flags");
  assert_non_null(flags);
  char *end = strchr(text + (flags - text), '\n');
  assert_non_null(end);
  *end = '\0';
  static const char *const v3[] = {"avx2", "fma", "f16c", "bmi1", "bmi2", "abm", "movbe"};
  static const char *const v4[] = {"avx512f", "avx512dq", "avx512cd", "avx512bw", "avx512vl"};
  bool all_v3 = true, all_v4 = true;
  for (size_t i = 0; i < SK_COUNT(v3); i++) {
    all_v3 = all_v3 && has_word(flags, v3[i]);
  }
  for (size_t i = 0; i < SK_COUNT(v4); i++) {
    all_v4 = all_v4 && has_word(flags, v4[i]);
  }
  const sk_cpu *cpu = sk_cpu_get();
  assert_int_equal(cpu->isa, all_v3 && all_v4 ? SK_ISA_V4 : all_v3 ? SK_ISA_V3 : SK_ISA_NONE);
  assert_int_equal((cpu->features & SK_CPU_AVX512_VNNI) != 0,
                   all_v4 && has_word(flags, "avx512_vnni"));
  assert_int_equal((cpu->features & SK_CPU_AVX512_BF16) != 0,
                   all_v4 && has_word(flags, "avx512_bf16"));
  assert_int_equal((cpu->features & SK_CPU_AVX512_VBMI) != 0,
                   all_v4 && has_word(flags, "avx512vbmi"));
  char family[32];
  snprintf(family, sizeof family, ": %u\n", (unsigned)cpu->family);
  const char *family_line = strstr(text, "cpu family");
  assert_non_null(family_line);
  assert_true(strncmp(strchr(family_line, ':'), family, strlen(family)) == 0);
  const char *model_line = strstr(text, "\nmodel\t");
  assert_non_null(model_line);
  assert_int_equal(strtoul(strchr(model_line, ':') + 1, NULL, 10), cpu->model);
  sk_mem_free(text);
}

// Size in KiB from sysfs; 0 where the kernel does not tell.
static uint64_t sysfs_cache_bytes(int index, int *out_level, bool *out_data) {
  char path[128], buf[64];
  unsigned long kib = 0;
  static const char *const names[] = {"size", "level", "type"};
  for (size_t i = 0; i < SK_COUNT(names); i++) {
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s", index, names[i]);
    FILE *in = fopen(path, "r");
    if (!in) {
      return 0;
    }
    const bool read_one = fgets(buf, sizeof buf, in) != NULL;
    fclose(in);
    if (!read_one) {
      return 0;
    }
    if (i == 0) {
      kib = strtoul(buf, NULL, 10);
    } else if (i == 1) {
      *out_level = atoi(buf);
    } else {
      *out_data = buf[0] != 'I';
    }
  }
  return (uint64_t)kib * 1024;
}

static void test_caches(void **state) {
  (void)state;
  const sk_cpu *cpu = sk_cpu_get();
  assert_in_range(cpu->l1d_bytes, 16 << 10, 256 << 10);
  assert_in_range(cpu->l2_bytes, 128 << 10, 64 << 20);
  assert_true(cpu->l3_bytes == 0 || cpu->l3_bytes >= cpu->l2_bytes);
  for (int index = 0; index < 4; index++) {
    int level = 0;
    bool data = false;
    const uint64_t bytes = sysfs_cache_bytes(index, &level, &data);
    if (bytes != 0 && data) {
      const uint64_t ours = level == 1   ? cpu->l1d_bytes
                            : level == 2 ? cpu->l2_bytes
                                         : cpu->l3_bytes;
      assert_int_equal(ours, bytes);
    }
  }
}

static void test_threads(void **state) {
  (void)state;
  const sk_cpu *cpu = sk_cpu_get();
  assert_ptr_equal(cpu, sk_cpu_get());
  assert_true(cpu->threads >= 1);
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    assert_true(cpu->threads <= (uint32_t)CPU_COUNT(&set));
  }
  assert_true(cpu->vector_bytes_native == 32 ||
              (cpu->vector_bytes_native == 64 && cpu->isa == SK_ISA_V4));
}

static void test_isa_names(void **state) {
  (void)state;
  sk_isa isa;
  assert_true(sk_isa_parse("v3", &isa) && isa == SK_ISA_V3);
  assert_true(sk_isa_parse("v4", &isa) && isa == SK_ISA_V4);
  assert_true(sk_isa_parse("none", &isa) && isa == SK_ISA_NONE);
  assert_true(sk_isa_parse("auto", &isa) && isa == sk_cpu_get()->isa);
  assert_false(sk_isa_parse("v2", &isa));
  assert_false(sk_isa_parse("", &isa));
  assert_false(sk_isa_parse("V3", &isa));
  assert_string_equal(sk_isa_name(SK_ISA_V4), "v4");
}

// -- quotas ---------------------------------------------------------------------------------------

static char root[64];

static void put(const char *path, const char *text) {
  char whole[PATH_MAX];
  snprintf(whole, sizeof whole, "%s/%s", root, path);
  for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
    *slash = '\0';
    mkdir(whole, 0700);
    *slash = '/';
  }
  assert_null(sk_file_write(whole, text, strlen(text)));
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *ftw) {
  (void)info;
  (void)kind;
  (void)ftw;
  return remove(path);
}

static void test_quota(void **state) {
  (void)state;
  snprintf(root, sizeof root, "/tmp/skarn-test-cgroup-XXXXXX");
  assert_non_null(mkdtemp(root));
  assert_int_equal(sk_cpu_quota_threads(root, "0::/\n"), 0);
  assert_int_equal(sk_cpu_quota_threads(root, ""), 0);
  put("cpu.max", "max 100000\n");
  assert_int_equal(sk_cpu_quota_threads(root, "0::/\n"), 0);
  put("cpu.max", "800000 100000\n");
  assert_int_equal(sk_cpu_quota_threads(root, "0::/\n"), 8);
  put("a/b/cpu.max", "250000 100000\n");
  assert_int_equal(sk_cpu_quota_threads(root, "0::/a/b\n"), 3);
  assert_int_equal(sk_cpu_quota_threads(root, "0::/a/b/"), 3);
  assert_int_equal(sk_cpu_quota_threads(root, "0::/a\n"), 8);
  assert_int_equal(sk_cpu_quota_threads(root, "0::/a/b/c/d\n"), 3);  // from the nearest ancestor
  assert_int_equal(sk_cpu_quota_threads(root, "0::/elsewhere\n"), 8);
  put("a/cpu.max", "100 100000\n");
  assert_int_equal(sk_cpu_quota_threads(root, "0::/a/b\n"), 1);
  // Version 1: a controller named cpu, alone or among others.
  put("cpu/job/cpu.cfs_quota_us", "450000\n");
  put("cpu/job/cpu.cfs_period_us", "100000\n");
  put("cpu/cpu.cfs_quota_us", "-1\n");
  put("cpu/cpu.cfs_period_us", "100000\n");
  assert_int_equal(sk_cpu_quota_threads(root, "5:cpuset:/job\n4:cpu,cpuacct:/job\n"), 5);
  assert_int_equal(sk_cpu_quota_threads(root, "4:cpuacct,cpu:/job\n"), 5);
  assert_int_equal(sk_cpu_quota_threads(root, "4:cpu:/\n"), 0);
  assert_int_equal(sk_cpu_quota_threads(root, "4:cpuset:/job\n"), 0);
  assert_int_equal(sk_cpu_quota_threads(root, "4:cpu:/job\n0::/a\n"), 1);
  // Memory, in both versions.
  assert_int_equal(sk_cpu_quota_memory(root, "0::/a/b\n"), 0);
  put("memory.max", "max\n");
  assert_int_equal(sk_cpu_quota_memory(root, "0::/a/b\n"), 0);
  put("a/memory.max", "5368709120\n");
  put("a/b/memory.max", "8589934592\n");
  assert_int_equal(sk_cpu_quota_memory(root, "0::/a/b\n"), 5368709120);
  put("memory/job/memory.limit_in_bytes", "1073741824\n");
  assert_int_equal(sk_cpu_quota_memory(root, "7:memory:/job\n"), 1073741824);
  assert_int_equal(sk_cpu_quota_memory(root, "7:cpu:/job\n"), 0);
  put("memory.max", "9x\n");
  assert_int_equal(sk_cpu_quota_memory(root, "0::/\n"), 0);
  assert_true(sk_cpu_get()->memory_bytes > 0);
  // Nonsense is no limit.
  put("n/cpu.max", "12\n");
  put("m/cpu.max", "0 0\n");
  put("cpu.max", "x y\n");
  assert_int_equal(sk_cpu_quota_threads(root, "0::/n\n"), 0);
  assert_int_equal(sk_cpu_quota_threads(root, "0::/m\n"), 0);
  assert_int_equal(sk_cpu_quota_threads(root, "no colon\n:\n::\n0:\n"), 0);
  put("cpu.max", "18446744073709551615 1\n");
  assert_int_equal(sk_cpu_quota_threads(root, "0::/\n"), UINT32_MAX);
  sk_mem_fail_at(1, true);
  assert_int_equal(sk_cpu_quota_threads(root, "0::/\n"), 0);
  sk_mem_fail_at(0, false);
  assert_int_equal(nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

// A machine that does something else meanwhile spoils a measurement, not ten of them.
static void test_ticks_are_microseconds(void **state) {
  (void)state;
  const double expected = (double)sk_cpu_get()->ticks_per_us;
  bool agrees = false;
  for (int i = 0; i < 10 && !agrees; i++) {
    const uint64_t begin_ns = sk_time_ns(), begin = sk_ticks();
    while (sk_time_ns() - begin_ns < 1000000) {
    }
    const double ns = (double)(sk_time_ns() - begin_ns), ticks = (double)(sk_ticks() - begin);
    agrees = fabs(ticks * 1000 / ns - expected) < 0.05 * expected;
  }
  assert_true(agrees);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_isa_agrees_with_the_kernel),
      cmocka_unit_test(test_caches),
      cmocka_unit_test(test_threads),
      cmocka_unit_test(test_isa_names),
      cmocka_unit_test(test_quota),
      cmocka_unit_test(test_ticks_are_microseconds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
