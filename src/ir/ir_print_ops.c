// SPDX-License-Identifier: Apache-2.0
// Custom forms of single operations (SK_SYNTAX_SPECIAL in ops.def), spelled as StableHLO, func,
// chlo, check, interpreter and sdy print them.
//
// A function here writes everything after "%0 = ", or returns false before writing anything when
// this op, with these types and attributes, has only the generic form. It is asked only about ops
// with as many operands, results and regions as their row of ops.def allows.
#include "ir/ir_int.h"

#define PUT(p, literal) sk_text_add((p)->out, SK_STR(literal))
static void put(sk_printer *p, const char *text) { sk_text_add(p->out, sk_str_from(text)); }

static const sk_attr_rec *attr_of(sk_printer *p, sk_op op, sk_name name) {
  return sk_attr_get(p->m, sk_op_find_attr(p->m, op, name));
}

static void begin(sk_printer *p, sk_op op) {
  put(p, sk_opkind_name(sk_op_kind(p->m, op)));
  PUT(p, " ");
}

static uint32_t operand_count(sk_printer *p, sk_op op) {
  return sk_op_get(p->m, op)->operand_count;
}

static const char *keyword_of(const sk_attr_rec *rec) {
  const char *text =
      rec->kind == SK_ATTR_ENUM ? sk_enum_keyword((sk_enum_id)rec->enum_id, rec->u.i) : NULL;
  return text ? text : "?";
}

static void end_functional(sk_printer *p, sk_op op, const uint16_t *consumed, uint32_t count) {
  sk_ir_print_attr_dict(p, op, consumed, count);
  PUT(p, " : ");
  sk_ir_print_functional_type(p, op);
}

static void end_same_type(sk_printer *p, sk_op op, const uint16_t *consumed, uint32_t count) {
  sk_ir_print_attr_dict(p, op, consumed, count);
  PUT(p, " : ");
  sk_ir_print_same_type(p, op);
}

// -------------------------------------------------------------------------- operands and one value

typedef enum form_value { VALUE_LIST, VALUE_INT, VALUE_ENUM, VALUE_STRING } form_value;
typedef enum form_type { TYPE_FUNCTIONAL, TYPE_SAME } form_type;

// Operations that print as: operands, then ", key = value" per attribute, then types.
typedef struct keyed_form {
  sk_opkind kind;
  form_type type;
  struct {
    const char *key;
    sk_name name;
    form_value value;
  } fields[3];
} keyed_form;

static const keyed_form keyed_forms[] = {
    {SK_OP_BROADCAST, TYPE_FUNCTIONAL, {{"sizes", SK_NAME_broadcast_sizes, VALUE_LIST}}},
    {SK_OP_BROADCAST_IN_DIM, TYPE_FUNCTIONAL, {{"dims", SK_NAME_broadcast_dimensions, VALUE_LIST}}},
    {SK_OP_CONCATENATE, TYPE_FUNCTIONAL, {{"dim", SK_NAME_dimension, VALUE_INT}}},
    {SK_OP_DYNAMIC_BROADCAST_IN_DIM,
     TYPE_FUNCTIONAL,
     {{"dims", SK_NAME_broadcast_dimensions, VALUE_LIST}}},
    {SK_OP_DYNAMIC_IOTA, TYPE_FUNCTIONAL, {{"dim", SK_NAME_iota_dimension, VALUE_INT}}},
    {SK_OP_DYNAMIC_SLICE, TYPE_FUNCTIONAL, {{"sizes", SK_NAME_slice_sizes, VALUE_LIST}}},
    {SK_OP_EINSUM, TYPE_FUNCTIONAL, {{"config", SK_NAME_einsum_config, VALUE_STRING}}},
    {SK_OP_FFT,
     TYPE_FUNCTIONAL,
     {{"type", SK_NAME_fft_type, VALUE_ENUM}, {"length", SK_NAME_fft_length, VALUE_LIST}}},
    {SK_OP_GET_DIMENSION_SIZE, TYPE_FUNCTIONAL, {{"dim", SK_NAME_dimension, VALUE_INT}}},
    {SK_OP_PAD,
     TYPE_FUNCTIONAL,
     {{"low", SK_NAME_edge_padding_low, VALUE_LIST},
      {"high", SK_NAME_edge_padding_high, VALUE_LIST},
      {"interior", SK_NAME_interior_padding, VALUE_LIST}}},
    {SK_OP_REVERSE, TYPE_SAME, {{"dims", SK_NAME_dimensions, VALUE_LIST}}},
    {SK_OP_RNG, TYPE_FUNCTIONAL, {{"distribution", SK_NAME_rng_distribution, VALUE_ENUM}}},
    {SK_OP_RNG_BIT_GENERATOR, TYPE_FUNCTIONAL, {{"algorithm", SK_NAME_rng_algorithm, VALUE_ENUM}}},
    {SK_OP_SET_DIMENSION_SIZE, TYPE_FUNCTIONAL, {{"dim", SK_NAME_dimension, VALUE_INT}}},
    {SK_OP_TRANSPOSE, TYPE_FUNCTIONAL, {{"dims", SK_NAME_permutation, VALUE_LIST}}},
    {SK_OP_UNARY_EINSUM, TYPE_FUNCTIONAL, {{"config", SK_NAME_einsum_config, VALUE_STRING}}},
};

