// SPDX-License-Identifier: Apache-2.0
// From a program to a loaded executable, and between one and its saved bytes.
//
// A saved executable is for this build of the library alone: the client's cache asks again when it
// is refused.
//
//   saved   [ header | build id and version | compile options | executable of the runtime ]
//           the header holds their sizes and a hash of all that follows it; processor features are
//           checked by the runtime
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "pjrt/pjrt_executable.h"
#include "pjrt/pjrt_proto.h"

typedef struct saved_header {
  char magic[8];
  uint64_t hash;  // of everything behind the header
  uint64_t version_size, options_size, code_size;
} saved_header;

static const char saved_magic[8] = "SKPJRT1";

// ---- compiling

static sk_pjrt_error *check_participants(const sk_pjrt_client *client,
                                         const sk_pjrt_compile_options *options) {
  int64_t count;
  if (options->replica_count < 1 || options->partition_count < 1 ||
      SK_MUL_OVERFLOW(options->replica_count, options->partition_count, &count) ||
      count > (int64_t)client->device_count) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                             "%lld replicas of %lld partitions on %zu devices",
                             (long long)options->replica_count, (long long)options->partition_count,
                             client->device_count);
  }
  if (options->device_id_count != 0 && (int64_t)options->device_id_count != count) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                             "the device assignment has %zu entries for %lld devices",
                             options->device_id_count, (long long)count);
  }
  return NULL;
}

static skarn_status *compile_with(sk_pjrt_client *client, const sk_pjrt_program *program,
                                  const sk_pjrt_compile_options *options, const skarn_option *list,
                                  size_t count, skarn_executable **out_code) {
  int32_t device_id = options->device_id_count ? (int32_t)options->device_ids[0] : 0;
  skarn_program source = SKARN_INIT(skarn_program);
  source.data = program->code;
  source.size = program->code_size;
  skarn_compile_options under = SKARN_INIT(skarn_compile_options);
  under.options = list;
  under.option_count = count;
  under.device_ids = &device_id;
  under.device_count = 1;
  return skarn_compile(client->client, &source, &under, out_code);
}

static sk_pjrt_error *compile(sk_pjrt_client *client, const sk_pjrt_program *program,
                              const sk_pjrt_compile_options *options, skarn_executable **out_code) {
  *out_code = NULL;
  SK_PJRT_TRY(check_participants(client, options));
  if (!program->format || !sk_pjrt_name_is(program->format, program->format_size, "mlir")) {
    return sk_pjrt_error_new(SKARN_UNIMPLEMENTED,
                             "programs of format \"%.*s\" are not supported, only \"mlir\"",
                             (int)SK_MIN(program->format ? program->format_size : 0, 64u),
                             program->format ? program->format : "");
  }
  if (!program->code && program->code_size) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "a program without code");
  }
  return sk_pjrt_error_from(
      compile_with(client, program, options, options->list.options, options->list.count, out_code));
}

// ---- devices that can do without one another

static void release_codes(skarn_executable **codes, size_t count) {
  for (size_t i = 0; codes && i < count; i++) {
    skarn_executable_release(codes[i]);
  }
  sk_mem_free(codes);
}

// `list` has room for an option more than `count`.
static skarn_status *compile_each(sk_pjrt_client *client, const sk_pjrt_program *program,
                                  const sk_pjrt_compile_options *options, skarn_option *list,
                                  size_t count, skarn_executable **codes) {
  skarn_status *status = NULL;
  for (int64_t d = 0; !status && d < options->partition_count; d++) {
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)d + 1);
    list[count] = (skarn_option){"device", number};
    status = compile_with(client, program, options, list, count + 1, &codes[d]);
  }
  return status;
}

