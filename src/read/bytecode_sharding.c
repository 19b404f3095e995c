// SPDX-License-Identifier: Apache-2.0
// Attributes about meshes and shardings in bytecode, which the module keeps as text: those of sdy,
// and StableHLO's replica groups by mesh axes. The text is the one that MLIR prints, so that text
// and bytecode of one program give the same attribute:
//
//   #sdy.sharding<@mesh, [{"a", ?}, {"b":(1)2}p1], replicated={"c"}>
//   #stablehlo.replica_group_mesh_axes<mesh = @mesh, axes = [#stablehlo.axis_ref<name = "x">]>
//
// An attribute's parts are attributes of their own, referred to by index, and each kind of part has
// one kind of parts below it, so no cycle is possible. A part may be mentioned any number of times
// and is written out each time, out of the reader's allowance.
#include "read/bytecode_int.h"

enum {  // sdy
  MANUAL_AXES,
  MESH_AXIS,
  MESH,
  SUB_AXIS,
  AXIS_REF,
  DIM_SHARDING,
  SHARDING,
  PER_VALUE,
  DIM_MAPPING,
  TENSOR_MAPPING,
  RULE,
  AXIS_LIST,
  AXIS_LISTS,
  PARAM,
  PARAMS,
  SHARDING_2,
  PER_VALUE_2,
  SHARDING_3
};
// Replica groups by mesh axes have the same parts in both dialects, under different codes.
typedef struct group_codes {
  sk_bytecode_dialect dialect;
  uint32_t groups, sub_axis, axis, mesh_axis, mesh;
} group_codes;
static const group_codes vhlo_codes = {SK_DIALECT_VHLO, 23, 21, 22, 24, 25};
static const group_codes stablehlo_codes = {SK_DIALECT_STABLEHLO, 18, 19, 20, 21, 22};

typedef struct writer {
  sk_bytecode *r;
  sk_text *text;
  const group_codes *codes;  // of the dialect that the attribute belongs to, for replica groups
} writer;
typedef sk_status (*put_part)(writer *w, uint32_t index);

// ---- pieces

static sk_status put(writer *w, const sk_cursor *c, sk_str piece) {
  sk_text_add(w->text, piece);
  return sk_bytecode_spend(w->r, c, piece.len);
}

#define PUT(w, c, literal) SK_TRY(put((w), (c), SK_STR(literal)))

static sk_status put_number(writer *w, sk_cursor *c) {
  int64_t value = 0;
  SK_TRY(sk_bytecode_signed(w->r, c, &value));
  sk_text_add_i64(w->text, value);
  return sk_bytecode_spend(w->r, c, 8);
}

static sk_status put_quoted(writer *w, const sk_cursor *c, sk_str text) {
  sk_text_add_quoted(w->text, text);
  return sk_bytecode_spend(w->r, c, text.len);
}

static sk_status put_string(writer *w, sk_cursor *c) {
  sk_str text;
  SK_TRY(sk_bytecode_string(w->r, c, &text));
  return put_quoted(w, c, text);
}

// Any attribute that is not a sharding: a symbol, a constant.
static sk_status put_attr(writer *w, const sk_cursor *c, uint32_t index) {
  sk_attr attr;
  size_t before = w->text->len;
  SK_TRY(sk_bytecode_get_attr(w->r, index, &attr));
  sk_attr_print(w->r->module, attr, w->text);
  return sk_bytecode_spend(w->r, c, w->text->len - before);
}

static sk_status put_list(writer *w, sk_cursor *c, put_part part) {
  uint32_t count;
  SK_TRY(sk_bytecode_count(w->r, c, "parts of a sharding", &count));
  for (uint32_t i = 0; i < count; i++) {
    uint32_t index;
    if (i > 0) {
      PUT(w, c, ", ");
    }
    SK_TRY(sk_bytecode_read_index(w->r, c, &index));
    SK_TRY(part(w, index));
  }
  return NULL;
}

