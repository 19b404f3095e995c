// SPDX-License-Identifier: Apache-2.0
// Sequential loops whose trips need not wait for each other: what a trip hands to the next is an
// integer that grows by something, in a way that any order gives, or a number that the same linear
// step makes of the one before. Trips then run along lanes.
//
//   loop t seq 50000, carries x, n {             loop p red 64, carry n {
//     x = a x + c                                  x = a^p x0 + (what p steps add)
//     n = n + (x < limit)                ->        loop t seq 781, carries x, m {
//   }                                                m = m + (a x + c < limit)
//                                                    x = a^64 x + (what 64 steps add)
//                                                  }
//                                                  n = n + m
//                                                }
//                                                and the 16 trips that are left, as a loop of lanes without trips
//
// Where every factor is 1 the number in trip t is x0 + t c, and one loop of all trips does.
//
// Takes innermost loops with nothing but sequential ones around, before storage is shared.
// Arrays that the loop writes it must not read, and it must write another element each trip.
// Integers wrap, so all of this is exact.
#include "loop/trips.h"

enum {
  LANES = 64,  // a few vectors of any length, side by side
  LANE_BITS = 6,
  LEAST_TRIPS = 4 * LANES,
  MAX_BODY = 200,  // it is written twice
  MAX_DEPTH = 8,
  // Of a reduction that any order gives: the generator takes as many as fit, if there are several.
  VIRTUAL_LANES = 2
};

static bool is_integer(sk_lt type) { return type == SK_LT_I32 || type == SK_LT_I64; }

static uint64_t mask_of(sk_lt type) { return type == SK_LT_I64 ? UINT64_MAX : UINT32_MAX; }

// ---------------------------------------------------------------------------------------------------- linear steps

static sk_linear compose(sk_linear after, sk_linear first) {
  return (sk_linear){after.factor * first.factor, after.factor * first.offset + after.offset};
}

static sk_linear power(sk_linear step, uint64_t count) {
  sk_linear all = {1, 0};
  for (; count != 0; count /= 2) {
    all = count % 2 != 0 ? compose(step, all) : all;
    step = compose(step, step);
  }
  return all;
}

// v as a linear function of the carry, by constants.
static bool find_linear(const sk_trips *s, sk_val v, sk_val carry, uint32_t depth, sk_linear *out) {
  const sk_inst *inst = sk_trips_inst(s, v);
  sk_linear x, y;
  *out = (sk_linear){1, 0};
  if (v.id == carry.id) {
    return true;
  }
  if (inst->op == SK_L_CONST) {
    *out = (sk_linear){0, inst->imm};
    return true;
  }
  bool may = depth < MAX_DEPTH && (inst->op == SK_L_ADD || inst->op == SK_L_SUB ||
                                   inst->op == SK_L_MUL || inst->op == SK_L_SHL);
  if (!may || !find_linear(s, inst->a, carry, depth + 1, &x) ||
      !find_linear(s, inst->b, carry, depth + 1, &y)) {
    return false;
  }
  switch ((int)inst->op) {
    case SK_L_ADD: *out = (sk_linear){x.factor + y.factor, x.offset + y.offset}; return true;
    case SK_L_SUB: *out = (sk_linear){x.factor - y.factor, x.offset - y.offset}; return true;
    case SK_L_MUL:
      *out = (sk_linear){x.factor * y.offset + x.offset * y.factor, x.offset * y.offset};
      return x.factor == 0 || y.factor == 0;
    default:  // SHL
      if (y.factor != 0 || y.offset >= 8 * sk_lt_bytes((sk_lt)inst->type)) {
        return false;
      }
      *out = (sk_linear){x.factor << y.offset, x.offset << y.offset};
      return true;
  }
}

// ---------------------------------------------------------------------------------------------------- sums

