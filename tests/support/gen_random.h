// SPDX-License-Identifier: Apache-2.0
// Random well-formed kernels: nests of parallel, sequential and reduction loops, conditions,
// accesses of every element type with all sorts of strides, guards, dynamic offsets and gathers,
// scratch passed from one inner loop to the next. Narrow ones pass small integers and predicates
// through, element after element, wrapped now and then.
#ifndef TESTS_SUPPORT_GEN_RANDOM_H
#define TESTS_SUPPORT_GEN_RANDOM_H

#include "support/gen_run.h"

typedef struct gen_shape {
  uint32_t max_depth;   // loops
  uint32_t max_values;  // per body
  int64_t max_extent;
  bool allow_divisions;  // slow to run
  bool narrow;           // mostly what 8- and 16-bit lanes can hold
} gen_shape;

// One kernel with one statement, buffers placed; same seed, same program. The arena of the program
// must have bail set.
void gen_random_program(sk_prog *prog, uint64_t seed, const gen_shape *shape);

// Builds, runs and compares the program of `seed`; on a difference the message also holds the seed.
bool gen_random_check(uint64_t seed, const gen_shape *shape, const gen_target *target,
                      char message[GEN_MESSAGE_BYTES]);

#endif