static sk_status put_numbers(writer *w, sk_cursor *c) {
  uint32_t count;
  SK_TRY(sk_bytecode_count(w->r, c, "numbers", &count));
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) {
      PUT(w, c, ", ");
    }
    SK_TRY(put_number(w, c));
  }
  return NULL;
}

static bool is_part(const writer *w, uint32_t index, sk_bytecode_dialect dialect, uint32_t code) {
  const sk_bytecode_entry *entry = &w->r->attrs[index];
  return entry->code == code && entry->dialect_id == dialect;
}

// The content of attribute `index`, which must have the given code.
static sk_status open_part(writer *w, uint32_t index, sk_bytecode_dialect dialect, uint32_t code,
                           sk_cursor *out) {
  *out = sk_bytecode_entry_cursor(w->r, &w->r->attrs[index]);
  if (!is_part(w, index, dialect, code)) {
    return sk_bytecode_error(w->r, out, "attribute %u cannot be part of a sharding here", index);
  }
  out->at++;
  return NULL;
}

static sk_status close_part(writer *w, const sk_cursor *c) {
  return sk_bytecode_end(w->r, c, "a sharding");
}

// ---- sdy: axes and meshes

static sk_status put_manual_axis(writer *w, uint32_t index) {
  sk_cursor at = sk_bytecode_entry_cursor(w->r, &w->r->attrs[index]);
  sk_attr attr;
  SK_TRY(sk_bytecode_get_attr(w->r, index, &attr));
  const sk_attr_rec *rec = sk_attr_get(w->r->module, attr);
  if (rec->kind != SK_ATTR_STRING) {
    return sk_bytecode_error(w->r, &at, "the name of an axis is not a string");
  }
  return put_quoted(w, &at, sk_sym_str(&w->r->module->strings, rec->u.sym));
}

static sk_status put_mesh_axis(writer *w, uint32_t index) {
  sk_cursor c;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, MESH_AXIS, &c));
  SK_TRY(put_string(w, &c));
  PUT(w, &c, "=");
  SK_TRY(put_number(w, &c));
  return close_part(w, &c);
}

// <["a"=2, "b"=4], device_ids=[1, 0]>
static sk_status put_mesh(writer *w, uint32_t index) {
  sk_cursor c;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, MESH, &c));
  PUT(w, &c, "<[");
  SK_TRY(put_list(w, &c, put_mesh_axis));
  PUT(w, &c, "]");
  if (c.at < c.end && *c.at != 1) {  // not empty
    PUT(w, &c, ", device_ids=[");
    SK_TRY(put_numbers(w, &c));
    PUT(w, &c, "]");
  } else {
    SK_TRY(put_numbers(w, &c));
  }
  PUT(w, &c, ">");
  return close_part(w, &c);
}

// (1)2, of any of the three dialects
static sk_status put_sub_axis(writer *w, uint32_t index, sk_bytecode_dialect dialect,
                              uint32_t code) {
  sk_cursor c;
  SK_TRY(open_part(w, index, dialect, code, &c));
  PUT(w, &c, "(");
  SK_TRY(put_number(w, &c));
  PUT(w, &c, ")");
  SK_TRY(put_number(w, &c));
  return close_part(w, &c);
}

// An optional attribute: index * 2 + present, or 0.
static sk_status read_optional(writer *w, sk_cursor *c, bool *out_present, uint32_t *out_index) {
  uint64_t value = 0;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(w->r, c, &value));
  *out_present = (value & 1) != 0;
  *out_index = (uint32_t)(value >> 1);
  if (*out_present && value >> 1 >= w->r->attr_count) {
    return sk_bytecode_error(w->r, &at, "there is no attribute %llu",
                             (unsigned long long)(value >> 1));
  }
  return NULL;
}

