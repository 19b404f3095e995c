// SPDX-License-Identifier: Apache-2.0
// Text of types, attributes and constants, as MLIR and StableHLO spell them.
//
// Everything printed here is read back by our text reader and by stock StableHLO tools to the same
// value. Floats are the shortest decimals that round back, infinities and NaNs hexadecimal bit
// patterns. Constants of more than 100 elements print as a hexadecimal string of their bytes,
// except element types narrower than a byte, whose byte form differs between MLIR versions. Nesting
// of types and attributes was limited when they were made (sk_ir_extent), so recursion here is
// bounded.
#include <math.h>

#include "base/num.h"
#include "ir/ir_int.h"

#define PUT(p, literal) sk_text_add((p)->out, SK_STR(literal))
static void put(sk_printer *p, const char *text) { sk_text_add(p->out, sk_str_from(text)); }

// ------------------------------------------------------------------------------------------- types

static void print_type(sk_printer *p, sk_type type);

static void print_types(sk_printer *p, const sk_type *types, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (i != 0) {
      PUT(p, ", ");
    }
    print_type(p, types[i]);
  }
}

static void print_quant(sk_printer *p, const sk_quant *q) {
  uint32_t bits = sk_elem_bits(q->storage);
  bool is_signed = sk_elem_is_signed(q->storage);
  int64_t max = is_signed    ? (int64_t)(UINT64_MAX >> (65 - bits))
                : bits >= 63 ? INT64_MAX
                             : ((int64_t)1 << bits) - 1;
  int64_t min = is_signed ? -max - 1 : 0;
  sk_text_addf(p->out, "!quant.uniform<%s%u", is_signed ? "i" : "u", bits);
  if (q->storage_min != min || q->storage_max != max) {
    sk_text_addf(p->out, "<%lld:%lld>", (long long)q->storage_min, (long long)q->storage_max);
  }
  sk_text_addf(p->out, ":%s", sk_elem_name(q->expressed));
  if (q->axis >= 0) {
    sk_text_addf(p->out, ":%d, {", q->axis);
  } else {
    PUT(p, ", ");
  }
  for (uint32_t i = 0; i < q->count; i++) {
    if (i != 0) {
      PUT(p, ", ");
    }
    sk_text_add_f64(p->out, q->scales[i]);
    if (q->zero_points[i] != 0) {
      sk_text_addf(p->out, ":%lld", (long long)q->zero_points[i]);
    }
  }
  put(p, q->axis >= 0 ? "}>" : ">");
}

static void print_elem(sk_printer *p, const sk_type_rec *rec) {
  if (rec->elem == SK_QUANT && rec->quant != NULL) {
    print_quant(p, rec->quant);
  } else {
    put(p, sk_elem_name((sk_elem)rec->elem));
  }
}

static void print_shaped(sk_printer *p, const char *keyword, const sk_type_rec *rec) {
  put(p, keyword);
  for (uint32_t i = 0; i < rec->rank; i++) {
    if (rec->dims[i] == SK_DIM_UNKNOWN) {
      PUT(p, "?x");
    } else {
      sk_text_add_i64(p->out, rec->dims[i]);
      PUT(p, "x");
    }
  }
  print_elem(p, rec);
  if (rec->bounds != NULL) {
    PUT(p, ", #stablehlo.bounds<");
    for (uint32_t i = 0; i < rec->rank; i++) {
      put(p, i ? ", " : "");
      if (rec->bounds[i] == SK_DIM_UNKNOWN) {
        PUT(p, "?");
      } else {
        sk_text_add_i64(p->out, rec->bounds[i]);
      }
    }
    PUT(p, ">");
  } else if (rec->encoding.id != 0) {
    PUT(p, ", ");
    sk_ir_print_attr(p, rec->encoding);
  }
  PUT(p, ">");
}

static void print_function_type(sk_printer *p, const sk_type_rec *rec) {
  PUT(p, "(");
  print_types(p, rec->inputs, rec->input_count);
  PUT(p, ") -> ");
  bool bare =
      rec->result_count == 1 && sk_type_get(p->m, rec->results[0])->kind != SK_TYPE_FUNCTION;
  put(p, bare ? "" : "(");
  print_types(p, rec->results, rec->result_count);
  put(p, bare ? "" : ")");
}

