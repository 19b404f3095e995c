// SPDX-License-Identifier: Apache-2.0
// Environment, regions, dispatch, entry. A value lives from its op to the end of its region.
//
//   run_ops    one table entry per op of ops.def; quantized ops go by way of the floats they stand
//              for (interp_quant.c)
//   result     where ops get their storage: the one place that compares a computed shape with the
//              type in the module, so that no later op meets a tensor its type does not allow
//
// Operands whose declared shape is open are handed only to ops that look at the shape they really
// have; the others refuse them.
#include "base/mem.h"
#include "interp/interp_int.h"

enum { MAX_DEPTH = 256 };

// ---- environment

void sk_interp_set(sk_interp *s, sk_value v, sk_tensor *t) {
  sk_tensor_release(s->env[v.id]);
  s->env[v.id] = t;
}

sk_status sk_interp_require(const sk_interp *s, sk_op op, bool condition, const char *what) {
  return condition ? NULL : sk_op_error(s->m, op, SK_INVALID_ARGUMENT, "%s", what);
}

static bool allows(const sk_type_rec *type, const int64_t *dims) {
  for (uint32_t d = 0; d < type->rank; d++) {
    bool open = type->dims[d] == SK_DIM_UNKNOWN;
    bool bounded = open && type->bounds && type->bounds[d] != SK_DIM_UNKNOWN;
    if (dims[d] < 0 || (!open && dims[d] != type->dims[d]) ||
        (bounded && dims[d] > type->bounds[d])) {
      return false;
    }
  }
  return true;
}

static bool is_open(const sk_type_rec *type) {
  for (uint32_t d = 0; d < type->rank; d++) {
    if (type->dims[d] == SK_DIM_UNKNOWN) {
      return true;
    }
  }
  return type->kind == SK_TYPE_UNRANKED;
}

sk_type_rec sk_interp_stored_type(const sk_interp *s, sk_op op, uint32_t index) {
  sk_type_rec like = *sk_value_type_rec(s->m, sk_op_result(s->m, op, index));
  if (s->expressed && like.quant) {
    like.elem = (uint8_t)like.quant->expressed;
    like.quant = NULL;
  }
  return like;
}

static sk_status check_dims(const sk_interp *s, sk_op op, uint32_t index, const sk_type_rec *type,
                            bool same_rank, const int64_t *dims) {
  bool good = type->kind == SK_TYPE_UNRANKED || (same_rank && allows(type, dims));
  return good ? NULL
              : sk_op_error(s->m, op, SK_INVALID_ARGUMENT,
                            "the shape of result %u is not one its type allows", index);
}

sk_status sk_interp_result(sk_interp *s, sk_op op, uint32_t index, const int64_t *dims,
                           sk_tensor **out) {
  const sk_type_rec *type = sk_value_type_rec(s->m, sk_op_result(s->m, op, index));
  *out = NULL;
  if (type->kind != SK_TYPE_TENSOR || (!dims && is_open(type))) {
    return sk_op_error(s->m, op, SK_UNIMPLEMENTED,
                       "the reference interpreter cannot tell the shape of result %u", index);
  }
  if (dims) {
    SK_TRY(check_dims(s, op, index, type, true, dims));
  }
  sk_type_rec like = sk_interp_stored_type(s, op, index);
  *out = sk_tensor_new(&like, type->rank, dims ? dims : type->dims);
  sk_interp_set(s, sk_op_result(s->m, op, index), *out);
  return *out ? NULL : sk_status_no_memory();
}

sk_status sk_interp_accept(sk_interp *s, sk_op op, uint32_t index, sk_tensor *t) {
  const sk_type_rec *type = sk_value_type_rec(s->m, sk_op_result(s->m, op, index));
  sk_interp_set(s, sk_op_result(s->m, op, index), t);
  return check_dims(s, op, index, type, t->type->rank == type->rank, t->type->dims);
}

// ---- dispatch

