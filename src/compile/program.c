// SPDX-License-Identifier: Apache-2.0
// Programs as such: read and verified, written in another form; and the limits they are held to.
//
// For conversions and checks that want no executable. Every error goes to the sink as well as being
// returned (the first one).
#include <string.h>

#include "compile/compile.h"
#include "read/read.h"

sk_status sk_program_read(const sk_compile_input *input, bool verify, sk_module **out_module) {
  const sk_diag_sink *sink = input->sink.report ? &input->sink : NULL;
  sk_status status = sk_read_module(input->name, input->data, input->len, NULL, out_module);
  if (status) {
    if (sink) {
      sink->report(sink->user, sk_status_new_at(sk_status_code(status), sk_status_pos(status), "%s",
                                                sk_status_message(status)));
    }
    return status;
  }
  if (verify) {
    status = sk_module_verify(*out_module, sink);
  }
  if (status) {
    sk_module_destroy(*out_module);
    *out_module = NULL;
  }
  return status;
}

sk_status sk_program_print(const sk_module *module, const char *form, bool locations,
                           uint32_t elide_elements, sk_text *out) {
  bool generic = strcmp(form, "generic") == 0;
  if (strcmp(form, "bytecode") == 0 || strncmp(form, "portable", 8) == 0) {
    return sk_status_new(SK_UNIMPLEMENTED, "writing %s is not supported yet", form);
  }
  if (!generic && strcmp(form, "text") != 0) {
    return sk_status_new(SK_INVALID_ARGUMENT, "'%s' is not a form of programs", form);
  }
  sk_print_options print = {
      .generic = generic, .locations = locations, .elide_elements = elide_elements};
  sk_module_print(module, &print, out);
  return out->failed ? sk_status_no_memory() : NULL;
}

const sk_program_limit *sk_program_limits(size_t *out_count) {
  static const sk_program_limit limits[] = {
#define X(field, otherwise, what) {#field, what, otherwise},
#include "read/limits.def"
#undef X
      {"rank", "dimensions of one array", SK_MAX_RANK},
      {"threads", "threads of one execution", SK_MAX_THREADS},
      {"devices", "devices of one client", SK_MAX_DEVICES},
  };
  *out_count = SK_COUNT(limits);
  return limits;
}
