// SPDX-License-Identifier: Apache-2.0
// Constants in text:
//
//   dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>   dense<1.5> : T   dense<> : T
//   dense<(1.0, -2.0)> : tensor<complex<f32>>   dense<"0x0000803F..."> : T
//   dense_resource<key> : T                     with {-# dialect_resources: {...} #-} at the end
//   array<i64: 1, 2>                            array<f32: 1.0>
//
// The type that says how to read the elements comes behind them. So the literal is first crossed (a
// search for '>': no element contains one), then the type is read, then the literal straight into
// the module's arena, with known extents at every level; memory is asked for only after the literal
// is known to be long enough for so many elements. Numbers: integers must fit their width (as
// signed or unsigned); floats are rounded once; 0x... gives the bits of a float.
#include <stdlib.h>

#include "base/num.h"
#include "read/text_int.h"

// -- one element ----------------------------------------------------------------------------------

// Formats of base/num.def by element type, plus one; the names are the same.
static const uint8_t formats[SK_ELEM_COUNT] = {
#define X(name, ...) [SK_##name] = SK_NUM_##name + 1,
#include "base/num.def"
#undef X
};

static sk_status out_of_range(const sk_parser *p, const char *at, sk_elem elem) {
  return sk_read_error(p, at, "this number is out of range for %s", sk_elem_name(elem));
}

static sk_status parse_int_element(sk_parser *p, sk_elem elem, void *out) {
  const char *at = p->tok.start;
  uint32_t bits = sk_elem_bits(elem);
  bool negative = sk_read_accept(p, '-');
  uint64_t magnitude;
  if (sk_read_at_word(p, SK_STR("true")) || sk_read_at_word(p, SK_STR("false"))) {
    magnitude = p->tok.start[0] == 't';
  } else if (!sk_read_at(p, SK_TOK_INT)) {
    return sk_read_expected(p, elem == SK_PRED ? "true, false, 0 or 1" : "an integer");
  } else if (!sk_str_to_u64(sk_tok_str(&p->tok), &magnitude)) {
    return out_of_range(p, at, elem);
  }
  sk_read_advance(p);
  uint64_t most = bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
  if (negative) {
    bool is_unsigned = sk_elem_get_class(elem) == SK_CLASS_UINT;
    most = is_unsigned ? 0 : (uint64_t)1 << (bits - 1);
  }
  if (magnitude > most) {
    return out_of_range(p, at, elem);
  }
  uint64_t value = negative ? 0 - magnitude : magnitude;
  if (elem == SK_PRED) {
    value = value != 0;
  } else if (bits < 64 && sk_elem_is_signed(elem)) {
    value = (uint64_t)((int64_t)(value << (64 - bits)) >> (64 - bits));
  }
  memcpy(out, &value, sk_elem_bytes(elem));
  return NULL;
}

static sk_status parse_float_bits(sk_parser *p, sk_elem elem, void *out) {
  uint64_t bits;
  sk_str digits = sk_tok_str(&p->tok);
  uint32_t width = sk_elem_bits(elem);
  if (!sk_str_has_prefix(digits, SK_STR("0x"))) {
    return sk_read_error(p, p->tok.start,
                         "an integer where %s needs a floating-point literal such as %.*s.0",
                         sk_elem_name(elem), (int)SK_MIN(digits.len, 20), digits.data);
  }
  if (!sk_str_to_u64(digits, &bits) || (width < 64 && bits >> width != 0)) {
    return out_of_range(p, p->tok.start, elem);
  }
  memcpy(out, &bits, sk_elem_bytes(elem));
  sk_read_advance(p);
  return NULL;
}

