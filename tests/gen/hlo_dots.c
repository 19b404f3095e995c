// SPDX-License-Identifier: Apache-2.0
// Makers of products, linear algebra, Fourier transforms and batch normalisation.
#include <stdio.h>
#include <string.h>

#include "hlo_int.h"

static sk_elem product_elem(hlo_gen *g) {
  return hlo_elem(g, g->exact ? SK_ELEMS_S | SK_ELEMS_U
                              : SK_ELEMS_S | SK_ELEMS_U | SK_ELEMS_F | SK_ELEMS_C);
}

static int64_t small(hlo_gen *g) { return hlo_extent(g, hlo_chance(g, 1, 6) ? 130 : 33); }

bool hlo_make_dot(hlo_gen *g, sk_opkind kind) {
  int64_t m = small(g), k = small(g), n = small(g);
  hlo_shape lhs = {.rank = 2, .dims = {m, k}}, rhs = {.rank = 2, .dims = {k, n}};
  if (hlo_chance(g, 1, 3)) {
    lhs = (hlo_shape){.rank = 1, .dims = {k}};
  }
  if (hlo_chance(g, 1, 3)) {
    rhs = (hlo_shape){.rank = 1, .dims = {k}};
  }
  if (!hlo_fits(g, &lhs) || !hlo_fits(g, &rhs)) {
    return false;
  }
  sk_elem elem = product_elem(g);
  sk_value operands[2] = {hlo_value(g, elem, &lhs), hlo_value(g, elem, &rhs)};
  hlo_shape out = {.rank = 0};
  if (lhs.rank == 2) {
    out.dims[out.rank++] = m;
  }
  if (rhs.rank == 2) {
    out.dims[out.rank++] = n;
  }
  return hlo_fits(g, &out) && hlo_put(g, kind, operands, 2, NULL, hlo_tensor(g, elem, &out));
}

// Labels of dimensions, in random order: batch, contracted, free.
typedef struct side {
  hlo_shape shape;
  int64_t batch[HLO_RANK], contracted[HLO_RANK];
} side;

static void lay_out(hlo_gen *g, const int64_t *batch, uint32_t batches, const int64_t *contracted,
                    uint32_t contractions, uint32_t free_count, side *out) {
  enum { BATCH, CONTRACTED, FREE };
  uint32_t left[3] = {batches, contractions, free_count},
           total = batches + contractions + free_count;
  bool shuffled = hlo_chance(g, 1, 2);
  out->shape.rank = total;
  for (uint32_t d = 0; d < total; d++) {
    uint32_t part = left[BATCH] ? BATCH : hlo_chance(g, 1, 2) ? CONTRACTED : FREE;
    part = shuffled ? (uint32_t)hlo_below(g, 3) : part;
    while (left[part] == 0) {
      part = (part + 1) % 3;
    }
    left[part]--;
    if (part == BATCH) {
      uint32_t i = batches - 1 - left[BATCH];
      out->batch[i] = d;
      out->shape.dims[d] = batch[i];
    } else if (part == CONTRACTED) {
      uint32_t i = contractions - 1 - left[CONTRACTED];
      out->contracted[i] = d;
      out->shape.dims[d] = contracted[i];
    } else {
      out->shape.dims[d] = small(g);
    }
  }
}

static bool product_fits(const hlo_gen *g, const side *a, const side *b, const int64_t *contracted,
                         uint32_t count) {
  int64_t shared = 1, work;
  for (uint32_t i = 0; i < count; i++) {
    shared *= SK_MAX(contracted[i], 1);
  }
  if (!hlo_fits(g, &a->shape) || !hlo_fits(g, &b->shape)) {
    return false;
  }
  work = SK_MAX(hlo_count(&a->shape), 1) * (SK_MAX(hlo_count(&b->shape), 1) / shared);
  return work <= 1000000;
}

