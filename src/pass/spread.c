// SPDX-License-Identifier: Apache-2.0
// An entry function for all devices of a mesh. The program says what happens to whole tensors, and
// shardings say which part of an argument or result which device holds. The devices of one process
// share its memory: the entry takes the arguments of all of them, one device after the other, puts
// the wholes together, runs the program once and cuts the results up again.
//
//   main(%a: 8xf32 {<@mesh, [{"x"}]>})  ->  main(%a0: 4xf32, %a1: 4xf32)    %a = concatenate %a0, %a1
//
// An argument without a sharding is held by every device; the first one's counts. Where a result has
// none, it is split as what it is made of suggests (propagate.c). What was decided is written as
// mhlo.sharding, in terms of devices alone. Where a manual computation tells apart what a whole would make one,
// it gets and gives parts (spread_manual.c). Devices that need nothing of one another can have programs of
// their own (spread_apart.c).
//
// A program of replicas says what each of them does with tensors of its own, and meets the others in
// collective operations: the entry runs a grid of such processes (grid.c).
//
//   main(%a: 8xf32)  ->  main(%a0: 8xf32, %a1: 8xf32)    interpreter.run_parallel @"main of a replica" twice
//
// So does one that changes between wholes and parts by custom calls (grid_shape.c), on the same wholes.
#include "base/mem.h"
#include "pass/shard.h"

enum { MAX_DEVICES = 256 };

typedef struct spread {
  sk_rebuild rebuild;  // first: as other passes have it
  sk_module *m;
  sk_op entry;
  uint32_t devices;
  uint32_t holders;                  // those whose arguments and results it takes: all, or one
  uint32_t device;                   // that one
  uint32_t arg_count, result_count;  // of one device
  sk_sharding *shardings;            // of arguments, then results; NULL: replicas
  sk_type *types;                    // of their parts
  sk_shardings known;                // of values inside
  sk_own_parts own;                  // parts that need no whole
} spread;

// ---- shardings

static void replicate(const spread *s, uint32_t rank, sk_sharding *out) {
  *out = (sk_sharding){.rank = rank};
  out->mesh.device_count = s->devices;
  out->dims =
      sk_arena_zalloc(&s->m->arena, (rank + 1) * sizeof *out->dims, _Alignof(sk_dim_sharding));
}

// The mesh must be one of all devices, in some order.
static sk_status check_mesh(const spread *s, const sk_sharding *sharding) {
  for (uint32_t id = 0; id < s->devices; id++) {
    if (sharding->mesh.device_count != s->devices ||
        sk_mesh_position(&sharding->mesh, id) == UINT32_MAX) {
      return sk_op_error(s->m, s->entry, SK_UNIMPLEMENTED,
                         "a mesh of %u devices in a program for %u", sharding->mesh.device_count,
                         s->devices);
    }
  }
  return NULL;
}

// Attributes of an argument or result: one of them, in Shardy's words or in XLA's.
typedef struct given_attrs {
  sk_attr sdy, tiles;
} given_attrs;

typedef sk_attr attr_of(const sk_module *m, sk_op func, uint32_t index, sk_sym name);

static given_attrs attrs_given(const spread *s, attr_of *find, uint32_t i) {
  return (given_attrs){find(s->m, s->entry, i, (sk_sym){SK_NAME_sdy_sharding}),
                       find(s->m, s->entry, i, (sk_sym){SK_NAME_mhlo_sharding})};
}

static bool says_anything(given_attrs attrs) { return attrs.sdy.id != 0 || attrs.tiles.id != 0; }

static sk_status read_given(const spread *s, given_attrs attrs, uint32_t rank, sk_sharding *out) {
  return attrs.sdy.id != 0 ? sk_sharding_read(s->m, s->entry, attrs.sdy, &s->m->arena, out)
                           : sk_tiles_read(s->m, s->entry, attrs.tiles, rank, &s->m->arena, out);
}

// A mesh without axes is one device, whose data every device may have.
static sk_status read(const spread *s, given_attrs attrs, uint32_t rank, sk_sharding *out) {
  replicate(s, rank, out);
  if (!says_anything(attrs)) {
    return NULL;
  }
  sk_sharding given;
  SK_TRY(read_given(s, attrs, rank, &given));
  if (given.mesh.axis_count == 0) {
    return NULL;
  }
  *out = given;
  return check_mesh(s, out);
}

