// SPDX-License-Identifier: Apache-2.0
// Names of values and aliases.
//
// Values: one stack of definitions, newest on top, and two indexes into it. Numbers (%12), which
// most values have, index an array; other names an open-addressing table. Leaving a region pops its
// definitions in reverse order: a number gets back what it meant before, and a name's slot can
// simply be emptied, since every later entry that had probed past it is gone already (rebuilding
// the table when it grows inserts in stack order, which keeps that true). An isolated region opens
// a new scope number that takes part in every comparison, so outer names are invisible in it and
// may be used again.
//
// Aliases may be defined anywhere at the top level. Used as a location before its definition, an
// alias gets a location record that is filled in later. Types and attributes are needed at once:
// the first such use finds all definitions by their place at the start of a line, and reads the one
// it needs there and then; reaching it again in the normal course just skips it.
#include "read/text_int.h"

static uint64_t load_bytes(const char *from, size_t bytes) {
  uint64_t word = 0;
  memcpy(&word, from, bytes);
  return word;
}

// Every character of a text of up to 16 lies in one of the two words.
static void load_ends(const char *name, size_t len, uint64_t *out_first, uint64_t *out_last) {
  if (len >= 8) {
    *out_first = load_bytes(name, 8);
    *out_last = load_bytes(name + len - 8, 8);
  } else if (len >= 4) {
    *out_first = load_bytes(name, 4);
    *out_last = load_bytes(name + len - 4, 4);
  } else {
    *out_first = len == 0 ? 0 : load_bytes(name, 1) | load_bytes(name + len / 2, 1) << 8;
    *out_last = len == 0 ? 0 : load_bytes(name + len - 1, 1);
  }
}

uint32_t sk_read_hash_name(const char *name, size_t len, uint32_t seed) {
  uint64_t h = seed + len * 0x9E3779B97F4A7C15u;
  for (; len > 16; name += 8, len -= 8) {
    h = (h ^ load_bytes(name, 8)) * 0x9E3779B97F4A7C15u;
    h ^= h >> 32;
  }
  uint64_t first, last;
  load_ends(name, len, &first, &last);
  uint64_t high, low;
  sk_mul64_wide(h ^ first, last ^ 0xD6E8FEB86659FD93u, &high, &low);
  h ^= high ^ low;
  return (uint32_t)(h ^ h >> 32);
}

// -- values ---------------------------------------------------------------------------------------

// Slot that holds the name, or the free one where it belongs.
static uint32_t find_slot(const sk_parser *p, const char *name, uint32_t len, uint32_t hash) {
  const sk_value_names *names = &p->names;
  uint32_t mask = names->slot_count - 1;
  for (uint32_t slot = hash & mask;; slot = (slot + 1) & mask) {
    uint32_t entry = names->slots[slot];
    if (entry == 0) {
      return slot;
    }
    const sk_value_name *known = &names->stack.data[entry - 1];
    if (known->hash == hash && known->scope == p->scope && known->len == len &&
        memcmp(known->name, name, len) == 0) {
      return slot;
    }
  }
}

static bool grow_index(sk_parser *p) {
  sk_value_names *names = &p->names;
  uint32_t slot_count = names->slot_count ? names->slot_count * 2 : 256;
  uint32_t *slots =
      sk_arena_zalloc(&p->scratch, (size_t)slot_count * sizeof *slots, _Alignof(uint32_t));
  if (slots == NULL) {
    return false;
  }
  for (uint32_t i = 0; i < names->stack.count; i++) {
    if (!names->stack.data[i].hashed) {
      continue;
    }
    uint32_t slot = names->stack.data[i].hash & (slot_count - 1);
    while (slots[slot] != 0) {
      slot = (slot + 1) & (slot_count - 1);
    }
    slots[slot] = i + 1;
  }
  names->slots = slots;
  names->slot_count = slot_count;
  return true;
}

// The number that the name is, if it is written as numbers are; else UINT32_MAX.
static uint32_t number_of(const char *name, uint32_t len) {
  enum { MOST_DIGITS = 9 };
  uint32_t number = 0;
  if (len == 0 || len > MOST_DIGITS || (name[0] == '0' && len > 1)) {
    return UINT32_MAX;
  }
  for (uint32_t i = 0; i < len; i++) {
    uint32_t digit = (uint32_t)(unsigned char)name[i] - '0';
    if (digit > 9) {
      return UINT32_MAX;
    }
    number = number * 10 + digit;
  }
  return number;
}

