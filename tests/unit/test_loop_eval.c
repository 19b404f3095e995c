// SPDX-License-Identifier: Apache-2.0
// Meaning of operations that no generated kernel can check by itself: what evaluation, the common
// reference of folding, runner and generator's tests, says.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loop/loop.h"

#define TABLE_LOW UINT64_C(0x8123456701234567)
#define TABLE_HIGH UINT64_C(0xFEDCBA9889ABCDEF)

static uint64_t lookup(uint32_t index) {
  return sk_lop_eval(SK_L_LOOKUP, SK_LT_I32, SK_LT_I32, index, TABLE_LOW, TABLE_HIGH);
}

static void lookup_takes_an_element_of_the_table(void **state) {
  (void)state;
  assert_int_equal(lookup(0), 0x01234567);
  assert_int_equal(lookup(1), 0x81234567);
  assert_int_equal(lookup(2), 0x89ABCDEF);
  assert_int_equal(lookup(3), 0xFEDCBA98);
}

static void lookup_looks_at_two_bits(void **state) {
  (void)state;
  assert_int_equal(lookup(0x80000000), 0x01234567);
  assert_int_equal(lookup(0xFFFFFFFE), 0x89ABCDEF);
}

// The generator bakes the table into the code, so both halves have to be constants.
static void lookup_in_a_computed_table_is_rejected(void **state) {
  (void)state;
  sk_arena arena;
  sk_arena_init(&arena);
  const char *text = "program main args 1 results 1 slots 2 arena 0 consts 0 scratch 0\n"
                     "buf 1 arg 0 i64 4 slot 0\n"
                     "buf 2 result 0 i32 4 slot 1\n"
                     "kernel 1 k loc 0 scratch 0 {\n"
                     "  access 0 buf 1 i64 offset 0 strides 1\n"
                     "  access 1 buf 2 i32 offset 0 strides 1\n"
                     "  loop 0 par 4 lanes 1 unroll 1\n"
                     "  %1 i32 const 0x3020100\n"
                     "  %2 i64 const 0x0\n"
                     "  %3 loop 0\n"
                     "    %4 i64 load a0\n"
                     "    %5 i32 lookup %1 %2 %4\n"
                     "    %6 store a1 %5\n"
                     "  %7 end 3\n"
                     "}\n"
                     "body {\n"
                     "  kernel 1\n"
                     "}\n";
  sk_prog prog;
  sk_status status = sk_prog_parse("test", sk_str_from(text), &arena, &prog);
  if (status == NULL) {
    status = sk_prog_verify(&prog);
  }
  assert_non_null(status);
  assert_non_null(strstr(sk_status_message(status), "lookup"));
  sk_status_free(status);
  sk_arena_fini(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lookup_takes_an_element_of_the_table),
      cmocka_unit_test(lookup_looks_at_two_bits),
      cmocka_unit_test(lookup_in_a_computed_table_is_rejected),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
