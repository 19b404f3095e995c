// SPDX-License-Identifier: Apache-2.0
// interpreter.run_parallel: a grid of processes becomes one program, in which the processes take
// turns and collective operations are data movement between their values.
//
//   run_parallel(%a, %b) {programs = [[@f], [@f]]}        %a' = body of @f on %a, up to the all_reduce
//   @f(%x) { .. all_reduce(%y) .. }                  ->   %b' = body of @f on %b, up to the all_reduce
//                                                         %s  = map(%a', %b') { the combiner }
//                                                         .. the rest, twice, both on %s
//
// Every process has its own map from values of its function to values of the entry. One goes on until
// it ends or meets an operation that needs others: a collective, which happens once all members of
// its group stand at it, or a receive from a channel to which nothing was sent. When none can go on,
// the program would hang: an error. Rows of the grid are replicas, columns partitions; groups and their
// order are those of the specification, and so is the order of reductions.
//
// Assumes a verified module. A region in which no two processes meet belongs to one of them; loops and
// branches in which they do: grid_region.c. A combiner with a collective in it is UNIMPLEMENTED, located.
#include "pass/grid_int.h"
#include "pass/shard.h"

// ---- turns

// The rebuild's map is the one of whoever writes.
static void exchange_map(sk_grid *g, sk_process *p) {
  sk_value *map = g->r->map;
  uint32_t count = g->r->map_count;
  g->r->map = p->map;
  g->r->map_count = p->map_count;
  p->map = map;
  p->map_count = count;
}

static void begin_turn(sk_grid *g, sk_process *p) {
  exchange_map(g, p);
  g->turn = p;
}

static void end_turn(sk_grid *g, sk_process *p) {
  exchange_map(g, p);
  g->turn = NULL;
}

sk_value sk_grid_get(sk_grid *g, sk_process *p, sk_value old) {
  begin_turn(g, p);
  sk_value value = sk_rebuild_get(g->r, old);
  end_turn(g, p);
  return value;
}

void sk_grid_set(sk_grid *g, sk_process *p, sk_value old, sk_value value) {
  begin_turn(g, p);
  sk_rebuild_set(g->r, old, value);
  end_turn(g, p);
}

sk_op sk_grid_op(const sk_process *p) { return sk_vec_last(&p->stack).next; }

void sk_grid_step_over(sk_grid *g, sk_process *p) {
  sk_grid_cursor *c = &p->stack.data[p->stack.count - 1];
  c->next = sk_op_next(g->m, c->next);
}

bool sk_grid_is_typed(const sk_module *m, sk_op op, uint32_t i, sk_value value) {
  return sk_value_type(m, value).id == sk_value_type(m, sk_op_result(m, op, i)).id;
}

// ---- send, receive, feeds

static void send(sk_grid *g, sk_process *p, sk_op op) {
  uint32_t count = sk_op_get(g->m, op)->operand_count - 1;  // the last is a token
  sk_parcel sent = {sk_grid_channel(g->m, op), SK_NEW_ARRAY(&g->m->arena, sk_value, count + 1),
                    count, false};
  for (uint32_t i = 0; i < count; i++) {
    sent.values[i] = sk_grid_get(g, p, sk_op_operand(g->m, op, i));
  }
  sk_vec_push(&g->m->arena, &g->sent, sent);
}

// Values become the results, which a token follows.
static sk_status give_received(sk_grid *g, sk_process *p, sk_op op, const sk_value *values,
                               uint32_t count) {
  const sk_op_rec rec = *sk_op_get(g->m, op);
  bool fits = count == rec.result_count - 1;
  for (uint32_t i = 0; i < count && fits; i++) {
    fits = sk_grid_is_typed(g->m, op, i, values[i]);
  }
  if (!fits) {
    return sk_op_error(g->m, op, SK_INVALID_ARGUMENT,
                       "what comes has other types than the results");
  }
  for (uint32_t i = 0; i < count; i++) {
    sk_grid_set(g, p, sk_op_result(g->m, op, i), values[i]);
  }
  return NULL;
}

