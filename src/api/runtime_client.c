// SPDX-License-Identifier: Apache-2.0
// Public C API: clients, devices, memory statistics, options, and what is handlers of custom calls.
//
// Log and profile sinks of the host have the public types; the runtime has its own. A small record
// that lives with the client stands between them.
#include "api/runtime_int.h"
#include "base/mem.h"

// ---- options

sk_status sk_api_set_options(sk_flags *flags, sk_arena *arena, const skarn_option *options,
                             size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!options[i].key || !options[i].value) {
      return sk_status_new(SK_INVALID_ARGUMENT, "option %zu lacks its key or value", i);
    }
    SK_TRY(sk_flags_set(flags, arena, options[i].key, options[i].value));
  }
  return NULL;
}

// ---- sinks

typedef struct host_sinks {
  skarn_log_fn log;
  void *log_user;
  skarn_profile_fn profile;
  void *profile_user;
  skarn_find_custom_call_fn find;
  void *find_user;
} host_sinks;

static void forward_log(void *user, sk_log_level level, const char *message) {
  const host_sinks *sinks = user;
  sinks->log(sinks->log_user, (skarn_log_level)level, message);
}

static void forward_span(void *user, const char *what, const char *name, uint64_t begin_ns,
                         uint64_t end_ns, uint64_t launch_id) {
  const host_sinks *sinks = user;
  skarn_profile_span span = {sizeof span, what, name, begin_ns, end_ns, launch_id};
  sinks->profile(sinks->profile_user, &span);
}

// ---- handlers of custom calls
//
// The frame and what it points to are one record under two names; so are the functions that take
// it, but for the name of the status. A record of ours stands in between and makes the calls.

_Static_assert(sizeof(sk_host_frame) == sizeof(skarn_custom_call_frame) &&
                   offsetof(sk_host_frame, device) == offsetof(skarn_custom_call_frame, device) &&
                   offsetof(sk_host_frame, attrs) == offsetof(skarn_custom_call_frame, attributes),
               "one layout");
_Static_assert(sizeof(sk_call_value) == sizeof(skarn_custom_call_value) &&
                   offsetof(sk_call_value, dims) == offsetof(skarn_custom_call_value, dims),
               "one layout");
_Static_assert(sizeof(sk_call_attr) == sizeof(skarn_custom_call_attribute) &&
                   offsetof(sk_call_attr, data) == offsetof(skarn_custom_call_attribute, data),
               "one layout");

typedef struct host_handler {
  skarn_custom_call call;
} host_handler;

static skarn_custom_call_frame frame_of(const sk_host_frame *frame) {
  skarn_custom_call_frame copy;
  memcpy(&copy, frame, sizeof copy);
  const host_handler *handler = frame->user;
  copy.user = handler->call.user;
  return copy;
}

static sk_status call_instantiate(const sk_host_frame *frame, void **out_state) {
  skarn_custom_call_frame copy = frame_of(frame);
  return sk_api_status(((const host_handler *)frame->user)->call.instantiate(&copy, out_state));
}
static sk_status call_prepare(const sk_host_frame *frame) {
  skarn_custom_call_frame copy = frame_of(frame);
  return sk_api_status(((const host_handler *)frame->user)->call.prepare(&copy));
}
static sk_status call_initialize(const sk_host_frame *frame) {
  skarn_custom_call_frame copy = frame_of(frame);
  return sk_api_status(((const host_handler *)frame->user)->call.initialize(&copy));
}
static sk_status call_execute(const sk_host_frame *frame) {
  skarn_custom_call_frame copy = frame_of(frame);
  return sk_api_status(((const host_handler *)frame->user)->call.execute(&copy));
}
static void call_destroy(void *user, void *state) {
  const host_handler *handler = user;
  handler->call.destroy(handler->call.user, state);
}

static bool make_handler(const skarn_custom_call *call, sk_handler *out_handler) {
  host_handler *handler = sk_mem_alloc(sizeof *handler);
  if (!handler) {
    return false;
  }
  handler->call = *call;
  *out_handler = (sk_handler){.target = call->target,
                              .instantiate = call->instantiate ? call_instantiate : NULL,
                              .prepare = call->prepare ? call_prepare : NULL,
                              .initialize = call->initialize ? call_initialize : NULL,
                              .execute = call_execute,
                              .destroy = call->destroy ? call_destroy : NULL,
                              .user = handler,
                              .release = sk_mem_free};
  return true;
}

static bool find_handler(void *user, const char *target, sk_handler *out_handler) {
  const host_sinks *sinks = user;
  skarn_custom_call call = {.struct_size = sizeof call};
  return sinks->find(sinks->find_user, target, &call) && call.execute &&
         make_handler(&call, out_handler);
}

