// SPDX-License-Identifier: Apache-2.0
// State of the bytecode reader, and the functions its files share.
//
//   bytecode.c           entry, header, sections and the tables made of them, errors, numbers
//   bytecode_type.c      types                      bytecode.def   codes of attributes and types
//   bytecode_attr.c      attributes                 vhlo.def       operations of VHLO
//   bytecode_loc.c       locations
//   bytecode_sharding.c  meshes and shardings, kept as text
//   bytecode_op.c        attributes of operations: properties, dictionaries, schemas
//   bytecode_ir.c        operations and regions
//
// The file, after MLIR "Bytecode format":
//
//   4D 4C EF 52 | version | producer 00 | sections, in any order:
//     0 strings     1 dialects and names of operations   2 attributes, types   3 sizes of those
//     4 operations  5, 6 resources and their sizes       8 properties
//
// Everything refers to everything by index into tables. They are indexed first (where an entry
// lies), and an entry is read when it is first asked for: what no operation uses costs nothing, and
// what many use is read once. The result is remembered in the entry, and so is what became of it
// on the way into an attribute of a schema.
//
// Time and memory stay proportional to the input because every entry has bytes of its own and is
// read once, and because whatever can be mentioned cheaply and is long (attributes of an operation,
// pieces of text) is paid for out of one allowance, `spread`.
#ifndef SK_READ_BYTECODE_INT_H
#define SK_READ_BYTECODE_INT_H

#include "base/vec.h"
#include "read/bytecode_form_int.h"
#include "read/read_int.h"

// A place in the input and the end of what may be read. Offsets in messages count from `begin`.
typedef struct sk_cursor {
  const uint8_t *at, *end;
  const uint8_t *begin;
  sk_section section;
} sk_cursor;

typedef struct sk_dialect_name {
  sk_str name;
  sk_bytecode_dialect id;
} sk_dialect_name;

// ---- operations by name
typedef struct sk_op_name {
  sk_str name;  // without the dialect
  uint32_t dialect;
  bool registered;                // properties are encoded one by one
  sk_opkind kind;                 // SK_OP_NONE until first met
  const sk_vhlo_op *vhlo;         // NULL for other dialects
  const sk_attr_schema **schema;  // other dialects: the schema in the order of properties
} sk_op_name;

// ---- attributes and types
// What an entry became for one purpose: the schema it was converted for, or the operation whose
// list of attributes it holds.
typedef struct sk_bytecode_memo {
  const void *purpose;
  struct sk_bytecode_memo *next;
  sk_attr attr;  // none: it is what the schema means without it
  const sk_named_attr *list;
  uint32_t count;
} sk_bytecode_memo;

enum { SK_BYTECODE_CODES = 64, SK_BYTECODE_NO_CODE = 255 };

typedef enum sk_entry_state { SK_ENTRY_NEW, SK_ENTRY_ACTIVE, SK_ENTRY_DONE } sk_entry_state;

typedef struct sk_bytecode_entry {
  const uint8_t *data;  // borrowed from the input
  uint64_t size;
  sk_bytecode_memo *memos;
  uint32_t id;        // DONE: sk_attr, sk_type, or sk_loc
  uint32_t loc_size;  // DONE, locations: nodes when written out
  uint16_t loc_depth;
  uint16_t dialect;    // as the file numbers them
  uint8_t dialect_id;  // sk_bytecode_dialect
  uint8_t code;        // what the dialect's encoding begins with; NO_CODE: text, or none of ours
  uint8_t state;       // sk_entry_state
  bool custom;         // bytes in the dialect's own encoding, else text
  bool is_loc;         // DONE: `id` is an sk_loc
  bool has_loc;        // DONE: a location occurs inside
} sk_bytecode_entry;

typedef struct sk_bytecode_properties {
  const uint8_t *data;
  uint64_t size;
  sk_bytecode_memo *memos;
} sk_bytecode_properties;

typedef struct sk_bytecode_resource {
  sk_str key;
  const uint8_t *data;
  uint64_t size;
  uint8_t kind;  // 0: blob
} sk_bytecode_resource;

