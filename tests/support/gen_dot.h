// SPDX-License-Identifier: Apache-2.0
// Random matrix products: every size around the edges of tiles, panels and blocks, operands in either
// order with and without gaps between their rows, batches.
#ifndef TESTS_SUPPORT_GEN_DOT_H
#define TESTS_SUPPORT_GEN_DOT_H

#include "support/gen_run.h"

typedef struct gen_dot_shape {
  int64_t max_rows, max_columns, max_steps;
} gen_dot_shape;

// Builds the product of `seed`, runs it as machine code and in the loop runner, and compares; on a
// difference the message also says which product it was.
bool gen_dot_check(uint64_t seed, const gen_dot_shape *shape, const gen_target *target,
                   char message[GEN_MESSAGE_BYTES]);

#endif
