// SPDX-License-Identifier: Apache-2.0
// Cholesky factors and triangular systems of more than BLOCK rows, by halves, so that most of the
// arithmetic is in matrix products:
//
//   a = u^H u        u11 = factor(a11)
//                    u12 = solve(u11^H, a12)
//                    u22 = factor(a22 - u12^H u12)              lower: l = u^H
//
//   op(a) x = b,     x1 = solve(op(a)11, b1)
//   op(a) lower      x2 = solve(op(a)22, b2 - op(a)21 x1)       upper: the other half first
//
//   x op(a) = b      (op(a)^T x^T = b^T)^T: systems lie side by side, as lanes do
//
// Floats narrower than f32 are computed in f32 and rounded at the end.
// Kernels of one half are those of loop/lower_linalg.c. Only the triangle that counts is read.
// The halves: Elmroth, Gustavson, Jonsson, Kagstrom, "Recursive blocked algorithms and hybrid data
// structures for dense matrix library software" (SIAM Review 46, 2004).
#include "pass/expand_int.h"

enum { BLOCK = 32, NO_TRANSPOSE = 1, TRANSPOSED = 2, ADJOINT = 3 };

// The type in which blocks are computed.
static sk_elem block_elem(sk_elem elem) {
  return elem == SK_F64 || elem == SK_C64 || elem == SK_C128 ? elem : SK_F32;
}

static sk_type_rec type_of(const sk_expander *e, sk_value v) { return *sk_value_type_rec(e->m, v); }

static int64_t rows_of(const sk_expander *e, sk_value v) {
  const sk_type_rec rec = type_of(e, v);
  return rec.dims[rec.rank - 2];
}

static int64_t columns_of(const sk_expander *e, sk_value v) {
  const sk_type_rec rec = type_of(e, v);
  return rec.dims[rec.rank - 1];
}

// Of every matrix of the batch.
sk_value sk_expand_block(const sk_expander *e, sk_value v, int64_t row, int64_t row_end,
                         int64_t column, int64_t column_end) {
  const sk_type_rec rec = type_of(e, v);
  int64_t starts[SK_MAX_RANK] = {0}, limits[SK_MAX_RANK];
  memcpy(limits, rec.dims, rec.rank * sizeof *limits);
  starts[rec.rank - 2] = row;
  limits[rec.rank - 2] = row_end;
  starts[rec.rank - 1] = column;
  limits[rec.rank - 1] = column_end;
  return sk_expand_slice(e, v, starts, limits);
}

static sk_value transpose(const sk_expander *e, sk_value v) {
  const sk_type_rec rec = type_of(e, v);
  int64_t order[SK_MAX_RANK], dims[SK_MAX_RANK];
  for (uint32_t d = 0; d < rec.rank; d++) {
    order[d] = d + 2 < rec.rank ? d : 2 * (int64_t)rec.rank - 3 - d;
    dims[d] = rec.dims[order[d]];
  }
  const sk_named_attr attr = {{SK_NAME_permutation}, sk_attr_ints(e->m, order, rec.rank)};
  const sk_type type = sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, dims);
  return sk_expand_emit(e, SK_OP_TRANSPOSE, type, &v, 1, &attr, 1);
}

// The sum over dimension a_dim of a and b_dim of b, each 0 (rows) or 1 (columns).
sk_value sk_expand_product(const sk_expander *e, sk_value a, uint32_t a_dim, sk_value b,
                           uint32_t b_dim) {
  const sk_type_rec rec = type_of(e, a);
  const uint32_t batch = rec.rank - 2u;
  int64_t batches[SK_MAX_RANK], dims[SK_MAX_RANK];
  memcpy(dims, rec.dims, rec.rank * sizeof *dims);
  for (uint32_t d = 0; d < batch; d++) {
    batches[d] = d;
  }
  dims[batch] = a_dim == 0 ? columns_of(e, a) : rows_of(e, a);
  dims[batch + 1] = b_dim == 0 ? columns_of(e, b) : rows_of(e, b);
  const int64_t over[2] = {batch + a_dim, batch + b_dim};
  const sk_dot_dims numbers = {.lhs_batching_dimensions = {batches, batch},
                               .rhs_batching_dimensions = {batches, batch},
                               .lhs_contracting_dimensions = {&over[0], 1},
                               .rhs_contracting_dimensions = {&over[1], 1}};
  const sk_named_attr attr = {
      {SK_NAME_dot_dimension_numbers},
      sk_attr_new(e->m, &(sk_attr_rec){.kind = SK_ATTR_DOT_DIMS, .u.dot = &numbers})};
  const sk_value operands[2] = {a, b};
  return sk_expand_emit(e, SK_OP_DOT_GENERAL,
                        sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, dims), operands, 2, &attr,
                        1);
}

