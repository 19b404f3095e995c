// SPDX-License-Identifier: Apache-2.0
// Exact rewriting of the inlined entry function in one forward sweep: equal pure ops become one, small integer constants fold, tensors
// without elements become constants, views of views and of constants shrink, short counted loops unroll, carries that never change
// leave their while, reductions are brought into the form that the later stages know, and what is unused goes.
//
// Every rule keeps all bits, but for those of simplify_scale.c. Floats are never folded here (the loop builder folds scalars with the same
// arithmetic as generated code).
// Rules look at new values: everything before the op at hand is simplified already.
#include "base/hash.h"
#include "pass/fold_ints.h"
#include "pass/simplify_int.h"

enum { UNROLL_TRIPS = 8, UNROLL_OPS = 200, MERGE_BELOW = 128 };

sk_value sk_simplify_emit(sk_rebuild *r, sk_region into, sk_op like, sk_opkind kind,
                          const sk_value *operands, uint32_t count, sk_type type,
                          const sk_named_attr *attrs, uint32_t attr_count) {
  const sk_loc loc = sk_op_get(r->m, like)->loc;
  return sk_rebuild_value(r, into, loc, kind, type, operands, count, attrs, attr_count);
}

// ---------------------------------------------------------------------------------------------------- constants

static sk_op def_of(const sk_module *m, sk_value v) { return sk_value_get(m, v)->op; }

static const sk_dense *constant_of(const sk_module *m, sk_value v) {
  if (sk_made_by(m, v, SK_OP_CONSTANT).id == 0) {
    return NULL;
  }
  return &sk_attr_get(m, sk_op_find_attr(m, def_of(m, v), SK_NAME_value))->u.dense;
}

// ---------------------------------------------------------------------------------------------------- views

static bool same_type(const sk_module *m, sk_value a, sk_op op) {
  return sk_value_type(m, a).id == sk_value_type(m, sk_op_result(m, op, 0)).id;
}

static bool simplify_view(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  sk_value operand = sk_rebuild_get(r, sk_op_operand(m, op, 0));
  sk_opkind kind = sk_op_kind(m, op);
  if ((kind == SK_OP_RESHAPE || kind == SK_OP_CONVERT || kind == SK_OP_SLICE) &&
      same_type(m, operand, op)) {
    return sk_simplify_to(r, op, operand);
  }
  if (kind == SK_OP_CONVERT) {
    return false;
  }
  if (kind == SK_OP_RESHAPE && sk_made_by(m, operand, SK_OP_RESHAPE).id != 0) {
    sk_value inner = sk_op_operand(m, def_of(m, operand), 0);
    if (same_type(m, inner, op)) {
      return sk_simplify_to(r, op, inner);
    }
    sk_type type = sk_value_type(m, sk_op_result(m, op, 0));
    return sk_simplify_to(r, op, sk_simplify_emit(r, into, op, kind, &inner, 1, type, NULL, 0));
  }
  return sk_fold_op(r, op, into);
}

static bool simplify_select(sk_rebuild *r, sk_op op) {
  sk_module *m = r->m;
  sk_value pred = sk_rebuild_get(r, sk_op_operand(m, op, 0));
  sk_value yes = sk_rebuild_get(r, sk_op_operand(m, op, 1)),
           no = sk_rebuild_get(r, sk_op_operand(m, op, 2));
  const sk_dense *known = constant_of(m, pred);
  if (yes.id == no.id) {
    return sk_simplify_to(r, op, yes);
  }
  if (known != NULL && (known->splat || known->bytes == 1)) {
    return sk_simplify_to(r, op, *(const uint8_t *)known->data ? yes : no);
  }
  return false;
}

// ---------------------------------------------------------------------------------------------------- products

// Does the permutation move a product's columns (its last `columns` dimensions) in front of its rows and keep all else in order?
static bool swaps_rows_and_columns(sk_ints permutation, uint32_t batch, uint32_t columns) {
  uint32_t rows = permutation.count - batch - columns;
  for (uint32_t i = 0; i < permutation.count; i++) {
    uint32_t from = i < batch ? i : i < batch + columns ? i + rows : i - columns;
    if (permutation.data[i] != (int64_t)from) {
      return false;
    }
  }
  return true;
}