static void print_type(sk_printer *p, sk_type type) {
  const sk_type_rec *rec = sk_type_get(p->m, type);
  switch ((sk_type_kind)rec->kind) {
    case SK_TYPE_TENSOR: print_shaped(p, "tensor<", rec); break;
    case SK_TYPE_BUFFER: print_shaped(p, "memref<", rec); break;
    case SK_TYPE_UNRANKED:
      PUT(p, "tensor<*x");
      print_elem(p, rec);
      PUT(p, ">");
      break;
    case SK_TYPE_FUNCTION: print_function_type(p, rec); break;
    case SK_TYPE_TUPLE:
    case SK_TYPE_FUTURE:
      put(p, rec->kind == SK_TYPE_TUPLE ? "tuple<" : "!stablehlo.future<");
      print_types(p, rec->inputs, rec->input_count);
      PUT(p, ">");
      break;
    case SK_TYPE_TOKEN: PUT(p, "!stablehlo.token"); break;
    case SK_TYPE_SCALAR: print_elem(p, rec); break;
    case SK_TYPE_UNIT: PUT(p, "none"); break;
    case SK_TYPE_WITNESS: PUT(p, "!shape.witness"); break;
    case SK_TYPE_OPAQUE: sk_text_add(p->out, sk_sym_str(&p->m->strings, rec->text)); break;
    case SK_TYPE_NONE_KIND: PUT(p, "<<no type>>"); break;
  }
}

// ----------------------------------------------------------------------------------------- numbers

static bool narrow_format(sk_elem elem, sk_numfmt *out) {
  switch ((int)elem) {
#define X(name, ...)                                                                               \
  case SK_##name:                                                                                  \
    *out = SK_NUM_##name;                                                                          \
    return true;
#include "base/num.def"
#undef X
    default:  // not an enumeration of formats: every other element type
      return false;
  }
}

static void print_hex_bits(sk_printer *p, uint32_t bits, uint32_t width) {
  sk_text_addf(p->out, "0x%0*X", (int)((width + 3) / 4), bits);
}

// A narrow float from its bits: the shortest decimal of its value as f32 reads back to it.
static void print_narrow(sk_printer *p, sk_elem elem, sk_numfmt format, uint32_t bits) {
  double value = sk_num_decode(format, bits);
  bool smallest = elem == SK_F8E8M0FNU && bits == 0;  // MLIR reads its decimals as underflow
  if (isnan(value) || isinf(value) || smallest) {
    print_hex_bits(p, bits, sk_elem_bits(elem));
  } else {
    sk_text_add_f32(p->out, (float)value);
  }
}

static void print_float(sk_printer *p, sk_elem elem, double value) {
  sk_numfmt format;
  if (elem == SK_F64) {
    sk_text_add_f64(p->out, value);
  } else if (narrow_format(elem, &format)) {
    print_narrow(p, elem, format, sk_num_encode(format, value));
  } else {
    sk_text_add_f32(p->out, (float)value);
  }
}

static void print_int(sk_printer *p, sk_elem elem, int64_t value) {
  if (sk_elem_get_class(elem) == SK_CLASS_UINT) {
    sk_text_addf(p->out, "%llu", (unsigned long long)value);
  } else {
    sk_text_add_i64(p->out, value);
  }
}

// The element at `at` of a constant's data.
static void print_element(sk_printer *p, sk_elem elem, const unsigned char *at) {
  uint64_t bits = 0;
  uint32_t bytes = sk_elem_bytes(elem);
  float f;
  double d;
  sk_numfmt format;
  if (sk_elem_is_complex(elem)) {
    sk_elem part = sk_elem_complex_part(elem);
    PUT(p, "(");
    print_element(p, part, at);
    PUT(p, ", ");
    print_element(p, part, at + bytes / 2);
    PUT(p, ")");
    return;
  }
  memcpy(&bits, at, bytes);
  if (elem == SK_PRED) {
    put(p, bits ? "true" : "false");
  } else if (elem == SK_F32) {
    memcpy(&f, at, sizeof f);
    sk_text_add_f32(p->out, f);
  } else if (elem == SK_F64) {
    memcpy(&d, at, sizeof d);
    sk_text_add_f64(p->out, d);
  } else if (narrow_format(elem, &format)) {
    print_narrow(p, elem, format, (uint32_t)bits);
  } else if (sk_elem_get_class(elem) == SK_CLASS_UINT) {
    sk_text_addf(p->out, "%llu", (unsigned long long)bits);
  } else {
    int64_t value;  // sign extension from the stored width
    memcpy(&value, &bits, sizeof value);
    uint32_t shift = 64 - 8 * bytes;
    sk_text_add_i64(p->out, (int64_t)((uint64_t)value << shift) >> shift);
  }
}

