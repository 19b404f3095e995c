// SPDX-License-Identifier: Apache-2.0
// Quantized tensors become tensors of their storage, and arithmetic on them arithmetic on the floats
// they stand for, every step rounded to the expressed type:
//
//   uniform_dequantize   convert(x - zero_point) * scale
//   uniform_quantize     convert(round(clamp(low, x / scale + zero_point, high)))
//   any other op that computes (element-wise, products, convolutions, ...)
//                        uniform_quantize(op(uniform_dequantize(operands)))
//
// What only moves elements works on the storage. Bodies are rewritten step by step as well. Scales and
// zero points are scalars, or vectors along the quantized axis. Types change in place, in one sweep at
// the end; until then a value may have either type.
#include "pass/expand_int.h"

static const sk_quant *quant_of(const sk_module *m, sk_value v) {
  const sk_type_rec *rec = sk_value_type_rec(m, v);
  return rec->kind == SK_TYPE_TENSOR && rec->elem == SK_QUANT ? rec->quant : NULL;
}

static sk_type with_elem(sk_module *m, sk_value like, sk_elem elem) {
  const sk_type_rec rec = *sk_value_type_rec(m, like);
  return sk_type_tensor(m, elem, rec.rank, rec.dims);
}

// ---- parameters

// One number per channel in every element of `type`.
static sk_value spread(const sk_expander *e, sk_value v, const sk_quant *q, sk_type type) {
  const int64_t axis = q->axis;
  return sk_expand_broadcast(e, v, type, &axis);
}

static sk_value scales_in(const sk_expander *e, const sk_quant *q, sk_type type) {
  const sk_type scalar = sk_type_tensor(e->m, q->expressed, 0, NULL);
  return spread(e,
                q->axis < 0 ? sk_expand_float(e, scalar, q->scales[0])
                            : sk_expand_floats(e, q->expressed, q->scales, q->count),
                q, type);
}

// Zero points as numbers of the type's elements, integers or floats.
static sk_value zero_points_in(const sk_expander *e, const sk_quant *q, sk_type type) {
  const sk_elem elem = (sk_elem)sk_type_get(e->m, type)->elem;
  const sk_type scalar = sk_type_tensor(e->m, elem, 0, NULL);
  if (q->axis < 0) {
    const sk_value zero = sk_elem_is_float(elem)
                              ? sk_expand_float(e, scalar, (double)q->zero_points[0])
                              : sk_expand_int(e, scalar, q->zero_points[0]);
    return spread(e, zero, q, type);
  }
  if (!sk_elem_is_float(elem)) {
    return spread(e, sk_expand_ints(e, elem, q->zero_points, q->count), q, type);
  }
  double *values = SK_NEW_ARRAY(&e->m->arena, double, q->count);
  for (uint32_t i = 0; i < q->count; i++) {
    values[i] = (double)q->zero_points[i];
  }
  return spread(e, sk_expand_floats(e, elem, values, q->count), q, type);
}

// ---- the two conversions

// x: the storage, as a new value; like: the old value, for its shape.
static sk_value dequantize(const sk_expander *e, sk_value x, sk_value like, const sk_quant *q) {
  const sk_elem wide = sk_elem_bits(q->storage) <= 16 ? SK_S32 : SK_S64;
  const sk_type whole = with_elem(e->m, like, wide), type = with_elem(e->m, like, q->expressed);
  const sk_value number = sk_expand_emit(e, SK_OP_CONVERT, whole, &x, 1, NULL, 0);
  const sk_value apart = sk_expand_2(e, SK_OP_SUBTRACT, number, zero_points_in(e, q, whole));
  const sk_value shifted = sk_expand_emit(e, SK_OP_CONVERT, type, &apart, 1, NULL, 0);
  return sk_expand_2(e, SK_OP_MULTIPLY, shifted, scales_in(e, q, type));
}

static sk_value clamp(const sk_expander *e, sk_value low, sk_value x, sk_value high) {
  const sk_value operands[3] = {low, x, high};
  return sk_expand_emit(e, SK_OP_CLAMP, sk_value_type(e->m, x), operands, 3, NULL, 0);
}

static sk_value quantize(const sk_expander *e, sk_value x, const sk_quant *q) {
  const sk_type type = sk_value_type(e->m, x);
  const sk_type bound = sk_type_tensor(e->m, q->expressed, 0, NULL);
  const sk_type limit = sk_type_tensor(e->m, q->storage, 0, NULL);
  const sk_value scaled = sk_expand_2(e, SK_OP_DIVIDE, x, scales_in(e, q, type));
  const sk_value shifted = sk_expand_2(e, SK_OP_ADD, scaled, zero_points_in(e, q, type));
  const sk_value inside = clamp(e, sk_expand_float(e, bound, (double)q->storage_min), shifted,
                                sk_expand_float(e, bound, (double)q->storage_max));
  const sk_value rounded = sk_expand_1(e, SK_OP_ROUND_NEAREST_EVEN, inside);
  const sk_value whole = sk_expand_convert(e, rounded, q->storage);
  if (sk_elem_bits(q->storage) <= 8) {
    return whole;
  }
  // the limits may have been rounded outwards
  return clamp(e, sk_expand_int(e, limit, q->storage_min), whole,
               sk_expand_int(e, limit, q->storage_max));
}

