// SPDX-License-Identifier: Apache-2.0
// convolution: windows of the padded and dilated input, multiplied with the kernel and summed.
//
//   output[b, x.., f] = sum over i, k.. of input[b', x.. * stride + k.. * rhs_dilation, g * I + i]
//                                        * kernel[k.., i, f]
//
// I: input features of the kernel; g: the feature group of f; b' = b, or with batch groups b in the
// batch group of f. Taps ascend in row-major order of the kernel's spatial dimensions, input
// features innermost. A reversed window runs through the kernel backwards. Sums as in interp_dot.c.
#include "base/mem.h"
#include "interp/interp_int.h"

typedef struct conv {
  const sk_tensor *input, *kernel;
  sk_number *x, *y;  // their elements; owned
  const sk_conv_dims *dims;
  uint32_t spatial;
  sk_window_dim w[SK_MAX_RANK];
  sk_ints reversal;
  int64_t groups, batch_groups;
  int64_t features;          // input features of the kernel
  int64_t taps;              // of the window, without features
  int64_t *x_taps, *y_taps;  // offsets of those inside the input at one place; owned
  int64_t x_strides[SK_MAX_RANK], y_strides[SK_MAX_RANK];
} conv;

static void read_windows(const sk_interp *s, sk_op op, const int64_t *padding, conv *c) {
  sk_ints stride = sk_op_ints(s->m, op, SK_NAME_window_strides);
  sk_ints base = sk_op_ints(s->m, op, SK_NAME_lhs_dilation);
  sk_ints window = sk_op_ints(s->m, op, SK_NAME_rhs_dilation);
  for (uint32_t d = 0; d < c->spatial; d++) {
    c->w[d] = (sk_window_dim){
        .size = c->kernel->type->dims[c->dims->kernel_spatial_dimensions.data[d]],
        .stride = sk_listed_or(stride, d, 1),
        .low = padding ? padding[2 * d] : 0,
        .high = padding ? padding[2 * d + 1] : 0,
        .base_dilation = sk_listed_or(base, d, 1),
        .window_dilation = sk_listed_or(window, d, 1),
    };
    c->taps *= c->w[d].size;
  }
  if (c->kernel->count == 0) {
    c->taps = 0;  // the extents of what is empty may be anything
  }
}

static bool groups_fit(const conv *c) {
  const int64_t *input = c->input->type->dims, *kernel = c->kernel->type->dims;
  int64_t outputs = kernel[c->dims->kernel_output_feature_dimension];
  int64_t features;
  return c->groups > 0 && c->batch_groups > 0 &&
         !SK_MUL_OVERFLOW(c->features, c->groups, &features) &&
         features == input[c->dims->input_feature_dimension] && outputs % c->groups == 0 &&
         outputs % c->batch_groups == 0 &&
         input[c->dims->input_batch_dimension] % c->batch_groups == 0;
}

static sk_status output_dims(const sk_interp *s, sk_op op, const conv *c, int64_t *dims) {
  const int64_t *input = c->input->type->dims, *kernel = c->kernel->type->dims;
  SK_TRY(sk_interp_require(s, op, groups_fit(c), "groups do not divide the features"));
  dims[c->dims->output_batch_dimension] = input[c->dims->input_batch_dimension] / c->batch_groups;
  dims[c->dims->output_feature_dimension] = kernel[c->dims->kernel_output_feature_dimension];
  for (uint32_t d = 0; d < c->spatial; d++) {
    int64_t extent = input[c->dims->input_spatial_dimensions.data[d]];
    SK_TRY(sk_interp_require(
        s, op,
        sk_window_extent(extent, &c->w[d], &dims[c->dims->output_spatial_dimensions.data[d]]),
        "the window overflows"));
  }
  return NULL;
}

enum { IN_PADDING = -1 };  // offset of an input element that is a zero of padding or dilation

// Offsets in input and kernel of a tap of the window at `at`.
static void place_tap(const conv *c, const int64_t *at, int64_t tap, int64_t *out_x,
                      int64_t *out_y) {
  bool inside = true;
  *out_x = *out_y = 0;
  for (uint32_t d = c->spatial; d-- > 0;) {
    const sk_window_dim *w = &c->w[d];
    int64_t k = tap % w->size, dim = c->dims->input_spatial_dimensions.data[d];
    int64_t place = sk_window_base(w, c->input->type->dims[dim],
                                   at[c->dims->output_spatial_dimensions.data[d]], k);
    inside = inside && place >= 0;
    tap /= w->size;
    *out_x += place * c->x_strides[dim];
    *out_y += (sk_listed_or(c->reversal, d, 0) != 0 ? w->size - 1 - k : k) *
              c->y_strides[c->dims->kernel_spatial_dimensions.data[d]];
  }
  *out_x = inside ? *out_x : IN_PADDING;
}

