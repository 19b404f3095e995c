// SPDX-License-Identifier: Apache-2.0
// chlo.zeta (Hurwitz) and chlo.polygamma, in f64 whatever the type, rounded at the end.
//
//   zeta(s, q) = sum over k >= 0 of (q + k)^-s
//     q > 0    the first 13 terms, and the rest by Euler-Maclaurin: with a = q + 13, t = a^-s
//              t a / (s - 1) + t / 2 + sum over k of B_2k / (2k)! s (s + 1) .. (s + 2k - 2) t a^(1 - 2k)
//     q < 0    for whole s. The terms below zero are those of two sums of which one is the tail of the other:
//              zeta(s, q - floor q) +- (zeta(s, ceil q - q) - zeta(s, 1 - q))
//   polygamma(n, x) = (-1)^(n + 1) n! zeta(n + 1, x), digamma for n = 0
//
// zeta is infinite for s = 1 and at its poles q = 0, -1, ..; NaN for s < 1 and, below zero, for s that are not whole.
#include "pass/expand_int.h"

enum { TERMS = 13 };

// B_2k / (2k)!
static const double bernoulli[] = {1.0 / 12,
                                   -1.0 / 720,
                                   1.0 / 30240,
                                   -1.0 / 1209600,
                                   1.0 / 47900160,
                                   -691.0 / 1307674368000,
                                   1.0 / 74724249600,
                                   -3617.0 / 10670622842880000,
                                   43867.0 / 5109094217170944000};

typedef struct zeta {
  const sk_expander *e;
  sk_type type;  // of f64
} zeta;

static sk_value number(const zeta *z, double value) {
  return sk_expand_float(z->e, z->type, value);
}

static sk_value plus(const zeta *z, sk_value a, sk_value b) {
  return sk_expand_2(z->e, SK_OP_ADD, a, b);
}

static sk_value minus(const zeta *z, sk_value a, sk_value b) {
  return sk_expand_2(z->e, SK_OP_SUBTRACT, a, b);
}

static sk_value times(const zeta *z, sk_value a, sk_value b) {
  return sk_expand_2(z->e, SK_OP_MULTIPLY, a, b);
}

static sk_value over(const zeta *z, sk_value a, sk_value b) {
  return sk_expand_2(z->e, SK_OP_DIVIDE, a, b);
}

static sk_value is_equal(const zeta *z, sk_value a, sk_value b) {
  return sk_expand_compare(z->e, SK_CMP_EQ, a, b);
}

static sk_value choose(const zeta *z, sk_value pred, sk_value yes, sk_value no) {
  return sk_expand_select(z->e, pred, yes, no);
}

// For q > 0.
static sk_value zeta_of_positive(const zeta *z, sk_value s, sk_value q) {
  const sk_value minus_s = sk_expand_1(z->e, SK_OP_NEGATE, s), one = number(z, 1);
  sk_value sum = sk_expand_2(z->e, SK_OP_POWER, q, minus_s), at = plus(z, q, one);
  for (int k = 1; k < TERMS; k++) {
    sum = plus(z, sum, sk_expand_2(z->e, SK_OP_POWER, at, minus_s));
    at = plus(z, at, one);
  }
  const sk_value tail = sk_expand_2(z->e, SK_OP_POWER, at, minus_s), square = times(z, at, at);
  sk_value rest = over(z, times(z, tail, at), minus(z, s, one)), factor = s;
  sk_value power = over(z, tail, at);
  rest = plus(z, rest, times(z, tail, number(z, 0.5)));
  for (uint32_t k = 0; k < SK_COUNT(bernoulli); k++) {
    rest = plus(z, rest, times(z, times(z, number(z, bernoulli[k]), factor), power));
    const sk_value next =
        times(z, plus(z, s, number(z, 2 * k + 1)), plus(z, s, number(z, 2 * k + 2)));
    factor = times(z, factor, next);
    power = over(z, power, square);
  }
  // Where the tail is nothing its factors may be infinite.
  return choose(z, is_equal(z, tail, number(z, 0)), sum, plus(z, sum, rest));
}

