// SPDX-License-Identifier: Apache-2.0
// The register allocator's own state: what gen_live.c, gen_ra.c, gen_ra_flow.c and gen_ra_emit.c
// share.
//
//   gen_live.c      next-use chains and register pressure of the whole kernel, two forward sweeps
//   gen_ra.c        registers and stack slots: get, evict (farthest next use), reload, moves
//   gen_ra_emit.c   one instruction at a time: operands into place, memory folding, encoding
//   gen_ra_flow.c   loops and skipped regions, prologue and epilogue
#ifndef SK_GEN_GEN_RA_H
#define SK_GEN_GEN_RA_H

#include "gen/gen_vcode.h"

typedef struct sk_use_node {
  uint32_t pos, next;
} sk_use_node;

// Which virtual register every register holds (0 = none), at a loop header or where a region may be
// skipped.
struct sk_ra_state {
  sk_vr holds[SK_CLASS_COUNT][32];
  uint32_t valid[SK_CLASS_COUNT];  // bit: the slot of the value is valid too
};

typedef SK_VEC(int32_t) sk_slot_list;

typedef struct sk_ra {
  sk_vcode *vc;
  sk_asm *as;
  sk_vreg *vregs;
  SK_VEC(sk_use_node) nodes;  // [0] unused
  uint32_t pos;
  sk_vr holds[SK_CLASS_COUNT][32];
  uint32_t free[SK_CLASS_COUNT];    // bit set: allocatable and holds nothing
  uint32_t locked[SK_CLASS_COUNT];  // operands of the instruction at hand
  uint32_t all[SK_CLASS_COUNT];
  uint32_t used_general;  // general registers ever written, for the prologue
  uint32_t frame_bytes;
  uint32_t frame_align;
  sk_slot_list free_slots[4];   // of 8, 16, 32, 64 bytes
  sk_slot_list dying_slots[4];  // given back by the instruction at hand, which may still read them
  bool has_dying;
  SK_VEC(uint32_t) open_ifs;
} sk_ra;

void sk_live_compute(sk_ra *ra);

static inline bool sk_ra_is_live(const sk_ra *ra, sk_vr v) { return ra->vregs[v].uses != 0; }
static inline uint32_t sk_ra_next_use(const sk_ra *ra, sk_vr v) {
  uint32_t node = ra->vregs[v].uses;
  return node == 0 ? UINT32_MAX : ra->nodes.data[node].pos;
}

// gen_ra.c
void sk_ra_init(sk_ra *ra, sk_vcode *vc);
uint32_t sk_ra_bring(sk_ra *ra, sk_vr v);   // loads a value that is in no register; locked
uint32_t sk_ra_define(sk_ra *ra, sk_vr v);  // a register for the result; locked
void sk_ra_define_in(sk_ra *ra, sk_vr v, uint32_t reg);
void sk_ra_pass_use(sk_ra *ra, sk_vr v);  // this use is over: next one, or free the register
void sk_ra_release(sk_ra *ra, sk_vr v);   // out of its register, nothing stored
void sk_ra_spill(sk_ra *ra, sk_vr v);     // makes the slot valid if there is no recipe
void sk_ra_evict(sk_ra *ra, uint32_t class, uint32_t reg);
uint32_t sk_ra_take_free(sk_ra *ra, uint32_t class, sk_vr hint);  // SK_NO_REG if none
uint32_t
sk_ra_temp(sk_ra *ra,
           uint32_t class);  // a register for the instruction at hand; locked, not held by anything
bool sk_ra_is_recipe(const sk_vreg *v);             // can be made again without a slot
void sk_ra_load(sk_ra *ra, sk_vr v, uint32_t reg);  // code only: value from slot or recipe into reg
void sk_ra_move(sk_ra *ra, uint32_t class, uint32_t vl, uint32_t to, uint32_t from);
void sk_ra_swap(sk_ra *ra, uint32_t class, uint32_t vl, uint32_t x, uint32_t y);
void sk_ra_free_dying(sk_ra *ra);
sk_x64_rm sk_ra_slot_rm(sk_ra *ra, sk_vr v);  // its slot, allocated if need be
void sk_ra_store(sk_ra *ra, sk_vr v, uint32_t reg, sk_x64_rm to);
sk_x64_rm sk_ra_mem_rm(sk_ra *ra, uint32_t m);  // address registers into place
// An operand that may stay in memory: register if it has one, else slot or constant where `op` can
// read it, else loaded. *deco gets the broadcast bit.
sk_x64_rm sk_ra_get_rm(sk_ra *ra, sk_vr v, uint32_t op, uint32_t vl, uint32_t *deco);

// A value in a register stays there until the instruction is done.
static inline void sk_ra_lock(sk_ra *ra, sk_vr v) {
  const sk_vreg *r = &ra->vregs[v];
  if (r->reg != SK_NO_REG) {
    ra->locked[r->class] |= 1u << r->reg;
  }
}

// Its register, loaded if need be; locked.
static inline uint32_t sk_ra_get(sk_ra *ra, sk_vr v) {
  const sk_vreg *r = &ra->vregs[v];
  if (SK_UNLIKELY(r->reg == SK_NO_REG)) {
    return sk_ra_bring(ra, v);
  }
  ra->locked[r->class] |= 1u << r->reg;
  return r->reg;
}

static inline void sk_ra_consume(sk_ra *ra, sk_vr v) {
  if (v != 0) {
    sk_ra_pass_use(ra, v);
  }
}

// The instruction is emitted: locks and dying slots are free.
static inline void sk_ra_done(sk_ra *ra) {
  memset(ra->locked, 0, sizeof ra->locked);
  if (SK_UNLIKELY(ra->has_dying)) {
    sk_ra_free_dying(ra);
  }
}

// gen_ra_emit.c
void sk_ra_instruction(sk_ra *ra, const sk_vi *inst);

// gen_ra_flow.c
void sk_ra_loop(sk_ra *ra, uint32_t loop);
void sk_ra_end(sk_ra *ra, uint32_t loop);
void sk_ra_if(sk_ra *ra, uint32_t region);
void sk_ra_endif(sk_ra *ra);

#endif
