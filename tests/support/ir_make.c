// SPDX-License-Identifier: Apache-2.0
// See ir_make.h.
#include "support/ir_make.h"

#undef NDEBUG  // these checks hold in every build
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static sk_str cut(const char **at, char end) {
  const char *start = *at;
  while (**at != 0 && **at != end) {
    ++*at;
  }
  return (sk_str){start, (size_t)(*at - start)};
}

sk_type ir_make_type(sk_module *m, const char *text) {
  int64_t dims[64];
  uint32_t rank = 0;
  if (strcmp(text, "token") == 0) {
    return sk_type_intern(m, &(sk_type_rec){.kind = SK_TYPE_TOKEN});
  }
  if (strncmp(text, "tuple(", 6) == 0) {
    sk_type members[8];
    uint32_t count = 0;
    for (const char *at = text + 6; *at != ')';) {
      char member[64];
      size_t len = strcspn(at, ";)");
      assert(len < sizeof member && count < 8);
      memcpy(member, at, len);
      member[len] = 0;
      members[count++] = ir_make_type(m, member);
      at += len + (at[len] == ';');
    }
    return sk_type_intern(
        m, &(sk_type_rec){.kind = SK_TYPE_TUPLE, .input_count = count, .inputs = members});
  }
  for (;;) {
    sk_elem elem = sk_elem_find(sk_str_from(text));
    if (elem != SK_ELEM_NONE) {
      return sk_type_tensor(m, elem, rank, dims);
    }
    assert(rank < 64 && (*text == '?' || (*text >= '0' && *text <= '9')));
    char *end = NULL;
    dims[rank++] = *text == '?' ? SK_DIM_UNKNOWN : strtoll(text, &end, 10);
    text = *text == '?' ? text + 1 : end;
    assert(*text == 'x');
    text++;
  }
}

uint32_t ir_make_types(sk_module *m, const char *text, sk_type *out, uint32_t cap) {
  uint32_t count = 0;
  for (const char *at = text; *at != 0;) {
    char word[128];
    size_t len = strcspn(at, " ");
    assert(len < sizeof word && count < cap);
    memcpy(word, at, len);
    word[len] = 0;
    out[count++] = ir_make_type(m, word);
    at += len + (at[len] == ' ');
  }
  return count;
}

static sk_attr make_list(sk_module *m, const char **at, char end) {
  int64_t items[64];
  uint32_t count = 0;
  ++*at;
  while (**at != end) {
    char *next;
    items[count++] = strtoll(*at, &next, 10);
    *at = next + (*next == ',' || *next == ';');
  }
  ++*at;
  return end == ']' ? sk_attr_ints(m, items, count) : sk_attr_ints_2d(m, items, count / 2, 2);
}

static sk_attr make_value(sk_module *m, const char **at) {
  if (**at == '[' || **at == '{') {
    return make_list(m, at, **at == '[' ? ']' : '}');
  }
  if (**at == '\'') {
    ++*at;
    sk_str text = cut(at, '\'');
    ++*at;
    return sk_attr_string(m, text);
  }
  sk_str word = cut(at, ' ');
  if (word.data[0] == '@') {
    return sk_attr_symbol(m, (sk_str){word.data + 1, word.len - 1});
  }
  if (sk_str_eq(word, SK_STR("true")) || sk_str_eq(word, SK_STR("false"))) {
    return sk_attr_bool(m, word.len == 4);
  }
  int64_t value;
  for (uint32_t id = 1; id < SK_ENUM_COUNT; id++) {
    if (sk_enum_parse((sk_enum_id)id, word, &value)) {
      return sk_attr_enum(m, (sk_enum_id)id, value);
    }
  }
  char last = word.data[word.len - 1];
  if (last == 'f') {
    return sk_attr_float(m, sk_type_scalar(m, SK_F32), strtod(word.data, NULL));
  }
  return sk_attr_int(m, sk_type_scalar(m, last == 'i' ? SK_S32 : SK_S64),
                     strtoll(word.data, NULL, 10));
}

