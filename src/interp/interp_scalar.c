// SPDX-License-Identifier: Apache-2.0
// Element-wise ops on single elements.
//
// Floats: evaluated in double and rounded once by the caller's store (to f32 here first for types
// narrower than that). Integers: int64 with the result wrapped to its type by the store. Choices
// the specification leaves are XLA:CPU's: division by zero gives all ones, remainder by zero the
// dividend, shifts beyond the width 0 or the sign fill. Complex numbers are in interp_complex.c,
// special functions in interp_special.c.
#include <math.h>
#include <string.h>

#include "interp/interp_int.h"

static bool is_unsigned(sk_elem elem) { return sk_elem_get_class(elem) == SK_CLASS_UINT; }

static double nearest_even(double x) { return rint(x); }

static double sign_of(double x) { return isnan(x) || x == 0 ? x : copysign(1, x); }

static bool unary_float(sk_opkind kind, double x, double *out) {
  switch ((int)kind) {
    case SK_OP_ABS: *out = fabs(x); return true;
    case SK_OP_CBRT: *out = cbrt(x); return true;
    case SK_OP_CEIL: *out = ceil(x); return true;
    case SK_OP_COSINE: *out = cos(x); return true;
    case SK_OP_EXPONENTIAL: *out = exp(x); return true;
    case SK_OP_EXPONENTIAL_MINUS_ONE: *out = expm1(x); return true;
    case SK_OP_FLOOR: *out = floor(x); return true;
    case SK_OP_LOG: *out = log(x); return true;
    case SK_OP_LOG_PLUS_ONE: *out = log1p(x); return true;
    case SK_OP_LOGISTIC: *out = x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)); return true;
    case SK_OP_NEGATE: *out = -x; return true;
    case SK_OP_ROUND_NEAREST_AFZ: *out = round(x); return true;
    case SK_OP_ROUND_NEAREST_EVEN: *out = nearest_even(x); return true;
    case SK_OP_RSQRT: *out = 1 / sqrt(x); return true;
    case SK_OP_SIGN: *out = sign_of(x); return true;
    case SK_OP_SINE: *out = sin(x); return true;
    case SK_OP_SQRT: *out = sqrt(x); return true;
    case SK_OP_TAN:
    case SK_OP_CHLO_TAN: *out = tan(x); return true;
    case SK_OP_TANH: *out = tanh(x); return true;
    case SK_OP_REAL: *out = x; return true;
    case SK_OP_IMAG: *out = 0; return true;
    case SK_OP_CHLO_ERF: *out = erf(x); return true;
    case SK_OP_CHLO_ERFC: *out = erfc(x); return true;
    case SK_OP_CHLO_SQUARE: *out = x * x; return true;
    case SK_OP_CHLO_ASIN: *out = asin(x); return true;
    case SK_OP_CHLO_ACOS: *out = acos(x); return true;
    case SK_OP_CHLO_ATAN: *out = atan(x); return true;
    case SK_OP_CHLO_ASINH: *out = asinh(x); return true;
    case SK_OP_CHLO_ACOSH: *out = acosh(x); return true;
    case SK_OP_CHLO_ATANH: *out = atanh(x); return true;
    case SK_OP_CHLO_COSH: *out = cosh(x); return true;
    case SK_OP_CHLO_SINH: *out = sinh(x); return true;
    default: return sk_interp_special_function(kind, x, out);
  }
}

// IEEE-754-2019 maximum and minimum.
static double max_float(double x, double y) {
  return isnan(x) || isnan(y) ? (double)NAN : x == y ? (signbit(x) ? y : x) : x > y ? x : y;
}
static double min_float(double x, double y) {
  return isnan(x) || isnan(y) ? (double)NAN : x == y ? (signbit(x) ? x : y) : x < y ? x : y;
}

