// SPDX-License-Identifier: Apache-2.0
// Custom calls of known targets (ir/target.h) as StableHLO: cholesky and triangular_solve are
// operations; LU of many columns is made of LU of few, which stays a call, products and solutions;
// other factorisations that need a decision per column are loops over the columns, whose trips work on
// whole matrices, all of a batch together:
//
//   an element at a place that only the loop knows is a sum of zeros and it: sum(select(i == k, x, 0))
//   a swap of rows and a store into a column are selects
//
// so that nothing is gathered or scattered, and a batch costs no more than its elements. The order of
// operations is the textbook's; rounding differs from that of the libraries, decisions on equal sizes
// (the first of equal pivots) do not.
#include "ir/target.h"
#include "pass/expand_int.h"

typedef struct factor {
  const sk_target_call *call;
  uint32_t batch_rank;
  sk_type matrix, rows, columns, batch;  // of the elements: [.., m, n], [.., m], [.., n], [..]
  sk_value row_of, column_of;            // of a matrix's elements, i32
  sk_value number_in_rows, number_in_columns;
  sk_value vectors;  // HOUSEHOLDER: those of the reflectors
  sk_value taus;
  sk_value fixed[3];
} factor;

// ---- shapes

static sk_type batch_type(const sk_expander *e, const factor *f, sk_elem elem, uint32_t rank,
                          const int64_t *dims) {
  int64_t all[SK_MAX_RANK + 2];
  memcpy(all, f->call->operand.dims, f->batch_rank * sizeof *all);
  for (uint32_t d = 0; d < rank; d++) {
    all[f->batch_rank + d] = dims[d];
  }
  return sk_type_tensor(e->m, elem, f->batch_rank + rank, all);
}

static sk_value numbers(const sk_expander *e, const factor *f, uint32_t rank, const int64_t *dims,
                        uint32_t along) {
  return sk_expand_iota(e, batch_type(e, f, SK_S32, rank, dims), f->batch_rank + along);
}

static void begin(const sk_expander *e, const sk_target_call *call, factor *f) {
  const int64_t dims[2] = {call->rows, call->columns};
  const sk_elem elem = (sk_elem)call->operand.elem;
  *f = (factor){.call = call, .batch_rank = call->batch_rank};
  f->matrix = batch_type(e, f, elem, 2, dims);
  f->rows = batch_type(e, f, elem, 1, dims);
  f->columns = batch_type(e, f, elem, 1, dims + 1);
  f->batch = batch_type(e, f, elem, 0, dims);
  f->row_of = numbers(e, f, 2, dims, 0);
  f->column_of = numbers(e, f, 2, dims, 1);
  f->number_in_rows = numbers(e, f, 1, dims, 0);
  f->number_in_columns = numbers(e, f, 1, dims + 1, 0);
}

// `v` in a larger shape like that of `like`: the batches of v, then `skip` dimensions it lacks, then its others.
static sk_value spread(const sk_expander *e, const factor *f, sk_value v, sk_value like,
                       uint32_t skip) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, v);
  int64_t dims[SK_MAX_RANK];
  for (uint32_t d = 0; d < rec.rank; d++) {
    dims[d] = d < f->batch_rank ? d : d + skip;
  }
  return sk_expand_broadcast(e, v, sk_expand_retyped(e, like, (sk_elem)rec.elem), dims);
}

static sk_value everywhere(const sk_expander *e, sk_value scalar, sk_value like) {
  const sk_elem elem = (sk_elem)sk_value_type_rec(e->m, scalar)->elem;
  return sk_expand_broadcast(e, scalar, sk_expand_retyped(e, like, elem), NULL);
}

static sk_value constant(const sk_expander *e, sk_value like, int64_t value) {
  const sk_type scalar =
      sk_type_tensor(e->m, (sk_elem)sk_value_type_rec(e->m, like)->elem, 0, NULL);
  return everywhere(e, sk_expand_number(e, scalar, value), like);
}

// ---- elements

static sk_value keep(const sk_expander *e, sk_value mask, sk_value v) {
  return sk_expand_select(e, mask, v, constant(e, v, 0));
}

static sk_value both(const sk_expander *e, sk_value a, sk_value b) {
  return sk_expand_2(e, SK_OP_AND, a, b);
}

// numbers (direction) k, where k is 0-D or has the batches' shape
static sk_value where(const sk_expander *e, const factor *f, sk_value of, int64_t direction,
                      sk_value k) {
  const uint32_t rank = sk_value_type_rec(e->m, k)->rank;
  return sk_expand_compare(e, direction, of,
                           rank == 0 ? everywhere(e, k, of) : spread(e, f, k, of, 0));
}

