// SPDX-License-Identifier: Apache-2.0
// Memory of a lowered program: in-place while carries, lifetimes, offsets in one arena, frame slots, constant pool, scratch.
//
// Statements are numbered in execution order, a while's condition and body once; a buffer lives from its first to its last access. What is
// accessed inside a while but exists before it, what is carried, and the two sides of a swap, live through the whole while; after it the two sides live as
// long as either, since the number of trips decides whose storage holds the value.
//
//   position    0      1      2 (while 2..6)  3      4      5 swap  6      7
//   buffer      x  <------------------------------------------------>             (read in the body)
//   carry C            <---------------------------------------------->           (swapped)
//   temporary                                 <------>                            (made and used in one trip)
//
// A temporary may lie in a result that is not written yet (host_in_results).
//
// Offsets: best fit among the free ranges, coalesced when a lifetime ends. Linear in the number of buffers (the search for a range is
// bounded). Everything is 64-byte aligned. Depends on the program alone, so that equal programs get equal images.
#include <stdlib.h>

#include "loop/loop_int.h"
#include "loop/lower.h"

enum { ALIGN = 64, SEARCH_LIMIT = 64 };

// ---------------------------------------------------------------------------------------------------- walking statements

typedef struct interval {
  uint32_t first, last;
  bool used;
  bool in_loop;         // first accessed inside a while
  uint32_t first_stmt;  // statement of the first access
} interval;

typedef struct scheduler {
  sk_prog *prog;
  interval *live;  // by buffer (aliases resolved)
  uint32_t position, stmt;
  SK_VEC(uint32_t) loop_starts;  // positions at which the enclosing whiles start
  SK_VEC(uint32_t) touched;      // buffers accessed inside the enclosing whiles, innermost last
  SK_VEC(uint32_t) swapped;      // pairs of buffers that exchange their storage
} scheduler;

static uint32_t root_of(const sk_prog *p, uint32_t buf) {
  while (p->bufs.data[buf].alias != 0) {
    buf = p->bufs.data[buf].alias - 1;
  }
  return buf;
}

// The position just before the innermost while around.
static uint32_t before_loop(const scheduler *s) {
  uint32_t start = s->loop_starts.count > 0 ? sk_vec_last(&s->loop_starts) : s->position;
  return start > 0 ? start - 1 : 0;
}

static void touch(scheduler *s, uint32_t buf) {
  buf = root_of(s->prog, buf);
  interval *live = &s->live[buf];
  if (!live->used) {
    *live = (interval){s->position, s->position, true, s->loop_starts.count > 0, s->stmt};
    if (s->prog->bufs.data[buf].slot && s->loop_starts.count > 0) {
      live->first = before_loop(s);
    }
  }
  live->last = SK_MAX(live->last, s->position);
  if (s->loop_starts.count > 0) {
    sk_vec_push(s->prog->arena, &s->touched, buf);
  }
}

static void touch_kernel(scheduler *s, uint32_t kernel) {
  const sk_kernel *k = &s->prog->kernels.data[kernel];
  for (uint32_t i = 0; i < k->accesses.count; i++) {
    touch(s, k->accesses.data[i].buf);
  }
}

static void walk(scheduler *s, uint32_t first);

static void walk_while(scheduler *s, const sk_stmt *st) {
  uint32_t start = s->position, touched_from = s->touched.count;
  sk_vec_push(s->prog->arena, &s->loop_starts, start);
  walk(s, st->block[0]);
  touch(s, st->pred);
  walk(s, st->block[1]);
  s->position++;
  s->loop_starts.count--;
  for (uint32_t i = touched_from; i < s->touched.count; i++) {
    interval *live = &s->live[s->touched.data[i]];
    if (live->first < start) {
      live->last = SK_MAX(live->last, s->position);
    }
  }
  if (s->loop_starts.count == 0) {
    s->touched.count = 0;
  }
}

