// SPDX-License-Identifier: Apache-2.0
// Liveness of virtual code in two forward sweeps.
//
// Sweep 1 chains the positions at which each virtual register is used. A value defined before a
// loop and used in it must last until the loop's END, whatever comes first in the next trip; so the
// first such use tells every enclosing loop that began after the definition, and END becomes a use.
// Exempt is a loop's own phi: END overwrites it.
//
//   x = ...            def 10
//   LOOP 1             20
//     LOOP 2           30
//       .. x ..        uses of x: 35, 40 (END 2), 50 (END 1)
//     END 2            40
//   END 1              50
//
// Sweep 2 counts live values per class and leaves the maximum over each loop in its record: the
// room that remains for constants and for values which merely pass through. Recipes are not
// counted; they need no register. Both are linear: every use is told at most once per enclosing
// loop and inner loop.
#include "gen/gen_ra.h"

static inline void add_node(sk_ra *ra, sk_vr v, uint32_t pos) {
  sk_vreg *r = &ra->vregs[v];
  uint32_t node = ra->nodes.count;
  (void)sk_vec_push(ra->vc->arena, &ra->nodes, (sk_use_node){.pos = pos});
  if (r->last_use == 0) {
    r->uses = node;
  } else {
    ra->nodes.data[r->last_use].next = node;
  }
  r->last_use = node;
}

static void tell_loops(sk_ra *ra, sk_vr v, uint32_t loop) {
  sk_vreg *r = &ra->vregs[v];
  if (r->mark == loop) {
    ra->vc->loops.data[loop].uses.data[r->mark_entry].weight += 1;
    return;
  }
  uint32_t innermost = loop, entry = 0, weight = 1;
  for (; loop != 0; loop = ra->vc->loops.data[loop].parent) {
    sk_vloop *l = &ra->vc->loops.data[loop];
    if (r->def > l->begin) {
      break;
    }
    if (r->phi_loop == loop) {
      continue;
    }
    if (loop == innermost) {
      entry = l->uses.count;
    }
    sk_vec_push(ra->vc->arena, &l->uses, (sk_loop_use){v, weight});
    weight *= 4;
  }
  if (innermost != loop && r->phi_loop != innermost) {
    r->mark = innermost;
    r->mark_entry = entry;
  }
}

static void add_real_use(sk_ra *ra, sk_vr v, uint32_t pos, uint32_t loop) {
  const sk_vreg *r = &ra->vregs[v];
  add_node(ra, v, pos);
  if (r->def <= ra->vc->loops.data[loop].begin && loop != 0) {  // else it began in this trip
    tell_loops(ra, v, loop);
  }
  if (r->remat == SK_REMAT_MEM) {  // may be made again here
    const sk_vmem *m = &ra->vc->mems.data[r->data];
    if (m->base != 0) {
      add_real_use(ra, m->base, pos, loop);
    }
    if (m->index != 0) {
      add_real_use(ra, m->index, pos, loop);
    }
  }
}

static inline void add_use(sk_ra *ra, sk_vr v, uint32_t pos, uint32_t loop) {
  if (v != 0) {
    add_real_use(ra, v, pos, loop);
  }
}

static void end_loop(sk_ra *ra, uint32_t loop, uint32_t pos) {
  sk_vcode *vc = ra->vc;
  sk_vloop *l = &vc->loops.data[loop];
  for (uint32_t i = 0; i < l->phi_count; i++) {
    add_use(ra, vc->phis.data[l->first_phi + i].next, pos, loop);
  }
  add_use(ra, l->counter, pos, loop);
  add_use(ra, l->limit, pos, loop);
  for (uint32_t i = 0; i < l->uses.count; i++) {
    add_node(ra, l->uses.data[i].v, pos);
  }
}