// dot_general(b, a) with the result type given; `dot` is dot_general(a, b).
static sk_value emit_swapped_dot(sk_rebuild *r, sk_op dot, sk_region into, sk_type type) {
  sk_module *m = r->m;
  const sk_dot_dims *dims =
      sk_attr_get(m, sk_op_find_attr(m, dot, SK_NAME_dot_dimension_numbers))->u.dot;
  sk_dot_dims swapped = {dims->rhs_batching_dimensions, dims->lhs_batching_dimensions,
                         dims->rhs_contracting_dimensions, dims->lhs_contracting_dimensions};
  sk_named_attr attrs[2] = {{.name = {SK_NAME_dot_dimension_numbers}},
                            {.name = {SK_NAME_precision_config}}};
  attrs[0].attr = sk_attr_new(m, &(sk_attr_rec){.kind = SK_ATTR_DOT_DIMS, .u.dot = &swapped});
  sk_attr precision = sk_op_find_attr(m, dot, SK_NAME_precision_config);
  uint32_t attr_count = 1;
  if (precision.id != 0 && sk_attr_get(m, precision)->u.list.count == 2) {
    const sk_attr *of = sk_attr_get(m, precision)->u.list.data;
    attrs[attr_count++].attr = sk_attr_array(m, (const sk_attr[2]){of[1], of[0]}, 2);
  }
  const sk_value operands[2] = {sk_op_operand(m, dot, 1), sk_op_operand(m, dot, 0)};
  sk_op_desc desc = {.kind = SK_OP_DOT_GENERAL,
                     .loc = sk_op_get(m, dot)->loc,
                     .operands = operands,
                     .operand_count = 2,
                     .result_types = &type,
                     .result_count = 1,
                     .attrs = attrs,
                     .attr_count = attr_count};
  return sk_op_result(m, sk_rebuild_emit(r, into, &desc), 0);
}

// transpose(A B) -> B^T A^T: the operands change places, so that the product is written where its reader
// wants it. Its steps are fma(a, b, sum) either way. Only if nothing else reads the product.
static bool transpose_of_dot(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  sk_value old = sk_op_operand(m, op, 0), product = sk_rebuild_get(r, old);
  if (sk_made_by(m, product, SK_OP_DOT_GENERAL).id == 0 || r->uses[old.id] != 1) {
    return false;
  }
  sk_op dot = def_of(m, product);
  const sk_dot_dims *dims =
      sk_attr_get(m, sk_op_find_attr(m, dot, SK_NAME_dot_dimension_numbers))->u.dot;
  uint32_t batch = dims->lhs_batching_dimensions.count;
  uint32_t columns = sk_value_type_rec(m, sk_op_operand(m, dot, 1))->rank - batch -
                     dims->rhs_contracting_dimensions.count;
  bool may = sk_op_find_attr(m, dot, SK_NAME_algorithm).id ==
             0;  // (an algorithm names its operands' sides)
  if (!may || !swaps_rows_and_columns(sk_op_ints(m, op, SK_NAME_permutation), batch, columns)) {
    return false;
  }
  return sk_simplify_to(r, op,
                        emit_swapped_dot(r, dot, into, sk_value_type(m, sk_op_result(m, op, 0))));
}

// ---------------------------------------------------------------------------------------------------- reductions

