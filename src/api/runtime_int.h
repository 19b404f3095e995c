// SPDX-License-Identifier: Apache-2.0
// Between the public C API and the rooms: handles are the runtime's objects under another name, and
// structs of callers may be shorter or longer than ours.
#ifndef SK_API_RUNTIME_INT_H
#define SK_API_RUNTIME_INT_H

#include <string.h>

#include "rt/rt.h"
#include "skarn/runtime.h"

// A public handle and the object behind it are one pointer.
#define SK_HANDLE(name, public_type, internal_type)                                                \
  static inline public_type *sk_api_to_##name(internal_type *object) {                             \
    return (public_type *)(void *)object;                                                          \
  }                                                                                                \
  static inline internal_type *sk_api_##name(const public_type *handle) {                          \
    return (internal_type *)(uintptr_t)handle;                                                     \
  }
SK_HANDLE(status, skarn_status, struct sk_status_rec)
SK_HANDLE(client, skarn_client, sk_client)
SK_HANDLE(device, skarn_device, sk_device)
SK_HANDLE(buffer, skarn_buffer, sk_buffer)
SK_HANDLE(event, skarn_event, sk_event)
SK_HANDLE(exec, skarn_executable, sk_exec)
#undef SK_HANDLE

static inline skarn_status *sk_api_error(sk_code code, const char *message) {
  return sk_api_to_status(sk_status_new(code, "%s", message));
}

// Copies the caller's struct into one of ours: what the caller does not have is zero. False: it has
// no size, or a field that we do not know is not zero.
bool sk_api_read_struct(const void *from, size_t known_bytes, void *to);
// Copies as much of ours as the caller has room for, and keeps its struct_size.
void sk_api_write_struct(const void *from, size_t known_bytes, void *to);

#define SK_API_READ(from, to)                                                                      \
  do {                                                                                             \
    if (!sk_api_read_struct((from), sizeof *(to), (to))) {                                         \
      return sk_api_error(SK_INVALID_ARGUMENT, "a struct lacks its struct_size, or sets a field "  \
                                               "this version does not know");                      \
    }                                                                                              \
  } while (0)

#define SK_API_REQUIRE(condition, what)                                                            \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      return sk_api_error(SK_INVALID_ARGUMENT, what);                                              \
    }                                                                                              \
  } while (0)

// Sets options one after the other; texts are copied to the arena.
sk_status sk_api_set_options(sk_flags *flags, sk_arena *arena, const skarn_option *options,
                             size_t count) SK_NODISCARD;

skarn_status *sk_api_new_bytes(void *heap, size_t size, skarn_bytes **out_bytes);  // takes heap

#endif
