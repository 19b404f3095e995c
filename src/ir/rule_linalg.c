// SPDX-License-Identifier: Apache-2.0
// Rules of dot products, convolutions and other linear algebra. Numbers in brackets are the
// constraints of the operation's section in the specification.
//
// Element types of dot_general are freer than (C13): producers ask for another result type
// (preferred element type) and mix 8-bit floats, and the reference implementation takes both.
// Without a written result, the result has lhs's element type.
#include "ir/rule_int.h"

static sk_status check_precision(const sk_rule *r, const char *label) {
  const sk_attr_rec *list = sk_rule_attr(r, SK_NAME_precision_config);
  uint32_t count = list->kind == SK_ATTR_ARRAY ? list->u.list.count : 0;
  SK_RULE_REQUIRE(r, count <= 2, label, "precision_config has %u entries, not 2", count);
  return NULL;
}

// Element type of the result: the written one, or lhs's.
static const sk_type_rec *result_elem(const sk_rule *r) {
  return r->desc->result_count != 0 ? sk_rule_written(r, 0) : sk_rule_operand(r, 0);
}

// Quantized dot or convolution; labels in the order: both quantized, storage, expressed, per-tensor
// result, hybrid.
typedef struct quant_labels {
  const char *both, *storage, *expressed, *per_tensor, *hybrid;
} quant_labels;

static sk_status check_quantized(const sk_rule *r, const quant_labels *labels) {
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1),
                    *result = result_elem(r);
  SK_RULE_REQUIRE(r, !sk_is_per_axis(lhs), "I1", "lhs is quantized per axis");
  if (lhs->quant == NULL && rhs->quant == NULL) {
    SK_RULE_REQUIRE(r, result->quant == NULL, labels->both,
                    "the result is quantized, the operands are not");
    return NULL;
  }
  SK_RULE_REQUIRE(r, rhs->quant != NULL && (lhs->quant != NULL) == (result->quant != NULL),
                  labels->both, "only some of lhs, rhs and result are quantized");
  if (lhs->quant == NULL) {
    SK_RULE_REQUIRE(r, lhs->elem == (uint8_t)rhs->quant->expressed && lhs->elem == result->elem,
                    labels->hybrid, "lhs and result are not of rhs's expressed type");
    return NULL;
  }
  SK_RULE_REQUIRE(r, lhs->quant->storage == rhs->quant->storage, labels->storage,
                  "lhs and rhs differ in storage type");
  SK_RULE_REQUIRE(r,
                  lhs->quant->expressed == rhs->quant->expressed &&
                      lhs->quant->expressed == result->quant->expressed,
                  labels->expressed, "lhs, rhs and result differ in expressed type");
  SK_RULE_REQUIRE(r, sk_is_per_axis(rhs) || !sk_is_per_axis(result), labels->per_tensor,
                  "rhs is quantized per tensor, the result per axis");
  return NULL;
}

// ------------------------------------------------------------------------------------- dot_general

// Dimensions of one side: in range, not repeated over batching and contracting together.
static sk_status check_side(const sk_rule *r, uint32_t side, sk_ints batching, sk_ints contracting,
                            const char *const labels[3]) {
  uint32_t rank = sk_rule_operand(r, side)->rank;
  const char *name = side ? "rhs" : "lhs";
  SK_RULE_REQUIRE(r, sk_in_range(batching, rank), labels[1],
                  "a batching dimension of %s is not in [0, %u)", name, rank);
  SK_RULE_REQUIRE(r, sk_in_range(contracting, rank), labels[2],
                  "a contracting dimension of %s is not in [0, %u)", name, rank);
  uint64_t seen = 0;
  for (uint32_t i = 0; i < batching.count; i++) {
    SK_RULE_REQUIRE(r, !(seen >> batching.data[i] & 1), labels[0],
                    "dimension %lld of %s is repeated", (long long)batching.data[i], name);
    seen |= (uint64_t)1 << batching.data[i];
  }
  for (uint32_t i = 0; i < contracting.count; i++) {
    SK_RULE_REQUIRE(r, !(seen >> contracting.data[i] & 1), labels[0],
                    "dimension %lld of %s is repeated", (long long)contracting.data[i], name);
    seen |= (uint64_t)1 << contracting.data[i];
  }
  return NULL;
}