// The body of a reduction applied to whole tensors: each of its element-wise ops with the given shape.
static bool apply_body(sk_rebuild *r, sk_op op, sk_region into, const sk_value *args,
                       sk_type shape_like) {
  sk_module *m = r->m;
  sk_region body = sk_op_region(m, op, 0);
  const sk_type_rec shape = *sk_type_get(m, shape_like);
  sk_op end = sk_region_get(m, body)->last;
  SK_FOR_EACH_OP(m, body, inner) {
    sk_op_class kind = (sk_op_class)sk_opkind_info(sk_op_kind(m, inner))->op_class;
    if (inner.id != end.id && kind != SK_OPCLASS_ELEMENTWISE) {
      return false;
    }
  }
  for (uint32_t i = 0; i < sk_region_get(m, body)->arg_count; i++) {
    sk_rebuild_set(r, sk_region_arg(m, body, i), args[i]);
  }
  for (sk_op inner = sk_region_first(m, body); inner.id != end.id; inner = sk_op_next(m, inner)) {
    const sk_op_draft draft = sk_rebuild_draft(r, inner);
    for (uint32_t i = 0; i < draft.desc.operand_count; i++) {
      if (sk_value_type_rec(m, draft.operands[i])->rank != shape.rank) {
        return false;  // a value from outside the body
      }
    }
    const sk_elem elem = (sk_elem)sk_type_get(m, draft.types[0])->elem;
    draft.types[0] = sk_type_tensor(m, elem, shape.rank, shape.dims);
    sk_op made = sk_rebuild_emit(r, into, &draft.desc);
    sk_rebuild_set(r, sk_op_result(m, inner, 0), sk_op_result(m, made, 0));
  }
  for (uint32_t i = 0; i < sk_op_get(m, op)->result_count; i++) {
    sk_rebuild_set(r, sk_op_result(m, op, i), sk_rebuild_get(r, sk_op_operand(m, end, i)));
  }
  return true;
}

// A reduction over dimensions of extent 1 only: its body applied once, to the initial value and the element.
static bool reduce_of_one(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  uint32_t count = sk_op_get(m, op)->result_count;
  sk_ints dims = sk_op_ints(m, op, SK_NAME_dimensions);
  const sk_type_rec *from = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  for (uint32_t i = 0; i < dims.count; i++) {
    if (from->dims[dims.data[i]] != 1) {
      return false;
    }
  }
  sk_value *args = SK_NEW_ARRAY(&m->arena, sk_value, 2 * count);
  for (uint32_t i = 0; i < count; i++) {
    sk_type type = sk_value_type(m, sk_op_result(m, op, i));
    sk_value input = sk_rebuild_get(r, sk_op_operand(m, op, i)),
             init = sk_rebuild_get(r, sk_op_operand(m, op, count + i));
    if (sk_type_get(m, type)->elem != sk_value_type_rec(m, input)->elem ||
        sk_type_get(m, type)->elem != sk_value_type_rec(m, init)->elem) {
      return false;
    }
    sk_named_attr none = {{SK_NAME_broadcast_dimensions}, sk_attr_ints(m, NULL, 0)};
    bool scalar = sk_type_get(m, type)->rank == 0;
    args[i] = scalar
                  ? init
                  : sk_simplify_emit(r, into, op, SK_OP_BROADCAST_IN_DIM, &init, 1, type, &none, 1);
    args[count + i] = same_type(m, input, op)
                          ? input
                          : sk_simplify_emit(r, into, op, SK_OP_RESHAPE, &input, 1, type, NULL, 0);
  }
  return apply_body(r, op, into, args, sk_value_type(m, sk_op_result(m, op, 0)));
}

// Neighbouring reduced dimensions become one (through a reshape, which moves nothing), so that lanes run over both; a last dimension that
// fills the lanes by itself is left alone.
static bool merge_reduced_dims(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  sk_module *m = r->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  sk_ints dims = sk_op_ints(m, op, SK_NAME_dimensions);
  sk_value input = sk_rebuild_get(r, sk_op_operand(m, op, 0));
  const sk_type_rec from = *sk_value_type_rec(m, input);
  if (rec.result_count != 1) {
    return false;
  }
  int64_t shape[SK_MAX_RANK], reduced[SK_MAX_RANK];
  uint32_t rank = 0, reduced_count = 0;
  bool previous = false, merged = false;
  for (uint32_t d = 0; d < from.rank; d++) {
    bool now = false;
    for (uint32_t i = 0; i < dims.count; i++) {
      now |= dims.data[i] == (int64_t)d;
    }
    bool wide_enough = d + 1 == from.rank && from.dims[d] >= MERGE_BELOW;
    if (now && previous && !wide_enough) {
      shape[rank - 1] *= from.dims[d];
      merged = true;
      continue;
    }
    if (now) {
      reduced[reduced_count++] = rank;
    }
    shape[rank++] = from.dims[d];
    previous = now;
  }
  if (!merged) {
    return false;
  }
  sk_value operands[2] = {sk_simplify_emit(r, into, op, SK_OP_RESHAPE, &input, 1,
                                           sk_type_tensor(m, (sk_elem)from.elem, rank, shape), NULL,
                                           0),
                          sk_rebuild_get(r, sk_op_operand(m, op, 1))};
  sk_region body;
  *out_status = sk_rebuild_region(r, sk_op_region(m, op, 0), &body);
  if (*out_status != NULL) {
    return true;
  }
  sk_named_attr attr = {{SK_NAME_dimensions}, sk_attr_ints(m, reduced, reduced_count)};
  sk_type type = sk_value_type(m, sk_op_result(m, op, 0));
  sk_op made = sk_rebuild_emit(r, into,
                               &(sk_op_desc){.kind = SK_OP_REDUCE,
                                             .loc = rec.loc,
                                             .operands = operands,
                                             .operand_count = 2,
                                             .result_types = &type,
                                             .result_count = 1,
                                             .attrs = &attr,
                                             .attr_count = 1,
                                             .regions = &body,
                                             .region_count = 1});
  return sk_simplify_to(r, op, sk_op_result(m, made, 0));
}