// ---- ops

static bool computes(const sk_module *m, sk_op op) {
  switch ((int)sk_opkind_info(sk_op_kind(m, op))->op_class) {
    case SK_OPCLASS_QUANTIZE: return true;
    case SK_OPCLASS_ELEMENTWISE:
    case SK_OPCLASS_DOT:
    case SK_OPCLASS_CONV:
    case SK_OPCLASS_LINALG:
    case SK_OPCLASS_FFT:
    case SK_OPCLASS_NORM: break;
    default: return false;
  }
  for (uint32_t i = 0; i < sk_op_get(m, op)->operand_count; i++) {
    if (quant_of(m, sk_op_operand(m, op, i)) != NULL) {
      return true;
    }
  }
  return false;
}

static sk_value float_operand(const sk_expander *e, sk_op op, uint32_t i) {
  const sk_value old = sk_op_operand(e->m, op, i), v = sk_rebuild_get(e->r, old);
  const sk_quant *q = quant_of(e->m, old);
  return q != NULL ? dequantize(e, v, old, q) : v;
}

static sk_value finish(const sk_expander *e, sk_value old, sk_value v) {
  const sk_quant *q = quant_of(e->m, old);
  return q != NULL ? quantize(e, sk_expand_convert(e, v, q->expressed), q) : v;
}

static void express(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  const sk_op_draft draft = sk_rebuild_draft(e->r, op);
  for (uint32_t i = 0; i < draft.desc.operand_count; i++) {
    draft.operands[i] = float_operand(e, op, i);
  }
  for (uint32_t i = 0; i < draft.desc.result_count; i++) {
    const sk_value old = sk_op_result(m, op, i);
    const sk_quant *q = quant_of(m, old);
    draft.types[i] = q != NULL ? with_elem(m, old, q->expressed) : draft.types[i];
  }
  const sk_op made = sk_rebuild_emit(e->r, e->into, &draft.desc);
  for (uint32_t i = 0; i < draft.desc.result_count; i++) {
    const sk_value old = sk_op_result(m, op, i);
    sk_rebuild_set(e->r, old, finish(e, old, sk_op_result(m, made, i)));
  }
}

static bool rewrite(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  (void)out_status;
  const sk_expander e = {.r = r, .m = r->m, .into = into, .loc = sk_op_get(r->m, op)->loc};
  if (!computes(r->m, op)) {
    return false;
  }
  if (sk_opkind_info(sk_op_kind(r->m, op))->op_class == SK_OPCLASS_QUANTIZE) {
    const sk_value old = sk_op_result(r->m, op, 0);
    sk_rebuild_set(r, old, finish(&e, old, float_operand(&e, op, 0)));
  } else {
    express(&e, op);
  }
  return true;
}

// ---- types

static sk_type storage_type(sk_module *m, sk_type type) {
  const sk_type_rec rec = *sk_type_get(m, type);
  return rec.kind == SK_TYPE_TENSOR && rec.elem == SK_QUANT && rec.quant != NULL
             ? sk_type_tensor(m, rec.quant->storage, rec.rank, rec.dims)
             : type;
}

static void store_attrs(sk_module *m, sk_region region) {
  SK_FOR_EACH_OP(m, region, op) {
    if (sk_op_kind(m, op) == SK_OP_CONSTANT) {
      const sk_attr value = sk_op_find_attr(m, op, SK_NAME_value);
      m->attrs.data[value.id].type = storage_type(m, sk_attr_get(m, value)->type);
    }
    for (uint32_t i = 0; i < sk_op_get(m, op)->region_count; i++) {
      store_attrs(m, sk_op_region(m, op, i));
    }
  }
}

static bool store_signature(sk_module *m, sk_op entry) {
  const sk_type_rec f = *sk_func_type(m, entry);
  sk_type *types = SK_NEW_ARRAY(&m->arena, sk_type, f.input_count + f.result_count + 1);
  for (uint32_t i = 0; i < f.input_count; i++) {
    types[i] = storage_type(m, f.inputs[i]);
  }
  for (uint32_t i = 0; i < f.result_count; i++) {
    types[f.input_count + i] = storage_type(m, f.results[i]);
  }
  const sk_type type =
      sk_type_function(m, f.input_count, types, f.result_count, types + f.input_count);
  return sk_op_set_attr(m, entry, (sk_sym){SK_NAME_function_type}, sk_attr_type(m, type));
}

sk_status sk_expand_quantized(sk_module *m, sk_op entry, sk_pass_options *options) {
  bool any = false;
  for (uint32_t i = 1; i < m->values.count && !any; i++) {
    any = quant_of(m, (sk_value){i}) != NULL;
  }
  if (!any) {
    return NULL;
  }
  sk_rebuild r;
  sk_rebuild_init(&r, m, options, false);
  r.rewrite = rewrite;
  SK_TRY(sk_rebuild_function(&r, entry));
  for (uint32_t i = 1; i < m->values.count; i++) {
    m->values.data[i].type = storage_type(m, m->values.data[i].type);
  }
  store_attrs(m, sk_func_body(m, entry));
  return store_signature(m, entry) ? NULL : sk_status_no_memory();
}
