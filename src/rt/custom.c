// SPDX-License-Identifier: Apache-2.0
// Custom calls: handlers by target, their instances in an executable, and the builtin that runs them.
//
//   client    handlers, newest first, kept as long as the client
//   exec      per call of the image: its handler, and what the handler's instantiate made
//   builtin   copies aliased operands, calls the handler on the calling thread
//
// A handler that fails leaves its error in the execution's record and a fault in the frame. Generated
// code goes on: later calls of this execution do nothing but clear their results, so that no loop
// or branch decides by memory that nobody wrote. What the code computed is then thrown away.
#include <string.h>

#include "base/str.h"
#include "rt/rt_int.h"

struct sk_custom_entry {
  struct sk_custom_entry *next;
  sk_custom_handler handler;
};

sk_status sk_client_add_custom(sk_client *client, const sk_custom_handler *handler) {
  size_t bytes = strlen(handler->target) + 1;
  struct sk_custom_entry *entry = sk_mem_alloc(sizeof *entry + bytes);
  if (!entry) {
    return sk_status_no_memory();
  }
  entry->handler = *handler;
  entry->handler.target = memcpy(entry + 1, handler->target, bytes);
  entry->next = atomic_load(&client->customs);
  while (!atomic_compare_exchange_weak(&client->customs, &entry->next, entry)) {
  }
  return NULL;
}

void sk_custom_fini(sk_client *client) {
  struct sk_custom_entry *next = atomic_exchange(&client->customs, NULL);
  while (next) {
    struct sk_custom_entry *entry = next;
    next = entry->next;
    if (entry->handler.forget) {
      entry->handler.forget(entry->handler.user);
    }
    sk_mem_free(entry);
  }
}

static const sk_custom_handler *find(sk_client *client, const char *target) {
  const struct sk_custom_entry *entry = atomic_load(&client->customs);
  while (entry && strcmp(entry->handler.target, target) != 0) {
    entry = entry->next;
  }
  return entry ? &entry->handler : NULL;
}

// ---- instances

static uint32_t count_data(const sk_image_value *values, uint32_t count) {
  uint32_t data = 0;
  for (uint32_t i = 0; i < count; i++) {
    data += values[i].type != SK_DTYPE_TOKEN;
  }
  return data;
}

static sk_status bind(sk_exec *exec, const sk_image_custom *call, sk_custom_call *out) {
  const sk_custom_handler *handler = find(exec->client, call->target);
  if (!handler) {
    return sk_status_new(SK_UNIMPLEMENTED, "'%s': no handler is registered for custom call '%s'",
                         exec->image.name, call->target);
  }
  sk_custom_frame frame = {.call = call, .user = handler->user};
  if (handler->instantiate) {
    SK_TRY(handler->instantiate(&frame, &out->state));
  }
  out->handler = handler;
  out->arg_data_count = count_data(call->args, call->arg_count);
  out->data_count = out->arg_data_count + count_data(call->results, call->result_count);
  return NULL;
}

sk_status sk_custom_bind(sk_exec *exec) {
  uint32_t count = exec->image.custom_count;
  if (count == 0 || exec->code.exec == NULL) {
    return NULL;
  }
  exec->customs = sk_mem_zalloc(count * sizeof *exec->customs);
  if (!exec->customs) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(bind(exec, &exec->image.customs[i], &exec->customs[i]));
  }
  return NULL;
}

void sk_custom_unbind(sk_exec *exec) {
  for (uint32_t i = 0; exec->customs && i < exec->image.custom_count; i++) {
    const sk_custom_handler *handler = exec->customs[i].handler;
    if (handler && handler->destroy) {
      handler->destroy(handler->user, exec->customs[i].state);
    }
  }
  sk_mem_free(exec->customs);
}

// ---- running

// Index among the pointers of a value that is not a token.
static uint32_t data_index(const sk_image_value *values, uint32_t value) {
  return count_data(values, value);
}

static void clear_results(const sk_image_custom *call, void *const *results) {
  for (uint32_t i = 0; i < call->result_count; i++) {
    if (call->results[i].type != SK_DTYPE_TOKEN && call->results[i].bytes != 0) {
      memset(results[data_index(call->results, i)], 0, call->results[i].bytes);
    }
  }
}

// Operands whose storage a result takes over are given to the handler there.
static void share_storage(const sk_image_custom *call, void **data, void *const *results) {
  for (uint32_t i = 0; i < call->result_count; i++) {
    const sk_image_value *result = &call->results[i];
    if (result->alias < 0 || result->type == SK_DTYPE_TOKEN) {
      continue;
    }
    void **operand = &data[data_index(call->args, (uint32_t)result->alias)];
    void *storage = results[data_index(call->results, i)];
    if (result->bytes != 0 && *operand != storage) {
      memcpy(storage, *operand, result->bytes);
    }
    *operand = storage;
  }
}

static sk_status run(const sk_image_custom *image_call, const sk_custom_call *call,
                     void *const *pointers, void *context) {
  enum { FEW = 16 };
  void *few[FEW], **data = few;
  if (call->data_count > FEW) {
    data = sk_mem_alloc(call->data_count * sizeof *data);
    if (!data) {
      return sk_status_no_memory();
    }
  }
  if (call->data_count != 0) {
    memcpy(data, pointers, call->data_count * sizeof *data);
  }
  share_storage(image_call, data, pointers + call->arg_data_count);
  sk_custom_frame frame = {.call = image_call,
                           .data = data,
                           .user = call->handler->user,
                           .state = call->state,
                           .context = context};
  sk_status status = call->handler->execute(&frame);
  if (data != few) {
    sk_mem_free(data);
  }
  return status;
}

void sk_custom_run(sk_frame *frame, void *const *pointers, const int64_t *params) {
  sk_call_frame *record = frame->runtime;
  const sk_exec *exec = record->exec;
  if (params[0] < 0 || params[0] >= (int64_t)exec->image.custom_count || !exec->customs) {
    frame->fault = frame->fault ? frame->fault : SK_INTERNAL;
    return;
  }
  const sk_image_custom *image_call = &exec->image.customs[params[0]];
  const sk_custom_call *call = &exec->customs[params[0]];
  if (frame->fault == 0) {
    record->custom_error = run(image_call, call, pointers, record->custom_context);
    frame->fault = record->custom_error ? sk_status_code(record->custom_error) : 0;
  }
  if (frame->fault != 0) {
    clear_results(image_call, pointers + call->arg_data_count);
  }
}
