// SPDX-License-Identifier: Apache-2.0
// Attributes: making them from a record, interning all but large constants and dictionaries, and
// the short constructors.
//
// sk_attr_new copies what the record points to, except the data of a dense constant, which stay
// where they are (the input bytes or the arena). Struct payloads (dot dimensions and the like)
// become one block: the struct followed by its lists.
#include "ir/ir_int.h"

enum { INTERNED_BYTES = 64 };  // of a constant: more are rarely the same twice

// --------------------------------------------------------------------------------- payload structs

// Where the parts of a struct attribute lie. Numbers are read field by field, so that padding never
// matters.
typedef struct payload_layout {
  uint16_t bytes, list_count, number_count;
  uint16_t lists[6];  // offsets of sk_ints members
  struct {
    uint8_t offset, bytes;
  } numbers[6];
} payload_layout;

#define LIST(T, member) offsetof(T, member)
#define NUMBER(T, member)                                                                          \
  { offsetof(T, member), sizeof(((T *)NULL)->member) }

static const payload_layout payload_layouts[] = {
    [SK_ATTR_DOT_DIMS] = {sizeof(sk_dot_dims),
                          4,
                          0,
                          {LIST(sk_dot_dims, lhs_batching_dimensions),
                           LIST(sk_dot_dims, rhs_batching_dimensions),
                           LIST(sk_dot_dims, lhs_contracting_dimensions),
                           LIST(sk_dot_dims, rhs_contracting_dimensions)},
                          {{0, 0}}},
    [SK_ATTR_RAGGED_DIMS] = {sizeof(sk_ragged_dims),
                             6,
                             0,
                             {LIST(sk_ragged_dims, dot.lhs_batching_dimensions),
                              LIST(sk_ragged_dims, dot.rhs_batching_dimensions),
                              LIST(sk_ragged_dims, dot.lhs_contracting_dimensions),
                              LIST(sk_ragged_dims, dot.rhs_contracting_dimensions),
                              LIST(sk_ragged_dims, lhs_ragged_dimensions),
                              LIST(sk_ragged_dims, rhs_group_dimensions)},
                             {{0, 0}}},
    [SK_ATTR_GATHER_DIMS] = {sizeof(sk_gather_dims),
                             5,
                             1,
                             {LIST(sk_gather_dims, offset_dims),
                              LIST(sk_gather_dims, collapsed_slice_dims),
                              LIST(sk_gather_dims, operand_batching_dims),
                              LIST(sk_gather_dims, start_indices_batching_dims),
                              LIST(sk_gather_dims, start_index_map)},
                             {NUMBER(sk_gather_dims, index_vector_dim)}},
    [SK_ATTR_SCATTER_DIMS] = {sizeof(sk_scatter_dims),
                              5,
                              1,
                              {LIST(sk_scatter_dims, update_window_dims),
                               LIST(sk_scatter_dims, inserted_window_dims),
                               LIST(sk_scatter_dims, input_batching_dims),
                               LIST(sk_scatter_dims, scatter_indices_batching_dims),
                               LIST(sk_scatter_dims, scatter_dims_to_operand_dims)},
                              {NUMBER(sk_scatter_dims, index_vector_dim)}},
    [SK_ATTR_CONV_DIMS] = {sizeof(sk_conv_dims),
                           3,
                           6,
                           {LIST(sk_conv_dims, input_spatial_dimensions),
                            LIST(sk_conv_dims, kernel_spatial_dimensions),
                            LIST(sk_conv_dims, output_spatial_dimensions)},
                           {NUMBER(sk_conv_dims, input_batch_dimension),
                            NUMBER(sk_conv_dims, input_feature_dimension),
                            NUMBER(sk_conv_dims, kernel_input_feature_dimension),
                            NUMBER(sk_conv_dims, kernel_output_feature_dimension),
                            NUMBER(sk_conv_dims, output_batch_dimension),
                            NUMBER(sk_conv_dims, output_feature_dimension)}},
    [SK_ATTR_DOT_ALGORITHM] = {sizeof(sk_dot_algorithm),
                               0,
                               4,
                               {0},
                               {NUMBER(sk_dot_algorithm, lhs_component_count),
                                NUMBER(sk_dot_algorithm, rhs_component_count),
                                NUMBER(sk_dot_algorithm, num_primitive_operations),
                                NUMBER(sk_dot_algorithm, allow_imprecise_accumulation)}},
    [SK_ATTR_RESULT_ACCURACY] = {sizeof(sk_result_accuracy),
                                 0,
                                 4,
                                 {0},
                                 {NUMBER(sk_result_accuracy, atol),
                                  NUMBER(sk_result_accuracy, rtol),
                                  NUMBER(sk_result_accuracy, ulps),
                                  NUMBER(sk_result_accuracy, mode)}},
    [SK_ATTR_CHANNEL_HANDLE] = {sizeof(sk_channel_handle),
                                0,
                                2,
                                {0},
                                {NUMBER(sk_channel_handle, handle),
                                 NUMBER(sk_channel_handle, type)}},
    [SK_ATTR_OUTPUT_OPERAND_ALIAS] = {sizeof(sk_output_operand_alias),
                                      2,
                                      1,
                                      {LIST(sk_output_operand_alias, output_tuple_indices),
                                       LIST(sk_output_operand_alias, operand_tuple_indices)},
                                      {NUMBER(sk_output_operand_alias, operand_index)}},
};

