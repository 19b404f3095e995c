// SPDX-License-Identifier: Apache-2.0
// Locations in text (MLIR "Builtin dialect", location attributes):
//
//   loc(unknown)  loc("f.py":12:3)  loc("f.py":12:3 to :17)  loc("f.py":12:3 to 14:2)
//   loc("name")  loc("name"(inner))
//   loc(callsite(callee at caller))  loc(fused["a", "b"])  loc(fused<attribute>[...])  loc(#alias)
//
// An alias may be used before it is defined: it then gets an empty record (UNKNOWN with line
// UINT32_MAX) whose id stands in everything built on it, filled in by the definition. Cycles that
// this allows are found at the end.
#include "read/text_int.h"

static sk_status parse_inner(sk_parser *p, sk_loc *out);

static sk_status parse_number(sk_parser *p, const char *what, uint32_t *out) {
  uint64_t value;
  if (!sk_read_at(p, SK_TOK_INT)) {
    return sk_read_expected(p, what);
  }
  if (!sk_str_to_u64(sk_tok_str(&p->tok), &value) || value > UINT32_MAX) {
    return sk_read_error(p, p->tok.start, "this number is too large for a line or column");
  }
  *out = (uint32_t)value;
  sk_read_advance(p);
  return NULL;
}

// ":12:3" and the optional "to :17" or "to 14:2".
static sk_status parse_file(sk_parser *p, sk_loc_rec *rec) {
  rec->kind = SK_LOC_FILE;
  sk_read_advance(p);
  SK_TRY(parse_number(p, "a line number", &rec->line));
  SK_TRY(sk_read_expect(p, ':', "':' between line and column"));
  SK_TRY(parse_number(p, "a column number", &rec->col));
  if (sk_read_accept_word(p, SK_STR("to"))) {
    rec->end_line = rec->line;
    if (!sk_read_at(p, ':')) {
      SK_TRY(parse_number(p, "the line on which a range ends", &rec->end_line));
    }
    SK_TRY(sk_read_expect(p, ':', "':' before the column at which a range ends"));
    SK_TRY(parse_number(p, "the column at which a range ends", &rec->end_col));
  }
  return NULL;
}

static sk_status parse_named(sk_parser *p, sk_loc *out) {
  sk_loc_rec rec = {.kind = SK_LOC_NAME};
  sk_str name;
  SK_TRY(sk_read_parse_string(p, &name));
  if (!sk_intern(&p->module->strings, name, &rec.name)) {
    return sk_status_no_memory();
  }
  if (sk_read_at(p, ':')) {
    SK_TRY(parse_file(p, &rec));
  } else if (sk_read_accept(p, '(')) {
    SK_TRY(parse_inner(p, &rec.a));
    SK_TRY(sk_read_expect(p, ')', "')' after the location inside a name"));
  }
  SK_SET_ID(out, sk_loc_new(p->module, &rec));
  return NULL;
}

static sk_status parse_callsite(sk_parser *p, sk_loc *out) {
  sk_loc_rec rec = {.kind = SK_LOC_CALLSITE};
  sk_read_advance(p);
  SK_TRY(sk_read_expect(p, '(', "'(' after callsite"));
  SK_TRY(parse_inner(p, &rec.a));
  SK_TRY(sk_read_expect_word(p, SK_STR("at")));
  SK_TRY(parse_inner(p, &rec.b));
  SK_TRY(sk_read_expect(p, ')', "')' after the caller's location"));
  SK_SET_ID(out, sk_loc_new(p->module, &rec));
  return NULL;
}

static sk_status parse_metadata(sk_parser *p, sk_attr *out) {
  const char *at = p->tok.start;
  bool outer_in = p->in_loc_metadata;
  bool outer_saw = p->saw_loc;
  p->in_loc_metadata = true;
  p->saw_loc = false;
  SK_TRY(sk_read_parse_attr(p, out));
  if (p->saw_loc) {
    return sk_read_unsupported(p, at,
                               "locations inside the metadata of a location are not supported");
  }
  p->in_loc_metadata = outer_in;
  p->saw_loc = outer_saw;
  return sk_read_expect(p, '>', "'>' after the metadata of a fused location");
}

static sk_status parse_fused(sk_parser *p, sk_loc *out) {
  sk_loc_rec rec = {.kind = SK_LOC_FUSED};
  uint32_t height = p->locs.count;
  sk_read_advance(p);
  if (sk_read_accept(p, '<')) {
    SK_TRY(parse_metadata(p, &rec.metadata));
  }
  SK_TRY(sk_read_expect(p, '[', "'[' before the parts of a fused location"));
  if (!sk_read_at(p, ']')) {
    do {
      sk_loc part;
      SK_TRY(parse_inner(p, &part));
      SK_PUSH(p, locs, part);
    } while (sk_read_accept(p, ','));
  }
  SK_TRY(sk_read_expect(p, ']', "',' or ']' after a part of a fused location"));
  rec.parts = p->locs.data + height;
  rec.part_count = p->locs.count - height;
  SK_SET_ID(out, sk_loc_new(p->module, &rec));
  p->locs.count = height;
  return NULL;
}

