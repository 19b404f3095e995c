// SPDX-License-Identifier: Apache-2.0
// dot_general on types that have no kernel generator (integers, floats of 8 bits and less) as a kernel in loop IR:
//
//   loop batch, m, n { c = loop k seq { acc = acc + a * b } }     lanes along n
//
// Narrow floats are widened to f32 and every step is one fused multiply-add, k ascending, then one rounding to the result type;
// integers multiply and add with wrap-around in the result type.
#include "loop/lower_int.h"

typedef struct operand {
  uint32_t buf;
  sk_elem elem;
  int64_t offset;
  const int64_t *strides;
} operand;

static sk_val load(sk_lowering *l, const operand *o, const uint32_t *loops, sk_elem as) {
  uint32_t access = sk_build_access(&l->b, o->buf, sk_elem_mem(o->elem), o->offset);
  for (uint32_t i = 0; i < 3; i++) {
    if (loops[i] != UINT32_MAX) {
      sk_build_set_stride(&l->b, access, loops[i], o->strides[i]);
    }
  }
  sk_val value = sk_scalar_from_memory(&l->b, o->elem, sk_build_load(&l->b, access, (sk_val){0}, (sk_val){0}));
  return sk_scalar_convert(&l->b, o->elem, as, value);
}

// The type in which the sum is kept.
static sk_elem accumulator_elem(sk_elem result) { return sk_elem_is_float(result) && sk_elem_bits(result) < 32 ? SK_F32 : result; }

void sk_lower_dot_loops(sk_lowering *l, sk_op op, const sk_dot *dot) {
  const sk_module *m = l->m;
  sk_elem result = (sk_elem)sk_value_type_rec(m, sk_op_result(m, op, 0))->elem, sum = accumulator_elem(result);
  operand a = {dot->a, (sk_elem)sk_value_type_rec(m, sk_op_operand(m, op, 0))->elem, dot->a_offset, dot->a_strides};
  operand b = {dot->b, (sk_elem)sk_value_type_rec(m, sk_op_operand(m, op, 1))->elem, dot->b_offset, dot->b_strides};
  sk_elem_class kind = sk_elem_get_class(sum);
  bool computable = sk_elem_lt(a.elem) != SK_LT_NONE && sk_elem_lt(b.elem) != SK_LT_NONE && sk_elem_lt(sum) != SK_LT_NONE;
  if (!computable || kind == SK_CLASS_COMPLEX || sk_elem_is_complex(a.elem)) {
    sk_lower_fail(l, sk_op_error(m, op, SK_UNIMPLEMENTED, "no native code for this operation on %s yet", sk_elem_name(a.elem)));
    return;
  }
  uint32_t kernel = sk_prog_add_kernel(l->prog, sk_arena_printf(l->arena, "dot_%u", l->prog->kernels.count));
  sk_eval_begin(l, kernel, 4, 0);
  uint32_t batch = sk_build_loop(&l->b, SK_LOOP_PAR, dot->batch, 1), row = sk_build_loop(&l->b, SK_LOOP_PAR, dot->m, 1);
  uint32_t column = sk_build_loop(&l->b, SK_LOOP_PAR, dot->n, 1);
  sk_val total = sk_build_const(&l->b, sk_elem_lt(sum), 0);
  if (dot->k > 0) {
    sk_val zero = total;
    uint32_t step = sk_build_loop(&l->b, SK_LOOP_SEQ, dot->k, 1);
    total = sk_build_carry(&l->b, zero, SK_L_NONE);
    const uint32_t a_loops[3] = {batch, row, step}, b_loops[3] = {batch, step, column};
    sk_val x = load(l, &a, a_loops, sum), y = load(l, &b, b_loops, sum), next;
    if (kind == SK_CLASS_FLOAT) {
      next = sk_build_3(&l->b, SK_L_FMA, x, y, total);
    } else if (kind == SK_CLASS_PRED) {
      next = sk_build_2(&l->b, SK_L_POR, total, sk_build_2(&l->b, SK_L_PAND, x, y));
    } else {
      next = sk_build_2(&l->b, SK_L_ADD, total, sk_build_2(&l->b, SK_L_MUL, x, y));
    }
    sk_build_end_loop(&l->b, &total, &next, 1);
  }
  if (kind == SK_CLASS_SINT || kind == SK_CLASS_UINT) {
    total = sk_scalar_convert(&l->b, sk_elem_bits(sum) == 64 ? sum : SK_S32, sum, total);  // wraps to the type
  }
  total = sk_scalar_to_memory(&l->b, result, sk_scalar_convert(&l->b, sum, result, total));
  uint32_t out = sk_build_access(&l->b, dot->c, sk_elem_mem(result), dot->c_offset);
  const uint32_t c_loops[3] = {batch, row, column};
  for (uint32_t i = 0; i < 3; i++) {
    sk_build_set_stride(&l->b, out, c_loops[i], dot->c_strides[i]);
  }
  sk_build_store(&l->b, out, total, (sk_val){0}, (sk_val){0});
  for (int i = 0; i < 3; i++) {
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}
