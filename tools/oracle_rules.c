// SPDX-License-Identifier: Apache-2.0
// How far generated code may be from the interpreter, for one operation on equal operands
// (docs/numerics.md says why; this is its table for tools and tests).
//
//   exact     the same bits, all NaNs alike
//   ulps      functions: a number of units in the last place of the result
//   modulus   complex functions: a share of the number's modulus, else spread
//   sum       sums of many, products of matrices: rounding errors of all terms at their largest
//   product   products of many (oracle_spread.c)
//   loose     linear algebra: a share of the largest result, else spread
//   spread    normalisation, operations with bodies that are not exact themselves: what rounding of operands
//             and of the steps inside can make of them (oracle_spread.c)
//   anything  the order of NaNs whose bits are not defined
//
// Narrow floats are computed in f32 and rounded once, so that a unit of their own is always allowed
// where f32 itself may differ.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle_int.h"

// ---- which operations are exact

static bool is_exact_on_reals(sk_opkind kind) {
  switch ((int)kind) {
    case SK_OP_ABS:
    case SK_OP_CEIL:
    case SK_OP_FLOOR:
    case SK_OP_NEGATE:
    case SK_OP_ROUND_NEAREST_AFZ:
    case SK_OP_ROUND_NEAREST_EVEN:
    case SK_OP_SIGN:
    case SK_OP_SQRT:
    case SK_OP_ADD:
    case SK_OP_SUBTRACT:
    case SK_OP_MULTIPLY:
    case SK_OP_DIVIDE:
    case SK_OP_REMAINDER:
    case SK_OP_MAXIMUM:
    case SK_OP_MINIMUM:
    case SK_OP_CHLO_CONJ:
    case SK_OP_CHLO_SQUARE:
    case SK_OP_CHLO_NEXT_AFTER:
    case SK_OP_CHLO_BROADCAST_ADD:
    case SK_OP_CHLO_BROADCAST_SUBTRACT:
    case SK_OP_CHLO_BROADCAST_MULTIPLY:
    case SK_OP_CHLO_BROADCAST_DIVIDE:
    case SK_OP_CHLO_BROADCAST_REMAINDER:
    case SK_OP_CHLO_BROADCAST_MAXIMUM:
    case SK_OP_CHLO_BROADCAST_MINIMUM:
    case SK_OP_CHLO_BROADCAST_NEXT_AFTER: return true;
    default: return false;
  }
}

static bool is_exact_on_complex(sk_opkind kind) {
  switch ((int)kind) {
    case SK_OP_NEGATE:
    case SK_OP_ADD:
    case SK_OP_SUBTRACT:
    case SK_OP_MULTIPLY:
    case SK_OP_MAXIMUM:
    case SK_OP_MINIMUM:
    case SK_OP_CHLO_CONJ:
    case SK_OP_CHLO_BROADCAST_ADD:
    case SK_OP_CHLO_BROADCAST_SUBTRACT:
    case SK_OP_CHLO_BROADCAST_MULTIPLY: return true;
    default: return false;
  }
}

// Whatever the element type: nothing is computed, or bits are compared.
static bool is_exact_always(sk_opkind kind) {
  switch ((int)kind) {
    case SK_OP_CONVERT:
    case SK_OP_IMAG:
    case SK_OP_REAL:
    case SK_OP_IS_FINITE:
    case SK_OP_REDUCE_PRECISION:
    case SK_OP_CLAMP:
    case SK_OP_COMPARE:
    case SK_OP_COMPLEX:
    case SK_OP_SELECT:
    case SK_OP_CHLO_IS_INF:
    case SK_OP_CHLO_IS_NEG_INF:
    case SK_OP_CHLO_IS_POS_INF:
    case SK_OP_CHLO_BROADCAST_COMPLEX:
    case SK_OP_CHLO_BROADCAST_COMPARE:
    case SK_OP_CHLO_BROADCAST_SELECT: return true;
    default: break;
  }
  switch ((int)sk_opkind_info(kind)->op_class) {
    case SK_OPCLASS_CONSTANT:
    case SK_OPCLASS_VIEW:
    case SK_OPCLASS_SHAPE:
    case SK_OPCLASS_INDEXING:
    case SK_OPCLASS_SORT:
    case SK_OPCLASS_BARRIER:
    case SK_OPCLASS_TUPLE:
    case SK_OPCLASS_TOKEN:
    case SK_OPCLASS_RANDOM:
    case SK_OPCLASS_RETURN:
    case SK_OPCLASS_CUSTOM:
    case SK_OPCLASS_SHARDING:
    case SK_OPCLASS_QUANTIZE:
    case SK_OPCLASS_COLLECTIVE: return true;
    case SK_OPCLASS_DYNAMIC: return kind != SK_OP_DYNAMIC_CONV;
    default: return false;
  }
}

