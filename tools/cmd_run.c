// SPDX-License-Identifier: Apache-2.0
// skarn run: compiles a program (or loads a saved executable), runs it on arrays, saves or prints
// the results, measures, compares with another executor.
//
// How a program is compiled, bound to arrays and timed is in session.c. A comparison runs a second
// session on the same inputs, as often as the first one ran: results may depend on how many
// executions there were before.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/flags.h"
#include "base/num.h"
#include "base/str.h"
#include "session.h"

// ---- results

static int save_results(const cli_session *s, const char *dir) {
  sk_status status = sk_file_make_dir(dir);
  if (status != NULL) {
    return cli_fail_internal(status);
  }
  for (size_t i = 0; i < s->info.result_count; i++) {
    char path[4096];
    const skarn_buffer *b = s->outputs[i];
    snprintf(path, sizeof path, "%s/out%zu.npy", dir, i);
    int code = cli_npy_write(path, skarn_buffer_type(b), skarn_buffer_rank(b), skarn_buffer_dims(b),
                             skarn_buffer_data(b), skarn_buffer_bytes(b));
    if (code != CLI_OK) {
      return code;
    }
  }
  return CLI_OK;
}

// Element as a number; the real or imaginary part of a complex one by its own index and type.
static double element(skarn_type type, const void *data, size_t index) {
  size_t width = skarn_type_bytes(type);
  const char *at = (const char *)data + index * width;
  float f;
  double d;
  uint64_t bits = 0;
  switch (type) {
    case SKARN_TYPE_F32:
    case SKARN_TYPE_C64: memcpy(&f, at, sizeof f); return (double)f;
    case SKARN_TYPE_F64:
    case SKARN_TYPE_C128: memcpy(&d, at, sizeof d); return d;
    default: memcpy(&bits, at, SK_MIN(width, sizeof bits)); break;
  }
  switch (type) {
#define X(name, ...)                                                                               \
  case SKARN_TYPE_##name:                                                                          \
    return sk_num_decode(SK_NUM_##name, (uint32_t)bits);
#include "base/num.def"
#undef X
    case SKARN_TYPE_U8:
    case SKARN_TYPE_U16:
    case SKARN_TYPE_U32:
    case SKARN_TYPE_U64:
    case SKARN_TYPE_PRED: return (double)bits;
    default: {
      uint32_t unused = (uint32_t)(64 - 8 * SK_MIN(width, sizeof bits));
      return (double)((int64_t)(bits << unused) >> unused);
    }
  }
}

static void print_summary(const cli_session *s, const cli_timing *timing) {
  printf("%s: %llu operations, compiled in %.1f us, %llu kernels (%s, %s), run %.1f us\n",
         s->info.name, (unsigned long long)s->info.op_count, s->info.parse_us + s->info.compile_us,
         (unsigned long long)s->info.kernel_count, s->info.via, s->info.isa, timing->median_us);
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

// ---- comparing

// Largest deviation allowed against the interpreter, as a share of the result's largest magnitude
// (docs/numerics.md).
static double tolerance_of(skarn_type type) {
  switch (type) {
    case SKARN_TYPE_F64:
    case SKARN_TYPE_C128: return 1e-12;
    case SKARN_TYPE_F32:
    case SKARN_TYPE_C64: return 2e-5;
    case SKARN_TYPE_F16: return 4e-3;
    case SKARN_TYPE_BF16: return 2e-2;
    default: return 0;
  }
}

static bool is_float_type(skarn_type type) { return tolerance_of(type) > 0; }

// Worst difference as a share of the largest finite magnitude; NaN against a number is infinite.
// `exact`: bits, all NaNs alike.
static double difference(skarn_type type, const void *a, const void *b, size_t bytes, bool exact) {
  skarn_type part = type == SKARN_TYPE_C64    ? SKARN_TYPE_F32
                    : type == SKARN_TYPE_C128 ? SKARN_TYPE_F64
                                              : type;
  size_t width = skarn_type_bytes(part), count = width == 0 ? 0 : bytes / width;
  double largest = 0, worst = 0;
  if (!is_float_type(part)) {
    return memcmp(a, b, bytes) == 0 ? 0 : (double)INFINITY;
  }
  for (size_t i = 0; i < count; i++) {
    double y = element(part, b, i);
    largest = isfinite(y) && fabs(y) > largest ? fabs(y) : largest;
  }
  for (size_t i = 0; i < count; i++) {
    double x = element(part, a, i), y = element(part, b, i);
    bool same = (isnan(x) && isnan(y)) ||
                memcmp((const char *)a + i * width, (const char *)b + i * width, width) == 0;
    if (!same) {
      double d = exact || !isfinite(x) || !isfinite(y) ? (double)INFINITY
                                                       : fabs(x - y) / (largest > 0 ? largest : 1);
      worst = d > worst ? d : worst;
    }
  }
  return worst;
}

// VIA[:ISA[:THREADS]] as options after the user's own.
static int compare_options(const cli_session *s, const char *spec, skarn_option *out,
                           size_t *out_count, char *storage, size_t storage_bytes) {
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

// The program another way, on the same arguments.
static int run_other(const cli_session *s, const char *spec, size_t repeats, cli_session *other) {
  char storage[128];
  size_t count = 0;
  cli_timing timing;
  skarn_option *options = malloc(sizeof *options * (s->args->option_count + 4));
  int code = options == NULL ? cli_fail_internal(sk_status_no_memory())
                             : compare_options(s, spec, options, &count, storage, sizeof storage);
  *other = (cli_session){.args = s->args, .file = s->file, .path = s->path};
  code = code == CLI_OK ? cli_session_start(other, options, count) : code;
  code = code == CLI_OK ? cli_session_compile(other) : code;
  code = code == CLI_OK ? cli_session_bind(other, -1) : code;
  code = code == CLI_OK ? cli_session_measure(other, (cli_budget){0, repeats, repeats}, &timing)
                        : code;
  free(options);
  return code;
}

static int compare_with(const cli_session *s, const char *spec, size_t repeats) {
  cli_session other;
  int code = run_other(s, spec, repeats, &other);
  bool exact = strncmp(spec, "interp", 6) != 0 && strcmp(s->info.via, "interp") != 0;
  for (size_t i = 0; i < s->info.result_count && code == CLI_OK; i++) {
    skarn_type type = skarn_buffer_type(s->outputs[i]);
    double worst =
        difference(type, skarn_buffer_data(s->outputs[i]), skarn_buffer_data(other.outputs[i]),
                   skarn_buffer_bytes(s->outputs[i]), exact);
    double allowed = exact ? 0 : tolerance_of(type);
    if (!(worst <= allowed)) {
      fprintf(stderr,
              "%s: error: result %zu differs from %s: %.3g of the largest value, %.3g allowed\n",
              s->path, i, spec, worst, allowed);
      code = CLI_MISMATCH;
    }
  }
  cli_session_close(&other);
  return code;
}

// ---- entry

// The client with the user's options. Against the interpreter, programs run with strict numerics
// unless the user decides.
static int start(cli_session *s, const char *compare) {
  const cli_args *args = s->args;
  bool strict =
      compare != NULL && strncmp(compare, "interp", 6) == 0 && cli_flag(args, "numerics") == NULL;
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
  int code = cli_session_start(s, options, count);
  free(options);
  return code;
}

static int run_program(cli_session *s) {
  const cli_args *args = s->args;
  const char *compare = cli_value(args, "compare");
  int64_t repeats;
  cli_timing timing;
  int code = cli_number(args, "repeat", 1, 1, &repeats);
  code = code == CLI_OK ? start(s, compare) : code;
  code = code == CLI_OK ? cli_session_compile(s) : code;
  code = code == CLI_OK ? cli_session_bind(s, -1) : code;
  if (code == CLI_OK) {
    cli_budget budget = {0, (size_t)repeats, (size_t)repeats};
    code = cli_session_measure(s, budget, &timing);
  }
  if (code == CLI_OK && cli_has(args, "save")) {
    code = save_results(s, cli_value(args, "save"));
  }
  if (code == CLI_OK && compare != NULL) {
    code = compare_with(s, compare, timing.repeats);
  }
  if (code == CLI_OK && cli_has(args, "json")) {
    fputc('{', stdout);
    cli_session_print_keys(s, &timing);
    puts("}");
  } else if (code == CLI_OK && !cli_has(args, "save")) {
    print_summary(s, &timing);
  }
  return code;
}

static int run(const cli_args *args) {
  if (args->file_count != 1) {
    return cli_usage_error("run: expected one file, %zu were given", args->file_count);
  }
  sk_file file;
  sk_status status = sk_file_open(args->files[0], 0, &file);
  if (status != NULL) {
    return cli_fail_internal(status);
  }
  cli_session s = {.args = args, .path = args->files[0], .file = &file};
  int code = run_program(&s);
  cli_session_close(&s);
  sk_file_close(&file);
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
const cli_command cli_run = {"run", "run FILE [options]",
                             "compile and run a program, or run a saved executable", options, run};
