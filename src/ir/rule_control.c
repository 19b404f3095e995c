// SPDX-License-Identifier: Apache-2.0
// Rules of control flow, calls, tuples, tokens, random numbers, test assertions and sharding.
// Numbers in brackets are the constraints of the operation's section in the specification.
#include "ir/rule_int.h"

static bool is_scalar_pred(const sk_type_rec *type) {
  return sk_is_tensor(type) && type->rank == 0 && type->elem == SK_PRED;
}

// ------------------------------------------------------------------------------ branches and loops

// What result `k` of every branch is: sizes that differ are unknown, below the larger of the two.
static sk_status add_branch_result(sk_rule *r, uint32_t k, sk_type first) {
  const sk_type_rec *type = sk_type_get(r->m, first);
  sk_extents e, other;
  sk_op last;
  if (type->kind != SK_TYPE_TENSOR) {
    return sk_rule_add(r, first);
  }
  bool same = true;
  sk_extents_of(type, &e);
  for (uint32_t b = 1; b < r->desc->region_count; b++) {
    SK_TRY(sk_rule_region_returns(r, b, &last));
    const sk_value v = sk_op_operand(r->m, last, k);
    if (sk_value_type(r->m, v).id == first.id) {
      continue;
    }
    same = false;
    sk_extents_of(sk_value_type_rec(r->m, v), &other);
    for (uint32_t i = 0; i < e.rank; i++) {
      int64_t a = sk_extent_limit(&e, i), c = sk_extent_limit(&other, i);
      if (e.dims[i] != other.dims[i] || e.dims[i] == SK_DIM_UNKNOWN) {
        e.dims[i] = SK_DIM_UNKNOWN;
        e.bounds[i] = a == SK_DIM_UNKNOWN || c == SK_DIM_UNKNOWN ? SK_DIM_UNKNOWN : SK_MAX(a, c);
      }
    }
  }
  return same ? sk_rule_add(r, first) : sk_rule_add_extents(r, type, &e);
}

// Branches take nothing and return the same types; those are the results.
static sk_status add_branch_results(sk_rule *r, const char *args_label, const char *same_label) {
  sk_op first, other;
  SK_TRY(sk_rule_region_returns(r, 0, &first));
  uint32_t count = sk_op_get(r->m, first)->operand_count;
  for (uint32_t i = 0; i < r->desc->region_count; i++) {
    SK_TRY(sk_rule_region_returns(r, i, &other));
    SK_RULE_REQUIRE(r, sk_region_arg_count(r, i) == 0, args_label, "branch %u takes arguments", i);
    SK_RULE_REQUIRE(r, sk_op_get(r->m, other)->operand_count == count, same_label,
                    "branch %u returns %u values, branch 0 %u", i,
                    sk_op_get(r->m, other)->operand_count, count);
    for (uint32_t k = 0; k < count; k++) {
      SK_RULE_REQUIRE(r,
                      sk_type_compatible(r->m, sk_value_type(r->m, sk_op_operand(r->m, first, k)),
                                         sk_value_type(r->m, sk_op_operand(r->m, other, k))),
                      same_label, "result %u of branch %u differs in type from branch 0's", k, i);
    }
  }
  for (uint32_t k = 0; k < count; k++) {
    sk_type type = sk_value_type(r->m, sk_op_operand(r->m, first, k));
    SK_RULE_REQUIRE(r, sk_type_get(r->m, type)->kind != SK_TYPE_BUFFER, same_label,
                    "result %u is a buffer, which branches cannot give", k);
    SK_TRY(add_branch_result(r, k, type));
  }
  return NULL;
}

sk_status sk_rule_if(sk_rule *r) {
  SK_RULE_REQUIRE(r, is_scalar_pred(sk_rule_operand(r, 0)), "I1",
                  "the predicate is not of type tensor<i1>");
  return add_branch_results(r, "C1", "C2");
}

sk_status sk_rule_case(sk_rule *r) {
  const sk_type_rec *index = sk_rule_operand(r, 0);
  SK_RULE_REQUIRE(r, sk_is_tensor(index) && index->rank == 0 && index->elem == SK_S32, "I1",
                  "the index is not of type tensor<i32>");
  return add_branch_results(r, "C2", "C3");
}

// Operand types and the types of a region's arguments.
static sk_status check_loop_args(const sk_rule *r, uint32_t region, const char *label) {
  const char *name = region ? "body" : "condition";
  SK_RULE_REQUIRE(r, sk_region_arg_count(r, region) == r->desc->operand_count, label,
                  "the %s takes %u arguments, not %u", name, sk_region_arg_count(r, region),
                  r->desc->operand_count);
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    sk_type arg = sk_value_type(r->m, sk_region_arg(r->m, r->desc->regions[region], i));
    SK_RULE_REQUIRE(r, sk_type_compatible(r->m, arg, sk_rule_operand_type(r, i)), label,
                    "argument %u of the %s differs in type from the operand", i, name);
  }
  return NULL;
}