static bool value_fits(const sk_attr_rec *rec, form_value value) {
  switch (value) {
    case VALUE_LIST: return rec->kind == SK_ATTR_INTS;
    case VALUE_INT: return rec->kind == SK_ATTR_INT;
    case VALUE_ENUM: return rec->kind == SK_ATTR_ENUM;
    case VALUE_STRING: return rec->kind == SK_ATTR_STRING;
  }
  return false;
}

static void put_value(sk_printer *p, const sk_attr_rec *rec, form_value value) {
  switch (value) {
    case VALUE_LIST: sk_ir_print_ints(p, rec->u.ints); break;
    case VALUE_INT: sk_text_add_i64(p->out, rec->u.i); break;
    case VALUE_ENUM: put(p, keyword_of(rec)); break;
    case VALUE_STRING: sk_text_add_quoted(p->out, sk_sym_str(&p->m->strings, rec->u.sym)); break;
  }
}

static bool print_keyed(sk_printer *p, sk_op op, const keyed_form *form) {
  uint16_t consumed[3];
  uint32_t count = 0;
  for (; count < 3 && form->fields[count].key != NULL; count++) {
    consumed[count] = (uint16_t)form->fields[count].name;
    if (!value_fits(attr_of(p, op, form->fields[count].name), form->fields[count].value)) {
      return false;
    }
  }
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  for (uint32_t i = 0; i < count; i++) {
    sk_text_addf(p->out, ", %s = ", form->fields[i].key);
    put_value(p, attr_of(p, op, form->fields[i].name), form->fields[i].value);
  }
  if (form->type == TYPE_SAME) {
    end_same_type(p, op, consumed, count);
  } else {
    end_functional(p, op, consumed, count);
  }
  return true;
}

// ------------------------------------------------------------------------- element-wise, constants

static bool print_compare(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_comparison_direction, SK_NAME_compare_type};
  const sk_attr_rec *direction = attr_of(p, op, SK_NAME_comparison_direction);
  const sk_attr_rec *type = attr_of(p, op, SK_NAME_compare_type);
  if (direction->kind != SK_ATTR_ENUM) {
    return false;
  }
  begin(p, op);
  sk_text_addf(p->out, "%s, ", keyword_of(direction));
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  if (type->kind == SK_ATTR_ENUM) {
    sk_text_addf(p->out, ", %s", keyword_of(type));
  }
  end_functional(p, op, consumed, SK_COUNT(consumed));
  return true;
}

