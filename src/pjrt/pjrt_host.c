// SPDX-License-Identifier: Apache-2.0
// Between the host and buffers: arrays with any strides in, arrays in any order of dimensions out,
// views of memory that the client lends.
//
// A dense array that the client lends for the buffer's life is viewed, however it is aligned; small
// ones are copied, which costs less than keeping book of the loan. Types narrower than a byte have
// one element per byte on both sides.
#include <string.h>

#include "pjrt/pjrt_int.h"

enum { COPY_BELOW = 16 << 10 };  // bytes

sk_pjrt_error *sk_pjrt_check_array(int type, const int64_t *dims, size_t rank,
                                   skarn_type *out_type) {
  *out_type = sk_pjrt_type_from(type);
  if (*out_type == SKARN_TYPE_INVALID) {
    return sk_pjrt_error_new(SKARN_UNIMPLEMENTED, "element type %d is not supported", type);
  }
  if (rank > SK_PJRT_MAX_RANK || (rank && !dims)) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "an array of rank %zu (at most %d)", rank,
                             SK_PJRT_MAX_RANK);
  }
  return NULL;
}

static bool is_small(skarn_type type, size_t rank, const int64_t *dims) {
  uint64_t bytes = skarn_type_bytes(type);
  for (size_t i = 0; i < rank; i++) {
    if (dims[i] < 0 || SK_MUL_OVERFLOW(bytes, (uint64_t)dims[i], &bytes)) {
      return false;
    }
  }
  return bytes < COPY_BELOW;
}

sk_pjrt_error *sk_pjrt_Client_BufferFromHostBuffer(sk_pjrt_Client_BufferFromHostBuffer_args *args) {
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  sk_pjrt_memory *memory;
  args->buffer = NULL;
  args->done_with_host_buffer = NULL;
  SK_PJRT_TRY(sk_pjrt_client_place(args->client, args->memory, args->device, &memory));
  SK_PJRT_TRY(sk_pjrt_check_array(args->type, args->dims, args->num_dims, &array.type));
  if ((unsigned)args->host_buffer_semantics > SK_PJRT_MUTABLE_ZERO_COPY) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "host buffer semantics %d do not exist",
                             args->host_buffer_semantics);
  }
  if (args->byte_strides && args->num_byte_strides != args->num_dims) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "%zu byte strides for %zu dimensions",
                             args->num_byte_strides, args->num_dims);
  }
  array.data = args->data;
  array.rank = args->num_dims;
  array.dims = args->dims;
  array.byte_strides = args->byte_strides;
  array.semantics = is_small(array.type, array.rank, array.dims)
                        ? SKARN_HOST_DURING_CALL
                        : (skarn_host_semantics)args->host_buffer_semantics;
  sk_pjrt_layout layout;
  SK_PJRT_TRY(sk_pjrt_layout_read(args->device_layout, (uint32_t)array.rank, array.dims,
                                  skarn_type_bytes(array.type), &layout));
  skarn_event *done;
  skarn_buffer *buffer;
  SK_PJRT_TRY(
      sk_pjrt_error_from(skarn_buffer_from_host(memory->device->device, &array, &done, &buffer)));
  sk_pjrt_error *error = sk_pjrt_buffer_wrap(buffer, memory, &layout, &args->buffer);
  if (error) {
    skarn_event_release(done);
    return error;
  }
  args->done_with_host_buffer = sk_pjrt_event_from(done);
  return NULL;
}

// ---- views

typedef struct lent {
  sk_pjrt_on_delete_fn on_delete;
  void *user;
} lent;

static void give_back(void *raw, const void *data) {
  lent loan = *(lent *)raw;
  sk_mem_free(raw);
  if (loan.on_delete) {
    loan.on_delete(sk_pjrt_unconst(data), loan.user);
  }
}

