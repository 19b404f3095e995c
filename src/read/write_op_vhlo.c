// SPDX-License-Identifier: Apache-2.0
// Attributes of operations as VHLO has them: all there, structures field by field, in the order of
// vhlo.def; and whether an older operation can say what the program says.
//
// An older row lacks attributes, or fields of a structure, or allows fewer results or no regions.
// What it lacks must be at its default, else the error names the version that the program needs.
#include "read/write_int.h"

static const sk_vhlo_op *newest_row(sk_opkind kind, uint32_t version) {
  const sk_vhlo_op *best = NULL;
  kind = kind == SK_OP_FUNC_RETURN ? SK_OP_RETURN : kind;
  for (uint32_t i = 0; i < sk_vhlo_op_count; i++) {
    const sk_vhlo_op *row = &sk_vhlo_ops[i];
    if (row->kind == kind && row->since <= version && (best == NULL || row->since > best->since)) {
      best = row;
    }
  }
  return best;
}

static bool is_any_row(const sk_vhlo_op *row, uint32_t id) {
  (void)row;
  (void)id;
  return true;
}

// The first version whose operation passes `test` for `id`; UINT32_MAX: none.
static uint32_t first_with(sk_opkind kind, bool (*test)(const sk_vhlo_op *row, uint32_t id),
                           uint32_t id) {
  uint32_t first = UINT32_MAX;
  for (uint32_t i = 0; i < sk_vhlo_op_count; i++) {
    if (sk_vhlo_ops[i].kind == kind && test(&sk_vhlo_ops[i], id)) {
      first = SK_MIN(first, sk_vhlo_ops[i].since);
    }
  }
  return first;
}

const sk_vhlo_op *sk_write_vhlo_row(sk_writer *w, sk_opkind kind) {
  if (!w->row_known[kind]) {
    w->rows[kind] = newest_row(kind, w->version);
    w->row_known[kind] = true;
    uint32_t since = first_with(kind, is_any_row, 0);
    if (w->rows[kind] == NULL && since != UINT32_MAX) {
      sk_write_too_new(w, since, "the operation");
    }
  }
  return w->rows[kind];
}

// ---- structures

// The attribute that a structure's fields come from; none: it is left out.
static const sk_attr_rec *record_of(const sk_writer *w, uint32_t record) {
  const sk_bytecode_record *row = &sk_bytecode_record_table[record];
  const sk_attr_rec *rec = sk_attr_get(w->m, sk_op_find_attr(w->m, w->op, row->name));
  return rec->kind == row->kind ? rec : NULL;
}

static const void *field_of(const sk_attr_rec *rec, const sk_bytecode_field *field) {
  return (const char *)rec->u.dot + field->offset - sk_bytecode_record_table[field->record].offset;
}

static uint32_t write_field(sk_writer *w, const sk_bytecode_field *field) {
  const sk_attr_rec *rec = record_of(w, field->record);
  if (rec == NULL && field->record == SK_RECORD_algorithm) {
    return sk_write_type_attr(w, SK_FORM_VHLO, sk_write_unit_type(w, SK_FORM_VHLO));
  }
  if (rec == NULL && field->record != SK_RECORD_channel) {
    sk_write_unsupported(w, "attribute '%s' is missing",
                         sk_name_text(sk_bytecode_record_table[field->record].name));
    return 0;
  }
  const void *at = rec != NULL ? field_of(rec, field) : NULL;
  int64_t count;
  switch (field->kind) {
    case SK_FIELD_INT:
      return sk_write_int_attr(w, SK_FORM_VHLO, SK_S64, at != NULL ? *(const int64_t *)at : 0);
    case SK_FIELD_INTS:
      count = ((const sk_ints *)at)->count;
      return sk_write_ints(w, SK_FORM_VHLO, SK_S64, 1, &count, ((const sk_ints *)at)->data);
    case SK_FIELD_TYPE:
      return sk_write_type_attr(w, SK_FORM_VHLO,
                                sk_write_type(w, SK_FORM_VHLO, *(const sk_type *)at));
    case SK_FIELD_BOOL: return sk_write_bool_attr(w, SK_FORM_VHLO, *(const bool *)at);
  }
  return 0;
}

// ---- what is left out

