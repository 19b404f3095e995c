// SPDX-License-Identifier: Apache-2.0
// The interner and the growing text buffer.
//
// Interner: texts[id] in creation order; `table` maps hash to id + 1 by linear probing, at most 3/4
// full, grown by doubling. `hashes[id]` spares re-hashing on growth and most comparisons of unequal
// texts. Every step that may fail comes before the first change of state, so that a failed (or
// bailed) call leaves the interner as it was.
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/mem.h"

enum { FIRST_TABLE_CAP = 64, FIRST_TEXTS_CAP = 48 };

static uint32_t hash_text(sk_str text) {
  const uint64_t h = sk_hash_bytes(text.data, text.len, 0);
  return (uint32_t)(h ^ h >> 32);
}

// The slot that holds `text`, or the free slot where it belongs.
static uint32_t find_slot(const sk_interner *in, sk_str text, uint32_t hash) {
  const uint32_t mask = in->table_cap - 1;
  uint32_t slot = hash & mask;
  while (in->table[slot] != 0) {
    const uint32_t id = in->table[slot] - 1;
    if (in->hashes[id] == hash && sk_str_eq(in->texts[id], text)) {
      break;
    }
    slot = (slot + 1) & mask;
  }
  return slot;
}

// Room for one more text: the arrays by id hold 3/4 of the table's slots.
static bool grow(sk_interner *in) {
  if (in->table_cap > UINT32_MAX / 2) {
    // Too many: fails (or bails) as exhausted memory does.
    return sk_arena_alloc_array(in->arena, SIZE_MAX, 2, 1) != NULL;
  }
  const uint32_t table_cap = in->table_cap ? in->table_cap * 2 : FIRST_TABLE_CAP;
  const uint32_t cap = table_cap / 4 * 3;
  uint32_t *table = SK_NEW_ARRAY(in->arena, uint32_t, table_cap);
  uint32_t *hashes = table ? SK_NEW_ARRAY(in->arena, uint32_t, cap) : NULL;
  sk_str *texts = hashes ? SK_NEW_ARRAY(in->arena, sk_str, cap) : NULL;
  if (!texts) {
    return false;
  }
  memset(table, 0, (size_t)table_cap * sizeof *table);
  for (uint32_t id = 0; id < in->count; id++) {
    texts[id] = in->texts[id];
    hashes[id] = in->hashes[id];
    uint32_t slot = hashes[id] & (table_cap - 1);
    while (table[slot] != 0) {
      slot = (slot + 1) & (table_cap - 1);
    }
    table[slot] = id + 1;
  }
  in->table = table;
  in->hashes = hashes;
  in->texts = texts;
  in->table_cap = table_cap;
  in->cap = cap;
  return true;
}

bool sk_interner_init(sk_interner *in, sk_arena *arena) {
  *in = (sk_interner){.arena = arena};
  sk_sym empty;
  return grow(in) && sk_intern(in, (sk_str){"", 0}, &empty);
}

