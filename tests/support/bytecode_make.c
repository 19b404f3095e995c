// SPDX-License-Identifier: Apache-2.0
// See bytecode_make.h. The layout of the file is drawn in src/read/bytecode_int.h and the files it
// names; this writer was made from the format's description, not from the reader.
#include "support/bytecode_make.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition)                                                                         \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                              \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

void bytecode_add(bytecode_bytes *to, const void *data, size_t len) {
  if (to->len + len > to->cap) {
    to->cap = 2 * (to->len + len) + 16;
    to->data = realloc(to->data, to->cap);
    REQUIRE(to->data != NULL);
  }
  if (len != 0) {
    memcpy(to->data + to->len, data, len);
  }
  to->len += len;
}

static void add_byte(bytecode_bytes *to, unsigned byte) {
  uint8_t b = (uint8_t)byte;
  bytecode_add(to, &b, 1);
}

// In as few bytes as it takes.
static void add_number(bytecode_bytes *to, uint64_t value) {
  unsigned more = 0;
  while (more < 8 && value >> (7 * (more + 1)) != 0) {
    more++;
  }
  if (more == 8) {
    add_byte(to, 0);
    bytecode_add(to, &value, 8);
    return;
  }
  uint64_t coded = (value << 1 | 1) << more;
  bytecode_add(to, &coded, more + 1);
}

static void put_arguments(bytecode_file *f, bytecode_bytes *to, const char *format, va_list args) {
  for (; *format != '\0'; format++) {
    const void *data;
    int64_t value;
    switch (*format) {
      case 'v': add_number(to, va_arg(args, uint32_t)); break;
      case 'w': add_number(to, va_arg(args, uint64_t)); break;
      case 's':
        value = va_arg(args, int64_t);
        add_number(to, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
        break;
      case 'c': add_byte(to, (unsigned)va_arg(args, int)); break;
      case 't': add_number(to, bytecode_string(f, va_arg(args, const char *))); break;
      case 'b':
        data = va_arg(args, const void *);
        value = (int64_t)va_arg(args, size_t);
        add_number(to, (uint64_t)value);
        bytecode_add(to, data, (size_t)value);
        break;
      case 'o':
        value = va_arg(args, int);
        add_number(to, value < 0 ? 0 : (uint64_t)value << 1 | 1);
        break;
      default: REQUIRE(!"a letter of the format");
    }
  }
}

void bytecode_put(bytecode_file *f, bytecode_bytes *to, const char *format, ...) {
  va_list args;
  va_start(args, format);
  put_arguments(f, to, format, args);
  va_end(args);
}

// -- tables ---------------------------------------------------------------------------------------

void bytecode_init(bytecode_file *f, unsigned version) {
  memset(f, 0, sizeof *f);
  f->version = version;
  f->producer = "test";
}

static void free_entries(bytecode_entry *entries, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    free(entries[i].content.data);
  }
}

void bytecode_fini(bytecode_file *f) {
  for (uint32_t i = 0; i < f->string_count; i++) {
    free(f->strings[i]);
  }
  free_entries(f->attrs, f->attr_count);
  free_entries(f->types, f->type_count);
  for (uint32_t i = 0; i < f->property_count; i++) {
    free(f->properties[i].data);
  }
  for (uint32_t i = 0; i < BYTECODE_SECTIONS; i++) {
    free(f->sections[i].data);
  }
}

uint32_t bytecode_string(bytecode_file *f, const char *text) {
  for (uint32_t i = 0; i < f->string_count; i++) {
    if (strcmp(f->strings[i], text) == 0) {
      return i;
    }
  }
  REQUIRE(f->string_count < BYTECODE_MOST);
  f->strings[f->string_count] = strdup(text);
  REQUIRE(f->strings[f->string_count] != NULL);
  return f->string_count++;
}

uint32_t bytecode_dialect(bytecode_file *f, const char *name) {
  uint32_t string = bytecode_string(f, name);
  for (uint32_t i = 0; i < f->dialect_count; i++) {
    if (f->dialects[i] == string) {
      return i;
    }
  }
  REQUIRE(f->dialect_count < BYTECODE_DIALECTS);
  f->dialects[f->dialect_count] = string;
  return f->dialect_count++;
}

uint32_t bytecode_op(bytecode_file *f, const char *dialect, const char *name) {
  uint32_t string = bytecode_string(f, name);
  REQUIRE(f->op_count < BYTECODE_MOST);
  f->ops[f->op_count] = (bytecode_entry){.dialect = bytecode_dialect(f, dialect), .custom = true};
  f->ops[f->op_count].content.len = string;  // only the index
  return f->op_count++;
}

