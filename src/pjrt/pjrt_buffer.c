// SPDX-License-Identifier: Apache-2.0
// Buffers: what a client may ask of one, and how it ends.
//
// A record here stands for a buffer of the runtime in one memory of one device. It is counted: each
// external reference counts too, so that a client may destroy a buffer before it gives those back.
#include <string.h>

#include "pjrt/pjrt_int.h"

sk_pjrt_error *sk_pjrt_buffer_gone(void) {
  return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "Buffer has been deleted or donated.");
}

sk_pjrt_error *sk_pjrt_buffer_wrap(skarn_buffer *buffer, sk_pjrt_memory *memory,
                                   const sk_pjrt_layout *layout, sk_pjrt_buffer **out_buffer) {
  bool labelled = layout && !layout->row_major;
  sk_pjrt_buffer *record = sk_mem_alloc(sizeof *record);
  sk_pjrt_layout *copy = labelled ? sk_mem_alloc(sizeof *copy) : NULL;
  *out_buffer = record;
  if (SK_UNLIKELY(!record || (labelled && !copy))) {
    sk_mem_free(record);
    sk_mem_free(copy);
    skarn_buffer_release(buffer);
    *out_buffer = NULL;
    return sk_pjrt_no_memory();
  }
  if (copy) {
    *copy = *layout;
  }
  *record = (sk_pjrt_buffer){1, 0, buffer, memory, copy, NULL};
  sk_pjrt_client_retain(memory->device->client);
  return NULL;
}

void sk_pjrt_buffer_release(sk_pjrt_buffer *buffer) {
  if (!buffer || !sk_refs_drop(&buffer->refs, 1)) {
    return;
  }
  sk_pjrt_client *client = buffer->memory->device->client;
  skarn_buffer_release(buffer->buffer);
  if (SK_UNLIKELY(buffer->layout != NULL)) {
    skarn_buffer_release(atomic_load(&buffer->in_layout));
    sk_mem_free(buffer->layout);
  }
  sk_mem_free(buffer);
  sk_pjrt_client_release(client);
}

bool sk_pjrt_buffer_is_pending(const sk_pjrt_buffer *buffer) {
  skarn_event *ready = skarn_buffer_ready_event(buffer->buffer);
  bool pending = !skarn_event_is_ready(ready);
  skarn_event_release(ready);
  return pending;
}

