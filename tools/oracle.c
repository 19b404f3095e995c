// SPDX-License-Identifier: Apache-2.0
// See oracle.h. One judgement is a list of questions; the first that finds something ends it.
//
// For the last question the entry is made to return every value of its body that a buffer can hold, and
// compiled strictly. The interpreter then runs with an observer that compares each result with that
// of generated code and puts the latter in its place.
#include "oracle.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compile/compile.h"
#include "interp/interp.h"
#include "read/read.h"

struct oracle {
  oracle_options options;
  sk_client *client;  // owned
};

// A program on its way through the questions.
typedef struct trial {
  oracle *o;
  const char *text;
  size_t len;
  const void *const *args;
  sk_module *module;  // owned: as read
  sk_op entry;
  oracle_verdict *out;
} trial;

typedef struct result_set {
  sk_buffer **data;  // owned references
  uint32_t count;
} result_set;

const char *oracle_what_name(oracle_what what) {
  static const char *const names[] = {
#define X(name, text, help) [ORACLE_##name] = text,
#include "oracle.def"
#undef X
  };
  return names[what];
}

const char *oracle_what_help(oracle_what what) {
  static const char *const helps[] = {
#define X(name, text, help) [ORACLE_##name] = help,
#include "oracle.def"
#undef X
  };
  return helps[what];
}

// ---- verdicts

SK_PRINTF(3, 4)
static bool find(trial *t, oracle_what what, const char *format, ...) {
  va_list list;
  t->out->what = what;
  va_start(list, format);
  vsnprintf(t->out->message, sizeof t->out->message, format, list);
  va_end(list);
  return false;
}

// True for success; UNIMPLEMENTED and exhausted memory are no findings.
static bool find_status(trial *t, oracle_what what, const char *stage, sk_status status) {
  if (status == NULL) {
    return true;
  }
  char text[500];
  sk_code code = sk_status_code(status);
  (void)sk_status_format(status, text, sizeof text);
  sk_status_free(status);
  bool excused = code == SK_UNIMPLEMENTED || code == SK_RESOURCE_EXHAUSTED;
  return find(t, excused ? ORACLE_UNSUPPORTED : what, "%s: %s", stage, text);
}

// ---- reading and writing

static bool find_entry(trial *t) {
  const sk_module *m = t->module;
  const char *name = t->o->options.entry != NULL ? t->o->options.entry : "main";
  t->entry = sk_module_find_func(m, sk_str_from(name));
  if (t->entry.id == 0 && t->o->options.entry == NULL) {
    t->entry = sk_module_first_func(m);
  }
  if (t->entry.id == 0 || sk_func_body(m, t->entry).id == 0) {
    return find(t, ORACLE_UNSUPPORTED, "there is no function @%s to run", name);
  }
  const sk_type_rec *type = sk_func_type(m, t->entry);
  for (uint32_t i = 0; i < type->input_count + type->result_count; i++) {
    sk_type part = i < type->input_count ? type->inputs[i] : type->results[i - type->input_count];
    if (!sk_type_is_static_tensor(m, part)) {
      return find(t, ORACLE_UNSUPPORTED, "@%s has arguments or results that are no static tensors",
                  name);
    }
  }
  return true;
}

static bool ask_reading(trial *t) {
  if (!find_status(t, ORACLE_INVALID, "reading",
                   sk_read_module("program", t->text, t->len, NULL, &t->module)) ||
      !find_status(t, ORACLE_INVALID, "verifying", sk_module_verify(t->module, NULL))) {
    return false;
  }
  return find_entry(t);
}

static bool ask_equal(trial *t, oracle_what what, const sk_text *bytes, sk_module **out_again) {
  sk_text difference;
  *out_again = NULL;
  if (!find_status(t, what, oracle_what_name(what),
                   sk_read_module("again", bytes->data, bytes->len, NULL, out_again))) {
    return false;
  }
  sk_text_init(&difference);
  bool equal = sk_module_equal(t->module, *out_again, &difference) ||
               find(t, what, "%.*s", (int)SK_MIN(difference.len, (size_t)400), difference.data);
  sk_text_fini(&difference);
  return equal;
}

static bool ask_form(trial *t, oracle_what what, const char *form) {
  sk_text bytes;
  sk_module *again = NULL;
  sk_text_init(&bytes);
  bool ok = find_status(t, what, form, sk_program_write(t->module, form, false, 0, &bytes)) &&
            ask_equal(t, what, &bytes, &again);
  sk_module_destroy(again);
  sk_text_fini(&bytes);
  return ok;
}

