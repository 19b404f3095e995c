// SPDX-License-Identifier: Apache-2.0
// Any bytes as an artifact of jax.export. What is accepted writes as bytecode that reads back as the
// same module; what is not has a reason.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "read/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rewriting(const sk_module *module) {
  sk_text bytes;
  sk_module *again = NULL;
  sk_text_init(&bytes);
  sk_status status = sk_write_bytecode(module, &(sk_write_options){0}, &bytes);
  if (status == NULL) {
    status = sk_read_bytecode("again", bytes.data, bytes.len, NULL, &again);
    if (status != NULL || !sk_module_equal(module, again, NULL)) {
      fprintf(stderr, "written bytecode is another module: %s\n",
              status != NULL ? sk_status_message(status) : "it differs");
      abort();
    }
  }
  sk_status_free(status);
  sk_module_destroy(again);
  sk_text_fini(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sk_module *module;
  sk_status status = sk_read_exported("input", data, size, NULL, &module);
  if (status == NULL) {
    sk_status fault = sk_module_verify(module, NULL);
    if (fault == NULL) {
      check_rewriting(module);
    }
    sk_status_free(fault);
    sk_module_destroy(module);
  } else if (module != NULL || sk_status_message(status)[0] == '\0' ||
             sk_status_code(status) == SK_INTERNAL) {
    abort();
  }
  sk_status_free(status);
  return 0;
}
