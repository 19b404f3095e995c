// SPDX-License-Identifier: Apache-2.0
// Which kernels and dots are the same but for their buffers, so that one function serves them all.
//
//   statement   kernel 7: loads buf 3, buf 9, stores buf 12        leader of kernel 21
//               kernel 21: loads buf 30, buf 41, stores buf 12     its instructions, loops, accesses are
//                                                                  those of 7 with 3 -> 30, 9 -> 41
//   function    takes its buffers from the slots of its frame, in the order in which the accesses name
//               them first: slot 0, 1, 2; the entry fills a frame of that form before every call
//
// Two statements are the same if everything that generation looks at is: instructions, loops,
// accesses with buffers numbered by first use, strides, scratch, how they are called, and which of
// their buffers may overlap. A statement that has no equal keeps its buffers in its code.
#include "base/hash.h"
#include "gen/gen_int.h"

typedef struct subject {
  sk_gen *g;
  const sk_share_call *calls;  // by kernel
  uint32_t *local;             // by buffer: number by first use + 1, of the statement at hand
} subject;

// ---- buffers in the order of first use

static void bind(subject *s, uint32_t buf, sk_bindings *out) {
  buf = sk_gen_place_buf(s->g->prog, buf);
  const sk_buf *b = &s->g->prog->bufs.data[buf];
  bool in_scratch = b->kind == SK_BUF_SCRATCH && !b->slot;
  if (in_scratch || s->local[buf] != 0) {
    return;
  }
  if (out->count == SK_MAX_BINDINGS) {
    out->overflow = true;
    return;
  }
  out->buf[out->count++] = buf;
  s->local[buf] = out->count;
}

static void unbind(const subject *s, const sk_bindings *bound) {
  for (uint32_t i = 0; i < bound->count; i++) {
    s->local[bound->buf[i]] = 0;
  }
}

// Leaves the numbers in s->local.
static sk_bindings bind_all(subject *s, const sk_stmt *stmt) {
  sk_bindings out = {.count = 0};
  if (stmt->kind == SK_STMT_DOT) {
    const uint32_t bufs[3] = {stmt->dot->a, stmt->dot->b, stmt->dot->c};
    for (uint32_t i = 0; i < 3; i++) {
      bind(s, bufs[i], &out);
    }
    return out;
  }
  const sk_kernel *k = &s->g->prog->kernels.data[stmt->kernel];
  for (uint32_t i = 0; i < k->accesses.count && !out.overflow; i++) {
    bind(s, k->accesses.data[i].buf, &out);
  }
  return out;
}

sk_bindings sk_gen_bind(sk_gen *g, const sk_stmt *stmt, uint32_t *local) {
  subject s = {.g = g, .local = local};
  return bind_all(&s, stmt);
}

void sk_gen_unbind(sk_gen *g, const sk_bindings *bound, uint32_t *local) {
  subject s = {.g = g, .local = local};
  unbind(&s, bound);
}

// ---- structure as a list of numbers: equal lists, equal code

typedef SK_VEC(uint64_t) number_list;

static void put(subject *s, number_list *out, uint64_t number) {
  sk_vec_push(&s->g->scratch, out, number);
}

static void put_overlaps(subject *s, number_list *out, const sk_bindings *bound) {
  for (uint32_t i = 0; i < bound->count; i++) {
    uint64_t mask = 0;
    for (uint32_t j = 0; j < bound->count; j++) {
      mask |= (uint64_t)sk_gen_may_alias(s->g, bound->buf[i], bound->buf[j]) << j;
    }
    put(s, out, mask);
  }
}

static uint64_t number_of_buf(const subject *s, uint32_t buf) {
  buf = sk_gen_place_buf(s->g->prog, buf);
  // In scratch: where, which its code says.
  return s->local[buf] != 0 ? s->local[buf]
                            : (uint64_t)1 << 63 | (uint64_t)s->g->prog->bufs.data[buf].offset;
}

static void put_dot(subject *s, number_list *out, const sk_dot *d) {
  const int64_t numbers[] = {d->elem,
                             d->a_offset,
                             d->b_offset,
                             d->c_offset,
                             d->batch,
                             d->m,
                             d->n,
                             d->k,
                             d->a_strides[0],
                             d->a_strides[1],
                             d->a_strides[2],
                             d->b_strides[0],
                             d->b_strides[1],
                             d->b_strides[2],
                             d->c_strides[0],
                             d->c_strides[1],
                             d->c_strides[2]};
  for (size_t i = 0; i < SK_COUNT(numbers); i++) {
    put(s, out, (uint64_t)numbers[i]);
  }
  put(s, out, number_of_buf(s, d->a) << 42 | number_of_buf(s, d->b) << 21 | number_of_buf(s, d->c));
}