// A portable artifact of the newest version.
static bool ask_forms(trial *t) {
  return ask_form(t, ORACLE_PRINT, "text") && ask_form(t, ORACLE_PRINT, "generic") &&
         ask_form(t, ORACLE_BYTECODE, "bytecode") &&
         ask_form(t, ORACLE_PORTABLE, "portable@1.20.0");
}

// ---- executing

static void release_results(result_set *r) {
  for (uint32_t i = 0; r->data != NULL && i < r->count; i++) {
    sk_buffer_release(r->data[i]);
  }
  free(r->data);
  *r = (result_set){0};
}

typedef struct way {
  const char *via;
  bool strict;
  int64_t threads;
  const char *guard;  // NULL: none
} way;

static sk_status compile_way(const trial *t, const char *text, size_t len, const way *w,
                             sk_exec **out_exec) {
  sk_flags flags;
  sk_flags_init(&flags);
  flags.via = w->via;
  flags.isa = t->o->options.isa != NULL ? t->o->options.isa : "auto";
  flags.isa_unchecked = t->o->options.isa_unchecked;
  flags.threads = w->threads;
  flags.guard = w->guard != NULL ? w->guard : "none";
  flags.numerics = w->strict ? "strict" : "default";
  sk_compile_input input = {.name = "program",
                            .data = text,
                            .len = len,
                            .entry = t->o->options.entry,
                            .flags = &flags,
                            .log = sk_client_log(t->o->client)};
  return sk_compile(t->o->client, &input, 0, out_exec);
}

static sk_status make_argument(const trial *t, const sk_image_value *value, const void *data,
                               sk_buffer **out) {
  sk_host_array array = {.data = data,
                         .type = value->type,
                         .rank = value->rank,
                         .dims = value->dims,
                         .semantics = SK_HOST_ZERO_COPY};
  return sk_buffer_from_host(sk_client_device(t->o->client, 0), &array, NULL, out);
}

static sk_status execute(const trial *t, const sk_exec *exec, result_set *out) {
  const sk_image *image = sk_exec_image(exec);
  sk_buffer **args = calloc(image->arg_count + 1, sizeof *args);
  size_t *keep = calloc(image->arg_count + 1, sizeof *keep);
  out->data = calloc(image->result_count + 1, sizeof *out->data);
  sk_status status = args && keep && out->data ? NULL : sk_status_no_memory();
  for (uint32_t i = 0; i < image->arg_count && status == NULL; i++) {
    keep[i] = i;
    status = make_argument(t, &image->args[i], t->args[i], &args[i]);
  }
  if (status == NULL) {
    sk_call_options options = {.non_donatable = keep, .non_donatable_count = image->arg_count};
    status = sk_exec_run(exec, args, image->arg_count, &options, out->data, image->result_count);
    out->count = status == NULL ? image->result_count : 0;
  }
  for (uint32_t i = 0; args != NULL && i < image->arg_count; i++) {
    sk_buffer_release(args[i]);
  }
  free(args);
  free(keep);
  return status;
}

// An emulator keeps what it decoded, and need not notice that other code has come to an address: new
// code memory for every executable.
static bool renew_client(trial *t) {
  sk_client *client = NULL;
  if (!t->o->options.isa_unchecked) {
    return true;
  }
  if (!find_status(t, ORACLE_EXECUTE, "client",
                   sk_client_create(&(sk_client_config){0}, &client))) {
    return false;
  }
  sk_client_release(t->o->client);
  t->o->client = client;
  return true;
}

static bool run_way(trial *t, const char *text, size_t len, const way *w, result_set *out) {
  sk_exec *exec = NULL;
  char stage[80];
  *out = (result_set){0};
  snprintf(stage, sizeof stage, "%s%s%s%s, %lld threads", w->via, w->strict ? " strict" : "",
           w->guard != NULL ? " guard=" : "", w->guard != NULL ? w->guard : "",
           (long long)w->threads);
  bool ok = renew_client(t) &&
            find_status(t, ORACLE_COMPILE, stage, compile_way(t, text, len, w, &exec)) &&
            find_status(t, w->guard != NULL ? ORACLE_MEMORY : ORACLE_EXECUTE, stage,
                        execute(t, exec, out));
  sk_exec_release(exec);
  if (!ok) {
    release_results(out);
  }
  return ok;
}

// ---- bits

static sk_elem result_elem(const trial *t, uint32_t i) {
  const sk_type_rec *type = sk_func_type(t->module, t->entry);
  return (sk_elem)sk_type_get(t->module, type->results[i])->elem;
}