typedef struct sk_bytecode {
  sk_module *module;
  sk_arena scratch;
  sk_read_options limits;      // every field set
  const uint8_t *begin, *end;  // the input
  uint64_t version;
  sk_str producer;
  sk_cursor sections[SK_SECTION_COUNT];  // at == NULL: not there
  sk_str *strings;
  sk_sym *syms;  // by string; id 0 with a string that is not empty: not interned yet
  sk_dialect_name *dialects;
  sk_bytecode_entry *attrs, *types;
  sk_bytecode_properties *properties;
  uint32_t string_count, dialect_count, attr_count, type_count, property_count;
  SK_VEC(sk_op_name) op_names;
  SK_VEC(sk_bytecode_resource) resources;
  uint32_t depth;  // of types and attributes, or of regions
  uint64_t ops;
  uint64_t spread;  // what is left of the allowance
  bool saw_loc;     // a location was read as an attribute
  bool in_loc_metadata;
  SK_VEC(sk_value) slots;   // values of the open regions by number; none: not defined yet
  uint32_t scope;           // where the innermost isolated region begins there
  uint32_t next_slot;       // of the innermost region, whose slots are on top
  SK_VEC(sk_value) values;  // stacks
  SK_VEC(sk_type) type_stack;
  SK_VEC(sk_attr) attr_stack;
  SK_VEC(sk_named_attr) named;
  SK_VEC(sk_region) regions;
  SK_VEC(sk_loc) locs;
  SK_VEC(int64_t) ints;
  SK_VEC(uint32_t) pending;  // locations to be read
} sk_bytecode;

#define SK_BYTECODE_PUSH(r, stack, ...)                                                            \
  do {                                                                                             \
    if (SK_UNLIKELY(!sk_vec_push(&(r)->scratch, &(r)->stack, __VA_ARGS__))) {                      \
      return sk_status_no_memory();                                                                \
    }                                                                                              \
  } while (0)

// Takes an id that is 0 only when memory is exhausted.
#define SK_BYTECODE_SET_ID(out, ...)                                                               \
  do {                                                                                             \
    *(out) = (__VA_ARGS__);                                                                        \
    if (SK_UNLIKELY((out)->id == 0)) {                                                             \
      return sk_status_no_memory();                                                                \
    }                                                                                              \
  } while (0)

// ---- bytecode.c: errors; they end in "at byte 12 of section 4 (operations)"
sk_srcpos sk_bytecode_pos(const sk_bytecode *r);  // the file
sk_status sk_bytecode_error(const sk_bytecode *r, const sk_cursor *c, const char *format, ...)
    SK_PRINTF(3, 4) SK_NODISCARD;
sk_status sk_bytecode_unsupported(const sk_bytecode *r, const sk_cursor *c, const char *format, ...)
    SK_PRINTF(3, 4) SK_NODISCARD;
sk_status sk_bytecode_over_limit(const sk_bytecode *r, const sk_cursor *c, const char *what,
                                 uint64_t limit) SK_NODISCARD;
// Adds the place to an error that another part of the room reported without.
sk_status sk_bytecode_place(const sk_bytecode *r, const sk_cursor *c,
                            sk_status status) SK_NODISCARD;
// Uses up some of the allowance for what is mentioned again and again.
sk_status sk_bytecode_spend(sk_bytecode *r, const sk_cursor *c, uint64_t amount) SK_NODISCARD;
sk_status sk_bytecode_enter(sk_bytecode *r, const sk_cursor *c) SK_NODISCARD;  // depth++ with limit

// ---- bytecode.c: numbers and what is made of them
sk_status sk_bytecode_long_varint(const sk_bytecode *r, sk_cursor *c, uint64_t *out) SK_NODISCARD;
static inline sk_status sk_bytecode_varint(const sk_bytecode *r, sk_cursor *c, uint64_t *out) {
  const uint8_t *at = c->at;
  if (SK_LIKELY(at < c->end && (*at & 1) != 0)) {
    *out = *at >> 1;
    c->at = at + 1;
    return NULL;
  }
  if (SK_LIKELY(c->end - at >= 2 && (*at & 3) == 2)) {
    *out = *at >> 2 | (uint32_t)at[1] << 6;
    c->at = at + 2;
    return NULL;
  }
  return sk_bytecode_long_varint(r, c, out);
}
sk_status sk_bytecode_signed(const sk_bytecode *r, sk_cursor *c, int64_t *out) SK_NODISCARD;
sk_status sk_bytecode_byte(const sk_bytecode *r, sk_cursor *c, uint8_t *out) SK_NODISCARD;
// An index below `count`; `what` names the table.
sk_status sk_bytecode_long_index(const sk_bytecode *r, sk_cursor *c, uint32_t count,
                                 const char *what, uint32_t *out) SK_NODISCARD;
static inline sk_status sk_bytecode_index(const sk_bytecode *r, sk_cursor *c, uint32_t count,
                                          const char *what, uint32_t *out) {
  const uint8_t *at = c->at;
  if (SK_LIKELY(at < c->end && (*at & 1) != 0 && *at >> 1 < (int64_t)count)) {
    *out = *at >> 1;
    c->at = at + 1;
    return NULL;
  }
  return sk_bytecode_long_index(r, c, count, what, out);
}
// A number of things that take at least a byte each.
sk_status sk_bytecode_count(const sk_bytecode *r, sk_cursor *c, const char *what,
                            uint32_t *out) SK_NODISCARD;
// `size` bytes; then `size` and so many bytes.
sk_status sk_bytecode_bytes(const sk_bytecode *r, sk_cursor *c, uint64_t size,
                            const uint8_t **out) SK_NODISCARD;
