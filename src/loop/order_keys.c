// SPDX-License-Identifier: Apache-2.0
// Networks of minima and maxima of f32, as median filters and sorting networks are, on keys:
// integers in the order of the floats.
//
//   minimum(x, y) = or(fminx(x, y), fminx(y, x))                                     3 instructions
//   maximum(x, y) = funord(x, y) ? NaN : and(fmaxx(x, y), fmaxx(y, x))               5
//
//   key(x) = bits(x) ^ (bits(x) < 0 ? 0x7fffffff : 0)             3 for every value that goes in, 3 for every one that comes out
//   on keys: smin, smax                                           1 each
//
// Keys put -0 below +0, as minimum and maximum do. A NaN among the values that a result depends on
// makes the result one: these are looked at in pairs, apart from the network. Equal keys are equal
// bits, so the results are the same.
//
// Works on a clean kernel, within one region at a time; values from outside are values that go in.
// Only where it saves instructions. Linear time but for the pairs of each result that leaves a
// network.
#include "loop/loop_int.h"

enum { LEAST_NODES = 6, MAX_INPUTS = 64, MINIMUM = 1, MAXIMUM = 2 };

typedef struct network {
  uint32_t minima, maxima, inputs, results;
  uint32_t pairs;  // instructions that look for NaNs
  sk_val input[MAX_INPUTS];
  bool is_worth_it;
} network;

typedef struct keyer {
  sk_kernel *k;
  sk_arena *arena;
  uint8_t *node;      // by instruction: MINIMUM, MAXIMUM or 0
  sk_val (*of)[2];    // by node: its operands
  uint32_t *part_of;  // by instruction: the node that it is a part of and nothing else
  uint32_t *region;   // by instruction: the last LOOP, IF or END before it
  uint32_t *parent;   // by instruction: of the same network (union-find)
  uint32_t *uses;     // by instruction: all, less those by nodes of its own region
  uint64_t *depends;  // by node: inputs of its network
  network *networks;  // by number
  uint32_t *number;   // by root: its network, from 1
  uint32_t count;
  // the new list
  sk_inst *out;
  uint32_t out_count, depth;
  uint32_t *map, *key;   // by old instruction
  uint32_t *key_region;  // ... where the key was made of its bits
  sk_val thirty_one, one, nan;
} keyer;

static const sk_inst *inst_of(const keyer *w, uint32_t id) { return &w->k->insts.data[id]; }

// ---- what minima and maxima look like

typedef struct matcher {
  const sk_kernel *k;
  const uint32_t *uses;
} matcher;

// Is v op(x, y), for one reader alone?
static bool is_part(const matcher *m, sk_val v, sk_lop op, sk_val x, sk_val y) {
  const sk_inst *inst = &m->k->insts.data[v.id];
  return inst->op == (uint8_t)op && inst->a.id == x.id && inst->b.id == y.id && m->uses[v.id] == 1;
}

// Is inst made of op(x, y) and op(y, x)?
static bool is_both_ways(const matcher *m, const sk_inst *inst, sk_lop op, sk_val of[2]) {
  const sk_inst *first = &m->k->insts.data[inst->a.id];
  of[0] = first->a;
  of[1] = first->b;
  return is_part(m, inst->a, op, of[0], of[1]) && is_part(m, inst->b, op, of[1], of[0]);
}

sk_lop sk_kernel_match_extreme(const sk_kernel *k, uint32_t v, const uint32_t *uses, sk_val of[2]) {
  const matcher m = {k, uses};
  const sk_inst *inst = &k->insts.data[v];
  if (inst->type != SK_LT_F32 && inst->type != SK_LT_F64) {
    return SK_L_NONE;
  }
  if (inst->op == SK_L_OR) {
    return is_both_ways(&m, inst, SK_L_FMINX, of) ? SK_L_FMIN : SK_L_NONE;
  }
  const sk_inst *nan = &k->insts.data[inst->b.id], *both = &k->insts.data[inst->c.id];
  uint64_t ones = inst->type == SK_LT_F64 ? UINT64_MAX : UINT32_MAX;
  bool is_max = inst->op == SK_L_SELECT && both->op == SK_L_AND && uses[inst->c.id] == 1 &&
                nan->op == SK_L_CONST && nan->imm == ones &&
                is_both_ways(&m, both, SK_L_FMAXX, of) &&
                (is_part(&m, inst->a, SK_L_FUNORD, of[0], of[1]) ||
                 is_part(&m, inst->a, SK_L_FUNORD, of[1], of[0]));
  return is_max ? SK_L_FMAX : SK_L_NONE;
}

