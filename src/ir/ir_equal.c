// SPDX-License-Identifier: Apache-2.0
// Walking a module, its structural hash, and structural equality of two modules.
//
// Both see what a program means, not how it was written: locations, order of attributes and
// spelled-out defaults make no difference, and a constant of equal elements equals its splat. Ids
// of two modules are not comparable; types are matched once and remembered, values are matched by
// position. Everything is linear in the size of the modules.
#include "base/mem.h"
#include "ir/ir_int.h"

// ----------------------------------------------------------------------------------------- walking

void sk_walk_begin(sk_walker *walker, const sk_module *m, sk_region region) {
  walker->m = m;
  walker->depth = 0;
  walker->next = sk_region_first(m, region);
}

// The first op of regions[from...] of `op`, with the walker entered there; none if they are empty.
static sk_op enter_regions(sk_walker *w, sk_op op, uint32_t from) {
  const sk_op_rec *rec = sk_op_get(w->m, op);
  for (uint32_t i = from; i < rec->region_count && w->depth < SK_MAX_NESTING; i++) {
    sk_op first = sk_region_first(w->m, sk_op_region(w->m, op, i));
    if (first.id != 0) {
      w->stack[w->depth].op = op;
      w->stack[w->depth++].region = i;
      return first;
    }
  }
  return (sk_op){0};
}

bool sk_walk_next(sk_walker *walker, sk_op *out_op) {
  sk_op op = walker->next;
  *out_op = op;
  if (op.id == 0) {
    return false;
  }
  sk_op next = enter_regions(walker, op, 0);
  for (sk_op at = op; next.id == 0; at = walker->stack[walker->depth].op) {
    next = sk_op_next(walker->m, at);
    if (next.id != 0 || walker->depth == 0) {
      break;
    }
    walker->depth--;
    next = enter_regions(walker, walker->stack[walker->depth].op,
                         walker->stack[walker->depth].region + 1);
  }
  walker->next = next;
  return true;
}

uint64_t sk_module_op_count(const sk_module *m) {
  sk_walker walker;
  uint64_t count = 0;
  sk_op op;
  sk_walk_begin(&walker, m, sk_op_region(m, m->root, 0));
  while (sk_walk_next(&walker, &op)) {
    sk_opkind kind = sk_op_kind(m, op);
    count += kind != SK_OP_FUNC_FUNC && kind != SK_OP_BUILTIN_MODULE;
  }
  return count;
}

// ---------------------------------------------------------------------------------------- defaults

static bool all_ints(sk_ints list, int64_t value) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (list.data[i] != value) {
      return false;
    }
  }
  return true;
}

static bool is_empty_dict_list(const sk_module *m, const sk_attr_rec *rec) {
  for (uint32_t i = 0; rec->kind == SK_ATTR_ARRAY && i < rec->u.list.count; i++) {
    const sk_attr_rec *item = sk_attr_get(m, rec->u.list.data[i]);
    if (item->kind != SK_ATTR_DICT || item->u.dict.count != 0) {
      return false;
    }
  }
  return rec->kind == SK_ATTR_ARRAY;
}

static bool is_public(const sk_module *m, const sk_attr_rec *rec) {
  sk_str text =
      rec->kind == SK_ATTR_STRING ? sk_sym_str(&m->strings, rec->u.sym) : SK_STR("private");
  return text.len == 0 || sk_str_eq(text, SK_STR("public"));
}

