// SPDX-License-Identifier: Apache-2.0
// What one execution of a statement moves and computes, from the program alone.
//
// Bytes are of distinct elements: an access touches one element per iteration of the loops that it has a stride for (with an offset
// known at run time only: of every loop around), a buffer at most as many as it has. Scratch is no memory traffic. FLOPs are float
// operations per element, two for a fused multiply-add, one per element of a float reduction; conversions and selections are none.
// Both sides of an IF count.
#include "loop/loop_int.h"

enum { MAX_DEPTH = 64 };

typedef struct touched {
  double loaded, stored;  // elements
} touched;

typedef struct nest {
  uint32_t loops[MAX_DEPTH];
  uint32_t depth;
} nest;

static double trips_of(const sk_kernel *k, const nest *n) {
  double trips = 1;
  for (uint32_t i = 0; i < n->depth; i++) {
    trips *= (double)k->loops.data[n->loops[i]].extent;
  }
  return trips;
}

static double elements_of(const sk_kernel *k, const nest *n, uint32_t access, bool dynamic) {
  if (dynamic) {
    return trips_of(k, n);
  }
  double elems = 1;
  for (uint32_t i = 0; i < n->depth; i++) {
    bool moves = sk_access_stride(k, access, n->loops[i]) != 0;
    elems *= moves ? (double)k->loops.data[n->loops[i]].extent : 1;
  }
  return elems;
}

static double flops_of(const sk_inst *inst) {
  if (inst->type != SK_LT_F32 && inst->type != SK_LT_F64) {
    return 0;
  }
  switch ((int)inst->op) {
    case SK_L_FADD:
    case SK_L_FSUB:
    case SK_L_FMUL:
    case SK_L_FDIV:
    case SK_L_FSQRT:
    case SK_L_FMAXX:
    case SK_L_FMINX:
    case SK_L_FROUND:
    case SK_L_FFLOOR:
    case SK_L_FCEIL:
    case SK_L_FTRUNC: return 1;
    case SK_L_FMA:
    case SK_L_FNMA:
    case SK_L_FMS: return 2;
    case SK_L_CARRY: return inst->imm != SK_L_NONE ? 1 : 0;  // its combiner
    default: return 0;
  }
}

static void count_kernel(const sk_prog *p, const sk_kernel *k, touched *by_buf, sk_work *out) {
  nest n = {.depth = 0};
  bool is_loop[MAX_DEPTH * 2];  // of the regions around
  uint32_t regions = 0;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    bool opens = inst->op == SK_L_LOOP || inst->op == SK_L_IF;
    if (opens && regions < SK_COUNT(is_loop)) {
      is_loop[regions++] = inst->op == SK_L_LOOP;
      if (inst->op == SK_L_LOOP && n.depth < MAX_DEPTH) {
        n.loops[n.depth++] = (uint32_t)inst->imm;
      }
    } else if (inst->op == SK_L_END && regions > 0) {
      n.depth -= is_loop[--regions] && n.depth > 0;
    } else if (inst->op == SK_L_LOAD || inst->op == SK_L_STORE) {
      bool load = inst->op == SK_L_LOAD;
      uint32_t access = (uint32_t)inst->imm, buf = k->accesses.data[access].buf;
      double elems = elements_of(k, &n, access, (load ? inst->a : inst->b).id != 0);
      double *sum = load ? &by_buf[buf].loaded : &by_buf[buf].stored;
      *sum = SK_MIN(*sum + elems, (double)p->bufs.data[buf].elems);
    } else {
      out->flops += flops_of(inst) * trips_of(k, &n);
    }
  }
}

// by_buf: one entry per buffer, all zero, and so again at the end.
static void work_of_kernel(const sk_prog *p, uint32_t kernel, touched *by_buf, sk_work *out) {
  const sk_kernel *k = &p->kernels.data[kernel];
  count_kernel(p, k, by_buf, out);
  for (uint32_t i = 0; i < k->accesses.count; i++) {
    uint32_t buf = k->accesses.data[i].buf;
    double bytes = (double)sk_mem_bytes((sk_mem)p->bufs.data[buf].mem);
    if (p->bufs.data[buf].kind != SK_BUF_SCRATCH) {
      out->read_bytes += by_buf[buf].loaded * bytes;
      out->written_bytes += by_buf[buf].stored * bytes;
    }
    by_buf[buf] = (touched){0};
  }
}

static double buf_bytes(const sk_prog *p, uint32_t buf) {
  return (double)p->bufs.data[buf].elems * (double)sk_mem_bytes((sk_mem)p->bufs.data[buf].mem);
}

static sk_work work_of(const sk_prog *p, uint32_t stmt, touched *by_buf) {
  const sk_stmt *st = &p->stmts.data[stmt];
  sk_work w = {0};
  switch ((sk_stmt_kind)st->kind) {
    case SK_STMT_KERNEL: work_of_kernel(p, st->kernel, by_buf, &w); break;
    case SK_STMT_DOT: {
      const sk_dot *d = st->dot;
      double batch = (double)d->batch, m = (double)d->m, n = (double)d->n, k = (double)d->k;
      double bytes = (double)sk_lt_bytes((sk_lt)d->elem);
      w = (sk_work){.read_bytes = batch * (m + n) * k * bytes,
                    .written_bytes = batch * m * n * bytes,
                    .flops = 2 * batch * m * n * k};
      break;
    }
    case SK_STMT_LIBCALL:  // inputs, then as many outputs (base/libcalls.def)
      for (uint32_t i = 0; i < st->buf_count; i++) {
        double *sum = i < st->buf_count / 2 ? &w.read_bytes : &w.written_bytes;
        *sum += buf_bytes(p, st->bufs[i]);
      }
      break;
    case SK_STMT_COPY: w.read_bytes = w.written_bytes = buf_bytes(p, st->src); break;
    case SK_STMT_WHILE:
    case SK_STMT_CASE:
    case SK_STMT_SWAP: break;
  }
  return w;
}

static touched *new_touched(const sk_prog *p, sk_arena *scratch) {
  return sk_arena_zalloc(scratch, sizeof(touched) * p->bufs.count, _Alignof(touched));
}

sk_work sk_stmt_work(const sk_prog *p, uint32_t stmt, sk_arena *scratch) {
  sk_arena_mark mark = sk_arena_get_mark(scratch);
  sk_work w = work_of(p, stmt, new_touched(p, scratch));
  sk_arena_rewind(scratch, mark);
  return w;
}

sk_work sk_prog_work(const sk_prog *p, sk_arena *scratch) {
  sk_arena_mark mark = sk_arena_get_mark(scratch);
  touched *by_buf = new_touched(p, scratch);
  sk_work sum = {0};
  for (uint32_t i = 1; i < p->stmts.count; i++) {
    sk_work w = work_of(p, i, by_buf);
    sum.read_bytes += w.read_bytes;
    sum.written_bytes += w.written_bytes;
    sum.flops += w.flops;
  }
  sk_arena_rewind(scratch, mark);
  return sum;
}
