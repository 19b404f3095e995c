// SPDX-License-Identifier: Apache-2.0
// convolution as a matrix product: the windows are written side by side, then multiplied.
//
//   patches[g][b][x..][k.., i]  =  input element under tap k.. of the window at x.., feature i; zero in
//                                  padding and holes                               one copy kernel
//                                  (or [g][b][k.., i][x..], where that is nearer to how the input lies)
//   weights[k.., i][f]          =  kernel, reversed where the window is            one copy kernel
//   result[b, x.., f]           =  sum over (k.., i) ascending of patches * weights        products
//
// g is the feature group (its features of the input) or the batch group (its part of the batch); the
// columns f of the weights belong to the groups in order. Patches and weights are left out where the
// operand lies that way already (a window of one element; a kernel with its output features innermost).
// A batch whose patches are large is worked off in parts, one after the other in the same memory.
// The product is the statement or the kernel that dot_general becomes, in one of three forms:
//
//   rows (b, x..), columns f     where features are innermost in the result
//   rows f, columns x..          where they lie before the spatial dimensions
//   the first, then a transpose  otherwise
//
// Floats are f32 or f64, all three alike (pass/expand_dot.c).
//
// Groups of one input feature (depthwise convolutions of floats) are no matrix products worth the name.
// They are one kernel, lanes along the innermost dimension of the result, whose sums take a rounded
// product per tap: loop result dims { sum = loop taps seq { sum + input * kernel } }. So are
// convolutions of one feature into one (into two, where lanes do not run along them), as those of
// signals and images. Windows that reach into the padding get kernels of their own, so that the others
// need not ask.
#include "loop/lower_int.h"

enum { PART_BYTES = 64 << 20, MAX_PARTS = 16 };   // of the patches in memory at a time
enum { LEAST_INSIDE = 16, LEAST_PIXELS = 1024 };  // positions for which edges are cut off

typedef struct operand {
  uint32_t buf;
  int64_t offset, group, image, row, step;  // strides
} operand;

typedef struct conv {
  sk_op op;
  const sk_conv_dims *dims;
  const sk_type_rec *input, *kernel, *result;
  uint32_t spatial;
  sk_window windows[SK_MAX_RANK];
  sk_ints reversal;
  int64_t positions[SK_MAX_RANK];  // spatial extents of the result, or of a piece of it
  int64_t first_position[SK_MAX_RANK];
  int64_t groups, feature_groups, batch;
  int64_t features, outputs;  // of one group's input, of all groups
  int64_t taps, pixels;       // of a window, windows of an image
  int64_t first, images;      // part of the batch at work
  uint32_t patches;           // buffer for them, once made
  bool by_step;  // ... [g][b][k.., i][x..]: steps of the product are rows, as the columns want them
} conv;

static int64_t listed(sk_ints list, uint32_t i, int64_t otherwise) {
  return i < list.count ? list.data[i] : otherwise;
}

static void strides_of(const sk_type_rec *type, int64_t *out) {
  int64_t stride = 1;
  for (uint32_t d = type->rank; d-- > 0;) {
    out[d] = stride;
    stride *= type->dims[d];
  }
}