static void walk(scheduler *s, uint32_t first) {
  for (uint32_t id = first; id != 0; id = s->prog->stmts.data[id].next) {
    const sk_stmt *st = &s->prog->stmts.data[id];
    s->position++;
    s->stmt = id;
    switch ((sk_stmt_kind)st->kind) {
      case SK_STMT_KERNEL: touch_kernel(s, st->kernel); break;
      case SK_STMT_DOT:
        touch(s, st->dot->a);
        touch(s, st->dot->b);
        touch(s, st->dot->c);
        break;
      case SK_STMT_LIBCALL:
        for (uint32_t i = 0; i < st->buf_count; i++) {
          touch(s, st->bufs[i]);
        }
        break;
      case SK_STMT_WHILE: walk_while(s, st); break;
      case SK_STMT_CASE:
        touch(s, st->pred);
        for (uint32_t i = 0; i < st->branch_count; i++) {
          walk(s, st->branches[i]);
        }
        break;
      case SK_STMT_COPY:
        touch(s, st->dst);
        touch(s, st->src);
        break;
      case SK_STMT_SWAP: {
        // both storages are in play for the whole loop around the swap
        touch(s, st->dst);
        touch(s, st->src);
        uint32_t pair[2] = {root_of(s->prog, st->dst), root_of(s->prog, st->src)};
        for (uint32_t i = 0; i < 2; i++) {
          s->live[pair[i]].first = SK_MIN(s->live[pair[i]].first, before_loop(s));
          sk_vec_push(s->prog->arena, &s->swapped, pair[i]);
        }
        break;
      }
    }
  }
}

// After a loop either storage of a swapped pair may hold what is read later: both live as long as either.
static void unite_swapped(scheduler *s) {
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = 0; i < s->swapped.count; i += 2) {
      interval *a = &s->live[s->swapped.data[i]], *b = &s->live[s->swapped.data[i + 1]];
      changed |= a->first != b->first || a->last != b->last;
      a->first = b->first = SK_MIN(a->first, b->first);
      a->last = b->last = SK_MAX(a->last, b->last);
    }
  }
}

// ---------------------------------------------------------------------------------------------------- while carries in place

typedef struct carry_facts {
  uint32_t writers, writer_kernel;  // statements of the body that write N
  bool other_use;                   // N or C used in a way that rules sharing out
} carry_facts;

// May kernel k write N over C: every read of C is of exactly the element written, in the loop that writes it, before the store; and
// nothing is written to C itself.
bool sk_kernel_replaces(const sk_kernel *k, uint32_t c, uint32_t n) {
  uint32_t store_access = UINT32_MAX, store_at = 0, loop = UINT32_MAX, store_loop = UINT32_MAX;
  uint32_t stack[SK_MAX(1, 64)], depth = 0;
  for (uint32_t pass = 0; pass < 2; pass++) {
    depth = 0;
    for (uint32_t i = 1; i < k->insts.count; i++) {
      const sk_inst *inst = &k->insts.data[i];
      if (inst->op == SK_L_LOOP || inst->op == SK_L_IF) {
        if (depth == SK_COUNT(stack)) {
          return false;
        }
        stack[depth++] = i;
      } else if (inst->op == SK_L_END) {
        depth--;
      }
      loop = depth > 0 ? stack[depth - 1] : UINT32_MAX;
      if (pass == 0 && inst->op == SK_L_STORE && k->accesses.data[inst->imm].buf == n) {
        if (store_access != UINT32_MAX || inst->b.id != 0 || inst->c.id != 0) {
          return false;
        }
        store_access = (uint32_t)inst->imm;
        store_at = i;
        store_loop = loop;
      }
      if (inst->op == SK_L_STORE && k->accesses.data[inst->imm].buf == c) {
        return false;
      }
      if (pass == 1 && inst->op == SK_L_LOAD && k->accesses.data[inst->imm].buf == c) {
        const sk_access *r = &k->accesses.data[inst->imm], *w = &k->accesses.data[store_access];
        bool same = r->offset == w->offset && r->mem == w->mem && inst->a.id == 0 &&
                    loop == store_loop && i < store_at &&
                    memcmp(&k->strides.data[r->strides], &k->strides.data[w->strides],
                           sizeof(int64_t) * k->loops.count) == 0;
        if (!same) {
          return false;
        }
      }
    }
    if (store_access == UINT32_MAX) {
      return false;
    }
  }
  return true;
}