static sk_status parse_float_element(sk_parser *p, sk_elem elem, void *out) {
  const char *at = p->tok.start;
  bool negative = sk_read_accept(p, '-');
  if (!negative && sk_read_at(p, SK_TOK_INT)) {
    return parse_float_bits(p, elem, out);
  }
  if (!sk_read_at(p, SK_TOK_FLOAT)) {
    return sk_read_expected(p, "a floating-point literal such as 1.0");
  }
  sk_str digits = sk_tok_str(&p->tok);
  sk_read_advance(p);
  if (elem == SK_F32) {
    float value;
    if (!sk_str_to_f32(digits, &value)) {
      return out_of_range(p, at, elem);
    }
    value = negative ? -value : value;
    memcpy(out, &value, sizeof value);
    return NULL;
  }
  double value;
  if (!sk_str_to_f64(digits, &value)) {
    return out_of_range(p, at, elem);
  }
  value = negative ? -value : value;
  if (elem == SK_F64) {
    memcpy(out, &value, sizeof value);
    return NULL;
  }
  uint32_t bits = sk_num_encode((sk_numfmt)(formats[elem] - 1), value);
  memcpy(out, &bits, sk_elem_bytes(elem));
  return NULL;
}

sk_status sk_read_parse_element(sk_parser *p, sk_elem elem, void *out) {
  if (sk_elem_is_int(elem) || elem == SK_PRED || elem == SK_INDEX) {
    return parse_int_element(p, elem, out);
  }
  if (sk_elem_is_float(elem)) {
    return parse_float_element(p, elem, out);
  }
  if (sk_elem_is_complex(elem)) {
    sk_elem part = sk_elem_complex_part(elem);
    SK_TRY(sk_read_expect(p, '(', "'(' before a complex number"));
    SK_TRY(parse_float_element(p, part, out));
    SK_TRY(sk_read_expect(p, ',', "',' between the parts of a complex number"));
    SK_TRY(parse_float_element(p, part, (char *)out + sk_elem_bytes(part)));
    return sk_read_expect(p, ')', "')' after a complex number");
  }
  return sk_read_error(p, p->tok.start, "there are no literals of type %s", sk_elem_name(elem));
}

sk_status sk_read_parse_float(sk_parser *p, sk_elem elem, double *out) {
  uint64_t bits = 0;
  SK_TRY(parse_float_element(p, elem, &bits));
  if (elem == SK_F64) {
    memcpy(out, &bits, sizeof *out);
  } else if (elem == SK_F32) {
    float value;
    memcpy(&value, &bits, sizeof value);
    *out = (double)value;
  } else {
    *out = sk_num_decode((sk_numfmt)(formats[elem] - 1), (uint32_t)bits);
  }
  return NULL;
}

// -- nested lists ---------------------------------------------------------------------------------

typedef struct list_reader {
  const sk_type_rec *type;
  sk_elem elem;
  uint32_t width;
  char *next;  // where the next element goes
} list_reader;

static sk_status wrong_count(const sk_parser *p, const char *at, uint32_t level, int64_t size) {
  return sk_read_error(p, at, "expected %lld elements in dimension %u of this constant",
                       (long long)size, level);
}

// Elements of the innermost list.
static sk_status parse_row(sk_parser *p, list_reader *reader, uint32_t level, int64_t size) {
  for (int64_t i = 0; i < size; i++) {
    if (i > 0 && !sk_read_accept(p, ',')) {
      return sk_read_at(p, ']') ? wrong_count(p, p->tok.start, level, size)
                                : sk_read_expected(p, "',' or ']' in a list of elements");
    }
    SK_TRY(sk_read_parse_element(p, reader->elem, reader->next));
    reader->next += reader->width;
  }
  return NULL;
}

// Depth is bounded by the rank, which is at most SK_MAX_RANK.
static sk_status parse_level(sk_parser *p, list_reader *reader, uint32_t level) {
  int64_t size = reader->type->dims[level];
  SK_TRY(sk_read_expect(p, '[', "'[' before the elements of a dimension"));
  if (level + 1 == reader->type->rank) {
    SK_TRY(parse_row(p, reader, level, size));
  } else {
    for (int64_t i = 0; i < size; i++) {
      if (i > 0 && !sk_read_accept(p, ',')) {
        return wrong_count(p, p->tok.start, level, size);
      }
      SK_TRY(parse_level(p, reader, level + 1));
    }
  }
  if (sk_read_at(p, ',')) {
    return wrong_count(p, p->tok.start, level, size);
  }
  return sk_read_expect(p, ']', "',' or ']' in a list of elements");
}