// Record for an alias that is not defined yet.
static sk_status make_pending(sk_parser *p, sk_loc *out) {
  sk_module *m = p->module;
  sk_loc_rec rec = {.kind = SK_LOC_UNKNOWN, .line = UINT32_MAX};
  if (!sk_vec_push(&m->arena, &m->locs, rec)) {
    return sk_status_no_memory();
  }
  *out = (sk_loc){m->locs.count - 1};
  p->pending_locs = true;
  return NULL;
}

static sk_status parse_alias(sk_parser *p, sk_loc *out) {
  sk_str name = sk_tok_str(&p->tok);
  uint32_t index;
  SK_TRY(sk_read_find_alias(p, name, true, &index));
  sk_alias *alias = &p->aliases.data[index];
  if (alias->state == SK_ALIAS_DONE) {
    if (!alias->is_loc) {
      return sk_read_error(p, name.data, "'%.*s' is not a location", SK_STR_ARG(name));
    }
  } else if (alias->loc.id == 0) {
    alias->use = name.data;
    SK_TRY(make_pending(p, &alias->loc));
  }
  *out = alias->loc;
  p->nodes += alias->nodes;
  sk_read_advance(p);
  return NULL;
}

static sk_status parse_inner(sk_parser *p, sk_loc *out) {
  SK_TRY(sk_read_enter(p));
  sk_status status;
  if (sk_read_at(p, SK_TOK_HASH)) {
    status = parse_alias(p, out);
  } else if (sk_read_at(p, SK_TOK_STRING)) {
    status = parse_named(p, out);
  } else if (sk_read_at_word(p, SK_STR("callsite"))) {
    status = parse_callsite(p, out);
  } else if (sk_read_at_word(p, SK_STR("fused"))) {
    status = parse_fused(p, out);
  } else if (sk_read_at_word(p, SK_STR("loc"))) {
    status = sk_read_parse_loc(p, out);
  } else if (sk_read_accept_word(p, SK_STR("unknown"))) {
    *out = sk_loc_unknown(p->module);
    status = NULL;
  } else {
    status = sk_read_expected(p, "a location");
  }
  p->depth--;
  return status;
}

sk_status sk_read_parse_loc(sk_parser *p, sk_loc *out) {
  SK_TRY(sk_read_expect_word(p, SK_STR("loc")));
  SK_TRY(sk_read_expect(p, '(', "'(' after loc"));
  SK_TRY(parse_inner(p, out));
  return sk_read_expect(p, ')', "')' after a location");
}

sk_status sk_read_parse_optional_loc(sk_parser *p, sk_loc *io, bool *io_given) {
  if (!sk_read_at_word(p, SK_STR("loc"))) {
    return NULL;
  }
  *io_given = true;
  return sk_read_parse_loc(p, io);
}

sk_status sk_read_input_loc(sk_parser *p, const sk_token *tok, sk_loc *out) {
  uint64_t col = (uint64_t)(tok->start - tok->line_start) + 1;
  sk_loc_rec rec = {
      .kind = SK_LOC_INPUT, .line = tok->line, .col = (uint32_t)SK_MIN(col, UINT32_MAX)};
  SK_SET_ID(out, sk_loc_new(p->module, &rec));
  return NULL;
}

// -- cycles, size and order -----------------------------------------------------------------------

typedef struct walk_step {
  uint32_t loc, next_child;
} walk_step;

typedef struct loc_walk {
  const sk_module *m;
  uint32_t *size;  // nodes when written out; 0: not visited, UINT32_MAX: on the path
  uint32_t *depth;
  uint32_t *place;  // in the order of completion: parts before wholes
  uint32_t placed;
  walk_step *path;
  uint32_t path_len, path_cap;
} loc_walk;

static sk_loc child_of(const sk_loc_rec *rec, uint32_t i) {
  if (rec->kind == SK_LOC_FUSED) {
    return i < rec->part_count ? rec->parts[i] : (sk_loc){0};
  }
  return i == 0 ? rec->a : i == 1 ? rec->b : (sk_loc){0};
}

static uint32_t child_count(const sk_loc_rec *rec) {
  return rec->kind == SK_LOC_FUSED ? rec->part_count : 2;
}

