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
// Loops of single elements that only running tells the end of are kernels of some trips each; they
// come last here.
#include "loop/loop_int.h"
#include "loop/lower_elem.h"
#include "loop/lower_int.h"

enum {
  MAX_CARRIED = 128,
  MAX_BODY_OPS = 10000,
  MAX_DEPTH = 4,
  // Elements beyond which rows of stacks and arrays read by row are better passed over whole, and
  // the repeated scalar operations that are worth it at so many elements and above.
  FEW_POINTS = 64,
  MAX_ROW = 4096,
  MAX_REPEATED = 12,
  // Of a branch that is computed in any case; a mispredicted one takes some 20 cycles.
  CHEAP_BRANCH = 4
};

typedef enum role { COUNTER, INVARIANT, CARRIED, STACK } role;

typedef struct slot {
  role role;
  sk_value init, arg, next, result;
  sk_op update;  // STACK
  sk_scalar carry;
} slot;

typedef struct counted {
  sk_op op;
  sk_region body;
  int64_t trips;
  sk_value counter;  // argument
  slot *slots;
  uint32_t count, depth;
} counted;

// The shape S: extents other than 1.
typedef struct points {
  uint32_t rank;
  int64_t dims[SK_GROUP_MAX_RANK];
  int64_t elems;
} points;

// What a look at the whole nest finds.
typedef struct survey {
  sk_lowering *l;
  points points;
  bool known;                                      // S has been seen
  uint32_t carried, stacks, loops, ops, repeated;  // of loops of the nest, all together
  bool maps;                                       // the outermost loop carries no value
  bool reads_rows;                                 // of outer arrays, by the counter
} survey;

// Differs by point, in the survey of this time.
static void mark(const survey *s, sk_value v) { s->l->by_point[v.id] = s->l->survey; }
static bool is_by_point(const survey *s, sk_value v) {
  return s->l->by_point[v.id] == s->l->survey;
}

// ---------------------------------------------------------------------------------------------------- roles

static bool squeeze(const sk_type_rec *type, points *out) {
  *out = (points){.elems = 1};
  for (uint32_t d = 0; d < type->rank; d++) {
    if (type->dims[d] == 1) {
      continue;
    }
    if (out->rank == SK_GROUP_MAX_RANK - 1 || type->dims[d] < 1) {
      return false;
    }
    out->dims[out->rank++] = type->dims[d];
    out->elems = SK_MIN(out->elems * type->dims[d], INT64_C(1) << 40);
  }
  return true;
}

static bool has_points(const sk_lowering *l, sk_value v, const points *s) {
  points p;
  return squeeze(sk_value_type_rec(l->m, v), &p) && p.rank == s->rank &&
         (p.rank == 0 || memcmp(p.dims, s->dims, sizeof p.dims[0] * p.rank) == 0);
}

// Every carried value and row has the shape S.
static bool agrees(survey *s, sk_value v) {
  if (!s->known) {
    s->known = true;
    return squeeze(sk_value_type_rec(s->l->m, v), &s->points);
  }
  return has_points(s->l, v, &s->points);
}

static bool is_computable(const sk_lowering *l, sk_value v) {
  return sk_elem_lt((sk_elem)sk_value_type_rec(l->m, v)->elem) != SK_LT_NONE;
}

static bool take_slot(survey *s, counted *c, uint32_t i) {
  const sk_module *m = s->l->m;
  slot *t = &c->slots[i];
  t->init = sk_op_operand(m, c->op, i);
  t->arg = sk_region_arg(m, c->body, i);
  t->next = sk_op_operand(m, sk_region_get(m, c->body)->last, i);
  t->result = sk_op_result(m, c->op, i);
  if (t->arg.id == c->counter.id) {
    t->role = COUNTER;
    return true;
  }
  if (t->next.id == t->arg.id) {
    t->role = INVARIANT;
    return c->depth == 0;
  }
  if (!is_computable(s->l, t->arg)) {
    return false;
  }
  if (sk_lower_is_overwritten(s->l, c->op, i)) {
    t->role = STACK;
    t->update = sk_value_get(m, t->next)->op;
    s->stacks++;
    return c->depth == 0 && agrees(s, sk_op_operand(m, t->update, 1));
  }
  t->role = CARRIED;
  mark(s, t->arg);
  return ++s->carried <= MAX_CARRIED && agrees(s, t->arg);
}

