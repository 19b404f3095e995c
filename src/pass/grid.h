// SPDX-License-Identifier: Apache-2.0
// Of the pass room only: a grid of processes as one program. Processes are those of an
// interpreter.run_parallel (grid.c), or the devices of an sdy.manual_computation (grid_manual.c).
#ifndef SK_PASS_GRID_H
#define SK_PASS_GRID_H

#include "pass/rebuild.h"

typedef struct sk_grid sk_grid;

// Writes all processes of `op` into `into` and gives its results values. While it
// does, *slot (NULL before and after) is the grid, and the hook of the rebuild must ask
// sk_grid_rewrite first.
sk_status sk_grid_run_parallel(sk_rebuild *r, sk_op op, sk_region into, sk_grid **slot);
sk_status sk_grid_manual_computation(sk_rebuild *r, sk_op op, sk_region into, sk_grid **slot);
// A hook (rebuild.h) for operations that mean something else in a process of the grid.
bool sk_grid_rewrite(sk_grid *g, sk_op op, sk_region into, sk_status *out_status);

#endif
