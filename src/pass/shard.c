// SPDX-License-Identifier: Apache-2.0
// Parts of tensors are slices, wholes are concatenations; neither costs anything where the operations
// around them read and write through them. Shares of a sum whose making is not known (share.c) are its parts
// on one device and zeros on the others; the whole is what they add up to, whoever made them.
#include "pass/shard.h"

static int64_t parts_of(sk_shards s, uint32_t dim) {
  return sk_dim_parts(&s.sharding->dims[dim], s.axes);
}

static int64_t part_of(sk_shards s, uint32_t dim, uint32_t position) {
  return sk_dim_part_of(s.sharding, &s.sharding->dims[dim], s.axes, position);
}

sk_status sk_shard_type(sk_module *m, sk_op op, sk_shards s, sk_type whole, sk_type *out) {
  const sk_type_rec rec = *sk_type_get(m, whole);
  *out = whole;
  if (rec.kind != SK_TYPE_TENSOR) {
    return NULL;  // tokens
  }
  if (rec.rank != s.sharding->rank) {
    return sk_op_error(m, op, SK_INVALID_ARGUMENT, "a sharding of rank %u for a tensor of rank %u",
                       s.sharding->rank, rec.rank);
  }
  int64_t dims[SK_MAX_RANK];
  for (uint32_t d = 0; d < rec.rank; d++) {
    int64_t parts = parts_of(s, d);
    if (rec.dims[d] < 0 || rec.dims[d] % parts != 0) {
      return sk_op_error(m, op, SK_INVALID_ARGUMENT,
                         "dimension %u of size %lld does not split into %lld equal parts", d,
                         (long long)rec.dims[d], (long long)parts);
    }
    dims[d] = rec.dims[d] / parts;
  }
  sk_type_rec part = rec;
  part.dims = dims;
  *out = sk_type_intern(m, &part);
  return NULL;
}

sk_value sk_shard_cut(const sk_expander *e, sk_shards s, sk_value whole, uint32_t position) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, whole);
  int64_t starts[SK_MAX_RANK], limits[SK_MAX_RANK];
  bool splits = false;
  if (rec.kind != SK_TYPE_TENSOR) {
    return whole;
  }
  for (uint32_t d = 0; d < rec.rank; d++) {
    int64_t parts = parts_of(s, d), size = rec.dims[d] / parts;
    starts[d] = size * part_of(s, d, position);
    limits[d] = starts[d] + size;
    splits |= parts > 1;
  }
  sk_value part = splits ? sk_expand_slice(e, whole, starts, limits) : whole;
  // Of a sum the first share is all of it.
  bool is_rest = s.sharding->combine == SK_OP_ADD &&
                 sk_dim_part_of(s.sharding, &s.sharding->unreduced, s.axes, position) != 0;
  return is_rest ? sk_expand_number(e, sk_value_type(e->m, part), 0) : part;
}

static sk_value concatenate(const sk_expander *e, const sk_value *values, int64_t count,
                            uint32_t dim) {
  return count == 1 ? values[0] : sk_expand_concatenate(e, values, (uint32_t)count, dim);
}

// Shares, the first of which exists if any does.
static sk_value combine(const sk_expander *e, sk_shards s, const sk_value *shares, int64_t count) {
  sk_value whole = shares[0];
  for (int64_t i = 1; i < count; i++) {
    whole = shares[i].id != 0 ? sk_expand_2(e, s.sharding->combine, whole, shares[i]) : whole;
  }
  return whole;
}

sk_value sk_shard_join(const sk_expander *e, sk_shards s, const sk_value *parts) {
  const uint32_t rank = s.sharding->rank;
  const int64_t shares = sk_dim_parts(&s.sharding->unreduced, s.axes);
  int64_t tiles = 1;
  for (uint32_t d = 0; d < rank; d++) {
    tiles *= parts_of(s, d);
  }
  sk_value *tile =
      sk_arena_zalloc(&e->m->arena, (size_t)(tiles * shares) * sizeof *tile, _Alignof(sk_value));
  for (uint32_t position = 0; position < s.sharding->mesh.device_count; position++) {
    int64_t at = 0;
    for (uint32_t d = 0; d < rank; d++) {
      at = at * parts_of(s, d) + part_of(s, d, position);
    }
    at = at * shares + sk_dim_part_of(s.sharding, &s.sharding->unreduced, s.axes, position);
    tile[at] = tile[at].id != 0 ? tile[at] : parts[position];
  }
  for (int64_t i = 0; i < tiles; i++) {
    tile[i] = combine(e, s, &tile[i * shares], shares);
  }
  // The last dimension varies fastest: rows of its parts become one tile each, and so on outwards.
  for (uint32_t d = rank; d-- > 0;) {
    int64_t count = parts_of(s, d);
    tiles /= count;
    for (int64_t i = 0; i < tiles; i++) {
      tile[i] = concatenate(e, &tile[i * count], count, d);
    }
  }
  return tile[0];
}
