// SPDX-License-Identifier: Apache-2.0
// MLIR bytecode to a module: the entry, the sections, and the tables that index them.
//
//   section   = id + 128 * has_alignment | size | [alignment | CB CB ..] | bytes
//   strings   = count | sizes, last string first | texts, each with its NUL
//   dialects  = count | {name * 2 + has_version [section 7]} | [count of names] |
//               {dialect | count | {name * 2 + registered}}
//   sizes     = attributes | types | {dialect | count | {size * 2 + own_encoding}}
//   properties= count | {size | bytes}
//   resource sizes = count of external groups | {owner | count | {key | size | kind}}, where the
//               owner is a name, then a dialect
//
// Container versions 0 to 6 (each version's differences stand where they matter). Sections cannot
// overlap, since each begins where the one before ends; all else that the input claims is checked
// against the bytes there are before memory is taken for it.
//
// A number is 1 to 9 bytes: as many zero bits as there are further bytes, a one, then the value,
// low bits first.
#include <stdarg.h>
#include <stdio.h>

#include "read/bytecode_int.h"

enum { NEWEST_VERSION = 6, SPREAD_PER_BYTE = 4 };

// ---- errors

static const char *const section_names[SK_SECTION_COUNT] = {
    "strings",    "dialects",  "attributes and types", "sizes of attributes and types",
    "operations", "resources", "resource sizes",       "dialect version",
    "properties"};

sk_srcpos sk_bytecode_pos(const sk_bytecode *r) {
  return (sk_srcpos){.file = r->module->input_name};
}

// " at byte 12 of section 4 (operations)"
static void describe_place(const sk_cursor *c, char *out, size_t size) {
  unsigned long long offset = (unsigned long long)(c->at - c->begin);
  if (c->section == SK_SECTION_NONE) {
    snprintf(out, size, "at byte %llu", offset);
  } else {
    snprintf(out, size, "at byte %llu of section %d (%s)", offset, (int)c->section,
             section_names[c->section]);
  }
}

static sk_status new_error(const sk_bytecode *r, sk_code code, const sk_cursor *c,
                           const char *format, va_list args) SK_PRINTF(4, 0);
static sk_status new_error(const sk_bytecode *r, sk_code code, const sk_cursor *c,
                           const char *format, va_list args) {
  char place[96];
  char message[400];
  describe_place(c, place, sizeof place);
  vsnprintf(message, sizeof message, format, args);
  return sk_status_new_at(code, sk_bytecode_pos(r), "%s, %s", message, place);
}

sk_status sk_bytecode_error(const sk_bytecode *r, const sk_cursor *c, const char *format, ...) {
  va_list args;
  va_start(args, format);
  sk_status status = new_error(r, SK_INVALID_ARGUMENT, c, format, args);
  va_end(args);
  return status;
}

sk_status sk_bytecode_unsupported(const sk_bytecode *r, const sk_cursor *c, const char *format,
                                  ...) {
  va_list args;
  va_start(args, format);
  sk_status status = new_error(r, SK_UNIMPLEMENTED, c, format, args);
  va_end(args);
  return status;
}

static sk_status over_limit(const sk_bytecode *r, const sk_cursor *c, const char *format, ...)
    SK_PRINTF(3, 4);
static sk_status over_limit(const sk_bytecode *r, const sk_cursor *c, const char *format, ...) {
  va_list args;
  va_start(args, format);
  sk_status status = new_error(r, SK_RESOURCE_EXHAUSTED, c, format, args);
  va_end(args);
  return status;
}

sk_status sk_bytecode_over_limit(const sk_bytecode *r, const sk_cursor *c, const char *what,
                                 uint64_t limit) {
  return over_limit(r, c, "more than %llu %s (a limit of the reader)", (unsigned long long)limit,
                    what);
}