bool oracle_is_exact(sk_opkind kind, sk_elem elem) {
  if (is_exact_always(kind)) {
    return true;
  }
  switch (sk_elem_get_class(elem)) {
    case SK_CLASS_FLOAT: return is_exact_on_reals(kind);
    case SK_CLASS_COMPLEX: return is_exact_on_complex(kind);
    default: return true;  // integers wrap, everywhere alike; quantized ones go by the same floats
  }
}

static sk_elem type_elem(const sk_module *m, sk_value v) {
  return (sk_elem)sk_value_type_rec(m, v)->elem;
}

// Float or complex if any operand or result is.
static sk_elem widest_elem(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  sk_elem found = SK_S32;
  for (uint32_t i = 0; i < rec->operand_count + rec->result_count; i++) {
    sk_elem elem =
        type_elem(m, i < rec->operand_count ? sk_op_operand(m, op, i)
                                            : sk_op_result(m, op, i - rec->operand_count));
    if (sk_elem_is_complex(elem) || (sk_elem_is_float(elem) && !sk_elem_is_complex(found))) {
      found = elem;
    }
  }
  return found;
}

// ---- rules

typedef oracle_rule rule;
typedef oracle_rule_kind rule_kind;

// Rounding decides on which side of a cut the argument lies.
bool oracle_has_cuts(sk_opkind kind, sk_elem elem) {
  return sk_elem_is_complex(elem) && (kind == SK_OP_ATAN2 || kind == SK_OP_CHLO_BROADCAST_ATAN2);
}

static bool is_exact_function(const sk_module *m, sk_str name, uint32_t depth);

static bool is_exact_inside(const sk_module *m, sk_op op, bool combines, uint32_t depth) {
  sk_opkind kind = sk_op_kind(m, op);
  sk_elem elem = widest_elem(m, op);
  sk_op_class op_class = (sk_op_class)sk_opkind_info(kind)->op_class;
  bool real = sk_elem_is_float(elem) || sk_elem_is_complex(elem);
  bool holds =
      op_class == SK_OPCLASS_CONTROL || op_class == SK_OPCLASS_MAP || op_class == SK_OPCLASS_RETURN;
  bool chooses = kind == SK_OP_MAXIMUM || kind == SK_OP_MINIMUM || kind == SK_OP_SELECT ||
                 kind == SK_OP_COMPARE || kind == SK_OP_CONSTANT || kind == SK_OP_RETURN;
  if (kind == SK_OP_FUNC_CALL || kind == SK_OP_COMPOSITE) {
    sk_name name = kind == SK_OP_FUNC_CALL ? SK_NAME_callee : SK_NAME_decomposition;
    return is_exact_function(m, sk_op_string(m, op, name), depth + 1);
  }
  return holds || !real || (combines ? chooses : oracle_is_exact(kind, elem));
}

// Is every operation inside exact on what it gets? Reductions count as inexact unless they only choose.
static bool is_exact_region(const sk_module *m, sk_region region, bool combines, uint32_t depth) {
  bool exact = true;
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, m, region);
  while (exact && sk_walk_next(&walker, &op)) {
    exact = is_exact_inside(m, op, combines, depth);
  }
  return exact;
}

