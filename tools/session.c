// SPDX-License-Identifier: Apache-2.0
// What `run` and `bench` have in common: a program is opened, compiled, bound to arguments and
// called while a clock runs. Only the public interface is used, as any program would use it, so a
// measured call costs what a user's call costs.
//
// A session may be closed at every stage of its way. Samples are stored in memory that is there
// before the first of them: no allocation falls into what is measured.
#include "session.h"

#include <stdlib.h>
#include <string.h>

// ---- set-up

int cli_session_start(cli_session *s, const skarn_option *options, size_t option_count) {
  skarn_client_options client_options = SKARN_INIT(skarn_client_options);
  client_options.options = options;
  client_options.option_count = option_count;
  skarn_status *status = skarn_client_create(&client_options, &s->client);
  return status == NULL ? CLI_OK : cli_fail(status);
}

static size_t count_inputs(const cli_args *args) {
  size_t count = 0;
  for (size_t i = 0; i < args->given_count; i++) {
    count += strcmp(args->given[i].name, "input") == 0;
  }
  return count;
}

// What --refine says, or else what the headers of the inputs do.
static int find_types(const cli_args *args, cli_arg_types *out) {
  const char *refine = cli_value(args, "refine");
  if (refine != NULL) {
    return cli_arg_types_parse(refine, out);
  }
  int code = cli_arg_types_new(count_inputs(args), out);
  for (size_t i = 0; i < args->given_count && code == CLI_OK; i++) {
    if (strcmp(args->given[i].name, "input") == 0) {
      code = cli_npy_describe(args->given[i].value, out, out->count++);
    }
  }
  return code;
}

// A program with unknown dimensions is compiled for the inputs that it is given.
static int compile_program(cli_session *s, skarn_status **out_status) {
  skarn_program program = SKARN_INIT(skarn_program);
  program.name = s->path;
  program.data = s->file->data;
  program.size = s->file->len;
  skarn_compile_options options = SKARN_INIT(skarn_compile_options);
  options.entry = cli_value(s->args, "entry");
  bool refine = cli_has(s->args, "refine");
  *out_status = refine ? NULL : skarn_compile(s->client, &program, &options, &s->executable);
  bool unknown = skarn_status_code(*out_status) == SKARN_UNIMPLEMENTED && count_inputs(s->args) > 0;
  if (!refine && !unknown) {
    return CLI_OK;
  }
  cli_arg_types types = {0};
  int code = find_types(s->args, &types);
  if (code == CLI_OK) {
    skarn_status_free(*out_status);
    options.argument_types = types.types;
    options.argument_type_count = types.count;
    *out_status = skarn_compile(s->client, &program, &options, &s->executable);
  }
  cli_arg_types_free(&types);
  return code;
}

int cli_session_compile(cli_session *s) {
  skarn_executable_release(s->executable);
  s->executable = NULL;
  skarn_status *status = NULL;
  if (cli_is_executable_image(s->file)) {
    status = skarn_executable_load(s->client, s->path, NULL, &s->executable);
  } else {
    int code = compile_program(s, &status);
    if (code != CLI_OK) {
      return code;
    }
  }
  if (status == NULL) {
    s->info = SKARN_INIT(skarn_executable_info);
    status = skarn_executable_get_info(s->executable, &s->info);
  }
  return status == NULL ? CLI_OK : cli_fail(status);
}

static void release_outputs(cli_session *s) {
  for (size_t i = 0; i < s->info.result_count; i++) {
    skarn_buffer_release(s->outputs[i]);
    s->outputs[i] = NULL;
  }
}

void cli_session_close(cli_session *s) {
  for (size_t i = 0; s->inputs != NULL && i < s->info.argument_count; i++) {
    skarn_buffer_release(s->inputs[i]);
  }
  if (s->outputs != NULL) {
    release_outputs(s);
  }
  free(s->inputs);
  free(s->outputs);
  skarn_executable_release(s->executable);
  skarn_client_release(s->client);
}

// ---- arguments

