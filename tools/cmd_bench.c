// SPDX-License-Identifier: Apache-2.0
// skarn bench: how long programs take to compile and to run, measured in one process.
//
// Per file: one client; the program is compiled from its bytes again and again, each time afresh
// and into an executable of its own, which is released; then the last executable is called. The
// first compilation and the first call are reported by themselves: they meet pages, caches and
// branch predictors that know nothing of them. Warm figures are medians and minima of the others.
// Programs whose arguments are too large to make are compiled only (--compile-only).
#include <string.h>

#include "session.h"

enum { LEAST_COMPILES = 5, MOST_COMPILES = 1000, LEAST_CALLS = 5, MOST_CALLS = 100000 };
static const double default_seconds = 0.3;

typedef struct warm_figure {
  double median_us, min_us;
} warm_figure;

typedef struct figures {
  double cold_parse_us, cold_compile_us;
  size_t compiles;  // without the first one
  warm_figure parse, compile, total;
  cli_timing run;
} figures;

// ---- measuring

typedef struct compile_samples {
  cli_samples parse, compile, total;
} compile_samples;

static int begin_samples(cli_budget budget, compile_samples *out) {
  *out = (compile_samples){0};
  int code = cli_samples_begin(budget, &out->parse);
  code = code == CLI_OK ? cli_samples_begin(budget, &out->compile) : code;
  return code == CLI_OK ? cli_samples_begin(budget, &out->total) : code;
}

static void end_samples(compile_samples *samples, figures *out) {
  out->compiles = samples->total.count;
  cli_samples_end(&samples->parse, &out->parse.median_us, &out->parse.min_us);
  cli_samples_end(&samples->compile, &out->compile.median_us, &out->compile.min_us);
  cli_samples_end(&samples->total, &out->total.median_us, &out->total.min_us);
}

// Leaves an executable in the session.
static int measure_compile(cli_session *s, double seconds, figures *out) {
  compile_samples samples;
  int code = begin_samples((cli_budget){seconds, LEAST_COMPILES, MOST_COMPILES}, &samples);
  code = code == CLI_OK ? cli_session_compile(s) : code;
  if (code == CLI_OK) {
    out->cold_parse_us = s->info.parse_us;
    out->cold_compile_us = s->info.compile_us;
  }
  while (code == CLI_OK && cli_samples_wanted(&samples.total)) {
    code = cli_session_compile(s);
    cli_samples_add(&samples.parse, s->info.parse_us);
    cli_samples_add(&samples.compile, s->info.compile_us);
    cli_samples_add(&samples.total, s->info.parse_us + s->info.compile_us);
  }
  end_samples(&samples, out);
  return code;
}

static int measure_program(cli_session *s, double seconds, figures *out) {
  *out = (figures){0};
  int code = cli_session_start(s, s->args->options, s->args->option_count);
  code = code == CLI_OK ? measure_compile(s, seconds, out) : code;
  if (code != CLI_OK || cli_has(s->args, "compile-only")) {
    return code;
  }
  code = cli_session_bind(s, 1);
  cli_budget budget = {seconds, LEAST_CALLS, MOST_CALLS};
  return code == CLI_OK ? cli_session_measure(s, budget, &out->run) : code;
}

// ---- printing

static void print_json(cli_session *s, const figures *f) {
  s->info.parse_us = f->cold_parse_us;
  s->info.compile_us = f->cold_compile_us;
  fputs("{\"file\":", stdout);
  cli_json_string(stdout, s->path);
  fputc(',', stdout);
  cli_session_print_keys(s, &f->run);
  printf(",\"compiles\":%zu,\"warm_parse_us\":%.3f,\"warm_parse_min_us\":%.3f", f->compiles,
         f->parse.median_us, f->parse.min_us);
  printf(",\"warm_compile_us\":%.3f,\"warm_compile_min_us\":%.3f", f->compile.median_us,
         f->compile.min_us);
  printf(",\"warm_total_us\":%.3f,\"warm_total_min_us\":%.3f}\n", f->total.median_us,
         f->total.min_us);
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

static int name_width(const cli_args *args) {
  size_t width = strlen("program");
  for (size_t i = 0; i < args->file_count; i++) {
    width = SK_MAX(width, strlen(base_name(args->files[i])));
  }
  return (int)SK_MIN(width, (size_t)60);
}

static void print_heading(int width) {
  printf("%-*s%28s%28s%28s\n", width + 16, "microseconds", "parse", "compile", "run");
  printf("%-*s %7s %7s", width, "program", "ops", "kernels");
  for (int i = 0; i < 3; i++) {
    printf(" %9s %8s %8s", "first", "median", "min");
  }
  putchar('\n');
}

static void print_row(const cli_session *s, int width, const figures *f) {
  printf("%-*s %7llu %7llu", width, base_name(s->path), (unsigned long long)s->info.op_count,
         (unsigned long long)s->info.kernel_count);
  printf(" %9.1f %8.1f %8.1f", f->cold_parse_us, f->parse.median_us, f->parse.min_us);
  printf(" %9.1f %8.1f %8.1f", f->cold_compile_us, f->compile.median_us, f->compile.min_us);
  printf(" %9.1f %8.1f %8.1f\n", f->run.first_us, f->run.median_us, f->run.min_us);
}

// ---- entry

static int bench_file(const cli_args *args, const char *path, double seconds, int width) {
  sk_file file;
  figures f;
  sk_status status = sk_file_open(path, 0, &file);
  if (status != NULL) {
    return cli_fail_internal(status);
  }
  cli_session s = {.args = args, .path = path, .file = &file};
  int code = CLI_BAD_INPUT;
  if (cli_is_executable_image(&file)) {
    fprintf(stderr, "%s: error: a saved executable is not compiled; use `skarn run --repeat`\n",
            path);
  } else {
    code = measure_program(&s, seconds, &f);
  }
  if (code == CLI_OK && cli_has(args, "json")) {
    print_json(&s, &f);
  } else if (code == CLI_OK) {
    print_row(&s, width, &f);
  }
  cli_session_close(&s);
  sk_file_close(&file);
  fflush(stdout);
  return code;
}

// A file that fails does not keep the others from being measured.
static int run(const cli_args *args) {
  double seconds;
  int64_t seed;
  if (args->file_count == 0) {
    return cli_usage_error("bench: expected a file");
  }
  int code = cli_seconds(args, "seconds", default_seconds, &seconds);
  code = code == CLI_OK ? cli_number(args, "random", 1, 0, &seed) : code;
  if (code != CLI_OK) {
    return code;
  }
  int width = name_width(args);
  if (!cli_has(args, "json")) {
    print_heading(width);
  }
  for (size_t i = 0; i < args->file_count; i++) {
    int failed = bench_file(args, args->files[i], seconds, width);
    code = code == CLI_OK ? failed : code;
  }
  return code;
}

static const cli_option options[] = {
    {"entry", true, "function to compile and run (default main)"},
    {"refine", true, "types of the arguments: 'tensor<3x4xf32>, tensor<i64> = 7, _'"},
    {"seconds", true, "how long to compile, and to run, each program (default 0.3)"},
    {"random", true, "seed of the pseudo-random arguments (default 1)"},
    {"compile-only", false, "leave the calls out; their figures are 0"},
    {"json", false, "one line of figures per file on standard output"},
    {NULL, false, NULL},
};
const cli_command cli_bench = {"bench", "bench FILE... [options]",
                               "measure how long programs take to compile and to run", options,
                               run};
