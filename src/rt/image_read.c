// SPDX-License-Identifier: Apache-2.0
// Bytes of a .skx file -> image (layout: image_int.h).
//
// The bytes may be anything. Magic, version and checksum are looked at first, so that a damaged
// file is told from a foreign one; then every offset and count is checked against its section
// before it is used, whatever the checksum said. sk_image_check has the last word.
#include <string.h>

#include "rt/image_int.h"

typedef struct image_reader {
  const uint8_t *bytes;
  size_t len;
  sk_arena *arena;
  const uint8_t *sections[SK_IMAGE_SECTION_COUNT];
  uint64_t section_bytes[SK_IMAGE_SECTION_COUNT];
} image_reader;

static sk_status damaged(const char *what) {
  return sk_status_new(SK_DATA_LOSS, "damaged executable: %s", what);
}

static uint32_t get_u32(const uint8_t *at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint64_t get_u64(const uint8_t *at) { return get_u32(at) | (uint64_t)get_u32(at + 4) << 32; }

static double get_f64(const uint8_t *at) {
  uint64_t bits = get_u64(at);
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static sk_status open_file(image_reader *r) {
  if (r->len < 8 || memcmp(r->bytes, SK_IMAGE_MAGIC, SK_MIN(r->len, (size_t)8)) != 0) {
    return damaged("it does not begin as one");
  }
  if (r->len < SK_IMAGE_HEADER_BYTES) {
    return damaged("it is cut off within the header");
  }
  uint32_t format = get_u32(r->bytes + SK_IMAGE_AT_FORMAT);
  uint32_t abi = get_u32(r->bytes + SK_IMAGE_AT_ABI);
  uint64_t bytes = get_u64(r->bytes + SK_IMAGE_AT_BYTES);
  bool whole = bytes == r->len &&
               get_u64(r->bytes + SK_IMAGE_AT_CHECKSUM) == sk_image_checksum(r->bytes, r->len);
  if (!whole && format == SK_IMAGE_FORMAT && abi == SK_IMAGE_ABI) {
    return bytes > r->len ? damaged("it is cut off") : damaged("its checksum does not agree");
  }
  if (format != SK_IMAGE_FORMAT || abi != SK_IMAGE_ABI) {
    return sk_status_new(whole ? SK_FAILED_PRECONDITION : SK_DATA_LOSS,
                         "executable of format %u, abi %u; this library reads format %d, abi %d",
                         format, abi, SK_IMAGE_FORMAT, SK_IMAGE_ABI);
  }
  for (int i = 0; i < SK_IMAGE_SECTION_COUNT; i++) {
    uint64_t offset = get_u64(r->bytes + SK_IMAGE_AT_SECTIONS + 16 * i);
    uint64_t size = get_u64(r->bytes + SK_IMAGE_AT_SECTIONS + 16 * i + 8);
    if (offset > r->len || size > r->len - offset) {
      return damaged("a section lies outside");
    }
    r->sections[i] = r->bytes + offset;
    r->section_bytes[i] = size;
  }
  uint64_t strings = r->section_bytes[SK_IMAGE_STRINGS];
  if (strings == 0 || r->sections[SK_IMAGE_STRINGS][strings - 1] != '\0') {
    return damaged("the strings do not end");
  }
  return NULL;
}

// Number of records of a section; UINT32_MAX if it holds no whole number of them.
static uint32_t record_count(const image_reader *r, sk_image_section section, uint32_t bytes) {
  uint64_t size = r->section_bytes[section];
  return size % bytes != 0 || size / bytes >= UINT32_MAX ? UINT32_MAX : (uint32_t)(size / bytes);
}

static sk_status get_string(const image_reader *r, const uint8_t *at, const char **out_text) {
  uint32_t offset = get_u32(at);
  if (offset >= r->section_bytes[SK_IMAGE_STRINGS]) {
    return damaged("a string lies outside");
  }
  *out_text = sk_arena_strndup(r->arena, (const char *)r->sections[SK_IMAGE_STRINGS] + offset,
                               strlen((const char *)r->sections[SK_IMAGE_STRINGS] + offset));
  return *out_text ? NULL : sk_status_no_memory();
}

static sk_status get_value(const image_reader *r, const uint8_t *at, sk_image_value *out) {
  SK_TRY(get_string(r, at, &out->name));
  SK_TRY(get_string(r, at + 4, &out->type_text));
  SK_TRY(get_string(r, at + 8, &out->memory_kind));
  SK_TRY(get_string(r, at + 12, &out->layout));
  SK_TRY(get_string(r, at + 16, &out->sharding));
  uint64_t first = get_u32(at + 20);
  uint32_t type = get_u32(at + 28);
  out->rank = get_u32(at + 24);
  if (out->rank > SK_RT_MAX_RANK || (first + out->rank) * 8 > r->section_bytes[SK_IMAGE_DIMS]) {
    return damaged("dimensions lie outside");
  }
  if (type >= SK_DTYPE_COUNT) {
    return damaged("an element type is unknown");
  }
  out->type = (sk_dtype)type;
  out->alias = (int32_t)get_u32(at + 32);
  out->shares = (int32_t)get_u32(at + 36);
  out->donor = get_u32(at + 40) != 0;
  int64_t *dims = sk_arena_alloc(r->arena, SK_MAX(out->rank, 1u) * sizeof *dims, 8);
  if (!dims) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < out->rank; i++) {
    dims[i] = (int64_t)get_u64(r->sections[SK_IMAGE_DIMS] + 8 * (first + i));
  }
  out->dims = dims;
  if (!sk_dtype_array_bytes(out->type, out->rank, out->dims, &out->bytes)) {
    return damaged("a type is not valid");
  }
  return NULL;
}

static sk_status get_values(const image_reader *r, sk_image *out) {
  uint64_t args = get_u32(r->bytes + SK_IMAGE_AT_ARGS);
  uint64_t results = get_u32(r->bytes + SK_IMAGE_AT_RESULTS);
  uint32_t count = record_count(r, SK_IMAGE_VALUES, SK_IMAGE_VALUE_BYTES);
  if (count == UINT32_MAX || count != args + results) {
    return damaged("the signature does not agree with its table");
  }
  sk_image_value *values = sk_arena_alloc_array(r->arena, count + (size_t)1, sizeof *values, 8);
  if (!values) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(
        get_value(r, r->sections[SK_IMAGE_VALUES] + (size_t)i * SK_IMAGE_VALUE_BYTES, &values[i]));
  }
  out->args = values;
  out->results = values + args;
  out->arg_count = (uint32_t)args;
  out->result_count = (uint32_t)results;
  return NULL;
}

