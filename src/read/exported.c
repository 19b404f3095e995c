// SPDX-License-Identifier: Apache-2.0
// What jax.export serialises: a FlatBuffer (jax/_src/export/serialization.fbs, root Exported) around
// a portable artifact.
//
//   offset of the root (u32) ... table = offset back to its vtable (i32) | fields
//   vtable = bytes of itself (u16) | bytes of the table (u16) | {where the field is, 0 = missing}
//   vector = count (u32) | elements       string, table in a vector = offset (u32) from where it stands
//
// Only what concerns the module is read: the bytes of it, and the abstract values of arguments and
// results, which the entry function must agree with (its last arguments are those that were kept;
// dimension variables, platform index and tokens come before). Shapes with names for sizes, tokens
// and random keys are not compared. Every offset is checked against the end; nothing is copied, and
// the module borrows from the bytes.
#include "read/read_int.h"

#include <string.h>

enum {  // places in the vtable
  EXPORTED_VERSION = 4,
  EXPORTED_IN_AVALS = 10,
  EXPORTED_OUT_AVALS = 14,
  EXPORTED_MODULE = 30,
  EXPORTED_KEPT = 34,
  EXPORTED_UNIQUE_AVALS = 42,
  EXPORTED_IN_INDICES = 48,
  EXPORTED_OUT_INDICES = 50,
  AVAL_KIND = 4,
  AVAL_SHAPE = 6,
  AVAL_DTYPE = 8,
};
enum { OLDEST_VERSION = 1, AVAL_IS_ARRAY = 0 };

// Element types by their number in the schema; NONE: not to be compared.
static const sk_elem elems[] = {
    SK_PRED,     SK_S8,         SK_S16,     SK_S32,        SK_S64,       SK_U8,
    SK_U16,      SK_U32,        SK_U64,     SK_F16,        SK_F32,       SK_F64,
    SK_C64,      SK_C128,       SK_BF16,    SK_S4,         SK_U4,        SK_F8E4M3B11FNUZ,
    SK_F8E4M3FN, SK_F8E4M3FNUZ, SK_F8E5M2,  SK_F8E5M2FNUZ, SK_ELEM_NONE, SK_F8E4M3,
    SK_F8E3M4,   SK_F8E8M0FNU,  SK_F4E2M1FN};

typedef struct flat {
  const uint8_t *bytes;
  uint64_t len;
  const char *name;  // of the input
} flat;

typedef struct flat_table {
  uint64_t at, size;  // the table
  uint64_t vtable, vtable_size;
} flat_table;

// A list of fixed-size elements; none: count 0.
typedef struct flat_vector {
  uint64_t at;
  uint32_t count;
} flat_vector;

static sk_status bad(const flat *f, uint64_t at, const char *what) {
  return sk_status_new_at(SK_INVALID_ARGUMENT, (sk_srcpos){.file = f->name},
                          "a damaged artifact of jax.export: %s, at byte %llu", what,
                          (unsigned long long)at);
}

// ---- FlatBuffers

static sk_status get(const flat *f, uint64_t at, uint32_t size, uint64_t *out) {
  if (at > f->len || f->len - at < size) {
    return bad(f, at, "it ends in the middle of something");
  }
  *out = 0;
  memcpy(out, f->bytes + at, size);
  return NULL;
}

// Where the offset at `at` leads.
static sk_status follow(const flat *f, uint64_t at, uint64_t *out) {
  uint64_t offset;
  SK_TRY(get(f, at, 4, &offset));
  *out = at + offset;
  return offset != 0 && *out < f->len ? NULL : bad(f, at, "an offset leads nowhere");
}

static sk_status open_table(const flat *f, uint64_t at, flat_table *out) {
  uint64_t back;
  SK_TRY(get(f, at, 4, &back));
  out->at = at;
  out->vtable = at - (uint64_t)(int64_t)(int32_t)(uint32_t)back;
  SK_TRY(get(f, out->vtable, 2, &out->vtable_size));
  SK_TRY(get(f, out->vtable + 2, 2, &out->size));
  return NULL;
}

