// SPDX-License-Identifier: Apache-2.0
// Custom forms without regions (StableHLO, CHLO, func, check, interpreter and sdy print them so).
// Most ops follow one of the syntax classes of ops.def, or a row of `keyed_forms`; a function each
// for the rest. All of them leave operands, attributes and result types on the parser's stacks;
// optional attribute lists {...} stand before the ':' unless noted.
//
//   SAME_TYPE    add %a, %b : T            or, if types differ,  add %a, %b : (T, T) -> T
//   FUNCTIONAL   reshape %a : (T) -> T
//   RESULT_TYPE  replica_id : T
//   ARROW        chlo.erf %a : T -> T
//   keyed        pad %a, %b, low = [0], high = [1], interior = [0] : (T, T) -> T
#include "read/text_int.h"

// -- ends -----------------------------------------------------------------------------------------

static sk_status expected_value(const sk_parser *p) {
  return sk_read_expected(p, "a value such as %0");
}

// Operands in the form %a, %b without anything after a comma.
static sk_status parse_plain_operands(sk_parser *p) {
  bool comma;
  SK_TRY(sk_read_parse_operands(p, &comma));
  return comma ? expected_value(p) : NULL;
}

static sk_status push_type(sk_parser *p, sk_type type) {
  SK_PUSH(p, types, type);
  return NULL;
}

static sk_status parse_colon(sk_parser *p, sk_draft *d) {
  SK_TRY(sk_read_parse_attr_dict(p, d));
  return sk_read_expect(p, ':', "':' after the operands");
}

// All operands have type `type`.
static sk_status check_one_type(sk_parser *p, const sk_draft *d, sk_type type, const char *at) {
  uint32_t first = p->types.count;
  uint32_t count = sk_draft_operand_count(p, d);
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(push_type(p, type));
  }
  SK_TRY(sk_read_check_operands(p, d, first, count, at));
  p->types.count = first;
  return NULL;
}

// T for operands and result, or a function type.
static sk_status parse_same_type(sk_parser *p, const sk_draft *d) {
  if (sk_read_at(p, '(')) {
    return sk_read_parse_functional(p, d);
  }
  const char *at = p->tok.start;
  sk_type type;
  SK_TRY(sk_read_parse_type(p, &type));
  SK_TRY(check_one_type(p, d, type, at));
  return push_type(p, type);
}

static sk_status parse_arrow(sk_parser *p, const sk_draft *d) {
  const char *at = p->tok.start;
  uint32_t first = p->types.count;
  uint32_t results;
  SK_TRY(sk_read_parse_types(p));
  SK_TRY(sk_read_check_operands(p, d, first, p->types.count - first, at));
  p->types.count = first;
  SK_TRY(sk_read_expect(p, SK_TOK_ARROW, "'->' before the result type"));
  return sk_read_parse_results(p, &results);
}

// Types of the operands: one each, or one for all.
static sk_status parse_operand_types(sk_parser *p, const sk_draft *d) {
  const char *at = p->tok.start;
  uint32_t first = p->types.count;
  SK_TRY(sk_read_parse_types(p));
  uint32_t count = p->types.count - first;
  sk_type type = p->types.data[first];
  if (count == 1) {
    SK_TRY(check_one_type(p, d, type, at));
  } else {
    SK_TRY(sk_read_check_operands(p, d, first, count, at));
  }
  p->types.count = first;
  return NULL;
}

// -- key = value ----------------------------------------------------------------------------------

static sk_status parse_bool(sk_parser *p, sk_attr *out) {
  bool is_true = sk_read_at_word(p, SK_STR("true"));
  if (!is_true && !sk_read_at_word(p, SK_STR("false"))) {
    return sk_read_expected(p, "true or false");
  }
  sk_read_advance(p);
  SK_SET_ID(out, sk_attr_bool(p->module, is_true));
  return NULL;
}

static sk_status parse_int_attr(sk_parser *p, sk_elem elem, sk_attr *out) {
  const char *at = p->tok.start;
  int64_t value;
  sk_type type;
  SK_TRY(sk_read_parse_int(p, &value));
  if (elem == SK_S32 && (value < INT32_MIN || value > INT32_MAX)) {
    return sk_read_error(p, at, "this integer does not fit in 32 bits");
  }
  SK_SET_ID(&type, sk_type_scalar(p->module, elem));
  SK_SET_ID(out, sk_attr_int(p->module, type, value));
  return NULL;
}

