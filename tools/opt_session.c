// SPDX-License-Identifier: Apache-2.0
// From a command's arguments to a compilation: flags, file, argument types.
//
// Modules are read by stage `parse` whatever stage gave them; programs by the compilation.
#include "opt_session.h"

#include <stdlib.h>

#include "base/flags.h"

static int with_input(const cli_args *args, const cli_opt_job *job, const sk_compile_input *input) {
  sk_compilation *c = NULL;
  sk_status status = sk_compilation_create(input, &c);
  bool is_module = sk_stage_form(job->from) == SK_FORM_MODULE;
  if (!status && is_module && job->from != SK_STAGE_PARSE) {
    status = sk_compilation_run(c, SK_STAGE_VERIFY);
    c->done = (int)SK_MAX(job->from, SK_STAGE_VERIFY);
  }
  int code = status ? cli_fail_internal(status) : job->use(c, args, job->user);
  sk_compilation_destroy(c);
  return code;
}

static int with_types(const cli_args *args, const cli_opt_job *job, const sk_flags *flags,
                      const sk_file *file, const cli_arg_types *types) {
  bool is_module = sk_stage_form(job->from) == SK_FORM_MODULE;
  sk_arg_type *given = calloc(types->count + 1, sizeof *given);
  if (!given) {
    return cli_fail_internal(sk_status_no_memory());
  }
  for (size_t i = 0; i < types->count; i++) {
    const skarn_argument_type *type = &types->types[i];
    given[i] = (sk_arg_type){(sk_dtype)type->type, (uint32_t)type->rank, type->dims, type->value};
  }
  sk_compile_input input = {.name = args->files[0],
                            .data = file->data,
                            .len = file->len,
                            .entry = cli_value(args, "entry"),
                            .flags = flags,
                            .arg_types = types->count > 0 ? given : NULL,
                            .arg_type_count = types->count,
                            .partial = job->partial,
                            .from = is_module ? SK_STAGE_PARSE : job->from};
  int code = with_input(args, job, &input);
  free(given);
  return code;
}

static int with_file(const cli_args *args, const cli_opt_job *job, const sk_flags *flags,
                     const sk_file *file) {
  cli_arg_types types = {0};
  const char *refine = cli_value(args, "refine");
  int code = refine ? cli_arg_types_parse(refine, &types) : CLI_OK;
  code = code == CLI_OK ? with_types(args, job, flags, file, &types) : code;
  cli_arg_types_free(&types);
  return code;
}

int cli_opt_run(const cli_args *args, const cli_opt_job *job) {
  if (args->file_count != 1) {
    return cli_usage_error("%s: expected one file, %zu were given", job->command, args->file_count);
  }
  sk_arena arena;
  sk_flags flags;
  sk_file file;
  sk_arena_init(&arena);
  sk_flags_init(&flags);
  sk_status status = NULL;
  for (size_t i = 0; i < args->option_count && !status; i++) {
    status = sk_flags_set(&flags, &arena, args->options[i].key, args->options[i].value);
  }
  int code = CLI_USAGE;
  if (status) {
    (void)cli_fail_internal(status);
  } else if ((status = sk_file_open(args->files[0], 0, &file)) != NULL) {
    code = cli_fail_internal(status);
  } else {
    code = with_file(args, job, &flags, &file);
    sk_file_close(&file);
  }
  sk_arena_fini(&arena);
  return code;
}
