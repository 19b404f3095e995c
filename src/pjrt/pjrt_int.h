// SPDX-License-Identifier: Apache-2.0
// Inside the plugin: the objects a PJRT client holds, and what its files share.
//
//   sk_pjrt_client ── devices[] ── memories of each          one allocation, counted
//     sk_pjrt_buffer      skarn_buffer in one memory, and the layout the client asked for
//     sk_pjrt_executable  skarn_executable and what the client may ask of it
//       sk_pjrt_loaded      the same, on the devices it was compiled for
//   sk_pjrt_event         is a skarn_event under another name
//
// Counted objects keep what they refer to: a client may destroy them in any order. The plugin
// stands on the public API alone (skarn/skarn.h); from base it takes memory, locks and texts.
#ifndef SK_PJRT_PJRT_INT_H
#define SK_PJRT_PJRT_INT_H

#include <stdatomic.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "base/thread.h"
#include "pjrt/pjrt_abi.h"
#include "skarn/skarn.h"

// Slot functions: NAME of pjrt_slots.def is implemented by sk_pjrt_NAME, called with a struct that
// reaches to its last required field and whose H pointers are set.
#define SLOT(name, last, fields) sk_pjrt_error *sk_pjrt_##name(sk_pjrt_##name##_args *args);
#define VOID_SLOT(name, last, fields) void sk_pjrt_##name(sk_pjrt_##name##_args *args);
#define STUB(name, last, fields)
#include "pjrt/pjrt_slots.def"
#undef SLOT
#undef VOID_SLOT
#undef STUB

// Whether the client's struct has this field.
#define SK_PJRT_HAS(args, field)                                                                   \
  ((args)->struct_size >=                                                                          \
   (size_t)((const char *)&(args)->field - (const char *)(args)) + sizeof(args)->field)
#define SK_PJRT_GET(args, field, fallback) (SK_PJRT_HAS(args, field) ? (args)->field : (fallback))
#define SK_PJRT_SET(args, field, value)                                                            \
  do {                                                                                             \
    if (SK_PJRT_HAS(args, field)) {                                                                \
      (args)->field = (value);                                                                     \
    }                                                                                              \
  } while (0)

// Returns the error of `expression`, if any, from the calling function.
#define SK_PJRT_TRY(expression)                                                                    \
  do {                                                                                             \
    sk_pjrt_error *error_ = (expression);                                                          \
    if (SK_UNLIKELY(error_ != NULL)) {                                                             \
      return error_;                                                                               \
    }                                                                                              \
  } while (0)

static inline void *sk_pjrt_unconst(const void *pointer) { return (void *)(uintptr_t)pointer; }

// ---- errors (pjrt_error.c)

// Takes the status; NULL for NULL. An error about memory needs none.
sk_pjrt_error *sk_pjrt_error_from(skarn_status *status);
sk_pjrt_error *sk_pjrt_error_new(skarn_code code, const char *format, ...) SK_PRINTF(2, 3);
sk_pjrt_error *sk_pjrt_no_memory(void);
skarn_status *sk_pjrt_error_status(const sk_pjrt_error *error);  // a copy

// ---- element types and texts (pjrt_text.c)

skarn_type sk_pjrt_type_from(int pjrt_type);  // SKARN_TYPE_INVALID if unknown
int sk_pjrt_type_to(skarn_type type);
// A new heap text, or NULL without memory.
char *sk_pjrt_text(const char *format, ...) SK_PRINTF(1, 2);
bool sk_pjrt_name_is(const char *name, size_t size, const char *literal);

// ---- layouts (pjrt_layout.c)

enum { SK_PJRT_MAX_RANK = 32 };

// An order of dimensions, minor first; a handle of the Layouts extension.
struct sk_pjrt_layout {
  uint32_t rank;
  bool row_major;
  int64_t minor_to_major[SK_PJRT_MAX_RANK];
};

void sk_pjrt_layout_row_major(uint32_t rank, sk_pjrt_layout *out_layout);
// From what a client says; NULL = row-major. Tiles and strides that no order explains are
// UNIMPLEMENTED.
sk_pjrt_error *sk_pjrt_layout_read(const sk_pjrt_layout_spec *spec, uint32_t rank,
                                   const int64_t *dims, size_t elem_bytes,
                                   sk_pjrt_layout *out_layout);
// From text as in mhlo.layout_mode: "", "default", "auto", "{0,1}".
sk_pjrt_error *sk_pjrt_layout_parse(const char *text, uint32_t rank, sk_pjrt_layout *out_layout);
void sk_pjrt_layout_strides(const sk_pjrt_layout *layout, const int64_t *dims, size_t elem_bytes,
                            int64_t *out_strides);

// ---- clients, devices, memories (pjrt_client.c)

