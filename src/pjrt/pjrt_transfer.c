// SPDX-License-Identifier: Apache-2.0
// Buffers whose contents come after them: transfers in pieces, aliases that are fulfilled later,
// errors in place of contents.
//
// Each such buffer waits for an event of its own. Whoever reads it waits too; executions that use
// it are left to the dispatcher. A buffer that never gets its contents ends with an error. Whoever
// is to bring them has an external reference: copies may want them after the buffer is deleted.
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

// A buffer whose contents `ready`, a new event, announces. With an external reference, which is where
// they are written, if `out_data` is not NULL.
static sk_pjrt_error *new_pending(sk_pjrt_memory *memory, int type, const int64_t *dims,
                                  size_t rank, const sk_pjrt_layout_spec *spec,
                                  skarn_event **out_ready, const void **out_data,
                                  sk_pjrt_buffer **out_buffer) {
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
  if (!error && out_data) {
    error = sk_pjrt_error_from(skarn_buffer_add_external_ref(buffer, out_data));
  }
  if (error) {
    sk_pjrt_buffer_release(*out_buffer);
    *out_buffer = NULL;
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
  sk_pjrt_buffer *buffer;    // counted
  skarn_event *ready;        // counted
  const void *data;          // where it goes, while `writers` is not 0
  _Atomic uint32_t writers;  // under way, and one until the last: an external reference together
  _Atomic bool retrieved;
  _Atomic bool complete;  // had its last transfer, or its error
} piece;

struct sk_pjrt_transfer {
  sk_pjrt_memory *memory;
  size_t count;
  piece pieces[];
};

static bool begin_writing(piece *each) {
  uint32_t writers = atomic_load(&each->writers);
  while (writers != 0) {
    if (atomic_compare_exchange_weak(&each->writers, &writers, writers + 1)) {
      return true;
    }
  }
  return false;
}

static void end_writing(piece *each) {
  if (atomic_fetch_sub(&each->writers, 1) == 1) {
    skarn_buffer_drop_external_ref(each->buffer->buffer);
  }
}

// Marks the piece as having had its last transfer; false: it had it before.
static bool claim(piece *each) { return !atomic_exchange(&each->complete, true); }

// Of whoever has claimed it.
static void finish(piece *each, skarn_status *error) {
  end_writing(each);
  set_ready(each->ready, error);
}

static void destroy_transfer(sk_pjrt_transfer *transfer) {
  sk_pjrt_client *client = transfer->memory->device->client;
  for (size_t i = 0; i < transfer->count; i++) {
    piece *each = &transfer->pieces[i];
    if (claim(each)) {
      finish(each,
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
                                       &each->ready, &each->data, &each->buffer);
    if (error) {
      destroy_transfer(transfer);
      return error;
    }
    atomic_store(&each->writers, 1);
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

static sk_pjrt_error *had_its_last(void) {
  return sk_pjrt_error_new(SKARN_FAILED_PRECONDITION, "the buffer has had its last transfer");
}

static sk_pjrt_error *write_bytes(const piece *each, const void *data, int64_t offset,
                                  int64_t size) {
  size_t bytes = skarn_buffer_bytes(each->buffer->buffer);
  if (offset < 0 || size < 0 || (uint64_t)offset > bytes ||
      (uint64_t)size > bytes - (uint64_t)offset || (size && !data)) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "%lld bytes to %lld of a buffer of %zu",
                             (long long)size, (long long)offset, bytes);
  }
  if (size) {
    memcpy((char *)sk_pjrt_unconst(each->data) + offset, data, (size_t)size);
  }
  return NULL;
}

sk_pjrt_error *sk_pjrt_AsyncHostToDeviceTransferManager_TransferData(
    sk_pjrt_AsyncHostToDeviceTransferManager_TransferData_args *args) {
  piece *each;
  args->done_with_h2d_transfer = NULL;
  SK_PJRT_TRY(find_piece(args->transfer_manager, args->buffer_index, &each));
  SK_PJRT_TRY(begin_writing(each) ? NULL : had_its_last());
  sk_pjrt_error *error = write_bytes(each, args->data, args->offset, args->transfer_size);
  end_writing(each);
  SK_PJRT_TRY(error);
  if (args->is_last_transfer) {
    SK_PJRT_TRY(claim(each) ? NULL : had_its_last());
    finish(each, NULL);
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
  sk_pjrt_error *error = NULL;
  if (skarn_buffer_bytes(literal) != skarn_buffer_bytes(each->buffer->buffer)) {
    error = sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "the literal has another shape");
  } else if (!claim(each)) {
    error = had_its_last();
  } else {
    error = write_bytes(each, skarn_buffer_data(literal), 0, (int64_t)skarn_buffer_bytes(literal));
    finish(each, NULL);
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
  SK_PJRT_TRY(claim(each) ? NULL : had_its_last());
  finish(each, status_of(args->error_code, args->error_message, args->error_message_size));
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
                          args->shape_layout, &ready, NULL, &args->buffer));
  set_ready(ready, status_of(args->error_code, args->error_message, args->error_message_size));
  skarn_event_release(ready);
  return NULL;
}

// ---- aliases

typedef struct alias {
  sk_pjrt_buffer *buffer;  // counted: to be filled
  const void *data;        // its external reference
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
                  args->shape_layout, &record->ready, &record->data, &record->buffer);
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
  skarn_buffer_drop_external_ref(record->buffer->buffer);
  set_ready(record->ready, error);
  skarn_event_release(record->ready);
  sk_pjrt_buffer_release(record->buffer);
  sk_pjrt_buffer_release(record->source);
  sk_mem_free(record);
}

static void source_ready(void *raw, skarn_status *error) {
  alias *record = raw;
  if (!error) {
    error = skarn_buffer_to_host(record->source->buffer, sk_pjrt_unconst(record->data),
                                 skarn_buffer_bytes(record->buffer->buffer), NULL, NULL);
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
