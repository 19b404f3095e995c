// SPDX-License-Identifier: Apache-2.0
// skarn ops: the operations of ir/ops.def, and which stages have them.
//
//   rule      result types are inferred and the constraints checked (none: structure is all)
//   interp    the reference interpreter
//   loop      lowered to loop IR; `gone`: an earlier stage has rewritten it
//   native    machine code is made of it
//
// The table is the one that the stages themselves are built from, so that it cannot disagree with
// them: a `yes` without the function behind it does not link. --markdown prints docs/ops.md.
#include <ctype.h>
#include <string.h>

#include "base/compiler.h"
#include "cli.h"
#include "ir/ir.h"

enum { COLUMNS = 4 };

typedef struct op_row {
  const char *name, *op_class;
  const char *columns[COLUMNS];
} op_row;

static const char *const titles[COLUMNS] = {"rule", "interp", "loop", "native"};

static const op_row rows[] = {
#define X(e, name, o0, o1, r0, r1, g0, g1, op_class, syntax, elems, traits, attrs, rule, interp,   \
          loop, native)                                                                            \
  {name, #op_class, {#rule, #interp, #loop, #native}},
#include "ir/ops.def"
#undef X
};

// Numbered constraints of the specification by operation, and those that no refusal names.
static const struct {
  unsigned count;
  const char *unnamed;
} constraints[SK_OPKIND_COUNT] = {
#define X(e, count, unnamed) [SK_OP_##e] = {count, unnamed},
#include "ir/constraints.def"
#undef X
};

// A row's operation: rows are those of ops.def, in order.
static sk_opkind kind_of(const op_row *row) { return (sk_opkind)(row - rows + 1); }

static unsigned count_named(sk_opkind kind) {
  unsigned named = constraints[kind].count;
  for (const char *c = constraints[kind].unnamed; c && *c; c++) {
    named -= *c == 'C';
  }
  return named;
}

static const char *cell(const op_row *row, size_t column) {
  const char *word = row->columns[column];
  bool is_rule = column == 0 && strcmp(word, "todo") != 0 && strcmp(word, "none") != 0;
  return is_rule ? "yes" : word;
}

static size_t dialect_length(const char *name) { return strcspn(name, "."); }

static bool same_dialect(const op_row *a, const op_row *b) {
  size_t len = dialect_length(a->name);
  return len == dialect_length(b->name) && strncmp(a->name, b->name, len) == 0;
}

// A column is covered where nothing is left to do. `of` NULL: all dialects.
static size_t count_done(const op_row *of, size_t done[COLUMNS]) {
  size_t count = 0;
  memset(done, 0, COLUMNS * sizeof *done);
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    if (of && !same_dialect(of, &rows[i])) {
      continue;
    }
    count++;
    for (size_t c = 0; c < COLUMNS; c++) {
      done[c] += strcmp(cell(&rows[i], c), "todo") != 0;
    }
  }
  return count;
}

static void print_totals(const op_row *of, const char *what, int width) {
  size_t done[COLUMNS], count = count_done(of, done);
  printf("%-*.*s", 40, width, what);
  for (size_t c = 0; c < COLUMNS; c++) {
    char text[48];
    snprintf(text, sizeof text, "%zu/%zu", done[c], count);
    printf(" %-8s", text);
  }
  putchar('\n');
}

static bool seen_before(size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (same_dialect(&rows[i], &rows[index])) {
      return true;
    }
  }
  return false;
}

static void print_heading(const char *first) {
  printf("%-40s", first);
  for (size_t c = 0; c < COLUMNS; c++) {
    printf(" %-8s", titles[c]);
  }
  putchar('\n');
}

static void print_coverage(void) {
  print_heading("operation");
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    printf("%-40s", rows[i].name);
    for (size_t c = 0; c < COLUMNS; c++) {
      printf(" %-8s", cell(&rows[i], c));
    }
    putchar('\n');
  }
  putchar('\n');
  print_heading("covered");
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    if (!seen_before(i)) {
      print_totals(&rows[i], rows[i].name, (int)dialect_length(rows[i].name));
    }
  }
  print_totals(NULL, "total", 5);
}

// ---- docs/ops.md

