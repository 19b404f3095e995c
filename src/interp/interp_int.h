// SPDX-License-Identifier: Apache-2.0
// Of the interpreter room only: tensors, scalars, the state, and one function per op.
#ifndef SK_INTERP_INTERP_INT_H
#define SK_INTERP_INTERP_INT_H

#include "interp/interp.h"

// One element of any type. Floats: re (exact value of the type); complex: re, im; pred and integers: i.
typedef struct sk_number {
  double re, im;
  int64_t i;
} sk_number;

typedef struct sk_tensor {
  const sk_type_rec *type;  // in the module
  int64_t count;            // elements
  char *data;               // owned
} sk_tensor;

typedef struct sk_interp {
  const sk_module *m;
  sk_tensor **env;   // by value id; owned
  uint32_t depth;    // nested regions and calls
} sk_interp;

sk_number sk_number_read(sk_elem elem, const void *at);
void sk_number_write(sk_elem elem, void *at, sk_number value);  // rounds, wraps
sk_number sk_tensor_get(const sk_tensor *t, int64_t index);
void sk_tensor_set(sk_tensor *t, int64_t index, sk_number value);

sk_tensor *sk_interp_new(sk_interp *s, sk_value v);  // storage for v, uninitialised; NULL: memory exhausted
static inline const sk_tensor *sk_interp_operand(const sk_interp *s, sk_op op, uint32_t i) { return s->env[sk_op_operand(s->m, op, i).id]; }

// Row-major index <-> coordinates.
void sk_unravel(const sk_type_rec *type, int64_t index, int64_t *out_coordinates);
int64_t sk_ravel(const sk_type_rec *type, const int64_t *coordinates);

// Runs a region with arguments copied in; results (operands of its terminator) are handed over as new tensors.
sk_status sk_interp_region(sk_interp *s, sk_region region, const sk_tensor *const *args, sk_tensor **out_results) SK_NODISCARD;
// One element-wise op on numbers. `op` gives kind, types and attributes. False: not defined here.
bool sk_interp_scalar_op(const sk_interp *s, sk_op op, const sk_number *in, sk_number *out);
// interp_special.c: those of them that C's math library lacks. False: not one of them.
bool sk_interp_special_function(sk_opkind kind, double x, double *out);
bool sk_interp_special_op(const sk_interp *s, sk_op op, sk_elem elem, const sk_number *in, sk_number *out);
// A body of scalar element-wise ops evaluated on numbers (reductions, sorts).
sk_status sk_interp_scalar_region(sk_interp *s, sk_region region, const sk_number *args, sk_number *out) SK_NODISCARD;

typedef sk_status (*sk_interp_fn)(sk_interp *s, sk_op op);
sk_status sk_interp_elementwise(sk_interp *s, sk_op op);
#define X(name) sk_status sk_interp_##name(sk_interp *s, sk_op op);
X(CONSTANT) X(IOTA) X(BITCAST_CONVERT) X(BROADCAST_IN_DIM) X(CONCATENATE) X(PAD) X(RESHAPE) X(REVERSE) X(SLICE) X(TRANSPOSE) X(DYNAMIC_SLICE)
X(DYNAMIC_UPDATE_SLICE) X(REDUCE) X(DOT_GENERAL) X(SORT) X(WHILE) X(CASE) X(IF) X(FUNC_CALL) X(COMPOSITE) X(OPTIMIZATION_BARRIER) X(MAP)
#undef X

#endif
