// SPDX-License-Identifier: Apache-2.0
// One compilation for the commands that look inside: opt, explain, lint.
#ifndef SK_TOOLS_OPT_SESSION_H
#define SK_TOOLS_OPT_SESSION_H

#include "cli.h"
#include "compile/compile.h"

// What a command does with its one file's compilation, of which nothing has run (behind `from`: nothing further). Gives an exit code.
typedef int (*cli_opt_use)(sk_compilation *c, const cli_args *args, void *user);
typedef struct cli_opt_job {
  const char *command;  // for messages
  sk_stage from;        // the file is what this stage gave; PARSE: a program
  bool partial;         // unknown dimensions may be left
  cli_opt_use use;
  void *user;
} cli_opt_job;
int cli_opt_run(const cli_args *args, const cli_opt_job *job);

#endif
