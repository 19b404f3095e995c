// SPDX-License-Identifier: Apache-2.0
// skarn test: programs that say themselves what is right about them.
//
//   file -> segments between lines `// -----` -> one verdict each
//
//   expected-error {{...}}   passes if errors occur at the lines named (`@+1`, `@below`, ...); the
//                            text is not compared, since wording is each verifier's own, unless
//                            --messages says that it is ours: then it must be part of the message
//   check operations         passes if the program compiles, runs and every check holds
//   neither                  passes if it verifies, and reads back the same from its pretty and
//                            from its generic form
//
// A segment of a text keeps the lines of the file: as many empty lines are put before it as there
// are lines in front. Something unsupported is counted apart from failures. Files that say
// RUN-DISABLED are skipped unless --all. Bytecode files are one segment.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "cli.h"

enum { DEEPEST_DIRECTORY = 64, ANY_LINE = INT32_MAX };

typedef enum verdict { PASSED, FAILED, SKIPPED, UNSUPPORTED, VERDICTS } verdict;

typedef struct tally {
  uint64_t files, files_passed, by[VERDICTS], checks, kernels;
} tally;

typedef struct tester {
  const cli_args *args;
  skarn_client *client;
  sk_arena *arena;  // of the whole command
  SK_VEC(const char *) paths;
  bool json, all, keep_constants, native, messages;
  tally file, total;
} tester;

// ---- errors of one segment

typedef struct error_seen {
  uint32_t line;
  const char *text;  // in the arena; NULL: memory exhausted
} error_seen;

typedef struct errors {
  sk_arena *arena;
  SK_VEC(error_seen) seen;
  sk_text text;
  const char *path;
  uint32_t first_line;  // of the segment
} errors;

static void note_error(void *user, const skarn_status *status) {
  errors *e = user;
  char text[2048];
  skarn_status_format(status, text, sizeof text);
  error_seen seen = {skarn_status_line(status), sk_arena_strndup(e->arena, text, strlen(text))};
  sk_vec_push(e->arena, &e->seen, seen);
  const char *where = skarn_status_file(status);
  if (where) {
    sk_text_addf(&e->text, "%s\n", text);
  } else {
    sk_text_addf(&e->text, "%s:%u: %s\n", e->path, e->first_line, text);
  }
}

// Takes the status; `reported` if the sink has seen it already.
static verdict judge_status(errors *e, skarn_status *status, bool reported) {
  if (!status) {
    return PASSED;
  }
  bool unsupported = skarn_status_code(status) == SKARN_UNIMPLEMENTED;
  if (!reported) {
    note_error(e, status);
  }
  skarn_status_free(status);
  return unsupported ? UNSUPPORTED : FAILED;
}

static verdict fail(errors *e, const char *why) {
  sk_text_addf(&e->text, "%s:%u: error: %s\n", e->path, e->first_line, why);
  return FAILED;
}

// ---- expected errors

typedef struct line_walk {
  const char *at, *end;
} line_walk;

static bool next_line(line_walk *walk, sk_str *out) {
  if (walk->at >= walk->end) {
    return false;
  }
  const char *stop = memchr(walk->at, '\n', (size_t)(walk->end - walk->at));
  *out = (sk_str){walk->at, (size_t)((stop ? stop : walk->end) - walk->at)};
  walk->at = stop ? stop + 1 : walk->end;
  return true;
}

static const char *find(sk_str in, const char *what) {
  return in.len ? memmem(in.data, in.len, what, strlen(what)) : NULL;
}