static bool binary_float(sk_opkind kind, double x, double y, double *out) {
  switch ((int)kind) {
    case SK_OP_ADD: *out = x + y; return true;
    case SK_OP_SUBTRACT: *out = x - y; return true;
    case SK_OP_MULTIPLY: *out = x * y; return true;
    case SK_OP_DIVIDE: *out = x / y; return true;
    case SK_OP_REMAINDER: *out = fmod(x, y); return true;
    case SK_OP_POWER: *out = y == 0 ? 1 : pow(x, y); return true;  // libm: NaN for a signaling NaN
    case SK_OP_ATAN2: *out = atan2(x, y); return true;
    case SK_OP_MAXIMUM: *out = max_float(x, y); return true;
    case SK_OP_MINIMUM: *out = min_float(x, y); return true;
    default: return sk_interp_special_pair(kind, x, y, out);
  }
}

static int64_t int_power(sk_elem elem, int64_t base, int64_t exponent) {
  uint64_t result = 1, square = (uint64_t)base;
  if (sk_elem_is_signed(elem) && exponent < 0) {
    return base == 1;
  }
  for (int i = 0; i < 6; i++) {  // XLA looks at six bits
    result *= (exponent >> i & 1) != 0 ? square : 1;
    square *= square;
  }
  return (int64_t)result;
}

static uint64_t masked(sk_elem elem, int64_t x) {
  uint32_t bits = sk_elem_bits(elem);
  return bits == 64 ? (uint64_t)x : (uint64_t)x & ((UINT64_C(1) << bits) - 1);
}

static bool unary_int(sk_opkind kind, sk_elem elem, int64_t x, int64_t *out) {
  uint64_t bits = masked(elem, x);
  switch ((int)kind) {
    case SK_OP_ABS: *out = x < 0 ? (int64_t)(0 - (uint64_t)x) : x; return true;
    case SK_OP_NEGATE: *out = (int64_t)(0 - (uint64_t)x); return true;
    case SK_OP_NOT: *out = elem == SK_PRED ? !x : ~x; return true;
    case SK_OP_SIGN: *out = is_unsigned(elem) ? x != 0 : (x > 0) - (x < 0); return true;
    case SK_OP_POPCNT: *out = sk_popcount64(bits); return true;
    case SK_OP_COUNT_LEADING_ZEROS:
      *out = bits == 0 ? sk_elem_bits(elem)
                       : (int64_t)sk_clz64(bits) - (64 - (int64_t)sk_elem_bits(elem));
      return true;
    case SK_OP_CHLO_SQUARE: *out = (int64_t)((uint64_t)x * (uint64_t)x); return true;
    default: return false;
  }
}

static bool less_int(sk_elem elem, int64_t x, int64_t y) {
  return is_unsigned(elem) ? (uint64_t)x < (uint64_t)y : x < y;
}

static int64_t divide_int(sk_elem elem, int64_t x, int64_t y) {
  if (y == 0) {
    return -1;  // all ones
  }
  if (is_unsigned(elem)) {
    return (int64_t)((uint64_t)x / (uint64_t)y);
  }
  return y == -1 ? (int64_t)(0 - (uint64_t)x) : x / y;
}

static int64_t remainder_int(sk_elem elem, int64_t x, int64_t y) {
  if (y == 0) {
    return x;
  }
  return is_unsigned(elem) ? (int64_t)((uint64_t)x % (uint64_t)y) : y == -1 ? 0 : x % y;
}

static bool binary_int(sk_opkind kind, sk_elem elem, int64_t x, int64_t y, int64_t *out) {
  uint64_t a = (uint64_t)x, b = (uint64_t)y, amount = masked(elem, y), bits = sk_elem_bits(elem);
  bool pred = elem == SK_PRED;
  switch ((int)kind) {
    case SK_OP_ADD: *out = pred ? x | y : (int64_t)(a + b); return true;
    case SK_OP_SUBTRACT: *out = (int64_t)(a - b); return !pred;
    case SK_OP_MULTIPLY: *out = pred ? x & y : (int64_t)(a * b); return true;
    case SK_OP_DIVIDE: *out = divide_int(elem, x, y); return !pred;
    case SK_OP_REMAINDER: *out = remainder_int(elem, x, y); return !pred;
    case SK_OP_POWER: *out = int_power(elem, x, y); return !pred;
    case SK_OP_MAXIMUM: *out = less_int(elem, x, y) ? y : x; return true;
    case SK_OP_MINIMUM: *out = less_int(elem, x, y) ? x : y; return true;
    case SK_OP_AND: *out = x & y; return true;
    case SK_OP_OR: *out = x | y; return true;
    case SK_OP_XOR: *out = x ^ y; return true;
    case SK_OP_SHIFT_LEFT: *out = amount >= bits ? 0 : (int64_t)(a << amount); return !pred;
    case SK_OP_SHIFT_RIGHT_LOGICAL:
      *out = amount >= bits ? 0 : (int64_t)(masked(elem, x) >> amount);
      return !pred;
    case SK_OP_SHIFT_RIGHT_ARITHMETIC: {
      int64_t sign_extended = (int64_t)((uint64_t)x << (64 - bits)) >> (64 - bits);
      *out = sign_extended >> (amount >= bits ? bits - 1 : amount);
      return !pred;
    }
    default: return false;
  }
}