// --------------------------------------------------------------------------------------- constants

static void print_hex_blob(sk_printer *p, const unsigned char *data, uint64_t bytes) {
  static const char digits[] = "0123456789ABCDEF";
  char buf[256];
  PUT(p, "\"0x");
  for (uint64_t at = 0; at < bytes;) {
    uint32_t n = 0;
    for (; n < sizeof buf && at < bytes; at++) {
      buf[n++] = digits[data[at] >> 4];
      buf[n++] = digits[data[at] & 15];
    }
    sk_text_add(p->out, (sk_str){buf, n});
  }
  PUT(p, "\"");
}

// Nested brackets: before element i one opens per dimension that starts there, after it one closes
// per dimension that ends.
static void print_nested(sk_printer *p, sk_elem elem, const int64_t *dims, uint32_t rank,
                         int64_t count, const unsigned char *data) {
  uint32_t bytes = sk_elem_bytes(elem);
  for (int64_t i = 0; i < count && !p->out->failed; i++) {
    int64_t span = 1;
    uint32_t opens = 0, closes = 0;
    for (uint32_t d = rank; d-- > 0;) {
      span *= dims[d];
      opens += i % span == 0;
      closes += (i + 1) % span == 0;
    }
    put(p, i ? ", " : "");
    while (opens-- > 0) {
      PUT(p, "[");
    }
    print_element(p, elem, data + (uint64_t)i * bytes);
    while (closes-- > 0) {
      PUT(p, "]");
    }
  }
}

static void print_dense(sk_printer *p, sk_type type, const sk_dense *dense) {
  const sk_type_rec *rec = sk_type_get(p->m, type);
  sk_elem elem = (sk_elem)rec->elem;
  if (elem == SK_QUANT && rec->quant != NULL) {
    elem = rec->quant->storage;
  }
  int64_t count = 0;
  (void)sk_type_elem_count(p->m, type, &count);
  uint32_t limit = p->options->elide_elements;
  if (limit != 0 && !dense->splat && count > (int64_t)limit) {
    PUT(p, "dense_resource<__elided__>");
  } else if (count == 0) {
    PUT(p, "dense<>");
  } else {
    PUT(p, "dense<");
    if (dense->splat) {
      print_element(p, elem, dense->data);
    } else if (count > 100 && sk_elem_bits(elem) >= 8) {
      print_hex_blob(p, dense->data, dense->bytes);
    } else {
      print_nested(p, elem, rec->dims, rec->rank, count, dense->data);
    }
    PUT(p, ">");
  }
  PUT(p, " : ");
  print_type(p, type);
}

// ------------------------------------------------------------------------------------------- lists

void sk_ir_print_ints(sk_printer *p, sk_ints list) {
  PUT(p, "[");
  for (uint32_t i = 0; i < list.count; i++) {
    put(p, i ? ", " : "");
    sk_text_add_i64(p->out, list.data[i]);
  }
  PUT(p, "]");
}

static void print_array_i64(sk_printer *p, sk_ints list, bool bools) {
  put(p, bools ? "array<i1" : "array<i64");
  for (uint32_t i = 0; i < list.count; i++) {
    put(p, i ? ", " : ": ");
    if (bools) {
      put(p, list.data[i] ? "true" : "false");
    } else {
      sk_text_add_i64(p->out, list.data[i]);
    }
  }
  PUT(p, ">");
}

static void print_matrix(sk_printer *p, sk_ints list, uint32_t cols) {
  uint32_t rows = cols ? list.count / cols : 0;
  PUT(p, "dense<");
  for (uint32_t r = 0; r < rows; r++) {
    put(p, r ? ", " : "[");
    sk_ir_print_ints(p, (sk_ints){list.data + (size_t)r * cols, cols});
  }
  sk_text_addf(p->out, "%s> : tensor<%ux%uxi64>", rows ? "]" : "", rows, cols);
}