// Neutral values of optional attributes, by kind of schema.
static bool is_neutral(const sk_module *m, const sk_attr_schema *schema, const sk_attr_rec *rec) {
  switch ((sk_schema_kind)schema->kind) {
    case SK_SCHEMA_UNIT: return rec->kind == SK_ATTR_BOOL && rec->u.i == 0;
    case SK_SCHEMA_INTS:
      return rec->u.ints.count == 0 ||
             (schema->name != SK_NAME_broadcast_dimensions && all_ints(rec->u.ints, 1));
    case SK_SCHEMA_PAIRS:
      return schema->name == SK_NAME_padding ? all_ints(rec->u.ints, 0) : rec->u.ints.count == 0;
    case SK_SCHEMA_BOOLS: return all_ints(rec->u.ints, 0);
    case SK_SCHEMA_STRING:
      return schema->name == SK_NAME_sym_visibility ? is_public(m, rec) : rec->u.sym.id == 0;
    case SK_SCHEMA_CONFIG:
      return rec->kind == SK_ATTR_STRING ? rec->u.sym.id == 0
                                         : rec->kind == SK_ATTR_DICT && rec->u.dict.count == 0;
    case SK_SCHEMA_DICT: return rec->u.dict.count == 0;
    case SK_SCHEMA_PRECISIONS:
      for (uint32_t i = 0; i < rec->u.list.count; i++) {
        if (sk_attr_get(m, rec->u.list.data[i])->u.i != 0) {
          return false;
        }
      }
      return true;
    case SK_SCHEMA_ARRAY:
    case SK_SCHEMA_SYMBOLS:
    case SK_SCHEMA_ALIASES:
    case SK_SCHEMA_LAYOUTS: return rec->u.list.count == 0 || is_empty_dict_list(m, rec);
    case SK_SCHEMA_CHANNEL: return rec->u.channel->handle == 0 && rec->u.channel->type == 0;
    case SK_SCHEMA_ACCURACY:
      return rec->u.accuracy->mode == 0 && rec->u.accuracy->ulps == 0 &&
             rec->u.accuracy->atol == 0 && rec->u.accuracy->rtol == 0;
    case SK_SCHEMA_ANY:
    case SK_SCHEMA_BOOL:
    case SK_SCHEMA_INT:
    case SK_SCHEMA_I32:
    case SK_SCHEMA_FLOAT:
    case SK_SCHEMA_SYMBOL:
    case SK_SCHEMA_TYPE:
    case SK_SCHEMA_GROUPS:
    case SK_SCHEMA_DENSE:
    case SK_SCHEMA_ENUM:
    case SK_SCHEMA_DOT_DIMS:
    case SK_SCHEMA_RAGGED_DIMS:
    case SK_SCHEMA_GATHER_DIMS:
    case SK_SCHEMA_SCATTER_DIMS:
    case SK_SCHEMA_CONV_DIMS:
    case SK_SCHEMA_ALGORITHM: return false;
  }
  return false;
}

bool sk_attr_is_default(const sk_module *m, sk_opkind kind, sk_sym name, sk_attr attr) {
  const sk_attr_schema *schema = sk_opkind_find_attr(kind, name);
  const sk_attr_rec *rec = sk_attr_get(m, attr);
  if (schema == NULL || schema->presence == SK_PRESENCE_REQUIRED ||
      !sk_ir_attr_fits(m, schema, rec)) {
    return false;
  }
  return schema->presence == SK_PRESENCE_DEFAULTED ? rec->u.i == schema->otherwise
                                                   : is_neutral(m, schema, rec);
}

// --------------------------------------------------------------------------------------- constants

// The element a constant consists of, or NULL if elements differ.
static const char *splat_of(const sk_module *m, const sk_attr_rec *rec, uint32_t *out_bytes) {
  int64_t count, bytes;
  const char *data = rec->u.dense.data;
  if (!sk_type_elem_count(m, rec->type, &count) || !sk_type_byte_count(m, rec->type, &bytes) ||
      count == 0) {
    return NULL;
  }
  *out_bytes = (uint32_t)(bytes / count);
  if (rec->u.dense.splat || count == 1) {
    return data;
  }
  // Equal to itself shifted by one element = all elements equal.
  return memcmp(data, data + *out_bytes, (size_t)bytes - *out_bytes) == 0 ? data : NULL;
}