static sk_status check_pairs(const sk_rule *r, sk_ints lhs, sk_ints rhs, const char *label,
                             const char *what) {
  for (uint32_t i = 0; i < lhs.count; i++) {
    int64_t a = sk_rule_operand(r, 0)->dims[lhs.data[i]],
            b = sk_rule_operand(r, 1)->dims[rhs.data[i]];
    SK_RULE_REQUIRE(r, sk_dim_match(a, b), label,
                    "%s dimensions differ in size: lhs %lld, rhs %lld", what, (long long)a,
                    (long long)b);
  }
  return NULL;
}

// The algorithm itself was checked when the attribute was made (C22 to C24).
static sk_status check_algorithm(const sk_rule *r) {
  const sk_attr_rec *rec = sk_rule_attr(r, SK_NAME_algorithm);
  const sk_attr_rec *precision = sk_rule_attr(r, SK_NAME_precision_config);
  if (rec->kind != SK_ATTR_DOT_ALGORITHM) {
    return NULL;
  }
  for (uint32_t i = 0; precision->kind == SK_ATTR_ARRAY && i < precision->u.list.count; i++) {
    SK_RULE_REQUIRE(r, sk_attr_get(r->m, precision->u.list.data[i])->u.i == 0, "C21",
                    "with an algorithm, every precision must be DEFAULT");
  }
  return NULL;
}

// Batching dimensions, then the free ones of lhs, then those of rhs (C12).
static uint32_t dot_shape(const sk_rule *r, const sk_dot_dims *d, int64_t dims[2 * SK_MAX_RANK]) {
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1);
  uint32_t rank = 0;
  for (uint32_t i = 0; i < d->lhs_batching_dimensions.count; i++) {
    int64_t a = lhs->dims[d->lhs_batching_dimensions.data[i]],
            b = rhs->dims[d->rhs_batching_dimensions.data[i]];
    dims[rank++] = a == SK_DIM_UNKNOWN ? b : a;
  }
  for (uint32_t i = 0; i < lhs->rank; i++) {
    if (!sk_contains(d->lhs_batching_dimensions, i) &&
        !sk_contains(d->lhs_contracting_dimensions, i)) {
      dims[rank++] = lhs->dims[i];
    }
  }
  for (uint32_t i = 0; i < rhs->rank; i++) {
    if (!sk_contains(d->rhs_batching_dimensions, i) &&
        !sk_contains(d->rhs_contracting_dimensions, i)) {
      dims[rank++] = rhs->dims[i];
    }
  }
  return rank;
}

static sk_status check_dot_dims(const sk_rule *r, const sk_dot_dims *d) {
  static const char *const lhs_labels[3] = {"C3", "C5", "C6"}, *const rhs_labels[3] = {"C4", "C7",
                                                                                       "C8"};
  SK_RULE_REQUIRE(r, d->lhs_batching_dimensions.count == d->rhs_batching_dimensions.count, "C1",
                  "lhs has %u batching dimensions, rhs %u", d->lhs_batching_dimensions.count,
                  d->rhs_batching_dimensions.count);
  SK_RULE_REQUIRE(r, d->lhs_contracting_dimensions.count == d->rhs_contracting_dimensions.count,
                  "C2", "lhs has %u contracting dimensions, rhs %u",
                  d->lhs_contracting_dimensions.count, d->rhs_contracting_dimensions.count);
  SK_TRY(check_side(r, 0, d->lhs_batching_dimensions, d->lhs_contracting_dimensions, lhs_labels));
  SK_TRY(check_side(r, 1, d->rhs_batching_dimensions, d->rhs_contracting_dimensions, rhs_labels));
  SK_TRY(check_pairs(r, d->lhs_batching_dimensions, d->rhs_batching_dimensions, "C9", "batching"));
  return check_pairs(r, d->lhs_contracting_dimensions, d->rhs_contracting_dimensions, "C10",
                     "contracting");
}

