// SPDX-License-Identifier: Apache-2.0
// Whether a nest of whiles can be one kernel (lower_while.c says which can), and what is what in it:
// the roles of what is carried, and which values differ by point. Emits nothing. Linear in the
// operations of the nest.
#include "loop/lower_while.h"

enum {
  MAX_CARRIED = 128,
  MAX_BODY_OPS = 10000,
  MAX_DEPTH = 4,
  // Elements beyond which rows of stacks and arrays read by row are better passed over whole, and
  // the repeated scalar operations that are worth it at so many elements and above.
  FEW_POINTS = 64,
  MAX_ROW = 4096,
  MAX_REPEATED = 12
};

sk_while_survey sk_while_survey_new(sk_lowering *l) {
  l->survey++;
  if (l->by_point == NULL) {
    uint32_t values = l->m->values.count;
    l->by_point = sk_arena_zalloc(l->arena, sizeof(uint32_t) * values, _Alignof(uint32_t));
  }
  return (sk_while_survey){.l = l};
}

// Differs by point, in the survey of this time.
static void mark(const sk_while_survey *s, sk_value v) { s->l->by_point[v.id] = s->l->survey; }
static bool is_by_point(const sk_while_survey *s, sk_value v) {
  return s->l->by_point[v.id] == s->l->survey;
}

// ---------------------------------------------------------------------------------------------------- roles

