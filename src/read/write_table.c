// SPDX-License-Identifier: Apache-2.0
// The tables of the bytecode writer: strings, dialects, names of operations, entries made of atoms,
// and from atoms to bytes.
//
// Equal entries are one: they are looked up by their atoms, which refer to other entries by index.
// Bytes of constants are compared by address beyond a few bytes; copying equal ones is not worth
// reading all of them.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "read/write_int.h"

// ---- errors

void sk_write_fail(sk_writer *w, sk_status status) {
  if (w->status == NULL) {
    w->status = status;
  } else {
    sk_status_free(status);
  }
}

void sk_write_unsupported(sk_writer *w, const char *format, ...) {
  char message[300];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  sk_write_fail(w, sk_op_error(w->m, w->op, SK_UNIMPLEMENTED, "%s", message));
}

void sk_write_too_new(sk_writer *w, uint32_t since, const char *format, ...) {
  char what[200];
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  sk_write_unsupported(w, "%s needs version %u.%u.0, the target is %u.%u.0", what, since >> 16,
                       since & 0xFFFF, w->version >> 16, w->version & 0xFFFF);
}

void *sk_write_alloc(sk_writer *w, size_t bytes) {
  void *memory = sk_arena_zalloc(&w->arena, bytes, 8);
  w->out_of_memory |= memory == NULL;
  return memory;
}

// ---- atoms

static void push(sk_writer *w, uint64_t word) {
  w->out_of_memory |= !sk_vec_push(&w->arena, &w->stack, word);
}

void sk_write_atom(sk_writer *w, sk_atom_kind kind, uint64_t payload) {
  push(w, payload << SK_ATOM_KIND_BITS | kind);
}

void sk_write_number(sk_writer *w, uint64_t value) {
  if (value >> (64 - SK_ATOM_KIND_BITS) == 0) {
    sk_write_atom(w, SK_ATOM_NUMBER, value);
  } else {
    sk_write_atom(w, SK_ATOM_WIDE, 0);
    push(w, value);
  }
}

