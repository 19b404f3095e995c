// SPDX-License-Identifier: Apache-2.0
// Chance, types, the values in scope, and putting operations in (hlo_int.h).
//
// Every choice comes from one splitmix64 stream, so a seed names a program for ever. Nothing here
// knows a particular operation: makers ask for operands of a type and hand over a description.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/num.h"
#include "hlo_int.h"
#include "support/ir_make.h"

// ---- chance

uint64_t hlo_next(hlo_gen *g) { return sk_hash_splitmix(g->rng += 0x9E3779B97F4A7C15u); }

int64_t hlo_below(hlo_gen *g, int64_t bound) {
  return bound <= 1 ? 0 : (int64_t)((hlo_next(g) >> 1) % (uint64_t)bound);
}

int64_t hlo_between(hlo_gen *g, int64_t low, int64_t high) {
  return low + hlo_below(g, high - low + 1);
}

bool hlo_chance(hlo_gen *g, uint32_t in, uint32_t of) { return hlo_below(g, of) < in; }

// ---- types

static uint32_t mask_of(sk_elem elem) {
  switch (sk_elem_get_class(elem)) {
    case SK_CLASS_PRED: return SK_ELEMS_P;
    case SK_CLASS_SINT: return SK_ELEMS_S;
    case SK_CLASS_UINT: return SK_ELEMS_U;
    case SK_CLASS_FLOAT: return SK_ELEMS_F;
    case SK_CLASS_COMPLEX: return SK_ELEMS_C;
    case SK_CLASS_NONE:
    case SK_CLASS_OTHER: return 0;
  }
  return 0;
}

bool hlo_in_mask(sk_elem elem, uint32_t mask) { return (mask_of(elem) & mask) != 0; }

typedef struct weighted_elem {
  sk_elem elem;
  uint32_t weight;
} weighted_elem;

static const weighted_elem elem_weights[] = {
    {SK_PRED, 5},     {SK_S2, 1},         {SK_S4, 1},
    {SK_S8, 3},       {SK_S16, 2},        {SK_S32, 8},
    {SK_S64, 5},      {SK_U2, 1},         {SK_U4, 1},
    {SK_U8, 3},       {SK_U16, 2},        {SK_U32, 4},
    {SK_U64, 3},      {SK_F4E2M1FN, 1},   {SK_F6E2M3FN, 1},
    {SK_F6E3M2FN, 1}, {SK_F8E3M4, 1},     {SK_F8E4M3, 1},
    {SK_F8E4M3FN, 1}, {SK_F8E4M3FNUZ, 1}, {SK_F8E4M3B11FNUZ, 1},
    {SK_F8E5M2, 1},   {SK_F8E5M2FNUZ, 1}, {SK_F8E8M0FNU, 1},
    {SK_BF16, 5},     {SK_F16, 4},        {SK_F32, 16},
    {SK_F64, 8},      {SK_C64, 3},        {SK_C128, 2},
};

static sk_elem weighted(hlo_gen *g, uint32_t mask) {
  uint32_t total = 0;
  for (size_t i = 0; i < SK_COUNT(elem_weights); i++) {
    total += hlo_in_mask(elem_weights[i].elem, mask) ? elem_weights[i].weight : 0;
  }
  int64_t at = hlo_below(g, total);
  for (size_t i = 0; i < SK_COUNT(elem_weights); i++) {
    at -= hlo_in_mask(elem_weights[i].elem, mask) ? elem_weights[i].weight : 0;
    if (at < 0) {
      return elem_weights[i].elem;
    }
  }
  return SK_F32;
}

sk_elem hlo_elem(hlo_gen *g, uint32_t mask) {
  uint32_t start = (uint32_t)hlo_below(g, g->elem_count);
  for (uint32_t i = 0; i < g->elem_count && hlo_chance(g, 19, 20); i++) {
    sk_elem elem = g->elems[(start + i) % g->elem_count];
    if (hlo_in_mask(elem, mask)) {
      return elem;
    }
  }
  return weighted(g, mask);
}

const sk_type_rec *hlo_type(const hlo_gen *g, sk_value v) { return sk_value_type_rec(g->m, v); }

