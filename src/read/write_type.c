// SPDX-License-Identifier: Apache-2.0
// Types to entries of bytecode, for builtin and StableHLO or for VHLO; the inverse of
// bytecode_type.c, from the same rows of bytecode.def.
//
// What has no code in a dialect is written out as text, as MLIR itself does it: quantized types
// outside of VHLO, the layout of a memref, types of other dialects.
#include "read/write_int.h"

// Codes by element type, 1 + code.
static const uint8_t scalar_codes[2][SK_ELEM_COUNT] = {
#define TYPE_scalar(dialect, code, p) [TYPE_FORM_##dialect][p] = (code) + 1,
#define TYPE_FORM_BUILTIN SK_FORM_NATIVE
#define TYPE_FORM_VHLO SK_FORM_VHLO
#define TYPE_plain(dialect, code, p)
#define TYPE_members(dialect, code, p)
#define TYPE_integer(dialect, code, p)
#define TYPE_function(dialect, code, p)
#define TYPE_complex(dialect, code, p)
#define TYPE_memref(dialect, code, p)
#define TYPE_tensor(dialect, code, p)
#define TYPE_unranked(dialect, code, p)
#define TYPE_quantized(dialect, code, p)
#define TYPE_buffer(dialect, code, p)
#define TYPE(dialect, code, reader, p) TYPE_##reader(dialect, code, p)
#include "read/bytecode.def"
};

// The version that brought a type of VHLO; 0: always there.
static const uint32_t since_of_code[256] = {
#define SINCE(code, major, minor) [code] = SK_VHLO_VERSION(major, minor),
#include "read/bytecode.def"
};

// Which of NATIVE and VHLO; CHLO has no types of its own.
static sk_write_form types_of(sk_write_form form) {
  return form == SK_FORM_VHLO ? SK_FORM_VHLO : SK_FORM_NATIVE;
}

// Begins an entry; the code of builtin and the code of VHLO.
static void begin(sk_writer *w, sk_write_form form, uint32_t native, uint32_t vhlo) {
  sk_write_number(w, form == SK_FORM_VHLO ? vhlo : native);
  if (w->portable && form == SK_FORM_VHLO && since_of_code[vhlo] > w->version) {
    sk_write_too_new(w, since_of_code[vhlo], "a type of the operation");
  }
}

static uint32_t finish(sk_writer *w, sk_write_form form, uint32_t height) {
  sk_bytecode_dialect dialect = form == SK_FORM_VHLO ? SK_DIALECT_VHLO : SK_DIALECT_BUILTIN;
  return sk_write_finish(w, &w->types, sk_write_dialect_of(w, dialect), true, height);
}

// ---- element types

static void put_integer(sk_writer *w, sk_elem elem) {
  uint32_t signedness = sk_elem_get_class(elem) == SK_CLASS_UINT ? 2 : 0;
  sk_write_number(w, SK_TYPE_CODE_BUILTIN_integer_0);
  sk_write_number(w, (uint64_t)sk_elem_bits(elem) << 2 | signedness);
}

uint32_t sk_write_scalar(sk_writer *w, sk_write_form form, sk_elem elem) {
  uint32_t height = w->stack.count;
  form = types_of(form);
  if (sk_elem_is_complex(elem)) {
    uint32_t part = sk_write_scalar(w, form, sk_elem_complex_part(elem));
    begin(w, form, SK_TYPE_CODE_BUILTIN_complex_0, SK_TYPE_CODE_VHLO_complex_0);
    sk_write_type_ref(w, part, SK_REF_PLAIN);
  } else if (form == SK_FORM_NATIVE && (sk_elem_is_int(elem) || elem == SK_PRED)) {
    put_integer(w, elem);
  } else {
    uint8_t code = scalar_codes[form][elem];
    if (code == 0) {
      sk_write_unsupported(w, "type %s has no form in bytecode", sk_elem_name(elem));
      return 0;
    }
    begin(w, form, code - 1u, code - 1u);
  }
  return finish(w, form, height);
}