static sk_status parse_list(sk_parser *p, sk_type type, uint64_t literal_len, sk_dense *dense) {
  sk_module *m = p->module;
  const sk_type_rec *rec = sk_type_get(m, type);
  list_reader reader = {
      .type = rec, .elem = (sk_elem)rec->elem, .width = sk_elem_bytes((sk_elem)rec->elem)};
  int64_t count;
  if (rec->rank == 0 || !sk_type_elem_count(m, type, &count)) {
    return sk_read_expected(p, "one element, without brackets");
  }
  if ((uint64_t)count > literal_len) {
    return sk_read_error(p, p->tok.start, "%lld elements are announced, but the list is shorter",
                         (long long)count);
  }
  dense->bytes = (uint64_t)count * reader.width;
  if (dense->bytes > p->limits.constant_bytes) {
    return sk_read_over_limit(p, p->tok.start, "bytes in a constant", p->limits.constant_bytes);
  }
  sk_arena_mark mark = sk_arena_get_mark(&m->arena);
  char *data = sk_arena_alloc(&m->arena, dense->bytes + 1, dense->bytes >= 64 ? 64 : 8);
  if (data == NULL) {
    return sk_status_no_memory();
  }
  dense->data = reader.next = data;
  SK_TRY(parse_level(p, &reader, 0));
  if (dense->bytes > reader.width &&
      memcmp(data, data + reader.width, dense->bytes - reader.width) == 0) {
    unsigned char element[16];
    memcpy(element, data, reader.width);
    sk_arena_rewind(&m->arena, mark);
    dense->data = sk_arena_copy(&m->arena, element, reader.width, 8);
    dense->bytes = reader.width;
    dense->splat = true;
  } else if (count == 1) {
    dense->splat = true;
  }
  return dense->data == NULL ? sk_status_no_memory() : NULL;
}

static sk_status parse_splat(sk_parser *p, sk_type type, sk_dense *dense) {
  sk_module *m = p->module;
  sk_elem elem = (sk_elem)sk_type_get(m, type)->elem;
  unsigned char element[16] = {0};
  int64_t count;
  SK_TRY(sk_read_parse_element(p, elem, element));
  dense->splat = true;
  dense->bytes = sk_elem_bytes(elem);
  if (sk_type_elem_count(m, type, &count) && count == 0) {
    *dense = (sk_dense){.data = ""};
    return NULL;
  }
  dense->data = sk_arena_copy(&m->arena, element, dense->bytes, 8);
  return dense->data == NULL ? sk_status_no_memory() : NULL;
}

// -- hexadecimal ----------------------------------------------------------------------------------

static const uint64_t ones = 0x0101010101010101u;

// Eight digits to four bytes at once: each addition moves one limit of '0'-'9' or 'a'-'f' to the
// top bit of its byte.
static bool decode_eight(const char *digits, uint32_t *out) {
  uint64_t x;
  memcpy(&x, digits, 8);
  uint64_t lower = x | ones * 0x20;
  uint64_t is_digit = (x + ones * (0x80 - '0')) & ~(x + ones * (0x7F - '9'));
  uint64_t is_alpha = (lower + ones * (0x80 - 'a')) & ~(lower + ones * (0x7F - 'f'));
  if (((is_digit | is_alpha) & ~x & ones * 0x80) != ones * 0x80) {
    return false;
  }
  uint64_t value = (x & ones * 0x0F) + (x >> 6 & ones) * 9;
  value = (value << 4 | value >> 8) & 0x00FF00FF00FF00FFu;
  value = (value | value >> 8) & 0x0000FFFF0000FFFFu;
  *out = (uint32_t)(value | value >> 16);
  return true;
}

static int hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

// `digits` is even. Returns the first character that is no digit, or NULL.
static const char *decode_hex(const char *text, uint64_t digits, uint8_t *out) {
  const char *end = text + digits;
  for (uint32_t four; end - text >= 8 && decode_eight(text, &four); text += 8, out += 4) {
    memcpy(out, &four, 4);
  }
  for (; text < end; text += 2) {
    int high = hex_digit(text[0]);
    int low = hex_digit(text[1]);
    if (high < 0 || low < 0) {
      return high < 0 ? text : text + 1;
    }
    *out++ = (uint8_t)(high << 4 | low);
  }
  return NULL;
}

