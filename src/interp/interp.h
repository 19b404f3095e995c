// SPDX-License-Identifier: Apache-2.0
// The reference interpreter: executes a verified module op by op as the StableHLO specification defines it (where it leaves a choice: as
// docs/numerics.md says). The first oracle: written for clarity, it sees nothing of the compiler.
//
// Floats are computed in double and rounded once to the result type (bf16 and smaller: to f32 first, as generated code does). Reductions run in ascending
// order in double, dots in ascending order with one fused step each in f32 (f64). No contraction: it is always strict.
#ifndef SK_INTERP_INTERP_H
#define SK_INTERP_INTERP_H

#include "ir/ir.h"

// args[i], results[i]: dense row-major storage of the entry's i-th argument and result, one element per sk_elem_bytes; results are
// overwritten. All types must be static tensors. Errors: UNIMPLEMENTED with op and location; RESOURCE_EXHAUSTED.
// Re-entrant; only reads the module.
sk_status sk_interp_run(const sk_module *m, sk_op entry, const void *const *args, void *const *results) SK_NODISCARD;

#endif
