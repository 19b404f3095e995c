// SPDX-License-Identifier: Apache-2.0
// Value at an index map -> loop-IR value. Walks backwards from what a kernel stores: through views (which only change the map), inlined ops and
// members of the kernel's group, down to loads, constants and indices.
//
// Results are memoised per (value, map) for as long as the loop in which they were computed is open, so that shared subexpressions
// are built once. The walk keeps its own stack: chains may be as long as the program.
#include "base/hash.h"
#include "loop/lower_index.h"

typedef struct sk_memo {
  struct sk_memo *next;  // of the same value, or of the same hash in the table of crowded values
  const sk_map *map;
  sk_scalar value;
  sk_value of;
  uint32_t scope;
} sk_memo;

// A value has a list of MEMO_LIST entries; what is remembered of it beyond that is found by its map.
enum { MEMO_LIST = 8, MEMO_TABLE = 256 };

enum { MAX_INLINE_CHILDREN = 3, INSTS_PER_OP = 6, MAX_EXPECTED_OPS = 1 << 20 };

// As many frames as a chain of ops is long: kept small.
typedef struct frame {
  sk_map *map;
  sk_value v;
  uint32_t count, next;
  bool listed;
  uint8_t phase;  // gather: 0 = index vector, 1 = operand. pad: list_pad
  union {
    struct {  // count <= MAX_INLINE_CHILDREN
      sk_map *map[MAX_INLINE_CHILDREN];
      sk_scalar value[MAX_INLINE_CHILDREN];
      sk_value v[MAX_INLINE_CHILDREN];
    } few;
    struct {
      sk_map **map;
      sk_scalar *value;
      sk_value *v;
    } many;
  } child;
} frame;

typedef SK_VEC(frame) frame_stack;

void sk_lower_fail(sk_lowering *l, sk_status status) {
  if (l->failure == NULL) {
    l->failure = status;
  } else {
    sk_status_free(status);
  }
}

// ---------------------------------------------------------------------------------------------------- memo

void sk_eval_open(sk_lowering *l) {
  sk_vec_push(l->scratch, &l->scopes, l->scope_open.count);
  sk_vec_push(l->scratch, &l->scope_open, (uint8_t)1);
}

void sk_eval_close(sk_lowering *l) { l->scope_open.data[l->scopes.data[--l->scopes.count]] = 0; }

void sk_eval_begin(sk_lowering *l, uint32_t kernel, uint32_t max_loops, uint32_t group) {
  l->before_kernel = sk_arena_get_mark(l->scratch);
  sk_build_init(&l->b, l->prog, kernel, max_loops, l->scratch);
  if (group != 0) {
    uint32_t ops = l->plan->groups.data[group - 1].ops.count;
    sk_build_expect(&l->b, SK_MIN(ops, MAX_EXPECTED_OPS) * INSTS_PER_OP);
  }
  l->group = group;
  l->current_stage = 0;
  l->space = (sk_space){.block_position = UINT32_MAX};
  l->trip_counter = (sk_value){0};
  l->trip_position = 0;
  for (uint32_t p = 0; p < SK_GROUP_MAX_RANK; p++) {
    l->space.loop[p] = UINT32_MAX;
  }
  sk_eval_open(l);
}

void sk_eval_end(sk_lowering *l) {
  sk_eval_close(l);
  for (uint32_t i = 0; i < l->memo_values.count; i++) {
    l->memo[l->memo_values.data[i].id] = NULL;
  }
  memset(&l->memo_values, 0, sizeof l->memo_values);
  memset(&l->crowd, 0, sizeof l->crowd);
  memset(&l->scope_open, 0, sizeof l->scope_open);
  memset(&l->scopes, 0, sizeof l->scopes);
  sk_build_finish(&l->b);
  sk_arena_rewind(l->scratch, l->before_kernel);
}

static uint32_t memo_hash(const sk_lowering *l, sk_value v, const sk_map *map) {
  uint64_t h = sk_hash_mix(v.id, (uint64_t)map->guard.id << 32 | map->rank);
  for (uint32_t d = 0; d < map->rank; d++) {
    const sk_affine *e = &map->dim[d];
    h = sk_hash_mix(h, (uint64_t)e->offset ^ (uint64_t)e->dyn.id << 32);
    for (uint32_t p = 0; p < l->space.rank; p++) {
      h = sk_hash_mix(h, (uint64_t)e->coef[p]);
    }
  }
  return (uint32_t)(h ^ h >> 32);
}

