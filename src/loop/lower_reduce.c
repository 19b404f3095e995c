// SPDX-License-Identifier: Apache-2.0
// Fused groups with reductions -> kernels.
//
//   row kernel (reduced = inner dimensions)        large reduction, in two kernels
//     loop outer dims (rows)                         loop blocks, outer dims
//       stage 0: loop inner { reductions, stores }      loop one block { reduce }; store partial
//       stage 1: loop inner { ... }                  loop outer dims
//       stores of row values                            loop partials { reduce }; store
//
// Stage of an op: how many reductions of its own row lie between it and the inputs. A full-level
// value of an earlier stage that is read in a later one is kept in per-thread scratch (one row)
// when computing it again costs more than loading it (plan_keeps), or read back from the buffer it
// was stored to.
//
// Rows of a few elements are unrolled, so that lanes run along the rows: every element of a row is
// a value of its own, kept from stage to stage, and the halving tree is written out.
//
// Order of a reduction (docs/numerics.md): along the innermost dimension of F 64 virtual lanes (32
// for 64-bit types) and a halving tree, along every other dimension ascending; beyond
// SK_REDUCE_BLOCK_* in blocks whose partial results are reduced the same way.
#include <stdlib.h>

#include "loop/lower_elem.h"
#include "loop/lower_group.h"

enum { HEAVY_COST = 5, CHAIN_COST = 16, ROUNDING_COST = 4, ANY_STAGE = UINT16_MAX };
enum { WIDE_ROW = 4096 };  // elements: 16 KB
// Rows that are unrolled: at most so long, with operations of so much cost; enough rows to fill
// lanes, and to be worth the code. Zen 3, 65536 rows of 3, 4, 8, 16 elements, lanes along the row
// -> along the rows, us: softmax 1669 2188 801 1234 -> 164 227 485 1228, sums 483 611 80 96 -> 42
// 53 99 181.
enum { SHORT_ROW = 8, UNROLLED_COST = 300, ROWS_IN_LANES = 8, ROWS_PER_COST = 8 };

// ---------------------------------------------------------------------------------------------------- reductions

// The loop-IR combiner of a reduction whose body is one associative op on its two arguments;
// SK_L_NONE otherwise.
static sk_lop combiner_of(const sk_lowering *l, sk_op reduce) {
  sk_region body = sk_op_region(l->m, reduce, 0);
  sk_op op = sk_region_first(l->m, body), end = sk_region_get(l->m, body)->last;
  if (sk_op_get(l->m, reduce)->result_count != 1 || op.id == end.id ||
      sk_op_next(l->m, op).id != end.id) {
    return SK_L_NONE;
  }
  const sk_op_rec *rec = sk_op_get(l->m, op);
  sk_value a = sk_region_arg(l->m, body, 0), b = sk_region_arg(l->m, body, 1);
  bool plain = rec->operand_count == 2 && sk_op_operand(l->m, end, 0).id == rec->results &&
               ((sk_op_operand(l->m, op, 0).id == a.id && sk_op_operand(l->m, op, 1).id == b.id) ||
                (sk_op_operand(l->m, op, 0).id == b.id && sk_op_operand(l->m, op, 1).id == a.id));
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, a)->elem;
  sk_elem_class kind = sk_elem_get_class(elem);
  bool same_type = elem == (sk_elem)sk_value_type_rec(l->m, sk_op_operand(l->m, reduce, 0))->elem;
  if (!plain || !same_type || kind == SK_CLASS_COMPLEX) {
    return SK_L_NONE;
  }
  bool is_float = kind == SK_CLASS_FLOAT, is_pred = kind == SK_CLASS_PRED,
       is_signed = kind == SK_CLASS_SINT;
  switch ((int)rec->kind) {
    case SK_OP_ADD: return is_float ? SK_L_FADD : is_pred ? SK_L_POR : SK_L_ADD;
    case SK_OP_MULTIPLY: return is_float ? SK_L_FMUL : is_pred ? SK_L_PAND : SK_L_MUL;
    case SK_OP_MAXIMUM:
      return is_float ? SK_L_FMAX : is_pred ? SK_L_POR : is_signed ? SK_L_SMAX : SK_L_UMAX;
    case SK_OP_MINIMUM:
      return is_float ? SK_L_FMIN : is_pred ? SK_L_PAND : is_signed ? SK_L_SMIN : SK_L_UMIN;
    case SK_OP_AND: return is_pred ? SK_L_PAND : SK_L_AND;
    case SK_OP_OR: return is_pred ? SK_L_POR : SK_L_OR;
    case SK_OP_XOR: return is_pred ? SK_L_PXOR : SK_L_XOR;
    default: return SK_L_NONE;
  }
}

