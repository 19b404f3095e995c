// SPDX-License-Identifier: Apache-2.0
// Rules of element-wise operations. Numbers in brackets are the constraints of the operation's
// section in the specification.
//
// In constraints, baseline_type(x) = baseline_type(y) means: equal types, except that scales and
// zero points of quantized elements may differ. The verifier compares the inferred with the written
// result in the same way.
#include "ir/rule_int.h"

// Operand and result have one baseline type (C1).
sk_status sk_rule_unary(sk_rule *r) {
  const sk_attr_rec *accuracy = sk_rule_attr(r, SK_NAME_result_accuracy);
  if (accuracy->kind == SK_ATTR_RESULT_ACCURACY && accuracy->u.accuracy->mode != 2) {
    const sk_result_accuracy *a = accuracy->u.accuracy;
    SK_RULE_REQUIRE(r, a->atol == 0 && a->rtol == 0 && a->ulps == 0, NULL,
                    "result_accuracy has tolerances, but its mode is not TOLERANCE");
  }
  return sk_rule_add(r, sk_rule_operand_type(r, 0));
}

sk_status sk_rule_abs(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  if (!sk_elem_is_complex((sk_elem)operand->elem)) {
    return sk_rule_add(r, sk_rule_operand_type(r, 0));
  }
  return sk_rule_add_elem(r, operand, sk_elem_complex_part((sk_elem)operand->elem));  // (C2)
}

// real, imag
sk_status sk_rule_part(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  return sk_rule_add_elem(r, operand, sk_elem_complex_part((sk_elem)operand->elem));
}

// is_finite and the chlo predicates
sk_status sk_rule_is_finite(sk_rule *r) {
  return sk_rule_add_elem(r, sk_rule_operand(r, 0), SK_PRED);
}

sk_status sk_rule_reduce_precision(sk_rule *r) {
  int64_t exponent = sk_rule_int(r, SK_NAME_exponent_bits, 0),
          mantissa = sk_rule_int(r, SK_NAME_mantissa_bits, 0);
  SK_RULE_REQUIRE(r, exponent >= 1, "C2", "exponent_bits must be at least 1, not %lld",
                  (long long)exponent);
  SK_RULE_REQUIRE(r, mantissa >= 0, "C3", "mantissa_bits must be at least 0, not %lld",
                  (long long)mantissa);
  return sk_rule_add(r, sk_rule_operand_type(r, 0));
}

sk_status sk_rule_convert(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *operand = sk_rule_operand(r, 0), *result = sk_rule_written(r, 0);
  SK_RULE_REQUIRE(r, operand->elem != SK_QUANT && result->elem != SK_QUANT, "I1",
                  "not defined for quantized tensors, use uniform_quantize or uniform_dequantize");
  SK_RULE_REQUIRE(r, sk_shape_match(operand, result), "C1", "operand and result differ in shape");
  return sk_rule_add_written(r);
}

sk_status sk_rule_quantize(sk_rule *r) {
  SK_TRY(sk_rule_need_written(r, 1));
  const sk_type_rec *operand = sk_rule_operand(r, 0), *result = sk_rule_written(r, 0);
  SK_RULE_REQUIRE(r, result->quant != NULL, "O1", "the result is not quantized");
  SK_RULE_REQUIRE(r, sk_shape_match(operand, result), "C1", "operand and result differ in shape");
  sk_elem expressed = operand->quant ? operand->quant->expressed : (sk_elem)operand->elem;
  SK_RULE_REQUIRE(r, result->quant->expressed == expressed, "C2",
                  "the result expresses %s, the operand %s", sk_elem_name(result->quant->expressed),
                  sk_elem_name(expressed));
  return sk_rule_add_written(r);
}

sk_status sk_rule_dequantize(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  return sk_rule_add_elem(r, operand, operand->quant->expressed);  // (C2)
}

