// SPDX-License-Identifier: Apache-2.0
// Elements of buffers in kernels that open their own loops, and windows that slide over a buffer.
//
// A place is an element of a buffer by the loops around: offset + sum over loops of stride * index, in
// elements (complex numbers count as one), plus `dyn`. A window puts one dimension of a base under a
// loop over positions and a loop over taps:
//
//   base    x . x . x       base_dilation - 1 holes between elements (.)
//   tap       a   b         window_dilation apart; moves by stride; the first one begins at -low
//
// The guard of a place says where it exists: not in the padding, not in a hole. It is left out where
// the extents decide it.
#include "loop/lower_int.h"

static int64_t width_of(sk_elem elem) { return sk_elem_is_complex(elem) ? 2 : 1; }

static sk_val int_of(sk_lowering *l, sk_lt type, int64_t value) {
  return type == SK_LT_I32 ? sk_build_i32(&l->b, (int32_t)value) : sk_build_i64(&l->b, value);
}

static sk_val offset_of_part(sk_lowering *l, const sk_place *p) {
  if (p->dyn.id == 0) {
    return p->dyn;
  }
  sk_lt type = sk_build_type(&l->b, p->dyn);
  sk_val dyn = sk_build_2(&l->b, SK_L_MUL, p->dyn, int_of(l, type, width_of(p->elem)));
  bool small = type == SK_LT_I64 && l->prog->bufs.data[p->buf].elems < INT32_MAX;
  return small ? sk_build_convert(&l->b, SK_L_TRUNC, SK_LT_I32, dyn) : dyn;
}

static uint32_t access_part(sk_lowering *l, const sk_place *p, int64_t part) {
  int64_t width = width_of(p->elem);
  uint32_t access = sk_build_access(&l->b, p->buf, sk_elem_mem(p->elem), p->offset * width + part);
  for (uint32_t i = 0; i < SK_PLACE_LOOPS; i++) {
    if (p->strides[i] != 0) {
      sk_build_set_stride(&l->b, access, i, p->strides[i] * width);
    }
  }
  return access;
}

sk_scalar sk_place_load(sk_lowering *l, const sk_place *p) {
  sk_val dyn = offset_of_part(l, p), out[2] = {{0}, {0}};
  for (int64_t part = 0; part < width_of(p->elem); part++) {
    sk_val raw = sk_build_load(&l->b, access_part(l, p, part), dyn, p->guard);
    out[part] = sk_scalar_from_memory(&l->b, p->elem, raw);
  }
  return (sk_scalar){out[0], out[1]};
}

void sk_place_store(sk_lowering *l, const sk_place *p, sk_scalar value) {
  sk_val dyn = offset_of_part(l, p);
  for (int64_t part = 0; part < width_of(p->elem); part++) {
    sk_val stored = sk_scalar_to_memory(&l->b, p->elem, part == 0 ? value.re : value.im);
    sk_build_store(&l->b, access_part(l, p, part), stored, dyn, p->guard);
  }
}

sk_scalar sk_scalar_select(sk_lowering *l, sk_val pred, sk_scalar yes, sk_scalar no) {
  sk_scalar out = {sk_build_select(&l->b, pred, yes.re, no.re), {0}};
  if (yes.im.id != 0) {
    out.im = sk_build_select(&l->b, pred, yes.im, no.im);
  }
  return out;
}

// ---- windows

static int64_t last_index(const sk_lowering *l, uint32_t loop) {
  return loop == SK_NO_LOOP ? 0 : l->b.kernel->loops.data[loop].extent - 1;
}

static sk_val scaled_index(sk_lowering *l, sk_val sum, uint32_t loop, int64_t by) {
  if (loop == SK_NO_LOOP) {
    return sum;
  }
  sk_lt type = sk_build_type(&l->b, sum);
  sk_val index = sk_build_index(&l->b, loop, type);
  return sk_build_2(&l->b, SK_L_ADD, sum, sk_build_2(&l->b, SK_L_MUL, index, int_of(l, type, by)));
}

sk_val sk_window_position(sk_lowering *l, const sk_window *w, sk_lt type) {
  sk_val at = int_of(l, type, -w->low);
  at = scaled_index(l, at, w->position_loop, w->stride);
  return scaled_index(l, at, w->tap_loop, w->window_dilation);
}

static sk_val and_guard(sk_lowering *l, sk_val guard, sk_val more) {
  return guard.id == 0 ? more : sk_build_2(&l->b, SK_L_PAND, guard, more);
}

void sk_place_add_window(sk_lowering *l, sk_place *p, const sk_window *w, int64_t stride) {
  sk_build *b = &l->b;
  int64_t min = -w->low, reach = (w->extent - 1) * w->base_dilation + 1;
  int64_t max = min + last_index(l, w->position_loop) * w->stride +
                last_index(l, w->tap_loop) * w->window_dilation;
  sk_lt type = min >= INT32_MIN && max <= INT32_MAX && reach <= INT32_MAX ? SK_LT_I32 : SK_LT_I64;
  if (min < 0) {
    sk_val at = sk_window_position(l, w, type);
    p->guard = and_guard(l, p->guard, sk_build_2(b, SK_L_SLE, int_of(l, type, 0), at));
  }
  if (max >= reach) {
    sk_val at = sk_window_position(l, w, type);
    p->guard = and_guard(l, p->guard, sk_build_2(b, SK_L_SLT, at, int_of(l, type, reach)));
  }
  if (w->base_dilation == 1) {
    p->offset -= w->low * stride;
    if (w->position_loop != SK_NO_LOOP) {
      p->strides[w->position_loop] += w->stride * stride;
    }
    if (w->tap_loop != SK_NO_LOOP) {
      p->strides[w->tap_loop] += w->window_dilation * stride;
    }
    return;
  }
  sk_val at = sk_window_position(l, w, type), by = int_of(l, type, w->base_dilation);
  sk_val exact = sk_build_2(b, SK_L_IEQ, sk_build_2(b, SK_L_UREM, at, by), int_of(l, type, 0));
  sk_val index = sk_build_2(b, SK_L_UDIV, at, by);
  if (type == SK_LT_I32) {
    index = sk_build_convert(b, SK_L_ZEXT, SK_LT_I64, index);
  }
  sk_val dyn = sk_build_2(b, SK_L_MUL, index, sk_build_i64(b, stride));
  p->guard = and_guard(l, p->guard, exact);
  p->dyn = p->dyn.id == 0 ? dyn : sk_build_2(b, SK_L_ADD, p->dyn, dyn);
}
