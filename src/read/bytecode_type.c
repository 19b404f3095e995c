// SPDX-License-Identifier: Apache-2.0
// Types in bytecode, of builtin, VHLO and StableHLO, to the one system of types of the module: the
// same type of two dialects becomes the same type, so that casts between them mean nothing.
//
//   own encoding = code | content, see the readers below      text = tensor<2xf32> 00
//
// An entry is read when first asked for. Types refer to types and (encodings) attributes by index;
// one that is reached again while it is being read contains itself, which is an error.
#include <stdio.h>

#include "read/bytecode_int.h"

typedef sk_status (*type_reader)(sk_bytecode *r, sk_cursor *c, int p, sk_type *out);

sk_status sk_bytecode_read_type(sk_bytecode *r, sk_cursor *c, sk_type *out) {
  uint32_t index;
  SK_TRY(sk_bytecode_index(r, c, r->type_count, "type", &index));
  return sk_bytecode_get_type(r, index, out);
}

static sk_status intern(sk_bytecode *r, const sk_cursor *c, const sk_type_rec *rec, sk_type *out) {
  *out = sk_type_intern(r->module, rec);
  if (SK_LIKELY(out->id != 0)) {
    return NULL;
  }
  return sk_bytecode_place(r, c, sk_type_explain(r->module, rec, sk_bytecode_pos(r)));
}

// ---- element types

static sk_status read_scalar(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  (void)c;
  SK_BYTECODE_SET_ID(out, sk_type_scalar(r->module, (sk_elem)p));
  return NULL;
}

static sk_status read_plain(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  return intern(r, c, &(sk_type_rec){.kind = (uint8_t)p}, out);
}

// width * 4 + signedness: 0 iN, 1 siN, 2 uiN
static sk_status read_integer(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  uint64_t value = 0;
  char name[24];
  (void)p;
  SK_TRY(sk_bytecode_varint(r, c, &value));
  snprintf(name, sizeof name, "%si%u",
           (value & 3) == 0   ? ""
           : (value & 3) == 2 ? "u"
                              : "s",
           (unsigned)SK_MIN(value >> 2, (uint64_t)1 << 24));
  sk_elem elem = sk_elem_find(sk_str_from(name));
  if (elem == SK_ELEM_NONE) {
    return sk_bytecode_unsupported(r, c, "the integer type %s is not supported", name);
  }
  return read_scalar(r, c, (int)elem, out);
}

// An element type; *out_quant points into the module.
static sk_status read_elem(sk_bytecode *r, sk_cursor *c, sk_elem *out, const sk_quant **out_quant) {
  sk_type type;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_read_type(r, c, &type));
  const sk_type_rec *rec = sk_type_get(r->module, type);
  if (rec->kind != SK_TYPE_SCALAR) {
    return sk_bytecode_error(r, &at, "expected an element type");
  }
  *out = (sk_elem)rec->elem;
  *out_quant = rec->quant;
  return NULL;
}

static sk_status read_complex(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  sk_elem part = SK_ELEM_NONE;
  const sk_quant *quant;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(read_elem(r, c, &part, &quant));
  if (part != SK_F32 && part != SK_F64) {
    return sk_bytecode_error(r, &at, "expected f32 or f64 as the parts of a complex type");
  }
  return read_scalar(r, c, part == SK_F32 ? SK_C64 : SK_C128, out);
}

// ---- shaped types

static sk_status read_shape(sk_bytecode *r, sk_cursor *c, int64_t dims[SK_MAX_RANK],
                            uint16_t *out_rank) {
  uint32_t rank;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_count(r, c, "dimensions", &rank));
  if (rank > SK_MAX_RANK) {
    return sk_bytecode_unsupported(r, &at, "tensors of more than %d dimensions are not supported",
                                   SK_MAX_RANK);
  }
  for (uint32_t i = 0; i < rank; i++) {
    SK_TRY(sk_bytecode_signed(r, c, &dims[i]));
  }
  *out_rank = (uint16_t)rank;
  return NULL;
}

