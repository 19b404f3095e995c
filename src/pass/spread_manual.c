// SPDX-License-Identifier: Apache-2.0
// What passes between the devices and a manual computation of the entry as it is, without a whole on the way.
//
//   main(%a: {[{}], unreduced={"x"}}) -> {[{}]}        main(%a0, %a1)
//     %r = manual_computation(%a) in_shardings=          %r, %r0, %r1 = manual_computation(%a, %a0, %a1)
//          [{[{}], unreduced={"x"}}]                 ->        {skarn.own_operands = [0], skarn.own_results = [0]}
//          out_shardings=[{[{}]}]
//     return %r                                          return %r0, %r1
//
// A whole does not say what each device has where several have the same part, or shares of it: of copies the
// first counts, of shares what they add up to. The body of a manual computation may tell them apart. Where it
// makes a result of the entry that is split as it leaves the body, the devices get what their own processes
// returned; and where it takes shares that are an argument, they are those of the devices. Copies of an argument
// stay one value, so that what all compute from them is computed once.
//
// grid_manual.c knows the two attributes: after the operands come, for each in the list, the parts of it by
// position in the mesh; the same with results. There it is one computation, over all axes of its mesh, in
// the entry itself.
#include "pass/shard.h"

typedef struct passage {
  uint32_t inside, outside;  // operand and argument, or result of the computation and of the entry
} passage;

typedef struct passages {
  passage *items;
  uint32_t count;
  const sk_mesh *mesh;  // of those; NULL: there are none
} passages;

bool sk_own_parts_is_split_alike(const sk_sharding *outside, const sk_sharding *inside) {
  bool same = outside->rank == inside->rank &&
              (outside->mesh.axis_count == 0 || sk_mesh_equal(&outside->mesh, &inside->mesh));
  for (uint32_t d = 0; same && d < inside->rank; d++) {
    same = sk_dim_sharding_equal(&outside->dims[d], &inside->dims[d]);
  }
  same = same && sk_dim_sharding_equal(&outside->unreduced, &inside->unreduced);
  return same && (inside->unreduced.count == 0 || outside->combine == inside->combine);
}

// Does every device have a part of its own?
static bool is_told_by_whole(const sk_sharding *s) {
  int64_t parts = 1;
  for (uint32_t d = 0; d < s->rank; d++) {
    parts *= sk_dim_parts(&s->dims[d], UINT64_MAX);
  }
  return parts == s->mesh.device_count;
}

bool sk_own_parts_is_mesh(const sk_own_parts *o, const sk_mesh *mesh) {
  bool all = mesh->device_count == o->devices;
  for (uint32_t device = 0; all && device < o->devices; device++) {
    all = sk_mesh_position(mesh, device) != UINT32_MAX;
  }
  return all;
}

static void add(passages *list, uint32_t inside, uint32_t outside, const sk_mesh *mesh) {
  list->items[list->count++] = (passage){inside, outside};
  list->mesh = mesh;
}

// Shares that are an argument.
static void find_operands(const sk_own_parts *o, sk_op op, const sk_sharding_list *in,
                          passages *out) {
  const sk_region entry = sk_func_body(o->m, o->entry);
  for (uint32_t i = 0; i < in->count; i++) {
    const sk_sharding *inside = &in->items[i];
    for (uint32_t k = 0; inside->unreduced.count > 0 && k < o->arg_count; k++) {
      if (sk_region_arg(o->m, entry, k).id == sk_op_operand(o->m, op, i).id &&
          sk_own_parts_is_split_alike(&o->shardings[k], inside) &&
          sk_own_parts_is_mesh(o, &inside->mesh)) {
        add(out, i, k, &inside->mesh);
      }
    }
  }
}

static void find_results(const sk_own_parts *o, sk_op op, const sk_sharding_list *list,
                         passages *out) {
  const sk_op end = sk_region_get(o->m, sk_func_body(o->m, o->entry))->last;
  for (uint32_t k = 0; k < o->result_count; k++) {
    const sk_value returned = sk_op_operand(o->m, end, k);
    for (uint32_t i = 0; i < list->count; i++) {
      const sk_sharding *inside = &list->items[i];
      if (sk_op_result(o->m, op, i).id == returned.id &&
          sk_value_type_rec(o->m, returned)->kind == SK_TYPE_TENSOR && !is_told_by_whole(inside) &&
          sk_own_parts_is_split_alike(&o->shardings[o->arg_count + k], inside) &&
          sk_own_parts_is_mesh(o, &inside->mesh)) {
        add(out, i, k, &inside->mesh);
      }
    }
  }
}

