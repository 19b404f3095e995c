// SPDX-License-Identifier: Apache-2.0
// Buffers whose contents come after them: transfers in pieces, aliases that are fulfilled later,
// errors in place of contents.
//
// Each such buffer waits for an event of its own. Whoever reads it waits too; executions that use
// it are left to the dispatcher. A buffer that never gets its contents ends with an error.
#include <string.h>

#include "pjrt/pjrt_int.h"

static skarn_status *status_of(int code, const char *message, size_t size) {
  char text[512];
  size = SK_MIN(message ? size : 0, sizeof text - 1);
  if (size) {
    memcpy(text, message, size);
  }
  text[size] = '\0';
  return skarn_status_create(code ? (skarn_code)code : SKARN_UNKNOWN, text);
}

// A buffer whose contents `ready`, a new event, announces.
static sk_pjrt_error *new_pending(sk_pjrt_memory *memory, int type, const int64_t *dims,
                                  size_t rank, const sk_pjrt_layout_spec *spec,
                                  skarn_event **out_ready, sk_pjrt_buffer **out_buffer) {
  skarn_type elem;
  sk_pjrt_layout layout;
  skarn_buffer *buffer;
  *out_ready = NULL;
  *out_buffer = NULL;
  SK_PJRT_TRY(sk_pjrt_check_array(type, dims, rank, &elem));
  SK_PJRT_TRY(sk_pjrt_layout_read(spec, (uint32_t)rank, dims, skarn_type_bytes(elem), &layout));
  if (!layout.row_major) {
    return sk_pjrt_error_new(SKARN_UNIMPLEMENTED,
                             "contents that come later must be in row-major order");
  }
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_event_create(out_ready)));
  sk_pjrt_error *error = sk_pjrt_error_from(
      skarn_buffer_create_pending(memory->device->device, elem, rank, dims, *out_ready, &buffer));
  if (!error) {
    error = sk_pjrt_buffer_wrap(buffer, memory, NULL, out_buffer);
  }
  if (error) {
    skarn_event_release(*out_ready);
    *out_ready = NULL;
  }
  return error;
}

static void set_ready(skarn_event *ready, skarn_status *error) {
  skarn_status_free(skarn_event_set(ready, error));  // it was set before: that stands
}

// ---- transfer managers

typedef struct piece {
  sk_pjrt_buffer *buffer;  // counted
  skarn_event *ready;      // counted
  _Atomic bool retrieved;
  _Atomic bool complete;  // had its last transfer, or its error
} piece;

struct sk_pjrt_transfer {
  sk_pjrt_memory *memory;
  size_t count;
  piece pieces[];
};

static void destroy_transfer(sk_pjrt_transfer *transfer) {
  sk_pjrt_client *client = transfer->memory->device->client;
  for (size_t i = 0; i < transfer->count; i++) {
    piece *each = &transfer->pieces[i];
    if (each->ready && !skarn_event_is_ready(each->ready)) {
      set_ready(each->ready,
                skarn_status_create(SKARN_CANCELLED, "the transfer ended before it was complete"));
    }
    skarn_event_release(each->ready);
    sk_pjrt_buffer_release(each->buffer);
  }
  sk_mem_free(transfer);
  sk_pjrt_client_release(client);
}