static sk_value product(hlo_gen *g, sk_value *operands, sk_elem elem, const sk_dot_dims *dims,
                        const hlo_shape *out) {
  sk_named_attr attr = {{SK_NAME_dot_dimension_numbers},
                        sk_attr_new(g->m, &(sk_attr_rec){.kind = SK_ATTR_DOT_DIMS, .u.dot = dims})};
  sk_type type = hlo_tensor(g, elem, out);
  sk_op op = hlo_emit_desc(g, &(sk_op_desc){.kind = SK_OP_DOT_GENERAL,
                                            .operands = operands,
                                            .operand_count = 2,
                                            .attrs = &attr,
                                            .attr_count = 1,
                                            .result_types = &type,
                                            .result_count = 1});
  return op.id != 0 ? sk_op_result(g->m, op, 0) : (sk_value){0};
}

static void add_free(const side *s, uint32_t batches, uint32_t contractions, hlo_shape *out) {
  for (uint32_t d = 0; d < s->shape.rank; d++) {
    bool bound = false;
    for (uint32_t i = 0; i < batches; i++) {
      bound = bound || s->batch[i] == d;
    }
    for (uint32_t i = 0; i < contractions; i++) {
      bound = bound || s->contracted[i] == d;
    }
    if (!bound) {
      out->dims[out->rank++] = s->shape.dims[d];
    }
  }
}

bool hlo_make_dot_general(hlo_gen *g, sk_opkind kind) {
  (void)kind;
  uint32_t batches = (uint32_t)hlo_between(g, 0, 2) * hlo_chance(g, 1, 2);
  uint32_t contractions = hlo_chance(g, 3, 4) ? 1 : (uint32_t)hlo_between(g, 0, 2);
  int64_t batch[2], contracted[2];
  for (uint32_t i = 0; i < 2; i++) {
    batch[i] = hlo_extent(g, 8);
    contracted[i] = small(g);
  }
  side a, b;
  lay_out(g, batch, batches, contracted, contractions,
          (uint32_t)hlo_between(g, 0, 1 + hlo_chance(g, 1, 4)), &a);
  lay_out(g, batch, batches, contracted, contractions,
          (uint32_t)hlo_between(g, 0, 1 + hlo_chance(g, 1, 4)), &b);
  hlo_shape out = {.rank = batches};
  if (a.shape.rank + b.shape.rank > 8 || !product_fits(g, &a, &b, contracted, contractions)) {
    return false;
  }
  memcpy(out.dims, batch, sizeof *batch * batches);
  add_free(&a, batches, contractions, &out);
  add_free(&b, batches, contractions, &out);
  if (!hlo_fits(g, &out)) {
    return false;
  }
  sk_elem elem = product_elem(g), to = elem;
  if (hlo_chance(g, 1, 6) && elem == SK_BF16) {
    to = SK_F32;
  } else if (hlo_chance(g, 1, 6) && (elem == SK_S8 || elem == SK_U8)) {
    to = SK_S32;
  }
  sk_value operands[2] = {hlo_value(g, elem, &a.shape), hlo_value(g, elem, &b.shape)};
  sk_dot_dims dims = {{a.batch, batches},
                      {b.batch, batches},
                      {a.contracted, contractions},
                      {b.contracted, contractions}};
  return product(g, operands, to, &dims, &out).id != 0;
}

static bool put_string(hlo_gen *g, sk_opkind kind, const sk_value *operands, uint32_t count,
                       const char *config, sk_type type) {
  sk_named_attr attr = {{SK_NAME_einsum_config}, sk_attr_string(g->m, sk_str_from(config))};
  return hlo_emit_desc(g, &(sk_op_desc){.kind = kind,
                                        .operands = operands,
                                        .operand_count = count,
                                        .attrs = &attr,
                                        .attr_count = 1,
                                        .result_types = &type,
                                        .result_count = 1})
             .id != 0;
}

// A letter has one of four extents, a to d.
static hlo_shape lettered(const char *letters, size_t count, const int64_t *extents) {
  hlo_shape shape = {.rank = (uint32_t)count};
  for (size_t d = 0; d < count; d++) {
    shape.dims[d] = extents[letters[d] - 'a'];
  }
  return shape;
}

