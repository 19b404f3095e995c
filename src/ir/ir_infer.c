// SPDX-License-Identifier: Apache-2.0
// Result types of an op that does not exist yet, and the helpers that rules are written with
// (rule_int.h).
//
// Before a rule runs, the counts of operands, results and regions, the kinds of the attributes of
// the schema, and the element type of the first operand have been checked, so that a rule may index
// and cast without looking again.
#include <stdio.h>

#include "ir/rule_int.h"

// ------------------------------------------------------------------------------ the table of rules

#define sk_rule_none NULL
#define sk_rule_todo NULL
static const sk_rule_fn sk_rules[SK_OPKIND_COUNT] = {
    [SK_OP_NONE] = NULL,
#define X(e, name, o0, o1, r0, r1, g0, g1, op_class, syntax, elems, traits, attrs, rule, interp,   \
          loop, native)                                                                            \
  [SK_OP_##e] = sk_rule_##rule,
#include "ir/ops.def"
#undef X
};
#undef sk_rule_none
#undef sk_rule_todo

bool sk_opkind_has_rule(sk_opkind kind) {
  static const char *const names[SK_OPKIND_COUNT] = {
      [SK_OP_NONE] = "none",
#define X(e, name, o0, o1, r0, r1, g0, g1, op_class, syntax, elems, traits, attrs, rule, interp,   \
          loop, native)                                                                            \
  [SK_OP_##e] = #rule,
#include "ir/ops.def"
#undef X
  };
  return sk_rules[kind] != NULL || strcmp(names[kind], "none") == 0;
}

const char *sk_ir_result_label(sk_opkind kind, sk_result_part part) {
  static const char *const labels[SK_OPKIND_COUNT][3] = {
#define X(e, shape, elem, count) [SK_OP_##e] = {shape, elem, count},
#include "ir/results.def"
#undef X
  };
  const char *label = labels[kind][part];
  return label != NULL && label[0] != '\0' ? label : NULL;
}

// ------------------------------------------------------------------------------------------ access

sk_type sk_rule_operand_type(const sk_rule *r, uint32_t i) {
  return sk_value_type(r->m, r->desc->operands[i]);
}

const sk_type_rec *sk_rule_operand(const sk_rule *r, uint32_t i) {
  return sk_value_type_rec(r->m, r->desc->operands[i]);
}

const sk_type_rec *sk_rule_written(const sk_rule *r, uint32_t i) {
  return sk_type_get(r->m, i < r->desc->result_count ? r->desc->result_types[i] : (sk_type){0});
}

const sk_attr_rec *sk_rule_attr(const sk_rule *r, sk_name name) {
  for (uint32_t i = 0; i < r->desc->attr_count; i++) {
    if (r->desc->attrs[i].name.id == (uint32_t)name) {
      return sk_attr_get(r->m, r->desc->attrs[i].attr);
    }
  }
  return sk_attr_get(r->m, (sk_attr){0});
}

sk_ints sk_rule_ints(const sk_rule *r, sk_name name) {
  const sk_attr_rec *rec = sk_rule_attr(r, name);
  return rec->kind == SK_ATTR_INTS || rec->kind == SK_ATTR_BOOLS ? rec->u.ints : (sk_ints){NULL, 0};
}

int64_t sk_rule_int(const sk_rule *r, sk_name name, int64_t otherwise) {
  const sk_attr_rec *rec = sk_rule_attr(r, name);
  if (rec->kind == SK_ATTR_UNIT) {
    return 1;
  }
  bool number = rec->kind == SK_ATTR_INT || rec->kind == SK_ATTR_BOOL || rec->kind == SK_ATTR_ENUM;
  return number ? rec->u.i : otherwise;
}

// ----------------------------------------------------------------------------------------- reports

enum { TYPES_MAX = 400 };  // characters of types in a note