static sk_status parse_float_attr(sk_parser *p, sk_attr *out) {
  double value;
  sk_type type;
  SK_TRY(sk_read_parse_float(p, SK_F64, &value));
  SK_SET_ID(&type, sk_type_scalar(p->module, SK_F64));
  SK_SET_ID(out, sk_attr_float(p->module, type, value));
  return NULL;
}

// The value of an attribute where its type is left out, as its schema says it is spelled.
static sk_status parse_value(sk_parser *p, const sk_draft *d, sk_name name, sk_attr *out) {
  const sk_attr_schema *schema = sk_opkind_find_attr(d->kind, (sk_sym){(uint32_t)name});
  sk_schema_kind kind = schema ? (sk_schema_kind)schema->kind : SK_SCHEMA_ANY;
  if (kind == SK_SCHEMA_INTS) {
    return sk_read_parse_ints_attr(p, out);
  }
  if (kind == SK_SCHEMA_INT || kind == SK_SCHEMA_I32) {
    return parse_int_attr(p, kind == SK_SCHEMA_INT ? SK_S64 : SK_S32, out);
  }
  if (kind == SK_SCHEMA_ENUM) {
    return sk_read_parse_enum_word(p, (sk_enum_id)schema->enum_id, out);
  }
  if (kind == SK_SCHEMA_BOOL) {
    return parse_bool(p, out);
  }
  if (kind == SK_SCHEMA_FLOAT) {
    return parse_float_attr(p, out);
  }
  if (kind == SK_SCHEMA_STRING) {
    sk_str text;
    SK_TRY(sk_read_parse_string(p, &text));
    SK_SET_ID(out, sk_attr_string(p->module, text));
    return NULL;
  }
  return sk_read_parse_attr(p, out);
}

static sk_status parse_keyed_value(sk_parser *p, const sk_draft *d, sk_name name) {
  sk_attr attr;
  SK_TRY(sk_read_expect(p, '=', "'=' after a keyword"));
  SK_TRY(parse_value(p, d, name, &attr));
  return sk_read_add_attr(p, name, attr);
}

typedef enum keyed_tail { TAIL_FUNCTIONAL, TAIL_SAME_TYPE, TAIL_RESULT } keyed_tail;

enum { MAX_KEYS = 3 };
typedef struct keyed_form {
  sk_opkind kind;
  keyed_tail tail;
  struct {
    const char *key;
    sk_name name;
    bool optional;
  } keys[MAX_KEYS];
} keyed_form;

static const keyed_form keyed_forms[] = {
    {SK_OP_BROADCAST, TAIL_FUNCTIONAL, {{"sizes", SK_NAME_broadcast_sizes, false}}},
    {SK_OP_BROADCAST_IN_DIM, TAIL_FUNCTIONAL, {{"dims", SK_NAME_broadcast_dimensions, false}}},
    {SK_OP_CHOLESKY, TAIL_SAME_TYPE, {{"lower", SK_NAME_lower, true}}},
    {SK_OP_CONCATENATE, TAIL_FUNCTIONAL, {{"dim", SK_NAME_dimension, false}}},
    {SK_OP_DYNAMIC_BROADCAST_IN_DIM,
     TAIL_FUNCTIONAL,
     {{"dims", SK_NAME_broadcast_dimensions, false}}},
    {SK_OP_DYNAMIC_IOTA, TAIL_FUNCTIONAL, {{"dim", SK_NAME_iota_dimension, false}}},
    {SK_OP_DYNAMIC_SLICE, TAIL_FUNCTIONAL, {{"sizes", SK_NAME_slice_sizes, false}}},
    {SK_OP_EINSUM, TAIL_FUNCTIONAL, {{"config", SK_NAME_einsum_config, false}}},
    {SK_OP_FFT,
     TAIL_FUNCTIONAL,
     {{"type", SK_NAME_fft_type, false}, {"length", SK_NAME_fft_length, false}}},
    {SK_OP_GET_DIMENSION_SIZE, TAIL_FUNCTIONAL, {{"dim", SK_NAME_dimension, false}}},
    {SK_OP_INTERPRETER_PROBE, TAIL_SAME_TYPE, {{"probe_id", SK_NAME_probe_id, false}}},
    {SK_OP_IOTA, TAIL_RESULT, {{"dim", SK_NAME_iota_dimension, false}}},
    {SK_OP_PAD,
     TAIL_FUNCTIONAL,
     {{"low", SK_NAME_edge_padding_low, false},
      {"high", SK_NAME_edge_padding_high, false},
      {"interior", SK_NAME_interior_padding, false}}},
    {SK_OP_REVERSE, TAIL_SAME_TYPE, {{"dims", SK_NAME_dimensions, false}}},
    {SK_OP_RNG, TAIL_FUNCTIONAL, {{"distribution", SK_NAME_rng_distribution, false}}},
    {SK_OP_RNG_BIT_GENERATOR, TAIL_FUNCTIONAL, {{"algorithm", SK_NAME_rng_algorithm, false}}},
    {SK_OP_SET_DIMENSION_SIZE, TAIL_FUNCTIONAL, {{"dim", SK_NAME_dimension, false}}},
    {SK_OP_TRANSPOSE, TAIL_FUNCTIONAL, {{"dims", SK_NAME_permutation, false}}},
    {SK_OP_UNARY_EINSUM, TAIL_FUNCTIONAL, {{"config", SK_NAME_einsum_config, false}}},
};

