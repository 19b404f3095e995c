// SPDX-License-Identifier: Apache-2.0
// Custom calls of known targets (ir/target.h), as the libraries define them: factorisations with
// LAPACK's conventions, one matrix of the batch at a time, in double.
//
// Where a library is free (the rounding of its sums), this is the textbook's loop. Where it says what
// happens to a singular matrix, this does the same.
#include <math.h>

#include "base/mem.h"
#include "interp/interp_int.h"

typedef struct target_run {
  sk_interp *s;
  sk_op op;
  const sk_target_call *call;
  sk_tensor *results[5];  // of the function; owned by the environment once finished
  sk_number *work;        // owned
} target_run;

static sk_number number_of(int64_t i) { return (sk_number){.re = (double)i, .i = i}; }

static sk_number product(sk_number x, sk_number y) {
  return (sk_number){.re = x.re * y.re - x.im * y.im, .im = x.re * y.im + x.im * y.re};
}

static double square(sk_number x) { return x.re * x.re + x.im * x.im; }

// ---- lu: rows are swapped so that the largest element comes to the diagonal

static double pivot_size(sk_number x) { return fabs(x.re) + fabs(x.im); }

static int64_t find_pivot(const sk_number *a, int64_t m, int64_t n, int64_t k) {
  int64_t best = k;
  for (int64_t i = k + 1; i < m; i++) {
    best = pivot_size(a[i * n + k]) > pivot_size(a[best * n + k]) ? i : best;
  }
  return best;
}

static void swap_rows(sk_number *a, int64_t n, int64_t i, int64_t j) {
  for (int64_t c = 0; c < n; c++) {
    sk_number x = a[i * n + c];
    a[i * n + c] = a[j * n + c];
    a[j * n + c] = x;
  }
}

// One step; false: the pivot is zero, and nothing is eliminated.
static bool eliminate(sk_number *a, int64_t m, int64_t n, int64_t k) {
  sk_number pivot = a[k * n + k];
  if (pivot.re == 0 && pivot.im == 0) {
    return false;
  }
  for (int64_t i = k + 1; i < m; i++) {
    a[i * n + k] = sk_number_quotient(a[i * n + k], pivot);
    for (int64_t j = k + 1; j < n; j++) {
      a[i * n + j] = sk_number_sub_product(a[i * n + j], a[i * n + k], a[k * n + j]);
    }
  }
  return true;
}

static sk_status run_lu(target_run *r, int64_t batch) {
  int64_t m = r->call->rows, n = r->call->columns, info = 0;
  bool from_one = r->call->target == SK_TARGET_LU;
  sk_tensor *rows = from_one                                   ? NULL
                    : r->call->target == SK_TARGET_LU_PERMUTED ? r->results[2]
                                                               : r->results[3];
  sk_numbers_get(sk_interp_operand(r->s, r->op, 0), batch * m * n, m * n, r->work);
  for (int64_t i = 0; rows && i < m; i++) {
    sk_tensor_set(rows, batch * m + i, number_of(i));
  }
  for (int64_t k = 0; k < r->call->count; k++) {
    int64_t pivot = find_pivot(r->work, m, n, k);
    swap_rows(r->work, n, k, pivot);
    if (!eliminate(r->work, m, n, k) && info == 0) {
      info = k + 1;
    }
    sk_tensor_set(r->results[1], batch * r->call->count + k, number_of(pivot + from_one));
    if (rows) {
      sk_number first = sk_tensor_get(rows, batch * m + k);
      sk_tensor_set(rows, batch * m + k, sk_tensor_get(rows, batch * m + pivot));
      sk_tensor_set(rows, batch * m + pivot, first);
    }
  }
  sk_numbers_set(r->results[0], batch * m * n, m * n, r->work);
  if (r->call->target != SK_TARGET_LU_PERMUTED) {
    sk_tensor_set(r->results[2], batch, number_of(info));
  }
  return NULL;
}

static sk_status run_pivots(target_run *r, int64_t batch) {
  int64_t m = r->call->rows, count = r->call->count;
  for (int64_t i = 0; i < m; i++) {
    r->work[i] = number_of(i);
  }
  for (int64_t k = 0; k < count; k++) {
    int64_t pivot = sk_tensor_index(sk_interp_operand(r->s, r->op, 0), batch * count + k);
    if (pivot >= 0 && pivot < m) {  // others change nothing
      swap_rows(r->work, 1, k, pivot);
    }
  }
  sk_numbers_set(r->results[0], batch * m, m, r->work);
  return NULL;
}