// "a" or "a":(1)2
static sk_status put_axis_ref(writer *w, uint32_t index) {
  sk_cursor c;
  bool has_sub_axis;
  uint32_t sub_axis;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, AXIS_REF, &c));
  SK_TRY(put_string(w, &c));
  SK_TRY(read_optional(w, &c, &has_sub_axis, &sub_axis));
  if (has_sub_axis) {
    PUT(w, &c, ":");
    SK_TRY(put_sub_axis(w, sub_axis, SK_DIALECT_SDY, SUB_AXIS));
  }
  return close_part(w, &c);
}

// {"a", "b"}
static sk_status put_axis_list(writer *w, uint32_t index) {
  sk_cursor c;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, AXIS_LIST, &c));
  PUT(w, &c, "{");
  SK_TRY(put_list(w, &c, put_axis_ref));
  PUT(w, &c, "}");
  return close_part(w, &c);
}

// ---- sdy: shardings

// {"a", ?}p1
static sk_status put_dim_sharding(writer *w, uint32_t index) {
  sk_cursor c;
  uint8_t closed = 0;
  uint64_t priority = 0;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, DIM_SHARDING, &c));
  PUT(w, &c, "{");
  bool has_axes = c.at < c.end && *c.at != 1;
  SK_TRY(put_list(w, &c, put_axis_ref));
  SK_TRY(sk_bytecode_byte(w->r, &c, &closed));
  if (closed == 0) {
    SK_TRY(put(w, &c, has_axes ? SK_STR(", ?") : SK_STR("?")));
  }
  PUT(w, &c, "}");
  SK_TRY(sk_bytecode_varint(w->r, &c, &priority));
  if ((priority & 1) != 0) {
    PUT(w, &c, "p");
    sk_text_add_u64(w->text, priority >> 1);
    SK_TRY(sk_bytecode_spend(w->r, &c, 8));
  }
  return close_part(w, &c);
}

// , name={"a"}; nothing if there are none. SHARDING_3 has the operation behind the axes.
static sk_status put_named_axes(writer *w, sk_cursor *c, sk_str before) {
  bool has_axes = c->at < c->end && *c->at != 1;
  if (has_axes) {
    SK_TRY(put(w, c, before));
  }
  SK_TRY(put_list(w, c, put_axis_ref));
  if (has_axes) {
    PUT(w, c, "}");
  }
  return NULL;
}

static sk_status put_unreduced(writer *w, sk_cursor *c, uint32_t code) {
  static const char *const starts[] = {", unreduced={", ", unreduced=max{", ", unreduced=min{"};
  int64_t operation = 0;
  if (code == SHARDING_3) {
    sk_cursor ahead = *c;
    uint32_t count;
    uint32_t axis;
    SK_TRY(sk_bytecode_count(w->r, &ahead, "axes", &count));
    for (uint32_t i = 0; i < count; i++) {
      SK_TRY(sk_bytecode_read_index(w->r, &ahead, &axis));
    }
    SK_TRY(sk_bytecode_signed(w->r, &ahead, &operation));
  }
  if (operation < 0 || operation >= (int64_t)SK_COUNT(starts)) {
    return sk_bytecode_unsupported(w->r, c, "reduction operation %lld is not known",
                                   (long long)operation);
  }
  SK_TRY(put_named_axes(w, c, sk_str_from(starts[operation])));
  return code == SHARDING_3 ? sk_bytecode_signed(w->r, c, &operation) : NULL;
}

// <@mesh, [{"a"}, {}], replicated={"b"}, unreduced={"c"}>
static sk_status put_sharding(writer *w, uint32_t index) {
  sk_cursor c;
  uint32_t mesh;
  uint32_t code = is_part(w, index, SK_DIALECT_SDY, SHARDING_2)   ? SHARDING_2
                  : is_part(w, index, SK_DIALECT_SDY, SHARDING_3) ? SHARDING_3
                                                                  : SHARDING;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, code, &c));
  PUT(w, &c, "<");
  SK_TRY(sk_bytecode_read_index(w->r, &c, &mesh));
  if (is_part(w, mesh, SK_DIALECT_SDY, MESH)) {
    PUT(w, &c, "mesh");
    SK_TRY(put_mesh(w, mesh));
  } else {
    SK_TRY(put_attr(w, &c, mesh));
  }
  PUT(w, &c, ", [");
  SK_TRY(put_list(w, &c, put_dim_sharding));
  PUT(w, &c, "]");
  SK_TRY(put_named_axes(w, &c, SK_STR(", replicated={")));
  if (code != SHARDING) {
    SK_TRY(put_unreduced(w, &c, code));
  }
  PUT(w, &c, ">");
  return close_part(w, &c);
}