static sk_status note_types(const sk_rule *r, sk_status status) {
  sk_text text;
  sk_text_init(&text);
  for (uint32_t i = 0; i < r->desc->operand_count && text.len < TYPES_MAX; i++) {
    sk_text_add(&text, i ? SK_STR(", ") : SK_STR(""));
    sk_type_print(r->m, sk_rule_operand_type(r, i), &text);
  }
  sk_text_add(&text, SK_STR(") -> ("));
  for (uint32_t i = 0; i < r->desc->result_count && text.len < 2 * TYPES_MAX; i++) {
    sk_text_add(&text, i ? SK_STR(", ") : SK_STR(""));
    sk_type_print(r->m, r->desc->result_types[i], &text);
  }
  if (!text.failed) {
    status = sk_status_note(status, "types: (%.*s)", (int)SK_MIN(text.len, (size_t)(2 * TYPES_MAX)),
                            text.data);
  }
  sk_text_fini(&text);
  return status;
}

static sk_status fail_with(const sk_rule *r, sk_code code, const char *label, const char *message) {
  sk_srcpos at = sk_loc_pos(r->m, r->desc->loc);
  const char *name = sk_opkind_name(r->desc->kind);
  sk_status status = label == NULL
                         ? sk_status_new_at(code, at, "%s: %s", name, message)
                         : sk_status_new_at(code, at, "%s: %s (%s)", name, message, label);
  return note_types(r, status);
}

sk_status sk_rule_fail(const sk_rule *r, const char *label, const char *format, ...) {
  char message[512];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  return fail_with(r, SK_INVALID_ARGUMENT, label, message);
}

// ----------------------------------------------------------------------------------------- results

sk_status sk_rule_add(sk_rule *r, sk_type type) {
  if (type.id == 0) {
    return sk_status_no_memory();
  }
  if (r->count == r->cap) {
    return sk_rule_fail(r, NULL, "more results than room for them");
  }
  r->out[r->count++] = type;
  return NULL;
}

static sk_status add_rec(sk_rule *r, const sk_type_rec *rec) {
  if (rec->rank > SK_MAX_RANK) {
    return sk_rule_fail(r, NULL, "result has rank %u, the limit is %d", rec->rank, SK_MAX_RANK);
  }
  sk_type type = sk_type_intern(r->m, rec);
  if (type.id == 0) {
    return sk_status_note(sk_type_explain(r->m, rec, sk_loc_pos(r->m, r->desc->loc)),
                          "result of %s", sk_opkind_name(r->desc->kind));
  }
  return sk_rule_add(r, type);
}

sk_status sk_rule_add_tensor(sk_rule *r, const sk_type_rec *elem_like, uint32_t rank,
                             const int64_t *dims) {
  sk_type_rec rec = {
      .kind = SK_TYPE_TENSOR, .elem = elem_like->elem, .quant = elem_like->quant, .dims = dims};
  rec.rank = (uint16_t)SK_MIN(rank, SK_MAX_RANK + 1);
  return add_rec(r, &rec);
}

int64_t sk_dim_bound(const sk_type_rec *type, uint32_t dim) {
  return type->bounds ? type->bounds[dim] : SK_DIM_UNKNOWN;
}

void sk_extents_of(const sk_type_rec *type, sk_extents *out) {
  out->rank = type->rank;
  for (uint32_t i = 0; i < type->rank; i++) {
    out->dims[i] = type->dims[i];
    out->bounds[i] = sk_dim_bound(type, i);
  }
}

sk_status sk_extents_merge(const sk_rule *r, const char *label, uint32_t dim,
                           const sk_extents *other, sk_extents *e) {
  int64_t a = e->dims[dim], b = other->dims[dim];
  int64_t bound_a = e->bounds[dim], bound_b = other->bounds[dim];
  int64_t size = a == SK_DIM_UNKNOWN ? b : a, bound = b == SK_DIM_UNKNOWN ? bound_b : bound_a;
  SK_RULE_REQUIRE(r, size == SK_DIM_UNKNOWN || bound == SK_DIM_UNKNOWN || size <= bound, label,
                  "size %lld of dimension %u is above the bound %lld", (long long)size, dim,
                  (long long)bound);
  bool lower_b = bound_a == SK_DIM_UNKNOWN || (bound_b != SK_DIM_UNKNOWN && bound_b < bound_a);
  e->dims[dim] = size;
  e->bounds[dim] = size != SK_DIM_UNKNOWN ? SK_DIM_UNKNOWN : lower_b ? bound_b : bound_a;
  return NULL;
}

