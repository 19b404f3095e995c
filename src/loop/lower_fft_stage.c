// SPDX-License-Identifier: Apache-2.0
// Stages of Fourier transforms, each loops over one line (lower_fft.h says where they stand): passes of
// Stockham's algorithm, products with a table, and the steps that make real transforms of complex ones.
// Every access is affine. Lanes run along whatever is innermost: columns, or what a pass has done already,
// or, as long as that does not fill vectors, the rest of the line. Everything is computed in the element
// type; tables are rounded once.
#include "loop/lower_fft.h"

#define SQRT_HALF 0.707106781186547524400844362104849039L

// ---- numbers

static sk_val number(const sk_fft *f, long double value) {
  return f->wide ? sk_build_f64(&f->l->b, (double)value) : sk_build_f32(&f->l->b, (float)value);
}

static sk_scalar add(const sk_fft *f, sk_scalar x, sk_scalar y) {
  sk_build *b = &f->l->b;
  return (sk_scalar){sk_build_2(b, SK_L_FADD, x.re, y.re), sk_build_2(b, SK_L_FADD, x.im, y.im)};
}

static sk_scalar subtract(const sk_fft *f, sk_scalar x, sk_scalar y) {
  sk_build *b = &f->l->b;
  return (sk_scalar){sk_build_2(b, SK_L_FSUB, x.re, y.re), sk_build_2(b, SK_L_FSUB, x.im, y.im)};
}

static sk_scalar multiply(const sk_fft *f, sk_scalar x, sk_scalar y) {
  sk_build *b = &f->l->b;
  sk_val re = sk_build_2(b, SK_L_FMUL, x.re, y.re), im = sk_build_2(b, SK_L_FMUL, x.re, y.im);
  return (sk_scalar){sk_build_3(b, SK_L_FNMA, x.im, y.im, re),
                     sk_build_3(b, SK_L_FMA, x.im, y.re, im)};
}

static sk_scalar times(const sk_fft *f, sk_scalar x, long double by) {
  if (by == 1) {
    return x;
  }
  sk_val factor = number(f, by);
  return (sk_scalar){sk_build_2(&f->l->b, SK_L_FMUL, x.re, factor),
                     sk_build_2(&f->l->b, SK_L_FMUL, x.im, factor)};
}

// x + y * by
static sk_scalar add_times(const sk_fft *f, sk_scalar x, sk_scalar y, long double by) {
  sk_val factor = number(f, by);
  return (sk_scalar){sk_build_3(&f->l->b, SK_L_FMA, y.re, factor, x.re),
                     sk_build_3(&f->l->b, SK_L_FMA, y.im, factor, x.im)};
}

static sk_scalar conjugate(const sk_fft *f, sk_scalar x) {
  return (sk_scalar){x.re, sk_build_1(&f->l->b, SK_L_FNEG, x.im)};
}

// sign i x
static sk_scalar turn(const sk_fft *f, sk_scalar x, int sign) {
  return sign > 0 ? (sk_scalar){sk_build_1(&f->l->b, SK_L_FNEG, x.im), x.re}
                  : (sk_scalar){x.im, sk_build_1(&f->l->b, SK_L_FNEG, x.re)};
}

// ---- places

static void follow(sk_place *p, uint32_t loop, int64_t stride) {
  if (loop != SK_NO_LOOP) {
    p->strides[loop] += stride;
  }
}

// Element `at` of the line at hand, in the first column at hand.
static sk_place place_in(const sk_fft *f, const sk_fft_field *field, int64_t at) {
  sk_place p = {.offset = at * field->step};
  if (field->line != 0) {
    p.offset += f->at.first;
    follow(&p, f->line_loop, field->line);
    follow(&p, f->block_loop, f->at.width);
  }
  return p;
}

static sk_place part_of(const sk_fft *f, const sk_fft_field *from, const sk_place *at, bool im) {
  sk_place p = *at;
  p.buf = im ? from->im : from->re;
  p.elem = f->elem;
  p.offset = at->offset * from->width + (im ? from->im_offset : 0);
  for (uint32_t i = 0; i < SK_PLACE_LOOPS; i++) {
    p.strides[i] = at->strides[i] * from->width;
  }
  return p;
}