static bool dense_equal(const sk_module *ma, const sk_attr_rec *a, const sk_module *mb,
                        const sk_attr_rec *b) {
  if (!a->u.dense.splat && !b->u.dense.splat) {
    return a->u.dense.bytes == b->u.dense.bytes &&
           (a->u.dense.bytes == 0 ||
            memcmp(a->u.dense.data, b->u.dense.data, a->u.dense.bytes) == 0);
  }
  uint32_t bytes_a = 0, bytes_b = 0;
  const char *x = splat_of(ma, a, &bytes_a), *y = splat_of(mb, b, &bytes_b);
  if (x == NULL || y == NULL) {
    int64_t count = 1;
    return x == y && sk_type_elem_count(ma, a->type, &count) && count == 0;
  }
  return bytes_a == bytes_b && memcmp(x, y, bytes_a) == 0;
}

// -------------------------------------------------------------------------------------------- hash

typedef struct hasher {
  const sk_module *m;
  uint64_t *types;     // by type id, 0 = not yet; heap
  uint64_t *syms;      // by symbol id, 0 = not yet; heap
  uint32_t *position;  // by value id: order of definition; heap
  uint32_t positions;
} hasher;

static uint64_t hash_sym(hasher *h, sk_sym sym) {
  if (h->syms[sym.id] == 0) {
    sk_str text = sk_sym_str(&h->m->strings, sym);
    h->syms[sym.id] = sk_hash_bytes(text.data, text.len, 1) | 1;
  }
  return h->syms[sym.id];
}

static uint64_t hash_attr(hasher *h, sk_attr attr);

static uint64_t hash_type(hasher *h, sk_type type) {
  if (h->types[type.id] != 0) {
    return h->types[type.id];
  }
  const sk_type_rec *rec = sk_type_get(h->m, type);
  uint64_t x = sk_hash_mix(rec->kind, (uint64_t)rec->elem << 32 | rec->rank);
  for (uint32_t i = 0; i < rec->rank; i++) {
    x = sk_hash_mix(sk_hash_mix(x, (uint64_t)rec->dims[i]),
                    rec->bounds ? (uint64_t)rec->bounds[i] : 0);
  }
  for (uint32_t i = 0; i < rec->input_count; i++) {
    x = sk_hash_mix(x, hash_type(h, rec->inputs[i]));
  }
  for (uint32_t i = 0; i < rec->result_count; i++) {
    x = sk_hash_mix(x, ~hash_type(h, rec->results[i]));
  }
  if (rec->quant != NULL) {
    const sk_quant *q = rec->quant;
    x = sk_hash_mix(x,
                    (uint64_t)q->storage << 40 | (uint64_t)q->expressed << 32 | (uint32_t)q->axis);
    x = sk_hash_bytes(q->scales, q->count * sizeof *q->scales, x);
    x = sk_hash_bytes(q->zero_points, q->count * sizeof *q->zero_points, x);
  }
  if (rec->encoding.id != 0) {
    x = sk_hash_mix(x, hash_attr(h, rec->encoding));
  }
  h->types[type.id] = sk_hash_mix(x, hash_sym(h, rec->text)) | 1;
  return h->types[type.id];
}

static uint64_t hash_dense(hasher *h, const sk_attr_rec *rec, uint64_t x) {
  uint32_t bytes = 0;
  const char *splat = splat_of(h->m, rec, &bytes);
  int64_t count = 0;
  (void)sk_type_elem_count(h->m, rec->type, &count);
  if (count == 0) {
    return x;
  }
  return splat ? sk_hash_bytes(splat, bytes, x)
               : sk_hash_bytes(rec->u.dense.data, rec->u.dense.bytes, x + 1);
}

