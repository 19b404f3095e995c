// SPDX-License-Identifier: Apache-2.0
// Executing: from lists of the client's buffers to lists of new ones. The path that must cost
// nothing: no lock, no text, one small record per result.
#include <limits.h>
#include <string.h>

#include "base/thread.h"
#include "pjrt/pjrt_executable.h"
#include "pjrt/pjrt_ffi.h"

typedef struct call {
  sk_pjrt_loaded *loaded;
  const skarn_executable *code;
  sk_pjrt_device *device;
  sk_pjrt_buffer *const *args;
  sk_pjrt_buffer **results;
  skarn_execute_options options;
} call;

// What a client expects to read when it gives up a buffer and uses it all the same. Where functions
// of the host may have failed, it was asked before.
static sk_pjrt_error *explain(const call *c, size_t arg_count, skarn_status *status) {
  for (size_t i = 0; i < arg_count && !c->loaded->executable->info.calls_host; i++) {
    if (c->args[i] && skarn_buffer_is_deleted(c->args[i]->buffer)) {
      skarn_status_free(status);
      return sk_pjrt_buffer_gone();
    }
  }
  return sk_pjrt_error_from(status);
}

static const sk_pjrt_layout *result_layout(const sk_pjrt_executable *executable, size_t i) {
  return executable->plain ? NULL : &executable->results[i].layout;
}

// Results of the runtime become buffers of `device`. Takes them all, also on failure.
static sk_pjrt_error *wrap_results(const sk_pjrt_executable *executable, sk_pjrt_device *device,
                                   skarn_buffer **under, sk_pjrt_buffer **out_results) {
  sk_pjrt_error *error = NULL;
  size_t count = executable->info.result_count;
  for (size_t i = 0; i < count; i++) {
    if (SK_UNLIKELY(error != NULL)) {
      skarn_buffer_release(under[i]);
      continue;
    }
    size_t memory = executable->plain ? 0 : executable->result_memory[i];
    error = sk_pjrt_buffer_wrap(under[i], &device->memories[memory], result_layout(executable, i),
                                &out_results[i]);
  }
  for (size_t i = 0; error && i < count; i++) {
    sk_pjrt_buffer_release(out_results[i]);
    out_results[i] = NULL;
  }
  return error;
}

static sk_pjrt_error *unwrap_arguments(const sk_pjrt_executable *executable,
                                       const sk_pjrt_device *device, sk_pjrt_buffer *const *args,
                                       skarn_buffer **under) {
  for (size_t i = 0; i < executable->info.argument_count; i++) {
    if (SK_UNLIKELY(!args[i])) {
      return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "argument %zu is missing", i);
    }
    if (executable->info.calls_host && skarn_buffer_is_deleted(args[i]->buffer)) {
      return sk_pjrt_buffer_gone();
    }
    bool is_token = !executable->plain && executable->args[i].info.type == SKARN_TYPE_TOKEN;
    under[i] = is_token ? device->token : args[i]->buffer;
  }
  return NULL;
}

static sk_pjrt_error *run(const call *c, skarn_buffer **under, size_t arg_count,
                          size_t result_count) {
  const sk_pjrt_executable *executable = c->loaded->executable;
  skarn_buffer **out = under + arg_count;
  SK_PJRT_TRY(unwrap_arguments(executable, c->device, c->args, under));
  skarn_status *status =
      skarn_executable_execute(c->code, under, arg_count, &c->options, out, result_count);
  if (SK_UNLIKELY(status != NULL)) {
    return explain(c, arg_count, status);
  }
  return wrap_results(executable, c->device, out, c->results);
}

static sk_pjrt_error *run_on(const call *c, size_t arg_count) {
  skarn_buffer *small[SK_PJRT_SMALL_ARGS];
  size_t result_count = c->loaded->executable->info.result_count;
  size_t count = arg_count + result_count;
  if (result_count) {
    memset(c->results, 0, result_count * sizeof *c->results);
  }
  if (SK_LIKELY(count <= SK_PJRT_SMALL_ARGS)) {
    return run(c, small, arg_count, result_count);
  }
  skarn_buffer **under = sk_mem_alloc(count * sizeof *under);
  if (!under) {
    return sk_pjrt_no_memory();
  }
  sk_pjrt_error *error = run(c, under, arg_count, result_count);
  sk_mem_free(under);
  return error;
}

// ---- several devices: one call with the arguments of all of them

typedef struct together {
  const sk_pjrt_LoadedExecutable_Execute_args *args;
  const sk_pjrt_executable *executable;
  size_t devices, arg_count, result_count;  // counts of one device
  skarn_buffer **under;                     // arguments of all, then results of all
  skarn_device **where;
  size_t *kept;  // arguments that must survive, of all
} together;

typedef struct one_call {
  const together *t;
  const call *c;
  skarn_status *status;
} one_call;

