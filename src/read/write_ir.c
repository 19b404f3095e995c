// SPDX-License-Identifier: Apache-2.0
// Operations and regions to atoms; the inverse of bytecode_ir.c, where the layout is drawn.
//
// In a portable artifact the operations of StableHLO and func are VHLO's and work on VHLO's types.
// Since 1.11.0 those of other dialects may stand among them with types of their own; between the
// two stand builtin.unrealized_conversion_cast:
//
//   vhlo value -> cast -> operand of another dialect's operation -> result -> cast -> vhlo value
//
// Every value therefore has one number, that of its VHLO side; casts of operands are made where
// they are needed.
#include "read/write_int.h"

enum {  // mask of an operation
  HAS_ATTRS = 1,
  HAS_RESULTS = 2,
  HAS_OPERANDS = 4,
  HAS_REGIONS = 16,
  HAS_PROPERTIES = 64,
};

typedef struct scope {
  uint32_t next;  // number of the next value
  uint32_t end;   // of the region, where nested ones begin
} scope;

static void write_region(sk_writer *w, sk_region region, bool native, scope *outer, bool isolated,
                         uint32_t depth);

// Moves what lies on the stack from `height` on to the operations.
static void flush(sk_writer *w, uint32_t height) {
  uint32_t count = w->stack.count - height;
  if (w->out_of_memory || !sk_vec_reserve(&w->arena, &w->ir, count)) {
    w->out_of_memory = true;
  } else if (count != 0) {
    memcpy(w->ir.data + w->ir.count, w->stack.data + height, count * sizeof(uint64_t));
    w->ir.count += count;
  }
  w->stack.count = SK_MIN(w->stack.count, height);
}

// ---- what dialect an operation is written in

static bool is_chlo(sk_opkind kind) {
  return kind >= SK_OP_CHLO_ACOS && kind <= SK_OP_CHLO_BROADCAST_SELECT;
}

static uint32_t name_of(sk_writer *w, sk_opkind kind, const sk_vhlo_op *row) {
  if (w->op_memo[kind] == 0) {
    const char *full = sk_opkind_name(kind);
    const char *dot = strchr(full, '.');
    uint32_t dialect = row != NULL ? sk_write_dialect_of(w, SK_DIALECT_VHLO)
                                   : sk_write_dialect(w, (sk_str){full, (size_t)(dot - full)});
    w->op_memo[kind] =
        1 + sk_write_op_name_index(w, dialect, row != NULL ? row->name : sk_str_from(dot + 1));
  }
  return w->op_memo[kind] - 1;
}

// The row of VHLO for an operation of the artifact; NULL: it stays in its own dialect.
static const sk_vhlo_op *row_of(sk_writer *w, sk_opkind kind) {
  enum { MIXED_SINCE = SK_VHLO_VERSION(1, 11) };
  const sk_vhlo_op *row = w->portable ? sk_write_vhlo_row(w, kind) : NULL;
  if (w->portable && row == NULL && kind != SK_OP_BUILTIN_MODULE && w->version < MIXED_SINCE) {
    sk_write_too_new(w, MIXED_SINCE, "an operation of another dialect");
  }
  return row;
}

// ---- casts

static void put_cast(sk_writer *w, sk_write_form from_form, sk_type type, uint32_t operand,
                     scope *s, uint32_t *out_number) {
  sk_write_form to = from_form == SK_FORM_VHLO ? SK_FORM_NATIVE : SK_FORM_VHLO;
  uint32_t loc = sk_write_loc(w, (sk_loc){0});
  uint32_t result = sk_write_type(w, to, type);
  sk_write_atom(w, SK_ATOM_OP_NAME, name_of(w, SK_OP_BUILTIN_UNREALIZED_CONVERSION_CAST, NULL));
  sk_write_atom(w, SK_ATOM_BYTE, HAS_RESULTS | HAS_OPERANDS);
  sk_write_attr_ref(w, loc, SK_REF_PLAIN);
  sk_write_number(w, 1);
  sk_write_type_ref(w, result, SK_REF_PLAIN);
  sk_write_number(w, 1);
  sk_write_number(w, operand);
  *out_number = s->next++;
}

// Numbers of the operands as the operation sees them, in the arena; casts go before it.
static uint32_t *operand_numbers(sk_writer *w, bool casts, scope *s) {
  const sk_op_rec *rec = sk_op_get(w->m, w->op);
  uint32_t *numbers = sk_write_alloc(w, ((size_t)rec->operand_count + 1) * sizeof *numbers);
  for (uint32_t i = 0; numbers != NULL && i < rec->operand_count; i++) {
    sk_value value = sk_op_operand(w->m, w->op, i);
    numbers[i] = w->value_numbers[value.id];
    if (casts) {
      put_cast(w, SK_FORM_VHLO, sk_value_type(w->m, value), numbers[i], s, &numbers[i]);
    }
  }
  return numbers;
}

