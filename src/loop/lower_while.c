// SPDX-License-Identifier: Apache-2.0
// Counted loops with element-wise bodies: one kernel in which what the loop carries stays in
// registers.
//
//   i = 0; x, v = ...; s = zeros(N, 8)                      loop p par 8 {               lanes run along the elements
//   while (i < N) {                                           x, v = x0[p], v0[p]
//     a = -x + f[i]                                   ->      loop t seq N, carries x, v {
//     x, v = x + v, v + a                                       a = -x + f[t]
//     s[i] = x                                                  x, v = x + v, v + a; s[t, p] = x
//     i = i + 1                                               }
//   }                                                         store x, v }
//
// A loop that carries nothing from trip to trip (a map) has parallel trips: lanes run along them.
// So they do where what is carried allows it (spread_trips.c).
//
// Roles of what a while carries: its counter, from 0 in steps of 1; invariants; carried values, all
// of one shape S but for extents of 1; stacks, of which every trip overwrites one row before
// anything reads it. In the body a value either differs by point of S (then it depends on carried
// values, has the shape S, and is read at its own point only) or it does not (then it is made from
// the counter, invariants and outer values, and may be read anywhere, also where values that differ
// by point say). Counted loops in the body are loops in the kernel. Of the branches of a `case` or
// `if` the cheap ones are computed whichever is taken, the others where they are. Everything else,
// and what would repeat much work for each point, is left to the statement (lower_flow.c). Computes
// the same operations in the same order.
//
// Loops of single elements that only running tells the end of: lower_while_until.c.
#include "loop/lower_while.h"

#include "loop/loop_int.h"
#include "loop/lower_elem.h"

// Cost of a branch that is computed in any case; a mispredicted one takes some 20 cycles.
enum { CHEAP_BRANCH = 4 };

sk_map *sk_while_point_map(sk_lowering *l, sk_value v, uint32_t all) {
  return sk_map_at_point(l, sk_value_type_rec(l->m, v), all);
}

static void emit_nested(sk_lowering *l, sk_op op, uint32_t all);

static void bind_counter(sk_lowering *l, const sk_while *c, uint32_t loop) {
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, c->counter)->elem;
  sk_val index = sk_build_index(&l->b, loop, sk_elem_lt(elem));
  sk_eval_bind(l, c->counter, NULL, (sk_scalar){index, {0}});
}

void sk_while_open_carries(sk_lowering *l, sk_while *c) {
  for (uint32_t i = 0; i < c->count; i++) {
    sk_while_slot *t = &c->slots[i];
    if (t->role == SK_ROLE_CARRIED) {
      sk_scalar init = t->carry;
      t->carry.re = sk_build_carry(&l->b, init.re, SK_L_NONE);
      if (init.im.id != 0) {
        t->carry.im = sk_build_carry(&l->b, init.im, SK_L_NONE);
      }
    }
  }
}

static void store_row(sk_lowering *l, const sk_while *c, const sk_while_slot *t, uint32_t all) {
  const sk_module *m = l->m;
  sk_value part = sk_op_operand(m, t->update, 1);
  const sk_type_rec *whole = sk_value_type_rec(m, t->result);
  sk_map *target = sk_while_point_map(l, part, all);
  int64_t offset, scale;
  sk_lower_is_linear(l, sk_op_operand(m, t->update, 2), c->counter, &offset, &scale);
  target->dim[0].offset += offset;
  target->dim[0].coef[l->trip_position] = scale;
  sk_affine linear = sk_map_linear(l, whole, target);
  sk_scalar value = sk_eval(l, part, sk_while_point_map(l, part, all));
  sk_emit_store(l, l->buf_of[t->result.id], (sk_elem)whole->elem, &linear, value);
}

// Opens the loop over the trips; the initial values are in `carry`, where the last ones are once it
// is closed.
static void open_trips(sk_lowering *l, sk_while *c, uint32_t position, sk_loop_kind kind) {
  uint32_t loop = sk_build_loop(&l->b, kind, c->trips, 1);
  sk_while_open_carries(l, c);
  sk_eval_open(l);
  if (c->depth == 0) {
    l->space.loop[position] = loop;
    l->trip_counter = c->counter;
    l->trip_position = position;
  }
  bind_counter(l, c, loop);
  for (uint32_t i = 0; i < c->count; i++) {
    if (c->slots[i].role == SK_ROLE_CARRIED) {
      sk_eval_bind(l, c->slots[i].arg, NULL, c->slots[i].carry);
    }
  }
}