static const char page_head[] =
    "# Operations\n\n"
    "Made from `src/ir/ops.def` by `skarn ops --markdown`; a test keeps it in step.\n\n"
    "- **rule**: result types are inferred and the constraints of the specification checked\n"
    "  (`none`: structure is all there is)\n"
    "- **interp**: the reference interpreter has it\n"
    "- **loop**: it is lowered to the loop language\n"
    "- **native**: machine code is made of it\n\n"
    "`gone`: an earlier stage rewrites it. `todo`: meeting it is an error that names the "
    "operation\n"
    "and its place.\n\n"
    "**constraints**: how many of the numbered constraints of the specification a refusal names, "
    "of\n"
    "how many there are; the others restate one that is refused first, or speak of what only "
    "running\n"
    "shows (`src/ir/constraints.def`). A test shows a program for every one that is named.\n\n"
    "## Covered\n\n"
    "| Dialect | Operations | rule | interp | loop | native |\n|---|---|---|---|---|---|\n";

static void print_total_row(const op_row *of, const char *what, int width) {
  size_t done[COLUMNS], count = count_done(of, done);
  printf("| %.*s | %zu |", width, what, count);
  for (size_t c = 0; c < COLUMNS; c++) {
    printf(" %zu |", done[c]);
  }
  putchar('\n');
}

static void print_lower(const char *text) {
  for (; *text; text++) {
    putchar(tolower((unsigned char)*text));
  }
}

static void print_constraints(sk_opkind kind) {
  if (constraints[kind].count == 0) {
    printf(" |");
  } else if (constraints[kind].unnamed[0] == '\0') {
    printf(" %u |", constraints[kind].count);
  } else {
    printf(" %u of %u, not %s |", count_named(kind), constraints[kind].count,
           constraints[kind].unnamed);
  }
}

static void print_constraint_total(void) {
  unsigned named = 0, count = 0;
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    named += count_named(kind_of(&rows[i]));
    count += constraints[kind_of(&rows[i])].count;
  }
  printf("\n%u of the %u numbered constraints are named.\n", named, count);
}

static void print_targets(void) {
  static const struct {
    const char *target, *function;
  } targets[] = {
#define X(target, function) {target, #function},
#include "ir/targets.def"
#undef X
  };
  fputs("\n## Custom calls\n\nTargets whose meaning is known (`src/ir/target.h`), in the "
        "interpreter and "
        "natively:\n\n| Target | Function |\n|---|---|\n",
        stdout);
  for (size_t i = 0; i < SK_COUNT(targets); i++) {
    printf("| `%s` | ", targets[i].target);
    print_lower(targets[i].function);
    puts(" |");
  }
}

static void print_dialect(const op_row *first) {
  printf("\n## %.*s\n\n| Operation | Class | rule | interp | loop | native | constraints "
         "|\n|---|---|---|---|---|---|---|\n",
         (int)dialect_length(first->name), first->name);
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    if (!same_dialect(first, &rows[i])) {
      continue;
    }
    printf("| `%s` | ", rows[i].name + dialect_length(first->name) + 1);
    print_lower(rows[i].op_class);
    for (size_t c = 0; c < COLUMNS; c++) {
      printf(" | %s", cell(&rows[i], c));
    }
    printf(" |");
    print_constraints(kind_of(&rows[i]));
    putchar('\n');
  }
}

static void print_markdown(void) {
  fputs(page_head, stdout);
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    if (!seen_before(i)) {
      print_total_row(&rows[i], rows[i].name, (int)dialect_length(rows[i].name));
    }
  }
  print_total_row(NULL, "all", 3);
  print_constraint_total();
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    if (!seen_before(i)) {
      print_dialect(&rows[i]);
    }
  }
  print_targets();
}

static int run_ops(const cli_args *args) {
  if (args->file_count != 0) {
    return cli_usage_error("ops: takes no files");
  }
  if (cli_has(args, "coverage")) {
    print_coverage();
    return CLI_OK;
  }
  if (cli_has(args, "markdown")) {
    print_markdown();
    return CLI_OK;
  }
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    puts(rows[i].name);
  }
  return CLI_OK;
}

static const cli_option ops_options[] = {
    {"coverage", false, "which stages have which operation, with totals"},
    {"markdown", false, "the same as a page: docs/ops.md"},
    {NULL, false, NULL},
};
const cli_command cli_ops = {"ops", "ops [--coverage|--markdown]", "list the operations",
                             ops_options, run_ops};