sk_status sk_rule_dot_general(sk_rule *r) {
  static const quant_labels labels = {"C14", "C17", "C18", "C19", "C20"};
  const sk_dot_dims *d = sk_rule_attr(r, SK_NAME_dot_dimension_numbers)->u.dot;
  SK_TRY(check_dot_dims(r, d));
  SK_TRY(check_precision(r, "C11"));
  SK_TRY(check_quantized(r, &labels));
  const sk_quant *q = sk_rule_operand(r, 1)->quant;
  for (uint32_t i = 0; q != NULL && i < q->count; i++) {
    SK_RULE_REQUIRE(r, q->zero_points[i] == 0, "C15", "rhs has a zero point other than 0");
  }
  SK_RULE_REQUIRE(r,
                  q == NULL || q->axis < 0 || !sk_contains(d->rhs_contracting_dimensions, q->axis),
                  "C16", "rhs is quantized along a contracting dimension");
  SK_TRY(check_algorithm(r));
  int64_t dims[2 * SK_MAX_RANK];
  uint32_t rank = dot_shape(r, d, dims);
  return sk_rule_add_tensor(r, result_elem(r), rank, dims);
}

// Vector or matrix times vector or matrix. Not specified any more.
sk_status sk_rule_dot(sk_rule *r) {
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1);
  SK_TRY(check_precision(r, NULL));
  SK_RULE_REQUIRE(r, lhs->rank >= 1 && lhs->rank <= 2 && rhs->rank >= 1 && rhs->rank <= 2, NULL,
                  "operands must be vectors or matrices");
  SK_RULE_REQUIRE(r, sk_dim_match(lhs->dims[lhs->rank - 1], rhs->dims[0]), NULL,
                  "contracting dimensions differ in size: %lld, %lld",
                  (long long)lhs->dims[lhs->rank - 1], (long long)rhs->dims[0]);
  int64_t dims[2];
  uint32_t rank = 0;
  if (lhs->rank == 2) {
    dims[rank++] = lhs->dims[0];
  }
  if (rhs->rank == 2) {
    dims[rank++] = rhs->dims[1];
  }
  return sk_rule_add_tensor(r, result_elem(r), rank, dims);
}

// ----------------------------------------------------------------------------------------- einsum

enum { LETTERS = 128, NO_SIZE = -1 };

// The labels of operand k, up to a comma or arrow; every label has one size.
static sk_status take_labels(const sk_rule *r, uint32_t k, sk_str config, size_t *at,
                             int64_t sizes[LETTERS]) {
  const sk_type_rec *operand = sk_rule_operand(r, k);
  uint32_t count = 0;
  for (; *at < config.len && config.data[*at] != ',' && config.data[*at] != '-'; (*at)++, count++) {
    unsigned char label = (unsigned char)config.data[*at];
    SK_RULE_REQUIRE(r, label > ' ' && label < LETTERS, NULL, "einsum_config has a strange label");
    SK_RULE_REQUIRE(r, count < operand->rank, NULL, "operand %u has rank %u, below its labels", k,
                    operand->rank);
    int64_t size = operand->dims[count], *known = &sizes[label];
    SK_RULE_REQUIRE(r, *known == NO_SIZE || sk_dim_match(*known, size), NULL,
                    "label '%c' has sizes %lld and %lld", label, (long long)*known,
                    (long long)size);
    *known = *known == NO_SIZE || *known == SK_DIM_UNKNOWN ? size : *known;
  }
  SK_RULE_REQUIRE(r, count == operand->rank, NULL, "operand %u has rank %u, but %u labels", k,
                  operand->rank, count);
  return NULL;
}

// "ab,bc->ac": sums over the labels that the result lacks. Not specified any more; with an ellipsis
// the result is what is written.
static sk_status einsum(sk_rule *r) {
  sk_str config = sk_sym_str(&r->m->strings, sk_rule_attr(r, SK_NAME_einsum_config)->u.sym);
  int64_t sizes[LETTERS], dims[SK_MAX_RANK];
  size_t at = 0;
  uint32_t rank = 0;
  if (config.len != 0 && memchr(config.data, '.', config.len) != NULL) {
    SK_TRY(sk_rule_need_written(r, 1));
    return sk_rule_add_written(r);
  }
  for (uint32_t i = 0; i < LETTERS; i++) {
    sizes[i] = NO_SIZE;
  }
  for (uint32_t k = 0; k < r->desc->operand_count; k++) {
    SK_RULE_REQUIRE(r, k == 0 || (at < config.len && config.data[at] == ','), NULL,
                    "einsum_config has no labels for operand %u", k);
    at += k != 0;
    SK_TRY(take_labels(r, k, config, &at, sizes));
  }
  SK_RULE_REQUIRE(r, at + 2 <= config.len && memcmp(config.data + at, "->", 2) == 0, NULL,
                  "einsum_config has no arrow behind the operands");
  for (at += 2; at < config.len; at++) {
    unsigned char label = (unsigned char)config.data[at];
    SK_RULE_REQUIRE(r, label < LETTERS && sizes[label] != NO_SIZE && rank < SK_MAX_RANK, NULL,
                    "einsum_config has a label in the result that no operand has");
    dims[rank++] = sizes[label];
  }
  return sk_rule_add_tensor(r, result_elem(r), rank, dims);
}