static bool is_exact_function(const sk_module *m, sk_str name, uint32_t depth) {
  sk_op func = sk_module_find_func(m, name);
  return func.id != 0 && depth < 16 && is_exact_region(m, sk_func_body(m, func), false, depth);
}

static double largest_magnitude(sk_elem elem, const void *data, int64_t count) {
  sk_elem part = sk_elem_complex_part(elem);
  int64_t parts = count * (part != elem ? 2 : 1);
  double largest = 0;
  for (int64_t i = 0; data != NULL && i < parts; i++) {
    double x = fabs(oracle_element(part, data, i));
    largest = isfinite(x) && x > largest ? x : largest;
  }
  return largest;
}

static double operand_magnitude(const oracle_op *o, uint32_t i) {
  sk_value v = sk_op_operand(o->m, o->op, i);
  int64_t count = 0;
  (void)sk_type_elem_count(o->m, sk_value_type(o->m, v), &count);
  return largest_magnitude(type_elem(o->m, v), o->operands[i], count);
}

int64_t oracle_operand_count(const oracle_op *o, uint32_t i) {
  int64_t count = 0;
  (void)sk_type_elem_count(o->m, sk_value_type(o->m, sk_op_operand(o->m, o->op, i)), &count);
  return count;
}

// Infinities or NaNs among the operands.
static bool has_infinities(const oracle_op *o) {
  bool found = false;
  for (uint32_t i = 0; i < sk_op_get(o->m, o->op)->operand_count && !found; i++) {
    sk_elem elem = type_elem(o->m, sk_op_operand(o->m, o->op, i));
    sk_elem part = sk_elem_complex_part(elem);
    int64_t parts = oracle_operand_count(o, i) * (part != elem ? 2 : 1);
    for (int64_t k = 0; o->operands[i] != NULL && k < parts && !found; k++) {
      found = !isfinite(oracle_element(part, o->operands[i], k));
    }
  }
  return found;
}

// The one operation of a body that combines two elements; SK_OP_NONE: there are others.
static sk_opkind only_step(const sk_module *m, sk_region region) {
  const sk_region_rec *rec = sk_region_get(m, region);
  bool one = rec->arg_count == 2 && sk_op_next(m, rec->first).id == rec->last.id;
  return one ? sk_op_kind(m, rec->first) : SK_OP_NONE;
}

// Of all operands together; every term at most the largest element.
static rule sum_rule(const oracle_op *o, double terms) {
  double largest = 0;
  for (uint32_t i = 0; i < sk_op_get(o->m, o->op)->operand_count; i++) {
    double x = operand_magnitude(o, i);
    largest = x > largest ? x : largest;
  }
  return (rule){.kind = ORACLE_SUM, .units = largest * terms, .terms = terms};
}

static rule product_rule(const oracle_op *o) {
  // Terms: no more than either side has.
  double terms = (double)SK_MIN(oracle_operand_count(o, 0), oracle_operand_count(o, 1));
  double scale = operand_magnitude(o, 0) * operand_magnitude(o, 1) * (terms > 1 ? terms : 1);
  scale *= sk_elem_is_complex(type_elem(o->m, sk_op_result(o->m, o->op, 0))) ? 2 : 1;
  return (rule){.kind = ORACLE_SUM, .units = scale, .terms = terms};
}

// Of `terms` elements combined in an order of one's own, each step with an error of `unit`.
static rule combining_rule(const oracle_op *o, double terms, double unit) {
  sk_region body = sk_op_region(o->m, o->op, 0);
  if (only_step(o->m, body) == SK_OP_MULTIPLY) {
    return (rule){.kind = ORACLE_PRODUCT, .units = 8 * (terms + 8) * unit, .terms = terms};
  }
  if (only_step(o->m, body) == SK_OP_ADD || sk_op_get(o->m, o->op)->result_count > 1) {
    rule r = sum_rule(o, terms);
    r.unit = unit;
    return r;
  }
  return (rule){.kind = ORACLE_LOOSE, .units = 8 * (terms + 8) * unit};
}

