// SPDX-License-Identifier: Apache-2.0
// Attributes to entries of bytecode, for builtin, StableHLO and CHLO or for VHLO; the inverse of
// bytecode_attr.c, from the same rows of bytecode.def.
//
//                 NATIVE                          VHLO
//   lists         array<i64: ..>, tensors         tensors
//   symbols       symbols                         strings
//   structures    attributes of StableHLO         none: fields of the operation (write_op_vhlo.c)
//   true          integer of i1                   boolean
//
// VHLO has no unit attribute, no array<f32: ..>, no locations, nothing of other dialects. Since
// version 1.11.0 an artifact may mix dialects, and they stay what they are.
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "read/write_int.h"

enum { MIXED_SINCE = SK_VHLO_VERSION(1, 11) };

static uint32_t finish(sk_writer *w, sk_bytecode_dialect dialect, uint32_t height) {
  return sk_write_finish(w, &w->attrs, sk_write_dialect_of(w, dialect), true, height);
}

// builtin and VHLO encode most things alike, under codes of their own.
static uint32_t begin(sk_writer *w, sk_write_form form, uint32_t native, uint32_t vhlo) {
  uint32_t height = w->stack.count;
  sk_write_number(w, form == SK_FORM_VHLO ? vhlo : native);
  return height;
}

static uint32_t finish_form(sk_writer *w, sk_write_form form, uint32_t height) {
  return finish(w, form == SK_FORM_VHLO ? SK_DIALECT_VHLO : SK_DIALECT_BUILTIN, height);
}

// ---- scalars

uint32_t sk_write_text_attr(sk_writer *w, sk_write_form form, sk_str text) {
  uint32_t height = begin(w, form, SK_ATTR_CODE_BUILTIN_string_0, SK_ATTR_CODE_VHLO_string_0);
  sk_write_string(w, text);
  return finish_form(w, form, height);
}

// The low bits of a number, as wide as it is.
static void put_bits(sk_writer *w, uint32_t width, uint64_t bits) {
  bits &= width < 64 ? ((uint64_t)1 << width) - 1 : UINT64_MAX;
  if (width <= 8) {
    sk_write_atom(w, SK_ATOM_BYTE, bits);
  } else {
    sk_write_signed(w, (int64_t)bits);
  }
}

uint32_t sk_write_int_attr(sk_writer *w, sk_write_form form, sk_elem elem, int64_t value) {
  uint32_t type = sk_write_scalar(w, form, elem);
  uint32_t height = begin(w, form, SK_ATTR_CODE_BUILTIN_integer_0, SK_ATTR_CODE_VHLO_integer_0);
  sk_write_type_ref(w, type, SK_REF_PLAIN);
  put_bits(w, sk_elem_bits(elem), (uint64_t)value);
  return finish_form(w, form, height);
}

uint32_t sk_write_bool_attr(sk_writer *w, sk_write_form form, bool value) {
  if (form != SK_FORM_VHLO) {
    return sk_write_int_attr(w, form, SK_PRED, value);
  }
  uint32_t height = w->stack.count;
  sk_write_number(w, SK_ATTR_CODE_VHLO_boolean_0);
  sk_write_number(w, value);
  return finish(w, SK_DIALECT_VHLO, height);
}

static uint64_t encode_float(sk_elem elem, double value) {
  static const uint8_t formats[SK_ELEM_COUNT] = {
#define X(name, ...) [SK_##name] = SK_NUM_##name + 1,
#include "base/num.def"
#undef X
  };
  uint64_t bits = 0;
  if (elem == SK_F64) {
    memcpy(&bits, &value, sizeof bits);
  } else if (elem == SK_F32) {
    float single = (float)value;
    memcpy(&bits, &single, sizeof single);
  } else {
    bits = sk_num_encode((sk_numfmt)(formats[elem] - 1), value);
  }
  return bits;
}

