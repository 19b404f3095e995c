// SPDX-License-Identifier: Apache-2.0
// fft: complex, real and inverse transforms over the trailing dimensions.
//
//   FFT, IFFT   along every transformed dimension in turn; IFFT divides by each length
//   RFFT        along the last dimension, of which n/2 + 1 elements are kept; then the others
//   IRFFT       the others first; then the last, its other half being the conjugate of the first
//
// One line of n elements takes O(n log n) for every n: powers of two by Cooley and Tukey's
// butterflies, other lengths as a convolution of such a length (Bluestein). All in double.
#include <math.h>

#include "base/mem.h"
#include "interp/interp_int.h"

typedef struct cplx {
  double re, im;
} cplx;

static cplx product(cplx x, cplx y) {
  return (cplx){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

// exp(sign * 2 pi i k / n) for 0 <= k < n.
static cplx root(int64_t k, int64_t n, int sign) {
  double angle = 2 * M_PI * (double)k / (double)n;
  return (cplx){cos(angle), sign * sin(angle)};
}

// ---- lines

typedef struct line_plan {
  int64_t n, size;       // of the line; of the power of two that is transformed
  int sign;              // of the exponent
  cplx *roots;           // `size` of them, exponent -1; owned
  cplx *chirp, *filter;  // Bluestein: exp(sign * pi i k^2 / n), its transformed conjugate; owned
  cplx *work;            // owned
} line_plan;

static void swap_bit_reversed(cplx *x, int64_t n) {
  for (int64_t i = 1, j = 0; i < n; i++) {
    int64_t bit = n >> 1;
    for (; (j & bit) != 0; bit >>= 1) {
      j ^= bit;
    }
    j ^= bit;
    if (i < j) {
      cplx t = x[i];
      x[i] = x[j];
      x[j] = t;
    }
  }
}

static void butterflies(cplx *x, int64_t n, const cplx *roots, int sign) {
  swap_bit_reversed(x, n);
  for (int64_t half = 1; half < n; half *= 2) {
    int64_t step = n / (2 * half);
    for (int64_t base = 0; base < n; base += 2 * half) {
      for (int64_t k = 0; k < half; k++) {
        cplx w = roots[k * step];
        cplx odd = product(x[base + half + k], (cplx){w.re, -sign * w.im});
        cplx even = x[base + k];
        x[base + k] = (cplx){even.re + odd.re, even.im + odd.im};
        x[base + half + k] = (cplx){even.re - odd.re, even.im - odd.im};
      }
    }
  }
}

static void fini_line(line_plan *p) {
  sk_mem_free(p->roots);
  sk_mem_free(p->chirp);
  sk_mem_free(p->filter);
  sk_mem_free(p->work);
}

static void fill_filter(line_plan *p) {
  int64_t n = p->n;
  for (int64_t k = 0, square = 0; k < n; k++) {
    p->chirp[k] = root(square, 2 * n, p->sign);
    square = (square + 2 * k + 1) % (2 * n);  // (k + 1)^2
  }
  for (int64_t k = 0; k < n; k++) {
    cplx conjugate = {p->chirp[k].re, -p->chirp[k].im};
    p->filter[k] = conjugate;
    if (k > 0) {
      p->filter[p->size - k] = conjugate;
    }
  }
  butterflies(p->filter, p->size, p->roots, -1);
}

static bool init_line(line_plan *p, int64_t n, int sign) {
  bool power = (n & (n - 1)) == 0;
  *p = (line_plan){.n = n, .size = 1, .sign = sign};
  while (p->size < (power ? n : 2 * n - 1)) {
    p->size *= 2;
  }
  size_t size = (size_t)p->size;
  p->roots = sk_mem_alloc(sizeof(cplx) * size);
  p->work = sk_mem_alloc(sizeof(cplx) * size);
  p->chirp = power ? NULL : sk_mem_alloc(sizeof(cplx) * (size_t)n);
  p->filter = power ? NULL : sk_mem_zalloc(sizeof(cplx) * size);
  if (!p->roots || !p->work || (!power && (!p->chirp || !p->filter))) {
    fini_line(p);
    return false;
  }
  for (int64_t k = 0; k < p->size; k++) {
    p->roots[k] = root(k, p->size, -1);
  }
  if (!power) {
    fill_filter(p);
  }
  return true;
}

// Transforms the n elements in p->work.
static void run_line(line_plan *p) {
  if (!p->chirp) {
    butterflies(p->work, p->size, p->roots, p->sign);
    return;
  }
  for (int64_t k = 0; k < p->n; k++) {
    p->work[k] = product(p->work[k], p->chirp[k]);
  }
  memset(p->work + p->n, 0, sizeof(cplx) * (size_t)(p->size - p->n));
  butterflies(p->work, p->size, p->roots, -1);
  for (int64_t k = 0; k < p->size; k++) {
    p->work[k] = product(p->work[k], p->filter[k]);
  }
  butterflies(p->work, p->size, p->roots, 1);
  double scale = 1 / (double)p->size;
  for (int64_t k = 0; k < p->n; k++) {
    cplx x = product(p->work[k], p->chirp[k]);
    p->work[k] = (cplx){x.re * scale, x.im * scale};
  }
}

// ---- whole tensors, as an array of complex numbers in row-major order

enum { FORWARD = 0, INVERSE = 1, REAL_FORWARD = 2, REAL_INVERSE = 3 };  // SK_ENUM_FFT_TYPE

// All lines of n elements with the given stride, in place.
static bool transform_along(cplx *data, int64_t count, int64_t n, int64_t stride, bool inverse) {
  line_plan p;
  if (n <= 1) {
    return true;
  }
  if (!init_line(&p, n, inverse ? 1 : -1)) {
    return false;
  }
  double scale = inverse ? 1 / (double)n : 1;
  for (int64_t base = 0; base < count; base++) {
    if (base / stride % n != 0) {
      continue;
    }
    for (int64_t k = 0; k < n; k++) {
      p.work[k] = data[base + k * stride];
    }
    run_line(&p);
    for (int64_t k = 0; k < n; k++) {
      data[base + k * stride] = (cplx){p.work[k].re * scale, p.work[k].im * scale};
    }
  }
  fini_line(&p);
  return true;
}

// The lines of another length: cut off, or continued by conjugates (the first and, for even n, the
// middle element are taken for real).
static void resize_lines(const cplx *from, int64_t from_n, cplx *to, int64_t to_n, int64_t lines) {
  for (int64_t i = 0; i < lines; i++) {
    const cplx *x = from + i * from_n;
    cplx *y = to + i * to_n;
    for (int64_t k = 0; k < to_n; k++) {
      bool mirrored = k >= from_n;
      int64_t source = mirrored ? to_n - k : k;
      cplx value = source < from_n ? x[source] : (cplx){0, 0};
      bool is_real = to_n > from_n && (k == 0 || 2 * k == to_n);
      y[k] = (cplx){value.re, is_real ? 0 : mirrored ? -value.im : value.im};
    }
  }
}

typedef struct transform {
  int64_t type;
  sk_ints lengths;
  uint32_t rank;
  const sk_type_rec *in, *out;
} transform;

// The transformed dimensions but the last, for arrays whose last dimension is `last`.
static bool transform_outer(const transform *f, cplx *data, int64_t count, int64_t last) {
  int64_t stride = last;
  for (uint32_t i = 1; i < f->lengths.count; i++) {
    int64_t n = f->in->dims[f->rank - 1 - i];
    bool inverse = f->type == INVERSE || f->type == REAL_INVERSE;
    if (!transform_along(data, count, n, stride, inverse)) {
      return false;
    }
    stride *= n;
  }
  return true;
}

static bool run_transform(const transform *f, cplx *in, int64_t in_count, cplx *out,
                          int64_t out_count) {
  int64_t in_n = f->in->dims[f->rank - 1], out_n = f->out->dims[f->rank - 1];
  int64_t lines = out_n > 0 ? out_count / out_n : 0;
  if (f->type == REAL_INVERSE) {
    bool done = transform_outer(f, in, in_count, in_n);
    resize_lines(in, in_n, out, out_n, lines);
    return done && transform_along(out, out_count, out_n, 1, true);
  }
  bool done = transform_along(in, in_count, in_n, 1, f->type == INVERSE);
  resize_lines(in, in_n, out, out_n, lines);
  return done && transform_outer(f, out, out_count, out_n);
}

sk_status sk_interp_FFT(sk_interp *s, sk_op op) {
  const sk_tensor *from = sk_interp_operand(s, op, 0);
  transform f = {.type = sk_op_int(s->m, op, SK_NAME_fft_type, 0),
                 .lengths = sk_op_ints(s->m, op, SK_NAME_fft_length),
                 .rank = from->type->rank,
                 .in = from->type};
  sk_tensor *t;
  SK_TRY(sk_interp_result(s, op, 0, NULL, &t));
  f.out = t->type;
  cplx *in = sk_mem_alloc(sizeof *in * ((size_t)from->count + 1));
  cplx *out = sk_mem_alloc(sizeof *out * ((size_t)t->count + 1));
  bool done = in && out;
  for (int64_t i = 0; done && i < from->count; i++) {
    sk_number n = sk_tensor_get(from, i);
    in[i] = (cplx){n.re, n.im};
  }
  done = done && (t->count == 0 || run_transform(&f, in, from->count, out, t->count));
  for (int64_t i = 0; done && i < t->count; i++) {
    sk_tensor_set(t, i, (sk_number){.re = out[i].re, .im = out[i].im});
  }
  sk_mem_free(in);
  sk_mem_free(out);
  return done ? NULL : sk_status_no_memory();
}
