// SPDX-License-Identifier: Apache-2.0
// Forms of modules and functions, and of single operations outside StableHLO: chlo.top_k, check,
// interpreter, sdy. The same contract as ir_print_ops.c: everything after "%0 = ", or false before
// writing anything when this op has only the generic form.
#include "ir/ir_int.h"

#define PUT(p, literal) sk_text_add((p)->out, SK_STR(literal))
static void put(sk_printer *p, const char *text) { sk_text_add(p->out, sk_str_from(text)); }

static const sk_attr_rec *attr_of(sk_printer *p, sk_op op, sk_name name) {
  return sk_attr_get(p->m, sk_op_find_attr(p->m, op, name));
}

static uint32_t operand_count(sk_printer *p, sk_op op) {
  return sk_op_get(p->m, op)->operand_count;
}

static sk_type operand_type(sk_printer *p, sk_op op, uint32_t i) {
  return sk_value_type(p->m, sk_op_operand(p->m, op, i));
}

static sk_type result_type(sk_printer *p, sk_op op) {
  return sk_value_type(p->m, sk_op_result(p->m, op, 0));
}

static void begin(sk_printer *p, sk_op op) {
  put(p, sk_opkind_name(sk_op_kind(p->m, op)));
  PUT(p, " ");
}

// --------------------------------------------------------------------------- modules and functions

static void print_ops_of(sk_printer *p, sk_region region, bool func_body) {
  bool outer = p->in_func_body;
  p->in_func_body = func_body;
  p->indent++;
  SK_FOR_EACH_OP(p->m, region, op) {
    sk_ir_print_newline(p);
    sk_ir_print_op(p, op);
  }
  p->indent--;
  p->in_func_body = outer;
}

bool sk_ir_print_module(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_sym_name};
  bool has_attrs = false;
  const sk_op_rec *rec = sk_op_get(p->m, op);
  for (uint32_t i = 0; i < rec->attr_count; i++) {
    has_attrs = has_attrs || p->m->attr_pool.data[rec->attrs + i].name.id != SK_NAME_sym_name;
  }
  PUT(p, "module");
  sk_str name = sk_op_string(p->m, op, SK_NAME_sym_name);
  if (name.len != 0) {
    PUT(p, " ");
    sk_ir_print_symbol_name(p, name);
  }
  if (has_attrs) {
    PUT(p, " attributes");
    sk_ir_print_attr_dict(p, op, consumed, SK_COUNT(consumed));
  }
  PUT(p, " {");
  if (p->indent < SK_IR_MAX_DEPTH) {
    print_ops_of(p, sk_op_region(p->m, op, 0), false);
  }
  sk_ir_print_newline(p);
  PUT(p, "}");
  return true;
}

// One parameter's or result's attributes from arg_attrs or res_attrs: " {..}" unless empty.
static bool put_item_attrs(sk_printer *p, const sk_attr_rec *list, uint32_t i) {
  if (list->kind != SK_ATTR_ARRAY || i >= list->u.list.count) {
    return false;
  }
  const sk_attr_rec *dict = sk_attr_get(p->m, list->u.list.data[i]);
  if (dict->kind != SK_ATTR_DICT || dict->u.dict.count == 0) {
    return false;
  }
  PUT(p, " ");
  sk_ir_print_dict_body(p, dict->u.dict.data, dict->u.dict.count, NULL);
  return true;
}

static void put_func_results(sk_printer *p, sk_op op, const sk_type_rec *type) {
  const sk_attr_rec *attrs = attr_of(p, op, SK_NAME_res_attrs);
  if (type->result_count == 0) {
    return;
  }
  bool any = attrs->kind == SK_ATTR_ARRAY;
  bool bare = type->result_count == 1 && !any &&
              sk_type_get(p->m, type->results[0])->kind != SK_TYPE_FUNCTION;
  put(p, bare ? " -> " : " -> (");
  for (uint32_t i = 0; i < type->result_count; i++) {
    put(p, i ? ", " : "");
    sk_ir_print_type(p, type->results[i]);
    put_item_attrs(p, attrs, i);
  }
  put(p, bare ? "" : ")");
}