void sk_ir_print_layout(sk_printer *p, sk_attr attr) {
  const sk_attr_rec *rec = sk_attr_get(p->m, attr);
  if (rec->kind != SK_ATTR_INTS) {
    sk_ir_print_attr(p, attr);
    return;
  }
  PUT(p, "dense<");
  if (rec->u.ints.count != 0) {
    sk_ir_print_ints(p, rec->u.ints);
  }
  sk_text_addf(p->out, "> : tensor<%uxindex>", rec->u.ints.count);
}

static void print_dense_array(sk_printer *p, const sk_attr_rec *rec) {
  sk_elem elem = (sk_elem)sk_type_get(p->m, rec->type)->elem;
  uint32_t bytes = SK_MAX(sk_elem_bytes(elem), 1u);
  sk_text_addf(p->out, "array<%s", sk_elem_name(elem));
  for (uint64_t at = 0; at + bytes <= rec->u.dense.bytes; at += bytes) {
    put(p, at ? ", " : ": ");
    print_element(p, elem, (const unsigned char *)rec->u.dense.data + at);
  }
  PUT(p, ">");
}

// ------------------------------------------------------------------------------- struct attributes

static void field(sk_printer *p, bool *first, const char *name) {
  sk_text_addf(p->out, "%s%s = ", *first ? "" : ", ", name);
  *first = false;
}

static void list_field(sk_printer *p, bool *first, const char *name, sk_ints list) {
  if (list.count != 0) {
    field(p, first, name);
    sk_ir_print_ints(p, list);
  }
}

static void int_field(sk_printer *p, bool *first, const char *name, int64_t value) {
  field(p, first, name);
  sk_text_add_i64(p->out, value);
}

static void dot_fields(sk_printer *p, bool *first, const sk_dot_dims *d) {
  list_field(p, first, "lhs_batching_dimensions", d->lhs_batching_dimensions);
  list_field(p, first, "rhs_batching_dimensions", d->rhs_batching_dimensions);
  list_field(p, first, "lhs_contracting_dimensions", d->lhs_contracting_dimensions);
  list_field(p, first, "rhs_contracting_dimensions", d->rhs_contracting_dimensions);
}

static void print_dot_dims(sk_printer *p, const sk_dot_dims *d) {
  bool first = true;
  PUT(p, "#stablehlo.dot<");
  dot_fields(p, &first, d);
  PUT(p, ">");
}

static void print_ragged_dims(sk_printer *p, const sk_ragged_dims *d) {
  bool first = true;
  PUT(p, "#chlo.ragged_dot<");
  dot_fields(p, &first, &d->dot);
  list_field(p, &first, "lhs_ragged_dimensions", d->lhs_ragged_dimensions);
  list_field(p, &first, "rhs_group_dimensions", d->rhs_group_dimensions);
  PUT(p, ">");
}

static void print_gather_dims(sk_printer *p, const sk_gather_dims *d) {
  bool first = true;
  PUT(p, "#stablehlo.gather<");
  list_field(p, &first, "offset_dims", d->offset_dims);
  list_field(p, &first, "collapsed_slice_dims", d->collapsed_slice_dims);
  list_field(p, &first, "operand_batching_dims", d->operand_batching_dims);
  list_field(p, &first, "start_indices_batching_dims", d->start_indices_batching_dims);
  list_field(p, &first, "start_index_map", d->start_index_map);
  if (d->index_vector_dim != 0) {
    int_field(p, &first, "index_vector_dim", d->index_vector_dim);
  }
  PUT(p, ">");
}

static void print_scatter_dims(sk_printer *p, const sk_scatter_dims *d) {
  bool first = true;
  PUT(p, "#stablehlo.scatter<");
  list_field(p, &first, "update_window_dims", d->update_window_dims);
  list_field(p, &first, "inserted_window_dims", d->inserted_window_dims);
  list_field(p, &first, "input_batching_dims", d->input_batching_dims);
  list_field(p, &first, "scatter_indices_batching_dims", d->scatter_indices_batching_dims);
  list_field(p, &first, "scatter_dims_to_operand_dims", d->scatter_dims_to_operand_dims);
  if (d->index_vector_dim != 0) {
    int_field(p, &first, "index_vector_dim", d->index_vector_dim);
  }
  PUT(p, ">");
}

