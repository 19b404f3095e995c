// SPDX-License-Identifier: Apache-2.0
// What the passes decide about a module without rewriting it: side tables by op id, read by the lowering.
//
//   numerics  contraction marks: which add/subtract may absorb which product
//   fusion    groups of element-wise ops and reductions that become one kernel each, the order of everything in a block, and why
//             values go through memory
//
// A group iterates over a space F (dimensions of extent 1 left out). Its members are of two levels: full (one value per point of
// F) and row (one value per point of the outer dimensions). `reduced` says which dimensions of F its reductions reduce.
//
//   softmax over [2048, 1000]:  F = 2048 x 1000, reduced = {1}; row level: the maximum, the sum; full level: the rest
//
// Ops that are in no group and are no statement of their own are inlined: views, constants, iota, cheap producers. They are
// evaluated wherever they are used, at the index where they are used.
// Lifetime: the tables lie in the arena they were made in and are void once the module changes.
#ifndef SK_IR_PLAN_H
#define SK_IR_PLAN_H

#include "ir/ir.h"

enum {
  SK_MARK_FMA_LHS = 1,
  SK_MARK_FMA_RHS = 2
};  // the product operand that is contracted into this add or subtract

#define SK_GROUP_MAX_RANK 8

// How a large reduction is cut into blocks whose partial results are reduced in turn (docs/numerics.md: order of reductions). Part of
// the numerics contract: changing it changes bits.
enum { SK_REDUCE_BLOCK_ELEMS = 32768, SK_REDUCE_BLOCK_MIN_ROWS = 16 };

typedef struct sk_reduce_blocks {
  uint32_t position;     // dimension that is cut: the first reduced one
  int64_t block_extent;  // indices of it per block (the last block may be short)
  int64_t count;         // blocks; 1 = not cut
} sk_reduce_blocks;

// dims: the space reduced over, extents of 1 left out; reduced: bits by position. A function of the shape alone.
static inline sk_reduce_blocks sk_reduce_get_blocks(uint32_t rank, const int64_t *dims,
                                                    uint32_t reduced) {
  sk_reduce_blocks b = {0, 1, 1};
  int64_t inner = 1;
  while (b.position < rank && (reduced >> b.position & 1) == 0) {
    b.position++;
  }
  if (b.position == rank) {
    return b;
  }
  for (uint32_t p = b.position + 1; p < rank; p++) {
    inner = SK_MIN(inner * dims[p], (int64_t)SK_REDUCE_BLOCK_ELEMS);  // (saturates)
  }
  int64_t least = b.position + 1 == rank ? 1 : SK_REDUCE_BLOCK_MIN_ROWS;
  b.block_extent = SK_MAX(least, SK_REDUCE_BLOCK_ELEMS / SK_MAX(inner, (int64_t)1));
  b.count = SK_MAX((int64_t)1, (dims[b.position] + b.block_extent - 1) / b.block_extent);
  return b;
}

// Does a concatenation run on its own, one copy per piece? (ir_plan.c says when.)
bool sk_concatenate_is_statement(const sk_module *m, sk_op op);
enum { SK_CONCATENATE_PIECES = 8 };  // of more it always does
// Along the last dimension, of few elements, in a result of this type.
bool sk_concatenate_is_of_columns(const sk_module *m, sk_type type, int64_t along);

typedef struct sk_group {
  SK_VEC(sk_op) ops;  // members in program order
  uint32_t rank;      // of F
  int64_t dims[SK_GROUP_MAX_RANK];
  uint8_t dim_id[SK_GROUP_MAX_RANK];  // stable names of the dimensions (fusion only)
  uint32_t reduced;                   // bits by position in dims
  uint32_t outer;  // bits: dimensions of the row level; all of them when there is no row level
} sk_group;

typedef enum sk_break_why {
  SK_BREAK_NONE,
#define X(name, text) SK_BREAK_##name,
#include "ir/fusion.def"
#undef X
  SK_BREAK_COUNT
} sk_break_why;

// A value that goes through memory, as fusion decided it.
typedef struct sk_break {
  sk_op producer;
  sk_op
      reader;  // a member of the kernel, or the statement, that the reason is about; none: all readers
  uint8_t why;  // sk_break_why
} sk_break;

// How an op that is in no group is evaluated where it is used.
typedef enum sk_inlined { SK_INLINED_NOT, SK_INLINED_ONCE, SK_INLINED_AGAIN } sk_inlined;

typedef struct sk_unit {
  sk_op op;        // statement of its own; none for a group
  uint32_t group;  // index into groups; valid when op is none
} sk_unit;

typedef struct sk_region_plan {
  sk_unit *units;  // in execution order, terminator excluded
  uint32_t count;
} sk_region_plan;

typedef struct sk_plan {
  uint32_t op_count, region_count;
  uint8_t *marks;           // by op id: SK_MARK_*
  uint32_t *group_of;       // by op id: group index + 1; 0 = none
  uint8_t *stored;          // by op id: a member whose results are needed outside its group
  sk_region_plan *regions;  // by region id; only regions that are executed as blocks
  SK_VEC(sk_group) groups;
  uint8_t *inlined;         // by op id: sk_inlined
  SK_VEC(sk_break) breaks;  // in order of decision: from the last op of a block to the first
  // The runtime's numbers of element types and of tokens, for calls of the host's functions.
  uint32_t (*type_code)(sk_elem elem);
  uint32_t token_code;
} sk_plan;

#endif
