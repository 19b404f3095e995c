// SPDX-License-Identifier: Apache-2.0
// Any bytes as a saved executable, with magic, versions, length and checksum put right so that the
// fuzzer gets past them. What the reader accepts may be loaded, and reads back the same when it is
// written again. Loop programs are parsed as the library does; native code is not run.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "compile/compile.h"
#include "rt/image_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void seal(uint8_t *bytes, size_t size) {
  static const uint32_t versions[2] = {SK_IMAGE_FORMAT, SK_IMAGE_ABI};
  uint64_t length = size;
  memcpy(bytes, SK_IMAGE_MAGIC, 8);
  memcpy(bytes + SK_IMAGE_AT_FORMAT, versions, sizeof versions);
  memcpy(bytes + SK_IMAGE_AT_BYTES, &length, sizeof length);
  uint64_t sum = sk_image_checksum(bytes, size);
  memcpy(bytes + SK_IMAGE_AT_CHECKSUM, &sum, sizeof sum);
}

static void check_round_trip(const sk_image *image) {
  void *bytes;
  size_t len;
  sk_arena arena;
  sk_image again;
  sk_status status = sk_image_write(image, &bytes, &len);
  if (status) {
    abort();
  }
  sk_arena_init(&arena);
  status = sk_image_read(bytes, len, &arena, &again);
  if (status || sk_image_fingerprint(&again) != sk_image_fingerprint(image)) {
    abort();
  }
  sk_arena_fini(&arena);
  sk_mem_free(bytes);
}

static void check_load(sk_client *client, const uint8_t *bytes, size_t size) {
  sk_exec *exec;
  sk_status status = sk_exec_load(client, bytes, size, &(sk_exec_options){0}, &exec);
  sk_status_free(status);
  sk_exec_release(exec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static sk_client *client;  // nothing can execute there
  sk_client_config config = {.code_mode = SK_CODEMEM_NONE};
  if (!client && sk_client_create(&config, &client)) {
    abort();
  }
  uint8_t *bytes = malloc(size + 1);
  if (!bytes) {
    return 0;
  }
  memcpy(bytes, data, size);
  if (size >= SK_IMAGE_HEADER_BYTES) {
    seal(bytes, size);
  }
  sk_arena arena;
  sk_image image;
  sk_arena_init(&arena);
  sk_status status = sk_image_read(bytes, size, &arena, &image);
  if (!status) {
    check_round_trip(&image);
    check_load(client, bytes, size);
  }
  sk_status_free(status);
  sk_arena_fini(&arena);
  free(bytes);
  return 0;
}
