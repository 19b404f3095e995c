// SPDX-License-Identifier: Apache-2.0
// Structured control flow: while, case, if -> WHILE and CASE statements.
//
// A while keeps each carried value in one slot buffer C. The body computes the next value into a second slot buffer N, and the two exchange
// their storage at the end of the trip; nothing is copied. Special cases, decided by what the body returns:
//   the argument itself            not carried: the initial value's buffer is read
//   an update in place of C        no N, no exchange (dynamic_update_slice of the argument, its last use); C is not
//                                  even filled when the loop overwrites all of it (lower_fill.c), and is the result's own
//                                  storage where that is known
//   a value that lives elsewhere   copied to N first (another argument, a value from outside, the same value twice)
// The branches of a case write into its results.
// Counted loops with element-wise bodies, and loops of single elements, are kernels instead (lower_while.c).
// The schedule later lets N share C's storage when the kernel that writes N only reads C at the element it writes.
#include "loop/lower_int.h"

typedef struct carry {
  sk_value arg, next;
  uint32_t current, following;  // buffers C and N; following 0: none
  bool invariant;
} carry;

typedef struct while_state {
  sk_op op;
  carry *carries;
  uint32_t count;
  uint32_t pred;
} while_state;

static sk_op terminator_of(const sk_lowering *l, sk_region region) {
  return sk_region_get(l->m, region)->last;
}

static uint32_t new_slot(sk_lowering *l, sk_value like) {
  uint32_t buf = sk_lower_new_buf(l, sk_value_type(l->m, like), SK_BUF_TEMP);
  l->prog->bufs.data[buf].slot = 1;
  return buf;
}

// Does the body return an update of the argument's own buffer (a chain of updates, none of which changes what is still to be read)?
static bool updates_in_place(sk_lowering *l, sk_value next, sk_value arg, sk_region body) {
  sk_value v = next;
  for (;;) {
    sk_op def = sk_value_get(l->m, v)->op;
    if (v.id == arg.id) {
      return v.id != next.id;
    }
    sk_opkind kind = def.id != 0 ? sk_op_kind(l->m, def) : SK_OP_NONE;
    if ((kind != SK_OP_DYNAMIC_UPDATE_SLICE && kind != SK_OP_SCATTER) ||
        sk_op_get(l->m, def)->parent.id != body.id) {
      return false;
    }
    uint32_t k = sk_value_get(l->m, v)->index;
    v = sk_op_operand(l->m, def, k);
    if (!sk_lower_is_read_before(l, v, def, k, l->order[def.id])) {
      return false;
    }
  }
}

// Where an array that every trip updates in place lives: where the while's result is wanted, if anywhere.
static uint32_t storage_in_place(sk_lowering *l, sk_op loop, uint32_t index) {
  uint32_t wanted = l->buf_of[sk_op_result(l->m, loop, index).id];
  if (wanted == 0) {
    return new_slot(l, sk_op_result(l->m, loop, index));
  }
  l->prog->bufs.data[wanted].slot = 1;
  return wanted;
}

// What is made in place of one carry is not made in the place of another that takes it too.
static void set_in_place(sk_lowering *l, const carry *c, uint32_t buf) {
  if (!c->invariant && c->following == 0) {
    l->buf_of[c->next.id] = buf;
  }
}

static void prepare_carries(sk_lowering *l, while_state *w) {
  sk_region body = sk_op_region(l->m, w->op, 1), cond = sk_op_region(l->m, w->op, 0);
  sk_op end = terminator_of(l, body);
  w->count = sk_region_get(l->m, body)->arg_count;
  w->carries = sk_arena_zalloc(l->arena, sizeof(carry) * (w->count + 1), _Alignof(carry));
  for (uint32_t i = 0; i < w->count; i++) {
    carry *c = &w->carries[i];
    sk_value init = sk_op_operand(l->m, w->op, i);
    c->arg = sk_region_arg(l->m, body, i);
    c->next = sk_op_operand(l->m, end, i);
    c->invariant = c->next.id == c->arg.id;
    if (c->invariant) {
      c->current = sk_lower_materialise(l, init);
    } else if (updates_in_place(l, c->next, c->arg, body)) {
      c->current = storage_in_place(l, w->op, i);
      if (!sk_lower_is_overwritten(l, w->op, i)) {
        sk_lower_into(l, init, c->current);
      }
    } else {
      c->current = new_slot(l, c->arg);
      c->following = new_slot(l, c->arg);
      sk_lower_into(l, init, c->current);
    }
    l->buf_of[c->arg.id] = c->current;
    l->buf_of[sk_region_arg(l->m, cond, i).id] = c->current;
  }
  for (uint32_t i = 0; i < w->count; i++) {
    set_in_place(l, &w->carries[i], UINT32_MAX);
  }
  for (uint32_t i = 0; i < w->count; i++) {  // let the body write straight into N
    carry *c = &w->carries[i];
    sk_value target = sk_lower_resolve(l, c->next);
    sk_op def = sk_value_get(l->m, target)->op;
    bool here =
        def.id != 0 && sk_op_get(l->m, def)->parent.id == body.id && l->buf_of[target.id] == 0;
    if (c->following != 0 && here &&
        (l->plan->group_of[def.id] != 0 || sk_lower_is_statement(l, def))) {
      l->buf_of[target.id] = c->following;
    }
  }
  for (uint32_t i = 0; i < w->count; i++) {
    set_in_place(l, &w->carries[i], 0);
  }
}

