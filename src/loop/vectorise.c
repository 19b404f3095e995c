// SPDX-License-Identifier: Apache-2.0
// Advice for the generator: which loop of each nest runs along vector lanes, and how many copies of its body are interleaved.
//
// Vector loop: the innermost loop if it is parallel or a reduction over lanes; a sequential innermost loop (column reductions, recurrences,
// dot products) leaves the lanes to the nearest parallel loop around it. Interleave U: enough copies in flight to cover the critical
// path of n instructions at four a cycle, times two, since neither their order nor the registers are ideal; but out-of-order execution
// overlaps about 100 / n iterations by itself (the schedulers hold so many instructions, not the whole reorder buffer):
//   U = (8 * critical_path / n) / max(1, 100 / n), a power of two, at most 4 with 16 vector registers, 8 with 32.
// Zen 3, f32, U = 2 -> 4: 418 instructions (heston) 12.3 -> 8.9 ms, 266 (greeks) 1.38 -> 1.09 ms, 52 to 111 (newton) 0.31 -> 0.27 ms.
// A loop all of whose accesses are far apart, as rows of a running sum are, gets lanes only if there is enough to compute per element:
// each lane needs a cache line of its own, and lines at multiples of a page push each other out.
// Changes no result.
#include "loop/loop_int.h"

uint32_t sk_lop_latency(sk_lop op) {
  switch ((int)op) {
    case SK_L_FADD:
    case SK_L_FSUB:
    case SK_L_FMUL:
    case SK_L_FROUND:
    case SK_L_FFLOOR:
    case SK_L_FCEIL:
    case SK_L_FTRUNC: return 3;
    case SK_L_FMA:
    case SK_L_FNMA:
    case SK_L_FMS:
    case SK_L_MUL:
    case SK_L_SITOF:
    case SK_L_FTOSI:
    case SK_L_FTOSIR:
    case SK_L_FROUNDBF: return 4;
    case SK_L_FROUNDH: return 7;
    case SK_L_FDIV: return 11;
    case SK_L_FSQRT: return 14;
    case SK_L_LOAD: return 5;
    default: return 1;
  }
}

enum {
  CHAINS = 8,     // dependent multiply-adds that keep their units busy
  SHORT_SUM = 12  // instructions of a body that is little more than its sum
};
enum { GATHER_INSTS = 12, FAR_BYTES = 512 };  // instructions per far access from which lanes pay

typedef struct loop_facts {
  uint32_t insts;          // in its body, inner loops included
  uint32_t critical_path;  // cycles, one trip
  uint32_t accesses, unit, other,
      far;  // of the body: with stride 1 or 0 along the loop; with another stride; with one of many cache lines
  bool has_child;
  uint32_t
      sums;  // most that one of the inner loops carries side by side, if it carries nothing else
} loop_facts;

// Does the carry grow by something that does not depend on it?
static bool adds_to_carry(const sk_kernel *k, const sk_inst *yield) {
  const sk_inst *next = &k->insts.data[yield->b.id];
  if (k->insts.data[yield->a.id].imm != SK_L_NONE) {
    return true;  // a reduction combines them by itself
  }
  switch ((int)next->op) {
    case SK_L_FMA:
    case SK_L_FNMA: return next->c.id == yield->a.id;
    case SK_L_FADD: return next->a.id == yield->a.id || next->b.id == yield->a.id;
    default: return false;
  }
}

static loop_facts measure(const sk_kernel *k, uint32_t loop, uint32_t *ready) {
  loop_facts f = {0};
  uint32_t sums = 0, others = 0;  // yields of the loop that ends next
  const sk_loop *l = &k->loops.data[loop];
  for (uint32_t i = l->begin + 1; i < l->end; i++) {
    const sk_inst *inst = &k->insts.data[i];
    uint32_t start = 0;
    const uint32_t operands[3] = {inst->a.id, inst->b.id, inst->c.id};
    for (uint32_t j = 0; j < 3; j++) {
      start = operands[j] > l->begin ? SK_MAX(start, ready[operands[j]]) : start;
    }
    ready[i] = start + sk_lop_latency((sk_lop)inst->op);
    f.critical_path = SK_MAX(f.critical_path, ready[i]);
    f.has_child |= inst->op == SK_L_LOOP;
    if (inst->op == SK_L_YIELD) {
      *(adds_to_carry(k, inst) ? &sums : &others) += 1;
    } else if (inst->op == SK_L_END) {
      f.sums = others == 0 ? SK_MAX(f.sums, sums) : f.sums;
      sums = others = 0;
    }
    f.insts += inst->op != SK_L_END && inst->op != SK_L_LOOP;
    if (inst->op == SK_L_LOAD || inst->op == SK_L_STORE) {
      int64_t stride = sk_access_stride(k, (uint32_t)inst->imm, loop);
      f.accesses++;
      f.unit += stride == 1;
      f.other += stride != 1 && stride != 0;
      int64_t bytes = (int64_t)sk_mem_bytes((sk_mem)k->accesses.data[inst->imm].mem);
      f.far += stride >= FAR_BYTES / bytes || stride <= -(FAR_BYTES / bytes);
    }
  }
  return f;
}

