// SPDX-License-Identifier: Apache-2.0
// The door in front of every function that a client calls: it refuses a struct that is too short
// and a pointer that must be there, so that the functions need not. Included where a table of such
// functions is made.
//
//   door_NAME(args)   checks, then sk_pjrt_NAME(args)
#ifndef SK_PJRT_PJRT_DOOR_H
#define SK_PJRT_PJRT_DOOR_H

#include "pjrt/pjrt_int.h"

sk_pjrt_error *sk_pjrt_too_short(const char *name, const size_t *args, size_t required);
sk_pjrt_error *sk_pjrt_pointer_missing(const char *name);

#define SK_PJRT_REQUIRED(name, last)                                                               \
  (offsetof(sk_pjrt_##name##_args, last) + sizeof(((sk_pjrt_##name##_args *)NULL)->last))

// `missing`: an expression, true if a pointer of *args is missing.
#define SK_PJRT_DOOR(name, last, missing)                                                          \
  static sk_pjrt_error *door_##name(sk_pjrt_##name##_args *args) {                                 \
    if (SK_UNLIKELY(!args || args->struct_size < SK_PJRT_REQUIRED(name, last))) {                  \
      return sk_pjrt_too_short(#name, (const size_t *)args, SK_PJRT_REQUIRED(name, last));         \
    }                                                                                              \
    if (SK_UNLIKELY(missing)) {                                                                    \
      return sk_pjrt_pointer_missing(#name);                                                       \
    }                                                                                              \
    return sk_pjrt_##name(args);                                                                   \
  }

#endif