static sk_status find(const sk_own_parts *o, sk_op op, passages *operands, passages *results) {
  sk_module *m = o->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  sk_sharding_list in, out;
  SK_TRY(
      sk_sharding_list_read(m, op, sk_op_find_attr(m, op, SK_NAME_in_shardings), &m->arena, &in));
  SK_TRY(
      sk_sharding_list_read(m, op, sk_op_find_attr(m, op, SK_NAME_out_shardings), &m->arena, &out));
  if (in.count != rec.operand_count || out.count != rec.result_count) {
    return NULL;  // the grid says so
  }
  operands->items = SK_NEW_ARRAY(&m->arena, passage, in.count + 1);
  results->items = SK_NEW_ARRAY(&m->arena, passage, o->result_count + 1);
  find_operands(o, op, &in, operands);
  find_results(o, op, &out, results);
  const sk_mesh *mesh = operands->mesh ? operands->mesh : results->mesh;
  uint64_t axes = 0;
  if (mesh) {
    SK_TRY(sk_manual_axes_read(m, op, sk_op_find_attr(m, op, SK_NAME_manual_axes), mesh, &axes));
  }
  if (mesh && axes != sk_mesh_all_axes(mesh)) {
    operands->count = results->count = 0;
  }
  return NULL;
}

static sk_named_attr list_of(const sk_own_parts *o, sk_name name, const passages *list) {
  int64_t *ids = SK_NEW_ARRAY(&o->m->arena, int64_t, list->count + 1);
  for (uint32_t i = 0; i < list->count; i++) {
    ids[i] = list->items[i].inside;
  }
  return (sk_named_attr){{(uint32_t)name}, sk_attr_ints(o->m, ids, list->count)};
}

// The computation with those operands and results behind its own.
static sk_status write(const sk_own_parts *o, sk_rebuild *r, sk_op op, sk_region into,
                       const passages *in, const passages *out, sk_op *out_made) {
  sk_module *m = o->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  sk_value *operands =
      SK_NEW_ARRAY(&m->arena, sk_value, rec.operand_count + in->count * o->devices + 1);
  sk_type *types = SK_NEW_ARRAY(&m->arena, sk_type, rec.result_count + out->count * o->devices + 1);
  sk_named_attr *attrs = SK_NEW_ARRAY(&m->arena, sk_named_attr, rec.attr_count + 2u);
  sk_region body;
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    operands[i] = sk_rebuild_get(r, sk_op_operand(m, op, i));
  }
  for (uint32_t i = 0; i < in->count * o->devices; i++) {
    uint32_t device = i % o->devices, position = sk_mesh_position(in->mesh, device);
    const passage *p = &in->items[i / o->devices];
    operands[rec.operand_count + i - device + position] =
        sk_region_arg(m, into, device * o->arg_count + p->outside);
  }
  for (uint32_t i = 0; i < rec.result_count; i++) {
    types[i] = sk_value_type(m, sk_op_result(m, op, i));
  }
  for (uint32_t i = 0; i < out->count * o->devices; i++) {
    types[rec.result_count + i] = o->types[o->arg_count + out->items[i / o->devices].outside];
  }
  memcpy(attrs, &m->attr_pool.data[rec.attrs], rec.attr_count * sizeof *attrs);
  attrs[rec.attr_count] = list_of(o, SK_NAME_skarn_own_operands, in);
  attrs[rec.attr_count + 1] = list_of(o, SK_NAME_skarn_own_results, out);
  SK_TRY(sk_rebuild_region(r, sk_op_region(m, op, 0), &body));
  const sk_op_desc desc = {.kind = SK_OP_SDY_MANUAL_COMPUTATION,
                           .loc = rec.loc,
                           .operands = operands,
                           .operand_count = rec.operand_count + in->count * o->devices,
                           .result_types = types,
                           .result_count = rec.result_count + out->count * o->devices,
                           .attrs = attrs,
                           .attr_count = rec.attr_count + 2u,
                           .regions = &body,
                           .region_count = 1};
  *out_made = sk_rebuild_emit(r, into, &desc);
  return NULL;
}

sk_status sk_own_parts_write(sk_own_parts *o, sk_rebuild *r, sk_op op, sk_region into,
                             bool *out_written) {
  sk_module *m = o->m;
  passages in = {0}, out = {0};
  sk_op made;
  *out_written = false;
  if (sk_op_get(m, op)->parent.id != sk_func_body(m, o->entry).id) {
    return NULL;
  }
  SK_TRY(find(o, op, &in, &out));
  if (in.count + out.count == 0) {
    return NULL;
  }
  const uint32_t own = sk_op_get(m, op)->result_count;
  SK_TRY(write(o, r, op, into, &in, &out, &made));
  for (uint32_t i = 0; i < own; i++) {
    sk_rebuild_set(r, sk_op_result(m, op, i), sk_op_result(m, made, i));
  }
  for (uint32_t i = 0; i < out.count; i++) {
    sk_value *parts = SK_NEW_ARRAY(&m->arena, sk_value, o->devices);
    for (uint32_t device = 0; device < o->devices; device++) {
      uint32_t position = sk_mesh_position(out.mesh, device);
      parts[device] = sk_op_result(m, made, own + i * o->devices + position);
    }
    o->results[out.items[i].outside] = parts;
  }
  *out_written = true;
  return NULL;
}
