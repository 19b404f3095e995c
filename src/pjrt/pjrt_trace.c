// SPDX-License-Identifier: Apache-2.0
// Traces: spans are kept as small records, and written as XSpace, the protocol buffer of XProf,
// TensorBoard's profile page and JAX's own trace files.
//
//   XSpace  1 XPlane   3 warning
//   XPlane  2 name     3 XLine   4 {1 number 2 {1 number 2 name}} of events   5 likewise of values
//   XLine   1 number   2 name    3 start (ns since 1970)   4 XEvent   9 length (ps)
//   XEvent  1 number of its name   2 offset (ps)   3 length (ps)   4 {1 number 4 value}
//
// One line per thread. Tools show planes of others than the devices they know by the prefix of the
// plane's name.
#include "pjrt/pjrt_trace.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/thread.h"
#include "pjrt/pjrt_proto.h"

enum { MAX_SPANS = 1 << 20, MAX_NAMES = 1 << 16, LAUNCH_ID = 1, VARINT = 0, BYTES = 2 };
static const char plane_name[] = "/device:CUSTOM:Skarn";

void sk_pjrt_trace_fini(sk_pjrt_trace *trace) {
  for (size_t i = 0; i < trace->name_count; i++) {
    sk_mem_free(trace->names[i]);
  }
  sk_mem_free(trace->spans);
  sk_mem_free(trace->threads);
  sk_mem_free(trace->names);
  sk_mem_free(trace->name_index);
  *trace = (sk_pjrt_trace){0};
}

// ---- recording

// Makes room for one more of `count`. `list`: address of the pointer to them. False: no memory, or as
// many as there may be.
static bool grow(void *list, size_t *room, size_t count, size_t most, size_t elem_bytes) {
  if (count < *room) {
    return true;
  }
  void *items;
  memcpy(&items, list, sizeof items);
  size_t more = *room ? 2 * *room : 64;
  items = count < most ? sk_mem_realloc(items, more * elem_bytes) : NULL;
  if (!items) {
    return false;
  }
  memcpy(list, &items, sizeof items);
  *room = more;
  return true;
}

static bool find_thread(sk_pjrt_trace *trace, uint32_t *out_thread) {
  int id = sk_thread_id();
  for (size_t i = trace->thread_count; i-- > 0;) {
    if (trace->threads[i].id == id) {
      *out_thread = (uint32_t)i;
      return true;
    }
  }
  if (!grow(&trace->threads, &trace->thread_room, trace->thread_count, MAX_NAMES,
            sizeof *trace->threads)) {
    return false;
  }
  sk_pjrt_trace_thread *made = &trace->threads[trace->thread_count];
  made->id = id;
  sk_thread_name(made->name, sizeof made->name);
  *out_thread = (uint32_t)trace->thread_count++;
  return true;
}

// Where a name is in the index, or the free place for it.
static uint32_t *look_up(const sk_pjrt_trace *trace, const char *text) {
  size_t mask = trace->index_room - 1, at = sk_hash_bytes(text, strlen(text), 0) & mask;
  while (trace->name_index[at] && strcmp(trace->names[trace->name_index[at] - 1], text) != 0) {
    at = (at + 1) & mask;
  }
  return &trace->name_index[at];
}

static bool grow_index(sk_pjrt_trace *trace) {
  if (2 * (trace->name_count + 1) <= trace->index_room) {
    return true;
  }
  size_t room = trace->index_room ? 2 * trace->index_room : 256;
  uint32_t *index = sk_mem_zalloc(room * sizeof *index);
  if (!index) {
    return false;
  }
  sk_mem_free(trace->name_index);
  trace->name_index = index;
  trace->index_room = room;
  for (size_t i = 0; i < trace->name_count; i++) {
    *look_up(trace, trace->names[i]) = (uint32_t)i + 1;
  }
  return true;
}

static bool find_name(sk_pjrt_trace *trace, const char *text, uint32_t *out_name) {
  if (!grow_index(trace)) {
    return false;
  }
  uint32_t *place = look_up(trace, text);
  if (!*place) {
    size_t bytes = strlen(text) + 1;
    char *copy = sk_mem_alloc(bytes);
    if (!copy || !grow(&trace->names, &trace->name_room, trace->name_count, MAX_NAMES,
                       sizeof *trace->names)) {
      sk_mem_free(copy);
      return false;
    }
    memcpy(copy, text, bytes);
    trace->names[trace->name_count++] = copy;
    *place = (uint32_t)trace->name_count;
  }
  *out_name = *place - 1;
  return true;
}

