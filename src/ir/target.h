// SPDX-License-Identifier: Apache-2.0
// Custom calls whose meaning is known (targets.def): what they are asked for, their operands checked.
//
// Matrices are the last two dimensions, any others are batches. n x n and m x n below are of one
// matrix, k = min(m, n). Where a library gives `info` [batch], i32, it is 0, or the number (from 1)
// of the step that failed.
#ifndef SK_IR_TARGET_H
#define SK_IR_TARGET_H

#include "ir/ir.h"

typedef enum sk_target {
  SK_TARGET_NONE,
  // (a: n x n) -> (factor in one triangle of a, info)
  SK_TARGET_CHOLESKY,
  // (a: n x n, b) -> x of op(a) x = b, or x op(a) = b
  SK_TARGET_TRIANGULAR_SOLVE,
  // (dl: n, d: n, du: n, b: n x m) -> (x), or (dl, d, du, x, info), whose first three are the
  // factor U: its second diagonal above, its main one, and the first one above
  SK_TARGET_TRIDIAGONAL_SOLVE,
  // (a: m x n) -> (L below U, pivots [k] from 1, info)
  SK_TARGET_LU,
  // (a: m x n) -> tuple(L below U, pivots [k] from 0, permutation [m])
  SK_TARGET_LU_PERMUTED,
  // (a: m x n) -> (L below U, pivots [k] from 0, info, permutation [m]): what the other two are made
  // of, which is not expanded further
  SK_TARGET_LU_STEPS,
  // (pivots from 0 [k]) -> (permutation [m], m >= k)
  SK_TARGET_PIVOTS,
  // (a: m x n) -> (vectors of reflectors below R, taus [k]), or a tuple of them
  SK_TARGET_QR,
  // (vectors of reflectors below the diagonal: m x n, taus [at most n]) -> (their product: m x n)
  SK_TARGET_HOUSEHOLDER,
  // (key 0, key 1, counter 0, counter 1) -> (bits 0, bits 1), all ui32 of one shape
  SK_TARGET_THREEFRY,
  // (arrays, initial values) -> (arrays), the first ones along a dimension in the order of a function
  SK_TARGET_TOP_K,
} sk_target;

typedef struct sk_target_call {
  sk_target target;
  sk_type_rec operand;  // the first one's type
  uint32_t batch_rank;
  int64_t rows, columns;  // of a matrix: the first operand, or b of TRIDIAGONAL_SOLVE; PIVOTS: k, m
  int64_t count;          // pivots, taus
  bool lower, left_side, unit_diagonal;
  int64_t transpose;  // SK_ENUM_TRANSPOSE
  bool tupled;        // the one result is a tuple of what the function gives
  int64_t dimension;  // TOP_K
  sk_op comparator;   // TOP_K: function of pairs of elements
} sk_target_call;

// What a custom call asks for; SK_TARGET_NONE when its target is none of these. UNIMPLEMENTED when
// operands, results, options or layouts are not as above: matrices are by columns in memory, where the
// program says how they are.
sk_status sk_target_read(const sk_module *m, sk_op op, sk_target_call *out) SK_NODISCARD;
// Type of result `i` of the function, which may be a member of a tuple.
sk_type sk_target_result_type(const sk_module *m, sk_op op, const sk_target_call *call, uint32_t i);

#endif