hlo_shape hlo_shape_of(const hlo_gen *g, sk_value v) {
  const sk_type_rec *type = hlo_type(g, v);
  hlo_shape shape = {.rank = type->rank};
  for (uint32_t d = 0; d < type->rank; d++) {
    shape.dims[d] = type->dims[d];
  }
  return shape;
}

int64_t hlo_count(const hlo_shape *shape) {
  int64_t count = 1;
  for (uint32_t d = 0; d < shape->rank; d++) {
    count *= shape->dims[d];
  }
  return count;
}

bool hlo_fits(const hlo_gen *g, const hlo_shape *shape) {
  int64_t count = 1;
  for (uint32_t d = 0; d < shape->rank; d++) {
    if (shape->dims[d] > g->options.max_elems) {
      return false;
    }
    count *= SK_MAX(shape->dims[d], 1);
    if (count > g->options.max_elems) {
      return false;
    }
  }
  return shape->rank <= HLO_RANK;
}

bool hlo_same_shape(const hlo_shape *a, const hlo_shape *b) {
  return a->rank == b->rank && memcmp(a->dims, b->dims, sizeof *a->dims * a->rank) == 0;
}

sk_type hlo_tensor(hlo_gen *g, sk_elem elem, const hlo_shape *shape) {
  return sk_type_tensor(g->m, elem, shape->rank, shape->dims);
}

int64_t hlo_extent(hlo_gen *g, int64_t most) {
  static const int64_t extents[] = {1,  2,  3,  4,  5,  7,   8,   9,   15,  16,   17,  31,
                                    32, 33, 63, 64, 65, 127, 128, 129, 255, 1000, 1023};
  if (hlo_chance(g, 1, 40)) {
    return 0;
  }
  for (int tries = 0; tries < 4; tries++) {
    int64_t extent =
        hlo_chance(g, 3, 4) ? extents[hlo_below(g, SK_COUNT(extents))] : hlo_between(g, 1, 40);
    if (extent <= most) {
      return extent;
    }
  }
  return most > 0 ? hlo_between(g, 1, SK_MIN(most, 4)) : 0;
}

hlo_shape hlo_shape_of_rank(hlo_gen *g, uint32_t low, uint32_t high) {
  hlo_shape shape = {.rank = (uint32_t)hlo_between(g, low, high)};
  int64_t room = g->options.max_elems;
  for (uint32_t d = 0; d < shape.rank; d++) {
    shape.dims[d] = hlo_extent(g, room);
    room /= SK_MAX(shape.dims[d], 1);
  }
  return shape;
}

hlo_shape hlo_any_shape(hlo_gen *g) {
  if (g->shape_count == 0 || hlo_chance(g, 1, 8)) {
    return hlo_shape_of_rank(g, 0, hlo_chance(g, 1, 6) ? 5 : 3);
  }
  return g->shapes[hlo_below(g, g->shape_count)];
}

// ---- values

void hlo_push(hlo_gen *g, sk_value v) {
  const sk_type_rec *type = hlo_type(g, v);
  if (type->kind != SK_TYPE_TENSOR || type->elem == SK_QUANT || type->rank > HLO_RANK ||
      !sk_type_is_static_tensor(g->m, sk_value_type(g->m, v))) {
    return;  // those who make others use them on the spot
  }
  uint32_t room = HLO_SCOPE - (HLO_SCOPE >> (g->depth + 1));  // regions inside find some, too
  if (g->scope_count < room) {
    g->scope[g->scope_count++] = v;
  } else {  // only in place of one that goes out of scope no later
    g->scope[g->scope_local + hlo_below(g, room - g->scope_local)] = v;
  }
}

