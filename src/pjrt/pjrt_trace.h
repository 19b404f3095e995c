// SPDX-License-Identifier: Apache-2.0
// Spans of time by thread, as they are recorded, and as bytes that profiling tools read.
#ifndef SK_PJRT_PJRT_TRACE_H
#define SK_PJRT_PJRT_TRACE_H

#include "base/str.h"

typedef struct sk_pjrt_span {
  uint64_t begin_ns, end_ns;  // monotonic
  uint64_t launch_id;         // 0: none
  uint32_t thread, name;      // index of sk_pjrt_trace.threads, .names
} sk_pjrt_span;

typedef struct sk_pjrt_trace_thread {
  int id;
  char name[16];
} sk_pjrt_trace_thread;

typedef struct sk_pjrt_trace {
  sk_pjrt_span *spans;            // owned
  sk_pjrt_trace_thread *threads;  // owned
  char **names;                   // owned, each too
  size_t span_count, span_room, thread_count, thread_room, name_count, name_room;
  uint32_t *
      name_index;  // owned: by hash, number of a name + 1; its room is a power of two, at least twice the names
  size_t index_room;
  uint64_t lost;           // spans that found no room
  uint64_t start_ns;       // monotonic
  uint64_t start_unix_ns;  // the same moment since 1970
} sk_pjrt_trace;

void sk_pjrt_trace_fini(sk_pjrt_trace *trace);  // and makes it empty
// Of the calling thread.
void sk_pjrt_trace_add(sk_pjrt_trace *trace, const char *what, const char *name, uint64_t begin_ns,
                       uint64_t end_ns, uint64_t launch_id);
// An XSpace message; out_bytes->failed without memory.
void sk_pjrt_trace_write(const sk_pjrt_trace *trace, sk_text *out_bytes);

#endif
