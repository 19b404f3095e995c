// SPDX-License-Identifier: Apache-2.0
// Options of clients and compilations: from the client's spelling to lists of skarn_option.
//
//   skarn_memory_limit = 1000     ->  memory-limit = "1000"
//
// A compilation's options come as a CompileOptionsProto. Of its fields these are read:
//
//   3 executable_build_options   4 num_replicas  5 num_partitions  9 device_assignment
//   4 compile_portable_executable
//   7 env_option_overrides       map of name to {1 string 2 bool 3 int64 4 double}: ours count, XLA's
//                                are ignored, others are an error
//
// Clients serialise maps in random order: nothing may depend on the order of the bytes.
#include "pjrt/pjrt_options.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "base/cpu.h"
#include "pjrt/pjrt_proto.h"

static const char prefix[] = "skarn_";
enum { MAX_DEVICE_IDS = 1 << 16, PREFIX = sizeof prefix - 1 };

// ---- lists

void sk_pjrt_option_list_fini(sk_pjrt_option_list *list) {
  for (size_t i = 0; i < list->count; i++) {
    sk_mem_free(sk_pjrt_unconst(list->options[i].key));
    sk_mem_free(sk_pjrt_unconst(list->options[i].value));
  }
  sk_mem_free(list->options);
  *list = (sk_pjrt_option_list){NULL, 0, 0};
}

static bool grow(sk_pjrt_option_list *list) {
  if (list->count < list->capacity) {
    return true;
  }
  size_t capacity = list->capacity ? 2 * list->capacity : 8;
  skarn_option *options = sk_mem_realloc(list->options, capacity * sizeof *options);
  if (!options) {
    return false;
  }
  list->options = options;
  list->capacity = capacity;
  return true;
}

// Takes `value`, a heap text or NULL (without memory). Names of others are passed over.
static sk_pjrt_error *add_option(sk_pjrt_option_list *list, const char *name, size_t name_size,
                                 char *value) {
  char *key = value ? sk_pjrt_text("%.*s", (int)(name_size - PREFIX), name + PREFIX) : NULL;
  if (!key || !grow(list)) {
    sk_mem_free(key);
    sk_mem_free(value);
    return sk_pjrt_no_memory();
  }
  for (char *at = key; *at; at++) {
    *at = *at == '_' ? '-' : *at;
  }
  list->options[list->count++] = (skarn_option){key, value};
  return NULL;
}

static bool is_ours(const char *name, size_t size) {
  return size > PREFIX && size < 256 && memcmp(name, prefix, PREFIX) == 0;
}

// ---- creating a client

static char *value_text(const sk_pjrt_named_value *value) {
  switch (value->type) {
    case SK_PJRT_STRING: return sk_pjrt_text("%.*s", (int)value->value_size, value->string_value);
    case SK_PJRT_INT64: return sk_pjrt_text("%lld", (long long)value->int64_value);
    case SK_PJRT_FLOAT: return sk_pjrt_text("%.9g", (double)value->float_value);
    case SK_PJRT_BOOL: return sk_pjrt_text("%s", value->bool_value ? "true" : "false");
  }
  return sk_pjrt_text("?");
}

static sk_pjrt_error *read_device_count(const sk_pjrt_named_value *value, size_t *out_count) {
  int64_t count = value->type == SK_PJRT_INT64 ? value->int64_value : 0;
  for (size_t i = 0; value->type == SK_PJRT_STRING && i < value->value_size && count < 1000; i++) {
    char digit = value->string_value[i];
    if (digit < '0' || digit > '9') {
      count = 0;
      break;
    }
    count = count * 10 + (digit - '0');
  }
  if (count < 1 || count > 256) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                             "option num_devices must be a number from 1 to 256");
  }
  *out_count = (size_t)count;
  return NULL;
}

static sk_pjrt_error *read_platform(const sk_pjrt_named_value *value, bool *out_is_cpu) {
  *out_is_cpu = value->type == SK_PJRT_STRING &&
                sk_pjrt_name_is(value->string_value, value->value_size, "cpu");
  bool is_skarn = value->type == SK_PJRT_STRING &&
                  sk_pjrt_name_is(value->string_value, value->value_size, "skarn");
  return *out_is_cpu || is_skarn
             ? NULL
             : sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                                 "option platform must be \"skarn\" or \"cpu\"");
}

