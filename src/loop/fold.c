// SPDX-License-Identifier: Apache-2.0
// Exact local rewrites applied while kernels are built. Each rule keeps every bit (NaN payloads aside, which are not defined):
//   x + (-0.0) = x;  x - (+0.0) = x;  x * 1 = x / 1 = x;  fma(x, 1, y) = x + y;  a + (-b) = a - b;  x / 2^k = x * 2^-k when 2^-k is normal;
//   a * (-b) = -(a * b);  +0 + x = x where the sign of a zero makes no difference: in |x|, x + c for c other than 0, comparisons;
//   integer and bit identities; division of what is not negative by a constant, of all by 2^k; comparisons that bounds decide;
//   selects with known or equal arms; double negations; conversions there and back.
// Not exact and therefore absent: x + 0.0 (loses -0), x * 0, x - x, reassociation.
#include "loop/loop_int.h"

static const sk_val none = {0};

static bool is_const(const sk_build *b, sk_val v, uint64_t bits) {
  uint64_t have;
  return sk_build_get_const(b, v, &have) && have == bits;
}

static const sk_inst *inst_of(const sk_build *b, sk_val v) { return &b->kernel->insts.data[v.id]; }
static bool is_op(const sk_build *b, sk_val v, sk_lop op) {
  return v.id != 0 && inst_of(b, v)->op == op;
}

static uint64_t one_bits(sk_lt type) {
  return type == SK_LT_F32 ? 0x3F800000u : type == SK_LT_F64 ? UINT64_C(0x3FF0000000000000) : 1;
}
static uint64_t sign_bit(sk_lt type) {
  return type == SK_LT_F64 || type == SK_LT_I64 ? UINT64_C(1) << 63 : 0x80000000u;
}
static uint64_t all_ones(sk_lt type) {
  return type == SK_LT_PRED ? 1 : type == SK_LT_F64 || type == SK_LT_I64 ? UINT64_MAX : 0xFFFFFFFFu;
}

// 1/c when c is a power of two whose reciprocal is a normal number.
static bool reciprocal_of_power(sk_lt type, uint64_t bits, uint64_t *out) {
  if (type == SK_LT_F32) {
    uint64_t exponent = (bits >> 23) & 0xFF;
    if ((bits & 0x7FFFFF) != 0 || exponent < 1 || exponent > 253) {
      return false;
    }
    *out = (bits & 0x80000000u) | (254 - exponent) << 23;
    return true;
  }
  uint64_t exponent = (bits >> 52) & 0x7FF;
  if ((bits & UINT64_C(0xFFFFFFFFFFFFF)) != 0 || exponent < 1 || exponent > 2045) {
    return false;
  }
  *out = (bits & (UINT64_C(1) << 63)) | (2046 - exponent) << 52;
  return true;
}

// A product or quotient of negated operands as the negation of one without: users absorb it.
static sk_val negated_outside(sk_build *b, sk_lop op, sk_val x, sk_val y) {
  const bool x_negated = is_op(b, x, SK_L_FNEG), y_negated = is_op(b, y, SK_L_FNEG);
  if (!x_negated && !y_negated) {
    return none;
  }
  x = x_negated ? inst_of(b, x)->a : x;
  y = y_negated ? inst_of(b, y)->a : y;
  sk_val v = sk_build_2(b, op, x, y);
  return x_negated && y_negated ? v : sk_build_1(b, SK_L_FNEG, v);
}

// x of +0 + x, which is there to make +0 of -0, as maxima of floats and zero are written; v itself if it is something else.
static sk_val with_either_zero(const sk_build *b, sk_val v) {
  const sk_inst *inst = inst_of(b, v);
  if (inst->op != SK_L_FADD) {
    return v;
  }
  return is_const(b, inst->a, 0) ? inst->b : is_const(b, inst->b, 0) ? inst->a : v;
}

static bool is_other_than_zero(const sk_build *b, sk_lt type, sk_val v) {
  uint64_t bits;
  return sk_build_get_const(b, v, &bits) && (bits & ~sign_bit(type)) != 0;
}

