// SPDX-License-Identifier: Apache-2.0
// For the expand pass itself: which ops its files replace, and by what; and the writing of ops, a line
// each (expand_build.c).
#ifndef SK_PASS_EXPAND_INT_H
#define SK_PASS_EXPAND_INT_H

#include "pass/rebuild.h"

// ---- expand_build.c. Where ops are written. Values are new ones; types follow from them.
typedef struct sk_expander {
  sk_rebuild *r;
  sk_module *m;
  sk_region into;
  sk_loc loc;
} sk_expander;

sk_value sk_expand_operand(const sk_expander *e, sk_op op, uint32_t i);  // as a new value
// An op with one result.
sk_value sk_expand_emit(const sk_expander *e, sk_opkind kind, sk_type type,
                        const sk_value *operands, uint32_t count, const sk_named_attr *attrs,
                        uint32_t attr_count);
sk_type sk_expand_retyped(const sk_expander *e, sk_value like, sk_elem elem);  // same dimensions
sk_value sk_expand_1(const sk_expander *e, sk_opkind kind, sk_value a);        // result: type of a
sk_value sk_expand_2(const sk_expander *e, sk_opkind kind, sk_value a, sk_value b);
sk_value sk_expand_convert(const sk_expander *e, sk_value v, sk_elem elem);
// Of complex numbers; real ones are their own real part and conjugate.
bool sk_expand_is_complex(const sk_expander *e, sk_value v);
sk_value sk_expand_part(const sk_expander *e, sk_opkind kind, sk_value v);  // REAL or IMAG
sk_value sk_expand_join(const sk_expander *e, sk_value real, sk_value imaginary);
sk_value sk_expand_conjugate(const sk_expander *e, sk_value v);
sk_value sk_expand_compare(const sk_expander *e, int64_t direction, sk_value a, sk_value b);
sk_value sk_expand_select(const sk_expander *e, sk_value pred, sk_value yes, sk_value no);
sk_value sk_expand_reshape(const sk_expander *e, sk_value v, sk_type type);
sk_value sk_expand_broadcast(const sk_expander *e, sk_value v, sk_type type, const int64_t *dims);
sk_value sk_expand_slice(const sk_expander *e, sk_value v, const int64_t *starts,
                         const int64_t *limits);
// An op of two operands that a body of its own combines: reduce, map.
sk_value sk_expand_by_body(const sk_expander *e, sk_opkind kind, sk_type type,
                           const sk_value operands[2], const sk_named_attr *attr, sk_region body);
sk_value sk_expand_concatenate(const sk_expander *e, const sk_value *values, uint32_t count,
                               uint32_t dim);
sk_value sk_expand_iota(const sk_expander *e, sk_type type, uint32_t dim);
// A number in every element of `type`, rounded to its element type (float, complex: the real part).
sk_value sk_expand_float(const sk_expander *e, sk_type type, double value);
sk_value sk_expand_int(const sk_expander *e, sk_type type, int64_t value);  // integers and pred
// A constant of numbers, rounded each (floats) or wrapped (integers): [count].
sk_value sk_expand_floats(const sk_expander *e, sk_elem elem, const double *values, uint32_t count);
sk_value sk_expand_ints(const sk_expander *e, sk_elem elem, const int64_t *values, uint32_t count);
sk_value sk_expand_number(const sk_expander *e, sk_type type, int64_t value);  // of any of these
// Over some dimensions from `init`, by an op of two operands; a sum from zero.
sk_value sk_expand_fold(const sk_expander *e, sk_opkind kind, int64_t init, sk_value v,
                        const int64_t *dims, uint32_t count);
sk_value sk_expand_sum(const sk_expander *e, sk_value v, const int64_t *dims, uint32_t count);
// The end of the region that is written.
void sk_expand_end(const sk_expander *e, const sk_value *values, uint32_t count);
// One trip of a loop: `i` is its number, 0-D i64, `state` what the trip starts and ends with.
typedef sk_status (*sk_expand_step)(const sk_expander *e, sk_value i, sk_value *state,
                                    void *context);
// A while of so many trips; state becomes its results.
sk_status sk_expand_loop(const sk_expander *e, int64_t trips, sk_value *state, uint32_t count,
                         sk_expand_step step, void *context) SK_NODISCARD;

// ---- expand_dot.c: products of floats with a vector, or of types other than that of their sum; such convolutions.
bool sk_expand_is_dot(const sk_module *m, sk_op op);
sk_status sk_expand_dot(const sk_expander *e, sk_op op);
bool sk_expand_is_mixed_convolution(const sk_module *m, sk_op op);
sk_status sk_expand_mixed_convolution(const sk_expander *e, sk_op op);

