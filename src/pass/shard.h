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

#endif
