// SPDX-License-Identifier: Apache-2.0
// Calls of the host's functions from generated code: which handler, what it is told, what it keeps.
//
//   code -> sk_exec_host_call(frame, pointers, params)
//             params (base/hostcall.h) -> site: handler and its state, found by the address of params
//             pointers, params         -> sk_host_frame -> handler
//
// A client's handlers are a list that only grows; whoever is not on it is asked for through the
// client's find_handler. A site is made by the first call that comes through it, when the handler
// makes its state, and belongs to the executable. Both lists are read without a lock.
//
// The first handler that fails ends the execution: later calls do nothing, loops end.
#include <string.h>

#include "base/hostcall.h"
#include "rt/rt_int.h"

struct sk_handler_node {
  struct sk_handler_node *next;
  sk_handler handler;  // target: owned
};

struct sk_call_site {
  struct sk_call_site *next;
  const int64_t *params;
  const sk_handler *handler;  // of the client
  void *state;                // made by the handler
};

enum { SMALL_VALUES = 24, SMALL_ATTRS = 24 };

// ---- handlers of a client

static const sk_handler *find_from(const struct sk_handler_node *node, const char *target) {
  for (; node; node = node->next) {
    if (strcmp(node->handler.target, target) == 0) {
      return &node->handler;
    }
  }
  return NULL;
}

static const sk_handler *find_listed(const sk_client *client, const char *target) {
  struct sk_handler_node *_Atomic *handlers = &((sk_client *)sk_unconst(client))->handlers;
  return find_from(atomic_load_explicit(handlers, memory_order_acquire), target);
}

static sk_status is_registered(const char *target) {
  return sk_status_new(SK_ALREADY_EXISTS, "a handler for '%s' is registered", target);
}

sk_status sk_client_add_handler(sk_client *client, const sk_handler *handler) {
  if (find_listed(client, handler->target)) {
    return is_registered(handler->target);
  }
  struct sk_handler_node *node = sk_mem_alloc(sizeof *node);
  char *target = sk_mem_strdup(handler->target, strlen(handler->target));
  if (!node || !target) {
    sk_mem_free(node);
    sk_mem_free(target);
    return sk_status_no_memory();
  }
  node->handler = *handler;
  node->handler.target = target;
  node->next = atomic_load(&client->handlers);
  bool found;
  do {
    found = find_from(node->next, target) != NULL;
  } while (!found && !atomic_compare_exchange_weak(&client->handlers, &node->next, node));
  if (found) {  // another thread was faster
    sk_mem_free(target);
    sk_mem_free(node);
    return is_registered(handler->target);
  }
  return NULL;
}

const sk_handler *sk_client_find_handler(sk_client *client, const char *target) {
  const sk_handler *listed = find_listed(client, target);
  sk_handler found;
  if (listed || !client->find_handler || !client->find_handler(client->find_user, target, &found)) {
    return listed;
  }
  found.target = target;
  sk_status status = sk_client_add_handler(client, &found);
  if (status && found.release) {  // another thread was faster
    found.release(found.user);
  }
  sk_status_free(status);
  return find_listed(client, target);
}

void sk_client_drop_handlers(sk_client *client) {
  struct sk_handler_node *node = atomic_load(&client->handlers);
  while (node) {
    struct sk_handler_node *next = node->next;
    if (node->handler.release) {
      node->handler.release(node->handler.user);
    }
    sk_mem_free(sk_unconst(node->handler.target));
    sk_mem_free(node);
    node = next;
  }
}

// ---- sites of an executable

static void destroy_site(struct sk_call_site *site) {
  if (site->handler->destroy) {
    site->handler->destroy(site->handler->user, site->state);
  }
  sk_mem_free(site);
}

void sk_exec_drop_sites(sk_exec *exec) {
  struct sk_call_site *site = atomic_load(&exec->sites);
  while (site) {
    struct sk_call_site *next = site->next;
    destroy_site(site);
    site = next;
  }
}

static struct sk_call_site *find_site(const sk_exec *exec, const int64_t *params) {
  struct sk_call_site *site =
      atomic_load_explicit(&((sk_exec *)sk_unconst(exec))->sites, memory_order_acquire);
  while (site && site->params != params) {
    site = site->next;
  }
  return site;
}

