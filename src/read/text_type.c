// SPDX-License-Identifier: Apache-2.0
// Types in text (MLIR "Builtin dialect", StableHLO specification "Types"):
//
//   tensor<2x?xf32>  tensor<?xf32, #stablehlo.bounds<8>>  tensor<*xf32>  memref<2xf32>
//   complex<f32>  i64  index  none  tuple<T, T>  (T, T) -> T  !stablehlo.token
//   !stablehlo.future<T>  !quant.uniform<i8:f32:1, {0.5:3, 1.0}>  !alias
//
// Dimension lists are read character by character: "2x3xf32" and "0x10xf32" are not what the lexer
// would make of them. Types of other dialects are kept as text. Shapes are checked (rank, overflow
// of the byte count) when the type is interned.
#include "read/text_int.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool sk_read_at_type(const sk_parser *p) {
  if (p->tok.kind == '(' || p->tok.kind == SK_TOK_BANG) {
    return true;
  }
  if (p->tok.kind != SK_TOK_IDENT) {
    return false;
  }
  sk_str word = sk_tok_str(&p->tok);
  return sk_elem_find(word) != SK_ELEM_NONE || sk_str_eq(word, SK_STR("tensor")) ||
         sk_str_eq(word, SK_STR("complex")) || sk_str_eq(word, SK_STR("none")) ||
         sk_str_eq(word, SK_STR("tuple")) || sk_str_eq(word, SK_STR("memref")) ||
         sk_str_eq(word, SK_STR("vector"));
}

// -- text kept as it is ---------------------------------------------------------------------------

static sk_status no_closing(const sk_parser *p, const char *open) {
  return sk_read_error(p, open, "'%c' is never closed", *open);
}

static const char *find_string_end(const char *at, const char *end) {
  while (at < end && *at != '"' && *at != '\n') {
    at += *at == '\\' ? 2 : 1;
  }
  return at < end && *at == '"' ? at + 1 : NULL;
}

// Appends one piece of an opaque body and returns what follows it; NULL for an unterminated string.
static const char *copy_piece(sk_text *text, const char *at, const char *end) {
  const char *stop = at + 1;
  if (*at == '"') {
    stop = find_string_end(at + 1, end);
    if (stop != NULL) {
      sk_text_add(text, (sk_str){at, (size_t)(stop - at)});
    }
    return stop;
  }
  if (*at == '-' && stop < end && *stop == '>') {
    stop++;
  }
  sk_text_add(text, (sk_str){at, (size_t)(stop - at)});
  return stop;
}

static const char *skip_blank(const char *at, const char *end) {
  sk_lexer lex;
  sk_lex_init(&lex, at, (size_t)(end - at));
  sk_lex_skip_space(&lex);
  return lex.at;
}

static char closer_of(char open) {
  return open == '<' ? '>' : open == '(' ? ')' : open == '[' ? ']' : open == '{' ? '}' : '\0';
}

// MLIR prints no blank inside brackets and before commas: so differently laid out text is the same.
static bool is_tight(char before, char after) {
  return closer_of(before) != '\0' || after == '>' || after == ')' || after == ']' ||
         after == '}' || after == ',';
}

