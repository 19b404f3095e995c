// SPDX-License-Identifier: Apache-2.0
// Executables: made from what the compiler or a saved file gives, asked by clients, ended.
//
// Everything a client may ask is prepared when the executable is made, in one arena-like set of
// arrays that belong to it, so that no question needs memory or a lock. A loaded executable is the
// executable on its devices; clients destroy the two in either order.
#include "pjrt/pjrt_executable.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "pjrt/pjrt_sharding.h"

enum { MAX_KEPT_PROGRAM = 4 << 20 };  // bytes

// ---- making

static void *new_array(size_t count, size_t elem_bytes, bool *ok) {
  void *array = sk_mem_zalloc((count ? count : 1) * elem_bytes);
  *ok = *ok && array;
  return array;
}

static int find_kind(const char *kind) {
  for (int i = 0; i < SK_PJRT_MEMORY_KINDS; i++) {
    if (strcmp(kind, sk_pjrt_memory_kinds[i]) == 0) {
      return i;
    }
  }
  return -1;
}

static sk_pjrt_error *describe_values(sk_pjrt_executable *executable) {
  size_t arg_count = executable->info.argument_count, result_count = executable->info.result_count;
  executable->plain = true;
  for (size_t i = 0; i < arg_count + result_count; i++) {
    bool is_arg = i < arg_count;
    size_t at = is_arg ? i : i - arg_count;
    sk_pjrt_value *value = is_arg ? &executable->args[at] : &executable->results[at];
    value->info.struct_size = sizeof value->info;
    SK_PJRT_TRY(sk_pjrt_error_from((is_arg ? skarn_executable_argument : skarn_executable_result)(
        executable->code, at, &value->info)));
    SK_PJRT_TRY(
        sk_pjrt_layout_parse(value->info.layout, (uint32_t)value->info.rank, &value->layout));
    const char *kind = *value->info.memory_kind ? value->info.memory_kind : "device";
    const char **kinds = is_arg ? executable->arg_kinds : executable->result_kinds;
    size_t *sizes = is_arg ? executable->arg_kind_sizes : executable->result_kind_sizes;
    kinds[at] = kind;
    sizes[at] = strlen(kind);
    (is_arg ? executable->arg_layouts : executable->result_layouts)[at] = &value->layout;
    int memory = find_kind(kind);
    if (memory < 0) {
      return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "there is no memory of kind \"%.64s\"",
                               kind);
    }
    if (!is_arg) {
      executable->result_memory[at] = (uint8_t)memory;
    }
    executable->plain = executable->plain && value->layout.row_major &&
                        value->info.type != SKARN_TYPE_TOKEN && memory == 0;
  }
  return NULL;
}

static sk_pjrt_error *describe_shardings(sk_pjrt_executable *executable) {
  static char nothing[] = "";
  size_t arg_count = executable->info.argument_count;
  for (size_t i = 0; i < arg_count + executable->info.result_count; i++) {
    const sk_pjrt_value *value =
        i < arg_count ? &executable->args[i] : &executable->results[i - arg_count];
    // On one device everything is replicated, whatever the program says.
    const char *text =
        executable->partition_count > 1 && value->info.sharding ? value->info.sharding : "";
    SK_PJRT_TRY(
        sk_pjrt_sharding_encode(text, &executable->shardings[i], &executable->sharding_sizes[i]));
    if (!executable->shardings[i]) {
      executable->shardings[i] = nothing;
    }
  }
  return NULL;
}

static sk_pjrt_error *describe_results(sk_pjrt_executable *executable) {
  size_t count = executable->info.result_count, dims = 0, at = 0;
  for (size_t i = 0; i < count; i++) {
    dims += executable->results[i].info.rank;
  }
  bool ok = true;
  executable->result_dims = new_array(dims, sizeof(int64_t), &ok);
  SK_PJRT_TRY(ok ? NULL : sk_pjrt_no_memory());
  for (size_t i = 0; i < count; i++) {
    const skarn_value_info *info = &executable->results[i].info;
    executable->result_types[i] = sk_pjrt_type_to(info->type);
    executable->result_ranks[i] = info->rank;
    for (size_t k = 0; k < info->rank; k++) {
      executable->result_dims[at++] = info->dims[k];
    }
  }
  return NULL;
}