// The line that "@..." after expected-error means; 0 if it is no annotation.
static uint32_t expected_line(const char *at, const char *end, uint32_t line, line_walk rest) {
  if (at == end || *at != '@') {
    return line;
  }
  sk_str where = {at + 1, (size_t)(end - at - 1)};
  if (sk_str_has_prefix(where, SK_STR("unknown"))) {
    return ANY_LINE;
  }
  if (sk_str_has_prefix(where, SK_STR("above"))) {
    return line - 1;
  }
  if (sk_str_has_prefix(where, SK_STR("below"))) {
    sk_str next;
    uint32_t below = line + 1;
    while (next_line(&rest, &next) && find(next, "expected-")) {
      below++;
    }
    return below;
  }
  char sign = where.len ? where.data[0] : 0;
  size_t digit = sign == '+' || sign == '-' ? 1 : 0;
  uint32_t number = 0;
  for (; digit < where.len && where.data[digit] >= '0' && where.data[digit] <= '9'; digit++) {
    number = number < 100000000 ? number * 10 + (uint32_t)(where.data[digit] - '0') : number;
  }
  return sign == '+' ? line + number : sign == '-' ? line - SK_MIN(number, line) : number;
}

typedef struct expectation {
  uint32_t line;
  sk_str text;  // between the braces; empty for a regular expression
} expectation;
typedef SK_VEC(expectation) expectations;

// Lines on which the text says that errors occur.
static void find_expected(sk_arena *arena, const char *text, size_t len, expectations *out) {
  static const char word[] = "expected-error";
  line_walk walk = {text, text + len};
  sk_str line;
  for (uint32_t number = 1; next_line(&walk, &line); number++) {
    const char *comment = find(line, "//"), *end = line.data + line.len;
    while (comment) {
      const char *at = memmem(comment, (size_t)(end - comment), word, sizeof word - 1);
      if (!at) {
        break;
      }
      at += sizeof word - 1;
      comment = at;
      bool regex = end - at >= 3 && memcmp(at, "-re", 3) == 0;
      at += regex ? 3 : 0;
      while (at < end && *at == ' ') {
        at++;
      }
      const char *open = memmem(at, (size_t)(end - at), "{{", 2);
      const char *close = open ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;
      if (open) {
        sk_str inside = {open + 2, close && !regex ? (size_t)(close - open) - 2 : 0};
        expectation item = {expected_line(at, end, number, walk), inside};
        sk_vec_push(arena, out, item);
      }
    }
  }
}

static bool is_met(const expectation *expected, const error_seen *seen, bool messages) {
  bool placed = expected->line == ANY_LINE || seen->line == expected->line;
  bool said = !messages || expected->text.len == 0 ||
              (seen->text &&
               memmem(seen->text, strlen(seen->text), expected->text.data, expected->text.len));
  return placed && said;
}

static verdict judge_expected(const skarn_program *program, const expectations *expected,
                              bool messages, errors *e) {
  skarn_status *status = skarn_program_verify(program, note_error, e);
  skarn_code code = skarn_status_code(status);
  skarn_status_free(status);
  if (code == SKARN_UNIMPLEMENTED) {
    return UNSUPPORTED;
  }
  for (uint32_t i = 0; i < expected->count; i++) {
    bool found = false;
    for (uint32_t k = 0; k < e->seen.count && !found; k++) {
      found = is_met(&expected->data[i], &e->seen.data[k], messages);
    }
    if (!found) {
      sk_text_addf(&e->text, "%s:%u: error: an error was expected here\n", e->path,
                   expected->data[i].line);
      return FAILED;
    }
  }
  return PASSED;
}

// ---- checks, and reading back

static verdict judge_checks(tester *t, const skarn_program *program, errors *e, bool *out_any) {
  skarn_compile_options options = SKARN_INIT(skarn_compile_options);
  skarn_test_report report = SKARN_INIT(skarn_test_report);
  options.diagnostic = note_error;
  options.diagnostic_user = e;
  options.entry = cli_value(t->args, "entry");
  skarn_status *status =
      skarn_program_test(t->client, program, &options, t->keep_constants, &report);
  *out_any = status || report.check_count > 0;
  t->file.checks += report.check_count;
  t->file.kernels += report.kernel_count;
  if (status) {
    return judge_status(e, status, e->seen.count > 0);
  }
  if (report.failed_count > 0) {
    return FAILED;
  }
  if (t->native && !t->keep_constants && report.kernel_count == 0 && !report.moves_only) {
    return fail(e, "the program computes something, but no native function ran");
  }
  return PASSED;
}