static bytecode_entry *new_entry(bytecode_file *f, bytecode_entry *entries, uint32_t *count,
                                 const char *dialect) {
  REQUIRE(*count < BYTECODE_MOST);
  entries[*count] = (bytecode_entry){.dialect = bytecode_dialect(f, dialect), .custom = true};
  return &entries[(*count)++];
}

uint32_t bytecode_attr_bytes(bytecode_file *f, const char *dialect, const void *data, size_t len) {
  bytecode_add(&new_entry(f, f->attrs, &f->attr_count, dialect)->content, data, len);
  return f->attr_count - 1;
}

uint32_t bytecode_type_bytes(bytecode_file *f, const char *dialect, const void *data, size_t len) {
  bytecode_add(&new_entry(f, f->types, &f->type_count, dialect)->content, data, len);
  return f->type_count - 1;
}

uint32_t bytecode_attr_text(bytecode_file *f, const char *dialect, const char *text) {
  uint32_t index = bytecode_attr_bytes(f, dialect, text, strlen(text) + 1);
  f->attrs[index].custom = false;
  return index;
}

uint32_t bytecode_type_text(bytecode_file *f, const char *dialect, const char *text) {
  uint32_t index = bytecode_type_bytes(f, dialect, text, strlen(text) + 1);
  f->types[index].custom = false;
  return index;
}

uint32_t bytecode_attr(bytecode_file *f, const char *dialect, const char *format, ...) {
  va_list args;
  bytecode_entry *entry = new_entry(f, f->attrs, &f->attr_count, dialect);
  va_start(args, format);
  put_arguments(f, &entry->content, format, args);
  va_end(args);
  return f->attr_count - 1;
}

uint32_t bytecode_type(bytecode_file *f, const char *dialect, const char *format, ...) {
  va_list args;
  bytecode_entry *entry = new_entry(f, f->types, &f->type_count, dialect);
  va_start(args, format);
  put_arguments(f, &entry->content, format, args);
  va_end(args);
  return f->type_count - 1;
}

uint32_t bytecode_properties(bytecode_file *f, const char *format, ...) {
  va_list args;
  REQUIRE(f->property_count < BYTECODE_MOST);
  bytecode_bytes *content = &f->properties[f->property_count++];
  memset(content, 0, sizeof *content);
  va_start(args, format);
  put_arguments(f, content, format, args);
  va_end(args);
  return f->property_count - 1;
}

// -- operations -----------------------------------------------------------------------------------

void bytecode_section(bytecode_bytes *to, unsigned id, bytecode_bytes *content) {
  add_byte(to, id);
  add_number(to, content->len);
  bytecode_add(to, content->data, content->len);
  free(content->data);
  memset(content, 0, sizeof *content);
}

// One region of one block in a section of its own, or, before version 2, without one.
static void put_isolated(bytecode_file *f, bytecode_bytes *to, bytecode_bytes *ops,
                         unsigned op_count, unsigned values) {
  bytecode_bytes region = {0};
  bytecode_put(f, &region, "vvv", 1u, values, op_count << 1);
  bytecode_add(&region, ops->data, ops->len);
  free(ops->data);
  memset(ops, 0, sizeof *ops);
  bytecode_put(f, to, "v", 1u << 1 | 1);
  if (f->version >= 2) {
    bytecode_section(to, 4, &region);
  } else {
    bytecode_add(to, region.data, region.len);
    free(region.data);
  }
}

// builtin.module around `ops`
static void put_module(bytecode_file *f, bytecode_bytes *ops, unsigned op_count, int attrs) {
  uint32_t name = bytecode_op(f, "builtin", "module");
  uint32_t loc = bytecode_attr(f, "builtin", "v", 15u);
  bytecode_bytes *ir = &f->sections[4];
  bool has_properties = f->version >= 5;
  bytecode_put(f, ir, "vvcv", 1u << 1, name, 16 | (has_properties ? 64 : 0) | (attrs >= 0), loc);
  if (attrs >= 0) {
    bytecode_put(f, ir, "v", (uint32_t)attrs);
  }
  if (has_properties) {
    bytecode_put(f, ir, "v", bytecode_properties(f, "oo", -1, -1));
  }
  put_isolated(f, ir, ops, op_count, 0);
}

void bytecode_module(bytecode_file *f, int attrs) {
  bytecode_bytes none = {0};
  put_module(f, &none, 0, attrs);
}

