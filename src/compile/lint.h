// SPDX-License-Identifier: Apache-2.0
// What costs a program speed that its author could avoid: lint.def lists the rules.
#ifndef SK_COMPILE_LINT_H
#define SK_COMPILE_LINT_H

#include "compile/compile.h"

typedef struct sk_lint_options {
  const char *only;  // names of rules, comma separated; "": all
  bool json;
} sk_lint_options;

// `c` has run up to `vectorise`, from a module. One line per finding, in order of execution; *out_count: how many.
// INVALID_ARGUMENT: a name that is no rule.
sk_status sk_compile_lint(sk_compilation *c, const sk_lint_options *options, sk_text *out,
                          uint32_t *out_count) SK_NODISCARD;
// "name  what it means" of every rule.
void sk_compile_print_rules(sk_text *out);

#endif