// Where the statements of one body mention each buffer, by position. Positions go on from body to body: up to `base`
// they are of earlier ones.
typedef struct mentions {
  uint32_t position, base;
  uint32_t *first, *last;
  uint32_t *kernel;  // of the statement that is first; 0: it is none
  bool opaque;       // a statement has blocks of its own, which are not looked into
} mentions;

static void mention(mentions *in, uint32_t buf, uint32_t kernel) {
  if (in->first[buf] <= in->base) {
    in->first[buf] = in->position;
    in->kernel[buf] = kernel;
  }
  in->last[buf] = in->position;
}

static void mention_all(const sk_prog *p, const sk_stmt *st, mentions *in) {
  in->position++;
  switch ((sk_stmt_kind)st->kind) {
    case SK_STMT_KERNEL: {
      const sk_kernel *k = &p->kernels.data[st->kernel];
      for (uint32_t i = 1; i < k->insts.count; i++) {
        const sk_inst *inst = &k->insts.data[i];
        if (inst->op == SK_L_LOAD || inst->op == SK_L_STORE) {
          mention(in, k->accesses.data[inst->imm].buf, st->kernel);
        }
      }
      break;
    }
    case SK_STMT_DOT:
      mention(in, st->dot->a, 0);
      mention(in, st->dot->b, 0);
      mention(in, st->dot->c, 0);
      break;
    case SK_STMT_LIBCALL:
      for (uint32_t i = 0; i < st->buf_count; i++) {
        mention(in, st->bufs[i], 0);
      }
      break;
    case SK_STMT_COPY:
      mention(in, st->dst, 0);
      mention(in, st->src, 0);
      break;
    case SK_STMT_SWAP: break;
    case SK_STMT_WHILE:
    case SK_STMT_CASE: in->opaque = true; break;
  }
}

// The pair (C, N) of a swap at the end of a body shares storage if one kernel writes N, nothing touches C from then on, and that kernel
// reads C element by element.
static bool can_share(const sk_prog *p, const mentions *in, uint32_t c, uint32_t n) {
  return !in->opaque && in->first[n] > in->base && in->kernel[n] != 0 &&
         in->last[c] <= in->first[n] && sk_kernel_replaces(&p->kernels.data[in->kernel[n]], c, n);
}

static void share_carries_of(sk_prog *p, uint32_t *link, mentions *in) {
  in->base = in->position;
  in->opaque = false;
  for (uint32_t id = *link; id != 0 && !in->opaque; id = p->stmts.data[id].next) {
    mention_all(p, &p->stmts.data[id], in);
  }
  while (*link != 0) {
    const sk_stmt *st = &p->stmts.data[*link];
    if (st->kind == SK_STMT_SWAP && can_share(p, in, st->dst, st->src)) {
      p->bufs.data[st->src].alias = st->dst + 1;
      *link = st->next;
    } else {
      link = &p->stmts.data[*link].next;
    }
  }
}

static void share_carries(sk_prog *p) {
  sk_arena_mark mark = sk_arena_get_mark(p->arena);
  size_t bytes = sizeof(uint32_t) * p->bufs.count;
  mentions in = {.first = sk_arena_zalloc(p->arena, bytes, sizeof(uint32_t)),
                 .last = sk_arena_zalloc(p->arena, bytes, sizeof(uint32_t)),
                 .kernel = sk_arena_zalloc(p->arena, bytes, sizeof(uint32_t))};
  for (uint32_t w = 1; w < p->stmts.count; w++) {
    if (p->stmts.data[w].kind == SK_STMT_WHILE) {
      share_carries_of(p, &p->stmts.data[w].block[1], &in);
    }
  }
  sk_arena_rewind(p->arena, mark);
}