// ---- choices

static uint32_t cost_of(const sk_lowering *l, sk_region region) {
  uint32_t cost = 0;
  SK_FOR_EACH_OP(l->m, region, op) {
    sk_op_class class = (sk_op_class)sk_opkind_info(sk_op_kind(l->m, op))->op_class;
    cost += sk_while_is_choice(l, op)         ? CHEAP_BRANCH + 1
            : class == SK_OPCLASS_ELEMENTWISE ? sk_op_cost(sk_op_kind(l->m, op))
                                              : 0;
  }
  return cost;
}

static bool is_inside(const sk_module *m, sk_op op, sk_op around) {
  while (op.id != 0 && op.id != around.id) {
    op = sk_region_get(m, sk_op_get(m, op)->parent)->parent;
  }
  return op.id != 0;
}

// What differs by point and comes from outside the choice is computed before it, once for all
// branches.
static void evaluate_outside(sk_lowering *l, sk_op choice, sk_region region, uint32_t all) {
  const sk_module *m = l->m;
  SK_FOR_EACH_OP(m, region, op) {
    for (uint32_t i = 0; i < sk_op_get(m, op)->operand_count; i++) {
      sk_value v = sk_op_operand(m, op, i);
      sk_op def = sk_value_get(m, v)->op;
      if (def.id != 0 && l->by_point[v.id] == l->survey && !is_inside(m, def, choice)) {
        sk_eval(l, v, sk_while_point_map(l, v, all));
      }
    }
    for (uint32_t r = 0; r < sk_op_get(m, op)->region_count; r++) {
      evaluate_outside(l, choice, sk_op_region(m, op, r), all);
    }
  }
}

// Is branch b the one? Of a case whatever is no index means the last.
static sk_val is_taken(sk_lowering *l, sk_op op, sk_val which, uint32_t b) {
  uint32_t last = sk_op_get(l->m, op)->region_count - 1;
  if (sk_op_kind(l->m, op) == SK_OP_IF) {
    return b == 0 ? which : sk_build_1(&l->b, SK_L_PNOT, which);
  }
  sk_val index = sk_build_i32(&l->b, (int32_t)b);
  return sk_build_2(&l->b, b < last ? SK_L_IEQ : SK_L_ULE, b < last ? which : index,
                    b < last ? index : which);
}

sk_scalar sk_while_choose(sk_lowering *l, bool merge, sk_val taken, sk_scalar x, sk_scalar other) {
  sk_val (*pick)(sk_build *, sk_val, sk_val, sk_val) = merge ? sk_build_merge : sk_build_select;
  sk_scalar out = {pick(&l->b, taken, x.re, other.re), {0}};
  if (x.im.id != 0) {
    out.im = pick(&l->b, taken, x.im, other.im);
  }
  return out;
}

// What branch b gives, where it is the one, and `values` elsewhere; `first`: everywhere.
static void emit_branch(sk_lowering *l, sk_op op, uint32_t b, sk_val taken, bool first,
                        sk_scalar *values, uint32_t all) {
  sk_region region = sk_op_region(l->m, op, b);
  sk_op end = sk_region_get(l->m, region)->last;
  uint32_t count = sk_op_get(l->m, op)->result_count;
  bool merge = cost_of(l, region) > CHEAP_BRANCH;
  sk_scalar *inside = SK_NEW_ARRAY(l->scratch, sk_scalar, count + 1);
  if (merge) {
    sk_build_if(&l->b, taken);
    sk_eval_open(l);
  }
  sk_while_emit_statements(l, region, all);
  for (uint32_t r = 0; r < count; r++) {
    sk_value v = sk_op_operand(l->m, end, r);
    inside[r] = sk_eval(l, v, sk_while_point_map(l, v, all));
  }
  if (merge) {
    sk_eval_close(l);
    sk_build_end_if(&l->b);
  }
  for (uint32_t r = 0; r < count; r++) {
    values[r] = first ? inside[r] : sk_while_choose(l, merge, taken, inside[r], values[r]);
  }
}

static sk_scalar zero_of(sk_lowering *l, sk_value v) {
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, v)->elem;
  sk_val zero = sk_scalar_zero(&l->b, sk_elem_lt(elem));
  return (sk_scalar){zero, sk_elem_is_complex(elem) ? zero : (sk_val){0}};
}