// One operand's dimensions as a list: letters for the two special ones, spatial indices, ? where
// nothing is said.
static void print_conv_operand(sk_printer *p, int64_t a, char a_name, int64_t b, char b_name,
                               sk_ints spatial) {
  int64_t top = SK_MAX(a, b);
  for (uint32_t i = 0; i < spatial.count; i++) {
    top = SK_MAX(top, spatial.data[i]);
  }
  PUT(p, "[");
  for (int64_t d = 0; d <= top; d++) {
    put(p, d ? ", " : "");
    uint32_t at = 0;
    while (at < spatial.count && spatial.data[at] != d) {
      at++;
    }
    if (d == a || d == b) {
      sk_text_add_char(p->out, d == a ? a_name : b_name);
    } else if (at < spatial.count) {
      sk_text_addf(p->out, "%u", at);
    } else {
      PUT(p, "?");
    }
  }
  PUT(p, "]");
}

// Every dimension has one role, as a list with one place per dimension can say.
static bool conv_operand_is_plain(int64_t a, int64_t b, sk_ints spatial) {
  uint64_t seen = 0;
  for (uint32_t i = 0; i < spatial.count + 2; i++) {
    int64_t d = i == 0 ? a : i == 1 ? b : spatial.data[i - 2];
    if (d < 0 || d >= 64 || (seen >> d & 1)) {
      return false;
    }
    seen |= (uint64_t)1 << d;
  }
  return true;
}

bool sk_ir_conv_dims_are_plain(const sk_conv_dims *d) {
  return conv_operand_is_plain(d->input_batch_dimension, d->input_feature_dimension,
                               d->input_spatial_dimensions) &&
         conv_operand_is_plain(d->kernel_input_feature_dimension,
                               d->kernel_output_feature_dimension, d->kernel_spatial_dimensions) &&
         conv_operand_is_plain(d->output_batch_dimension, d->output_feature_dimension,
                               d->output_spatial_dimensions);
}

void sk_ir_print_conv_dims(sk_printer *p, const sk_conv_dims *d) {
  print_conv_operand(p, d->input_batch_dimension, 'b', d->input_feature_dimension, 'f',
                     d->input_spatial_dimensions);
  PUT(p, "x");
  print_conv_operand(p, d->kernel_input_feature_dimension, 'i', d->kernel_output_feature_dimension,
                     'o', d->kernel_spatial_dimensions);
  PUT(p, "->");
  print_conv_operand(p, d->output_batch_dimension, 'b', d->output_feature_dimension, 'f',
                     d->output_spatial_dimensions);
}

static void print_conv_attr(sk_printer *p, const sk_conv_dims *d) {
  if (sk_ir_conv_dims_are_plain(d)) {
    PUT(p, "#stablehlo.conv<");
    sk_ir_print_conv_dims(p, d);
    PUT(p, ">");
    return;
  }
  bool first = true;
  PUT(p, "#stablehlo.conv<raw ");
  int_field(p, &first, "input_batch_dimension", d->input_batch_dimension);
  int_field(p, &first, "input_feature_dimension", d->input_feature_dimension);
  list_field(p, &first, "input_spatial_dimensions", d->input_spatial_dimensions);
  int_field(p, &first, "kernel_input_feature_dimension", d->kernel_input_feature_dimension);
  int_field(p, &first, "kernel_output_feature_dimension", d->kernel_output_feature_dimension);
  list_field(p, &first, "kernel_spatial_dimensions", d->kernel_spatial_dimensions);
  int_field(p, &first, "output_batch_dimension", d->output_batch_dimension);
  int_field(p, &first, "output_feature_dimension", d->output_feature_dimension);
  list_field(p, &first, "output_spatial_dimensions", d->output_spatial_dimensions);
  PUT(p, ">");
}

void sk_ir_print_algorithm(sk_printer *p, const sk_dot_algorithm *a) {
  bool first = true;
  PUT(p, "<");
  field(p, &first, "lhs_precision_type");
  print_type(p, a->lhs_precision_type);
  field(p, &first, "rhs_precision_type");
  print_type(p, a->rhs_precision_type);
  field(p, &first, "accumulation_type");
  print_type(p, a->accumulation_type);
  int_field(p, &first, "lhs_component_count", a->lhs_component_count);
  int_field(p, &first, "rhs_component_count", a->rhs_component_count);
  int_field(p, &first, "num_primitive_operations", a->num_primitive_operations);
  field(p, &first, "allow_imprecise_accumulation");
  put(p, a->allow_imprecise_accumulation ? "true>" : "false>");
}

