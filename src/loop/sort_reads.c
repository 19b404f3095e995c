// SPDX-License-Identifier: Apache-2.0
// Sorts of which only a part of every row is read, as a median or a quantile does:
//
//   libcall sort [outer, length, inner] -> temporary      a.offset + const dyn + strides of loops
//   kernel: load a const                                  -> positions [first, last] of a row
//
// The union of what all kernels read of a sort's outputs becomes the part that it has to leave in
// order (SK_SORT_FIRST and SK_SORT_KEPT of base/sortcall.h). An access whose offset is not known, that
// may run on into a next row, or anything but a load of a kernel: all of the row is wanted.
//
// Runs before memory is planned; linear in the program.
#include "base/sortcall.h"
#include "loop/loop_int.h"

typedef struct sort_reads {
  sk_prog *prog;
  uint32_t *sort_of;      // by buffer: the SORT statement whose output it is; 0: none
  int64_t *first, *last;  // by statement: positions that are read
  uint8_t *is_whole;      // by statement
} sort_reads;

static const int64_t *params_of(const sort_reads *r, uint32_t stmt) {
  return r->prog->stmts.data[stmt].params;
}

// Something else looks at the buffer, or writes it.
static void want_all(sort_reads *r, uint32_t buf) { r->is_whole[r->sort_of[buf]] = 1; }

static void find_sorts(sort_reads *r) {
  for (uint32_t i = 1; i < r->prog->stmts.count; i++) {
    const sk_stmt *st = &r->prog->stmts.data[i];
    if (st->kind != SK_STMT_LIBCALL || st->libcall != SK_BUILTIN_SORT) {
      continue;
    }
    const int64_t operands = st->params[SK_SORT_OPERANDS];
    r->first[i] = INT64_MAX;
    r->last[i] = -1;
    for (int64_t o = 0; o < operands; o++) {
      uint32_t buf = st->bufs[operands + o];
      const sk_buf *b = &r->prog->bufs.data[buf];
      if (b->kind != SK_BUF_TEMP || b->slot || b->alias != 0 || r->sort_of[buf] != 0) {
        r->is_whole[i] = 1;
        want_all(r, buf);
      }
      r->sort_of[buf] = i;
    }
  }
}

// Statements that are no kernels. Where a SORT has no input of its own an output stands in its place.
static void find_mentions(sort_reads *r) {
  for (uint32_t i = 1; i < r->prog->stmts.count; i++) {
    const sk_stmt *st = &r->prog->stmts.data[i];
    bool is_sort = r->last[i] != 0;
    uint32_t count = is_sort ? (uint32_t)st->params[SK_SORT_OPERANDS] : st->buf_count;
    for (uint32_t b = 0; b < count; b++) {
      if (!is_sort || r->sort_of[st->bufs[b]] != i) {
        want_all(r, st->bufs[b]);
      }
    }
    const uint32_t others[] = {st->dst,
                               st->src,
                               st->pred,
                               st->dot ? st->dot->a : 0,
                               st->dot ? st->dot->b : 0,
                               st->dot ? st->dot->c : 0};
    for (uint32_t b = 0; b < SK_COUNT(others); b++) {
      want_all(r, others[b]);
    }
  }
  for (uint32_t b = 1; b < r->prog->bufs.count; b++) {
    if (r->prog->bufs.data[b].alias != 0) {
      want_all(r, r->prog->bufs.data[b].alias - 1);
    }
  }
}

// Elements that a load of the access touches: [*lo, *hi] of one `period`. False: that isn't known.
static bool find_span(const sk_kernel *k, const sk_inst *load, int64_t period, int64_t *lo,
                      int64_t *hi) {
  const sk_inst *dyn = &k->insts.data[load->a.id];
  if (load->a.id != 0 && dyn->op != SK_L_CONST) {
    return false;
  }
  int64_t at = k->accesses.data[load->imm].offset;
  if (load->a.id != 0) {
    at += dyn->type == SK_LT_I64 ? (int64_t)dyn->imm : (int32_t)(uint32_t)dyn->imm;
  }
  *lo = *hi = ((at % period) + period) % period;
  for (uint32_t l = 0; l < k->loops.count; l++) {
    int64_t stride = sk_access_stride(k, (uint32_t)load->imm, l), extent = k->loops.data[l].extent;
    if (stride % period == 0 || extent == 1) {
      continue;  // from row to row
    }
    if (stride >= period || stride <= -period || extent > period) {
      return false;
    }
    *(stride > 0 ? hi : lo) += (extent - 1) * stride;
  }
  return *lo >= 0 && *hi < period;
}

static void find_loads(sort_reads *r) {
  for (uint32_t i = 1; i < r->prog->kernels.count; i++) {
    const sk_kernel *k = &r->prog->kernels.data[i];
    for (uint32_t j = 1; j < k->insts.count; j++) {
      const sk_inst *inst = &k->insts.data[j];
      if (inst->op != SK_L_LOAD && inst->op != SK_L_STORE) {
        continue;
      }
      uint32_t buf = k->accesses.data[inst->imm].buf, sort = r->sort_of[buf];
      if (sort == 0) {
        continue;
      }
      const int64_t *params = params_of(r, sort), inner = params[SK_SORT_INNER];
      const int64_t period = params[SK_SORT_LENGTH] * inner;
      int64_t lo, hi;
      if (inst->op == SK_L_STORE || period == 0 || !find_span(k, inst, period, &lo, &hi)) {
        want_all(r, buf);
        continue;
      }
      r->first[sort] = SK_MIN(r->first[sort], lo / inner);
      r->last[sort] = SK_MAX(r->last[sort], hi / inner);
    }
  }
}

void sk_loop_find_sort_reads(sk_prog *p) {
  uint32_t stmts = p->stmts.count;
  sort_reads r = {.prog = p,
                  .sort_of = sk_arena_zalloc(p->arena, sizeof(uint32_t) * p->bufs.count, 4),
                  .first = sk_arena_zalloc(p->arena, sizeof(int64_t) * stmts, 8),
                  .last = sk_arena_zalloc(p->arena, sizeof(int64_t) * stmts, 8),
                  .is_whole = sk_arena_zalloc(p->arena, stmts, 1)};
  find_sorts(&r);
  find_mentions(&r);
  find_loads(&r);
  for (uint32_t i = 1; i < stmts; i++) {
    sk_stmt *st = &p->stmts.data[i];
    if (r.last[i] <= 0 || r.is_whole[i] || r.first[i] == 0) {
      continue;
    }
    int64_t *params = SK_NEW_ARRAY(p->arena, int64_t, st->param_count);
    memcpy(params, st->params, sizeof *params * st->param_count);
    params[SK_SORT_FIRST] = r.first[i];
    params[SK_SORT_KEPT] = SK_MIN(params[SK_SORT_KEPT], r.last[i] + 1);
    st->params = params;
  }
}
