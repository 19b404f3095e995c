// SPDX-License-Identifier: Apache-2.0
// Attributes of operations: from the properties and dictionaries of bytecode to the attributes of
// ops.def's schemas.
//
//   properties of VHLO      {attribute}, all there, in the order of vhlo.def
//   properties of others    {attribute | attribute * 2 + present}: those of ops.def's schema in the
//                           order of their names, the second form for those that may be missing
//   before version 5        everything in the dictionary, by name
//
// On the way VHLO's tensors become lists, its strings symbols, its flattened structures records.
// VHLO spells out every default: those go, as StableHLO prints the same program. Elsewhere what is
// written stays. A set of
// properties, a dictionary, a list is converted once per purpose however often it is mentioned.
#include <stdio.h>
#include <stdlib.h>

#include "read/bytecode_int.h"

// ---- names of operations

#define A(name) {#name, SK_VHLO_SCHEMA, SK_NAME_##name},
#define F(record, name) {#name, SK_VHLO_FIELD, SK_FIELD_##record##_##name},
#define G(record, field, name) {#name, SK_VHLO_FIELD, SK_FIELD_##record##_##field},
#define N(name) {#name, SK_VHLO_NOTHING, 0},
#define UNWRAP(...) __VA_ARGS__
#define X(op, version, name, major, minor, limit, attrs)                                           \
  static const sk_vhlo_attr attrs_of_##op##_##version[] = {UNWRAP attrs{NULL, SK_VHLO_NOTHING, 0}};
#include "read/vhlo.def"
#undef X

