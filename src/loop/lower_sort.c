// SPDX-License-Identifier: Apache-2.0
// sort: one kernel over the rows along the sorted dimension. Each row is a stable merge sort of positions, with the comparator's
// body inlined; then every operand is read at its sorted positions.
//
//   loop rows                               PAR
//     loop k: order[k] = k                  scratch of the thread: two halves, each pass merges from one to the other
//     loop pass                             SEQ, ceil(log2 n)
//       loop k                              SEQ: one step of merging the runs [start, middle) and [middle, end) around k
//         take right = right is left over and (left is used up or body(right, left))
//     loop k: result[k] = operand[order[k]] PAR
//
// Everything has a static extent, so that it is a kernel like any other. The comparator may be anything: its answers are used,
// never trusted for bounds. The same algorithm as the interpreter's, so that even a comparator that is no order gives one answer.
#include "base/sortcall.h"
#include "loop/lower_index.h"

enum { MAX_KEYS = 16, MAX_READERS = 16 };
enum { MAX_SMALL_ROW = 1 << 30 };  // positions of longer rows take 64 bits
enum { LONG_ROW = 4096 };          // whose memory is worth being planned

typedef struct sorting {
  sk_lowering *l;
  sk_op op;
  uint32_t count;           // operands
  const sk_type_rec *type;  // shape of the operands
  uint32_t along;
  int64_t length;
  uint32_t position[SK_MAX_RANK];  // in the iteration space, by dimension
  uint32_t rows;                   // positions
  sk_lt index_type;                // of positions in a row
  uint32_t order;                  // scratch buffer
} sorting;

static sk_val index_const(const sorting *s, int64_t value) {
  sk_build *b = &s->l->b;
  return s->index_type == SK_LT_I32 ? sk_build_i32(b, (int32_t)value) : sk_build_i64(b, value);
}

static sk_val index_op(const sorting *s, sk_lop op, sk_val x, sk_val y) {
  return sk_build_2(&s->l->b, op, x, y);
}

// order[offset + k at its loop (UINT32_MAX: none) + dyn]
static uint32_t order_access(const sorting *s, int64_t offset, uint32_t loop) {
  sk_build *b = &s->l->b;
  uint32_t access =
      sk_build_access(b, s->order, s->index_type == SK_LT_I32 ? SK_MEM_I32 : SK_MEM_I64, offset);
  if (loop != UINT32_MAX) {
    sk_build_set_stride(b, access, loop, 1);
  }
  return access;
}

static sk_val load_order(const sorting *s, sk_val at) {
  return sk_build_load(&s->l->b, order_access(s, 0, UINT32_MAX), at, (sk_val){0});
}

// Operand `o` at a position of the row.
static sk_scalar eval_at(const sorting *s, uint32_t o, sk_val place) {
  sk_lowering *l = s->l;
  sk_map *map = sk_map_new(l, s->type->rank);
  for (uint32_t d = 0; d < s->type->rank; d++) {
    if (d != s->along && s->type->dims[d] != 1) {
      map->dim[d].coef[s->position[d]] = 1;
    }
  }
  map->dim[s->along].dyn =
      s->index_type == SK_LT_I32 ? sk_build_convert(&l->b, SK_L_SEXT, SK_LT_I64, place) : place;
  return sk_eval(l, sk_op_operand(l->m, s->op, o), map);
}

// Does the element at position x go before the one at y?
static sk_val goes_before(const sorting *s, sk_val x, sk_val y) {
  sk_lowering *l = s->l;
  sk_scalar *args = SK_NEW_ARRAY(l->scratch, sk_scalar, 2 * s->count), answer = {{0}, {0}};
  for (uint32_t o = 0; o < s->count; o++) {
    args[2 * o] = eval_at(s, o, x);
    args[2 * o + 1] = eval_at(s, o, y);
  }
  sk_eval_region(l, sk_op_region(l->m, s->op, 0), args, &answer);
  return answer.re;
}

// ------------------------------------------------------------------------------------------ a row

static void fill_order(const sorting *s) {
  sk_build *b = &s->l->b;
  uint32_t loop = sk_build_loop(b, SK_LOOP_PAR, s->length, 1);
  sk_build_store(b, order_access(s, 0, loop), sk_build_index(b, loop, s->index_type), (sk_val){0},
                 (sk_val){0});
  sk_build_end_loop(b, NULL, NULL, 0);
}

