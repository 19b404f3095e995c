// SPDX-License-Identifier: Apache-2.0
// Building virtual code: small functions that append one instruction each and name its result.
//
// Positions in code[] are the time line on which liveness counts, so recipes (constants) have
// position 0 and an instruction's first definition is recorded here. Nothing is checked: selection
// is trusted; a wrong operand combination surfaces as the assembler's sticky error.
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
  sk_vec_push(arena, &vc->recipes, (sk_recipe){0});
}

void sk_vcode_reserve(sk_vcode *vc, uint32_t count) {
  (void)sk_vec_reserve(vc->arena, &vc->code, count);
  (void)sk_vec_reserve(vc->arena, &vc->vregs, count);
}

sk_vr sk_vc_new(sk_vcode *vc, uint32_t class, uint32_t vl) {
  sk_vreg v = {.class = (uint8_t) class,
               .vl = (uint8_t)vl,
               .reg = SK_NO_REG,
               .home = SK_NO_REG,
               .slot = SK_NO_SLOT};
  sk_vec_push(vc->arena, &vc->vregs, v);
  return vc->vregs.count - 1;
}

// Room for one more instruction, zeroed, at the end of the code; counted by note().
static inline sk_vi *next_inst(sk_vcode *vc) {
  (void)sk_vec_reserve(vc->arena, &vc->code, 1);
  sk_vi *inst = &vc->code.data[vc->code.count];
  memset(inst, 0, sizeof *inst);
  return inst;
}

// The instruction at the end of the code is complete.
static inline uint32_t note(sk_vcode *vc, sk_vr result) {
  uint32_t pos = vc->code.count++;
  if (result != 0) {
    sk_vreg *d = &vc->vregs.data[result];
    if (d->def == 0) {
      d->def = pos;
    } else {
      d->is_mutable = 1;
    }
    vc->uses_upper |= d->class == SK_CLASS_V && d->vl != SK_XMM;
  }
  return pos;
}

uint32_t sk_vc_push(sk_vcode *vc, sk_vi inst) {
  *next_inst(vc) = inst;
  return note(vc, inst.d);
}

uint32_t sk_vc_mem(sk_vcode *vc, sk_vmem mem) {
  sk_vec_push(vc->arena, &vc->mems, mem);
  return vc->mems.count - 1;
}

// ---- recipes

// The register of an equal recipe, or 0 after entering `key` for the one about to be made (the next
// new register).
static sk_vr find_recipe(sk_vcode *vc, sk_recipe key) {
  uint64_t hash = (key.bits ^ (uint64_t)key.kind << 60 ^ (uint64_t)key.vl << 50 ^ key.elem) *
                  0x9E3779B97F4A7C15u;
  uint32_t *head = &vc->recipe_heads[hash >> 58];
  for (uint32_t i = *head; i != 0; i = vc->recipes.data[i].next) {
    const sk_recipe *r = &vc->recipes.data[i];
    if (r->bits == key.bits && r->kind == key.kind && r->elem == key.elem && r->vl == key.vl) {
      return r->v;
    }
  }
  key.next = *head;
  key.v = vc->vregs.count;
  *head = vc->recipes.count;
  sk_vec_push(vc->arena, &vc->recipes, key);
  return 0;
}

sk_vr sk_vc_imm(sk_vcode *vc, int64_t value) {
  sk_vr v = find_recipe(vc, (sk_recipe){.bits = (uint64_t)value, .kind = SK_REMAT_IMM});
  if (v == 0) {
    v = sk_vc_new(vc, SK_CLASS_G, 0);
    vc->vregs.data[v].remat = SK_REMAT_IMM;
    vc->vregs.data[v].data = vc->imms.count;
    sk_vec_push(vc->arena, &vc->imms, value);
  }
  return v;
}

sk_vr sk_vc_splat(sk_vcode *vc, uint32_t vl, uint32_t elem, uint64_t bits) {
  uint64_t all = elem == 4 ? UINT32_MAX : UINT64_MAX;
  bits &= all;
  bool is_pattern = bits == 0 || bits == all;  // the same for both widths
  sk_recipe key = {.bits = bits == all ? UINT64_MAX : bits,
                   .kind = SK_REMAT_SPLAT,
                   .elem = is_pattern ? 0 : (uint8_t)elem,
                   .vl = (uint8_t)vl};
  sk_vr v = find_recipe(vc, key);
  if (v != 0) {
    return v;
  }
  v = sk_vc_new(vc, SK_CLASS_V, vl);
  sk_vreg *r = &vc->vregs.data[v];
  vc->uses_upper |= vl != SK_XMM;
  if (is_pattern) {
    r->remat = bits == 0 ? SK_REMAT_ZERO : SK_REMAT_ONES;
  } else {
    r->remat = SK_REMAT_SPLAT;
    if (vc->isa >= SK_ISA_V4) {
      r->elem = (uint8_t)elem;
      r->data =
          elem == 4 ? sk_asm_constant32(vc->as, (uint32_t)bits) : sk_asm_constant64(vc->as, bits);
    } else {
      r->data = elem == 4 ? sk_asm_splat32(vc->as, (uint32_t)bits, 16u << vl)
                          : sk_asm_splat64(vc->as, bits, 16u << vl);
    }
  }
  return v;
}