bool sk_ir_print_func(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_sym_name, SK_NAME_function_type,
                                      SK_NAME_sym_visibility, SK_NAME_arg_attrs, SK_NAME_res_attrs};
  const sk_module *m = p->m;
  const sk_op_rec *rec = sk_op_get(m, op);
  const sk_type_rec *type = sk_func_type(m, op);
  sk_region body = sk_func_body(m, op);
  if (type->kind != SK_TYPE_FUNCTION ||
      (body.id != 0 && sk_region_get(m, body)->arg_count != type->input_count)) {
    return false;
  }
  PUT(p, "func.func ");
  sk_str visibility = sk_op_string(m, op, SK_NAME_sym_visibility);
  if (visibility.len != 0) {
    sk_text_add(p->out, visibility);
    PUT(p, " ");
  }
  sk_ir_print_symbol_name(p, sk_func_name(m, op));
  PUT(p, "(");
  const sk_attr_rec *arg_attrs = attr_of(p, op, SK_NAME_arg_attrs);
  for (uint32_t i = 0; i < type->input_count; i++) {
    put(p, i ? ", " : "");
    if (body.id != 0) {
      sk_ir_print_value(p, sk_region_arg(m, body, i));
      PUT(p, ": ");
    }
    sk_ir_print_type(p, type->inputs[i]);
    put_item_attrs(p, arg_attrs, i);
  }
  PUT(p, ")");
  put_func_results(p, op, type);
  bool has_others = false;
  for (uint32_t i = 0; i < rec->attr_count && !has_others; i++) {
    uint32_t name = m->attr_pool.data[rec->attrs + i].name.id;
    has_others = name != SK_NAME_sym_name && name != SK_NAME_function_type &&
                 name != SK_NAME_sym_visibility && name != SK_NAME_arg_attrs &&
                 name != SK_NAME_res_attrs;
  }
  if (has_others) {
    PUT(p, " attributes");
    sk_ir_print_attr_dict(p, op, consumed, SK_COUNT(consumed));
  }
  if (body.id != 0) {
    PUT(p, " {");
    print_ops_of(p, body, true);
    sk_ir_print_newline(p);
    PUT(p, "}");
  }
  return true;
}

// ---------------------------------------------------------------------------------- other dialects

bool sk_ir_print_top_k(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_k, SK_NAME_is_stable};
  const sk_attr_rec *stable = attr_of(p, op, SK_NAME_is_stable);
  PUT(p, "chlo.top_k(");
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  sk_text_addf(p->out, ", k = %lld", (long long)sk_op_int(p->m, op, SK_NAME_k, 0));
  if (stable->kind == SK_ATTR_BOOL) {
    put(p, stable->u.i ? ", is_stable = true" : ", is_stable = false");
  }
  PUT(p, ")");
  sk_ir_print_attr_dict(p, op, consumed, SK_COUNT(consumed));
  PUT(p, " : ");
  sk_ir_print_operand_types(p, op);
  PUT(p, " -> (");
  for (uint32_t i = 0; i < sk_op_get(p->m, op)->result_count; i++) {
    put(p, i ? ", " : "");
    sk_ir_print_type(p, sk_value_type(p->m, sk_op_result(p->m, op, i)));
  }
  PUT(p, ")");
  return true;
}

// Attributes that check and interpreter ops print as ", key = value".
static const struct {
  uint16_t name;
  uint8_t kind;  // of the attribute; others have only the generic form
  const char *key;
} check_keys[] = {
    {SK_NAME_tolerance, SK_ATTR_FLOAT, "tolerance"},
    {SK_NAME_max_ulp_difference, SK_ATTR_INT, "max_ulp_difference"},
    {SK_NAME_min_ulp_difference, SK_ATTR_INT, "min_ulp_difference"},
    {SK_NAME_probe_id, SK_ATTR_STRING, "probe_id"},
    {SK_NAME_iteration, SK_ATTR_INT, "iter"},
};

static bool check_keys_fit(sk_printer *p, sk_op op) {
  for (uint32_t i = 0; i < SK_COUNT(check_keys); i++) {
    const sk_attr_rec *rec = attr_of(p, op, (sk_name)check_keys[i].name);
    bool double_only = rec->kind != SK_ATTR_FLOAT || sk_type_get(p->m, rec->type)->elem == SK_F64;
    if (rec->kind != SK_ATTR_NONE_KIND && (rec->kind != check_keys[i].kind || !double_only)) {
      return false;
    }
  }
  return true;
}

static void put_check_key(sk_printer *p, const char *key, const sk_attr_rec *rec) {
  sk_text_addf(p->out, ", %s = ", key);
  if (rec->kind == SK_ATTR_INT) {
    sk_text_addf(p->out, "%llu", (unsigned long long)rec->u.i);
  } else if (rec->kind == SK_ATTR_FLOAT) {
    sk_text_add_f64(p->out, rec->u.f);
  } else {
    sk_text_add_quoted(p->out, sk_sym_str(&p->m->strings, rec->u.sym));
  }
}

