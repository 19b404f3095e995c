// SPDX-License-Identifier: Apache-2.0
// Entry, environment, regions, control flow. A value's tensor lives from its op to the end of its region; what a region returns is
// handed over.
#include "base/mem.h"
#include "base/num.h"
#include "interp/interp_int.h"

enum { MAX_DEPTH = 256 };

// ---------------------------------------------------------------------------------------------------- numbers

static bool narrow_format(sk_elem elem, sk_numfmt *out) {
  switch ((int)elem) {
#define X(name, ...) case SK_##name: *out = SK_NUM_##name; return true;
#include "base/num.def"
#undef X
    default: return false;
  }
}

sk_number sk_number_read(sk_elem elem, const void *at) {
  sk_number n = {0, 0, 0};
  sk_numfmt format;
  uint64_t raw = 0;
  float f[2];
  if (elem == SK_F32 || elem == SK_C64) {
    memcpy(f, at, sk_elem_bytes(elem));
    n.re = (double)f[0];
    n.im = elem == SK_C64 ? (double)f[1] : 0;
  } else if (elem == SK_F64 || elem == SK_C128) {
    memcpy(&n.re, at, 8);
    if (elem == SK_C128) {
      memcpy(&n.im, (const char *)at + 8, 8);
    }
  } else {
    uint32_t bytes = sk_elem_bytes(elem), unused = 64 - 8 * bytes;
    memcpy(&raw, at, bytes);
    if (narrow_format(elem, &format)) {
      n.re = sk_num_decode(format, (uint32_t)raw);
    } else {
      n.i = sk_elem_is_signed(elem) ? (int64_t)(raw << unused) >> unused : (int64_t)raw;
    }
  }
  return n;
}

static int64_t wrap(sk_elem elem, int64_t value) {
  uint32_t unused = 64 - sk_elem_bits(elem);
  uint64_t up = (uint64_t)value << unused;
  return sk_elem_is_signed(elem) ? (int64_t)up >> unused : (int64_t)(up >> unused);
}

void sk_number_write(sk_elem elem, void *at, sk_number value) {
  sk_numfmt format;
  if (elem == SK_F32 || elem == SK_C64) {
    float f[2] = {(float)value.re, (float)value.im};
    memcpy(at, f, sk_elem_bytes(elem));
  } else if (elem == SK_F64 || elem == SK_C128) {
    double d[2] = {value.re, value.im};
    memcpy(at, d, sk_elem_bytes(elem));
  } else if (narrow_format(elem, &format)) {
    uint32_t bits = sk_num_encode(format, value.re);
    memcpy(at, &bits, sk_elem_bytes(elem));
  } else {
    int64_t bits = elem == SK_PRED ? (value.i & 1) : wrap(elem, value.i);
    memcpy(at, &bits, sk_elem_bytes(elem));
  }
}

sk_number sk_tensor_get(const sk_tensor *t, int64_t index) {
  sk_elem elem = (sk_elem)t->type->elem;
  return sk_number_read(elem, t->data + index * (int64_t)sk_elem_bytes(elem));
}

void sk_tensor_set(sk_tensor *t, int64_t index, sk_number value) {
  sk_elem elem = (sk_elem)t->type->elem;
  sk_number_write(elem, t->data + index * (int64_t)sk_elem_bytes(elem), value);
}

void sk_unravel(const sk_type_rec *type, int64_t index, int64_t *out_coordinates) {
  for (uint32_t d = type->rank; d-- > 0;) {
    out_coordinates[d] = index % type->dims[d];
    index /= type->dims[d];
  }
}

int64_t sk_ravel(const sk_type_rec *type, const int64_t *coordinates) {
  int64_t index = 0;
  for (uint32_t d = 0; d < type->rank; d++) {
    index = index * type->dims[d] + coordinates[d];
  }
  return index;
}

// ---------------------------------------------------------------------------------------------------- environment

static void drop(sk_interp *s, uint32_t value) {
  if (s->env[value] != NULL) {
    sk_mem_free(s->env[value]->data);
    sk_mem_free(s->env[value]);
    s->env[value] = NULL;
  }
}