static void read_conv(const sk_lowering *l, sk_op op, conv *c) {
  const sk_module *m = l->m;
  sk_ints stride = sk_op_ints(m, op, SK_NAME_window_strides);
  sk_ints padding = sk_op_ints(m, op, SK_NAME_padding);
  sk_ints base = sk_op_ints(m, op, SK_NAME_lhs_dilation);
  sk_ints window = sk_op_ints(m, op, SK_NAME_rhs_dilation);
  c->op = op;
  c->dims = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dimension_numbers))->u.conv;
  c->input = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  c->kernel = sk_value_type_rec(m, sk_op_operand(m, op, 1));
  c->result = sk_value_type_rec(m, sk_op_result(m, op, 0));
  c->spatial = c->dims->input_spatial_dimensions.count;
  c->reversal = sk_op_ints(m, op, SK_NAME_window_reversal);
  c->feature_groups = sk_op_int(m, op, SK_NAME_feature_group_count, 1);
  c->groups = c->feature_groups * sk_op_int(m, op, SK_NAME_batch_group_count, 1);
  c->batch = c->result->dims[c->dims->output_batch_dimension];
  c->features = c->kernel->dims[c->dims->kernel_input_feature_dimension];
  c->outputs = c->kernel->dims[c->dims->kernel_output_feature_dimension];
  c->images = c->batch;
  c->taps = c->pixels = 1;
  for (uint32_t d = 0; d < c->spatial; d++) {
    c->windows[d] = (sk_window){.extent = c->input->dims[c->dims->input_spatial_dimensions.data[d]],
                                .size = c->kernel->dims[c->dims->kernel_spatial_dimensions.data[d]],
                                .stride = listed(stride, d, 1),
                                .low = listed(padding, 2 * d, 0),
                                .high = listed(padding, 2 * d + 1, 0),
                                .base_dilation = listed(base, d, 1),
                                .window_dilation = listed(window, d, 1),
                                .position_loop = SK_NO_LOOP,
                                .tap_loop = SK_NO_LOOP};
    c->positions[d] = c->result->dims[c->dims->output_spatial_dimensions.data[d]];
    c->taps *= c->windows[d].size;
    c->pixels *= c->positions[d];
  }
}

// ---- copies

typedef struct copy {
  sk_place from, to;
  uint32_t loops;
} copy;

static uint32_t begin_kernel(sk_lowering *l, const char *name) {
  uint32_t kernel =
      sk_prog_add_kernel(l->prog, sk_arena_printf(l->arena, "%s_%u", name, l->prog->kernels.count));
  sk_eval_begin(l, kernel, SK_PLACE_LOOPS, 0);
  return kernel;
}

// A loop over one dimension of what is written; SK_NO_LOOP: a single index.
static uint32_t open_copy(sk_lowering *l, copy *c, int64_t extent, int64_t from, int64_t to) {
  if (extent == 1) {
    return SK_NO_LOOP;
  }
  uint32_t loop = sk_build_loop(&l->b, SK_LOOP_PAR, extent, 1);
  c->from.strides[loop] = from;
  c->to.strides[loop] = to;
  c->loops++;
  return loop;
}