static uint32_t lanes_for(sk_lt type, int64_t extent) {
  uint32_t most = sk_lt_bytes(type) == 8 ? 32 : 64, lanes = 1;
  while (lanes < most && lanes < extent) {
    lanes *= 2;
  }
  return lanes;  // lanes beyond the extent would hold identities only
}

// An accumulator of one reduction at one loop; one per result of the reduction.
typedef struct accumulator {
  sk_op op;
  sk_lop combiner;  // NONE: sequential body
  uint32_t count;   // results
  sk_scalar *init;
  sk_scalar (*carry)[SK_GROUP_MAX_RANK];  // [result][nesting level]
  sk_scalar *next;
  sk_elem *elem;
} accumulator;

typedef SK_VEC(accumulator) accumulator_list;

static accumulator new_accumulator(sk_lowering *l, sk_op op) {
  accumulator a = {
      .op = op, .combiner = combiner_of(l, op), .count = sk_op_get(l->m, op)->result_count};
  a.init = SK_NEW_ARRAY(l->scratch, sk_scalar, a.count);
  a.next = SK_NEW_ARRAY(l->scratch, sk_scalar, a.count);
  a.elem = SK_NEW_ARRAY(l->scratch, sk_elem, a.count);
  a.carry = sk_arena_zalloc(l->scratch, sizeof *a.carry * a.count, _Alignof(sk_scalar));
  for (uint32_t r = 0; r < a.count; r++) {
    sk_value init = sk_op_operand(l->m, op, a.count + r);
    a.elem[r] = (sk_elem)sk_value_type_rec(l->m, sk_op_result(l->m, op, r))->elem;
    a.init[r] = sk_eval(l, init, sk_map_empty(l));
  }
  return a;
}

static sk_scalar identity_of(sk_lowering *l, const accumulator *a, uint32_t r) {
  sk_lt type = sk_elem_lt(a->elem[r]);
  return (sk_scalar){sk_build_const(&l->b, type, sk_combiner_identity(a->combiner, type)), {0}};
}

// Opens one carry per part of every accumulator at nesting level `level`. Inner levels of a RED
// nest start from the identity (in next).
static void open_carries(sk_lowering *l, accumulator_list *all, uint32_t level) {
  for (uint32_t i = 0; i < all->count; i++) {
    accumulator *a = &all->data[i];
    for (uint32_t r = 0; r < a->count; r++) {
      sk_scalar start = level == 0                 ? a->init[r]
                        : a->combiner == SK_L_NONE ? a->carry[r][level - 1]
                                                   : a->next[r];
      a->carry[r][level].re = sk_build_carry(&l->b, start.re, a->combiner);
      if (sk_elem_is_complex(a->elem[r])) {
        a->carry[r][level].im = sk_build_carry(&l->b, start.im, a->combiner);
      }
    }
  }
}

static void close_with_yields(sk_lowering *l, accumulator_list *all, uint32_t level,
                              bool innermost) {
  SK_VEC(sk_val) carries = {0}, yields = {0};
  for (uint32_t i = 0; i < all->count; i++) {
    accumulator *a = &all->data[i];
    for (uint32_t r = 0; r < a->count; r++) {
      sk_scalar next = innermost ? a->next[r] : a->carry[r][level + 1];
      sk_vec_push(l->scratch, &carries, a->carry[r][level].re);
      sk_vec_push(l->scratch, &yields, next.re);
      if (sk_elem_is_complex(a->elem[r])) {
        sk_vec_push(l->scratch, &carries, a->carry[r][level].im);
        sk_vec_push(l->scratch, &yields, next.im);
      }
    }
  }
  sk_build_end_loop(&l->b, carries.data, yields.data, carries.count);
}

