// SPDX-License-Identifier: Apache-2.0
// Constants of Fourier transforms: roots of unity, and for Bluestein's algorithm the chirp and the
// transform of its conjugate. Computed in extended precision from series, so that they depend on no
// library, and rounded once to the type of the kernel.
#include "loop/lower_fft.h"

// 1 / ((2 i) (2 i + 1)) and 1 / ((2 i - 1) (2 i)); the terms left out are below 2^-64.
#define INVERSE(a, b) (1.0L / (long double)((a) * (b)))
static const long double sine_steps[] = {
    INVERSE(2, 3),   INVERSE(4, 5),   INVERSE(6, 7),   INVERSE(8, 9),   INVERSE(10, 11),
    INVERSE(12, 13), INVERSE(14, 15), INVERSE(16, 17), INVERSE(18, 19), INVERSE(20, 21)};
static const long double cosine_steps[] = {
    INVERSE(1, 2),   INVERSE(3, 4),   INVERSE(5, 6),   INVERSE(7, 8),   INVERSE(9, 10),
    INVERSE(11, 12), INVERSE(13, 14), INVERSE(15, 16), INVERSE(17, 18), INVERSE(19, 20)};

// sin x and cos x for 0 <= x <= pi / 4.
static void sine_cosine(long double x, long double *out_sin, long double *out_cos) {
  long double s = 1, c = 1, square = x * x;
  for (size_t i = SK_COUNT(sine_steps); i-- > 0;) {
    s = 1 - s * square * sine_steps[i];
    c = 1 - c * square * cosine_steps[i];
  }
  *out_sin = s * x;
  *out_cos = c;
}

sk_fft_number sk_fft_root(int64_t k, int64_t n) {
  const long double quarter_pi = 0.785398163397448309615660845819875721L;
  int64_t octant = 8 * k / n, rest = 8 * k - octant * n;
  int64_t part = (octant & 1) != 0 ? n - rest : rest;  // odd octants run backwards
  long double s, c;
  sine_cosine(quarter_pi * (long double)part / (long double)n, &s, &c);
  bool swaps = ((octant + 1) & 2) != 0;  // octants 1, 2, 5, 6
  long double re = swaps ? s : c, im = swaps ? c : s;
  return (sk_fft_number){octant >= 2 && octant < 6 ? -re : re, octant >= 4 ? -im : im};
}

static void set_element(void *to, int64_t at, bool wide, long double value) {
  if (wide) {
    ((double *)to)[at] = (double)value;
  } else {
    ((float *)to)[at] = (float)value;
  }
}

static uint32_t add_constant(sk_lowering *l, bool wide, int64_t count, void *data) {
  const sk_buf buf = {.kind = SK_BUF_CONST,
                      .mem = wide ? SK_MEM_F64 : SK_MEM_F32,
                      .elems = count,
                      .offset = -1,
                      .data = data};
  return sk_prog_add_buf(l->prog, &buf);
}

sk_fft_field sk_fft_table(sk_lowering *l, bool wide, const sk_fft_number *values, int64_t count) {
  size_t bytes = (size_t)count * (wide ? sizeof(double) : sizeof(float));
  void *re = sk_arena_alloc(l->arena, bytes, 64), *im = sk_arena_alloc(l->arena, bytes, 64);
  for (int64_t k = 0; k < count; k++) {
    set_element(re, k, wide, values[k].re);
    set_element(im, k, wide, values[k].im);
  }
  return (sk_fft_field){
      add_constant(l, wide, count, re), add_constant(l, wide, count, im), 1, 0, 0, 1};
}

static sk_fft_number *new_numbers(sk_lowering *l, int64_t count) {
  return sk_arena_zalloc(l->arena, sizeof(sk_fft_number) * (size_t)count, _Alignof(sk_fft_number));
}

sk_fft_number *sk_fft_circle(sk_lowering *l, int64_t n, int sign) {
  sk_fft_number *w = new_numbers(l, n);
  int64_t first = n % 8 == 0 ? n / 8 + 1 : n, quarter = n / 4;  // to be computed
  for (int64_t k = 0; k < n; k++) {
    if (k < first) {
      w[k] = sk_fft_root(k, n);
    } else if (k <= quarter) {
      w[k] = (sk_fft_number){w[quarter - k].im, w[quarter - k].re};
    } else {
      w[k] = (sk_fft_number){-w[k - quarter].im, w[k - quarter].re};
    }
  }
  for (int64_t k = 0; sign < 0 && k < n; k++) {
    w[k].im = -w[k].im;
  }
  return w;
}

// ---- Bluestein

static sk_fft_number product(sk_fft_number x, sk_fft_number y) {
  return (sk_fft_number){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

// Transform of length n = 2^k by halves; `circle`: e^(-2 pi i k / n); `spare` of the same length.
static void transform(const sk_fft_number *circle, sk_fft_number *x, sk_fft_number *spare,
                      int64_t n) {
  for (int64_t left = n, done = 1; left > 1; left /= 2, done *= 2) {
    for (int64_t p = 0; p < left / 2; p++) {
      sk_fft_number w = circle[p * done];
      for (int64_t q = 0; q < done; q++) {
        sk_fft_number a = x[q + done * p], b = x[q + done * (p + left / 2)];
        spare[q + done * 2 * p] = (sk_fft_number){a.re + b.re, a.im + b.im};
        spare[q + done * (2 * p + 1)] = product((sk_fft_number){a.re - b.re, a.im - b.im}, w);
      }
    }
    memcpy(x, spare, sizeof *x * (size_t)n);
  }
}

sk_fft_field sk_fft_chirp(sk_lowering *l, bool wide, int64_t n, int64_t size, int sign,
                          sk_fft_field *out_filter) {
  sk_fft_number *chirp = new_numbers(l, n), *filter = new_numbers(l, size);
  for (int64_t k = 0, square = 0; k < n; k++) {
    chirp[k] = sk_fft_root(square, 2 * n);
    chirp[k].im *= sign;
    square = (square + 2 * k + 1) % (2 * n);  // (k + 1)^2
  }
  for (int64_t k = 0; k < n; k++) {
    filter[k] = (sk_fft_number){chirp[k].re, -chirp[k].im};
    if (k > 0) {
      filter[size - k] = filter[k];
    }
  }
  transform(sk_fft_circle(l, size, -1), filter, new_numbers(l, size), size);
  *out_filter = sk_fft_table(l, wide, filter, size);
  return sk_fft_table(l, wide, chirp, n);
}