sk_pjrt_error *sk_pjrt_read_create_options(const sk_pjrt_named_value *values, size_t count,
                                           sk_pjrt_create_options *out_options) {
  *out_options = (sk_pjrt_create_options){.device_count = 1};
  for (size_t i = 0; values && i < count; i++) {
    const sk_pjrt_named_value *value = &values[i];
    if (!value->name || (value->type == SK_PJRT_STRING && !value->string_value)) {
      return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "option %zu lacks its name or value", i);
    }
    if (sk_pjrt_name_is(value->name, value->name_size, "platform")) {
      SK_PJRT_TRY(read_platform(value, &out_options->is_cpu));
    } else if (sk_pjrt_name_is(value->name, value->name_size, "num_devices")) {
      SK_PJRT_TRY(read_device_count(value, &out_options->device_count));
    } else if (is_ours(value->name, value->name_size)) {
      SK_PJRT_TRY(add_option(&out_options->list, value->name, value->name_size, value_text(value)));
    }
  }
  return NULL;
}

// ---- compiling

static char *override_text(sk_pjrt_proto value) {
  sk_pjrt_field field;
  char *text = NULL;
  while (sk_pjrt_proto_next(&value, &field)) {
    sk_mem_free(text);
    switch (field.number) {
      case 1: text = sk_pjrt_text("%.*s", (int)field.size, (const char *)field.bytes); break;
      case 2: text = sk_pjrt_text("%s", field.value ? "true" : "false"); break;
      case 3: text = sk_pjrt_text("%lld", (long long)field.value); break;
      case 4: {
        double number;
        memcpy(&number, &field.value, sizeof number);
        text = sk_pjrt_text("%.17g", number);
        break;
      }
      default: text = sk_pjrt_text("?"); break;
    }
  }
  return text ? text : sk_pjrt_text("%s", "");
}

static sk_pjrt_error *malformed(void) {
  return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "the compile options are not a valid message");
}

static sk_pjrt_error *read_override(sk_pjrt_proto entry, sk_pjrt_compile_options *options) {
  sk_pjrt_field field, key = {0}, value = {0};
  while (sk_pjrt_proto_next(&entry, &field)) {
    if (field.number == 1) {
      key = field;
    } else if (field.number == 2) {
      value = field;
    }
  }
  if (entry.bad) {
    return malformed();
  }
  const char *name = key.bytes ? (const char *)key.bytes : "";
  char *text = override_text(sk_pjrt_proto_of(&value));
  if (is_ours(name, key.size)) {
    return add_option(&options->list, name, key.size, text);
  }
  sk_pjrt_error *error =
      text ? sk_pjrt_check_xla_option(name, key.size, text) : sk_pjrt_no_memory();
  sk_mem_free(text);
  return error;
}

static sk_pjrt_error *add_device_id(sk_pjrt_compile_options *options, int64_t id) {
  size_t count = options->device_id_count;
  if (count >= MAX_DEVICE_IDS) {
    return malformed();
  }
  if ((count & (count - 1)) == 0) {  // room doubles at powers of two
    int64_t *ids = sk_mem_realloc(options->device_ids, SK_MAX(2 * count, 1u) * sizeof *ids);
    SK_PJRT_TRY(ids ? NULL : sk_pjrt_no_memory());
    options->device_ids = ids;
  }
  options->device_ids[options->device_id_count++] = id;
  return NULL;
}

// ComputationDevice: 1 replica_device_ids, packed or not.
static sk_pjrt_error *read_computation(sk_pjrt_proto computation,
                                       sk_pjrt_compile_options *options) {
  sk_pjrt_field field;
  while (sk_pjrt_proto_next(&computation, &field)) {
    if (field.number != 1) {
      continue;
    }
    if (!field.bytes) {
      SK_PJRT_TRY(add_device_id(options, (int64_t)field.value));
      continue;
    }
    sk_pjrt_proto ids = sk_pjrt_proto_of(&field);
    uint64_t id;
    while (sk_pjrt_proto_varint(&ids, &id)) {
      SK_PJRT_TRY(add_device_id(options, (int64_t)id));
    }
    computation.bad |= ids.bad;
  }
  return computation.bad ? malformed() : NULL;
}