static sk_value sum_along(const sk_expander *e, const factor *f, sk_value v, uint32_t dim) {
  const int64_t along = f->batch_rank + dim;
  return sk_expand_sum(e, v, &along, 1);
}

// Element (row, column) k: numbers `of` that are k pick along dimension `dim`.
static sk_value pick(const sk_expander *e, const factor *f, sk_value v, sk_value of, sk_value k,
                     uint32_t dim) {
  return sum_along(e, f, keep(e, where(e, f, of, SK_CMP_EQ, k), v), dim);
}

static sk_value step_number(const sk_expander *e, sk_value i) {
  return sk_expand_convert(e, i, SK_S32);
}

static sk_value plus(const sk_expander *e, sk_value v, int64_t number) {
  return sk_expand_2(e, SK_OP_ADD, v, constant(e, v, number));
}

// ---- numbers that are real or complex

static sk_value real_part(const sk_expander *e, sk_value v) {
  return sk_expand_is_complex(e, v) ? sk_expand_part(e, SK_OP_REAL, v) : v;
}

// |re| + |im|, by which LAPACK chooses pivots
static sk_value pivot_size(const sk_expander *e, sk_value v) {
  const sk_value real = sk_expand_1(e, SK_OP_ABS, real_part(e, v));
  return sk_expand_is_complex(e, v)
             ? sk_expand_2(e, SK_OP_ADD, real,
                           sk_expand_1(e, SK_OP_ABS, sk_expand_part(e, SK_OP_IMAG, v)))
             : real;
}

static sk_value square_size(const sk_expander *e, sk_value v) {
  const sk_value real = real_part(e, v);
  const sk_value square = sk_expand_2(e, SK_OP_MULTIPLY, real, real);
  if (!sk_expand_is_complex(e, v)) {
    return square;
  }
  const sk_value imaginary = sk_expand_part(e, SK_OP_IMAG, v);
  return sk_expand_2(e, SK_OP_ADD, square, sk_expand_2(e, SK_OP_MULTIPLY, imaginary, imaginary));
}

static sk_value is_zero(const sk_expander *e, sk_value v) {
  return sk_expand_compare(e, SK_CMP_EQ, v, constant(e, v, 0));
}

// a - x y
static sk_value sub_product(const sk_expander *e, sk_value a, sk_value x, sk_value y) {
  return sk_expand_2(e, SK_OP_SUBTRACT, a, sk_expand_2(e, SK_OP_MULTIPLY, x, y));
}

// ---- lu

// Pivots: the row that step k chose, from 0; rows: those of the matrix in the order chosen; info: 1 + the first column without a pivot.
enum { LU_A, LU_PIVOTS, LU_INFO, LU_ROWS, LU_STATE };

// Elements `first` (of the batch) and k of the vectors change places.
static sk_value swap_elements(const sk_expander *e, const factor *f, sk_value v, sk_value of,
                              sk_value first, sk_value k) {
  const sk_value at_k = pick(e, f, v, of, k, 0), at_first = pick(e, f, v, of, first, 0);
  const sk_value half =
      sk_expand_select(e, where(e, f, of, SK_CMP_EQ, first), spread(e, f, at_k, v, 0), v);
  return sk_expand_select(e, where(e, f, of, SK_CMP_EQ, k), spread(e, f, at_first, v, 0), half);
}

// A call that stays one (loop/lower_linalg.c).
static void lu_of_few(const sk_expander *e, const sk_target_call *call, sk_value a,
                      sk_value out[LU_STATE]) {
  const factor f = {.call = call, .batch_rank = call->batch_rank};
  const sk_type types[LU_STATE] = {
      sk_value_type(e->m, a), batch_type(e, &f, SK_S32, 1, &call->count),
      batch_type(e, &f, SK_S32, 0, NULL), batch_type(e, &f, SK_S32, 1, &call->rows)};
  const sk_named_attr target = {{SK_NAME_call_target_name},
                                sk_attr_string(e->m, sk_str_from("skarn_lu_steps"))};
  const sk_op_desc desc = {.kind = SK_OP_CUSTOM_CALL,
                           .loc = e->loc,
                           .operands = &a,
                           .operand_count = 1,
                           .result_types = types,
                           .result_count = LU_STATE,
                           .attrs = &target,
                           .attr_count = 1};
  const sk_op made = sk_rebuild_emit(e->r, e->into, &desc);
  for (uint32_t i = 0; i < LU_STATE; i++) {
    out[i] = sk_op_result(e->m, made, i);
  }
}