static rule reduce_rule(const oracle_op *o, sk_elem elem) {
  bool real = sk_elem_is_float(elem) || sk_elem_is_complex(elem);
  if (!real || is_exact_region(o->m, sk_op_region(o->m, o->op, 0), true, 0)) {
    return (rule){.kind = ORACLE_EXACT};
  }
  int64_t results = 1;
  (void)sk_type_elem_count(o->m, sk_value_type(o->m, sk_op_result(o->m, o->op, o->result)),
                           &results);
  double terms = 1 + (double)oracle_operand_count(o, 0) / (double)SK_MAX(results, 1);
  return combining_rule(o, terms, oracle_computing_epsilon(sk_elem_complex_part(elem)));
}

// Of zeta in f64: powers that are smaller than the sum lose their digits.
#define LEAST_ZETA 0x1p-1000

// What a function of one or two reals may differ by.
static rule function_rule(sk_opkind kind, sk_elem elem) {
  rule r = {.kind = ORACLE_ULPS, .units = elem == SK_F64 ? 6 : 4};
  switch ((int)kind) {
    case SK_OP_CHLO_LGAMMA:
    case SK_OP_CHLO_DIGAMMA:  // near their zeros terms cancel
      r.units = 64;
      r.floor = elem == SK_F64 ? 1e-12 : 1e-5;
      break;
    case SK_OP_CHLO_COSH:
    case SK_OP_CHLO_SINH:  // of f32 by an exponential of a rounded sum, as CHLO defines them
      r.units = elem == SK_F64 ? r.units : 256;
      break;
    case SK_OP_CHLO_BESSEL_I1E:
    case SK_OP_CHLO_ERF_INV:
    case SK_OP_CHLO_ERFC:
    case SK_OP_POWER:
    case SK_OP_CHLO_BROADCAST_POWER: r.units = 16; break;
    case SK_OP_CHLO_POLYGAMMA:
    case SK_OP_CHLO_ZETA:
    case SK_OP_CHLO_BROADCAST_POLYGAMMA:
    case SK_OP_CHLO_BROADCAST_ZETA:
      r.units = 1e4;
      r.floor = LEAST_ZETA;
      break;
    default: break;
  }
  return r;
}

// A share of the modulus. Where the function is steep, near a pole or at a cut, the operands' last units decide. atan2 is the logarithm
// of a number of modulus 1 and of either sign, in f64, whose last unit it cannot see past: near a cut its angle is known up to pi.
static rule complex_rule(sk_opkind kind, sk_elem result) {
  double unit = oracle_epsilon(sk_elem_complex_part(result));
  return (rule){.kind = ORACLE_MODULUS,
                .units = 256 * unit,
                .floor = oracle_has_cuts(kind, result) ? 16 * oracle_epsilon(SK_F64) : 0,
                .period = oracle_has_cuts(kind, result) ? 3.14159265358979323846 : 0,
                .blurs = true,
                .spreads = true};
}

static rule elementwise_rule(const oracle_op *o, sk_elem result) {
  sk_opkind kind = sk_op_kind(o->m, o->op);
  sk_elem elem = widest_elem(o->m, o->op);
  if (oracle_is_exact(kind, elem)) {
    return (rule){.kind = ORACLE_EXACT};
  }
  return sk_elem_is_complex(elem) ? complex_rule(kind, result) : function_rule(kind, result);
}

static rule bodies_rule(const oracle_op *o) {
  const sk_op_rec *rec = sk_op_get(o->m, o->op);
  sk_opkind kind = sk_op_kind(o->m, o->op);
  bool exact = true;
  for (uint32_t i = 0; i < rec->region_count && exact; i++) {
    exact = is_exact_region(o->m, sk_op_region(o->m, o->op, i), false, 0);
  }
  if (kind == SK_OP_FUNC_CALL || kind == SK_OP_COMPOSITE) {
    sk_name name = kind == SK_OP_FUNC_CALL ? SK_NAME_callee : SK_NAME_decomposition;
    exact = is_exact_function(o->m, sk_op_string(o->m, o->op, name), 0);
  }
  return (rule){.kind = exact ? ORACLE_EXACT : ORACLE_SPREAD, .spreads = !exact};
}

