// SPDX-License-Identifier: Apache-2.0
// Random programs through every executor (tools/oracle.h): a campaign over seeds.
//
//   gen_programs [--first N] [--count N] [--seconds S] [--save DIR] [--isa v4] [--show SEED] [--ops] [--focus OP] [--reasons]
//   gen_programs --corpus DIR      judges the cases kept there: reduced programs of fixed defects
//
// Children judge stretches of seeds and note in shared memory where they are, so that a crash or a hang names
// its seed and the campaign goes on behind it. Every argument lies against a page that nobody may
// touch. A finding prints its seed; --save writes the program to DIR/seedN.mlir. Exit status 1 when
// there were findings. --show prints a program and judges it alone. --focus makes half of the operations of every program OP
// (stablehlo.cholesky), in small programs of wild values. --reasons says what generated code lacks, program by program.
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "hlo.h"
#include "tools/oracle.h"
#include "tools/reduce.h"

// A program may take so much processor time, and ten times as long by the clock; in an emulator ten times that.
enum { STRETCH = 500, HANG_SECONDS = 60, EMULATED = 10 };

typedef struct campaign {
  uint64_t first, count;
  double seconds;
  const char *save, *isa;
  sk_opkind focus;  // SK_OP_NONE: what each seed says
  bool reasons;
} campaign;

// What a child tells its parent; in shared memory.
typedef struct progress {
  volatile uint64_t seed;  // being judged
  uint64_t programs, op_count, kinds[ORACLE_WHAT_COUNT];
  uint64_t faults, made[SK_OPKIND_COUNT];
} progress;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// ---- arguments against guard pages

typedef struct guarded {
  char *map;
  size_t bytes;
  void *data;
} guarded;

static guarded guard(size_t bytes, bool at_end, size_t align) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), inner = (bytes + page) / page * page;
  guarded g = {.bytes = inner + 2 * page};
  g.map = mmap(NULL, g.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (g.map == MAP_FAILED) {
    abort();
  }
  mprotect(g.map, page, PROT_NONE);
  mprotect(g.map + page + inner, page, PROT_NONE);
  memset(g.map + page, 0xff, inner);
  g.data = at_end ? g.map + page + (inner - bytes) / align * align : g.map + page;
  return g;
}

enum { MAX_ARGS = 32 };

typedef struct arguments {
  guarded memory[MAX_ARGS];
  const void *data[MAX_ARGS];
  uint32_t count;
} arguments;

static void make_arguments(const hlo_program *program, arguments *out) {
  const sk_module *m = program->module;
  const sk_type_rec *func = sk_func_type(m, sk_module_find_func(m, SK_STR("main")));
  out->count = func->input_count;
  for (uint32_t i = 0; i < out->count; i++) {
    int64_t count = 0;
    size_t width = sk_elem_bytes((sk_elem)sk_type_get(m, func->inputs[i])->elem);
    (void)sk_type_elem_count(m, func->inputs[i], &count);
    out->memory[i] = guard((size_t)count * width, program->seed % 2 == 0, width);
    out->data[i] = out->memory[i].data;
    hlo_program_fill(program, i, out->memory[i].data);
    mprotect(out->memory[i].map, out->memory[i].bytes, PROT_NONE);  // only read from here on
    mprotect(out->memory[i].map + 4096, out->memory[i].bytes - 2 * 4096, PROT_READ);
  }
}

static void free_arguments(arguments *a) {
  for (uint32_t i = 0; i < a->count; i++) {
    munmap(a->memory[i].map, a->memory[i].bytes);
  }
}

// ---- one program

static hlo_options options_of(const campaign *c, uint64_t seed) {
  hlo_options small = {.max_ops = 12, .max_elems = 400, .wild = seed % 4 != 0, .focus = c->focus};
  return c->focus == SK_OP_NONE ? hlo_options_of(seed) : small;
}

static void count_ops(const sk_module *m, progress *p) {
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, m, sk_op_region(m, m->root, 0));
  while (sk_walk_next(&walker, &op)) {
    p->made[sk_op_kind(m, op)]++;
    p->op_count++;
  }
}

static void fill_argument(void *user, uint32_t index, const sk_type_rec *type, void *out,
                          size_t bytes) {
  (void)type;
  (void)bytes;
  hlo_program_fill(user, index, out);
}

// The program with its arguments, as `skarn reduce` takes it.
static void save_program(const campaign *c, uint64_t seed) {
  char path[4096];
  hlo_options options = options_of(c, seed);
  hlo_program program;
  reduce_case saved = {0};
  sk_text text;
  sk_text_init(&text);
  snprintf(path, sizeof path, "%s/seed%llu.mlir", c->save, (unsigned long long)seed);
  sk_status status = hlo_program_make(seed, &options, &program);
  if (status == NULL) {
    sk_module_print(program.module, &(sk_print_options){0}, &text);
    status = reduce_case_read("program", text.data, text.len, fill_argument, &program, &saved);
  }
  if (status == NULL) {
    text.len = 0;
    status = reduce_case_print(&saved, &text);
  }
  FILE *file = fopen(path, "wb");
  if (file != NULL) {
    fwrite(text.data, 1, text.len, file);
    fclose(file);
  }
  sk_status_free(status);
  reduce_case_free(&saved);
  sk_text_fini(&text);
  hlo_program_free(&program);
}

