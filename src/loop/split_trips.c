// SPDX-License-Identifier: Apache-2.0
// Sequential loops of which a part of every trip waits for the trip before and the rest does not:
// for a block of trips the rest runs first, along lanes, and leaves in scratch memory what the
// other part asks for.
//
//   loop t seq 100000, carry s {                 loop k seq 390, carry s {
//     s = s + sin(x[t])                ->          loop p par 256 { scratch[p] = sin(x[256 k + p]) }
//   }                                              loop t seq 256, carry s { s = s + scratch[t] }
//                                                }
//                                                and the 160 trips that are left, likewise
//
// Each operation is computed once and in the same order as far as it depends on order: all bits
// stay. What is at hand anyway (constants, indices, rows of arrays) is not kept but taken again.
//
// Worth it where the part that waits is short: its recurrence bounds the time from below, before as
// after.
#include "loop/trips.h"

enum {
  BLOCK = 256,  // trips
  LEAST_TRIPS = 32,
  MAX_KEPT = 8
};

static uint32_t body_begin(const sk_trips *s) {
  return s->old.loops.data[s->loop].begin + 1 + s->count;
}
static uint32_t body_end(const sk_trips *s) { return s->old.loops.data[s->loop].end - s->count; }

// ---------------------------------------------------------------------------------------------------- the two parts

static bool depends(const sk_trips *s, const sk_inst *inst) {
  return s->serial[inst->a.id] || s->serial[inst->b.id] || s->serial[inst->c.id];
}

static uint32_t end_of_if(const sk_trips *s, uint32_t start) {
  uint32_t i = start + 1;
  while (s->old.insts.data[i].op != SK_L_END || s->old.insts.data[i].imm != start) {
    i++;
  }
  return i;
}

// A region waits as a whole. True: something in it did not yet.
static bool mark_region(sk_trips *s, uint32_t start) {
  uint32_t end = end_of_if(s, start), waiting = 0;
  for (uint32_t i = start; i <= end; i++) {
    waiting += s->serial[i];
  }
  if (waiting == 0 || waiting == end - start + 1) {
    return false;
  }
  memset(s->serial + start, 1, end - start + 1);
  return true;
}

// What depends on the trip before.
static void mark_serial(sk_trips *s) {
  memset(s->serial, 0, s->old.insts.count);
  for (uint32_t i = 0; i < s->count; i++) {
    s->serial[s->carries[i].carry.id] = s->carries[i].role == SK_TRIP_SERIAL;
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = body_begin(s); i < body_end(s); i++) {
      s->serial[i] |= depends(s, &s->old.insts.data[i]);
    }
    for (uint32_t i = body_begin(s); i < body_end(s); i++) {
      changed |= s->old.insts.data[i].op == SK_L_IF && mark_region(s, i);
    }
  }
}

// Sums of something that waits, wait.
static bool demote_sums(sk_trips *s) {
  bool any = false, left = false;
  for (uint32_t i = 0; i < s->count; i++) {
    sk_carried *c = &s->carries[i];
    if (c->role == SK_TRIP_SUM && s->serial[c->next.id]) {
      c->role = SK_TRIP_SERIAL;
      any = true;
    }
    left |= c->role == SK_TRIP_SUM;
  }
  s->has_sums = left;
  return any;
}

static const sk_carried *find_carry(const sk_trips *s, uint32_t i) {
  uint32_t first = s->old.loops.data[s->loop].begin + 1;
  return i >= first && i < first + s->count ? &s->carries[i - first] : NULL;
}

// Is it taken again by who waits, rather than kept? (A load in a region may not be possible
// elsewhere.)
static bool is_at_hand(const sk_trips *s, uint32_t i) {
  const sk_inst *inst = &s->old.insts.data[i];
  bool in_region = inst->depth != s->old.insts.data[body_end(s)].depth;
  const sk_carried *c = find_carry(s, i);
  return inst->op == SK_L_CONST || inst->op == SK_L_INDEX ||
         (inst->op == SK_L_LOAD && inst->a.id == 0 && inst->b.id == 0 && !in_region) ||
         (c != NULL && c->step.factor == 1);
}

