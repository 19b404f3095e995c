// SPDX-License-Identifier: Apache-2.0
// Writes out innermost parallel loops of a few iterations, so that lanes run along the loop around
// them:
//
//   loop i 8192 { loop j 2 { y[4 i + j] = f(x[4 i + j]) } }   ->   loop i 8192 { y[4 i] = f(x[4 i])  y[4 i + 1] = f(x[4 i + 1]) }
//
// Vectors would be cut to two elements otherwise, each under a mask. What lies side by side in
// memory is moved together by the generator. Loops that are contiguous with the one around have
// been merged with it before (collapse.c); afterwards the loops further out may be.
//
// Only where its elements do not fill vectors, it is the only loop in a parallel one, its body has no
// loop, and no access runs far along the loop around: lanes would want a cache line each. The
// iterations are independent, so their order changes no result.
#include "loop/loop_int.h"

enum { SHORT_LOOP = 4, LEAST_AROUND = 8, MAX_INSTS = 160, NEAR_BYTES = 256 };

static bool has_near_accesses(const sk_kernel *k, const sk_loop *loop, uint32_t along) {
  for (uint32_t i = loop->begin + 1; i < loop->end; i++) {
    const sk_inst *inst = &k->insts.data[i];
    if (inst->op != SK_L_LOAD && inst->op != SK_L_STORE) {
      continue;
    }
    int64_t step = sk_access_stride(k, (uint32_t)inst->imm, along);
    int64_t near = NEAR_BYTES / (int64_t)sk_mem_bytes((sk_mem)k->accesses.data[inst->imm].mem);
    if (step > near || step < -near) {
      return false;
    }
  }
  return true;
}

static bool has_no_loop(const sk_kernel *k, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; i++) {
    if (k->insts.data[i].op == SK_L_LOOP) {
      return false;
    }
  }
  return true;
}

// Instructions in between, rare ones not counted.
static int64_t count_insts(const sk_kernel *k, uint32_t from, uint32_t to) {
  int64_t count = 0;
  uint32_t ifs = 0;
  for (uint32_t i = from; i < to; i++) {
    const sk_inst *inst = &k->insts.data[i];
    ifs -= inst->op == SK_L_END && k->insts.data[inst->imm].op == SK_L_IF;
    count += ifs == 0;
    ifs += inst->op == SK_L_IF;
  }
  return count;
}

// Can loop l be written out, with so many instructions in its body then? If the loop around is
// short too, both must be.
static bool can_write_out(const sk_kernel *k, uint32_t l, int64_t insts) {
  const sk_loop *loop = &k->loops.data[l];
  if (loop->kind != SK_LOOP_PAR || loop->extent < 2 || loop->extent > SHORT_LOOP ||
      loop->parent == UINT32_MAX || insts * loop->extent > MAX_INSTS) {
    return false;
  }
  const sk_loop *around = &k->loops.data[loop->parent];
  if (around->kind != SK_LOOP_PAR || !has_no_loop(k, around->begin + 1, loop->begin) ||
      !has_no_loop(k, loop->end + 1, around->end) || !has_near_accesses(k, loop, loop->parent)) {
    return false;
  }
  int64_t outside =
      count_insts(k, around->begin, loop->begin) + count_insts(k, loop->end, around->end);
  return around->extent >= LEAST_AROUND ||
         can_write_out(k, loop->parent, insts * loop->extent + outside);
}

// Does an iteration of the loop fill vectors to the last lane?
static bool fills_vectors(const sk_kernel *k, const sk_loop *loop, uint32_t vector_bytes) {
  uint32_t elem = 4;
  for (uint32_t i = loop->begin + 1; i < loop->end; i++) {
    const sk_inst *inst = &k->insts.data[i];
    bool memory = inst->op == SK_L_LOAD || inst->op == SK_L_STORE;
    uint32_t bytes = memory ? sk_mem_bytes((sk_mem)k->accesses.data[inst->imm].mem)
                            : sk_lt_bytes((sk_lt)inst->type);
    elem = SK_MAX(elem, bytes);
  }
  return loop->extent % (vector_bytes / elem) == 0;
}

static bool is_short(const sk_kernel *k, uint32_t l, uint32_t vector_bytes) {
  const sk_loop *loop = &k->loops.data[l];
  return loop->extent <= SHORT_LOOP && has_no_loop(k, loop->begin + 1, loop->end) &&
         can_write_out(k, l, count_insts(k, loop->begin, loop->end)) &&
         !fills_vectors(k, loop, vector_bytes);
}

typedef struct unroller {
  sk_kernel *k;
  sk_arena *arena;
  sk_kernel old;       // its lists before
  uint32_t *loop_map;  // by old loop; UINT32_MAX: written out
  uint32_t *map;       // by old instruction
  uint32_t depth;
} unroller;