void sk_write_signed(sk_writer *w, int64_t value) {
  sk_write_number(w, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

void sk_write_string(sk_writer *w, sk_str text) {
  sk_write_atom(w, SK_ATOM_STRING, sk_write_string_index(w, text));
}

static void push_ref(sk_writer *w, sk_write_table *table, sk_atom_kind kind, uint32_t entry,
                     sk_write_ref how) {
  if (entry < table->entries.count) {
    table->entries.data[entry].uses++;
  }
  sk_write_atom(w, kind, (uint64_t)entry << 2 | how);
}

void sk_write_attr_ref(sk_writer *w, uint32_t entry, sk_write_ref how) {
  push_ref(w, &w->attrs, SK_ATOM_ATTR, entry, how);
}

void sk_write_type_ref(sk_writer *w, uint32_t entry, sk_write_ref how) {
  push_ref(w, &w->types, SK_ATOM_TYPE, entry, how);
}

// Equal bytes at different places are one blob if there are few of them.
void sk_write_bytes(sk_writer *w, const void *data, uint64_t size) {
  if (size <= 8) {
    for (uint64_t i = 0; i < size; i++) {
      sk_write_atom(w, SK_ATOM_BYTE, ((const uint8_t *)data)[i]);
    }
    return;
  }
  sk_write_atom(w, SK_ATOM_BLOB, w->blobs.count);
  w->out_of_memory |= !sk_vec_push(&w->arena, &w->blobs, (sk_write_blob){data, size});
}

void sk_write_blob_sized(sk_writer *w, const void *data, uint64_t size) {
  sk_write_number(w, size);
  sk_write_bytes(w, data, size);
}

// ---- strings, dialects, names of operations

uint32_t sk_write_string_index(sk_writer *w, sk_str text) {
  sk_sym sym = {0};
  w->out_of_memory |= !sk_intern(&w->strings, text, &sym);
  return sym.id;
}

uint32_t sk_write_dialect(sk_writer *w, sk_str name) {
  uint32_t string = sk_write_string_index(w, name);
  uint32_t i = 0;
  while (i < w->dialects.count && w->dialects.data[i] != string) {
    i++;
  }
  if (i == UINT16_MAX) {
    sk_write_unsupported(w, "more than %d dialects", UINT16_MAX);
    return 0;
  }
  if (i == w->dialects.count) {
    w->out_of_memory |= !sk_vec_push(&w->arena, &w->dialects, string);
  }
  return i;
}

uint32_t sk_write_dialect_of(sk_writer *w, sk_bytecode_dialect id) {
  static const char *const names[SK_DIALECT_COUNT] = {
#define DIALECT(id, name) name,
#include "read/bytecode.def"
  };
  return sk_write_dialect(w, sk_str_from(names[id]));
}

uint32_t sk_write_op_name_index(sk_writer *w, uint32_t dialect, sk_str name) {
  sk_write_op_name row = {.name = sk_write_string_index(w, name), .dialect = dialect};
  w->out_of_memory |= !sk_vec_push(&w->arena, &w->op_names, row);
  return w->op_names.count - 1;
}

// ---- entries

// Blobs of so many bytes are equal if their bytes are, larger ones if they are the same.
enum { FEW_BYTES = 256 };

static uint64_t hash_blob(const sk_write_blob *blob) {
  return sk_hash_bytes(blob->data, SK_MIN(blob->size, (uint64_t)FEW_BYTES), blob->size);
}

static uint32_t hash_atoms(const sk_writer *w, const uint64_t *atoms, uint32_t count,
                           uint32_t dialect) {
  uint64_t h = dialect;
  bool wide = false;  // a word that is no atom
  for (uint32_t i = 0; i < count; i++) {
    bool is_blob = !wide && (atoms[i] & SK_ATOM_KIND_MASK) == SK_ATOM_BLOB;
    h = sk_hash_mix(h,
                    is_blob ? hash_blob(&w->blobs.data[atoms[i] >> SK_ATOM_KIND_BITS]) : atoms[i]);
    wide = !wide && (atoms[i] & SK_ATOM_KIND_MASK) == SK_ATOM_WIDE;
  }
  return (uint32_t)(h ^ h >> 32);
}

static bool blobs_equal(const sk_write_blob *a, const sk_write_blob *b) {
  return a->size == b->size &&
         (a->data == b->data || (a->size <= FEW_BYTES && memcmp(a->data, b->data, a->size) == 0));
}

static bool atoms_equal(const sk_writer *w, const uint64_t *a, const uint64_t *b, uint32_t count) {
  bool wide = false;  // a word that is no atom
  for (uint32_t i = 0; i < count; i++) {
    bool blobs = !wide && (a[i] & b[i] & SK_ATOM_KIND_MASK) == SK_ATOM_BLOB &&
                 ((a[i] | b[i]) & SK_ATOM_KIND_MASK) == SK_ATOM_BLOB;
    if (blobs ? !blobs_equal(&w->blobs.data[a[i] >> SK_ATOM_KIND_BITS],
                             &w->blobs.data[b[i] >> SK_ATOM_KIND_BITS])
              : a[i] != b[i]) {
      return false;
    }
    wide = !wide && (a[i] & SK_ATOM_KIND_MASK) == SK_ATOM_WIDE;
  }
  return true;
}

static bool grow_slots(sk_writer *w, sk_write_table *table) {
  uint32_t count = table->slot_count != 0 ? table->slot_count * 2 : 64;
  uint32_t *slots = sk_write_alloc(w, (size_t)count * sizeof *slots);
  if (slots == NULL) {
    return false;
  }
  for (uint32_t i = 0; i < table->entries.count; i++) {
    uint32_t slot = table->entries.data[i].hash & (count - 1);
    while (slots[slot] != 0) {
      slot = (slot + 1) & (count - 1);
    }
    slots[slot] = i + 1;
  }
  table->slots = slots;
  table->slot_count = count;
  return true;
}

// Moves the atoms from the stack to the pool.
static uint32_t add_entry(sk_writer *w, sk_write_table *table, sk_write_entry entry, uint32_t slot,
                          uint32_t height) {
  entry.first = w->pool.count;
  if (!sk_vec_reserve(&w->arena, &w->pool, entry.count) ||
      !sk_vec_push(&w->arena, &table->entries, entry)) {
    w->out_of_memory = true;
    return 0;
  }
  if (entry.count != 0) {
    memcpy(w->pool.data + w->pool.count, w->stack.data + height, entry.count * sizeof(uint64_t));
  }
  w->pool.count += entry.count;
  table->slots[slot] = table->entries.count;
  return table->entries.count - 1;
}

uint32_t sk_write_finish(sk_writer *w, sk_write_table *table, uint32_t dialect, bool custom,
                         uint32_t height) {
  const uint64_t *atoms = w->stack.data + height;
  sk_write_entry entry = {
      .count = w->stack.count - height, .dialect = (uint16_t)dialect, .custom = custom};
  if (w->out_of_memory ||
      (table->entries.count * 2 >= table->slot_count && !grow_slots(w, table))) {
    w->stack.count = SK_MIN(w->stack.count, height);
    return 0;
  }
  entry.hash = hash_atoms(w, atoms, entry.count, dialect);
  uint32_t slot = entry.hash & (table->slot_count - 1);
  uint32_t found = UINT32_MAX;
  for (; table->slots[slot] != 0 && found == UINT32_MAX;
       slot = (slot + 1) & (table->slot_count - 1)) {
    const sk_write_entry *known = &table->entries.data[table->slots[slot] - 1];
    if (known->hash == entry.hash && known->dialect == entry.dialect && known->custom == custom &&
        known->count == entry.count &&
        atoms_equal(w, w->pool.data + known->first, atoms, entry.count)) {
      found = table->slots[slot] - 1;
    }
  }
  if (found == UINT32_MAX) {
    found = add_entry(w, table, entry, slot, height);
  }
  w->stack.count = height;
  return found;
}

// "#sdy.sharding<..>" is of sdy, "!quant.uniform<..>" of quant, "affine_map<..>" of builtin.
static sk_str dialect_in(sk_str text) {
  if (text.len == 0 || (text.data[0] != '#' && text.data[0] != '!')) {
    return SK_STR("builtin");
  }
  size_t end = 1;
  while (end < text.len && text.data[end] != '.' && text.data[end] != '<') {
    end++;
  }
  return (sk_str){text.data + 1, end - 1};
}

uint32_t sk_write_text_entry(sk_writer *w, sk_write_table *table, sk_str text) {
  uint32_t height = w->stack.count;
  char *copy = sk_write_alloc(w, text.len + 1);
  if (copy == NULL) {
    return 0;
  }
  memcpy(copy, text.data, text.len);
  sk_write_bytes(w, copy, text.len + 1);
  return sk_write_finish(w, table, sk_write_dialect(w, dialect_in(text)), false, height);
}

// ---- numbers in the file

typedef struct ranked {
  uint32_t index, uses, dialect;
} ranked;

// Dialects in their order; what is used most has the smallest numbers, which take the least room.
static int compare_ranked(const void *a, const void *b) {
  const ranked *x = a;
  const ranked *y = b;
  if (x->dialect != y->dialect) {
    return x->dialect < y->dialect ? -1 : 1;
  }
  if (x->uses != y->uses) {
    return x->uses > y->uses ? -1 : 1;
  }
  return x->index < y->index ? -1 : x->index > y->index;
}

static void number_entries(sk_writer *w, sk_write_table *table) {
  uint32_t count = table->entries.count;
  ranked *order = sk_write_alloc(w, ((size_t)count + 1) * sizeof *order);
  if (order == NULL) {
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    const sk_write_entry *entry = &table->entries.data[i];
    order[i] = (ranked){i, entry->uses, entry->dialect};
  }
  qsort(order, count, sizeof *order, compare_ranked);
  for (uint32_t i = 0; i < count; i++) {
    table->entries.data[order[i].index].number = i;
  }
}

void sk_write_assign_numbers(sk_writer *w) {
  number_entries(w, &w->attrs);
  number_entries(w, &w->types);
  uint32_t next = 0;
  for (uint32_t dialect = 0; dialect < w->dialects.count; dialect++) {
    for (uint32_t i = 0; i < w->op_names.count; i++) {
      if (w->op_names.data[i].dialect == dialect) {
        w->op_names.data[i].number = next++;
      }
    }
  }
}

// ---- bytes

void sk_write_encode_number(sk_text *out, uint64_t value) {
  uint8_t bytes[9] = {0};
  unsigned more = 0;
  while (more < 8 && value >> (7 * (more + 1)) != 0) {
    more++;
  }
  if (more == 8) {
    memcpy(bytes + 1, &value, sizeof value);
  } else {
    uint64_t coded = (value << 1 | 1) << more;
    memcpy(bytes, &coded, sizeof coded);
  }
  sk_text_add(out, (sk_str){(const char *)bytes, more + 1});
}

static void encode_ref(sk_text *out, uint64_t payload, const sk_write_table *table) {
  uint64_t number = table->entries.data[payload >> 2].number;
  sk_write_encode_number(out, (payload & 2) != 0 ? number << 1 | (payload & 1) : number);
}

// The header of a section goes in front of it once its size is known.
static void close_section(sk_text *out, size_t start) {
  sk_text header;
  size_t size = out->len - start;
  sk_text_init(&header);
  sk_text_add_char(&header, SK_SECTION_IR);
  sk_write_encode_number(&header, size);
  sk_text_add(out, (sk_str){header.data, header.len});  // makes room
  if (!out->failed && !header.failed) {
    memmove(out->data + start + header.len, out->data + start, size);
    memcpy(out->data + start, header.data, header.len);
  }
  out->failed |= header.failed;
  sk_text_fini(&header);
}

void sk_write_encode(const sk_writer *w, const uint64_t *atoms, uint32_t count, sk_text *out) {
  size_t starts[SK_MAX_NESTING + 1];
  uint32_t depth = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t payload = atoms[i] >> SK_ATOM_KIND_BITS;
    const sk_write_blob *blob;
    switch ((sk_atom_kind)(atoms[i] & SK_ATOM_KIND_MASK)) {
      case SK_ATOM_NUMBER:
      case SK_ATOM_STRING: sk_write_encode_number(out, payload); break;
      case SK_ATOM_WIDE: sk_write_encode_number(out, atoms[++i]); break;
      case SK_ATOM_BYTE: sk_text_add_char(out, (char)(uint8_t)payload); break;
      case SK_ATOM_BLOB:
        blob = &w->blobs.data[payload];
        sk_text_add(out, (sk_str){blob->data, blob->size});
        break;
      case SK_ATOM_ATTR: encode_ref(out, payload, &w->attrs); break;
      case SK_ATOM_TYPE: encode_ref(out, payload, &w->types); break;
      case SK_ATOM_OP_NAME: sk_write_encode_number(out, w->op_names.data[payload].number); break;
      case SK_ATOM_BEGIN: starts[depth++] = out->len; break;
      case SK_ATOM_END: close_section(out, starts[--depth]); break;
    }
  }
}
