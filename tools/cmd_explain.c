// SPDX-License-Identifier: Apache-2.0
// skarn explain: what a program's kernels are made of, and why they end where they do (compile/explain.h).
#include <string.h>

#include "cli.h"
#include "compile/explain.h"
#include "opt_session.h"

static int explain(sk_compilation *c, const cli_args *args, void *user) {
  (void)user;
  sk_text text;
  sk_text_init(&text);
  sk_status status = sk_compilation_run(c, SK_STAGE_VECTORISE);
  if (!status) {
    status = sk_compile_explain(c, cli_has(args, "json"), &text);
  }
  if (!status && text.data) {
    fwrite(text.data, 1, text.len, stdout);
  }
  sk_text_fini(&text);
  return status ? cli_fail_internal(status) : CLI_OK;
}

static int run_explain(const cli_args *args) {
  const char *via = cli_flag(args, "via");
  if (via && strcmp(via, "interp") == 0) {
    return cli_usage_error("explain: the interpreter has no kernels");
  }
  return cli_opt_run(args, &(cli_opt_job){.command = "explain", .use = explain});
}

static const cli_option explain_options[] = {
    {"entry", true, "function to compile (default main, or the only one)"},
    {"refine", true, "types of the arguments: 'tensor<3x4xf32>, tensor<i64> = 7, _'"},
    {"json", false, "one line per statement"},
    {NULL, false, NULL},
};
const cli_command cli_explain = {"explain", "explain FILE [options]",
                                 "what kernels are made of, and why they end where they do",
                                 explain_options, run_explain};
