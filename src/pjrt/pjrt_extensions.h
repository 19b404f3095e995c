// SPDX-License-Identifier: Apache-2.0
// Extensions: tables behind PJRT_Api.extension_start, found by their number. Clients walk the list
// on every call, so it is short, and what they look for most comes first.
#ifndef SK_PJRT_PJRT_EXTENSIONS_H
#define SK_PJRT_PJRT_EXTENSIONS_H

#include "pjrt/pjrt_int.h"
#include "pjrt/pjrt_profiler.h"

// A kind of memory that a device has.
typedef struct sk_pjrt_memory_desc {
  int kind;  // index of sk_pjrt_memory_kinds
} sk_pjrt_memory_desc;

// Argument structs: sk_pjrt_NAME_args.
#define F(type, name) type name;
#define H F
#define LAYOUTS(name, last, fields)                                                                \
  typedef struct sk_pjrt_##name##_args {                                                           \
    size_t struct_size;                                                                            \
    fields                                                                                         \
  } sk_pjrt_##name##_args;                                                                         \
  sk_pjrt_error *sk_pjrt_##name(sk_pjrt_##name##_args *args);
#define SHARDINGS LAYOUTS
#define MEMORIES LAYOUTS
#define FFI LAYOUTS
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
#undef F
#undef H

// Tables: each begins with its node of the list.
#define SLOT(name, last, fields) sk_pjrt_error *(*name)(sk_pjrt_##name##_args *);
#define NONE(name, last, fields)
typedef struct sk_pjrt_layouts_table {
  sk_pjrt_extension base;
#define LAYOUTS SLOT
#define SHARDINGS NONE
#define MEMORIES NONE
#define FFI NONE
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
} sk_pjrt_layouts_table;
typedef struct sk_pjrt_shardings_table {
  sk_pjrt_extension base;
#define LAYOUTS NONE
#define SHARDINGS SLOT
#define MEMORIES NONE
#define FFI NONE
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
} sk_pjrt_shardings_table;
typedef struct sk_pjrt_memories_table {
  sk_pjrt_extension base;
#define LAYOUTS NONE
#define SHARDINGS NONE
#define MEMORIES SLOT
#define FFI NONE
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
} sk_pjrt_memories_table;
typedef struct sk_pjrt_ffi_table {
  sk_pjrt_extension base;
#define LAYOUTS NONE
#define SHARDINGS NONE
#define MEMORIES NONE
#define FFI SLOT
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
} sk_pjrt_ffi_table;
#undef SLOT
#undef NONE

extern const sk_pjrt_profiler_table sk_pjrt_profiler_extension;  // the head of the list

#endif
