// SPDX-License-Identifier: Apache-2.0
// Operations and regions of bytecode:
//
//   operation = name | mask | location | [dictionary] [properties] [results] [operands]
//               [successors] [orders of uses] [regions]       what there is, the mask says
//   results   = count | types        operands = count | numbers of values
//   regions   = count * 2 + isolated | [section 4 around all of them] {region}
//   region    = blocks | [values | {block}]                   of one block here, or of none
//   block     = operations * 2 + has_arguments | [arguments] | {operation}
//   arguments = count | {type * 2 + has_location | [location]} | [orders of uses]
//
// Values have no names. A region says how many values it defines itself and numbers them as they
// are met, arguments first: from 0 if it is isolated, else from where the numbers of the region
// around it end. The results of an operation have no value until it is complete, regions included.
// Orders of uses only matter to those who change programs and are skipped.
//
// builtin.unrealized_conversion_cast stands between VHLO's types and others; since both are the
// same here, its results simply are its operands. In a file without VHLO it is an operation.
#include <stdio.h>

#include "read/bytecode_int.h"

enum {  // mask of an operation
  HAS_ATTRS = 1,
  HAS_RESULTS = 2,
  HAS_OPERANDS = 4,
  HAS_SUCCESSORS = 8,
  HAS_REGIONS = 16,
  HAS_USE_ORDERS = 32,
  HAS_PROPERTIES = 64,
};

typedef struct op_draft {
  const sk_op_name *name;
  sk_opkind kind;
  sk_loc loc;
  sk_bytecode_list attrs;
  uint8_t mask;
  uint32_t slots;                          // number of the first result
  uint32_t types, values, regions, named;  // heights of the stacks before it
} op_draft;

static sk_status read_op(sk_bytecode *r, sk_cursor *c, sk_region into, sk_opkind parent);

// ---- locations, types, values

static sk_status read_loc(sk_bytecode *r, sk_cursor *c, sk_loc *out) {
  uint32_t index;
  SK_TRY(sk_bytecode_read_index(r, c, &index));
  return sk_bytecode_get_loc(r, index, out);
}

// Takes the next numbers of the innermost region.
static sk_status take_slots(sk_bytecode *r, const sk_cursor *at, uint32_t count) {
  if (SK_UNLIKELY(count > r->slots.count - r->next_slot)) {
    return sk_bytecode_error(r, at, "a region defines more values than it says");
  }
  r->next_slot += count;
  return NULL;
}

static sk_status read_results(sk_bytecode *r, sk_cursor *c) {
  uint32_t count;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_count(r, c, "results", &count));
  for (uint32_t i = 0; i < count; i++) {
    sk_type type;
    SK_TRY(sk_bytecode_read_type(r, c, &type));
    SK_BYTECODE_PUSH(r, type_stack, type);
  }
  return take_slots(r, &at, count);
}

static sk_status bad_operand(const sk_bytecode *r, const sk_cursor *c, uint64_t number) {
  uint32_t count = r->slots.count - r->scope;
  if (number < count) {
    return sk_bytecode_error(r, c, "value %llu is used before it is defined",
                             (unsigned long long)number);
  }
  return sk_bytecode_error(r, c, "there is no value %llu, only %u", (unsigned long long)number,
                           count);
}

static sk_status read_operands(sk_bytecode *r, sk_cursor *c) {
  uint32_t count;
  SK_TRY(sk_bytecode_count(r, c, "operands", &count));
  for (uint32_t i = 0; i < count; i++) {
    uint64_t number = 0;
    sk_cursor at = *c;
    SK_TRY(sk_bytecode_varint(r, c, &number));
    if (SK_UNLIKELY(number >= r->slots.count - r->scope)) {
      return bad_operand(r, &at, number);
    }
    sk_value value = r->slots.data[r->scope + (uint32_t)number];
    if (SK_UNLIKELY(value.id == 0)) {
      return bad_operand(r, &at, number);
    }
    SK_BYTECODE_PUSH(r, values, value);
  }
  return NULL;
}

