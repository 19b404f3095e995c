// SPDX-License-Identifier: Apache-2.0
// Makers of reductions, windows and convolutions.
//
// Bodies are associative and commutative, as the specification asks, so that every order of
// combining means the same up to rounding; initial values are neutral or not.
#include <stdio.h>

#include "hlo_int.h"

// ---- combiners

sk_region hlo_combiner(hlo_gen *g, sk_elem elem, sk_opkind *out_kind) {
  static const sk_opkind numbers[] = {SK_OP_ADD,     SK_OP_ADD,     SK_OP_ADD,
                                      SK_OP_MAXIMUM, SK_OP_MINIMUM, SK_OP_MULTIPLY};
  static const sk_opkind integers[] = {SK_OP_ADD, SK_OP_MULTIPLY, SK_OP_MAXIMUM, SK_OP_MINIMUM,
                                       SK_OP_AND, SK_OP_OR,       SK_OP_XOR};
  static const sk_opkind truths[] = {SK_OP_AND, SK_OP_OR, SK_OP_XOR, SK_OP_ADD, SK_OP_MAXIMUM};
  sk_elem_class kind = sk_elem_get_class(elem);
  sk_opkind op = kind == SK_CLASS_PRED      ? truths[hlo_below(g, SK_COUNT(truths))]
                 : sk_elem_is_int(elem)     ? integers[hlo_below(g, SK_COUNT(integers))]
                 : kind == SK_CLASS_COMPLEX ? (hlo_chance(g, 1, 2) ? SK_OP_ADD : SK_OP_MULTIPLY)
                                            : numbers[hlo_below(g, SK_COUNT(numbers))];
  sk_type scalar = hlo_tensor(g, elem, &(hlo_shape){.rank = 0});
  hlo_place place;
  sk_region body = hlo_enter(g, (sk_type[]){scalar, scalar}, 2, true, &place);
  bool swapped = hlo_chance(g, 1, 3);
  sk_value args[2] = {sk_region_arg(g->m, body, swapped), sk_region_arg(g->m, body, !swapped)};
  sk_value result = hlo_emit(g, op, args, 2, NULL, (sk_type){0});
  hlo_leave(g, &place, SK_OP_RETURN, &result, 1);
  *out_kind = op;
  return body;
}

sk_value hlo_neutral(hlo_gen *g, sk_elem elem, sk_opkind kind) {
  bool one = kind == SK_OP_MULTIPLY;
  if (!(sk_elem_is_int(elem) || sk_elem_get_class(elem) == SK_CLASS_PRED) ||
      !(kind == SK_OP_ADD || kind == SK_OP_OR || kind == SK_OP_XOR || one)) {
    return hlo_scalar(g, elem);
  }
  return hlo_constant_ints(g, elem, 1, (int64_t[]){one}, true);
}

// Several values reduced together: each by its own combiner.
static sk_region pair_combiner(hlo_gen *g, const sk_elem elems[2]) {
  static const sk_opkind kinds[] = {SK_OP_ADD, SK_OP_MAXIMUM, SK_OP_MINIMUM};
  sk_type args[4];
  for (uint32_t i = 0; i < 4; i++) {
    args[i] = hlo_tensor(g, elems[i % 2], &(hlo_shape){.rank = 0});
  }
  hlo_place place;
  sk_region body = hlo_enter(g, args, 4, true, &place);
  sk_value results[2];
  for (uint32_t i = 0; i < 2; i++) {
    sk_value pair[2] = {sk_region_arg(g->m, body, i), sk_region_arg(g->m, body, i + 2)};
    results[i] = hlo_emit(g, kinds[hlo_below(g, 3)], pair, 2, NULL, (sk_type){0});
  }
  hlo_leave(g, &place, SK_OP_RETURN, results, 2);
  return body;
}