static uint32_t write_float(sk_writer *w, sk_write_form form, sk_elem elem, double value) {
  uint32_t type = sk_write_scalar(w, form, elem);
  uint32_t height = begin(w, form, SK_ATTR_CODE_BUILTIN_float_0, SK_ATTR_CODE_VHLO_float_0);
  sk_write_type_ref(w, type, SK_REF_PLAIN);
  put_bits(w, sk_elem_bits(elem), encode_float(elem, value));
  return finish_form(w, form, height);
}

uint32_t sk_write_type_attr(sk_writer *w, sk_write_form form, uint32_t type) {
  uint32_t height = begin(w, form, SK_ATTR_CODE_BUILTIN_type_0, SK_ATTR_CODE_VHLO_type_0);
  sk_write_type_ref(w, type, SK_REF_PLAIN);
  return finish_form(w, form, height);
}

static uint32_t write_unit(sk_writer *w) {
  uint32_t height = w->stack.count;
  sk_write_number(w, SK_ATTR_CODE_BUILTIN_unit_0);
  return finish(w, SK_DIALECT_BUILTIN, height);
}

// ---- enumerations

// Codes by enumeration, 1 + code.
static const uint8_t enum_codes[SK_FORM_COUNT][SK_ENUM_COUNT] = {
#define ENUM_FORM_STABLEHLO SK_FORM_NATIVE
#define ENUM_FORM_VHLO SK_FORM_VHLO
#define ENUM_FORM_CHLO SK_FORM_CHLO
#define ATTR_enum(dialect, code, p) [ENUM_FORM_##dialect][p] = (code) + 1,
#define ATTR_array(dialect, code, p)
#define ATTR_dictionary(dialect, code, p)
#define ATTR_string(dialect, code, p)
#define ATTR_typed_string(dialect, code, p)
#define ATTR_symbol(dialect, code, p)
#define ATTR_type(dialect, code, p)
#define ATTR_unit(dialect, code, p)
#define ATTR_integer(dialect, code, p)
#define ATTR_float(dialect, code, p)
#define ATTR_resource(dialect, code, p)
#define ATTR_dense_array(dialect, code, p)
#define ATTR_tensor(dialect, code, p)
#define ATTR_boolean(dialect, code, p)
#define ATTR_alias(dialect, code, p)
#define ATTR_bounds(dialect, code, p)
#define ATTR_accuracy(dialect, code, p)
#define ATTR_record(dialect, code, p)
#define ATTR(dialect, code, reader, p) ATTR_##reader(dialect, code, p)
#include "read/bytecode.def"
};

static const sk_bytecode_dialect enum_dialects[SK_FORM_COUNT] = {
    [SK_FORM_NATIVE] = SK_DIALECT_STABLEHLO,
    [SK_FORM_VHLO] = SK_DIALECT_VHLO,
    [SK_FORM_CHLO] = SK_DIALECT_CHLO,
};

uint32_t sk_write_enum_attr(sk_writer *w, sk_write_form form, sk_enum_id id, int64_t value) {
  uint8_t code = enum_codes[form][id];
  uint32_t height = w->stack.count;
  if (code != 0) {
    sk_write_number(w, code - 1u);
    sk_write_number(w, (uint64_t)value);
    return finish(w, enum_dialects[form], height);
  }
  if (sk_enum_get_form(id) == SK_ENUM_FORM_INT) {
    return sk_write_int_attr(w, form, SK_S32, value);
  }
  char text[96];
  const char *keyword = sk_enum_keyword(id, value);
  snprintf(text, sizeof text, "#chlo<%s %s>", sk_enum_mnemonic(id), keyword ? keyword : "?");
  return sk_write_text_entry(w, &w->attrs, sk_str_from(text));
}

// ---- containers

