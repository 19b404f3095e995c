// SPDX-License-Identifier: Apache-2.0
// Types: checking a record, interning it, and what can be asked of a tensor type.
//
// A record that sk_type_check refuses never becomes a type, so every tensor type in a module has
// rank <= SK_MAX_RANK and a byte size (bounds standing in for unknown dimensions) that fits int64.
// StableHLO specification, section "Types".
#include <math.h>

#include "ir/ir_int.h"

// ------------------------------------------------------------------------------------------ checks

// Storage of a quantized element is that of its storage type; everything else says so itself.
static uint32_t stored_bytes(const sk_type_rec *rec) {
  return rec->elem == SK_QUANT && rec->quant ? sk_elem_bytes(rec->quant->storage)
                                             : sk_elem_bytes((sk_elem)rec->elem);
}

// Elements, unknown dimensions counted as their bound, or 1 without; false on overflow of bytes.
static bool count_elements(const sk_type_rec *rec, int64_t *out_count) {
  uint64_t bytes = SK_MAX(stored_bytes(rec), 1u);
  int64_t total = (int64_t)bytes;
  bool empty = false;
  for (uint32_t i = 0; i < rec->rank; i++) {
    int64_t dim = rec->dims[i];
    if (dim == SK_DIM_UNKNOWN) {
      dim = rec->bounds && rec->bounds[i] != SK_DIM_UNKNOWN ? rec->bounds[i] : 1;
    }
    if (dim == 0) {
      empty = true;
      continue;  // strides of the other dimensions must fit as well
    }
    if (SK_MUL_OVERFLOW(total, dim, &total)) {
      return false;
    }
  }
  *out_count = empty ? 0 : total / (int64_t)bytes;
  return true;
}

static void storage_range(sk_elem storage, int64_t *out_min, int64_t *out_max) {
  uint32_t bits = sk_elem_bits(storage);
  if (sk_elem_is_signed(storage)) {
    *out_max = bits == 64 ? INT64_MAX : ((int64_t)1 << (bits - 1)) - 1;
    *out_min = -*out_max - 1;
  } else {
    *out_min = 0;
    *out_max = bits >= 63 ? INT64_MAX : ((int64_t)1 << bits) - 1;
  }
}

// Neither overflows nor vanishes in the expressed type.
static bool is_expressible(sk_elem elem, double scale) {
  switch ((int)elem) {
    case SK_F16: return scale <= 65504.0 && scale >= 0x1p-24;
    case SK_BF16:
    case SK_F32: return scale <= 0x1.fffffep127 && scale >= 0x1p-149;
    default: return true;  // f64, and formats that no tool uses here
  }
}

static sk_status check_quant(const sk_type_rec *rec, sk_srcpos at) {
  const sk_quant *q = rec->quant;
  if (q == NULL || !sk_elem_is_int(q->storage) || !sk_elem_is_float(q->expressed) ||
      q->count == 0) {
    return sk_status_new_at(
        SK_INVALID_ARGUMENT, at,
        "quantized type needs an integer storage type, a float expressed type and a scale");
  }
  int64_t low, high;
  storage_range(q->storage, &low, &high);
  if (q->storage_min < low || q->storage_max > high || q->storage_min >= q->storage_max) {
    return sk_status_new_at(
        SK_INVALID_ARGUMENT, at, "quantized storage range [%lld, %lld] not within %s (C3)",
        (long long)q->storage_min, (long long)q->storage_max, sk_elem_name(q->storage));
  }
  for (uint32_t i = 0; i < q->count; i++) {
    if (!(q->scales[i] > 0)) {
      return sk_status_new_at(SK_INVALID_ARGUMENT, at, "quantization scale must be positive (C5)");
    }
    if (isinf(q->scales[i])) {
      return sk_status_new_at(SK_INVALID_ARGUMENT, at, "quantization scale must be finite (C6)");
    }
    if (!is_expressible(q->expressed, q->scales[i])) {
      return sk_status_new_at(SK_INVALID_ARGUMENT, at,
                              "quantization scale %g is not in the range of %s (C4)", q->scales[i],
                              sk_elem_name(q->expressed));
    }
  }
  if (q->axis < 0 && q->count != 1) {
    return sk_status_new_at(SK_INVALID_ARGUMENT, at,
                            "per-tensor quantization has one scale, not %u (C10)", q->count);
  }
  return NULL;
}