static bool print_reduce_precision(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_exponent_bits, SK_NAME_mantissa_bits};
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  sk_text_addf(p->out, ", format = e%lldm%lld",
               (long long)sk_op_int(p->m, op, SK_NAME_exponent_bits, 0),
               (long long)sk_op_int(p->m, op, SK_NAME_mantissa_bits, 0));
  end_same_type(p, op, consumed, SK_COUNT(consumed));
  return true;
}

static sk_type operand_type(sk_printer *p, sk_op op, uint32_t i) {
  return sk_value_type(p->m, sk_op_operand(p->m, op, i));
}

static sk_type result_type(sk_printer *p, sk_op op) {
  return sk_value_type(p->m, sk_op_result(p->m, op, 0));
}

static bool print_select(sk_printer *p, sk_op op) {
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  sk_ir_print_attr_dict(p, op, NULL, 0);
  PUT(p, " : ");
  sk_type type = result_type(p, op);
  if (operand_count(p, op) == 3 && operand_type(p, op, 1).id == type.id &&
      operand_type(p, op, 2).id == type.id) {
    sk_ir_print_type(p, operand_type(p, op, 0));
    PUT(p, ", ");
    sk_ir_print_type(p, type);
  } else {
    sk_ir_print_functional_type(p, op);
  }
  return true;
}

// The short form names only the result; operands are then of the same shape and its part type.
static bool print_complex(sk_printer *p, sk_op op) {
  const sk_type_rec *result = sk_type_get(p->m, result_type(p, op));
  sk_type_rec part = *result;
  part.elem = (uint8_t)sk_elem_complex_part((sk_elem)result->elem);
  bool fits = operand_count(p, op) == 2 && operand_type(p, op, 0).id == operand_type(p, op, 1).id &&
              sk_elem_is_complex((sk_elem)result->elem) &&
              sk_ir_type_equal(&part, sk_type_get(p->m, operand_type(p, op, 0)));
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  sk_ir_print_attr_dict(p, op, NULL, 0);
  PUT(p, " : ");
  if (fits) {
    sk_ir_print_type(p, result_type(p, op));
  } else {
    sk_ir_print_functional_type(p, op);
  }
  return true;
}

static bool print_constant(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_value};
  sk_attr value = sk_op_find_attr(p->m, op, SK_NAME_value);
  const sk_attr_rec *rec = sk_attr_get(p->m, value);
  if (rec->kind != SK_ATTR_DENSE || rec->type.id != result_type(p, op).id) {
    return false;
  }
  put(p, sk_opkind_name(sk_op_kind(p->m, op)));
  sk_ir_print_attr_dict(p, op, consumed, SK_COUNT(consumed));
  PUT(p, " ");
  sk_ir_print_attr(p, value);
  return true;
}

static bool print_iota(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_iota_dimension};
  begin(p, op);
  sk_text_addf(p->out, "dim = %lld", (long long)sk_op_int(p->m, op, SK_NAME_iota_dimension, 0));
  sk_ir_print_attr_dict(p, op, consumed, SK_COUNT(consumed));
  PUT(p, " : ");
  sk_ir_print_type(p, result_type(p, op));
  return true;
}

static bool print_slice(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_start_indices, SK_NAME_limit_indices,
                                      SK_NAME_strides};
  sk_ints start = sk_op_ints(p->m, op, SK_NAME_start_indices),
          limit = sk_op_ints(p->m, op, SK_NAME_limit_indices);
  sk_ints strides = sk_op_ints(p->m, op, SK_NAME_strides);
  if (start.count != limit.count || start.count != strides.count) {
    return false;
  }
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  PUT(p, " [");
  for (uint32_t i = 0; i < start.count; i++) {
    sk_text_addf(p->out, "%s%lld:%lld", i ? ", " : "", (long long)start.data[i],
                 (long long)limit.data[i]);
    if (strides.data[i] != 1) {
      sk_text_addf(p->out, ":%lld", (long long)strides.data[i]);
    }
  }
  PUT(p, "]");
  end_functional(p, op, consumed, SK_COUNT(consumed));
  return true;
}

