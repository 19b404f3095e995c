// SPDX-License-Identifier: Apache-2.0
// Attributes in bytecode, of builtin, VHLO, StableHLO and CHLO, to the attributes of the module.
// What the dialects have in common (arrays, dictionaries, numbers, constants) they also encode
// alike, so bytecode.def gives both the same reader.
//
//   integer = type | one byte up to 8 bits, else a signed number     float = the same, of its bits
//   constant = type | size | bytes, which the module borrows            enumeration = its value
//
// Attributes refer to each other by index. One that is reached again while it is being read
// contains itself, which is an error. Locations are for bytecode_loc.c, shardings for
// bytecode_sharding.c.
#include "base/num.h"
#include "read/bytecode_int.h"

typedef sk_status (*attr_reader)(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out);

sk_status sk_bytecode_read_index(sk_bytecode *r, sk_cursor *c, uint32_t *out) {
  return sk_bytecode_index(r, c, r->attr_count, "attribute", out);
}

sk_status sk_bytecode_read_attr(sk_bytecode *r, sk_cursor *c, sk_attr *out) {
  uint32_t index;
  SK_TRY(sk_bytecode_read_index(r, c, &index));
  return sk_bytecode_get_attr(r, index, out);
}

sk_status sk_bytecode_read_text(sk_bytecode *r, sk_cursor *c, sk_sym *out) {
  sk_attr attr;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_read_attr(r, c, &attr));
  const sk_attr_rec *rec = sk_attr_get(r->module, attr);
  if (rec->kind != SK_ATTR_STRING) {
    return sk_bytecode_error(r, &at, "expected a string attribute");
  }
  *out = rec->u.sym;
  return NULL;
}

static sk_status make(sk_bytecode *r, const sk_cursor *at, const sk_attr_rec *rec, sk_attr *out) {
  *out = sk_attr_new(r->module, rec);
  if (SK_LIKELY(out->id != 0)) {
    return NULL;
  }
  return sk_bytecode_place(r, at, sk_attr_explain(r->module, rec, sk_bytecode_pos(r)));
}

// ---- strings, symbols, containers

static sk_status read_string(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_attr_rec rec = {.kind = SK_ATTR_STRING};
  (void)p;
  SK_TRY(sk_bytecode_sym(r, c, &rec.u.sym));
  return make(r, c, &rec, out);
}

static sk_status read_typed_string(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_type type;  // means nothing here
  SK_TRY(read_string(r, c, p, out));
  return sk_bytecode_read_type(r, c, &type);
}

// root | [count | nested references], kept as "a::b"
static sk_status add_nested(sk_bytecode *r, sk_cursor *c, sk_text *path) {
  uint32_t count;
  SK_TRY(sk_bytecode_count(r, c, "nested references", &count));
  for (uint32_t i = 0; i < count; i++) {
    sk_attr nested;
    sk_cursor at = *c;
    SK_TRY(sk_bytecode_read_attr(r, c, &nested));
    const sk_attr_rec *rec = sk_attr_get(r->module, nested);
    if (rec->kind != SK_ATTR_SYMBOL) {
      return sk_bytecode_error(r, &at, "expected a symbol");
    }
    sk_str name = sk_sym_str(&r->module->strings, rec->u.sym);
    SK_TRY(sk_bytecode_spend(r, &at, name.len));
    sk_text_add(path, SK_STR("::"));
    sk_text_add(path, name);
  }
  return NULL;
}

static sk_status read_symbol(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_attr_rec rec = {.kind = SK_ATTR_SYMBOL};
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_read_text(r, c, &rec.u.sym));
  if (rec.u.sym.id == 0) {
    return sk_bytecode_error(r, &at, "a symbol name cannot be empty");
  }
  if (p != 0) {
    sk_text path;
    sk_text_init(&path);
    sk_text_add(&path, sk_sym_str(&r->module->strings, rec.u.sym));
    sk_status status = add_nested(r, c, &path);
    if (status == NULL && (path.failed || !sk_intern(&r->module->strings,
                                                     (sk_str){path.data, path.len}, &rec.u.sym))) {
      status = sk_status_no_memory();
    }
    sk_text_fini(&path);
    SK_TRY(status);
  }
  return make(r, c, &rec, out);
}