// Signed integer whose order is the total order of floats.
int64_t sk_total_order_key(double x) {
  int64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits ^ (int64_t)((uint64_t)(bits >> 63) >> 1);
}

static bool by_direction(int64_t direction, bool equal, bool less, bool unordered) {
  switch (direction) {
    case SK_CMP_EQ: return equal;
    case SK_CMP_NE: return !equal;
    case SK_CMP_LT: return less;
    case SK_CMP_LE: return less || equal;
    case SK_CMP_GT: return !less && !equal && !unordered;
    default: return !less && !unordered;  // GE
  }
}

static bool compare(const sk_interp *s, sk_op op, sk_elem elem, const sk_number *in) {
  int64_t direction = sk_op_int(s->m, op, SK_NAME_comparison_direction, 0);
  if (sk_elem_is_complex(elem)) {
    bool equal = in[0].re == in[1].re && in[0].im == in[1].im;
    bool less = in[0].re < in[1].re || (in[0].re == in[1].re && in[0].im < in[1].im);
    return by_direction(direction, equal, less,
                        isunordered(in[0].re, in[1].re) || isunordered(in[0].im, in[1].im));
  }
  if (!sk_elem_is_float(elem)) {
    return by_direction(direction, in[0].i == in[1].i, less_int(elem, in[0].i, in[1].i), false);
  }
  if (sk_op_int(s->m, op, SK_NAME_compare_type, 0) == SK_CMPTYPE_TOTALORDER) {
    int64_t x = sk_total_order_key(in[0].re), y = sk_total_order_key(in[1].re);
    return by_direction(direction, x == y, x < y, false);
  }
  return by_direction(direction, in[0].re == in[1].re, in[0].re < in[1].re,
                      isunordered(in[0].re, in[1].re));
}

static int64_t float_to_int(sk_elem to, double x) {
  uint32_t bits = sk_elem_bits(to);
  bool is_signed = sk_elem_is_signed(to);
  double high = ldexp(1, (int)bits - is_signed), low = is_signed ? -high : 0;
  if (isnan(x) || (!is_signed && x <= 0)) {
    return 0;
  }
  if (x >= high) {
    return (int64_t)((UINT64_C(1) << (bits - is_signed - 1) << 1) - 1);
  }
  if (x < low) {
    return is_signed ? (int64_t)(UINT64_MAX << (bits - 1)) : 0;
  }
  return is_signed ? (int64_t)x : (int64_t)(uint64_t)x;
}

// An integer of 64 bits to double, rounded to odd, so that a second rounding to a narrower float is
// right.
static double int_to_double(sk_elem from, sk_elem to, int64_t x) {
  bool narrow = to != SK_F64 && sk_elem_complex_part(to) != SK_F64;
  uint64_t magnitude = is_unsigned(from) || x >= 0 ? (uint64_t)x : 0 - (uint64_t)x;
  if (narrow && magnitude >> 53 != 0) {
    magnitude = (magnitude & ~UINT64_C(0xFFF)) | ((magnitude & 0xFFF) != 0 ? 0x1000 : 0);
  }
  double value = (double)magnitude;
  return is_unsigned(from) || x >= 0 ? value : -value;
}

