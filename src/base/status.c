// SPDX-License-Identifier: Apache-2.0
// Error records: one heap allocation for code, position and message, one more for each note.
//
//   sk_status -> [ code | line col | file* | message* | notes* | bytes: message \0 file \0 ]
//                                                         |
//                                                         +-> [ next* | text \0 ] -> ... -> NULL
//
// The file name is copied, so that an error may outlive the program it complains about. When memory
// for a record is exhausted the shared static record stands in for it; when memory for a note is
// exhausted the note is dropped.
#include "base/status.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

typedef struct status_note {
  struct status_note *next;  // owned
  char text[];
} status_note;

struct sk_status_rec {
  sk_code code;
  uint32_t line, col;
  const char *file;     // into `bytes`, or NULL
  const char *message;  // into `bytes`
  status_note *notes;   // owned, oldest first
  char bytes[];
};

// Never written to: freeing it and adding notes to it are no-ops.
static const struct sk_status_rec no_memory = {.code = SK_RESOURCE_EXHAUSTED,
                                               .message = "out of memory"};

sk_status sk_status_no_memory(void) {
  union {
    const struct sk_status_rec *shared;
    sk_status status;
  } view = {&no_memory};
  return view.status;
}

static bool is_shared(sk_status status) { return status == &no_memory; }

sk_status sk_status_vnew_at(sk_code code, sk_srcpos at, const char *format, va_list args) {
  if (code == SK_OK) {
    return NULL;
  }
  va_list again;
  va_copy(again, args);
  int printed = vsnprintf(NULL, 0, format, again);
  va_end(again);
  size_t message_bytes = printed < 0 ? 1 : (size_t)printed + 1;
  size_t file_bytes = at.file ? strlen(at.file) + 1 : 0;
  struct sk_status_rec *rec = sk_mem_alloc(sizeof *rec + message_bytes + file_bytes);
  if (!rec) {
    return sk_status_no_memory();
  }
  rec->code = code;
  rec->line = at.line;
  rec->col = at.col;
  rec->notes = NULL;
  rec->message = rec->bytes;
  rec->bytes[0] = '\0';
  if (printed >= 0) {
    vsnprintf(rec->bytes, message_bytes, format, args);
  }
  rec->file = NULL;
  if (at.file) {
    memcpy(rec->bytes + message_bytes, at.file, file_bytes);
    rec->file = rec->bytes + message_bytes;
  }
  return rec;
}

sk_status sk_status_new_at(sk_code code, sk_srcpos at, const char *format, ...) {
  va_list args;
  va_start(args, format);
  sk_status status = sk_status_vnew_at(code, at, format, args);
  va_end(args);
  return status;
}

sk_status sk_status_new(sk_code code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  sk_status status = sk_status_vnew_at(code, (sk_srcpos){NULL, 0, 0}, format, args);
  va_end(args);
  return status;
}

sk_status sk_status_note(sk_status status, const char *format, ...) {
  if (!status || is_shared(status)) {
    return status;
  }
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int printed = vsnprintf(NULL, 0, format, again);
  va_end(again);
  status_note *note = printed < 0 ? NULL : sk_mem_alloc(sizeof *note + (size_t)printed + 1);
  if (note) {
    vsnprintf(note->text, (size_t)printed + 1, format, args);
    note->next = NULL;
    status_note **last = &status->notes;
    while (*last) {
      last = &(*last)->next;
    }
    *last = note;
  }
  va_end(args);
  return status;
}

bool sk_status_is_ok(sk_status status) { return status == NULL; }
sk_code sk_status_code(sk_status status) { return status ? status->code : SK_OK; }
const char *sk_status_message(sk_status status) { return status ? status->message : ""; }

sk_srcpos sk_status_pos(sk_status status) {
  if (!status) {
    return (sk_srcpos){NULL, 0, 0};
  }
  return (sk_srcpos){status->file, status->line, status->col};
}

// A bounded writer: counts what the whole text needs, stores what fits.
typedef struct status_out {
  char *buf;
  size_t cap, len;
} status_out;

static void out_text(status_out *out, const char *text) {
  size_t len = strlen(text);
  if (out->len < out->cap) {
    memcpy(out->buf + out->len, text, SK_MIN(len, out->cap - out->len));
  }
  out->len += len;
}

static void out_number(status_out *out, uint32_t number) {
  char digits[16];
  snprintf(digits, sizeof digits, "%u", (unsigned)number);
  out_text(out, digits);
}

static void out_position(status_out *out, sk_status status) {
  if (!status->file && status->line == 0) {
    return;
  }
  out_text(out, status->file ? status->file : "<input>");
  out_text(out, ":");
  if (status->line != 0) {
    out_number(out, status->line);
    out_text(out, ":");
    if (status->col != 0) {
      out_number(out, status->col);
      out_text(out, ":");
    }
  }
  out_text(out, " ");
}

size_t sk_status_format(sk_status status, char *buf, size_t buf_bytes) {
  status_out out = {buf, buf_bytes ? buf_bytes - 1 : 0, 0};
  if (!status) {
    out_text(&out, "OK");
  } else {
    out_position(&out, status);
    out_text(&out, "error: ");
    out_text(&out, status->message);
    out_text(&out, " [");
    out_text(&out, sk_code_name(status->code));
    out_text(&out, "]");
    for (const status_note *note = status->notes; note; note = note->next) {
      out_text(&out, "\n  note: ");
      out_text(&out, note->text);
    }
  }
  if (buf_bytes) {
    buf[SK_MIN(out.len, buf_bytes - 1)] = '\0';
  }
  return out.len;
}

void sk_status_free(sk_status status) {
  if (!status || is_shared(status)) {
    return;
  }
  for (status_note *note = status->notes; note;) {
    status_note *next = note->next;
    sk_mem_free(note);
    note = next;
  }
  sk_mem_free(status);
}

const char *sk_code_name(sk_code code) {
  switch (code) {
#define X(name, value, exit_code, what)                                                            \
  case SK_##name:                                                                                  \
    return #name;
#include "base/status.def"
#undef X
  }
  return "UNKNOWN";
}

int sk_code_exit_status(sk_code code) {
  switch (code) {
#define X(name, value, exit_code, what)                                                            \
  case SK_##name:                                                                                  \
    return exit_code;
#include "base/status.def"
#undef X
  }
  return 6;
}