// One step of an accumulator at the current point: with a combiner, next is the element; without,
// body(carry, element).
static void accumulate_one(sk_lowering *l, const sk_group *g, accumulator *a, uint32_t level) {
  sk_scalar *args = SK_NEW_ARRAY(l->scratch, sk_scalar, 2 * a->count);
  for (uint32_t r = 0; r < a->count; r++) {
    sk_value input = sk_op_operand(l->m, a->op, r);
    const sk_type_rec *type = sk_value_type_rec(l->m, input);
    sk_map *map = sk_map_at_point(l, type, sk_group_full(g));
    args[a->count + r] = sk_eval(l, input, map);
    if (a->combiner == SK_L_NONE) {
      args[r] = a->carry[r][level];
      sk_elem from = (sk_elem)type->elem;
      if (from != a->elem[r] && !sk_elem_is_complex(from)) {
        args[a->count + r].re = sk_scalar_convert(&l->b, from, a->elem[r], args[a->count + r].re);
      }
    }
  }
  if (a->combiner == SK_L_NONE) {
    sk_eval_region(l, sk_op_region(l->m, a->op, 0), args, a->next);
  } else {
    memcpy(a->next, args + a->count, sizeof(sk_scalar) * a->count);
  }
}

static void accumulate(sk_lowering *l, const sk_group *g, accumulator_list *all, uint32_t level) {
  for (uint32_t i = 0; i < all->count; i++) {
    accumulate_one(l, g, &all->data[i], level);
  }
}

// Loop nest over `inner` positions with the given reductions and what else happens at full level in
// this stage.
typedef struct stage_work {
  const sk_group *g;
  accumulator_list reductions;
  SK_VEC(sk_op) stores, keeps;  // full-level members: stored to their buffers, kept in scratch
} stage_work;

// Of a row in scratch: narrow floats stay as wide as in registers while rows are short enough to
// share a cache with all else.
sk_elem sk_row_elem(sk_elem elem, int64_t elems) {
  return sk_elem_is_narrow_float(elem) && elems <= WIDE_ROW ? SK_F32 : elem;
}

static void keep_in_scratch(sk_lowering *l, const sk_group *g, sk_op op) {
  sk_value v = sk_op_result(l->m, op, 0);
  const sk_type_rec *type = sk_value_type_rec(l->m, v);
  sk_scalar value = sk_eval(l, v, sk_map_at_point(l, type, sk_group_full(g)));
  sk_affine at = {0};
  int64_t stride = 1;
  for (uint32_t p = g->rank; p-- > 0;) {
    if (!sk_group_has_bit(g->outer, p)) {
      at.coef[p] = stride;
      stride *= g->dims[p];
    }
  }
  if (l->scratch_of[op.id] == 0) {
    sk_elem elem = sk_row_elem((sk_elem)type->elem, stride);
    int64_t parts = sk_elem_is_complex(elem) ? 2 : 1;
    l->scratch_of[op.id] = sk_prog_add_buf(l->prog, &(sk_buf){.kind = SK_BUF_SCRATCH,
                                                              .mem = (uint8_t)sk_elem_mem(elem),
                                                              .elems = stride * parts,
                                                              .offset = -1,
                                                              .name = "row"});
  }
  sk_emit_store(l, l->scratch_of[op.id], sk_row_elem((sk_elem)type->elem, stride), &at, value);
}

// A loop nest of reductions that accumulate in the same way (reduction_class).
static void run_nest(sk_lowering *l, stage_work *w, uint32_t inner) {
  const sk_group *g = w->g;
  bool reducing = w->reductions.count > 0;
  bool sequential = reducing && w->reductions.data[0].combiner == SK_L_NONE;
  sk_lt type = reducing ? sk_elem_lt(w->reductions.data[0].elem[0]) : SK_LT_F32;
  sk_loop_kind kind = !reducing ? SK_LOOP_PAR : sequential ? SK_LOOP_SEQ : SK_LOOP_RED;
  uint32_t level = 0, levels = sk_popcount64(inner);
  for (uint32_t p = 0; p < g->rank; p++) {
    if (sk_group_has_bit(inner, p) &&
        l->space.extent[p] == 0) {  // nothing to reduce, nothing to store
      for (uint32_t i = 0; i < w->reductions.count; i++) {
        for (uint32_t r = 0; r < w->reductions.data[i].count; r++) {
          w->reductions.data[i].carry[r][0] = w->reductions.data[i].init[r];
        }
      }
      return;
    }
  }
  for (uint32_t i = 0; i < w->reductions.count && !sequential;
       i++) {  // inner nests start from the identity
    for (uint32_t r = 0; r < w->reductions.data[i].count; r++) {
      w->reductions.data[i].next[r] = identity_of(l, &w->reductions.data[i], r);
    }
  }
  for (uint32_t p = 0; p < g->rank; p++) {
    if (!sk_group_has_bit(inner, p)) {
      continue;
    }
    bool minor = p + 1 == g->rank;
    uint32_t lanes = kind == SK_LOOP_RED && minor ? lanes_for(type, l->space.extent[p]) : 1;
    l->space.loop[p] = sk_build_loop(&l->b, kind, l->space.extent[p], lanes);
    open_carries(l, &w->reductions, level);
    sk_eval_open(l);
    level++;
  }
  for (uint32_t i = 0; i < w->keeps.count; i++) {
    keep_in_scratch(l, g, w->keeps.data[i]);
  }
  accumulate(l, g, &w->reductions, level - 1);
  for (uint32_t i = 0; i < w->stores.count; i++) {
    sk_group_store_results(l, w->stores.data[i], sk_group_full(g));
  }
  for (uint32_t p = g->rank; p-- > 0;) {
    if (sk_group_has_bit(inner, p)) {
      level--;
      sk_eval_close(l);
      close_with_yields(l, &w->reductions, level, level + 1 == levels);
      l->space.loop[p] = UINT32_MAX;
    }
  }
}