// ---------------------------------------------------------------------------------------------------- whiles

static bool scalar_int(const sk_module *m, sk_value v, int64_t *out) {
  sk_known_ints known;
  if (!sk_fold_read(m, v, &known) || known.count != 1) {
    return false;
  }
  *out = known.at[0];
  return true;
}

// What a value used in a region of the while is in all of its trips, if that is a known integer. The region
// is not rewritten yet: what the map has for its values are those of an earlier copy, if any.
static bool loop_scalar_int(const sk_rebuild *r, sk_op loop, sk_region region, sk_value old,
                            int64_t *out) {
  const sk_module *m = r->m;
  const sk_value_rec *rec = sk_value_get(m, old);
  if (rec->op.id != 0) {
    bool inside = sk_op_get(m, rec->op)->parent.id == region.id;
    return scalar_int(m, inside ? old : sk_rebuild_get(r, old), out);
  }
  if (rec->region.id != region.id) {
    return scalar_int(m, sk_rebuild_get(r, old), out);
  }
  sk_region body = sk_op_region(m, loop, 1);
  sk_value next = sk_op_operand(m, sk_region_get(m, body)->last, rec->index);
  return next.id == sk_region_arg(m, body, rec->index).id &&
         scalar_int(m, sk_rebuild_get(r, sk_op_operand(m, loop, rec->index)), out);
}

// Number of trips of "while (i < limit) i += step" with everything known; -1 otherwise.
static int64_t count_trips(const sk_rebuild *r, sk_op op) {
  const sk_module *m = r->m;
  sk_region cond = sk_op_region(m, op, 0), body = sk_op_region(m, op, 1);
  sk_op test = def_of(m, sk_op_operand(m, sk_region_get(m, cond)->last, 0));
  if (test.id == 0 || sk_op_kind(m, test) != SK_OP_COMPARE ||
      sk_op_int(m, test, SK_NAME_comparison_direction, 0) != SK_CMP_LT) {
    return -1;
  }
  sk_value counter = sk_op_operand(m, test, 0);
  const sk_value_rec *rec = sk_value_get(m, counter);
  int64_t start, limit, step;
  if (rec->op.id != 0 || rec->region.id != cond.id ||
      !loop_scalar_int(r, op, cond, sk_op_operand(m, test, 1), &limit) ||
      !scalar_int(m, sk_rebuild_get(r, sk_op_operand(m, op, rec->index)), &start)) {
    return -1;
  }
  sk_op next = def_of(m, sk_op_operand(m, sk_region_get(m, body)->last, rec->index));
  if (next.id == 0 || sk_op_kind(m, next) != SK_OP_ADD ||
      sk_op_get(m, next)->parent.id != body.id) {
    return -1;
  }
  sk_value arg = sk_region_arg(m, body, rec->index), a = sk_op_operand(m, next, 0),
           b = sk_op_operand(m, next, 1);
  sk_value other = a.id == arg.id ? b : a;
  if ((a.id != arg.id && b.id != arg.id) || !loop_scalar_int(r, op, body, other, &step) ||
      step <= 0 || start < 0 || limit > INT32_MAX) {
    return -1;
  }
  return start >= limit ? 0 : (limit - start + step - 1) / step;
}

