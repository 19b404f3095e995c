// SPDX-License-Identifier: Apache-2.0
// One program on its way through a command: client, executable, arguments, timed calls.
//
//   cli_session_start    client with the options of the compiler and runtime
//   cli_session_compile  executable (again: a fresh one takes the place of the last)
//   cli_session_bind     arguments, from --input or --random
//   cli_session_measure  calls; the results of the last one stay in `outputs`
//   cli_session_close    releases whatever of that there is
//
// Functions return an exit code (docs/cli.md) and have printed the error when it is not CLI_OK.
#ifndef SK_TOOLS_SESSION_H
#define SK_TOOLS_SESSION_H

#include "cli.h"

typedef struct cli_session {
  const cli_args *args;  // borrowed
  const char *path;      // borrowed
  const sk_file *file;   // borrowed
  skarn_client *client;  // this and all below: owned, NULL until made
  skarn_executable *executable;
  skarn_executable_info info;
  skarn_buffer **inputs, **outputs;
} cli_session;

int cli_session_start(cli_session *s, const skarn_option *options, size_t option_count);
int cli_session_compile(cli_session *s);                     // a saved executable is loaded
int cli_session_bind(cli_session *s, int64_t default_seed);  // of --random; negative: no default
void cli_session_close(cli_session *s);

// How often something is measured: at least `least` times, then on until `seconds` have passed,
// `most` times at the most.
typedef struct cli_budget {
  double seconds;
  size_t least, most;
} cli_budget;

typedef struct cli_samples {
  cli_budget budget;
  double begin_us;
  double *us;  // owned
  size_t count;
} cli_samples;

int cli_samples_begin(cli_budget budget, cli_samples *out);
bool cli_samples_wanted(const cli_samples *samples);  // another one
void cli_samples_add(cli_samples *samples, double us);
void cli_samples_end(cli_samples *samples, double *out_median_us, double *out_min_us);

typedef struct cli_timing {
  double first_us, median_us, min_us;  // the first call counts in neither of the others
  size_t repeats;
} cli_timing;

// Each call: executed on the resident arguments, waited for, the results of the previous one
// released. Donated arguments are kept, so that every call sees the same.
int cli_session_measure(cli_session *s, cli_budget budget, cli_timing *out);
// Keys of the memory one execution needs: scratch per thread, results in arguments' places, and the
// peak of arguments, results, temporaries and the scratch of all threads.
void cli_print_memory_keys(const skarn_executable_info *info);
// The keys of `run --json`, without the braces.
void cli_session_print_keys(const cli_session *s, const cli_timing *timing);

#endif
