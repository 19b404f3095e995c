// SPDX-License-Identifier: Apache-2.0
// Of the fusion pass only: its tables, and the division of work between files.
//
//   fuse.c        the idea, blocks, entry
//   fuse_units.c  classes and costs of ops; units and the dimensions of their iteration spaces
//   fuse_uses.c   where each value is read, through everything inlined in between
//   fuse_join.c   groups: members, merging, cycles
//   fuse_place.c  the decision about one element-wise op or reduction, and why
//   fuse_order.c  the plan: groups, and the order of a block's units
//
// Everything lies in one arena that bails; ids of units are stable, units themselves move when one is added.
#ifndef SK_PASS_FUSE_INT_H
#define SK_PASS_FUSE_INT_H

#include "base/vec.h"
#include "ir/plan.h"
#include "pass/pass.h"

enum { FUSE_VIEW = 1, FUSE_ELEM, FUSE_REDUCE, FUSE_ROOT };  // classes of ops
// FUSE_MAX_STAGES: reductions of one row, each of what the one before gave, in one kernel.
enum { FUSE_MAX_USES = 8, FUSE_MAX_OUTPUTS = 16, FUSE_MAX_STAGES = 32 };

typedef struct fuse_use {
  uint32_t unit;
  bool aligned, expands;
  bool
      gathered;  // read by a gather: where is known at run time only, so that two such uses are at two points
  uint32_t place;  // not aligned: which way through views led here; equal = read at the same point
  uint8_t rank;
  uint8_t map
      [SK_GROUP_MAX_RANK];  // dimension ids of the unit's group, per squeezed dimension of the value
} fuse_use;

typedef struct fuse_uses {
  fuse_use *data;
  uint32_t count;
  bool many;  // more than FUSE_MAX_USES: unknown readers
} fuse_uses;

typedef struct fuse_unit {
  uint32_t parent;                   // union-find by size; itself when a root of the forest
  uint8_t to_id[SK_GROUP_MAX_RANK];  // once merged away: the parent's dimension ids by position
  sk_op op;                          // statement; none for a group
  uint8_t rank;
  int64_t dims[SK_GROUP_MAX_RANK];
  uint8_t id[SK_GROUP_MAX_RANK];
  uint8_t next_id;
  uint32_t reduced, outer;  // bit masks by position
  bool blocked;             // a reduction done in blocks: takes full-level producers only
  SK_VEC(sk_op) ops;        // in order of joining
  uint32_t outputs;
  uint32_t seen;     // search generation
  uint32_t group;    // final number
  uint32_t pending;  // topological order
} fuse_unit;

typedef struct fuse_shape {
  uint32_t rank;
  int64_t dims[SK_GROUP_MAX_RANK];
  uint8_t from[SK_GROUP_MAX_RANK];  // original dimension
  bool fits;
} fuse_shape;

typedef struct fuser {
  const sk_module *m;
  sk_plan *plan;
  sk_arena *arena;
  uint32_t *use_start, *use_list_ops;  // users of each value: CSR over value ids
  uint32_t *use_list_operands;         // as which operand, in step with use_list_ops
  uint8_t *cls;                        // by op
  uint32_t *unit_of;                   // by op; 0 = inlined
  fuse_uses *uses;                     // by op
  uint16_t *dup_cost;                  // by op: cost of evaluating it once more where it is inlined
  uint8_t (*member_ids)
      [SK_GROUP_MAX_RANK];  // by op: F ids of a member's own squeezed dimensions (reductions: of the operand)
  SK_VEC(fuse_unit) units;  // [0] unused
  sk_region region;
  uint16_t *stages;    // by op: reductions of its unit that depend on it, one after the other
  uint32_t *position;  // by op, in its block
  uint32_t *seen_op;   // by op: search generation
  uint32_t generation, last_group;
  uint32_t old_breaks;  // recorded for earlier blocks
} fuser;

// What all uses of an op say together.
typedef struct fuse_summary {
  bool single;   // all uses in one group, none unknown
  bool aligned;  // every use is aligned with a group that accepts the op
  bool expands;
  uint32_t unit;   // of the first use
  uint32_t below;  // cost already inlined below
} fuse_summary;

// ---- fuse_units.c
fuse_shape sk_fuse_squeeze(const sk_type_rec *t);
fuse_shape sk_fuse_squeeze_value(const fuser *f, sk_value v);
bool sk_fuse_same_dims(const int64_t *a, uint32_t a_rank, const int64_t *b, uint32_t b_rank);
// Class of an op for fusion. What the loop stage cannot evaluate inside a kernel is a statement.
uint8_t sk_fuse_classify(const fuser *f, sk_op op);
uint32_t sk_fuse_cost(sk_opkind kind);  // rough cost of one evaluation, in vector instructions
uint32_t sk_fuse_find(const fuser *f, uint32_t u);
uint32_t sk_fuse_new_unit(fuser *f, sk_op op);
bool sk_fuse_is_group(const fuser *f, uint32_t u);
uint32_t sk_fuse_position_of_id(const fuse_unit *g, uint8_t id);  // UINT32_MAX: not there
void sk_fuse_refresh(const fuser *f, fuse_use *u);  // up to date with the merges of its unit
// Positions in F that the value spans, or false when it is not read at the iteration point.
bool sk_fuse_use_mask(fuser *f, fuse_use *u, uint32_t *out_mask);
static inline uint32_t sk_fuse_full_mask(const fuse_unit *g) { return (1u << g->rank) - 1; }

// ---- fuse_uses.c
sk_op sk_fuse_ancestor(const fuser *f, sk_op op);  // the op of the block around; none if outside
void sk_fuse_collect_uses(fuser *f, sk_op op);

// ---- fuse_join.c. SK_BREAK_NONE stands for yes.
// No user of op outside `group` may lead back into it.
bool sk_fuse_join_is_acyclic(fuser *f, sk_op op, uint32_t group);
void sk_fuse_put_member(fuser *f, uint32_t group, sk_op op, const uint8_t *ids, uint32_t rank);
uint32_t sk_fuse_new_group(fuser *f, const fuse_shape *shape);
sk_break_why sk_fuse_merge(fuser *f, uint32_t a, uint32_t b, uint32_t *out);
// May an element-wise op that spans `mask` be a member of g?
sk_break_why sk_fuse_accepts(const fuse_unit *g, uint32_t mask);
bool sk_fuse_is_shifted(fuser *f, sk_op op,
                        uint32_t g);  // read by g also at other points than the iteration point
void sk_fuse_join(fuser *f, sk_op op, uint32_t group, const fuse_use *u, uint32_t mask,
                  bool stored);

// ---- fuse_place.c
fuse_summary sk_fuse_summarize(fuser *f, sk_op op);
void sk_fuse_place_statement(fuser *f, sk_op op);
bool sk_fuse_is_written(fuser *f, sk_op op);  // a view that is to be a member
void sk_fuse_place_view(fuser *f, sk_op op);
void sk_fuse_place_elementwise(fuser *f, sk_op op);
// Reductions of `group` (0: of any) that come one after the other behind op, which is placed now.
uint16_t sk_fuse_stages_below(const fuser *f, sk_op op, uint32_t group);
void sk_fuse_place_reduce(fuser *f, sk_op op);

// ---- fuse_order.c
void sk_fuse_record_groups(fuser *f);
void sk_fuse_order_units(fuser *f, const sk_op *ops, uint32_t count);

#endif