// A string token that holds one blob, its digits from the `header`-th character on, to an attribute.
static sk_status make_from_hex(sk_parser *p, sk_type type, const sk_token *tok, uint32_t header,
                               sk_attr *out) {
  sk_module *m = p->module;
  sk_str digits = {tok->start + header, (size_t)(tok->end - tok->start) - header - 1};
  if (digits.len % 2 != 0) {
    return sk_read_error(p, digits.data, "an odd number of hexadecimal digits");
  }
  uint64_t len = digits.len / 2;
  if (len > p->limits.constant_bytes) {
    return sk_read_over_limit(p, digits.data, "bytes in a constant", p->limits.constant_bytes);
  }
  uint8_t *bytes = sk_arena_alloc(&m->arena, len + 1, len >= 64 ? 64 : 8);
  if (bytes == NULL) {
    return sk_status_no_memory();
  }
  const char *bad = decode_hex(digits.data, digits.len, bytes);
  if (bad != NULL) {
    return sk_read_error(p, bad, "expected a hexadecimal digit");
  }
  uint64_t col = (uint64_t)(digits.data - tok->line_start) + 1;
  sk_srcpos at = {p->input_name, tok->line, (uint32_t)SK_MIN(col, UINT32_MAX)};
  return sk_read_dense_bytes(m, type, bytes, len, true, at, out);
}

// -- dense<...> -----------------------------------------------------------------------------------

// The '>' that ends the literal behind `at`; comments may stand between elements.
static const char *find_literal_end(const char *at, const char *end) {
  for (;;) {
    const char *close = memchr(at, '>', (size_t)(end - at));
    const char *slash = close ? memchr(at, '/', (size_t)(close - at)) : NULL;
    if (slash == NULL || slash[1] != '/') {
      return close;
    }
    at = memchr(slash, '\n', (size_t)(end - slash));
    if (at == NULL) {
      return NULL;
    }
  }
}

static sk_status parse_tensor_type(sk_parser *p, sk_type *out) {
  SK_TRY(sk_read_expect(p, ':', "':' after a constant"));
  const char *at = p->tok.start;
  SK_TRY(sk_read_parse_type(p, out));
  if (!sk_type_is_static_tensor(p->module, *out) ||
      sk_type_get(p->module, *out)->elem == SK_QUANT) {
    return sk_read_error(p, at, "a constant needs a tensor type with known dimensions");
  }
  return NULL;
}

static sk_status parse_hex_literal(sk_parser *p, sk_type type, sk_attr *out) {
  enum { HEADER = 3 };  // "0x
  sk_token tok = p->tok;
  sk_str text = sk_tok_str(&tok);
  if (text.len < HEADER + 1 || memcmp(text.data, "\"0x", HEADER) != 0) {
    return sk_read_unsupported(p, text.data,
                               "constants of strings are not supported; expected \"0x...\"");
  }
  sk_read_advance(p);
  return make_from_hex(p, type, &tok, HEADER, out);
}

// The literal between '<' and '>'; `tok` at its first token.
static sk_status parse_literal(sk_parser *p, sk_type type, const char *close, sk_attr *out) {
  sk_dense dense = {0};
  if (sk_read_at(p, SK_TOK_STRING)) {
    return parse_hex_literal(p, type, out);
  }
  if (sk_read_at(p, '[')) {
    SK_TRY(parse_list(p, type, (uint64_t)(close - p->tok.start), &dense));
  } else if (sk_read_at(p, '>')) {
    int64_t count;
    if (!sk_type_elem_count(p->module, type, &count) || count != 0) {
      return sk_read_expected(p, "the elements of a constant");
    }
    dense.data = "";
  } else {
    SK_TRY(parse_splat(p, type, &dense));
  }
  SK_SET_ID(out, sk_attr_dense(p->module, type, dense));
  return NULL;
}

