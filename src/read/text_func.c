// SPDX-License-Identifier: Apache-2.0
// Custom forms with regions:
//
//   module @name attributes {..} { .. }
//   func.func private @name(%a: T {..} loc(..), ..) -> (T {..}, ..) attributes {..} { .. }
//   while(%x = %a, ..) : T, .. attributes {..} cond { .. } do { .. }
//   reduce(%a init: %b), (..) applies stablehlo.add across dimensions = [1] {..} : (T, T) -> T
//   reduce(%a init: %b), (..) across dimensions = [1] {..} : (T, T) -> T
//       reducer(%c: T, %d: T) (..) { .. }
//   composite "ns.name" %a, %b ({ .. }, ..) {..} : (T, T) -> T
//   chlo.scan(%a) inits(%b) dimension=0 attributes {..} { ^bb0(..): .. } : (T, T) -> (T, T)
//   sdy.manual_computation(%a) in_shardings=[..] out_shardings=[..] manual_axes={..}
//       (%b: T) { .. } {..} : (T) -> T
#include "read/text_int.h"

// Optional "attributes {..}".
static sk_status parse_attributes(sk_parser *p, sk_draft *d) {
  if (!sk_read_accept_word(p, SK_STR("attributes"))) {
    return NULL;
  }
  return sk_read_at(p, '{') ? sk_read_parse_attr_dict(p, d)
                            : sk_read_expected(p, "'{' after attributes");
}

sk_status sk_read_form_module(sk_parser *p, sk_draft *d) {
  sk_block_args args = {.given = true, .isolated = true};
  sk_region region = {0};
  if (sk_read_at(p, SK_TOK_SYMBOL)) {
    sk_str name;
    SK_TRY(sk_read_parse_symbol(p, &name));
    SK_TRY(sk_read_add_attr(p, SK_NAME_sym_name, sk_attr_string(p->module, name)));
  }
  SK_TRY(parse_attributes(p, d));
  SK_TRY(sk_read_check_duplicates(p, d->named, d->name.start));
  if (d->is_root) {
    region = sk_op_region(p->module, p->module->root, 0);
  }
  p->op = SK_OP_NONE;
  SK_TRY(sk_read_parse_region(p, &args, &region));
  SK_PUSH(p, regions, region);
  return NULL;
}

// -- functions ------------------------------------------------------------------------------------

// The attribute lists of arguments or results: an ARRAY of DICT, none if all are empty.
typedef struct dict_list {
  uint32_t first;  // on p->attrs; empty ones are none
  bool any;
} dict_list;

static sk_status parse_item_attrs(sk_parser *p, dict_list *list) {
  sk_attr dict = {0};
  if (sk_read_at(p, '{')) {
    SK_TRY(sk_read_parse_attr(p, &dict));
    if (sk_attr_get(p->module, dict)->u.dict.count == 0) {
      dict = (sk_attr){0};
    }
  }
  list->any |= dict.id != 0;
  SK_PUSH(p, attrs, dict);
  return NULL;
}

static sk_status add_dicts(sk_parser *p, sk_name name, const dict_list *list) {
  uint32_t count = p->attrs.count - list->first;
  if (list->any) {
    sk_attr empty;
    SK_SET_ID(&empty, sk_attr_dict(p->module, NULL, 0));
    sk_attr *dicts = p->attrs.data + list->first;
    for (uint32_t i = 0; i < count; i++) {
      dicts[i] = dicts[i].id != 0 ? dicts[i] : empty;
    }
    sk_attr array;
    sk_attr_rec rec = {.kind = SK_ATTR_ARRAY};
    rec.u.list.data = dicts;
    rec.u.list.count = count;
    SK_TRY(sk_read_make_attr(p, &rec, p->tok.start, &array));
    SK_TRY(sk_read_add_attr(p, name, array));
  }
  p->attrs.count = list->first;
  return NULL;
}

