// SPDX-License-Identifier: Apache-2.0
// skarn run: compiles a program (or loads a saved executable), runs it on arrays, saves or prints the results, measures, compares with another
// executor.
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cpu.h"
#include "base/flags.h"
#include "base/str.h"
#include "cli.h"

typedef struct session {
  const cli_args *args;
  sk_file file;
  const char *path;
  skarn_client *client;
  skarn_executable *executable;
  skarn_executable_info info;
  skarn_buffer **inputs, **outputs;
  double first_us, median_us, min_us;
  int64_t repeats;
} session;

// ---------------------------------------------------------------------------------------------------- set-up

static size_t count_given(const cli_args *args, const char *name) {
  size_t count = 0;
  for (size_t i = 0; i < args->given_count; i++) {
    count += strcmp(args->given[i].name, name) == 0;
  }
  return count;
}

// What --refine says, or else what the headers of the inputs do.
static int find_types(const cli_args *args, cli_arg_types *out) {
  const char *refine = cli_value(args, "refine");
  if (refine != NULL) {
    return cli_arg_types_parse(refine, out);
  }
  int code = cli_arg_types_new(count_given(args, "input"), out);
  for (size_t i = 0; i < args->given_count && code == CLI_OK; i++) {
    if (strcmp(args->given[i].name, "input") == 0) {
      code = cli_npy_describe(args->given[i].value, out, out->count++);
    }
  }
  return code;
}

// A program with unknown dimensions is compiled for the inputs that it is given.
static int compile_program(session *s, const skarn_program *program, skarn_status **out_status) {
  skarn_compile_options options = SKARN_INIT(skarn_compile_options);
  options.entry = cli_value(s->args, "entry");
  bool refine = cli_has(s->args, "refine");
  *out_status = refine ? NULL : skarn_compile(s->client, program, &options, &s->executable);
  bool unknown = skarn_status_code(*out_status) == SKARN_UNIMPLEMENTED && count_given(s->args, "input") > 0;
  if (!refine && !unknown) {
    return CLI_OK;
  }
  cli_arg_types types = {0};
  int code = find_types(s->args, &types);
  if (code == CLI_OK) {
    skarn_status_free(*out_status);
    options.argument_types = types.types;
    options.argument_type_count = types.count;
    *out_status = skarn_compile(s->client, program, &options, &s->executable);
  }
  cli_arg_types_free(&types);
  return code;
}

static int open_program(session *s, const skarn_option *options, size_t option_count) {
  skarn_client_options client_options = SKARN_INIT(skarn_client_options);
  client_options.options = options;
  client_options.option_count = option_count;
  skarn_status *status = skarn_client_create(&client_options, &s->client);
  if (status != NULL) {
    return cli_fail(status);
  }
  if (cli_is_executable_image(&s->file)) {
    status = skarn_executable_load(s->client, s->path, NULL, &s->executable);
  } else {
    skarn_program program = SKARN_INIT(skarn_program);
    program.name = s->path;
    program.data = s->file.data;
    program.size = s->file.len;
    int code = compile_program(s, &program, &status);
    if (code != CLI_OK) {
      return code;
    }
  }
  if (status != NULL) {
    return cli_fail(status);
  }
  s->info = SKARN_INIT(skarn_executable_info);
  status = skarn_executable_get_info(s->executable, &s->info);
  return status == NULL ? CLI_OK : cli_fail(status);
}

static void close_program(session *s) {
  for (size_t i = 0; s->inputs != NULL && i < s->info.argument_count; i++) {
    skarn_buffer_release(s->inputs[i]);
  }
  for (size_t i = 0; s->outputs != NULL && i < s->info.result_count; i++) {
    skarn_buffer_release(s->outputs[i]);
  }
  free(s->inputs);
  free(s->outputs);
  skarn_executable_release(s->executable);
  skarn_client_release(s->client);
}

