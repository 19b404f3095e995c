// SPDX-License-Identifier: Apache-2.0
// See fuzz_write.h.
#include "support/fuzz_write.h"

#include <stdio.h>
#include <stdlib.h>

void fuzz_give_up(const char *what, const sk_text *text, const char *detail) {
  fprintf(stderr, "%s\n%s\n%.*s\n", what, detail, (int)text->len, text->data ? text->data : "");
  abort();
}

// The module read from its own bytecode; NULL: it cannot be written, or exceeds limits.
static sk_module *rewrite(const sk_module *module, const sk_write_options *form, sk_text *bytes) {
  sk_module *again = NULL;
  sk_text_init(bytes);
  sk_status status = sk_write_bytecode(module, form, bytes);
  if (status == NULL) {
    status = sk_read_bytecode("again", bytes->data, bytes->len, NULL, &again);
    if (status != NULL && sk_status_code(status) != SK_RESOURCE_EXHAUSTED) {
      fuzz_give_up("a valid module is written as bytecode that cannot be read:", &(sk_text){0},
                   sk_status_message(status));
    }
  }
  sk_status_free(status);
  return again;
}

static void expect_equal(const sk_module *a, const sk_module *b) {
  sk_text difference;
  sk_text_init(&difference);
  if (a != NULL && b != NULL && !sk_module_equal(a, b, &difference)) {
    fuzz_give_up("a valid module is written as the bytecode of another one:", &difference, "");
  }
  sk_text_fini(&difference);
}

// What the verifier refuses may be refused, or written, without harm.
void fuzz_write_invalid(const sk_module *module) {
  static const sk_write_options forms[] = {{0}, {true, 0, 9}, {true, 1, 20}};
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    sk_text bytes;
    sk_text_init(&bytes);
    sk_status_free(sk_write_bytecode(module, &forms[i], &bytes));
    sk_text_fini(&bytes);
  }
}

// Bytecode reads back as the same module. VHLO respells some things (lists among attributes that are
// no operation's own, returns): once they are, nothing changes any more.
void fuzz_check_writing(const sk_module *module) {
  static const sk_write_options native = {0}, portable = {.portable = true, 1, 20};
  sk_text bytes[3];
  sk_module *again = rewrite(module, &native, &bytes[0]);
  expect_equal(module, again);
  sk_module_destroy(again);
  sk_module *vhlo = rewrite(module, &portable, &bytes[1]);
  again = vhlo != NULL ? rewrite(vhlo, &portable, &bytes[2]) : NULL;
  expect_equal(vhlo, again);
  sk_module_destroy(again);
  sk_module_destroy(vhlo);
  sk_text_fini(&bytes[0]);
  sk_text_fini(&bytes[1]);
  if (vhlo != NULL) {
    sk_text_fini(&bytes[2]);
  }
}
