// SPDX-License-Identifier: Apache-2.0
// One execution: arguments held, results made, frame filled, code run, donors given up.
//
//   slots   [ arguments | results | carried buffers ]
//           arguments and results point into buffers, carried ones into the arena; code may
//           exchange them, so they are set anew each time
//
// Donation. A result that the code writes in place of an argument takes that argument's storage if
// the argument is a donor, is not vetoed, nobody else uses it and it may be written; otherwise its
// own storage is filled with a copy first, and code sees the copy in both slots. After success
// donors are deleted, except vetoed and externally referenced ones.
//
// An execution that may return early is left to the dispatcher when it waits for an argument or took
// long the last time. All that a caller can see happens before: donors are gone, results are there
// with their addresses, pending. What the code touches is kept by references to storage, so that
// the caller may delete or donate results meanwhile.
//
// The host's MXCSR is put aside: code finds the default one, whatever the host computes with.
#include <stdio.h>
#include <string.h>

#include "rt/rt_int.h"

typedef struct call {
  sk_exec *exec;
  sk_buffer *const *args;
  const sk_call_options *options;
  sk_device *device;
  void *host_context;
  sk_buffer **results;
  bool pending;       // some argument's contents are not there yet
  bool began;         // code may have written
  uint32_t held;      // arguments whose hold is ours; those donated are marked in `taken`
  uint64_t taken[4];  // bit per argument (of the first 256; later ones are not donated)
} call;

enum { MAX_DONORS = 256 };

static const char *kernel_name(const sk_exec *exec, sk_kernel_fn kernel) {
  uintptr_t offset = (uintptr_t)kernel - (uintptr_t)exec->code.exec;
  for (uint32_t i = 0; i < exec->image.fn_count; i++) {
    if (exec->image.fns[i].offset == offset) {
      return exec->image.fns[i].name;
    }
  }
  return exec->image.name;
}

// In the place of a kernel, on every thread that has a part of it.
static void run_kernel_timed(sk_frame *frame, int64_t begin, int64_t end, void *scratch) {
  const sk_call_frame *record = frame->runtime;
  const sk_profile *profile = &record->exec->client->profile;
  uint64_t begin_ns = sk_time_ns();
  record->timed(frame, begin, end, scratch);
  profile->span(profile->user, "kernel", kernel_name(record->exec, record->timed), begin_ns,
                sk_time_ns(), 0);
}

void sk_exec_parallel(sk_frame *frame, sk_kernel_fn kernel, int64_t total, int64_t grain,
                      int64_t align) {
  sk_call_frame *record = frame->runtime;
  const sk_exec *exec = record->exec;
  if (sk_profile_is_on(&exec->client->profile)) {
    record->timed = kernel;
    kernel = run_kernel_timed;
  }
  sk_pool_run(exec->client->pool, exec->threads, exec->image.scratch_bytes, frame, kernel, total,
              grain, align);
}

// Where argument or result i of `count` is.
static sk_device *device_of(const call *c, uint32_t i, uint32_t count) {
  if (SK_LIKELY(!c->options || !c->options->devices)) {
    return c->device;
  }
  return c->options->devices[i / (count / c->options->device_count)];
}

// ---- arguments

static SK_NOINLINE sk_status wrong_argument(const sk_exec *exec, uint32_t index,
                                            const sk_buffer *buffer) {
  char shape[SK_RT_MAX_RANK * 21 + 1];
  size_t at = 0;
  shape[0] = '\0';
  for (uint32_t i = 0; i < buffer->rank; i++) {
    int n = snprintf(shape + at, sizeof shape - at, "%lldx", (long long)buffer->dims[i]);
    at += n > 0 ? (size_t)n : 0;
  }
  return sk_status_new(SK_INVALID_ARGUMENT, "argument %u of '%s' must be %s, got tensor<%s%s>",
                       index, exec->image.name, exec->image.args[index].type_text, shape,
                       sk_dtype_name((sk_dtype)buffer->type));
}

