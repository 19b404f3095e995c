// SPDX-License-Identifier: Apache-2.0
// Programs that check themselves: `check` operations and custom calls @check.*, taken out of the
// program so that any executor can run it, and evaluated on its results.
//
//   before   main()          { %c = constant; %r = op %c; check.expect_eq_const %r, value }
//   after    main(%c)        { %r = op %c; return %r }          checks: result 0 against `value`
//
// Constants become arguments, or folding would answer and no code would be tested; those that fix a
// shape or a slice size stay.
#ifndef SK_COMPILE_CHECKS_H
#define SK_COMPILE_CHECKS_H

#include "compile/compile.h"
#include "interp/interp.h"

// Elements of a constant: one (splat) or all, copied.
typedef struct sk_check_data {
  const void *data;
  uint64_t bytes;
  bool splat;
} sk_check_data;

typedef struct sk_check {
  sk_check_spec spec;
  uint32_t actual, expected;  // results of the lifted entry; UINT32_MAX: `constant`
  sk_check_data constant;
  sk_elem elem;
  sk_srcpos pos;  // file: arena
} sk_check;

typedef struct sk_checks {
  bool keep_constants;
  sk_arena arena;  // holds what follows
  SK_VEC(sk_check) checks;
  uint32_t left_count;         // checks that stay: the interpreter executes them where they are
  SK_VEC(sk_check_data) args;  // arguments of the lifted entry, by index
  bool moves_only;             // nothing is computed: only constants, views, copies
} sk_checks;

typedef struct sk_test_report {
  uint64_t check_count, failed_count, constant_count, kernel_count, op_count;
  bool moves_only;
} sk_test_report;

// Compiles and runs a program without arguments, and evaluates its checks. A check that fails is
// reported to the sink and counted.
sk_status sk_compile_test(sk_client *client, const sk_compile_input *input, bool keep_constants,
                          sk_test_report *out_report) SK_NODISCARD;

#endif
