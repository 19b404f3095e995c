// SPDX-License-Identifier: Apache-2.0
// How far generated code may be from the interpreter, for one operation on equal operands
// (docs/numerics.md says why; this is its table for tools and tests).
//
//   exact     the same bits, all NaNs alike
//   ulps      functions: a number of units in the last place of the result
//   modulus   complex functions: a share of the number's modulus
//   sum       sums and products of many: rounding errors of all terms at their largest
//   loose     operations with bodies that are not exact themselves: a share of the largest result
//   anything  integers and truths decided inside such bodies
//
// Narrow floats are computed in f32 and rounded once, so that a unit of their own is always allowed
// where f32 itself may differ.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "oracle.h"

// ---- numbers

static double element(sk_elem elem, const void *data, int64_t index) {
  const char *at = (const char *)data + index * (int64_t)sk_elem_bytes(elem);
  uint64_t bits = 0;
  float f32;
  double f64;
  switch ((int)elem) {
    case SK_F32: memcpy(&f32, at, 4); return (double)f32;
    case SK_F64: memcpy(&f64, at, 8); return f64;
#define X(name, ...)                                                                               \
  case SK_##name:                                                                                  \
    memcpy(&bits, at, sk_elem_bytes(elem));                                                        \
    return sk_num_decode(SK_NUM_##name, (uint32_t)bits);
#include "base/num.def"
#undef X
    default: {
      uint32_t unused = 64 - 8 * sk_elem_bytes(elem);
      memcpy(&bits, at, sk_elem_bytes(elem));
      bool has_sign = sk_elem_is_signed(elem);
      return has_sign ? (double)((int64_t)(bits << unused) >> unused) : (double)bits;
    }
  }
}

// Half a unit in the last place of 1.
static double epsilon(sk_elem elem) {
  switch ((int)elem) {
    case SK_F64: return 0x1p-53;
    case SK_F32: return 0x1p-24;
#define X(name, text, bits, exponent, mantissa, ...)                                               \
  case SK_##name:                                                                                  \
    return ldexp(1, -(mantissa)-1);
#include "base/num.def"
#undef X
    default: return 0;
  }
}

static double largest_finite(sk_elem elem) {
  switch ((int)elem) {
    case SK_F64: return 0x1.fffffffffffffp1023;
    case SK_F32: return 0x1.fffffep127;
#define X(name, text, bits, exponent, mantissa, bias, ...)                                         \
  case SK_##name:                                                                                  \
    return ldexp(1, (1 << (exponent)) - 1 - (bias));
#include "base/num.def"
#undef X
    default: return HUGE_VAL;
  }
}

static double smallest_step(sk_elem elem) {
  switch ((int)elem) {
    case SK_F64: return 0x1p-1074;
    case SK_F32: return 0x1p-149;
#define X(name, text, bits, exponent, mantissa, bias, ...)                                         \
  case SK_##name:                                                                                  \
    return ldexp(1, 1 - (bias) - (mantissa));
#include "base/num.def"
#undef X
    default: return 0;
  }
}

static double unit_at(sk_elem elem, double x) {
  double unit = 2 * epsilon(elem) * fabs(x);  // at most twice the true one
  return unit > smallest_step(elem) ? unit : smallest_step(elem);
}

static bool is_narrow(sk_elem elem) {
  return sk_elem_is_float(elem) && elem != SK_F32 && elem != SK_F64;
}

// Narrow floats compute in f32.
static double computing_epsilon(sk_elem elem) { return epsilon(is_narrow(elem) ? SK_F32 : elem); }

static bool same_bits(sk_elem part, const void *a, const void *b, int64_t i) {
  size_t bytes = sk_elem_bytes(part);
  const char *x = (const char *)a + (size_t)i * bytes, *y = (const char *)b + (size_t)i * bytes;
  return memcmp(x, y, bytes) == 0 ||
         (sk_elem_is_float(part) && isnan(element(part, a, i)) && isnan(element(part, b, i)));
}

int64_t oracle_first_difference(sk_elem elem, const void *a, const void *b, int64_t count) {
  sk_elem part = sk_elem_complex_part(elem);
  int64_t parts = part != elem ? 2 : 1;
  if (memcmp(a, b, (size_t)count * sk_elem_bytes(elem)) == 0) {
    return -1;
  }
  for (int64_t i = 0; i < count * parts; i++) {
    if (!same_bits(part, a, b, i)) {
      return i / parts;
    }
  }
  return -1;
}

void oracle_print_element(sk_elem elem, const void *data, int64_t index, char *buf, size_t bytes) {
  sk_elem part = sk_elem_complex_part(elem);
  if (part != elem) {
    snprintf(buf, bytes, "(%.17g, %.17g)", element(part, data, 2 * index),
             element(part, data, 2 * index + 1));
  } else if (sk_elem_is_float(elem)) {
    snprintf(buf, bytes, elem == SK_F64 ? "%.17g" : "%.9g", element(elem, data, index));
  } else {
    uint64_t bits = 0;
    memcpy(&bits, (const char *)data + index * (int64_t)sk_elem_bytes(elem), sk_elem_bytes(elem));
    uint32_t unused = 64 - 8 * sk_elem_bytes(elem);
    snprintf(buf, bytes, sk_elem_is_signed(elem) ? "%lld" : "%llu",
             sk_elem_is_signed(elem) ? (long long)((int64_t)(bits << unused) >> unused)
                                     : (long long)bits);
  }
}

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
    case SK_OP_MAXIMUM:
    case SK_OP_MINIMUM:
    case SK_OP_CHLO_CONJ:
    case SK_OP_CHLO_BROADCAST_ADD:
    case SK_OP_CHLO_BROADCAST_SUBTRACT: return true;
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

typedef enum rule_kind { EXACT, ULPS, MODULUS, SUM, LOOSE, ANYTHING } rule_kind;

typedef struct rule {
  rule_kind kind;
  double units;  // ULPS: how many. MODULUS, LOOSE: share. SUM: largest sum of magnitudes
  double terms;  // SUM: how many
  double floor;  // absolute difference that is always allowed
  bool blurs;    // a NaN or infinity may spread differently
} rule;

// Rounding decides on which side of a cut the argument lies.
static bool has_cuts(sk_opkind kind, sk_elem elem) {
  return sk_elem_is_complex(elem) && (kind == SK_OP_ATAN2 || kind == SK_OP_CHLO_BROADCAST_ATAN2);
}

// On what is not exact itself: functions with a cut or pole where rounding errors alone can lie, and
// variances, which may be nothing but rounding errors.
static bool is_erratic(sk_opkind kind, sk_elem elem) {
  if (!sk_elem_is_complex(elem)) {
    return sk_opkind_info(kind)->op_class == SK_OPCLASS_NORM;
  }
  switch ((int)kind) {
    case SK_OP_POWER:
    case SK_OP_LOG:
    case SK_OP_LOG_PLUS_ONE:
    case SK_OP_SQRT:
    case SK_OP_RSQRT:
    case SK_OP_CHLO_ACOS:
    case SK_OP_CHLO_ACOSH:
    case SK_OP_CHLO_ASIN:
    case SK_OP_CHLO_ASINH:
    case SK_OP_CHLO_ATAN:
    case SK_OP_CHLO_ATANH:
    case SK_OP_CHLO_BROADCAST_POWER: return true;
    default: return has_cuts(kind, elem);
  }
}

static rule_kind function_kind(const sk_module *m, sk_str name, uint32_t depth);

static rule_kind inner_kind(const sk_module *m, sk_op op, bool combines, uint32_t depth) {
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
    return function_kind(m, sk_op_string(m, op, name), depth + 1);
  }
  if (is_erratic(kind, elem)) {
    return ANYTHING;
  }
  return holds || !real || (combines ? chooses : oracle_is_exact(kind, elem)) ? EXACT : LOOSE;
}