// NULL for kinds without a struct.
static const payload_layout *payload_of(uint8_t kind) {
  bool has = kind < SK_COUNT(payload_layouts) && payload_layouts[kind].bytes != 0;
  return has ? &payload_layouts[kind] : NULL;
}

static sk_ints payload_list(const payload_layout *layout, const void *payload, uint32_t i) {
  sk_ints list;
  memcpy(&list, (const char *)payload + layout->lists[i], sizeof list);
  return list;
}

static uint64_t payload_number(const payload_layout *layout, const void *payload, uint32_t i) {
  uint64_t bits = 0;
  memcpy(&bits, (const char *)payload + layout->numbers[i].offset, layout->numbers[i].bytes);
  return bits;
}

static void payload_types(const sk_attr_rec *rec, sk_type out[3]) {
  if (rec->kind == SK_ATTR_DOT_ALGORITHM) {
    out[0] = rec->u.dot_algorithm->lhs_precision_type;
    out[1] = rec->u.dot_algorithm->rhs_precision_type;
    out[2] = rec->u.dot_algorithm->accumulation_type;
  } else {
    out[0] = out[1] = out[2] = (sk_type){0};
  }
}

static bool copy_ints(sk_arena *arena, sk_ints *list) {
  if (list->count != 0) {
    list->data = sk_arena_copy(arena, list->data, (size_t)list->count * sizeof(int64_t), 8);
    return list->data != NULL;
  }
  list->data = NULL;
  return true;
}

static bool copy_payload(sk_arena *arena, const payload_layout *layout, sk_attr_rec *rec) {
  char *block = sk_arena_copy(arena, rec->u.dot, layout->bytes, 8);
  for (uint32_t i = 0; block && i < layout->list_count; i++) {
    sk_ints list = payload_list(layout, block, i);
    if (!copy_ints(arena, &list)) {
      return false;
    }
    memcpy(block + layout->lists[i], &list, sizeof list);
  }
  rec->u.dot = (const sk_dot_dims *)(const void *)block;
  return block != NULL;
}

// ------------------------------------------------------------------------------- hash and equality

static uint64_t hash_ints(uint64_t h, sk_ints list) {
  h = sk_hash_mix(h, list.count);
  for (uint32_t i = 0; i < list.count; i++) {
    h = sk_hash_mix(h, (uint64_t)list.data[i]);
  }
  return h;
}

uint64_t sk_ir_payload_hash(const sk_attr_rec *rec) {
  const payload_layout *layout = payload_of(rec->kind);
  uint64_t h = rec->kind;
  for (uint32_t i = 0; i < layout->number_count; i++) {
    h = sk_hash_mix(h, payload_number(layout, rec->u.dot, i));
  }
  for (uint32_t i = 0; i < layout->list_count; i++) {
    h = hash_ints(h, payload_list(layout, rec->u.dot, i));
  }
  return h;
}

