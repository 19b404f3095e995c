// SPDX-License-Identifier: Apache-2.0
// Of the pass room only: tensors that are split over a mesh of devices, as values of one program.
#ifndef SK_PASS_SHARD_H
#define SK_PASS_SHARD_H

#include "ir/sharding.h"
#include "pass/expand_int.h"

// Only the axes of the mesh in `axes` (bit k: axis k) split anything.
typedef struct sk_shards {
  const sk_sharding *sharding;
  uint64_t axes;
} sk_shards;

// Type of a part. INVALID_ARGUMENT, at `op`: rank or a dimension does not fit.
sk_status sk_shard_type(sk_module *m, sk_op op, sk_shards s, sk_type whole, sk_type *out);
// The part that the device at `position` of the mesh holds.
sk_value sk_shard_cut(const sk_expander *e, sk_shards s, sk_value whole, uint32_t position);
// The whole again. parts: by position; where several hold the same part, the first counts, and id 0 holds none.
// Shares are combined in the order of their axes.
sk_value sk_shard_join(const sk_expander *e, sk_shards s, const sk_value *parts);

// ---- grid_shape.c. Custom calls from wholes to parts and back.
typedef enum sk_shape_call {
  SK_SHAPE_CALL_NONE,
  SK_SHAPE_CALL_CUTS,
  SK_SHAPE_CALL_JOINS
} sk_shape_call;

sk_shape_call sk_shape_call_of(const sk_module *m, sk_op op);
sk_status sk_shape_call_read(sk_module *m, sk_op op, sk_sharding *out) SK_NODISCARD;

// ---- propagate.c. Shardings of values by their id; NULL: not known to be split.
typedef struct sk_shardings {
  const sk_sharding **of;
  uint32_t count;
} sk_shardings;

// Of all values that the entry and what it calls define, from those of its arguments.
sk_status sk_shard_propagate(sk_module *m, sk_op entry, const sk_sharding *args,
                             sk_shardings *out) SK_NODISCARD;
const sk_sharding *sk_sharding_of(const sk_shardings *s, sk_value v);
// Dimensions that `given` leaves open are split as `found` says (NULL: nothing); a mesh without axes,
// as in a sharding that says nothing but what is open, becomes that of `found`.
void sk_sharding_fill(sk_module *m, sk_sharding *given, const sk_sharding *found);

// ---- share.c. What the device at `position` holds of `v` (a value of the old function) where `target` leaves
// it unreduced; not cut along its dimensions yet.
sk_status sk_share_make(const sk_expander *e, const sk_shardings *known, const sk_sharding *target,
                        uint32_t position, sk_value v, sk_value *out) SK_NODISCARD;

// ---- spread_manual.c. Parts that pass between the devices and a manual computation of the entry as they are.
typedef struct sk_own_parts {
  sk_module *m;
  sk_op entry;  // as it was
  uint32_t devices, arg_count, result_count;
  const sk_sharding *shardings;  // of arguments, then results
  const sk_type *types;          // of their parts
  sk_value *
      *results;  // by result: its parts by device, once they are known; NULL: cut from the whole
} sk_own_parts;

// A manual computation as it is copied into the new entry, whose arguments are there: written with own parts, if it has any.
sk_status sk_own_parts_write(sk_own_parts *o, sk_rebuild *r, sk_op op, sk_region into,
                             bool *out_written) SK_NODISCARD;
// Is what the devices have of an argument or result what a computation takes or gives?
bool sk_own_parts_is_split_alike(const sk_sharding *outside, const sk_sharding *inside);
bool sk_own_parts_is_mesh(const sk_own_parts *o, const sk_mesh *mesh);  // one of all devices

// ---- spread_apart.c. The entry's body for one device, `made` having its arguments; `returned`: its results.
// FAILED_PRECONDITION, located: it needs the others.
sk_status sk_own_parts_run_apart(const sk_own_parts *o, sk_rebuild *r, uint32_t device,
                                 sk_region made, sk_value *returned) SK_NODISCARD;

#endif
