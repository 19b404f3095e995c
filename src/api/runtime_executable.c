// SPDX-License-Identifier: Apache-2.0
// Public C API: executables - loading and saving, what they say of themselves, executing.
//
// Executing is the path that must cost nothing: without options it goes straight to the runtime,
// whose objects the handles are.
#include "api/runtime_int.h"
#include "base/file.h"
#include "base/mem.h"

// ---- loading and saving

static sk_status write_image(const skarn_executable *executable, void **out_bytes,
                             size_t *out_len) {
  const sk_exec *exec = sk_api_exec(executable);
  const sk_image *image = sk_exec_image(exec);
  sk_exec_facts facts;
  sk_exec_get_facts(exec, &facts);
  if (image->step_count == 0 && strcmp(facts.via, "native") != 0) {
    return sk_status_new(SK_UNIMPLEMENTED, "'%s' runs through '%s' and cannot be saved",
                         image->name, facts.via);
  }
  return sk_image_write(image, out_bytes, out_len);
}

skarn_status *skarn_executable_serialize(const skarn_executable *executable,
                                         skarn_bytes **out_bytes) {
  *out_bytes = NULL;
  void *bytes;
  size_t len;
  sk_status status = write_image(executable, &bytes, &len);
  return status ? sk_api_to_status(status) : sk_api_new_bytes(bytes, len, out_bytes);
}

skarn_status *skarn_executable_save(const skarn_executable *executable, const char *path) {
  SK_API_REQUIRE(path, "no path");
  void *bytes;
  size_t len;
  sk_status status = write_image(executable, &bytes, &len);
  if (!status) {
    status = sk_file_write(path, bytes, len);
    sk_mem_free(bytes);
  }
  return sk_api_to_status(status);
}

static sk_status load(sk_client *client, const void *bytes, size_t size,
                      const skarn_load_options *given, sk_exec **out_exec) {
  sk_flags flags = *sk_client_flags(client);
  sk_arena arena;
  sk_arena_init(&arena);
  sk_status status = sk_api_set_options(&flags, &arena, given->options, given->option_count);
  if (!status) {
    sk_exec_options options = {.device = (uint32_t)given->device_id,
                               .threads = (uint32_t)flags.threads,
                               .memory_limit_bytes = (uint64_t)flags.memory_limit_bytes,
                               .perf_map = flags.perf_map,
                               .gdb = flags.gdb,
                               .release = given->release,
                               .release_user = given->release_user,
                               .lent = bytes};
    status = sk_exec_load(client, bytes, size, &options, out_exec);
  }
  sk_arena_fini(&arena);
  return status;
}

skarn_status *skarn_executable_deserialize(skarn_client *client, const void *bytes, size_t size,
                                           const skarn_load_options *options,
                                           skarn_executable **out_executable) {
  *out_executable = NULL;
  SK_API_REQUIRE(client && (bytes || size == 0), "no client or no bytes");
  skarn_load_options read = {.struct_size = sizeof read};
  if (options) {
    SK_API_READ(options, &read);
  }
  sk_exec *exec = NULL;
  sk_status status = load(sk_api_client(client), bytes, size, &read, &exec);
  *out_executable = sk_api_to_exec(exec);
  return sk_api_to_status(status);
}

skarn_status *skarn_executable_load(skarn_client *client, const char *path,
                                    const skarn_load_options *options,
                                    skarn_executable **out_executable) {
  *out_executable = NULL;
  SK_API_REQUIRE(client && path, "no client or no path");
  skarn_load_options read = {.struct_size = sizeof read};
  if (options) {
    SK_API_READ(options, &read);
  }
  read.release = NULL;  // nothing is lent
  sk_file file;
  sk_status status = sk_file_open(path, 0, &file);
  if (status) {
    return sk_api_to_status(status);
  }
  sk_exec *exec = NULL;
  status = load(sk_api_client(client), file.data, file.len, &read, &exec);
  sk_file_close(&file);
  *out_executable = sk_api_to_exec(exec);
  return sk_api_to_status(sk_status_note(status, "while loading %s", path));
}

void skarn_executable_retain(skarn_executable *executable) {
  sk_exec_retain(sk_api_exec(executable));
}
void skarn_executable_release(skarn_executable *executable) {
  sk_exec_release(sk_api_exec(executable));
}
skarn_client *skarn_executable_client(const skarn_executable *executable) {
  return sk_api_to_client(sk_exec_client(sk_api_exec(executable)));
}

// ---- introspection

static uint64_t sum_bytes(const sk_image_value *values, uint32_t count) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < count; i++) {
    sum += values[i].bytes;
  }
  return sum;
}