static sk_scalar load(const sk_fft *f, const sk_fft_field *from, const sk_place *at) {
  sk_place re = part_of(f, from, at, false), im = part_of(f, from, at, true);
  sk_scalar x = {sk_place_load(f->l, &re).re, {0}};
  x.im = from->im != 0 ? sk_place_load(f->l, &im).re : number(f, 0);
  return x;
}

static void store(const sk_fft *f, const sk_fft_field *to, const sk_place *at, sk_scalar x) {
  sk_place re = part_of(f, to, at, false), im = part_of(f, to, at, true);
  sk_place_store(f->l, &re, (sk_scalar){x.re, {0}});
  if (to->im != 0) {
    sk_place_store(f->l, &im, (sk_scalar){x.im, {0}});
  }
}

sk_fft_field sk_fft_new_field(sk_fft *f, int64_t count) {
  sk_fft_field field = {.width = 1, .step = f->by_line ? f->at.width : f->at.columns};
  int64_t elems = count * field.step;
  if (!f->by_line) {
    field.line = elems;
    elems *= f->at.lines;
  }
  for (uint32_t i = 0; i < 2; i++) {
    const sk_buf buf = {.kind = f->by_line ? SK_BUF_SCRATCH : SK_BUF_TEMP,
                        .mem = (uint8_t)sk_elem_mem(f->elem),
                        .elems = elems,
                        .offset = -1,
                        .name = i == 0 ? "real" : "imaginary"};
    *(i == 0 ? &field.re : &field.im) = sk_prog_add_buf(f->l->prog, &buf);
  }
  return field;
}

// ---- kernels and loops

// A parallel loop; SK_NO_LOOP where it would run once.
static uint32_t open_loop(sk_fft *f, int64_t extent) {
  if (extent == 1) {
    return SK_NO_LOOP;
  }
  f->loops++;
  return sk_build_loop(&f->l->b, SK_LOOP_PAR, extent, 1);
}

static void close_loops(sk_fft *f, uint32_t until) {
  for (; f->loops > until; f->loops--) {
    sk_build_end_loop(&f->l->b, NULL, NULL, 0);
  }
}

static void begin_kernel(sk_fft *f) {
  f->kernel = sk_prog_add_kernel(f->l->prog,
                                 sk_arena_printf(f->l->arena, "fft_%u", f->l->prog->kernels.count));
  sk_eval_begin(f->l, f->kernel, SK_PLACE_LOOPS, 0);
  f->loops = 0;
}

static void end_kernel(sk_fft *f) {
  close_loops(f, 0);
  sk_eval_end(f->l);
  sk_lower_emit(f->l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = f->kernel});
}

// A kernel has a loop around everything.
static void open_once(sk_fft *f) {
  if (f->loops == 0) {
    sk_build_loop(&f->l->b, SK_LOOP_PAR, 1, 1);
    f->loops = 1;
  }
}

void sk_fft_begin_lines(sk_fft *f) {
  f->by_line = true;
  begin_kernel(f);
  if (f->at.blocks > f->at.lines) {  // the thread pool cuts the outermost loop
    f->block_loop = open_loop(f, f->at.blocks);
    f->line_loop = open_loop(f, f->at.lines);
  } else {
    f->line_loop = open_loop(f, f->at.lines);
    f->block_loop = open_loop(f, f->at.blocks);
  }
  open_once(f);
}

void sk_fft_end_lines(sk_fft *f) {
  end_kernel(f);
  f->by_line = false;
  f->line_loop = f->block_loop = SK_NO_LOOP;
}

static uint32_t begin_stage(sk_fft *f) {
  if (!f->by_line) {
    begin_kernel(f);
    f->line_loop = open_loop(f, f->at.lines);
    return 0;
  }
  return f->loops;
}

static void end_stage(sk_fft *f, uint32_t before) {
  if (f->by_line) {
    close_loops(f, before);
  } else {
    end_kernel(f);
    f->line_loop = SK_NO_LOOP;
  }
}

// ---- one pass