sk_status sk_rule_add_extents(sk_rule *r, const sk_type_rec *elem_like, const sk_extents *e) {
  sk_type_rec rec = {.kind = SK_TYPE_TENSOR,
                     .elem = elem_like->elem,
                     .quant = elem_like->quant,
                     .dims = e->dims,
                     .bounds = e->bounds};
  rec.rank = (uint16_t)e->rank;
  return add_rec(r, &rec);
}

// The more specific of two matching shapes, with a's element type.
sk_status sk_rule_add_merged(sk_rule *r, sk_type ta, sk_type tb) {
  const sk_type_rec *a = sk_type_get(r->m, ta), *b = sk_type_get(r->m, tb);
  if (ta.id == tb.id || (b->bounds == NULL && sk_type_is_static_tensor(r->m, ta))) {
    return sk_rule_add(r, ta);
  }
  sk_extents merged, other;
  sk_extents_of(a, &merged);
  sk_extents_of(b, &other);
  for (uint32_t i = 0; i < a->rank; i++) {
    SK_TRY(sk_extents_merge(r, NULL, i, &other, &merged));
  }
  return sk_type_is_static_tensor(r->m, ta) ? sk_rule_add(r, ta)
                                            : sk_rule_add_extents(r, a, &merged);
}

sk_status sk_rule_add_elem(sk_rule *r, const sk_type_rec *like, sk_elem elem) {
  sk_type_rec rec = *like;
  rec.elem = (uint8_t)elem;
  rec.quant = NULL;
  return add_rec(r, &rec);
}

sk_status sk_rule_need_written(const sk_rule *r, uint32_t count) {
  return r->desc->result_count >= count
             ? NULL
             : sk_rule_fail(r, NULL,
                            "the result type does not follow from the operands; it must be given");
}

sk_status sk_rule_add_written(sk_rule *r) {
  for (uint32_t i = 0; i < r->desc->result_count; i++) {
    SK_TRY(sk_rule_add(r, r->desc->result_types[i]));
  }
  return NULL;
}

// ------------------------------------------------------------------------------------- comparisons

bool sk_shape_match(const sk_type_rec *a, const sk_type_rec *b) {
  if (a->rank != b->rank) {
    return false;
  }
  for (uint32_t i = 0; i < a->rank; i++) {
    if (!sk_dim_match(a->dims[i], b->dims[i])) {
      return false;
    }
  }
  return true;
}

bool sk_elem_baseline(const sk_type_rec *a, const sk_type_rec *b) {
  if (a->elem != b->elem || (a->quant == NULL) != (b->quant == NULL)) {
    return false;
  }
  return a->quant == NULL ||
         (a->quant->storage == b->quant->storage && a->quant->expressed == b->quant->expressed &&
          a->quant->storage_min == b->quant->storage_min &&
          a->quant->storage_max == b->quant->storage_max && a->quant->axis == b->quant->axis);
}

bool sk_elem_match(const sk_type_rec *a, const sk_type_rec *b) {
  if (a->quant == NULL || a->quant == b->quant) {
    return a->elem == b->elem && a->quant == b->quant;
  }
  sk_type_rec x = {.kind = SK_TYPE_SCALAR, .elem = a->elem, .quant = a->quant};
  sk_type_rec y = {.kind = SK_TYPE_SCALAR, .elem = b->elem, .quant = b->quant};
  return sk_ir_type_equal(&x, &y);
}

bool sk_type_baseline(const sk_module *m, sk_type ta, sk_type tb) {
  if (ta.id == tb.id) {
    return true;
  }
  const sk_type_rec *a = sk_type_get(m, ta), *b = sk_type_get(m, tb);
  if (a->quant == NULL || b->quant == NULL || a->kind != SK_TYPE_TENSOR ||
      b->kind != SK_TYPE_TENSOR) {
    return sk_type_compatible(m, ta, tb);
  }
  return sk_elem_baseline(a, b) && sk_shape_match(a, b);
}

