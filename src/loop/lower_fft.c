// SPDX-License-Identifier: Apache-2.0
// fft as passes over memory, one kernel each (Stockham's algorithm: no bit reversal, every access is
// affine). A dimension of length n = r m lies as [outer][n][inner]; with `done` the product of the
// radices before, span = done * inner, and w = e^(sign 2 pi i / n):
//
//   loop outer, p < m, q < span (par):
//     y[q + span (r p + u)] = w^(p u) * sum over t < r of e^(sign 2 pi i t u / r) x[q + span (p + m t)]
//
// then n = m. Radices 4, 2, 3, 5, 7, 11, 13; a length with a larger prime factor is a convolution of a
// power of two (Bluestein): times the chirp, transform, times a filter, transform back, times the chirp.
// Real transforms are complex ones of which half is kept, or that are first continued by conjugates.
// Between the passes real and imaginary parts lie in buffers of their own. Everything is computed in the
// element type; the roots of unity are constants, rounded once.
#include "loop/lower_fft.h"

enum { FORWARD, INVERSE, REAL_FORWARD, REAL_INVERSE };  // SK_ENUM_FFT_TYPE
enum { MAX_RADIX = 13, LANES = 8 };

typedef struct line {
  int64_t outer, n, inner;
} line;

typedef struct pass {
  line v;              // v.n: of the whole dimension
  int64_t left, done;  // length not transformed yet; product of the radices before
  int64_t radix;
  int sign;
  double scale;  // of the results; 1 = none
} pass;

typedef struct fft {
  sk_lowering *l;
  sk_build *b;
  sk_elem elem;  // of the parts
  bool wide;
} fft;

// ---- numbers

static sk_val number(const fft *f, long double value) {
  return f->wide ? sk_build_f64(f->b, (double)value) : sk_build_f32(f->b, (float)value);
}

static sk_scalar add(const fft *f, sk_scalar x, sk_scalar y) {
  return (sk_scalar){sk_build_2(f->b, SK_L_FADD, x.re, y.re),
                     sk_build_2(f->b, SK_L_FADD, x.im, y.im)};
}

static sk_scalar subtract(const fft *f, sk_scalar x, sk_scalar y) {
  return (sk_scalar){sk_build_2(f->b, SK_L_FSUB, x.re, y.re),
                     sk_build_2(f->b, SK_L_FSUB, x.im, y.im)};
}

static sk_scalar multiply(const fft *f, sk_scalar x, sk_scalar y) {
  sk_val re = sk_build_2(f->b, SK_L_FMUL, x.re, y.re), im = sk_build_2(f->b, SK_L_FMUL, x.re, y.im);
  return (sk_scalar){sk_build_3(f->b, SK_L_FNMA, x.im, y.im, re),
                     sk_build_3(f->b, SK_L_FMA, x.im, y.re, im)};
}

static sk_scalar times(const fft *f, sk_scalar x, double by) {
  if (by == 1) {
    return x;
  }
  sk_val factor = number(f, (long double)by);
  return (sk_scalar){sk_build_2(f->b, SK_L_FMUL, x.re, factor),
                     sk_build_2(f->b, SK_L_FMUL, x.im, factor)};
}

// sign i x
static sk_scalar turn(const fft *f, sk_scalar x, int sign) {
  return sign > 0 ? (sk_scalar){sk_build_1(f->b, SK_L_FNEG, x.im), x.re}
                  : (sk_scalar){x.im, sk_build_1(f->b, SK_L_FNEG, x.re)};
}

// ---- places

// An element at `at` and the loops that `at` follows.
static sk_place part_of(const fft *f, const sk_fft_field *from, const sk_place *at, bool im) {
  sk_place p = *at;
  p.buf = im ? from->im : from->re;
  p.elem = f->elem;
  p.offset = at->offset * from->width + (im ? from->im_offset : 0);
  for (uint32_t i = 0; i < SK_PLACE_LOOPS; i++) {
    p.strides[i] = at->strides[i] * from->width;
  }
  return p;
}

static sk_scalar load(const fft *f, const sk_fft_field *from, const sk_place *at) {
  sk_place re = part_of(f, from, at, false), im = part_of(f, from, at, true);
  sk_scalar x = {sk_place_load(f->l, &re).re, {0}};
  x.im = from->im != 0 ? sk_place_load(f->l, &im).re : number(f, 0);
  return x;
}