// Such types can be written, but no operation takes or gives them: what is wrong with them is
// reported where they are used.
const char *sk_type_quant_fault(const sk_type_rec *rec, const char **out_label) {
  const sk_quant *q = rec->quant;
  if (q == NULL) {
    return NULL;
  }
  for (uint32_t i = 0; i < q->count; i++) {
    if (q->zero_points[i] < q->storage_min || q->zero_points[i] > q->storage_max) {
      *out_label = "C7";
      return "a zero point is outside the storage range";
    }
  }
  if (q->axis < 0 || rec->kind != SK_TYPE_TENSOR) {
    return NULL;
  }
  if ((uint32_t)q->axis >= rec->rank) {
    *out_label = "C12";
    return "the quantization dimension is not below the rank";
  }
  if (rec->dims[q->axis] != SK_DIM_UNKNOWN && rec->dims[q->axis] != (int64_t)q->count) {
    *out_label = "C13";
    return "there are not as many scales as the quantization dimension is long";
  }
  return NULL;
}

static sk_status check_shape(const sk_type_rec *rec, sk_srcpos at) {
  if (rec->rank > SK_MAX_RANK) {
    return sk_status_new_at(SK_UNIMPLEMENTED, at, "rank %u is above the limit of %d", rec->rank,
                            SK_MAX_RANK);
  }
  for (uint32_t i = 0; i < rec->rank; i++) {
    if (rec->dims[i] < 0 && rec->dims[i] != SK_DIM_UNKNOWN) {
      return sk_status_new_at(SK_INVALID_ARGUMENT, at, "dimension %u is negative: %lld", i,
                              (long long)rec->dims[i]);
    }
    if (rec->bounds == NULL || rec->bounds[i] == SK_DIM_UNKNOWN) {
      continue;
    }
    if (rec->dims[i] != SK_DIM_UNKNOWN) {
      return sk_status_new_at(SK_INVALID_ARGUMENT, at,
                              "dimension %u is static, it cannot have a bound", i);
    }
    if (rec->bounds[i] < 0) {
      return sk_status_new_at(SK_INVALID_ARGUMENT, at, "bound of dimension %u is negative: %lld", i,
                              (long long)rec->bounds[i]);
    }
  }
  int64_t count;
  if (!count_elements(rec, &count)) {
    return sk_status_new_at(SK_INVALID_ARGUMENT, at, "size of the tensor overflows 63 bits");
  }
  return NULL;
}

sk_status sk_type_check(const sk_type_rec *rec, sk_srcpos at) {
  switch ((sk_type_kind)rec->kind) {
    case SK_TYPE_TENSOR:
    case SK_TYPE_BUFFER:
      if (rec->elem == SK_ELEM_NONE || rec->elem >= SK_ELEM_COUNT || rec->elem == SK_TF32) {
        return sk_status_new_at(SK_INVALID_ARGUMENT, at, "invalid element type of a tensor");
      }
      SK_TRY(check_shape(rec, at));
      return rec->elem == SK_QUANT ? check_quant(rec, at) : NULL;
    case SK_TYPE_UNRANKED:
    case SK_TYPE_SCALAR:
      if (rec->elem == SK_ELEM_NONE || rec->elem >= SK_ELEM_COUNT) {
        return sk_status_new_at(SK_INVALID_ARGUMENT, at, "invalid element type");
      }
      return rec->elem == SK_QUANT ? check_quant(rec, at) : NULL;
    case SK_TYPE_NONE_KIND: return sk_status_new_at(SK_INVALID_ARGUMENT, at, "not a type");
    case SK_TYPE_FUNCTION:
    case SK_TYPE_TUPLE:
    case SK_TYPE_TOKEN:
    case SK_TYPE_FUTURE:
    case SK_TYPE_UNIT:
    case SK_TYPE_WITNESS:
    case SK_TYPE_OPAQUE: return NULL;
  }
  return sk_status_new_at(SK_INVALID_ARGUMENT, at, "not a type");
}

// --------------------------------------------------------------------------------------- interning

static bool same_bytes(const void *a, const void *b, size_t bytes) {
  return bytes == 0 || (a == b) || (a != NULL && b != NULL && memcmp(a, b, bytes) == 0);
}