static sk_value zeta_of(const zeta *z, sk_value s, sk_value q) {
  const sk_value zero = number(z, 0), one = number(z, 1),
                 nan = number(z, (double)__builtin_nanf(""));
  const sk_value infinity = number(z, __builtin_inf());
  const sk_value floor = sk_expand_1(z->e, SK_OP_FLOOR, q), ceil = sk_expand_1(z->e, SK_OP_CEIL, q);
  const sk_value positive = sk_expand_compare(z->e, SK_CMP_GT, q, zero);
  sk_value v = zeta_of_positive(z, s, choose(z, positive, q, minus(z, q, floor)));
  const sk_value near = zeta_of_positive(z, s, choose(z, positive, one, minus(z, ceil, q)));
  const sk_value beyond = zeta_of_positive(z, s, choose(z, positive, one, minus(z, one, q)));
  const sk_value below = minus(z, near, beyond);
  const sk_value odd = is_equal(z, sk_expand_2(z->e, SK_OP_REMAINDER, s, number(z, 2)), one);
  const sk_value both = choose(z, odd, minus(z, v, below), plus(z, v, below));
  const sk_value whole = is_equal(z, sk_expand_1(z->e, SK_OP_FLOOR, s), s);
  const sk_value negative = choose(z, is_equal(z, floor, q), infinity, choose(z, whole, both, nan));
  v = choose(z, positive, v, negative);
  const sk_value known =
      sk_expand_2(z->e, SK_OP_AND, sk_expand_compare(z->e, SK_CMP_GT, s, one), is_equal(z, q, q));
  return choose(z, is_equal(z, s, one), infinity, choose(z, known, v, nan));
}

static sk_value polygamma_of(const zeta *z, sk_value n, sk_value x) {
  const sk_value zero = number(z, 0), one = number(z, 1), up = plus(z, n, one);
  const sk_value even = is_equal(z, sk_expand_2(z->e, SK_OP_REMAINDER, n, number(z, 2)), zero);
  const sk_value gamma =
      sk_expand_1(z->e, SK_OP_EXPONENTIAL, sk_expand_1(z->e, SK_OP_CHLO_LGAMMA, up));
  const sk_value sign = choose(z, even, number(z, -1), one);
  sk_value v = times(z, times(z, sign, gamma), zeta_of(z, up, x));
  v = choose(z, is_equal(z, n, zero), sk_expand_1(z->e, SK_OP_CHLO_DIGAMMA, x), v);
  const sk_value whole = is_equal(z, sk_expand_1(z->e, SK_OP_FLOOR, n), n);
  const sk_value known =
      sk_expand_2(z->e, SK_OP_AND, whole, sk_expand_compare(z->e, SK_CMP_GE, n, zero));
  return choose(z, known, v, number(z, (double)__builtin_nanf("")));
}

sk_status sk_expand_zeta(const sk_expander *e, sk_op op) {
  const sk_value old = sk_op_result(e->m, op, 0);
  const sk_elem elem = (sk_elem)sk_value_type_rec(e->m, old)->elem;
  const sk_value a = sk_expand_convert(e, sk_expand_operand(e, op, 0), SK_F64);
  const sk_value b = sk_expand_convert(e, sk_expand_operand(e, op, 1), SK_F64);
  const zeta z = {e, sk_value_type(e->m, a)};
  const bool polygamma = sk_op_kind(e->m, op) == SK_OP_CHLO_POLYGAMMA;
  sk_value v = polygamma ? polygamma_of(&z, a, b) : zeta_of(&z, a, b);
  if (sk_elem_bits(elem) < 32) {
    v = sk_expand_convert(e, v, SK_F32);  // as every function of narrow floats
  }
  sk_rebuild_set(e->r, old, sk_expand_convert(e, v, elem));
  return NULL;
}
