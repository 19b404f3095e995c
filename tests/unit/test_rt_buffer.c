// SPDX-License-Identifier: Apache-2.0
// Buffers, strided copies and events: layouts in and out, views and their release, deletion against
// users, errors, callbacks in every order.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "rt/rt_int.h"

static sk_client *client;
static sk_device *device;

static int set_up(void **state) {
  (void)state;
  assert_null(sk_client_create(&(sk_client_config){.device_count = 2}, &client));
  device = sk_client_device(client, 0);
  return 0;
}

// Everything was given back.
static int tear_down(void **state) {
  (void)state;
  sk_memory_stats stats;
  sk_client_memory_stats(client, &stats);
  assert_int_equal(stats.in_use, 0);
  assert_int_equal(stats.buffer_count, 0);
  sk_client_release(client);
  return 0;
}

static void expect_status(sk_status status, sk_code code, const char *part) {
  assert_int_equal(sk_status_code(status), code);
  if (!strstr(sk_status_message(status), part)) {
    fail_msg("'%s' does not mention '%s'", sk_status_message(status), part);
  }
  sk_status_free(status);
}

// ---- strided copies

// Copies element by element, index by index: what every layout must agree with.
static void copy_slowly(char *to, const int64_t *to_strides, const char *from,
                        const int64_t *from_strides, uint32_t rank, const int64_t *dims,
                        uint32_t bytes) {
  int64_t total = 1;
  for (uint32_t i = 0; i < rank; i++) {
    total *= dims[i];
  }
  for (int64_t n = 0; n < total; n++) {
    int64_t rest = n, t = 0, f = 0;
    for (uint32_t i = rank; i-- > 0;) {
      t += rest % dims[i] * to_strides[i];
      f += rest % dims[i] * from_strides[i];
      rest /= dims[i];
    }
    memcpy(to + t, from + f, bytes);
  }
}

static uint32_t next_random(uint64_t *seed) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*seed >> 33);
}

// Strides of a dense array whose dimensions lie in memory in a random order, some reversed, some
// with gaps, some (of a source) repeated. Returns the offset of element 0.
static int64_t random_strides(uint64_t *seed, uint32_t rank, const int64_t *dims, uint32_t bytes,
                              bool source, int64_t *strides, int64_t *out_span) {
  bool used[8] = {false};
  int64_t stride = bytes, first = 0;
  for (uint32_t k = 0; k < rank; k++) {
    uint32_t d = next_random(seed) % rank;
    while (used[d]) {
      d = (d + 1) % rank;
    }
    used[d] = true;
    uint32_t how = next_random(seed) % 8;
    strides[d] = how == 0 && source ? 0 : how == 1 ? -stride : stride;
    first += strides[d] < 0 && dims[d] > 0 ? stride * (dims[d] - 1) : 0;
    stride *= dims[d] + (how == 2 ? 3 : 0);
  }
  *out_span = stride;
  return first;
}

static void copies_any_layout(void **state) {
  (void)state;
  enum { SPAN = 1 << 20 };
  static char from[SPAN], to[SPAN], expected[SPAN];
  static const uint32_t sizes[] = {1, 2, 4, 8, 16};
  uint64_t seed = 20;
  for (size_t i = 0; i < SPAN; i++) {
    from[i] = (char)next_random(&seed);
  }
  for (int round = 0; round < 3000; round++) {
    uint32_t rank = next_random(&seed) % 5, bytes = sizes[next_random(&seed) % 5];
    int64_t dims[5], in[5], out[5], in_span, out_span;
    for (uint32_t i = 0; i < rank; i++) {
      dims[i] = next_random(&seed) % (rank < 3 ? 40 : 7);
      dims[i] += dims[i] == 0 && next_random(&seed) % 8 != 0;  // empty ones now and then
    }
    int64_t in_first = random_strides(&seed, rank, dims, bytes, true, in, &in_span);
    int64_t out_first = random_strides(&seed, rank, dims, bytes, false, out, &out_span);
    assert_true(in_span <= SPAN && out_span <= SPAN);
    memset(to, 0x11, (size_t)out_span);
    memset(expected, 0x11, (size_t)out_span);
    sk_copy_strided(to + out_first, out, from + in_first, in, rank, dims, bytes);
    copy_slowly(expected + out_first, out, from + in_first, in, rank, dims, bytes);
    assert_memory_equal(to, expected, (size_t)out_span);
  }
}

