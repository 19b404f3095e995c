// SPDX-License-Identifier: Apache-2.0
// Operations: result names, the generic form, regions, and the making of the op from its parts.
//
//   %0:2 = "dialect.op"(%a, %b) <{properties}> ({ ^bb0(%x: T): ... }, { ... }) {attributes}
//       : (T, T) -> (T, T) loc(...)
//   %0 = dialect.op <custom form> loc(...)
//
// A draft notes the heights of the parser's stacks when an op begins; operands, attributes, regions
// and types pile up above them in any order, and sk_op_new takes them from there. Regions are
// filled before the op that owns them exists. Operand types in the text must equal the values' own:
// result types are taken from the text (the verifier compares them with inference).
#include "read/text_int.h"

// -- names ----------------------------------------------------------------------------------------

static sk_status unknown_op(const sk_parser *p, sk_str name, const char *at) {
  // Dialects that ops.def has completely.
  static const char *const dialects[] = {"stablehlo.", "chlo.", "check.", "interpreter.", "sdy."};
  int len = (int)SK_MIN(name.len, 80);
  bool ours = memchr(name.data, '.', name.len) == NULL;
  for (size_t i = 0; i < SK_COUNT(dialects); i++) {
    ours |= sk_str_has_prefix(name, sk_str_from(dialects[i]));
  }
  if (ours) {
    return sk_read_error(p, at, "unknown operation '%.*s'", len, name.data);
  }
  return sk_read_unsupported(p, at, "operation '%.*s' of another dialect is not supported", len,
                             name.data);
}

// Names without a dialect: those of func, which is the default inside functions, and of builtin.
// arith.constant of a tensor is another name of stablehlo.constant.
static sk_opkind find_short_name(const sk_parser *p, sk_str name) {
  if (sk_str_eq(name, SK_STR("return"))) {
    return p->in_func ? SK_OP_FUNC_RETURN : SK_OP_RETURN;
  }
  return sk_str_eq(name, SK_STR("call"))             ? SK_OP_FUNC_CALL
         : sk_str_eq(name, SK_STR("module"))         ? SK_OP_BUILTIN_MODULE
         : sk_str_eq(name, SK_STR("arith.constant")) ? SK_OP_CONSTANT
         : sk_str_eq(name, SK_STR("unrealized_conversion_cast"))
             ? SK_OP_BUILTIN_UNREALIZED_CONVERSION_CAST
             : SK_OP_NONE;
}

sk_status sk_read_parse_op_name(sk_parser *p, sk_opkind *out) {
  if (!sk_read_at(p, SK_TOK_IDENT)) {
    return sk_read_expected(p, "the name of an operation");
  }
  sk_str name = sk_tok_str(&p->tok);
  *out = sk_opkind_find(name);
  if (*out == SK_OP_NONE) {
    *out = find_short_name(p, name);
  }
  if (*out == SK_OP_NONE) {
    return unknown_op(p, name, name.data);
  }
  sk_read_advance(p);
  return NULL;
}

// "%a, %b:2 =", pushed on p->results.
static sk_status parse_result_names(sk_parser *p) {
  if (!sk_read_at(p, SK_TOK_VALUE)) {
    return NULL;
  }
  do {
    sk_result_name result = {.name = sk_tok_str(&p->tok), .count = 1};
    if (!sk_read_at(p, SK_TOK_VALUE)) {
      return sk_read_expected(p, "the name of a result");
    }
    sk_read_advance(p);
    if (sk_read_accept(p, ':')) {
      const char *at = p->tok.start;
      int64_t count;
      SK_TRY(sk_read_parse_int(p, &count));
      if (count < 1 || count > INT32_MAX) {
        return sk_read_error(p, at, "'%.*s' must stand for at least one result",
                             SK_STR_ARG(result.name));
      }
      result.count = (uint32_t)count;
    }
    SK_PUSH(p, results, result);
  } while (sk_read_accept(p, ','));
  return sk_read_expect(p, '=', "'=' after the names of results");
}

// -- operands and their types ---------------------------------------------------------------------

sk_status sk_read_parse_operands(sk_parser *p, bool *out_comma) {
  *out_comma = false;
  while (sk_read_at(p, SK_TOK_VALUE)) {
    sk_value value;
    SK_TRY(sk_read_parse_value(p, &value));
    SK_PUSH(p, values, value);
    *out_comma = sk_read_accept(p, ',');
    if (!*out_comma) {
      break;
    }
  }
  return NULL;
}

sk_status sk_read_parse_enclosed_operands(sk_parser *p) {
  bool comma;
  SK_TRY(sk_read_expect(p, '(', "'(' before the operands"));
  SK_TRY(sk_read_parse_operands(p, &comma));
  if (comma) {
    return sk_read_expected(p, "a value such as %0");
  }
  return sk_read_expect(p, ')', "',' or ')' after an operand");
}