static uint32_t hash_attr(const sk_attr_rec *rec) {
  uint64_t h = sk_hash_mix((uint64_t)rec->kind << 8 | rec->enum_id,
                           (uint64_t)rec->cols << 32 | rec->type.id);
  if (payload_of(rec->kind) != NULL) {
    sk_type types[3];
    payload_types(rec, types);
    h = sk_hash_mix(h, (uint64_t)types[0].id << 32 | types[1].id);
    return sk_ir_fold_hash(sk_hash_mix(h, sk_ir_payload_hash(rec)));
  }
  uint64_t bits;
  switch ((sk_attr_kind)rec->kind) {
    case SK_ATTR_BOOL:
    case SK_ATTR_INT:
    case SK_ATTR_ENUM: h = sk_hash_mix(h, (uint64_t)rec->u.i); break;
    case SK_ATTR_FLOAT:
      memcpy(&bits, &rec->u.f, 8);
      h = sk_hash_mix(h, bits);
      break;
    case SK_ATTR_STRING:
    case SK_ATTR_SYMBOL:
    case SK_ATTR_OPAQUE: h = sk_hash_mix(h, rec->u.sym.id); break;
    case SK_ATTR_LOC: h = sk_hash_mix(h, rec->u.loc.id); break;
    case SK_ATTR_ARRAY:
      for (uint32_t i = 0; i < rec->u.list.count; i++) {
        h = sk_hash_mix(h, rec->u.list.data[i].id);
      }
      break;
    case SK_ATTR_INTS:
    case SK_ATTR_BOOLS: h = hash_ints(h, rec->u.ints); break;
    case SK_ATTR_DENSE:
    case SK_ATTR_DENSE_ARRAY: h = sk_hash_bytes(rec->u.dense.data, rec->u.dense.bytes, h); break;
    case SK_ATTR_NONE_KIND:
    case SK_ATTR_UNIT:
    case SK_ATTR_TYPE:
    case SK_ATTR_DICT:
    case SK_ATTR_DOT_DIMS:
    case SK_ATTR_RAGGED_DIMS:
    case SK_ATTR_GATHER_DIMS:
    case SK_ATTR_SCATTER_DIMS:
    case SK_ATTR_CONV_DIMS:
    case SK_ATTR_DOT_ALGORITHM:
    case SK_ATTR_RESULT_ACCURACY:
    case SK_ATTR_CHANNEL_HANDLE:
    case SK_ATTR_OUTPUT_OPERAND_ALIAS: break;
  }
  return sk_ir_fold_hash(h);
}

static bool ints_equal(sk_ints a, sk_ints b) {
  return a.count == b.count &&
         (a.count == 0 || memcmp(a.data, b.data, a.count * sizeof(int64_t)) == 0);
}

bool sk_ir_payload_equal(const sk_attr_rec *a, const sk_attr_rec *b) {
  const payload_layout *layout = payload_of(a->kind);
  for (uint32_t i = 0; i < layout->number_count; i++) {
    if (payload_number(layout, a->u.dot, i) != payload_number(layout, b->u.dot, i)) {
      return false;
    }
  }
  for (uint32_t i = 0; i < layout->list_count; i++) {
    if (!ints_equal(payload_list(layout, a->u.dot, i), payload_list(layout, b->u.dot, i))) {
      return false;
    }
  }
  return true;
}

// Equality of interned kinds within one module: parts are compared by id.
static bool equal_interned(const sk_attr_rec *a, const sk_attr_rec *b) {
  if (a->kind != b->kind || a->enum_id != b->enum_id || a->cols != b->cols ||
      a->type.id != b->type.id) {
    return false;
  }
  if (payload_of(a->kind) != NULL) {
    sk_type types_a[3], types_b[3];
    payload_types(a, types_a);
    payload_types(b, types_b);
    return memcmp(types_a, types_b, sizeof types_a) == 0 && sk_ir_payload_equal(a, b);
  }
  switch ((sk_attr_kind)a->kind) {
    case SK_ATTR_UNIT:
    case SK_ATTR_TYPE: return true;
    case SK_ATTR_BOOL:
    case SK_ATTR_INT:
    case SK_ATTR_ENUM: return a->u.i == b->u.i;
    case SK_ATTR_FLOAT: return memcmp(&a->u.f, &b->u.f, sizeof a->u.f) == 0;
    case SK_ATTR_STRING:
    case SK_ATTR_SYMBOL:
    case SK_ATTR_OPAQUE: return a->u.sym.id == b->u.sym.id;
    case SK_ATTR_LOC: return a->u.loc.id == b->u.loc.id;
    case SK_ATTR_ARRAY:
      return a->u.list.count == b->u.list.count &&
             (a->u.list.count == 0 ||
              memcmp(a->u.list.data, b->u.list.data, a->u.list.count * sizeof(sk_attr)) == 0);
    case SK_ATTR_INTS:
    case SK_ATTR_BOOLS: return ints_equal(a->u.ints, b->u.ints);
    case SK_ATTR_DENSE:
    case SK_ATTR_DENSE_ARRAY:
      return a->u.dense.bytes == b->u.dense.bytes && a->u.dense.splat == b->u.dense.splat &&
             (a->u.dense.bytes == 0 ||
              memcmp(a->u.dense.data, b->u.dense.data, a->u.dense.bytes) == 0);
    case SK_ATTR_NONE_KIND:
    case SK_ATTR_DICT:
    case SK_ATTR_DOT_DIMS:
    case SK_ATTR_RAGGED_DIMS:
    case SK_ATTR_GATHER_DIMS:
    case SK_ATTR_SCATTER_DIMS:
    case SK_ATTR_CONV_DIMS:
    case SK_ATTR_DOT_ALGORITHM:
    case SK_ATTR_RESULT_ACCURACY:
    case SK_ATTR_CHANNEL_HANDLE:
    case SK_ATTR_OUTPUT_OPERAND_ALIAS: return false;
  }
  return false;
}