// Quantized operands of a binary op; the result, where written, must agree as well.
static sk_status check_quantized(sk_rule *r) {
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1);
  SK_RULE_REQUIRE(r, lhs->quant && rhs->quant, "C2", "only one operand is quantized");
  SK_RULE_REQUIRE(r, lhs->quant->storage == rhs->quant->storage, "C3",
                  "operands differ in storage type");
  SK_RULE_REQUIRE(r, lhs->quant->expressed == rhs->quant->expressed, "C4",
                  "operands differ in expressed type");
  if (r->desc->result_count == 0) {
    return sk_rule_add(r, sk_rule_operand_type(r, 0));
  }
  const sk_type_rec *result = sk_rule_written(r, 0);
  SK_RULE_REQUIRE(r, result->quant != NULL, "C2", "operands are quantized, the result is not");
  SK_RULE_REQUIRE(r, result->quant->storage == lhs->quant->storage, "C3",
                  "result differs in storage type");
  SK_RULE_REQUIRE(r, result->quant->expressed == lhs->quant->expressed, "C4",
                  "result differs in expressed type");
  SK_RULE_REQUIRE(r, (sk_is_per_axis(lhs) || sk_is_per_axis(rhs)) == sk_is_per_axis(result), "C5",
                  "operands and result differ in per-axis quantization");
  SK_RULE_REQUIRE(r, !sk_is_per_axis(lhs) || lhs->quant->axis == result->quant->axis, "C6",
                  "lhs and result differ in quantization dimension");
  SK_RULE_REQUIRE(r, !sk_is_per_axis(rhs) || rhs->quant->axis == result->quant->axis, "C7",
                  "rhs and result differ in quantization dimension");
  SK_RULE_REQUIRE(r, sk_shape_match(lhs, result), "C1", "operands and result differ in shape");
  return sk_rule_add_written(r);
}

// Both operands and the result have one (baseline) type (C1).
sk_status sk_rule_binary(sk_rule *r) {
  sk_type a = sk_rule_operand_type(r, 0), b = sk_rule_operand_type(r, 1);
  if (SK_LIKELY(a.id == b.id && sk_rule_operand(r, 0)->quant == NULL)) {
    return sk_rule_add(r, a);
  }
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1);
  SK_RULE_REQUIRE(r, sk_shape_match(lhs, rhs), "C1", "operands differ in shape");
  if (lhs->quant != NULL || rhs->quant != NULL) {
    return check_quantized(r);
  }
  SK_RULE_REQUIRE(r, lhs->elem == rhs->elem, "C1", "operands differ in element type: %s and %s",
                  sk_elem_name((sk_elem)lhs->elem), sk_elem_name((sk_elem)rhs->elem));
  return sk_rule_add_merged(r, a, b);
}

sk_status sk_rule_clamp(sk_rule *r) {
  const sk_type_rec *min = sk_rule_operand(r, 0), *operand = sk_rule_operand(r, 1),
                    *max = sk_rule_operand(r, 2);
  SK_RULE_REQUIRE(r, min->rank == 0 || sk_shape_match(min, operand), "C1",
                  "min is neither 0-D nor of the operand's shape");
  SK_RULE_REQUIRE(r, max->rank == 0 || sk_shape_match(max, operand), "C2",
                  "max is neither 0-D nor of the operand's shape");
  SK_RULE_REQUIRE(r, sk_elem_baseline(min, operand) && sk_elem_baseline(max, operand), "C3",
                  "min, operand and max differ in element type");
  return sk_rule_add(r, sk_rule_operand_type(r, 1));
}

// compare_type only matters for floats (TOTALORDER); other values are accepted whatever the element
// type, as producers write them.
sk_status sk_rule_compare(sk_rule *r) {
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1);
  SK_RULE_REQUIRE(r, sk_elem_baseline(lhs, rhs), "C1", "operands differ in element type: %s and %s",
                  sk_elem_name((sk_elem)lhs->elem), sk_elem_name((sk_elem)rhs->elem));
  SK_RULE_REQUIRE(r, sk_shape_match(lhs, rhs), "C2", "operands differ in shape");
  return sk_rule_add_elem(r, sk_type_is_static_tensor(r->m, sk_rule_operand_type(r, 0)) ? lhs : rhs,
                          SK_PRED);
}

sk_status sk_rule_complex(sk_rule *r) {
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1);
  SK_RULE_REQUIRE(r, lhs->elem == SK_F32 || lhs->elem == SK_F64, "I1",
                  "not defined for element type %s", sk_elem_name((sk_elem)lhs->elem));
  SK_RULE_REQUIRE(r, lhs->elem == rhs->elem && sk_shape_match(lhs, rhs), "C1",
                  "operands differ in type");
  return sk_rule_add_elem(r, sk_type_is_static_tensor(r->m, sk_rule_operand_type(r, 0)) ? lhs : rhs,
                          lhs->elem == SK_F32 ? SK_C64 : SK_C128);  // (C3)
}