static sk_mem mem_of(sk_lt type) {
  return type == SK_LT_PRED  ? SK_MEM_PRED
         : type == SK_LT_I32 ? SK_MEM_I32
         : type == SK_LT_I64 ? SK_MEM_I64
         : type == SK_LT_F32 ? SK_MEM_F32
                             : SK_MEM_F64;
}

// Marks what is to be kept with 1.
static uint32_t keep(sk_trips *s, sk_val v) {
  if (v.id <= s->old.loops.data[s->loop].begin || s->serial[v.id] || s->scratch[v.id] != 0 ||
      is_at_hand(s, v.id)) {
    return 0;
  }
  s->scratch[v.id] = 1;
  return 1;
}

static uint32_t find_kept(sk_trips *s) {
  uint32_t kept = 0;
  for (uint32_t i = body_begin(s); i < body_end(s); i++) {
    const sk_inst *inst = &s->old.insts.data[i];
    if (s->serial[i]) {
      kept += keep(s, inst->a) + keep(s, inst->b) + keep(s, inst->c);
    }
  }
  for (uint32_t i = 0; i < s->count; i++) {
    kept += s->carries[i].role == SK_TRIP_SERIAL ? keep(s, s->carries[i].next) : 0;
  }
  return kept;
}

// ---------------------------------------------------------------------------------------------------- is it worth it

// Cycles from one trip to the next through what waits.
static uint32_t recurrence(const sk_trips *s, sk_arena *arena) {
  uint32_t *ready = sk_arena_zalloc(arena, sizeof(uint32_t) * s->old.insts.count, 4), most = 0;
  for (uint32_t i = body_begin(s); i < body_end(s); i++) {
    const sk_inst *inst = &s->old.insts.data[i];
    if (s->serial[i]) {
      uint32_t start = SK_MAX(SK_MAX(ready[inst->a.id], ready[inst->b.id]), ready[inst->c.id]);
      ready[i] = start + sk_lop_latency((sk_lop)inst->op);
    }
  }
  for (uint32_t i = 0; i < s->count; i++) {
    most = s->carries[i].role == SK_TRIP_SERIAL ? SK_MAX(most, ready[s->carries[i].next.id]) : most;
  }
  return most;
}

// In tenths of a cycle per trip: three operations a cycle, a good deal fewer cycles for eight
// lanes, store and load of what is kept.
static bool pays(const sk_trips *s, uint32_t kept, sk_arena *arena) {
  uint32_t free = 0, waiting = 0, chain = 10 * recurrence(s, arena);
  for (uint32_t i = body_begin(s); i < body_end(s); i++) {
    waiting += s->serial[i];
    free += !s->serial[i] && !is_at_hand(s, i);
  }
  uint32_t before = SK_MAX((free + waiting) * 10 / 3, chain);
  uint32_t after = free + kept * 10 + SK_MAX((waiting + kept) * 10 / 3, chain);
  return after + after / 4 < before;
}

bool sk_trips_may_split(sk_trips *s, sk_arena *arena) {
  const sk_loop *l = &s->old.loops.data[s->loop];
  if (l->extent < LEAST_TRIPS) {
    return false;
  }
  s->serial = sk_arena_zalloc(arena, s->old.insts.count, 1);
  s->scratch = sk_arena_zalloc(arena, sizeof(uint32_t) * s->old.insts.count, 4);
  do {
    mark_serial(s);
  } while (demote_sums(s));
  uint32_t kept = find_kept(s);
  s->block = l->extent <= 2 * BLOCK ? l->extent : BLOCK;
  return kept <= MAX_KEPT && pays(s, kept, arena);
}

// ---------------------------------------------------------------------------------------------------- the new loops

static void make_scratch(sk_trips *s) {
  for (uint32_t i = 1; i < s->old.insts.count; i++) {
    if (s->scratch[i] != 0) {
      sk_buf buf = {.kind = SK_BUF_SCRATCH,
                    .mem = (uint8_t)mem_of((sk_lt)s->old.insts.data[i].type),
                    .elems = s->block,
                    .offset = -1};
      s->scratch[i] = sk_prog_add_buf(s->prog, &buf);
    }
  }
}

