// SPDX-License-Identifier: Apache-2.0
// Locations in bytecode, which are attributes of builtin:
//
//   10 callsite = callee | caller       12 fused = count | parts            14 named = name | inner
//   11 position = file | line | column  13 fused with metadata = 12 | attribute        15 unknown
//   22 range    = file | count | line [column [last column | last line, last column]]
//
// JAX gives every operation a location of its own on top of a chain of some hundred callers that
// most share. Each is read once, when first needed, from an explicit stack: the depth of a chain is
// limited by a number, not by the machine's stack. Parts are complete before the whole, so they
// have smaller ids, as elsewhere in the module. The size of a location written out counts shared
// parts each time and is limited as in text.
#include "read/bytecode_int.h"

enum { CALLSITE = 10, POSITION, FUSED, FUSED_METADATA, NAMED, UNKNOWN, RANGE = 22 };

static sk_status fit_number(sk_bytecode *r, const sk_cursor *c, uint64_t value, uint32_t *out) {
  if (value > UINT32_MAX) {
    return sk_bytecode_error(r, c, "%llu is too large for a line or column",
                             (unsigned long long)value);
  }
  *out = (uint32_t)value;
  return NULL;
}

static sk_status read_number(sk_bytecode *r, sk_cursor *c, uint32_t *out) {
  uint64_t value = 0;
  SK_TRY(sk_bytecode_varint(r, c, &value));
  return fit_number(r, c, value, out);
}

static sk_status read_position(sk_bytecode *r, sk_cursor *c, bool range, sk_loc_rec *rec) {
  uint32_t numbers[4] = {0};
  uint32_t count = 2;
  rec->kind = SK_LOC_FILE;
  SK_TRY(sk_bytecode_read_text(r, c, &rec->name));
  sk_cursor at = *c;
  if (range) {
    SK_TRY(sk_bytecode_count(r, c, "numbers", &count));
  }
  if (count > 4) {
    return sk_bytecode_error(r, &at, "a location of %u numbers", count);
  }
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(read_number(r, c, &numbers[i]));
  }
  rec->line = numbers[0];
  rec->col = numbers[1];
  if (count > 2) {
    rec->end_line = count == 3 ? numbers[0] : numbers[2];
    rec->end_col = numbers[count - 1];
  }
  return NULL;
}

// The location of attribute `part`, or a request for it: *io_missing grows by one.
static sk_status take_part(sk_bytecode *r, const sk_cursor *at, uint32_t part,
                           sk_bytecode_entry *whole, uint32_t *io_missing, sk_loc *out) {
  sk_bytecode_entry *entry = &r->attrs[part];
  *out = (sk_loc){0};
  if (!sk_bytecode_is_loc(entry)) {
    sk_attr attr;
    SK_TRY(sk_bytecode_get_attr(r, part, &attr));  // one written out as text
    const sk_attr_rec *rec = sk_attr_get(r->module, attr);
    if (rec->kind != SK_ATTR_LOC) {
      return sk_bytecode_error(r, at, "attribute %u is not a location", part);
    }
    *out = rec->u.loc;
    whole->loc_size = (uint32_t)SK_MIN(whole->loc_size + entry->size, UINT32_MAX);
    whole->loc_depth = SK_MAX(whole->loc_depth, SK_MAX_NESTING);
    return NULL;
  }
  if (entry->state == SK_ENTRY_NEW) {
    (*io_missing)++;
    SK_BYTECODE_PUSH(r, pending, part);
    return NULL;
  }
  if (entry->state == SK_ENTRY_ACTIVE) {
    return sk_bytecode_error(r, at, "a location contains itself");
  }
  out->id = entry->id;
  whole->loc_size = (uint32_t)SK_MIN((uint64_t)whole->loc_size + entry->loc_size, UINT32_MAX);
  whole->loc_depth = SK_MAX(whole->loc_depth, entry->loc_depth);
  return NULL;
}

static sk_status read_part(sk_bytecode *r, sk_cursor *c, sk_bytecode_entry *whole,
                           uint32_t *io_missing, sk_loc *out) {
  uint32_t part;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_read_index(r, c, &part));
  return take_part(r, &at, part, whole, io_missing, out);
}

