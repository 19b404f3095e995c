// SPDX-License-Identifier: Apache-2.0
// Control flow for the allocator. Code is structured, so two points suffice where paths meet:
//
//   LOOP    the state (which register holds what) is decided and remembered
//   END     every value goes back to where the header had it; phis receive their next value; branch
//   IF      the state is remembered; branch over the region
//   ENDIF   every value of the state that still lives goes back; what else is in registers must be
//           valid in memory
//
// Deciding at LOOP: liveness counted the values that need registers in the loop. If they exceed the
// registers, the values from outside with the fewest uses inside are evicted before the loop rather
// than in every trip. If registers are left over, the most used recipes (constants, buffer
// pointers) are loaded into them. Moves between registers are done as one parallel move; loads from
// memory follow it, stores precede it.
#include "gen/gen_ra.h"

enum { PROLOGUE_ROOM = 32, PHI_WEIGHT = 1 << 20 };

// ---- putting values where a state wants them

// One that holds nothing and is wanted for nothing.
static uint32_t spare_register(const sk_ra *ra, uint32_t class, const sk_vr want[32]) {
  uint32_t free = ra->free[class];
  for (uint32_t r = 0; r < 32; r++) {
    free &= want[r] != 0 ? ~(1u << r) : UINT32_MAX;
  }
  return class == SK_CLASS_G || free == 0 ? SK_NO_REG : sk_ctz64(free);
}

// Moves take no time where registers are renamed; without a spare one it is three operations in a row.
static void exchange(sk_ra *ra, uint32_t class, uint32_t vl, uint32_t x, uint32_t y,
                     uint32_t spare) {
  if (spare == SK_NO_REG) {
    sk_ra_swap(ra, class, vl, x, y);
    return;
  }
  sk_ra_move(ra, class, vl, spare, x);
  sk_ra_move(ra, class, vl, x, y);
  sk_ra_move(ra, class, vl, y, spare);
}

// Emits moves such that want[r], where it is in a register now, ends up in r. Returns the registers
// still to be loaded.
static uint32_t move_parallel(sk_ra *ra, uint32_t class, const sk_vr want[32]) {
  uint32_t pending = 0, to_load = 0;
  uint8_t from[32], readers[32] = {0};
  for (uint32_t r = 0; r < 32; r++) {
    if (want[r] == 0) {
      continue;
    }
    uint8_t reg = ra->vregs[want[r]].reg;
    if (reg == SK_NO_REG) {
      to_load |= 1u << r;
    } else if (reg != r) {
      pending |= 1u << r;
      from[r] = reg;
      readers[reg]++;
    }
  }
  uint32_t full = ra->vc->vector_bytes == 64 ? SK_ZMM : SK_YMM;
  uint32_t spare = spare_register(ra, class, want);
  while (pending != 0) {
    uint32_t done = SK_NO_REG;
    for (uint32_t left = pending; left != 0; left &= left - 1) {
      uint32_t r = sk_ctz64(left);
      if (readers[r] == 0) {
        done = r;
        break;
      }
    }
    if (done != SK_NO_REG) {
      sk_ra_move(ra, class, ra->vregs[want[done]].vl, done, from[done]);
      readers[from[done]]--;
      pending &= ~(1u << done);
      continue;
    }
    uint32_t r = sk_ctz64(pending),
             other = from[r];  // only cycles are left: exchange, then one of them is in place
    exchange(ra, class, full, r, other, spare);
    pending &= ~(1u << r);
    readers[other]--;
    for (uint32_t left = pending; left != 0; left &= left - 1) {
      uint32_t q = sk_ctz64(left);
      if (from[q] == r) {
        from[q] = (uint8_t)other;
        readers[r]--;
        readers[other]++;
        if (other == q) {
          pending &= ~(1u << q);
          readers[other]--;
        }
      }
    }
  }
  return to_load;
}

