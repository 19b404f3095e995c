// SPDX-License-Identifier: Apache-2.0
// Errors: a status of ours behind a table of functions, as clients since 0.107 expect; older ones
// use the slots. Both answer the same.
//
// When memory is short there is one static error that nobody frees. Errors carry no payloads.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "pjrt/pjrt_int.h"

struct sk_pjrt_error {
  const sk_pjrt_error_table *table;  // first: the client looks here
  skarn_status *status;              // owned; NULL: out of memory
};

static void destroy_error(sk_pjrt_error *error) {
  if (error && error->status) {
    skarn_status_free(error->status);
    sk_mem_free(error);
  }
}

static void get_message(const sk_pjrt_error *error, const char **message, size_t *message_size) {
  *message = error && error->status ? skarn_status_message(error->status) : "out of memory";
  *message_size = strlen(*message);
}

static int get_code(const sk_pjrt_error *error) {
  return error && error->status ? (int)skarn_status_code(error->status) : SKARN_RESOURCE_EXHAUSTED;
}

static void visit_payloads(const sk_pjrt_error *error, sk_pjrt_payload_fn visitor, void *user) {
  (void)error;
  (void)visitor;
  (void)user;
}

static const sk_pjrt_error_table error_table = {.struct_size = sizeof error_table,
                                                .instance_size = sizeof(void *),
                                                .destroy = destroy_error,
                                                .message = get_message,
                                                .get_code = get_code,
                                                .for_each_payload = visit_payloads};
static sk_pjrt_error out_of_memory = {.table = &error_table};

sk_pjrt_error *sk_pjrt_no_memory(void) { return &out_of_memory; }

// A message with its place in the program in front, which a PJRT error has no other room for.
static skarn_status *with_place(skarn_status *status) {
  if (!skarn_status_file(status) && !skarn_status_line(status)) {
    return status;
  }
  size_t bytes = skarn_status_format(status, NULL, 0);
  char *text = sk_mem_alloc(bytes);
  if (!text) {
    return status;
  }
  skarn_status_format(status, text, bytes);
  skarn_status *placed = skarn_status_create(skarn_status_code(status), text);
  sk_mem_free(text);
  if (!placed) {
    return status;
  }
  skarn_status_free(status);
  return placed;
}

sk_pjrt_error *sk_pjrt_error_from(skarn_status *status) {
  if (!status) {
    return NULL;
  }
  sk_pjrt_error *error = sk_mem_alloc(sizeof *error);
  if (!error) {
    skarn_status_free(status);
    return &out_of_memory;
  }
  *error = (sk_pjrt_error){&error_table, with_place(status)};
  return error;
}

sk_pjrt_error *sk_pjrt_error_new(skarn_code code, const char *format, ...) {
  char message[512];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  return sk_pjrt_error_from(skarn_status_create(code, message));
}

skarn_status *sk_pjrt_error_status(const sk_pjrt_error *error) {
  const char *message;
  size_t size;
  get_message(error, &message, &size);
  return skarn_status_create((skarn_code)get_code(error), message);
}

// ---- slots

void sk_pjrt_Error_Destroy(sk_pjrt_Error_Destroy_args *args) { destroy_error(args->error); }

void sk_pjrt_Error_Message(sk_pjrt_Error_Message_args *args) {
  get_message(args->error, &args->message, &args->message_size);
}

sk_pjrt_error *sk_pjrt_Error_GetCode(sk_pjrt_Error_GetCode_args *args) {
  args->code = get_code(args->error);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Error_ForEachPayload(sk_pjrt_Error_ForEachPayload_args *args) {
  visit_payloads(args->error, args->visitor, args->user_arg);
  return NULL;
}