sk_status sk_rule_while(sk_rule *r) {
  sk_op test, last;
  SK_TRY(sk_rule_region_returns(r, 0, &test));
  SK_TRY(sk_rule_region_returns(r, 1, &last));
  SK_TRY(check_loop_args(r, 0, "C1"));
  SK_RULE_REQUIRE(r, sk_op_get(r->m, test)->operand_count == 1, "C1",
                  "the condition returns %u values, not 1", sk_op_get(r->m, test)->operand_count);
  SK_RULE_REQUIRE(r, is_scalar_pred(sk_value_type_rec(r->m, sk_op_operand(r->m, test, 0))), "C1",
                  "the condition does not return tensor<i1>");
  SK_TRY(check_loop_args(r, 1, "C2"));
  SK_RULE_REQUIRE(r, sk_op_get(r->m, last)->operand_count == r->desc->operand_count, "C2",
                  "the body returns %u values, not %u", sk_op_get(r->m, last)->operand_count,
                  r->desc->operand_count);
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    sk_type carried = sk_value_type(r->m, sk_op_operand(r->m, last, i));
    SK_RULE_REQUIRE(r, sk_type_compatible(r->m, carried, sk_rule_operand_type(r, i)), "C2",
                    "result %u of the body differs in type from the operand", i);
    SK_TRY(sk_rule_add(r, sk_rule_operand_type(r, i)));  // (C3)
  }
  return NULL;
}

// chlo.scan: operands are inputs, scanned along a dimension, and initial carries.
static bool is_slice_of(const sk_type_rec *arg, const sk_type_rec *operand, int64_t dim) {
  if (!sk_is_tensor(arg) || !sk_elem_match(arg, operand) || arg->rank + 1 != operand->rank ||
      dim >= operand->rank) {
    return false;
  }
  for (uint32_t i = 0; i < arg->rank; i++) {
    if (!sk_dim_match(arg->dims[i], operand->dims[i + (i >= dim)])) {
      return false;
    }
  }
  return true;
}

// How many operands are inputs; without operandSegmentSizes, those before the first that the body
// takes whole.
static uint32_t scan_input_count(const sk_rule *r) {
  const sk_attr_rec *sizes = sk_rule_attr(r, SK_NAME_operandSegmentSizes);
  int32_t first = 0;
  if (sizes->kind == SK_ATTR_DENSE_ARRAY && sizes->u.dense.bytes == 2 * sizeof first) {
    memcpy(&first, sizes->u.dense.data, sizeof first);
    return first < 0 ? 0 : (uint32_t)first;
  }
  uint32_t i = 0;
  while (i < r->desc->operand_count &&
         !sk_type_compatible(r->m, sk_rule_operand_type(r, i),
                             sk_value_type(r->m, sk_region_arg(r->m, r->desc->regions[0], i)))) {
    i++;
  }
  return i;
}

sk_status sk_rule_scan(sk_rule *r) {
  sk_op last;
  int64_t dim = sk_rule_int(r, SK_NAME_dimension, 0);
  const sk_type_rec *first = sk_rule_operand(r, 0);
  SK_TRY(sk_rule_need_written(r, 1));
  SK_TRY(sk_rule_region_returns(r, 0, &last));
  SK_RULE_REQUIRE(r, sk_region_arg_count(r, 0) == r->desc->operand_count, NULL,
                  "the body takes %u arguments, not %u", sk_region_arg_count(r, 0),
                  r->desc->operand_count);
  uint32_t inputs = scan_input_count(r);
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    const sk_type_rec *arg = sk_region_arg_type(r, 0, i), *operand = sk_rule_operand(r, i);
    bool whole =
        sk_type_compatible(r->m, sk_rule_operand_type(r, i),
                           sk_value_type(r->m, sk_region_arg(r->m, r->desc->regions[0], i)));
    SK_RULE_REQUIRE(r, i < inputs ? is_slice_of(arg, operand, dim) : whole, NULL,
                    "argument %u of the body does not fit its operand", i);
  }
  const sk_attr_rec *size = sk_rule_attr(r, SK_NAME_scan_dim_size);
  bool sized = sk_is_tensor(first) && dim >= 0 && dim < first->rank && size->kind == SK_ATTR_INT;
  SK_RULE_REQUIRE(r, !sized || sk_dim_match(first->dims[dim], size->u.i), NULL,
                  "the scan dimension has size %lld, not %lld",
                  sized ? (long long)first->dims[dim] : 0, (long long)size->u.i);
  SK_RULE_REQUIRE(r, sk_op_get(r->m, last)->operand_count == r->desc->result_count, NULL,
                  "the body returns %u values, the op %u", sk_op_get(r->m, last)->operand_count,
                  r->desc->result_count);
  return sk_rule_add_written(r);
}