#define INTERP_yes(op_class, name) INTERP_FN_##op_class(name)
#define INTERP_todo(op_class, name) NULL
#define INTERP_gone(op_class, name) NULL
#define INTERP_FN(name) sk_interp_##name
#define INTERP_FN_ELEMENTWISE(name) sk_interp_elementwise
#define INTERP_FN_SHARDING(name)                                                                   \
  (SK_OP_##name == SK_OP_SDY_MANUAL_COMPUTATION ? sk_interp_manual_computation : sk_interp_forward)
#define INTERP_FN_CAST(name) sk_interp_forward
#define INTERP_FN_BARRIER(name) sk_interp_forward
#define INTERP_FN_CONSTANT(name) INTERP_FN(name)
#define INTERP_FN_VIEW(name) INTERP_FN(name)
#define INTERP_FN_SHAPE(name) INTERP_FN(name)
#define INTERP_FN_INDEXING(name) INTERP_FN(name)
#define INTERP_FN_WINDOW(name) INTERP_FN(name)
#define INTERP_FN_REDUCE(name) INTERP_FN(name)
#define INTERP_FN_DOT(name) INTERP_FN(name)
#define INTERP_FN_CONV(name) INTERP_FN(name)
#define INTERP_FN_LINALG(name) INTERP_FN(name)
#define INTERP_FN_FFT(name) INTERP_FN(name)
#define INTERP_FN_NORM(name) INTERP_FN(name)
#define INTERP_FN_SORT(name) INTERP_FN(name)
#define INTERP_FN_CONTROL(name) INTERP_FN(name)
#define INTERP_FN_CALL(name) INTERP_FN(name)
#define INTERP_FN_CUSTOM(name) INTERP_FN(name)
#define INTERP_FN_TOKEN(name) INTERP_FN(name)
#define INTERP_FN_TUPLE(name) INTERP_FN(name)
#define INTERP_FN_RANDOM(name) INTERP_FN(name)
#define INTERP_FN_DYNAMIC(name) INTERP_FN(name)
#define INTERP_FN_COLLECTIVE(name) INTERP_FN(name)
#define INTERP_FN_QUANTIZE(name) INTERP_FN(name)
#define INTERP_FN_MAP(name) INTERP_FN(name)
#define INTERP_FN_CHECK(name) INTERP_FN(name)

static const sk_interp_fn table[SK_OPKIND_COUNT] = {
#define X(name, text, omin, omax, rmin, rmax, gmin, gmax, op_class, syntax, elems, traits, attrs,  \
          rule, interp, loop, native)                                                              \
  [SK_OP_##name] = INTERP_##interp(op_class, name),
#include "ir/ops.def"
#undef X
};

// Ops that go by the shapes tensors have, not by those that types declare.
static bool takes_open_shapes(sk_opkind kind) {
  switch ((int)sk_opkind_info(kind)->op_class) {
    case SK_OPCLASS_ELEMENTWISE:
    case SK_OPCLASS_QUANTIZE:
    case SK_OPCLASS_SHAPE:
    case SK_OPCLASS_DYNAMIC:
    case SK_OPCLASS_CONTROL:
    case SK_OPCLASS_CALL:
    case SK_OPCLASS_BARRIER:
    case SK_OPCLASS_CAST:
    case SK_OPCLASS_SHARDING:
    case SK_OPCLASS_TUPLE:
    case SK_OPCLASS_CHECK:
    case SK_OPCLASS_CUSTOM: return true;
    default: break;
  }
  switch ((int)kind) {
    case SK_OP_RESHAPE:
    case SK_OP_TRANSPOSE:
    case SK_OP_REVERSE:
    case SK_OP_SLICE:
    case SK_OP_PAD:
    case SK_OP_CONCATENATE:
    case SK_OP_BROADCAST_IN_DIM:
    case SK_OP_REDUCE: return true;
    default: return false;
  }
}

static sk_status check_operands(const sk_interp *s, sk_op op) {
  sk_opkind kind = sk_op_kind(s->m, op);
  for (uint32_t i = 0; i < sk_interp_operand_count(s, op); i++) {
    if (!sk_interp_operand(s, op, i)) {
      return sk_op_error(s->m, op, SK_INTERNAL, "operand %u has no value", i);
    }
    if (is_open(sk_value_type_rec(s->m, sk_op_operand(s->m, op, i))) && !takes_open_shapes(kind)) {
      return sk_op_error(s->m, op, SK_UNIMPLEMENTED,
                         "the reference interpreter has this operation on known shapes only");
    }
  }
  return NULL;
}

static sk_status run_op(sk_interp *s, sk_op op) {
  sk_interp_fn fn = table[sk_op_kind(s->m, op)];
  if (!fn) {
    return sk_op_error(s->m, op, SK_UNIMPLEMENTED,
                       "the reference interpreter does not have this operation yet");
  }
  SK_TRY(check_operands(s, op));
  return sk_interp_is_quantized(s, op) ? sk_interp_run_quantized(s, op, fn) : fn(s, op);
}

// ---- again

// A copy that `changes` altered takes the operand's place; the operand is handed over.
static sk_status change_operand(sk_interp *s, sk_op op, uint32_t i, sk_tensor **out_kept) {
  sk_tensor **place = &s->env[sk_op_operand(s->m, op, i).id], *old = *place;
  sk_tensor *copy = sk_tensor_new(old->type, old->type->rank, old->type->dims);
  if (!copy) {
    return sk_status_no_memory();
  }
  memcpy(copy->data, old->data, (size_t)old->count * sk_elem_bytes((sk_elem)old->type->elem));
  s->changes->operand(s->changes->user, op, i, copy->data, copy->count);
  *out_kept = old;
  *place = copy;
  return NULL;
}

static sk_status change_operands(sk_interp *s, sk_op op, sk_tensor **kept) {
  for (uint32_t i = 0; i < sk_interp_operand_count(s, op); i++) {
    sk_tensor *t = sk_interp_operand(s, op, i);
    bool before = false;  // x * x has one operand
    for (uint32_t k = 0; k < i && !before; k++) {
      before = sk_op_operand(s->m, op, k).id == sk_op_operand(s->m, op, i).id;
    }
    if (!before && t && t->data && !t->type->quant) {
      SK_TRY(change_operand(s, op, i, &kept[i]));
    }
  }
  return NULL;
}

// On operands that are altered, which are themselves again afterwards.
static sk_status run_changed(sk_interp *s, sk_op op) {
  uint32_t operands = sk_interp_operand_count(s, op);
  sk_tensor **kept = sk_mem_zalloc(sizeof *kept * ((size_t)operands + 1));
  if (!kept) {
    return sk_status_no_memory();
  }
  sk_status status = s->changes->operand ? change_operands(s, op, kept) : NULL;
  if (!status) {
    status = run_op(s, op);
  }
  for (uint32_t i = 0; i < operands; i++) {
    if (kept[i]) {
      sk_interp_set(s, sk_op_operand(s->m, op, i), kept[i]);
    }
  }
  sk_mem_free(kept);
  return status;
}

static void change_results(sk_interp *s, sk_op op) {
  const void *operands[SK_INTERP_SHOWN] = {0};
  for (uint32_t i = 0; i < SK_MIN(sk_interp_operand_count(s, op), SK_INTERP_SHOWN); i++) {
    operands[i] = sk_interp_operand(s, op, i)->data;
  }
  for (uint32_t i = 0; i < sk_op_get(s->m, op)->result_count; i++) {
    sk_tensor *t = s->env[sk_op_result(s->m, op, i).id];
    if (t && t->data && !t->type->quant && atomic_load(&t->refs) == 1) {
      s->changes->inner(s->changes->user, op, i, operands, t->data, t->count);
    }
  }
}

static sk_status run_inner(sk_interp *s, sk_op op) {
  SK_TRY(run_changed(s, op));
  if (s->changes->inner) {
    change_results(s, op);
  }
  return NULL;
}

static sk_status copy_again(const sk_interp *s, sk_op op, uint32_t result, void *out,
                            int64_t count) {
  const sk_tensor *t = s->env[sk_op_result(s->m, op, result).id];
  if (!t || !t->data || t->count != count) {
    return sk_op_error(s->m, op, SK_INTERNAL, "run again, result %u is another", result);
  }
  memcpy(out, t->data, (size_t)count * sk_elem_bytes((sk_elem)t->type->elem));
  return NULL;
}

sk_status sk_interp_run_again(sk_interp *s, sk_op op, uint32_t result,
                              const sk_interp_changes *changes, void *out, int64_t count) {
  uint32_t results = sk_op_get(s->m, op)->result_count;
  sk_tensor **kept = sk_mem_zalloc(sizeof *kept * ((size_t)results + 1));
  if (!kept) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < results; i++) {
    kept[i] = sk_tensor_retain(s->env[sk_op_result(s->m, op, i).id]);
  }
  s->changes = changes;
  sk_status status = run_changed(s, op);
  s->changes = NULL;
  if (!status) {
    status = copy_again(s, op, result, out, count);
  }
  for (uint32_t i = 0; i < results; i++) {
    sk_interp_set(s, sk_op_result(s->m, op, i), kept[i]);
  }
  sk_mem_free(kept);
  return status;
}