// ---------------------------------------------------------------------------------------------------- the body

static bool survey_loop(survey *s, sk_op op, uint32_t depth);
static bool survey_region(survey *s, const counted *c, sk_region region);

static bool any_by_point(const survey *s, sk_op op) {
  for (uint32_t i = 0; i < sk_op_get(s->l->m, op)->operand_count; i++) {
    if (is_by_point(s, sk_op_operand(s->l->m, op, i))) {
      return true;
    }
  }
  return false;
}

static bool survey_view(survey *s, sk_op op, bool by_point) {
  const sk_module *m = s->l->m;
  if (sk_op_kind(m, op) == SK_OP_DYNAMIC_SLICE) {
    s->reads_rows = true;
  }
  if (!by_point) {
    return true;
  }
  sk_opkind kind = sk_op_kind(m, op);
  if (kind == SK_OP_DYNAMIC_SLICE) {  // a table: one element, where a scalar says
    return s->points.rank == 0 && !is_by_point(s, sk_op_operand(m, op, 0));
  }
  return (kind == SK_OP_RESHAPE || kind == SK_OP_BROADCAST_IN_DIM) &&
         sk_lower_moves_nothing(s->l, op);
}

static bool is_choice(const sk_lowering *l, sk_op op) {
  return sk_op_kind(l->m, op) == SK_OP_CASE || sk_op_kind(l->m, op) == SK_OP_IF;
}

// Results differ by point if the choice or what a branch gives does; others must be single
// elements. Branches have no loops.
static bool survey_choice(survey *s, const counted *c, sk_op op) {
  const sk_module *m = s->l->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  const counted inner = {.op = op, .depth = MAX_DEPTH};
  bool chosen = is_by_point(s, sk_op_operand(m, op, 0));
  if (c->depth > MAX_DEPTH || rec.region_count < 2 || (chosen && s->points.rank > 0)) {
    return false;
  }
  for (uint32_t b = 0; b < rec.region_count; b++) {
    if (!survey_region(s, &inner, sk_op_region(m, op, b))) {
      return false;
    }
  }
  for (uint32_t r = 0; r < rec.result_count; r++) {
    sk_value result = sk_op_result(m, op, r);
    bool by_point = chosen;
    for (uint32_t b = 0; b < rec.region_count; b++) {
      sk_op end = sk_region_get(m, sk_op_region(m, op, b))->last;
      by_point = by_point || is_by_point(s, sk_op_operand(m, end, r));
    }
    points single = {.elems = 1};
    if (!is_computable(s->l, result) ||
        !has_points(s->l, result, by_point ? &s->points : &single)) {
      return false;
    }
    if (by_point) {
      mark(s, result);
    }
  }
  return true;
}

static bool survey_op(survey *s, const counted *c, sk_op op) {
  const sk_module *m = s->l->m;
  sk_opkind kind = sk_op_kind(m, op);
  sk_op_class class = (sk_op_class)sk_opkind_info(kind)->op_class;
  bool by_point = any_by_point(s, op);
  if (kind == SK_OP_WHILE) {
    return survey_loop(s, op, c->depth + 1);
  }
  if (is_choice(s->l, op)) {
    return survey_choice(s, c, op);
  }
  if (kind == SK_OP_DYNAMIC_UPDATE_SLICE) {
    for (uint32_t i = 0; i < c->count; i++) {
      if (c->slots[i].role == STACK && c->slots[i].update.id == op.id) {
        return true;
      }
    }
    return false;
  }
  if (class == SK_OPCLASS_RETURN || class == SK_OPCLASS_CONSTANT || kind == SK_OP_IOTA) {
    return true;
  }
  if (sk_lower_is_statement(s->l, op) || sk_op_get(m, op)->result_count != 1) {
    return false;
  }
  sk_value result = sk_op_result(m, op, 0);
  if (by_point) {
    mark(s, result);
  }
  if (by_point && !has_points(s->l, result, &s->points)) {
    return false;
  }
  if (class == SK_OPCLASS_VIEW || kind == SK_OP_DYNAMIC_SLICE) {
    return survey_view(s, op, by_point);
  }
  if (kind == SK_OP_GATHER) {  // of a table: an element for every point, where its index says
    return by_point && !is_by_point(s, sk_op_operand(m, op, 0));
  }
  s->repeated += !by_point && !has_points(s->l, result, &s->points);
  return class == SK_OPCLASS_ELEMENTWISE;
}