// ------------------------------------------------------------------------------------------- calls

// Checks operands and results against function `name`; without written results adds the function's.
static sk_status match_function(sk_rule *r, sk_str name, const char *missing_label,
                                const char *in_label, const char *out_label) {
  sk_op func = sk_module_find_func(r->m, name);
  if (func.id == 0) {
    SK_RULE_REQUIRE(r, !r->complete, missing_label, "there is no function @%.*s",
                    (int)SK_MIN(name.len, (size_t)200), name.data);
    return sk_rule_add_written(r);
  }
  const sk_type_rec *type = sk_func_type(r->m, func);
  SK_RULE_REQUIRE(r, type->input_count == r->desc->operand_count, in_label,
                  "%u operands for a function of %u", r->desc->operand_count, type->input_count);
  for (uint32_t i = 0; i < type->input_count; i++) {
    SK_RULE_REQUIRE(r, sk_type_compatible(r->m, type->inputs[i], sk_rule_operand_type(r, i)),
                    in_label, "operand %u differs in type from the function's argument", i);
  }
  for (uint32_t i = 0; i < type->result_count; i++) {
    SK_TRY(sk_rule_add(r, type->results[i]));
  }
  if (r->desc->result_count != 0 || r->complete) {
    SK_RULE_REQUIRE(r, type->result_count == r->desc->result_count, out_label,
                    "%u results of a function of %u", r->desc->result_count, type->result_count);
  }
  return NULL;
}

static sk_str rule_text(const sk_rule *r, sk_name name) {
  return sk_sym_str(&r->m->strings, sk_rule_attr(r, name)->u.sym);
}

sk_status sk_rule_call(sk_rule *r) {
  return match_function(r, rule_text(r, SK_NAME_callee), NULL, NULL, NULL);
}