static sk_status parse_param(sk_parser *p, bool named, dict_list *attrs) {
  sk_type type;
  sk_loc ignored = {0};
  bool given = false;
  if (named) {
    if (!sk_read_at(p, SK_TOK_VALUE)) {
      return sk_read_expected(p, "the name of an argument");
    }
    SK_PUSH(p, tokens, p->tok);
    sk_read_advance(p);
    SK_TRY(sk_read_expect(p, ':', "':' after the name of an argument"));
  }
  SK_TRY(sk_read_parse_type(p, &type));
  SK_PUSH(p, types, type);
  SK_TRY(parse_item_attrs(p, attrs));
  return sk_read_parse_optional_loc(p, &ignored, &given);
}

static sk_status parse_params(sk_parser *p, dict_list *attrs) {
  SK_TRY(sk_read_expect(p, '(', "'(' before the arguments"));
  bool named = sk_read_at(p, SK_TOK_VALUE);
  if (!sk_read_at(p, ')')) {
    do {
      SK_TRY(parse_param(p, named, attrs));
    } while (sk_read_accept(p, ','));
  }
  return sk_read_expect(p, ')', "',' or ')' after an argument");
}

static sk_status parse_func_results(sk_parser *p, dict_list *attrs) {
  if (!sk_read_accept(p, SK_TOK_ARROW)) {
    return NULL;
  }
  if (!sk_read_accept(p, '(')) {
    sk_type type;
    SK_TRY(sk_read_parse_type(p, &type));
    SK_PUSH(p, types, type);
    return NULL;
  }
  if (!sk_read_at(p, ')')) {
    do {
      SK_TRY(parse_param(p, false, attrs));
    } while (sk_read_accept(p, ','));
  }
  return sk_read_expect(p, ')', "',' or ')' after a result type");
}

static sk_status parse_visibility(sk_parser *p) {
  static const char *const words[] = {"private", "public", "nested"};
  for (size_t i = 0; i < SK_COUNT(words); i++) {
    sk_str word = sk_str_from(words[i]);
    if (sk_read_accept_word(p, word)) {
      return sk_read_add_attr(p, SK_NAME_sym_visibility, sk_attr_string(p->module, word));
    }
  }
  return NULL;
}

// The body, or an empty region for a declaration.
static sk_status parse_func_body(sk_parser *p, const sk_block_args *args, bool named) {
  sk_region region = {0};
  if (sk_read_at(p, '{')) {
    if (!named && args->count != 0) {
      return sk_read_expected(p, "no body, since the arguments have no names,");
    }
    p->op = SK_OP_NONE;
    SK_TRY(sk_read_parse_region(p, args, &region));
  } else {
    SK_SET_ID(&region, sk_region_new(p->module, NULL, 0));
  }
  SK_PUSH(p, regions, region);
  return NULL;
}

sk_status sk_read_form_func(sk_parser *p, sk_draft *d) {
  sk_str name;
  sk_type type;
  sk_attr attr;
  sk_block_args args = {.tokens = p->tokens.count,
                        .types = p->types.count,
                        .given = true,
                        .isolated = true,
                        .in_func = true};
  SK_TRY(parse_visibility(p));
  SK_TRY(sk_read_parse_symbol(p, &name));
  SK_TRY(sk_read_add_attr(p, SK_NAME_sym_name, sk_attr_string(p->module, name)));
  dict_list arg_attrs = {.first = p->attrs.count};
  SK_TRY(parse_params(p, &arg_attrs));
  SK_TRY(add_dicts(p, SK_NAME_arg_attrs, &arg_attrs));
  args.count = p->types.count - args.types;
  dict_list res_attrs = {.first = p->attrs.count};
  SK_TRY(parse_func_results(p, &res_attrs));
  SK_TRY(add_dicts(p, SK_NAME_res_attrs, &res_attrs));
  const sk_type *types = p->types.data + args.types;
  uint32_t results = p->types.count - args.types - args.count;
  sk_type_rec rec = {.kind = SK_TYPE_FUNCTION,
                     .inputs = types,
                     .input_count = args.count,
                     .results = types + args.count,
                     .result_count = results};
  SK_TRY(sk_read_make_type(p, &rec, d->name.start, &type));
  sk_attr_rec type_attr = {.kind = SK_ATTR_TYPE, .type = type};
  SK_TRY(sk_read_make_attr(p, &type_attr, d->name.start, &attr));
  SK_TRY(sk_read_add_attr(p, SK_NAME_function_type, attr));
  SK_TRY(parse_attributes(p, d));
  SK_TRY(sk_read_check_duplicates(p, d->named, d->name.start));
  SK_TRY(parse_func_body(p, &args, p->tokens.count - args.tokens == args.count));
  p->tokens.count = args.tokens;
  p->types.count = args.types;
  return NULL;
}