// Is v the larger or smaller of the carry and something else? That is where it reads the carry, in
// two or three parts.
static bool is_extreme(const sk_trips *s, sk_val v, const sk_carried *c, sk_lop *out,
                       sk_val *other) {
  sk_val of[2];
  *out = sk_kernel_match_extreme(&s->old, v.id, s->use_count, of);
  if (*out == SK_L_NONE || (of[0].id == c->carry.id) == (of[1].id == c->carry.id)) {
    return false;
  }
  *other = of[0].id == c->carry.id ? of[1] : of[0];
  return true;
}

// Is v the carry, combined with what does not depend on it, or one of two such? Counts the places
// where it reads the carry.
static bool is_sum(const sk_trips *s, sk_val v, sk_carried *c, uint32_t depth, uint32_t *reads) {
  const sk_inst *inst = sk_trips_inst(s, v);
  if (v.id == c->carry.id) {
    ++*reads;
    return true;
  }
  if (v.id < s->old.loops.data[s->loop].begin || depth == MAX_DEPTH || s->use_count[v.id] != 1) {
    return false;
  }
  sk_lop extreme;
  sk_val other;
  if (is_extreme(s, v, c, &extreme, &other)) {
    bool same = c->combiner == SK_L_NONE || c->combiner == extreme;
    c->combiner = extreme;
    *reads += (int)extreme == SK_L_FMAX ? 3 : 2;
    return same;
  }
  if (inst->op == SK_L_SELECT) {
    return is_sum(s, inst->b, c, depth + 1, reads) && is_sum(s, inst->c, c, depth + 1, reads);
  }
  bool fits = sk_is_combiner(inst->op, (sk_lt)inst->type) &&
              sk_combiner_is_order_free((sk_lop)inst->op) &&
              (c->combiner == SK_L_NONE || c->combiner == (sk_lop)inst->op);
  if (!fits) {
    return false;
  }
  c->combiner = (sk_lop)inst->op;
  uint32_t before = *reads;
  if (is_sum(s, inst->a, c, depth + 1, reads)) {
    return true;
  }
  *reads = before;
  return is_sum(s, inst->b, c, depth + 1, reads);
}

static void classify(sk_trips *s, sk_carried *c) {
  uint32_t reads = 0;
  c->combiner = SK_L_NONE;
  if (is_integer(c->type) && find_linear(s, c->next, c->carry, 0, &c->step)) {
    c->step.factor &= mask_of(c->type);
    c->role = SK_TRIP_LINEAR;
    s->has_factors |= c->step.factor != 1;
    return;
  }
  bool is_float = c->type == SK_LT_F32 || c->type == SK_LT_F64;
  bool may = is_sum(s, c->next, c, 0, &reads) && c->combiner != SK_L_NONE &&
             is_float == ((int)c->combiner == SK_L_FMAX || (int)c->combiner == SK_L_FMIN);
  bool is = may && reads == s->use_count[c->carry.id];
  c->role = is ? SK_TRIP_SUM : SK_TRIP_SERIAL;
  s->has_sums |= is;
  s->has_serial |= !is;
}

// ---------------------------------------------------------------------------------------------------- what may be spread

static uint32_t buf_of(const sk_trips *s, const sk_inst *inst) {
  return s->old.accesses.data[inst->imm].buf;
}

// Does something else of the kernel touch the array that instruction `store` writes?
static bool is_touched_elsewhere(const sk_trips *s, uint32_t store) {
  for (uint32_t i = 1; i < s->old.insts.count; i++) {
    const sk_inst *inst = &s->old.insts.data[i];
    if (i != store && (inst->op == SK_L_LOAD || inst->op == SK_L_STORE) &&
        buf_of(s, inst) == buf_of(s, &s->old.insts.data[store])) {
      return true;
    }
  }
  return false;
}

static bool may_spread_body(sk_trips *s) {
  const sk_loop *l = &s->old.loops.data[s->loop];
  for (uint32_t i = l->begin + 1; i < l->end; i++) {
    const sk_inst *inst = &s->old.insts.data[i];
    if (inst->op != SK_L_STORE) {
      continue;
    }
    s->has_stores = true;
    if (inst->b.id != 0 || sk_access_stride(&s->old, (uint32_t)inst->imm, s->loop) == 0 ||
        is_touched_elsewhere(s, i)) {
      return false;
    }
  }
  return true;
}

