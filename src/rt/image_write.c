// SPDX-License-Identifier: Apache-2.0
// Image -> bytes of a .skx file (layout: image_int.h).
//
// The tables are gathered section by section, then laid out one after the other. Equal images give
// equal bytes: padding is zero, strings appear in the order of their first use and once each.
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "rt/image_int.h"

typedef struct image_writer {
  sk_text sections[SK_IMAGE_SECTION_COUNT];  // CODE, CONSTS and BLOB stay where they are
  sk_arena arena;
  sk_interner strings;
  uint32_t *string_at;  // by symbol: offset + 1; in the arena
  uint32_t string_count;
  uint32_t dim_count;
  bool failed;
} image_writer;

static void put_u32(sk_text *out, uint32_t value) {
  char bytes[4];
  for (int i = 0; i < 4; i++) {
    bytes[i] = (char)(value >> (8 * i));
  }
  sk_text_add(out, (sk_str){bytes, 4});
}

static void put_u64(sk_text *out, uint64_t value) {
  put_u32(out, (uint32_t)value);
  put_u32(out, (uint32_t)(value >> 32));
}

static void set_u32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++) {
    at[i] = (uint8_t)(value >> (8 * i));
  }
}

static void set_u64(uint8_t *at, uint64_t value) {
  set_u32(at, (uint32_t)value);
  set_u32(at + 4, (uint32_t)(value >> 32));
}

static void set_f64(uint8_t *at, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  set_u64(at, bits);
}

// Offset of a string in STRINGS, which begins with "".
static uint32_t put_string(image_writer *w, const char *text) {
  sk_text *out = &w->sections[SK_IMAGE_STRINGS];
  sk_sym sym;
  if (!sk_intern(&w->strings, sk_str_from(text), &sym)) {
    w->failed = true;
    return 0;
  }
  if (sym.id >= w->string_count) {
    uint32_t count = 2 * w->string_count + 64;
    uint32_t *grown = sk_arena_zalloc(&w->arena, count * sizeof *grown, _Alignof(uint32_t));
    if (!grown) {
      w->failed = true;
      return 0;
    }
    if (w->string_count) {
      memcpy(grown, w->string_at, w->string_count * sizeof *grown);
    }
    w->string_at = grown;
    w->string_count = count;
  }
  if (w->string_at[sym.id] == 0) {
    w->string_at[sym.id] = (uint32_t)out->len + 1;
    sk_text_add(out, sk_str_from(text));
    sk_text_add_char(out, '\0');
  }
  return w->string_at[sym.id] - 1;
}

static void put_value(image_writer *w, const sk_image_value *value) {
  sk_text *out = &w->sections[SK_IMAGE_VALUES];
  put_u32(out, put_string(w, value->name));
  put_u32(out, put_string(w, value->type_text));
  put_u32(out, put_string(w, value->memory_kind));
  put_u32(out, put_string(w, value->layout));
  put_u32(out, put_string(w, value->sharding));
  put_u32(out, w->dim_count);
  put_u32(out, value->rank);
  put_u32(out, (uint32_t)value->type);
  put_u32(out, (uint32_t)value->alias);
  put_u32(out, (uint32_t)value->shares);
  put_u32(out, value->donor);
  put_u32(out, 0);
  for (uint32_t i = 0; i < value->rank; i++) {
    put_u64(&w->sections[SK_IMAGE_DIMS], (uint64_t)value->dims[i]);
  }
  w->dim_count += value->rank;
}

static void put_tables(image_writer *w, const sk_image *image) {
  put_string(w, "");
  for (uint32_t i = 0; i < image->arg_count; i++) {
    put_value(w, &image->args[i]);
  }
  for (uint32_t i = 0; i < image->result_count; i++) {
    put_value(w, &image->results[i]);
  }
  for (uint32_t i = 0; i < image->step_count; i++) {
    sk_text *out = &w->sections[SK_IMAGE_STEPS];
    put_u32(out, image->steps[i].kind);
    put_u32(out, 0);
    put_u64(out, image->steps[i].offset);
    put_u64(out, image->steps[i].bytes);
  }
  for (uint32_t i = 0; i < image->carried_count; i++) {
    put_u64(&w->sections[SK_IMAGE_CARRIED], image->carried[i]);
  }
  for (uint32_t i = 0; i < image->fn_count; i++) {
    sk_text *out = &w->sections[SK_IMAGE_FNS];
    put_u32(out, put_string(w, image->fns[i].name));
    put_u32(out, image->fns[i].offset);
    put_u32(out, image->fns[i].size);
    put_u32(out, 0);
  }
}