static skarn_status *convert(const char *path, sk_str text, const char *to, errors *e,
                             skarn_bytes **out_bytes) {
  skarn_program program = SKARN_INIT(skarn_program);
  skarn_convert_options options = SKARN_INIT(skarn_convert_options);
  program.name = path;
  program.data = text.data;
  program.size = text.len;
  options.to = to;
  options.verify = true;
  options.diagnostic = note_error;
  options.diagnostic_user = e;
  return skarn_program_convert(&program, &options, out_bytes);
}

static sk_str view(const skarn_bytes *bytes) {
  return (sk_str){skarn_bytes_data(bytes), skarn_bytes_size(bytes)};
}

// text -> `form` -> text must be the same text.
static verdict read_back(sk_str text, const char *form, errors *e) {
  skarn_bytes *between = NULL, *again = NULL;
  verdict v = PASSED;
  skarn_status *status = convert("<printed>", text, form, e, &between);
  if (!status) {
    status = convert("<printed>", view(between), "text", e, &again);
  }
  if (status) {
    skarn_status_free(status);
    v = fail(e, "what was printed does not read back");
  } else if (!sk_str_eq(text, view(again))) {
    v = fail(e, "what was printed reads back as another program");
  }
  skarn_bytes_release(between);
  skarn_bytes_release(again);
  return v;
}

static verdict judge_round_trip(const skarn_program *program, errors *e) {
  skarn_bytes *text = NULL;
  skarn_status *status =
      convert(program->name, (sk_str){program->data, program->size}, "text", e, &text);
  verdict v = judge_status(e, status, e->seen.count > 0);
  v = v == PASSED ? read_back(view(text), "text", e) : v;
  v = v == PASSED ? read_back(view(text), "generic", e) : v;
  skarn_bytes_release(text);
  return v;
}

// ---- segments

static bool has_checks(sk_str text) {
  return find(text, "check.") || (find(text, "check") && find(text, "expect_"));
}

static verdict judge_segment(tester *t, const char *path, uint32_t first_line, sk_str text) {
  sk_arena arena;
  sk_arena_init(&arena);
  errors e = {.arena = &arena, .path = path, .first_line = first_line};
  sk_text_init(&e.text);
  skarn_program program = SKARN_INIT(skarn_program);
  program.name = path;
  program.data = text.data;
  program.size = text.len;
  expectations expected = {0};
  find_expected(&arena, text.data, text.len, &expected);
  bool checked = false;
  verdict v = PASSED;
  if (expected.count > 0) {
    v = judge_expected(&program, &expected, t->messages, &e);
  } else {
    if (has_checks(text)) {
      v = judge_checks(t, &program, &e, &checked);
    }
    v = checked ? v : judge_round_trip(&program, &e);
  }
  t->file.by[v]++;
  if (e.text.data && (v == FAILED || (v == UNSUPPORTED && cli_has(t->args, "verbose")))) {
    fputs(e.text.data, stderr);
  }
  sk_text_fini(&e.text);
  sk_arena_fini(&arena);
  return v;
}

static bool is_blank(sk_str text) {
  for (size_t i = 0; i < text.len; i++) {
    if (!strchr(" \t\r\n", text.data[i])) {
      return false;
    }
  }
  return true;
}

static bool is_separator(sk_str line) {
  while (line.len > 0 && strchr(" \t\r", line.data[line.len - 1])) {
    line.len--;
  }
  // Also "// // -----": a separator is what ends a line, wherever it begins.
  const sk_str mark = SK_STR("// -----");
  return line.len >= mark.len && memcmp(line.data + line.len - mark.len, mark.data, mark.len) == 0;
}

// Hands a segment on, with empty lines in front so that its lines are those of the file.
static int end_segment(tester *t, const char *path, uint32_t first_line, sk_str text, bool skip) {
  if (is_blank(text)) {
    return CLI_OK;
  }
  if (skip) {
    t->file.by[SKIPPED]++;
    return CLI_OK;
  }
  size_t before = first_line - 1;
  char *padded = sk_mem_alloc(before + text.len + 1);
  if (!padded) {
    return cli_fail_internal(sk_status_no_memory());
  }
  memset(padded, '\n', before);
  memcpy(padded + before, text.data, text.len);
  padded[before + text.len] = '\0';
  judge_segment(t, path, first_line, (sk_str){padded, before + text.len});
  sk_mem_free(padded);
  return CLI_OK;
}

