// SPDX-License-Identifier: Apache-2.0
// Reads custom calls of known targets: finds the function in targets.def, the options in the
// backend's configuration, sizes in the types, and checks that all of them fit together.
#include <string.h>

#include "ir/target.h"

static sk_target find_target(sk_str name) {
  static const struct {
    const char *name;
    sk_target target;
  } rows[] = {
#define X(name, function) {name, SK_TARGET_##function},
#include "ir/targets.def"
#undef X
  };
  for (size_t i = 0; i < SK_COUNT(rows); i++) {
    if (sk_str_eq(name, sk_str_from(rows[i].name))) {
      return rows[i].target;
    }
  }
  return SK_TARGET_NONE;
}

// ---- options

// An integer or truth value of the backend's configuration.
static int64_t option(const sk_module *m, sk_op op, const char *name, int64_t otherwise) {
  const sk_attr_rec *config = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_mhlo_backend_config));
  if (config->kind != SK_ATTR_DICT) {
    config = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_backend_config));
  }
  for (uint32_t i = 0; config->kind == SK_ATTR_DICT && i < config->u.dict.count; i++) {
    const sk_attr_rec *value = sk_attr_get(m, config->u.dict.data[i].attr);
    if (sk_str_eq(sk_sym_str(&m->strings, config->u.dict.data[i].name), sk_str_from(name)) &&
        (value->kind == SK_ATTR_INT || value->kind == SK_ATTR_BOOL)) {
      return value->u.i;
    }
  }
  return otherwise;
}

static void read_options(const sk_module *m, sk_op op, sk_target_call *c) {
  enum { KEEPS = 1, TRANSPOSES = 2, ADJOINS = 3 };
  int64_t transpose = option(m, op, "trans_x", 'N');
  c->lower = option(m, op, "lower", option(m, op, "uplo", 'L') == 'L') != 0;
  c->left_side = option(m, op, "side", 'L') == 'L';
  c->unit_diagonal = option(m, op, "diag", 'N') == 'U';
  c->transpose = transpose == 'N' ? KEEPS : transpose == 'T' ? TRANSPOSES : ADJOINS;
  c->dimension = option(m, op, "reduction_dim", -1);
}

// ---- types

sk_type sk_target_result_type(const sk_module *m, sk_op op, const sk_target_call *call,
                              uint32_t i) {
  const sk_type type = sk_value_type(m, sk_op_result(m, op, call->tupled ? 0 : i));
  return call->tupled ? sk_type_get(m, type)->inputs[i] : type;
}

static uint32_t result_count(const sk_module *m, sk_op op, const sk_target_call *c) {
  return c->tupled ? sk_value_type_rec(m, sk_op_result(m, op, 0))->input_count
                   : sk_op_get(m, op)->result_count;
}

// Dimensions of 0-D values may be nowhere.
static bool same_dims(const int64_t *a, const int64_t *b, uint32_t rank) {
  return rank == 0 || memcmp(a, b, rank * sizeof *a) == 0;
}

// The batches of the first operand, then `rank` dimensions.
static bool is_batch_of(const sk_target_call *c, const sk_type_rec *type, sk_elem elem,
                        uint32_t rank, const int64_t *dims) {
  return type->kind == SK_TYPE_TENSOR && type->elem == elem && type->rank == c->batch_rank + rank &&
         same_dims(type->dims, c->operand.dims, c->batch_rank) &&
         (rank == 0 || same_dims(type->dims + c->batch_rank, dims, rank));
}

static bool gives(const sk_module *m, sk_op op, const sk_target_call *c, uint32_t i, sk_elem elem,
                  uint32_t rank, const int64_t *dims) {
  return is_batch_of(c, sk_type_get(m, sk_target_result_type(m, op, c, i)), elem, rank, dims);
}

static bool takes(const sk_module *m, sk_op op, const sk_target_call *c, uint32_t i, uint32_t rank,
                  const int64_t *dims) {
  return is_batch_of(c, sk_value_type_rec(m, sk_op_operand(m, op, i)), (sk_elem)c->operand.elem,
                     rank, dims);
}

static bool is_field(sk_elem elem) {
  return elem == SK_F32 || elem == SK_F64 || elem == SK_C64 || elem == SK_C128;
}

static bool all_static(const sk_module *m, sk_op op, const sk_target_call *c) {
  bool all = true;
  for (uint32_t i = 0; i < sk_op_get(m, op)->operand_count; i++) {
    all = all && sk_type_is_static_tensor(m, sk_value_type(m, sk_op_operand(m, op, i)));
  }
  for (uint32_t i = 0; i < result_count(m, op, c); i++) {
    all = all && sk_type_is_static_tensor(m, sk_target_result_type(m, op, c, i));
  }
  return all;
}

