// SPDX-License-Identifier: Apache-2.0
// What one device does of a program whose devices meet nowhere but in functions of the host.
//
//   main(%a: 8xf32 {[{"x"}]})                              main(%p: 4xf32)
//     %r = manual_computation(%a) in_shardings=       ->     body on %p, partition_id being the device
//          [{[{"x"}]}] out_shardings=[{[{"x"}]}]
//     return %r
//
// Programs for several devices take turns in one (spread.c), so a function of the host that waits for
// what another device's call does would wait for ever. Where the entry is one manual computation, whose
// body needs nothing of the other devices, each device has a program of its own, and whoever
// executes them may do so at the same time.
//
// FAILED_PRECONDITION for all other programs: those that meet in collective operations or by a
// whole, and those in which no call of the host has results to wait for.
#include "pass/grid_int.h"
#include "pass/shard.h"

typedef struct apart {
  const sk_own_parts *o;
  sk_rebuild *r;
  sk_op op;  // the computation
  sk_sharding_list in, out;
  uint32_t device;
  SK_VEC(sk_op) functions;  // that its body calls
  uint8_t *seen;            // by op
  bool waits;               // a call of the host has results
} apart;

static sk_status refuse(const apart *a, sk_op at, const char *what) {
  return sk_op_error(a->o->m, at, SK_FAILED_PRECONDITION, "devices do not run apart: %s", what);
}

// ---- what the body does

static bool has_results_of_host(const sk_module *m, sk_op op) {
  bool any = false;
  for (uint32_t i = 0; i < sk_op_get(m, op)->result_count; i++) {
    any = any || sk_value_type_rec(m, sk_op_result(m, op, i))->kind == SK_TYPE_TENSOR;
  }
  return any && sk_op_kind(m, op) == SK_OP_CUSTOM_CALL &&
         sk_op_int(m, op, SK_NAME_has_side_effect, 0) != 0;
}

static void reach(apart *a, sk_op op) {
  const sk_opkind kind = sk_op_kind(a->o->m, op);
  if (kind != SK_OP_FUNC_CALL && kind != SK_OP_COMPOSITE) {
    return;
  }
  sk_name name = kind == SK_OP_FUNC_CALL ? SK_NAME_callee : SK_NAME_decomposition;
  sk_op func = sk_module_find_func(a->o->m, sk_op_string(a->o->m, op, name));
  if (func.id != 0 && !a->seen[func.id]) {
    a->seen[func.id] = 1;
    sk_vec_push(&a->o->m->arena, &a->functions, func);
  }
}

static sk_status look_through(apart *a, sk_region region) {
  sk_module *m = a->o->m;
  SK_FOR_EACH_OP(m, region, op) {
    if (sk_grid_is_meeting(m, op) || sk_shape_call_of(m, op) != SK_SHAPE_CALL_NONE) {
      return refuse(a, op, "they meet here");
    }
    a->waits = a->waits || has_results_of_host(m, op);
    reach(a, op);
    for (uint32_t i = 0; i < sk_op_get(m, op)->region_count; i++) {
      SK_TRY(look_through(a, sk_op_region(m, op, i)));
    }
  }
  return NULL;
}

static sk_status look_through_all(apart *a) {
  a->seen = sk_arena_zalloc(&a->o->m->arena, a->o->m->ops.count, 1);
  SK_TRY(look_through(a, sk_op_region(a->o->m, a->op, 0)));
  for (uint32_t i = 0; i < a->functions.count; i++) {
    sk_region body = sk_func_body(a->o->m, a->functions.data[i]);
    SK_TRY(body.id != 0 ? look_through(a, body) : NULL);
  }
  return a->waits ? NULL : refuse(a, a->op, "no function of the host could wait for another");
}

// ---- the computation

// The only one; beside it the entry has constants.
static sk_status find_computation(apart *a) {
  sk_module *m = a->o->m;
  const sk_region entry = sk_func_body(m, a->o->entry);
  const sk_op end = sk_region_get(m, entry)->last;
  SK_FOR_EACH_OP(m, entry, op) {
    const sk_op_rec *rec = sk_op_get(m, op);
    if (sk_op_kind(m, op) == SK_OP_SDY_MANUAL_COMPUTATION && a->op.id == 0) {
      a->op = op;
    } else if (op.id != end.id && (rec->operand_count > 0 || rec->region_count > 0)) {
      return refuse(a, op, "this is computed of wholes");
    }
  }
  return a->op.id != 0 ? NULL : refuse(a, a->o->entry, "it has no manual computation");
}

static sk_status read_computation(apart *a) {
  sk_module *m = a->o->m;
  uint64_t axes = 0;
  SK_TRY(sk_sharding_list_read(m, a->op, sk_op_find_attr(m, a->op, SK_NAME_in_shardings), &m->arena,
                               &a->in));
  SK_TRY(sk_sharding_list_read(m, a->op, sk_op_find_attr(m, a->op, SK_NAME_out_shardings),
                               &m->arena, &a->out));
  const sk_op_rec rec = *sk_op_get(m, a->op);
  const sk_sharding *some = a->in.count > 0 ? a->in.items : a->out.count > 0 ? a->out.items : NULL;
  if (!some || a->in.count != rec.operand_count || a->out.count != rec.result_count) {
    return refuse(a, a->op, "not all operands and results have shardings");
  }
  SK_TRY(sk_manual_axes_read(m, a->op, sk_op_find_attr(m, a->op, SK_NAME_manual_axes), &some->mesh,
                             &axes));
  bool same = axes == sk_mesh_all_axes(&some->mesh) && sk_own_parts_is_mesh(a->o, &some->mesh);
  for (uint32_t i = 0; i < a->in.count + a->out.count; i++) {
    const sk_sharding *each = i < a->in.count ? &a->in.items[i] : &a->out.items[i - a->in.count];
    same = same && sk_mesh_equal(&some->mesh, &each->mesh);
  }
  return same ? NULL : refuse(a, a->op, "it is not one of all axes of a mesh of all devices");
}

