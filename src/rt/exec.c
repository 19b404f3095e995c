// SPDX-License-Identifier: Apache-2.0
// Executables: an image loaded into a client, and the frames its executions use.
//
//   texts, tables    copied into an arena of the executable
//   code             copied into code memory
//   constants        copied once, 64-byte aligned; or left where they are, when lent
//   frame            [ sk_call_frame | sk_frame | slots | scratch of the calling thread ]  + arena
//
// Frames are made when needed and kept: each holds what one execution needs besides arguments and
// results, so that a later one touches no new page. As many exist as ever ran at once. One idle
// frame is at hand without a lock.
#include <string.h>

#include "base/str.h"
#include "rt/rt_int.h"

enum { LONG_RUN_US = 100 };  // from here on a thread of its own costs next to nothing

// ---- copying the image

static const char *copy_text(sk_arena *arena, const char *text, bool *ok) {
  char *copy = sk_arena_strndup(arena, text, strlen(text));
  *ok = *ok && copy;
  return copy;
}

static const void *copy_array(sk_arena *arena, const void *data, size_t count, size_t elem_bytes,
                              bool *ok) {
  if (count == 0) {
    return NULL;
  }
  void *copy = sk_arena_copy(arena, data, count * elem_bytes, 8);
  *ok = *ok && copy;
  return copy;
}

static const sk_image_value *copy_values(sk_arena *arena, const sk_image_value *values,
                                         uint32_t count, bool *ok) {
  sk_image_value *copies = sk_unconst(copy_array(arena, values, count, sizeof *values, ok));
  for (uint32_t i = 0; *ok && i < count; i++) {
    sk_image_value *value = &copies[i];
    value->name = copy_text(arena, value->name, ok);
    value->type_text = copy_text(arena, value->type_text, ok);
    value->memory_kind = copy_text(arena, value->memory_kind, ok);
    value->layout = copy_text(arena, value->layout, ok);
    value->sharding = copy_text(arena, value->sharding, ok);
    value->dims = copy_array(arena, value->dims, value->rank, sizeof *value->dims, ok);
    // Its value was checked: only the sum is kept.
    (void)sk_dtype_array_bytes(value->type, value->rank, value->dims, &value->bytes);
  }
  return copies;
}

static const sk_image_fn *copy_fns(sk_arena *arena, const sk_image_fn *fns, uint32_t count,
                                   bool *ok) {
  sk_image_fn *copies = sk_unconst(copy_array(arena, fns, count, sizeof *fns, ok));
  for (uint32_t i = 0; *ok && i < count; i++) {
    copies[i].name = copy_text(arena, copies[i].name, ok);
  }
  return copies;
}

static sk_status copy_tables(sk_exec *exec, const sk_image *image, const char *capture_dir) {
  sk_arena *arena = &exec->arena;
  sk_image *copy = &exec->image;
  bool ok = true;
  *copy = *image;
  copy->name = copy_text(arena, image->name, &ok);
  copy->args = copy_values(arena, image->args, image->arg_count, &ok);
  copy->results = ok ? copy_values(arena, image->results, image->result_count, &ok) : NULL;
  copy->steps = copy_array(arena, image->steps, image->step_count, sizeof *image->steps, &ok);
  copy->carried =
      copy_array(arena, image->carried, image->carried_count, sizeof *image->carried, &ok);
  copy->fns = ok ? copy_fns(arena, image->fns, image->fn_count, &ok) : NULL;
  copy->blob = copy_array(arena, image->blob, image->blob_bytes, 1, &ok);
  exec->capture_dir = capture_dir ? copy_text(arena, capture_dir, &ok) : NULL;
  return ok ? NULL : sk_status_no_memory();
}

