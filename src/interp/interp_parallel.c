// SPDX-License-Identifier: Apache-2.0
// interpreter.run_parallel: a grid of functions, each run in a thread of its own; and one function on
// every device of a program for several. Processes may run processes: each grid is one of its own.
//
// `programs` is a matrix of functions: rows are replicas, columns partitions. The op's operands are
// the arguments of all functions, one process after the other, and so are its results; `infeed`
// lists functions that give what infeed ops take. Processes share nothing but the module, the grid
// (interp_grid.c) and counted values.
#include "base/mem.h"
#include "base/thread.h"
#include "interp/interp_int.h"

enum { MAX_PROCESSES = 256 };

typedef struct process {
  sk_interp s;
  sk_op op;
  sk_str function;
  sk_tensor **args, **results;  // borrowed from the lists of all
  uint32_t arg_count, result_count;
  sk_thread thread;
  bool started;
  sk_status status;  // owned
} process;

typedef struct parallel {
  sk_interp *s;
  sk_op op;
  sk_grid *grid;       // owned
  process *processes;  // owned
  uint32_t count, replicas, partitions;
  sk_tensor **args;     // all operands; borrowed references
  sk_tensor **results;  // all results; owned references
} parallel;

static void run_process(void *arg) {
  process *p = arg;
  p->status = sk_interp_open(&p->s);
  if (!p->status) {
    p->status = sk_interp_function(&p->s, p->op, p->function, p->args, p->arg_count, p->results,
                                   p->result_count);
    sk_interp_close(&p->s);
  }
  sk_grid_leave(p->s.grid, p->status != NULL);
}

static const sk_attr_rec *list_attr(const parallel *p, sk_attr attr) {
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(p->s->m, attr) : NULL;
  return rec && rec->kind == SK_ATTR_ARRAY ? rec : NULL;
}

static bool symbol_of(const parallel *p, sk_attr attr, sk_str *out) {
  const sk_attr_rec *rec = sk_attr_get(p->s->m, attr);
  if (rec->kind != SK_ATTR_SYMBOL) {
    return false;
  }
  *out = sk_sym_str(&p->s->m->strings, rec->u.sym);
  return true;
}

// The shape of the grid: rows are replicas.
static sk_status read_grid(parallel *p) {
  const sk_attr_rec *programs = list_attr(p, sk_op_find_attr(p->s->m, p->op, SK_NAME_programs));
  p->replicas = programs ? programs->u.list.count : 0;
  bool good = p->replicas > 0 && p->replicas <= MAX_PROCESSES;
  for (uint32_t r = 0; r < p->replicas && good; r++) {
    const sk_attr_rec *row = list_attr(p, programs->u.list.data[r]);
    good = row && row->u.list.count > 0 && row->u.list.count <= MAX_PROCESSES &&
           (r == 0 || row->u.list.count == p->partitions);
    p->partitions = row ? row->u.list.count : 0;
  }
  good = good && p->replicas * p->partitions * p->s->threads <= MAX_PROCESSES;
  p->count = good ? p->replicas * p->partitions : 0;
  if (!good) {
    return sk_op_error(p->s->m, p->op, SK_INVALID_ARGUMENT,
                       "programs are not a grid of at most %d functions", MAX_PROCESSES);
  }
  return sk_grid_create(p->replicas, p->partitions, &p->grid);
}

static sk_status read_infeed(parallel *p) {
  const sk_attr_rec *queue = list_attr(p, sk_op_find_attr(p->s->m, p->op, SK_NAME_infeed));
  for (uint32_t i = 0; queue && i < queue->u.list.count; i++) {
    sk_str name;
    SK_TRY(sk_interp_require(p->s, p->op, symbol_of(p, queue->u.list.data[i], &name),
                             "the infeed is not a list of functions"));
    SK_TRY(sk_grid_feed(p->grid, name));
  }
  return NULL;
}

static void init_process(parallel *p, uint32_t i) {
  process *q = &p->processes[i];
  sk_interp_init(&q->s, p->s->m, p->grid, i);
  memcpy(q->s.calls, p->s->calls, sizeof q->s.calls);
  q->s.call_count = p->s->call_count;
  q->s.depth = p->s->depth;
  q->s.threads = p->s->threads * p->count;
  q->op = p->op;
}

