// SPDX-License-Identifier: Apache-2.0
// One virtual instruction -> machine instructions: operands into registers (or left in memory where
// the instruction can read them there), the result into a register, the encoding.
//
// Order within an instruction: sources are brought in and locked; uses are consumed, which frees
// what dies; the result takes a register, possibly that of a dying source (every single machine
// instruction reads before it writes; sequences keep their sources locked instead).
#include "gen/gen_ra.h"

static void consume_all(sk_ra *ra, const sk_vi *inst) {
  sk_ra_consume(ra, inst->a);
  sk_ra_consume(ra, inst->b);
  sk_ra_consume(ra, inst->c);
  sk_ra_consume(ra, inst->k);
  if (inst->m != 0) {
    const sk_vmem *m = &ra->vc->mems.data[inst->m];
    sk_ra_consume(ra, m->base);
    sk_ra_consume(ra, m->index);
  }
}

// The recipe of a folded load has uses of its own.
static void consume_recipe(sk_ra *ra, sk_vr v) {
  const sk_vreg *r = &ra->vregs[v];
  if (v != 0 && r->remat == SK_REMAT_MEM) {
    const sk_vmem *m = &ra->vc->mems.data[r->data];
    sk_ra_consume(ra, m->base);
    sk_ra_consume(ra, m->index);
  }
}

static void unlock(sk_ra *ra) { memset(ra->locked, 0, sizeof ra->locked); }

// Result register. The locks on dying sources do not bind it.
static uint32_t define(sk_ra *ra, const sk_vi *inst) {
  unlock(ra);
  uint32_t reg = sk_ra_define(ra, inst->d);
  if (ra->vregs[inst->d].uses == 0) {  // a result nobody reads
    sk_ra_consume(ra, inst->d);
  }
  return reg;
}

static void finish(sk_ra *ra, const sk_vi *inst) {
  consume_all(ra, inst);
  consume_recipe(ra, inst->a);
  consume_recipe(ra, inst->b);
  consume_recipe(ra, inst->c);
}

// b or m as the rm operand.
static sk_x64_rm source_rm(sk_ra *ra, const sk_vi *inst, uint32_t *deco) {
  if (inst->m != 0) {
    return sk_ra_mem_rm(ra, inst->m);
  }
  return sk_ra_get_rm(ra, inst->b, inst->op, inst->vl, deco);
}

static uint32_t mask_deco(sk_ra *ra, const sk_vi *inst) {
  if (inst->k == 0) {
    return 0;
  }
  return sk_ra_get(ra, inst->k) | (inst->flags & SK_VI_ZERO ? SK_DECO_ZERO : 0);
}

static void emit_rvm(sk_ra *ra, const sk_vi *given) {
  sk_vi inst = *given;
  if ((inst.flags & SK_VI_COMMUTES) && inst.m == 0 && ra->vregs[inst.a].reg == SK_NO_REG &&
      ra->vregs[inst.b].reg != SK_NO_REG) {
    sk_vr swap = inst.a;
    inst.a = inst.b;
    inst.b = swap;
  }
  uint32_t deco = mask_deco(ra, &inst);
  sk_ra_lock(ra, inst.b);
  uint32_t a = sk_ra_get(ra, inst.a);
  sk_x64_rm rm = source_rm(ra, &inst, &deco);
  int32_t imm = inst.imm;
  if (inst.shape == SK_S_RVMR) {
    imm = (int32_t)(sk_ra_get(ra, inst.c) << 4);
  }
  finish(ra, &inst);
  uint32_t d = define(ra, &inst);
  sk_x64_emit(ra->as, inst.op, inst.vl, d, a, rm, imm, deco);
}

static void emit_rm(sk_ra *ra, const sk_vi *inst) {
  uint32_t deco = mask_deco(ra, inst);
  sk_x64_rm rm = source_rm(ra, inst, &deco);
  finish(ra, inst);
  uint32_t d = define(ra, inst);
  sk_x64_emit(ra->as, inst->op, inst->vl, d, 0, rm, inst->imm, deco);
}

static void emit_vmi(sk_ra *ra, const sk_vi *inst) {
  uint32_t b = sk_ra_get(ra, inst->b);
  finish(ra, inst);
  uint32_t d = define(ra, inst);
  sk_x64_emit(ra->as, inst->op, inst->vl, 0, d, sk_rm_reg(b), inst->imm, 0);
}

