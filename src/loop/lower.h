// SPDX-License-Identifier: Apache-2.0
// Module and plan -> program tree with kernels in loop IR, memory not yet placed.
//
// Reads the module (one entry function, everything inlined) and the plan of the passes; may not rewrite either. Locations go along
// as ids. Errors: UNIMPLEMENTED, located, for an op or element type without lowering; exhaustion bails through the arenas.
#ifndef SK_LOOP_LOWER_H
#define SK_LOOP_LOWER_H

#include "base/guard.h"
#include "ir/plan.h"
#include "loop/loop.h"

typedef struct sk_lower_options {
  bool strict;  // (contraction was decided by the plan; kept for dumps)
} sk_lower_options;

// Arguments and results of the entry become ARG and RESULT buffers in order.
// `scratch` serves one kernel after the other; what it holds on return, or after a bail, is of no use.
sk_status sk_lower_module(const sk_module *m, sk_op entry, const sk_plan *plan, sk_arena *arena,
                          sk_arena *scratch, sk_prog *out_prog);

// An argument that the caller gives up, and the result that is to lie in its place.
#define SK_ANY_RESULT UINT32_MAX
typedef struct sk_donor {
  uint32_t arg, result;  // indices; SK_ANY_RESULT: the program names none
} sk_donor;
// Lets results take the storage of donors where that is safe; before sk_schedule.
void sk_schedule_donors(sk_prog *prog, const sk_donor *donors, uint32_t count);

// Places temporaries, constants and scratch; assigns frame slots; lets while carries be updated in place where that is possible.
// Testing: with a guard, every temporary gets pages of its own, ending (or starting) where a page of prog->gaps begins (ends).
void sk_schedule(sk_prog *prog, sk_guard guard);

#endif
