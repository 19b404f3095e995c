// SPDX-License-Identifier: Apache-2.0
// Custom calls: a library call with every operand in memory and every result in storage of its own.
// What is called, with which attributes and types, the runtime finds by the call's number in the
// executable's table, which is filled from the module (compile/package.c): the program only knows the
// operation's id. Operands that a handler wants in another order of dimensions have been transposed
// before (pass/expand_custom.c).
//
// Tokens order calls and carry nothing. They have buffers without elements, so that loops and branches
// may carry them, and are no operands of the library call.
#include "loop/lower_int.h"

static bool is_token(const sk_lowering *l, sk_value v) {
  return sk_value_type_rec(l->m, v)->kind == SK_TYPE_TOKEN;
}

void sk_lower_custom_call(sk_lowering *l, sk_op op) {
  const sk_op_rec rec = *sk_op_get(l->m, op);
  uint32_t *bufs = SK_NEW_ARRAY(l->arena, uint32_t, rec.operand_count + rec.result_count + 1);
  int64_t *number = SK_NEW_ARRAY(l->arena, int64_t, 1);
  uint32_t count = 0;
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    sk_value operand = sk_op_operand(l->m, op, i);
    if (!is_token(l, operand)) {
      bufs[count++] = sk_lower_materialise(l, operand);
    }
  }
  for (uint32_t i = 0; i < rec.result_count; i++) {
    sk_value result = sk_op_result(l->m, op, i);
    uint32_t buf = sk_lower_result_buf(l, result);
    if (!is_token(l, result)) {
      bufs[count++] = buf;
    }
  }
  *number = l->prog->customs.count;
  sk_vec_push(l->arena, &l->prog->customs, op.id);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_LIBCALL,
                              .libcall = SK_BUILTIN_CUSTOM,
                              .buf_count = count,
                              .bufs = bufs,
                              .param_count = 1,
                              .params = number});
}

void sk_lower_token(sk_lowering *l, sk_op op) { sk_lower_result_buf(l, sk_op_result(l->m, op, 0)); }