static void clear_registers(sk_ra *ra, uint32_t class) {
  for (uint32_t r = 0; r < 32; r++) {
    if (ra->holds[class][r] != 0) {
      ra->vregs[ra->holds[class][r]].reg = SK_NO_REG;
      ra->holds[class][r] = 0;
    }
  }
  ra->free[class] = ra->all[class];
}

static void hold(sk_ra *ra, sk_vr v, uint32_t reg) {
  sk_vreg *r = &ra->vregs[v];
  r->reg = (uint8_t)reg;
  ra->holds[r->class][reg] = v;
  ra->free[r->class] &= ~(1u << reg);
  if (r->class == SK_CLASS_G) {
    ra->used_general |= 1u << reg;
  }
}

// Loads sources[r] into the registers of `to_load`. Recipes with an address come last: their base
// is in place by then.
static void load_missing(sk_ra *ra, const sk_vr sources[32], uint32_t to_load) {
  for (uint32_t pass = 0; pass < 2; pass++) {
    for (uint32_t left = to_load; left != 0; left &= left - 1) {
      uint32_t r = sk_ctz64(left);
      const sk_vreg *v = &ra->vregs[sources[r]];
      if ((v->remat == SK_REMAT_MEM && !v->mem_valid) == (pass == 1)) {
        sk_ra_load(ra, sources[r], r);
      }
    }
  }
}

// ---- loops

static uint32_t count_bits(uint32_t x) { return sk_popcount64(x); }

typedef struct candidate {
  sk_vr v;
  uint32_t weight;
} candidate;

static uint32_t weight_in(const sk_ra *ra, const sk_vloop *l, uint32_t loop, sk_vr v) {
  if (ra->vregs[v].phi_loop == loop) {
    return PHI_WEIGHT;
  }
  return ra->vregs[v].mark == loop ? l->uses.data[ra->vregs[v].mark_entry].weight : 0;
}

// Adds up the weights of every value used in the loop; afterwards mark and mark_entry lead to its
// entry.
static void index_uses(sk_ra *ra, sk_vloop *l, uint32_t loop) {
  for (uint32_t i = 0; i < l->uses.count; i++) {
    sk_vreg *v = &ra->vregs[l->uses.data[i].v];
    if (v->mark == loop && v->mark_entry < i &&
        l->uses.data[v->mark_entry].v == l->uses.data[i].v) {
      l->uses.data[v->mark_entry].weight += l->uses.data[i].weight;
      l->uses.data[i].weight = 0;
    } else {
      v->mark = loop;
      v->mark_entry = i;
    }
  }
}

// Evicts until at most `room` values that are no recipes keep their registers.
static void make_room(sk_ra *ra, const sk_vloop *l, uint32_t loop, uint32_t class,
                      uint32_t excess) {
  while (excess-- > 0) {
    uint32_t best = SK_NO_REG, best_weight = PHI_WEIGHT;
    for (uint32_t r = 0; r < 32; r++) {
      sk_vr v = ra->holds[class][r];
      if (v != 0 && !sk_ra_is_recipe(&ra->vregs[v])) {
        uint32_t weight = weight_in(ra, l, loop, v);
        if (weight < best_weight) {
          best = r;
          best_weight = weight;
        }
      }
    }
    if (best == SK_NO_REG) {
      return;
    }
    sk_ra_evict(ra, class, best);
  }
}

