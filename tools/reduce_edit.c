// SPDX-License-Identifier: Apache-2.0
// One edit of a case. The text is read anew, the module changed in place, what is not used any more taken out, and
// the result verified and printed.
//
// The body of the entry moves into a new region whenever its arguments change: operations are
// relinked, not copied, and operands renamed by a table from old to new values.
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "pass/pass.h"
#include "read/read.h"
#include "reduce.h"

typedef struct editor {
  sk_module *m;
  sk_op entry;
  sk_region body;
  const reduce_case *from;
  const reduce_edit *edit;
  uint32_t *to;  // owned: by value; 0: itself
  uint32_t room;
  reduce_array *args;  // owned: those of the body's arguments
  uint32_t arg_count;
} editor;

// ---- renaming

static sk_value renamed(const editor *e, sk_value v) {
  while (v.id < e->room && e->to[v.id] != 0) {
    v.id = e->to[v.id];
  }
  return v;
}

static void rename_operands(editor *e) {
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, e->m, e->body);
  while (sk_walk_next(&walker, &op)) {
    for (uint32_t i = 0; i < sk_op_get(e->m, op)->operand_count; i++) {
      sk_op_set_operand(e->m, op, i, renamed(e, sk_op_operand(e->m, op, i)));
    }
  }
}

// ---- the entry

static void adopt(sk_module *m, sk_region from, sk_region to) {
  sk_region_rec *a = &m->regions.data[from.id], *b = &m->regions.data[to.id];
  b->first = a->first;
  b->last = a->last;
  a->first = a->last = (sk_op){0};
  SK_FOR_EACH_OP(m, to, op) { m->ops.data[op.id].parent = to; }
}

// A new function of the same name with the body's arguments and results.
static bool renew_entry(editor *e) {
  sk_module *m = e->m;
  const sk_region_rec *rec = sk_region_get(m, e->body);
  const sk_op_rec *ret = sk_op_get(m, rec->last);
  uint32_t inputs = rec->arg_count, results = ret->operand_count;
  sk_type *types = calloc((size_t)inputs + results + 1, sizeof *types);
  if (types == NULL) {
    return false;
  }
  for (uint32_t i = 0; i < inputs; i++) {
    types[i] = sk_value_type(m, sk_region_arg(m, e->body, i));
  }
  for (uint32_t i = 0; i < results; i++) {
    types[inputs + i] = sk_value_type(m, sk_op_operand(m, rec->last, i));
  }
  sk_type type = sk_type_function(m, inputs, types, results, types + inputs);
  free(types);
  sk_named_attr attrs[2] = {{{SK_NAME_sym_name}, sk_attr_string(m, sk_func_name(m, e->entry))},
                            {{SK_NAME_function_type}, sk_attr_type(m, type)}};
  sk_op_desc func = {.kind = SK_OP_FUNC_FUNC,
                     .attrs = attrs,
                     .attr_count = 2,
                     .regions = &e->body,
                     .region_count = 1};
  sk_op_unlink(m, e->entry);
  e->entry = sk_op_new(m, sk_op_region(m, m->root, 0), &func);
  return e->entry.id != 0;
}

// Moves the body to a region with the marked arguments and `added` new ones.
static bool change_arguments(editor *e, const bool *keep, const sk_type *added,
                             const reduce_array *data, uint32_t added_count) {
  sk_module *m = e->m;
  uint32_t old = sk_region_get(m, e->body)->arg_count, count = 0;
  sk_type *types = calloc((size_t)old + added_count + 1, sizeof *types);
  reduce_array *args = calloc((size_t)old + added_count + 1, sizeof *args);
  if (types == NULL || args == NULL) {
    free(types);
    free(args);
    return false;
  }
  for (uint32_t i = 0; i < old + added_count; i++) {
    if (i >= old || keep[i]) {
      types[count] = i < old ? sk_value_type(m, sk_region_arg(m, e->body, i)) : added[i - old];
      args[count++] = i < old ? e->args[i] : data[i - old];
    } else {
      free(e->args[i].data);
    }
  }
  sk_region body = sk_region_new(m, types, count);
  for (uint32_t i = 0, next = 0; i < old; i++) {
    uint32_t *to = &e->to[sk_region_arg(m, e->body, i).id];
    if (keep[i]) {
      *to = *to != 0 ? *to : sk_region_arg(m, body, next).id;
      next++;
    }
  }
  adopt(m, e->body, body);
  e->body = body;
  rename_operands(e);
  free(types);
  free(e->args);
  e->args = args;
  e->arg_count = count;
  return body.id != 0;
}

