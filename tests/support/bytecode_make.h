// SPDX-License-Identifier: Apache-2.0
// Writes MLIR bytecode by hand, right or wrong, for tests of the reader.
//
//   bytecode_file f;
//   bytecode_init(&f, 6);
//   uint32_t t = bytecode_type(&f, "vhlo", "v", 4);              code 4: f32
//   uint32_t a = bytecode_attr(&f, "vhlo", "vt", 14, "main");    code 14: a string
//   ...  bytecode_put(&f, &body, "vcv", name, mask, location) ...
//   bytecode_main(&f, &body, ...);  size_t len = bytecode_finish(&f, &bytes);
//
// Contents are written by a format of one letter per argument:
//   v  number (uint32_t)     s  signed number (int64_t)        t  index of a string (const char *)
//   w  number (uint64_t)     b  blob (const void *, size_t)    c  byte (int)
//   o  optional index (int; -1 = absent)
// Indices are handed out in order and never shared. Everything asserts on exhausted memory.
#ifndef SK_TESTS_SUPPORT_BYTECODE_MAKE_H
#define SK_TESTS_SUPPORT_BYTECODE_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bytecode_bytes {
  uint8_t *data;
  size_t len, cap;
} bytecode_bytes;

typedef struct bytecode_entry {
  uint32_t dialect;
  bool custom;
  bytecode_bytes content;
} bytecode_entry;

enum { BYTECODE_MOST = 512, BYTECODE_DIALECTS = 8, BYTECODE_SECTIONS = 9 };

typedef struct bytecode_file {
  unsigned version;
  const char *producer;
  char *strings[BYTECODE_MOST];
  uint32_t dialects[BYTECODE_DIALECTS];  // strings
  bytecode_entry attrs[BYTECODE_MOST], types[BYTECODE_MOST], ops[BYTECODE_MOST];
  bytecode_bytes properties[BYTECODE_MOST];
  uint32_t string_count, dialect_count, attr_count, type_count, op_count, property_count;
  bytecode_bytes sections[BYTECODE_SECTIONS];  // 4 and resources: by hand; others: instead of what
  bool replaced[BYTECODE_SECTIONS];            // the tables give, where `replaced`
  bool omitted[BYTECODE_SECTIONS];
} bytecode_file;

void bytecode_init(bytecode_file *f, unsigned version);
void bytecode_fini(bytecode_file *f);
void bytecode_add(bytecode_bytes *to, const void *data, size_t len);
void bytecode_put(bytecode_file *f, bytecode_bytes *to, const char *format, ...);
uint32_t bytecode_string(bytecode_file *f, const char *text);
uint32_t bytecode_dialect(bytecode_file *f, const char *name);
uint32_t bytecode_op(bytecode_file *f, const char *dialect, const char *name);  // its name
uint32_t bytecode_attr(bytecode_file *f, const char *dialect, const char *format, ...);
uint32_t bytecode_type(bytecode_file *f, const char *dialect, const char *format, ...);
uint32_t bytecode_attr_bytes(bytecode_file *f, const char *dialect, const void *data, size_t len);
uint32_t bytecode_type_bytes(bytecode_file *f, const char *dialect, const void *data, size_t len);
uint32_t bytecode_attr_text(bytecode_file *f, const char *dialect, const char *text);
uint32_t bytecode_type_text(bytecode_file *f, const char *dialect, const char *text);
uint32_t bytecode_properties(bytecode_file *f, const char *format, ...);

// A section around `content`; empties `content`.
void bytecode_section(bytecode_bytes *to, unsigned id, bytecode_bytes *content);

// The module with one function @main without arguments, whose `op_count` operations are `body`
// (which is emptied); they define `values` values between them. Makes the attributes and types it
// needs.
void bytecode_main(bytecode_file *f, bytecode_bytes *body, unsigned op_count, unsigned values);

// The module without a function; `attrs` is its dictionary, or -1.
void bytecode_module(bytecode_file *f, int attrs);

// The file, on the heap; f stays as it is.
size_t bytecode_finish(const bytecode_file *f, uint8_t **out);

#endif
