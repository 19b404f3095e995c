// SPDX-License-Identifier: Apache-2.0
// Matrix products: generated code against the loop runner, bit for bit, between guard pages.
// `test_kern_gemm SEED` runs one seed, `FIRST COUNT` a range.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/gen_dot.h"

static uint64_t first_seed = 1, seed_count = 400;

static void check_shape(const gen_dot_shape *shape, uint64_t share) {
  if (sk_cpu_get()->isa < SK_ISA_V3) {
    skip();
  }
  char message[GEN_MESSAGE_BYTES];
  for (uint64_t seed = first_seed; seed < first_seed + SK_MAX(seed_count / share, 1u); seed++) {
    gen_target v3 = {.isa = SK_ISA_V3, .at_end = seed % 4 < 2};
    gen_target v4 = {.isa = SK_ISA_V4, .at_end = seed % 4 < 2};
    if (!gen_dot_check(seed, shape, &v3, message) ||
        (sk_cpu_get()->isa >= SK_ISA_V4 && !gen_dot_check(seed, shape, &v4, message))) {
      fail_msg("%s", message);
    }
  }
}

static void small(void **state) {
  (void)state;
  check_shape(&(gen_dot_shape){40, 40, 12}, 1);
}
// Whole products in registers.
static void few(void **state) {
  (void)state;
  check_shape(&(gen_dot_shape){9, 18, 12}, 1);
}
static void wide(void **state) {
  (void)state;
  check_shape(&(gen_dot_shape){30, 300, 40}, 2);
}
static void many_steps(void **state) {
  (void)state;
  check_shape(&(gen_dot_shape){30, 80, 1200}, 4);
}
// Several row blocks, groups and k blocks; A packed.
static void large(void **state) {
  (void)state;
  check_shape(&(gen_dot_shape){700, 300, 600}, 20);
}
// One tile of rows, B too large for the cache.
static void streamed(void **state) {
  (void)state;
  check_shape(&(gen_dot_shape){6, 4000, 150}, 10);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    first_seed = strtoull(argv[1], NULL, 0);
    seed_count = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(small),      cmocka_unit_test(few),   cmocka_unit_test(wide),
      cmocka_unit_test(many_steps), cmocka_unit_test(large), cmocka_unit_test(streamed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