// Elements `numbers` of v along the dimension behind the batches; behind it one more, or none.
static sk_value take_rows(const sk_expander *e, uint32_t batch_rank, sk_value v, sk_value numbers) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, v);
  int64_t batches[SK_MAX_RANK], sizes[SK_MAX_RANK], dims[SK_MAX_RANK], offset = batch_rank + 1u;
  memcpy(dims, rec.dims, rec.rank * sizeof *dims);
  for (uint32_t d = 0; d < rec.rank; d++) {
    batches[d] = d;
    sizes[d] = d <= batch_rank ? 1 : rec.dims[d];
  }
  dims[batch_rank] = sk_value_type_rec(e->m, numbers)->dims[batch_rank];
  const int64_t row = batch_rank;
  const sk_gather_dims how = {.offset_dims = {&offset, rec.rank - batch_rank - 1u},
                              .collapsed_slice_dims = {&row, 1},
                              .operand_batching_dims = {batches, batch_rank},
                              .start_indices_batching_dims = {batches, batch_rank},
                              .start_index_map = {&row, 1},
                              .index_vector_dim = batch_rank + 1u};
  const sk_named_attr attrs[] = {
      {{SK_NAME_dimension_numbers},
       sk_attr_new(e->m, &(sk_attr_rec){.kind = SK_ATTR_GATHER_DIMS, .u.gather = &how})},
      {{SK_NAME_slice_sizes}, sk_attr_ints(e->m, sizes, rec.rank)},
      {{SK_NAME_indices_are_sorted}, sk_attr_bool(e->m, false)}};
  const sk_value operands[2] = {v, numbers};
  return sk_expand_emit(e, SK_OP_GATHER, sk_type_tensor(e->m, (sk_elem)rec.elem, rec.rank, dims),
                        operands, 2, attrs, SK_COUNT(attrs));
}

static sk_value part_of_vector(const sk_expander *e, sk_value v, int64_t start, int64_t end) {
  const sk_type_rec rec = *sk_value_type_rec(e->m, v);
  int64_t starts[SK_MAX_RANK] = {0}, limits[SK_MAX_RANK];
  memcpy(limits, rec.dims, rec.rank * sizeof *limits);
  starts[rec.rank - 1] = start;
  limits[rec.rank - 1] = end;
  return sk_expand_slice(e, v, starts, limits);
}

static sk_status lu_of(const sk_expander *e, const sk_target_call *call, sk_value a,
                       sk_value out[LU_STATE]);

// The left columns first; what they decide holds for the right ones, and the other way round.
//
//   [l11]       [u11 a12]  rows as chosen       u12 = solve(l11, a12)
//   [l21] lu    [    a22]                       lu of a22 - l21 u12
static sk_status lu_of_halves(const sk_expander *e, const sk_target_call *call, sk_value a,
                              sk_value out[LU_STATE]) {
  const int64_t m = call->rows, n = call->columns, half = call->count / 2;
  const uint32_t batch = call->batch_rank;
  sk_target_call part = *call;
  sk_value left[LU_STATE], rest[LU_STATE];
  part.columns = part.count = half;
  SK_TRY(lu_of(e, &part, sk_expand_block(e, a, 0, m, 0, half), left));
  const sk_value right = take_rows(e, batch, sk_expand_block(e, a, 0, m, half, n), left[LU_ROWS]);
  const sk_value top = sk_expand_block(e, left[LU_A], 0, half, 0, half);
  const sk_value below = sk_expand_block(e, left[LU_A], half, m, 0, half);
  const sk_value u12 =
      sk_expand_solve_unit_lower(e, top, sk_expand_block(e, right, 0, half, 0, n - half));
  const sk_value a22 =
      sk_expand_2(e, SK_OP_SUBTRACT, sk_expand_block(e, right, half, m, 0, n - half),
                  sk_expand_product(e, below, 1, u12, 0));
  part.rows = m - half;
  part.columns = n - half;
  part.count = call->count - half;
  SK_TRY(lu_of(e, &part, a22, rest));
  const sk_value l21 = take_rows(e, batch, below, rest[LU_ROWS]);
  const sk_value moved =
      take_rows(e, batch, part_of_vector(e, left[LU_ROWS], half, m), rest[LU_ROWS]);
  const sk_value pivots[2] = {left[LU_PIVOTS], plus(e, rest[LU_PIVOTS], half)};
  const sk_value rows[2] = {part_of_vector(e, left[LU_ROWS], 0, half), moved};
  const sk_value later =
      sk_expand_select(e, is_zero(e, rest[LU_INFO]), rest[LU_INFO], plus(e, rest[LU_INFO], half));
  out[LU_A] =
      sk_expand_stack(e, sk_expand_beside(e, top, u12), sk_expand_beside(e, l21, rest[LU_A]));
  out[LU_PIVOTS] = sk_expand_concatenate(e, pivots, 2, batch);
  out[LU_ROWS] = sk_expand_concatenate(e, rows, 2, batch);
  out[LU_INFO] = sk_expand_select(e, is_zero(e, left[LU_INFO]), later, left[LU_INFO]);
  return NULL;
}

