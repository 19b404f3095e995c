// SPDX-License-Identifier: Apache-2.0
// Results that take the storage of an argument the caller gives up.
//
//   top-level statement    1    2    3 kernel    4    5
//   argument A             r         r                     last mentioned in 3
//   result R                         w           r    w    first mentioned in 3
//
// R may lie where A lies if A is not mentioned after the first statement that mentions R; that
// statement may mention both if it is a kernel that reads, of A, only the element that it then
// writes, or a copy of A to R, which then does nothing. A while or case counts as one statement, with all that is in it.
//
// A donor is paired with the result the program names, or else with the first few of its size that
// are free. Linear in the program but for a sort of the results by size. Runs before the rest of
// `schedule`; aliases are all it sets.
#include <stdlib.h>

#include "loop/loop_int.h"
#include "loop/lower.h"

enum { MAX_TRIES = 16 };

typedef struct span {
  uint32_t first, last;  // top-level statement ids' positions, from 1; 0: nowhere
  uint32_t first_stmt;
} span;

typedef struct donation {
  sk_prog *prog;
  span *spans;  // by buffer
  uint32_t position, stmt;
  uint32_t *arg_buf, *result_buf;  // by index; 0: none
  bool *is_taken;                  // by result
} donation;

// ---- who is mentioned where

static void mention(donation *d, uint32_t buf) {
  span *s = &d->spans[buf];
  if (s->first == 0) {
    s->first = d->position;
    s->first_stmt = d->stmt;
  }
  s->last = d->position;
}

static void walk(donation *d, uint32_t first);

static void mention_all(donation *d, const sk_stmt *st) {
  switch ((sk_stmt_kind)st->kind) {
    case SK_STMT_KERNEL: {
      const sk_kernel *k = &d->prog->kernels.data[st->kernel];
      for (uint32_t i = 0; i < k->accesses.count; i++) {
        mention(d, k->accesses.data[i].buf);
      }
      break;
    }
    case SK_STMT_DOT:
      mention(d, st->dot->a);
      mention(d, st->dot->b);
      mention(d, st->dot->c);
      break;
    case SK_STMT_LIBCALL:
      for (uint32_t i = 0; i < st->buf_count; i++) {
        mention(d, st->bufs[i]);
      }
      break;
    case SK_STMT_WHILE:
      mention(d, st->pred);
      walk(d, st->block[0]);
      walk(d, st->block[1]);
      break;
    case SK_STMT_CASE:
      mention(d, st->pred);
      for (uint32_t i = 0; i < st->branch_count; i++) {
        walk(d, st->branches[i]);
      }
      break;
    case SK_STMT_COPY:
    case SK_STMT_SWAP:
      mention(d, st->dst);
      mention(d, st->src);
      break;
  }
}

static void walk(donation *d, uint32_t first) {
  for (uint32_t id = first; id != 0; id = d->prog->stmts.data[id].next) {
    mention_all(d, &d->prog->stmts.data[id]);
  }
}

static void find_spans(donation *d) {
  for (uint32_t id = d->prog->body; id != 0; id = d->prog->stmts.data[id].next) {
    d->position++;
    d->stmt = id;
    mention_all(d, &d->prog->stmts.data[id]);
  }
}

// ---- pairs

static bool may_share(const donation *d, uint32_t arg, uint32_t result) {
  const sk_buf *a = &d->prog->bufs.data[arg], *r = &d->prog->bufs.data[result];
  if (a->mem != r->mem || a->elems != r->elems || r->alias != 0) {
    return false;
  }
  const span *of_a = &d->spans[arg], *of_r = &d->spans[result];
  if (of_r->first == 0 || of_a->last < of_r->first) {
    return of_r->first != 0;
  }
  if (of_a->last != of_r->first) {
    return false;
  }
  const sk_stmt *st = &d->prog->stmts.data[of_r->first_stmt];
  return st->kind == SK_STMT_KERNEL
             ? sk_kernel_replaces(&d->prog->kernels.data[st->kernel], arg, result)
             : st->kind == SK_STMT_COPY && st->dst == result && st->src == arg;
}

