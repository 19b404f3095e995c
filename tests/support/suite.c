// SPDX-License-Identifier: Apache-2.0
#include "support/suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"

// Test dialects whose operations take any operands and mean nothing for the others.
static const char *const asking[] = {"\"hlo_test_infer.", "\"hlo_test_speculatability."};

// The first question in [from, end), or NULL; *out_name: its name after the dialect's.
static const char *find_question(const char *from, const char *end, const char **out_name) {
  const char *first = NULL;
  for (size_t i = 0; i < sizeof asking / sizeof *asking; i++) {
    size_t len = strlen(asking[i]);
    const char *at = memmem(from, (size_t)((first ? first : end) - from), asking[i], len);
    if (at != NULL) {
      first = at;
      *out_name = at + len;
    }
  }
  return first;
}

// "d.name"(operands) -> "stablehlo.custom_call"(operands) {call_target_name = "name"}
static void rewrite_questions(const char *text, const char *end, sk_text *out) {
  const char *name = NULL, *at;
  while ((at = find_question(text, end, &name)) != NULL) {
    const char *quote = memchr(name, '"', (size_t)(end - name));
    const char *close = quote ? memchr(quote, ')', (size_t)(end - quote)) : NULL;
    if (close == NULL) {
      break;
    }
    sk_text_add(out, (sk_str){text, (size_t)(at - text)});
    sk_text_addf(out, "\"stablehlo.custom_call\"%.*s {call_target_name = \"%.*s\"}",
                 (int)(close - quote), quote + 1, (int)(quote - name), name);
    text = close + 1;
  }
  sk_text_add(out, (sk_str){text, (size_t)(end - text)});
}

static void visit_segment(const char *name, const char *text, const char *end, suite_visit visit,
                          void *context) {
  sk_text rewritten;
  sk_text_init(&rewritten);
  rewrite_questions(text, end, &rewritten);
  assert_false(rewritten.failed);
  visit(context, name, rewritten.data, rewritten.len);
  sk_text_fini(&rewritten);
}

void suite_visit_file(const char *path, const char *name, suite_visit visit, void *context) {
  static const char line[] = "// -----";
  sk_file file;
  assert_null(sk_file_open(path, 0, &file));
  const char *start = (const char *)file.data, *end = start + file.len;
  while (start < end) {
    const char *cut = memmem(start, (size_t)(end - start), line, sizeof line - 1);
    visit_segment(name, start, cut ? cut : end, visit, context);
    start = cut ? cut + sizeof line - 1 : end;
    while (start < end && *start != '\n') {
      start++;
    }
  }
  sk_file_close(&file);
}