static inline bool agrees(const sk_image_value *value, const sk_buffer *buffer) {
  if (buffer->type != value->type || buffer->rank != value->rank) {
    return false;
  }
  for (uint32_t i = 0; i < buffer->rank; i++) {
    if (buffer->dims[i] != value->dims[i]) {
      return false;
    }
  }
  return true;
}

static sk_status hold_arguments(call *c) {
  const sk_image *image = &c->exec->image;
  for (uint32_t i = 0; i < image->arg_count; i++) {
    sk_buffer *buffer = c->args[i];
    if (SK_UNLIKELY(!buffer)) {
      return sk_status_new(SK_INVALID_ARGUMENT, "argument %u of '%s' is missing", i, image->name);
    }
    if (SK_UNLIKELY(!agrees(&image->args[i], buffer))) {
      return wrong_argument(c->exec, i, buffer);
    }
    if (SK_UNLIKELY(buffer->device != device_of(c, i, image->arg_count))) {
      return sk_status_new(SK_INVALID_ARGUMENT,
                           "argument %u of '%s' is not on device %d of the execution", i,
                           image->name, device_of(c, i, image->arg_count)->id);
    }
    if (SK_UNLIKELY(!sk_buffer_hold(buffer))) {
      return sk_status_new(SK_FAILED_PRECONDITION,
                           "argument %u of '%s' has been deleted or donated", i, image->name);
    }
    c->held = i + 1;
    c->pending |= sk_buffer_is_pending(buffer);
  }
  return NULL;
}

static bool is_taken(const call *c, uint32_t arg) {
  return arg < MAX_DONORS && (c->taken[arg / 64] >> (arg % 64) & 1);
}

static void unhold_arguments(call *c) {
  for (uint32_t i = 0; i < c->held; i++) {
    if (!is_taken(c, i)) {
      sk_buffer_unhold(c->args[i]);
    }
  }
  c->held = 0;
}

// ---- donation

static bool may_donate(const call *c, uint32_t arg) {
  if (!c->exec->image.args[arg].donor) {
    return false;
  }
  for (size_t i = 0; c->options && i < c->options->non_donatable_count; i++) {
    if (c->options->non_donatable[i] == arg) {
      return false;
    }
  }
  return true;
}

static sk_status check_donors(const call *c) {
  const sk_image *image = &c->exec->image;
  for (uint32_t i = 0; i < image->arg_count; i++) {
    // One hold, nothing else: it was not given twice.
    if (atomic_load_explicit(&c->args[i]->state, memory_order_relaxed) == SK_HOLD ||
        !may_donate(c, i)) {
      continue;
    }
    for (uint32_t j = 0; j < image->arg_count; j++) {
      if (j != i && c->args[j] == c->args[i]) {
        return sk_status_new(SK_INVALID_ARGUMENT,
                             "argument %u of '%s' is donated and also given as argument %u", i,
                             image->name, j);
      }
    }
  }
  return NULL;
}

// The storage of a result that the code writes in place of argument `arg`.
static sk_status share_argument(call *c, uint32_t result, uint32_t arg) {
  const sk_image_value *value = &c->exec->image.results[result];
  sk_buffer *donor = c->args[arg];
  sk_device *device = device_of(c, result, c->exec->image.result_count);
  if (arg < MAX_DONORS && may_donate(c, arg)) {
    SK_TRY(sk_buffer_new_shell(device, value->type, value->rank, value->dims, value->bytes,
                               &c->results[result]));
    if (sk_buffer_donate(donor, c->results[result])) {
      c->taken[arg / 64] |= (uint64_t)1 << (arg % 64);
      return NULL;
    }
    sk_buffer_release(c->results[result]);
    c->results[result] = NULL;
  }
  return sk_buffer_new(device, value->type, value->rank, value->dims, value->bytes,
                       &c->results[result]);
}

// The execution failed before it wrote anything: what results have taken of donors is theirs again.
static void take_back_donors(call *c) {
  const sk_image *image = &c->exec->image;
  for (uint32_t i = 0; i < image->result_count; i++) {
    int32_t arg = image->results[i].shares;
    if (arg >= 0 && c->results[i] && is_taken(c, (uint32_t)arg)) {
      sk_buffer_take_back(c->args[arg], c->results[i]);
      c->taken[arg / 64] &= ~((uint64_t)1 << (arg % 64));
    }
  }
}