static void count_uses(sk_trips *s) {
  const sk_loop *l = &s->old.loops.data[s->loop];
  for (uint32_t i = l->begin + 1; i < l->end; i++) {
    const sk_inst *inst = &s->old.insts.data[i];
    s->use_count[inst->a.id] += inst->op != SK_L_YIELD && inst->op != SK_L_CARRY;
    s->use_count[inst->b.id]++;
    s->use_count[inst->c.id]++;
  }
}

static void find_carries(sk_trips *s, sk_arena *arena) {
  const sk_loop *l = &s->old.loops.data[s->loop];
  while (s->old.insts.data[l->begin + 1 + s->count].op == SK_L_CARRY) {
    s->count++;
  }
  s->carries = sk_arena_zalloc(arena, sizeof(sk_carried) * (s->count + 1), _Alignof(sk_carried));
  for (uint32_t i = 0; i < s->count; i++) {
    sk_carried *c = &s->carries[i];
    c->carry.id = l->begin + 1 + i;
    c->next = s->old.insts.data[l->end - s->count + i].b;
    c->type = (sk_lt)sk_trips_inst(s, c->carry)->type;
  }
}

// Innermost and sequential, and so is all around that is more than one iteration: nothing else
// takes the lanes.
static bool is_candidate(const sk_kernel *k, uint32_t loop) {
  const sk_loop *l = &k->loops.data[loop];
  uint32_t depth = 0;
  if (l->kind != SK_LOOP_SEQ || l->parent == UINT32_MAX || l->end - l->begin > SK_TRIPS_BODY) {
    return false;
  }
  for (uint32_t i = l->begin + 1; i < l->end; i++) {
    if (k->insts.data[i].op == SK_L_LOOP) {
      return false;
    }
  }
  for (uint32_t p = l->parent; p != UINT32_MAX; p = k->loops.data[p].parent) {
    if ((k->loops.data[p].extent > 1 && k->loops.data[p].kind != SK_LOOP_SEQ) ||
        ++depth > SK_TRIPS_NEST) {
      return false;
    }
  }
  return true;
}

// Finds out about a loop of the old kernel, and whether it can be spread.
static bool may_spread(sk_trips *s, uint32_t loop, sk_arena *arena) {
  const sk_kernel *k = &s->old;
  s->loop = loop;
  s->count = 0;
  s->has_factors = s->has_sums = s->has_stores = s->has_serial = false;
  s->serial = NULL;
  s->scratch = NULL;
  s->use_count = sk_arena_zalloc(arena, sizeof(uint32_t) * k->insts.count, _Alignof(uint32_t));
  count_uses(s);
  find_carries(s, arena);
  if (s->count == 0 || !may_spread_body(s)) {
    return false;
  }
  for (uint32_t i = 0; i < s->count; i++) {
    classify(s, &s->carries[i]);
  }
  if (s->has_serial) {
    return sk_trips_may_split(s, arena);
  }
  return k->loops.data[loop].extent >= LEAST_TRIPS &&
         k->loops.data[loop].end - k->loops.data[loop].begin <= MAX_BODY &&
         (s->has_sums || s->has_stores);
}

// ---------------------------------------------------------------------------------------------------- copies of instructions

static void set_strides(sk_trips *s, uint32_t access, int64_t step, bool of_blocks) {
  sk_build_set_stride(&s->b, access, s->lane_loop, step);
  if (s->trip_loop != SK_NO_TRIPS) {
    sk_build_set_stride(&s->b, access, s->trip_loop, LANES * step);
  }
  if (of_blocks && s->block_loop != SK_NO_TRIPS) {
    sk_build_set_stride(&s->b, access, s->block_loop, s->block * step);
  }
}