static const char *nth_input(const cli_args *args, size_t n) {
  for (size_t i = 0; i < args->given_count; i++) {
    if (strcmp(args->given[i].name, "input") == 0 && n-- == 0) {
      return args->given[i].value;
    }
  }
  return NULL;
}

static skarn_status *bind_file(cli_session *s, const char *path, const skarn_value_info *want,
                               int *out_code, skarn_buffer **out) {
  cli_array array = {.data = NULL};
  *out_code = cli_npy_read(path, want, &array);
  if (*out_code != CLI_OK) {
    return NULL;
  }
  skarn_host_array host = SKARN_INIT(skarn_host_array);
  host.data = array.data;
  host.type = want->type;
  host.rank = want->rank;
  host.dims = want->dims;
  skarn_status *status =
      skarn_buffer_from_host(skarn_client_device(s->client, 0), &host, NULL, out);
  free(array.data);
  return status;
}

// Made in place: no copy.
static skarn_status *bind_random(cli_session *s, size_t i, int64_t seed,
                                 const skarn_value_info *want, skarn_buffer **out) {
  skarn_status *status = skarn_buffer_create(skarn_client_device(s->client, 0), want->type,
                                             want->rank, want->dims, out);
  if (status == NULL) {
    cli_random((uint64_t)seed, i, want->type, skarn_buffer_mutable_data(*out), want->bytes);
  }
  return status;
}

// From its file where files were given, else by the seed.
static int bind_argument(cli_session *s, size_t i, int64_t seed) {
  skarn_value_info want = SKARN_INIT(skarn_value_info);
  skarn_status *status = skarn_executable_argument(s->executable, i, &want);
  int code = CLI_OK;
  const char *path = nth_input(s->args, i);
  if (status == NULL) {
    status = path != NULL ? bind_file(s, path, &want, &code, &s->inputs[i])
                          : bind_random(s, i, seed, &want, &s->inputs[i]);
  }
  return status == NULL ? code : cli_fail(status);
}

int cli_session_bind(cli_session *s, int64_t default_seed) {
  size_t given = count_inputs(s->args);
  bool random = cli_has(s->args, "random") || default_seed >= 0;
  if (!random && given != s->info.argument_count) {
    return cli_usage_error("%s takes %zu arguments, %zu --input were given", s->path,
                           s->info.argument_count, given);
  }
  if (random && given > 0) {
    return cli_usage_error("--random and --input exclude each other");
  }
  int64_t seed;
  int code = cli_number(s->args, "random", default_seed, 0, &seed);
  if (code != CLI_OK) {
    return code;
  }
  s->inputs = calloc(s->info.argument_count + 1, sizeof *s->inputs);
  s->outputs = calloc(s->info.result_count + 1, sizeof *s->outputs);
  if (s->inputs == NULL || s->outputs == NULL) {
    return cli_fail_internal(sk_status_no_memory());
  }
  for (size_t i = 0; i < s->info.argument_count && code == CLI_OK; i++) {
    code = bind_argument(s, i, seed);
  }
  return code;
}

// ---- samples

int cli_samples_begin(cli_budget budget, cli_samples *out) {
  *out = (cli_samples){.budget = budget, .begin_us = cli_now_us()};
  out->us =
      budget.most > PTRDIFF_MAX / sizeof *out->us ? NULL : malloc(budget.most * sizeof *out->us);
  return out->us != NULL ? CLI_OK : cli_fail_internal(sk_status_no_memory());
}

bool cli_samples_wanted(const cli_samples *samples) {
  const cli_budget *budget = &samples->budget;
  return samples->count < budget->least ||
         (samples->count < budget->most &&
          cli_now_us() - samples->begin_us < budget->seconds * 1e6);
}

void cli_samples_add(cli_samples *samples, double us) { samples->us[samples->count++] = us; }

