// SPDX-License-Identifier: Apache-2.0
// Lifting checks out of a program, running what is left, and evaluating them (checks.h).
//
// Stage `checks` comes after inlining, so that the checks and constants of called functions stand
// in the entry. It
//   1  collects the check operations of the entry's body and takes them out,
//   2  makes arguments of the constants, in the body and in the regions that run as blocks (while,
//      if, case), except those that a shape operand depends on,
//   3  returns what the checks look at, instead of what the entry returned.
// Operands are renamed in one sweep over the operand pool.
//
// The old arguments of an entry stay (a program to be tested has none); constants follow them.
#include "compile/checks.h"

#include <string.h>

#include "base/mem.h"
#include "compile/compile_int.h"

typedef struct lifting {
  sk_compilation *c;
  sk_module *m;
  sk_checks *out;
  sk_arena *arena;            // of the compilation; bails
  SK_VEC(sk_value) returned;  // operands of the new return
  SK_VEC(sk_op) gone;         // operations to take out
  SK_VEC(sk_op) probes;       // of the body, in order; they let their operand through
  SK_VEC(sk_op) constants;    // to become arguments
  bool *is_fixed;             // by op id: a shape depends on it
} lifting;

// ---- lifting

static sk_check_data copy_data(sk_arena *arena, const sk_dense *dense) {
  return (sk_check_data){sk_arena_copy(arena, dense->data, dense->bytes, 64), dense->bytes,
                         dense->splat};
}

static uint32_t return_value(lifting *l, sk_value value) {
  sk_vec_push(l->arena, &l->returned, value);
  return l->returned.count - 1;
}

static sk_status lift_check(lifting *l, sk_op op, const sk_check_spec *spec) {
  const sk_module *m = l->m;
  uint32_t operand_count = sk_op_get(m, op)->operand_count;
  sk_attr constant = sk_op_find_attr(m, op, SK_NAME_value);
  bool probed = sk_op_kind(m, op) == SK_OP_CHECK_EXPECT_SERIALIZED_EQ;
  if (operand_count < 1 || (operand_count < 2 && constant.id == 0 && !probed)) {
    return sk_op_error(m, op, SK_INVALID_ARGUMENT, "a check needs two values to compare");
  }
  sk_srcpos pos = sk_loc_pos(m, sk_op_get(m, op)->loc);
  const char *file = pos.file ? pos.file : m->input_name;
  pos.file = sk_arena_strndup(&l->out->arena, file, strlen(file));
  sk_check check = {
      .spec = *spec,
      .actual = return_value(l, sk_op_operand(m, op, 0)),
      .expected = UINT32_MAX,
      .pos = pos,
  };
  const sk_type_rec *type = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  check.elem = (sk_elem)type->elem;
  if (check.elem == SK_QUANT && type->quant) {
    check.elem = type->quant->storage;
  }
  if (operand_count >= 2) {
    check.expected = return_value(l, sk_op_operand(m, op, 1));
  } else if (!probed) {
    check.constant = copy_data(&l->out->arena, &sk_attr_get(m, constant)->u.dense);
  }
  sk_vec_push(&l->out->arena, &l->out->checks, check);
  sk_vec_push(l->arena, &l->gone, op);
  return NULL;
}

// The interpreter executes what looks at more than values.
static bool stays(lifting *l, sk_op op) {
  sk_opkind kind = sk_op_kind(l->m, op);
  if (l->c->via != SK_VIA_INTERP) {
    return false;
  }
  l->out->left_count += kind == SK_OP_CHECK_EXPECT_SERIALIZED_EQ;
  return true;
}

// What the probe of this name let through, the given time.
static sk_status find_probed(const lifting *l, sk_op op, sk_value *out) {
  const sk_module *m = l->m;
  int64_t left = sk_op_int(m, op, SK_NAME_iteration, 0);
  for (uint32_t i = 0; i < l->probes.count; i++) {
    sk_op probe = l->probes.data[i];
    if (sk_str_eq(sk_op_string(m, probe, SK_NAME_probe_id),
                  sk_op_string(m, op, SK_NAME_probe_id)) &&
        left-- == 0) {
      *out = sk_op_operand(m, probe, 0);
      return NULL;
    }
  }
  return sk_op_error(m, op, SK_UNIMPLEMENTED,
                     "native code notes probes of the entry alone, and this is none of them");
}