static void execute_all(void *user) {
  one_call *one = user;
  const together *t = one->t;
  one->status = skarn_executable_execute(t->executable->code, t->under, t->devices * t->arg_count,
                                         &one->c->options, t->under + t->devices * t->arg_count,
                                         t->devices * t->result_count);
}

// Functions of the host run on another thread than the caller's, which may have set the host's language
// to all these devices (jax.set_mesh) where they have data of one.
static skarn_status *execute_together(const together *t, const call *c) {
  one_call one = {.t = t, .c = c};
  if (!t->executable->info.calls_host) {
    execute_all(&one);
    return one.status;
  }
  sk_thread thread;
  sk_status status = sk_thread_start(&thread, "skarn-devices", execute_all, &one);
  if (status) {
    sk_status_free(status);
    return skarn_status_create(SKARN_RESOURCE_EXHAUSTED, "no thread could be started");
  }
  sk_thread_join(&thread);
  return one.status;
}

static sk_pjrt_error *run_together(const together *t, call *c) {
  sk_pjrt_device **devices = c->loaded->devices;
  skarn_buffer **out = t->under + t->devices * t->arg_count;
  size_t kept_count = c->options.non_donatable_count;
  for (size_t d = 0; d < t->devices; d++) {
    c->args = t->args->num_args ? t->args->argument_lists[d] : NULL;
    SK_PJRT_TRY(unwrap_arguments(t->executable, devices[d], c->args, t->under + d * t->arg_count));
    t->where[d] = devices[d]->device;
    for (size_t k = 0; k < kept_count; k++) {
      t->kept[d * kept_count + k] = d * t->arg_count + c->options.non_donatable[k];
    }
  }
  c->options.device = devices[0]->device;
  c->options.devices = t->where;
  c->options.device_count = t->devices;
  c->options.non_donatable = t->kept;
  c->options.non_donatable_count *= t->devices;
  skarn_status *status = execute_together(t, c);
  for (size_t d = 0; status && !t->executable->info.calls_host && d < t->devices; d++) {
    c->args = t->args->num_args ? t->args->argument_lists[d] : NULL;
    for (size_t i = 0; i < t->arg_count; i++) {
      if (skarn_buffer_is_deleted(c->args[i]->buffer)) {
        return explain(c, t->arg_count, status);
      }
    }
  }
  SK_PJRT_TRY(sk_pjrt_error_from(status));
  sk_pjrt_error *error = NULL;
  for (size_t d = 0; d < t->devices; d++) {
    skarn_buffer **own = out + d * t->result_count;
    for (size_t i = 0; error && i < t->result_count; i++) {
      skarn_buffer_release(own[i]);
    }
    if (!error && t->result_count) {
      error = wrap_results(t->executable, devices[d], own, t->args->output_lists[d]);
    }
  }
  return error;
}

static void release_outputs(const sk_pjrt_LoadedExecutable_Execute_args *args,
                            size_t result_count) {
  for (size_t d = 0; d < args->num_devices; d++) {
    for (size_t i = 0; i < result_count; i++) {
      sk_pjrt_buffer_release(args->output_lists[d][i]);
      args->output_lists[d][i] = NULL;
    }
  }
}

static sk_pjrt_error *run_on_all(const sk_pjrt_LoadedExecutable_Execute_args *args, call *c) {
  const sk_pjrt_executable *executable = c->loaded->executable;
  together t = {.args = args,
                .executable = executable,
                .devices = args->num_devices,
                .arg_count = executable->info.argument_count,
                .result_count = executable->info.result_count};
  for (size_t d = 0; t.result_count && d < t.devices; d++) {
    memset(args->output_lists[d], 0, t.result_count * sizeof(sk_pjrt_buffer *));
  }
  size_t values = t.devices * (t.arg_count + t.result_count);
  t.under = sk_mem_alloc((values + 1) * sizeof *t.under);
  t.where = sk_mem_alloc(t.devices * sizeof *t.where);
  t.kept = sk_mem_alloc((t.devices * c->options.non_donatable_count + 1) * sizeof *t.kept);
  skarn_event *done = NULL;
  c->options.out_done = args->device_complete_events ? &done : NULL;
  sk_pjrt_error *error = t.under && t.where && t.kept ? run_together(&t, c) : sk_pjrt_no_memory();
  if (error) {
    release_outputs(args, t.result_count);
  }
  for (size_t d = 0; !error && args->device_complete_events && d < t.devices; d++) {
    skarn_event_retain(done);
    args->device_complete_events[d] = sk_pjrt_event_from(done);
  }
  skarn_event_release(done);
  sk_mem_free(t.under);
  sk_mem_free(t.where);
  sk_mem_free(t.kept);
  return error;
}