static void store(const fft *f, const sk_fft_field *to, const sk_place *at, sk_scalar x) {
  sk_place re = part_of(f, to, at, false), im = part_of(f, to, at, true);
  sk_place_store(f->l, &re, (sk_scalar){x.re, {0}});
  if (to->im != 0) {
    sk_place_store(f->l, &im, (sk_scalar){x.im, {0}});
  }
}

static sk_fft_field new_field(const fft *f, int64_t count) {
  uint32_t bufs[2];
  for (uint32_t i = 0; i < 2; i++) {
    bufs[i] = sk_prog_add_buf(f->l->prog, &(sk_buf){.kind = SK_BUF_TEMP,
                                                    .mem = (uint8_t)sk_elem_mem(f->elem),
                                                    .elems = count,
                                                    .offset = -1,
                                                    .name = i == 0 ? "real" : "imaginary"});
  }
  return (sk_fft_field){bufs[0], bufs[1], 1, 0};
}

// ---- kernels

static uint32_t begin_kernel(const fft *f) {
  uint32_t kernel = sk_prog_add_kernel(
      f->l->prog, sk_arena_printf(f->l->arena, "fft_%u", f->l->prog->kernels.count));
  sk_eval_begin(f->l, kernel, SK_PLACE_LOOPS, 0);
  return kernel;
}

// A parallel loop; SK_NO_LOOP where it would run once.
static uint32_t open_loop(const fft *f, int64_t extent, uint32_t *loops) {
  if (extent == 1) {
    return SK_NO_LOOP;
  }
  ++*loops;
  return sk_build_loop(f->b, SK_LOOP_PAR, extent, 1);
}

