// SPDX-License-Identifier: Apache-2.0
// Puts the bodies of called functions in place of their calls, so that the entry function stands alone. Composites that name an operation with
// native code become that operation; other composites are replaced by their decomposition. Annotations that mean nothing on one device
// (sharding custom calls, casts between equal types) are dropped.
//
// A grid of processes (interpreter.run_parallel, sdy.manual_computation) becomes one program: grid.c.
//
// The call graph must be acyclic; growth and nesting are limited (rebuild.h).
#include "pass/grid.h"

typedef struct inliner {
  sk_rebuild rebuild;    // first: the hook gets a pointer to it
  SK_VEC(sk_op) active;  // functions being inlined
  sk_grid *grid;         // whose processes are being written; NULL: none
} inliner;

// Composites by name with the operation they stand for.
static const struct {
  const char *name;
  sk_opkind kind;
} native_composites[] = {
    {"chlo.acos", SK_OP_CHLO_ACOS},
    {"chlo.acosh", SK_OP_CHLO_ACOSH},
    {"chlo.asin", SK_OP_CHLO_ASIN},
    {"chlo.asinh", SK_OP_CHLO_ASINH},
    {"chlo.atan", SK_OP_CHLO_ATAN},
    {"chlo.atanh", SK_OP_CHLO_ATANH},
    {"chlo.bessel_i1e", SK_OP_CHLO_BESSEL_I1E},
    {"chlo.cosh", SK_OP_CHLO_COSH},
    {"chlo.digamma", SK_OP_CHLO_DIGAMMA},
    {"chlo.lgamma", SK_OP_CHLO_LGAMMA},
    {"chlo.erf", SK_OP_CHLO_ERF},
    {"chlo.erfc", SK_OP_CHLO_ERFC},
    {"chlo.erf_inv", SK_OP_CHLO_ERF_INV},
    {"chlo.sinh", SK_OP_CHLO_SINH},
    {"chlo.square", SK_OP_CHLO_SQUARE},
    {"chlo.tan", SK_OP_CHLO_TAN},
};

static sk_status inline_body(inliner *n, sk_op call, sk_str callee, sk_region into) {
  sk_rebuild *r = &n->rebuild;
  sk_module *m = r->m;
  sk_op func = sk_module_find_func(m, callee);
  if (func.id == 0 || sk_func_body(m, func).id == 0) {
    return sk_op_error(m, call, SK_INVALID_ARGUMENT, "calls @%.*s, which has no definition",
                       SK_STR_ARG(callee));
  }
  for (uint32_t i = 0; i < n->active.count; i++) {
    if (n->active.data[i].id == func.id) {
      return sk_op_error(m, call, SK_UNIMPLEMENTED, "recursive call of @%.*s", SK_STR_ARG(callee));
    }
  }
  sk_region body = sk_func_body(m, func);
  if (sk_region_get(m, body)->arg_count != sk_op_get(m, call)->operand_count) {
    return sk_op_error(m, call, SK_INVALID_ARGUMENT, "calls @%.*s with %u arguments instead of %u",
                       SK_STR_ARG(callee), sk_op_get(m, call)->operand_count,
                       sk_region_get(m, body)->arg_count);
  }
  sk_vec_push(&m->arena, &n->active, func);
  for (uint32_t i = 0; i < sk_op_get(m, call)->operand_count; i++) {
    sk_rebuild_set(r, sk_region_arg(m, body, i), sk_rebuild_get(r, sk_op_operand(m, call, i)));
  }
  SK_TRY(sk_rebuild_ops(r, body, into));
  sk_op end = sk_region_get(m, body)->last;
  for (uint32_t i = 0; i < sk_op_get(m, call)->result_count; i++) {
    sk_rebuild_set(r, sk_op_result(m, call, i), sk_rebuild_get(r, sk_op_operand(m, end, i)));
  }
  n->active.count--;
  return NULL;
}