static void pass_token(sk_grid *g, sk_process *p, sk_op op) {
  const sk_op_rec rec = *sk_op_get(g->m, op);
  sk_grid_set(g, p, sk_op_result(g->m, op, rec.result_count - 1),
              sk_grid_get(g, p, sk_op_operand(g->m, op, rec.operand_count - 1)));
  sk_grid_step_over(g, p);
}

// Takes the oldest parcel of the channel; where there is none the process goes on waiting.
static sk_status receive(sk_grid *g, sk_process *p, sk_op op) {
  int64_t channel = sk_grid_channel(g->m, op);
  for (uint32_t i = 0; i < g->sent.count; i++) {
    sk_parcel *sent = &g->sent.data[i];
    if (!sent->taken && sent->channel == channel) {
      sent->taken = true;
      SK_TRY(give_received(g, p, op, sent->values, sent->count));
      pass_token(g, p, op);
      return NULL;
    }
  }
  return NULL;
}

static sk_status find_function(const sk_grid *g, sk_op op, sk_attr symbol, sk_op *out) {
  const sk_attr_rec *rec = sk_attr_get(g->m, symbol);
  *out = (sk_op){0};
  if (rec->kind == SK_ATTR_SYMBOL) {
    *out = sk_module_find_func(g->m, sk_sym_str(&g->m->strings, rec->u.sym));
  }
  if (out->id == 0 || sk_func_body(g->m, *out).id == 0) {
    return sk_op_error(g->m, op, SK_INVALID_ARGUMENT, "names a function that is not defined");
  }
  return NULL;
}

// The next function of the queue gives what comes.
static sk_status feed(sk_grid *g, sk_process *p, sk_op op) {
  if (!g->infeed || g->fed == g->infeed->u.list.count) {
    return sk_op_error(g->m, op, SK_FAILED_PRECONDITION, "nothing is left in the infeed");
  }
  sk_op function;
  SK_TRY(find_function(g, op, g->infeed->u.list.data[g->fed++], &function));
  sk_region body = sk_func_body(g->m, function);
  if (sk_region_get(g->m, body)->arg_count != 0) {
    return sk_op_error(g->m, op, SK_INVALID_ARGUMENT, "a function of the infeed has arguments");
  }
  begin_turn(g, p);
  sk_status status = sk_rebuild_ops(g->r, body, g->into);
  end_turn(g, p);
  SK_TRY(status);
  sk_op end = sk_region_get(g->m, body)->last;
  uint32_t count = sk_op_get(g->m, end)->operand_count;
  sk_value *values = SK_NEW_ARRAY(&g->m->arena, sk_value, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    values[i] = sk_grid_get(g, p, sk_op_operand(g->m, end, i));
  }
  SK_TRY(give_received(g, p, op, values, count));
  pass_token(g, p, op);
  return NULL;
}

// ---- one process

static sk_status enter_region(sk_grid *g, sk_process *p, sk_op by, sk_region region) {
  if (p->stack.count >= SK_REBUILD_MAX_DEPTH) {
    return sk_op_error(g->m, by, SK_RESOURCE_EXHAUSTED, "calls are nested deeper than %d",
                       SK_REBUILD_MAX_DEPTH);
  }
  const sk_op_rec rec = *sk_op_get(g->m, by);
  if (sk_region_get(g->m, region)->arg_count != rec.operand_count) {
    return sk_op_error(g->m, by, SK_INVALID_ARGUMENT,
                       "runs a region with %u arguments on %u values",
                       sk_region_get(g->m, region)->arg_count, rec.operand_count);
  }
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    sk_grid_set(g, p, sk_region_arg(g->m, region, i),
                sk_grid_get(g, p, sk_op_operand(g->m, by, i)));
  }
  sk_grid_step_over(g, p);
  sk_grid_cursor c = {region, sk_region_first(g->m, region), by, NULL};
  sk_vec_push(&g->m->arena, &p->stack, c);
  return NULL;
}

