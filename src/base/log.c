// SPDX-License-Identifier: Apache-2.0
// From printf-style calls to the host's sink.
//
// What is below the sink's level, or has no sink, is dropped before any formatting. Messages that
// do not fit the stack buffer are formatted on the heap, or cut short when memory is exhausted.
// The sink is called in the thread that logs; serialising is its business.
#include "base/log.h"

#include <stdio.h>

#include "base/mem.h"

void sk_log_write(const sk_log *log, sk_log_level level, const char *format, ...) {
  if (!log || !log->write || level < log->min_level) {
    return;
  }
  char small[512];
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(small, sizeof small, format, args);
  va_end(args);
  char *big = NULL;
  if (len >= (int)sizeof small) {
    big = sk_mem_alloc((size_t)len + 1);
    if (big) {
      vsnprintf(big, (size_t)len + 1, format, again);
    }
  }
  va_end(again);
  if (len >= 0) {
    log->write(log->user, level, big ? big : small);
  }
  sk_mem_free(big);
}