// ---- expand_forms.c: which op an expansion is for, its kind apart; and the expansion.
sk_status sk_expand_legacy_dot(const sk_expander *e, sk_op op);
sk_status sk_expand_legacy_broadcast(const sk_expander *e, sk_op op);
sk_status sk_expand_index_select(const sk_expander *e, sk_op op);
bool sk_expand_is_broadcasting(const sk_module *m, sk_op op);  // any kind
sk_status sk_expand_broadcasting(const sk_expander *e, sk_op op);
sk_status sk_expand_constant(const sk_expander *e, sk_op op);
bool sk_expand_is_constant_like(const sk_module *m, sk_op op);
sk_status sk_expand_constant_like(const sk_expander *e, sk_op op);
bool sk_expand_is_member(const sk_module *m, sk_op op);
sk_status sk_expand_member(const sk_expander *e, sk_op op);
sk_status sk_expand_forward(const sk_expander *e, sk_op op);
bool sk_expand_is_lone_collective(const sk_module *m, sk_op op);
sk_status sk_expand_lone_collective(const sk_expander *e, sk_op op);
bool sk_expand_is_lone_permute(const sk_module *m, sk_op op);
bool sk_expand_is_lone(const sk_module *m, sk_op op);
sk_status sk_expand_process_id(const sk_expander *e, sk_op op);
bool sk_expand_is_sharding(const sk_module *m, sk_op op);
bool sk_expand_is_computation(const sk_module *m, sk_op op);
sk_status sk_expand_computation(const sk_expander *e, sk_op op);
bool sk_expand_is_async(const sk_module *m, sk_op op);
sk_status sk_expand_async_start(const sk_expander *e, sk_op op);
bool sk_expand_is_awaited(const sk_module *m, sk_op op);
sk_status sk_expand_async_done(const sk_expander *e, sk_op op);

// ---- expand_rank.c: more dimensions than a kernel counts; any kind.
bool sk_expand_is_high_rank(const sk_module *m, sk_op op);
sk_status sk_expand_high_rank(const sk_expander *e, sk_op op);

// ---- expand_reduce.c: several results that do not depend on each other; or initial values that differ, which is refused.
bool sk_expand_is_undefined(const sk_module *m,
                            sk_op op);  // the latter, of reduce and reduce_window
bool sk_expand_is_reduce(const sk_module *m, sk_op op);
sk_status sk_expand_reduce(const sk_expander *e, sk_op op);

// ---- expand_bitcast.c: bitcast_convert that changes the rank.
bool sk_expand_is_recasting(const sk_module *m, sk_op op);
sk_status sk_expand_recasting(const sk_expander *e, sk_op op);

// ---- expand_call.c: custom calls with layouts other than row-major.
bool sk_expand_is_ordered_call(const sk_module *m, sk_op op);
sk_status sk_expand_ordered_call(const sk_expander *e, sk_op op);

// ---- expand_einsum.c
sk_status sk_expand_einsum(const sk_expander *e, sk_op op);

// ---- expand_zeta.c: chlo.zeta and chlo.polygamma.
sk_status sk_expand_zeta(const sk_expander *e, sk_op op);

// ---- expand_map.c
sk_status sk_expand_map(const sk_expander *e, sk_op op);

// ---- expand_scan.c
bool sk_expand_is_scan(const sk_module *m, sk_op op);
sk_status sk_expand_scan(const sk_expander *e, sk_op op);

// ---- expand_random.c: rng_bit_generator with a state of 2 or 3 ui64.
bool sk_expand_is_bit_generator(const sk_module *m, sk_op op);
sk_status sk_expand_bit_generator(const sk_expander *e, sk_op op);

// Threefry-2x32-20 of counters in two words. key: two words, 0-D or of the counters' shape, and the
// third that follows from them.
void sk_expand_threefry_key(const sk_expander *e, sk_value key[3]);
void sk_expand_threefry(const sk_expander *e, const sk_value key[3], const sk_value counter[2],
                        sk_value out[2]);

// ---- expand_target.c: custom calls of known targets (ir/target.h).
bool sk_expand_is_target(const sk_module *m, sk_op op);
sk_status sk_expand_target(const sk_expander *e, sk_op op);

// ---- expand_linalg.c
// Matrices are the last two dimensions, all of a batch together.
sk_value sk_expand_block(const sk_expander *e, sk_value v, int64_t row, int64_t row_end,
                         int64_t column, int64_t column_end);
sk_value sk_expand_stack(const sk_expander *e, sk_value first, sk_value second);   // rows
sk_value sk_expand_beside(const sk_expander *e, sk_value first, sk_value second);  // columns
// The sum over dimension a_dim of a and b_dim of b, each 0 (rows) or 1 (columns).
sk_value sk_expand_product(const sk_expander *e, sk_value a, uint32_t a_dim, sk_value b,
                           uint32_t b_dim);
// a x = b, a with ones on its diagonal and zeros behind it, whatever it holds there.
sk_value sk_expand_solve_unit_lower(const sk_expander *e, sk_value a, sk_value b);
bool sk_expand_is_large_system(const sk_module *m, sk_op op);  // triangular_solve
sk_status sk_expand_large_system(const sk_expander *e, sk_op op);
bool sk_expand_is_large_factor(const sk_module *m, sk_op op);  // cholesky
sk_status sk_expand_large_factor(const sk_expander *e, sk_op op);

// ---- expand_ragged.c
bool sk_expand_is_ragged(const sk_module *m, sk_op op);
sk_status sk_expand_ragged(const sk_expander *e, sk_op op);

// ---- expand_norm.c
sk_status sk_expand_norm_inference(const sk_expander *e, sk_op op);
sk_status sk_expand_norm_training(const sk_expander *e, sk_op op);
sk_status sk_expand_norm_grad(const sk_expander *e, sk_op op);

// ---- expand_quant.c: the function without quantized tensors.
sk_status sk_expand_quantized(sk_module *m, sk_op entry, sk_pass_options *options);

#endif