// What every device does alone, if they meet nowhere. In one program for all they take turns, and a
// function of the host that waits for what another device calls would wait for ever.
static sk_pjrt_error *compile_apart(sk_pjrt_executable *executable, const sk_pjrt_program *program,
                                    const sk_pjrt_compile_options *options) {
  const size_t devices = (size_t)options->partition_count, count = options->list.count;
  if (devices < 2 || options->replica_count > 1 || !executable->info.calls_host) {
    return NULL;
  }
  skarn_option *list = sk_mem_zalloc((count + 1) * sizeof *list);
  skarn_executable **codes = sk_mem_zalloc(devices * sizeof *codes);
  skarn_status *status = NULL;
  bool ok = list && codes;
  if (ok) {
    memcpy(list, options->list.options, count * sizeof *list);
    status = compile_each(executable->client, program, options, list, count, codes);
  }
  sk_mem_free(list);
  if (ok && !status) {
    executable->apart = codes;
    return NULL;
  }
  release_codes(codes, devices);
  if (ok && skarn_status_code(status) == SKARN_FAILED_PRECONDITION) {  // they meet
    skarn_status_free(status);
    return NULL;
  }
  return ok ? sk_pjrt_error_from(status) : sk_pjrt_no_memory();
}

static sk_pjrt_error *check_program(const sk_pjrt_program *program) {
  return program->struct_size >= sizeof *program
             ? NULL
             : sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "the program's struct has %zu bytes",
                                 program->struct_size);
}

static sk_pjrt_error *compile_executable(sk_pjrt_client *client, const sk_pjrt_program *program,
                                         const char *option_bytes, size_t option_size,
                                         const sk_pjrt_compile_options *options,
                                         sk_pjrt_executable **out_executable) {
  skarn_executable *code;
  *out_executable = NULL;
  SK_PJRT_TRY(check_program(program));
  SK_PJRT_TRY(compile(client, program, options, &code));
  SK_PJRT_TRY(
      sk_pjrt_executable_create(client, code, options, option_bytes, option_size, out_executable));
  sk_pjrt_error *error = compile_apart(*out_executable, program, options);
  error = error ? error : sk_pjrt_executable_keep_program(*out_executable, program);
  if (error) {
    sk_pjrt_executable_release(*out_executable);
    *out_executable = NULL;
  }
  return error;
}

static sk_pjrt_error *read_options(const char *bytes, size_t size,
                                   sk_pjrt_compile_options *out_options) {
  return sk_pjrt_read_compile_options(bytes, bytes ? size : 0, out_options);
}

sk_pjrt_error *sk_pjrt_Client_Compile(sk_pjrt_Client_Compile_args *args) {
  sk_pjrt_compile_options options;
  sk_pjrt_executable *executable = NULL;
  args->executable = NULL;
  size_t size = args->compile_options ? args->compile_options_size : 0;
  sk_pjrt_error *error = read_options(args->compile_options, size, &options);
  if (!error) {
    error = compile_executable(args->client, args->program, args->compile_options, size, &options,
                               &executable);
  }
  if (!error) {
    error = sk_pjrt_loaded_create(executable, &options, &args->executable);
  }
  sk_pjrt_compile_options_fini(&options);
  return error;
}

// Without a client of the caller's, in one made for this.
sk_pjrt_error *sk_pjrt_Compile(sk_pjrt_Compile_args *args) {
  sk_pjrt_compile_options options;
  sk_pjrt_client *client = args->client;
  size_t size = args->compile_options ? args->compile_options_size : 0;
  args->executable = NULL;
  sk_pjrt_error *error = read_options(args->compile_options, size, &options);
  if (client && !error) {
    sk_pjrt_client_retain(client);
  } else if (!error) {
    sk_pjrt_create_options create = {.is_cpu = args->topology->platform_name[0] == 'c',
                                     .device_count = args->topology->device_count};
    error = sk_pjrt_client_create(&create, &client);
  }
  if (!error) {
    error = compile_executable(client, args->program, args->compile_options, size, &options,
                               &args->executable);
    sk_pjrt_client_release(client);
  }
  sk_pjrt_compile_options_fini(&options);
  return error;
}

// ---- device assignments

static void free_bytes(void *bytes) { sk_mem_free(bytes); }

