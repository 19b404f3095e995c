// SPDX-License-Identifier: Apache-2.0
// What the reader and the writer of bytecode share: sections, dialects, and the tables made of
// vhlo.def and bytecode.def.
#ifndef SK_READ_BYTECODE_FORM_INT_H
#define SK_READ_BYTECODE_FORM_INT_H

#include "ir/ir.h"

typedef enum sk_section {
  SK_SECTION_STRINGS,
  SK_SECTION_DIALECTS,
  SK_SECTION_VALUES,  // attributes, then types
  SK_SECTION_SIZES,   // of those
  SK_SECTION_IR,
  SK_SECTION_RESOURCES,
  SK_SECTION_RESOURCE_SIZES,
  SK_SECTION_DIALECT_VERSION,  // within the dialect section
  SK_SECTION_PROPERTIES,
  SK_SECTION_COUNT,
  SK_SECTION_NONE = SK_SECTION_COUNT,  // the file itself
} sk_section;

typedef enum sk_bytecode_dialect {
#define DIALECT(id, name) SK_DIALECT_##id,
#include "read/bytecode.def"
  SK_DIALECT_COUNT,
  SK_DIALECT_OTHER = SK_DIALECT_COUNT,
} sk_bytecode_dialect;

// ---- operations of VHLO (bytecode_op.c)
typedef struct sk_vhlo_attr {
  const char *name;
  enum { SK_VHLO_SCHEMA, SK_VHLO_FIELD, SK_VHLO_NOTHING } use;
  uint16_t id;  // SCHEMA: sk_name; FIELD: sk_bytecode_field_id
} sk_vhlo_attr;

#define SK_VHLO_VERSION(major, minor) ((uint32_t)(major) << 16 | (minor))
#define SK_VHLO_NEWEST SK_VHLO_VERSION(1, 20)
typedef enum sk_vhlo_limit { SK_VHLO_ANY, SK_VHLO_ONE_RESULT, SK_VHLO_NO_REGIONS } sk_vhlo_limit;

typedef struct sk_vhlo_op {
  sk_str name;  // "add_v1"
  sk_opkind kind;
  uint16_t attr_count;
  uint8_t limit;   // sk_vhlo_limit
  uint32_t since;  // SK_VHLO_VERSION
  const sk_vhlo_attr *attrs;
} sk_vhlo_op;
extern const sk_vhlo_op sk_vhlo_ops[];  // by name
extern const uint32_t sk_vhlo_op_count;

// ---- StableHLO's own properties
static inline bool sk_bytecode_is_late(sk_opkind op, uint32_t name) {
#define LATE(op_kind, attr)                                                                        \
  if (op == SK_OP_##op_kind && name == SK_NAME_##attr) {                                           \
    return true;                                                                                   \
  }
#include "read/bytecode.def"
  return false;
}

// Names of the lengths, in the order in which they follow.
#define SK_BYTECODE_SEGMENT_NAMES                                                                  \
  { "operandSegmentSizes", "resultSegmentSizes" }
enum { SK_BYTECODE_SEGMENTS = 2 };  // in each
static inline bool sk_bytecode_has_segments(sk_opkind op) {
#define SEGMENTS(op_kind)                                                                          \
  if (op == SK_OP_##op_kind) {                                                                     \
    return true;                                                                                   \
  }
#include "read/bytecode.def"
  return false;
}

// ---- structured attributes (bytecode_attr.c)
// Fields of structured attributes, VHLO's attributes of operations.
typedef struct sk_bytecode_records {
  sk_dot_dims dot;
  sk_gather_dims gather;
  sk_scatter_dims scatter;
  sk_conv_dims conv;
  sk_dot_algorithm algorithm;
  sk_channel_handle channel;
} sk_bytecode_records;
typedef enum sk_bytecode_record_id {
#define RECORD(member, kind, name) SK_RECORD_##member,
#include "read/bytecode.def"
  SK_RECORD_COUNT
} sk_bytecode_record_id;
typedef enum sk_bytecode_field_id {
#define FIELD(member, kind, name) SK_FIELD_##member##_##name,
#include "read/bytecode.def"
  SK_FIELD_COUNT
} sk_bytecode_field_id;
typedef enum sk_field_kind {
  SK_FIELD_INT,
  SK_FIELD_INTS,
  SK_FIELD_TYPE,
  SK_FIELD_BOOL
} sk_field_kind;
typedef struct sk_bytecode_field {
  const char *name;
  sk_field_kind kind;
  uint8_t record;   // sk_bytecode_record_id
  uint32_t offset;  // in sk_bytecode_records
} sk_bytecode_field;
typedef struct sk_bytecode_record {
  sk_attr_kind kind;
  sk_name name;
  uint32_t offset;  // in sk_bytecode_records
} sk_bytecode_record;
extern const sk_bytecode_field sk_bytecode_fields[SK_FIELD_COUNT];
extern const sk_bytecode_record sk_bytecode_record_table[SK_RECORD_COUNT];

#endif