sk_status sk_read_parse_dense(sk_parser *p, sk_attr *out) {
  sk_read_advance(p);
  if (!sk_read_at(p, '<')) {
    return sk_read_expected(p, "'<' after dense");
  }
  const char *open = p->tok.start;
  sk_lexer literal = p->lex;
  sk_lex_skip_space(&p->lex);
  if (p->lex.at < p->lex.end && *p->lex.at == '"') {
    sk_read_advance(p);
    if (!sk_read_at(p, SK_TOK_STRING)) {
      return sk_read_expected(p, "a string");
    }
    sk_read_advance(p);
  } else {
    const char *close = find_literal_end(p->lex.at, p->lex.end);
    if (close == NULL) {
      return sk_read_error(p, open, "dense<... without its '>'");
    }
    sk_lex_move_to(&p->lex, close);
    sk_read_advance(p);
  }
  const char *close = p->tok.start;
  SK_TRY(sk_read_expect(p, '>', "'>' after a constant"));
  sk_type type;
  SK_TRY(parse_tensor_type(p, &type));
  sk_lexer behind = sk_read_here(p);
  sk_read_jump(p, &literal);
  SK_TRY(parse_literal(p, type, close, out));
  if (p->tok.start != close) {
    return sk_read_expected(p, "'>' after the elements of a constant");
  }
  sk_read_jump(p, &behind);
  return NULL;
}

// array<i64: 1, 2>, array<i1: true>, array<f32>
sk_status sk_read_parse_dense_array(sk_parser *p, sk_attr *out) {
  sk_module *m = p->module;
  uint32_t height = p->ints.count;
  sk_type type;
  sk_read_advance(p);
  SK_TRY(sk_read_expect(p, '<', "'<' after array"));
  const char *at = p->tok.start;
  SK_TRY(sk_read_parse_type(p, &type));
  const sk_type_rec *rec = sk_type_get(m, type);
  sk_elem elem = (sk_elem)rec->elem;
  if (rec->kind != SK_TYPE_SCALAR ||
      !(sk_elem_is_int(elem) || sk_elem_is_float(elem) || elem == SK_PRED)) {
    return sk_read_error(p, at, "array needs an integer or floating-point element type");
  }
  if (sk_read_accept(p, ':')) {
    do {
      int64_t value = 0;
      SK_TRY(sk_read_parse_element(p, elem, &value));
      SK_PUSH(p, ints, value);
    } while (sk_read_accept(p, ','));
  }
  SK_TRY(sk_read_expect(p, '>', "',' or '>' in an array"));
  const int64_t *values = p->ints.data + height;
  uint32_t count = p->ints.count - height;
  p->ints.count = height;
  if (elem == SK_S64 || elem == SK_PRED) {
    SK_SET_ID(out,
              elem == SK_S64 ? sk_attr_ints(m, values, count) : sk_attr_bools(m, values, count));
    return NULL;
  }
  uint32_t width = sk_elem_bytes(elem);
  char *bytes = SK_NEW_ARRAY(&m->arena, char, (size_t)count *width + 1);
  if (bytes == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    memcpy(bytes + (size_t)i * width, &values[i], width);
  }
  sk_attr_rec attr = {.kind = SK_ATTR_DENSE_ARRAY, .type = type};
  attr.u.dense = (sk_dense){.data = bytes, .bytes = (uint64_t)count * width};
  SK_SET_ID(out, sk_attr_new(m, &attr));
  return NULL;
}

// -- resources ------------------------------------------------------------------------------------

