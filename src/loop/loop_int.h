// SPDX-License-Identifier: Apache-2.0
// For the loop room itself.
#ifndef SK_LOOP_LOOP_INT_H
#define SK_LOOP_LOOP_INT_H

#include "loop/loop.h"

typedef enum sk_lop_rule {
  SK_RULE_NONE,
  SK_RULE_A,
  SK_RULE_B,
  SK_RULE_T,
  SK_RULE_PRED
} sk_lop_rule;

extern const char *const sk_loop_kind_names[3],
    *const sk_lt_names[6], *const sk_mem_names[SK_MEM_COUNT], *const sk_buf_kind_names[5];
sk_lop_rule sk_lop_result_rule(sk_lop op);
bool sk_lop_is_commutative(sk_lop op);
// Exact local rewrites of a pure operation (x*1, select of a constant, double negation ...). Returns the replacement, or
// value 0 if none applies. May emit other instructions through the builder.
sk_val sk_build_simplify(sk_build *b, sk_lop op, sk_lt type, sk_val a, sk_val b2, sk_val c);
uint64_t sk_build_bound(const sk_build *b, sk_val v);  // largest unsigned value of an integer value
// Rewrites the finished instruction list: drops unused pure values, moves invariant ones in front of the outermost loop they
// do not depend on.
uint32_t sk_lop_latency(sk_lop op);  // about, in cycles
// Sets parallel, grain and align of every statement; needs the vector loops.
void sk_loop_parallelise(sk_prog *prog);
void sk_loop_find_sort_reads(sk_prog *prog);  // before memory is planned
// May kernel k write buffer n where c lies: it reads, of c, only the element that it then writes, and writes nothing to c.
bool sk_kernel_replaces(const sk_kernel *k, uint32_t c, uint32_t n);
// Merges perfectly nested parallel loops whose accesses are contiguous.
void sk_kernel_collapse(sk_kernel *k, sk_arena *arena);
// Writes out short innermost loops, so that lanes run along those around; lists grow in `arena`,
// the program's.
void sk_kernel_unroll(sk_kernel *k, uint32_t vector_bytes, sk_arena *arena);
// Splits two loops into tiles where an array is walked across the other; lists grow in `arena`, the program's.
void sk_kernel_tile(sk_kernel *k, sk_arena *arena);
// Minima and maxima by integers where that is shorter (order_keys.c); the new list lies in `arena`. False: nothing changed.
bool sk_kernel_use_order_keys(sk_kernel *k, sk_arena *arena);
// Is value v the maximum or minimum (FMAX, FMIN) of two floats, of[], written out as the builder does, in parts that nobody else
// reads? uses[]: by instruction. NONE: it is not.
sk_lop sk_kernel_match_extreme(const sk_kernel *k, uint32_t v, const uint32_t *uses, sk_val of[2]);
// Lets the trips of a sequential loop run along lanes where none waits for another, or their larger part (spread_trips.c).
void sk_kernel_spread_trips(sk_prog *prog, uint32_t kernel, sk_arena *scratch);
void sk_kernel_clean(sk_kernel *kernel, sk_arena *arena,
                     sk_arena *keep);  // the new list lies in `keep`

#endif