static sk_status read_array(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_attr_rec rec = {.kind = SK_ATTR_ARRAY};
  uint32_t height = r->attr_stack.count;
  uint32_t count;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(sk_bytecode_count(r, c, "attributes", &count));
  for (uint32_t i = 0; i < count; i++) {
    sk_attr item;
    SK_TRY(sk_bytecode_read_attr(r, c, &item));
    SK_BYTECODE_PUSH(r, attr_stack, item);
  }
  rec.u.list.data = r->attr_stack.data + height;
  rec.u.list.count = count;
  r->attr_stack.count = height;
  return make(r, &at, &rec, out);
}

static sk_status read_dictionary(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_attr_rec rec = {.kind = SK_ATTR_DICT};
  uint32_t height = r->named.count;
  uint32_t count;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(sk_bytecode_count(r, c, "attributes", &count));
  for (uint32_t i = 0; i < count; i++) {
    sk_named_attr item;
    SK_TRY(sk_bytecode_read_text(r, c, &item.name));
    SK_TRY(sk_bytecode_read_attr(r, c, &item.attr));
    SK_BYTECODE_PUSH(r, named, item);
  }
  rec.u.dict.data = r->named.data + height;
  rec.u.dict.count = count;
  r->named.count = height;
  SK_TRY(make(r, &at, &rec, out));
  rec = *sk_attr_get(r->module, *out);  // sorted by now
  for (uint32_t i = 0; i < count; i++) {
    if (rec.u.dict.data[i].name.id == (i > 0 ? rec.u.dict.data[i - 1].name.id : 0)) {
      return sk_bytecode_error(r, &at, "a dictionary has an empty name, or one name twice");
    }
  }
  return NULL;
}

// ---- scalars

static sk_status read_unit(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  (void)c;
  (void)p;
  SK_BYTECODE_SET_ID(out, sk_attr_unit(r->module));
  return NULL;
}

static sk_status read_type(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_type type;
  (void)p;
  SK_TRY(sk_bytecode_read_type(r, c, &type));
  SK_BYTECODE_SET_ID(out, sk_attr_type(r->module, type));
  return NULL;
}

static sk_status read_boolean(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  uint64_t value = 0;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(sk_bytecode_varint(r, c, &value));
  if (value > 1) {
    return sk_bytecode_error(r, &at, "a boolean of value %llu", (unsigned long long)value);
  }
  SK_BYTECODE_SET_ID(out, sk_attr_bool(r->module, value == 1));
  return NULL;
}

static sk_status read_enum(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  uint64_t value = 0;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &value));
  if (value > INT32_MAX || sk_enum_keyword((sk_enum_id)p, (int64_t)value) == NULL) {
    return sk_bytecode_unsupported(r, &at, "%s has no value %llu", sk_enum_mnemonic((sk_enum_id)p),
                                   (unsigned long long)value);
  }
  SK_BYTECODE_SET_ID(out, sk_attr_enum(r->module, (sk_enum_id)p, (int64_t)value));
  return NULL;
}

// The low `width` bits of a number as the writer packs them.
static sk_status read_bits(sk_bytecode *r, sk_cursor *c, uint32_t width, uint64_t *out) {
  if (width <= 8) {
    uint8_t byte = 0;
    SK_TRY(sk_bytecode_byte(r, c, &byte));
    *out = byte & ((1u << width) - 1);
    return NULL;
  }
  int64_t value = 0;
  SK_TRY(sk_bytecode_signed(r, c, &value));
  *out = width < 64 ? (uint64_t)value & (((uint64_t)1 << width) - 1) : (uint64_t)value;
  return NULL;
}

