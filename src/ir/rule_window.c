// SPDX-License-Identifier: Apache-2.0
// Rules of operations with a body over pairs of elements (reduce, reduce_window,
// select_and_scatter, sort) and of batch normalisation. Numbers in brackets are the constraints of
// the operation's section in the specification.
#include "ir/rule_int.h"

// Operands are `*out_count` inputs and as many initial values: same shapes, same element types
// pairwise.
//
// (I2) wants initial values of 0 dimensions. StableHLO's own verifier also accepts some of its
// `room` dimensions, in their order (of the results of reduce, of the windows of reduce_window), and
// so does this one. What such a reduction computes is defined nowhere: sk_op_check_initial_values.
static sk_status check_inputs(const sk_rule *r, const char *count_label, const char *shape_label,
                              const char *elem_label, uint32_t *out_count) {
  uint32_t count = r->desc->operand_count / 2;
  *out_count = count;
  SK_RULE_REQUIRE(r, r->desc->operand_count % 2 == 0 && count > 0, count_label,
                  "%u operands are not inputs and as many initial values", r->desc->operand_count);
  for (uint32_t i = 0; i < count; i++) {
    const sk_type_rec *input = sk_rule_operand(r, i), *init = sk_rule_operand(r, count + i);
    SK_RULE_REQUIRE(r, sk_shape_match(sk_rule_operand(r, 0), input), shape_label,
                    "input %u differs in shape from input 0", i);
    SK_RULE_REQUIRE(r, sk_elem_baseline(input, init), elem_label,
                    "input %u and its initial value differ in element type: %s, %s", i,
                    sk_elem_name((sk_elem)input->elem), sk_elem_name((sk_elem)init->elem));
  }
  return NULL;
}

// Whether the dimensions of `init` are some of `room`, in their order.
static bool is_part_of(const sk_type_rec *init, uint32_t rank, const int64_t *room) {
  uint32_t found = 0;
  for (uint32_t i = 0; i < rank && found < init->rank; i++) {
    found += sk_dim_match(init->dims[found], room[i]);
  }
  return found == init->rank;
}

static sk_status check_init_shapes(const sk_rule *r, uint32_t count, uint32_t rank,
                                   const int64_t *room, const char *label) {
  for (uint32_t i = 0; i < count; i++) {
    SK_RULE_REQUIRE(r, is_part_of(sk_rule_operand(r, count + i), rank, room), label,
                    "initial value %u is neither 0-D nor of dimensions that are left to it", i);
  }
  return NULL;
}

// One result per input, of the given shape and the element type the body returns.
static sk_status add_body_results(sk_rule *r, uint32_t count, const sk_extents *shape,
                                  const char *label) {
  const sk_type_rec *small[8], **elems = small;
  if (count > SK_COUNT(small) &&
      (elems = SK_NEW_ARRAY(&r->m->arena, const sk_type_rec *, count)) == NULL) {
    return sk_status_no_memory();
  }
  SK_TRY(sk_rule_reducer(r, 0, count, 0, count, label, elems));
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(sk_rule_add_extents(r, elems[i], shape));
  }
  return NULL;
}

sk_status sk_rule_reduce(sk_rule *r) {
  uint32_t count;
  sk_extents kept = {.rank = 0};
  SK_TRY(check_inputs(r, "C3", "C1", "C2", &count));
  const sk_type_rec *input = sk_rule_operand(r, 0);
  sk_ints dimensions = sk_rule_ints(r, SK_NAME_dimensions);
  SK_RULE_REQUIRE(r, sk_in_range(dimensions, input->rank), "C4", "a dimension is not in [0, %u)",
                  input->rank);
  SK_RULE_REQUIRE(r, dimensions.count <= input->rank && sk_is_unique(dimensions), "C5",
                  "dimensions are repeated");
  for (uint32_t i = 0; i < input->rank; i++) {
    if (!sk_contains(dimensions, i)) {  // (C7)
      kept.dims[kept.rank] = input->dims[i];
      kept.bounds[kept.rank++] = sk_dim_bound(input, i);
    }
  }
  SK_TRY(check_init_shapes(r, count, kept.rank, kept.dims, "C6"));
  return add_body_results(r, count, &kept, "C6");
}