static bool take(donation *d, uint32_t arg, uint32_t result_index) {
  uint32_t result = d->result_buf[result_index];
  if (d->is_taken[result_index] || result == 0 || !may_share(d, arg, result)) {
    return false;
  }
  d->prog->bufs.data[result].alias = arg + 1;
  d->is_taken[result_index] = true;
  return true;
}

static void find_buffers(donation *d) {
  for (uint32_t i = 1; i < d->prog->bufs.count; i++) {
    const sk_buf *buf = &d->prog->bufs.data[i];
    if (buf->kind == SK_BUF_ARG) {
      d->arg_buf[buf->index] = i;
    } else if (buf->kind == SK_BUF_RESULT) {
      d->result_buf[buf->index] = i;
    }
  }
}

typedef struct sized {
  int64_t elems;
  uint32_t mem, index;
} sized;

static int compare_sized(const void *a, const void *b) {
  const sized *x = a, *y = b;
  if (x->mem != y->mem) {
    return x->mem < y->mem ? -1 : 1;
  }
  if (x->elems != y->elems) {
    return x->elems < y->elems ? -1 : 1;
  }
  return (x->index > y->index) - (x->index < y->index);
}

// Donors without a result of their own, by size like the results; both in one ascent.
static void pair_by_size(donation *d, sized *donors, uint32_t donor_count, const sized *results,
                         uint32_t result_count) {
  uint32_t from = 0;
  qsort(donors, donor_count, sizeof *donors, compare_sized);
  for (uint32_t i = 0; i < donor_count; i++) {
    const sized *donor = &donors[i];
    const sized least = {donor->elems, donor->mem, 0};
    // Results before `from` are smaller, or taken.
    while (from < result_count &&
           (compare_sized(&results[from], &least) < 0 || d->is_taken[results[from].index])) {
      from++;
    }
    for (uint32_t k = from; k < result_count && k < from + MAX_TRIES; k++) {
      if (results[k].mem != donor->mem || results[k].elems != donor->elems ||
          take(d, d->arg_buf[donor->index], results[k].index)) {
        break;
      }
    }
  }
}

static sized size_of(const donation *d, uint32_t buf, uint32_t index) {
  const sk_buf *b = &d->prog->bufs.data[buf];
  return (sized){b->elems, b->mem, index};
}

static void pair(donation *d, const sk_donor *donors, uint32_t count) {
  sk_arena *arena = d->prog->arena;
  sized *open = SK_NEW_ARRAY(arena, sized, count + 1);
  sized *results = SK_NEW_ARRAY(arena, sized, d->prog->result_count + 1);
  uint32_t open_count = 0, result_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t arg = d->arg_buf[donors[i].arg];
    if (arg == 0) {
      continue;
    }
    if (donors[i].result == SK_ANY_RESULT) {
      open[open_count++] = size_of(d, arg, donors[i].arg);
    } else {
      (void)take(d, arg, donors[i].result);
    }
  }
  for (uint32_t i = 0; i < d->prog->result_count; i++) {
    if (d->result_buf[i] != 0) {
      results[result_count++] = size_of(d, d->result_buf[i], i);
    }
  }
  qsort(results, result_count, sizeof *results, compare_sized);
  pair_by_size(d, open, open_count, results, result_count);
}

void sk_schedule_donors(sk_prog *prog, const sk_donor *donors, uint32_t count) {
  if (count == 0 || prog->result_count == 0) {
    return;
  }
  sk_arena *arena = prog->arena;
  donation d = {
      .prog = prog,
      .spans = sk_arena_zalloc(arena, prog->bufs.count * sizeof(span), _Alignof(span)),
      .arg_buf = sk_arena_zalloc(arena, (prog->arg_count + (size_t)1) * sizeof(uint32_t), 4),
      .result_buf = sk_arena_zalloc(arena, (prog->result_count + (size_t)1) * sizeof(uint32_t), 4),
      .is_taken = sk_arena_zalloc(arena, prog->result_count, 1)};
  find_buffers(&d);
  find_spans(&d);
  pair(&d, donors, count);
}