sk_status sk_read_parse_balanced(sk_parser *p, sk_text *text) {
  const char *open = p->tok.start;
  const char *at = open;
  const char *end = p->lex.end;
  uint32_t height = p->ints.count;
  do {
    const char *next = skip_blank(at, end);
    if (next == end) {
      return no_closing(p, open);
    }
    if (next != at) {
      if (!is_tight(at[-1], *next)) {
        sk_text_add_char(text, ' ');
      }
      at = next;
    }
    char c = *at;
    if (closer_of(c) != '\0') {
      if (p->ints.count - height + p->depth >= p->limits.nesting) {
        return sk_read_over_limit(p, at, "levels of nesting", p->limits.nesting);
      }
      SK_PUSH(p, ints, closer_of(c));
    } else if (c == '>' || c == ')' || c == ']' || c == '}') {
      if (c != (char)sk_vec_last(&p->ints)) {
        return sk_read_error(p, at, "expected '%c' here to close what was opened, got '%c'",
                             (char)sk_vec_last(&p->ints), c);
      }
      p->ints.count--;
    } else if (c == '\0') {
      return sk_read_error(p, at, "a NUL byte");
    }
    next = copy_piece(text, at, end);
    if (next == NULL) {
      return sk_read_error(p, at, "a string without its closing quote");
    }
    at = next;
  } while (p->ints.count > height);
  if (text->failed) {
    return sk_status_no_memory();
  }
  p->lex.at = p->tok.start;
  p->lex.line = p->tok.line;
  p->lex.line_start = p->tok.line_start;
  sk_lex_move_to(&p->lex, at);
  sk_read_advance(p);
  return NULL;
}

// `!dialect.name` with an optional body; `tok` at the name.
static sk_status parse_opaque_type(sk_parser *p, sk_type *out) {
  sk_text text;
  sk_text_init(&text);
  sk_text_add(&text, sk_tok_str(&p->tok));
  const char *end = p->tok.end;
  sk_read_advance(p);
  sk_status status = NULL;
  if (sk_read_at(p, '<') && p->tok.start == end) {
    status = sk_read_parse_balanced(p, &text);
  }
  sk_type_rec rec = {.kind = SK_TYPE_OPAQUE};
  if (status == NULL &&
      (text.failed || !sk_intern(&p->module->strings, (sk_str){text.data, text.len}, &rec.text))) {
    status = sk_status_no_memory();
  }
  sk_text_fini(&text);
  SK_TRY(status);
  SK_SET_ID(out, sk_type_intern(p->module, &rec));
  return NULL;
}

// -- element types --------------------------------------------------------------------------------

static sk_elem find_storage(sk_str word, bool *out_signed) {
  char buf[8] = "ui";
  if (word.len > 1 && word.len < 5 && word.data[0] == 'u' && is_digit(word.data[1])) {
    memcpy(buf + 2, word.data + 1, word.len - 1);
    word = (sk_str){buf, word.len + 1};
  }
  sk_elem elem = sk_elem_find(word);
  *out_signed = sk_elem_is_signed(elem);
  return sk_elem_is_int(elem) && sk_elem_bits(elem) <= 32 ? elem : SK_ELEM_NONE;
}

// scale [: zero point]
static sk_status parse_scale(sk_parser *p) {
  double scale;
  int64_t zero_point = 0;
  SK_TRY(sk_read_parse_float(p, SK_F64, &scale));
  if (sk_read_accept(p, ':')) {
    SK_TRY(sk_read_parse_int(p, &zero_point));
  }
  SK_PUSH(p, floats, scale);
  SK_PUSH(p, ints, zero_point);
  return NULL;
}

// The scales lie on p->floats, the zero points on p->ints.
static sk_status parse_scales(sk_parser *p, bool per_axis) {
  if (!per_axis) {
    return parse_scale(p);
  }
  SK_TRY(sk_read_expect(p, '{', "'{' before the scales of a per-axis quantized type"));
  do {
    SK_TRY(parse_scale(p));
  } while (sk_read_accept(p, ','));
  return sk_read_expect(p, '}', "',' or '}' after a scale");
}

static sk_status parse_storage(sk_parser *p, sk_quant *quant) {
  bool is_signed = false;
  quant->storage =
      sk_read_at(p, SK_TOK_IDENT) ? find_storage(sk_tok_str(&p->tok), &is_signed) : SK_ELEM_NONE;
  if (quant->storage == SK_ELEM_NONE) {
    return sk_read_expected(p, "a storage type such as i8 or u8");
  }
  uint32_t bits = sk_elem_bits(quant->storage);
  quant->storage_min = is_signed ? -((int64_t)1 << (bits - 1)) : 0;
  quant->storage_max = ((int64_t)1 << (is_signed ? bits - 1 : bits)) - 1;
  sk_read_advance(p);
  if (sk_read_accept(p, '<')) {
    SK_TRY(sk_read_parse_int(p, &quant->storage_min));
    SK_TRY(sk_read_expect(p, ':', "':' between the bounds of the storage type"));
    SK_TRY(sk_read_parse_int(p, &quant->storage_max));
    SK_TRY(sk_read_expect(p, '>', "'>' after the bounds of the storage type"));
  }
  return NULL;
}

