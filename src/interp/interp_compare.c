// SPDX-License-Identifier: Apache-2.0
// Whether two arrays agree, by the rules of the `check` dialect; which ops and custom calls are
// checks, and with what tolerance.
//
//   EQ          equal values; -0 = +0; NaN equals NaN
//   ALMOST_EQ   |actual - expected| <= tolerance; infinities and NaN must be the same
//   CLOSE       the largest distance in units in the last place of the type lies within bounds;
//               infinities and NaN must be the same
//
// Complex elements are compared part by part. Integers are compared exactly whatever the rule says.
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "interp/interp_int.h"

static const double apart = (double)INFINITY;  // no tolerance makes them agree

static uint64_t load_bits(const void *at, uint32_t bytes) {
  uint64_t bits = 0;
  memcpy(&bits, at, bytes);  // little-endian
  return bits;
}

static bool find_format(sk_elem elem, sk_numfmt *out_format) {
  switch ((int)elem) {
#define X(name, ...)                                                                               \
  case SK_##name:                                                                                  \
    *out_format = SK_NUM_##name;                                                                   \
    return true;
#include "base/num.def"
#undef X
    default: return false;  // F32, F64 and what is no float
  }
}

static double decode(sk_elem elem, uint64_t bits) {
  sk_numfmt format;
  if (elem == SK_F32) {
    uint32_t half = (uint32_t)bits;
    float value;
    memcpy(&value, &half, sizeof value);
    return (double)value;
  }
  if (elem == SK_F64) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
  }
  return find_format(elem, &format) ? sk_num_decode(format, (uint32_t)bits) : 0;
}

// Distance along the ordered values of the format. Both are numbers.
static uint64_t ulps_between(sk_elem elem, uint64_t a, uint64_t b) {
  uint32_t bits = elem == SK_F32 || elem == SK_F64 ? sk_elem_bits(elem) : 0;
  sk_numfmt format;
  if (bits == 0 && find_format(elem, &format)) {
    bits = sk_num_storage_bits(format);
  }
  uint64_t sign = (uint64_t)1 << (bits - 1);
  uint64_t ma = a & (sign - 1), mb = b & (sign - 1);
  if (elem == SK_F8E8M0FNU) {
    return a > b ? a - b : b - a;
  }
  if ((a & sign) != (b & sign)) {
    return ma + mb;
  }
  return ma > mb ? ma - mb : mb - ma;
}

// How far apart two floats are by the rule: 0 = equal. What is not finite is UINT64_MAX units away
// from everything else.
static double float_distance(const sk_check_spec *check, sk_elem elem, uint64_t a, uint64_t b) {
  double x = decode(elem, a), y = decode(elem, b);
  if (isnan(x) || isnan(y)) {
    double different = check->rule == SK_CHECK_CLOSE ? (double)UINT64_MAX : apart;
    return isnan(x) && isnan(y) ? 0 : different;
  }
  if (x == y) {
    return 0;
  }
  if (isinf(x) || isinf(y)) {
    return check->rule == SK_CHECK_CLOSE ? (double)UINT64_MAX : apart;
  }
  if (check->rule == SK_CHECK_EQ) {
    return apart;
  }
  return check->rule == SK_CHECK_CLOSE ? (double)ulps_between(elem, a, b) : fabs(x - y);
}

bool sk_compare_elems(const sk_check_spec *check, sk_elem elem, const void *actual,
                      const void *expected, bool expected_splat, int64_t count,
                      sk_compare_result *out_worst) {
  sk_elem part = sk_elem_complex_part(elem);
  uint32_t parts = sk_elem_is_complex(elem) ? 2 : 1;
  uint32_t bytes = sk_elem_bytes(part);
  bool is_float = sk_elem_is_float(part);
  double worst = 0, limit = check->rule == SK_CHECK_CLOSE       ? (double)check->max_ulps
                            : check->rule == SK_CHECK_ALMOST_EQ ? check->tolerance
                                                                : 0;
  *out_worst = (sk_compare_result){.elem = -1};
  for (int64_t i = 0; i < count * parts; i++) {
    uint64_t a = load_bits((const char *)actual + i * bytes, bytes);
    uint64_t b =
        load_bits((const char *)expected + (expected_splat ? i % parts : i) * bytes, bytes);
    double distance = is_float ? float_distance(check, part, a, b) : a == b ? 0 : apart;
    if (distance > worst || (distance > limit && out_worst->elem < 0)) {
      worst = distance;
      bool is_signed = sk_elem_is_signed(part);
      uint32_t unused = 64 - 8 * bytes;
      double x = is_float    ? decode(part, a)
                 : is_signed ? (double)((int64_t)(a << unused) >> unused)
                             : (double)a;
      double y = is_float    ? decode(part, b)
                 : is_signed ? (double)((int64_t)(b << unused) >> unused)
                             : (double)b;
      *out_worst = (sk_compare_result){i / parts, x, y, distance};
    }
  }
  bool too_close = check->rule == SK_CHECK_CLOSE && is_float && worst < (double)check->min_ulps;
  return !(worst > limit) && !too_close;
}