// ---------------------------------------------------------------------------------------------------- short rows

// Elements lane[0 .. extent) -> their combination in the order of a RED loop: beyond the extent are
// identities, which change nothing.
static sk_val halving_tree(sk_lowering *l, sk_lop combiner, sk_val *lane, uint32_t extent,
                           uint32_t lanes) {
  for (uint32_t half = lanes / 2; half > 0; half /= 2) {
    for (uint32_t i = 0; i < half && i + half < extent; i++) {
      lane[i] = sk_build_combine(&l->b, combiner, lane[i], lane[i + half]);
    }
    extent = SK_MIN(extent, half);
  }
  return lane[0];
}

static void reduce_short_row(sk_lowering *l, const sk_group *g, accumulator *a) {
  uint32_t last = g->rank - 1, extent = (uint32_t)g->dims[last];
  sk_val lane[SHORT_ROW];
  for (uint32_t r = 0; r < a->count; r++) {
    a->carry[r][0] = a->init[r];
  }
  for (uint32_t i = 0; i < extent; i++) {
    l->space.base[last] = i;
    accumulate_one(l, g, a, 0);
    lane[i] = a->next[0].re;
    for (uint32_t r = 0; a->combiner == SK_L_NONE && r < a->count; r++) {
      a->carry[r][0] = a->next[r];
    }
  }
  if (a->combiner != SK_L_NONE) {
    uint32_t lanes = lanes_for(sk_elem_lt(a->elem[0]), extent);
    sk_val all = halving_tree(l, a->combiner, lane, extent, lanes);
    a->carry[0][0].re = sk_build_combine(&l->b, a->combiner, a->init[0].re, all);
  }
}

static void run_short_row(sk_lowering *l, stage_work *w) {
  uint32_t last = w->g->rank - 1;
  for (uint32_t i = 0; i < w->reductions.count; i++) {
    reduce_short_row(l, w->g, &w->reductions.data[i]);
  }
  for (uint32_t i = 0; i < w->stores.count; i++) {
    for (int64_t at = 0; at < w->g->dims[last]; at++) {
      l->space.base[last] = at;
      sk_group_store_results(l, w->stores.data[i], sk_group_full(w->g));
    }
  }
}

uint32_t sk_op_cost(sk_opkind kind) {
  switch ((int)kind) {
    case SK_OP_ADD:
    case SK_OP_SUBTRACT:
    case SK_OP_MULTIPLY:
    case SK_OP_NEGATE:
    case SK_OP_CONVERT:
    case SK_OP_COMPARE:
    case SK_OP_SELECT:
    case SK_OP_ABS:
    case SK_OP_MAXIMUM:
    case SK_OP_MINIMUM: return 1;
    default: return HEAVY_COST;
  }
}

// One inner dimension, the last; many rows for the code.
static bool has_short_rows(const sk_lowering *l, const sk_group *g) {
  uint32_t last = g->rank - 1;
  if (g->rank < 2 || g->outer != sk_group_full(g) >> 1 || g->dims[last - 1] < ROWS_IN_LANES ||
      g->dims[last] == 0 || g->dims[last] > SHORT_ROW) {
    return false;
  }
  int64_t rows = 1, cost = 0;
  for (uint32_t p = 0; p < last; p++) {
    rows = SK_MIN(rows * g->dims[p], INT64_C(1) << 30);
  }
  for (uint32_t i = 0; i < g->ops.count; i++) {
    cost += sk_op_cost(sk_op_kind(l->m, g->ops.data[i]));
  }
  return g->dims[last] * cost <= UNROLLED_COST && rows >= ROWS_PER_COST * cost;
}