static uint32_t put_access(sk_trips *s, uint32_t access) {
  const sk_access *from = &s->old.accesses.data[access];
  bool inside = s->lane_loop != SK_NO_TRIPS;
  int64_t step = inside ? sk_access_stride(&s->old, access, s->loop) : 0;
  uint32_t made =
      sk_build_access(&s->b, from->buf, (sk_mem)from->mem, from->offset + s->base * step);
  for (uint32_t i = 0; i < s->around_count; i++) {
    uint32_t loop = s->around[i];
    sk_build_set_stride(&s->b, made, s->loop_map[loop], sk_access_stride(&s->old, access, loop));
  }
  if (inside) {
    set_strides(s, made, step, true);
  }
  return made;
}

uint32_t sk_trips_scratch_access(sk_trips *s, uint32_t inst) {
  uint32_t buf = s->scratch[inst];
  sk_mem mem = (sk_mem)s->prog->bufs.data[buf].mem;
  uint32_t made = sk_build_access(&s->b, buf, mem, s->base - s->block_base);
  set_strides(s, made, 1, false);
  return made;
}

static sk_val integer(sk_trips *s, sk_lt type, uint64_t bits) {
  return sk_build_const(&s->b, type, bits & mask_of(type));
}

// The trip, as the old loop counted it.
static sk_val trip_number(sk_trips *s, sk_lt type) {
  sk_build *b = &s->b;
  sk_val trip = sk_build_index(b, s->lane_loop, type);
  if (s->trip_loop != SK_NO_TRIPS) {
    sk_val before =
        sk_build_2(b, SK_L_MUL, sk_build_index(b, s->trip_loop, type), integer(s, type, LANES));
    trip = sk_build_2(b, SK_L_ADD, trip, before);
  }
  if (s->block_loop != SK_NO_TRIPS) {
    sk_val before = sk_build_2(b, SK_L_MUL, sk_build_index(b, s->block_loop, type),
                               integer(s, type, (uint64_t)s->block));
    trip = sk_build_2(b, SK_L_ADD, trip, before);
  }
  return sk_build_2(b, SK_L_ADD, trip, integer(s, type, (uint64_t)s->base));
}

static sk_val put_pure(sk_trips *s, const sk_inst *inst, sk_val x, sk_val y, sk_val z) {
  sk_lop op = (sk_lop)inst->op;
  if (sk_lop_result_rule(op) == SK_RULE_T) {
    return sk_build_convert(&s->b, op, (sk_lt)inst->type, x);
  }
  uint32_t operands = sk_lop_operand_count(op);
  return operands == 1   ? sk_build_1(&s->b, op, x)
         : operands == 2 ? sk_build_2(&s->b, op, x, y)
                         : sk_build_3(&s->b, op, x, y, z);
}

void sk_trips_put(sk_trips *s, uint32_t i) {
  sk_build *b = &s->b;
  const sk_inst inst = s->old.insts.data[i];
  sk_val x = s->map[inst.a.id], y = s->map[inst.b.id], z = s->map[inst.c.id], made = {0};
  switch ((sk_lop)inst.op) {
    case SK_L_CONST: made = sk_build_const(b, (sk_lt)inst.type, inst.imm); break;
    case SK_L_INDEX:
      made = inst.imm == s->loop ? trip_number(s, (sk_lt)inst.type)
                                 : sk_build_index(b, s->loop_map[inst.imm], (sk_lt)inst.type);
      break;
    case SK_L_LOAD: made = sk_build_load(b, put_access(s, (uint32_t)inst.imm), x, y); break;
    case SK_L_STORE: sk_build_store(b, put_access(s, (uint32_t)inst.imm), x, y, z); break;
    case SK_L_IF: sk_build_if(b, x); break;
    case SK_L_END: sk_build_end_if(b); break;
    case SK_L_MERGE: made = sk_build_merge(b, x, y, z); break;
    default: made = put_pure(s, &inst, x, y, z); break;
  }
  s->map[i] = made;
}

static void keep_for_serial(sk_trips *s, uint32_t i) {
  if (s->scratch != NULL && s->scratch[i] != 0) {
    sk_build_store(&s->b, sk_trips_scratch_access(s, i), s->map[i], (sk_val){0}, (sk_val){0});
  }
}