static sk_val simplify_comparison(sk_build *b, sk_lop op, sk_val x, sk_val y) {
  sk_val x_or_zero = with_either_zero(b, x), y_or_zero = with_either_zero(b, y);
  return x_or_zero.id == x.id && y_or_zero.id == y.id ? none
                                                      : sk_build_2(b, op, x_or_zero, y_or_zero);
}

// A sum with a constant that is not zero.
static sk_val sum_with_either_zero(sk_build *b, sk_lop op, sk_lt type, sk_val x, sk_val y) {
  if (is_other_than_zero(b, type, y) && with_either_zero(b, x).id != x.id) {
    return sk_build_2(b, op, with_either_zero(b, x), y);
  }
  if (is_other_than_zero(b, type, x) && with_either_zero(b, y).id != y.id) {
    return sk_build_2(b, op, x, with_either_zero(b, y));
  }
  return none;
}

static sk_val simplify_float(sk_build *b, sk_lop op, sk_lt type, sk_val x, sk_val y, sk_val z) {
  uint64_t bits, inverse;
  switch ((int)op) {
    case SK_L_FADD:
      if (is_const(b, x, sign_bit(type))) {
        return y;
      }
      if (is_const(b, y, sign_bit(type))) {
        return x;
      }
      if (is_op(b, y, SK_L_FNEG)) {
        return sk_build_2(b, SK_L_FSUB, x, inst_of(b, y)->a);
      }
      if (is_op(b, x, SK_L_FNEG)) {
        return sk_build_2(b, SK_L_FSUB, y, inst_of(b, x)->a);
      }
      return sum_with_either_zero(b, op, type, x, y);
    case SK_L_FSUB:
      if (is_const(b, y, 0)) {
        return x;
      }
      if (is_const(b, x, sign_bit(type))) {
        return sk_build_1(b, SK_L_FNEG, y);
      }
      if (is_op(b, y, SK_L_FNEG)) {
        return sk_build_2(b, SK_L_FADD, x, inst_of(b, y)->a);
      }
      return sum_with_either_zero(b, op, type, x, y);
    case SK_L_FMUL:
      if (is_const(b, x, one_bits(type))) {
        return y;
      }
      if (is_const(b, y, one_bits(type))) {
        return x;
      }
      if (is_const(b, x, one_bits(type) | sign_bit(type))) {
        return sk_build_1(b, SK_L_FNEG, y);
      }
      if (is_const(b, y, one_bits(type) | sign_bit(type))) {
        return sk_build_1(b, SK_L_FNEG, x);
      }
      return negated_outside(b, op, x, y);
    case SK_L_FDIV:
      if (is_const(b, y, one_bits(type))) {
        return x;
      }
      if (sk_build_get_const(b, y, &bits) && reciprocal_of_power(type, bits, &inverse)) {
        return sk_build_2(b, SK_L_FMUL, x, sk_build_const(b, type, inverse));
      }
      return negated_outside(b, op, x, y);
    case SK_L_FMA:
      if (is_const(b, x, one_bits(type))) {
        return sk_build_2(b, SK_L_FADD, y, z);
      }
      if (is_const(b, y, one_bits(type))) {
        return sk_build_2(b, SK_L_FADD, x, z);
      }
      if (is_op(b, x, SK_L_FNEG)) {
        return sk_build_3(b, SK_L_FNMA, inst_of(b, x)->a, y, z);
      }
      if (is_op(b, y, SK_L_FNEG)) {
        return sk_build_3(b, SK_L_FNMA, x, inst_of(b, y)->a, z);
      }
      if (is_op(b, z, SK_L_FNEG)) {
        return sk_build_3(b, SK_L_FMS, x, y, inst_of(b, z)->a);
      }
      return none;
    case SK_L_FNMA:
      if (is_op(b, x, SK_L_FNEG)) {
        return sk_build_3(b, SK_L_FMA, inst_of(b, x)->a, y, z);
      }
      if (is_op(b, y, SK_L_FNEG)) {
        return sk_build_3(b, SK_L_FMA, x, inst_of(b, y)->a, z);
      }
      return none;
    case SK_L_FMS:
      if (is_op(b, z, SK_L_FNEG)) {
        return sk_build_3(b, SK_L_FMA, x, y, inst_of(b, z)->a);
      }
      return none;
    case SK_L_FNEG: return is_op(b, x, SK_L_FNEG) ? inst_of(b, x)->a : none;
    case SK_L_FABS:
      if (is_op(b, x, SK_L_FNEG)) {
        return sk_build_1(b, SK_L_FABS, inst_of(b, x)->a);
      }
      if (with_either_zero(b, x).id != x.id) {
        return sk_build_1(b, SK_L_FABS, with_either_zero(b, x));
      }
      return is_op(b, x, SK_L_FABS) ? x : none;
    default: return none;
  }
}