// What the order of a reduction depends on besides its shape: a body that runs in sequence, or the
// number of lanes, by the width of the element. One loop has one order.
enum { CLASS_SEQUENTIAL, CLASS_NARROW, CLASS_WIDE, CLASS_COUNT };

static int reduction_class(const accumulator *a, bool minor) {
  bool wide = minor && sk_lt_bytes(sk_elem_lt(a->elem[0])) == 8;
  return a->combiner == SK_L_NONE ? CLASS_SEQUENTIAL : wide ? CLASS_WIDE : CLASS_NARROW;
}

// A nest for every class of reductions, so that the order of each is its own whatever else is in
// the group; the first one does the rest of the stage's work.
static void run_inner_loops(sk_lowering *l, stage_work *w, uint32_t inner) {
  bool minor = w->g->rank > 0 && sk_group_has_bit(inner, w->g->rank - 1);
  stage_work part = {.g = w->g, .stores = w->stores, .keeps = w->keeps};
  if (w->reductions.count == 0) {
    run_nest(l, &part, inner);
  }
  for (int class = 0; class < CLASS_COUNT; class ++) {
    part.reductions = (accumulator_list){0};
    for (uint32_t i = 0; i < w->reductions.count; i++) {
      if (reduction_class(&w->reductions.data[i], minor) == class) {
        sk_vec_push(l->scratch, &part.reductions, w->reductions.data[i]);
      }
    }
    if (part.reductions.count != 0) {
      run_nest(l, &part, inner);
      part.stores.count = part.keeps.count = 0;
    }
  }
}

static void bind_results(sk_lowering *l, const sk_group *g, const accumulator *a) {
  for (uint32_t r = 0; r < a->count; r++) {
    sk_value v = sk_op_result(l->m, a->op, r);
    sk_scalar value = a->carry[r][0];
    if (!sk_elem_is_complex(a->elem[r])) {
      value.re = sk_scalar_round(&l->b, a->elem[r], value.re);
      sk_elem_class kind = sk_elem_get_class(a->elem[r]);
      if (sk_elem_bits(a->elem[r]) < 32 && (kind == SK_CLASS_SINT || kind == SK_CLASS_UINT)) {
        value.re = sk_scalar_convert(&l->b, SK_S32, a->elem[r], value.re);
      }
    }
    sk_eval_bind(l, v, sk_map_at_point(l, sk_value_type_rec(l->m, v), g->outer), value);
  }
}

// ---------------------------------------------------------------------------------------------------- row kernels

static int compare_stages(const void *a, const void *b) {
  const uint16_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

// The stages in which a row is passed over, ascending (stage numbers have gaps).
static uint32_t list_stages(sk_lowering *l, const sk_group *g, uint16_t **out_stages) {
  uint16_t *stages = SK_NEW_ARRAY(l->arena, uint16_t, g->ops.count + 1);
  uint32_t count = 0, unique = 0;
  for (uint32_t i = 0; i < g->ops.count; i++) {
    sk_op op = g->ops.data[i];
    if (sk_group_is_reduce(l, op) || sk_lower_is_full_member(l, g, op)) {
      stages[count++] = l->stage[op.id];
    }
  }
  qsort(stages, count, sizeof stages[0], compare_stages);
  for (uint32_t i = 0; i < count; i++) {
    if (i == 0 || stages[i] != stages[unique - 1]) {
      stages[unique++] = stages[i];
    }
  }
  *out_stages = stages;
  return unique;
}

// With the rounding of results that are narrower than registers.
static uint32_t element_cost(const sk_lowering *l, sk_op op) {
  sk_opkind kind = sk_op_kind(l->m, op);
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, sk_op_result(l->m, op, 0))->elem;
  bool rounds = kind == SK_OP_ADD || kind == SK_OP_SUBTRACT || kind == SK_OP_MULTIPLY ||
                kind == SK_OP_CONVERT;
  return sk_op_cost(kind) + (rounds && sk_elem_is_narrow_float(elem) ? ROUNDING_COST : 0);
}

