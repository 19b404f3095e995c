// SPDX-License-Identifier: Apache-2.0
// The narrow float formats of StableHLO: what each bit pattern means, and rounding into it.
// Encoding rounds once from the exact value, to nearest, ties to even significand. Overflow and
// infinity: infinity where the format has one, else NaN where it has one, else the largest finite
// value of that sign (f4, f6), as ml_dtypes and XLA do. NaN becomes the canonical quiet NaN, sign
// kept where the format's NaN has one; f4 and f6, which have none, take it as negative zero.
// f8E8M0FNU (powers of two only): zero and negative values become NaN, positive ones below 2^-127
// become 2^-127, ties go to the larger power. Storage bits above the format's width are ignored.
// Integer arithmetic only: the host's rounding mode and denormal flags take no part. All functions
// are pure and thread-safe.
#ifndef SK_BASE_NUM_H
#define SK_BASE_NUM_H

#include "base/compiler.h"
#include <stdbool.h>

// X(NAME, mlir_name, storage_bits, exponent_bits, mantissa_bits, bias, has_inf, nan_kind,
// has_signed_zero, has_sign) nan_kind: IEEE (max exponent, non-zero mantissa), ALL_ONES (S.1111.111
// only), NEG_ZERO (the -0 pattern), NONE
typedef enum sk_numfmt {
#define X(name, ...) SK_NUM_##name,
#include "base/num.def"
#undef X
  SK_NUM_COUNT
} sk_numfmt;

const char *sk_num_name(sk_numfmt fmt);              // "f8E4M3FN"
unsigned sk_num_storage_bits(sk_numfmt fmt);         // 16, 8, 6 or 4
double sk_num_decode(sk_numfmt fmt, uint32_t bits);  // exact
uint32_t sk_num_encode(sk_numfmt fmt, double value);
// The same result as encode((double)value); quicker for bf16 and f16.
uint32_t sk_num_encode_f32(sk_numfmt fmt, float value);
bool sk_num_is_nan(sk_numfmt fmt, uint32_t bits);

float sk_bf16_to_f32(uint16_t bits);
uint16_t sk_f32_to_bf16(float value);
float sk_f16_to_f32(uint16_t bits);
uint16_t sk_f32_to_f16(float value);

// reduce_precision of StableHLO: rounds to the given exponent and mantissa widths (RNE; overflow to
// inf; underflow flushed to signed zero; NaN kept, but +infinity when mantissa_bits is 0).
// exponent_bits >= 1, mantissa_bits >= 0.
float sk_num_reduce_precision_f32(float value, int exponent_bits, int mantissa_bits);
double sk_num_reduce_precision_f64(double value, int exponent_bits, int mantissa_bits);
// The same on a pattern of `fmt` itself (not by way of f32, whose denormals lie elsewhere). In
// formats without infinity overflow follows the rule of encoding above.
uint32_t sk_num_reduce_precision(sk_numfmt fmt, uint32_t bits, int exponent_bits,
                                 int mantissa_bits);

#endif
