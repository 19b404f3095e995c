// SPDX-License-Identifier: Apache-2.0
// Image files: what is written reads back and runs; equal images give equal bytes; every truncation
// and every flipped bit is an error; a file that is consistent but wrong is refused too.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "rt/image_int.h"
#include "rt/rt_int.h"
#include "support/rt_images.h"

static void expect_status(sk_status status, sk_code code, const char *part) {
  if (sk_status_code(status) != code || !strstr(sk_status_message(status), part)) {
    fail_msg("%s: '%s' does not mention '%s'", sk_code_name(sk_status_code(status)),
             sk_status_message(status), part);
  }
  sk_status_free(status);
}

// A signature with everything in it.
static sk_image rich_image(void) {
  static const int64_t dims[3] = {2, 1, 5};
  static const sk_image_value args[] = {
      {"x", "tensor<2x1x5xf32>", "device", "{0,1,2}", "{replicated}", dims, 0, 3, SK_DTYPE_F32, 1,
       -1, true},
      {"", "tensor<i64>", "pinned_host", "", "", NULL, 0, 0, SK_DTYPE_S64, -1, -1, false}};
  static const sk_image_value results[] = {
      {"y", "tensor<i64>", "device", "", "", NULL, 0, 0, SK_DTYPE_S64, -1, -1, false},
      {"z", "tensor<2x1x5xf32>", "device", "", "", dims, 0, 3, SK_DTYPE_F32, 0, 0, false}};
  static const uint64_t carried[] = {0, 64, 128};
  sk_image image = rt_image_parallel(100, 1, 1);
  image.name = "rich";
  image.args = args;
  image.results = results;
  image.arg_count = image.result_count = 2;
  image.carried = carried;
  image.carried_count = 3;
  image.arena_bytes = 192;
  image.op_count = 77;
  image.flops = 1e9;
  image.blob = "text";
  image.blob_bytes = 4;
  return image;
}

static uint8_t *write_image(sk_image image, size_t *out_len) {
  void *bytes;
  assert_null(sk_image_write(&image, &bytes, out_len));
  return bytes;
}

static void expect_values(const sk_image_value *a, const sk_image_value *b, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    assert_string_equal(a[i].name, b[i].name);
    assert_string_equal(a[i].type_text, b[i].type_text);
    assert_string_equal(a[i].memory_kind, b[i].memory_kind);
    assert_string_equal(a[i].layout, b[i].layout);
    assert_string_equal(a[i].sharding, b[i].sharding);
    assert_int_equal(a[i].rank, b[i].rank);
    assert_int_equal(a[i].type, b[i].type);
    assert_int_equal(a[i].alias, b[i].alias);
    assert_int_equal(a[i].shares, b[i].shares);
    assert_int_equal(a[i].donor, b[i].donor);
    assert_memory_equal(a[i].dims, b[i].dims, a[i].rank * sizeof(int64_t));
  }
}

static void reads_back(void **state) {
  (void)state;
  sk_image image = rich_image(), back;
  size_t len;
  uint8_t *bytes = write_image(image, &len);
  sk_arena arena;
  sk_arena_init(&arena);
  assert_null(sk_image_read(bytes, len, &arena, &back));
  assert_string_equal(back.name, "rich");
  assert_int_equal(back.arg_count, 2);
  assert_int_equal(back.result_count, 2);
  expect_values(back.args, image.args, 2);
  expect_values(back.results, image.results, 2);
  assert_int_equal(back.args[0].bytes, 40);
  assert_int_equal(back.carried_count, 3);
  assert_memory_equal(back.carried, image.carried, 3 * sizeof(uint64_t));
  assert_int_equal(back.fn_count, image.fn_count);
  assert_string_equal(back.fns[1].name, "kernel");
  assert_int_equal(back.step_count, 1);
  assert_int_equal(back.steps[0].kind, SK_STEP_NATIVE);
  assert_int_equal(back.code_bytes, image.code_bytes);
  assert_memory_equal(back.code, image.code, image.code_bytes);
  assert_memory_equal(back.consts, image.consts, image.const_bytes);
  assert_memory_equal(back.blob, "text", 4);
  assert_int_equal(back.arena_bytes, 192);
  assert_int_equal(back.scratch_bytes, image.scratch_bytes);
  assert_int_equal(back.op_count, 77);
  assert_true(back.flops == 1e9 && back.bytes_accessed == -1);
  assert_true(back.parallel);
  assert_int_equal(sk_image_fingerprint(&back), sk_image_fingerprint(&image));
  // Writing what was read gives the same bytes.
  size_t again_len;
  uint8_t *again = write_image(back, &again_len);
  assert_int_equal(again_len, len);
  assert_memory_equal(again, bytes, len);
  sk_mem_free(again);
  sk_arena_fini(&arena);
  sk_mem_free(bytes);
}