// Parts go to r->locs.
static sk_status read_fused(sk_bytecode *r, sk_cursor *c, bool metadata, sk_bytecode_entry *whole,
                            uint32_t *io_missing, sk_loc_rec *rec) {
  rec->kind = SK_LOC_FUSED;
  SK_TRY(sk_bytecode_count(r, c, "locations", &rec->part_count));
  for (uint32_t i = 0; i < rec->part_count; i++) {
    sk_loc part;
    SK_TRY(read_part(r, c, whole, io_missing, &part));
    SK_BYTECODE_PUSH(r, locs, part);
  }
  if (!metadata || *io_missing > 0) {
    return NULL;
  }
  bool saw_loc = r->saw_loc;
  r->saw_loc = false;
  r->in_loc_metadata = true;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_read_attr(r, c, &rec->metadata));
  if (r->saw_loc) {
    return sk_bytecode_unsupported(r, &at,
                                   "locations inside the metadata of a location are not supported");
  }
  r->in_loc_metadata = false;
  r->saw_loc = saw_loc;
  return NULL;
}

// Reads the entry as far as its parts are there; *io_missing counts those that were asked for.
static sk_status read_content(sk_bytecode *r, uint32_t index, uint32_t *io_missing,
                              sk_loc_rec *rec) {
  sk_bytecode_entry *entry = &r->attrs[index];
  sk_cursor c = sk_bytecode_content(r, entry);
  entry->loc_size = 1;
  entry->loc_depth = 0;
  switch (entry->code) {
    case CALLSITE:
      rec->kind = SK_LOC_CALLSITE;
      SK_TRY(read_part(r, &c, entry, io_missing, &rec->a));
      SK_TRY(read_part(r, &c, entry, io_missing, &rec->b));
      break;
    case NAMED:
      rec->kind = SK_LOC_NAME;
      SK_TRY(sk_bytecode_read_text(r, &c, &rec->name));
      SK_TRY(read_part(r, &c, entry, io_missing, &rec->a));
      break;
    case FUSED:
    case FUSED_METADATA:
      SK_TRY(read_fused(r, &c, entry->code == FUSED_METADATA, entry, io_missing, rec));
      break;
    case POSITION: SK_TRY(read_position(r, &c, false, rec)); break;
    case RANGE: SK_TRY(read_position(r, &c, true, rec)); break;
    default: break;  // unknown
  }
  return *io_missing > 0 ? NULL : sk_bytecode_end(r, &c, "a location");
}

// Reads the location on top of r->pending, unless it needs others first, which then are on top.
static sk_status step(sk_bytecode *r) {
  uint32_t index = sk_vec_last(&r->pending);
  sk_bytecode_entry *entry = &r->attrs[index];
  sk_cursor at = sk_bytecode_entry_cursor(r, entry);
  sk_loc_rec rec = {.kind = SK_LOC_UNKNOWN};
  uint32_t height = r->locs.count;
  uint32_t missing = 0;
  if (entry->state == SK_ENTRY_DONE) {  // asked for twice
    r->pending.count--;
    return NULL;
  }
  entry->state = SK_ENTRY_ACTIVE;
  SK_TRY(read_content(r, index, &missing, &rec));
  r->locs.count = height;
  if (missing > 0) {
    return NULL;
  }
  entry->loc_depth++;
  if (entry->loc_size > r->limits.expansion || entry->loc_depth > r->limits.location_depth) {
    return sk_bytecode_over_limit(r, &at, "nodes or levels in a location", r->limits.expansion);
  }
  rec.parts = r->locs.data + height;
  if (rec.kind != SK_LOC_UNKNOWN) {
    sk_loc loc;
    SK_BYTECODE_SET_ID(&loc, sk_loc_new(r->module, &rec));
    entry->id = loc.id;
  }
  entry->state = SK_ENTRY_DONE;
  entry->is_loc = true;
  r->pending.count--;
  return NULL;
}

sk_status sk_bytecode_get_loc(sk_bytecode *r, uint32_t attr, sk_loc *out) {
  const sk_bytecode_entry *entry = &r->attrs[attr];
  if (SK_LIKELY(entry->is_loc)) {
    out->id = entry->id;
    return NULL;
  }
  uint32_t height = r->pending.count;
  sk_cursor at = sk_bytecode_entry_cursor(r, entry);
  sk_bytecode_entry outermost = {0};
  uint32_t missing = 0;
  SK_TRY(take_part(r, &at, attr, &outermost, &missing, out));
  while (r->pending.count > height) {
    SK_TRY(step(r));
  }
  if (missing > 0) {
    out->id = entry->id;
  }
  return NULL;
}