static bool print_cholesky(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_lower};
  const sk_attr_rec *lower = attr_of(p, op, SK_NAME_lower);
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  if (lower->kind == SK_ATTR_BOOL) {
    put(p, lower->u.i ? ", lower = true" : ", lower = false");
  }
  end_same_type(p, op, consumed, SK_COUNT(consumed));
  return true;
}

// ----------------------------------------------------------------------------- dot and convolution

// ", precision = [DEFAULT, HIGH]"; false: not a list of precisions
static bool put_precision(sk_printer *p, sk_op op, bool dry) {
  const sk_attr_rec *list = attr_of(p, op, SK_NAME_precision_config);
  if (list->kind == SK_ATTR_NONE_KIND) {
    return true;
  }
  if (list->kind != SK_ATTR_ARRAY) {
    return false;
  }
  for (uint32_t i = 0; i < list->u.list.count; i++) {
    if (sk_attr_get(p->m, list->u.list.data[i])->enum_id != SK_ENUM_PRECISION) {
      return false;
    }
  }
  if (!dry) {
    PUT(p, ", precision = [");
    for (uint32_t i = 0; i < list->u.list.count; i++) {
      sk_text_addf(p->out, "%s%s", i ? ", " : "",
                   keyword_of(sk_attr_get(p->m, list->u.list.data[i])));
    }
    PUT(p, "]");
  }
  return true;
}

static bool print_dot(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_precision_config};
  if (!put_precision(p, op, true)) {
    return false;
  }
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  put_precision(p, op, false);
  end_functional(p, op, consumed, SK_COUNT(consumed));
  return true;
}

static bool print_dot_general(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_dot_dimension_numbers, SK_NAME_precision_config,
                                      SK_NAME_algorithm};
  const sk_attr_rec *dims = attr_of(p, op, SK_NAME_dot_dimension_numbers);
  const sk_attr_rec *algorithm = attr_of(p, op, SK_NAME_algorithm);
  bool plain_algorithm =
      algorithm->kind == SK_ATTR_NONE_KIND || algorithm->kind == SK_ATTR_DOT_ALGORITHM;
  if (dims->kind != SK_ATTR_DOT_DIMS || !plain_algorithm || !put_precision(p, op, true)) {
    return false;
  }
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  const sk_dot_dims *d = dims->u.dot;
  if (d->lhs_batching_dimensions.count != 0 || d->rhs_batching_dimensions.count != 0) {
    PUT(p, ", batching_dims = ");
    sk_ir_print_ints(p, d->lhs_batching_dimensions);
    PUT(p, " x ");
    sk_ir_print_ints(p, d->rhs_batching_dimensions);
  }
  PUT(p, ", contracting_dims = ");
  sk_ir_print_ints(p, d->lhs_contracting_dimensions);
  PUT(p, " x ");
  sk_ir_print_ints(p, d->rhs_contracting_dimensions);
  put_precision(p, op, false);
  if (algorithm->kind == SK_ATTR_DOT_ALGORITHM) {
    PUT(p, ", algorithm = ");
    sk_ir_print_algorithm(p, algorithm->u.dot_algorithm);
  }
  end_functional(p, op, consumed, SK_COUNT(consumed));
  return true;
}

static void put_window_key(sk_printer *p, bool *first, const char *key) {
  sk_text_addf(p->out, "%s%s = ", *first ? "" : ", ", key);
  *first = false;
}

static void put_window_list(sk_printer *p, sk_op op, bool *first, const char *key, sk_name name) {
  const sk_attr_rec *rec = attr_of(p, op, name);
  if (rec->kind == SK_ATTR_INTS) {
    put_window_key(p, first, key);
    sk_ir_print_ints(p, rec->u.ints);
  }
}