sk_pjrt_error *sk_pjrt_Client_CreateBuffersForAsyncHostToDevice(
    sk_pjrt_Client_CreateBuffersForAsyncHostToDevice_args *args) {
  sk_pjrt_memory *memory;
  args->transfer_manager = NULL;
  SK_PJRT_TRY(sk_pjrt_client_place(args->client, args->memory, NULL, &memory));
  if ((args->num_shape_specs && !args->shape_specs) || args->num_shape_specs > (1u << 20) ||
      (args->device_layouts && args->num_device_layouts != args->num_shape_specs)) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "%zu shapes and %zu layouts",
                             args->num_shape_specs, args->num_device_layouts);
  }
  sk_pjrt_transfer *transfer =
      sk_mem_zalloc(sizeof *transfer + args->num_shape_specs * sizeof(piece));
  SK_PJRT_TRY(transfer ? NULL : sk_pjrt_no_memory());
  sk_pjrt_client_retain(args->client);
  transfer->memory = memory;
  for (size_t i = 0; i < args->num_shape_specs; i++) {
    const sk_pjrt_shape_spec *shape = &args->shape_specs[i];
    piece *each = &transfer->pieces[i];
    sk_pjrt_error *error = new_pending(memory, shape->element_type, shape->dims, shape->num_dims,
                                       args->device_layouts ? args->device_layouts[i] : NULL,
                                       &each->ready, &each->buffer);
    if (error) {
      destroy_transfer(transfer);
      return error;
    }
    transfer->count = i + 1;
  }
  args->transfer_manager = transfer;
  return NULL;
}

sk_pjrt_error *sk_pjrt_AsyncHostToDeviceTransferManager_Destroy(
    sk_pjrt_AsyncHostToDeviceTransferManager_Destroy_args *args) {
  destroy_transfer(args->transfer_manager);
  return NULL;
}

static sk_pjrt_error *find_piece(sk_pjrt_transfer *transfer, int index, piece **out_piece) {
  *out_piece = NULL;
  if (index < 0 || (size_t)index >= transfer->count) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "buffer %d of %zu does not exist", index,
                             transfer->count);
  }
  *out_piece = &transfer->pieces[index];
  return NULL;
}

// Marks the piece as taking its last transfer; the contents are there when that is done.
static sk_pjrt_error *claim(piece *each, bool last) {
  bool complete = last ? atomic_exchange(&each->complete, true) : atomic_load(&each->complete);
  return complete
             ? sk_pjrt_error_new(SKARN_FAILED_PRECONDITION, "the buffer has had its last transfer")
             : NULL;
}

static sk_pjrt_error *write_bytes(piece *each, const void *data, int64_t offset, int64_t size) {
  skarn_buffer *buffer = each->buffer->buffer;
  size_t bytes = skarn_buffer_bytes(buffer);
  const void *kept;
  if (offset < 0 || size < 0 || (uint64_t)offset > bytes ||
      (uint64_t)size > bytes - (uint64_t)offset || (size && !data)) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "%lld bytes to %lld of a buffer of %zu",
                             (long long)size, (long long)offset, bytes);
  }
  // The reference keeps the storage while it is written, whoever deletes the buffer.
  skarn_status *status = skarn_buffer_add_external_ref(buffer, &kept);
  if (status) {
    skarn_status_free(status);
    return NULL;  // nobody will read it
  }
  if (size) {
    memcpy((char *)sk_pjrt_unconst(kept) + offset, data, (size_t)size);
  }
  skarn_buffer_drop_external_ref(buffer);
  return NULL;
}

sk_pjrt_error *sk_pjrt_AsyncHostToDeviceTransferManager_TransferData(
    sk_pjrt_AsyncHostToDeviceTransferManager_TransferData_args *args) {
  piece *each;
  args->done_with_h2d_transfer = NULL;
  SK_PJRT_TRY(find_piece(args->transfer_manager, args->buffer_index, &each));
  SK_PJRT_TRY(claim(each, false));
  SK_PJRT_TRY(write_bytes(each, args->data, args->offset, args->transfer_size));
  if (args->is_last_transfer) {
    SK_PJRT_TRY(claim(each, true));
    set_ready(each->ready, NULL);
  }
  args->done_with_h2d_transfer = sk_pjrt_event_from(skarn_event_ready());
  return NULL;
}