// Room for `number`, unless it is far beyond what the count of definitions explains: then it is a
// name like any other.
static bool reserve_number(sk_parser *p, uint32_t number) {
  sk_value_names *names = &p->names;
  if (number < names->number_count) {
    return true;
  }
  uint64_t most = (uint64_t)names->stack.count * 4 + 1024;
  if (number >= most) {
    return true;
  }
  uint32_t count =
      (uint32_t)SK_MAX((uint64_t)names->number_count * 2, SK_MIN(most, (uint64_t)number * 2 + 256));
  uint32_t *numbers =
      sk_arena_zalloc(&p->scratch, (size_t)count * sizeof *numbers, _Alignof(uint32_t));
  if (numbers == NULL) {
    return false;
  }
  if (names->number_count != 0) {
    memcpy(numbers, names->numbers, names->number_count * sizeof *numbers);
  }
  names->numbers = numbers;
  names->number_count = count;
  return true;
}

// Entry (1 + index) of a visible name, 0 if there is none.
static uint32_t find_value(const sk_parser *p, const char *name, uint32_t len) {
  const sk_value_names *names = &p->names;
  uint32_t number = number_of(name, len);
  if (number < names->number_count) {
    uint32_t entry = names->numbers[number];
    if (entry != 0 && names->stack.data[entry - 1].scope == p->scope) {
      return entry;
    }
  }
  if (names->slot_count == 0) {
    return 0;
  }
  return names->slots[find_slot(p, name, len, sk_read_hash_name(name, len, p->scope))];
}

sk_status sk_read_define_values(sk_parser *p, sk_str name, uint32_t first, uint32_t count) {
  sk_value_names *names = &p->names;
  sk_value_name entry = {.name = name.data + 1,
                         .len = (uint32_t)name.len - 1,
                         .scope = p->scope,
                         .first = first,
                         .count = count};
  if (find_value(p, entry.name, entry.len) != 0) {
    return sk_read_error(p, name.data, "redefinition of value '%.*s'", SK_STR_ARG(name));
  }
  uint32_t number = number_of(entry.name, entry.len);
  if (number != UINT32_MAX && !reserve_number(p, number)) {
    return sk_status_no_memory();
  }
  if (number < names->number_count) {
    entry.hidden = names->numbers[number];
    names->numbers[number] = names->stack.count + 1;
  } else {
    if (names->hashed_count * 2 >= names->slot_count && !grow_index(p)) {
      return sk_status_no_memory();
    }
    entry.hash = sk_read_hash_name(entry.name, entry.len, p->scope);
    entry.hashed = true;
    names->hashed_count++;
    names->slots[find_slot(p, entry.name, entry.len, entry.hash)] = names->stack.count + 1;
  }
  return sk_vec_push(&p->scratch, &names->stack, entry) ? NULL : sk_status_no_memory();
}

uint32_t sk_read_open_names(const sk_parser *p) { return p->names.stack.count; }

void sk_read_close_names(sk_parser *p, uint32_t height) {
  sk_value_names *names = &p->names;
  while (names->stack.count > height) {
    uint32_t index = names->stack.count;
    const sk_value_name *entry = &names->stack.data[index - 1];
    if (!entry->hashed) {
      names->numbers[number_of(entry->name, entry->len)] = entry->hidden;
    } else {
      names->hashed_count--;
      uint32_t slot = entry->hash & (names->slot_count - 1);
      while (names->slots[slot] != index) {
        slot = (slot + 1) & (names->slot_count - 1);
      }
      names->slots[slot] = 0;
    }
    names->stack.count--;
  }
}

static bool at_pack_index(const sk_parser *p) {
  return p->tok.kind == SK_TOK_HASH && p->tok.end - p->tok.start > 1 && p->tok.start[1] >= '0' &&
         p->tok.start[1] <= '9';
}

sk_status sk_read_parse_value(sk_parser *p, sk_value *out) {
  if (!sk_read_at(p, SK_TOK_VALUE)) {
    return sk_read_expected(p, "a value such as %0");
  }
  sk_token tok = p->tok;
  const char *name = tok.start + 1;
  uint32_t len = (uint32_t)(tok.end - name);
  uint32_t entry = find_value(p, name, len);
  if (entry == 0) {
    return sk_read_error(p, tok.start, "use of value '%.*s' before any definition in scope",
                         SK_STR_ARG(sk_tok_str(&tok)));
  }
  const sk_value_name *known = &p->names.stack.data[entry - 1];
  sk_read_advance(p);
  uint64_t index = 0;
  if (at_pack_index(p)) {
    sk_str digits = {p->tok.start + 1, (size_t)(p->tok.end - p->tok.start) - 1};
    if (!sk_str_to_u64(digits, &index) || index >= known->count) {
      return sk_read_error(p, p->tok.start, "'%.*s' has %u results, number %.*s was asked for",
                           SK_STR_ARG(sk_tok_str(&tok)), known->count, SK_STR_ARG(digits));
    }
    sk_read_advance(p);
  }
  *out = (sk_value){known->first + (uint32_t)index};
  return NULL;
}

