// SPDX-License-Identifier: Apache-2.0
// The engine behind inline and simplify; see rebuild.h. Sharing is scoped like the regions: an op may stand for an equal one in its own region
// and in regions inside it. The table is a hash of chains to which ops are pushed when written and popped when their region is left.
#include "pass/rebuild.h"

#include "base/hash.h"

struct sk_share_table {
  uint32_t *heads;  // log position + 1 by hash
  uint32_t mask;
  SK_VEC(uint32_t) next;  // by position in the log
  SK_VEC(uint32_t) log;   // op ids
};

void sk_rebuild_init(sk_rebuild *r, sk_module *m, sk_pass_options *options, bool share) {
  memset(r, 0, sizeof *r);
  r->m = m;
  r->options = options;
  if (share) {
    r->share = SK_NEW(&m->arena, struct sk_share_table);
    r->share->mask = 1023;
    r->share->heads = sk_arena_zalloc(&m->arena, sizeof(uint32_t) * 1024, 4);
  }
}

static void reserve_map(sk_rebuild *r) {
  if (r->map_count >= r->m->values.count) {
    return;
  }
  uint32_t count = SK_MAX(r->m->values.count, 2 * r->map_count);
  sk_value *map = sk_arena_zalloc(&r->m->arena, sizeof(sk_value) * count, _Alignof(sk_value));
  if (r->map_count > 0) {
    memcpy(map, r->map, sizeof(sk_value) * r->map_count);
  }
  r->map = map;
  r->map_count = count;
}

sk_value sk_rebuild_get(const sk_rebuild *r, sk_value old) {
  return old.id < r->map_count ? r->map[old.id] : (sk_value){0};
}

void sk_rebuild_set(sk_rebuild *r, sk_value old, sk_value value) {
  reserve_map(r);
  r->map[old.id] = value;
}

// ---------------------------------------------------------------------------------------------------- sharing

static uint64_t hash_op(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  uint64_t h = sk_hash_mix(rec->kind, sk_value_type(m, sk_op_result(m, op, 0)).id);
  for (uint32_t i = 0; i < rec->operand_count; i++) {
    h = sk_hash_mix(h, sk_op_operand(m, op, i).id);
  }
  for (uint32_t i = 0; i < rec->attr_count; i++) {
    const sk_named_attr *a = &m->attr_pool.data[rec->attrs + i];
    h = sk_hash_mix(h, (uint64_t)a->name.id << 32 | a->attr.id);
  }
  return h;
}

static bool same_op(const sk_module *m, sk_op x, sk_op y) {
  const sk_op_rec *a = sk_op_get(m, x), *b = sk_op_get(m, y);
  if (a->kind != b->kind || a->operand_count != b->operand_count ||
      a->attr_count != b->attr_count || a->result_count != b->result_count ||
      sk_value_type(m, sk_op_result(m, x, 0)).id != sk_value_type(m, sk_op_result(m, y, 0)).id) {
    return false;
  }
  for (uint32_t i = 0; i < a->operand_count; i++) {
    if (sk_op_operand(m, x, i).id != sk_op_operand(m, y, i).id) {
      return false;
    }
  }
  return a->attr_count == 0 || memcmp(&m->attr_pool.data[a->attrs], &m->attr_pool.data[b->attrs],
                                      sizeof(sk_named_attr) * a->attr_count) == 0;
}

static bool can_share(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  return rec->result_count == 1 && rec->region_count == 0 &&
         sk_opkind_has((sk_opkind)rec->kind, SK_TRAIT_PURE);
}

static void enter(sk_rebuild *r, sk_op op, uint64_t hash) {
  struct sk_share_table *t = r->share;
  if (t->log.count > t->mask) {
    uint32_t size = (t->mask + 1) * 4;
    t->heads = sk_arena_zalloc(&r->m->arena, sizeof(uint32_t) * size, 4);
    t->mask = size - 1;
    for (uint32_t i = 0; i < t->log.count; i++) {  // heads and links hold log positions + 1
      uint32_t *head = &t->heads[hash_op(r->m, (sk_op){t->log.data[i]}) & t->mask];
      t->next.data[i] = *head;
      *head = i + 1;
    }
  }
  uint32_t *head = &t->heads[hash & t->mask];
  sk_vec_push(&r->m->arena, &t->next, *head);
  sk_vec_push(&r->m->arena, &t->log, op.id);
  *head = t->log.count;
}

static void leave_scope(sk_rebuild *r, uint32_t log_count) {
  struct sk_share_table *t = r->share;
  while (t != NULL && t->log.count > log_count) {
    t->log.count--;
    t->next.count--;
    t->heads[hash_op(r->m, (sk_op){t->log.data[t->log.count]}) & t->mask] =
        t->next.data[t->log.count];
  }
}