void sk_interner_index(const sk_interner_seed *seed, uint32_t *hashes, uint32_t *table) {
  const uint32_t mask = seed->table_cap - 1;
  for (uint32_t id = 0; id < seed->count; id++) {
    hashes[id] = hash_text(seed->texts[id]);
    uint32_t slot = hashes[id] & mask;
    while (table[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    table[slot] = id + 1;
  }
}

bool sk_interner_init_seeded(sk_interner *in, sk_arena *arena, const sk_interner_seed *seed) {
  *in = (sk_interner){.arena = arena,
                      .count = seed->count,
                      .cap = seed->table_cap / 4 * 3,
                      .table_cap = seed->table_cap};
  in->table = sk_arena_copy(arena, seed->table, seed->table_cap * sizeof *in->table, 8);
  in->hashes = in->table ? SK_NEW_ARRAY(arena, uint32_t, in->cap) : NULL;
  in->texts = in->hashes ? SK_NEW_ARRAY(arena, sk_str, in->cap) : NULL;
  if (!in->texts) {
    return false;
  }
  memcpy(in->hashes, seed->hashes, seed->count * sizeof *in->hashes);
  memcpy(in->texts, seed->texts, seed->count * sizeof *in->texts);
  return true;
}

bool sk_intern(sk_interner *in, sk_str text, sk_sym *out_sym) {
  const uint32_t hash = hash_text(text);
  uint32_t slot = find_slot(in, text, hash);
  if (in->table[slot] != 0) {
    out_sym->id = in->table[slot] - 1;
    return true;
  }
  if (in->count == in->cap) {
    if (!grow(in)) {
      return false;
    }
    slot = find_slot(in, text, hash);
  }
  const char *copy = sk_arena_strndup(in->arena, text.data, text.len);
  if (!copy) {
    return false;
  }
  const uint32_t id = in->count++;
  in->texts[id] = (sk_str){copy, text.len};
  in->hashes[id] = hash;
  in->table[slot] = id + 1;
  out_sym->id = id;
  return true;
}

bool sk_intern_find(const sk_interner *in, sk_str text, sk_sym *out_sym) {
  const uint32_t slot = find_slot(in, text, hash_text(text));
  if (in->table[slot] == 0) {
    return false;
  }
  out_sym->id = in->table[slot] - 1;
  return true;
}

// -- slices ---------------------------------------------------------------------------------------

size_t sk_str_quoted_len(sk_str text) {
  size_t at = 1;
  while (at < text.len && text.data[at] != '"') {
    at += text.data[at] == '\\' ? 2 : 1;
  }
  return SK_MIN(at + 1, text.len);
}

const char *sk_str_find_unquoted(sk_str text, sk_str what) {
  while (text.len >= what.len) {
    if (sk_str_has_prefix(text, what)) {
      return text.data;
    }
    size_t step = text.data[0] == '"' ? sk_str_quoted_len(text) : 1;
    text = (sk_str){text.data + step, text.len - step};
  }
  return NULL;
}

// -- text buffer ----------------------------------------------------------------------------------

void sk_text_init(sk_text *text) { *text = (sk_text){NULL, 0, 0, false}; }

void sk_text_fini(sk_text *text) {
  sk_mem_free(text->data);
  sk_text_init(text);
}

// Room for `extra` characters and the NUL.
static bool reserve(sk_text *text, size_t extra) {
  if (text->failed) {
    return false;
  }
  if (text->cap > extra && text->cap - extra > text->len) {
    return true;
  }
  size_t need;
  if (SK_ADD_OVERFLOW(text->len, extra, &need) || need > SIZE_MAX / 2) {
    text->failed = true;
    return false;
  }
  const size_t cap = SK_MAX(SK_MAX(need + 1, text->cap * 2), (size_t)64);
  char *data = sk_mem_realloc(text->data, cap);
  if (!data) {
    text->failed = true;
    return false;
  }
  text->data = data;
  text->cap = cap;
  return true;
}

void sk_text_add(sk_text *text, sk_str piece) {
  if (!reserve(text, piece.len)) {
    return;
  }
  if (piece.len != 0) {
    memcpy(text->data + text->len, piece.data, piece.len);
  }
  text->len += piece.len;
  text->data[text->len] = '\0';
}

void sk_text_add_char(sk_text *text, char c) { sk_text_add(text, (sk_str){&c, 1}); }

void sk_text_addf(sk_text *text, const char *format, ...) {
  if (!reserve(text, 0)) {
    return;
  }
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  const size_t room = text->cap - text->len;
  const int len = vsnprintf(text->data + text->len, room, format, args);
  va_end(args);
  if (len < 0) {
    text->data[text->len] = '\0';
    text->failed = true;
  } else if ((size_t)len < room) {
    text->len += (size_t)len;
  } else if (reserve(text, (size_t)len)) {
    vsnprintf(text->data + text->len, (size_t)len + 1, format, again);
    text->len += (size_t)len;
  } else {
    text->data[text->len] = '\0';
  }
  va_end(again);
}

void sk_text_add_quoted(sk_text *text, sk_str piece) {
  static const char hex[] = "0123456789ABCDEF";
  sk_text_add_char(text, '"');
  size_t plain = 0;  // start of the run not written yet
  for (size_t i = 0; i < piece.len; i++) {
    const unsigned char c = (unsigned char)piece.data[i];
    if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
      continue;
    }
    sk_text_add(text, (sk_str){piece.data + plain, i - plain});
    plain = i + 1;
    if (c == '\\') {
      sk_text_add(text, SK_STR("\\\\"));
    } else {
      const char escape[3] = {'\\', hex[c >> 4], hex[c & 15]};
      sk_text_add(text, (sk_str){escape, 3});
    }
  }
  sk_text_add(text, (sk_str){piece.data + plain, piece.len - plain});
  sk_text_add_char(text, '"');
}
