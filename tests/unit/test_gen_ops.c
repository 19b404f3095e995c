// SPDX-License-Identifier: Apache-2.0
// Generated code for each pure operation, against the loop runner: every operand type, loops along
// lanes and not, tails of every length, interleaving, uniform and constant operands, mixed widths,
// called whole and in chunks, buffers against guard pages.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/gen_ops.h"

static bool have_v3(void) { return sk_cpu_get()->isa >= SK_ISA_V3; }

static void check_all(void **state) {
  (void)state;
  if (!have_v3()) {
    skip();
  }
  gen_target target = {.isa = SK_ISA_V3};
  char message[GEN_MESSAGE_BYTES];
  uint32_t cases = 0;
  for (uint32_t op = 0; op < gen_op_count(); op++) {
    if (!gen_op_check(op, &target, GEN_OPS_THOROUGH, &cases, message)) {
      fail_msg("%s", message);
    }
  }
  print_message("%u kernels\n", cases);
}

// On a processor with AVX-512 the other tier runs natively too.
static void check_all_v4(void **state) {
  (void)state;
  if (sk_cpu_get()->isa < SK_ISA_V4) {
    skip();
  }
  char message[GEN_MESSAGE_BYTES];
  uint32_t cases = 0;
  for (uint32_t bytes = 32; bytes <= 64; bytes *= 2) {
    gen_target target = {.isa = SK_ISA_V4, .vector_bytes = bytes};
    for (uint32_t op = 0; op < gen_op_count(); op++) {
      if (!gen_op_check(op, &target, GEN_OPS_THOROUGH, &cases, message)) {
        fail_msg("%s", message);
      }
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(check_all), cmocka_unit_test(check_all_v4)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