static sk_status lu_of(const sk_expander *e, const sk_target_call *call, sk_value a,
                       sk_value out[LU_STATE]) {
  enum { FEW = 64 };  // columns: the library does them as fast as products go
  if (call->count > FEW) {
    return lu_of_halves(e, call, a, out);
  }
  lu_of_few(e, call, a, out);
  return NULL;
}

static sk_status expand_lu(const sk_expander *e, sk_op op, const sk_target_call *call,
                           sk_value *out) {
  sk_value state[LU_STATE];
  SK_TRY(lu_of(e, call, sk_expand_operand(e, op, 0), state));
  const bool permuted = call->target == SK_TARGET_LU_PERMUTED;
  out[0] = state[LU_A];
  out[1] = permuted ? state[LU_PIVOTS] : plus(e, state[LU_PIVOTS], 1);
  out[2] = state[permuted ? LU_ROWS : LU_INFO];
  return NULL;
}

// ---- pivots: every one swaps two elements of the permutation, unless it is out of range

static sk_status pivot_step(const sk_expander *e, sk_value i, sk_value *state, void *context) {
  const factor *f = context;
  const sk_value k = step_number(e, i);
  const sk_value pivots = f->fixed[0], count = numbers(e, f, 1, &f->call->count, 0);
  const sk_value pivot = pick(e, f, pivots, count, k, 0);
  const sk_value inside =
      both(e, sk_expand_compare(e, SK_CMP_GE, pivot, constant(e, pivot, 0)),
           sk_expand_compare(e, SK_CMP_LT, pivot, constant(e, pivot, f->call->rows)));
  const sk_value other = sk_expand_select(e, inside, pivot, everywhere(e, k, pivot));
  state[0] = swap_elements(e, f, state[0], f->fixed[1], other, k);
  return NULL;
}

static sk_status expand_pivots(const sk_expander *e, sk_op op, const sk_target_call *call,
                               sk_value *out) {
  factor f = {.call = call, .batch_rank = call->batch_rank};
  f.fixed[0] = sk_expand_operand(e, op, 0);
  f.fixed[1] = out[0] = numbers(e, &f, 1, &call->rows, 0);
  return sk_expand_loop(e, call->count, out, 1, pivot_step, &f);
}

// ---- qr

typedef struct reflector {
  sk_value beta, tau;  // [..]
  sk_value v;          // [.., m]: 0 above row k, 1 in it
} reflector;

// The reflector that makes column k of a (beta in row k, 0 below).
static reflector make_reflector(const sk_expander *e, const factor *f, sk_value column,
                                sk_value k) {
  const sk_value below = where(e, f, f->number_in_rows, SK_CMP_GT, k),
                 at_k = where(e, f, f->number_in_rows, SK_CMP_EQ, k);
  const sk_value alpha = pick(e, f, column, f->number_in_rows, k, 0), real = real_part(e, alpha);
  const sk_value rest = sum_along(e, f, keep(e, below, square_size(e, column)), 0);
  const sk_value size =
      sk_expand_1(e, SK_OP_SQRT, sk_expand_2(e, SK_OP_ADD, square_size(e, alpha), rest));
  const sk_value sign = sk_expand_compare(e, SK_CMP_GE, real, constant(e, real, 0));
  const sk_value beta = sk_expand_select(e, sign, sk_expand_1(e, SK_OP_NEGATE, size), size);
  sk_value nothing = is_zero(e, rest), tau = sk_expand_2(e, SK_OP_SUBTRACT, beta, real);
  tau = sk_expand_2(e, SK_OP_DIVIDE, tau, beta);
  if (sk_expand_is_complex(e, column)) {
    const sk_value imaginary = sk_expand_part(e, SK_OP_IMAG, alpha);
    nothing = both(e, nothing, is_zero(e, imaginary));
    tau = sk_expand_join(
        e, tau, sk_expand_2(e, SK_OP_DIVIDE, sk_expand_1(e, SK_OP_NEGATE, imaginary), beta));
  }
  const sk_value target =
      sk_expand_is_complex(e, column) ? sk_expand_join(e, beta, constant(e, beta, 0)) : beta;
  const sk_value scale = sk_expand_select(e, nothing, constant(e, alpha, 1),
                                          sk_expand_2(e, SK_OP_SUBTRACT, alpha, target));
  const sk_value scaled = sk_expand_2(e, SK_OP_DIVIDE, column, spread(e, f, scale, column, 0));
  return (reflector){.beta = sk_expand_select(e, nothing, alpha, target),
                     .tau = sk_expand_select(e, nothing, constant(e, tau, 0), tau),
                     .v =
                         sk_expand_select(e, below, scaled, keep(e, at_k, constant(e, column, 1)))};
}