// ----------------------------------------------------------------------------------------- windows

// A list of rank positive numbers, all 1 when absent; producers also write an empty list for that.
static sk_status window_list(const sk_rule *r, sk_name name, uint32_t rank, const char *size_label,
                             const char *value_label, int64_t out[SK_MAX_RANK]) {
  const sk_attr_rec *rec = sk_rule_attr(r, name);
  bool given = rec->kind == SK_ATTR_INTS && rec->u.ints.count != 0;
  SK_RULE_REQUIRE(r, !given || rec->u.ints.count == rank, size_label, "%s has %u entries, not %u",
                  sk_name_text(name), given ? rec->u.ints.count : 0, rank);
  for (uint32_t i = 0; i < rank; i++) {
    out[i] = given ? rec->u.ints.data[i] : 1;
    SK_RULE_REQUIRE(r, out[i] > 0, value_label, "%s has an entry that is not positive: %lld",
                    sk_name_text(name), (long long)out[i]);
  }
  return NULL;
}

static sk_status window_padding(const sk_rule *r, uint32_t rank, const char *label,
                                int64_t out[2 * SK_MAX_RANK]) {
  const sk_attr_rec *rec = sk_rule_attr(r, SK_NAME_padding);
  bool given = rec->kind == SK_ATTR_INTS && rec->u.ints.count != 0;
  SK_RULE_REQUIRE(r, !given || (rec->u.ints.count == 2 * rank && rec->cols == 2), label,
                  "padding is not of shape [%u, 2]", rank);
  for (uint32_t i = 0; i < 2 * rank; i++) {
    out[i] = given ? rec->u.ints.data[i] : 0;
  }
  return NULL;
}

sk_status sk_rule_reduce_window(sk_rule *r) {
  uint32_t count;
  int64_t size[SK_MAX_RANK], stride[SK_MAX_RANK], base[SK_MAX_RANK], window[SK_MAX_RANK],
      pads[2 * SK_MAX_RANK];
  sk_extents e;
  SK_TRY(check_inputs(r, "C1", "C2", "C3", &count));
  const sk_type_rec *input = sk_rule_operand(r, 0);
  SK_TRY(window_list(r, SK_NAME_window_dimensions, input->rank, "C4", "C5", size));
  SK_TRY(window_list(r, SK_NAME_window_strides, input->rank, "C6", "C7", stride));
  SK_TRY(window_list(r, SK_NAME_base_dilations, input->rank, "C8", "C9", base));
  SK_TRY(window_list(r, SK_NAME_window_dilations, input->rank, "C10", "C11", window));
  SK_TRY(window_padding(r, input->rank, "C12", pads));
  sk_extents_of(input, &e);
  for (uint32_t i = 0; i < input->rank; i++) {
    sk_window w = {size[i], stride[i], pads[2 * i], pads[2 * i + 1], base[i], window[i]};
    SK_RULE_REQUIRE(r,
                    sk_window_count(e.dims[i], &w, &e.dims[i]) &&
                        sk_window_count(e.bounds[i], &w, &e.bounds[i]),
                    "C15", "window of dimension %u overflows", i);
  }
  SK_TRY(check_init_shapes(r, count, input->rank, size, "C13"));
  return add_body_results(r, count, &e, "C13");
}

