// SPDX-License-Identifier: Apache-2.0
// The flag table at work: defaults, checked setting by name, the environment, help.
//
// Names match with '-' and '_' alike; an environment variable is SKARN_ and the name in capitals
// with '_'. What a value may be follows from the row: BOOL 1/0/true/false/on/off/yes/no (empty =
// true); INT within "lo..hi" or "lo..", or "bytes" with an optional K, M, G (powers of 1024); STR
// one of "a|b|c", unless "..." in the list leaves it open.
#include "base/flags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

extern char **environ;

typedef enum flag_type { TYPE_BOOL, TYPE_INT, TYPE_STR } flag_type;

typedef struct flag_row {
  const char *name, *values, *help;
  flag_type type;
  size_t offset;  // in sk_flags
} flag_row;

static const flag_row rows[] = {
#define X(field, name, type, initial, values, help)                                                \
  {name, values, help, TYPE_##type, offsetof(sk_flags, field)},
#include "base/flags.def"
#undef X
};

static const sk_flags defaults = {
#define X(field, name, type, initial, values, help) .field = initial,
#include "base/flags.def"
#undef X
};

// SKARN_ variables that are no flags: where the tests find their data.
static const char *const other_variables[] = {"SKARN_CONFORMANCE"};

// Flags that ask for notes about a program and change nothing of it.
static const char *const note_flags[] = {"dump",          "dump-dir", "dump-to",  "only",
                                         "print-changed", "time",     "perf-map", "gdb"};

void sk_flags_init(sk_flags *flags) { *flags = defaults; }

// Equal when '_' and '-' are one.
static bool same_name(const char *a, const char *b) {
  for (; *a && *b; a++, b++) {
    if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b)) {
      return false;
    }
  }
  return *a == *b;
}

static const flag_row *find_row(const char *name) {
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    if (same_name(name, rows[i].name)) {
      return &rows[i];
    }
  }
  return NULL;
}

// -- suggestions ----------------------------------------------------------------------------------

enum { MAX_NAME = 48 };

// Capitals and '_' count as what they stand for.
static char fold(char c) {
  if (c == '_') {
    return '-';
  }
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// Insertions, deletions, substitutions and swaps of neighbours that turn a into b (Damerau's
// optimal string alignment); names longer than MAX_NAME are far from everything.
static size_t edit_distance(const char *a, const char *b) {
  const size_t a_len = strlen(a), b_len = strlen(b);
  if (a_len > MAX_NAME || b_len > MAX_NAME) {
    return SIZE_MAX;
  }
  size_t rows_of_3[3][MAX_NAME + 1];  // the row in work and the two before it
  for (size_t i = 0; i <= a_len; i++) {
    size_t *row = rows_of_3[i % 3];
    row[0] = i;
    for (size_t j = 1; j <= b_len; j++) {
      if (i == 0) {
        row[j] = j;
        continue;
      }
      const size_t *above = rows_of_3[(i + 2) % 3], *above2 = rows_of_3[(i + 1) % 3];
      const char x = fold(a[i - 1]), y = fold(b[j - 1]);
      row[j] = SK_MIN(above[j - 1] + (x != y), SK_MIN(above[j], row[j - 1]) + 1);
      if (i > 1 && j > 1 && x == fold(b[j - 2]) && y == fold(a[i - 2])) {
        row[j] = SK_MIN(row[j], above2[j - 2] + 1);
      }
    }
  }
  return rows_of_3[a_len % 3][b_len];
}

static sk_status unknown_flag(const char *name) {
  const char *nearest = NULL;
  size_t least = SIZE_MAX;
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    const size_t distance = edit_distance(name, rows[i].name);
    if (distance < least) {
      least = distance;
      nearest = rows[i].name;
    }
  }
  if (nearest && least <= SK_MAX(strlen(name) / 3, (size_t)1)) {
    return sk_status_new(SK_NOT_FOUND, "unknown option '%s'; did you mean '%s'?", name, nearest);
  }
  return sk_status_new(SK_NOT_FOUND, "unknown option '%s'", name);
}