// Bounds of unknown dimensions become the type's own; other encodings stay attributes.
static sk_status apply_encoding(sk_bytecode *r, const sk_cursor *at, uint32_t encoding,
                                int64_t bounds[SK_MAX_RANK], sk_type_rec *rec) {
  uint16_t count;
  if (!sk_bytecode_is_bounds(r, encoding)) {
    SK_TRY(sk_bytecode_get_attr(r, encoding, &rec->encoding));
    return sk_read_is_foreign_encoding(r->module, rec->encoding)
               ? NULL
               : sk_bytecode_unsupported(r, at, "this encoding of a tensor type is not supported");
  }
  sk_cursor content = sk_bytecode_content(r, &r->attrs[encoding]);
  SK_TRY(read_shape(r, &content, bounds, &count));
  if (count != rec->rank) {
    return sk_bytecode_error(r, at, "%u bounds for a tensor of %u dimensions", count, rec->rank);
  }
  rec->bounds = count > 0 ? bounds : NULL;
  return NULL;
}

static sk_status read_tensor(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  int64_t dims[SK_MAX_RANK];
  int64_t bounds[SK_MAX_RANK];
  sk_type_rec rec = {.kind = SK_TYPE_TENSOR, .dims = dims};
  sk_elem elem = SK_ELEM_NONE;
  uint32_t encoding = SK_BYTECODE_NO_INDEX;
  sk_cursor at = *c;
  if (p != 0) {
    SK_TRY(sk_bytecode_read_index(r, c, &encoding));
  }
  SK_TRY(read_shape(r, c, dims, &rec.rank));
  SK_TRY(read_elem(r, c, &elem, &rec.quant));
  rec.elem = (uint8_t)elem;
  if (encoding != SK_BYTECODE_NO_INDEX) {
    SK_TRY(apply_encoding(r, &at, encoding, bounds, &rec));
  }
  return intern(r, &at, &rec, out);
}

static sk_status read_unranked(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  sk_type_rec rec = {.kind = SK_TYPE_UNRANKED};
  sk_elem elem = SK_ELEM_NONE;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(read_elem(r, c, &elem, &rec.quant));
  rec.elem = (uint8_t)elem;
  return intern(r, &at, &rec, out);
}

static sk_status read_buffer(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  int64_t dims[SK_MAX_RANK];
  sk_type_rec rec = {.kind = SK_TYPE_BUFFER, .dims = dims};
  sk_elem elem = SK_ELEM_NONE;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(read_shape(r, c, dims, &rec.rank));
  SK_TRY(read_elem(r, c, &elem, &rec.quant));
  rec.elem = (uint8_t)elem;
  return intern(r, &at, &rec, out);
}

// affine_map<(d0, d1) -> (d0, d1)>: the layout that every memref has when none is written.
static bool is_identity_map(sk_str text) {
  sk_str before = SK_STR("affine_map<(");
  size_t rest = text.len - SK_MIN(text.len, before.len);
  if (!sk_str_has_prefix(text, before) || rest < 8 || rest % 2 != 0) {
    return false;
  }
  const char *first = text.data + before.len;
  size_t half = (rest - 8) / 2;
  return memcmp(first + half, ") -> (", 6) == 0 && memcmp(first, first + half + 6, half) == 0 &&
         memcmp(first + 2 * half + 6, ")>", 2) == 0;
}

static sk_status read_memref(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  sk_attr layout;
  SK_TRY(read_buffer(r, c, p, out));
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_read_attr(r, c, &layout));
  const sk_attr_rec *rec = sk_attr_get(r->module, layout);
  if (rec->kind != SK_ATTR_OPAQUE ||
      !is_identity_map(sk_sym_str(&r->module->strings, rec->u.sym))) {
    return sk_bytecode_unsupported(r, &at, "memref types with a layout are not supported");
  }
  return NULL;
}