// Of how many dimensions the windows of the operation are; 0: it has none.
static uint32_t window_rank(const sk_writer *w) {
  sk_opkind kind = sk_op_kind(w->m, w->op);
  if (kind == SK_OP_CONVOLUTION || kind == SK_OP_DYNAMIC_CONV) {
    const sk_attr_rec *dims = record_of(w, SK_RECORD_conv);
    return dims != NULL ? dims->u.conv->input_spatial_dimensions.count : 0;
  }
  if (kind == SK_OP_REDUCE_WINDOW) {
    return sk_op_ints(w->m, w->op, SK_NAME_window_dimensions).count;
  }
  return kind == SK_OP_SELECT_AND_SCATTER && sk_op_get(w->m, w->op)->operand_count != 0
             ? sk_value_type_rec(w->m, sk_op_operand(w->m, w->op, 0))->rank
             : 0;
}

// A list with one value for each dimension of the windows, or an empty one.
static uint32_t write_equal_ints(sk_writer *w, sk_elem elem, int64_t value, uint32_t rank,
                                 int64_t columns) {
  int64_t dims[2] = {rank, columns};
  size_t count = (size_t)rank * (size_t)columns;
  int64_t *data = sk_write_alloc(w, (count + 1) * sizeof *data);
  for (size_t i = 0; data != NULL && i < count; i++) {
    data[i] = value;
  }
  if (data == NULL) {
    return 0;
  }
  return sk_write_ints(w, SK_FORM_VHLO, elem, columns > 1 && rank > 0 ? 2 : 1, dims, data);
}

static uint32_t write_default(sk_writer *w, const sk_attr_schema *schema) {
  static const sk_result_accuracy accuracy = {0};
  uint32_t rank = window_rank(w);
  switch ((sk_schema_kind)schema->kind) {
    case SK_SCHEMA_BOOL:
    case SK_SCHEMA_UNIT: return sk_write_bool_attr(w, SK_FORM_VHLO, schema->otherwise != 0);
    case SK_SCHEMA_INT: return sk_write_int_attr(w, SK_FORM_VHLO, SK_S64, schema->otherwise);
    case SK_SCHEMA_I32: return sk_write_int_attr(w, SK_FORM_VHLO, SK_S32, schema->otherwise);
    case SK_SCHEMA_ENUM:
      return sk_write_enum_attr(w, SK_FORM_VHLO, (sk_enum_id)schema->enum_id, schema->otherwise);
    case SK_SCHEMA_STRING:
    case SK_SCHEMA_CONFIG: return sk_write_text_attr(w, SK_FORM_VHLO, SK_STR(""));
    case SK_SCHEMA_SYMBOLS:
    case SK_SCHEMA_LAYOUTS:
    case SK_SCHEMA_ALIASES:
    case SK_SCHEMA_ARRAY:
    case SK_SCHEMA_PRECISIONS: return sk_write_empty_list(w, SK_FORM_VHLO, false);
    case SK_SCHEMA_DICT: return sk_write_empty_list(w, SK_FORM_VHLO, true);
    case SK_SCHEMA_INTS: return write_equal_ints(w, SK_S64, 1, rank, 1);
    case SK_SCHEMA_PAIRS: return write_equal_ints(w, SK_S64, 0, rank, 2);
    case SK_SCHEMA_BOOLS: return write_equal_ints(w, SK_PRED, 0, rank, 1);
    case SK_SCHEMA_ACCURACY: return sk_write_accuracy_attr(w, SK_FORM_VHLO, &accuracy);
    case SK_SCHEMA_ANY:
    case SK_SCHEMA_FLOAT:
    case SK_SCHEMA_SYMBOL:
    case SK_SCHEMA_TYPE:
    case SK_SCHEMA_GROUPS:
    case SK_SCHEMA_DENSE:
    case SK_SCHEMA_DOT_DIMS:
    case SK_SCHEMA_RAGGED_DIMS:
    case SK_SCHEMA_GATHER_DIMS:
    case SK_SCHEMA_SCATTER_DIMS:
    case SK_SCHEMA_CONV_DIMS:
    case SK_SCHEMA_ALGORITHM:
    case SK_SCHEMA_CHANNEL: break;
  }
  sk_write_unsupported(w, "attribute '%s' is missing", sk_name_text((sk_name)schema->name));
  return 0;
}

// ---- attributes