static void put_kernel(subject *s, number_list *out, uint32_t id) {
  const sk_kernel *k = &s->g->prog->kernels.data[id];
  put(s, out, s->calls[id].is_parallel);
  put(s, out, (uint64_t)s->calls[id].multiple);
  put(s, out, k->scratch_bytes);
  put(s, out, (uint64_t)k->loops.count << 32 | k->accesses.count);
  for (uint32_t i = 0; i < k->loops.count; i++) {
    const sk_loop *l = &k->loops.data[i];
    put(s, out, (uint64_t)l->extent);
    put(s, out,
        (uint64_t)l->kind << 48 | (uint64_t)l->vec << 40 | (uint64_t)l->lanes << 16 | l->unroll);
    put(s, out, (uint64_t)l->begin << 32 | l->end);
    put(s, out, l->parent);
  }
  for (uint32_t i = 0; i < k->accesses.count; i++) {
    const sk_access *a = &k->accesses.data[i];
    put(s, out, number_of_buf(s, a->buf));
    put(s, out, (uint64_t)a->mem << 32 | a->strides);
    put(s, out, (uint64_t)a->offset);
  }
  for (uint32_t i = 0; i < k->strides.count; i++) {
    put(s, out, (uint64_t)k->strides.data[i]);
  }
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    put(s, out,
        (uint64_t)inst->op << 56 | (uint64_t)inst->type << 48 | (uint64_t)inst->depth << 32 |
            inst->a.id);
    put(s, out, (uint64_t)inst->b.id << 32 | inst->c.id);
    put(s, out, inst->imm);
  }
}

// False: it has more buffers than a frame is made for.
static bool describe(subject *s, const sk_stmt *stmt, number_list *out) {
  out->count = 0;
  sk_bindings bound = bind_all(s, stmt);
  put(s, out, (uint64_t)stmt->kind << 32 | bound.count);
  put_overlaps(s, out, &bound);
  if (stmt->kind == SK_STMT_DOT) {
    put_dot(s, out, stmt->dot);
  } else {
    put_kernel(s, out, stmt->kernel);
  }
  unbind(s, &bound);
  return !bound.overflow;
}

// ---- the table

typedef struct entry {
  uint64_t hash;
  uint32_t stmt;         // the first of its kind
  uint32_t next;         // in the table's chain; 0: none
  uint32_t from, count;  // its numbers
} entry;

typedef struct table {
  SK_VEC(entry) entries;  // [0] unused
  uint32_t *heads, mask;
  number_list numbers;  // of all entries
} table;

static uint32_t find_equal(const table *t, uint64_t hash, const number_list *numbers) {
  for (uint32_t i = t->heads[hash & t->mask]; i != 0; i = t->entries.data[i].next) {
    const entry *e = &t->entries.data[i];
    if (e->hash == hash && e->count == numbers->count &&
        memcmp(t->numbers.data + e->from, numbers->data, numbers->count * sizeof(uint64_t)) == 0) {
      return e->stmt;
    }
  }
  return 0;
}

static void add_entry(sk_gen *g, table *t, uint64_t hash, uint32_t stmt,
                      const number_list *numbers) {
  entry e = {hash, stmt, t->heads[hash & t->mask], t->numbers.count, numbers->count};
  if (!sk_vec_reserve(&g->scratch, &t->numbers, numbers->count)) {
    longjmp(g->bail, 1);
  }
  memcpy(t->numbers.data + t->numbers.count, numbers->data, numbers->count * sizeof(uint64_t));
  t->numbers.count += numbers->count;
  t->heads[hash & t->mask] = t->entries.count;
  sk_vec_push(&g->scratch, &t->entries, e);
}

void sk_gen_find_equal(sk_gen *g, const sk_share_call *calls, uint32_t *local, uint32_t *leader) {
  const sk_prog *prog = g->prog;
  subject s = {.g = g, .calls = calls, .local = local};
  uint32_t size = 64;
  while (size < prog->stmts.count) {
    size *= 2;
  }
  table t = {.heads = sk_arena_zalloc(&g->scratch, size * sizeof *t.heads, 4), .mask = size - 1};
  number_list numbers = {0};
  sk_vec_push(&g->scratch, &t.entries, (entry){0});
  for (uint32_t i = 1; i < prog->stmts.count; i++) {
    const sk_stmt *stmt = &prog->stmts.data[i];
    leader[i] = i;
    if ((stmt->kind != SK_STMT_KERNEL && stmt->kind != SK_STMT_DOT) ||
        !describe(&s, stmt, &numbers)) {
      continue;
    }
    uint64_t hash = sk_hash_bytes(numbers.data, numbers.count * sizeof(uint64_t), numbers.count);
    uint32_t first = find_equal(&t, hash, &numbers);
    if (first != 0) {
      leader[i] = first;
    } else {
      add_entry(g, &t, hash, i, &numbers);
    }
  }
  sk_arena_reset(&g->scratch);
}