static void judge_seed(const campaign *c, oracle *o, uint64_t seed, progress *p) {
  hlo_options options = options_of(c, seed);
  hlo_program program;
  oracle_verdict verdict;
  arguments args;
  sk_text text;
  p->seed = seed;
  sk_status status = hlo_program_make(seed, &options, &program);
  if (status != NULL) {
    sk_status_free(status);
    return;
  }
  count_ops(program.module, p);
  p->programs++;
  if (program.fault[0] != 0) {
    p->faults++;
    printf("seed %llu: inference refuses: %s\n", (unsigned long long)seed, program.fault);
  }
  sk_text_init(&text);
  sk_module_print(program.module, &(sk_print_options){0}, &text);
  make_arguments(&program, &args);
  oracle_judge(o, text.data, text.len, args.data, &verdict);
  p->kinds[verdict.what]++;
  if (oracle_is_finding(verdict.what) || (c->reasons && verdict.what == ORACLE_UNSUPPORTED)) {
    printf("seed %llu: %s: %s\n", (unsigned long long)seed, oracle_what_name(verdict.what),
           verdict.message);
  }
  if (oracle_is_finding(verdict.what)) {
    if (c->save != NULL) {
      save_program(c, seed);
    }
  }
  fflush(stdout);
  free_arguments(&args);
  sk_text_fini(&text);
  hlo_program_free(&program);
}

// ---- stretches of seeds in children

// SIGPROF after so many seconds of processor time, SIGALRM after ten times as many; 0: no limit.
static void set_limit(long seconds) {
  const struct itimerval busy = {.it_value = {.tv_sec = seconds}};
  const struct itimerval passed = {.it_value = {.tv_sec = 10 * seconds}};
  (void)setitimer(ITIMER_PROF, &busy, NULL);
  (void)setitimer(ITIMER_REAL, &passed, NULL);
}

static void judge_stretch(const campaign *c, uint64_t first, uint64_t end, progress *p) {
  oracle_options options = {.isa = c->isa,
                            .isa_unchecked = c->isa != NULL,
                            .reading = true,
                            .threads = true,
                            .guards = c->isa == NULL};
  oracle *o;
  sk_status status = oracle_create(&options, &o);
  for (uint64_t seed = first; status == NULL && seed < end; seed++) {
    set_limit(HANG_SECONDS * (c->isa != NULL ? EMULATED : 1));
    judge_seed(c, o, seed, p);
  }
  set_limit(0);
  if (status == NULL) {
    oracle_destroy(o);
  }
}

// Returns the seed to go on with.
static uint64_t run_child(const campaign *c, uint64_t first, uint64_t end, progress *p) {
  p->seed = first;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    judge_stretch(c, first, end, p);
    fflush(stdout);
    _exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    perror("fork");
    exit(2);
  }
  if (!WIFSIGNALED(status)) {
    return end;
  }
  bool hangs = WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGPROF;
  p->kinds[hangs ? ORACLE_HANG : ORACLE_CRASH]++;
  printf("seed %llu: %s (signal %d)\n", (unsigned long long)p->seed, hangs ? "hang" : "crash",
         WTERMSIG(status));
  if (c->save != NULL) {
    save_program(c, p->seed);
  }
  return p->seed + 1;
}

static uint64_t finding_count(const progress *p) {
  uint64_t count = p->faults;
  for (int what = 0; what < ORACLE_WHAT_COUNT; what++) {
    count += oracle_is_finding((oracle_what)what) ? p->kinds[what] : 0;
  }
  return count;
}

static void print_summary(const progress *p, double seconds) {
  printf("%llu programs, %llu operations, %.1f s:", (unsigned long long)p->programs,
         (unsigned long long)p->op_count, seconds);
  for (int what = 0; what < ORACLE_WHAT_COUNT; what++) {
    if (p->kinds[what] > 0) {
      printf(" %s %llu", oracle_what_name((oracle_what)what), (unsigned long long)p->kinds[what]);
    }
  }
  printf(" refused %llu\n", (unsigned long long)p->faults);
}

// Every operation that rows say is made must have come up in a long campaign.
static void print_ops(const progress *p) {
  for (int kind = SK_OP_NONE + 1; kind < SK_OPKIND_COUNT; kind++) {
    const char *why = hlo_why_not((sk_opkind)kind);
    printf("%-50s %10llu %s\n", sk_opkind_name((sk_opkind)kind), (unsigned long long)p->made[kind],
           why != NULL ? why : "");
  }
}

