// SPDX-License-Identifier: Apache-2.0
// What rounding can make of one operation, where no fixed share of its result says so: the interpreter runs it again.
//
// Spread (Monte Carlo arithmetic, D. S. Parker 1997). An executor whose every step is as accurate as it must be gives the exact
// result of operands, and of steps inside bodies, that are off by a little. So the operation is run with such differences drawn
// at random, and how far its result goes is how far executors may be apart: hardly at all where the operation is well
// conditioned, anywhere where it is not.
//
//   complex functions        operands off by a few units of their parts, by a smallest step at least; at a cut, of their modulus
//   cholesky                 every matrix off by rows x unit of its largest element
//   triangular_solve         every element off by rows x unit
//   batch_norm_*             arrays off by a sum's error, of the feature's largest element, and by one share of every element
//                            of a feature alike; vectors by a few units, and by what can be lost to underflow
//   regions and functions    every step inside off by half of what its own rule allows, or 0 where that allows it
//
// Products of many. The order of factors is open, so that a product on the way may leave the type at either end:
//
//   |error| <= terms x unit x product of |factors|  +  terms x smallest step x product of the |factors| above 1
//
// and where the last product leaves the type, so may any result. Both products are the operation itself, run on moduli. In a type
// without zero the product of the |factors| below 1 may leave it, too.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "oracle_int.h"

enum { DRAWS = 24, FACTOR = 4 };  // runs at most; of the largest deviation seen that is allowed

static sk_elem type_elem(const sk_module *m, sk_value v) {
  return (sk_elem)sk_value_type_rec(m, v)->elem;
}

// ---- noise

typedef struct noise {
  const oracle_op *o;
  uint64_t rng;
} noise;

static double draw(noise *n) {  // [-1, 1]
  uint64_t r = sk_hash_splitmix(n->rng += 0x9E3779B97F4A7C15u);
  return (double)(int64_t)(r >> 11) * 0x1p-52 - 1;
}

static void shift(noise *n, sk_elem part, void *data, int64_t i, double amplitude) {
  double x = oracle_element(part, data, i);
  if (isfinite(x) && isfinite(amplitude)) {
    oracle_set_element(part, data, i, x + amplitude * draw(n));
  }
}

static double largest_of(sk_elem part, const void *data, int64_t first, int64_t step, int64_t end) {
  double largest = 0;
  for (int64_t i = first; i < end; i += step) {
    double x = fabs(oracle_element(part, data, i));
    largest = isfinite(x) && x > largest ? x : largest;
  }
  return largest;
}

static void shift_function(noise *n, sk_opkind kind, sk_elem elem, void *data, int64_t count) {
  sk_elem part = sk_elem_complex_part(elem);
  double share = 8 * oracle_epsilon(part);
  bool cuts = oracle_has_cuts(kind, elem);
  for (int64_t i = 0; i < 2 * count; i++) {
    double own = fabs(oracle_element(part, data, i));
    double other = cuts ? fabs(oracle_element(part, data, i ^ 1)) : 0;
    double least = own > 0 ? oracle_smallest_step(part) : 0;
    shift(n, part, data, i, fmax(share * (own + other), least));
  }
}

// Matrices are the last two dimensions.
static void shift_matrices(noise *n, sk_op op, sk_value v, sk_elem elem, void *data,
                           int64_t count) {
  const sk_type_rec *type = sk_value_type_rec(n->o->m, v);
  sk_elem part = sk_elem_complex_part(elem);
  int64_t parts = part != elem ? 2 : 1, rows = type->dims[type->rank - 2];
  int64_t size = rows * type->dims[type->rank - 1] * parts;
  double share = (double)(rows + 8) * oracle_computing_epsilon(part);
  bool by_element = sk_op_kind(n->o->m, op) == SK_OP_TRIANGULAR_SOLVE;
  for (int64_t first = 0; first < count * parts; first += size) {
    double largest = largest_of(part, data, first, 1, first + size);
    for (int64_t i = first; i < first + size; i++) {
      shift(n, part, data, i, share * (by_element ? fabs(oracle_element(part, data, i)) : largest));
    }
  }
}

// A factor scale / sqrt(variance) / count that leaves the type below is lost: as a difference of scale. Where the variance is no
// operand that is known, its root counts as 1.
static double lost_by_underflow(const noise *n, sk_op op, double each) {
  bool grad = sk_op_kind(n->o->m, op) == SK_OP_BATCH_NORM_GRAD && op.id == n->o->op.id;
  sk_elem elem = type_elem(n->o->m, sk_op_operand(n->o->m, op, 0));
  const void *variance = grad ? n->o->operands[3] : NULL;
  double root = 1;
  if (variance != NULL) {
    root += sqrt(largest_of(elem, variance, 0, 1, oracle_operand_count(n->o, 3)));
  }
  return each * root * oracle_smallest_step(oracle_is_narrow(elem) ? SK_F32 : elem);
}