static sk_status make_site(sk_exec *exec, const int64_t *params, sk_host_frame *call,
                           struct sk_call_site **out_site) {
  const sk_handler *handler = sk_client_find_handler(exec->client, call->target);
  if (!handler) {
    return sk_status_new(SK_UNIMPLEMENTED, "no handler for custom call target '%s' is registered",
                         call->target);
  }
  struct sk_call_site *site = sk_mem_zalloc(sizeof *site);
  if (!site) {
    return sk_status_no_memory();
  }
  site->params = params;
  site->handler = handler;
  call->user = handler->user;
  if (handler->instantiate) {
    sk_status status = handler->instantiate(call, &site->state);
    if (status) {
      sk_mem_free(site);
      return status;
    }
  }
  site->next = atomic_load(&exec->sites);
  while (!atomic_compare_exchange_weak(&exec->sites, &site->next, site)) {
    struct sk_call_site *other = find_site(exec, params);
    if (other) {  // made by another thread meanwhile
      destroy_site(site);
      site = other;
      break;
    }
  }
  *out_site = site;
  return NULL;
}

// ---- one call

typedef struct decoded {
  sk_call_value small_values[SMALL_VALUES];
  sk_call_attr small_attrs[SMALL_ATTRS];
  void *heap;  // when those do not suffice
} decoded;

static sk_status decode(const int64_t *params, void *const *pointers, decoded *d,
                        sk_host_frame *call) {
  int64_t value_count = params[SK_CALL_OPERANDS] + params[SK_CALL_RESULTS], at = SK_CALL_HEAD;
  int64_t attr_count = params[SK_CALL_ATTRS];
  sk_call_value *values = d->small_values;
  sk_call_attr *attrs = d->small_attrs;
  d->heap = NULL;
  if (value_count > SMALL_VALUES || attr_count > SMALL_ATTRS) {
    size_t value_bytes = (size_t)value_count * sizeof *values;
    values = d->heap = sk_mem_alloc(value_bytes + (size_t)attr_count * sizeof *attrs);
    if (!values) {
      return sk_status_no_memory();
    }
    attrs = (sk_call_attr *)(void *)((char *)d->heap + value_bytes);
  }
  for (int64_t i = 0; i < value_count; i++) {
    values[i] = (sk_call_value){.struct_size = sizeof *values,
                                .data = pointers[i],
                                .type = (sk_dtype)params[at],
                                .rank = (size_t)params[at + 1],
                                .dims = params + at + 2};
    at += 2 + params[at + 1];
  }
  call->target = (const char *)(params + at);
  at += sk_call_words(params[SK_CALL_TARGET_BYTES]);
  for (int64_t i = 0; i < attr_count; i++) {
    const int64_t *head = params + at;
    int64_t name_words = sk_call_words(head[SK_CALL_ATTR_NAME_BYTES]);
    attrs[i] = (sk_call_attr){.struct_size = sizeof *attrs,
                              .name = (const char *)(head + SK_CALL_ATTR_HEAD),
                              .kind = (int)head[SK_CALL_ATTR_KIND],
                              .type = (sk_dtype)head[SK_CALL_ATTR_TYPE],
                              .count = (size_t)head[SK_CALL_ATTR_COUNT],
                              .data = head + SK_CALL_ATTR_HEAD + name_words};
    at += SK_CALL_ATTR_HEAD + name_words + sk_call_words(head[SK_CALL_ATTR_DATA_BYTES]);
  }
  call->args = values;
  call->arg_count = (size_t)params[SK_CALL_OPERANDS];
  call->results = values + params[SK_CALL_OPERANDS];
  call->result_count = (size_t)params[SK_CALL_RESULTS];
  call->attrs = attrs;
  call->attr_count = (size_t)attr_count;
  return NULL;
}

static sk_status run_site(sk_exec *exec, const int64_t *params, sk_host_frame *call) {
  struct sk_call_site *site = find_site(exec, params);
  if (!site) {
    SK_TRY(make_site(exec, params, call, &site));
  }
  call->user = site->handler->user;
  call->state = site->state;
  if (site->handler->prepare) {
    SK_TRY(site->handler->prepare(call));
  }
  if (site->handler->initialize) {
    SK_TRY(site->handler->initialize(call));
  }
  return site->handler->execute(call);
}

void sk_exec_host_call(sk_frame *frame, void *const *pointers, const int64_t *params) {
  sk_call_frame *record = frame->runtime;
  sk_exec *exec = sk_unconst(record->exec);
  if (frame->fault) {
    return;
  }
  decoded d;
  sk_host_frame call = {
      .struct_size = sizeof call, .context = record->host_context, .device = record->device};
  sk_status status = decode(params, pointers, &d, &call);
  if (!status) {
    status = run_site(exec, params, &call);
  }
  sk_mem_free(d.heap);
  // The handler may have left the state of the processor as it liked.
  sk_mxcsr_set(SK_DEFAULT_MXCSR);
  if (status) {
    frame->fault = sk_status_code(status);
    record->trouble = status;
  }
}