// A dialect name, then one or more parts after dots.
static bool is_namespaced(sk_str name) {
  uint32_t parts = 1;
  size_t start = 0;
  for (size_t i = 0; i < name.len; i++) {
    char c = name.data[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    bool other = (c >= '0' && c <= '9') || (c == '$' && parts > 1);
    if (c == '.' && i != start) {
      parts++;
      start = i + 1;
    } else if (c == '.' || !(letter || (other && (i != start || parts > 1)))) {
      return false;
    }
  }
  return parts >= 2 && start < name.len;
}

sk_status sk_rule_composite(sk_rule *r) {
  SK_RULE_REQUIRE(r, is_namespaced(rule_text(r, SK_NAME_name)), "C1",
                  "the name is not of the form dialect.op");
  return match_function(r, rule_text(r, SK_NAME_decomposition), "C2", "C3", "C4");
}

static bool is_visibility(const sk_rule *r, const sk_attr_rec *rec) {
  sk_str text = rec->kind == SK_ATTR_STRING ? sk_sym_str(&r->m->strings, rec->u.sym) : SK_STR("");
  return text.len == 0 || sk_str_eq(text, SK_STR("public")) || sk_str_eq(text, SK_STR("private")) ||
         sk_str_eq(text, SK_STR("nested"));
}

// One dictionary for each argument or result, or none at all.
static sk_status check_dicts(sk_rule *r, sk_name name, uint32_t count) {
  const sk_attr_rec *rec = sk_rule_attr(r, name);
  if (rec->kind != SK_ATTR_ARRAY || rec->u.list.count == 0) {
    return NULL;
  }
  SK_RULE_REQUIRE(r, rec->u.list.count == count, NULL, "%s has %u entries for %u %s",
                  sk_name_text(name), rec->u.list.count, count,
                  name == SK_NAME_arg_attrs ? "arguments" : "results");
  for (uint32_t i = 0; i < count; i++) {
    SK_RULE_REQUIRE(r, sk_attr_get(r->m, rec->u.list.data[i])->kind == SK_ATTR_DICT, NULL,
                    "%s has an entry that is not a dictionary", sk_name_text(name));
  }
  return NULL;
}

static sk_status check_signature(const sk_rule *r, const sk_type_rec *type) {
  for (uint32_t i = 0; i < type->input_count + type->result_count; i++) {
    bool input = i < type->input_count;
    uint32_t k = input ? i : i - type->input_count;
    const char *label = NULL,
               *fault = sk_type_quant_fault(
                   sk_type_get(r->m, input ? type->inputs[k] : type->results[k]), &label);
    SK_RULE_REQUIRE(r, fault == NULL, label, "%s %u: %s", input ? "argument" : "result", k, fault);
  }
  return NULL;
}

sk_status sk_rule_func(sk_rule *r) {
  const sk_type_rec *type = sk_type_get(r->m, sk_rule_attr(r, SK_NAME_function_type)->type);
  SK_RULE_REQUIRE(r, type->kind == SK_TYPE_FUNCTION, NULL, "function_type is not a function type");
  SK_RULE_REQUIRE(r, is_visibility(r, sk_rule_attr(r, SK_NAME_sym_visibility)), NULL,
                  "sym_visibility is none of public, private, nested");
  SK_TRY(check_dicts(r, SK_NAME_arg_attrs, type->input_count));
  SK_TRY(check_dicts(r, SK_NAME_res_attrs, type->result_count));
  SK_TRY(check_signature(r, type));
  if (r->desc->region_count == 0 || sk_region_first(r->m, r->desc->regions[0]).id == 0) {
    return NULL;  // a declaration
  }
  sk_op last;
  SK_TRY(sk_rule_region_returns(r, 0, &last));
  SK_RULE_REQUIRE(r, sk_region_arg_count(r, 0) == type->input_count, NULL,
                  "the body takes %u arguments, the type %u", sk_region_arg_count(r, 0),
                  type->input_count);
  for (uint32_t i = 0; i < type->input_count; i++) {
    SK_RULE_REQUIRE(r,
                    sk_value_type(r->m, sk_region_arg(r->m, r->desc->regions[0], i)).id ==
                        type->inputs[i].id,
                    NULL, "argument %u differs from the function's type", i);
  }
  const sk_op_rec *terminator = sk_op_get(r->m, last);
  SK_RULE_REQUIRE(r, terminator->operand_count == type->result_count, NULL,
                  "returns %u values, the type has %u", terminator->operand_count,
                  type->result_count);
  for (uint32_t i = 0; i < type->result_count; i++) {
    SK_RULE_REQUIRE(r, sk_value_type(r->m, sk_op_operand(r->m, last, i)).id == type->results[i].id,
                    NULL, "returned value %u differs from the function's result type", i);
  }
  return NULL;
}

// ------------------------------------------------------------------------------------ custom calls

// A layout is a permutation of a tensor's dimensions; other values have the empty layout.
static sk_status check_layout(const sk_rule *r, sk_type type, sk_attr attr, const char *what,
                              uint32_t i) {
  const sk_type_rec *rec = sk_type_get(r->m, type);
  sk_ints layout = sk_attr_get(r->m, attr)->u.ints;
  SK_RULE_REQUIRE(r, rec->kind != SK_TYPE_TUPLE, NULL, "%s %u is a tuple, it cannot have a layout",
                  what, i);
  uint32_t rank = rec->kind == SK_TYPE_TENSOR || rec->kind == SK_TYPE_BUFFER ? rec->rank : 0;
  if (rec->kind == SK_TYPE_UNRANKED) {
    return NULL;
  }
  SK_RULE_REQUIRE(r, layout.count == rank && sk_in_range(layout, rank) && sk_is_unique(layout),
                  NULL, "the layout of %s %u is not a permutation of its dimensions", what, i);
  return NULL;
}

static sk_status check_layouts(const sk_rule *r) {
  const sk_attr_rec *in = sk_rule_attr(r, SK_NAME_operand_layouts),
                    *out = sk_rule_attr(r, SK_NAME_result_layouts);
  // A list of nothing is left out by some writers.
  bool has_in = in->kind == SK_ATTR_ARRAY, has_out = out->kind == SK_ATTR_ARRAY;
  SK_RULE_REQUIRE(r,
                  (has_in || !has_out || r->desc->operand_count == 0) &&
                      (has_out || !has_in || r->desc->result_count == 0),
                  NULL, "operand_layouts and result_layouts come together");
  if (!has_in && !has_out) {
    return NULL;
  }
  SK_RULE_REQUIRE(r, in->u.list.count == r->desc->operand_count, NULL,
                  "%u operand layouts for %u operands", in->u.list.count, r->desc->operand_count);
  for (uint32_t i = 0; i < in->u.list.count; i++) {
    SK_TRY(check_layout(r, sk_rule_operand_type(r, i), in->u.list.data[i], "operand", i));
  }
  const sk_type *types = r->desc->result_types;
  uint32_t count = r->desc->result_count;
  if (count == 1 && sk_rule_written(r, 0)->kind == SK_TYPE_TUPLE) {
    types = sk_rule_written(r, 0)->inputs;
    count = sk_rule_written(r, 0)->input_count;
  }
  SK_RULE_REQUIRE(r, out->u.list.count == count, NULL, "%u result layouts for %u results",
                  out->u.list.count, count);
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(check_layout(r, types[i], out->u.list.data[i], "result", i));
  }
  return NULL;
}

