// SPDX-License-Identifier: Apache-2.0
// Attributes in text (MLIR "Builtin dialect", attributes):
//
//   1 : i32   -2   0x7FC00000 : f32   1.5 : f32   true   "text"   @symbol   @a::@b   unit
//   [a, b]   {key = value, flag}   dense<...> : T   dense_resource<key> : T   array<i64: 1, 2>
//   types   loc(...)   #alias   #dialect.name<...>
//
// Constants are text_dense.c's, structures of StableHLO text_struct.c's. What belongs to other
// dialects is kept as text.
#include <stdlib.h>

#include "read/text_int.h"

// -- pieces ---------------------------------------------------------------------------------------

sk_status sk_read_parse_string(sk_parser *p, sk_str *out) {
  if (!sk_read_at(p, SK_TOK_STRING)) {
    return sk_read_expected(p, "a string");
  }
  sk_str quoted = sk_tok_str(&p->tok);
  if (!sk_lex_has_escapes(quoted)) {
    *out = (sk_str){quoted.data + 1, quoted.len - 2};
  } else if (!sk_lex_unescape(&p->scratch, quoted, out)) {
    return sk_status_no_memory();
  }
  sk_read_advance(p);
  return NULL;
}

sk_status sk_read_parse_symbol(sk_parser *p, sk_str *out) {
  if (!sk_read_at(p, SK_TOK_SYMBOL)) {
    return sk_read_expected(p, "a symbol such as @name");
  }
  sk_str text = sk_tok_str(&p->tok);
  text = (sk_str){text.data + 1, text.len - 1};
  if (text.len > 0 && text.data[0] == '"') {
    if (sk_lex_has_escapes(text)) {
      if (!sk_lex_unescape(&p->scratch, text, &text)) {
        return sk_status_no_memory();
      }
    } else {
      text = (sk_str){text.data + 1, text.len - 2};
    }
  }
  if (text.len == 0) {
    return sk_read_error(p, p->tok.start, "a symbol name cannot be empty");
  }
  *out = text;
  sk_read_advance(p);
  return NULL;
}

sk_status sk_read_parse_int(sk_parser *p, int64_t *out) {
  const char *at = p->tok.start;
  bool negative = sk_read_accept(p, '-');
  uint64_t magnitude;
  if (!sk_read_at(p, SK_TOK_INT)) {
    return sk_read_expected(p, "an integer");
  }
  if (!sk_str_to_u64(sk_tok_str(&p->tok), &magnitude) ||
      magnitude > (uint64_t)INT64_MAX + negative) {
    return sk_read_error(p, at, "this integer does not fit in 64 bits");
  }
  *out = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
  sk_read_advance(p);
  return NULL;
}

sk_status sk_read_parse_index_size(sk_parser *p, int64_t *out) {
  if (sk_read_accept(p, '?')) {
    *out = SK_DIM_UNKNOWN;
    return NULL;
  }
  return sk_read_parse_int(p, out);
}

sk_status sk_read_parse_int_list(sk_parser *p) {
  SK_TRY(sk_read_expect(p, '[', "'[' before a list of integers"));
  if (!sk_read_at(p, ']')) {
    do {
      int64_t value;
      SK_TRY(sk_read_parse_index_size(p, &value));
      SK_PUSH(p, ints, value);
    } while (sk_read_accept(p, ','));
  }
  return sk_read_expect(p, ']', "',' or ']' in a list of integers");
}

sk_status sk_read_parse_ints_attr(sk_parser *p, sk_attr *out) {
  uint32_t height = p->ints.count;
  SK_TRY(sk_read_parse_int_list(p));
  SK_SET_ID(out, sk_attr_ints(p->module, p->ints.data + height, p->ints.count - height));
  p->ints.count = height;
  return NULL;
}

static sk_status unknown_keyword(const sk_parser *p, sk_enum_id id) {
  sk_text text;
  sk_text_init(&text);
  for (int64_t value = 0; value < 16; value++) {
    const char *keyword = sk_enum_keyword(id, value);
    if (keyword != NULL) {
      sk_text_addf(&text, "%s%s", text.len > 0 ? ", " : "", keyword);
    }
  }
  sk_str word = sk_tok_str(&p->tok);
  sk_status status =
      text.failed
          ? sk_status_no_memory()
          : sk_read_error(p, p->tok.start, "expected %s to be one of: %s; got '%.*s'",
                          sk_enum_mnemonic(id), text.data, (int)SK_MIN(word.len, 64), word.data);
  sk_text_fini(&text);
  return status;
}