// All children are known: so is this one, unless it is too large.
static bool complete(loc_walk *walk, const sk_read_options *limits, uint32_t loc) {
  const sk_loc_rec *rec = sk_loc_get(walk->m, (sk_loc){loc});
  uint64_t size = 1;
  uint32_t depth = 0;
  for (uint32_t i = 0; i < child_count(rec); i++) {
    uint32_t child = child_of(rec, i).id;
    if (child != 0) {
      size += walk->size[child];
      depth = SK_MAX(depth, walk->depth[child]);
    }
  }
  walk->size[loc] = (uint32_t)SK_MIN(size, (uint64_t)UINT32_MAX - 1);
  walk->depth[loc] = depth + 1;
  walk->place[loc] = ++walk->placed;
  return size <= limits->expansion && depth < limits->location_depth;
}

// Everything below `root`, children first, without recursion. False at a cycle (*out_cycle) or
// beyond the limits.
static bool measure(loc_walk *walk, const sk_read_options *limits, uint32_t root, bool *out_cycle) {
  walk->path[0] = (walk_step){root, 0};
  walk->path_len = 1;
  walk->size[root] = UINT32_MAX;
  while (walk->path_len > 0) {
    walk_step *step = &walk->path[walk->path_len - 1];
    const sk_loc_rec *rec = sk_loc_get(walk->m, (sk_loc){step->loc});
    if (step->next_child == child_count(rec)) {
      if (!complete(walk, limits, step->loc)) {
        return false;
      }
      walk->path_len--;
      continue;
    }
    uint32_t child = child_of(rec, step->next_child++).id;
    if (child == 0 || (walk->size[child] != 0 && walk->size[child] != UINT32_MAX)) {
      continue;
    }
    *out_cycle = walk->size[child] == UINT32_MAX;
    if (*out_cycle || walk->path_len == walk->path_cap) {
      return false;
    }
    walk->size[child] = UINT32_MAX;
    walk->path[walk->path_len++] = (walk_step){child, 0};
  }
  return true;
}

// Records in the order of completion, and every mention of a location renumbered: elsewhere parts
// may be relied on to have smaller ids than the wholes.
static sk_status reorder(sk_parser *p, const loc_walk *walk) {
  sk_module *m = p->module;
  const uint32_t *place = walk->place;
  sk_loc_rec *sorted = SK_NEW_ARRAY(&m->arena, sk_loc_rec, m->locs.count);
  if (sorted == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < m->locs.count; i++) {
    sk_loc_rec rec = m->locs.data[i];
    sk_loc *parts = rec.part_count != 0 ? SK_NEW_ARRAY(&m->arena, sk_loc, rec.part_count) : NULL;
    if (rec.part_count != 0 && parts == NULL) {
      return sk_status_no_memory();
    }
    for (uint32_t k = 0; k < rec.part_count; k++) {
      parts[k].id = place[rec.parts[k].id];
    }
    rec.parts = parts;
    rec.a.id = place[rec.a.id];
    rec.b.id = place[rec.b.id];
    sorted[place[i]] = rec;
  }
  m->locs.data = sorted;
  m->locs.cap = m->locs.count;
  for (uint32_t i = 0; i < m->ops.count; i++) {
    m->ops.data[i].loc.id = place[m->ops.data[i].loc.id];
  }
  for (uint32_t i = 0; i < m->attrs.count; i++) {
    if (m->attrs.data[i].kind == SK_ATTR_LOC) {
      m->attrs.data[i].u.loc.id = place[m->attrs.data[i].u.loc.id];
    }
  }
  return NULL;
}

static const char *mention_of(const sk_parser *p, uint32_t loc) {
  for (uint32_t i = 0; i < p->aliases.count; i++) {
    if (p->aliases.data[i].loc.id == loc) {
      return p->aliases.data[i].name.data;
    }
  }
  return p->lex.begin;
}

sk_status sk_read_check_locs(sk_parser *p) {
  const sk_module *m = p->module;
  uint32_t count = m->locs.count;
  if (p->aliases.count == 0) {
    return NULL;
  }
  uint32_t *numbers =
      sk_arena_zalloc(&p->scratch, 3 * (size_t)count * sizeof *numbers, _Alignof(uint32_t));
  loc_walk walk = {
      .m = m, .size = numbers, .path_cap = (uint32_t)SK_MIN(p->limits.location_depth + 1, count)};
  walk.path = SK_NEW_ARRAY(&p->scratch, walk_step, walk.path_cap);
  if (numbers == NULL || walk.path == NULL) {
    return sk_status_no_memory();
  }
  walk.depth = numbers + count;
  walk.place = walk.depth + count;
  for (uint32_t loc = 1; loc < count; loc++) {
    bool cycle = false;
    if (walk.size[loc] == 0 && !measure(&walk, &p->limits, loc, &cycle)) {
      const char *at = mention_of(p, walk.path_len > 0 ? walk.path[walk.path_len - 1].loc : loc);
      return cycle
                 ? sk_read_error(p, at, "a location contains itself")
                 : sk_read_over_limit(p, at, "nodes or levels in a location", p->limits.expansion);
    }
  }
  return p->pending_locs ? reorder(p, &walk) : NULL;
}
