// SPDX-License-Identifier: Apache-2.0
// What attributes about meshes say (ir/sharding.h), in the plain arrays in which interp keeps it.
#include <setjmp.h>
#include <string.h>

#include "base/mem.h"
#include "interp/interp_int.h"
#include "ir/sharding.h"

typedef struct request {
  const sk_module *m;
  sk_op op;
  sk_attr attr;
  uint32_t value, rank;
  bool tiles;  // else value `value` of a list
  sk_groups *groups;
  sk_pieces *pieces;
} request;

static sk_status too_large(const request *q) {
  return sk_op_error(q->m, q->op, SK_UNIMPLEMENTED,
                     "the reference interpreter runs at most %d devices, with arrays of rank %d",
                     SK_PIECES_MAX_DEVICES, SK_PIECES_MAX_RANK);
}

static sk_status read_groups(const request *q, sk_arena *arena) {
  sk_device_groups groups;
  SK_TRY(sk_group_axes_read(q->m, q->op, q->attr, arena, &groups));
  size_t bytes = sizeof *groups.ids * groups.count * groups.width;
  q->groups->ids = sk_mem_alloc(bytes);
  if (!q->groups->ids) {
    return sk_status_no_memory();
  }
  memcpy(q->groups->ids, groups.ids, bytes);
  q->groups->count = groups.count;
  q->groups->width = groups.width;
  return NULL;
}

// The sharding, and which of its axes split: for tiles all of them.
static sk_status read_sharding(const request *q, sk_arena *arena, sk_sharding *out,
                               uint64_t *out_axes) {
  *out_axes = UINT64_MAX;
  if (q->tiles) {
    return sk_tiles_read(q->m, q->op, q->attr, q->rank, arena, out);
  }
  sk_sharding_list list;
  SK_TRY(sk_sharding_list_read(q->m, q->op, q->attr, arena, &list));
  if (q->value >= list.count || list.items[q->value].rank != q->rank) {
    return sk_op_error(q->m, q->op, SK_INVALID_ARGUMENT,
                       "no sharding of rank %u for operand or result %u", q->rank, q->value);
  }
  *out = list.items[q->value];
  return sk_manual_axes_read(q->m, q->op, sk_op_find_attr(q->m, q->op, SK_NAME_manual_axes),
                             &out->mesh, out_axes);
}

// A number made of the coordinates along other axes.
static uint16_t set_of(const sk_mesh *mesh, uint64_t axes, uint32_t position) {
  int64_t set = 0;
  for (uint32_t a = 0; a < mesh->axis_count; a++) {
    bool is_cut = a < 64 && axes >> a & 1;
    set = is_cut ? set : set * mesh->axes[a].size + sk_mesh_coordinate(mesh, position, a);
  }
  return (uint16_t)set;
}

static sk_status read_pieces(const request *q, sk_arena *arena) {
  sk_sharding s;
  uint64_t axes;
  SK_TRY(read_sharding(q, arena, &s, &axes));
  if (s.mesh.device_count > SK_PIECES_MAX_DEVICES || s.rank > SK_PIECES_MAX_RANK) {
    return too_large(q);
  }
  q->pieces->rank = s.rank;
  q->pieces->devices = s.mesh.device_count;
  for (uint32_t d = 0; d < s.rank; d++) {
    q->pieces->counts[d] = sk_dim_parts(&s.dims[d], axes);
  }
  for (uint32_t position = 0; position < s.mesh.device_count; position++) {
    int64_t device = s.mesh.device_ids ? s.mesh.device_ids[position] : position;
    if (device >= s.mesh.device_count) {
      return sk_op_error(q->m, q->op, SK_UNIMPLEMENTED,
                         "a mesh whose devices are not numbered from 0");
    }
    q->pieces->set[device] = set_of(&s.mesh, axes, position);
    for (uint32_t d = 0; d < s.rank; d++) {
      q->pieces->index[device][d] = (uint16_t)sk_dim_part_of(&s, &s.dims[d], axes, position);
    }
  }
  return NULL;
}

// With an arena of its own: interp's module is shared by the threads of a grid.
static sk_status answer(const request *q) {
  sk_arena arena;
  jmp_buf bail;
  sk_status status;
  sk_arena_init(&arena);
  arena.bail = &bail;
  if (setjmp(bail) == 0) {
    status = q->groups ? read_groups(q, &arena) : read_pieces(q, &arena);
  } else {
    status = sk_status_no_memory();
  }
  sk_arena_fini(&arena);
  return status;
}

sk_status sk_groups_read(const sk_module *m, sk_op op, sk_attr attr, sk_groups *out) {
  return answer(&(request){.m = m, .op = op, .attr = attr, .groups = out});
}

sk_status sk_pieces_read(const sk_module *m, sk_op op, sk_name shardings, uint32_t value,
                         uint32_t rank, sk_pieces *out) {
  return answer(&(request){.m = m,
                           .op = op,
                           .attr = sk_op_find_attr(m, op, shardings),
                           .value = value,
                           .rank = rank,
                           .pieces = out});
}

sk_status sk_pieces_read_tiles(const sk_module *m, sk_op op, uint32_t rank, sk_pieces *out) {
  return answer(&(request){.m = m,
                           .op = op,
                           .attr = sk_op_find_attr(m, op, SK_NAME_mhlo_sharding),
                           .rank = rank,
                           .tiles = true,
                           .pieces = out});
}