static void put_window(sk_printer *p, sk_op op) {
  bool first = true;
  const sk_attr_rec *padding = attr_of(p, op, SK_NAME_padding),
                    *reverse = attr_of(p, op, SK_NAME_window_reversal);
  put_window_list(p, op, &first, "stride", SK_NAME_window_strides);
  if (padding->kind == SK_ATTR_INTS) {
    put_window_key(p, &first, "pad");
    PUT(p, "[");
    for (uint32_t i = 0; i + 1 < padding->u.ints.count; i += 2) {
      put(p, i ? ", " : "");
      sk_ir_print_ints(p, (sk_ints){padding->u.ints.data + i, 2});
    }
    PUT(p, "]");
  }
  put_window_list(p, op, &first, "lhs_dilate", SK_NAME_lhs_dilation);
  put_window_list(p, op, &first, "rhs_dilate", SK_NAME_rhs_dilation);
  if (reverse->kind == SK_ATTR_BOOLS) {
    put_window_key(p, &first, "reverse");
    for (uint32_t i = 0; i < reverse->u.ints.count; i++) {
      put(p, i ? ", " : "[");
      put(p, reverse->u.ints.data[i] ? "true" : "false");
    }
    put(p, reverse->u.ints.count ? "]" : "[]");
  }
}

static bool print_convolution(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_dimension_numbers, SK_NAME_window_strides,
                                      SK_NAME_padding,           SK_NAME_lhs_dilation,
                                      SK_NAME_rhs_dilation,      SK_NAME_window_reversal};
  const sk_attr_rec *dims = attr_of(p, op, SK_NAME_dimension_numbers),
                    *padding = attr_of(p, op, SK_NAME_padding);
  if (dims->kind != SK_ATTR_CONV_DIMS || !sk_ir_conv_dims_are_plain(dims->u.conv) ||
      (padding->kind == SK_ATTR_INTS && padding->cols != 2)) {
    return false;
  }
  put(p, sk_opkind_name(sk_op_kind(p->m, op)));
  PUT(p, "(");
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  PUT(p, ") dim_numbers = ");
  sk_ir_print_conv_dims(p, dims->u.conv);
  PUT(p, ", window = {");
  put_window(p, op);
  PUT(p, "}");
  end_functional(p, op, consumed, SK_COUNT(consumed));
  return true;
}

// ------------------------------------------------------------------------------------------ reduce

// The body of `applies`: one commutative op of two scalar arguments in order, returned, all of the
// first input's element type.
static sk_opkind compact_reducer(sk_printer *p, sk_op op) {
  const sk_module *m = p->m;
  if (operand_count(p, op) != 2 || sk_op_get(m, op)->region_count != 1) {
    return SK_OP_NONE;
  }
  sk_region body = sk_op_region(m, op, 0);
  sk_op inner = sk_region_first(m, body);
  const sk_op_rec *inner_rec = sk_op_get(m, inner);
  sk_op last = inner_rec->next;
  if (inner.id == 0 || last.id == 0 || sk_op_next(m, last).id != 0 ||
      sk_op_kind(m, last) != SK_OP_RETURN || sk_region_get(m, body)->arg_count != 2 ||
      inner_rec->operand_count != 2 || inner_rec->result_count != 1 ||
      inner_rec->region_count != 0 || inner_rec->attr_count != 0 ||
      sk_op_get(m, last)->operand_count != 1 || sk_op_get(m, last)->attr_count != 0 ||
      sk_opkind_info((sk_opkind)inner_rec->kind)->syntax != SK_SYNTAX_SAME_TYPE ||
      !sk_opkind_has((sk_opkind)inner_rec->kind, SK_TRAIT_COMMUTATIVE)) {
    return SK_OP_NONE;
  }
  const sk_type_rec *input = sk_type_get(m, operand_type(p, op, 0));
  sk_type type = sk_value_type(m, sk_op_result(m, inner, 0));
  const sk_type_rec *scalar = sk_type_get(m, type);
  bool right = sk_op_operand(m, last, 0).id == inner_rec->results &&
               sk_op_operand(m, inner, 0).id == sk_region_arg(m, body, 0).id &&
               sk_op_operand(m, inner, 1).id == sk_region_arg(m, body, 1).id &&
               sk_value_type(m, sk_region_arg(m, body, 0)).id == type.id &&
               sk_value_type(m, sk_region_arg(m, body, 1)).id == type.id &&
               scalar->kind == SK_TYPE_TENSOR && scalar->rank == 0 &&
               input->kind == SK_TYPE_TENSOR && scalar->elem == input->elem &&
               scalar->quant == NULL && input->quant == NULL;
  return right ? (sk_opkind)inner_rec->kind : SK_OP_NONE;
}