sk_status sk_bytecode_place(const sk_bytecode *r, const sk_cursor *c, sk_status status) {
  (void)r;
  if (status == NULL) {
    return NULL;
  }
  char place[96];
  describe_place(c, place, sizeof place);
  return sk_status_note(status, "%s", place);
}

sk_status sk_bytecode_spend(sk_bytecode *r, const sk_cursor *c, uint64_t amount) {
  if (SK_UNLIKELY(amount > r->spread)) {
    return over_limit(r, c,
                      "attributes that are written once and used again and again take too "
                      "much room (a limit of the reader)");
  }
  r->spread -= amount;
  return NULL;
}

sk_status sk_bytecode_enter(sk_bytecode *r, const sk_cursor *c) {
  if (SK_UNLIKELY(r->depth >= r->limits.nesting)) {
    return sk_bytecode_over_limit(r, c, "levels of nesting", r->limits.nesting);
  }
  r->depth++;
  return NULL;
}

static sk_status cut_short(const sk_bytecode *r, const sk_cursor *c) {
  return sk_bytecode_error(r, c, "the input ends in the middle of something");
}

// ---- numbers

sk_status sk_bytecode_long_varint(const sk_bytecode *r, sk_cursor *c, uint64_t *out) {
  if (c->at == c->end) {
    return cut_short(r, c);
  }
  uint64_t value = 0;
  unsigned more = *c->at == 0 ? 8 : sk_ctz64(*c->at);
  if ((uint64_t)(c->end - c->at) <= more) {
    return cut_short(r, c);
  }
  for (unsigned i = 0; i <= more && i < 8; i++) {
    value |= (uint64_t)c->at[more == 8 ? i + 1 : i] << (8 * i);
  }
  *out = more == 8 ? value : value >> (more + 1);
  c->at += more + 1;
  return NULL;
}

sk_status sk_bytecode_signed(const sk_bytecode *r, sk_cursor *c, int64_t *out) {
  uint64_t value = 0;
  SK_TRY(sk_bytecode_varint(r, c, &value));
  *out = (int64_t)(value >> 1 ^ (0 - (value & 1)));
  return NULL;
}

sk_status sk_bytecode_byte(const sk_bytecode *r, sk_cursor *c, uint8_t *out) {
  if (SK_UNLIKELY(c->at == c->end)) {
    return cut_short(r, c);
  }
  *out = *c->at++;
  return NULL;
}

static sk_status check_index(const sk_bytecode *r, const sk_cursor *c, uint64_t value,
                             uint32_t count, const char *what) {
  if (SK_LIKELY(value < count)) {
    return NULL;
  }
  return sk_bytecode_error(r, c, "there is no %s %llu, only %u", what, (unsigned long long)value,
                           count);
}

sk_status sk_bytecode_long_index(const sk_bytecode *r, sk_cursor *c, uint32_t count,
                                 const char *what, uint32_t *out) {
  uint64_t value = 0;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &value));
  *out = (uint32_t)value;
  return SK_LIKELY(value < count) ? NULL : check_index(r, &at, value, count, what);
}

static sk_status check_count(const sk_bytecode *r, const sk_cursor *at, const sk_cursor *c,
                             uint64_t value, const char *what) {
  if (SK_UNLIKELY(value > (uint64_t)(c->end - c->at) || value > INT32_MAX)) {
    return sk_bytecode_error(r, at, "%llu %s do not fit into the %llu bytes that are left",
                             (unsigned long long)value, what, (unsigned long long)(c->end - c->at));
  }
  return NULL;
}

sk_status sk_bytecode_count(const sk_bytecode *r, sk_cursor *c, const char *what, uint32_t *out) {
  uint64_t value = 0;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &value));
  *out = (uint32_t)value;
  return check_count(r, &at, c, value, what);
}

sk_status sk_bytecode_ints(sk_bytecode *r, sk_cursor *c, uint32_t *out_count) {
  SK_TRY(sk_bytecode_count(r, c, "numbers", out_count));
  for (uint32_t i = 0; i < *out_count; i++) {
    int64_t value = 0;
    SK_TRY(sk_bytecode_signed(r, c, &value));
    SK_BYTECODE_PUSH(r, ints, value);
  }
  return NULL;
}