static void end_copy(sk_lowering *l, copy *c, uint32_t kernel) {
  if (c->loops == 0) {
    sk_build_loop(&l->b, SK_LOOP_PAR, 1, 1);
    c->loops = 1;
  }
  sk_place_store(l, &c->to, sk_place_load(l, &c->from));
  for (uint32_t i = 0; i < c->loops; i++) {
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

static uint32_t new_temp(sk_lowering *l, sk_elem elem, int64_t elems, const char *name) {
  int64_t parts = sk_elem_is_complex(elem) ? 2 : 1;
  return sk_prog_add_buf(l->prog, &(sk_buf){.kind = SK_BUF_TEMP,
                                            .mem = (uint8_t)sk_elem_mem(elem),
                                            .elems = elems * parts,
                                            .offset = -1,
                                            .name = name});
}

// ---- patches

// Places of the input that vary with group, batch and feature.
static void input_strides(const conv *c, int64_t *strides, int64_t *out_group) {
  strides_of(c->input, strides);
  *out_group = c->feature_groups > 1 ? c->features * strides[c->dims->input_feature_dimension]
                                     : c->batch * strides[c->dims->input_batch_dimension];
}

static void write_patches(sk_lowering *l, conv *c, uint32_t input, uint32_t patches) {
  int64_t strides[SK_MAX_RANK], group, to = c->taps * c->features;
  const int64_t *spatial = c->dims->input_spatial_dimensions.data;
  sk_elem elem = (sk_elem)c->input->elem;
  copy k = {.from = {.buf = input, .elem = elem}, .to = {.buf = patches, .elem = elem}};
  input_strides(c, strides, &group);
  uint32_t kernel = begin_kernel(l, "patches");
  k.from.offset = c->first * strides[c->dims->input_batch_dimension];
  open_copy(l, &k, c->groups, group, c->images * c->pixels * to);
  open_copy(l, &k, c->images, strides[c->dims->input_batch_dimension], c->pixels * to);
  to *= c->pixels;
  for (uint32_t part = 0; part < 2; part++) {
    if ((part == 0) == c->by_step) {
      for (uint32_t d = 0; d < c->spatial; d++) {
        to /= c->windows[d].size;
        c->windows[d].tap_loop = open_copy(l, &k, c->windows[d].size, 0, to);
      }
      to /= c->features;
      open_copy(l, &k, c->features, strides[c->dims->input_feature_dimension], to);
    } else {
      for (uint32_t d = 0; d < c->spatial; d++) {
        to /= c->positions[d];
        c->windows[d].position_loop = open_copy(l, &k, c->positions[d], 0, to);
      }
    }
  }
  for (uint32_t d = 0; d < c->spatial; d++) {
    sk_place_add_window(l, &k.from, &c->windows[d], strides[spatial[d]]);
  }
  end_copy(l, &k, kernel);
}

// Does every window see exactly one element, with none left out and none added?
static bool is_pointwise(const conv *c) {
  bool plain = true;
  for (uint32_t d = 0; d < c->spatial; d++) {
    const sk_window *w = &c->windows[d];
    plain = plain && w->size == 1 && w->stride == 1 && w->low == 0 && w->high == 0 &&
            w->base_dilation == 1;
  }
  return plain;
}

// One stride for the batch and the spatial dimensions (whole: with the batch); false if they have none.
static bool find_row(const sk_type_rec *type, int64_t batch_dim, sk_ints spatial, bool whole,
                     int64_t *out_stride) {
  int64_t strides[SK_MAX_RANK], extent = 1;
  strides_of(type, strides);
  *out_stride = 0;
  for (uint32_t i = spatial.count + (whole ? 1 : 0); i-- > 0;) {
    int64_t d = !whole ? spatial.data[i] : i == 0 ? batch_dim : spatial.data[i - 1];
    if (type->dims[d] == 1) {
      continue;
    }
    if (extent != 1 && strides[d] != *out_stride * extent) {
      return false;
    }
    *out_stride = extent == 1 ? strides[d] : *out_stride;
    extent *= type->dims[d];
  }
  return true;
}

// Elements of the patches; false: more than int64 holds bytes of.
static bool count_patches(const conv *c, int64_t *out) {
  int64_t rows;
  return !SK_MUL_OVERFLOW(c->images, c->pixels, &rows) &&
         !SK_MUL_OVERFLOW(rows, c->groups, &rows) &&
         !SK_MUL_OVERFLOW(rows, c->taps * c->features, out) && *out <= INT64_MAX / 16;
}

static operand make_patches(sk_lowering *l, conv *c) {
  uint32_t input = sk_lower_materialise(l, sk_op_operand(l->m, c->op, 0));
  int64_t strides[SK_MAX_RANK], group, row, count, steps = c->taps * c->features;
  input_strides(c, strides, &group);
  if (steps == 0) {
    return (operand){.buf = input};
  }
  if (is_pointwise(c) && find_row(c->input, c->dims->input_batch_dimension,
                                  c->dims->input_spatial_dimensions, true, &row)) {
    return (operand){input, c->first * c->pixels * row,
                     group, row * c->pixels,
                     row,   strides[c->dims->input_feature_dimension]};
  }
  if (!count_patches(c, &count)) {
    sk_lower_fail(l, sk_op_error(l->m, c->op, SK_RESOURCE_EXHAUSTED, "its windows overflow"));
    return (operand){.buf = input};
  }
  if (c->patches == 0) {  // the first part is the largest
    c->patches = new_temp(l, (sk_elem)c->input->elem, count, "patches");
  }
  write_patches(l, c, input, c->patches);
  return (operand){.buf = c->patches,
                   .group = count / c->groups,
                   .image = c->pixels * steps,
                   .row = c->by_step ? 1 : steps,
                   .step = c->by_step ? c->pixels : 1};
}

// ---- weights

static uint32_t make_weights(sk_lowering *l, const conv *c) {
  uint32_t from = sk_lower_materialise(l, sk_op_operand(l->m, c->op, 1));
  int64_t strides[SK_MAX_RANK], to = c->taps * c->features * c->outputs;
  const int64_t *spatial = c->dims->kernel_spatial_dimensions.data;
  bool dense = true;
  strides_of(c->kernel, strides);
  int64_t expected = to;
  for (uint32_t d = 0; d < c->spatial; d++) {
    expected /= c->windows[d].size;
    dense = dense && (c->windows[d].size == 1 ||
                      (strides[spatial[d]] == expected && listed(c->reversal, d, 0) == 0));
  }
  int64_t by_feature = strides[c->dims->kernel_input_feature_dimension];
  int64_t by_output = strides[c->dims->kernel_output_feature_dimension];
  dense = dense && (c->features == 1 || by_feature == c->outputs) &&
          (c->outputs == 1 || by_output == 1);
  if (dense) {
    return from;
  }
  sk_elem elem = (sk_elem)c->kernel->elem;
  copy k = {.from = {.buf = from, .elem = elem},
            .to = {.buf = new_temp(l, elem, to, "weights"), .elem = elem}};
  uint32_t kernel = begin_kernel(l, "weights");
  for (uint32_t d = 0; d < c->spatial; d++) {
    int64_t stride = strides[spatial[d]];
    to /= c->windows[d].size;
    if (listed(c->reversal, d, 0) != 0) {
      k.from.offset += (c->windows[d].size - 1) * stride;
      stride = -stride;
    }
    open_copy(l, &k, c->windows[d].size, stride, to);
  }
  open_copy(l, &k, c->features, by_feature, c->outputs);
  open_copy(l, &k, c->outputs, by_output, 1);
  end_copy(l, &k, kernel);
  return k.to.buf;
}

// ---- products

static bool is_generated(const conv *c) {
  uint8_t elem = c->result->elem;
  return (elem == SK_F32 || elem == SK_F64) && c->input->elem == elem && c->kernel->elem == elem;
}

static sk_dot *new_dot(sk_lowering *l, const conv *c, uint32_t to) {
  sk_dot *dot = SK_NEW(l->arena, sk_dot);
  *dot = (sk_dot){.c = to, .elem = c->result->elem == SK_F64 ? SK_LT_F64 : SK_LT_F32};
  dot->k = c->taps * c->features;
  return dot;
}

static void emit_dot(sk_lowering *l, const conv *c, sk_dot *dot) {
  if (is_generated(c)) {
    sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_DOT, .dot = dot});
  } else {
    sk_lower_dot_loops(l, c->op, dot);
  }
}