static bool recall(const sk_lowering *l, sk_value v, const sk_map *map, sk_scalar *out) {
  uint32_t listed = 0;
  for (const sk_memo *e = l->memo[v.id]; e != NULL; e = e->next) {
    if (l->scope_open.data[e->scope] && (e->map == NULL || sk_map_answers(e->map, map))) {
      *out = e->value;
      return true;
    }
    listed++;
  }
  if (listed < MEMO_LIST || l->crowd.count == 0) {
    return false;
  }
  for (const sk_memo *e = l->crowd.heads[memo_hash(l, v, map) & l->crowd.mask]; e; e = e->next) {
    if (e->of.id == v.id && l->scope_open.data[e->scope] && sk_map_equal(e->map, map)) {
      *out = e->value;
      return true;
    }
  }
  return false;
}

static void grow_crowd(sk_lowering *l) {
  sk_memo **old = l->crowd.heads;
  uint32_t old_size = old ? l->crowd.mask + 1 : 0, size = old ? 4 * old_size : MEMO_TABLE;
  l->crowd.heads = sk_arena_zalloc(l->scratch, size * sizeof *old, _Alignof(sk_memo *));
  l->crowd.mask = size - 1;
  for (uint32_t i = 0; i < old_size; i++) {
    for (sk_memo *e = old[i], *next; e; e = next) {
      next = e->next;
      sk_memo **head = &l->crowd.heads[memo_hash(l, e->of, e->map) & l->crowd.mask];
      e->next = *head;
      *head = e;
    }
  }
}

void sk_eval_bind(sk_lowering *l, sk_value v, sk_map *map, sk_scalar value) {
  sk_memo *e = SK_NEW(l->scratch, sk_memo), **head = &l->memo[v.id];
  uint32_t listed = 0;
  for (const sk_memo *other = *head; other; other = other->next) {
    listed++;
  }
  if (listed == 0) {
    sk_vec_push(l->scratch, &l->memo_values, v);
  } else if (listed == MEMO_LIST) {
    if (l->crowd.heads == NULL || l->crowd.count > l->crowd.mask) {
      grow_crowd(l);
    }
    l->crowd.count++;
    head = &l->crowd.heads[memo_hash(l, v, map) & l->crowd.mask];
  }
  *e = (sk_memo){
      .next = *head, .map = map, .value = value, .of = v, .scope = sk_vec_last(&l->scopes)};
  *head = e;
}

// ---------------------------------------------------------------------------------------------------- memory

static sk_val dynamic_offset(sk_lowering *l, uint32_t buf, const sk_affine *linear, int64_t scale) {
  if (linear->dyn.id == 0) {
    return (sk_val){0};
  }
  sk_val dyn = sk_build_2(&l->b, SK_L_MUL, linear->dyn, sk_build_i64(&l->b, scale));
  bool small = l->prog->bufs.data[buf].elems < INT32_MAX;
  return small ? sk_build_convert(&l->b, SK_L_TRUNC, SK_LT_I32, dyn) : dyn;
}

static uint32_t access_for(sk_lowering *l, uint32_t buf, sk_mem mem, const sk_affine *linear,
                           int64_t scale, int64_t part, sk_val *out_dyn) {
  sk_build *b = &l->b;
  const sk_space *s = &l->space;
  int64_t offset = linear->offset * scale + part;
  for (uint32_t p = 0; p < s->rank; p++) {
    offset += linear->coef[p] * s->base[p] * scale;
  }
  if (s->block_position != UINT32_MAX) {
    offset += linear->coef[s->block_position] * s->block_base * scale;
  }
  uint32_t access = sk_build_access(b, buf, mem, offset);
  for (uint32_t p = 0; p < s->rank; p++) {
    if (linear->coef[p] != 0) {
      sk_build_set_stride(b, access, s->loop[p], linear->coef[p] * scale);
      if (p == s->block_position) {
        sk_build_set_stride(b, access, s->block_loop, linear->coef[p] * scale * s->block_elems);
      }
    }
  }
  *out_dyn = dynamic_offset(l, buf, linear, scale);
  return access;
}

void sk_emit_offset(sk_lowering *l, uint32_t buf, sk_elem elem, const sk_affine *linear) {
  dynamic_offset(l, buf, linear, sk_elem_is_complex(elem) ? 2 : 1);
}