// Is v a comparison of something with 0?
static bool is_zero_test(const sk_build *b, sk_val v, sk_lop op, sk_val *out_tested) {
  const sk_inst *inst = inst_of(b, v);
  bool first = is_const(b, inst->a, 0);
  *out_tested = first ? inst->b : inst->a;
  return inst->op == op && (first || is_const(b, inst->b, 0));
}

// x is 0 and a part of its bits, or what division leaves of it, is not.
static bool is_contradiction(const sk_build *b, sk_val x_is_zero, sk_val part_is_not) {
  sk_val x, part;
  if (!is_zero_test(b, x_is_zero, SK_L_IEQ, &x) || !is_zero_test(b, part_is_not, SK_L_INE, &part)) {
    return false;
  }
  const sk_inst *inst = inst_of(b, part);
  return (inst->op == SK_L_AND && (inst->a.id == x.id || inst->b.id == x.id)) ||
         ((inst->op == SK_L_UREM || inst->op == SK_L_SREM) && inst->a.id == x.id);
}

static sk_val simplify_bits(sk_build *b, sk_lop op, sk_lt type, sk_val x, sk_val y) {
  switch ((int)op) {
    case SK_L_AND:
    case SK_L_PAND:
      if (op == SK_L_PAND && (is_contradiction(b, x, y) || is_contradiction(b, y, x))) {
        return sk_build_pred(b, false);
      }
      if (x.id == y.id || is_const(b, y, all_ones(type))) {
        return x;
      }
      if (is_const(b, x, all_ones(type))) {
        return y;
      }
      if (is_const(b, x, 0)) {
        return x;
      }
      return is_const(b, y, 0) ? y : none;
    case SK_L_OR:
    case SK_L_POR:
      if (x.id == y.id || is_const(b, y, 0)) {
        return x;
      }
      if (is_const(b, x, 0)) {
        return y;
      }
      if (is_const(b, x, all_ones(type))) {
        return x;
      }
      return is_const(b, y, all_ones(type)) ? y : none;
    case SK_L_XOR:
    case SK_L_PXOR:
      if (is_const(b, y, 0)) {
        return x;
      }
      if (is_const(b, x, 0)) {
        return y;
      }
      if (x.id == y.id) {
        return sk_build_const(b, type, 0);
      }
      if (op == SK_L_PXOR && is_const(b, y, 1)) {
        return sk_build_1(b, SK_L_PNOT, x);
      }
      return op == SK_L_PXOR && is_const(b, x, 1) ? sk_build_1(b, SK_L_PNOT, y) : none;
    case SK_L_NOT: return is_op(b, x, SK_L_NOT) ? inst_of(b, x)->a : none;
    case SK_L_PNOT: return is_op(b, x, SK_L_PNOT) ? inst_of(b, x)->a : none;
    default: return none;
  }
}

// Shifted back and forth by one amount: the bits that stay. A mask of them goes away where they are shifted out.
static sk_val simplify_shift(sk_build *b, sk_lop op, sk_lt type, sk_val x, sk_val y) {
  uint64_t amount, inner, mask;
  uint32_t width = 8 * sk_lt_bytes(type);
  if (!sk_build_get_const(b, y, &amount) || amount == 0 || amount >= width) {
    return none;
  }
  if (op == SK_L_SHL && is_op(b, x, SK_L_SHR) && sk_build_get_const(b, inst_of(b, x)->b, &inner) &&
      inner == amount) {
    uint64_t kept = all_ones(type) >> amount << amount;
    return sk_build_2(b, SK_L_AND, inst_of(b, x)->a, sk_build_const(b, type, kept));
  }
  if (op == SK_L_SHR && is_op(b, x, SK_L_AND)) {
    const sk_inst both = *inst_of(b, x);
    bool first = sk_build_get_const(b, both.a, &mask);
    if ((first || sk_build_get_const(b, both.b, &mask)) &&
        mask >> amount == all_ones(type) >> amount) {
      return sk_build_2(b, SK_L_SHR, first ? both.b : both.a, y);
    }
  }
  return none;
}

