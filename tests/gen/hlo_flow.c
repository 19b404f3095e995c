// SPDX-License-Identifier: Apache-2.0
// Makers of control flow, calls, tuples, tokens, random bits and what runs in a grid of processes.
//
// Loops count: their trip is bounded whatever the data say. Bodies of loops and branches mostly keep to
// operations that every oracle rounds alike, since errors would grow from trip to trip.
#include <stdio.h>

#include "hlo_int.h"

enum { MAX_CARRIED = 4 };

// ---- branches

static sk_value of_type(hlo_gen *g, sk_type type) {
  const sk_type_rec *rec = sk_type_get(g->m, type);
  hlo_shape shape = {.rank = rec->rank};
  for (uint32_t d = 0; d < rec->rank; d++) {
    shape.dims[d] = rec->dims[d];
  }
  return hlo_value(g, (sk_elem)rec->elem, &shape);
}

// A value computed in this region, if there is one of the type; else any.
static sk_value computed(hlo_gen *g, sk_type type, uint32_t since) {
  for (uint32_t i = g->scope_count; i > since; i--) {
    if (sk_value_type(g->m, g->scope[i - 1]).id == type.id && hlo_chance(g, 3, 4)) {
      return g->scope[i - 1];
    }
  }
  return of_type(g, type);
}

static uint32_t some_types(hlo_gen *g, sk_type *out, uint32_t most) {
  uint32_t count = (uint32_t)hlo_between(g, 1, most);
  for (uint32_t i = 0; i < count; i++) {
    sk_value v = hlo_any(g, 31, 0, HLO_RANK);
    hlo_shape shape = hlo_any_shape(g);
    out[i] = v.id != 0 ? sk_value_type(g->m, v) : hlo_tensor(g, SK_F32, &shape);
  }
  return count;
}

// False: a value of these types is more than fits here (in a body of map).
static bool branch(hlo_gen *g, const sk_type *types, uint32_t count, sk_region *out) {
  hlo_place place;
  sk_value results[MAX_CARRIED];
  bool fits = true;
  sk_region region = hlo_enter(g, NULL, 0, false, &place);
  uint32_t since = g->scope_count;
  g->exact = g->exact || hlo_chance(g, 1, 2);
  hlo_some_ops(g, 6);
  for (uint32_t i = 0; i < count; i++) {
    results[i] = computed(g, types[i], since);
    fits = fits && results[i].id != 0;
  }
  hlo_leave(g, &place, SK_OP_RETURN, results, count);
  *out = region;
  return fits;
}

static bool make_branches(hlo_gen *g, sk_opkind kind, sk_elem index, uint32_t branches) {
  if (g->depth >= 3) {
    return false;
  }
  sk_type types[MAX_CARRIED];
  uint32_t count = some_types(g, types, 3);
  sk_value chosen = index == SK_S32 ? hlo_index(g, index, branches) : hlo_scalar(g, index);
  sk_region regions[5];
  bool fits = true;
  for (uint32_t i = 0; i < branches; i++) {
    fits = branch(g, types, count, &regions[i]) && fits;
  }
  return fits &&
         hlo_emit_regions(g, kind, &chosen, 1, NULL, types, count, regions, branches).id != 0;
}

bool hlo_make_if(hlo_gen *g, sk_opkind kind) { return make_branches(g, kind, SK_PRED, 2); }

bool hlo_make_case(hlo_gen *g, sk_opkind kind) {
  return make_branches(g, kind, SK_S32, (uint32_t)hlo_between(g, 1, 4));
}

// ---- loops

static sk_region loop_condition(hlo_gen *g, const sk_type *types, uint32_t count, sk_value limit) {
  hlo_place place;
  sk_region region = hlo_enter(g, types, count, false, &place);
  sk_value args[2] = {sk_region_arg(g->m, region, 0), limit};
  bool inner = limit.id == 0;
  if (inner) {
    int64_t trips = hlo_between(g, 0, 6);
    args[1] = hlo_constant_ints(g, SK_S32, 1, &trips, true);
  }
  sk_value result = hlo_emit(g, SK_OP_COMPARE, args, 2, "comparison_direction=LT", (sk_type){0});
  g->exact = true;
  if (hlo_chance(g, 1, 6)) {
    sk_value also = hlo_scalar(g, SK_PRED);
    result = hlo_emit(g, SK_OP_AND, (sk_value[]){result, also}, 2, NULL, (sk_type){0});
  }
  hlo_leave(g, &place, SK_OP_RETURN, &result, 1);
  return region;
}