// What an operand costs when its reader is computed again: views cost what lies behind them.
static uint32_t redo_cost(const sk_lowering *l, const sk_group *g, sk_value v,
                          const uint32_t *redo) {
  sk_op op = sk_value_get(l->m, v)->op;
  while (op.id != 0 && sk_opkind_info(sk_op_kind(l->m, op))->op_class == SK_OPCLASS_VIEW &&
         sk_op_get(l->m, op)->operand_count == 1) {
    op = sk_value_get(l->m, sk_op_operand(l->m, op, 0))->op;
  }
  bool again = op.id != 0 && l->plan->group_of[op.id] == l->group && l->group != 0 &&
               sk_lower_is_full_member(l, g, op);
  return again ? redo[op.id] : 0;
}

// Decides which rows are kept for later stages: one costly operation, or a chain of cheap ones that
// would otherwise grow from stage to stage.
static void plan_keeps(sk_lowering *l, const sk_group *g) {
  uint32_t *redo = l->redo;
  for (uint32_t i = 0; i < g->ops.count; i++) {
    sk_op op = g->ops.data[i];
    l->keeps_row[op.id] = 0;
    redo[op.id] = 0;
    if (!sk_lower_is_full_member(l, g, op)) {
      continue;
    }
    uint32_t own = element_cost(l, op), all = own;
    for (uint32_t k = 0; k < sk_op_get(l->m, op)->operand_count; k++) {
      all += redo_cost(l, g, sk_op_operand(l->m, op, k), redo);
    }
    bool costly = own >= HEAVY_COST || all >= CHAIN_COST;
    l->keeps_row[op.id] = costly && l->last_stage[op.id] > l->stage[op.id];
    redo[op.id] = costly ? 1 : all;
  }
}

// `is_last`: no later pass over the row could read what is kept of it.
static void plan_stage(sk_lowering *l, const sk_group *g, uint32_t stage, bool is_last,
                       stage_work *w) {
  w->g = g;
  for (uint32_t i = 0; i < g->ops.count; i++) {
    sk_op op = g->ops.data[i];
    if (stage != ANY_STAGE && l->stage[op.id] != stage) {
      continue;
    }
    if (sk_group_is_reduce(l, op)) {
      sk_vec_push(l->scratch, &w->reductions, new_accumulator(l, op));
    } else if (sk_group_level(l, g, op) == sk_group_full(g)) {
      bool later = !is_last && l->last_stage[op.id] > stage && l->keeps_row[op.id];
      if (l->plan->stored[op.id]) {
        sk_vec_push(l->scratch, &w->stores, op);
      }
      if (later && l->buf_of[sk_op_result(l->m, op, 0).id] == 0) {
        sk_vec_push(l->scratch, &w->keeps, op);
      }
    }
  }
}

void sk_reduce_rows(sk_lowering *l, uint32_t group) {
  const sk_group *g = &l->plan->groups.data[group - 1];
  uint32_t kernel = sk_prog_add_kernel(l->prog, sk_group_kernel_name(l, sk_vec_last(&g->ops)));
  uint16_t *stages;
  uint32_t stage_count = list_stages(l, g, &stages), inner = sk_group_full(g) & ~g->outer;
  sk_eval_begin(l, kernel, SK_GROUP_MAX_RANK * (CLASS_COUNT * stage_count + 1) + 1, group);
  sk_group_set_space(l, g);
  bool wrapped = g->outer == 0, unrolled = has_short_rows(l, g);
  if (wrapped) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    sk_eval_open(l);
  }
  sk_space_open(l, g->outer, SK_LOOP_PAR);
  l->space.fixed = unrolled ? inner : 0;
  plan_keeps(l, g);
  for (uint32_t s = 0; s < stage_count; s++) {
    stage_work w = {0};
    l->current_stage = stages[s];
    plan_stage(l, g, stages[s], s + 1 == stage_count, &w);
    if (w.reductions.count + w.stores.count + w.keeps.count > 0) {
      if (unrolled) {
        run_short_row(l, &w);
      } else {
        run_inner_loops(l, &w, inner);
      }
      for (uint32_t i = 0; i < w.reductions.count; i++) {
        bind_results(l, g, &w.reductions.data[i]);
      }
    }
  }
  l->current_stage = ANY_STAGE;
  for (uint32_t i = 0; i < g->ops.count; i++) {
    sk_op op = g->ops.data[i];
    if (l->plan->stored[op.id] &&
        (sk_group_is_reduce(l, op) || sk_group_level(l, g, op) != sk_group_full(g))) {
      sk_group_store_results(l, op, g->outer);
    }
  }
  sk_space_close(l, g->outer);
  if (wrapped) {
    sk_eval_close(l);
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_group_emit_kernel(l, kernel);
}

