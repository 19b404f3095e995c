// SPDX-License-Identifier: Apache-2.0
// Generated v4 code (and v3 code, as a second opinion on both) on the emulator, against the loop
// runner. The emulator decodes with Zydis, so encodings are checked by execution too, on machines
// without AVX-512.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emu/emu.h"
#include "support/gen_dot.h"
#include "support/gen_ops.h"
#include "support/gen_random.h"

// A parallel kernel called from emulated code: the builtin runs natively, its chunks on the
// emulator again.
static sk_emu_options nested_options;
static char nested_error[512];

static void emulate_chunk(sk_frame *frame, sk_kernel_fn kernel, int64_t begin, int64_t end) {
  uint64_t args[6] = {(uint64_t)(uintptr_t)frame, (uint64_t)begin, (uint64_t)end,
                      (uint64_t)(uintptr_t)frame->scratch};
  sk_emu_result result;
  const void *entry;
  memcpy(&entry, &kernel, sizeof entry);
  if (sk_emu_call(entry, args, &nested_options, &result) != 0) {
    memcpy(nested_error, result.error, sizeof nested_error);
  }
}

static void parallel_emulated(sk_frame *frame, sk_kernel_fn kernel, int64_t total, int64_t grain,
                              int64_t align) {
  gen_for_chunks(frame, kernel, total, grain, align, emulate_chunk);
}

static bool invoke_emulated(void *user, const void *code, size_t length, const void *entry,
                            sk_frame *frame, char *message) {
  const sk_emu_range range = {code, length};
  sk_emu_options options = {.ranges = &range, .range_count = 1, .v3_only = *(const bool *)user};
  sk_emu_result result;
  uint64_t args[6] = {(uint64_t)(uintptr_t)frame};
  nested_options = options;
  nested_error[0] = 0;
  if (sk_emu_call(entry, args, &options, &result) != 0) {
    snprintf(message, GEN_MESSAGE_BYTES, "emulator: %.500s", result.error);
    return false;
  }
  if (nested_error[0] != 0) {
    snprintf(message, GEN_MESSAGE_BYTES, "emulator: %.500s", nested_error);
    return false;
  }
  return true;
}

static void check_ops(sk_isa isa, uint32_t vector_bytes) {
  bool v3_only = isa == SK_ISA_V3;
  gen_target target = {.isa = isa,
                       .vector_bytes = vector_bytes,
                       .invoke = invoke_emulated,
                       .user = &v3_only,
                       .parallel = parallel_emulated};
  char message[GEN_MESSAGE_BYTES];
  uint32_t cases = 0;
  for (uint32_t op = 0; op < gen_op_count(); op++) {
    if (!gen_op_check(op, &target, GEN_OPS_QUICK, &cases, message)) {
      fail_msg("%s", message);
    }
  }
  print_message("%u kernels\n", cases);
}

static uint64_t first_seed = 1, seed_count = 150;

static void check_random(uint32_t vector_bytes) {
  static const gen_shape shapes[] = {
      {.max_depth = 1, .max_values = 15, .max_extent = 120, .allow_divisions = true},
      {.max_depth = 1, .max_values = 150, .max_extent = 60},
      {.max_depth = 3, .max_values = 10, .max_extent = 40},
      {.max_depth = 1, .max_values = 15, .max_extent = 300, .narrow = true},
      {.max_depth = 3, .max_values = 10, .max_extent = 150, .narrow = true},
  };
  bool v3_only = false;
  gen_target target = {.isa = SK_ISA_V4,
                       .vector_bytes = vector_bytes,
                       .invoke = invoke_emulated,
                       .user = &v3_only,
                       .parallel = parallel_emulated};
  char message[GEN_MESSAGE_BYTES];
  for (uint32_t shape = 0; shape < SK_COUNT(shapes); shape++) {
    for (uint64_t seed = first_seed; seed < first_seed + seed_count; seed++) {
      if (!gen_random_check(seed, &shapes[shape], &target, message)) {
        fail_msg("shape %u, %s", shape, message);
      }
    }
  }
}

static void random_v4_512(void **state) {
  (void)state;
  check_random(64);
}
static void random_v4_256(void **state) {
  (void)state;
  check_random(32);
}

static void ops_v4_512(void **state) {
  (void)state;
  check_ops(SK_ISA_V4, 64);
}
static void ops_v4_256(void **state) {
  (void)state;
  check_ops(SK_ISA_V4, 32);
}
static void ops_v3(void **state) {
  (void)state;
  check_ops(SK_ISA_V3, 32);
}

// Products of both tiers; the wide ones have enough panels for a packed left operand.
static void check_dots(sk_isa isa) {
  static const gen_dot_shape shapes[] = {{9, 18, 12}, {40, 40, 12}, {18, 200, 10}, {16, 40, 450}};
  bool v3_only = isa == SK_ISA_V3;
  char message[GEN_MESSAGE_BYTES];
  for (uint32_t shape = 0; shape < SK_COUNT(shapes); shape++) {
    for (uint64_t seed = first_seed; seed < first_seed + SK_MAX(seed_count / 3, 1u); seed++) {
      gen_target target = {.isa = isa,
                           .at_end = seed % 4 < 2,
                           .invoke = invoke_emulated,
                           .user = &v3_only,
                           .parallel = parallel_emulated};
      if (!gen_dot_check(seed, &shapes[shape], &target, message)) {
        fail_msg("shape %u, %s", shape, message);
      }
    }
  }
}

static void dots_v4(void **state) {
  (void)state;
  check_dots(SK_ISA_V4);
}
static void dots_v3(void **state) {
  (void)state;
  check_dots(SK_ISA_V3);
}

// Arguments: FIRST [COUNT] of the random kernels' seeds.
int main(int argc, char **argv) {
  if (argc > 1) {
    first_seed = strtoull(argv[1], NULL, 0);
    seed_count = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_v4_512), cmocka_unit_test(random_v4_256),
      cmocka_unit_test(ops_v4_512),    cmocka_unit_test(ops_v4_256),
      cmocka_unit_test(ops_v3),        cmocka_unit_test(dots_v4),
      cmocka_unit_test(dots_v3),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