struct sk_pjrt_device_desc {
  int id;
  const char *kind;    // static
  char *debug, *text;  // owned by the topology
};

// Devices as such, without a client.
struct sk_pjrt_topology {
  const char *platform_name;  // static
  char *platform_version;
  size_t device_count;
  sk_pjrt_device_desc *descs;
  sk_pjrt_device_desc **desc_list;
};

sk_pjrt_error *sk_pjrt_topology_create(bool is_cpu, size_t device_count,
                                       sk_pjrt_topology **out_topology);
void sk_pjrt_topology_destroy(sk_pjrt_topology *topology);

enum { SK_PJRT_MEMORY_KINDS = 3, SK_PJRT_USER_DATA = 8 };

struct sk_pjrt_memory {
  const sk_pjrt_memory_table *table;  // first: the client looks here
  sk_pjrt_device *device;
  int id, kind;      // kind: index of sk_pjrt_memory_kinds
  size_t kind_size;  // of its name
  char *text;        // owned by the client
  struct {
    const void *_Atomic key;
    void *_Atomic data;
    void (*dtor)(void *);
  } user[SK_PJRT_USER_DATA];
};

typedef struct sk_pjrt_create_options sk_pjrt_create_options;

extern const char *const sk_pjrt_memory_kinds[SK_PJRT_MEMORY_KINDS];  // [0] is the default

struct sk_pjrt_device {
  sk_pjrt_client *client;
  skarn_device *device;
  skarn_buffer *token;        // stands for every token
  sk_pjrt_device_desc *desc;  // in the topology
  sk_pjrt_memory memories[SK_PJRT_MEMORY_KINDS];
  sk_pjrt_memory *memory_list[SK_PJRT_MEMORY_KINDS];
};

struct sk_pjrt_client {
  _Atomic uint32_t refs;
  skarn_client *client;
  sk_pjrt_topology *topology;  // owned
  size_t device_count;
  sk_pjrt_device *devices;
  sk_pjrt_device **device_list;
  sk_pjrt_memory **memory_list;
};

sk_pjrt_error *sk_pjrt_client_create(const sk_pjrt_create_options *options,
                                     sk_pjrt_client **out_client);
void sk_pjrt_client_retain(sk_pjrt_client *client);
void sk_pjrt_client_release(sk_pjrt_client *client);
// NULL: no such device.
sk_pjrt_device *sk_pjrt_client_find(const sk_pjrt_client *client, int64_t id);
// The memory that a call names, or the default one of the device it names, or of the first one.
sk_pjrt_error *sk_pjrt_client_place(sk_pjrt_client *client, sk_pjrt_memory *memory,
                                    sk_pjrt_device *device, sk_pjrt_memory **out_memory);

// ---- events (pjrt_event.c)

static inline sk_pjrt_event *sk_pjrt_event_from(skarn_event *event) {
  return (sk_pjrt_event *)(void *)event;
}
static inline skarn_event *sk_pjrt_event_to(const sk_pjrt_event *event) {
  return (skarn_event *)sk_pjrt_unconst(event);
}

// ---- host arrays (pjrt_host.c)

// The type of an array that a client describes, if it and the rank are ones of ours.
sk_pjrt_error *sk_pjrt_check_array(int type, const int64_t *dims, size_t rank,
                                   skarn_type *out_type);

// ---- buffers (pjrt_buffer.c)

struct sk_pjrt_buffer {
  _Atomic uint32_t refs;
  _Atomic uint32_t external;  // external references, each counted in refs
  skarn_buffer *buffer;       // one reference
  sk_pjrt_memory *memory;     // of a client that this keeps alive
  // What the client believes; the bytes are row-major. NULL: they agree.
  sk_pjrt_layout *layout;           // owned
  skarn_buffer *_Atomic in_layout;  // a copy in that order, made when somebody looks; owned
};

// Takes the reference to `buffer`; `layout` (copied) may be NULL or row-major.
sk_pjrt_error *sk_pjrt_buffer_wrap(skarn_buffer *buffer, sk_pjrt_memory *memory,
                                   const sk_pjrt_layout *layout, sk_pjrt_buffer **out_buffer);
void sk_pjrt_buffer_release(sk_pjrt_buffer *buffer);
bool sk_pjrt_buffer_is_pending(const sk_pjrt_buffer *buffer);  // its contents come later
// "Buffer has been deleted or donated."
sk_pjrt_error *sk_pjrt_buffer_gone(void);

// ---- copies (pjrt_copy.c)

// All bytes of a buffer once they are there, which the event tells.
sk_pjrt_error *sk_pjrt_copy_to_host(sk_pjrt_buffer *source, void *to, sk_pjrt_event **out_event);

#endif
