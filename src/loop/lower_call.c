// SPDX-License-Identifier: Apache-2.0
// Custom calls: a library call HOST_CALL whose parameters say all there is to know (base/hostcall.h),
// so that the runtime can find a handler by the target's name and hand it types and attributes.
//
// Operands and results are dense buffers. Where the program wants them in another order of
// dimensions, the expand pass has put transposes around the call; the types here are those in
// memory, and the dimensions told to the handler are the program's. Tokens are buffers without
// elements: they are there for the order of the calls. An operand that the program wants in the place
// of a result (output_operand_aliases) is one buffer with it, into which it is copied before the call.
//
// Attributes: the dictionary of mhlo.backend_config, or of backend_config; a backend_config that is
// a text is the one attribute "opaque".
#include "base/hostcall.h"
#include "base/num.h"
#include "loop/lower_int.h"

typedef struct call_writer {
  sk_lowering *l;
  sk_op op;
  SK_VEC(int64_t) words;
} call_writer;

static void put_word(call_writer *w, int64_t word) { sk_vec_push(w->l->arena, &w->words, word); }

// Bytes, filled up to whole words, with at least one NUL when `terminated`.
static void put_bytes(call_writer *w, const void *data, size_t size, bool terminated) {
  int64_t count = sk_call_words((int64_t)size + terminated);
  for (int64_t i = 0; i < count; i++) {
    int64_t word = 0;
    size_t at = (size_t)i * 8;
    if (at < size) {
      memcpy(&word, (const char *)data + at, SK_MIN(size - at, (size_t)8));
    }
    put_word(w, word);
  }
}

static int64_t type_code(const call_writer *w, sk_elem elem) {
  return (int64_t)w->l->plan->type_code(elem);
}

// ---- values

// The order of dimensions in memory, minor first; none: row-major.
static sk_ints layout_of(const sk_module *m, sk_op op, sk_name name, uint32_t index) {
  sk_attr attr = sk_op_find_attr(m, op, name);
  const sk_attr_rec *list = sk_attr_get(m, attr);
  if (attr.id == 0 || list->kind != SK_ATTR_ARRAY || index >= list->u.list.count) {
    return (sk_ints){0};
  }
  const sk_attr_rec *order = sk_attr_get(m, list->u.list.data[index]);
  return order->kind == SK_ATTR_INTS ? order->u.ints : (sk_ints){0};
}

static void put_value(call_writer *w, sk_value v, sk_name layouts, uint32_t index) {
  const sk_module *m = w->l->m;
  const sk_type_rec *type = sk_value_type_rec(m, v);
  if (type->kind == SK_TYPE_TOKEN) {
    put_word(w, (int64_t)w->l->plan->token_code);
    put_word(w, 0);
    return;
  }
  sk_ints order = layout_of(m, w->op, layouts, index);
  put_word(w, type_code(w, (sk_elem)type->elem));
  put_word(w, type->rank);
  uint32_t first = w->words.count;
  for (uint32_t d = 0; d < type->rank; d++) {
    put_word(w, type->dims[d]);
  }
  for (uint32_t d = 0; order.count == type->rank && d < type->rank; d++) {
    // The outermost in memory is the last of the order.
    w->words.data[first + order.data[type->rank - 1 - d]] = type->dims[d];
  }
}

// ---- attributes

static bool put_attr_head(call_writer *w, sk_str name, sk_call_attr_kind kind, int64_t type,
                          int64_t count, int64_t data_bytes) {
  put_word(w, kind);
  put_word(w, type);
  put_word(w, count);
  put_word(w, (int64_t)name.len + 1);
  put_word(w, data_bytes);
  put_bytes(w, name.data, name.len, true);
  return true;
}

static bool put_text(call_writer *w, sk_str name, sk_str text) {
  put_attr_head(w, name, SK_CALL_STRING, 0, (int64_t)text.len, (int64_t)text.len + 1);
  put_bytes(w, text.data, text.len, true);
  return true;
}

static bool put_scalar(call_writer *w, sk_str name, sk_elem elem, const void *data) {
  size_t bytes = sk_elem_bytes(elem);
  put_attr_head(w, name, SK_CALL_SCALAR, type_code(w, elem), 1, (int64_t)bytes);
  put_bytes(w, data, bytes, false);
  return true;
}