// ---- regions

static void drop_region(sk_interp *s, sk_region region) {
  const sk_region_rec *rec = sk_region_get(s->m, region);
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    sk_interp_set(s, sk_region_arg(s->m, region, i), NULL);
  }
  SK_FOR_EACH_OP(s->m, region, op) {
    for (uint32_t i = 0; i < sk_op_get(s->m, op)->result_count; i++) {
      sk_interp_set(s, sk_op_result(s->m, op, i), NULL);
    }
  }
}

// Of the entry itself: what it calls and the regions of its operations are not shown.
static void show_results(sk_interp *s, sk_op op) {
  for (uint32_t i = 0; i < sk_op_get(s->m, op)->result_count; i++) {
    sk_tensor *t = s->env[sk_op_result(s->m, op, i).id];
    if (t && t->data) {
      s->observer->value(s->observer->user, s, op, i, t->data, t->count);
    }
  }
}

sk_status sk_interp_region(sk_interp *s, sk_region region, sk_tensor *const *args,
                           sk_tensor **out_results) {
  const sk_region_rec *rec = sk_region_get(s->m, region);
  uint32_t count = sk_op_get(s->m, rec->last)->operand_count;
  for (uint32_t i = 0; i < count; i++) {
    out_results[i] = NULL;
  }
  if (s->depth >= MAX_DEPTH) {
    return sk_op_error(s->m, rec->last, SK_RESOURCE_EXHAUSTED,
                       "regions and calls are nested deeper than %d", MAX_DEPTH);
  }
  s->depth++;
  bool expressed = s->expressed;  // what a region computes is not the op's own
  s->expressed = false;
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    sk_interp_set(s, sk_region_arg(s->m, region, i), sk_tensor_retain(args[i]));
  }
  sk_status status = NULL;
  for (sk_op op = rec->first; op.id != rec->last.id && !status; op = sk_op_next(s->m, op)) {
    status = s->changes ? run_inner(s, op) : run_op(s, op);
    if (s->observer && s->depth == 1 && !status) {
      show_results(s, op);
    }
  }
  for (uint32_t i = 0; i < count && !status; i++) {
    out_results[i] = sk_tensor_retain(sk_interp_operand(s, rec->last, i));
    if (!out_results[i]) {
      status = sk_op_error(s->m, rec->last, SK_INTERNAL, "operand %u has no value", i);
    }
  }
  drop_region(s, region);
  s->expressed = expressed;
  s->depth--;
  return status;
}

