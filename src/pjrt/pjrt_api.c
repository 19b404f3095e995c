// SPDX-License-Identifier: Apache-2.0
// The table that a client gets, and the door in front of every slot.
//
// What is not supported answers UNIMPLEMENTED with its name: no slot is NULL.
#include "pjrt/pjrt_door.h"
#include "pjrt/pjrt_extensions.h"
#include "pjrt/pjrt_int.h"

SK_NOINLINE sk_pjrt_error *sk_pjrt_too_short(const char *name, const size_t *args,
                                             size_t required) {
  return args ? sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                                  "PJRT_%s: the argument struct has %zu bytes, at least %zu are "
                                  "needed",
                                  name, *args, required)
              : sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "PJRT_%s: no argument struct", name);
}

SK_NOINLINE sk_pjrt_error *sk_pjrt_pointer_missing(const char *name) {
  return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "PJRT_%s: a pointer is missing", name);
}

static SK_NOINLINE sk_pjrt_error *not_supported(const char *name) {
  return sk_pjrt_error_new(SKARN_UNIMPLEMENTED, "PJRT_%s is not supported by Skarn", name);
}

#define F(type, field)
#define H(type, field) || !args->field
#define SLOT(name, last, fields) SK_PJRT_DOOR(name, last, false fields)
#define VOID_SLOT(name, last, fields)                                                              \
  static void door_##name(sk_pjrt_##name##_args *args) {                                           \
    if (args && args->struct_size >= SK_PJRT_REQUIRED(name, last)) {                               \
      sk_pjrt_##name(args);                                                                        \
    }                                                                                              \
  }
#define STUB(name, last, fields)                                                                   \
  static sk_pjrt_error *door_##name(sk_pjrt_##name##_args *args) {                                 \
    (void)args;                                                                                    \
    return not_supported(#name);                                                                   \
  }
#include "pjrt/pjrt_slots.def"
#undef SLOT
#undef VOID_SLOT
#undef STUB
#undef F
#undef H

// ---- the plugin itself

sk_pjrt_error *sk_pjrt_Plugin_Initialize(sk_pjrt_Plugin_Initialize_args *args) {
  (void)args;
  return NULL;
}

// The newest StableHLO that clients may send; newer ones are read too. Before 1.17 custom calls could not be given
// futures, and clients refuse to send programs in which one is.
static const int64_t current_version[3] = {1, 17, 0};
static const int64_t minimum_version[3] = {0, 9, 0};

#define VERSION(text, array)                                                                       \
  {                                                                                                \
    .struct_size = sizeof(sk_pjrt_named_value), .name = (text), .name_size = sizeof(text) - 1,     \
    .type = SK_PJRT_INT64_LIST, {.int64_array_value = (array)}, .value_size = 3                    \
  }
static const sk_pjrt_named_value attributes[] = {
    VERSION("stablehlo_current_version", current_version),
    VERSION("stablehlo_minimum_version", minimum_version),
    {.struct_size = sizeof(sk_pjrt_named_value),
     .name = "xla_version",
     .name_size = 11,
     .type = SK_PJRT_INT64,
     {.int64_value = 2},
     .value_size = 1}};

sk_pjrt_error *sk_pjrt_Plugin_Attributes(sk_pjrt_Plugin_Attributes_args *args) {
  args->attributes = attributes;
  args->num_attributes = SK_COUNT(attributes);
  return NULL;
}

static const sk_pjrt_api api = {
    .struct_size = sizeof api,
    .extension_start = &sk_pjrt_profiler_extension.base,
    .version = {sizeof api.version, NULL, SK_PJRT_MAJOR, SK_PJRT_MINOR},
#define SLOT(name, last, fields) .name = door_##name,
#define VOID_SLOT SLOT
#define STUB SLOT
#include "pjrt/pjrt_slots.def"
#undef SLOT
#undef VOID_SLOT
#undef STUB
};

SK_EXPORT const sk_pjrt_api *GetPjrtApi(void) { return &api; }
