// SPDX-License-Identifier: Apache-2.0
// Any bytes through the bytecode reader; what does not begin with its magic number is tried behind
// one. What it accepts prints in all three ways without harm, takes memory in proportion to the
// input, and where the verifier finds no fault the text must read back as the same module, and so
// must bytecode.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fuzz_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Most that a module may take: fixed costs, and what each byte of input can ask for.
enum { FIXED_BYTES = 24 << 20, BYTES_PER_BYTE = 400 };

static void check_round_trip(const sk_module *module, const sk_print_options *options) {
  sk_text text;
  sk_text difference;
  sk_module *again = NULL;
  sk_text_init(&text);
  sk_text_init(&difference);
  sk_module_print(module, options, &text);
  sk_status status = text.failed ? NULL : sk_read_text("again", text.data, text.len, NULL, &again);
  if (status != NULL) {
    if (sk_status_code(status) != SK_RESOURCE_EXHAUSTED) {
      char detail[400];
      sk_status_format(status, detail, sizeof detail);
      fuzz_give_up("a valid module prints as text that cannot be read:", &text, detail);
    }
    sk_status_free(status);
  } else if (again != NULL && !sk_module_equal(module, again, &difference)) {
    fuzz_give_up("a valid module prints as the text of another one:", &text, difference.data);
  }
  sk_module_destroy(again);
  sk_text_fini(&difference);
  sk_text_fini(&text);
}

static void check_print(const sk_module *module, const sk_print_options *options) {
  sk_text text;
  sk_text_init(&text);
  sk_module_print(module, options, &text);
  sk_text_fini(&text);
}

static void check_module(sk_module *module, size_t size) {
  static const sk_print_options ways[] = {{0}, {.generic = true}, {.locations = true}};
  if (sk_arena_peak(&module->arena) > FIXED_BYTES + (uint64_t)BYTES_PER_BYTE * size) {
    abort();
  }
  sk_status fault = sk_module_verify(module, NULL);
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    if (fault == NULL) {
      check_round_trip(module, &ways[i]);
    } else {
      check_print(module, &ways[i]);
    }
  }
  if (fault == NULL) {
    fuzz_check_writing(module);
  } else {
    fuzz_write_invalid(module);
  }
  sk_status_free(fault);
  sk_module_destroy(module);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const uint8_t magic[4] = {0x4D, 0x4C, 0xEF, 0x52};
  uint8_t *copy = NULL;
  sk_module *module;
  if (!sk_read_is_bytecode(data, size)) {
    copy = malloc(size + sizeof magic);
    if (copy == NULL) {
      return 0;
    }
    memcpy(copy, magic, sizeof magic);
    memcpy(copy + sizeof magic, size > 0 ? data : magic, size);
    data = copy;
    size += sizeof magic;
  }
  sk_status status = sk_read_bytecode("input", data, size, NULL, &module);
  if (status == NULL) {
    check_module(module, size);
  } else if (module != NULL || sk_status_message(status)[0] == '\0' ||
             sk_status_code(status) == SK_INTERNAL) {
    abort();
  }
  sk_status_free(status);
  free(copy);
  return 0;
}