static bool make_by_letters(hlo_gen *g, sk_opkind kind, const char *config) {
  const char *arrow = strstr(config, "->"), *comma = strchr(config, ',');
  const char *first_end = comma != NULL ? comma : arrow;
  int64_t extents[4];
  for (uint32_t i = 0; i < 4; i++) {
    extents[i] = hlo_extent(g, 9);
  }
  hlo_shape a = lettered(config, (size_t)(first_end - config), extents);
  hlo_shape out = lettered(arrow + 2, strlen(arrow + 2), extents);
  sk_elem elem = product_elem(g);
  sk_value operands[2] = {hlo_value(g, elem, &a)};
  if (comma != NULL) {
    hlo_shape b = lettered(comma + 1, (size_t)(arrow - comma - 1), extents);
    operands[1] = hlo_value(g, elem, &b);
  }
  return put_string(g, kind, operands, comma != NULL ? 2 : 1, config, hlo_tensor(g, elem, &out));
}

bool hlo_make_einsum(hlo_gen *g, sk_opkind kind) {
  static const char *const configs[] = {"ab,bc->ac",   "ab,cb->ca", "dab,dbc->dac", "a,b->ba",
                                        "ab,ab->",     "abc,ad->d", "aab,bc->ca",   "ab,c->b",
                                        "abd,dac->cb", "aa,bb->ab"};
  return make_by_letters(g, kind, configs[hlo_below(g, SK_COUNT(configs))]);
}

bool hlo_make_unary_einsum(hlo_gen *g, sk_opkind kind) {
  static const char *const configs[] = {"ab->a", "ab->ba", "abc->c", "abc->", "aab->ba", "aa->"};
  return make_by_letters(g, kind, configs[hlo_below(g, SK_COUNT(configs))]);
}

bool hlo_make_ragged_dot(hlo_gen *g, sk_opkind kind) {
  int64_t m = hlo_between(g, 1, 9), k = hlo_between(g, 1, 9), n = hlo_between(g, 1, 9);
  int64_t sizes[3] = {hlo_between(g, 0, m), 0, 0};
  sizes[1] = hlo_between(g, 0, m - sizes[0]);
  sizes[2] = m - sizes[0] - sizes[1];
  hlo_shape lhs = {.rank = 2, .dims = {m, k}}, rhs = {.rank = 3, .dims = {3, k, n}};
  sk_elem elem = product_elem(g);
  sk_value operands[3] = {hlo_value(g, elem, &lhs), hlo_value(g, elem, &rhs),
                          hlo_constant_ints(g, SK_S64, 3, sizes, false)};
  const int64_t zero = 0, one = 1;
  sk_ragged_dims dims = {
      .dot = {.lhs_contracting_dimensions = {&one, 1}, .rhs_contracting_dimensions = {&one, 1}},
      .lhs_ragged_dimensions = {&zero, 1},
      .rhs_group_dimensions = {&zero, 1}};
  sk_named_attr attr = {
      {SK_NAME_ragged_dot_dimension_numbers},
      sk_attr_new(g->m, &(sk_attr_rec){.kind = SK_ATTR_RAGGED_DIMS, .u.ragged = &dims})};
  return hlo_emit_desc(g, &(sk_op_desc){.kind = kind,
                                        .operands = operands,
                                        .operand_count = 3,
                                        .attrs = &attr,
                                        .attr_count = 1})
             .id != 0;
}

// ---- linear algebra: on matrices that make it well-conditioned

static sk_elem solvable_elem(hlo_gen *g) {
  sk_elem elem = hlo_elem(g, SK_ELEMS_F | SK_ELEMS_C);
  return elem == SK_F32 || elem == SK_F64 || sk_elem_is_complex(elem) ? elem : SK_F32;
}