static void butterfly_4(const sk_fft *f, int sign, const sk_scalar *x, sk_scalar *y) {
  sk_scalar a = add(f, x[0], x[2]), b = subtract(f, x[0], x[2]);
  sk_scalar c = add(f, x[1], x[3]), d = turn(f, subtract(f, x[1], x[3]), sign);
  y[0] = add(f, a, c);
  y[1] = add(f, b, d);
  y[2] = subtract(f, a, c);
  y[3] = subtract(f, b, d);
}

static void butterfly_8(const sk_fft *f, int sign, const sk_scalar *x, sk_scalar *y) {
  sk_scalar a[4], b[4], even[4], odd[4];
  for (uint32_t t = 0; t < 4; t++) {
    a[t] = add(f, x[t], x[t + 4]);
    b[t] = subtract(f, x[t], x[t + 4]);
  }
  butterfly_4(f, sign, a, even);
  b[1] = times(f, add(f, b[1], turn(f, b[1], sign)), SQRT_HALF);
  b[2] = turn(f, b[2], sign);
  b[3] = times(f, subtract(f, turn(f, b[3], sign), b[3]), SQRT_HALF);
  butterfly_4(f, sign, b, odd);
  for (uint32_t u = 0; u < 4; u++) {
    y[2 * u] = even[u];
    y[2 * u + 1] = odd[u];
  }
}

// An odd radix: elements u and radix - u share their products with cosines and with sines.
static void butterfly_odd(const sk_fft *f, int64_t radix, int sign, const sk_scalar *x,
                          sk_scalar *y) {
  sk_scalar sum[SK_FFT_MAX_RADIX], difference[SK_FFT_MAX_RADIX];
  y[0] = x[0];
  for (int64_t t = 1; 2 * t < radix; t++) {
    sum[t] = add(f, x[t], x[radix - t]);
    difference[t] = subtract(f, x[t], x[radix - t]);
    y[0] = add(f, y[0], sum[t]);
  }
  for (int64_t u = 1; 2 * u < radix; u++) {
    sk_scalar even = x[0], odd = {{0}, {0}};
    for (int64_t t = 1; 2 * t < radix; t++) {
      sk_fft_number w = sk_fft_root(t * u % radix, radix);
      even = add_times(f, even, sum[t], w.re);
      odd = t == 1 ? times(f, difference[t], w.im) : add_times(f, odd, difference[t], w.im);
    }
    odd = turn(f, odd, sign);
    y[u] = add(f, even, odd);
    y[radix - u] = subtract(f, even, odd);
  }
}

static void butterfly(const sk_fft *f, const sk_fft_pass *s, const sk_scalar *x, sk_scalar *y) {
  if (s->radix == 8) {
    butterfly_8(f, s->sign, x, y);
  } else if (s->radix == 4) {
    butterfly_4(f, s->sign, x, y);
  } else if (s->radix == 2) {
    y[0] = add(f, x[0], x[1]);
    y[1] = subtract(f, x[0], x[1]);
  } else {
    butterfly_odd(f, s->radix, s->sign, x, y);
  }
}

// Factors of a pass in the order of its loads: [u - 1][p].
static sk_fft_field factors(const sk_fft *f, const sk_fft_pass *s, const sk_fft_number *circle) {
  int64_t m = s->left / s->radix, stride = s->n / s->left;
  sk_arena_mark mark = sk_arena_get_mark(f->l->scratch);
  sk_fft_number *values =
      SK_NEW_ARRAY(f->l->scratch, sk_fft_number, (size_t)((s->radix - 1) * m) + 1);
  for (int64_t u = 1; u < s->radix; u++) {
    for (int64_t p = 0; p < m; p++) {
      values[(u - 1) * m + p] = circle[p * u * stride];
    }
  }
  sk_fft_field table = sk_fft_table(f->l, f->wide, values, (s->radix - 1) * m);
  sk_arena_rewind(f->l->scratch, mark);
  return table;
}

typedef struct pass_loops {
  uint32_t p, q, column;
  int64_t from_step, to_step;  // along q
} pass_loops;