// Orders in which `range` values are used: [how many of them] {[which] count * 2 + pairs {number}}
static sk_status skip_use_orders(sk_bytecode *r, sk_cursor *c, uint32_t range) {
  uint64_t values = 1;
  uint64_t number = 0;
  if (range > 1) {
    SK_TRY(sk_bytecode_varint(r, c, &values));
  }
  for (uint64_t i = 0; i < values; i++) {
    if (range > 1) {
      SK_TRY(sk_bytecode_varint(r, c, &number));
    }
    uint64_t count = 0;
    SK_TRY(sk_bytecode_varint(r, c, &count));
    for (uint64_t k = 0; k < count >> 1; k++) {
      SK_TRY(sk_bytecode_varint(r, c, &number));
    }
  }
  return NULL;
}

// ---- regions

static sk_status read_argument(sk_bytecode *r, sk_cursor *c) {
  uint64_t value = 0;
  sk_type type;
  sk_loc loc;  // arguments have none in the module
  sk_cursor at = *c;
  if (r->version < 4) {
    SK_TRY(sk_bytecode_read_type(r, c, &type));
    SK_TRY(read_loc(r, c, &loc));
  } else {
    SK_TRY(sk_bytecode_varint(r, c, &value));
    if (value >> 1 >= r->type_count) {
      return sk_bytecode_error(r, &at, "there is no type %llu, only %u",
                               (unsigned long long)(value >> 1), r->type_count);
    }
    SK_TRY(sk_bytecode_get_type(r, (uint32_t)(value >> 1), &type));
    if ((value & 1) != 0) {
      SK_TRY(read_loc(r, c, &loc));
    }
  }
  SK_BYTECODE_PUSH(r, type_stack, type);
  return NULL;
}

static sk_status read_arguments(sk_bytecode *r, sk_cursor *c, uint32_t *out_count) {
  uint8_t has_orders = 0;
  SK_TRY(sk_bytecode_count(r, c, "arguments", out_count));
  for (uint32_t i = 0; i < *out_count; i++) {
    SK_TRY(read_argument(r, c));
  }
  if (r->version >= 3) {
    SK_TRY(sk_bytecode_byte(r, c, &has_orders));
  }
  return has_orders != 0 ? skip_use_orders(r, c, *out_count) : NULL;
}

// The region that the block's operations go to: `root`, or a new one.
static sk_status make_region(sk_bytecode *r, const sk_cursor *at, uint32_t types, sk_region root,
                             sk_region *out) {
  uint32_t count = r->type_stack.count - types;
  *out = root;
  if (root.id != 0) {
    return count == 0 ? NULL : sk_bytecode_error(r, at, "a module has no arguments");
  }
  SK_BYTECODE_SET_ID(out, sk_region_new(r->module, r->type_stack.data + types, count));
  r->type_stack.count = types;
  uint32_t first = r->next_slot;
  SK_TRY(take_slots(r, at, count));
  for (uint32_t i = 0; i < count; i++) {
    r->slots.data[first + i] = sk_region_arg(r->module, *out, i);
  }
  return NULL;
}

static sk_status read_block(sk_bytecode *r, sk_cursor *c, sk_opkind parent, sk_region root,
                            sk_region *out) {
  uint64_t value = 0;
  uint32_t arguments = 0;
  uint32_t types = r->type_stack.count;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &value));
  if ((value & 1) != 0) {
    SK_TRY(read_arguments(r, c, &arguments));
  }
  SK_TRY(make_region(r, &at, types, root, out));
  for (uint64_t i = 0; i < value >> 1; i++) {
    SK_TRY(read_op(r, c, *out, parent));
  }
  return NULL;
}

