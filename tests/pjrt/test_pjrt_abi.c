// SPDX-License-Identifier: Apache-2.0
// The plugin's own declaration of the interface against the official header, where that is present:
// every slot's place in the table, every field's offset and size, every number.
//
// The header is looked for where SKARN_ABI says, at build time; without it the test is skipped.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "pjrt/pjrt_extensions.h"
#include "pjrt/pjrt_ffi.h"

#ifdef SK_TEST_PJRT_HEADERS
#include <xla/ffi/api/c_api.h>
#include <xla/pjrt/c/pjrt_c_api.h>
#include <xla/pjrt/c/pjrt_c_api_ffi_extension.h>
#include <xla/pjrt/c/pjrt_c_api_layouts_extension.h>
#include <xla/pjrt/c/pjrt_c_api_memory_descriptions_extension.h>
#include <xla/pjrt/c/pjrt_c_api_shardings_extension.h>

static int differences;

static void compare(const char *what, const char *field, size_t ours, size_t theirs) {
  if (ours != theirs) {
    fprintf(stderr, "%s.%s: %zu here, %zu there\n", what, field, ours, theirs);
    differences++;
  }
}

// One function per struct, in which `ours` and `theirs` name its two declarations.
#define F(type, field)                                                                             \
  compare(name, #field, offsetof(ours, field), offsetof(theirs, field));                           \
  compare(name, #field " (size)", sizeof(((ours *)NULL)->field), sizeof(((theirs *)NULL)->field));
#define H F
#define STRUCT(slot, last, fields)                                                                 \
  static void check_##slot(void) {                                                                 \
    typedef sk_pjrt_##slot##_args ours;                                                            \
    typedef PJRT_##slot##_Args theirs;                                                             \
    const char *name = #slot;                                                                      \
    fields compare(name, "struct", sizeof(ours), sizeof(theirs));                                  \
  }
#define SLOT STRUCT
#define VOID_SLOT STRUCT
#define STUB STRUCT
#include "pjrt/pjrt_slots.def"
#undef SLOT
#undef VOID_SLOT
#undef STUB
#define LAYOUTS STRUCT
#define SHARDINGS STRUCT
#define MEMORIES STRUCT
#define FFI STRUCT
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
#undef F
#undef H

static void test_argument_structs(void **state) {
  (void)state;
  differences = 0;
#define SLOT(slot, last, fields) check_##slot();
#define VOID_SLOT SLOT
#define STUB SLOT
#define LAYOUTS SLOT
#define SHARDINGS SLOT
#define MEMORIES SLOT
#define FFI SLOT
#include "pjrt/pjrt_extensions.def"
#include "pjrt/pjrt_slots.def"
#undef SLOT
#undef VOID_SLOT
#undef STUB
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
  assert_int_equal(differences, 0);
}

static void test_table(void **state) {
  (void)state;
  differences = 0;
#define SLOT(slot, last, fields)                                                                   \
  compare("PJRT_Api", #slot, offsetof(sk_pjrt_api, slot), offsetof(PJRT_Api, PJRT_##slot));
#define VOID_SLOT SLOT
#define STUB SLOT
#include "pjrt/pjrt_slots.def"
#undef SLOT
#undef VOID_SLOT
#undef STUB
  compare("PJRT_Api", "size", sizeof(sk_pjrt_api), PJRT_Api_STRUCT_SIZE);
  compare("PJRT_Api", "version", offsetof(sk_pjrt_api, version),
          offsetof(PJRT_Api, pjrt_api_version));
  compare("PJRT_Api", "minor", SK_PJRT_MINOR, PJRT_API_MINOR);
#define LAYOUTS(slot, last, fields)                                                                \
  compare("Layouts", #slot, offsetof(sk_pjrt_layouts_table, slot),                                 \
          offsetof(PJRT_Layouts_Extension, PJRT_##slot));
#define SHARDINGS(slot, last, fields)                                                              \
  compare("Shardings", #slot, offsetof(sk_pjrt_shardings_table, slot),                             \
          offsetof(PJRT_Shardings_Extension, PJRT_##slot));
#define MEMORIES(slot, last, fields)                                                               \
  compare("MemoryDescriptions", #slot, offsetof(sk_pjrt_memories_table, slot),                     \
          offsetof(PJRT_MemoryDescriptions_Extension, PJRT_##slot));
#define FFI(slot, last, fields)
#include "pjrt/pjrt_extensions.def"
#undef LAYOUTS
#undef SHARDINGS
#undef MEMORIES
#undef FFI
  assert_int_equal(differences, 0);
}

// The interface to handlers of custom calls.
#define F(type, field)                                                                             \
  compare(name, #field, offsetof(ours, field), offsetof(theirs, field));                           \
  compare(name, #field " (size)", sizeof(((ours *)NULL)->field), sizeof(((theirs *)NULL)->field));
#define X(slot, last, fields)                                                                      \
  static void check_ffi_##slot(void) {                                                             \
    typedef sk_ffi_##slot##_args ours;                                                             \
    typedef XLA_FFI_##slot##_Args theirs;                                                          \
    const char *name = "XLA_FFI_" #slot;                                                           \
    fields compare(name, "struct", sizeof(ours), sizeof(theirs));                                  \
    compare("XLA_FFI_Api", #slot, offsetof(sk_ffi_api, slot),                                      \
            offsetof(XLA_FFI_Api, XLA_FFI_##slot));                                                \
  }
#include "pjrt/pjrt_ffi.def"
#undef X
#undef F

static void test_foreign_functions(void **state) {
  (void)state;
  differences = 0;
#define X(slot, last, fields) check_ffi_##slot();
#include "pjrt/pjrt_ffi.def"
#undef X
  compare("XLA_FFI_Api", "size", sizeof(sk_ffi_api), sizeof(XLA_FFI_Api));
  compare("XLA_FFI_Api", "minor", SK_FFI_MINOR, XLA_FFI_API_MINOR);
  compare("XLA_FFI_CallFrame", "args", offsetof(sk_ffi_call_frame, args),
          offsetof(XLA_FFI_CallFrame, args));
  compare("XLA_FFI_CallFrame", "attrs", offsetof(sk_ffi_call_frame, attrs),
          offsetof(XLA_FFI_CallFrame, attrs));
  compare("XLA_FFI_CallFrame", "future", offsetof(sk_ffi_call_frame, future),
          offsetof(XLA_FFI_CallFrame, future));
  compare("XLA_FFI_CallFrame", "stated size", SK_FFI_CALL_FRAME_BYTES,
          XLA_FFI_CallFrame_STRUCT_SIZE);
  compare("XLA_FFI_Args", "stated size", sizeof(sk_ffi_values), XLA_FFI_Args_STRUCT_SIZE);
  compare("XLA_FFI_Attrs", "stated size", sizeof(sk_ffi_attrs), XLA_FFI_Attrs_STRUCT_SIZE);
  compare("XLA_FFI_Buffer", "stated size", sizeof(sk_ffi_buffer), XLA_FFI_Buffer_STRUCT_SIZE);
  compare("XLA_FFI_Api", "stated size", sizeof(sk_ffi_api), XLA_FFI_Api_STRUCT_SIZE);
  compare("XLA_FFI_Buffer", "dims", offsetof(sk_ffi_buffer, dims), offsetof(XLA_FFI_Buffer, dims));
  compare("XLA_FFI_Attrs", "attrs", offsetof(sk_ffi_attrs, attrs), offsetof(XLA_FFI_Attrs, attrs));
  compare("XLA_FFI_Array", "data", offsetof(sk_ffi_array, data), offsetof(XLA_FFI_Array, data));
  compare("XLA_FFI_Scalar", "value", offsetof(sk_ffi_scalar, value),
          offsetof(XLA_FFI_Scalar, value));
  compare("XLA_FFI_AttrType", "string", SK_FFI_STRING, XLA_FFI_AttrType_STRING);
  compare("XLA_FFI_AttrType", "scalar", SK_FFI_SCALAR, XLA_FFI_AttrType_SCALAR);
  compare("XLA_FFI_ExecutionStage", "execute", SK_FFI_EXECUTE, XLA_FFI_ExecutionStage_EXECUTE);
  compare("XLA_FFI_DataType", "bf16", 16, XLA_FFI_DataType_BF16);
  compare("XLA_FFI_DataType", "token", 17, XLA_FFI_DataType_TOKEN);
  assert_int_equal(differences, 0);
}

#define FIELD(record, official, field)                                                             \
  compare(#official, #field, offsetof(record, field), offsetof(official, field));
#define SIZE(record, official) compare(#official, "size", sizeof(record), sizeof(official));

static void test_records(void **state) {
  (void)state;
  differences = 0;
  FIELD(sk_pjrt_named_value, PJRT_NamedValue, name_size)
  FIELD(sk_pjrt_named_value, PJRT_NamedValue, type)
  FIELD(sk_pjrt_named_value, PJRT_NamedValue, int64_value)
  FIELD(sk_pjrt_named_value, PJRT_NamedValue, value_size)
  SIZE(sk_pjrt_named_value, PJRT_NamedValue)
  FIELD(sk_pjrt_program, PJRT_Program, code_size)
  FIELD(sk_pjrt_program, PJRT_Program, format_size)
  SIZE(sk_pjrt_program, PJRT_Program)
  FIELD(sk_pjrt_tiled, PJRT_Buffer_MemoryLayout_Tiled, minor_to_major_size)
  FIELD(sk_pjrt_tiled, PJRT_Buffer_MemoryLayout_Tiled, num_tiles)
  FIELD(sk_pjrt_strides, PJRT_Buffer_MemoryLayout_Strides, num_byte_strides)
  FIELD(sk_pjrt_layout_spec, PJRT_Buffer_MemoryLayout, tiled)
  FIELD(sk_pjrt_layout_spec, PJRT_Buffer_MemoryLayout, type)
  SIZE(sk_pjrt_layout_spec, PJRT_Buffer_MemoryLayout)
  FIELD(sk_pjrt_shape_spec, PJRT_ShapeSpec, num_dims)
  FIELD(sk_pjrt_shape_spec, PJRT_ShapeSpec, element_type)
  SIZE(sk_pjrt_logical_id, PJRT_LogicalDeviceIds)
  FIELD(sk_pjrt_execute_options, PJRT_ExecuteOptions, launch_id)
  FIELD(sk_pjrt_execute_options, PJRT_ExecuteOptions, non_donatable_input_indices)
  FIELD(sk_pjrt_execute_options, PJRT_ExecuteOptions, context)
  FIELD(sk_pjrt_execute_options, PJRT_ExecuteOptions, num_tasks)
  FIELD(sk_pjrt_execute_options, PJRT_ExecuteOptions, num_hlo_output_callbacks)
  SIZE(sk_pjrt_execute_options, PJRT_ExecuteOptions)
  FIELD(sk_pjrt_load_options, PJRT_LoadOptions, multi_slice_config)
  FIELD(sk_pjrt_error_table, PJRT_Error_FunctionTable, for_each_payload)
  SIZE(sk_pjrt_error_table, PJRT_Error_FunctionTable)
  FIELD(sk_pjrt_memory_table, PJRT_Memory_FunctionTable, set_user_data)
  SIZE(sk_pjrt_memory_table, PJRT_Memory_FunctionTable)
  FIELD(sk_pjrt_extension, PJRT_Extension_Base, next)
  assert_int_equal(differences, 0);
}

static void test_numbers(void **state) {
  (void)state;
  differences = 0;
#define X(name, pjrt, xla) compare("PJRT_Buffer_Type", #name, pjrt, PJRT_Buffer_Type_##name);
#include "pjrt/pjrt_types.def"
#undef X
  compare("extension", "profiler", SK_PJRT_EXTENSION_PROFILER, PJRT_Extension_Type_Profiler);
  compare("extension", "layouts", SK_PJRT_EXTENSION_LAYOUTS, PJRT_Extension_Type_Layouts);
  compare("extension", "ffi", SK_PJRT_EXTENSION_FFI, PJRT_Extension_Type_FFI);
  compare("extension", "memories", SK_PJRT_EXTENSION_MEMORY_DESCRIPTIONS,
          PJRT_Extension_Type_MemoryDescriptions);
  compare("extension", "raw", SK_PJRT_EXTENSION_RAW_BUFFER, PJRT_Extension_Type_RawBuffer);
  compare("extension", "callback", SK_PJRT_EXTENSION_CALLBACK, PJRT_Extension_Type_Callback);
  compare("extension", "shardings", SK_PJRT_EXTENSION_SHARDINGS, PJRT_Extension_Type_Shardings);
  compare("value", "string", SK_PJRT_STRING, PJRT_NamedValue_kString);
  compare("value", "list", SK_PJRT_INT64_LIST, PJRT_NamedValue_kInt64List);
  compare("value", "bool", SK_PJRT_BOOL, PJRT_NamedValue_kBool);
  compare("semantics", "mutable", SK_PJRT_MUTABLE_ZERO_COPY,
          PJRT_HostBufferSemantics_kMutableZeroCopy);
  compare("code", "unimplemented", SKARN_UNIMPLEMENTED, PJRT_Error_Code_UNIMPLEMENTED);
  compare("code", "last", SKARN_UNAUTHENTICATED, PJRT_Error_Code_UNAUTHENTICATED);
  compare("layout", "strides", SK_PJRT_STRIDES, PJRT_Buffer_MemoryLayout_Type_Strides);
  assert_int_equal(differences, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_argument_structs),  cmocka_unit_test(test_table),
      cmocka_unit_test(test_foreign_functions), cmocka_unit_test(test_records),
      cmocka_unit_test(test_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void) {
  puts("skipped: no pjrt_c_api.h; set SKARN_ABI to the directory with pjrt/ of OpenXLA's headers");
  return 77;
}
#endif
