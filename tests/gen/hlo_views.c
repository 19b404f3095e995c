// SPDX-License-Identifier: Apache-2.0
// Makers of constants and of operations that move elements without looking at them, static and
// dynamic forms.
#include <stdio.h>

#include "hlo_int.h"
#include "support/ir_make.h"

bool hlo_make_constant(hlo_gen *g, sk_opkind kind) {
  hlo_shape shape = hlo_any_shape(g);
  sk_value v = hlo_constant(g, hlo_elem(g, 31), &shape);
  if (v.id != 0 && kind != SK_OP_CONSTANT) {
    sk_op op = sk_value_get(g->m, v)->op;
    sk_named_attr attr = {{SK_NAME_value}, sk_op_find_attr(g->m, op, SK_NAME_value)};
    return hlo_emit_desc(g, &(sk_op_desc){.kind = kind, .attrs = &attr, .attr_count = 1}).id != 0;
  }
  return v.id != 0;
}

bool hlo_make_constant_like(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, SK_ELEMS_F | SK_ELEMS_S, 0, HLO_RANK);
  if (x.id == 0) {
    return false;
  }
  sk_elem elem = (sk_elem)hlo_type(g, x)->elem;
  sk_type scalar = sk_type_scalar(g->m, elem);
  sk_attr value = sk_elem_is_float(elem)
                      ? sk_attr_float(g->m, scalar, hlo_chance(g, 1, 2) ? 1.0 : 2.0)
                      : sk_attr_int(g->m, scalar, hlo_chance(g, 1, 2));
  sk_named_attr attr = {{SK_NAME_value}, value};
  return hlo_emit_desc(
             g,
             &(sk_op_desc){
                 .kind = kind, .operands = &x, .operand_count = 1, .attrs = &attr, .attr_count = 1})
             .id != 0;
}

static sk_value shape_operand(hlo_gen *g, const hlo_shape *shape) {
  sk_elem elem = hlo_chance(g, 1, 2) ? SK_S32 : SK_S64;
  return hlo_constant_ints(g, elem, shape->rank, shape->dims, false);
}

bool hlo_make_iota(hlo_gen *g, sk_opkind kind) {
  hlo_shape shape = hlo_any_shape(g);
  sk_elem elem = hlo_elem(g, SK_ELEMS_S | SK_ELEMS_U | SK_ELEMS_F | SK_ELEMS_C);
  if (shape.rank == 0) {
    return false;
  }
  char attrs[40];
  snprintf(attrs, sizeof attrs, "iota_dimension=%lld", (long long)hlo_below(g, shape.rank));
  bool dynamic = kind == SK_OP_DYNAMIC_IOTA;
  sk_value sizes = dynamic ? shape_operand(g, &shape) : (sk_value){0};
  return hlo_put(g, kind, &sizes, dynamic, attrs, hlo_tensor(g, elem, &shape));
}

bool hlo_make_bitcast_convert(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, HLO_RANK - 1);
  if (x.id == 0) {
    return false;
  }
  sk_elem from = (sk_elem)hlo_type(g, x)->elem, to = hlo_elem(g, 31);
  uint32_t a = sk_elem_bits(from), b = sk_elem_bits(to);
  hlo_shape shape = hlo_shape_of(g, x);
  if (sk_elem_is_complex(from) || sk_elem_is_complex(to) || from == SK_PRED || to == SK_PRED) {
    return false;
  }
  if (a > b) {
    if (a % b != 0) {
      return false;
    }
    shape.dims[shape.rank++] = a / b;
  } else if (a < b) {
    if (b % a != 0 || shape.rank == 0 || shape.dims[shape.rank - 1] != b / a) {
      return false;
    }
    shape.rank--;
  }
  x = hlo_settled(g, x);
  return hlo_put(g, kind, &x, 1, NULL, hlo_tensor(g, to, &shape));
}

bool hlo_make_broadcast(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, 3);
  char attrs[80] = "";
  int64_t sizes[2] = {hlo_extent(g, 40), hlo_extent(g, 8)};
  return hlo_put(
      g, kind, &x, 1,
      hlo_list(attrs, sizeof attrs, "broadcast_sizes", sizes, (uint32_t)hlo_between(g, 0, 2)),
      (sk_type){0});
}

