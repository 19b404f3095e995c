// SPDX-License-Identifier: Apache-2.0
// Greedy reduction: edits are tried from the coarse to the fine, and kept when the verdict stays the
// same. Rounds go on until one keeps nothing.
//
//   results      one alone, else fewer
//   calls        become bodies
//   operations   stretches of them become arguments; then single ones an operand or a constant
//   regions      come instead of what holds them; what is in them is thinned out
//   extents      every size 1, 2, half, one less
//   elements     arguments all zero, all one
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "read/read.h"
#include "reduce.h"

typedef struct reducer {
  reduce_case *c;
  const reduce_options *options;
  oracle_verdict wanted;
  uint64_t end_ns;
  uint32_t tries;
  bool kept;  // something in this round
} reducer;

static bool is_over(const reducer *r) {
  return r->options->seconds > 0 && sk_time_ns() > r->end_ns;
}

static bool is_same(const oracle_verdict *a, const oracle_verdict *b) {
  return a->what == b->what && a->op == b->op;
}

static void judge(const reduce_options *options, const reduce_case *c, oracle_verdict *out) {
  if (options->judge != NULL) {
    *out = (oracle_verdict){.what = ORACLE_AGREE};
    options->judge(options->user, c, out);
  } else {
    reduce_case_judge(c, &options->oracle, out);
  }
}

// Takes the candidate over if it fails the same way.
static bool consider(reducer *r, reduce_case *candidate) {
  oracle_verdict verdict;
  r->tries++;
  judge(r->options, candidate, &verdict);
  if (!is_same(&verdict, &r->wanted)) {
    reduce_case_free(candidate);
    return false;
  }
  reduce_case_free(r->c);
  *r->c = *candidate;
  r->wanted = verdict;
  r->kept = true;
  if (r->options->progress != NULL) {
    r->options->progress(r->options->user, r->c, reduce_op_count(r->c), r->tries);
  }
  return true;
}

static bool try_edit(reducer *r, const reduce_edit *edit) {
  reduce_case candidate;
  return !is_over(r) && reduce_apply(r->c, edit, &candidate) && consider(r, &candidate);
}

// ---- what there is to edit

typedef struct plan {
  sk_module *m;
  sk_op entry;
  sk_op *ops;  // owned: of the entry's body without the return, or of all its regions
  uint32_t op_count;
  uint8_t *actions;  // owned
  uint32_t *others;  // owned
} plan;

static void plan_end(plan *p) {
  sk_module_destroy(p->m);
  free(p->ops);
  free(p->actions);
  free(p->others);
}

static bool plan_begin(const reducer *r, bool nested, plan *p) {
  *p = (plan){0};
  sk_status status = sk_read_module("case", r->c->text, r->c->len, NULL, &p->m);
  if (status != NULL) {
    sk_status_free(status);
    return false;
  }
  p->entry = sk_module_find_func(p->m, SK_STR("main"));
  p->entry = p->entry.id != 0 ? p->entry : sk_module_first_func(p->m);
  p->ops = calloc((size_t)p->m->ops.count + 1, sizeof *p->ops);
  p->actions = calloc((size_t)p->m->values.count + 1, sizeof *p->actions);
  p->others = calloc((size_t)p->m->values.count + 1, sizeof *p->others);
  if (p->ops == NULL || p->actions == NULL || p->others == NULL) {
    plan_end(p);
    return false;
  }
  sk_region body = sk_func_body(p->m, p->entry);
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, p->m, body);
  while (sk_walk_next(&walker, &op)) {
    bool top = sk_op_get(p->m, op)->parent.id == body.id;
    if (!sk_opkind_has(sk_op_kind(p->m, op), SK_TRAIT_TERMINATOR) && top != nested) {
      p->ops[p->op_count++] = op;
    }
  }
  return true;
}

static void mark(plan *p, sk_op op, reduce_action action) {
  for (uint32_t i = 0; i < sk_op_get(p->m, op)->result_count; i++) {
    p->actions[sk_op_result(p->m, op, i).id] = (uint8_t)action;
  }
}

// ---- results

static uint32_t result_count(const reducer *r) {
  plan p;
  uint32_t count = 0;
  if (plan_begin(r, false, &p)) {
    count = sk_func_type(p.m, p.entry)->result_count;
    plan_end(&p);
  }
  return count;
}