static sk_status inline_composite(inliner *n, sk_op op, sk_region into) {
  sk_rebuild *r = &n->rebuild;
  sk_module *m = r->m;
  sk_str name = sk_op_string(m, op, SK_NAME_name);
  const sk_op_rec rec = *sk_op_get(m, op);
  for (size_t i = 0; i < SK_COUNT(native_composites); i++) {
    bool plain = rec.operand_count == 1 && rec.result_count == 1;
    if (!plain || !sk_str_eq(name, sk_str_from(native_composites[i].name))) {
      continue;
    }
    sk_value operand = sk_rebuild_get(r, sk_op_operand(m, op, 0));
    sk_type type = sk_value_type(m, sk_op_result(m, op, 0));
    sk_op made = sk_rebuild_emit(r, into,
                                 &(sk_op_desc){.kind = native_composites[i].kind,
                                               .loc = rec.loc,
                                               .operands = &operand,
                                               .operand_count = 1,
                                               .result_types = &type,
                                               .result_count = 1});
    sk_rebuild_set(r, sk_op_result(m, op, 0), sk_op_result(m, made, 0));
    return NULL;
  }
  return inline_body(n, op, sk_op_string(m, op, SK_NAME_decomposition), into);
}

// A call that only tells other compilers what to keep (dce_sink), or what to compute after what (control_dep).
static bool is_hint(const sk_module *m, sk_op op) {
  sk_str target = sk_op_string(m, op, SK_NAME_call_target_name);
  return sk_op_get(m, op)->result_count == 0 &&
         (sk_str_eq(target, SK_STR("dce_sink")) || sk_str_eq(target, SK_STR("control_dep")));
}

static bool rewrite(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  inliner *n = (inliner *)(void *)r;
  sk_module *m = r->m;
  bool forwards = false;
  if (n->grid && sk_grid_rewrite(n->grid, op, into, out_status)) {
    return true;
  }
  switch ((int)sk_op_kind(m, op)) {
    case SK_OP_FUNC_CALL:
      *out_status = inline_body(n, op, sk_op_string(m, op, SK_NAME_callee), into);
      return true;
    case SK_OP_INTERPRETER_RUN_PARALLEL:
      *out_status = sk_grid_run_parallel(r, op, into, &n->grid);
      return true;
    case SK_OP_SDY_MANUAL_COMPUTATION:
      *out_status = sk_grid_manual_computation(r, op, into, &n->grid);
      return true;
    case SK_OP_COMPOSITE: *out_status = inline_composite(n, op, into); return true;
    case SK_OP_CUSTOM_CALL: forwards = sk_op_is_annotation(m, op) || is_hint(m, op); break;
    case SK_OP_BUILTIN_UNREALIZED_CONVERSION_CAST:
    case SK_OP_SDY_SHARDING_CONSTRAINT: forwards = true; break;
    default: break;
  }
  for (uint32_t i = 0; forwards && i < sk_op_get(m, op)->result_count; i++) {
    forwards =
        sk_value_type(m, sk_op_operand(m, op, i)).id == sk_value_type(m, sk_op_result(m, op, i)).id;
  }
  for (uint32_t i = 0; forwards && i < sk_op_get(m, op)->result_count; i++) {
    sk_rebuild_set(r, sk_op_result(m, op, i), sk_rebuild_get(r, sk_op_operand(m, op, i)));
  }
  return forwards;
}

// Is there an operation that `rewrite` may replace?
static bool needs_inlining(const sk_module *m, sk_region region) {
  SK_FOR_EACH_OP(m, region, op) {
    switch ((int)sk_op_kind(m, op)) {
      case SK_OP_FUNC_CALL:
      case SK_OP_COMPOSITE:
      case SK_OP_INTERPRETER_RUN_PARALLEL:
      case SK_OP_SDY_MANUAL_COMPUTATION:
      case SK_OP_CUSTOM_CALL:
      case SK_OP_BUILTIN_UNREALIZED_CONVERSION_CAST:
      case SK_OP_SDY_SHARDING_CONSTRAINT: return true;
      default: break;
    }
    for (uint32_t i = 0; i < sk_op_get(m, op)->region_count; i++) {
      if (needs_inlining(m, sk_op_region(m, op, i))) {
        return true;
      }
    }
  }
  return false;
}

sk_status sk_pass_inline(sk_module *m, sk_op entry, sk_pass_options *options) {
  if (!needs_inlining(m, sk_func_body(m, entry))) {
    sk_rebuild_drop_unused(m, sk_func_body(m, entry));  // as writing it anew does
    return NULL;
  }
  inliner n = {.active = {0}};
  sk_rebuild_init(&n.rebuild, m, options, false);
  n.rebuild.rewrite = rewrite;
  sk_vec_push(&m->arena, &n.active, entry);
  return sk_rebuild_function(&n.rebuild, entry);
}
