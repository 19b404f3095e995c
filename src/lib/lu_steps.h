// SPDX-License-Identifier: Apache-2.0
// The steps of an LU factorisation, for one type of element: included by lu.c with
//
//   REAL        float or double
//   LU(name)    what a function is called for it
//
// Matrices are row-major, m x n. A complex element is two REALs; its quotients are those of Smith's
// algorithm. Products are rounded by themselves, and every element takes its shares in the order of
// the columns, so that the blocks it is done in change no bit.

SK_ALWAYS_INLINE int64_t LU(find_pivot)(const REAL *a, int64_t m, int64_t stride, bool is_complex) {
  int64_t best = 0;
  REAL largest = 0;
  for (int64_t i = 0; i < m; i++) {
    const REAL *x = a + i * stride;
    REAL re = x[0] < 0 ? -x[0] : x[0], im = is_complex ? (x[1] < 0 ? -x[1] : x[1]) : 0;
    REAL size = re + im;
    if (size > largest || i == 0) {  // a NaN is larger than nothing, and nothing than it
      largest = size;
      best = i;
    }
  }
  return best;
}

SK_ALWAYS_INLINE void LU(swap)(REAL *restrict x, REAL *restrict y, int64_t count) {
  for (int64_t j = 0; j < count; j++) {
    REAL t = x[j];
    x[j] = y[j];
    y[j] = t;
  }
}

// row -= factor * of, elements [from, to)
SK_ALWAYS_INLINE void LU(take)(REAL *restrict row, REAL factor, const REAL *restrict of,
                               int64_t from, int64_t to) {
  for (int64_t j = from; j < to; j++) {
    row[j] -= factor * of[j];
  }
}

// The same for eight rows behind one another.
SK_ALWAYS_INLINE void LU(take_eight)(REAL *restrict row, const REAL *factors,
                                     const REAL *restrict of, int64_t stride, int64_t from,
                                     int64_t to) {
  const REAL f[8] = {factors[0], factors[1], factors[2], factors[3],
                     factors[4], factors[5], factors[6], factors[7]};
  for (int64_t j = from; j < to; j++) {
    REAL x = row[j];
    x -= f[0] * of[j];
    x -= f[1] * of[stride + j];
    x -= f[2] * of[2 * stride + j];
    x -= f[3] * of[3 * stride + j];
    x -= f[4] * of[4 * stride + j];
    x -= f[5] * of[5 * stride + j];
    x -= f[6] * of[6 * stride + j];
    x -= f[7] * of[7 * stride + j];
    row[j] = x;
  }
}

// Column k below the diagonal is divided by the pivot; columns up to `to` lose their share.
SK_ALWAYS_INLINE void LU(eliminate)(REAL *a, int64_t m, int64_t n, int64_t k, int64_t to) {
  const REAL *top = a + k * n;
  for (int64_t i = k + 1; i < m; i++) {
    REAL *row = a + i * n;
    row[k] /= top[k];
    LU(take)(row, row[k], top, k + 1, to);
  }
}

// What columns [first, last) take from those to the right of them.
SK_ALWAYS_INLINE void LU(take_block)(REAL *a, int64_t m, int64_t n, int64_t first, int64_t last,
                                     const bool *usable) {
  bool all = last - first == LU_BLOCK;
  for (int64_t k = first; k < last; k++) {
    all = all && usable[k - first];
  }
  for (int64_t i = first + 1; i < m; i++) {
    REAL *row = a + i * n;
    if (i >= last && all) {
      LU(take_eight)(row, row + first, a + first * n, n, last, n);
      continue;
    }
    for (int64_t k = first; k < SK_MIN(last, i); k++) {
      if (usable[k - first]) {
        LU(take)(row, row[k], a + k * n, last, n);
      }
    }
  }
}

SK_ALWAYS_INLINE void LU(divide_complex)(REAL *x, const REAL *by) {
  bool by_real = (by[0] < 0 ? -by[0] : by[0]) >= (by[1] < 0 ? -by[1] : by[1]);
  REAL ratio = by_real ? by[1] / by[0] : by[0] / by[1];
  REAL size = by_real ? by[0] + by[1] * ratio : by[0] * ratio + by[1];
  REAL re = by_real ? x[0] + x[1] * ratio : x[0] * ratio + x[1];
  REAL im = by_real ? x[1] - x[0] * ratio : x[1] * ratio - x[0];
  x[0] = re / size;
  x[1] = im / size;
}

SK_ALWAYS_INLINE void LU(eliminate_complex)(REAL *a, int64_t m, int64_t n, int64_t k) {
  const REAL *top = a + k * 2 * n;
  for (int64_t i = k + 1; i < m; i++) {
    REAL *row = a + i * 2 * n, *factor = row + 2 * k;
    LU(divide_complex)(factor, top + 2 * k);
    for (int64_t j = k + 1; j < n; j++) {
      row[2 * j] -= factor[0] * top[2 * j] - factor[1] * top[2 * j + 1];
      row[2 * j + 1] -= factor[0] * top[2 * j + 1] + factor[1] * top[2 * j];
    }
  }
}

SK_ALWAYS_INLINE void LU(factor)(REAL *a, int64_t m, int64_t n, bool is_complex, int32_t *pivots,
                                 int32_t *info, int32_t *rows) {
  const int64_t count = SK_MIN(m, n), parts = is_complex ? 2 : 1;
  for (int64_t first = 0; first < count; first += LU_BLOCK) {
    const int64_t last = SK_MIN(first + LU_BLOCK, count);
    bool usable[LU_BLOCK];
    for (int64_t k = first; k < last; k++) {
      REAL *at_k = a + k * parts * n, *pivot = at_k + k * parts;
      int64_t chosen = k + LU(find_pivot)(pivot, m - k, parts * n, is_complex);
      pivots[k] = (int32_t)chosen;
      if (chosen != k) {
        int32_t row = rows[k];
        rows[k] = rows[chosen];
        rows[chosen] = row;
        LU(swap)(at_k, a + chosen * parts * n, parts * n);
      }
      usable[k - first] = pivot[0] != 0 || (is_complex && pivot[1] != 0);
      if (!usable[k - first]) {
        *info = *info == 0 ? (int32_t)k + 1 : *info;
      } else if (is_complex) {
        LU(eliminate_complex)(a, m, n, k);
      } else {
        LU(eliminate)(a, m, n, k, last);
      }
    }
    if (!is_complex && last < n) {
      LU(take_block)(a, m, n, first, last, usable);
    }
  }
}