static void reduce_results(reducer *r) {
  uint32_t count = result_count(r);
  bool *drop = calloc((size_t)count + 1, sizeof *drop);
  for (uint32_t kept = 0; drop != NULL && count > 1 && kept < count; kept++) {
    for (uint32_t i = 0; i < count; i++) {
      drop[i] = i != kept;
    }
    if (try_edit(r, &(reduce_edit){.drop_results = drop})) {
      free(drop);
      return;
    }
  }
  for (uint32_t i = 0; drop != NULL && count > 1 && i < count;) {
    memset(drop, 0, count);
    drop[i] = true;
    if (try_edit(r, &(reduce_edit){.drop_results = drop})) {
      count--;
    } else {
      i++;
    }
  }
  free(drop);
}

// ---- operations

static void free_seen(void **seen, uint32_t count) {
  for (uint32_t i = 0; seen != NULL && i < count; i++) {
    free(seen[i]);
  }
  free(seen);
}

// The operations [first, first + length) become arguments.
static bool cut(reducer *r, uint32_t first, uint32_t length, uint32_t *out_count) {
  plan p;
  uint32_t values;
  if (!plan_begin(r, false, &p)) {
    return false;
  }
  *out_count = p.op_count;
  void **seen = reduce_observe(r->c, &values);
  for (uint32_t i = first; i < SK_MIN(first + length, p.op_count); i++) {
    mark(&p, p.ops[i], REDUCE_TO_ARGUMENT);
  }
  bool ok = first < p.op_count && seen != NULL &&
            try_edit(r, &(reduce_edit){.actions = p.actions, .seen = seen});
  free_seen(seen, values);
  plan_end(&p);
  return ok;
}

static void reduce_stretches(reducer *r) {
  plan p;
  uint32_t count = 0;
  if (plan_begin(r, false, &p)) {
    count = p.op_count;
    plan_end(&p);
  }
  for (uint32_t length = (count + 1) / 2; length > 0 && !is_over(r);
       length = length == 1 ? 0 : (length + 1) / 2) {
    for (uint32_t first = 0; first < count && !is_over(r);) {
      uint32_t now = count;
      bool ok = cut(r, first, length, &now);
      count = now;
      first += ok ? 0 : length;
    }
  }
}

static bool same_type(const sk_module *m, sk_value a, sk_value b) {
  return sk_value_type(m, a).id == sk_value_type(m, b).id;
}

// Every result the operand of its type that comes after `skip` others; false: there is none.
static bool mark_operands(plan *p, sk_op op, uint32_t skip) {
  uint32_t count = sk_op_get(p->m, op)->operand_count;
  for (uint32_t i = 0; i < sk_op_get(p->m, op)->result_count; i++) {
    sk_value v = sk_op_result(p->m, op, i);
    uint32_t k = 0, left = skip;
    while (k < count && (!same_type(p->m, v, sk_op_operand(p->m, op, k)) || left-- > 0)) {
      k++;
    }
    if (k == count) {
      return false;
    }
    p->actions[v.id] = REDUCE_TO_VALUE;
    p->others[v.id] = sk_op_operand(p->m, op, k).id;
  }
  return true;
}

static bool try_operands(reducer *r, plan *p, sk_op op) {
  enum { MOST = 4 };
  for (uint32_t skip = 0; skip < MOST && mark_operands(p, op, skip); skip++) {
    if (try_edit(r, &(reduce_edit){.actions = p->actions, .others = p->others})) {
      return true;
    }
  }
  return false;
}

static bool simplify_op(reducer *r, bool nested, uint32_t index, uint32_t *out_count) {
  plan p;
  bool ok = false;
  if (!plan_begin(r, nested, &p)) {
    return false;
  }
  *out_count = p.op_count;
  if (index < p.op_count && sk_op_kind(p.m, p.ops[index]) != SK_OP_CONSTANT) {
    sk_op op = p.ops[index];
    ok = try_operands(r, &p, op);
    if (!ok) {
      mark(&p, op, REDUCE_TO_CONSTANT);
      ok = try_edit(r, &(reduce_edit){.actions = p.actions});
    }
    for (uint32_t i = 0; !ok && i < sk_op_get(p.m, op)->region_count; i++) {
      ok = try_edit(r, &(reduce_edit){.opened = op, .region = i});
    }
  }
  plan_end(&p);
  return ok;
}

