// SPDX-License-Identifier: Apache-2.0
// Initial values that nobody sees: an array carried by a counted loop that overwrites all of it, one
// index of its first dimension per trip, before anything reads it.
//
//   i = 0; c = zeros(50, 32, 64)
//   while (i < 50) { ...; c[i] = s; i = i + 1 }        or c[49 - i] = s
//
// This is how scans start their stacked outputs. Such an array need not be filled before the loop.
#include "loop/lower_int.h"

enum { MAX_DEPTH = 8 };

static sk_op def_of(const sk_lowering *l, sk_value v) { return sk_value_get(l->m, v)->op; }

static bool is_constant_int(const sk_lowering *l, sk_value v, int64_t *out) {
  sk_op op = def_of(l, v);
  sk_elem elem = (sk_elem)sk_value_type_rec(l->m, v)->elem;
  sk_elem_class kind = sk_elem_get_class(elem);
  bool may = op.id != 0 && sk_op_kind(l->m, op) == SK_OP_CONSTANT &&
             sk_value_type_rec(l->m, v)->rank == 0 &&
             (kind == SK_CLASS_SINT || kind == SK_CLASS_UINT) && sk_elem_bits(elem) >= 32;
  if (!may) {
    return false;
  }
  const void *data = sk_attr_get(l->m, sk_op_find_attr(l->m, op, SK_NAME_value))->u.dense.data;
  if (sk_elem_bits(elem) == 32) {
    int32_t narrow;
    memcpy(&narrow, data, sizeof narrow);
    *out = narrow;
  } else {
    memcpy(out, data, sizeof *out);
  }
  return *out >= INT32_MIN && *out <= INT32_MAX;
}

// offset + scale * counter. Offsets stay small, so that nothing wraps while the counter does not.
typedef struct linear {
  int64_t offset, scale;
} linear;

static bool is_linear(const sk_lowering *l, sk_value v, sk_value counter, uint32_t depth,
                      linear *out) {
  *out = (linear){0, 1};
  if (v.id == counter.id) {
    return true;
  }
  out->scale = 0;
  if (is_constant_int(l, v, &out->offset)) {
    return true;
  }
  sk_op op = def_of(l, v);
  if (op.id == 0 || depth == MAX_DEPTH) {
    return false;
  }
  sk_opkind kind = sk_op_kind(l->m, op);
  linear x, y;
  if ((kind != SK_OP_ADD && kind != SK_OP_SUBTRACT) ||
      !is_linear(l, sk_op_operand(l->m, op, 0), counter, depth + 1, &x) ||
      !is_linear(l, sk_op_operand(l->m, op, 1), counter, depth + 1, &y)) {
    return false;
  }
  int64_t sign = kind == SK_OP_ADD ? 1 : -1;
  *out = (linear){x.offset + sign * y.offset, x.scale + sign * y.scale};
  return out->offset >= INT32_MIN && out->offset <= INT32_MAX;
}

bool sk_lower_is_linear(const sk_lowering *l, sk_value v, sk_value counter, int64_t *out_offset,
                        int64_t *out_scale) {
  linear at;
  bool is = is_linear(l, v, counter, 0, &at);
  *out_offset = at.offset;
  *out_scale = at.scale;
  return is;
}

bool sk_lower_find_counter(const sk_lowering *l, sk_op loop, sk_value *out_arg,
                           int64_t *out_trips) {
  const sk_module *m = l->m;
  sk_region cond = sk_op_region(m, loop, 0), body = sk_op_region(m, loop, 1);
  sk_op test = def_of(l, sk_op_operand(m, sk_region_get(m, cond)->last, 0));
  if (test.id == 0 || sk_op_kind(m, test) != SK_OP_COMPARE ||
      sk_op_int(m, test, SK_NAME_comparison_direction, 0) != SK_CMP_LT) {
    return false;
  }
  const sk_value_rec *tested = sk_value_get(m, sk_op_operand(m, test, 0));
  int64_t start;
  if (tested->op.id != 0 || tested->region.id != cond.id ||
      !is_constant_int(l, sk_op_operand(m, test, 1), out_trips) ||
      !is_constant_int(l, sk_op_operand(m, loop, tested->index), &start) || start != 0) {
    return false;
  }
  *out_arg = sk_region_arg(m, body, tested->index);
  linear next;
  sk_value following = sk_op_operand(m, sk_region_get(m, body)->last, tested->index);
  return is_linear(l, following, *out_arg, 0, &next) && next.offset == 1 && next.scale == 1;
}

// Does the update write row `counter` (or the rows from the last to the first) of an array of `trips` rows?
static bool covers_rows(const sk_lowering *l, sk_op update, sk_value counter, int64_t trips) {
  const sk_type_rec *whole = sk_value_type_rec(l->m, sk_op_operand(l->m, update, 0));
  const sk_type_rec *part = sk_value_type_rec(l->m, sk_op_operand(l->m, update, 1));
  linear row;
  bool covers =
      whole->rank > 0 && whole->dims[0] == trips && part->dims[0] == 1 &&
      is_linear(l, sk_op_operand(l->m, update, 2), counter, 0, &row) &&
      ((row.offset == 0 && row.scale == 1) || (row.offset == trips - 1 && row.scale == -1));
  for (uint32_t d = 1; d < whole->rank && covers; d++) {
    covers = part->dims[d] == whole->dims[d];
  }
  return covers;
}

bool sk_lower_is_overwritten(const sk_lowering *l, sk_op loop, uint32_t carry) {
  const sk_module *m = l->m;
  sk_region body = sk_op_region(m, loop, 1);
  sk_value arg = sk_region_arg(m, body, carry);
  sk_value next = sk_op_operand(m, sk_region_get(m, body)->last, carry), counter;
  sk_op update = def_of(l, next);
  int64_t trips;
  bool only = update.id != 0 && sk_op_kind(m, update) == SK_OP_DYNAMIC_UPDATE_SLICE &&
              sk_op_get(m, update)->parent.id == body.id &&
              sk_op_operand(m, update, 0).id == arg.id && l->uses[arg.id] == 1 &&
              l->uses[next.id] == 1 &&
              l->uses[sk_region_arg(m, sk_op_region(m, loop, 0), carry).id] == 0;
  return only && sk_lower_find_counter(l, loop, &counter, &trips) &&
         covers_rows(l, update, counter, trips);
}
