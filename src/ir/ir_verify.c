// SPDX-License-Identifier: Apache-2.0
// Whether a module obeys the rules: structure here, the constraints of each op through the rules
// (rule_int.h).
//
// One walk in program order. A value may be used after its definition in the same region or in
// regions nested later, and not across an isolated op (func.func): `scope_of[value]` holds the
// number of the isolated op that is being walked while the value is visible, 0 otherwise. Regions
// nest at most SK_IR_MAX_DEPTH deep, so recursion is bounded. Time is linear in the size of the
// module.
#include "base/mem.h"
#include "ir/rule_int.h"

enum { MAX_REPORTS = 1000 };  // further errors are only counted

typedef struct verifier {
  sk_module *m;
  const sk_diag_sink *sink;  // may be NULL
  sk_status first;           // owned until returned
  uint32_t reports;
  uint32_t *scope_of;  // by value id; heap
  uint32_t scope, scopes;
  uint32_t *name_stamp;  // by symbol id: last op seen with an attribute of that name; heap
} verifier;

static void report(verifier *v, sk_status status) {
  if (v->sink == NULL) {
    if (v->first == NULL) {
      v->first = status;
    } else {
      sk_status_free(status);
    }
    return;
  }
  if (v->first == NULL) {
    v->first = sk_status_new_at(sk_status_code(status), sk_status_pos(status), "%s",
                                sk_status_message(status));
  }
  if (v->reports++ < MAX_REPORTS) {
    v->sink->report(v->sink->user, status);
  } else {
    sk_status_free(status);
  }
}

#define CHECK(v, condition, op, ...)                                                               \
  do {                                                                                             \
    if (SK_UNLIKELY(!(condition))) {                                                               \
      report((v), sk_op_error((v)->m, (op), SK_INVALID_ARGUMENT, __VA_ARGS__));                    \
      return false;                                                                                \
    }                                                                                              \
  } while (0)

// ----------------------------------------------------------------------------------- one operation

static bool check_operands(verifier *v, sk_op op) {
  const sk_op_rec *rec = sk_op_get(v->m, op);
  for (uint32_t i = 0; i < rec->operand_count; i++) {
    uint32_t value = sk_op_operand(v->m, op, i).id;
    CHECK(v, value != 0 && value < v->m->values.count, op, "operand %u is not a value", i);
    CHECK(v, v->scope_of[value] == v->scope, op,
          "operand %u is used before or outside the region of its definition", i);
  }
  return true;
}

static bool check_attr_names(verifier *v, sk_op op) {
  const sk_op_rec *rec = sk_op_get(v->m, op);
  for (uint32_t i = 0; i < rec->attr_count; i++) {
    sk_named_attr item = v->m->attr_pool.data[rec->attrs + i];
    CHECK(v, item.attr.id != 0, op, "attribute '%s' has no value",
          sk_sym_cstr(&v->m->strings, item.name));
    CHECK(v, v->name_stamp[item.name.id] != op.id, op, "attribute '%s' is there twice",
          sk_sym_cstr(&v->m->strings, item.name));
    v->name_stamp[item.name.id] = op.id;
  }
  return true;
}

static bool check_symbol(verifier *v, sk_op op) {
  const sk_op_rec *rec = sk_op_get(v->m, op);
  if (rec->kind != SK_OP_FUNC_FUNC || rec->parent.id != sk_op_region(v->m, v->m->root, 0).id) {
    return true;
  }
  sk_str name = sk_func_name(v->m, op);
  CHECK(v, name.len != 0, op, "a function without a name");
  CHECK(v, sk_module_find_func(v->m, name).id == op.id, op, "a function @%.*s was defined before",
        (int)SK_MIN(name.len, (size_t)200), name.data);
  return true;
}

// Calls inside nested modules name functions there, which are not looked up.
static bool in_root_module(const sk_module *m, sk_op op) {
  for (uint32_t depth = 0; depth <= SK_IR_MAX_DEPTH && op.id != 0; depth++) {
    if (sk_op_kind(m, op) == SK_OP_BUILTIN_MODULE) {
      return op.id == m->root.id;
    }
    op = sk_region_get(m, sk_op_get(m, op)->parent)->parent;
  }
  return false;
}

// The constraint that the written type breaks: that on the shape if the shapes differ.
static const char *result_label(const sk_module *m, sk_opkind kind, sk_type inferred,
                                sk_type written) {
  const sk_type_rec *a = sk_type_get(m, inferred), *b = sk_type_get(m, written);
  bool shape = sk_is_tensor(a) && sk_is_tensor(b) && !sk_shape_match(a, b);
  return sk_ir_result_label(kind, shape ? SK_RESULT_SHAPE : SK_RESULT_ELEM);
}

