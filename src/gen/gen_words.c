// SPDX-License-Identifier: Apache-2.0
// bf16 elements two by two: a vector of 16-bit words is two vectors of floats, those of the even
// elements and those of the odd ones.
//
//   load     w                                store    even, odd
//   even     w << 16                                   blend of (even >> 16) and odd, word by word
//   odd      w & 0xffff0000
//
// So an element costs half as much to load and to store as through 32-bit lanes in the order of
// memory. A loop is split if everything in it that goes along the lanes is such a word, loaded for
// a shift into the upper half or stored from it; then copies 2j and 2j + 1 of its body hold the
// even and the odd elements of 16, and nothing else can tell. Rows in scratch lie as they are held:
// 8 even elements, then 8 odd ones, in all loops of the kernel or in none. Virtual lanes of a
// reduction are split too, which its tree knows (gen_red.c).
//
// v3 only: v4 widens and narrows with one instruction each.
#include "gen/gen_int.h"

enum { WORDS = 16, WORD_BITS = 16 };

static bool shifts_word(const sk_gen *g, uint32_t i, sk_lop op) {
  const sk_inst *inst = sk_gen_inst(g, i);
  uint64_t amount;
  return inst->op == op && inst->type == SK_LT_I32 && sk_gen_get_const(g, inst->b, &amount) &&
         amount == WORD_BITS;
}

static bool is_plain(const sk_gen *g, const sk_inst *inst, uint32_t loop, int64_t step) {
  bool load = inst->op == SK_L_LOAD;
  sk_val dyn = load ? inst->a : inst->b, guard = load ? inst->b : inst->c;
  return guard.id == 0 && !g->vary[dyn.id] &&
         sk_access_stride(g->kernel, (uint32_t)inst->imm, loop) == step;
}

// Words one after the other that a shift alone sees.
static bool is_word(const sk_gen *g, uint32_t i, uint32_t loop) {
  const sk_inst *inst = sk_gen_inst(g, i);
  if (g->kernel->accesses.data[inst->imm].mem != SK_MEM_U16 || !is_plain(g, inst, loop, 1)) {
    return false;
  }
  uint32_t shift = inst->op == SK_L_LOAD ? g->last_user[i] : inst->a.id;
  uint32_t source = inst->op == SK_L_LOAD ? i : shift;
  return g->use_count[source] == 1 && g->in_loop[shift] == loop && g->vary[shift] &&
         shifts_word(g, shift, inst->op == SK_L_LOAD ? SK_L_SHL : SK_L_SHR);
}

// Of a row in scratch that the loop goes through from a multiple of 16.
static bool is_row(const sk_gen *g, const sk_inst *inst, uint32_t loop) {
  const sk_kernel *k = g->kernel;
  const sk_access *access = &k->accesses.data[inst->imm];
  bool load = inst->op == SK_L_LOAD, aligned = access->offset % WORDS == 0;
  for (uint32_t l = 0; l < k->loops.count; l++) {
    aligned = aligned && (l == loop || sk_access_stride(k, (uint32_t)inst->imm, l) % WORDS == 0);
  }
  return aligned && g->prog->bufs.data[access->buf].kind == SK_BUF_SCRATCH &&
         sk_mem_bytes((sk_mem)access->mem) == 4 && (load ? inst->a : inst->b).id == 0 &&
         is_plain(g, inst, loop, 1);
}

static bool may_split(const sk_gen *g, uint32_t loop) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  bool lanes = l->kind == SK_LOOP_PAR || (l->lanes >= WORDS && l->extent % WORDS == 0);
  return g->is_vec[loop] && lanes && g->loop_lanes[loop] * 2 == WORDS && l->unroll > 1 &&
         (l->unroll & (l->unroll - 1)) == 0;
}

static bool instruction_fits(const sk_gen *g, uint32_t i, uint32_t loop) {
  const sk_inst *inst = sk_gen_inst(g, i);
  switch ((int)inst->op) {
    case SK_L_LOOP:
    case SK_L_IF: return false;
    case SK_L_INDEX: return inst->imm != loop;
    case SK_L_CARRY: return inst->type != SK_LT_PRED;
    case SK_L_LOAD:
      return is_word(g, i, loop) || is_row(g, inst, loop) || is_plain(g, inst, loop, 0);
    case SK_L_STORE: return is_word(g, i, loop) || is_row(g, inst, loop);
    default: return true;
  }
}