// The whole array at once, in the order its layout says.
sk_pjrt_error *sk_pjrt_AsyncHostToDeviceTransferManager_TransferLiteral(
    sk_pjrt_AsyncHostToDeviceTransferManager_TransferLiteral_args *args) {
  piece *each;
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  sk_pjrt_layout layout;
  int64_t strides[SK_PJRT_MAX_RANK];
  skarn_buffer *literal;
  args->done_with_h2d_transfer = NULL;
  SK_PJRT_TRY(find_piece(args->transfer_manager, args->buffer_index, &each));
  SK_PJRT_TRY(sk_pjrt_check_array(args->shape_element_type, args->shape_dims, args->shape_num_dims,
                                  &array.type));
  size_t elem_bytes = skarn_type_bytes(array.type);
  SK_PJRT_TRY(sk_pjrt_layout_read(args->shape_layout, (uint32_t)args->shape_num_dims,
                                  args->shape_dims, elem_bytes, &layout));
  sk_pjrt_layout_strides(&layout, args->shape_dims, elem_bytes, strides);
  array.data = args->data;
  array.rank = args->shape_num_dims;
  array.dims = args->shape_dims;
  array.byte_strides = strides;
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_buffer_from_host(
      args->transfer_manager->memory->device->device, &array, NULL, &literal)));
  sk_pjrt_error *error =
      skarn_buffer_bytes(literal) == skarn_buffer_bytes(each->buffer->buffer)
          ? claim(each, true)
          : sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "the literal has another shape");
  if (!error) {
    error = write_bytes(each, skarn_buffer_data(literal), 0, (int64_t)skarn_buffer_bytes(literal));
    set_ready(each->ready, NULL);
    args->done_with_h2d_transfer = sk_pjrt_event_from(skarn_event_ready());
  }
  skarn_buffer_release(literal);
  return error;
}

sk_pjrt_error *sk_pjrt_AsyncHostToDeviceTransferManager_RetrieveBuffer(
    sk_pjrt_AsyncHostToDeviceTransferManager_RetrieveBuffer_args *args) {
  piece *each;
  args->buffer_out = NULL;
  SK_PJRT_TRY(find_piece(args->transfer_manager, args->buffer_index, &each));
  if (atomic_exchange(&each->retrieved, true)) {
    return sk_pjrt_error_new(SKARN_FAILED_PRECONDITION, "buffer %d was retrieved before",
                             args->buffer_index);
  }
  atomic_fetch_add(&each->buffer->refs, 1);
  args->buffer_out = each->buffer;
  return NULL;
}

sk_pjrt_error *sk_pjrt_AsyncHostToDeviceTransferManager_Device(
    sk_pjrt_AsyncHostToDeviceTransferManager_Device_args *args) {
  args->device_out = args->transfer_manager->memory->device;
  return NULL;
}

sk_pjrt_error *sk_pjrt_AsyncHostToDeviceTransferManager_BufferCount(
    sk_pjrt_AsyncHostToDeviceTransferManager_BufferCount_args *args) {
  args->buffer_count = args->transfer_manager->count;
  return NULL;
}

sk_pjrt_error *sk_pjrt_AsyncHostToDeviceTransferManager_BufferSize(
    sk_pjrt_AsyncHostToDeviceTransferManager_BufferSize_args *args) {
  piece *each;
  SK_PJRT_TRY(find_piece(args->transfer_manager, args->buffer_index, &each));
  args->buffer_size = skarn_buffer_bytes(each->buffer->buffer);
  return NULL;
}

sk_pjrt_error *sk_pjrt_AsyncHostToDeviceTransferManager_SetBufferError(
    sk_pjrt_AsyncHostToDeviceTransferManager_SetBufferError_args *args) {
  piece *each;
  SK_PJRT_TRY(find_piece(args->transfer_manager, args->buffer_index, &each));
  SK_PJRT_TRY(claim(each, true));
  set_ready(each->ready,
            status_of(args->error_code, args->error_message, args->error_message_size));
  return NULL;
}

sk_pjrt_error *sk_pjrt_AsyncHostToDeviceTransferManager_AddMetadata(
    sk_pjrt_AsyncHostToDeviceTransferManager_AddMetadata_args *args) {
  (void)args;  // nobody asks for it
  return NULL;
}

