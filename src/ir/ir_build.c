// SPDX-License-Identifier: Apache-2.0
// Making and changing operations and regions; looking up attributes of an operation.
//
// Appending is the common case and costs a few pushes. Attributes are put into schema order on the
// way in. Nothing is verified.
#include "ir/ir_int.h"

sk_region sk_region_new(sk_module *m, const sk_type *arg_types, uint32_t arg_count) {
  if (!sk_vec_reserve(&m->arena, &m->values, arg_count) ||
      !sk_vec_reserve(&m->arena, &m->regions, 1)) {
    return (sk_region){0};
  }
  sk_region region = {m->regions.count};
  sk_region_rec rec = {.args = m->values.count, .arg_count = arg_count};
  for (uint32_t i = 0; i < arg_count; i++) {
    m->values.data[m->values.count++] =
        (sk_value_rec){.type = arg_types[i], .region = region, .index = i};
  }
  m->regions.data[m->regions.count++] = rec;
  return region;
}

// -------------------------------------------------------------------------------------- attributes

// Copies `count` attributes to the end of the pool (room is reserved): those of the schema first,
// in its order.
static void place_attrs(sk_module *m, sk_opkind kind, const sk_named_attr *attrs, uint32_t count) {
  const sk_op_info *info = sk_opkind_info(kind);
  sk_named_attr *out = m->attr_pool.data + m->attr_pool.count;
  m->attr_pool.count += count;
  if (count == 1) {
    out[0] = attrs[0];
    return;
  }
  uint32_t placed = 0;
  for (uint32_t s = 0; s < info->attr_count && placed < count; s++) {
    for (uint32_t i = 0; i < count; i++) {
      if (attrs[i].name.id == info->attrs[s].name) {
        out[placed++] = attrs[i];
        break;
      }
    }
  }
  if (placed == count) {
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    bool first = true;  // repetitions of a schema name stay, for the verifier to refuse
    for (uint32_t k = 0; k < placed && first && k < info->attr_count; k++) {
      first = out[k].name.id != attrs[i].name.id || out[k].attr.id != attrs[i].attr.id;
    }
    if (first && placed < count) {
      out[placed++] = attrs[i];
    }
  }
  m->attr_pool.count -= count - placed;
}

static sk_named_attr *find_named(const sk_module *m, sk_op op, uint32_t name) {
  const sk_op_rec *rec = sk_op_get(m, op);
  for (uint32_t i = 0; i < rec->attr_count; i++) {
    if (m->attr_pool.data[rec->attrs + i].name.id == name) {
      return &m->attr_pool.data[rec->attrs + i];
    }
  }
  return NULL;
}

sk_attr sk_op_find_attr(const sk_module *m, sk_op op, sk_name name) {
  return sk_op_find_attr_sym(m, op, (sk_sym){(uint32_t)name});
}

sk_attr sk_op_find_attr_sym(const sk_module *m, sk_op op, sk_sym name) {
  const sk_named_attr *found = find_named(m, op, name.id);
  return found ? found->attr : (sk_attr){0};
}

int64_t sk_op_int(const sk_module *m, sk_op op, sk_name name, int64_t otherwise) {
  const sk_attr_rec *rec = sk_attr_get(m, sk_op_find_attr(m, op, name));
  if (rec->kind == SK_ATTR_UNIT) {
    return 1;
  }
  bool number = rec->kind == SK_ATTR_INT || rec->kind == SK_ATTR_BOOL || rec->kind == SK_ATTR_ENUM;
  return number ? rec->u.i : otherwise;
}

sk_ints sk_op_ints(const sk_module *m, sk_op op, sk_name name) {
  const sk_attr_rec *rec = sk_attr_get(m, sk_op_find_attr(m, op, name));
  return rec->kind == SK_ATTR_INTS || rec->kind == SK_ATTR_BOOLS ? rec->u.ints : (sk_ints){NULL, 0};
}

sk_str sk_op_string(const sk_module *m, sk_op op, sk_name name) {
  const sk_attr_rec *rec = sk_attr_get(m, sk_op_find_attr(m, op, name));
  return rec->kind == SK_ATTR_STRING || rec->kind == SK_ATTR_SYMBOL
             ? sk_sym_str(&m->strings, rec->u.sym)
             : (sk_str){"", 0};
}

// -------------------------------------------------------------------------------------- operations

// One that is found by its name.
static bool is_root_symbol(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  return (rec->kind == SK_OP_FUNC_FUNC || rec->kind == SK_OP_SDY_MESH) && m->root.id != 0 &&
         rec->parent.id == sk_op_region(m, m->root, 0).id;
}