// Where the first half ends: a multiple of BLOCK, so that equal kernels are many.
static int64_t half_of(int64_t n) { return ((n + BLOCK - 1) / BLOCK + 1) / 2 * BLOCK; }

sk_value sk_expand_stack(const sk_expander *e, sk_value first, sk_value second) {
  const sk_value both[2] = {first, second};
  return sk_expand_concatenate(e, both, 2, type_of(e, first).rank - 2u);
}

sk_value sk_expand_beside(const sk_expander *e, sk_value first, sk_value second) {
  const sk_value both[2] = {first, second};
  return sk_expand_concatenate(e, both, 2, type_of(e, first).rank - 1u);
}

// ---- systems, from the left

typedef struct solver {
  const sk_expander *e;
  bool lower, unit;
  int64_t how;  // SK_ENUM_TRANSPOSE
} solver;

static sk_value solve_small(const solver *s, sk_value a, sk_value b) {
  sk_module *m = s->e->m;
  const sk_value operands[2] = {a, b};
  const sk_named_attr attrs[] = {
      {{SK_NAME_left_side}, sk_attr_bool(m, true)},
      {{SK_NAME_lower}, sk_attr_bool(m, s->lower)},
      {{SK_NAME_unit_diagonal}, sk_attr_bool(m, s->unit)},
      {{SK_NAME_transpose_a}, sk_attr_enum(m, SK_ENUM_TRANSPOSE, s->how)}};
  return sk_expand_emit(s->e, SK_OP_TRIANGULAR_SOLVE, sk_value_type(m, b), operands, 2, attrs,
                        SK_COUNT(attrs));
}

// b - op(a) x, of the block of a beside the diagonal.
static sk_value without(const solver *s, sk_value a, sk_value x, sk_value b) {
  sk_value factor = s->how == ADJOINT ? sk_expand_conjugate(s->e, a) : a;
  sk_value known = sk_expand_product(s->e, factor, s->how == NO_TRANSPOSE ? 1 : 0, x, 0);
  return sk_expand_2(s->e, SK_OP_SUBTRACT, b, known);
}

static sk_value solve(const solver *s, sk_value a, sk_value b) {
  const sk_expander *e = s->e;
  const int64_t n = rows_of(e, a), half = half_of(n), systems = columns_of(e, b);
  if (n <= BLOCK) {
    return solve_small(s, a, b);
  }
  const sk_value a11 = sk_expand_block(e, a, 0, half, 0, half),
                 a22 = sk_expand_block(e, a, half, n, half, n);
  const sk_value aside =
      s->lower ? sk_expand_block(e, a, half, n, 0, half) : sk_expand_block(e, a, 0, half, half, n);
  const sk_value b1 = sk_expand_block(e, b, 0, half, 0, systems),
                 b2 = sk_expand_block(e, b, half, n, 0, systems);
  if (s->lower == (s->how == NO_TRANSPOSE)) {
    const sk_value x1 = solve(s, a11, b1);
    return sk_expand_stack(e, x1, solve(s, a22, without(s, aside, x1, b2)));
  }
  const sk_value x2 = solve(s, a22, b2);
  return sk_expand_stack(e, solve(s, a11, without(s, aside, x2, b1)), x2);
}

sk_value sk_expand_solve_unit_lower(const sk_expander *e, sk_value a, sk_value b) {
  const solver s = {.e = e, .lower = true, .unit = true, .how = NO_TRANSPOSE};
  return solve(&s, a, b);
}

bool sk_expand_is_large_system(const sk_module *m, sk_op op) {
  const sk_type_rec *a = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  const sk_type_rec *b = sk_value_type_rec(m, sk_op_operand(m, op, 1));
  const bool left = sk_op_int(m, op, SK_NAME_left_side, 1) != 0;
  enum { FEW = 4 };
  const bool beside = !left && b->dims[b->rank - 2] >= FEW && a->dims[a->rank - 1] >= FEW;
  return (beside && block_elem((sk_elem)a->elem) == (sk_elem)a->elem) ||
         a->dims[a->rank - 1] > BLOCK;
}

