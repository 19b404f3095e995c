// SPDX-License-Identifier: Apache-2.0
// Decisions that passes and lowering share, as functions of the module alone.
#include "ir/plan.h"

// Concatenations of many pieces are statements, one copy per piece: in a kernel every element would choose among them. So are those of
// columns, whose pieces alternate along the lanes, and those of pieces that are concatenations themselves, whose choices
// multiply, and stacks whose pieces change every few elements. Short pieces are not worth a kernel each. Integers in columns are
// index vectors as a rule: gathers read them component by component, where nothing is left to choose.
enum { MANY_PIECES = SK_CONCATENATE_PIECES, PIECE_ELEMS = 64, COLUMNS = 16, VIEWS = 4 };
enum { STACK_RUN = 64, STACK_PIECE = 1024 };

bool sk_concatenate_is_of_columns(const sk_module *m, sk_type type, int64_t along) {
  const sk_type_rec *rec = sk_type_get(m, type);
  for (uint32_t d = (uint32_t)along + 1; d < rec->rank; d++) {
    if (rec->dims[d] != 1) {
      return false;
    }
  }
  return rec->dims[along] <= COLUMNS;
}

// Looks through views of one operand.
static bool leads_to_concatenate(const sk_module *m, sk_value v) {
  for (int i = 0; i < VIEWS; i++) {
    sk_op op = sk_value_get(m, v)->op;
    if (op.id == 0) {
      return false;
    }
    sk_opkind kind = sk_op_kind(m, op);
    if (kind == SK_OP_CONCATENATE) {
      return true;
    }
    bool view = sk_opkind_info(kind)->op_class == SK_OPCLASS_VIEW;
    if (!view || sk_op_get(m, op)->operand_count == 0) {
      return false;
    }
    v = sk_op_operand(m, op, 0);
  }
  return false;
}

// Pieces of extent 1 along the dimension, with runs of a few elements between them.
static bool is_stack_of_runs(const sk_module *m, sk_op op, int64_t elems) {
  const sk_type_rec *type = sk_value_type_rec(m, sk_op_result(m, op, 0));
  int64_t along = sk_op_int(m, op, SK_NAME_dimension, 0), run = 1, pieces = type->dims[along];
  for (uint32_t d = (uint32_t)along + 1; d < type->rank && run <= STACK_RUN; d++) {
    run *= type->dims[d];
  }
  return pieces == (int64_t)sk_op_get(m, op)->operand_count && run <= STACK_RUN &&
         elems / pieces >= STACK_PIECE;
}

static bool is_integer(const sk_module *m, sk_op op) {
  sk_elem elem = (sk_elem)sk_value_type_rec(m, sk_op_result(m, op, 0))->elem;
  return sk_elem_get_class(elem) == SK_CLASS_SINT || sk_elem_get_class(elem) == SK_CLASS_UINT;
}

bool sk_concatenate_is_statement(const sk_module *m, sk_op op) {
  uint32_t pieces = sk_op_get(m, op)->operand_count;
  sk_type type = sk_value_type(m, sk_op_result(m, op, 0));
  int64_t elems = 0;
  if (pieces < 2 || !sk_type_elem_count(m, type, &elems) || elems / pieces < PIECE_ELEMS) {
    return false;
  }
  bool nested = false;
  for (uint32_t i = 0; i < pieces && pieces <= MANY_PIECES; i++) {
    nested |= leads_to_concatenate(m, sk_op_operand(m, op, i));
  }
  int64_t along = sk_op_int(m, op, SK_NAME_dimension, 0);
  bool columns = sk_concatenate_is_of_columns(m, type, along);
  return pieces > MANY_PIECES || nested ||
         (columns ? !is_integer(m, op) : is_stack_of_runs(m, op, elems));
}