sk_status sk_bytecode_blob(const sk_bytecode *r, sk_cursor *c, const uint8_t **out,
                           uint64_t *out_size) SK_NODISCARD;
sk_status sk_bytecode_string(const sk_bytecode *r, sk_cursor *c, sk_str *out) SK_NODISCARD;
sk_status sk_bytecode_sym(sk_bytecode *r, sk_cursor *c, sk_sym *out) SK_NODISCARD;
// Header of a nested section; *out spans its content, with offsets that go on from c's.
sk_status sk_bytecode_section(const sk_bytecode *r, sk_cursor *c, uint8_t *out_id,
                              sk_cursor *out) SK_NODISCARD;
sk_status sk_bytecode_end(const sk_bytecode *r, const sk_cursor *c,
                          const char *what) SK_NODISCARD;  // nothing may be left
static inline sk_cursor sk_bytecode_entry_cursor(const sk_bytecode *r,
                                                 const sk_bytecode_entry *entry) {
  return (sk_cursor){.at = entry->data,
                     .end = entry->data + entry->size,
                     .begin = r->sections[SK_SECTION_VALUES].begin,
                     .section = SK_SECTION_VALUES};
}
sk_status sk_bytecode_entry_text(const sk_bytecode *r, const sk_bytecode_entry *entry,
                                 sk_str *out) SK_NODISCARD;  // of one that is not `custom`
// List of signed numbers onto r->ints.
sk_status sk_bytecode_ints(sk_bytecode *r, sk_cursor *c, uint32_t *out_count) SK_NODISCARD;

// ---- bytecode_type.c
sk_status sk_bytecode_get_type(sk_bytecode *r, uint32_t index, sk_type *out) SK_NODISCARD;
sk_status sk_bytecode_read_type(sk_bytecode *r, sk_cursor *c,
                                sk_type *out) SK_NODISCARD;  // by index

// ---- bytecode_attr.c
sk_status sk_bytecode_get_attr(sk_bytecode *r, uint32_t index, sk_attr *out) SK_NODISCARD;
sk_status sk_bytecode_read_attr(sk_bytecode *r, sk_cursor *c, sk_attr *out) SK_NODISCARD;
sk_status sk_bytecode_read_index(sk_bytecode *r, sk_cursor *c, uint32_t *out) SK_NODISCARD;
// An attribute that must be a string.
sk_status sk_bytecode_read_text(sk_bytecode *r, sk_cursor *c, sk_sym *out) SK_NODISCARD;
// Behind the code of an entry that has one.
static inline sk_cursor sk_bytecode_content(const sk_bytecode *r, const sk_bytecode_entry *entry) {
  sk_cursor c = sk_bytecode_entry_cursor(r, entry);
  c.at++;
  return c;
}
bool sk_bytecode_is_bounds(const sk_bytecode *r, uint32_t attr);
// Elements of a tensor of integers, r->ints; false, nothing there: it is none, or too long a splat.
sk_status sk_bytecode_tensor_ints(sk_bytecode *r, uint32_t attr, bool *out_is, sk_type *out_type,
                                  uint32_t *out_count) SK_NODISCARD;

// ---- bytecode_loc.c
enum {
  SK_BYTECODE_LOC_CODES = 0
#define LOCATION(dialect, code) | 1 << code
#include "read/bytecode.def"
};
static inline bool sk_bytecode_is_loc(const sk_bytecode_entry *entry) {
  return entry->dialect_id == SK_DIALECT_BUILTIN && entry->code < 31 &&
         (SK_BYTECODE_LOC_CODES >> entry->code & 1) != 0;
}
sk_status sk_bytecode_get_loc(sk_bytecode *r, uint32_t attr, sk_loc *out) SK_NODISCARD;

// ---- bytecode_sharding.c
sk_status sk_bytecode_sharding(sk_bytecode *r, uint32_t index, sk_attr *out) SK_NODISCARD;

// ---- bytecode_op.c
#define SK_BYTECODE_NO_INDEX UINT32_MAX
sk_status sk_bytecode_resolve_op(sk_bytecode *r, const sk_cursor *c, sk_op_name *op) SK_NODISCARD;
typedef struct sk_bytecode_list {
  const sk_named_attr *data;  // scratch, or the top of r->named
  uint32_t count;
} sk_bytecode_list;
// The attributes of an operation; either index may be NO_INDEX. Leaves what it pushes on r->named.
sk_status sk_bytecode_op_attrs(sk_bytecode *r, const sk_cursor *c, const sk_op_name *op,
                               uint32_t dictionary, uint32_t properties,
                               sk_bytecode_list *out) SK_NODISCARD;

// ---- bytecode_ir.c
sk_status sk_bytecode_read_ir(sk_bytecode *r) SK_NODISCARD;

#endif