// ---- in and out

static void round_trip(void **state) {
  (void)state;
  float data[2][3][4], back[2][3][4], fortran[4][3][2];
  int64_t dims[3] = {2, 3, 4};
  for (int i = 0; i < 24; i++) {
    ((float *)data)[i] = (float)i;
  }
  sk_host_array host = {.data = data, .type = SK_DTYPE_F32, .rank = 3, .dims = dims};
  sk_buffer *buffer;
  sk_event *done;
  assert_null(sk_buffer_from_host(device, &host, &done, &buffer));
  assert_ptr_equal(done, sk_event_ready());
  assert_int_equal(sk_buffer_rank(buffer), 3);
  assert_int_equal(sk_buffer_bytes(buffer), sizeof data);
  assert_memory_equal(sk_buffer_dims(buffer), dims, sizeof dims);
  assert_memory_equal(sk_buffer_data(buffer), data, sizeof data);
  assert_null(sk_buffer_to_host(buffer, back, sizeof back, NULL, &done));
  assert_true(sk_event_is_ready(done));
  assert_memory_equal(back, data, sizeof data);
  int64_t column_major[3] = {4, 8, 24};
  assert_null(sk_buffer_to_host(buffer, fortran, sizeof fortran, column_major, NULL));
  for (int i = 0; i < 2; i++) {
    for (int j = 0; j < 3; j++) {
      for (int k = 0; k < 4; k++) {
        assert_true(fortran[k][j][i] == data[i][j][k]);
      }
    }
  }
  sk_buffer *again;
  host.data = fortran;
  host.byte_strides = column_major;
  host.semantics = SK_HOST_ZERO_COPY;  // not dense: copied all the same
  assert_null(sk_buffer_from_host(device, &host, NULL, &again));
  assert_ptr_not_equal(sk_buffer_data(again), fortran);
  assert_memory_equal(sk_buffer_data(again), data, sizeof data);
  sk_buffer_release(again);
  sk_buffer_release(buffer);
}

static void many_dimensions(void **state) {
  (void)state;
  int64_t dims[SK_RT_MAX_RANK + 1];
  int8_t data[4] = {1, 2, 3, 4};
  for (uint32_t i = 0; i <= SK_RT_MAX_RANK; i++) {
    dims[i] = i == 5 || i == 20 ? 2 : 1;
  }
  sk_host_array host = {.data = data, .type = SK_DTYPE_S8, .rank = SK_RT_MAX_RANK, .dims = dims};
  sk_buffer *buffer;
  assert_null(sk_buffer_from_host(device, &host, NULL, &buffer));
  assert_memory_equal(sk_buffer_dims(buffer), dims, SK_RT_MAX_RANK * sizeof *dims);
  assert_memory_equal(sk_buffer_data(buffer), data, 4);
  assert_int_equal((uintptr_t)sk_buffer_data(buffer) % 64, 0);
  sk_buffer_release(buffer);
  host.rank++;
  expect_status(sk_buffer_from_host(device, &host, NULL, &buffer), SK_INVALID_ARGUMENT, "rank 33");
}

static void refuses_bad_shapes(void **state) {
  (void)state;
  sk_buffer *buffer;
  int64_t dims[2] = {1 << 20, (int64_t)1 << 50};
  expect_status(sk_buffer_create(device, SK_DTYPE_F64, 2, dims, &buffer), SK_INVALID_ARGUMENT,
                "too large");
  dims[1] = -1;
  expect_status(sk_buffer_create(device, SK_DTYPE_F64, 2, dims, &buffer), SK_INVALID_ARGUMENT,
                "negative");
  expect_status(sk_buffer_create(device, (sk_dtype)99, 0, NULL, &buffer), SK_INVALID_ARGUMENT,
                "99 is not an element type");
  expect_status(sk_buffer_create(device, SK_DTYPE_F32, 2, NULL, &buffer), SK_INVALID_ARGUMENT,
                "without dimensions");
  dims[0] = 3;
  dims[1] = 1;
  expect_status(sk_buffer_from_host(device,
                                    &(sk_host_array){.type = SK_DTYPE_F32, .rank = 2, .dims = dims},
                                    NULL, &buffer),
                SK_INVALID_ARGUMENT, "12 bytes without data");
  assert_null(buffer);
}

