// SPDX-License-Identifier: Apache-2.0
// reduce_window and select_and_scatter as kernels of their own.
//
//   reduce_window                              select_and_scatter
//     loop result dims (par)                     loop source dims (par where windows are single
//       loop taps (seq)                              elements, else seq)
//         sums = body(sums, element or init)       loop taps (seq)
//       store sums                                   keep the place that `select` prefers
//                                                  result[place] = scatter(result[place], source)
//
// Cumulative ones are recurrences: lower_prefix.c. Every step rounds to the element type, windows are run through in row-major order, and holes and
// padding of reduce_window take part as the initial value: exactly the specification. Lanes run along
// the innermost parallel loop.
#include "loop/lower_int.h"

static int64_t listed(sk_ints list, uint32_t i, int64_t otherwise) {
  return i < list.count ? list.data[i] : otherwise;
}

// The windows of every dimension of a base, loops not opened yet.
static void read_windows(const sk_lowering *l, sk_op op, const sk_type_rec *base, sk_window *out) {
  sk_ints size = sk_op_ints(l->m, op, SK_NAME_window_dimensions);
  sk_ints padding = sk_op_ints(l->m, op, SK_NAME_padding);
  sk_ints stride = sk_op_ints(l->m, op, SK_NAME_window_strides);
  sk_ints base_dilation = sk_op_ints(l->m, op, SK_NAME_base_dilations);
  sk_ints window_dilation = sk_op_ints(l->m, op, SK_NAME_window_dilations);
  for (uint32_t d = 0; d < base->rank; d++) {
    out[d] = (sk_window){.extent = base->dims[d],
                         .size = listed(size, d, 1),
                         .stride = listed(stride, d, 1),
                         .low = listed(padding, 2 * d, 0),
                         .high = listed(padding, 2 * d + 1, 0),
                         .base_dilation = listed(base_dilation, d, 1),
                         .window_dilation = listed(window_dilation, d, 1),
                         .position_loop = SK_NO_LOOP,
                         .tap_loop = SK_NO_LOOP};
  }
}

static sk_elem elem_of(const sk_lowering *l, sk_value v) {
  return (sk_elem)sk_value_type_rec(l->m, v)->elem;
}

static bool is_empty(const sk_lowering *l, sk_value v) {
  int64_t count = 0;
  return !sk_type_elem_count(l->m, sk_value_type(l->m, v), &count) || count == 0;
}

// Buffers of the operands' elements; false, with a failure, when a type has no registers.
static bool materialise_all(sk_lowering *l, sk_op op, uint32_t count, uint32_t *bufs) {
  for (uint32_t i = 0; i < count; i++) {
    sk_value v = sk_op_operand(l->m, op, i);
    if (sk_elem_lt(elem_of(l, v)) == SK_LT_NONE) {
      sk_lower_fail(l, sk_op_error(l->m, op, SK_UNIMPLEMENTED, "no native code for %s yet",
                                   sk_elem_name(elem_of(l, v))));
      return false;
    }
    bufs[i] = sk_lower_materialise(l, v);
  }
  return true;
}

static uint32_t begin_kernel(sk_lowering *l, sk_op op) {
  const char *name = sk_opkind_mnemonic(sk_op_kind(l->m, op));
  uint32_t kernel =
      sk_prog_add_kernel(l->prog, sk_arena_printf(l->arena, "%s_%u", name, l->prog->kernels.count));
  sk_eval_begin(l, kernel, SK_PLACE_LOOPS, 0);
  return kernel;
}

static void end_kernel(sk_lowering *l, uint32_t kernel) {
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

static void close_loops(sk_lowering *l, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    sk_eval_close(l);
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
}

static uint32_t open_loop(sk_lowering *l, sk_loop_kind kind, int64_t extent) {
  uint32_t loop = sk_build_loop(&l->b, kind, extent, 1);
  sk_eval_open(l);
  return loop;
}

// ---------------------------------------------------------------------------------- reduce_window

typedef struct windowed {
  sk_op op;
  uint32_t count;  // inputs and results
  const sk_type_rec *base;
  sk_window windows[SK_MAX_RANK];
  uint32_t *inputs;
  sk_scalar *init, *next;
  sk_scalar *carry;  // [loop over taps][input]
} windowed;

static void list_parts(sk_lowering *l, const windowed *w, const sk_scalar *values, sk_val *out) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < w->count; i++) {
    out[at++] = values[i].re;
    if (sk_elem_is_complex(elem_of(l, sk_op_result(l->m, w->op, i)))) {
      out[at++] = values[i].im;
    }
  }
}