static sk_status lift_probed(lifting *l, sk_op op) {
  static const sk_check_spec same = {.rule = SK_CHECK_EQ, .name = "expect_serialized_eq"};
  sk_value noted = {0};
  SK_TRY(find_probed(l, op, &noted));
  if (sk_value_type(l->m, noted).id != sk_value_type(l->m, sk_op_operand(l->m, op, 0)).id) {
    return sk_op_error(l->m, op, SK_INVALID_ARGUMENT, "the probe noted a value of another type");
  }
  SK_TRY(lift_check(l, op, &same));
  sk_check *check = &l->out->checks.data[l->out->checks.count - 1];
  check->expected = return_value(l, noted);
  return NULL;
}

// Operations of the check class that are no checks of values by themselves.
static sk_status lift_observer(lifting *l, sk_op op) {
  switch ((int)sk_op_kind(l->m, op)) {
    case SK_OP_INTERPRETER_PROBE: sk_vec_push(l->arena, &l->probes, op); break;
    case SK_OP_INTERPRETER_PRINT: break;
    case SK_OP_CHECK_EXPECT_SERIALIZED_EQ: return lift_probed(l, op);
    default: return sk_op_error(l->m, op, SK_UNIMPLEMENTED, "this check is not supported yet");
  }
  sk_vec_push(l->arena, &l->gone, op);
  return NULL;
}

static sk_status collect_checks(lifting *l, sk_region body) {
  SK_FOR_EACH_OP(l->m, body, op) {
    sk_check_spec spec;
    if (sk_check_describe(l->m, op, &spec)) {
      SK_TRY(lift_check(l, op, &spec));
    } else if (sk_opkind_info(sk_op_kind(l->m, op))->op_class == SK_OPCLASS_CHECK &&
               !stays(l, op)) {
      SK_TRY(lift_observer(l, op));
    }
  }
  return NULL;
}

// ---- which constants

// First operand that says a shape or size; UINT32_MAX: none.
static uint32_t first_shape_operand(sk_opkind kind) {
  switch ((int)kind) {
    case SK_OP_DYNAMIC_IOTA: return 0;
    case SK_OP_DYNAMIC_BROADCAST_IN_DIM:
    case SK_OP_DYNAMIC_RESHAPE:
    case SK_OP_REAL_DYNAMIC_SLICE: return 1;
    case SK_OP_DYNAMIC_CONV:
    case SK_OP_DYNAMIC_GATHER:
    case SK_OP_DYNAMIC_PAD:
    case SK_OP_RNG: return 2;
    default: return UINT32_MAX;
  }
}

// Marks the operation that a value comes from. Definitions come before uses, so that one sweep from
// the last operation to the first reaches everything a shape is made of.
static void fix_value(lifting *l, sk_value value) {
  sk_op def = sk_value_get(l->m, value)->op;
  if (def.id != 0) {
    l->is_fixed[def.id] = true;
  }
}

static void fix_shapes(lifting *l, sk_region region);

static void fix_op(lifting *l, sk_op op) {
  const sk_op_rec *rec = sk_op_get(l->m, op);
  for (uint32_t i = 0; i < rec->region_count; i++) {
    fix_shapes(l, sk_op_region(l->m, op, i));
  }
  uint32_t first = l->is_fixed[op.id] ? 0 : first_shape_operand(sk_op_kind(l->m, op));
  for (uint32_t i = first; i < rec->operand_count; i++) {
    fix_value(l, sk_op_operand(l->m, op, i));
  }
}

// From the last operation to the first. Depth of regions was limited when they were read.
static void fix_shapes(lifting *l, sk_region region) {
  for (sk_op op = sk_region_get(l->m, region)->last; op.id != 0; op = sk_op_get(l->m, op)->prev) {
    fix_op(l, op);
  }
}