bool sk_elem_promotable(const sk_type_rec *from, const sk_type_rec *to) {
  if (from->quant != NULL || to->quant != NULL) {
    return from->quant != NULL && to->quant != NULL &&
           from->quant->expressed == to->quant->expressed &&
           sk_elem_bits(from->quant->storage) <= sk_elem_bits(to->quant->storage);
  }
  sk_elem a = (sk_elem)from->elem, b = (sk_elem)to->elem;
  bool same_class =
      sk_elem_get_class(a) == sk_elem_get_class(b) || (sk_elem_is_int(a) && sk_elem_is_int(b));
  return same_class && sk_elem_bits(a) <= sk_elem_bits(b);
}

bool sk_is_unique(sk_ints list) {
  for (uint32_t i = 0; i < list.count; i++) {
    for (uint32_t k = i + 1; k < list.count; k++) {
      if (list.data[i] == list.data[k]) {
        return false;
      }
    }
  }
  return true;
}

bool sk_is_sorted(sk_ints list) {
  for (uint32_t i = 1; i < list.count; i++) {
    if (list.data[i - 1] > list.data[i]) {
      return false;
    }
  }
  return true;
}

bool sk_in_range(sk_ints list, int64_t end) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (list.data[i] < 0 || list.data[i] >= end) {
      return false;
    }
  }
  return true;
}

bool sk_contains(sk_ints list, int64_t value) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (list.data[i] == value) {
      return true;
    }
  }
  return false;
}

// ---------------------------------------------------------------------------------- known operands

bool sk_rule_const_ints(const sk_rule *r, uint32_t i, uint32_t cap, int64_t *out,
                        uint32_t *out_count) {
  sk_op def = sk_value_get(r->m, r->desc->operands[i])->op;
  const sk_attr_rec *value = sk_attr_get(r->m, sk_op_find_attr(r->m, def, SK_NAME_value));
  int64_t count, bytes;
  if (sk_op_kind(r->m, def) != SK_OP_CONSTANT || value->kind != SK_ATTR_DENSE ||
      !sk_type_elem_count(r->m, value->type, &count) ||
      !sk_type_byte_count(r->m, value->type, &bytes) || count > (int64_t)cap) {
    return false;
  }
  sk_elem elem = (sk_elem)sk_type_get(r->m, value->type)->elem;
  uint32_t width = sk_elem_bytes(elem);
  if (!(sk_elem_is_int(elem) || elem == SK_INDEX) ||
      value->u.dense.bytes != (uint64_t)(value->u.dense.splat ? width : bytes)) {
    return false;
  }
  for (int64_t k = 0; k < count; k++) {
    uint64_t bits = 0;
    memcpy(&bits, (const char *)value->u.dense.data + (value->u.dense.splat ? 0 : k * width),
           width);
    bool negative =
        sk_elem_get_class(elem) != SK_CLASS_UINT && width < 8 && (bits >> (8 * width - 1) & 1);
    out[k] = (int64_t)(negative ? bits | UINT64_MAX << (8 * width) : bits);
  }
  *out_count = (uint32_t)count;
  return true;
}

// ----------------------------------------------------------------------------------------- regions

uint32_t sk_region_arg_count(const sk_rule *r, uint32_t region) {
  return sk_region_get(r->m, r->desc->regions[region])->arg_count;
}

const sk_type_rec *sk_region_arg_type(const sk_rule *r, uint32_t region, uint32_t arg) {
  return sk_value_type_rec(r->m, sk_region_arg(r->m, r->desc->regions[region], arg));
}

sk_status sk_rule_region_returns(const sk_rule *r, uint32_t region, sk_op *out_terminator) {
  *out_terminator = sk_region_get(r->m, r->desc->regions[region])->last;
  sk_opkind kind = sk_op_kind(r->m, *out_terminator);
  SK_RULE_REQUIRE(r, out_terminator->id != 0 && sk_opkind_has(kind, SK_TRAIT_TERMINATOR), NULL,
                  "region %u does not end in a return", region);
  return NULL;
}

static bool has_shape_of_init(const sk_rule *r, const sk_type_rec *type, uint32_t first_init,
                              uint32_t i) {
  return sk_is_tensor(type) && (first_init == SK_ZERO_DIMENSIONAL
                                    ? type->rank == 0
                                    : sk_shape_match(type, sk_rule_operand(r, first_init + i)));
}