sk_op sk_rebuild_emit(sk_rebuild *r, sk_region into, const sk_op_desc *desc) {
  sk_module *m = r->m;
  r->written++;
  sk_op op = sk_op_new(m, into, desc);
  if (r->share == NULL || !can_share(m, op)) {
    return op;
  }
  uint64_t hash = hash_op(m, op);
  for (uint32_t at = r->share->heads[hash & r->share->mask]; at != 0;
       at = r->share->next.data[at - 1]) {
    sk_op other = {r->share->log.data[at - 1]};
    if (same_op(m, op, other)) {
      sk_op_unlink(m, op);
      return other;
    }
  }
  enter(r, op, hash);
  return op;
}

sk_value sk_rebuild_value(sk_rebuild *r, sk_region into, sk_loc loc, sk_opkind kind, sk_type type,
                          const sk_value *operands, uint32_t count, const sk_named_attr *attrs,
                          uint32_t attr_count) {
  const sk_op_desc desc = {.kind = kind,
                           .loc = loc,
                           .operands = operands,
                           .operand_count = count,
                           .result_types = &type,
                           .result_count = 1,
                           .attrs = attrs,
                           .attr_count = attr_count};
  return sk_op_result(r->m, sk_rebuild_emit(r, into, &desc), 0);
}

// ---------------------------------------------------------------------------------------------------- copying

sk_op_draft sk_rebuild_draft(const sk_rebuild *r, sk_op op) {
  sk_module *m = r->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  sk_op_draft d = {
      .operands = SK_NEW_ARRAY(&m->arena, sk_value, rec.operand_count + 1),
      .types = SK_NEW_ARRAY(&m->arena, sk_type, rec.result_count + 1),
      .attrs = SK_NEW_ARRAY(&m->arena, sk_named_attr, rec.attr_count + SK_DRAFT_ROOM),
      .regions = SK_NEW_ARRAY(&m->arena, sk_region, rec.region_count + 1u),
  };
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    d.operands[i] = sk_rebuild_get(r, sk_op_operand(m, op, i));
  }
  for (uint32_t i = 0; i < rec.result_count; i++) {
    d.types[i] = sk_value_type(m, sk_op_result(m, op, i));
  }
  for (uint32_t i = 0; i < rec.attr_count; i++) {
    d.attrs[i] = m->attr_pool.data[rec.attrs + i];
  }
  for (uint32_t i = 0; i < rec.region_count; i++) {
    d.regions[i] = (sk_region){0};
  }
  d.desc = (sk_op_desc){.kind = (sk_opkind)rec.kind,
                        .loc = rec.loc,
                        .operands = d.operands,
                        .operand_count = rec.operand_count,
                        .result_types = d.types,
                        .result_count = rec.result_count,
                        .attrs = d.attrs,
                        .attr_count = rec.attr_count,
                        .regions = d.regions,
                        .region_count = rec.region_count};
  return d;
}

static sk_status copy_op(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  const sk_op_draft draft = sk_rebuild_draft(r, op);
  for (uint32_t i = 0; i < draft.desc.region_count; i++) {
    SK_TRY(sk_rebuild_region(r, sk_op_region(m, op, i), &draft.regions[i]));
  }
  sk_op made = sk_rebuild_emit(r, into, &draft.desc);
  for (uint32_t i = 0; i < draft.desc.result_count; i++) {
    sk_rebuild_set(r, sk_op_result(m, op, i), sk_op_result(m, made, i));
  }
  return NULL;
}

sk_status sk_rebuild_op(sk_rebuild *r, sk_op op, sk_region into) {
  sk_status status = NULL;
  bool rewritten = r->rewrite && r->rewrite(r, op, into, &status);
  if (!rewritten && status == NULL) {
    status = copy_op(r, op, into);
  }
  return status;
}

sk_status sk_rebuild_ops(sk_rebuild *r, sk_region from, sk_region into) {
  if (++r->depth > SK_REBUILD_MAX_DEPTH) {
    return sk_op_error(r->m, sk_region_first(r->m, from), SK_RESOURCE_EXHAUSTED,
                       "regions and calls are nested deeper than %d", SK_REBUILD_MAX_DEPTH);
  }
  sk_op end = sk_region_get(r->m, from)->last;
  for (sk_op op = sk_region_first(r->m, from); op.id != end.id; op = sk_op_next(r->m, op)) {
    if (r->written > SK_REBUILD_MAX_OPS) {
      return sk_op_error(r->m, op, SK_RESOURCE_EXHAUSTED,
                         "the program grows beyond %d operations when its calls are inlined",
                         SK_REBUILD_MAX_OPS);
    }
    SK_TRY(sk_rebuild_op(r, op, into));
  }
  r->depth--;
  return NULL;
}