// ---- values

static sk_value splat_before(sk_module *m, sk_op before, sk_type type, int splat) {
  sk_elem elem = (sk_elem)sk_type_get(m, type)->elem, part = sk_elem_complex_part(elem);
  char data[16] = {0};
  float f32 = 1;
  double f64 = 1;
  if (splat != 0 && part == SK_F32) {
    memcpy(data, &f32, 4);
  } else if (splat != 0 && part == SK_F64) {
    memcpy(data, &f64, 8);
  } else if (splat != 0) {
    data[0] = 1;
  }
  char *kept = sk_arena_copy(&m->arena, data, sizeof data, 16);
  sk_named_attr attr = {{SK_NAME_value},
                        sk_attr_dense(m, type, (sk_dense){kept, sk_elem_bytes(elem), true})};
  sk_op_desc desc = {.kind = SK_OP_CONSTANT,
                     .attrs = &attr,
                     .attr_count = 1,
                     .result_types = &type,
                     .result_count = 1};
  sk_op op = sk_op_new_before(m, before, &desc);
  return op.id != 0 ? sk_op_result(m, op, 0) : (sk_value){0};
}

static bool is_plain_tensor(const sk_module *m, sk_value v) {
  const sk_type_rec *type = sk_value_type_rec(m, v);
  return sk_type_is_static_tensor(m, sk_value_type(m, v)) && type->elem != SK_QUANT;
}

// Where a constant for a value goes: before its operation, or first in its region.
static sk_op place_of(const sk_module *m, sk_value v) {
  const sk_value_rec *rec = sk_value_get(m, v);
  return rec->op.id != 0 ? rec->op : sk_region_first(m, rec->region);
}

static bool replace_value(editor *e, sk_value v, sk_type *added, reduce_array *data,
                          uint32_t *count) {
  const reduce_edit *edit = e->edit;
  reduce_action action = (reduce_action)edit->actions[v.id];
  if (action == REDUCE_TO_VALUE) {
    e->to[v.id] = edit->others[v.id];
    return true;
  }
  if (!is_plain_tensor(e->m, v)) {
    return false;
  }
  sk_type type = sk_value_type(e->m, v);
  if (action == REDUCE_TO_CONSTANT) {
    e->to[v.id] = splat_before(e->m, place_of(e->m, v), type, edit->splat).id;
    return e->to[v.id] != 0;
  }
  int64_t elems = 0;
  (void)sk_type_elem_count(e->m, type, &elems);
  size_t bytes = (size_t)elems * sk_elem_bytes((sk_elem)sk_type_get(e->m, type)->elem);
  if (edit->seen == NULL || edit->seen[v.id] == NULL) {
    return false;
  }
  data[*count] = (reduce_array){malloc(bytes + 1), bytes};
  if (data[*count].data == NULL) {
    return false;
  }
  memcpy(data[*count].data, edit->seen[v.id], bytes);
  added[(*count)++] = type;
  return true;
}

