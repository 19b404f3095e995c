// SPDX-License-Identifier: Apache-2.0
// Attributes to the kinds that ops.def's schemas name. One thing has several spellings, by the age
// of the text and by the writer:
//
//   schema    spellings                                                        becomes
//   INTS      array<i64: 0, 1>   dense<[0, 1]> : tensor<2xi64>   [0, 1]        INTS
//             array<i32: 0, 1>
//   PAIRS     dense<[[0, 1]]> : tensor<1x2xi64>   dense<0> : tensor<2x2xi64>   INTS with 2 columns
//             dense<> : tensor<0xi64>
//   GROUPS    dense<[[0, 1]]> : tensor<1x2xi64>                                INTS with columns
//   BOOLS     array<i1: true>   dense<true> : tensor<2xi1>                     BOOLS
//   ENUM      #stablehlo<fft_type FFT>   4 : i32   "FFT"                       ENUM
//   LAYOUTS   [dense<[1, 0]> : tensor<2xindex>]                                ARRAY of INTS
//   INT       1 : i64   1 : ui64                                               INT of i64
//
// Everything else passes unchanged; what is wrong is for the verifier to say.
#include "read/read_int.h"

#include <string.h>

static int64_t read_int(sk_elem elem, const char *bytes) {
  uint64_t value = 0;
  uint32_t width = sk_elem_bytes(elem);
  memcpy(&value, bytes, width);
  if (width < sizeof value && sk_elem_is_signed(elem)) {
    uint32_t shift = 64 - 8 * width;
    return (int64_t)(value << shift) >> shift;
  }
  return (int64_t)value;
}

// The elements of a dense constant or dense array of integers; NULL with *out_count 0 where there
// are none or not integers.
static sk_status list_dense(sk_module *m, const sk_read_options *limits, const sk_attr_rec *rec,
                            bool *out_is, int64_t **out_values, uint32_t *out_count) {
  const sk_type_rec *type = sk_type_get(m, rec->type);
  sk_elem elem = (sk_elem)type->elem;
  uint32_t width = sk_elem_bytes(elem);
  int64_t count = 0;
  *out_is = sk_elem_is_int(elem) || elem == SK_INDEX || elem == SK_PRED;
  if (!*out_is) {
    return NULL;
  }
  if (rec->kind == SK_ATTR_DENSE_ARRAY) {
    count = (int64_t)(rec->u.dense.bytes / width);
  } else {
    *out_is = sk_type_elem_count(m, rec->type, &count);
  }
  uint64_t most = rec->u.dense.splat ? limits->splat_ints : (uint64_t)INT32_MAX;
  *out_is = *out_is && (uint64_t)count <= most;
  if (!*out_is) {
    return NULL;
  }
  int64_t *values = SK_NEW_ARRAY(&m->arena, int64_t, (size_t)count + 1);
  if (values == NULL) {
    return sk_status_no_memory();
  }
  const char *bytes = rec->u.dense.data;
  for (int64_t i = 0; i < count; i++) {
    values[i] = read_int(elem, rec->u.dense.splat ? bytes : bytes + i * width);
  }
  *out_values = values;
  *out_count = (uint32_t)count;
  return NULL;
}

static sk_status check_id(sk_attr attr) { return attr.id == 0 ? sk_status_no_memory() : NULL; }

static sk_status conform_array(sk_module *m, sk_attr in, sk_attr *out) {
  const sk_attr_rec *rec = sk_attr_get(m, in);
  uint32_t count = rec->u.list.count;
  int64_t *values = SK_NEW_ARRAY(&m->arena, int64_t, (size_t)count + 1);
  if (values == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    const sk_attr_rec *item = sk_attr_get(m, rec->u.list.data[i]);
    if (item->kind != SK_ATTR_INT) {
      return NULL;
    }
    values[i] = item->u.i;
  }
  *out = sk_attr_ints(m, values, count);
  return check_id(*out);
}

static sk_status conform_ints(sk_module *m, const sk_read_options *limits, sk_schema_kind kind,
                              sk_attr in, sk_attr *out) {
  sk_attr_rec rec = *sk_attr_get(m, in);
  const sk_type_rec *type = sk_type_get(m, rec.type);
  uint32_t rank = type->rank;
  int64_t *values = NULL;
  uint32_t count = 0;
  bool is = false;
  if (rec.kind == SK_ATTR_ARRAY && kind == SK_SCHEMA_INTS) {
    return conform_array(m, in, out);
  }
  if (rec.kind != SK_ATTR_DENSE && rec.kind != SK_ATTR_DENSE_ARRAY) {
    return NULL;
  }
  bool matrix = kind == SK_SCHEMA_PAIRS || kind == SK_SCHEMA_GROUPS;
  int64_t none;
  if (rec.kind == SK_ATTR_DENSE && kind == SK_SCHEMA_PAIRS && rank == 1 &&
      sk_type_elem_count(m, rec.type, &none) && none == 0) {  // how VHLO says that there are none
    *out = sk_attr_ints_2d(m, NULL, 0, 2);
    return check_id(*out);
  }
  if (rec.kind == SK_ATTR_DENSE && rank != (matrix ? 2 : 1)) {
    return NULL;
  }
  if (kind == SK_SCHEMA_BOOLS && type->elem != SK_PRED) {
    return NULL;
  }
  int64_t rows = rank == 2 ? type->dims[0] : 0;
  int64_t cols = rank == 2 ? type->dims[1] : 0;
  SK_TRY(list_dense(m, limits, &rec, &is, &values, &count));
  if (!is || rows > INT32_MAX || cols > INT32_MAX) {
    return NULL;
  }
  *out = kind == SK_SCHEMA_BOOLS ? sk_attr_bools(m, values, count)
         : matrix                ? sk_attr_ints_2d(m, values, (uint32_t)rows, (uint32_t)cols)
                                 : sk_attr_ints(m, values, count);
  return check_id(*out);
}