sk_value hlo_any(hlo_gen *g, uint32_t mask, uint32_t rank_low, uint32_t rank_high) {
  int64_t count = g->scope_count - g->scope_first;
  int64_t start = hlo_below(g, count);
  int64_t recent = count - 1 - hlo_below(g, 6);
  start = recent > start && hlo_chance(g, 1, 2) ? recent : start;
  for (int64_t i = 0; i < count; i++) {
    sk_value v = g->scope[g->scope_first + (start + i) % count];
    const sk_type_rec *type = hlo_type(g, v);
    if (hlo_in_mask((sk_elem)type->elem, mask) && type->rank >= rank_low &&
        type->rank <= rank_high) {
      return v;
    }
  }
  sk_elem elem = hlo_elem(g, mask);
  for (int tries = 0; tries < 4; tries++) {
    hlo_shape shape = hlo_any_shape(g);
    if (shape.rank >= rank_low && shape.rank <= rank_high) {
      return hlo_value(g, elem, &shape);
    }
  }
  hlo_shape shape = hlo_shape_of_rank(g, rank_low, rank_high);
  return hlo_value(g, elem, &shape);
}

// Makes a value of the type out of one that is there.
static sk_value adapt(hlo_gen *g, sk_elem elem, const hlo_shape *shape) {
  int64_t count = g->scope_count - g->scope_first;
  int64_t start = hlo_below(g, count);
  for (int64_t i = 0; i < count; i++) {
    sk_value v = g->scope[g->scope_first + (start + i) % count];
    hlo_shape from = hlo_shape_of(g, v);
    sk_elem from_elem = (sk_elem)hlo_type(g, v)->elem;
    bool same_elem = from_elem == elem;
    bool convertible = same_elem || (!sk_elem_is_complex(from_elem) && !sk_elem_is_complex(elem));
    if (hlo_same_shape(&from, shape) && convertible) {
      return hlo_emit(g, SK_OP_CONVERT, &v, 1, NULL, hlo_tensor(g, elem, shape));
    }
    if (same_elem && hlo_count(&from) == hlo_count(shape)) {
      return hlo_emit(g, SK_OP_RESHAPE, &v, 1, NULL, hlo_tensor(g, elem, shape));
    }
    if (same_elem && from.rank == 0) {
      return hlo_emit(g, SK_OP_BROADCAST_IN_DIM, &v, 1, "broadcast_dimensions=[]",
                      hlo_tensor(g, elem, shape));
    }
  }
  return (sk_value){0};
}

sk_value hlo_value(hlo_gen *g, sk_elem elem, const hlo_shape *shape) {
  sk_type type = hlo_tensor(g, elem, shape);
  int64_t count = g->scope_count - g->scope_first;
  int64_t start = hlo_below(g, count);
  for (int64_t i = 0; i < count && hlo_chance(g, 15, 16); i++) {
    sk_value v = g->scope[g->scope_first + (start + i) % count];
    if (sk_value_type(g->m, v).id == type.id) {
      return v;
    }
  }
  sk_value v = hlo_chance(g, 3, 4) ? adapt(g, elem, shape) : (sk_value){0};
  return v.id != 0 ? v : hlo_constant(g, elem, shape);
}

sk_value hlo_scalar(hlo_gen *g, sk_elem elem) {
  return hlo_value(g, elem, &(hlo_shape){.rank = 0});
}

static sk_value constant(hlo_gen *g, sk_opkind kind, sk_type type, sk_dense dense) {
  sk_named_attr attr = {{SK_NAME_value}, sk_attr_dense(g->m, type, dense)};
  sk_op_desc desc = {.kind = kind, .attrs = &attr, .attr_count = 1};
  sk_op op = hlo_emit_desc(g, &desc);
  return op.id != 0 ? sk_op_result(g->m, op, 0) : (sk_value){0};
}

sk_value hlo_constant(hlo_gen *g, sk_elem elem, const hlo_shape *shape) {
  int64_t count = hlo_count(shape);
  bool splat = count > 600 || (count > 0 && hlo_chance(g, 1, 2));
  int64_t stored = splat ? 1 : count;
  uint32_t bytes = sk_elem_bytes(elem);
  char *data = sk_arena_alloc(&g->m->arena, (size_t)stored * bytes + 16, 16);
  hlo_fill(&g->rng, elem, stored, g->options.wild && !g->exact && hlo_chance(g, 1, 3), data);
  return constant(g, SK_OP_CONSTANT, hlo_tensor(g, elem, shape),
                  (sk_dense){data, (uint64_t)stored * bytes, splat});
}