static void put_waiting_body(sk_trips *s) {
  const sk_loop *l = &s->old.loops.data[s->loop];
  for (uint32_t i = l->begin + 1; i < body_end(s); i++) {
    if (s->scratch[i] != 0) {
      s->map[i] = sk_build_load(&s->b, sk_trips_scratch_access(s, i), (sk_val){0}, (sk_val){0});
    } else if (i >= body_begin(s) && (s->serial[i] || is_at_hand(s, i))) {
      sk_trips_put(s, i);
    }
  }
}

// The part that waits, of the `count` trips from s->base on. starts[]: the linear numbers there.
static void put_waiting(sk_trips *s, int64_t count, const sk_val *starts, sk_arena *arena) {
  sk_build *b = &s->b;
  uint32_t serial = 0;
  sk_val *carries = SK_NEW_ARRAY(arena, sk_val, s->count + 1),
         *nexts = SK_NEW_ARRAY(arena, sk_val, s->count + 1);
  s->lane_loop = sk_build_loop(b, SK_LOOP_SEQ, count, 1);
  for (uint32_t i = 0; i < s->count; i++) {
    sk_carried *c = &s->carries[i];
    if (c->role == SK_TRIP_SERIAL) {
      carries[serial++] = c->state = s->map[c->carry.id] = sk_build_carry(b, c->state, SK_L_NONE);
    }
  }
  for (uint32_t i = 0; i < s->count; i++) {
    sk_carried at = s->carries[i];
    if (at.role == SK_TRIP_LINEAR && at.step.factor == 1) {
      at.state = starts[i];
      s->map[at.carry.id] = sk_trips_start(s, &at);
    }
  }
  put_waiting_body(s);
  serial = 0;
  for (uint32_t i = 0; i < s->count; i++) {
    if (s->carries[i].role == SK_TRIP_SERIAL) {
      nexts[serial++] = s->map[s->carries[i].next.id];
    }
  }
  sk_build_end_loop(b, carries, nexts, serial);
  s->lane_loop = SK_NO_TRIPS;
}

static void put_block(sk_trips *s, int64_t count, sk_arena *arena) {
  sk_val *starts = SK_NEW_ARRAY(arena, sk_val, s->count + 1);
  s->block_base = s->base;
  for (uint32_t i = 0; i < s->count; i++) {
    starts[i] = s->carries[i].state;
  }
  sk_trips_put_lanes(s, count, arena);
  s->base = s->block_base;
  put_waiting(s, count, starts, arena);
}

// All whole blocks, several of them.
static void put_blocks(sk_trips *s, int64_t blocks, sk_arena *arena) {
  sk_build *b = &s->b;
  sk_val *carries = SK_NEW_ARRAY(arena, sk_val, s->count + 1),
         *nexts = SK_NEW_ARRAY(arena, sk_val, s->count + 1);
  s->block_loop = sk_build_loop(b, SK_LOOP_SEQ, blocks, 1);
  for (uint32_t i = 0; i < s->count; i++) {
    carries[i] = s->carries[i].state = sk_build_carry(b, s->carries[i].state, SK_L_NONE);
  }
  put_block(s, s->block, arena);
  for (uint32_t i = 0; i < s->count; i++) {
    nexts[i] = s->carries[i].state;
    s->carries[i].state = carries[i];
  }
  sk_build_end_loop(b, carries, nexts, s->count);
  s->block_loop = SK_NO_TRIPS;
}

void sk_trips_put_split(sk_trips *s, sk_arena *arena) {
  int64_t extent = s->old.loops.data[s->loop].extent, blocks = extent / s->block;
  make_scratch(s);
  if (blocks > 1) {
    put_blocks(s, blocks, arena);
  } else {
    put_block(s, s->block, arena);
  }
  s->base = blocks * s->block;
  if (extent > s->base) {
    put_block(s, extent - s->base, arena);
  }
}