sk_status sk_bytecode_bytes(const sk_bytecode *r, sk_cursor *c, uint64_t size,
                            const uint8_t **out) {
  if (SK_UNLIKELY(size > (uint64_t)(c->end - c->at))) {
    return sk_bytecode_error(r, c, "%llu bytes where only %llu are left", (unsigned long long)size,
                             (unsigned long long)(c->end - c->at));
  }
  *out = c->at;
  c->at += size;
  return NULL;
}

sk_status sk_bytecode_blob(const sk_bytecode *r, sk_cursor *c, const uint8_t **out,
                           uint64_t *out_size) {
  SK_TRY(sk_bytecode_varint(r, c, out_size));
  return sk_bytecode_bytes(r, c, *out_size, out);
}

sk_status sk_bytecode_end(const sk_bytecode *r, const sk_cursor *c, const char *what) {
  if (SK_LIKELY(c->at == c->end)) {
    return NULL;
  }
  return sk_bytecode_error(r, c, "%llu bytes are left over after %s",
                           (unsigned long long)(c->end - c->at), what);
}

// ---- strings

sk_status sk_bytecode_string(const sk_bytecode *r, sk_cursor *c, sk_str *out) {
  uint32_t index;
  SK_TRY(sk_bytecode_index(r, c, r->string_count, "string", &index));
  *out = r->strings[index];
  return NULL;
}

sk_status sk_bytecode_sym(sk_bytecode *r, sk_cursor *c, sk_sym *out) {
  uint32_t index;
  SK_TRY(sk_bytecode_index(r, c, r->string_count, "string", &index));
  sk_sym *sym = &r->syms[index];
  if (sym->id == 0 && r->strings[index].len != 0 &&
      !sk_intern(&r->module->strings, r->strings[index], sym)) {
    return sk_status_no_memory();
  }
  *out = *sym;
  return NULL;
}

static sk_status read_string_sizes(sk_bytecode *r, sk_cursor *c) {
  uint64_t total = 0;
  for (uint32_t i = r->string_count; i-- > 0;) {
    uint64_t size = 0;
    sk_cursor at = *c;
    SK_TRY(sk_bytecode_varint(r, c, &size));
    if (size == 0 ||
        size > (uint64_t)(c->end - c->at) - SK_MIN(total, (uint64_t)(c->end - c->at))) {
      return sk_bytecode_error(r, &at, "string %u has an impossible size of %llu", i,
                               (unsigned long long)size);
    }
    total += size;
    r->strings[i].len = (size_t)size;
  }
  return NULL;
}

static sk_status read_strings(sk_bytecode *r) {
  sk_cursor c = r->sections[SK_SECTION_STRINGS];
  SK_TRY(sk_bytecode_count(r, &c, "strings", &r->string_count));
  r->strings = SK_NEW_ARRAY(&r->scratch, sk_str, (size_t)r->string_count + 1);
  r->syms = sk_arena_zalloc(&r->scratch, ((size_t)r->string_count + 1) * sizeof *r->syms,
                            _Alignof(sk_sym));
  if (r->strings == NULL || r->syms == NULL) {
    return sk_status_no_memory();
  }
  SK_TRY(read_string_sizes(r, &c));
  for (uint32_t i = 0; i < r->string_count; i++) {
    const uint8_t *text = NULL;
    sk_cursor at = c;
    SK_TRY(sk_bytecode_bytes(r, &c, r->strings[i].len, &text));
    r->strings[i] = (sk_str){(const char *)text, r->strings[i].len - 1};
    if (text[r->strings[i].len] != 0) {
      return sk_bytecode_error(r, &at, "string %u does not end in NUL", i);
    }
  }
  return sk_bytecode_end(r, &c, "the strings");
}

// ---- dialects and names of operations