sk_status sk_rule_reducer(sk_rule *r, uint32_t region, uint32_t count, uint32_t first_input,
                          uint32_t first_init, const char *label, const sk_type_rec **out_elems) {
  sk_op last;
  SK_TRY(sk_rule_region_returns(r, region, &last));
  SK_RULE_REQUIRE(r, sk_region_arg_count(r, region) == 2 * count, label,
                  "the body takes %u arguments, not %u", sk_region_arg_count(r, region), 2 * count);
  SK_RULE_REQUIRE(r, sk_op_get(r->m, last)->operand_count == count, label,
                  "the body returns %u values, not %u", sk_op_get(r->m, last)->operand_count,
                  count);
  for (uint32_t i = 0; i < count; i++) {
    const sk_type_rec *result = sk_value_type_rec(r->m, sk_op_operand(r->m, last, i));
    SK_RULE_REQUIRE(r, has_shape_of_init(r, result, first_init, i), label,
                    "result %u of the body is not a tensor of the shape of an initial value", i);
    for (uint32_t k = 0; k < 2; k++) {
      const sk_type_rec *arg = sk_region_arg_type(r, region, i + k * count);
      SK_RULE_REQUIRE(r, has_shape_of_init(r, arg, first_init, i) && sk_elem_match(arg, result),
                      label, "argument %u of the body differs from its result %u", i + k * count,
                      i);
    }
    SK_RULE_REQUIRE(r, sk_elem_promotable(sk_rule_operand(r, first_input + i), result), label,
                    "element type of input %u cannot be promoted to that of the body", i);
    out_elems[i] = result;
  }
  return NULL;
}

// ----------------------------------------------------------------------------------------- windows

// (n - 1) * step + 1, 0 for n = 0
static bool dilate(int64_t n, int64_t step, int64_t *out) {
  if (n == 0) {
    *out = 0;
    return true;
  }
  return !SK_MUL_OVERFLOW(n - 1, step, out) && !SK_ADD_OVERFLOW(*out, (int64_t)1, out);
}

bool sk_window_count(int64_t input, const sk_window *w, int64_t *out_count) {
  int64_t padded, window;
  if (input == SK_DIM_UNKNOWN || w->size == SK_DIM_UNKNOWN) {
    *out_count = SK_DIM_UNKNOWN;
    return true;
  }
  if (!dilate(input, w->base_dilation, &padded) || !dilate(w->size, w->window_dilation, &window) ||
      SK_ADD_OVERFLOW(padded, w->pad_low, &padded) ||
      SK_ADD_OVERFLOW(padded, w->pad_high, &padded)) {
    return false;
  }
  *out_count = padded <= 0 || window > padded ? 0 : (padded - window) / w->stride + 1;
  return true;
}

// ---------------------------------------------------------------------------- checks before a rule

static bool list_of(const sk_module *m, const sk_attr_rec *rec, sk_attr_kind kind,
                    uint32_t enum_id) {
  if (rec->kind != SK_ATTR_ARRAY) {
    return false;
  }
  for (uint32_t i = 0; i < rec->u.list.count; i++) {
    const sk_attr_rec *item = sk_attr_get(m, rec->u.list.data[i]);
    if (item->kind != kind || (enum_id != 0 && item->enum_id != enum_id)) {
      return false;
    }
  }
  return true;
}

static bool is_int_of(const sk_module *m, const sk_attr_rec *rec, sk_elem elem) {
  return rec->kind == SK_ATTR_INT && sk_type_get(m, rec->type)->elem == elem;
}

// As many bytes as the type needs.
static bool dense_fits(const sk_module *m, const sk_attr_rec *rec) {
  int64_t count, bytes;
  if (!sk_type_elem_count(m, rec->type, &count) || !sk_type_byte_count(m, rec->type, &bytes)) {
    return false;
  }
  bool splat =
      rec->u.dense.splat && count > 0 && rec->u.dense.bytes * (uint64_t)count == (uint64_t)bytes;
  return splat || (!rec->u.dense.splat && rec->u.dense.bytes == (uint64_t)bytes) || count == 0;
}

