// SPDX-License-Identifier: Apache-2.0
// What became of a program, for people: its statements with their loops, figures and members, and why values go through memory
// between them. For `skarn explain`; docs/explain.md says how to read it.
#ifndef SK_COMPILE_EXPLAIN_H
#define SK_COMPILE_EXPLAIN_H

#include "compile/compile.h"

// `c` has run up to `vectorise`, from a module. Text, or one line of JSON per statement. INVALID_ARGUMENT: there is no plan to explain.
sk_status sk_compile_explain(sk_compilation *c, bool json, sk_text *out) SK_NODISCARD;

// "line 7" of the input, "model.py:7" elsewhere, "" if nothing is known.
void sk_compile_print_place(const sk_module *m, sk_op op, sk_text *out);
// "1.50 MB"
void sk_compile_print_amount(double amount, const char *unit, sk_text *out);
void sk_compile_print_json_string(const char *text, sk_text *out);
const char *sk_break_text(sk_break_why why);

#endif