static sk_bytecode_dialect find_dialect(sk_str name) {
  static const sk_str names[SK_DIALECT_COUNT] = {
#define DIALECT(id, text) {text, sizeof text - 1},
#include "read/bytecode.def"
  };
  for (uint32_t i = 0; i < SK_DIALECT_COUNT; i++) {
    if (sk_str_eq(name, names[i])) {
      return (sk_bytecode_dialect)i;
    }
  }
  return SK_DIALECT_OTHER;
}

static sk_status read_dialect_name(sk_bytecode *r, sk_cursor *c, sk_dialect_name *out) {
  uint64_t value = 0;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &value));
  bool has_version = r->version >= 1 && (value & 1) != 0;
  uint64_t string = r->version >= 1 ? value >> 1 : value;
  SK_TRY(check_index(r, &at, string, r->string_count, "string"));
  *out = (sk_dialect_name){r->strings[string], find_dialect(r->strings[string])};
  if (has_version) {  // VHLO writes its version into the producer; sdy's changes no encoding
    uint8_t id;
    sk_cursor version;
    at = *c;
    SK_TRY(sk_bytecode_section(r, c, &id, &version));
    if (id != SK_SECTION_DIALECT_VERSION) {
      return sk_bytecode_error(r, &at, "section %u where the version of a dialect was expected",
                               id);
    }
  }
  return NULL;
}

static sk_status read_op_names(sk_bytecode *r, sk_cursor *c) {
  uint32_t dialect;
  uint32_t count;
  SK_TRY(sk_bytecode_index(r, c, r->dialect_count, "dialect", &dialect));
  SK_TRY(sk_bytecode_count(r, c, "names of operations", &count));
  for (uint32_t i = 0; i < count; i++) {
    uint64_t value = 0;
    sk_cursor at = *c;
    SK_TRY(sk_bytecode_varint(r, c, &value));
    uint64_t string = r->version >= 5 ? value >> 1 : value;
    SK_TRY(check_index(r, &at, string, r->string_count, "string"));
    sk_op_name op = {.name = r->strings[string],
                     .dialect = dialect,
                     .registered = r->version < 5 || (value & 1) != 0};
    SK_BYTECODE_PUSH(r, op_names, op);
  }
  return NULL;
}

static sk_status read_dialects(sk_bytecode *r) {
  sk_cursor c = r->sections[SK_SECTION_DIALECTS];
  SK_TRY(sk_bytecode_count(r, &c, "dialects", &r->dialect_count));
  if (r->dialect_count > UINT16_MAX) {
    return sk_bytecode_over_limit(r, &c, "dialects", UINT16_MAX);
  }
  r->dialects = SK_NEW_ARRAY(&r->scratch, sk_dialect_name, (size_t)r->dialect_count + 1);
  if (r->dialects == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < r->dialect_count; i++) {
    SK_TRY(read_dialect_name(r, &c, &r->dialects[i]));
  }
  if (r->version >= 4) {
    uint32_t total;  // only a hint
    SK_TRY(sk_bytecode_count(r, &c, "names of operations", &total));
  }
  while (c.at < c.end) {
    SK_TRY(read_op_names(r, &c));
  }
  return NULL;
}

// ---- attributes and types

// All codes fit into one byte.
static uint8_t code_of(const sk_bytecode_entry *entry) {
  bool known = entry->custom && entry->size > 0 && entry->dialect_id != SK_DIALECT_OTHER &&
               (*entry->data & 1) != 0 && *entry->data >> 1 < SK_BYTECODE_CODES;
  return known ? *entry->data >> 1 : SK_BYTECODE_NO_CODE;
}

