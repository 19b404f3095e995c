// SPDX-License-Identifier: Apache-2.0
// Registers and stack slots: every value is in a register, in its slot, or can be made from its
// recipe.
//
// On a straight line the value whose next use is farthest gives up its register (Belady 1966). A
// value with a recipe or a valid slot costs nothing to evict and is preferred when the distances
// are comparable. Slots are given at the first spill and taken back when the value dies.
//
//   frame:   rsp + 0 ................ stack area of selection ..... slots ......... frame_bytes
//
// rax is never allocated: it serves moves between memory places, and code that needs a register out
// of turn.
#include "gen/gen_ra.h"

enum {
  GENERAL_ALL = 0xffff & ~(1 << SK_RAX | 1 << SK_RSP | 1 << SK_RBP),
  GENERAL_SAVED = 1 << SK_RBX | 1 << SK_R12 | 1 << SK_R13 | 1 << SK_R14 | 1 << SK_R15,
};

void sk_ra_init(sk_ra *ra, sk_vcode *vc) {
  memset(ra, 0, sizeof *ra);
  ra->vc = vc;
  ra->as = vc->as;
  ra->vregs = vc->vregs.data;
  ra->all[SK_CLASS_G] = GENERAL_ALL;
  ra->all[SK_CLASS_V] = vc->isa >= SK_ISA_V4 ? 0xffffffffu : 0xffffu;
  ra->all[SK_CLASS_K] = vc->isa >= SK_ISA_V4 ? 0xfeu : 0;
  memcpy(ra->free, ra->all, sizeof ra->free);
  ra->frame_bytes = vc->stack_bytes;
  ra->frame_align = vc->stack_bytes != 0 ? vc->vector_bytes : 16;
}

// ---- slots

static uint32_t slot_class(const sk_vreg *v) { return v->class == SK_CLASS_V ? 1u + v->vl : 0; }

sk_x64_rm sk_ra_slot_rm(sk_ra *ra, sk_vr v) {
  sk_vreg *r = &ra->vregs[v];
  if (r->slot == SK_NO_SLOT) {
    uint32_t class = slot_class(r), bytes = 8u << class;
    if (ra->free_slots[class].count != 0) {
      r->slot = ra->free_slots[class].data[--ra->free_slots[class].count];
    } else {
      uint32_t at = (uint32_t)sk_align_up(ra->frame_bytes, bytes);
      r->slot = (int32_t)at;
      ra->frame_bytes = at + bytes;
      ra->frame_align = SK_MAX(ra->frame_align, bytes);
    }
  }
  return sk_rm_base(SK_RSP, r->slot);
}

static void free_slot(sk_ra *ra, sk_vreg *r) {
  if (r->slot != SK_NO_SLOT) {
    sk_vec_push(ra->vc->arena, &ra->dying_slots[slot_class(r)], r->slot);
    r->slot = SK_NO_SLOT;
    r->mem_valid = 0;
    ra->has_dying = true;
  }
}

void sk_ra_free_dying(sk_ra *ra) {
  ra->has_dying = false;
  for (uint32_t c = 0; c < SK_COUNT(ra->dying_slots); c++) {
    while (ra->dying_slots[c].count != 0) {
      sk_vec_push(ra->vc->arena, &ra->free_slots[c],
                  ra->dying_slots[c].data[--ra->dying_slots[c].count]);
    }
  }
}

// ---- code for moves

void sk_ra_move(sk_ra *ra, uint32_t class, uint32_t vl, uint32_t to, uint32_t from) {
  switch (class) {
    case SK_CLASS_G: sk_x64_rr(ra->as, SK_X_MOV, SK_OP64, to, from); break;
    case SK_CLASS_V: sk_x64_rr(ra->as, SK_X_VMOVAPS, vl, to, from); break;
    default: sk_x64_rr(ra->as, SK_X_KMOVQ, 0, to, from); break;
  }
}

void sk_ra_swap(sk_ra *ra, uint32_t class, uint32_t vl, uint32_t x, uint32_t y) {
  if (class == SK_CLASS_G) {
    sk_x64_rm_(ra->as, SK_X_XCHG, SK_OP64, x, sk_rm_reg(y));
    return;
  }
  uint32_t op = class == SK_CLASS_V ? SK_X_VPXORD : SK_X_KXORQ;
  sk_x64_rrr(ra->as, op, vl, x, x, y);
  sk_x64_rrr(ra->as, op, vl, y, x, y);
  sk_x64_rrr(ra->as, op, vl, x, x, y);
}