static bool runs_as_blocks(sk_opkind kind) {
  return kind == SK_OP_WHILE || kind == SK_OP_IF || kind == SK_OP_CASE;
}

// Conversions to the same bits, and operations on no elements, need no code.
static bool needs_no_code(const sk_module *m, sk_op op) {
  if (sk_op_get(m, op)->result_count != 1 || sk_op_get(m, op)->operand_count == 0) {
    return false;
  }
  const sk_type_rec *from = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  const sk_type_rec *to = sk_value_type_rec(m, sk_op_result(m, op, 0));
  if (to->kind != SK_TYPE_TENSOR || from->kind != SK_TYPE_TENSOR) {
    return false;
  }
  for (uint32_t d = 0; d < to->rank; d++) {
    if (to->dims[d] == 0) {
      return true;
    }
  }
  sk_elem a = (sk_elem)from->elem, b = (sk_elem)to->elem;
  bool whole = sk_elem_is_int(a) && sk_elem_is_int(b) && sk_elem_bits(a) == sk_elem_bits(b);
  return sk_op_kind(m, op) == SK_OP_CONVERT && (a == b || whole);
}

static bool only_moves(const sk_module *m, sk_op op) {
  if (needs_no_code(m, op)) {
    return true;
  }
  switch ((int)sk_opkind_info(sk_op_kind(m, op))->op_class) {
    case SK_OPCLASS_CONSTANT:
    case SK_OPCLASS_VIEW:
    case SK_OPCLASS_SHAPE:
    case SK_OPCLASS_CONTROL:
    case SK_OPCLASS_RETURN:
    case SK_OPCLASS_CHECK:
    case SK_OPCLASS_BARRIER:
    case SK_OPCLASS_TUPLE:
    case SK_OPCLASS_TOKEN: return true;
    default: {
      sk_check_spec spec;
      return sk_check_describe(m, op, &spec);
    }
  }
}

static void collect_constants(lifting *l, sk_region region) {
  SK_FOR_EACH_OP(l->m, region, op) {
    sk_opkind kind = sk_op_kind(l->m, op);
    l->out->moves_only = l->out->moves_only && only_moves(l->m, op);
    sk_type type =
        kind == SK_OP_CONSTANT ? sk_value_type(l->m, sk_op_result(l->m, op, 0)) : (sk_type){0};
    if (kind == SK_OP_CONSTANT && !l->out->keep_constants && !l->is_fixed[op.id] &&
        sk_type_is_static_tensor(l->m, type)) {
      sk_vec_push(l->arena, &l->constants, op);
    }
    for (uint32_t i = 0; runs_as_blocks(kind) && i < sk_op_get(l->m, op)->region_count; i++) {
      collect_constants(l, sk_op_region(l->m, op, i));
    }
  }
}

// ---- the new function

// Gives the entry a fresh list of arguments, the old ones first, and renames operands.
static sk_status replace_args(lifting *l, sk_region body) {
  sk_module *m = l->m;
  uint32_t old_count = sk_region_get(m, body)->arg_count;
  uint32_t value_count = m->values.count;
  sk_value *renamed = SK_NEW_ARRAY(l->arena, sk_value, value_count);
  for (uint32_t i = 0; i < value_count; i++) {
    renamed[i] = (sk_value){i};
  }
  uint32_t first = m->values.count;
  for (uint32_t i = 0; i < old_count + l->constants.count; i++) {
    sk_value old = i < old_count ? sk_region_arg(m, body, i)
                                 : sk_op_result(m, l->constants.data[i - old_count], 0);
    sk_value_rec rec = {.type = sk_value_type(m, old), .region = body, .index = i};
    renamed[old.id] = (sk_value){m->values.count};
    sk_vec_push(&m->arena, &m->values, rec);
    if (i >= old_count) {
      sk_attr value = sk_op_find_attr(m, l->constants.data[i - old_count], SK_NAME_value);
      sk_vec_push(&l->out->arena, &l->out->args,
                  copy_data(&l->out->arena, &sk_attr_get(m, value)->u.dense));
    }
  }
  for (uint32_t i = 0; i < l->probes.count; i++) {
    sk_op probe = l->probes.data[i];
    renamed[sk_op_result(m, probe, 0).id] = renamed[sk_op_operand(m, probe, 0).id];
  }
  m->regions.data[body.id].args = first;
  m->regions.data[body.id].arg_count = old_count + l->constants.count;
  for (uint32_t i = 0; i < m->operand_pool.count; i++) {
    sk_value operand = m->operand_pool.data[i];
    if (operand.id < value_count) {
      m->operand_pool.data[i] = renamed[operand.id];
    }
  }
  for (uint32_t i = 0; i < l->returned.count; i++) {
    l->returned.data[i] = renamed[l->returned.data[i].id];
  }
  return NULL;
}

