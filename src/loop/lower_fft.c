// SPDX-License-Identifier: Apache-2.0
// fft as stages over memory (Stockham's algorithm: no bit reversal, every access is affine). A dimension of
// length n = r m lies as [lines][n][columns]; with `done` the product of the radices before, and w =
// e^(sign 2 pi i / n):
//
//   p < m, q < done:
//     y[q + done (r p + u)] = w^(p u) * sum over t < r of e^(sign 2 pi i t u / r) x[q + done (p + m t)]
//
// then n = m. Radices 8, 4, 2, 3, 5, 7, 11, 13; a length with a larger prime factor is a convolution of a
// power of two (Bluestein): times the chirp, transform, times a filter, transform back, times the chirp.
// Real lines of even length are complex ones of half the length and a step to or from the transform of
// these; other real transforms are complex ones of which half is kept, or that are first continued by
// conjugates.
//
// What fits the nearer caches is transformed line by line, or some columns at a time, in one kernel with
// everything between the passes in the thread's scratch. Of few long lines every stage is a kernel over the
// whole array. Real and imaginary parts then lie in buffers of their own.
#include "loop/lower_fft.h"

enum { FORWARD, INVERSE, REAL_FORWARD, REAL_INVERSE };  // SK_ENUM_FFT_TYPE

enum {
  BLOCK_BYTES = 1 << 17,  // wanted between two stages, of the lines taken at a time
  LARGEST_BLOCK = 1 << 20,
  WIDE_COLUMNS = 256,  // bytes of real parts: what pays for the next row's place in memory,
  LEAST_COLUMNS = 64,  // and what there must be
  MOST_COLUMNS = 64,
  LEAST_LINES = 4,    // to go line by line,
  SHORT_LINE = 4096,  // but for such ones
  FAR_LINE = 128      // to be copied first
};

// ---- complex transforms

static int64_t next_radix(int64_t n) {
  static const int64_t radices[] = {2, 3, 5, 7, 11, SK_FFT_MAX_RADIX};
  int64_t power = n & -n;
  if (power >= 4) {
    return power == 4 || power == 16 ? 4 : 8;
  }
  for (uint32_t i = 0; i < SK_COUNT(radices); i++) {
    if (n % radices[i] == 0) {
      return radices[i];
    }
  }
  return 0;
}

static bool has_small_factors(int64_t n) {
  while (n > 1 && next_radix(n) != 0) {
    n /= next_radix(n);
  }
  return n == 1;
}

// Length of the convolution that a transform of length n is; n itself if it has small factors.
static int64_t padded_length(int64_t n) {
  int64_t size = 1;
  if (has_small_factors(n)) {
    return n;
  }
  while (size < 2 * n - 1) {
    size *= 2;
  }
  return size;
}

// Transforms a dimension of small factors into `to`.
static void transform_small(sk_fft *f, int64_t n, int sign, double scale, const sk_fft_field *from,
                            const sk_fft_field *to) {
  const sk_fft_number *circle = sk_fft_circle(f->l, n, sign);
  sk_fft_field current = *from, spare[2] = {{0}, {0}};
  sk_fft_pass s = {.n = n, .left = n, .done = 1, .sign = sign, .scale = 1};
  for (uint32_t i = 0; s.left > 1; i++) {
    s.radix = next_radix(s.left);
    bool last = s.left == s.radix;
    if (!last && spare[i % 2].re == 0) {
      spare[i % 2] = sk_fft_new_field(f, n);
    }
    s.scale = last ? scale : 1;
    sk_fft_emit_pass(f, &s, circle, &current, last ? to : &spare[i % 2]);
    current = spare[i % 2];
    s.left /= s.radix;
    s.done *= s.radix;
  }
}

static void transform_any(sk_fft *f, int64_t n, int sign, double scale, const sk_fft_field *from,
                          const sk_fft_field *to) {
  int64_t size = padded_length(n);
  sk_fft_field filter, chirp = sk_fft_chirp(f->l, f->wide, n, size, sign, &filter);
  sk_fft_field a = sk_fft_new_field(f, size), b = sk_fft_new_field(f, size);
  sk_fft_emit_product(f, 0, n, &chirp, 1, from, &a);
  sk_fft_emit_product(f, n, size - n, NULL, 1, NULL, &a);
  transform_small(f, size, -1, 1, &a, &b);
  sk_fft_emit_product(f, 0, size, &filter, 1 / (double)size, &b, &a);
  transform_small(f, size, 1, 1, &a, &b);
  sk_fft_emit_product(f, 0, n, &chirp, scale, &b, to);
}