static sk_status enter_call(sk_interp *s, sk_op op, sk_op func, sk_str name) {
  for (uint32_t i = 0; i < s->call_count; i++) {
    if (s->calls[i].id == func.id) {
      return sk_op_error(s->m, op, SK_UNIMPLEMENTED, "recursive call of @%.*s", SK_STR_ARG(name));
    }
  }
  if (s->call_count == SK_COUNT(s->calls)) {
    return sk_op_error(s->m, op, SK_RESOURCE_EXHAUSTED, "calls are nested deeper than %zu",
                       SK_COUNT(s->calls));
  }
  s->calls[s->call_count++] = func;
  return NULL;
}

sk_status sk_interp_function(sk_interp *s, sk_op op, sk_str name, sk_tensor *const *args,
                             uint32_t arg_count, sk_tensor **out_results, uint32_t result_count) {
  sk_op func = sk_module_find_func(s->m, name);
  sk_region body = func.id != 0 ? sk_func_body(s->m, func) : (sk_region){0};
  if (body.id == 0) {
    return sk_op_error(s->m, op, SK_INVALID_ARGUMENT, "calls @%.*s, which has no definition",
                       SK_STR_ARG(name));
  }
  const sk_region_rec *rec = sk_region_get(s->m, body);
  if (rec->arg_count != arg_count || sk_op_get(s->m, rec->last)->operand_count != result_count) {
    return sk_op_error(s->m, op, SK_INVALID_ARGUMENT,
                       "@%.*s has another number of arguments or results", SK_STR_ARG(name));
  }
  SK_TRY(enter_call(s, op, func, name));
  sk_status status = sk_interp_region(s, body, args, out_results);
  s->call_count--;
  return status;
}