static sk_value scalar_of(hlo_gen *g, sk_elem elem, double value) {
  char data[16] = {0};
  float narrow = (float)value;
  bool single = sk_elem_complex_part(elem) == SK_F32;
  memcpy(data, single ? (const void *)&narrow : &value, single ? 4 : 8);
  char *copy = sk_arena_copy(&g->m->arena, data, 16, 16);
  sk_named_attr attr = {{SK_NAME_value},
                        sk_attr_dense(g->m, hlo_tensor(g, elem, &(hlo_shape){.rank = 0}),
                                      (sk_dense){copy, sk_elem_bytes(elem), true})};
  sk_op op =
      hlo_emit_desc(g, &(sk_op_desc){.kind = SK_OP_CONSTANT, .attrs = &attr, .attr_count = 1});
  return op.id != 0 ? sk_op_result(g->m, op, 0) : (sk_value){0};
}

// Elements from -4 to 4, as tame arguments have; NaNs are not.
static sk_value small_value(hlo_gen *g, sk_elem elem, const hlo_shape *shape) {
  if (sk_elem_is_complex(elem)) {
    return hlo_constant(g, elem, shape);
  }
  sk_value three[3] = {scalar_of(g, elem, -4), hlo_value(g, elem, shape), scalar_of(g, elem, 4)};
  return hlo_emit(g, SK_OP_CLAMP, three, 3, NULL, (sk_type){0});
}

// `scale` on the diagonal, elsewhere small values: [batch, n, n].
static sk_value dominant(hlo_gen *g, sk_elem elem, const hlo_shape *shape, bool symmetric) {
  uint32_t rank = shape->rank;
  char attrs[80] = "";
  sk_value x = small_value(g, elem, shape);
  double scale = 16 * ((double)shape->dims[rank - 1] + 1);
  sk_value index[2];
  for (uint32_t i = 0; i < 2; i++) {
    snprintf(attrs, sizeof attrs, "iota_dimension=%u", rank - 2 + i);
    index[i] = hlo_emit(g, SK_OP_IOTA, NULL, 0, attrs, hlo_tensor(g, SK_S32, shape));
  }
  sk_value eye = hlo_emit(g, SK_OP_COMPARE, index, 2, "comparison_direction=EQ", (sk_type){0});
  int64_t order[HLO_RANK] = {0, 1, 2, 3, 4, 5};
  if (symmetric) {
    order[rank - 1] = rank - 2;
    order[rank - 2] = rank - 1;
    attrs[0] = 0;
    sk_value y = hlo_emit(g, SK_OP_TRANSPOSE, &x, 1,
                          hlo_list(attrs, sizeof attrs, "permutation", order, rank), (sk_type){0});
    y = sk_elem_is_complex(elem) ? hlo_emit(g, SK_OP_CHLO_CONJ, &y, 1, NULL, (sk_type){0}) : y;
    x = hlo_emit(g, SK_OP_ADD, (sk_value[]){x, y}, 2, NULL, (sk_type){0});
  }
  sk_value big = scalar_of(g, elem, scale);
  big = hlo_emit(g, SK_OP_BROADCAST_IN_DIM, &big, 1, "broadcast_dimensions=[]",
                 hlo_tensor(g, elem, shape));
  return hlo_emit(g, SK_OP_SELECT, (sk_value[]){eye, big, x}, 3, NULL, (sk_type){0});
}

bool hlo_make_cholesky(hlo_gen *g, sk_opkind kind) {
  int64_t n = hlo_extent(g, 17);
  hlo_shape shape = {.rank = 2, .dims = {n, n}};
  if (hlo_chance(g, 1, 3)) {
    shape = (hlo_shape){.rank = 3, .dims = {hlo_extent(g, 5), n, n}};
  }
  if (g->options.wild || g->exact) {
    return false;
  }
  sk_value x = dominant(g, solvable_elem(g), &shape, true);
  return hlo_put(g, kind, &x, 1, hlo_chance(g, 1, 2) ? "lower=true" : "lower=false", (sk_type){0});
}