// (I - tau v adjoint(v)) x in the columns of the mask
static sk_value reflect(const sk_expander *e, const factor *f, sk_value v, sk_value tau, sk_value x,
                        const sk_value *mask) {
  const sk_value product =
      sk_expand_2(e, SK_OP_MULTIPLY, spread(e, f, sk_expand_conjugate(e, v), x, 0), x);
  sk_value sums = sum_along(e, f, product, 0);
  sums = sk_expand_2(e, SK_OP_MULTIPLY, spread(e, f, tau, sums, 0), sums);
  sums = mask ? keep(e, *mask, sums) : sums;
  return sub_product(e, x, spread(e, f, v, x, 0), spread(e, f, sums, x, 1));
}

static sk_status qr_step(const sk_expander *e, sk_value i, sk_value *state, void *context) {
  const factor *f = context;
  const sk_value k = step_number(e, i), a = state[0];
  const sk_value column = pick(e, f, a, f->column_of, k, 1);
  const reflector r = make_reflector(e, f, column, k);
  const sk_value right = where(e, f, f->number_in_columns, SK_CMP_GT, k);
  const sk_value reflected = reflect(e, f, r.v, sk_expand_conjugate(e, r.tau), a, &right);
  const sk_value below = where(e, f, f->number_in_rows, SK_CMP_GT, k),
                 at_k = where(e, f, f->number_in_rows, SK_CMP_EQ, k);
  const sk_value stored = sk_expand_select(
      e, below, r.v, sk_expand_select(e, at_k, spread(e, f, r.beta, column, 0), column));
  const sk_value count = numbers(e, f, 1, &f->call->count, 0);
  state[0] = sk_expand_select(e, where(e, f, f->column_of, SK_CMP_EQ, k),
                              spread(e, f, stored, a, 0), reflected);
  state[1] = sk_expand_select(e, where(e, f, count, SK_CMP_EQ, k), spread(e, f, r.tau, count, 0),
                              state[1]);
  return NULL;
}

static sk_status expand_qr(const sk_expander *e, sk_op op, const sk_target_call *call,
                           sk_value *out) {
  factor f;
  begin(e, call, &f);
  out[0] = sk_expand_operand(e, op, 0);
  out[1] = sk_expand_number(e, batch_type(e, &f, (sk_elem)call->operand.elem, 1, &call->count), 0);
  return sk_expand_loop(e, call->count, out, 2, qr_step, &f);
}

// Reflectors from the last to the first, applied to the identity.
static sk_status householder_step(const sk_expander *e, sk_value i, sk_value *state,
                                  void *context) {
  const factor *f = context;
  const sk_value number = step_number(e, i);
  const sk_value k =
      sk_expand_2(e, SK_OP_SUBTRACT, constant(e, number, f->call->count - 1), number);
  const sk_value column = pick(e, f, f->vectors, f->column_of, k, 1);
  const sk_value below = where(e, f, f->number_in_rows, SK_CMP_GT, k),
                 at_k = where(e, f, f->number_in_rows, SK_CMP_EQ, k);
  const sk_value v = sk_expand_select(e, below, column, keep(e, at_k, constant(e, column, 1)));
  const sk_value tau = pick(e, f, f->taus, numbers(e, f, 1, &f->call->count, 0), k, 0);
  state[0] = reflect(e, f, v, tau, state[0], NULL);
  return NULL;
}

static sk_status expand_householder(const sk_expander *e, sk_op op, const sk_target_call *call,
                                    sk_value *out) {
  factor f;
  begin(e, call, &f);
  f.vectors = sk_expand_operand(e, op, 0);
  f.taus = sk_expand_operand(e, op, 1);
  const sk_value one = sk_expand_number(e, f.matrix, 1);
  out[0] = keep(e, sk_expand_compare(e, SK_CMP_EQ, f.row_of, f.column_of), one);
  return sk_expand_loop(e, call->count, out, 1, householder_step, &f);
}

// ---- tridiagonal systems; elimination exchanges neighbouring rows where that makes a larger pivot

enum { TRI_DL, TRI_D, TRI_DU, TRI_X, TRI_INFO, TRI_STATE };

static sk_value get_element(const sk_expander *e, const factor *f, sk_value v, sk_value k) {
  return pick(e, f, v, f->number_in_rows, k, 0);
}