// ---- lists of types

static sk_status push_types(sk_bytecode *r, sk_cursor *c, uint32_t *out_count) {
  SK_TRY(sk_bytecode_count(r, c, "types", out_count));
  for (uint32_t i = 0; i < *out_count; i++) {
    sk_type type;
    SK_TRY(sk_bytecode_read_type(r, c, &type));
    SK_BYTECODE_PUSH(r, type_stack, type);
  }
  return NULL;
}

static sk_status read_function(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  sk_type_rec rec = {.kind = SK_TYPE_FUNCTION};
  uint32_t height = r->type_stack.count;
  sk_cursor at = *c;
  (void)p;
  SK_TRY(push_types(r, c, &rec.input_count));
  SK_TRY(push_types(r, c, &rec.result_count));
  rec.inputs = r->type_stack.data + height;
  rec.results = rec.inputs + rec.input_count;
  r->type_stack.count = height;
  return intern(r, &at, &rec, out);
}

// tuple<T, ..> and !stablehlo.future<T, ..>
static sk_status read_members(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  sk_type_rec rec = {.kind = (uint8_t)p};
  uint32_t height = r->type_stack.count;
  sk_cursor at = *c;
  SK_TRY(push_types(r, c, &rec.input_count));
  rec.inputs = r->type_stack.data + height;
  r->type_stack.count = height;
  return intern(r, &at, &rec, out);
}

// ---- quantized types

static sk_status read_double(sk_bytecode *r, sk_cursor *c, double *out) {
  int64_t bits = 0;
  SK_TRY(sk_bytecode_signed(r, c, &bits));
  memcpy(out, &bits, sizeof *out);
  return NULL;
}

// flags | storage | expressed. Bit 0 of the flags says signed; the storage type says only how wide.
static sk_status read_quant_types(sk_bytecode *r, sk_cursor *c, sk_quant *quant) {
  uint64_t flags = 0;
  const sk_quant *nested;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &flags));
  SK_TRY(read_elem(r, c, &quant->storage, &nested));
  SK_TRY(read_elem(r, c, &quant->expressed, &nested));
  char name[16];
  snprintf(name, sizeof name, "%s%u", (flags & 1) != 0 ? "i" : "ui", sk_elem_bits(quant->storage));
  if (!sk_elem_is_int(quant->storage) || flags > 1) {
    return sk_bytecode_error(r, &at, "expected an integer as the storage of a quantized type");
  }
  quant->storage = sk_elem_find(sk_str_from(name));
  return NULL;
}

static sk_status read_axis(sk_bytecode *r, sk_cursor *c, sk_quant *quant) {
  uint64_t axis = 0;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_varint(r, c, &axis));
  if (axis >= SK_MAX_RANK) {
    return sk_bytecode_error(r, &at, "quantization axis %llu is out of range",
                             (unsigned long long)axis);
  }
  quant->axis = (int32_t)axis;
  SK_TRY(sk_bytecode_signed(r, c, &quant->storage_min));
  return sk_bytecode_signed(r, c, &quant->storage_max);
}

// count | scales | count | zero points
static sk_status read_scales(sk_bytecode *r, sk_cursor *c, sk_quant *quant, const int64_t **out) {
  uint32_t height = r->ints.count;
  uint32_t zeros;
  sk_cursor at = *c;
  SK_TRY(sk_bytecode_ints(r, c, &quant->count));  // doubles, by their bits
  SK_TRY(sk_bytecode_ints(r, c, &zeros));
  *out = r->ints.data + height;
  r->ints.count = height;
  if (zeros != quant->count) {
    return sk_bytecode_error(r, &at, "%u scales and %u zero points", quant->count, zeros);
  }
  return NULL;
}