static int count_inputs(const session *s, size_t *out) {
  *out = count_given(s->args, "input");
  bool random = cli_has(s->args, "random");
  if (!random && *out != s->info.argument_count) {
    return cli_usage_error("%s takes %zu arguments, %zu --input were given", s->path, s->info.argument_count, *out);
  }
  return random && *out > 0 ? cli_usage_error("--random and --input exclude each other") : CLI_OK;
}

static const char *nth_input(const cli_args *args, size_t n) {
  for (size_t i = 0; i < args->given_count; i++) {
    if (strcmp(args->given[i].name, "input") == 0 && n-- == 0) {
      return args->given[i].value;
    }
  }
  return NULL;
}

static int make_inputs(session *s) {
  size_t given;
  int64_t seed;
  int code = count_inputs(s, &given);
  code = code == CLI_OK ? cli_number(s->args, "random", 0, 0, &seed) : code;
  s->inputs = calloc(s->info.argument_count + 1, sizeof *s->inputs);
  s->outputs = calloc(s->info.result_count + 1, sizeof *s->outputs);
  if (s->inputs == NULL || s->outputs == NULL) {
    return cli_fail_internal(sk_status_no_memory());
  }
  for (size_t i = 0; i < s->info.argument_count && code == CLI_OK; i++) {
    skarn_value_info want = SKARN_INIT(skarn_value_info);
    cli_array array = {.data = NULL};
    skarn_status *status = skarn_executable_argument(s->executable, i, &want);
    if (status != NULL) {
      return cli_fail(status);
    }
    if (given > 0) {
      code = cli_npy_read(nth_input(s->args, i), &want, &array);
    } else if (!cli_random((uint64_t)seed, i, &want, &array)) {
      code = cli_fail_internal(sk_status_no_memory());
    }
    if (code == CLI_OK) {
      skarn_host_array host = SKARN_INIT(skarn_host_array);
      host.data = array.data;
      host.type = want.type;
      host.rank = want.rank;
      host.dims = want.dims;
      status = skarn_buffer_from_host(skarn_client_device(s->client, 0), &host, NULL, &s->inputs[i]);
      code = status == NULL ? CLI_OK : cli_fail(status);
    }
    free(array.data);
  }
  return code;
}

// ---------------------------------------------------------------------------------------------------- running

static void release_outputs(session *s) {
  for (size_t i = 0; i < s->info.result_count; i++) {
    skarn_buffer_release(s->outputs[i]);
    s->outputs[i] = NULL;
  }
}

// One execution, waited for. Donated arguments are kept, so that every call sees the same.
static int execute(session *s, const size_t *keep, double *out_us) {
  skarn_execute_options options = SKARN_INIT(skarn_execute_options);
  skarn_event *done = NULL;
  options.non_donatable = keep;
  options.non_donatable_count = s->info.argument_count;
  options.out_done = &done;
  double start = cli_now_us();
  skarn_status *status = skarn_executable_execute(s->executable, s->inputs, s->info.argument_count, &options, s->outputs, s->info.result_count);
  if (status == NULL) {
    status = skarn_event_await(done);
  }
  *out_us = cli_now_us() - start;
  skarn_event_release(done);
  return status == NULL ? CLI_OK : cli_fail(status);
}