// Results that are written in place of an argument that keeps its storage begin as its copy.
static void copy_shared(const call *c) {
  const sk_image *image = &c->exec->image;
  for (uint32_t i = 0; i < image->result_count; i++) {
    int32_t arg = image->results[i].shares;
    if (SK_UNLIKELY(arg >= 0) && !is_taken(c, (uint32_t)arg)) {
      memcpy(c->results[i]->data, c->args[arg]->data,
             SK_MIN(c->args[arg]->bytes, image->results[i].bytes));
    }
  }
}

static sk_status make_results(call *c) {
  const sk_image *image = &c->exec->image;
  for (uint32_t i = 0; i < image->result_count; i++) {
    const sk_image_value *value = &image->results[i];
    if (SK_UNLIKELY(value->shares >= 0)) {
      SK_TRY(share_argument(c, i, (uint32_t)value->shares));
    } else {
      SK_TRY(sk_buffer_new(device_of(c, i, image->result_count), value->type, value->rank,
                           value->dims, value->bytes, &c->results[i]));
    }
  }
  return NULL;
}

static void give_up_donors(call *c) {
  for (uint32_t i = 0; i < c->exec->image.arg_count; i++) {
    if (may_donate(c, i) && !is_taken(c, i)) {
      sk_buffer_consume(c->args[i]);
    }
  }
}

// ---- running

static void fill_slots(const call *c, sk_call_frame *record) {
  const sk_image *image = &c->exec->image;
  void **slot = record->frame->slots;
  for (uint32_t i = 0; i < image->arg_count; i++) {
    slot[i] = c->args[i]->data;
  }
  slot += image->arg_count;
  for (uint32_t i = 0; i < image->result_count; i++) {
    slot[i] = c->results[i]->data;
    if (SK_UNLIKELY(image->results[i].shares >= 0)) {
      record->frame->slots[image->results[i].shares] = slot[i];
    }
  }
  slot += image->result_count;
  for (uint32_t i = 0; i < image->carried_count; i++) {
    slot[i] = record->frame->arena + image->carried[i];
  }
}

static sk_status run_code(const call *c, sk_call_frame *record) {
  const sk_exec *exec = c->exec;
  sk_frame *frame = record->frame;
  if (exec->image.parallel && exec->threads > 1) {
    sk_pool_wake(exec->client->pool, exec->threads);
  }
  if (SK_UNLIKELY(exec->fill_arena) && record->arena) {
    memset(sk_block_data(record->arena), 0xff, record->arena->capacity);
  }
  frame->fault = 0;
  record->trouble = NULL;
  record->host_context = c->host_context;
  record->device = c->device;
  uint32_t host = sk_mxcsr_get();
  sk_mxcsr_set(SK_DEFAULT_MXCSR);
  for (uint32_t i = 0; i < exec->image.step_count && frame->fault == 0; i++) {
    sk_exec_entry(exec, i)(frame);
  }
  sk_mxcsr_set(host);
  if (SK_LIKELY(frame->fault == 0)) {
    return NULL;
  }
  if (record->trouble) {
    return record->trouble;
  }
  sk_code code =
      frame->fault > 0 && frame->fault <= SK_UNAUTHENTICATED ? (sk_code)frame->fault : SK_INTERNAL;
  return sk_status_new(code, "'%s' stopped with fault %lld (%s)", exec->image.name,
                       (long long)frame->fault, sk_code_name(code));
}

// The runners read elements as C does: what is not aligned is copied for them.
static sk_status align_arguments(const call *c, void **slots, sk_block **copies) {
  const sk_image *image = &c->exec->image;
  for (uint32_t i = 0; i < image->arg_count; i++) {
    uint64_t bytes = image->args[i].bytes;
    if ((uintptr_t)slots[i] % SK_MAX(sk_dtype_bytes(image->args[i].type), 1u) != 0) {
      SK_TRY(sk_mempool_take(&c->exec->client->memory, bytes, false, &copies[i]));
      memcpy(sk_block_data(copies[i]), slots[i], bytes);
      slots[i] = sk_block_data(copies[i]);
    }
  }
  return NULL;
}