static void report_result(verifier *v, sk_op op, uint32_t i, sk_type inferred) {
  sk_type written = sk_value_type(v->m, sk_op_result(v->m, op, i));
  const char *label = result_label(v->m, sk_op_kind(v->m, op), inferred, written);
  sk_text text;
  sk_text_init(&text);
  sk_type_print(v->m, inferred, &text);
  report(v,
         sk_op_error(v->m, op, SK_INVALID_ARGUMENT, "result %u must be compatible with %.*s%s%s%s",
                     i, (int)SK_MIN(text.len, (size_t)400), text.data ? text.data : "",
                     label ? " (" : "", label ? label : "", label ? ")" : ""));
  sk_text_fini(&text);
}

static bool compare_results(verifier *v, sk_op op, const sk_rule *rule) {
  const sk_op_rec *rec = sk_op_get(v->m, op);
  if (SK_UNLIKELY(rule->count != rec->result_count)) {
    const char *label = sk_ir_result_label((sk_opkind)rec->kind, SK_RESULT_COUNT);
    report(v, sk_op_error(v->m, op, SK_INVALID_ARGUMENT, "has %u results, expected %u%s%s%s",
                          rec->result_count, rule->count, label ? " (" : "", label ? label : "",
                          label ? ")" : ""));
    return false;
  }
  for (uint32_t i = 0; i < rule->count; i++) {
    sk_type written = sk_value_type(v->m, sk_op_result(v->m, op, i));
    if (SK_UNLIKELY(written.id != rule->out[i].id &&
                    !sk_type_baseline(v->m, rule->out[i], written))) {
      report_result(v, op, i, rule->out[i]);
      return false;
    }
  }
  return true;
}

enum { SMALL_ROOM = 16 };  // types that need no heap

// The description of an op as it stands, and room for the types of its results, written and
// inferred.
typedef struct described {
  sk_op_desc desc;
  sk_rule rule;
  sk_type small[SMALL_ROOM], *types;
} described;

static bool names_symbols(const verifier *v, sk_op op) {
  sk_opkind kind = sk_op_kind(v->m, op);
  return kind == SK_OP_FUNC_CALL || kind == SK_OP_COMPOSITE ||
         kind == SK_OP_INTERPRETER_RUN_PARALLEL ||
         sk_opkind_info(kind)->op_class == SK_OPCLASS_COLLECTIVE;
}

static bool describe(verifier *v, sk_op op, described *d) {
  const sk_op_rec *rec = sk_op_get(v->m, op);
  uint32_t room = 2 * (SK_MAX(rec->operand_count, rec->result_count) + 8);
  d->types = d->small;
  if (room > SMALL_ROOM && (d->types = sk_mem_alloc((size_t)room * sizeof *d->types)) == NULL) {
    report(v, sk_status_no_memory());
    return false;
  }
  for (uint32_t i = 0; i < rec->result_count; i++) {
    d->types[i] = sk_value_type(v->m, sk_op_result(v->m, op, i));
  }
  d->desc = (sk_op_desc){
      .kind = (sk_opkind)rec->kind,
      .loc = rec->loc,
      .operands = v->m->operand_pool.data + rec->operands,
      .operand_count = rec->operand_count,
      .result_types = d->types,
      .result_count = rec->result_count,
      .attrs = v->m->attr_pool.data + rec->attrs,
      .attr_count = rec->attr_count,
      .regions = v->m->region_pool.data + rec->regions,
      .region_count = rec->region_count,
  };
  d->rule =
      (sk_rule){.m = v->m, .desc = &d->desc, .out = d->types + room / 2, .cap = room - room / 2};
  d->rule.complete = names_symbols(v, op) && in_root_module(v->m, op);
  return true;
}

static bool run_on(verifier *v, sk_op op, bool outside, bool inside) {
  described d;
  if (!describe(v, op, &d)) {
    return false;
  }
  sk_status status = outside ? sk_ir_check_outside(&d.rule) : NULL;
  if (status == NULL && inside) {
    status = sk_ir_run_rule(&d.rule);
  }
  bool ok = status == NULL;
  if (!ok) {
    report(v, status);
  } else if (inside) {
    ok = compare_results(v, op, &d.rule);
  }
  if (d.types != d.small) {
    sk_mem_free(d.types);
  }
  return ok;
}

