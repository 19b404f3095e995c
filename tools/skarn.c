// SPDX-License-Identifier: Apache-2.0
// The skarn program: finds the command, reads its arguments, runs it. Every command is a file cmd_<name>.c; the contract (options, JSON keys,
// exit codes) is docs/cli.md.
#include <stdlib.h>
#include <string.h>

#include "base/flags.h"
#include "cli.h"

const cli_command *const cli_commands[] = {&cli_run,     &cli_bench,  &cli_compile, &cli_opt,
                                           &cli_explain, &cli_lint,   &cli_test,    &cli_convert,
                                           &cli_ops,     &cli_reduce, &cli_version, NULL};

static void print_overview(FILE *out) {
  fputs("usage: skarn COMMAND [options] ...\n\ncommands\n", out);
  for (size_t i = 0; cli_commands[i] != NULL; i++) {
    fprintf(out, "  %-9s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
  }
  fputs("\n`skarn COMMAND --help` lists a command's options.\n", out);
}

static void print_help(const cli_command *c) {
  printf("usage: skarn %s\n\n%s\n\noptions\n", c->usage, c->summary);
  for (size_t i = 0; c->options[i].name != NULL; i++) {
    printf("  --%-16s %s\n", c->options[i].name, c->options[i].help);
  }
  puts("\noptions of the compiler and runtime (also as SKARN_<NAME> in the environment)");
#define X(field, name, type, initial, values, help)                                                \
  printf("  --%-16s %s%s%s%s\n", name, help, values[0] ? " (" : "", values, values[0] ? ")" : "");
#include "base/flags.def"
#undef X
}

static bool is_flag(const char *name, size_t len) {
#define X(field, text, type, initial, values, help)                                                \
  if (strlen(text) == len && strncmp(name, text, len) == 0) {                                      \
    return true;                                                                                   \
  }
#include "base/flags.def"
#undef X
  return false;
}

typedef struct parser {
  const cli_command *command;
  cli_given *given;
  skarn_option *options;
  const char **files;
  size_t given_count, option_count, file_count;
} parser;

// SKARN_<NAME> of every flag; unknown ones are worth a warning.
static int read_environment(parser *p, sk_arena *arena) {
  sk_flags flags;
  const char *unknown = NULL;
  sk_flags_init(&flags);
  sk_status status = sk_flags_read_env(&flags, arena, &unknown);
  if (status != NULL) {
    (void)cli_fail_internal(status);
    return CLI_USAGE;
  }
  if (unknown != NULL) {
    fprintf(stderr, "skarn: warning: unknown environment variables %s\n", unknown);
  }
#define X(field, text, type, initial, values, help)                                                \
  {                                                                                                \
    char variable[64] = "SKARN_";                                                                  \
    size_t at = 6;                                                                                 \
    for (const char *c = text; *c != 0 && at + 1 < sizeof variable; c++) {                         \
      variable[at++] = *c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;            \
    }                                                                                              \
    if (getenv(variable) != NULL) {                                                                \
      p->options[p->option_count++] = (skarn_option){text, getenv(variable)};                      \
    }                                                                                              \
  }
#include "base/flags.def"
#undef X
  return CLI_OK;
}

static const cli_option *find_option(const cli_command *c, const char *name, size_t len) {
  for (size_t i = 0; c->options[i].name != NULL; i++) {
    if (strlen(c->options[i].name) == len && strncmp(c->options[i].name, name, len) == 0) {
      return &c->options[i];
    }
  }
  return NULL;
}

static int read_option(parser *p, int argc, char **argv, int *at, sk_arena *arena) {
  const char *name = argv[*at] + 2, *equals = strchr(name, '=');
  size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
  const cli_option *own = find_option(p->command, name, len);
  bool flag = own == NULL && is_flag(name, len);
  if (own == NULL && !flag) {
    return cli_usage_error("%s: unknown option --%.*s", p->command->name, (int)len, name);
  }
  const char *text = sk_arena_strndup(arena, name, len);
  bool wants_value = own != NULL ? own->takes_value : !sk_flags_is_bool(text);
  const char *value = equals != NULL ? equals + 1 : NULL;
  if (wants_value && value == NULL) {
    if (*at + 1 >= argc) {
      return cli_usage_error("%s: option --%s needs a value", p->command->name, text);
    }
    value = argv[++*at];
  }
  if (own != NULL && !own->takes_value && value != NULL) {
    return cli_usage_error("%s: option --%s takes no value", p->command->name, text);
  }
  if (own != NULL) {
    p->given[p->given_count++] = (cli_given){own->name, value};
  } else {
    p->options[p->option_count++] = (skarn_option){text, value != NULL ? value : "true"};
  }
  return CLI_OK;
}

// Values are checked before anything runs, so that a wrong one is an error of usage.
static int check_options(const cli_args *args, sk_arena *arena) {
  sk_flags flags;
  sk_flags_init(&flags);
  for (size_t i = 0; i < args->option_count; i++) {
    sk_status status = sk_flags_set(&flags, arena, args->options[i].key, args->options[i].value);
    if (status != NULL) {
      int code = sk_status_code(status) == SK_INVALID_ARGUMENT ? CLI_USAGE : CLI_OK;
      int own = cli_fail_internal(status);
      return code != CLI_OK ? code : own;
    }
  }
  return CLI_OK;
}

static int run_command(const cli_command *c, int argc, char **argv, sk_arena *arena) {
  enum { FLAGS = 64 };
  size_t room = (size_t)argc + FLAGS;
  parser p = {.command = c,
              .given = SK_NEW_ARRAY(arena, cli_given, room),
              .options = SK_NEW_ARRAY(arena, skarn_option, room),
              .files = SK_NEW_ARRAY(arena, const char *, room)};
  if (p.given == NULL || p.options == NULL || p.files == NULL) {
    return cli_fail_internal(sk_status_no_memory());
  }
  int code = read_environment(&p, arena);
  for (int i = 0; i < argc && code == CLI_OK; i++) {
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      print_help(c);
      return CLI_OK;
    }
    if (strcmp(argv[i], "-o") == 0 && find_option(c, "output", 6) != NULL) {
      if (i + 1 >= argc) {
        return cli_usage_error("%s: option -o needs a value", c->name);
      }
      p.given[p.given_count++] = (cli_given){"output", argv[++i]};
    } else if (strncmp(argv[i], "--", 2) == 0 && argv[i][2] != 0) {
      code = read_option(&p, argc, argv, &i, arena);
    } else {
      p.files[p.file_count++] = argv[i];
    }
  }
  const cli_args written = {p.given,        p.given_count, p.options,
                            p.option_count, p.files,       p.file_count};
  cli_args args = written;
  code = code == CLI_OK ? cli_bundle_open(&written, arena, &args) : code;
  code = code == CLI_OK ? check_options(&args, arena) : code;
  return code == CLI_OK ? c->run(&args) : code;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    print_overview(stderr);
    return CLI_USAGE;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
      strcmp(argv[1], "help") == 0) {
    print_overview(stdout);
    return CLI_OK;
  }
  const char *name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
  for (size_t i = 0; cli_commands[i] != NULL; i++) {
    if (strcmp(cli_commands[i]->name, name) == 0) {
      sk_arena arena;
      sk_arena_init(&arena);
      int code = run_command(cli_commands[i], argc - 2, argv + 2, &arena);
      sk_arena_fini(&arena);
      if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("skarn: error: cannot write to standard output\n", stderr);
        return code == CLI_OK ? CLI_BAD_INPUT : code;
      }
      return code;
    }
  }
  return cli_usage_error("unknown command '%s'; `skarn --help` lists them", argv[1]);
}
