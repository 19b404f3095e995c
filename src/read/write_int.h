// SPDX-License-Identifier: Apache-2.0
// State of the bytecode writer, and the functions its files share.
//
//   write.c           entry, sections            write_type.c   types
//   write_table.c     strings, entries, atoms    write_attr.c   attributes
//   write_ir.c        operations and regions     write_loc.c    locations
//   write_op.c        attributes of operations   write_op_vhlo.c   the same as VHLO has them
//   write_mesh.c      replica groups by mesh axes, for VHLO
//
// The tables are vhlo.def and bytecode.def, the reader's; the layout is drawn in bytecode_int.h.
//
// In the file everything refers to everything by index, and indices are given out when all of it
// is known: dialect by dialect, what is used most first. So one walk over the module turns it into
// atoms, a number or a reference each, and a second pass numbers and encodes them. An attribute or
// type is an entry: its dialect and atoms, and what is equal is one entry.
//
// Errors are sticky: the first one stays in `status`, later steps go on with harmless values, and
// the entry looks once at the end.
#ifndef SK_READ_WRITE_INT_H
#define SK_READ_WRITE_INT_H

#include "base/vec.h"
#include "read/bytecode_form_int.h"
#include "read/read_int.h"

enum {  // codes by what bytecode.def says stands behind them
#define ATTR(dialect, code, reader, p) SK_ATTR_CODE_##dialect##_##reader##_##p = (code),
#define TYPE(dialect, code, reader, p) SK_TYPE_CODE_##dialect##_##reader##_##p = (code),
#include "read/bytecode.def"
};

// Which dialects types and attributes are encoded for. CHLO differs from NATIVE in its enumerations.
typedef enum sk_write_form {
  SK_FORM_NATIVE,
  SK_FORM_VHLO,
  SK_FORM_CHLO,
  SK_FORM_COUNT
} sk_write_form;

// A word: the kind in the low bits, the payload above them.
typedef enum sk_atom_kind {
  SK_ATOM_NUMBER,  // below 2^59
  SK_ATOM_WIDE,    // the next word, whole
  SK_ATOM_BYTE,
  SK_ATOM_BLOB,    // bytes of blobs[payload], without their size
  SK_ATOM_STRING,  // index of a string
  SK_ATOM_ATTR,    // index of an entry; see sk_write_ref
  SK_ATOM_TYPE,
  SK_ATOM_OP_NAME,
  SK_ATOM_BEGIN,  // of a nested section of operations ..
  SK_ATOM_END,    // .. and the end of the innermost one
} sk_atom_kind;
enum { SK_ATOM_KIND_BITS = 5, SK_ATOM_KIND_MASK = 31 };

// How an index is written: as it is, or doubled with a flag in the lowest bit.
typedef enum sk_write_ref { SK_REF_PLAIN, SK_REF_FLAG_0 = 2, SK_REF_FLAG_1 = 3 } sk_write_ref;

typedef struct sk_write_entry {
  uint32_t first, count;  // atoms
  uint32_t hash, uses;
  uint32_t number;  // in the file, once all are known
  uint16_t dialect;
  bool custom;  // in the dialect's own encoding, else text
} sk_write_entry;

typedef struct sk_write_table {
  SK_VEC(sk_write_entry) entries;
  uint32_t *slots;  // 1 + index
  uint32_t slot_count;
} sk_write_table;

typedef struct sk_write_blob {
  const void *data;  // borrowed
  uint64_t size;
} sk_write_blob;

typedef struct sk_write_op_name {
  uint32_t name;  // string
  uint32_t dialect, number;
} sk_write_op_name;

typedef struct sk_write_loc_step {
  sk_loc loc;
  uint32_t next_part;  // those before it have entries
} sk_write_loc_step;

typedef struct sk_writer {
  const sk_module *m;
  sk_arena arena;
  sk_status status;    // the first error
  bool out_of_memory;  // reported behind it
  bool portable;
  uint32_t version;    // portable: SK_VHLO_VERSION of the target
  uint32_t container;  // version of the container
  sk_op op;            // being written, for messages
  sk_interner strings;
  SK_VEC(uint32_t) dialects;  // their names
  SK_VEC(sk_write_op_name) op_names;
  SK_VEC(sk_write_blob) blobs;
  SK_VEC(uint64_t) pool;   // atoms of finished entries
  SK_VEC(uint64_t) stack;  // of entries being made
  SK_VEC(uint64_t) ir;
  sk_write_table attrs, types, properties;
  // What became of the module's own, 1 + index; 0: not met yet.
  uint32_t *attr_memo[SK_FORM_COUNT], *type_memo[SK_FORM_COUNT], *loc_memo;
  SK_VEC(sk_write_loc_step) loc_path;               // wholes that wait for a part
  uint32_t op_memo[SK_OPKIND_COUNT];                // names of operations
  const sk_attr_schema **schemas[SK_OPKIND_COUNT];  // schemas in the order of names
  const sk_vhlo_op *rows[SK_OPKIND_COUNT];          // VHLO's for the target
  bool row_known[SK_OPKIND_COUNT];
  uint32_t *value_numbers;  // by sk_value
} sk_writer;

// ---- write_table.c: errors
void sk_write_fail(sk_writer *w, sk_status status);  // keeps the first, frees the others
void sk_write_unsupported(sk_writer *w, const char *format, ...) SK_PRINTF(2, 3);  // at w->op
// "<what> needs version 1.10.0, the target is 1.8.0"
void sk_write_too_new(sk_writer *w, uint32_t since, const char *format, ...) SK_PRINTF(3, 4);
static inline bool sk_write_is_ok(const sk_writer *w) {
  return w->status == NULL && !w->out_of_memory;
}
void *sk_write_alloc(sk_writer *w, size_t bytes);  // zeroed; NULL: noted