sk_status sk_rule_select(sk_rule *r) {
  const sk_type_rec *pred = sk_rule_operand(r, 0), *yes = sk_rule_operand(r, 1),
                    *no = sk_rule_operand(r, 2);
  SK_RULE_REQUIRE(r, pred->elem == SK_PRED, "I1", "pred has element type %s, not i1",
                  sk_elem_name((sk_elem)pred->elem));
  SK_RULE_REQUIRE(r, pred->rank == 0 || sk_shape_match(pred, yes), "C1",
                  "pred is neither 0-D nor of the operands' shape");
  SK_RULE_REQUIRE(r, sk_elem_baseline(yes, no), "C2",
                  "on_true and on_false differ in element type: %s and %s",
                  sk_elem_name((sk_elem)yes->elem), sk_elem_name((sk_elem)no->elem));
  SK_RULE_REQUIRE(r, sk_shape_match(yes, no), "C2", "on_true and on_false differ in shape");
  return sk_rule_add_merged(r, sk_rule_operand_type(r, 1), sk_rule_operand_type(r, 2));
}

sk_status sk_rule_map(sk_rule *r) {
  const sk_type_rec *first = sk_rule_operand(r, 0);
  sk_ints dimensions = sk_rule_ints(r, SK_NAME_dimensions);
  sk_op last;
  SK_TRY(sk_rule_region_returns(r, 0, &last));
  for (uint32_t i = 1; i < r->desc->operand_count; i++) {
    SK_RULE_REQUIRE(r, sk_shape_match(first, sk_rule_operand(r, i)), "C1",
                    "input %u differs in shape from input 0", i);
  }
  SK_RULE_REQUIRE(r, dimensions.count == first->rank, "C3",
                  "dimensions are not all dimensions of the inputs");
  for (uint32_t i = 0; i < dimensions.count; i++) {
    SK_RULE_REQUIRE(r, dimensions.data[i] == (int64_t)i, "C3",
                    "dimensions are not 0, 1, ... in order");
  }
  SK_RULE_REQUIRE(r, sk_region_arg_count(r, 0) == r->desc->operand_count, "C4",
                  "the computation takes %u arguments, not %u", sk_region_arg_count(r, 0),
                  r->desc->operand_count);
  for (uint32_t i = 0; i < r->desc->operand_count; i++) {
    const sk_type_rec *arg = sk_region_arg_type(r, 0, i);
    SK_RULE_REQUIRE(
        r, sk_is_tensor(arg) && arg->rank == 0 && sk_elem_match(arg, sk_rule_operand(r, i)), "C4",
        "argument %u of the computation is not a 0-D tensor of the input's element type", i);
  }
  SK_RULE_REQUIRE(r, sk_op_get(r->m, last)->operand_count == 1, "C4",
                  "the computation returns %u values, not 1", sk_op_get(r->m, last)->operand_count);
  const sk_type_rec *result = sk_value_type_rec(r->m, sk_op_operand(r->m, last, 0));
  SK_RULE_REQUIRE(r, sk_is_tensor(result) && result->rank == 0, "C4",
                  "the computation does not return a 0-D tensor");
  return sk_rule_add_tensor(r, result, first->rank, first->dims);
}

// chlo.constant_like: operand's shape, value's element type
sk_status sk_rule_constant_like(sk_rule *r) {
  const sk_attr_rec *value = sk_rule_attr(r, SK_NAME_value);
  const sk_type_rec *type = sk_type_get(r->m, value->type), *operand = sk_rule_operand(r, 0);
  if (type->kind != SK_TYPE_SCALAR && type->kind != SK_TYPE_TENSOR) {
    SK_TRY(sk_rule_need_written(r, 1));
    return sk_rule_add_written(r);
  }
  if (operand->kind == SK_TYPE_UNRANKED) {
    return sk_rule_add(
        r, sk_type_intern(r->m, &(sk_type_rec){.kind = SK_TYPE_UNRANKED, .elem = type->elem}));
  }
  sk_extents e;
  sk_extents_of(operand, &e);
  return sk_rule_add_extents(r, type, &e);
}

// --------------------------------------------------------------------------------- chlo broadcasts