static uint64_t assigned_to(const sk_pjrt_loaded *loaded, int64_t replica, int64_t partition) {
  return (uint64_t)loaded->devices[replica * loaded->executable->partition_count + partition]
      ->desc->id;
}

// DeviceAssignmentProto: 1 replica_count, 2 computation_count, 3 { 1 replica_device_ids } of each
// computation.
static size_t put_assignment(const sk_pjrt_loaded *loaded, uint8_t *bytes, size_t room) {
  const sk_pjrt_executable *executable = loaded->executable;
  size_t at = 0;
#define PUT(value)                                                                                 \
  at += sk_pjrt_proto_put_varint(bytes ? bytes + at : NULL, room > at ? room - at : 0, (value))
  PUT(1 << 3);
  PUT((uint64_t)executable->replica_count);
  PUT(2 << 3);
  PUT((uint64_t)executable->partition_count);
  for (int64_t p = 0; p < executable->partition_count; p++) {
    size_t ids = 0;
    for (int64_t r = 0; r < executable->replica_count; r++) {
      ids += sk_pjrt_proto_put_varint(NULL, 0, assigned_to(loaded, r, p));
    }
    PUT(3 << 3 | 2);
    PUT(1 + sk_pjrt_proto_put_varint(NULL, 0, ids) + ids);
    PUT(1 << 3 | 2);
    PUT(ids);
    for (int64_t r = 0; r < executable->replica_count; r++) {
      PUT(assigned_to(loaded, r, p));
    }
  }
#undef PUT
  return at;
}

sk_pjrt_error *sk_pjrt_LoadedExecutable_GetDeviceAssignment(
    sk_pjrt_LoadedExecutable_GetDeviceAssignment_args *args) {
  const sk_pjrt_loaded *loaded = args->executable;
  size_t size = loaded->portable ? 0 : put_assignment(loaded, NULL, 0);
  uint8_t *bytes = sk_mem_alloc(size);
  if (!bytes) {
    return sk_pjrt_no_memory();
  }
  if (size) {
    put_assignment(loaded, bytes, size);
  }
  args->serialized_bytes = (const char *)bytes;
  args->serialized_bytes_size = size;
  args->serialized_device_assignment = bytes;
  args->serialized_device_assignment_deleter = free_bytes;
  return NULL;
}

// ---- saving

sk_pjrt_error *sk_pjrt_Executable_Serialize(sk_pjrt_Executable_Serialize_args *args) {
  const sk_pjrt_executable *executable = args->executable;
  skarn_bytes *code;
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_executable_serialize(executable->code, &code)));
  const char *version = executable->client->topology->platform_version;
  saved_header header = {.version_size = strlen(version),
                         .options_size = executable->options_size,
                         .code_size = skarn_bytes_size(code)};
  memcpy(header.magic, saved_magic, sizeof header.magic);
  size_t body = header.version_size + header.options_size + header.code_size;
  char *bytes = sk_mem_alloc(sizeof header + body);
  if (bytes) {
    char *at = bytes + sizeof header;
    memcpy(at, version, header.version_size);
    memcpy(at + header.version_size, executable->options, header.options_size);
    memcpy(at + header.version_size + header.options_size, skarn_bytes_data(code),
           header.code_size);
    header.hash = sk_hash_bytes(at, body, sizeof header);
    memcpy(bytes, &header, sizeof header);
  }
  skarn_bytes_release(code);
  SK_PJRT_TRY(bytes ? NULL : sk_pjrt_no_memory());
  args->serialized_bytes = bytes;
  args->serialized_bytes_size = sizeof header + body;
  args->serialized_executable = bytes;
  args->serialized_executable_deleter = free_bytes;
  return NULL;
}

// ---- loading

typedef struct saved {
  saved_header header;
  const char *version, *options, *code;
} saved;