static bool quant_equal(const sk_quant *a, const sk_quant *b) {
  if (a == NULL || b == NULL) {
    return a == b;
  }
  return a->storage == b->storage && a->expressed == b->expressed && a->axis == b->axis &&
         a->count == b->count && a->storage_min == b->storage_min &&
         a->storage_max == b->storage_max &&
         same_bytes(a->scales, b->scales, a->count * sizeof(double)) &&
         same_bytes(a->zero_points, b->zero_points, a->count * sizeof(int64_t));
}

bool sk_ir_type_equal(const sk_type_rec *a, const sk_type_rec *b) {
  return a->kind == b->kind && a->elem == b->elem && a->rank == b->rank &&
         a->input_count == b->input_count && a->result_count == b->result_count &&
         a->encoding.id == b->encoding.id && a->text.id == b->text.id &&
         (a->bounds == NULL) == (b->bounds == NULL) &&
         same_bytes(a->dims, b->dims, a->rank * sizeof(int64_t)) &&
         (a->bounds == NULL || same_bytes(a->bounds, b->bounds, a->rank * sizeof(int64_t))) &&
         same_bytes(a->inputs, b->inputs, a->input_count * sizeof(sk_type)) &&
         same_bytes(a->results, b->results, a->result_count * sizeof(sk_type)) &&
         quant_equal(a->quant, b->quant);
}

static uint64_t mix_words(uint64_t h, const int64_t *words, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    h = sk_hash_mix(h, (uint64_t)words[i]);
  }
  return h;
}

static uint32_t hash_type(const sk_type_rec *rec) {
  uint64_t h = sk_hash_mix(rec->kind, (uint64_t)rec->elem << 32 | rec->rank);
  h = mix_words(h, rec->dims, rec->rank);
  if (rec->bounds) {
    h = mix_words(h, rec->bounds, rec->rank);
  }
  for (uint32_t i = 0; i < rec->input_count; i++) {
    h = sk_hash_mix(h, rec->inputs[i].id);
  }
  for (uint32_t i = 0; i < rec->result_count; i++) {
    h = sk_hash_mix(h, ~(uint64_t)rec->results[i].id);
  }
  if (rec->quant) {
    h = sk_hash_mix(h, (uint64_t)rec->quant->storage << 32 | (uint32_t)rec->quant->axis);
    h = sk_hash_bytes(rec->quant->scales, rec->quant->count * sizeof(double), h);
  }
  return sk_ir_fold_hash(sk_hash_mix(h, (uint64_t)rec->encoding.id << 32 | rec->text.id));
}

static bool copy_field(sk_arena *arena, const void *field, size_t bytes, const void **out) {
  *out = NULL;
  if (bytes != 0) {
    *out = sk_arena_copy(arena, field, bytes, 8);
    return *out != NULL;
  }
  return true;
}

static bool copy_quant(sk_arena *arena, sk_type_rec *rec) {
  if (rec->quant == NULL) {
    return true;
  }
  sk_quant *q = sk_arena_copy(arena, rec->quant, sizeof *q, _Alignof(sk_quant));
  const void *scales, *zeros;
  if (q == NULL || !copy_field(arena, q->scales, q->count * sizeof(double), &scales) ||
      !copy_field(arena, q->zero_points, q->count * sizeof(int64_t), &zeros)) {
    return false;
  }
  q->scales = scales;
  q->zero_points = zeros;
  rec->quant = q;
  return true;
}

// Copies the arrays that `rec` points to into the arena.
static bool copy_type(sk_arena *arena, sk_type_rec *rec) {
  const void *dims, *bounds, *inputs, *results;
  if (!copy_field(arena, rec->dims, rec->rank * sizeof(int64_t), &dims) ||
      !copy_field(arena, rec->bounds, rec->bounds ? rec->rank * sizeof(int64_t) : 0, &bounds) ||
      !copy_field(arena, rec->inputs, rec->input_count * sizeof(sk_type), &inputs) ||
      !copy_field(arena, rec->results, rec->result_count * sizeof(sk_type), &results)) {
    return false;
  }
  rec->dims = dims;
  rec->bounds = bounds;
  rec->inputs = inputs;
  rec->results = results;
  return copy_quant(arena, rec);
}