// A bound that what is not negative keeps anyway.
static sk_val simplify_clamp(sk_build *b, sk_lop op, sk_lt type, sk_val x, sk_val y) {
  uint64_t limit, most = all_ones(type) >> 1;
  sk_val value = sk_build_get_const(b, x, &limit) ? y : x;
  if (!sk_build_get_const(b, value.id == x.id ? y : x, &limit) || sk_build_bound(b, value) > most) {
    return none;
  }
  if (limit > most) {  // negative
    return op == SK_L_SMAX ? value : sk_build_const(b, type, limit);
  }
  bool kept = op == SK_L_SMAX ? limit == 0 : sk_build_bound(b, value) <= limit;
  return kept ? value : none;
}

// x / divisor as x * factor >> shift, for every x up to `bound` without overflow in 32 bits. With
// factor = (2^shift + e) / divisor the product is off by x * e / divisor: exact where x * e <
// 2^shift.
static bool find_reciprocal(uint64_t bound, uint64_t divisor, uint64_t *out_factor,
                            uint32_t *out_shift) {
  for (uint32_t shift = 0; shift < 32 && bound <= UINT32_MAX; shift++) {
    uint64_t power = UINT64_C(1) << shift, factor = power / divisor + 1;
    uint64_t excess = factor * divisor - power;
    if (excess <= UINT32_MAX && factor <= UINT32_MAX && bound * excess < power &&
        bound * factor <= UINT32_MAX) {
      *out_factor = factor;
      *out_shift = shift;
      return true;
    }
  }
  return false;
}

// Unsigned division by a constant: nothing to divide, a shift, a mask, or a product of small
// numbers.
static sk_val simplify_division(sk_build *b, sk_lop op, sk_lt type, sk_val x, sk_val y) {
  uint64_t divisor, factor;
  uint32_t shift;
  bool rest = op == SK_L_UREM;
  if (!sk_build_get_const(b, y, &divisor) || divisor == 0) {
    return none;  // (a division by zero has a meaning of its own)
  }
  if (sk_build_bound(b, x) < divisor) {
    return rest ? x : sk_build_const(b, type, 0);
  }
  if ((divisor & (divisor - 1)) == 0) {
    return rest ? sk_build_2(b, SK_L_AND, x, sk_build_const(b, type, divisor - 1))
                : sk_build_2(b, SK_L_SHR, x, sk_build_const(b, type, sk_ctz64(divisor)));
  }
  if (type != SK_LT_I32 || !find_reciprocal(sk_build_bound(b, x), divisor, &factor, &shift)) {
    return none;
  }
  sk_val product = sk_build_2(b, SK_L_MUL, x, sk_build_const(b, type, factor));
  sk_val quotient = sk_build_2(b, SK_L_SHR, product, sk_build_const(b, type, shift));
  return rest ? sk_build_2(b, SK_L_SUB, x, sk_build_2(b, SK_L_MUL, quotient, y)) : quotient;
}

// x / 2^k towards zero: what is negative is shifted from 2^k - 1 higher up.
static sk_val shifted_quotient(sk_build *b, sk_lt type, sk_val x, uint32_t k) {
  uint32_t width = 8 * sk_lt_bytes(type);
  sk_val sign = sk_build_2(b, SK_L_SAR, x, sk_build_const(b, type, width - 1));
  sk_val more = sk_build_2(b, SK_L_SHR, sign, sk_build_const(b, type, width - k));
  return sk_build_2(b, SK_L_SAR, sk_build_2(b, SK_L_ADD, x, more), sk_build_const(b, type, k));
}

