// SPDX-License-Identifier: Apache-2.0
// One-operation kernels: the case list that the native tests and the emulated ones share.
#ifndef TESTS_SUPPORT_GEN_OPS_H
#define TESTS_SUPPORT_GEN_OPS_H

#include "support/gen_run.h"

enum { GEN_OPS_QUICK, GEN_OPS_THOROUGH };

uint32_t gen_op_count(void);  // operation and type combinations
// Runs every variant of combination `index`; false with a message at the first difference.
bool gen_op_check(uint32_t index, const gen_target *target, int effort, uint32_t *cases,
                  char message[GEN_MESSAGE_BYTES]);

#endif
