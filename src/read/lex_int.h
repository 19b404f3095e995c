// SPDX-License-Identifier: Apache-2.0
// Tokens of MLIR text, made on demand. A token is a slice of the input; nothing is copied. The text
// need not end in NUL.
//
// Kinds: a punctuation mark is its own character ('(', '<', ...); the rest is enumerated here.
// Positions: every token carries its line and where that line starts, counted as white space is
// skipped, so that a column is one subtraction.
#ifndef SK_READ_LEX_INT_H
#define SK_READ_LEX_INT_H

#include "base/str.h"

enum {
  SK_TOK_EOF = 0,
  SK_TOK_ERROR = 256,  // sk_lexer.error says why
  SK_TOK_IDENT,        // letter or _, then letters, digits, _ $ .       tensor  stablehlo.add
  SK_TOK_VALUE,        // %name                                          %0  %arg1
  SK_TOK_SYMBOL,       // @name or @"any string"
  SK_TOK_HASH,         // #name, dots included                           #loc3  #stablehlo.dot
  SK_TOK_BANG,         // !name                                          !stablehlo.token
  SK_TOK_BLOCK,        // ^name
  SK_TOK_INT,          // 12 or 0x1F
  SK_TOK_FLOAT,        // 1. 1.5 1.5e-3
  SK_TOK_STRING,       // "..." with the quotes
  SK_TOK_ARROW,        // ->
  SK_TOK_COLONS,       // ::
  SK_TOK_META_BEGIN,   // {-#
  SK_TOK_META_END,     // #-}
};

typedef struct sk_token {
  const char *start, *end;  // slice of the input
  const char *line_start;   // first byte of the line on which it starts
  uint32_t line;            // from 1
  int32_t kind;
} sk_token;

typedef struct sk_lexer {
  const char *begin, *end;  // the whole input, borrowed
  const char *at;           // first byte that belongs to no token yet
  const char *line_start;
  const char *error;  // static text; set with SK_TOK_ERROR
  uint32_t line;
} sk_lexer;

void sk_lex_init(sk_lexer *lex, const char *data, size_t len);
void sk_lex_next(sk_lexer *lex, sk_token *out);
void sk_lex_skip_space(sk_lexer *lex);  // white space and comments
// Moves on to `to`, which lies at or behind `at`, counting lines.
void sk_lex_move_to(sk_lexer *lex, const char *to);
// Behind the characters from `at` on that a name or a shape may consist of.
const char *sk_lex_skip_plain(const char *at, const char *end);

static inline sk_str sk_tok_str(const sk_token *tok) {
  return (sk_str){tok->start, (size_t)(tok->end - tok->start)};
}
static inline bool sk_tok_is(const sk_token *tok, sk_str text) {
  return sk_str_eq(sk_tok_str(tok), text);
}

// Whether the string between the quotes has escapes; and those resolved (\xx, \n, \t, \", \\), into
// `arena`. False: memory exhausted.
bool sk_lex_has_escapes(sk_str quoted);
bool sk_lex_unescape(sk_arena *arena, sk_str quoted, sk_str *out);

#endif