// One step of merging: element k of the run pair around k. x, y: what is next on the left and on the right.
static void merge_step(const sorting *s, uint32_t pass, uint32_t step, const sk_val carries[2],
                       sk_val next[2]) {
  sk_build *b = &s->l->b;
  sk_val k = sk_build_index(b, step, s->index_type), n = index_const(s, s->length),
         one = index_const(s, 1);
  sk_val p = sk_build_index(b, pass, s->index_type);
  sk_val width = index_op(s, SK_L_SHL, one, p);
  sk_val inside =
      index_op(s, SK_L_AND, k, index_op(s, SK_L_SUB, index_op(s, SK_L_ADD, width, width), one));
  sk_val start = index_op(s, SK_L_SUB, k, inside);
  sk_val middle = index_op(s, SK_L_SMIN, index_op(s, SK_L_ADD, start, width), n);
  sk_val end = index_op(s, SK_L_SMIN, index_op(s, SK_L_ADD, middle, width), n);
  sk_val fresh = sk_build_2(b, SK_L_IEQ, inside, index_const(s, 0));
  sk_val x = sk_build_select(b, fresh, k, carries[0]),
         y = sk_build_select(b, fresh, middle, carries[1]);
  sk_val from = index_op(s, SK_L_MUL, index_op(s, SK_L_AND, p, one), n);  // the half that is read
  sk_val has_left = sk_build_2(b, SK_L_SLT, x, middle), has_right = sk_build_2(b, SK_L_SLT, y, end);
  // (what is used up is read at its last element)
  sk_val left =
      load_order(s, index_op(s, SK_L_ADD, from,
                             index_op(s, SK_L_SMIN, x, index_op(s, SK_L_SUB, middle, one))));
  sk_val right = load_order(
      s, index_op(s, SK_L_ADD, from, index_op(s, SK_L_SMIN, y, index_op(s, SK_L_SUB, end, one))));
  sk_val wins = sk_build_2(b, SK_L_PAND, has_right, goes_before(s, right, left));
  sk_val take = sk_build_2(b, SK_L_POR, sk_build_1(b, SK_L_PNOT, has_left), wins);
  sk_val to = index_op(s, SK_L_ADD, index_op(s, SK_L_SUB, n, from), k);
  sk_build_store(b, order_access(s, 0, UINT32_MAX), sk_build_select(b, take, right, left), to,
                 (sk_val){0});
  sk_val taken = sk_build_convert(b, SK_L_ZEXT, s->index_type, take);
  next[1] = index_op(s, SK_L_ADD, y, taken);
  next[0] = index_op(s, SK_L_ADD, x, index_op(s, SK_L_SUB, one, taken));
}

static void merge_passes(const sorting *s, uint32_t passes) {
  sk_lowering *l = s->l;
  sk_build *b = &l->b;
  sk_val zero = index_const(s, 0);
  uint32_t pass = sk_build_loop(b, SK_LOOP_SEQ, passes, 1);
  sk_eval_open(l);
  uint32_t step = sk_build_loop(b, SK_LOOP_SEQ, s->length, 1);
  sk_val carries[2] = {sk_build_carry(b, zero, SK_L_NONE), sk_build_carry(b, zero, SK_L_NONE)},
         next[2];
  sk_eval_open(l);
  merge_step(s, pass, step, carries, next);
  sk_eval_close(l);
  sk_build_end_loop(b, carries, next, 2);
  sk_eval_close(l);
  sk_build_end_loop(b, NULL, NULL, 0);
}

static void store_row(sorting *s, uint32_t passes) {
  sk_lowering *l = s->l;
  uint32_t bit = 1u << s->position[s->along];
  sk_space_open(l, bit, SK_LOOP_PAR);
  uint32_t loop = l->space.loop[s->position[s->along]];
  sk_val place =
      sk_build_load(&l->b, order_access(s, passes % 2 * s->length, loop), (sk_val){0}, (sk_val){0});
  sk_map *to = sk_map_at_point(l, s->type, s->rows | bit);
  sk_affine linear = sk_map_linear(l, s->type, to);
  for (uint32_t o = 0; o < s->count; o++) {
    sk_value result = sk_op_result(l->m, s->op, o);
    sk_elem elem = (sk_elem)sk_value_type_rec(l->m, result)->elem;
    sk_emit_store(l, l->buf_of[result.id], elem, &linear, eval_at(s, o, place));
  }
  sk_space_close(l, bit);
}

// ------------------------------------------------------------------------------------------ kernel

static bool plan_rows(sorting *s) {
  sk_space *space = &s->l->space;
  for (uint32_t d = 0; d < s->type->rank; d++) {
    if (s->type->dims[d] == 1) {
      continue;
    }
    if (space->rank == SK_GROUP_MAX_RANK) {
      return false;
    }
    s->position[d] = space->rank;
    s->rows |= d != s->along ? 1u << space->rank : 0;
    space->extent[space->rank++] = s->type->dims[d];
  }
  return true;
}