static sk_tensor *new_tensor(const sk_module *m, sk_type type) {
  int64_t count, bytes;
  if (!sk_type_elem_count(m, type, &count) || !sk_type_byte_count(m, type, &bytes)) {
    return NULL;
  }
  sk_tensor *t = sk_mem_zalloc(sizeof *t);
  if (t == NULL) {
    return NULL;
  }
  *t = (sk_tensor){.type = sk_type_get(m, type), .count = count, .data = sk_mem_alloc((size_t)bytes + 16)};
  if (t->data == NULL) {
    sk_mem_free(t);
    return NULL;
  }
  return t;
}

sk_tensor *sk_interp_new(sk_interp *s, sk_value v) {
  drop(s, v.id);
  s->env[v.id] = new_tensor(s->m, sk_value_type(s->m, v));
  return s->env[v.id];
}

static sk_tensor *copy_tensor(const sk_interp *s, const sk_tensor *from, sk_type type) {
  sk_tensor *t = new_tensor(s->m, type);
  if (t != NULL) {
    memcpy(t->data, from->data, (size_t)from->count * sk_elem_bytes((sk_elem)from->type->elem));
  }
  return t;
}

static sk_status set_copy(sk_interp *s, sk_value v, const sk_tensor *from) {
  sk_tensor *t = copy_tensor(s, from, sk_value_type(s->m, v));
  drop(s, v.id);
  s->env[v.id] = t;
  return t != NULL ? NULL : sk_status_no_memory();
}

// ---------------------------------------------------------------------------------------------------- regions

#define INTERP_yes(op_class, name) INTERP_FN_##op_class(name)
#define INTERP_todo(op_class, name) NULL
#define INTERP_gone(op_class, name) NULL
#define INTERP_FN_ELEMENTWISE(name) sk_interp_elementwise
#define INTERP_FN_CONSTANT(name) sk_interp_##name
#define INTERP_FN_VIEW(name) sk_interp_##name
#define INTERP_FN_INDEXING(name) sk_interp_##name
#define INTERP_FN_REDUCE(name) sk_interp_##name
#define INTERP_FN_DOT(name) sk_interp_##name
#define INTERP_FN_SORT(name) sk_interp_##name
#define INTERP_FN_CONTROL(name) sk_interp_##name
#define INTERP_FN_CALL(name) sk_interp_##name
#define INTERP_FN_BARRIER(name) sk_interp_##name
#define INTERP_FN_MAP(name) sk_interp_##name
#define INTERP_FN_RETURN(name) NULL
#define INTERP_FN_FUNC(name) NULL
#define INTERP_FN_MODULE(name) NULL

static const sk_interp_fn table[SK_OPKIND_COUNT] = {
#define X(name, text, omin, omax, rmin, rmax, gmin, gmax, op_class, syntax, elems, traits, attrs, rule, interp, loop, native) \
  [SK_OP_##name] = INTERP_##interp(op_class, name),
#include "ir/ops.def"
#undef X
};

static sk_status run_ops(sk_interp *s, sk_region region) {
  sk_op end = sk_region_get(s->m, region)->last;
  for (sk_op op = sk_region_first(s->m, region); op.id != end.id; op = sk_op_next(s->m, op)) {
    sk_interp_fn fn = table[sk_op_kind(s->m, op)];
    if (fn == NULL) {
      return sk_op_error(s->m, op, SK_UNIMPLEMENTED, "the reference interpreter does not have this operation yet");
    }
    SK_TRY(fn(s, op));
  }
  return NULL;
}

static void drop_region(sk_interp *s, sk_region region) {
  const sk_region_rec *rec = sk_region_get(s->m, region);
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    drop(s, rec->args + i);
  }
  SK_FOR_EACH_OP(s->m, region, op) {
    for (uint32_t i = 0; i < sk_op_get(s->m, op)->result_count; i++) {
      drop(s, sk_op_result(s->m, op, i).id);
    }
  }
}