sk_status sk_read_parse_enum_word(sk_parser *p, sk_enum_id id, sk_attr *out) {
  int64_t value;
  if (!sk_read_at(p, SK_TOK_IDENT)) {
    return sk_read_expected(p, "a keyword");
  }
  if (!sk_enum_parse(id, sk_tok_str(&p->tok), &value)) {
    return unknown_keyword(p, id);
  }
  sk_read_advance(p);
  SK_SET_ID(out, sk_attr_enum(p->module, id, value));
  return NULL;
}

// -- numbers --------------------------------------------------------------------------------------

// Optional ": type", which must be an element type; *io stays as it is without one.
static sk_status parse_number_type(sk_parser *p, sk_elem *io) {
  if (!sk_read_accept(p, ':')) {
    return NULL;
  }
  const char *at = p->tok.start;
  sk_type type;
  SK_TRY(sk_read_parse_type(p, &type));
  const sk_type_rec *rec = sk_type_get(p->module, type);
  if (rec->kind != SK_TYPE_SCALAR || rec->elem == SK_QUANT ||
      sk_elem_is_complex((sk_elem)rec->elem)) {
    return sk_read_error(p, at, "a number needs an integer or floating-point type");
  }
  *io = (sk_elem)rec->elem;
  return NULL;
}

static sk_status make_float(sk_parser *p, sk_elem elem, double value, sk_attr *out) {
  sk_type type;
  SK_SET_ID(&type, sk_type_scalar(p->module, elem));
  SK_SET_ID(out, sk_attr_float(p->module, type, value));
  return NULL;
}

// An integer or float literal: the type behind it says how to read it, so it is read twice.
static sk_status parse_number(sk_parser *p, sk_attr *out) {
  sk_lexer start = sk_read_here(p);
  sk_read_accept(p, '-');
  bool is_float = sk_read_at(p, SK_TOK_FLOAT);
  if (!is_float && !sk_read_at(p, SK_TOK_INT)) {
    return sk_read_expected(p, "a number after '-'");
  }
  sk_read_advance(p);
  sk_elem elem = is_float ? SK_F64 : SK_S64;
  SK_TRY(parse_number_type(p, &elem));
  sk_lexer end = sk_read_here(p);
  sk_read_jump(p, &start);
  if (sk_elem_is_float(elem)) {
    double value;
    SK_TRY(sk_read_parse_float(p, elem, &value));
    SK_TRY(make_float(p, elem, value, out));
  } else if (elem == SK_PRED) {
    uint8_t value;
    SK_TRY(sk_read_parse_element(p, elem, &value));
    SK_SET_ID(out, sk_attr_bool(p->module, value != 0));
  } else {
    sk_type type;
    unsigned char bytes[16] = {0};
    int64_t value = 0;
    SK_TRY(sk_read_parse_element(p, elem, bytes));
    uint32_t width = sk_elem_bytes(elem);
    memcpy(&value, bytes, SK_MIN(width, sizeof value));
    if (width < sizeof value && sk_elem_is_signed(elem)) {
      uint32_t shift = 64 - 8 * width;
      value = (int64_t)((uint64_t)value << shift) >> shift;
    }
    SK_SET_ID(&type, sk_type_scalar(p->module, elem));
    SK_SET_ID(out, sk_attr_int(p->module, type, value));
  }
  sk_read_jump(p, &end);
  return NULL;
}

// -- containers -----------------------------------------------------------------------------------