static void emit_mrr(sk_ra *ra, const sk_vi *inst) {
  uint32_t a = sk_ra_get(ra, inst->a);
  finish(ra, inst);
  uint32_t d = define(ra, inst);
  sk_x64_emit(ra->as, inst->op, inst->vl, a, 0, sk_rm_reg(d), inst->imm, 0);
}

static void emit_store(sk_ra *ra, const sk_vi *inst) {
  uint32_t a = sk_ra_get(ra, inst->a);
  uint32_t b = inst->b != 0 ? sk_ra_get(ra, inst->b) : 0;
  uint32_t deco = inst->k != 0 ? sk_ra_get(ra, inst->k) : 0;
  sk_x64_rm rm = sk_ra_mem_rm(ra, inst->m);
  sk_x64_emit(ra->as, inst->op, inst->vl, a, b, rm, inst->imm, deco);
  finish(ra, inst);
}

// Does this use end the value (or is it overwritten right here)?
static bool dies(const sk_ra *ra, const sk_vi *inst, sk_vr v) {
  if (v == inst->d) {
    return true;
  }
  const sk_vreg *r = &ra->vregs[v];
  uint32_t node = r->uses;
  while (node != 0 && ra->nodes.data[node].pos <= ra->pos) {
    node = ra->nodes.data[node].next;
  }
  return node == 0;
}

// Moves the result name onto the register of `tied`, a source in a register; copies first if the
// source lives on.
static uint32_t define_tied(sk_ra *ra, const sk_vi *inst, sk_vr tied) {
  sk_vreg *t = &ra->vregs[tied];
  uint32_t from = t->reg;
  if (dies(ra, inst, tied)) {
    finish(ra, inst);
    if (tied != inst->d) {
      sk_ra_release(ra, tied);
    }
    unlock(ra);
    sk_ra_define_in(ra, inst->d, from);
  } else {
    uint32_t reg = sk_ra_define(ra, inst->d);  // the sources are still locked
    if (reg != from) {
      sk_ra_move(ra, t->class, ra->vregs[inst->d].vl, reg, from);
    }
    finish(ra, inst);
  }
  uint32_t d = ra->vregs[inst->d].reg;
  if (ra->vregs[inst->d].uses == 0) {
    sk_ra_consume(ra, inst->d);
  }
  return d;
}

// The tied source may come straight from memory into the result's register.
static uint32_t define_loaded(sk_ra *ra, const sk_vi *inst, sk_vr tied) {
  if (ra->vregs[tied].reg == SK_NO_REG && tied != inst->d && !dies(ra, inst, tied) &&
      ra->vregs[inst->d].reg == SK_NO_REG) {
    uint32_t reg = sk_ra_define(ra, inst->d);
    sk_ra_load(ra, tied, reg);
    finish(ra, inst);
    if (ra->vregs[inst->d].uses == 0) {
      sk_ra_consume(ra, inst->d);
    }
    return reg;
  }
  sk_ra_get(ra, tied);
  return define_tied(ra, inst, tied);
}

static void emit_tied(sk_ra *ra, const sk_vi *inst) {
  uint32_t deco = inst->k != 0 ? sk_ra_get(ra, inst->k) : 0;
  sk_ra_lock(ra, inst->c);
  sk_ra_lock(ra, inst->b);
  uint32_t a = inst->a != 0 ? sk_ra_get(ra, inst->a) : 0;
  sk_x64_rm rm = source_rm(ra, inst, &deco);
  uint32_t d = define_loaded(ra, inst, inst->c);
  sk_x64_emit(ra->as, inst->op, inst->vl, d, a, rm, inst->imm, deco);
}

// ---- fused multiply-add: 132: d = d*rm + v    213: d = v*d + rm    231: d = v*rm + d
// Rows of x64.def: 132 PS PD SS SD, 213 ..., 231 ...: a step of 4 between forms.
enum { FMA_213 = 4, FMA_231 = 8 };
_Static_assert(SK_X_VFMADD213PS == SK_X_VFMADD132PS + FMA_213 &&
                   SK_X_VFMADD231PS == SK_X_VFMADD132PS + FMA_231 &&
                   SK_X_VFNMSUB231SD == SK_X_VFNMSUB132SD + FMA_231,
               "order of the FMA rows");