static sk_region loop_body(hlo_gen *g, const sk_type *types, uint32_t count) {
  hlo_place place;
  sk_value results[MAX_CARRIED + 1];
  sk_region region = hlo_enter(g, types, count, false, &place);
  uint32_t since = g->scope_count;
  g->exact = g->exact || hlo_chance(g, 9, 10);
  hlo_some_ops(g, 8);
  sk_value one = hlo_constant_ints(g, SK_S32, 1, (int64_t[]){1}, true);
  results[0] = hlo_emit(g, SK_OP_ADD, (sk_value[]){sk_region_arg(g->m, region, 0), one}, 2, NULL,
                        (sk_type){0});
  for (uint32_t i = 1; i < count; i++) {
    bool same = hlo_chance(g, 1, 10);
    results[i] = same ? sk_region_arg(g->m, region, (uint32_t)hlo_between(g, 1, i))
                      : computed(g, types[i], since);
    if (results[i].id == 0 || sk_value_type(g->m, results[i]).id != types[i].id) {
      results[i] = sk_region_arg(g->m, region, i);
    }
  }
  hlo_leave(g, &place, SK_OP_RETURN, results, count);
  return region;
}

// The next value of a carried scalar: mostly the last one and something else together.
static sk_value next_scalar(hlo_gen *g, sk_value arg, uint32_t since) {
  static const sk_opkind sums[] = {SK_OP_ADD, SK_OP_MULTIPLY, SK_OP_MAXIMUM, SK_OP_XOR};
  sk_type type = sk_value_type(g->m, arg);
  sk_value other = computed(g, type, since);
  sk_opkind kind = sums[hlo_below(g, SK_COUNT(sums))];
  bool is_float = sk_elem_is_float((sk_elem)sk_type_get(g->m, type)->elem);
  if (hlo_chance(g, 1, 3)) {
    return other;
  }
  if (sk_type_get(g->m, type)->elem == SK_PRED) {
    kind = SK_OP_OR;
  } else if (is_float) {
    kind = hlo_chance(g, 1, 2) ? SK_OP_ADD : SK_OP_MINIMUM;
  }
  return hlo_emit(g, kind, (sk_value[]){arg, other}, 2, NULL, (sk_type){0});
}

static sk_region scalar_body(hlo_gen *g, const sk_type *types, uint32_t count) {
  hlo_place place;
  sk_value results[MAX_CARRIED + 1];
  sk_region region = hlo_enter(g, types, count, true, &place);
  uint32_t since = g->scope_count;
  g->exact = true;
  g->options.max_elems = 1;
  hlo_some_ops(g, 10);
  sk_value one = hlo_constant_ints(g, SK_S32, 1, (int64_t[]){1}, true);
  results[0] = hlo_emit(g, SK_OP_ADD, (sk_value[]){sk_region_arg(g->m, region, 0), one}, 2, NULL,
                        (sk_type){0});
  for (uint32_t i = 1; i < count; i++) {
    sk_value arg = sk_region_arg(g->m, region, i);
    results[i] = next_scalar(g, arg, since);
    if (results[i].id == 0 || sk_value_type(g->m, results[i]).id != types[i].id) {
      results[i] = arg;
    }
  }
  hlo_leave(g, &place, SK_OP_RETURN, results, count);
  return region;
}

static sk_region scalar_condition(hlo_gen *g, const sk_type *types, uint32_t count) {
  hlo_place place;
  sk_region region = hlo_enter(g, types, count, true, &place);
  int64_t trips = hlo_between(g, 30, 600);
  sk_value args[2] = {sk_region_arg(g->m, region, 0),
                      hlo_constant_ints(g, SK_S32, 1, &trips, true)};
  sk_value result = hlo_emit(g, SK_OP_COMPARE, args, 2, "comparison_direction=LT", (sk_type){0});
  hlo_leave(g, &place, SK_OP_RETURN, &result, 1);
  return region;
}

