// SPDX-License-Identifier: Apache-2.0
// cholesky and triangular_solve, each as one kernel that runs through the rows in order and reads what
// it wrote for earlier ones:
//
//   triangular_solve                                cholesky, a = adjoint(u) u
//     loop batch, systems (par)                       loop batch (par)
//       ROWS rows i at a time, written out:             loop rows j of u (seq)
//         loop k, rows before (seq)                       loop columns i (par)
//           sums[i] -= a[i,k] x[k]                          first[i] = a[j,i]
//         x[i] = (sums[i] - those among them) / a[i,i]          - loop k (seq) conj(u[k,j]) u[k,i]
//                                                         loop columns i (par)
//                                                           u[j,i] = first[i] / sqrt(first[j])
//
// Up to FEW_ROWS rows are written out, with x or l in registers, and batches run along lanes.
// Both are for few rows; pass/expand_linalg.c makes many of few. Sums are kept in f64 and every element
// of the result is rounded once; k ascends. u is in scratch, so that rows lie along lanes. A matrix that is not positive definite gives NaN from where that shows. Transposed
// and adjoint matrices, upper triangles and systems from the right are strides and signs.
//
// An LU factorisation of few columns is a library call (lib/lu.c).
#include "ir/target.h"
#include "loop/lower_int.h"

static bool is_complex(const sk_place *p) { return sk_elem_is_complex(p->elem); }

// ---- numbers in f64: parts, the second of which real ones lack

static sk_scalar load(sk_lowering *l, const sk_place *p, bool conjugate) {
  sk_elem part = sk_elem_complex_part(p->elem);
  sk_scalar x = sk_place_load(l, p);
  x.re = sk_scalar_convert(&l->b, part, SK_F64, x.re);
  if (is_complex(p)) {
    x.im = sk_scalar_convert(&l->b, part, SK_F64, x.im);
    x.im = conjugate ? sk_build_1(&l->b, SK_L_FNEG, x.im) : x.im;
  }
  return x;
}

static void store(sk_lowering *l, const sk_place *p, sk_scalar x) {
  sk_elem part = sk_elem_complex_part(p->elem);
  x.re = sk_scalar_convert(&l->b, SK_F64, part, x.re);
  if (is_complex(p)) {
    x.im = sk_scalar_convert(&l->b, SK_F64, part, x.im);
  }
  sk_place_store(l, p, x);
}

// As it is when it is read again.
static sk_scalar rounded(sk_lowering *l, sk_elem elem, sk_scalar x) {
  sk_elem part = sk_elem_complex_part(elem);
  x.re = sk_scalar_convert(&l->b, part, SK_F64, sk_scalar_convert(&l->b, SK_F64, part, x.re));
  if (x.im.id != 0) {
    x.im = sk_scalar_convert(&l->b, part, SK_F64, sk_scalar_convert(&l->b, SK_F64, part, x.im));
  }
  return x;
}

// sum - x y
static sk_scalar subtract_product(sk_build *b, sk_scalar sum, sk_scalar x, sk_scalar y) {
  sum.re = sk_build_3(b, SK_L_FNMA, x.re, y.re, sum.re);
  if (sum.im.id != 0) {
    sum.re = sk_build_3(b, SK_L_FMA, x.im, y.im, sum.re);
    sum.im = sk_build_3(b, SK_L_FNMA, x.re, y.im, sum.im);
    sum.im = sk_build_3(b, SK_L_FNMA, x.im, y.re, sum.im);
  }
  return sum;
}

static sk_scalar quotient(sk_build *b, sk_scalar x, sk_scalar y) {
  if (x.im.id == 0) {
    return (sk_scalar){sk_build_2(b, SK_L_FDIV, x.re, y.re), {0}};
  }
  sk_val size = sk_build_3(b, SK_L_FMA, y.im, y.im, sk_build_2(b, SK_L_FMUL, y.re, y.re));
  sk_val re = sk_build_3(b, SK_L_FMA, x.im, y.im, sk_build_2(b, SK_L_FMUL, x.re, y.re));
  sk_val im = sk_build_3(b, SK_L_FNMA, x.re, y.im, sk_build_2(b, SK_L_FMUL, x.im, y.re));
  return (sk_scalar){sk_build_2(b, SK_L_FDIV, re, size), sk_build_2(b, SK_L_FDIV, im, size)};
}