static sk_status run_runner(const call *c, sk_call_frame *record) {
  const sk_exec *exec = c->exec;
  uint32_t arg_count = exec->image.arg_count;
  void **slots = record->frame->slots;
  sk_block **copies = sk_mem_zalloc(sizeof *copies * (arg_count + 1));
  if (!copies) {
    return sk_status_no_memory();
  }
  sk_status status = align_arguments(c, slots, copies);
  if (!status) {
    uint32_t host = sk_mxcsr_get();
    sk_mxcsr_set(SK_DEFAULT_MXCSR);
    status = exec->runner.run(exec->runner.state, slots, slots + arg_count);
    sk_mxcsr_set(host);
  }
  for (uint32_t i = 0; i < arg_count; i++) {
    if (copies[i]) {
      sk_mempool_give(&exec->client->memory, copies[i]);
    }
  }
  sk_mem_free(copies);
  return status;
}

static sk_status run_frame(call *c) {
  sk_exec *exec = c->exec;
  sk_call_frame *record;
  SK_TRY(sk_exec_take_frame(exec, &record));
  c->began = true;
  copy_shared(c);
  fill_slots(c, record);
  sk_status status = NULL;
  if (SK_LIKELY(exec->code.exec != NULL)) {
    status = run_code(c, record);
  } else if (exec->runner.run) {
    status = run_runner(c, record);
  } else if (exec->image.step_count != 0) {
    status = sk_status_new(SK_UNIMPLEMENTED, "this processor cannot run '%s': it needs tier %s",
                           exec->image.name, sk_isa_name((sk_isa)exec->image.isa));
  }
  sk_exec_give_frame(exec, record);
  return status;
}

// By the processor's counter: asking the system for the time takes longer than a small program.
static sk_status run_measured(call *c) {
  uint64_t begin = sk_ticks();
  sk_status status = run_frame(c);
  atomic_store_explicit(&c->exec->last_run_ticks, sk_ticks() - begin, memory_order_relaxed);
  return status;
}

static sk_status run_timed(call *c, uint64_t launch_id) {
  sk_exec *exec = c->exec;
  const sk_profile *profile = &exec->client->profile;
  if (SK_LIKELY(!sk_profile_is_on(profile))) {
    return run_measured(c);
  }
  uint64_t begin_ns = sk_time_ns();
  sk_status status = run_measured(c);
  uint64_t end_ns = sk_time_ns();
  if (sk_profile_is_on(profile)) {
    profile->span(profile->user, "execute", exec->image.name, begin_ns, end_ns, launch_id);
  }
  return status;
}

// ---- returning early

typedef struct early_call {
  sk_job job;
  call c;
  uint64_t launch_id;
  _Atomic uint32_t waits;      // pending arguments, and the call that makes this
  _Atomic(sk_status) trouble;  // the first error of an argument
  sk_status status;            // of the run
  sk_block *storage[];         // of each result, counted; then arguments and results, counted
} early_call;

// Everything is given back before the event says so.
static void end_early(early_call *early, sk_status status) {
  sk_exec *exec = early->c.exec;
  sk_event *done = early->job.done;
  uint32_t result_count = exec->image.result_count;
  unhold_arguments(&early->c);
  for (uint32_t i = 0; i < result_count; i++) {
    sk_client_drop_storage(exec->client, early->storage[i]);
    sk_buffer_release(early->c.results[i]);
  }
  for (uint32_t i = 0; i < exec->image.arg_count; i++) {
    sk_buffer_release(early->c.args[i]);
  }
  sk_mem_free(early);
  sk_exec_release(exec);
  // It was made for this and set nowhere else.
  sk_status_free(sk_event_set(done, status));
  sk_event_release(done);
}