static sk_status put_per_value(writer *w, uint32_t index) {
  sk_cursor c;
  bool newer = is_part(w, index, SK_DIALECT_SDY, PER_VALUE_2);
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, newer ? PER_VALUE_2 : PER_VALUE, &c));
  PUT(w, &c, "<[");
  SK_TRY(put_list(w, &c, put_sharding));
  PUT(w, &c, "]>");
  return close_part(w, &c);
}

// {"a"}: 0->1
static sk_status put_param(writer *w, uint32_t index) {
  sk_cursor c;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, PARAM, &c));
  PUT(w, &c, "{");
  SK_TRY(put_list(w, &c, put_axis_ref));
  PUT(w, &c, "}: ");
  SK_TRY(put_number(w, &c));
  PUT(w, &c, "->");
  SK_TRY(put_number(w, &c));
  return close_part(w, &c);
}

// ---- sdy: sharding rules

// Factors are called i, j, ... z, z_1, z_2, ...
static sk_status put_factor(writer *w, const sk_cursor *c, int64_t factor) {
  enum { LETTERS = 'z' - 'i' };
  if (factor < 0) {
    return sk_bytecode_error(w->r, c, "factor %lld is negative", (long long)factor);
  }
  sk_text_add_char(w->text, (char)('i' + (factor < LETTERS ? factor : LETTERS)));
  if (factor > LETTERS) {
    sk_text_addf(w->text, "_%lld", (long long)(factor - LETTERS));
  }
  return sk_bytecode_spend(w->r, c, 8);
}

static sk_status put_factors(writer *w, sk_cursor *c, const char *between, uint32_t *out_count) {
  SK_TRY(sk_bytecode_count(w->r, c, "factors", out_count));
  for (uint32_t i = 0; i < *out_count; i++) {
    int64_t factor = 0;
    SK_TRY(sk_bytecode_signed(w->r, c, &factor));
    SK_TRY(put(w, c, sk_str_from(i > 0 ? between : "")));
    SK_TRY(put_factor(w, c, factor));
  }
  return NULL;
}

static sk_status put_dim_mapping(writer *w, uint32_t index) {
  sk_cursor c;
  uint32_t count;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, DIM_MAPPING, &c));
  SK_TRY(put_factors(w, &c, "", &count));
  return close_part(w, &c);
}

static sk_status put_tensor_mapping(writer *w, uint32_t index) {
  sk_cursor c;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, TENSOR_MAPPING, &c));
  PUT(w, &c, "[");
  SK_TRY(put_list(w, &c, put_dim_mapping));
  PUT(w, &c, "]");
  return close_part(w, &c);
}

//  {i=8, j=2}
static sk_status put_factor_sizes(writer *w, sk_cursor *c) {
  uint32_t count;
  SK_TRY(sk_bytecode_count(w->r, c, "factors", &count));
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(put(w, c, i > 0 ? SK_STR(", ") : SK_STR(" {")));
    SK_TRY(put_factor(w, c, i));
    PUT(w, c, "=");
    SK_TRY(put_number(w, c));
  }
  return put(w, c, count > 0 ? SK_STR("}") : SK_STR(""));
}