// Every window ends at the edge: the running sum begins there (docs/numerics.md). Any other order is the interpreter's.
static bool ends_at_edge(const oracle_op *o, double *out_terms) {
  const sk_type_rec *type = sk_value_type_rec(o->m, sk_op_operand(o->m, o->op, 0));
  sk_ints size = sk_op_ints(o->m, o->op, SK_NAME_window_dimensions);
  sk_ints padding = sk_op_ints(o->m, o->op, SK_NAME_padding);
  bool ends = false;
  *out_terms = 1;
  for (uint32_t d = 0; d < size.count; d++) {
    ends |= size.data[d] > 1 && size.data[d] == type->dims[d] && padding.count > 2 * d + 1 &&
            padding.data[2 * d] == 0 && padding.data[2 * d + 1] == size.data[d] - 1;
    *out_terms *= (double)size.data[d];
  }
  return ends;
}

static rule window_rule(const oracle_op *o, sk_elem elem) {
  double terms;
  bool real = sk_elem_is_float(elem) || sk_elem_is_complex(elem);
  bool reordered = real && ends_at_edge(o, &terms) &&
                   !is_exact_region(o->m, sk_op_region(o->m, o->op, 0), true, 0);
  return reordered ? combining_rule(o, terms, oracle_epsilon(sk_elem_complex_part(elem)))
                   : bodies_rule(o);
}

// Total order sees the sign and payload of a NaN. Those of a NaN that was computed are not defined,
// nor is the payload of narrow floats.
static bool is_given(const oracle_op *o, uint32_t operand) {
  sk_op op = sk_value_get(o->m, sk_op_operand(o->m, o->op, operand))->op;
  return op.id == 0 || sk_op_kind(o->m, op) == SK_OP_CONSTANT;
}

static bool is_nan_at(const oracle_op *o, uint32_t operand, int64_t index) {
  sk_elem elem = type_elem(o->m, sk_op_operand(o->m, o->op, operand));
  return o->operands[operand] == NULL || isnan(oracle_element(elem, o->operands[operand], index));
}

// Two NaNs of given values.
static bool differ_in_payload(sk_elem elem, const void *a, int64_t i, const void *b, int64_t k) {
  size_t bytes = sk_elem_bytes(elem);
  uint32_t x = 0, y = 0, sign = UINT32_C(1) << (sk_elem_bits(elem) - 1);
  memcpy(&x, (const char *)a + (size_t)i * bytes, bytes);
  memcpy(&y, (const char *)b + (size_t)k * bytes, bytes);
  return (x & sign) == (y & sign) && x != y;
}

// Of a comparison in total order: this element is one of NaNs about which nothing is said.
static bool is_undefined_at(const oracle_op *o, int64_t index) {
  sk_elem elem = type_elem(o->m, sk_op_operand(o->m, o->op, 0));
  bool nan[2] = {is_nan_at(o, 0, index), is_nan_at(o, 1, index)};
  if (!sk_elem_is_float(elem)) {
    return false;
  }
  if ((nan[0] && !is_given(o, 0)) || (nan[1] && !is_given(o, 1))) {
    return true;
  }
  return nan[0] && nan[1] && oracle_is_narrow(elem) &&
         differ_in_payload(elem, o->operands[0], index, o->operands[1], index);
}

static bool is_total_order(const sk_module *m, sk_op op) {
  return sk_op_kind(m, op) == SK_OP_COMPARE &&
         sk_op_int(m, op, SK_NAME_compare_type, 0) == SK_CMPTYPE_TOTALORDER;
}

static bool uses_total_order(const oracle_op *o) {
  sk_walker walker;
  sk_op op;
  bool total = sk_op_kind(o->m, o->op) == SK_OP_CHLO_TOP_K;
  if (!total) {
    sk_walk_begin(&walker, o->m, sk_op_region(o->m, o->op, 0));
    while (!total && sk_walk_next(&walker, &op)) {
      total = is_total_order(o->m, op);
    }
  }
  return total;
}

