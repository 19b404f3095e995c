// SPDX-License-Identifier: Apache-2.0
// Public C API: buffers.
//
// What the caller hands in is checked here (sizes, enumerators, missing pointers); shapes are
// checked by the runtime.
#include "api/runtime_int.h"

skarn_status *skarn_buffer_from_host(skarn_device *device, const skarn_host_array *array,
                                     skarn_event **out_done, skarn_buffer **out_buffer) {
  *out_buffer = NULL;
  if (out_done) {
    *out_done = NULL;
  }
  SK_API_REQUIRE(device && array, "no device or no array");
  skarn_host_array read;
  SK_API_READ(array, &read);
  SK_API_REQUIRE(read.rank <= SK_RT_MAX_RANK, "the rank is more than 32");
  SK_API_REQUIRE((unsigned)read.semantics <= SKARN_HOST_MUTABLE_ZERO_COPY,
                 "the semantics are not known");
  sk_host_array host = {.data = read.data,
                        .type = (sk_dtype)read.type,
                        .rank = (uint32_t)read.rank,
                        .dims = read.dims,
                        .byte_strides = read.byte_strides,
                        .semantics = (sk_host_semantics)read.semantics,
                        .release = read.release,
                        .release_user = read.release_user};
  sk_event *done = NULL;
  sk_buffer *buffer;
  sk_status status =
      sk_buffer_from_host(sk_api_device(device), &host, out_done ? &done : NULL, &buffer);
  *out_buffer = sk_api_to_buffer(buffer);
  if (out_done) {
    *out_done = sk_api_to_event(done);
  }
  return sk_api_to_status(status);
}

skarn_status *skarn_buffer_create(skarn_device *device, skarn_type type, size_t rank,
                                  const int64_t *dims, skarn_buffer **out_buffer) {
  *out_buffer = NULL;
  SK_API_REQUIRE(device, "no device");
  SK_API_REQUIRE(rank <= SK_RT_MAX_RANK, "the rank is more than 32");
  sk_buffer *buffer;
  sk_status status =
      sk_buffer_create(sk_api_device(device), (sk_dtype)type, (uint32_t)rank, dims, &buffer);
  *out_buffer = sk_api_to_buffer(buffer);
  return sk_api_to_status(status);
}

skarn_status *skarn_buffer_create_pending(skarn_device *device, skarn_type type, size_t rank,
                                          const int64_t *dims, skarn_event *ready,
                                          skarn_buffer **out_buffer) {
  *out_buffer = NULL;
  SK_API_REQUIRE(device && ready, "no device or no event");
  SK_API_REQUIRE(rank <= SK_RT_MAX_RANK, "the rank is more than 32");
  sk_buffer *buffer;
  sk_status status = sk_buffer_create_pending(sk_api_device(device), (sk_dtype)type, (uint32_t)rank,
                                              dims, sk_api_event(ready), &buffer);
  *out_buffer = sk_api_to_buffer(buffer);
  return sk_api_to_status(status);
}

void skarn_buffer_retain(skarn_buffer *buffer) { sk_buffer_retain(sk_api_buffer(buffer)); }
void skarn_buffer_release(skarn_buffer *buffer) { sk_buffer_release(sk_api_buffer(buffer)); }

skarn_type skarn_buffer_type(const skarn_buffer *buffer) {
  return (skarn_type)sk_buffer_type(sk_api_buffer(buffer));
}
size_t skarn_buffer_rank(const skarn_buffer *buffer) {
  return sk_buffer_rank(sk_api_buffer(buffer));
}
const int64_t *skarn_buffer_dims(const skarn_buffer *buffer) {
  return sk_buffer_dims(sk_api_buffer(buffer));
}
size_t skarn_buffer_bytes(const skarn_buffer *buffer) {
  return sk_buffer_bytes(sk_api_buffer(buffer));
}
skarn_device *skarn_buffer_device(const skarn_buffer *buffer) {
  return sk_api_to_device(sk_buffer_device(sk_api_buffer(buffer)));
}

void skarn_buffer_delete(skarn_buffer *buffer) { sk_buffer_delete(sk_api_buffer(buffer)); }
bool skarn_buffer_is_deleted(const skarn_buffer *buffer) {
  return sk_buffer_is_deleted(sk_api_buffer(buffer));
}
const void *skarn_buffer_data(const skarn_buffer *buffer) {
  return sk_buffer_data(sk_api_buffer(buffer));
}
void *skarn_buffer_mutable_data(skarn_buffer *buffer) {
  return sk_buffer_mutable_data(sk_api_buffer(buffer));
}

skarn_status *skarn_buffer_add_external_ref(skarn_buffer *buffer, const void **out_data) {
  return sk_api_to_status(sk_buffer_add_external_ref(sk_api_buffer(buffer), out_data));
}
void skarn_buffer_drop_external_ref(skarn_buffer *buffer) {
  sk_buffer_drop_external_ref(sk_api_buffer(buffer));
}

skarn_status *skarn_buffer_to_host(skarn_buffer *buffer, void *data, size_t data_bytes,
                                   const int64_t *byte_strides, skarn_event **out_done) {
  sk_event *done = NULL;
  sk_status status = sk_buffer_to_host(sk_api_buffer(buffer), data, data_bytes, byte_strides,
                                       out_done ? &done : NULL);
  if (out_done) {
    *out_done = sk_api_to_event(done);
  }
  return sk_api_to_status(status);
}

skarn_status *skarn_buffer_copy_to_device(skarn_buffer *buffer, skarn_device *device,
                                          skarn_buffer **out_buffer) {
  *out_buffer = NULL;
  SK_API_REQUIRE(device, "no device");
  sk_buffer *copy;
  sk_status status = sk_buffer_copy_to_device(sk_api_buffer(buffer), sk_api_device(device), &copy);
  *out_buffer = sk_api_to_buffer(copy);
  return sk_api_to_status(status);
}

skarn_event *skarn_buffer_ready_event(skarn_buffer *buffer) {
  return sk_api_to_event(sk_buffer_ready_event(sk_api_buffer(buffer)));
}