static bool set_signature(lifting *l, sk_region body) {
  sk_module *m = l->m;
  uint32_t arg_count = sk_region_get(m, body)->arg_count, result_count = l->returned.count;
  sk_type *types = SK_NEW_ARRAY(l->arena, sk_type, arg_count + result_count + 1);
  sk_attr *empty = SK_NEW_ARRAY(l->arena, sk_attr, SK_MAX(arg_count, result_count) + 1);
  for (uint32_t i = 0; i < arg_count; i++) {
    types[i] = sk_value_type(m, sk_region_arg(m, body, i));
  }
  for (uint32_t i = 0; i < result_count; i++) {
    types[arg_count + i] = sk_value_type(m, l->returned.data[i]);
  }
  for (uint32_t i = 0; i < SK_MAX(arg_count, result_count); i++) {
    empty[i] = sk_attr_dict(m, NULL, 0);
  }
  sk_type type = sk_type_function(m, arg_count, types, result_count, types + arg_count);
  sk_op entry = l->c->entry;
  return sk_op_set_attr(m, entry, (sk_sym){SK_NAME_function_type}, sk_attr_type(m, type)) &&
         sk_op_set_attr(m, entry, (sk_sym){SK_NAME_arg_attrs},
                        sk_attr_array(m, empty, arg_count)) &&
         sk_op_set_attr(m, entry, (sk_sym){SK_NAME_res_attrs},
                        sk_attr_array(m, empty, result_count));
}

static sk_status replace_return(lifting *l, sk_region body) {
  sk_module *m = l->m;
  sk_op old = sk_region_get(m, body)->last;
  sk_op_desc desc = {.kind = SK_OP_FUNC_RETURN,
                     .loc = sk_op_get(m, old)->loc,
                     .operands = l->returned.data,
                     .operand_count = l->returned.count};
  sk_op_unlink(m, old);
  for (uint32_t i = 0; i < l->gone.count; i++) {
    sk_op_unlink(m, l->gone.data[i]);
  }
  for (uint32_t i = 0; i < l->constants.count; i++) {
    sk_op_unlink(m, l->constants.data[i]);
  }
  return sk_op_new(m, body, &desc).id != 0 && set_signature(l, body) ? NULL : sk_status_no_memory();
}

sk_status sk_compile_lift_checks(sk_compilation *c) {
  sk_module *m = c->module;
  lifting l = {.c = c, .m = m, .out = c->in.checks, .arena = &c->arena};
  sk_region body = sk_func_body(m, c->entry);
  if (sk_region_get(m, body)->arg_count != 0) {
    return sk_op_error(m, c->entry, SK_INVALID_ARGUMENT,
                       "a program that is to be tested takes no arguments");
  }
  l.out->arena.bail = &c->bail;
  l.out->moves_only = true;
  l.is_fixed = SK_NEW_ARRAY(l.arena, bool, m->ops.count);
  memset(l.is_fixed, 0, m->ops.count * sizeof *l.is_fixed);
  SK_TRY(collect_checks(&l, body));
  fix_shapes(&l, body);
  collect_constants(&l, body);
  SK_TRY(replace_args(&l, body));
  return replace_return(&l, body);
}

// ---- running