static bool same_results(trial *t, oracle_what what, const char *how, const result_set *a,
                         const result_set *b) {
  for (uint32_t i = 0; i < a->count; i++) {
    sk_elem elem = result_elem(t, i);
    int64_t count = (int64_t)(sk_buffer_bytes(a->data[i]) / sk_elem_bytes(elem));
    const void *x = sk_buffer_data(a->data[i]), *y = sk_buffer_data(b->data[i]);
    int64_t at = oracle_first_difference(elem, x, y, count);
    if (at >= 0) {
      char p[80], q[80];
      oracle_print_element(elem, x, at, p, sizeof p);
      oracle_print_element(elem, y, at, q, sizeof q);
      return find(t, what, "result %u element %lld of %lld: native %s, %s %s", i, (long long)at,
                  (long long)count, p, how, q);
    }
  }
  return true;
}

static bool ask_way(trial *t, oracle_what what, const result_set *native, const way *w) {
  result_set other;
  char how[60];
  snprintf(how, sizeof how, "%s with %lld threads", w->via, (long long)w->threads);
  bool ok = run_way(t, t->text, t->len, w, &other) && same_results(t, what, how, native, &other);
  release_results(&other);
  return ok;
}

// Contraction may be on: these hold under any numerics.
static bool ask_bits(trial *t) {
  result_set native;
  bool ok = run_way(t, t->text, t->len, &(way){.via = "native", .threads = 1}, &native) &&
            ask_way(t, ORACLE_LOOP, &native, &(way){.via = "loop", .threads = 1});
  for (int64_t threads = 2; ok && t->o->options.threads && threads <= 5; threads += 3) {
    ok = ask_way(t, ORACLE_THREADS, &native, &(way){.via = "native", .threads = threads});
  }
  static const char *const guards[] = {"end", "start"};
  for (size_t i = 0; ok && t->o->options.guards && i < SK_COUNT(guards); i++) {
    ok = ask_way(t, ORACLE_MEMORY, &native,
                 &(way){.via = "native", .threads = 1, .guard = guards[i]});
  }
  release_results(&native);
  return ok;
}

// ---- every value

typedef struct whole {
  trial *t;
  sk_value *values;  // what the changed entry returns
  uint32_t count;
  const void **known;  // by value id: elements that generated code gave, or the argument
  bool differs;
} whole;

static bool is_returnable(const sk_module *m, sk_value v) {
  const sk_type_rec *type = sk_value_type_rec(m, v);
  return type->kind == SK_TYPE_TENSOR && sk_type_is_static_tensor(m, sk_value_type(m, v)) &&
         sk_compile_dtype((sk_elem)type->elem) != SK_DTYPE_INVALID;
}

static bool collect_values(whole *w) {
  const sk_module *m = w->t->module;
  sk_region body = sk_func_body(m, w->t->entry);
  uint32_t room = 0;
  SK_FOR_EACH_OP(m, body, op) { room += sk_op_get(m, op)->result_count; }
  w->values = calloc(room + 1, sizeof *w->values);
  w->known = calloc((size_t)m->values.count + 1, sizeof *w->known);
  if (w->values == NULL || w->known == NULL) {
    return false;
  }
  SK_FOR_EACH_OP(m, body, op) {
    for (uint32_t i = 0; i < sk_op_get(m, op)->result_count; i++) {
      if (is_returnable(m, sk_op_result(m, op, i))) {
        w->values[w->count++] = sk_op_result(m, op, i);
      }
    }
  }
  return true;
}

// The entry returns all of them instead.
static bool return_values(whole *w) {
  sk_module *m = w->t->module;
  sk_op entry = w->t->entry;
  sk_region body = sk_func_body(m, entry);
  const sk_type_rec old = *sk_func_type(m, entry);
  sk_type *types = calloc(w->count + 1, sizeof *types);
  sk_attr *none = calloc(w->count + 1, sizeof *none);
  bool ok = types != NULL && none != NULL;
  for (uint32_t i = 0; ok && i < w->count; i++) {
    types[i] = sk_value_type(m, w->values[i]);
    none[i] = sk_attr_dict(m, NULL, 0);
  }
  if (ok) {
    sk_op_desc ret = {.kind = SK_OP_FUNC_RETURN, .operands = w->values, .operand_count = w->count};
    sk_op_unlink(m, sk_region_get(m, body)->last);
    sk_type type = sk_type_function(m, old.input_count, old.inputs, w->count, types);
    ok = sk_op_new(m, body, &ret).id != 0 &&
         sk_op_set_attr(m, entry, (sk_sym){SK_NAME_function_type}, sk_attr_type(m, type));
    if (ok && sk_op_find_attr(m, entry, SK_NAME_res_attrs).id != 0) {
      ok = sk_op_set_attr(m, entry, (sk_sym){SK_NAME_res_attrs}, sk_attr_array(m, none, w->count));
    }
  }
  free(types);
  free(none);
  return ok;
}

