// SPDX-License-Identifier: Apache-2.0
// Locations to entries of bytecode. Chains of calls are long, so that nothing here recurses: the
// parts of a location have smaller ids than it has, and whatever is missing is written first.
//
// Positions in the text that a module was read from (SK_LOC_INPUT) say nothing about the program
// and are not written.
#include "read/write_int.h"

enum { CALLSITE = 10, POSITION, FUSED, FUSED_METADATA, NAMED, UNKNOWN, RANGE = 22 };

static sk_loc part_of(const sk_loc_rec *rec, uint32_t i) {
  if (rec->kind == SK_LOC_FUSED) {
    return rec->parts[i];
  }
  return i == 0 ? rec->a : rec->b;
}

static uint32_t part_count(const sk_loc_rec *rec) {
  switch ((sk_loc_kind)rec->kind) {
    case SK_LOC_NAME: return 1;
    case SK_LOC_CALLSITE: return 2;
    case SK_LOC_FUSED: return rec->part_count;
    case SK_LOC_UNKNOWN:
    case SK_LOC_FILE:
    case SK_LOC_INPUT: break;
  }
  return 0;
}

static void put_position(sk_writer *w, const sk_loc_rec *rec) {
  uint32_t file = sk_write_text_attr(w, SK_FORM_NATIVE, sk_sym_str(&w->m->strings, rec->name));
  bool range = rec->end_line != 0 || rec->end_col != 0;
  bool one_line = rec->end_line == rec->line;
  sk_write_number(w, range ? RANGE : POSITION);
  sk_write_attr_ref(w, file, SK_REF_PLAIN);
  if (range) {
    sk_write_number(w, one_line ? 3 : 4);
  }
  sk_write_number(w, rec->line);
  sk_write_number(w, rec->col);
  if (range && !one_line) {
    sk_write_number(w, rec->end_line);
  }
  if (range) {
    sk_write_number(w, rec->end_col);
  }
}

static void put_part(sk_writer *w, sk_loc part) {
  sk_write_attr_ref(w, w->loc_memo[part.id] - 1, SK_REF_PLAIN);
}

static void put_named(sk_writer *w, const sk_loc_rec *rec) {
  uint32_t name = sk_write_text_attr(w, SK_FORM_NATIVE, sk_sym_str(&w->m->strings, rec->name));
  sk_write_number(w, NAMED);
  sk_write_attr_ref(w, name, SK_REF_PLAIN);
  put_part(w, rec->a);
}

static void put_fused(sk_writer *w, const sk_loc_rec *rec) {
  uint32_t metadata = rec->metadata.id != 0 ? sk_write_attr(w, SK_FORM_NATIVE, rec->metadata) : 0;
  sk_write_number(w, rec->metadata.id != 0 ? FUSED_METADATA : FUSED);
  sk_write_number(w, rec->part_count);
  for (uint32_t i = 0; i < rec->part_count; i++) {
    put_part(w, rec->parts[i]);
  }
  if (rec->metadata.id != 0) {
    sk_write_attr_ref(w, metadata, SK_REF_PLAIN);
  }
}

// All parts are known.
static uint32_t write_one(sk_writer *w, const sk_loc_rec *rec) {
  uint32_t height = w->stack.count;
  switch ((sk_loc_kind)rec->kind) {
    case SK_LOC_FILE: put_position(w, rec); break;
    case SK_LOC_NAME: put_named(w, rec); break;
    case SK_LOC_CALLSITE:
      sk_write_number(w, CALLSITE);
      put_part(w, rec->a);
      put_part(w, rec->b);
      break;
    case SK_LOC_FUSED: put_fused(w, rec); break;
    case SK_LOC_UNKNOWN:
    case SK_LOC_INPUT: sk_write_number(w, UNKNOWN); break;
  }
  return sk_write_finish(w, &w->attrs, sk_write_dialect_of(w, SK_DIALECT_BUILTIN), true, height);
}

// Goes on with the parts of the innermost location; true: they are all there.
static bool has_all_parts(const sk_writer *w, sk_write_loc_step *step, const sk_loc_rec *rec) {
  uint32_t count = part_count(rec);
  while (step->next_part < count && w->loc_memo[part_of(rec, step->next_part).id] != 0) {
    step->next_part++;
  }
  return step->next_part == count;
}

uint32_t sk_write_loc(sk_writer *w, sk_loc loc) {
  if (w->loc_memo[loc.id] != 0) {
    return w->loc_memo[loc.id] - 1;
  }
  uint32_t height = w->loc_path.count;
  sk_write_loc_step step = {loc, 0};
  for (;;) {
    const sk_loc_rec *rec = sk_loc_get(w->m, step.loc);
    if (!has_all_parts(w, &step, rec)) {
      if (!sk_vec_push(&w->arena, &w->loc_path, step)) {
        w->out_of_memory = true;
        return 0;
      }
      step = (sk_write_loc_step){part_of(rec, step.next_part), 0};
      continue;
    }
    w->loc_memo[step.loc.id] = write_one(w, rec) + 1;
    if (w->loc_path.count == height) {
      return w->loc_memo[loc.id] - 1;
    }
    step = w->loc_path.data[--w->loc_path.count];
  }
}