static sk_status enter_call(sk_grid *g, sk_process *p, sk_op call) {
  sk_str name = sk_op_string(g->m, call, SK_NAME_callee);
  sk_op function = sk_module_find_func(g->m, name);
  if (function.id == 0 || sk_func_body(g->m, function).id == 0) {
    return sk_op_error(g->m, call, SK_INVALID_ARGUMENT, "calls @%.*s, which has no definition",
                       SK_STR_ARG(name));
  }
  return enter_region(g, p, call, sk_func_body(g->m, function));
}

static void set_from_end(sk_grid *g, sk_process *p, sk_op op, sk_region region) {
  sk_op end = sk_region_get(g->m, region)->last;
  for (uint32_t i = 0; i < sk_op_get(g->m, op)->result_count; i++) {
    sk_grid_set(g, p, sk_op_result(g->m, op, i), sk_grid_get(g, p, sk_op_operand(g->m, end, i)));
  }
}

static sk_status leave_region(sk_grid *g, sk_process *p) {
  sk_grid_cursor c = sk_vec_last(&p->stack);
  if (p->stack.count == p->floor + 1) {
    p->ended = true;
    return NULL;
  }
  if (c.manual) {
    return sk_grid_dismiss_devices(g, p);
  }
  p->stack.count--;
  if (sk_op_kind(g->m, c.by) == SK_OP_FUNC_CALL) {
    set_from_end(g, p, c.by, c.region);
  }
  return NULL;
}

// What was begun has ended: its region was written where it began.
static sk_status await(sk_grid *g, sk_process *p, sk_op op) {
  sk_op start = sk_value_get(g->m, sk_op_operand(g->m, op, 0))->op;
  if (start.id == 0 || sk_op_kind(g->m, start) != SK_OP_ASYNC_START) {
    return sk_op_error(g->m, op, SK_UNIMPLEMENTED,
                       "what is awaited does not begin in the same function");
  }
  set_from_end(g, p, op, sk_op_region(g->m, start, 0));
  sk_grid_step_over(g, p);
  return NULL;
}

static sk_status write_op(sk_grid *g, sk_process *p, sk_op op) {
  begin_turn(g, p);
  sk_status status = sk_rebuild_op(g->r, op, g->into);
  end_turn(g, p);
  SK_TRY(status);
  sk_grid_step_over(g, p);
  return NULL;
}

// The next operation of a process; p->stack stays as it is when it must wait.
static sk_status advance(sk_grid *g, sk_process *p) {
  const sk_op op = sk_grid_op(p);
  const sk_opkind kind = sk_op_kind(g->m, op);
  if (op.id == sk_region_get(g->m, sk_vec_last(&p->stack).region)->last.id) {
    return leave_region(g, p);
  }
  if (sk_grid_is_collective(g->m, op)) {
    return sk_grid_arrive(g, p, op);
  }
  if (sk_grid_goes_together(g, op)) {
    return sk_grid_go_together(g, p, op);
  }
  switch ((int)kind) {
    case SK_OP_FUNC_CALL: return enter_call(g, p, op);
    case SK_OP_ASYNC_START: return enter_region(g, p, op, sk_op_region(g->m, op, 0));
    case SK_OP_ASYNC_DONE: return await(g, p, op);
    case SK_OP_SEND:
      send(g, p, op);
      pass_token(g, p, op);
      return NULL;
    case SK_OP_RECV: return receive(g, p, op);
    case SK_OP_SDY_MANUAL_COMPUTATION: return sk_grid_call_devices(g, p, op);
    case SK_OP_INFEED: return feed(g, p, op);
    case SK_OP_OUTFEED: pass_token(g, p, op); return NULL;
    default: return write_op(g, p, op);
  }
}