// "execute jit_f", "fuse jit_f"; kernels have names of their own.
static bool find_span_name(sk_pjrt_trace *trace, const char *what, const char *name,
                           uint32_t *out_name) {
  if (strcmp(what, "kernel") == 0) {
    return find_name(trace, name, out_name);
  }
  sk_text text;
  sk_text_init(&text);
  sk_text_addf(&text, "%s %s", what, name);
  bool found = !text.failed && find_name(trace, text.data, out_name);
  sk_text_fini(&text);
  return found;
}

void sk_pjrt_trace_add(sk_pjrt_trace *trace, const char *what, const char *name, uint64_t begin_ns,
                       uint64_t end_ns, uint64_t launch_id) {
  sk_pjrt_span span = {.begin_ns = begin_ns, .end_ns = end_ns, .launch_id = launch_id};
  if (begin_ns < trace->start_ns || !find_thread(trace, &span.thread) ||
      !find_span_name(trace, what, name, &span.name) ||
      !grow(&trace->spans, &trace->span_room, trace->span_count, MAX_SPANS, sizeof *trace->spans)) {
    trace->lost++;
    return;
  }
  trace->spans[trace->span_count++] = span;
}

// ---- writing

static void put(sk_text *out, uint64_t value) {
  uint8_t bytes[10];
  size_t size = sk_pjrt_proto_put_varint(bytes, sizeof bytes, value);
  sk_text_add(out, (sk_str){(const char *)bytes, size});
}

static void put_number(sk_text *out, uint32_t field, uint64_t value) {
  put(out, field << 3 | VARINT);
  put(out, value);
}

static void put_bytes(sk_text *out, uint32_t field, sk_str bytes) {
  put(out, field << 3 | BYTES);
  put(out, bytes.len);
  sk_text_add(out, bytes);
}

static void put_string(sk_text *out, uint32_t field, const char *text) {
  put_bytes(out, field, (sk_str){text, strlen(text)});
}

// A message that was written on its own becomes a field.
static void put_message(sk_text *out, uint32_t field, sk_text *message) {
  put_bytes(out, field, (sk_str){message->data ? message->data : "", message->len});
  out->failed = out->failed || message->failed;
  sk_text_fini(message);
}

// An entry of a map from numbers to named things.
static void put_named(sk_text *out, uint32_t field, uint64_t number, const char *name) {
  sk_text entry, value;
  sk_text_init(&entry);
  sk_text_init(&value);
  put_number(&value, 1, number);
  put_string(&value, 2, name);
  put_number(&entry, 1, number);
  put_message(&entry, 2, &value);
  put_message(out, field, &entry);
}

static void put_span(const sk_pjrt_trace *trace, const sk_pjrt_span *span, sk_text *line) {
  sk_text event, stat;
  sk_text_init(&event);
  put_number(&event, 1, (uint64_t)span->name + 1);
  put_number(&event, 2, (span->begin_ns - trace->start_ns) * 1000);
  put_number(&event, 3, (span->end_ns - span->begin_ns) * 1000);
  if (span->launch_id) {
    sk_text_init(&stat);
    put_number(&stat, 1, LAUNCH_ID);
    put_number(&stat, 4, span->launch_id);
    put_message(&event, 4, &stat);
  }
  put_message(line, 4, &event);
}

static void put_line(const sk_pjrt_trace *trace, uint32_t thread, sk_text *plane) {
  sk_text line;
  uint64_t end_ns = trace->start_ns;
  sk_text_init(&line);
  put_number(&line, 1, (uint64_t)trace->threads[thread].id);
  put_string(&line, 2, trace->threads[thread].name);
  put_number(&line, 3, trace->start_unix_ns);
  for (size_t i = 0; i < trace->span_count; i++) {
    if (trace->spans[i].thread == thread) {
      put_span(trace, &trace->spans[i], &line);
      end_ns = SK_MAX(end_ns, trace->spans[i].end_ns);
    }
  }
  put_number(&line, 9, (end_ns - trace->start_ns) * 1000);
  put_message(plane, 3, &line);
}

void sk_pjrt_trace_write(const sk_pjrt_trace *trace, sk_text *out_bytes) {
  sk_text plane;
  sk_text_init(&plane);
  put_string(&plane, 2, plane_name);
  for (uint32_t i = 0; i < trace->thread_count; i++) {
    put_line(trace, i, &plane);
  }
  for (size_t i = 0; i < trace->name_count; i++) {
    put_named(&plane, 4, i + 1, trace->names[i]);
  }
  put_named(&plane, 5, LAUNCH_ID, "launch_id");
  put_message(out_bytes, 1, &plane);
  if (trace->lost) {
    sk_text warning;
    sk_text_init(&warning);
    sk_text_addf(&warning, "Skarn: %llu spans were not recorded", (unsigned long long)trace->lost);
    put_message(out_bytes, 3, &warning);
  }
}