// ---- regions

// How many values the region defines itself, casts included, and how many operations it has.
static void count_region(sk_writer *w, sk_region region, bool args_cast, uint32_t *out_values,
                         uint32_t *out_ops) {
  uint32_t args = sk_region_get(w->m, region)->arg_count;
  *out_values = args_cast ? 2 * args : args;
  *out_ops = args_cast ? args : 0;
  SK_FOR_EACH_OP(w->m, region, op) {
    const sk_op_rec *rec = sk_op_get(w->m, op);
    w->op = op;
    bool casts = w->portable && row_of(w, (sk_opkind)rec->kind) == NULL;
    uint32_t extra = casts ? rec->operand_count + rec->result_count : 0;
    *out_values += rec->result_count + extra;
    *out_ops += 1 + extra;
  }
}

// Types of the arguments, in the dialect of the operation they belong to.
static void put_arguments(sk_writer *w, sk_region region, sk_write_form form) {
  const sk_region_rec *rec = sk_region_get(w->m, region);
  sk_write_number(w, rec->arg_count);
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    sk_type type = sk_value_type(w->m, sk_region_arg(w->m, region, i));
    uint32_t entry = sk_write_type(w, form, type);
    if (w->container >= 4) {
      sk_write_type_ref(w, entry, SK_REF_FLAG_0);  // no location
    } else {
      uint32_t loc = sk_write_loc(w, (sk_loc){0});
      sk_write_type_ref(w, entry, SK_REF_PLAIN);
      sk_write_attr_ref(w, loc, SK_REF_PLAIN);
    }
  }
  if (w->container >= 3) {
    sk_write_atom(w, SK_ATOM_BYTE, 0);  // no orders of uses
  }
}

static void number_arguments(sk_writer *w, sk_region region, bool casts, scope *s) {
  uint32_t count = sk_region_get(w->m, region)->arg_count;
  uint32_t first = s->next;
  s->next += count;
  for (uint32_t i = 0; i < count; i++) {
    sk_value arg = sk_region_arg(w->m, region, i);
    w->value_numbers[arg.id] = first + i;
    if (casts) {
      put_cast(w, SK_FORM_NATIVE, sk_value_type(w->m, arg), first + i, s,
               &w->value_numbers[arg.id]);
    }
  }
}

// ---- operations

static void put_results(sk_writer *w, sk_write_form form) {
  const sk_op_rec *rec = sk_op_get(w->m, w->op);
  sk_write_number(w, rec->result_count);
  for (uint32_t i = 0; i < rec->result_count; i++) {
    uint32_t type = sk_write_type(w, form, sk_value_type(w->m, sk_op_result(w->m, w->op, i)));
    sk_write_type_ref(w, type, SK_REF_PLAIN);
  }
}

// Everything before the regions.
static void put_head(sk_writer *w, const sk_vhlo_op *row, sk_write_form form,
                     const uint32_t *operands) {
  const sk_op_rec *rec = sk_op_get(w->m, w->op);
  sk_write_op_attrs attrs =
      row != NULL ? sk_write_vhlo_attrs(w, row) : sk_write_native_attrs(w, form);
  uint32_t loc = sk_write_loc(w, rec->loc);
  unsigned mask = (attrs.dictionary != SK_WRITE_NO_ENTRY ? HAS_ATTRS : 0) |
                  (attrs.properties != SK_WRITE_NO_ENTRY ? HAS_PROPERTIES : 0) |
                  (rec->result_count != 0 ? HAS_RESULTS : 0) |
                  (rec->operand_count != 0 ? HAS_OPERANDS : 0) |
                  (rec->region_count != 0 ? HAS_REGIONS : 0);
  sk_write_atom(w, SK_ATOM_OP_NAME, name_of(w, (sk_opkind)rec->kind, row));
  sk_write_atom(w, SK_ATOM_BYTE, mask);
  sk_write_attr_ref(w, loc, SK_REF_PLAIN);
  if (attrs.dictionary != SK_WRITE_NO_ENTRY) {
    sk_write_attr_ref(w, attrs.dictionary, SK_REF_PLAIN);
  }
  if (attrs.properties != SK_WRITE_NO_ENTRY) {
    sk_write_number(w, attrs.properties);
  }
  if (rec->result_count != 0) {
    put_results(w, form);
  }
  if (rec->operand_count != 0) {
    sk_write_number(w, rec->operand_count);
  }
  for (uint32_t i = 0; operands != NULL && i < rec->operand_count; i++) {
    sk_write_number(w, operands[i]);
  }
}