// ------------------------------------------------------------------------------------------ making

static bool copy_attr(sk_module *m, sk_attr_rec *rec) {
  sk_arena *arena = &m->arena;
  const payload_layout *layout = payload_of(rec->kind);
  if (layout != NULL) {
    return copy_payload(arena, layout, rec);
  }
  if (rec->kind == SK_ATTR_INTS || rec->kind == SK_ATTR_BOOLS) {
    return copy_ints(arena, &rec->u.ints);
  }
  if (rec->kind == SK_ATTR_ARRAY && rec->u.list.count != 0) {
    rec->u.list.data =
        sk_arena_copy(arena, rec->u.list.data, rec->u.list.count * sizeof(sk_attr), 4);
    return rec->u.list.data != NULL;
  }
  if (rec->kind == SK_ATTR_DICT && rec->u.dict.count != 0) {
    sk_named_attr *items =
        sk_arena_copy(arena, rec->u.dict.data, rec->u.dict.count * sizeof(sk_named_attr), 4);
    rec->u.dict.data = items;
    return items != NULL && sk_ir_sort_dict(m, items, rec->u.dict.count);
  }
  if (rec->kind == SK_ATTR_DENSE_ARRAY && rec->u.dense.bytes != 0) {
    rec->u.dense.data = sk_arena_copy(arena, rec->u.dense.data, rec->u.dense.bytes, 8);
    return rec->u.dense.data != NULL;
  }
  return true;
}

bool sk_ir_attr_extent(const sk_module *m, const sk_attr_rec *rec, sk_ir_extent *out_extent) {
  const sk_ir_tables *tables = sk_ir_tables_of(m);
  sk_ir_extent extent = {1, 0};
  bool ok = true;
  if (rec->type.id != 0) {
    ok = sk_ir_extend(&extent, tables->type_extents.data[rec->type.id]);
  }
  if (rec->kind == SK_ATTR_ARRAY) {
    for (uint32_t i = 0; ok && i < rec->u.list.count; i++) {
      ok = sk_ir_extend(&extent, tables->attr_extents.data[rec->u.list.data[i].id]);
    }
  } else if (rec->kind == SK_ATTR_DICT) {
    for (uint32_t i = 0; ok && i < rec->u.dict.count; i++) {
      ok = sk_ir_extend(&extent, tables->attr_extents.data[rec->u.dict.data[i].attr.id]);
    }
  }
  *out_extent = extent;
  return ok;
}

static bool is_f8(sk_elem elem) { return sk_elem_is_float(elem) && sk_elem_bits(elem) == 8; }