static uint64_t hash_attr(hasher *h, sk_attr attr) {
  const sk_attr_rec *rec = sk_attr_get(h->m, attr);
  uint64_t x = sk_hash_mix((uint64_t)rec->kind << 8 | rec->enum_id, hash_type(h, rec->type));
  uint64_t bits;
  switch ((sk_attr_kind)rec->kind) {
    case SK_ATTR_BOOL:
    case SK_ATTR_INT:
    case SK_ATTR_ENUM: return sk_hash_mix(x, (uint64_t)rec->u.i);
    case SK_ATTR_FLOAT: memcpy(&bits, &rec->u.f, sizeof bits); return sk_hash_mix(x, bits);
    case SK_ATTR_STRING:
    case SK_ATTR_SYMBOL:
    case SK_ATTR_OPAQUE: return sk_hash_mix(x, hash_sym(h, rec->u.sym));
    case SK_ATTR_ARRAY:
      for (uint32_t i = 0; i < rec->u.list.count; i++) {
        x = sk_hash_mix(x, hash_attr(h, rec->u.list.data[i]));
      }
      return x;
    case SK_ATTR_DICT:
      for (uint32_t i = 0; i < rec->u.dict.count; i++) {
        x = sk_hash_mix(sk_hash_mix(x, hash_sym(h, rec->u.dict.data[i].name)),
                        hash_attr(h, rec->u.dict.data[i].attr));
      }
      return x;
    case SK_ATTR_INTS:
    case SK_ATTR_BOOLS:
      return sk_hash_bytes(rec->u.ints.data, rec->u.ints.count * sizeof(int64_t), x);
    case SK_ATTR_DENSE: return hash_dense(h, rec, x);
    case SK_ATTR_DENSE_ARRAY: return sk_hash_bytes(rec->u.dense.data, rec->u.dense.bytes, x);
    case SK_ATTR_DOT_DIMS:
    case SK_ATTR_RAGGED_DIMS:
    case SK_ATTR_GATHER_DIMS:
    case SK_ATTR_SCATTER_DIMS:
    case SK_ATTR_CONV_DIMS:
    case SK_ATTR_DOT_ALGORITHM:
    case SK_ATTR_RESULT_ACCURACY:
    case SK_ATTR_CHANNEL_HANDLE:
    case SK_ATTR_OUTPUT_OPERAND_ALIAS: return sk_hash_mix(x, sk_ir_payload_hash(rec));
    case SK_ATTR_NONE_KIND:
    case SK_ATTR_UNIT:
    case SK_ATTR_TYPE:
    case SK_ATTR_LOC: return x;
  }
  return x;
}

static uint64_t hash_op(hasher *h, sk_op op) {
  const sk_op_rec *rec = sk_op_get(h->m, op);
  uint64_t x = sk_hash_mix(rec->kind, (uint64_t)rec->operand_count << 32 | rec->result_count),
           attrs = 0;
  for (uint32_t i = 0; i < rec->operand_count; i++) {
    x = sk_hash_mix(x, h->position[sk_op_operand(h->m, op, i).id]);
  }
  for (uint32_t i = 0; i < rec->result_count; i++) {
    h->position[rec->results + i] = ++h->positions;
    x = sk_hash_mix(x, hash_type(h, h->m->values.data[rec->results + i].type));
  }
  for (uint32_t i = 0; i < rec->attr_count; i++) {  // a sum, for order does not matter
    sk_named_attr item = h->m->attr_pool.data[rec->attrs + i];
    if (!sk_attr_is_default(h->m, (sk_opkind)rec->kind, item.name, item.attr)) {
      attrs += sk_hash_splitmix(sk_hash_mix(hash_sym(h, item.name), hash_attr(h, item.attr)));
    }
  }
  return sk_hash_mix(x, attrs);
}

static uint64_t hash_region(hasher *h, sk_region region, uint64_t x, uint32_t depth) {
  const sk_region_rec *rec = sk_region_get(h->m, region);
  x = sk_hash_mix(x, rec->arg_count);
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    h->position[rec->args + i] = ++h->positions;
    x = sk_hash_mix(x, hash_type(h, h->m->values.data[rec->args + i].type));
  }
  SK_FOR_EACH_OP(h->m, region, op) {
    x = sk_hash_mix(x, hash_op(h, op));
    for (uint32_t i = 0; i < sk_op_get(h->m, op)->region_count && depth < SK_MAX_NESTING; i++) {
      x = hash_region(h, sk_op_region(h->m, op, i), x, depth + 1);
    }
  }
  return sk_hash_mix(x, 0x5D);
}