// -- aliases --------------------------------------------------------------------------------------

static bool grow_alias_index(sk_parser *p) {
  uint32_t slot_count = p->alias_slot_count ? p->alias_slot_count * 2 : 64;
  uint32_t *slots =
      sk_arena_zalloc(&p->scratch, (size_t)slot_count * sizeof *slots, _Alignof(uint32_t));
  if (slots == NULL) {
    return false;
  }
  for (uint32_t i = 0; i < p->aliases.count; i++) {
    uint32_t slot = p->aliases.data[i].hash & (slot_count - 1);
    while (slots[slot] != 0) {
      slot = (slot + 1) & (slot_count - 1);
    }
    slots[slot] = i + 1;
  }
  p->alias_slots = slots;
  p->alias_slot_count = slot_count;
  return true;
}

sk_status sk_read_find_alias(sk_parser *p, sk_str name, bool add, uint32_t *out_index) {
  *out_index = UINT32_MAX;
  if (p->aliases.count * 2 >= p->alias_slot_count && !grow_alias_index(p)) {
    return sk_status_no_memory();
  }
  uint32_t hash = sk_read_hash_name(name.data, name.len, 0);
  uint32_t mask = p->alias_slot_count - 1;
  uint32_t slot = hash & mask;
  while (p->alias_slots[slot] != 0) {
    const sk_alias *alias = &p->aliases.data[p->alias_slots[slot] - 1];
    if (alias->hash == hash && sk_str_eq(alias->name, name)) {
      *out_index = p->alias_slots[slot] - 1;
      return NULL;
    }
    slot = (slot + 1) & mask;
  }
  if (add) {
    *out_index = p->aliases.count;
    SK_PUSH(p, aliases, (sk_alias){.name = name, .hash = hash, .use = name.data});
    p->alias_slots[slot] = p->aliases.count;
  }
  return NULL;
}

// The name at the start of a line that defines an alias ("#name = "), else an empty one.
static sk_str definition_at(const char *at, const char *end) {
  const char *start = at;
  if (at == end || (*at != '#' && *at != '!')) {
    return (sk_str){0};
  }
  at = sk_lex_skip_plain(at + 1, end);
  sk_str name = {start, (size_t)(at - start)};
  while (at < end && (*at == ' ' || *at == '\t')) {
    at++;
  }
  return name.len > 1 && at < end && *at == '=' ? name : (sk_str){0};
}

// Notes where every alias is defined. Once per input, and only if something is used before its
// definition.
static sk_status index_aliases(sk_parser *p) {
  sk_lexer lex;
  sk_lex_init(&lex, p->lex.begin, (size_t)(p->lex.end - p->lex.begin));
  p->aliases_indexed = true;
  while (lex.at < lex.end) {
    while (lex.at < lex.end && (*lex.at == ' ' || *lex.at == '\t')) {
      lex.at++;
    }
    sk_str name = definition_at(lex.at, lex.end);
    if (name.len != 0) {
      uint32_t index;
      SK_TRY(sk_read_find_alias(p, name, true, &index));
      sk_alias *alias = &p->aliases.data[index];
      if (alias->state == SK_ALIAS_MENTIONED) {
        alias->state = SK_ALIAS_LOCATED;
        alias->start = lex;
      }
    }
    const char *newline = memchr(lex.at, '\n', (size_t)(lex.end - lex.at));
    sk_lex_move_to(&lex, newline ? newline + 1 : lex.end);
  }
  return NULL;
}

static bool is_pending(const sk_module *m, sk_loc loc) {
  const sk_loc_rec *rec = sk_loc_get(m, loc);
  return rec->kind == SK_LOC_UNKNOWN && rec->line == UINT32_MAX;
}

// Gives the alias its location. If the alias has been mentioned before, its record is waiting to be
// filled in.
static sk_status set_location(sk_parser *p, sk_alias *alias, sk_loc loc) {
  sk_module *m = p->module;
  alias->is_loc = true;
  if (alias->loc.id == 0) {
    alias->loc = loc;
    return NULL;
  }
  sk_loc_rec rec = *sk_loc_get(m, loc);
  if (is_pending(m, loc)) {  // an alias of another one that is not known yet
    sk_loc *part = sk_arena_copy(&m->arena, &loc, sizeof loc, _Alignof(sk_loc));
    if (part == NULL) {
      return sk_status_no_memory();
    }
    rec = (sk_loc_rec){.kind = SK_LOC_FUSED, .parts = part, .part_count = 1};
  }
  m->locs.data[alias->loc.id] = rec;
  return NULL;
}

