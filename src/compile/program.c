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

// A number up to the next dot or the end; *text moves behind the dot.
static bool parse_part(sk_str *text, uint32_t *out) {
  const char *dot = text->len > 0 ? memchr(text->data, '.', text->len) : NULL;
  size_t len = dot ? (size_t)(dot - text->data) : text->len;
  uint64_t value;
  if (len > 5 || !sk_str_to_u64((sk_str){text->data, len}, &value)) {
    return false;
  }
  *out = (uint32_t)value;
  *text = (sk_str){text->data + len + (dot != NULL), text->len - len - (dot != NULL)};
  return true;
}

// "1.10" or "1.10.0"; what stands last has never mattered.
static bool parse_version(sk_str text, sk_write_options *out) {
  uint32_t patch;
  return parse_part(&text, &out->major) && parse_part(&text, &out->minor) &&
         (text.len == 0 || (parse_part(&text, &patch) && text.len == 0));
}

sk_status sk_program_write(const sk_module *module, const char *form, bool locations,
                           uint32_t elide_elements, sk_text *out) {
  static const char portable[] = "portable@";
  sk_write_options write = {.portable = strncmp(form, portable, sizeof portable - 1) == 0};
  if (write.portable && !parse_version(sk_str_from(form + sizeof portable - 1), &write)) {
    return sk_status_new(SK_INVALID_ARGUMENT, "'%s': expected a version such as portable@1.10.0",
                         form);
  }
  if (write.portable || strcmp(form, "bytecode") == 0) {
    return sk_write_bytecode(module, &write, out);
  }
  bool generic = strcmp(form, "generic") == 0;
  if (!generic && strcmp(form, "text") != 0) {
    return sk_status_new(SK_INVALID_ARGUMENT, "'%s' is not a form of programs", form);
  }
  sk_print_options print = {
      .generic = generic, .locations = locations, .elide_elements = elide_elements};
  sk_module_print(module, &print, out);
  return out->failed ? sk_status_no_memory() : NULL;
}

// Without functions that are not called any more.
static void keep_only(sk_module *m, sk_op entry) {
  for (sk_op op = sk_region_first(m, sk_op_region(m, m->root, 0)), next; op.id != 0; op = next) {
    next = sk_op_next(m, op);
    if (sk_op_kind(m, op) == SK_OP_FUNC_FUNC && op.id != entry.id) {
      sk_op_unlink(m, op);
    }
  }
}

sk_status sk_program_write_inlined(const sk_compile_input *input, const char *form, bool locations,
                                   uint32_t elide_elements, sk_text *out) {
  sk_compilation *c;
  SK_TRY(sk_compilation_create(input, &c));
  sk_status status = sk_compilation_run(c, SK_STAGE_INLINE);
  if (!status) {
    keep_only(c->module, c->entry);
    status = sk_program_write(c->module, form, locations, elide_elements, out);
  }
  sk_compilation_destroy(c);
  return status;
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
