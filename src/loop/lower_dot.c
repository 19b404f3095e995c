// SPDX-License-Identifier: Apache-2.0
// dot_general on types that have no kernel generator (integers, floats of 8 bits and less, complex
// numbers) as a kernel in loop IR:
//
//   loop batch, m, n { c = loop k seq { acc = acc + a * b } }     lanes along n
//
// Narrow floats are widened to f32 and every step is one fused multiply-add, k ascending, then one
// rounding to the result type; integers multiply and add with wrap-around in the result type;
// complex products are rounded part by part as StableHLO's multiply, then added.
#include "loop/lower_int.h"

typedef struct operand {
  uint32_t buf;
  sk_elem elem;
  int64_t offset;
  const int64_t *strides;
} operand;

// Access to part 0 or 1 of an element: complex ones take two places.
static uint32_t access_part(sk_lowering *l, const operand *o, const uint32_t *loops, int64_t part) {
  int64_t width = sk_elem_is_complex(o->elem) ? 2 : 1;
  uint32_t access = sk_build_access(&l->b, o->buf, sk_elem_mem(o->elem), o->offset * width + part);
  for (uint32_t i = 0; i < 3; i++) {
    if (loops[i] != UINT32_MAX) {
      sk_build_set_stride(&l->b, access, loops[i], o->strides[i] * width);
    }
  }
  return access;
}

static sk_scalar load(sk_lowering *l, const operand *o, const uint32_t *loops, sk_elem as) {
  sk_scalar out = {{0}, {0}};
  for (int64_t part = 0; part < (sk_elem_is_complex(as) ? 2 : 1); part++) {
    sk_val *to = part == 0 ? &out.re : &out.im;
    if (part == 1 && !sk_elem_is_complex(o->elem)) {
      *to = sk_build_const(&l->b, sk_elem_lt(as), 0);
      continue;
    }
    sk_val raw = sk_build_load(&l->b, access_part(l, o, loops, part), (sk_val){0}, (sk_val){0});
    sk_val value = sk_scalar_from_memory(&l->b, o->elem, raw);
    *to = sk_scalar_convert(&l->b, sk_elem_complex_part(o->elem), sk_elem_complex_part(as), value);
  }
  return out;
}

// The type in which the sum is kept.
static sk_elem accumulator_elem(sk_elem result) {
  return sk_elem_is_float(result) && sk_elem_bits(result) < 32 ? SK_F32 : result;
}

// total + x y
static sk_scalar accumulate(sk_build *b, sk_elem sum, sk_scalar total, sk_scalar x, sk_scalar y) {
  switch (sk_elem_get_class(sum)) {
    case SK_CLASS_FLOAT: return (sk_scalar){sk_build_3(b, SK_L_FMA, x.re, y.re, total.re), {0}};
    case SK_CLASS_PRED:
      return (sk_scalar){sk_build_2(b, SK_L_POR, total.re, sk_build_2(b, SK_L_PAND, x.re, y.re)),
                         {0}};
    case SK_CLASS_COMPLEX: {
      sk_val re = sk_build_2(b, SK_L_FMUL, x.re, y.re), im = sk_build_2(b, SK_L_FMUL, x.re, y.im);
      re = sk_build_2(b, SK_L_FSUB, re, sk_build_2(b, SK_L_FMUL, x.im, y.im));
      im = sk_build_2(b, SK_L_FADD, im, sk_build_2(b, SK_L_FMUL, x.im, y.re));
      return (sk_scalar){sk_build_2(b, SK_L_FADD, total.re, re),
                         sk_build_2(b, SK_L_FADD, total.im, im)};
    }
    case SK_CLASS_SINT:
    case SK_CLASS_UINT:
    case SK_CLASS_NONE:
    case SK_CLASS_OTHER: break;
  }
  return (sk_scalar){sk_build_2(b, SK_L_ADD, total.re, sk_build_2(b, SK_L_MUL, x.re, y.re)), {0}};
}