static sk_status read_number_type(sk_bytecode *r, sk_cursor *c, sk_type *out, sk_elem *out_elem) {
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_read_type(r, c, out));
  const sk_type_rec *rec = sk_type_get(r->module, *out);
  *out_elem = (sk_elem)rec->elem;
  if (rec->kind != SK_TYPE_SCALAR || rec->elem == SK_QUANT || rec->elem == SK_TF32 ||
      sk_elem_is_complex((sk_elem)rec->elem)) {
    return sk_bytecode_error(r, &at, "a number needs an integer or floating-point type");
  }
  return NULL;
}

static sk_status read_integer(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_type type;
  sk_elem elem = SK_ELEM_NONE;
  uint64_t bits = 0;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(read_number_type(r, c, &type, &elem));
  if (sk_elem_is_float(elem)) {
    return sk_bytecode_error(r, &at, "an integer of type %s", sk_elem_name(elem));
  }
  uint32_t width = sk_elem_bits(elem);
  SK_TRY(read_bits(r, c, width, &bits));
  if (elem == SK_PRED) {
    SK_BYTECODE_SET_ID(out, sk_attr_bool(r->module, bits != 0));
    return NULL;
  }
  if (sk_elem_is_signed(elem) && width < 64) {
    bits = (uint64_t)((int64_t)(bits << (64 - width)) >> (64 - width));
  }
  SK_BYTECODE_SET_ID(out, sk_attr_int(r->module, type, (int64_t)bits));
  return NULL;
}

static double decode_float(sk_elem elem, uint64_t bits) {
  static const uint8_t formats[SK_ELEM_COUNT] = {
#define X(name, ...) [SK_##name] = SK_NUM_##name + 1,
#include "base/num.def"
#undef X
  };
  double wide;
  float single;
  if (elem == SK_F64) {
    memcpy(&wide, &bits, sizeof wide);
    return wide;
  }
  if (elem == SK_F32) {
    uint32_t low = (uint32_t)bits;
    memcpy(&single, &low, sizeof single);
    return (double)single;
  }
  return sk_num_decode((sk_numfmt)(formats[elem] - 1), (uint32_t)bits);
}

static sk_status read_float(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_type type;
  sk_elem elem = SK_ELEM_NONE;
  uint64_t bits = 0;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(read_number_type(r, c, &type, &elem));
  if (!sk_elem_is_float(elem)) {
    return sk_bytecode_error(r, &at, "a floating-point number of type %s", sk_elem_name(elem));
  }
  SK_TRY(read_bits(r, c, sk_elem_bits(elem), &bits));
  SK_BYTECODE_SET_ID(out, sk_attr_float(r->module, type, decode_float(elem, bits)));
  return NULL;
}

// ---- constants

static sk_status make_dense(sk_bytecode *r, const sk_cursor *at, sk_type type, const uint8_t *bytes,
                            uint64_t size, sk_attr *out) {
  if (size > r->limits.constant_bytes) {
    return sk_bytecode_over_limit(r, at, "bytes of one constant", r->limits.constant_bytes);
  }
  return sk_bytecode_place(
      r, at, sk_read_dense_bytes(r->module, type, bytes, size, true, sk_bytecode_pos(r), out));
}

static sk_status read_tensor(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_type type;
  const uint8_t *bytes;
  uint64_t size = 0;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(sk_bytecode_read_type(r, c, &type));
  SK_TRY(sk_bytecode_blob(r, c, &bytes, &size));
  return make_dense(r, &at, type, bytes, size, out);
}

