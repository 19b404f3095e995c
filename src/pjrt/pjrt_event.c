// SPDX-License-Identifier: Apache-2.0
// Events: those of the runtime, under the interface's name. They are counted, so that a client may
// destroy one while it is pending, right after asking to be called back, or from the callback.
#include <string.h>

#include "pjrt/pjrt_int.h"

sk_pjrt_error *sk_pjrt_Event_Destroy(sk_pjrt_Event_Destroy_args *args) {
  skarn_event_release(sk_pjrt_event_to(args->event));
  return NULL;
}

sk_pjrt_error *sk_pjrt_Event_IsReady(sk_pjrt_Event_IsReady_args *args) {
  args->is_ready = skarn_event_is_ready(sk_pjrt_event_to(args->event));
  return NULL;
}

sk_pjrt_error *sk_pjrt_Event_Error(sk_pjrt_Event_Error_args *args) {
  return sk_pjrt_error_from(skarn_event_error(sk_pjrt_event_to(args->event)));
}

sk_pjrt_error *sk_pjrt_Event_Await(sk_pjrt_Event_Await_args *args) {
  return sk_pjrt_error_from(skarn_event_await(sk_pjrt_event_to(args->event)));
}

typedef struct on_ready {
  sk_pjrt_on_ready_fn callback;
  void *user;
} on_ready;

static void call_back(void *raw, skarn_status *status) {
  on_ready call = *(on_ready *)raw;
  sk_mem_free(raw);
  call.callback(sk_pjrt_error_from(status), call.user);
}

sk_pjrt_error *sk_pjrt_Event_OnReady(sk_pjrt_Event_OnReady_args *args) {
  skarn_event *event = sk_pjrt_event_to(args->event);
  if (SK_LIKELY(skarn_event_is_ready(event))) {
    args->callback(sk_pjrt_error_from(skarn_event_error(event)), args->user_arg);
    return NULL;
  }
  on_ready *call = sk_mem_alloc(sizeof *call);
  if (!call) {
    return sk_pjrt_no_memory();
  }
  *call = (on_ready){args->callback, args->user_arg};
  skarn_status *status = skarn_event_on_ready(event, call_back, call);
  if (status) {
    sk_mem_free(call);
  }
  return sk_pjrt_error_from(status);
}

sk_pjrt_error *sk_pjrt_Event_Create(sk_pjrt_Event_Create_args *args) {
  skarn_event *event;
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_event_create(&event)));
  args->event = sk_pjrt_event_from(event);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Event_Set(sk_pjrt_Event_Set_args *args) {
  skarn_status *error = NULL;
  if (args->error_code) {
    char message[512];
    size_t size = SK_MIN(args->error_message ? args->error_message_size : 0, sizeof message - 1);
    if (size) {
      memcpy(message, args->error_message, size);
    }
    message[size] = '\0';
    error = skarn_status_create((skarn_code)args->error_code, message);
  }
  return sk_pjrt_error_from(skarn_event_set(sk_pjrt_event_to(args->event), error));
}
