// SPDX-License-Identifier: Apache-2.0
// Orders of dimensions that a program leaves to the compiler (mhlo.layout_mode = "auto"). Arrays are
// row-major in here, and a client's order is a label for what it is given (pjrt_layout.c): arguments
// keep that order, and a result that is an argument transposed gets the one in which its elements lie as
// they do in the argument, so that whoever looks at both sees that nothing moved. Constraints are followed.
//
//   main(%a: 8x4 {"default"}) -> (4x8 {"auto"}) { return transpose %a }    ->    (4x8 {"{0,1}"})
//
// Texts are XLA's: dimensions, minor first. What is not understood stays, for whoever reads it to say so.
#include "pass/expand_int.h"

typedef struct order {
  uint32_t rank;
  int64_t dims[SK_MAX_RANK];  // minor first
} order;

static sk_str text_of(const sk_module *m, sk_attr attr) {
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(m, attr) : NULL;
  return rec && rec->kind == SK_ATTR_STRING ? sk_sym_str(&m->strings, rec->u.sym) : SK_STR("");
}

// {1,0}, each dimension once; anything else is row-major.
static void read_order(sk_str text, uint32_t rank, order *out) {
  uint32_t count = 0;
  uint64_t seen = 0;
  size_t at = 1;
  out->rank = rank;
  for (; at < text.len && count < rank; at++) {
    int64_t dim = 0;
    for (; at < text.len && text.data[at] >= '0' && text.data[at] <= '9' && dim < rank; at++) {
      dim = dim * 10 + (text.data[at] - '0');
    }
    seen |= dim < rank ? UINT64_C(1) << dim : 0;
    out->dims[count++] = dim;
  }
  if (count != rank || seen != (UINT64_C(1) << rank) - 1) {
    for (uint32_t i = 0; i < rank; i++) {
      out->dims[i] = rank - 1 - i;
    }
  }
}

static void argument_order(const sk_module *m, sk_op entry, sk_value arg, order *out) {
  const sk_region body = sk_func_body(m, entry);
  sk_attr attr = {0};
  for (uint32_t i = 0; i < sk_region_get(m, body)->arg_count; i++) {
    if (sk_region_arg(m, body, i).id == arg.id) {
      attr = sk_func_arg_attr(m, entry, i, (sk_sym){SK_NAME_mhlo_layout_mode});
    }
  }
  read_order(text_of(m, attr), sk_value_type_rec(m, arg)->rank, out);
}

// Of a value with an order of its own: an argument of the entry, or the result of a constraint.
static bool has_order(const sk_module *m, sk_op entry, sk_value v, order *out) {
  const sk_op op = sk_value_get(m, v)->op;
  const uint32_t rank = sk_value_type_rec(m, v)->rank;
  if (op.id == 0) {
    argument_order(m, entry, v, out);
    return true;
  }
  const sk_attr attr = sk_op_find_attr(m, op, SK_NAME_result_layouts);
  const sk_attr_rec *list = attr.id != 0 ? sk_attr_get(m, attr) : NULL;
  if (!list || list->kind != SK_ATTR_ARRAY || list->u.list.count != 1 ||
      !sk_str_eq(sk_op_string(m, op, SK_NAME_call_target_name), SK_STR("LayoutConstraint"))) {
    return false;
  }
  const sk_attr_rec *layout = sk_attr_get(m, list->u.list.data[0]);
  if (layout->kind != SK_ATTR_INTS || layout->u.ints.count != rank) {
    return false;
  }
  out->rank = rank;
  memcpy(out->dims, layout->u.ints.data, rank * sizeof *out->dims);
  return true;
}