static uint32_t count_ops(const sk_module *m, sk_region region, uint32_t limit) {
  uint32_t count = 0;
  SK_FOR_EACH_OP(m, region, op) {
    count++;
    for (uint32_t i = 0; i < sk_op_get(m, op)->region_count && count <= limit; i++) {
      count += count_ops(m, sk_op_region(m, op, i), limit);
    }
    if (count > limit) {
      break;
    }
  }
  return count;
}

static sk_status unroll(sk_rebuild *r, sk_op op, sk_region into, int64_t trips) {
  sk_module *m = r->m;
  sk_region body = sk_op_region(m, op, 1);
  uint32_t count = sk_op_get(m, op)->operand_count;
  sk_value *state = SK_NEW_ARRAY(&m->arena, sk_value, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    state[i] = sk_rebuild_get(r, sk_op_operand(m, op, i));
  }
  for (int64_t t = 0; t < trips; t++) {
    for (uint32_t i = 0; i < count; i++) {
      sk_rebuild_set(r, sk_region_arg(m, body, i), state[i]);
    }
    SK_TRY(sk_rebuild_ops(r, body, into));
    sk_op end = sk_region_get(m, body)->last;
    for (uint32_t i = 0; i < count; i++) {
      state[i] = sk_rebuild_get(r, sk_op_operand(m, end, i));
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    sk_rebuild_set(r, sk_op_result(m, op, i), state[i]);
  }
  return NULL;
}

// One region of the while with the kept carries as arguments; the others are their initial values.
static sk_status copy_while_region(sk_rebuild *r, sk_op op, uint32_t which, const uint8_t *keep,
                                   sk_region *out_region) {
  sk_module *m = r->m;
  sk_region from = sk_op_region(m, op, which);
  uint32_t count = sk_region_get(m, from)->arg_count, kept = 0;
  sk_type *types = SK_NEW_ARRAY(&m->arena, sk_type, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    if (keep[i]) {
      types[kept++] = sk_value_type(m, sk_region_arg(m, from, i));
    }
  }
  // the region is rebuilt through a stand-in that has only the kept arguments: map the dropped ones first
  sk_region made = sk_region_new(m, types, kept);
  kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    sk_rebuild_set(r, sk_region_arg(m, from, i),
                   keep[i] ? sk_region_arg(m, made, kept++)
                           : sk_rebuild_get(r, sk_op_operand(m, op, i)));
  }
  SK_TRY(sk_rebuild_scope(r, from, made));
  const sk_op_rec end = *sk_op_get(m, sk_region_get(m, from)->last);
  sk_value *operands = SK_NEW_ARRAY(&m->arena, sk_value, end.operand_count + 1);
  uint32_t results = 0;
  for (uint32_t i = 0; i < end.operand_count; i++) {
    if (which == 0 || keep[i]) {
      operands[results++] = sk_rebuild_get(r, sk_op_operand(m, sk_region_get(m, from)->last, i));
    }
  }
  sk_op_new(
      m, made,
      &(sk_op_desc){
          .kind = SK_OP_RETURN, .loc = end.loc, .operands = operands, .operand_count = results});
  *out_region = made;
  return NULL;
}

static sk_status rewrite_while(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  sk_region body = sk_op_region(m, op, 1), regions[2];
  sk_op end = sk_region_get(m, body)->last;
  uint8_t *keep = sk_arena_zalloc(&m->arena, rec.operand_count + 1, 1);
  sk_value *operands = SK_NEW_ARRAY(&m->arena, sk_value, rec.operand_count + 1);
  sk_type *types = SK_NEW_ARRAY(&m->arena, sk_type, rec.operand_count + 1);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    keep[i] = sk_op_operand(m, end, i).id != sk_region_arg(m, body, i).id;
    if (keep[i]) {
      operands[kept] = sk_rebuild_get(r, sk_op_operand(m, op, i));
      types[kept++] = sk_value_type(m, sk_op_result(m, op, i));
    }
  }
  SK_TRY(copy_while_region(r, op, 0, keep, &regions[0]));
  SK_TRY(copy_while_region(r, op, 1, keep, &regions[1]));
  sk_op made = sk_rebuild_emit(r, into,
                               &(sk_op_desc){.kind = SK_OP_WHILE,
                                             .loc = rec.loc,
                                             .operands = operands,
                                             .operand_count = kept,
                                             .result_types = types,
                                             .result_count = kept,
                                             .regions = regions,
                                             .region_count = 2});
  kept = 0;
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    sk_rebuild_set(r, sk_op_result(m, op, i),
                   keep[i] ? sk_op_result(m, made, kept++)
                           : sk_rebuild_get(r, sk_op_operand(m, op, i)));
  }
  return NULL;
}