static void find_node(keyer *w, uint32_t i) {
  const sk_inst *inst = inst_of(w, i);
  sk_lop op =
      inst->type == SK_LT_F32 ? sk_kernel_match_extreme(w->k, i, w->uses, w->of[i]) : SK_L_NONE;
  if (op == SK_L_NONE) {
    return;
  }
  bool is_max = (int)op == SK_L_FMAX;
  const sk_inst *both = is_max ? inst_of(w, inst->c.id) : inst;
  w->node[i] = is_max ? MAXIMUM : MINIMUM;
  w->part_of[both->a.id] = w->part_of[both->b.id] = i;
  if (is_max) {
    w->part_of[inst->a.id] = w->part_of[inst->c.id] = i;
  }
}

// ---- networks

static uint32_t root_of(keyer *w, uint32_t i) {
  while (w->parent[i] != i) {
    w->parent[i] = w->parent[w->parent[i]];
    i = w->parent[i];
  }
  return i;
}

static bool is_inside(const keyer *w, sk_val v, uint32_t node) {
  return w->node[v.id] != 0 && w->region[v.id] == w->region[node];
}

// Nodes, regions, and how often each value is used.
static uint32_t look(keyer *w) {
  uint32_t nodes = 0, region = w->k->insts.count;  // (none yet)
  for (uint32_t i = 1; i < w->k->insts.count; i++) {
    const sk_inst *inst = inst_of(w, i);
    if (inst->op == SK_L_LOOP || inst->op == SK_L_IF || inst->op == SK_L_END) {
      region = i;
    }
    w->region[i] = region;
    w->parent[i] = i;
    w->uses[inst->a.id]++;
    w->uses[inst->b.id]++;
    w->uses[inst->c.id]++;
  }
  for (uint32_t i = 1; i < w->k->insts.count; i++) {
    find_node(w, i);
    nodes += w->node[i] != 0;
  }
  return nodes;
}

static uint32_t input_number(network *n, sk_val v) {
  uint32_t at = 0;
  while (at < n->inputs && n->input[at].id != v.id) {
    at++;
  }
  if (at == n->inputs && at < MAX_INPUTS) {
    n->input[n->inputs++] = v;
  }
  return at;
}

// Joins nodes to networks. Inputs of one region are shared by all of it, through `key`, which
// serves as a map here.
static void join(keyer *w) {
  for (uint32_t i = 1; i < w->k->insts.count; i++) {
    for (uint32_t o = 0; o < 2 && w->node[i] != 0; o++) {
      sk_val v = w->of[i][o];
      uint32_t other = is_inside(w, v, i) ? v.id : w->key[v.id];
      bool same = other != 0 && w->region[other] == w->region[i];
      if (same) {
        w->parent[root_of(w, i)] = root_of(w, other);
      }
      if (!is_inside(w, v, i)) {
        w->key[v.id] = i;
      } else {
        w->uses[v.id] -= w->node[i] == MINIMUM ? 2 : 3;
      }
    }
  }
  memset(w->key, 0, sizeof *w->key * w->k->insts.count);
}

static uint32_t count_bits(uint64_t x) { return sk_popcount64(x); }

static network *network_of(keyer *w, uint32_t node) {
  return &w->networks[w->number[root_of(w, node)]];
}

