// SPDX-License-Identifier: Apache-2.0
// Attributes of dialects, #dialect.name<...> and #dialect<name ...>. Those of StableHLO with a
// structure become records:
//
//   #stablehlo<precision HIGH>                                 every enumeration, in both spellings
//   #stablehlo.result_accuracy_mode<HIGHEST>
//   #stablehlo.dot<lhs_contracting_dimensions = [1], ...>      a set of `key = value`, by table
//   #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>   or conv<raw key = value, ...>
//
// The others (sharding, meshes, replica groups by mesh axes, foreign dialects) are kept as text
// with white space normalised.
#include "read/text_int.h"

// -- key = value, ... -----------------------------------------------------------------------------

typedef enum field_kind {
  FIELD_INT,
  FIELD_INTS,
  FIELD_TYPE,
  FIELD_BOOL,
  FIELD_FLOAT,
  FIELD_MODE
} field_kind;

typedef struct struct_field {
  const char *name;
  field_kind kind;
  size_t offset;  // in the record: int64_t, sk_ints, sk_type, bool, double, uint32_t
} struct_field;

enum { MAX_FIELDS = 9 };

typedef struct struct_form {
  const char *name;
  sk_attr_kind kind;
  uint8_t field_count;
  bool all_required;
  struct_field fields[MAX_FIELDS];
} struct_form;