static sk_status wrong_type(const sk_parser *p, const sk_draft *d, uint32_t i, sk_type written,
                            const char *at) {
  enum { SHOWN = 200 };
  sk_text have;
  sk_text said;
  sk_text_init(&have);
  sk_text_init(&said);
  sk_type_print(p->module, sk_value_type(p->module, p->values.data[d->values + i]), &have);
  sk_type_print(p->module, written, &said);
  sk_status status =
      have.failed || said.failed
          ? sk_status_no_memory()
          : sk_read_error(p, at, "operand %u of %s has type %.*s, here it is said to have %.*s", i,
                          sk_opkind_name(d->kind), (int)SK_MIN(have.len, SHOWN), have.data,
                          (int)SK_MIN(said.len, SHOWN), said.data);
  sk_text_fini(&have);
  sk_text_fini(&said);
  return status;
}

sk_status sk_read_check_operands(sk_parser *p, const sk_draft *d, uint32_t first, uint32_t count,
                                 const char *at) {
  uint32_t operands = sk_draft_operand_count(p, d);
  if (SK_UNLIKELY(count != operands)) {
    return sk_read_error(p, at, "%u operands present, but expected %u in the type of %s", operands,
                         count, sk_opkind_name(d->kind));
  }
  const sk_value *values = p->values.data + d->values;
  const sk_type *types = p->types.data + first;
  for (uint32_t i = 0; i < count; i++) {
    if (SK_UNLIKELY(sk_value_type(p->module, values[i]).id != types[i].id)) {
      return wrong_type(p, d, i, types[i], at);
    }
  }
  return NULL;
}

sk_status sk_read_parse_functional(sk_parser *p, const sk_draft *d) {
  const char *at = p->tok.start;
  uint32_t first = p->types.count;
  uint32_t inputs;
  uint32_t results;
  SK_TRY(sk_read_parse_signature(p, &inputs, &results));
  SK_TRY(sk_read_check_operands(p, d, first, inputs, at));
  if (inputs != 0) {
    memmove(p->types.data + first, p->types.data + first + inputs, results * sizeof(sk_type));
    p->types.count = first + results;
  }
  return NULL;
}

sk_status sk_read_parse_functional_tail(sk_parser *p, sk_draft *d) {
  SK_TRY(sk_read_parse_attr_dict(p, d));
  SK_TRY(sk_read_expect(p, ':', "':' before the types"));
  return sk_read_parse_functional(p, d);
}

// -- attributes -----------------------------------------------------------------------------------

sk_status sk_read_parse_attr_dict(sk_parser *p, sk_draft *d) {
  if (!sk_read_at(p, '{')) {
    return NULL;
  }
  uint32_t first = p->named.count;
  SK_TRY(sk_read_parse_dict(p));
  for (uint32_t i = first; i < p->named.count; i++) {
    sk_named_attr *entry = &p->named.data[i];
    SK_TRY(sk_read_conform_attr(p->module, &p->limits, d->kind, entry->name, entry->attr,
                                &entry->attr));
  }
  return NULL;
}

sk_status sk_read_add_attr(sk_parser *p, sk_name name, sk_attr attr) {
  if (attr.id == 0) {
    return sk_status_no_memory();
  }
  SK_PUSH(p, named, (sk_named_attr){{(uint32_t)name}, attr});
  return NULL;
}

sk_status sk_read_add_named(sk_parser *p, sk_str name, sk_attr attr) {
  sk_sym sym;
  if (attr.id == 0 || !sk_intern(&p->module->strings, name, &sym)) {
    return sk_status_no_memory();
  }
  SK_PUSH(p, named, (sk_named_attr){sym, attr});
  return NULL;
}

// -- regions --------------------------------------------------------------------------------------

sk_status sk_read_parse_block_arg(sk_parser *p) {
  sk_token name = p->tok;
  sk_type type;
  sk_loc ignored = {0};
  bool given = false;
  if (!sk_read_at(p, SK_TOK_VALUE)) {
    return sk_read_expected(p, "the name of an argument");
  }
  sk_read_advance(p);
  SK_TRY(sk_read_expect(p, ':', "':' after the name of an argument"));
  SK_TRY(sk_read_parse_type(p, &type));
  SK_TRY(sk_read_parse_optional_loc(p, &ignored, &given));
  SK_PUSH(p, tokens, name);
  SK_PUSH(p, types, type);
  return NULL;
}

// ^bb0(%x: T, ...):
static sk_status parse_label(sk_parser *p, sk_block_args *args) {
  sk_read_advance(p);
  if (!args->given) {
    args->tokens = p->tokens.count;
    args->types = p->types.count;
    if (sk_read_accept(p, '(')) {
      if (!sk_read_at(p, ')')) {
        do {
          SK_TRY(sk_read_parse_block_arg(p));
        } while (sk_read_accept(p, ','));
      }
      SK_TRY(sk_read_expect(p, ')', "',' or ')' after an argument"));
    }
    args->count = p->types.count - args->types;
  }
  return sk_read_expect(p, ':', "':' after the label of a block");
}