bool sk_ir_attr_fits(const sk_module *m, const sk_attr_schema *schema, const sk_attr_rec *rec) {
  switch ((sk_schema_kind)schema->kind) {
    case SK_SCHEMA_ANY: return true;
    case SK_SCHEMA_UNIT: return rec->kind == SK_ATTR_UNIT || rec->kind == SK_ATTR_BOOL;
    case SK_SCHEMA_BOOL: return rec->kind == SK_ATTR_BOOL;
    case SK_SCHEMA_INT: return is_int_of(m, rec, SK_S64) || is_int_of(m, rec, SK_U64);
    case SK_SCHEMA_I32: return is_int_of(m, rec, SK_S32);
    case SK_SCHEMA_FLOAT: return rec->kind == SK_ATTR_FLOAT;
    case SK_SCHEMA_STRING: return rec->kind == SK_ATTR_STRING;
    case SK_SCHEMA_SYMBOL: return rec->kind == SK_ATTR_SYMBOL;
    case SK_SCHEMA_SYMBOLS: return list_of(m, rec, SK_ATTR_SYMBOL, 0);
    case SK_SCHEMA_TYPE: return rec->kind == SK_ATTR_TYPE;
    case SK_SCHEMA_INTS: return rec->kind == SK_ATTR_INTS && rec->cols == 0;
    case SK_SCHEMA_PAIRS: return rec->kind == SK_ATTR_INTS;
    case SK_SCHEMA_GROUPS: return rec->kind == SK_ATTR_INTS || rec->kind == SK_ATTR_OPAQUE;
    case SK_SCHEMA_BOOLS: return rec->kind == SK_ATTR_BOOLS;
    case SK_SCHEMA_DENSE: return rec->kind == SK_ATTR_DENSE && dense_fits(m, rec);
    case SK_SCHEMA_ENUM:
      return rec->kind == SK_ATTR_ENUM && rec->enum_id == schema->enum_id &&
             sk_enum_keyword((sk_enum_id)rec->enum_id, rec->u.i) != NULL;
    case SK_SCHEMA_PRECISIONS: return list_of(m, rec, SK_ATTR_ENUM, SK_ENUM_PRECISION);
    case SK_SCHEMA_DOT_DIMS: return rec->kind == SK_ATTR_DOT_DIMS;
    case SK_SCHEMA_RAGGED_DIMS: return rec->kind == SK_ATTR_RAGGED_DIMS;
    case SK_SCHEMA_GATHER_DIMS: return rec->kind == SK_ATTR_GATHER_DIMS;
    case SK_SCHEMA_SCATTER_DIMS: return rec->kind == SK_ATTR_SCATTER_DIMS;
    case SK_SCHEMA_CONV_DIMS: return rec->kind == SK_ATTR_CONV_DIMS;
    case SK_SCHEMA_ALGORITHM: return rec->kind == SK_ATTR_DOT_ALGORITHM;
    case SK_SCHEMA_ACCURACY: return rec->kind == SK_ATTR_RESULT_ACCURACY;
    case SK_SCHEMA_CHANNEL: return rec->kind == SK_ATTR_CHANNEL_HANDLE;
    case SK_SCHEMA_ALIASES: return list_of(m, rec, SK_ATTR_OUTPUT_OPERAND_ALIAS, 0);
    case SK_SCHEMA_LAYOUTS: return list_of(m, rec, SK_ATTR_INTS, 0);
    case SK_SCHEMA_ARRAY: return rec->kind == SK_ATTR_ARRAY;
    case SK_SCHEMA_DICT: return rec->kind == SK_ATTR_DICT;
    case SK_SCHEMA_CONFIG: return rec->kind == SK_ATTR_STRING || rec->kind == SK_ATTR_DICT;
  }
  return false;
}

