// SPDX-License-Identifier: Apache-2.0
// Python callbacks of JAX programs, which are custom calls.
#ifndef SK_PJRT_PJRT_PYTHON_H
#define SK_PJRT_PJRT_PYTHON_H

#include "skarn/skarn.h"

// False: not one of their targets.
bool sk_pjrt_find_python_call(const char *target, skarn_custom_call *out_handler);

#endif