static void put_header(uint8_t *at, const sk_image *image, uint32_t name, uint64_t bytes) {
  memcpy(at, SK_IMAGE_MAGIC, 8);
  set_u32(at + SK_IMAGE_AT_FORMAT, SK_IMAGE_FORMAT);
  set_u32(at + SK_IMAGE_AT_ABI, SK_IMAGE_ABI);
  set_u64(at + SK_IMAGE_AT_BYTES, bytes);
  set_u32(at + SK_IMAGE_AT_ISA, image->isa);
  set_u32(at + SK_IMAGE_AT_FEATURES, image->features);
  set_u32(at + SK_IMAGE_AT_FLAGS, (image->parallel ? SK_IMAGE_FLAG_PARALLEL : 0u) |
                                      (image->host_calls ? SK_IMAGE_FLAG_HOST_CALLS : 0u));
  set_u32(at + SK_IMAGE_AT_NAME, name);
  set_u64(at + SK_IMAGE_AT_ARENA, image->arena_bytes);
  set_u64(at + SK_IMAGE_AT_SCRATCH, image->scratch_bytes);
  set_u64(at + SK_IMAGE_AT_KERNELS, image->kernel_count);
  set_u64(at + SK_IMAGE_AT_OPS, image->op_count);
  set_f64(at + SK_IMAGE_AT_FLOPS, image->flops);
  set_f64(at + SK_IMAGE_AT_ACCESSED, image->bytes_accessed);
  set_u32(at + SK_IMAGE_AT_ARGS, image->arg_count);
  set_u32(at + SK_IMAGE_AT_RESULTS, image->result_count);
}

static sk_status lay_out(const image_writer *w, const sk_image *image, uint32_t name,
                         void **out_bytes, size_t *out_len) {
  sk_str parts[SK_IMAGE_SECTION_COUNT];
  uint64_t at[SK_IMAGE_SECTION_COUNT], end = SK_IMAGE_HEADER_BYTES;
  for (int i = 0; i < SK_IMAGE_SECTION_COUNT; i++) {
    parts[i] = (sk_str){w->sections[i].data, w->sections[i].len};
  }
  parts[SK_IMAGE_BLOB] = (sk_str){image->blob, image->blob_bytes};
  parts[SK_IMAGE_CODE] = (sk_str){image->code, image->code_bytes};
  parts[SK_IMAGE_CONSTS] = (sk_str){image->consts, image->const_bytes};
  for (int i = 0; i < SK_IMAGE_SECTION_COUNT; i++) {
    at[i] = sk_align_up(end, i >= SK_IMAGE_CODE ? 64 : 8);
    end = at[i] + parts[i].len;
  }
  uint8_t *bytes = sk_mem_zalloc(end);
  if (!bytes) {
    return sk_status_no_memory();
  }
  put_header(bytes, image, name, end);
  for (int i = 0; i < SK_IMAGE_SECTION_COUNT; i++) {
    set_u64(bytes + SK_IMAGE_AT_SECTIONS + 16 * i, at[i]);
    set_u64(bytes + SK_IMAGE_AT_SECTIONS + 16 * i + 8, parts[i].len);
    if (parts[i].len) {
      memcpy(bytes + at[i], parts[i].data, parts[i].len);
    }
  }
  set_u64(bytes + SK_IMAGE_AT_CHECKSUM, sk_image_checksum(bytes, end));
  *out_bytes = bytes;
  *out_len = end;
  return NULL;
}

uint64_t sk_image_checksum(const uint8_t *bytes, size_t len) {
  uint64_t h = sk_hash_bytes(bytes, SK_IMAGE_AT_CHECKSUM, SK_IMAGE_FORMAT);
  return sk_hash_bytes(bytes + SK_IMAGE_AT_CHECKSUM + 8, len - SK_IMAGE_AT_CHECKSUM - 8, h);
}

sk_status sk_image_write(const sk_image *image, void **out_bytes, size_t *out_len) {
  *out_bytes = NULL;
  *out_len = 0;
  SK_TRY(sk_image_check(image));
  image_writer w = {.failed = false};
  sk_arena_init(&w.arena);
  for (int i = 0; i < SK_IMAGE_SECTION_COUNT; i++) {
    sk_text_init(&w.sections[i]);
  }
  w.failed = !sk_interner_init(&w.strings, &w.arena);
  uint32_t name = 0;
  if (!w.failed) {
    put_tables(&w, image);
    name = put_string(&w, image->name);
  }
  for (int i = 0; i < SK_IMAGE_SECTION_COUNT; i++) {
    w.failed = w.failed || w.sections[i].failed;
  }
  sk_status status =
      w.failed ? sk_status_no_memory() : lay_out(&w, image, name, out_bytes, out_len);
  for (int i = 0; i < SK_IMAGE_SECTION_COUNT; i++) {
    sk_text_fini(&w.sections[i]);
  }
  sk_arena_fini(&w.arena);
  return status;
}
