// SPDX-License-Identifier: Apache-2.0
// The math functions as shipped, one row each: their expansion built into a kernel over n elements,
// run by the loop runner or as generated code, and compared with the C library in the next wider
// type (whose own error, below 10 ULP of that type, is invisible here).
#ifndef TESTS_SUPPORT_MATH_CASE_H
#define TESTS_SUPPORT_MATH_CASE_H

#include "gen/gen.h"
#include "loop/math.h"

// Which arguments are compared.
typedef enum math_domain { MATH_ALL, MATH_FINITE, MATH_POSITIVE } math_domain;

typedef struct math_case {
  const char *name;                      // exp_f32
  sk_lt type;                            // F32 or F64
  sk_val (*one)(sk_build *b, sk_val x);  // or
  sk_val (*two)(sk_build *b, sk_val x, sk_val y);
  double (*want_f32)(double x, double y);  // y ignored by functions of one argument
  long double (*want_f64)(long double x, long double y);
  double limit;  // largest error allowed, in ULP
  math_domain domain;
} math_case;

extern const math_case math_cases[];
extern const uint32_t math_case_count;

typedef struct math_fn math_fn;

enum { MATH_MESSAGE_BYTES = 512 };

// isa: SK_ISA_NONE for the loop runner, else generated code of that tier with its full vectors.
// NULL with a message if it cannot be made. Owned by the caller.
math_fn *math_fn_new(const math_case *c, int64_t n, sk_isa isa, char message[MATH_MESSAGE_BYTES]);
void math_fn_free(math_fn *fn);
// x, y, out: n elements of the case's type; y may be NULL for functions of one argument.
void math_fn_run(math_fn *fn, const void *x, const void *y, void *out);
uint32_t math_fn_op_count(const math_fn *fn);  // instructions of the expansion, constants aside

// What a comparison found. Errors are in ULP of the exact result's binade (the least denormal
// below the normal range); results past the largest finite number count as that binade's end.
typedef struct math_report {
  uint64_t count, above_half, above_limit;
  uint64_t wrong;  // NaN, infinity or the sign of a zero not as wanted
  double worst;
  uint64_t worst_x, worst_y, wrong_x, wrong_y;  // bit patterns
} math_report;

void math_report_add(math_report *report, const math_case *c, const void *x, const void *y,
                     const void *got, int64_t n);
void math_report_merge(math_report *into, const math_report *from);
bool math_report_is_good(const math_report *report);
void math_report_print(const math_report *report, const math_case *c, uint32_t ops);

// Arguments worth trying: zeros, infinities, NaN, extremes, powers of two, neighbours of limits.
// Fills x and y (may be NULL) with pair number `index`, counted round; returns how many there are.
uint64_t math_special(sk_lt type, uint64_t index, void *x, void *y);

// Random arguments: any bits, specials, or numbers of moderate size (for pow: of results in range).
void math_random(const math_case *c, uint64_t *state, void *x, void *y);

#endif