// The access of iteration `at` of `loop`; UINT32_MAX: of no such loop.
static uint32_t access_at(unroller *u, uint32_t access, uint32_t loop, int64_t at) {
  sk_kernel *k = u->k;
  sk_access moved = u->old.accesses.data[access];
  moved.offset += loop != UINT32_MAX ? at * sk_access_stride(&u->old, access, loop) : 0;
  uint32_t first = k->strides.count;
  for (uint32_t l = 0; l < u->old.loops.count; l++) {
    if (u->loop_map[l] != UINT32_MAX) {
      sk_vec_push(u->arena, &k->strides, sk_access_stride(&u->old, access, l));
    }
  }
  moved.strides = first;
  sk_vec_push(u->arena, &k->accesses, moved);
  return k->accesses.count - 1;
}

// Instruction i, in iteration `at` of the loop that is written out.
static void put(unroller *u, uint32_t i, uint32_t loop, int64_t at) {
  sk_inst inst = u->old.insts.data[i];
  inst.a.id = u->map[inst.a.id];
  inst.b.id = u->map[inst.b.id];
  inst.c.id = u->map[inst.c.id];
  u->depth -= inst.op == SK_L_END;
  inst.depth = (uint16_t)u->depth;
  u->depth += inst.op == SK_L_LOOP || inst.op == SK_L_IF;
  if (inst.op == SK_L_LOAD || inst.op == SK_L_STORE) {
    inst.imm = access_at(u, (uint32_t)inst.imm, loop, at);
  } else if (inst.op == SK_L_INDEX && inst.imm == loop) {
    inst = (sk_inst){.op = SK_L_CONST, .type = inst.type, .depth = inst.depth, .imm = (uint64_t)at};
  } else if (inst.op == SK_L_INDEX || inst.op == SK_L_LOOP) {
    inst.imm = u->loop_map[inst.imm];
  } else if (inst.op == SK_L_END) {
    inst.imm = u->map[inst.imm];
  }
  u->map[i] = u->k->insts.count;
  sk_vec_push(u->arena, &u->k->insts, inst);
}

static void rewrite(unroller *u) {
  for (uint32_t i = 1; i < u->old.insts.count; i++) {
    const sk_inst *inst = &u->old.insts.data[i];
    if (inst->op != SK_L_LOOP || u->loop_map[inst->imm] != UINT32_MAX) {
      put(u, i, UINT32_MAX, 0);
      continue;
    }
    const sk_loop *loop = &u->old.loops.data[inst->imm];
    for (int64_t at = 0; at < loop->extent; at++) {
      for (uint32_t j = loop->begin + 1; j < loop->end; j++) {
        put(u, j, (uint32_t)inst->imm, at);
      }
    }
    i = loop->end;
  }
}

static void renumber_loops(unroller *u) {
  sk_kernel *k = u->k;
  for (uint32_t l = 0; l < u->old.loops.count; l++) {
    if (u->loop_map[l] == UINT32_MAX) {
      continue;
    }
    sk_loop loop = u->old.loops.data[l];
    loop.parent = loop.parent == UINT32_MAX ? UINT32_MAX : u->loop_map[loop.parent];
    loop.begin = u->map[loop.begin];
    loop.end = u->map[loop.end];
    sk_vec_push(u->arena, &k->loops, loop);
  }
}

static bool has_short_loop(const sk_kernel *k, uint32_t vector_bytes) {
  for (uint32_t l = 1; l < k->loops.count; l++) {
    if (is_short(k, l, vector_bytes)) {
      return true;
    }
  }
  return false;
}

static void write_out(sk_kernel *k, uint32_t vector_bytes, sk_arena *arena) {
  uint32_t loops = k->loops.count, kept = 0;
  unroller u = {.k = k, .arena = arena, .old = *k};
  u.loop_map = sk_arena_zalloc(arena, sizeof(uint32_t) * loops, _Alignof(uint32_t));
  u.map = sk_arena_zalloc(arena, sizeof(uint32_t) * k->insts.count, _Alignof(uint32_t));
  for (uint32_t l = 0; l < loops; l++) {
    u.loop_map[l] = l > 0 && is_short(k, l, vector_bytes) ? UINT32_MAX : kept++;
  }
  memset(&k->insts, 0, sizeof k->insts);
  memset(&k->loops, 0, sizeof k->loops);
  memset(&k->accesses, 0, sizeof k->accesses);
  memset(&k->strides, 0, sizeof k->strides);
  sk_vec_push(arena, &k->insts, (sk_inst){0});
  rewrite(&u);
  renumber_loops(&u);
  sk_kernel_collapse(k, arena);
}

void sk_kernel_unroll(sk_kernel *k, uint32_t vector_bytes, sk_arena *arena) {
  while (has_short_loop(k, vector_bytes)) {
    write_out(k, vector_bytes, arena);
  }
}