static void loads_and_runs(void **state) {
  (void)state;
  sk_client *client;
  assert_null(sk_client_create(&(sk_client_config){0}, &client));
  size_t len;
  uint8_t *bytes = write_image(rt_image_add(), &len);
  sk_exec *exec;
  assert_null(sk_exec_load(client, bytes, len, &(sk_exec_options){0}, &exec));
  memset(bytes, 0, len);  // not needed any more
  sk_mem_free(bytes);
  float a = 2, b = 3;
  sk_buffer *args[2], *result;
  sk_host_array host = {.data = &a, .type = SK_DTYPE_F32};
  assert_null(sk_buffer_from_host(sk_client_device(client, 0), &host, NULL, &args[0]));
  host.data = &b;
  assert_null(sk_buffer_from_host(sk_client_device(client, 0), &host, NULL, &args[1]));
  assert_null(sk_exec_run(exec, args, 2, NULL, &result, 1));
  assert_true(*(const float *)sk_buffer_data(result) == 5.0f);
  sk_buffer_release(args[0]);
  sk_buffer_release(args[1]);
  sk_buffer_release(result);
  sk_exec_release(exec);
  sk_client_release(client);
}

static void note_release(void *user, const void *data) { *(const void **)user = data; }

static void lent_bytes_stay_until_the_end(void **state) {
  (void)state;
  sk_client *client;
  assert_null(sk_client_create(&(sk_client_config){0}, &client));
  size_t len;
  uint8_t *bytes = write_image(rt_image_constants(1 << 16), &len);
  uint8_t *aligned = sk_mem_alloc_aligned(len, 64);
  memcpy(aligned, bytes, len);
  const void *released = NULL;
  sk_exec_options options = {.release = note_release, .release_user = &released, .lent = aligned};
  sk_exec *exec;
  assert_null(sk_exec_load(client, aligned, len, &options, &exec));
  const uint8_t *consts = sk_exec_image(exec)->consts;
  assert_true(aligned <= consts && consts < aligned + len);
  assert_null(released);
  sk_exec_release(exec);
  assert_ptr_equal(released, aligned);
  released = NULL;
  aligned[40] ^= 1;
  expect_status(sk_exec_load(client, aligned, len, &options, &exec), SK_DATA_LOSS, "checksum");
  assert_null(released);
  sk_mem_free(aligned);
  sk_mem_free(bytes);
  sk_client_release(client);
}

// ---- damage

static sk_code read_code(const uint8_t *bytes, size_t len) {
  sk_arena arena;
  sk_arena_init(&arena);
  sk_image image;
  sk_status status = sk_image_read(bytes, len, &arena, &image);
  sk_code code = sk_status_code(status);
  sk_status_free(status);
  sk_arena_fini(&arena);
  return code;
}

static void every_bit_counts(void **state) {
  (void)state;
  size_t len;
  uint8_t *bytes = write_image(rich_image(), &len);
  for (size_t bit = 0; bit < 8 * len; bit++) {
    bytes[bit / 8] ^= (uint8_t)(1 << (bit % 8));
    if (read_code(bytes, len) != SK_DATA_LOSS) {
      fail_msg("flipping bit %zu of byte %zu was not noticed", bit % 8, bit / 8);
    }
    bytes[bit / 8] ^= (uint8_t)(1 << (bit % 8));
  }
  assert_int_equal(read_code(bytes, len), SK_OK);
  for (size_t cut = 0; cut < len; cut++) {
    // Exactly as long as it says, so that the sanitizer sees any read beyond.
    uint8_t *part = sk_mem_alloc(cut);
    memcpy(part, bytes, cut);
    assert_int_equal(read_code(part, cut), SK_DATA_LOSS);
    sk_mem_free(part);
  }
  sk_mem_free(bytes);
}

static void seal(uint8_t *bytes, size_t len) {
  uint64_t sum = sk_image_checksum(bytes, len);
  memcpy(bytes + SK_IMAGE_AT_CHECKSUM, &sum, 8);
}

// With the checksum made right again, whatever reads is at least an image that may be loaded.
static void consistent_damage_is_survived(void **state) {
  (void)state;
  size_t len;
  uint8_t *good = write_image(rich_image(), &len);
  uint8_t *bytes = sk_mem_alloc(len);
  uint64_t seed = 4;
  uint32_t refused = 0;
  for (int round = 0; round < 20000; round++) {
    memcpy(bytes, good, len);
    for (int k = 0; k <= round % 3; k++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      size_t at = 16 + (size_t)(seed >> 33) % (len - 16);
      bytes[at] = (uint8_t)(seed >> 20);
    }
    seal(bytes, len);
    sk_arena arena;
    sk_arena_init(&arena);
    sk_image image;
    sk_status status = sk_image_read(bytes, len, &arena, &image);
    if (status) {
      assert_true(sk_status_code(status) == SK_DATA_LOSS ||
                  sk_status_code(status) == SK_UNIMPLEMENTED);
      sk_status_free(status);
      refused++;
    } else {
      assert_null(sk_image_check(&image));
      size_t again_len;
      sk_mem_free(write_image(image, &again_len));
    }
    sk_arena_fini(&arena);
  }
  assert_true(refused > 2000);
  sk_mem_free(bytes);
  sk_mem_free(good);
}

