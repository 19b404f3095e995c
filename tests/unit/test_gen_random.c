// SPDX-License-Identifier: Apache-2.0
// Random kernels: generated code against the loop runner, bit for bit. `test_gen_random SEED` runs
// one seed, `FIRST COUNT` a range; GEN_DUMP=FILE prints the program of a failing seed and writes
// its machine code.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/gen_random.h"

static uint64_t first_seed = 1, seed_count = 600;

static void check_shape(const gen_shape *shape) {
  if (sk_cpu_get()->isa < SK_ISA_V3) {
    skip();
  }
  char message[GEN_MESSAGE_BYTES];
  gen_target v3 = {.isa = SK_ISA_V3}, v4 = {.isa = SK_ISA_V4};
  for (uint64_t seed = first_seed; seed < first_seed + seed_count; seed++) {
    if (!gen_random_check(seed, shape, &v3, message) ||
        (sk_cpu_get()->isa >= SK_ISA_V4 && !gen_random_check(seed, shape, &v4, message))) {
      fail_msg("%s", message);
    }
  }
}

static void flat(void **state) {
  (void)state;
  check_shape(
      &(gen_shape){.max_depth = 1, .max_values = 12, .max_extent = 200, .allow_divisions = true});
}
static void long_bodies(void **state) {
  (void)state;
  check_shape(&(gen_shape){.max_depth = 1, .max_values = 120, .max_extent = 150});
}
static void nested(void **state) {
  (void)state;
  check_shape(&(gen_shape){.max_depth = 3, .max_values = 10, .max_extent = 90});
}

static void narrow_flat(void **state) {
  (void)state;
  check_shape(&(gen_shape){.max_depth = 1, .max_values = 12, .max_extent = 300, .narrow = true});
}
static void narrow_long_bodies(void **state) {
  (void)state;
  check_shape(&(gen_shape){.max_depth = 1, .max_values = 100, .max_extent = 200, .narrow = true});
}
static void narrow_nested(void **state) {
  (void)state;
  check_shape(&(gen_shape){.max_depth = 3, .max_values = 10, .max_extent = 150, .narrow = true});
}

int main(int argc, char **argv) {
  if (argc > 1) {
    first_seed = strtoull(argv[1], NULL, 0);
    seed_count = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
  }
  const struct CMUnitTest tests[] = {cmocka_unit_test(flat),
                                     cmocka_unit_test(long_bodies),
                                     cmocka_unit_test(nested),
                                     cmocka_unit_test(narrow_flat),
                                     cmocka_unit_test(narrow_long_bodies),
                                     cmocka_unit_test(narrow_nested)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
