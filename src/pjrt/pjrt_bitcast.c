// SPDX-License-Identifier: Apache-2.0
// The same bits as another type: a view of the first buffer's bytes, or a copy where one of the types is narrower than a byte.
//
// Buffers hold such a type one element per byte; for others its elements lie side by side, the first in the lowest bits:
//
//   ui8  0x47                         i4  7, 4     in memory: 0x07 0x04
#include <string.h>

#include "pjrt/pjrt_int.h"

static uint32_t type_bits(skarn_type type) {
  switch ((int)type) {
    case SKARN_TYPE_S2:
    case SKARN_TYPE_U2: return 2;
    case SKARN_TYPE_S4:
    case SKARN_TYPE_U4:
    case SKARN_TYPE_F4E2M1FN: return 4;
    default: return 8 * (uint32_t)skarn_type_bytes(type);
  }
}

static bool count_elements(const int64_t *dims, size_t rank, uint64_t *out_count) {
  *out_count = 1;
  for (size_t i = 0; i < rank; i++) {
    if (dims[i] < 0 || SK_MUL_OVERFLOW(*out_count, (uint64_t)dims[i], out_count)) {
      return false;
    }
  }
  return true;
}

// ---- copies

// Elements of `bits` bits, one per byte, from and to elements side by side.
static void pack(const uint8_t *elements, uint64_t count, uint32_t bits, uint8_t *out) {
  memset(out, 0, count * bits / 8);
  for (uint64_t i = 0; i < count; i++) {
    uint32_t value = elements[i] & ((1u << bits) - 1);
    out[i * bits / 8] |= (uint8_t)(value << (i * bits % 8));
  }
}

static void unpack(const uint8_t *bytes, uint64_t count, uint32_t bits, bool is_signed,
                   uint8_t *out) {
  for (uint64_t i = 0; i < count; i++) {
    uint32_t value = bytes[i * bits / 8] >> (i * bits % 8) & ((1u << bits) - 1);
    bool negative = is_signed && value >> (bits - 1);
    out[i] = (uint8_t)(negative ? value | ~((1u << bits) - 1) : value);
  }
}

typedef struct shape {
  skarn_type type;
  uint32_t bits;   // of an element
  uint64_t count;  // elements
} shape;

static void copy_bits(const shape *from, const void *data, const shape *to, void *out) {
  bool is_signed = to->type == SKARN_TYPE_S4 || to->type == SKARN_TYPE_S2;
  if (from->bits >= 8) {
    unpack(data, to->count, to->bits, is_signed, out);
  } else if (to->bits >= 8) {
    pack(data, from->count, from->bits, out);
  } else {  // both have the same bits
    for (uint64_t i = 0; i < to->count; i++) {
      unpack((const uint8_t *)data + i, 1, to->bits, is_signed, (uint8_t *)out + i);
    }
  }
}

static sk_pjrt_error *copy(sk_pjrt_buffer *source, const void *data, const shape *from,
                           const shape *to, const int64_t *dims, size_t rank,
                           skarn_buffer **out_copy) {
  *out_copy = NULL;
  if (from->bits < 8 && to->bits < 8 && from->bits != to->bits) {
    return sk_pjrt_error_new(SKARN_UNIMPLEMENTED,
                             "bits of a type of %u bits as one of %u bits are not supported",
                             from->bits, to->bits);
  }
  SK_PJRT_TRY(sk_pjrt_error_from(
      skarn_buffer_create(source->memory->device->device, to->type, rank, dims, out_copy)));
  copy_bits(from, data, to, skarn_buffer_mutable_data(*out_copy));
  return NULL;
}

// ---- views

static void end_sharing(void *raw, const void *data) {
  sk_pjrt_buffer *buffer = raw;
  (void)data;
  skarn_buffer_drop_external_ref(buffer->buffer);
  sk_pjrt_buffer_release(buffer);
}

// Takes the external reference to `source`; its bytes stay until the view is gone.
static sk_pjrt_error *view(sk_pjrt_buffer *source, skarn_host_array *array,
                           skarn_buffer **out_view) {
  atomic_fetch_add(&source->refs, 1);
  array->semantics = SKARN_HOST_ZERO_COPY;
  array->release = end_sharing;
  array->release_user = source;
  skarn_status *status =
      skarn_buffer_from_host(source->memory->device->device, array, NULL, out_view);
  if (status) {
    end_sharing(source, NULL);
  }
  return sk_pjrt_error_from(status);
}

static sk_pjrt_error *cast(sk_pjrt_buffer *source, skarn_host_array *array, const shape *from,
                           const shape *to, skarn_buffer **out_buffer) {
  skarn_event *ready = skarn_buffer_ready_event(source->buffer);
  skarn_status *status = skarn_event_await(ready);
  skarn_event_release(ready);
  *out_buffer = NULL;
  SK_PJRT_TRY(sk_pjrt_error_from(status));
  status = skarn_buffer_add_external_ref(source->buffer, &array->data);
  if (status) {
    skarn_status_free(status);
    return sk_pjrt_buffer_gone();
  }
  if (from->bits >= 8 && to->bits >= 8) {
    return view(source, array, out_buffer);
  }
  sk_pjrt_error *error = copy(source, array->data, from, to, array->dims, array->rank, out_buffer);
  skarn_buffer_drop_external_ref(source->buffer);
  return error;
}

sk_pjrt_error *sk_pjrt_Buffer_Bitcast(sk_pjrt_Buffer_Bitcast_args *args) {
  sk_pjrt_buffer *source = args->buffer;
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  sk_pjrt_layout layout;
  skarn_buffer *result;
  args->out_buffer = NULL;
  SK_PJRT_TRY(sk_pjrt_check_array(args->element_type, args->dims, args->num_dims, &array.type));
  SK_PJRT_TRY(sk_pjrt_layout_read(args->device_layout, (uint32_t)args->num_dims, args->dims,
                                  skarn_type_bytes(array.type), &layout));
  if (!layout.row_major || source->layout) {
    return sk_pjrt_error_new(SKARN_UNIMPLEMENTED, "only row-major arrays change their type");
  }
  skarn_type type = skarn_buffer_type(source->buffer);
  shape from = {type, type_bits(type), 0}, to = {array.type, type_bits(array.type), 0};
  uint64_t from_bits, to_bits;
  if (!count_elements(skarn_buffer_dims(source->buffer), skarn_buffer_rank(source->buffer),
                      &from.count) ||
      !count_elements(args->dims, args->num_dims, &to.count) ||
      SK_MUL_OVERFLOW(from.count, (uint64_t)from.bits, &from_bits) ||
      SK_MUL_OVERFLOW(to.count, (uint64_t)to.bits, &to_bits) || from_bits != to_bits) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "the new type has another size");
  }
  array.rank = args->num_dims;
  array.dims = args->dims;
  SK_PJRT_TRY(cast(source, &array, &from, &to, &result));
  return sk_pjrt_buffer_wrap(result, source->memory, NULL, &args->out_buffer);
}