static sk_number convert(sk_elem from, sk_elem to, sk_number x) {
  sk_number out = {0, 0, 0};
  bool from_float = sk_elem_is_float(from) || sk_elem_is_complex(from),
       to_float = sk_elem_is_float(to) || sk_elem_is_complex(to);
  if (to_float) {
    out.re = from_float ? x.re : from == SK_PRED ? (double)(x.i & 1) : int_to_double(from, to, x.i);
    out.im = sk_elem_is_complex(from) ? x.im : 0;
  } else if (from_float) {
    out.i = to == SK_PRED ? x.re != 0 : float_to_int(to, x.re);
  } else {
    out.i = to == SK_PRED ? x.i != 0 : x.i;
  }
  return out;
}

static bool typed_op(sk_opkind kind, sk_elem elem, const sk_number *in, uint32_t count,
                     sk_number *out) {
  if (sk_elem_is_complex(elem)) {
    return sk_complex_op(kind, elem, in, out);
  }
  if (sk_elem_is_float(elem)) {
    return count == 1 ? unary_float(kind, in[0].re, &out->re)
                      : binary_float(kind, in[0].re, in[1].re, &out->re);
  }
  return count == 1 ? unary_int(kind, elem, in[0].i, &out->i)
                    : binary_int(kind, elem, in[0].i, in[1].i, &out->i);
}

static sk_number clamp(sk_elem elem, const sk_number *in) {
  sk_number larger = in[1], out = {0, 0, 0};
  typed_op(SK_OP_MAXIMUM, elem, in, 2, &larger);
  const sk_number pair[2] = {larger, in[2]};
  typed_op(SK_OP_MINIMUM, elem, pair, 2, &out);
  return out;
}

static bool is_hyperbolic(sk_opkind kind) {
  return kind == SK_OP_CHLO_SINH || kind == SK_OP_CHLO_COSH;
}

static bool untyped_op(const sk_interp *s, sk_op op, sk_opkind kind, sk_elem from, sk_elem to,
                       const sk_number *in, sk_number *out) {
  switch ((int)kind) {
    case SK_OP_SELECT: *out = in[0].i != 0 ? in[1] : in[2]; return true;
    case SK_OP_COMPARE: *out = (sk_number){.i = compare(s, op, from, in)}; return true;
    case SK_OP_CONVERT: *out = convert(from, to, in[0]); return true;
    case SK_OP_CLAMP: *out = clamp(to, in); return true;
    case SK_OP_IS_FINITE: *out = (sk_number){.i = isfinite(in[0].re) != 0}; return true;
    case SK_OP_COMPLEX: *out = (sk_number){in[0].re, in[1].re, 0}; return true;
    default: return sk_interp_special_op(s, op, kind, from, in, out);
  }
}

bool sk_scalar_less(sk_elem elem, sk_number x, sk_number y) { return less_int(elem, x.i, y.i); }

bool sk_interp_scalar_op(const sk_interp *s, sk_op op, sk_opkind kind, sk_elem from, sk_elem to,
                         const sk_number *in, sk_number *out) {
  *out = (sk_number){0, 0, 0};
  if (!untyped_op(s, op, kind, from, to, in, out) &&
      !typed_op(kind, from, in, sk_interp_operand_count(s, op), out)) {
    return false;
  }
  if (sk_elem_is_float(to) && sk_elem_bits(to) < 32 && kind != SK_OP_CONVERT) {
    out->re = (double)(float)out->re;
  }
  return true;
}

// ---- whole tensors

