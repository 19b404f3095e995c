// SPDX-License-Identifier: Apache-2.0
// Fusion: the plan of a block.
//
// Groups get their final numbers, with members in program order and marks on those whose results are needed outside. Units are put
// in a topological order; among those ready, the one whose last op stands first in the program comes first.
#include <stdlib.h>

#include "pass/fuse_int.h"

typedef SK_VEC(uint32_t) uint32_list;

static void heap_push(uint32_t *heap, uint32_t *count, uint32_t key) {
  uint32_t i = (*count)++;
  heap[i] = key;
  while (i > 0 && heap[(i - 1) / 2] > heap[i]) {
    uint32_t swap = heap[i];
    heap[i] = heap[(i - 1) / 2];
    heap[(i - 1) / 2] = swap;
    i = (i - 1) / 2;
  }
}

static uint32_t heap_pop(uint32_t *heap, uint32_t *count) {
  uint32_t top = heap[0], i = 0;
  heap[0] = heap[--(*count)];
  for (;;) {
    uint32_t child = 2 * i + 1;
    if (child >= *count) {
      return top;
    }
    if (child + 1 < *count && heap[child + 1] < heap[child]) {
      child++;
    }
    if (heap[i] <= heap[child]) {
      return top;
    }
    uint32_t swap = heap[i];
    heap[i] = heap[child];
    heap[child] = swap;
    i = child;
  }
}

// The units that read op: from its list of uses, or by walking through everything inlined when that list overflowed.
static void list_readers(fuser *f, sk_op op, uint32_list *out) {
  const fuse_uses *uses = &f->uses[op.id];
  out->count = 0;
  if (!uses->many) {
    for (uint32_t i = 0; i < uses->count; i++) {
      sk_vec_push(f->arena, out, sk_fuse_find(f, uses->data[i].unit));
    }
    return;
  }
  uint32_list stack = {0};
  uint32_t generation = ++f->generation;
  sk_vec_push(f->arena, &stack, op.id);
  while (stack.count > 0) {
    sk_op at = {stack.data[--stack.count]};
    for (uint32_t r = 0; r < sk_op_get(f->m, at)->result_count; r++) {
      uint32_t v = sk_op_result(f->m, at, r).id;
      for (uint32_t i = f->use_start[v]; i < f->use_start[v + 1]; i++) {
        sk_op user = sk_fuse_ancestor(f, (sk_op){f->use_list_ops[i]});
        if (user.id == 0 || f->seen_op[user.id] == generation) {
          continue;
        }
        f->seen_op[user.id] = generation;
        if (f->unit_of[user.id] != 0) {
          sk_vec_push(f->arena, out, sk_fuse_find(f, f->unit_of[user.id]));
        } else {
          sk_vec_push(f->arena, &stack, user.id);
        }
      }
    }
  }
}

typedef struct sorter {
  uint32_t *rank_of_unit, *unit_at_rank, *heap;
  uint32_t heap_count;
  uint32_list readers;
} sorter;

static void count_pending(fuser *f, sorter *s, const sk_op *ops, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (f->unit_of[ops[i].id] == 0) {
      continue;
    }
    uint32_t u = sk_fuse_find(f, f->unit_of[ops[i].id]);
    s->rank_of_unit[u] = i + 1;  // the last one wins
    list_readers(f, ops[i], &s->readers);
    for (uint32_t j = 0; j < s->readers.count; j++) {
      f->units.data[s->readers.data[j]].pending += s->readers.data[j] != u;
    }
  }
}

static void release_readers(fuser *f, sorter *s, uint32_t u) {
  const fuse_unit *rec = &f->units.data[u];
  uint32_t members = rec->op.id != 0 ? 1 : rec->ops.count;
  for (uint32_t i = 0; i < members; i++) {
    list_readers(f, rec->op.id != 0 ? rec->op : rec->ops.data[i], &s->readers);
    for (uint32_t j = 0; j < s->readers.count; j++) {
      uint32_t reader = s->readers.data[j];
      if (reader != u && --f->units.data[reader].pending == 0) {
        heap_push(s->heap, &s->heap_count, s->rank_of_unit[reader]);
      }
    }
  }
}