static void shift_features(noise *n, sk_op op, sk_value v, sk_elem elem, void *data,
                           int64_t count) {
  const sk_type_rec *type = sk_value_type_rec(n->o->m, sk_op_operand(n->o->m, op, 0));
  int64_t feature = sk_op_int(n->o->m, op, SK_NAME_feature_index, 0), inner = 1, each = 1;
  double unit = oracle_computing_epsilon(elem);
  for (uint32_t d = 0; d < type->rank; d++) {
    inner *= d > (uint32_t)feature ? type->dims[d] : 1;
    each *= d != (uint32_t)feature ? type->dims[d] : 1;
  }
  double lost = lost_by_underflow(n, op, (double)each);
  if (sk_value_type_rec(n->o->m, v)->rank != type->rank || type->rank == 1) {
    for (int64_t i = 0; i < count; i++) {
      shift(n, elem, data, i, 16 * unit * fabs(oracle_element(elem, data, i)) + lost);
    }
    return;
  }
  int64_t features = type->dims[feature];
  for (int64_t f = 0; f < features; f++) {
    double largest = 0;
    for (int64_t first = f * inner; first < count; first += features * inner) {
      largest = fmax(largest, largest_of(elem, data, first, 1, first + inner));
    }
    double share = ((double)each + 16) * unit, alike = 1 + share * draw(n);  // sums go off as one
    for (int64_t k = 0; k < each; k++) {
      int64_t i = (k / inner * features + f) * inner + k % inner;
      oracle_set_element(elem, data, i, oracle_element(elem, data, i) * alike);
      shift(n, elem, data, i, share * largest);
    }
  }
}

static void shift_operand(void *user, sk_op op, uint32_t index, void *data, int64_t count) {
  noise *n = user;
  const sk_module *m = n->o->m;
  sk_value v = sk_op_operand(m, op, index);
  sk_elem elem = type_elem(m, v);
  sk_opkind kind = sk_op_kind(m, op);
  bool is_complex = sk_elem_is_complex(elem);
  if (count == 0 || !(is_complex || sk_elem_is_float(elem))) {
    return;
  }
  switch ((int)sk_opkind_info(kind)->op_class) {
    case SK_OPCLASS_LINALG: shift_matrices(n, op, v, elem, data, count); return;
    case SK_OPCLASS_NORM: shift_features(n, op, v, elem, data, count); return;
    case SK_OPCLASS_ELEMENTWISE:
      if (is_complex && !oracle_is_exact(kind, elem)) {
        shift_function(n, kind, elem, data, count);
      }
      return;
    default: return;  // of what holds others the steps are changed
  }
}

// Which of them a step gives that may give another.
static void blur(noise *n, const oracle_rule *r, sk_elem part, void *data, int64_t i) {
  static const double others[] = {HUGE_VAL, -HUGE_VAL, (double)NAN};
  uint64_t pick = (uint64_t)((draw(n) + 1) * 3);
  if (r->blurs && pick < 3) {
    oracle_set_element(part, data, i, others[pick]);
  }
}

// The product of all factors above 1, of whatever they are of the step's operands: no product on its way is larger.
static double growth_of(const oracle_op *step) {
  double growth = 1;
  for (uint32_t k = 0; k < sk_op_get(step->m, step->op)->operand_count; k++) {
    sk_elem elem = type_elem(step->m, sk_op_operand(step->m, step->op, k));
    sk_elem part = sk_elem_complex_part(elem);
    int64_t parts = oracle_operand_count(step, k) * (part != elem ? 2 : 1);
    for (int64_t i = 0; step->operands[k] != NULL && sk_elem_is_float(part) && i < parts; i++) {
      double x = fabs(oracle_element(part, step->operands[k], i));
      growth *= fmax(x, 1) * (part != elem ? 2 : 1);
    }
  }
  return growth;
}

// What left the type on its way is anything.
static void overflow(noise *n, sk_elem part, void *data, int64_t i) {
  static const double others[] = {HUGE_VAL, -HUGE_VAL, (double)NAN, 0};
  uint64_t pick = (uint64_t)((draw(n) + 1) * 4);
  if (pick < SK_COUNT(others)) {
    oracle_set_element(part, data, i, others[pick]);
  }
}

static void shift_product(noise *n, const oracle_rule *r, double growth, sk_elem part, void *data,
                          int64_t i) {
  double x = oracle_element(part, data, i);
  double step = oracle_smallest_step(oracle_is_narrow(part) ? SK_F32 : part);
  if (!(growth < oracle_largest_finite(part) / 4)) {
    overflow(n, part, data, i);
    return;
  }
  double allowed = oracle_allowed_difference(r, part, x, x, 0) + 4 * r->terms * step * growth;
  shift(n, part, data, i, allowed / 2);
}