sk_status sk_rebuild_scope(sk_rebuild *r, sk_region from, sk_region into) {
  uint32_t scope = r->share != NULL ? r->share->log.count : 0;
  sk_status status = sk_rebuild_ops(r, from, into);
  leave_scope(r, scope);
  return status;
}

static sk_status copy_terminator(sk_rebuild *r, sk_region from, sk_region into) {
  return copy_op(r, sk_region_get(r->m, from)->last, into);
}

sk_status sk_rebuild_region(sk_rebuild *r, sk_region from, sk_region *out_region) {
  sk_module *m = r->m;
  uint32_t count = sk_region_get(m, from)->arg_count,
           scope = r->share != NULL ? r->share->log.count : 0;
  sk_type *types = SK_NEW_ARRAY(&m->arena, sk_type, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    types[i] = sk_value_type(m, sk_region_arg(m, from, i));
  }
  sk_region made = sk_region_new(m, types, count);
  for (uint32_t i = 0; i < count; i++) {
    sk_rebuild_set(r, sk_region_arg(m, from, i), sk_region_arg(m, made, i));
  }
  if (sk_region_first(m, from).id != 0) {
    SK_TRY(sk_rebuild_ops(r, from, made));
    SK_TRY(copy_terminator(r, from, made));
  }
  leave_scope(r, scope);
  *out_region = made;
  return NULL;
}

// Adds `direction` for every use in the region.
static void count_uses(const sk_module *m, sk_region region, uint32_t *uses, int direction) {
  SK_FOR_EACH_OP(m, region, op) {
    const sk_op_rec *rec = sk_op_get(m, op);
    for (uint32_t i = 0; i < rec->operand_count; i++) {
      uses[sk_op_operand(m, op, i).id] += (uint32_t)direction;
    }
    for (uint32_t i = 0; i < rec->region_count; i++) {
      count_uses(m, sk_op_region(m, op, i), uses, direction);
    }
  }
}

void sk_rebuild_begin(sk_rebuild *r, sk_op func) {
  r->uses = sk_arena_zalloc(&r->m->arena, sizeof(uint32_t) * r->m->values.count, 4);
  count_uses(r->m, sk_func_body(r->m, func), r->uses, 1);
}

void sk_rebuild_replace(sk_rebuild *r, sk_op func, sk_region body) {
  r->m->region_pool.data[sk_op_get(r->m, func)->regions] = body;
  r->m->regions.data[body.id].parent = func;
  sk_rebuild_drop_unused(r->m, body);
}

sk_status sk_rebuild_function(sk_rebuild *r, sk_op func) {
  sk_region made;
  sk_rebuild_begin(r, func);
  SK_TRY(sk_rebuild_region(r, sk_func_body(r->m, func), &made));
  sk_rebuild_replace(r, func, made);
  return NULL;
}

// ---------------------------------------------------------------------------------------------------- unused ops

bool sk_rebuild_has_effect(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  if (rec->kind == SK_OP_CUSTOM_CALL) {
    return sk_op_int(m, op, SK_NAME_has_side_effect, 0) != 0;
  }
  if (sk_opkind_has((sk_opkind)rec->kind, SK_TRAIT_RECURSIVE)) {
    for (uint32_t i = 0; i < rec->region_count; i++) {
      SK_FOR_EACH_OP(m, sk_op_region(m, op, i), inner) {
        if (sk_rebuild_has_effect(m, inner) && sk_op_next(m, inner).id != 0) {
          return true;
        }
      }
    }
    return false;
  }
  return !sk_opkind_has((sk_opkind)rec->kind, SK_TRAIT_PURE);
}

static void drop(sk_module *m, sk_region region, uint32_t *uses) {
  sk_op op = sk_region_get(m, region)->last;
  while (op.id != 0) {
    const sk_op_rec rec = *sk_op_get(m, op);
    bool used = rec.next.id == 0 || sk_rebuild_has_effect(m, op);  // terminators stay
    for (uint32_t i = 0; i < rec.result_count && !used; i++) {
      used = uses[sk_op_result(m, op, i).id] > 0;
    }
    if (!used) {
      for (uint32_t i = 0; i < rec.operand_count; i++) {
        uses[sk_op_operand(m, op, i).id]--;
      }
      for (uint32_t i = 0; i < rec.region_count; i++) {
        count_uses(m, sk_op_region(m, op, i), uses, -1);
      }
      sk_op_unlink(m, op);
    } else {
      for (uint32_t i = 0; i < rec.region_count; i++) {
        drop(m, sk_op_region(m, op, i), uses);
      }
    }
    op = rec.prev;
  }
}

void sk_rebuild_drop_unused(sk_module *m, sk_region region) {
  uint32_t *uses = sk_arena_zalloc(&m->arena, sizeof(uint32_t) * m->values.count, 4);
  count_uses(m, region, uses, 1);
  drop(m, region, uses);
}
