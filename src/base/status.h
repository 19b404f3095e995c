// SPDX-License-Identifier: Apache-2.0
// Errors as values. A `sk_status` is NULL for success or owns one heap record: code, message,
// source location, notes. The receiver owns it: return it on, or free it. Allocation failure while
// making one yields a static RESOURCE_EXHAUSTED record (freeing that is a no-op), so making an
// error never fails. Thread rule: a status belongs to one thread at a time.
#ifndef SK_BASE_STATUS_H
#define SK_BASE_STATUS_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/compiler.h"

typedef enum sk_code {
#define X(name, value, exit_code, what) SK_##name = value,
#include "base/status.def"
#undef X
} sk_code;

typedef struct sk_status_rec *sk_status;  // NULL = OK

// A position in a user's file. `file` may be NULL (unknown); line and col count from 1, 0 =
// unknown.
typedef struct sk_srcpos {
  const char *file;
  uint32_t line, col;
} sk_srcpos;

// New error. The message is formatted and copied; no trailing newline or full stop.
sk_status sk_status_new(sk_code code, const char *format, ...) SK_PRINTF(2, 3) SK_NODISCARD;
sk_status sk_status_new_at(sk_code code, sk_srcpos at, const char *format, ...)
    SK_PRINTF(3, 4) SK_NODISCARD;
sk_status sk_status_vnew_at(sk_code code, sk_srcpos at, const char *format, va_list args)
    SK_PRINTF(3, 0) SK_NODISCARD;
// Appends a note ("while compiling @main", "previous definition here") and returns the same status.
// OK passes through.
sk_status sk_status_note(sk_status status, const char *format, ...) SK_PRINTF(2, 3) SK_NODISCARD;
// The shared record for exhausted memory; never allocates.
sk_status sk_status_no_memory(void) SK_NODISCARD;

bool sk_status_is_ok(sk_status status);
sk_code sk_status_code(sk_status status);
const char *sk_status_message(sk_status status);  // bare; "" for OK; lives as long as the status
sk_srcpos sk_status_pos(sk_status status);
// Whole text "file:line:col: error: message [CODE]\n  note: ..." into buf (always terminated);
// returns the length needed.
size_t sk_status_format(sk_status status, char *buf, size_t buf_bytes);
void sk_status_free(sk_status status);

const char *sk_code_name(sk_code code);  // "INVALID_ARGUMENT"
int sk_code_exit_status(sk_code code);   // exit code of the CLI contract

#define SK_TRY(expr)                                                                               \
  do {                                                                                             \
    sk_status sk_try_status_ = (expr);                                                             \
    if (SK_UNLIKELY(sk_try_status_ != NULL)) {                                                     \
      return sk_try_status_;                                                                       \
    }                                                                                              \
  } while (0)

#endif