// What the executable does for all devices together becomes what it does for one.
static void share_among(skarn_executable_info *info, size_t devices) {
  info->argument_count /= devices;
  info->result_count /= devices;
  info->argument_bytes /= devices;
  info->result_bytes /= devices;
  info->alias_bytes /= devices;
  info->arena_bytes = (info->arena_bytes + devices - 1) / devices;
  info->flops = info->flops < 0 ? -1 : info->flops / (double)devices;
  info->bytes_accessed = info->bytes_accessed < 0 ? -1 : info->bytes_accessed / (double)devices;
}

static sk_pjrt_error *make_tables(sk_pjrt_executable *executable) {
  executable->info.struct_size = sizeof executable->info;
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_executable_get_info(executable->code, &executable->info)));
  size_t devices = (size_t)(executable->replica_count * executable->partition_count);
  if (executable->info.argument_count % devices || executable->info.result_count % devices) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "the executable is not one for %zu devices",
                             devices);
  }
  share_among(&executable->info, devices);
  size_t arg_count = executable->info.argument_count, result_count = executable->info.result_count;
  bool ok = true;
  executable->args = new_array(arg_count, sizeof *executable->args, &ok);
  executable->results = new_array(result_count, sizeof *executable->results, &ok);
  executable->result_types = new_array(result_count, sizeof(int), &ok);
  executable->result_ranks = new_array(result_count, sizeof(size_t), &ok);
  executable->arg_kinds = new_array(arg_count, sizeof(char *), &ok);
  executable->result_kinds = new_array(result_count, sizeof(char *), &ok);
  executable->arg_kind_sizes = new_array(arg_count, sizeof(size_t), &ok);
  executable->result_kind_sizes = new_array(result_count, sizeof(size_t), &ok);
  executable->arg_layouts = new_array(arg_count, sizeof(void *), &ok);
  executable->result_layouts = new_array(result_count, sizeof(void *), &ok);
  executable->result_memory = new_array(result_count, 1, &ok);
  executable->shardings = new_array(arg_count + result_count, sizeof(char *), &ok);
  executable->sharding_sizes = new_array(arg_count + result_count, sizeof(size_t), &ok);
  SK_PJRT_TRY(ok ? NULL : sk_pjrt_no_memory());
  SK_PJRT_TRY(describe_values(executable));
  SK_PJRT_TRY(describe_shardings(executable));
  return describe_results(executable);
}

static void set_cost(sk_pjrt_named_value *cost, const char *name, double value) {
  *cost = (sk_pjrt_named_value){.struct_size = sizeof *cost,
                                .name = name,
                                .name_size = strlen(name),
                                .type = SK_PJRT_FLOAT,
                                .value_size = 1};
  cost->float_value = (float)value;
}

static void make_fingerprint(sk_pjrt_executable *executable) {
  uint64_t parts[3] = {executable->info.fingerprint, (uint64_t)executable->replica_count,
                       (uint64_t)executable->partition_count};
  executable->fingerprint = sk_hash_bytes(parts, sizeof parts, 0);
  snprintf(executable->fingerprint_text, sizeof executable->fingerprint_text, "%016llx",
           (unsigned long long)executable->fingerprint);
}

sk_pjrt_error *sk_pjrt_executable_create(sk_pjrt_client *client, skarn_executable *code,
                                         const sk_pjrt_compile_options *options,
                                         const char *option_bytes, size_t option_size,
                                         sk_pjrt_executable **out_executable) {
  *out_executable = NULL;
  sk_pjrt_executable *executable = sk_mem_zalloc(sizeof *executable);
  if (!executable) {
    skarn_executable_release(code);
    return sk_pjrt_no_memory();
  }
  atomic_store(&executable->refs, 1);
  executable->client = client;
  sk_pjrt_client_retain(client);
  executable->code = code;
  executable->replica_count = options->replica_count;
  executable->partition_count = options->partition_count;
  executable->options = sk_mem_alloc(option_size);
  executable->options_size = option_size;
  sk_pjrt_error *error = executable->options ? make_tables(executable) : sk_pjrt_no_memory();
  if (error) {
    sk_pjrt_executable_release(executable);
    return error;
  }
  if (option_size) {
    memcpy(executable->options, option_bytes, option_size);
  }
  make_fingerprint(executable);
  set_cost(&executable->costs[0], "flops", executable->info.flops);
  set_cost(&executable->costs[1], "bytes accessed", executable->info.bytes_accessed);
  *out_executable = executable;
  return NULL;
}