static bool print_reduce(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_dimensions};
  const sk_module *m = p->m;
  const sk_op_rec *rec = sk_op_get(m, op);
  uint32_t inputs = rec->operand_count / 2;
  if (rec->operand_count % 2 != 0 || rec->region_count != 1 ||
      sk_region_get(m, sk_op_region(m, op, 0))->arg_count != rec->operand_count) {
    return false;
  }
  PUT(p, "stablehlo.reduce");
  for (uint32_t i = 0; i < inputs; i++) {
    put(p, i ? ", (" : "(");
    sk_ir_print_value(p, sk_op_operand(m, op, i));
    PUT(p, " init: ");
    sk_ir_print_value(p, sk_op_operand(m, op, inputs + i));
    PUT(p, ")");
  }
  // With locations printed, those of the body would be lost in the compact form.
  sk_opkind inner = p->options->locations ? SK_OP_NONE : compact_reducer(p, op);
  if (inner != SK_OP_NONE) {
    sk_text_addf(p->out, " applies %s", sk_opkind_name(inner));
  }
  PUT(p, " across dimensions = ");
  sk_ir_print_ints(p, sk_op_ints(m, op, SK_NAME_dimensions));
  end_functional(p, op, consumed, SK_COUNT(consumed));
  if (inner == SK_OP_NONE) {
    sk_region body = sk_op_region(m, op, 0);
    sk_ir_print_newline(p);
    PUT(p, " reducer");
    for (uint32_t i = 0; i < inputs; i++) {
      sk_value pair[2] = {sk_region_arg(m, body, i), sk_region_arg(m, body, inputs + i)};
      for (uint32_t k = 0; k < 2; k++) {
        put(p, k ? ", " : i ? " (" : "(");
        sk_ir_print_value(p, pair[k]);
        PUT(p, ": ");
        sk_ir_print_type(p, sk_value_type(m, pair[k]));
      }
      PUT(p, ")");
    }
    PUT(p, " ");
    sk_ir_print_region(p, body, false);
  }
  return true;
}

// -------------------------------------------------------------------------- control, calls, tuples

static bool print_while(sk_printer *p, sk_op op) {
  const sk_module *m = p->m;
  const sk_op_rec *rec = sk_op_get(m, op);
  if (rec->region_count != 2 || rec->operand_count != rec->result_count) {
    return false;
  }
  sk_region cond = sk_op_region(m, op, 0), body = sk_op_region(m, op, 1);
  for (uint32_t i = 0; i < rec->operand_count;
       i++) {  // the form gives operand, argument and result one type
    uint32_t type = operand_type(p, op, i).id;
    if (sk_region_get(m, cond)->arg_count != rec->operand_count ||
        sk_region_get(m, body)->arg_count != rec->operand_count ||
        sk_value_type(m, sk_op_result(m, op, i)).id != type ||
        sk_value_type(m, sk_region_arg(m, cond, i)).id != type ||
        sk_value_type(m, sk_region_arg(m, body, i)).id != type) {
      return false;
    }
  }
  PUT(p, "stablehlo.while(");
  for (uint32_t i = 0; i < rec->operand_count; i++) {
    put(p, i ? ", " : "");
    sk_ir_print_value(p, sk_region_arg(m, cond, i));
    PUT(p, " = ");
    sk_ir_print_value(p, sk_op_operand(m, op, i));
  }
  PUT(p, ")");
  if (rec->operand_count != 0) {
    PUT(p, " : ");
    sk_ir_print_operand_types(p, op);
  }
  if (rec->attr_count != 0) {
    PUT(p, " attributes");
    sk_ir_print_attr_dict(p, op, NULL, 0);
  }
  sk_ir_print_newline(p);
  PUT(p, "cond ");
  sk_ir_print_region(p, cond, false);
  PUT(p, " do ");
  sk_ir_print_region(p, body, false);
  return true;
}

