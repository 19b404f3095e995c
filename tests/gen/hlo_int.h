// SPDX-License-Identifier: Apache-2.0
// Of the program generator only: its state, how values are chosen, how operations are put in.
//
// A maker puts one operation (and what it needs) into the current region and its results into scope.
// It answers false when it cannot: nothing fits, or the result would be too large. Values in scope
// are those that dominate the place where the next operation goes.
#ifndef SK_TESTS_GEN_HLO_INT_H
#define SK_TESTS_GEN_HLO_INT_H

#include "hlo.h"

enum { HLO_SCOPE = 1024, HLO_PALETTE = 8, HLO_RANK = 6, HLO_LIST = 32 };

typedef struct hlo_shape {
  uint32_t rank;
  int64_t dims[HLO_RANK];
} hlo_shape;

typedef struct hlo_gen {
  sk_module *m;
  sk_region into;
  uint64_t rng;
  hlo_options options;
  sk_value scope[HLO_SCOPE];
  uint32_t scope_count, scope_local;  // those from scope_local on are of the current region
  uint32_t scope_first;               // those before are not visible (isolated regions)
  sk_elem elems[HLO_PALETTE];
  uint32_t elem_count;
  hlo_shape shapes[HLO_PALETTE];
  uint32_t shape_count;
  uint32_t ops_left, depth, func_count, total_weight;
  bool foreign;  // also operations that only the interpreter has
  bool exact;    // operations that every oracle rounds alike, for loops and comparators
  char *fault;
  size_t fault_bytes;
} hlo_gen;

typedef bool (*hlo_maker)(hlo_gen *g, sk_opkind kind);

// ---- chance
uint64_t hlo_next(hlo_gen *g);
int64_t hlo_below(hlo_gen *g, int64_t bound);                // [0, bound)
int64_t hlo_between(hlo_gen *g, int64_t low, int64_t high);  // both included
bool hlo_chance(hlo_gen *g, uint32_t in, uint32_t of);       // `in` times out of `of`

// ---- types and shapes; masks are SK_ELEMS_*
bool hlo_in_mask(sk_elem elem, uint32_t mask);
sk_elem hlo_elem(hlo_gen *g, uint32_t mask);  // of the palette if one fits
const sk_type_rec *hlo_type(const hlo_gen *g, sk_value v);
hlo_shape hlo_shape_of(const hlo_gen *g, sk_value v);
hlo_shape hlo_any_shape(hlo_gen *g);  // of the palette, or a relative
hlo_shape hlo_shape_of_rank(hlo_gen *g, uint32_t low, uint32_t high);
int64_t hlo_count(const hlo_shape *shape);     // elements
int64_t hlo_extent(hlo_gen *g, int64_t most);  // a dimension
sk_type hlo_tensor(hlo_gen *g, sk_elem elem, const hlo_shape *shape);
bool hlo_same_shape(const hlo_shape *a, const hlo_shape *b);
bool hlo_fits(const hlo_gen *g, const hlo_shape *shape);  // within max_elems

// ---- values
sk_value hlo_any(hlo_gen *g, uint32_t mask, uint32_t rank_low, uint32_t rank_high);
sk_value hlo_value(hlo_gen *g, sk_elem elem, const hlo_shape *shape);  // of exactly this type
sk_value hlo_scalar(hlo_gen *g, sk_elem elem);
sk_value hlo_constant(hlo_gen *g, sk_elem elem, const hlo_shape *shape);
sk_value hlo_constant_ints(hlo_gen *g, sk_elem elem, uint32_t count, const int64_t *values,
                           bool scalar);                     // scalar: rank 0
sk_value hlo_index(hlo_gen *g, sk_elem elem, int64_t most);  // a scalar, usually in [0, most]
// The value, but every NaN the same positive one: for operations that see a NaN's bits, which no
// executor promises for NaNs that were computed.
sk_value hlo_settled(hlo_gen *g, sk_value v);
void hlo_push(hlo_gen *g, sk_value v);

// ---- operations. attrs as in ir_make_attrs; NULL: none.
sk_op hlo_emit_desc(hlo_gen *g, const sk_op_desc *desc);  // none: refused
sk_value hlo_emit(hlo_gen *g, sk_opkind kind, const sk_value *operands, uint32_t count,
                  const char *attrs, sk_type written);  // written none: inferred
bool hlo_put(hlo_gen *g, sk_opkind kind, const sk_value *operands, uint32_t count,
             const char *attrs, sk_type written);  // the same as a maker's answer
sk_op hlo_emit_regions(hlo_gen *g, sk_opkind kind, const sk_value *operands, uint32_t count,
                       const char *attrs, const sk_type *written, uint32_t written_count,
                       const sk_region *regions, uint32_t region_count);
const char *hlo_list(char *buf, size_t bytes, const char *name, const int64_t *items,
                     uint32_t count);  // appends " name=[..]" and returns buf

// ---- regions
typedef struct hlo_place {
  sk_region into;
  int64_t max_elems;
  uint32_t scope_count, scope_first, scope_local, ops_left;
  bool exact;
} hlo_place;
// Enters a new region whose arguments are in scope; isolated: nothing else is.
sk_region hlo_enter(hlo_gen *g, const sk_type *args, uint32_t count, bool isolated, hlo_place *out);
void hlo_leave(hlo_gen *g, const hlo_place *place, sk_opkind terminator, const sk_value *values,
               uint32_t count);
void hlo_some_ops(hlo_gen *g, uint32_t most);  // random operations in the current region
// A region over scalars: two of `elem`, one result. Associative and commutative.
sk_region hlo_combiner(hlo_gen *g, sk_elem elem, sk_opkind *out_kind);
// Its neutral element as a scalar.
sk_value hlo_neutral(hlo_gen *g, sk_elem elem, sk_opkind kind);
bool hlo_make_random(hlo_gen *g);  // one operation by the rows' weights
bool hlo_is_exact(sk_opkind kind, uint32_t mask_of_elem);

// ---- makers
#define ROW(op, weight, exact, maker) bool hlo_make_##maker(hlo_gen *g, sk_opkind kind);
#define CLASS(op_class, weight, maker) bool hlo_make_##maker(hlo_gen *g, sk_opkind kind);
#define NOT(op, why)
#include "hlo_rows.def"
#undef ROW
#undef CLASS
#undef NOT

#endif