static sk_value nan_of(hlo_gen *g, sk_elem elem, const hlo_shape *shape) {
  char *data = sk_arena_alloc(&g->m->arena, 16, 16);
  float f32 = NAN;
  double f64 = (double)NAN;
  uint32_t narrow = 0;
  switch ((int)elem) {
    case SK_F32: memcpy(data, &f32, 4); break;
    case SK_F64: memcpy(data, &f64, 8); break;
#define X(name, ...)                                                                               \
  case SK_##name:                                                                                  \
    narrow = sk_num_encode(SK_NUM_##name, (double)NAN);                                            \
    memcpy(data, &narrow, 4);                                                                      \
    break;
#include "base/num.def"
#undef X
    default: return (sk_value){0};
  }
  return constant(g, SK_OP_CONSTANT, hlo_tensor(g, elem, shape),
                  (sk_dense){data, sk_elem_bytes(elem), true});
}

sk_value hlo_settled(hlo_gen *g, sk_value v) {
  if (v.id == 0) {
    return v;
  }
  sk_op op = sk_value_get(g->m, v)->op;
  sk_elem elem = (sk_elem)hlo_type(g, v)->elem;
  bool given = op.id == 0 || sk_op_kind(g->m, op) == SK_OP_CONSTANT;
  bool keeps_bits = elem == SK_F32 || elem == SK_F64;
  if (!sk_elem_is_float(elem) || (given && keeps_bits && g->depth == 0)) {
    return v;
  }
  hlo_shape shape = hlo_shape_of(g, v);
  sk_value is_nan = hlo_emit(g, SK_OP_COMPARE, (sk_value[]){v, v}, 2,
                             "comparison_direction=NE compare_type=FLOAT", (sk_type){0});
  sk_value three[3] = {is_nan, nan_of(g, elem, &shape), v};
  return hlo_emit(g, SK_OP_SELECT, three, 3, NULL, (sk_type){0});
}

sk_value hlo_constant_ints(hlo_gen *g, sk_elem elem, uint32_t count, const int64_t *values,
                           bool scalar) {
  uint32_t bytes = sk_elem_bytes(elem);
  char *data = sk_arena_alloc(&g->m->arena, (size_t)count * bytes + 16, 16);
  for (uint32_t i = 0; i < count; i++) {
    memcpy(data + i * bytes, &values[i], bytes);
  }
  hlo_shape shape = {.rank = scalar ? 0 : 1, .dims = {count}};
  return constant(g, SK_OP_CONSTANT, hlo_tensor(g, elem, &shape),
                  (sk_dense){data, (uint64_t)count * bytes, false});
}

sk_value hlo_index(hlo_gen *g, sk_elem elem, int64_t most) {
  if (hlo_chance(g, 1, 2)) {
    return hlo_scalar(g, elem);
  }
  int64_t value = hlo_chance(g, 1, 6) ? hlo_between(g, -3, most + 3) : hlo_between(g, 0, most);
  return hlo_constant_ints(g, elem, 1, &value, true);
}

// ---- operations

static void note_fault(hlo_gen *g, sk_opkind kind, sk_status status) {
  if (g->fault[0] == 0) {
    int n = snprintf(g->fault, g->fault_bytes, "%s: ", sk_opkind_name(kind));
    (void)sk_status_format(status, g->fault + n, g->fault_bytes - (size_t)n);
  }
  sk_status_free(status);
}

static bool results_fit(const hlo_gen *g, const sk_type *types, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const sk_type_rec *type = sk_type_get(g->m, types[i]);
    int64_t elems = 0;
    if (type->kind == SK_TYPE_TENSOR &&
        (type->rank > HLO_RANK ||
         (sk_type_elem_count(g->m, types[i], &elems) && elems > g->options.max_elems))) {
      return false;
    }
  }
  return true;
}

