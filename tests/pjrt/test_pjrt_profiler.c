// SPDX-License-Identifier: Apache-2.0
// The Profiler extension as JAX uses it: sizes of structs unset, data collected without a buffer. What was collected is read back
// as a profiling tool reads it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "pjrt/pjrt_int.h"
#include "pjrt/pjrt_profiler.h"
#include "pjrt/pjrt_proto.h"
#include "pjrt_host.h"

enum { SIDE = 700, COUNT = SIDE * SIDE };
static const int64_t dims[] = {SIDE, SIDE};
// Large enough that threads share its kernel.
static const char twice[] =
    "module @doubles { func.func @main(%a: tensor<700x700xf32>) -> tensor<700x700xf32> {\n"
    "  %r = stablehlo.add %a, %a : tensor<700x700xf32> loc(\"dir/here.py\":12:3)\n"
    "  return %r : tensor<700x700xf32> } }\n";

static const sk_pjrt_profiler_api *profiler_api(void) {
  const sk_pjrt_profiler_table *table = (const void *)api->extension_start;
  assert_int_equal(table->base.type, SK_PJRT_EXTENSION_PROFILER);
  assert_int_equal(table->base.struct_size, 40);
  return table->api;
}

static void expect_error(sk_pjrt_profiler_error *error, int code, const char *part) {
  const sk_pjrt_profiler_api *functions = profiler_api();
  assert_non_null(error);
  sk_pjrt_profiler_error_args message = {.error = error};
  functions->error_message(&message);
  assert_non_null(memmem(message.message, message.message_size, part, strlen(part)));
  sk_pjrt_profiler_code_args asked = {.error = error};
  assert_null(functions->error_get_code(&asked));
  assert_int_equal(asked.code, code);
  functions->error_destroy(&message);
}

static sk_pjrt_profiler *new_profiler(void) {
  sk_pjrt_profiler_create_args create = {.profiler = NULL};
  assert_null(profiler_api()->create(&create));
  return create.profiler;
}

// Counts of what the bytes say.
typedef struct seen {
  uint32_t planes, lines, events, named;
  bool has_execute, has_kernel, has_launch;
} seen;

static bool has(const sk_pjrt_field *field, const char *part) {
  return memmem(field->bytes, field->size, part, strlen(part)) != NULL;
}

static void read_line(const sk_pjrt_field *line, seen *out) {
  sk_pjrt_proto message = sk_pjrt_proto_of(line);
  sk_pjrt_field field, inner;
  uint64_t start = 0, length = 0;
  out->lines++;
  while (sk_pjrt_proto_next(&message, &field)) {
    start = field.number == 3 ? field.value : start;
    length = field.number == 9 ? field.value : length;
    if (field.number == 4) {
      sk_pjrt_proto event = sk_pjrt_proto_of(&field);
      uint64_t name = 0, offset = 0, duration = 0;
      while (sk_pjrt_proto_next(&event, &inner)) {
        name = inner.number == 1 ? inner.value : name;
        offset = inner.number == 2 ? inner.value : offset;
        duration = inner.number == 3 ? inner.value : duration;
        out->has_launch = out->has_launch || inner.number == 4;
      }
      assert_true(!event.bad && name > 0 && offset + duration < (uint64_t)60e12);
      out->events++;
    }
  }
  assert_false(message.bad);
  assert_true(start > (uint64_t)1600000000 * 1000000000 && length > 0);
}

static seen read_space(const uint8_t *bytes, size_t size) {
  seen out = {0};
  sk_pjrt_proto space = {bytes, size, false};
  sk_pjrt_field plane, field;
  while (sk_pjrt_proto_next(&space, &plane)) {
    out.planes += plane.number == 1;
    sk_pjrt_proto message = sk_pjrt_proto_of(&plane);
    while (sk_pjrt_proto_next(&message, &field)) {
      if (field.number == 3) {
        read_line(&field, &out);
      } else if (field.number == 4) {
        out.named++;
        out.has_execute = out.has_execute || has(&field, "execute doubles");
        out.has_kernel = out.has_kernel || has(&field, "here.py:12");
      }
    }
    assert_false(message.bad);
  }
  assert_false(space.bad);
  return out;
}

static seen collect(sk_pjrt_profiler *profiler) {
  sk_pjrt_profiler_collect_args args = {.profiler = profiler};
  assert_null(profiler_api()->collect_data(&args));
  seen first = read_space(args.buffer, args.buffer_size_in_bytes);
  // The same into a buffer of the caller.
  sk_pjrt_profiler_collect_args again = {.profiler = profiler,
                                         .buffer = malloc(args.buffer_size_in_bytes + 1)};
  assert_null(profiler_api()->collect_data(&again));
  assert_int_equal(again.buffer_size_in_bytes, args.buffer_size_in_bytes);
  assert_memory_equal(again.buffer, args.buffer, args.buffer_size_in_bytes);
  free(again.buffer);
  return first;
}

static void test_records_while_it_runs(void **state) {
  (void)state;
  sk_pjrt_client *client = host_open(1);
  sk_pjrt_loaded *loaded = host_compile(client, twice);
  float *data = calloc(COUNT, sizeof *data);
  sk_pjrt_buffer *x = host_put(client, data, dims, 2, SK_PJRT_DURING_CALL), *y;
  sk_pjrt_profiler *profiler = new_profiler(), *other = new_profiler();
  sk_pjrt_profiler_args args = {.profiler = profiler}, others = {.profiler = other};
  host_run(loaded, &x, 1, &y);  // before
  host_destroy(y);
  assert_null(profiler_api()->start(&args));
  assert_null(profiler_api()->start(&args));  // again: nothing
  expect_error(profiler_api()->start(&others), SKARN_FAILED_PRECONDITION, "another");
  for (int i = 0; i < 3; i++) {
    host_run(loaded, &x, 1, &y);
    host_destroy(y);
  }
  sk_pjrt_profiler_collect_args early = {.profiler = profiler};
  expect_error(profiler_api()->collect_data(&early), SKARN_FAILED_PRECONDITION, "stop it");
  assert_null(profiler_api()->stop(&args));
  assert_null(profiler_api()->stop(&args));
  sk_pjrt_profiler_args none = {.profiler = NULL};
  sk_pjrt_profiler_collect_args nothing = {.profiler = NULL};
  expect_error(profiler_api()->start(&none), SKARN_INVALID_ARGUMENT, "no profiler");
  expect_error(profiler_api()->collect_data(&nothing), SKARN_INVALID_ARGUMENT, "no profiler");
  assert_null(profiler_api()->stop(&none));
  host_run(loaded, &x, 1, &y);  // after
  host_destroy(y);
  seen got = collect(profiler);
  assert_int_equal(got.planes, 1);
  assert_true(got.lines >= 1 && got.events >= 6 && got.named == 2);
  assert_true(got.has_execute && got.has_kernel && got.has_launch);
  // Another one begins with nothing.
  assert_null(profiler_api()->start(&others));
  assert_null(profiler_api()->stop(&others));
  got = collect(other);
  assert_int_equal(got.events, 0);
  assert_null(profiler_api()->destroy(&args));
  assert_null(profiler_api()->start(&others));
  host_destroy_loaded(host_compile(client, twice));
  assert_null(profiler_api()->destroy(&others));  // while it runs
  host_destroy(x);
  host_destroy_loaded(loaded);
  host_close(client);
  free(data);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_records_while_it_runs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