sk_scalar sk_emit_load(sk_lowering *l, uint32_t buf, sk_elem elem, const sk_affine *linear,
                       sk_val guard) {
  bool complex = sk_elem_is_complex(elem);
  sk_mem mem = sk_elem_mem(elem);
  sk_scalar out = {{0}, {0}};
  sk_val dyn;
  uint32_t access = access_for(l, buf, mem, linear, complex ? 2 : 1, 0, &dyn);
  out.re = sk_scalar_from_memory(&l->b, elem, sk_build_load(&l->b, access, dyn, guard));
  if (complex) {
    access = access_for(l, buf, mem, linear, 2, 1, &dyn);
    out.im = sk_build_load(&l->b, access, dyn, guard);
  }
  return out;
}

void sk_emit_store(sk_lowering *l, uint32_t buf, sk_elem elem, const sk_affine *linear,
                   sk_scalar value) {
  sk_emit_store_if(l, buf, elem, linear, value, (sk_val){0});
}

void sk_emit_store_if(sk_lowering *l, uint32_t buf, sk_elem elem, const sk_affine *linear,
                      sk_scalar value, sk_val guard) {
  bool complex = sk_elem_is_complex(elem);
  sk_mem mem = sk_elem_mem(elem);
  sk_val dyn;
  uint32_t access = access_for(l, buf, mem, linear, complex ? 2 : 1, 0, &dyn);
  sk_build_store(&l->b, access, sk_scalar_to_memory(&l->b, elem, value.re), dyn, guard);
  if (complex) {
    access = access_for(l, buf, mem, linear, 2, 1, &dyn);
    sk_build_store(&l->b, access, value.im, dyn, guard);
  }
}

// ---------------------------------------------------------------------------------------------------- leaves

static sk_scalar zero_scalar(sk_lowering *l, sk_elem elem) {
  sk_lt type = sk_elem_lt(elem) == SK_LT_NONE ? SK_LT_I32 : sk_elem_lt(elem);
  sk_val zero = sk_build_const(&l->b, type, 0);
  return (sk_scalar){zero, sk_elem_is_complex(elem) ? zero : (sk_val){0}};
}

static bool eval_constant(sk_lowering *l, sk_op op, sk_scalar *out) {
  sk_attr value = sk_op_find_attr(l->m, op, SK_NAME_value);
  const sk_dense *dense = &sk_attr_get(l->m, value)->u.dense;
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, sk_op_result(l->m, op, 0))->elem;
  int64_t count = 0;
  sk_type_elem_count(l->m, sk_value_type(l->m, sk_op_result(l->m, op, 0)), &count);
  if (!dense->splat && count != 1) {
    return false;
  }
  *out = (sk_scalar){sk_scalar_const(&l->b, elem, dense->data), {0}};
  if (sk_elem_is_complex(elem)) {
    out->im = sk_scalar_const(&l->b, elem, (const char *)dense->data + sk_elem_bytes(elem) / 2);
  }
  return true;
}

static sk_scalar eval_iota(sk_lowering *l, sk_op op, const sk_map *map) {
  sk_value v = sk_op_result(l->m, op, 0);
  const sk_type_rec *type = sk_value_type_rec(l->m, v);
  sk_elem elem = (sk_elem)type->elem, part = sk_elem_complex_part(elem);
  const sk_map *dims = sk_map_per_dim(l, type, map);
  int64_t along = sk_op_int(l->m, op, SK_NAME_iota_dimension, 0);
  sk_val index = sk_affine_value(l, &dims->dim[along]);
  bool small = type->dims[along] < INT32_MAX;
  if (small) {
    index = sk_build_convert(&l->b, SK_L_TRUNC, SK_LT_I32, index);
  }
  sk_scalar out = zero_scalar(l, elem);
  out.re = sk_scalar_convert(&l->b, small ? SK_S32 : SK_S64, part, index);
  return out;
}

// Reads v from the memory that holds it, if it is held.
static bool eval_from_memory(sk_lowering *l, sk_value v, sk_map *map, sk_scalar *out) {
  const sk_value_rec *rec = sk_value_get(l->m, v);
  const sk_type_rec *type = sk_value_type_rec(l->m, v);
  bool member = rec->op.id != 0 && l->group != 0 && l->plan->group_of[rec->op.id] == l->group;
  if (member && l->scratch_of[rec->op.id] != 0 && l->stage[rec->op.id] < l->current_stage) {
    // the row kept in scratch: only the inner positions count
    sk_affine at = {0};
    int64_t stride = 1;
    const sk_group *g = &l->plan->groups.data[l->group - 1];
    for (uint32_t p = g->rank; p-- > 0;) {
      if ((g->outer >> p & 1) == 0) {
        at.coef[p] = stride;
        stride *= g->dims[p];
      }
    }
    *out = sk_emit_load(l, l->scratch_of[rec->op.id], sk_row_elem((sk_elem)type->elem, stride), &at,
                        map->guard);
    return true;
  }
  bool written_before =
      !member || (l->stage[rec->op.id] < l->current_stage &&
                  sk_lower_is_full_member(l, &l->plan->groups.data[l->group - 1], rec->op));
  if (l->buf_of[v.id] == 0 || !written_before) {
    return false;
  }
  sk_affine linear = sk_map_linear(l, type, map);
  *out = sk_emit_load(l, l->buf_of[v.id], (sk_elem)type->elem, &linear, map->guard);
  return true;
}

