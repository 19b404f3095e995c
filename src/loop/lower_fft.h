// SPDX-License-Identifier: Apache-2.0
// Of the lowering of fft only: where complex numbers lie, the stages of a transform (lower_fft_stage.c), and
// tables of constants (lower_fft_table.c).
//
// Stages run one after the other. Over whole arrays each is a kernel of its own; between sk_fft_begin_lines
// and sk_fft_end_lines all are loops of one kernel, whose outer loops take one line, or the lines of some
// neighbouring columns, at a time:
//
//   whole arrays    kernel { lines { stage } }  kernel { lines { stage } }     between them: temporaries
//   line by line    kernel { lines { blocks of columns { stage  stage  ... } } }     between them: scratch
#ifndef SK_LOOP_LOWER_FFT_H
#define SK_LOOP_LOWER_FFT_H

#include "loop/lower_int.h"

enum { SK_FFT_MAX_RADIX = 13 };

// Real and imaginary parts in memory: two buffers, or one with the parts interleaved (width 2). Elements of
// a line lie `step` apart, those of neighbouring columns side by side.
typedef struct sk_fft_field {
  uint32_t re, im;  // buffers; im 0: real numbers
  int64_t width, im_offset;
  int64_t line, step;  // elements from one line to the next, along it; line 0: scratch
} sk_fft_field;

typedef struct sk_fft_number {
  long double re, im;
} sk_fft_number;

// An array [lines][n][columns], of which a kernel takes `width` columns from `first` on.
typedef struct sk_fft_lines {
  int64_t lines, columns, first, blocks, width;
} sk_fft_lines;

typedef struct sk_fft {
  sk_lowering *l;
  sk_elem elem;  // of the parts
  bool wide;     // f64
  sk_fft_lines at;
  bool by_line;  // stages are loops of one kernel
  uint32_t kernel, loops, line_loop, block_loop;
} sk_fft;

// One pass of a transform of n: of length `left`, after radices whose product is `done`.
typedef struct sk_fft_pass {
  int64_t n, left, done, radix;
  int sign;
  double scale;  // of the results; 1 = none
} sk_fft_pass;

// ---- lower_fft_stage.c
void sk_fft_begin_lines(sk_fft *f);
void sk_fft_end_lines(sk_fft *f);
// Room between stages for `count` elements of every line.
sk_fft_field sk_fft_new_field(sk_fft *f, int64_t count);
// y[q + done (r p + u)] = w^(p u) * sum over t < r of e^(sign 2 pi i t u / r) x[q + done (p + m t)];
// `circle`: e^(sign 2 pi i k / n), k < n.
void sk_fft_emit_pass(sk_fft *f, const sk_fft_pass *s, const sk_fft_number *circle,
                      const sk_fft_field *from, const sk_fft_field *to);
// to[first + k] = from[first + k] * table[k] * scale for k < n; no table: 1; no source: zeros.
void sk_fft_emit_product(sk_fft *f, int64_t first, int64_t n, const sk_fft_field *table,
                         double scale, const sk_fft_field *from, const sk_fft_field *to);
// Real lines of even length n as n / 2 complex numbers: the first n / 2 + 1 elements of their transform from
// that of the complex numbers, which has room for n / 2 + 1 elements; and back, without the factor 2.
void sk_fft_emit_split(sk_fft *f, int64_t n, const sk_fft_field *from, const sk_fft_field *to);
void sk_fft_emit_join(sk_fft *f, int64_t n, const sk_fft_field *from, const sk_fft_field *to);
// Continues half a line by conjugates; the first and, for even n, the middle element are taken for real.
void sk_fft_emit_mirror(sk_fft *f, int64_t n, const sk_fft_field *from, const sk_fft_field *to);

// ---- lower_fft_table.c
sk_fft_number sk_fft_root(int64_t k, int64_t n);  // e^(2 pi i k / n), 0 <= k < n < 2^59
// e^(sign 2 pi i k / n), k < n.
sk_fft_number *sk_fft_circle(sk_lowering *l, int64_t n, int sign);
// Constant buffers, f64 if wide, else f32.
sk_fft_field sk_fft_table(sk_lowering *l, bool wide, const sk_fft_number *values, int64_t count);
// e^(sign pi i k^2 / n), k < n; and the transform, of length `size` (a power of two, at least 2 n - 1), of
// its conjugate continued symmetrically.
sk_fft_field sk_fft_chirp(sk_lowering *l, bool wide, int64_t n, int64_t size, int sign,
                          sk_fft_field *out_filter);

#endif