// type | index of a resource of any dialect. A blob there = alignment | size | padding | bytes.
static sk_status read_resource(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_type type;
  uint32_t index;
  uint64_t alignment = 0;
  uint64_t size = 0;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(sk_bytecode_read_type(r, c, &type));
  SK_TRY(sk_bytecode_index(r, c, r->resources.count, "resource", &index));
  const sk_bytecode_resource *resource = &r->resources.data[index];
  if (resource->kind != 0) {
    return sk_bytecode_error(r, &at, "resource '%.*s' is not a constant",
                             (int)SK_MIN(resource->key.len, 64), resource->key.data);
  }
  sk_cursor blob = {resource->data, resource->data + resource->size,
                    r->sections[SK_SECTION_RESOURCES].begin, SK_SECTION_RESOURCES};
  sk_cursor start = blob;
  SK_TRY(sk_bytecode_varint(r, &blob, &alignment));
  SK_TRY(sk_bytecode_varint(r, &blob, &size));
  uint64_t rest = (uint64_t)(blob.end - blob.at);
  if (size > rest || (rest - size != 0 && rest - size >= alignment)) {
    return sk_bytecode_error(r, &start, "resource '%.*s': %llu bytes do not fit",
                             (int)SK_MIN(resource->key.len, 64), resource->key.data,
                             (unsigned long long)size);
  }
  return make_dense(r, &at, type, blob.end - size, size, out);
}

// type | count | size | bytes: array<i64: ..> and array<i1: ..> become lists, the others are kept.
static sk_status read_dense_array(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_attr_rec rec = {.kind = SK_ATTR_DENSE_ARRAY};
  sk_elem elem = SK_ELEM_NONE;
  const uint8_t *bytes;
  uint64_t count = 0;
  uint64_t size = 0;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(read_number_type(r, c, &rec.type, &elem));
  SK_TRY(sk_bytecode_varint(r, c, &count));
  SK_TRY(sk_bytecode_blob(r, c, &bytes, &size));
  uint32_t width = sk_elem_bytes(elem);
  if (size % width != 0 || size / width != count || count > INT32_MAX) {
    return sk_bytecode_error(r, &at, "an array of %llu elements of %s in %llu bytes",
                             (unsigned long long)count, sk_elem_name(elem),
                             (unsigned long long)size);
  }
  if (elem != SK_S64 && elem != SK_PRED) {
    rec.u.dense = (sk_dense){.data = bytes, .bytes = size};
    return make(r, &at, &rec, out);
  }
  uint32_t height = r->ints.count;
  for (uint64_t i = 0; i < count; i++) {
    int64_t value = bytes[i * width] != 0;
    if (elem == SK_S64) {
      memcpy(&value, bytes + i * width, sizeof value);
    }
    SK_BYTECODE_PUSH(r, ints, value);
  }
  const int64_t *values = r->ints.data + height;
  r->ints.count = height;
  SK_BYTECODE_SET_ID(out, elem == SK_S64 ? sk_attr_ints(r->module, values, (uint32_t)count)
                                         : sk_attr_bools(r->module, values, (uint32_t)count));
  return NULL;
}

// ---- structures

const sk_bytecode_field sk_bytecode_fields[SK_FIELD_COUNT] = {
#define FIELD(member, kind, name)                                                                  \
  [SK_FIELD_##member##_##name] = {#name, SK_FIELD_##kind, SK_RECORD_##member,                      \
                                  offsetof(sk_bytecode_records, member.name)},
#include "read/bytecode.def"
};