static sk_status check_select(const sk_rule *r, const sk_type_rec *operand) {
  sk_op last;
  SK_TRY(sk_rule_region_returns(r, 0, &last));
  SK_RULE_REQUIRE(r, sk_region_arg_count(r, 0) == 2 && sk_op_get(r->m, last)->operand_count == 1,
                  "C9", "select is not a function of two values to one");
  for (uint32_t i = 0; i < 2; i++) {
    const sk_type_rec *arg = sk_region_arg_type(r, 0, i);
    SK_RULE_REQUIRE(r, sk_is_tensor(arg) && arg->rank == 0 && sk_elem_baseline(arg, operand), "C9",
                    "argument %u of select is not a 0-D tensor of the operand's element type", i);
  }
  const sk_type_rec *result = sk_value_type_rec(r->m, sk_op_operand(r->m, last, 0));
  SK_RULE_REQUIRE(r, sk_is_tensor(result) && result->rank == 0 && result->elem == SK_PRED, "C9",
                  "select does not return tensor<i1>");
  return NULL;
}

sk_status sk_rule_select_and_scatter(sk_rule *r) {
  const sk_type_rec *operand = sk_rule_operand(r, 0), *source = sk_rule_operand(r, 1),
                    *init = sk_rule_operand(r, 2);
  uint32_t rank = operand->rank;
  int64_t size[SK_MAX_RANK], stride[SK_MAX_RANK], pads[2 * SK_MAX_RANK], count;
  SK_RULE_REQUIRE(r, sk_elem_baseline(operand, source), "C1",
                  "operand and source differ in element type");
  SK_RULE_REQUIRE(r, init->rank == 0 && sk_elem_baseline(operand, init), "C3",
                  "init_value is not a 0-D tensor of the operand's element type");
  SK_RULE_REQUIRE(r, rank == 0 || sk_rule_ints(r, SK_NAME_window_dimensions).count != 0, "C4",
                  "window_dimensions has no entries for rank %u", rank);
  SK_TRY(window_list(r, SK_NAME_window_dimensions, rank, "C4", "C5", size));
  SK_TRY(window_list(r, SK_NAME_window_strides, rank, "C6", "C7", stride));
  SK_TRY(window_padding(r, rank, "C8", pads));
  SK_RULE_REQUIRE(r, source->rank == rank, "C2", "the source has rank %u, the operand %u",
                  source->rank, rank);
  for (uint32_t i = 0; i < rank; i++) {
    sk_window w = {size[i], stride[i], pads[2 * i], pads[2 * i + 1], 1, 1};
    SK_RULE_REQUIRE(r, sk_window_count(operand->dims[i], &w, &count), "C2",
                    "window of dimension %u overflows", i);
    SK_RULE_REQUIRE(r, sk_dim_match(source->dims[i], count), "C2",
                    "the source has size %lld in dimension %u, windows are %lld",
                    (long long)source->dims[i], i, (long long)count);
  }
  SK_TRY(check_select(r, operand));
  const sk_type_rec *elem;
  SK_TRY(sk_rule_reducer(r, 1, 1, 0, SK_ZERO_DIMENSIONAL, "C10", &elem));
  sk_extents shape;
  sk_extents_of(operand, &shape);
  return sk_rule_add_extents(r, elem, &shape);  // (C11), (C12)
}

// -------------------------------------------------------------------------------------------- sort

sk_status sk_rule_sort(sk_rule *r) {
  uint32_t count = r->desc->operand_count;
  const sk_type_rec *first = sk_rule_operand(r, 0);
  int64_t dim = sk_rule_int(r, SK_NAME_dimension, -1), rank = first->rank;
  sk_op last;
  SK_TRY(sk_rule_region_returns(r, 0, &last));
  for (uint32_t i = 1; i < count; i++) {
    SK_RULE_REQUIRE(r, sk_shape_match(first, sk_rule_operand(r, i)), "C3",
                    "input %u differs in shape from input 0", i);
  }
  SK_RULE_REQUIRE(r, rank == 0 || (dim >= -rank && dim < rank), "C4",
                  "dimension %lld is not in [-%lld, %lld)", (long long)dim, (long long)rank,
                  (long long)rank);
  SK_RULE_REQUIRE(r, sk_region_arg_count(r, 0) == 2 * count, "C5",
                  "the comparator takes %u arguments, not %u", sk_region_arg_count(r, 0),
                  2 * count);
  for (uint32_t i = 0; i < 2 * count; i++) {
    const sk_type_rec *arg = sk_region_arg_type(r, 0, i);
    SK_RULE_REQUIRE(
        r, sk_is_tensor(arg) && arg->rank == 0 && sk_elem_baseline(arg, sk_rule_operand(r, i / 2)),
        "C5", "argument %u of the comparator is not a 0-D tensor of input %u's element type", i,
        i / 2);
  }
  SK_RULE_REQUIRE(r, sk_op_get(r->m, last)->operand_count == 1, "C5",
                  "the comparator returns %u values, not 1", sk_op_get(r->m, last)->operand_count);
  const sk_type_rec *result = sk_value_type_rec(r->m, sk_op_operand(r->m, last, 0));
  SK_RULE_REQUIRE(r, sk_is_tensor(result) && result->rank == 0 && result->elem == SK_PRED, "C5",
                  "the comparator does not return tensor<i1>");
  for (uint32_t i = 0; i < count; i++) {
    SK_TRY(sk_rule_add(r, sk_rule_operand_type(r, i)));  // (C2)
  }
  return NULL;
}