// Until it waits or ends; *out_moved: it did something.
static sk_status take_turn(sk_grid *g, sk_process *p, bool *out_moved) {
  while (!p->ended && !p->waits) {
    sk_grid_cursor before = sk_vec_last(&p->stack);
    uint32_t depth = p->stack.count;
    SK_TRY(advance(g, p));
    bool stays = p->stack.count == depth && sk_vec_last(&p->stack).next.id == before.next.id;
    *out_moved |= !stays || p->ended || p->waits;
    if (stays && !p->ended && !p->waits) {
      return NULL;  // nothing to receive yet, or others have not ended
    }
  }
  return NULL;
}

sk_status sk_grid_take_turns(sk_grid *g) {
  for (;;) {
    bool moved = false;
    const sk_process *left = NULL;
    for (uint32_t i = 0; i < g->count; i++) {
      SK_TRY(take_turn(g, &g->processes[i], &moved));
    }
    for (uint32_t i = 0; i < g->count; i++) {
      left = g->processes[i].ended ? left : &g->processes[i];
    }
    if (!left) {
      return NULL;
    }
    if (!moved) {
      return sk_op_error(g->m, sk_grid_op(left), SK_FAILED_PRECONDITION,
                         "no process is left that could take part in this");
    }
  }
}

void sk_grid_start(sk_grid *g, sk_process *p, sk_region body) {
  sk_grid_cursor c = {body, sk_region_first(g->m, body), {0}, NULL};
  sk_vec_push(&g->m->arena, &p->stack, c);
}

sk_op sk_grid_end(const sk_grid *g, const sk_process *p) {
  return sk_region_get(g->m, p->stack.data[0].region)->last;
}

// ---- the grid

static const sk_attr_rec *list_of(const sk_module *m, sk_attr attr) {
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(m, attr) : NULL;
  return rec && rec->kind == SK_ATTR_ARRAY ? rec : NULL;
}

static sk_status read_grid(sk_grid *g, const sk_attr_rec **out_programs) {
  const sk_attr_rec *programs = list_of(g->m, sk_op_find_attr(g->m, g->op, SK_NAME_programs));
  uint32_t replicas = programs ? programs->u.list.count : 0, partitions = 0;
  bool good = replicas > 0 && replicas <= SK_GRID_MAX_PROCESSES;
  for (uint32_t i = 0; i < replicas && good; i++) {
    const sk_attr_rec *row = list_of(g->m, programs->u.list.data[i]);
    good = row && row->u.list.count > 0 && (i == 0 || row->u.list.count == partitions);
    partitions = row ? row->u.list.count : 0;
    good = good && partitions <= SK_GRID_MAX_PROCESSES / replicas;
  }
  if (!good) {
    return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                       "programs are not a grid of at most %d functions", SK_GRID_MAX_PROCESSES);
  }
  g->replicas = replicas;
  g->partitions = partitions;
  g->count = replicas * partitions;
  g->infeed = list_of(g->m, sk_op_find_attr(g->m, g->op, SK_NAME_infeed));
  *out_programs = programs;
  return NULL;
}

// Operands of run_parallel are the arguments of all processes, one after the other.
static sk_status start_process(sk_grid *g, sk_process *p, sk_attr symbol, uint32_t *operand) {
  sk_op function;
  SK_TRY(find_function(g, g->op, symbol, &function));
  sk_region body = sk_func_body(g->m, function);
  uint32_t count = sk_region_get(g->m, body)->arg_count;
  if (count > sk_op_get(g->m, g->op)->operand_count - *operand) {
    return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                       "the programs have more arguments than there are operands");
  }
  for (uint32_t i = 0; i < count; i++) {
    sk_value value = sk_rebuild_get(g->r, sk_op_operand(g->m, g->op, (*operand)++));
    sk_grid_set(g, p, sk_region_arg(g->m, body, i), value);
  }
  sk_grid_start(g, p, body);
  return NULL;
}