// -- while ----------------------------------------------------------------------------------------

// (%x = %a, ..): the arguments' names on p->tokens, the operands on p->values
static sk_status parse_bindings(sk_parser *p) {
  SK_TRY(sk_read_expect(p, '(', "'(' before the operands"));
  while (!sk_read_at(p, ')')) {
    sk_value value;
    if (!sk_read_at(p, SK_TOK_VALUE)) {
      return sk_read_expected(p, "the name of an argument");
    }
    SK_PUSH(p, tokens, p->tok);
    sk_read_advance(p);
    SK_TRY(sk_read_expect(p, '=', "'=' after the name of an argument"));
    SK_TRY(sk_read_parse_value(p, &value));
    SK_PUSH(p, values, value);
    if (!sk_read_accept(p, ',')) {
      break;
    }
  }
  return sk_read_expect(p, ')', "',' or ')' after an operand");
}

sk_status sk_read_form_while(sk_parser *p, sk_draft *d) {
  sk_block_args args = {.tokens = p->tokens.count, .types = p->types.count, .given = true};
  SK_TRY(parse_bindings(p));
  if (sk_draft_operand_count(p, d) != 0) {
    SK_TRY(sk_read_expect(p, ':', "':' after the operands"));
    const char *at = p->tok.start;
    SK_TRY(sk_read_parse_types(p));
    SK_TRY(sk_read_check_operands(p, d, args.types, p->types.count - args.types, at));
  }
  args.count = p->types.count - args.types;
  SK_TRY(parse_attributes(p, d));
  SK_TRY(sk_read_expect_word(p, SK_STR("cond")));
  SK_TRY(sk_read_push_region(p, &args));
  SK_TRY(sk_read_expect_word(p, SK_STR("do")));
  SK_TRY(sk_read_push_region(p, &args));
  p->tokens.count = args.tokens;  // the types stay: they are the results'
  return NULL;
}

// -- reduce ---------------------------------------------------------------------------------------

// (%a init: %b), ..: all inputs, then all initial values
static sk_status parse_reduce_operands(sk_parser *p, uint32_t *out_pairs) {
  uint32_t first = p->values.count;
  do {
    sk_value input;
    sk_value init;
    SK_TRY(sk_read_expect(p, '(', "'(' before an input"));
    SK_TRY(sk_read_parse_value(p, &input));
    SK_TRY(sk_read_expect_word(p, SK_STR("init")));
    SK_TRY(sk_read_expect(p, ':', "':' after init"));
    SK_TRY(sk_read_parse_value(p, &init));
    SK_TRY(sk_read_expect(p, ')', "')' after an initial value"));
    SK_PUSH(p, values, input);
    SK_PUSH(p, values, init);
  } while (sk_read_accept(p, ','));
  uint32_t pairs = (p->values.count - first) / 2;
  *out_pairs = pairs;
  // From i0 n0 i1 n1 .. to i0 i1 .. n0 n1 ..: the second half goes through the space above.
  for (uint32_t i = 0; i < pairs; i++) {
    sk_value init = p->values.data[first + 2 * i + 1];
    SK_PUSH(p, values, init);
  }
  sk_value *values = p->values.data + first;
  for (uint32_t i = 0; i < pairs; i++) {
    values[i] = values[2 * i];
  }
  memmove(values + pairs, values + 2 * (size_t)pairs, pairs * sizeof *values);
  p->values.count = first + 2 * pairs;
  return NULL;
}

