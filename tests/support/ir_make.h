// SPDX-License-Identifier: Apache-2.0
// Short spellings for tests that build modules by hand: types and attributes from small texts, one
// function to put ops in. Everything asserts on failure; nothing here is for untrusted text.
#ifndef SK_TESTS_SUPPORT_IR_MAKE_H
#define SK_TESTS_SUPPORT_IR_MAKE_H

#include "ir/ir.h"

// "2x?xf32", "f32" (0-D), "token", "tuple(2xf32;i1)"
sk_type ir_make_type(sk_module *m, const char *text);
uint32_t ir_make_types(sk_module *m, const char *text, sk_type *out,
                       uint32_t cap);  // separated by spaces

// "dimensions=[0,1] dimension=3 exponent_bits=8i is_stable=true padding={0,1;2,3} name='text'
// callee=@f": [..] list, {..} pairs, 3 i64, 8i i32, 0.5f f32, quotes a string, @ a symbol,
// comparison_direction=LT and other keywords an enum.
uint32_t ir_make_attrs(sk_module *m, const char *text, sk_named_attr *out, uint32_t cap);

// An empty func.func @name with the given argument types, appended to the module; results are set
// by ir_make_return.
typedef struct ir_func {
  sk_module *m;
  sk_region body;
  const char *name;
} ir_func;
ir_func ir_make_func(sk_module *m, const char *name, const char *arg_types);
sk_value ir_make_arg(const ir_func *f, uint32_t i);
sk_op ir_make_return(ir_func *f, const sk_value *values, uint32_t count);  // closes the function

// Appends an op with inferred results; asserts that inference succeeds. `written`: result types,
// NULL = infer.
sk_op ir_make_op(sk_module *m, sk_region into, sk_opkind kind, const sk_value *operands,
                 uint32_t count, const char *attrs, const char *written);
// A region ^(args): %r = kind(args 0 and 1); return %r
sk_region ir_make_body(sk_module *m, const char *arg_types, sk_opkind kind, const char *attrs);

// Text of an error and a release of it: "<code>: message".
const char *ir_make_error(sk_status status, char *buf, size_t bytes);

#endif