void sk_ra_store(sk_ra *ra, sk_vr v, uint32_t reg, sk_x64_rm to) {
  const sk_vreg *r = &ra->vregs[v];
  switch (r->class) {
    case SK_CLASS_G: sk_x64_rm_(ra->as, SK_X_MOV_MR, SK_OP64, reg, to); break;
    case SK_CLASS_V: sk_x64_rm_(ra->as, SK_X_VMOVUPS_ST, r->vl, reg, to); break;
    default: sk_x64_rm_(ra->as, SK_X_KMOVQ_ST, 0, reg, to); break;
  }
}

bool sk_ra_is_recipe(const sk_vreg *v) { return v->remat != SK_REMAT_NONE; }

static uint32_t wide(const sk_vreg *r) { return r->vl; }

// A vector constant into a register.
static void load_constant(sk_ra *ra, const sk_vreg *r, uint32_t reg) {
  sk_asm *as = ra->as;
  switch ((sk_remat)r->remat) {
    case SK_REMAT_ZERO:  // the xmm form clears the whole register
      if (reg < 16) {
        sk_x64_rrr(as, SK_X_VXORPS, SK_XMM, reg, reg, reg);
      } else {
        sk_x64_rrr(as, SK_X_VPXORD, wide(r), reg, reg, reg);
      }
      break;
    case SK_REMAT_ONES:
      if (ra->vc->isa >= SK_ISA_V4) {
        sk_x64_emit(as, SK_X_VPTERNLOGD, wide(r), reg, reg, sk_rm_reg(reg), 0xff, 0);
      } else {
        sk_x64_rrr(as, SK_X_VPCMPEQD, wide(r), reg, reg, reg);
      }
      break;
    case SK_REMAT_SPLAT:
      if (r->elem == 0) {
        sk_x64_rm_(as, SK_X_VMOVAPS, wide(r), reg, sk_rm_const(r->data));
      } else if (r->elem == 4) {
        sk_x64_rm_(as, SK_X_VBROADCASTSS, wide(r), reg, sk_rm_const(r->data));
      } else if (wide(r) == SK_XMM) {
        sk_x64_rm_(as, SK_X_VMOVDDUP, SK_XMM, reg, sk_rm_const(r->data));
      } else {
        sk_x64_rm_(as, SK_X_VBROADCASTSD, wide(r), reg, sk_rm_const(r->data));
      }
      break;
    case SK_REMAT_VECTOR: sk_x64_rm_(as, SK_X_VMOVAPS, wide(r), reg, sk_rm_const(r->data)); break;
    case SK_REMAT_NONE:
    case SK_REMAT_IMM:
    case SK_REMAT_MEM: break;
  }
}

// Address of a recipe whose base may itself be out of registers: rax then stands in (general class
// only).
static sk_x64_rm recipe_rm(sk_ra *ra, const sk_vmem *m) {
  const sk_vreg *base = &ra->vregs[m->base];
  uint32_t reg = base->reg;
  if (reg == SK_NO_REG) {
    reg = SK_RAX;
    sk_ra_load(ra, m->base, reg);
  }
  return sk_rm_base(reg, m->disp);
}

void sk_ra_load(sk_ra *ra, sk_vr v, uint32_t reg) {
  const sk_vreg *r = &ra->vregs[v];
  if (r->remat != SK_REMAT_NONE && r->remat != SK_REMAT_MEM) {
    if (r->remat == SK_REMAT_IMM) {
      int64_t imm = ra->vc->imms.data[r->data];
      if (imm == 0) {  // keeps the flags
        sk_x64_emit(ra->as, SK_X_MOV_MI, SK_OP32, 0, 0, sk_rm_reg(reg), 0, 0);
      } else {
        sk_x64_mov_imm(ra->as, reg, imm);
      }
    } else {
      load_constant(ra, r, reg);
    }
    return;
  }
  sk_x64_rm from;
  if (r->mem_valid) {
    from = sk_rm_base(SK_RSP, r->slot);
  } else if (r->class == SK_CLASS_V) {
    from = sk_ra_mem_rm(ra, r->data);
  } else {
    from = recipe_rm(ra, &ra->vc->mems.data[r->data]);
  }
  switch (r->class) {
    case SK_CLASS_G: sk_x64_rm_(ra->as, SK_X_MOV, SK_OP64, reg, from); break;
    case SK_CLASS_V: sk_x64_rm_(ra->as, SK_X_VMOVUPS, r->vl, reg, from); break;
    default: sk_x64_rm_(ra->as, SK_X_KMOVQ, 0, reg, from); break;
  }
}

// ---- registers