static sk_status conform_layouts(sk_module *m, const sk_read_options *limits, sk_attr in,
                                 sk_attr *out) {
  const sk_attr_rec *rec = sk_attr_get(m, in);
  if (rec->kind != SK_ATTR_ARRAY) {
    return NULL;
  }
  const sk_attr *list = rec->u.list.data;  // in the arena: stays while records move
  uint32_t count = rec->u.list.count;
  sk_attr *items = SK_NEW_ARRAY(&m->arena, sk_attr, (size_t)count + 1);
  if (items == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    items[i] = list[i];
    SK_TRY(conform_ints(m, limits, SK_SCHEMA_INTS, list[i], &items[i]));
  }
  *out = sk_attr_array(m, items, count);
  return check_id(*out);
}

static sk_status conform_enum(sk_module *m, sk_enum_id id, sk_attr in, sk_attr *out) {
  const sk_attr_rec *rec = sk_attr_get(m, in);
  int64_t value;
  if (rec->kind == SK_ATTR_INT && sk_enum_keyword(id, rec->u.i) != NULL) {
    value = rec->u.i;
  } else if (rec->kind != SK_ATTR_STRING ||
             !sk_enum_parse(id, sk_sym_str(&m->strings, rec->u.sym), &value)) {
    return NULL;
  }
  *out = sk_attr_enum(m, id, value);
  return check_id(*out);
}

static sk_status conform_int(sk_module *m, sk_attr in, sk_attr *out) {
  const sk_attr_rec *rec = sk_attr_get(m, in);
  if (rec->kind != SK_ATTR_INT ||
      sk_elem_get_class((sk_elem)sk_type_get(m, rec->type)->elem) != SK_CLASS_UINT) {
    return NULL;
  }
  int64_t value = rec->u.i;
  sk_type type = sk_type_scalar(m, SK_S64);
  *out = type.id == 0 ? (sk_attr){0} : sk_attr_int(m, type, value);
  return check_id(*out);
}

sk_status sk_read_conform_attr(sk_module *m, const sk_read_options *limits, sk_opkind kind,
                               sk_sym name, sk_attr in, sk_attr *out) {
  *out = in;
  const sk_attr_schema *schema = sk_opkind_find_attr(kind, name);
  if (schema == NULL) {
    return NULL;
  }
  switch ((sk_schema_kind)schema->kind) {
    case SK_SCHEMA_INTS:
    case SK_SCHEMA_PAIRS:
    case SK_SCHEMA_GROUPS:
    case SK_SCHEMA_BOOLS: return conform_ints(m, limits, (sk_schema_kind)schema->kind, in, out);
    case SK_SCHEMA_LAYOUTS: return conform_layouts(m, limits, in, out);
    case SK_SCHEMA_ENUM: return conform_enum(m, (sk_enum_id)schema->enum_id, in, out);
    case SK_SCHEMA_INT: return conform_int(m, in, out);
    case SK_SCHEMA_ANY:
    case SK_SCHEMA_UNIT:
    case SK_SCHEMA_BOOL:
    case SK_SCHEMA_I32:
    case SK_SCHEMA_FLOAT:
    case SK_SCHEMA_STRING:
    case SK_SCHEMA_SYMBOL:
    case SK_SCHEMA_SYMBOLS:
    case SK_SCHEMA_TYPE:
    case SK_SCHEMA_DENSE:
    case SK_SCHEMA_PRECISIONS:
    case SK_SCHEMA_DOT_DIMS:
    case SK_SCHEMA_RAGGED_DIMS:
    case SK_SCHEMA_GATHER_DIMS:
    case SK_SCHEMA_SCATTER_DIMS:
    case SK_SCHEMA_CONV_DIMS:
    case SK_SCHEMA_ALGORITHM:
    case SK_SCHEMA_ACCURACY:
    case SK_SCHEMA_CHANNEL:
    case SK_SCHEMA_ALIASES:
    case SK_SCHEMA_ARRAY:
    case SK_SCHEMA_DICT:
    case SK_SCHEMA_CONFIG: break;
  }
  return NULL;
}
