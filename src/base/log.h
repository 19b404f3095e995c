// SPDX-License-Identifier: Apache-2.0
// Library messages go to a sink the host installs; without a sink nothing is printed anywhere.
#ifndef SK_BASE_LOG_H
#define SK_BASE_LOG_H

#include "base/status.h"

typedef enum sk_log_level { SK_LOG_DEBUG, SK_LOG_INFO, SK_LOG_WARNING, SK_LOG_ERROR } sk_log_level;

typedef struct sk_log {
  void (*write)(void *user, sk_log_level level, const char *message);  // NULL = silent
  void *user;                                                          // borrowed from the host
  sk_log_level min_level;
} sk_log;

// `log` may be NULL. The message handed to the sink lives until the sink returns.
void sk_log_write(const sk_log *log, sk_log_level level, const char *format, ...) SK_PRINTF(3, 4);

#endif
