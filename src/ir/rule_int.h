// SPDX-License-Identifier: Apache-2.0
// Rules: one function per family of ops that checks the specification's constraints and infers the
// result types.
//
// A rule sees an op before it exists (sk_ir_infer_types) or as it stands (the verifier): in both
// cases a description with operands, attributes, regions and, when known, the result types that
// were written. It reports a broken constraint by its label in the specification ("C3"), or adds
// one type per result with sk_rule_add. Attribute kinds were checked against the schema before. A
// rule whose results do not follow from its inputs (reshape, convert, ...) checks what was written
// and adds that. Unknown dimensions satisfy every constraint: they match anything.
#ifndef SK_IR_RULE_INT_H
#define SK_IR_RULE_INT_H

#include "ir/ir_int.h"

typedef struct sk_rule {
  sk_module *m;
  const sk_op_desc *desc;  // borrowed
  sk_type *out;            // results inferred so far; cap entries
  uint32_t cap, count;
  bool complete;  // the module is complete: a function that is not there will not come any more
} sk_rule;

typedef sk_status (*sk_rule_fn)(sk_rule *r);

// What can be said without looking into the regions: counts, kinds of attributes, element types.
sk_status sk_ir_check_outside(const sk_rule *r);
sk_status sk_ir_run_rule(sk_rule *r);     // the rest; only after that
bool sk_opkind_has_rule(sk_opkind kind);  // false: `todo` in ops.def

// Labels of the constraints on results and on counts, from results.def; NULL: none.
typedef enum sk_result_part { SK_RESULT_SHAPE, SK_RESULT_ELEM, SK_RESULT_COUNT } sk_result_part;
const char *sk_ir_result_label(sk_opkind kind, sk_result_part part);

// ---- access to the description
const sk_type_rec *sk_rule_operand(const sk_rule *r, uint32_t i);  // type record
sk_type sk_rule_operand_type(const sk_rule *r, uint32_t i);
const sk_type_rec *
sk_rule_written(const sk_rule *r,
                uint32_t i);  // written result type; the blank record if not given
const sk_attr_rec *sk_rule_attr(const sk_rule *r, sk_name name);  // the blank record if absent
sk_ints sk_rule_ints(const sk_rule *r, sk_name name);
int64_t sk_rule_int(const sk_rule *r, sk_name name, int64_t otherwise);

// The numbers operand i consists of, if it is a constant of at most cap integers.
bool sk_rule_const_ints(const sk_rule *r, uint32_t i, uint32_t cap, int64_t *out,
                        uint32_t *out_count);

// ---- reports
sk_status sk_rule_fail(const sk_rule *r, const char *label, const char *format, ...)
    SK_PRINTF(3, 4) SK_NODISCARD;
#define SK_RULE_REQUIRE(r, condition, label, ...)                                                  \
  do {                                                                                             \
    if (SK_UNLIKELY(!(condition))) {                                                               \
      return sk_rule_fail((r), (label), __VA_ARGS__);                                              \
    }                                                                                              \
  } while (0)

// ---- results
sk_status sk_rule_add(sk_rule *r, sk_type type);
sk_status sk_rule_add_tensor(sk_rule *r, const sk_type_rec *elem_like, uint32_t rank,
                             const int64_t *dims);
// Sizes of the dimensions, and bounds of those that are unknown (SK_DIM_UNKNOWN: none).
typedef struct sk_extents {
  uint32_t rank;
  int64_t dims[SK_MAX_RANK], bounds[SK_MAX_RANK];
} sk_extents;
void sk_extents_of(const sk_type_rec *type, sk_extents *out);
int64_t sk_dim_bound(const sk_type_rec *type, uint32_t dim);  // SK_DIM_UNKNOWN: none
// The most that the dimension can be: its size, or its bound.
static inline int64_t sk_extent_limit(const sk_extents *e, uint32_t dim) {
  return e->dims[dim] != SK_DIM_UNKNOWN ? e->dims[dim] : e->bounds[dim];
}
// Dimension `dim` of e is in both: the more specific of the two.
sk_status sk_extents_merge(const sk_rule *r, const char *label, uint32_t dim,
                           const sk_extents *other, sk_extents *e) SK_NODISCARD;