// ---- one function each: do operands and results fit?

static bool fits_square(const sk_module *m, sk_op op, const sk_target_call *c) {
  const int64_t dims[2] = {c->rows, c->rows};
  sk_elem elem = (sk_elem)c->operand.elem;
  return result_count(m, op, c) == 2 && sk_op_get(m, op)->operand_count == 1 &&
         c->rows == c->columns && gives(m, op, c, 0, elem, 2, dims) &&
         gives(m, op, c, 1, SK_S32, 0, NULL);
}

static bool fits_triangular(const sk_module *m, sk_op op, const sk_target_call *c) {
  if (result_count(m, op, c) != 1 || sk_op_get(m, op)->operand_count != 2 ||
      c->rows != c->columns) {
    return false;
  }
  const sk_type b = sk_value_type(m, sk_op_operand(m, op, 1));
  const sk_type_rec *rec = sk_type_get(m, b);
  return rec->rank == c->operand.rank && takes(m, op, c, 1, 2, rec->dims + c->batch_rank) &&
         rec->dims[rec->rank - (c->left_side ? 2 : 1)] == c->rows &&
         sk_target_result_type(m, op, c, 0).id == b.id;
}

static bool fits_tridiagonal(const sk_module *m, sk_op op, const sk_target_call *c) {
  const int64_t dims[2] = {c->rows, c->columns};
  sk_elem elem = (sk_elem)c->operand.elem;
  uint32_t count = result_count(m, op, c);
  if ((count != 1 && count != 5) || !takes(m, op, c, 1, 1, dims) || !takes(m, op, c, 2, 1, dims) ||
      !takes(m, op, c, 3, 2, dims) || !gives(m, op, c, count == 1 ? 0 : 3, elem, 2, dims)) {
    return false;
  }
  bool fits = count == 1 || gives(m, op, c, 4, SK_S32, 0, NULL);
  for (uint32_t i = 0; count == 5 && i < 3; i++) {
    fits = fits && gives(m, op, c, i, elem, 1, dims);
  }
  return fits;
}

static bool fits_lu(const sk_module *m, sk_op op, const sk_target_call *c) {
  const int64_t dims[2] = {c->rows, c->columns};
  bool permuted = c->target == SK_TARGET_LU_PERMUTED, steps = c->target == SK_TARGET_LU_STEPS;
  return sk_op_get(m, op)->operand_count == 1 && result_count(m, op, c) == (steps ? 4 : 3) &&
         gives(m, op, c, 0, (sk_elem)c->operand.elem, 2, dims) &&
         gives(m, op, c, 1, SK_S32, 1, &c->count) &&
         gives(m, op, c, 2, SK_S32, permuted ? 1 : 0, &c->rows) &&
         (!steps || gives(m, op, c, 3, SK_S32, 1, &c->rows));
}

static bool fits_pivots(const sk_module *m, sk_op op, sk_target_call *c) {
  if (sk_op_get(m, op)->operand_count != 1 || result_count(m, op, c) != 1 ||
      c->operand.elem != SK_S32) {
    return false;
  }
  const sk_type_rec *result = sk_type_get(m, sk_target_result_type(m, op, c, 0));
  c->rows = result->rank == c->operand.rank ? result->dims[c->batch_rank] : -1;
  return c->rows >= c->count && gives(m, op, c, 0, SK_S32, 1, &c->rows);
}

static bool fits_qr(const sk_module *m, sk_op op, const sk_target_call *c) {
  const int64_t dims[2] = {c->rows, c->columns};
  sk_elem elem = (sk_elem)c->operand.elem;
  return sk_op_get(m, op)->operand_count == 1 && result_count(m, op, c) == 2 &&
         gives(m, op, c, 0, elem, 2, dims) && gives(m, op, c, 1, elem, 1, &c->count);
}

static bool fits_householder(const sk_module *m, sk_op op, sk_target_call *c) {
  const int64_t dims[2] = {c->rows, c->columns};
  if (sk_op_get(m, op)->operand_count != 2 || result_count(m, op, c) != 1) {
    return false;
  }
  const sk_type_rec *taus = sk_value_type_rec(m, sk_op_operand(m, op, 1));
  c->count = taus->rank == c->batch_rank + 1 ? taus->dims[c->batch_rank] : -1;
  return c->count >= 0 && c->count <= SK_MIN(c->rows, c->columns) &&
         takes(m, op, c, 1, 1, &c->count) && gives(m, op, c, 0, (sk_elem)c->operand.elem, 2, dims);
}

