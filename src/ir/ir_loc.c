// SPDX-License-Identifier: Apache-2.0
// Locations: an append-only tree (shared parts allowed) and the file position a diagnostic should
// show.
//
// Positions may form long chains (a JAX traceback is about 100 frames) and, through aliases, wide
// shared graphs: every walk has a budget of steps instead of following everything.
#include "ir/ir_int.h"

sk_loc sk_loc_unknown(sk_module *m) {
  (void)m;
  return (sk_loc){0};
}

sk_loc sk_loc_new(sk_module *m, const sk_loc_rec *given) {
  sk_loc_rec rec = *given;
  if (rec.part_count != 0) {
    rec.parts =
        sk_arena_copy(&m->arena, rec.parts, rec.part_count * sizeof(sk_loc), _Alignof(sk_loc));
    if (rec.parts == NULL) {
      return (sk_loc){0};
    }
  } else {
    rec.parts = NULL;
  }
  if (!sk_vec_push(&m->arena, &m->locs, rec)) {
    return (sk_loc){0};
  }
  return (sk_loc){m->locs.count - 1};
}

// First file position in depth-first order, preferring callee over caller and earlier over later
// parts.
static const sk_loc_rec *find_position(const sk_module *m, sk_loc loc, uint32_t *budget) {
  sk_loc pending[64];
  uint32_t count = 0;
  pending[count++] = loc;
  while (count != 0 && *budget != 0) {
    const sk_loc_rec *rec = sk_loc_get(m, pending[--count]);
    (*budget)--;
    switch ((sk_loc_kind)rec->kind) {
      case SK_LOC_FILE:
      case SK_LOC_INPUT: return rec;
      case SK_LOC_NAME: pending[count++] = rec->a; break;
      case SK_LOC_CALLSITE:
        if (count + 2 <= SK_COUNT(pending)) {
          pending[count++] = rec->b;
          pending[count++] = rec->a;
        }
        break;
      case SK_LOC_FUSED:
        for (uint32_t i = SK_MIN(rec->part_count, SK_COUNT(pending) - count); i-- > 0;) {
          pending[count++] = rec->parts[i];
        }
        break;
      case SK_LOC_UNKNOWN: break;
    }
  }
  return NULL;
}

sk_srcpos sk_loc_pos(const sk_module *m, sk_loc loc) {
  uint32_t budget = 256;
  const sk_loc_rec *rec = find_position(m, loc, &budget);
  const char *input = m->input_name[0] != 0 ? m->input_name : NULL;
  if (rec == NULL) {
    return (sk_srcpos){input, 0, 0};
  }
  if (rec->kind == SK_LOC_INPUT) {
    return (sk_srcpos){input, rec->line, rec->col};
  }
  return (sk_srcpos){sk_sym_cstr(&m->strings, rec->name), rec->line, rec->col};
}
