// SPDX-License-Identifier: Apache-2.0
// Buffers: counted arrays whose storage can outlive them or go before them.
//
//   block (mempool)   [ sk_block | sk_buffer | dims beyond 3 | data ... ]      one allocation
//   view              [ sk_block | sk_buffer | dims ]    data in the caller's memory
//   heir              [ sk_block | sk_buffer | dims ]    data in the block of a donated buffer
//
// The record and the data each hold a reference of the block they lie in, so that a donated array
// can move to another buffer while its old record lives on as deleted.
//
// `state` says who uses the data: executions hold, hosts have external references, and the deleted
// bit is set once. Whoever leaves the state "deleted and unused" gives the data back. Donation is
// the step from "one hold, nothing else" to deleted, with the data in the donor's hands.
#include <string.h>

#include "rt/rt_int.h"

static sk_mempool *memory_of(const sk_buffer *buffer) { return &buffer->device->client->memory; }

static void drop_block(sk_mempool *pool, sk_block *block, uint32_t count) {
  if (block && sk_refs_drop(&block->refs, count)) {
    sk_mempool_give(pool, block);
  }
}

// ---- making

static uint64_t record_bytes(uint32_t rank) {
  uint64_t more = rank > 3 ? rank * sizeof(int64_t) : 0;
  return sk_align_up(sizeof(sk_buffer) + more, SK_CACHE_LINE);
}

static sk_status new_record(sk_device *device, sk_dtype type, uint32_t rank, const int64_t *dims,
                            uint64_t bytes, uint64_t data_bytes, sk_buffer **out_buffer) {
  *out_buffer = NULL;
  sk_block *block;
  SK_TRY(sk_mempool_take(&device->client->memory, record_bytes(rank) + data_bytes, false, &block));
  sk_buffer *buffer = (sk_buffer *)(void *)sk_block_data(block);
  *buffer = (sk_buffer){.refs = 1,
                        .type = (uint8_t)type,
                        .rank = (uint8_t)rank,
                        .device = device,
                        .home = block,
                        .bytes = bytes};
  buffer->dims = rank > 3 ? (int64_t *)(void *)(buffer + 1) : buffer->small_dims;
  if (rank) {
    memcpy(buffer->dims, dims, rank * sizeof *dims);
  }
  sk_client_retain(device->client);
  atomic_fetch_add_explicit(&device->client->buffer_count, 1, memory_order_relaxed);
  *out_buffer = buffer;
  return NULL;
}

sk_status sk_buffer_new(sk_device *device, sk_dtype type, uint32_t rank, const int64_t *dims,
                        uint64_t bytes, sk_buffer **out_buffer) {
  SK_TRY(new_record(device, type, rank, dims, bytes, SK_MAX(bytes, 1u), out_buffer));
  sk_buffer *buffer = *out_buffer;
  buffer->storage = buffer->home;
  buffer->data = sk_block_data(buffer->home) + record_bytes(rank);
  atomic_store_explicit(&buffer->home->refs, 2, memory_order_relaxed);
  return NULL;
}

sk_status sk_buffer_new_shell(sk_device *device, sk_dtype type, uint32_t rank, const int64_t *dims,
                              uint64_t bytes, sk_buffer **out_buffer) {
  return new_record(device, type, rank, dims, bytes, 0, out_buffer);
}

static sk_status check_shape(sk_dtype type, uint32_t rank, const int64_t *dims,
                             uint64_t *out_bytes) {
  if (!sk_dtype_name(type)) {
    return sk_status_new(SK_INVALID_ARGUMENT, "%d is not an element type", (int)type);
  }
  if (rank > SK_RT_MAX_RANK) {
    return sk_status_new(SK_INVALID_ARGUMENT, "rank %u is more than %d", rank, SK_RT_MAX_RANK);
  }
  if (rank && !dims) {
    return sk_status_new(SK_INVALID_ARGUMENT, "an array of rank %u without dimensions", rank);
  }
  if (!sk_dtype_array_bytes(type, rank, dims, out_bytes)) {
    return sk_status_new(SK_INVALID_ARGUMENT, "a dimension is negative or the array too large");
  }
  return NULL;
}

sk_status sk_buffer_create(sk_device *device, sk_dtype type, uint32_t rank, const int64_t *dims,
                           sk_buffer **out_buffer) {
  *out_buffer = NULL;
  uint64_t bytes;
  SK_TRY(check_shape(type, rank, dims, &bytes));
  return sk_buffer_new(device, type, rank, dims, bytes, out_buffer);
}