// <([i, j], [k, l])->([i, l]) {i=8, j=2, k=2, l=4} reduction={j}, custom>
static sk_status put_rule(writer *w, uint32_t index) {
  static const char *const kinds[] = {"reduction", "need_replication", "permutation",
                                      "blocked_propagation"};
  sk_cursor c;
  uint8_t custom = 0;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, RULE, &c));
  sk_cursor sizes = c;  // stand first, but are printed behind the mappings
  uint32_t height = w->r->ints.count;
  uint32_t factors;
  SK_TRY(sk_bytecode_ints(w->r, &c, &factors));
  w->r->ints.count = height;
  PUT(w, &c, "<(");
  SK_TRY(put_list(w, &c, put_tensor_mapping));
  PUT(w, &c, ")->(");
  SK_TRY(put_list(w, &c, put_tensor_mapping));
  PUT(w, &c, ")");
  SK_TRY(put_factor_sizes(w, &sizes));
  for (size_t i = 0; i < SK_COUNT(kinds); i++) {
    uint32_t count = 0;
    if (c.at < c.end && *c.at != 1) {
      sk_text_addf(w->text, " %s={", kinds[i]);
      SK_TRY(put_factors(w, &c, ", ", &count));
      PUT(w, &c, "}");
    } else {
      SK_TRY(put_factors(w, &c, "", &count));
    }
  }
  SK_TRY(sk_bytecode_byte(w->r, &c, &custom));
  SK_TRY(put(w, &c, custom != 0 ? SK_STR(", custom>") : SK_STR(">")));
  return close_part(w, &c);
}

// ---- StableHLO: replica groups by mesh axes, in its own encoding and in VHLO's

static bool is_vhlo(const writer *w) { return w->codes->dialect == SK_DIALECT_VHLO; }

static sk_status open_group_part(writer *w, uint32_t index, uint32_t code, sk_cursor *out) {
  return open_part(w, index, w->codes->dialect, code, out);
}

// "x": a string; in VHLO, a string attribute
static sk_status put_name(writer *w, sk_cursor *c) {
  sk_sym sym;
  if (!is_vhlo(w)) {
    return put_string(w, c);
  }
  SK_TRY(sk_bytecode_read_text(w->r, c, &sym));
  return put_quoted(w, c, sk_sym_str(&w->r->module->strings, sym));
}

// <name = "x", sub_axis_info = (1)2>
static sk_status put_group_axis(writer *w, uint32_t index) {
  sk_cursor c;
  uint64_t has_sub_axis = 0;
  uint8_t byte = 0;
  SK_TRY(open_group_part(w, index, w->codes->axis, &c));
  PUT(w, &c, "#stablehlo.axis_ref<name = ");
  SK_TRY(put_name(w, &c));
  if (is_vhlo(w)) {
    SK_TRY(sk_bytecode_varint(w->r, &c, &has_sub_axis));
  } else {
    SK_TRY(sk_bytecode_byte(w->r, &c, &byte));
    has_sub_axis = byte;
  }
  if (has_sub_axis != 0) {
    uint32_t sub_axis;
    PUT(w, &c, ", sub_axis_info = ");
    SK_TRY(sk_bytecode_read_index(w->r, &c, &sub_axis));
    SK_TRY(put_sub_axis(w, sub_axis, w->codes->dialect, w->codes->sub_axis));
  }
  PUT(w, &c, ">");
  return close_part(w, &c);
}

// <name = "x", size = 2>
static sk_status put_group_mesh_axis(writer *w, uint32_t index) {
  sk_cursor c;
  SK_TRY(open_group_part(w, index, w->codes->mesh_axis, &c));
  PUT(w, &c, "<name = ");
  SK_TRY(put_name(w, &c));
  PUT(w, &c, ", size = ");
  SK_TRY(put_number(w, &c));
  PUT(w, &c, ">");
  return close_part(w, &c);
}

// The items of an array attribute of builtin or VHLO.
static sk_status put_array(writer *w, sk_cursor *c, put_part part) {
  uint32_t index;
  SK_TRY(sk_bytecode_read_index(w->r, c, &index));
  if (!is_part(w, index, SK_DIALECT_VHLO, 1) && !is_part(w, index, SK_DIALECT_BUILTIN, 0)) {
    return sk_bytecode_error(w->r, c, "expected an array of axes");
  }
  sk_cursor items = sk_bytecode_content(w->r, &w->r->attrs[index]);
  SK_TRY(put_list(w, &items, part));
  return close_part(w, &items);
}