// ----------------------------------------------------------------------------------------- regions

static void show(verifier *v, uint32_t first_value, uint32_t count, uint32_t scope) {
  for (uint32_t i = 0; i < count; i++) {
    v->scope_of[first_value + i] = scope;
  }
}

static bool check_shape_of_region(verifier *v, sk_op owner, sk_region region) {
  const sk_region_rec *rec = sk_region_get(v->m, region);
  sk_opkind kind = sk_op_kind(v->m, owner);
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    CHECK(v, v->m->values.data[rec->args + i].type.id != 0, owner,
          "argument %u of a region has no type", i);
  }
  bool declaration = kind == SK_OP_FUNC_FUNC && rec->first.id == 0 && rec->arg_count == 0;
  if (kind == SK_OP_BUILTIN_MODULE || declaration) {
    return true;
  }
  CHECK(v, rec->last.id != 0 && sk_opkind_has(sk_op_kind(v->m, rec->last), SK_TRAIT_TERMINATOR),
        owner, "a region does not end in a return");
  return true;
}

static void verify_op(verifier *v, sk_op op, uint32_t depth);

static void verify_region(verifier *v, sk_op owner, sk_region region, uint32_t depth) {
  const sk_region_rec *rec = sk_region_get(v->m, region);
  uint32_t args = rec->args, arg_count = rec->arg_count;
  if (!check_shape_of_region(v, owner, region)) {
    return;
  }
  show(v, args, arg_count, v->scope);
  SK_FOR_EACH_OP(v->m, region, op) {
    verify_op(v, op, depth);
    const sk_op_rec *o = sk_op_get(v->m, op);
    show(v, o->results, o->result_count, v->scope);
  }
  SK_FOR_EACH_OP(v->m, region, op) {
    const sk_op_rec *o = sk_op_get(v->m, op);
    show(v, o->results, o->result_count, 0);
  }
  show(v, args, arg_count, 0);
}

static bool check_op(verifier *v, sk_op op) {
  const sk_op_rec *rec = sk_op_get(v->m, op);
  for (uint32_t i = 0; i < rec->result_count; i++) {
    CHECK(v, sk_value_type(v->m, sk_op_result(v->m, op, i)).id != 0, op, "result %u has no type",
          i);
  }
  CHECK(v, rec->next.id == 0 || !sk_opkind_has((sk_opkind)rec->kind, SK_TRAIT_TERMINATOR), op,
        "a return must be the last operation of its region");
  return check_operands(v, op) && check_attr_names(v, op) && check_symbol(v, op);
}

// Structure and what needs no look inside first, then the regions, then the constraints that look
// into them.
static void verify_op(verifier *v, sk_op op, uint32_t depth) {
  const sk_op_rec *rec = sk_op_get(v->m, op);
  uint32_t reports = v->reports;
  sk_status first = v->first;
  if (!check_op(v, op)) {
    return;
  }
  if (depth > SK_IR_MAX_DEPTH) {
    report(v, sk_op_error(v->m, op, SK_RESOURCE_EXHAUSTED, "regions nest deeper than %d",
                          SK_IR_MAX_DEPTH));
    return;
  }
  uint32_t outer = v->scope, region_count = rec->region_count;
  if (region_count == 0) {
    run_on(v, op, true, true);
    return;
  }
  if (!run_on(v, op, true, false)) {
    return;
  }
  if (sk_opkind_has((sk_opkind)rec->kind, SK_TRAIT_ISOLATED)) {
    v->scope = ++v->scopes;
  }
  for (uint32_t i = 0; i < region_count; i++) {
    verify_region(v, op, sk_op_region(v->m, op, i), depth + 1);
  }
  v->scope = outer;
  bool clean_inside = v->sink ? v->reports == reports : v->first == first;
  if (clean_inside) {
    run_on(v, op, false, true);
  }
}

sk_status sk_module_verify(sk_module *m, const sk_diag_sink *sink) {
  verifier v = {.m = m, .sink = sink};
  v.scope_of = sk_mem_zalloc(((size_t)m->values.count + 1) * sizeof *v.scope_of);
  v.name_stamp = sk_mem_zalloc(((size_t)m->strings.count + 1) * sizeof *v.name_stamp);
  if (v.scope_of == NULL || v.name_stamp == NULL) {
    v.first = sk_status_no_memory();
  } else {
    verify_op(&v, m->root, 0);
  }
  sk_mem_free(v.scope_of);
  sk_mem_free(v.name_stamp);
  return v.first;
}