// ---- qr: reflectors I - tau v adjoint(v) that clear a column below the diagonal

// Makes the reflector of column k: beta at the diagonal, v below it.
static sk_number make_reflector(sk_number *a, int64_t m, int64_t n, int64_t k) {
  double rest = 0;
  sk_number alpha = a[k * n + k];
  for (int64_t i = k + 1; i < m; i++) {
    rest += square(a[i * n + k]);
  }
  if (rest == 0 && alpha.im == 0) {
    return number_of(0);
  }
  double size = sqrt(square(alpha) + rest), beta = alpha.re >= 0 ? -size : size;
  sk_number tau = {.re = (beta - alpha.re) / beta, .im = -alpha.im / beta};
  sk_number scale = {.re = alpha.re - beta, .im = alpha.im};
  for (int64_t i = k + 1; i < m; i++) {
    a[i * n + k] = sk_number_quotient(a[i * n + k], scale);
  }
  a[k * n + k] = (sk_number){.re = beta};
  return tau;
}

// Columns [first, n) of x become those of (I - tau v adjoint(v)) x; v is below row k of column k of a.
static void reflect(const sk_number *a, sk_number tau, int64_t m, int64_t n, int64_t k,
                    int64_t first, sk_number *x) {
  for (int64_t j = first; j < n; j++) {
    sk_number sum = x[k * n + j];
    for (int64_t i = k + 1; i < m; i++) {
      sk_number minus =
          sk_number_sub_product(number_of(0), sk_number_conjugate(a[i * n + k]), x[i * n + j]);
      sum.re -= minus.re;
      sum.im -= minus.im;
    }
    sum = product(tau, sum);
    x[k * n + j].re -= sum.re;
    x[k * n + j].im -= sum.im;
    for (int64_t i = k + 1; i < m; i++) {
      x[i * n + j] = sk_number_sub_product(x[i * n + j], a[i * n + k], sum);
    }
  }
}

static sk_status run_qr(target_run *r, int64_t batch) {
  int64_t m = r->call->rows, n = r->call->columns;
  sk_numbers_get(sk_interp_operand(r->s, r->op, 0), batch * m * n, m * n, r->work);
  for (int64_t k = 0; k < r->call->count; k++) {
    sk_number tau = make_reflector(r->work, m, n, k);
    reflect(r->work, sk_number_conjugate(tau), m, n, k, k + 1, r->work);
    sk_tensor_set(r->results[1], batch * r->call->count + k, tau);
  }
  sk_numbers_set(r->results[0], batch * m * n, m * n, r->work);
  return NULL;
}

static sk_status run_householder(target_run *r, int64_t batch) {
  int64_t m = r->call->rows, n = r->call->columns, count = r->call->count;
  sk_number *a = r->work, *q = r->work + m * n;
  sk_numbers_get(sk_interp_operand(r->s, r->op, 0), batch * m * n, m * n, a);
  for (int64_t i = 0; i < m * n; i++) {
    q[i] = number_of(i / n == i % n);
  }
  for (int64_t k = count - 1; k >= 0; k--) {
    sk_number tau = sk_tensor_get(sk_interp_operand(r->s, r->op, 1), batch * count + k);
    reflect(a, tau, m, n, k, 0, q);
  }
  sk_numbers_set(r->results[0], batch * m * n, m * n, q);
  return NULL;
}

// ---- tridiagonal systems, by elimination with exchange of neighbouring rows

typedef struct tridiagonal {
  sk_number *dl, *d, *du, *x;  // n each, n x columns; dl[0] and du[n - 1] are not looked at
  int64_t n, columns;
} tridiagonal;