// One group of entries of one dialect. `data` moves along the bytes of the entries.
static sk_status read_entry_group(sk_bytecode *r, sk_cursor *c, sk_bytecode_entry *entries,
                                  uint32_t room, uint32_t *io_count, sk_cursor *data) {
  uint32_t dialect;
  uint32_t count;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_index(r, c, r->dialect_count, "dialect", &dialect));
  SK_TRY(sk_bytecode_count(r, c, "attributes or types", &count));
  if (count > room - *io_count) {
    return sk_bytecode_error(r, &at, "a group of %u attributes or types where %u are left", count,
                             room - *io_count);
  }
  for (uint32_t i = 0; i < count; i++) {
    uint64_t value = 0;
    sk_bytecode_entry *entry = &entries[(*io_count)++];
    SK_TRY(sk_bytecode_varint(r, c, &value));
    entry->size = value >> 1;
    entry->custom = (value & 1) != 0;
    entry->dialect = (uint16_t)dialect;
    entry->dialect_id = (uint8_t)r->dialects[dialect].id;
    SK_TRY(sk_bytecode_bytes(r, data, entry->size, &entry->data));
    entry->code = code_of(entry);
  }
  return NULL;
}

static sk_status read_entries(sk_bytecode *r) {
  sk_cursor c = r->sections[SK_SECTION_SIZES];
  sk_cursor data = r->sections[SK_SECTION_VALUES];
  SK_TRY(sk_bytecode_count(r, &c, "attributes", &r->attr_count));
  SK_TRY(sk_bytecode_count(r, &c, "types", &r->type_count));
  size_t total = (size_t)r->attr_count + r->type_count;
  r->attrs =
      sk_arena_zalloc(&r->scratch, (total + 1) * sizeof *r->attrs, _Alignof(sk_bytecode_entry));
  if (r->attrs == NULL) {
    return sk_status_no_memory();
  }
  r->types = r->attrs + r->attr_count;
  uint32_t count = 0;
  while (count < r->attr_count) {
    SK_TRY(read_entry_group(r, &c, r->attrs, r->attr_count, &count, &data));
  }
  count = 0;
  while (count < r->type_count) {
    SK_TRY(read_entry_group(r, &c, r->types, r->type_count, &count, &data));
  }
  return sk_bytecode_end(r, &c, "the sizes of all attributes and types");
}

sk_status sk_bytecode_entry_text(const sk_bytecode *r, const sk_bytecode_entry *entry,
                                 sk_str *out) {
  sk_cursor c = sk_bytecode_entry_cursor(r, entry);
  if (entry->size == 0 || entry->data[entry->size - 1] != 0) {
    return sk_bytecode_error(r, &c, "a text does not end in NUL");
  }
  *out = (sk_str){(const char *)entry->data, (size_t)entry->size - 1};
  return NULL;
}

static sk_status read_properties(sk_bytecode *r) {
  sk_cursor c = r->sections[SK_SECTION_PROPERTIES];
  if (c.at == NULL) {
    return NULL;
  }
  SK_TRY(sk_bytecode_count(r, &c, "properties", &r->property_count));
  r->properties =
      sk_arena_zalloc(&r->scratch, ((size_t)r->property_count + 1) * sizeof *r->properties,
                      _Alignof(sk_bytecode_properties));
  if (r->properties == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < r->property_count; i++) {
    SK_TRY(sk_bytecode_blob(r, &c, &r->properties[i].data, &r->properties[i].size));
  }
  return sk_bytecode_end(r, &c, "the properties");
}

// ---- resources

static sk_status read_resource_group(sk_bytecode *r, sk_cursor *c, bool external, sk_cursor *data) {
  uint32_t count;
  uint32_t owner;
  SK_TRY(sk_bytecode_index(r, c, external ? r->string_count : r->dialect_count,
                           external ? "string" : "dialect", &owner));
  SK_TRY(sk_bytecode_count(r, c, "resources", &count));
  for (uint32_t i = 0; i < count; i++) {
    sk_bytecode_resource resource = {0};
    SK_TRY(sk_bytecode_string(r, c, &resource.key));
    SK_TRY(sk_bytecode_varint(r, c, &resource.size));
    SK_TRY(sk_bytecode_byte(r, c, &resource.kind));
    SK_TRY(sk_bytecode_bytes(r, data, resource.size, &resource.data));
    if (!external) {  // attributes refer to those of dialects only
      SK_BYTECODE_PUSH(r, resources, resource);
    }
  }
  return NULL;
}

