// SPDX-License-Identifier: Apache-2.0
// Of the pass room only: writing a function anew, op by op, with a map from old to new values. Passes that rewrite supply a hook that
// may replace an op by values; everything else is copied with its operands mapped. One forward sweep, linear in the ops written.
#ifndef SK_PASS_REBUILD_H
#define SK_PASS_REBUILD_H

#include "ir/ir.h"
#include "pass/pass.h"

enum { SK_REBUILD_MAX_OPS = 20 * 1000 * 1000, SK_REBUILD_MAX_DEPTH = 256 };

struct sk_share_table;

typedef struct sk_rebuild {
  sk_module *m;
  sk_pass_options *options;
  // Called for every op before it is copied, operands not mapped yet. Returns true when it has given every result a value with
  // sk_rebuild_set (and written what it needed into `into`); sets *out_status on failure.  NULL: copies all.
  bool (*rewrite)(struct sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status);
  sk_value *map;  // by old value id; id 0 = not there. Grows with the module
  uint32_t map_count;
  uint32_t *uses;                // by old value id: number of uses in the function as it was
  uint64_t written;              // ops so far
  uint32_t depth;                // nesting of regions and calls
  struct sk_share_table *share;  // equal pure ops become one; NULL: off
} sk_rebuild;

void sk_rebuild_init(sk_rebuild *r, sk_module *m, sk_pass_options *options, bool share);
// Writes the entry function's body anew and puts it in place of the old one.
sk_status sk_rebuild_function(sk_rebuild *r, sk_op func);
// The two halves of that, for who writes the body: before the first op is copied, and to put it in place.
void sk_rebuild_begin(sk_rebuild *r, sk_op func);
void sk_rebuild_replace(sk_rebuild *r, sk_op func, sk_region body);

sk_value sk_rebuild_get(const sk_rebuild *r, sk_value old);  // new value of an old one
void sk_rebuild_set(sk_rebuild *r, sk_value old, sk_value value);
// Copies one op, or rewrites it.
sk_status sk_rebuild_op(sk_rebuild *r, sk_op op, sk_region into);
// Copies the ops of `from` (terminator excluded) to the end of `into`.
sk_status sk_rebuild_ops(sk_rebuild *r, sk_region from, sk_region into);
// The same in a sharing scope of its own: for a region made by the caller, whose arguments are mapped already.
sk_status sk_rebuild_scope(sk_rebuild *r, sk_region from, sk_region into);
// Copies a whole region, arguments and terminator included, as a new detached one.
sk_status sk_rebuild_region(sk_rebuild *r, sk_region from, sk_region *out_region);
// An op to be written again, changed or not: copies of what it has, in the module's arena (the pools move).
enum { SK_DRAFT_ROOM = 6 };
typedef struct sk_op_draft {
  sk_op_desc desc;       // made of these arrays
  sk_value *operands;    // new values; id 0 where the old one has none
  sk_type *types;        // of the results
  sk_named_attr *attrs;  // room for SK_DRAFT_ROOM more
  sk_region *regions;    // none yet, as many as the op has
} sk_op_draft;
sk_op_draft sk_rebuild_draft(const sk_rebuild *r, sk_op op);
// Appends an op made of new values; shares it with an equal one if possible.
sk_op sk_rebuild_emit(sk_rebuild *r, sk_region into, const sk_op_desc *desc);
// The same of an op with one result, which it returns.
sk_value sk_rebuild_value(sk_rebuild *r, sk_region into, sk_loc loc, sk_opkind kind, sk_type type,
                          const sk_value *operands, uint32_t count, const sk_named_attr *attrs,
                          uint32_t attr_count);
// Does the op do more than compute its results? A custom call does if it says so.
bool sk_rebuild_has_effect(const sk_module *m, sk_op op);
// Removes ops without effect and uses, regions included.
void sk_rebuild_drop_unused(sk_module *m, sk_region region);

#endif