static sk_status parse_keyed(sk_parser *p, sk_draft *d, const keyed_form *form) {
  bool comma;
  SK_TRY(sk_read_parse_operands(p, &comma));
  bool any = sk_draft_operand_count(p, d) != 0;
  for (uint32_t i = 0; i < MAX_KEYS && form->keys[i].key != NULL; i++) {
    if (form->keys[i].optional && !comma) {
      break;
    }
    if (any && !comma) {
      return sk_read_expected(p, "','");
    }
    SK_TRY(sk_read_expect_word(p, sk_str_from(form->keys[i].key)));
    SK_TRY(parse_keyed_value(p, d, form->keys[i].name));
    comma = sk_read_accept(p, ',');
    any = true;
  }
  if (comma) {
    return sk_read_expected(p, "':'");
  }
  SK_TRY(parse_colon(p, d));
  switch (form->tail) {
    case TAIL_FUNCTIONAL: return sk_read_parse_functional(p, d);
    case TAIL_SAME_TYPE: return parse_same_type(p, d);
    case TAIL_RESULT: return sk_read_parse_types(p);
  }
  return NULL;
}

static const keyed_form *find_keyed(sk_opkind kind) {
  for (size_t i = 0; i < SK_COUNT(keyed_forms); i++) {
    if (keyed_forms[i].kind == kind) {
      return &keyed_forms[i];
    }
  }
  return NULL;
}

// -- constants, elements --------------------------------------------------------------------------

// constant [{...}] dense<...> : T, or constant() [<{...}>] {...} : () -> T when the value's type is
// not the result's
static sk_status form_constant(sk_parser *p, sk_draft *d) {
  if (sk_read_accept(p, '(')) {
    SK_TRY(sk_read_expect(p, ')', "')'"));
    if (sk_read_accept(p, '<')) {
      SK_TRY(sk_read_parse_attr_dict(p, d));
      SK_TRY(sk_read_expect(p, '>', "'>' after the properties"));
    }
    return sk_read_parse_functional_tail(p, d);
  }
  SK_TRY(sk_read_parse_attr_dict(p, d));
  const char *at = p->tok.start;
  sk_attr value;
  SK_TRY(sk_read_parse_attr(p, &value));
  const sk_attr_rec *rec = sk_attr_get(p->module, value);
  if (rec->kind != SK_ATTR_DENSE) {
    return sk_tok_is(&d->name, SK_STR("arith.constant"))
               ? sk_read_unsupported(p, at, "arith.constant of a scalar is not supported")
               : sk_read_error(p, at, "expected a constant such as dense<1.0> : tensor<f32>");
  }
  SK_TRY(push_type(p, rec->type));
  return sk_read_add_attr(p, SK_NAME_value, value);
}