static uint32_t rank_of(const spread *s, sk_value v) {
  const sk_type_rec *rec = sk_value_type_rec(s->m, v);
  return rec->kind == SK_TYPE_TENSOR ? rec->rank : 0;
}

static bool splits_evenly(const sk_type_rec *type, const sk_sharding *sharding, uint32_t dim) {
  return type->dims[dim] >= 0 &&
         type->dims[dim] % sk_dim_parts(&sharding->dims[dim], UINT64_MAX) == 0;
}

// What the program leaves open is as the value is split where it is made, if that can be had.
static sk_status read_result(const spread *s, given_attrs attrs, sk_value v, sk_sharding *out) {
  const sk_sharding *found = sk_sharding_of(&s->known, v);
  uint32_t rank = rank_of(s, v);
  replicate(s, rank, out);
  if (found && !says_anything(attrs)) {
    *out = *found;
    out->dims = SK_NEW_ARRAY(&s->m->arena, sk_dim_sharding, rank + 1);
    for (uint32_t d = 0; d < rank; d++) {
      bool even = splits_evenly(sk_value_type_rec(s->m, v), found, d);
      out->dims[d] = even ? found->dims[d] : (sk_dim_sharding){0};
    }
  } else if (says_anything(attrs)) {
    sk_sharding given;
    SK_TRY(read_given(s, attrs, rank, &given));
    sk_sharding_fill(s->m, &given, found);
    if (given.mesh.axis_count > 0) {
      *out = given;
    }
  }
  return check_mesh(s, out);
}

static sk_status set_part_type(const spread *s, uint32_t i, sk_value v) {
  const sk_shards shards = {&s->shardings[i], UINT64_MAX};
  return sk_shard_type(s->m, s->entry, shards, sk_value_type(s->m, v), &s->types[i]);
}

static sk_status read_all(spread *s) {
  const sk_region body = sk_func_body(s->m, s->entry);
  const sk_op end = sk_region_get(s->m, body)->last;
  for (uint32_t i = 0; i < s->arg_count; i++) {
    sk_value v = sk_region_arg(s->m, body, i);
    SK_TRY(read(s, attrs_given(s, sk_func_arg_attr, i), rank_of(s, v), &s->shardings[i]));
    SK_TRY(set_part_type(s, i, v));
  }
  SK_TRY(sk_shard_propagate(s->m, s->entry, s->shardings, &s->known));
  for (uint32_t k = 0; k < s->result_count; k++) {
    sk_value v = sk_op_operand(s->m, end, k);
    const given_attrs attrs = attrs_given(s, sk_func_result_attr, k);
    SK_TRY(read_result(s, attrs, v, &s->shardings[s->arg_count + k]));
    SK_TRY(set_part_type(s, s->arg_count + k, v));
  }
  return NULL;
}

// ---- calls of every device

// A callback that asks to see parts: every device calls it with its own.
static bool is_call_of_parts(const sk_module *m, sk_op op) {
  if (sk_op_kind(m, op) != SK_OP_CUSTOM_CALL || sk_op_get(m, op)->result_count != 0) {
    return false;
  }
  sk_str target = sk_op_string(m, op, SK_NAME_call_target_name);
  return sk_str_eq(target, SK_STR("xla_ffi_partitioned_python_cpu_callback")) ||
         sk_str_eq(target, SK_STR("skarn_partitioned_python_callback"));
}

static sk_value part_of(const spread *s, const sk_expander *e, sk_value v, uint32_t device) {
  const sk_sharding *sharding = sk_sharding_of(&s->known, v);
  sk_value whole = sk_rebuild_get(&s->rebuild, v);
  uint32_t position = sharding ? sk_mesh_position(&sharding->mesh, device) : UINT32_MAX;
  for (uint32_t d = 0; position != UINT32_MAX && d < sharding->rank; d++) {
    position = splits_evenly(sk_value_type_rec(s->m, v), sharding, d) ? position : UINT32_MAX;
  }
  return position == UINT32_MAX
             ? whole
             : sk_shard_cut(e, (sk_shards){sharding, UINT64_MAX}, whole, position);
}