static bool survey_region(survey *s, const counted *c, sk_region region) {
  SK_FOR_EACH_OP(s->l->m, region, op) {
    if (++s->ops > MAX_BODY_OPS || !survey_op(s, c, op)) {
      return false;
    }
  }
  return true;
}

static bool open_counted(survey *s, sk_op op, uint32_t depth, counted *c) {
  const sk_module *m = s->l->m;
  *c = (counted){.op = op, .body = sk_op_region(m, op, 1), .depth = depth};
  if (depth > MAX_DEPTH || !sk_lower_find_counter(s->l, op, &c->counter, &c->trips) ||
      c->trips < 1) {
    return false;
  }
  c->count = sk_region_get(m, c->body)->arg_count;
  c->slots = sk_arena_zalloc(s->l->arena, sizeof(slot) * c->count, _Alignof(slot));
  s->loops++;
  bool fits = true;
  for (uint32_t i = 0; i < c->count && fits; i++) {
    fits = take_slot(s, c, i);
  }
  return fits;
}

static bool survey_loop(survey *s, sk_op op, uint32_t depth) {
  counted c;
  bool fits = open_counted(s, op, depth, &c) && survey_region(s, &c, c.body);
  for (uint32_t i = 0; i < c.count && fits; i++) {
    if (c.slots[i].role == CARRIED) {
      mark(s, c.slots[i].result);
    }
  }
  return fits;
}

static bool is_worth_it(const survey *s) {
  if (s->points.elems > FEW_POINTS && s->repeated > MAX_REPEATED) {
    return false;
  }
  bool in_rows = s->stacks > 0 || s->reads_rows;
  return s->maps || !in_rows || s->points.elems <= MAX_ROW;
}

// ---------------------------------------------------------------------------------------------------- the kernel

static sk_map *point_map(sk_lowering *l, sk_value v, uint32_t all) {
  return sk_map_at_point(l, sk_value_type_rec(l->m, v), all);
}

static void emit_nested(sk_lowering *l, sk_op op, uint32_t all);
static void emit_statements(sk_lowering *l, sk_region region, uint32_t all);

static void bind_counter(sk_lowering *l, const counted *c, uint32_t loop) {
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, c->counter)->elem;
  sk_val index = sk_build_index(&l->b, loop, sk_elem_lt(elem));
  sk_eval_bind(l, c->counter, NULL, (sk_scalar){index, {0}});
}

static void open_carries(sk_lowering *l, counted *c) {
  for (uint32_t i = 0; i < c->count; i++) {
    slot *t = &c->slots[i];
    if (t->role == CARRIED) {
      sk_scalar init = t->carry;
      t->carry.re = sk_build_carry(&l->b, init.re, SK_L_NONE);
      if (init.im.id != 0) {
        t->carry.im = sk_build_carry(&l->b, init.im, SK_L_NONE);
      }
    }
  }
}

static void store_row(sk_lowering *l, const counted *c, const slot *t, uint32_t all) {
  const sk_module *m = l->m;
  sk_value part = sk_op_operand(m, t->update, 1);
  const sk_type_rec *whole = sk_value_type_rec(m, t->result);
  sk_map *target = point_map(l, part, all);
  int64_t offset, scale;
  sk_lower_is_linear(l, sk_op_operand(m, t->update, 2), c->counter, &offset, &scale);
  target->dim[0].offset += offset;
  target->dim[0].coef[l->trip_position] = scale;
  sk_affine linear = sk_map_linear(l, whole, target);
  sk_scalar value = sk_eval(l, part, point_map(l, part, all));
  sk_emit_store(l, l->buf_of[t->result.id], (sk_elem)whole->elem, &linear, value);
}

