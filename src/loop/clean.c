// SPDX-License-Identifier: Apache-2.0
// Last step of building a kernel: one backward sweep marks what is used, one forward sweep gives every invariant its home, one
// pass writes the list anew.
//
//   home of a pure value = innermost loop among the homes of its operands; if that loop is further out than the one the value was
//   written in, it moves directly before the LOOP of the next loop inwards. An IF keeps what is inside it (its body may be
//   rare). Loads move likewise when the access does not step with the loops left behind and the kernel writes no such buffer:
//   every extent is positive, so a load outside reads nothing the loop would not have read.
//
// A load whose guard is the same throughout its loop becomes a region that is branched over: under a mask it would touch, lane by lane,
// memory that may not even be there, which processors handle slowly.
//
// Linear time. Assumes a structurally correct list; keeps the order of everything that has an effect.
#include "loop/loop_int.h"

#define NO_LOOP UINT32_MAX

typedef struct cleaner {
  sk_kernel *kernel;
  sk_arena *arena;  // scratch
  uint8_t *used;    // by instruction
  uint32_t used_count;
  uint8_t *apart;  // by instruction: a load that becomes a region
  uint32_t apart_count;
  uint32_t *home;  // by instruction: loop in which it will stand; NO_LOOP = before loop 0
  uint32_t *
      first;  // by loop (+1, index 0 = kernel): list of instructions hoisted to directly before that loop's LOOP
  uint32_t *last;
  uint32_t *link;     // by instruction: next in that list
  uint32_t *written;  // hash set of the buffers that the kernel stores to; 0 = free slot
  uint32_t written_mask;
} cleaner;

// Where the set holds the buffer, or would hold it. Its size goes by the kernel, not by the program.
static uint32_t *find_written(const cleaner *c, uint32_t buf) {
  uint32_t at = (buf * 0x9E3779B1u >> 7) & c->written_mask;
  while (c->written[at] != 0 && c->written[at] != buf) {
    at = (at + 1) & c->written_mask;
  }
  return &c->written[at];
}

static void list_written(cleaner *c) {
  const sk_kernel *k = c->kernel;
  uint32_t stores = 0, size = 4;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    stores += k->insts.data[i].op == SK_L_STORE;
  }
  while (size < 2 * stores) {
    size *= 2;
  }
  c->written = sk_arena_zalloc(c->arena, sizeof(uint32_t) * size, 4);
  c->written_mask = size - 1;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    if (k->insts.data[i].op == SK_L_STORE) {
      uint32_t buf = k->accesses.data[k->insts.data[i].imm].buf;
      *find_written(c, buf) = buf;
    }
  }
}

static void mark(cleaner *c, uint32_t i) {
  const sk_inst *inst = &c->kernel->insts.data[i];
  c->used[i] = 1;
  c->used_count++;
  c->used[inst->a.id] = c->used[inst->b.id] = c->used[inst->c.id] = 1;
}

// An IF stays if anything inside does. Until homes are assigned, home[] of an IF is its END, link[] what was used behind that.
static void mark_used(cleaner *c) {
  sk_kernel *k = c->kernel;
  for (uint32_t i = k->insts.count - 1; i > 0; i--) {
    const sk_inst *inst = &k->insts.data[i];
    bool ends_if = inst->op == SK_L_END && k->insts.data[inst->imm].op == SK_L_IF;
    bool effect = inst->op == SK_L_STORE || inst->op == SK_L_LOOP || inst->op == SK_L_END ||
                  inst->op == SK_L_YIELD || inst->op == SK_L_CARRY;
    if (ends_if) {
      c->home[inst->imm] = i;
      c->link[inst->imm] = c->used_count;
    } else if (inst->op == SK_L_IF) {
      if (c->used_count != c->link[i]) {
        mark(c, c->home[i]);
        mark(c, i);
      }
      c->link[i] = 0;
    } else if (effect || c->used[i]) {
      mark(c, i);
    }
  }
}