sk_status sk_buffer_create_pending(sk_device *device, sk_dtype type, uint32_t rank,
                                   const int64_t *dims, sk_event *ready, sk_buffer **out_buffer) {
  SK_TRY(sk_buffer_create(device, type, rank, dims, out_buffer));
  sk_event_retain(ready);
  (*out_buffer)->ready = ready;
  return NULL;
}

// ---- from the host

static bool is_dense(const sk_host_array *array) {
  int64_t expected = sk_dtype_bytes(array->type);
  for (uint32_t i = array->rank; array->byte_strides && i-- > 0;) {
    if (array->dims[i] != 1 && array->byte_strides[i] != expected) {
      return false;
    }
    expected *= SK_MAX(array->dims[i], 1);
  }
  return true;
}

static sk_status view_host(sk_device *device, const sk_host_array *array, uint64_t bytes,
                           sk_event **out_done, sk_buffer **out_buffer) {
  sk_event *released = NULL;
  if (out_done) {
    SK_TRY(sk_event_create(&released));
  }
  sk_status status =
      sk_buffer_new_shell(device, array->type, array->rank, array->dims, bytes, out_buffer);
  if (status) {
    sk_event_release(released);
    return status;
  }
  sk_buffer *buffer = *out_buffer;
  buffer->data = sk_unconst(array->data);
  buffer->read_only = array->semantics != SK_HOST_MUTABLE_ZERO_COPY;
  buffer->release = array->release;
  buffer->release_user = array->release_user;
  buffer->released = released;
  if (out_done) {
    sk_event_retain(released);
    *out_done = released;
  }
  return NULL;
}

static sk_status copy_host(sk_device *device, const sk_host_array *array, uint64_t bytes,
                           sk_event **out_done, sk_buffer **out_buffer) {
  SK_TRY(sk_buffer_new(device, array->type, array->rank, array->dims, bytes, out_buffer));
  sk_buffer *buffer = *out_buffer;
  if (is_dense(array)) {
    if (bytes) {
      memcpy(buffer->data, array->data, bytes);
    }
  } else {
    int64_t dense[SK_RT_MAX_RANK];
    uint32_t elem_bytes = sk_dtype_bytes(array->type);
    sk_dense_strides(array->rank, array->dims, elem_bytes, dense);
    sk_copy_strided(buffer->data, dense, array->data, array->byte_strides, array->rank, array->dims,
                    elem_bytes);
  }
  if (out_done) {
    *out_done = sk_event_ready();
  }
  if (array->release) {
    array->release(array->release_user, array->data);
  }
  return NULL;
}

// Bits of an element that is narrower than its byte; 0 for other types.
static uint32_t narrow_bits(sk_dtype type) {
  switch ((int)type) {
    case SK_DTYPE_S2:
    case SK_DTYPE_U2: return 2;
    case SK_DTYPE_S4:
    case SK_DTYPE_U4:
    case SK_DTYPE_F4E2M1FN: return 4;
    case SK_DTYPE_F6E2M3FN:
    case SK_DTYPE_F6E3M2FN: return 6;
    default: return 0;
  }
}

// Hosts leave anything in the bits above an element; here they repeat its sign, or are zero. And a
// boolean that was copied is 0 or 1 (one in memory of the host's is true if it is not 0).
static void extend_elements(sk_buffer *buffer, sk_dtype type) {
  uint32_t bits = narrow_bits(type), sign = 0;
  for (uint64_t i = 0; type == SK_DTYPE_PRED && i < buffer->bytes; i++) {
    buffer->data[i] = buffer->data[i] != 0;
  }
  if (type == SK_DTYPE_S2 || type == SK_DTYPE_S4) {
    sign = 1u << (bits - 1);
  }
  for (uint64_t i = 0; bits != 0 && i < buffer->bytes; i++) {
    uint32_t low = (uint8_t)buffer->data[i] & ((1u << bits) - 1);
    buffer->data[i] = (char)(uint8_t)((low ^ sign) - sign);
  }
}

sk_status sk_buffer_from_host(sk_device *device, const sk_host_array *array, sk_event **out_done,
                              sk_buffer **out_buffer) {
  uint64_t bytes;
  *out_buffer = NULL;
  if (out_done) {
    *out_done = NULL;
  }
  SK_TRY(check_shape(array->type, array->rank, array->dims, &bytes));
  if (bytes && !array->data) {
    return sk_status_new(SK_INVALID_ARGUMENT, "an array of %llu bytes without data",
                         (unsigned long long)bytes);
  }
  bool may_view =
      array->semantics == SK_HOST_ZERO_COPY || array->semantics == SK_HOST_MUTABLE_ZERO_COPY;
  if (may_view && bytes && is_dense(array) && narrow_bits(array->type) == 0) {
    return view_host(device, array, bytes, out_done, out_buffer);
  }
  SK_TRY(copy_host(device, array, bytes, out_done, out_buffer));
  extend_elements(*out_buffer, array->type);
  return NULL;
}