static sk_status make_argument(sk_device *device, const sk_image_value *value,
                               const sk_check_data *data, sk_buffer **out_buffer) {
  if (!data->splat) {
    sk_host_array host = {
        .data = data->data, .type = value->type, .rank = value->rank, .dims = value->dims};
    return sk_buffer_from_host(device, &host, NULL, out_buffer);
  }
  SK_TRY(sk_buffer_create(device, value->type, value->rank, value->dims, out_buffer));
  char *to = sk_buffer_mutable_data(*out_buffer);
  for (uint64_t at = 0; at + data->bytes <= value->bytes; at += data->bytes) {
    memcpy(to + at, data->data, data->bytes);
  }
  return NULL;
}

static void report_failure(const sk_compile_input *input, const sk_check *check,
                           const sk_compare_result *worst) {
  if (input->sink.report) {
    input->sink.report(input->sink.user, sk_check_failure(&check->spec, worst, check->pos));
  }
}

static void evaluate(const sk_compile_input *input, const sk_checks *checks,
                     sk_buffer *const *results, sk_test_report *report) {
  for (uint32_t i = 0; i < checks->checks.count; i++) {
    const sk_check *check = &checks->checks.data[i];
    const sk_buffer *actual = results[check->actual];
    bool constant = check->expected == UINT32_MAX;
    const void *expected =
        constant ? check->constant.data : sk_buffer_data(results[check->expected]);
    uint32_t bytes = sk_elem_bytes(check->elem);
    int64_t count = bytes ? (int64_t)(sk_buffer_bytes(actual) / bytes) : 0;
    sk_compare_result worst;
    report->check_count++;
    if (!sk_compare_elems(&check->spec, check->elem, sk_buffer_data(actual), expected,
                          constant && check->constant.splat, count, &worst)) {
      report->failed_count++;
      report_failure(input, check, &worst);
    }
  }
}

static sk_status run_lifted(sk_exec *exec, const sk_compile_input *input, const sk_checks *checks,
                            sk_buffer **buffers, sk_test_report *report) {
  const sk_image *image = sk_exec_image(exec);
  sk_device *device = sk_client_device(sk_exec_client(exec), 0);
  if (image->arg_count != checks->args.count) {
    return sk_status_new(SK_INTERNAL, "the lifted program takes %u arguments for %u constants",
                         image->arg_count, checks->args.count);
  }
  for (uint32_t i = 0; i < image->arg_count; i++) {
    SK_TRY(make_argument(device, &image->args[i], &checks->args.data[i], &buffers[i]));
  }
  sk_buffer **results = buffers + image->arg_count;
  SK_TRY(sk_exec_run(exec, buffers, image->arg_count, NULL, results, image->result_count));
  evaluate(input, checks, results, report);
  report->check_count += checks->left_count;
  report->constant_count = image->arg_count;
  report->kernel_count = image->kernel_count;
  report->op_count = image->op_count;
  report->moves_only = checks->moves_only;
  return NULL;
}

sk_status sk_compile_test(sk_client *client, const sk_compile_input *input, bool keep_constants,
                          sk_test_report *out_report) {
  *out_report = (sk_test_report){0};
  sk_checks checks = {.keep_constants = keep_constants};
  sk_arena_init(&checks.arena);
  sk_compile_input lifted = *input;
  lifted.checks = &checks;
  sk_exec *exec = NULL;
  sk_status status = sk_compile(client, &lifted, 0, &exec);
  checks.arena.bail = NULL;
  if (!status) {
    uint32_t count = sk_exec_image(exec)->arg_count + sk_exec_image(exec)->result_count;
    sk_buffer **buffers = sk_mem_zalloc((count + (size_t)1) * sizeof *buffers);
    status =
        buffers ? run_lifted(exec, input, &checks, buffers, out_report) : sk_status_no_memory();
    for (uint32_t i = 0; buffers && i < count; i++) {
      sk_buffer_release(buffers[i]);
    }
    sk_mem_free(buffers);
  }
  sk_exec_release(exec);
  sk_arena_fini(&checks.arena);
  return status;
}