// ---- frame of a kernel

static bool has_code(sk_lowering *l, sk_op op, sk_elem elem) {
  bool can = sk_elem_lt(elem) != SK_LT_NONE && (sk_elem_is_complex(elem) || sk_elem_is_float(elem));
  if (!can) {
    sk_lower_fail(l, sk_op_error(l->m, op, SK_UNIMPLEMENTED, "no native code for %s yet",
                                 sk_elem_name(elem)));
  }
  return can;
}

static const char *name_of(const sk_lowering *l, sk_op op) {
  return sk_arena_printf(l->arena, "%s_%u", sk_opkind_mnemonic(sk_op_kind(l->m, op)),
                         l->prog->kernels.count);
}

static uint32_t begin_kernel(sk_lowering *l, sk_op op) {
  uint32_t kernel = sk_prog_add_kernel(l->prog, name_of(l, op));
  sk_eval_begin(l, kernel, SK_PLACE_LOOPS, 0);
  return kernel;
}

static void end_kernel(sk_lowering *l, uint32_t kernel, uint32_t loops) {
  for (uint32_t i = 0; i < loops; i++) {
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

// ---- blocks of large matrices are many operations alike

static bool are_alike(const sk_module *m, sk_op a, sk_op b) {
  bool same = sk_op_kind(m, a) == sk_op_kind(m, b) &&
              sk_op_get(m, a)->attr_count == sk_op_get(m, b)->attr_count;
  for (uint32_t i = 0; same && i < sk_op_get(m, a)->operand_count; i++) {
    same =
        sk_value_type(m, sk_op_operand(m, a, i)).id == sk_value_type(m, sk_op_operand(m, b, i)).id;
  }
  const sk_named_attr *x = &m->attr_pool.data[sk_op_get(m, a)->attrs];
  const sk_named_attr *y = &m->attr_pool.data[sk_op_get(m, b)->attrs];
  for (uint32_t i = 0; same && i < sk_op_get(m, a)->attr_count; i++) {
    same = x[i].name.id == y[i].name.id && x[i].attr.id == y[i].attr.id;
  }
  return same;
}

// Lowers op like an equal one among the last few, if there is one. bufs: operands and result, 0 where there is none.
static bool lower_like_another(sk_lowering *l, sk_op op, const uint32_t bufs[3]) {
  enum { LAST = 8 };
  for (uint32_t i = 0; i < SK_MIN(l->twins.count, (uint32_t)LAST); i++) {
    const sk_twin *twin = &l->twins.data[l->twins.count - 1 - i];
    bool distinct = (twin->bufs[0] == twin->bufs[1]) == (bufs[0] == bufs[1]);
    if (distinct && are_alike(l->m, twin->op, op)) {
      uint32_t kernel =
          sk_prog_copy_kernel(l->prog, twin->kernel, name_of(l, op), twin->bufs, bufs, 3);
      sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
      return true;
    }
  }
  return false;
}

static void remember(sk_lowering *l, sk_op op, uint32_t kernel, const uint32_t bufs[3]) {
  sk_vec_push(l->arena, &l->twins, ((sk_twin){op, kernel, {bufs[0], bufs[1], bufs[2]}}));
}

static int64_t batches_of(const sk_type_rec *type) {
  int64_t count = 1;
  for (uint32_t d = 0; d + 2 < type->rank; d++) {
    count *= type->dims[d];
  }
  return count;
}

// ---- triangular_solve

enum { ROWS = 4, FEW_ROWS = 8 };  // that are solved together; so few always are

typedef struct solver {
  int64_t n, systems, batches;
  bool left, unit, forwards, swaps, conjugates;
  uint32_t batch_loop, system_loop;
  sk_place a, x;  // a[i][0], x[i] by the loops around; without rows
  uint32_t b;
} solver;

static void read_solver(const sk_lowering *l, sk_op op, solver *s) {
  enum { KEEPS = 1, ADJOINS = 3 };
  const sk_type_rec *type = sk_value_type_rec(l->m, sk_op_operand(l->m, op, 1));
  int64_t how = sk_op_int(l->m, op, SK_NAME_transpose_a, KEEPS);
  bool lower = sk_op_int(l->m, op, SK_NAME_lower, 0) != 0;
  s->left = sk_op_int(l->m, op, SK_NAME_left_side, 1) != 0;
  s->unit = sk_op_int(l->m, op, SK_NAME_unit_diagonal, 0) != 0;
  s->swaps = (how != KEEPS) == s->left;  // x op(a) = b is op(a)' x' = b'
  s->forwards = lower != s->swaps;
  s->conjugates = how == ADJOINS;
  s->n = type->dims[s->left ? type->rank - 2 : type->rank - 1];
  s->systems = type->dims[s->left ? type->rank - 1 : type->rank - 2];
  s->batches = batches_of(type);
}

// The place at a row, or a column of a, counted in the order in which they are solved.
static sk_place at(const solver *s, sk_place p, int64_t row, int64_t stride) {
  p.offset += (s->forwards ? row : s->n - 1 - row) * stride;
  return p;
}

// The place with its row (or column, of a) following a loop.
static sk_place along(const solver *s, sk_place p, uint32_t loop, int64_t stride) {
  p.strides[loop] += s->forwards ? stride : -stride;
  return at(s, p, 0, stride);
}

static int64_t row_distance(const solver *s) { return s->left ? s->systems : 1; }

// a[row][column] of the system, its column following a loop if there is one.
static sk_scalar coefficient(sk_lowering *l, const solver *s, int64_t row, int64_t column,
                             uint32_t loop) {
  int64_t down = s->swaps ? 1 : s->n, across = s->swaps ? s->n : 1;
  sk_place p = at(s, s->a, row, down);
  p = loop != SK_NO_LOOP ? along(s, p, loop, across) : at(s, p, column, across);
  return load(l, &p, s->conjugates);
}

// Takes from the sums of `count` rows from `first` on what the rows before have to do with them.
static void subtract_known(sk_lowering *l, const solver *s, int64_t first, uint32_t count,
                           sk_scalar *sums) {
  uint32_t k = sk_build_loop(&l->b, SK_LOOP_SEQ, first, 1), carried = 0;
  sk_val carries[2 * ROWS], yields[2 * ROWS];
  for (uint32_t r = 0; r < count; r++) {
    carries[carried++] = sums[r].re = sk_build_carry(&l->b, sums[r].re, SK_L_NONE);
    if (sums[r].im.id != 0) {
      carries[carried++] = sums[r].im = sk_build_carry(&l->b, sums[r].im, SK_L_NONE);
    }
  }
  sk_place known = along(s, s->x, k, row_distance(s));
  sk_scalar x = load(l, &known, false);
  carried = 0;
  for (uint32_t r = 0; r < count; r++) {
    sk_scalar next = subtract_product(&l->b, sums[r], coefficient(l, s, first + r, 0, k), x);
    yields[carried++] = next.re;
    if (next.im.id != 0) {
      yields[carried++] = next.im;
    }
  }
  sk_build_end_loop(&l->b, carries, yields, carried);
  carried = 0;
  for (uint32_t r = 0; r < count; r++) {
    sums[r].re = carries[carried++];
    if (sums[r].im.id != 0) {
      sums[r].im = carries[carried++];
    }
  }
}

// Rows `first` to `first + count`, all before them known.
static void solve_rows(sk_lowering *l, const solver *s, int64_t first, uint32_t count) {
  sk_scalar x[FEW_ROWS];
  for (uint32_t r = 0; r < count; r++) {
    sk_place from = at(s, s->x, first + r, row_distance(s));
    from.buf = s->b;
    x[r] = load(l, &from, false);
  }
  if (first > 0) {
    subtract_known(l, s, first, count, x);
  }
  for (uint32_t r = 0; r < count; r++) {
    for (uint32_t q = 0; q < r; q++) {
      x[r] =
          subtract_product(&l->b, x[r], coefficient(l, s, first + r, first + q, SK_NO_LOOP), x[q]);
    }
    if (!s->unit) {
      x[r] = quotient(&l->b, x[r], coefficient(l, s, first + r, first + r, SK_NO_LOOP));
    }
    sk_place to = at(s, s->x, first + r, row_distance(s));
    x[r] = rounded(l, s->x.elem, x[r]);
    store(l, &to, x[r]);
  }
}

void sk_lower_triangular_solve(sk_lowering *l, sk_op op) {
  sk_value result = sk_op_result(l->m, op, 0);
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, result)->elem;
  solver s = {0};
  read_solver(l, op, &s);
  uint32_t to = sk_lower_result_buf(l, result), loops = 1;
  if (!has_code(l, op, elem) || s.n * s.systems * s.batches == 0) {
    return;
  }
  s.a = (sk_place){.buf = sk_lower_materialise(l, sk_op_operand(l->m, op, 0)), .elem = elem};
  s.b = sk_lower_materialise(l, sk_op_operand(l->m, op, 1));
  s.x = (sk_place){.buf = to, .elem = elem};
  const uint32_t bufs[3] = {s.a.buf, s.b, to};
  if (lower_like_another(l, op, bufs)) {
    return;
  }
  uint32_t kernel = begin_kernel(l, op);
  if (s.batches > 1) {
    s.batch_loop = sk_build_loop(&l->b, SK_LOOP_PAR, s.batches, 1);
    s.a.strides[s.batch_loop] = s.n * s.n;
    s.x.strides[s.batch_loop] = s.n * s.systems;
    loops++;
  }
  s.system_loop = sk_build_loop(&l->b, SK_LOOP_PAR, s.systems, 1);
  s.x.strides[s.system_loop] = s.left ? 1 : s.n;
  const int64_t rows = s.n <= FEW_ROWS ? s.n : ROWS;
  for (int64_t first = 0; first < s.n; first += rows) {
    solve_rows(l, &s, first, (uint32_t)SK_MIN(s.n - first, rows));
  }
  end_kernel(l, kernel, loops);
  remember(l, op, kernel, bufs);
}

// ---- cholesky

typedef struct factor {
  int64_t n;
  bool lower;
  sk_place a, l;  // by the batch
  sk_place u,
      first;  // scratch, f64: the adjoint's rows so far, zero where there are none; the row at hand before its division
} factor;

// Element (row, column) of the upper triangle, whichever triangle holds it (then conjugated).
static sk_place element(const factor *f, sk_place p, uint32_t row, uint32_t column) {
  p.strides[row] += f->lower ? 1 : f->n;
  p.strides[column] += f->lower ? f->n : 1;
  return p;
}

static sk_place scratch(sk_lowering *l, const factor *f, int64_t elems) {
  bool complex = is_complex(&f->a);
  uint32_t buf = sk_prog_add_buf(l->prog, &(sk_buf){.kind = SK_BUF_SCRATCH,
                                                    .mem = SK_MEM_F64,
                                                    .elems = elems * (complex ? 2 : 1),
                                                    .offset = -1});
  return (sk_place){.buf = buf, .elem = complex ? SK_C128 : SK_F64};
}

static sk_scalar zero(sk_lowering *l, const factor *f) {
  sk_val none = sk_build_f64(&l->b, 0);
  return (sk_scalar){none, is_complex(&f->a) ? none : (sk_val){0}};
}

static void clear_rows(sk_lowering *l, const factor *f) {
  sk_place to = f->u;
  to.strides[sk_build_loop(&l->b, SK_LOOP_PAR, f->n * f->n, 1)] = 1;
  store(l, &to, zero(l, f));
  sk_build_end_loop(&l->b, NULL, NULL, 0);
}

// first[i] = a[j, i] - sum over k < j of conj(u[k, j]) u[k, i], for i >= j. Rows of u from j on are zero.
static void sum_row(sk_lowering *l, const factor *f, uint32_t j) {
  sk_build *b = &l->b;
  uint32_t i = sk_build_loop(b, SK_LOOP_PAR, f->n, 1);
  sk_place from = element(f, f->a, j, i), to = f->first;
  sk_val before =
      sk_build_2(b, SK_L_SLT, sk_build_index(b, i, SK_LT_I64), sk_build_index(b, j, SK_LT_I64));
  from.guard = sk_build_1(b, SK_L_PNOT, before);
  sk_scalar sum = load(l, &from, f->lower);
  uint32_t k = sk_build_loop(b, SK_LOOP_SEQ, f->n, 1);
  sum.re = sk_build_carry(b, sum.re, SK_L_NONE);
  sum.im = sum.im.id != 0 ? sk_build_carry(b, sum.im, SK_L_NONE) : sum.im;
  sk_place x = f->u, y = f->u;
  x.strides[k] = y.strides[k] = f->n;
  x.strides[j] = y.strides[i] = 1;
  sk_scalar next = subtract_product(b, sum, load(l, &x, true), load(l, &y, false));
  const sk_val carries[2] = {sum.re, sum.im}, yields[2] = {next.re, next.im};
  sk_build_end_loop(b, carries, yields, sum.im.id != 0 ? 2 : 1);
  to.strides[i] = 1;
  store(l, &to, sum);
  sk_build_end_loop(b, NULL, NULL, 0);
}

static sk_val root_of(sk_lowering *l, sk_val square) {
  sk_val positive = sk_build_2(&l->b, SK_L_FLT, sk_build_f64(&l->b, 0), square);
  sk_val nan = sk_build_const(&l->b, SK_LT_F64, 0x7FF8000000000000u);
  return sk_build_select(&l->b, positive, sk_build_1(&l->b, SK_L_FSQRT, square), nan);
}

// Row j of u from its sums, and what it is of the result: zeros before the diagonal.
static void divide_row(sk_lowering *l, const factor *f, uint32_t j) {
  sk_build *b = &l->b;
  sk_place diagonal = f->first;
  diagonal.strides[j] = 1;
  sk_val root = root_of(l, load(l, &diagonal, false).re);
  uint32_t i = sk_build_loop(b, SK_LOOP_PAR, f->n, 1);
  sk_val column = sk_build_index(b, i, SK_LT_I64), row = sk_build_index(b, j, SK_LT_I64);
  sk_val behind = sk_build_2(b, SK_L_SLT, row, column), on = sk_build_2(b, SK_L_IEQ, row, column);
  sk_place from = f->first, to = f->u, result = element(f, f->l, j, i);
  from.strides[i] = to.strides[i] = 1;
  to.strides[j] = f->n;
  sk_scalar x = load(l, &from, false), none = zero(l, f);
  x.re = sk_build_2(b, SK_L_FDIV, x.re, root);
  x.re = sk_build_select(b, behind, x.re, sk_build_select(b, on, root, none.re));
  if (x.im.id != 0) {
    x.im = sk_build_select(b, behind, sk_build_2(b, SK_L_FDIV, x.im, root), none.im);
  }
  x = rounded(l, f->l.elem, x);
  store(l, &to, x);
  if (x.im.id != 0 && f->lower) {
    x.im = sk_build_1(b, SK_L_FNEG, x.im);
  }
  store(l, &result, x);
  sk_build_end_loop(b, NULL, NULL, 0);
}

// Element (row, column) of the lower triangle, both known.
static sk_place known_element(const factor *f, sk_place p, int64_t row, int64_t column) {
  p.offset += f->lower ? row * f->n + column : column * f->n + row;
  return p;
}

static sk_scalar conjugate_of(sk_lowering *l, sk_scalar x) {
  x.im = x.im.id != 0 ? sk_build_1(&l->b, SK_L_FNEG, x.im) : x.im;
  return x;
}

// What is left of a[i, j] of a small matrix, whose l is known up to column j.
static sk_scalar known_remainder(sk_lowering *l, const factor *f, int64_t i, int64_t j,
                                 sk_scalar (*low)[FEW_ROWS]) {
  sk_place from = known_element(f, f->a, i, j);
  sk_scalar sum = load(l, &from, !f->lower);
  for (int64_t k = 0; k < j; k++) {
    sum = subtract_product(&l->b, sum, low[i][k], conjugate_of(l, low[j][k]));
  }
  return sum;
}

// The whole of a small matrix, with l in registers.
static void factor_few(sk_lowering *l, const factor *f) {
  sk_scalar low[FEW_ROWS][FEW_ROWS], values[FEW_ROWS][FEW_ROWS];
  sk_val zero = sk_build_f64(&l->b, 0), none_im = is_complex(&f->l) ? zero : (sk_val){0};
  for (int64_t j = 0; j < f->n; j++) {
    sk_val root = root_of(l, known_remainder(l, f, j, j, low).re);
    for (int64_t i = 0; i < f->n; i++) {
      sk_scalar x = {i < j ? zero : root, none_im};
      if (i > j) {
        x = known_remainder(l, f, i, j, low);
        x.re = sk_build_2(&l->b, SK_L_FDIV, x.re, root);
        x.im = x.im.id != 0 ? sk_build_2(&l->b, SK_L_FDIV, x.im, root) : x.im;
        low[i][j] = rounded(l, f->l.elem, x);
      }
      values[i][j] = f->lower || i <= j ? x : conjugate_of(l, x);
    }
  }
  for (int64_t at = 0; at < f->n * f->n; at++) {  // in the order of memory
    int64_t i = f->lower ? at / f->n : at % f->n, j = f->lower ? at % f->n : at / f->n;
    sk_place to = known_element(f, f->l, i, j);
    store(l, &to, values[i][j]);
  }
}

static void factor_rows(sk_lowering *l, factor *f) {
  f->u = scratch(l, f, f->n * f->n);
  f->first = scratch(l, f, f->n);
  clear_rows(l, f);
  uint32_t j = sk_build_loop(&l->b, SK_LOOP_SEQ, f->n, 1);
  sum_row(l, f, j);
  divide_row(l, f, j);
  sk_build_end_loop(&l->b, NULL, NULL, 0);
}

void sk_lower_cholesky(sk_lowering *l, sk_op op) {
  sk_value result = sk_op_result(l->m, op, 0);
  const sk_type_rec *type = sk_value_type_rec(l->m, result);
  sk_elem elem = (sk_elem)type->elem;
  factor f = {.n = type->dims[type->rank - 1], .lower = sk_op_int(l->m, op, SK_NAME_lower, 0) != 0};
  uint32_t to = sk_lower_result_buf(l, result);
  if (!has_code(l, op, elem) || f.n * batches_of(type) == 0) {
    return;
  }
  f.a = (sk_place){.buf = sk_lower_materialise(l, sk_op_operand(l->m, op, 0)), .elem = elem};
  f.l = (sk_place){.buf = to, .elem = elem};
  const uint32_t bufs[3] = {f.a.buf, to, 0};
  if (lower_like_another(l, op, bufs)) {
    return;
  }
  uint32_t kernel = begin_kernel(l, op);
  uint32_t batch = sk_build_loop(&l->b, SK_LOOP_PAR, batches_of(type), 1);
  f.a.strides[batch] = f.l.strides[batch] = f.n * f.n;
  if (f.n <= FEW_ROWS) {
    factor_few(l, &f);
  } else {
    factor_rows(l, &f);
  }
  end_kernel(l, kernel, 1);
  remember(l, op, kernel, bufs);
}

// ---- lu

bool sk_lower_lu(sk_lowering *l, sk_op op) {
  sk_target_call call;
  sk_status unknown = sk_target_read(l->m, op, &call);
  if (unknown != NULL || call.target != SK_TARGET_LU_STEPS) {
    sk_status_free(unknown);
    return false;
  }
  enum { RESULTS = 4, PARAMS = 5 };
  const sk_elem elem = (sk_elem)call.operand.elem, part = sk_elem_complex_part(elem);
  uint32_t *bufs = SK_NEW_ARRAY(l->arena, uint32_t, 1 + RESULTS);
  int64_t *params = SK_NEW_ARRAY(l->arena, int64_t, PARAMS);
  bufs[0] = sk_lower_materialise(l, sk_op_operand(l->m, op, 0));
  for (uint32_t i = 0; i < RESULTS; i++) {
    bufs[1 + i] = sk_lower_result_buf(l, sk_op_result(l->m, op, i));
  }
  params[0] = sk_elem_bytes(part);
  params[1] = sk_elem_is_complex(elem) ? 2 : 1;
  params[2] = batches_of(&call.operand);
  params[3] = call.rows;
  params[4] = call.columns;
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_LIBCALL,
                              .libcall = SK_BUILTIN_LU,
                              .buf_count = 1 + RESULTS,
                              .bufs = bufs,
                              .param_count = PARAMS,
                              .params = params});
  return true;
}