static void finish_cond(sk_lowering *l, void *user) {
  while_state *w = user;
  sk_value pred = sk_op_operand(l->m, terminator_of(l, sk_op_region(l->m, w->op, 0)), 0);
  w->pred = sk_lower_materialise(l, pred);
}

static void finish_body(sk_lowering *l, void *user) {
  while_state *w = user;
  for (uint32_t i = 0; i < w->count; i++) {
    carry *c = &w->carries[i];
    if (c->following != 0 && l->buf_of[sk_lower_resolve(l, c->next).id] != c->following) {
      sk_lower_into(l, c->next, c->following);
    }
  }
  for (uint32_t i = 0; i < w->count; i++) {
    if (w->carries[i].following != 0) {
      sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_SWAP,
                                  .dst = w->carries[i].current,
                                  .src = w->carries[i].following});
    }
  }
}

void sk_lower_while(sk_lowering *l, sk_op op) {
  if (sk_lower_counted_loop(l, op) || sk_lower_scalar_loop(l, op)) {
    return;
  }
  while_state w = {.op = op};
  prepare_carries(l, &w);
  uint32_t cond = sk_lower_block(l, sk_op_region(l->m, op, 0), finish_cond, &w);
  uint32_t body = sk_lower_block(l, sk_op_region(l->m, op, 1), finish_body, &w);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_WHILE, .block = {cond, body}, .pred = w.pred});
  for (uint32_t i = 0; i < w.count; i++) {
    sk_value result = sk_op_result(l->m, op, i);
    uint32_t wanted = l->buf_of[result.id], current = w.carries[i].current;
    if (wanted != 0 && wanted != current) {
      sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_COPY, .dst = wanted, .src = current});
    }
    l->buf_of[result.id] = wanted != 0 ? wanted : current;
  }
}

typedef struct case_state {
  sk_op op;
  sk_region region;
  uint32_t *results;
} case_state;

static void finish_branch(sk_lowering *l, void *user) {
  case_state *c = user;
  sk_op end = terminator_of(l, c->region);
  for (uint32_t i = 0; i < sk_op_get(l->m, end)->operand_count; i++) {
    sk_lower_into(l, sk_op_operand(l->m, end, i), c->results[i]);
  }
}

// Lets the branch write straight into the results what is made there.
static void aim_results(sk_lowering *l, const case_state *c) {
  sk_op end = terminator_of(l, c->region);
  for (uint32_t i = 0; i < sk_op_get(l->m, end)->operand_count; i++) {
    sk_value target = sk_lower_resolve(l, sk_op_operand(l->m, end, i));
    sk_op def = sk_value_get(l->m, target)->op;
    if (def.id == 0 || sk_op_get(l->m, def)->parent.id != c->region.id ||
        l->buf_of[target.id] != 0) {
      continue;
    }
    sk_opkind kind = sk_op_kind(l->m, def);
    bool in_place = kind == SK_OP_DYNAMIC_UPDATE_SLICE || kind == SK_OP_SCATTER;
    if (l->plan->group_of[def.id] != 0 || (sk_lower_is_statement(l, def) && !in_place)) {
      l->buf_of[target.id] = c->results[i];
    }
  }
}

void sk_lower_case(sk_lowering *l, sk_op op) {
  const sk_op_rec rec = *sk_op_get(l->m, op);
  case_state c = {.op = op, .results = SK_NEW_ARRAY(l->arena, uint32_t, rec.result_count + 1)};
  uint32_t *branches = SK_NEW_ARRAY(l->arena, uint32_t, rec.region_count + 1);
  uint32_t selector = sk_lower_materialise(l, sk_op_operand(l->m, op, 0));
  for (uint32_t i = 0; i < rec.result_count; i++) {
    c.results[i] = sk_lower_result_buf(l, sk_op_result(l->m, op, i));
  }
  for (uint32_t r = 0; r < rec.region_count; r++) {
    c.region = sk_op_region(l->m, op, r);
    aim_results(l, &c);
    branches[r] = sk_lower_block(l, c.region, finish_branch, &c);
  }
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_CASE,
                              .pred = selector,
                              .case_is_pred = rec.kind == SK_OP_IF,
                              .branches = branches,
                              .branch_count = rec.region_count});
}