// Algorithms some hardware has; others are refused, as the reference does.
static bool is_known_algorithm(const sk_module *m, const sk_dot_algorithm *a) {
  static const struct {
    sk_elem lhs, rhs, accumulation;
    int64_t operations;
  } known[] = {
      {SK_F16, SK_F16, SK_F16, 1},   {SK_F16, SK_F16, SK_F32, 1},   {SK_BF16, SK_BF16, SK_BF16, 1},
      {SK_BF16, SK_BF16, SK_F32, 1}, {SK_BF16, SK_BF16, SK_F32, 3}, {SK_BF16, SK_BF16, SK_F32, 6},
      {SK_BF16, SK_BF16, SK_F32, 9}, {SK_TF32, SK_TF32, SK_F32, 1}, {SK_TF32, SK_TF32, SK_F32, 3},
      {SK_F32, SK_F32, SK_F32, 1},   {SK_F64, SK_F64, SK_F64, 1},
  };
  sk_elem lhs = (sk_elem)sk_type_get(m, a->lhs_precision_type)->elem;
  sk_elem rhs = (sk_elem)sk_type_get(m, a->rhs_precision_type)->elem;
  sk_elem accumulation = (sk_elem)sk_type_get(m, a->accumulation_type)->elem;
  if (a->lhs_component_count != 1 || a->rhs_component_count != 1) {
    return false;
  }
  if (is_f8(lhs) && is_f8(rhs)) {
    return accumulation == SK_F32 && a->num_primitive_operations == 1;
  }
  for (uint32_t i = 0; i < SK_COUNT(known); i++) {
    if (known[i].lhs == lhs && known[i].rhs == rhs && known[i].accumulation == accumulation &&
        known[i].operations == a->num_primitive_operations) {
      return !a->allow_imprecise_accumulation;
    }
  }
  return false;
}

// What is wrong with the attribute whatever operation has it; NULL if nothing. Labels are those of
// dot_general.
static const char *payload_fault(const sk_module *m, const sk_attr_rec *rec) {
  if (rec->kind != SK_ATTR_DOT_ALGORITHM) {
    return NULL;
  }
  const sk_dot_algorithm *a = rec->u.dot_algorithm;
  return a->lhs_component_count <= 0        ? "lhs_component_count must be positive (C22)"
         : a->rhs_component_count <= 0      ? "rhs_component_count must be positive (C23)"
         : a->num_primitive_operations <= 0 ? "num_primitive_operations must be positive (C24)"
         : !is_known_algorithm(m, a)        ? "no known hardware has this dot algorithm"
                                            : NULL;
}

sk_status sk_attr_explain(const sk_module *m, const sk_attr_rec *rec, sk_srcpos at) {
  sk_ir_extent extent;
  const char *fault = payload_fault(m, rec);
  if (fault != NULL) {
    return sk_status_new_at(SK_INVALID_ARGUMENT, at, "%s", fault);
  }
  if (!sk_ir_attr_extent(m, rec, &extent)) {
    return sk_status_new_at(SK_RESOURCE_EXHAUSTED, at,
                            "attribute nests deeper than %d or has more than %d parts",
                            SK_IR_MAX_DEPTH, SK_IR_MAX_NODES);
  }
  return sk_status_no_memory();
}

static sk_attr append(sk_module *m, sk_attr_rec *rec) {
  sk_ir_extent extent;
  if (payload_fault(m, rec) != NULL || !sk_ir_attr_extent(m, rec, &extent) || !copy_attr(m, rec) ||
      !sk_vec_push(&m->arena, &sk_ir_tables_of(m)->attr_extents, extent) ||
      !sk_vec_push(&m->arena, &m->attrs, *rec)) {
    return (sk_attr){0};
  }
  return (sk_attr){m->attrs.count - 1};
}

sk_attr sk_attr_new(sk_module *m, const sk_attr_rec *given) {
  sk_attr_rec rec = *given;
  if (rec.kind == SK_ATTR_DICT ||
      (rec.kind == SK_ATTR_DENSE && rec.u.dense.bytes > INTERNED_BYTES)) {
    return append(m, &rec);
  }
  sk_ir_table *table = &sk_ir_tables_of(m)->attrs;
  if (!sk_ir_table_reserve(&m->arena, table)) {
    return (sk_attr){0};
  }
  uint32_t hash = hash_attr(&rec);
  uint32_t at = hash & (table->cap - 1);
  for (; table->slots[at].id != 0; at = (at + 1) & (table->cap - 1)) {
    if (table->slots[at].hash == hash &&
        equal_interned(&m->attrs.data[table->slots[at].id], &rec)) {
      return (sk_attr){table->slots[at].id};
    }
  }
  sk_attr attr = append(m, &rec);
  if (attr.id != 0) {
    table->slots[at] = (sk_ir_slot){hash, attr.id};
    table->count++;
  }
  return attr;
}