static void measure(keyer *w, uint32_t nodes) {
  w->networks = sk_arena_zalloc(w->arena, sizeof(network) * (nodes + 1), _Alignof(network));
  for (uint32_t i = 1; i < w->k->insts.count; i++) {
    if (w->node[i] == 0) {
      continue;
    }
    uint32_t root = root_of(w, i);
    w->number[root] = w->number[root] != 0 ? w->number[root] : ++w->count;
    network *n = &w->networks[w->number[root]];
    n->minima += w->node[i] == MINIMUM;
    n->maxima += w->node[i] == MAXIMUM;
    for (uint32_t o = 0; o < 2; o++) {
      sk_val v = w->of[i][o];
      w->depends[i] |=
          is_inside(w, v, i) ? w->depends[v.id] : UINT64_C(1) << (input_number(n, v) % MAX_INPUTS);
    }
    if (w->uses[i] > 0) {
      n->results++;
      n->pairs += count_bits(w->depends[i]);
    }
  }
  for (uint32_t i = 1; i <= w->count; i++) {
    network *n = &w->networks[i];
    uint32_t before = 3 * n->minima + 5 * n->maxima;
    uint32_t after = n->minima + n->maxima + 3 * n->inputs + 4 * n->results + n->pairs;
    n->is_worth_it =
        n->minima + n->maxima >= LEAST_NODES && n->inputs < MAX_INPUTS && after < before;
  }
}

// ---------------------------------------------------------------------------------------------------- the new list

static sk_val add(keyer *w, sk_inst inst) {
  inst.depth = (uint16_t)w->depth;
  w->out[w->out_count] = inst;
  return (sk_val){w->out_count++};
}

static sk_val add_op(keyer *w, sk_lop op, sk_lt type, sk_val x, sk_val y) {
  return add(w, (sk_inst){.op = (uint8_t)op, .type = (uint8_t)type, .a = x, .b = y});
}

// Bits to key, and back.
static sk_val turn(keyer *w, sk_val bits) {
  sk_val sign = add_op(w, SK_L_SAR, SK_LT_I32, bits, w->thirty_one);
  sk_val mask = add_op(w, SK_L_SHR, SK_LT_I32, sign, w->one);
  return add_op(w, SK_L_XOR, SK_LT_I32, bits, mask);
}

static sk_val key_of(keyer *w, sk_val v, uint32_t node) {
  if (!is_inside(w, v, node) && w->key_region[v.id] != w->region[node]) {
    sk_val bits = add_op(w, SK_L_BITCAST, SK_LT_I32, (sk_val){w->map[v.id]}, (sk_val){0});
    w->key[v.id] = turn(w, bits).id;
    w->key_region[v.id] = w->region[node];
  }
  return (sk_val){w->key[v.id]};
}

// Is one of the inputs that the node depends on a NaN?
static sk_val any_nan(keyer *w, const network *n, uint64_t depends) {
  sk_val any = {0};
  while (depends != 0) {
    sk_val x = {w->map[n->input[sk_ctz64(depends)].id]}, y = x;
    depends &= depends - 1;
    if (depends != 0) {
      y.id = w->map[n->input[sk_ctz64(depends)].id];
      depends &= depends - 1;
    }
    sk_val pair = add_op(w, SK_L_FUNORD, SK_LT_PRED, x, y);
    any = any.id == 0 ? pair : add_op(w, SK_L_POR, SK_LT_PRED, any, pair);
  }
  return any;
}

static void put_node(keyer *w, uint32_t i, const network *n) {
  sk_val x = key_of(w, w->of[i][0], i), y = key_of(w, w->of[i][1], i);
  sk_val key = add_op(w, w->node[i] == MINIMUM ? SK_L_SMIN : SK_L_SMAX, SK_LT_I32, x, y);
  w->key[i] = key.id;
  if (w->uses[i] > 0) {
    sk_val value = add_op(w, SK_L_BITCAST, SK_LT_F32, turn(w, key), (sk_val){0});
    sk_val any = any_nan(w, n, w->depends[i]);
    w->map[i] =
        add(w, (sk_inst){.op = SK_L_SELECT, .type = SK_LT_F32, .a = any, .b = w->nan, .c = value})
            .id;
  }
}