// All of a trip, or the part that waits for nothing.
static void put_body(sk_trips *s) {
  const sk_loop *l = &s->old.loops.data[s->loop];
  for (uint32_t i = l->begin + 1; i < l->end - s->count; i++) {
    bool is_carry = i < l->begin + 1 + s->count;
    if (s->serial == NULL || !s->serial[i]) {
      if (!is_carry) {
        sk_trips_put(s, i);
      }
      keep_for_serial(s, i);
    }
  }
}

// ---------------------------------------------------------------------------------------------------- the new loops

static sk_val take_step(sk_trips *s, const sk_carried *c, sk_linear step, sk_val x) {
  sk_val product = sk_build_2(&s->b, SK_L_MUL, x, integer(s, c->type, step.factor));
  return sk_build_2(&s->b, SK_L_ADD, product, integer(s, c->type, step.offset));
}

sk_val sk_trips_start(sk_trips *s, const sk_carried *c) {
  sk_build *b = &s->b;
  sk_val lane = sk_build_index(b, s->lane_loop, c->type), x = c->state;
  if (c->step.factor == 1) {
    return sk_build_2(b, SK_L_ADD, x,
                      sk_build_2(b, SK_L_MUL, lane, integer(s, c->type, c->step.offset)));
  }
  for (uint32_t bit = 0; bit < LANE_BITS; bit++) {
    sk_val set = sk_build_2(b, SK_L_AND, lane, integer(s, c->type, UINT64_C(1) << bit));
    sk_val further = take_step(s, c, power(c->step, UINT64_C(1) << bit), x);
    x = sk_build_select(b, sk_build_2(b, SK_L_INE, set, integer(s, c->type, 0)), further, x);
  }
  return x;
}

static sk_val identity(sk_trips *s, const sk_carried *c) {
  return sk_build_const(&s->b, c->type, sk_combiner_identity(c->combiner, c->type));
}

// Does v, a part of a sum, lead to the carry?
static bool leads_to_carry(const sk_trips *s, sk_val v, const sk_carried *c) {
  const sk_inst *inst = sk_trips_inst(s, v);
  if (v.id <= c->carry.id) {
    return v.id == c->carry.id;
  }
  return inst->op == SK_L_SELECT ? leads_to_carry(s, inst->b, c)
         : inst->op == (uint8_t)c->combiner
             ? leads_to_carry(s, inst->a, c) || leads_to_carry(s, inst->b, c)
             : false;
}

// What v, a part of a sum, adds to the carry.
static sk_val contribution(sk_trips *s, sk_val v, const sk_carried *c) {
  const sk_inst *inst = sk_trips_inst(s, v);
  if (v.id == c->carry.id) {
    return identity(s, c);
  }
  sk_lop extreme;
  sk_val other;
  if (is_extreme(s, v, c, &extreme, &other)) {
    return s->map[other.id];
  }
  if (inst->op == SK_L_SELECT) {
    sk_val yes = contribution(s, inst->b, c), no = contribution(s, inst->c, c);
    return sk_build_select(&s->b, s->map[inst->a.id], yes, no);
  }
  bool first = leads_to_carry(s, inst->a, c);
  sk_val rest = contribution(s, first ? inst->a : inst->b, c);
  return sk_build_2(&s->b, c->combiner, rest, s->map[first ? inst->b.id : inst->a.id]);
}