static uint32_t part_count(const sk_lowering *l, const windowed *w) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < w->count; i++) {
    count += sk_elem_is_complex(elem_of(l, sk_op_result(l->m, w->op, i))) ? 2 : 1;
  }
  return count;
}

static void open_taps(sk_lowering *l, windowed *w, sk_window *window, uint32_t level) {
  window->tap_loop = sk_build_loop(&l->b, SK_LOOP_SEQ, window->size, 1);
  sk_scalar *outer = level == 0 ? w->init : w->carry + (size_t)(level - 1) * w->count;
  sk_scalar *carry = w->carry + (size_t)level * w->count;
  for (uint32_t i = 0; i < w->count; i++) {
    carry[i].re = sk_build_carry(&l->b, outer[i].re, SK_L_NONE);
    if (sk_elem_is_complex(elem_of(l, sk_op_result(l->m, w->op, i)))) {
      carry[i].im = sk_build_carry(&l->b, outer[i].im, SK_L_NONE);
    }
  }
  sk_eval_open(l);
}

static void close_taps(sk_lowering *l, windowed *w, uint32_t levels) {
  uint32_t parts = part_count(l, w);
  sk_val *carries = SK_NEW_ARRAY(l->scratch, sk_val, parts);
  sk_val *yields = SK_NEW_ARRAY(l->scratch, sk_val, parts);
  for (uint32_t level = levels; level-- > 0;) {
    sk_scalar *carry = w->carry + (size_t)level * w->count;
    list_parts(l, w, carry, carries);
    list_parts(l, w, level + 1 == levels ? w->next : carry + w->count, yields);
    sk_eval_close(l);
    sk_build_end_loop(&l->b, carries, yields, parts);
  }
}

// One step: next = body(sums, elements under the tap).
static void reduce_tap(sk_lowering *l, windowed *w, const sk_scalar *sums) {
  sk_scalar *args = SK_NEW_ARRAY(l->scratch, sk_scalar, 2 * w->count);
  sk_place under = {0};
  int64_t stride = 1;
  for (uint32_t d = w->base->rank; d-- > 0;) {
    sk_place_add_window(l, &under, &w->windows[d], stride);
    stride *= w->base->dims[d];
  }
  for (uint32_t i = 0; i < w->count; i++) {
    sk_elem from = elem_of(l, sk_op_operand(l->m, w->op, i));
    sk_elem to = elem_of(l, sk_op_result(l->m, w->op, i));
    under.buf = w->inputs[i];
    under.elem = from;
    sk_scalar x = sk_place_load(l, &under);
    if (from != to && !sk_elem_is_complex(from)) {
      x.re = sk_scalar_convert(&l->b, from, to, x.re);
    }
    args[i] = sums[i];
    args[w->count + i] = under.guard.id == 0 ? x : sk_scalar_select(l, under.guard, x, w->init[i]);
  }
  sk_eval_region(l, sk_op_region(l->m, w->op, 0), args, w->next);
}

static void store_windows(sk_lowering *l, const windowed *w, const sk_scalar *sums) {
  for (uint32_t i = 0; i < w->count; i++) {
    sk_value v = sk_op_result(l->m, w->op, i);
    const sk_type_rec *type = sk_value_type_rec(l->m, v);
    sk_place to = {.buf = l->buf_of[v.id], .elem = (sk_elem)type->elem};
    int64_t stride = 1;
    for (uint32_t d = type->rank; d-- > 0;) {
      if (w->windows[d].position_loop != SK_NO_LOOP) {
        to.strides[w->windows[d].position_loop] = stride;
      }
      stride *= type->dims[d];
    }
    sk_place_store(l, &to, sums[i]);
  }
}

// The initial values, in the registers of the results' types.
static void eval_init(sk_lowering *l, windowed *w) {
  for (uint32_t i = 0; i < w->count; i++) {
    sk_value init = sk_op_operand(l->m, w->op, w->count + i);
    sk_elem from = elem_of(l, init), to = elem_of(l, sk_op_result(l->m, w->op, i));
    w->init[i] = sk_eval(l, init, sk_map_empty(l));
    if (from != to && !sk_elem_is_complex(from)) {
      w->init[i].re = sk_scalar_convert(&l->b, from, to, w->init[i].re);
    }
  }
}