static bool put_float(call_writer *w, sk_str name, sk_elem elem, double value) {
  float narrow = (float)value;
  return elem == SK_F64   ? put_scalar(w, name, elem, &value)
         : elem == SK_F32 ? put_scalar(w, name, elem, &narrow)
                          : false;
}

// Integers of a list, as 64-bit ones or as booleans.
static bool put_ints(call_writer *w, sk_str name, sk_ints ints, bool are_bools) {
  int64_t bytes = (are_bools ? 1 : 8) * (int64_t)ints.count;
  put_attr_head(w, name, SK_CALL_ARRAY, type_code(w, are_bools ? SK_PRED : SK_S64), ints.count,
                bytes);
  if (!are_bools) {
    put_bytes(w, ints.data, (size_t)bytes, false);
    return true;
  }
  uint8_t *bools = SK_NEW_ARRAY(w->l->arena, uint8_t, ints.count + 1);
  for (uint32_t i = 0; i < ints.count; i++) {
    bools[i] = ints.data[i] != 0;
  }
  put_bytes(w, bools, ints.count, false);
  return true;
}

static bool put_dense(call_writer *w, sk_str name, const sk_attr_rec *rec) {
  const sk_type_rec *type = sk_type_get(w->l->m, rec->type);
  sk_elem elem = (sk_elem)type->elem;
  size_t each = sk_elem_bytes(elem);
  if (rec->u.dense.splat || each == 0) {
    return false;
  }
  put_attr_head(w, name, SK_CALL_ARRAY, type_code(w, elem), (int64_t)(rec->u.dense.bytes / each),
                (int64_t)rec->u.dense.bytes);
  put_bytes(w, rec->u.dense.data, rec->u.dense.bytes, false);
  return true;
}

// False: an attribute that handlers cannot be given.
static bool put_attr(call_writer *w, sk_str name, sk_attr attr) {
  const sk_module *m = w->l->m;
  const sk_attr_rec *rec = sk_attr_get(m, attr);
  uint8_t yes = 1, is_true = rec->kind == SK_ATTR_BOOL && rec->u.i != 0;
  switch ((int)rec->kind) {
    case SK_ATTR_UNIT: return put_scalar(w, name, SK_PRED, &yes);
    case SK_ATTR_BOOL: return put_scalar(w, name, SK_PRED, &is_true);
    case SK_ATTR_INT:
      // Little-endian: the low bytes are the value of a narrower type.
      return put_scalar(w, name, (sk_elem)sk_type_get(m, rec->type)->elem, &rec->u.i);
    case SK_ATTR_FLOAT:
      return put_float(w, name, (sk_elem)sk_type_get(m, rec->type)->elem, rec->u.f);
    case SK_ATTR_STRING: return put_text(w, name, sk_sym_str(&m->strings, rec->u.sym));
    case SK_ATTR_INTS: return put_ints(w, name, rec->u.ints, false);
    case SK_ATTR_BOOLS: return put_ints(w, name, rec->u.ints, true);
    case SK_ATTR_DENSE:
    case SK_ATTR_DENSE_ARRAY: return put_dense(w, name, rec);
    default: return false;
  }
}

static bool put_dict(call_writer *w, const sk_attr_rec *dict) {
  const sk_module *m = w->l->m;
  for (uint32_t i = 0; i < dict->u.dict.count; i++) {
    sk_str name = sk_sym_str(&m->strings, dict->u.dict.data[i].name);
    if (!put_attr(w, name, dict->u.dict.data[i].attr)) {
      sk_lower_fail(w->l, sk_op_error(m, w->op, SK_UNIMPLEMENTED,
                                      "attribute '%.*s' of a custom call is of a kind that "
                                      "handlers are not given",
                                      SK_STR_ARG(name)));
      return false;
    }
  }
  return true;
}