#define F(record, kind, name)                                                                      \
  { #name, FIELD_##kind, offsetof(record, name) }
#define F_OF(record, kind, part, name)                                                             \
  { #name, FIELD_##kind, offsetof(record, part.name) }
static const struct_form forms[] = {
    {"dot",
     SK_ATTR_DOT_DIMS,
     4,
     false,
     {F(sk_dot_dims, INTS, lhs_batching_dimensions), F(sk_dot_dims, INTS, rhs_batching_dimensions),
      F(sk_dot_dims, INTS, lhs_contracting_dimensions),
      F(sk_dot_dims, INTS, rhs_contracting_dimensions)}},
    {"ragged_dot",
     SK_ATTR_RAGGED_DIMS,
     6,
     false,
     {F_OF(sk_ragged_dims, INTS, dot, lhs_batching_dimensions),
      F_OF(sk_ragged_dims, INTS, dot, rhs_batching_dimensions),
      F_OF(sk_ragged_dims, INTS, dot, lhs_contracting_dimensions),
      F_OF(sk_ragged_dims, INTS, dot, rhs_contracting_dimensions),
      F(sk_ragged_dims, INTS, lhs_ragged_dimensions),
      F(sk_ragged_dims, INTS, rhs_group_dimensions)}},
    {"gather",
     SK_ATTR_GATHER_DIMS,
     6,
     false,
     {F(sk_gather_dims, INTS, offset_dims), F(sk_gather_dims, INTS, collapsed_slice_dims),
      F(sk_gather_dims, INTS, operand_batching_dims),
      F(sk_gather_dims, INTS, start_indices_batching_dims),
      F(sk_gather_dims, INTS, start_index_map), F(sk_gather_dims, INT, index_vector_dim)}},
    {"scatter",
     SK_ATTR_SCATTER_DIMS,
     6,
     false,
     {F(sk_scatter_dims, INTS, update_window_dims), F(sk_scatter_dims, INTS, inserted_window_dims),
      F(sk_scatter_dims, INTS, input_batching_dims),
      F(sk_scatter_dims, INTS, scatter_indices_batching_dims),
      F(sk_scatter_dims, INTS, scatter_dims_to_operand_dims),
      F(sk_scatter_dims, INT, index_vector_dim)}},
    {"conv",
     SK_ATTR_CONV_DIMS,
     9,
     false,
     {F(sk_conv_dims, INT, input_batch_dimension), F(sk_conv_dims, INT, input_feature_dimension),
      F(sk_conv_dims, INTS, input_spatial_dimensions),
      F(sk_conv_dims, INT, kernel_input_feature_dimension),
      F(sk_conv_dims, INT, kernel_output_feature_dimension),
      F(sk_conv_dims, INTS, kernel_spatial_dimensions),
      F(sk_conv_dims, INT, output_batch_dimension), F(sk_conv_dims, INT, output_feature_dimension),
      F(sk_conv_dims, INTS, output_spatial_dimensions)}},
    {"dot_algorithm",
     SK_ATTR_DOT_ALGORITHM,
     7,
     true,
     {F(sk_dot_algorithm, TYPE, lhs_precision_type), F(sk_dot_algorithm, TYPE, rhs_precision_type),
      F(sk_dot_algorithm, TYPE, accumulation_type), F(sk_dot_algorithm, INT, lhs_component_count),
      F(sk_dot_algorithm, INT, rhs_component_count),
      F(sk_dot_algorithm, INT, num_primitive_operations),
      F(sk_dot_algorithm, BOOL, allow_imprecise_accumulation)}},
    {"result_accuracy",
     SK_ATTR_RESULT_ACCURACY,
     4,
     false,
     {F(sk_result_accuracy, FLOAT, atol), F(sk_result_accuracy, FLOAT, rtol),
      F(sk_result_accuracy, INT, ulps), F(sk_result_accuracy, MODE, mode)}},
    {"channel_handle",
     SK_ATTR_CHANNEL_HANDLE,
     2,
     true,
     {F(sk_channel_handle, INT, handle), F(sk_channel_handle, INT, type)}},
    {"output_operand_alias",
     SK_ATTR_OUTPUT_OPERAND_ALIAS,
     3,
     true,
     {F(sk_output_operand_alias, INTS, output_tuple_indices),
      F(sk_output_operand_alias, INT, operand_index),
      F(sk_output_operand_alias, INTS, operand_tuple_indices)}},
};
#undef F
#undef F_OF

typedef union struct_record {
  sk_dot_dims dot;
  sk_ragged_dims ragged;
  sk_gather_dims gather;
  sk_scatter_dims scatter;
  sk_conv_dims conv;
  sk_dot_algorithm dot_algorithm;
  sk_result_accuracy accuracy;
  sk_channel_handle channel;
  sk_output_operand_alias alias;
} struct_record;

static const struct_form *find_form(sk_str name) {
  for (size_t i = 0; i < SK_COUNT(forms); i++) {
    if (sk_str_eq(name, sk_str_from(forms[i].name))) {
      return &forms[i];
    }
  }
  return NULL;
}

static sk_status make_struct(sk_parser *p, sk_attr_kind kind, const struct_record *record,
                             const char *at, sk_attr *out) {
  sk_attr_rec rec = {.kind = (uint8_t)kind};
  rec.u.dot = &record->dot;  // every payload is a pointer to the record of its kind
  return sk_read_make_attr(p, &rec, at, out);
}

static sk_status parse_bool(sk_parser *p, bool *out) {
  *out = sk_read_at_word(p, SK_STR("true"));
  if (!*out && !sk_read_at_word(p, SK_STR("false"))) {
    return sk_read_expected(p, "true or false");
  }
  sk_read_advance(p);
  return NULL;
}

static sk_status parse_mode(sk_parser *p, uint32_t *out) {
  sk_attr attr;
  const char *at = p->tok.start;
  if (sk_read_at(p, SK_TOK_IDENT)) {
    SK_TRY(sk_read_parse_enum_word(p, SK_ENUM_RESULT_ACCURACY_MODE, &attr));
  } else {
    SK_TRY(sk_read_parse_attr(p, &attr));
  }
  const sk_attr_rec *rec = sk_attr_get(p->module, attr);
  if (rec->kind != SK_ATTR_ENUM || rec->enum_id != SK_ENUM_RESULT_ACCURACY_MODE) {
    return sk_read_error(p, at, "expected a result_accuracy_mode");
  }
  *out = (uint32_t)rec->u.i;
  return NULL;
}

// The value of one field. Lists go to p->ints; *out_start is where.
static sk_status parse_field(sk_parser *p, const struct_field *field, char *record,
                             uint32_t *out_start) {
  void *at = record + field->offset;
  *out_start = p->ints.count;
  switch (field->kind) {
    case FIELD_INT: return sk_read_parse_int(p, at);
    case FIELD_INTS:
      SK_TRY(sk_read_parse_int_list(p));
      ((sk_ints *)at)->count = p->ints.count - *out_start;
      return NULL;
    case FIELD_TYPE: return sk_read_parse_type(p, at);
    case FIELD_BOOL: return parse_bool(p, at);
    case FIELD_FLOAT: return sk_read_parse_float(p, SK_F64, at);
    case FIELD_MODE: return parse_mode(p, at);
  }
  return NULL;
}

static sk_status unknown_field(const sk_parser *p, const struct_form *form) {
  sk_text text;
  sk_text_init(&text);
  for (uint32_t i = 0; i < form->field_count; i++) {
    sk_text_addf(&text, "%s`%s`", i > 0 ? ", " : "", form->fields[i].name);
  }
  sk_status status = text.failed ? sk_status_no_memory()
                                 : sk_read_error(p, p->tok.start, "expected one of: %s", text.data);
  sk_text_fini(&text);
  return status;
}

static uint32_t find_field(const sk_parser *p, const struct_form *form) {
  uint32_t i = 0;
  while (i < form->field_count && !sk_tok_is(&p->tok, sk_str_from(form->fields[i].name))) {
    i++;
  }
  return i;
}

// Fields up to and with '>'; `tok` behind '<', the attribute begins at `at`. Any order, each at most
// once.
static sk_status parse_fields(sk_parser *p, const struct_form *form, const char *at, sk_attr *out) {
  struct_record record;
  uint32_t starts[MAX_FIELDS] = {0};
  bool seen[MAX_FIELDS] = {false};
  uint32_t height = p->ints.count;
  memset(&record, 0, sizeof record);
  while (!sk_read_at(p, '>')) {
    uint32_t i = find_field(p, form);
    if (i == form->field_count) {
      return unknown_field(p, form);
    }
    if (seen[i]) {
      return sk_read_error(p, p->tok.start, "duplicated `%s` entry", form->fields[i].name);
    }
    seen[i] = true;
    sk_read_advance(p);
    SK_TRY(sk_read_expect(p, '=', "'=' after the name of a field"));
    SK_TRY(parse_field(p, &form->fields[i], (char *)&record, &starts[i]));
    if (!sk_read_accept(p, ',')) {
      break;
    }
  }
  SK_TRY(sk_read_expect(p, '>', "',' or '>' after a field"));
  for (uint32_t i = 0; i < form->field_count; i++) {
    if (form->fields[i].kind == FIELD_INTS) {
      ((sk_ints *)(void *)((char *)&record + form->fields[i].offset))->data =
          p->ints.data + starts[i];
    }
    if (form->all_required && !seen[i]) {
      return sk_read_error(p, at, "`%s` is missing in #stablehlo.%s", form->fields[i].name,
                           form->name);
    }
  }
  SK_TRY(make_struct(p, form->kind, &record, at, out));
  p->ints.count = height;
  return NULL;
}

sk_status sk_read_parse_dot_algorithm(sk_parser *p, sk_attr *out) {
  const char *at = p->tok.start;
  SK_TRY(sk_read_expect(p, '<', "'<' before a dot algorithm"));
  return parse_fields(p, find_form(SK_STR("dot_algorithm")), at, out);
}

// -- convolution dimensions -----------------------------------------------------------------------

typedef struct conv_side {
  int64_t first, second;  // where the two named dimensions stand; -1 = nowhere
  int64_t spatial[SK_MAX_RANK];
  uint32_t spatial_count;
} conv_side;

static sk_status parse_conv_name(sk_parser *p, const char *names, int64_t position,
                                 conv_side *side) {
  sk_str word = sk_tok_str(&p->tok);
  int64_t *slot = word.len != 1              ? NULL
                  : word.data[0] == names[0] ? &side->first
                  : word.data[0] == names[1] ? &side->second
                                             : NULL;
  if (slot == NULL || *slot >= 0) {
    return sk_read_error(p, p->tok.start, "unexpected dimension %.*s, expecting %c or %c once each",
                         (int)SK_MIN(word.len, 32), word.data, names[0], names[1]);
  }
  *slot = position;
  sk_read_advance(p);
  return NULL;
}

static sk_status parse_conv_spatial(sk_parser *p, int64_t position, bool *seen, conv_side *side) {
  const char *at = p->tok.start;
  int64_t dim;
  SK_TRY(sk_read_parse_int(p, &dim));
  if (dim < 0 || dim >= SK_MAX_RANK) {
    return sk_read_error(p, at, "unexpected dimension %lld", (long long)dim);
  }
  if (seen[dim]) {
    return sk_read_error(p, at, "duplicate entries for spatial dimension %lld", (long long)dim);
  }
  seen[dim] = true;
  side->spatial[dim] = position;
  side->spatial_count = SK_MAX(side->spatial_count, (uint32_t)dim + 1);
  return NULL;
}

// [b, 0, 1, f]: `names` are the two letters. '?' takes a place and names nothing.
static sk_status parse_conv_side(sk_parser *p, const char *names, conv_side *side) {
  bool seen[SK_MAX_RANK] = {false};
  *side = (conv_side){.first = -1, .second = -1};
  SK_TRY(sk_read_expect(p, '[', "'[' before the dimensions of a convolution"));
  for (int64_t position = 0;; position++) {
    if (sk_read_at(p, SK_TOK_IDENT)) {
      SK_TRY(parse_conv_name(p, names, position, side));
    } else if (!sk_read_accept(p, '?')) {
      SK_TRY(parse_conv_spatial(p, position, seen, side));
    }
    if (!sk_read_accept(p, ',')) {
      break;
    }
  }
  if (side->first < 0 || side->second < 0) {
    return sk_read_error(p, p->tok.start, "expected dimensions %c and %c", names[0], names[1]);
  }
  for (uint32_t i = 0; i < side->spatial_count; i++) {
    if (!seen[i]) {
      return sk_read_error(p, p->tok.start, "expected spatial dimension %u, which is not specified",
                           i);
    }
  }
  return sk_read_expect(p, ']', "',' or ']' in the dimensions of a convolution");
}

sk_status sk_read_parse_conv_dims(sk_parser *p, sk_attr *out) {
  const char *at = p->tok.start;
  conv_side input;
  conv_side kernel;
  conv_side output;
  SK_TRY(parse_conv_side(p, "bf", &input));
  SK_TRY(sk_read_expect_word(p, SK_STR("x")));
  SK_TRY(parse_conv_side(p, "io", &kernel));
  SK_TRY(sk_read_expect(p, SK_TOK_ARROW, "'->' before the output dimensions of a convolution"));
  SK_TRY(parse_conv_side(p, "bf", &output));
  struct_record record = {
      .conv = {.input_batch_dimension = input.first,
               .input_feature_dimension = input.second,
               .kernel_input_feature_dimension = kernel.first,
               .kernel_output_feature_dimension = kernel.second,
               .output_batch_dimension = output.first,
               .output_feature_dimension = output.second,
               .input_spatial_dimensions = {input.spatial, input.spatial_count},
               .kernel_spatial_dimensions = {kernel.spatial, kernel.spatial_count},
               .output_spatial_dimensions = {output.spatial, output.spatial_count}}};
  return make_struct(p, SK_ATTR_CONV_DIMS, &record, at, out);
}

// -- dispatch -------------------------------------------------------------------------------------

// Attributes of StableHLO and CHLO without a record of their own.
static bool is_kept_as_text(sk_str name) {
  static const char *const names[] = {
      "replica_group_mesh_axes", "mesh",   "mesh_axis",      "axis_ref",
      "sub_axis_info",           "bounds", "type_extensions"};
  for (size_t i = 0; i < SK_COUNT(names); i++) {
    if (sk_str_eq(name, sk_str_from(names[i]))) {
      return true;
    }
  }
  return false;
}

// Meshes may be spelled out more than they are printed: one spelling is kept. What stands in string
// literals is not touched. A second time changes nothing.
static void shorten_mesh(sk_text *text) {
  const struct {
    sk_str from, to;
  } spellings[] = {{SK_STR("[#stablehlo.mesh_axis<"), SK_STR("[<")},
                   {SK_STR(", #stablehlo.mesh_axis<"), SK_STR(", <")},
                   {SK_STR("#stablehlo.mesh<axes = "), SK_STR("#stablehlo.mesh<axes=")},
                   {SK_STR(">], device_ids = "), SK_STR(">], device_ids=")}};
  size_t to = 0;
  for (size_t from = 0; from < text->len;) {
    const sk_str rest = {text->data + from, text->len - from};
    size_t i = 0;
    while (i < SK_COUNT(spellings) && !sk_str_has_prefix(rest, spellings[i].from)) {
      i++;
    }
    if (i < SK_COUNT(spellings)) {
      memcpy(text->data + to, spellings[i].to.data, spellings[i].to.len);
      to += spellings[i].to.len;
      from += spellings[i].from.len;
      continue;
    }
    const size_t len = rest.data[0] == '"' ? sk_str_quoted_len(rest) : 1;
    memmove(text->data + to, rest.data, len);
    to += len;
    from += len;
  }
  text->len = to;
}

// `own`: an attribute of StableHLO, whose spellings are known.
static sk_status parse_opaque(sk_parser *p, bool own, sk_attr *out) {
  sk_text text;
  sk_text_init(&text);
  sk_text_add(&text, sk_tok_str(&p->tok));
  const char *end = p->tok.end;
  sk_read_advance(p);
  sk_status status = NULL;
  if (sk_read_at(p, '<') && p->tok.start == end) {
    status = sk_read_parse_balanced(p, &text);
  }
  if (status == NULL && !text.failed && own) {
    shorten_mesh(&text);
  }
  if (status == NULL) {
    *out = text.failed ? (sk_attr){0} : sk_attr_opaque(p->module, (sk_str){text.data, text.len});
    status = out->id == 0 ? sk_status_no_memory() : NULL;
  }
  sk_text_fini(&text);
  return status;
}

// `name` of #stablehlo.name<...> or #stablehlo<name ...>; `tok` at what follows the name.
static sk_status parse_known(sk_parser *p, sk_str name, const char *at, sk_attr *out) {
  const struct_form *form = find_form(name);
  sk_enum_id id = sk_enum_find(name);
  if (id != SK_ENUM_NONE) {
    SK_TRY(sk_read_parse_enum_word(p, id, out));
    return sk_read_expect(p, '>', "'>' after a keyword");
  }
  if (form == NULL) {
    return sk_read_error(p, at, "'%.*s' is not an attribute of this dialect",
                         (int)SK_MIN(name.len, 64), name.data);
  }
  if (form->kind == SK_ATTR_CONV_DIMS && !sk_read_accept_word(p, SK_STR("raw"))) {
    SK_TRY(sk_read_parse_conv_dims(p, out));
    return sk_read_expect(p, '>', "'>' after the dimensions of a convolution");
  }
  return parse_fields(p, form, at, out);
}

sk_status sk_read_parse_dialect_attr(sk_parser *p, sk_attr *out) {
  sk_str word = sk_tok_str(&p->tok);
  const char *at = word.data;
  const char *dot = memchr(word.data, '.', word.len);
  sk_str dialect = {word.data + 1, (size_t)((dot ? dot : word.data + word.len) - word.data) - 1};
  if (!sk_str_eq(dialect, SK_STR("stablehlo")) && !sk_str_eq(dialect, SK_STR("chlo"))) {
    return parse_opaque(p, false, out);
  }
  if (dot != NULL) {
    sk_str name = {dot + 1, (size_t)(word.data + word.len - dot) - 1};
    if (is_kept_as_text(name)) {
      return parse_opaque(p, true, out);
    }
    sk_read_advance(p);
    SK_TRY(sk_read_expect(p, '<', "'<' after the name of an attribute"));
    return parse_known(p, name, at, out);
  }
  sk_read_advance(p);
  SK_TRY(sk_read_expect(p, '<', "'<' after the name of a dialect"));
  sk_str name = sk_tok_str(&p->tok);
  if (!sk_read_at(p, SK_TOK_IDENT)) {
    return sk_read_expected(p, "the name of an attribute");
  }
  sk_read_advance(p);
  return parse_known(p, name, at, out);
}