static sk_value set_element(const sk_expander *e, const factor *f, sk_value v, sk_value k,
                            sk_value x) {
  return sk_expand_select(e, where(e, f, f->number_in_rows, SK_CMP_EQ, k), spread(e, f, x, v, 0),
                          v);
}

static sk_value get_row(const sk_expander *e, const factor *f, sk_value x, sk_value k) {
  return pick(e, f, x, f->row_of, k, 0);
}

static sk_value set_row(const sk_expander *e, const factor *f, sk_value x, sk_value k,
                        sk_value row) {
  return sk_expand_select(e, where(e, f, f->row_of, SK_CMP_EQ, k), spread(e, f, row, x, 1), x);
}

static sk_status tridiagonal_step(const sk_expander *e, sk_value i, sk_value *state,
                                  void *context) {
  const factor *f = context;
  const sk_value k = step_number(e, i), next = plus(e, k, 1);
  const sk_value low = get_element(e, f, state[TRI_DL], next),
                 d = get_element(e, f, state[TRI_D], k), d1 = get_element(e, f, state[TRI_D], next),
                 u = get_element(e, f, state[TRI_DU], k),
                 u1 = get_element(e, f, state[TRI_DU], next);
  const sk_value x = get_row(e, f, state[TRI_X], k), x1 = get_row(e, f, state[TRI_X], next);
  const sk_value swaps = sk_expand_compare(e, SK_CMP_LT, pivot_size(e, d), pivot_size(e, low));
  const sk_value pivot = sk_expand_select(e, swaps, low, d),
                 ratio = sk_expand_2(e, SK_OP_DIVIDE, sk_expand_select(e, swaps, d, low), pivot);
  const sk_value upper = sk_expand_select(e, swaps, d1, u),
                 other = sk_expand_select(e, swaps, u, d1);
  const sk_value swaps_x = spread(e, f, swaps, x, 0);
  const sk_value first = sk_expand_select(e, swaps_x, x1, x),
                 second = sk_expand_select(e, swaps_x, x, x1);
  // du[n - 1] is not of the matrix: the last step takes zero for it, and leaves it
  const sk_value inside =
      sk_expand_compare(e, SK_CMP_LT, next, constant(e, next, f->call->rows - 1));
  const sk_value fills = both(e, swaps, everywhere(e, inside, swaps));
  state[TRI_DL] = set_element(e, f, state[TRI_DL], k, keep(e, fills, u1));
  state[TRI_D] = set_element(e, f, state[TRI_D], k, pivot);
  state[TRI_D] = set_element(e, f, state[TRI_D], next, sub_product(e, other, ratio, upper));
  state[TRI_DU] = set_element(e, f, state[TRI_DU], k, upper);
  const sk_value filled = sub_product(e, constant(e, u1, 0), ratio, u1);
  state[TRI_DU] = set_element(e, f, state[TRI_DU], next, sk_expand_select(e, fills, filled, u1));
  state[TRI_X] = set_row(e, f, state[TRI_X], k, first);
  state[TRI_X] = set_row(e, f, state[TRI_X], next,
                         sub_product(e, second, spread(e, f, ratio, second, 0), first));
  const sk_value failed = both(e, is_zero(e, pivot), is_zero(e, state[TRI_INFO]));
  state[TRI_INFO] =
      sk_expand_select(e, failed, everywhere(e, next, state[TRI_INFO]), state[TRI_INFO]);
  return NULL;
}

// x = U^-1 x from the last row up; rows beyond it are zeros, as nothing is picked.
static sk_status back_step(const sk_expander *e, sk_value i, sk_value *state, void *context) {
  const factor *f = context;
  const sk_value number = step_number(e, i);
  const sk_value k = sk_expand_2(e, SK_OP_SUBTRACT, constant(e, number, f->call->rows - 1), number);
  sk_value x = get_row(e, f, state[0], k);
  const sk_value steps[2] = {f->fixed[TRI_DU], f->fixed[TRI_DL]};
  for (int64_t ahead = 1; ahead <= 2; ahead++) {
    const sk_value inside =
        sk_expand_compare(e, SK_CMP_LT, plus(e, k, ahead), constant(e, k, f->call->rows));
    const sk_value element = get_element(e, f, steps[ahead - 1], k);
    const sk_value coefficient = keep(e, everywhere(e, inside, element), element);
    x = sub_product(e, x, spread(e, f, coefficient, x, 0),
                    get_row(e, f, state[0], plus(e, k, ahead)));
  }
  const sk_value d = get_element(e, f, f->fixed[TRI_D], k);
  state[0] = set_row(e, f, state[0], k, sk_expand_2(e, SK_OP_DIVIDE, x, spread(e, f, d, x, 0)));
  return NULL;
}