// Row i + 1 loses its element below the diagonal; false: the pivot is zero.
static bool eliminate_below(tridiagonal *t, int64_t i) {
  sk_number low = t->dl[i + 1];
  bool last = i + 2 == t->n;
  if (pivot_size(t->d[i]) >= pivot_size(low)) {
    if (t->d[i].re == 0 && t->d[i].im == 0) {
      return false;
    }
    sk_number factor = sk_number_quotient(low, t->d[i]);
    t->d[i + 1] = sk_number_sub_product(t->d[i + 1], factor, t->du[i]);
    for (int64_t c = 0; c < t->columns; c++) {
      sk_number *x = &t->x[(i + 1) * t->columns + c];
      *x = sk_number_sub_product(*x, factor, t->x[i * t->columns + c]);
    }
    t->dl[i] = number_of(0);
    return true;
  }
  sk_number factor = sk_number_quotient(t->d[i], low), above = t->du[i];
  t->d[i] = low;
  t->du[i] = t->d[i + 1];
  t->d[i + 1] = sk_number_sub_product(above, factor, t->d[i + 1]);
  t->dl[i] = last ? number_of(0) : t->du[i + 1];
  if (!last) {
    t->du[i + 1] = sk_number_sub_product(number_of(0), factor, t->du[i + 1]);
  }
  for (int64_t c = 0; c < t->columns; c++) {
    sk_number *x = &t->x[i * t->columns + c], *y = x + t->columns, first = *x;
    *x = *y;
    *y = sk_number_sub_product(first, factor, *y);
  }
  return true;
}

// x = U^-1 x, where U has diagonals d, du, and dl two above the main one.
static void substitute_back(tridiagonal *t) {
  for (int64_t i = t->n - 1; i >= 0; i--) {
    for (int64_t c = 0; c < t->columns; c++) {
      sk_number *x = &t->x[i * t->columns + c];
      if (i + 1 < t->n) {
        *x = sk_number_sub_product(*x, t->du[i], x[t->columns]);
      }
      if (i + 2 < t->n) {
        *x = sk_number_sub_product(*x, t->dl[i], x[2 * t->columns]);
      }
      *x = sk_number_quotient(*x, t->d[i]);
    }
  }
}

static sk_status run_tridiagonal(target_run *r, int64_t batch) {
  int64_t n = r->call->rows, columns = r->call->columns, info = 0;
  tridiagonal t = {r->work, r->work + n, r->work + 2 * n, r->work + 3 * n, n, columns};
  bool whole = r->results[4] != NULL;
  for (uint32_t o = 0; o < 4; o++) {
    int64_t count = o < 3 ? n : n * columns;
    sk_numbers_get(sk_interp_operand(r->s, r->op, o), batch * count, count, r->work + o * n);
  }
  for (int64_t i = 0; i + 1 < n && info == 0; i++) {
    info = eliminate_below(&t, i) ? 0 : i + 1;
  }
  if (info == 0 && n > 0 && t.d[n - 1].re == 0 && t.d[n - 1].im == 0) {
    info = n;
  }
  if (info == 0) {
    substitute_back(&t);
  }
  sk_numbers_set(r->results[whole ? 3 : 0], batch * n * columns, n * columns, t.x);
  for (uint32_t o = 0; whole && o < 3; o++) {
    sk_numbers_set(r->results[o], batch * n, n, r->work + o * n);
  }
  if (whole) {
    sk_tensor_set(r->results[4], batch, number_of(info));
  }
  return NULL;
}

// ---- functions of whole tensors

// The other triangle is the operand's; info counts diagonal elements before the first NaN.
static sk_status run_cholesky(target_run *r) {
  const sk_tensor *a = sk_interp_operand(r->s, r->op, 0);
  int64_t n = r->call->rows;
  sk_tensor *t = r->results[0];
  SK_TRY(sk_interp_cholesky_of(a, r->call->lower, t));
  for (int64_t i = 0; i < t->count; i++) {
    int64_t row = i / n % n, column = i % n;
    if (r->call->lower ? column > row : row > column) {
      sk_tensor_set(t, i, sk_tensor_get(a, i));
    }
  }
  for (int64_t batch = 0; batch < r->results[1]->count; batch++) {
    int64_t good = 0;
    while (good < n && !isnan(sk_tensor_get(t, batch * n * n + good * (n + 1)).re)) {
      good++;
    }
    sk_tensor_set(r->results[1], batch, number_of(good == n ? 0 : good + 1));
  }
  return NULL;
}