static void compare_value(void *user, sk_interp *s, sk_op op, uint32_t result, void *data,
                          int64_t count) {
  whole *w = user;
  const sk_module *m = w->t->module;
  sk_value v = sk_op_result(m, op, result);
  const void *native = w->known[v.id];
  if (native == NULL || w->differs) {
    return;
  }
  const void *operands[256] = {0};
  for (uint32_t i = 0; i < SK_MIN(sk_op_get(m, op)->operand_count, 256u); i++) {
    operands[i] = w->known[sk_op_operand(m, op, i).id];
  }
  oracle_op o = {m, s, op, result, operands};
  char why[300];
  if (!oracle_allows(&o, native, data, count, why, sizeof why)) {
    sk_text text;
    sk_text_init(&text);
    sk_op_print(m, op, &(sk_print_options){.elide_elements = 16}, &text);
    (void)find(w->t, ORACLE_VALUE, "%.*s: result %u, %s", (int)SK_MIN(text.len, (size_t)300),
               text.data, result, why);
    w->t->out->op = sk_op_kind(m, op);
    w->differs = true;
    sk_text_fini(&text);
  }
  memcpy(data, native, (size_t)count * sk_elem_bytes((sk_elem)sk_value_type_rec(m, v)->elem));
}

static bool interpret(whole *w) {
  const sk_module *m = w->t->module;
  const sk_type_rec *type = sk_func_type(m, w->t->entry);
  void **results = calloc((size_t)type->result_count + 1, sizeof *results);
  bool ok = results != NULL;
  for (uint32_t i = 0; ok && i < type->result_count; i++) {
    int64_t count = 0;
    (void)sk_type_elem_count(m, type->results[i], &count);
    size_t width = sk_elem_bytes((sk_elem)sk_type_get(m, type->results[i])->elem);
    results[i] = malloc((size_t)count * width + 1);
    ok = results[i] != NULL;
  }
  sk_interp_observer observer = {compare_value, w};
  ok = ok && find_status(w->t, ORACLE_INTERP, "interpreter",
                         sk_interp_run_observed(m, w->t->entry, w->t->args, results, &observer));
  for (uint32_t i = 0; results != NULL && i < type->result_count; i++) {
    free(results[i]);
  }
  free(results);
  return ok && !w->differs;
}

// What the program itself returns must not depend on what else is returned.
static bool ask_split(whole *w, const sk_value *returned, const result_set *strict) {
  trial *t = w->t;
  for (uint32_t i = 0; i < strict->count; i++) {
    const void *all = w->known[returned[i].id];
    sk_elem elem = (sk_elem)sk_value_type_rec(t->module, returned[i])->elem;
    int64_t count = (int64_t)(sk_buffer_bytes(strict->data[i]) / sk_elem_bytes(elem));
    int64_t at = all == NULL
                     ? -1
                     : oracle_first_difference(elem, sk_buffer_data(strict->data[i]), all, count);
    if (at >= 0) {
      char p[80], q[80];
      oracle_print_element(elem, sk_buffer_data(strict->data[i]), at, p, sizeof p);
      oracle_print_element(elem, all, at, q, sizeof q);
      return find(t, ORACLE_SPLIT, "result %u element %lld of %lld: %s, with every value %s", i,
                  (long long)at, (long long)count, p, q);
    }
  }
  return true;
}

static bool ask_whole(whole *w, const sk_value *returned) {
  trial *t = w->t;
  result_set strict = {0}, all = {0};
  sk_text text;
  sk_text_init(&text);
  bool ok =
      run_way(t, t->text, t->len, &(way){.via = "native", .strict = true, .threads = 1}, &strict);
  if (ok) {
    ok = return_values(w);
    sk_module_print(t->module, &(sk_print_options){0}, &text);
    ok = ok && run_way(t, text.data, text.len,
                       &(way){.via = "native", .strict = true, .threads = 1}, &all);
    for (uint32_t i = 0; ok && i < w->count; i++) {
      w->known[w->values[i].id] = sk_buffer_data(all.data[i]);
    }
    sk_region body = sk_func_body(t->module, t->entry);
    for (uint32_t i = 0; i < sk_region_get(t->module, body)->arg_count; i++) {
      w->known[sk_region_arg(t->module, body, i).id] = t->args[i];
    }
    ok = ok && interpret(w) && ask_split(w, returned, &strict);
  } else if (t->out->what == ORACLE_UNSUPPORTED) {
    ok = interpret(w);  // alone: that it runs
  }
  sk_text_fini(&text);
  release_results(&strict);
  release_results(&all);
  return ok;
}