// ---------------------------------------------------------------------------------------------------- temporaries in results

// A result's storage is free until the result is first written. A temporary of the same size may use it up to then, or up to the
// kernel that writes the result and reads the temporary element by element; one temporary after the other.

enum { MAX_HOSTS_TRIED = 16 };

typedef struct guest {
  int64_t elems;
  uint32_t mem, first, buf;
} guest;

static int compare_guests(const void *a, const void *b) {
  const guest *x = a, *y = b;
  if (x->mem != y->mem) {
    return x->mem < y->mem ? -1 : 1;
  }
  if (x->elems != y->elems) {
    return x->elems < y->elems ? -1 : 1;
  }
  if (x->first != y->first) {
    return x->first < y->first ? -1 : 1;
  }
  return (x->buf > y->buf) - (x->buf < y->buf);
}

// Buffers of one kind by size, then by when they are first accessed.
static guest *list_by_size(const scheduler *s, sk_buf_kind kind, uint32_t *out_count) {
  const sk_prog *p = s->prog;
  guest *list = SK_NEW_ARRAY(p->arena, guest, p->bufs.count);
  *out_count = 0;
  for (uint32_t i = 1; i < p->bufs.count; i++) {
    const sk_buf *buf = &p->bufs.data[i];
    bool plain = kind == SK_BUF_TEMP ? !buf->slot : !s->live[i].in_loop;
    if (buf->kind == kind && buf->alias == 0 && s->live[i].used && plain && buf->elems > 0) {
      list[(*out_count)++] = (guest){buf->elems, buf->mem, s->live[i].first, i};
    }
  }
  qsort(list, *out_count, sizeof *list, compare_guests);
  return list;
}

static bool may_host(const scheduler *s, uint32_t host, uint32_t temp) {
  const interval *of_host = &s->live[host], *of_temp = &s->live[temp];
  if (of_temp->last != of_host->first) {
    return of_temp->last < of_host->first;
  }
  const sk_stmt *st = &s->prog->stmts.data[of_host->first_stmt];
  return st->kind == SK_STMT_KERNEL &&
         sk_kernel_replaces(&s->prog->kernels.data[st->kernel], temp, host);
}

static void host_in_results(scheduler *s) {
  uint32_t host_count, temp_count, from = 0;
  guest *hosts = list_by_size(s, SK_BUF_RESULT, &host_count);
  const guest *temps = list_by_size(s, SK_BUF_TEMP, &temp_count);
  // From here on `first` of a host is the end of its latest guest.
  for (uint32_t i = 0; i < host_count; i++) {
    hosts[i].first = 0;
  }
  for (uint32_t i = 0; i < temp_count; i++) {
    const guest *t = &temps[i], least = {t->elems, t->mem, 0, 0};
    while (from < host_count && compare_guests(&hosts[from], &least) < 0) {
      from++;
    }
    for (uint32_t k = from; k < host_count && k < from + MAX_HOSTS_TRIED &&
                            hosts[k].mem == t->mem && hosts[k].elems == t->elems;
         k++) {
      if (t->first > hosts[k].first && may_host(s, hosts[k].buf, t->buf)) {
        s->prog->bufs.data[t->buf].alias = hosts[k].buf + 1;
        hosts[k].first = s->live[t->buf].last;
        break;
      }
    }
  }
}

// ---------------------------------------------------------------------------------------------------- offsets

typedef struct range {
  int64_t start, bytes;
} range;

typedef struct free_list {
  SK_VEC(range) ranges;  // by address, disjoint, not adjacent
  int64_t end;           // arena size so far
} free_list;