static void write_calls(spread *s, sk_op op, sk_region into) {
  sk_rebuild *r = &s->rebuild;
  sk_op_draft draft = sk_rebuild_draft(r, op);
  const sk_expander e = {.r = r, .m = s->m, .into = into, .loc = draft.desc.loc};
  draft.desc.result_count = 0;
  for (uint32_t device = 0; device < s->devices; device++) {
    for (uint32_t i = 0; i < draft.desc.operand_count; i++) {
      draft.operands[i] = part_of(s, &e, sk_op_operand(s->m, op, i), device);
    }
    (void)sk_rebuild_emit(r, into, &draft.desc);
  }
}

static bool rewrite(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  spread *s = (spread *)(void *)r;
  bool written = is_call_of_parts(s->m, op);
  if (written) {
    write_calls(s, op, into);
  } else if (sk_op_kind(s->m, op) == SK_OP_SDY_MANUAL_COMPUTATION) {
    *out_status = sk_own_parts_write(&s->own, r, op, into, &written);
  }
  return written;
}

// ---- the new function

// What a device holds of a result.
static sk_status cut_result(const spread *s, const sk_expander *e, uint32_t result, uint32_t device,
                            sk_value *out) {
  const sk_op end = sk_region_get(s->m, sk_func_body(s->m, s->entry))->last;
  const sk_value v = sk_op_operand(s->m, end, result);
  const sk_sharding *sharding = &s->shardings[s->arg_count + result];
  const uint32_t position = sk_mesh_position(&sharding->mesh, device);
  if (s->own.results[result]) {
    *out = s->own.results[result][device];
    return NULL;
  }
  sk_sharding parts = *sharding;
  sk_value value = sk_rebuild_get(&s->rebuild, v);
  if (sharding->unreduced.count > 0 && sharding->combine == SK_OP_ADD) {
    SK_TRY(sk_share_make(e, &s->known, sharding, position, v, &value));
    parts.unreduced.count = 0;
  }
  *out = sk_shard_cut(e, (sk_shards){&parts, UINT64_MAX}, value, position);
  return NULL;
}

static sk_status write_for_all(spread *s, sk_region made, sk_value *returned) {
  const sk_region old = sk_func_body(s->m, s->entry);
  const sk_expander e = {
      .r = &s->rebuild, .m = s->m, .into = made, .loc = sk_op_get(s->m, s->entry)->loc};
  sk_value *parts = SK_NEW_ARRAY(&s->m->arena, sk_value, s->devices);
  for (uint32_t i = 0; i < s->arg_count; i++) {
    const sk_shards shards = {&s->shardings[i], UINT64_MAX};
    for (uint32_t d = 0; d < s->devices; d++) {
      uint32_t position = sk_mesh_position(&s->shardings[i].mesh, d);
      parts[position] = sk_region_arg(s->m, made, d * s->arg_count + i);
    }
    bool is_tensor = sk_type_get(s->m, s->types[i])->kind == SK_TYPE_TENSOR;
    sk_rebuild_set(&s->rebuild, sk_region_arg(s->m, old, i),
                   is_tensor ? sk_shard_join(&e, shards, parts) : parts[0]);
  }
  SK_TRY(sk_rebuild_ops(&s->rebuild, old, made));
  for (uint32_t i = 0; i < s->result_count; i++) {
    for (uint32_t d = 0; d < s->devices; d++) {
      SK_TRY(cut_result(s, &e, i, d, &returned[d * s->result_count + i]));
    }
  }
  return NULL;
}

static sk_status write_body(spread *s, sk_region made, sk_value *returned) {
  const sk_op end = sk_region_get(s->m, sk_func_body(s->m, s->entry))->last;
  SK_TRY(s->holders > 1 ? write_for_all(s, made, returned)
                        : sk_own_parts_run_apart(&s->own, &s->rebuild, s->device, made, returned));
  const sk_op_desc desc = {.kind = SK_OP_FUNC_RETURN,
                           .loc = sk_op_get(s->m, end)->loc,
                           .operands = returned,
                           .operand_count = s->holders * s->result_count};
  (void)sk_rebuild_emit(&s->rebuild, made, &desc);
  return NULL;
}