// The larger of two with its index, the lower index among equals: argmax.
static sk_region argmax_body(hlo_gen *g, const sk_elem elems[2]) {
  sk_type args[4];
  for (uint32_t i = 0; i < 4; i++) {
    args[i] = hlo_tensor(g, elems[i % 2], &(hlo_shape){.rank = 0});
  }
  hlo_place place;
  sk_region body = hlo_enter(g, args, 4, true, &place);
  sk_value v[2] = {sk_region_arg(g->m, body, 0), sk_region_arg(g->m, body, 2)};
  sk_value i[2] = {sk_region_arg(g->m, body, 1), sk_region_arg(g->m, body, 3)};
  sk_value more = hlo_emit(g, SK_OP_COMPARE, v, 2, "comparison_direction=GT", (sk_type){0});
  sk_value same = hlo_emit(g, SK_OP_COMPARE, v, 2, "comparison_direction=EQ", (sk_type){0});
  sk_value lower = hlo_emit(g, SK_OP_COMPARE, i, 2, "comparison_direction=LT", (sk_type){0});
  sk_value tie = hlo_emit(g, SK_OP_AND, (sk_value[]){same, lower}, 2, NULL, (sk_type){0});
  sk_value first = hlo_emit(g, SK_OP_OR, (sk_value[]){more, tie}, 2, NULL, (sk_type){0});
  sk_value results[2] = {
      hlo_emit(g, SK_OP_SELECT, (sk_value[]){first, v[0], v[1]}, 3, NULL, (sk_type){0}),
      hlo_emit(g, SK_OP_SELECT, (sk_value[]){first, i[0], i[1]}, 3, NULL, (sk_type){0})};
  hlo_leave(g, &place, SK_OP_RETURN, results, 2);
  return body;
}

static bool make_pair_reduce(hlo_gen *g, sk_opkind kind, const char *attrs, const sk_value *first) {
  const uint32_t ordered = SK_ELEMS_S | SK_ELEMS_U;
  hlo_shape shape = hlo_shape_of(g, *first);
  sk_elem elems[2] = {(sk_elem)hlo_type(g, *first)->elem, hlo_elem(g, ordered)};
  bool argmax = hlo_in_mask(elems[0], ordered | SK_ELEMS_P) && hlo_chance(g, 1, 2);
  sk_value operands[4] = {*first, hlo_value(g, elems[1], &shape), hlo_scalar(g, elems[0]),
                          hlo_scalar(g, elems[1])};
  bool complex = sk_elem_is_complex(elems[0]);
  if (complex) {
    return false;
  }
  sk_region body = argmax ? argmax_body(g, elems) : pair_combiner(g, elems);
  return hlo_emit_regions(g, kind, operands, 4, attrs, NULL, 0, &body, 1).id != 0;
}

bool hlo_make_reduce(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, hlo_chance(g, 1, 20) ? 0 : 1, HLO_RANK);
  if (x.id == 0) {
    return false;
  }
  sk_elem elem = (sk_elem)hlo_type(g, x)->elem;
  if (g->exact && !hlo_in_mask(elem, SK_ELEMS_P | SK_ELEMS_S | SK_ELEMS_U)) {
    return false;
  }
  int64_t dims[HLO_RANK];
  uint32_t count = 0, rank = hlo_type(g, x)->rank;
  for (uint32_t d = 0; d < rank; d++) {
    if (hlo_chance(g, 1, 2) || (d + 1 == rank && count == 0 && hlo_chance(g, 3, 4))) {
      dims[count++] = d;
    }
  }
  char attrs[80] = "";
  hlo_list(attrs, sizeof attrs, "dimensions", dims, count);
  if (hlo_chance(g, 1, 6)) {
    return make_pair_reduce(g, kind, attrs, &x);
  }
  sk_opkind combiner;
  sk_region body = hlo_combiner(g, elem, &combiner);
  sk_value operands[2] = {x, hlo_chance(g, 1, 2) ? hlo_neutral(g, elem, combiner)
                                                 : hlo_scalar(g, elem)};
  return hlo_emit_regions(g, kind, operands, 2, attrs, NULL, 0, &body, 1).id != 0;
}

// ---- windows

typedef struct window {
  int64_t size[HLO_RANK], stride[HLO_RANK], pads[2 * HLO_RANK], base[HLO_RANK], dilation[HLO_RANK];
} window;

static int64_t dilated(int64_t extent, int64_t dilation) {
  return extent == 0 ? 0 : (extent - 1) * dilation + 1;
}

static int64_t window_count(const window *w, int64_t extent, uint32_t d) {
  int64_t padded = w->pads[2 * d] + dilated(extent, w->base[d]) + w->pads[2 * d + 1];
  int64_t span = dilated(w->size[d], w->dilation[d]);
  return padded <= 0 || span > padded ? 0 : (padded - span) / w->stride[d] + 1;
}