// A list of bounds without any bound is no list.
static void normalise_bounds(sk_type_rec *rec) {
  bool any = false;
  for (uint32_t i = 0; rec->bounds && i < rec->rank; i++) {
    any = any || rec->bounds[i] != SK_DIM_UNKNOWN;
  }
  if (!any) {
    rec->bounds = NULL;
  }
}

bool sk_ir_type_extent(const sk_module *m, const sk_type_rec *rec, sk_ir_extent *out_extent) {
  const sk_ir_tables *tables = sk_ir_tables_of(m);
  sk_ir_extent extent = {1, 0};
  bool ok = true;
  for (uint32_t i = 0; ok && i < rec->input_count; i++) {
    ok = sk_ir_extend(&extent, tables->type_extents.data[rec->inputs[i].id]);
  }
  for (uint32_t i = 0; ok && i < rec->result_count; i++) {
    ok = sk_ir_extend(&extent, tables->type_extents.data[rec->results[i].id]);
  }
  if (ok && rec->encoding.id != 0) {
    ok = sk_ir_extend(&extent, tables->attr_extents.data[rec->encoding.id]);
  }
  *out_extent = extent;
  return ok;
}

static bool has_valid_members(const sk_module *m, const sk_type_rec *rec) {
  for (uint32_t i = 0; rec->kind == SK_TYPE_FUTURE && i < rec->input_count; i++) {
    if (sk_type_get(m, rec->inputs[i])->kind != SK_TYPE_TENSOR) {
      return false;
    }
  }
  return true;
}

sk_status sk_type_explain(const sk_module *m, const sk_type_rec *rec, sk_srcpos at) {
  sk_ir_extent extent;
  SK_TRY(sk_type_check(rec, at));
  if (!has_valid_members(m, rec)) {
    return sk_status_new_at(SK_INVALID_ARGUMENT, at, "a future must hold ranked tensors");
  }
  if (!sk_ir_type_extent(m, rec, &extent)) {
    return sk_status_new_at(SK_RESOURCE_EXHAUSTED, at,
                            "type nests deeper than %d or has more than %d parts", SK_IR_MAX_DEPTH,
                            SK_IR_MAX_NODES);
  }
  return sk_status_no_memory();
}

static bool is_valid(const sk_type_rec *rec) {
  sk_status bad = sk_type_check(rec, (sk_srcpos){0});
  sk_status_free(bad);
  return bad == NULL;
}

sk_type sk_type_intern(sk_module *m, const sk_type_rec *given) {
  sk_type_rec rec = *given;
  normalise_bounds(&rec);
  sk_ir_table *table = &sk_ir_tables_of(m)->types;
  if (!sk_ir_table_reserve(&m->arena, table)) {
    return (sk_type){0};
  }
  uint32_t hash = hash_type(&rec);
  uint32_t at = hash & (table->cap - 1);
  for (; table->slots[at].id != 0; at = (at + 1) & (table->cap - 1)) {
    if (table->slots[at].hash == hash &&
        sk_ir_type_equal(&m->types.data[table->slots[at].id], &rec)) {
      return (sk_type){table->slots[at].id};
    }
  }
  sk_ir_extent extent;
  if (!is_valid(&rec) || !has_valid_members(m, &rec) || !sk_ir_type_extent(m, &rec, &extent) ||
      !copy_type(&m->arena, &rec) ||
      !sk_vec_push(&m->arena, &sk_ir_tables_of(m)->type_extents, extent) ||
      !sk_vec_push(&m->arena, &m->types, rec)) {
    return (sk_type){0};
  }
  table->slots[at] = (sk_ir_slot){hash, m->types.count - 1};
  table->count++;
  return (sk_type){m->types.count - 1};
}

sk_type sk_type_tensor(sk_module *m, sk_elem elem, uint32_t rank, const int64_t *dims) {
  if (rank > SK_MAX_RANK) {
    return (sk_type){0};
  }
  sk_type_rec rec = {
      .kind = SK_TYPE_TENSOR, .elem = (uint8_t)elem, .rank = (uint16_t)rank, .dims = dims};
  return sk_type_intern(m, &rec);
}

