// SPDX-License-Identifier: Apache-2.0
// skarn lint: what costs a program speed, by source line (compile/lint.h). Findings are no failure: the exit code is 0.
#include <string.h>

#include "cli.h"
#include "compile/lint.h"
#include "opt_session.h"

static int lint(sk_compilation *c, const cli_args *args, void *user) {
  (void)user;
  sk_text text;
  sk_text_init(&text);
  const char *only = cli_value(args, "rules");
  sk_lint_options options = {only ? only : "", cli_has(args, "json")};
  uint32_t count = 0;
  sk_status status = sk_compilation_run(c, SK_STAGE_VECTORISE);
  if (!status) {
    status = sk_compile_lint(c, &options, &text, &count);
  }
  if (!status && text.data) {
    fwrite(text.data, 1, text.len, stdout);
  }
  if (!status && !options.json) {
    printf("%u finding%s\n", count, count == 1 ? "" : "s");
  }
  sk_text_fini(&text);
  return status ? cli_fail_internal(status) : CLI_OK;
}

static int run_lint(const cli_args *args) {
  if (cli_has(args, "list")) {
    sk_text rules;
    sk_text_init(&rules);
    sk_compile_print_rules(&rules);
    fputs(rules.data ? rules.data : "", stdout);
    sk_text_fini(&rules);
    return CLI_OK;
  }
  const char *via = cli_flag(args, "via");
  if (via && strcmp(via, "interp") == 0) {
    return cli_usage_error("lint: the interpreter has no kernels");
  }
  return cli_opt_run(args, &(cli_opt_job){.command = "lint", .use = lint});
}

static const cli_option lint_options[] = {
    {"rules", true, "names of rules, comma separated (default all)"},
    {"list", false, "list the rules"},
    {"entry", true, "function to compile (default main, or the only one)"},
    {"refine", true, "types of the arguments: 'tensor<3x4xf32>, tensor<i64> = 7, _'"},
    {"json", false, "one line of JSON per finding"},
    {NULL, false, NULL},
};
const cli_command cli_lint = {"lint", "lint FILE [options]", "what costs a program speed, by line",
                              lint_options, run_lint};