static void run_early(sk_job *job, bool lost) {
  early_call *early = (early_call *)(void *)job;
  sk_status status = atomic_exchange(&early->trouble, NULL);
  if (!status && lost) {
    status = sk_status_new(SK_CANCELLED, "'%s' was running when the process was forked",
                           early->c.exec->image.name);
  }
  early->status = status ? status : run_timed(&early->c, early->launch_id);
  early->job.failed = early->status != NULL;
}

static void end_job(sk_job *job) {
  early_call *early = (early_call *)(void *)job;
  end_early(early, early->status);
}

static void wait_no_more(early_call *early) {
  if (atomic_fetch_sub(&early->waits, 1) == 1) {
    sk_status status = sk_dispatcher_push(early->c.exec->client->dispatcher, &early->job);
    if (status) {
      end_early(early, status);
    }
  }
}

static void argument_ready(void *raw, sk_status error) {
  early_call *early = raw;
  sk_status none = NULL;
  if (error && !atomic_compare_exchange_strong(&early->trouble, &none, error)) {
    sk_status_free(error);
  }
  wait_no_more(early);
}

static sk_status new_early(const call *c, early_call **out_early) {
  const sk_image *image = &c->exec->image;
  size_t pointers = 2 * (size_t)image->result_count + image->arg_count;
  early_call *early = sk_mem_zalloc(sizeof *early + pointers * sizeof(void *));
  *out_early = early;
  if (!early) {
    return sk_status_no_memory();
  }
  sk_status status = sk_event_create(&early->job.done);
  if (status) {
    sk_mem_free(early);
    return status;
  }
  sk_buffer **args = (sk_buffer **)(void *)(early->storage + image->result_count);
  early->job.run = run_early;
  early->job.end = end_job;
  early->c = *c;
  early->c.options = NULL;
  early->launch_id = c->options->launch_id;
  early->c.args = args;
  early->c.results = args + image->arg_count;
  for (uint32_t i = 0; i < image->arg_count; i++) {
    args[i] = c->args[i];
    sk_buffer_retain(args[i]);
  }
  for (uint32_t i = 0; i < image->result_count; i++) {
    early->c.results[i] = c->results[i];
    sk_buffer_retain(c->results[i]);
    early->storage[i] = sk_buffer_retain_storage(c->results[i]);
    c->results[i]->ready = early->job.done;
    sk_event_retain(early->job.done);
  }
  sk_exec_retain(c->exec);
  return NULL;
}

// Takes the holds of `c`; nothing can fail from here on but through the results.
static sk_status start_early(call *c, sk_event **out_done) {
  early_call *early;
  SK_TRY(new_early(c, &early));
  if (c->exec->has_donors) {
    give_up_donors(c);
  }
  uint32_t arg_count = c->held;
  c->held = 0;
  if (out_done) {
    sk_event_retain(early->job.done);
    *out_done = early->job.done;
  }
  atomic_store(&early->waits, 1);
  for (uint32_t i = 0; i < arg_count; i++) {
    if (sk_buffer_is_pending(c->args[i])) {
      atomic_fetch_add(&early->waits, 1);
      sk_status status = sk_event_on_ready(c->args[i]->ready, argument_ready, early);
      if (status) {
        argument_ready(early, status);
      }
    }
  }
  wait_no_more(early);
  return NULL;
}

// The code may touch a result's memory after the caller let go of it, which storage of ours allows.
static bool may_start_early(const call *c) {
  const sk_exec *exec = c->exec;
  if (!c->options || !c->options->may_return_early || exec->image.host_calls ||
      (!c->pending && SK_LIKELY(atomic_load_explicit(&exec->last_run_ticks, memory_order_relaxed) <
                                exec->long_run_ticks))) {
    return false;
  }
  for (uint32_t i = 0; i < exec->image.result_count; i++) {
    if (!c->results[i]->storage) {
      return false;
    }
  }
  return true;
}

static sk_status await_arguments(const call *c) {
  for (uint32_t i = 0; i < c->held; i++) {
    SK_TRY(sk_buffer_await(c->args[i]));
  }
  return NULL;
}