static void end_kernel(const fft *f, uint32_t kernel, uint32_t loops) {
  for (uint32_t i = 0; i < loops; i++) {
    sk_build_end_loop(f->b, NULL, NULL, 0);
  }
  sk_eval_end(f->l);
  sk_lower_emit(f->l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

static void follow(sk_place *p, uint32_t loop, int64_t stride) {
  if (loop != SK_NO_LOOP) {
    p->strides[loop] += stride;
  }
}

// ---- one pass

static void butterfly_4(const fft *f, const pass *s, const sk_scalar *x, sk_scalar *y) {
  sk_scalar a = add(f, x[0], x[2]), b = subtract(f, x[0], x[2]);
  sk_scalar c = add(f, x[1], x[3]), d = turn(f, subtract(f, x[1], x[3]), s->sign);
  y[0] = add(f, a, c);
  y[1] = add(f, b, d);
  y[2] = subtract(f, a, c);
  y[3] = subtract(f, b, d);
}

static void butterfly(const fft *f, const pass *s, const sk_scalar *x, sk_scalar *y) {
  if (s->radix == 4) {
    butterfly_4(f, s, x, y);
    return;
  }
  if (s->radix == 2) {
    y[0] = add(f, x[0], x[1]);
    y[1] = subtract(f, x[0], x[1]);
    return;
  }
  for (int64_t u = 0; u < s->radix; u++) {
    y[u] = x[0];
    for (int64_t t = 1; t < s->radix; t++) {
      sk_fft_number w = sk_fft_root(t * u % s->radix, s->radix);
      sk_scalar root = {number(f, w.re), number(f, w.im * s->sign)};
      y[u] = add(f, y[u], u == 0 ? x[t] : multiply(f, x[t], root));
    }
  }
}

static void emit_pass(const fft *f, const pass *s, const sk_fft_field *roots,
                      const sk_fft_field *from, const sk_fft_field *to) {
  int64_t m = s->left / s->radix, span = s->done * s->v.inner;
  uint32_t kernel = begin_kernel(f), loops = 0, p, q;
  uint32_t outer = open_loop(f, s->v.outer, &loops);
  if (span >= LANES || m == 1) {  // lanes run along the innermost loop
    p = open_loop(f, m, &loops);
    q = open_loop(f, span, &loops);
  } else {
    q = open_loop(f, span, &loops);
    p = open_loop(f, m, &loops);
  }
  if (loops == 0) {
    sk_build_loop(f->b, SK_LOOP_PAR, 1, 1);
    loops = 1;
  }
  sk_place at = {0};
  follow(&at, outer, s->v.n * s->v.inner);
  follow(&at, q, 1);
  sk_scalar x[MAX_RADIX], y[MAX_RADIX];
  for (int64_t t = 0; t < s->radix; t++) {
    sk_place source = at;
    source.offset = span * m * t;
    follow(&source, p, span);
    x[t] = load(f, from, &source);
  }
  butterfly(f, s, x, y);
  for (int64_t u = 0; u < s->radix; u++) {
    sk_place target = at, root = {0};
    target.offset = span * u;
    follow(&target, p, span * s->radix);
    follow(&root, p, u * (s->v.n / s->left));
    sk_scalar value = u == 0 || m == 1 ? y[u] : multiply(f, y[u], load(f, roots, &root));
    store(f, to, &target, times(f, value, s->scale));
  }
  end_kernel(f, kernel, loops);
}

static int64_t next_radix(int64_t n) {
  static const int64_t radices[] = {4, 2, 3, 5, 7, 11, MAX_RADIX};
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

// Transforms a dimension of small factors into `to`.
static void transform_small(const fft *f, const line *v, int sign, double scale,
                            const sk_fft_field *from, const sk_fft_field *to) {
  sk_fft_field roots = sk_fft_roots(f->l, f->wide, v->n, sign), current = *from;
  sk_fft_field spare[2] = {{0}, {0}};
  pass s = {.v = *v, .left = v->n, .done = 1, .sign = sign, .scale = 1};
  for (uint32_t i = 0; s.left > 1; i++) {
    s.radix = next_radix(s.left);
    bool last = s.left == s.radix;
    if (!last && spare[i % 2].re == 0) {
      spare[i % 2] = new_field(f, v->outer * v->n * v->inner);
    }
    s.scale = last ? scale : 1;
    emit_pass(f, &s, &roots, &current, last ? to : &spare[i % 2]);
    current = spare[i % 2];
    s.left /= s.radix;
    s.done *= s.radix;
  }
}

// ---- one line copied to another length

// to[k] = from[k] * table[k] * scale for k < n, zero from n on; no table: 1.
static void emit_product(const fft *f, line from_line, line to_line, int64_t n,
                         const sk_fft_field *table, double scale, const sk_fft_field *from,
                         const sk_fft_field *to) {
  uint32_t kernel = begin_kernel(f), loops = 0;
  uint32_t outer = open_loop(f, to_line.outer, &loops);
  uint32_t k = sk_build_loop(f->b, SK_LOOP_PAR, to_line.n, 1);
  uint32_t inner = open_loop(f, to_line.inner, &loops);
  sk_place source = {0}, target = {0}, factor = {0};
  follow(&source, outer, from_line.n * from_line.inner);
  follow(&source, k, from_line.inner);
  follow(&source, inner, 1);
  follow(&target, outer, to_line.n * to_line.inner);
  follow(&target, k, to_line.inner);
  follow(&target, inner, 1);
  follow(&factor, k, 1);
  if (n < to_line.n) {
    sk_val index = sk_build_index(f->b, k, SK_LT_I64);
    source.guard = factor.guard = sk_build_2(f->b, SK_L_SLT, index, sk_build_i64(f->b, n));
  }
  sk_scalar x = load(f, from, &source);
  x = table != NULL ? multiply(f, x, load(f, table, &factor)) : x;
  store(f, to, &target, times(f, x, scale));
  end_kernel(f, kernel, loops + 1);
}

static void transform_any(const fft *f, const line *v, int sign, double scale,
                          const sk_fft_field *from, const sk_fft_field *to) {
  int64_t size = 1;
  while (size < 2 * v->n - 1) {
    size *= 2;
  }
  line padded = {v->outer, size, v->inner};
  int64_t count = v->outer * size * v->inner;
  sk_fft_field filter, chirp = sk_fft_chirp(f->l, f->wide, v->n, size, sign, &filter);
  sk_fft_field a = new_field(f, count), b = new_field(f, count);
  emit_product(f, *v, padded, v->n, &chirp, 1, from, &a);
  transform_small(f, &padded, -1, 1, &a, &b);
  emit_product(f, padded, padded, size, &filter, 1 / (double)size, &b, &a);
  transform_small(f, &padded, 1, 1, &a, &b);
  emit_product(f, padded, *v, v->n, &chirp, scale, &b, to);
}

static void transform(const fft *f, const line *v, bool inverse, const sk_fft_field *from,
                      const sk_fft_field *to) {
  int sign = inverse ? 1 : -1;
  double scale = inverse ? 1 / (double)v->n : 1;
  if (v->n == 1) {
    emit_product(f, *v, *v, 1, NULL, 1, from, to);
  } else if (has_small_factors(v->n)) {
    transform_small(f, v, sign, scale, from, to);
  } else {
    transform_any(f, v, sign, scale, from, to);
  }
}

// Continues half a line by conjugates; the first and, for even n, the middle element are taken for real.
static void mirror(const fft *f, int64_t lines, int64_t half, int64_t n, const sk_fft_field *from,
                   const sk_fft_field *to) {
  uint32_t kernel = begin_kernel(f), loops = 0;
  uint32_t outer = open_loop(f, lines, &loops), k = sk_build_loop(f->b, SK_LOOP_PAR, n, 1);
  sk_build *b = f->b;
  sk_val index = sk_build_index(b, k, SK_LT_I64), zero = number(f, 0);
  sk_val mirrored = sk_build_2(b, SK_L_SLE, sk_build_i64(b, half), index);
  sk_val real = sk_build_2(b, SK_L_IEQ, index, sk_build_i64(b, 0));
  sk_val twice = sk_build_2(b, SK_L_ADD, index, index);
  real = sk_build_2(b, SK_L_POR, real, sk_build_2(b, SK_L_IEQ, twice, sk_build_i64(b, n)));
  sk_place source = {0}, target = {0};
  follow(&source, outer, half);
  follow(&target, outer, n);
  follow(&target, k, 1);
  source.dyn =
      sk_build_select(b, mirrored, sk_build_2(b, SK_L_SUB, sk_build_i64(b, n), index), index);
  source.dyn = sk_build_2(b, SK_L_MUL, source.dyn, sk_build_i64(b, from->width));
  sk_scalar x = load(f, from, &source);
  x.im = sk_build_select(b, mirrored, sk_build_1(b, SK_L_FNEG, x.im), x.im);
  x.im = sk_build_select(b, real, zero, x.im);
  store(f, to, &target, x);
  end_kernel(f, kernel, loops + 1);
}

// ---- the op

typedef struct plan {
  int64_t type;
  uint32_t rank, count;  // of the operand, of transformed dimensions
  int64_t dims[SK_MAX_RANK];
  sk_fft_field current;
} plan;

static line line_of(const plan *p, uint32_t dim) {
  line v = {1, p->dims[dim], 1};
  for (uint32_t d = 0; d < p->rank; d++) {
    v.outer *= d < dim ? p->dims[d] : 1;
    v.inner *= d > dim ? p->dims[d] : 1;
  }
  return v;
}

static int64_t count_of(const plan *p) {
  line v = line_of(p, 0);
  return v.n * v.inner;
}

// The next step's target: the result if it is the last one.
static sk_fft_field target(const fft *f, const plan *p, bool last, const sk_fft_field *result) {
  return last ? *result : new_field(f, count_of(p));
}

// The transformed dimensions but the last; `ends`: nothing comes after them.
static void transform_outer(const fft *f, plan *p, bool ends, const sk_fft_field *result) {
  bool inverse = p->type == INVERSE || p->type == REAL_INVERSE;
  for (uint32_t i = 1; i < p->count; i++) {
    line v = line_of(p, p->rank - 1 - i);
    sk_fft_field to = target(f, p, ends && i + 1 == p->count, result);
    transform(f, &v, inverse, &p->current, &to);
    p->current = to;
  }
}

static void run_plan(const fft *f, plan *p, const sk_fft_field *result, int64_t last_extent) {
  uint32_t last = p->rank - 1;
  bool alone = p->count == 1;
  if (p->type == REAL_INVERSE) {
    int64_t half = p->dims[last];
    transform_outer(f, p, false, result);
    p->dims[last] = last_extent;
    line v = line_of(p, last);
    sk_fft_field whole = new_field(f, count_of(p));
    mirror(f, v.outer, half, v.n, &p->current, &whole);
    transform(f, &v, true, &whole, result);
    return;
  }
  line v = line_of(p, last);
  bool cuts = p->type == REAL_FORWARD;
  sk_fft_field to = target(f, p, alone && !cuts, result);
  transform(f, &v, p->type == INVERSE, &p->current, &to);
  p->current = to;
  if (cuts) {
    p->dims[last] = last_extent;
    sk_fft_field kept = target(f, p, alone, result);
    emit_product(f, v, line_of(p, last), last_extent, NULL, 1, &p->current, &kept);
    p->current = kept;
  }
  transform_outer(f, p, true, result);
}

static sk_fft_field field_of(const sk_type_rec *type, uint32_t buf) {
  return sk_elem_is_complex((sk_elem)type->elem) ? (sk_fft_field){buf, buf, 2, 1}
                                                 : (sk_fft_field){buf, 0, 1, 0};
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
  fft f = {.l = l, .b = &l->b, .elem = sk_elem_complex_part((sk_elem)to->elem)};
  f.wide = f.elem == SK_F64;
  sk_fft_field result = field_of(to, buf);
  run_plan(&f, &p, &result, to->dims[to->rank - 1]);
}