static sk_status get_plan(const image_reader *r, sk_image *out) {
  out->step_count = record_count(r, SK_IMAGE_STEPS, SK_IMAGE_STEP_BYTES);
  out->carried_count = record_count(r, SK_IMAGE_CARRIED, 8);
  out->fn_count = record_count(r, SK_IMAGE_FNS, SK_IMAGE_FN_BYTES);
  if (out->step_count == UINT32_MAX || out->carried_count == UINT32_MAX ||
      out->fn_count == UINT32_MAX) {
    return damaged("a table does not hold whole records");
  }
  sk_image_step *steps =
      sk_arena_alloc_array(r->arena, out->step_count + (size_t)1, sizeof *steps, 8);
  uint64_t *carried =
      sk_arena_alloc_array(r->arena, out->carried_count + (size_t)1, sizeof *carried, 8);
  sk_image_fn *fns = sk_arena_alloc_array(r->arena, out->fn_count + (size_t)1, sizeof *fns, 8);
  if (!steps || !carried || !fns) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < out->step_count; i++) {
    const uint8_t *at = r->sections[SK_IMAGE_STEPS] + (size_t)i * SK_IMAGE_STEP_BYTES;
    steps[i] = (sk_image_step){get_u32(at), get_u64(at + 8), get_u64(at + 16)};
  }
  for (uint32_t i = 0; i < out->carried_count; i++) {
    carried[i] = get_u64(r->sections[SK_IMAGE_CARRIED] + (size_t)i * 8);
  }
  for (uint32_t i = 0; i < out->fn_count; i++) {
    const uint8_t *at = r->sections[SK_IMAGE_FNS] + (size_t)i * SK_IMAGE_FN_BYTES;
    SK_TRY(get_string(r, at, &fns[i].name));
    fns[i].offset = get_u32(at + 4);
    fns[i].size = get_u32(at + 8);
  }
  out->steps = steps;
  out->carried = carried;
  out->fns = fns;
  return NULL;
}

static void get_scalars(const image_reader *r, sk_image *out) {
  const uint8_t *at = r->bytes;
  out->isa = get_u32(at + SK_IMAGE_AT_ISA);
  out->features = get_u32(at + SK_IMAGE_AT_FEATURES);
  out->parallel = (get_u32(at + SK_IMAGE_AT_FLAGS) & SK_IMAGE_FLAG_PARALLEL) != 0;
  out->host_calls = (get_u32(at + SK_IMAGE_AT_FLAGS) & SK_IMAGE_FLAG_HOST_CALLS) != 0;
  out->arena_bytes = get_u64(at + SK_IMAGE_AT_ARENA);
  out->scratch_bytes = get_u64(at + SK_IMAGE_AT_SCRATCH);
  out->kernel_count = get_u64(at + SK_IMAGE_AT_KERNELS);
  out->op_count = get_u64(at + SK_IMAGE_AT_OPS);
  out->flops = get_f64(at + SK_IMAGE_AT_FLOPS);
  out->bytes_accessed = get_f64(at + SK_IMAGE_AT_ACCESSED);
  out->blob = r->sections[SK_IMAGE_BLOB];
  out->blob_bytes = r->section_bytes[SK_IMAGE_BLOB];
  out->code = r->sections[SK_IMAGE_CODE];
  out->code_bytes = r->section_bytes[SK_IMAGE_CODE];
  out->consts = r->sections[SK_IMAGE_CONSTS];
  out->const_bytes = r->section_bytes[SK_IMAGE_CONSTS];
}

sk_status sk_image_read(const void *bytes, size_t len, sk_arena *arena, sk_image *out_image) {
  *out_image = (sk_image){0};
  image_reader r = {.bytes = bytes, .len = len, .arena = arena};
  SK_TRY(open_file(&r));
  SK_TRY(get_string(&r, r.bytes + SK_IMAGE_AT_NAME, &out_image->name));
  SK_TRY(get_values(&r, out_image));
  SK_TRY(get_plan(&r, out_image));
  get_scalars(&r, out_image);
  sk_status status = sk_image_check(out_image);
  if (status && sk_status_code(status) == SK_INVALID_ARGUMENT) {
    sk_status wrapped = sk_status_new(SK_DATA_LOSS, "damaged %s", sk_status_message(status));
    sk_status_free(status);
    return wrapped;
  }
  return status;
}