static bool squeeze(const sk_type_rec *type, sk_points *out) {
  *out = (sk_points){.elems = 1};
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

static bool has_points(const sk_lowering *l, sk_value v, const sk_points *s) {
  sk_points p;
  return squeeze(sk_value_type_rec(l->m, v), &p) && p.rank == s->rank &&
         (p.rank == 0 || memcmp(p.dims, s->dims, sizeof p.dims[0] * p.rank) == 0);
}

// Every carried value and row has the shape S.
static bool agrees(sk_while_survey *s, sk_value v) {
  if (!s->known) {
    s->known = true;
    return squeeze(sk_value_type_rec(s->l->m, v), &s->points);
  }
  return has_points(s->l, v, &s->points);
}

static bool is_computable(const sk_lowering *l, sk_value v) {
  return sk_elem_lt((sk_elem)sk_value_type_rec(l->m, v)->elem) != SK_LT_NONE;
}

static bool take_slot(sk_while_survey *s, sk_while *c, uint32_t i) {
  const sk_module *m = s->l->m;
  sk_while_slot *t = &c->slots[i];
  t->init = sk_op_operand(m, c->op, i);
  t->arg = sk_region_arg(m, c->body, i);
  t->next = sk_op_operand(m, sk_region_get(m, c->body)->last, i);
  t->result = sk_op_result(m, c->op, i);
  if (t->arg.id == c->counter.id) {
    t->role = SK_ROLE_COUNTER;
    return true;
  }
  if (t->next.id == t->arg.id) {
    t->role = SK_ROLE_INVARIANT;
    return c->depth == 0;
  }
  if (!is_computable(s->l, t->arg)) {
    return false;
  }
  if (sk_lower_is_overwritten(s->l, c->op, i)) {
    t->role = SK_ROLE_STACK;
    t->update = sk_value_get(m, t->next)->op;
    s->stacks++;
    return c->depth == 0 && agrees(s, sk_op_operand(m, t->update, 1));
  }
  t->role = SK_ROLE_CARRIED;
  mark(s, t->arg);
  return ++s->carried <= MAX_CARRIED && agrees(s, t->arg);
}

// ---------------------------------------------------------------------------------------------------- the body

static bool survey_loop(sk_while_survey *s, sk_op op, uint32_t depth);

static bool any_by_point(const sk_while_survey *s, sk_op op) {
  for (uint32_t i = 0; i < sk_op_get(s->l->m, op)->operand_count; i++) {
    if (is_by_point(s, sk_op_operand(s->l->m, op, i))) {
      return true;
    }
  }
  return false;
}

static bool survey_view(sk_while_survey *s, sk_op op, bool by_point) {
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

bool sk_while_is_choice(const sk_lowering *l, sk_op op) {
  return sk_op_kind(l->m, op) == SK_OP_CASE || sk_op_kind(l->m, op) == SK_OP_IF;
}

// Results differ by point if the choice or what a branch gives does; others must be single
// elements. Branches have no loops.
static bool survey_choice(sk_while_survey *s, const sk_while *c, sk_op op) {
  const sk_module *m = s->l->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  const sk_while inner = {.op = op, .depth = MAX_DEPTH};
  bool chosen = is_by_point(s, sk_op_operand(m, op, 0));
  if (c->depth > MAX_DEPTH || rec.region_count < 2 || (chosen && s->points.rank > 0)) {
    return false;
  }
  for (uint32_t b = 0; b < rec.region_count; b++) {
    if (!sk_while_survey_region(s, &inner, sk_op_region(m, op, b))) {
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
    sk_points single = {.elems = 1};
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

static bool survey_op(sk_while_survey *s, const sk_while *c, sk_op op) {
  const sk_module *m = s->l->m;
  sk_opkind kind = sk_op_kind(m, op);
  sk_op_class class = (sk_op_class)sk_opkind_info(kind)->op_class;
  bool by_point = any_by_point(s, op);
  if (kind == SK_OP_WHILE) {
    return survey_loop(s, op, c->depth + 1);
  }
  if (sk_while_is_choice(s->l, op)) {
    return survey_choice(s, c, op);
  }
  if (kind == SK_OP_DYNAMIC_UPDATE_SLICE) {
    for (uint32_t i = 0; i < c->count; i++) {
      if (c->slots[i].role == SK_ROLE_STACK && c->slots[i].update.id == op.id) {
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

bool sk_while_survey_region(sk_while_survey *s, const sk_while *c, sk_region region) {
  SK_FOR_EACH_OP(s->l->m, region, op) {
    if (++s->ops > MAX_BODY_OPS || !survey_op(s, c, op)) {
      return false;
    }
  }
  return true;
}

bool sk_while_open_counted(sk_while_survey *s, sk_op op, uint32_t depth, sk_while *c) {
  const sk_module *m = s->l->m;
  *c = (sk_while){.op = op, .body = sk_op_region(m, op, 1), .depth = depth};
  if (depth > MAX_DEPTH || !sk_lower_find_counter(s->l, op, &c->counter, &c->trips) ||
      c->trips < 1) {
    return false;
  }
  c->count = sk_region_get(m, c->body)->arg_count;
  c->slots =
      sk_arena_zalloc(s->l->arena, sizeof(sk_while_slot) * c->count, _Alignof(sk_while_slot));
  s->loops++;
  bool fits = true;
  for (uint32_t i = 0; i < c->count && fits; i++) {
    fits = take_slot(s, c, i);
  }
  return fits;
}

static bool survey_loop(sk_while_survey *s, sk_op op, uint32_t depth) {
  sk_while c;
  bool fits = sk_while_open_counted(s, op, depth, &c) && sk_while_survey_region(s, &c, c.body);
  for (uint32_t i = 0; i < c.count && fits; i++) {
    if (c.slots[i].role == SK_ROLE_CARRIED) {
      mark(s, c.slots[i].result);
    }
  }
  return fits;
}

bool sk_while_is_worth_it(const sk_while_survey *s) {
  if (s->points.elems > FEW_POINTS && s->repeated > MAX_REPEATED) {
    return false;
  }
  bool in_rows = s->stacks > 0 || s->reads_rows;
  return s->maps || !in_rows || s->points.elems <= MAX_ROW;
}

bool sk_while_open_until(sk_while_survey *s, sk_op op, sk_while *c) {
  const sk_module *m = s->l->m;
  sk_region cond = sk_op_region(m, op, 0);
  *c = (sk_while){.op = op, .body = sk_op_region(m, op, 1)};
  c->count = sk_region_get(m, c->body)->arg_count;
  c->slots =
      sk_arena_zalloc(s->l->arena, sizeof(sk_while_slot) * (c->count + 1), _Alignof(sk_while_slot));
  for (uint32_t i = 0; i < c->count; i++) {
    sk_while_slot *t = &c->slots[i];
    t->init = sk_op_operand(m, op, i);
    t->arg = sk_region_arg(m, c->body, i);
    t->next = sk_op_operand(m, sk_region_get(m, c->body)->last, i);
    t->result = sk_op_result(m, op, i);
    t->role = t->next.id == t->arg.id ? SK_ROLE_INVARIANT : SK_ROLE_CARRIED;
    if (t->role == SK_ROLE_CARRIED) {
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