void sk_lower_reduce_window(sk_lowering *l, sk_op op) {
  windowed w = {.op = op, .count = sk_op_get(l->m, op)->result_count};
  w.base = sk_value_type_rec(l->m, sk_op_operand(l->m, op, 0));
  const sk_type_rec *result = sk_value_type_rec(l->m, sk_op_result(l->m, op, 0));
  w.inputs = SK_NEW_ARRAY(l->arena, uint32_t, w.count);
  w.init = sk_arena_zalloc(l->arena, sizeof(sk_scalar) * w.count, _Alignof(sk_scalar));
  w.next = sk_arena_zalloc(l->arena, sizeof(sk_scalar) * w.count, _Alignof(sk_scalar));
  w.carry = sk_arena_zalloc(l->arena, sizeof(sk_scalar) * w.count * (w.base->rank + 1u),
                            _Alignof(sk_scalar));
  for (uint32_t i = 0; i < w.count; i++) {
    sk_lower_result_buf(l, sk_op_result(l->m, op, i));
  }
  if (is_empty(l, sk_op_result(l->m, op, 0)) || !materialise_all(l, op, w.count, w.inputs)) {
    return;
  }
  uint32_t kernel = begin_kernel(l, op), loops = 0, levels = 0;
  if (sk_lower_prefix(l, op, w.inputs)) {
    end_kernel(l, kernel);
    return;
  }
  read_windows(l, op, w.base, w.windows);
  for (uint32_t d = 0; d < result->rank; d++) {
    if (result->dims[d] > 1) {
      w.windows[d].position_loop = open_loop(l, SK_LOOP_PAR, result->dims[d]);
      loops++;
    }
  }
  if (loops == 0) {
    open_loop(l, SK_LOOP_PAR, 1);
    loops = 1;
  }
  eval_init(l, &w);
  for (uint32_t d = 0; d < w.base->rank; d++) {
    if (w.windows[d].size > 1) {
      open_taps(l, &w, &w.windows[d], levels++);
    }
  }
  reduce_tap(l, &w, levels == 0 ? w.init : w.carry + (size_t)(levels - 1) * w.count);
  close_taps(l, &w, levels);
  store_windows(l, &w, levels == 0 ? w.next : w.carry);
  close_loops(l, loops);
  end_kernel(l, kernel);
}

// ------------------------------------------------------------------------------ select_and_scatter

typedef struct selection {
  sk_op op;
  sk_elem elem;
  uint32_t rank;
  const int64_t *dims;  // of the operand and the result
  sk_window windows[SK_MAX_RANK];
  uint32_t operand, source;
  sk_scalar best;  // element of the window that `select` prefers so far
  sk_lt index;     // I32 where every index of a part fits
  sk_val place;    // its row-major index; -1: none yet
} selection;

static void fill(sk_lowering *l, sk_op op, uint32_t buf) {
  sk_value init = sk_op_operand(l->m, op, 2);
  int64_t count = 0;
  sk_type_elem_count(l->m, sk_value_type(l->m, sk_op_result(l->m, op, 0)), &count);
  uint32_t kernel = begin_kernel(l, op);
  sk_place to = {.buf = buf, .elem = elem_of(l, init)};
  to.strides[open_loop(l, SK_LOOP_PAR, count)] = 1;
  sk_place_store(l, &to, sk_eval(l, init, sk_map_empty(l)));
  close_loops(l, 1);
  end_kernel(l, kernel);
}

static uint32_t list_selection(const selection *s, sk_scalar best, sk_val place, sk_val *out) {
  uint32_t count = 0;
  out[count++] = place;
  out[count++] = best.re;
  if (sk_elem_is_complex(s->elem)) {
    out[count++] = best.im;
  }
  return count;
}

// One step: is the element under the tap preferred to the best so far?
static void select_tap(sk_lowering *l, selection *s) {
  sk_build *b = &l->b;
  sk_place under = {.buf = s->operand, .elem = s->elem};
  sk_val here = sk_build_const(b, s->index, 0);
  int64_t stride = 1;
  for (uint32_t d = s->rank; d-- > 0;) {
    sk_val at = sk_window_position(l, &s->windows[d], s->index);
    sk_val by = sk_build_const(b, s->index, (uint64_t)stride);
    here = sk_build_2(b, SK_L_ADD, here, sk_build_2(b, SK_L_MUL, at, by));
    sk_place_add_window(l, &under, &s->windows[d], stride);
    stride *= s->dims[d];
  }
  const sk_scalar args[2] = {s->best, sk_place_load(l, &under)};
  sk_scalar keeps;
  sk_eval_region(l, sk_op_region(l->m, s->op, 0), args, &keeps);
  sk_val first = sk_build_2(b, SK_L_SLT, s->place, sk_build_const(b, s->index, 0));
  sk_val takes = sk_build_2(b, SK_L_POR, first, sk_build_1(b, SK_L_PNOT, keeps.re));
  if (under.guard.id != 0) {
    takes = sk_build_2(b, SK_L_PAND, takes, under.guard);
  }
  s->best = sk_scalar_select(l, takes, args[1], s->best);
  s->place = sk_build_select(b, takes, here, s->place);
}