sk_status sk_rule_einsum(sk_rule *r) { return einsum(r); }

sk_status sk_rule_unary_einsum(sk_rule *r) { return einsum(r); }

// ------------------------------------------------------------------------------------- ragged dots

// Where the ragged dimension of lhs lies decides the shape of the result.
typedef enum ragged_mode { RAGGED_FREE, RAGGED_CONTRACTING, RAGGED_BATCH } ragged_mode;

// Free and contracting ragged dimensions: [batch..., dimensions of lhs before the ragged one that
// are free, groups], or [groups] for all of them alike.
static sk_status check_group_sizes(const sk_rule *r, const sk_ragged_dims *d, ragged_mode mode) {
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *sizes = sk_rule_operand(r, 2);
  int64_t ragged = d->lhs_ragged_dimensions.data[0], prefix[2 * SK_MAX_RANK];
  uint32_t count = 0;
  SK_RULE_REQUIRE(r, sk_elem_is_int((sk_elem)sizes->elem), NULL,
                  "group_sizes are not of integer type");
  SK_RULE_REQUIRE(r, sizes->rank >= 1, NULL, "group_sizes have rank 0");
  if (sizes->rank == 1) {
    return NULL;
  }
  sk_ints batch = d->dot.lhs_batching_dimensions, contracting = d->dot.lhs_contracting_dimensions;
  for (uint32_t i = 0; i < batch.count; i++) {
    if (mode != RAGGED_BATCH || batch.data[i] < ragged) {
      prefix[count++] = lhs->dims[batch.data[i]];
    }
  }
  for (uint32_t i = 0; mode == RAGGED_CONTRACTING && i < contracting.count; i++) {
    if (contracting.data[i] < ragged) {
      prefix[count++] = lhs->dims[contracting.data[i]];
    }
  }
  for (uint32_t i = 0; mode == RAGGED_FREE && i < ragged; i++) {
    if (!sk_contains(batch, i) && !sk_contains(contracting, i)) {
      prefix[count++] = lhs->dims[i];
    }
  }
  SK_RULE_REQUIRE(r, sizes->rank == count + 1, NULL, "group_sizes have rank %u, not 1 or %u",
                  sizes->rank, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    SK_RULE_REQUIRE(r, sk_dim_match(sizes->dims[i], prefix[i]), NULL,
                    "group_sizes have size %lld in dimension %u, not %lld",
                    (long long)sizes->dims[i], i, (long long)prefix[i]);
  }
  return NULL;
}

static sk_status check_groups(const sk_rule *r, const sk_ragged_dims *d, ragged_mode mode) {
  const sk_type_rec *rhs = sk_rule_operand(r, 1), *sizes = sk_rule_operand(r, 2);
  sk_ints groups = d->rhs_group_dimensions;
  SK_RULE_REQUIRE(r, groups.count == (mode == RAGGED_FREE ? 1 : 0), NULL,
                  "%u group dimensions of rhs: there is exactly one when the ragged dimension is "
                  "free, none otherwise",
                  groups.count);
  SK_RULE_REQUIRE(r, sk_in_range(groups, rhs->rank), NULL,
                  "a group dimension of rhs is not in [0, %u)", rhs->rank);
  SK_TRY(check_group_sizes(r, d, mode));
  for (uint32_t i = 0; i < groups.count; i++) {
    SK_RULE_REQUIRE(r,
                    !sk_contains(d->dot.rhs_batching_dimensions, groups.data[i]) &&
                        !sk_contains(d->dot.rhs_contracting_dimensions, groups.data[i]),
                    NULL, "the group dimension of rhs is a batching or contracting dimension");
    SK_RULE_REQUIRE(r, sk_dim_match(rhs->dims[groups.data[i]], sizes->dims[sizes->rank - 1]), NULL,
                    "rhs has %lld groups, group_sizes %lld", (long long)rhs->dims[groups.data[i]],
                    (long long)sizes->dims[sizes->rank - 1]);
  }
  return NULL;
}