// across dimensions = [1] {..} : (T, T) -> T
static sk_status parse_across(sk_parser *p, sk_draft *d) {
  sk_attr dims;
  SK_TRY(sk_read_expect_word(p, SK_STR("across")));
  SK_TRY(sk_read_expect_word(p, SK_STR("dimensions")));
  SK_TRY(sk_read_expect(p, '=', "'=' after dimensions"));
  SK_TRY(sk_read_parse_ints_attr(p, &dims));
  SK_TRY(sk_read_add_attr(p, SK_NAME_dimensions, dims));
  return sk_read_parse_functional_tail(p, d);
}

// The body of `applies`: one op on two scalars of the first input's element type, returned.
static sk_status make_body(sk_parser *p, sk_draft *d, sk_opkind inner, sk_loc loc) {
  sk_module *m = p->module;
  sk_type_rec scalar = *sk_type_get(m, sk_value_type(m, p->values.data[d->values]));
  if (scalar.kind != SK_TYPE_TENSOR && scalar.kind != SK_TYPE_UNRANKED) {
    return sk_read_error(p, d->name.start, "expected tensors as the inputs of stablehlo.reduce");
  }
  sk_type type;
  scalar = (sk_type_rec){.kind = SK_TYPE_TENSOR, .elem = scalar.elem, .quant = scalar.quant};
  SK_SET_ID(&type, sk_type_intern(m, &scalar));
  sk_type args[2] = {type, type};
  sk_region body;
  SK_SET_ID(&body, sk_region_new(m, args, 2));
  sk_value operands[2] = {sk_region_arg(m, body, 0), sk_region_arg(m, body, 1)};
  sk_op op;
  SK_SET_ID(&op, sk_op_new(m, body,
                           &(sk_op_desc){.kind = inner,
                                         .loc = loc,
                                         .operands = operands,
                                         .operand_count = 2,
                                         .result_types = &type,
                                         .result_count = 1}));
  sk_value result = sk_op_result(m, op, 0);
  SK_SET_ID(
      &op,
      sk_op_new(m, body,
                &(sk_op_desc){
                    .kind = SK_OP_RETURN, .loc = loc, .operands = &result, .operand_count = 1}));
  p->ops += 2;
  SK_PUSH(p, regions, body);
  return NULL;
}

static sk_status parse_applies(sk_parser *p, sk_draft *d) {
  const char *at = p->tok.start;
  sk_opkind inner;
  SK_TRY(sk_read_parse_op_name(p, &inner));
  const sk_op_info *info = sk_opkind_info(inner);
  if (!sk_opkind_has(inner, SK_TRAIT_COMMUTATIVE) || info->operands_min != 2 ||
      info->operands_max != 2 || info->results_max != 1 || info->regions_max != 0 ||
      !sk_str_has_prefix(sk_str_from(info->name), SK_STR("stablehlo."))) {
    return sk_read_error(
        p, at,
        "expected the inner-op to be a commutative binary-op from the stablehlo dialect, with "
        "zero region, producing single result");
  }
  SK_TRY(parse_across(p, d));
  SK_TRY(sk_read_parse_optional_loc(p, &d->loc, &d->has_loc));
  if (!d->has_loc) {
    SK_TRY(sk_read_input_loc(p, &d->name, &d->loc));
    d->has_loc = true;
  }
  return make_body(p, d, inner, d->loc);
}