uint64_t sk_module_hash(const sk_module *m) {
  hasher h = {.m = m};
  uint64_t x = 0;
  h.types = sk_mem_zalloc(((size_t)m->types.count + 1) * sizeof *h.types);
  h.syms = sk_mem_zalloc(((size_t)m->strings.count + 1) * sizeof *h.syms);
  h.position = sk_mem_zalloc(((size_t)m->values.count + 1) * sizeof *h.position);
  if (h.types != NULL && h.syms != NULL && h.position != NULL) {
    x = hash_region(&h, sk_op_region(m, m->root, 0), hash_op(&h, m->root), 0);
  }
  sk_mem_free(h.types);
  sk_mem_free(h.syms);
  sk_mem_free(h.position);
  return x;
}

// ---------------------------------------------------------------------------------------- equality

typedef struct matcher {
  const sk_module *a, *b;
  uint32_t *types;   // type of a -> equal type of b, 0 = not compared; may be NULL; heap
  uint32_t *values;  // value of a -> value of b; heap
  sk_text *text;     // may be NULL
} matcher;

static bool types_equal(matcher *x, sk_type ta, sk_type tb);

static bool syms_equal(const matcher *x, sk_sym a, sk_sym b) {
  return sk_str_eq(sk_sym_str(&x->a->strings, a), sk_sym_str(&x->b->strings, b));
}

static bool type_lists_equal(matcher *x, const sk_type *a, const sk_type *b, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!types_equal(x, a[i], b[i])) {
      return false;
    }
  }
  return true;
}

static bool attrs_equal(matcher *x, sk_attr aa, sk_attr ab);

static bool types_equal(matcher *x, sk_type ta, sk_type tb) {
  if (ta.id == 0 || tb.id == 0) {
    return ta.id == tb.id;
  }
  if (x->types != NULL && x->types[ta.id] == tb.id) {
    return true;
  }
  if (x->types != NULL && x->types[ta.id] != 0) {
    return false;  // equal types have one id
  }
  sk_type_rec a = *sk_type_get(x->a, ta), b = *sk_type_get(x->b, tb);
  if (a.input_count != b.input_count || a.result_count != b.result_count ||
      !type_lists_equal(x, a.inputs, b.inputs, a.input_count) ||
      !type_lists_equal(x, a.results, b.results, a.result_count) ||
      !syms_equal(x, a.text, b.text) || !attrs_equal(x, a.encoding, b.encoding)) {
    return false;
  }
  a.inputs = b.inputs;  // compared above; ids of two modules differ
  a.results = b.results;
  a.text = b.text;
  a.encoding = b.encoding;
  if (!sk_ir_type_equal(&a, &b)) {
    return false;
  }
  if (x->types != NULL) {
    x->types[ta.id] = tb.id;
  }
  return true;
}

static bool dicts_equal(matcher *x, const sk_attr_rec *a, const sk_attr_rec *b) {
  if (a->u.dict.count != b->u.dict.count) {
    return false;
  }
  for (uint32_t i = 0; i < a->u.dict.count; i++) {
    if (!syms_equal(x, a->u.dict.data[i].name, b->u.dict.data[i].name) ||
        !attrs_equal(x, a->u.dict.data[i].attr, b->u.dict.data[i].attr)) {
      return false;
    }
  }
  return true;
}

static bool arrays_equal(matcher *x, const sk_attr_rec *a, const sk_attr_rec *b) {
  if (a->u.list.count != b->u.list.count) {
    return false;
  }
  for (uint32_t i = 0; i < a->u.list.count; i++) {
    if (!attrs_equal(x, a->u.list.data[i], b->u.list.data[i])) {
      return false;
    }
  }
  return true;
}

static bool algorithms_equal(matcher *x, const sk_dot_algorithm *a, const sk_dot_algorithm *b) {
  return types_equal(x, a->lhs_precision_type, b->lhs_precision_type) &&
         types_equal(x, a->rhs_precision_type, b->rhs_precision_type) &&
         types_equal(x, a->accumulation_type, b->accumulation_type);
}