// ---- several devices that do not meet: a thread for each
//
// So that one may wait for another in a function of the host.

enum { GATE_SHUT, GATE_OPEN, GATE_GIVEN_UP };

typedef struct apart {
  call call;
  size_t arg_count;
  _Atomic uint32_t *gate;  // none begins before all are there
  sk_thread thread;
  skarn_event *done;
  sk_pjrt_error *error;
} apart;

static void run_one(void *user) {
  apart *a = user;
  while (atomic_load(a->gate) == GATE_SHUT) {
    sk_futex_wait(a->gate, GATE_SHUT, UINT64_MAX);
  }
  if (atomic_load(a->gate) == GATE_OPEN) {
    a->error = run_on(&a->call, a->arg_count);
  }
}

static bool is_of_type(const skarn_buffer *buffer, const skarn_value_info *info) {
  bool same = skarn_buffer_type(buffer) == info->type && skarn_buffer_rank(buffer) == info->rank;
  for (size_t d = 0; same && d < info->rank; d++) {
    same = skarn_buffer_dims(buffer)[d] == info->dims[d];
  }
  return same;
}

static sk_pjrt_error *check_argument(const call *c, size_t i) {
  const sk_pjrt_value *value = &c->loaded->executable->args[i];
  if (!c->args[i]) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "argument %zu is missing", i);
  }
  skarn_buffer *buffer = c->args[i]->buffer;
  if (value->info.type == SKARN_TYPE_TOKEN) {
    return NULL;
  }
  if (skarn_buffer_is_deleted(buffer)) {
    return sk_pjrt_buffer_gone();
  }
  if (skarn_buffer_device(buffer) != c->options.device ||
      (value->layout.row_major && !is_of_type(buffer, &value->info))) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                             "argument %zu is not on the device, or not of the program's type %s",
                             i, value->info.type_text);
  }
  skarn_event *ready = skarn_buffer_ready_event(buffer);
  skarn_status *status = skarn_event_await(ready);
  skarn_event_release(ready);
  return sk_pjrt_error_from(status);
}

// A device that does not begin would keep the others waiting.
static sk_pjrt_error *check_arguments(const apart *each, size_t devices) {
  for (size_t d = 0; d < devices; d++) {
    for (size_t i = 0; i < each[d].arg_count; i++) {
      SK_PJRT_TRY(check_argument(&each[d].call, i));
    }
  }
  return NULL;
}

// None on the calling thread, whose state of the host's language is not that of a device.
static sk_pjrt_error *run_each(apart *each, size_t devices) {
  sk_status status = NULL;
  size_t started = 0;
  while (started < devices && !status) {
    status = sk_thread_start(&each[started].thread, "skarn-device", run_one, &each[started]);
    started += status == NULL;
  }
  atomic_store(each->gate, status ? GATE_GIVEN_UP : GATE_OPEN);
  sk_futex_wake(each->gate, INT_MAX);
  for (size_t d = 0; d < started; d++) {
    sk_thread_join(&each[d].thread);
  }
  if (status) {
    sk_status_free(status);
    return sk_pjrt_error_new(SKARN_RESOURCE_EXHAUSTED, "no thread could be started for a device");
  }
  sk_pjrt_error *error = NULL;
  for (size_t d = 0; d < devices; d++) {
    if (error) {
      sk_pjrt_Error_Destroy(&(sk_pjrt_Error_Destroy_args){.error = each[d].error});
    } else {
      error = each[d].error;
    }
  }
  return error;
}

static sk_pjrt_error *run_apart(const sk_pjrt_LoadedExecutable_Execute_args *args, const call *c) {
  const sk_pjrt_executable *executable = c->loaded->executable;
  const size_t devices = args->num_devices;
  _Atomic uint32_t gate = GATE_SHUT;
  apart *each = sk_mem_zalloc(devices * sizeof *each);
  if (!each) {
    return sk_pjrt_no_memory();
  }
  for (size_t d = 0; d < devices; d++) {
    each[d] = (apart){.call = *c, .arg_count = args->num_args, .gate = &gate};
    call *own = &each[d].call;
    own->code = executable->apart[d];
    own->device = c->loaded->devices[d];
    own->options.device = own->device->device;
    own->options.out_done = args->device_complete_events ? &each[d].done : NULL;
    own->args = args->num_args ? args->argument_lists[d] : NULL;
    own->results = args->output_lists ? args->output_lists[d] : NULL;
    for (size_t i = 0; i < executable->info.result_count; i++) {
      own->results[i] = NULL;
    }
  }
  sk_pjrt_error *error = check_arguments(each, devices);
  error = error ? error : run_each(each, devices);
  if (error) {
    release_outputs(args, executable->info.result_count);
  }
  for (size_t d = 0; d < devices; d++) {
    if (error) {
      skarn_event_release(each[d].done);
    } else if (args->device_complete_events) {
      args->device_complete_events[d] = sk_pjrt_event_from(each[d].done);
    }
  }
  sk_mem_free(each);
  return error;
}