static sk_status expand_tridiagonal(const sk_expander *e, sk_op op, const sk_target_call *call,
                                    sk_value *out) {
  factor f;
  sk_value state[TRI_STATE];
  begin(e, call, &f);
  for (uint32_t o = 0; o < 4; o++) {
    state[o] = sk_expand_operand(e, op, o);
  }
  state[TRI_INFO] = sk_expand_int(e, batch_type(e, &f, SK_S32, 0, NULL), 0);
  SK_TRY(sk_expand_loop(e, SK_MAX(call->rows - 1, 0), state, TRI_STATE, tridiagonal_step, &f));
  memcpy(f.fixed, state, sizeof f.fixed);
  const sk_value end = constant(e, state[TRI_INFO], call->rows);
  const sk_value last = get_element(e, &f, state[TRI_D], plus(e, end, -1));
  const sk_value failed = both(e, is_zero(e, last), is_zero(e, state[TRI_INFO]));
  SK_TRY(sk_expand_loop(e, call->rows, &state[TRI_X], 1, back_step, &f));
  if (sk_op_get(e->m, op)->result_count == 1) {
    out[0] = state[TRI_X];
    return NULL;
  }
  state[TRI_INFO] = sk_expand_select(e, failed, end, state[TRI_INFO]);
  memcpy(out, state, sizeof state);
  return NULL;
}

// ---- operations of StableHLO

// The other triangle is the operand's; info counts diagonal elements before the first NaN.
static sk_status expand_cholesky(const sk_expander *e, sk_op op, const sk_target_call *call,
                                 sk_value *out) {
  factor f;
  begin(e, call, &f);
  const sk_value a = sk_expand_operand(e, op, 0);
  const sk_named_attr attr = {{SK_NAME_lower}, sk_attr_bool(e->m, call->lower)};
  const sk_value l = sk_expand_emit(e, SK_OP_CHOLESKY, f.matrix, &a, 1, &attr, 1);
  const sk_value own =
      sk_expand_compare(e, call->lower ? SK_CMP_GE : SK_CMP_LE, f.row_of, f.column_of);
  const sk_value diagonal = sk_expand_compare(e, SK_CMP_EQ, f.row_of, f.column_of);
  const sk_value real = real_part(e, l);
  const sk_value good =
      sk_expand_convert(e, both(e, diagonal, sk_expand_compare(e, SK_CMP_EQ, real, real)), SK_S32);
  const sk_value count = sum_along(e, &f, sum_along(e, &f, good, 1), 0);
  const sk_value whole = sk_expand_compare(e, SK_CMP_EQ, count, constant(e, count, call->rows));
  out[0] = sk_expand_select(e, own, l, a);
  out[1] = sk_expand_select(e, whole, constant(e, count, 0), plus(e, count, 1));
  return NULL;
}

static sk_status expand_triangular(const sk_expander *e, sk_op op, const sk_target_call *call,
                                   sk_value *out) {
  const sk_value operands[2] = {sk_expand_operand(e, op, 0), sk_expand_operand(e, op, 1)};
  const sk_named_attr attrs[] = {
      {{SK_NAME_left_side}, sk_attr_bool(e->m, call->left_side)},
      {{SK_NAME_lower}, sk_attr_bool(e->m, call->lower)},
      {{SK_NAME_unit_diagonal}, sk_attr_bool(e->m, call->unit_diagonal)},
      {{SK_NAME_transpose_a}, sk_attr_enum(e->m, SK_ENUM_TRANSPOSE, call->transpose)}};
  out[0] = sk_expand_emit(e, SK_OP_TRIANGULAR_SOLVE, sk_value_type(e->m, operands[1]), operands, 2,
                          attrs, SK_COUNT(attrs));
  return NULL;
}

static sk_status expand_threefry(const sk_expander *e, sk_op op, sk_value *out) {
  sk_value keys[3] = {sk_expand_operand(e, op, 0), sk_expand_operand(e, op, 1)};
  const sk_value counter[2] = {sk_expand_operand(e, op, 2), sk_expand_operand(e, op, 3)};
  sk_expand_threefry_key(e, keys);
  sk_expand_threefry(e, keys, counter, out);
  return NULL;
}

// The comparator's body as the region of a sort.
static sk_status comparator_region(const sk_expander *e, sk_op function, sk_region *out) {
  const sk_region from = sk_func_body(e->m, function);
  const sk_type_rec *type = sk_func_type(e->m, function);
  sk_expander inside = *e;
  inside.into = *out = sk_region_new(e->m, type->inputs, type->input_count);
  for (uint32_t i = 0; i < type->input_count; i++) {
    sk_rebuild_set(e->r, sk_region_arg(e->m, from, i), sk_region_arg(e->m, *out, i));
  }
  SK_TRY(sk_rebuild_scope(e->r, from, *out));
  const sk_value result = sk_expand_operand(e, sk_region_get(e->m, from)->last, 0);
  sk_expand_end(&inside, &result, 1);
  return NULL;
}