// Terms that cancel may leave nothing.
static void vanish(noise *n, sk_elem part, void *data, int64_t i, int64_t parts, double allowed) {
  bool vanishes = draw(n) > 0.5;
  for (int64_t k = i; k < i + parts; k++) {
    vanishes = vanishes && fabs(oracle_element(part, data, k)) <= allowed;
  }
  for (int64_t k = i; vanishes && k < i + parts; k++) {
    oracle_set_element(part, data, k, 0);
  }
}

// A step inside: half of what its rule allows. What holds others has theirs already.
static void shift_step(void *user, sk_op op, uint32_t result, const void *const *operands,
                       void *data, int64_t count) {
  noise *n = user;
  oracle_op inner = {.m = n->o->m, .op = op, .result = result, .operands = operands};
  sk_elem elem = type_elem(inner.m, sk_op_result(inner.m, op, result));
  sk_elem part = sk_elem_complex_part(elem);
  if (!sk_elem_is_float(part)) {
    return;
  }
  oracle_rule r = oracle_rule_of(&inner, elem);
  if (r.kind == ORACLE_EXACT || r.kind == ORACLE_SPREAD || r.kind == ORACLE_ANYTHING) {
    return;
  }
  int64_t parts = part != elem ? 2 : 1;
  double all = largest_of(part, data, 0, 1, count * parts);
  double growth = r.kind == ORACLE_PRODUCT ? growth_of(&inner) : 0;
  for (int64_t i = 0; i < count * parts; i++) {
    double x = oracle_element(part, data, i);
    if (r.kind == ORACLE_PRODUCT) {
      shift_product(n, &r, growth, part, data, i);
      continue;
    }
    if (r.kind == ORACLE_SUM && oracle_may_overflow(part, x, x, r.units)) {
      overflow(n, part, data, i);
      continue;
    }
    if (!isfinite(x)) {
      blur(n, &r, part, data, i);
      continue;
    }
    double modulus = parts == 2 ? hypot(x, oracle_element(part, data, i ^ 1)) : fabs(x);
    double scale = r.kind == ORACLE_LOOSE ? all : modulus;
    if (r.period > 0 && i % 2 == 0) {  // on which side of a cut it was decided
      oracle_set_element(part, data, i, x + r.period * rint(draw(n)));
    }
    oracle_rule at = oracle_rule_at(&inner, &r, i / parts);
    double allowed = oracle_allowed_difference(&at, part, x, x, scale) / 2;
    shift(n, part, data, i, allowed);
    if (r.kind == ORACLE_SUM && i % parts == parts - 1) {
      vanish(n, part, data, i - parts + 1, parts, allowed);
    }
  }
}

// ---- deviations

typedef struct spread {
  const oracle_op *o;
  const oracle_rule *rule;
  sk_elem part;
  int64_t parts;  // of all elements
  bool paired;    // complex: both parts go as far
  double
      *far;  // owned: largest deviation so far; infinite: one run gave no number, or the first did
  void *again;  // owned: a result
} spread;

static void note_run(spread *s, const void *want) {
  for (int64_t i = 0; i < s->parts; i++) {
    double x = oracle_element(s->part, s->again, i), y = oracle_element(s->part, want, i);
    bool finite = isfinite(x) && isfinite(y);
    double far = oracle_same_bits(s->part, s->again, want, i) ? 0 : finite ? fabs(x - y) : HUGE_VAL;
    s->far[i] = fmax(s->far[i], far);
    if (s->paired) {
      s->far[i ^ 1] = fmax(s->far[i ^ 1], far);
    }
  }
}

static bool is_within(const spread *s, const void *got, const void *want, int64_t i) {
  if (oracle_same_bits(s->part, got, want, i) || s->far[i] == HUGE_VAL) {
    return true;
  }
  double x = oracle_element(s->part, got, i), y = oracle_element(s->part, want, i);
  if (!isfinite(x) || !isfinite(y)) {
    return s->rule->blurs || (sk_elem_is_float(s->part) && oracle_may_overflow(s->part, x, y, 0));
  }
  double larger = fmax(fabs(x), fabs(y));
  double own = sk_elem_is_float(s->part) ? 4 * oracle_unit_at(s->part, larger) : 0;
  return fabs(x - y) <= own + FACTOR * s->far[i];
}

static bool find_beyond(const spread *s, const void *got, const void *want, const bool *marks,
                        int64_t *out_part) {
  for (int64_t i = 0; i < s->parts; i++) {
    if (marks[i] && !is_within(s, got, want, i)) {
      *out_part = i;
      return true;
    }
  }
  return false;
}