static sk_pjrt_error *open_saved(const sk_pjrt_client *client, const char *bytes, size_t size,
                                 saved *out_saved) {
  saved_header *header = &out_saved->header;
  size_t body = size - sizeof *header;
  if (size >= sizeof *header) {
    memcpy(header, bytes, sizeof *header);
  }
  if (size < sizeof *header || memcmp(header->magic, saved_magic, sizeof header->magic) != 0) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "these bytes are no executable of Skarn");
  }
  if (header->version_size > body || header->options_size > body - header->version_size ||
      header->code_size != body - header->version_size - header->options_size ||
      sk_hash_bytes(bytes + sizeof *header, body, sizeof *header) != header->hash) {
    return sk_pjrt_error_new(SKARN_DATA_LOSS, "the executable is damaged");
  }
  out_saved->version = bytes + sizeof *header;
  out_saved->options = out_saved->version + header->version_size;
  out_saved->code = out_saved->options + header->options_size;
  if (!sk_pjrt_name_is(out_saved->version, header->version_size,
                       client->topology->platform_version)) {
    return sk_pjrt_error_new(SKARN_FAILED_PRECONDITION,
                             "the executable is for \"%.*s\", this is \"%s\"",
                             (int)SK_MIN(header->version_size, 128u), out_saved->version,
                             client->topology->platform_version);
  }
  return NULL;
}

static sk_pjrt_error *load_code(sk_pjrt_client *client, const saved *from,
                                const sk_pjrt_compile_options *options,
                                skarn_executable **out_code) {
  skarn_load_options load = SKARN_INIT(skarn_load_options);
  *out_code = NULL;
  SK_PJRT_TRY(check_participants(client, options));
  load.options = options->list.options;
  load.option_count = options->list.count;
  load.device_id = options->device_id_count ? (int32_t)options->device_ids[0] : 0;
  return sk_pjrt_error_from(skarn_executable_deserialize(client->client, from->code,
                                                         from->header.code_size, &load, out_code));
}

// Loads under `bytes` of options, which count more than those it was saved with.
static sk_pjrt_error *load_saved(sk_pjrt_client *client, const saved *from, const char *bytes,
                                 size_t size, sk_pjrt_loaded **out_loaded) {
  sk_pjrt_compile_options options;
  skarn_executable *code;
  sk_pjrt_executable *executable = NULL;
  sk_pjrt_error *error = read_options(bytes, size, &options);
  if (!error) {
    error = load_code(client, from, &options, &code);
  }
  if (!error) {
    error = sk_pjrt_executable_create(client, code, &options, bytes, size, &executable);
  }
  if (!error) {
    error = sk_pjrt_loaded_create(executable, &options, out_loaded);
  }
  sk_pjrt_compile_options_fini(&options);
  return error;
}

// The executable in a client, which may be another than the one it was compiled in.
sk_pjrt_error *sk_pjrt_Client_Load(sk_pjrt_Client_Load_args *args) {
  sk_pjrt_executable *executable = args->executable;
  skarn_bytes *code;
  args->loaded_executable = NULL;
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_executable_serialize(executable->code, &code)));
  saved from = {.header.code_size = skarn_bytes_size(code), .code = skarn_bytes_data(code)};
  bool own = args->compile_options && args->compile_options_size;
  sk_pjrt_error *error = load_saved(
      args->client, &from, own ? args->compile_options : executable->options,
      own ? args->compile_options_size : executable->options_size, &args->loaded_executable);
  skarn_bytes_release(code);
  return error;
}

sk_pjrt_error *
sk_pjrt_Executable_DeserializeAndLoad(sk_pjrt_Executable_DeserializeAndLoad_args *args) {
  saved from;
  args->loaded_executable = NULL;
  SK_PJRT_TRY(open_saved(args->client, args->serialized_executable,
                         args->serialized_executable_size, &from));
  const char *bytes = SK_PJRT_GET(args, overridden_serialized_compile_options, NULL);
  size_t size = SK_PJRT_GET(args, overridden_serialized_compile_options_size, 0);
  if (!bytes || size == 0) {
    bytes = from.options;
    size = from.header.options_size;
  }
  return load_saved(args->client, &from, bytes, size, &args->loaded_executable);
}