static uint32_t write_schema(sk_writer *w, sk_name name) {
  enum { DICT_CONFIG_SINCE = SK_VHLO_VERSION(1, 3) };
  const sk_attr_schema *schema =
      sk_opkind_find_attr(sk_op_kind(w->m, w->op), (sk_sym){(uint32_t)name});
  sk_attr attr = sk_op_find_attr(w->m, w->op, name);
  if (attr.id == 0) {
    return write_default(w, schema);
  }
  if (schema->kind == SK_SCHEMA_CONFIG && sk_attr_get(w->m, attr)->kind == SK_ATTR_DICT &&
      w->version < DICT_CONFIG_SINCE) {
    sk_write_too_new(w, DICT_CONFIG_SINCE, "'%s' as a dictionary", sk_name_text(name));
  }
  return sk_write_schema_attr(w, SK_FORM_VHLO, schema, attr);
}

static uint32_t write_row_attr(sk_writer *w, const sk_vhlo_attr *attr) {
  switch (attr->use) {
    case SK_VHLO_SCHEMA: return write_schema(w, (sk_name)attr->id);
    case SK_VHLO_FIELD: return write_field(w, &sk_bytecode_fields[attr->id]);
    case SK_VHLO_NOTHING: return write_equal_ints(w, SK_S64, 0, window_rank(w), 2);
  }
  return 0;
}

// In a dictionary both kinds of attributes are told apart by their names alone.
static void check_name(sk_writer *w, const sk_write_item *items, uint32_t count, sk_str name) {
  for (uint32_t i = 0; i < count; i++) {
    if (sk_str_eq(items[i].name, name)) {
      sk_write_unsupported(w, "attribute '%.*s' has the name of one of the operation's own",
                           SK_STR_ARG(name));
    }
  }
}

sk_write_op_attrs sk_write_vhlo_attrs(sk_writer *w, const sk_vhlo_op *row) {
  sk_write_op_attrs out = {SK_WRITE_NO_ENTRY, SK_WRITE_NO_ENTRY};
  bool in_dictionary = w->container < 5;
  uint32_t count;
  sk_write_item *items =
      sk_write_discardable(w, SK_FORM_VHLO, in_dictionary ? row->attr_count : 0, &count);
  uint32_t height = w->stack.count;
  for (uint32_t i = 0; items != NULL && i < row->attr_count; i++) {
    uint32_t entry = write_row_attr(w, &row->attrs[i]);
    if (in_dictionary) {
      check_name(w, items, count, sk_str_from(row->attrs[i].name));
      items[count++] = (sk_write_item){sk_str_from(row->attrs[i].name), entry};
    } else {
      sk_write_attr_ref(w, entry, SK_REF_PLAIN);
    }
  }
  if (!in_dictionary && row->attr_count != 0) {
    out.properties = sk_write_finish(w, &w->properties, 0, true, height);
  }
  if (count != 0) {
    out.dictionary = sk_write_dictionary(w, items, count);
  }
  return out;
}

// ---- older operations

static bool row_has_schema(const sk_vhlo_op *row, uint32_t name) {
  for (uint32_t i = 0; i < row->attr_count; i++) {
    if (row->attrs[i].use == SK_VHLO_SCHEMA && row->attrs[i].id == name) {
      return true;
    }
  }
  return false;
}

static bool row_has_field(const sk_vhlo_op *row, uint32_t field) {
  for (uint32_t i = 0; i < row->attr_count; i++) {
    if (row->attrs[i].use == SK_VHLO_FIELD && row->attrs[i].id == field) {
      return true;
    }
  }
  return false;
}

static void refuse(sk_writer *w, uint32_t since, const char *what) {
  if (since == UINT32_MAX) {
    sk_write_unsupported(w, "a portable artifact cannot express '%s'", what);
  } else {
    sk_write_too_new(w, since, "'%s'", what);
  }
}

static bool field_is_set(const sk_attr_rec *rec, const sk_bytecode_field *field) {
  const void *at = field_of(rec, field);
  switch (field->kind) {
    case SK_FIELD_INT: return *(const int64_t *)at != 0;
    case SK_FIELD_INTS: return ((const sk_ints *)at)->count != 0;
    case SK_FIELD_TYPE: return true;
    case SK_FIELD_BOOL: return *(const bool *)at;
  }
  return true;
}

// The type of a channel only matters to send and recv; elsewhere VHLO never had it.
static void check_fields(sk_writer *w, const sk_vhlo_op *row, uint32_t record,
                         const sk_attr_rec *rec) {
  for (uint32_t i = 0; i < SK_FIELD_COUNT; i++) {
    const sk_bytecode_field *field = &sk_bytecode_fields[i];
    if (field->record == record && record != SK_RECORD_channel && !row_has_field(row, i) &&
        field_is_set(rec, field)) {
      refuse(w, first_with(row->kind, row_has_field, i), field->name);
      return;
    }
  }
}

