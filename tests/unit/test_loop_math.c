// SPDX-License-Identifier: Apache-2.0
// Math functions: accuracy on a sample of the inputs that tests/sweep/math.c covers entirely, all
// special values and their pairs, and the same bits from the loop runner and from generated code.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cpu.h"
#include "base/hash.h"
#include "support/complex_case.h"

enum { BLOCK = 4096 };

typedef union block {
  float f32[BLOCK];
  double f64[BLOCK];
  char bytes[BLOCK * 8];
} block;

static block x, y, out, other;

static math_fn *make(const math_case *c, sk_isa isa) {
  char message[MATH_MESSAGE_BYTES];
  math_fn *fn = math_fn_new(c, BLOCK, isa, message);
  if (fn == NULL) {
    fail_msg("%s: %s", c->name, message);
  }
  return fn;
}

static const void *second(const math_case *c) { return c->two != NULL ? &y : NULL; }

// Calls visit after each full block of special values.
static void for_specials(const math_case *c, void (*visit)(const math_case *c, void *user),
                         void *user) {
  const size_t bytes = sk_lt_bytes(c->type);
  void *ys = c->two != NULL ? y.bytes : NULL;
  const uint64_t count = math_special(c->type, 0, x.bytes, ys);
  for (uint64_t begin = 0; begin < count; begin += BLOCK) {
    for (uint64_t i = 0; i < BLOCK; i++) {
      math_special(c->type, begin + i, x.bytes + i * bytes, ys ? y.bytes + i * bytes : NULL);
    }
    visit(c, user);
  }
}

// Sample number `index` of a case: f32 functions of one argument step through all bit patterns.
static void fill_sample(const math_case *c, uint64_t index) {
  const size_t bytes = sk_lt_bytes(c->type);
  for (uint64_t i = 0; i < BLOCK; i++) {
    uint64_t r = index * BLOCK + i, a = sk_hash_splitmix(2 * r), b = sk_hash_splitmix(2 * r + 1);
    if (c->type == SK_LT_F32 && c->two == NULL) {
      a = r * 1009;
    } else if (r % 4 != 0) {  // moderate sizes: exponents within 2^-8 .. 2^7 of 1
      const uint64_t field = c->type == SK_LT_F32 ? 23 : 52,
                     bias = c->type == SK_LT_F32 ? 127 : 1023;
      const uint64_t low = (UINT64_C(1) << field) - 1, sign = UINT64_C(1) << (bytes * 8 - 1);
      a = (a & (low | sign)) | ((bias - 8 + (a >> 58) % 16) << field);
      b = (b & (low | sign)) | ((bias - 8 + (b >> 58) % 16) << field);
    }
    memcpy(x.bytes + i * bytes, &a, bytes);
    memcpy(y.bytes + i * bytes, &b, bytes);
  }
}

static uint64_t sample_blocks(const math_case *c) {
  if (c->type == SK_LT_F32 && c->two == NULL) {
    return (UINT64_C(1) << 32) / 1009 / BLOCK + 1;
  }
  return c->domain == MATH_FINITE ? 4 : 60;  // complex functions cost most
}

static uint32_t case_count(void) { return math_case_count + complex_case_count; }

static const math_case *case_at(uint32_t i) {
  return i < math_case_count ? &math_cases[i] : &complex_cases[i - math_case_count];
}

typedef struct accuracy {
  math_fn *fn;
  math_report report;
} accuracy;

static void check_block(const math_case *c, void *user) {
  accuracy *a = user;
  math_fn_run(a->fn, &x, second(c), &out);
  math_report_add(&a->report, c, &x, second(c), &out, BLOCK);
}

static void check_accuracy(void **state) {
  (void)state;
  for (uint32_t i = 0; i < case_count(); i++) {
    const math_case *c = case_at(i);
    accuracy a = {.fn = make(c, sk_cpu_get()->isa)};
    for_specials(c, check_block, &a);
    // Without native code a tenth must do.
    const uint64_t step = sk_cpu_get()->isa == SK_ISA_NONE ? 10 : 1;
    for (uint64_t s = 0; s < sample_blocks(c); s += step) {
      fill_sample(c, s);
      check_block(c, &a);
    }
    math_report_print(&a.report, c, math_fn_op_count(a.fn));
    math_fn_free(a.fn);
    if (!math_report_is_good(&a.report)) {
      fail_msg("%s: limit %.0f ULP", c->name, c->limit);
    }
  }
}

static bool is_nan_at(const math_case *c, const block *b, size_t i) {
  return c->type == SK_LT_F32 ? isnan(b->f32[i]) : isnan(b->f64[i]);
}

typedef struct pair {
  math_fn *native, *runner;
} pair;

static void compare_block(const math_case *c, void *user) {
  const pair *p = user;
  const size_t bytes = sk_lt_bytes(c->type);
  math_fn_run(p->native, &x, second(c), &out);
  math_fn_run(p->runner, &x, second(c), &other);
  for (size_t i = 0; i < BLOCK; i++) {
    if (memcmp(out.bytes + i * bytes, other.bytes + i * bytes, bytes) != 0 &&
        !(is_nan_at(c, &out, i) && is_nan_at(c, &other, i))) {
      fail_msg("%s: generated code and runner differ at element %zu", c->name, i);
    }
  }
}

static void check_same_bits(void **state) {
  (void)state;
  if (sk_cpu_get()->isa < SK_ISA_V3) {
    skip();
  }
  for (int isa = SK_ISA_V3; isa <= (int)sk_cpu_get()->isa; isa++) {
    for (uint32_t i = 0; i < case_count(); i++) {
      const math_case *c = case_at(i);
      pair p = {.native = make(c, (sk_isa)isa), .runner = make(c, SK_ISA_NONE)};
      for_specials(c, compare_block, &p);
      for (uint64_t s = 0; s < sample_blocks(c); s += SK_MAX(sample_blocks(c) / 8, 1)) {
        fill_sample(c, s);
        compare_block(c, &p);
      }
      math_fn_free(p.native);
      math_fn_free(p.runner);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(check_accuracy),
                                     cmocka_unit_test(check_same_bits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