static sk_status copy_consts(sk_exec *exec, const sk_image *image, bool lent) {
  if (image->const_bytes == 0 || (lent && (uintptr_t)image->consts % SK_CACHE_LINE == 0)) {
    return NULL;
  }
  exec->own_consts = sk_mem_alloc_aligned(image->const_bytes, SK_CACHE_LINE);
  if (!exec->own_consts) {
    return sk_status_no_memory();
  }
  memcpy(exec->own_consts, image->consts, image->const_bytes);
  exec->image.consts = exec->own_consts;
  return NULL;
}

// ---- code

static bool is_foreign(const sk_image *image) {
  const sk_cpu *cpu = sk_cpu_get();
  return image->isa > (uint32_t)cpu->isa || (image->features & ~cpu->features) != 0;
}

static sk_status foreign_error(const sk_image *image) {
  return sk_status_new(SK_UNIMPLEMENTED,
                       "'%s' was compiled for tier %s with features 0x%x; this processor has %s "
                       "with 0x%x",
                       image->name, sk_isa_name((sk_isa)image->isa), image->features,
                       sk_isa_name(sk_cpu_get()->isa), sk_cpu_get()->features);
}

static sk_status load_code(sk_exec *exec, const sk_image *image, const sk_exec_options *options) {
  if (image->code_bytes == 0) {
    return NULL;
  }
  if (!options->isa_unchecked && is_foreign(image)) {
    if (!options->allow_foreign) {
      return foreign_error(image);
    }
    bool ok = true;
    exec->image.code = copy_array(&exec->arena, image->code, image->code_bytes, 1, &ok);
    return ok ? NULL : sk_status_no_memory();
  }
  // perf looks names up for code in anonymous memory only.
  SK_TRY(sk_codemem_load(&exec->client->code, image->code, image->code_bytes, options->perf_map,
                         &exec->code));
  exec->image.code = exec->code.exec;
  if (options->perf_map) {
    sk_perf_map_add(&exec->image, exec->code.exec, &exec->client->log);
  }
  if (options->gdb) {
    exec->gdb = sk_gdb_add(&exec->image, exec->code.exec);
  }
  return NULL;
}

static sk_status load_runner(sk_exec *exec) {
  const sk_image *image = &exec->image;
  if (exec->runner.run || image->step_count == 0 || image->steps[0].kind != SK_STEP_LOOP) {
    return NULL;
  }
  if (!sk_rt_the_compiler) {
    return sk_status_new(SK_UNIMPLEMENTED,
                         "'%s' has no native code, and this library has no compiler to run it with",
                         image->name);
  }
  return sk_rt_the_compiler->load_loop((const char *)image->blob + image->steps[0].offset,
                                       (size_t)image->steps[0].bytes, &exec->runner);
}

// ---- making and ending

// Temporaries, scratch of all threads and results of one execution: that they are more than its
// limit is known before anything runs.
static sk_status check_limit(const sk_image *image, uint64_t limit, uint32_t threads) {
  uint64_t bytes = image->arena_bytes, scratch;
  if (SK_MUL_OVERFLOW(image->scratch_bytes, (uint64_t)threads, &scratch) ||
      SK_ADD_OVERFLOW(bytes, scratch, &bytes)) {
    bytes = UINT64_MAX;
  }
  for (uint32_t i = 0; i < image->result_count; i++) {
    uint64_t more = image->results[i].shares < 0 ? image->results[i].bytes : 0;
    bytes = bytes <= UINT64_MAX - more ? bytes + more : UINT64_MAX;
  }
  if (limit == 0 || bytes <= limit) {
    return NULL;
  }
  return sk_status_new(SK_RESOURCE_EXHAUSTED,
                       "'%s' needs %llu bytes of temporaries and results, its limit is %llu",
                       image->name, (unsigned long long)bytes, (unsigned long long)limit);
}

