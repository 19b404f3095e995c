// SPDX-License-Identifier: Apache-2.0
// What shardings and meshes mean: which part of a dimension a device holds, which devices are a group.
#include "ir/sharding.h"

// ---- meshes

bool sk_mesh_equal(const sk_mesh *a, const sk_mesh *b) {
  bool same = a->axis_count == b->axis_count && a->device_id_count == b->device_id_count;
  for (uint32_t i = 0; same && i < a->axis_count; i++) {
    same = a->axes[i].size == b->axes[i].size && sk_str_eq(a->axes[i].name, b->axes[i].name);
  }
  return same && (a->device_id_count == 0 ||
                  memcmp(a->device_ids, b->device_ids, a->device_id_count * sizeof(int64_t)) == 0);
}

uint32_t sk_mesh_position(const sk_mesh *mesh, int64_t device) {
  if (!mesh->device_ids) {
    return device >= 0 && device < mesh->device_count ? (uint32_t)device : UINT32_MAX;
  }
  for (uint32_t i = 0; i < mesh->device_id_count; i++) {
    if (mesh->device_ids[i] == device) {
      return i;
    }
  }
  return UINT32_MAX;
}

int64_t sk_mesh_coordinate(const sk_mesh *mesh, uint32_t position, uint32_t axis) {
  int64_t inner = 1;
  for (uint32_t a = axis + 1; a < mesh->axis_count; a++) {
    inner *= mesh->axes[a].size;
  }
  return position / inner % mesh->axes[axis].size;
}

uint64_t sk_mesh_all_axes(const sk_mesh *mesh) {
  return mesh->axis_count < 64 ? (UINT64_C(1) << mesh->axis_count) - 1 : UINT64_MAX;
}

// Distance in the mesh between neighbours along a part of an axis.
static int64_t stride_of(const sk_mesh *mesh, const sk_axis_ref *ref) {
  int64_t stride = mesh->axes[ref->axis].size / (ref->before * ref->size);
  for (uint32_t a = ref->axis + 1; a < mesh->axis_count; a++) {
    stride *= mesh->axes[a].size;
  }
  return stride;
}

static bool starts_group(const sk_mesh *mesh, const sk_dim_sharding *axes, int64_t position) {
  for (uint32_t i = 0; i < axes->count; i++) {
    if (position / stride_of(mesh, &axes->refs[i]) % axes->refs[i].size != 0) {
      return false;
    }
  }
  return true;
}

// Member `k` of the group that starts at a position.
static int64_t member_at(const sk_mesh *mesh, const sk_dim_sharding *axes, int64_t first,
                         int64_t k) {
  for (uint32_t i = axes->count; i-- > 0;) {
    first += k % axes->refs[i].size * stride_of(mesh, &axes->refs[i]);
    k /= axes->refs[i].size;
  }
  return first;
}

sk_device_groups sk_mesh_groups(const sk_mesh *mesh, const sk_dim_sharding *axes, sk_arena *arena) {
  sk_device_groups out = {.width = (uint32_t)sk_dim_parts(axes, UINT64_MAX)};
  uint32_t listed = 0;
  int64_t *ids = SK_NEW_ARRAY(arena, int64_t, mesh->device_count);
  for (int64_t position = 0; position < mesh->device_count; position++) {
    for (int64_t k = 0; starts_group(mesh, axes, position) && k < out.width; k++) {
      int64_t at = member_at(mesh, axes, position, k);
      ids[listed++] = mesh->device_ids ? mesh->device_ids[at] : at;
    }
  }
  out.ids = ids;
  out.count = listed / out.width;
  return out;
}

// ---- parts

bool sk_dim_sharding_equal(const sk_dim_sharding *a, const sk_dim_sharding *b) {
  bool same = a->count == b->count;
  for (uint32_t i = 0; same && i < a->count; i++) {
    const sk_axis_ref *x = &a->refs[i], *y = &b->refs[i];
    same = x->axis == y->axis && x->before == y->before && x->size == y->size;
  }
  return same;
}

