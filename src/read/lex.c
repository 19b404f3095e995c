// SPDX-License-Identifier: Apache-2.0
// Characters to tokens (MLIR Language Reference, "Lexical syntax").
//
// One look at the first character decides the kind; words are crossed 16 characters at a time (SSE2,
// which every x86-64 has), long strings (constants in hexadecimal) with memchr. Every access is
// checked against the end of the input. Bad characters become a token of kind SK_TOK_ERROR with a
// reason; whoever asked for something else reports it.
#include <emmintrin.h>

#include "read/lex_int.h"

enum {  // classes of characters
  SPACE = 1,
  LETTER = 2,  // letters and _
  DIGIT = 4,
  DOLLAR = 8,  // $ .
  DASH = 16,
  HEX = 32,
  MARK = 64,     // a token by itself, whatever follows
  COMMENT = 128  // /
};

#define L (LETTER)
#define H (LETTER | HEX)
#define D (DIGIT | HEX)
#define M (MARK)
static const uint8_t char_class[256] = {
    [' '] = SPACE, ['\t'] = SPACE, ['\r'] = SPACE, ['\n'] = SPACE, ['0'] = D, ['1'] = D,
    ['2'] = D,     ['3'] = D,      ['4'] = D,      ['5'] = D,      ['6'] = D, ['7'] = D,
    ['8'] = D,     ['9'] = D,      ['A'] = H,      ['B'] = H,      ['C'] = H, ['D'] = H,
    ['E'] = H,     ['F'] = H,      ['G'] = L,      ['H'] = L,      ['I'] = L, ['J'] = L,
    ['K'] = L,     ['L'] = L,      ['M'] = L,      ['N'] = L,      ['O'] = L, ['P'] = L,
    ['Q'] = L,     ['R'] = L,      ['S'] = L,      ['T'] = L,      ['U'] = L, ['V'] = L,
    ['W'] = L,     ['X'] = L,      ['Y'] = L,      ['Z'] = L,      ['a'] = H, ['b'] = H,
    ['c'] = H,     ['d'] = H,      ['e'] = H,      ['f'] = H,      ['g'] = L, ['h'] = L,
    ['i'] = L,     ['j'] = L,      ['k'] = L,      ['l'] = L,      ['m'] = L, ['n'] = L,
    ['o'] = L,     ['p'] = L,      ['q'] = L,      ['r'] = L,      ['s'] = L, ['t'] = L,
    ['u'] = L,     ['v'] = L,      ['w'] = L,      ['x'] = L,      ['y'] = L, ['z'] = L,
    ['_'] = L,     ['$'] = DOLLAR, ['.'] = DOLLAR, ['-'] = DASH,   ['('] = M, [')'] = M,
    ['['] = M,     [']'] = M,      ['}'] = M,      ['<'] = M,      ['>'] = M, [','] = M,
    ['='] = M,     ['?'] = M,      ['*'] = M,      ['+'] = M,      ['|'] = M, ['/'] = COMMENT,
};
#undef L
#undef H
#undef D
#undef M

static inline unsigned class_of(char c) { return char_class[(unsigned char)c]; }

static const char *skip_class(const char *at, const char *end, unsigned classes) {
  while (at < end && (class_of(*at) & classes)) {
    at++;
  }
  return at;
}

// Bit i: character i is a letter, a digit, or one of _ $ .
static unsigned find_word_chars(const char *at) {
  __m128i c = _mm_loadu_si128((const __m128i *)(const void *)at);
  __m128i lower = _mm_or_si128(c, _mm_set1_epi8(0x20));
  __m128i letter = _mm_and_si128(_mm_cmpgt_epi8(lower, _mm_set1_epi8('a' - 1)),
                                 _mm_cmplt_epi8(lower, _mm_set1_epi8('z' + 1)));
  __m128i digit = _mm_and_si128(_mm_cmpgt_epi8(c, _mm_set1_epi8('0' - 1)),
                                _mm_cmplt_epi8(c, _mm_set1_epi8('9' + 1)));
  __m128i other = _mm_or_si128(
      _mm_cmpeq_epi8(c, _mm_set1_epi8('_')),
      _mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8('.')), _mm_cmpeq_epi8(c, _mm_set1_epi8('$'))));
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letter, digit), other));
}

static const char *skip_word(const char *at, const char *end) {
  while (end - at >= 16) {
    unsigned others = ~find_word_chars(at) & 0xFFFF;
    if (others != 0) {
      return at + sk_ctz64(others);
    }
    at += 16;
  }
  return skip_class(at, end, LETTER | DIGIT | DOLLAR);
}