static bool takes_lanes(const sk_loop *l) {
  return l->kind == SK_LOOP_PAR || (l->kind == SK_LOOP_RED && l->lanes > 1);
}

static uint32_t interleave(const loop_facts *f, const sk_loop *l, uint32_t vector_bytes) {
  uint32_t most = vector_bytes == 64 ? 8 : 4, u = 1;
  double n = SK_MAX(f->insts, 1u);
  double wanted = 8.0 * f->critical_path / n / SK_MAX(1.0, 100.0 / n);
  if (f->has_child) {
    wanted = (double)CHAINS / SK_MAX(f->sums, 2u);  // inner loops carry the chains
    if (f->sums == 1 && n <= SHORT_SUM) {
      // One sum per column leaves room for eight, and more of every row is read at a time (Zen 3, columns
      // of 1024 x 1024: f64 200 -> 146 us, f32 92 -> 80).
      wanted = CHAINS;
      most = 8;
    }
  } else if (n <= 8) {
    wanted = SK_MAX(wanted, 4.0);
  } else if (n <= 24) {
    wanted = SK_MAX(wanted, 2.0);
  }
  while (u < most && 2 * u <= wanted + 0.5) {
    u *= 2;
  }
  int64_t trips = n > 24 && !f->has_child ? 4 : 1;  // a long body for fewer is not worth its code
  while (u > 1 && trips * u * (vector_bytes / 4) > l->extent) {
    u /= 2;
  }
  return u;
}

static void vectorise_kernel(sk_kernel *k, uint32_t vector_bytes, sk_arena *arena) {
  uint32_t *ready = sk_arena_zalloc(arena, sizeof(uint32_t) * k->insts.count, 4);
  uint8_t *covered = sk_arena_zalloc(arena, k->loops.count + 1,
                                     1);  // a loop inside or around already has the lanes
  for (uint32_t leaf = k->loops.count; leaf-- > 0;) {
    loop_facts facts = measure(k, leaf, ready);
    if (facts.has_child || covered[leaf]) {
      continue;
    }
    uint32_t at = leaf;
    while (at != UINT32_MAX && !takes_lanes(&k->loops.data[at])) {
      at = k->loops.data[at].parent;
    }
    if (at == UINT32_MAX) {
      continue;
    }
    bool free = true;
    for (uint32_t i = 0; i < k->loops.count;
         i++) {  // nothing below may have lanes of its own already
      for (uint32_t p = i; p != UINT32_MAX; p = k->loops.data[p].parent) {
        free &= !(p == at && k->loops.data[i].vec);
      }
    }
    if (!free || k->loops.data[at].extent == 1) {
      continue;
    }
    if (at != leaf) {
      facts = measure(k, at, ready);
    }
    bool gathers = facts.far > 0 && facts.far == facts.other && facts.unit == 0 &&
                   facts.insts < GATHER_INSTS * facts.far;
    k->loops.data[at].vec = !gathers;
    k->loops.data[at].unroll =
        gathers ? 1 : (uint16_t)interleave(&facts, &k->loops.data[at], vector_bytes);
    for (uint32_t i = 0; i < k->loops.count; i++) {
      for (uint32_t p = i; p != UINT32_MAX; p = k->loops.data[p].parent) {
        covered[i] |= p == at;
      }
    }
  }
}

void sk_loop_vectorise(sk_prog *prog, uint32_t vector_bytes) {
  for (uint32_t i = 1; i < prog->kernels.count; i++) {
    sk_kernel_unroll(&prog->kernels.data[i], vector_bytes, prog->arena);
    sk_kernel_tile(&prog->kernels.data[i], prog->arena);
    sk_arena_mark mark = sk_arena_get_mark(prog->arena);
    vectorise_kernel(&prog->kernels.data[i], vector_bytes, prog->arena);
    sk_arena_rewind(prog->arena, mark);
  }
  sk_loop_parallelise(prog);
}
