// SPDX-License-Identifier: Apache-2.0
// Recognises comparators that order by keys: lexicographic comparisons of operands as they are.
//
//   order   compare LT | GT of a key
//           order or (equal of that key and order)          | select(equal of that key, order, order)
//   equal   compare EQ of a key
//   key     the operand's two elements; of floats in total order either as they are, or both with zeros made +0 and NaNs made one:
//           select(x != x, nan, select(x == 0, 0, x))
//
// Everything else (computed keys, parts of complex numbers) is sorted with the comparator itself. A plain float comparison is PLAIN
// order, whose rows with NaNs the library merges as the comparator itself would be used.
#include "loop/lower_int.h"

enum { PRESENT_ZERO = 1, PRESENT_NAN = 2, BOTH = 3 };

typedef struct side {
  uint32_t arg;        // of the body
  uint32_t canonical;  // which values are made one
} side;

static sk_op def_of(const sk_lowering *l, sk_value v, sk_opkind kind) {
  sk_op op = sk_value_get(l->m, v)->op;
  return op.id != 0 && sk_op_kind(l->m, op) == kind ? op : (sk_op){0};
}

static uint32_t direction_of(const sk_lowering *l, sk_op compare) {
  return (uint32_t)sk_op_int(l->m, compare, SK_NAME_comparison_direction, 0);
}

// Bits of a scalar constant; false if v is none.
static bool constant_bits(const sk_lowering *l, sk_value v, uint64_t *out) {
  sk_op op = def_of(l, v, SK_OP_CONSTANT);
  const sk_type_rec *type = sk_value_type_rec(l->m, v);
  uint32_t bytes = sk_elem_bytes((sk_elem)type->elem);
  if (op.id == 0 || type->rank != 0 || bytes > 8) {
    return false;
  }
  *out = 0;
  memcpy(out, sk_attr_get(l->m, sk_op_find_attr(l->m, op, SK_NAME_value))->u.dense.data, bytes);
  return true;
}

static int64_t exponent_bits_of(sk_elem elem) {
  switch ((int)elem) {
    case SK_F16: return 5;
    case SK_BF16:
    case SK_F32: return 8;
    case SK_F64: return 11;
    default: return 0;
  }
}

// Is it the value that a canonicalisation puts in: +0, or a positive NaN?
static bool is_canonical(sk_elem elem, uint64_t bits, uint32_t which) {
  uint64_t sign = (uint64_t)1 << (sk_elem_bits(elem) - 1),
           mantissa = (sign >> exponent_bits_of(elem)) - 1;
  return which == PRESENT_ZERO ? bits == 0 : bits < sign && bits > (sign - 1) - mantissa;
}

// select(x == 0, 0, rest) or select(x != x, nan, rest): which one; 0: neither.
static uint32_t canonicalisation_of(const sk_lowering *l, sk_op select, sk_value *out_tested) {
  sk_op test = def_of(l, sk_op_operand(l->m, select, 0), SK_OP_COMPARE);
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, sk_op_result(l->m, select, 0))->elem;
  uint64_t bits, other;
  if (test.id == 0 || exponent_bits_of(elem) == 0 ||
      !constant_bits(l, sk_op_operand(l->m, select, 1), &bits) ||
      sk_op_int(l->m, test, SK_NAME_compare_type, SK_CMPTYPE_NOTYPE) == SK_CMPTYPE_TOTALORDER) {
    return 0;
  }
  sk_value x = sk_op_operand(l->m, test, 0), y = sk_op_operand(l->m, test, 1);
  *out_tested = x;
  if (direction_of(l, test) == SK_CMP_NE && x.id == y.id) {
    return is_canonical(elem, bits, PRESENT_NAN) ? PRESENT_NAN : 0;
  }
  bool zero = direction_of(l, test) == SK_CMP_EQ && constant_bits(l, y, &other) &&
              (other == 0 || other == (uint64_t)1 << (sk_elem_bits(elem) - 1));
  return zero && is_canonical(elem, bits, PRESENT_ZERO) ? PRESENT_ZERO : 0;
}

static bool find_side(const sk_lowering *l, sk_region body, sk_value v, side *out) {
  sk_value tested[2];
  uint32_t count = 0;
  out->canonical = 0;
  for (sk_op select = def_of(l, v, SK_OP_SELECT); select.id != 0;
       select = def_of(l, v, SK_OP_SELECT)) {
    uint32_t which = count < 2 ? canonicalisation_of(l, select, &tested[count]) : 0;
    if (which == 0 || (out->canonical & which) != 0) {
      return false;
    }
    out->canonical |= which;
    count++;
    v = sk_op_operand(l->m, select, 2);
  }
  const sk_value_rec *rec = sk_value_get(l->m, v);
  out->arg = rec->index;
  bool plain = rec->op.id == 0 && rec->region.id == body.id;
  for (uint32_t i = 0; i < count; i++) {
    plain &= tested[i].id == v.id;
  }
  return plain;
}