// ---- storage and its users

// Gives the data back: nobody uses them, and nobody else gets here.
static void free_storage(sk_buffer *buffer) {
  sk_event *released = buffer->released;
  buffer->released = NULL;
  if (buffer->storage) {
    drop_block(memory_of(buffer), buffer->storage, 1);
    buffer->storage = NULL;
  } else if (buffer->release) {
    buffer->release(buffer->release_user, buffer->data);
  }
  if (released) {
    // It was made for this and set nowhere else.
    sk_status_free(sk_event_set(released, NULL));
    sk_event_release(released);
  }
}

// Adds `what` unless the buffer is deleted: a deleted one is never used again.
static bool enter_state(sk_buffer *buffer, uint64_t what) {
  uint64_t state = atomic_load_explicit(&buffer->state, memory_order_relaxed);
  do {
    if (SK_UNLIKELY(state & SK_DELETED)) {
      return false;
    }
  } while (!atomic_compare_exchange_weak_explicit(&buffer->state, &state, state + what,
                                                  memory_order_acquire, memory_order_relaxed));
  return true;
}

static void leave_state(sk_buffer *buffer, uint64_t what) {
  uint64_t before = atomic_fetch_sub_explicit(&buffer->state, what, memory_order_acq_rel);
  if (SK_UNLIKELY(before == (SK_DELETED | what))) {
    free_storage(buffer);
  }
}

bool sk_buffer_hold(sk_buffer *buffer) { return enter_state(buffer, SK_HOLD); }
void sk_buffer_unhold(sk_buffer *buffer) { leave_state(buffer, SK_HOLD); }

void sk_buffer_delete(sk_buffer *buffer) {
  if (atomic_fetch_or_explicit(&buffer->state, SK_DELETED, memory_order_acq_rel) == 0) {
    free_storage(buffer);
  }
}

bool sk_buffer_is_deleted(const sk_buffer *buffer) {
  return (atomic_load_explicit(&buffer->state, memory_order_acquire) & SK_DELETED) != 0;
}

bool sk_buffer_donate(sk_buffer *buffer, sk_buffer *heir) {
  uint64_t only_ours = SK_HOLD;
  if (buffer->read_only ||
      !atomic_compare_exchange_strong_explicit(&buffer->state, &only_ours, SK_DELETED,
                                               memory_order_acq_rel, memory_order_relaxed)) {
    return false;
  }
  heir->data = buffer->data;
  heir->storage = buffer->storage;
  heir->release = buffer->release;
  heir->release_user = buffer->release_user;
  heir->released = buffer->released;
  buffer->storage = NULL;
  buffer->release = NULL;
  buffer->released = NULL;
  return true;
}

void sk_buffer_take_back(sk_buffer *buffer, sk_buffer *heir) {
  buffer->storage = heir->storage;
  buffer->release = heir->release;
  buffer->release_user = heir->release_user;
  buffer->released = heir->released;
  heir->data = NULL;
  heir->storage = NULL;
  heir->release = NULL;
  heir->released = NULL;
  atomic_store_explicit(&buffer->state, SK_HOLD, memory_order_release);
}

bool sk_buffer_consume(sk_buffer *buffer) {
  uint64_t state = atomic_load_explicit(&buffer->state, memory_order_relaxed);
  do {
    if ((state & ~SK_DELETED) >= SK_EXTERNAL) {
      return false;
    }
  } while (!atomic_compare_exchange_weak_explicit(&buffer->state, &state, state | SK_DELETED,
                                                  memory_order_acq_rel, memory_order_relaxed));
  return true;
}

sk_status sk_buffer_add_external_ref(sk_buffer *buffer, const void **out_data) {
  *out_data = NULL;
  if (!enter_state(buffer, SK_EXTERNAL)) {
    return sk_status_new(SK_FAILED_PRECONDITION, "the buffer has been deleted or donated");
  }
  *out_data = buffer->data;
  return NULL;
}

void sk_buffer_drop_external_ref(sk_buffer *buffer) { leave_state(buffer, SK_EXTERNAL); }

sk_block *sk_buffer_retain_storage(sk_buffer *buffer) {
  if (buffer->storage) {
    atomic_fetch_add_explicit(&buffer->storage->refs, 1, memory_order_relaxed);
  }
  return buffer->storage;
}