// The member of nested tuples that `path` leads to; none if it leads nowhere.
static sk_type follow_path(const sk_module *m, sk_type type, sk_ints path) {
  for (uint32_t i = 0; i < path.count; i++) {
    const sk_type_rec *rec = sk_type_get(m, type);
    if (rec->kind != SK_TYPE_TUPLE || path.data[i] < 0 || path.data[i] >= rec->input_count) {
      return (sk_type){0};
    }
    type = rec->inputs[path.data[i]];
  }
  return type;
}

// The result that an alias names. Several results stand for a tuple.
static sk_type alias_output(const sk_rule *r, sk_ints path) {
  if (r->desc->result_count > 1 && path.count != 0) {
    bool inside = path.data[0] >= 0 && path.data[0] < r->desc->result_count;
    sk_type output = inside ? r->desc->result_types[path.data[0]] : (sk_type){0};
    return follow_path(r->m, output, (sk_ints){path.data + 1, path.count - 1});
  }
  sk_type output = r->desc->result_count ? r->desc->result_types[0] : (sk_type){0};
  return follow_path(r->m, output, path);
}

static bool same_path(sk_ints a, sk_ints b) {
  return a.count == b.count &&
         (a.count == 0 || memcmp(a.data, b.data, a.count * sizeof *a.data) == 0);
}

// A buffer is written in place: it comes from one operand and goes to one result.
static sk_status check_buffer_alias(const sk_rule *r, const sk_attr_rec *list, uint32_t i) {
  const sk_output_operand_alias *alias = sk_attr_get(r->m, list->u.list.data[i])->u.alias;
  for (uint32_t k = 0; k < i; k++) {
    const sk_output_operand_alias *other = sk_attr_get(r->m, list->u.list.data[k])->u.alias;
    SK_RULE_REQUIRE(r, !same_path(alias->output_tuple_indices, other->output_tuple_indices), NULL,
                    "aliases %u and %u name the same buffer output", k, i);
    SK_RULE_REQUIRE(r,
                    alias->operand_index != other->operand_index ||
                        !same_path(alias->operand_tuple_indices, other->operand_tuple_indices),
                    NULL, "aliases %u and %u name the same buffer operand", k, i);
  }
  return NULL;
}

// Buffers inside the type; types have a limited size and depth.
static uint32_t count_buffers(const sk_module *m, sk_type type) {
  const sk_type_rec *rec = sk_type_get(m, type);
  uint32_t count = rec->kind == SK_TYPE_BUFFER;
  for (uint32_t i = 0; rec->kind == SK_TYPE_TUPLE && i < rec->input_count; i++) {
    count += count_buffers(m, rec->inputs[i]);
  }
  return count;
}

static sk_status check_aliases(const sk_rule *r) {
  const sk_attr_rec *list = sk_rule_attr(r, SK_NAME_output_operand_aliases);
  uint32_t buffers = 0;
  for (uint32_t i = 0; i < r->desc->result_count; i++) {
    buffers += count_buffers(r->m, r->desc->result_types[i]);
  }
  for (uint32_t i = 0; list->kind == SK_ATTR_ARRAY && i < list->u.list.count; i++) {
    const sk_output_operand_alias *alias = sk_attr_get(r->m, list->u.list.data[i])->u.alias;
    SK_RULE_REQUIRE(r, alias->operand_index >= 0 && alias->operand_index < r->desc->operand_count,
                    NULL, "alias %u names operand %lld of %u", i, (long long)alias->operand_index,
                    r->desc->operand_count);
    sk_type output = alias_output(r, alias->output_tuple_indices);
    sk_type operand = follow_path(r->m, sk_rule_operand_type(r, (uint32_t)alias->operand_index),
                                  alias->operand_tuple_indices);
    SK_RULE_REQUIRE(r, output.id != 0, NULL, "output_tuple_indices of alias %u lead nowhere", i);
    SK_RULE_REQUIRE(r, operand.id != 0, NULL, "operand_tuple_indices of alias %u lead nowhere", i);
    SK_RULE_REQUIRE(r, output.id == operand.id, NULL,
                    "alias %u joins an operand and an output of different types", i);
    if (sk_type_get(r->m, output)->kind == SK_TYPE_BUFFER) {
      SK_TRY(check_buffer_alias(r, list, i));
      buffers--;
    }
  }
  SK_RULE_REQUIRE(r, buffers == 0, NULL, "%u buffer outputs are in no alias", buffers);
  return NULL;
}