static sk_status form_compare(sk_parser *p, sk_draft *d) {
  sk_attr attr;
  bool comma;
  SK_TRY(sk_read_parse_enum_word(p, SK_ENUM_COMPARISON_DIRECTION, &attr));
  SK_TRY(sk_read_add_attr(p, SK_NAME_comparison_direction, attr));
  SK_TRY(sk_read_expect(p, ',', "',' after the direction"));
  SK_TRY(sk_read_parse_operands(p, &comma));
  if (comma) {
    SK_TRY(sk_read_parse_enum_word(p, SK_ENUM_COMPARISON_TYPE, &attr));
    SK_TRY(sk_read_add_attr(p, SK_NAME_compare_type, attr));
  }
  return sk_read_parse_functional_tail(p, d);
}

// select %p, %a, %b : Tp, T
static sk_status form_select(sk_parser *p, sk_draft *d) {
  SK_TRY(parse_plain_operands(p));
  SK_TRY(parse_colon(p, d));
  if (sk_read_at(p, '(')) {
    return sk_read_parse_functional(p, d);
  }
  const char *at = p->tok.start;
  uint32_t first = p->types.count;
  SK_TRY(sk_read_parse_types(p));
  if (p->types.count - first != 2) {
    return sk_read_error(p, at,
                         "expected functional type or list of two types in stablehlo.select");
  }
  sk_type type = p->types.data[first + 1];
  SK_TRY(push_type(p, type));
  SK_TRY(sk_read_check_operands(p, d, first, 3, at));
  p->types.count = first;
  return push_type(p, type);
}

// complex %a, %b : tensor<2xcomplex<f32>>, the operands being the parts
static sk_status form_complex(sk_parser *p, sk_draft *d) {
  SK_TRY(parse_plain_operands(p));
  SK_TRY(parse_colon(p, d));
  if (sk_read_at(p, '(')) {
    return sk_read_parse_functional(p, d);
  }
  const char *at = p->tok.start;
  sk_type type;
  SK_TRY(sk_read_parse_type(p, &type));
  sk_type_rec part = *sk_type_get(p->module, type);
  if (part.kind != SK_TYPE_TENSOR || !sk_elem_is_complex((sk_elem)part.elem)) {
    return sk_read_error(p, at, "expected tensor with complex element type in stablehlo.complex");
  }
  part.elem = (uint8_t)sk_elem_complex_part((sk_elem)part.elem);
  sk_type part_type;
  SK_SET_ID(&part_type, sk_type_intern(p->module, &part));
  SK_TRY(check_one_type(p, d, part_type, at));
  return push_type(p, type);
}

static sk_status bad_format(const sk_parser *p, sk_str word) {
  return sk_read_error(p, word.data, "expected exponent mantissa in format e#m#, saw %.*s",
                       (int)SK_MIN(word.len, 40), word.data);
}

static sk_status add_i32(sk_parser *p, const sk_draft *d, sk_name name, sk_str digits,
                         const char *what) {
  uint64_t value;
  sk_type type;
  if (!sk_str_to_u64(digits, &value) || value > INT32_MAX) {
    return sk_read_error(p, digits.data, "unable to parse %s '%.*s' of %s", what,
                         (int)SK_MIN(digits.len, 40), digits.data, sk_opkind_name(d->kind));
  }
  SK_SET_ID(&type, sk_type_scalar(p->module, SK_S32));
  return sk_read_add_attr(p, name, sk_attr_int(p->module, type, (int64_t)value));
}

static size_t count_digits(sk_str s, size_t from) {
  size_t at = from;
  while (at < s.len && s.data[at] >= '0' && s.data[at] <= '9') {
    at++;
  }
  return at - from;
}

// reduce_precision %a, format = e5m10 : T
static sk_status form_reduce_precision(sk_parser *p, sk_draft *d) {
  bool comma;
  SK_TRY(sk_read_parse_operands(p, &comma));
  if (!comma) {
    return sk_read_expected(p, "',' before the format");
  }
  SK_TRY(sk_read_expect_word(p, SK_STR("format")));
  SK_TRY(sk_read_expect(p, '=', "'=' after format"));
  if (!sk_read_at(p, SK_TOK_IDENT)) {
    return sk_read_expected(p, "a format such as e5m10");
  }
  sk_str word = sk_tok_str(&p->tok);
  size_t exponent = count_digits(word, 1);
  size_t mantissa = count_digits(word, exponent + 2);
  if (word.data[0] != 'e' || exponent == 0 || mantissa == 0 ||
      word.len != exponent + mantissa + 2 || word.data[exponent + 1] != 'm') {
    return bad_format(p, word);
  }
  SK_TRY(add_i32(p, d, SK_NAME_exponent_bits, (sk_str){word.data + 1, exponent}, "exponent"));
  SK_TRY(add_i32(p, d, SK_NAME_mantissa_bits, (sk_str){word.data + exponent + 2, mantissa},
                 "mantissa"));
  sk_read_advance(p);
  SK_TRY(parse_colon(p, d));
  return parse_same_type(p, d);
}

