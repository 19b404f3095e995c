// SPDX-License-Identifier: Apache-2.0
// Cases: a program and its arguments in one text, read and printed.
#include <stdlib.h>
#include <string.h>

#include "interp/interp.h"
#include "read/read.h"
#include "reduce.h"

#define VALUE_NAME SK_STR("skarn.value")

void reduce_case_free(reduce_case *c) {
  for (uint32_t i = 0; c->args != NULL && i < c->arg_count; i++) {
    free(c->args[i].data);
  }
  free(c->args);
  free(c->text);
  *c = (reduce_case){0};
}

static sk_op find_entry(const sk_module *m) {
  sk_op entry = sk_module_find_func(m, SK_STR("main"));
  return entry.id != 0 ? entry : sk_module_first_func(m);
}

// A splat is spread.
static void copy_dense(const sk_dense *dense, size_t width, char *out, size_t bytes) {
  for (size_t at = 0; at < bytes; at += width) {
    memcpy(out + at, (const char *)dense->data + (dense->splat ? 0 : at), width);
  }
}

static sk_status read_argument(sk_module *m, sk_op entry, uint32_t i, reduce_fill_fn *fill,
                               void *user, reduce_array *out) {
  sk_sym name;
  sk_type type = sk_func_type(m, entry)->inputs[i];
  sk_elem elem = (sk_elem)sk_type_get(m, type)->elem;
  int64_t count = 0;
  if (!sk_type_is_static_tensor(m, type) || elem == SK_QUANT ||
      !sk_type_elem_count(m, type, &count)) {
    return sk_op_error(m, entry, SK_UNIMPLEMENTED, "argument %u is no array of known shape", i);
  }
  out->bytes = (size_t)count * sk_elem_bytes(elem);
  out->data = calloc(1, out->bytes + 1);
  if (out->data == NULL || !sk_intern(&m->strings, VALUE_NAME, &name)) {
    return sk_status_no_memory();
  }
  const sk_attr_rec *given = sk_attr_get(m, sk_func_arg_attr(m, entry, i, name));
  if (given->kind == SK_ATTR_DENSE && given->type.id == type.id) {
    copy_dense(&given->u.dense, sk_elem_bytes(elem), out->data, out->bytes);
  } else {
    fill(user, i, sk_type_get(m, type), out->data, out->bytes);
  }
  return NULL;
}

// Attributes of arguments and results go: they belong to the world that the program came from.
static bool drop_attributes(sk_module *m, sk_op entry) {
  static const sk_name names[2] = {SK_NAME_arg_attrs, SK_NAME_res_attrs};
  const sk_type_rec type = *sk_func_type(m, entry);
  bool ok = true;
  for (uint32_t n = 0; n < 2; n++) {
    uint32_t count = n == 0 ? type.input_count : type.result_count;
    sk_attr *none = calloc((size_t)count + 1, sizeof *none);
    for (uint32_t i = 0; none != NULL && i < count; i++) {
      none[i] = sk_attr_dict(m, NULL, 0);
    }
    if (sk_op_find_attr(m, entry, names[n]).id != 0) {
      ok = ok && none != NULL &&
           sk_op_set_attr(m, entry, (sk_sym){(uint32_t)names[n]}, sk_attr_array(m, none, count));
    }
    free(none);
  }
  return ok;
}

static sk_status take_text(const sk_module *m, reduce_case *out) {
  sk_text text;
  sk_text_init(&text);
  sk_module_print(m, &(sk_print_options){0}, &text);
  bool failed = text.failed;
  out->text = failed ? NULL : malloc(text.len + 1);
  if (out->text != NULL) {
    memcpy(out->text, text.data, text.len);
    out->text[text.len] = 0;
    out->len = text.len;
  }
  sk_text_fini(&text);
  return out->text != NULL ? NULL : sk_status_no_memory();
}

static sk_status read_parts(sk_module *m, reduce_fill_fn *fill, void *user, reduce_case *out) {
  sk_op entry = find_entry(m);
  if (entry.id == 0 || sk_func_body(m, entry).id == 0) {
    return sk_status_new(SK_NOT_FOUND, "%s: there is no function to run", m->input_name);
  }
  out->arg_count = sk_func_type(m, entry)->input_count;
  out->args = calloc((size_t)out->arg_count + 1, sizeof *out->args);
  if (out->args == NULL) {
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < out->arg_count; i++) {
    SK_TRY(read_argument(m, entry, i, fill, user, &out->args[i]));
  }
  return drop_attributes(m, entry) ? take_text(m, out) : sk_status_no_memory();
}

sk_status reduce_case_read(const char *name, const void *bytes, size_t len, reduce_fill_fn *fill,
                           void *user, reduce_case *out) {
  sk_module *m;
  *out = (reduce_case){0};
  SK_TRY(sk_read_module(name, bytes, len, NULL, &m));
  sk_status status = sk_module_verify(m, NULL);
  if (status == NULL) {
    status = read_parts(m, fill, user, out);
  }
  sk_module_destroy(m);
  if (status != NULL) {
    reduce_case_free(out);
  }
  return status;
}