sk_status sk_expand_large_system(const sk_expander *e, sk_op op) {
  solver s = {.e = e,
              .lower = sk_op_int(e->m, op, SK_NAME_lower, 0) != 0,
              .unit = sk_op_int(e->m, op, SK_NAME_unit_diagonal, 0) != 0,
              .how = sk_op_int(e->m, op, SK_NAME_transpose_a, NO_TRANSPOSE)};
  const sk_elem elem = (sk_elem)type_of(e, sk_expand_operand(e, op, 0)).elem;
  sk_value a = sk_expand_convert(e, sk_expand_operand(e, op, 0), block_elem(elem));
  sk_value b = sk_expand_convert(e, sk_expand_operand(e, op, 1), block_elem(elem)), x;
  if (sk_op_int(e->m, op, SK_NAME_left_side, 1) != 0) {
    x = solve(&s, a, b);
  } else {
    a = s.how == ADJOINT ? sk_expand_conjugate(e, a) : a;
    s.how = s.how == NO_TRANSPOSE ? TRANSPOSED : NO_TRANSPOSE;
    x = transpose(e, solve(&s, a, transpose(e, b)));
  }
  sk_rebuild_set(e->r, sk_op_result(e->m, op, 0), sk_expand_convert(e, x, elem));
  return NULL;
}

// ---- factors

static sk_value factor_small(const sk_expander *e, sk_value a, bool lower) {
  const sk_named_attr attr = {{SK_NAME_lower}, sk_attr_bool(e->m, lower)};
  return sk_expand_emit(e, SK_OP_CHOLESKY, sk_value_type(e->m, a), &a, 1, &attr, 1);
}

static sk_value adjoint(const sk_expander *e, sk_value v) {
  return transpose(e, sk_expand_conjugate(e, v));
}

static sk_value factor(const sk_expander *e, sk_value a, bool lower) {
  const int64_t n = rows_of(e, a), half = half_of(n);
  if (n <= BLOCK) {
    return factor_small(e, a, lower);
  }
  const sk_value f11 = factor(e, sk_expand_block(e, a, 0, half, 0, half), lower);
  const sk_value a12 = lower ? adjoint(e, sk_expand_block(e, a, half, n, 0, half))
                             : sk_expand_block(e, a, 0, half, half, n);
  const solver s = {.e = e, .lower = lower, .how = lower ? NO_TRANSPOSE : ADJOINT};
  const sk_value u12 = solve(&s, f11, a12);
  const sk_value known = sk_expand_product(e, sk_expand_conjugate(e, u12), 0, u12, 0);
  const sk_value rest =
      sk_expand_2(e, SK_OP_SUBTRACT, sk_expand_block(e, a, half, n, half, n), known);
  const sk_value f22 = factor(e, rest, lower);
  const sk_value aside = lower ? adjoint(e, u12) : u12;
  const sk_type_rec rec = type_of(e, aside);
  int64_t dims[SK_MAX_RANK];
  memcpy(dims, rec.dims, rec.rank * sizeof *dims);
  dims[rec.rank - 2] = rec.dims[rec.rank - 1];
  dims[rec.rank - 1] = rec.dims[rec.rank - 2];
  const sk_value zero =
      sk_expand_number(e, sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, dims), 0);
  return lower
             ? sk_expand_stack(e, sk_expand_beside(e, f11, zero), sk_expand_beside(e, aside, f22))
             : sk_expand_stack(e, sk_expand_beside(e, f11, aside), sk_expand_beside(e, zero, f22));
}

bool sk_expand_is_large_factor(const sk_module *m, sk_op op) {
  const sk_type_rec *a = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  return a->dims[a->rank - 1] > BLOCK;
}

sk_status sk_expand_large_factor(const sk_expander *e, sk_op op) {
  const bool lower = sk_op_int(e->m, op, SK_NAME_lower, 0) != 0;
  const sk_value a = sk_expand_operand(e, op, 0);
  const sk_elem elem = (sk_elem)type_of(e, a).elem;
  const sk_value f = factor(e, sk_expand_convert(e, a, block_elem(elem)), lower);
  sk_rebuild_set(e->r, sk_op_result(e->m, op, 0), sk_expand_convert(e, f, elem));
  return NULL;
}