// Many trips of scalars: what trips do not wait for may run before, or beside one another.
static bool make_long_loop(hlo_gen *g, sk_opkind kind) {
  static const sk_elem elems[] = {SK_S32, SK_S32, SK_U32, SK_S64, SK_F32, SK_F64, SK_PRED, SK_U8};
  sk_type types[MAX_CARRIED + 1];
  sk_value operands[MAX_CARRIED + 1];
  int64_t begin = hlo_chance(g, 1, 5);
  operands[0] = hlo_constant_ints(g, SK_S32, 1, &begin, true);
  types[0] = sk_value_type(g->m, operands[0]);
  uint32_t count = (uint32_t)hlo_between(g, 2, MAX_CARRIED);
  for (uint32_t i = 1; i < count; i++) {
    operands[i] = hlo_scalar(g, elems[hlo_below(g, SK_COUNT(elems))]);
    types[i] = sk_value_type(g->m, operands[i]);
  }
  sk_region regions[2] = {scalar_condition(g, types, count), scalar_body(g, types, count)};
  return hlo_emit_regions(g, kind, operands, count, NULL, types, count, regions, 2).id != 0;
}

bool hlo_make_while(hlo_gen *g, sk_opkind kind) {
  if (g->depth >= 2) {
    return false;
  }
  if (hlo_chance(g, 1, 3)) {
    return make_long_loop(g, kind);
  }
  sk_type types[MAX_CARRIED + 1];
  sk_value operands[MAX_CARRIED + 1];
  int64_t begin = hlo_between(g, -1, 2);
  operands[0] = hlo_constant_ints(g, SK_S32, 1, &begin, true);
  types[0] = sk_value_type(g->m, operands[0]);
  uint32_t count = 1 + some_types(g, types + 1, MAX_CARRIED - 1);
  for (uint32_t i = 1; i < count; i++) {
    operands[i] = of_type(g, types[i]);
  }
  sk_value limit = {0};
  if (hlo_chance(g, 1, 4)) {  // a limit that only running tells, brought into bounds
    int64_t bounds[2] = {0, 5};
    sk_value three[3] = {hlo_constant_ints(g, SK_S32, 1, &bounds[0], true), hlo_scalar(g, SK_S32),
                         hlo_constant_ints(g, SK_S32, 1, &bounds[1], true)};
    limit = hlo_emit(g, SK_OP_CLAMP, three, 3, NULL, (sk_type){0});
  }
  sk_region regions[2] = {loop_condition(g, types, count, limit), loop_body(g, types, count)};
  return hlo_emit_regions(g, kind, operands, count, NULL, types, count, regions, 2).id != 0;
}

// One operand of each kind, and one result.
static sk_named_attr one_of_each(hlo_gen *g, sk_name name) {
  const int32_t sizes[2] = {1, 1};
  sk_attr_rec rec = {.kind = SK_ATTR_DENSE_ARRAY, .type = sk_type_scalar(g->m, SK_S32)};
  rec.u.dense.data = sk_arena_copy(&g->m->arena, sizes, sizeof sizes, 8);
  rec.u.dense.bytes = sizeof sizes;
  return (sk_named_attr){{name}, sk_attr_new(g->m, &rec)};
}

bool hlo_make_scan(hlo_gen *g, sk_opkind kind) {
  if (g->depth >= 2) {
    return false;
  }
  sk_value x = hlo_any(g, 31, 1, 3);
  if (x.id == 0) {
    return false;
  }
  sk_elem elem = (sk_elem)hlo_type(g, x)->elem;
  hlo_shape shape = hlo_shape_of(g, x), part = {.rank = shape.rank - 1};
  int64_t dim = hlo_below(g, shape.rank);
  for (uint32_t d = 0; d < part.rank; d++) {
    part.dims[d] = shape.dims[d + (d >= dim)];
  }
  if (shape.dims[dim] > 40) {
    return false;
  }
  sk_type carry = hlo_tensor(g, elem, &part), types[2] = {carry, carry};
  sk_value operands[2] = {x, of_type(g, carry)};
  hlo_place place;
  sk_region body = hlo_enter(g, types, 2, true, &place);
  g->exact = true;
  uint32_t since = g->scope_count;
  hlo_some_ops(g, 3);
  sk_value results[2] = {computed(g, carry, since), computed(g, carry, since)};
  hlo_leave(g, &place, SK_OP_RETURN, results, 2);
  sk_type written[2] = {sk_value_type(g->m, x), carry};
  sk_named_attr attrs[4] = {
      {{SK_NAME_dimension}, sk_attr_int(g->m, sk_type_scalar(g->m, SK_S64), dim)},
      {{SK_NAME_is_reverse}, sk_attr_bool(g->m, hlo_chance(g, 1, 3))},
      one_of_each(g, SK_NAME_operandSegmentSizes),
      one_of_each(g, SK_NAME_resultSegmentSizes)};
  sk_op_desc desc = {.kind = kind,
                     .operands = operands,
                     .operand_count = 2,
                     .attrs = attrs,
                     .attr_count = SK_COUNT(attrs),
                     .result_types = written,
                     .result_count = 2,
                     .regions = &body,
                     .region_count = 1};
  return hlo_emit_desc(g, &desc).id != 0;
}

