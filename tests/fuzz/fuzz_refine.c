// SPDX-License-Identifier: Apache-2.0
// Any bytes as a text of a program, compiled as far as its shapes: arguments with unknown dimensions
// are given small ones, 0-D integers a value. What comes out must be valid and read back, and no
// error may be one of ours.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/flags.h"
#include "compile/compile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_ARGS = 32 };

typedef struct given_types {
  sk_arg_type types[MOST_ARGS];
  int64_t dims[MOST_ARGS][SK_MAX_RANK], value;
} given_types;

static void give_types(const sk_module *m, const sk_type_rec *func, given_types *out) {
  for (uint32_t i = 0; i < func->input_count; i++) {
    const sk_type_rec *type = sk_type_get(m, func->inputs[i]);
    out->types[i] = (sk_arg_type){.type = SK_DTYPE_INVALID};
    if (type->kind != SK_TYPE_TENSOR) {
      continue;
    }
    for (uint32_t d = 0; d < type->rank; d++) {
      out->dims[i][d] = type->dims[d] == SK_DIM_UNKNOWN ? out->value : type->dims[d];
    }
    bool number = type->rank == 0 && sk_elem_is_int((sk_elem)type->elem);
    out->types[i].rank = type->rank;
    out->types[i].dims = out->dims[i];
    out->types[i].value = number ? &out->value : NULL;
  }
}

static void give_up(const char *what, const char *detail) {
  fprintf(stderr, "%s: %s\n", what, detail);
  abort();
}

// Takes the status.
static void check_error(sk_status status, const char *what, bool must_hold) {
  if (status == NULL) {
    return;
  }
  char text[500];
  sk_code code = sk_status_code(status);
  sk_status_format(status, text, sizeof text);
  sk_status_free(status);
  if (code == SK_INTERNAL || (must_hold && code != SK_RESOURCE_EXHAUSTED)) {
    give_up(what, text);
  }
}

static void check_refined(const sk_compilation *c) {
  sk_text text;
  sk_module *again = NULL;
  check_error(sk_module_verify(c->module, NULL), "the refined program is not valid", true);
  sk_text_init(&text);
  sk_compilation_print(c, &text);
  if (!text.failed) {
    sk_compile_input input = {.name = "again", .data = text.data, .len = text.len};
    check_error(sk_program_read(&input, true, &again), "the refined program does not read back",
                true);
  }
  sk_module_destroy(again);
  sk_text_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  given_types given = {.value = (int64_t)(size % 5)};
  sk_flags flags;
  sk_flags_init(&flags);
  sk_compile_input input = {.name = "input", .data = data, .len = size, .flags = &flags};
  sk_compilation *c = NULL;
  sk_status status = sk_compilation_create(&input, &c);
  if (status == NULL) {
    status = sk_compilation_run(c, SK_STAGE_VERIFY);
  }
  const sk_type_rec *func = status == NULL ? sk_func_type(c->module, c->entry) : NULL;
  bool fits = func != NULL && func->input_count <= MOST_ARGS;
  if (fits) {
    give_types(c->module, func, &given);
    input.arg_types = given.types;
    input.arg_type_count = func->input_count;
  }
  sk_compilation_destroy(c);
  check_error(status, "reading", false);
  if (!fits) {
    return 0;
  }
  status = sk_compilation_create(&input, &c);
  if (status == NULL) {
    status = sk_compilation_run(c, SK_STAGE_REFINE);
  }
  if (status == NULL) {
    check_refined(c);
    status = sk_compilation_run(c, SK_STAGE_SIMPLIFY);
  }
  sk_compilation_destroy(c);
  check_error(status, "compiling", false);
  return 0;
}