static sk_pjrt_error *read_assignment(sk_pjrt_proto assignment, sk_pjrt_compile_options *options) {
  sk_pjrt_field field;
  while (sk_pjrt_proto_next(&assignment, &field)) {
    if (field.number == 3) {
      SK_PJRT_TRY(read_computation(sk_pjrt_proto_of(&field), options));
    }
  }
  return assignment.bad ? malformed() : NULL;
}

static sk_pjrt_error *read_build_options(sk_pjrt_proto build, sk_pjrt_compile_options *options) {
  sk_pjrt_field field;
  while (sk_pjrt_proto_next(&build, &field)) {
    switch (field.number) {
      case 4: options->replica_count = (int64_t)field.value; break;
      case 5: options->partition_count = (int64_t)field.value; break;
      case 9: SK_PJRT_TRY(read_assignment(sk_pjrt_proto_of(&field), options)); break;
      default: break;
    }
  }
  return build.bad ? malformed() : NULL;
}

static sk_pjrt_error *add_count(sk_pjrt_compile_options *options, const char *name, int64_t count) {
  return count == 1 ? NULL
                    : add_option(&options->list, name, strlen(name),
                                 sk_pjrt_text("%lld", (long long)count));
}

sk_pjrt_error *sk_pjrt_read_compile_options(const void *bytes, size_t size,
                                            sk_pjrt_compile_options *out_options) {
  *out_options = (sk_pjrt_compile_options){.replica_count = 0};
  sk_pjrt_proto message = {bytes, size, false};
  sk_pjrt_field field;
  while (sk_pjrt_proto_next(&message, &field)) {
    switch (field.number) {
      case 3: SK_PJRT_TRY(read_build_options(sk_pjrt_proto_of(&field), out_options)); break;
      case 4: out_options->portable = field.value != 0; break;
      case 7: SK_PJRT_TRY(read_override(sk_pjrt_proto_of(&field), out_options)); break;
      default: break;
    }
  }
  // A field that is absent has its default.
  out_options->replica_count = SK_MAX(out_options->replica_count, 1);
  out_options->partition_count = SK_MAX(out_options->partition_count, 1);
  SK_PJRT_TRY(message.bad ? malformed() : NULL);
  SK_PJRT_TRY(add_count(out_options, "skarn_devices", out_options->partition_count));
  return add_count(out_options, "skarn_replicas", out_options->replica_count);
}

void sk_pjrt_compile_options_fini(sk_pjrt_compile_options *options) {
  sk_mem_free(options->device_ids);
  sk_pjrt_option_list_fini(&options->list);
}

// ---- what this build is

// The first byte of this library as the loader mapped it; defined by the linker.
extern SK_HIDDEN const char __ehdr_start[];

// The build id that the linker noted, as hexadecimal digits; "" if there is none.
static void find_build_id(char *out_text, size_t room) {
  const char *base = __ehdr_start;
  Elf64_Ehdr file;
  memcpy(&file, base, sizeof file);
  out_text[0] = '\0';
  for (int i = 0; i < file.e_phnum; i++) {
    Elf64_Phdr header;
    memcpy(&header, base + file.e_phoff + (size_t)i * sizeof header, sizeof header);
    const char *at = base + header.p_vaddr, *end = at + header.p_memsz;
    while (header.p_type == PT_NOTE && end - at >= (int64_t)sizeof(Elf64_Nhdr)) {
      Elf64_Nhdr note;
      memcpy(&note, at, sizeof note);
      const char *name = at + sizeof note;
      const char *id = name + sk_align_up(note.n_namesz, 4);
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(name, "GNU", 4) == 0) {
        for (uint32_t k = 0; k < note.n_descsz && 2 * k + 2 < room; k++) {
          snprintf(out_text + 2 * k, 3, "%02x", (uint8_t)id[k]);
        }
        return;
      }
      at = id + sk_align_up(note.n_descsz, 4);
    }
  }
}

char *sk_pjrt_platform_version(void) {
  char build_id[41];
  find_build_id(build_id, sizeof build_id);
  return sk_pjrt_text("skarn %s %s %s", skarn_version(), build_id, sk_isa_name(sk_cpu_get()->isa));
}