// !quant.uniform<storage[<min:max>]:expressed[:axis], scales>; `tok` at the name. Its arrays live
// in p->scratch.
static sk_status parse_quant(sk_parser *p, sk_quant *quant) {
  const char *at = p->tok.start;
  uint32_t floats = p->floats.count;
  uint32_t ints = p->ints.count;
  *quant = (sk_quant){.axis = -1};
  sk_read_advance(p);
  SK_TRY(sk_read_expect(p, '<', "'<' after !quant.uniform"));
  SK_TRY(parse_storage(p, quant));
  SK_TRY(sk_read_expect(p, ':', "':' after the storage type"));
  quant->expressed = sk_read_at(p, SK_TOK_IDENT) ? sk_elem_find(sk_tok_str(&p->tok)) : SK_ELEM_NONE;
  if (!sk_elem_is_float(quant->expressed)) {
    return sk_read_expected(p, "an expressed type such as f32");
  }
  sk_read_advance(p);
  bool per_axis = sk_read_accept(p, ':');
  if (per_axis) {
    int64_t axis;
    if (sk_read_at(p, '{')) {
      return sk_read_unsupported(p, p->tok.start, "sub-channel quantization is not supported");
    }
    SK_TRY(sk_read_parse_int(p, &axis));
    if (axis < 0 || axis >= SK_MAX_RANK) {
      return sk_read_error(p, at, "quantization axis %lld is out of range", (long long)axis);
    }
    quant->axis = (int32_t)axis;
  }
  SK_TRY(sk_read_expect(p, ',', "',' before the scales"));
  SK_TRY(parse_scales(p, per_axis));
  SK_TRY(sk_read_expect(p, '>', "'>' after the scales"));
  quant->count = p->ints.count - ints;
  quant->scales =
      sk_arena_copy(&p->scratch, p->floats.data + floats, quant->count * sizeof(double), 8);
  quant->zero_points =
      sk_arena_copy(&p->scratch, p->ints.data + ints, quant->count * sizeof(int64_t), 8);
  p->floats.count = floats;
  p->ints.count = ints;
  return quant->scales == NULL || quant->zero_points == NULL ? sk_status_no_memory() : NULL;
}

static sk_status parse_complex(sk_parser *p, sk_elem *out) {
  sk_read_advance(p);
  SK_TRY(sk_read_expect(p, '<', "'<' after complex"));
  sk_elem part = sk_read_at(p, SK_TOK_IDENT) ? sk_elem_find(sk_tok_str(&p->tok)) : SK_ELEM_NONE;
  if (part != SK_F32 && part != SK_F64) {
    return sk_read_expected(p, "f32 or f64 as the parts of a complex type");
  }
  sk_read_advance(p);
  *out = part == SK_F32 ? SK_C64 : SK_C128;
  return sk_read_expect(p, '>', "'>' after a complex type");
}