sk_pjrt_error *sk_pjrt_Buffer_Destroy(sk_pjrt_Buffer_Destroy_args *args) {
  sk_pjrt_buffer *buffer = args->buffer;
  // External references keep the record and the bytes; everybody else sees a deleted buffer.
  if (atomic_load_explicit(&buffer->refs, memory_order_acquire) != 1) {
    skarn_buffer_delete(buffer->buffer);
  }
  sk_pjrt_buffer_release(buffer);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_Delete(sk_pjrt_Buffer_Delete_args *args) {
  skarn_buffer_delete(args->buffer->buffer);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_IsDeleted(sk_pjrt_Buffer_IsDeleted_args *args) {
  args->is_deleted = skarn_buffer_is_deleted(args->buffer->buffer);
  return NULL;
}

// ---- asking

sk_pjrt_error *sk_pjrt_Buffer_ElementType(sk_pjrt_Buffer_ElementType_args *args) {
  args->type = sk_pjrt_type_to(skarn_buffer_type(args->buffer->buffer));
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_Dimensions(sk_pjrt_Buffer_Dimensions_args *args) {
  args->dims = skarn_buffer_dims(args->buffer->buffer);
  args->num_dims = skarn_buffer_rank(args->buffer->buffer);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_UnpaddedDimensions(sk_pjrt_Buffer_UnpaddedDimensions_args *args) {
  args->unpadded_dims = skarn_buffer_dims(args->buffer->buffer);
  args->num_dims = skarn_buffer_rank(args->buffer->buffer);
  return NULL;
}

sk_pjrt_error *
sk_pjrt_Buffer_DynamicDimensionIndices(sk_pjrt_Buffer_DynamicDimensionIndices_args *args) {
  args->dynamic_dim_indices = NULL;
  args->num_dynamic_dims = 0;
  return NULL;
}

// Orders to point at: reversed[MAX - rank] begins { rank - 1, ..., 1, 0 }.
static const int64_t reversed[SK_PJRT_MAX_RANK] = {31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21,
                                                   20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10,
                                                   9,  8,  7,  6,  5,  4,  3,  2,  1,  0};

sk_pjrt_error *sk_pjrt_Buffer_GetMemoryLayout(sk_pjrt_Buffer_GetMemoryLayout_args *args) {
  size_t rank = skarn_buffer_rank(args->buffer->buffer);
  memset(&args->layout, 0, sizeof args->layout);
  args->layout.struct_size = sizeof args->layout;
  args->layout.type = SK_PJRT_TILED;
  args->layout.tiled.struct_size = sizeof args->layout.tiled;
  args->layout.tiled.minor_to_major = args->buffer->layout ? args->buffer->layout->minor_to_major
                                                           : reversed + (SK_PJRT_MAX_RANK - rank);
  args->layout.tiled.minor_to_major_size = rank;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_OnDeviceSizeInBytes(sk_pjrt_Buffer_OnDeviceSizeInBytes_args *args) {
  args->on_device_size_in_bytes = skarn_buffer_bytes(args->buffer->buffer);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_Device(sk_pjrt_Buffer_Device_args *args) {
  args->device = args->buffer->memory->device;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_Memory(sk_pjrt_Buffer_Memory_args *args) {
  args->memory = args->buffer->memory;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_IsOnCpu(sk_pjrt_Buffer_IsOnCpu_args *args) {
  args->is_on_cpu = true;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_ReadyEvent(sk_pjrt_Buffer_ReadyEvent_args *args) {
  args->event = sk_pjrt_event_from(skarn_buffer_ready_event(args->buffer->buffer));
  return NULL;
}

// ---- addresses

// A copy in the order the client believes in, kept with the record.
static sk_pjrt_error *copy_in_layout(sk_pjrt_buffer *record, const void **out_data) {
  skarn_buffer *copy = atomic_load(&record->in_layout);
  if (!copy) {
    skarn_buffer *buffer = record->buffer;
    const int64_t *dims = skarn_buffer_dims(buffer);
    skarn_type type = skarn_buffer_type(buffer);
    int64_t strides[SK_PJRT_MAX_RANK];
    sk_pjrt_layout_strides(record->layout, dims, skarn_type_bytes(type), strides);
    SK_PJRT_TRY(sk_pjrt_error_from(skarn_buffer_create(skarn_buffer_device(buffer), type,
                                                       skarn_buffer_rank(buffer), dims, &copy)));
    skarn_status *status = skarn_buffer_to_host(buffer, skarn_buffer_mutable_data(copy),
                                                skarn_buffer_bytes(copy), strides, NULL);
    skarn_buffer *other = NULL;
    if (status || !atomic_compare_exchange_strong(&record->in_layout, &other, copy)) {
      skarn_buffer_release(copy);
      copy = other;
    }
    SK_PJRT_TRY(sk_pjrt_error_from(status));
  }
  *out_data = skarn_buffer_data(copy);
  return NULL;
}

static sk_pjrt_error *address_of(sk_pjrt_buffer *record, const void **out_data) {
  *out_data = skarn_buffer_data(record->buffer);
  if (SK_UNLIKELY(!*out_data)) {
    return sk_pjrt_buffer_gone();
  }
  return SK_LIKELY(!record->layout) ? NULL : copy_in_layout(record, out_data);
}

sk_pjrt_error *sk_pjrt_Buffer_UnsafePointer(sk_pjrt_Buffer_UnsafePointer_args *args) {
  const void *data;
  SK_PJRT_TRY(address_of(args->buffer, &data));
  args->buffer_pointer = (uintptr_t)data;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_OpaqueDeviceMemoryDataPointer(
    sk_pjrt_Buffer_OpaqueDeviceMemoryDataPointer_args *args) {
  const void *data;
  SK_PJRT_TRY(address_of(args->buffer, &data));
  args->device_memory_ptr = sk_pjrt_unconst(data);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_IncreaseExternalReferenceCount(
    sk_pjrt_Buffer_IncreaseExternalReferenceCount_args *args) {
  const void *data;
  skarn_status *status = skarn_buffer_add_external_ref(args->buffer->buffer, &data);
  if (SK_UNLIKELY(status != NULL)) {
    skarn_status_free(status);
    return sk_pjrt_buffer_gone();
  }
  atomic_fetch_add_explicit(&args->buffer->refs, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&args->buffer->external, 1, memory_order_relaxed);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Buffer_DecreaseExternalReferenceCount(
    sk_pjrt_Buffer_DecreaseExternalReferenceCount_args *args) {
  uint32_t count = atomic_load_explicit(&args->buffer->external, memory_order_relaxed);
  do {
    if (count == 0) {
      return sk_pjrt_error_new(SKARN_FAILED_PRECONDITION,
                               "the buffer has no external reference to give back");
    }
  } while (!atomic_compare_exchange_weak_explicit(&args->buffer->external, &count, count - 1,
                                                  memory_order_relaxed, memory_order_relaxed));
  skarn_buffer_drop_external_ref(args->buffer->buffer);
  sk_pjrt_buffer_release(args->buffer);
  return NULL;
}