static bool put_attrs(call_writer *w) {
  const sk_module *m = w->l->m;
  sk_attr config = sk_op_find_attr(m, w->op, SK_NAME_mhlo_backend_config);
  if (config.id == 0) {
    config = sk_op_find_attr(m, w->op, SK_NAME_backend_config);
  }
  if (config.id == 0) {
    return true;
  }
  const sk_attr_rec *rec = sk_attr_get(m, config);
  if (rec->kind == SK_ATTR_DICT) {
    w->words.data[SK_CALL_ATTRS] = rec->u.dict.count;
    return put_dict(w, rec);
  }
  w->words.data[SK_CALL_ATTRS] = 1;
  return put_attr(w, SK_STR("opaque"), config);
}

// ---- the call

static bool is_row_major(sk_ints order) {
  for (uint32_t i = 0; i < order.count; i++) {
    if (order.data[i] != (int64_t)(order.count - 1 - i)) {
      return false;
    }
  }
  return true;
}

static bool in_memory_order(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  bool plain = sk_op_find_attr(m, op, SK_NAME_skarn_memory_order).id != 0;
  for (uint32_t i = 0; !plain && i < rec->operand_count + rec->result_count; i++) {
    bool operand = i < rec->operand_count;
    sk_ints order = layout_of(m, op, operand ? SK_NAME_operand_layouts : SK_NAME_result_layouts,
                              operand ? i : i - rec->operand_count);
    if (!is_row_major(order)) {
      return false;
    }
  }
  return true;
}

// The result in whose place the program wants an operand; UINT32_MAX: in none.
static uint32_t place_of_operand(const sk_module *m, sk_op op, uint32_t operand) {
  sk_attr attr = sk_op_find_attr(m, op, SK_NAME_output_operand_aliases);
  const sk_attr_rec *list = sk_attr_get(m, attr);
  for (uint32_t i = 0; attr.id != 0 && i < list->u.list.count; i++) {
    const sk_output_operand_alias *alias = sk_attr_get(m, list->u.list.data[i])->u.alias;
    if (alias->operand_index == operand) {
      sk_ints path = alias->output_tuple_indices;
      return path.count > 0 ? (uint32_t)path.data[0] : 0;
    }
  }
  return UINT32_MAX;
}

// One buffer for an operand and the result in its place: a copy, so that the operand itself stays as it is.
static uint32_t operand_buf(sk_lowering *l, sk_op op, uint32_t operand, const uint32_t *results) {
  sk_value v = sk_op_operand(l->m, op, operand);
  uint32_t place = place_of_operand(l->m, op, operand);
  if (place == UINT32_MAX) {
    return sk_lower_materialise(l, v);
  }
  sk_lower_into(l, v, results[place]);
  return results[place];
}

void sk_lower_call(sk_lowering *l, sk_op op) {
  const sk_module *m = l->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  sk_str target = sk_op_string(m, op, SK_NAME_call_target_name);
  call_writer w = {.l = l, .op = op};
  if (!in_memory_order(m, op)) {
    sk_lower_fail(l, sk_op_error(m, op, SK_INTERNAL, "layouts were not expanded"));
    return;
  }
  uint32_t count = rec.operand_count + rec.result_count;
  uint32_t *bufs = SK_NEW_ARRAY(l->arena, uint32_t, count + 1);
  put_word(&w, rec.operand_count);
  put_word(&w, rec.result_count);
  put_word(&w, 0);
  put_word(&w, (int64_t)target.len + 1);
  uint32_t *results = bufs + rec.operand_count;
  for (uint32_t i = 0; i < rec.result_count; i++) {
    results[i] = sk_lower_result_buf(l, sk_op_result(m, op, i));
  }
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    bufs[i] = operand_buf(l, op, i, results);
    put_value(&w, sk_op_operand(m, op, i), SK_NAME_operand_layouts, i);
  }
  for (uint32_t i = 0; i < rec.result_count; i++) {
    put_value(&w, sk_op_result(m, op, i), SK_NAME_result_layouts, i);
  }
  put_bytes(&w, target.data, target.len, true);
  if (put_attrs(&w)) {
    sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_LIBCALL,
                                .libcall = SK_BUILTIN_HOST_CALL,
                                .buf_count = count,
                                .bufs = bufs,
                                .param_count = w.words.count,
                                .params = w.words.data});
  }
}

// A token has no contents; operations that make one make a buffer.
void sk_lower_token(sk_lowering *l, sk_op op) { sk_lower_result_buf(l, sk_op_result(l->m, op, 0)); }