static void other_versions_are_refused(void **state) {
  (void)state;
  size_t len;
  uint8_t *bytes = write_image(rt_image_add(), &len);
  bytes[SK_IMAGE_AT_FORMAT]++;
  seal(bytes, len);
  assert_int_equal(read_code(bytes, len), SK_FAILED_PRECONDITION);
  bytes[SK_IMAGE_AT_FORMAT]--;
  bytes[SK_IMAGE_AT_ABI]++;
  seal(bytes, len);
  assert_int_equal(read_code(bytes, len), SK_FAILED_PRECONDITION);
  sk_mem_free(bytes);
}

// ---- the check

static void wrong_images_are_refused(void **state) {
  (void)state;
  static const sk_image_step outside = {SK_STEP_NATIVE, 1 << 20, 0}, unknown = {9, 0, 0};
  static const sk_image_step loop = {SK_STEP_LOOP, 2, 3};
  static const uint64_t far_away[] = {1000};
  static const sk_image_fn long_fn[] = {{"f", 4, 1 << 30}};
  sk_image image = rich_image();
  assert_null(sk_image_check(&image));
  image.steps = &outside;
  expect_status(sk_image_check(&image), SK_INVALID_ARGUMENT, "outside the code");
  image.steps = &unknown;
  expect_status(sk_image_check(&image), SK_UNIMPLEMENTED, "step kind 9");
  image.steps = &loop;
  expect_status(sk_image_check(&image), SK_INVALID_ARGUMENT, "outside its text");
  image = rich_image();
  image.carried = far_away;
  image.carried_count = 1;
  expect_status(sk_image_check(&image), SK_INVALID_ARGUMENT, "outside the arena");
  image = rich_image();
  image.fns = long_fn;
  image.fn_count = 1;
  expect_status(sk_image_check(&image), SK_INVALID_ARGUMENT, "function lies outside");
  image = rich_image();
  image.arena_bytes = UINT64_MAX;
  expect_status(sk_image_check(&image), SK_INVALID_ARGUMENT, "out of bounds");
  image = rich_image();
  sk_image_value results[2] = {image.results[0], image.results[1]};
  image.results = results;
  results[1].shares = 1;  // an s64
  expect_status(sk_image_check(&image), SK_INVALID_ARGUMENT, "another size");
  results[1].shares = 7;
  expect_status(sk_image_check(&image), SK_INVALID_ARGUMENT, "another size");
  results[0] = results[1];
  results[0].shares = results[1].shares = 0;
  expect_status(sk_image_check(&image), SK_INVALID_ARGUMENT, "two results");
  results[0].alias = 2;
  expect_status(sk_image_check(&image), SK_INVALID_ARGUMENT, "alias does not exist");
  results[0].alias = -1;
  results[0].layout = NULL;
  expect_status(sk_image_check(&image), SK_INVALID_ARGUMENT, "lacks a text");
}

static void fingerprints_differ(void **state) {
  (void)state;
  sk_image image = rich_image();
  uint64_t h = sk_image_fingerprint(&image);
  assert_int_equal(sk_image_fingerprint(&image), h);
  image.const_bytes--;
  assert_true(sk_image_fingerprint(&image) != h);
  image = rich_image();
  image.code_bytes--;
  assert_true(sk_image_fingerprint(&image) != h);
  image = rich_image();
  image.arg_count = 1;
  assert_true(sk_image_fingerprint(&image) != h);
}

static void survives_exhausted_memory(void **state) {
  (void)state;
  sk_image image = rich_image();
  size_t len;
  uint8_t *bytes = write_image(image, &len);
  for (uint64_t n = 1;; n++) {
    sk_arena arena;
    sk_arena_init(&arena);
    sk_image back;
    void *again = NULL;
    size_t again_len;
    sk_mem_fail_at(n, false);
    sk_status status = sk_image_read(bytes, len, &arena, &back);
    if (!status) {
      status = sk_image_write(&image, &again, &again_len);
    }
    bool hit = sk_mem_fail_hits() != 0;
    sk_mem_fail_at(0, false);
    assert_int_equal(status != NULL, hit);
    sk_mem_free(again);
    sk_arena_fini(&arena);
    if (!hit) {
      break;
    }
    expect_status(status, SK_RESOURCE_EXHAUSTED, "memory");
  }
  sk_mem_free(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_back),
      cmocka_unit_test(loads_and_runs),
      cmocka_unit_test(lent_bytes_stay_until_the_end),
      cmocka_unit_test(every_bit_counts),
      cmocka_unit_test(consistent_damage_is_survived),
      cmocka_unit_test(other_versions_are_refused),
      cmocka_unit_test(wrong_images_are_refused),
      cmocka_unit_test(fingerprints_differ),
      cmocka_unit_test(survives_exhausted_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