// Cheap branches come first: something is known before any that must be taken.
static void emit_choice(sk_lowering *l, sk_op op, uint32_t all) {
  const sk_op_rec rec = *sk_op_get(l->m, op);
  sk_value selector = sk_op_operand(l->m, op, 0);
  sk_val which = sk_eval(l, selector, sk_while_point_map(l, selector, all)).re;
  sk_scalar *values =
      sk_arena_zalloc(l->scratch, sizeof *values * (rec.result_count + 1), _Alignof(sk_scalar));
  for (uint32_t r = 0; r < rec.result_count; r++) {
    values[r] = zero_of(l, sk_op_result(l->m, op, r));
  }
  for (uint32_t b = 0; b < rec.region_count; b++) {
    evaluate_outside(l, op, sk_op_region(l->m, op, b), all);
  }
  for (uint32_t pass = 0, done = 0; pass < 2; pass++) {
    for (uint32_t b = 0; b < rec.region_count; b++) {
      bool is_cheap = cost_of(l, sk_op_region(l->m, op, b)) <= CHEAP_BRANCH;
      if (is_cheap == (pass == 0)) {
        emit_branch(l, op, b, is_taken(l, op, which, b), is_cheap && done++ == 0, values, all);
      }
    }
  }
  for (uint32_t r = 0; r < rec.result_count; r++) {
    sk_eval_bind(l, sk_op_result(l->m, op, r), NULL, values[r]);
  }
}

// What is in a region besides what is evaluated where it is asked for.
void sk_while_emit_statements(sk_lowering *l, sk_region region, uint32_t all) {
  SK_FOR_EACH_OP(l->m, region, op) {
    if (sk_op_kind(l->m, op) == SK_OP_WHILE) {
      emit_nested(l, op, all);
    } else if (sk_while_is_choice(l, op)) {
      emit_choice(l, op, all);
    }
  }
}

static void emit_body(sk_lowering *l, const sk_while *c, uint32_t all) {
  sk_while_emit_statements(l, c->body, all);
  for (uint32_t i = 0; i < c->count; i++) {
    if (c->slots[i].role == SK_ROLE_STACK) {
      store_row(l, c, &c->slots[i], all);
    }
  }
}

static void close_trips(sk_lowering *l, const sk_while *c, uint32_t all) {
  SK_VEC(sk_val) carries = {0}, yields = {0};
  for (uint32_t i = 0; i < c->count; i++) {
    const sk_while_slot *t = &c->slots[i];
    if (t->role != SK_ROLE_CARRIED) {
      continue;
    }
    sk_scalar next = sk_eval(l, t->next, sk_while_point_map(l, t->next, all));
    sk_vec_push(l->scratch, &carries, t->carry.re);
    sk_vec_push(l->scratch, &yields, next.re);
    if (t->carry.im.id != 0) {
      sk_vec_push(l->scratch, &carries, t->carry.im);
      sk_vec_push(l->scratch, &yields, next.im);
    }
  }
  sk_eval_close(l);
  sk_build_end_loop(&l->b, carries.data, yields.data, carries.count);
}

static void start_carries(sk_lowering *l, sk_while *c, uint32_t all) {
  for (uint32_t i = 0; i < c->count; i++) {
    sk_while_slot *t = &c->slots[i];
    if (t->role == SK_ROLE_CARRIED) {
      t->carry = sk_eval(l, t->init, sk_while_point_map(l, t->init, all));
    }
  }
}

static void emit_nested(sk_lowering *l, sk_op op, uint32_t all) {
  sk_while_survey again = {.l = l};
  sk_while c;
  sk_while_open_counted(&again, op, 1, &c);
  start_carries(l, &c, all);
  open_trips(l, &c, 0, SK_LOOP_SEQ);
  emit_body(l, &c, all);
  close_trips(l, &c, all);
  for (uint32_t i = 0; i < c.count; i++) {
    sk_while_slot *t = &c.slots[i];
    if (t->role == SK_ROLE_COUNTER) {
      sk_lt type = sk_elem_lt((sk_elem)sk_value_type_rec(l->m, t->result)->elem);
      t->carry.re = sk_build_const(&l->b, type, (uint64_t)c.trips);
    }
    sk_eval_bind(l, t->result, NULL, t->carry);
  }
}

