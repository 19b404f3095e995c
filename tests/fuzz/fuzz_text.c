// SPDX-License-Identifier: Apache-2.0
// Any bytes through the text reader. What it accepts is printed in all three ways without harm; and
// where the verifier finds no fault, the text must read back as the same module, and so must bytecode.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fuzz_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const sk_module *module, const sk_print_options *options, bool valid) {
  sk_text text;
  sk_text_init(&text);
  sk_module_print(module, options, &text);
  sk_module *again = NULL;
  sk_status status = text.failed ? NULL : sk_read_text("again", text.data, text.len, NULL, &again);
  if (status != NULL) {
    if (valid && sk_status_code(status) != SK_RESOURCE_EXHAUSTED) {
      char detail[400];
      sk_status_format(status, detail, sizeof detail);
      fuzz_give_up("a valid module prints as text that cannot be read:", &text, detail);
    }
    sk_status_free(status);
  } else if (again != NULL) {
    sk_text difference;
    sk_text_init(&difference);
    if (valid && !sk_module_equal(module, again, &difference)) {
      fuzz_give_up("a valid module prints as the text of another one:", &text, difference.data);
    }
    sk_text_fini(&difference);
    sk_module_destroy(again);
  }
  sk_text_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const sk_print_options ways[] = {{0}, {.generic = true}, {.locations = true}};
  sk_module *module;
  sk_status status = sk_read_text("input", data, size, NULL, &module);
  if (status != NULL) {
    if (sk_status_message(status)[0] == '\0' || sk_status_code(status) == SK_INTERNAL) {
      abort();
    }
    sk_status_free(status);
    return 0;
  }
  sk_status fault = sk_module_verify(module, NULL);
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    check_round_trip(module, &ways[i], fault == NULL);
  }
  if (fault == NULL) {
    fuzz_check_writing(module);
  } else {
    fuzz_write_invalid(module);
  }
  sk_status_free(fault);
  sk_module_destroy(module);
  return 0;
}