static void occupy(sk_ra *ra, sk_vr v, uint32_t reg) {
  sk_vreg *r = &ra->vregs[v];
  r->reg = (uint8_t)reg;
  ra->holds[r->class][reg] = v;
  ra->free[r->class] &= ~(1u << reg);
  if (r->class == SK_CLASS_G) {
    ra->used_general |= 1u << reg;
  }
}

void sk_ra_release(sk_ra *ra, sk_vr v) {
  sk_vreg *r = &ra->vregs[v];
  if (r->reg != SK_NO_REG) {
    ra->holds[r->class][r->reg] = 0;
    ra->free[r->class] |= 1u << r->reg;
    r->reg = SK_NO_REG;
  }
}

void sk_ra_spill(sk_ra *ra, sk_vr v) {
  sk_vreg *r = &ra->vregs[v];
  if (!r->mem_valid && !sk_ra_is_recipe(r)) {
    sk_x64_rm slot = sk_ra_slot_rm(ra, v);
    sk_ra_store(ra, v, r->reg, slot);
    r->mem_valid = 1;
  }
}

void sk_ra_evict(sk_ra *ra, uint32_t class, uint32_t reg) {
  sk_vr v = ra->holds[class][reg];
  sk_ra_spill(ra, v);
  sk_ra_release(ra, v);
}

// The register whose value is needed last. A value that must be stored first counts as needed
// sooner.
static uint32_t choose_victim(sk_ra *ra, uint32_t class) {
  uint32_t best = SK_NO_REG, best_score = 0;
  for (uint32_t left = ra->all[class] & ~ra->locked[class]; left != 0; left &= left - 1) {
    uint32_t reg = sk_ctz64(left);
    sk_vr v = ra->holds[class][reg];
    sk_vreg *r = &ra->vregs[v];
    while (r->uses != 0 && ra->nodes.data[r->uses].pos <
                               ra->pos) {  // uses on behalf of a recipe that was not needed
      r->uses = ra->nodes.data[r->uses].next;
    }
    uint32_t next = sk_ra_next_use(ra, v);
    uint32_t distance = next - ra->pos;
    uint32_t score = r->mem_valid || sk_ra_is_recipe(r) ? distance * 2 + 1 : distance + 1;
    score = next == UINT32_MAX ? UINT32_MAX : score;
    if (score > best_score) {
      best_score = score;
      best = reg;
    }
  }
  return best;
}

uint32_t sk_ra_take_free(sk_ra *ra, uint32_t class, sk_vr hint) {
  uint32_t free = ra->free[class] & ~ra->locked[class];
  if (hint != 0) {
    const sk_vreg *h = &ra->vregs[hint];
    if (h->home != SK_NO_REG && (free >> h->home & 1)) {
      return h->home;
    }
  }
  if (free == 0) {
    return SK_NO_REG;
  }
  if (class ==
      SK_CLASS_G) {  // callee-saved ones only when one is in use already, or nothing else is left
    uint32_t cheap = free & (~(uint32_t)GENERAL_SAVED | ra->used_general);
    free = cheap != 0 ? cheap : free;
  }
  return sk_ctz64(free);
}

// An unlocked register, emptied if need be.
static uint32_t take(sk_ra *ra, uint32_t class, sk_vr hint) {
  uint32_t reg = sk_ra_take_free(ra, class, hint);
  if (reg == SK_NO_REG) {
    reg = choose_victim(ra, class);
    if (SK_UNLIKELY(reg == SK_NO_REG)) {  // more operands than registers: no instruction of ours
      ra->as->error = ra->as->error == SK_ASM_OK ? SK_ASM_BAD_OPERANDS : ra->as->error;
      return 1;
    }
    sk_ra_evict(ra, class, reg);
  }
  return reg;
}

uint32_t sk_ra_bring(sk_ra *ra, sk_vr v) {
  sk_vreg *r = &ra->vregs[v];
  uint32_t reg = take(ra, r->class, 0);
  ra->locked[r->class] |= 1u << reg;
  sk_ra_load(ra, v, reg);
  occupy(ra, v, reg);
  return reg;
}

uint32_t sk_ra_temp(sk_ra *ra, uint32_t class) {
  uint32_t reg = take(ra, class, 0);
  ra->locked[class] |= 1u << reg;
  if (class == SK_CLASS_G) {
    ra->used_general |= 1u << reg;
  }
  return reg;
}

void sk_ra_define_in(sk_ra *ra, sk_vr v, uint32_t reg) {
  sk_vreg *r = &ra->vregs[v];
  if (r->reg != reg) {
    sk_ra_release(ra, v);
    occupy(ra, v, reg);
  }
  r->mem_valid = 0;
  ra->locked[r->class] |= 1u << reg;
}