static uint32_t loop_depth(const sk_kernel *k, uint32_t loop) {
  uint32_t depth = 0;
  for (; loop != NO_LOOP; loop = k->loops.data[loop].parent) {
    depth++;
  }
  return depth;
}

// The deeper of two loops, one of which encloses the other.
static uint32_t deeper(const cleaner *c, uint32_t x, uint32_t y) {
  return loop_depth(c->kernel, x) >= loop_depth(c->kernel, y) ? x : y;
}

static bool may_move(const cleaner *c, const sk_inst *inst) {
  if (inst->op == SK_L_LOAD) {
    return *find_written(c, c->kernel->accesses.data[inst->imm].buf) == 0;
  }
  return sk_lop_is_pure((sk_lop)inst->op) && inst->op != SK_L_CONST;
}

// Innermost loop on which the instruction depends.
static uint32_t find_home(const cleaner *c, const sk_inst *inst, uint32_t current) {
  const sk_kernel *k = c->kernel;
  uint32_t home = NO_LOOP;
  const sk_val operands[3] = {inst->a, inst->b, inst->c};
  for (uint32_t i = 0; i < 3; i++) {
    if (operands[i].id != 0) {
      home = deeper(c, home, c->home[operands[i].id]);
    }
  }
  if (inst->op == SK_L_INDEX) {
    home = deeper(c, home, (uint32_t)inst->imm);
  }
  if (inst->op == SK_L_LOAD) {
    for (uint32_t l = current; l != NO_LOOP && l != home; l = k->loops.data[l].parent) {
      if (sk_access_stride(k, (uint32_t)inst->imm, l) != 0) {
        return l;
      }
    }
  }
  return home;
}

static void hoist(cleaner *c, uint32_t inst, uint32_t home, uint32_t current) {
  uint32_t before = current;  // child of `home` on the way to `current`
  while (c->kernel->loops.data[before].parent != home) {
    before = c->kernel->loops.data[before].parent;
  }
  if (c->first[before] == 0) {
    c->first[before] = inst;
  } else {
    c->link[c->last[before]] = inst;
  }
  c->last[before] = inst;
}

static void assign_homes(cleaner *c) {
  sk_kernel *k = c->kernel;
  uint32_t current = NO_LOOP, if_depth = 0;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    c->home[i] = current;
    if (inst->op == SK_L_LOOP) {
      current = (uint32_t)inst->imm;
    } else if (inst->op == SK_L_IF) {
      if_depth++;
    } else if (inst->op == SK_L_END) {
      const sk_inst *start = &k->insts.data[inst->imm];
      if (start->op == SK_L_LOOP) {
        current = k->loops.data[start->imm].parent;
        // final values of carries belong to the enclosing loop
        for (uint32_t j = (uint32_t)inst->imm + 1; k->insts.data[j].op == SK_L_CARRY; j++) {
          c->home[j] = current;
        }
      } else {
        if_depth--;
      }
    } else if (c->used[i] && inst->op == SK_L_CONST) {
      c->home[i] = NO_LOOP;
      if (current != NO_LOOP && if_depth == 0) {
        hoist(c, i, NO_LOOP, current);
      }
    } else if (c->used[i] && if_depth == 0 && current != NO_LOOP && may_move(c, inst)) {
      uint32_t home = find_home(c, inst, current);
      c->home[i] = home;
      if (home != current) {
        hoist(c, i, home, current);
      }
    }
    if (c->used[i] && inst->op == SK_L_LOAD && inst->b.id != 0 && c->home[i] == current &&
        c->home[inst->b.id] != current) {
      c->apart[i] = 1;
      c->apart_count++;
    }
  }
}

typedef struct rewriter {
  cleaner *c;
  sk_inst *out;
  uint32_t count;
  uint32_t *map;  // old id -> new id
} rewriter;

