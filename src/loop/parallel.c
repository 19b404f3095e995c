// SPDX-License-Identifier: Apache-2.0
// Which statements go to the thread pool, and in what chunks: a kernel whose serial time pays for the fork, in chunks long enough to pay for
// their ticket. Decided from the program and its vector loops alone, never from the number of cores; results do not depend on it.
#include "loop/loop_int.h"

enum { MIN_PARALLEL_NS = 4000, CHUNK_NS = 3000, CHUNK_ALIGN = 64, DOT_FLOPS_PER_NS = 60 };

// Rough serial time of a kernel in nanoseconds, with 256-bit vectors.
static double serial_ns(const sk_kernel *k) {
  double total = 0, trips = 1;
  double stack[64];
  uint32_t depth = 0;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    if (inst->op == SK_L_LOOP && depth < 64) {
      stack[depth++] = trips;
      trips *= (double)k->loops.data[inst->imm].extent;
    } else if (inst->op == SK_L_END && k->insts.data[inst->imm].op == SK_L_LOOP && depth > 0) {
      trips = stack[--depth];
    } else {
      double each = inst->op == SK_L_FDIV || inst->op == SK_L_FSQRT ? 0.2
                    : inst->op == SK_L_CONST                        ? 0
                                                                    : 0.04;
      total += trips * each;
    }
  }
  return total;
}

void sk_loop_parallelise(sk_prog *p) {
  for (uint32_t i = 1; i < p->stmts.count; i++) {
    sk_stmt *st = &p->stmts.data[i];
    if (st->kind == SK_STMT_KERNEL) {
      const sk_kernel *k = &p->kernels.data[st->kernel];
      int64_t extent = k->loops.data[0].extent;
      double ns = serial_ns(k);
      st->align = k->loops.data[0].vec ? CHUNK_ALIGN : 1;
      st->grain = SK_MAX(st->align, (int64_t)((double)extent * CHUNK_NS / SK_MAX(ns, 1.0)));
      st->parallel = ns > MIN_PARALLEL_NS && st->grain < extent;
    } else if (st->kind == SK_STMT_DOT) {
      // (kern/gemm.c cuts each product of the batch further, into jobs that are long enough by themselves)
      double each =
          2.0 * (double)st->dot->m * (double)st->dot->n * (double)st->dot->k / DOT_FLOPS_PER_NS;
      st->parallel = each * (double)st->dot->batch > 2 * MIN_PARALLEL_NS;
      st->grain = SK_MAX((int64_t)1, (int64_t)(CHUNK_NS / SK_MAX(each, 1.0)));
      st->align = 1;
    }
  }
}