// A larger shape with the operand's dimensions somewhere in it, in any order.
bool hlo_make_broadcast_in_dim(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, 4);
  if (x.id == 0) {
    return false;
  }
  hlo_shape from = hlo_shape_of(g, x), to = {.rank = from.rank};
  int64_t at[HLO_RANK], room = g->options.max_elems / SK_MAX(hlo_count(&from), 1);
  to.rank += (uint32_t)hlo_between(g, 0, 2);
  bool used[HLO_RANK] = {false};
  for (uint32_t d = 0; d < from.rank; d++) {
    bool ordered = hlo_chance(g, 9, 10);
    int64_t p = ordered ? d + hlo_below(g, to.rank - from.rank + 1) : hlo_below(g, to.rank);
    while (used[p]) {
      p = (p + 1) % to.rank;
    }
    used[p] = true;
    at[d] = p;
    to.dims[p] = from.dims[d];
    if (from.dims[d] == 1 && hlo_chance(g, 1, 2)) {
      to.dims[p] = hlo_extent(g, room);
      room /= SK_MAX(to.dims[p], 1);
    }
  }
  for (uint32_t d = 0; d < to.rank; d++) {
    if (!used[d]) {
      to.dims[d] = hlo_extent(g, room);
      room /= SK_MAX(to.dims[d], 1);
    }
  }
  char attrs[80] = "";
  return hlo_fits(g, &to) &&
         hlo_put(g, kind, &x, 1,
                 hlo_list(attrs, sizeof attrs, "broadcast_dimensions", at, from.rank),
                 hlo_tensor(g, (sk_elem)hlo_type(g, x)->elem, &to));
}

bool hlo_make_dynamic_broadcast_in_dim(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, 3);
  if (x.id == 0) {
    return false;
  }
  hlo_shape from = hlo_shape_of(g, x), to = {.rank = from.rank + 1};
  int64_t at[HLO_RANK];
  to.dims[0] = hlo_extent(g, g->options.max_elems / SK_MAX(hlo_count(&from), 1));
  for (uint32_t d = 0; d < from.rank; d++) {
    at[d] = d + 1;
    to.dims[d + 1] = from.dims[d];
  }
  sk_value operands[2] = {x, shape_operand(g, &to)};
  char attrs[80] = "";
  return hlo_put(g, kind, operands, 2,
                 hlo_list(attrs, sizeof attrs, "broadcast_dimensions", at, from.rank),
                 hlo_tensor(g, (sk_elem)hlo_type(g, x)->elem, &to));
}

bool hlo_make_concatenate(hlo_gen *g, sk_opkind kind) {
  sk_value parts[5] = {hlo_any(g, 31, 1, HLO_RANK)};
  if (parts[0].id == 0) {
    return false;
  }
  uint32_t count = (uint32_t)hlo_between(g, 1, 5);
  hlo_shape shape = hlo_shape_of(g, parts[0]);
  int64_t dim = hlo_below(g, shape.rank);
  for (uint32_t i = 1; i < count; i++) {
    hlo_shape other = shape;
    other.dims[dim] = hlo_chance(g, 1, 2) ? shape.dims[dim] : hlo_extent(g, 40);
    parts[i] = hlo_value(g, (sk_elem)hlo_type(g, parts[0])->elem, &other);
  }
  char attrs[40];
  snprintf(attrs, sizeof attrs, "dimension=%lld", (long long)dim);
  return hlo_put(g, kind, parts, count, attrs, (sk_type){0});
}

bool hlo_make_pad(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, kind == SK_OP_DYNAMIC_PAD, 4);
  if (x.id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, x), out = shape;
  sk_elem elem = (sk_elem)hlo_type(g, x)->elem;
  int64_t low[HLO_RANK], high[HLO_RANK], interior[HLO_RANK];
  for (uint32_t d = 0; d < shape.rank; d++) {
    low[d] = hlo_chance(g, 1, 3) ? 0 : hlo_between(g, -2, 5);
    high[d] = hlo_chance(g, 1, 3) ? 0 : hlo_between(g, -2, 5);
    interior[d] = hlo_chance(g, 2, 3) ? 0 : hlo_between(g, 1, 2);
    int64_t holes = shape.dims[d] > 1 ? (shape.dims[d] - 1) * interior[d] : 0;
    out.dims[d] = shape.dims[d] + holes + low[d] + high[d];
    if (out.dims[d] < 0) {
      return false;
    }
  }
  sk_value operands[5] = {x, hlo_scalar(g, elem)};
  if (kind == SK_OP_DYNAMIC_PAD) {
    const int64_t *const lists[3] = {low, high, interior};
    for (uint32_t i = 0; i < 3; i++) {
      operands[2 + i] = hlo_constant_ints(g, SK_S32, shape.rank, lists[i], false);
    }
    return hlo_fits(g, &out) && hlo_put(g, kind, operands, 5, NULL, hlo_tensor(g, elem, &out));
  }
  char attrs[300] = "";
  hlo_list(attrs, sizeof attrs, "edge_padding_low", low, shape.rank);
  hlo_list(attrs, sizeof attrs, "edge_padding_high", high, shape.rank);
  hlo_list(attrs, sizeof attrs, "interior_padding", interior, shape.rank);
  return hlo_put(g, kind, operands, 2, attrs, (sk_type){0});
}