// reducer(%c: T, %d: T) (..) { .. }: element k and accumulator k stand together; the block has all
// elements first.
static sk_status parse_reducer(sk_parser *p, uint32_t pairs) {
  sk_block_args args = {.tokens = p->tokens.count, .types = p->types.count, .given = true};
  SK_TRY(sk_read_expect_word(p, SK_STR("reducer")));
  while (sk_read_accept(p, '(')) {
    SK_TRY(sk_read_parse_block_arg(p));
    SK_TRY(sk_read_expect(p, ',', "',' between element and accumulator"));
    SK_TRY(sk_read_parse_block_arg(p));
    SK_TRY(sk_read_expect(p, ')', "')' after an accumulator"));
  }
  args.count = p->types.count - args.types;
  if (args.count != 2 * pairs) {
    return sk_read_expected(p, "one (element, accumulator) pair for each input");
  }
  for (uint32_t i = 0; i < args.count;
       i++) {  // the order of the block, above the order of the text
    uint32_t from = i < pairs ? 2 * i : 2 * (i - pairs) + 1;
    sk_token token = p->tokens.data[args.tokens + from];
    sk_type type = p->types.data[args.types + from];
    SK_PUSH(p, tokens, token);
    SK_PUSH(p, types, type);
  }
  sk_block_args ordered = args;
  ordered.tokens += args.count;
  ordered.types += args.count;
  SK_TRY(sk_read_push_region(p, &ordered));
  p->tokens.count = args.tokens;
  p->types.count = args.types;
  return NULL;
}

sk_status sk_read_form_reduce(sk_parser *p, sk_draft *d) {
  uint32_t pairs = 0;
  SK_TRY(parse_reduce_operands(p, &pairs));
  if (sk_read_accept_word(p, SK_STR("applies"))) {
    return parse_applies(p, d);
  }
  SK_TRY(parse_across(p, d));
  return parse_reducer(p, pairs);
}

// -- composite, scan, manual computation ----------------------------------------------------------

sk_status sk_read_form_composite(sk_parser *p, sk_draft *d) {
  sk_str name;
  bool comma;
  SK_TRY(sk_read_parse_string(p, &name));
  SK_TRY(sk_read_add_attr(p, SK_NAME_name, sk_attr_string(p->module, name)));
  SK_TRY(sk_read_parse_operands(p, &comma));
  if (comma) {
    return sk_read_expected(p, "a value such as %0");
  }
  if (sk_read_at(p, '(')) {
    SK_TRY(sk_read_push_region_list(p, d));
  }
  return sk_read_parse_functional_tail(p, d);
}

// operandSegmentSizes and resultSegmentSizes, which the generic form writes out.
static sk_status add_segments(sk_parser *p, sk_str name, uint32_t first, uint32_t second) {
  sk_module *m = p->module;
  int32_t sizes[2] = {(int32_t)first, (int32_t)second};
  sk_attr_rec rec = {.kind = SK_ATTR_DENSE_ARRAY};
  rec.u.dense.data = sk_arena_copy(&m->arena, sizes, sizeof sizes, 8);
  rec.u.dense.bytes = sizeof sizes;
  SK_SET_ID(&rec.type, sk_type_scalar(m, SK_S32));
  return rec.u.dense.data == NULL ? sk_status_no_memory()
                                  : sk_read_add_named(p, name, sk_attr_new(m, &rec));
}

sk_status sk_read_form_scan(sk_parser *p, sk_draft *d) {
  sk_block_args args = {0};
  sk_type i64;
  int64_t dimension;
  SK_TRY(sk_read_parse_enclosed_operands(p));
  uint32_t inputs = sk_draft_operand_count(p, d);
  SK_TRY(sk_read_expect_word(p, SK_STR("inits")));
  SK_TRY(sk_read_parse_enclosed_operands(p));
  uint32_t carries = sk_draft_operand_count(p, d) - inputs;
  SK_TRY(sk_read_expect_word(p, SK_STR("dimension")));
  SK_TRY(sk_read_expect(p, '=', "'=' after dimension"));
  SK_TRY(sk_read_parse_int(p, &dimension));
  SK_SET_ID(&i64, sk_type_scalar(p->module, SK_S64));
  SK_TRY(sk_read_add_attr(p, SK_NAME_dimension, sk_attr_int(p->module, i64, dimension)));
  SK_TRY(parse_attributes(p, d));
  SK_TRY(sk_read_push_region(p, &args));
  SK_TRY(sk_read_expect(p, ':', "':' after the region"));
  SK_TRY(sk_read_parse_functional(p, d));
  uint32_t results = p->types.count - d->types;
  if (results < carries) {
    return sk_read_error(p, d->name.start,
                         "not enough result types to cover the required carries of chlo.scan");
  }
  SK_TRY(add_segments(p, SK_STR("operandSegmentSizes"), inputs, carries));
  SK_TRY(add_segments(p, SK_STR("resultSegmentSizes"), results - carries, carries));
  return sk_read_check_duplicates(p, d->named, d->name.start);
}