sk_pjrt_error *sk_pjrt_executable_keep_program(sk_pjrt_executable *executable,
                                               const sk_pjrt_program *program) {
  if (program->code_size == 0 || program->code_size > MAX_KEPT_PROGRAM) {
    return NULL;
  }
  executable->program = sk_mem_alloc(program->code_size);
  SK_PJRT_TRY(executable->program ? NULL : sk_pjrt_no_memory());
  memcpy(executable->program, program->code, program->code_size);
  executable->program_size = program->code_size;
  return NULL;
}

void sk_pjrt_executable_release(sk_pjrt_executable *executable) {
  if (!executable || atomic_fetch_sub_explicit(&executable->refs, 1, memory_order_acq_rel) != 1) {
    return;
  }
  sk_pjrt_client *client = executable->client;
  size_t count = executable->info.argument_count + executable->info.result_count;
  for (size_t i = 0; executable->sharding_sizes && i < count; i++) {
    if (executable->sharding_sizes[i]) {
      sk_mem_free(executable->shardings[i]);
    }
  }
  void *owned[] = {executable->args,           executable->results,
                   executable->result_types,   executable->result_ranks,
                   executable->result_dims,    executable->arg_kinds,
                   executable->result_kinds,   executable->arg_kind_sizes,
                   executable->arg_layouts,    executable->result_kind_sizes,
                   executable->result_layouts, executable->shardings,
                   executable->options,        executable->sharding_sizes,
                   executable->result_memory,  executable->program};
  for (size_t i = 0; i < SK_COUNT(owned); i++) {
    sk_mem_free(owned[i]);
  }
  for (int64_t d = 0; executable->apart && d < executable->partition_count; d++) {
    skarn_executable_release(executable->apart[d]);
  }
  sk_mem_free(executable->apart);
  skarn_executable_release(executable->code);
  sk_mem_free(executable);
  sk_pjrt_client_release(client);
}

static void destroy_loaded(sk_pjrt_loaded *loaded) {
  sk_pjrt_executable_release(loaded->executable);
  sk_mem_free(loaded->devices);
  sk_mem_free(loaded->logical_ids);
  sk_mem_free(loaded);
}

static sk_pjrt_error *find_devices(sk_pjrt_loaded *loaded, const sk_pjrt_compile_options *options) {
  const sk_pjrt_client *client = loaded->executable->client;
  size_t count = (size_t)(options->replica_count * options->partition_count);
  bool ok = true;
  loaded->devices = new_array(count, sizeof(void *), &ok);
  loaded->logical_ids = new_array(count, sizeof *loaded->logical_ids, &ok);
  SK_PJRT_TRY(ok ? NULL : sk_pjrt_no_memory());
  loaded->device_count = count;
  // The assignment lists the replicas of each partition, a call the partitions of each replica.
  for (size_t i = 0; i < count; i++) {
    size_t partitions = (size_t)options->partition_count;
    size_t replica = i / partitions, partition = i % partitions;
    size_t at = partition * (size_t)options->replica_count + replica;
    int64_t id = at < options->device_id_count ? options->device_ids[at] : (int64_t)i;
    loaded->devices[i] = sk_pjrt_client_find(client, id);
    loaded->logical_ids[i] = (sk_pjrt_logical_id){(int)replica, (int)partition};
    if (!loaded->devices[i]) {
      return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                               "the program is assigned to device %lld: there are %zu",
                               (long long)id, client->device_count);
    }
  }
  return NULL;
}

sk_pjrt_error *sk_pjrt_loaded_create(sk_pjrt_executable *executable,
                                     const sk_pjrt_compile_options *options,
                                     sk_pjrt_loaded **out_loaded) {
  *out_loaded = NULL;
  sk_pjrt_loaded *loaded = sk_mem_zalloc(sizeof *loaded);
  if (!loaded) {
    sk_pjrt_executable_release(executable);
    return sk_pjrt_no_memory();
  }
  loaded->executable = executable;
  loaded->portable = options->portable;
  sk_pjrt_error *error = find_devices(loaded, options);
  if (error) {
    destroy_loaded(loaded);
    return error;
  }
  *out_loaded = loaded;
  return NULL;
}