// Rows (b, x..) at `row`, columns f.
static void multiply_rows(sk_lowering *l, const conv *c, const operand *patches, uint32_t weights,
                          uint32_t to, int64_t row) {
  sk_dot *dot = new_dot(l, c, to);
  int64_t columns = c->outputs / c->groups;
  dot->a = patches->buf;
  dot->b = weights;
  dot->batch = c->groups;
  dot->m = c->images * c->pixels;
  dot->n = columns;
  dot->a_offset = patches->offset;
  dot->c_offset = c->first * c->pixels * row;
  memcpy(dot->a_strides, (int64_t[3]){patches->group, patches->row, patches->step},
         sizeof dot->a_strides);
  memcpy(dot->b_strides, (int64_t[3]){columns, c->outputs, 1}, sizeof dot->b_strides);
  memcpy(dot->c_strides, (int64_t[3]){columns, row, 1}, sizeof dot->c_strides);
  emit_dot(l, c, dot);
}

// Rows f at `feature`, columns x.., for one group and all of the batch, or one image and all groups.
static void multiply_columns(sk_lowering *l, const conv *c, const operand *patches,
                             uint32_t weights, uint32_t to, int64_t feature, int64_t image) {
  sk_dot *dot = new_dot(l, c, to);
  int64_t rows = c->outputs / c->groups;
  bool grouped = c->groups > 1;
  dot->a = weights;
  dot->b = patches->buf;
  dot->batch = grouped ? c->groups : c->images;
  dot->m = rows;
  dot->n = c->pixels;
  dot->b_offset = patches->offset;
  dot->c_offset = c->first * image;
  memcpy(dot->a_strides, (int64_t[3]){grouped ? rows : 0, 1, c->outputs}, sizeof dot->a_strides);
  memcpy(dot->b_strides,
         (int64_t[3]){grouped ? patches->group : patches->image, patches->step, patches->row},
         sizeof dot->b_strides);
  memcpy(dot->c_strides, (int64_t[3]){grouped ? rows * feature : image, feature, 1},
         sizeof dot->c_strides);
  emit_dot(l, c, dot);
}