// Gives `spare` registers to the most used recipes of the class; others keep theirs as far as that
// suffices.
static void place_recipes(sk_ra *ra, sk_vloop *l, uint32_t class, uint32_t spare) {
  candidate chosen[32];
  uint32_t count = 0;
  for (uint32_t i = 0; i < l->uses.count && spare != 0; i++) {
    sk_loop_use use = l->uses.data[i];
    const sk_vreg *v = &ra->vregs[use.v];
    if (v->class != class || !sk_ra_is_recipe(v) || use.weight == 0) {
      continue;
    }
    uint32_t at = count < spare ? count++ : spare;
    if (at == spare) {
      if (chosen[spare - 1].weight >= use.weight) {
        continue;
      }
      at = spare - 1;
    }
    while (at > 0 && chosen[at - 1].weight < use.weight) {
      chosen[at] = chosen[at - 1];
      at--;
    }
    chosen[at] = (candidate){use.v, use.weight};
  }
  uint32_t kept = count;
  for (uint32_t r = 0; r < 32; r++) {
    sk_vr v = ra->holds[class][r];
    if (v != 0 && sk_ra_is_recipe(&ra->vregs[v])) {
      bool keep = false;
      for (uint32_t i = 0; i < count; i++) {
        keep |= chosen[i].v == v;
      }
      if (!keep && (kept == spare || !sk_ra_is_live(ra, v))) {
        sk_ra_release(ra, v);
      } else if (!keep) {
        kept++;
      }
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    if (ra->vregs[chosen[i].v].reg == SK_NO_REG && (ra->free[class] & ~ra->locked[class]) != 0) {
      sk_ra_get(ra, chosen[i].v);
    }
  }
}

static sk_ra_state *save_state(sk_ra *ra) {
  sk_ra_state *state = SK_NEW(ra->vc->arena, sk_ra_state);
  memcpy(state->holds, ra->holds, sizeof state->holds);
  for (uint32_t c = 0; c < SK_CLASS_COUNT; c++) {
    for (uint32_t r = 0; r < 32; r++) {
      if (ra->holds[c][r] != 0 && ra->vregs[ra->holds[c][r]].mem_valid) {
        state->valid[c] |= 1u << r;
      }
    }
  }
  return state;
}

static bool is_wanted(const sk_ra *ra, const sk_phi *phi) {
  return ra->vregs[phi->header].slot != SK_NO_SLOT ||
         (phi->final != 0 && sk_ra_is_live(ra, phi->final));
}

void sk_ra_loop(sk_ra *ra, uint32_t loop) {
  sk_vloop *l = &ra->vc->loops.data[loop];
  index_uses(ra, l, loop);
  for (uint32_t c = 0; c < SK_CLASS_COUNT; c++) {
    uint32_t total = count_bits(ra->all[c]), pressure = l->pressure[c];
    if (total == 0) {
      continue;
    }
    if (pressure > total) {
      make_room(ra, l, loop, c, pressure - total);
    }
    place_recipes(ra, l, c, pressure < total ? total - pressure : 0);
  }
  for (uint32_t i = 0; i < l->phi_count; i++) {
    const sk_phi *phi = &ra->vc->phis.data[l->first_phi + i];
    sk_vreg *header = &ra->vregs[phi->header];
    header->home = header->reg;
    header->phi_next = phi->next;
    header->is_mutable = 1;
    ra->vregs[phi->next].hint = phi->header;
    if (header->reg == SK_NO_REG && !header->mem_valid && is_wanted(ra, phi)) {
      sk_ra_slot_rm(
          ra, phi->header);  // nobody reads it in the loop: it is a place for the last value only
      header->mem_valid = 1;
    }
  }
  for (uint32_t c = 0; c < SK_CLASS_COUNT; c++) {
    for (uint32_t r = 0; r < 32; r++) {
      if (ra->holds[c][r] != 0 && ra->vregs[ra->holds[c][r]].is_mutable) {
        ra->vregs[ra->holds[c][r]].mem_valid = 0;
      }
    }
  }
  l->state = save_state(ra);
  if (!l->has_inner) {
    sk_asm_align(ra->as, l->end - l->begin < 256 ? 32 : 16);
  }
  l->label = sk_asm_new_label(ra->as);
  sk_asm_bind(ra->as, l->label);
}

// The value that has to be in the header's register of v when the next trip starts.
static sk_vr value_at_end(const sk_ra *ra, uint32_t loop, sk_vr v) {
  return v != 0 && ra->vregs[v].phi_loop == loop ? ra->vregs[v].phi_next : v;
}

// Values that live in memory at the header: phis get their next value there, others are stored if
// they changed.
static void store_for_header(sk_ra *ra, uint32_t loop) {
  sk_vloop *l = &ra->vc->loops.data[loop];
  for (uint32_t c = 0; c < SK_CLASS_COUNT; c++) {
    for (uint32_t r = 0; r < 32; r++) {
      sk_vr v = ra->holds[c][r];
      if (v == 0 || sk_ra_is_recipe(&ra->vregs[v]) || ra->vregs[v].def > l->begin ||
          ra->vregs[v].mem_valid) {
        continue;
      }
      bool at_header = false;
      for (uint32_t q = 0; q < 32; q++) {
        at_header |= l->state->holds[c][q] == v;
      }
      if (!at_header && ra->vregs[v].phi_loop != loop) {
        sk_ra_spill(ra, v);
      }
    }
  }
  for (uint32_t i = 0; i < l->phi_count; i++) {
    const sk_phi *phi = &ra->vc->phis.data[l->first_phi + i];
    sk_vreg *header = &ra->vregs[phi->header];
    if (header->home == SK_NO_REG && is_wanted(ra, phi)) {
      uint32_t reg = sk_ra_get(ra, phi->next);
      sk_ra_store(ra, phi->header, reg, sk_rm_base(SK_RSP, header->slot));
      memset(ra->locked, 0, sizeof ra->locked);
    }
  }
}

static void branch_back(sk_ra *ra, const sk_vloop *l) {
  const sk_vreg *counter = &ra->vregs[l->counter];
  sk_x64_rm rm =
      counter->reg != SK_NO_REG ? sk_rm_reg(counter->reg) : sk_rm_base(SK_RSP, counter->slot);
  if (l->limit == 0) {
    sk_x64_emit(ra->as, SK_X_CMP_MI, SK_OP64, 0, 0, rm, l->limit_imm, 0);
  } else {
    uint32_t limit = ra->vregs[l->limit].reg;
    if (limit == SK_NO_REG) {
      limit = SK_RAX;
      sk_ra_load(ra, l->limit, limit);
    }
    sk_x64_rm_(ra->as, SK_X_CMP_MR, SK_OP64, limit, rm);
  }
  sk_x64_jcc(ra->as, l->cc, l->label);
}

// After the loop a phi goes by its final name.
static void rename_phis(sk_ra *ra, const sk_vloop *l) {
  for (uint32_t i = 0; i < l->phi_count; i++) {
    const sk_phi *phi = &ra->vc->phis.data[l->first_phi + i];
    sk_vreg *header = &ra->vregs[phi->header];
    uint32_t reg = header->home;  // where END has put the value
    header->mem_valid = header->home == SK_NO_REG;
    sk_ra_release(ra, phi->header);
    header->phi_loop = 0;
    if (phi->final != 0 && sk_ra_is_live(ra, phi->final)) {
      sk_vreg *final = &ra->vregs[phi->final];
      if (reg != SK_NO_REG) {
        hold(ra, phi->final, reg);
      } else {
        final->slot = header->slot;
        final->mem_valid = 1;
        header->slot = SK_NO_SLOT;
      }
    }
    header->uses = 0;
    sk_ra_consume(ra, phi->header);
  }
}

void sk_ra_end(sk_ra *ra, uint32_t loop) {
  sk_vloop *l = &ra->vc->loops.data[loop];
  store_for_header(ra, loop);
  sk_vr sources[SK_CLASS_COUNT][32];
  uint32_t to_load[SK_CLASS_COUNT];
  for (uint32_t c = 0; c < SK_CLASS_COUNT; c++) {
    for (uint32_t r = 0; r < 32; r++) {
      sources[c][r] = value_at_end(ra, loop, l->state->holds[c][r]);
    }
    to_load[c] = move_parallel(ra, c, sources[c]);
  }
  for (uint32_t c = 0; c < SK_CLASS_COUNT; c++) {
    clear_registers(ra, c);
    for (uint32_t r = 0; r < 32; r++) {
      if (l->state->holds[c][r] != 0 && !(to_load[c] >> r & 1)) {
        hold(ra, l->state->holds[c][r], r);
      }
    }
    load_missing(ra, sources[c], to_load[c]);
    for (uint32_t left = to_load[c]; left != 0; left &= left - 1) {
      hold(ra, l->state->holds[c][sk_ctz64(left)], sk_ctz64(left));
    }
  }
  branch_back(ra, l);
  for (uint32_t i = 0; i < l->phi_count; i++) {
    sk_ra_consume(ra, ra->vc->phis.data[l->first_phi + i].next);
  }
  rename_phis(ra, l);
  sk_ra_consume(ra, l->counter);
  sk_ra_consume(ra, l->limit);
  for (uint32_t i = 0; i < l->uses.count; i++) {
    sk_ra_consume(ra, l->uses.data[i].v);
  }
}

// ---- regions

static void branch_over(sk_ra *ra, sk_vif *region) {
  sk_asm *as = ra->as;
  region->skip = sk_asm_new_label(as);
  uint32_t cc = SK_CC_E;
  switch ((sk_if_kind)region->kind) {
    case SK_IF_K: {
      uint32_t k = sk_ra_get(ra, region->a);
      sk_x64_rr(as, region->vl == 0 ? SK_X_KORTESTW : SK_X_KORTESTB, 0, k, k);
      break;
    }
    case SK_IF_V:
      sk_x64_rr(as, SK_X_VMOVMSKPS, region->vl, SK_RAX, sk_ra_get(ra, region->a));
      sk_x64_rr(as, SK_X_TEST_MR, SK_OP32, SK_RAX, SK_RAX);
      break;
    case SK_IF_CMP: {
      uint32_t a = sk_ra_get(ra, region->a);
      if (region->b != 0) {
        sk_x64_rr(as, SK_X_CMP, SK_OP64, a, sk_ra_get(ra, region->b));
      } else {
        sk_x64_emit(as, SK_X_CMP_MI, SK_OP64, 0, 0, sk_rm_reg(a), region->imm, 0);
      }
      cc = region->cc ^ 1;
      break;
    }
  }
  sk_x64_jcc(as, cc, region->skip);
}

void sk_ra_if(sk_ra *ra, uint32_t index) {
  sk_vif *region = &ra->vc->ifs.data[index];
  branch_over(ra, region);
  sk_ra_consume(ra, region->a);
  sk_ra_consume(ra, region->b);
  region->state = save_state(ra);
  sk_vec_push(ra->vc->arena, &ra->open_ifs, index);
}

static bool is_held_at(const sk_ra_state *state, uint32_t class, sk_vr v) {
  for (uint32_t r = 0; r < 32; r++) {
    if (state->holds[class][r] == v) {
      return true;
    }
  }
  return false;
}

void sk_ra_endif(sk_ra *ra) {
  sk_vif *region = &ra->vc->ifs.data[sk_vec_last(&ra->open_ifs)];
  ra->open_ifs.count--;
  const sk_ra_state *state = region->state;
  sk_vr want[SK_CLASS_COUNT][32];
  uint32_t to_load[SK_CLASS_COUNT];
  for (uint32_t c = 0; c < SK_CLASS_COUNT; c++) {
    for (uint32_t r = 0; r < 32; r++) {
      sk_vr v = state->holds[c][r];
      want[c][r] = v != 0 && sk_ra_is_live(ra, v) ? v : 0;
    }
    for (uint32_t r = 0; r < 32; r++) {  // values that the state does not keep in a register
      sk_vr v = ra->holds[c][r];
      if (v == 0 || is_held_at(state, c, v)) {
        continue;
      }
      bool inside = ra->vregs[v].def > region->begin;
      if (!inside || want[c][r] != 0) {
        sk_ra_evict(ra, c, r);
      }
    }
  }
  for (uint32_t c = 0; c < SK_CLASS_COUNT; c++) {
    sk_vr kept[32];
    to_load[c] = move_parallel(ra, c, want[c]);
    for (uint32_t r = 0; r < 32; r++) {
      sk_vr v = ra->holds[c][r];
      kept[r] = v != 0 && want[c][r] == 0 && !is_held_at(state, c, v) ? v : 0;
    }
    clear_registers(ra, c);
    for (uint32_t r = 0; r < 32; r++) {
      sk_vr v = kept[r] != 0 ? kept[r] : to_load[c] >> r & 1 ? 0 : want[c][r];
      if (v != 0) {
        hold(ra, v, r);
      }
    }
    load_missing(ra, want[c], to_load[c]);
    for (uint32_t r = 0; r < 32; r++) {
      sk_vr v = want[c][r];
      if (v != 0) {
        hold(ra, v, r);
        ra->vregs[v].mem_valid &= state->valid[c] >> r & 1;
      }
    }
  }
  sk_asm_bind(ra->as, region->skip);
}

// ---- the function

enum { SAVED = 1 << SK_RBX | 1 << SK_R12 | 1 << SK_R13 | 1 << SK_R14 | 1 << SK_R15 };

static void emit_epilogue(sk_ra *ra, uint32_t saved) {
  sk_asm *as = ra->as;
  if (ra->vc->uses_upper) {
    sk_x64_emit(as, SK_X_VZEROUPPER, 0, 0, 0, sk_rm_reg(0), 0, 0);
  }
  if (saved != 0 || ra->frame_bytes != 0) {
    sk_x64_rm_(as, SK_X_LEA, SK_OP64, SK_RSP, sk_rm_base(SK_RBP, -8 * (int32_t)count_bits(saved)));
    for (uint32_t r = 16; r-- > 0;) {
      if (saved >> r & 1) {
        sk_x64_pop(as, r);
      }
    }
    sk_x64_pop(as, SK_RBP);
  }
  sk_x64_ret(as);
}

static void emit_prologue(sk_ra *ra, uint32_t saved) {
  sk_asm *as = ra->as;
  if (saved == 0 && ra->frame_bytes == 0) {
    return;
  }
  sk_x64_push(as, SK_RBP);
  sk_x64_rr(as, SK_X_MOV, SK_OP64, SK_RBP, SK_RSP);
  for (uint32_t r = 0; r < 16; r++) {
    if (saved >> r & 1) {
      sk_x64_push(as, r);
    }
  }
  if (ra->frame_bytes != 0) {
    uint32_t bytes = (uint32_t)sk_align_up(ra->frame_bytes, ra->frame_align);
    sk_x64_alu_imm(as, SK_X_SUB_MI, SK_OP64, sk_rm_reg(SK_RSP), (int32_t)bytes);
    sk_x64_alu_imm(as, SK_X_AND_MI, SK_OP64, sk_rm_reg(SK_RSP), -(int32_t)ra->frame_align);
  }
}

// What to save is known only after the body: the prologue is written into room left before it.
static sk_label place_prologue(sk_ra *ra, uint32_t start, uint32_t saved) {
  sk_asm *as = ra->as;
  sk_label entry = sk_asm_new_label(as);
  uint32_t end = as->len;
  if (as->error != SK_ASM_OK) {
    return entry;
  }
  as->len = start;
  emit_prologue(ra, saved);
  uint32_t length = as->len - start;
  as->len = end;
  memmove(as->code + start + PROLOGUE_ROOM - length, as->code + start, length);
  memset(as->code + start, 0xcc, PROLOGUE_ROOM - length);
  sk_asm_bind_at(as, entry, start + PROLOGUE_ROOM - length);
  return entry;
}

sk_label sk_vc_assemble(sk_vcode *vc) {
  sk_ra ra;
  sk_ra_init(&ra, vc);
  sk_live_compute(&ra);
  sk_asm_pad_int3(vc->as, 32);
  uint32_t start = vc->as->len;
  sk_asm_put(vc->as, (const uint8_t[PROLOGUE_ROOM]){0}, PROLOGUE_ROOM);
  for (ra.pos = 1; ra.pos < vc->code.count; ra.pos++) {
    sk_ra_instruction(&ra, &vc->code.data[ra.pos]);
  }
  uint32_t saved = ra.used_general & SAVED;
  emit_epilogue(&ra, saved);
  return place_prologue(&ra, start, saved);
}
