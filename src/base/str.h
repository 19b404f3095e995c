// SPDX-License-Identifier: Apache-2.0
// String slices, interned strings, and a growing text buffer.
#ifndef SK_BASE_STR_H
#define SK_BASE_STR_H

#include <string.h>

#include "base/arena.h"

// A slice: not NUL-terminated, not owned.
typedef struct sk_str {
  const char *data;
  size_t len;
} sk_str;

#define SK_STR(literal) ((sk_str){"" literal, sizeof(literal) - 1})
static inline sk_str sk_str_from(const char *text) {
  return (sk_str){text, text ? strlen(text) : 0};
}
static inline bool sk_str_eq(sk_str a, sk_str b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
static inline bool sk_str_has_prefix(sk_str s, sk_str prefix) {
  return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.data, prefix.data, prefix.len) == 0);
}
// How much of `text`, which begins with a quote, is one string literal: through its closing quote, or all of it where that is
// missing. A backslash and what follows it belong to the literal.
size_t sk_str_quoted_len(sk_str text);
// The first `what` outside string literals, NULL if there is none; `what` is not empty and has no quote.
const char *sk_str_find_unquoted(sk_str text, sk_str what);
#define SK_STR_ARG(s) (int)(s).len, (s).data  // for "%.*s"

// Interned strings: equal text = equal id within one interner. Id 0 is the empty string. The text
// is copied into the interner's arena, NUL-terminated, and lives as long as the arena.
typedef struct sk_sym {
  uint32_t id;
} sk_sym;

typedef struct sk_interner {
  sk_arena *arena;   // borrowed
  sk_str *texts;     // by id
  uint32_t *table;   // open addressing, id + 1, 0 = free
  uint32_t *hashes;  // by id
  uint32_t count, cap, table_cap;
} sk_interner;

bool sk_interner_init(sk_interner *in, sk_arena *arena);  // false: memory exhausted

// Texts that interners may begin with, under the ids 0, 1, ...: all different, "" first. What it
// points to must outlive those interners. At most 3/4 of the slots of the table, a power of two, are used.
typedef struct sk_interner_seed {
  const sk_str *texts;
  const uint32_t *hashes, *table;  // filled in by sk_interner_index
  uint32_t count, table_cap;
} sk_interner_seed;
// `hashes` (seed->count) and `table` (seed->table_cap, zeroed) are those of the seed.
void sk_interner_index(const sk_interner_seed *seed, uint32_t *hashes, uint32_t *table);
bool sk_interner_init_seeded(sk_interner *in, sk_arena *arena, const sk_interner_seed *seed);
bool sk_intern(sk_interner *in, sk_str text, sk_sym *out_sym);
bool sk_intern_find(const sk_interner *in, sk_str text, sk_sym *out_sym);
static inline sk_str sk_sym_str(const sk_interner *in, sk_sym sym) { return in->texts[sym.id]; }
static inline const char *sk_sym_cstr(const sk_interner *in, sk_sym sym) {
  return in->texts[sym.id].data;
}

// Text buffer on the heap; sticky `failed` when memory is exhausted (further writes are ignored),
// checked once at the end.
typedef struct sk_text {
  char *data;  // owned, NUL-terminated once anything was written; may be NULL
  size_t len, cap;
  bool failed;
} sk_text;

void sk_text_init(sk_text *text);
void sk_text_fini(sk_text *text);
void sk_text_add(sk_text *text, sk_str piece);
void sk_text_add_char(sk_text *text, char c);
void sk_text_addf(sk_text *text, const char *format, ...) SK_PRINTF(2, 3);
void sk_text_add_quoted(sk_text *text, sk_str piece);  // MLIR string escapes, with the quotes
void sk_text_add_i64(sk_text *text, int64_t value);
void sk_text_add_u64(sk_text *text, uint64_t value);
// Shortest decimal text that reads back as the same double/float (C locale, never affected by
// setlocale); that of a float also reads back by way of double, as MLIR reads it. inf and nan as
// MLIR hex bit patterns.
void sk_text_add_f64(sk_text *text, double value);
void sk_text_add_f32(sk_text *text, float value);

// Locale-independent number parsing of the whole slice; false if malformed or out of range.
bool sk_str_to_i64(sk_str s, int64_t *out);   // optional '-', decimal or 0x
bool sk_str_to_u64(sk_str s, uint64_t *out);  // decimal or 0x
// Decimal floats ("1", "-1.5e-3", ".5", "1."), "inf", "infinity" and "nan" (any case), optional
// sign; correctly rounded, once, to the type asked for. A number that rounds to infinity gives
// false and the infinity in *out, malformed text false and 0; one that rounds to zero or a denormal
// is fine.
bool sk_str_to_f64(sk_str s, double *out);
bool sk_str_to_f32(sk_str s, float *out);

#endif