// Custom calls that make buffers of tensors and back: CreateBuffer gives one, Pin and Unpin turn
// one into the other.
static sk_status check_buffer_call(const sk_rule *r, sk_str target, bool *out_is) {
  bool create = sk_str_eq(target, SK_STR("CreateBuffer")), pin = sk_str_eq(target, SK_STR("Pin")),
       unpin = sk_str_eq(target, SK_STR("Unpin"));
  *out_is = create || pin || unpin;
  if (!*out_is) {
    return NULL;
  }
  SK_RULE_REQUIRE(r, sk_rule_attr(r, SK_NAME_output_operand_aliases)->u.list.count == 0, NULL,
                  "%.*s has no aliases", (int)target.len, target.data);
  uint32_t inputs = create ? 0 : 1;
  SK_RULE_REQUIRE(r, r->desc->operand_count == inputs && r->desc->result_count == 1, NULL,
                  "%.*s has %u operands and 1 result", (int)target.len, target.data, inputs);
  const sk_type_rec *result = sk_rule_written(r, 0);
  SK_RULE_REQUIRE(r, result->kind == (unpin ? SK_TYPE_TENSOR : SK_TYPE_BUFFER), NULL,
                  "the result of %.*s is not a %s", (int)target.len, target.data,
                  unpin ? "tensor" : "buffer");
  if (!create) {
    const sk_type_rec *operand = sk_rule_operand(r, 0);
    SK_RULE_REQUIRE(r, operand->kind == (pin ? SK_TYPE_TENSOR : SK_TYPE_BUFFER), NULL,
                    "the operand of %.*s is not a %s", (int)target.len, target.data,
                    pin ? "tensor" : "buffer");
    SK_RULE_REQUIRE(r, operand->elem == result->elem && sk_shape_match(operand, result), NULL,
                    "operand and result of %.*s differ in shape or element type", (int)target.len,
                    target.data);
  }
  return NULL;
}

sk_status sk_rule_custom_call(sk_rule *r) {
  enum { TYPED_FFI = 4 };
  const sk_attr_rec *config = sk_rule_attr(r, SK_NAME_backend_config);
  bool typed = sk_rule_int(r, SK_NAME_api_version, 1) == TYPED_FFI;
  bool empty = config->kind == SK_ATTR_STRING && config->u.sym.id == 0;
  SK_RULE_REQUIRE(
      r, config->kind == SK_ATTR_NONE_KIND || empty || typed == (config->kind == SK_ATTR_DICT),
      NULL, "backend_config must be a %s for this api_version", typed ? "dictionary" : "string");
  bool makes_buffer;
  SK_TRY(check_buffer_call(r, rule_text(r, SK_NAME_call_target_name), &makes_buffer));
  SK_TRY(check_layouts(r));
  if (!makes_buffer) {
    SK_TRY(check_aliases(r));
  }
  return sk_rule_add_written(r);
}

// ------------------------------------------------------------------------ barriers, tokens, tuples

sk_status sk_rule_optimization_barrier(sk_rule *r) {
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    SK_TRY(sk_rule_add(r, sk_rule_operand_type(r, i)));
  }
  return NULL;
}

static sk_type token_type(sk_rule *r) {
  return sk_type_intern(r->m, &(sk_type_rec){.kind = SK_TYPE_TOKEN});
}

sk_status sk_rule_after_all(sk_rule *r) {
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    SK_RULE_REQUIRE(r, sk_rule_operand(r, i)->kind == SK_TYPE_TOKEN, "I1",
                    "operand %u is not a token", i);
  }
  return sk_rule_add(r, token_type(r));
}

sk_status sk_rule_create_token(sk_rule *r) { return sk_rule_add(r, token_type(r)); }

sk_status sk_rule_tuple(sk_rule *r) {
  uint32_t count = r->desc->operand_count;
  sk_type *types = SK_NEW_ARRAY(&r->m->arena, sk_type, count + 1);
  if (types == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    types[i] = sk_rule_operand_type(r, i);
  }
  sk_type_rec rec = {.kind = SK_TYPE_TUPLE, .input_count = count, .inputs = types};
  sk_type type = sk_type_intern(r->m, &rec);
  if (type.id == 0) {
    return sk_type_explain(r->m, &rec, sk_loc_pos(r->m, r->desc->loc));
  }
  return sk_rule_add(r, type);  // (C1)
}

sk_status sk_rule_get_tuple_element(sk_rule *r) {
  const sk_type_rec *tuple = sk_rule_operand(r, 0);
  int64_t index = sk_rule_int(r, SK_NAME_index, 0);
  SK_RULE_REQUIRE(r, tuple->kind == SK_TYPE_TUPLE, "I1", "the operand is not a tuple");
  SK_RULE_REQUIRE(r, index >= 0 && index < tuple->input_count, "C1", "index %lld is not in [0, %u)",
                  (long long)index, tuple->input_count);
  return sk_rule_add(r, tuple->inputs[index]);  // (C2)
}

sk_status sk_rule_cast(sk_rule *r) { return sk_rule_add_written(r); }

// ---------------------------------------------------------------------------------- random numbers