sk_status sk_interp_region(sk_interp *s, sk_region region, const sk_tensor *const *args, sk_tensor **out_results) {
  const sk_region_rec *rec = sk_region_get(s->m, region);
  if (++s->depth > MAX_DEPTH) {
    return sk_op_error(s->m, rec->first, SK_RESOURCE_EXHAUSTED, "regions and calls are nested deeper than %d", MAX_DEPTH);
  }
  sk_status status = NULL;
  for (uint32_t i = 0; i < rec->arg_count && status == NULL; i++) {
    status = set_copy(s, sk_region_arg(s->m, region, i), args[i]);
  }
  if (status == NULL) {
    status = run_ops(s, region);
  }
  uint32_t count = sk_op_get(s->m, rec->last)->operand_count;
  for (uint32_t i = 0; i < count; i++) {
    out_results[i] = NULL;
  }
  for (uint32_t i = 0; i < count && status == NULL; i++) {
    sk_value v = sk_op_operand(s->m, rec->last, i);
    out_results[i] = copy_tensor(s, s->env[v.id], sk_value_type(s->m, v));
    status = out_results[i] != NULL ? NULL : sk_status_no_memory();
  }
  drop_region(s, region);
  s->depth--;
  return status;
}

static void free_tensors(sk_tensor **tensors, uint32_t count) {
  for (uint32_t i = 0; tensors != NULL && i < count; i++) {
    if (tensors[i] != NULL) {
      sk_mem_free(tensors[i]->data);
      sk_mem_free(tensors[i]);
    }
  }
  sk_mem_free(tensors);
}

// Runs a region on the op's operands from `first` on and makes its results the op's.
static sk_status run_as_results(sk_interp *s, sk_op op, sk_region region, uint32_t first) {
  uint32_t results = sk_op_get(s->m, op)->result_count, operands = sk_op_get(s->m, op)->operand_count;
  const sk_tensor **args = sk_mem_zalloc(sizeof *args * (operands + 1));
  sk_tensor **out = sk_mem_zalloc(sizeof *out * (results + 1));
  sk_status status = args == NULL || out == NULL ? sk_status_no_memory() : NULL;
  if (status == NULL) {
    for (uint32_t i = first; i < operands; i++) {
      args[i - first] = sk_interp_operand(s, op, i);
    }
    status = sk_interp_region(s, region, args, out);
  }
  for (uint32_t i = 0; i < results && status == NULL; i++) {
    drop(s, sk_op_result(s->m, op, i).id);
    s->env[sk_op_result(s->m, op, i).id] = out[i];
    out[i] = NULL;
  }
  free_tensors(out, results);
  sk_mem_free(args);
  return status;
}

// ---------------------------------------------------------------------------------------------------- control flow

static sk_status run_while(sk_interp *s, sk_op op, sk_tensor **state, uint32_t count) {
  for (;;) {
    sk_tensor *pred = NULL;
    SK_TRY(sk_interp_region(s, sk_op_region(s->m, op, 0), (const sk_tensor *const *)state, &pred));
    bool go_on = sk_tensor_get(pred, 0).i != 0;
    sk_mem_free(pred->data);
    sk_mem_free(pred);
    if (!go_on) {
      return NULL;
    }
    sk_tensor **next = sk_mem_zalloc(sizeof *next * (count + 1));
    if (next == NULL) {
      return sk_status_no_memory();
    }
    sk_status status = sk_interp_region(s, sk_op_region(s->m, op, 1), (const sk_tensor *const *)state, next);
    for (uint32_t i = 0; i < count; i++) {
      sk_tensor *old = state[i];
      state[i] = next[i] != NULL ? next[i] : old;
      next[i] = state[i] != old ? old : NULL;
    }
    free_tensors(next, count);
    SK_TRY(status);
  }
}

sk_status sk_interp_WHILE(sk_interp *s, sk_op op) {
  uint32_t count = sk_op_get(s->m, op)->operand_count;
  sk_tensor **state = sk_mem_zalloc(sizeof *state * (count + 1));
  sk_status status = state == NULL ? sk_status_no_memory() : NULL;
  for (uint32_t i = 0; i < count && status == NULL; i++) {
    state[i] = copy_tensor(s, sk_interp_operand(s, op, i), sk_value_type(s->m, sk_op_operand(s->m, op, i)));
    status = state[i] != NULL ? NULL : sk_status_no_memory();
  }
  if (status == NULL) {
    status = run_while(s, op, state, count);
  }
  for (uint32_t i = 0; i < count && status == NULL; i++) {
    drop(s, sk_op_result(s->m, op, i).id);
    s->env[sk_op_result(s->m, op, i).id] = state[i];
    state[i] = NULL;
  }
  free_tensors(state, count);
  return status;
}

