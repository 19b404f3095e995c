// SPDX-License-Identifier: Apache-2.0
// Public C API: custom calls. A handler of the host's sees public structs; the runtime has its own. A
// record that lives as long as the client keeps the host's functions and stands between them.
#include "api/runtime_int.h"
#include "base/mem.h"

static skarn_custom_call_value public_value(const sk_image_value *value, void *data) {
  return (skarn_custom_call_value){.struct_size = sizeof(skarn_custom_call_value),
                                   .data = data,
                                   .type = (skarn_type)value->type,
                                   .rank = value->rank,
                                   .dims = value->dims};
}

// Public frame of a call; `values` has room for its arguments and results.
static skarn_custom_call_frame public_frame(const sk_custom_frame *frame,
                                            const skarn_custom_call *handler,
                                            skarn_custom_call_value *values) {
  const sk_image_custom *call = frame->call;
  uint32_t next = 0;
  for (uint32_t i = 0; i < call->arg_count + call->result_count; i++) {
    const sk_image_value *value =
        i < call->arg_count ? &call->args[i] : &call->results[i - call->arg_count];
    bool has_data = frame->data && value->type != SK_DTYPE_TOKEN;
    values[i] = public_value(value, has_data ? frame->data[next++] : NULL);
  }
  return (skarn_custom_call_frame){.struct_size = sizeof(skarn_custom_call_frame),
                                   .user = handler->user,
                                   .state = frame->state,
                                   .context = frame->context,
                                   .target = call->target,
                                   .attributes = call->attributes,
                                   .arguments = values,
                                   .results = values + call->arg_count,
                                   .argument_count = call->arg_count,
                                   .result_count = call->result_count};
}

// Calls instantiate, or execute if out_state is NULL.
static sk_status forward(const sk_custom_frame *frame, void **out_state) {
  enum { FEW = 12 };
  const skarn_custom_call *handler = frame->user;
  skarn_custom_call_value few[FEW], *values = few;
  size_t count = (size_t)frame->call->arg_count + frame->call->result_count;
  if (count > FEW) {
    values = sk_mem_alloc(count * sizeof *values);
    if (!values) {
      return sk_status_no_memory();
    }
  }
  skarn_custom_call_frame given = public_frame(frame, handler, values);
  skarn_status *status =
      out_state ? handler->instantiate(&given, out_state) : handler->execute(&given);
  if (values != few) {
    sk_mem_free(values);
  }
  return sk_api_status(status);
}

static sk_status instantiate(const sk_custom_frame *frame, void **out_state) {
  const skarn_custom_call *handler = frame->user;
  *out_state = NULL;
  return handler->instantiate ? forward(frame, out_state) : NULL;
}

static sk_status execute(const sk_custom_frame *frame) { return forward(frame, NULL); }

static void destroy(void *user, void *state) {
  const skarn_custom_call *handler = user;
  if (handler->destroy) {
    handler->destroy(handler->user, state);
  }
}

static void forget(void *user) {
  skarn_custom_call *handler = user;
  if (handler->release) {
    handler->release(handler->user);
  }
  sk_mem_free(handler);
}

skarn_status *skarn_client_register_custom_call(skarn_client *client,
                                                const skarn_custom_call *handler) {
  SK_API_REQUIRE(client && handler, "no client or no handler");
  skarn_custom_call *copy = sk_mem_alloc(sizeof *copy);
  if (!copy) {
    return sk_api_to_status(sk_status_no_memory());
  }
  bool valid = sk_api_read_struct(handler, sizeof *copy, copy) && copy->target && copy->execute;
  sk_status status = NULL;
  if (!valid) {
    status = sk_status_new(SK_INVALID_ARGUMENT,
                           "a custom call needs its struct_size, a target and an execute function");
  } else {
    status = sk_client_add_custom(sk_api_client(client),
                                  &(sk_custom_handler){.target = copy->target,
                                                       .instantiate = instantiate,
                                                       .execute = execute,
                                                       .destroy = destroy,
                                                       .forget = forget,
                                                       .user = copy});
  }
  if (status) {
    sk_mem_free(copy);
  }
  return sk_api_to_status(status);
}