// From [b, x.., f] to the order of the result.
static void write_transposed(sk_lowering *l, const conv *c, uint32_t from, uint32_t to) {
  int64_t strides[SK_MAX_RANK], stride = c->pixels * c->outputs;
  sk_elem elem = (sk_elem)c->result->elem;
  copy k = {.from = {.buf = from, .elem = elem}, .to = {.buf = to, .elem = elem}};
  strides_of(c->result, strides);
  uint32_t kernel = begin_kernel(l, "transpose");
  open_copy(l, &k, c->batch, stride, strides[c->dims->output_batch_dimension]);
  open_copy(l, &k, c->outputs, 1, strides[c->dims->output_feature_dimension]);
  for (uint32_t d = 0; d < c->spatial; d++) {
    stride /= c->positions[d];
    open_copy(l, &k, c->positions[d], stride, strides[c->dims->output_spatial_dimensions.data[d]]);
  }
  end_copy(l, &k, kernel);
}

// How many images are convolved at a time: all, unless their patches would be large.
static int64_t images_at_once(const conv *c) {
  int64_t count, bytes = sk_elem_bytes((sk_elem)c->input->elem);
  if (is_pointwise(c) || !count_patches(c, &count)) {
    return c->batch;
  }
  int64_t parts = SK_MIN(count / (PART_BYTES / bytes) + 1, (int64_t)MAX_PARTS);
  return (c->batch + parts - 1) / parts;
}

// Are neighbouring windows nearer to each other in the input than features?
static bool lies_by_step(const conv *c) {
  int64_t strides[SK_MAX_RANK];
  strides_of(c->input, strides);
  const uint32_t last = c->spatial - 1;
  return c->spatial > 0 && c->positions[last] > 1 &&
         strides[c->dims->input_spatial_dimensions.data[last]] * c->windows[last].stride <
             strides[c->dims->input_feature_dimension];
}

static void convolve(sk_lowering *l, conv *c, uint32_t to) {
  int64_t strides[SK_MAX_RANK], row, at_once = images_at_once(c);
  strides_of(c->result, strides);
  sk_ints spatial = c->dims->output_spatial_dimensions;
  int64_t batch_dim = c->dims->output_batch_dimension, elems = c->batch * c->pixels * c->outputs;
  int64_t feature = strides[c->dims->output_feature_dimension], image = strides[batch_dim];
  bool rows =
      (feature == 1 || c->outputs == 1) && find_row(c->result, batch_dim, spatial, true, &row);
  bool columns = !rows && is_generated(c) && (c->groups == 1 || c->batch == 1) &&
                 find_row(c->result, batch_dim, spatial, false, &row) && row <= 1;
  c->by_step = columns && lies_by_step(c);
  uint32_t products =
      rows || columns ? to : new_temp(l, (sk_elem)c->result->elem, elems, "products");
  uint32_t weights = c->taps * c->features == 0
                         ? sk_lower_materialise(l, sk_op_operand(l->m, c->op, 1))
                         : make_weights(l, c);
  for (; c->first < c->batch && l->failure == NULL; c->first += at_once) {
    c->images = SK_MIN(at_once, c->batch - c->first);
    operand patches = make_patches(l, c);
    if (columns) {
      multiply_columns(l, c, &patches, weights, to, feature, image);
    } else {
      multiply_rows(l, c, &patches, weights, products, rows ? row : c->outputs);
    }
  }
  if (products != to) {
    write_transposed(l, c, products, to);
  }
}

// ---- of one feature