static sk_status set_sinks(const skarn_client_options *options, sk_client_config *config) {
  if (!options->log && !options->profile && !options->find_custom_call) {
    return NULL;
  }
  host_sinks *sinks = sk_mem_alloc(sizeof *sinks);
  if (!sinks) {
    return sk_status_no_memory();
  }
  *sinks = (host_sinks){options->log,          options->log_user,         options->profile,
                        options->profile_user, options->find_custom_call, options->find_user};
  if (options->log) {
    config->log = (sk_log){forward_log, sinks, (sk_log_level)options->log_level};
  }
  if (options->profile) {
    config->profile = (sk_profile){forward_span, sinks, options->profile_wanted};
  }
  if (options->find_custom_call) {
    config->find_handler = find_handler;
    config->find_user = sinks;
  }
  config->attachment = (sk_attachment){sinks, sk_mem_free};
  return NULL;
}

// ---- clients

skarn_status *skarn_client_create(const skarn_client_options *options, skarn_client **out_client) {
  *out_client = NULL;
  skarn_client_options read = {.struct_size = sizeof read};
  if (options) {
    SK_API_READ(options, &read);
  }
  SK_API_REQUIRE(read.device_count <= SK_MAX_DEVICES, "more than 256 devices");
  sk_client_config config = {.device_count = (uint32_t)read.device_count,
                             .memory_limit_bytes = read.memory_limit_bytes};
  sk_client *client;
  sk_status status = set_sinks(&read, &config);
  if (status) {
    return sk_api_to_status(status);
  }
  status = sk_client_create(&config, &client);
  if (status) {
    sk_mem_free(config.attachment.data);
    return sk_api_to_status(status);
  }
  status = sk_api_set_options(sk_client_flags(client), sk_client_flag_arena(client), read.options,
                              read.option_count);
  if (status) {
    sk_client_release(client);
    return sk_api_to_status(status);
  }
  *out_client = sk_api_to_client(client);
  return NULL;
}

void skarn_client_retain(skarn_client *client) { sk_client_retain(sk_api_client(client)); }
void skarn_client_release(skarn_client *client) { sk_client_release(sk_api_client(client)); }

size_t skarn_client_device_count(const skarn_client *client) {
  return sk_client_device_count(sk_api_client(client));
}

skarn_device *skarn_client_device(const skarn_client *client, size_t index) {
  return index > UINT32_MAX
             ? NULL
             : sk_api_to_device(sk_client_device(sk_api_client(client), (uint32_t)index));
}

skarn_status *skarn_client_memory_stats(const skarn_client *client, skarn_memory_stats *out_stats) {
  SK_API_REQUIRE(out_stats->struct_size >= sizeof(size_t), "out_stats lacks its struct_size");
  sk_memory_stats stats;
  sk_client_memory_stats(sk_api_client(client), &stats);
  skarn_memory_stats full = {.bytes_in_use = stats.in_use,
                             .peak_bytes_in_use = stats.peak,
                             .bytes_pooled = stats.pooled,
                             .bytes_limit = stats.limit,
                             .buffer_count = stats.buffer_count,
                             .code_bytes_in_use = stats.code_in_use};
  sk_api_write_struct(&full, sizeof full, out_stats);
  return NULL;
}

void skarn_client_reset_peak(skarn_client *client) { sk_client_reset_peak(sk_api_client(client)); }
void skarn_client_trim(skarn_client *client) { sk_client_trim(sk_api_client(client)); }

// ---- devices

int32_t skarn_device_id(const skarn_device *device) { return sk_device_id(sk_api_device(device)); }

const char *skarn_device_kind(const skarn_device *device) {
  (void)device;
  return "cpu";
}

const char *skarn_device_isa(const skarn_device *device) {
  (void)device;
  return sk_isa_name(sk_cpu_get()->isa);
}

size_t skarn_device_memory_kind_count(const skarn_device *device) {
  (void)device;
  return 1;
}

const char *skarn_device_memory_kind(const skarn_device *device, size_t index) {
  (void)device;
  return index == 0 ? "device" : NULL;
}

skarn_client *skarn_device_client(const skarn_device *device) {
  return sk_api_to_client(sk_device_client(sk_api_device(device)));
}

// ---- handlers

skarn_status *skarn_client_register_custom_call(skarn_client *client,
                                                const skarn_custom_call *handler) {
  skarn_custom_call read;
  SK_API_REQUIRE(client && handler, "no client or no handler");
  SK_API_READ(handler, &read);
  SK_API_REQUIRE(read.target && read.execute,
                 "a custom call needs a target and an execute function");
  sk_handler internal;
  if (!make_handler(&read, &internal)) {
    return sk_api_to_status(sk_status_no_memory());
  }
  sk_status status = sk_client_add_handler(sk_api_client(client), &internal);
  if (status) {
    sk_mem_free(internal.user);
  }
  return sk_api_to_status(status);
}