uint32_t sk_ra_define(sk_ra *ra, sk_vr v) {
  sk_vreg *r = &ra->vregs[v];
  uint32_t reg = r->reg != SK_NO_REG ? r->reg : take(ra, r->class, r->hint);
  sk_ra_define_in(ra, v, reg);
  return reg;
}

void sk_ra_pass_use(sk_ra *ra, sk_vr v) {
  sk_vreg *r = &ra->vregs[v];
  while (r->uses != 0 && ra->nodes.data[r->uses].pos <= ra->pos) {
    r->uses = ra->nodes.data[r->uses].next;
  }
  if (r->uses == 0) {
    sk_ra_release(ra, v);
    if (r->phi_loop == 0) {  // a phi keeps its slot: END may write its next value there
      free_slot(ra, r);
    }
  }
}

// ---- operands in memory

sk_x64_rm sk_ra_mem_rm(sk_ra *ra, uint32_t m) {
  const sk_vmem *mem = &ra->vc->mems.data[m];
  if (mem->is_stack) {
    uint32_t index = mem->index != 0 ? sk_ra_get(ra, mem->index) : SK_REG_NONE;
    return sk_rm_index(SK_RSP, index, mem->scale, mem->disp);
  }
  uint32_t base = mem->base != 0 ? sk_ra_get(ra, mem->base) : SK_REG_NONE;
  uint32_t index = mem->index != 0 ? sk_ra_get(ra, mem->index) : SK_REG_NONE;
  return sk_rm_index(base, index, mem->scale, mem->disp);
}

// Can the rm operand of `op` be memory?
static bool reads_memory(uint32_t op) {
  const sk_x64_info *info = &sk_x64_table[op];
  uint32_t at;
  switch ((enum sk_x64_form)info->form) {
    case SK_F_RVM:
    case SK_F_RVMI:
    case SK_F_RVMR: at = 2; break;
    case SK_F_RM:
    case SK_F_RMI:
    case SK_F_RMV: at = 1; break;
    default: return false;
  }
  return info->operands[at] >= 'a';
}

static bool constant_fits(const sk_vreg *r, uint32_t op, uint32_t *deco) {
  if (r->remat == SK_REMAT_VECTOR || (r->remat == SK_REMAT_SPLAT && r->elem == 0)) {
    return true;
  }
  if (r->remat == SK_REMAT_SPLAT && sk_x64_bcast_bytes(op) == r->elem) {
    *deco |= SK_DECO_BCAST;
    return true;
  }
  return false;
}

// Do several of the next instructions (interleaved copies) want the same constant, and can a
// register be had for it without a store? Then one load replaces many: the load ports are what such
// code runs out of.
static bool is_shared_soon(sk_ra *ra, uint32_t next_use, uint32_t class) {
  enum { WINDOW = 4, FAR = 32 };
  uint32_t third = next_use == 0 ? 0 : ra->nodes.data[next_use].next;
  if (third == 0 || ra->nodes.data[third].pos - ra->pos > WINDOW) {
    return false;
  }
  if ((ra->free[class] & ~ra->locked[class]) != 0) {
    return true;
  }
  uint32_t victim = choose_victim(ra, class);
  if (victim == SK_NO_REG) {
    return false;
  }
  const sk_vreg *r = &ra->vregs[ra->holds[class][victim]];
  return (r->mem_valid || sk_ra_is_recipe(r)) &&
         sk_ra_next_use(ra, ra->holds[class][victim]) - ra->pos > FAR;
}

sk_x64_rm sk_ra_get_rm(sk_ra *ra, sk_vr v, uint32_t op, uint32_t vl, uint32_t *deco) {
  sk_vreg *r = &ra->vregs[v];
  if (r->reg == SK_NO_REG && reads_memory(op) && r->class != SK_CLASS_K) {
    uint32_t second = r->uses == 0 ? 0 : ra->nodes.data[r->uses].next;
    bool once = second == 0;
    if (r->remat == SK_REMAT_MEM && !r->mem_valid) {
      if (once && r->class == SK_CLASS_V) {
        return sk_ra_mem_rm(ra, r->data);
      }
    } else if (r->mem_valid && !(r->remat != SK_REMAT_NONE)) {
      bool near = !once && ra->nodes.data[second].pos - ra->pos < 64;
      if (!near || (ra->free[r->class] & ~ra->locked[r->class]) == 0) {
        return sk_rm_base(SK_RSP, r->slot);
      }
    } else {
      if (!is_shared_soon(ra, second, r->class) && constant_fits(r, op, deco)) {
        return sk_rm_const(r->data);
      }
    }
  }
  (void)vl;
  return sk_rm_reg(sk_ra_get(ra, v));
}