static int compare_doubles(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static int measure(session *s) {
  int code = cli_number(s->args, "repeat", 1, 1, &s->repeats);
  if (code != CLI_OK) {
    return code;
  }
  size_t *keep = malloc(sizeof *keep * (s->info.argument_count + 1));
  double *times = malloc(sizeof *times * (size_t)s->repeats);
  if (keep == NULL || times == NULL) {
    code = cli_fail_internal(sk_status_no_memory());
  }
  for (size_t i = 0; code == CLI_OK && i < s->info.argument_count; i++) {
    keep[i] = i;
  }
  code = code == CLI_OK ? execute(s, keep, &s->first_us) : code;
  for (int64_t i = 0; i < s->repeats && code == CLI_OK; i++) {
    double start = cli_now_us(), ignored;
    release_outputs(s);
    double released = cli_now_us() - start;
    code = execute(s, keep, &ignored);
    times[i] = ignored + released;
  }
  if (code == CLI_OK) {
    qsort(times, (size_t)s->repeats, sizeof *times, compare_doubles);
    s->min_us = times[0];
    s->median_us = times[s->repeats / 2];
  }
  free(keep);
  free(times);
  return code;
}

// ---------------------------------------------------------------------------------------------------- results

static int save_results(const session *s, const char *dir) {
  if (!sk_file_is_dir(dir) && mkdir(dir, 0777) != 0) {
    fprintf(stderr, "skarn: error: cannot create directory '%s': %s\n", dir, strerror(errno));
    return CLI_BAD_INPUT;
  }
  for (size_t i = 0; i < s->info.result_count; i++) {
    char path[4096];
    const skarn_buffer *b = s->outputs[i];
    snprintf(path, sizeof path, "%s/out%zu.npy", dir, i);
    int code = cli_npy_write(path, skarn_buffer_type(b), skarn_buffer_rank(b), skarn_buffer_dims(b), skarn_buffer_data(b), skarn_buffer_bytes(b));
    if (code != CLI_OK) {
      return code;
    }
  }
  return CLI_OK;
}

static void print_json(const session *s) {
  fputs("{\"name\":", stdout);
  cli_json_string(stdout, s->info.name);
  printf(",\"ops\":%llu,\"parse_us\":%.3f,\"compile_us\":%.3f,\"code_bytes\":%llu,\"arena_bytes\":%llu,\"first_us\":%.3f,\"run_us\":%.3f,\"min_us\":%.3f,"
         "\"repeats\":%lld,\"threads\":%u,\"isa\":",
         (unsigned long long)s->info.op_count, s->info.parse_us, s->info.compile_us, (unsigned long long)s->info.code_bytes,
         (unsigned long long)s->info.arena_bytes, s->first_us, s->median_us, s->min_us, (long long)s->repeats, s->info.threads);
  cli_json_string(stdout, s->info.isa);
  printf(",\"kernels\":%llu,\"via\":", (unsigned long long)s->info.kernel_count);
  cli_json_string(stdout, s->info.via);
  fputs(",\"outputs\":[", stdout);
  for (size_t i = 0; i < s->info.result_count; i++) {
    skarn_value_info result = SKARN_INIT(skarn_value_info);
    skarn_status_free(skarn_executable_result(s->executable, i, &result));
    fputs(i > 0 ? "," : "", stdout);
    cli_json_string(stdout, result.type_text != NULL ? result.type_text : "");
  }
  fputs("]}\n", stdout);
}

static double element(skarn_type type, const void *data, size_t index) {
  const char *at = (const char *)data + index * skarn_type_bytes(type);
  float f;
  double d;
  uint16_t h;
  int64_t i = 0;
  switch (type) {
    case SKARN_TYPE_F32: case SKARN_TYPE_C64: memcpy(&f, at, 4); return (double)f;
    case SKARN_TYPE_F64: case SKARN_TYPE_C128: memcpy(&d, at, 8); return d;
    case SKARN_TYPE_BF16: memcpy(&h, at, 2); { uint32_t bits = (uint32_t)h << 16; memcpy(&f, &bits, 4); } return (double)f;
    case SKARN_TYPE_U8: case SKARN_TYPE_U16: case SKARN_TYPE_U32: case SKARN_TYPE_U64: case SKARN_TYPE_PRED:
      memcpy(&i, at, skarn_type_bytes(type));
      return (double)(uint64_t)i;
    default: {
      uint32_t unused = (uint32_t)(64 - 8 * SK_MIN(skarn_type_bytes(type), (size_t)8));
      memcpy(&i, at, SK_MIN(skarn_type_bytes(type), (size_t)8));
      return (double)((int64_t)((uint64_t)i << unused) >> unused);
    }
  }
}

static void print_summary(const session *s) {
  printf("%s: %llu operations, compiled in %.1f us, %llu kernels (%s, %s), run %.1f us\n", s->info.name, (unsigned long long)s->info.op_count,
         s->info.parse_us + s->info.compile_us, (unsigned long long)s->info.kernel_count, s->info.via, s->info.isa, s->median_us);
  for (size_t i = 0; i < s->info.result_count; i++) {
    skarn_value_info result = SKARN_INIT(skarn_value_info);
    skarn_status_free(skarn_executable_result(s->executable, i, &result));
    size_t width = skarn_type_bytes(result.type), count = width == 0 ? 0 : result.bytes / width;
    printf("  result %zu: %s =", i, result.type_text);
    for (size_t e = 0; e < count && e < 6; e++) {
      printf(" %.7g", element(result.type, skarn_buffer_data(s->outputs[i]), e));
    }
    puts(count > 6 ? " ..." : "");
  }
}

// ---------------------------------------------------------------------------------------------------- comparing

// Largest deviation allowed against the interpreter, as a share of the result's largest magnitude (docs/numerics.md).
static double tolerance_of(skarn_type type) {
  switch (type) {
    case SKARN_TYPE_F64: case SKARN_TYPE_C128: return 1e-12;
    case SKARN_TYPE_F32: case SKARN_TYPE_C64: return 2e-5;
    case SKARN_TYPE_F16: return 4e-3;
    case SKARN_TYPE_BF16: return 2e-2;
    default: return 0;
  }
}

static bool is_float_type(skarn_type type) { return tolerance_of(type) > 0; }

// Worst difference as a share of the largest finite magnitude; NaN against a number is infinite. `exact`: bits, all NaNs alike.
static double difference(skarn_type type, const void *a, const void *b, size_t bytes, bool exact) {
  bool complex = type == SKARN_TYPE_C64 || type == SKARN_TYPE_C128;
  skarn_type part = type == SKARN_TYPE_C64 ? SKARN_TYPE_F32 : type == SKARN_TYPE_C128 ? SKARN_TYPE_F64 : type;
  size_t width = skarn_type_bytes(part), count = width == 0 ? 0 : bytes / width;
  double largest = 0, worst = 0;
  (void)complex;
  if (!is_float_type(part)) {
    return memcmp(a, b, bytes) == 0 ? 0 : (double)INFINITY;
  }
  for (size_t i = 0; i < count; i++) {
    double y = element(part, b, i);
    largest = isfinite(y) && fabs(y) > largest ? fabs(y) : largest;
  }
  for (size_t i = 0; i < count; i++) {
    double x = element(part, a, i), y = element(part, b, i);
    bool same = (isnan(x) && isnan(y)) || memcmp((const char *)a + i * width, (const char *)b + i * width, width) == 0;
    if (!same) {
      double d = exact || !isfinite(x) || !isfinite(y) ? (double)INFINITY : fabs(x - y) / (largest > 0 ? largest : 1);
      worst = d > worst ? d : worst;
    }
  }
  return worst;
}

// VIA[:ISA[:THREADS]] as options after the user's own.
static int compare_options(const session *s, const char *spec, skarn_option *out, size_t *out_count, char *storage, size_t storage_bytes) {
  static const char *const keys[3] = {"via", "isa", "threads"};
  if (strlen(spec) + 1 > storage_bytes) {
    return cli_usage_error("--compare: '%s' is too long", spec);
  }
  strcpy(storage, spec);
  *out_count = s->args->option_count;
  if (*out_count > 0) {
    memcpy(out, s->args->options, sizeof *out * *out_count);
  }
  char *at = storage;
  for (size_t i = 0; i < 3 && at != NULL; i++) {
    char *colon = strchr(at, ':');
    if (colon != NULL) {
      *colon = 0;
    }
    if (*at != 0) {
      sk_flags flags;
      sk_arena arena;
      sk_flags_init(&flags);
      sk_arena_init(&arena);
      sk_status status = sk_flags_set(&flags, &arena, keys[i], at);
      sk_arena_fini(&arena);
      if (status != NULL) {
        (void)cli_fail_internal(status);
        return CLI_USAGE;
      }
      out[(*out_count)++] = (skarn_option){keys[i], at};
    } else if (i == 0) {
      return cli_usage_error("--compare: expected VIA[:ISA[:THREADS]], not '%s'", spec);
    }
    at = colon != NULL ? colon + 1 : NULL;
  }
  return CLI_OK;
}

static int compare_with(session *s, const char *spec) {
  char storage[128];
  size_t count = 0;
  skarn_option *options = malloc(sizeof *options * (s->args->option_count + 4));
  session other = {.args = s->args, .file = s->file, .path = s->path};
  int code = options == NULL ? cli_fail_internal(sk_status_no_memory()) : compare_options(s, spec, options, &count, storage, sizeof storage);
  code = code == CLI_OK ? open_program(&other, options, count) : code;
  code = code == CLI_OK ? make_inputs(&other) : code;
  code = code == CLI_OK ? measure(&other) : code;
  bool exact = strncmp(spec, "interp", 6) != 0 && strcmp(s->info.via, "interp") != 0;
  for (size_t i = 0; i < s->info.result_count && code == CLI_OK; i++) {
    skarn_type type = skarn_buffer_type(s->outputs[i]);
    double worst = difference(type, skarn_buffer_data(s->outputs[i]), skarn_buffer_data(other.outputs[i]), skarn_buffer_bytes(s->outputs[i]), exact);
    double allowed = exact ? 0 : tolerance_of(type);
    if (!(worst <= allowed)) {
      fprintf(stderr, "%s: error: result %zu differs from %s: %.3g of the largest value, %.3g allowed\n", s->path, i, spec, worst, allowed);
      code = CLI_MISMATCH;
    }
  }
  close_program(&other);
  free(options);
  return code;
}

// ---------------------------------------------------------------------------------------------------- entry

// Against the interpreter, programs run with strict numerics unless the user decides.
static int run_program(session *s) {
  const cli_args *args = s->args;
  const char *compare = cli_value(args, "compare");
  bool strict = compare != NULL && strncmp(compare, "interp", 6) == 0 && cli_flag(args, "numerics") == NULL;
  size_t count = args->option_count;
  skarn_option *options = malloc(sizeof *options * (count + 1));
  if (options == NULL) {
    return cli_fail_internal(sk_status_no_memory());
  }
  if (count > 0) {
    memcpy(options, args->options, sizeof *options * count);
  }
  if (strict) {
    options[count++] = (skarn_option){"numerics", "strict"};
  }
  int code = open_program(s, options, count);
  code = code == CLI_OK ? make_inputs(s) : code;
  code = code == CLI_OK ? measure(s) : code;
  free(options);
  if (code == CLI_OK && cli_has(args, "save")) {
    code = save_results(s, cli_value(args, "save"));
  }
  if (code == CLI_OK && compare != NULL) {
    code = compare_with(s, compare);
  }
  if (code == CLI_OK && cli_has(args, "json")) {
    print_json(s);
  } else if (code == CLI_OK && !cli_has(args, "save")) {
    print_summary(s);
  }
  close_program(s);
  return code;
}

static int run(const cli_args *args) {
  if (args->file_count != 1) {
    return cli_usage_error("run: expected one file, %zu were given", args->file_count);
  }
  session s = {.args = args, .path = args->files[0]};
  sk_status status = sk_file_open(s.path, 0, &s.file);
  if (status != NULL) {
    return cli_fail_internal(status);
  }
  int code = run_program(&s);
  sk_file_close(&s.file);
  return code;
}

static const cli_option options[] = {
    {"entry", true, "function to run (default main)"},
    {"input", true, "a .npy file, once per argument, in order"},
    {"random", true, "seed: pseudo-random arguments"},
    {"refine", true, "types of the arguments: 'tensor<3x4xf32>, tensor<i64> = 7, _'"},
    {"repeat", true, "further timed calls (default 1)"},
    {"compare", true, "VIA[:ISA[:THREADS]]: run that way too and compare"},
    {"save", true, "directory for out0.npy, out1.npy, ..."},
    {"json", false, "one line of figures on standard output"},
    {NULL, false, NULL},
};
const cli_command cli_run = {"run", "run FILE [options]", "compile and run a program, or run a saved executable", options, run};
