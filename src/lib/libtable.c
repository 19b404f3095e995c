// SPDX-License-Identifier: Apache-2.0
// From builtin ids to the functions of this room.
//
// One row per row of base/libcalls.def: a call named there without a function here fails to
// compile by name. Custom calls are the runtime's, which puts its own function in their place; whoever
// else runs a program, as the loop runner does, cannot make them.
#include "lib/lib.h"

#define SK_LIB_FN_SORT sk_lib_sort
#define SK_LIB_FN_CUSTOM no_custom_call

static void no_custom_call(sk_frame *frame, void *const *pointers, const int64_t *params) {
  (void)pointers;
  (void)params;
  frame->fault = SK_UNIMPLEMENTED;
}

sk_libcall_fn sk_lib_find(sk_builtin builtin) {
  static const sk_libcall_fn functions[SK_BUILTIN_COUNT] = {
      [SK_BUILTIN_PARALLEL] = NULL,
#define X(name, ...) [SK_BUILTIN_##name] = SK_LIB_FN_##name,
#include "base/libcalls.def"
#undef X
  };
  return (unsigned)builtin < SK_BUILTIN_COUNT ? functions[builtin] : NULL;
}