// Signed division of what is not negative is unsigned division; by 2^k it is shifts.
static sk_val simplify_signed_division(sk_build *b, sk_lop op, sk_lt type, sk_val x, sk_val y) {
  uint64_t most = all_ones(type) >> 1, divisor;
  if (is_const(b, y, 1)) {
    return op == SK_L_SDIV ? x : sk_build_const(b, type, 0);
  }
  if (!sk_build_get_const(b, y, &divisor) || divisor == 0 || divisor > most) {
    return none;
  }
  if (sk_build_bound(b, x) <= most) {
    return sk_build_2(b, op == SK_L_SDIV ? SK_L_UDIV : SK_L_UREM, x, y);
  }
  if ((divisor & (divisor - 1)) != 0) {
    return none;
  }
  sk_val quotient = shifted_quotient(b, type, x, sk_ctz64(divisor));
  return op == SK_L_SDIV ? quotient
                         : sk_build_2(b, SK_L_SUB, x, sk_build_2(b, SK_L_MUL, quotient, y));
}

// A predicate made a number and compared with 0 is the predicate.
static sk_val nonzero_predicate(sk_build *b, sk_val x, sk_val y) {
  sk_val number = is_const(b, x, 0) ? y : x;
  bool is_predicate = (is_const(b, x, 0) || is_const(b, y, 0)) && is_op(b, number, SK_L_ZEXT) &&
                      sk_build_type(b, inst_of(b, number)->a) == SK_LT_PRED;
  return is_predicate ? inst_of(b, number)->a : none;
}

// What an integer may be.
typedef struct span {
  int64_t low, high;
} span;

static bool find_span(const sk_build *b, sk_val v, bool is_signed, span *out) {
  sk_lt type = sk_build_type(b, v);
  uint64_t bits, bound = sk_build_bound(b, v);
  if (sk_build_get_const(b, v, &bits)) {
    out->low = is_signed && type == SK_LT_I32 ? (int32_t)(uint32_t)bits : (int64_t)bits;
    out->high = out->low;
    return is_signed || bits <= INT64_MAX;
  }
  *out = (span){0, (int64_t)bound};
  return bound <= (is_signed ? all_ones(type) >> 1 : (uint64_t)INT64_MAX);
}

// A comparison that the operands' bounds decide.
static sk_val compare_spans(sk_build *b, sk_lop op, sk_val x, sk_val y) {
  span s, t;
  bool is_signed = op == SK_L_SLT || op == SK_L_SLE;
  if (!find_span(b, x, is_signed, &s) || !find_span(b, y, is_signed, &t)) {
    return none;
  }
  bool yes, no, apart = s.high < t.low || s.low > t.high;
  switch ((int)op) {
    case SK_L_SLT:
    case SK_L_ULT:
      yes = s.high < t.low;
      no = s.low >= t.high;
      break;
    case SK_L_SLE:
    case SK_L_ULE:
      yes = s.high <= t.low;
      no = s.low > t.high;
      break;
    default:
      yes = op == SK_L_INE && apart;
      no = op == SK_L_IEQ && apart;
      break;
  }
  return yes ? sk_build_pred(b, true) : no ? sk_build_pred(b, false) : none;
}

// Is the lesser of 1 and something not negative 1, or not? It is not where that is 0.
static sk_val compare_sign(sk_build *b, sk_lop op, sk_val x, sk_val y) {
  sk_val sign = is_const(b, x, 1) ? y : x;
  const sk_inst *inst = inst_of(b, sign);
  bool is_sign = (is_const(b, x, 1) || is_const(b, y, 1)) && inst->op == SK_L_SMIN &&
                 (is_const(b, inst->a, 1) || is_const(b, inst->b, 1));
  sk_val of = is_sign && is_const(b, inst->a, 1) ? inst->b : inst->a;
  if (!is_sign || sk_build_bound(b, of) > all_ones(sk_build_type(b, of)) >> 1) {
    return none;
  }
  sk_val zero = sk_build_const(b, sk_build_type(b, of), 0);
  return sk_build_2(b, op == SK_L_IEQ ? SK_L_INE : SK_L_IEQ, of, zero);
}