// Slots for the values of a region. Open regions cannot together define more values than there are
// bytes, so hostile numbers are found out before memory is taken.
static sk_status open_slots(sk_bytecode *r, sk_cursor *c) {
  uint64_t values = 0;
  sk_cursor at = *c;
  const sk_cursor *ir = &r->sections[SK_SECTION_IR];
  SK_TRY(sk_bytecode_varint(r, c, &values));
  if (values > INT32_MAX || r->slots.count + values > (uint64_t)(ir->end - ir->at)) {
    return sk_bytecode_error(r, &at, "a region cannot define %llu values",
                             (unsigned long long)values);
  }
  if (!sk_vec_reserve(&r->scratch, &r->slots, (uint32_t)values)) {
    return sk_status_no_memory();
  }
  r->next_slot = r->slots.count;
  memset(r->slots.data + r->slots.count, 0, (size_t)values * sizeof *r->slots.data);
  r->slots.count += (uint32_t)values;
  return NULL;
}

static sk_status read_region(sk_bytecode *r, sk_cursor *c, sk_opkind parent, sk_region root,
                             sk_region *out) {
  uint64_t blocks = 0;
  uint32_t height = r->slots.count;
  uint32_t outer_next = r->next_slot;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &blocks));
  if (blocks > 1) {
    return sk_bytecode_unsupported(r, &at, "regions of several blocks are not supported");
  }
  if (blocks == 0) {
    *out = root;
    if (root.id == 0) {
      SK_BYTECODE_SET_ID(out, sk_region_new(r->module, NULL, 0));
    }
    return NULL;
  }
  SK_TRY(open_slots(r, c));
  SK_TRY(sk_bytecode_enter(r, &at));
  SK_TRY(read_block(r, c, parent, root, out));
  r->depth--;
  if (r->next_slot != r->slots.count) {
    return sk_bytecode_error(r, &at, "a region of %u values defines %u", r->slots.count - height,
                             r->next_slot - height);
  }
  r->slots.count = height;
  r->next_slot = outer_next;
  return NULL;
}

// Regions onto r->regions.
static sk_status read_regions(sk_bytecode *r, sk_cursor *c, sk_opkind parent, sk_region root) {
  uint64_t value = 0;
  uint32_t scope = r->scope;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &value));
  bool isolated = (value & 1) != 0;
  bool in_section = isolated && r->version >= 2;
  sk_cursor inner = *c;
  if (value >> 1 > UINT16_MAX) {
    return sk_bytecode_unsupported(r, &at, "operations of more than %d regions are not supported",
                                   UINT16_MAX);
  }
  if (in_section) {
    uint8_t id;
    at = *c;
    SK_TRY(sk_bytecode_section(r, c, &id, &inner));
    if (id != SK_SECTION_IR) {
      return sk_bytecode_error(r, &at, "section %u where regions were expected", id);
    }
  }
  if (isolated) {
    r->scope = r->slots.count;
  }
  for (uint64_t i = 0; i < value >> 1; i++) {
    sk_region region = {0};
    SK_TRY(read_region(r, &inner, parent, root, &region));
    SK_BYTECODE_PUSH(r, regions, region);
  }
  r->scope = scope;
  if (in_section) {
    return sk_bytecode_end(r, &inner, "the regions of an operation");
  }
  *c = inner;
  return NULL;
}

// ---- operations

static sk_opkind kind_of(const sk_op_name *name, sk_opkind parent) {
  bool is_return = name->vhlo != NULL && name->kind == SK_OP_RETURN;
  return is_return && parent == SK_OP_FUNC_FUNC ? SK_OP_FUNC_RETURN : name->kind;
}