static int compare_names(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a;
  uint32_t y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static sk_status duplicate(const sk_parser *p, uint32_t sym, const char *at) {
  sk_str name = sk_sym_str(&p->module->strings, (sk_sym){sym});
  return sk_read_error(p, at, "attribute '%.*s' is given twice", (int)SK_MIN(name.len, 64),
                       name.data);
}

sk_status sk_read_check_duplicates(sk_parser *p, uint32_t first, const char *at) {
  enum { FEW = 12 };
  const sk_named_attr *named = p->named.data + first;
  uint32_t count = p->named.count - first;
  if (count <= FEW) {
    for (uint32_t i = 1; i < count; i++) {
      for (uint32_t k = 0; k < i; k++) {
        if (named[i].name.id == named[k].name.id) {
          return duplicate(p, named[i].name.id, at);
        }
      }
    }
    return NULL;
  }
  uint32_t *names = SK_NEW_ARRAY(&p->scratch, uint32_t, count);
  if (names == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    names[i] = named[i].name.id;
  }
  qsort(names, count, sizeof *names, compare_names);
  for (uint32_t i = 1; i < count; i++) {
    if (names[i] == names[i - 1]) {
      return duplicate(p, names[i], at);
    }
  }
  return NULL;
}

static sk_status parse_entry(sk_parser *p) {
  sk_named_attr entry;
  sk_str key = sk_tok_str(&p->tok);
  if (sk_read_at(p, SK_TOK_STRING)) {
    SK_TRY(sk_read_parse_string(p, &key));
  } else if (sk_read_at(p, SK_TOK_IDENT)) {
    sk_read_advance(p);
  } else {
    return sk_read_expected(p, "an attribute name");
  }
  if (!sk_intern(&p->module->strings, key, &entry.name)) {
    return sk_status_no_memory();
  }
  if (entry.name.id == 0) {
    return sk_read_expected(p, "an attribute name that is not empty");
  }
  if (sk_read_accept(p, '=')) {
    SK_TRY(sk_read_parse_attr(p, &entry.attr));
  } else {
    SK_SET_ID(&entry.attr, sk_attr_unit(p->module));
  }
  SK_PUSH(p, named, entry);
  return NULL;
}

sk_status sk_read_parse_dict(sk_parser *p) {
  const char *at = p->tok.start;
  uint32_t height = p->named.count;
  SK_TRY(sk_read_expect(p, '{', "'{' before a list of attributes"));
  if (!sk_read_at(p, '}')) {
    do {
      SK_TRY(parse_entry(p));
    } while (sk_read_accept(p, ','));
  }
  SK_TRY(sk_read_expect(p, '}', "',' or '}' in a list of attributes"));
  return sk_read_check_duplicates(p, height, at);
}

sk_status sk_read_make_attr(sk_parser *p, const sk_attr_rec *rec, const char *at, sk_attr *out) {
  *out = sk_attr_new(p->module, rec);
  return out->id != 0 ? NULL : sk_attr_explain(p->module, rec, sk_read_pos(p, at));
}

static sk_status parse_dict_attr(sk_parser *p, sk_attr *out) {
  const char *at = p->tok.start;
  uint32_t height = p->named.count;
  SK_TRY(sk_read_parse_dict(p));
  sk_attr_rec rec = {.kind = SK_ATTR_DICT};
  rec.u.dict.data = p->named.data + height;
  rec.u.dict.count = p->named.count - height;
  p->named.count = height;
  return sk_read_make_attr(p, &rec, at, out);
}

static sk_status parse_array(sk_parser *p, sk_attr *out) {
  const char *at = p->tok.start;
  uint32_t height = p->attrs.count;
  sk_read_advance(p);
  if (!sk_read_at(p, ']')) {
    do {
      sk_attr item;
      SK_TRY(sk_read_parse_attr(p, &item));
      SK_PUSH(p, attrs, item);
    } while (sk_read_accept(p, ','));
  }
  SK_TRY(sk_read_expect(p, ']', "',' or ']' in an array of attributes"));
  sk_attr_rec rec = {.kind = SK_ATTR_ARRAY};
  rec.u.list.data = p->attrs.data + height;
  rec.u.list.count = p->attrs.count - height;
  p->attrs.count = height;
  return sk_read_make_attr(p, &rec, at, out);
}

// -- the rest -------------------------------------------------------------------------------------

// @a or @a::@b, kept as "a" or "a::b".
static sk_status parse_symbol_attr(sk_parser *p, sk_attr *out) {
  sk_str name;
  SK_TRY(sk_read_parse_symbol(p, &name));
  if (!sk_read_at(p, SK_TOK_COLONS)) {
    SK_SET_ID(out, sk_attr_symbol(p->module, name));
    return NULL;
  }
  sk_text path;
  sk_text_init(&path);
  sk_text_add(&path, name);
  sk_status status = NULL;
  while (status == NULL && sk_read_accept(p, SK_TOK_COLONS)) {
    status = sk_read_parse_symbol(p, &name);
    if (status == NULL) {
      sk_text_add(&path, SK_STR("::"));
      sk_text_add(&path, name);
    }
  }
  if (status == NULL) {
    *out = path.failed ? (sk_attr){0} : sk_attr_symbol(p->module, (sk_str){path.data, path.len});
    status = out->id == 0 ? sk_status_no_memory() : NULL;
  }
  sk_text_fini(&path);
  return status;
}

static sk_status parse_string_attr(sk_parser *p, sk_attr *out) {
  sk_str text;
  SK_TRY(sk_read_parse_string(p, &text));
  if (sk_read_accept(p, ':')) {  // the type of a string means nothing here
    sk_type type;
    SK_TRY(sk_read_parse_type(p, &type));
  }
  SK_SET_ID(out, sk_attr_string(p->module, text));
  return NULL;
}

// A word with a body in <...> that nothing here looks into: affine_map<...>.
static sk_status parse_opaque_word(sk_parser *p, sk_attr *out) {
  sk_text text;
  sk_text_init(&text);
  sk_text_add(&text, sk_tok_str(&p->tok));
  sk_read_advance(p);
  sk_status status =
      sk_read_at(p, '<') ? sk_read_parse_balanced(p, &text) : sk_read_expected(p, "'<'");
  if (status == NULL) {
    *out = sk_attr_opaque(p->module, (sk_str){text.data, text.len});
    status = out->id == 0 ? sk_status_no_memory() : NULL;
  }
  sk_text_fini(&text);
  return status;
}

static sk_status parse_loc_attr(sk_parser *p, sk_attr *out) {
  sk_loc loc;
  if (p->in_loc_metadata) {
    return sk_read_unsupported(p, p->tok.start,
                               "locations inside the metadata of a location are not supported");
  }
  SK_TRY(sk_read_parse_loc(p, &loc));
  p->saw_loc = true;
  SK_SET_ID(out, sk_attr_new(p->module, &(sk_attr_rec){.kind = SK_ATTR_LOC, .u.loc = loc}));
  return NULL;
}

static sk_status parse_type_attr(sk_parser *p, sk_attr *out) {
  const char *at = p->tok.start;
  sk_type type;
  SK_TRY(sk_read_parse_type(p, &type));
  return sk_read_make_attr(p, &(sk_attr_rec){.kind = SK_ATTR_TYPE, .type = type}, at, out);
}

static sk_status parse_hash(sk_parser *p, sk_attr *out) {
  sk_str name = sk_tok_str(&p->tok);
  bool has_body = p->tok.end < p->lex.end && *p->tok.end == '<';
  if (has_body || memchr(name.data, '.', name.len) != NULL) {
    return sk_read_parse_dialect_attr(p, out);
  }
  uint32_t index;
  SK_TRY(sk_read_resolve_alias(p, &index));
  sk_alias *alias = &p->aliases.data[index];
  if (alias->attr.id == 0) {
    sk_attr_rec rec = {.kind = SK_ATTR_LOC, .u.loc = alias->loc};
    SK_SET_ID(&alias->attr, sk_attr_new(p->module, &rec));
  }
  *out = alias->attr;
  return NULL;
}

static sk_status parse_word(sk_parser *p, sk_attr *out) {
  sk_str word = sk_tok_str(&p->tok);
  if (sk_str_eq(word, SK_STR("dense"))) {
    return sk_read_parse_dense(p, out);
  }
  if (sk_str_eq(word, SK_STR("array"))) {
    return sk_read_parse_dense_array(p, out);
  }
  bool is_true = sk_str_eq(word, SK_STR("true"));
  if (is_true || sk_str_eq(word, SK_STR("false"))) {
    sk_read_advance(p);
    SK_SET_ID(out, sk_attr_bool(p->module, is_true));
    return NULL;
  }
  if (sk_str_eq(word, SK_STR("unit"))) {
    sk_read_advance(p);
    SK_SET_ID(out, sk_attr_unit(p->module));
    return NULL;
  }
  if (sk_str_eq(word, SK_STR("dense_resource"))) {
    return sk_read_parse_dense_resource(p, out);
  }
  if (sk_str_eq(word, SK_STR("loc"))) {
    return parse_loc_attr(p, out);
  }
  if (sk_str_eq(word, SK_STR("affine_map")) || sk_str_eq(word, SK_STR("affine_set")) ||
      sk_str_eq(word, SK_STR("strided"))) {
    return parse_opaque_word(p, out);
  }
  if (sk_str_eq(word, SK_STR("sparse")) || sk_str_eq(word, SK_STR("distinct"))) {
    return sk_read_unsupported(p, p->tok.start, "attributes of the form %.*s are not supported",
                               SK_STR_ARG(word));
  }
  return sk_read_at_type(p) ? parse_type_attr(p, out) : sk_read_expected(p, "an attribute value");
}

sk_status sk_read_parse_attr(sk_parser *p, sk_attr *out) {
  SK_TRY(sk_read_enter(p));
  sk_status status;
  switch (p->tok.kind) {
    case SK_TOK_INT:
    case SK_TOK_FLOAT:
    case '-': status = parse_number(p, out); break;
    case SK_TOK_IDENT: status = parse_word(p, out); break;
    case SK_TOK_STRING: status = parse_string_attr(p, out); break;
    case SK_TOK_SYMBOL: status = parse_symbol_attr(p, out); break;
    case SK_TOK_HASH: status = parse_hash(p, out); break;
    case SK_TOK_BANG:
    case '(': status = parse_type_attr(p, out); break;
    case '[': status = parse_array(p, out); break;
    case '{': status = parse_dict_attr(p, out); break;
    default: status = sk_read_expected(p, "an attribute value"); break;
  }
  p->depth--;
  return status;
}