// ---- grids

// The program under another name: what each process runs.
static sk_attr write_process(const spread *s, sk_str name) {
  const sk_region body = sk_func_body(s->m, s->entry);
  const sk_named_attr attrs[] = {
      {{SK_NAME_sym_name}, sk_attr_string(s->m, name)},
      {{SK_NAME_function_type}, sk_op_find_attr(s->m, s->entry, SK_NAME_function_type)},
      {{SK_NAME_sym_visibility}, sk_attr_string(s->m, SK_STR("private"))}};
  const sk_op_desc desc = {.kind = SK_OP_FUNC_FUNC,
                           .loc = sk_op_get(s->m, s->entry)->loc,
                           .attrs = attrs,
                           .attr_count = SK_COUNT(attrs),
                           .regions = &body,
                           .region_count = 1};
  (void)sk_op_new(s->m, sk_op_get(s->m, s->entry)->parent, &desc);
  return sk_attr_symbol(s->m, name);
}

// Rows are replicas, columns partitions.
static sk_attr write_programs(const spread *s, sk_attr symbol, bool replicas) {
  sk_attr *items = SK_NEW_ARRAY(&s->m->arena, sk_attr, s->devices);
  for (uint32_t d = 0; d < s->devices; d++) {
    items[d] = replicas ? sk_attr_array(s->m, &symbol, 1) : symbol;
  }
  sk_attr list = sk_attr_array(s->m, items, s->devices);
  return replicas ? list : sk_attr_array(s->m, &list, 1);
}

// A body that runs the program once per device, on the arguments of each or all on the same, and returns
// what all return or the first does.
static void write_grid(const spread *s, sk_region made, bool replicas) {
  const sk_region old = sk_func_body(s->m, s->entry);
  const sk_loc loc = sk_op_get(s->m, sk_region_get(s->m, old)->last)->loc;
  const sk_attr symbol =
      write_process(s, replicas ? SK_STR("main of a replica") : SK_STR("main of a partition"));
  const uint32_t args = s->devices * s->arg_count, count = s->devices * s->result_count;
  sk_value *values = SK_NEW_ARRAY(&s->m->arena, sk_value, SK_MAX(args, count) + 1);
  sk_type *results = SK_NEW_ARRAY(&s->m->arena, sk_type, count + 1);
  for (uint32_t i = 0; i < args; i++) {
    values[i] = sk_region_arg(s->m, made, replicas ? i : i % s->arg_count);
  }
  for (uint32_t i = 0; i < count; i++) {
    results[i] = s->types[s->arg_count + i % s->result_count];
  }
  const sk_named_attr programs = {{SK_NAME_programs}, write_programs(s, symbol, replicas)};
  const sk_op grid = sk_op_new(s->m, made,
                               &(sk_op_desc){.kind = SK_OP_INTERPRETER_RUN_PARALLEL,
                                             .loc = loc,
                                             .operands = values,
                                             .operand_count = args,
                                             .result_types = results,
                                             .result_count = count,
                                             .attrs = &programs,
                                             .attr_count = 1});
  for (uint32_t i = 0; i < count; i++) {
    values[i] = sk_op_result(s->m, grid, i);
  }
  (void)sk_op_new(s->m, made,
                  &(sk_op_desc){.kind = SK_OP_FUNC_RETURN,
                                .loc = loc,
                                .operands = values,
                                .operand_count = replicas ? count : s->result_count});
}