static bool run_again(spread *s, const sk_interp_changes *changes) {
  sk_elem elem = type_elem(s->o->m, sk_op_result(s->o->m, s->o->op, s->o->result));
  sk_status status = sk_interp_run_again(s->o->interp, s->o->op, s->o->result, changes, s->again,
                                         elem == s->part ? s->parts : s->parts / 2);
  bool ok = status == NULL;
  sk_status_free(status);
  return ok;
}

static bool init_spread(spread *s, const oracle_op *o, const oracle_rule *r, int64_t count) {
  sk_elem elem = type_elem(o->m, sk_op_result(o->m, o->op, o->result));
  *s = (spread){.o = o, .rule = r, .part = sk_elem_complex_part(elem), .parts = count};
  s->paired = s->part != elem;
  s->parts *= s->paired ? 2 : 1;
  s->far = calloc((size_t)s->parts + 1, sizeof *s->far);
  s->again = malloc((size_t)count * sk_elem_bytes(elem) + 1);
  return s->far != NULL && s->again != NULL;
}

static void free_spread(spread *s) {
  free(s->far);
  free(s->again);
}

bool oracle_spread_allows(const oracle_op *o, const oracle_rule *r, const void *got,
                          const void *want, int64_t count, const bool *marks, int64_t *out_part) {
  spread s;
  noise n = {.o = o, .rng = 1};
  const sk_interp_changes changes = {shift_operand, shift_step, &n};
  bool beyond = true, ok = init_spread(&s, o, r, count);
  *out_part = 0;
  for (int run = 0; ok && beyond && run < DRAWS; run++) {
    ok = run_again(&s, &changes);
    if (ok) {
      note_run(&s, want);
      beyond = find_beyond(&s, got, want, marks, out_part);
    }
  }
  free_spread(&s);
  return !beyond;
}

// ---- products of many

// Every factor by its modulus, between two bounds.
typedef struct moduli {
  const oracle_op *o;
  double least, most;
} moduli;

static void take_modulus(void *user, sk_op op, uint32_t index, void *data, int64_t count) {
  const moduli *by = user;
  sk_elem elem = type_elem(by->o->m, sk_op_operand(by->o->m, op, index));
  sk_elem part = sk_elem_complex_part(elem);
  bool factor = op.id == by->o->op.id && sk_elem_is_float(part);  // not of its steps
  for (int64_t i = 0; factor && i < count; i++) {
    if (part != elem) {
      double x = oracle_element(part, data, 2 * i), y = oracle_element(part, data, 2 * i + 1);
      oracle_set_element(part, data, 2 * i, fmin(fmax(hypot(x, y), by->least), by->most));
      oracle_set_element(part, data, 2 * i + 1, 0);
    } else {
      double x = fabs(oracle_element(part, data, i));
      oracle_set_element(part, data, i, fmin(fmax(x, by->least), by->most));
    }
  }
}

static bool product_of(spread *s, double least, double most, double *out) {
  moduli by = {s->o, least, most};
  bool ok = run_again(s, &(sk_interp_changes){.operand = take_modulus, .user = &by});
  for (int64_t i = 0; ok && i < s->parts; i++) {
    out[i] = oracle_element(s->part, s->again, s->paired ? i & ~INT64_C(1) : i);
  }
  return ok;
}

static bool is_product_within(const oracle_rule *r, sk_elem part, double x, double y,
                              double product, double growth) {
  double own = oracle_unit_at(part, fmax(fabs(x), fabs(y)));
  double step = oracle_smallest_step(oracle_is_narrow(part) ? SK_F32 : part);
  if (!(growth < oracle_largest_finite(part) / 4)) {
    return true;
  }
  if (!isfinite(x) || !isfinite(y)) {
    return oracle_may_underflow(part, x, y);
  }
  return fabs(x - y) <= own + r->units * product + 4 * r->terms * step * fmax(growth, 1);
}

bool oracle_product_allows(const oracle_op *o, const oracle_rule *r, const void *got,
                           const void *want, int64_t count, const bool *marks, int64_t *out_part) {
  spread s;
  double *growth = calloc((size_t)count * 2 + 1, sizeof *growth);
  bool ok = init_spread(&s, o, r, count) && growth != NULL && product_of(&s, 1, HUGE_VAL, growth);
  if (ok && s.part == SK_F8E8M0FNU) {
    ok = product_of(&s, 0, 1, s.far);
    for (int64_t i = 0; ok && i < s.parts; i++) {
      growth[i] = s.far[i] > oracle_smallest_step(s.part) ? growth[i] : HUGE_VAL;
    }
  }
  ok = ok && product_of(&s, 0, HUGE_VAL, s.far);
  *out_part = 0;
  for (int64_t i = 0; ok && i < s.parts; i++) {
    ok = !marks[i] || is_product_within(r, s.part, oracle_element(s.part, got, i),
                                        oracle_element(s.part, want, i), s.far[i], growth[i]);
    *out_part = i;
  }
  free(growth);
  free_spread(&s);
  return ok;
}