sk_status sk_rule_ragged_dot(sk_rule *r) {
  const sk_ragged_dims *d = sk_rule_attr(r, SK_NAME_ragged_dot_dimension_numbers)->u.ragged;
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *sizes = sk_rule_operand(r, 2);
  SK_TRY(check_precision(r, NULL));
  SK_TRY(check_dot_dims(r, &d->dot));
  SK_RULE_REQUIRE(r, d->lhs_ragged_dimensions.count == 1, NULL,
                  "%u ragged dimensions of lhs, there must be exactly one",
                  d->lhs_ragged_dimensions.count);
  int64_t ragged = d->lhs_ragged_dimensions.data[0];
  SK_RULE_REQUIRE(r, ragged >= 0 && ragged < lhs->rank, NULL,
                  "the ragged dimension %lld of lhs is not in [0, %u)", (long long)ragged,
                  lhs->rank);
  ragged_mode mode = sk_contains(d->dot.lhs_batching_dimensions, ragged)      ? RAGGED_BATCH
                     : sk_contains(d->dot.lhs_contracting_dimensions, ragged) ? RAGGED_CONTRACTING
                                                                              : RAGGED_FREE;
  SK_TRY(check_groups(r, d, mode));
  sk_dot_dims shape = d->dot;
  int64_t dims[2 * SK_MAX_RANK + 1], skipped[2 * SK_MAX_RANK];
  uint32_t rank = 0;
  if (mode == RAGGED_CONTRACTING) {
    dims[rank++] = sizes->dims[sizes->rank - 1];
  }
  // The groups of rhs are summed over, as if they were contracted.
  for (uint32_t i = 0; i < shape.rhs_contracting_dimensions.count; i++) {
    skipped[i] = shape.rhs_contracting_dimensions.data[i];
  }
  if (mode == RAGGED_FREE) {
    skipped[shape.rhs_contracting_dimensions.count++] = d->rhs_group_dimensions.data[0];
  }
  shape.rhs_contracting_dimensions.data = skipped;
  rank += dot_shape(r, &shape, dims + rank);
  return sk_rule_add_tensor(r, result_elem(r), rank, dims);
}

// ------------------------------------------------------------------------------------- convolution

// N - 2 positive numbers, all 1 when absent; producers also write an empty list for that.
static sk_status check_steps(const sk_rule *r, sk_name name, uint32_t spatial,
                             const char *size_label, const char *value_label) {
  const sk_attr_rec *rec = sk_rule_attr(r, name);
  if (rec->kind == SK_ATTR_NONE_KIND || rec->u.ints.count == 0) {
    return NULL;
  }
  SK_RULE_REQUIRE(r, rec->u.ints.count == spatial, size_label, "%s has %u entries, not %u",
                  sk_name_text(name), rec->u.ints.count, spatial);
  for (uint32_t i = 0; value_label != NULL && i < spatial; i++) {
    SK_RULE_REQUIRE(r, rec->u.ints.data[i] > 0, value_label,
                    "%s has an entry that is not positive: %lld", sk_name_text(name),
                    (long long)rec->u.ints.data[i]);
  }
  return NULL;
}

static sk_status check_conv_dims(const sk_rule *r, int64_t a, int64_t b, sk_ints spatial,
                                 uint32_t rank, const char *what, const char *count_label,
                                 const char *label) {
  SK_RULE_REQUIRE(r, spatial.count + 2 == rank, count_label,
                  "%u spatial dimensions of the %s, not %u", spatial.count, what, rank - 2);
  uint64_t seen = 0;
  for (uint32_t i = 0; i < rank; i++) {
    int64_t dim = i == 0 ? a : i == 1 ? b : spatial.data[i - 2];
    SK_RULE_REQUIRE(r, dim >= 0 && dim < rank, label, "dimension %lld of the %s is not in [0, %u)",
                    (long long)dim, what, rank);
    SK_RULE_REQUIRE(r, !(seen >> dim & 1), label, "dimension %lld of the %s is named twice",
                    (long long)dim, what);
    seen |= (uint64_t)1 << dim;
  }
  return NULL;
}