// key=<body>, as the attribute prefix<body> with the given brackets around it
static sk_status parse_wrapped(sk_parser *p, sk_name name, const char *key, const char *before,
                               const char *after) {
  SK_TRY(sk_read_expect_word(p, sk_str_from(key)));
  SK_TRY(sk_read_expect(p, '=', "'=' after a keyword"));
  sk_text text;
  sk_text_init(&text);
  sk_text_add(&text, sk_str_from(before));
  sk_status status = sk_read_at(p, '[') || sk_read_at(p, '{') ? sk_read_parse_balanced(p, &text)
                                                              : sk_read_expected(p, "'[' or '{'");
  sk_text_add(&text, sk_str_from(after));
  if (status == NULL) {
    status = sk_read_add_attr(
        p, name,
        text.failed ? (sk_attr){0} : sk_attr_opaque(p->module, (sk_str){text.data, text.len}));
  }
  sk_text_fini(&text);
  return status;
}

static sk_status parse_shardings(sk_parser *p, sk_name name, const char *key) {
  return parse_wrapped(p, name, key, "#sdy.sharding_per_value<", ">");
}

// (%a: T, ..) { .. }
static sk_status parse_named_region(sk_parser *p) {
  sk_block_args args = {
      .tokens = p->tokens.count, .types = p->types.count, .given = true, .isolated = true};
  SK_TRY(sk_read_expect(p, '(', "'(' before the arguments"));
  if (!sk_read_at(p, ')')) {
    do {
      SK_TRY(sk_read_parse_block_arg(p));
    } while (sk_read_accept(p, ','));
  }
  SK_TRY(sk_read_expect(p, ')', "',' or ')' after an argument"));
  args.count = p->types.count - args.types;
  SK_TRY(sk_read_push_region(p, &args));
  p->tokens.count = args.tokens;
  p->types.count = args.types;
  return NULL;
}

// Also sdy.named_computation<"name">(%a) in_shardings=[..] out_shardings=[..] (%b: T) { .. } {..} :
// (T) -> T
sk_status sk_read_form_manual_computation(sk_parser *p, sk_draft *d) {
  bool is_named = d->kind == SK_OP_SDY_NAMED_COMPUTATION;
  if (is_named) {
    sk_str name;
    SK_TRY(sk_read_expect(p, '<', "'<' before the name"));
    SK_TRY(sk_read_parse_string(p, &name));
    SK_TRY(sk_read_expect(p, '>', "'>' after the name"));
    SK_TRY(sk_read_add_attr(p, SK_NAME_name, sk_attr_string(p->module, name)));
  }
  SK_TRY(sk_read_parse_enclosed_operands(p));
  if (!is_named || sk_read_at_word(p, SK_STR("in_shardings"))) {
    SK_TRY(parse_shardings(p, SK_NAME_in_shardings, "in_shardings"));
  }
  if (!is_named || sk_read_at_word(p, SK_STR("out_shardings"))) {
    SK_TRY(parse_shardings(p, SK_NAME_out_shardings, "out_shardings"));
  }
  if (!is_named) {
    SK_TRY(parse_wrapped(p, SK_NAME_manual_axes, "manual_axes", "#sdy<manual_axes", ">"));
  }
  SK_TRY(parse_named_region(p));
  return sk_read_parse_functional_tail(p, d);
}