// The trips of one lane, `trips` of them, LANES apart. What they add to the sums goes to added[].
static void put_trips(sk_trips *s, int64_t trips, sk_val *added) {
  sk_build *b = &s->b;
  sk_val *carries = SK_NEW_ARRAY(s->b.arena, sk_val, s->count + 1),
         *nexts = SK_NEW_ARRAY(s->b.arena, sk_val, s->count + 1);
  uint32_t count = 0;
  s->trip_loop = sk_build_loop(b, SK_LOOP_SEQ, trips, 1);
  for (uint32_t i = 0; i < s->count; i++) {
    const sk_carried *c = &s->carries[i];
    if (c->role != SK_TRIP_SERIAL) {
      added[i] = carries[count++] = sk_build_carry(b, s->map[c->carry.id], SK_L_NONE);
      s->map[c->carry.id] = added[i];
    }
  }
  put_body(s);
  count = 0;
  for (uint32_t i = 0; i < s->count; i++) {
    const sk_carried *c = &s->carries[i];
    if (c->role == SK_TRIP_LINEAR) {
      nexts[count++] = take_step(s, c, power(c->step, LANES), added[i]);
    } else if (c->role == SK_TRIP_SUM) {
      nexts[count++] = sk_build_combine(b, c->combiner, added[i], contribution(s, c->next, c));
    }
  }
  sk_build_end_loop(b, carries, nexts, count);
  s->trip_loop = SK_NO_TRIPS;
}

// Trips from s->base on: `lanes` side by side, each `trips` times.
static void put_lanes(sk_trips *s, int64_t lanes, int64_t trips, sk_arena *arena) {
  sk_build *b = &s->b;
  uint32_t sums = 0;
  sk_val *carries = SK_NEW_ARRAY(arena, sk_val, s->count + 1),
         *added = SK_NEW_ARRAY(arena, sk_val, s->count + 1);
  s->lane_loop = sk_build_loop(b, s->has_sums ? SK_LOOP_RED : SK_LOOP_PAR, lanes, VIRTUAL_LANES);
  for (uint32_t i = 0; i < s->count; i++) {
    const sk_carried *c = &s->carries[i];
    if (c->role == SK_TRIP_SUM) {
      carries[sums++] = sk_build_carry(b, c->state, c->combiner);
    }
  }
  for (uint32_t i = 0; i < s->count; i++) {
    const sk_carried *c = &s->carries[i];
    if (c->role != SK_TRIP_SERIAL) {
      s->map[c->carry.id] = c->role == SK_TRIP_LINEAR ? sk_trips_start(s, c) : identity(s, c);
    }
  }
  if (trips > 1) {
    put_trips(s, trips, added);
  } else {
    put_body(s);
    for (uint32_t i = 0; i < s->count; i++) {
      const sk_carried *c = &s->carries[i];
      added[i] = c->role == SK_TRIP_SUM ? contribution(s, c->next, c) : (sk_val){0};
    }
  }
  sums = 0;
  for (uint32_t i = 0; i < s->count; i++) {
    sk_carried *c = &s->carries[i];
    if (c->role == SK_TRIP_SUM) {
      c->state = carries[sums];
      added[sums++] = added[i];
    }
  }
  sk_build_end_loop(b, carries, added, sums);
  s->lane_loop = SK_NO_TRIPS;
}

void sk_trips_put_lanes(sk_trips *s, int64_t count, sk_arena *arena) {
  int64_t trips = s->has_factors ? SK_MAX(count / LANES, INT64_C(1)) : 1;
  int64_t lanes = s->has_factors ? SK_MIN(count, INT64_C(1) * LANES) : count;
  while (count > 0) {
    int64_t done = lanes * trips;
    put_lanes(s, lanes, trips, arena);
    for (uint32_t i = 0; i < s->count; i++) {
      sk_carried *c = &s->carries[i];
      if (c->role == SK_TRIP_LINEAR) {
        c->state = take_step(s, c, power(c->step, (uint64_t)done), c->state);
      }
    }
    s->base += done;
    count -= done;
    trips = 1;
    lanes = count;
  }
}

static void put_spread(sk_trips *s, sk_arena *arena) {
  int64_t extent = s->old.loops.data[s->loop].extent;
  for (uint32_t i = 0; i < s->count; i++) {
    s->carries[i].state = s->map[sk_trips_inst(s, s->carries[i].carry)->a.id];
  }
  if (s->has_serial) {
    sk_trips_put_split(s, arena);
  } else {
    sk_trips_put_lanes(s, extent, arena);
  }
  for (uint32_t i = 0; i < s->count; i++) {
    s->map[s->carries[i].carry.id] = s->carries[i].state;
  }
  s->base = 0;
}