sk_pjrt_error *
sk_pjrt_Client_CreateViewOfDeviceBuffer(sk_pjrt_Client_CreateViewOfDeviceBuffer_args *args) {
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  sk_pjrt_memory *memory;
  sk_pjrt_layout layout;
  int64_t strides[SK_PJRT_MAX_RANK];
  args->buffer = NULL;
  SK_PJRT_TRY(
      sk_pjrt_client_place(args->client, SK_PJRT_GET(args, memory, NULL), args->device, &memory));
  SK_PJRT_TRY(sk_pjrt_check_array(args->element_type, args->dims, args->num_dims, &array.type));
  size_t elem_bytes = skarn_type_bytes(array.type);
  SK_PJRT_TRY(
      sk_pjrt_layout_read(args->layout, (uint32_t)args->num_dims, args->dims, elem_bytes, &layout));
  sk_pjrt_layout_strides(&layout, args->dims, elem_bytes, strides);
  lent *loan = sk_mem_alloc(sizeof *loan);
  if (!loan) {
    return sk_pjrt_no_memory();
  }
  *loan = (lent){args->on_delete_callback, args->on_delete_callback_arg};
  array.data = args->device_buffer_ptr;
  array.rank = args->num_dims;
  array.dims = args->dims;
  array.byte_strides = layout.row_major ? NULL : strides;  // else copied, and given back at once
  array.semantics = SKARN_HOST_ZERO_COPY;
  array.release = give_back;
  array.release_user = loan;
  skarn_buffer *buffer;
  skarn_status *status = skarn_buffer_from_host(memory->device->device, &array, NULL, &buffer);
  if (status) {
    sk_mem_free(loan);
    return sk_pjrt_error_from(status);
  }
  return sk_pjrt_buffer_wrap(buffer, memory, &layout, &args->buffer);
}

sk_pjrt_error *
sk_pjrt_Client_CreateUninitializedBuffer(sk_pjrt_Client_CreateUninitializedBuffer_args *args) {
  sk_pjrt_memory *memory;
  sk_pjrt_layout layout;
  skarn_type type;
  skarn_buffer *buffer;
  args->buffer = NULL;
  SK_PJRT_TRY(sk_pjrt_client_place(args->client, args->memory, args->device, &memory));
  SK_PJRT_TRY(
      sk_pjrt_check_array(args->shape_element_type, args->shape_dims, args->shape_num_dims, &type));
  SK_PJRT_TRY(sk_pjrt_layout_read(args->shape_layout, (uint32_t)args->shape_num_dims,
                                  args->shape_dims, skarn_type_bytes(type), &layout));
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_buffer_create(
      memory->device->device, type, args->shape_num_dims, args->shape_dims, &buffer)));
  return sk_pjrt_buffer_wrap(buffer, memory, &layout, &args->buffer);
}

// ---- to the host

sk_pjrt_error *sk_pjrt_Buffer_ToHostBuffer(sk_pjrt_Buffer_ToHostBuffer_args *args) {
  skarn_buffer *buffer = args->src->buffer;
  uint32_t rank = (uint32_t)skarn_buffer_rank(buffer);
  const int64_t *dims = skarn_buffer_dims(buffer);
  size_t elem_bytes = skarn_type_bytes(skarn_buffer_type(buffer));
  args->event = NULL;
  if (!args->dst) {
    args->dst_size = skarn_buffer_bytes(buffer);
    return NULL;
  }
  sk_pjrt_layout layout;
  SK_PJRT_TRY(sk_pjrt_layout_read(args->host_layout, rank, dims, elem_bytes, &layout));
  if (!args->host_layout && args->src->layout) {
    layout = *args->src->layout;  // as the buffer has it
  }
  if (args->dst_size < skarn_buffer_bytes(buffer)) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "the destination has %zu bytes, the array %zu",
                             args->dst_size, skarn_buffer_bytes(buffer));
  }
  if (skarn_buffer_is_deleted(buffer)) {
    return sk_pjrt_buffer_gone();
  }
  // Contents that come later are copied when they are there; another order of them is waited for.
  if (SK_UNLIKELY(layout.row_major && sk_pjrt_buffer_is_pending(args->src))) {
    return sk_pjrt_copy_to_host(args->src, args->dst, &args->event);
  }
  int64_t strides[SK_PJRT_MAX_RANK];
  skarn_event *done;
  sk_pjrt_layout_strides(&layout, dims, elem_bytes, strides);
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_buffer_to_host(buffer, args->dst, args->dst_size,
                                                      layout.row_major ? NULL : strides, &done)));
  args->event = sk_pjrt_event_from(done);
  return NULL;
}