static bool replace_values(editor *e) {
  uint32_t values = e->m->values.count, count = 0, old = e->arg_count;
  sk_type *added = calloc((size_t)values + 1, sizeof *added);
  reduce_array *data = calloc((size_t)values + 1, sizeof *data);
  uint32_t *which = calloc((size_t)values + 1, sizeof *which);
  bool *keep = calloc((size_t)old + 1, sizeof *keep);
  bool ok = added && data && which && keep;
  for (uint32_t id = 1; ok && id < values && e->edit->actions != NULL; id++) {
    if (e->edit->actions[id] != REDUCE_KEEP) {
      which[count] = id;
      ok = replace_value(e, (sk_value){id}, added, data, &count);
    }
  }
  for (uint32_t i = 0; ok && i < old; i++) {
    keep[i] = true;
  }
  if (!ok) {
    for (uint32_t i = 0; data != NULL && i < count; i++) {
      free(data[i].data);
    }
  }
  if (ok) {
    ok = change_arguments(e, keep, added, data, count);
    for (uint32_t i = 0; ok && i < count; i++) {
      e->to[which[i]] = sk_region_arg(e->m, e->body, old + i).id;
    }
    if (ok) {
      rename_operands(e);
    }
  }
  free(added);
  free(data);
  free(which);
  free(keep);
  return ok;
}

// ---- what is not used goes

static bool *used_values(const editor *e) {
  bool *used = calloc((size_t)e->m->values.count + 1, sizeof *used);
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, e->m, e->body);
  while (used != NULL && sk_walk_next(&walker, &op)) {
    for (uint32_t i = 0; i < sk_op_get(e->m, op)->operand_count; i++) {
      used[sk_op_operand(e->m, op, i).id] = true;
    }
  }
  return used;
}

static bool is_unused(const sk_module *m, sk_op op, const bool *used) {
  if (sk_opkind_has(sk_op_kind(m, op), SK_TRAIT_TERMINATOR)) {
    return false;
  }
  for (uint32_t i = 0; i < sk_op_get(m, op)->result_count; i++) {
    if (used[sk_op_result(m, op, i).id]) {
      return false;
    }
  }
  return true;
}

static bool drop_unused(editor *e) {
  for (bool changed = true; changed;) {
    bool *used = used_values(e);
    sk_walker walker;
    sk_op op;
    changed = false;
    if (used == NULL) {
      return false;
    }
    // Collected first: a walk does not survive the loss of the operation it stands on.
    sk_op *gone = calloc((size_t)e->m->ops.count + 1, sizeof *gone);
    uint32_t count = 0;
    sk_walk_begin(&walker, e->m, e->body);
    while (gone != NULL && sk_walk_next(&walker, &op)) {
      if (is_unused(e->m, op, used)) {
        gone[count++] = op;
      }
    }
    for (uint32_t i = 0; i < count; i++) {
      sk_op_unlink(e->m, gone[i]);
      changed = true;
    }
    free(gone);
    free(used);
  }
  return true;
}

static bool drop_unused_arguments(editor *e) {
  bool *used = used_values(e), ok = false;
  uint32_t count = sk_region_get(e->m, e->body)->arg_count;
  bool *keep = calloc((size_t)count + 1, sizeof *keep);
  for (uint32_t i = 0; used != NULL && keep != NULL && i < count; i++) {
    keep[i] = used[sk_region_arg(e->m, e->body, i).id];
  }
  if (used != NULL && keep != NULL) {
    ok = change_arguments(e, keep, NULL, NULL, 0);
  }
  free(used);
  free(keep);
  return ok;
}

static bool is_named_anywhere(const sk_module *m, sk_str name) {
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, m, sk_op_region(m, m->root, 0));
  while (sk_walk_next(&walker, &op)) {
    sk_opkind kind = sk_op_kind(m, op);
    sk_name attr = kind == SK_OP_FUNC_CALL   ? SK_NAME_callee
                   : kind == SK_OP_COMPOSITE ? SK_NAME_decomposition
                                             : SK_NAME_EMPTY;
    if (kind == SK_OP_CUSTOM_CALL ||
        (attr != SK_NAME_EMPTY && sk_str_eq(sk_op_string(m, op, attr), name))) {
      return true;
    }
  }
  return false;
}

static void drop_unused_functions(editor *e) {
  for (bool changed = true; changed;) {
    changed = false;
    SK_FOR_EACH_OP(e->m, sk_op_region(e->m, e->m->root, 0), op) {
      if (sk_op_kind(e->m, op) == SK_OP_FUNC_FUNC && op.id != e->entry.id &&
          !is_named_anywhere(e->m, sk_func_name(e->m, op))) {
        sk_op_unlink(e->m, op);
        changed = true;
        break;
      }
    }
  }
}