// ---------------------------------------------------------------------------------------------------- the loops around

// Opens a loop as it was. Returns its last CARRY, or the LOOP.
static uint32_t open_loop(sk_trips *s, uint32_t start) {
  uint32_t id = (uint32_t)s->old.insts.data[start].imm, i = start;
  const sk_loop *l = &s->old.loops.data[id];
  s->loop_map[id] = sk_build_loop(&s->b, (sk_loop_kind)l->kind, l->extent, l->lanes);
  s->around[s->around_count++] = id;
  while (s->old.insts.data[i + 1].op == SK_L_CARRY) {
    const sk_inst *carry = &s->old.insts.data[++i];
    s->map[i] = sk_build_carry(&s->b, s->map[carry->a.id], (sk_lop)carry->imm);
  }
  return i;
}

// From the first of a loop's YIELDs. Returns its END.
static uint32_t close_loop(sk_trips *s, uint32_t first, sk_arena *arena) {
  uint32_t end = first, count;
  while (s->old.insts.data[end].op == SK_L_YIELD) {
    end++;
  }
  count = end - first;
  sk_val *carries = SK_NEW_ARRAY(arena, sk_val, count + 1),
         *nexts = SK_NEW_ARRAY(arena, sk_val, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    carries[i] = s->map[s->old.insts.data[first + i].a.id];
    nexts[i] = s->map[s->old.insts.data[first + i].b.id];
  }
  sk_build_end_loop(&s->b, carries, nexts, count);
  s->around_count--;
  return end;
}

static bool ends_loop(const sk_trips *s, const sk_inst *inst) {
  return inst->op == SK_L_YIELD ||
         (inst->op == SK_L_END && s->old.insts.data[inst->imm].op == SK_L_LOOP);
}

// spread[]: by loop.
static void put_kernel(sk_trips *s, const uint8_t *spread, sk_arena *arena) {
  for (uint32_t i = 1; i < s->old.insts.count; i++) {
    const sk_inst *inst = &s->old.insts.data[i];
    if (ends_loop(s, inst)) {
      i = close_loop(s, i, arena);
    } else if (inst->op != SK_L_LOOP) {
      sk_trips_put(s, i);
    } else if (!spread[inst->imm]) {
      i = open_loop(s, i);
    } else {
      (void)may_spread(s, (uint32_t)inst->imm, arena);
      put_spread(s, arena);
      i = s->old.loops.data[inst->imm].end;
      s->loop = UINT32_MAX;
    }
  }
}

void sk_kernel_spread_trips(sk_prog *prog, uint32_t kernel, sk_arena *scratch) {
  enum {
    NEW_LOOPS = 9
  };  // of blocks; for the blocks and for the rest: lanes, trips, lanes, waiting
  sk_arena_mark mark = sk_arena_get_mark(scratch);
  sk_kernel *k = &prog->kernels.data[kernel];
  uint32_t loops = k->loops.count, count = 0;
  sk_trips s = {.prog = prog,
                .old = *k,
                .lane_loop = SK_NO_TRIPS,
                .trip_loop = SK_NO_TRIPS,
                .block_loop = SK_NO_TRIPS};
  uint8_t *spread = sk_arena_zalloc(scratch, loops, 1);
  for (uint32_t l = 0; l < loops; l++) {
    spread[l] = is_candidate(k, l) && may_spread(&s, l, scratch);
    count += spread[l];
  }
  if (count > 0) {
    s.loop = UINT32_MAX;
    s.map = sk_arena_zalloc(scratch, sizeof(sk_val) * s.old.insts.count, _Alignof(sk_val));
    s.loop_map = sk_arena_zalloc(scratch, sizeof(uint32_t) * loops, _Alignof(uint32_t));
    *k = (sk_kernel){.name = s.old.name, .loc_id = s.old.loc_id};
    sk_build_init(&s.b, prog, kernel, loops + NEW_LOOPS * count, scratch);
    put_kernel(&s, spread, scratch);
    sk_build_finish(&s.b);
  }
  sk_arena_rewind(scratch, mark);
}