// Operands against a constant: "op %a, dense<..> : T {..}"; otherwise "op %a, %b, key = value : T,
// T".
bool sk_ir_print_check(sk_printer *p, sk_op op) {
  static const uint16_t value_only[] = {SK_NAME_value};
  sk_attr value = sk_op_find_attr(p->m, op, SK_NAME_value);
  if (value.id != 0) {
    if (sk_attr_get(p->m, value)->type.id != operand_type(p, op, 0).id) {
      return false;
    }
    begin(p, op);
    sk_ir_print_operands(p, op, 0, operand_count(p, op));
    PUT(p, ", ");
    sk_ir_print_attr(p, value);
    sk_ir_print_attr_dict(p, op, value_only, SK_COUNT(value_only));
    return true;
  }
  if (!check_keys_fit(p, op)) {
    return false;
  }
  uint16_t consumed[SK_COUNT(check_keys)];
  begin(p, op);
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  for (uint32_t i = 0; i < SK_COUNT(check_keys); i++) {
    const sk_attr_rec *rec = attr_of(p, op, (sk_name)check_keys[i].name);
    consumed[i] = check_keys[i].name;
    if (rec->kind != SK_ATTR_NONE_KIND) {
      put_check_key(p, check_keys[i].key, rec);
    }
  }
  sk_ir_print_attr_dict(p, op, consumed, SK_COUNT(check_keys));
  PUT(p, " : ");
  sk_ir_print_operand_types(p, op);
  return true;
}

// The short form of an sdy attribute drops "#sdy.<mnemonic>".
static bool sdy_short(sk_printer *p, const sk_attr_rec *rec, sk_str prefix, sk_str *out) {
  sk_str text =
      rec->kind == SK_ATTR_OPAQUE ? sk_sym_str(&p->m->strings, rec->u.sym) : (sk_str){"", 0};
  if (!sk_str_has_prefix(text, prefix)) {
    return false;
  }
  *out = (sk_str){text.data + prefix.len, text.len - prefix.len};
  return true;
}

bool sk_ir_print_sdy_sharding(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_sharding};
  sk_str sharding;
  if (!sdy_short(p, attr_of(p, op, SK_NAME_sharding), SK_STR("#sdy.sharding"), &sharding) ||
      operand_type(p, op, 0).id != result_type(p, op).id) {
    return false;
  }
  begin(p, op);
  sk_ir_print_operands(p, op, 0, 1);
  PUT(p, " ");
  sk_text_add(p->out, sharding);
  sk_ir_print_attr_dict(p, op, consumed, SK_COUNT(consumed));
  PUT(p, " : ");
  sk_ir_print_type(p, result_type(p, op));
  return true;
}

bool sk_ir_print_sdy_mesh(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_sym_name, SK_NAME_mesh};
  sk_str mesh;
  if (!sdy_short(p, attr_of(p, op, SK_NAME_mesh), SK_STR("#sdy.mesh"), &mesh)) {
    return false;
  }
  begin(p, op);
  sk_ir_print_symbol_name(p, sk_op_string(p->m, op, SK_NAME_sym_name));
  PUT(p, " = ");
  sk_text_add(p->out, mesh);
  sk_ir_print_attr_dict(p, op, consumed, SK_COUNT(consumed));
  return true;
}

bool sk_ir_print_manual_computation(sk_printer *p, sk_op op) {
  static const uint16_t consumed[] = {SK_NAME_in_shardings, SK_NAME_out_shardings,
                                      SK_NAME_manual_axes};
  sk_str in, out, axes;
  if (!sdy_short(p, attr_of(p, op, SK_NAME_in_shardings), SK_STR("#sdy.sharding_per_value<"),
                 &in) ||
      !sdy_short(p, attr_of(p, op, SK_NAME_out_shardings), SK_STR("#sdy.sharding_per_value<"),
                 &out) ||
      !sdy_short(p, attr_of(p, op, SK_NAME_manual_axes), SK_STR("#sdy<manual_axes"), &axes) ||
      in.len == 0 || out.len == 0 || axes.len == 0 || sk_op_get(p->m, op)->region_count != 1) {
    return false;
  }
  PUT(p, "sdy.manual_computation(");
  sk_ir_print_operands(p, op, 0, operand_count(p, op));
  PUT(p, ") in_shardings=");
  sk_text_add(p->out, (sk_str){in.data, in.len - 1});
  PUT(p, " out_shardings=");
  sk_text_add(p->out, (sk_str){out.data, out.len - 1});
  PUT(p, " manual_axes=");
  sk_text_add(p->out, (sk_str){axes.data, axes.len - 1});
  PUT(p, " (");
  sk_ir_print_args(p, sk_op_region(p->m, op, 0));
  PUT(p, ") ");
  sk_ir_print_region(p, sk_op_region(p->m, op, 0), false);
  sk_ir_print_attr_dict(p, op, consumed, SK_COUNT(consumed));
  PUT(p, " : ");
  sk_ir_print_functional_type(p, op);
  return true;
}