// An index of type elem, clamped to [0, max], as I64.
static sk_val clamp_start(sk_lowering *l, sk_elem elem, sk_val start, int64_t max) {
  sk_build *b = &l->b;
  if (sk_elem_is_signed(elem) && sk_elem_bits(elem) <= 32 && max <= INT32_MAX) {
    sk_val low = sk_build_2(b, SK_L_SMAX, start, sk_build_i32(b, 0));
    return sk_build_convert(b, SK_L_SEXT, SK_LT_I64,
                            sk_build_2(b, SK_L_SMIN, low, sk_build_i32(b, (int32_t)max)));
  }
  start = sk_scalar_convert(b, elem, sk_elem_is_signed(elem) ? SK_S64 : SK_U64, start);
  sk_val limit = sk_build_i64(b, max), zero = sk_build_i64(b, 0);
  if (!sk_elem_is_signed(elem)) {
    return sk_build_2(b, SK_L_UMIN, start, limit);
  }
  return sk_build_2(b, SK_L_SMIN, sk_build_2(b, SK_L_SMAX, start, zero), limit);
}

sk_val sk_eval_start(sk_lowering *l, sk_op op, uint32_t operand, int64_t max) {
  sk_value v = sk_op_operand(l->m, op, operand);
  return clamp_start(l, (sk_elem)sk_value_type_rec(l->m, v)->elem,
                     sk_eval(l, v, sk_map_empty(l)).re, max);
}

// ---------------------------------------------------------------------------------------------------- children

static void reserve_children(sk_lowering *l, frame *f, uint32_t count) {
  f->count = count;
  f->next = 0;
  if (count > MAX_INLINE_CHILDREN) {
    f->child.many.v = SK_NEW_ARRAY(l->scratch, sk_value, count);
    f->child.many.map = SK_NEW_ARRAY(l->scratch, sk_map *, count);
    f->child.many.value = SK_NEW_ARRAY(l->scratch, sk_scalar, count);
  }
}

// Inline storage moves when the stack grows; large storage does not.
static bool has_many(const frame *f) { return f->count > MAX_INLINE_CHILDREN; }
static sk_value *children(frame *f) { return has_many(f) ? f->child.many.v : f->child.few.v; }
static sk_map **child_maps(frame *f) { return has_many(f) ? f->child.many.map : f->child.few.map; }
static sk_scalar *child_values(frame *f) {
  return has_many(f) ? f->child.many.value : f->child.few.value;
}

static void set_child(frame *f, uint32_t i, sk_value v, sk_map *map) {
  children(f)[i] = v;
  child_maps(f)[i] = map;
}

// The multiply that is contracted into op, or none.
static sk_op contracted(const sk_lowering *l, sk_op op) {
  uint8_t mark = l->plan->marks[op.id];
  if (mark == 0) {
    return (sk_op){0};
  }
  return sk_value_get(l->m, sk_op_operand(l->m, op, mark == SK_MARK_FMA_LHS ? 0 : 1))->op;
}

// Scalars are read without guard: they exist at every point, and stay uniform that way.
static sk_map *map_for_operand(sk_lowering *l, sk_value operand, sk_map *map) {
  return sk_value_type_rec(l->m, operand)->rank == 0 && map->rank != 0 ? sk_map_empty(l) : map;
}

static void list_elementwise(sk_lowering *l, frame *f, sk_op op) {
  sk_op product = contracted(l, op);
  if (product.id != 0) {
    uint32_t other = l->plan->marks[op.id] == SK_MARK_FMA_LHS ? 1 : 0;
    reserve_children(l, f, 3);
    set_child(f, 0, sk_op_operand(l->m, product, 0), f->map);
    set_child(f, 1, sk_op_operand(l->m, product, 1), f->map);
    set_child(f, 2, sk_op_operand(l->m, op, other), f->map);
    return;
  }
  uint32_t count = sk_op_get(l->m, op)->operand_count;
  reserve_children(l, f, count);
  for (uint32_t i = 0; i < count; i++) {
    sk_value operand = sk_op_operand(l->m, op, i);
    set_child(f, i, operand, map_for_operand(l, operand, f->map));
  }
}