// ---- write_table.c: atoms, onto w->stack
void sk_write_atom(sk_writer *w, sk_atom_kind kind, uint64_t payload);
void sk_write_number(sk_writer *w, uint64_t value);
void sk_write_signed(sk_writer *w, int64_t value);
void sk_write_string(sk_writer *w, sk_str text);
void sk_write_attr_ref(sk_writer *w, uint32_t entry, sk_write_ref how);
void sk_write_type_ref(sk_writer *w, uint32_t entry, sk_write_ref how);
void sk_write_bytes(sk_writer *w, const void *data, uint64_t size);  // borrowed, without the size
void sk_write_blob_sized(sk_writer *w, const void *data, uint64_t size);

// ---- write_table.c: entries
uint32_t sk_write_string_index(sk_writer *w, sk_str text);
uint32_t sk_write_dialect(sk_writer *w, sk_str name);
uint32_t sk_write_dialect_of(sk_writer *w, sk_bytecode_dialect id);
// The name of an operation, "add_v1" of dialect vhlo.
uint32_t sk_write_op_name_index(sk_writer *w, uint32_t dialect, sk_str name);
// The atoms on w->stack from `height` on become an entry, or are one already.
uint32_t sk_write_finish(sk_writer *w, sk_write_table *table, uint32_t dialect, bool custom,
                         uint32_t height);
// An entry written out: its dialect is told by the text.
uint32_t sk_write_text_entry(sk_writer *w, sk_write_table *table, sk_str text);

// ---- write_table.c: encoding, once all is known
void sk_write_assign_numbers(sk_writer *w);
void sk_write_encode_number(sk_text *out, uint64_t value);
void sk_write_encode(const sk_writer *w, const uint64_t *atoms, uint32_t count, sk_text *out);

// ---- write_type.c
uint32_t sk_write_type(sk_writer *w, sk_write_form form, sk_type type);
uint32_t sk_write_scalar(sk_writer *w, sk_write_form form, sk_elem elem);
uint32_t sk_write_tensor(sk_writer *w, sk_write_form form, sk_elem elem, uint32_t rank,
                         const int64_t *dims);
uint32_t sk_write_unit_type(sk_writer *w, sk_write_form form);

// ---- write_attr.c
uint32_t sk_write_attr(sk_writer *w, sk_write_form form, sk_attr attr);
// As the schema of an operation spells it: layouts are tensors of indices.
uint32_t sk_write_schema_attr(sk_writer *w, sk_write_form form, const sk_attr_schema *schema,
                              sk_attr attr);
uint32_t sk_write_text_attr(sk_writer *w, sk_write_form form, sk_str text);  // a string attribute
uint32_t sk_write_int_attr(sk_writer *w, sk_write_form form, sk_elem elem, int64_t value);
uint32_t sk_write_bool_attr(sk_writer *w, sk_write_form form, bool value);
uint32_t sk_write_enum_attr(sk_writer *w, sk_write_form form, sk_enum_id id, int64_t value);
uint32_t sk_write_type_attr(sk_writer *w, sk_write_form form, uint32_t type);
uint32_t sk_write_accuracy_attr(sk_writer *w, sk_write_form form, const sk_result_accuracy *a);
uint32_t sk_write_empty_list(sk_writer *w, sk_write_form form, bool dictionary);
// A tensor of integers (i64, i1 or index), its rows one after the other; `data` borrowed.
uint32_t sk_write_ints(sk_writer *w, sk_write_form form, sk_elem elem, uint32_t rank,
                       const int64_t *dims, const int64_t *data);
typedef struct sk_write_item {
  sk_str name;
  uint32_t value;  // entry
} sk_write_item;
// builtin's dictionary of an operation; sorts the items by name.
uint32_t sk_write_dictionary(sk_writer *w, sk_write_item *items, uint32_t count);

// ---- write_mesh.c
// "#stablehlo.replica_group_mesh_axes<..>" as VHLO has it.
uint32_t sk_write_mesh_groups(sk_writer *w, sk_str text);

// ---- write_loc.c
uint32_t sk_write_loc(sk_writer *w, sk_loc loc);

// ---- write_op.c, write_op_vhlo.c
#define SK_WRITE_NO_ENTRY UINT32_MAX
typedef struct sk_write_op_attrs {
  uint32_t dictionary, properties;  // entries; or NO_ENTRY
} sk_write_op_attrs;
// What the target has for the operation; NULL: nothing, it stays in its own dialect.
const sk_vhlo_op *sk_write_vhlo_row(sk_writer *w, sk_opkind kind);
void sk_write_check_old(sk_writer *w, const sk_vhlo_op *row);  // w->op against an older operation
sk_write_op_attrs sk_write_native_attrs(sk_writer *w, sk_write_form form);
sk_write_op_attrs sk_write_vhlo_attrs(sk_writer *w, const sk_vhlo_op *row);
// Items of the discardable attributes of w->op, in the arena; *out_count of them, room for `extra`
// more.
sk_write_item *sk_write_discardable(sk_writer *w, sk_write_form form, uint32_t extra,
                                    uint32_t *out_count);

// ---- write_ir.c
void sk_write_ir(sk_writer *w);  // fills w->ir

#endif