static void put_double(sk_writer *w, double value) {
  int64_t bits;
  memcpy(&bits, &value, sizeof bits);
  sk_write_signed(w, bits);
}

static uint32_t write_quantized(sk_writer *w, const sk_quant *q) {
  uint32_t storage = sk_write_scalar(w, SK_FORM_VHLO, q->storage);
  uint32_t expressed = sk_write_scalar(w, SK_FORM_VHLO, q->expressed);
  uint32_t height = w->stack.count;
  begin(w, SK_FORM_VHLO, 0,
        q->axis < 0 ? SK_TYPE_CODE_VHLO_quantized_0 : SK_TYPE_CODE_VHLO_quantized_1);
  sk_write_number(w, sk_elem_is_signed(q->storage));
  sk_write_type_ref(w, storage, SK_REF_PLAIN);
  sk_write_type_ref(w, expressed, SK_REF_PLAIN);
  if (q->axis < 0) {
    put_double(w, q->scales[0]);
    sk_write_signed(w, q->zero_points[0]);
  } else {
    sk_write_number(w, (uint64_t)q->axis);
  }
  sk_write_signed(w, q->storage_min);
  sk_write_signed(w, q->storage_max);
  if (q->axis >= 0) {
    sk_write_number(w, q->count);
    for (uint32_t i = 0; i < q->count; i++) {
      put_double(w, q->scales[i]);
    }
    sk_write_number(w, q->count);
    for (uint32_t i = 0; i < q->count; i++) {
      sk_write_signed(w, q->zero_points[i]);
    }
  }
  return finish(w, SK_FORM_VHLO, height);
}

// From its first '<' to the '>' that closes it.
static size_t bracketed_len(const char *text) {
  size_t len = 0;
  int depth = 0;
  do {
    depth += text[len] == '<' ? 1 : text[len] == '>' ? -1 : 0;
    len++;
  } while (depth > 0 || text[len - 1] != '>');
  return len;
}

// As text prints it; of a shaped type only the quantized element type.
static uint32_t write_as_text(sk_writer *w, sk_type type, const sk_type_rec *rec) {
  sk_text text;
  uint32_t entry = 0;
  sk_text_init(&text);
  sk_type_print(w->m, type, &text);
  w->out_of_memory |= text.failed;
  if (!text.failed) {
    sk_str shown = {text.data, text.len};
    if (rec->quant != NULL) {
      shown.data = strstr(text.data, "!quant.");
      shown.len = bracketed_len(shown.data);
    }
    entry = sk_write_text_entry(w, &w->types, shown);
  }
  sk_text_fini(&text);
  return entry;
}

static uint32_t write_elem(sk_writer *w, sk_write_form form, sk_type type, const sk_type_rec *rec) {
  if (rec->elem != SK_QUANT) {
    return sk_write_scalar(w, form, (sk_elem)rec->elem);
  }
  return form == SK_FORM_VHLO ? write_quantized(w, rec->quant) : write_as_text(w, type, rec);
}

// ---- shaped types

static void put_shape(sk_writer *w, uint32_t rank, const int64_t *dims) {
  sk_write_number(w, rank);
  for (uint32_t i = 0; i < rank; i++) {
    sk_write_signed(w, dims[i]);
  }
}

static uint32_t write_bounds(sk_writer *w, sk_write_form form, const sk_type_rec *rec) {
  uint32_t height = w->stack.count;
  bool vhlo = form == SK_FORM_VHLO;
  sk_write_number(w, vhlo ? SK_ATTR_CODE_VHLO_bounds_0 : SK_ATTR_CODE_STABLEHLO_bounds_0);
  put_shape(w, rec->rank, rec->bounds);
  return sk_write_finish(w, &w->attrs,
                         sk_write_dialect_of(w, vhlo ? SK_DIALECT_VHLO : SK_DIALECT_STABLEHLO),
                         true, height);
}