static bool is_depthwise(const conv *c) {
  bool last = c->dims->output_feature_dimension + 1 == (int64_t)c->result->rank;
  bool few = c->feature_groups > 1 || c->outputs <= (last ? 1 : 2);
  return few && c->features == 1 && c->groups == c->feature_groups && is_generated(c);
}

typedef struct places {
  sk_place input, kernel, result;
  uint32_t loops;
} places;

static uint32_t open_result(sk_lowering *l, places *p, int64_t extent, int64_t stride) {
  if (extent == 1) {
    return SK_NO_LOOP;
  }
  uint32_t loop = sk_build_loop(&l->b, SK_LOOP_PAR, extent, 1);
  p->result.strides[loop] = stride;
  p->loops++;
  return loop;
}

static void add_stride(sk_place *p, uint32_t loop, int64_t stride) {
  if (loop != SK_NO_LOOP) {
    p->strides[loop] = stride;
  }
}

// Loops over the result in the order of its memory. The features of a group are a loop of their own.
static void open_results(sk_lowering *l, conv *c, places *p) {
  const sk_conv_dims *dims = c->dims;
  int64_t input[SK_MAX_RANK], kernel[SK_MAX_RANK], result[SK_MAX_RANK];
  strides_of(c->input, input);
  strides_of(c->kernel, kernel);
  strides_of(c->result, result);
  int64_t per_group = c->outputs / c->groups;
  int64_t by_output = kernel[dims->kernel_output_feature_dimension];
  for (uint32_t d = 0; d < c->result->rank; d++) {
    if (d == dims->output_batch_dimension) {
      uint32_t loop = open_result(l, p, c->batch, result[d]);
      add_stride(&p->input, loop, input[dims->input_batch_dimension]);
    } else if (d == dims->output_feature_dimension) {
      uint32_t group = open_result(l, p, c->groups, per_group * result[d]);
      uint32_t loop = open_result(l, p, per_group, result[d]);
      add_stride(&p->input, group, input[dims->input_feature_dimension]);
      add_stride(&p->kernel, group, per_group * by_output);
      add_stride(&p->kernel, loop, by_output);
    } else {
      uint32_t i = 0;
      while (dims->output_spatial_dimensions.data[i] != (int64_t)d) {
        i++;
      }
      c->windows[i].position_loop = open_result(l, p, c->positions[i], result[d]);
    }
  }
}

static void open_taps(sk_lowering *l, conv *c, places *p, sk_val *carries, uint32_t *out_levels) {
  int64_t input[SK_MAX_RANK], kernel[SK_MAX_RANK];
  strides_of(c->input, input);
  strides_of(c->kernel, kernel);
  for (uint32_t d = 0; d < c->spatial; d++) {
    sk_window *w = &c->windows[d];
    int64_t stride = kernel[c->dims->kernel_spatial_dimensions.data[d]];
    if (listed(c->reversal, d, 0) != 0) {
      p->kernel.offset += (w->size - 1) * stride;
      stride = -stride;
    }
    if (w->size != 1) {
      w->tap_loop = sk_build_loop(&l->b, SK_LOOP_SEQ, w->size, 1);
      p->kernel.strides[w->tap_loop] = stride;
      carries[*out_levels + 1] = sk_build_carry(&l->b, carries[*out_levels], SK_L_NONE);
      ++*out_levels;
    }
  }
  for (uint32_t d = 0; d < c->spatial; d++) {
    sk_place_add_window(l, &p->input, &c->windows[d],
                        input[c->dims->input_spatial_dimensions.data[d]]);
  }
}