static sk_status parse_definition_body(sk_parser *p, uint32_t index) {
  sk_alias *alias = &p->aliases.data[index];
  if (alias->name.data[0] == '!') {
    sk_type type;
    SK_TRY(sk_read_parse_type(p, &type));
    p->aliases.data[index].type = type;
    return NULL;
  }
  if (sk_read_at_word(p, SK_STR("loc"))) {
    sk_loc loc;
    SK_TRY(sk_read_parse_loc(p, &loc));
    p->saw_loc = true;
    return set_location(p, &p->aliases.data[index], loc);
  }
  sk_attr attr;
  SK_TRY(sk_read_parse_attr(p, &attr));
  alias = &p->aliases.data[index];
  if (alias->loc.id != 0) {
    return sk_read_error(p, alias->use,
                         "'%.*s' is used as a location but defined as another attribute",
                         SK_STR_ARG(alias->name));
  }
  alias->attr = attr;
  return NULL;
}

sk_status sk_read_parse_alias_definition(sk_parser *p) {
  sk_lexer start = sk_read_here(p);
  sk_token name = p->tok;
  uint32_t index;
  SK_TRY(sk_read_find_alias(p, sk_tok_str(&name), true, &index));
  if (memchr(name.start, '.', (size_t)(name.end - name.start)) != NULL) {
    return sk_read_error(p, name.start, "the name of an alias cannot contain '.'");
  }
  sk_alias *alias = &p->aliases.data[index];
  if (alias->state == SK_ALIAS_DONE && alias->start.at == start.at) {
    sk_read_jump(p, &alias->end);
    return NULL;
  }
  if (alias->state == SK_ALIAS_DONE || alias->state == SK_ALIAS_ACTIVE) {
    return sk_read_error(p, name.start, "redefinition of alias '%.*s'", SK_STR_ARG(alias->name));
  }
  alias->state = SK_ALIAS_ACTIVE;
  alias->start = start;
  sk_read_advance(p);
  SK_TRY(sk_read_expect(p, '=', "'=' after the name of an alias"));
  uint64_t nodes = p->nodes;
  bool saw_loc = p->saw_loc;
  p->saw_loc = false;
  SK_TRY(parse_definition_body(p, index));
  alias = &p->aliases.data[index];
  if (p->nodes - nodes > p->limits.expansion) {
    return sk_read_over_limit(p, name.start, "nodes in what an alias stands for",
                              p->limits.expansion);
  }
  alias->nodes = (uint32_t)(p->nodes - nodes);
  alias->has_loc = p->saw_loc;
  p->saw_loc = saw_loc;
  alias->state = SK_ALIAS_DONE;
  alias->end = sk_read_here(p);
  return NULL;
}

sk_status sk_read_resolve_alias(sk_parser *p, uint32_t *out_index) {
  sk_token tok = p->tok;
  uint32_t index;
  SK_TRY(sk_read_find_alias(p, sk_tok_str(&tok), true, &index));
  if (p->aliases.data[index].state == SK_ALIAS_MENTIONED && !p->aliases_indexed) {
    SK_TRY(index_aliases(p));
  }
  switch ((sk_alias_state)p->aliases.data[index].state) {
    case SK_ALIAS_MENTIONED:
      return sk_read_error(p, tok.start, "undefined alias '%.*s'", SK_STR_ARG(sk_tok_str(&tok)));
    case SK_ALIAS_ACTIVE:
      return sk_read_error(p, tok.start, "the definition of alias '%.*s' contains itself",
                           SK_STR_ARG(sk_tok_str(&tok)));
    case SK_ALIAS_LOCATED: {
      sk_lexer saved = p->lex;
      sk_lexer start = p->aliases.data[index].start;
      uint64_t nodes = p->nodes;
      SK_TRY(sk_read_enter(p));
      sk_read_jump(p, &start);
      SK_TRY(sk_read_parse_alias_definition(p));
      p->depth--;
      p->nodes = nodes;
      p->lex = saved;
      p->tok = tok;
      break;
    }
    case SK_ALIAS_DONE: break;
  }
  const sk_alias *alias = &p->aliases.data[index];
  p->nodes += alias->nodes;
  p->saw_loc |= alias->has_loc;
  sk_read_advance(p);
  *out_index = index;
  return NULL;
}

sk_status sk_read_finish_aliases(sk_parser *p) {
  for (uint32_t i = 0; i < p->aliases.count; i++) {
    const sk_alias *alias = &p->aliases.data[i];
    if (alias->loc.id != 0 && alias->state != SK_ALIAS_DONE) {
      return sk_read_error(p, alias->use, "undefined location alias '%.*s'",
                           SK_STR_ARG(alias->name));
    }
  }
  return sk_read_check_locs(p);
}