static window pick_window(hlo_gen *g, const hlo_shape *shape, bool plain) {
  window w;
  for (uint32_t d = 0; d < shape->rank; d++) {
    int64_t most = SK_MIN(SK_MAX(shape->dims[d], 1), shape->rank > 2 ? 4 : 12);
    w.size[d] = hlo_chance(g, 1, 3) ? 1 : hlo_between(g, 1, most);
    w.stride[d] = hlo_chance(g, 1, 2) ? 1 : hlo_between(g, 1, 3);
    w.base[d] = plain || hlo_chance(g, 5, 6) ? 1 : hlo_between(g, 2, 3);
    w.dilation[d] = plain || hlo_chance(g, 5, 6) ? 1 : hlo_between(g, 2, 3);
    for (uint32_t side = 0; side < 2; side++) {
      w.pads[2 * d + side] = hlo_chance(g, 1, 2) ? 0 : hlo_between(g, plain ? 0 : -1, 3);
    }
  }
  if (!plain && shape->rank > 0 && hlo_chance(g, 1, 8)) {  // a cumulative sum
    uint32_t d = (uint32_t)hlo_below(g, shape->rank);
    w = (window){.size = {1}};
    for (uint32_t i = 0; i < shape->rank; i++) {
      w.size[i] = i == d ? SK_MAX(shape->dims[d], 1) : 1;
      w.stride[i] = w.base[i] = w.dilation[i] = 1;
      w.pads[2 * i] = w.pads[2 * i + 1] = 0;
    }
    w.pads[2 * d + (uint32_t)hlo_below(g, 2)] = w.size[d] - 1;
  }
  return w;
}

static const char *pairs(char *buf, size_t bytes, const char *name, const int64_t *items,
                         uint32_t count) {
  size_t at = strlen(buf);
  at += (size_t)snprintf(buf + at, bytes - at, " %s={", name);
  for (uint32_t i = 0; i < 2 * count; i++) {
    at += (size_t)snprintf(buf + at, bytes - at,
                           i == 0  ? "%lld"
                           : i % 2 ? ",%lld"
                                   : ";%lld",
                           (long long)items[i]);
  }
  snprintf(buf + at, bytes - at, "}");
  return buf;
}

bool hlo_make_reduce_window(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 1, 4);
  if (x.id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, x);
  sk_elem elem = (sk_elem)hlo_type(g, x)->elem;
  window w = pick_window(g, &shape, false);
  int64_t work = 1;
  for (uint32_t d = 0; d < shape.rank; d++) {
    work *= w.size[d] * SK_MAX(window_count(&w, shape.dims[d], d), 1);
  }
  if (work > 200000) {
    return false;
  }
  char attrs[500] = "";
  hlo_list(attrs, sizeof attrs, "window_dimensions", w.size, shape.rank);
  hlo_list(attrs, sizeof attrs, "window_strides", w.stride, shape.rank);
  hlo_list(attrs, sizeof attrs, "base_dilations", w.base, shape.rank);
  hlo_list(attrs, sizeof attrs, "window_dilations", w.dilation, shape.rank);
  pairs(attrs, sizeof attrs, "padding", w.pads, shape.rank);
  if (hlo_chance(g, 1, 8)) {
    return make_pair_reduce(g, kind, attrs, &x);
  }
  sk_opkind combiner;
  sk_region body = hlo_combiner(g, elem, &combiner);
  sk_value operands[2] = {x, hlo_neutral(g, elem, combiner)};
  return hlo_emit_regions(g, kind, operands, 2, attrs, NULL, 0, &body, 1).id != 0;
}

static sk_region selector(hlo_gen *g, sk_elem elem) {
  sk_type scalar = hlo_tensor(g, elem, &(hlo_shape){.rank = 0});
  hlo_place place;
  sk_region body = hlo_enter(g, (sk_type[]){scalar, scalar}, 2, true, &place);
  sk_value args[2] = {sk_region_arg(g->m, body, 0), sk_region_arg(g->m, body, 1)};
  const char *attrs = hlo_chance(g, 1, 2) ? "comparison_direction=GE" : "comparison_direction=LE";
  sk_value result = hlo_emit(g, SK_OP_COMPARE, args, 2, attrs, (sk_type){0});
  hlo_leave(g, &place, SK_OP_RETURN, &result, 1);
  return body;
}