static bool print_return(sk_printer *p, sk_op op) {
  sk_opkind kind = sk_op_kind(p->m, op);
  put(p, kind == SK_OP_FUNC_RETURN && p->in_func_body ? "return" : sk_opkind_name(kind));
  sk_ir_print_attr_dict(p, op, NULL, 0);
  if (operand_count(p, op) != 0) {
    PUT(p, " ");
    sk_ir_print_operands(p, op, 0, operand_count(p, op));
    PUT(p, " : ");
    sk_ir_print_operand_types(p, op);
  }
  return true;
}

static bool print_call(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_callee};
  put(p, p->in_func_body ? "call " : "func.call ");
  sk_ir_print_symbol(p, sk_op_string(p->m, op, SK_NAME_callee));
  PUT(p, "(");
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  PUT(p, ")");
  end_functional(p, op, consumed, SK_COUNT(consumed));
  return true;
}

static bool print_custom_call(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_call_target_name};
  begin(p, op);
  sk_ir_print_symbol_name(p, sk_op_string(p->m, op, SK_NAME_call_target_name));
  PUT(p, "(");
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  PUT(p, ")");
  end_functional(p, op, consumed, SK_COUNT(consumed));
  return true;
}

static bool print_composite(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_name};
  if (sk_op_get(p->m, op)->region_count != 0) {
    return false;
  }
  begin(p, op);
  sk_text_add_quoted(p->out, sk_op_string(p->m, op, SK_NAME_name));
  put(p, operand_count(p, op) ? " " : "");
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  end_functional(p, op, consumed, SK_COUNT(consumed));
  return true;
}

static bool print_barrier(sk_printer *p, sk_op op) {
  const sk_op_rec *rec = sk_op_get(p->m, op);
  for (uint32_t i = 0; i < rec->operand_count; i++) {
    if (rec->operand_count != rec->result_count ||
        operand_type(p, op, i).id != sk_value_type(p->m, sk_op_result(p->m, op, i)).id) {
      return false;
    }
  }
  put(p, sk_opkind_name((sk_opkind)rec->kind));
  sk_ir_print_attr_dict(p, op, NULL, 0);
  if (rec->operand_count == 0) {
    PUT(p, " ()");
    return true;
  }
  PUT(p, " ");
  sk_ir_print_operands(p, op, 0, rec->operand_count);
  PUT(p, " : ");
  sk_ir_print_operand_types(p, op);
  return true;
}

// after_all and tuple name only the result when the operand types follow from it.
static bool print_after_all(sk_printer *p, sk_op op) {
  bool same = true;
  for (uint32_t i = 0; i < operand_count(p, op); i++) {
    same = same && operand_type(p, op, i).id == result_type(p, op).id;
  }
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  sk_ir_print_attr_dict(p, op, NULL, 0);
  PUT(p, " : ");
  if (same) {
    sk_ir_print_type(p, result_type(p, op));
  } else {
    sk_ir_print_functional_type(p, op);
  }
  return true;
}

static bool print_tuple(sk_printer *p, sk_op op) {
  const sk_type_rec *type = sk_type_get(p->m, result_type(p, op));
  bool same = type->kind == SK_TYPE_TUPLE && type->input_count == operand_count(p, op);
  for (uint32_t i = 0; same && i < type->input_count; i++) {
    same = type->inputs[i].id == operand_type(p, op, i).id;
  }
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  sk_ir_print_attr_dict(p, op, NULL, 0);
  PUT(p, " : ");
  if (same) {
    sk_ir_print_type(p, result_type(p, op));
  } else {
    sk_ir_print_functional_type(p, op);
  }
  return true;
}

static bool print_get_tuple_element(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_index};
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  sk_text_addf(p->out, "[%lld]", (long long)sk_op_int(p->m, op, SK_NAME_index, 0));
  end_functional(p, op, consumed, SK_COUNT(consumed));
  return true;
}

