// SPDX-License-Identifier: Apache-2.0
// Building virtual code: small functions that append one instruction each and name its result.
//
// Positions in code[] are the time line on which liveness counts, so recipes (constants) have position 0 and an instruction's
// first definition is recorded here. Nothing is checked: selection is trusted; a wrong operand combination surfaces as the
// assembler's sticky error.
#include "gen/gen_vcode.h"

void sk_vcode_init(sk_vcode *vc, sk_arena *arena, sk_asm *as, uint32_t vector_bytes) {
  memset(vc, 0, sizeof *vc);
  vc->arena = arena;
  vc->as = as;
  vc->isa = as->isa;
  vc->vector_bytes = vector_bytes;
  sk_vec_push(arena, &vc->code, (sk_vi){0});
  sk_vec_push(arena, &vc->vregs, (sk_vreg){0});
  sk_vec_push(arena, &vc->mems, (sk_vmem){0});
  sk_vec_push(arena, &vc->loops, (sk_vloop){0});
  sk_vec_push(arena, &vc->ifs, (sk_vif){0});
}

sk_vr sk_vc_new(sk_vcode *vc, uint32_t class, uint32_t vl) {
  sk_vreg v = {.class = (uint8_t)class, .vl = (uint8_t)vl, .reg = SK_NO_REG, .home = SK_NO_REG, .slot = SK_NO_SLOT};
  sk_vec_push(vc->arena, &vc->vregs, v);
  return vc->vregs.count - 1;
}

uint32_t sk_vc_push(sk_vcode *vc, sk_vi inst) {
  if (inst.d != 0) {
    sk_vreg *d = &vc->vregs.data[inst.d];
    if (d->def == 0) {
      d->def = vc->code.count;
    } else {
      d->is_mutable = 1;
    }
    vc->uses_upper |= d->class == SK_CLASS_V && d->vl != SK_XMM;
  }
  sk_vec_push(vc->arena, &vc->code, inst);
  return vc->code.count - 1;
}

uint32_t sk_vc_mem(sk_vcode *vc, sk_vmem mem) {
  sk_vec_push(vc->arena, &vc->mems, mem);
  return vc->mems.count - 1;
}

// ---- recipes

sk_vr sk_vc_imm(sk_vcode *vc, int64_t value) {
  sk_vr v = sk_vc_new(vc, SK_CLASS_G, 0);
  vc->vregs.data[v].remat = SK_REMAT_IMM;
  vc->vregs.data[v].data = vc->imms.count;
  sk_vec_push(vc->arena, &vc->imms, value);
  return v;
}

sk_vr sk_vc_splat(sk_vcode *vc, uint32_t vl, uint32_t elem, uint64_t bits) {
  sk_vr v = sk_vc_new(vc, SK_CLASS_V, vl);
  sk_vreg *r = &vc->vregs.data[v];
  uint64_t all = elem == 4 ? UINT32_MAX : UINT64_MAX;
  vc->uses_upper |= vl != SK_XMM;
  if ((bits & all) == 0) {
    r->remat = SK_REMAT_ZERO;
  } else if ((bits & all) == all) {
    r->remat = SK_REMAT_ONES;
  } else {
    r->remat = SK_REMAT_SPLAT;
    if (vc->isa >= SK_ISA_V4) {
      r->elem = (uint8_t)elem;
      r->data = elem == 4 ? sk_asm_constant32(vc->as, (uint32_t)bits) : sk_asm_constant64(vc->as, bits);
    } else {
      r->data = elem == 4 ? sk_asm_splat32(vc->as, (uint32_t)bits, 16u << vl) : sk_asm_splat64(vc->as, bits, 16u << vl);
    }
  }
  return v;
}

sk_vr sk_vc_vector(sk_vcode *vc, uint32_t vl, const void *bytes) {
  sk_vr v = sk_vc_new(vc, SK_CLASS_V, vl);
  vc->vregs.data[v].remat = SK_REMAT_VECTOR;
  vc->vregs.data[v].data = sk_asm_constant(vc->as, bytes, 16u << vl);
  vc->uses_upper |= vl != SK_XMM;
  return v;
}

