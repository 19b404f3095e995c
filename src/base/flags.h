// SPDX-License-Identifier: Apache-2.0
// The flag table: one struct filled from defaults, the environment (SKARN_*, CLI only) and
// key=value options.
#ifndef SK_BASE_FLAGS_H
#define SK_BASE_FLAGS_H

#include "base/arena.h"
#include "base/str.h"

#define SK_FLAG_C_TYPE_BOOL bool
#define SK_FLAG_C_TYPE_INT int64_t
#define SK_FLAG_C_TYPE_STR const char *

typedef struct sk_flags {
#define X(field, name, type, initial, values, help) SK_FLAG_C_TYPE_##type field;
#include "base/flags.def"
#undef X
} sk_flags;

void sk_flags_init(sk_flags *flags);  // defaults
// Sets one flag by name ("dump-dir" or "dump_dir"); the value is checked against the table and
// copied into `arena`. NOT_FOUND names the nearest flag; INVALID_ARGUMENT states the values
// allowed.
sk_status sk_flags_set(sk_flags *flags, sk_arena *arena, const char *name, const char *value);
bool sk_flags_is_bool(const char *name);  // needs no value on the command line
// Reads SKARN_<NAME> for every flag. Unknown SKARN_* names are appended to *out_unknown (comma
// separated, arena text, NULL if none).
sk_status sk_flags_read_env(sk_flags *flags, sk_arena *arena, const char **out_unknown);
// A line "option NAME VALUE" for every flag that is not at its default, except those that only ask
// for something to be written down (dumps, times, maps).
void sk_flags_print(const sk_flags *flags, sk_text *out);
// Text of one help line per flag.
const char *sk_flags_help(sk_arena *arena);

#endif