static uint32_t write_tensor(sk_writer *w, sk_write_form form, sk_type type,
                             const sk_type_rec *rec) {
  uint32_t elem = write_elem(w, form, type, rec);
  bool encoded = rec->bounds != NULL || rec->encoding.id != 0;
  uint32_t encoding = rec->bounds != NULL     ? write_bounds(w, form, rec)
                      : rec->encoding.id != 0 ? sk_write_attr(w, form, rec->encoding)
                                              : 0;
  uint32_t height = w->stack.count;
  begin(w, form, encoded ? SK_TYPE_CODE_BUILTIN_tensor_1 : SK_TYPE_CODE_BUILTIN_tensor_0,
        encoded ? SK_TYPE_CODE_VHLO_tensor_1 : SK_TYPE_CODE_VHLO_tensor_0);
  if (encoded) {
    sk_write_attr_ref(w, encoding, SK_REF_PLAIN);
  }
  put_shape(w, rec->rank, rec->dims);
  sk_write_type_ref(w, elem, SK_REF_PLAIN);
  return finish(w, form, height);
}

uint32_t sk_write_tensor(sk_writer *w, sk_write_form form, sk_elem elem, uint32_t rank,
                         const int64_t *dims) {
  sk_type_rec rec = {
      .kind = SK_TYPE_TENSOR, .elem = (uint8_t)elem, .rank = (uint16_t)rank, .dims = dims};
  return write_tensor(w, types_of(form), (sk_type){0}, &rec);
}

// affine_map<(d0, d1) -> (d0, d1)>, what a memref has that has no layout
static uint32_t write_identity_map(sk_writer *w, uint32_t rank) {
  sk_text text;
  uint32_t entry = 0;
  sk_text_init(&text);
  sk_text_add(&text, SK_STR("affine_map<("));
  for (int side = 0; side < 2; side++) {
    for (uint32_t i = 0; i < rank; i++) {
      sk_text_addf(&text, "%sd%u", i > 0 ? ", " : "", i);
    }
    sk_text_add(&text, side == 0 ? SK_STR(") -> (") : SK_STR(")>"));
  }
  w->out_of_memory |= text.failed;
  if (!text.failed) {
    entry = sk_write_text_entry(w, &w->attrs, (sk_str){text.data, text.len});
  }
  sk_text_fini(&text);
  return entry;
}

static uint32_t write_buffer(sk_writer *w, sk_write_form form, sk_type type,
                             const sk_type_rec *rec) {
  uint32_t elem = write_elem(w, form, type, rec);
  uint32_t map = form == SK_FORM_VHLO ? 0 : write_identity_map(w, rec->rank);
  uint32_t height = w->stack.count;
  begin(w, form, SK_TYPE_CODE_BUILTIN_memref_0, SK_TYPE_CODE_VHLO_buffer_0);
  put_shape(w, rec->rank, rec->dims);
  sk_write_type_ref(w, elem, SK_REF_PLAIN);
  if (form != SK_FORM_VHLO) {
    sk_write_attr_ref(w, map, SK_REF_PLAIN);
  }
  return finish(w, form, height);
}

static uint32_t write_unranked(sk_writer *w, sk_write_form form, sk_type type,
                               const sk_type_rec *rec) {
  uint32_t elem = write_elem(w, form, type, rec);
  uint32_t height = w->stack.count;
  begin(w, form, SK_TYPE_CODE_BUILTIN_unranked_0, SK_TYPE_CODE_VHLO_unranked_0);
  sk_write_type_ref(w, elem, SK_REF_PLAIN);
  return finish(w, form, height);
}

// ---- lists

// Types nest as deep as they do in the module, which limits that.
static void put_types(sk_writer *w, sk_write_form form, const sk_type *types, uint32_t count) {
  sk_write_number(w, count);
  for (uint32_t i = 0; i < count; i++) {
    sk_write_type_ref(w, sk_write_type(w, form, types[i]), SK_REF_PLAIN);
  }
}

