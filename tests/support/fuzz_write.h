// SPDX-License-Identifier: Apache-2.0
// What every fuzz target of a reader asks of the writer: bytecode of a module reads back as that
// module. A difference ends the process, which is how libFuzzer hears of it.
#ifndef SK_TEST_SUPPORT_FUZZ_WRITE_H
#define SK_TEST_SUPPORT_FUZZ_WRITE_H

#include "read/read.h"

SK_NORETURN void fuzz_give_up(const char *what, const sk_text *text, const char *detail);
void fuzz_check_writing(const sk_module *module);  // of a valid module
void fuzz_write_invalid(const sk_module *module);  // refused or written, without harm

#endif