// The constant behind an optional index, or behind a flag.
static sk_status read_device_ids(writer *w, sk_cursor *c, bool *out_present, uint32_t *out_index) {
  uint8_t byte = 0;
  if (is_vhlo(w)) {
    return read_optional(w, c, out_present, out_index);
  }
  SK_TRY(sk_bytecode_byte(w->r, c, &byte));
  *out_present = byte != 0;
  return byte != 0 ? sk_bytecode_read_index(w->r, c, out_index) : NULL;
}

// #stablehlo.mesh<axes=[<name = "x", size = 2>], device_ids=dense<..> : tensor<..>>
static sk_status put_group_mesh(writer *w, uint32_t index) {
  sk_cursor c;
  bool has_ids = false;
  uint32_t ids = 0;
  SK_TRY(open_group_part(w, index, w->codes->mesh, &c));
  PUT(w, &c, "#stablehlo.mesh<axes=[");
  SK_TRY(put_array(w, &c, put_group_mesh_axis));
  PUT(w, &c, "]");
  SK_TRY(read_device_ids(w, &c, &has_ids, &ids));
  if (has_ids) {
    PUT(w, &c, ", device_ids=");
    SK_TRY(put_attr(w, &c, ids));
  }
  PUT(w, &c, ">");
  return close_part(w, &c);
}

// The mesh of a group: one written out, or its name, which VHLO has as a string.
static sk_status put_mesh_or_name(writer *w, const sk_cursor *c, uint32_t index) {
  sk_attr attr;
  if (is_part(w, index, w->codes->dialect, w->codes->mesh)) {
    return put_group_mesh(w, index);
  }
  SK_TRY(sk_bytecode_get_attr(w->r, index, &attr));
  const sk_attr_rec *rec = sk_attr_get(w->r->module, attr);
  if (rec->kind != SK_ATTR_STRING && rec->kind != SK_ATTR_SYMBOL) {
    return sk_bytecode_error(w->r, c, "expected a mesh or the name of one");
  }
  sk_attr_rec symbol = {.kind = SK_ATTR_SYMBOL, .u.sym = rec->u.sym};
  size_t before = w->text->len;
  SK_BYTECODE_SET_ID(&attr, sk_attr_new(w->r->module, &symbol));
  sk_attr_print(w->r->module, attr, w->text);
  return sk_bytecode_spend(w->r, c, w->text->len - before);
}

static sk_status put_groups(writer *w, uint32_t index) {
  sk_cursor c;
  uint32_t mesh;
  SK_TRY(open_group_part(w, index, w->codes->groups, &c));
  PUT(w, &c, "#stablehlo.replica_group_mesh_axes<mesh = ");
  SK_TRY(sk_bytecode_read_index(w->r, &c, &mesh));
  SK_TRY(put_mesh_or_name(w, &c, mesh));
  PUT(w, &c, ", axes = [");
  SK_TRY(is_vhlo(w) ? put_array(w, &c, put_group_axis) : put_list(w, &c, put_group_axis));
  PUT(w, &c, "]>");
  return close_part(w, &c);
}

// ---- whole attributes

// Lists in brackets of the dialect's style: #sdy<manual_axes{"a"}>
static sk_status put_enclosed(writer *w, uint32_t index, uint32_t code, sk_str open, put_part part,
                              sk_str close) {
  sk_cursor c;
  SK_TRY(open_part(w, index, SK_DIALECT_SDY, code, &c));
  SK_TRY(put(w, &c, open));
  SK_TRY(put_list(w, &c, part));
  SK_TRY(put(w, &c, close));
  return close_part(w, &c);
}