void bytecode_main(bytecode_file *f, bytecode_bytes *body, unsigned op_count, unsigned values) {
  static const char *const keys[] = {"arg_attrs", "function_type", "res_attrs", "sym_name",
                                     "sym_visibility"};
  bytecode_bytes func = {0};
  uint32_t name = bytecode_op(f, "vhlo", "func_v1");
  uint32_t type = bytecode_type(f, "vhlo", "vvv", 8u, 0u, 0u);
  uint32_t none = bytecode_attr(f, "vhlo", "vv", 1u, 0u);
  uint32_t visibility = bytecode_attr(f, "vhlo", "vt", 14u, "");
  uint32_t symbol = bytecode_attr(f, "vhlo", "vt", 14u, "main");
  uint32_t signature = bytecode_attr(f, "vhlo", "vv", 17u, type);
  uint32_t loc = bytecode_attr(f, "builtin", "v", 15u);
  const uint32_t values_of[] = {none, signature, none, symbol, visibility};
  if (f->version >= 5) {
    uint32_t properties =
        bytecode_properties(f, "vvvvv", none, signature, none, symbol, visibility);
    bytecode_put(f, &func, "vcvv", name, 64 | 16, loc, properties);
  } else {
    bytecode_bytes dictionary = {0};
    bytecode_put(f, &dictionary, "vv", 1u, 5u);
    for (int i = 0; i < 5; i++) {
      uint32_t key = bytecode_attr(f, "builtin", "vt", 2u, keys[i]);
      bytecode_put(f, &dictionary, "vv", key, values_of[i]);
    }
    uint32_t attrs = bytecode_attr_bytes(f, "builtin", dictionary.data, dictionary.len);
    free(dictionary.data);
    bytecode_put(f, &func, "vcvv", name, 1 | 16, loc, attrs);
  }
  put_isolated(f, &func, body, op_count, values);
  put_module(f, &func, 1, -1);
}

// -- the file -------------------------------------------------------------------------------------

static void make_strings(const bytecode_file *f, bytecode_bytes *to) {
  add_number(to, f->string_count);
  for (uint32_t i = f->string_count; i-- > 0;) {
    add_number(to, strlen(f->strings[i]) + 1);
  }
  for (uint32_t i = 0; i < f->string_count; i++) {
    bytecode_add(to, f->strings[i], strlen(f->strings[i]) + 1);
  }
}

static void make_dialects(const bytecode_file *f, bytecode_bytes *to) {
  add_number(to, f->dialect_count);
  for (uint32_t i = 0; i < f->dialect_count; i++) {
    add_number(to, f->version >= 1 ? f->dialects[i] << 1 : f->dialects[i]);
  }
  if (f->version >= 4) {
    add_number(to, f->op_count);
  }
  for (uint32_t i = 0; i < f->op_count; i++) {
    uint64_t string = f->ops[i].content.len;
    add_number(to, f->ops[i].dialect);
    add_number(to, 1);
    add_number(to, f->version >= 5 ? string << 1 | f->ops[i].custom : string);
  }
}

static void make_entries(const bytecode_entry *entries, uint32_t count, bytecode_bytes *values,
                         bytecode_bytes *sizes) {
  for (uint32_t i = 0; i < count; i++) {
    add_number(sizes, entries[i].dialect);
    add_number(sizes, 1);
    add_number(sizes, entries[i].content.len << 1 | entries[i].custom);
    bytecode_add(values, entries[i].content.data, entries[i].content.len);
  }
}

static void make_properties(const bytecode_file *f, bytecode_bytes *to) {
  add_number(to, f->property_count);
  for (uint32_t i = 0; i < f->property_count; i++) {
    add_number(to, f->properties[i].len);
    bytecode_add(to, f->properties[i].data, f->properties[i].len);
  }
}

size_t bytecode_finish(const bytecode_file *f, uint8_t **out) {
  static const unsigned order[] = {1, 3, 2, 4, 6, 5, 0, 8};
  bytecode_bytes made[BYTECODE_SECTIONS] = {{0}};
  bytecode_bytes file = {0};
  make_strings(f, &made[0]);
  make_dialects(f, &made[1]);
  add_number(&made[3], f->attr_count);
  add_number(&made[3], f->type_count);
  make_entries(f->attrs, f->attr_count, &made[2], &made[3]);
  make_entries(f->types, f->type_count, &made[2], &made[3]);
  make_properties(f, &made[8]);
  bytecode_add(&file, "ML\xEFR", 4);
  add_number(&file, f->version);
  bytecode_add(&file, f->producer, strlen(f->producer) + 1);
  for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
    unsigned id = order[i];
    bool by_hand = id >= 4 && id <= 6;
    const bytecode_bytes *content = by_hand || f->replaced[id] ? &f->sections[id] : &made[id];
    bool needless = (id == 8 && f->version < 5) || ((id == 5 || id == 6) && content->len == 0);
    if (f->omitted[id] || (needless && !f->replaced[id])) {
      continue;
    }
    add_byte(&file, id);
    add_number(&file, content->len);
    bytecode_add(&file, content->data, content->len);
  }
  for (size_t i = 0; i < BYTECODE_SECTIONS; i++) {
    free(made[i].data);
  }
  *out = file.data;
  return file.len;
}