// Opens the loop over the trips; the initial values are in `carry`, where the last ones are once it
// is closed.
static void open_trips(sk_lowering *l, counted *c, uint32_t position, sk_loop_kind kind) {
  uint32_t loop = sk_build_loop(&l->b, kind, c->trips, 1);
  open_carries(l, c);
  sk_eval_open(l);
  if (c->depth == 0) {
    l->space.loop[position] = loop;
    l->trip_counter = c->counter;
    l->trip_position = position;
  }
  bind_counter(l, c, loop);
  for (uint32_t i = 0; i < c->count; i++) {
    if (c->slots[i].role == CARRIED) {
      sk_eval_bind(l, c->slots[i].arg, NULL, c->slots[i].carry);
    }
  }
}

// ---- choices

static uint32_t cost_of(const sk_lowering *l, sk_region region) {
  uint32_t cost = 0;
  SK_FOR_EACH_OP(l->m, region, op) {
    sk_op_class class = (sk_op_class)sk_opkind_info(sk_op_kind(l->m, op))->op_class;
    cost += is_choice(l, op)                  ? CHEAP_BRANCH + 1
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
        sk_eval(l, v, point_map(l, v, all));
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

static sk_scalar choose(sk_lowering *l, bool merge, sk_val taken, sk_scalar x, sk_scalar other) {
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
  emit_statements(l, region, all);
  for (uint32_t r = 0; r < count; r++) {
    sk_value v = sk_op_operand(l->m, end, r);
    inside[r] = sk_eval(l, v, point_map(l, v, all));
  }
  if (merge) {
    sk_eval_close(l);
    sk_build_end_if(&l->b);
  }
  for (uint32_t r = 0; r < count; r++) {
    values[r] = first ? inside[r] : choose(l, merge, taken, inside[r], values[r]);
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
  sk_val which = sk_eval(l, selector, point_map(l, selector, all)).re;
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
static void emit_statements(sk_lowering *l, sk_region region, uint32_t all) {
  SK_FOR_EACH_OP(l->m, region, op) {
    if (sk_op_kind(l->m, op) == SK_OP_WHILE) {
      emit_nested(l, op, all);
    } else if (is_choice(l, op)) {
      emit_choice(l, op, all);
    }
  }
}

static void emit_body(sk_lowering *l, const counted *c, uint32_t all) {
  emit_statements(l, c->body, all);
  for (uint32_t i = 0; i < c->count; i++) {
    if (c->slots[i].role == STACK) {
      store_row(l, c, &c->slots[i], all);
    }
  }
}

static void close_trips(sk_lowering *l, const counted *c, uint32_t all) {
  SK_VEC(sk_val) carries = {0}, yields = {0};
  for (uint32_t i = 0; i < c->count; i++) {
    const slot *t = &c->slots[i];
    if (t->role != CARRIED) {
      continue;
    }
    sk_scalar next = sk_eval(l, t->next, point_map(l, t->next, all));
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

static void start_carries(sk_lowering *l, counted *c, uint32_t all) {
  for (uint32_t i = 0; i < c->count; i++) {
    slot *t = &c->slots[i];
    if (t->role == CARRIED) {
      t->carry = sk_eval(l, t->init, point_map(l, t->init, all));
    }
  }
}

static void emit_nested(sk_lowering *l, sk_op op, uint32_t all) {
  survey again = {.l = l};
  counted c;
  open_counted(&again, op, 1, &c);
  start_carries(l, &c, all);
  open_trips(l, &c, 0, SK_LOOP_SEQ);
  emit_body(l, &c, all);
  close_trips(l, &c, all);
  for (uint32_t i = 0; i < c.count; i++) {
    slot *t = &c.slots[i];
    if (t->role == COUNTER) {
      sk_lt type = sk_elem_lt((sk_elem)sk_value_type_rec(l->m, t->result)->elem);
      t->carry.re = sk_build_const(&l->b, type, (uint64_t)c.trips);
    }
    sk_eval_bind(l, t->result, NULL, t->carry);
  }
}

static void store_last(sk_lowering *l, const counted *c, uint32_t all) {
  for (uint32_t i = 0; i < c->count; i++) {
    const slot *t = &c->slots[i];
    if (t->role == CARRIED) {
      const sk_type_rec *type = sk_value_type_rec(l->m, t->result);
      sk_affine linear = sk_map_linear(l, type, point_map(l, t->result, all));
      sk_emit_store(l, l->buf_of[t->result.id], (sk_elem)type->elem, &linear, t->carry);
    }
  }
}

// A kernel with one outermost loop around everything, of one iteration unless something else is
// there.
static uint32_t begin_kernel(sk_lowering *l, uint32_t loops, bool wrapped) {
  const char *name = sk_arena_printf(l->arena, "while_%u", l->prog->kernels.count);
  uint32_t kernel = sk_prog_add_kernel(l->prog, name);
  sk_eval_begin(l, kernel, loops + 1, 0);
  if (wrapped) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    sk_eval_open(l);
  }
  return kernel;
}

static void end_kernel(sk_lowering *l, uint32_t kernel, bool wrapped) {
  if (wrapped) {
    sk_eval_close(l);
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

static void emit_kernel(sk_lowering *l, counted *c, const survey *s) {
  uint32_t position = s->points.rank, all = (1u << position) - 1;
  bool parallel = s->maps, wrapped = !parallel && position == 0;
  uint32_t kernel = begin_kernel(l, position + s->loops, wrapped);
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
    store_last(l, c, all);
    sk_space_close(l, all);
  }
  end_kernel(l, kernel, wrapped);
  if (wrapped) {
    sk_kernel_spread_trips(l->prog, kernel, l->scratch);
  }
}

static void store_trips(sk_lowering *l, sk_value result, int64_t trips) {
  uint32_t buf = sk_lower_result_buf(l, result);
  uint32_t kernel = begin_kernel(l, 0, true);
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, result)->elem;
  sk_val count = sk_build_const(&l->b, sk_elem_lt(elem), (uint64_t)trips);
  sk_emit_store(l, buf, elem, &(sk_affine){0}, (sk_scalar){count, {0}});
  end_kernel(l, kernel, true);
}

static void keep_invariant(sk_lowering *l, const slot *t) {
  uint32_t wanted = l->buf_of[t->result.id], have = l->buf_of[t->arg.id];
  if (wanted != 0 && wanted != have) {
    sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_COPY, .dst = wanted, .src = have});
  }
  l->buf_of[t->result.id] = wanted != 0 ? wanted : have;
}

static survey new_survey(sk_lowering *l) {
  l->survey++;
  if (l->by_point == NULL) {
    uint32_t values = l->m->values.count;
    l->by_point = sk_arena_zalloc(l->arena, sizeof(uint32_t) * values, _Alignof(uint32_t));
  }
  return (survey){.l = l};
}

bool sk_lower_counted_loop(sk_lowering *l, sk_op op) {
  counted c;
  survey s = new_survey(l);
  if (!open_counted(&s, op, 0, &c) || s.carried + s.stacks == 0) {
    return false;
  }
  s.maps = s.carried == 0;
  if (!survey_region(&s, &c, c.body) || !is_worth_it(&s)) {
    return false;
  }
  for (uint32_t i = 0; i < c.count; i++) {
    const slot *t = &c.slots[i];
    if (t->role == INVARIANT) {
      l->buf_of[t->arg.id] = sk_lower_materialise(l, t->init);
    } else if (t->role != COUNTER) {
      sk_lower_result_buf(l, t->result);
    }
  }
  emit_kernel(l, &c, &s);
  for (uint32_t i = 0; i < c.count; i++) {
    const slot *t = &c.slots[i];
    if (t->role == INVARIANT) {
      keep_invariant(l, t);
    } else if (t->role == COUNTER && (l->uses[t->result.id] > 0 || l->buf_of[t->result.id] != 0)) {
      store_trips(l, t->result, c.trips);
    }
  }
  return true;
}

// ---------------------------------------------------------------------------------------------------- loops that data end

// Of single elements: a statement that runs a kernel of TRIPS_AT_ONCE trips as long as the
// condition holds; trips that are too many do nothing.
enum { TRIPS_AT_ONCE = 16 };

static bool open_until(survey *s, sk_op op, counted *c) {
  const sk_module *m = s->l->m;
  sk_region cond = sk_op_region(m, op, 0);
  *c = (counted){.op = op, .body = sk_op_region(m, op, 1)};
  c->count = sk_region_get(m, c->body)->arg_count;
  c->slots = sk_arena_zalloc(s->l->arena, sizeof(slot) * (c->count + 1), _Alignof(slot));
  for (uint32_t i = 0; i < c->count; i++) {
    slot *t = &c->slots[i];
    t->init = sk_op_operand(m, op, i);
    t->arg = sk_region_arg(m, c->body, i);
    t->next = sk_op_operand(m, sk_region_get(m, c->body)->last, i);
    t->result = sk_op_result(m, op, i);
    t->role = t->next.id == t->arg.id ? INVARIANT : CARRIED;
    if (t->role == CARRIED) {
      mark(s, t->arg);
      mark(s, sk_region_arg(m, cond, i));
      s->carried++;
      if (!is_computable(s->l, t->arg) || !agrees(s, t->arg) || s->points.rank > 0) {
        return false;
      }
    }
  }
  return s->carried > 0 && s->carried <= MAX_CARRIED;
}

static void load_state(sk_lowering *l, counted *c) {
  for (uint32_t i = 0; i < c->count; i++) {
    slot *t = &c->slots[i];
    if (t->role == CARRIED) {
      sk_elem elem = (sk_elem)sk_value_type_rec(l->m, t->result)->elem;
      t->carry = sk_emit_load(l, l->buf_of[t->result.id], elem, &(sk_affine){0}, (sk_val){0});
    }
  }
}

static void bind_state(sk_lowering *l, const counted *c, sk_region region) {
  for (uint32_t i = 0; i < c->count; i++) {
    if (c->slots[i].role == CARRIED) {
      sk_eval_bind(l, sk_region_arg(l->m, region, i), NULL, c->slots[i].carry);
    }
  }
}

// Does the loop go on from the state in `carry`?
static sk_val goes_on(sk_lowering *l, const counted *c) {
  sk_region cond = sk_op_region(l->m, c->op, 0);
  sk_value answer = sk_op_operand(l->m, sk_region_get(l->m, cond)->last, 0);
  bind_state(l, c, cond);
  emit_statements(l, cond, 0);
  return sk_eval(l, answer, point_map(l, answer, 0)).re;
}

static void store_answer(sk_lowering *l, uint32_t pred, sk_val answer) {
  sk_emit_store(l, pred, SK_PRED, &(sk_affine){0}, (sk_scalar){answer, {0}});
}

// One trip, if `active`: the state in `carry` becomes the next one. Returns whether the loop goes
// on.
static sk_val emit_trip(sk_lowering *l, counted *c, sk_val active) {
  sk_scalar *before = SK_NEW_ARRAY(l->scratch, sk_scalar, c->count + 1);
  sk_scalar *after = SK_NEW_ARRAY(l->scratch, sk_scalar, c->count + 1);
  sk_build_if(&l->b, active);
  sk_eval_open(l);
  bind_state(l, c, c->body);
  emit_statements(l, c->body, 0);
  for (uint32_t i = 0; i < c->count; i++) {
    const slot *t = &c->slots[i];
    before[i] = t->carry;
    after[i] = t->role == CARRIED ? sk_eval(l, t->next, point_map(l, t->next, 0)) : t->carry;
  }
  for (uint32_t i = 0; i < c->count; i++) {
    c->slots[i].carry = after[i];
  }
  sk_val going = goes_on(l, c);
  sk_eval_close(l);
  sk_build_end_if(&l->b);
  for (uint32_t i = 0; i < c->count; i++) {
    if (c->slots[i].role == CARRIED) {
      c->slots[i].carry = choose(l, true, active, after[i], before[i]);
    }
  }
  return sk_build_merge(&l->b, active, going, sk_build_pred(&l->b, false));
}

static void emit_some_trips(sk_lowering *l, counted *c, uint32_t loops, uint32_t pred) {
  SK_VEC(sk_val) carries = {0}, yields = {0};
  uint32_t kernel = begin_kernel(l, loops + 1, true);
  load_state(l, c);
  sk_val active = sk_build_pred(&l->b, true);
  sk_build_loop(&l->b, SK_LOOP_SEQ, TRIPS_AT_ONCE, 1);
  open_carries(l, c);
  active = sk_build_carry(&l->b, active, SK_L_NONE);
  sk_eval_open(l);
  slot *state = sk_arena_copy(l->scratch, c->slots, sizeof(slot) * c->count, _Alignof(slot));
  sk_val going = emit_trip(l, c, active);
  for (uint32_t i = 0; i < c->count; i++) {
    sk_scalar was = state[i].carry, is = c->slots[i].carry;
    if (state[i].role != CARRIED) {
      continue;
    }
    sk_vec_push(l->scratch, &carries, was.re);
    sk_vec_push(l->scratch, &yields, is.re);
    if (was.im.id != 0) {
      sk_vec_push(l->scratch, &carries, was.im);
      sk_vec_push(l->scratch, &yields, is.im);
    }
    c->slots[i].carry = was;
  }
  sk_vec_push(l->scratch, &carries, active);
  sk_vec_push(l->scratch, &yields, going);
  sk_eval_close(l);
  sk_build_end_loop(&l->b, carries.data, yields.data, carries.count);
  store_last(l, c, 0);
  store_answer(l, pred, active);
  end_kernel(l, kernel, true);
}

static uint32_t emit_apart(sk_lowering *l, counted *c, uint32_t loops, uint32_t pred) {
  uint32_t first = 0, outer_last = l->last_stmt, *outer_tail = l->tail;
  l->tail = &first;
  l->last_stmt = 0;
  emit_some_trips(l, c, loops, pred);
  l->tail = outer_tail;
  l->last_stmt = outer_last;
  return first;
}

bool sk_lower_scalar_loop(sk_lowering *l, sk_op op) {
  counted c;
  survey s = new_survey(l);
  sk_region cond = sk_op_region(l->m, op, 0);
  if (!open_until(&s, op, &c) || !survey_region(&s, &c, cond) || !survey_region(&s, &c, c.body)) {
    return false;
  }
  for (uint32_t i = 0; i < c.count; i++) {
    const slot *t = &c.slots[i];
    if (t->role == INVARIANT) {
      l->buf_of[t->arg.id] = sk_lower_materialise(l, t->init);
      l->buf_of[sk_region_arg(l->m, cond, i).id] = l->buf_of[t->arg.id];
    } else {
      sk_lower_into(l, t->init, sk_lower_result_buf(l, t->result));
    }
  }
  sk_value answer = sk_op_operand(l->m, sk_region_get(l->m, cond)->last, 0);
  uint32_t pred = sk_lower_new_buf(l, sk_value_type(l->m, answer), SK_BUF_TEMP);
  uint32_t kernel = begin_kernel(l, s.loops, true);
  load_state(l, &c);
  store_answer(l, pred, goes_on(l, &c));
  end_kernel(l, kernel, true);
  uint32_t body = emit_apart(l, &c, s.loops, pred);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_WHILE, .block = {0, body}, .pred = pred});
  for (uint32_t i = 0; i < c.count; i++) {
    if (c.slots[i].role == INVARIANT) {
      keep_invariant(l, &c.slots[i]);
    }
  }
  return true;
}