// Operands and results are those of all functions, one process after the other.
static sk_status prepare_processes(parallel *p) {
  const sk_module *m = p->s->m;
  const sk_attr_rec *programs = sk_attr_get(m, sk_op_find_attr(m, p->op, SK_NAME_programs));
  uint32_t args = 0, results = 0;
  for (uint32_t i = 0; i < p->count; i++) {
    process *q = &p->processes[i];
    sk_attr row = programs->u.list.data[i / p->partitions];
    bool named = symbol_of(p, sk_attr_get(m, row)->u.list.data[i % p->partitions], &q->function);
    sk_op func = named ? sk_module_find_func(m, q->function) : (sk_op){0};
    SK_TRY(sk_interp_require(p->s, p->op, func.id != 0, "a program is not a function"));
    init_process(p, i);
    q->args = p->args + args;
    q->results = p->results + results;
    q->arg_count = sk_func_type(m, func)->input_count;
    q->result_count = sk_func_type(m, func)->result_count;
    SK_TRY(sk_interp_require(p->s, p->op,
                             q->arg_count <= sk_interp_operand_count(p->s, p->op) - args &&
                                 q->result_count <= sk_op_get(m, p->op)->result_count - results,
                             "the functions take more than there is"));
    args += q->arg_count;
    results += q->result_count;
  }
  return NULL;
}

// Starts all, waits for all, and returns the first error in the order of processes, those last that
// only ended a wait because of another.
static sk_status run_processes(parallel *p) {
  sk_status first = NULL, status = NULL;
  for (uint32_t i = 0; i < p->count; i++) {
    process *q = &p->processes[i];
    status = status ? status : sk_thread_start(&q->thread, "skarn-interp", run_process, q);
    q->started = !status;
    if (status) {
      sk_grid_leave(p->grid, true);
    }
  }
  for (uint32_t i = 0; i < p->count; i++) {
    process *q = &p->processes[i];
    if (q->started) {
      sk_thread_join(&q->thread);
    }
    bool replaces = !first || (sk_status_code(first) == SK_CANCELLED &&
                               sk_status_code(q->status) != SK_CANCELLED);
    if (q->status && replaces) {
      sk_status_free(first);
      first = q->status;
    } else {
      sk_status_free(q->status);
    }
  }
  if (status) {
    sk_status_free(first);
    return status;
  }
  return first;
}

static sk_status run_grid(parallel *p) {
  uint32_t operands = sk_interp_operand_count(p->s, p->op);
  uint32_t results = sk_op_get(p->s->m, p->op)->result_count;
  SK_TRY(read_grid(p));
  SK_TRY(read_infeed(p));
  p->processes = sk_mem_zalloc(sizeof *p->processes * p->count);
  p->args = sk_mem_alloc(sizeof *p->args * ((size_t)operands + 1));
  p->results = sk_mem_zalloc(sizeof *p->results * ((size_t)results + 1));
  if (!p->processes || !p->args || !p->results) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < operands; i++) {
    p->args[i] = sk_interp_operand(p->s, p->op, i);
  }
  SK_TRY(prepare_processes(p));
  SK_TRY(run_processes(p));
  for (uint32_t i = 0; i < results; i++) {
    SK_TRY(sk_interp_require(p->s, p->op, p->results[i] != NULL,
                             "the functions return less than there are results"));
    sk_interp_set(p->s, sk_op_result(p->s->m, p->op, i), p->results[i]);
    p->results[i] = NULL;
  }
  return NULL;
}

sk_status sk_interp_INTERPRETER_RUN_PARALLEL(sk_interp *s, sk_op op) {
  parallel p = {.s = s, .op = op};
  sk_status status = run_grid(&p);
  sk_tensors_release(p.results, sk_op_get(s->m, op)->result_count);
  sk_mem_free(p.args);
  sk_mem_free(p.processes);
  sk_grid_destroy(p.grid);
  return status;
}

// ---- one function on every device

static sk_status run_everywhere(parallel *p, sk_op function, sk_tensor **args) {
  const sk_type_rec *type = sk_func_type(p->s->m, function);
  SK_TRY(sk_grid_create(1, p->count, &p->grid));
  p->processes = sk_mem_zalloc(sizeof *p->processes * p->count);
  p->results = sk_mem_zalloc(sizeof *p->results * ((size_t)p->count * type->result_count + 1));
  if (!p->processes || !p->results) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < p->count; i++) {
    process *q = &p->processes[i];
    init_process(p, i);
    q->function = sk_func_name(p->s->m, function);
    q->args = args;
    q->arg_count = type->input_count;
    q->results = p->results + (size_t)i * type->result_count;
    q->result_count = type->result_count;
  }
  return run_processes(p);
}

sk_status sk_interp_run_devices(sk_interp *s, sk_op function, uint32_t devices, sk_tensor **args,
                                sk_tensor **out_results) {
  uint32_t results = sk_func_type(s->m, function)->result_count;
  parallel p = {.s = s, .op = function, .count = devices};
  SK_TRY(sk_interp_require(s, function, devices <= MAX_PROCESSES, "too many devices"));
  sk_status status = run_everywhere(&p, function, args);
  for (uint32_t i = 0; i < results && !status; i++) {
    out_results[i] = sk_tensor_retain(p.results[i]);
  }
  sk_tensors_release(p.results, p.results ? devices * results : 0);
  sk_mem_free(p.processes);
  sk_grid_destroy(p.grid);
  return status;
}
