// SPDX-License-Identifier: Apache-2.0
// Sequential loops whose trips need not wait for each other: what a trip hands to the next is an integer that grows by
// something, in a way that any order gives, or a number that the same linear step makes of the one before. Trips then run
// along lanes.
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
// Takes a kernel of one sequential loop in a loop of one iteration, before storage is shared. Arrays that the loop writes it
// must not read, and it must write another element each trip. Integers wrap, so all of this is exact.
#include "loop/loop_int.h"

enum {
  LANES = 64,  // a few vectors of any length, side by side
  LANE_BITS = 6,
  LEAST_TRIPS = 4 * LANES,
  MAX_BODY = 200,  // it is written twice
  MAX_DEPTH = 8,
  // Of a reduction that any order gives: the generator takes as many as fit, if there are several.
  VIRTUAL_LANES = 2
};

#define NO_LOOP UINT32_MAX

// x -> factor x + offset, wrapping.
typedef struct linear {
  uint64_t factor, offset;
} linear;

// What the loop carries.
typedef struct carried {
  sk_val carry, next;  // of the kernel as it was
  sk_lt type;
  bool is_linear;
  linear step;
  sk_lop combiner;
  sk_val state;  // value at the trip that comes next
} carried;

typedef struct spreader {
  sk_prog *prog;
  sk_build b;
  sk_kernel old;
  uint32_t loop;  // of the old kernel
  uint32_t
      *use_count;  // by old instruction: uses in the loop; a carry's by its own YIELD not counted
  sk_val *map;     // by old instruction
  carried *carries;
  uint32_t count;
  bool has_factors, has_sums, has_stores;
  // where the copy stands
  int64_t base;                   // first trip
  uint32_t lane_loop, trip_loop;  // of the new kernel
} spreader;

static const sk_inst *inst_of(const spreader *s, sk_val v) { return &s->old.insts.data[v.id]; }

static bool is_integer(sk_lt type) { return type == SK_LT_I32 || type == SK_LT_I64; }

static uint64_t mask_of(sk_lt type) { return type == SK_LT_I64 ? UINT64_MAX : UINT32_MAX; }

// ---------------------------------------------------------------------------------------------------- linear steps

static linear compose(linear after, linear first) {
  return (linear){after.factor * first.factor, after.factor * first.offset + after.offset};
}

static linear power(linear step, uint64_t count) {
  linear all = {1, 0};
  for (; count != 0; count /= 2) {
    all = count % 2 != 0 ? compose(step, all) : all;
    step = compose(step, step);
  }
  return all;
}

// v as a linear function of the carry, by constants.
static bool find_linear(const spreader *s, sk_val v, sk_val carry, uint32_t depth, linear *out) {
  const sk_inst *inst = inst_of(s, v);
  linear x, y;
  *out = (linear){1, 0};
  if (v.id == carry.id) {
    return true;
  }
  if (inst->op == SK_L_CONST) {
    *out = (linear){0, inst->imm};
    return true;
  }
  bool may = depth < MAX_DEPTH && (inst->op == SK_L_ADD || inst->op == SK_L_SUB ||
                                   inst->op == SK_L_MUL || inst->op == SK_L_SHL);
  if (!may || !find_linear(s, inst->a, carry, depth + 1, &x) ||
      !find_linear(s, inst->b, carry, depth + 1, &y)) {
    return false;
  }
  switch ((int)inst->op) {
    case SK_L_ADD: *out = (linear){x.factor + y.factor, x.offset + y.offset}; return true;
    case SK_L_SUB: *out = (linear){x.factor - y.factor, x.offset - y.offset}; return true;
    case SK_L_MUL:
      *out = (linear){x.factor * y.offset + x.offset * y.factor, x.offset * y.offset};
      return x.factor == 0 || y.factor == 0;
    default:  // SHL
      if (y.factor != 0 || y.offset >= 8 * sk_lt_bytes((sk_lt)inst->type)) {
        return false;
      }
      *out = (linear){x.factor << y.offset, x.offset << y.offset};
      return true;
  }
}

// ---------------------------------------------------------------------------------------------------- sums

static bool is_order_free(sk_lop op) {
  switch ((int)op) {
    case SK_L_ADD:
    case SK_L_MUL:
    case SK_L_AND:
    case SK_L_OR:
    case SK_L_XOR:
    case SK_L_SMIN:
    case SK_L_SMAX:
    case SK_L_UMIN:
    case SK_L_UMAX:
    case SK_L_PAND:
    case SK_L_POR:
    case SK_L_PXOR: return true;
    default: return false;
  }
}

