// SPDX-License-Identifier: Apache-2.0
// einsum and unary_einsum, "ab,bc->ac", one letter per dimension:
//
//   two operands    dot_general: letters of both are batch where the result has them, contracted where not. A letter
//                   that is summed over and that only one operand has is given to the other by a broadcast.
//   one operand     a sum over the letters that the result lacks
//
// then a transpose to the order of the result's letters. Of a letter that an operand has twice only the diagonal counts: what lies beside
// it is made zero and summed away. A configuration that does not fit the operands is refused, as the interpreter does.
#include "pass/expand_int.h"

// Letters of an operand, and the value whose dimensions they are.
typedef struct labelled {
  sk_value value;
  char letters[2 * SK_MAX_RANK];
  uint32_t count;
} labelled;

typedef struct einsum {
  sk_str operands[2], result;
  uint32_t operand_count;
} einsum;

static int find_letter(sk_str text, char letter) {
  for (size_t i = 0; i < text.len; i++) {
    if (text.data[i] == letter) {
      return (int)i;
    }
  }
  return -1;
}

static bool are_letters(sk_str text, bool distinct) {
  bool good = text.len <= SK_MAX_RANK;
  for (size_t i = 0; i < text.len && good; i++) {
    char c = text.data[i];
    good = ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) &&
           (!distinct || find_letter(text, c) == (int)i);
  }
  return good;
}

// Splits "ab,bc->ac"; false: not of that form.
static bool read_config(sk_str text, einsum *out) {
  size_t arrow = 0, comma = 0;
  while (arrow + 1 < text.len && !(text.data[arrow] == '-' && text.data[arrow + 1] == '>')) {
    arrow++;
  }
  if (arrow + 1 >= text.len) {
    return false;
  }
  while (comma < arrow && text.data[comma] != ',') {
    comma++;
  }
  out->operand_count = comma < arrow ? 2 : 1;
  out->operands[0] = (sk_str){text.data, comma};
  out->operands[1] =
      comma < arrow ? (sk_str){text.data + comma + 1, arrow - comma - 1} : (sk_str){NULL, 0};
  out->result = (sk_str){text.data + arrow + 2, text.len - arrow - 2};
  return are_letters(out->operands[0], false) && are_letters(out->operands[1], false) &&
         are_letters(out->result, true);
}

// The extent of a letter in an operand, the result or all of them; -1: it has none, or several.
static int64_t extent_in(const sk_type_rec *type, sk_str letters, char letter) {
  int64_t extent = -1;
  for (size_t d = 0; d < letters.len; d++) {
    if (letters.data[d] == letter && extent >= 0 && extent != type->dims[d]) {
      return -1;
    }
    extent = letters.data[d] == letter ? type->dims[d] : extent;
  }
  return extent;
}

// Every letter has one extent, and the result's come from somewhere.
static bool fits(const sk_module *m, sk_op op, const einsum *c) {
  const sk_type_rec *to = sk_value_type_rec(m, sk_op_result(m, op, 0)), *from[2] = {NULL, NULL};
  bool good = c->operand_count == sk_op_get(m, op)->operand_count && to->rank == c->result.len &&
              c->operands[0].len + c->operands[1].len <= SK_MAX_RANK;
  for (uint32_t i = 0; i < c->operand_count && good; i++) {
    from[i] = sk_value_type_rec(m, sk_op_operand(m, op, i));
    good = from[i]->rank == c->operands[i].len;
  }
  for (uint32_t i = 0; i < c->operand_count && good; i++) {
    for (uint32_t d = 0; good && d < from[i]->rank; d++) {
      char letter = c->operands[i].data[d];
      int64_t extent = extent_in(from[i], c->operands[i], letter);
      int64_t other = extent_in(from[1 - i], c->operands[1 - i], letter);
      int64_t wanted = extent_in(to, c->result, letter);
      good = extent >= 0 && (other == extent || find_letter(c->operands[1 - i], letter) < 0) &&
             (wanted == extent || find_letter(c->result, letter) < 0);
    }
  }
  for (size_t d = 0; d < c->result.len && good; d++) {
    good = find_letter(c->operands[0], c->result.data[d]) >= 0 ||
           find_letter(c->operands[1], c->result.data[d]) >= 0;
  }
  return good;
}