// Element type of a tensor; *quant is filled in for quantized ones.
static sk_status parse_elem(sk_parser *p, sk_elem *out, sk_quant *quant) {
  sk_str word = sk_tok_str(&p->tok);
  if (sk_read_at(p, SK_TOK_IDENT)) {
    *out = sk_elem_find(word);
    if (*out != SK_ELEM_NONE) {
      sk_read_advance(p);
      return NULL;
    }
    if (sk_str_eq(word, SK_STR("complex"))) {
      return parse_complex(p, out);
    }
    return sk_read_error(p, p->tok.start, "'%.*s' is not an element type",
                         (int)SK_MIN(word.len, 64), word.data);
  }
  if (sk_read_at(p, SK_TOK_BANG)) {
    const char *at = p->tok.start;
    if (sk_str_eq(word, SK_STR("!quant.uniform"))) {
      *out = SK_QUANT;
      return parse_quant(p, quant);
    }
    sk_type type;
    SK_TRY(sk_read_parse_type(p, &type));
    const sk_type_rec *rec = sk_type_get(p->module, type);
    if (rec->kind == SK_TYPE_SCALAR) {
      *out = (sk_elem)rec->elem;
      if (rec->quant != NULL) {
        *quant = *rec->quant;
      }
      return NULL;
    }
    int len = (int)SK_MIN(word.len, 64);
    return rec->kind == SK_TYPE_OPAQUE
               ? sk_read_unsupported(p, at, "'%.*s' as an element type is not supported", len,
                                     word.data)
               : sk_read_error(p, at, "'%.*s' is not an element type", len, word.data);
  }
  return sk_read_expected(p, "an element type such as f32");
}

// -- shaped types ---------------------------------------------------------------------------------

static sk_status parse_dim_size(sk_parser *p, int64_t *out) {
  sk_lexer *lex = &p->lex;
  const char *start = lex->at;
  int64_t size = 0;
  while (lex->at < lex->end && is_digit(*lex->at)) {
    if (SK_MUL_OVERFLOW(size, (int64_t)10, &size) ||
        SK_ADD_OVERFLOW(size, (int64_t)(*lex->at - '0'), &size)) {
      return sk_read_error(p, start, "this dimension is larger than 2^63 - 1");
    }
    lex->at++;
  }
  *out = size;
  return NULL;
}

// Sizes behind '<' (the current token), each followed by x. Leaves `tok` at the element type.
static sk_status parse_dims(sk_parser *p, int64_t *dims, uint16_t *rank, bool *unranked) {
  sk_lexer *lex = &p->lex;
  if (!sk_read_at(p, '<')) {
    return sk_read_expected(p, "'<' before a shape");
  }
  lex->at = p->tok.end;
  for (;;) {
    sk_lex_skip_space(lex);
    const char *at = lex->at;
    int64_t size = SK_DIM_UNKNOWN;
    if (at == lex->end || (!is_digit(*at) && *at != '?' && *at != '*')) {
      break;
    }
    if (is_digit(*at)) {
      SK_TRY(parse_dim_size(p, &size));
    } else {
      lex->at++;
    }
    if (*unranked || (*at == '*' && *rank > 0)) {
      return sk_read_error(p, at, "'*' stands for all dimensions of an unranked tensor");
    }
    *unranked = *at == '*';
    sk_lex_skip_space(lex);
    if (lex->at == lex->end || *lex->at != 'x') {
      return sk_read_error(p, lex->at, "expected 'x' after a dimension");
    }
    lex->at++;
    if (*unranked) {
      continue;
    }
    if (*rank == SK_MAX_RANK) {
      return sk_read_unsupported(p, at, "tensors of more than %d dimensions are not supported",
                                 SK_MAX_RANK);
    }
    dims[(*rank)++] = size;
  }
  sk_read_advance(p);
  return NULL;
}

static bool is_bounds(sk_str text) {
  return sk_str_has_prefix(text, SK_STR("#stablehlo.bounds<")) ||
         sk_str_has_prefix(text, SK_STR("#stablehlo.type_extensions<"));
}