static int compare_names(const sk_module *m, sk_sym a, sk_sym b) {
  sk_str x = sk_sym_str(&m->strings, a), y = sk_sym_str(&m->strings, b);
  size_t common = SK_MIN(x.len, y.len);
  int order = common ? memcmp(x.data, y.data, common) : 0;
  return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

// Merge sort, bottom up; short and already sorted lists (the usual case) cost one pass.
bool sk_ir_sort_dict(sk_module *m, sk_named_attr *items, uint32_t count) {
  uint32_t sorted = 1;
  while (sorted < count && compare_names(m, items[sorted - 1].name, items[sorted].name) <= 0) {
    sorted++;
  }
  if (sorted >= count) {
    return true;
  }
  sk_named_attr *from = items,
                *to = SK_NEW_ARRAY(&m->arena, sk_named_attr, count), *const spare = to;
  if (spare == NULL) {
    return false;
  }
  for (uint64_t width = 1; width < count; width *= 2) {
    for (uint64_t start = 0; start < count; start += 2 * width) {
      uint64_t mid = SK_MIN(start + width, count), end = SK_MIN(start + 2 * width, count);
      uint64_t a = start, b = mid;
      for (uint64_t k = start; k < end; k++) {
        bool left = a < mid && (b >= end || compare_names(m, from[a].name, from[b].name) <= 0);
        to[k] = left ? from[a++] : from[b++];
      }
    }
    sk_named_attr *swap = from;
    from = to;
    to = swap;
  }
  if (from != items) {
    memcpy(items, from, count * sizeof *items);
  }
  return true;
}

// ------------------------------------------------------------------------------ short constructors

sk_attr sk_attr_unit(sk_module *m) {
  sk_attr *known = &sk_ir_tables_of(m)->unit;
  if (known->id == 0) {
    *known = sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_UNIT});
  }
  return *known;
}

sk_attr sk_attr_bool(sk_module *m, bool value) {
  sk_attr *known = &sk_ir_tables_of(m)->bools[value];
  if (known->id == 0) {
    *known = sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_BOOL, .u.i = value});
  }
  return *known;
}

sk_attr sk_attr_int(sk_module *m, sk_type scalar_type, int64_t value) {
  return sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_INT, .type = scalar_type, .u.i = value});
}

sk_attr sk_attr_float(sk_module *m, sk_type scalar_type, double value) {
  return sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_FLOAT, .type = scalar_type, .u.f = value});
}

static sk_attr new_text(sk_module *m, sk_attr_kind kind, sk_str text) {
  sk_sym sym;
  if (!sk_intern(&m->strings, text, &sym)) {
    return (sk_attr){0};
  }
  return sk_attr_new(m, &(sk_attr_rec){.kind = (uint8_t)kind, .u.sym = sym});
}

sk_attr sk_attr_string(sk_module *m, sk_str text) { return new_text(m, SK_ATTR_STRING, text); }
sk_attr sk_attr_symbol(sk_module *m, sk_str name) { return new_text(m, SK_ATTR_SYMBOL, name); }
sk_attr sk_attr_opaque(sk_module *m, sk_str text) { return new_text(m, SK_ATTR_OPAQUE, text); }

sk_attr sk_attr_type(sk_module *m, sk_type type) {
  return sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_TYPE, .type = type});
}

sk_attr sk_attr_array(sk_module *m, const sk_attr *items, uint32_t count) {
  return sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_ARRAY, .u.list = {items, count}});
}

sk_attr sk_attr_dict(sk_module *m, const sk_named_attr *items, uint32_t count) {
  return sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_DICT, .u.dict = {items, count}});
}

sk_attr sk_attr_ints(sk_module *m, const int64_t *data, uint32_t count) {
  return sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_INTS, .u.ints = {data, count}});
}

sk_attr sk_attr_ints_2d(sk_module *m, const int64_t *data, uint32_t rows, uint32_t cols) {
  uint32_t count;
  if (SK_MUL_OVERFLOW(rows, cols, &count)) {
    return (sk_attr){0};
  }
  return sk_attr_new(m,
                     &(sk_attr_rec){.kind = SK_ATTR_INTS, .cols = cols, .u.ints = {data, count}});
}

sk_attr sk_attr_bools(sk_module *m, const int64_t *data, uint32_t count) {
  return sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_BOOLS, .u.ints = {data, count}});
}

sk_attr sk_attr_dense(sk_module *m, sk_type tensor, sk_dense dense) {
  return sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_DENSE, .type = tensor, .u.dense = dense});
}

sk_attr sk_attr_enum(sk_module *m, sk_enum_id id, int64_t value) {
  return sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_ENUM, .enum_id = (uint8_t)id, .u.i = value});
}