sk_status sk_rule_add_extents(sk_rule *r, const sk_type_rec *elem_like, const sk_extents *e);
// A type like `like` (dims, bounds) with another element type.
sk_status sk_rule_add_elem(sk_rule *r, const sk_type_rec *like, sk_elem elem);
sk_status sk_rule_add_merged(sk_rule *r, sk_type a,
                             sk_type b);    // the more specific of two matching shapes
sk_status sk_rule_add_written(sk_rule *r);  // all written results; fails when they are not given
sk_status sk_rule_need_written(const sk_rule *r, uint32_t count);

// ---- comparisons
static inline bool sk_dim_match(int64_t a, int64_t b) {
  return a == b || a == SK_DIM_UNKNOWN || b == SK_DIM_UNKNOWN;
}
static inline bool sk_is_tensor(const sk_type_rec *t) { return t->kind == SK_TYPE_TENSOR; }
static inline bool sk_is_per_axis(const sk_type_rec *t) {
  return t->quant != NULL && t->quant->axis >= 0;
}
bool sk_shape_match(const sk_type_rec *a, const sk_type_rec *b);  // same rank, dims match
bool sk_elem_match(const sk_type_rec *a,
                   const sk_type_rec *b);  // same element type, quantization included
bool sk_elem_baseline(const sk_type_rec *a,
                      const sk_type_rec *b);  // the same but for scales and zero points
bool sk_type_baseline(const sk_module *m, sk_type a,
                      sk_type b);  // compatible; scales and zero points may differ
bool sk_elem_promotable(const sk_type_rec *from, const sk_type_rec *to);
bool sk_is_unique(sk_ints list);  // for small lists of dimensions
bool sk_is_sorted(sk_ints list);
bool sk_in_range(sk_ints list, int64_t end);  // all in [0, end)
bool sk_contains(sk_ints list, int64_t value);

// ---- regions of the description
sk_status sk_rule_region_returns(const sk_rule *r, uint32_t region,
                                 sk_op *out_terminator);  // its terminator
uint32_t sk_region_arg_count(const sk_rule *r, uint32_t region);
const sk_type_rec *sk_region_arg_type(const sk_rule *r, uint32_t region, uint32_t arg);
// Reduction body over `inputs` (element types e) and accumulators: (E.., E..) -> (E..), e
// promotable to E. E has the shape of the initial value, operand first_init on; SK_ZERO_DIMENSIONAL:
// none is among the operands, and E is 0-D. `label` names the constraint; *out_elems (count entries,
// region return types) are the E.
#define SK_ZERO_DIMENSIONAL UINT32_MAX
sk_status sk_rule_reducer(sk_rule *r, uint32_t region, uint32_t count, uint32_t first_input,
                          uint32_t first_init, const char *label, const sk_type_rec **out_elems);

// ---- parts shared by several rules
sk_status sk_rule_check_broadcast(const sk_rule *r);  // (dynamic_)broadcast_in_dim, result written
bool sk_padded_size(int64_t size, int64_t low, int64_t high, int64_t interior,
                    int64_t *out);          // false: negative, overflow
sk_status sk_rule_reshape_any(sk_rule *r);  // (dynamic_)reshape, result written
// Gather but for slice_sizes: (dynamic_)gather; sizes has one entry per operand dimension,
// SK_DIM_UNKNOWN where unknown.
sk_status sk_rule_gather_with(sk_rule *r, sk_ints sizes);
// Convolution but for padding: pads[2 * spatial] or NULL when unknown.
sk_status sk_rule_convolution_with(sk_rule *r, const int64_t *pads);

// ---- windows (reduce_window, select_and_scatter, convolution)
typedef struct sk_window {
  int64_t size, stride, pad_low, pad_high, base_dilation, window_dilation;
} sk_window;
bool sk_window_count(int64_t input, const sk_window *w, int64_t *out_count);  // false: overflow

#define X(e, name, o0, o1, r0, r1, g0, g1, op_class, syntax, elems, traits, attrs, rule, interp,   \
          loop, native)                                                                            \
  sk_status sk_rule_##rule(sk_rule *r);
#define sk_rule_none sk_rule_undeclared_none
#define sk_rule_todo sk_rule_undeclared_todo
#include "ir/ops.def"
#undef sk_rule_none
#undef sk_rule_todo
#undef X

#endif