const sk_vhlo_op sk_vhlo_ops[] = {
#define X(op, version, name, major, minor, limit, attrs)                                           \
  {{name, sizeof name - 1},                                                                        \
   SK_OP_##op,                                                                                     \
   (uint16_t)SK_COUNT(attrs_of_##op##_##version) - 1,                                              \
   SK_VHLO_##limit,                                                                                \
   SK_VHLO_VERSION(major, minor),                                                                  \
   attrs_of_##op##_##version},
#include "read/vhlo.def"
#undef X
};
#undef A
#undef F
#undef G
#undef N

const uint32_t sk_vhlo_op_count = SK_COUNT(sk_vhlo_ops);

static int compare_names(sk_str a, sk_str b) {
  size_t common = SK_MIN(a.len, b.len);
  int order = common != 0 ? memcmp(a.data, b.data, common) : 0;
  return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static const sk_vhlo_op *find_vhlo(sk_str name) {
  size_t low = 0;
  size_t high = SK_COUNT(sk_vhlo_ops);
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = compare_names(name, sk_vhlo_ops[middle].name);
    if (order == 0) {
      return &sk_vhlo_ops[middle];
    }
    if (order < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return NULL;
}

static int compare_schemas(const void *a, const void *b) {
  const sk_attr_schema *x = *(const sk_attr_schema *const *)a;
  const sk_attr_schema *y = *(const sk_attr_schema *const *)b;
  return strcmp(sk_name_text((sk_name)x->name), sk_name_text((sk_name)y->name));
}

// The schema in the order of native properties.
static sk_status sort_schema(sk_bytecode *r, sk_op_name *op) {
  const sk_op_info *info = sk_opkind_info(op->kind);
  op->schema = SK_NEW_ARRAY(&r->scratch, const sk_attr_schema *, (size_t)info->attr_count + 1);
  if (op->schema == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < info->attr_count; i++) {
    op->schema[i] = &info->attrs[i];
  }
  qsort(op->schema, info->attr_count, sizeof *op->schema, compare_schemas);
  return NULL;
}

static sk_status unknown_op(const sk_bytecode *r, const sk_cursor *c, const sk_op_name *op) {
  const sk_dialect_name *dialect = &r->dialects[op->dialect];
  sk_str name = {op->name.data, SK_MIN(op->name.len, 64)};
  sk_str producer = {r->producer.data, SK_MIN(r->producer.len, 64)};
  if (dialect->id == SK_DIALECT_OTHER) {
    sk_str other = {dialect->name.data, SK_MIN(dialect->name.len, 64)};
    return sk_bytecode_unsupported(r, c, "operation '%.*s.%.*s': this dialect is not supported",
                                   SK_STR_ARG(other), SK_STR_ARG(name));
  }
  return sk_bytecode_unsupported(
      r, c, "there is no operation '%.*s.%.*s' (written by %.*s)%s", SK_STR_ARG(dialect->name),
      SK_STR_ARG(name), SK_STR_ARG(producer),
      dialect->id == SK_DIALECT_VHLO ? "; versions up to 1.20.0 are known" : "");
}

sk_status sk_bytecode_resolve_op(sk_bytecode *r, const sk_cursor *c, sk_op_name *op) {
  const sk_dialect_name *dialect = &r->dialects[op->dialect];
  char full[96];
  if (dialect->id == SK_DIALECT_VHLO) {
    op->vhlo = find_vhlo(op->name);
    op->kind = op->vhlo != NULL ? op->vhlo->kind : SK_OP_NONE;
    return op->kind != SK_OP_NONE ? NULL : unknown_op(r, c, op);
  }
  if (dialect->id == SK_DIALECT_OTHER || op->name.len > sizeof full / 2) {
    return unknown_op(r, c, op);
  }
  snprintf(full, sizeof full, "%.*s.%.*s", SK_STR_ARG(dialect->name), SK_STR_ARG(op->name));
  op->kind = sk_opkind_find(sk_str_from(full));
  return op->kind != SK_OP_NONE ? sort_schema(r, op) : unknown_op(r, c, op);
}

// ---- what an entry became for a purpose

static const sk_bytecode_memo *find_memo(const sk_bytecode_memo *memos, const void *purpose) {
  while (memos != NULL && memos->purpose != purpose) {
    memos = memos->next;
  }
  return memos;
}

static sk_bytecode_memo *new_memo(sk_bytecode *r, sk_bytecode_memo **memos, const void *purpose) {
  sk_bytecode_memo *memo = SK_NEW(&r->scratch, sk_bytecode_memo);
  if (memo != NULL) {
    memo->purpose = purpose;
    memo->next = *memos;
    *memos = memo;
  }
  return memo;
}

// ---- values: one attribute for one place in a schema

// A tensor of integers as the list it stands for; none: it is something else.
static sk_status convert_tensor(sk_bytecode *r, sk_schema_kind kind, uint32_t index, sk_attr *out) {
  uint32_t height = r->ints.count;
  uint32_t count = 0;
  bool is_list;
  sk_type type;
  *out = (sk_attr){0};
  SK_TRY(sk_bytecode_tensor_ints(r, index, &is_list, &type, &count));
  const int64_t *values = r->ints.data + height;
  r->ints.count = height;
  if (!is_list) {
    return NULL;
  }
  const sk_type_rec *rec = sk_type_get(r->module, type);
  bool matrix = kind == SK_SCHEMA_PAIRS || kind == SK_SCHEMA_GROUPS;
  bool bools = kind == SK_SCHEMA_BOOLS;
  if (kind == SK_SCHEMA_PAIRS && rec->rank == 1 && count == 0) {  // the default of some operations
    SK_BYTECODE_SET_ID(out, sk_attr_ints_2d(r->module, values, 0, 2));
    return NULL;
  }
  if (rec->rank != (matrix ? 2 : 1) || (rec->elem == SK_PRED) != bools ||
      (matrix && (rec->dims[0] > INT32_MAX || rec->dims[1] > INT32_MAX))) {
    return NULL;
  }
  SK_BYTECODE_SET_ID(out, bools    ? sk_attr_bools(r->module, values, count)
                          : matrix ? sk_attr_ints_2d(r->module, values, (uint32_t)rec->dims[0],
                                                     (uint32_t)rec->dims[1])
                                   : sk_attr_ints(r->module, values, count));
  return NULL;
}

// Strings become symbols, also those in an array.
static sk_status convert_symbols(sk_bytecode *r, sk_attr in, sk_attr *out) {
  sk_attr_rec rec = *sk_attr_get(r->module, in);
  uint32_t height = r->attr_stack.count;
  *out = in;
  if (rec.kind == SK_ATTR_STRING) {
    rec.kind = SK_ATTR_SYMBOL;
    SK_BYTECODE_SET_ID(out, sk_attr_new(r->module, &rec));
  }
  if (rec.kind != SK_ATTR_ARRAY) {
    return NULL;
  }
  for (uint32_t i = 0; i < rec.u.list.count; i++) {
    sk_attr item = rec.u.list.data[i];
    sk_attr_rec item_rec = *sk_attr_get(r->module, item);
    if (item_rec.kind == SK_ATTR_STRING) {
      item_rec.kind = SK_ATTR_SYMBOL;
      SK_BYTECODE_SET_ID(&item, sk_attr_new(r->module, &item_rec));
    }
    SK_BYTECODE_PUSH(r, attr_stack, item);
  }
  r->attr_stack.count = height;
  SK_BYTECODE_SET_ID(out, sk_attr_array(r->module, r->attr_stack.data + height, rec.u.list.count));
  return NULL;
}

static sk_status convert_value(sk_bytecode *r, sk_opkind kind, const sk_attr_schema *schema,
                               uint32_t index, sk_attr *out) {
  sk_schema_kind wanted = (sk_schema_kind)schema->kind;
  sk_attr attr;
  if (wanted == SK_SCHEMA_INTS || wanted == SK_SCHEMA_PAIRS || wanted == SK_SCHEMA_GROUPS ||
      wanted == SK_SCHEMA_BOOLS) {
    SK_TRY(convert_tensor(r, wanted, index, out));
    if (out->id != 0) {
      return NULL;
    }
  }
  SK_TRY(sk_bytecode_get_attr(r, index, &attr));
  if (wanted == SK_SCHEMA_SYMBOL || wanted == SK_SCHEMA_SYMBOLS) {
    return convert_symbols(r, attr, out);
  }
  const sk_attr_rec *rec = sk_attr_get(r->module, attr);
  if (wanted == SK_SCHEMA_UNIT && rec->kind == SK_ATTR_BOOL && rec->u.i != 0) {
    SK_BYTECODE_SET_ID(out, sk_attr_unit(r->module));
    return NULL;
  }
  sk_sym name = {schema->name};
  return sk_read_conform_attr(r->module, &r->limits, kind, name, attr, out);
}

// A default counts in whatever width of integer. A visibility is kept where it says something, the
// default "public" included.
static bool is_left_out(const sk_module *m, sk_opkind kind, const sk_attr_schema *schema,
                        sk_attr attr) {
  const sk_attr_rec *rec = sk_attr_get(m, attr);
  if (schema->presence == SK_PRESENCE_DEFAULTED && rec->kind == SK_ATTR_INT) {
    return rec->u.i == schema->otherwise;
  }
  if (schema->presence == SK_PRESENCE_REQUIRED ||
      !sk_attr_is_default(m, kind, (sk_sym){schema->name}, attr)) {
    return false;
  }
  return schema->name != SK_NAME_sym_visibility || rec->u.sym.id == 0;
}

// *out is none where the operation means the same without it.
static sk_status get_value(sk_bytecode *r, sk_opkind kind, const sk_attr_schema *schema,
                           uint32_t index, sk_attr *out) {
  sk_bytecode_entry *entry = &r->attrs[index];
  const sk_bytecode_memo *known = find_memo(entry->memos, schema);
  if (SK_LIKELY(known != NULL)) {
    *out = known->attr;
    return NULL;
  }
  SK_TRY(convert_value(r, kind, schema, index, out));
  if (entry->dialect_id == SK_DIALECT_VHLO && is_left_out(r->module, kind, schema, *out)) {
    *out = (sk_attr){0};
  }
  sk_bytecode_memo *memo = new_memo(r, &entry->memos, schema);
  if (memo == NULL) {
    return sk_status_no_memory();
  }
  memo->attr = *out;
  return NULL;
}

static sk_status push_value(sk_bytecode *r, sk_opkind kind, sk_sym name, uint32_t index) {
  sk_named_attr item = {.name = name};
  const sk_attr_schema *schema = sk_opkind_find_attr(kind, name);
  if (schema != NULL) {
    SK_TRY(get_value(r, kind, schema, index, &item.attr));
  } else {
    SK_TRY(sk_bytecode_get_attr(r, index, &item.attr));
  }
  if (item.attr.id != 0) {
    SK_BYTECODE_PUSH(r, named, item);
  }
  return NULL;
}

// ---- VHLO: one attribute after the other, structures field by field

typedef struct vhlo_builder {
  const sk_op_name *op;
  uint32_t given;        // attributes met
  uint32_t records_met;  // bit by sk_bytecode_record_id
  uint32_t absent;       // fields of the dot algorithm of type none
  uint32_t present;      // those with a value
  sk_bytecode_records records;
} vhlo_builder;

// A list of dimensions, wherever it is mentioned read once; it lives in the module.
static sk_status get_dims(sk_bytecode *r, const sk_cursor *c, uint32_t index, sk_ints *out) {
  static const sk_attr_schema list = {.kind = SK_SCHEMA_INTS, .presence = SK_PRESENCE_REQUIRED};
  sk_attr attr;
  SK_TRY(get_value(r, SK_OP_NONE, &list, index, &attr));
  const sk_attr_rec *rec = sk_attr_get(r->module, attr);
  if (rec->kind != SK_ATTR_INTS || rec->cols != 0) {
    return sk_bytecode_error(r, c, "expected a list of integers");
  }
  if (rec->u.ints.count > SK_MAX_RANK) {
    return sk_bytecode_unsupported(r, c, "a list of %u dimensions; a tensor has at most %d",
                                   rec->u.ints.count, SK_MAX_RANK);
  }
  *out = rec->u.ints;
  return NULL;
}

static sk_status set_field(sk_bytecode *r, const sk_cursor *c, vhlo_builder *b,
                           const sk_bytecode_field *field, uint32_t index) {
  static const sk_attr_kind kinds[] = {
      [SK_FIELD_INT] = SK_ATTR_INT, [SK_FIELD_TYPE] = SK_ATTR_TYPE, [SK_FIELD_BOOL] = SK_ATTR_BOOL};
  void *at = (char *)&b->records + field->offset;
  sk_attr attr;
  b->records_met |= 1u << field->record;
  if (field->kind == SK_FIELD_INTS) {
    return get_dims(r, c, index, at);
  }
  SK_TRY(sk_bytecode_get_attr(r, index, &attr));
  const sk_attr_rec *rec = sk_attr_get(r->module, attr);
  if (field->record == SK_RECORD_algorithm) {
    bool none =
        rec->kind == SK_ATTR_TYPE && sk_type_get(r->module, rec->type)->kind == SK_TYPE_UNIT;
    b->absent += none;
    b->present += !none;
    if (none) {
      return NULL;
    }
  }
  if (rec->kind != (uint8_t)kinds[field->kind]) {
    return sk_bytecode_error(r, c, "attribute '%s' is of the wrong kind", field->name);
  }
  if (field->kind == SK_FIELD_INT) {
    *(int64_t *)at = rec->u.i;
  } else if (field->kind == SK_FIELD_TYPE) {
    *(sk_type *)at = rec->type;
  } else {
    *(bool *)at = rec->u.i != 0;
  }
  return NULL;
}

static sk_status add_vhlo(sk_bytecode *r, const sk_cursor *c, vhlo_builder *b,
                          const sk_vhlo_attr *attr, uint32_t index) {
  b->given++;
  switch (attr->use) {
    case SK_VHLO_SCHEMA: return push_value(r, b->op->kind, (sk_sym){attr->id}, index);
    case SK_VHLO_FIELD: return set_field(r, c, b, &sk_bytecode_fields[attr->id], index);
    case SK_VHLO_NOTHING: return NULL;
  }
  return NULL;
}

// The structures, when all their fields have been met.
static sk_status finish_vhlo(sk_bytecode *r, const sk_cursor *c, const vhlo_builder *b) {
  if (b->given != b->op->vhlo->attr_count) {
    return sk_bytecode_error(r, c, "vhlo.%s has %u attributes, %u are given",
                             b->op->vhlo->name.data, b->op->vhlo->attr_count, b->given);
  }
  if (b->present != 0 && b->absent != 0) {
    return sk_bytecode_error(r, c, "a dot algorithm is given in part only");
  }
  for (uint32_t i = 0; i < SK_RECORD_COUNT; i++) {
    const sk_bytecode_record *record = &sk_bytecode_record_table[i];
    const sk_attr_schema *schema =
        sk_opkind_find_attr(b->op->kind, (sk_sym){(uint32_t)record->name});
    if ((b->records_met >> i & 1) == 0 || (i == SK_RECORD_algorithm && b->present == 0)) {
      continue;
    }
    sk_attr_rec rec = {.kind = (uint8_t)record->kind};
    rec.u.dot = (const void *)((const char *)&b->records + record->offset);
    sk_named_attr item = {.name = {(uint32_t)record->name}};
    item.attr = sk_attr_new(r->module, &rec);
    if (item.attr.id == 0) {
      return sk_bytecode_place(r, c, sk_attr_explain(r->module, &rec, sk_bytecode_pos(r)));
    }
    if (schema == NULL || !is_left_out(r->module, b->op->kind, schema, item.attr)) {
      SK_BYTECODE_PUSH(r, named, item);
    }
  }
  return NULL;
}

// ---- properties

static sk_status read_vhlo_properties(sk_bytecode *r, sk_cursor *c, const sk_op_name *op) {
  vhlo_builder b = {.op = op};
  sk_cursor start = *c;
  for (uint32_t i = 0; i < op->vhlo->attr_count; i++) {
    uint32_t index;
    sk_cursor at = *c;
    SK_TRY(sk_bytecode_read_index(r, c, &index));
    SK_TRY(add_vhlo(r, &at, &b, &op->vhlo->attrs[i], index));
  }
  return finish_vhlo(r, &start, &b);
}

// How many numbers there are up to the end.
static sk_status count_numbers(const sk_bytecode *r, sk_cursor c, uint32_t *out) {
  uint64_t value;
  for (*out = 0; c.at != c.end; (*out)++) {
    SK_TRY(sk_bytecode_varint(r, &c, &value));
  }
  return NULL;
}

// count * 2 + sparse | numbers; sparse ones: bits of an index | {number << bits | index}
static sk_status read_segments(sk_bytecode *r, sk_cursor *c, const char *name) {
  int32_t sizes[SK_BYTECODE_SEGMENTS] = {0};
  uint64_t head;
  uint64_t bits = 0;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &head));
  bool sparse = (head & 1) != 0;
  if (sparse) {
    SK_TRY(sk_bytecode_varint(r, c, &bits));
  }
  if (head >> 1 > SK_BYTECODE_SEGMENTS || bits > 8) {
    return sk_bytecode_error(r, &at, "%llu lengths of lists, there are %d",
                             (unsigned long long)(head >> 1), SK_BYTECODE_SEGMENTS);
  }
  for (uint64_t i = 0; i < head >> 1; i++) {
    uint64_t value;
    SK_TRY(sk_bytecode_varint(r, c, &value));
    uint64_t index = sparse ? value & ((1u << bits) - 1) : i;
    if (index >= SK_BYTECODE_SEGMENTS || value >> bits > INT32_MAX) {
      return sk_bytecode_error(r, &at, "a length of a list is out of range");
    }
    sizes[index] = (int32_t)(value >> bits);
  }
  sk_attr_rec rec = {.kind = SK_ATTR_DENSE_ARRAY, .u.dense = {sizes, sizeof sizes, false}};
  sk_named_attr item;
  SK_BYTECODE_SET_ID(&rec.type, sk_type_scalar(r->module, SK_S32));
  SK_BYTECODE_SET_ID(&item.attr, sk_attr_new(r->module, &rec));
  if (!sk_intern(&r->module->strings, sk_str_from(name), &item.name)) {
    return sk_status_no_memory();
  }
  SK_BYTECODE_PUSH(r, named, item);
  return NULL;
}

// An operation of an older StableHLO lacks the attributes that it got later: those that bytecode.def
// says, and any that come last.
static sk_status read_native_properties(sk_bytecode *r, sk_cursor *c, const sk_op_name *op) {
  uint32_t schema_count = sk_opkind_info(op->kind)->attr_count;
  uint32_t count;
  SK_TRY(count_numbers(r, *c, &count));
  for (uint32_t i = 0; i < schema_count; i++) {
    const sk_attr_schema *schema = op->schema[i];
    bool optional = schema->presence != SK_PRESENCE_REQUIRED;
    uint64_t value = 0;
    sk_cursor at = *c;
    if (optional && (c->at == c->end ||
                     (count < schema_count && sk_bytecode_is_late(op->kind, schema->name)))) {
      continue;
    }
    SK_TRY(sk_bytecode_varint(r, c, &value));
    if (optional && (value & 1) == 0) {
      continue;
    }
    value = optional ? value >> 1 : value;
    if (value >= r->attr_count) {
      return sk_bytecode_error(r, &at, "there is no attribute %llu, only %u",
                               (unsigned long long)value, r->attr_count);
    }
    SK_TRY(push_value(r, op->kind, (sk_sym){schema->name}, (uint32_t)value));
  }
  static const char *const names[] = SK_BYTECODE_SEGMENT_NAMES;
  for (size_t i = 0; i < SK_COUNT(names) && sk_bytecode_has_segments(op->kind); i++) {
    SK_TRY(read_segments(r, c, names[i]));
  }
  return NULL;
}

// ---- dictionaries

static const sk_vhlo_attr *find_vhlo_attr(const sk_vhlo_op *op, sk_str name) {
  for (uint32_t i = 0; i < op->attr_count; i++) {
    if (sk_str_eq(name, sk_str_from(op->attrs[i].name))) {
      return &op->attrs[i];
    }
  }
  return NULL;
}

static sk_status read_dictionary(sk_bytecode *r, const sk_cursor *from, const sk_op_name *op,
                                 uint32_t index) {
  vhlo_builder b = {.op = op};
  bool inherent = r->version < 5 && op->vhlo != NULL;
  const sk_bytecode_entry *entry = &r->attrs[index];
  uint32_t count;
  if (entry->code != 1 || entry->dialect_id != SK_DIALECT_BUILTIN) {
    return sk_bytecode_error(r, from, "attribute %u is not a dictionary", index);
  }
  sk_cursor c = sk_bytecode_content(r, entry);
  sk_cursor start = c;
  SK_TRY(sk_bytecode_count(r, &c, "attributes", &count));
  SK_TRY(sk_bytecode_spend(r, &start, count));
  for (uint32_t i = 0; i < count; i++) {
    sk_sym name;
    uint32_t value;
    sk_cursor at = c;
    SK_TRY(sk_bytecode_read_text(r, &c, &name));
    SK_TRY(sk_bytecode_read_index(r, &c, &value));
    const sk_vhlo_attr *known =
        inherent ? find_vhlo_attr(op->vhlo, sk_sym_str(&r->module->strings, name)) : NULL;
    SK_TRY(known != NULL ? add_vhlo(r, &at, &b, known, value)
                         : push_value(r, op->kind, name, value));
  }
  SK_TRY(sk_bytecode_end(r, &c, "a dictionary"));
  return inherent ? finish_vhlo(r, &start, &b) : NULL;
}

static int compare_items(const void *a, const void *b) {
  uint32_t x = ((const sk_named_attr *)a)->name.id;
  uint32_t y = ((const sk_named_attr *)b)->name.id;
  return (x > y) - (x < y);
}

// No name may be empty or occur twice among the items on r->named. Reorders them in a copy.
static sk_status check_names(sk_bytecode *r, const sk_cursor *c, uint32_t height) {
  enum { FEW = 16 };
  uint32_t count = r->named.count - height;
  sk_named_attr few[FEW];
  sk_named_attr *items = few;
  if (count > FEW) {
    items = SK_NEW_ARRAY(&r->scratch, sk_named_attr, count);
    if (items == NULL) {
      return sk_status_no_memory();
    }
  }
  memcpy(items, r->named.data + height, count * sizeof *items);
  qsort(items, count, sizeof *items, compare_items);
  for (uint32_t i = 0; i < count; i++) {
    if (items[i].name.id == (i > 0 ? items[i - 1].name.id : 0)) {
      return sk_bytecode_error(r, c, "an operation has an attribute without a name, or one twice");
    }
  }
  return NULL;
}

// ---- both

static sk_status keep_list(sk_bytecode *r, const sk_cursor *c, sk_bytecode_memo **memos,
                           const void *purpose, uint32_t height, sk_bytecode_list *out) {
  sk_bytecode_memo *memo = new_memo(r, memos, purpose);
  uint32_t count = r->named.count - height;
  SK_TRY(check_names(r, c, height));
  if (memo != NULL) {
    memo->count = count;
    memo->list = sk_arena_copy(&r->scratch, r->named.data + height,
                               (size_t)count * sizeof *memo->list, _Alignof(sk_named_attr));
  }
  r->named.count = height;
  if (memo == NULL || memo->list == NULL) {
    return sk_status_no_memory();
  }
  *out = (sk_bytecode_list){memo->list, count};
  return NULL;
}

static const void *purpose_of(const sk_op_name *op) {
  return op->vhlo != NULL ? (const void *)op->vhlo : (const void *)sk_opkind_info(op->kind);
}

static sk_status get_dictionary(sk_bytecode *r, const sk_cursor *c, const sk_op_name *op,
                                uint32_t index, sk_bytecode_list *out) {
  sk_bytecode_memo **memos = &r->attrs[index].memos;
  const sk_bytecode_memo *known = find_memo(*memos, purpose_of(op));
  uint32_t height = r->named.count;
  if (known != NULL) {
    *out = (sk_bytecode_list){known->list, known->count};
    return NULL;
  }
  SK_TRY(read_dictionary(r, c, op, index));
  return keep_list(r, c, memos, purpose_of(op), height, out);
}

static sk_status get_properties(sk_bytecode *r, const sk_cursor *c, const sk_op_name *op,
                                uint32_t index, sk_bytecode_list *out) {
  sk_bytecode_properties *properties = &r->properties[index];
  const sk_bytecode_memo *known = find_memo(properties->memos, purpose_of(op));
  uint32_t height = r->named.count;
  if (SK_LIKELY(known != NULL)) {
    *out = (sk_bytecode_list){known->list, known->count};
    return NULL;
  }
  sk_cursor at = {properties->data, properties->data + properties->size,
                  r->sections[SK_SECTION_PROPERTIES].begin, SK_SECTION_PROPERTIES};
  if (op->vhlo != NULL) {
    SK_TRY(read_vhlo_properties(r, &at, op));
  } else if (op->registered) {
    SK_TRY(read_native_properties(r, &at, op));
  } else {  // the writer did not know the operation: one dictionary
    uint32_t dictionary;
    SK_TRY(sk_bytecode_read_index(r, &at, &dictionary));
    SK_TRY(read_dictionary(r, &at, op, dictionary));
  }
  SK_TRY(sk_bytecode_end(r, &at, "the properties of an operation"));
  return keep_list(r, c, &properties->memos, purpose_of(op), height, out);
}

sk_status sk_bytecode_op_attrs(sk_bytecode *r, const sk_cursor *c, const sk_op_name *op,
                               uint32_t dictionary, uint32_t properties, sk_bytecode_list *out) {
  sk_bytecode_list extra = {0};
  *out = extra;
  if (op->vhlo != NULL && op->vhlo->attr_count != 0 &&
      (r->version < 5 ? dictionary : properties) == SK_BYTECODE_NO_INDEX) {
    return sk_bytecode_error(r, c, "vhlo.%s has no attributes, but needs %u", op->vhlo->name.data,
                             op->vhlo->attr_count);
  }
  if (properties != SK_BYTECODE_NO_INDEX) {
    SK_TRY(get_properties(r, c, op, properties, out));
  }
  if (dictionary != SK_BYTECODE_NO_INDEX) {
    SK_TRY(get_dictionary(r, c, op, dictionary, &extra));
  }
  SK_TRY(sk_bytecode_spend(r, c, (uint64_t)out->count + extra.count));
  if (extra.count == 0 || out->count == 0) {
    *out = out->count != 0 ? *out : extra;
    return NULL;
  }
  uint32_t height = r->named.count;
  for (uint32_t i = 0; i < out->count + extra.count; i++) {
    SK_BYTECODE_PUSH(r, named, i < out->count ? out->data[i] : extra.data[i - out->count]);
  }
  SK_TRY(check_names(r, c, height));
  *out = (sk_bytecode_list){r->named.data + height, r->named.count - height};
  return NULL;
}