static void chain_uses(sk_ra *ra) {
  sk_vcode *vc = ra->vc;
  uint32_t loop = 0;
  for (uint32_t pos = 1; pos < vc->code.count; pos++) {
    const sk_vi *inst = &vc->code.data[pos];
    if (inst->shape == SK_S_LOOP) {
      loop = (uint32_t)inst->imm;
    } else if (inst->shape == SK_S_END) {
      end_loop(ra, loop, pos);
      loop = vc->loops.data[loop].parent;
    } else if (inst->shape == SK_S_ENTRY) {
      vc->vregs.data[inst->a].def = vc->vregs.data[inst->b].def = vc->vregs.data[inst->c].def = pos;
    } else {
      add_use(ra, inst->a, pos, loop);
      add_use(ra, inst->b, pos, loop);
      add_use(ra, inst->c, pos, loop);
      add_use(ra, inst->k, pos, loop);
      if (inst->m != 0) {
        add_use(ra, vc->mems.data[inst->m].base, pos, loop);
        add_use(ra, vc->mems.data[inst->m].index, pos, loop);
      }
    }
  }
}

typedef struct pressure {
  sk_ra *ra;
  uint32_t live[SK_CLASS_COUNT];
  uint8_t *counted;  // by virtual register
} pressure;

static inline void count_death(pressure *p, sk_vr v, uint32_t pos) {
  const sk_vreg *r = &p->ra->vregs[v];
  if (v != 0 && p->counted[v] && p->ra->nodes.data[r->last_use].pos == pos) {
    p->counted[v] = 0;
    p->live[r->class]--;
  }
}

// Is this where the value begins to count?
static inline bool count_birth(pressure *p, sk_vr v) {
  const sk_vreg *r = &p->ra->vregs[v];
  if (v == 0 || p->counted[v] || r->last_use == 0) {
    return false;
  }
  p->counted[v] = 1;
  p->live[r->class]++;
  return true;
}

static void note_pressure(const pressure *p, uint32_t loop) {
  uint32_t *most = p->ra->vc->loops.data[loop].pressure;
  for (uint32_t c = 0; c < SK_CLASS_COUNT; c++) {
    most[c] = SK_MAX(most[c], p->live[c]);
  }
}

static void count_pressure(sk_ra *ra) {
  sk_vcode *vc = ra->vc;
  pressure p = {.ra = ra, .counted = sk_arena_zalloc(vc->arena, vc->vregs.count, 1)};
  uint32_t loop = 0;
  for (uint32_t pos = 1; pos < vc->code.count; pos++) {
    const sk_vi *inst = &vc->code.data[pos];
    switch (inst->shape) {
      case SK_S_LOOP:
        loop = (uint32_t)inst->imm;
        note_pressure(&p, loop);
        break;
      case SK_S_END: {
        sk_vloop *l = &vc->loops.data[loop];
        for (uint32_t i = 0; i < l->uses.count; i++) {
          count_death(&p, l->uses.data[i].v, pos);
        }
        count_death(&p, l->counter, pos);
        for (uint32_t i = 0; i < l->phi_count; i++) {
          const sk_phi *phi = &vc->phis.data[l->first_phi + i];
          count_death(&p, phi->next, pos);
          count_birth(&p, phi->final);
        }
        uint32_t parent = l->parent;
        for (uint32_t c = 0; c < SK_CLASS_COUNT; c++) {
          vc->loops.data[parent].pressure[c] =
              SK_MAX(vc->loops.data[parent].pressure[c], l->pressure[c]);
        }
        loop = parent;
        note_pressure(&p, loop);
        break;
      }
      case SK_S_ENTRY:
        count_birth(&p, inst->a);
        count_birth(&p, inst->b);
        count_birth(&p, inst->c);
        count_birth(&p, inst->d);
        note_pressure(&p, loop);
        break;
      default:
        count_death(&p, inst->a, pos);
        count_death(&p, inst->b, pos);
        count_death(&p, inst->c, pos);
        count_death(&p, inst->k, pos);
        if (inst->m != 0) {
          count_death(&p, vc->mems.data[inst->m].base, pos);
          count_death(&p, vc->mems.data[inst->m].index, pos);
        }
        if (count_birth(&p, inst->d)) {
          note_pressure(&p, loop);
        }
        break;
    }
  }
}

void sk_live_compute(sk_ra *ra) {
  (void)sk_vec_reserve(ra->vc->arena, &ra->nodes, 2 * ra->vc->code.count);
  sk_vec_push(ra->vc->arena, &ra->nodes, (sk_use_node){0});
  chain_uses(ra);
  count_pressure(ra);
}