// ---- calls

// A private function of these arguments; its results go to out_types.
static uint32_t make_function(hlo_gen *g, const char *name, const sk_type *args, uint32_t count,
                              sk_type *out_types) {
  hlo_place place;
  sk_value results[MAX_CARRIED];
  sk_region body = hlo_enter(g, args, count, true, &place);
  hlo_some_ops(g, 8);
  uint32_t result_count = (uint32_t)hlo_between(g, 1, 3);
  for (uint32_t i = 0; i < result_count; i++) {
    results[i] = hlo_any(g, 31, 0, HLO_RANK);
    out_types[i] = sk_value_type(g->m, results[i]);
  }
  hlo_leave(g, &place, SK_OP_FUNC_RETURN, results, result_count);
  sk_type type = sk_type_function(g->m, count, args, result_count, out_types);
  sk_named_attr attrs[3] = {{{SK_NAME_sym_name}, sk_attr_string(g->m, sk_str_from(name))},
                            {{SK_NAME_function_type}, sk_attr_type(g->m, type)},
                            {{SK_NAME_sym_visibility}, sk_attr_string(g->m, SK_STR("private"))}};
  sk_op_desc func = {.kind = SK_OP_FUNC_FUNC,
                     .attrs = attrs,
                     .attr_count = 3,
                     .regions = &body,
                     .region_count = 1};
  (void)sk_op_new(g->m, sk_op_region(g->m, g->m->root, 0), &func);
  return result_count;
}

static bool make_call(hlo_gen *g, sk_opkind kind, const char *before) {
  if (g->depth >= 2) {
    return false;
  }
  sk_value operands[3];
  sk_type args[3], results[MAX_CARRIED];
  uint32_t count = (uint32_t)hlo_between(g, 1, 3);
  for (uint32_t i = 0; i < count; i++) {
    operands[i] = hlo_any(g, 31, 0, HLO_RANK);
    args[i] = sk_value_type(g->m, operands[i]);
  }
  char name[32], attrs[100];
  snprintf(name, sizeof name, "f%u", g->func_count++);
  uint32_t result_count = make_function(g, name, args, count, results);
  snprintf(attrs, sizeof attrs, "%s%s", before, name);
  return hlo_emit_regions(g, kind, operands, count, attrs, results, result_count, NULL, 0).id != 0;
}

bool hlo_make_call(hlo_gen *g, sk_opkind kind) { return make_call(g, kind, "callee=@"); }

bool hlo_make_composite(hlo_gen *g, sk_opkind kind) {
  return make_call(g, kind, "name='test.part' decomposition=@");
}

bool hlo_make_custom_call(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, HLO_RANK);
  return x.id != 0 &&
         hlo_put(g, kind, &x, 1, "call_target_name='Sharding'", sk_value_type(g->m, x));
}

bool hlo_make_optimization_barrier(hlo_gen *g, sk_opkind kind) {
  sk_value operands[3];
  uint32_t count = (uint32_t)hlo_between(g, 1, 3);
  for (uint32_t i = 0; i < count; i++) {
    operands[i] = hlo_any(g, 31, 0, HLO_RANK);
  }
  return hlo_emit_regions(g, kind, operands, count, NULL, NULL, 0, NULL, 0).id != 0;
}

// They come with the operations that hold them.
bool hlo_make_with_regions(hlo_gen *g, sk_opkind kind) {
  (void)g;
  (void)kind;
  return false;
}

// ---- tokens, tuples, random bits

bool hlo_make_tokens(hlo_gen *g, sk_opkind kind) {
  sk_type token = sk_type_intern(g->m, &(sk_type_rec){.kind = SK_TYPE_TOKEN});
  sk_value first = hlo_emit(g, SK_OP_CREATE_TOKEN, NULL, 0, NULL, token);
  return kind == SK_OP_CREATE_TOKEN ? first.id != 0
                                    : hlo_put(g, SK_OP_AFTER_ALL, &first, 1, NULL, (sk_type){0});
}

