// SPDX-License-Identifier: Apache-2.0
// cholesky and triangular_solve, each as one kernel that runs through the rows in order and reads what
// it wrote for earlier ones:
//
//   triangular_solve                                cholesky, a = l adjoint(l)
//     loop batch, systems (par)                       loop batch (par)
//       loop rows i (seq)                               loop columns j (seq)
//         sum = b[i] - loop k < i (seq) a[i,k] x[k]       d = sqrt(a[j,j] - sum over k < j |l[j,k]|^2)
//         x[i] = sum / a[i,i]                             loop rows i (par)
//                                                           l[i,j] = (a[i,j] - sum over k < j
//                                                                     l[i,k] conj(l[j,k])) / d
//
// Sums are kept in f64 and every element of the result is rounded once; k ascends. Loops over k run
// to n with a guard; those of small matrices are written out, with x or l in registers. A matrix
// that is not positive definite gives NaN from where that shows. Transposed and adjoint matrices,
// upper triangles and systems from the right are strides and signs.
#include "loop/lower_int.h"

enum { MAX_WRITTEN_OUT = 8 };  // rows of a matrix whose loops are written out

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

// As it would be read back from the result.
static sk_scalar stored_form(sk_lowering *l, sk_elem elem, sk_scalar x) {
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

// ---- sums

// Opens a loop over k that carries the sum; `use`: k < loop `bound`'s index.
static uint32_t open_sum(sk_lowering *l, int64_t n, uint32_t bound, sk_scalar *sum, sk_val *use) {
  uint32_t loop = sk_build_loop(&l->b, SK_LOOP_SEQ, n, 1);
  sum->re = sk_build_carry(&l->b, sum->re, SK_L_NONE);
  if (sum->im.id != 0) {
    sum->im = sk_build_carry(&l->b, sum->im, SK_L_NONE);
  }
  *use = sk_build_2(&l->b, SK_L_SLT, sk_build_index(&l->b, loop, SK_LT_I64),
                    sk_build_index(&l->b, bound, SK_LT_I64));
  return loop;
}

static void close_sum(sk_lowering *l, sk_scalar *sum, sk_val use, sk_scalar next) {
  next = sk_scalar_select(l, use, next, *sum);
  const sk_val carries[2] = {sum->re, sum->im}, yields[2] = {next.re, next.im};
  sk_build_end_loop(&l->b, carries, yields, sum->im.id != 0 ? 2 : 1);
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

static uint32_t begin_kernel(sk_lowering *l, sk_op op) {
  const char *name = sk_opkind_mnemonic(sk_op_kind(l->m, op));
  uint32_t kernel =
      sk_prog_add_kernel(l->prog, sk_arena_printf(l->arena, "%s_%u", name, l->prog->kernels.count));
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

static int64_t batches_of(const sk_type_rec *type) {
  int64_t count = 1;
  for (uint32_t d = 0; d + 2 < type->rank; d++) {
    count *= type->dims[d];
  }
  return count;
}

// ---- triangular_solve

typedef struct solver {
  int64_t n, systems, batches;
  bool left, unit, forwards, swaps, conjugates;
  uint32_t batch_loop, system_loop, row_loop;
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

// The place with its row (and column, of a) following loops; backwards from the last one.
static sk_place at_row(const solver *s, sk_place p, uint32_t loop, int64_t stride) {
  p.strides[loop] += s->forwards ? stride : -stride;
  p.offset += s->forwards ? 0 : (s->n - 1) * stride;
  return p;
}

static void solve_row(sk_lowering *l, const solver *s) {
  int64_t row = s->left ? s->systems : 1;  // distance of rows of x
  int64_t down = s->swaps ? 1 : s->n, across = s->swaps ? s->n : 1;
  sk_place b = at_row(s, s->x, s->row_loop, row);
  b.buf = s->b;
  sk_scalar sum = load(l, &b, false);
  sk_val use;
  uint32_t k = open_sum(l, s->n, s->row_loop, &sum, &use);
  sk_place a = at_row(s, at_row(s, s->a, s->row_loop, down), k, across);
  sk_place x = at_row(s, s->x, k, row);
  a.guard = x.guard = use;
  sk_scalar coefficient = load(l, &a, s->conjugates);
  close_sum(l, &sum, use, subtract_product(&l->b, sum, coefficient, load(l, &x, false)));
  if (!s->unit) {
    sk_place diagonal = at_row(s, s->a, s->row_loop, s->n + 1);
    sum = quotient(&l->b, sum, load(l, &diagonal, s->conjugates));
  }
  sk_place to = at_row(s, s->x, s->row_loop, row);
  store(l, &to, sum);
}

// The place `at` rows (or columns, of a) further.
static sk_place moved(const solver *s, sk_place p, int64_t at, int64_t stride) {
  p.offset += (s->forwards ? at : s->n - 1 - at) * stride;
  return p;
}

// All rows of a small matrix one after the other, with x in registers.
static void solve_rows(sk_lowering *l, const solver *s) {
  int64_t row = s->left ? s->systems : 1;
  int64_t down = s->swaps ? 1 : s->n, across = s->swaps ? s->n : 1;
  sk_scalar x[MAX_WRITTEN_OUT];
  for (int64_t i = 0; i < s->n; i++) {
    sk_place b = moved(s, s->x, i, row), to = b, a_row = moved(s, s->a, i, down);
    b.buf = s->b;
    sk_scalar sum = load(l, &b, false);
    for (int64_t k = 0; k < i; k++) {
      sk_place a = moved(s, a_row, k, across);
      sum = subtract_product(&l->b, sum, load(l, &a, s->conjugates), x[k]);
    }
    if (!s->unit) {
      sk_place diagonal = moved(s, a_row, i, across);
      sum = quotient(&l->b, sum, load(l, &diagonal, s->conjugates));
    }
    store(l, &to, sum);
    x[i] = stored_form(l, s->x.elem, sum);
  }
}

void sk_lower_triangular_solve(sk_lowering *l, sk_op op) {
  sk_value result = sk_op_result(l->m, op, 0);
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, result)->elem;
  solver s = {0};
  read_solver(l, op, &s);
  uint32_t to = sk_lower_result_buf(l, result), loops = 2;
  if (!has_code(l, op, elem) || s.n * s.systems * s.batches == 0) {
    return;
  }
  s.a = (sk_place){.buf = sk_lower_materialise(l, sk_op_operand(l->m, op, 0)), .elem = elem};
  s.b = sk_lower_materialise(l, sk_op_operand(l->m, op, 1));
  s.x = (sk_place){.buf = to, .elem = elem};
  uint32_t kernel = begin_kernel(l, op);
  if (s.batches > 1) {
    s.batch_loop = sk_build_loop(&l->b, SK_LOOP_PAR, s.batches, 1);
    s.a.strides[s.batch_loop] = s.n * s.n;
    s.x.strides[s.batch_loop] = s.n * s.systems;
    loops++;
  }
  s.system_loop = sk_build_loop(&l->b, SK_LOOP_PAR, s.systems, 1);
  s.x.strides[s.system_loop] = s.left ? 1 : s.n;
  if (s.n <= MAX_WRITTEN_OUT) {
    solve_rows(l, &s);
    end_kernel(l, kernel, loops - 1);
    return;
  }
  s.row_loop = sk_build_loop(&l->b, SK_LOOP_SEQ, s.n, 1);
  solve_row(l, &s);
  end_kernel(l, kernel, loops);
}

// ---- cholesky

typedef struct factor {
  int64_t n;
  bool lower;
  sk_place a, l;  // by the batch
} factor;

// Element (row, column) of a lower triangle, whichever triangle holds it (then conjugated).
static sk_place element(const factor *f, sk_place p, uint32_t row, uint32_t column) {
  p.strides[row] += f->lower ? f->n : 1;
  p.strides[column] += f->lower ? 1 : f->n;
  return p;
}

// a[row, j] - sum over k < j of l[row, k] conj(l[j, k]); row may be j itself.
static sk_scalar remainder_of(sk_lowering *l, const factor *f, uint32_t row, uint32_t j,
                              sk_val guard) {
  sk_place from = element(f, f->a, row, j);
  from.guard = guard;
  sk_scalar sum = load(l, &from, !f->lower);
  sk_val use;
  uint32_t k = open_sum(l, f->n, j, &sum, &use);
  sk_place x = element(f, f->l, row, k), y = element(f, f->l, j, k);
  x.guard = guard.id == 0 ? use : sk_build_2(&l->b, SK_L_PAND, use, guard);
  y.guard = use;
  sk_scalar left = load(l, &x, !f->lower), right = load(l, &y, f->lower);
  close_sum(l, &sum, use, subtract_product(&l->b, sum, left, right));
  return sum;
}

static sk_val root_of(sk_lowering *l, sk_val square) {
  sk_val positive = sk_build_2(&l->b, SK_L_FLT, sk_build_f64(&l->b, 0), square);
  sk_val nan = sk_build_const(&l->b, SK_LT_F64, 0x7FF8000000000000u);
  return sk_build_select(&l->b, positive, sk_build_1(&l->b, SK_L_FSQRT, square), nan);
}

// Column j below the diagonal, and the zeros above it.
static void factor_column(sk_lowering *l, const factor *f, uint32_t j) {
  sk_build *b = &l->b;
  sk_val root = root_of(l, remainder_of(l, f, j, j, (sk_val){0}).re);
  uint32_t i = sk_build_loop(b, SK_LOOP_PAR, f->n, 1);
  sk_val row = sk_build_index(b, i, SK_LT_I64), column = sk_build_index(b, j, SK_LT_I64);
  sk_val below = sk_build_2(b, SK_L_SLT, column, row), on = sk_build_2(b, SK_L_IEQ, column, row);
  sk_scalar sum = remainder_of(l, f, i, j, below);
  sk_val zero = sk_build_f64(b, 0);
  sk_scalar x = {sk_build_2(b, SK_L_FDIV, sum.re, root), {0}};
  x.re = sk_build_select(b, below, x.re, sk_build_select(b, on, root, zero));
  if (sum.im.id != 0) {
    x.im = sk_build_2(b, SK_L_FDIV, sum.im, root);
    x.im = f->lower ? x.im : sk_build_1(b, SK_L_FNEG, x.im);
    x.im = sk_build_select(b, below, x.im, zero);
  }
  sk_place to = element(f, f->l, i, j);
  store(l, &to, x);
  sk_build_end_loop(b, NULL, NULL, 0);
}

// Element (row, column) of a lower triangle, both known.
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
                                 sk_scalar (*low)[MAX_WRITTEN_OUT]) {
  sk_place from = known_element(f, f->a, i, j);
  sk_scalar sum = load(l, &from, !f->lower);
  for (int64_t k = 0; k < j; k++) {
    sum = subtract_product(&l->b, sum, low[i][k], conjugate_of(l, low[j][k]));
  }
  return sum;
}

// The whole of a small matrix, with l in registers.
static void factor_small(sk_lowering *l, const factor *f) {
  sk_scalar low[MAX_WRITTEN_OUT][MAX_WRITTEN_OUT], values[MAX_WRITTEN_OUT][MAX_WRITTEN_OUT];
  sk_val zero = sk_build_f64(&l->b, 0), none_im = is_complex(&f->l) ? zero : (sk_val){0};
  for (int64_t j = 0; j < f->n; j++) {
    sk_val root = root_of(l, known_remainder(l, f, j, j, low).re);
    for (int64_t i = 0; i < f->n; i++) {
      sk_scalar x = {i < j ? zero : root, none_im};
      if (i > j) {
        x = known_remainder(l, f, i, j, low);
        x.re = sk_build_2(&l->b, SK_L_FDIV, x.re, root);
        x.im = x.im.id != 0 ? sk_build_2(&l->b, SK_L_FDIV, x.im, root) : x.im;
        low[i][j] = stored_form(l, f->l.elem, x);
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
  uint32_t kernel = begin_kernel(l, op);
  uint32_t batch = sk_build_loop(&l->b, SK_LOOP_PAR, batches_of(type), 1);
  f.a.strides[batch] = f.l.strides[batch] = f.n * f.n;
  if (f.n <= MAX_WRITTEN_OUT) {
    factor_small(l, &f);
    end_kernel(l, kernel, 1);
    return;
  }
  factor_column(l, &f, sk_build_loop(&l->b, SK_LOOP_SEQ, f.n, 1));
  end_kernel(l, kernel, 2);
}