const char *sk_lex_skip_plain(const char *at, const char *end) {
  at = skip_word(at, end);
  while (at < end && *at == '?') {
    at = skip_word(at + 1, end);
  }
  return at;
}

void sk_lex_init(sk_lexer *lex, const char *data, size_t len) {
  *lex = (sk_lexer){.begin = data, .end = data + len, .at = data, .line_start = data, .line = 1};
}

void sk_lex_skip_space(sk_lexer *lex) {
  const char *at = lex->at;
  const char *end = lex->end;
  while (at < end) {
    if (*at == '\n') {
      lex->line++;
      lex->line_start = ++at;
      while (at < end && *at == ' ') {
        at++;
      }
      continue;
    }
    if (*at == '/') {
      if (end - at < 2 || at[1] != '/') {
        break;
      }
      const char *newline = memchr(at, '\n', (size_t)(end - at));
      at = newline ? newline : end;
      continue;
    } else if (!(class_of(*at) & SPACE)) {
      break;
    }
    at++;
  }
  lex->at = at;
}

void sk_lex_move_to(sk_lexer *lex, const char *to) {
  const char *at = lex->at;
  while (at < to) {
    const char *newline = memchr(at, '\n', (size_t)(to - at));
    if (newline == NULL) {
      break;
    }
    lex->line++;
    lex->line_start = at = newline + 1;
  }
  lex->at = to;
}

static int fail(sk_lexer *lex, const char *reason) {
  lex->error = reason;
  return SK_TOK_ERROR;
}

// `at` lies behind the opening quote. Leaves lex->at behind the closing one.
static int lex_string(sk_lexer *lex, const char *at) {
  const char *end = lex->end;
  for (;;) {
    const char *quote = memchr(at, '"', (size_t)(end - at));
    const char *limit = quote ? quote : end;
    const char *newline = memchr(at, '\n', (size_t)(limit - at));
    if (newline != NULL || quote == NULL) {
      return fail(lex, "a string without its closing quote");
    }
    // A quote behind an odd number of backslashes belongs to the string.
    const char *slash = quote;
    while (slash > at && slash[-1] == '\\') {
      slash--;
    }
    at = quote + 1;
    if (((quote - slash) & 1) == 0) {
      lex->at = at;
      return SK_TOK_STRING;
    }
  }
}

SK_NOINLINE static int lex_number(sk_lexer *lex, const char *at) {
  const char *end = lex->end;
  if (*at == '0' && end - at > 2 && at[1] == 'x' && (class_of(at[2]) & HEX)) {
    lex->at = skip_class(at + 2, end, HEX);
    return SK_TOK_INT;
  }
  at = skip_class(at, end, DIGIT);
  lex->at = at;
  if (at == end || *at != '.') {
    return SK_TOK_INT;
  }
  at = skip_class(at + 1, end, DIGIT);
  lex->at = at;
  if (at < end && (*at == 'e' || *at == 'E')) {
    const char *digits = at + 1;
    if (digits < end && (*digits == '+' || *digits == '-')) {
      digits++;
    }
    if (digits < end && (class_of(*digits) & DIGIT)) {
      lex->at = skip_class(digits, end, DIGIT);
    }
  }
  return SK_TOK_FLOAT;
}

// #, ! and ^ names: digits, or a letter or one of $ . _ - and then any of these and digits.
static int lex_prefixed(sk_lexer *lex, const char *at, int kind) {
  const char *end = lex->end;
  if (at < end && (class_of(*at) & DIGIT)) {
    lex->at = skip_class(at, end, DIGIT);
    return kind;
  }
  // A dash ends a type or attribute name: "#loc->" and "!t->" are two tokens.
  unsigned classes = LETTER | DIGIT | DOLLAR;
  classes |= kind == SK_TOK_BLOCK ? DASH : 0;
  const char *stop = skip_class(at, end, classes);
  if (stop == at) {
    return fail(lex, "a name is missing");
  }
  lex->at = stop;
  return kind;
}

static int lex_symbol(sk_lexer *lex, const char *at) {
  if (at < lex->end && *at == '"') {
    int kind = lex_string(lex, at + 1);
    return kind == SK_TOK_STRING ? SK_TOK_SYMBOL : kind;
  }
  if (at == lex->end || !(class_of(*at) & LETTER)) {
    return fail(lex, "a symbol name is missing");
  }
  lex->at = skip_word(at, lex->end);
  return SK_TOK_SYMBOL;
}