static sk_status read_attr_indices(sk_bytecode *r, sk_cursor *c, op_draft *d) {
  uint32_t dictionary = SK_BYTECODE_NO_INDEX;
  uint32_t properties = SK_BYTECODE_NO_INDEX;
  sk_cursor at = *c;
  if ((d->mask & HAS_ATTRS) != 0) {
    SK_TRY(sk_bytecode_read_index(r, c, &dictionary));
  }
  if ((d->mask & HAS_PROPERTIES) != 0) {
    SK_TRY(sk_bytecode_index(r, c, r->property_count, "set of properties", &properties));
  }
  return sk_bytecode_op_attrs(r, &at, d->name, dictionary, properties, &d->attrs);
}

// Everything before the regions.
static sk_status read_head(sk_bytecode *r, sk_cursor *c, sk_opkind parent, op_draft *d) {
  uint32_t index;
  sk_cursor at = *c;
  if (++r->ops > r->limits.ops) {
    return sk_bytecode_over_limit(r, c, "operations", r->limits.ops);
  }
  SK_TRY(sk_bytecode_index(r, c, r->op_names.count, "name of an operation", &index));
  sk_op_name *name = &r->op_names.data[index];
  if (name->kind == SK_OP_NONE) {
    SK_TRY(sk_bytecode_resolve_op(r, &at, name));
  }
  *d = (op_draft){.name = name,
                  .kind = kind_of(name, parent),
                  .slots = r->next_slot,
                  .types = r->type_stack.count,
                  .values = r->values.count,
                  .regions = r->regions.count,
                  .named = r->named.count};
  SK_TRY(sk_bytecode_byte(r, c, &d->mask));
  SK_TRY(read_loc(r, c, &d->loc));
  SK_TRY(read_attr_indices(r, c, d));
  if ((d->mask & HAS_RESULTS) != 0) {
    SK_TRY(read_results(r, c));
  }
  if ((d->mask & HAS_OPERANDS) != 0) {
    SK_TRY(read_operands(r, c));
  }
  if ((d->mask & HAS_SUCCESSORS) != 0) {
    return sk_bytecode_unsupported(r, c, "operations with successors are not supported");
  }
  return (d->mask & HAS_USE_ORDERS) != 0 ? skip_use_orders(r, c, r->type_stack.count - d->types)
                                         : NULL;
}

static bool has_vhlo(const sk_bytecode *r) {
  uint32_t i = 0;
  while (i < r->dialect_count && r->dialects[i].id != SK_DIALECT_VHLO) {
    i++;
  }
  return i < r->dialect_count;
}

// A cast between equal types makes no operation.
static bool is_empty_cast(const sk_bytecode *r, const op_draft *d) {
  uint32_t count = r->values.count - d->values;
  if (d->kind != SK_OP_BUILTIN_UNREALIZED_CONVERSION_CAST ||
      r->type_stack.count - d->types != count || r->regions.count != d->regions || !has_vhlo(r)) {
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (sk_value_type(r->module, r->values.data[d->values + i]).id !=
        r->type_stack.data[d->types + i].id) {
      return false;
    }
  }
  return true;
}

static sk_status make_op(sk_bytecode *r, const op_draft *d, sk_region into) {
  sk_op_desc desc = {
      .kind = d->kind,
      .loc = d->loc,
      .operands = r->values.data + d->values,
      .result_types = r->type_stack.data + d->types,
      .attrs = d->attrs.data,
      .regions = r->regions.data + d->regions,
      .operand_count = r->values.count - d->values,
      .result_count = r->type_stack.count - d->types,
      .attr_count = d->attrs.count,
      .region_count = r->regions.count - d->regions,
  };
  sk_op op;
  SK_BYTECODE_SET_ID(&op, sk_op_new(r->module, into, &desc));
  for (uint32_t i = 0; i < desc.result_count; i++) {
    r->slots.data[d->slots + i] = sk_op_result(r->module, op, i);
  }
  return NULL;
}

static void drop_draft(sk_bytecode *r, const op_draft *d) {
  r->type_stack.count = d->types;
  r->values.count = d->values;
  r->regions.count = d->regions;
  r->named.count = d->named;
}

