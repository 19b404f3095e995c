// SPDX-License-Identifier: Apache-2.0
// Where words end. Words are crossed 16 characters at a time, so every byte value is tried at every
// place of a block and around its borders, in front of the end of the input and far from it, against
// the rule of the language: a letter or _, then letters, digits, _ $ and dots.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "read/lex_int.h"

enum { LONGEST = 50 };

static bool is_word_char(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || c == '.';
}

// A copy that ends with its block of memory, so that a sanitizer sees what is read behind it.
static char *copy_exactly(const char *text, size_t len) {
  char *copy = malloc(len);
  assert_non_null(copy);
  memcpy(copy, text, len);
  return copy;
}

static void check_word(const char *text, size_t len, size_t other) {
  char *copy = copy_exactly(text, len);
  int c = (unsigned char)text[other];
  size_t word = is_word_char(c) ? len : other;
  sk_lexer lex;
  sk_token tok;
  sk_lex_init(&lex, copy, len);
  sk_lex_next(&lex, &tok);
  assert_int_equal(tok.kind, SK_TOK_IDENT);
  assert_int_equal(tok.end - tok.start, word);
  size_t plain = c == '?' ? len : word;
  assert_int_equal(sk_lex_skip_plain(copy, copy + len) - copy, plain);
  free(copy);
}

static void test_word_ends(void **state) {
  (void)state;
  char text[LONGEST];
  for (size_t len = 1; len <= LONGEST; len++) {
    for (size_t other = 1; other < len; other++) {
      memset(text, 'w', sizeof text);
      for (int c = 0; c < 256; c++) {
        text[other] = (char)c;
        check_word(text, len, other);
      }
    }
  }
}

// Names of values: digits alone, or anything a word may contain and dashes.
static void test_value_names(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t len;
    int kind;
  } cases[] = {
      {"%12", 3, SK_TOK_VALUE}, {"%12a", 3, SK_TOK_VALUE}, {"%a-b$c.d_1 ", 10, SK_TOK_VALUE},
      {"%-1", 3, SK_TOK_VALUE}, {"%0#1", 2, SK_TOK_VALUE}, {"%a:2", 2, SK_TOK_VALUE},
      {"%", 1, SK_TOK_ERROR},   {"% a", 1, SK_TOK_ERROR},  {"%,", 1, SK_TOK_ERROR}};
  for (size_t i = 0; i < SK_COUNT(cases); i++) {
    size_t len = strlen(cases[i].text);
    char *copy = copy_exactly(cases[i].text, len);
    sk_lexer lex;
    sk_token tok;
    sk_lex_init(&lex, copy, len);
    sk_lex_next(&lex, &tok);
    assert_int_equal(tok.kind, cases[i].kind);
    assert_int_equal(tok.end - tok.start, cases[i].len);
    free(copy);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_word_ends),
      cmocka_unit_test(test_value_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