static void emit_kernel(sorting *s) {
  sk_lowering *l = s->l;
  uint32_t passes = 0;
  while (((int64_t)1 << passes) < s->length) {
    passes++;
  }
  uint32_t kernel =
      sk_prog_add_kernel(l->prog, sk_arena_printf(l->arena, "sort_%u", l->prog->kernels.count));
  sk_eval_begin(l, kernel, SK_GROUP_MAX_RANK + 5, 0);
  if (!plan_rows(s)) {
    sk_lower_fail(l, sk_op_error(l->m, s->op, SK_UNIMPLEMENTED,
                                 "more than %d dimensions larger than 1", SK_GROUP_MAX_RANK));
    return;
  }
  bool wrapped = s->rows == 0;
  if (wrapped) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    sk_eval_open(l);
  }
  sk_space_open(l, s->rows, SK_LOOP_PAR);
  fill_order(s);
  merge_passes(s, passes);
  store_row(s, passes);
  sk_space_close(l, s->rows);
  if (wrapped) {
    sk_eval_close(l);
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

static void sort_by_merging(sk_lowering *l, sorting *s) {
  sk_op stranger = sk_lower_find_stranger(l, sk_op_region(l->m, s->op, 0));
  if (stranger.id != 0) {
    sk_lower_fail(l, sk_op_error(l->m, stranger, SK_UNIMPLEMENTED,
                                 "no native code for this operation in a comparator yet"));
    return;
  }
  for (uint32_t o = 0; o < s->count; o++) {
    sk_lower_result_buf(l, sk_op_result(l->m, s->op, o));
  }
  s->index_type = s->length <= MAX_SMALL_ROW ? SK_LT_I32 : SK_LT_I64;
  sk_buf order = {.kind = SK_BUF_SCRATCH,
                  .mem = s->index_type == SK_LT_I32 ? SK_MEM_I32 : SK_MEM_I64,
                  .elems = 2 * s->length,
                  .offset = -1,
                  .name = "order"};
  s->order = sk_prog_add_buf(l->prog, &order);
  emit_kernel(s);
}

// Elements at the beginning of each row among which are all that op reads.
static int64_t kept_by(const sorting *s, sk_op op) {
  const sk_module *m = s->l->m;
  return sk_op_kind(m, op) == SK_OP_SLICE ? sk_op_ints(m, op, SK_NAME_limit_indices).data[s->along]
                                          : s->length;
}

// Elements of each row that are read, if the only readers follow soon (as those of a top_k do).
static int64_t count_kept(const sorting *s) {
  const sk_module *m = s->l->m;
  int64_t kept = 1;
  uint32_t uses = 0, found = 0, ops = 0;
  for (uint32_t r = 0; r < s->count; r++) {
    uses += s->l->uses[sk_op_result(m, s->op, r).id];
  }
  for (sk_op op = sk_op_next(m, s->op); op.id != 0 && ops < MAX_READERS;
       op = sk_op_next(m, op), ops++) {
    for (uint32_t i = 0; i < sk_op_get(m, op)->operand_count; i++) {
      if (sk_value_get(m, sk_op_operand(m, op, i))->op.id == s->op.id) {
        found++;
        kept = SK_MAX(kept, kept_by(s, op));
      }
    }
  }
  return found == uses ? kept : s->length;
}

// Is an operand that is no key an iota along the rows, in whole bytes?
static bool is_iota(const sorting *s, uint32_t o, const sk_sort_key *keys, uint32_t key_count) {
  const sk_module *m = s->l->m;
  sk_value operand = sk_op_operand(m, s->op, o);
  sk_op op = sk_value_get(m, operand)->op;
  sk_elem elem = (sk_elem)sk_value_type_rec(m, operand)->elem;
  for (uint32_t k = 0; k < key_count; k++) {
    if (keys[k].operand == o) {
      return false;
    }
  }
  return op.id != 0 && sk_op_kind(m, op) == SK_OP_IOTA &&
         sk_op_int(m, op, SK_NAME_iota_dimension, -1) == (int64_t)s->along &&
         (sk_elem_get_class(elem) == SK_CLASS_SINT || sk_elem_get_class(elem) == SK_CLASS_UINT) &&
         sk_elem_bits(elem) == 8 * sk_elem_bytes(elem);
}

// Buffers and role of an operand. What isn't read, or isn't written, needs no memory: the other buffer stands in its place.
static int64_t place_operand(const sorting *s, uint32_t o, const sk_sort_key *keys,
                             uint32_t key_count, uint32_t *bufs) {
  sk_lowering *l = s->l;
  sk_value operand = sk_op_operand(l->m, s->op, o), result = sk_op_result(l->m, s->op, o);
  uint32_t *in = &bufs[o], *out = &bufs[s->count + o];
  if (l->uses[result.id] == 0) {
    *in = *out = sk_lower_materialise(l, operand);
    return SK_SORT_UNWANTED;
  }
  bool positions = is_iota(s, o, keys, key_count);
  *in = positions ? 0 : sk_lower_materialise(l, operand);
  *out = sk_lower_result_buf(l, result);
  *in = positions ? *out : *in;
  return positions ? SK_SORT_POSITIONS : SK_SORT_MOVED;
}

// Memory for a row.
static uint32_t new_work(const sorting *s, int64_t bytes) {
  return sk_prog_add_buf(
      s->l->prog,
      &(sk_buf){
          .kind = SK_BUF_TEMP, .mem = SK_MEM_U8, .elems = bytes, .offset = -1, .name = "work"});
}

// The library call, for an order by keys.
static void sort_by_keys(const sorting *s, const sk_sort_key *keys, uint32_t key_count) {
  sk_lowering *l = s->l;
  const uint32_t key_at = SK_SORT_HEAD + 2 * s->count;
  const uint32_t param_count = key_at + SK_SORT_NUMBERS_OF_KEY * key_count;
  uint32_t *bufs = SK_NEW_ARRAY(l->arena, uint32_t, 2 * s->count + 1), buf_count = 2 * s->count;
  int64_t *params = SK_NEW_ARRAY(l->arena, int64_t, param_count), outer = 1, inner = 1;
  for (uint32_t d = 0; d < s->type->rank; d++) {
    *(d < s->along ? &outer : &inner) *= d != s->along ? s->type->dims[d] : 1;
  }
  params[SK_SORT_OPERANDS] = s->count;
  params[SK_SORT_KEYS] = key_count;
  params[SK_SORT_OUTER] = outer;
  params[SK_SORT_LENGTH] = s->length;
  params[SK_SORT_INNER] = inner;
  params[SK_SORT_FIRST] = 0;
  params[SK_SORT_KEPT] = count_kept(s);
  params[SK_SORT_WORK_BYTES] = 0;
  for (uint32_t o = 0; o < s->count; o++) {
    sk_value operand = sk_op_operand(l->m, s->op, o);
    params[SK_SORT_HEAD + o] = sk_elem_bytes((sk_elem)sk_value_type_rec(l->m, operand)->elem);
    params[SK_SORT_HEAD + s->count + o] = place_operand(s, o, keys, key_count, bufs);
  }
  for (uint32_t k = 0; k < key_count; k++) {
    memcpy(&params[key_at + SK_SORT_NUMBERS_OF_KEY * k], &keys[k], sizeof keys[k]);
  }
  if (outer * inner == 1 && s->length >= LONG_ROW) {
    sk_sort_plan plan = sk_sort_plan_of(params);
    params[SK_SORT_WORK_BYTES] = sk_sort_plan_bytes(&plan, s->length);
    bufs[buf_count++] = new_work(s, params[SK_SORT_WORK_BYTES]);
  }
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_LIBCALL,
                              .libcall = SK_BUILTIN_SORT,
                              .buf_count = buf_count,
                              .bufs = bufs,
                              .param_count = param_count,
                              .params = params});
}

void sk_lower_sort(sk_lowering *l, sk_op op) {
  sorting s = {.l = l, .op = op, .count = sk_op_get(l->m, op)->result_count};
  sk_value first = sk_op_operand(l->m, op, 0);
  s.type = sk_value_type_rec(l->m, first);
  int64_t along = sk_op_int(l->m, op, SK_NAME_dimension, -1), elems = 0;
  s.along = (uint32_t)(along < 0 ? along + s.type->rank : along);
  s.length = s.type->rank == 0 ? 1 : s.type->dims[s.along];
  sk_type_elem_count(l->m, sk_value_type(l->m, first), &elems);
  if (s.length <= 1 || elems == 0) {
    for (uint32_t o = 0; o < s.count; o++) {
      sk_lower_into(l, sk_op_operand(l->m, op, o),
                    sk_lower_result_buf(l, sk_op_result(l->m, op, o)));
    }
    return;
  }
  sk_sort_key keys[MAX_KEYS];
  uint32_t key_count = sk_lower_sort_keys(l, sk_op_region(l->m, op, 0), keys, MAX_KEYS);
  if (key_count > 0) {
    sort_by_keys(&s, keys, key_count);
  } else {
    sort_by_merging(l, &s);
  }
}