static void transform(sk_fft *f, int64_t n, bool inverse, double scale, const sk_fft_field *from,
                      const sk_fft_field *to) {
  int sign = inverse ? 1 : -1;
  if (n == 1) {
    sk_fft_emit_product(f, 0, 1, NULL, scale, from, to);
  } else if (has_small_factors(n)) {
    transform_small(f, n, sign, scale, from, to);
  } else {
    transform_any(f, n, sign, scale, from, to);
  }
}

// ---- one dimension

// What happens to a dimension, whose lines have n elements (real ones where there are such).
typedef struct step {
  int64_t type, n;
} step;

// A long line of many, copied in one go: a pass would read it at several places in turn, which the
// prefetchers do not follow (Zen 3, 1024 lines of 1024 c128: 5.8 -> 4.2 ms).
static sk_fft_field brought_near(sk_fft *f, int64_t n, const sk_fft_field *from) {
  if (!f->by_line || f->at.lines == 1 || f->at.columns != 1 || n < FAR_LINE) {
    return *from;
  }
  sk_fft_field near = sk_fft_new_field(f, n);
  sk_fft_emit_product(f, 0, n, NULL, 1, from, &near);
  return near;
}

// A real field's elements in pairs.
static sk_fft_field pairs(const sk_fft_field *real) {
  return (sk_fft_field){real->re, real->re, 2, 1, real->line / 2, 1};
}

static void transform_real(sk_fft *f, int64_t n, const sk_fft_field *from, const sk_fft_field *to) {
  bool even = n % 2 == 0;
  int64_t half = n / 2;
  sk_fft_field z = sk_fft_new_field(f, even ? half + 1 : n), source = even ? pairs(from) : *from;
  source = brought_near(f, even ? half : n, &source);
  transform(f, even ? half : n, false, 1, &source, &z);
  if (even) {
    sk_fft_emit_split(f, n, &z, to);
  } else {
    sk_fft_emit_product(f, 0, half + 1, NULL, 1, &z, to);
  }
}

static void transform_to_real(sk_fft *f, int64_t n, const sk_fft_field *from,
                              const sk_fft_field *to) {
  int64_t half = n / 2;
  double scale = 1 / (double)n;
  if (n % 2 != 0) {
    sk_fft_field whole = sk_fft_new_field(f, n);
    sk_fft_emit_mirror(f, n, from, &whole);
    transform(f, n, true, scale, &whole, to);
    return;
  }
  sk_fft_field z = sk_fft_new_field(f, half), apart = *from, target = pairs(to);
  if (from->width != 1) {  // it is read backwards
    apart = sk_fft_new_field(f, half + 1);
    sk_fft_emit_product(f, 0, half + 1, NULL, 1, from, &apart);
  }
  sk_fft_emit_join(f, n, &apart, &z);
  transform(f, half, true, scale, &z, &target);
}

static void transform_lines(sk_fft *f, const step *s, const sk_fft_field *from,
                            const sk_fft_field *to) {
  switch (s->type) {
    case REAL_FORWARD: transform_real(f, s->n, from, to); break;
    case REAL_INVERSE: transform_to_real(f, s->n, from, to); break;
    default: {
      sk_fft_field source = brought_near(f, s->n, from);
      double scale = s->type == INVERSE ? 1 / (double)s->n : 1;
      transform(f, s->n, s->type == INVERSE, scale, &source, to);
    }
  }
}

// Columns to take at a time; 0: the whole array, stage by stage.
static int64_t columns_at_a_time(const sk_fft *f, const step *s) {
  int64_t bytes = f->wide ? 16 : 8, length = s->n;
  if ((s->type == REAL_FORWARD || s->type == REAL_INVERSE) && length % 2 == 0) {
    length /= 2;
  }
  length = padded_length(length);
  int64_t width = MOST_COLUMNS;
  while ((width * length * bytes > BLOCK_BYTES && width * bytes > 2 * WIDE_COLUMNS) ||
         (width * length * bytes > LARGEST_BLOCK && width * bytes > 2 * LEAST_COLUMNS)) {
    width /= 2;
  }
  width = SK_MIN(width, f->at.columns);
  int64_t lines = f->at.lines * (f->at.columns / width);
  bool pays = lines >= LEAST_LINES || length <= SHORT_LINE;
  return pays && width * length * bytes <= LARGEST_BLOCK ? width : 0;
}

static void transform_dimension(sk_fft *f, const step *s, const sk_fft_field *from,
                                const sk_fft_field *to) {
  int64_t width = columns_at_a_time(f, s), columns = f->at.columns;
  if (width == 0) {
    f->at.width = columns;
    transform_lines(f, s, from, to);
    return;
  }
  for (f->at.first = 0; f->at.first < columns; f->at.first += f->at.blocks * f->at.width) {
    int64_t left = columns - f->at.first;
    f->at.width = SK_MIN(width, left);
    f->at.blocks = left / f->at.width;
    sk_fft_begin_lines(f);
    transform_lines(f, s, from, to);
    sk_fft_end_lines(f);
  }
}