static bool has_undefined_nans(const oracle_op *o, uint32_t operand) {
  sk_elem elem = type_elem(o->m, sk_op_operand(o->m, o->op, operand));
  const void *data = o->operands[operand];
  int64_t seen[2] = {-1, -1};  // NaNs by sign
  for (int64_t k = 0; sk_elem_is_float(elem) && k < oracle_operand_count(o, operand); k++) {
    if (!is_nan_at(o, operand, k)) {
      continue;
    }
    if (!is_given(o, operand) || data == NULL) {
      return true;
    }
    int64_t *same = &seen[signbit(oracle_element(elem, data, k)) != 0];
    if (oracle_is_narrow(elem) && *same >= 0 && differ_in_payload(elem, data, *same, data, k)) {
      return true;
    }
    *same = k;
  }
  return false;
}

// Of sort and top_k: the order is not defined.
static bool is_unordered(const oracle_op *o) {
  bool unordered = false;
  for (uint32_t i = 0; i < sk_op_get(o->m, o->op)->operand_count && !unordered; i++) {
    unordered = uses_total_order(o) && has_undefined_nans(o, i);
  }
  return unordered;
}

// Sums of squares, of the gradient sums of products of three: whether they leave the type depends on their order.
static bool normalising_overflows(const oracle_op *o) {
  sk_opkind kind = sk_op_kind(o->m, o->op);
  bool grad = kind == SK_OP_BATCH_NORM_GRAD;
  sk_elem elem = type_elem(o->m, sk_op_operand(o->m, o->op, 0));
  double apart = operand_magnitude(o, 0) + (grad ? operand_magnitude(o, 2) : 0);
  double reach = apart * apart * (grad ? fmax(operand_magnitude(o, 4), 1) : 1);
  return kind != SK_OP_BATCH_NORM_INFERENCE &&
         !(reach * (double)oracle_operand_count(o, 0) <
           oracle_largest_finite(oracle_is_narrow(elem) ? SK_F32 : elem));
}

rule oracle_rule_of(const oracle_op *o, sk_elem result) {
  sk_opkind kind = sk_op_kind(o->m, o->op);
  bool real = sk_elem_is_float(result) || sk_elem_is_complex(result);
  const sk_op_rec *rec = sk_op_get(o->m, o->op);
  switch ((int)sk_opkind_info(kind)->op_class) {
    case SK_OPCLASS_ELEMENTWISE: return elementwise_rule(o, result);
    case SK_OPCLASS_REDUCE: return reduce_rule(o, result);
    case SK_OPCLASS_DOT:
    case SK_OPCLASS_CONV:
      return !real                    ? (rule){.kind = ORACLE_EXACT}
             : rec->operand_count > 1 ? product_rule(o)
                                      : sum_rule(o, (double)oracle_operand_count(o, 0));
    case SK_OPCLASS_FFT: {
      double count = (double)oracle_operand_count(o, 0);
      rule r = sum_rule(o, count);
      r.terms = 64;
      r.floor = count * oracle_smallest_step(sk_elem_complex_part(result));  // of every product
      r.blurs = true;  // which products an algorithm forms is its own
      return r;
    }
    case SK_OPCLASS_LINALG:
      return (rule){.kind = ORACLE_LOOSE,
                    .units = 4096 * oracle_epsilon(sk_elem_complex_part(result)),
                    .blurs = has_infinities(o),  // which products are formed is an algorithm's own
                    .spreads = true};
    case SK_OPCLASS_NORM:
      return (rule){.kind = ORACLE_SPREAD,
                    .blurs = has_infinities(o) || normalising_overflows(o),
                    .spreads = true};
    default: break;
  }
  if (kind == SK_OP_DYNAMIC_CONV) {
    return real ? product_rule(o) : (rule){.kind = ORACLE_EXACT};
  }
  if ((kind == SK_OP_SORT || kind == SK_OP_CHLO_TOP_K) && is_unordered(o)) {
    return (rule){.kind = ORACLE_ANYTHING};
  }
  bool has_bodies = rec->region_count > 0 || sk_opkind_info(kind)->op_class == SK_OPCLASS_CALL;
  if (kind == SK_OP_REDUCE_WINDOW) {
    return window_rule(o, result);
  }
  return has_bodies ? bodies_rule(o) : (rule){.kind = ORACLE_EXACT};
}