// pad: operand index = (index - low) / (interior + 1) where that is exact and in range; elsewhere the padding value.
static void list_pad(sk_lowering *l, frame *f, sk_op op) {
  sk_value operand = sk_op_operand(l->m, op, 0);
  const sk_type_rec *from = sk_value_type_rec(l->m, operand),
                    *to = sk_value_type_rec(l->m, sk_op_result(l->m, op, 0));
  sk_ints low = sk_op_ints(l->m, op, SK_NAME_edge_padding_low),
          interior = sk_op_ints(l->m, op, SK_NAME_interior_padding);
  sk_map *at = sk_map_per_dim(l, to, f->map), *inner = sk_map_new(l, from->rank);
  sk_build *b = &l->b;
  sk_val guard = {0};
  bool empty = false;
  for (uint32_t d = 0; d < from->rank; d++) {
    sk_affine e = at->dim[d];
    e.offset -= low.data[d];
    int64_t step = interior.data[d] + 1;
    bool nothing;
    guard =
        sk_guard_and(l, guard, sk_guard_range(l, &e, 0, (from->dims[d] - 1) * step + 1, &nothing));
    empty |= nothing || from->dims[d] == 0;
    if (step > 1) {
      sk_val index = sk_affine_value(l, &e), by = sk_build_i64(b, step);
      sk_val exact =
          sk_build_2(b, SK_L_IEQ, sk_build_2(b, SK_L_UREM, index, by), sk_build_i64(b, 0));
      uint64_t holds;
      if (!sk_build_get_const(b, exact, &holds)) {
        guard = sk_guard_and(l, guard, exact);
      } else {
        empty |= holds == 0;
      }
      sk_val quotient = sk_build_2(b, SK_L_UDIV, index, by);
      uint64_t known;
      e = sk_build_get_const(b, quotient, &known) ? (sk_affine){.offset = (int64_t)known}
                                                  : (sk_affine){.dyn = quotient};
    }
    inner->dim[d] = e;
    if (from->dims[d] == 1) {
      memset(&inner->dim[d], 0, sizeof inner->dim[d]);
    }
  }
  inner->guard = sk_guard_and(l, f->map->guard, guard);
  f->phase = empty ? 2
             : guard.id == 0
                 ? 1
                 : 0;  // 0: choose by guard, 1: always the operand, 2: always the padding
  reserve_children(l, f, 2);
  set_child(f, 0, empty ? sk_op_operand(l->m, op, 1) : operand, empty ? sk_map_empty(l) : inner);
  set_child(f, 1, sk_op_operand(l->m, op, 1), sk_map_empty(l));
}

static void list_concatenate(sk_lowering *l, frame *f, sk_op op) {
  uint32_t count = sk_op_get(l->m, op)->operand_count;
  int64_t along = sk_op_int(l->m, op, SK_NAME_dimension, 0), start = 0;
  sk_map *at = sk_map_per_dim(l, sk_value_type_rec(l->m, sk_op_result(l->m, op, 0)), f->map);
  reserve_children(l, f, count);
  uint32_t used = 0;
  for (uint32_t i = 0; i < count; i++) {
    sk_value operand = sk_op_operand(l->m, op, i);
    const sk_type_rec *type = sk_value_type_rec(l->m, operand);
    int64_t extent = type->dims[along];
    bool empty;
    sk_val guard = sk_guard_range(l, &at->dim[along], start, start + extent, &empty);
    if (!empty && extent > 0) {
      sk_map *inner = sk_map_new(l, type->rank);
      memcpy(inner->dim, at->dim, sizeof(sk_affine) * type->rank);
      inner->dim[along].offset -= start;
      if (extent == 1) {
        memset(&inner->dim[along], 0, sizeof inner->dim[along]);
      }
      inner->guard = sk_guard_and(l, f->map->guard, guard);
      set_child(f, used++, operand, inner);
    }
    start += extent;
  }
  sk_value *const listed = children(f);
  sk_map **const maps = child_maps(f);
  bool had_many = has_many(f);
  f->count = used;
  if (had_many && !has_many(f)) {  // few enough for the inline storage after all
    memcpy(f->child.few.v, listed, sizeof(sk_value) * used);
    memcpy(f->child.few.map, maps, sizeof(sk_map *) * used);
  }
}

