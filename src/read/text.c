// SPDX-License-Identifier: Apache-2.0
// MLIR text to a module: the entry, what may stand at the top level, errors, and the parser's way
// with tokens.
//
//   input = { #alias = attribute | !alias = type | {-# resources #-} | module | op }
//
// `module @name attributes {...} { ... }` alone at the top level is the module; bare operations
// form one without a name. The first error ends the reading; the module is given up with it.
// Positions of errors are counted from the start of the input when one is reported, since that
// happens once.
#include <stdarg.h>

#include "read/text_int.h"

// -- errors ---------------------------------------------------------------------------------------

sk_srcpos sk_read_pos(const sk_parser *p, const char *at) {
  sk_lexer lex;
  sk_lex_init(&lex, p->lex.begin, (size_t)(p->lex.end - p->lex.begin));
  sk_lex_move_to(&lex, at);
  uint64_t col = (uint64_t)(at - lex.line_start) + 1;
  return (sk_srcpos){
      .file = p->input_name, .line = lex.line, .col = (uint32_t)SK_MIN(col, UINT32_MAX)};
}

sk_status sk_read_error(const sk_parser *p, const char *at, const char *format, ...) {
  va_list args;
  va_start(args, format);
  sk_status status = sk_status_vnew_at(SK_INVALID_ARGUMENT, sk_read_pos(p, at), format, args);
  va_end(args);
  return status;
}

sk_status sk_read_unsupported(const sk_parser *p, const char *at, const char *format, ...) {
  va_list args;
  va_start(args, format);
  sk_status status = sk_status_vnew_at(SK_UNIMPLEMENTED, sk_read_pos(p, at), format, args);
  va_end(args);
  return status;
}

sk_status sk_read_over_limit(const sk_parser *p, const char *at, const char *what, uint64_t limit) {
  return sk_status_new_at(SK_RESOURCE_EXHAUSTED, sk_read_pos(p, at),
                          "more than %llu %s (a limit of the reader)", (unsigned long long)limit,
                          what);
}

// The current token as it may be shown: printable, and not too long.
static void show_token(const sk_parser *p, char *out, size_t size) {
  size_t len = (size_t)(p->tok.end - p->tok.start);
  size_t shown = SK_MIN(len, size - 4);
  for (size_t i = 0; i < shown; i++) {
    char c = p->tok.start[i];
    out[i] = c >= ' ' && c <= '~' ? c : '?';
  }
  memcpy(out + shown, shown < len ? "..." : "", shown < len ? 4 : 1);
}

static sk_status expected_at(const sk_parser *p, const char *at, const char *what) {
  char got[44];
  const char *in = p->op != SK_OP_NONE ? " in " : "";
  const char *op = p->op != SK_OP_NONE ? sk_opkind_name(p->op) : "";
  if (p->tok.kind == SK_TOK_ERROR) {
    return sk_read_error(p, p->tok.start, "%s, where %s was expected%s%s", p->lex.error, what, in,
                         op);
  }
  if (p->tok.kind == SK_TOK_EOF) {
    return sk_read_error(p, at, "expected %s%s%s, got the end of the input", what, in, op);
  }
  show_token(p, got, sizeof got);
  return sk_read_error(p, at, "expected %s%s%s, got '%s'", what, in, op, got);
}

sk_status sk_read_expected(const sk_parser *p, const char *what) {
  return expected_at(p, p->tok.start, what);
}

// A mark is missing: if the next token begins a new line, that is where the last one ended.
static sk_status missing(const sk_parser *p, const char *what) {
  bool new_line = p->last_end != NULL && p->last_end < p->tok.start &&
                  memchr(p->last_end, '\n', (size_t)(p->tok.start - p->last_end)) != NULL;
  return expected_at(p, new_line ? p->last_end : p->tok.start, what);
}

// -- tokens ---------------------------------------------------------------------------------------

bool sk_read_at_word(const sk_parser *p, sk_str word) {
  return p->tok.kind == SK_TOK_IDENT && sk_tok_is(&p->tok, word);
}

bool sk_read_accept_word(sk_parser *p, sk_str word) {
  if (!sk_read_at_word(p, word)) {
    return false;
  }
  sk_read_advance(p);
  return true;
}

sk_status sk_read_expect(sk_parser *p, int kind, const char *what) {
  if (SK_UNLIKELY(p->tok.kind != kind)) {
    return missing(p, what);
  }
  sk_read_advance(p);
  return NULL;
}

sk_status sk_read_expect_word(sk_parser *p, sk_str word) {
  if (!sk_read_at_word(p, word)) {
    char what[40] = "'";
    memcpy(what + 1, word.data, word.len);
    memcpy(what + 1 + word.len, "'", 2);
    return missing(p, what);
  }
  sk_read_advance(p);
  return NULL;
}

sk_status sk_read_enter(sk_parser *p) {
  if (SK_UNLIKELY(p->depth >= p->limits.nesting)) {
    return sk_read_over_limit(p, p->tok.start, "levels of nesting", p->limits.nesting);
  }
  p->depth++;
  p->nodes++;
  return NULL;
}

// -- top level ------------------------------------------------------------------------------------

static bool at_module(const sk_parser *p) {
  return sk_read_at_word(p, SK_STR("module")) || sk_read_at_word(p, SK_STR("builtin.module")) ||
         (p->tok.kind == SK_TOK_STRING && sk_tok_is(&p->tok, SK_STR("\"builtin.module\"")));
}