sk_type sk_type_scalar(sk_module *m, sk_elem elem) {
  sk_type *known = &sk_ir_tables_of(m)->scalars[elem];
  if (known->id == 0) {
    *known = sk_type_intern(m, &(sk_type_rec){.kind = SK_TYPE_SCALAR, .elem = (uint8_t)elem});
  }
  return *known;
}

sk_type sk_type_function(sk_module *m, uint32_t inputs, const sk_type *in, uint32_t results,
                         const sk_type *out) {
  sk_type_rec rec = {.kind = SK_TYPE_FUNCTION,
                     .input_count = inputs,
                     .inputs = in,
                     .result_count = results,
                     .results = out};
  return sk_type_intern(m, &rec);
}

// ----------------------------------------------------------------------------------------- queries

bool sk_type_is_static_tensor(const sk_module *m, sk_type t) {
  int64_t count;
  return sk_type_elem_count(m, t, &count);
}

bool sk_type_elem_count(const sk_module *m, sk_type t, int64_t *out_count) {
  const sk_type_rec *rec = sk_type_get(m, t);
  if (rec->kind != SK_TYPE_TENSOR && rec->kind != SK_TYPE_BUFFER) {
    return false;
  }
  for (uint32_t i = 0; i < rec->rank; i++) {
    if (rec->dims[i] == SK_DIM_UNKNOWN) {
      return false;
    }
  }
  return count_elements(rec, out_count);
}

bool sk_type_byte_count(const sk_module *m, sk_type t, int64_t *out_bytes) {
  int64_t count;
  if (!sk_type_elem_count(m, t, &count)) {
    return false;
  }
  *out_bytes = count * (int64_t)stored_bytes(sk_type_get(m, t));
  return true;
}

static bool dims_compatible(const sk_type_rec *a, const sk_type_rec *b) {
  if (a->rank != b->rank) {
    return false;
  }
  for (uint32_t i = 0; i < a->rank; i++) {
    int64_t x = a->dims[i], y = b->dims[i];
    if (x != SK_DIM_UNKNOWN && y != SK_DIM_UNKNOWN && x != y) {
      return false;
    }
    int64_t bound_x = a->bounds ? a->bounds[i] : SK_DIM_UNKNOWN;
    int64_t bound_y = b->bounds ? b->bounds[i] : SK_DIM_UNKNOWN;
    if ((bound_x != SK_DIM_UNKNOWN && y != SK_DIM_UNKNOWN && y > bound_x) ||
        (bound_y != SK_DIM_UNKNOWN && x != SK_DIM_UNKNOWN && x > bound_y)) {
      return false;
    }
  }
  return true;
}

static bool lists_compatible(const sk_module *m, const sk_type *a, const sk_type *b,
                             uint32_t count);

// Depth and size of types are limited when they are made.
bool sk_type_compatible(const sk_module *m, sk_type ta, sk_type tb) {
  const sk_type_rec *a = sk_type_get(m, ta), *b = sk_type_get(m, tb);
  if (ta.id == tb.id) {
    return true;
  }
  bool a_tensor = a->kind == SK_TYPE_TENSOR || a->kind == SK_TYPE_UNRANKED;
  bool b_tensor = b->kind == SK_TYPE_TENSOR || b->kind == SK_TYPE_UNRANKED;
  if (a_tensor && b_tensor) {
    return a->elem == b->elem && quant_equal(a->quant, b->quant) &&
           (a->kind == SK_TYPE_UNRANKED || b->kind == SK_TYPE_UNRANKED || dims_compatible(a, b));
  }
  if (a->kind != b->kind) {
    return false;
  }
  if (a->kind == SK_TYPE_BUFFER) {
    return a->elem == b->elem && dims_compatible(a, b);
  }
  return (a->kind == SK_TYPE_TUPLE || a->kind == SK_TYPE_FUTURE || a->kind == SK_TYPE_FUNCTION) &&
         a->input_count == b->input_count && a->result_count == b->result_count &&
         lists_compatible(m, a->inputs, b->inputs, a->input_count) &&
         lists_compatible(m, a->results, b->results, a->result_count);
}

static bool lists_compatible(const sk_module *m, const sk_type *a, const sk_type *b,
                             uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!sk_type_compatible(m, a[i], b[i])) {
      return false;
    }
  }
  return true;
}