// In a counted loop: a start that is linear in its counter, and never clamped.
static bool start_by_trip(const sk_lowering *l, sk_op op, uint32_t operand, int64_t max,
                          sk_affine *out) {
  int64_t scale;
  *out = (sk_affine){0};
  if (l->trip_counter.id == 0 || !sk_lower_is_linear(l, sk_op_operand(l->m, op, operand),
                                                     l->trip_counter, &out->offset, &scale)) {
    return false;
  }
  int64_t last = out->offset + scale * (l->space.extent[l->trip_position] - 1);
  out->coef[l->trip_position] = scale;
  return SK_MIN(out->offset, last) >= 0 && SK_MAX(out->offset, last) <= max;
}

static void list_dynamic_slice(sk_lowering *l, frame *f, sk_op op) {
  sk_value operand = sk_op_operand(l->m, op, 0);
  const sk_type_rec *from = sk_value_type_rec(l->m, operand),
                    *to = sk_value_type_rec(l->m, sk_op_result(l->m, op, 0));
  sk_val *starts = SK_NEW_ARRAY(l->scratch, sk_val, from->rank + 1);
  sk_affine *by_trip = SK_NEW_ARRAY(l->scratch, sk_affine, from->rank + 1);
  for (uint32_t d = 0; d < from->rank; d++) {
    int64_t max = from->dims[d] - to->dims[d];
    starts[d] = (sk_val){0};
    if (!start_by_trip(l, op, d + 1, max, &by_trip[d])) {
      by_trip[d] = (sk_affine){0};
      starts[d] = sk_eval_start(l, op, d + 1, max);
    }
  }
  sk_map *map = sk_map_through(l, op, f->map, starts);
  for (uint32_t d = 0; d < from->rank; d++) {
    map->dim[d].offset += by_trip[d].offset;
    map->dim[d].coef[l->trip_position] += by_trip[d].coef[l->trip_position];
  }
  reserve_children(l, f, 1);
  set_child(f, 0, operand, map);
}

// gather: first the components of the index vector, then the operand at the place they name.
static void list_gather(sk_lowering *l, frame *f, sk_op op) {
  sk_indexing x = sk_indexing_of(l, op);
  sk_map *at = sk_map_per_dim(l, sk_value_type_rec(l->m, sk_op_result(l->m, op, 0)), f->map);
  if (f->phase == 0) {
    reserve_children(l, f, x.index_map.count);
    for (uint32_t k = 0; k < x.index_map.count; k++) {
      set_child(f, k, x.indices, sk_indexing_component(l, &x, at, k));
    }
    return;
  }
  sk_value operand = sk_op_operand(l->m, op, 0);
  const sk_type_rec *from = sk_value_type_rec(l->m, operand);
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, x.indices)->elem;
  sk_ints sizes = sk_op_ints(l->m, op, SK_NAME_slice_sizes);
  sk_val *starts = SK_NEW_ARRAY(l->scratch, sk_val, x.index_map.count + 1);
  for (uint32_t k = 0; k < x.index_map.count; k++) {
    int64_t d = x.index_map.data[k];
    starts[k] = clamp_start(l, elem, child_values(f)[k].re, from->dims[d] - sizes.data[d]);
  }
  for (uint32_t i = 0; i < x.dropped.count; i++) {
    if (sizes.data[x.dropped.data[i]] == 0) {
      sk_lower_fail(
          l, sk_op_error(l->m, op, SK_INVALID_ARGUMENT,
                         "slices of size 0 in collapsed dimension %lld have no element to gather",
                         (long long)x.dropped.data[i]));
    }
  }
  reserve_children(l, f, 1);
  set_child(f, 0, operand, sk_indexing_operand(l, &x, from, at, starts));
}

static void list_children(sk_lowering *l, frame *f, sk_op op) {
  f->listed = true;
  switch ((int)sk_op_kind(l->m, op)) {
    case SK_OP_GATHER: list_gather(l, f, op); return;
    case SK_OP_PAD: list_pad(l, f, op); return;
    case SK_OP_CONCATENATE: list_concatenate(l, f, op); return;
    case SK_OP_DYNAMIC_SLICE: list_dynamic_slice(l, f, op); return;
    case SK_OP_RESHAPE:
    case SK_OP_BROADCAST_IN_DIM:
    case SK_OP_TRANSPOSE:
    case SK_OP_SLICE:
    case SK_OP_REVERSE:
      reserve_children(l, f, 1);
      set_child(f, 0, sk_op_operand(l->m, op, 0), sk_map_through(l, op, f->map, NULL));
      if (child_maps(f)[0]->rank == 0) {
        child_maps(f)[0] = sk_map_empty(l);
      }
      return;
    default: list_elementwise(l, f, op);
  }
}