static bool drop_results(editor *e) {
  sk_module *m = e->m;
  sk_op old = sk_region_get(m, e->body)->last;
  uint32_t count = sk_op_get(m, old)->operand_count, kept = 0;
  sk_value *values = calloc((size_t)count + 1, sizeof *values);
  for (uint32_t i = 0; values != NULL && i < count; i++) {
    if (e->edit->drop_results == NULL || !e->edit->drop_results[i]) {
      values[kept++] = sk_op_operand(m, old, i);
    }
  }
  bool ok = values != NULL && kept > 0;
  if (ok) {
    sk_op_unlink(m, old);
    sk_op_desc ret = {.kind = SK_OP_FUNC_RETURN, .operands = values, .operand_count = kept};
    ok = sk_op_new(m, e->body, &ret).id != 0;
  }
  free(values);
  return ok;
}

// ---- regions instead of what holds them

// The operations of the region move before the operation; its results become what the region returns.
static bool open_region(editor *e) {
  sk_module *m = e->m;
  sk_op op = e->edit->opened;
  if (op.id >= m->ops.count || e->edit->region >= sk_op_get(m, op)->region_count) {
    return false;
  }
  sk_region region = sk_op_region(m, op, e->edit->region);
  const sk_region_rec rec = *sk_region_get(m, region);
  sk_op last = rec.last;
  if (sk_op_get(m, last)->operand_count != sk_op_get(m, op)->result_count ||
      (rec.arg_count != 0 && rec.arg_count != sk_op_get(m, op)->operand_count)) {
    return false;
  }
  for (uint32_t i = 0; i < rec.arg_count; i++) {
    e->to[sk_region_arg(m, region, i).id] = sk_op_operand(m, op, i).id;
  }
  for (uint32_t i = 0; i < sk_op_get(m, op)->result_count; i++) {
    sk_value v = sk_op_operand(m, last, i);
    if (sk_value_type(m, v).id != sk_value_type(m, sk_op_result(m, op, i)).id) {
      return false;
    }
    e->to[sk_op_result(m, op, i).id] = v.id;
  }
  sk_op_unlink(m, last);
  sk_op first = m->regions.data[region.id].first, end = m->regions.data[region.id].last;
  if (first.id != 0) {
    sk_op_rec *self = &m->ops.data[op.id];
    sk_region parent = self->parent;
    for (sk_op inner = first; inner.id != 0; inner = sk_op_next(m, inner)) {
      m->ops.data[inner.id].parent = parent;
    }
    m->ops.data[first.id].prev = self->prev;
    m->ops.data[end.id].next = op;
    if (self->prev.id != 0) {
      m->ops.data[self->prev.id].next = first;
    } else {
      m->regions.data[parent.id].first = first;
    }
    self->prev = end;
    m->regions.data[region.id].first = m->regions.data[region.id].last = (sk_op){0};
  }
  sk_op_unlink(m, op);
  return true;
}

// ---- extents

typedef struct resizing {
  int64_t from, to;
} resizing;

static sk_type resized(sk_module *m, sk_type type, resizing r) {
  sk_type_rec rec = *sk_type_get(m, type);
  int64_t dims[SK_MAX_RANK];
  if (rec.kind == SK_TYPE_TENSOR) {
    for (uint32_t d = 0; d < rec.rank; d++) {
      dims[d] = rec.dims[d] == r.from ? r.to : rec.dims[d];
    }
    rec.dims = dims;
    return sk_type_intern(m, &rec);
  }
  if (rec.kind != SK_TYPE_FUNCTION) {
    return type;
  }
  uint32_t count = rec.input_count + rec.result_count;
  sk_type *parts = calloc((size_t)count + 1, sizeof *parts);
  for (uint32_t i = 0; parts != NULL && i < count; i++) {
    const sk_type_rec *now = sk_type_get(m, type);
    parts[i] =
        resized(m, i < rec.input_count ? now->inputs[i] : now->results[i - rec.input_count], r);
  }
  sk_type out = parts != NULL ? sk_type_function(m, rec.input_count, parts, rec.result_count,
                                                 parts + rec.input_count)
                              : (sk_type){0};
  free(parts);
  return out;
}

