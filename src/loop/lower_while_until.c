// SPDX-License-Identifier: Apache-2.0
// Loops of single elements that only running tells the end of.
//
// The statement is a while whose body is one kernel of TRIPS_AT_ONCE trips; trips that are too many
// do nothing. The kernel before it evaluates the condition once.
#include "loop/lower_while.h"

enum { TRIPS_AT_ONCE = 16 };

static void load_state(sk_lowering *l, sk_while *c) {
  for (uint32_t i = 0; i < c->count; i++) {
    sk_while_slot *t = &c->slots[i];
    if (t->role == SK_ROLE_CARRIED) {
      sk_elem elem = (sk_elem)sk_value_type_rec(l->m, t->result)->elem;
      t->carry = sk_emit_load(l, l->buf_of[t->result.id], elem, &(sk_affine){0}, (sk_val){0});
    }
  }
}

static void bind_state(sk_lowering *l, const sk_while *c, sk_region region) {
  for (uint32_t i = 0; i < c->count; i++) {
    if (c->slots[i].role == SK_ROLE_CARRIED) {
      sk_eval_bind(l, sk_region_arg(l->m, region, i), NULL, c->slots[i].carry);
    }
  }
}

// Does the loop go on from the state in `carry`?
static sk_val goes_on(sk_lowering *l, const sk_while *c) {
  sk_region cond = sk_op_region(l->m, c->op, 0);
  sk_value answer = sk_op_operand(l->m, sk_region_get(l->m, cond)->last, 0);
  bind_state(l, c, cond);
  sk_while_emit_statements(l, cond, 0);
  return sk_eval(l, answer, sk_while_point_map(l, answer, 0)).re;
}

static void store_answer(sk_lowering *l, uint32_t pred, sk_val answer) {
  sk_emit_store(l, pred, SK_PRED, &(sk_affine){0}, (sk_scalar){answer, {0}});
}

// One trip, if `active`: the state in `carry` becomes the next one. Returns whether the loop goes
// on.
static sk_val emit_trip(sk_lowering *l, sk_while *c, sk_val active) {
  sk_scalar *before = SK_NEW_ARRAY(l->scratch, sk_scalar, c->count + 1);
  sk_scalar *after = SK_NEW_ARRAY(l->scratch, sk_scalar, c->count + 1);
  sk_build_if(&l->b, active);
  sk_eval_open(l);
  bind_state(l, c, c->body);
  sk_while_emit_statements(l, c->body, 0);
  for (uint32_t i = 0; i < c->count; i++) {
    const sk_while_slot *t = &c->slots[i];
    before[i] = t->carry;
    after[i] = t->role == SK_ROLE_CARRIED ? sk_eval(l, t->next, sk_while_point_map(l, t->next, 0))
                                          : t->carry;
  }
  for (uint32_t i = 0; i < c->count; i++) {
    c->slots[i].carry = after[i];
  }
  sk_val going = goes_on(l, c);
  sk_eval_close(l);
  sk_build_end_if(&l->b);
  for (uint32_t i = 0; i < c->count; i++) {
    if (c->slots[i].role == SK_ROLE_CARRIED) {
      c->slots[i].carry = sk_while_choose(l, true, active, after[i], before[i]);
    }
  }
  return sk_build_merge(&l->b, active, going, sk_build_pred(&l->b, false));
}

static void emit_some_trips(sk_lowering *l, sk_while *c, uint32_t loops, uint32_t pred) {
  SK_VEC(sk_val) carries = {0}, yields = {0};
  uint32_t kernel = sk_while_begin_kernel(l, loops + 1, true);
  load_state(l, c);
  sk_val active = sk_build_pred(&l->b, true);
  sk_build_loop(&l->b, SK_LOOP_SEQ, TRIPS_AT_ONCE, 1);
  sk_while_open_carries(l, c);
  active = sk_build_carry(&l->b, active, SK_L_NONE);
  sk_eval_open(l);
  sk_while_slot *state = sk_arena_copy(l->scratch, c->slots, sizeof(sk_while_slot) * c->count,
                                       _Alignof(sk_while_slot));
  sk_val going = emit_trip(l, c, active);
  for (uint32_t i = 0; i < c->count; i++) {
    sk_scalar was = state[i].carry, is = c->slots[i].carry;
    if (state[i].role != SK_ROLE_CARRIED) {
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
  sk_while_store_last(l, c, 0);
  store_answer(l, pred, active);
  sk_while_end_kernel(l, kernel, true);
}

static uint32_t emit_apart(sk_lowering *l, sk_while *c, uint32_t loops, uint32_t pred) {
  uint32_t first = 0, outer_last = l->last_stmt, *outer_tail = l->tail;
  l->tail = &first;
  l->last_stmt = 0;
  emit_some_trips(l, c, loops, pred);
  l->tail = outer_tail;
  l->last_stmt = outer_last;
  return first;
}

bool sk_lower_scalar_loop(sk_lowering *l, sk_op op) {
  sk_while c;
  sk_while_survey s = sk_while_survey_new(l);
  sk_region cond = sk_op_region(l->m, op, 0);
  if (!sk_while_open_until(&s, op, &c) || !sk_while_survey_region(&s, &c, cond) ||
      !sk_while_survey_region(&s, &c, c.body)) {
    return false;
  }
  for (uint32_t i = 0; i < c.count; i++) {
    const sk_while_slot *t = &c.slots[i];
    if (t->role == SK_ROLE_INVARIANT) {
      l->buf_of[t->arg.id] = sk_lower_materialise(l, t->init);
      l->buf_of[sk_region_arg(l->m, cond, i).id] = l->buf_of[t->arg.id];
    } else {
      sk_lower_into(l, t->init, sk_lower_result_buf(l, t->result));
    }
  }
  sk_value answer = sk_op_operand(l->m, sk_region_get(l->m, cond)->last, 0);
  uint32_t pred = sk_lower_new_buf(l, sk_value_type(l->m, answer), SK_BUF_TEMP);
  uint32_t kernel = sk_while_begin_kernel(l, s.loops, true);
  load_state(l, &c);
  store_answer(l, pred, goes_on(l, &c));
  sk_while_end_kernel(l, kernel, true);
  uint32_t body = emit_apart(l, &c, s.loops, pred);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_WHILE, .block = {0, body}, .pred = pred});
  for (uint32_t i = 0; i < c.count; i++) {
    if (c.slots[i].role == SK_ROLE_INVARIANT) {
      sk_while_keep_invariant(l, &c.slots[i]);
    }
  }
  return true;
}
