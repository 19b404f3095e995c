// SPDX-License-Identifier: Apache-2.0
// Copies: of a buffer to another memory, of its bytes to the host.
//
//   source  --ready-->  memcpy  --done-->  the event of a host copy, or the target's contents
//
// Nothing here waits: the contents of a buffer may come from the very thread that asks for a copy.
// What a copy reads and writes is kept by external references until it has ended, whoever deletes
// the buffers meanwhile. Bytes go as the runtime holds them, in row-major order.
#include <stdio.h>
#include <string.h>

#include "pjrt/pjrt_int.h"

typedef struct copy {
  sk_pjrt_buffer *source;  // counted, with an external reference
  sk_pjrt_buffer *target;  // likewise; NULL: the host's memory
  const char *from;
  char *to;
  size_t size;
  skarn_event *done;    // counted
  skarn_status *error;  // the source's; owned
  struct copy *next;    // put off
} copy;

static sk_pjrt_error *keep(sk_pjrt_buffer *buffer, const void **out_data) {
  skarn_status *status = skarn_buffer_add_external_ref(buffer->buffer, out_data);
  if (status) {
    skarn_status_free(status);
    return sk_pjrt_buffer_gone();
  }
  atomic_fetch_add_explicit(&buffer->refs, 1, memory_order_relaxed);
  return NULL;
}

static void let_go(sk_pjrt_buffer *buffer) {
  skarn_buffer_drop_external_ref(buffer->buffer);
  sk_pjrt_buffer_release(buffer);
}

static void end_copy(copy *c, skarn_status *error) {
  let_go(c->source);
  if (c->target) {
    let_go(c->target);
  }
  skarn_status_free(skarn_event_set(c->done, error));  // it was made for this, and set nowhere else
  skarn_event_release(c->done);
  sk_mem_free(c);
}

static void run(copy *c) {
  if (!c->error && c->size) {
    memcpy(c->to, c->from, c->size);
  }
  end_copy(c, c->error);
}

// The end of a copy may be what others wait for, and so on: from some depth on they are put off until
// the stack is free again.
static void source_ready(void *raw, skarn_status *error) {
  enum { MAX_DEPTH = 16 };
  static _Thread_local uint32_t depth;
  static _Thread_local copy *put_off;
  copy *c = raw;
  c->error = error;
  if (depth == MAX_DEPTH) {
    c->next = put_off;
    put_off = c;
    return;
  }
  depth++;
  run(c);
  while (depth == 1 && put_off) {
    c = put_off;
    put_off = c->next;
    run(c);
  }
  depth--;
}

static sk_pjrt_error *new_copy(sk_pjrt_buffer *source, size_t offset, size_t size,
                               copy **out_copy) {
  const void *data;
  *out_copy = NULL;
  copy *c = sk_mem_zalloc(sizeof *c);
  SK_PJRT_TRY(c ? NULL : sk_pjrt_no_memory());
  sk_pjrt_error *error = sk_pjrt_error_from(skarn_event_create(&c->done));
  if (!error) {
    error = keep(source, &data);
  }
  if (error) {
    skarn_event_release(c->done);
    sk_mem_free(c);
    return error;
  }
  c->source = source;
  c->from = (const char *)data + offset;
  c->size = size;
  *out_copy = c;
  return NULL;
}

// What goes wrong here goes to the event too.
static sk_pjrt_error *start(copy *c, void *to) {
  if (c->size && !to) {
    end_copy(c, skarn_status_create(SKARN_INVALID_ARGUMENT, "no destination"));
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "no destination");
  }
  c->to = to;
  skarn_event *ready = skarn_buffer_ready_event(c->source->buffer);
  skarn_status *status = skarn_event_on_ready(ready, source_ready, c);
  skarn_event_release(ready);
  if (status) {
    end_copy(c, skarn_status_create(SKARN_RESOURCE_EXHAUSTED, "out of memory"));
  }
  return sk_pjrt_error_from(status);
}

// ---- to the host

static sk_pjrt_error *start_to_host(copy *c, void *to, sk_pjrt_event **out_event) {
  skarn_event *done = c->done;
  skarn_event_retain(done);
  sk_pjrt_error *error = start(c, to);
  if (error) {
    skarn_event_release(done);
    return error;
  }
  *out_event = sk_pjrt_event_from(done);
  return NULL;
}

sk_pjrt_error *sk_pjrt_copy_to_host(sk_pjrt_buffer *source, void *to, sk_pjrt_event **out_event) {
  copy *c;
  *out_event = NULL;
  SK_PJRT_TRY(new_copy(source, 0, skarn_buffer_bytes(source->buffer), &c));
  return start_to_host(c, to, out_event);
}