// polygamma of n is n! times a zeta, and with it what the zeta lacks.
rule oracle_rule_at(const oracle_op *o, const rule *r, int64_t index) {
  sk_opkind kind = sk_op_kind(o->m, o->op);
  rule at = *r;
  if (kind != SK_OP_CHLO_POLYGAMMA && kind != SK_OP_CHLO_BROADCAST_POLYGAMMA) {
    return at;
  }
  int64_t orders = oracle_operand_count(o, 0);
  if (o->operands[0] != NULL && r->kind == ORACLE_ULPS && (index < orders || orders == 1)) {
    sk_elem elem = type_elem(o->m, sk_op_operand(o->m, o->op, 0));
    double n = oracle_element(elem, o->operands[0], orders == 1 ? 0 : index);
    at.floor *= n > 0 && n <= 170 ? tgamma(n + 1) : 1;
  }
  return at;
}

// ---- comparing

bool oracle_may_underflow(sk_elem part, double x, double y) {
  double finite = isfinite(x) ? x : y;
  return part == SK_F8E8M0FNU && isfinite(finite) && finite <= oracle_smallest_step(part);
}

// Rounding may put one side over the edge of the type, or a sum of large terms out of it.
bool oracle_may_overflow(sk_elem part, double x, double y, double reach) {
  double edge = oracle_largest_finite(part) * 0.49;
  double finite = isfinite(x) ? fabs(x) : isfinite(y) ? fabs(y) : 0;
  return finite >= edge || reach >= edge;
}

double oracle_allowed_difference(const rule *r, sk_elem part, double x, double y, double largest) {
  double larger = fabs(x) > fabs(y) ? fabs(x) : fabs(y);
  double own = oracle_is_narrow(part) ? oracle_unit_at(part, larger) * 1.01 : 0;
  double unit = r->unit > 0 ? r->unit : oracle_computing_epsilon(part);
  double step = oracle_is_narrow(part) ? oracle_smallest_step(SK_F32) : oracle_smallest_step(part);
  switch (r->kind) {
    case ORACLE_ULPS:
      return r->floor +
             (oracle_is_narrow(part) ? own : r->units * oracle_unit_at(part, larger) / 2);
    case ORACLE_SUM:
      return r->floor + (oracle_is_narrow(part) ? own : 2 * oracle_unit_at(part, larger)) +
             (r->terms + 16) * unit * r->units + (r->terms + 1) * step;
    case ORACLE_LOOSE: return own + r->floor + r->units * largest + 4 * oracle_smallest_step(part);
    case ORACLE_MODULUS: return r->floor + r->units * largest + 4 * oracle_smallest_step(part);
    case ORACLE_PRODUCT: return own + r->units * larger;
    case ORACLE_EXACT:
    case ORACLE_SPREAD:
    case ORACLE_ANYTHING: return 0;
  }
  return 0;
}

static bool allows_part(const rule *r, sk_elem part, const void *got, const void *want, int64_t i,
                        double largest) {
  if (r->kind == ORACLE_ANYTHING || oracle_same_bits(part, got, want, i)) {
    return true;
  }
  if (r->kind == ORACLE_EXACT || r->kind == ORACLE_SPREAD || r->kind == ORACLE_PRODUCT) {
    return false;
  }
  double x = oracle_element(part, got, i), y = oracle_element(part, want, i);
  if (!isfinite(x) || !isfinite(y)) {
    return r->blurs || (r->kind == ORACLE_LOOSE && !r->spreads) ||
           (r->kind == ORACLE_ULPS && oracle_may_underflow(part, x, y)) ||
           oracle_may_overflow(part, x, y, r->kind == ORACLE_SUM ? r->units : 0);
  }
  if (!isfinite(largest)) {
    return true;  // the other part is no number
  }
  double apart = r->period > 0 && i % 2 == 0 ? remainder(x - y, r->period) : x - y;
  return fabs(apart) <= oracle_allowed_difference(r, part, x, y, largest);
}