static int compare_doubles(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

void cli_samples_end(cli_samples *samples, double *out_median_us, double *out_min_us) {
  *out_median_us = *out_min_us = 0;
  if (samples->count > 0) {
    qsort(samples->us, samples->count, sizeof *samples->us, compare_doubles);
    *out_min_us = samples->us[0];
    *out_median_us = samples->us[samples->count / 2];
  }
  free(samples->us);
  samples->us = NULL;
}

// ---- calls

static int execute(cli_session *s, const size_t *keep, double *out_us) {
  skarn_execute_options options = SKARN_INIT(skarn_execute_options);
  skarn_event *done = NULL;
  options.non_donatable = keep;
  options.non_donatable_count = s->info.argument_count;
  options.out_done = &done;
  double start = cli_now_us();
  release_outputs(s);
  skarn_status *status = skarn_executable_execute(s->executable, s->inputs, s->info.argument_count,
                                                  &options, s->outputs, s->info.result_count);
  if (status == NULL) {
    status = skarn_event_await(done);
  }
  *out_us = cli_now_us() - start;
  skarn_event_release(done);
  return status == NULL ? CLI_OK : cli_fail(status);
}

static int measure_calls(cli_session *s, const size_t *keep, cli_samples *samples,
                         double *out_first_us) {
  int code = execute(s, keep, out_first_us);
  samples->begin_us = cli_now_us();
  while (code == CLI_OK && cli_samples_wanted(samples)) {
    double us;
    code = execute(s, keep, &us);
    cli_samples_add(samples, us);
  }
  return code;
}

int cli_session_measure(cli_session *s, cli_budget budget, cli_timing *out) {
  *out = (cli_timing){0};
  cli_samples samples;
  int code = cli_samples_begin(budget, &samples);
  if (code != CLI_OK) {
    return code;
  }
  size_t *keep = malloc(sizeof *keep * (s->info.argument_count + 1));
  if (keep == NULL) {
    code = cli_fail_internal(sk_status_no_memory());
  } else {
    for (size_t i = 0; i < s->info.argument_count; i++) {
      keep[i] = i;
    }
    code = measure_calls(s, keep, &samples, &out->first_us);
  }
  out->repeats = samples.count;
  cli_samples_end(&samples, &out->median_us, &out->min_us);
  free(keep);
  return code;
}

// ---- figures

void cli_print_memory_keys(const skarn_executable_info *info) {
  uint64_t scratch = info->scratch_bytes * info->threads;
  uint64_t peak =
      info->argument_bytes + info->result_bytes - info->alias_bytes + info->arena_bytes + scratch;
  printf(",\"scratch_bytes\":%llu,\"alias_bytes\":%llu,\"peak_bytes\":%llu",
         (unsigned long long)info->scratch_bytes, (unsigned long long)info->alias_bytes,
         (unsigned long long)peak);
}

void cli_session_print_keys(const cli_session *s, const cli_timing *timing) {
  const skarn_executable_info *info = &s->info;
  fputs("\"name\":", stdout);
  cli_json_string(stdout, info->name);
  printf(",\"ops\":%llu,\"parse_us\":%.3f,\"compile_us\":%.3f,\"code_bytes\":%llu,"
         "\"arena_bytes\":%llu,\"first_us\":%.3f,\"run_us\":%.3f,\"min_us\":%.3f,\"repeats\":%zu,"
         "\"threads\":%u,\"isa\":",
         (unsigned long long)info->op_count, info->parse_us, info->compile_us,
         (unsigned long long)info->code_bytes, (unsigned long long)info->arena_bytes,
         timing->first_us, timing->median_us, timing->min_us, timing->repeats, info->threads);
  cli_json_string(stdout, info->isa);
  cli_print_memory_keys(info);
  printf(",\"kernels\":%llu,\"via\":", (unsigned long long)info->kernel_count);
  cli_json_string(stdout, info->via);
  fputs(",\"outputs\":[", stdout);
  for (size_t i = 0; i < info->result_count; i++) {
    skarn_value_info result = SKARN_INIT(skarn_value_info);
    skarn_status_free(skarn_executable_result(s->executable, i, &result));
    fputs(i > 0 ? "," : "", stdout);
    cli_json_string(stdout, result.type_text != NULL ? result.type_text : "");
  }
  fputc(']', stdout);
}