// ---------------------------------------------------------------------------------------------------- results

static sk_scalar select_scalar(sk_lowering *l, sk_val pred, sk_scalar yes, sk_scalar no) {
  sk_scalar out = {sk_build_select(&l->b, pred, yes.re, no.re), {0}};
  if (yes.im.id != 0) {
    out.im = sk_build_select(&l->b, pred, yes.im, no.im);
  }
  return out;
}

static sk_scalar finish_concatenate(sk_lowering *l, frame *f) {
  sk_scalar out = child_values(f)[f->count - 1];
  for (uint32_t i = f->count - 1; i-- > 0;) {
    out = select_scalar(l, child_maps(f)[i]->guard, child_values(f)[i], out);
  }
  return out;
}

static sk_elem_op describe(const sk_lowering *l, sk_op op) {
  sk_opkind kind = sk_op_kind(l->m, op);
  sk_elem_op e = {.kind = kind};
  e.from = (sk_elem)sk_value_type_rec(
               l->m, sk_op_operand(l->m, op, kind == SK_OP_SELECT || kind == SK_OP_CLAMP ? 1 : 0))
               ->elem;
  const sk_type_rec *type = sk_value_type_rec(l->m, sk_op_result(l->m, op, 0));
  e.to = (sk_elem)type->elem;
  for (uint32_t d = 0; d < type->rank; d++) {
    e.many |= type->dims[d] > 1;
  }
  if (kind == SK_OP_COMPARE) {
    e.compare_direction = (uint32_t)sk_op_int(l->m, op, SK_NAME_comparison_direction, 0);
    e.compare_type = (uint32_t)sk_op_int(l->m, op, SK_NAME_compare_type, 0);
  }
  if (kind == SK_OP_REDUCE_PRECISION) {
    e.exponent_bits = sk_op_int(l->m, op, SK_NAME_exponent_bits, 0);
    e.mantissa_bits = sk_op_int(l->m, op, SK_NAME_mantissa_bits, 0);
  }
  return e;
}

static sk_scalar apply(sk_lowering *l, sk_op op, const sk_scalar *in, uint32_t count) {
  sk_elem_op e = describe(l, op);
  sk_scalar out;
  bool can = sk_elem_lt(e.from) != SK_LT_NONE && sk_elem_lt(e.to) != SK_LT_NONE;
  if (!can || !sk_scalar_apply(&l->b, &e, in, count, &out)) {
    sk_lower_fail(l,
                  sk_op_error(l->m, op, SK_UNIMPLEMENTED,
                              "no native code for this operation on %s yet", sk_elem_name(e.from)));
    return zero_scalar(l, e.to);
  }
  return out;
}

static sk_scalar finish_elementwise(sk_lowering *l, frame *f, sk_op op) {
  const sk_scalar *in = child_values(f);
  if (contracted(l, op).id == 0) {
    return apply(l, op, in, f->count);
  }
  bool subtract = sk_op_kind(l->m, op) == SK_OP_SUBTRACT,
       left = l->plan->marks[op.id] == SK_MARK_FMA_LHS;
  sk_lop fused = !subtract ? SK_L_FMA : left ? SK_L_FMS : SK_L_FNMA;
  return (sk_scalar){sk_build_3(&l->b, fused, in[0].re, in[1].re, in[2].re), {0}};
}

static sk_scalar finish(sk_lowering *l, frame *f, sk_op op) {
  switch ((int)sk_op_kind(l->m, op)) {
    case SK_OP_PAD:
      return f->phase != 0 ? child_values(f)[0]
                           : select_scalar(l, child_maps(f)[0]->guard, child_values(f)[0],
                                           child_values(f)[1]);
    case SK_OP_CONCATENATE: return finish_concatenate(l, f);
    case SK_OP_RESHAPE:
    case SK_OP_BROADCAST_IN_DIM:
    case SK_OP_TRANSPOSE:
    case SK_OP_SLICE:
    case SK_OP_REVERSE:
    case SK_OP_DYNAMIC_SLICE:
    case SK_OP_GATHER: return child_values(f)[0];
    default: return finish_elementwise(l, f, op);
  }
}

// Does the op belong to a body that kernels evaluate, not to a block of statements?
static bool is_in_body(const sk_lowering *l, sk_op op) {
  return l->plan->regions[sk_op_get(l->m, op)->parent.id].units == NULL;
}