// ---- ends

sk_pjrt_error *sk_pjrt_Executable_Destroy(sk_pjrt_Executable_Destroy_args *args) {
  sk_pjrt_executable_release(args->executable);
  return NULL;
}

sk_pjrt_error *sk_pjrt_LoadedExecutable_Destroy(sk_pjrt_LoadedExecutable_Destroy_args *args) {
  destroy_loaded(args->executable);
  return NULL;
}

sk_pjrt_error *sk_pjrt_LoadedExecutable_Delete(sk_pjrt_LoadedExecutable_Delete_args *args) {
  atomic_store(&args->executable->deleted, true);
  return NULL;
}

sk_pjrt_error *sk_pjrt_LoadedExecutable_IsDeleted(sk_pjrt_LoadedExecutable_IsDeleted_args *args) {
  args->is_deleted = atomic_load(&args->executable->deleted);
  return NULL;
}

// ---- asking executables

sk_pjrt_error *sk_pjrt_Executable_Name(sk_pjrt_Executable_Name_args *args) {
  args->executable_name = args->executable->info.name;
  args->executable_name_size = strlen(args->executable_name);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Executable_NumReplicas(sk_pjrt_Executable_NumReplicas_args *args) {
  args->num_replicas = (size_t)args->executable->replica_count;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Executable_NumPartitions(sk_pjrt_Executable_NumPartitions_args *args) {
  args->num_partitions = (size_t)args->executable->partition_count;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Executable_NumOutputs(sk_pjrt_Executable_NumOutputs_args *args) {
  args->num_outputs = args->executable->info.result_count;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Executable_SizeOfGeneratedCodeInBytes(
    sk_pjrt_Executable_SizeOfGeneratedCodeInBytes_args *args) {
  args->size_in_bytes = (int64_t)args->executable->info.code_bytes;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Executable_Fingerprint(sk_pjrt_Executable_Fingerprint_args *args) {
  args->executable_fingerprint = args->executable->fingerprint_text;
  args->executable_fingerprint_size = strlen(args->executable_fingerprint);
  return NULL;
}

sk_pjrt_error *
sk_pjrt_LoadedExecutable_Fingerprint(sk_pjrt_LoadedExecutable_Fingerprint_args *args) {
  args->executable_fingerprint = args->executable->executable->fingerprint_text;
  args->executable_fingerprint_size = strlen(args->executable_fingerprint);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Executable_GetCostAnalysis(sk_pjrt_Executable_GetCostAnalysis_args *args) {
  bool known = args->executable->info.flops >= 0;
  args->properties = known ? args->executable->costs : NULL;
  args->num_properties = known ? SK_PJRT_COSTS : 0;
  return NULL;
}

sk_pjrt_error *
sk_pjrt_Executable_GetCompiledMemoryStats(sk_pjrt_Executable_GetCompiledMemoryStats_args *args) {
  const skarn_executable_info *info = &args->executable->info;
  size_t known =
      offsetof(sk_pjrt_Executable_GetCompiledMemoryStats_args, generated_code_size_in_bytes);
  memset((char *)args + known, 0, SK_MIN(args->struct_size, sizeof *args) - known);
  uint64_t temporary = info->arena_bytes + info->scratch_bytes;
  uint64_t total = info->argument_bytes + info->result_bytes - info->alias_bytes + temporary;
  args->generated_code_size_in_bytes = (int64_t)info->code_bytes;
  args->argument_size_in_bytes = (int64_t)info->argument_bytes;
  args->output_size_in_bytes = (int64_t)info->result_bytes;
  args->alias_size_in_bytes = (int64_t)info->alias_bytes;
  args->temp_size_in_bytes = (int64_t)temporary;
  SK_PJRT_SET(args, peak_memory_in_bytes, (int64_t)total);
  SK_PJRT_SET(args, total_size_in_bytes, (int64_t)total);
  SK_PJRT_SET(args, total_allocation_bytes, (int64_t)total);
  SK_PJRT_SET(args, peak_unpadded_heap_bytes, (int64_t)temporary);
  return NULL;
}

sk_pjrt_error *
sk_pjrt_Executable_OutputElementTypes(sk_pjrt_Executable_OutputElementTypes_args *args) {
  args->output_types = args->executable->result_types;
  args->num_output_types = args->executable->info.result_count;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Executable_OutputDimensions(sk_pjrt_Executable_OutputDimensions_args *args) {
  args->num_outputs = args->executable->info.result_count;
  args->dims = args->executable->result_dims;
  args->dim_sizes = args->executable->result_ranks;
  return NULL;
}

sk_pjrt_error *
sk_pjrt_Executable_ParameterMemoryKinds(sk_pjrt_Executable_ParameterMemoryKinds_args *args) {
  args->num_parameters = args->executable->info.argument_count;
  args->memory_kinds = args->executable->arg_kinds;
  args->memory_kind_sizes = args->executable->arg_kind_sizes;
  return NULL;
}

sk_pjrt_error *
sk_pjrt_Executable_OutputMemoryKinds(sk_pjrt_Executable_OutputMemoryKinds_args *args) {
  args->num_outputs = args->executable->info.result_count;
  args->memory_kinds = args->executable->result_kinds;
  args->memory_kind_sizes = args->executable->result_kind_sizes;
  return NULL;
}

// There is no program in StableHLO or HLO after optimisation: what clients get is what the compiler
// began with, one function for all devices, without dialects that only say where things are. The first
// call asks for the size, the second brings the memory.
sk_pjrt_error *sk_pjrt_Executable_OptimizedProgram(sk_pjrt_Executable_OptimizedProgram_args *args) {
  const sk_pjrt_executable *executable = args->executable;
  sk_pjrt_program *program = args->program;
  static char format[] = "mlir";
  if (program->struct_size < sizeof *program) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "the program's struct has %zu bytes",
                             program->struct_size);
  }
  if (!executable->program) {
    return sk_pjrt_error_new(SKARN_UNIMPLEMENTED,
                             "'%s' was loaded, or its program is larger than %d bytes: no text is "
                             "kept of it",
                             executable->info.name, MAX_KEPT_PROGRAM);
  }
  skarn_program source = SKARN_INIT(skarn_program);
  source.data = executable->program;
  source.size = executable->program_size;
  skarn_convert_options options = SKARN_INIT(skarn_convert_options);
  options.locations = true;
  options.devices = (uint32_t)executable->partition_count;
  skarn_bytes *text;
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_program_convert(&source, &options, &text)));
  size_t room = program->code_size;
  program->format = format;
  program->format_size = sizeof format - 1;
  program->code_size = skarn_bytes_size(text);
  sk_pjrt_error *error = NULL;
  if (program->code && room < program->code_size) {
    error = sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                              "the program has %zu bytes, there is room for %zu",
                              program->code_size, room);
  } else if (program->code) {
    memcpy(program->code, skarn_bytes_data(text), program->code_size);
  }
  skarn_bytes_release(text);
  return error;
}

static void delete_nothing(void *object) { (void)object; }

sk_pjrt_error *
sk_pjrt_Executable_GetCompileOptions(sk_pjrt_Executable_GetCompileOptions_args *args) {
  args->serialized_bytes = args->executable->options;
  args->serialized_bytes_size = args->executable->options_size;
  args->serialized_compile_options = NULL;
  args->serialized_compile_options_deleter = delete_nothing;
  return NULL;
}

// ---- asking loaded executables

sk_pjrt_error *
sk_pjrt_LoadedExecutable_GetExecutable(sk_pjrt_LoadedExecutable_GetExecutable_args *args) {
  args->executable = args->loaded_executable->executable;
  atomic_fetch_add_explicit(&args->executable->refs, 1, memory_order_relaxed);
  return NULL;
}

sk_pjrt_error *sk_pjrt_LoadedExecutable_AddressableDevices(
    sk_pjrt_LoadedExecutable_AddressableDevices_args *args) {
  args->addressable_devices = args->executable->devices;
  args->num_addressable_devices = args->executable->device_count;
  return NULL;
}

sk_pjrt_error *sk_pjrt_LoadedExecutable_AddressableDeviceLogicalIds(
    sk_pjrt_LoadedExecutable_AddressableDeviceLogicalIds_args *args) {
  args->addressable_device_logical_ids = args->executable->logical_ids;
  args->num_addressable_device_logical_ids = args->executable->device_count;
  return NULL;
}
