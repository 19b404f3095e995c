// SPDX-License-Identifier: Apache-2.0
// Attributes of operations outside of VHLO: properties in the order of the schema's names, an index
// doubled with a flag where one may be missing, and a dictionary of all others. Before version 5
// of the container everything goes into the dictionary.
#include <stdlib.h>

#include "read/write_int.h"

// Lengths of lists of operands and results are written as properties.
static bool is_segments(const sk_writer *w, sk_opkind kind, sk_sym name) {
  static const char *const names[] = SK_BYTECODE_SEGMENT_NAMES;
  sk_str text = sk_sym_str(&w->m->strings, name);
  return sk_bytecode_has_segments(kind) && w->container >= 5 &&
         (sk_str_eq(text, sk_str_from(names[0])) || sk_str_eq(text, sk_str_from(names[1])));
}

sk_write_item *sk_write_discardable(sk_writer *w, sk_write_form form, uint32_t extra,
                                    uint32_t *out_count) {
  const sk_op_rec *rec = sk_op_get(w->m, w->op);
  const sk_named_attr *attrs = w->m->attr_pool.data + rec->attrs;
  sk_write_item *items = sk_write_alloc(w, ((size_t)rec->attr_count + extra + 1) * sizeof *items);
  *out_count = 0;
  for (uint32_t i = 0; items != NULL && i < rec->attr_count; i++) {
    if (sk_opkind_find_attr((sk_opkind)rec->kind, attrs[i].name) == NULL &&
        !is_segments(w, (sk_opkind)rec->kind, attrs[i].name)) {
      items[(*out_count)++] = (sk_write_item){sk_sym_str(&w->m->strings, attrs[i].name),
                                              sk_write_attr(w, form, attrs[i].attr)};
    }
  }
  return items;
}

static int compare_schemas(const void *a, const void *b) {
  const sk_attr_schema *x = *(const sk_attr_schema *const *)a;
  const sk_attr_schema *y = *(const sk_attr_schema *const *)b;
  return strcmp(sk_name_text((sk_name)x->name), sk_name_text((sk_name)y->name));
}

static const sk_attr_schema **sorted_schema(sk_writer *w, sk_opkind kind) {
  const sk_op_info *info = sk_opkind_info(kind);
  if (w->schemas[kind] == NULL) {
    const sk_attr_schema **sorted =
        sk_write_alloc(w, ((size_t)info->attr_count + 1) * sizeof *sorted);
    for (uint32_t i = 0; sorted != NULL && i < info->attr_count; i++) {
      sorted[i] = &info->attrs[i];
    }
    if (sorted != NULL) {
      qsort(sorted, info->attr_count, sizeof *sorted, compare_schemas);
    }
    w->schemas[kind] = sorted;
  }
  return w->schemas[kind];
}

static void put_segments(sk_writer *w, const char *name) {
  sk_sym sym = {0};
  int32_t sizes[SK_BYTECODE_SEGMENTS];
  const sk_attr_rec *rec = NULL;
  if (sk_intern_find(&w->m->strings, sk_str_from(name), &sym)) {
    rec = sk_attr_get(w->m, sk_op_find_attr_sym(w->m, w->op, sym));
  }
  if (rec == NULL || rec->kind != SK_ATTR_DENSE_ARRAY || rec->u.dense.bytes != sizeof sizes) {
    sk_write_unsupported(w, "attribute '%s' is missing", name);
    return;
  }
  memcpy(sizes, rec->u.dense.data, sizeof sizes);
  sk_write_number(w, SK_BYTECODE_SEGMENTS << 1);
  for (uint32_t i = 0; i < SK_BYTECODE_SEGMENTS; i++) {
    sk_write_number(w, (uint32_t)sizes[i]);
  }
}

static uint32_t write_properties(sk_writer *w, sk_write_form form, sk_opkind kind) {
  const sk_attr_schema **schema = sorted_schema(w, kind);
  uint32_t height = w->stack.count;
  for (uint32_t i = 0; schema != NULL && i < sk_opkind_info(kind)->attr_count; i++) {
    bool optional = schema[i]->presence != SK_PRESENCE_REQUIRED;
    sk_attr attr = sk_op_find_attr(w->m, w->op, (sk_name)schema[i]->name);
    if (attr.id != 0) {
      uint32_t entry = sk_write_schema_attr(w, form, schema[i], attr);
      sk_write_attr_ref(w, entry, optional ? SK_REF_FLAG_1 : SK_REF_PLAIN);
    } else if (optional && sk_bytecode_is_late(kind, schema[i]->name)) {
      continue;  // so that tools of before can read it
    } else if (optional) {
      sk_write_number(w, 0);
    } else {
      sk_write_unsupported(w, "attribute '%s' is missing", sk_name_text((sk_name)schema[i]->name));
    }
  }
  static const char *const names[] = SK_BYTECODE_SEGMENT_NAMES;
  for (size_t i = 0; i < SK_COUNT(names) && sk_bytecode_has_segments(kind); i++) {
    put_segments(w, names[i]);
  }
  return sk_write_finish(w, &w->properties, 0, true, height);
}

// Everything by name.
static uint32_t write_all(sk_writer *w, sk_write_form form) {
  const sk_op_rec *rec = sk_op_get(w->m, w->op);
  const sk_op_info *info = sk_opkind_info((sk_opkind)rec->kind);
  uint32_t count;
  sk_write_item *items = sk_write_discardable(w, form, info->attr_count, &count);
  for (uint32_t i = 0; items != NULL && i < info->attr_count; i++) {
    sk_attr attr = sk_op_find_attr(w->m, w->op, (sk_name)info->attrs[i].name);
    if (attr.id != 0) {
      sk_str name = sk_str_from(sk_name_text((sk_name)info->attrs[i].name));
      items[count++] = (sk_write_item){name, sk_write_schema_attr(w, form, &info->attrs[i], attr)};
    }
  }
  return count != 0 ? sk_write_dictionary(w, items, count) : SK_WRITE_NO_ENTRY;
}

sk_write_op_attrs sk_write_native_attrs(sk_writer *w, sk_write_form form) {
  sk_opkind kind = sk_op_kind(w->m, w->op);
  sk_write_op_attrs out = {SK_WRITE_NO_ENTRY, SK_WRITE_NO_ENTRY};
  if (w->container < 5) {
    out.dictionary = write_all(w, form);
    return out;
  }
  uint32_t count;
  sk_write_item *items = sk_write_discardable(w, form, 0, &count);
  if (count != 0) {
    out.dictionary = sk_write_dictionary(w, items, count);
  }
  if (sk_opkind_info(kind)->attr_count != 0) {
    out.properties = write_properties(w, form, kind);
  }
  return out;
}