static sk_val simplify_int_comparison(sk_build *b, sk_lop op, sk_val x, sk_val y) {
  if (x.id == y.id) {
    return sk_build_pred(b, op == SK_L_IEQ || op == SK_L_SLE || op == SK_L_ULE);
  }
  sk_val known = compare_spans(b, op, x, y);
  if (known.id == 0 && op == SK_L_INE) {
    known = nonzero_predicate(b, x, y);
  }
  return known.id == 0 && (op == SK_L_IEQ || op == SK_L_INE) ? compare_sign(b, op, x, y) : known;
}

static sk_val simplify_int(sk_build *b, sk_lop op, sk_lt type, sk_val x, sk_val y) {
  switch ((int)op) {
    case SK_L_ADD:
      if (is_const(b, x, 0)) {
        return y;
      }
      return is_const(b, y, 0) ? x : none;
    case SK_L_SUB:
      if (is_const(b, y, 0)) {
        return x;
      }
      return x.id == y.id ? sk_build_const(b, type, 0) : none;
    case SK_L_MUL:
      if (is_const(b, x, 1) || is_const(b, y, 0)) {
        return y;
      }
      return is_const(b, y, 1) || is_const(b, x, 0) ? x : none;
    case SK_L_SHR: {
      uint64_t amount;
      bool gone = sk_build_get_const(b, y, &amount) &&
                  (amount >= 64 || sk_build_bound(b, x) >> amount == 0);
      return gone                ? sk_build_const(b, type, 0)
             : is_const(b, y, 0) ? x
                                 : simplify_shift(b, op, type, x, y);
    }
    case SK_L_SHL: return is_const(b, y, 0) ? x : simplify_shift(b, op, type, x, y);
    case SK_L_SAR:
    case SK_L_ROTL: return is_const(b, y, 0) ? x : none;
    case SK_L_SDIV:
    case SK_L_SREM: return simplify_signed_division(b, op, type, x, y);
    case SK_L_UDIV:
    case SK_L_UREM: return simplify_division(b, op, type, x, y);
    case SK_L_SMIN:
    case SK_L_SMAX: return x.id == y.id ? x : simplify_clamp(b, op, type, x, y);
    case SK_L_UMIN:
    case SK_L_UMAX: return x.id == y.id ? x : none;
    case SK_L_IEQ:
    case SK_L_INE:
    case SK_L_SLE:
    case SK_L_ULE:
    case SK_L_SLT:
    case SK_L_ULT: return simplify_int_comparison(b, op, x, y);
    default: return none;
  }
}

static sk_val simplify_select(sk_build *b, sk_lt type, sk_val p, sk_val yes, sk_val no) {
  uint64_t bits;
  if (yes.id == no.id) {
    return yes;
  }
  if (sk_build_get_const(b, p, &bits)) {
    return bits ? yes : no;
  }
  if (is_op(b, p, SK_L_PNOT)) {
    return sk_build_select(b, inst_of(b, p)->a, no, yes);
  }
  if (type == SK_LT_PRED && is_const(b, yes, 1) && is_const(b, no, 0)) {
    return p;
  }
  return none;
}

// The low half of a 64-bit computation, computed in 32 bits: exact for everything that only carries upwards.
static sk_val narrow(sk_build *b, sk_val x) {
  const sk_inst inst = *inst_of(b, x);
  uint64_t amount;
  switch ((int)inst.op) {
    case SK_L_ADD:
    case SK_L_SUB:
    case SK_L_MUL:
    case SK_L_AND:
    case SK_L_OR:
    case SK_L_XOR: {
      sk_val low = sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, inst.a);
      return sk_build_2(b, (sk_lop)inst.op, low,
                        sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, inst.b));
    }
    case SK_L_SHL:
      if (!sk_build_get_const(b, inst.b, &amount) || amount >= 32) {
        return none;
      }
      return sk_build_2(b, SK_L_SHL, sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, inst.a),
                        sk_build_i32(b, (int32_t)amount));
    case SK_L_INDEX: return sk_build_index(b, (uint32_t)inst.imm, SK_LT_I32);
    case SK_L_SMIN:
    case SK_L_SMAX:
    case SK_L_UMIN:
    case SK_L_UMAX:
    case SK_L_UDIV:
    case SK_L_UREM: {
      uint64_t most = inst.op == SK_L_SMIN || inst.op == SK_L_SMAX ? INT32_MAX : UINT32_MAX;
      if (sk_build_bound(b, inst.a) > most || sk_build_bound(b, inst.b) > most) {
        return none;  // equal to the 32-bit operation only for operands that fit
      }
      return sk_build_2(b, (sk_lop)inst.op, sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, inst.a),
                        sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, inst.b));
    }
    case SK_L_SELECT:
      return sk_build_select(b, inst.a, sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, inst.b),
                             sk_build_convert(b, SK_L_TRUNC, SK_LT_I32, inst.c));
    default: return none;
  }
}