static sk_status begin_region(sk_parser *p, const sk_block_args *args, sk_region *io) {
  if (io->id != 0 && args->count != 0) {
    return sk_read_error(p, p->tokens.data[args->tokens].start,
                         "the body of a module has no arguments");
  }
  if (io->id == 0) {
    SK_SET_ID(io, sk_region_new(p->module, p->types.data + args->types, args->count));
  }
  uint32_t first = sk_region_get(p->module, *io)->args;
  for (uint32_t i = 0; i < args->count; i++) {
    SK_TRY(sk_read_define_values(p, sk_tok_str(&p->tokens.data[args->tokens + i]), first + i, 1));
  }
  return NULL;
}

static sk_status parse_block(sk_parser *p, sk_region region) {
  while (!sk_read_at(p, '}')) {
    if (sk_read_at(p, SK_TOK_BLOCK)) {
      return sk_read_unsupported(p, p->tok.start, "regions of several blocks are not supported");
    }
    SK_TRY(sk_read_parse_op(p, region));
  }
  return NULL;
}

sk_status sk_read_parse_region(sk_parser *p, const sk_block_args *given, sk_region *io) {
  sk_block_args args = *given;
  uint32_t scope = p->scope;
  bool in_func = p->in_func;
  uint32_t names = sk_read_open_names(p);
  uint32_t tokens = p->tokens.count;
  uint32_t types = p->types.count;
  SK_TRY(sk_read_enter(p));
  SK_TRY(sk_read_expect(p, '{', "'{' before a region"));
  p->in_func = args.in_func;
  if (args.isolated) {
    p->scope = ++p->scope_count;
  }
  if (sk_read_at(p, SK_TOK_BLOCK)) {
    SK_TRY(parse_label(p, &args));
  }
  SK_TRY(begin_region(p, &args, io));
  p->tokens.count = tokens;
  p->types.count = types;
  SK_TRY(parse_block(p, *io));
  sk_read_close_names(p, names);
  p->scope = scope;
  p->in_func = in_func;
  p->depth--;
  sk_read_advance(p);
  return NULL;
}

sk_status sk_read_push_region(sk_parser *p, const sk_block_args *args) {
  sk_region region = {0};
  SK_TRY(sk_read_parse_region(p, args, &region));
  SK_PUSH(p, regions, region);
  return NULL;
}

// The region of a generic op; that of the module itself exists already.
static sk_status push_generic_region(sk_parser *p, const sk_draft *d) {
  sk_block_args args = {.isolated = sk_opkind_has(d->kind, SK_TRAIT_ISOLATED),
                        .in_func = d->kind == SK_OP_FUNC_FUNC};
  sk_region region = {0};
  if (d->is_root && p->regions.count == d->regions) {
    region = sk_op_region(p->module, p->module->root, 0);
  }
  SK_TRY(sk_read_parse_region(p, &args, &region));
  SK_PUSH(p, regions, region);
  return NULL;
}

sk_status sk_read_push_region_list(sk_parser *p, const sk_draft *d) {
  SK_TRY(sk_read_expect(p, '(', "'(' before the regions"));
  if (!sk_read_at(p, ')')) {
    do {
      SK_TRY(push_generic_region(p, d));
    } while (sk_read_accept(p, ','));
  }
  return sk_read_expect(p, ')', "',' or ')' after a region");
}

// -- the generic form -----------------------------------------------------------------------------

static sk_status parse_generic(sk_parser *p, sk_draft *d) {
  SK_TRY(sk_read_parse_enclosed_operands(p));
  if (sk_read_at(p, '[')) {
    return sk_read_unsupported(p, p->tok.start,
                               "operations with successor blocks are not supported");
  }
  bool has_properties = sk_read_accept(p, '<');
  if (has_properties) {
    if (!sk_read_at(p, '{')) {
      return sk_read_expected(p, "'{' after '<'");
    }
    SK_TRY(sk_read_parse_attr_dict(p, d));
    SK_TRY(sk_read_expect(p, '>', "'>' after the properties"));
  }
  if (sk_read_at(p, '(')) {
    SK_TRY(sk_read_push_region_list(p, d));
  }
  SK_TRY(sk_read_parse_functional_tail(p, d));
  return has_properties ? sk_read_check_duplicates(p, d->named, d->name.start) : NULL;
}

// -- drafts ---------------------------------------------------------------------------------------