uint32_t sk_write_empty_list(sk_writer *w, sk_write_form form, bool dictionary) {
  uint32_t height =
      dictionary ? begin(w, form, SK_ATTR_CODE_BUILTIN_dictionary_0, SK_ATTR_CODE_VHLO_dictionary_0)
                 : begin(w, form, SK_ATTR_CODE_BUILTIN_array_0, SK_ATTR_CODE_VHLO_array_0);
  sk_write_number(w, 0);
  return finish_form(w, form, height);
}

static uint32_t write_array(sk_writer *w, sk_write_form form, const sk_attr_schema *schema,
                            const sk_attr_rec *rec) {
  uint32_t height = begin(w, form, SK_ATTR_CODE_BUILTIN_array_0, SK_ATTR_CODE_VHLO_array_0);
  sk_write_number(w, rec->u.list.count);
  for (uint32_t i = 0; i < rec->u.list.count; i++) {
    uint32_t item = sk_write_schema_attr(w, form, schema, rec->u.list.data[i]);
    sk_write_attr_ref(w, item, SK_REF_PLAIN);
  }
  return finish_form(w, form, height);
}

static uint32_t write_dict(sk_writer *w, sk_write_form form, const sk_attr_rec *rec) {
  uint32_t height =
      begin(w, form, SK_ATTR_CODE_BUILTIN_dictionary_0, SK_ATTR_CODE_VHLO_dictionary_0);
  sk_write_number(w, rec->u.dict.count);
  for (uint32_t i = 0; i < rec->u.dict.count; i++) {
    sk_str name = sk_sym_str(&w->m->strings, rec->u.dict.data[i].name);
    sk_write_attr_ref(w, sk_write_text_attr(w, form, name), SK_REF_PLAIN);
    sk_write_attr_ref(w, sk_write_attr(w, form, rec->u.dict.data[i].attr), SK_REF_PLAIN);
  }
  return finish_form(w, form, height);
}

