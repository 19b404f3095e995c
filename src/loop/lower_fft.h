// SPDX-License-Identifier: Apache-2.0
// Of the lowering of fft only: where complex numbers lie, and tables of constants (lower_fft_table.c).
#ifndef SK_LOOP_LOWER_FFT_H
#define SK_LOOP_LOWER_FFT_H

#include "loop/lower_int.h"

// Real and imaginary parts in memory: two buffers, or one with the parts interleaved (width 2).
typedef struct sk_fft_field {
  uint32_t re, im;  // buffers; im 0: real numbers
  int64_t width, im_offset;
} sk_fft_field;

typedef struct sk_fft_number {
  long double re, im;
} sk_fft_number;

sk_fft_number sk_fft_root(int64_t k, int64_t n);  // e^(2 pi i k / n), 0 <= k < n < 2^59

// Constant buffers, f64 if wide, else f32. e^(sign 2 pi i k / n), k < n.
sk_fft_field sk_fft_roots(sk_lowering *l, bool wide, int64_t n, int sign);
// e^(sign pi i k^2 / n), k < n; and the transform, of length `size` (a power of two, at least 2 n - 1), of
// its conjugate continued symmetrically.
sk_fft_field sk_fft_chirp(sk_lowering *l, bool wide, int64_t n, int64_t size, int sign,
                          sk_fft_field *out_filter);

#endif