// slice %a [0:4:2, 1:3]; a stride of 1 may be left out
static sk_status form_slice(sk_parser *p, sk_draft *d) {
  enum { PARTS = 3 };
  static const sk_name names[PARTS] = {SK_NAME_start_indices, SK_NAME_limit_indices,
                                       SK_NAME_strides};
  int64_t parts[PARTS][SK_MAX_RANK];
  uint32_t rank = 0;
  SK_TRY(parse_plain_operands(p));
  SK_TRY(sk_read_expect(p, '[', "'[' before the ranges"));
  while (!sk_read_at(p, ']')) {
    if (rank == SK_MAX_RANK) {
      return sk_read_unsupported(p, p->tok.start, "more than %d dimensions are not supported",
                                 SK_MAX_RANK);
    }
    SK_TRY(sk_read_parse_int(p, &parts[0][rank]));
    SK_TRY(sk_read_expect(p, ':', "':' between start and limit"));
    SK_TRY(sk_read_parse_int(p, &parts[1][rank]));
    parts[2][rank] = 1;
    if (sk_read_accept(p, ':')) {
      SK_TRY(sk_read_parse_int(p, &parts[2][rank]));
    }
    rank++;
    if (!sk_read_accept(p, ',')) {
      break;
    }
  }
  SK_TRY(sk_read_expect(p, ']', "',' or ']' after a range"));
  for (uint32_t i = 0; i < PARTS; i++) {
    SK_TRY(sk_read_add_attr(p, names[i], sk_attr_ints(p->module, parts[i], rank)));
  }
  return sk_read_parse_functional_tail(p, d);
}

// -- calls, returns, tuples -----------------------------------------------------------------------

// custom_call @target(%a, %b), call @callee(%a)
static sk_status parse_call(sk_parser *p, sk_draft *d, bool is_custom) {
  sk_str name;
  SK_TRY(sk_read_parse_symbol(p, &name));
  SK_TRY(is_custom ? sk_read_add_attr(p, SK_NAME_call_target_name, sk_attr_string(p->module, name))
                   : sk_read_add_attr(p, SK_NAME_callee, sk_attr_symbol(p->module, name)));
  SK_TRY(sk_read_parse_enclosed_operands(p));
  return sk_read_parse_functional_tail(p, d);
}

// return [{...}] %a, %b [{...}] : T, T
static sk_status form_return(sk_parser *p, sk_draft *d) {
  SK_TRY(sk_read_parse_attr_dict(p, d));
  SK_TRY(parse_plain_operands(p));
  SK_TRY(sk_read_parse_attr_dict(p, d));
  if (sk_draft_operand_count(p, d) == 0) {
    return NULL;
  }
  SK_TRY(sk_read_expect(p, ':', "':' after the operands"));
  const char *at = p->tok.start;
  uint32_t first = p->types.count;
  SK_TRY(sk_read_parse_types(p));
  SK_TRY(sk_read_check_operands(p, d, first, p->types.count - first, at));
  p->types.count = first;
  return NULL;
}

// get_tuple_element %t[0] : (T) -> T
static sk_status form_get_tuple_element(sk_parser *p, sk_draft *d) {
  sk_attr index;
  SK_TRY(parse_plain_operands(p));
  SK_TRY(sk_read_expect(p, '[', "'[' before the index"));
  SK_TRY(parse_int_attr(p, SK_S32, &index));
  SK_TRY(sk_read_expect(p, ']', "']' after the index"));
  SK_TRY(sk_read_add_attr(p, SK_NAME_index, index));
  return sk_read_parse_functional_tail(p, d);
}