static int64_t take(sk_arena *arena, free_list *f, int64_t bytes) {
  uint32_t best = UINT32_MAX,
           from = f->ranges.count > SEARCH_LIMIT ? f->ranges.count - SEARCH_LIMIT : 0;
  for (uint32_t i = from; i < f->ranges.count; i++) {
    if (f->ranges.data[i].bytes >= bytes &&
        (best == UINT32_MAX || f->ranges.data[i].bytes < f->ranges.data[best].bytes)) {
      best = i;
    }
  }
  (void)arena;
  if (best == UINT32_MAX) {
    bool extend = f->ranges.count > 0 &&
                  sk_vec_last(&f->ranges).start + sk_vec_last(&f->ranges).bytes == f->end;
    int64_t start = extend ? sk_vec_last(&f->ranges).start : f->end;
    f->ranges.count -= extend;
    f->end = start + bytes;
    return start;
  }
  range *r = &f->ranges.data[best];
  int64_t start = r->start;
  r->start += bytes;
  r->bytes -= bytes;
  if (r->bytes == 0) {
    memmove(r, r + 1, sizeof(range) * (f->ranges.count - best - 1));
    f->ranges.count--;
  }
  return start;
}

static void give_back(sk_arena *arena, free_list *f, int64_t start, int64_t bytes) {
  uint32_t lo = 0, hi = f->ranges.count;
  while (lo < hi) {
    uint32_t mid = (lo + hi) / 2;
    if (f->ranges.data[mid].start < start) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  range *before = lo > 0 ? &f->ranges.data[lo - 1] : NULL,
        *after = lo < f->ranges.count ? &f->ranges.data[lo] : NULL;
  bool joins_before = before != NULL && before->start + before->bytes == start;
  bool joins_after = after != NULL && start + bytes == after->start;
  if (joins_before && joins_after) {
    before->bytes += bytes + after->bytes;
    memmove(after, after + 1, sizeof(range) * (f->ranges.count - lo - 1));
    f->ranges.count--;
  } else if (joins_before) {
    before->bytes += bytes;
  } else if (joins_after) {
    after->start = start;
    after->bytes += bytes;
  } else {
    sk_vec_push(arena, &f->ranges, (range){0});
    memmove(&f->ranges.data[lo + 1], &f->ranges.data[lo],
            sizeof(range) * (f->ranges.count - 1 - lo));
    f->ranges.data[lo] = (range){start, bytes};
  }
}

static int64_t padded_bytes(const sk_buf *buf) {
  int64_t bytes = buf->elems * (int64_t)sk_mem_bytes((sk_mem)buf->mem);
  return (int64_t)sk_align_up((uint64_t)SK_MAX(bytes, (int64_t)1), ALIGN);
}

typedef struct event {
  uint32_t position, order, buf;  // order: 0 = end of a lifetime, 1 = start
} event;

static int compare_events(const void *a, const void *b) {
  const event *x = a, *y = b;
  if (x->position != y->position) {
    return x->position < y->position ? -1 : 1;
  }
  if (x->order != y->order) {
    return x->order < y->order ? -1 : 1;
  }
  return (x->buf > y->buf) - (x->buf < y->buf);
}

static void place_temporaries(sk_prog *p, const interval *live) {
  SK_VEC(event) events = {0};
  for (uint32_t i = 1; i < p->bufs.count; i++) {
    const sk_buf *buf = &p->bufs.data[i];
    if (buf->kind == SK_BUF_TEMP && buf->alias == 0 && live[i].used) {
      sk_vec_push(p->arena, &events, (event){live[i].first, 1, i});
      sk_vec_push(p->arena, &events, (event){live[i].last + 1, 0, i});
    }
  }
  if (events.count > 0) {
    qsort(events.data, events.count, sizeof(event), compare_events);
  }
  free_list f = {0};
  for (uint32_t i = 0; i < events.count; i++) {
    sk_buf *buf = &p->bufs.data[events.data[i].buf];
    if (events.data[i].order == 1) {
      buf->offset = take(p->arena, &f, padded_bytes(buf));
    } else {
      give_back(p->arena, &f, buf->offset, padded_bytes(buf));
    }
  }
  p->arena_bytes = (uint64_t)f.end;
}

// Testing: each on pages of its own, as flush against the gap behind (or before) it as its elements allow.
static void place_apart(sk_prog *p, const interval *live, sk_guard guard) {
  uint64_t at = 0;
  for (uint32_t i = 1; i < p->bufs.count; i++) {
    sk_buf *buf = &p->bufs.data[i];
    if (buf->kind == SK_BUF_TEMP && buf->alias == 0 && live[i].used) {
      uint64_t bytes = (uint64_t)buf->elems * sk_mem_bytes((sk_mem)buf->mem);
      uint64_t pages = sk_align_up(bytes, SK_GUARD_PAGE);
      buf->offset = (int64_t)(guard == SK_GUARD_END ? at + pages - bytes : at);
      sk_vec_push(p->arena, &p->gaps, at + pages);
      at += pages + SK_GUARD_PAGE;
    }
  }
  p->arena_bytes = at;
}

// ---------------------------------------------------------------------------------------------------- slots, constants, scratch

static void assign_slots(sk_prog *p) {
  p->slot_count = p->arg_count + p->result_count;
  for (uint32_t i = 1; i < p->bufs.count; i++) {
    sk_buf *buf = &p->bufs.data[i];
    if (buf->kind == SK_BUF_ARG) {
      buf->slot_index = buf->index;
    } else if (buf->kind == SK_BUF_RESULT) {
      buf->slot_index = p->arg_count + buf->index;
    } else if (buf->slot && buf->alias == 0) {
      buf->slot_index = p->slot_count++;
    }
  }
  for (uint32_t i = 1; i < p->bufs.count; i++) {
    sk_buf *buf = &p->bufs.data[i];
    if (buf->alias != 0) {
      const sk_buf *root = &p->bufs.data[root_of(p, i)];
      buf->slot = root->slot;
      buf->slot_index = root->slot_index;
      buf->offset = root->offset;
    }
  }
}

static void place_constants(sk_prog *p) {
  uint64_t at = 0;
  for (uint32_t i = 1; i < p->bufs.count; i++) {
    sk_buf *buf = &p->bufs.data[i];
    if (buf->kind == SK_BUF_CONST) {
      buf->offset = (int64_t)at;
      at += (uint64_t)padded_bytes(buf);
    }
  }
  p->const_bytes = at;
}

// A scratch buffer belongs to one kernel: offsets start at 0 in each.
static void place_scratch(sk_prog *p) {
  for (uint32_t i = 1; i < p->kernels.count; i++) {
    sk_kernel *k = &p->kernels.data[i];
    k->scratch_bytes = 0;
    for (uint32_t a = 0; a < k->accesses.count; a++) {
      sk_buf *buf = &p->bufs.data[k->accesses.data[a].buf];
      if (buf->kind == SK_BUF_SCRATCH && buf->offset < 0) {
        buf->offset = (int64_t)k->scratch_bytes;
        k->scratch_bytes += (uint64_t)padded_bytes(buf);
      }
    }
    p->scratch_bytes = SK_MAX(p->scratch_bytes, k->scratch_bytes);
  }
}

void sk_schedule(sk_prog *p, sk_guard guard) {
  sk_loop_find_sort_reads(p);
  share_carries(p);
  scheduler s = {
      .prog = p,
      .live = sk_arena_zalloc(p->arena, sizeof(interval) * p->bufs.count, _Alignof(interval))};
  walk(&s, p->body);
  unite_swapped(&s);
  host_in_results(&s);
  if (guard == SK_GUARD_NONE) {
    place_temporaries(p, s.live);
  } else {
    place_apart(p, s.live, guard);
  }
  assign_slots(p);
  place_constants(p);
  place_scratch(p);
}