// The order of a value that is such a one, transposed or not; false: it is something else.
static bool find_order(const sk_module *m, sk_op entry, sk_value v, order *out) {
  enum { MAX_STEPS = 1000 };
  const uint32_t rank = sk_value_type_rec(m, v)->rank;
  int64_t to[SK_MAX_RANK], next[SK_MAX_RANK];  // by dimension of `v`: which it is in the end
  for (uint32_t i = 0; i < rank; i++) {
    to[i] = i;
  }
  for (uint32_t step = 0; !has_order(m, entry, v, out); step++) {
    const sk_op op = sk_value_get(m, v)->op;
    const sk_opkind kind = sk_op_kind(m, op);
    bool moves_nothing = kind == SK_OP_SDY_SHARDING_CONSTRAINT || sk_op_is_annotation(m, op);
    if (step == MAX_STEPS || (kind != SK_OP_TRANSPOSE && !moves_nothing)) {
      return false;
    }
    const sk_ints permutation =
        moves_nothing ? (sk_ints){NULL, 0} : sk_op_ints(m, op, SK_NAME_permutation);
    for (uint32_t i = 0; i < permutation.count; i++) {
      next[permutation.data[i]] = to[i];
    }
    if (!moves_nothing) {
      memcpy(to, next, rank * sizeof *to);
    }
    v = sk_op_operand(m, op, 0);
  }
  for (uint32_t i = 0; i < rank; i++) {
    out->dims[i] = to[out->dims[i]];
  }
  return true;
}

static sk_attr order_attr(sk_module *m, const order *o) {
  sk_text text;
  sk_text_init(&text);
  for (uint32_t i = 0; i < o->rank; i++) {
    sk_text_addf(&text, "%c%lld", i ? ',' : '{', (long long)o->dims[i]);
  }
  sk_text_addf(&text, "}");
  sk_attr attr = sk_attr_string(m, (sk_str){text.data, text.len});
  sk_text_fini(&text);
  return attr;
}

// The attributes of a result with the order in place of "auto".
static sk_attr decide(sk_module *m, sk_attr dict, const order *o) {
  const sk_attr_rec rec = *sk_attr_get(m, dict);
  sk_named_attr *items = SK_NEW_ARRAY(&m->arena, sk_named_attr, rec.u.dict.count + 1);
  for (uint32_t i = 0; i < rec.u.dict.count; i++) {
    items[i] = rec.u.dict.data[i];
    if (items[i].name.id == SK_NAME_mhlo_layout_mode) {
      items[i].attr = order_attr(m, o);
    }
  }
  return sk_attr_dict(m, items, rec.u.dict.count);
}

sk_status sk_pass_layout(sk_module *m, sk_op entry) {
  const sk_attr list = sk_op_find_attr(m, entry, SK_NAME_res_attrs);
  const sk_op end = sk_region_get(m, sk_func_body(m, entry))->last;
  const sk_attr_rec *rec = list.id != 0 ? sk_attr_get(m, list) : NULL;
  if (!rec || rec->kind != SK_ATTR_ARRAY) {
    return NULL;
  }
  const uint32_t count = rec->u.list.count;
  sk_attr *dicts = SK_NEW_ARRAY(&m->arena, sk_attr, count + 1);
  memcpy(dicts, rec->u.list.data, count * sizeof *dicts);
  bool decided = false;
  for (uint32_t i = 0; i < SK_MIN(count, sk_op_get(m, end)->operand_count); i++) {
    sk_attr mode = sk_func_result_attr(m, entry, i, (sk_sym){SK_NAME_mhlo_layout_mode});
    sk_value result = sk_op_operand(m, end, i);
    order o;
    if (sk_str_eq(text_of(m, mode), SK_STR("auto")) &&
        sk_value_type_rec(m, result)->kind == SK_TYPE_TENSOR &&
        sk_value_type_rec(m, result)->rank > 1 && find_order(m, entry, result, &o)) {
      dicts[i] = decide(m, dicts[i], &o);
      decided = true;
    }
  }
  bool good = !decided ||
              sk_op_set_attr(m, entry, (sk_sym){SK_NAME_res_attrs}, sk_attr_array(m, dicts, count));
  return good ? NULL : sk_status_no_memory();
}