static void put(keyer *w, uint32_t i) {
  sk_inst inst = *inst_of(w, i);
  inst.a.id = w->map[inst.a.id];
  inst.b.id = w->map[inst.b.id];
  inst.c.id = w->map[inst.c.id];
  w->depth -= inst.op == SK_L_END;
  if (inst.op == SK_L_END) {
    uint32_t start = (uint32_t)inst.imm;
    inst.imm = w->map[start];
    if (inst_of(w, start)->op == SK_L_LOOP) {
      w->k->loops.data[inst_of(w, start)->imm].end = w->out_count;
    }
  } else if (inst.op == SK_L_LOOP) {
    w->k->loops.data[inst.imm].begin = w->out_count;
  }
  w->map[i] = add(w, inst).id;
  w->depth += inst.op == SK_L_LOOP || inst.op == SK_L_IF;
}

static sk_val add_const(keyer *w, sk_lt type, uint64_t bits) {
  return add(w, (sk_inst){.op = SK_L_CONST, .type = (uint8_t)type, .imm = bits});
}

static void rewrite(keyer *w) {
  uint32_t room = w->k->insts.count + 4;
  for (uint32_t i = 1; i <= w->count; i++) {
    const network *n = &w->networks[i];
    room +=
        n->is_worth_it ? n->minima + n->maxima + 4 * n->inputs + 6 * n->results + 2 * n->pairs : 0;
  }
  w->out = SK_NEW_ARRAY(w->arena, sk_inst, room);
  w->out[w->out_count++] = (sk_inst){0};
  w->thirty_one = add_const(w, SK_LT_I32, 31);
  w->one = add_const(w, SK_LT_I32, 1);
  w->nan = add_const(w, SK_LT_F32, UINT32_MAX);
  for (uint32_t i = 1; i < w->k->insts.count; i++) {
    uint32_t node = w->node[i] != 0 ? i : w->part_of[i];
    if (node == 0 || !network_of(w, node)->is_worth_it) {
      put(w, i);
    } else if (node == i) {
      put_node(w, i, network_of(w, node));
    }
  }
  w->k->insts.data = w->out;
  w->k->insts.count = w->k->insts.cap = w->out_count;
}

// Minima and maxima in one of the two orders of their operands.
static uint32_t count_halves(const sk_kernel *k) {
  uint32_t count = 0;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    count += k->insts.data[i].op == SK_L_FMINX || k->insts.data[i].op == SK_L_FMAXX;
  }
  return count;
}

bool sk_kernel_use_order_keys(sk_kernel *k, sk_arena *arena) {
  if (count_halves(k) < 2 * LEAST_NODES) {
    return false;
  }
  uint32_t n = k->insts.count;
  keyer w = {.k = k, .arena = arena};
  w.node = sk_arena_zalloc(arena, n, 1);
  w.of = sk_arena_zalloc(arena, sizeof *w.of * n, _Alignof(sk_val));
  w.part_of = sk_arena_zalloc(arena, sizeof(uint32_t) * n, _Alignof(uint32_t));
  w.region = sk_arena_zalloc(arena, sizeof(uint32_t) * n, _Alignof(uint32_t));
  w.parent = sk_arena_zalloc(arena, sizeof(uint32_t) * n, _Alignof(uint32_t));
  w.uses = sk_arena_zalloc(arena, sizeof(uint32_t) * n, _Alignof(uint32_t));
  w.depends = sk_arena_zalloc(arena, sizeof(uint64_t) * n, _Alignof(uint64_t));
  w.number = sk_arena_zalloc(arena, sizeof(uint32_t) * n, _Alignof(uint32_t));
  w.map = sk_arena_zalloc(arena, sizeof(uint32_t) * n, _Alignof(uint32_t));
  w.key = sk_arena_zalloc(arena, sizeof(uint32_t) * n, _Alignof(uint32_t));
  w.key_region = sk_arena_zalloc(arena, sizeof(uint32_t) * n, _Alignof(uint32_t));
  uint32_t nodes = look(&w);
  if (nodes < LEAST_NODES) {
    return false;
  }
  join(&w);
  measure(&w, nodes);
  bool any = false;
  for (uint32_t i = 1; i <= w.count; i++) {
    any |= w.networks[i].is_worth_it;
  }
  if (any) {
    rewrite(&w);
  }
  return any;
}