sk_status sk_check_failure(const sk_check_spec *check, const sk_compare_result *worst,
                           sk_srcpos pos) {
  static const char *const units[] = {"", " apart", " units in the last place apart"};
  sk_status status = sk_status_new_at(
      SK_FAILED_PRECONDITION, pos, "check.%s failed at element %lld: %.17g, expected %.17g",
      check->name, (long long)worst->elem, worst->actual, worst->expected);
  if (check->rule != SK_CHECK_EQ && isfinite(worst->difference)) {
    status = sk_status_note(status, "%.9g%s", worst->difference, units[check->rule]);
  }
  return status;
}

// ---- which operations check

typedef struct check_form {
  const char *custom_name;  // target of the custom call
  const char *name;
  sk_opkind op, const_op;
  sk_check_rule rule;
  double custom_tolerance, op_tolerance;
} check_form;

static const check_form forms[] = {
    {"check.expect_eq", "expect_eq", SK_OP_CHECK_EXPECT_EQ, SK_OP_CHECK_EXPECT_EQ_CONST,
     SK_CHECK_EQ, 0, 0},
    {"check.expect_almost_eq", "expect_almost_eq", SK_OP_CHECK_EXPECT_ALMOST_EQ,
     SK_OP_CHECK_EXPECT_ALMOST_EQ_CONST, SK_CHECK_ALMOST_EQ, 1e-3, 1e-4},
    {"check.expect_close", "expect_close", SK_OP_CHECK_EXPECT_CLOSE, SK_OP_CHECK_EXPECT_CLOSE_CONST,
     SK_CHECK_CLOSE, 0, 0},
    {"check.eq", "eq", SK_OP_NONE, SK_OP_NONE, SK_CHECK_ALMOST_EQ, 1e-4, 1e-4},
};

static const check_form *find_form(const sk_module *m, sk_op op) {
  sk_opkind kind = sk_op_kind(m, op);
  sk_str target =
      kind == SK_OP_CUSTOM_CALL ? sk_op_string(m, op, SK_NAME_call_target_name) : (sk_str){NULL, 0};
  for (size_t i = 0; i < SK_COUNT(forms); i++) {
    if (kind != SK_OP_NONE && (kind == forms[i].op || kind == forms[i].const_op)) {
      return &forms[i];
    }
    if (target.len != 0 && sk_str_eq(target, sk_str_from(forms[i].custom_name))) {
      return &forms[i];
    }
  }
  return NULL;
}

bool sk_check_describe(const sk_module *m, sk_op op, sk_check_spec *out) {
  const check_form *form = find_form(m, op);
  if (!form) {
    return false;
  }
  sk_attr tolerance = sk_op_find_attr(m, op, SK_NAME_tolerance);
  *out =
      (sk_check_spec){.rule = form->rule,
                      .tolerance = tolerance.id != 0 ? sk_attr_get(m, tolerance)->u.f
                                   : sk_op_kind(m, op) == SK_OP_CUSTOM_CALL ? form->custom_tolerance
                                                                            : form->op_tolerance,
                      .max_ulps = (uint64_t)sk_op_int(m, op, SK_NAME_max_ulp_difference, 3),
                      .min_ulps = (uint64_t)sk_op_int(m, op, SK_NAME_min_ulp_difference, 0),
                      .name = form->name};
  return true;
}