static uint32_t write_function(sk_writer *w, sk_write_form form, const sk_type_rec *rec) {
  uint32_t height = w->stack.count;
  begin(w, form, SK_TYPE_CODE_BUILTIN_function_0, SK_TYPE_CODE_VHLO_function_0);
  put_types(w, form, rec->inputs, rec->input_count);
  put_types(w, form, rec->results, rec->result_count);
  return finish(w, form, height);
}

// StableHLO's own types, which in NATIVE are not builtin's.
static uint32_t write_own(sk_writer *w, sk_write_form form, const sk_type_rec *rec, uint32_t native,
                          uint32_t vhlo) {
  uint32_t height = w->stack.count;
  begin(w, form, native, vhlo);
  if (rec->kind == SK_TYPE_FUTURE) {
    put_types(w, form, rec->inputs, rec->input_count);
  }
  sk_bytecode_dialect dialect = form == SK_FORM_VHLO ? SK_DIALECT_VHLO : SK_DIALECT_STABLEHLO;
  return sk_write_finish(w, &w->types, sk_write_dialect_of(w, dialect), true, height);
}

static uint32_t write_tuple(sk_writer *w, sk_write_form form, const sk_type_rec *rec) {
  uint32_t height = w->stack.count;
  begin(w, form, SK_TYPE_CODE_BUILTIN_members_SK_TYPE_TUPLE,
        SK_TYPE_CODE_VHLO_members_SK_TYPE_TUPLE);
  put_types(w, form, rec->inputs, rec->input_count);
  return finish(w, form, height);
}

uint32_t sk_write_unit_type(sk_writer *w, sk_write_form form) {
  uint32_t height = w->stack.count;
  form = types_of(form);
  begin(w, form, SK_TYPE_CODE_BUILTIN_plain_SK_TYPE_UNIT, SK_TYPE_CODE_VHLO_plain_SK_TYPE_UNIT);
  return finish(w, form, height);
}

// ---- dispatch

static uint32_t write_kind(sk_writer *w, sk_write_form form, sk_type type, const sk_type_rec *rec) {
  uint32_t height = w->stack.count;
  switch ((sk_type_kind)rec->kind) {
    case SK_TYPE_TENSOR: return write_tensor(w, form, type, rec);
    case SK_TYPE_UNRANKED: return write_unranked(w, form, type, rec);
    case SK_TYPE_FUNCTION: return write_function(w, form, rec);
    case SK_TYPE_TUPLE: return write_tuple(w, form, rec);
    case SK_TYPE_TOKEN:
      return write_own(w, form, rec, SK_TYPE_CODE_STABLEHLO_plain_SK_TYPE_TOKEN,
                       SK_TYPE_CODE_VHLO_plain_SK_TYPE_TOKEN);
    case SK_TYPE_FUTURE:
      return write_own(w, form, rec, SK_TYPE_CODE_STABLEHLO_members_SK_TYPE_FUTURE,
                       SK_TYPE_CODE_VHLO_members_SK_TYPE_FUTURE);
    case SK_TYPE_BUFFER: return write_buffer(w, form, type, rec);
    case SK_TYPE_SCALAR: return write_elem(w, form, type, rec);
    case SK_TYPE_UNIT: return sk_write_unit_type(w, form);
    case SK_TYPE_WITNESS:
      if (form != SK_FORM_VHLO) {
        return write_as_text(w, type, rec);
      }
      begin(w, form, 0, SK_TYPE_CODE_VHLO_plain_SK_TYPE_WITNESS);
      return finish(w, form, height);
    case SK_TYPE_OPAQUE: return write_as_text(w, type, rec);
    case SK_TYPE_NONE_KIND: break;
  }
  return 0;
}

uint32_t sk_write_type(sk_writer *w, sk_write_form form, sk_type type) {
  form = types_of(form);
  uint32_t *memo = &w->type_memo[form][type.id];
  if (*memo == 0) {
    uint32_t entry = write_kind(w, form, type, sk_type_get(w->m, type));
    w->type_memo[form][type.id] = entry + 1;
    return entry;
  }
  return *memo - 1;
}