// The sizes in "#stablehlo.bounds<3, ?>" or "#stablehlo.type_extensions<bounds = [3, ?]>".
static sk_status read_bounds(const sk_parser *p, sk_str text, const char *at, uint32_t rank,
                             int64_t *bounds) {
  const char *end = text.data + text.len;
  const char *c = memchr(text.data, '<', text.len);
  const char *bracket = memchr(text.data, '[', text.len);
  uint32_t count = 0;
  for (c = bracket ? bracket : c; c < end; c++) {
    int64_t size = SK_DIM_UNKNOWN;
    if (is_digit(*c)) {
      const char *start = c;
      while (c + 1 < end && is_digit(c[1])) {
        c++;
      }
      if (!sk_str_to_i64((sk_str){start, (size_t)(c - start) + 1}, &size)) {
        return sk_read_error(p, at, "a bound is larger than 2^63 - 1");
      }
    } else if (*c != '?') {
      continue;
    }
    if (count < rank) {
      bounds[count] = size;
    }
    count++;
  }
  return count == rank
             ? NULL
             : sk_read_error(p, at, "%u bounds for a tensor of %u dimensions", count, rank);
}

bool sk_read_is_foreign_encoding(const sk_module *m, sk_attr attr) {
  const sk_attr_rec *rec = sk_attr_get(m, attr);
  if (rec->kind != SK_ATTR_OPAQUE) {
    return false;
  }
  const sk_str text = sk_sym_str(&m->strings, rec->u.sym);
  return !sk_str_has_prefix(text, SK_STR("#stablehlo.")) &&
         !sk_str_has_prefix(text, SK_STR("#stablehlo<"));
}

static sk_status parse_encoding(sk_parser *p, sk_type_rec *rec, int64_t *bounds) {
  const char *at = p->tok.start;
  sk_attr attr;
  SK_TRY(sk_read_parse_attr(p, &attr));
  const sk_attr_rec *encoding = sk_attr_get(p->module, attr);
  if (encoding->kind == SK_ATTR_OPAQUE) {
    sk_str text = sk_sym_str(&p->module->strings, encoding->u.sym);
    if (is_bounds(text)) {
      SK_TRY(read_bounds(p, text, at, rec->rank, bounds));
      rec->bounds = rec->rank > 0 ? bounds : NULL;
      return NULL;
    }
  }
  rec->encoding = attr;
  return sk_read_is_foreign_encoding(p->module, attr)
             ? NULL
             : sk_read_unsupported(p, at, "this encoding of a tensor type is not supported");
}

sk_status sk_read_make_type(sk_parser *p, const sk_type_rec *rec, const char *at, sk_type *out) {
  *out = sk_type_intern(p->module, rec);
  return SK_LIKELY(out->id != 0) ? NULL : sk_type_explain(p->module, rec, sk_read_pos(p, at));
}

// tensor<...> and memref<...>; `tok` at the keyword.
static sk_status parse_shaped(sk_parser *p, sk_type_kind kind, sk_type *out) {
  const char *at = p->tok.start;
  int64_t dims[SK_MAX_RANK];
  int64_t bounds[SK_MAX_RANK];
  sk_quant quant = {0};
  sk_type_rec rec = {.kind = (uint8_t)kind, .dims = dims};
  bool unranked = false;
  sk_elem elem = SK_ELEM_NONE;
  sk_read_advance(p);
  SK_TRY(parse_dims(p, dims, &rec.rank, &unranked));
  SK_TRY(parse_elem(p, &elem, &quant));
  rec.elem = (uint8_t)elem;
  if (elem == SK_QUANT) {
    rec.quant = &quant;
  }
  if (unranked) {
    rec.kind = SK_TYPE_UNRANKED;
  }
  if (sk_read_accept(p, ',')) {
    if (kind == SK_TYPE_BUFFER) {
      return sk_read_unsupported(p, at,
                                 "memref types with a layout or memory space are not supported");
    }
    SK_TRY(parse_encoding(p, &rec, bounds));
  }
  SK_TRY(sk_read_expect(p, '>', "'>' after the element type"));
  return sk_read_make_type(p, &rec, at, out);
}

// -- lists and functions --------------------------------------------------------------------------

sk_status sk_read_parse_types(sk_parser *p) {
  do {
    sk_type type;
    SK_TRY(sk_read_parse_type(p, &type));
    SK_PUSH(p, types, type);
  } while (sk_read_accept(p, ','));
  return NULL;
}