static void destroy(sk_exec *exec) {
  sk_call_frame *frame = atomic_load(&exec->idle);
  while (frame || exec->frames) {
    if (!frame) {
      frame = exec->frames;
      exec->frames = frame->next;
    }
    if (frame->arena) {
      sk_mempool_give(&exec->client->memory, frame->arena);
    }
    sk_mem_free(frame);
    frame = NULL;
  }
  sk_exec_drop_sites(exec);
  sk_gdb_remove(exec->gdb);
  sk_codemem_unload(&exec->client->code, &exec->code);
  sk_mem_free(exec->own_consts);
  if (exec->runner.destroy) {
    exec->runner.destroy(exec->runner.state);
  }
  if (exec->attachment.destroy) {
    exec->attachment.destroy(exec->attachment.data);
  }
  if (exec->release) {
    exec->release(exec->release_user, exec->lent);
  }
  sk_arena_fini(&exec->arena);
  sk_client_release(exec->client);
  sk_mem_free(exec);
}

static void set_facts(sk_exec *exec, const sk_exec_options *options) {
  const sk_image *image = &exec->image;
  exec->threads = options->threads ? options->threads : sk_cpu_get()->threads;
  exec->threads = SK_MIN(exec->threads, (uint32_t)SK_MAX_THREADS);
  exec->long_run_ticks = LONG_RUN_US * sk_cpu_get()->ticks_per_us;
  exec->fill_arena = options->fill_arena;
  exec->facts = (sk_exec_facts){.via = exec->runner.run ? exec->runner.via : "native",
                                .device = options->device,
                                .threads = exec->threads};
  for (uint32_t i = 0; i < image->arg_count; i++) {
    exec->has_donors = exec->has_donors || image->args[i].donor;
  }
  for (uint32_t i = 0; i < image->result_count; i++) {
    exec->has_donors = exec->has_donors || image->results[i].shares >= 0;
  }
  uint32_t slots = image->arg_count + image->result_count + image->carried_count;
  exec->frame_bytes =
      sk_align_up(sizeof(sk_call_frame) + sizeof(sk_frame) + slots * sizeof(void *), SK_CACHE_LINE);
  exec->scratch_bytes = sk_align_up(SK_MAX(image->scratch_bytes, 1u), SK_CACHE_LINE);
}

static sk_status fill_exec(sk_exec *exec, const sk_image *image, const sk_exec_options *options) {
  SK_TRY(copy_tables(exec, image, options->capture_dir));
  uint32_t threads = options->threads ? options->threads : sk_cpu_get()->threads;
  SK_TRY(check_limit(&exec->image, options->memory_limit_bytes,
                     SK_MIN(threads, (uint32_t)SK_MAX_THREADS)));
  SK_TRY(copy_consts(exec, image, options->release != NULL));
  SK_TRY(load_code(exec, image, options));
  return load_runner(exec);
}

sk_status sk_exec_create(sk_client *client, const sk_image *image, const sk_exec_options *options,
                         sk_exec **out_exec) {
  *out_exec = NULL;
  SK_TRY(sk_image_check(image));
  if (options->device >= client->device_count) {
    return sk_status_new(SK_INVALID_ARGUMENT, "there is no device %u", options->device);
  }
  sk_exec *exec = sk_mem_zalloc(sizeof *exec);
  if (!exec) {
    return sk_status_no_memory();
  }
  atomic_store(&exec->refs, 1);
  exec->client = client;
  sk_client_retain(client);
  sk_arena_init(&exec->arena);
  exec->runner = options->runner;
  sk_status status = fill_exec(exec, image, options);
  if (status) {
    exec->runner = options->runner.run ? (sk_runner){0} : exec->runner;  // still the caller's
    destroy(exec);
    return status;
  }
  set_facts(exec, options);
  exec->attachment = options->attachment;
  exec->release = options->release;
  exec->release_user = options->release_user;
  exec->lent = options->lent;
  if (exec->release && (exec->own_consts || image->const_bytes == 0)) {
    exec->release(exec->release_user, exec->lent);
    exec->release = NULL;
  }
  *out_exec = exec;
  return NULL;
}