// ---------------------------------------------------------------------------------------------------- reductions in blocks

// An access to partial[blocks][outer...] by the outer loops; *out_stride: distance of blocks.
static uint32_t access_partial(sk_lowering *l, const sk_group *g, uint32_t partial,
                               int64_t *out_stride) {
  uint32_t access = sk_build_access(&l->b, partial, (sk_mem)l->prog->bufs.data[partial].mem, 0);
  *out_stride = 1;
  for (uint32_t p = g->rank; p-- > 0;) {
    if (sk_group_has_bit(g->outer, p)) {
      sk_build_set_stride(&l->b, access, l->space.loop[p], *out_stride);
      *out_stride *= g->dims[p];
    }
  }
  return access;
}

// Reduces `blocks` blocks of `elems` each, starting at block number `first`, into
// partial[block][outer...].
static void lower_partial(sk_lowering *l, uint32_t group, const sk_reduce_blocks *plan,
                          int64_t first, int64_t blocks, int64_t elems, uint32_t partial) {
  const sk_group *g = &l->plan->groups.data[group - 1];
  uint32_t kernel = sk_prog_add_kernel(l->prog, sk_group_kernel_name(l, sk_vec_last(&g->ops)));
  uint32_t inner = sk_group_full(g) & ~g->outer;
  sk_eval_begin(l, kernel, 2 * SK_GROUP_MAX_RANK + 2, group);
  sk_group_set_space(l, g);
  l->space.extent[plan->position] = elems;
  l->space.block_position = plan->position;
  l->space.block_count = blocks;
  l->space.block_elems = plan->block_extent;
  l->space.block_base = first * plan->block_extent;
  l->space.block_loop = sk_build_loop(&l->b, SK_LOOP_PAR, blocks, 1);
  sk_eval_open(l);
  sk_space_open(l, g->outer, SK_LOOP_PAR);
  stage_work w = {0};
  plan_stage(l, g, ANY_STAGE, true, &w);
  for (uint32_t i = 0; i < w.reductions.count; i++) {
    w.reductions.data[i].init[0] = identity_of(l, &w.reductions.data[i], 0);
  }
  run_inner_loops(l, &w, inner);
  // partial is addressed by (block, outer positions)
  sk_build *b = &l->b;
  sk_val value = w.reductions.data[0].carry[0][0].re;
  int64_t stride;
  uint32_t access = access_partial(l, g, partial, &stride);
  sk_build_set_stride(b, access, l->space.block_loop, stride);
  b->kernel->accesses.data[access].offset = first * stride;
  sk_build_store(b, access, value, (sk_val){0}, (sk_val){0});
  sk_space_close(l, g->outer);
  sk_eval_close(l);
  sk_build_end_loop(b, NULL, NULL, 0);
  sk_eval_end(l);
  sk_group_emit_kernel(l, kernel);
}