static sk_status read_resources(sk_bytecode *r) {
  sk_cursor c = r->sections[SK_SECTION_RESOURCE_SIZES];
  sk_cursor data = r->sections[SK_SECTION_RESOURCES];
  if (c.at == NULL) {
    return NULL;
  }
  if (data.at == NULL) {  // sections without content may be left out
    data = (sk_cursor){r->end, r->end, r->end, SK_SECTION_RESOURCES};
  }
  uint32_t groups;
  SK_TRY(sk_bytecode_count(r, &c, "groups of resources", &groups));
  for (uint32_t i = 0; i < groups; i++) {
    SK_TRY(read_resource_group(r, &c, true, &data));
  }
  while (c.at < c.end) {
    SK_TRY(read_resource_group(r, &c, false, &data));
  }
  return NULL;
}

// ---- sections

// Bytes CB up to the next multiple of the alignment, from the beginning of the file.
static sk_status skip_padding(const sk_bytecode *r, sk_cursor *c) {
  uint64_t alignment = 0;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &alignment));
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
    return sk_bytecode_error(r, &at, "an alignment of %llu is no power of two",
                             (unsigned long long)alignment);
  }
  while (((uint64_t)(c->at - r->begin) & (alignment - 1)) != 0) {
    if (c->at == c->end || *c->at != 0xCB) {
      return sk_bytecode_error(r, c, "expected padding (CB) before an aligned section");
    }
    c->at++;
  }
  return NULL;
}

sk_status sk_bytecode_section(const sk_bytecode *r, sk_cursor *c, uint8_t *out_id, sk_cursor *out) {
  uint64_t size = 0;
  SK_TRY(sk_bytecode_byte(r, c, out_id));
  SK_TRY(sk_bytecode_varint(r, c, &size));
  if ((*out_id & 0x80) != 0) {
    SK_TRY(skip_padding(r, c));
  }
  *out_id &= 0x7F;
  *out = *c;
  const uint8_t *data = NULL;
  SK_TRY(sk_bytecode_bytes(r, c, size, &data));
  out->end = data + size;
  return NULL;
}

static sk_status read_sections(sk_bytecode *r, sk_cursor *c) {
  static const sk_section needed[] = {SK_SECTION_STRINGS, SK_SECTION_DIALECTS, SK_SECTION_VALUES,
                                      SK_SECTION_SIZES, SK_SECTION_IR};
  while (c->at < c->end) {
    uint8_t id;
    sk_cursor section;
    sk_cursor at = *c;
    SK_TRY(sk_bytecode_section(r, c, &id, &section));
    if (id >= SK_SECTION_COUNT || id == SK_SECTION_DIALECT_VERSION) {
      return sk_bytecode_error(r, &at, "there is no section %u in such a file", id);
    }
    if (r->sections[id].at != NULL) {
      return sk_bytecode_error(r, &at, "section %u (%s) occurs twice", id, section_names[id]);
    }
    section.begin = section.at;
    section.section = (sk_section)id;
    r->sections[id] = section;
  }
  for (size_t i = 0; i < SK_COUNT(needed); i++) {
    if (r->sections[needed[i]].at == NULL) {
      return sk_bytecode_error(r, c, "section %d (%s) is missing", (int)needed[i],
                               section_names[needed[i]]);
    }
  }
  return NULL;
}