static bool is_splat(const reduce_array *array, size_t width) {
  const char *data = array->data;
  for (size_t at = width; at < array->bytes; at += width) {
    if (memcmp(data, data + at, width) != 0) {
      return false;
    }
  }
  return array->bytes > 0;
}

static sk_status add_values(sk_module *m, const reduce_case *c) {
  sk_op entry = find_entry(m);
  sk_attr *dicts = calloc((size_t)c->arg_count + 1, sizeof *dicts);
  sk_named_attr value;
  if (dicts == NULL || !sk_intern(&m->strings, VALUE_NAME, &value.name)) {
    free(dicts);
    return sk_status_no_memory();
  }
  for (uint32_t i = 0; i < c->arg_count; i++) {
    sk_type type = sk_func_type(m, entry)->inputs[i];
    size_t width = sk_elem_bytes((sk_elem)sk_type_get(m, type)->elem);
    bool splat = is_splat(&c->args[i], width);
    sk_dense dense = {c->args[i].data, splat ? width : c->args[i].bytes, splat};
    value.attr = sk_attr_dense(m, type, dense);
    dicts[i] = sk_attr_dict(m, &value, 1);
  }
  bool ok =
      sk_op_set_attr(m, entry, (sk_sym){SK_NAME_arg_attrs}, sk_attr_array(m, dicts, c->arg_count));
  free(dicts);
  return ok ? NULL : sk_status_no_memory();
}

sk_status reduce_case_print(const reduce_case *c, sk_text *out) {
  sk_module *m;
  SK_TRY(sk_read_module("case", c->text, c->len, NULL, &m));
  sk_status status = c->arg_count > 0 ? add_values(m, c) : NULL;
  if (status == NULL) {
    sk_module_print(m, &(sk_print_options){0}, out);
  }
  sk_module_destroy(m);
  return status;
}

void reduce_case_judge(const reduce_case *c, const oracle_options *options, oracle_verdict *out) {
  const void **args = calloc((size_t)c->arg_count + 1, sizeof *args);
  *out = (oracle_verdict){.what = ORACLE_UNSUPPORTED};
  for (uint32_t i = 0; args != NULL && i < c->arg_count; i++) {
    args[i] = c->args[i].data;
  }
  if (args != NULL) {
    oracle_judge_apart(options, c->text, c->len, args, out);
  }
  free(args);
}

uint32_t reduce_op_count(const reduce_case *c) {
  sk_module *m;
  sk_status status = sk_read_module("case", c->text, c->len, NULL, &m);
  uint32_t count = status == NULL ? (uint32_t)sk_module_op_count(m) : 0;
  sk_status_free(status);
  sk_module_destroy(m);
  return count;
}

// ---- what values were

typedef struct observation {
  const sk_module *m;
  void **seen;
} observation;

static void keep_value(void *user, sk_interp *s, sk_op op, uint32_t result, void *data,
                       int64_t count) {
  observation *o = user;
  (void)s;
  sk_value v = sk_op_result(o->m, op, result);
  sk_elem elem = (sk_elem)sk_value_type_rec(o->m, v)->elem;
  size_t bytes = (size_t)count * sk_elem_bytes(elem);
  if (elem != SK_QUANT && o->seen[v.id] == NULL) {
    o->seen[v.id] = malloc(bytes + 1);
    if (o->seen[v.id] != NULL) {
      memcpy(o->seen[v.id], data, bytes);
    }
  }
}

static sk_status observe(const sk_module *m, const reduce_case *c, void **seen) {
  sk_op entry = find_entry(m);
  const sk_type_rec *type = sk_func_type(m, entry);
  const void **args = calloc((size_t)c->arg_count + 1, sizeof *args);
  void **results = calloc((size_t)type->result_count + 1, sizeof *results);
  sk_status status = args != NULL && results != NULL ? NULL : sk_status_no_memory();
  for (uint32_t i = 0; status == NULL && i < c->arg_count; i++) {
    args[i] = c->args[i].data;
  }
  for (uint32_t i = 0; status == NULL && i < type->result_count; i++) {
    int64_t count = 0;
    (void)sk_type_elem_count(m, type->results[i], &count);
    size_t width = sk_elem_bytes((sk_elem)sk_type_get(m, type->results[i])->elem);
    results[i] = malloc((size_t)count * width + 1);
    status = results[i] != NULL ? NULL : sk_status_no_memory();
  }
  observation o = {m, seen};
  sk_interp_observer observer = {keep_value, &o};
  if (status == NULL) {
    status = sk_interp_run_observed(m, entry, args, results, &observer);
  }
  for (uint32_t i = 0; results != NULL && i < type->result_count; i++) {
    free(results[i]);
  }
  free(results);
  free(args);
  return status;
}

void **reduce_observe(const reduce_case *c, uint32_t *out_count) {
  sk_module *m;
  void **seen = NULL;
  *out_count = 0;
  sk_status status = sk_read_module("case", c->text, c->len, NULL, &m);
  if (status == NULL) {
    *out_count = m->values.count;
    seen = calloc((size_t)m->values.count + 1, sizeof *seen);
    status = seen != NULL ? observe(m, c, seen) : sk_status_no_memory();
  }
  sk_status_free(status);  // what was seen until then still helps
  sk_module_destroy(m);
  return seen;
}