// The loop over k, inside loops batch, row and column.
static sk_scalar sum_products(sk_lowering *l, const operand *a, const operand *b, int64_t k,
                              sk_elem sum, const uint32_t *loops) {
  sk_val zero = sk_build_const(&l->b, sk_elem_lt(sum), 0);
  sk_scalar total = {zero, zero};
  uint32_t parts = sk_elem_is_complex(sum) ? 2 : 1;
  if (k == 0) {
    return total;
  }
  uint32_t step = sk_build_loop(&l->b, SK_LOOP_SEQ, k, 1);
  sk_val carried[2] = {sk_build_carry(&l->b, zero, SK_L_NONE), {0}};
  if (parts == 2) {
    carried[1] = sk_build_carry(&l->b, zero, SK_L_NONE);
  }
  const uint32_t a_loops[3] = {loops[0], loops[1], step}, b_loops[3] = {loops[0], step, loops[2]};
  sk_scalar x = load(l, a, a_loops, sum), y = load(l, b, b_loops, sum);
  sk_scalar next = accumulate(&l->b, sum, (sk_scalar){carried[0], carried[1]}, x, y);
  const sk_val yields[2] = {next.re, next.im};
  sk_build_end_loop(&l->b, carried, yields, parts);
  return (sk_scalar){carried[0], carried[1]};
}

static void store(sk_lowering *l, const operand *c, const uint32_t *loops, sk_elem sum,
                  sk_scalar total) {
  sk_elem_class kind = sk_elem_get_class(sum);
  if (kind == SK_CLASS_SINT || kind == SK_CLASS_UINT) {
    total.re = sk_scalar_convert(&l->b, sk_elem_bits(sum) == 64 ? sum : SK_S32, sum,
                                 total.re);  // wraps to the type
  }
  for (int64_t part = 0; part < (sk_elem_is_complex(c->elem) ? 2 : 1); part++) {
    sk_val value = part == 0 ? total.re : total.im;
    value =
        sk_scalar_convert(&l->b, sk_elem_complex_part(sum), sk_elem_complex_part(c->elem), value);
    value = sk_scalar_to_memory(&l->b, c->elem, value);
    sk_build_store(&l->b, access_part(l, c, loops, part), value, (sk_val){0}, (sk_val){0});
  }
}

void sk_lower_dot_loops(sk_lowering *l, sk_op op, const sk_dot *dot) {
  const sk_module *m = l->m;
  sk_elem result = (sk_elem)sk_value_type_rec(m, sk_op_result(m, op, 0))->elem,
          sum = accumulator_elem(result);
  operand a = {dot->a, (sk_elem)sk_value_type_rec(m, sk_op_operand(m, op, 0))->elem, dot->a_offset,
               dot->a_strides};
  operand b = {dot->b, (sk_elem)sk_value_type_rec(m, sk_op_operand(m, op, 1))->elem, dot->b_offset,
               dot->b_strides};
  operand c = {dot->c, result, dot->c_offset, dot->c_strides};
  bool computable = sk_elem_lt(a.elem) != SK_LT_NONE && sk_elem_lt(b.elem) != SK_LT_NONE &&
                    sk_elem_lt(sum) != SK_LT_NONE;
  if (!computable ||
      (!sk_elem_is_complex(sum) && (sk_elem_is_complex(a.elem) || sk_elem_is_complex(b.elem)))) {
    sk_lower_fail(l,
                  sk_op_error(m, op, SK_UNIMPLEMENTED,
                              "no native code for this operation on %s yet", sk_elem_name(a.elem)));
    return;
  }
  uint32_t kernel =
      sk_prog_add_kernel(l->prog, sk_arena_printf(l->arena, "dot_%u", l->prog->kernels.count));
  sk_eval_begin(l, kernel, 4, 0);
  const int64_t extents[3] = {dot->batch, dot->m, dot->n};
  uint32_t loops[3];
  for (int i = 0; i < 3; i++) {
    loops[i] = sk_build_loop(&l->b, SK_LOOP_PAR, extents[i], 1);
  }
  store(l, &c, loops, sum, sum_products(l, &a, &b, dot->k, sum, loops));
  for (int i = 0; i < 3; i++) {
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}