// Reduces partial[blocks][outer...] to the result.
static void lower_final(sk_lowering *l, const sk_group *g, sk_op op, int64_t blocks,
                        uint32_t partial) {
  uint32_t kernel = sk_prog_add_kernel(l->prog, sk_group_kernel_name(l, op));
  sk_eval_begin(l, kernel, SK_GROUP_MAX_RANK + 2, 0);
  sk_group_set_space(l, g);
  bool wrapped = g->outer == 0;
  if (wrapped) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    sk_eval_open(l);
  }
  sk_space_open(l, g->outer, SK_LOOP_PAR);
  accumulator a = new_accumulator(l, op);
  sk_build *b = &l->b;
  bool minor = sk_group_has_bit(g->reduced, g->rank - 1) && g->outer == 0;
  uint32_t loop =
      sk_build_loop(b, SK_LOOP_RED, blocks, minor ? lanes_for(sk_elem_lt(a.elem[0]), blocks) : 1);
  sk_val carry = sk_build_carry(b, a.init[0].re, a.combiner);
  int64_t stride;
  uint32_t access = access_partial(l, g, partial, &stride);
  sk_build_set_stride(b, access, loop, stride);
  sk_val part = sk_build_load(b, access, (sk_val){0}, (sk_val){0});
  sk_build_end_loop(b, &carry, &part, 1);
  a.carry[0][0].re = carry;
  bind_results(l, g, &a);
  sk_group_store_results(l, op, g->outer);
  sk_space_close(l, g->outer);
  if (wrapped) {
    sk_eval_close(l);
    sk_build_end_loop(b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_group_emit_kernel(l, kernel);
}

// Memory for partial results: floats are not rounded in between, integers may wrap.
static sk_mem mem_of_partial(sk_elem elem) {
  sk_elem_class class = sk_elem_get_class(elem);
  if (class == SK_CLASS_SINT || class == SK_CLASS_UINT) {
    return sk_elem_mem(elem);
  }
  switch (sk_elem_lt(elem)) {
    case SK_LT_PRED: return SK_MEM_PRED;
    case SK_LT_I32: return SK_MEM_I32;
    case SK_LT_I64: return SK_MEM_I64;
    case SK_LT_F64: return SK_MEM_F64;
    case SK_LT_F32:
    case SK_LT_NONE: break;
  }
  return SK_MEM_F32;
}

bool sk_reduce_is_blocked(const sk_lowering *l, const sk_group *g, sk_op *out_op) {
  for (uint32_t i = 0; i < g->ops.count; i++) {
    if (sk_group_is_reduce(l, g->ops.data[i])) {
      *out_op = g->ops.data[i];
    }
  }
  return sk_reduce_get_blocks(g->rank, g->dims, g->reduced).count > 1 &&
         combiner_of(l, *out_op) != SK_L_NONE;
}

void sk_reduce_in_blocks(sk_lowering *l, uint32_t group, sk_op reduce) {
  const sk_group *g = &l->plan->groups.data[group - 1];
  sk_reduce_blocks plan = sk_reduce_get_blocks(g->rank, g->dims, g->reduced);
  int64_t outer_elems = 1, extent = g->dims[plan.position];
  for (uint32_t p = 0; p < g->rank; p++) {
    outer_elems *= sk_group_has_bit(g->outer, p) ? g->dims[p] : 1;
  }
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, sk_op_result(l->m, reduce, 0))->elem;
  uint32_t partial = sk_prog_add_buf(l->prog, &(sk_buf){.kind = SK_BUF_TEMP,
                                                        .mem = (uint8_t)mem_of_partial(elem),
                                                        .elems = plan.count * outer_elems,
                                                        .offset = -1,
                                                        .name = "partial"});
  int64_t whole = extent / plan.block_extent, rest = extent % plan.block_extent;
  if (whole > 0) {
    lower_partial(l, group, &plan, 0, whole, plan.block_extent, partial);
  }
  if (rest > 0) {
    lower_partial(l, group, &plan, whole, 1, rest, partial);
  }
  lower_final(l, g, reduce, plan.count, partial);
}

// ---------------------------------------------------------------------------------------------------- stages

void sk_lower_stages(sk_lowering *l, sk_region region) {
  sk_op last = {0};
  SK_FOR_EACH_OP(l->m, region, op) {
    const sk_op_rec *rec = sk_op_get(l->m, op);
    uint32_t group = l->plan->group_of[op.id], stage = 0;
    for (uint32_t i = 0; i < rec->operand_count; i++) {
      sk_op def = sk_value_get(l->m, sk_op_operand(l->m, op, i))->op;
      if (def.id == 0 || sk_op_get(l->m, def)->parent.id != region.id) {
        continue;
      }
      uint32_t from = l->plan->group_of[def.id];
      bool inside = from == 0 || group == 0 || from == group;
      uint32_t after = l->stage[def.id] + (sk_group_is_reduce(l, def) && from != 0 ? 1 : 0);
      stage = inside ? SK_MAX(stage, after) : stage;
    }
    l->stage[op.id] = (uint16_t)SK_MIN(stage, 60000u);
    last = op;
  }
  for (sk_op op = last; op.id != 0; op = sk_op_get(l->m, op)->prev) {
    const sk_op_rec *rec = sk_op_get(l->m, op);
    uint16_t reach =
        SK_MAX(l->stage[op.id], l->plan->group_of[op.id] == 0 ? l->last_stage[op.id] : 0);
    for (uint32_t i = 0; i < rec->operand_count; i++) {
      sk_op def = sk_value_get(l->m, sk_op_operand(l->m, op, i))->op;
      if (def.id != 0) {
        l->last_stage[def.id] = SK_MAX(l->last_stage[def.id], reach);
      }
    }
  }
}