// ---- errors in place of contents

sk_pjrt_error *sk_pjrt_Client_CreateErrorBuffer(sk_pjrt_Client_CreateErrorBuffer_args *args) {
  sk_pjrt_memory *memory;
  skarn_event *ready;
  args->buffer = NULL;
  SK_PJRT_TRY(sk_pjrt_client_place(args->client, args->memory, NULL, &memory));
  SK_PJRT_TRY(new_pending(memory, args->shape_element_type, args->shape_dims, args->shape_num_dims,
                          args->shape_layout, &ready, &args->buffer));
  set_ready(ready, status_of(args->error_code, args->error_message, args->error_message_size));
  skarn_event_release(ready);
  return NULL;
}

// ---- aliases

typedef struct alias {
  sk_pjrt_buffer *buffer;  // counted: to be filled
  skarn_event *ready;      // counted
  sk_pjrt_buffer *source;  // counted, once fulfilled
} alias;

sk_pjrt_error *sk_pjrt_Client_CreateAliasBuffer(sk_pjrt_Client_CreateAliasBuffer_args *args) {
  sk_pjrt_memory *memory;
  args->alias_buffer = NULL;
  args->fulfill_alias_buffer_cb = NULL;
  SK_PJRT_TRY(sk_pjrt_client_place(args->client, args->memory, NULL, &memory));
  alias *record = sk_mem_zalloc(sizeof *record);
  SK_PJRT_TRY(record ? NULL : sk_pjrt_no_memory());
  sk_pjrt_error *error =
      new_pending(memory, args->shape_element_type, args->shape_dims, args->shape_num_dims,
                  args->shape_layout, &record->ready, &record->buffer);
  if (error) {
    sk_mem_free(record);
    return error;
  }
  atomic_fetch_add(&record->buffer->refs, 1);
  args->alias_buffer = record->buffer;
  args->fulfill_alias_buffer_cb = record;
  return NULL;
}

static void end_alias(alias *record, skarn_status *error) {
  set_ready(record->ready, error);
  skarn_event_release(record->ready);
  sk_pjrt_buffer_release(record->buffer);
  sk_pjrt_buffer_release(record->source);
  sk_mem_free(record);
}

static void source_ready(void *raw, skarn_status *error) {
  alias *record = raw;
  skarn_buffer *to = record->buffer->buffer;
  const void *kept;
  if (error) {
    end_alias(record, error);
    return;
  }
  error = skarn_buffer_add_external_ref(to, &kept);
  if (!error) {
    error = skarn_buffer_to_host(record->source->buffer, sk_pjrt_unconst(kept),
                                 skarn_buffer_bytes(to), NULL, NULL);
    skarn_buffer_drop_external_ref(to);
  }
  end_alias(record, error);
}

sk_pjrt_error *sk_pjrt_Client_FulfillAliasBuffer(sk_pjrt_Client_FulfillAliasBuffer_args *args) {
  alias *record = args->fulfill_alias_buffer_cb;
  if (args->status_code) {
    end_alias(record, status_of(args->status_code, args->error_message, args->error_message_size));
    return NULL;
  }
  if (!args->buffer ||
      skarn_buffer_bytes(args->buffer->buffer) != skarn_buffer_bytes(record->buffer->buffer)) {
    end_alias(record, skarn_status_create(SKARN_INVALID_ARGUMENT,
                                          "an alias was fulfilled with an array of another size"));
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT,
                             "the buffer is missing or has another size than its alias");
  }
  record->source = args->buffer;
  atomic_fetch_add(&record->source->refs, 1);
  skarn_event *source = skarn_buffer_ready_event(record->source->buffer);
  skarn_status *status = skarn_event_on_ready(source, source_ready, record);
  if (status) {
    end_alias(record, status);
  }
  skarn_event_release(source);
  return NULL;
}