static int compare_items(const void *a, const void *b) {
  const sk_str x = ((const sk_write_item *)a)->name;
  const sk_str y = ((const sk_write_item *)b)->name;
  int order = memcmp(x.data, y.data, SK_MIN(x.len, y.len));
  return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

uint32_t sk_write_dictionary(sk_writer *w, sk_write_item *items, uint32_t count) {
  uint32_t height = w->stack.count;
  qsort(items, count, sizeof *items, compare_items);
  sk_write_number(w, SK_ATTR_CODE_BUILTIN_dictionary_0);
  sk_write_number(w, count);
  for (uint32_t i = 0; i < count; i++) {
    sk_write_attr_ref(w, sk_write_text_attr(w, SK_FORM_NATIVE, items[i].name), SK_REF_PLAIN);
    sk_write_attr_ref(w, items[i].value, SK_REF_PLAIN);
  }
  return finish(w, SK_DIALECT_BUILTIN, height);
}

// ---- symbols

static uint32_t write_flat_symbol(sk_writer *w, sk_str name) {
  uint32_t root = sk_write_text_attr(w, SK_FORM_NATIVE, name);
  uint32_t height = w->stack.count;
  sk_write_number(w, SK_ATTR_CODE_BUILTIN_symbol_0);
  sk_write_attr_ref(w, root, SK_REF_PLAIN);
  return finish(w, SK_DIALECT_BUILTIN, height);
}

// What stands before "::", and *rest behind it.
static sk_str split_symbol(sk_str name, sk_str *rest) {
  const char *colons = memmem(name.data, name.len, "::", 2);
  size_t len = colons != NULL ? (size_t)(colons - name.data) : name.len;
  *rest = colons != NULL ? (sk_str){colons + 2, name.len - len - 2} : (sk_str){NULL, 0};
  return (sk_str){name.data, len};
}

static uint32_t write_symbol(sk_writer *w, sk_write_form form, sk_str name) {
  if (form == SK_FORM_VHLO) {
    return sk_write_text_attr(w, form, name);
  }
  sk_str rest;
  sk_str root = split_symbol(name, &rest);
  if (rest.data == NULL) {
    return write_flat_symbol(w, name);
  }
  uint32_t root_entry = sk_write_text_attr(w, form, root);
  uint32_t count = 0;
  for (sk_str left = rest; left.data != NULL; count++) {
    (void)split_symbol(left, &left);
  }
  uint32_t height = w->stack.count;
  sk_write_number(w, SK_ATTR_CODE_BUILTIN_symbol_1);
  sk_write_attr_ref(w, root_entry, SK_REF_PLAIN);
  sk_write_number(w, count);
  while (rest.data != NULL) {
    sk_str part = split_symbol(rest, &rest);
    sk_write_attr_ref(w, write_flat_symbol(w, part), SK_REF_PLAIN);
  }
  return finish(w, SK_DIALECT_BUILTIN, height);
}

// ---- constants

// Bits, least significant first; of equal ones a single byte 0x00 or 0xFF.
static void put_pred_blob(sk_writer *w, const uint8_t *bytes, uint64_t count) {
  bool equal = count > 0 && (count == 1 || memcmp(bytes, bytes + 1, count - 1) == 0);
  uint64_t size = equal ? 1 : (count + 7) / 8;
  uint8_t *bits = sk_write_alloc(w, size + 1);
  if (bits == NULL) {
    return;
  }
  for (uint64_t i = 0; !equal && i < count; i++) {
    bits[i / 8] |= (uint8_t)(bytes[i] << (i % 8));
  }
  if (equal) {
    bits[0] = bytes[0] != 0 ? 0xFF : 0;
  }
  sk_write_blob_sized(w, bits, size);
}

// Elements below a byte without their extended signs.
static void put_narrow_blob(sk_writer *w, sk_elem elem, const uint8_t *bytes, uint64_t count) {
  uint8_t *masked = sk_write_alloc(w, count + 1);
  for (uint64_t i = 0; masked != NULL && i < count; i++) {
    masked[i] = (uint8_t)(bytes[i] & ((1u << sk_elem_bits(elem)) - 1));
  }
  if (masked != NULL) {
    sk_write_blob_sized(w, masked, count);
  }
}

static uint32_t write_dense(sk_writer *w, sk_write_form form, const sk_attr_rec *rec) {
  uint32_t type = sk_write_type(w, form, rec->type);
  uint32_t height = begin(w, form, SK_ATTR_CODE_BUILTIN_tensor_0, SK_ATTR_CODE_VHLO_tensor_0);
  sk_elem elem = (sk_elem)sk_type_get(w->m, rec->type)->elem;
  sk_write_type_ref(w, type, SK_REF_PLAIN);
  if (elem == SK_PRED) {
    put_pred_blob(w, rec->u.dense.data, rec->u.dense.bytes);
  } else if (sk_elem_is_signed(elem) && sk_elem_bits(elem) < 8) {
    put_narrow_blob(w, elem, rec->u.dense.data, rec->u.dense.bytes);
  } else {
    sk_write_blob_sized(w, rec->u.dense.data, rec->u.dense.bytes);
  }
  return finish_form(w, form, height);
}

static uint8_t *to_bytes(sk_writer *w, const int64_t *data, uint64_t count) {
  uint8_t *bytes = sk_write_alloc(w, count + 1);
  for (uint64_t i = 0; bytes != NULL && i < count; i++) {
    bytes[i] = data[i] != 0;
  }
  return bytes;
}

uint32_t sk_write_ints(sk_writer *w, sk_write_form form, sk_elem elem, uint32_t rank,
                       const int64_t *dims, const int64_t *data) {
  uint32_t type = sk_write_tensor(w, form, elem, rank, dims);
  uint32_t height = begin(w, form, SK_ATTR_CODE_BUILTIN_tensor_0, SK_ATTR_CODE_VHLO_tensor_0);
  uint64_t count = 1;
  for (uint32_t i = 0; i < rank; i++) {
    count *= (uint64_t)dims[i];
  }
  sk_write_type_ref(w, type, SK_REF_PLAIN);
  if (elem == SK_PRED) {
    const uint8_t *bytes = to_bytes(w, data, count);
    if (bytes != NULL) {
      put_pred_blob(w, bytes, count);
    }
  } else {
    sk_write_blob_sized(w, data, count * sizeof *data);
  }
  return finish_form(w, form, height);
}

// array<T: ..> of any element type
static uint32_t write_dense_array(sk_writer *w, sk_elem elem, const void *data, uint64_t bytes) {
  uint32_t type = sk_write_scalar(w, SK_FORM_NATIVE, elem);
  uint32_t height = w->stack.count;
  sk_write_number(w, SK_ATTR_CODE_BUILTIN_dense_array_0);
  sk_write_type_ref(w, type, SK_REF_PLAIN);
  sk_write_number(w, bytes / SK_MAX(sk_elem_bytes(elem), 1u));
  sk_write_blob_sized(w, data, bytes);
  return finish(w, SK_DIALECT_BUILTIN, height);
}

static uint32_t write_list(sk_writer *w, sk_write_form form, const sk_attr_rec *rec) {
  sk_ints list = rec->u.ints;
  bool bools = rec->kind == SK_ATTR_BOOLS;
  int64_t dims[2] = {list.count, 0};
  if (rec->cols != 0) {
    dims[0] = list.count / rec->cols;
    dims[1] = rec->cols;
    return sk_write_ints(w, form, SK_S64, 2, dims, list.data);
  }
  if (form == SK_FORM_VHLO) {
    return sk_write_ints(w, form, bools ? SK_PRED : SK_S64, 1, dims, list.data);
  }
  if (!bools) {
    return write_dense_array(w, SK_S64, list.data, list.count * sizeof *list.data);
  }
  const uint8_t *bytes = to_bytes(w, list.data, list.count);
  return bytes != NULL ? write_dense_array(w, SK_PRED, bytes, list.count) : 0;
}

// ---- structures of StableHLO

static void put_ints(sk_writer *w, sk_ints list) {
  sk_write_number(w, list.count);
  for (uint32_t i = 0; i < list.count; i++) {
    sk_write_signed(w, list.data[i]);
  }
}

static void put_field(sk_writer *w, sk_field_kind kind, const void *at) {
  switch (kind) {
    case SK_FIELD_INT: sk_write_signed(w, *(const int64_t *)at); break;
    case SK_FIELD_INTS: put_ints(w, *(const sk_ints *)at); break;
    case SK_FIELD_TYPE:
      sk_write_type_ref(w, sk_write_type(w, SK_FORM_NATIVE, *(const sk_type *)at), SK_REF_PLAIN);
      break;
    case SK_FIELD_BOOL: sk_write_atom(w, SK_ATOM_BYTE, *(const bool *)at); break;
  }
}

static const uint8_t record_codes[] = {
#undef ATTR_enum
#undef ATTR_record
#define ATTR_enum(dialect, code, p)
#define ATTR_record(dialect, code, p) [p] = (code),
#define ATTR(dialect, code, reader, p) ATTR_##reader(dialect, code, p)
#include "read/bytecode.def"
};

static uint32_t write_record(sk_writer *w, const sk_attr_rec *rec) {
  uint32_t height = w->stack.count;
  uint32_t record = 0;
  while (sk_bytecode_record_table[record].kind != (sk_attr_kind)rec->kind) {
    record++;
  }
  sk_write_number(w, record_codes[rec->kind]);
  for (uint32_t i = 0; i < SK_FIELD_COUNT; i++) {
    const sk_bytecode_field *field = &sk_bytecode_fields[i];
    if (field->record == record) {
      uint32_t offset = field->offset - sk_bytecode_record_table[record].offset;
      put_field(w, field->kind, (const char *)rec->u.dot + offset);
    }
  }
  return finish(w, SK_DIALECT_STABLEHLO, height);
}

static uint32_t write_alias(sk_writer *w, sk_write_form form, const sk_output_operand_alias *a) {
  uint32_t height = begin(w, form, SK_ATTR_CODE_STABLEHLO_alias_0, SK_ATTR_CODE_VHLO_alias_0);
  put_ints(w, a->output_tuple_indices);
  sk_write_signed(w, a->operand_index);
  put_ints(w, a->operand_tuple_indices);
  return finish(w, form == SK_FORM_VHLO ? SK_DIALECT_VHLO : SK_DIALECT_STABLEHLO, height);
}

uint32_t sk_write_accuracy_attr(sk_writer *w, sk_write_form form, const sk_result_accuracy *a) {
  uint32_t mode = sk_write_enum_attr(w, form, SK_ENUM_RESULT_ACCURACY_MODE, a->mode);
  uint32_t height = begin(w, form, SK_ATTR_CODE_STABLEHLO_accuracy_0, SK_ATTR_CODE_VHLO_accuracy_0);
  put_bits(w, 64, encode_float(SK_F64, a->atol));
  put_bits(w, 64, encode_float(SK_F64, a->rtol));
  sk_write_signed(w, a->ulps);
  sk_write_attr_ref(w, mode, SK_REF_PLAIN);
  return finish(w, form == SK_FORM_VHLO ? SK_DIALECT_VHLO : SK_DIALECT_STABLEHLO, height);
}

// ---- dispatch

// VHLO has nothing like it: it stays what it is, in an artifact that may mix dialects.
static sk_write_form leave_vhlo(sk_writer *w, sk_write_form form, const char *what) {
  if (form == SK_FORM_VHLO && w->version < MIXED_SINCE) {
    sk_write_too_new(w, MIXED_SINCE, "%s", what);
  }
  return form == SK_FORM_VHLO ? SK_FORM_NATIVE : form;
}

// An attribute in its textual form, which every reader takes for those without a binary one.
static uint32_t write_printed(sk_writer *w, sk_attr attr) {
  sk_text text;
  sk_text_init(&text);
  sk_attr_print(w->m, attr, &text);
  if (text.failed) {
    sk_write_fail(w, sk_status_no_memory());
  }
  uint32_t entry =
      text.failed ? 0 : sk_write_text_entry(w, &w->attrs, (sk_str){text.data, text.len});
  sk_text_fini(&text);
  return entry;
}

static uint32_t write_kind(sk_writer *w, sk_write_form form, sk_attr attr) {
  const sk_attr_rec *rec = sk_attr_get(w->m, attr);
  const sk_type_rec *type = sk_type_get(w->m, rec->type);
  sk_str text = {NULL, 0};
  switch ((sk_attr_kind)rec->kind) {
    case SK_ATTR_UNIT: (void)leave_vhlo(w, form, "a unit attribute"); return write_unit(w);
    case SK_ATTR_BOOL: return sk_write_bool_attr(w, form, rec->u.i != 0);
    case SK_ATTR_INT: return sk_write_int_attr(w, form, (sk_elem)type->elem, rec->u.i);
    case SK_ATTR_FLOAT: return write_float(w, form, (sk_elem)type->elem, rec->u.f);
    case SK_ATTR_STRING: return sk_write_text_attr(w, form, sk_sym_str(&w->m->strings, rec->u.sym));
    case SK_ATTR_SYMBOL: return write_symbol(w, form, sk_sym_str(&w->m->strings, rec->u.sym));
    case SK_ATTR_TYPE: return sk_write_type_attr(w, form, sk_write_type(w, form, rec->type));
    case SK_ATTR_ARRAY: return write_array(w, form, NULL, rec);
    case SK_ATTR_DICT: return write_dict(w, form, rec);
    case SK_ATTR_INTS:
    case SK_ATTR_BOOLS: return write_list(w, form, rec);
    case SK_ATTR_DENSE: return write_dense(w, form, rec);
    case SK_ATTR_ENUM: return sk_write_enum_attr(w, form, (sk_enum_id)rec->enum_id, rec->u.i);
    case SK_ATTR_DOT_DIMS:
    case SK_ATTR_GATHER_DIMS:
    case SK_ATTR_SCATTER_DIMS:
    case SK_ATTR_CONV_DIMS:
    case SK_ATTR_DOT_ALGORITHM:
    case SK_ATTR_CHANNEL_HANDLE:
      (void)leave_vhlo(w, form, "a structured attribute");
      return write_record(w, rec);
    case SK_ATTR_RAGGED_DIMS:
      (void)leave_vhlo(w, form, "dimension numbers of a ragged product");
      return write_printed(w, attr);
    case SK_ATTR_RESULT_ACCURACY: return sk_write_accuracy_attr(w, form, rec->u.accuracy);
    case SK_ATTR_OUTPUT_OPERAND_ALIAS: return write_alias(w, form, rec->u.alias);
    case SK_ATTR_DENSE_ARRAY:
      (void)leave_vhlo(w, form, "an array of numbers");
      return write_dense_array(w, (sk_elem)type->elem, rec->u.dense.data, rec->u.dense.bytes);
    case SK_ATTR_LOC:
      (void)leave_vhlo(w, form, "a location as an attribute");
      return sk_write_loc(w, rec->u.loc);
    case SK_ATTR_OPAQUE:
      text = sk_sym_str(&w->m->strings, rec->u.sym);
      if (form == SK_FORM_VHLO &&
          sk_str_has_prefix(text, SK_STR("#stablehlo.replica_group_mesh_axes<"))) {
        return sk_write_mesh_groups(w, text);
      }
      (void)leave_vhlo(w, form, "an attribute of another dialect");
      return sk_write_text_entry(w, &w->attrs, text);
    case SK_ATTR_NONE_KIND: break;
  }
  return 0;
}

uint32_t sk_write_attr(sk_writer *w, sk_write_form form, sk_attr attr) {
  uint32_t known = w->attr_memo[form][attr.id];
  if (known != 0) {
    return known - 1;
  }
  uint32_t entry = write_kind(w, form, attr);
  w->attr_memo[form][attr.id] = entry + 1;
  return entry;
}

uint32_t sk_write_schema_attr(sk_writer *w, sk_write_form form, const sk_attr_schema *schema,
                              sk_attr attr) {
  const sk_attr_rec *rec = sk_attr_get(w->m, attr);
  if (schema == NULL) {
    return sk_write_attr(w, form, attr);
  }
  if (schema->kind == SK_SCHEMA_LAYOUTS && rec->kind == SK_ATTR_ARRAY) {
    return write_array(w, form, schema, rec);
  }
  if (schema->kind == SK_SCHEMA_LAYOUTS && rec->kind == SK_ATTR_INTS && rec->cols == 0) {
    int64_t count = rec->u.ints.count;
    return sk_write_ints(w, form, SK_INDEX, 1, &count, rec->u.ints.data);
  }
  bool matrix = schema->kind == SK_SCHEMA_GROUPS || schema->kind == SK_SCHEMA_PAIRS;
  if (matrix && rec->kind == SK_ATTR_INTS && rec->u.ints.count == 0 && rec->cols == 0) {
    static const int64_t none[2] = {0, 0};
    return sk_write_ints(w, form, SK_S64, 2, none, NULL);
  }
  // VHLO's flags are booleans.
  if (schema->kind == SK_SCHEMA_UNIT && rec->kind == SK_ATTR_UNIT && form == SK_FORM_VHLO) {
    return sk_write_bool_attr(w, form, true);
  }
  if (schema->kind == SK_SCHEMA_UNIT && rec->kind == SK_ATTR_BOOL && form != SK_FORM_VHLO &&
      rec->u.i != 0) {
    return write_unit(w);
  }
  return sk_write_attr(w, form, attr);
}