static bool follows(const sk_lexer *lex, const char *at, char a, char b) {
  return lex->end - at >= 2 && at[0] == a && (b == '\0' || at[1] == b);
}

// %name, as above with dashes; `at` behind the %.
static int lex_value(sk_lexer *lex, const char *at) {
  const char *end = lex->end;
  lex->at = at;
  if (SK_UNLIKELY(at == end || !(class_of(*at) & (LETTER | DIGIT | DOLLAR | DASH)))) {
    return fail(lex, "a name is missing");
  }
  unsigned classes = DIGIT | (class_of(*at) & DIGIT ? 0 : LETTER | DOLLAR | DASH);
  do {
    at++;
  } while (at < end && (class_of(*at) & classes));
  lex->at = at;
  return SK_TOK_VALUE;
}

// What begins with neither a letter nor a digit and is not a token by itself.
SK_NOINLINE static int lex_other(sk_lexer *lex, const char *at) {
  const char *next = at + 1;
  lex->at = next;
  switch (*at) {
    case '/': return '/';
    case '{':
      if (follows(lex, next, '-', '#')) {
        lex->at = next + 2;
        return SK_TOK_META_BEGIN;
      }
      return '{';
    case '-':
      if (next < lex->end && *next == '>') {
        lex->at = next + 1;
        return SK_TOK_ARROW;
      }
      return '-';
    case ':':
      if (next < lex->end && *next == ':') {
        lex->at = next + 1;
        return SK_TOK_COLONS;
      }
      return ':';
    case '#':
      if (follows(lex, next, '-', '}')) {
        lex->at = next + 2;
        return SK_TOK_META_END;
      }
      return lex_prefixed(lex, next, SK_TOK_HASH);
    case '!': return lex_prefixed(lex, next, SK_TOK_BANG);
    case '^': return lex_prefixed(lex, next, SK_TOK_BLOCK);
    case '@': return lex_symbol(lex, next);
    case '"': return lex_string(lex, next);
    case '\0': return fail(lex, "a NUL byte");
    default: return fail(lex, "an unexpected character");
  }
}

void sk_lex_next(sk_lexer *lex, sk_token *out) {
  const char *at = lex->at;
  const char *end = lex->end;
  if (at < end && *at == ' ') {  // mostly one blank, or none
    lex->at = ++at;
  }
  if (at < end && (class_of(*at) & (SPACE | COMMENT))) {
    sk_lex_skip_space(lex);
    at = lex->at;
  }
  int kind = SK_TOK_EOF;
  if (SK_LIKELY(at < end)) {
    unsigned first = class_of(*at);
    if (first & MARK) {
      lex->at = at + 1;
      kind = *at;
    } else if (first & LETTER) {
      lex->at = skip_word(at + 1, end);
      kind = SK_TOK_IDENT;
    } else if (*at == '%') {
      kind = lex_value(lex, at + 1);
    } else if (first & DIGIT) {
      kind = lex_number(lex, at);
    } else {
      kind = lex_other(lex, at);
    }
  }
  *out = (sk_token){
      .start = at, .end = lex->at, .line_start = lex->line_start, .line = lex->line, .kind = kind};
}

bool sk_lex_has_escapes(sk_str quoted) { return memchr(quoted.data, '\\', quoted.len) != NULL; }

static int hex_value(char c) {
  unsigned classes = class_of(c);
  if (!(classes & HEX)) {
    return -1;
  }
  return (classes & DIGIT) ? c - '0' : (c | 0x20) - 'a' + 10;
}

bool sk_lex_unescape(sk_arena *arena, sk_str quoted, sk_str *out) {
  char *text = sk_arena_alloc(arena, quoted.len + 1, 1);
  if (text == NULL) {
    return false;
  }
  size_t len = 0;
  const char *at = quoted.data + 1;
  const char *end = quoted.data + quoted.len - 1;  // the closing quote
  while (at < end) {
    char c = *at++;
    if (c == '\\' && at < end) {
      int high = hex_value(*at);
      int low = at + 1 < end ? hex_value(at[1]) : -1;
      if (*at == 'n') {
        c = '\n';
      } else if (*at == 't') {
        c = '\t';
      } else if (high >= 0 && low >= 0) {
        c = (char)(high * 16 + low);
        at++;
      } else {
        c = *at;
      }
      at++;
    }
    text[len++] = c;
  }
  text[len] = '\0';
  *out = (sk_str){text, len};
  return true;
}