// EXACT if every operation inside is exact on what it gets, ANYTHING if the result of one says
// nothing, else LOOSE. Reductions count as inexact unless they only choose.
static rule_kind region_kind(const sk_module *m, sk_region region, bool combines, uint32_t depth) {
  rule_kind worst = EXACT;
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, m, region);
  while (sk_walk_next(&walker, &op)) {
    rule_kind kind = inner_kind(m, op, combines, depth);
    worst = SK_MAX(worst, kind);
  }
  return worst;
}

static rule_kind function_kind(const sk_module *m, sk_str name, uint32_t depth) {
  sk_op func = sk_module_find_func(m, name);
  return func.id != 0 && depth < 16 ? region_kind(m, sk_func_body(m, func), false, depth) : LOOSE;
}

static double largest_magnitude(sk_elem elem, const void *data, int64_t count) {
  sk_elem part = sk_elem_complex_part(elem);
  int64_t parts = count * (part != elem ? 2 : 1);
  double largest = 0;
  for (int64_t i = 0; data != NULL && i < parts; i++) {
    double x = fabs(element(part, data, i));
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

static int64_t operand_count(const oracle_op *o, uint32_t i) {
  int64_t count = 0;
  (void)sk_type_elem_count(o->m, sk_value_type(o->m, sk_op_operand(o->m, o->op, i)), &count);
  return count;
}

static bool has_product(const sk_module *m, sk_region region) {
  SK_FOR_EACH_OP(m, region, op) {
    if (sk_op_kind(m, op) == SK_OP_MULTIPLY) {
      return true;
    }
  }
  return false;
}

// Of all operands together; every term at most the largest element.
static rule sum_rule(const oracle_op *o, double terms) {
  double largest = 0;
  for (uint32_t i = 0; i < sk_op_get(o->m, o->op)->operand_count; i++) {
    double x = operand_magnitude(o, i);
    largest = x > largest ? x : largest;
  }
  return (rule){.kind = SUM, .units = largest * terms, .terms = terms};
}

static rule product_rule(const oracle_op *o) {
  // Terms: no more than either side has.
  double terms = (double)SK_MIN(operand_count(o, 0), operand_count(o, 1));
  double scale = operand_magnitude(o, 0) * operand_magnitude(o, 1) * (terms > 1 ? terms : 1);
  return (rule){.kind = SUM, .units = scale, .terms = terms};
}

static rule reduce_rule(const oracle_op *o, sk_elem elem) {
  sk_region body = sk_op_region(o->m, o->op, 0);
  if (region_kind(o->m, body, true, 0) == EXACT) {
    return (rule){.kind = EXACT};
  }
  if (!sk_elem_is_float(elem) && !sk_elem_is_complex(elem)) {
    return (rule){.kind = EXACT};
  }
  int64_t results = 1;
  (void)sk_type_elem_count(o->m, sk_value_type(o->m, sk_op_result(o->m, o->op, o->result)),
                           &results);
  double terms = 1 + (double)operand_count(o, 0) / (double)SK_MAX(results, 1);
  if (has_product(o->m, body)) {
    return (rule){.kind = LOOSE,
                  .units = 8 * (terms + 8) * computing_epsilon(sk_elem_complex_part(elem))};
  }
  return sum_rule(o, terms);
}

// What a function of one or two reals may differ by.
static rule function_rule(sk_opkind kind, sk_elem elem) {
  rule r = {.kind = ULPS, .units = elem == SK_F64 ? 6 : 4};
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
    case SK_OP_CHLO_BROADCAST_ZETA: r.units = 1e4; break;
    default: break;
  }
  return r;
}

static rule complex_rule(const oracle_op *o, sk_elem result) {
  sk_opkind kind = sk_op_kind(o->m, o->op);
  double unit = epsilon(sk_elem_complex_part(result));
  if (has_cuts(kind, result)) {
    return (rule){.kind = ANYTHING};
  }
  switch ((int)kind) {
    case SK_OP_POWER:
    case SK_OP_LOGISTIC:
    case SK_OP_CHLO_BROADCAST_POWER: return (rule){.kind = MODULUS, .units = 1e-3};
    default: return (rule){.kind = MODULUS, .units = 256 * unit};
  }
}

static rule elementwise_rule(const oracle_op *o, sk_elem result) {
  sk_opkind kind = sk_op_kind(o->m, o->op);
  sk_elem elem = widest_elem(o->m, o->op);
  if (oracle_is_exact(kind, elem)) {
    return (rule){.kind = EXACT};
  }
  return sk_elem_is_complex(elem) ? complex_rule(o, result) : function_rule(kind, result);
}

static rule bodies_rule(const oracle_op *o, sk_elem result) {
  const sk_op_rec *rec = sk_op_get(o->m, o->op);
  sk_opkind kind = sk_op_kind(o->m, o->op);
  rule_kind worst = EXACT;
  for (uint32_t i = 0; i < rec->region_count; i++) {
    rule_kind inside = region_kind(o->m, sk_op_region(o->m, o->op, i), false, 0);
    worst = SK_MAX(worst, inside);
  }
  if (kind == SK_OP_FUNC_CALL || kind == SK_OP_COMPOSITE) {
    sk_name name = kind == SK_OP_FUNC_CALL ? SK_NAME_callee : SK_NAME_decomposition;
    worst = function_kind(o->m, sk_op_string(o->m, o->op, name), 0);
  }
  bool real = sk_elem_is_float(result) || sk_elem_is_complex(result);
  worst = worst != EXACT && !real ? ANYTHING : worst;
  return (rule){.kind = worst, .units = is_narrow(result) ? 0.3 : 0.01};
}

// Total order sees the sign and payload of a NaN. Those of a NaN that was computed are not defined,
// nor is the payload of narrow floats.
static bool is_given(const oracle_op *o, uint32_t operand) {
  sk_op op = sk_value_get(o->m, sk_op_operand(o->m, o->op, operand))->op;
  return op.id == 0 || sk_op_kind(o->m, op) == SK_OP_CONSTANT;
}

static bool is_nan_at(const oracle_op *o, uint32_t operand, int64_t index) {
  sk_elem elem = type_elem(o->m, sk_op_operand(o->m, o->op, operand));
  return o->operands[operand] == NULL || isnan(element(elem, o->operands[operand], index));
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
  return nan[0] && nan[1] && is_narrow(elem) &&
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
  for (int64_t k = 0; sk_elem_is_float(elem) && k < operand_count(o, operand); k++) {
    if (!is_nan_at(o, operand, k)) {
      continue;
    }
    if (!is_given(o, operand) || data == NULL) {
      return true;
    }
    int64_t *same = &seen[signbit(element(elem, data, k)) != 0];
    if (is_narrow(elem) && *same >= 0 && differ_in_payload(elem, data, *same, data, k)) {
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

static rule rule_of(const oracle_op *o, sk_elem result) {
  sk_opkind kind = sk_op_kind(o->m, o->op);
  bool real = sk_elem_is_float(result) || sk_elem_is_complex(result);
  const sk_op_rec *rec = sk_op_get(o->m, o->op);
  switch ((int)sk_opkind_info(kind)->op_class) {
    case SK_OPCLASS_ELEMENTWISE: return elementwise_rule(o, result);
    case SK_OPCLASS_REDUCE: return reduce_rule(o, result);
    case SK_OPCLASS_DOT:
    case SK_OPCLASS_CONV:
      return !real                    ? (rule){.kind = EXACT}
             : rec->operand_count > 1 ? product_rule(o)
                                      : sum_rule(o, (double)operand_count(o, 0));
    case SK_OPCLASS_FFT: {
      double count = (double)operand_count(o, 0);
      rule r = sum_rule(o, count);
      r.terms = 64;
      r.blurs = true;  // which products an algorithm forms is its own
      return r;
    }
    case SK_OPCLASS_LINALG:
      return (rule){.kind = LOOSE, .units = 4096 * epsilon(sk_elem_complex_part(result))};
    case SK_OPCLASS_NORM: {  // variances of what hardly varies cancel
      double largest = operand_magnitude(o, 0);
      return (rule){.kind = LOOSE,
                    .units = is_narrow(result) ? 0.3 : 0.01,
                    .floor = 64 * epsilon(result) * largest * (1 + largest)};
    }
    default: break;
  }
  if (kind == SK_OP_DYNAMIC_CONV) {
    return real ? product_rule(o) : (rule){.kind = EXACT};
  }
  if ((kind == SK_OP_SORT || kind == SK_OP_CHLO_TOP_K) && is_unordered(o)) {
    return (rule){.kind = ANYTHING};
  }
  bool has_bodies = rec->region_count > 0 || sk_opkind_info(kind)->op_class == SK_OPCLASS_CALL;
  return has_bodies ? bodies_rule(o, result) : (rule){.kind = EXACT};
}

// ---- comparing

// Rounding may put one side over the edge of the type, or a sum of large terms out of it.
static bool may_overflow(sk_elem part, double x, double y, double reach) {
  double edge = largest_finite(part) * 0.49;
  double finite = isfinite(x) ? fabs(x) : isfinite(y) ? fabs(y) : 0;
  return finite >= edge || reach >= edge;
}

static double allowed_difference(const rule *r, sk_elem part, double x, double y, double largest) {
  double larger = fabs(x) > fabs(y) ? fabs(x) : fabs(y);
  double own = is_narrow(part) ? unit_at(part, larger) * 1.01 : 0;
  double unit = computing_epsilon(part);
  double step = is_narrow(part) ? smallest_step(SK_F32) : smallest_step(part);
  switch (r->kind) {
    case ULPS: return r->floor + (is_narrow(part) ? own : r->units * unit_at(part, larger) / 2);
    case SUM:
      return (is_narrow(part) ? own : 2 * unit_at(part, larger)) +
             (r->terms / 8 + 16) * unit * r->units + (r->terms + 1) * step;
    case LOOSE: return own + r->floor + r->units * largest + 4 * smallest_step(part);
    case MODULUS: return r->units * largest + 4 * smallest_step(part);
    case EXACT:
    case ANYTHING: return 0;
  }
  return 0;
}

static bool allows_part(const rule *r, sk_elem part, const void *got, const void *want, int64_t i,
                        double largest) {
  if (r->kind == ANYTHING || same_bits(part, got, want, i)) {
    return true;
  }
  if (r->kind == EXACT) {
    return false;
  }
  double x = element(part, got, i), y = element(part, want, i);
  if (!isfinite(x) || !isfinite(y)) {
    bool loose = r->kind == LOOSE || r->kind == MODULUS || r->blurs;
    return loose || may_overflow(part, x, y, r->kind == SUM ? r->units : 0);
  }
  if (!isfinite(largest)) {
    return true;  // the other part is no number
  }
  return fabs(x - y) <= allowed_difference(r, part, x, y, largest);
}

// The modulus of the larger of the two.
static double modulus_at(sk_elem part, const void *a, const void *b, int64_t i) {
  double x = hypot(element(part, a, 2 * i), element(part, a, 2 * i + 1));
  double y = hypot(element(part, b, 2 * i), element(part, b, 2 * i + 1));
  return x > y ? x : y;
}

// Of element-wise operations: what the element was computed from.
static void print_operands(const oracle_op *o, int64_t index, int64_t count, char *buf,
                           size_t bytes) {
  size_t at = 0;
  buf[0] = 0;
  for (uint32_t i = 0; i < sk_op_get(o->m, o->op)->operand_count && i < 3; i++) {
    char text[80];
    if (o->operands[i] == NULL || operand_count(o, i) != count) {
      continue;
    }
    oracle_print_element(type_elem(o->m, sk_op_operand(o->m, o->op, i)), o->operands[i], index,
                         text, sizeof text);
    at += (size_t)snprintf(buf + at, bytes - at, "%s%s", at == 0 ? " of " : ", ", text);
  }
}

bool oracle_allows(const oracle_op *o, const void *got, const void *want, int64_t count, char *why,
                   size_t why_bytes) {
  sk_elem elem = type_elem(o->m, sk_op_result(o->m, o->op, o->result));
  sk_elem part = sk_elem_complex_part(elem);
  if (oracle_first_difference(elem, got, want, count) < 0) {
    return true;
  }
  rule r = rule_of(o, elem);
  bool complex = part != elem, total = is_total_order(o->m, o->op);
  double largest = r.kind == LOOSE ? largest_magnitude(elem, want, count) : 0;
  for (int64_t i = 0; i < count * (complex ? 2 : 1); i++) {
    int64_t index = complex ? i / 2 : i;
    double scale = r.kind == MODULUS && complex ? modulus_at(part, got, want, index)
                   : r.kind == MODULUS          ? fabs(element(part, want, i))
                                                : largest;
    if (!allows_part(&r, part, got, want, i, scale) && !(total && is_undefined_at(o, index))) {
      char a[80], b[80], from[300];
      oracle_print_element(elem, got, index, a, sizeof a);
      oracle_print_element(elem, want, index, b, sizeof b);
      print_operands(o, index, count, from, sizeof from);
      snprintf(why, why_bytes, "element %lld of %lld%s is %s, the interpreter says %s",
               (long long)index, (long long)count, from, a, b);
      return false;
    }
  }
  return true;
}