// Topological order of the block's units; among the ready ones the one whose last op stands first in the program.
void sk_fuse_order_units(fuser *f, const sk_op *ops, uint32_t count) {
  sorter s = {.rank_of_unit = sk_arena_zalloc(f->arena, sizeof(uint32_t) * f->units.count, 4),
              .unit_at_rank = SK_NEW_ARRAY(f->arena, uint32_t, count + 1),
              .heap = SK_NEW_ARRAY(f->arena, uint32_t, count + 1)};
  count_pending(f, &s, ops, count);
  for (uint32_t u = 1; u < f->units.count; u++) {
    if (s.rank_of_unit[u] != 0) {
      s.unit_at_rank[s.rank_of_unit[u]] = u;
      if (f->units.data[u].pending == 0) {
        heap_push(s.heap, &s.heap_count, s.rank_of_unit[u]);
      }
    }
  }
  sk_region_plan *out = &f->plan->regions[f->region.id];
  out->units = SK_NEW_ARRAY(f->arena, sk_unit, count + 1);
  while (s.heap_count > 0) {
    uint32_t u = s.unit_at_rank[heap_pop(s.heap, &s.heap_count)];
    const fuse_unit *rec = &f->units.data[u];
    bool terminator = rec->op.id != 0 && sk_op_get(f->m, rec->op)->next.id == 0;
    if (!terminator) {
      out->units[out->count++] = (sk_unit){.op = rec->op, .group = rec->group};
    }
    release_readers(f, &s, u);
  }
}

static int compare_ops(const void *a, const void *b) {
  const uint32_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

// Groups that merged after a break between them was recorded have healed it.
static void drop_healed_breaks(fuser *f) {
  uint32_t kept = f->old_breaks;
  for (uint32_t i = f->old_breaks; i < f->plan->breaks.count; i++) {
    sk_break b = f->plan->breaks.data[i];
    uint32_t group = f->plan->group_of[b.producer.id];
    if (b.reader.id == 0 || group == 0 || f->plan->group_of[b.reader.id] != group) {
      f->plan->breaks.data[kept++] = b;
    }
  }
  f->plan->breaks.count = f->old_breaks = kept;
}

void sk_fuse_record_groups(fuser *f) {
  for (uint32_t u = 1; u < f->units.count; u++) {
    fuse_unit *rec = &f->units.data[u];
    if (rec->op.id != 0 || rec->parent != u) {
      continue;
    }
    sk_group g = {.rank = rec->rank, .reduced = rec->reduced, .outer = rec->outer};
    memcpy(g.dims, rec->dims, sizeof g.dims);
    memcpy(g.dim_id, rec->id, sizeof g.dim_id);
    rec->group = f->plan->groups.count;
    // order by position in the block: sort (position, op) through the positions
    uint32_t *keys = SK_NEW_ARRAY(f->arena, uint32_t, rec->ops.count * 2 + 2);
    for (uint32_t i = 0; i < rec->ops.count; i++) {
      keys[2 * i] = f->position[rec->ops.data[i].id];
      keys[2 * i + 1] = rec->ops.data[i].id;
    }
    qsort(keys, rec->ops.count, 2 * sizeof(uint32_t), compare_ops);
    for (uint32_t i = 0; i < rec->ops.count; i++) {
      sk_op op = {keys[2 * i + 1]};
      sk_vec_push(f->arena, &g.ops, op);
      f->plan->group_of[op.id] = rec->group + 1;
      const fuse_uses *uses = &f->uses[op.id];
      bool stored = uses->many;
      for (uint32_t j = 0; j < uses->count; j++) {
        stored |= sk_fuse_find(f, uses->data[j].unit) != u;
      }
      f->plan->stored[op.id] = stored;
    }
    sk_vec_push(f->arena, &f->plan->groups, g);
  }
  drop_healed_breaks(f);
}