static pass_loops open_pass(sk_fft *f, const sk_fft_pass *s, const sk_fft_field *from,
                            const sk_fft_field *to) {
  int64_t m = s->left / s->radix, columns = f->at.width, q = s->done;
  pass_loops o = {.column = SK_NO_LOOP, .from_step = from->step, .to_step = to->step};
  if (from->step == columns && to->step == columns) {  // one run over both
    q *= columns;
    columns = 1;
    o.from_step = o.to_step = 1;
  }
  if (q * columns >= (f->wide ? 4 : 8) || m == 1) {
    o.p = open_loop(f, m);
    o.q = open_loop(f, q);
    o.column = open_loop(f, columns);
  } else {
    o.q = open_loop(f, q);
    o.column = open_loop(f, columns);
    o.p = open_loop(f, m);
  }
  open_once(f);
  return o;
}

void sk_fft_emit_pass(sk_fft *f, const sk_fft_pass *s, const sk_fft_number *circle,
                      const sk_fft_field *from, const sk_fft_field *to) {
  int64_t m = s->left / s->radix;
  sk_fft_field table = m == 1 ? (sk_fft_field){0} : factors(f, s, circle);
  uint32_t before = begin_stage(f);
  pass_loops o = open_pass(f, s, from, to);
  sk_scalar x[SK_FFT_MAX_RADIX] = {0}, y[SK_FFT_MAX_RADIX];
  for (int64_t t = 0; t < s->radix; t++) {
    sk_place source = place_in(f, from, s->done * m * t);
    follow(&source, o.p, s->done * from->step);
    follow(&source, o.q, o.from_step);
    follow(&source, o.column, 1);
    x[t] = load(f, from, &source);
  }
  butterfly(f, s, x, y);
  for (int64_t u = 0; u < s->radix; u++) {
    sk_place target = place_in(f, to, s->done * u), root = {.offset = (u - 1) * m};
    follow(&target, o.p, s->done * s->radix * to->step);
    follow(&target, o.q, o.to_step);
    follow(&target, o.column, 1);
    follow(&root, o.p, 1);
    sk_scalar value = u == 0 || m == 1 ? y[u] : multiply(f, y[u], load(f, &table, &root));
    store(f, to, &target, times(f, value, (long double)s->scale));
  }
  end_stage(f, before);
}

// ---- a line by a table

void sk_fft_emit_product(sk_fft *f, int64_t first, int64_t n, const sk_fft_field *table,
                         double scale, const sk_fft_field *from, const sk_fft_field *to) {
  uint32_t before = begin_stage(f);
  uint32_t k = open_loop(f, n), column = open_loop(f, f->at.width);
  open_once(f);
  sk_scalar x = {number(f, 0), number(f, 0)};
  if (from != NULL) {
    sk_place source = place_in(f, from, first);
    follow(&source, k, from->step);
    follow(&source, column, 1);
    x = load(f, from, &source);
  }
  if (table != NULL) {
    sk_place factor = {0};
    follow(&factor, k, 1);
    x = multiply(f, x, load(f, table, &factor));
  }
  sk_place target = place_in(f, to, first);
  follow(&target, k, to->step);
  follow(&target, column, 1);
  store(f, to, &target, times(f, x, (long double)scale));
  end_stage(f, before);
}

// ---- real lines. With x[2 j] + i x[2 j + 1] transformed to z, of length h = n / 2 and period h:
//   X[k] = (z[k] + conj z[h - k]) / 2 - i e^(-2 pi i k / n) (z[k] - conj z[h - k]) / 2

// -i e^(-2 pi i k / n) / 2, or for the way back i e^(2 pi i k / n).
static sk_fft_field turns(const sk_fft *f, int64_t n, bool back) {
  sk_arena_mark mark = sk_arena_get_mark(f->l->scratch);
  sk_fft_number *w = sk_fft_circle(f->l, n, back ? 1 : -1);
  for (int64_t k = 0; 2 * k < n; k++) {
    w[k] = back ? (sk_fft_number){-w[k].im, w[k].re} : (sk_fft_number){w[k].im / 2, -w[k].re / 2};
  }
  sk_fft_field table = sk_fft_table(f->l, f->wide, w, n / 2);
  sk_arena_rewind(f->l->scratch, mark);
  return table;
}