uint32_t ir_make_attrs(sk_module *m, const char *text, sk_named_attr *out, uint32_t cap) {
  uint32_t count = 0;
  for (const char *at = text; at != NULL && *at != 0; at += *at == ' ') {
    assert(count < cap);
    sk_str name = cut(&at, '=');
    at++;
    assert(sk_intern(&m->strings, name, &out[count].name));
    out[count].attr = make_value(m, &at);
    assert(out[count++].attr.id != 0);
  }
  return count;
}

ir_func ir_make_func(sk_module *m, const char *name, const char *arg_types) {
  sk_type types[16];
  uint32_t count = ir_make_types(m, arg_types, types, 16);
  sk_region body = sk_region_new(m, types, count);
  assert(body.id != 0);
  return (ir_func){m, body, name};
}

sk_value ir_make_arg(const ir_func *f, uint32_t i) { return sk_region_arg(f->m, f->body, i); }

sk_op ir_make_return(ir_func *f, const sk_value *values, uint32_t count) {
  sk_module *m = f->m;
  sk_type in[16], out[16];
  uint32_t inputs = sk_region_get(m, f->body)->arg_count;
  for (uint32_t i = 0; i < inputs; i++) {
    in[i] = sk_value_type(m, ir_make_arg(f, i));
  }
  for (uint32_t i = 0; i < count; i++) {
    out[i] = sk_value_type(m, values[i]);
  }
  sk_op_desc ret = {.kind = SK_OP_FUNC_RETURN, .operands = values, .operand_count = count};
  assert(sk_op_new(m, f->body, &ret).id != 0);
  sk_named_attr attrs[2] = {
      {{SK_NAME_sym_name}, sk_attr_string(m, sk_str_from(f->name))},
      {{SK_NAME_function_type}, sk_attr_type(m, sk_type_function(m, inputs, in, count, out))},
  };
  sk_op_desc func = {.kind = SK_OP_FUNC_FUNC,
                     .attrs = attrs,
                     .attr_count = 2,
                     .regions = &f->body,
                     .region_count = 1};
  sk_op op = sk_op_new(m, sk_op_region(m, m->root, 0), &func);
  assert(op.id != 0);
  return op;
}

sk_op ir_make_op(sk_module *m, sk_region into, sk_opkind kind, const sk_value *operands,
                 uint32_t count, const char *attrs, const char *written) {
  sk_named_attr list[16];
  sk_type types[16];
  sk_op_desc desc = {.kind = kind,
                     .operands = operands,
                     .operand_count = count,
                     .attrs = list,
                     .result_types = types};
  desc.attr_count = ir_make_attrs(m, attrs, list, 16);
  desc.result_count = written ? ir_make_types(m, written, types, 16) : 0;
  sk_op op;
  sk_status status = sk_ir_build_op(m, into, desc, &op);
  if (status != NULL) {
    char buf[1000];
    fprintf(stderr, "%s\n", ir_make_error(status, buf, sizeof buf));
    abort();
  }
  return op;
}

sk_region ir_make_body(sk_module *m, const char *arg_types, sk_opkind kind, const char *attrs) {
  sk_type types[16];
  uint32_t count = ir_make_types(m, arg_types, types, 16);
  sk_region body = sk_region_new(m, types, count);
  sk_value args[2] = {sk_region_arg(m, body, 0), sk_region_arg(m, body, 1)};
  sk_value result = sk_op_result(m, ir_make_op(m, body, kind, args, 2, attrs, NULL), 0);
  sk_op_desc ret = {.kind = SK_OP_RETURN, .operands = &result, .operand_count = 1};
  assert(sk_op_new(m, body, &ret).id != 0);
  return body;
}

const char *ir_make_error(sk_status status, char *buf, size_t bytes) {
  snprintf(buf, bytes, "%s: %s", sk_code_name(sk_status_code(status)), sk_status_message(status));
  sk_status_free(status);
  return buf;
}