// ---- instructions

static sk_vr push_new(sk_vcode *vc, uint32_t class, uint32_t d_vl, sk_vi inst) {
  inst.d = sk_vc_new(vc, class, d_vl);
  sk_vc_push(vc, inst);
  return inst.d;
}

sk_vr sk_vc_rvm(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b) {
  return push_new(vc, SK_CLASS_V, vl, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RVM, .vl = (uint8_t)vl, .a = a, .b = b});
}

sk_vr sk_vc_rvm_commutes(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b) {
  return push_new(vc, SK_CLASS_V, vl, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RVM, .vl = (uint8_t)vl,
                                              .flags = SK_VI_COMMUTES, .a = a, .b = b});
}

sk_vr sk_vc_rvmi(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b, int32_t imm) {
  return push_new(vc, SK_CLASS_V, vl, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RVM, .vl = (uint8_t)vl, .a = a, .b = b,
                                              .imm = imm});
}

sk_vr sk_vc_rm(sk_vcode *vc, uint32_t op, uint32_t vl, uint32_t d_vl, sk_vr b) {
  return push_new(vc, SK_CLASS_V, d_vl, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RM, .vl = (uint8_t)vl, .b = b});
}

sk_vr sk_vc_rmi(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr b, int32_t imm) {
  return push_new(vc, SK_CLASS_V, vl, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RM, .vl = (uint8_t)vl, .b = b, .imm = imm});
}

sk_vr sk_vc_blend(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr no, sk_vr yes, sk_vr mask) {
  return push_new(vc, SK_CLASS_V, vl, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RVMR, .vl = (uint8_t)vl, .a = no, .b = yes,
                                              .c = mask});
}

sk_vr sk_vc_fma(sk_vcode *vc, uint32_t op132, uint32_t vl, sk_vr a, sk_vr b, sk_vr c) {
  return push_new(vc, SK_CLASS_V, vl, (sk_vi){.op = (uint16_t)op132, .shape = SK_S_FMA, .vl = (uint8_t)vl, .a = a, .b = b,
                                              .c = c});
}

sk_vr sk_vc_shift(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, int32_t imm) {
  return push_new(vc, SK_CLASS_V, vl, (sk_vi){.op = (uint16_t)op, .shape = SK_S_VMI, .vl = (uint8_t)vl, .b = a, .imm = imm});
}

sk_vr sk_vc_load(sk_vcode *vc, uint32_t op, uint32_t vl, uint32_t d_vl, uint32_t m, sk_vr k) {
  return push_new(vc, SK_CLASS_V, d_vl, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RM, .vl = (uint8_t)vl, .m = m, .k = k,
                                                .flags = k != 0 ? SK_VI_ZERO : 0});
}

void sk_vc_store(sk_vcode *vc, uint32_t op, uint32_t vl, uint32_t m, sk_vr value, sk_vr k) {
  sk_vc_push(vc, (sk_vi){.op = (uint16_t)op, .shape = SK_S_STORE, .vl = (uint8_t)vl, .a = value, .m = m, .k = k});
}

sk_vr sk_vc_copy(sk_vcode *vc, sk_vr a) {
  const sk_vreg *v = &vc->vregs.data[a];
  return push_new(vc, v->class, v->vl, (sk_vi){.shape = SK_S_COPY, .a = a});
}

sk_vr sk_vc_to(sk_vcode *vc, uint32_t class, uint32_t op, uint32_t vl, sk_vr a) {
  return push_new(vc, class, vl, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RM, .vl = (uint8_t)vl, .b = a});
}

sk_vr sk_vc_mrr(sk_vcode *vc, uint32_t class, uint32_t op, uint32_t vl, uint32_t d_vl, sk_vr a, int32_t imm) {
  return push_new(vc, class, d_vl, (sk_vi){.op = (uint16_t)op, .shape = SK_S_MRR, .vl = (uint8_t)vl, .a = a, .imm = imm});
}