// The leading corner of an array, in the new shape.
static void crop(const sk_type_rec *from, const sk_type_rec *to, size_t width, const char *data,
                 char *out) {
  int64_t index[SK_MAX_RANK] = {0}, count = 1;
  for (uint32_t d = 0; d < to->rank; d++) {
    count *= to->dims[d];
  }
  for (int64_t i = 0; i < count; i++) {
    int64_t at = 0;
    for (uint32_t d = 0; d < from->rank; d++) {
      at = at * from->dims[d] + SK_MIN(index[d], from->dims[d] - 1);
    }
    memcpy(out + (size_t)i * width, data + (size_t)at * width, width);
    for (uint32_t d = to->rank; d > 0 && ++index[d - 1] == to->dims[d - 1]; d--) {
      index[d - 1] = 0;
    }
  }
}

static sk_attr resized_attr(sk_module *m, sk_attr attr, resizing r) {
  sk_attr_rec rec = *sk_attr_get(m, attr);
  if (rec.kind == SK_ATTR_TYPE) {
    return sk_attr_type(m, resized(m, rec.type, r));
  }
  if (rec.kind == SK_ATTR_INTS) {
    int64_t *data = sk_arena_copy(&m->arena, rec.u.ints.data, rec.u.ints.count * sizeof *data, 8);
    for (uint32_t i = 0; i < rec.u.ints.count; i++) {
      data[i] = data[i] == r.from ? r.to : data[i];
    }
    return rec.cols > 0 ? sk_attr_ints_2d(m, data, rec.u.ints.count / rec.cols, rec.cols)
                        : sk_attr_ints(m, data, rec.u.ints.count);
  }
  if (rec.kind != SK_ATTR_DENSE) {
    return attr;
  }
  sk_type type = resized(m, rec.type, r);
  int64_t count = 0;
  if (type.id == 0 || type.id == rec.type.id || rec.u.dense.splat) {
    return type.id != 0 ? sk_attr_dense(m, type, rec.u.dense) : (sk_attr){0};
  }
  const sk_type_rec *from = sk_type_get(m, rec.type), *to = sk_type_get(m, type);
  if (from->elem == SK_QUANT || !sk_type_elem_count(m, type, &count)) {
    return (sk_attr){0};
  }
  size_t width = sk_elem_bytes((sk_elem)from->elem);
  char *data = sk_arena_alloc(&m->arena, (size_t)count * width + 1, 16);
  crop(from, to, width, rec.u.dense.data, data);
  return sk_attr_dense(m, type, (sk_dense){data, (size_t)count * width, false});
}

static bool resize_arguments(editor *e, resizing r) {
  for (uint32_t i = 0; i < e->arg_count; i++) {
    sk_type old = sk_value_type(e->m, sk_region_arg(e->m, e->body, i)), type;
    type = resized(e->m, old, r);
    int64_t count = 0;
    if (type.id == 0 || !sk_type_elem_count(e->m, type, &count)) {
      return false;
    }
    const sk_type_rec *from = sk_type_get(e->m, old), *to = sk_type_get(e->m, type);
    size_t width = sk_elem_bytes((sk_elem)from->elem);
    char *data = calloc(1, (size_t)count * width + 1);
    if (data == NULL) {
      return false;
    }
    if (e->args[i].bytes > 0) {
      crop(from, to, width, e->args[i].data, data);
    }
    free(e->args[i].data);
    e->args[i] = (reduce_array){data, (size_t)count * width};
  }
  return true;
}