static sk_str letters_of(const labelled *l) { return (sk_str){l->letters, l->count}; }

// Dimension `second` of a letter that dimension `first` has too goes: zero beside the diagonal, and a sum.
static void take_diagonal(const sk_expander *e, labelled *l, uint32_t first, uint32_t second) {
  const sk_type type = sk_value_type(e->m, l->value);
  const sk_elem elem = (sk_elem)sk_type_get(e->m, type)->elem;
  const sk_type places = sk_expand_retyped(e, l->value, SK_S64);
  const sk_value on = sk_expand_compare(e, SK_CMP_EQ, sk_expand_iota(e, places, first),
                                        sk_expand_iota(e, places, second));
  const sk_value zero = sk_expand_number(e, type, 0),
                 kept = sk_expand_select(e, on, l->value, zero);
  const int64_t dim = second;
  l->value = sk_expand_fold(e, elem == SK_PRED ? SK_OP_OR : SK_OP_ADD, 0, kept, &dim, 1);
  l->count--;
  for (uint32_t d = second; d < l->count; d++) {
    l->letters[d] = l->letters[d + 1];
  }
}

// Narrow floats are summed in f32, and not all of them have a zero.
static sk_elem sum_elem(sk_elem elem) {
  return sk_elem_is_float(elem) && sk_elem_bits(elem) < 32 ? SK_F32 : elem;
}

static labelled label(const sk_expander *e, sk_op op, const einsum *c, uint32_t i) {
  labelled l = {.value = sk_expand_operand(e, op, i), .count = (uint32_t)c->operands[i].len};
  memcpy(l.letters, c->operands[i].data, c->operands[i].len);
  if (!are_letters(c->operands[i], true)) {
    l.value =
        sk_expand_convert(e, l.value, sum_elem((sk_elem)sk_value_type_rec(e->m, l.value)->elem));
  }
  for (uint32_t d = 1; d < l.count;) {
    int first = find_letter(letters_of(&l), l.letters[d]);
    if (first < (int)d) {
      take_diagonal(e, &l, (uint32_t)first, d);
    } else {
      d++;
    }
  }
  return l;
}

// Summed letters that only `other` has become first dimensions.
static void add_letters(const sk_expander *e, labelled *l, const labelled *other, sk_str result) {
  const sk_type_rec from = *sk_value_type_rec(e->m, l->value);
  const sk_type_rec *type = sk_value_type_rec(e->m, other->value);
  char letters[2 * SK_MAX_RANK];
  int64_t dims[2 * SK_MAX_RANK], places[SK_MAX_RANK];
  uint32_t added = 0;
  for (uint32_t d = 0; d < other->count; d++) {
    if (find_letter(letters_of(l), other->letters[d]) < 0 &&
        find_letter(result, other->letters[d]) < 0) {
      letters[added] = other->letters[d];
      dims[added++] = type->dims[d];
    }
  }
  if (added == 0) {
    return;
  }
  for (uint32_t d = 0; d < l->count; d++) {
    letters[added + d] = l->letters[d];
    dims[added + d] = from.dims[d];
    places[d] = added + d;
  }
  l->count += added;
  memcpy(l->letters, letters, l->count);
  const sk_type wide = sk_type_tensor(e->m, (sk_elem)from.elem, l->count, dims);
  l->value = sk_expand_broadcast(e, l->value, wide, places);
}

