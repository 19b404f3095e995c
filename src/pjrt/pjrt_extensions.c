// SPDX-License-Identifier: Apache-2.0
// Extensions: layouts as text, shardings, kinds of memory. What a client can learn here it need not take from
// the optimised program, which this plugin does not give out.
//
// A layout's text is XLA's: the dimensions, minor first, "{1,0}". Handles that belong to an
// executable live as long as it; the others are the client's.
#include "pjrt/pjrt_extensions.h"

#include <stdio.h>
#include <string.h>

#include "pjrt/pjrt_door.h"
#include "pjrt/pjrt_executable.h"

#define F(type, field)
#define H(type, field) || !args->field
#define LAYOUTS(name, last, fields) SK_PJRT_DOOR(name, last, false fields)
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

#define SLOT(name, last, fields) .name = door_##name,
#define NONE(name, last, fields)

static const sk_pjrt_memories_table memories_extension = {
    .base = {sizeof memories_extension, SK_PJRT_EXTENSION_MEMORY_DESCRIPTIONS, NULL},
#define LAYOUTS NONE
#define SHARDINGS NONE
#define MEMORIES SLOT
#define FFI NONE
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
};

static const sk_pjrt_ffi_table ffi_extension = {
    .base = {sizeof ffi_extension, SK_PJRT_EXTENSION_FFI, &memories_extension.base},
#define LAYOUTS NONE
#define SHARDINGS NONE
#define MEMORIES NONE
#define FFI SLOT
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
};

static const sk_pjrt_shardings_table shardings_extension = {
    .base = {sizeof shardings_extension, SK_PJRT_EXTENSION_SHARDINGS, &ffi_extension.base},
#define LAYOUTS NONE
#define SHARDINGS SLOT
#define MEMORIES NONE
#define FFI NONE
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
};

static const sk_pjrt_layouts_table layouts_extension = {
    .base = {sizeof layouts_extension, SK_PJRT_EXTENSION_LAYOUTS, &shardings_extension.base},
#define LAYOUTS SLOT
#define SHARDINGS NONE
#define MEMORIES NONE
#define FFI NONE
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
};

// First: JAX's client looks for it before every execution, and reads all of it.
const sk_pjrt_profiler_table sk_pjrt_profiler_extension = {
    .base = {sizeof sk_pjrt_profiler_extension, SK_PJRT_EXTENSION_PROFILER,
             &layouts_extension.base},
    .api = &sk_pjrt_profiler_functions};

// ---- layouts

// Clients ask for the layout of every array that they show to Python: the usual ones are at hand.
enum { USUAL_RANKS = 6 };
static const char *const usual_texts[USUAL_RANKS] = {"{}",      "{0}",       "{1,0}",
                                                     "{2,1,0}", "{3,2,1,0}", "{4,3,2,1,0}"};
static sk_pjrt_layout usual_layouts[USUAL_RANKS] = {
    {0, true, {0}},       {1, true, {0}},          {2, true, {1, 0}},
    {3, true, {2, 1, 0}}, {4, true, {3, 2, 1, 0}}, {5, true, {4, 3, 2, 1, 0}}};

static bool is_usual(const sk_pjrt_layout *layout) {
  return layout >= usual_layouts && layout < usual_layouts + USUAL_RANKS;
}

sk_pjrt_error *
sk_pjrt_Layouts_MemoryLayout_Destroy(sk_pjrt_Layouts_MemoryLayout_Destroy_args *args) {
  if (!is_usual(args->layout)) {
    sk_mem_free(args->layout);
  }
  return NULL;
}

static void free_bytes(void *bytes) { sk_mem_free(bytes); }
static void keep_bytes(void *bytes) { (void)bytes; }

sk_pjrt_error *
sk_pjrt_Layouts_MemoryLayout_Serialize(sk_pjrt_Layouts_MemoryLayout_Serialize_args *args) {
  enum { ROOM = 3 * SK_PJRT_MAX_RANK + 3 };
  if (SK_LIKELY(is_usual(args->layout))) {
    uint32_t rank = args->layout->rank;
    args->serialized_bytes = usual_texts[rank];
    args->serialized_bytes_size = rank ? 2 * rank + 1 : 2;  // a digit and a mark for each
    args->serialized_layout = NULL;
    args->serialized_layout_deleter = keep_bytes;
    return NULL;
  }
  char *text = sk_mem_alloc(ROOM);
  if (!text) {
    return sk_pjrt_no_memory();
  }
  size_t at = 0;
  text[at++] = '{';
  for (uint32_t i = 0; i < args->layout->rank; i++) {
    at += (size_t)snprintf(text + at, ROOM - at, i ? ",%d" : "%d",
                           (int)args->layout->minor_to_major[i]);
  }
  text[at++] = '}';
  args->serialized_bytes = text;
  args->serialized_bytes_size = at;
  args->serialized_layout = text;
  args->serialized_layout_deleter = free_bytes;
  return NULL;
}