static void check_attr(sk_writer *w, const sk_vhlo_op *row, const sk_named_attr *item) {
  sk_opkind kind = sk_op_kind(w->m, w->op);
  if (sk_opkind_find_attr(kind, item->name) == NULL || row_has_schema(row, item->name.id)) {
    return;
  }
  for (uint32_t record = 0; record < SK_RECORD_COUNT; record++) {
    const sk_attr_rec *rec = sk_attr_get(w->m, item->attr);
    if (sk_bytecode_record_table[record].name == (sk_name)item->name.id &&
        sk_bytecode_record_table[record].kind == (sk_attr_kind)rec->kind) {
      check_fields(w, row, record, rec);
      return;
    }
  }
  if (!sk_attr_is_default(w->m, kind, item->name, item->attr)) {
    refuse(w, first_with(row->kind, row_has_schema, item->name.id),
           sk_sym_cstr(&w->m->strings, item->name));
  }
}

static bool row_has_no_limit(const sk_vhlo_op *row, uint32_t id) {
  (void)id;
  return row->limit == SK_VHLO_ANY;
}

// Before 0.17 the body of a reduction computed in the element type of its operands.
static void check_promotion(sk_writer *w) {
  enum { PROMOTION_SINCE = SK_VHLO_VERSION(0, 17) };
  sk_opkind kind = sk_op_kind(w->m, w->op);
  bool reduces = kind == SK_OP_REDUCE || kind == SK_OP_REDUCE_WINDOW || kind == SK_OP_SCATTER ||
                 kind == SK_OP_SELECT_AND_SCATTER || kind == SK_OP_ALL_REDUCE ||
                 kind == SK_OP_REDUCE_SCATTER;
  const sk_op_rec *rec = sk_op_get(w->m, w->op);
  if (!reduces || w->version >= PROMOTION_SINCE || rec->region_count == 0) {
    return;
  }
  sk_region body = sk_op_region(w->m, w->op, rec->region_count - 1);
  uint32_t count = SK_MIN(rec->result_count, sk_region_get(w->m, body)->arg_count);
  for (uint32_t i = 0; i < count && i < rec->operand_count; i++) {
    uint8_t inside = sk_value_type_rec(w->m, sk_region_arg(w->m, body, i))->elem;
    if (inside != sk_value_type_rec(w->m, sk_op_operand(w->m, w->op, i))->elem) {
      sk_write_too_new(w, PROMOTION_SINCE, "a body of another element type than the operands");
      return;
    }
  }
}

static void check_futures(sk_writer *w) {
  enum { FUTURES_SINCE = SK_VHLO_VERSION(1, 17) };
  const sk_op_rec *rec = sk_op_get(w->m, w->op);
  if (rec->kind != SK_OP_CUSTOM_CALL || w->version >= FUTURES_SINCE) {
    return;
  }
  for (uint32_t i = 0; i < rec->operand_count + rec->result_count; i++) {
    sk_value value = i < rec->operand_count ? sk_op_operand(w->m, w->op, i)
                                            : sk_op_result(w->m, w->op, i - rec->operand_count);
    if (sk_value_type_rec(w->m, value)->kind == SK_TYPE_FUTURE) {
      sk_write_too_new(w, FUTURES_SINCE, "a future as an operand or result");
      return;
    }
  }
}

void sk_write_check_old(sk_writer *w, const sk_vhlo_op *row) {
  const sk_op_rec *rec = sk_op_get(w->m, w->op);
  for (uint32_t i = 0; i < rec->attr_count; i++) {
    check_attr(w, row, &w->m->attr_pool.data[rec->attrs + i]);
  }
  if ((row->limit == SK_VHLO_ONE_RESULT && (rec->operand_count > 1 || rec->result_count > 1)) ||
      (row->limit == SK_VHLO_NO_REGIONS && rec->region_count != 0)) {
    sk_write_too_new(w, first_with(row->kind, row_has_no_limit, 0),
                     row->limit == SK_VHLO_NO_REGIONS ? "an operation with regions"
                                                      : "an operation of several operands");
  }
  check_promotion(w);
  check_futures(w);
}