// A caller that looks at events is told by the results what went wrong while the program ran, as
// when it runs later. Takes `trouble`.
static sk_status fail_results(const call *c, sk_status trouble, sk_event **out_done) {
  sk_event *failed;
  sk_status status = sk_event_create(&failed);
  if (status) {
    sk_status_free(status);
    return trouble;
  }
  // It was made for this and set nowhere else.
  sk_status_free(sk_event_set(failed, trouble));
  for (uint32_t i = 0; i < c->exec->image.result_count; i++) {
    sk_event_retain(failed);
    c->results[i]->ready = failed;
  }
  if (out_done) {
    *out_done = failed;
  } else {
    sk_event_release(failed);
  }
  return NULL;
}

static sk_status run_now(call *c, sk_event **out_done) {
  bool by_events = c->options && c->options->may_return_early;
  if (out_done) {
    *out_done = sk_event_ready();
  }
  if (!by_events && !sk_profile_is_on(&c->exec->client->profile)) {
    return run_frame(c);
  }
  sk_status status = run_timed(c, c->options ? c->options->launch_id : 0);
  return SK_UNLIKELY(status != NULL) && by_events && c->began ? fail_results(c, status, out_done)
                                                              : status;
}

// Arguments that failed fail the call; when it returns early, its results.
static sk_status run_call(call *c) {
  SK_TRY(hold_arguments(c));
  if (SK_UNLIKELY(c->exec->capture_dir != NULL)) {
    SK_TRY(sk_exec_capture(c->exec, c->args));
  }
  if (SK_UNLIKELY(c->exec->has_donors)) {
    SK_TRY(check_donors(c));
  }
  SK_TRY(make_results(c));
  sk_event **out_done = c->options ? c->options->out_done : NULL;
  if (SK_UNLIKELY(may_start_early(c))) {
    return start_early(c, out_done);
  }
  SK_TRY(await_arguments(c));
  SK_TRY(run_now(c, out_done));
  if (SK_UNLIKELY(c->exec->has_donors)) {
    give_up_donors(c);
  }
  return NULL;
}

static sk_status choose_devices(call *c) {
  const sk_image *image = &c->exec->image;
  sk_client *client = c->exec->client;
  const sk_call_options *options = c->options;
  c->device =
      options && options->device ? options->device : &client->devices[c->exec->facts.device];
  bool ours = c->device->client == client;
  if (options && options->devices) {
    size_t count = options->device_count;
    if (count == 0 || image->arg_count % count != 0 || image->result_count % count != 0) {
      return sk_status_new(SK_INVALID_ARGUMENT,
                           "the %u arguments and %u results of '%s' are not those of %zu devices",
                           image->arg_count, image->result_count, image->name, count);
    }
    for (size_t i = 0; i < count && ours; i++) {
      ours = options->devices[i] && options->devices[i]->client == client;
    }
  }
  return ours ? NULL : sk_status_new(SK_INVALID_ARGUMENT, "the device belongs to another client");
}

sk_status sk_exec_run(const sk_exec *exec, sk_buffer *const *args, size_t arg_count,
                      const sk_call_options *options, sk_buffer **out_results,
                      size_t result_count) {
  const sk_image *image = &exec->image;
  for (size_t i = 0; i < result_count; i++) {
    out_results[i] = NULL;
  }
  if (arg_count != image->arg_count || result_count != image->result_count) {
    return sk_status_new(
        SK_INVALID_ARGUMENT, "'%s' has %u arguments and %u results, called with %zu and %zu",
        image->name, image->arg_count, image->result_count, arg_count, result_count);
  }
  call c = {.exec = sk_unconst(exec), .args = args, .options = options, .results = out_results};
  c.host_context = options ? options->host_context : NULL;
  SK_TRY(choose_devices(&c));
  sk_status status = run_call(&c);
  if (SK_UNLIKELY(status != NULL) && !c.began) {
    take_back_donors(&c);
  }
  unhold_arguments(&c);
  if (SK_UNLIKELY(status != NULL)) {
    if (options && options->out_done) {
      *options->out_done = NULL;
    }
    for (size_t i = 0; i < result_count; i++) {
      sk_buffer_release(out_results[i]);
      out_results[i] = NULL;
    }
  }
  return status;
}