// The modulus of the larger of the two.
static double modulus_at(sk_elem part, const void *a, const void *b, int64_t i) {
  double x = hypot(oracle_element(part, a, 2 * i), oracle_element(part, a, 2 * i + 1));
  double y = hypot(oracle_element(part, b, 2 * i), oracle_element(part, b, 2 * i + 1));
  return x > y ? x : y;
}

// Of element-wise operations: what the element was computed from.
static void print_operands(const oracle_op *o, int64_t index, int64_t count, char *buf,
                           size_t bytes) {
  size_t at = 0;
  buf[0] = 0;
  for (uint32_t i = 0; i < sk_op_get(o->m, o->op)->operand_count && i < 3; i++) {
    char text[80];
    if (o->operands[i] == NULL || oracle_operand_count(o, i) != count) {
      continue;
    }
    oracle_print_element(type_elem(o->m, sk_op_operand(o->m, o->op, i)), o->operands[i], index,
                         text, sizeof text);
    at += (size_t)snprintf(buf + at, bytes - at, "%s%s", at == 0 ? " of " : ", ", text);
  }
}

// Marks the parts that are not as the rule says; returns the first, -1: none.
static int64_t find_forbidden(const oracle_op *o, const rule *r, const void *got, const void *want,
                              int64_t count, bool *out_marks) {
  sk_elem elem = type_elem(o->m, sk_op_result(o->m, o->op, o->result));
  sk_elem part = sk_elem_complex_part(elem);
  bool complex = part != elem, total = is_total_order(o->m, o->op);
  double largest = r->kind == ORACLE_LOOSE ? largest_magnitude(elem, want, count) : 0;
  int64_t first = -1;
  for (int64_t i = 0; i < count * (complex ? 2 : 1); i++) {
    int64_t index = complex ? i / 2 : i;
    double scale = r->kind == ORACLE_MODULUS && complex ? modulus_at(part, got, want, index)
                   : r->kind == ORACLE_MODULUS          ? fabs(oracle_element(part, want, i))
                                                        : largest;
    rule at = oracle_rule_at(o, r, index);
    out_marks[i] =
        !allows_part(&at, part, got, want, i, scale) && !(total && is_undefined_at(o, index));
    first = out_marks[i] && first < 0 ? i : first;
  }
  return first;
}

// As find_forbidden, where what rounding can do is asked of the interpreter.
static int64_t find_beyond(const oracle_op *o, const rule *r, const void *got, const void *want,
                           int64_t count, bool *marks) {
  int64_t at = find_forbidden(o, r, got, want, count, marks);
  bool allowed =
      at >= 0 &&
      ((r->spreads && oracle_spread_allows(o, r, got, want, count, marks, &at)) ||
       (r->kind == ORACLE_PRODUCT && oracle_product_allows(o, r, got, want, count, marks, &at)));
  return allowed ? -1 : at;
}

bool oracle_allows(const oracle_op *o, const void *got, const void *want, int64_t count, char *why,
                   size_t why_bytes) {
  sk_elem elem = type_elem(o->m, sk_op_result(o->m, o->op, o->result));
  if (oracle_first_difference(elem, got, want, count) < 0) {
    return true;
  }
  rule r = oracle_rule_of(o, elem);
  bool *marks = calloc((size_t)count * 2 + 1, sizeof *marks);
  int64_t at = marks != NULL ? find_beyond(o, &r, got, want, count, marks) : 0;
  free(marks);
  if (at < 0) {
    return true;
  }
  int64_t index = sk_elem_is_complex(elem) ? at / 2 : at;
  char a[80], b[80], from[300];
  oracle_print_element(elem, got, index, a, sizeof a);
  oracle_print_element(elem, want, index, b, sizeof b);
  print_operands(o, index, count, from, sizeof from);
  snprintf(why, why_bytes, "element %lld of %lld%s is %s, the interpreter says %s",
           (long long)index, (long long)count, from, a, b);
  return false;
}