// ---- the op

typedef struct plan {
  int64_t type;
  uint32_t rank, count;  // of the operand, of transformed dimensions
  int64_t dims[SK_MAX_RANK];
  sk_fft_field current;
} plan;

static int64_t count_of(const plan *p) {
  int64_t count = 1;
  for (uint32_t d = 0; d < p->rank; d++) {
    count *= p->dims[d];
  }
  return count;
}

static int64_t columns_of(const plan *p, uint32_t dim) {
  int64_t columns = 1;
  for (uint32_t d = dim + 1; d < p->rank; d++) {
    columns *= p->dims[d];
  }
  return columns;
}

// The field as [lines][n][columns], n elements of dimension `dim`.
static sk_fft_field along(const plan *p, uint32_t dim, int64_t n, sk_fft_field field) {
  field.step = columns_of(p, dim);
  field.line = n * field.step;
  return field;
}

// Transforms dimension `dim`, which then has `n` elements in the field that it returns: the result if
// nothing comes after it.
static void run_step(sk_fft *f, plan *p, uint32_t dim, const step *s, int64_t n,
                     const sk_fft_field *result) {
  int64_t columns = columns_of(p, dim), lines = count_of(p) / (p->dims[dim] * columns);
  sk_fft_field from = along(p, dim, p->dims[dim], p->current);
  f->at = (sk_fft_lines){.lines = lines, .columns = columns, .blocks = 1, .width = columns};
  sk_fft_field to = result != NULL ? *result : sk_fft_new_field(f, n);
  to = along(p, dim, n, to);
  transform_dimension(f, s, &from, &to);
  p->dims[dim] = n;
  p->current = to;
}

static void run_plan(sk_fft *f, plan *p, const sk_fft_field *result, int64_t last_extent) {
  uint32_t last = p->rank - 1;
  step other = {.type = p->type == INVERSE || p->type == REAL_INVERSE ? INVERSE : FORWARD};
  step own = {.type = p->type, .n = p->type == REAL_INVERSE ? last_extent : p->dims[last]};
  bool ends = p->type == REAL_INVERSE;  // the last dimension is transformed after the others
  if (!ends) {
    run_step(f, p, last, &own, last_extent, p->count == 1 ? result : NULL);
  }
  for (uint32_t i = 1; i < p->count; i++) {
    uint32_t dim = last - i;
    other.n = p->dims[dim];
    run_step(f, p, dim, &other, other.n, !ends && i + 1 == p->count ? result : NULL);
  }
  if (ends) {
    run_step(f, p, last, &own, last_extent, result);
  }
}

static sk_fft_field field_of(const sk_type_rec *type, uint32_t buf) {
  return sk_elem_is_complex((sk_elem)type->elem) ? (sk_fft_field){buf, buf, 2, 1, 0, 0}
                                                 : (sk_fft_field){buf, 0, 1, 0, 0, 0};
}

// Long lines overflow tables and temporaries before they overflow here.
static bool is_reasonable(const plan *p) {
  const int64_t most = (int64_t)1 << 40;
  return count_of(p) < most;
}

void sk_lower_fft(sk_lowering *l, sk_op op) {
  sk_value operand = sk_op_operand(l->m, op, 0), value = sk_op_result(l->m, op, 0);
  const sk_type_rec *from = sk_value_type_rec(l->m, operand), *to = sk_value_type_rec(l->m, value);
  plan p = {.type = sk_op_int(l->m, op, SK_NAME_fft_type, FORWARD),
            .rank = from->rank,
            .count = sk_op_ints(l->m, op, SK_NAME_fft_length).count};
  int64_t elems = 0;
  uint32_t buf = sk_lower_result_buf(l, value);
  sk_type_elem_count(l->m, sk_value_type(l->m, value), &elems);
  memcpy(p.dims, from->dims, sizeof(int64_t) * from->rank);
  if (elems == 0) {
    return;
  }
  if (!is_reasonable(&p) || elems >= (int64_t)1 << 40) {
    sk_lower_fail(l, sk_op_error(l->m, op, SK_RESOURCE_EXHAUSTED, "too many elements"));
    return;
  }
  p.current = field_of(from, sk_lower_materialise(l, operand));
  sk_fft f = {.l = l,
              .elem = sk_elem_complex_part((sk_elem)to->elem),
              .line_loop = SK_NO_LOOP,
              .block_loop = SK_NO_LOOP};
  f.wide = f.elem == SK_F64;
  sk_fft_field result = field_of(to, buf);
  run_plan(&f, &p, &result, to->dims[to->rank - 1]);
}