// A float whose bits are those of a bf16.
static bool is_bf16(const sk_build *b, sk_val x) {
  if (!is_op(b, x, SK_L_BITCAST)) {
    return is_op(b, x, SK_L_FROUNDBF);
  }
  const sk_inst *bits = inst_of(b, inst_of(b, x)->a);
  return bits->op == SK_L_SHL && is_const(b, bits->b, 16);
}

static sk_val simplify_convert(sk_build *b, sk_lop op, sk_lt type, sk_val x) {
  if (op == SK_L_FROUNDBF) {
    return is_bf16(b, x) ? x : none;
  }
  if (op == SK_L_FROUNDH) {
    return is_op(b, x, SK_L_FROUNDH) || is_op(b, x, SK_L_HTOF) ? x : none;
  }
  if (op == SK_L_HTOF && is_op(b, x, SK_L_FTOH)) {
    return sk_build_1(b, SK_L_FROUNDH, inst_of(b, x)->a);
  }
  if (op == SK_L_FTOH && is_op(b, x, SK_L_FROUNDH)) {
    return sk_build_convert(b, SK_L_FTOH, type, inst_of(b, x)->a);
  }
  if (op == SK_L_BITCAST) {
    if (sk_build_type(b, x) == type) {
      return x;
    }
    return is_op(b, x, SK_L_BITCAST) ? sk_build_convert(b, SK_L_BITCAST, type, inst_of(b, x)->a)
                                     : none;
  }
  if (op == SK_L_UITOF &&
      sk_build_bound(b, x) <= all_ones(sk_build_type(b, x)) >> 1) {  // signed is the shorter one
    return sk_build_convert(b, SK_L_SITOF, type, x);
  }
  bool widened = is_op(b, x, SK_L_SEXT) || is_op(b, x, SK_L_ZEXT);
  if (op == SK_L_TRUNC && widened && sk_build_type(b, inst_of(b, x)->a) == SK_LT_I32) {
    return inst_of(b, x)->a;
  }
  if (op == SK_L_TRUNC) {
    return narrow(b, x);
  }
  if (op == SK_L_FTRUNCF && is_op(b, x, SK_L_FEXT)) {
    return inst_of(b, x)->a;
  }
  bool same_extension = (op == SK_L_SEXT8 || op == SK_L_SEXT16) && is_op(b, x, op);
  return same_extension ? x : none;
}

sk_val sk_build_simplify(sk_build *b, sk_lop op, sk_lt type, sk_val a, sk_val b2, sk_val c) {
  if (op == SK_L_SELECT) {
    return simplify_select(b, type, a, b2, c);
  }
  if (op >= SK_L_FADD && op <= SK_L_FNEG) {
    return simplify_float(b, op, type, a, b2, c);
  }
  if ((op >= SK_L_AND && op <= SK_L_NOT) || (op >= SK_L_PAND && op <= SK_L_PNOT)) {
    return simplify_bits(b, op, type, a, b2);
  }
  if ((op >= SK_L_SEXT && op <= SK_L_FTOH)) {
    return simplify_convert(b, op, type, a);
  }
  if (op >= SK_L_FEQ && op <= SK_L_FUNORD) {
    return simplify_comparison(b, op, a, b2);
  }
  if (op >= SK_L_ADD && op <= SK_L_ULE) {
    return simplify_int(b, op, type, a, b2);
  }
  return none;
}