// The attributes of an argument or result on one device.
static sk_attr attrs_of(const spread *s, sk_attr dict, const sk_sharding *sharding,
                        uint32_t device) {
  const sk_attr_rec *rec = dict.id != 0 ? sk_attr_get(s->m, dict) : NULL;
  uint32_t count = rec && rec->kind == SK_ATTR_DICT ? rec->u.dict.count : 0, kept = 0;
  sk_named_attr *items = SK_NEW_ARRAY(&s->m->arena, sk_named_attr, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    sk_named_attr item = rec->u.dict.data[i];
    if (sharding &&
        (item.name.id == SK_NAME_sdy_sharding || item.name.id == SK_NAME_mhlo_sharding)) {
      continue;
    }
    if (item.name.id == SK_NAME_tf_aliasing_output) {
      const sk_attr_rec value = *sk_attr_get(s->m, item.attr);
      item.attr = sk_attr_int(s->m, value.type, value.u.i + device * s->result_count);
    }
    items[kept++] = item;
  }
  if (sharding) {
    sk_text text;
    sk_text_init(&text);
    sk_sharding_print_tiles(sharding, &text);
    items[kept++] = (sk_named_attr){{SK_NAME_mhlo_sharding},
                                    sk_attr_string(s->m, (sk_str){text.data, text.len})};
    sk_text_fini(&text);
  }
  return sk_attr_dict(s->m, items, kept);
}

static bool set_attrs(const spread *s, sk_name name, uint32_t count, const sk_sharding *shardings) {
  const sk_attr list = sk_op_find_attr(s->m, s->entry, name);
  sk_attr *all = SK_NEW_ARRAY(&s->m->arena, sk_attr, s->holders * count + 1);
  for (uint32_t d = 0; d < s->holders; d++) {
    for (uint32_t i = 0; i < count; i++) {
      const sk_attr_rec *rec = list.id != 0 ? sk_attr_get(s->m, list) : NULL;
      sk_attr dict = rec && rec->kind == SK_ATTR_ARRAY && i < rec->u.list.count
                         ? rec->u.list.data[i]
                         : (sk_attr){0};
      all[d * count + i] = attrs_of(s, dict, shardings ? &shardings[i] : NULL, d);
    }
  }
  return sk_op_set_attr(s->m, s->entry, (sk_sym){(uint32_t)name},
                        sk_attr_array(s->m, all, s->holders * count));
}

static void repeat_types(const spread *s, const sk_type *types, uint32_t count, sk_type *out) {
  for (uint32_t i = 0; i < s->holders * count; i++) {
    out[i] = types[i % count];
  }
}

static sk_status write_function(spread *s) {
  uint32_t args = s->holders * s->arg_count, results = s->holders * s->result_count;
  sk_type *types = SK_NEW_ARRAY(&s->m->arena, sk_type, args + results + 1);
  sk_value *returned = SK_NEW_ARRAY(&s->m->arena, sk_value, results + 1);
  repeat_types(s, s->types, s->arg_count, types);
  repeat_types(s, s->types + s->arg_count, s->result_count, types + args);
  sk_region made = sk_region_new(s->m, types, args);
  if (s->shardings) {
    sk_rebuild_begin(&s->rebuild, s->entry);
    SK_TRY(write_body(s, made, returned));
  } else {
    write_grid(s, made, true);
  }
  sk_rebuild_replace(&s->rebuild, s->entry, made);
  sk_type type = sk_type_function(s->m, args, types, results, types + args);
  bool good =
      sk_op_set_attr(s->m, s->entry, (sk_sym){SK_NAME_function_type}, sk_attr_type(s->m, type)) &&
      set_attrs(s, SK_NAME_arg_attrs, s->arg_count, s->shardings) &&
      set_attrs(s, SK_NAME_res_attrs, s->result_count,
                s->shardings ? s->shardings + s->arg_count : NULL);
  return good ? NULL : sk_status_no_memory();
}

static sk_status init(spread *s, sk_module *m, sk_op entry, uint32_t devices,
                      sk_pass_options *options) {
  const sk_region body = sk_func_body(m, entry);
  *s = (spread){.m = m,
                .entry = entry,
                .devices = devices,
                .holders = devices,
                .arg_count = sk_region_get(m, body)->arg_count,
                .result_count = sk_op_get(m, sk_region_get(m, body)->last)->operand_count};
  if (devices > MAX_DEVICES) {
    return sk_op_error(m, entry, SK_UNIMPLEMENTED, "a program for %u devices, at most %d", devices,
                       MAX_DEVICES);
  }
  s->types = SK_NEW_ARRAY(&m->arena, sk_type, s->arg_count + s->result_count + 1);
  sk_rebuild_init(&s->rebuild, m, options, false);
  return NULL;
}

