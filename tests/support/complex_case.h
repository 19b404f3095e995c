// SPDX-License-Identifier: Apache-2.0
// The complex functions as shipped, as math_case rows: each part of a result is a function of two
// f64 arguments, compared with the C library's long double complex functions.
#ifndef TESTS_SUPPORT_COMPLEX_CASE_H
#define TESTS_SUPPORT_COMPLEX_CASE_H

#include "support/math_case.h"

extern const math_case complex_cases[];
extern const uint32_t complex_case_count;

#endif