static void number_results(sk_writer *w, uint32_t first) {
  const sk_op_rec *rec = sk_op_get(w->m, w->op);
  for (uint32_t i = 0; i < rec->result_count; i++) {
    w->value_numbers[sk_op_result(w->m, w->op, i).id] = first + i;
  }
}

static void cast_results(sk_writer *w, uint32_t first, scope *s) {
  const sk_op_rec *rec = sk_op_get(w->m, w->op);
  for (uint32_t i = 0; i < rec->result_count; i++) {
    sk_value result = sk_op_result(w->m, w->op, i);
    put_cast(w, SK_FORM_NATIVE, sk_value_type(w->m, result), first + i, s,
             &w->value_numbers[result.id]);
  }
}

static void write_regions(sk_writer *w, bool native, scope *s, uint32_t depth) {
  sk_op op = w->op;
  const sk_op_rec *rec = sk_op_get(w->m, op);
  bool isolated = sk_opkind_has((sk_opkind)rec->kind, SK_TRAIT_ISOLATED);
  uint32_t height = w->stack.count;
  sk_write_number(w, (uint64_t)rec->region_count << 1 | isolated);
  if (isolated && w->container >= 2) {
    sk_write_atom(w, SK_ATOM_BEGIN, 0);
  }
  flush(w, height);
  for (uint32_t i = 0; i < rec->region_count; i++) {
    write_region(w, sk_op_region(w->m, op, i), native, s, isolated, depth);
  }
  if (isolated && w->container >= 2) {
    sk_write_atom(w, SK_ATOM_END, 0);
    flush(w, height);
  }
  w->op = op;
}

static void write_op(sk_writer *w, sk_op op, scope *s, uint32_t depth) {
  const sk_op_rec *rec = sk_op_get(w->m, op);
  uint32_t height = w->stack.count;
  w->op = op;
  const sk_vhlo_op *row = row_of(w, (sk_opkind)rec->kind);
  bool casts = w->portable && row == NULL;
  sk_write_form form = row != NULL                     ? SK_FORM_VHLO
                       : is_chlo((sk_opkind)rec->kind) ? SK_FORM_CHLO
                                                       : SK_FORM_NATIVE;
  if (row != NULL) {
    sk_write_check_old(w, row);
  }
  const uint32_t *operands = operand_numbers(w, casts, s);
  uint32_t first = s->next;
  put_head(w, row, form, operands);
  flush(w, height);
  s->next += rec->result_count;
  if (rec->region_count != 0) {
    write_regions(w, row == NULL, s, depth);
  }
  number_results(w, first);
  if (casts) {
    cast_results(w, first, s);
    flush(w, height);
  }
}

static void write_region(sk_writer *w, sk_region region, bool native, scope *outer, bool isolated,
                         uint32_t depth) {
  bool is_module = region.id == sk_op_region(w->m, w->m->root, 0).id;
  bool casts = native && w->portable && !is_module;
  const sk_region_rec *rec = sk_region_get(w->m, region);
  uint32_t height = w->stack.count;
  uint32_t values;
  uint32_t ops;
  if (rec->first.id == 0 && rec->arg_count == 0 && !is_module) {
    sk_write_number(w, 0);  // no block: a declaration
    flush(w, height);
    return;
  }
  if (depth >= SK_MAX_NESTING) {
    sk_write_unsupported(w, "more than %d levels of regions", SK_MAX_NESTING);
    return;
  }
  count_region(w, region, casts, &values, &ops);
  scope s = {.next = isolated ? 0 : outer->end};
  s.end = s.next + values;
  sk_write_number(w, 1);
  sk_write_number(w, values);
  sk_write_number(w, (uint64_t)ops << 1 | (rec->arg_count != 0));
  if (rec->arg_count != 0) {
    put_arguments(w, region, native ? SK_FORM_NATIVE : SK_FORM_VHLO);
  }
  number_arguments(w, region, casts, &s);
  flush(w, height);
  SK_FOR_EACH_OP(w->m, region, op) {
    if (!sk_write_is_ok(w)) {
      return;
    }
    write_op(w, op, &s, depth + 1);
  }
}

void sk_write_ir(sk_writer *w) {
  scope none = {0, 0};
  uint32_t height = w->stack.count;
  sk_write_number(w, 1 << 1);  // a block of one operation without arguments
  w->op = w->m->root;
  put_head(w, NULL, SK_FORM_NATIVE, NULL);
  flush(w, height);
  write_regions(w, true, &none, 0);
}