sk_status sk_rule_rng(sk_rule *r) {
  enum { NORMAL = 2 };
  const sk_type_rec *a = sk_rule_operand(r, 0), *b = sk_rule_operand(r, 1),
                    *shape = sk_rule_operand(r, 2);
  SK_RULE_REQUIRE(r, a->rank == 0, "I1", "a is not 0-D");
  SK_RULE_REQUIRE(r, b->rank == 0, "I2", "b is not 0-D");
  SK_RULE_REQUIRE(
      r, shape->rank == 1 && (sk_elem_is_int((sk_elem)shape->elem) || shape->elem == SK_INDEX),
      "I3", "shape is not a 1-D integer tensor");
  SK_RULE_REQUIRE(r, a->elem == b->elem, "C1", "a and b differ in element type");
  SK_RULE_REQUIRE(
      r,
      sk_rule_int(r, SK_NAME_rng_distribution, 0) != NORMAL || sk_elem_is_float((sk_elem)a->elem),
      "C2", "NORMAL is not defined for element type %s", sk_elem_name((sk_elem)a->elem));
  int64_t dims[SK_MAX_RANK];
  uint32_t count;
  bool known = sk_rule_const_ints(r, 2, SK_MAX_RANK, dims, &count);
  if (known && r->desc->result_count == 0) {
    return sk_rule_add_tensor(r, a, count, dims);
  }
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *result = sk_rule_written(r, 0);
  SK_RULE_REQUIRE(r, result->elem == a->elem, "C1", "the result differs in element type from a");
  SK_RULE_REQUIRE(r, sk_dim_match(shape->dims[0], result->rank), "C3",
                  "shape has %lld entries, the result rank %u", (long long)shape->dims[0],
                  result->rank);
  known = known && count == result->rank;
  for (uint32_t i = 0; known && i < count; i++) {
    SK_RULE_REQUIRE(r, sk_dim_match(dims[i], result->dims[i]), "C3",
                    "shape says %lld for dimension %u of the result", (long long)dims[i], i);
  }
  return sk_rule_add_written(r);
}

sk_status sk_rule_rng_bit_generator(sk_rule *r) {
  enum { THREE_FRY = 1, PHILOX = 2 };
  const sk_type_rec *state = sk_rule_operand(r, 0);
  SK_TRY(sk_rule_need_written(r, 2));
  int64_t algorithm = sk_rule_int(r, SK_NAME_rng_algorithm, 0),
          size = state->rank == 1 ? state->dims[0] : 0;
  SK_RULE_REQUIRE(
      r, sk_shape_match(state, sk_rule_written(r, 0)) && state->elem == sk_rule_written(r, 0)->elem,
      "C1", "initial_state and output_state differ in type");
  SK_RULE_REQUIRE(r, algorithm != THREE_FRY || sk_dim_match(size, 2), "C2",
                  "THREE_FRY needs a state of 2 numbers");
  SK_RULE_REQUIRE(r, algorithm != PHILOX || sk_dim_match(size, 2) || size == 3, "C2",
                  "PHILOX needs a state of 2 or 3 numbers");
  sk_elem_class out = sk_elem_get_class((sk_elem)sk_rule_written(r, 1)->elem);
  SK_RULE_REQUIRE(r, out == SK_CLASS_SINT || out == SK_CLASS_UINT || out == SK_CLASS_FLOAT, "O2",
                  "output is not of integer or float type");
  return sk_rule_add_written(r);
}

// ------------------------------------------------------------------------------------------- top_k

sk_status sk_rule_top_k(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  int64_t k = sk_rule_int(r, SK_NAME_k, 0), dims[SK_MAX_RANK];
  SK_RULE_REQUIRE(r, operand->rank >= 1, NULL, "the operand is 0-D");
  memcpy(dims, operand->dims, operand->rank * sizeof *dims);
  int64_t *last = &dims[operand->rank - 1];
  SK_RULE_REQUIRE(r, k >= 0 && (*last == SK_DIM_UNKNOWN || k <= *last), NULL,
                  "k = %lld is not in [0, %lld]", (long long)k, (long long)*last);
  *last = k;
  SK_TRY(sk_rule_add_tensor(r, operand, operand->rank, dims));
  return sk_rule_add(r, sk_type_tensor(r->m, SK_S32, operand->rank, dims));
}

// --------------------------------------------------------------------------------- test assertions

sk_status sk_rule_check(sk_rule *r) {
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    SK_RULE_REQUIRE(r, sk_is_tensor(sk_rule_operand(r, i)), NULL,
                    "operand %u is not a ranked tensor", i);
    SK_RULE_REQUIRE(
        r, sk_type_compatible(r->m, sk_rule_operand_type(r, 0), sk_rule_operand_type(r, i)), NULL,
        "operands differ in type");
  }
  return NULL;
}