sk_vr sk_vc_vector(sk_vcode *vc, uint32_t vl, const void *bytes) {
  uint32_t constant = sk_asm_constant(vc->as, bytes, 16u << vl);
  sk_vr v =
      find_recipe(vc, (sk_recipe){.bits = constant, .kind = SK_REMAT_VECTOR, .vl = (uint8_t)vl});
  if (v == 0) {
    v = sk_vc_new(vc, SK_CLASS_V, vl);
    vc->vregs.data[v].remat = SK_REMAT_VECTOR;
    vc->vregs.data[v].data = constant;
    vc->uses_upper |= vl != SK_XMM;
  }
  return v;
}

// ---- instructions

// A new register and the instruction that defines it; the caller fills in the operands.
static inline sk_vi *define(sk_vcode *vc, uint32_t class, uint32_t d_vl, uint32_t shape,
                            uint32_t op, uint32_t vl) {
  sk_vr d = sk_vc_new(vc, class, d_vl);
  sk_vi *inst = next_inst(vc);
  inst->op = (uint16_t)op;
  inst->shape = (uint8_t)shape;
  inst->vl = (uint8_t)vl;
  inst->d = d;
  note(vc, d);
  return inst;
}

sk_vr sk_vc_rvm(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_RVM, op, vl);
  inst->a = a;
  inst->b = b;
  return inst->d;
}

sk_vr sk_vc_rvm_commutes(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_RVM, op, vl);
  inst->flags = SK_VI_COMMUTES;
  inst->a = a;
  inst->b = b;
  return inst->d;
}

sk_vr sk_vc_rvmi(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b, int32_t imm) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_RVM, op, vl);
  inst->a = a;
  inst->b = b;
  inst->imm = imm;
  return inst->d;
}

sk_vr sk_vc_rm(sk_vcode *vc, uint32_t op, uint32_t vl, uint32_t d_vl, sk_vr b) {
  sk_vi *inst = define(vc, SK_CLASS_V, d_vl, SK_S_RM, op, vl);
  inst->b = b;
  return inst->d;
}

sk_vr sk_vc_rmi(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr b, int32_t imm) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_RM, op, vl);
  inst->b = b;
  inst->imm = imm;
  return inst->d;
}

sk_vr sk_vc_blend(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr no, sk_vr yes, sk_vr mask) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_RVMR, op, vl);
  inst->a = no;
  inst->b = yes;
  inst->c = mask;
  return inst->d;
}

sk_vr sk_vc_fma(sk_vcode *vc, uint32_t op132, uint32_t vl, sk_vr a, sk_vr b, sk_vr c) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_FMA, op132, vl);
  inst->a = a;
  inst->b = b;
  inst->c = c;
  return inst->d;
}

sk_vr sk_vc_shift(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, int32_t imm) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_VMI, op, vl);
  inst->b = a;
  inst->imm = imm;
  return inst->d;
}

sk_vr sk_vc_load(sk_vcode *vc, uint32_t op, uint32_t vl, uint32_t d_vl, uint32_t m, sk_vr k) {
  sk_vi *inst = define(vc, SK_CLASS_V, d_vl, SK_S_RM, op, vl);
  inst->m = m;
  inst->k = k;
  inst->flags = k != 0 ? SK_VI_ZERO : 0;
  return inst->d;
}

void sk_vc_store(sk_vcode *vc, uint32_t op, uint32_t vl, uint32_t m, sk_vr value, sk_vr k) {
  sk_vc_push(
      vc,
      (sk_vi){
          .op = (uint16_t)op, .shape = SK_S_STORE, .vl = (uint8_t)vl, .a = value, .m = m, .k = k});
}

sk_vr sk_vc_copy(sk_vcode *vc, sk_vr a) {
  uint32_t class = vc->vregs.data[a].class, vl = vc->vregs.data[a].vl;
  sk_vi *inst = define(vc, class, vl, SK_S_COPY, 0, vl);
  inst->a = a;
  return inst->d;
}