static sk_status parse_draft(sk_parser *p, sk_draft *d) {
  d->name = p->tok;
  d->values = p->values.count;
  d->types = p->types.count;
  d->named = p->named.count;
  d->regions = p->regions.count;
  d->loc = (sk_loc){0};
  d->has_loc = false;
  sk_opkind outer = p->op;
  if (sk_read_at(p, SK_TOK_STRING)) {
    sk_str name = sk_tok_str(&p->tok);
    name = (sk_str){name.data + 1, name.len - 2};
    d->kind = sk_opkind_find(name);
    if (d->kind == SK_OP_NONE) {
      return unknown_op(p, name, name.data - 1);
    }
    p->op = d->kind;
    sk_read_advance(p);
    SK_TRY(parse_generic(p, d));
  } else {
    SK_TRY(sk_read_parse_op_name(p, &d->kind));
    p->op = d->kind;
    SK_TRY(sk_read_parse_form(p, d));
  }
  SK_TRY(sk_read_parse_optional_loc(p, &d->loc, &d->has_loc));
  p->op = outer;
  return NULL;
}

static void drop_draft(sk_parser *p, const sk_draft *d) {
  p->values.count = d->values;
  p->types.count = d->types;
  p->named.count = d->named;
  p->regions.count = d->regions;
}

static sk_status get_loc(sk_parser *p, sk_draft *d) {
  return d->has_loc ? NULL : sk_read_input_loc(p, &d->name, &d->loc);
}

static sk_status make_op(sk_parser *p, sk_draft *d, sk_op *out) {
  if (++p->ops > p->limits.ops) {
    return sk_read_over_limit(p, d->name.start, "operations", p->limits.ops);
  }
  if (p->regions.count - d->regions > UINT16_MAX) {
    return sk_read_unsupported(p, d->name.start,
                               "operations of more than %d regions are not supported", UINT16_MAX);
  }
  SK_TRY(get_loc(p, d));
  sk_op_desc desc = {
      .kind = d->kind,
      .loc = d->loc,
      .operands = p->values.data + d->values,
      .result_types = p->types.data + d->types,
      .attrs = p->named.data + d->named,
      .regions = p->regions.data + d->regions,
      .operand_count = p->values.count - d->values,
      .result_count = p->types.count - d->types,
      .attr_count = p->named.count - d->named,
      .region_count = p->regions.count - d->regions,
  };
  SK_SET_ID(out, sk_op_new(p->module, d->into, &desc));
  drop_draft(p, d);
  return NULL;
}

// Gives the results their names, which lie on p->results from `first` on.
static sk_status name_results(sk_parser *p, const sk_draft *d, sk_op op, uint32_t first) {
  uint32_t result_count = sk_op_get(p->module, op)->result_count;
  uint32_t next = sk_op_get(p->module, op)->results;
  uint64_t named = 0;
  for (uint32_t i = first; i < p->results.count; i++) {
    named += p->results.data[i].count;
  }
  if (named != result_count && p->results.count != first) {
    return sk_read_error(p, p->results.data[first].name.data,
                         "%s has %u results, but %llu are named", sk_opkind_name(d->kind),
                         result_count, (unsigned long long)named);
  }
  for (uint32_t i = first; i < p->results.count; i++) {
    SK_TRY(sk_read_define_values(p, p->results.data[i].name, next, p->results.data[i].count));
    next += p->results.data[i].count;
  }
  p->results.count = first;
  return NULL;
}

sk_status sk_read_parse_op(sk_parser *p, sk_region into) {
  uint32_t first = p->results.count;
  sk_draft draft = {.into = into};
  sk_op op;
  SK_TRY(parse_result_names(p));
  SK_TRY(parse_draft(p, &draft));
  SK_TRY(make_op(p, &draft, &op));
  return name_results(p, &draft, op, first);
}

sk_status sk_read_parse_root(sk_parser *p) {
  sk_draft draft = {.is_root = true};
  sk_module *m = p->module;
  SK_TRY(parse_draft(p, &draft));
  if (p->regions.count - draft.regions != 1 || p->values.count != draft.values ||
      p->types.count != draft.types) {
    return sk_read_error(p, draft.name.start,
                         "builtin.module has one region, and neither operands nor results");
  }
  SK_TRY(get_loc(p, &draft));
  // A passing op puts the attributes in order; the root takes them over.
  sk_op_desc desc = {.kind = SK_OP_BUILTIN_MODULE,
                     .loc = draft.loc,
                     .attrs = p->named.data + draft.named,
                     .attr_count = p->named.count - draft.named};
  sk_op carrier;
  SK_SET_ID(&carrier, sk_op_new(m, (sk_region){0}, &desc));
  sk_op_rec *root = &m->ops.data[m->root.id];
  root->loc = draft.loc;
  root->attrs = m->ops.data[carrier.id].attrs;
  root->attr_count = m->ops.data[carrier.id].attr_count;
  m->ops.count--;
  drop_draft(p, &draft);
  return NULL;
}