static bool wants_memory(const sk_ra *ra, sk_vr v) { return ra->vregs[v].reg == SK_NO_REG; }

// Which operand becomes the destination: one that dies here, preferring the addend (accumulators),
// else the one that must be loaded anyway, else any.
static sk_vr choose_tied(const sk_ra *ra, const sk_vi *inst, sk_vr folded) {
  const sk_vr order[3] = {inst->c, inst->a, inst->b};
  for (uint32_t i = 0; i < 3; i++) {
    if (order[i] == inst->d) {
      return order[i];
    }
  }
  for (uint32_t i = 0; i < 3; i++) {
    if (order[i] != folded && dies(ra, inst, order[i]) && ra->vregs[order[i]].reg != SK_NO_REG) {
      return order[i];
    }
  }
  for (uint32_t i = 0; i < 3; i++) {
    if (order[i] != folded && wants_memory(ra, order[i])) {
      return order[i];
    }
  }
  return folded != 0 ? folded : inst->c;
}

static void emit_fma(sk_ra *ra, const sk_vi *inst) {
  sk_vr a = inst->a, b = inst->b, c = inst->c;
  sk_ra_lock(ra, a);
  sk_ra_lock(ra, b);
  sk_ra_lock(ra, c);
  sk_vr folded = wants_memory(ra, b) ? b : wants_memory(ra, a) ? a : wants_memory(ra, c) ? c : 0;
  sk_vr tied = choose_tied(ra, inst, folded);
  uint32_t form = 0;
  sk_vr v, rm_value;  // the other two
  if (tied == c) {
    form = FMA_231;
    bool swap = folded == a;
    v = swap ? b : a;
    rm_value = swap ? a : b;
  } else {
    sk_vr other = tied == a ? b : a;
    if (folded == c || (folded == tied && wants_memory(ra, c))) {
      form = FMA_213;
      v = other;
      rm_value = c;
    } else {
      v = c;
      rm_value = other;
    }
  }
  uint32_t deco = 0;
  uint32_t v_reg = sk_ra_get(ra, v);
  sk_x64_rm rm = sk_ra_get_rm(ra, rm_value, inst->op, inst->vl, &deco);
  uint32_t d = define_loaded(ra, inst, tied);
  sk_x64_emit(ra->as, inst->op + form, inst->vl, d, v_reg, rm, 0, deco);
}

// ---- gathers and scatters: destination, index and mask are three different registers; the mask is
// destroyed
static void emit_gather(sk_ra *ra, const sk_vi *inst) {
  sk_ra_lock(ra, inst->c);
  uint32_t b = inst->b != 0 ? sk_ra_get(ra, inst->b) : 0;
  uint32_t deco = inst->k != 0 ? sk_ra_get(ra, inst->k) : 0;
  sk_x64_rm rm = sk_ra_mem_rm(ra, inst->m);
  const sk_vreg *c = &ra->vregs[inst->c];
  uint32_t reg = sk_ra_temp(ra, SK_CLASS_V);
  if (c->reg == SK_NO_REG) {
    sk_ra_load(ra, inst->c, reg);
  } else {
    sk_ra_move(ra, SK_CLASS_V, ra->vregs[inst->d].vl, reg, c->reg);
  }
  finish(ra, inst);
  sk_ra_define_in(ra, inst->d, reg);
  sk_x64_emit(ra->as, inst->op, inst->vl, reg, b, rm, 0, deco);
  if (ra->vregs[inst->d].uses == 0) {
    sk_ra_consume(ra, inst->d);
  }
}

// ---- general registers

static void emit_g2(sk_ra *ra, const sk_vi *inst) {
  uint32_t deco = 0;
  sk_ra_lock(ra, inst->a);
  sk_x64_rm rm = source_rm(ra, inst, &deco);
  uint32_t d = define_loaded(ra, inst, inst->a);
  sk_x64_emit(ra->as, inst->op, inst->vl, d, 0, rm, 0, 0);
}