// The record with its lists, not yet linked into a region.
static sk_op new_detached(sk_module *m, const sk_op_desc *desc) {
  sk_arena *arena = &m->arena;
  if (!sk_vec_reserve(arena, &m->ops, 1) ||
      !sk_vec_reserve(arena, &m->operand_pool, desc->operand_count) ||
      !sk_vec_reserve(arena, &m->values, desc->result_count) ||
      !sk_vec_reserve(arena, &m->region_pool, desc->region_count) ||
      !sk_vec_reserve(arena, &m->attr_pool, desc->attr_count)) {
    return (sk_op){0};
  }
  sk_op op = {m->ops.count};
  sk_op_rec *rec = &m->ops.data[m->ops.count++];
  *rec = (sk_op_rec){
      .kind = (uint16_t)desc->kind,
      .region_count = (uint16_t)desc->region_count,
      .operand_count = desc->operand_count,
      .result_count = desc->result_count,
      .operands = m->operand_pool.count,
      .results = m->values.count,
      .regions = m->region_pool.count,
      .attrs = m->attr_pool.count,
      .loc = desc->loc,
  };
  for (uint32_t i = 0; i < desc->operand_count; i++) {
    m->operand_pool.data[m->operand_pool.count++] = desc->operands[i];
  }
  for (uint32_t i = 0; i < desc->result_count; i++) {
    m->values.data[m->values.count++] =
        (sk_value_rec){.type = desc->result_types[i], .op = op, .index = i};
  }
  for (uint32_t i = 0; i < desc->region_count; i++) {
    m->region_pool.data[m->region_pool.count++] = desc->regions[i];
    m->regions.data[desc->regions[i].id].parent = op;
  }
  if (desc->attr_count != 0) {
    place_attrs(m, desc->kind, desc->attrs, desc->attr_count);
    rec->attr_count = m->attr_pool.count - rec->attrs;
  }
  return op;
}

// Links `op` between `prev` and `next` (either may be none) of `region`.
static bool link_op(sk_module *m, sk_region region, sk_op prev, sk_op next, sk_op op) {
  sk_op_rec *rec = &m->ops.data[op.id];
  sk_region_rec *owner = &m->regions.data[region.id];
  rec->parent = region;
  rec->prev = prev;
  rec->next = next;
  if (prev.id != 0) {
    m->ops.data[prev.id].next = op;
  } else {
    owner->first = op;
  }
  if (next.id != 0) {
    m->ops.data[next.id].prev = op;
  } else {
    owner->last = op;
  }
  return !is_root_symbol(m, op) || sk_ir_note_symbol(m, op, true);
}

sk_op sk_op_new(sk_module *m, sk_region into, const sk_op_desc *desc) {
  sk_op op = new_detached(m, desc);
  if (op.id != 0 && into.id != 0 &&
      !link_op(m, into, m->regions.data[into.id].last, (sk_op){0}, op)) {
    return (sk_op){0};
  }
  return op;
}

sk_op sk_op_new_before(sk_module *m, sk_op before, const sk_op_desc *desc) {
  sk_op op = new_detached(m, desc);
  const sk_op_rec *at = sk_op_get(m, before);
  if (op.id != 0 && !link_op(m, at->parent, at->prev, before, op)) {
    return (sk_op){0};
  }
  return op;
}

void sk_op_unlink(sk_module *m, sk_op op) {
  sk_op_rec *rec = &m->ops.data[op.id];
  if (rec->parent.id == 0) {
    return;
  }
  if (is_root_symbol(m, op)) {
    sk_ir_note_symbol(m, op, false);
  }
  sk_region_rec *owner = &m->regions.data[rec->parent.id];
  if (rec->prev.id != 0) {
    m->ops.data[rec->prev.id].next = rec->next;
  } else {
    owner->first = rec->next;
  }
  if (rec->next.id != 0) {
    m->ops.data[rec->next.id].prev = rec->prev;
  } else {
    owner->last = rec->prev;
  }
  rec->parent = (sk_region){0};
  rec->prev = rec->next = (sk_op){0};
}

void sk_op_set_operand(sk_module *m, sk_op op, uint32_t i, sk_value v) {
  m->operand_pool.data[m->ops.data[op.id].operands + i] = v;
}

bool sk_op_set_attr(sk_module *m, sk_op op, sk_sym name, sk_attr attr) {
  bool renames = name.id == SK_NAME_sym_name && is_root_symbol(m, op);
  if (renames) {
    sk_ir_note_symbol(m, op, false);
  }
  sk_named_attr *found = find_named(m, op, name.id);
  if (found != NULL) {
    found->attr = attr;
  } else {
    uint32_t count = m->ops.data[op.id].attr_count, old = m->ops.data[op.id].attrs;
    sk_named_attr *all = SK_NEW_ARRAY(&m->arena, sk_named_attr, (size_t)count + 1);
    if (all == NULL || !sk_vec_reserve(&m->arena, &m->attr_pool, count + 1)) {
      return false;
    }
    if (count != 0) {
      memcpy(all, m->attr_pool.data + old, count * sizeof *all);
    }
    all[count] = (sk_named_attr){name, attr};
    m->ops.data[op.id].attrs = m->attr_pool.count;
    place_attrs(m, sk_op_kind(m, op), all, count + 1);
    m->ops.data[op.id].attr_count = m->attr_pool.count - m->ops.data[op.id].attrs;
  }
  return !renames || sk_ir_note_symbol(m, op, true);
}