// Values that need no children: memoised, held in memory, constants, indices.
static bool eval_leaf(sk_lowering *l, sk_value v, sk_map *map, sk_scalar *out) {
  if (recall(l, v, map, out)) {
    return true;
  }
  sk_op op = sk_value_get(l->m, v)->op;
  bool found = eval_from_memory(l, v, map, out);
  if (!found && op.id != 0 && sk_op_kind(l->m, op) == SK_OP_CONSTANT) {
    found = eval_constant(l, op, out);
    if (!found) {
      sk_lower_materialise(l, v);
      found = eval_from_memory(l, v, map, out);
    }
  }
  if (!found && op.id != 0 && sk_op_kind(l->m, op) == SK_OP_IOTA) {
    *out = eval_iota(l, op, map);
    found = true;
  }
  sk_op_class kind =
      op.id == 0 ? SK_OPCLASS_NONE : (sk_op_class)sk_opkind_info(sk_op_kind(l->m, op))->op_class;
  bool sliced = op.id != 0 && (sk_op_kind(l->m, op) == SK_OP_DYNAMIC_SLICE ||
                               sk_op_kind(l->m, op) == SK_OP_GATHER);
  bool walkable = kind == SK_OPCLASS_ELEMENTWISE || kind == SK_OPCLASS_VIEW || sliced;
  if (!found && !walkable) {
    sk_lower_fail(l,
                  op.id == 0 ? sk_status_new(SK_INTERNAL, "a block argument has no buffer")
                  : is_in_body(l, op)
                      ? sk_op_error(l->m, op, SK_UNIMPLEMENTED,
                                    "no native code for this operation in the body of another yet")
                      : sk_op_error(l->m, op, SK_INTERNAL,
                                    "value is needed in a kernel but was not computed before"));
    *out = zero_scalar(l, (sk_elem)sk_value_type_rec(l->m, v)->elem);
    found = true;
  }
  if (found) {
    sk_eval_bind(l, v, map, *out);
  }
  return found;
}

sk_scalar sk_eval(sk_lowering *l, sk_value v, sk_map *map) {
  sk_scalar value;
  if (eval_leaf(l, v, map, &value)) {
    return value;
  }
  frame_stack stack = {0};
  sk_vec_push(l->scratch, &stack, (frame){.v = v, .map = map});
  while (stack.count > 0) {
    uint32_t top = stack.count - 1;
    frame *f = &stack.data[top];
    sk_op op = sk_value_get(l->m, f->v)->op;
    if (!f->listed) {
      frame copy =
          *f;  // listing may evaluate scalars through this function; the stack itself does not move meanwhile
      list_children(l, &copy, op);
      stack.data[top] = copy;
      f = &stack.data[top];
    }
    bool waiting = false;
    while (f->next < f->count && !waiting) {
      sk_value child = children(f)[f->next];
      sk_map *child_map = child_maps(f)[f->next];
      if (eval_leaf(l, child, child_map, &value)) {
        child_values(f)[f->next++] = value;
      } else {
        sk_vec_push(l->scratch, &stack, (frame){.v = child, .map = child_map});
        waiting = true;
      }
    }
    if (!waiting && f->phase == 0 && sk_op_kind(l->m, op) == SK_OP_GATHER) {
      f->phase = 1;
      f->listed = false;
    } else if (!waiting) {
      value = finish(l, f, op);
      sk_eval_bind(l, f->v, f->map, value);
      stack.count--;
    }
  }
  return value;
}

sk_op sk_lower_find_stranger(const sk_lowering *l, sk_region region) {
  SK_FOR_EACH_OP(l->m, region, op) {
    sk_op_class kind = (sk_op_class)sk_opkind_info(sk_op_kind(l->m, op))->op_class;
    if (kind != SK_OPCLASS_ELEMENTWISE && kind != SK_OPCLASS_VIEW && kind != SK_OPCLASS_CONSTANT &&
        kind != SK_OPCLASS_RETURN) {
      return op;
    }
  }
  return (sk_op){0};
}

void sk_eval_region(sk_lowering *l, sk_region region, const sk_scalar *args, sk_scalar *out) {
  sk_eval_open(l);
  sk_map *empty = sk_map_empty(l);
  for (uint32_t i = 0; i < sk_region_get(l->m, region)->arg_count; i++) {
    sk_eval_bind(l, sk_region_arg(l->m, region, i), empty, args[i]);
  }
  sk_op terminator = sk_region_get(l->m, region)->last;
  for (uint32_t i = 0; i < sk_op_get(l->m, terminator)->operand_count; i++) {
    out[i] = sk_eval(l, sk_op_operand(l->m, terminator, i), empty);
  }
  sk_eval_close(l);
}
