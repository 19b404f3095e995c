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
// Every op of the language runs, dynamic shapes included; collective ops run in the processes of
// interpreter.run_parallel (threads), or in a grid of one process.
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

#endif
