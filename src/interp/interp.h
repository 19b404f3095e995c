// SPDX-License-Identifier: Apache-2.0
// The reference interpreter: executes a verified module op by op as the StableHLO specification
// defines it (where it leaves a choice: as docs/numerics.md says). The first oracle: written for
// clarity, it sees nothing of the compiler.
//
// Floats are computed in double and rounded once to the result type (bf16 and smaller: to f32
// first, as generated code does). reduce runs in ascending order in double; windows, scatters and
// the products of dots and convolutions are added in ascending order, every step rounded. No
// contraction: it is always strict. Quantized ops compute on the floats their operands stand for.
//
// Every op of StableHLO runs, dynamic shapes included; collective ops run in the processes of
// interpreter.run_parallel (threads), on the devices that a program with manual computations wants (one
// process each, with the same arguments), or in a grid of one process.
#ifndef SK_INTERP_INTERP_H
#define SK_INTERP_INTERP_H

#include "ir/ir.h"

// args[i], results[i]: dense row-major storage of the entry's i-th argument and result, one element
// per sk_elem_bytes; results are overwritten. The entry's types must be static tensors. Errors have
// op and location: UNIMPLEMENTED; INVALID_ARGUMENT for what only running shows (shapes that do not
// fit, a size out of range); FAILED_PRECONDITION for processes that wait for nobody;
// RESOURCE_EXHAUSTED. Re-entrant; only reads the module.
sk_status sk_interp_run(const sk_module *m, sk_op entry, const void *const *args,
                        void *const *results) SK_NODISCARD;

// Looks on while the entry's own operations run. `value` is called after each operation, once for every result that
// is a tensor, with its elements, and may put others in their place: what follows then computes on
// those. So two executors can be compared operation by operation, without errors that add up.
typedef struct sk_interp sk_interp;
typedef struct sk_interp_observer {
  void (*value)(void *user, sk_interp *s, sk_op op, uint32_t result, void *data, int64_t count);
  void *user;
} sk_interp_observer;
sk_status sk_interp_run_observed(const sk_module *m, sk_op entry, const void *const *args,
                                 void *const *results,
                                 const sk_interp_observer *observer) SK_NODISCARD;

// What an operation is run again with, and all that its regions and functions run: `operand` alters an operand that is a tensor
// before, `inner` a result of an operation inside after (operands[i]: their elements, NULL for what is no tensor). NULL: nothing
// is altered.
typedef struct sk_interp_changes {
  void (*operand)(void *user, sk_op op, uint32_t index, void *data, int64_t count);
  void (*inner)(void *user, sk_op op, uint32_t result, const void *const *operands, void *data,
                int64_t count);
  void *user;
} sk_interp_changes;
// Called by an observer for the operation that it is shown: runs it again and copies its result, which must have the
// elements it had before, to `out`. What the program computes stays as it is.
sk_status sk_interp_run_again(sk_interp *s, sk_op op, uint32_t result,
                              const sk_interp_changes *changes, void *out,
                              int64_t count) SK_NODISCARD;

// ---- the rules of the `check` dialect, and of custom calls @check.* (interp_compare.c)
//
// A check that the interpreter meets in a program is executed: one that fails is an error of code
// FAILED_PRECONDITION. Others take checks out of a program and ask here.
typedef enum sk_check_rule { SK_CHECK_EQ, SK_CHECK_ALMOST_EQ, SK_CHECK_CLOSE } sk_check_rule;

typedef struct sk_check_spec {
  sk_check_rule rule;
  double tolerance;             // ALMOST_EQ: largest absolute difference
  uint64_t max_ulps, min_ulps;  // CLOSE: the largest difference must lie in between
  const char *name;             // static: "expect_eq"
} sk_check_spec;

typedef struct sk_compare_result {
  int64_t elem;
  double actual, expected;
  double difference;  // absolute, or in units in the last place
} sk_compare_result;

// False: the op is no check of values.
bool sk_check_describe(const sk_module *m, sk_op op, sk_check_spec *out);
// Compares `count` elements; false: *out_worst says where and how they differ.
bool sk_compare_elems(const sk_check_spec *check, sk_elem elem, const void *actual,
                      const void *expected, bool expected_splat, int64_t count,
                      sk_compare_result *out_worst);
// The error that says so.
sk_status sk_check_failure(const sk_check_spec *check, const sk_compare_result *worst,
                           sk_srcpos pos) SK_NODISCARD;

#endif