static void emit_gi(sk_ra *ra, const sk_vi *inst) {
  uint32_t d = define_loaded(ra, inst, inst->a);
  sk_x64_emit(ra->as, inst->op, inst->vl, 0, 0, sk_rm_reg(d), inst->imm, 0);
}

static void emit_lea(sk_ra *ra, const sk_vi *inst) {
  sk_x64_rm rm = sk_ra_mem_rm(ra, inst->m);
  finish(ra, inst);
  uint32_t d = define(ra, inst);
  sk_x64_rm_(ra->as, SK_X_LEA, SK_OP64, d, rm);
}

static void emit_addi(sk_ra *ra, const sk_vi *inst) {
  sk_vreg *r = &ra->vregs[inst->d];
  sk_x64_rm at = r->reg != SK_NO_REG ? sk_rm_reg(r->reg) : sk_ra_slot_rm(ra, inst->d);
  sk_x64_emit(ra->as, SK_X_ADD_MI, SK_OP64, 0, 0, at, inst->imm, 0);
  r->mem_valid = r->reg == SK_NO_REG;
  sk_ra_consume(ra, inst->d);
}

static void emit_copy(sk_ra *ra, const sk_vi *inst) {
  sk_vreg *a = &ra->vregs[inst->a];
  if (a->reg == SK_NO_REG) {
    uint32_t reg = sk_ra_define(ra, inst->d);
    sk_ra_load(ra, inst->a, reg);
    finish(ra, inst);
  } else {
    sk_ra_lock(ra, inst->a);
    define_tied(ra, inst, inst->a);
  }
  if (ra->vregs[inst->d].uses == 0) {
    sk_ra_consume(ra, inst->d);
  }
}

static void emit_entry(sk_ra *ra, const sk_vi *inst) {
  static const uint8_t registers[4] = {SK_RDI, SK_RSI, SK_RDX, SK_RCX};
  const sk_vr arguments[4] = {inst->a, inst->b, inst->c, inst->d};
  for (uint32_t i = 0; i < 4; i++) {
    if (arguments[i] != 0 && sk_ra_is_live(ra, arguments[i])) {
      sk_ra_define_in(ra, arguments[i], registers[i]);
    }
  }
}

// if (bit of a) lane of d = memory
static void emit_lane_in(sk_ra *ra, const sk_vi *inst) {
  uint32_t bits = sk_ra_get(ra, inst->a);
  sk_x64_rm rm = sk_ra_mem_rm(ra, inst->m);
  sk_ra_lock(ra, inst->c);
  sk_ra_get(ra, inst->c);
  uint32_t d = define_tied(ra, inst, inst->c);
  sk_label skip = sk_asm_new_label(ra->as);
  sk_x64_emit(ra->as, SK_X_BT_I, SK_OP32, 0, 0, sk_rm_reg(bits), inst->imm >> 8, 0);
  sk_x64_jcc_short(ra->as, SK_CC_AE, skip);
  sk_x64_emit(ra->as, inst->op, SK_XMM, d, d, rm, inst->imm & 255, 0);
  sk_asm_bind(ra->as, skip);
}

static void emit_lane_out(sk_ra *ra, const sk_vi *inst) {
  uint32_t bits = sk_ra_get(ra, inst->a), b = sk_ra_get(ra, inst->b);
  sk_x64_rm rm = sk_ra_mem_rm(ra, inst->m);
  sk_label skip = sk_asm_new_label(ra->as);
  sk_x64_emit(ra->as, SK_X_BT_I, SK_OP32, 0, 0, sk_rm_reg(bits), inst->imm >> 8, 0);
  sk_x64_jcc_short(ra->as, SK_CC_AE, skip);
  sk_x64_emit(ra->as, inst->op, SK_XMM, b, 0, rm, inst->imm & 255, 0);
  sk_asm_bind(ra->as, skip);
  finish(ra, inst);
}