const sk_bytecode_record sk_bytecode_record_table[SK_RECORD_COUNT] = {
#define RECORD(member, kind, name)                                                                 \
  [SK_RECORD_##member] = {SK_ATTR_##kind, SK_NAME_##name, offsetof(sk_bytecode_records, member)},
#include "read/bytecode.def"
};

// A record of StableHLO itself, its fields in order. Lists stay on r->ints until it is made.
static sk_status read_field(sk_bytecode *r, sk_cursor *c, sk_field_kind kind, void *at,
                            uint32_t *out_start) {
  uint8_t byte = 0;
  *out_start = r->ints.count;
  switch (kind) {
    case SK_FIELD_INT: return sk_bytecode_signed(r, c, at);
    case SK_FIELD_INTS: return sk_bytecode_ints(r, c, &((sk_ints *)at)->count);
    case SK_FIELD_TYPE: return sk_bytecode_read_type(r, c, at);
    case SK_FIELD_BOOL:
      SK_TRY(sk_bytecode_byte(r, c, &byte));
      *(bool *)at = byte != 0;
      return NULL;
  }
  return NULL;
}

static sk_status read_record(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_bytecode_records records;
  uint32_t starts[SK_FIELD_COUNT];
  uint32_t height = r->ints.count;
  uint32_t record = 0;
  sk_cursor at = *c;
  memset(&records, 0, sizeof records);
  while (sk_bytecode_record_table[record].kind != (sk_attr_kind)p) {
    record++;
  }
  for (uint32_t i = 0; i < SK_FIELD_COUNT; i++) {
    const sk_bytecode_field *field = &sk_bytecode_fields[i];
    if (field->record == record) {
      SK_TRY(read_field(r, c, field->kind, (char *)&records + field->offset, &starts[i]));
    }
  }
  for (uint32_t i = 0; i < SK_FIELD_COUNT; i++) {
    const sk_bytecode_field *field = &sk_bytecode_fields[i];
    if (field->record == record && field->kind == SK_FIELD_INTS) {
      ((sk_ints *)(void *)((char *)&records + field->offset))->data = r->ints.data + starts[i];
    }
  }
  r->ints.count = height;
  sk_attr_rec rec = {.kind = (uint8_t)p};
  rec.u.dot = (const void *)((const char *)&records + sk_bytecode_record_table[record].offset);
  return make(r, &at, &rec, out);
}

static sk_status read_alias(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_output_operand_alias alias = {0};
  sk_attr_rec rec = {.kind = SK_ATTR_OUTPUT_OPERAND_ALIAS, .u.alias = &alias};
  uint32_t height = r->ints.count;
  (void)p;
  SK_TRY(sk_bytecode_ints(r, c, &alias.output_tuple_indices.count));
  SK_TRY(sk_bytecode_signed(r, c, &alias.operand_index));
  SK_TRY(sk_bytecode_ints(r, c, &alias.operand_tuple_indices.count));
  alias.output_tuple_indices.data = r->ints.data + height;
  alias.operand_tuple_indices.data =
      alias.output_tuple_indices.data + alias.output_tuple_indices.count;
  r->ints.count = height;
  return make(r, c, &rec, out);
}

static sk_status read_accuracy(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  sk_result_accuracy accuracy = {0};
  sk_attr_rec rec = {.kind = SK_ATTR_RESULT_ACCURACY, .u.accuracy = &accuracy};
  uint64_t atol = 0;
  uint64_t rtol = 0;
  sk_attr mode;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(read_bits(r, c, 64, &atol));
  SK_TRY(read_bits(r, c, 64, &rtol));
  SK_TRY(sk_bytecode_signed(r, c, &accuracy.ulps));
  SK_TRY(sk_bytecode_read_attr(r, c, &mode));
  const sk_attr_rec *mode_rec = sk_attr_get(r->module, mode);
  if (mode_rec->kind != SK_ATTR_ENUM || mode_rec->enum_id != SK_ENUM_RESULT_ACCURACY_MODE) {
    return sk_bytecode_error(r, &at, "expected a result_accuracy_mode");
  }
  memcpy(&accuracy.atol, &atol, sizeof atol);
  memcpy(&accuracy.rtol, &rtol, sizeof rtol);
  accuracy.mode = (uint32_t)mode_rec->u.i;
  return make(r, c, &rec, out);
}

// Bounds outside of a tensor type, which looks at them itself: #stablehlo.bounds<3, ?>
static sk_status read_bounds(sk_bytecode *r, sk_cursor *c, int p, sk_attr *out) {
  uint32_t height = r->ints.count;
  uint32_t count;
  (void)p;
  SK_TRY(sk_bytecode_ints(r, c, &count));
  sk_text text;
  sk_text_init(&text);
  sk_text_add(&text, SK_STR("#stablehlo.bounds<"));
  for (uint32_t i = 0; i < count; i++) {
    int64_t value = r->ints.data[height + i];
    sk_text_add(&text, i > 0 ? SK_STR(", ") : SK_STR(""));
    if (value == SK_DIM_UNKNOWN) {
      sk_text_add_char(&text, '?');
    } else {
      sk_text_add_i64(&text, value);
    }
  }
  sk_text_add_char(&text, '>');
  r->ints.count = height;
  *out = text.failed ? (sk_attr){0} : sk_attr_opaque(r->module, (sk_str){text.data, text.len});
  sk_text_fini(&text);
  return out->id == 0 ? sk_status_no_memory() : NULL;
}

// ---- dispatch

typedef enum attr_form { FORM_UNKNOWN, FORM_PLAIN, FORM_LOCATION, FORM_SHARDING } attr_form;
typedef struct attr_code {
  attr_form form;
  int p;
  attr_reader read;  // PLAIN
} attr_code;
static const attr_code codes[SK_DIALECT_COUNT][SK_BYTECODE_CODES] = {
#define ATTR(dialect, code, reader, p)                                                             \
  [SK_DIALECT_##dialect][code] = {FORM_PLAIN, p, read_##reader},
#define LOCATION(dialect, code) [SK_DIALECT_##dialect][code] = {FORM_LOCATION, 0, NULL},
#define SHARDING(dialect, code) [SK_DIALECT_##dialect][code] = {FORM_SHARDING, 0, NULL},
#include "read/bytecode.def"
};

// What the entry holds; all zero if it is not known.
static attr_code find_code(const sk_bytecode_entry *entry) {
  return entry->code != SK_BYTECODE_NO_CODE ? codes[entry->dialect_id][entry->code]
                                            : (attr_code){FORM_UNKNOWN, 0, NULL};
}

bool sk_bytecode_is_bounds(const sk_bytecode *r, uint32_t attr) {
  return find_code(&r->attrs[attr]).read == read_bounds;
}

static sk_status read_text_entry(sk_bytecode *r, const sk_bytecode_entry *entry, sk_attr *out) {
  sk_str text;
  sk_cursor at = sk_bytecode_entry_cursor(r, entry);
  SK_TRY(sk_bytecode_entry_text(r, entry, &text));
  bool has_loc;
  SK_TRY(sk_bytecode_place(r, &at,
                           sk_read_text_attr(r->module, text, sk_bytecode_pos(r), out, &has_loc)));
  r->saw_loc = r->saw_loc || has_loc;
  return NULL;
}

static sk_status unknown_attr(const sk_bytecode *r, const sk_bytecode_entry *entry) {
  const sk_dialect_name *dialect = &r->dialects[entry->dialect];
  sk_cursor c = sk_bytecode_entry_cursor(r, entry);
  sk_cursor at = c;
  uint64_t code = 0;
  SK_TRY(sk_bytecode_varint(r, &c, &code));
  return sk_bytecode_unsupported(r, &at, "attribute %llu of dialect '%.*s' is not supported",
                                 (unsigned long long)code, (int)SK_MIN(dialect->name.len, 64),
                                 dialect->name.data);
}

static sk_status read_entry(sk_bytecode *r, uint32_t index, sk_attr *out) {
  const sk_bytecode_entry *entry = &r->attrs[index];
  attr_code code = find_code(entry);
  if (!entry->custom) {
    return read_text_entry(r, entry, out);
  }
  if (code.form == FORM_SHARDING) {
    return sk_bytecode_sharding(r, index, out);
  }
  if (code.form != FORM_PLAIN) {
    return unknown_attr(r, entry);
  }
  sk_cursor c = sk_bytecode_content(r, entry);
  SK_TRY(code.read(r, &c, code.p, out));
  return sk_bytecode_end(r, &c, "an attribute");
}

// A location as an attribute; made anew each time, which gives the same attribute.
static sk_status get_loc_attr(sk_bytecode *r, uint32_t index, sk_attr *out) {
  sk_cursor at = sk_bytecode_entry_cursor(r, &r->attrs[index]);
  sk_attr_rec rec = {.kind = SK_ATTR_LOC};
  if (r->in_loc_metadata) {
    return sk_bytecode_unsupported(r, &at,
                                   "locations inside the metadata of a location are not supported");
  }
  SK_TRY(sk_bytecode_get_loc(r, index, &rec.u.loc));
  r->saw_loc = true;
  return make(r, &at, &rec, out);
}

sk_status sk_bytecode_get_attr(sk_bytecode *r, uint32_t index, sk_attr *out) {
  sk_bytecode_entry *entry = &r->attrs[index];
  if (SK_LIKELY(entry->state == SK_ENTRY_DONE && !entry->is_loc)) {
    out->id = entry->id;
    r->saw_loc = r->saw_loc || entry->has_loc;
    return NULL;
  }
  if (sk_bytecode_is_loc(entry)) {
    return get_loc_attr(r, index, out);
  }
  sk_cursor at = sk_bytecode_entry_cursor(r, entry);
  if (entry->state == SK_ENTRY_ACTIVE) {
    return sk_bytecode_error(r, &at, "attribute %u contains itself", index);
  }
  bool saw_loc = r->saw_loc;
  r->saw_loc = false;
  SK_TRY(sk_bytecode_enter(r, &at));
  entry->state = SK_ENTRY_ACTIVE;
  SK_TRY(read_entry(r, index, out));
  entry->state = SK_ENTRY_DONE;
  entry->id = out->id;
  entry->has_loc = r->saw_loc;
  r->saw_loc = r->saw_loc || saw_loc;
  r->depth--;
  return NULL;
}

// ---- lists of integers

static bool is_list_type(const sk_module *m, sk_type type, int64_t *out_count) {
  const sk_type_rec *rec = sk_type_get(m, type);
  sk_elem elem = (sk_elem)rec->elem;
  return rec->kind == SK_TYPE_TENSOR && (rec->rank == 1 || rec->rank == 2) &&
         (sk_elem_is_int(elem) || elem == SK_INDEX || elem == SK_PRED) &&
         sk_type_elem_count(m, type, out_count) && *out_count <= INT32_MAX;
}

static int64_t int_at(sk_elem elem, const uint8_t *at) {
  uint64_t value = 0;
  uint32_t width = sk_elem_bits(elem);
  memcpy(&value, at, sk_elem_bytes(elem));
  if (width < 64) {
    value &= ((uint64_t)1 << width) - 1;
    if (sk_elem_is_signed(elem)) {
      return (int64_t)(value << (64 - width)) >> (64 - width);
    }
  }
  return (int64_t)value;
}

sk_status sk_bytecode_tensor_ints(sk_bytecode *r, uint32_t attr, bool *out_is, sk_type *out_type,
                                  uint32_t *out_count) {
  const uint8_t *bytes;
  uint64_t size = 0;
  int64_t count = 0;
  *out_is = false;
  if (find_code(&r->attrs[attr]).read != read_tensor) {
    return NULL;
  }
  sk_cursor c = sk_bytecode_content(r, &r->attrs[attr]);
  SK_TRY(sk_bytecode_read_type(r, &c, out_type));
  if (!is_list_type(r->module, *out_type, &count)) {
    return NULL;
  }
  SK_TRY(sk_bytecode_blob(r, &c, &bytes, &size));
  SK_TRY(sk_bytecode_end(r, &c, "a constant"));
  sk_elem elem = (sk_elem)sk_type_get(r->module, *out_type)->elem;
  uint32_t width = sk_elem_bytes(elem);
  bool packed = elem == SK_PRED && count > 1 && size == (uint64_t)(count + 7) / 8;
  bool splat = !packed && size == width && count != 1;
  if ((splat && (uint64_t)count > r->limits.splat_ints) ||
      (!packed && !splat && size != (uint64_t)count * width)) {
    return NULL;  // a wrong length is reported by the way of constants
  }
  for (int64_t i = 0; i < count; i++) {
    int64_t value = packed            ? bytes[i / 8] >> (i % 8) & 1
                    : elem == SK_PRED ? bytes[splat ? 0 : i] != 0
                                      : int_at(elem, splat ? bytes : bytes + i * width);
    SK_BYTECODE_PUSH(r, ints, value);
  }
  *out_is = true;
  *out_count = (uint32_t)count;
  return NULL;
}