// -- values ---------------------------------------------------------------------------------------

static bool parse_bool(const char *value, bool *out) {
  static const char *const yes[] = {"", "1", "true", "on", "yes"};
  static const char *const no[] = {"0", "false", "off", "no"};
  for (size_t i = 0; i < SK_COUNT(yes); i++) {
    if (strcmp(value, yes[i]) == 0) {
      *out = true;
      return true;
    }
  }
  for (size_t i = 0; i < SK_COUNT(no); i++) {
    if (strcmp(value, no[i]) == 0) {
      *out = false;
      return true;
    }
  }
  return false;
}

static bool parse_bytes(sk_str text, int64_t *out) {
  int shift = 0;
  if (text.len > 1) {
    const char unit = text.data[text.len - 1];
    shift = unit == 'K' || unit == 'k'   ? 10
            : unit == 'M' || unit == 'm' ? 20
            : unit == 'G' || unit == 'g' ? 30
                                         : 0;
    text.len -= shift != 0;
  }
  return sk_str_to_i64(text, out) && *out >= 0 && !SK_MUL_OVERFLOW(*out, (int64_t)1 << shift, out);
}

// An integer within "lo..hi", either bound optional.
static bool parse_int(const char *range, const char *value, int64_t *out) {
  if (strcmp(range, "bytes") == 0) {
    return parse_bytes(sk_str_from(value), out);
  }
  if (!sk_str_to_i64(sk_str_from(value), out)) {
    return false;
  }
  const char *dots = strstr(range, "..");
  if (!dots) {
    return true;
  }
  int64_t bound;
  if (sk_str_to_i64((sk_str){range, (size_t)(dots - range)}, &bound) && *out < bound) {
    return false;
  }
  return !(sk_str_to_i64(sk_str_from(dots + 2), &bound) && *out > bound);
}

// Is `value` one of the closed list "a|b|c"? Lists with "..." are open, and so are descriptions
// without '|'.
static bool allowed_text(const char *values, const char *value) {
  if (!strchr(values, '|') || strstr(values, "...")) {
    return true;
  }
  const size_t len = strlen(value);
  for (const char *item = values; item; item = strchr(item, '|') ? strchr(item, '|') + 1 : NULL) {
    const size_t item_len = strcspn(item, "|");
    if (item_len == len && memcmp(item, value, len) == 0) {
      return true;
    }
  }
  return false;
}

static sk_status bad_value(const flag_row *row, const char *value) {
  return sk_status_new(SK_INVALID_ARGUMENT, "option '%s' cannot be '%s': expected %s", row->name,
                       value, row->type == TYPE_BOOL ? "true or false" : row->values);
}

static sk_status set_row(sk_flags *flags, sk_arena *arena, const flag_row *row, const char *value) {
  char *field = (char *)flags + row->offset;
  switch (row->type) {
    case TYPE_BOOL: {
      bool parsed;
      if (!parse_bool(value, &parsed)) {
        return bad_value(row, value);
      }
      memcpy(field, &parsed, sizeof parsed);
      return NULL;
    }
    case TYPE_INT: {
      int64_t parsed;
      if (!parse_int(row->values, value, &parsed)) {
        return bad_value(row, value);
      }
      memcpy(field, &parsed, sizeof parsed);
      return NULL;
    }
    case TYPE_STR: {
      if (!allowed_text(row->values, value)) {
        return bad_value(row, value);
      }
      const char *copy = sk_arena_strndup(arena, value, strlen(value));
      if (!copy) {
        return sk_status_no_memory();
      }
      memcpy(field, &copy, sizeof copy);
      return NULL;
    }
  }
  SK_UNREACHABLE();
}

// -- entry points ---------------------------------------------------------------------------------

sk_status sk_flags_set(sk_flags *flags, sk_arena *arena, const char *name, const char *value) {
  const flag_row *row = find_row(name);
  return row ? set_row(flags, arena, row, value) : unknown_flag(name);
}

