// SPDX-License-Identifier: Apache-2.0
// einsum and unary_einsum: "ab,bc->ac", one letter per dimension. Letters that the result lacks are
// summed over; a letter that an operand has twice is its diagonal.
//
// Letters are numbered: those of the result first, in its order, then the summed ones in order of
// appearance. Every operand is a list of strides by number. The verifier does not look into the
// text, so it is checked here.
#include "base/mem.h"
#include "interp/interp_int.h"

typedef struct einsum {
  sk_interp *s;
  sk_op op;
  char letters[SK_MAX_RANK];
  int64_t extents[SK_MAX_RANK];
  uint32_t count, kept;  // letters; those of the result
  uint32_t operands;
  int64_t strides[2][SK_MAX_RANK];
  sk_number *factors[2];  // owned
} einsum;

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static uint32_t find_letter(const einsum *e, char letter) {
  uint32_t i = 0;
  while (i < e->count && e->letters[i] != letter) {
    i++;
  }
  return i;
}

// The letters of an operand: sets or compares extents, and adds up its strides.
static bool add_operand(einsum *e, sk_str labels, uint32_t operand) {
  const sk_type_rec *type = sk_interp_operand(e->s, e->op, operand)->type;
  int64_t strides[SK_MAX_RANK];
  sk_strides_of(type, strides);
  bool good = labels.len == type->rank;
  for (uint32_t d = 0; d < type->rank && good; d++) {
    uint32_t i = find_letter(e, labels.data[d]);
    good = is_letter(labels.data[d]) && i < SK_MAX_RANK;
    if (good && i == e->count) {
      e->letters[e->count++] = labels.data[d];
    }
    good = good && (e->extents[i] < 0 || e->extents[i] == type->dims[d]);
    if (good) {
      e->extents[i] = type->dims[d];
      e->strides[operand][i] += strides[d];
    }
  }
  return good;
}

// Cuts off and returns what stands before `mark`, or everything.
static sk_str cut(sk_str *text, const char *mark) {
  size_t len = strlen(mark);
  const char *at = text->len ? memmem(text->data, text->len, mark, len) : NULL;
  sk_str before = {text->data, at ? (size_t)(at - text->data) : text->len};
  size_t used = before.len + (at ? len : 0);
  *text = (sk_str){text->data + used, text->len - used};
  return before;
}

static bool read_config(einsum *e, sk_str text) {
  sk_str operands = cut(&text, "->"), result = text;
  bool good = result.len <= SK_MAX_RANK;
  for (size_t i = 0; i < result.len && good; i++) {
    good = is_letter(result.data[i]) && find_letter(e, result.data[i]) == e->count;
    e->letters[e->count] = result.data[i];
    e->count += good;
  }
  e->kept = e->count;
  for (uint32_t i = 0; i < SK_MAX_RANK; i++) {
    e->extents[i] = -1;
  }
  for (uint32_t o = 0; o < e->operands && good; o++) {
    good = add_operand(e, cut(&operands, ","), o);
  }
  for (uint32_t i = 0; i < e->kept && good; i++) {
    good = e->extents[i] >= 0;  // the result's letters come from somewhere
  }
  return good && operands.len == 0;
}

// Offset of an operand's element for the coordinates of all letters.
static int64_t offset_of(const einsum *e, uint32_t operand, const int64_t *at) {
  int64_t offset = 0;
  for (uint32_t i = 0; i < e->count; i++) {
    offset += at[i] * e->strides[operand][i];
  }
  return offset;
}

// The sum and one more number, which is multiplied with nothing: infinity times (1, 0) has a NaN.
static void add_number(sk_elem to, sk_number *sum, sk_number x) {
  const sk_elem part = sk_elem_complex_part(to);
  const sk_number one = {1, 0, 1};
  if (sk_elem_is_complex(to)) {
    *sum = (sk_number){sk_round_to(part, sum->re + x.re), sk_round_to(part, sum->im + x.im), 0};
  } else {
    sk_accumulate(to, sum, x, one);
  }
}

// One element: `at` has the coordinates of the result's letters.
static sk_number sum_element(const einsum *e, sk_elem to, int64_t *at) {
  sk_number sum = {0, 0, 0};
  int64_t steps = 1;
  for (uint32_t i = e->kept; i < e->count; i++) {
    steps *= e->extents[i];
  }
  for (int64_t k = 0; k < steps; k++) {
    int64_t rest = k;
    for (uint32_t i = e->count; i-- > e->kept;) {
      at[i] = rest % e->extents[i];
      rest /= e->extents[i];
    }
    const sk_number x = e->factors[0][offset_of(e, 0, at)];
    if (e->operands == 2) {
      sk_accumulate(to, &sum, x, e->factors[1][offset_of(e, 1, at)]);
    } else {
      add_number(to, &sum, x);
    }
  }
  return sum;
}

static sk_status run_einsum(einsum *e) {
  int64_t at[SK_MAX_RANK];
  sk_tensor *t;
  sk_str text = sk_op_string(e->s->m, e->op, SK_NAME_einsum_config);
  SK_TRY(sk_interp_require(e->s, e->op, read_config(e, text),
                           "the operands are not of the shapes that the configuration says"));
  const sk_type_rec *type = sk_value_type_rec(e->s->m, sk_op_result(e->s->m, e->op, 0));
  SK_TRY(sk_interp_require(e->s, e->op, type->rank == e->kept, "the result has another rank"));
  SK_TRY(sk_interp_result(e->s, e->op, 0, e->extents, &t));
  for (uint32_t o = 0; o < e->operands; o++) {
    e->factors[o] = sk_tensor_factors(sk_interp_operand(e->s, e->op, o), (sk_elem)t->type->elem);
    if (!e->factors[o]) {
      return sk_status_no_memory();
    }
  }
  for (int64_t i = 0; i < t->count; i++) {
    sk_unravel(t->type, i, at);
    sk_tensor_set(t, i, sum_element(e, (sk_elem)t->type->elem, at));
  }
  return NULL;
}

static sk_status start_einsum(sk_interp *s, sk_op op, uint32_t operands) {
  einsum e = {.s = s, .op = op, .operands = operands};
  sk_status status = run_einsum(&e);
  sk_mem_free(e.factors[0]);
  sk_mem_free(e.factors[1]);
  return status;
}

sk_status sk_interp_EINSUM(sk_interp *s, sk_op op) { return start_einsum(s, op, 2); }
sk_status sk_interp_UNARY_EINSUM(sk_interp *s, sk_op op) { return start_einsum(s, op, 1); }