// ---- entry

void sk_interp_init(sk_interp *s, const sk_module *m, sk_grid *grid, uint32_t process) {
  *s = (sk_interp){.m = m, .grid = grid, .process = process, .threads = 1};
}

sk_status sk_interp_open(sk_interp *s) {
  s->env = sk_mem_zalloc(sizeof(sk_tensor *) * ((size_t)s->m->values.count + 1));
  return s->env ? NULL : sk_status_no_memory();
}

void sk_interp_close(sk_interp *s) {
  sk_tensors_release(s->env, s->m->values.count);
  s->env = NULL;
}

static sk_status check_entry(const sk_interp *s, sk_op entry) {
  if (sk_func_body(s->m, entry).id == 0) {
    return sk_op_error(s->m, entry, SK_INVALID_ARGUMENT, "the entry function has no body");
  }
  const sk_type_rec *type = sk_func_type(s->m, entry);
  for (uint32_t i = 0; i < type->input_count + type->result_count; i++) {
    sk_type t = i < type->input_count ? type->inputs[i] : type->results[i - type->input_count];
    if (!sk_type_is_static_tensor(s->m, t)) {
      return sk_op_error(s->m, entry, SK_UNIMPLEMENTED,
                         "the entry function has an argument or result that is no static tensor");
    }
  }
  return NULL;
}

static size_t byte_count(const sk_tensor *t) {
  return (size_t)t->count * sk_elem_bytes((sk_elem)t->type->elem);
}

static sk_status run_entry(sk_interp *s, sk_op entry, const void *const *args, void *const *results,
                           sk_tensor **in, sk_tensor **out) {
  const sk_type_rec *type = sk_func_type(s->m, entry);
  for (uint32_t i = 0; i < type->input_count; i++) {
    const sk_type_rec *arg = sk_type_get(s->m, type->inputs[i]);
    in[i] = sk_tensor_new(arg, arg->rank, arg->dims);
    if (!in[i]) {
      return sk_status_no_memory();
    }
    memcpy(in[i]->data, args[i], byte_count(in[i]));
  }
  uint32_t devices;
  SK_TRY(sk_interp_count_devices(s->m, &devices));
  SK_TRY(devices > 1 ? sk_interp_run_devices(s, entry, devices, in, out)
                     : sk_interp_function(s, entry, sk_func_name(s->m, entry), in,
                                          type->input_count, out, type->result_count));
  for (uint32_t i = 0; i < type->result_count; i++) {
    memcpy(results[i], out[i]->data, byte_count(out[i]));
  }
  return NULL;
}

static sk_status run_alone(sk_interp *s, sk_op entry, const void *const *args,
                           void *const *results) {
  SK_TRY(sk_interp_open(s));
  SK_TRY(check_entry(s, entry));
  const sk_type_rec *type = sk_func_type(s->m, entry);
  sk_tensor **in = sk_mem_zalloc(sizeof *in * ((size_t)type->input_count + 1));
  sk_tensor **out = sk_mem_zalloc(sizeof *out * ((size_t)type->result_count + 1));
  sk_status status =
      in && out ? run_entry(s, entry, args, results, in, out) : sk_status_no_memory();
  sk_tensors_release(in, type->input_count);
  sk_tensors_release(out, type->result_count);
  return status;
}

sk_status sk_interp_run_observed(const sk_module *m, sk_op entry, const void *const *args,
                                 void *const *results, const sk_interp_observer *observer) {
  sk_grid *grid;
  sk_interp s;
  SK_TRY(sk_grid_create(1, 1, &grid));
  sk_interp_init(&s, m, grid, 0);
  s.observer = observer;
  sk_status status = run_alone(&s, entry, args, results);
  if (s.env) {
    sk_interp_close(&s);
  }
  sk_grid_destroy(grid);
  return status;
}

sk_status sk_interp_run(const sk_module *m, sk_op entry, const void *const *args,
                        void *const *results) {
  return sk_interp_run_observed(m, entry, args, results, NULL);
}
