// SPDX-License-Identifier: Apache-2.0
// What attributes about meshes of devices say, from their text: how a tensor is split over one, which devices meet.
//
//   #sdy.sharding<@mesh, [{"x"}, {"y":(1)2, ?}], replicated={..}>     dimension 0 is split by axis x, dimension 1 by the
//                                                                     first half of axis y; a device holds one part
//   #sdy.sharding<@mesh, [{"x"}], unreduced={"y"}>                    over axis y the parts are terms of a sum
#ifndef SK_IR_SHARDING_H
#define SK_IR_SHARDING_H

#include "ir/ir.h"

typedef struct sk_mesh_axis {
  sk_str name;
  int64_t size;
} sk_mesh_axis;

// Positions run through the axes, the last one fastest. A mesh without axes has one device.
typedef struct sk_mesh {
  sk_mesh_axis *axes;
  uint32_t axis_count, device_count;  // device_count: product of the sizes
  int64_t *device_ids;                // by position; NULL: the position itself
  uint32_t device_id_count;
} sk_mesh;

// Part of an axis: of coordinate c, the digit (c / (n / (before * size))) % size. A whole axis: before 1, size n.
typedef struct sk_axis_ref {
  uint32_t axis;
  int64_t before, size;
} sk_axis_ref;

typedef struct sk_dim_sharding {
  sk_axis_ref *refs;  // major first
  uint32_t count;
  bool open;  // may be split further
} sk_dim_sharding;

typedef struct sk_sharding {
  sk_mesh mesh;
  sk_str mesh_name;  // empty: written inline
  uint32_t rank;
  sk_dim_sharding *dims;
  // Over these axes a device holds a share of the tensor: what `combine` makes of all shares is the
  // tensor (add, minimum or maximum).
  sk_dim_sharding unreduced;
  sk_opkind combine;
} sk_sharding;

typedef struct sk_sharding_list {
  sk_sharding *items;
  uint32_t count;
} sk_sharding_list;

// count rows of `width` device ids: in a row the last axis moves fastest, rows are in the order of their first positions.
typedef struct sk_device_groups {
  const int64_t *ids;
  uint32_t count, width;
} sk_device_groups;

// Attributes as ir keeps them (SK_ATTR_OPAQUE or SK_ATTR_STRING). Arrays are in `arena`; `at` is for errors: INVALID_ARGUMENT where the text is
// none of those above or names a mesh or axis that is not there. Linear in the text and in the devices.
sk_status sk_sharding_read(const sk_module *m, sk_op at, sk_attr attr, sk_arena *arena,
                           sk_sharding *out);
sk_status sk_sharding_list_read(const sk_module *m, sk_op at, sk_attr attr, sk_arena *arena,
                                sk_sharding_list *out);  // #sdy.sharding_per_value
// {devices=[2,1]0,1}, as XLA writes it: a mesh with an axis for each dimension, and more for copies and shares; what is
// {replicated} has a mesh without axes.
sk_status sk_tiles_read(const sk_module *m, sk_op at, sk_attr attr, uint32_t rank, sk_arena *arena,
                        sk_sharding *out);
// #stablehlo.replica_group_mesh_axes<..>: groups of devices that differ in those axes alone.
sk_status sk_group_axes_read(const sk_module *m, sk_op at, sk_attr attr, sk_arena *arena,
                             sk_device_groups *out);
// #sdy<manual_axes{"x", "y"}>: bit k of *out_mask is set if it names axis k of the mesh (at most 64 axes).
sk_status sk_manual_axes_read(const sk_module *m, sk_op at, sk_attr attr, const sk_mesh *mesh,
                              uint64_t *out_mask);

// The same axes and devices, whatever their names in the module.
bool sk_mesh_equal(const sk_mesh *a, const sk_mesh *b);
// Position of a device in the mesh; UINT32_MAX: it is not there.
uint32_t sk_mesh_position(const sk_mesh *mesh, int64_t device);
int64_t sk_mesh_coordinate(const sk_mesh *mesh, uint32_t position, uint32_t axis);

// A bit for each axis (at most 64).
uint64_t sk_mesh_all_axes(const sk_mesh *mesh);

// The groups that differ in these parts of axes. Linear in the devices times the axes.
sk_device_groups sk_mesh_groups(const sk_mesh *mesh, const sk_dim_sharding *axes, sk_arena *arena);

// Split by the same parts of axes, in the same order?
bool sk_dim_sharding_equal(const sk_dim_sharding *a, const sk_dim_sharding *b);
// Into how many parts a dimension is split by the axes in `mask`, and which of them a position holds.
int64_t sk_dim_parts(const sk_dim_sharding *dim, uint64_t mask);
int64_t sk_dim_part_of(const sk_sharding *s, const sk_dim_sharding *dim, uint64_t mask,
                       uint32_t position);

// As XLA writes it, with all devices: {replicated} or {devices=[2,1,2]0,1,2,3 last_tile_dim_replicate}, one number per dimension,
// then how many devices hold each tile if more than one; where some hold shares of a sum,
// {devices=[2,1,2,2]0,1,2,3,4,5,6,7 last_tile_dims={replicated, unreduced}}. Quadratic in the devices.
void sk_sharding_print_tiles(const sk_sharding *s, sk_text *out);

#endif