static sk_status parse_enclosed_types(sk_parser *p, int close, const char *what) {
  if (!sk_read_at(p, close)) {
    SK_TRY(sk_read_parse_types(p));
  }
  return sk_read_expect(p, close, what);
}

sk_status sk_read_parse_results(sk_parser *p, uint32_t *out_results) {
  uint32_t height = p->types.count;
  if (sk_read_accept(p, '(')) {
    SK_TRY(parse_enclosed_types(p, ')', "',' or ')' in a list of result types"));
  } else {
    sk_type type;
    SK_TRY(sk_read_parse_type(p, &type));
    SK_PUSH(p, types, type);
  }
  *out_results = p->types.count - height;
  return NULL;
}

sk_status sk_read_parse_signature(sk_parser *p, uint32_t *out_inputs, uint32_t *out_results) {
  uint32_t height = p->types.count;
  SK_TRY(sk_read_expect(p, '(', "'(' before a list of operand types"));
  SK_TRY(parse_enclosed_types(p, ')', "',' or ')' in a list of types"));
  *out_inputs = p->types.count - height;
  SK_TRY(sk_read_expect(p, SK_TOK_ARROW, "'->' in function type"));
  return sk_read_parse_results(p, out_results);
}

static sk_status parse_function(sk_parser *p, sk_type *out) {
  const char *at = p->tok.start;
  uint32_t height = p->types.count;
  uint32_t inputs;
  uint32_t results;
  SK_TRY(sk_read_parse_signature(p, &inputs, &results));
  const sk_type *types = p->types.data + height;
  sk_type_rec rec = {.kind = SK_TYPE_FUNCTION,
                     .inputs = types,
                     .input_count = inputs,
                     .results = types + inputs,
                     .result_count = results};
  p->types.count = height;
  return sk_read_make_type(p, &rec, at, out);
}

// tuple<T, ...>, !stablehlo.future<T, ...>; `tok` at the keyword.
static sk_status parse_members(sk_parser *p, sk_type_kind kind, sk_type *out) {
  const char *at = p->tok.start;
  uint32_t height = p->types.count;
  sk_read_advance(p);
  SK_TRY(sk_read_expect(p, '<', "'<' before a list of member types"));
  SK_TRY(parse_enclosed_types(p, '>', "',' or '>' in a list of member types"));
  sk_type_rec rec = {.kind = (uint8_t)kind,
                     .inputs = p->types.data + height,
                     .input_count = p->types.count - height};
  p->types.count = height;
  return sk_read_make_type(p, &rec, at, out);
}

static sk_status parse_plain(sk_parser *p, sk_type_kind kind, sk_type *out) {
  sk_read_advance(p);
  SK_SET_ID(out, sk_type_intern(p->module, &(sk_type_rec){.kind = (uint8_t)kind}));
  return NULL;
}

static sk_status parse_bang(sk_parser *p, sk_type *out) {
  sk_str word = sk_tok_str(&p->tok);
  const char *at = p->tok.start;
  if (sk_str_eq(word, SK_STR("!stablehlo.token"))) {
    return parse_plain(p, SK_TYPE_TOKEN, out);
  }
  if (sk_str_eq(word, SK_STR("!stablehlo.future"))) {
    return parse_members(p, SK_TYPE_FUTURE, out);
  }
  if (sk_str_eq(word, SK_STR("!shape.witness"))) {
    return parse_plain(p, SK_TYPE_WITNESS, out);
  }
  if (sk_str_eq(word, SK_STR("!quant.uniform"))) {
    sk_quant quant;
    SK_TRY(parse_quant(p, &quant));
    sk_type_rec rec = {.kind = SK_TYPE_SCALAR, .elem = SK_QUANT, .quant = &quant};
    return sk_read_make_type(p, &rec, at, out);
  }
  if (sk_str_has_prefix(word, SK_STR("!stablehlo."))) {
    return sk_read_error(p, at, "'%.*s' is not a type of StableHLO", (int)SK_MIN(word.len, 64),
                         word.data);
  }
  if (memchr(word.data, '.', word.len) != NULL || (p->tok.end < p->lex.end && *p->tok.end == '<')) {
    return parse_opaque_type(p, out);
  }
  uint32_t index;
  SK_TRY(sk_read_resolve_alias(p, &index));
  *out = p->aliases.data[index].type;
  return NULL;
}