static int run_campaign(const campaign *c, bool ops) {
  progress *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  double begin = now();
  if (p == MAP_FAILED) {
    return 2;
  }
  for (uint64_t seed = c->first; seed < c->first + c->count;) {
    if (c->seconds > 0 && now() - begin > c->seconds) {
      break;
    }
    seed = run_child(c, seed, SK_MIN(seed + STRETCH, c->first + c->count), p);
  }
  print_summary(p, now() - begin);
  if (ops) {
    print_ops(p);
  }
  return finding_count(p) > 0;
}

static int show(const campaign *c, uint64_t seed) {
  hlo_options options = options_of(c, seed);
  hlo_program program;
  sk_text text;
  sk_status status = hlo_program_make(seed, &options, &program);
  if (status != NULL) {
    return 2;
  }
  sk_text_init(&text);
  sk_module_print(program.module, &(sk_print_options){0}, &text);
  printf("%.*s", (int)text.len, text.data);
  progress p = {0};
  fflush(stdout);
  judge_stretch(c, seed, seed + 1, &p);
  return finding_count(&p) > 0;
}

// ---- cases kept from earlier campaigns

static void no_values(void *user, uint32_t index, const sk_type_rec *type, void *out,
                      size_t bytes) {
  (void)user;
  (void)index;
  (void)type;
  memset(out, 0, bytes);
}

// True if nothing was found.
static bool judge_file(const char *path, const oracle_options *options) {
  sk_file file;
  reduce_case c = {0};
  oracle_verdict verdict = {.what = ORACLE_INVALID};
  sk_status status = sk_file_open(path, 0, &file);
  if (status == NULL) {
    status = reduce_case_read(path, file.data, file.len, no_values, NULL, &c);
    if (status == NULL) {
      reduce_case_judge(&c, options, &verdict);
    }
    sk_file_close(&file);
  }
  if (oracle_is_finding(verdict.what)) {
    printf("%s: %s: %s\n", path, oracle_what_name(verdict.what),
           status != NULL ? sk_status_message(status) : verdict.message);
  }
  sk_status_free(status);
  reduce_case_free(&c);
  return !oracle_is_finding(verdict.what);
}

static int judge_corpus(const campaign *c, const char *directory) {
  oracle_options options = {.isa = c->isa,
                            .isa_unchecked = c->isa != NULL,
                            .reading = true,
                            .threads = true,
                            .guards = c->isa == NULL};
  struct dirent **names;
  int count = scandir(directory, &names, NULL, alphasort), cases = 0, failed = 0;
  for (int i = 0; i < count; i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, names[i]->d_name);
    if (strstr(names[i]->d_name, ".mlir") != NULL) {
      cases++;
      failed += !judge_file(path, &options);
    }
    free(names[i]);
  }
  if (count >= 0) {
    free(names);
  }
  printf("%d cases, %d failed\n", cases, failed);
  return cases == 0 || failed > 0;  // none at all would test nothing
}

static const char *option(int argc, char **argv, const char *name) {
  for (int i = 1; i + 1 < argc; i++) {
    if (strcmp(argv[i], name) == 0) {
      return argv[i + 1];
    }
  }
  return NULL;
}

static uint64_t number(int argc, char **argv, const char *name, uint64_t otherwise) {
  const char *text = option(argc, argv, name);
  return text != NULL ? strtoull(text, NULL, 0) : otherwise;
}

int main(int argc, char **argv) {
  campaign c = {.first = number(argc, argv, "--first", 1),
                .count = number(argc, argv, "--count", 300),
                .seconds = (double)number(argc, argv, "--seconds", 0),
                .save = option(argc, argv, "--save"),
                .isa = option(argc, argv, "--isa")};
  const char *focus = option(argc, argv, "--focus");
  for (int kind = SK_OP_NONE + 1; focus != NULL && kind < SK_OPKIND_COUNT; kind++) {
    c.focus = strcmp(sk_opkind_name((sk_opkind)kind), focus) == 0 ? (sk_opkind)kind : c.focus;
  }
  bool ops = false;
  for (int i = 1; i < argc; i++) {
    ops = ops || strcmp(argv[i], "--ops") == 0;
    c.reasons = c.reasons || strcmp(argv[i], "--reasons") == 0;
  }
  sk_text missing;
  sk_text_init(&missing);
  if (hlo_missing_rows(&missing) > 0) {
    printf("operations without a row in hlo_rows.def: %.*s\n", (int)missing.len, missing.data);
    return 1;
  }
  const char *corpus = option(argc, argv, "--corpus");
  if (corpus != NULL) {
    return judge_corpus(&c, corpus);
  }
  const char *seed = option(argc, argv, "--show");
  return seed != NULL ? show(&c, strtoull(seed, NULL, 0)) : run_campaign(&c, ops);
}