static bool resize(editor *e) {
  sk_module *m = e->m;
  resizing r = {e->edit->old_extent, e->edit->new_extent};
  if (r.from == 0) {
    return true;
  }
  if (!resize_arguments(e, r)) {
    return false;
  }
  for (uint32_t id = 1; id < m->values.count; id++) {
    sk_type type = resized(m, m->values.data[id].type, r);
    if (type.id == 0) {
      return false;
    }
    m->values.data[id].type = type;
  }
  for (uint32_t id = 1; id < m->ops.count; id++) {
    const sk_op_rec *rec = sk_op_get(m, (sk_op){id});
    for (uint32_t i = 0; i < rec->attr_count; i++) {
      sk_attr attr = resized_attr(m, m->attr_pool.data[rec->attrs + i].attr, r);
      if (attr.id == 0) {
        return false;
      }
      m->attr_pool.data[sk_op_get(m, (sk_op){id})->attrs + i].attr = attr;
    }
  }
  return true;
}

// ---- the whole

static bool inline_calls(editor *e) {
  sk_pass_options options = {.bisect = -1};
  jmp_buf bail;
  if (!e->edit->inlines) {
    return true;
  }
  if (setjmp(bail) != 0) {
    return false;
  }
  e->m->arena.bail = &bail;
  sk_status status = sk_pass_inline(e->m, e->entry, &options);
  e->m->arena.bail = NULL;
  bool ok = status == NULL;
  sk_status_free(status);
  e->body = sk_func_body(e->m, e->entry);
  return ok;
}

static bool make_tables(editor *e) {
  const reduce_case *c = e->from;
  e->room = 4 * (e->m->values.count + 16);  // constants and two more sets of arguments are to come
  e->to = calloc((size_t)e->room + 1, sizeof *e->to);
  e->args = calloc((size_t)c->arg_count + 1, sizeof *e->args);
  if (e->to == NULL || e->args == NULL) {
    return false;
  }
  for (; e->arg_count < c->arg_count; e->arg_count++) {
    reduce_array *out = &e->args[e->arg_count];
    const reduce_array *in = &c->args[e->arg_count];
    *out = (reduce_array){malloc(in->bytes + 1), in->bytes};
    if (out->data == NULL) {
      return false;
    }
    memcpy(out->data, in->data, in->bytes);
  }
  return true;
}

static bool change(editor *e) {
  bool ok = inline_calls(e) && make_tables(e);
  if (ok && e->edit->opened.id != 0) {
    ok = open_region(e);
    rename_operands(e);
  }
  ok = ok && replace_values(e) && drop_results(e) && drop_unused(e) && drop_unused_arguments(e) &&
       renew_entry(e);
  if (ok) {
    drop_unused_functions(e);
  }
  return ok && resize(e);
}

static bool take_result(editor *e, reduce_case *out) {
  sk_status status = sk_module_verify(e->m, NULL);
  sk_text text;
  bool ok = status == NULL;
  sk_status_free(status);
  sk_text_init(&text);
  if (ok) {
    sk_module_print(e->m, &(sk_print_options){0}, &text);
    out->text = malloc(text.len + 1);
    ok = !text.failed && out->text != NULL;
  }
  if (ok) {
    memcpy(out->text, text.data, text.len);
    out->text[out->len = text.len] = 0;
    out->args = e->args;
    out->arg_count = e->arg_count;
    e->args = NULL;
  }
  sk_text_fini(&text);
  return ok;
}

bool reduce_apply(const reduce_case *c, const reduce_edit *edit, reduce_case *out) {
  editor e = {.from = c, .edit = edit};
  *out = (reduce_case){0};
  sk_status status = sk_read_module("case", c->text, c->len, NULL, &e.m);
  if (status != NULL) {
    sk_status_free(status);
    return false;
  }
  e.entry = sk_module_find_func(e.m, SK_STR("main"));
  e.entry = e.entry.id != 0 ? e.entry : sk_module_first_func(e.m);
  e.body = sk_func_body(e.m, e.entry);
  bool ok = change(&e) && take_result(&e, out);
  for (uint32_t i = 0; e.args != NULL && i < e.arg_count; i++) {
    free(e.args[i].data);
  }
  free(e.args);
  free(e.to);
  sk_module_destroy(e.m);
  if (!ok) {
    reduce_case_free(out);
  }
  return ok;
}