static sk_pjrt_error *new_raw_copy(sk_pjrt_buffer *source, int64_t offset, int64_t size,
                                   copy **out_copy) {
  size_t bytes = skarn_buffer_bytes(source->buffer);
  *out_copy = NULL;
  if (offset < 0 || size < 0 || (uint64_t)offset > bytes ||
      (uint64_t)size > bytes - (uint64_t)offset) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "%lld bytes from %lld of a buffer of %zu",
                             (long long)size, (long long)offset, bytes);
  }
  if (source->layout) {
    return sk_pjrt_error_new(SKARN_UNIMPLEMENTED, "raw copies of arrays that are not row-major");
  }
  return new_copy(source, (size_t)offset, (size_t)size, out_copy);
}

sk_pjrt_error *sk_pjrt_Buffer_CopyRawToHost(sk_pjrt_Buffer_CopyRawToHost_args *args) {
  copy *c;
  args->event = NULL;
  SK_PJRT_TRY(new_raw_copy(args->buffer, args->offset, args->transfer_size, &c));
  return start_to_host(c, args->dst, &args->event);
}

// What the client hands to its callback once it knows the destination, or that there is none.
typedef struct destination {
  size_t struct_size;
  void *callback_data;
  int error_code;
  const char *error_message;
  size_t error_message_size;
  void *dst;
} destination;

static void destination_known(void *raw) {
  const destination *given = raw;
  copy *c = given->callback_data;
  if (given->error_code) {
    char text[256];
    snprintf(text, sizeof text, "%.*s", (int)SK_MIN(given->error_message_size, sizeof text - 1),
             given->error_message ? given->error_message : "");
    end_copy(c, skarn_status_create((skarn_code)given->error_code, text));
  } else {
    sk_pjrt_error *error = start(c, given->dst);
    sk_pjrt_Error_Destroy(&(sk_pjrt_Error_Destroy_args){.error = error});  // the event has it too
  }
}

sk_pjrt_error *sk_pjrt_Buffer_CopyRawToHostFuture(sk_pjrt_Buffer_CopyRawToHostFuture_args *args) {
  copy *c;
  args->event = NULL;
  SK_PJRT_TRY(new_raw_copy(args->buffer, args->offset, args->transfer_size, &c));
  skarn_event_retain(c->done);
  args->event = sk_pjrt_event_from(c->done);
  args->callback_data = c;
  args->future_ready_callback = destination_known;
  return NULL;
}

// ---- to another memory

// A buffer whose contents come with the end of the copy.
static sk_pjrt_error *make_target(copy *c, sk_pjrt_memory *memory, const void **out_data) {
  const skarn_buffer *source = c->source->buffer;
  skarn_buffer *under;
  sk_pjrt_buffer *target;
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_buffer_create_pending(
      memory->device->device, skarn_buffer_type(source), skarn_buffer_rank(source),
      skarn_buffer_dims(source), c->done, &under)));
  SK_PJRT_TRY(sk_pjrt_buffer_wrap(under, memory, c->source->layout, &target));
  sk_pjrt_error *error = keep(target, out_data);
  if (error) {
    sk_pjrt_buffer_release(target);
    return error;
  }
  c->target = target;
  return NULL;
}

static sk_pjrt_error *copy_later(sk_pjrt_buffer *source, sk_pjrt_memory *memory,
                                 sk_pjrt_buffer **out_buffer) {
  copy *c;
  const void *data;
  SK_PJRT_TRY(new_copy(source, 0, skarn_buffer_bytes(source->buffer), &c));
  sk_pjrt_error *error = make_target(c, memory, &data);
  if (error) {
    end_copy(c, NULL);
    return error;
  }
  sk_pjrt_buffer *target = c->target;
  error = start(c, sk_pjrt_unconst(data));
  if (error) {
    sk_pjrt_buffer_release(target);
    return error;
  }
  *out_buffer = target;
  return NULL;
}

static sk_pjrt_error *copy_to(sk_pjrt_buffer *source, sk_pjrt_memory *memory,
                              sk_pjrt_buffer **out_buffer) {
  skarn_buffer *made;
  *out_buffer = NULL;
  if (skarn_buffer_is_deleted(source->buffer)) {
    return sk_pjrt_buffer_gone();
  }
  if (memory->device->client != source->memory->device->client ||
      sk_pjrt_buffer_is_pending(source)) {
    return copy_later(source, memory, out_buffer);
  }
  SK_PJRT_TRY(sk_pjrt_error_from(
      skarn_buffer_copy_to_device(source->buffer, memory->device->device, &made)));
  return sk_pjrt_buffer_wrap(made, memory, source->layout, out_buffer);
}

sk_pjrt_error *sk_pjrt_Buffer_CopyToDevice(sk_pjrt_Buffer_CopyToDevice_args *args) {
  return copy_to(args->buffer, &args->dst_device->memories[0], &args->dst_buffer);
}

sk_pjrt_error *sk_pjrt_Buffer_CopyToMemory(sk_pjrt_Buffer_CopyToMemory_args *args) {
  return copy_to(args->buffer, args->dst_memory, &args->dst_buffer);
}