// The loops over the taps from dimension d on.
static void select_in_window(sk_lowering *l, selection *s, uint32_t d) {
  while (d < s->rank && s->windows[d].size == 1) {
    d++;
  }
  if (d == s->rank) {
    select_tap(l, s);
    return;
  }
  sk_val carries[3], yields[3];
  s->windows[d].tap_loop = sk_build_loop(&l->b, SK_LOOP_SEQ, s->windows[d].size, 1);
  s->place = sk_build_carry(&l->b, s->place, SK_L_NONE);
  s->best.re = sk_build_carry(&l->b, s->best.re, SK_L_NONE);
  if (sk_elem_is_complex(s->elem)) {
    s->best.im = sk_build_carry(&l->b, s->best.im, SK_L_NONE);
  }
  uint32_t count = list_selection(s, s->best, s->place, carries);
  sk_eval_open(l);
  select_in_window(l, s, d + 1);
  list_selection(s, s->best, s->place, yields);
  sk_eval_close(l);
  sk_build_end_loop(&l->b, carries, yields, count);
  s->place = carries[0];
  s->best = (sk_scalar){carries[1], count == 3 ? carries[2] : (sk_val){0}};
}

static void scatter_source(sk_lowering *l, const selection *s) {
  sk_value source = sk_op_operand(l->m, s->op, 1);
  sk_place from = {.buf = s->source, .elem = s->elem};
  int64_t stride = 1;
  for (uint32_t d = s->rank; d-- > 0;) {
    if (s->windows[d].position_loop != SK_NO_LOOP) {
      from.strides[s->windows[d].position_loop] = stride;
    }
    stride *= sk_value_type_rec(l->m, source)->dims[d];
  }
  sk_place to = {.buf = l->buf_of[sk_op_result(l->m, s->op, 0).id], .elem = s->elem};
  to.dyn = s->place;
  to.guard = sk_build_2(&l->b, SK_L_SLE, sk_build_const(&l->b, s->index, 0), s->place);
  const sk_scalar args[2] = {sk_place_load(l, &to), sk_place_load(l, &from)};
  sk_scalar sum;
  sk_eval_region(l, sk_op_region(l->m, s->op, 1), args, &sum);
  sk_place_store(l, &to, sum);
}

// Windows of single elements that cover the dimension: different sources never meet.
static bool is_independent(const sk_window *w) {
  return w->size == 1 && w->stride == 1 && w->low == 0 && w->high == 0;
}

// Loops over the sources in the order of their memory; the outermost is parallel.
static uint32_t open_sources(sk_lowering *l, selection *s) {
  const int64_t *dims = sk_value_type_rec(l->m, sk_op_operand(l->m, s->op, 1))->dims;
  uint32_t count = 0;
  for (uint32_t d = 0; d < s->rank; d++) {
    if (dims[d] == 1) {
      continue;
    }
    bool parallel = is_independent(&s->windows[d]);
    if (count == 0 && !parallel) {
      open_loop(l, SK_LOOP_PAR, 1);
      count++;
    }
    s->windows[d].position_loop = open_loop(l, parallel ? SK_LOOP_PAR : SK_LOOP_SEQ, dims[d]);
    count++;
  }
  if (count == 0) {
    open_loop(l, SK_LOOP_PAR, 1);
    count++;
  }
  return count;
}

void sk_lower_select_and_scatter(sk_lowering *l, sk_op op) {
  sk_value result = sk_op_result(l->m, op, 0);
  const sk_type_rec *type = sk_value_type_rec(l->m, result);
  selection s = {.op = op, .elem = (sk_elem)type->elem, .rank = type->rank, .dims = type->dims};
  uint32_t to = sk_lower_result_buf(l, result), bufs[2];
  if (is_empty(l, result) || !materialise_all(l, op, 2, bufs)) {
    return;
  }
  fill(l, op, to);
  if (is_empty(l, sk_op_operand(l->m, op, 1))) {
    return;
  }
  s.operand = bufs[0];
  s.source = bufs[1];
  read_windows(l, op, type, s.windows);
  uint32_t kernel = begin_kernel(l, op), loops = open_sources(l, &s);
  sk_val zero = sk_build_const(&l->b, sk_elem_lt(s.elem), 0);
  s.best = (sk_scalar){zero, sk_elem_is_complex(s.elem) ? zero : (sk_val){0}};
  s.index = l->prog->bufs.data[to].elems < INT32_MAX ? SK_LT_I32 : SK_LT_I64;
  s.place = s.index == SK_LT_I32 ? sk_build_i32(&l->b, -1) : sk_build_i64(&l->b, -1);
  select_in_window(l, &s, 0);
  scatter_source(l, &s);
  close_loops(l, loops);
  end_kernel(l, kernel);
}