static bool print_cast(sk_printer *p, sk_op op) {
  const sk_op_rec *rec = sk_op_get(p->m, op);
  put(p, sk_opkind_name((sk_opkind)rec->kind));
  if (rec->operand_count != 0) {
    PUT(p, " ");
    sk_ir_print_operands(p, op, 0, rec->operand_count);
    PUT(p, " : ");
    sk_ir_print_operand_types(p, op);
  }
  if (rec->result_count != 0) {
    PUT(p, " to ");
    for (uint32_t i = 0; i < rec->result_count; i++) {
      put(p, i ? ", " : "");
      sk_ir_print_type(p, sk_value_type(p->m, sk_op_result(p->m, op, i)));
    }
  }
  sk_ir_print_attr_dict(p, op, NULL, 0);
  return true;
}

// ---------------------------------------------------------------------------------------- dispatch

static bool print_single(sk_printer *p, sk_op op, sk_opkind kind) {
  switch ((int)kind) {
    case SK_OP_AFTER_ALL: return print_after_all(p, op);
    case SK_OP_BUILTIN_MODULE: return sk_ir_print_module(p, op);
    case SK_OP_BUILTIN_UNREALIZED_CONVERSION_CAST: return print_cast(p, op);
    case SK_OP_CHLO_CONSTANT:
    case SK_OP_CONSTANT: return print_constant(p, op);
    case SK_OP_CHLO_TOP_K: return sk_ir_print_top_k(p, op);
    case SK_OP_CHOLESKY: return print_cholesky(p, op);
    case SK_OP_COMPARE: return print_compare(p, op);
    case SK_OP_COMPLEX: return print_complex(p, op);
    case SK_OP_COMPOSITE: return print_composite(p, op);
    case SK_OP_CONVOLUTION: return print_convolution(p, op);
    case SK_OP_CUSTOM_CALL: return print_custom_call(p, op);
    case SK_OP_DOT: return print_dot(p, op);
    case SK_OP_DOT_GENERAL: return print_dot_general(p, op);
    case SK_OP_FUNC_CALL: return print_call(p, op);
    case SK_OP_FUNC_FUNC: return sk_ir_print_func(p, op);
    case SK_OP_GET_TUPLE_ELEMENT: return print_get_tuple_element(p, op);
    case SK_OP_IOTA: return print_iota(p, op);
    case SK_OP_OPTIMIZATION_BARRIER: return print_barrier(p, op);
    case SK_OP_REDUCE: return print_reduce(p, op);
    case SK_OP_REDUCE_PRECISION: return print_reduce_precision(p, op);
    case SK_OP_FUNC_RETURN:
    case SK_OP_SDY_RETURN:
    case SK_OP_RETURN: return print_return(p, op);
    case SK_OP_SDY_MANUAL_COMPUTATION: return sk_ir_print_manual_computation(p, op);
    case SK_OP_SDY_MESH: return sk_ir_print_sdy_mesh(p, op);
    case SK_OP_SDY_RESHARD:
    case SK_OP_SDY_SHARDING_CONSTRAINT: return sk_ir_print_sdy_sharding(p, op);
    case SK_OP_SELECT: return print_select(p, op);
    case SK_OP_SLICE: return print_slice(p, op);
    case SK_OP_TUPLE: return print_tuple(p, op);
    case SK_OP_WHILE: return print_while(p, op);
    default: return false;  // not a switch over all op kinds: the tables above have the rest
  }
}

bool sk_ir_print_special(sk_printer *p, sk_op op) {
  sk_opkind kind = sk_op_kind(p->m, op);
  for (uint32_t i = 0; i < SK_COUNT(keyed_forms); i++) {
    if (keyed_forms[i].kind == kind) {
      return print_keyed(p, op, &keyed_forms[i]);
    }
  }
  if (sk_opkind_info(kind)->op_class == SK_OPCLASS_CHECK) {
    return sk_ir_print_check(p, op);
  }
  return print_single(p, op, kind);
}