static sk_status parse_top_level(sk_parser *p) {
  sk_region body = sk_op_region(p->module, p->module->root, 0);
  bool explicit_root = false;
  while (!sk_read_at(p, SK_TOK_EOF)) {
    if (sk_read_at(p, SK_TOK_HASH) || sk_read_at(p, SK_TOK_BANG)) {
      SK_TRY(sk_read_parse_alias_definition(p));
    } else if (sk_read_at(p, SK_TOK_META_BEGIN)) {
      SK_TRY(sk_read_parse_metadata(p));
    } else if (explicit_root) {
      return sk_read_unsupported(p, p->tok.start, "operations behind the module are not supported");
    } else if (at_module(p) && sk_region_first(p->module, body).id == 0) {
      explicit_root = true;
      SK_TRY(sk_read_parse_root(p));
    } else {
      SK_TRY(sk_read_parse_op(p, body));
    }
  }
  return sk_read_finish_aliases(p);
}

// -- entry ----------------------------------------------------------------------------------------

// The stacks get their storage at once, so that an empty one has an address as well.
static bool reserve_stacks(sk_parser *p) {
  enum { FEW = 32 };
  sk_arena *a = &p->scratch;
  return sk_vec_reserve(a, &p->values, FEW) && sk_vec_reserve(a, &p->types, FEW) &&
         sk_vec_reserve(a, &p->named, FEW) && sk_vec_reserve(a, &p->attrs, FEW) &&
         sk_vec_reserve(a, &p->regions, FEW) && sk_vec_reserve(a, &p->locs, FEW) &&
         sk_vec_reserve(a, &p->results, FEW) && sk_vec_reserve(a, &p->ints, FEW) &&
         sk_vec_reserve(a, &p->floats, FEW) && sk_vec_reserve(a, &p->tokens, FEW);
}

// Most lines hold one operation with one result. Room for that many at once saves the growing arrays
// of the module half of their memory.
static void reserve_module(sk_parser *p) {
  enum { FEWEST = 64, MOST = 1 << 20 };
  sk_module *m = p->module;
  uint32_t lines = 0;
  for (const char *at = p->lex.begin; at != NULL && lines < MOST; lines++) {
    at = memchr(at, '\n', (size_t)(p->lex.end - at));
    at = at != NULL ? at + 1 : NULL;
  }
  if (lines >= FEWEST) {  // failing here, it fails again where the room is needed
    (void)(sk_vec_reserve(&m->arena, &m->ops, lines) &&
           sk_vec_reserve(&m->arena, &m->values, lines) &&
           sk_vec_reserve(&m->arena, &m->locs, lines) &&
           sk_vec_reserve(&m->arena, &m->operand_pool, lines));
  }
}

static sk_status init_parser(sk_parser *p, sk_module *module, const char *name, const void *bytes,
                             size_t len, const sk_read_options *options) {
  *p = (sk_parser){.module = module, .input_name = name, .limits = sk_read_fill_options(options)};
  sk_arena_init(&p->scratch);
  sk_lex_init(&p->lex, len > 0 ? bytes : "", len);
  if (len > p->limits.input_bytes) {
    return sk_read_over_limit(p, p->lex.begin, "bytes of input", p->limits.input_bytes);
  }
  if (!reserve_stacks(p)) {
    return sk_status_no_memory();
  }
  sk_read_advance(p);
  return NULL;
}

sk_status sk_read_text(const char *input_name, const void *bytes, size_t len,
                       const sk_read_options *options, sk_module **out_module) {
  *out_module = NULL;
  sk_module *module;
  SK_TRY(sk_module_create(input_name, &module));
  sk_parser parser;
  sk_status status = init_parser(&parser, module, module->input_name, bytes, len, options);
  if (status == NULL) {
    reserve_module(&parser);
    status = parse_top_level(&parser);
  }
  sk_arena_fini(&parser.scratch);
  if (status != NULL) {
    sk_module_destroy(module);
    return status;
  }
  *out_module = module;
  return NULL;
}

// A type or attribute alone. Its position within the larger input is not known to the parser:
// errors are reported at `at`.
static sk_status finish_piece(sk_parser *p, sk_status status, sk_srcpos at) {
  if (status == NULL && !sk_read_at(p, SK_TOK_EOF)) {
    status = sk_read_expected(p, "nothing more");
  }
  if (status != NULL && sk_status_code(status) != SK_RESOURCE_EXHAUSTED) {
    sk_status moved = sk_status_new_at(sk_status_code(status), at, "%s", sk_status_message(status));
    sk_status_free(status);
    status = moved;
  }
  sk_arena_fini(&p->scratch);
  return status;
}

sk_status sk_read_text_type(sk_module *m, sk_str text, sk_srcpos at, sk_type *out) {
  sk_parser parser;
  sk_status status = init_parser(&parser, m, m->input_name, text.data, text.len, NULL);
  return finish_piece(&parser, status != NULL ? status : sk_read_parse_type(&parser, out), at);
}

sk_status sk_read_text_attr(sk_module *m, sk_str text, sk_srcpos at, sk_attr *out,
                            bool *out_has_loc) {
  sk_parser parser;
  sk_status status = init_parser(&parser, m, m->input_name, text.data, text.len, NULL);
  status = finish_piece(&parser, status != NULL ? status : sk_read_parse_attr(&parser, out), at);
  *out_has_loc = status == NULL && parser.saw_loc;
  return status;
}