static void print_accuracy(sk_printer *p, const sk_result_accuracy *a) {
  bool first = true;
  PUT(p, "#stablehlo.result_accuracy<");
  if (a->atol != 0) {
    field(p, &first, "atol");
    sk_text_add_f64(p->out, a->atol);
  }
  if (a->rtol != 0) {
    field(p, &first, "rtol");
    sk_text_add_f64(p->out, a->rtol);
  }
  if (a->ulps != 0) {
    int_field(p, &first, "ulps", a->ulps);
  }
  const char *mode = sk_enum_keyword(SK_ENUM_RESULT_ACCURACY_MODE, a->mode);
  field(p, &first, "mode");
  sk_text_addf(p->out, "#stablehlo.result_accuracy_mode<%s>>", mode ? mode : "DEFAULT");
}

static void print_alias(sk_printer *p, const sk_output_operand_alias *a) {
  PUT(p, "#stablehlo.output_operand_alias<output_tuple_indices = ");
  sk_ir_print_ints(p, a->output_tuple_indices);
  sk_text_addf(p->out,
               ", operand_index = %lld, operand_tuple_indices = ", (long long)a->operand_index);
  sk_ir_print_ints(p, a->operand_tuple_indices);
  PUT(p, ">");
}

static void print_enum(sk_printer *p, const sk_attr_rec *rec) {
  sk_enum_id id = (sk_enum_id)rec->enum_id;
  const char *keyword = sk_enum_keyword(id, rec->u.i);
  switch (sk_enum_get_form(id)) {
    case SK_ENUM_FORM_SPACE:
      sk_text_addf(p->out, "#%s<%s %s>", p->dialect, sk_enum_mnemonic(id), keyword ? keyword : "?");
      break;
    case SK_ENUM_FORM_ANGLE:
      sk_text_addf(p->out, "#%s.%s<%s>", p->dialect, sk_enum_mnemonic(id), keyword ? keyword : "?");
      break;
    case SK_ENUM_FORM_INT: sk_text_addf(p->out, "%lld : i32", (long long)rec->u.i); break;
  }
}

// -------------------------------------------------------------------------------------- attributes