sk_status sk_rule_check_const(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0),
                    *value = sk_type_get(r->m, sk_rule_attr(r, SK_NAME_value)->type);
  bool stored = operand->quant != NULL && operand->quant->storage == (sk_elem)value->elem;
  SK_RULE_REQUIRE(r,
                  sk_is_tensor(operand) && (sk_elem_match(operand, value) || stored) &&
                      sk_shape_match(operand, value),
                  NULL, "operand and value differ in type");
  return NULL;
}

sk_status sk_rule_probe(sk_rule *r) { return sk_rule_add(r, sk_rule_operand_type(r, 0)); }

static sk_status find_program(const sk_rule *r, sk_attr attr, const sk_type_rec **out_type) {
  const sk_attr_rec *name = sk_attr_get(r->m, attr);
  SK_RULE_REQUIRE(r, name->kind == SK_ATTR_SYMBOL, NULL, "expected the name of a function");
  sk_str text = sk_sym_str(&r->m->strings, name->u.sym);
  sk_op func = sk_module_find_func(r->m, text);
  SK_RULE_REQUIRE(r, func.id != 0 || !r->complete, NULL, "there is no function @%.*s",
                  (int)SK_MIN(text.len, (size_t)200), text.data);
  *out_type = sk_func_type(r->m, func);
  return NULL;
}

// Each function of `infeed` gives one tensor.
static sk_status check_infeed(const sk_rule *r) {
  const sk_attr_rec *infeed = sk_rule_attr(r, SK_NAME_infeed);
  const sk_type_rec *type;
  if (infeed->kind != SK_ATTR_ARRAY) {
    return NULL;
  }
  SK_RULE_REQUIRE(r, infeed->u.list.count != 0, NULL, "infeed is empty");
  for (uint32_t i = 0; i < infeed->u.list.count; i++) {
    SK_TRY(find_program(r, infeed->u.list.data[i], &type));
    SK_RULE_REQUIRE(r,
                    !r->complete || (type->result_count == 1 &&
                                     sk_is_tensor(sk_type_get(r->m, type->results[0]))),
                    NULL, "function %u of infeed does not return one tensor", i);
  }
  return NULL;
}

// A grid of function names, replicas by partitions; operands and results are those of all functions
// together.
sk_status sk_rule_run_parallel(sk_rule *r) {
  const sk_attr_rec *programs = sk_rule_attr(r, SK_NAME_programs);
  const sk_type_rec *type;
  uint32_t partitions = 0;
  uint64_t inputs = 0, results = 0;
  SK_RULE_REQUIRE(r, programs->u.list.count != 0, NULL, "programs is empty");
  for (uint32_t i = 0; i < programs->u.list.count; i++) {
    const sk_attr_rec *row = sk_attr_get(r->m, programs->u.list.data[i]);
    SK_RULE_REQUIRE(r, row->kind == SK_ATTR_ARRAY && row->u.list.count != 0, NULL,
                    "row %u of programs is empty", i);
    partitions = i == 0 ? row->u.list.count : partitions;
    SK_RULE_REQUIRE(r, row->u.list.count == partitions, NULL, "rows of programs differ in length");
    for (uint32_t k = 0; k < row->u.list.count; k++) {
      SK_TRY(find_program(r, row->u.list.data[k], &type));
      inputs += type->input_count;
      results += type->result_count;
    }
  }
  SK_RULE_REQUIRE(r, !r->complete || inputs == r->desc->operand_count, NULL,
                  "%u operands for programs that take %llu", r->desc->operand_count,
                  (unsigned long long)inputs);
  SK_RULE_REQUIRE(r, !r->complete || results == r->desc->result_count, NULL,
                  "%u results of programs that give %llu", r->desc->result_count,
                  (unsigned long long)results);
  SK_TRY(check_infeed(r));
  return sk_rule_add_written(r);
}

// ---------------------------------------------------------------------------------------- sharding

sk_status sk_rule_sharding(sk_rule *r) {
  if (r->desc->kind == SK_OP_SDY_SHARDING_GROUP) {
    return NULL;
  }
  return sk_rule_add(r, sk_rule_operand_type(r, 0));
}

sk_status sk_rule_manual_computation(sk_rule *r) {
  sk_op last;
  SK_TRY(sk_rule_region_returns(r, 0, &last));
  SK_RULE_REQUIRE(r, sk_region_arg_count(r, 0) == r->desc->operand_count, NULL,
                  "the body takes %u arguments, not %u", sk_region_arg_count(r, 0),
                  r->desc->operand_count);
  SK_RULE_REQUIRE(r, sk_op_get(r->m, last)->operand_count == r->desc->result_count, NULL,
                  "the body returns %u values, the op %u", sk_op_get(r->m, last)->operand_count,
                  r->desc->result_count);
  return sk_rule_add_written(r);
}
