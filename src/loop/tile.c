// SPDX-License-Identifier: Apache-2.0
// Tiles for kernels that read or write one array across the other, as transposes do:
//
//   loop i { loop j { y[i, j] = x[j, i] } }   ->   loop i / 16 { loop j / 16 { loop 16 { loop 16 { the same } } } }
//
// Lanes run along j, and x is read down a column: a cache line for every element, gone again before the next i wants its neighbour,
// all the sooner as columns of a power of two share their places in the cache. In a tile every line that is fetched is used up.
//
// The innermost two loops of a chain of nothing but parallel loops, extents divisible, indices not used as values. The iterations are
// independent, so their order changes no result.
#include "loop/loop_int.h"

enum {
  TILE = 16,
  LEAST_TILE = 8,
  LEAST_EXTENT = 32,
  LEAST_STRIDE_BYTES = 256,
  LEAST_BYTES = 65536
};

typedef struct tiling {
  uint32_t outer, inner;  // loops
  int64_t outer_tile, inner_tile;
} tiling;

// Every loop is the body of the one before.
static bool is_chain(const sk_kernel *k) {
  for (uint32_t l = 0; l < k->loops.count; l++) {
    const sk_loop *loop = &k->loops.data[l];
    bool follows = l == 0 ? loop->parent == UINT32_MAX : loop->parent == l - 1;
    if (loop->kind != SK_LOOP_PAR || !follows) {
      return false;
    }
  }
  return k->loops.count >= 2;
}

// The innermost loop is all of the one around, and neither index is a value.
static bool is_simple(const sk_kernel *k, uint32_t outer, uint32_t inner) {
  const sk_loop *o = &k->loops.data[outer], *n = &k->loops.data[inner];
  if (n->begin != o->begin + 1 || n->end + 1 != o->end) {
    return false;
  }
  for (uint32_t i = n->begin + 1; i < n->end; i++) {
    const sk_inst *inst = &k->insts.data[i];
    bool indexes = inst->op == SK_L_INDEX && (inst->imm == outer || inst->imm == inner);
    if (indexes) {
      return false;
    }
  }
  return true;
}

static int64_t magnitude(int64_t x) { return x < 0 ? -x : x; }

static bool runs_across(const sk_kernel *k, uint32_t outer, uint32_t inner) {
  int64_t elems = k->loops.data[outer].extent * k->loops.data[inner].extent;
  for (uint32_t a = 0; a < k->accesses.count; a++) {
    int64_t bytes = (int64_t)sk_mem_bytes((sk_mem)k->accesses.data[a].mem);
    if (magnitude(sk_access_stride(k, a, outer)) == 1 &&
        magnitude(sk_access_stride(k, a, inner)) >= LEAST_STRIDE_BYTES / bytes &&
        elems >= LEAST_BYTES / bytes) {
      return true;
    }
  }
  return false;
}

// The largest power of two that divides the extent; 0: too small.
static int64_t tile_of(int64_t extent) {
  int64_t tile = SK_MIN(extent & -extent, (int64_t)TILE);
  return extent >= LEAST_EXTENT && tile >= LEAST_TILE ? tile : 0;
}

static void split_strides(sk_kernel *k, const tiling *t, sk_arena *arena) {
  uint32_t loops = k->loops.count;
  int64_t *strides = SK_NEW_ARRAY(arena, int64_t, (size_t)k->accesses.count * (loops + 2) + 1);
  for (uint32_t a = 0; a < k->accesses.count; a++) {
    int64_t *to = strides + (size_t)a * (loops + 2);
    for (uint32_t l = 0; l < loops; l++) {
      to[l] = sk_access_stride(k, a, l);
    }
    to[loops] = to[t->outer];
    to[loops + 1] = to[t->inner];
    to[t->outer] *= t->outer_tile;
    to[t->inner] *= t->inner_tile;
    k->accesses.data[a].strides = a * (loops + 2);
  }
  k->strides.data = strides;
  k->strides.count = k->strides.cap = k->accesses.count * (loops + 2);
}

static sk_val moved(sk_val v, uint32_t behind) { return (sk_val){v.id > behind ? v.id + 2 : v.id}; }

// The new LOOPs directly behind that of the inner loop, their ENDs before its END.
static void split_insts(sk_kernel *k, const tiling *t, sk_arena *arena) {
  uint32_t begin = k->loops.data[t->inner].begin, end = k->loops.data[t->inner].end;
  uint32_t count = k->insts.count, at = 0, loop = k->loops.count;
  sk_inst *insts = SK_NEW_ARRAY(arena, sk_inst, count + 4);
  uint16_t depth = k->insts.data[begin].depth;
  for (uint32_t i = 0; i < count; i++) {
    sk_inst inst = k->insts.data[i];
    inst.a = moved(inst.a, begin);
    inst.b = moved(inst.b, begin);
    inst.c = moved(inst.c, begin);
    if (inst.op == SK_L_END) {
      inst.imm = moved((sk_val){(uint32_t)inst.imm}, begin).id;
    }
    inst.depth = (uint16_t)(inst.depth + (i > begin && i < end ? 2 : 0));
    if (i == end) {
      insts[at++] = (sk_inst){.op = SK_L_END, .depth = (uint16_t)(depth + 2), .imm = begin + 2};
      insts[at++] = (sk_inst){.op = SK_L_END, .depth = (uint16_t)(depth + 1), .imm = begin + 1};
    }
    insts[at++] = inst;
    if (i == begin) {
      insts[at++] = (sk_inst){.op = SK_L_LOOP, .depth = (uint16_t)(depth + 1), .imm = loop};
      insts[at++] = (sk_inst){.op = SK_L_LOOP, .depth = (uint16_t)(depth + 2), .imm = loop + 1};
    }
  }
  k->insts.data = insts;
  k->insts.count = k->insts.cap = at;
}

static void split_loops(sk_kernel *k, const tiling *t, sk_arena *arena) {
  uint32_t loops = k->loops.count, begin = k->loops.data[t->inner].begin,
           end = k->loops.data[t->inner].end;
  for (uint32_t l = 0; l < loops; l++) {
    k->loops.data[l].end += 4;
  }
  k->loops.data[t->outer].extent /= t->outer_tile;
  k->loops.data[t->inner].extent /= t->inner_tile;
  sk_loop tile = {.kind = SK_LOOP_PAR, .lanes = 1, .unroll = 1};
  tile.extent = t->outer_tile;
  tile.parent = t->inner;
  tile.begin = begin + 1;
  tile.end = end + 3;
  sk_vec_push(arena, &k->loops, tile);
  tile.extent = t->inner_tile;
  tile.parent = loops;
  tile.begin = begin + 2;
  tile.end = end + 2;
  sk_vec_push(arena, &k->loops, tile);
}

void sk_kernel_tile(sk_kernel *k, sk_arena *arena) {
  if (!is_chain(k)) {
    return;
  }
  tiling t = {.outer = k->loops.count - 2, .inner = k->loops.count - 1};
  t.outer_tile = tile_of(k->loops.data[t.outer].extent);
  t.inner_tile = tile_of(k->loops.data[t.inner].extent);
  if (t.outer_tile == 0 || t.inner_tile == 0 || !is_simple(k, t.outer, t.inner) ||
      !runs_across(k, t.outer, t.inner)) {
    return;
  }
  split_strides(k, &t, arena);
  split_insts(k, &t, arena);
  split_loops(k, &t, arena);
}