// Results likewise.
static sk_status give_process_results(sk_grid *g, sk_process *p, uint32_t *result) {
  sk_op end = sk_grid_end(g, p);
  uint32_t count = sk_op_get(g->m, end)->operand_count;
  if (count > sk_op_get(g->m, g->op)->result_count - *result) {
    return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                       "the programs give more values than there are results");
  }
  for (uint32_t i = 0; i < count; i++) {
    sk_value value = sk_grid_get(g, p, sk_op_operand(g->m, end, i));
    if (!sk_grid_is_typed(g->m, g->op, *result, value)) {
      return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                         "result %u has another type than what the programs give", *result);
    }
    sk_rebuild_set(g->r, sk_op_result(g->m, g->op, (*result)++), value);
  }
  return NULL;
}

static sk_status run_grid(sk_grid *g) {
  const sk_attr_rec *programs = NULL;
  uint32_t operand = 0, result = 0;
  SK_TRY(read_grid(g, &programs));
  g->processes =
      sk_arena_zalloc(&g->m->arena, g->count * sizeof *g->processes, _Alignof(sk_process));
  for (uint32_t i = 0; i < g->count; i++) {
    sk_process *p = &g->processes[i];
    p->id = i;
    const sk_attr_rec *row = list_of(g->m, programs->u.list.data[i / g->partitions]);
    SK_TRY(start_process(g, p, row->u.list.data[i % g->partitions], &operand));
  }
  SK_TRY(sk_grid_take_turns(g));
  for (uint32_t i = 0; i < g->count; i++) {
    SK_TRY(give_process_results(g, &g->processes[i], &result));
  }
  if (result != sk_op_get(g->m, g->op)->result_count ||
      operand != sk_op_get(g->m, g->op)->operand_count) {
    return sk_op_error(g->m, g->op, SK_INVALID_ARGUMENT,
                       "the programs have fewer arguments or results than stand here");
  }
  return NULL;
}

sk_status sk_grid_run_parallel(sk_rebuild *r, sk_op op, sk_region into, sk_grid **slot) {
  if (*slot) {
    return sk_op_error(r->m, op, SK_UNIMPLEMENTED, "a grid of processes inside another");
  }
  sk_grid g = {.r = r, .m = r->m, .op = op, .into = into};
  *slot = &g;
  sk_status status = run_grid(&g);
  *slot = NULL;
  return status;
}

bool sk_grid_rewrite(sk_grid *g, sk_op op, sk_region into, sk_status *out_status) {
  sk_opkind kind = sk_op_kind(g->m, op);
  if (kind == SK_OP_REPLICA_ID || kind == SK_OP_PARTITION_ID) {
    const sk_expander e = {.r = g->r, .m = g->m, .into = into, .loc = sk_op_get(g->m, op)->loc};
    sk_value old = sk_op_result(g->m, op, 0);
    uint32_t id = g->turn->id;
    sk_rebuild_set(
        g->r, old,
        sk_expand_int(&e, sk_value_type(g->m, old),
                      kind == SK_OP_REPLICA_ID ? id / g->partitions : id % g->partitions));
    return true;
  }
  if (sk_shape_call_of(g->m, op) == SK_SHAPE_CALL_CUTS) {
    *out_status = sk_grid_cut(g, op, into);
    return true;
  }
  bool meets = sk_grid_is_collective(g->m, op) || kind == SK_OP_SEND || kind == SK_OP_RECV ||
               kind == SK_OP_INFEED || kind == SK_OP_ASYNC_START || kind == SK_OP_ASYNC_DONE;
  if (meets) {
    *out_status =
        sk_op_error(g->m, op, SK_UNIMPLEMENTED,
                    "a process that meets others inside this region is not supported yet");
  }
  return meets;
}
