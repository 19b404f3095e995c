// SPDX-License-Identifier: Apache-2.0
// cholesky and triangular_solve on batches of matrices, real or complex. Sums are kept in double
// and every element of a result is rounded once.
//
// cholesky reads one triangle of its operand and leaves zeros in the other of its result. A matrix
// that is not positive definite gives NaN from where that shows.
#include <math.h>

#include "base/mem.h"
#include "interp/interp_int.h"

// ---- arithmetic on numbers that are real or complex

sk_number sk_number_sub_product(sk_number sum, sk_number x, sk_number y) {
  return (sk_number){.re = sum.re - (x.re * y.re - x.im * y.im),
                     .im = sum.im - (x.re * y.im + x.im * y.re)};
}

sk_number sk_number_conjugate(sk_number x) { return (sk_number){.re = x.re, .im = -x.im}; }

sk_number sk_number_quotient(sk_number x, sk_number y) {
  if (y.im == 0) {
    return (sk_number){.re = x.re / y.re, .im = x.im / y.re};
  }
  double size = y.re * y.re + y.im * y.im;
  return (sk_number){.re = (x.re * y.re + x.im * y.im) / size,
                     .im = (x.im * y.re - x.re * y.im) / size};
}

// ---- cholesky: a = l * adjoint(l)

// Element (i, j) of the lower triangle, whichever triangle the operand has it in.
static sk_number lower_element(const sk_tensor *a, int64_t base, int64_t n, int64_t i, int64_t j,
                               bool lower) {
  return lower ? sk_tensor_get(a, base + i * n + j)
               : sk_number_conjugate(sk_tensor_get(a, base + j * n + i));
}

static void factor(const sk_tensor *a, int64_t base, int64_t n, bool lower, sk_number *l) {
  for (int64_t j = 0; j < n; j++) {
    for (int64_t i = j; i < n; i++) {
      sk_number sum = lower_element(a, base, n, i, j, lower);
      for (int64_t k = 0; k < j; k++) {
        sum = sk_number_sub_product(sum, l[i * n + k], sk_number_conjugate(l[j * n + k]));
      }
      l[i * n + j] = i == j ? (sk_number){.re = sum.re > 0 ? sqrt(sum.re) : (double)NAN}
                            : sk_number_quotient(sum, l[j * n + j]);
    }
  }
}

sk_status sk_interp_cholesky_of(const sk_tensor *a, bool lower, sk_tensor *t) {
  int64_t n = a->type->dims[a->type->rank - 1];
  if (t->count == 0) {
    return NULL;
  }
  sk_number *l = sk_mem_alloc(sizeof *l * ((size_t)n * (size_t)n + 1));
  if (!l) {
    return sk_status_no_memory();
  }
  for (int64_t base = 0; base < t->count; base += n * n) {
    factor(a, base, n, lower, l);
    for (int64_t i = 0; i < n; i++) {
      for (int64_t j = 0; j < n; j++) {
        sk_number zero = {0, 0, 0};
        sk_number x = lower ? l[i * n + j] : sk_number_conjugate(l[j * n + i]);
        sk_tensor_set(t, base + i * n + j, (lower ? j <= i : i <= j) ? x : zero);
      }
    }
  }
  sk_mem_free(l);
  return NULL;
}

sk_status sk_interp_CHOLESKY(sk_interp *s, sk_op op) {
  sk_tensor *t;
  SK_TRY(sk_interp_result(s, op, 0, NULL, &t));
  return sk_interp_cholesky_of(sk_interp_operand(s, op, 0),
                               sk_op_int(s->m, op, SK_NAME_lower, 0) != 0, t);
}

// ---- triangular_solve: op(a) x = b, or x op(a) = b, which is the transpose of op(a)' x' = b'

typedef struct solver {
  const sk_tensor *a, *b;
  sk_tensor *t;
  int64_t n, columns;      // size of a; systems per batch
  bool left, lower, unit;  // lower: op(a) is
  int64_t transpose;       // SK_ENUM_TRANSPOSE
} solver;

enum { KEEPS = 1, TRANSPOSES = 2, ADJOINS = 3 };

// Element (i, j) of the matrix that is solved with.
static sk_number coefficient(const solver *v, int64_t base, int64_t i, int64_t j) {
  bool swaps = (v->transpose != KEEPS) == v->left;  // the right side transposes once more
  sk_number x = sk_tensor_get(v->a, base + (swaps ? j * v->n + i : i * v->n + j));
  return v->transpose == ADJOINS ? sk_number_conjugate(x) : x;
}

static int64_t place_of(const solver *v, int64_t base, int64_t row, int64_t column) {
  return base + (v->left ? row * v->columns + column : column * v->n + row);
}

static void solve_column(const solver *v, int64_t a_base, int64_t b_base, int64_t column,
                         sk_number *x) {
  for (int64_t step = 0; step < v->n; step++) {
    int64_t i = v->lower ? step : v->n - 1 - step;
    sk_number sum = sk_tensor_get(v->b, place_of(v, b_base, i, column));
    for (int64_t k = 0; k < step; k++) {
      int64_t j = v->lower ? k : v->n - 1 - k;
      sum = sk_number_sub_product(sum, coefficient(v, a_base, i, j), x[j]);
    }
    x[i] = v->unit ? sum : sk_number_quotient(sum, coefficient(v, a_base, i, i));
    sk_tensor_set(v->t, place_of(v, b_base, i, column), x[i]);
  }
}

sk_status sk_interp_solve_triangular(const sk_solve_options *options, const sk_tensor *a,
                                     const sk_tensor *b, sk_tensor *t) {
  solver v = {.a = a,
              .b = b,
              .t = t,
              .left = options->left,
              .unit = options->unit,
              .transpose = options->transpose};
  uint32_t rank = b->type->rank;
  if (t->count == 0) {
    return NULL;
  }
  v.n = a->type->dims[rank - 1];
  v.columns = b->type->dims[v.left ? rank - 1 : rank - 2];
  // Transposing turns a lower triangle into an upper one; so does the right side.
  v.lower = options->lower == ((v.transpose == KEEPS) == v.left);
  sk_number *x = sk_mem_alloc(sizeof *x * ((size_t)v.n + 1));
  if (!x) {
    return sk_status_no_memory();
  }
  int64_t size = v.n * v.columns;
  for (int64_t batch = 0; batch < t->count / size; batch++) {
    for (int64_t column = 0; column < v.columns; column++) {
      solve_column(&v, batch * v.n * v.n, batch * size, column, x);
    }
  }
  sk_mem_free(x);
  return NULL;
}

sk_status sk_interp_TRIANGULAR_SOLVE(sk_interp *s, sk_op op) {
  const sk_solve_options options = {.left = sk_op_int(s->m, op, SK_NAME_left_side, 1) != 0,
                                    .lower = sk_op_int(s->m, op, SK_NAME_lower, 0) != 0,
                                    .unit = sk_op_int(s->m, op, SK_NAME_unit_diagonal, 0) != 0,
                                    .transpose = sk_op_int(s->m, op, SK_NAME_transpose_a, KEEPS)};
  sk_tensor *t;
  SK_TRY(sk_interp_result(s, op, 0, NULL, &t));
  return sk_interp_solve_triangular(&options, sk_interp_operand(s, op, 0),
                                    sk_interp_operand(s, op, 1), t);
}
