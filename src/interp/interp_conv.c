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
  int64_t features;  // input features of the kernel
  int64_t taps;      // of the window, without features
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

// Coordinates in input and kernel of a tap of the window at `at`; false: it lies in the padding.
static bool place_tap(const conv *c, const int64_t *at, int64_t tap, int64_t *in, int64_t *kernel) {
  for (uint32_t d = c->spatial; d-- > 0;) {
    const sk_window_dim *w = &c->w[d];
    int64_t k = tap % w->size, dim = c->dims->input_spatial_dimensions.data[d];
    int64_t place = sk_window_base(w, c->input->type->dims[dim],
                                   at[c->dims->output_spatial_dimensions.data[d]], k);
    if (place < 0) {
      return false;
    }
    tap /= w->size;
    in[dim] = place;
    kernel[c->dims->kernel_spatial_dimensions.data[d]] =
        sk_listed_or(c->reversal, d, 0) != 0 ? w->size - 1 - k : k;
  }
  return true;
}

static sk_number sum_window(const conv *c, sk_elem to, const int64_t *at, int64_t outputs) {
  sk_number sum = {0, 0, 0};
  const sk_conv_dims *dims = c->dims;
  int64_t in[SK_MAX_RANK] = {0}, kernel[SK_MAX_RANK] = {0};
  int64_t strides[SK_MAX_RANK], kernel_strides[SK_MAX_RANK];
  int64_t f = at[dims->output_feature_dimension];
  int64_t batches = c->input->type->dims[dims->input_batch_dimension] / c->batch_groups;
  sk_strides_of(c->input->type, strides);
  sk_strides_of(c->kernel->type, kernel_strides);
  in[dims->input_batch_dimension] =
      f / (outputs / c->batch_groups) * batches + at[dims->output_batch_dimension];
  in[dims->input_feature_dimension] = f / (outputs / c->groups) * c->features;
  kernel[dims->kernel_output_feature_dimension] = f;
  for (int64_t tap = 0; tap < c->taps; tap++) {
    if (!place_tap(c, at, tap, in, kernel)) {
      continue;
    }
    int64_t x = sk_ravel(c->input->type, in), y = sk_ravel(c->kernel->type, kernel);
    for (int64_t i = 0; i < c->features; i++) {
      sk_accumulate(to, &sum, c->x[x + i * strides[dims->input_feature_dimension]],
                    c->y[y + i * kernel_strides[dims->kernel_input_feature_dimension]]);
    }
  }
  return sum;
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
  int64_t dims[SK_MAX_RANK], at[SK_MAX_RANK];
  sk_tensor *t;
  c.spatial = c.dims->input_spatial_dimensions.count;
  c.features = c.kernel->type->dims[c.dims->kernel_input_feature_dimension];
  read_windows(s, op, padding, &c);
  SK_TRY(output_dims(s, op, &c, dims));
  SK_TRY(sk_interp_result(s, op, 0, dims, &t));
  sk_elem to = (sk_elem)t->type->elem;
  int64_t outputs = c.kernel->type->dims[c.dims->kernel_output_feature_dimension];
  c.x = sk_tensor_factors(c.input, to);
  c.y = sk_tensor_factors(c.kernel, to);
  bool ready = c.x && c.y;
  for (int64_t i = 0; ready && i < t->count; i++) {
    sk_unravel(t->type, i, at);
    sk_tensor_set(t, i, sum_window(&c, to, at, outputs));
  }
  sk_mem_free(c.x);
  sk_mem_free(c.y);
  return ready ? NULL : sk_status_no_memory();
}

sk_status sk_interp_CONVOLUTION(sk_interp *s, sk_op op) {
  sk_ints padding = sk_op_ints(s->m, op, SK_NAME_padding);
  return sk_interp_convolve(s, op, padding.count > 0 ? padding.data : NULL);
}