sk_status sk_interp_CASE(sk_interp *s, sk_op op) {
  int64_t branch = sk_tensor_get(sk_interp_operand(s, op, 0), 0).i, count = sk_op_get(s->m, op)->region_count;
  branch = branch < 0 || branch >= count ? count - 1 : branch;
  return run_as_results(s, op, sk_op_region(s->m, op, (uint32_t)branch), 1);
}

sk_status sk_interp_IF(sk_interp *s, sk_op op) {
  return run_as_results(s, op, sk_op_region(s->m, op, sk_tensor_get(sk_interp_operand(s, op, 0), 0).i != 0 ? 0 : 1), 1);
}

static sk_status run_call(sk_interp *s, sk_op op, sk_str callee) {
  sk_op func = sk_module_find_func(s->m, callee);
  if (func.id == 0 || sk_func_body(s->m, func).id == 0) {
    return sk_op_error(s->m, op, SK_INVALID_ARGUMENT, "calls @%.*s, which has no definition", SK_STR_ARG(callee));
  }
  return run_as_results(s, op, sk_func_body(s->m, func), 0);
}

sk_status sk_interp_FUNC_CALL(sk_interp *s, sk_op op) { return run_call(s, op, sk_op_string(s->m, op, SK_NAME_callee)); }
sk_status sk_interp_COMPOSITE(sk_interp *s, sk_op op) { return run_call(s, op, sk_op_string(s->m, op, SK_NAME_decomposition)); }

sk_status sk_interp_OPTIMIZATION_BARRIER(sk_interp *s, sk_op op) {
  for (uint32_t i = 0; i < sk_op_get(s->m, op)->operand_count; i++) {
    SK_TRY(set_copy(s, sk_op_result(s->m, op, i), sk_interp_operand(s, op, i)));
  }
  return NULL;
}

// ---------------------------------------------------------------------------------------------------- entry

static sk_status run_entry(sk_interp *s, sk_op entry, const void *const *args, void *const *results) {
  sk_region body = sk_func_body(s->m, entry);
  const sk_region_rec *rec = sk_region_get(s->m, body);
  const sk_type_rec *type = sk_func_type(s->m, entry);
  for (uint32_t i = 0; i < type->input_count + type->result_count; i++) {
    sk_type t = i < type->input_count ? type->inputs[i] : type->results[i - type->input_count];
    if (!sk_type_is_static_tensor(s->m, t)) {
      return sk_op_error(s->m, entry, SK_UNIMPLEMENTED, "the entry function has an argument or result that is no static tensor");
    }
  }
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    sk_tensor *t = sk_interp_new(s, sk_region_arg(s->m, body, i));
    if (t == NULL) {
      return sk_status_no_memory();
    }
    memcpy(t->data, args[i], (size_t)t->count * sk_elem_bytes((sk_elem)t->type->elem));
  }
  SK_TRY(run_ops(s, body));
  for (uint32_t i = 0; i < sk_op_get(s->m, rec->last)->operand_count; i++) {
    const sk_tensor *t = sk_interp_operand(s, rec->last, i);
    memcpy(results[i], t->data, (size_t)t->count * sk_elem_bytes((sk_elem)t->type->elem));
  }
  return NULL;
}

sk_status sk_interp_run(const sk_module *m, sk_op entry, const void *const *args, void *const *results) {
  sk_interp s = {.m = m, .env = sk_mem_zalloc(sizeof(sk_tensor *) * m->values.count)};
  if (s.env == NULL) {
    return sk_status_no_memory();
  }
  if (sk_func_body(m, entry).id == 0) {
    sk_mem_free(s.env);
    return sk_op_error(m, entry, SK_INVALID_ARGUMENT, "the entry function has no body");
  }
  sk_status status = run_entry(&s, entry, args, results);
  for (uint32_t i = 0; i < m->values.count; i++) {
    drop(&s, i);
  }
  sk_mem_free(s.env);
  return status;
}