// ----------------------------------------------------------------------------- batch normalisation

// `vectors` operands after the first are 1-D of the size of the feature dimension; labels[i] is
// operand i + 1's.
static sk_status check_norm(const sk_rule *r, uint32_t vectors, const char *const *labels,
                            int64_t *out_features) {
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  int64_t feature = sk_rule_int(r, SK_NAME_feature_index, 0);
  SK_RULE_REQUIRE(r, feature >= 0 && feature < operand->rank, "C1",
                  "feature_index %lld is not in [0, %u)", (long long)feature, operand->rank);
  *out_features = operand->dims[feature];
  for (uint32_t i = 0; i < vectors; i++) {
    const sk_type_rec *vector = sk_rule_operand(r, i + 1);
    SK_RULE_REQUIRE(r, vector->rank == 1, labels[i], "operand %u is not 1-D", i + 1);
    SK_RULE_REQUIRE(r, sk_elem_baseline(operand, vector), "C2",
                    "operand %u differs in element type from operand 0", i + 1);
    SK_RULE_REQUIRE(r, sk_dim_match(vector->dims[0], *out_features), labels[i],
                    "operand %u has size %lld, the feature dimension %lld", i + 1,
                    (long long)vector->dims[0], (long long)*out_features);
  }
  return NULL;
}

sk_status sk_rule_batch_norm_grad(sk_rule *r) {
  static const char *const labels[] = {"C5", "C4", "C4"};
  const sk_type_rec *operand = sk_rule_operand(r, 0), *grad = sk_rule_operand(r, 4);
  int64_t features;
  SK_TRY(check_norm(r, 3, labels, &features));
  SK_RULE_REQUIRE(r, sk_elem_baseline(operand, grad), "C2",
                  "operand and grad_output differ in element type");
  SK_RULE_REQUIRE(r, sk_shape_match(operand, grad), "C3",
                  "operand and grad_output differ in shape");
  SK_TRY(sk_rule_add(r, sk_rule_operand_type(r, 0)));
  SK_TRY(sk_rule_add_tensor(r, operand, 1, &features));
  return sk_rule_add_tensor(r, operand, 1, &features);
}

sk_status sk_rule_batch_norm_inference(sk_rule *r) {
  static const char *const labels[] = {"C3", "C4", "C5", "C6"};
  int64_t features;
  SK_TRY(check_norm(r, 4, labels, &features));
  return sk_rule_add(r, sk_rule_operand_type(r, 0));
}

sk_status sk_rule_batch_norm_training(sk_rule *r) {
  static const char *const labels[] = {"C3", "C4"};
  int64_t features;
  SK_TRY(check_norm(r, 2, labels, &features));
  SK_TRY(sk_rule_add(r, sk_rule_operand_type(r, 0)));
  SK_TRY(sk_rule_add_tensor(r, sk_rule_operand(r, 0), 1, &features));
  return sk_rule_add_tensor(r, sk_rule_operand(r, 0), 1, &features);
}
