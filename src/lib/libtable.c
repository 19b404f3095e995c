// SPDX-License-Identifier: Apache-2.0
// From builtin ids to the functions of this room, and what these share.
//
// One row per row of base/libcalls.def: a call named there without a function here fails to
// compile by name.
#include <string.h>

#include "base/mem.h"
#include "lib/lib.h"

#define SK_LIB_FN_SORT sk_lib_sort
#define SK_LIB_FN_LU sk_lib_lu

bool sk_lib_run_in_pool(const sk_frame *frame, sk_kernel_fn kernel, void *context, int64_t total,
                        int64_t grain) {
  sk_frame *own = frame->builtins ? sk_mem_alloc(sizeof *own + sizeof own->slots[0]) : NULL;
  if (!own) {
    return false;
  }
  memcpy(own, frame, sizeof *own);
  own->slots[0] = context;
  sk_parallel_fn parallel;
  memcpy(&parallel, &frame->builtins[SK_BUILTIN_PARALLEL], sizeof parallel);
  parallel(own, kernel, total, grain, 1);
  sk_mem_free(own);
  return true;
}

sk_libcall_fn sk_lib_find(sk_builtin builtin) {
  static const sk_libcall_fn functions[SK_BUILTIN_COUNT] = {
      [SK_BUILTIN_PARALLEL] = NULL,
      [SK_BUILTIN_HOST_CALL] = NULL,
#define X(name, ...) [SK_BUILTIN_##name] = SK_LIB_FN_##name,
#include "base/libcalls.def"
#undef X
  };
  return (unsigned)builtin < SK_BUILTIN_COUNT ? functions[builtin] : NULL;
}