// A sort, of which the first elements are kept. An approximation may be exact.
static sk_status expand_top_k(const sk_expander *e, sk_op op, const sk_target_call *call) {
  enum { MAX_ARRAYS = 16 };
  sk_module *m = e->m;
  const uint32_t count = sk_op_get(m, op)->result_count;
  static const int64_t starts[SK_MAX_RANK] = {0};
  sk_value operands[MAX_ARRAYS];
  sk_type types[MAX_ARRAYS];
  sk_region body;
  if (count > MAX_ARRAYS || call->tupled) {
    return sk_op_error(m, op, SK_UNIMPLEMENTED, "results in a tuple, or more than %d", MAX_ARRAYS);
  }
  for (uint32_t i = 0; i < count; i++) {
    operands[i] = sk_expand_operand(e, op, i);
    types[i] = sk_value_type(m, operands[i]);
  }
  SK_TRY(comparator_region(e, call->comparator, &body));
  const sk_named_attr attrs[] = {
      {{SK_NAME_dimension}, sk_attr_int(m, sk_type_scalar(m, SK_S64), call->dimension)},
      {{SK_NAME_is_stable}, sk_attr_bool(m, true)}};
  const sk_op_desc desc = {.kind = SK_OP_SORT,
                           .loc = e->loc,
                           .operands = operands,
                           .operand_count = count,
                           .result_types = types,
                           .result_count = count,
                           .attrs = attrs,
                           .attr_count = SK_COUNT(attrs),
                           .regions = &body,
                           .region_count = 1};
  const sk_op sort = sk_rebuild_emit(e->r, e->into, &desc);
  for (uint32_t i = 0; i < count; i++) {
    const sk_value result = sk_op_result(m, op, i);
    const sk_type_rec kept = *sk_value_type_rec(m, result);
    sk_rebuild_set(e->r, result, sk_expand_slice(e, sk_op_result(m, sort, i), starts, kept.dims));
  }
  return NULL;
}

// ---- which function

bool sk_expand_is_target(const sk_module *m, sk_op op) {
  sk_target_call call;
  sk_status status = sk_target_read(m, op, &call);
  sk_status_free(status);  // said again where the operation is met without its expansion
  return status == NULL && call.target != SK_TARGET_NONE && call.target != SK_TARGET_LU_STEPS &&
         sk_op_find_attr(m, op, SK_NAME_skarn_by_host).id == 0;
}

static sk_status expand_function(const sk_expander *e, sk_op op, const sk_target_call *call,
                                 sk_value *out) {
  switch (call->target) {
    case SK_TARGET_NONE:
    case SK_TARGET_LU_STEPS:
    case SK_TARGET_TOP_K: break;
    case SK_TARGET_CHOLESKY: return expand_cholesky(e, op, call, out);
    case SK_TARGET_TRIANGULAR_SOLVE: return expand_triangular(e, op, call, out);
    case SK_TARGET_TRIDIAGONAL_SOLVE: return expand_tridiagonal(e, op, call, out);
    case SK_TARGET_LU:
    case SK_TARGET_LU_PERMUTED: return expand_lu(e, op, call, out);
    case SK_TARGET_PIVOTS: return expand_pivots(e, op, call, out);
    case SK_TARGET_QR: return expand_qr(e, op, call, out);
    case SK_TARGET_HOUSEHOLDER: return expand_householder(e, op, call, out);
    case SK_TARGET_THREEFRY: return expand_threefry(e, op, out);
  }
  return NULL;
}

sk_status sk_expand_target(const sk_expander *e, sk_op op) {
  sk_target_call call;
  sk_value results[TRI_STATE];
  SK_TRY(sk_target_read(e->m, op, &call));
  if (call.target == SK_TARGET_TOP_K) {
    return expand_top_k(e, op, &call);
  }
  SK_TRY(expand_function(e, op, &call, results));
  const sk_value first = sk_op_result(e->m, op, 0);
  if (call.tupled) {
    const sk_type type = sk_value_type(e->m, first);
    sk_rebuild_set(e->r, first,
                   sk_expand_emit(e, SK_OP_TUPLE, type, results,
                                  sk_type_get(e->m, type)->input_count, NULL, 0));
    return NULL;
  }
  for (uint32_t i = 0; i < sk_op_get(e->m, op)->result_count; i++) {
    sk_rebuild_set(e->r, sk_op_result(e->m, op, i), results[i]);
  }
  return NULL;
}
