// SPDX-License-Identifier: Apache-2.0
// LU factorisation with row pivots, of matrices with few columns (pass/expand_target.c cuts larger
// ones): a = P L U, with L below the diagonal and U in the rest of the result.
//
//   eight columns at a time:   | 8 |  rest      the eight are factored, whole rows change places;
//                              | x |  x x x     then every row takes its shares of the eight rows
//                              | x |  x x x     of U at once
//
// The pivot of a column is the first of the largest elements, by |re| + |im|. A column without one is
// left as it is, and its number (from 1) is the matrix's `info`. What is chosen, and every bit, is
// the same on all machines: the code for AVX2 differs in width alone.
#include <string.h>

#include "base/cpu.h"
#include "lib/lib.h"

enum { LU_BLOCK = 8, LU_POOL_ELEMS = 16384 };

typedef struct lu_call {
  int64_t real_bytes, parts, batches, m, n;
  const char *from;
  char *to;
  int32_t *pivots, *info, *rows;
} lu_call;

#define REAL float
#define LU(name) name##_f32
#include "lib/lu_steps.h"
#undef REAL
#undef LU
#define REAL double
#define LU(name) name##_f64
#include "lib/lu_steps.h"
#undef REAL
#undef LU

SK_ALWAYS_INLINE void factor_matrices(const lu_call *c, int64_t begin, int64_t end) {
  const int64_t elems = c->m * c->n * c->parts, count = SK_MIN(c->m, c->n);
  const bool is_complex = c->parts == 2;
  for (int64_t b = begin; b < end; b++) {
    char *a = c->to + b * elems * c->real_bytes;
    int32_t *pivots = c->pivots + b * count, *rows = c->rows + b * c->m;
    memcpy(a, c->from + b * elems * c->real_bytes, (size_t)(elems * c->real_bytes));
    for (int64_t i = 0; i < c->m; i++) {
      rows[i] = (int32_t)i;
    }
    c->info[b] = 0;
    if (c->real_bytes == 4) {
      factor_f32((float *)(void *)a, c->m, c->n, is_complex, pivots, &c->info[b], rows);
    } else {
      factor_f64((double *)(void *)a, c->m, c->n, is_complex, pivots, &c->info[b], rows);
    }
  }
}

SK_TARGET_AVX2 static void factor_avx2(const lu_call *c, int64_t begin, int64_t end) {
  factor_matrices(c, begin, end);
}

static void factor_any(const lu_call *c, int64_t begin, int64_t end) {
  if (sk_cpu_get()->isa >= SK_ISA_V3) {
    factor_avx2(c, begin, end);
  } else {
    factor_matrices(c, begin, end);
  }
}

// As a kernel over matrices: the frame has the call in its only slot.
static void lu_kernel(sk_frame *frame, int64_t begin, int64_t end, void *scratch) {
  (void)scratch;
  factor_any(frame->slots[0], begin, end);
}

void sk_lib_lu(sk_frame *frame, void *const *pointers, const int64_t *params) {
  lu_call call = {.real_bytes = params[0],
                  .parts = params[1],
                  .batches = params[2],
                  .m = params[3],
                  .n = params[4],
                  .from = pointers[0],
                  .to = pointers[1],
                  .pivots = pointers[2],
                  .info = pointers[3],
                  .rows = pointers[4]};
  const int64_t work = SK_MAX(call.m * call.n * SK_MIN(call.m, call.n), (int64_t)1);
  if (call.batches > 1 && call.batches * work > 2 * LU_POOL_ELEMS &&
      sk_lib_run_in_pool(frame, lu_kernel, &call, call.batches,
                         SK_MAX(LU_POOL_ELEMS / work, (int64_t)1))) {
    return;
  }
  factor_any(&call, 0, call.batches);
}
