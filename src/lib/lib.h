// SPDX-License-Identifier: Apache-2.0
// Library calls: C functions that generated code and plans reach through frame->builtins.
//
// Each has the signature sk_libcall_fn and the pointers and parameters that base/libcalls.def
// states. They are as deterministic as generated code: the order of every operation is fixed by the
// definition, and the bits depend neither on threads nor on the machine. They may allocate through
// base/mem.h; what fails is a status code in frame->fault, and then the outputs are undefined.
// Thread rule: no state; any number of calls at once.
#ifndef SK_LIB_LIB_H
#define SK_LIB_LIB_H

#include "base/abi.h"
#include "base/status.h"

// The function behind a builtin; NULL for those that the runtime supplies.
sk_libcall_fn sk_lib_find(sk_builtin builtin);

// Runs a kernel in the pool of the caller, with `context` in the one slot of its frame. False: there
// is no pool, or no memory, and nothing was run.
bool sk_lib_run_in_pool(const sk_frame *frame, sk_kernel_fn kernel, void *context, int64_t total,
                        int64_t grain);

void sk_lib_lu(sk_frame *frame, void *const *pointers, const int64_t *params);
void sk_lib_sort(sk_frame *frame, void *const *pointers, const int64_t *params);

#endif