static sk_status check_attrs(const sk_rule *r, const sk_op_info *info) {
  for (uint32_t i = 0; i < info->attr_count; i++) {
    const sk_attr_schema *schema = &info->attrs[i];
    const sk_attr_rec *rec = sk_rule_attr(r, (sk_name)schema->name);
    const char *name = sk_name_text((sk_name)schema->name);
    if (rec->kind == SK_ATTR_NONE_KIND) {
      SK_RULE_REQUIRE(r, schema->presence != SK_PRESENCE_REQUIRED, NULL, "requires attribute '%s'",
                      name);
      continue;
    }
    SK_RULE_REQUIRE(r, sk_ir_attr_fits(r->m, schema, rec), NULL,
                    "attribute '%s' is of the wrong kind", name);
  }
  return NULL;
}

#define CLASS(name) ((uint64_t)1 << SK_OPCLASS_##name)

// Operands and results are all ranked tensors.
static bool takes_tensors(uint32_t op_class) {
  const uint64_t classes = CLASS(ELEMENTWISE) | CLASS(QUANTIZE) | CLASS(MAP) | CLASS(CONSTANT) |
                           CLASS(VIEW) | CLASS(SHAPE) | CLASS(INDEXING) | CLASS(WINDOW) |
                           CLASS(REDUCE) | CLASS(SORT) | CLASS(DOT) | CLASS(CONV) | CLASS(LINALG) |
                           CLASS(FFT) | CLASS(NORM) | CLASS(RANDOM) | CLASS(DYNAMIC);
  return (classes >> op_class & 1) != 0;
}

// Values of any type pass through.
static bool takes_anything(uint32_t op_class) {
  const uint64_t classes = CLASS(CONTROL) | CLASS(CALL) | CLASS(RETURN) | CLASS(CUSTOM) |
                           CLASS(TUPLE) | CLASS(CAST) | CLASS(CHECK) | CLASS(SHARDING);
  return (classes >> op_class & 1) != 0;
}

static uint32_t elems_bit(sk_elem elem) {
  switch (sk_elem_get_class(elem)) {
    case SK_CLASS_PRED: return SK_ELEMS_P;
    case SK_CLASS_SINT: return SK_ELEMS_S;
    case SK_CLASS_UINT: return SK_ELEMS_U;
    case SK_CLASS_FLOAT: return SK_ELEMS_F;
    case SK_CLASS_COMPLEX: return SK_ELEMS_C;
    case SK_CLASS_NONE:
    case SK_CLASS_OTHER: break;
  }
  return elem == SK_QUANT ? SK_ELEMS_Q : 0;
}

static sk_status check_quantized(const sk_rule *r, const sk_type_rec *type, const char *what,
                                 uint32_t i) {
  const char *label = NULL, *fault = sk_type_quant_fault(type, &label);
  SK_RULE_REQUIRE(r, fault == NULL, label, "%s %u: %s", what, i, fault);
  return NULL;
}

static sk_status check_types(const sk_rule *r, const sk_op_info *info) {
  bool tensors = takes_tensors(info->op_class);
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    const sk_type_rec *type = sk_rule_operand(r, i);
    SK_RULE_REQUIRE(r, !tensors || sk_is_tensor(type), NULL, "operand %u is not a ranked tensor",
                    i);
    if (SK_UNLIKELY(type->quant != NULL)) {
      SK_TRY(check_quantized(r, type, "operand", i));
      SK_RULE_REQUIRE(r,
                      !sk_is_per_axis(type) || (info->traits & SK_TRAIT_PER_AXIS) ||
                          takes_anything(info->op_class),
                      "I1", "operand %u is quantized per axis, which this operation does not take",
                      i);
    }
  }
  for (uint32_t i = 0; i < r->desc->result_count; i++) {
    const sk_type_rec *type = sk_rule_written(r, i);
    SK_RULE_REQUIRE(r, !tensors || sk_is_tensor(type), NULL, "result %u is not a ranked tensor", i);
    if (SK_UNLIKELY(type->quant != NULL)) {
      SK_TRY(check_quantized(r, type, "result", i));
    }
  }
  if (!tensors) {
    return NULL;
  }
  if (info->elems != SK_ELEMS_ANY) {
    const sk_type_rec *first =
        r->desc->operand_count ? sk_rule_operand(r, 0) : sk_rule_written(r, 0);
    SK_RULE_REQUIRE(r, (elems_bit((sk_elem)first->elem) & info->elems) != 0, "I1",
                    "not defined for element type %s", sk_elem_name((sk_elem)first->elem));
  }
  return NULL;
}