bool hlo_make_select_and_scatter(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, SK_ELEMS_S | SK_ELEMS_U | SK_ELEMS_F, 1, 4);
  if (x.id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, x), windows = shape;
  window w = pick_window(g, &shape, true);
  for (uint32_t d = 0; d < shape.rank; d++) {
    // Every window must hold an element.
    w.pads[2 * d] = SK_MIN(w.pads[2 * d], w.size[d] - 1);
    w.pads[2 * d + 1] = SK_MIN(w.pads[2 * d + 1], w.size[d] - 1);
    windows.dims[d] = window_count(&w, shape.dims[d], d);
    if (shape.dims[d] == 0) {
      return false;
    }
  }
  sk_elem elem = (sk_elem)hlo_type(g, x)->elem;
  sk_opkind combiner;
  sk_value operands[3] = {x, hlo_value(g, elem, &windows), hlo_scalar(g, elem)};
  sk_region select = selector(g, elem), scatter = hlo_combiner(g, elem, &combiner);
  char attrs[400] = "";
  hlo_list(attrs, sizeof attrs, "window_dimensions", w.size, shape.rank);
  hlo_list(attrs, sizeof attrs, "window_strides", w.stride, shape.rank);
  pairs(attrs, sizeof attrs, "padding", w.pads, shape.rank);
  return hlo_emit_regions(g, kind, operands, 3, attrs, NULL, 0, (sk_region[]){select, scatter}, 2)
             .id != 0;
}

// ---- convolution

typedef struct convolution {
  uint32_t spatial;
  int64_t batch, features, outputs, groups, batch_groups;
  window w;
  int64_t reversal[HLO_RANK], lhs_extent[HLO_RANK];
  hlo_shape lhs, rhs, out;
  sk_conv_dims dims;
  int64_t lists[3][HLO_RANK];
} convolution;

// Puts the batch, feature and spatial dimensions in some order; out gets where they are.
static void place_dims(hlo_gen *g, uint32_t spatial, int64_t *first, int64_t *second,
                       int64_t *spatials, bool usual) {
  int64_t order[HLO_RANK];
  for (uint32_t d = 0; d < spatial + 2; d++) {
    order[d] = d;
  }
  for (uint32_t d = spatial + 2; d > 1 && !usual; d--) {
    int64_t other = hlo_below(g, d), kept = order[d - 1];
    order[d - 1] = order[other];
    order[other] = kept;
  }
  *first = order[0];
  *second = order[1];
  memcpy(spatials, order + 2, sizeof *order * spatial);
}

static void set_shapes(convolution *c) {
  sk_conv_dims *d = &c->dims;
  c->lhs.rank = c->rhs.rank = c->out.rank = c->spatial + 2;
  c->lhs.dims[d->input_batch_dimension] = c->batch;
  c->lhs.dims[d->input_feature_dimension] = c->features;
  c->rhs.dims[d->kernel_input_feature_dimension] = c->features / c->groups;
  c->rhs.dims[d->kernel_output_feature_dimension] = c->outputs;
  c->out.dims[d->output_batch_dimension] = c->batch / c->batch_groups;
  c->out.dims[d->output_feature_dimension] = c->outputs;
  for (uint32_t i = 0; i < c->spatial; i++) {
    c->lhs.dims[c->lists[0][i]] = c->lhs_extent[i];
    c->rhs.dims[c->lists[1][i]] = c->w.size[i];
    c->out.dims[c->lists[2][i]] = window_count(&c->w, c->lhs_extent[i], i);
  }
}

static void pick_convolution(hlo_gen *g, convolution *c) {
  hlo_shape space = {.rank = c->spatial = (uint32_t)hlo_between(g, 0, 3)};
  for (uint32_t i = 0; i < c->spatial; i++) {
    space.dims[i] = c->lhs_extent[i] = hlo_extent(g, c->spatial > 1 ? 17 : 65);
    c->reversal[i] = hlo_chance(g, 1, 6);
  }
  c->w = pick_window(g, &space, false);
  c->groups = hlo_chance(g, 1, 3) ? hlo_between(g, 1, 4) : 1;
  c->batch_groups = c->groups == 1 && hlo_chance(g, 1, 5) ? hlo_between(g, 1, 3) : 1;
  int64_t each = hlo_chance(g, 1, 3) ? 1 : hlo_between(g, 1, 9);
  c->features = each * c->groups;
  c->outputs = hlo_between(g, 1, 9) * c->groups * c->batch_groups;
  c->batch = hlo_between(g, 1, 3) * c->batch_groups;
  sk_conv_dims *d = &c->dims;
  *d = (sk_conv_dims){0};
  bool usual = hlo_chance(g, 1, 3);
  place_dims(g, c->spatial, &d->input_batch_dimension, &d->input_feature_dimension, c->lists[0],
             usual);
  place_dims(g, c->spatial, &d->kernel_output_feature_dimension, &d->kernel_input_feature_dimension,
             c->lists[1], usual);
  place_dims(g, c->spatial, &d->output_batch_dimension, &d->output_feature_dimension, c->lists[2],
             usual);
  d->input_spatial_dimensions = (sk_ints){c->lists[0], c->spatial};
  d->kernel_spatial_dimensions = (sk_ints){c->lists[1], c->spatial};
  d->output_spatial_dimensions = (sk_ints){c->lists[2], c->spatial};
  set_shapes(c);
}