static void empty_arrays(void **state) {
  (void)state;
  int64_t dims[2] = {0, INT64_MAX};
  sk_buffer *buffer;
  sk_host_array host = {.type = SK_DTYPE_C128, .rank = 2, .dims = dims};
  host.semantics = SK_HOST_ZERO_COPY;
  assert_null(sk_buffer_from_host(device, &host, NULL, &buffer));
  assert_int_equal(sk_buffer_bytes(buffer), 0);
  assert_non_null(sk_buffer_data(buffer));
  assert_null(sk_buffer_to_host(buffer, NULL, 0, NULL, NULL));
  sk_buffer_release(buffer);
  host = (sk_host_array){.type = SK_DTYPE_TOKEN};
  assert_null(sk_buffer_from_host(device, &host, NULL, &buffer));
  assert_int_equal(sk_buffer_bytes(buffer), 0);
  sk_buffer_release(buffer);
}

// One element per byte: what the host has above it is not taken over, lent or not.
static void narrow_elements(void **state) {
  (void)state;
  static const struct {
    sk_dtype type;
    uint8_t in[4], out[4];
  } cases[] = {
      {SK_DTYPE_S4, {0x01, 0x0E, 0xF7, 0x28}, {0x01, 0xFE, 0x07, 0xF8}},
      {SK_DTYPE_U4, {0x01, 0x0E, 0xF7, 0x28}, {0x01, 0x0E, 0x07, 0x08}},
      {SK_DTYPE_S2, {0x01, 0x02, 0xFF, 0x04}, {0x01, 0xFE, 0xFF, 0x00}},
      {SK_DTYPE_U2, {0x01, 0x02, 0xFF, 0x04}, {0x01, 0x02, 0x03, 0x00}},
      {SK_DTYPE_F4E2M1FN, {0x01, 0x0E, 0xF7, 0x28}, {0x01, 0x0E, 0x07, 0x08}},
      {SK_DTYPE_F6E3M2FN, {0x01, 0x3E, 0xF7, 0x48}, {0x01, 0x3E, 0x37, 0x08}},
      {SK_DTYPE_S8, {0x01, 0x0E, 0xF7, 0x28}, {0x01, 0x0E, 0xF7, 0x28}},
  };
  static const sk_host_semantics ways[] = {SK_HOST_DURING_CALL, SK_HOST_ZERO_COPY};
  for (size_t i = 0; i < 2 * SK_COUNT(cases); i++) {
    const int64_t dims[] = {4};
    const sk_host_array array = {.data = cases[i / 2].in,
                                 .type = cases[i / 2].type,
                                 .rank = 1,
                                 .dims = dims,
                                 .semantics = ways[i % 2]};
    sk_buffer *buffer;
    assert_null(sk_buffer_from_host(device, &array, NULL, &buffer));
    assert_memory_equal(sk_buffer_data(buffer), cases[i / 2].out, 4);
    sk_buffer_release(buffer);
  }
}

