// SPDX-License-Identifier: Apache-2.0
// The emulator's call interface: functions written in assembly here, interpreted, with control flow,
// stack, calls out of the code, and every check the emulator makes while it runs.

#include "emu/emu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xmmintrin.h>

#include <cmocka.h>

#define FUNCTION(name, body)                                                                       \
  extern const char code_##name[];                                                                 \
  extern const char code_##name##_end[];                                                           \
  __asm__(".text\n.p2align 4\n"                                                                    \
          "code_" #name ":\n" body "\n"                                                            \
          "code_" #name "_end:\n  int3\n");

static sk_emu_range range_of(const char *begin, const char *end) {
  return (sk_emu_range){begin, (size_t)(end - begin)};
}

static int run(const char *begin, const char *end, const uint64_t args[6], sk_emu_options options,
               sk_emu_result *result) {
  sk_emu_range range = range_of(begin, end);
  options.ranges = &range;
  options.range_count = 1;
  return sk_emu_call(begin, args, &options, result);
}

#define RUN(name, args, result)                                                                    \
  run(code_##name, code_##name##_end, args, (sk_emu_options){0}, result)

static uint64_t pointer(const void *p) { return (uint64_t)(uintptr_t)p; }

// --- loops and AVX-512 with a masked tail ---

// void scale(float *out, const float *in, uint64_t n, const float *factor): out = in * factor + in
FUNCTION(scale, "  push %rbx\n"
                "  mov %rdx, %rbx\n"
                "  vbroadcastss (%rcx), %zmm31\n"
                "  xor %eax, %eax\n"
                "1: cmp $16, %rbx\n"
                "  jb 2f\n"
                "  vmovups (%rsi,%rax,4), %zmm0\n"
                "  vfmadd213ps %zmm0, %zmm31, %zmm0\n"
                "  vmovups %zmm0, (%rdi,%rax,4)\n"
                "  add $16, %rax\n"
                "  sub $16, %rbx\n"
                "  jmp 1b\n"
                "2: mov $-1, %r8d\n"
                "  bzhi %ebx, %r8d, %r8d\n"
                "  kmovw %r8d, %k1\n"
                "  vmovups (%rsi,%rax,4), %zmm0{%k1}{z}\n"
                "  vfmadd213ps %zmm0, %zmm31, %zmm0\n"
                "  vmovups %zmm0, (%rdi,%rax,4){%k1}\n"
                "  vzeroupper\n"
                "  pop %rbx\n"
                "  ret")

// `bytes` of memory that end where an unmapped page begins.
static char *map_before_guard(size_t bytes) {
  size_t pages = (bytes + 4095) / 4096 * 4096;
  char *map = mmap(NULL, pages + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_true(map != MAP_FAILED);
  assert_int_equal(mprotect(map + pages, 4096, PROT_NONE), 0);
  return map + pages - bytes;
}

static void test_masked_tail_at_a_guard_page(void **state) {
  (void)state;
  const float factor = 3;
  for (size_t n = 0; n < 50; ++n) {
    float *in = (float *)(void *)map_before_guard(n * 4);
    float *out = (float *)(void *)map_before_guard(n * 4);
    for (size_t i = 0; i < n; ++i) {
      in[i] = (float)i;
    }
    sk_emu_result result;
    const uint64_t args[6] = {pointer(out), pointer(in), n, pointer(&factor)};
    assert_int_equal(RUN(scale, args, &result), 0);
    assert_string_equal(result.error, "");
    assert_int_equal(result.dirty_upper, 0);
    assert_int_equal(result.instructions, 15 + 8 * (n / 16));
    for (size_t i = 0; i < n; ++i) {
      assert_true(out[i] == (float)i * 4);
    }
  }
}

// --- calls out ---

static double sum_nine(uint64_t a, double b, uint64_t c, uint64_t d, uint64_t e, uint64_t f,
                       uint64_t g, uint64_t h, double i) {
  return (double)(a + c * 10 + d * 100 + e * 1000 + f * 10000 + g * 100000 + h * 1000000) + b + i;
}

// double outer(function, const double *values): calls it with integers 1..7 and two doubles
FUNCTION(outer, "  push %rbp\n"
                "  mov %rsp, %rbp\n"
                "  mov %rdi, %rax\n"
                "  vmovsd (%rsi), %xmm0\n"
                "  vmovsd 8(%rsi), %xmm1\n"
                "  mov $1, %edi\n  mov $2, %esi\n  mov $3, %edx\n"
                "  mov $4, %ecx\n  mov $5, %r8d\n  mov $6, %r9d\n"
                "  push $0\n"
                "  push $7\n"
                "  vzeroupper\n"
                "  call *%rax\n"
                "  leave\n"
                "  ret")

static void test_call_out(void **state) {
  (void)state;
  const double values[2] = {0.25, 0.5};
  double (*callee)(uint64_t, double, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                   double) = sum_nine;
  const uint64_t args[6] = {pointer((const void *)(uintptr_t)callee), pointer(values)};
  sk_emu_result result;
  assert_int_equal(RUN(outer, args, &result), 0);
  assert_true(result.xmm0 == 7654321.75);
  assert_int_equal(result.native_calls, 1);
}

static uint64_t twice(uint64_t n) { return 2 * n; }

FUNCTION(tail_call, "  mov %rdi, %rax\n  mov %rsi, %rdi\n  jmp *%rax")

static void test_tail_call(void **state) {
  (void)state;
  uint64_t (*callee)(uint64_t) = twice;
  const uint64_t args[6] = {pointer((const void *)(uintptr_t)callee), 21};
  sk_emu_result result;
  assert_int_equal(RUN(tail_call, args, &result), 0);
  assert_int_equal(result.rax, 42);
}

// A caller-saved register is garbage after a call, zmm16-31 and k registers included.
FUNCTION(keeps_nothing, "  sub $8, %rsp\n"
                        "  vpternlogd $255, %zmm20, %zmm20, %zmm20\n"
                        "  kxnorq %k3, %k3, %k3\n"
                        "  mov $7, %r10d\n"
                        "  vzeroupper\n"
                        "  call *%rdi\n"
                        "  vpmovd2m %zmm20, %k1\n"
                        "  kandw %k1, %k3, %k3\n"
                        "  kmovw %k3, %eax\n"
                        "  shl $16, %rax\n"
                        "  add %r10, %rax\n"
                        "  add $8, %rsp\n"
                        "  ret")

static void test_caller_saved_registers_are_lost(void **state) {
  (void)state;
  uint64_t (*callee)(uint64_t) = twice;
  const uint64_t args[6] = {pointer((const void *)(uintptr_t)callee)};
  sk_emu_result result;
  assert_int_equal(RUN(keeps_nothing, args, &result), 0);
  assert_int_not_equal(result.rax, 0xffff0007);
  assert_int_not_equal(result.rax & 0xffff, 7);
}

FUNCTION(no_vzeroupper, "  sub $8, %rsp\n  vpternlogd $255, %zmm1, %zmm1, %zmm1\n  call *%rdi\n"
                        "  add $8, %rsp\n  ret")

static void test_missing_vzeroupper_is_counted(void **state) {
  (void)state;
  uint64_t (*callee)(uint64_t) = twice;
  const uint64_t args[6] = {pointer((const void *)(uintptr_t)callee)};
  sk_emu_result result;
  assert_int_equal(RUN(no_vzeroupper, args, &result), 0);
  assert_true(result.dirty_upper >= 1);
}

// --- what must be refused ---

static void expect_error(const char *begin, const char *end, sk_emu_options options,
                         const char *message) {
  static const uint64_t args[6];
  sk_emu_result result;
  assert_int_equal(run(begin, end, args, options, &result), -1);
  if (strstr(result.error, message) == NULL) {
    fail_msg("wanted \"%s\" in \"%s\"", message, result.error);
  }
}

#define EXPECT_ERROR(name, options, message)                                                       \
  expect_error(code_##name, code_##name##_end, options, message)

FUNCTION(loses_rbx, "  xor %ebx, %ebx\n  ret")
FUNCTION(loses_r15, "  inc %r15\n  ret")
FUNCTION(leaves_stack, "  pop %rax\n  sub $16, %rsp\n  jmp *%rax")
FUNCTION(changes_mxcsr, "  movl $0x9fc0, -8(%rsp)\n  vldmxcsr -8(%rsp)\n  ret")
FUNCTION(sets_direction, "  std\n  ret")
FUNCTION(misaligned_call, "  call *%rdi\n  ret")
FUNCTION(unknown, "  cpuid\n  ret")
FUNCTION(garbage_bytes, "  .byte 0x06\n  ret")
FUNCTION(segment, "  mov %fs:0, %rax\n  ret")
FUNCTION(legacy_sse, "  addps %xmm1, %xmm0\n  ret")
FUNCTION(forever, "1: jmp 1b")
FUNCTION(misaligned_move, "  vmovaps -60(%rsp), %zmm0\n  vmovaps -40(%rsp), %ymm0\n  ret")
FUNCTION(uses_evex, "  vpxord %xmm0, %xmm0, %xmm0\n  ret")
FUNCTION(uses_k, "  kxorw %k1, %k1, %k1\n  ret")
FUNCTION(uses_vbmi, "  vpermb %zmm0, %zmm0, %zmm0\n  ret")
FUNCTION(uses_vnni, "  vpdpbusd %zmm2, %zmm1, %zmm0\n  vzeroupper\n  ret")
FUNCTION(uses_bf16, "  vcvtneps2bf16 %zmm1, %ymm0\n  vzeroupper\n  ret")
FUNCTION(divides, "  xor %ecx, %ecx\n  div %rcx\n  ret")

static void test_convention_violations(void **state) {
  (void)state;
  const sk_emu_options none = {0};
  EXPECT_ERROR(loses_rbx, none, "rbx not preserved");
  EXPECT_ERROR(loses_r15, none, "r15 not preserved");
  EXPECT_ERROR(leaves_stack, none, "rsp off by -16");
  EXPECT_ERROR(changes_mxcsr, none, "MXCSR changed");
  EXPECT_ERROR(sets_direction, none, "direction flag set");
  EXPECT_ERROR(misaligned_call, none, "stack not aligned");
}

static void test_refused_instructions(void **state) {
  (void)state;
  const sk_emu_options none = {0}, v3 = {.v3_only = true}, limit = {.max_instructions = 1000};
  EXPECT_ERROR(unknown, none, "does not know this instruction at");
  EXPECT_ERROR(unknown, none, "0f a2  cpuid");
  EXPECT_ERROR(garbage_bytes, none, "not an instruction");
  EXPECT_ERROR(segment, none, "does not know this operand");
  EXPECT_ERROR(legacy_sse, none, "does not know this instruction");
  EXPECT_ERROR(forever, limit, "instruction limit");
  EXPECT_ERROR(misaligned_move, none, "not aligned to");
  EXPECT_ERROR(divides, none, "divide error");
  EXPECT_ERROR(uses_evex, v3, "not in tier v3");
  EXPECT_ERROR(uses_k, v3, "not in tier v3");
  EXPECT_ERROR(uses_vbmi, none, "does not know");
  EXPECT_ERROR(uses_vnni, none, "feature that is not enabled");
  EXPECT_ERROR(uses_bf16, none, "feature that is not enabled");
}

static void test_features(void **state) {
  (void)state;
  static const uint64_t args[6];
  sk_emu_result result;
  assert_int_equal(run(code_uses_vnni, code_uses_vnni_end, args,
                       (sk_emu_options){.features = SK_EMU_VNNI}, &result),
                   0);
  assert_int_equal(run(code_uses_bf16, code_uses_bf16_end, args,
                       (sk_emu_options){.features = SK_EMU_BF16}, &result),
                   0);
  assert_int_equal(RUN(uses_evex, args, &result), 0);
}

// --- stack, strings, MXCSR, recursion ---

// uint64_t fibonacci(uint64_t n), by recursion
FUNCTION(fibonacci, "  cmp $2, %rdi\n"
                    "  jae 1f\n"
                    "  mov %rdi, %rax\n"
                    "  ret\n"
                    "1: push %rdi\n"
                    "  dec %rdi\n"
                    "  call code_fibonacci\n"
                    "  pop %rdi\n"
                    "  push %rax\n"
                    "  sub $2, %rdi\n"
                    "  call code_fibonacci\n"
                    "  pop %rdx\n"
                    "  add %rdx, %rax\n"
                    "  ret")

static void test_recursion(void **state) {
  (void)state;
  const uint64_t args[6] = {15};
  sk_emu_result result;
  assert_int_equal(RUN(fibonacci, args, &result), 0);
  assert_int_equal(result.rax, 610);
}

FUNCTION(copy_and_fill, "  mov %rdx, %rcx\n"
                        "  rep movsb\n"
                        "  mov $0x5a, %al\n"
                        "  mov $3, %ecx\n"
                        "  rep stosb\n"
                        "  mov %rdi, %rax\n"
                        "  ret")

static void test_strings(void **state) {
  (void)state;
  char out[16] = "................";
  const uint64_t args[6] = {pointer(out), pointer("abcdefg"), 5};
  sk_emu_result result;
  assert_int_equal(RUN(copy_and_fill, args, &result), 0);
  assert_memory_equal(out, "abcdeZZZ........", 16);
  assert_int_equal(result.rax, pointer(out + 8));
}

// Rounds up in between and restores: 1 + 2^-30 becomes the float above 1.
FUNCTION(rounds_up, "  vstmxcsr -8(%rsp)\n"
                    "  mov -8(%rsp), %eax\n"
                    "  mov %eax, -4(%rsp)\n"
                    "  orl $0x4000, -4(%rsp)\n"
                    "  vldmxcsr -4(%rsp)\n"
                    "  vmovss (%rdi), %xmm0\n"
                    "  vaddss 4(%rdi), %xmm0, %xmm0\n"
                    "  vldmxcsr -8(%rsp)\n"
                    "  vmovss (%rdi), %xmm1\n"
                    "  vaddss 4(%rdi), %xmm1, %xmm1\n"
                    "  vpunpckldq %xmm1, %xmm0, %xmm0\n"
                    "  vmovq %xmm0, %rax\n"
                    "  ret")

static void test_rounding_mode(void **state) {
  (void)state;
  const float values[2] = {1, 0x1p-30f};
  const uint64_t args[6] = {pointer(values)};
  sk_emu_result result;
  unsigned before = _mm_getcsr() & 0xffc0;
  assert_int_equal(RUN(rounds_up, args, &result), 0);
  assert_int_equal(result.rax, 0x3f8000003f800001);
  assert_int_equal(_mm_getcsr() & 0xffc0, before);
}

// One emulator, several calls; code rewritten in between is seen.
static void test_reuse(void **state) {
  (void)state;
  uint8_t code[8] = {0xb8, 1, 0, 0, 0, 0xc3};  // mov eax, 1; ret
  const sk_emu_range range = {code, sizeof code};
  const sk_emu_options options = {.ranges = &range, .range_count = 1};
  const uint64_t args[6] = {0};
  sk_emu *emu = sk_emu_create(&options);
  assert_non_null(emu);
  for (uint8_t i = 1; i < 5; ++i) {
    code[1] = i;
    sk_emu_result result;
    assert_int_equal(sk_emu_invoke(emu, code, args, &result), 0);
    assert_int_equal(result.rax, i);
    assert_int_equal(result.instructions, 2);
  }
  sk_emu_destroy(emu);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_masked_tail_at_a_guard_page),
      cmocka_unit_test(test_call_out),
      cmocka_unit_test(test_tail_call),
      cmocka_unit_test(test_caller_saved_registers_are_lost),
      cmocka_unit_test(test_missing_vzeroupper_is_counted),
      cmocka_unit_test(test_convention_violations),
      cmocka_unit_test(test_refused_instructions),
      cmocka_unit_test(test_features),
      cmocka_unit_test(test_recursion),
      cmocka_unit_test(test_strings),
      cmocka_unit_test(test_rounding_mode),
      cmocka_unit_test(test_reuse),
  };
  return cmocka_run_group_tests_name("emu_call", tests, NULL, NULL);
}