// d = a / b with the loop IR's answers for b = 0 and MIN / -1, which the instruction would fault
// on.
//   b == 0:  quotient all ones, remainder a        b == -1 (signed): quotient -a, remainder 0
// rdx is emptied first; the divisor is kept out of rax and rdx.
static void emit_div(sk_ra *ra, const sk_vi *inst) {
  sk_asm *as = ra->as;
  uint32_t size = inst->imm & SK_DIV_64 ? SK_OP64 : SK_OP32;
  bool is_signed = inst->imm & SK_DIV_SIGNED, rem = inst->imm & SK_DIV_REM;
  ra->locked[SK_CLASS_G] |= 1u << SK_RDX;
  if (ra->holds[SK_CLASS_G][SK_RDX] != 0) {
    sk_vr held = ra->holds[SK_CLASS_G][SK_RDX];
    sk_ra_spill(ra, held);
    sk_ra_release(ra, held);
  }
  uint32_t b = sk_ra_get(ra, inst->b), a = sk_ra_get(ra, inst->a);
  sk_label done = sk_asm_new_label(as), special = sk_asm_new_label(as),
           divide = sk_asm_new_label(as);
  ra->used_general |= 1u << SK_RDX;
  sk_ra_move(ra, SK_CLASS_G, 0, SK_RAX, a);
  sk_x64_rm_(as, SK_X_TEST_MR, size, b, sk_rm_reg(b));
  sk_x64_jcc_short(as, SK_CC_NE, special);
  if (rem) {
    sk_ra_move(ra, SK_CLASS_G, 0, SK_RDX, SK_RAX);
  } else {
    sk_x64_mov_imm(as, SK_RAX, -1);
  }
  sk_x64_jmp_short(as, done);
  sk_asm_bind(as, special);
  if (is_signed) {
    sk_x64_emit(as, SK_X_CMP_MI, size, 0, 0, sk_rm_reg(b), -1, 0);
    sk_x64_jcc_short(as, SK_CC_NE, divide);
    sk_x64_rm_(as, SK_X_NEG, size, 0, sk_rm_reg(SK_RAX));
    sk_x64_mov_imm(as, SK_RDX, 0);
    sk_x64_jmp_short(as, done);
    sk_asm_bind(as, divide);
    sk_x64_emit(as, size == SK_OP64 ? SK_X_CQO : SK_X_CDQ, 0, 0, 0, sk_rm_reg(0), 0, 0);
    sk_x64_rm_(as, SK_X_IDIV, size, 0, sk_rm_reg(b));
  } else {
    sk_x64_mov_imm(as, SK_RDX, 0);
    sk_x64_rm_(as, SK_X_DIV, size, 0, sk_rm_reg(b));
  }
  sk_asm_bind(as, done);
  finish(ra, inst);
  uint32_t d = define(ra, inst);
  sk_ra_move(ra, SK_CLASS_G, 0, d, rem ? SK_RDX : SK_RAX);
}

void sk_ra_instruction(sk_ra *ra, const sk_vi *inst) {
  switch ((sk_shape)inst->shape) {
    case SK_S_RVM:
    case SK_S_RVMR: emit_rvm(ra, inst); break;
    case SK_S_RM: emit_rm(ra, inst); break;
    case SK_S_FMA: emit_fma(ra, inst); break;
    case SK_S_TIED: emit_tied(ra, inst); break;
    case SK_S_STORE:
    case SK_S_SCATTER: emit_store(ra, inst); break;
    case SK_S_MRR: emit_mrr(ra, inst); break;
    case SK_S_VMI: emit_vmi(ra, inst); break;
    case SK_S_GATHER: emit_gather(ra, inst); break;
    case SK_S_G2: emit_g2(ra, inst); break;
    case SK_S_GI:
    case SK_S_GM: emit_gi(ra, inst); break;
    case SK_S_LEA: emit_lea(ra, inst); break;
    case SK_S_ENTRY: emit_entry(ra, inst); break;
    case SK_S_COPY: emit_copy(ra, inst); break;
    case SK_S_ADDI: emit_addi(ra, inst); break;
    case SK_S_LOOP: sk_ra_loop(ra, (uint32_t)inst->imm); break;
    case SK_S_END: sk_ra_end(ra, (uint32_t)inst->imm); break;
    case SK_S_IF: sk_ra_if(ra, (uint32_t)inst->imm); break;
    case SK_S_ENDIF: sk_ra_endif(ra); break;
    case SK_S_LANE_IN: emit_lane_in(ra, inst); break;
    case SK_S_LANE_OUT: emit_lane_out(ra, inst); break;
    case SK_S_DIV: emit_div(ra, inst); break;
  }
  sk_ra_done(ra);
}