// tuple %a, %b : tuple<T, T>
static sk_status form_tuple(sk_parser *p, sk_draft *d) {
  SK_TRY(parse_plain_operands(p));
  SK_TRY(parse_colon(p, d));
  if (sk_read_at(p, '(')) {
    return sk_read_parse_functional(p, d);
  }
  const char *at = p->tok.start;
  uint32_t first = p->types.count;
  sk_type type;
  SK_TRY(sk_read_parse_type(p, &type));
  const sk_type_rec *rec = sk_type_get(p->module, type);
  if (rec->kind != SK_TYPE_TUPLE) {
    return sk_read_error(p, at, "expected tuple type in stablehlo.tuple");
  }
  for (uint32_t i = 0; i < rec->input_count; i++) {
    SK_TRY(push_type(p, rec->inputs[i]));
  }
  SK_TRY(sk_read_check_operands(p, d, first, rec->input_count, at));
  p->types.count = first;
  return push_type(p, type);
}

// optimization_barrier [{...}] %a, %b : T, T, or ()
static sk_status form_barrier(sk_parser *p, sk_draft *d) {
  SK_TRY(sk_read_parse_attr_dict(p, d));
  if (sk_read_accept(p, '(')) {
    return sk_read_expect(p, ')', "')'");
  }
  SK_TRY(parse_plain_operands(p));
  SK_TRY(parse_colon(p, d));
  const char *at = p->tok.start;
  uint32_t first = p->types.count;
  SK_TRY(sk_read_parse_types(p));
  return sk_read_check_operands(p, d, first, p->types.count - first, at);
}

static sk_status form_after_all(sk_parser *p, sk_draft *d) {
  SK_TRY(parse_plain_operands(p));
  SK_TRY(parse_colon(p, d));
  return parse_same_type(p, d);
}

// unrealized_conversion_cast %a : T to T
static sk_status form_cast(sk_parser *p, sk_draft *d) {
  SK_TRY(parse_plain_operands(p));
  uint32_t first = p->types.count;
  if (sk_draft_operand_count(p, d) != 0) {
    SK_TRY(sk_read_expect(p, ':', "':' after the operands"));
    const char *at = p->tok.start;
    SK_TRY(sk_read_parse_types(p));
    SK_TRY(sk_read_check_operands(p, d, first, p->types.count - first, at));
    p->types.count = first;
  }
  if (sk_read_accept_word(p, SK_STR("to"))) {
    SK_TRY(sk_read_parse_types(p));
  }
  return sk_read_parse_attr_dict(p, d);
}

// -- other dialects -------------------------------------------------------------------------------

// chlo.top_k(%a, k = 5, is_stable = true) : T -> (T, T)
static sk_status form_top_k(sk_parser *p, sk_draft *d) {
  bool comma;
  SK_TRY(sk_read_expect(p, '(', "'(' before the operand"));
  SK_TRY(sk_read_parse_operands(p, &comma));
  if (!comma) {
    return sk_read_expected(p, "',' after the operand");
  }
  SK_TRY(sk_read_expect_word(p, SK_STR("k")));
  SK_TRY(parse_keyed_value(p, d, SK_NAME_k));
  if (sk_read_accept(p, ',')) {
    SK_TRY(sk_read_expect_word(p, SK_STR("is_stable")));
    SK_TRY(parse_keyed_value(p, d, SK_NAME_is_stable));
  }
  SK_TRY(sk_read_expect(p, ')', "')' after the operand"));
  SK_TRY(parse_colon(p, d));
  return parse_arrow(p, d);
}

// A number of ULPs is unsigned: all 64 bits count.
static sk_status parse_ulps(sk_parser *p, sk_name name) {
  uint64_t value;
  sk_type type;
  SK_TRY(sk_read_expect(p, '=', "'=' after a keyword"));
  SK_TRY(sk_read_parse_element(p, SK_U64, &value));
  SK_SET_ID(&type, sk_type_scalar(p->module, SK_S64));
  return sk_read_add_attr(p, name, sk_attr_int(p->module, type, (int64_t)value));
}