static bool simplify_while(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  int64_t trips = count_trips(r, op);
  if (trips >= 0 && trips <= UNROLL_TRIPS &&
      count_ops(r->m, sk_op_region(r->m, op, 1), UNROLL_OPS) <= UNROLL_OPS) {
    *out_status = unroll(r, op, into, trips);
  } else {
    *out_status = rewrite_while(r, op, into);
  }
  return true;
}

// ---------------------------------------------------------------------------------------------------- no elements

// Results without elements are constants, so that what computes them goes, custom calls included: their
// handlers need not be ready for matrices of no rows.
static bool compute_nothing(sk_rebuild *r, sk_op op, sk_region into) {
  sk_module *m = r->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  bool empty = rec.result_count > 0 && rec.kind != SK_OP_CONSTANT && !sk_rebuild_has_effect(m, op);
  for (uint32_t i = 0; i < rec.result_count && empty; i++) {
    int64_t count;
    empty = sk_type_elem_count(m, sk_value_type(m, sk_op_result(m, op, i)), &count) && count == 0;
  }
  for (uint32_t i = 0; i < rec.result_count && empty; i++) {
    sk_type type = sk_value_type(m, sk_op_result(m, op, i));
    sk_named_attr value = {{SK_NAME_value}, sk_attr_dense(m, type, (sk_dense){"", 0, false})};
    sk_op made = sk_rebuild_emit(r, into,
                                 &(sk_op_desc){.kind = SK_OP_CONSTANT,
                                               .loc = rec.loc,
                                               .result_types = &type,
                                               .result_count = 1,
                                               .attrs = &value,
                                               .attr_count = 1});
    sk_rebuild_set(r, sk_op_result(m, op, i), sk_op_result(m, made, 0));
  }
  return empty;
}

// ---------------------------------------------------------------------------------------------------- entry

static bool rewrite(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  if (compute_nothing(r, op, into)) {
    return true;
  }
  switch ((int)sk_op_kind(r->m, op)) {
    case SK_OP_WHILE: return simplify_while(r, op, into, out_status);
    case SK_OP_REDUCE:
      return reduce_of_one(r, op, into) || sk_simplify_argmax(r, op, into) ||
             merge_reduced_dims(r, op, into, out_status);
    case SK_OP_TRANSPOSE:
      return transpose_of_dot(r, op, into) || sk_simplify_transpose_of_concatenate(r, op, into) ||
             sk_fold_op(r, op, into);
    case SK_OP_SELECT: return simplify_select(r, op) || sk_fold_op(r, op, into);
    case SK_OP_CONVERT: return simplify_view(r, op, into) || sk_fold_op(r, op, into);
    case SK_OP_CONCATENATE: return sk_simplify_concatenate(r, op, into) || sk_fold_op(r, op, into);
    case SK_OP_ADD: return sk_simplify_interleave(r, op, into) || sk_fold_op(r, op, into);
    case SK_OP_MULTIPLY: return sk_simplify_scale(r, op, into) || sk_fold_op(r, op, into);
    case SK_OP_SLICE:
      return sk_simplify_slice_of_concatenate(r, op, into) || simplify_view(r, op, into);
    case SK_OP_RESHAPE:
    case SK_OP_BROADCAST_IN_DIM: return simplify_view(r, op, into);
    default: return sk_fold_op(r, op, into);
  }
}

sk_status sk_pass_simplify(sk_module *m, sk_op entry, sk_pass_options *options) {
  sk_rebuild r;
  sk_rebuild_init(&r, m, options, true);
  r.rewrite = rewrite;
  return sk_rebuild_function(&r, entry);
}