// What a comparison of the two elements of one operand orders by. LT of (first, second) ascends.
static bool find_key(const sk_lowering *l, sk_region body, sk_op compare, sk_sort_key *out) {
  side x, y;
  if (compare.id == 0 || !find_side(l, body, sk_op_operand(l->m, compare, 0), &x) ||
      !find_side(l, body, sk_op_operand(l->m, compare, 1), &y) || (x.arg ^ 1) != y.arg ||
      x.canonical != y.canonical) {
    return false;
  }
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, sk_region_arg(l->m, body, x.arg))->elem;
  int64_t type = sk_op_int(l->m, compare, SK_NAME_compare_type, SK_CMPTYPE_NOTYPE);
  bool is_greater = direction_of(l, compare) == SK_CMP_GT;
  *out = (sk_sort_key){.operand = x.arg / 2, .descending = is_greater != ((x.arg & 1) != 0)};
  switch (sk_elem_get_class(elem)) {
    case SK_CLASS_SINT: out->order = SK_SORT_SIGNED; return true;
    case SK_CLASS_PRED:
    case SK_CLASS_UINT: out->order = SK_SORT_UNSIGNED; return true;
    case SK_CLASS_FLOAT:
      out->exponent_bits = exponent_bits_of(elem);
      out->order = type != SK_CMPTYPE_TOTALORDER ? SK_SORT_PLAIN
                   : x.canonical == 0            ? SK_SORT_TOTAL
                                                 : SK_SORT_NUMERIC;
      return out->exponent_bits != 0 &&
             x.canonical == (type == SK_CMPTYPE_TOTALORDER && x.canonical != 0 ? BOTH : 0);
    default: return false;
  }
}

static bool is_strict(const sk_lowering *l, sk_op compare) {
  return compare.id != 0 &&
         (direction_of(l, compare) == SK_CMP_LT || direction_of(l, compare) == SK_CMP_GT);
}

// Is it the comparison EQ of this key?
static bool is_equal_of(const sk_lowering *l, sk_region body, sk_value v, const sk_sort_key *key) {
  sk_op compare = def_of(l, v, SK_OP_COMPARE);
  sk_sort_key other;
  return compare.id != 0 && direction_of(l, compare) == SK_CMP_EQ &&
         find_key(l, body, compare, &other) && other.operand == key->operand &&
         other.order == key->order;
}

// v = order of this key first, then *out_rest.
static bool find_first(const sk_lowering *l, sk_region body, sk_value v, sk_sort_key *out,
                       sk_value *out_rest) {
  sk_op select = def_of(l, v, SK_OP_SELECT), either = def_of(l, v, SK_OP_OR);
  if (select.id != 0) {
    sk_op order = def_of(l, sk_op_operand(l->m, select, 2), SK_OP_COMPARE);
    *out_rest = sk_op_operand(l->m, select, 1);
    return is_strict(l, order) && find_key(l, body, order, out) &&
           is_equal_of(l, body, sk_op_operand(l->m, select, 0), out);
  }
  for (uint32_t i = 0; either.id != 0 && i < 2; i++) {
    sk_op order = def_of(l, sk_op_operand(l->m, either, i), SK_OP_COMPARE);
    sk_op both = def_of(l, sk_op_operand(l->m, either, 1 - i), SK_OP_AND);
    if (!is_strict(l, order) || both.id == 0 || !find_key(l, body, order, out)) {
      continue;
    }
    for (uint32_t j = 0; j < 2; j++) {
      *out_rest = sk_op_operand(l->m, both, 1 - j);
      if (is_equal_of(l, body, sk_op_operand(l->m, both, j), out)) {
        return true;
      }
    }
  }
  return false;
}

uint32_t sk_lower_sort_keys(const sk_lowering *l, sk_region body, sk_sort_key *keys,
                            uint32_t limit) {
  sk_value v = sk_op_operand(l->m, sk_region_get(l->m, body)->last, 0);
  for (uint32_t count = 0; count < limit; count++) {
    sk_op compare = def_of(l, v, SK_OP_COMPARE);
    if (is_strict(l, compare)) {
      return find_key(l, body, compare, &keys[count]) ? count + 1 : 0;
    }
    if (!find_first(l, body, v, &keys[count], &v)) {
      return 0;
    }
  }
  return 0;
}