// `from`: NULL is row-major.
static sk_pjrt_error *new_layout(size_t rank, const sk_pjrt_layout *from,
                                 sk_pjrt_layout **out_layout) {
  if (SK_LIKELY(!from && rank < USUAL_RANKS)) {
    *out_layout = &usual_layouts[rank];
    return NULL;
  }
  *out_layout = NULL;
  if (rank > SK_PJRT_MAX_RANK) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "an array of rank %zu (at most %d)", rank,
                             SK_PJRT_MAX_RANK);
  }
  *out_layout = sk_mem_alloc(sizeof **out_layout);
  if (!*out_layout) {
    return sk_pjrt_no_memory();
  }
  if (from) {
    **out_layout = *from;
  } else {
    sk_pjrt_layout_row_major((uint32_t)rank, *out_layout);
  }
  return NULL;
}

sk_pjrt_error *sk_pjrt_Layouts_PJRT_Client_GetDefaultLayout(
    sk_pjrt_Layouts_PJRT_Client_GetDefaultLayout_args *args) {
  return new_layout(args->num_dims, NULL, &args->layout);
}

sk_pjrt_error *sk_pjrt_Layouts_PJRT_Topology_GetDefaultLayout(
    sk_pjrt_Layouts_PJRT_Topology_GetDefaultLayout_args *args) {
  return new_layout(args->num_dims, NULL, &args->layout);
}

sk_pjrt_error *
sk_pjrt_Layouts_PJRT_Buffer_MemoryLayout(sk_pjrt_Layouts_PJRT_Buffer_MemoryLayout_args *args) {
  return new_layout(skarn_buffer_rank(args->buffer->buffer), args->buffer->layout, &args->layout);
}

sk_pjrt_error *sk_pjrt_Layouts_PJRT_Executable_GetOutputLayouts(
    sk_pjrt_Layouts_PJRT_Executable_GetOutputLayouts_args *args) {
  args->num_outputs = args->executable->info.result_count;
  args->layouts = args->executable->result_layouts;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Layouts_PJRT_Executable_GetParameterLayouts(
    sk_pjrt_Layouts_PJRT_Executable_GetParameterLayouts_args *args) {
  args->num_parameters = args->executable->info.argument_count;
  args->layouts = args->executable->arg_layouts;
  return NULL;
}

// ---- shardings

sk_pjrt_error *sk_pjrt_Shardings_PJRT_Executable_ParameterShardings(
    sk_pjrt_Shardings_PJRT_Executable_ParameterShardings_args *args) {
  args->num_parameters = args->executable->info.argument_count;
  args->shardings = (const char *const *)args->executable->shardings;
  args->sharding_sizes = args->executable->sharding_sizes;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Shardings_PJRT_Executable_OutputShardings(
    sk_pjrt_Shardings_PJRT_Executable_OutputShardings_args *args) {
  const sk_pjrt_executable *executable = args->executable;
  size_t first = executable->info.argument_count;
  args->num_outputs = executable->info.result_count;
  // Without results there is nothing that a client could compare: no list, rather than an empty one.
  args->shardings = args->num_outputs ? (const char *const *)(executable->shardings + first) : NULL;
  args->sharding_sizes = executable->sharding_sizes + first;
  return NULL;
}

// ---- kinds of memory, of devices without a client

sk_pjrt_error *sk_pjrt_DeviceDescription_MemoryDescriptions(
    sk_pjrt_DeviceDescription_MemoryDescriptions_args *args) {
  static const sk_pjrt_memory_desc descs[SK_PJRT_MEMORY_KINDS] = {{0}, {1}, {2}};
  static const sk_pjrt_memory_desc *const list[SK_PJRT_MEMORY_KINDS] = {&descs[0], &descs[1],
                                                                        &descs[2]};
  args->memory_descriptions = list;
  args->num_memory_descriptions = SK_PJRT_MEMORY_KINDS;
  args->default_memory_index = 0;
  return NULL;
}

sk_pjrt_error *sk_pjrt_MemoryDescription_Kind(sk_pjrt_MemoryDescription_Kind_args *args) {
  args->kind_id = args->memory_description->kind;
  args->kind = sk_pjrt_memory_kinds[args->kind_id];
  args->kind_size = strlen(args->kind);
  return NULL;
}