// Loops that share a row in scratch are split together or not at all. True: one was given up.
static bool give_up_mixed(sk_gen *g, uint32_t buf) {
  const sk_kernel *k = g->kernel;
  bool all = true, changed = false;
  for (uint32_t pass = 0; pass < 2; pass++) {
    for (uint32_t i = 1; i < k->insts.count && (pass == 0 || !all); i++) {
      const sk_inst *inst = &k->insts.data[i];
      if ((inst->op != SK_L_LOAD && inst->op != SK_L_STORE) ||
          k->accesses.data[inst->imm].buf != buf) {
        continue;
      }
      uint32_t loop = g->in_loop[i];
      bool split = loop != SK_NO_LOOP && g->splits[loop];
      all = all && split && k->loops.data[loop].extent % WORDS == 0;
      if (pass == 1 && split) {
        g->splits[loop] = 0;
        changed = true;
      }
    }
  }
  return changed;
}

static bool check_rows(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  bool changed = false;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    uint32_t loop = g->in_loop[i];
    if ((inst->op == SK_L_LOAD || inst->op == SK_L_STORE) && loop != SK_NO_LOOP &&
        g->splits[loop] && is_row(g, inst, loop)) {
      changed |= give_up_mixed(g, k->accesses.data[inst->imm].buf);
    }
  }
  return changed;
}

void sk_gen_find_splits(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  g->splits = sk_arena_zalloc(&g->scratch, k->loops.count, 1);
  g->is_split = false;
  bool any = false;
  for (uint32_t l = 0; l < k->loops.count && !g->v4; l++) {
    const sk_loop *loop = &k->loops.data[l];
    bool fits = may_split(g, l), words = false;
    for (uint32_t i = loop->begin + 1; i < loop->end && fits; i++) {
      sk_lop op = (sk_lop)k->insts.data[i].op;
      fits = instruction_fits(g, i, l);
      words |= (op == SK_L_LOAD || op == SK_L_STORE) && is_word(g, i, l);
    }
    g->splits[l] = fits && words;
    any |= g->splits[l];
  }
  while (any && check_rows(g)) {
  }
}

// ---- code

void sk_gen_begin_copies(sk_gen *g, uint32_t loop, uint32_t copies) {
  g->copies = copies;
  g->is_split = g->splits[loop] && copies % 2 == 0 && g->mask[0] == 0;
}

// The shift that a load or store of words is joined with, in a trip that is split; elsewhere it
// does its own work.
void sk_gen_join_shift(sk_gen *g, uint32_t inst) {
  uint32_t loop = g->in_loop[inst];
  if (loop == SK_NO_LOOP || !g->splits[loop]) {
    return;
  }
  if (sk_gen_inst(g, inst)->op == SK_L_LOAD) {
    if (is_word(g, inst, loop)) {
      g->fused[g->last_user[inst]] = g->is_split;
    }
  } else if (shifts_word(g, inst, SK_L_SHR)) {
    uint32_t user = g->last_user[inst];
    if (sk_gen_inst(g, user)->op == SK_L_STORE && is_word(g, user, loop)) {
      g->fused[inst] = g->is_split;
    }
  }
}

static uint32_t word_memory(sk_gen *g, uint32_t inst, uint32_t copy) {
  return sk_vc_mem(&g->vc, sk_gen_address(g, inst, copy, 0, 0));
}

bool sk_gen_load_words(sk_gen *g, uint32_t inst) {
  sk_vcode *vc = &g->vc;
  if (!g->is_split || !is_word(g, inst, g->vec_loop)) {
    return false;
  }
  for (uint32_t u = 0; u < g->copies; u += 2) {
    sk_vr *out = &g->val[inst * g->max_copies + u];
    sk_vr words = sk_vc_load(vc, SK_X_VMOVUPS, SK_YMM, SK_YMM, word_memory(g, inst, u), 0);
    out[0] = sk_vc_shift(vc, SK_X_VPSLLD_I, SK_YMM, words, WORD_BITS);
    out[1] = sk_vc_rvm_commutes(vc, SK_X_VPANDD, SK_YMM, words, sk_gen_const(g, 4, 0xffff0000u));
  }
  return true;
}

bool sk_gen_store_words(sk_gen *g, uint32_t inst) {
  sk_vcode *vc = &g->vc;
  sk_val value = sk_gen_inst(g, inst)->a;
  if (!g->is_split || !is_word(g, inst, g->vec_loop)) {
    return false;
  }
  for (uint32_t u = 0; u < g->copies; u += 2) {
    sk_vr even = sk_vc_shift(vc, SK_X_VPSRLD_I, SK_YMM, sk_gen_val(g, value, u), WORD_BITS);
    sk_vr words = sk_vc_rvmi(vc, SK_X_VPBLENDW, SK_YMM, even, sk_gen_val(g, value, u + 1), 0xaa);
    sk_vc_store(vc, SK_X_VMOVDQU32_ST, SK_YMM, word_memory(g, inst, u), words, 0);
  }
  return true;
}