static int judge_text(tester *t, const char *path, sk_str text, bool skip) {
  line_walk walk = {text.data, text.data + text.len};
  const char *start = text.data;
  uint32_t first = 1, number = 1;
  sk_str line;
  int code = CLI_OK;
  for (; next_line(&walk, &line) && code == CLI_OK; number++) {
    if (is_separator(line)) {
      code = end_segment(t, path, first, (sk_str){start, (size_t)(line.data - start)}, skip);
      start = walk.at;
      first = number + 1;
    }
  }
  return code == CLI_OK
             ? end_segment(t, path, first, (sk_str){start, (size_t)(walk.end - start)}, skip)
             : code;
}

// ---- files

static void print_tally(const tester *t, const char *path, const tally *c) {
  const unsigned long long passed = c->by[PASSED], failed = c->by[FAILED], skipped = c->by[SKIPPED],
                           unsupported = c->by[UNSUPPORTED];
  if (!t->json) {
    const char *word = failed ? "FAIL" : passed ? "PASS" : unsupported ? "UNSUPPORTED" : "SKIP";
    printf("%s %s: %llu passed", word, path ? path : "total", passed);
    const unsigned long long others[] = {failed, skipped, unsupported};
    static const char *const names[] = {"failed", "skipped", "unsupported"};
    for (size_t i = 0; i < SK_COUNT(names); i++) {
      if (others[i]) {
        printf(", %llu %s", others[i], names[i]);
      }
    }
    putchar('\n');
    return;
  }
  if (path) {
    fputs("{\"file\":", stdout);
    cli_json_string(stdout, path);
  } else {
    printf("{\"total\":true,\"files\":%llu,\"files_passed\":%llu", (unsigned long long)c->files,
           (unsigned long long)c->files_passed);
  }
  printf(",\"passed\":%llu,\"failed\":%llu,\"skipped\":%llu,\"unsupported\":%llu,\"checks\":%llu,"
         "\"kernels\":%llu}\n",
         passed, failed, skipped, unsupported, (unsigned long long)c->checks,
         (unsigned long long)c->kernels);
}

static int judge_file(tester *t, const char *path) {
  sk_file file;
  sk_status status = sk_file_open(path, 0, &file);
  if (status) {
    return cli_fail_internal(status);
  }
  t->file = (tally){.files = 1};
  sk_str text = {(const char *)file.data, file.len};
  bool skip = !t->all && find(text, "RUN-DISABLED");
  bool bytecode = file.len >= 4 && memcmp(file.data, "ML\xefR", 4) == 0;
  int code = CLI_OK;
  if (!bytecode) {
    code = judge_text(t, path, text, skip);
  } else {
    judge_segment(t, path, 1, text);
  }
  sk_file_close(&file);
  tally *sum = &t->total;
  const tally *f = &t->file;
  t->file.files_passed =
      f->by[PASSED] > 0 && !f->by[FAILED] && !f->by[SKIPPED] && !f->by[UNSUPPORTED];
  sum->files += f->files;
  sum->files_passed += f->files_passed;
  sum->checks += f->checks;
  sum->kernels += f->kernels;
  for (int i = 0; i < VERDICTS; i++) {
    sum->by[i] += f->by[i];
  }
  print_tally(t, path, f);
  return code;
}

static bool ends_with(const char *text, const char *end) {
  size_t len = strlen(text), want = strlen(end);
  return len >= want && strcmp(text + len - want, end) == 0;
}

static bool add_path(tester *t, const char *path) { return sk_vec_push(t->arena, &t->paths, path); }