static bool attrs_equal(matcher *x, sk_attr aa, sk_attr ab) {
  if (aa.id == 0 || ab.id == 0) {
    return aa.id == ab.id;
  }
  const sk_attr_rec *a = sk_attr_get(x->a, aa), *b = sk_attr_get(x->b, ab);
  if (a->kind != b->kind || a->enum_id != b->enum_id ||
      (a->cols != b->cols && a->u.ints.count != 0) || !types_equal(x, a->type, b->type)) {
    return false;
  }
  switch ((sk_attr_kind)a->kind) {
    case SK_ATTR_NONE_KIND:
    case SK_ATTR_UNIT:
    case SK_ATTR_TYPE:
    case SK_ATTR_LOC: return true;
    case SK_ATTR_BOOL:
    case SK_ATTR_INT:
    case SK_ATTR_ENUM: return a->u.i == b->u.i;
    case SK_ATTR_FLOAT: return memcmp(&a->u.f, &b->u.f, sizeof a->u.f) == 0;
    case SK_ATTR_STRING:
    case SK_ATTR_SYMBOL:
    case SK_ATTR_OPAQUE: return syms_equal(x, a->u.sym, b->u.sym);
    case SK_ATTR_ARRAY: return arrays_equal(x, a, b);
    case SK_ATTR_DICT: return dicts_equal(x, a, b);
    case SK_ATTR_INTS:
    case SK_ATTR_BOOLS:
      return a->u.ints.count == b->u.ints.count &&
             (a->u.ints.count == 0 ||
              memcmp(a->u.ints.data, b->u.ints.data, a->u.ints.count * sizeof(int64_t)) == 0);
    case SK_ATTR_DENSE:
    case SK_ATTR_DENSE_ARRAY: return dense_equal(x->a, a, x->b, b);
    case SK_ATTR_DOT_ALGORITHM:
      return algorithms_equal(x, a->u.dot_algorithm, b->u.dot_algorithm) &&
             sk_ir_payload_equal(a, b);
    case SK_ATTR_DOT_DIMS:
    case SK_ATTR_RAGGED_DIMS:
    case SK_ATTR_GATHER_DIMS:
    case SK_ATTR_SCATTER_DIMS:
    case SK_ATTR_CONV_DIMS:
    case SK_ATTR_RESULT_ACCURACY:
    case SK_ATTR_CHANNEL_HANDLE:
    case SK_ATTR_OUTPUT_OPERAND_ALIAS: return sk_ir_payload_equal(a, b);
  }
  return false;
}

bool sk_attr_equal(const sk_module *ma, sk_attr a, const sk_module *mb, sk_attr b) {
  matcher x = {.a = ma, .b = mb};
  return (ma == mb && a.id == b.id) || attrs_equal(&x, a, b);
}

#define DIFFER(x, ...)                                                                             \
  do {                                                                                             \
    if ((x)->text != NULL) {                                                                       \
      sk_text_addf((x)->text, __VA_ARGS__);                                                        \
    }                                                                                              \
    return false;                                                                                  \
  } while (0)

// The attribute called `name`, looked for at place `guess` first: lists are mostly in the same
// order.
static sk_attr find_by_text(const sk_module *m, const sk_op_rec *rec, sk_str name, uint32_t guess) {
  if (guess < rec->attr_count) {
    sk_named_attr item = m->attr_pool.data[rec->attrs + guess];
    if (sk_str_eq(sk_sym_str(&m->strings, item.name), name)) {
      return item.attr;
    }
  }
  for (uint32_t i = 0; i < rec->attr_count; i++) {
    sk_named_attr item = m->attr_pool.data[rec->attrs + i];
    if (sk_str_eq(sk_sym_str(&m->strings, item.name), name)) {
      return item.attr;
    }
  }
  return (sk_attr){0};
}