// The taps of the window at `at`, which are the same for all features.
static void find_taps(conv *c, const int64_t *at) {
  for (int64_t tap = 0; tap < c->taps; tap++) {
    place_tap(c, at, tap, &c->x_taps[tap], &c->y_taps[tap]);
  }
}

static sk_number sum_window(const conv *c, sk_elem to, const int64_t *at, int64_t outputs) {
  const sk_conv_dims *dims = c->dims;
  int64_t f = at[dims->output_feature_dimension];
  int64_t batches = c->input->type->dims[dims->input_batch_dimension] / c->batch_groups;
  int64_t batch = f / (outputs / c->batch_groups) * batches + at[dims->output_batch_dimension];
  int64_t feature = f / (outputs / c->groups) * c->features;
  int64_t x_step = c->x_strides[dims->input_feature_dimension];
  int64_t y_step = c->y_strides[dims->kernel_input_feature_dimension];
  const sk_number *x = c->x + batch * c->x_strides[dims->input_batch_dimension] + feature * x_step;
  const sk_number *y = c->y + f * c->y_strides[dims->kernel_output_feature_dimension];
  const sk_number zero = {0, 0, 0};  // takes part: times infinity it is NaN
  sk_number sum = zero;
  for (int64_t tap = 0; tap < c->taps; tap++) {
    const bool padding = c->x_taps[tap] == IN_PADDING;
    for (int64_t i = 0; i < c->features; i++) {
      sk_accumulate(to, &sum, padding ? zero : x[c->x_taps[tap] + i * x_step],
                    y[c->y_taps[tap] + i * y_step]);
    }
  }
  return sum;
}

// Place by place, and at each place all batches and features.
static void sum_windows(conv *c, sk_tensor *t) {
  const sk_conv_dims *dims = c->dims;
  int64_t at[SK_MAX_RANK], *b = &at[dims->output_batch_dimension];
  int64_t *f = &at[dims->output_feature_dimension];
  int64_t batches = t->type->dims[dims->output_batch_dimension];
  int64_t outputs = t->type->dims[dims->output_feature_dimension];
  for (int64_t i = 0; i < t->count; i++) {
    sk_unravel(t->type, i, at);
    if (*b != 0 || *f != 0) {
      continue;
    }
    find_taps(c, at);
    for (*b = 0; *b < batches; ++*b) {
      for (*f = 0; *f < outputs; ++*f) {
        sk_number sum = sum_window(c, (sk_elem)t->type->elem, at, outputs);
        sk_tensor_set(t, sk_ravel(t->type, at), sum);
      }
    }
  }
}

sk_status sk_interp_convolve(sk_interp *s, sk_op op, const int64_t *padding) {
  sk_attr attr = sk_op_find_attr(s->m, op, SK_NAME_dimension_numbers);
  conv c = {.input = sk_interp_operand(s, op, 0),
            .kernel = sk_interp_operand(s, op, 1),
            .dims = sk_attr_get(s->m, attr)->u.conv,
            .reversal = sk_op_ints(s->m, op, SK_NAME_window_reversal),
            .groups = sk_op_int(s->m, op, SK_NAME_feature_group_count, 1),
            .batch_groups = sk_op_int(s->m, op, SK_NAME_batch_group_count, 1),
            .taps = 1};
  int64_t dims[SK_MAX_RANK];
  sk_tensor *t;
  c.spatial = c.dims->input_spatial_dimensions.count;
  c.features = c.kernel->type->dims[c.dims->kernel_input_feature_dimension];
  read_windows(s, op, padding, &c);
  sk_strides_of(c.input->type, c.x_strides);
  sk_strides_of(c.kernel->type, c.y_strides);
  SK_TRY(output_dims(s, op, &c, dims));
  SK_TRY(sk_interp_result(s, op, 0, dims, &t));
  c.x = sk_tensor_factors(c.input, (sk_elem)t->type->elem);
  c.y = sk_tensor_factors(c.kernel, (sk_elem)t->type->elem);
  c.x_taps = sk_mem_alloc(sizeof(int64_t) * ((size_t)c.taps + 1));
  c.y_taps = sk_mem_alloc(sizeof(int64_t) * ((size_t)c.taps + 1));
  bool ready = c.x && c.y && c.x_taps && c.y_taps;
  if (ready) {
    sum_windows(&c, t);
  }
  sk_mem_free(c.x);
  sk_mem_free(c.y);
  sk_mem_free(c.x_taps);
  sk_mem_free(c.y_taps);
  return ready ? NULL : sk_status_no_memory();
}

sk_status sk_interp_CONVOLUTION(sk_interp *s, sk_op op) {
  sk_ints padding = sk_op_ints(s->m, op, SK_NAME_padding);
  return sk_interp_convolve(s, op, padding.count > 0 ? padding.data : NULL);
}
