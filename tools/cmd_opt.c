// SPDX-License-Identifier: Apache-2.0
// skarn opt: what a program looks like after a stage of the pipeline.
//
//   --to STAGE       run up to and including STAGE, print what there is then: StableHLO, the program
//                    tree with its kernels in loop IR, machine code as bytes, or the plan
//   --from STAGE     FILE is what STAGE gave (StableHLO or a program); go on behind it
//   --print-changed  print after every stage that changed something
//   --verify         check what comes out of every stage
//
// What later stages know besides the printed form (contraction marks, fusion groups) is not in it:
// continuing behind `numerics` or `fuse` starts without.
#include <string.h>

#include "base/str.h"
#include "cli.h"
#include "opt_session.h"

// Prints the current form to standard output if it is not `*previous`, and remembers it there.
static int print_form(const sk_compilation *c, bool heading, sk_text *previous) {
  sk_text text;
  sk_text_init(&text);
  sk_compilation_print(c, &text);
  if (text.failed) {
    sk_text_fini(&text);
    return cli_fail_internal(sk_status_no_memory());
  }
  bool same = previous->data && text.data && strcmp(previous->data, text.data) == 0;
  if (!same && text.data) {
    if (heading) {
      sk_form form = sk_stage_form((sk_stage)c->done);
      printf("%s ---- after %s\n", form == SK_FORM_MODULE || form == SK_FORM_PROG ? "//" : "#",
             sk_stage_name((sk_stage)c->done));
    }
    fwrite(text.data, 1, text.len, stdout);
  }
  sk_text_fini(previous);
  *previous = text;
  return CLI_OK;
}

static int run_stages(sk_compilation *c, sk_stage to, bool every) {
  sk_text previous;
  sk_text_init(&previous);
  int code = CLI_OK;
  do {
    sk_stage next = every && c->done < (int)to ? (sk_stage)(c->done + 1) : to;
    sk_status status = sk_compilation_run(c, next);
    code = status ? cli_fail_internal(status) : CLI_OK;
    if (code == CLI_OK) {
      code = print_form(c, every, &previous);
    }
  } while (code == CLI_OK && c->done < (int)to);
  sk_text_fini(&previous);
  return code;
}

static int find_stage(const char *option, const char *name, sk_stage *out) {
  if (!name || sk_stage_find(name, out)) {
    return CLI_OK;
  }
  sk_text names;
  sk_text_init(&names);
  for (int i = 0; i < SK_STAGE_COUNT; i++) {
    sk_text_addf(&names, " %s", sk_stage_name((sk_stage)i));
  }
  int code = cli_usage_error("--%s: '%s' is no stage; there are%s", option, name,
                             names.data ? names.data : "");
  sk_text_fini(&names);
  return code;
}

static int print_stage_names(void) {
  for (int i = 0; i < SK_STAGE_COUNT; i++) {
    printf("%-10s %s\n", sk_stage_name((sk_stage)i), sk_stage_help((sk_stage)i));
  }
  return CLI_OK;
}

static int optimise(sk_compilation *c, const cli_args *args, void *user) {
  (void)args;
  const sk_stage *to = user;
  return run_stages(c, *to, c->in.flags->print_changed);
}

static int run_opt(const cli_args *args) {
  if (cli_has(args, "stages")) {
    return print_stage_names();
  }
  sk_stage from = SK_STAGE_PARSE, to = SK_STAGE_SIMPLIFY;
  int code = find_stage("from", cli_value(args, "from"), &from);
  to = sk_stage_form(from) == SK_FORM_MODULE ? SK_MAX(to, from) : SK_STAGE_VECTORISE;
  code = code == CLI_OK ? find_stage("to", cli_value(args, "to"), &to) : code;
  if (code != CLI_OK) {
    return code;
  }
  if (from != SK_STAGE_PARSE && to < from) {
    return cli_usage_error("opt: stage %s comes before %s", sk_stage_name(to), sk_stage_name(from));
  }
  return cli_opt_run(args, &(cli_opt_job){.command = "opt",
                                          .from = from,
                                          .partial = to <= SK_STAGE_REFINE,
                                          .use = optimise,
                                          .user = &to});
}

static const cli_option opt_options[] = {
    {"to", true, "last stage to run (default simplify; for programs vectorise)"},
    {"from", true, "the stage that FILE is the result of"},
    {"entry", true, "function to compile (default main, or the only one)"},
    {"refine", true, "types of the arguments: 'tensor<3x4xf32>, tensor<i64> = 7, _'"},
    {"stages", false, "list the stages"},
    {NULL, false, NULL},
};
const cli_command cli_opt = {"opt",
                             "opt FILE [--to STAGE] [--from STAGE] [--print-changed] [--verify]",
                             "print a program after a stage", opt_options, run_opt};