static labelled multiply(const sk_expander *e, const labelled *a, const labelled *b, sk_str result,
                         sk_elem elem) {
  int64_t lists[4][2 * SK_MAX_RANK], dims[2 * SK_MAX_RANK];
  uint32_t batch = 0, contracted = 0;
  const sk_type_rec x = *sk_value_type_rec(e->m, a->value), y = *sk_value_type_rec(e->m, b->value);
  labelled out = {.count = 0};
  for (uint32_t d = 0; d < a->count; d++) {
    int other = find_letter(letters_of(b), a->letters[d]);
    if (other >= 0 && find_letter(result, a->letters[d]) >= 0) {
      lists[0][batch] = d;
      lists[1][batch++] = other;
      dims[out.count] = x.dims[d];
      out.letters[out.count++] = a->letters[d];
    } else if (other >= 0) {
      lists[2][contracted] = d;
      lists[3][contracted++] = other;
    }
  }
  for (uint32_t side = 0; side < 2; side++) {
    const labelled *l = side == 0 ? a : b;
    for (uint32_t d = 0; d < l->count; d++) {
      if (find_letter(letters_of(side == 0 ? b : a), l->letters[d]) < 0) {
        dims[out.count] = side == 0 ? x.dims[d] : y.dims[d];
        out.letters[out.count++] = l->letters[d];
      }
    }
  }
  const sk_dot_dims dot = {.lhs_batching_dimensions = {lists[0], batch},
                           .rhs_batching_dimensions = {lists[1], batch},
                           .lhs_contracting_dimensions = {lists[2], contracted},
                           .rhs_contracting_dimensions = {lists[3], contracted}};
  const sk_named_attr attr = {
      {SK_NAME_dot_dimension_numbers},
      sk_attr_new(e->m, &(sk_attr_rec){.kind = SK_ATTR_DOT_DIMS, .u.dot = &dot})};
  const sk_value operands[2] = {a->value, b->value};
  out.value = sk_expand_emit(e, SK_OP_DOT_GENERAL, sk_type_tensor(e->m, elem, out.count, dims),
                             operands, 2, &attr, 1);
  return out;
}

static labelled sum_letters(const sk_expander *e, const labelled *a, sk_str result, sk_elem elem) {
  int64_t summed[2 * SK_MAX_RANK];
  uint32_t count = 0;
  labelled out = {.value = sk_expand_convert(e, a->value, sum_elem(elem))};
  for (uint32_t d = 0; d < a->count; d++) {
    if (find_letter(result, a->letters[d]) < 0) {
      summed[count++] = d;
    } else {
      out.letters[out.count++] = a->letters[d];
    }
  }
  if (count > 0) {
    out.value = elem == SK_PRED ? sk_expand_fold(e, SK_OP_OR, 0, out.value, summed, count)
                                : sk_expand_sum(e, out.value, summed, count);
  }
  out.value = sk_expand_convert(e, out.value, elem);
  return out;
}

sk_status sk_expand_einsum(const sk_expander *e, sk_op op) {
  sk_module *m = e->m;
  const sk_value old = sk_op_result(m, op, 0);
  const sk_elem elem = (sk_elem)sk_value_type_rec(m, old)->elem;
  einsum c;
  if (!read_config(sk_op_string(m, op, SK_NAME_einsum_config), &c) || !fits(m, op, &c)) {
    return sk_op_error(m, op, SK_INVALID_ARGUMENT,
                       "the operands are not of the shapes that the configuration says");
  }
  labelled a = label(e, op, &c, 0), out;
  if (c.operand_count == 2) {
    labelled b = label(e, op, &c, 1);
    const labelled as_given = a;
    add_letters(e, &a, &b, c.result);
    add_letters(e, &b, &as_given, c.result);
    out = multiply(e, &a, &b, c.result, elem);
  } else {
    out = sum_letters(e, &a, c.result, elem);
  }
  int64_t order[2 * SK_MAX_RANK];
  bool in_order = true;
  for (uint32_t d = 0; d < out.count; d++) {
    order[d] = find_letter(letters_of(&out), c.result.data[d]);
    in_order = in_order && order[d] == (int64_t)d;
  }
  const sk_named_attr attr = {{SK_NAME_permutation}, sk_attr_ints(m, order, out.count)};
  sk_rebuild_set(e->r, old,
                 in_order ? out.value
                          : sk_expand_emit(e, SK_OP_TRANSPOSE, sk_value_type(m, old), &out.value, 1,
                                           &attr, 1));
  return NULL;
}