// Attributes of `rec` that say something, present and equal in `other`.
static bool attrs_within(matcher *x, const sk_module *m, const sk_op_rec *rec, const sk_module *n,
                         const sk_op_rec *other, bool compare) {
  for (uint32_t i = 0; i < rec->attr_count; i++) {
    sk_named_attr item = m->attr_pool.data[rec->attrs + i];
    if (sk_attr_is_default(m, (sk_opkind)rec->kind, item.name, item.attr)) {
      continue;
    }
    sk_str name = sk_sym_str(&m->strings, item.name);
    sk_attr found = find_by_text(n, other, name, i);
    if (found.id == 0 || (compare && !attrs_equal(x, item.attr, found))) {
      DIFFER(x, "attribute '%.*s' of %s %s", (int)SK_MIN(name.len, (size_t)200), name.data,
             sk_opkind_name((sk_opkind)rec->kind), found.id ? "differs" : "is in one module only");
    }
  }
  return true;
}

static bool ops_equal(matcher *x, sk_op oa, sk_op ob) {
  const sk_op_rec *a = sk_op_get(x->a, oa), *b = sk_op_get(x->b, ob);
  const char *name = sk_opkind_name((sk_opkind)a->kind);
  if (a->kind != b->kind) {
    DIFFER(x, "%s in one module, %s in the other", name, sk_opkind_name((sk_opkind)b->kind));
  }
  if (a->operand_count != b->operand_count || a->result_count != b->result_count ||
      a->region_count != b->region_count) {
    DIFFER(x, "%s: numbers of operands, results or regions differ", name);
  }
  for (uint32_t i = 0; i < a->operand_count; i++) {
    if (x->values[sk_op_operand(x->a, oa, i).id] != sk_op_operand(x->b, ob, i).id) {
      DIFFER(x, "%s: operand %u differs", name, i);
    }
  }
  for (uint32_t i = 0; i < a->result_count; i++) {
    x->values[a->results + i] = b->results + i;
    if (!types_equal(x, x->a->values.data[a->results + i].type,
                     x->b->values.data[b->results + i].type)) {
      DIFFER(x, "%s: type of result %u differs", name, i);
    }
  }
  return attrs_within(x, x->a, a, x->b, b, true) && attrs_within(x, x->b, b, x->a, a, false);
}

static bool regions_equal(matcher *x, sk_region ra, sk_region rb, uint32_t depth) {
  const sk_region_rec *a = sk_region_get(x->a, ra), *b = sk_region_get(x->b, rb);
  if (a->arg_count != b->arg_count) {
    DIFFER(x, "a region takes %u arguments in one module, %u in the other", a->arg_count,
           b->arg_count);
  }
  for (uint32_t i = 0; i < a->arg_count; i++) {
    x->values[a->args + i] = b->args + i;
    if (!types_equal(x, x->a->values.data[a->args + i].type, x->b->values.data[b->args + i].type)) {
      DIFFER(x, "type of region argument %u differs", i);
    }
  }
  sk_op ob = b->first;
  SK_FOR_EACH_OP(x->a, ra, oa) {
    if (ob.id == 0) {
      DIFFER(x, "%s is in one module only", sk_opkind_name(sk_op_kind(x->a, oa)));
    }
    if (!ops_equal(x, oa, ob)) {
      return false;
    }
    for (uint32_t i = 0; i < sk_op_get(x->a, oa)->region_count && depth < SK_MAX_NESTING; i++) {
      if (!regions_equal(x, sk_op_region(x->a, oa, i), sk_op_region(x->b, ob, i), depth + 1)) {
        return false;
      }
    }
    ob = sk_op_next(x->b, ob);
  }
  if (ob.id != 0) {
    DIFFER(x, "%s is in one module only", sk_opkind_name(sk_op_kind(x->b, ob)));
  }
  return true;
}

bool sk_module_equal(const sk_module *a, const sk_module *b, sk_text *out_difference) {
  matcher x = {.a = a, .b = b, .text = out_difference};
  x.types = sk_mem_zalloc(((size_t)a->types.count + 1) * sizeof *x.types);
  x.values = sk_mem_zalloc(((size_t)a->values.count + 1) * sizeof *x.values);
  bool equal = x.types != NULL && x.values != NULL && ops_equal(&x, a->root, b->root) &&
               regions_equal(&x, sk_op_region(a, a->root, 0), sk_op_region(b, b->root, 0), 0);
  sk_mem_free(x.types);
  sk_mem_free(x.values);
  return equal;
}