// The result at the positions of c.
static void write_depthwise(sk_lowering *l, conv *c, uint32_t input, uint32_t weights,
                            uint32_t to) {
  sk_elem elem = (sk_elem)c->result->elem;
  places p = {.input = {.buf = input, .elem = elem},
              .kernel = {.buf = weights, .elem = elem},
              .result = {.buf = to, .elem = elem}};
  int64_t result[SK_MAX_RANK];
  strides_of(c->result, result);
  for (uint32_t d = 0; d < c->spatial; d++) {
    p.result.offset += c->first_position[d] * result[c->dims->output_spatial_dimensions.data[d]];
  }
  uint32_t kernel = begin_kernel(l, "convolution"), levels = 0;
  open_results(l, c, &p);
  sk_val carries[SK_MAX_RANK + 1] = {sk_build_const(&l->b, sk_elem_lt(elem), 0)};
  open_taps(l, c, &p, carries, &levels);
  sk_val x = sk_place_load(l, &p.input).re, y = sk_place_load(l, &p.kernel).re;
  sk_val total = sk_build_2(&l->b, SK_L_FADD, carries[levels], sk_build_2(&l->b, SK_L_FMUL, x, y));
  for (uint32_t level = levels; level > 0; level--) {
    sk_build_end_loop(&l->b, &carries[level], &total, 1);
    total = carries[level];
  }
  sk_place_store(l, &p.result, (sk_scalar){total, {0}});
  for (uint32_t i = 0; i < p.loops; i++) {
    sk_build_end_loop(&l->b, NULL, NULL, 0);
  }
  sk_eval_end(l);
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_KERNEL, .kernel = kernel});
}

// The positions along one dimension whose windows lie in the input.
static void find_inside(const conv *c, uint32_t d, int64_t *out_first, int64_t *out_end) {
  const sk_window *w = &c->windows[d];
  int64_t reach = (w->extent - 1) * w->base_dilation + 1,
          last = reach - 1 + w->low - (w->size - 1) * w->window_dilation;
  int64_t first = w->low > 0 ? (w->low + w->stride - 1) / w->stride : 0;
  int64_t end = last < 0 ? 0 : last / w->stride + 1;
  *out_first = SK_MIN(first, c->positions[d]);
  *out_end = SK_MAX(SK_MIN(end, c->positions[d]), *out_first);
}

static conv piece_of(const conv *c, uint32_t d, int64_t first, int64_t end) {
  conv piece = *c;
  piece.first_position[d] = first;
  piece.positions[d] = end - first;
  piece.windows[d].low -= first * c->windows[d].stride;
  return piece;
}

// Dimension by dimension the edges, then what is left of all.
static void lower_depthwise(sk_lowering *l, const conv *c, uint32_t to) {
  uint32_t input = sk_lower_materialise(l, sk_op_operand(l->m, c->op, 0)),
           weights = sk_lower_materialise(l, sk_op_operand(l->m, c->op, 1));
  conv inside = *c;
  for (uint32_t d = 0; d < c->spatial && c->pixels >= LEAST_PIXELS; d++) {
    int64_t first, end, all = inside.positions[d];
    find_inside(c, d, &first, &end);
    if (end - first < LEAST_INSIDE || end - first == all) {
      continue;
    }
    const int64_t edges[2][2] = {{0, first}, {end, all}};
    for (uint32_t i = 0; i < 2; i++) {
      if (edges[i][0] < edges[i][1]) {
        conv edge = piece_of(&inside, d, edges[i][0], edges[i][1]);
        write_depthwise(l, &edge, input, weights, to);
      }
    }
    inside = piece_of(&inside, d, first, end);
  }
  write_depthwise(l, &inside, input, weights, to);
}

static bool is_computable(const conv *c) {
  return sk_elem_lt((sk_elem)c->input->elem) != SK_LT_NONE &&
         sk_elem_lt((sk_elem)c->kernel->elem) != SK_LT_NONE &&
         sk_elem_lt((sk_elem)c->result->elem) != SK_LT_NONE;
}

void sk_lower_convolution(sk_lowering *l, sk_op op) {
  conv c = {0};
  read_conv(l, op, &c);
  uint32_t to = sk_lower_result_buf(l, sk_op_result(l->m, op, 0));
  if (c.batch * c.pixels * c.outputs == 0) {
    return;
  }
  if (!is_computable(&c)) {
    sk_lower_fail(l, sk_op_error(l->m, op, SK_UNIMPLEMENTED, "no native code for %s yet",
                                 sk_elem_name((sk_elem)c.input->elem)));
    return;
  }
  if (is_depthwise(&c) && c.taps > 0) {
    lower_depthwise(l, &c, to);
    return;
  }
  convolve(l, &c, to);
}