bool sk_flags_is_bool(const char *name) {
  const flag_row *row = find_row(name);
  return row && row->type == TYPE_BOOL;
}

enum { VARIABLE_BYTES = MAX_NAME + 8 };

// "SKARN_" and the flag's name in capitals.
static void put_variable_name(const flag_row *row, char out[VARIABLE_BYTES]) {
  snprintf(out, VARIABLE_BYTES, "SKARN_%s", row->name);
  for (char *p = out; *p; p++) {
    *p = *p == '-' ? '_' : *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
  }
}

static bool is_known_variable(sk_str variable) {
  for (size_t i = 0; i < SK_COUNT(other_variables); i++) {
    if (sk_str_eq(variable, sk_str_from(other_variables[i]))) {
      return true;
    }
  }
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    char name[VARIABLE_BYTES];
    put_variable_name(&rows[i], name);
    if (sk_str_eq(variable, sk_str_from(name))) {
      return true;
    }
  }
  return false;
}

sk_status sk_flags_read_env(sk_flags *flags, sk_arena *arena, const char **out_unknown) {
  *out_unknown = NULL;
  // In the order of the table, so that the first error does not depend on the environment's order.
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    char variable[VARIABLE_BYTES];
    put_variable_name(&rows[i], variable);
    const char *value = getenv(variable);
    if (value) {
      sk_status status = set_row(flags, arena, &rows[i], value);
      if (status) {
        return sk_status_note(status, "from the environment variable %s", variable);
      }
    }
  }
  for (char **entry = environ; entry && *entry; entry++) {
    const sk_str variable = {*entry, strcspn(*entry, "=")};
    if (!sk_str_has_prefix(variable, SK_STR("SKARN_")) || is_known_variable(variable)) {
      continue;
    }
    const char *before = *out_unknown ? *out_unknown : "";
    *out_unknown =
        sk_arena_printf(arena, "%s%s%.*s", before, *before ? "," : "", SK_STR_ARG(variable));
    if (!*out_unknown) {
      return sk_status_no_memory();
    }
  }
  return NULL;
}

static const char *flag_text(const sk_flags *flags, const flag_row *row, char *buf,
                             size_t buf_bytes) {
  const char *field = (const char *)flags + row->offset;
  switch (row->type) {
    case TYPE_BOOL: {
      bool value;
      memcpy(&value, field, sizeof value);
      return value ? "on" : "off";
    }
    case TYPE_INT: {
      int64_t value;
      memcpy(&value, field, sizeof value);
      snprintf(buf, buf_bytes, "%lld", (long long)value);
      return buf;
    }
    case TYPE_STR: {
      const char *value;
      memcpy(&value, field, sizeof value);
      return value;
    }
  }
  SK_UNREACHABLE();
}

static bool is_note(const flag_row *row) {
  for (size_t i = 0; i < SK_COUNT(note_flags); i++) {
    if (strcmp(row->name, note_flags[i]) == 0) {
      return true;
    }
  }
  return false;
}

void sk_flags_print(const sk_flags *flags, sk_text *out) {
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    char number[24], initial[24];
    const char *text = flag_text(flags, &rows[i], number, sizeof number);
    if (!is_note(&rows[i]) &&
        strcmp(text, flag_text(&defaults, &rows[i], initial, sizeof initial)) != 0) {
      sk_text_addf(out, "option %s %s\n", rows[i].name, text);
    }
  }
}

const char *sk_flags_help(sk_arena *arena) {
  const char *all = "";
  for (size_t i = 0; i < SK_COUNT(rows) && all; i++) {
    const flag_row *row = &rows[i];
    char left[96], number[24];
    const char *initial = flag_text(&defaults, row, number, sizeof number);
    snprintf(left, sizeof left, "--%s%s%s", row->name, *row->values ? "=" : "", row->values);
    all = sk_arena_printf(arena, "%s  %-30s %s (default: %s)\n", all, left, row->help,
                          *initial ? initial : "none");
  }
  return all;
}