static bool is_identifier(sk_str s, bool dots) {
  for (size_t i = 0; i < s.len; i++) {
    char c = s.data[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    bool later = (c >= '0' && c <= '9') || c == '$' || (dots && c == '.');
    if (!letter && !(later && i != 0)) {
      return false;
    }
  }
  return s.len != 0;
}

void sk_ir_print_symbol_name(sk_printer *p, sk_str name) {
  PUT(p, "@");
  if (is_identifier(name, true)) {
    sk_text_add(p->out, name);
  } else {
    sk_text_add_quoted(p->out, name);
  }
}

void sk_ir_print_symbol(sk_printer *p, sk_str name) {
  for (size_t start = 0; start <= name.len;) {
    size_t end = start;
    while (end < name.len &&
           !(name.data[end] == ':' && end + 1 < name.len && name.data[end + 1] == ':')) {
      end++;
    }
    put(p, start ? "::" : "");
    sk_ir_print_symbol_name(p, (sk_str){name.data + start, end - start});
    start = end + 2;
  }
}

void sk_ir_print_dict_body(sk_printer *p, const sk_named_attr *items, uint32_t count,
                           const sk_op_info *info) {
  PUT(p, "{");
  for (uint32_t i = 0; i < count; i++) {
    sk_str name = sk_sym_str(&p->m->strings, items[i].name);
    put(p, i ? ", " : "");
    if (is_identifier(name, true)) {
      sk_text_add(p->out, name);
    } else {
      sk_text_add_quoted(p->out, name);
    }
    const sk_attr_rec *rec = sk_attr_get(p->m, items[i].attr);
    if (rec->kind == SK_ATTR_UNIT) {
      continue;
    }
    PUT(p, " = ");
    bool layouts =
        info != NULL && rec->kind == SK_ATTR_ARRAY &&
        (items[i].name.id == SK_NAME_operand_layouts || items[i].name.id == SK_NAME_result_layouts);
    if (!layouts) {
      sk_ir_print_attr(p, items[i].attr);
      continue;
    }
    PUT(p, "[");
    for (uint32_t k = 0; k < rec->u.list.count; k++) {
      put(p, k ? ", " : "");
      sk_ir_print_layout(p, rec->u.list.data[k]);
    }
    PUT(p, "]");
  }
  PUT(p, "}");
}

void sk_ir_print_attr(sk_printer *p, sk_attr attr) {
  const sk_attr_rec *rec = sk_attr_get(p->m, attr);
  const sk_type_rec *type = sk_type_get(p->m, rec->type);
  switch ((sk_attr_kind)rec->kind) {
    case SK_ATTR_UNIT: PUT(p, "unit"); break;
    case SK_ATTR_BOOL: put(p, rec->u.i ? "true" : "false"); break;
    case SK_ATTR_INT:
      print_int(p, (sk_elem)type->elem, rec->u.i);
      PUT(p, " : ");
      print_type(p, rec->type);
      break;
    case SK_ATTR_FLOAT:
      print_float(p, (sk_elem)type->elem, rec->u.f);
      PUT(p, " : ");
      print_type(p, rec->type);
      break;
    case SK_ATTR_STRING: sk_text_add_quoted(p->out, sk_sym_str(&p->m->strings, rec->u.sym)); break;
    case SK_ATTR_SYMBOL: sk_ir_print_symbol(p, sk_sym_str(&p->m->strings, rec->u.sym)); break;
    case SK_ATTR_TYPE: print_type(p, rec->type); break;
    case SK_ATTR_ARRAY:
      PUT(p, "[");
      for (uint32_t i = 0; i < rec->u.list.count; i++) {
        put(p, i ? ", " : "");
        sk_ir_print_attr(p, rec->u.list.data[i]);
      }
      PUT(p, "]");
      break;
    case SK_ATTR_DICT: sk_ir_print_dict_body(p, rec->u.dict.data, rec->u.dict.count, NULL); break;
    case SK_ATTR_INTS:
      if (rec->cols != 0) {
        print_matrix(p, rec->u.ints, rec->cols);
      } else {
        print_array_i64(p, rec->u.ints, false);
      }
      break;
    case SK_ATTR_BOOLS: print_array_i64(p, rec->u.ints, true); break;
    case SK_ATTR_DENSE: print_dense(p, rec->type, &rec->u.dense); break;
    case SK_ATTR_ENUM: print_enum(p, rec); break;
    case SK_ATTR_DOT_DIMS: print_dot_dims(p, rec->u.dot); break;
    case SK_ATTR_RAGGED_DIMS: print_ragged_dims(p, rec->u.ragged); break;
    case SK_ATTR_GATHER_DIMS: print_gather_dims(p, rec->u.gather); break;
    case SK_ATTR_SCATTER_DIMS: print_scatter_dims(p, rec->u.scatter); break;
    case SK_ATTR_CONV_DIMS: print_conv_attr(p, rec->u.conv); break;
    case SK_ATTR_DOT_ALGORITHM:
      PUT(p, "#stablehlo.dot_algorithm");
      sk_ir_print_algorithm(p, rec->u.dot_algorithm);
      break;
    case SK_ATTR_RESULT_ACCURACY: print_accuracy(p, rec->u.accuracy); break;
    case SK_ATTR_CHANNEL_HANDLE:
      sk_text_addf(p->out, "#stablehlo.channel_handle<handle = %lld, type = %lld>",
                   (long long)rec->u.channel->handle, (long long)rec->u.channel->type);
      break;
    case SK_ATTR_OUTPUT_OPERAND_ALIAS: print_alias(p, rec->u.alias); break;
    case SK_ATTR_DENSE_ARRAY: print_dense_array(p, rec); break;
    case SK_ATTR_LOC: sk_ir_print_loc_ref(p, rec->u.loc); break;
    case SK_ATTR_OPAQUE: sk_text_add(p->out, sk_sym_str(&p->m->strings, rec->u.sym)); break;
    case SK_ATTR_NONE_KIND: PUT(p, "<<no attribute>>"); break;
  }
}

void sk_type_print(const sk_module *m, sk_type type, sk_text *out) {
  static const sk_print_options plain = {0};
  print_type(&(sk_printer){.m = m, .options = &plain, .out = out, .dialect = "stablehlo"}, type);
}

void sk_attr_print(const sk_module *m, sk_attr attr, sk_text *out) {
  static const sk_print_options plain = {0};
  sk_ir_print_attr(&(sk_printer){.m = m, .options = &plain, .out = out, .dialect = "stablehlo"},
                   attr);
}