skarn_status *skarn_executable_get_info(const skarn_executable *executable,
                                        skarn_executable_info *out_info) {
  SK_API_REQUIRE(out_info->struct_size >= sizeof(size_t), "out_info lacks its struct_size");
  const sk_exec *exec = sk_api_exec(executable);
  const sk_image *image = sk_exec_image(exec);
  sk_exec_facts facts;
  sk_exec_get_facts(exec, &facts);
  skarn_executable_info info = {.name = image->name,
                                .via = facts.via,
                                .isa = sk_isa_name((sk_isa)image->isa),
                                .argument_count = image->arg_count,
                                .result_count = image->result_count,
                                .op_count = image->op_count,
                                .kernel_count = image->kernel_count,
                                .code_bytes = image->code_bytes,
                                .constant_bytes = image->const_bytes,
                                .arena_bytes = image->arena_bytes,
                                .scratch_bytes = image->scratch_bytes,
                                .argument_bytes = sum_bytes(image->args, image->arg_count),
                                .result_bytes = sum_bytes(image->results, image->result_count),
                                .flops = image->flops,
                                .bytes_accessed = image->bytes_accessed,
                                .parse_us = facts.parse_us,
                                .compile_us = facts.compile_us,
                                .fingerprint = facts.fingerprint,
                                .device_id = (int32_t)facts.device,
                                .threads = facts.threads,
                                .calls_host = image->host_calls};
  for (uint32_t i = 0; i < image->result_count; i++) {
    info.alias_bytes += image->results[i].shares >= 0 ? image->results[i].bytes : 0;
  }
  sk_api_write_struct(&info, sizeof info, out_info);
  return NULL;
}

static skarn_status *describe(const sk_image_value *values, uint32_t count, size_t index,
                              skarn_value_info *out_info) {
  SK_API_REQUIRE(out_info->struct_size >= sizeof(size_t), "out_info lacks its struct_size");
  if (index >= count) {
    return sk_api_to_status(
        sk_status_new(SK_OUT_OF_RANGE, "value %zu of %u does not exist", index, count));
  }
  const sk_image_value *value = &values[index];
  skarn_value_info info = {.name = value->name,
                           .type_text = value->type_text,
                           .type = (skarn_type)value->type,
                           .rank = value->rank,
                           .dims = value->dims,
                           .bytes = value->bytes,
                           .alias = value->alias,
                           .donor = value->donor,
                           .memory_kind = value->memory_kind,
                           .layout = value->layout,
                           .sharding = value->sharding};
  sk_api_write_struct(&info, sizeof info, out_info);
  return NULL;
}

skarn_status *skarn_executable_argument(const skarn_executable *executable, size_t index,
                                        skarn_value_info *out_info) {
  const sk_image *image = sk_exec_image(sk_api_exec(executable));
  return describe(image->args, image->arg_count, index, out_info);
}

skarn_status *skarn_executable_result(const skarn_executable *executable, size_t index,
                                      skarn_value_info *out_info) {
  const sk_image *image = sk_exec_image(sk_api_exec(executable));
  return describe(image->results, image->result_count, index, out_info);
}

// ---- executing

static skarn_status *execute_with_options(const sk_exec *exec, sk_buffer *const *arguments,
                                          size_t argument_count,
                                          const skarn_execute_options *options,
                                          sk_buffer **out_results, size_t result_count) {
  skarn_execute_options copy;
  const skarn_execute_options *read = options;
  if (SK_UNLIKELY(options->struct_size != sizeof *options)) {  // of another version
    SK_API_READ(options, &copy);
    read = &copy;
  }
  if (read->out_done) {
    *read->out_done = NULL;
  }
  sk_call_options call = {.non_donatable = read->non_donatable,
                          .non_donatable_count = read->non_donatable_count,
                          .device = sk_api_device(read->device),
                          .devices = (sk_device *const *)(const void *)read->devices,
                          .device_count = read->device_count,
                          .launch_id = read->launch_id,
                          .may_return_early = read->may_return_early,
                          .host_context = read->custom_call_context};
  sk_event *done = NULL;
  call.out_done = read->out_done ? &done : NULL;
  sk_status status = sk_exec_run(exec, arguments, argument_count, &call, out_results, result_count);
  if (read->out_done) {
    *read->out_done = sk_api_to_event(done);
  }
  return sk_api_to_status(status);
}

skarn_status *skarn_executable_execute(const skarn_executable *executable,
                                       skarn_buffer *const *arguments, size_t argument_count,
                                       const skarn_execute_options *options,
                                       skarn_buffer **out_results, size_t result_count) {
  // Arrays of handles are arrays of objects.
  sk_buffer *const *args = (sk_buffer *const *)(const void *)arguments;
  sk_buffer **results = (sk_buffer **)(void *)out_results;
  if (SK_UNLIKELY(options != NULL)) {
    return execute_with_options(sk_api_exec(executable), args, argument_count, options, results,
                                result_count);
  }
  return sk_api_to_status(
      sk_exec_run(sk_api_exec(executable), args, argument_count, NULL, results, result_count));
}