static sk_status read_own(spread *s) {
  sk_module *m = s->m;
  s->shardings = SK_NEW_ARRAY(&m->arena, sk_sharding, s->arg_count + s->result_count + 1);
  SK_TRY(read_all(s));
  s->own = (sk_own_parts){
      m, s->entry, s->devices, s->arg_count, s->result_count, s->shardings, s->types, NULL};
  s->own.results = sk_arena_zalloc(&m->arena, (s->result_count + 1) * sizeof *s->own.results,
                                   _Alignof(sk_value *));
  return NULL;
}

sk_status sk_pass_spread(sk_module *m, sk_op entry, uint32_t devices, sk_pass_options *options) {
  spread s;
  SK_TRY(init(&s, m, entry, devices, options));
  SK_TRY(read_own(&s));
  s.rebuild.rewrite = rewrite;
  return write_function(&s);
}

sk_status sk_pass_spread_apart(sk_module *m, sk_op entry, uint32_t devices, uint32_t device,
                               sk_pass_options *options) {
  spread s;
  SK_TRY(init(&s, m, entry, devices, options));
  SK_TRY(read_own(&s));
  s.holders = 1;
  s.device = device;
  return write_function(&s);
}

static void take_types(spread *s) {
  const sk_type_rec type = *sk_func_type(s->m, s->entry);
  for (uint32_t i = 0; i < s->arg_count; i++) {
    s->types[i] = type.inputs[i];
  }
  for (uint32_t i = 0; i < s->result_count; i++) {
    s->types[s->arg_count + i] = type.results[i];
  }
}

sk_status sk_pass_replicate(sk_module *m, sk_op entry, uint32_t replicas,
                            sk_pass_options *options) {
  spread s;
  SK_TRY(init(&s, m, entry, replicas, options));
  take_types(&s);
  return write_function(&s);
}

// ---- custom calls between wholes and parts

typedef struct devices_in {
  sk_module *m;
  uint32_t count;
  SK_VEC(sk_op) functions;  // reached from the entry
  uint8_t *seen;            // by op
} devices_in;

static void reach(devices_in *d, sk_op op) {
  const sk_opkind kind = sk_op_kind(d->m, op);
  if (kind != SK_OP_FUNC_CALL && kind != SK_OP_COMPOSITE) {
    return;
  }
  sk_name name = kind == SK_OP_FUNC_CALL ? SK_NAME_callee : SK_NAME_decomposition;
  sk_op func = sk_module_find_func(d->m, sk_op_string(d->m, op, name));
  if (func.id != 0 && !d->seen[func.id]) {
    d->seen[func.id] = 1;
    sk_vec_push(&d->m->arena, &d->functions, func);
  }
}

static sk_status count_devices(devices_in *d, sk_region region) {
  SK_FOR_EACH_OP(d->m, region, op) {
    if (sk_shape_call_of(d->m, op) != SK_SHAPE_CALL_NONE) {
      sk_sharding sharding;
      SK_TRY(sk_shape_call_read(d->m, op, &sharding));
      d->count = SK_MAX(d->count, sharding.mesh.device_count);
    }
    reach(d, op);
    for (uint32_t i = 0; i < sk_op_get(d->m, op)->region_count; i++) {
      SK_TRY(count_devices(d, sk_op_region(d->m, op, i)));
    }
  }
  return NULL;
}

sk_status sk_pass_partition(sk_module *m, sk_op entry, sk_pass_options *options) {
  devices_in d = {.m = m, .count = 1, .seen = sk_arena_zalloc(&m->arena, m->ops.count, 1)};
  sk_vec_push(&m->arena, &d.functions, entry);
  for (uint32_t i = 0; i < d.functions.count; i++) {
    sk_region body = sk_func_body(m, d.functions.data[i]);
    SK_TRY(body.id != 0 ? count_devices(&d, body) : NULL);
  }
  if (d.count == 1) {
    return NULL;
  }
  spread s;
  SK_TRY(init(&s, m, entry, d.count, options));
  take_types(&s);
  sk_region made = sk_region_new(m, s.types, s.arg_count);
  write_grid(&s, made, false);
  sk_rebuild_replace(&s.rebuild, entry, made);
  return NULL;
}