static bool fits_threefry(const sk_module *m, sk_op op, const sk_target_call *c) {
  const sk_type type = sk_value_type(m, sk_op_operand(m, op, 0));
  bool fits = sk_op_get(m, op)->operand_count == 4 && result_count(m, op, c) == 2 &&
              c->operand.elem == SK_U32;
  for (uint32_t i = 0; fits && i < 4; i++) {
    fits = sk_value_type(m, sk_op_operand(m, op, i)).id == type.id &&
           sk_target_result_type(m, op, c, i / 2).id == type.id;
  }
  return fits;
}

static sk_op called_function(const sk_module *m, sk_op op) {
  const sk_attr_rec *names = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_called_computations));
  if (names->kind != SK_ATTR_ARRAY || names->u.list.count != 1) {
    return (sk_op){0};
  }
  const sk_attr_rec *name = sk_attr_get(m, names->u.list.data[0]);
  return name->kind == SK_ATTR_SYMBOL ? sk_module_find_func(m, sk_sym_str(&m->strings, name->u.sym))
                                      : (sk_op){0};
}

// Arrays of one shape, results of one shape that is no larger, a function of pairs of their elements.
static bool fits_top_k(const sk_module *m, sk_op op, sk_target_call *c) {
  uint32_t count = result_count(m, op, c);
  c->comparator = called_function(m, op);
  if (count == 0 || sk_op_get(m, op)->operand_count != 2 * count || c->comparator.id == 0 ||
      c->dimension < 0 || c->dimension >= c->operand.rank) {
    return false;
  }
  const sk_type_rec *function = sk_func_type(m, c->comparator);
  const sk_type_rec *first = sk_type_get(m, sk_target_result_type(m, op, c, 0));
  bool fits = function->input_count == 2 * count && function->result_count == 1 &&
              sk_func_body(m, c->comparator).id != 0 && first->rank == c->operand.rank;
  for (uint32_t d = 0; fits && d < first->rank; d++) {
    fits = (int64_t)d == c->dimension ? first->dims[d] <= c->operand.dims[d]
                                      : first->dims[d] == c->operand.dims[d];
  }
  for (uint32_t i = 0; fits && i < count; i++) {
    const sk_type_rec *array = sk_value_type_rec(m, sk_op_operand(m, op, i)),
                      *result = sk_type_get(m, sk_target_result_type(m, op, c, i));
    fits = array->rank == first->rank && result->rank == first->rank &&
           array->elem == result->elem && same_dims(array->dims, c->operand.dims, first->rank) &&
           same_dims(result->dims, first->dims, first->rank);
    for (uint32_t k = 2 * i; fits && k < 2 * i + 2; k++) {
      const sk_type_rec *argument = sk_type_get(m, function->inputs[k]);
      fits = argument->rank == 0 && argument->elem == array->elem;
    }
  }
  return fits;
}

// ---- sizes

// Of the matrix (or vectors) that the function works on.
static bool read_sizes(const sk_module *m, sk_op op, sk_target_call *c) {
  const sk_type_rec *a = &c->operand;
  uint32_t own = 2;
  switch (c->target) {
    case SK_TARGET_NONE: return false;
    case SK_TARGET_THREEFRY:
    case SK_TARGET_TOP_K: return true;
    case SK_TARGET_PIVOTS: own = 1; break;
    case SK_TARGET_TRIDIAGONAL_SOLVE:
      own = 1;
      if (sk_op_get(m, op)->operand_count != 4) {
        return false;
      }
      break;
    case SK_TARGET_CHOLESKY:
    case SK_TARGET_TRIANGULAR_SOLVE:
    case SK_TARGET_LU:
    case SK_TARGET_LU_PERMUTED:
    case SK_TARGET_LU_STEPS:
    case SK_TARGET_QR:
    case SK_TARGET_HOUSEHOLDER: break;
  }
  if (a->rank < own || (!is_field((sk_elem)a->elem) && c->target != SK_TARGET_PIVOTS)) {
    return false;
  }
  c->batch_rank = a->rank - own;
  c->rows = a->dims[c->batch_rank];
  c->columns = a->dims[a->rank - 1];
  c->count = own == 1 ? c->rows : SK_MIN(c->rows, c->columns);
  if (c->target == SK_TARGET_TRIDIAGONAL_SOLVE) {
    const sk_type_rec *b = sk_value_type_rec(m, sk_op_operand(m, op, 3));
    c->columns = b->rank == a->rank + 1 ? b->dims[a->rank] : -1;
  }
  return true;
}