static sk_status parse_check_key(sk_parser *p, const sk_draft *d) {
  static const struct {
    const char *key;
    sk_name name;
  } keys[] = {{"tolerance", SK_NAME_tolerance},
              {"max_ulp_difference", SK_NAME_max_ulp_difference},
              {"min_ulp_difference", SK_NAME_min_ulp_difference},
              {"probe_id", SK_NAME_probe_id},
              {"iter", SK_NAME_iteration},
              {"iteration", SK_NAME_iteration}};
  for (size_t i = 0; i < SK_COUNT(keys); i++) {
    if (sk_read_accept_word(p, sk_str_from(keys[i].key))) {
      bool counts_ulps =
          keys[i].name == SK_NAME_max_ulp_difference || keys[i].name == SK_NAME_min_ulp_difference;
      return counts_ulps ? parse_ulps(p, keys[i].name) : parse_keyed_value(p, d, keys[i].name);
    }
  }
  return sk_read_expected(p, "a value or a keyword such as tolerance");
}

// check.expect_eq_const %a, dense<..> : T {..}, check.expect_close %a, %b, max_ulp_difference = 3 :
// T, T, and the like. The attribute list stands before or behind the ':'.
static sk_status form_check(sk_parser *p, sk_draft *d) {
  bool comma;
  bool has_value = sk_opkind_find_attr(d->kind, (sk_sym){SK_NAME_value}) != NULL;
  SK_TRY(sk_read_parse_operands(p, &comma));
  if (has_value) {
    sk_attr value;
    if (!comma) {
      return sk_read_expected(p, "',' before the constant");
    }
    SK_TRY(sk_read_parse_attr(p, &value));
    SK_TRY(sk_read_add_attr(p, SK_NAME_value, value));
    comma = sk_read_accept(p, ',');
  }
  while (comma) {
    SK_TRY(parse_check_key(p, d));
    comma = sk_read_accept(p, ',');
  }
  SK_TRY(sk_read_parse_attr_dict(p, d));
  if (!has_value) {
    SK_TRY(sk_read_expect(p, ':', "':' after the operands"));
    SK_TRY(sk_read_parse_attr_dict(p, d));
    SK_TRY(parse_operand_types(p, d));
  }
  return sk_read_check_duplicates(p, d->named, d->name.start);
}

// An attribute whose name is left out: #sdy.sharding<...> written as <...>.
static sk_status parse_stripped(sk_parser *p, sk_name name, const char *prefix) {
  sk_text text;
  sk_text_init(&text);
  sk_text_add(&text, sk_str_from(prefix));
  sk_status status =
      sk_read_at(p, '<') ? sk_read_parse_balanced(p, &text) : sk_read_expected(p, "'<'");
  if (status == NULL) {
    status = sk_read_add_attr(p, name, sk_attr_opaque(p->module, (sk_str){text.data, text.len}));
  }
  sk_text_fini(&text);
  return status;
}

// sdy.mesh @name = <["a"=2]>
static sk_status form_mesh(sk_parser *p, sk_draft *d) {
  sk_str name;
  SK_TRY(sk_read_parse_symbol(p, &name));
  SK_TRY(sk_read_add_attr(p, SK_NAME_sym_name, sk_attr_string(p->module, name)));
  SK_TRY(sk_read_expect(p, '=', "'=' after the name of the mesh"));
  if (sk_read_at(p, SK_TOK_HASH)) {
    sk_attr mesh;
    SK_TRY(sk_read_parse_attr(p, &mesh));
    SK_TRY(sk_read_add_attr(p, SK_NAME_mesh, mesh));
  } else {
    SK_TRY(parse_stripped(p, SK_NAME_mesh, "#sdy.mesh"));
  }
  return sk_read_parse_attr_dict(p, d);
}

// sdy.sharding_constraint %a <@mesh, [{"x"}]> : T
static sk_status form_sharding(sk_parser *p, sk_draft *d) {
  SK_TRY(parse_plain_operands(p));
  SK_TRY(parse_stripped(p, SK_NAME_sharding, "#sdy.sharding"));
  SK_TRY(parse_colon(p, d));
  return parse_same_type(p, d);
}

// sdy.sharding_group %a group_id=1 : T
static sk_status form_sharding_group(sk_parser *p, sk_draft *d) {
  SK_TRY(parse_plain_operands(p));
  SK_TRY(sk_read_expect_word(p, SK_STR("group_id")));
  SK_TRY(parse_keyed_value(p, d, SK_NAME_group_id));
  SK_TRY(parse_colon(p, d));
  return parse_operand_types(p, d);
}