static bool divides(int64_t size, int64_t count) {
  return size == SK_DIM_UNKNOWN || size % count == 0;
}

static sk_status check_conv_groups(const sk_rule *r, const sk_conv_dims *d) {
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1);
  int64_t features = sk_rule_int(r, SK_NAME_feature_group_count, 1),
          batches = sk_rule_int(r, SK_NAME_batch_group_count, 1);
  SK_RULE_REQUIRE(r, features > 0, "C21", "feature_group_count must be positive");
  SK_RULE_REQUIRE(r, batches > 0, "C22", "batch_group_count must be positive");
  SK_RULE_REQUIRE(r, features == 1 || batches == 1, "C23",
                  "feature_group_count and batch_group_count are both above 1");
  int64_t in_features = lhs->dims[d->input_feature_dimension],
          kernel_in = rhs->dims[d->kernel_input_feature_dimension];
  int64_t kernel_out = rhs->dims[d->kernel_output_feature_dimension];
  SK_RULE_REQUIRE(r, divides(lhs->dims[d->input_batch_dimension], batches), "C10",
                  "batch_group_count does not divide the input's batch dimension");
  SK_RULE_REQUIRE(r, divides(in_features, features), "C11",
                  "feature_group_count does not divide the input's feature dimension");
  SK_RULE_REQUIRE(r,
                  in_features == SK_DIM_UNKNOWN || sk_dim_match(kernel_in, in_features / features),
                  "C14", "the kernel has %lld input features, not %lld / %lld",
                  (long long)kernel_in, (long long)in_features, (long long)features);
  SK_RULE_REQUIRE(r, divides(kernel_out, batches), "C15",
                  "batch_group_count does not divide the kernel's output features");
  SK_RULE_REQUIRE(r, divides(kernel_out, features), "C16",
                  "feature_group_count does not divide the kernel's output features");
  return NULL;
}

static int64_t step_of(const sk_rule *r, sk_name name, uint32_t i) {
  sk_ints list = sk_rule_ints(r, name);
  return i < list.count ? list.data[i] : 1;
}

// (C25)
static sk_status conv_shape(sk_rule *r, const sk_conv_dims *d, const int64_t *pads,
                            int64_t dims[SK_MAX_RANK]) {
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1);
  int64_t batch = lhs->dims[d->input_batch_dimension];
  dims[d->output_batch_dimension] =
      batch == SK_DIM_UNKNOWN ? batch : batch / sk_rule_int(r, SK_NAME_batch_group_count, 1);
  dims[d->output_feature_dimension] = rhs->dims[d->kernel_output_feature_dimension];
  for (uint32_t i = 0; i + 2 < lhs->rank; i++) {
    sk_window w = {
        .size = rhs->dims[d->kernel_spatial_dimensions.data[i]],
        .stride = step_of(r, SK_NAME_window_strides, i),
        .pad_low = pads ? pads[2 * i] : 0,
        .pad_high = pads ? pads[2 * i + 1] : 0,
        .base_dilation = step_of(r, SK_NAME_lhs_dilation, i),
        .window_dilation = step_of(r, SK_NAME_rhs_dilation, i),
    };
    SK_RULE_REQUIRE(r, w.size != 0, NULL, "the window has size 0 in spatial dimension %u", i);
    int64_t *out = &dims[d->output_spatial_dimensions.data[i]];
    SK_RULE_REQUIRE(r, sk_window_count(lhs->dims[d->input_spatial_dimensions.data[i]], &w, out),
                    "C25", "spatial dimension %u overflows", i);
    if (pads == NULL) {
      *out = SK_DIM_UNKNOWN;
    }
  }
  return NULL;
}