static sk_status parse_word(sk_parser *p, sk_type *out) {
  sk_str word = sk_tok_str(&p->tok);
  if (sk_str_eq(word, SK_STR("tensor"))) {
    return parse_shaped(p, SK_TYPE_TENSOR, out);
  }
  if (sk_str_eq(word, SK_STR("tuple"))) {
    return parse_members(p, SK_TYPE_TUPLE, out);
  }
  if (sk_str_eq(word, SK_STR("memref"))) {
    return parse_shaped(p, SK_TYPE_BUFFER, out);
  }
  if (sk_str_eq(word, SK_STR("none"))) {
    return parse_plain(p, SK_TYPE_UNIT, out);
  }
  if (sk_str_eq(word, SK_STR("vector"))) {
    return sk_read_unsupported(p, p->tok.start, "vector types are not supported");
  }
  sk_elem elem = sk_elem_find(word);
  if (sk_str_eq(word, SK_STR("complex"))) {
    SK_TRY(parse_complex(p, &elem));
  } else if (elem != SK_ELEM_NONE) {
    sk_read_advance(p);
  } else {
    return sk_read_expected(p, "a type");
  }
  SK_SET_ID(out, sk_type_scalar(p->module, elem));
  return NULL;
}

// The text of tensor<...> if it is short and has nothing nested inside; else an empty one.
static sk_str plain_tensor_text(const sk_parser *p) {
  enum { LONGEST = 64 };
  const char *start = p->tok.start;
  const char *end = p->lex.end - start > LONGEST ? start + LONGEST : p->lex.end;
  if (end - start < 8 || memcmp(start, "tensor<", 7) != 0) {
    return (sk_str){0};
  }
  const char *at = sk_lex_skip_plain(start + 7, end);
  return at < end && *at == '>' ? (sk_str){start, (size_t)(at - start) + 1} : (sk_str){0};
}

static sk_status parse_tensor(sk_parser *p, sk_type *out) {
  sk_str text = plain_tensor_text(p);
  if (text.len == 0) {
    return parse_word(p, out);
  }
  if (p->type_cache == NULL) {
    p->type_cache = SK_NEW_ARRAY(&p->scratch, sk_type_text, SK_TYPE_CACHE);
    if (p->type_cache == NULL) {
      return sk_status_no_memory();
    }
    memset(p->type_cache, 0, SK_TYPE_CACHE * sizeof *p->type_cache);
  }
  sk_type_text *known = &p->type_cache[sk_read_hash_name(text.data, text.len, 0) % SK_TYPE_CACHE];
  if (sk_str_eq(known->text, text)) {
    p->lex.at = text.data + text.len;
    sk_read_advance(p);
    *out = known->type;
    return NULL;
  }
  SK_TRY(parse_word(p, out));
  *known = (sk_type_text){text, *out};
  return NULL;
}

sk_status sk_read_parse_type(sk_parser *p, sk_type *out) {
  SK_TRY(sk_read_enter(p));
  sk_status status;
  if (sk_read_at(p, SK_TOK_IDENT)) {
    status = p->tok.start[0] == 't' ? parse_tensor(p, out) : parse_word(p, out);
  } else if (sk_read_at(p, SK_TOK_BANG)) {
    status = parse_bang(p, out);
  } else if (sk_read_at(p, '(')) {
    status = parse_function(p, out);
  } else {
    status = sk_read_expected(p, "a type");
  }
  p->depth--;
  return status;
}