// -- dispatch -------------------------------------------------------------------------------------

static sk_status only_generic(const sk_parser *p, const sk_draft *d) {
  const char *name = sk_opkind_name(d->kind);
  return sk_read_error(p, d->name.start, "%s has no form of its own here; write \"%s\"(...)", name,
                       name);
}

static sk_status parse_special(sk_parser *p, sk_draft *d) {
  switch ((int)d->kind) {
    case SK_OP_AFTER_ALL: return form_after_all(p, d);
    case SK_OP_BUILTIN_MODULE: return sk_read_form_module(p, d);
    case SK_OP_BUILTIN_UNREALIZED_CONVERSION_CAST: return form_cast(p, d);
    case SK_OP_CHLO_CONSTANT:
    case SK_OP_SDY_CONSTANT:
    case SK_OP_CONSTANT: return form_constant(p, d);
    case SK_OP_CHLO_SCAN: return sk_read_form_scan(p, d);
    case SK_OP_CHLO_TOP_K: return form_top_k(p, d);
    case SK_OP_COMPARE: return form_compare(p, d);
    case SK_OP_COMPLEX: return form_complex(p, d);
    case SK_OP_COMPOSITE: return sk_read_form_composite(p, d);
    case SK_OP_CONVOLUTION: return sk_read_form_convolution(p, d);
    case SK_OP_CUSTOM_CALL: return parse_call(p, d, true);
    case SK_OP_DOT: return sk_read_form_dot(p, d);
    case SK_OP_DOT_GENERAL: return sk_read_form_dot_general(p, d);
    case SK_OP_FUNC_CALL: return parse_call(p, d, false);
    case SK_OP_FUNC_FUNC: return sk_read_form_func(p, d);
    case SK_OP_GET_TUPLE_ELEMENT: return form_get_tuple_element(p, d);
    case SK_OP_OPTIMIZATION_BARRIER: return form_barrier(p, d);
    case SK_OP_REDUCE: return sk_read_form_reduce(p, d);
    case SK_OP_REDUCE_PRECISION: return form_reduce_precision(p, d);
    case SK_OP_FUNC_RETURN:
    case SK_OP_SDY_RETURN:
    case SK_OP_RETURN: return form_return(p, d);
    case SK_OP_SDY_MANUAL_COMPUTATION:
    case SK_OP_SDY_NAMED_COMPUTATION: return sk_read_form_manual_computation(p, d);
    case SK_OP_SDY_MESH: return form_mesh(p, d);
    case SK_OP_SDY_RESHARD:
    case SK_OP_SDY_SHARDING_CONSTRAINT: return form_sharding(p, d);
    case SK_OP_SDY_SHARDING_GROUP: return form_sharding_group(p, d);
    case SK_OP_SELECT: return form_select(p, d);
    case SK_OP_SLICE: return form_slice(p, d);
    case SK_OP_TUPLE: return form_tuple(p, d);
    case SK_OP_WHILE: return sk_read_form_while(p, d);
    default: break;  // most ops are in the tables
  }
  const keyed_form *keyed = find_keyed(d->kind);
  if (keyed != NULL) {
    return parse_keyed(p, d, keyed);
  }
  return sk_opkind_info(d->kind)->op_class == SK_OPCLASS_CHECK ? form_check(p, d)
                                                               : only_generic(p, d);
}

sk_status sk_read_parse_form(sk_parser *p, sk_draft *d) {
  switch ((sk_op_syntax)sk_opkind_info(d->kind)->syntax) {
    case SK_SYNTAX_SAME_TYPE:
      SK_TRY(parse_plain_operands(p));
      SK_TRY(parse_colon(p, d));
      return parse_same_type(p, d);
    case SK_SYNTAX_FUNCTIONAL:
      SK_TRY(parse_plain_operands(p));
      return sk_read_parse_functional_tail(p, d);
    case SK_SYNTAX_RESULT_TYPE: SK_TRY(parse_colon(p, d)); return sk_read_parse_types(p);
    case SK_SYNTAX_ARROW:
      SK_TRY(parse_plain_operands(p));
      SK_TRY(parse_colon(p, d));
      return parse_arrow(p, d);
    case SK_SYNTAX_GENERIC:
    case SK_SYNTAX_SPECIAL: break;
  }
  return parse_special(p, d);
}