// The same number of elements, factors regrouped.
static hlo_shape regroup(hlo_gen *g, const hlo_shape *from) {
  hlo_shape to = {.rank = 0};
  for (uint32_t d = 0; d < from->rank && to.rank < HLO_RANK; d++) {
    int64_t n = from->dims[d];
    if (to.rank > 0 && hlo_chance(g, 1, 3)) {
      to.dims[to.rank - 1] *= n;
      continue;
    }
    for (int64_t f = 2; f <= 8 && to.rank + 1 < HLO_RANK && hlo_chance(g, 1, 2); f++) {
      if (n > f && n % f == 0) {
        to.dims[to.rank++] = f;
        n /= f;
        break;
      }
    }
    to.dims[to.rank++] = n;
  }
  if (to.rank < HLO_RANK && hlo_chance(g, 1, 4)) {
    to.dims[to.rank++] = 1;
  }
  return hlo_count(&to) == hlo_count(from) ? to : *from;
}

bool hlo_make_reshape(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, HLO_RANK);
  if (x.id == 0) {
    return false;
  }
  hlo_shape from = hlo_shape_of(g, x), to = regroup(g, &from);
  sk_type type = hlo_tensor(g, (sk_elem)hlo_type(g, x)->elem, &to);
  if (kind == SK_OP_DYNAMIC_RESHAPE) {
    sk_value operands[2] = {x, shape_operand(g, &to)};
    return hlo_put(g, kind, operands, 2, NULL, type);
  }
  return hlo_put(g, kind, &x, 1, NULL, type);
}

bool hlo_make_reverse(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, HLO_RANK);
  if (x.id == 0) {
    return false;
  }
  int64_t dims[HLO_RANK];
  uint32_t count = 0, rank = hlo_type(g, x)->rank;
  for (uint32_t d = 0; d < rank; d++) {
    if (hlo_chance(g, 1, 2)) {
      dims[count++] = d;
    }
  }
  char attrs[80] = "";
  return hlo_put(g, kind, &x, 1, hlo_list(attrs, sizeof attrs, "dimensions", dims, count),
                 (sk_type){0});
}

bool hlo_make_slice(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, kind == SK_OP_REAL_DYNAMIC_SLICE, HLO_RANK);
  if (x.id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, x), out = shape;
  int64_t start[HLO_RANK], limit[HLO_RANK], stride[HLO_RANK];
  for (uint32_t d = 0; d < shape.rank; d++) {
    bool whole = hlo_chance(g, 1, 3);
    start[d] = whole ? 0 : hlo_between(g, 0, shape.dims[d]);
    limit[d] = whole ? shape.dims[d] : hlo_between(g, start[d], shape.dims[d]);
    stride[d] = hlo_chance(g, 2, 3) ? 1 : hlo_between(g, 1, 4);
    out.dims[d] = (limit[d] - start[d] + stride[d] - 1) / stride[d];
  }
  if (kind == SK_OP_REAL_DYNAMIC_SLICE) {
    sk_value operands[4] = {x, hlo_constant_ints(g, SK_S64, shape.rank, start, false),
                            hlo_constant_ints(g, SK_S64, shape.rank, limit, false),
                            hlo_constant_ints(g, SK_S64, shape.rank, stride, false)};
    return hlo_put(g, kind, operands, 4, NULL, hlo_tensor(g, (sk_elem)hlo_type(g, x)->elem, &out));
  }
  char attrs[300] = "";
  hlo_list(attrs, sizeof attrs, "start_indices", start, shape.rank);
  hlo_list(attrs, sizeof attrs, "limit_indices", limit, shape.rank);
  hlo_list(attrs, sizeof attrs, "strides", stride, shape.rank);
  return hlo_put(g, kind, &x, 1, attrs, (sk_type){0});
}

bool hlo_make_transpose(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, hlo_chance(g, 1, 20) ? 0 : 2, HLO_RANK);
  if (x.id == 0) {
    return false;
  }
  int64_t order[HLO_RANK];
  uint32_t rank = hlo_type(g, x)->rank;
  for (uint32_t d = 0; d < rank; d++) {
    order[d] = d;
  }
  for (uint32_t d = rank; d > 1; d--) {
    int64_t other = hlo_below(g, d), kept = order[d - 1];
    order[d - 1] = order[other];
    order[other] = kept;
  }
  char attrs[80] = "";
  return hlo_put(g, kind, &x, 1, hlo_list(attrs, sizeof attrs, "permutation", order, rank),
                 (sk_type){0});
}

bool hlo_make_get_dimension_size(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 1, HLO_RANK);
  char attrs[40];
  if (x.id == 0) {
    return false;
  }
  snprintf(attrs, sizeof attrs, "dimension=%lld", (long long)hlo_below(g, hlo_type(g, x)->rank));
  return hlo_put(g, kind, &x, 1, attrs, (sk_type){0});
}

bool hlo_make_identity(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, HLO_RANK);
  return hlo_put(g, kind, &x, 1, NULL, (sk_type){0});
}