static void small_destinations(void **state) {
  (void)state;
  int32_t data[4] = {1, 2, 3, 4}, back[4];
  int64_t dims = 4;
  sk_buffer *buffer;
  sk_host_array host = {.data = data, .type = SK_DTYPE_S32, .rank = 1, .dims = &dims};
  assert_null(sk_buffer_from_host(device, &host, NULL, &buffer));
  expect_status(sk_buffer_to_host(buffer, back, 15, NULL, NULL), SK_INVALID_ARGUMENT,
                "the destination has 15 bytes, the array 16");
  expect_status(sk_buffer_to_host(buffer, NULL, 16, NULL, NULL), SK_INVALID_ARGUMENT,
                "no destination");
  sk_buffer_delete(buffer);
  sk_buffer_delete(buffer);
  expect_status(sk_buffer_to_host(buffer, back, 16, NULL, NULL), SK_FAILED_PRECONDITION,
                "deleted or donated");
  sk_buffer *copy;
  expect_status(sk_buffer_copy_to_device(buffer, device, &copy), SK_FAILED_PRECONDITION, "deleted");
  assert_null(sk_buffer_data(buffer));
  sk_buffer_release(buffer);
}

// ---- views and users

typedef struct released {
  int count;
  const void *data;
} released;

static void note_release(void *user, const void *data) {
  released *r = user;
  r->count++;
  r->data = data;
}

static sk_buffer *view(const void *data, sk_host_semantics semantics, released *r) {
  static const int64_t dims = 4;
  sk_host_array host = {.data = data,
                        .type = SK_DTYPE_S8,
                        .rank = 1,
                        .dims = &dims,
                        .semantics = semantics,
                        .release = note_release,
                        .release_user = r};
  sk_buffer *buffer;
  assert_null(sk_buffer_from_host(device, &host, NULL, &buffer));
  return buffer;
}

static void semantics(void **state) {
  (void)state;
  int8_t data[4] = {1, 2, 3, 4};
  for (int s = SK_HOST_DURING_CALL; s <= SK_HOST_MUTABLE_ZERO_COPY; s++) {
    released r = {0, NULL};
    sk_buffer *buffer = view(data, (sk_host_semantics)s, &r);
    bool is_view = s >= SK_HOST_ZERO_COPY;
    assert_int_equal(sk_buffer_data(buffer) == data, is_view);
    assert_int_equal(r.count, !is_view);
    void *writable = sk_buffer_mutable_data(buffer);
    assert_int_equal(writable == NULL, s == SK_HOST_ZERO_COPY);
    sk_buffer_retain(buffer);
    sk_buffer_release(buffer);
    assert_int_equal(r.count, !is_view);
    sk_buffer_release(buffer);
    assert_int_equal(r.count, 1);
    assert_ptr_equal(r.data, data);
  }
}

static void external_references_outlive_deletion(void **state) {
  (void)state;
  int8_t data[4] = {1, 2, 3, 4};
  released r = {0, NULL};
  sk_buffer *buffer = view(data, SK_HOST_ZERO_COPY, &r);
  const void *first, *second;
  assert_null(sk_buffer_add_external_ref(buffer, &first));
  assert_null(sk_buffer_add_external_ref(buffer, &second));
  assert_ptr_equal(first, data);
  sk_buffer_delete(buffer);
  assert_true(sk_buffer_is_deleted(buffer));
  assert_null(sk_buffer_data(buffer));
  assert_int_equal(r.count, 0);
  sk_buffer_drop_external_ref(buffer);
  assert_int_equal(r.count, 0);
  sk_buffer_drop_external_ref(buffer);
  assert_int_equal(r.count, 1);
  assert_false(sk_buffer_hold(buffer));
  sk_buffer_release(buffer);
  assert_int_equal(r.count, 1);
}

static void moves_between_devices(void **state) {
  (void)state;
  int8_t data[4] = {1, 2, 3, 4};
  released r = {0, NULL};
  sk_buffer *buffer = view(data, SK_HOST_ZERO_COPY, &r), *copy;
  assert_null(sk_buffer_copy_to_device(buffer, sk_client_device(client, 1), &copy));
  sk_buffer_release(buffer);
  assert_memory_equal(sk_buffer_data(copy), data, 4);
  assert_int_equal(sk_device_id(sk_buffer_device(copy)), 1);
  assert_null(sk_client_device(client, 2));
  sk_buffer_release(copy);
}

// ---- events

typedef struct call_log {
  int calls;
  sk_code code;
  sk_event *release;  // in the callback
} call_log;

