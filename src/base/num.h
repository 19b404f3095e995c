// SPDX-License-Identifier: Apache-2.0
// The narrow float formats of StableHLO: what each bit pattern means, and rounding into it.
// Encoding rounds to nearest, ties to even, from the exact double value, once. Overflow: infinity where the format has one, else
// NaN where it has one (as ml_dtypes and XLA do), else saturation to the largest finite value (f4, f6). NaN input becomes the
// format's canonical quiet NaN (sign kept where representable); formats without NaN give the most negative zero... see num.c table.
// All functions are pure and thread-safe.
#ifndef SK_BASE_NUM_H
#define SK_BASE_NUM_H

#include "base/compiler.h"
#include <stdbool.h>

// X(NAME, mlir_name, storage_bits, exponent_bits, mantissa_bits, bias, has_inf, nan_kind, has_signed_zero, has_sign)
// nan_kind: IEEE (max exponent, non-zero mantissa), ALL_ONES (S.1111.111 only), NEG_ZERO (the -0 pattern), NONE
typedef enum sk_numfmt {
#define X(name, ...) SK_NUM_##name,
#include "base/num.def"
#undef X
  SK_NUM_COUNT
} sk_numfmt;

double sk_num_decode(sk_numfmt fmt, uint32_t bits);            // exact
uint32_t sk_num_encode(sk_numfmt fmt, double value);           // rounds once
uint32_t sk_num_encode_f32(sk_numfmt fmt, float value);        // same result as encode((double)value), quicker for bf16/f16
bool sk_num_is_nan(sk_numfmt fmt, uint32_t bits);

float sk_bf16_to_f32(uint16_t bits);
uint16_t sk_f32_to_bf16(float value);
float sk_f16_to_f32(uint16_t bits);
uint16_t sk_f32_to_f16(float value);

// reduce_precision of StableHLO: rounds to the given exponent and mantissa widths (RNE; overflow to inf; underflow flushed to
// signed zero; NaN kept). exponent_bits >= 1, mantissa_bits >= 0.
float sk_num_reduce_precision_f32(float value, int exponent_bits, int mantissa_bits);
double sk_num_reduce_precision_f64(double value, int exponent_bits, int mantissa_bits);

#endif