static sk_status check_counts(const sk_rule *r, const sk_op_info *info) {
  const sk_op_desc *d = r->desc;
  SK_RULE_REQUIRE(r, sk_ir_count_fits(d->operand_count, info->operands_min, info->operands_max),
                  sk_ir_result_label(d->kind, SK_RESULT_COUNT), "has %u operands, expected %s%u",
                  d->operand_count, info->operands_max == SK_ARITY_MANY ? "at least " : "",
                  info->operands_min);
  SK_RULE_REQUIRE(r, sk_ir_count_fits(d->region_count, info->regions_min, info->regions_max),
                  sk_ir_result_label(d->kind, SK_RESULT_COUNT), "has %u regions, expected %s%u",
                  d->region_count, info->regions_max == SK_ARITY_MANY ? "at least " : "",
                  info->regions_min);
  return NULL;
}

// chlo ops take unranked tensors; nothing is known of their shapes.
static bool is_unranked(const sk_rule *r) {
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    if (sk_rule_operand(r, i)->kind == SK_TYPE_UNRANKED) {
      return true;
    }
  }
  return r->desc->result_count != 0 && sk_rule_written(r, 0)->kind == SK_TYPE_UNRANKED;
}

static bool is_free(const sk_rule *r, const sk_op_info *info) {
  return strncmp(info->name, "chlo.", 5) == 0 && is_unranked(r);
}

sk_status sk_ir_check_outside(const sk_rule *r) {
  const sk_op_info *info = sk_opkind_info(r->desc->kind);
  SK_TRY(check_counts(r, info));
  SK_TRY(check_attrs(r, info));
  return is_free(r, info) ? NULL : check_types(r, info);
}

sk_status sk_ir_run_rule(sk_rule *r) {
  sk_rule_fn rule = sk_rules[r->desc->kind];
  const sk_op_info *info = sk_opkind_info(r->desc->kind);
  if (rule == NULL) {
    return sk_rule_add_written(r);
  }
  if (is_free(r, info) && r->desc->kind != SK_OP_CHLO_CONSTANT_LIKE) {
    SK_TRY(sk_rule_need_written(r, info->results_min));
    return sk_rule_add_written(r);
  }
  return rule(r);
}

sk_status sk_ir_infer_types(sk_module *m, const sk_op_desc *desc, sk_type *out_types, uint32_t cap,
                            uint32_t *out_count) {
  sk_rule r = {.m = m, .desc = desc, .out = out_types, .cap = cap};
  *out_count = 0;
  if (desc->kind == SK_OP_NONE || desc->kind >= SK_OPKIND_COUNT) {
    return sk_status_new_at(SK_INVALID_ARGUMENT, sk_loc_pos(m, desc->loc), "not an operation");
  }
  if (!sk_opkind_has_rule(desc->kind) && desc->result_count == 0) {
    return fail_with(&r, SK_UNIMPLEMENTED, NULL, "inferring its result types is not supported");
  }
  SK_TRY(sk_ir_check_outside(&r));
  SK_TRY(sk_ir_run_rule(&r));
  *out_count = r.count;
  return NULL;
}

sk_status sk_ir_build_op(sk_module *m, sk_region into, sk_op_desc desc, sk_op *out_op) {
  sk_type types[16];
  sk_type *room = types;
  uint32_t cap = SK_COUNT(types);
  *out_op = (sk_op){0};
  if (desc.operand_count + desc.result_count > cap) {
    cap = desc.operand_count + desc.result_count;
    room = SK_NEW_ARRAY(&m->arena, sk_type, cap);
    if (room == NULL) {
      return sk_status_no_memory();
    }
  }
  uint32_t count = 0;
  SK_TRY(sk_ir_infer_types(m, &desc, room, cap, &count));
  desc.result_types = room;
  desc.result_count = count;
  *out_op = sk_op_new(m, into, &desc);
  return out_op->id != 0 ? NULL : sk_status_no_memory();
}