static int compare_resources(const void *a, const void *b) {
  sk_str x = ((const sk_resource *)a)->key;
  sk_str y = ((const sk_resource *)b)->key;
  int order = memcmp(x.data, y.data, SK_MIN(x.len, y.len));
  return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

static sk_status parse_resource_key(sk_parser *p, sk_str *out) {
  if (sk_read_at(p, SK_TOK_STRING)) {
    return sk_read_parse_string(p, out);
  }
  if (!sk_read_at(p, SK_TOK_IDENT)) {
    return sk_read_expected(p, "the key of a resource");
  }
  *out = sk_tok_str(&p->tok);
  sk_read_advance(p);
  return NULL;
}

// key: "0x..." or key: { ... }, separated by commas, up to `close`. Blobs lie at level 2 below
// dialect_resources.
static sk_status parse_resource_group(sk_parser *p, int close, uint32_t level, bool wanted) {
  SK_TRY(sk_read_enter(p));
  sk_read_advance(p);
  while (!sk_read_at(p, close)) {
    sk_str key;
    SK_TRY(parse_resource_key(p, &key));
    SK_TRY(sk_read_expect(p, ':', "':' after the key of a resource"));
    if (sk_read_at(p, '{')) {
      bool inside = level == 0 ? sk_str_eq(key, SK_STR("dialect_resources")) : wanted;
      SK_TRY(parse_resource_group(p, '}', level + 1, inside));
    } else if (sk_read_at(p, SK_TOK_STRING) || sk_read_at(p, SK_TOK_IDENT)) {
      if (wanted && level == 2 && sk_read_at(p, SK_TOK_STRING)) {
        SK_PUSH(p, resources, (sk_resource){.key = key, .text = p->tok});
      }
      sk_read_advance(p);
    } else {
      return sk_read_expected(p, "a resource: a string, true, false or {...}");
    }
    if (!sk_read_accept(p, ',')) {
      break;
    }
  }
  p->depth--;
  return sk_read_expect(
      p, close, close == '}' ? "',' or '}' after a resource" : "',' or '#-}' after a resource");
}

sk_status sk_read_parse_metadata(sk_parser *p) {
  if (p->resources_indexed) {
    sk_read_jump(p, &p->resources_end);
    return NULL;
  }
  p->resources_indexed = true;
  SK_TRY(parse_resource_group(p, SK_TOK_META_END, 0, false));
  if (p->resources.count > 0) {
    qsort(p->resources.data, p->resources.count, sizeof(sk_resource), compare_resources);
  }
  p->resources_end = sk_read_here(p);
  return NULL;
}

// Reads the {-# ... #-} section ahead of its turn. It begins a line, and no string can contain the
// start of a line.
static sk_status index_resources(sk_parser *p) {
  sk_lexer lex;
  sk_lex_init(&lex, p->lex.begin, (size_t)(p->lex.end - p->lex.begin));
  while (lex.at < lex.end) {
    while (lex.at < lex.end && (*lex.at == ' ' || *lex.at == '\t')) {
      lex.at++;
    }
    if (lex.end - lex.at >= 3 && memcmp(lex.at, "{-#", 3) == 0) {
      sk_lexer saved = p->lex;
      sk_token tok = p->tok;
      sk_read_jump(p, &lex);
      SK_TRY(sk_read_parse_metadata(p));
      p->lex = saved;
      p->tok = tok;
      return NULL;
    }
    const char *newline = memchr(lex.at, '\n', (size_t)(lex.end - lex.at));
    sk_lex_move_to(&lex, newline ? newline + 1 : lex.end);
  }
  return NULL;
}

static sk_resource *find_resource(sk_parser *p, sk_str key) {
  sk_resource wanted = {.key = key};
  return p->resources.count == 0 ? NULL
                                 : bsearch(&wanted, p->resources.data, p->resources.count,
                                           sizeof wanted, compare_resources);
}

sk_status sk_read_parse_dense_resource(sk_parser *p, sk_attr *out) {
  enum { HEADER = 11 };  // "0x and eight digits of alignment
  sk_str key;
  sk_type type;
  sk_read_advance(p);
  SK_TRY(sk_read_expect(p, '<', "'<' after dense_resource"));
  const char *at = p->tok.start;
  SK_TRY(parse_resource_key(p, &key));
  SK_TRY(sk_read_expect(p, '>', "'>' after the key of a resource"));
  SK_TRY(parse_tensor_type(p, &type));
  if (!p->resources_indexed) {
    SK_TRY(index_resources(p));
  }
  sk_resource *resource = find_resource(p, key);
  if (resource == NULL) {
    return sk_read_error(
        p, at,
        sk_str_eq(key, SK_STR("__elided__"))
            ? "the value of resource '%.*s' was left out when this text was printed"
            : "resource '%.*s' is not among the dialect_resources of this file",
        (int)SK_MIN(key.len, 128), key.data);
  }
  if (resource->attr.id != 0 && sk_attr_get(p->module, resource->attr)->type.id == type.id) {
    *out = resource->attr;
    return NULL;
  }
  sk_str text = sk_tok_str(&resource->text);
  if (text.len < HEADER + 1 || memcmp(text.data, "\"0x", 3) != 0) {
    return sk_read_error(p, text.data,
                         "a resource must be \"0x\", the alignment in eight digits, and its bytes");
  }
  SK_TRY(make_from_hex(p, type, &resource->text, HEADER, out));
  resource->attr = *out;
  return NULL;
}