static void simplify_ops(reducer *r, bool nested) {
  uint32_t count = 1;
  for (uint32_t i = 0; i < count && !is_over(r);) {
    i += simplify_op(r, nested, i, &count) ? 0 : 1;
  }
}

// ---- extents and elements

static int compare_extents(const void *a, const void *b) {
  const int64_t *x = a, *y = b;
  return (*x < *y) - (*x > *y);
}

// Of all types, the largest first, each once.
static uint32_t list_extents(const reducer *r, int64_t *out, uint32_t cap) {
  plan p;
  uint32_t count = 0, kept = 0;
  if (!plan_begin(r, false, &p)) {
    return 0;
  }
  for (uint32_t id = 1; id < p.m->values.count; id++) {
    const sk_type_rec *type = sk_value_type_rec(p.m, (sk_value){id});
    for (uint32_t d = 0; type->kind == SK_TYPE_TENSOR && d < type->rank && count < cap; d++) {
      out[count++] = type->dims[d];
    }
  }
  plan_end(&p);
  qsort(out, count, sizeof *out, compare_extents);
  for (uint32_t i = 0; i < count; i++) {
    if (out[i] > 1 && (kept == 0 || out[i] != out[kept - 1])) {
      out[kept++] = out[i];
    }
  }
  return kept;
}

static void reduce_extents(reducer *r) {
  int64_t extents[2000];
  uint32_t count = list_extents(r, extents, SK_COUNT(extents));
  for (uint32_t i = 0; i < count; i++) {
    for (int64_t now = extents[i]; now > 1 && !is_over(r);) {
      const int64_t less[] = {1, 2, 3, now / 2, now - now / 8, now - 1};
      size_t k = 0;
      while (k < SK_COUNT(less) &&
             !(less[k] < now && less[k] > 0 &&
               try_edit(r, &(reduce_edit){.old_extent = now, .new_extent = less[k]}))) {
        k++;
      }
      now = k < SK_COUNT(less) ? less[k] : 0;
    }
  }
}

static bool copy_case(const reduce_case *c, reduce_case *out) {
  return reduce_apply(c, &(reduce_edit){0}, out) && out->arg_count == c->arg_count;
}

static void reduce_elements(reducer *r) {
  for (uint32_t i = 0; i < r->c->arg_count && !is_over(r); i++) {
    reduce_case candidate;
    const char *data = r->c->args[i].data;
    bool zero = true;
    for (size_t at = 0; at < r->c->args[i].bytes; at++) {
      zero = zero && data[at] == 0;
    }
    if (!zero && copy_case(r->c, &candidate)) {
      memset(candidate.args[i].data, 0, candidate.args[i].bytes);
      (void)consider(r, &candidate);
    }
  }
}

// An argument that does not matter is a constant: it need not be stored, and folds.
static void reduce_arguments(reducer *r) {
  for (uint32_t i = 0; i < r->c->arg_count && !is_over(r);) {
    plan p;
    if (!plan_begin(r, false, &p)) {
      return;
    }
    p.actions[sk_region_arg(p.m, sk_func_body(p.m, p.entry), i).id] = REDUCE_TO_CONSTANT;
    bool ok = try_edit(r, &(reduce_edit){.actions = p.actions});
    i += ok ? 0 : 1;
    plan_end(&p);
  }
}

// ---- rounds

static void run_round(reducer *r) {
  reduce_results(r);
  (void)try_edit(r, &(reduce_edit){.inlines = true});
  reduce_stretches(r);
  simplify_ops(r, false);
  simplify_ops(r, true);
  reduce_extents(r);
  reduce_elements(r);
}

sk_status reduce_run(reduce_case *c, const reduce_options *options, oracle_verdict *verdict) {
  reducer r = {.c = c, .options = options};
  r.end_ns = sk_time_ns() + (uint64_t)(options->seconds * 1e9);
  judge(options, c, &r.wanted);
  *verdict = r.wanted;
  if (!oracle_is_finding(r.wanted.what)) {
    return NULL;
  }
  uint32_t before;
  do {
    before = reduce_op_count(c);
    r.kept = false;
    run_round(&r);
  } while (r.kept && reduce_op_count(c) < before && !is_over(&r));
  reduce_arguments(&r);
  *verdict = r.wanted;
  return NULL;
}