static sk_status read_quantized(sk_bytecode *r, sk_cursor *c, int p, sk_type *out) {
  sk_quant quant = {.axis = -1, .count = 1};
  sk_type_rec rec = {.kind = SK_TYPE_SCALAR, .elem = SK_QUANT, .quant = &quant};
  double scale = 0;
  int64_t zero_point = 0;
  double *scales = &scale;
  sk_cursor at = *c;
  SK_TRY(read_quant_types(r, c, &quant));
  if (p == 0) {
    SK_TRY(read_double(r, c, &scale));
    SK_TRY(sk_bytecode_signed(r, c, &zero_point));
    SK_TRY(sk_bytecode_signed(r, c, &quant.storage_min));
    SK_TRY(sk_bytecode_signed(r, c, &quant.storage_max));
    quant.zero_points = &zero_point;
  } else {
    const int64_t *words;
    SK_TRY(read_axis(r, c, &quant));
    SK_TRY(read_scales(r, c, &quant, &words));
    scales = SK_NEW_ARRAY(&r->scratch, double, (size_t)quant.count + 1);
    if (scales == NULL) {
      return sk_status_no_memory();
    }
    memcpy(scales, words, quant.count * sizeof *scales);
    quant.zero_points = words + quant.count;
  }
  quant.scales = scales;
  return intern(r, &at, &rec, out);
}

// ---- dispatch

static const struct {
  type_reader read;
  int p;
} readers[SK_DIALECT_COUNT][SK_BYTECODE_CODES] = {
#define TYPE(dialect, code, reader, p) [SK_DIALECT_##dialect][code] = {read_##reader, p},
#include "read/bytecode.def"
};

static sk_status unknown_type(const sk_bytecode *r, const sk_bytecode_entry *entry) {
  const sk_dialect_name *dialect = &r->dialects[entry->dialect];
  sk_cursor c = sk_bytecode_entry_cursor(r, entry);
  sk_cursor at = c;
  uint64_t code = 0;
  SK_TRY(sk_bytecode_varint(r, &c, &code));
  return sk_bytecode_unsupported(r, &at, "type %llu of dialect '%.*s' is not supported",
                                 (unsigned long long)code, (int)SK_MIN(dialect->name.len, 64),
                                 dialect->name.data);
}

static sk_status read_entry(sk_bytecode *r, const sk_bytecode_entry *entry, sk_type *out) {
  if (!entry->custom) {
    sk_cursor at = sk_bytecode_entry_cursor(r, entry);
    sk_str text;
    SK_TRY(sk_bytecode_entry_text(r, entry, &text));
    return sk_bytecode_place(r, &at, sk_read_text_type(r->module, text, sk_bytecode_pos(r), out));
  }
  if (entry->code == SK_BYTECODE_NO_CODE || readers[entry->dialect_id][entry->code].read == NULL) {
    return unknown_type(r, entry);
  }
  sk_cursor c = sk_bytecode_content(r, entry);
  SK_TRY(readers[entry->dialect_id][entry->code].read(
      r, &c, readers[entry->dialect_id][entry->code].p, out));
  return sk_bytecode_end(r, &c, "a type");
}

sk_status sk_bytecode_get_type(sk_bytecode *r, uint32_t index, sk_type *out) {
  sk_bytecode_entry *entry = &r->types[index];
  if (SK_LIKELY(entry->state == SK_ENTRY_DONE)) {
    out->id = entry->id;
    return NULL;
  }
  sk_cursor at = sk_bytecode_entry_cursor(r, entry);
  if (entry->state == SK_ENTRY_ACTIVE) {
    return sk_bytecode_error(r, &at, "type %u contains itself", index);
  }
  SK_TRY(sk_bytecode_enter(r, &at));
  entry->state = SK_ENTRY_ACTIVE;
  SK_TRY(read_entry(r, entry, out));
  entry->state = SK_ENTRY_DONE;
  entry->id = out->id;
  r->depth--;
  return NULL;
}