static bool fits(const sk_module *m, sk_op op, sk_target_call *c) {
  switch (c->target) {
    case SK_TARGET_NONE: break;
    case SK_TARGET_CHOLESKY: return fits_square(m, op, c);
    case SK_TARGET_TRIANGULAR_SOLVE: return fits_triangular(m, op, c);
    case SK_TARGET_TRIDIAGONAL_SOLVE: return fits_tridiagonal(m, op, c);
    case SK_TARGET_LU:
    case SK_TARGET_LU_PERMUTED:
    case SK_TARGET_LU_STEPS: return fits_lu(m, op, c);
    case SK_TARGET_PIVOTS: return fits_pivots(m, op, c);
    case SK_TARGET_QR: return fits_qr(m, op, c);
    case SK_TARGET_HOUSEHOLDER: return fits_householder(m, op, c);
    case SK_TARGET_THREEFRY: return fits_threefry(m, op, c);
    case SK_TARGET_TOP_K: return fits_top_k(m, op, c);
  }
  return false;
}

// Is matrix `v` column after column in memory, as far as layouts (minor first) say?
static bool goes_by_columns(const sk_module *m, sk_op op, sk_name layouts, uint32_t index,
                            sk_value v) {
  const sk_type_rec *type = sk_value_type_rec(m, v);
  const sk_attr attr = sk_op_find_attr(m, op, layouts);
  const sk_attr_rec *list = sk_attr_get(m, attr);
  if (attr.id == 0 || list->kind != SK_ATTR_ARRAY || index >= list->u.list.count ||
      type->kind != SK_TYPE_TENSOR || type->rank < 2) {
    return true;
  }
  const sk_attr_rec *order = sk_attr_get(m, list->u.list.data[index]);
  const uint32_t row = type->rank - 2, column = type->rank - 1;
  return order->kind != SK_ATTR_INTS || order->u.ints.count != type->rank || type->dims[row] == 1 ||
         type->dims[column] == 1 ||
         (order->u.ints.data[0] == row && order->u.ints.data[1] == column);
}

// The libraries' routines take matrices by columns: those that are by rows in memory are others, transposed.
static bool fits_memory(const sk_module *m, sk_op op, const sk_target_call *c) {
  const uint32_t result_count = sk_op_get(m, op)->result_count;
  const sk_str name = sk_op_string(m, op, SK_NAME_call_target_name);
  const sk_str ending = SK_STR("_ffi");  // of the libraries' routines
  if (name.len < ending.len ||
      memcmp(name.data + name.len - ending.len, ending.data, ending.len) != 0) {
    return true;
  }
  uint32_t first = 0,
           last = 0;  // operands that are matrices; the result in the first one's place is one
  switch ((int)c->target) {
    case SK_TARGET_CHOLESKY:
    case SK_TARGET_LU:
    case SK_TARGET_QR:
    case SK_TARGET_HOUSEHOLDER: break;
    case SK_TARGET_TRIANGULAR_SOLVE: last = 1; break;
    case SK_TARGET_TRIDIAGONAL_SOLVE: first = last = 3; break;
    default: return true;
  }
  for (uint32_t i = first; i <= last; i++) {
    if (!goes_by_columns(m, op, SK_NAME_operand_layouts, i, sk_op_operand(m, op, i))) {
      return false;
    }
  }
  return first >= result_count ||
         goes_by_columns(m, op, SK_NAME_result_layouts, first, sk_op_result(m, op, first));
}

sk_status sk_target_read(const sk_module *m, sk_op op, sk_target_call *out) {
  const sk_op_rec *rec = sk_op_get(m, op);
  *out = (sk_target_call){.target = SK_TARGET_NONE};
  if (rec->kind != SK_OP_CUSTOM_CALL) {
    return NULL;
  }
  sk_str name = sk_op_string(m, op, SK_NAME_call_target_name);
  out->target = find_target(name);
  if (out->target == SK_TARGET_NONE) {
    return NULL;
  }
  read_options(m, op, out);
  out->tupled =
      rec->result_count == 1 && sk_value_type_rec(m, sk_op_result(m, op, 0))->kind == SK_TYPE_TUPLE;
  bool known = rec->operand_count != 0 && rec->result_count != 0 && all_static(m, op, out);
  if (known) {
    out->operand = *sk_value_type_rec(m, sk_op_operand(m, op, 0));
    known = read_sizes(m, op, out) && fits(m, op, out) && fits_memory(m, op, out);
  }
  return known ? NULL
               : sk_op_error(
                     m, op, SK_UNIMPLEMENTED,
                     "operands, results, options or layouts are not those that @%.*s is known for",
                     SK_STR_ARG(name));
}