sk_status sk_exec_load(sk_client *client, const void *bytes, size_t len,
                       const sk_exec_options *options, sk_exec **out_exec) {
  *out_exec = NULL;
  sk_arena arena;
  sk_arena_init(&arena);
  sk_image image;
  sk_status status = sk_image_read(bytes, len, &arena, &image);
  if (!status) {
    status = sk_exec_create(client, &image, options, out_exec);
  }
  sk_arena_fini(&arena);
  return status;
}

void sk_exec_retain(sk_exec *exec) {
  if (exec) {
    atomic_fetch_add_explicit(&exec->refs, 1, memory_order_relaxed);
  }
}

void sk_exec_release(sk_exec *exec) {
  if (exec && atomic_fetch_sub_explicit(&exec->refs, 1, memory_order_acq_rel) == 1) {
    destroy(exec);
  }
}

const sk_image *sk_exec_image(const sk_exec *exec) { return &exec->image; }
sk_client *sk_exec_client(const sk_exec *exec) { return exec->client; }
void *sk_exec_attachment(const sk_exec *exec) { return exec->attachment.data; }

void sk_exec_set_times(sk_exec *exec, double parse_us, double compile_us) {
  exec->facts.parse_us = parse_us;
  exec->facts.compile_us = compile_us;
}

void sk_exec_get_facts(const sk_exec *exec, sk_exec_facts *out_facts) {
  sk_exec *own = sk_unconst(exec);
  uint64_t fingerprint = atomic_load_explicit(&own->fingerprint, memory_order_relaxed);
  if (fingerprint == 0) {
    fingerprint = sk_image_fingerprint(&exec->image);
    atomic_store_explicit(&own->fingerprint, fingerprint, memory_order_relaxed);
  }
  *out_facts = exec->facts;
  out_facts->fingerprint = fingerprint;
}

// ---- frames

static sk_status new_frame(sk_exec *exec, sk_call_frame **out_frame) {
  const sk_image *image = &exec->image;
  sk_call_frame *call =
      sk_mem_alloc_aligned(exec->frame_bytes + exec->scratch_bytes, SK_CACHE_LINE);
  if (!call) {
    return sk_status_no_memory();
  }
  memset(call, 0, sizeof *call);
  if (image->arena_bytes) {
    sk_status status =
        sk_mempool_take(&exec->client->memory, image->arena_bytes, true, &call->arena);
    if (status) {
      sk_mem_free(call);
      return status;
    }
  }
  call->exec = exec;
  char *scratch = (char *)call + exec->frame_bytes;
  call->frame = (sk_frame *)(void *)(call + 1);
  *call->frame = (sk_frame){.arena = call->arena ? sk_block_data(call->arena) : scratch,
                            .consts = image->const_bytes ? image->consts : scratch,
                            .builtins = exec->client->builtins,
                            .scratch = scratch,
                            .runtime = call};
  *out_frame = call;
  return NULL;
}

sk_status sk_exec_take_frame(sk_exec *exec, sk_call_frame **out_frame) {
  sk_call_frame *call = atomic_exchange_explicit(&exec->idle, NULL, memory_order_acquire);
  if (SK_UNLIKELY(!call)) {
    sk_mutex_lock(&exec->client->memory.lock);
    call = exec->frames;
    exec->frames = call ? call->next : NULL;
    sk_mutex_unlock(&exec->client->memory.lock);
  }
  *out_frame = call;
  return call ? NULL : new_frame(exec, out_frame);
}

void sk_exec_give_frame(sk_exec *exec, sk_call_frame *call) {
  sk_call_frame *none = NULL;
  if (SK_LIKELY(atomic_compare_exchange_strong_explicit(
          &exec->idle, &none, call, memory_order_release, memory_order_relaxed))) {
    return;
  }
  sk_mutex_lock(&exec->client->memory.lock);
  call->next = exec->frames;
  exec->frames = call;
  sk_mutex_unlock(&exec->client->memory.lock);
}
