// SPDX-License-Identifier: Apache-2.0
// The passes over a verified module, in pipeline order. Each is one file of the same name.
//
// Rewriting passes change the module in place and keep it valid; analyses fill an sk_plan. Memory comes from the module's arena or
// the given one, both with `bail` set. Expected failures (something valid that cannot be compiled) are returned, located.
#ifndef SK_PASS_PASS_H
#define SK_PASS_PASS_H

#include "ir/plan.h"

typedef struct sk_pass_options {
  bool strict;     // numerics: no contraction
  int64_t bisect;  // optional rewrites left; -1 = no limit (counted down by passes)
} sk_pass_options;

// Decides the order of dimensions of results that leave it open.
sk_status sk_pass_layout(sk_module *m, sk_op entry);
// Where custom calls change between wholes and the parts of one device, makes the entry one that runs the program as a process per
// device. Others stay as they are.
sk_status sk_pass_partition(sk_module *m, sk_op entry, sk_pass_options *options);
// Makes the entry one for `devices` devices: its arguments and results are those of device 0, then of device 1, and so on, each
// the part that its sdy.sharding or mhlo.sharding gives the device. UNIMPLEMENTED, located: other meshes than one of all devices.
sk_status sk_pass_spread(sk_module *m, sk_op entry, uint32_t devices, sk_pass_options *options);
// Makes it what device `device` of them (from 0) does alone. FAILED_PRECONDITION, located: it needs the others (spread_apart.c).
sk_status sk_pass_spread_apart(sk_module *m, sk_op entry, uint32_t devices, uint32_t device,
                               sk_pass_options *options);
// Makes the entry one for so many replicas of the program, each with arguments and results of its own, in the same order.
sk_status sk_pass_replicate(sk_module *m, sk_op entry, uint32_t replicas, sk_pass_options *options);
// Inlines every func.call and composite reachable from `entry`, so that the entry function stands alone. Recursion is an error.
sk_status sk_pass_inline(sk_module *m, sk_op entry, sk_pass_options *options);
// What is known of an argument of the entry beyond its written type.
typedef struct sk_refine_arg {
  sk_type type;  // none: as written
  bool known;    // `value` is the value of a 0-D integer or pred argument, which becomes a constant
  int64_t value;
} sk_refine_arg;
// Gives the arguments (NULL: as written) their types and works out all shapes of the inlined entry; refine.c says how. A shape that
// does not come out is UNIMPLEMENTED at its op, and so is an argument with unknown dimensions unless `partial`.
sk_status sk_pass_refine(sk_module *m, sk_op entry, const sk_refine_arg *args, bool partial,
                         sk_pass_options *options);
// Whether the module has anything to refine: shapes as operands, or unknown dimensions.
bool sk_pass_needs_refine(const sk_module *m);
// Expands compound ops (expand.c lists them) into StableHLO ops.
sk_status sk_pass_expand(sk_module *m, sk_op entry, sk_pass_options *options);
// Folds, shares and removes: local rewrites with exact results, small constant-trip loops unrolled, loop-invariant carries taken
// out of whiles, dead code removed.
sk_status sk_pass_simplify(sk_module *m, sk_op entry, sk_pass_options *options);

// Fresh tables for a module that will not change any more.
void sk_plan_init(sk_plan *plan, const sk_module *m, sk_arena *arena);
// Contraction marks (DESIGN numerics): an add or subtract absorbs a product that has no other use.
void sk_pass_numerics(const sk_module *m, sk_op entry, const sk_pass_options *options,
                      sk_plan *plan, sk_arena *arena);
// Groups and execution order of every block reachable from `entry`.
void sk_pass_fuse(const sk_module *m, sk_op entry, sk_plan *plan, sk_arena *arena);

#endif