// A part on its own: #sdy<name ..>
static sk_status put_alone(writer *w, uint32_t index, const char *name, put_part part) {
  sk_text_addf(w->text, "#sdy<%s", name);
  SK_TRY(part(w, index));
  sk_text_add_char(w->text, '>');
  return NULL;
}

static sk_status put_named(writer *w, uint32_t index, const char *name, put_part part) {
  sk_text_addf(w->text, "#sdy.%s", name);
  return part(w, index);
}

static sk_status put_sdy(writer *w, uint32_t index, uint32_t code) {
  switch (code) {
    case MANUAL_AXES:
      return put_enclosed(w, index, code, SK_STR("#sdy<manual_axes{"), put_manual_axis,
                          SK_STR("}>"));
    case MESH_AXIS: return put_alone(w, index, "mesh_axis", put_mesh_axis);
    case MESH: return put_named(w, index, "mesh", put_mesh);
    case SUB_AXIS:
      sk_text_add(w->text, SK_STR("#sdy<sub_axis_info"));
      SK_TRY(put_sub_axis(w, index, SK_DIALECT_SDY, SUB_AXIS));
      sk_text_add_char(w->text, '>');
      return NULL;
    case AXIS_REF: return put_alone(w, index, "axis_ref", put_axis_ref);
    case DIM_SHARDING: return put_alone(w, index, "dimension_sharding", put_dim_sharding);
    case SHARDING:
    case SHARDING_2:
    case SHARDING_3: return put_named(w, index, "sharding", put_sharding);
    case PER_VALUE:
    case PER_VALUE_2: return put_named(w, index, "sharding_per_value", put_per_value);
    case DIM_MAPPING: return put_alone(w, index, "dim_mapping", put_dim_mapping);
    case TENSOR_MAPPING: return put_alone(w, index, "tensor_mapping", put_tensor_mapping);
    case RULE: return put_named(w, index, "op_sharding_rule", put_rule);
    case AXIS_LIST: return put_alone(w, index, "axis_ref_list", put_axis_list);
    case AXIS_LISTS:
      return put_enclosed(w, index, code, SK_STR("#sdy<list_of_axis_ref_lists["), put_axis_list,
                          SK_STR("]>"));
    case PARAM: return put_alone(w, index, "all_to_all_param", put_param);
    default:
      return put_enclosed(w, index, PARAMS, SK_STR("#sdy<all_to_all_param_list["), put_param,
                          SK_STR("]>"));
  }
}

static sk_status put_stablehlo(writer *w, uint32_t index, uint32_t code) {
  const group_codes *codes = w->codes;
  if (code == codes->groups) {
    return put_groups(w, index);
  }
  if (code == codes->axis) {
    return put_group_axis(w, index);
  }
  if (code == codes->mesh) {
    return put_group_mesh(w, index);
  }
  if (code == codes->mesh_axis) {
    sk_text_add(w->text, SK_STR("#stablehlo.mesh_axis"));
    return put_group_mesh_axis(w, index);
  }
  sk_cursor at = sk_bytecode_entry_cursor(w->r, &w->r->attrs[index]);
  return sk_bytecode_unsupported(w->r, &at, "a part of an axis on its own is not supported");
}

sk_status sk_bytecode_sharding(sk_bytecode *r, uint32_t index, sk_attr *out) {
  const sk_bytecode_entry *entry = &r->attrs[index];
  sk_text text;
  writer w = {r, &text, entry->dialect_id == SK_DIALECT_VHLO ? &vhlo_codes : &stablehlo_codes};
  sk_text_init(&text);
  sk_status status = entry->dialect_id == SK_DIALECT_SDY ? put_sdy(&w, index, entry->code)
                                                         : put_stablehlo(&w, index, entry->code);
  if (status == NULL) {
    *out = text.failed ? (sk_attr){0} : sk_attr_opaque(r->module, (sk_str){text.data, text.len});
    status = out->id == 0 ? sk_status_no_memory() : NULL;
  }
  sk_text_fini(&text);
  return status;
}
