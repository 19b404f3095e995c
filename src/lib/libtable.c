// SPDX-License-Identifier: Apache-2.0
// From builtin ids to the functions of this room.
//
// One row per row of base/libcalls.def: a call named there without a function here fails to
// compile by name.
#include "lib/lib.h"

#define SK_LIB_FN_SORT sk_lib_sort

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