static sk_status check_conv_elems(const sk_rule *r, const sk_conv_dims *d) {
  static const quant_labels labels = {"C28", "C31", "C32", "C33", "C34"};
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1),
                    *result = result_elem(r);
  if (lhs->quant == NULL && rhs->quant == NULL) {
    SK_RULE_REQUIRE(r, lhs->elem == rhs->elem, "C27",
                    "lhs and rhs differ in element type: %s and %s",
                    sk_elem_name((sk_elem)lhs->elem), sk_elem_name((sk_elem)rhs->elem));
  }
  SK_TRY(check_quantized(r, &labels));
  SK_RULE_REQUIRE(r, !sk_is_per_axis(rhs) || rhs->quant->axis == d->kernel_output_feature_dimension,
                  "C29", "rhs is not quantized along its output features");
  SK_RULE_REQUIRE(r, !sk_is_per_axis(result) || result->quant->axis == d->output_feature_dimension,
                  "C30", "the result is not quantized along its features");
  return NULL;
}

sk_status sk_rule_convolution_with(sk_rule *r, const int64_t *pads) {
  const sk_conv_dims *d = sk_rule_attr(r, SK_NAME_dimension_numbers)->u.conv;
  const sk_type_rec *lhs = sk_rule_operand(r, 0), *rhs = sk_rule_operand(r, 1);
  uint32_t rank = lhs->rank;
  SK_RULE_REQUIRE(r, rank == rhs->rank && rank >= 2, "C1", "lhs has rank %u, rhs %u", rank,
                  rhs->rank);
  if (pads != NULL || sk_rule_ints(r, SK_NAME_window_strides).count + 2 <=
                          rank) {  // dynamic_conv: producers write more strides
    SK_TRY(check_steps(r, SK_NAME_window_strides, rank - 2, "C2", "C3"));
  }
  SK_TRY(check_steps(r, SK_NAME_lhs_dilation, rank - 2, "C5", "C6"));
  SK_TRY(check_steps(r, SK_NAME_rhs_dilation, rank - 2, "C7", "C8"));
  SK_TRY(check_steps(r, SK_NAME_window_reversal, rank - 2, "C9", NULL));
  SK_TRY(check_conv_dims(r, d->input_batch_dimension, d->input_feature_dimension,
                         d->input_spatial_dimensions, rank, "input", "C12", "C13"));
  SK_TRY(check_conv_dims(r, d->kernel_input_feature_dimension, d->kernel_output_feature_dimension,
                         d->kernel_spatial_dimensions, rank, "kernel", "C17", "C18"));
  SK_TRY(check_conv_dims(r, d->output_batch_dimension, d->output_feature_dimension,
                         d->output_spatial_dimensions, rank, "output", "C19", "C20"));
  SK_TRY(check_conv_groups(r, d));
  SK_TRY(check_precision(r, "C24"));
  SK_TRY(check_conv_elems(r, d));
  int64_t dims[SK_MAX_RANK];
  SK_TRY(conv_shape(r, d, pads, dims));
  return sk_rule_add_tensor(r, result_elem(r), rank, dims);
}

sk_status sk_rule_convolution(sk_rule *r) {
  static const int64_t zeros[2 * SK_MAX_RANK] = {0};
  const sk_attr_rec *padding = sk_rule_attr(r, SK_NAME_padding);
  uint32_t rank = sk_rule_operand(r, 0)->rank;
  if (padding->kind == SK_ATTR_NONE_KIND || padding->u.ints.count == 0) {
    return sk_rule_convolution_with(r, zeros);
  }
  bool shaped = rank >= 2 && padding->u.ints.count == 2 * (rank - 2) && padding->cols == 2;
  SK_RULE_REQUIRE(r, shaped, "C4", "padding is not of shape [%u, 2]", rank >= 2 ? rank - 2 : 0);
  return sk_rule_convolution_with(r, padding->u.ints.data);
}

// ------------------------------------------------------------------------------------ fft, solvers