sk_op hlo_emit_desc(hlo_gen *g, const sk_op_desc *given) {
  sk_op_desc desc = *given;
  sk_type types[2 * HLO_LIST];
  uint32_t count = 0;
  for (uint32_t i = 0; i < desc.operand_count; i++) {
    if (desc.operands[i].id == 0) {
      return (sk_op){0};
    }
  }
  sk_status status = sk_ir_infer_types(g->m, &desc, types, SK_COUNT(types), &count);
  if (status != NULL) {
    note_fault(g, desc.kind, status);
    return (sk_op){0};
  }
  if (!results_fit(g, types, count)) {
    return (sk_op){0};
  }
  desc.result_types = types;
  desc.result_count = count;
  sk_op op = sk_op_new(g->m, g->into, &desc);
  for (uint32_t i = 0; i < count; i++) {
    hlo_push(g, sk_op_result(g->m, op, i));
  }
  return op;
}

sk_op hlo_emit_regions(hlo_gen *g, sk_opkind kind, const sk_value *operands, uint32_t count,
                       const char *attrs, const sk_type *written, uint32_t written_count,
                       const sk_region *regions, uint32_t region_count) {
  sk_named_attr list[16];
  sk_op_desc desc = {.kind = kind,
                     .operands = operands,
                     .operand_count = count,
                     .attrs = list,
                     .attr_count = ir_make_attrs(g->m, attrs != NULL ? attrs + (*attrs == ' ') : "",
                                                 list, SK_COUNT(list)),
                     .result_types = written,
                     .result_count = written_count,
                     .regions = regions,
                     .region_count = region_count};
  return hlo_emit_desc(g, &desc);
}

sk_value hlo_emit(hlo_gen *g, sk_opkind kind, const sk_value *operands, uint32_t count,
                  const char *attrs, sk_type written) {
  sk_op op = hlo_emit_regions(g, kind, operands, count, attrs, &written, written.id != 0, NULL, 0);
  return op.id != 0 ? sk_op_result(g->m, op, 0) : (sk_value){0};
}

bool hlo_put(hlo_gen *g, sk_opkind kind, const sk_value *operands, uint32_t count,
             const char *attrs, sk_type written) {
  return hlo_emit(g, kind, operands, count, attrs, written).id != 0;
}

const char *hlo_list(char *buf, size_t bytes, const char *name, const int64_t *items,
                     uint32_t count) {
  size_t at = strlen(buf);
  at += (size_t)snprintf(buf + at, bytes - at, " %s=[", name);
  for (uint32_t i = 0; i < count; i++) {
    at += (size_t)snprintf(buf + at, bytes - at, i > 0 ? ",%lld" : "%lld", (long long)items[i]);
  }
  snprintf(buf + at, bytes - at, "]");
  return buf;
}

// ---- regions

sk_region hlo_enter(hlo_gen *g, const sk_type *args, uint32_t count, bool isolated,
                    hlo_place *out) {
  *out = (hlo_place){.into = g->into,
                     .max_elems = g->options.max_elems,
                     .scope_count = g->scope_count,
                     .scope_first = g->scope_first,
                     .scope_local = g->scope_local,
                     .ops_left = g->ops_left,
                     .exact = g->exact};
  g->into = sk_region_new(g->m, args, count);
  g->depth++;
  g->scope_first = isolated ? g->scope_count : g->scope_first;
  g->scope_local = g->scope_count;
  for (uint32_t i = 0; i < count; i++) {
    hlo_push(g, sk_region_arg(g->m, g->into, i));
  }
  return g->into;
}

void hlo_leave(hlo_gen *g, const hlo_place *place, sk_opkind terminator, const sk_value *values,
               uint32_t count) {
  sk_op_desc desc = {.kind = terminator, .operands = values, .operand_count = count};
  (void)sk_op_new(g->m, g->into, &desc);
  g->into = place->into;
  g->scope_count = place->scope_count;
  g->scope_first = place->scope_first;
  g->scope_local = place->scope_local;
  g->options.max_elems = place->max_elems;
  g->exact = place->exact;
  g->depth--;
}

void hlo_some_ops(hlo_gen *g, uint32_t most) {
  int64_t count = hlo_between(g, 0, most);
  for (int64_t i = 0; i < count && g->ops_left > 0; i++) {
    (void)hlo_make_random(g);
  }
}
