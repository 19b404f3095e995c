// SPDX-License-Identifier: Apache-2.0
// Shared by gather and scatter: the map from (batch coordinates, coordinates in the slice) to the indexed operand.
//
//   slices     the gather's result, the scatter's updates: batch and window dimensions, in any order
//   start      the index vector of a batch, scattered over the operand's dimensions by index_map
//   operand    coordinate = start + (window coordinate | batch coordinate | 0)
//
// Both directions give maps (lower_int.h) in the same way; they differ in what an index outside means.
#ifndef SK_LOOP_LOWER_INDEX_H
#define SK_LOOP_LOWER_INDEX_H

#include "loop/lower_int.h"

typedef struct sk_indexing {
  sk_value indices;
  int64_t
      vector_dim;  // of the indices; their rank when index vectors have one component and no dimension
  sk_ints window_dims;       // of the slices: they run through the slice
  sk_ints dropped, batched;  // operand dimensions without window dimension
  sk_ints index_batched;     // dimensions of the indices that belong to `batched`
  sk_ints index_map;         // operand dimension of each component of the index vector
} sk_indexing;

// What a dimension of the slices runs through.
typedef enum sk_slice_role {
  SK_SLICE_BATCH,    // index vectors
  SK_SLICE_BATCHED,  // index vectors, and a dimension of the operand with them
  SK_SLICE_WINDOW,   // a dimension of the operand, from its first element
  SK_SLICE_MOVED,    // a dimension of the operand, from an index
} sk_slice_role;

sk_indexing sk_indexing_of(const sk_lowering *l, sk_op op);  // gather or scatter
// Operand dimension of dimension `dim` of the slices; UINT32_MAX for BATCH.
uint32_t sk_indexing_operand_dim(const sk_indexing *x, uint32_t operand_rank, uint32_t dim);
sk_slice_role sk_indexing_role(const sk_indexing *x, uint32_t operand_rank, uint32_t dim);
// Where component k of the index vector stands, for the slices' element at `at` (one expression per dimension).
sk_map *sk_indexing_component(sk_lowering *l, const sk_indexing *x, const sk_map *at, uint32_t k);
// The operand's element for the slices' element at `at`. starts: I64, by component; must keep the element inside.
sk_map *sk_indexing_operand(sk_lowering *l, const sk_indexing *x, const sk_type_rec *operand,
                            const sk_map *at, const sk_val *starts);

#endif