static sk_status run_triangular(const target_run *r) {
  const sk_solve_options options = {.left = r->call->left_side,
                                    .lower = r->call->lower,
                                    .unit = r->call->unit_diagonal,
                                    .transpose = r->call->transpose};
  return sk_interp_solve_triangular(&options, sk_interp_operand(r->s, r->op, 0),
                                    sk_interp_operand(r->s, r->op, 1), r->results[0]);
}

static sk_status run_threefry(const target_run *r) {
  for (int64_t i = 0; i < r->results[0]->count; i++) {
    uint64_t words[4];
    uint32_t bits[2];
    for (uint32_t o = 0; o < 4; o++) {
      words[o] = (uint32_t)sk_tensor_get(sk_interp_operand(r->s, r->op, o), i).i;
    }
    sk_interp_threefry(words[0] | words[1] << 32, words[2] | words[3] << 32, bits);
    sk_tensor_set(r->results[0], i, (sk_number){.i = bits[0]});
    sk_tensor_set(r->results[1], i, (sk_number){.i = bits[1]});
  }
  return NULL;
}

// ---- which function

typedef sk_status (*batch_fn)(target_run *r, int64_t batch);

static batch_fn batch_function(sk_target target) {
  switch (target) {
    case SK_TARGET_LU:
    case SK_TARGET_LU_PERMUTED:
    case SK_TARGET_LU_STEPS: return run_lu;
    case SK_TARGET_PIVOTS: return run_pivots;
    case SK_TARGET_QR: return run_qr;
    case SK_TARGET_HOUSEHOLDER: return run_householder;
    case SK_TARGET_TRIDIAGONAL_SOLVE: return run_tridiagonal;
    case SK_TARGET_NONE:
    case SK_TARGET_CHOLESKY:
    case SK_TARGET_TRIANGULAR_SOLVE:
    case SK_TARGET_THREEFRY:
    case SK_TARGET_TOP_K: break;
  }
  return NULL;
}

static sk_status run_batches(target_run *r, batch_fn run) {
  const sk_target_call *c = r->call;
  int64_t batches = 1, room = 2 * c->rows * c->columns + 3 * c->rows + 1;
  for (uint32_t d = 0; d < c->batch_rank; d++) {
    batches *= c->operand.dims[d];
  }
  r->work = sk_mem_alloc(sizeof *r->work * (size_t)room);
  if (!r->work) {
    return sk_status_no_memory();
  }
  for (int64_t batch = 0; batch < batches; batch++) {
    SK_TRY(run(r, batch));
  }
  return NULL;
}

static sk_status run_function(target_run *r) {
  batch_fn run = batch_function(r->call->target);
  if (run) {
    return run_batches(r, run);
  }
  switch ((int)r->call->target) {
    case SK_TARGET_CHOLESKY: return run_cholesky(r);
    case SK_TARGET_TRIANGULAR_SOLVE: return run_triangular(r);
    default: return run_threefry(r);
  }
}

sk_status sk_interp_run_target(sk_interp *s, sk_op op, const sk_target_call *call) {
  target_run r = {.s = s, .op = op, .call = call};
  if (call->target == SK_TARGET_TOP_K) {
    return sk_interp_sort_target(s, op, call);
  }
  const sk_value first = sk_op_result(s->m, op, 0);
  uint32_t count = call->tupled ? sk_value_type_rec(s->m, first)->input_count
                                : sk_op_get(s->m, op)->result_count;
  sk_status status = NULL;
  for (uint32_t i = 0; i < count; i++) {
    const sk_type_rec *type = sk_type_get(s->m, sk_target_result_type(s->m, op, call, i));
    r.results[i] = sk_tensor_new(type, type->rank, type->dims);
    status = status || r.results[i] ? status : sk_status_no_memory();
  }
  status = status ? status : run_function(&r);
  sk_mem_free(r.work);
  if (call->tupled && !status) {
    sk_tensor *tuple = sk_tensor_new_tuple(SK_TYPE_TUPLE, r.results, count);
    status = tuple ? sk_interp_accept(s, op, 0, tuple) : sk_status_no_memory();
  }
  for (uint32_t i = 0; i < count; i++) {
    if (call->tupled || status) {
      sk_tensor_release(r.results[i]);
    } else {
      status = sk_interp_accept(s, op, i, r.results[i]);
    }
  }
  return status;
}