// Both ends, which are real: of the whole line X[0] and X[h] by z[0], or z[0] by them. Before the middle of
// a split, z[h] = z[0].
static void emit_ends(sk_fft *f, int64_t half, bool back, const sk_fft_field *from,
                      const sk_fft_field *to) {
  sk_build *b = &f->l->b;
  uint32_t before = begin_stage(f);
  open_once(f);
  sk_place first = place_in(f, from, 0), last = place_in(f, from, half);
  sk_place to_first = place_in(f, to, 0), to_last = place_in(f, to, half);
  sk_scalar x = load(f, from, &first);
  if (back) {
    sk_val y = load(f, from, &last).re;
    sk_scalar z = {sk_build_2(b, SK_L_FADD, x.re, y), sk_build_2(b, SK_L_FSUB, x.re, y)};
    store(f, to, &to_first, z);
  } else {
    store(f, from, &last, x);
    sk_scalar end = {sk_build_2(b, SK_L_FSUB, x.re, x.im), number(f, 0)};
    store(f, to, &to_last, end);
  }
  end_stage(f, before);
}

static void emit_middle(sk_fft *f, int64_t half, bool back, const sk_fft_field *from,
                        const sk_fft_field *to) {
  sk_fft_field table = turns(f, 2 * half, back);
  uint32_t before = begin_stage(f), k = open_loop(f, half);
  open_once(f);
  sk_place source = place_in(f, from, 0), mirrored = place_in(f, from, half);
  sk_place target = place_in(f, to, 0), root = {0};
  follow(&source, k, from->step);
  follow(&mirrored, k, -from->step);
  follow(&target, k, to->step);
  follow(&root, k, 1);
  sk_scalar x = load(f, from, &source), y = conjugate(f, load(f, from, &mirrored));
  sk_scalar even = add(f, x, y), odd = subtract(f, x, y), w = load(f, &table, &root);
  even = back ? even : times(f, even, 0.5L);
  sk_build *b = &f->l->b;
  sk_val re = sk_build_3(b, SK_L_FMA, odd.re, w.re, even.re);
  sk_val im = sk_build_3(b, SK_L_FMA, odd.re, w.im, even.im);
  store(f, to, &target,
        (sk_scalar){sk_build_3(b, SK_L_FNMA, odd.im, w.im, re),
                    sk_build_3(b, SK_L_FMA, odd.im, w.re, im)});
  end_stage(f, before);
}

void sk_fft_emit_split(sk_fft *f, int64_t n, const sk_fft_field *from, const sk_fft_field *to) {
  emit_ends(f, n / 2, false, from, to);
  emit_middle(f, n / 2, false, from, to);
}

void sk_fft_emit_join(sk_fft *f, int64_t n, const sk_fft_field *from, const sk_fft_field *to) {
  emit_middle(f, n / 2, true, from, to);
  emit_ends(f, n / 2, true, from, to);
}

void sk_fft_emit_mirror(sk_fft *f, int64_t n, const sk_fft_field *from, const sk_fft_field *to) {
  sk_build *b = &f->l->b;
  int64_t half = n / 2 + 1;
  uint32_t before = begin_stage(f), k = sk_build_loop(b, SK_LOOP_PAR, n, 1);
  f->loops++;
  sk_val index = sk_build_index(b, k, SK_LT_I64), zero = number(f, 0);
  sk_val mirrored = sk_build_2(b, SK_L_SLE, sk_build_i64(b, half), index);
  sk_val real = sk_build_2(b, SK_L_IEQ, index, sk_build_i64(b, 0));
  sk_val twice = sk_build_2(b, SK_L_ADD, index, index);
  real = sk_build_2(b, SK_L_POR, real, sk_build_2(b, SK_L_IEQ, twice, sk_build_i64(b, n)));
  sk_place source = place_in(f, from, 0), target = place_in(f, to, 0);
  follow(&target, k, to->step);
  source.dyn =
      sk_build_select(b, mirrored, sk_build_2(b, SK_L_SUB, sk_build_i64(b, n), index), index);
  source.dyn = sk_build_2(b, SK_L_MUL, source.dyn, sk_build_i64(b, from->width));
  sk_scalar x = load(f, from, &source);
  x.im = sk_build_select(b, mirrored, sk_build_1(b, SK_L_FNEG, x.im), x.im);
  x.im = sk_build_select(b, real, zero, x.im);
  store(f, to, &target, x);
  end_stage(f, before);
}