static sk_pjrt_error *check_call(const sk_pjrt_LoadedExecutable_Execute_args *args) {
  const sk_pjrt_loaded *loaded = args->executable;
  const skarn_executable_info *info = &loaded->executable->info;
  if (atomic_load_explicit(&loaded->deleted, memory_order_relaxed)) {
    return sk_pjrt_error_new(SKARN_FAILED_PRECONDITION, "the executable has been deleted");
  }
  if (args->num_args != info->argument_count) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                             "'%s': Execution supplied %zu buffers but compiled program expected "
                             "%zu buffers",  // in XLA's words, which clients look for
                             info->name, args->num_args, info->argument_count);
  }
  if (args->num_devices != loaded->device_count || (args->num_args && !args->argument_lists) ||
      (info->result_count && !args->output_lists)) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                             "'%s' runs on %zu devices, called for %zu or without lists",
                             info->name, loaded->device_count, args->num_devices);
  }
  for (size_t d = 0; d < args->num_devices; d++) {
    if ((args->num_args && !args->argument_lists[d]) ||
        (info->result_count && !args->output_lists[d])) {
      return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "'%s': device %zu lacks a list", info->name,
                               d);
    }
  }
  const sk_pjrt_execute_options *options = args->options;
  if (options &&
      (!SK_PJRT_HAS(options, context) ||
       (options->num_non_donatable_input_indices != 0 && !options->non_donatable_input_indices))) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                             "the execute options have %zu bytes, or lack the indices they count",
                             options->struct_size);
  }
  if (options && (options->num_send_ops || options->num_recv_ops)) {
    return sk_pjrt_error_new(SKARN_UNIMPLEMENTED, "send and receive callbacks are not supported");
  }
  return NULL;
}

static sk_pjrt_error *choose_device(const sk_pjrt_LoadedExecutable_Execute_args *args, size_t index,
                                    sk_pjrt_device **out_device) {
  sk_pjrt_loaded *loaded = args->executable;
  *out_device = loaded->devices[index];
  if (SK_LIKELY(!args->execute_device) || args->execute_device == *out_device) {
    return NULL;
  }
  if (!loaded->portable || args->execute_device->client != loaded->executable->client) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "'%s' was compiled for %s, not for %s",
                             loaded->executable->info.name, (*out_device)->desc->text,
                             args->execute_device->desc->text);
  }
  *out_device = args->execute_device;
  return NULL;
}

sk_pjrt_error *sk_pjrt_LoadedExecutable_Execute(sk_pjrt_LoadedExecutable_Execute_args *args) {
  SK_PJRT_TRY(check_call(args));
  const sk_pjrt_execute_options *options = args->options;
  call c = {.loaded = args->executable, .options = SKARN_INIT(skarn_execute_options)};
  c.code = c.loaded->executable->code;
  // A program that calls the host runs within the call: what its functions raise is raised here,
  // as XLA:CPU does.
  c.options.may_return_early = !c.loaded->executable->info.calls_host;
  if (options) {
    c.options.non_donatable = (const size_t *)(const void *)options->non_donatable_input_indices;
    c.options.non_donatable_count = options->num_non_donatable_input_indices;
    c.options.custom_call_context = options->context;
    c.options.launch_id = (uint64_t)(int64_t)options->launch_id;
  }
  if (SK_UNLIKELY(c.loaded->device_count > 1)) {
    return c.loaded->executable->apart ? run_apart(args, &c) : run_on_all(args, &c);
  }
  for (size_t d = 0; d < args->num_devices; d++) {
    SK_PJRT_TRY(choose_device(args, d, &c.device));
    c.options.device = c.device->device;
    c.args = args->num_args ? args->argument_lists[d] : NULL;
    c.results = args->output_lists ? args->output_lists[d] : NULL;
    skarn_event *done = NULL;
    c.options.out_done = args->device_complete_events ? &done : NULL;
    SK_PJRT_TRY(run_on(&c, args->num_args));
    if (args->device_complete_events) {
      args->device_complete_events[d] = sk_pjrt_event_from(done);
    }
  }
  return NULL;
}

// ---- contexts: what one execution hands to its custom calls

sk_pjrt_error *sk_pjrt_ExecuteContext_Create(sk_pjrt_ExecuteContext_Create_args *args) {
  args->context = sk_mem_zalloc(sizeof(sk_pjrt_context));
  return args->context ? NULL : sk_pjrt_no_memory();
}

sk_pjrt_error *sk_pjrt_ExecuteContext_Destroy(sk_pjrt_ExecuteContext_Destroy_args *args) {
  sk_mem_free(args->context);
  return NULL;
}