void sk_client_drop_storage(sk_client *client, sk_block *storage) {
  drop_block(&client->memory, storage, 1);
}

// ---- counting

void sk_buffer_retain(sk_buffer *buffer) {
  if (buffer) {
    atomic_fetch_add_explicit(&buffer->refs, 1, memory_order_relaxed);
  }
}

void sk_buffer_release(sk_buffer *buffer) {
  if (!buffer || !sk_refs_drop(&buffer->refs, 1)) {
    return;
  }
  sk_client *client = buffer->device->client;
  uint32_t home_refs = 1;
  if (buffer->storage == buffer->home &&
      atomic_load_explicit(&buffer->state, memory_order_acquire) == 0) {
    home_refs = 2;  // record and data end together
  } else {
    sk_buffer_delete(buffer);
  }
  sk_event_release(buffer->ready);
  atomic_fetch_sub_explicit(&client->buffer_count, 1, memory_order_relaxed);
  drop_block(&client->memory, buffer->home, home_refs);
  sk_client_release(client);
}

// ---- asking

sk_dtype sk_buffer_type(const sk_buffer *buffer) { return (sk_dtype)buffer->type; }
uint32_t sk_buffer_rank(const sk_buffer *buffer) { return buffer->rank; }
const int64_t *sk_buffer_dims(const sk_buffer *buffer) { return buffer->dims; }
uint64_t sk_buffer_bytes(const sk_buffer *buffer) { return buffer->bytes; }
sk_device *sk_buffer_device(const sk_buffer *buffer) { return buffer->device; }

const void *sk_buffer_data(const sk_buffer *buffer) {
  return sk_buffer_is_deleted(buffer) ? NULL : buffer->data;
}

void *sk_buffer_mutable_data(sk_buffer *buffer) {
  return buffer->read_only || sk_buffer_is_deleted(buffer) ? NULL : buffer->data;
}

// ---- contents that come later

sk_status sk_buffer_await(sk_buffer *buffer) {
  return SK_LIKELY(!buffer->ready) ? NULL : sk_event_await(buffer->ready);
}

sk_event *sk_buffer_ready_event(sk_buffer *buffer) {
  sk_event_retain(buffer->ready);
  return buffer->ready ? buffer->ready : sk_event_ready();
}

// ---- copying out

// Holds the buffer once its contents are there.
static sk_status hold_contents(sk_buffer *buffer) {
  if (!sk_buffer_hold(buffer)) {
    return sk_status_new(SK_FAILED_PRECONDITION, "the buffer has been deleted or donated");
  }
  sk_status status = sk_buffer_await(buffer);
  if (status) {
    sk_buffer_unhold(buffer);
  }
  return status;
}

sk_status sk_buffer_to_host(sk_buffer *buffer, void *data, size_t data_bytes,
                            const int64_t *byte_strides, sk_event **out_done) {
  if (out_done) {
    *out_done = NULL;
  }
  if (!data && buffer->bytes) {
    return sk_status_new(SK_INVALID_ARGUMENT, "no destination for %llu bytes",
                         (unsigned long long)buffer->bytes);
  }
  if (!byte_strides && data_bytes < buffer->bytes) {
    return sk_status_new(SK_INVALID_ARGUMENT, "the destination has %zu bytes, the array %llu",
                         data_bytes, (unsigned long long)buffer->bytes);
  }
  SK_TRY(hold_contents(buffer));
  if (!byte_strides && buffer->bytes) {
    memcpy(data, buffer->data, buffer->bytes);
  } else if (byte_strides) {
    int64_t dense[SK_RT_MAX_RANK];
    uint32_t elem_bytes = sk_dtype_bytes((sk_dtype)buffer->type);
    sk_dense_strides(buffer->rank, buffer->dims, elem_bytes, dense);
    sk_copy_strided(data, byte_strides, buffer->data, dense, buffer->rank, buffer->dims,
                    elem_bytes);
  }
  sk_buffer_unhold(buffer);
  if (out_done) {
    *out_done = sk_event_ready();
  }
  return NULL;
}

sk_status sk_buffer_copy_to_device(sk_buffer *buffer, sk_device *device, sk_buffer **out_buffer) {
  *out_buffer = NULL;
  SK_TRY(hold_contents(buffer));
  sk_status status = sk_buffer_new(device, (sk_dtype)buffer->type, buffer->rank, buffer->dims,
                                   buffer->bytes, out_buffer);
  if (!status && buffer->bytes) {
    memcpy((*out_buffer)->data, buffer->data, buffer->bytes);
  }
  sk_buffer_unhold(buffer);
  return status;
}