sk_status sk_rule_fft(sk_rule *r) {
  enum { FFT, IFFT, RFFT, IRFFT };
  const sk_type_rec *operand = sk_rule_operand(r, 0);
  int64_t type = sk_rule_int(r, SK_NAME_fft_type, FFT);
  sk_ints length = sk_rule_ints(r, SK_NAME_fft_length);
  bool complex_in = sk_elem_is_complex((sk_elem)operand->elem);
  SK_RULE_REQUIRE(r, length.count >= 1 && length.count <= 3, "C3",
                  "fft_length has %u entries, not 1 to 3", length.count);
  SK_RULE_REQUIRE(r, length.count <= operand->rank, "C1",
                  "fft_length has %u entries, the operand rank %u", length.count, operand->rank);
  SK_RULE_REQUIRE(r, complex_in == (type != RFFT), "C2", "not defined for element type %s",
                  sk_elem_name((sk_elem)operand->elem));
  SK_RULE_REQUIRE(r, complex_in || operand->elem == SK_F32 || operand->elem == SK_F64, "C2",
                  "not defined for element type %s", sk_elem_name((sk_elem)operand->elem));
  sk_extents e;
  int64_t *dims = e.dims;
  uint32_t first = operand->rank - length.count, last = operand->rank - 1;
  sk_extents_of(operand, &e);
  for (uint32_t i = 0; i < operand->rank; i++) {
    int64_t expected = i < first ? SK_DIM_UNKNOWN : length.data[i - first];
    if (i == last && type == IRFFT) {
      expected = expected == 0 ? 0 : expected / 2 + 1;
    }
    SK_RULE_REQUIRE(r, sk_dim_match(dims[i], expected), i == last && type == IRFFT ? "C5" : "C4",
                    "dimension %u has size %lld, fft_length asks for %lld", i, (long long)dims[i],
                    (long long)expected);
  }
  if (type == RFFT) {
    dims[last] = dims[last] == SK_DIM_UNKNOWN ? length.data[length.count - 1] : dims[last];
    dims[last] = dims[last] == 0 ? 0 : dims[last] / 2 + 1;
  } else if (type == IRFFT) {
    dims[last] = length.data[length.count - 1];
  }
  e.bounds[last] = dims[last] != SK_DIM_UNKNOWN ? SK_DIM_UNKNOWN : e.bounds[last];
  sk_elem elem = (sk_elem)operand->elem;
  sk_type_rec like = *operand;
  like.elem = (uint8_t)(type == RFFT    ? elem == SK_F32 ? SK_C64 : SK_C128
                        : type == IRFFT ? sk_elem_complex_part(elem)
                                        : elem);
  return sk_rule_add_extents(r, &like, &e);
}

static bool square_tail(const sk_type_rec *a) {
  return sk_dim_match(a->dims[a->rank - 1], a->dims[a->rank - 2]);
}

sk_status sk_rule_cholesky(sk_rule *r) {
  const sk_type_rec *a = sk_rule_operand(r, 0);
  SK_RULE_REQUIRE(r, a->rank >= 2, "C2", "the operand has rank %u, below 2", a->rank);
  SK_RULE_REQUIRE(r, square_tail(a), "C3", "the last two dimensions differ in size");
  return sk_rule_add(r, sk_rule_operand_type(r, 0));
}

sk_status sk_rule_triangular_solve(sk_rule *r) {
  const sk_type_rec *a = sk_rule_operand(r, 0), *b = sk_rule_operand(r, 1);
  SK_RULE_REQUIRE(r, sk_elem_baseline(a, b), "C1", "a and b differ in element type");
  SK_RULE_REQUIRE(r, a->rank >= 2 && a->rank == b->rank, "C2", "a has rank %u, b rank %u", a->rank,
                  b->rank);
  SK_RULE_REQUIRE(r, square_tail(a), "C3", "the last two dimensions of a differ in size");
  bool left = sk_rule_int(r, SK_NAME_left_side, 0) != 0;
  SK_RULE_REQUIRE(r, sk_dim_match(a->dims[a->rank - 1], b->dims[b->rank - (left ? 2 : 1)]), "C3",
                  "a and b differ in the dimension they share");
  for (uint32_t i = 0; i + 2 < a->rank; i++) {
    SK_RULE_REQUIRE(r, sk_dim_match(a->dims[i], b->dims[i]), "C3",
                    "a and b differ in batch dimension %u", i);
  }
  SK_RULE_REQUIRE(r, sk_rule_int(r, SK_NAME_transpose_a, 0) != 0, "I6",
                  "transpose_a is TRANSPOSE_INVALID");
  return sk_rule_add(r, sk_rule_operand_type(r, 1));
}