// The operation that an op with implicit broadcasting stands for; others stand for themselves.
static sk_opkind without_broadcast(sk_opkind kind) {
  switch ((int)kind) {
    case SK_OP_CHLO_BROADCAST_ADD: return SK_OP_ADD;
    case SK_OP_CHLO_BROADCAST_AND: return SK_OP_AND;
    case SK_OP_CHLO_BROADCAST_ATAN2: return SK_OP_ATAN2;
    case SK_OP_CHLO_BROADCAST_COMPARE: return SK_OP_COMPARE;
    case SK_OP_CHLO_BROADCAST_COMPLEX: return SK_OP_COMPLEX;
    case SK_OP_CHLO_BROADCAST_DIVIDE: return SK_OP_DIVIDE;
    case SK_OP_CHLO_BROADCAST_MAXIMUM: return SK_OP_MAXIMUM;
    case SK_OP_CHLO_BROADCAST_MINIMUM: return SK_OP_MINIMUM;
    case SK_OP_CHLO_BROADCAST_MULTIPLY: return SK_OP_MULTIPLY;
    case SK_OP_CHLO_BROADCAST_NEXT_AFTER: return SK_OP_CHLO_NEXT_AFTER;
    case SK_OP_CHLO_BROADCAST_OR: return SK_OP_OR;
    case SK_OP_CHLO_BROADCAST_POLYGAMMA: return SK_OP_CHLO_POLYGAMMA;
    case SK_OP_CHLO_BROADCAST_POWER: return SK_OP_POWER;
    case SK_OP_CHLO_BROADCAST_REMAINDER: return SK_OP_REMAINDER;
    case SK_OP_CHLO_BROADCAST_SELECT: return SK_OP_SELECT;
    case SK_OP_CHLO_BROADCAST_SHIFT_LEFT: return SK_OP_SHIFT_LEFT;
    case SK_OP_CHLO_BROADCAST_SHIFT_RIGHT_ARITHMETIC: return SK_OP_SHIFT_RIGHT_ARITHMETIC;
    case SK_OP_CHLO_BROADCAST_SHIFT_RIGHT_LOGICAL: return SK_OP_SHIFT_RIGHT_LOGICAL;
    case SK_OP_CHLO_BROADCAST_SUBTRACT: return SK_OP_SUBTRACT;
    case SK_OP_CHLO_BROADCAST_XOR: return SK_OP_XOR;
    case SK_OP_CHLO_BROADCAST_ZETA: return SK_OP_CHLO_ZETA;
    default: return kind;
  }
}

// The same for whole f32 tensors without a detour through sk_number, since most programs consist of
// them. False: take the general way.
static bool f32_tensors(sk_opkind kind, const sk_tensor *const *in, uint32_t count, sk_tensor *t) {
  const float *from[2] = {NULL, NULL};
  double result = 0;
  bool plain = t->type->elem == SK_F32 && !is_hyperbolic(kind) &&
               (count == 1 ? unary_float(kind, 1, &result)
                           : count == 2 && binary_float(kind, 1, 1, &result));
  for (uint32_t o = 0; o < count && plain; o++) {
    plain = in[o]->type->elem == SK_F32 && in[o]->count == t->count;
    from[o] = (const float *)(const void *)in[o]->data;
  }
  float *out = (float *)(void *)t->data;
  for (int64_t i = 0; plain && i < t->count; i++) {
    if (count == 1) {
      unary_float(kind, (double)from[0][i], &result);
    } else {
      binary_float(kind, (double)from[0][i], (double)from[1][i], &result);
    }
    out[i] = (float)result;
  }
  return plain;
}

// Likewise 32-bit integers, of which random number generators consist.
static bool int32_tensors(sk_opkind kind, const sk_tensor *const *in, uint32_t count,
                          sk_tensor *t) {
  sk_elem elem = (sk_elem)t->type->elem;
  int64_t result = 0;
  bool plain =
      (elem == SK_S32 || elem == SK_U32) && count == 2 && binary_int(kind, elem, 1, 1, &result);
  const uint32_t *from[2] = {NULL, NULL};
  for (uint32_t o = 0; o < 2 && plain; o++) {
    plain = in[o]->type->elem == t->type->elem && in[o]->count == t->count;
    from[o] = (const uint32_t *)(const void *)in[o]->data;
  }
  uint32_t *out = (uint32_t *)(void *)t->data;
  for (int64_t i = 0; plain && i < t->count; i++) {
    bool is_signed = elem == SK_S32;
    binary_int(kind, elem, is_signed ? (int64_t)(int32_t)from[0][i] : (int64_t)from[0][i],
               is_signed ? (int64_t)(int32_t)from[1][i] : (int64_t)from[1][i], &result);
    out[i] = (uint32_t)result;
  }
  return plain;
}