static bool ask_values(trial *t) {
  sk_region body = sk_func_body(t->module, t->entry);
  sk_op last = sk_region_get(t->module, body)->last;
  uint32_t count = sk_op_get(t->module, last)->operand_count;
  sk_value *returned = calloc(count + 1, sizeof *returned);
  whole w = {.t = t};
  bool ok = returned != NULL && collect_values(&w);
  for (uint32_t i = 0; ok && i < count; i++) {
    returned[i] = sk_op_operand(t->module, last, i);
  }
  ok = ok && ask_whole(&w, returned);
  free(returned);
  free(w.values);
  free(w.known);
  return ok;
}

sk_status oracle_print_whole(const oracle_options *options, const char *text, size_t len,
                             sk_text *out) {
  oracle o = {.options = *options};
  oracle_verdict verdict = {.what = ORACLE_AGREE};
  trial t = {.o = &o, .text = text, .len = len, .out = &verdict};
  whole w = {.t = &t};
  bool ok = ask_reading(&t);
  if (ok && collect_values(&w) && return_values(&w)) {
    sk_module_print(t.module, &(sk_print_options){0}, out);
  }
  free(w.values);
  free(w.known);
  sk_module_destroy(t.module);
  return ok ? NULL : sk_status_new(SK_INVALID_ARGUMENT, "%s", verdict.message);
}

// ---- judging

sk_status oracle_create(const oracle_options *options, oracle **out) {
  oracle *o = calloc(1, sizeof *o);
  *out = NULL;
  if (o == NULL) {
    return sk_status_no_memory();
  }
  o->options = *options;
  sk_status status = sk_client_create(&(sk_client_config){0}, &o->client);
  if (status != NULL) {
    free(o);
    return status;
  }
  *out = o;
  return NULL;
}

void oracle_destroy(oracle *o) {
  if (o != NULL) {
    sk_client_release(o->client);
    free(o);
  }
}

void oracle_judge(oracle *o, const char *text, size_t len, const void *const *args,
                  oracle_verdict *out) {
  *out = (oracle_verdict){.what = ORACLE_AGREE};
  trial t = {.o = o, .text = text, .len = len, .args = args, .out = out};
  bool ok = ask_reading(&t) && (!o->options.reading || ask_forms(&t)) && ask_bits(&t);
  if (ok || (out->what == ORACLE_UNSUPPORTED && t.entry.id != 0)) {
    (void)ask_values(&t);
  }
  sk_module_destroy(t.module);
}

// ---- in a child

static void judge_in_child(const oracle_options *options, const char *text, size_t len,
                           const void *const *args, oracle_verdict *out) {
  oracle *o;
  sk_status status = oracle_create(options, &o);
  if (status == NULL) {
    oracle_judge(o, text, len, args, out);
  }
}

static bool wait_for(pid_t child, double seconds, int *out_status) {
  struct timespec pause = {0, 500000};
  for (double waited = 0; waited < seconds; waited += 5e-4) {
    if (waitpid(child, out_status, WNOHANG) == child) {
      return true;
    }
    nanosleep(&pause, NULL);
  }
  kill(child, SIGKILL);
  (void)waitpid(child, out_status, 0);
  return false;
}

void oracle_judge_apart(const oracle_options *options, const char *text, size_t len,
                        const void *const *args, oracle_verdict *out) {
  oracle_verdict *shared =
      mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  *out = (oracle_verdict){.what = ORACLE_UNSUPPORTED};
  pid_t child = shared == MAP_FAILED ? -1 : fork();
  if (child == 0) {
    judge_in_child(options, text, len, args, shared);
    _exit(0);
  }
  int status = 0;
  if (child < 0) {
    snprintf(out->message, sizeof out->message, "no child process: %s", strerror(errno));
  } else if (!wait_for(child, options->seconds > 0 ? options->seconds : 20, &status)) {
    out->what = ORACLE_HANG;
  } else if (WIFSIGNALED(status)) {
    out->what = ORACLE_CRASH;
    snprintf(out->message, sizeof out->message, "signal %d", WTERMSIG(status));
  } else {
    *out = *shared;
  }
  if (shared != MAP_FAILED) {
    munmap(shared, sizeof *shared);
  }
}
