// SPDX-License-Identifier: Apache-2.0
// Profiling through the Profiler extension: jax.profiler.trace and others create a profiler, start
// and stop it, and collect an XSpace.
//
// One profiler runs at a time, for all clients of the process; what it records is the one state of
// the process that the plugin has. Nothing is recorded, and no lock taken, while none runs.
#include "pjrt/pjrt_profiler.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/thread.h"
#include "pjrt/pjrt_int.h"
#include "pjrt/pjrt_trace.h"

struct sk_pjrt_profiler {
  sk_text bytes;  // what was collected
  bool collected;
};

static struct {
  sk_mutex lock;
  sk_pjrt_profiler *running;  // NULL: nobody records
  sk_pjrt_profiler *owner;    // whose the trace is
  pid_t process;              // a child of a fork records nothing: it may have the lock for ever
  sk_pjrt_trace trace;
} recorder = {.lock = {PTHREAD_MUTEX_INITIALIZER}};

volatile int sk_pjrt_profile_wanted;

void sk_pjrt_profile(void *user, const skarn_profile_span *span) {
  (void)user;
  if (getpid() != SK_LOAD_RELAXED(&recorder.process)) {
    return;
  }
  sk_mutex_lock(&recorder.lock);
  if (recorder.running) {
    sk_pjrt_trace_add(&recorder.trace, span->what, span->name, span->begin_ns, span->end_ns,
                      span->launch_id);
  }
  sk_mutex_unlock(&recorder.lock);
}

// ---- errors: those of the plugin

static void destroy_error(sk_pjrt_profiler_error_args *args) {
  sk_pjrt_Error_Destroy(&(sk_pjrt_Error_Destroy_args){.error = sk_pjrt_unconst(args->error)});
}

static void get_message(sk_pjrt_profiler_error_args *args) {
  sk_pjrt_Error_Message_args asked = {.error = args->error};
  sk_pjrt_Error_Message(&asked);
  args->message = asked.message;
  args->message_size = asked.message_size;
}

static sk_pjrt_error *get_code(sk_pjrt_profiler_code_args *args) {
  sk_pjrt_Error_GetCode_args asked = {.error = args->error};
  sk_pjrt_error *error = sk_pjrt_Error_GetCode(&asked);
  args->code = asked.code;
  return error;
}

// ---- profilers

static sk_pjrt_error *create(sk_pjrt_profiler_create_args *args) {
  args->profiler = sk_mem_zalloc(sizeof *args->profiler);
  return args->profiler ? NULL : sk_pjrt_no_memory();
}

static uint64_t unix_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static sk_pjrt_error *no_profiler(void) {
  return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "no profiler");
}

static sk_pjrt_error *start(sk_pjrt_profiler_args *args) {
  sk_pjrt_error *error = NULL;
  SK_PJRT_TRY(args->profiler ? NULL : no_profiler());
  sk_mutex_lock(&recorder.lock);
  if (recorder.running && recorder.running != args->profiler) {
    error = sk_pjrt_error_new(SKARN_FAILED_PRECONDITION, "another profiler is running");
  } else if (!recorder.running) {
    sk_pjrt_trace_fini(&recorder.trace);
    recorder.trace.start_ns = sk_time_ns();
    recorder.trace.start_unix_ns = unix_ns();
    recorder.running = recorder.owner = args->profiler;
    SK_STORE_RELAXED(&recorder.process, getpid());
    args->profiler->collected = false;
    SK_STORE_RELAXED(&sk_pjrt_profile_wanted, 1);
  }
  sk_mutex_unlock(&recorder.lock);
  return error;
}

static void end(const sk_pjrt_profiler *profiler) {
  if (recorder.running == profiler) {
    recorder.running = NULL;
    SK_STORE_RELAXED(&sk_pjrt_profile_wanted, 0);
  }
}

static sk_pjrt_error *stop(sk_pjrt_profiler_args *args) {
  sk_mutex_lock(&recorder.lock);
  end(args->profiler);
  sk_mutex_unlock(&recorder.lock);
  return NULL;
}

static sk_pjrt_error *destroy(sk_pjrt_profiler_args *args) {
  if (!args->profiler) {
    return NULL;
  }
  sk_mutex_lock(&recorder.lock);
  end(args->profiler);
  if (recorder.owner == args->profiler) {
    recorder.owner = NULL;
    sk_pjrt_trace_fini(&recorder.trace);
  }
  sk_mutex_unlock(&recorder.lock);
  sk_text_fini(&args->profiler->bytes);
  sk_mem_free(args->profiler);
  return NULL;
}

static sk_pjrt_error *collect(sk_pjrt_profiler *profiler) {
  sk_pjrt_error *error = NULL;
  sk_mutex_lock(&recorder.lock);
  if (recorder.running == profiler) {
    error = sk_pjrt_error_new(SKARN_FAILED_PRECONDITION, "the profiler is running: stop it first");
  } else if (!profiler->collected) {
    sk_text_fini(&profiler->bytes);
    sk_text_init(&profiler->bytes);
    if (recorder.owner == profiler) {
      sk_pjrt_trace_write(&recorder.trace, &profiler->bytes);
    }
    profiler->collected = !profiler->bytes.failed;
    error = profiler->collected ? NULL : sk_pjrt_no_memory();
  }
  sk_mutex_unlock(&recorder.lock);
  return error;
}

static sk_pjrt_error *collect_data(sk_pjrt_profiler_collect_args *args) {
  sk_pjrt_profiler *profiler = args->profiler;
  SK_PJRT_TRY(profiler ? NULL : no_profiler());
  SK_PJRT_TRY(collect(profiler));
  if (!args->buffer) {
    args->buffer = (uint8_t *)profiler->bytes.data;
  } else if (profiler->bytes.len) {
    memcpy(args->buffer, profiler->bytes.data, profiler->bytes.len);
  }
  args->buffer_size_in_bytes = profiler->bytes.len;
  return NULL;
}

const sk_pjrt_profiler_api sk_pjrt_profiler_functions = {.struct_size =
                                                             sizeof(sk_pjrt_profiler_api),
                                                         .error_destroy = destroy_error,
                                                         .error_message = get_message,
                                                         .error_get_code = get_code,
                                                         .create = create,
                                                         .destroy = destroy,
                                                         .start = start,
                                                         .stop = stop,
                                                         .collect_data = collect_data};