static sk_status read_header(sk_bytecode *r, sk_cursor *c) {
  if (!sk_read_is_bytecode(r->begin, (size_t)(r->end - r->begin))) {
    return sk_bytecode_error(r, c, "MLIR bytecode begins with the bytes 4D 4C EF 52");
  }
  c->at += 4;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &r->version));
  if (r->version > NEWEST_VERSION) {
    return sk_bytecode_unsupported(r, &at, "bytecode version %llu; versions up to %d are known",
                                   (unsigned long long)r->version, NEWEST_VERSION);
  }
  const uint8_t *nul = memchr(c->at, 0, (size_t)(c->end - c->at));
  if (nul == NULL) {
    return sk_bytecode_error(r, c, "the name of the producer has no end");
  }
  r->producer = (sk_str){(const char *)c->at, (size_t)(nul - c->at)};
  c->at = nul + 1;
  return NULL;
}

// ---- entry

// Room for about as many records as there will be, so that the module's arrays rarely move.
static bool reserve_records(sk_bytecode *r) {
  sk_module *m = r->module;
  const sk_cursor *ir = &r->sections[SK_SECTION_IR];
  uint32_t ops = (uint32_t)SK_MIN((uint64_t)(ir->end - ir->at) / 10, (uint64_t)1 << 24);
  return sk_vec_reserve(&m->arena, &m->ops, ops) && sk_vec_reserve(&m->arena, &m->values, ops) &&
         sk_vec_reserve(&m->arena, &m->operand_pool, ops + ops / 2) &&
         sk_vec_reserve(&m->arena, &m->attr_pool, ops / 2) &&
         sk_vec_reserve(&m->arena, &m->locs, r->attr_count / 2) &&
         sk_vec_reserve(&m->arena, &m->attrs, r->attr_count / 4) &&
         sk_vec_reserve(&m->arena, &m->types, r->type_count);
}

static sk_status read_all(sk_bytecode *r) {
  sk_cursor c = {r->begin, r->end, r->begin, SK_SECTION_NONE};
  uint64_t len = (uint64_t)(r->end - r->begin);
  if (len > r->limits.input_bytes) {
    return sk_bytecode_over_limit(r, &c, "bytes of input", r->limits.input_bytes);
  }
  r->spread = r->limits.expansion + SPREAD_PER_BYTE * len;
  SK_TRY(read_header(r, &c));
  SK_TRY(read_sections(r, &c));
  SK_TRY(read_strings(r));
  SK_TRY(read_dialects(r));
  SK_TRY(read_entries(r));
  SK_TRY(read_properties(r));
  SK_TRY(read_resources(r));
  return reserve_records(r) ? sk_bytecode_read_ir(r) : sk_status_no_memory();
}

// The stacks get their storage at once, so that an empty one has an address as well.
static bool reserve_stacks(sk_bytecode *r) {
  enum { FEW = 32 };
  sk_arena *a = &r->scratch;
  return sk_vec_reserve(a, &r->values, FEW) && sk_vec_reserve(a, &r->type_stack, FEW) &&
         sk_vec_reserve(a, &r->attr_stack, FEW) && sk_vec_reserve(a, &r->named, FEW) &&
         sk_vec_reserve(a, &r->regions, FEW) && sk_vec_reserve(a, &r->locs, FEW) &&
         sk_vec_reserve(a, &r->ints, FEW) && sk_vec_reserve(a, &r->slots, FEW) &&
         sk_vec_reserve(a, &r->pending, FEW);
}

sk_status sk_read_bytecode(const char *input_name, const void *bytes, size_t len,
                           const sk_read_options *options, sk_module **out_module) {
  *out_module = NULL;
  sk_module *module;
  SK_TRY(sk_module_create(input_name, &module));
  sk_bytecode r = {.module = module, .limits = sk_read_fill_options(options)};
  r.begin = len > 0 ? bytes : (const void *)"";
  r.end = r.begin + len;
  sk_arena_init(&r.scratch);
  sk_status status = reserve_stacks(&r) ? read_all(&r) : sk_status_no_memory();
  sk_arena_fini(&r.scratch);
  if (status != NULL) {
    sk_module_destroy(module);
    return status;
  }
  *out_module = module;
  return NULL;
}