// Errors about attributes stand at those; this says where they are used.
static sk_status note_op(const sk_bytecode *r, const sk_cursor *start, const op_draft *d,
                         sk_status status) {
  char place[32];
  char source[200] = "";
  sk_srcpos pos = sk_loc_pos(r->module, d->loc);
  if (status == NULL || d->name == NULL) {
    return status;
  }
  snprintf(place, sizeof place, "%llu", (unsigned long long)(start->at - start->begin));
  if (pos.line != 0 && pos.file != NULL) {
    snprintf(source, sizeof source, ", made at %.150s:%u:%u", pos.file, pos.line, pos.col);
  }
  return sk_status_note(status, "in %s at byte %s of section 4%s", sk_opkind_name(d->kind), place,
                        source);
}

static sk_status read_op(sk_bytecode *r, sk_cursor *c, sk_region into, sk_opkind parent) {
  op_draft d = {0};
  sk_cursor start = *c;
  sk_status status = read_head(r, c, parent, &d);
  if (SK_UNLIKELY(status != NULL)) {
    return note_op(r, &start, &d, status);
  }
  if ((d.mask & HAS_REGIONS) != 0) {
    SK_TRY(read_regions(r, c, d.kind, (sk_region){0}));
  }
  if (is_empty_cast(r, &d)) {
    for (uint32_t i = 0; i < r->values.count - d.values; i++) {
      r->slots.data[d.slots + i] = r->values.data[d.values + i];
    }
  } else {
    SK_TRY(make_op(r, &d, into));
  }
  drop_draft(r, &d);
  return NULL;
}

// ---- the module

// builtin.module, whose region and attributes become those of the root.
static sk_status read_root(sk_bytecode *r, sk_cursor *c) {
  sk_module *m = r->module;
  op_draft d = {0};
  sk_cursor start = *c;
  sk_op carrier;
  sk_status status = read_head(r, c, SK_OP_NONE, &d);
  if (status != NULL) {
    return note_op(r, &start, &d, status);
  }
  if (d.kind != SK_OP_BUILTIN_MODULE) {
    return sk_bytecode_unsupported(r, &start, "expected builtin.module around everything, got %s",
                                   sk_opkind_name(d.kind));
  }
  if (r->type_stack.count != d.types || r->values.count != d.values) {
    return sk_bytecode_error(r, &start, "builtin.module has neither operands nor results");
  }
  if ((d.mask & HAS_REGIONS) != 0) {
    SK_TRY(read_regions(r, c, d.kind, sk_op_region(m, m->root, 0)));
  }
  if (r->regions.count - d.regions != 1) {
    return sk_bytecode_error(r, &start, "builtin.module has one region");
  }
  // A passing op puts the attributes in order; the root takes them over.
  sk_op_desc desc = {.kind = d.kind, .attrs = d.attrs.data, .attr_count = d.attrs.count};
  SK_BYTECODE_SET_ID(&carrier, sk_op_new(m, (sk_region){0}, &desc));
  sk_op_rec *root = &m->ops.data[m->root.id];
  root->loc = d.loc;
  root->attrs = m->ops.data[carrier.id].attrs;
  root->attr_count = m->ops.data[carrier.id].attr_count;
  m->ops.count--;
  return NULL;
}

sk_status sk_bytecode_read_ir(sk_bytecode *r) {
  sk_cursor c = r->sections[SK_SECTION_IR];
  uint64_t value = 0;
  sk_cursor at = c;
  SK_TRY(sk_bytecode_varint(r, &c, &value));
  if (value != 1 << 1) {
    return sk_bytecode_unsupported(r, &at, "expected one operation, builtin.module, got %llu%s",
                                   (unsigned long long)(value >> 1),
                                   (value & 1) != 0 ? " and arguments" : "");
  }
  SK_TRY(read_root(r, &c));
  return sk_bytecode_end(r, &c, "the module");
}