// Dimension `dim` of *e against dimension `from` of `low`, where either may stretch.
static sk_status stretch(const sk_rule *r, uint32_t dim, const sk_extents *low, uint32_t from,
                         sk_extents *e) {
  int64_t size = low->dims[from], bound = low->bounds[from];
  SK_RULE_REQUIRE(r, size == 1 || e->dims[dim] == 1 || sk_dim_match(size, e->dims[dim]), NULL,
                  "dimensions of size %lld and %lld do not broadcast", (long long)e->dims[dim],
                  (long long)size);
  bool both_unknown = size == SK_DIM_UNKNOWN && e->dims[dim] == SK_DIM_UNKNOWN;
  if (both_unknown) {
    bool bounded = bound != SK_DIM_UNKNOWN && e->bounds[dim] != SK_DIM_UNKNOWN;
    e->bounds[dim] = bounded ? SK_MAX(bound, e->bounds[dim]) : SK_DIM_UNKNOWN;
  } else if (e->dims[dim] == 1 || (e->dims[dim] == SK_DIM_UNKNOWN && size != 1)) {
    e->dims[dim] = size;
    e->bounds[dim] = bound;
  }
  return NULL;
}

// Shapes are aligned at the last dimension, and a size of 1 stretches, unless broadcast_dimensions
// says where the lower rank goes.
static sk_status broadcast(const sk_rule *r, const sk_extents *a, const sk_extents *b,
                           sk_extents *out) {
  const sk_extents *low = a->rank >= b->rank ? b : a;
  sk_ints placed = sk_rule_ints(r, SK_NAME_broadcast_dimensions);
  bool given =
      sk_rule_attr(r, SK_NAME_broadcast_dimensions)->kind == SK_ATTR_INTS && a->rank != b->rank;
  *out = a->rank >= b->rank ? *a : *b;
  SK_RULE_REQUIRE(r, !given || (placed.count == low->rank && sk_in_range(placed, out->rank)), NULL,
                  "broadcast_dimensions does not place the operand of lower rank");
  for (uint32_t i = 0; i < low->rank; i++) {
    SK_TRY(stretch(r, given ? (uint32_t)placed.data[i] : out->rank - low->rank + i, low, i, out));
  }
  return NULL;
}

sk_status sk_rule_broadcast_binary(sk_rule *r) {
  const sk_type_rec *a = sk_rule_operand(r, 0), *b = sk_rule_operand(r, 1);
  sk_extents of_a, of_b, e;
  SK_RULE_REQUIRE(r, sk_elem_baseline(a, b), NULL, "operands differ in element type: %s and %s",
                  sk_elem_name((sk_elem)a->elem), sk_elem_name((sk_elem)b->elem));
  sk_extents_of(a, &of_a);
  sk_extents_of(b, &of_b);
  SK_TRY(broadcast(r, &of_a, &of_b, &e));
  sk_type_rec like = *a;
  if (r->desc->kind == SK_OP_CHLO_BROADCAST_COMPARE) {
    like.elem = SK_PRED;
    like.quant = NULL;
  } else if (r->desc->kind == SK_OP_CHLO_BROADCAST_COMPLEX) {
    SK_RULE_REQUIRE(r, a->elem == SK_F32 || a->elem == SK_F64, NULL,
                    "not defined for element type %s", sk_elem_name((sk_elem)a->elem));
    like.elem = a->elem == SK_F32 ? SK_C64 : SK_C128;
  }
  return sk_rule_add_extents(r, &like, &e);
}

sk_status sk_rule_broadcast_select(sk_rule *r) {
  const sk_type_rec *pred = sk_rule_operand(r, 0), *yes = sk_rule_operand(r, 1),
                    *no = sk_rule_operand(r, 2);
  sk_extents of_pred, of_yes, of_no, both, all;
  SK_RULE_REQUIRE(r, pred->elem == SK_PRED, NULL, "pred is not of element type i1");
  SK_RULE_REQUIRE(r, sk_elem_baseline(yes, no), NULL,
                  "on_true and on_false differ in element type");
  sk_extents_of(pred, &of_pred);
  sk_extents_of(yes, &of_yes);
  sk_extents_of(no, &of_no);
  SK_TRY(broadcast(r, &of_yes, &of_no, &both));
  SK_TRY(broadcast(r, &of_pred, &both, &all));
  return sk_rule_add_extents(r, yes, &all);
}