// Links to directories are not followed: the walk ends.
static int walk_directory(tester *t, const char *path, int depth) {
  DIR *dir = depth < DEEPEST_DIRECTORY ? opendir(path) : NULL;
  if (!dir) {
    fprintf(stderr, "skarn: error: %s: the directory cannot be read\n", path);
    return CLI_BAD_INPUT;
  }
  int code = CLI_OK;
  for (const struct dirent *entry; code == CLI_OK && (entry = readdir(dir)) != NULL;) {
    if (entry->d_name[0] == '.') {
      continue;
    }
    size_t len = strlen(path) + strlen(entry->d_name) + 2;
    char *full = sk_arena_alloc(t->arena, len, 1);
    struct stat info;
    if (!full) {
      code = cli_fail_internal(sk_status_no_memory());
      break;
    }
    snprintf(full, len, "%s%s%s", path, ends_with(path, "/") ? "" : "/", entry->d_name);
    if (lstat(full, &info) == 0 && S_ISDIR(info.st_mode)) {
      code = walk_directory(t, full, depth + 1);
    } else if (ends_with(full, ".mlir") || ends_with(full, ".mlir.bc")) {
      code = add_path(t, full) ? CLI_OK : cli_fail_internal(sk_status_no_memory());
    }
  }
  closedir(dir);
  return code;
}

static int compare_paths(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int collect(tester *t, const char *path) {
  uint32_t first = t->paths.count;
  if (!sk_file_is_dir(path)) {
    return add_path(t, path) ? CLI_OK : cli_fail_internal(sk_status_no_memory());
  }
  int code = walk_directory(t, path, 0);
  if (code == CLI_OK && t->paths.count == first) {
    fprintf(stderr, "skarn: error: %s: no *.mlir or *.mlir.bc there\n", path);
    return CLI_BAD_INPUT;
  }
  if (t->paths.count > first) {
    qsort(t->paths.data + first, t->paths.count - first, sizeof *t->paths.data, compare_paths);
  }
  return code;
}

static int judge_all(tester *t) {
  int code = CLI_OK;
  for (size_t i = 0; i < t->args->file_count && code == CLI_OK; i++) {
    code = collect(t, t->args->files[i]);
  }
  if (code != CLI_OK) {
    return code;
  }
  int worst = CLI_OK;
  for (uint32_t i = 0; i < t->paths.count; i++) {
    code = judge_file(t, t->paths.data[i]);
    worst = worst == CLI_OK ? code : worst;
  }
  if (t->json || t->paths.count > 1) {
    print_tally(t, NULL, &t->total);
  }
  return worst != CLI_OK ? worst : t->total.by[FAILED] > 0 ? CLI_MISMATCH : CLI_OK;
}

static int run_test(const cli_args *args) {
  if (args->file_count == 0) {
    return cli_usage_error("test: no files given");
  }
  const char *via = cli_flag(args, "via"), *isa = cli_flag(args, "isa");
  sk_arena arena;
  sk_arena_init(&arena);
  tester t = {.args = args,
              .arena = &arena,
              .json = cli_has(args, "json"),
              .all = cli_has(args, "all"),
              .messages = cli_has(args, "messages"),
              .keep_constants = cli_has(args, "keep-constants"),
              .native = (!via || strcmp(via, "native") == 0) && (!isa || strcmp(isa, "none") != 0)};
  skarn_client_options options = SKARN_INIT(skarn_client_options);
  options.options = args->options;
  options.option_count = args->option_count;
  skarn_status *status = skarn_client_create(&options, &t.client);
  int code = status ? cli_fail(status) : judge_all(&t);
  skarn_client_release(t.client);
  sk_arena_fini(&arena);
  return code;
}

static const cli_option test_options[] = {
    {"entry", true, "function to run (default main, or the only one)"},
    {"keep-constants", false, "constants stay constants instead of becoming arguments"},
    {"messages", false, "the text of expected-error {{text}} must be part of the message"},
    {"all", false, "also files that say RUN-DISABLED"},
    {"verbose", false, "say what is unsupported"},
    {"json", false, "a line of figures per file, then the total"},
    {NULL, false, NULL},
};
const cli_command cli_test = {"test", "test FILE...|DIR [options]",
                              "run programs that check themselves", test_options, run_test};