bool hlo_make_triangular_solve(hlo_gen *g, sk_opkind kind) {
  static const char *const transposes[] = {"NO_TRANSPOSE", "TRANSPOSE", "ADJOINT"};
  int64_t n = hlo_extent(g, 17), k = hlo_extent(g, 17);
  bool left = hlo_chance(g, 1, 2), batched = hlo_chance(g, 1, 3);
  hlo_shape a = {.rank = 2, .dims = {n, n}}, b = {.rank = 2, .dims = {left ? n : k, left ? k : n}};
  if (batched) {
    int64_t batch = hlo_extent(g, 5);
    a = (hlo_shape){.rank = 3, .dims = {batch, n, n}};
    b = (hlo_shape){.rank = 3, .dims = {batch, b.dims[0], b.dims[1]}};
  }
  if (g->options.wild || g->exact || !hlo_fits(g, &b)) {
    return false;
  }
  sk_elem elem = solvable_elem(g);
  sk_value operands[2] = {dominant(g, elem, &a, false), hlo_value(g, elem, &b)};
  char attrs[120];
  snprintf(attrs, sizeof attrs, "left_side=%s lower=%s unit_diagonal=false transpose_a=%s",
           left ? "true" : "false", hlo_chance(g, 1, 2) ? "true" : "false",
           transposes[hlo_below(g, 3)]);
  return hlo_put(g, kind, operands, 2, attrs, (sk_type){0});
}

bool hlo_make_fft(hlo_gen *g, sk_opkind kind) {
  static const char *const types[] = {"FFT", "IFFT", "RFFT", "IRFFT"};
  uint32_t which = (uint32_t)hlo_below(g, 4), axes = (uint32_t)hlo_between(g, 1, 3);
  bool wide = hlo_chance(g, 1, 2);
  sk_elem real = wide ? SK_F64 : SK_F32, complex = wide ? SK_C128 : SK_C64;
  hlo_shape shape = {.rank = axes};
  int64_t lengths[3];
  if (hlo_chance(g, 1, 2)) {
    shape.dims[0] = hlo_extent(g, 8);
    shape.rank++;
  }
  for (uint32_t i = 0; i < axes; i++) {
    lengths[i] = hlo_extent(g, axes == 1 ? 256 : 17);
    lengths[i] = which == 3 ? SK_MAX(lengths[i], 1) : lengths[i];
    shape.dims[shape.rank - axes + i] = lengths[i];
  }
  if (which == 3) {
    shape.dims[shape.rank - 1] = lengths[axes - 1] / 2 + 1;
  }
  if (g->exact || !hlo_fits(g, &shape)) {
    return false;
  }
  sk_value x = hlo_value(g, which == 2 ? real : complex, &shape);
  char attrs[100];
  snprintf(attrs, sizeof attrs, "fft_type=%s", types[which]);
  return hlo_put(g, kind, &x, 1, hlo_list(attrs, sizeof attrs, "fft_length", lengths, axes),
                 (sk_type){0});
}

bool hlo_make_batch_norm(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, SK_ELEMS_F, 1, 4);
  if (x.id == 0 || g->options.wild || g->exact) {
    return false;
  }
  sk_elem elem = (sk_elem)hlo_type(g, x)->elem;
  hlo_shape shape = hlo_shape_of(g, x);
  int64_t feature = hlo_below(g, shape.rank);
  hlo_shape vector = {.rank = 1, .dims = {shape.dims[feature]}};
  sk_value operands[5] = {x};
  bool gradient = kind == SK_OP_BATCH_NORM_GRAD;
  uint32_t count = sk_opkind_info(kind)->operands_min;
  for (uint32_t i = 1; i < count; i++) {
    operands[i] = hlo_value(g, elem, gradient && i == 4 ? &shape : &vector);
    if (i == (gradient ? 3 : 4)) {  // the variance
      operands[i] = hlo_emit(g, SK_OP_ABS, &operands[i], 1, NULL, (sk_type){0});
    }
  }
  char attrs[80];
  snprintf(attrs, sizeof attrs, "epsilon=0.5f feature_index=%lld", (long long)feature);
  return hlo_emit_regions(g, kind, operands, count, attrs, NULL, 0, NULL, 0).id != 0;
}