// ---- its arguments and results, as the device has them

static bool is_whole(const sk_sharding *s) {
  bool whole = s->unreduced.count == 0;
  for (uint32_t d = 0; d < s->rank; d++) {
    whole = whole && sk_dim_parts(&s->dims[d], UINT64_MAX) == 1;
  }
  return whole;
}

// A part that is an argument, or is cut from a whole that every device has.
static sk_status find_operand(const apart *a, uint32_t i, sk_region made, sk_value *out) {
  sk_module *m = a->o->m;
  const sk_sharding *inside = &a->in.items[i];
  const sk_sharding *outside = NULL;
  const sk_value v = sk_op_operand(m, a->op, i);
  const sk_region entry = sk_func_body(m, a->o->entry);
  for (uint32_t k = 0; k < a->o->arg_count; k++) {
    outside = sk_region_arg(m, entry, k).id == v.id ? &a->o->shardings[k] : outside;
  }
  *out = sk_rebuild_get(a->r, v);
  if (sk_value_type_rec(m, v)->kind == SK_TYPE_TENSOR &&
      !(outside && sk_own_parts_is_split_alike(outside, inside))) {
    if ((outside && !is_whole(outside)) || inside->unreduced.count > 0) {
      return refuse(a, a->op, "an operand is split otherwise than the argument");
    }
    const sk_expander e = {.r = a->r, .m = m, .into = made, .loc = sk_op_get(m, a->op)->loc};
    *out = sk_shard_cut(&e, (sk_shards){inside, UINT64_MAX}, *out,
                        sk_mesh_position(&inside->mesh, a->device));
  }
  const sk_value arg = sk_region_arg(m, sk_op_region(m, a->op, 0), i);
  return sk_value_type(m, *out).id == sk_value_type(m, arg).id
             ? NULL
             : refuse(a, a->op, "an argument of the body is not of the type of a part");
}

static sk_status find_result(const apart *a, uint32_t k, sk_value *out) {
  sk_module *m = a->o->m;
  const sk_op end = sk_region_get(m, sk_func_body(m, a->o->entry))->last;
  const sk_op body_end = sk_region_get(m, sk_op_region(m, a->op, 0))->last;
  const sk_sharding *outside = &a->o->shardings[a->o->arg_count + k];
  const sk_value v = sk_op_operand(m, end, k);
  for (uint32_t i = 0; i < a->out.count; i++) {
    if (sk_op_result(m, a->op, i).id == v.id &&
        (sk_value_type_rec(m, v)->kind != SK_TYPE_TENSOR ||
         sk_own_parts_is_split_alike(outside, &a->out.items[i]))) {
      *out = sk_rebuild_get(a->r, sk_op_operand(m, body_end, i));
      return sk_value_type(m, *out).id == a->o->types[a->o->arg_count + k].id
                 ? NULL
                 : refuse(a, body_end, "a result is not of the type of a part");
    }
  }
  return refuse(a, end, "a result is made of what others have");
}

// ---- the program

// The device has a number, and is alone.
static sk_status name_device(const apart *a) {
  sk_module *m = a->o->m;
  const sk_type type = sk_type_scalar(m, SK_S64);
  const sk_sym partition = {SK_NAME_skarn_partition}, partitions = {SK_NAME_mhlo_num_partitions};
  return sk_op_set_attr(m, m->root, partition, sk_attr_int(m, type, a->device)) &&
                 sk_op_set_attr(m, m->root, partitions, sk_attr_int(m, type, 1))
             ? NULL
             : sk_status_no_memory();
}

sk_status sk_own_parts_run_apart(const sk_own_parts *o, sk_rebuild *r, uint32_t device,
                                 sk_region made, sk_value *returned) {
  sk_module *m = o->m;
  apart a = {.o = o, .r = r, .device = device};
  SK_TRY(find_computation(&a));
  SK_TRY(read_computation(&a));
  SK_TRY(look_through_all(&a));
  const sk_region entry = sk_func_body(m, o->entry), body = sk_op_region(m, a.op, 0);
  for (uint32_t k = 0; k < o->arg_count; k++) {
    sk_rebuild_set(r, sk_region_arg(m, entry, k), sk_region_arg(m, made, k));
  }
  SK_FOR_EACH_OP(m, entry, op) {
    bool is_constant = op.id != a.op.id && op.id != sk_region_get(m, entry)->last.id;
    SK_TRY(is_constant ? sk_rebuild_op(r, op, made) : NULL);
  }
  for (uint32_t i = 0; i < a.in.count; i++) {
    sk_value part;
    SK_TRY(find_operand(&a, i, made, &part));
    sk_rebuild_set(r, sk_region_arg(m, body, i), part);
  }
  SK_TRY(sk_rebuild_ops(r, body, made));
  for (uint32_t k = 0; k < o->result_count; k++) {
    SK_TRY(find_result(&a, k, &returned[k]));
  }
  return name_device(&a);
}