// The place of a field of `size` bytes; 0: missing.
static sk_status find_field(const flat *f, const flat_table *table, uint32_t field, uint32_t size,
                            uint64_t *out) {
  uint64_t offset = 0;
  *out = 0;
  if (field + 2 <= table->vtable_size) {
    SK_TRY(get(f, table->vtable + field, 2, &offset));
  }
  if (offset == 0) {
    return NULL;
  }
  if (offset + size > table->size) {
    return bad(f, table->vtable + field, "a field lies outside of its table");
  }
  *out = table->at + offset;
  return NULL;
}

static sk_status get_number(const flat *f, const flat_table *table, uint32_t field, uint32_t size,
                            uint64_t *out) {
  uint64_t at;
  *out = 0;
  SK_TRY(find_field(f, table, field, size, &at));
  return at != 0 ? get(f, at, size, out) : NULL;
}

static sk_status get_vector(const flat *f, const flat_table *table, uint32_t field,
                            uint32_t elem_size, flat_vector *out) {
  uint64_t at;
  uint64_t count;
  *out = (flat_vector){0};
  SK_TRY(find_field(f, table, field, 4, &at));
  if (at == 0) {
    return NULL;
  }
  SK_TRY(follow(f, at, &at));
  SK_TRY(get(f, at, 4, &count));
  if (count > (f->len - at - 4) / elem_size) {
    return bad(f, at, "a list is longer than the file");
  }
  *out = (flat_vector){at + 4, (uint32_t)count};
  return NULL;
}

// ---- abstract values

typedef struct aval_list {
  flat_vector tables;   // of values
  flat_vector indices;  // into them; none before version 10: the values themselves
  uint32_t count;
} aval_list;

static sk_status open_avals(const flat *f, const flat_table *root, uint32_t direct,
                            uint32_t indirect, aval_list *out) {
  SK_TRY(get_vector(f, root, direct, 4, &out->tables));
  SK_TRY(get_vector(f, root, indirect, 4, &out->indices));
  out->count = out->tables.count;
  if (out->indices.count != 0) {
    SK_TRY(get_vector(f, root, EXPORTED_UNIQUE_AVALS, 4, &out->tables));
    out->count = out->indices.count;
  }
  return NULL;
}

static sk_status open_aval(const flat *f, const aval_list *list, uint32_t i, flat_table *out) {
  uint64_t index = i;
  uint64_t at;
  if (list->indices.count != 0) {
    SK_TRY(get(f, list->indices.at + 4 * (uint64_t)i, 4, &index));
  }
  if (index >= list->tables.count) {
    return bad(f, list->indices.at, "there is no such abstract value");
  }
  SK_TRY(follow(f, list->tables.at + 4 * index, &at));
  return open_table(f, at, out);
}

// The size of one dimension; -1: it has a name.
static sk_status get_dim(const flat *f, flat_vector shape, uint32_t i, int64_t *out) {
  uint64_t at;
  uint64_t len;
  SK_TRY(follow(f, shape.at + 4 * (uint64_t)i, &at));
  SK_TRY(get(f, at, 4, &len));
  if (len > f->len - at - 4) {
    return bad(f, at, "a string is longer than the file");
  }
  if (!sk_str_to_i64((sk_str){(const char *)f->bytes + at + 4, len}, out)) {
    *out = -1;
  }
  return NULL;
}

// Whether a value of the export and a type of the function can be the same.
static sk_status agrees(const flat *f, const flat_table *aval, const sk_type_rec *type, bool *out) {
  uint64_t kind;
  uint64_t dtype;
  flat_vector shape;
  *out = true;
  SK_TRY(get_number(f, aval, AVAL_KIND, 1, &kind));
  SK_TRY(get_number(f, aval, AVAL_DTYPE, 1, &dtype));
  SK_TRY(get_vector(f, aval, AVAL_SHAPE, 4, &shape));
  sk_elem elem = dtype < SK_COUNT(elems) ? elems[dtype] : SK_ELEM_NONE;
  if (kind != AVAL_IS_ARRAY || elem == SK_ELEM_NONE || type->kind != SK_TYPE_TENSOR) {
    return NULL;
  }
  *out = type->elem == (uint8_t)elem && type->rank == shape.count;
  for (uint32_t i = 0; *out && i < type->rank; i++) {
    int64_t size;
    SK_TRY(get_dim(f, shape, i, &size));
    *out = size < 0 || type->dims[i] == SK_DIM_UNKNOWN || type->dims[i] == size;
  }
  return NULL;
}