void sk_while_store_last(sk_lowering *l, const sk_while *c, uint32_t all) {
  for (uint32_t i = 0; i < c->count; i++) {
    const sk_while_slot *t = &c->slots[i];
    if (t->role == SK_ROLE_CARRIED) {
      const sk_type_rec *type = sk_value_type_rec(l->m, t->result);
      sk_affine linear = sk_map_linear(l, type, sk_while_point_map(l, t->result, all));
      sk_emit_store(l, l->buf_of[t->result.id], (sk_elem)type->elem, &linear, t->carry);
    }
  }
}

// A kernel with one outermost loop around everything, of one iteration unless something else is
// there.
uint32_t sk_while_begin_kernel(sk_lowering *l, uint32_t loops, bool wrapped) {
  const char *name = sk_arena_printf(l->arena, "while_%u", l->prog->kernels.count);
  uint32_t kernel = sk_prog_add_kernel(l->prog, name);
  sk_eval_begin(l, kernel, loops + 1, 0);
  if (wrapped) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    sk_eval_open(l);
  }
  return kernel;
}

void sk_while_end_kernel(sk_lowering *l, uint32_t kernel, bool wrapped) {
  if (wrapped) {
    sk_eval_close(l);
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

static void emit_kernel(sk_lowering *l, sk_while *c, const sk_while_survey *s) {
  uint32_t position = s->points.rank, all = (1u << position) - 1;
  bool parallel = s->maps, wrapped = !parallel && position == 0;
  uint32_t kernel = sk_while_begin_kernel(l, position + s->loops, wrapped);
  l->space.rank = position + 1;  // those of S, then the trips
  memcpy(l->space.extent, s->points.dims, sizeof s->points.dims);
  l->space.extent[position] = c->trips;
  if (parallel) {
    open_trips(l, c, position, SK_LOOP_PAR);
    sk_space_open(l, all, SK_LOOP_PAR);
    emit_body(l, c, all);
    sk_space_close(l, all);
    close_trips(l, c, all);
  } else {
    sk_space_open(l, all, SK_LOOP_PAR);
    start_carries(l, c, all);
    open_trips(l, c, position, SK_LOOP_SEQ);
    emit_body(l, c, all);
    close_trips(l, c, all);
    sk_while_store_last(l, c, all);
    sk_space_close(l, all);
  }
  sk_while_end_kernel(l, kernel, wrapped);
  if (wrapped) {
    sk_kernel_spread_trips(l->prog, kernel, l->scratch);
  }
}

static void store_trips(sk_lowering *l, sk_value result, int64_t trips) {
  uint32_t buf = sk_lower_result_buf(l, result);
  uint32_t kernel = sk_while_begin_kernel(l, 0, true);
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, result)->elem;
  sk_val count = sk_build_const(&l->b, sk_elem_lt(elem), (uint64_t)trips);
  sk_emit_store(l, buf, elem, &(sk_affine){0}, (sk_scalar){count, {0}});
  sk_while_end_kernel(l, kernel, true);
}

void sk_while_keep_invariant(sk_lowering *l, const sk_while_slot *t) {
  uint32_t wanted = l->buf_of[t->result.id], have = l->buf_of[t->arg.id];
  if (wanted != 0 && wanted != have) {
    sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_COPY, .dst = wanted, .src = have});
  }
  l->buf_of[t->result.id] = wanted != 0 ? wanted : have;
}

bool sk_lower_counted_loop(sk_lowering *l, sk_op op) {
  sk_while c;
  sk_while_survey s = sk_while_survey_new(l);
  if (!sk_while_open_counted(&s, op, 0, &c) || s.carried + s.stacks == 0) {
    return false;
  }
  s.maps = s.carried == 0;
  if (!sk_while_survey_region(&s, &c, c.body) || !sk_while_is_worth_it(&s)) {
    return false;
  }
  for (uint32_t i = 0; i < c.count; i++) {
    const sk_while_slot *t = &c.slots[i];
    if (t->role == SK_ROLE_INVARIANT) {
      l->buf_of[t->arg.id] = sk_lower_materialise(l, t->init);
    } else if (t->role != SK_ROLE_COUNTER) {
      sk_lower_result_buf(l, t->result);
    }
  }
  emit_kernel(l, &c, &s);
  for (uint32_t i = 0; i < c.count; i++) {
    const sk_while_slot *t = &c.slots[i];
    if (t->role == SK_ROLE_INVARIANT) {
      sk_while_keep_invariant(l, t);
    } else if (t->role == SK_ROLE_COUNTER &&
               (l->uses[t->result.id] > 0 || l->buf_of[t->result.id] != 0)) {
      store_trips(l, t->result, c.trips);
    }
  }
  return true;
}