sk_vr sk_vc_to(sk_vcode *vc, uint32_t class, uint32_t op, uint32_t vl, sk_vr a) {
  sk_vi *inst = define(vc, class, vl, SK_S_RM, op, vl);
  inst->b = a;
  return inst->d;
}

sk_vr sk_vc_mrr(sk_vcode *vc, uint32_t class, uint32_t op, uint32_t vl, uint32_t d_vl, sk_vr a,
                int32_t imm) {
  sk_vi *inst = define(vc, class, d_vl, SK_S_MRR, op, vl);
  inst->a = a;
  inst->imm = imm;
  return inst->d;
}

sk_vr sk_vc_k_rvmi(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b, int32_t imm, sk_vr k) {
  sk_vi *inst = define(vc, SK_CLASS_K, 0, SK_S_RVM, op, vl);
  inst->a = a;
  inst->b = b;
  inst->imm = imm;
  inst->k = k;
  return inst->d;
}

sk_vr sk_vc_k_rvm(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b) {
  return sk_vc_k_rvmi(vc, op, vl, a, b, 0, 0);
}

sk_vr sk_vc_rvm_mem(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, uint32_t m, int32_t imm) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_RVM, op, vl);
  inst->a = a;
  inst->m = m;
  inst->imm = imm;
  return inst->d;
}

sk_vr sk_vc_select(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr no, sk_vr yes, sk_vr k) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_RVM, op, vl);
  inst->a = no;
  inst->b = yes;
  inst->k = k;
  return inst->d;
}

sk_vr sk_vc_rm_zeroed(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr b, sk_vr k) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_RM, op, vl);
  inst->flags = SK_VI_ZERO;
  inst->b = b;
  inst->k = k;
  return inst->d;
}

sk_vr sk_vc_merge(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr c, sk_vr a, sk_vr b, int32_t imm,
                  sk_vr k) {
  sk_vi *inst = define(vc, SK_CLASS_V, vl, SK_S_TIED, op, vl);
  inst->a = a;
  inst->b = b;
  inst->c = c;
  inst->imm = imm;
  inst->k = k;
  return inst->d;
}

void sk_vc_update(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr d, sk_vr b) {
  uint32_t shape = vc->vregs.data[d].class == SK_CLASS_G ? SK_S_G2 : SK_S_RVM;
  sk_vi *inst = next_inst(vc);
  inst->op = (uint16_t)op;
  inst->shape = (uint8_t)shape;
  inst->vl = (uint8_t)vl;
  inst->d = inst->a = d;
  inst->b = b;
  note(vc, d);
}

sk_vr sk_vc_g2(sk_vcode *vc, uint32_t op, sk_vr a, sk_vr b) {
  sk_vi *inst = define(vc, SK_CLASS_G, 0, SK_S_G2, op, SK_OP64);
  inst->a = a;
  inst->b = b;
  return inst->d;
}

sk_vr sk_vc_gi(sk_vcode *vc, uint32_t op, sk_vr a, int32_t imm) {
  sk_vi *inst = define(vc, SK_CLASS_G, 0, SK_S_GI, op, SK_OP64);
  inst->a = a;
  inst->imm = imm;
  return inst->d;
}

sk_vr sk_vc_lea(sk_vcode *vc, sk_vmem mem) {
  uint32_t m = sk_vc_mem(vc, mem);
  sk_vi *inst = define(vc, SK_CLASS_G, 0, SK_S_LEA, SK_X_LEA, SK_OP64);
  inst->m = m;
  return inst->d;
}

void sk_vc_addi(sk_vcode *vc, sk_vr d, int64_t imm) {
  if (imm == 0) {
    return;
  }
  if (imm >= INT32_MIN && imm <= INT32_MAX) {
    sk_vc_push(vc, (sk_vi){.shape = SK_S_ADDI, .d = d, .a = d, .imm = (int32_t)imm});
  } else {
    sk_vc_update(vc, SK_X_ADD, SK_OP64, d, sk_vc_imm(vc, imm));
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

void sk_vc_end(sk_vcode *vc, uint32_t loop, sk_vr counter, uint8_t cc, sk_vr limit,
               int64_t limit_imm) {
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
  sk_vc_push(vc, (sk_vi){.shape = SK_S_IF,
                         .imm = (int32_t)vc->ifs.count - 1,
                         .a = condition.a,
                         .b = condition.b});
}

void sk_vc_endif(sk_vcode *vc) { sk_vc_push(vc, (sk_vi){.shape = SK_S_ENDIF}); }