// Is v the carry, combined with what does not depend on it, or one of two such? Counts the places where it reads the carry.
static bool is_sum(const spreader *s, sk_val v, carried *c, uint32_t depth, uint32_t *reads) {
  const sk_inst *inst = inst_of(s, v);
  if (v.id == c->carry.id) {
    ++*reads;
    return true;
  }
  if (v.id < s->old.loops.data[s->loop].begin || depth == MAX_DEPTH || s->use_count[v.id] != 1) {
    return false;
  }
  if (inst->op == SK_L_SELECT) {
    return is_sum(s, inst->b, c, depth + 1, reads) && is_sum(s, inst->c, c, depth + 1, reads);
  }
  bool fits = is_order_free((sk_lop)inst->op) &&
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

static bool classify(spreader *s, carried *c) {
  uint32_t reads = 0;
  c->combiner = SK_L_NONE;
  if (is_integer(c->type) && find_linear(s, c->next, c->carry, 0, &c->step)) {
    c->step.factor &= mask_of(c->type);
    c->is_linear = true;
    s->has_factors |= c->step.factor != 1;
    return true;
  }
  s->has_sums = true;
  return (is_integer(c->type) || c->type == SK_LT_PRED) && is_sum(s, c->next, c, 0, &reads) &&
         c->combiner != SK_L_NONE && reads == s->use_count[c->carry.id];
}

// ---------------------------------------------------------------------------------------------------- what may be spread

static uint32_t buf_of(const spreader *s, const sk_inst *inst) {
  return s->old.accesses.data[inst->imm].buf;
}

// Does something else of the kernel touch the array that instruction `store` writes?
static bool is_touched_elsewhere(const spreader *s, uint32_t store) {
  for (uint32_t i = 1; i < s->old.insts.count; i++) {
    const sk_inst *inst = &s->old.insts.data[i];
    if (i != store && (inst->op == SK_L_LOAD || inst->op == SK_L_STORE) &&
        buf_of(s, inst) == buf_of(s, &s->old.insts.data[store])) {
      return true;
    }
  }
  return false;
}

static bool may_spread_body(spreader *s) {
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

static void count_uses(spreader *s) {
  const sk_loop *l = &s->old.loops.data[s->loop];
  for (uint32_t i = l->begin + 1; i < l->end; i++) {
    const sk_inst *inst = &s->old.insts.data[i];
    s->use_count[inst->a.id] += inst->op != SK_L_YIELD && inst->op != SK_L_CARRY;
    s->use_count[inst->b.id]++;
    s->use_count[inst->c.id]++;
  }
}

static void find_carries(spreader *s, sk_arena *arena) {
  const sk_loop *l = &s->old.loops.data[s->loop];
  while (s->old.insts.data[l->begin + 1 + s->count].op == SK_L_CARRY) {
    s->count++;
  }
  s->carries = sk_arena_zalloc(arena, sizeof(carried) * (s->count + 1), _Alignof(carried));
  for (uint32_t i = 0; i < s->count; i++) {
    carried *c = &s->carries[i];
    c->carry.id = l->begin + 1 + i;
    c->next = s->old.insts.data[l->end - s->count + i].b;
    c->type = (sk_lt)inst_of(s, c->carry)->type;
  }
}

static bool may_spread(spreader *s, sk_arena *arena) {
  const sk_kernel *k = &s->old;
  if (k->loops.count != 2 || k->loops.data[0].extent != 1 || k->loops.data[1].kind != SK_LOOP_SEQ ||
      k->loops.data[1].extent < LEAST_TRIPS ||
      k->loops.data[1].end - k->loops.data[1].begin > MAX_BODY) {
    return false;
  }
  s->loop = 1;
  s->use_count = sk_arena_zalloc(arena, sizeof(uint32_t) * k->insts.count, _Alignof(uint32_t));
  count_uses(s);
  find_carries(s, arena);
  bool may = s->count > 0 && may_spread_body(s);
  for (uint32_t i = 0; i < s->count && may; i++) {
    may = classify(s, &s->carries[i]);
  }
  return may && (s->has_sums || s->has_stores);
}

// ---------------------------------------------------------------------------------------------------- copies of instructions

static uint32_t put_access(spreader *s, uint32_t access) {
  const sk_access *from = &s->old.accesses.data[access];
  bool inside = s->lane_loop != NO_LOOP;
  int64_t step = inside ? sk_access_stride(&s->old, access, s->loop) : 0;
  uint32_t made =
      sk_build_access(&s->b, from->buf, (sk_mem)from->mem, from->offset + s->base * step);
  if (inside) {
    sk_build_set_stride(&s->b, made, s->lane_loop, step);
  }
  if (s->trip_loop != NO_LOOP) {
    sk_build_set_stride(&s->b, made, s->trip_loop, LANES * step);
  }
  return made;
}

static sk_val integer(spreader *s, sk_lt type, uint64_t bits) {
  return sk_build_const(&s->b, type, bits & mask_of(type));
}

// The trip, as the old loop counted it.
static sk_val trip_number(spreader *s, sk_lt type) {
  sk_build *b = &s->b;
  sk_val trip = sk_build_index(b, s->lane_loop, type);
  if (s->trip_loop != NO_LOOP) {
    sk_val before =
        sk_build_2(b, SK_L_MUL, sk_build_index(b, s->trip_loop, type), integer(s, type, LANES));
    trip = sk_build_2(b, SK_L_ADD, trip, before);
  }
  return sk_build_2(b, SK_L_ADD, trip, integer(s, type, (uint64_t)s->base));
}

static sk_val put_pure(spreader *s, const sk_inst *inst, sk_val x, sk_val y, sk_val z) {
  sk_lop op = (sk_lop)inst->op;
  if (sk_lop_result_rule(op) == SK_RULE_T) {
    return sk_build_convert(&s->b, op, (sk_lt)inst->type, x);
  }
  uint32_t operands = sk_lop_operand_count(op);
  return operands == 1   ? sk_build_1(&s->b, op, x)
         : operands == 2 ? sk_build_2(&s->b, op, x, y)
                         : sk_build_3(&s->b, op, x, y, z);
}

static void put(spreader *s, uint32_t i) {
  sk_build *b = &s->b;
  const sk_inst inst = s->old.insts.data[i];
  sk_val x = s->map[inst.a.id], y = s->map[inst.b.id], z = s->map[inst.c.id], made = {0};
  switch ((sk_lop)inst.op) {
    case SK_L_CONST: made = sk_build_const(b, (sk_lt)inst.type, inst.imm); break;
    case SK_L_INDEX:
      made = inst.imm == s->loop ? trip_number(s, (sk_lt)inst.type)
                                 : sk_build_index(b, (uint32_t)inst.imm, (sk_lt)inst.type);
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

static void put_body(spreader *s) {
  const sk_loop *l = &s->old.loops.data[s->loop];
  for (uint32_t i = l->begin + 1 + s->count; i < l->end - s->count; i++) {
    put(s, i);
  }
}

// ---------------------------------------------------------------------------------------------------- the new loops

static sk_val take_step(spreader *s, const carried *c, linear step, sk_val x) {
  sk_val product = sk_build_2(&s->b, SK_L_MUL, x, integer(s, c->type, step.factor));
  return sk_build_2(&s->b, SK_L_ADD, product, integer(s, c->type, step.offset));
}

// The carried number in the first trip of each lane: as many steps on as the lane's number says.
static sk_val start_of_lane(spreader *s, const carried *c) {
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

static sk_val identity(spreader *s, const carried *c) {
  return sk_build_const(&s->b, c->type, sk_combiner_identity(c->combiner, c->type));
}

// Does v, a part of a sum, lead to the carry?
static bool leads_to_carry(const spreader *s, sk_val v, const carried *c) {
  const sk_inst *inst = inst_of(s, v);
  if (v.id <= c->carry.id) {
    return v.id == c->carry.id;
  }
  return inst->op == SK_L_SELECT ? leads_to_carry(s, inst->b, c)
         : inst->op == (uint8_t)c->combiner
             ? leads_to_carry(s, inst->a, c) || leads_to_carry(s, inst->b, c)
             : false;
}

// What v, a part of a sum, adds to the carry.
static sk_val contribution(spreader *s, sk_val v, const carried *c) {
  const sk_inst *inst = inst_of(s, v);
  if (v.id == c->carry.id) {
    return identity(s, c);
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
static void put_trips(spreader *s, int64_t trips, sk_val *added, sk_val *nexts) {
  sk_build *b = &s->b;
  s->trip_loop = sk_build_loop(b, SK_LOOP_SEQ, trips, 1);
  for (uint32_t i = 0; i < s->count; i++) {
    added[i] = sk_build_carry(b, s->map[s->carries[i].carry.id], SK_L_NONE);
    s->map[s->carries[i].carry.id] = added[i];
  }
  put_body(s);
  for (uint32_t i = 0; i < s->count; i++) {
    const carried *c = &s->carries[i];
    nexts[i] = c->is_linear ? take_step(s, c, power(c->step, LANES), added[i])
                            : sk_build_2(b, c->combiner, added[i], contribution(s, c->next, c));
  }
  sk_build_end_loop(b, added, nexts, s->count);
  s->trip_loop = NO_LOOP;
}

// Trips from s->base on: `lanes` side by side, each `trips` times.
static void put_lanes(spreader *s, int64_t lanes, int64_t trips, sk_arena *arena) {
  sk_build *b = &s->b;
  uint32_t sums = 0;
  sk_val *carries = SK_NEW_ARRAY(arena, sk_val, s->count + 1),
         *added = SK_NEW_ARRAY(arena, sk_val, s->count + 1),
         *nexts = SK_NEW_ARRAY(arena, sk_val, s->count + 1);
  s->lane_loop = sk_build_loop(b, s->has_sums ? SK_LOOP_RED : SK_LOOP_PAR, lanes, VIRTUAL_LANES);
  for (uint32_t i = 0; i < s->count; i++) {
    const carried *c = &s->carries[i];
    if (!c->is_linear) {
      carries[sums++] = sk_build_carry(b, c->state, c->combiner);
    }
  }
  for (uint32_t i = 0; i < s->count; i++) {
    const carried *c = &s->carries[i];
    s->map[c->carry.id] = c->is_linear ? start_of_lane(s, c) : identity(s, c);
  }
  if (trips > 1) {
    put_trips(s, trips, added, nexts);
  } else {
    put_body(s);
    for (uint32_t i = 0; i < s->count; i++) {
      const carried *c = &s->carries[i];
      added[i] = c->is_linear ? (sk_val){0} : contribution(s, c->next, c);
    }
  }
  sums = 0;
  for (uint32_t i = 0; i < s->count; i++) {
    carried *c = &s->carries[i];
    if (!c->is_linear) {
      c->state = carries[sums];
      added[sums++] = added[i];
    }
  }
  sk_build_end_loop(b, carries, added, sums);
  s->lane_loop = NO_LOOP;
}

static void put_loop(spreader *s, sk_arena *arena) {
  int64_t extent = s->old.loops.data[s->loop].extent;
  int64_t trips = s->has_factors ? extent / LANES : 1, lanes = s->has_factors ? LANES : extent;
  for (uint32_t i = 0; i < s->count; i++) {
    s->carries[i].state = s->map[inst_of(s, s->carries[i].carry)->a.id];
  }
  while (s->base < extent) {
    int64_t done = lanes * trips;
    put_lanes(s, lanes, trips, arena);
    for (uint32_t i = 0; i < s->count; i++) {
      carried *c = &s->carries[i];
      c->state =
          c->is_linear ? take_step(s, c, power(c->step, (uint64_t)done), c->state) : c->state;
    }
    s->base += done;
    trips = 1;
    lanes = extent - s->base;
  }
  for (uint32_t i = 0; i < s->count; i++) {
    s->map[s->carries[i].carry.id] = s->carries[i].state;
  }
  s->base = 0;
}

void sk_kernel_spread_trips(sk_prog *prog, uint32_t kernel, sk_arena *scratch) {
  sk_arena_mark mark = sk_arena_get_mark(scratch);
  sk_kernel *k = &prog->kernels.data[kernel];
  spreader s = {.prog = prog, .old = *k, .lane_loop = NO_LOOP, .trip_loop = NO_LOOP};
  if (may_spread(&s, scratch)) {
    s.map = sk_arena_zalloc(scratch, sizeof(sk_val) * s.old.insts.count, _Alignof(sk_val));
    *k = (sk_kernel){.name = s.old.name, .loc_id = s.old.loc_id};
    sk_build_init(&s.b, prog, kernel, 4, scratch);
    for (uint32_t i = 1; i < s.old.insts.count; i++) {
      const sk_loop *l = &s.old.loops.data[s.loop], *around = &s.old.loops.data[0];
      if (i == around->begin) {
        sk_build_loop(&s.b, SK_LOOP_PAR, 1, 1);
      } else if (i == around->end) {
        sk_build_end_loop(&s.b, NULL, NULL, 0);
      } else if (i == l->begin) {
        put_loop(&s, scratch);
        i = l->end;
      } else {
        put(&s, i);
      }
    }
    sk_build_finish(&s.b);
  }
  sk_arena_rewind(scratch, mark);
}