static bool is_in(const sk_axis_ref *ref, uint64_t mask) { return mask >> ref->axis & 1; }

int64_t sk_dim_parts(const sk_dim_sharding *dim, uint64_t mask) {
  int64_t parts = 1;
  for (uint32_t i = 0; i < dim->count; i++) {
    parts *= is_in(&dim->refs[i], mask) ? dim->refs[i].size : 1;
  }
  return parts;
}

int64_t sk_dim_part_of(const sk_sharding *s, const sk_dim_sharding *dim, uint64_t mask,
                       uint32_t position) {
  int64_t part = 0;
  for (uint32_t i = 0; i < dim->count; i++) {
    const sk_axis_ref *ref = &dim->refs[i];
    if (is_in(ref, mask)) {
      int64_t whole = s->mesh.axes[ref->axis].size;
      int64_t digit = sk_mesh_coordinate(&s->mesh, position, ref->axis) /
                      (whole / (ref->before * ref->size)) % ref->size;
      part = part * ref->size + digit;
    }
  }
  return part;
}

// ---- as tiles

// Which tile the device at a position has, or a share of.
static int64_t tile_of(const sk_sharding *s, uint32_t position) {
  int64_t tile = 0;
  for (uint32_t d = 0; d < s->rank; d++) {
    tile = tile * sk_dim_parts(&s->dims[d], UINT64_MAX) +
           sk_dim_part_of(s, &s->dims[d], UINT64_MAX, position);
  }
  return tile;
}

// Devices tile by tile; those of a tile by the share they hold, copies apart: the first of all shares,
// then the second. Among equals the order is that of their positions.
static void print_devices(const sk_sharding *s, int64_t tiles, sk_text *out) {
  const uint32_t devices = s->mesh.device_count;
  int64_t shares = sk_dim_parts(&s->unreduced, UINT64_MAX), listed = 0;
  int64_t copies = devices / (tiles * shares);
  for (int64_t at = 0; at < tiles * copies * shares; at++) {
    int64_t tile = at / (copies * shares), copy = at / shares % copies, share = at % shares;
    for (uint32_t position = 0; position < devices; position++) {
      if (tile_of(s, position) != tile ||
          sk_dim_part_of(s, &s->unreduced, UINT64_MAX, position) != share || copy-- > 0) {
        continue;
      }
      int64_t device = s->mesh.device_ids ? s->mesh.device_ids[position] : position;
      sk_text_addf(out, "%s%lld", listed++ ? "," : "", (long long)device);
      break;
    }
  }
}

void sk_sharding_print_tiles(const sk_sharding *s, sk_text *out) {
  int64_t tiles = 1, shares = sk_dim_parts(&s->unreduced, UINT64_MAX);
  for (uint32_t d = 0; d < s->rank; d++) {
    tiles *= sk_dim_parts(&s->dims[d], UINT64_MAX);
  }
  if (tiles * shares == 1 || s->mesh.device_count % (tiles * shares) != 0) {
    sk_text_addf(out, "{replicated}");
    return;
  }
  const int64_t copies = s->mesh.device_count / (tiles * shares);
  const char *comma = "";
  sk_text_addf(out, "{devices=[");
  for (uint32_t d = 0; d < s->rank + 2; d++) {
    int64_t parts = d < s->rank    ? sk_dim_parts(&s->dims[d], UINT64_MAX)
                    : d == s->rank ? copies
                                   : shares;
    if (d < s->rank || parts > 1) {
      sk_text_addf(out, "%s%lld", comma, (long long)parts);
      comma = ",";
    }
  }
  sk_text_addf(out, "]");
  print_devices(s, tiles, out);
  sk_text_addf(out, "%s}",
               shares > 1   ? copies > 1 ? " last_tile_dims={replicated, unreduced}"
                                         : " last_tile_dims={unreduced}"
               : copies > 1 ? " last_tile_dim_replicate"
                            : "");
}