sk_vr sk_vc_k_rvmi(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b, int32_t imm, sk_vr k) {
  return push_new(vc, SK_CLASS_K, 0, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RVM, .vl = (uint8_t)vl, .a = a, .b = b,
                                             .imm = imm, .k = k});
}

sk_vr sk_vc_k_rvm(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b) {
  return push_new(vc, SK_CLASS_K, 0, (sk_vi){.op = (uint16_t)op, .shape = SK_S_RVM, .vl = (uint8_t)vl, .a = a, .b = b});
}

sk_vr sk_vc_g2(sk_vcode *vc, uint32_t op, sk_vr a, sk_vr b) {
  return push_new(vc, SK_CLASS_G, 0, (sk_vi){.op = (uint16_t)op, .shape = SK_S_G2, .vl = SK_OP64, .a = a, .b = b});
}

sk_vr sk_vc_gi(sk_vcode *vc, uint32_t op, sk_vr a, int32_t imm) {
  return push_new(vc, SK_CLASS_G, 0, (sk_vi){.op = (uint16_t)op, .shape = SK_S_GI, .vl = SK_OP64, .a = a, .imm = imm});
}

sk_vr sk_vc_lea(sk_vcode *vc, sk_vmem mem) {
  return push_new(vc, SK_CLASS_G, 0, (sk_vi){.op = SK_X_LEA, .shape = SK_S_LEA, .vl = SK_OP64, .m = sk_vc_mem(vc, mem)});
}

void sk_vc_addi(sk_vcode *vc, sk_vr d, int64_t imm) {
  if (imm == 0) {
    return;
  }
  if (imm >= INT32_MIN && imm <= INT32_MAX) {
    sk_vc_push(vc, (sk_vi){.shape = SK_S_ADDI, .d = d, .a = d, .imm = (int32_t)imm});
  } else {
    sk_vc_push(vc, (sk_vi){.op = SK_X_ADD, .shape = SK_S_G2, .vl = SK_OP64, .d = d, .a = d, .b = sk_vc_imm(vc, imm)});
  }
}

// ---- structure

uint32_t sk_vc_loop(sk_vcode *vc) {
  sk_vloop loop = {.begin = vc->code.count, .parent = vc->open_loop, .first_phi = vc->phis.count};
  vc->loops.data[vc->open_loop].has_inner = true;
  sk_vec_push(vc->arena, &vc->loops, loop);
  vc->open_loop = vc->loops.count - 1;
  sk_vc_push(vc, (sk_vi){.shape = SK_S_LOOP, .imm = (int32_t)vc->open_loop});
  return vc->open_loop;
}

uint32_t sk_vc_phi(sk_vcode *vc, uint32_t loop, sk_vr header) {
  vc->vregs.data[header].phi_loop = loop;
  vc->loops.data[loop].phi_count++;
  sk_vec_push(vc->arena, &vc->phis, (sk_phi){.header = header});
  return vc->phis.count - 1;
}

void sk_vc_end(sk_vcode *vc, uint32_t loop, sk_vr counter, uint8_t cc, sk_vr limit, int64_t limit_imm) {
  sk_vloop *l = &vc->loops.data[loop];
  if (limit == 0 && (limit_imm < INT32_MIN || limit_imm > INT32_MAX)) {
    limit = sk_vc_imm(vc, limit_imm);
  }
  l->counter = counter;
  l->cc = cc;
  l->limit = limit;
  l->limit_imm = limit == 0 ? (int32_t)limit_imm : 0;
  l->end = sk_vc_push(vc, (sk_vi){.shape = SK_S_END, .imm = (int32_t)loop});
  vc->open_loop = l->parent;
}

void sk_vc_if(sk_vcode *vc, sk_vif condition) {
  condition.begin = vc->code.count;
  sk_vec_push(vc->arena, &vc->ifs, condition);
  sk_vc_push(vc, (sk_vi){.shape = SK_S_IF, .imm = (int32_t)vc->ifs.count - 1, .a = condition.a, .b = condition.b});
}

void sk_vc_endif(sk_vcode *vc) { sk_vc_push(vc, (sk_vi){.shape = SK_S_ENDIF}); }
