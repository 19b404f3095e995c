// SPDX-License-Identifier: Apache-2.0
// Of the oracle only: elements as numbers (oracle_elem.c), the rules (oracle_rules.c), and what rounding can make of one
// operation (oracle_spread.c).
#ifndef SK_TOOLS_ORACLE_INT_H
#define SK_TOOLS_ORACLE_INT_H

#include "oracle.h"

// ---- elements; complex ones by their parts
double oracle_element(sk_elem elem, const void *data, int64_t index);
void oracle_set_element(sk_elem elem, void *data, int64_t index, double value);  // floats; rounds
double oracle_epsilon(sk_elem elem);            // half a unit in the last place of 1
double oracle_computing_epsilon(sk_elem elem);  // narrow floats compute in f32
double oracle_largest_finite(sk_elem elem);
double oracle_smallest_step(sk_elem elem);
double oracle_unit_at(sk_elem elem, double x);  // at most twice the true one
bool oracle_is_narrow(sk_elem elem);
bool oracle_same_bits(sk_elem part, const void *a, const void *b, int64_t i);  // all NaNs alike

// ---- rules
typedef enum oracle_rule_kind {
  ORACLE_EXACT,
  ORACLE_ULPS,
  ORACLE_MODULUS,
  ORACLE_SUM,
  ORACLE_PRODUCT,
  ORACLE_LOOSE,
  ORACLE_SPREAD,
  ORACLE_ANYTHING
} oracle_rule_kind;

typedef struct oracle_rule {
  oracle_rule_kind kind;
  // ULPS: how many. MODULUS, LOOSE: share. SUM: largest sum of magnitudes. PRODUCT: share of the product of moduli
  double units;
  double terms;   // SUM, PRODUCT: how many
  double unit;    // SUM: relative error of a step; 0: of the type that is computed in
  double floor;   // absolute difference that is always allowed
  double period;  // of the real part, where not 0: whole ones do not count
  bool blurs;     // a NaN or infinity may spread differently
  bool spreads;   // beyond that, what rounding makes of the operands is asked (oracle_spread.c)
} oracle_rule;

oracle_rule oracle_rule_of(const oracle_op *o, sk_elem result);
// Of one element of the result: what the operands there allow beyond that.
oracle_rule oracle_rule_at(const oracle_op *o, const oracle_rule *r, int64_t index);
// `largest`: of LOOSE the largest result, of MODULUS the number's modulus.
double oracle_allowed_difference(const oracle_rule *r, sk_elem part, double x, double y,
                                 double largest);
// A complex function whose argument rounding may put on either side of a cut.
bool oracle_has_cuts(sk_opkind kind, sk_elem elem);
// Rounding may put one side over the edge of the type, or what is as large as `reach` on the way.
bool oracle_may_overflow(sk_elem part, double x, double y, double reach);
// A type without zero: what is too small for it is no number.
bool oracle_may_underflow(sk_elem part, double x, double y);
int64_t oracle_operand_count(const oracle_op *o, uint32_t i);  // elements

// ---- spread: `got` against `want` in the marked parts, where a fixed rule says no. False: *out_part is the first
// that is beyond.
bool oracle_spread_allows(const oracle_op *o, const oracle_rule *r, const void *got,
                          const void *want, int64_t count, const bool *marks, int64_t *out_part);
bool oracle_product_allows(const oracle_op *o, const oracle_rule *r, const void *got,
                           const void *want, int64_t count, const bool *marks, int64_t *out_part);

#endif