static void note_call(void *user, sk_status error) {
  call_log *log = user;
  log->calls++;
  log->code = sk_status_code(error);
  sk_status_free(error);
  sk_event_release(log->release);
}

static void events_call_back_once(void **state) {
  (void)state;
  sk_event *event;
  call_log before = {0}, after = {0};
  assert_null(sk_event_create(&event));
  assert_false(sk_event_is_ready(event));
  assert_null(sk_event_error(event));
  assert_null(sk_event_on_ready(event, note_call, &before));
  assert_int_equal(before.calls, 0);
  assert_null(sk_event_set(event, sk_status_new(SK_ABORTED, "stopped")));
  assert_int_equal(before.calls, 1);
  assert_int_equal(before.code, SK_ABORTED);
  assert_null(sk_event_on_ready(event, note_call, &after));
  assert_int_equal(after.calls, 1);
  assert_int_equal(after.code, SK_ABORTED);
  assert_true(sk_event_is_ready(event));
  expect_status(sk_event_await(event), SK_ABORTED, "stopped");
  expect_status(sk_event_error(event), SK_ABORTED, "stopped");
  expect_status(sk_event_set(event, sk_status_new(SK_ABORTED, "again")), SK_FAILED_PRECONDITION,
                "ready already");
  sk_event_release(event);
}

// Clients ask to be called and drop their reference at once, or drop it in the callback.
static void events_may_go_early(void **state) {
  (void)state;
  sk_event *event;
  call_log log = {0};
  assert_null(sk_event_create(&event));
  sk_event_retain(event);
  assert_null(sk_event_on_ready(event, note_call, &log));
  sk_event_release(event);
  log.release = event;
  assert_null(sk_event_set(event, NULL));
  assert_int_equal(log.calls, 1);
  assert_int_equal(log.code, SK_OK);
  // Released before it was ever set: the callback is told.
  log = (call_log){0};
  assert_null(sk_event_create(&event));
  assert_null(sk_event_on_ready(event, note_call, &log));
  sk_event_release(event);
  assert_int_equal(log.calls, 1);
  assert_int_equal(log.code, SK_CANCELLED);
}

static void ready_event_is_immortal(void **state) {
  (void)state;
  sk_event *ready = sk_event_ready();
  call_log log = {0};
  for (int i = 0; i < 5; i++) {
    sk_event_release(ready);
  }
  assert_true(sk_event_is_ready(ready));
  assert_null(sk_event_await(ready));
  assert_null(sk_event_on_ready(ready, note_call, &log));
  assert_int_equal(log.calls, 1);
  expect_status(sk_event_set(ready, NULL), SK_FAILED_PRECONDITION, "ready already");
}

static void set_later(void *event) {
  _Atomic uint32_t nobody = 0;
  sk_futex_wait(&nobody, 0, 5000000);
  sk_status_free(sk_event_set(event, sk_status_new(SK_ABORTED, "by another thread")));
}

static void waits_for_another_thread(void **state) {
  (void)state;
  sk_event *event;
  sk_thread thread;
  call_log log = {0};
  assert_null(sk_event_create(&event));
  assert_null(sk_event_on_ready(event, note_call, &log));
  assert_null(sk_thread_start(&thread, "setter", set_later, event));
  expect_status(sk_event_await(event), SK_ABORTED, "another thread");
  sk_thread_join(&thread);
  assert_int_equal(log.calls, 1);
  sk_event_release(event);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(copies_any_layout),
      cmocka_unit_test(round_trip),
      cmocka_unit_test(many_dimensions),
      cmocka_unit_test(refuses_bad_shapes),
      cmocka_unit_test(empty_arrays),
      cmocka_unit_test(narrow_elements),
      cmocka_unit_test(small_destinations),
      cmocka_unit_test(semantics),
      cmocka_unit_test(external_references_outlive_deletion),
      cmocka_unit_test(moves_between_devices),
      cmocka_unit_test(events_call_back_once),
      cmocka_unit_test(events_may_go_early),
      cmocka_unit_test(ready_event_is_immortal),
      cmocka_unit_test(waits_for_another_thread),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