static sk_attr i64_attr(hlo_gen *g, int64_t value) {
  return sk_attr_int(g->m, sk_type_scalar(g->m, SK_S64), value);
}

static uint32_t conv_attrs(hlo_gen *g, const convolution *c, bool dynamic, sk_named_attr *out) {
  sk_module *m = g->m;
  uint32_t count = 0;
  sk_attr dims = sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_CONV_DIMS, .u.conv = &c->dims});
  out[count++] = (sk_named_attr){{SK_NAME_dimension_numbers}, dims};
  out[count++] = (sk_named_attr){{SK_NAME_feature_group_count}, i64_attr(g, c->groups)};
  out[count++] = (sk_named_attr){{SK_NAME_batch_group_count}, i64_attr(g, c->batch_groups)};
  out[count++] =
      (sk_named_attr){{SK_NAME_window_strides}, sk_attr_ints(m, c->w.stride, c->spatial)};
  out[count++] = (sk_named_attr){{SK_NAME_lhs_dilation}, sk_attr_ints(m, c->w.base, c->spatial)};
  out[count++] =
      (sk_named_attr){{SK_NAME_rhs_dilation}, sk_attr_ints(m, c->w.dilation, c->spatial)};
  out[count++] =
      (sk_named_attr){{SK_NAME_window_reversal}, sk_attr_bools(m, c->reversal, c->spatial)};
  if (!dynamic) {
    out[count++] = (sk_named_attr){{SK_NAME_padding}, sk_attr_ints_2d(m, c->w.pads, c->spatial, 2)};
  }
  return count;
}

bool hlo_make_convolution(hlo_gen *g, sk_opkind kind) {
  convolution c;
  pick_convolution(g, &c);
  bool dynamic = kind == SK_OP_DYNAMIC_CONV;
  if (!hlo_fits(g, &c.lhs) || !hlo_fits(g, &c.rhs) || !hlo_fits(g, &c.out) ||
      hlo_count(&c.out) * hlo_count(&c.rhs) / SK_MAX(c.outputs, 1) > 300000 ||
      (dynamic && c.spatial == 0)) {
    return false;
  }
  sk_elem elem = hlo_elem(g, SK_ELEMS_S | SK_ELEMS_U | SK_ELEMS_F | SK_ELEMS_C);
  if (g->exact && !sk_elem_is_int(elem)) {
    return false;
  }
  sk_value operands[3] = {hlo_value(g, elem, &c.lhs), hlo_value(g, elem, &c.rhs)};
  if (dynamic) {
    sk_value flat = hlo_constant_ints(g, SK_S64, 2 * c.spatial, c.w.pads, false);
    hlo_shape shape = {.rank = 2, .dims = {c.spatial, 2}};
    operands[2] = hlo_emit(g, SK_OP_RESHAPE, &flat, 1, NULL, hlo_tensor(g, SK_S64, &shape));
    // Only a constant tells its numbers.
    sk_op op = sk_value_get(g->m, flat)->op;
    sk_attr_rec rec = *sk_attr_get(g->m, sk_op_find_attr(g->m, op, SK_NAME_value));
    sk_named_attr attr = {{SK_NAME_value},
                          sk_attr_dense(g->m, hlo_tensor(g, SK_S64, &shape), rec.u.dense)};
    sk_op again =
        hlo_emit_desc(g, &(sk_op_desc){.kind = SK_OP_CONSTANT, .attrs = &attr, .attr_count = 1});
    operands[2] = again.id != 0 ? sk_op_result(g->m, again, 0) : operands[2];
  }
  sk_named_attr attrs[10];
  sk_type type = hlo_tensor(g, elem, &c.out);
  sk_op_desc desc = {.kind = kind,
                     .operands = operands,
                     .operand_count = dynamic ? 3 : 2,
                     .attrs = attrs,
                     .attr_count = conv_attrs(g, &c, dynamic, attrs),
                     .result_types = &type,
                     .result_count = 1};
  return hlo_emit_desc(g, &desc).id != 0;
}