static void put(rewriter *r, uint32_t old, uint32_t depth) {
  sk_inst inst = r->c->kernel->insts.data[old];
  inst.a.id = r->map[inst.a.id];
  inst.b.id = r->map[inst.b.id];
  inst.c.id = r->map[inst.c.id];
  inst.depth = (uint16_t)depth;
  if (inst.op == SK_L_END) {
    inst.imm = r->map[inst.imm];
  }
  r->map[old] = r->count;
  r->out[r->count++] = inst;
}

static uint32_t add(rewriter *r, sk_inst inst, uint32_t depth) {
  inst.depth = (uint16_t)depth;
  r->out[r->count] = inst;
  return r->count++;
}

enum { APART_INSTS = 4 };  // beside the load

// if guard { v = load } merge guard, v, 0
static void put_apart(rewriter *r, uint32_t old, uint32_t depth) {
  sk_inst load = r->c->kernel->insts.data[old];
  const sk_val guard = {r->map[load.b.id]};
  load.a.id = r->map[load.a.id];
  load.b.id = 0;
  uint32_t start = add(r, (sk_inst){.op = SK_L_IF, .a = guard}, depth);
  const sk_val value = {add(r, load, depth + 1)};
  add(r, (sk_inst){.op = SK_L_END, .imm = start}, depth);
  const sk_val zero = {add(r, (sk_inst){.op = SK_L_CONST, .type = load.type}, depth)};
  r->map[old] = add(
      r, (sk_inst){.op = SK_L_MERGE, .type = load.type, .a = guard, .b = value, .c = zero}, depth);
}

static void rewrite(cleaner *c, sk_arena *keep) {
  sk_kernel *k = c->kernel;
  uint32_t n = k->insts.count, room = c->used_count + APART_INSTS * c->apart_count + 1;
  // Homes have done their service and become the map: 0 for no value, and every other operand is put before its use.
  rewriter r = {.c = c, .out = SK_NEW_ARRAY(keep, sk_inst, room), .map = c->home};
  r.out[r.count++] = (sk_inst){0};
  uint8_t *moved = sk_arena_zalloc(c->arena, n, 1);
  for (uint32_t l = 0; l < k->loops.count; l++) {
    for (uint32_t i = c->first[l]; i != 0; i = c->link[i]) {
      moved[i] = 1;
    }
  }
  uint32_t depth = 0;
  for (uint32_t i = 1; i < n; i++) {
    const sk_inst *inst = &k->insts.data[i];
    if (!c->used[i] || moved[i]) {
      continue;
    }
    if (inst->op == SK_L_LOOP) {
      for (uint32_t h = c->first[inst->imm]; h != 0; h = c->link[h]) {
        put(&r, h, depth);
      }
      k->loops.data[inst->imm].begin = r.count;
    }
    if (inst->op == SK_L_END) {
      depth--;
      if (k->insts.data[inst->imm].op == SK_L_LOOP) {
        k->loops.data[k->insts.data[inst->imm].imm].end = r.count;
      }
    }
    if (c->apart[i]) {
      put_apart(&r, i, depth);
      continue;
    }
    put(&r, i, depth);
    if (inst->op == SK_L_LOOP || inst->op == SK_L_IF) {
      depth++;
    }
  }
  k->insts.data = r.out;
  k->insts.count = r.count;
  k->insts.cap = room;
}

void sk_kernel_clean(sk_kernel *kernel, sk_arena *arena, sk_arena *keep) {
  uint32_t n = kernel->insts.count, loops = kernel->loops.count;
  cleaner c = {.kernel = kernel, .arena = arena};
  c.used = sk_arena_zalloc(arena, n, 1);
  c.apart = sk_arena_zalloc(arena, n, 1);
  c.home = sk_arena_zalloc(arena, sizeof(uint32_t) * n, 4);
  c.link = sk_arena_zalloc(arena, sizeof(uint32_t) * n, 4);
  c.first = sk_arena_zalloc(arena, sizeof(uint32_t) * (loops + 1), 4);
  c.last = sk_arena_zalloc(arena, sizeof(uint32_t) * (loops + 1), 4);
  list_written(&c);
  mark_used(&c);
  assign_homes(&c);
  rewrite(&c, keep);
}