// Which element of each operand belongs to element i of the result.
static int64_t element_of(const sk_tensor *operand, const sk_tensor *t, int64_t i) {
  if (operand->type->rank == 0) {  // a predicate, a bound, or broadcast
    return 0;
  }
  int64_t at[SK_MAX_RANK];  // aligned at the minor end, size 1 repeats
  uint32_t skipped = t->type->rank - operand->type->rank;
  sk_unravel(t->type, i, at);
  for (uint32_t d = 0; d < operand->type->rank; d++) {
    at[skipped + d] = operand->type->dims[d] == 1 ? 0 : at[skipped + d];
  }
  return sk_ravel(operand->type, at + skipped);
}

// Dims of the result: the operands broadcast against each other from the minor end. Without
// implicit broadcasting only scalars may differ from the rest.
static sk_status result_dims(const sk_interp *s, sk_op op, bool broadcasts, int64_t *dims) {
  const sk_type_rec *type = sk_value_type_rec(s->m, sk_op_result(s->m, op, 0));
  for (uint32_t d = 0; d < type->rank; d++) {
    dims[d] = 1;
  }
  bool first = true;
  for (uint32_t o = 0; o < sk_interp_operand_count(s, op); o++) {
    const sk_type_rec *in = sk_interp_operand(s, op, o)->type;
    SK_TRY(sk_interp_require(
        s, op, in->rank == type->rank || in->rank == 0 || (broadcasts && in->rank < type->rank),
        "operands differ in rank"));
    for (uint32_t d = 0; d < in->rank; d++) {
      int64_t *to = &dims[type->rank - in->rank + d];
      bool fits = *to == in->dims[d] || (broadcasts ? in->dims[d] == 1 || *to == 1 : first);
      SK_TRY(sk_interp_require(s, op, fits, "operands differ in shape"));
      *to = *to == 1 ? in->dims[d] : *to;
    }
    first = first && in->rank == 0;
  }
  return NULL;
}

// Elements [first, first + count) of an operand, as they belong to those of the result.
static void read_block(const sk_tensor *in, const sk_tensor *t, int64_t first, int64_t count,
                       sk_number *out) {
  if (in->type->rank > 0 && sk_same_dims(in->type, t->type)) {
    sk_numbers_get(in, first, count, out);
    return;
  }
  for (int64_t i = 0; i < count; i++) {
    out[i] = sk_tensor_get(in, element_of(in, t, first + i));
  }
}

static sk_status run_elements(const sk_interp *s, sk_op op, sk_opkind kind,
                              const sk_tensor *const *in, uint32_t count, sk_tensor *t) {
  enum { BLOCK = 64 };
  sk_elem from = (sk_elem)in[0]->type->elem, to = (sk_elem)t->type->elem;
  sk_number block[3][BLOCK], out[BLOCK];
  for (int64_t first = 0; first < t->count; first += BLOCK) {
    int64_t size = SK_MIN(t->count - first, BLOCK);
    for (uint32_t o = 0; o < count; o++) {
      read_block(in[o], t, first, size, block[o]);
    }
    for (int64_t i = 0; i < size; i++) {
      sk_number numbers[3] = {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
      for (uint32_t o = 0; o < count; o++) {
        numbers[o] = block[o][i];
      }
      if (!sk_interp_scalar_op(s, op, kind, from, to, numbers, &out[i])) {
        return sk_op_error(
            s->m, op, SK_UNIMPLEMENTED,
            "the reference interpreter does not have this operation on these types yet");
      }
    }
    sk_numbers_set(t, first, size, out);
  }
  return NULL;
}

sk_status sk_interp_elementwise(sk_interp *s, sk_op op) {
  sk_opkind given = sk_op_kind(s->m, op), kind = without_broadcast(given);
  const sk_tensor *in[3] = {NULL, NULL, NULL};
  uint32_t count = sk_interp_operand_count(s, op);
  int64_t dims[SK_MAX_RANK];
  sk_tensor *t;
  for (uint32_t o = 0; o < count && o < SK_COUNT(in); o++) {
    in[o] = sk_interp_operand(s, op, o);
  }
  SK_TRY(result_dims(s, op, kind != given, dims));
  SK_TRY(sk_interp_result(s, op, 0, dims, &t));
  if (f32_tensors(kind, in, count, t) || int32_tensors(kind, in, count, t)) {
    return NULL;
  }
  return run_elements(s, op, kind, in, count, t);
}