bool hlo_make_tuples(hlo_gen *g, sk_opkind kind) {
  sk_value members[3];
  uint32_t count = (uint32_t)hlo_between(g, 1, 3);
  (void)kind;
  for (uint32_t i = 0; i < count; i++) {
    members[i] = hlo_any(g, 31, 0, HLO_RANK);
  }
  sk_value tuple = hlo_emit(g, SK_OP_TUPLE, members, count, NULL, (sk_type){0});
  char attrs[30];
  snprintf(attrs, sizeof attrs, "index=%lldi", (long long)hlo_below(g, count));
  return hlo_put(g, SK_OP_GET_TUPLE_ELEMENT, &tuple, 1, attrs, (sk_type){0});
}

bool hlo_make_rng_bit_generator(hlo_gen *g, sk_opkind kind) {
  static const char *const algorithms[] = {"THREE_FRY", "PHILOX"};
  static const sk_elem elems[] = {SK_U8,  SK_U16, SK_U32, SK_U64, SK_S8,
                                  SK_S16, SK_S32, SK_S64, SK_F32, SK_F64};
  bool philox = hlo_chance(g, 1, 2);
  hlo_shape state = {.rank = 1, .dims = {philox && hlo_chance(g, 1, 2) ? 3 : 2}};
  hlo_shape out = hlo_any_shape(g);
  sk_value x = hlo_value(g, SK_U64, &state);
  char attrs[60];
  snprintf(attrs, sizeof attrs, "rng_algorithm=%s", algorithms[philox]);
  sk_type types[2] = {hlo_tensor(g, SK_U64, &state),
                      hlo_tensor(g, elems[hlo_below(g, SK_COUNT(elems))], &out)};
  return hlo_emit_regions(g, kind, &x, 1, attrs, types, 2, NULL, 0).id != 0;
}

// ---- one process alone

bool hlo_make_device_id(hlo_gen *g, sk_opkind kind) {
  return hlo_put(g, kind, NULL, 0, NULL, (sk_type){0});
}

bool hlo_make_collective(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, SK_ELEMS_S | SK_ELEMS_U | SK_ELEMS_P, 1, 3);
  if (x.id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, x);
  int64_t dim = hlo_below(g, shape.rank), zeros[2] = {0, 0};
  bool permutes = kind == SK_OP_COLLECTIVE_PERMUTE;
  if (shape.dims[dim] == 0) {
    return false;
  }
  sk_attr scalar_dim = sk_attr_int(g->m, sk_type_scalar(g->m, SK_S64), dim);
  sk_attr one = sk_attr_int(g->m, sk_type_scalar(g->m, SK_S64), 1);
  sk_named_attr attrs[5] = {
      {{(uint32_t)(permutes ? SK_NAME_source_target_pairs : SK_NAME_replica_groups)},
       permutes ? sk_attr_ints_2d(g->m, zeros, 1, 2) : sk_attr_ints_2d(g->m, zeros, 1, 1)}};
  uint32_t count = 1;
  if (kind == SK_OP_ALL_GATHER) {
    attrs[count++] = (sk_named_attr){{SK_NAME_all_gather_dim}, scalar_dim};
  } else if (kind == SK_OP_REDUCE_SCATTER) {
    attrs[count++] = (sk_named_attr){{SK_NAME_scatter_dimension}, scalar_dim};
  } else if (kind == SK_OP_ALL_TO_ALL) {
    attrs[count++] = (sk_named_attr){{SK_NAME_split_dimension}, scalar_dim};
    attrs[count++] = (sk_named_attr){{SK_NAME_concat_dimension}, scalar_dim};
    attrs[count++] = (sk_named_attr){{SK_NAME_split_count}, one};
  }
  sk_opkind combiner;
  bool reduces = sk_opkind_info(kind)->regions_min > 0;
  sk_region body =
      reduces ? hlo_combiner(g, (sk_elem)hlo_type(g, x)->elem, &combiner) : (sk_region){0};
  sk_type type = sk_value_type(g->m, x);
  return hlo_emit_desc(g, &(sk_op_desc){.kind = kind,
                                        .operands = &x,
                                        .operand_count = 1,
                                        .attrs = attrs,
                                        .attr_count = count,
                                        .result_types = &type,
                                        .result_count = 1,
                                        .regions = &body,
                                        .region_count = reduces})
             .id != 0;
}