// ---- against the function

static sk_status disagrees(const flat *f, const sk_module *m, const char *what, uint32_t i,
                           sk_type type) {
  sk_text text;
  sk_text_init(&text);
  sk_type_print(m, type, &text);
  sk_status status = text.failed
                         ? sk_status_no_memory()
                         : sk_status_new_at(SK_INVALID_ARGUMENT, (sk_srcpos){.file = f->name},
                                            "%s %u of @main is %.*s, the export says otherwise",
                                            what, i, (int)SK_MIN(text.len, (size_t)200), text.data);
  sk_text_fini(&text);
  return status;
}

// The last `count` types belong to the values that `kept` picks; without it, to all of them.
static sk_status check_types(const flat *f, const sk_module *m, const aval_list *avals,
                             const flat_vector *kept, const sk_type *types, uint32_t type_count,
                             const char *what) {
  uint32_t count = kept != NULL ? kept->count : avals->count;
  if (count > type_count) {
    return sk_status_new_at(SK_INVALID_ARGUMENT, (sk_srcpos){.file = f->name},
                            "@main has %u %ss, the export has %u", type_count, what, count);
  }
  for (uint32_t i = 0; i < count; i++) {
    uint32_t place = type_count - count + i;
    uint64_t index = i;
    flat_table aval;
    bool same;
    if (kept != NULL) {
      SK_TRY(get(f, kept->at + 2 * (uint64_t)i, 2, &index));
    }
    if (index >= avals->count) {
      return bad(f, kept != NULL ? kept->at : avals->tables.at, "there is no such argument");
    }
    SK_TRY(open_aval(f, avals, (uint32_t)index, &aval));
    SK_TRY(agrees(f, &aval, sk_type_get(m, types[place]), &same));
    if (!same) {
      return disagrees(f, m, what, place, types[place]);
    }
  }
  return NULL;
}

static sk_status check_signature(const flat *f, const flat_table *root, const sk_module *m) {
  sk_op main = sk_module_find_func(m, SK_STR("main"));
  aval_list in;
  aval_list out;
  flat_vector kept;
  SK_TRY(open_avals(f, root, EXPORTED_IN_AVALS, EXPORTED_IN_INDICES, &in));
  SK_TRY(open_avals(f, root, EXPORTED_OUT_AVALS, EXPORTED_OUT_INDICES, &out));
  SK_TRY(get_vector(f, root, EXPORTED_KEPT, 2, &kept));
  if (main.id == 0) {
    return sk_status_new_at(SK_INVALID_ARGUMENT, (sk_srcpos){.file = f->name},
                            "the module of this export has no function @main");
  }
  const sk_type_rec *type = sk_func_type(m, main);
  SK_TRY(check_types(f, m, &in, &kept, type->inputs, type->input_count, "argument"));
  return check_types(f, m, &out, NULL, type->results, type->result_count, "result");
}

// ---- entry

// No text has two NULs there, and bytecode has its magic number: a root within the first 64 KiB.
bool sk_read_is_exported(const void *bytes, size_t len) {
  const uint8_t *b = bytes;
  return len >= 8 && b[2] == 0 && b[3] == 0 && (b[0] != 0 || b[1] != 0);
}

sk_status sk_read_exported(const char *input_name, const void *bytes, size_t len,
                           const sk_read_options *options, sk_module **out_module) {
  flat f = {bytes, len, input_name};
  uint64_t at;
  uint64_t version;
  flat_table root;
  flat_vector module;
  *out_module = NULL;
  SK_TRY(follow(&f, 0, &at));
  SK_TRY(open_table(&f, at, &root));
  SK_TRY(get_number(&f, &root, EXPORTED_VERSION, 2, &version));
  SK_TRY(get_vector(&f, &root, EXPORTED_MODULE, 1, &module));
  if (version < OLDEST_VERSION || !sk_read_is_bytecode(f.bytes + module.at, module.count)) {
    return bad(&f, at, "there is no module in it");
  }
  SK_TRY(sk_read_bytecode(input_name, f.bytes + module.at, module.count, options, out_module));
  sk_status status = check_signature(&f, &root, *out_module);
  if (status != NULL) {
    sk_module_destroy(*out_module);
    *out_module = NULL;
  }
  return status;
}
