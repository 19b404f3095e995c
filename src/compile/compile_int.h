// SPDX-License-Identifier: Apache-2.0
// Between the files of the compile room.
#ifndef SK_COMPILE_COMPILE_INT_H
#define SK_COMPILE_COMPILE_INT_H

#include "compile/compile.h"
#include "loop/lower.h"

// Fills c->image (package.c). The signature comes from the entry; for input without a module from
// the program's buffers.
sk_status sk_compile_package(sk_compilation *c) SK_NODISCARD;

// Arguments that the caller gives up, in the compilation's arena (package.c).
uint32_t sk_compile_find_donors(sk_compilation *c, sk_donor **out_donors);

// Writes the current form to a numbered file if the flags ask for it (dump.c).
sk_status sk_compile_dump(sk_compilation *c, sk_stage stage) SK_NODISCARD;
bool sk_compile_list_has(const char *list, const char *name);  // "a,b" or "all"

// Of the module, or of its entry.
sk_str sk_compile_program_name(const sk_compilation *c);
// How many devices the program is for: as many arguments and results each.
uint32_t sk_compile_device_count(const sk_compilation *c);
// Writes a bundle that replays the compilation to flags->dump_to (capture.c); *out_dir: its directory.
sk_status sk_compile_capture(const sk_compile_input *in, sk_text *out_dir) SK_NODISCARD;

// What runs an executable that has no code (via.c). The runner owns the compilation from then on.
void sk_compile_make_runner(sk_compilation *c, sk_runner *out_runner);

// Testing: what runs native code on memory between inaccessible pages (guarded.c). The runner owns
// the compilation from then on.
sk_status sk_compile_make_guarded(sk_compilation *c, sk_runner *out_runner) SK_NODISCARD;
void sk_compile_end_guarded(sk_compilation *c);  // takes the mapped code away

// Stage `checks` (checks.c).
sk_status sk_compile_lift_checks(sk_compilation *c) SK_NODISCARD;

#endif
