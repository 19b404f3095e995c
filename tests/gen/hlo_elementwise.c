// SPDX-License-Identifier: Apache-2.0
// Makers of element-wise operations, their broadcasting forms of CHLO, map and quantization.
//
// Which element types an operation takes is read from ops.def.
#include <stdio.h>

#include "hlo_int.h"

// The specification leaves open what the remainder of complex numbers is.
static uint32_t mask_of_op(sk_opkind kind) {
  uint32_t undefined = kind == SK_OP_REMAINDER ? SK_ELEMS_C : 0;
  return sk_opkind_info(kind)->elems & ~((uint32_t)SK_ELEMS_Q | undefined);
}

// Inside what must be exact, inexact operations get integers.
static uint32_t mask_for(const hlo_gen *g, sk_opkind kind) {
  uint32_t mask = mask_of_op(kind);
  if (g->exact && !hlo_is_exact(kind, SK_ELEMS_F)) {
    mask &= SK_ELEMS_P | SK_ELEMS_S | SK_ELEMS_U;
  }
  return mask;
}

bool hlo_make_unary(hlo_gen *g, sk_opkind kind) {
  uint32_t mask = mask_for(g, kind);
  if (mask == 0) {
    return false;
  }
  sk_value x = hlo_any(g, mask, 0, HLO_RANK);
  return hlo_put(g, kind, &x, 1, NULL, (sk_type){0});
}

// Usually two different values of one type.
static bool pick_two(hlo_gen *g, uint32_t mask, sk_value out[2]) {
  out[0] = hlo_any(g, mask, 0, HLO_RANK);
  if (out[0].id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, out[0]);
  sk_elem elem = (sk_elem)hlo_type(g, out[0])->elem;
  out[1] = hlo_chance(g, 1, 16) ? out[0] : hlo_value(g, elem, &shape);
  if (hlo_chance(g, 1, 2)) {
    sk_value first = out[0];
    out[0] = out[1];
    out[1] = first;
  }
  return out[0].id != 0 && out[1].id != 0;
}

// One shape or the same with some dimensions 1 or leading ones gone.
static sk_value pick_stretching(hlo_gen *g, sk_elem elem, const hlo_shape *shape) {
  hlo_shape less = *shape;
  uint32_t drop = hlo_chance(g, 1, 3) ? (uint32_t)hlo_below(g, shape->rank + 1) : 0;
  less.rank -= drop;
  for (uint32_t d = 0; d < less.rank; d++) {
    less.dims[d] = hlo_chance(g, 1, 3) ? 1 : shape->dims[d + drop];
  }
  return hlo_value(g, elem, &less);
}

static bool make_stretching(hlo_gen *g, sk_opkind kind, uint32_t mask, const char *attrs) {
  sk_value operands[2] = {hlo_any(g, mask, 0, HLO_RANK)};
  if (operands[0].id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, operands[0]);
  operands[1] = pick_stretching(g, (sk_elem)hlo_type(g, operands[0])->elem, &shape);
  return hlo_put(g, kind, operands, 2, attrs, (sk_type){0});
}

static bool is_stretching(sk_opkind kind) {
  return strncmp(sk_opkind_name(kind), "chlo.broadcast_", 15) == 0;
}

bool hlo_make_binary(hlo_gen *g, sk_opkind kind) {
  uint32_t mask = mask_for(g, kind);
  if (is_stretching(kind)) {
    // They say ANY of themselves: the operation they stand for knows better.
    char name[64];
    snprintf(name, sizeof name, "stablehlo.%s", sk_opkind_mnemonic(kind) + 10);
    sk_opkind base = sk_opkind_find(sk_str_from(name));
    if (base == SK_OP_NONE) {
      snprintf(name, sizeof name, "chlo.%s", sk_opkind_mnemonic(kind) + 10);
      base = sk_opkind_find(sk_str_from(name));
    }
    mask = base != SK_OP_NONE ? mask_for(g, base) : 0;
    return mask != 0 && make_stretching(g, kind, mask, NULL);
  }
  sk_value operands[2];
  return mask != 0 && pick_two(g, mask, operands) &&
         hlo_put(g, kind, operands, 2, NULL, (sk_type){0});
}

bool hlo_make_convert(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, HLO_RANK);
  if (x.id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, x);
  sk_elem to = hlo_elem(g, 31);
  return hlo_put(g, kind, &x, 1, NULL, hlo_tensor(g, to, &shape));
}

bool hlo_make_reduce_precision(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, SK_ELEMS_F, 0, HLO_RANK);
  char attrs[64];
  snprintf(attrs, sizeof attrs, "exponent_bits=%lldi mantissa_bits=%lldi",
           (long long)hlo_between(g, 1, 11), (long long)hlo_between(g, 0, 24));
  return hlo_put(g, kind, &x, 1, attrs, (sk_type){0});
}

bool hlo_make_clamp(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, HLO_RANK);
  if (x.id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, x), scalar = {.rank = 0};
  sk_elem elem = (sk_elem)hlo_type(g, x)->elem;
  sk_value operands[3] = {hlo_value(g, elem, hlo_chance(g, 1, 2) ? &scalar : &shape), x,
                          hlo_value(g, elem, hlo_chance(g, 1, 2) ? &scalar : &shape)};
  return hlo_put(g, kind, operands, 3, NULL, (sk_type){0});
}

// A total order sees the bits of NaNs: only where `total` says that they are settled.
static const char *comparison(hlo_gen *g, sk_elem elem, bool total, char *buf, size_t bytes) {
  static const char *const directions[] = {"EQ", "NE", "GE", "GT", "LE", "LT"};
  bool complex = sk_elem_is_complex(elem);
  const char *direction = directions[hlo_below(g, complex ? 2 : 6)], *type = "";
  if (sk_elem_is_float(elem)) {
    static const char *const types[] = {"", " compare_type=FLOAT", " compare_type=TOTALORDER"};
    type = types[hlo_below(g, total ? 3 : 2)];
  } else if (complex) {
    type = hlo_chance(g, 1, 2) ? " compare_type=FLOAT" : "";
  } else if (hlo_chance(g, 1, 2)) {
    type = sk_elem_is_signed(elem) ? " compare_type=SIGNED" : " compare_type=UNSIGNED";
  }
  snprintf(buf, bytes, "comparison_direction=%s%s", direction, type);
  return buf;
}

bool hlo_make_compare(hlo_gen *g, sk_opkind kind) {
  sk_value operands[2];
  char attrs[80];
  if (!pick_two(g, 31, operands)) {
    return false;
  }
  sk_elem elem = (sk_elem)hlo_type(g, operands[0])->elem;
  bool total = hlo_chance(g, 1, 2);
  for (uint32_t i = 0; i < 2 && total; i++) {
    operands[i] = hlo_settled(g, operands[i]);
  }
  return hlo_put(g, kind, operands, 2, comparison(g, elem, total, attrs, sizeof attrs),
                 (sk_type){0});
}

bool hlo_make_broadcast_compare(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, HLO_RANK);
  char attrs[80];
  if (x.id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, x);
  sk_elem elem = (sk_elem)hlo_type(g, x)->elem;
  sk_value operands[2] = {x, pick_stretching(g, elem, &shape)};
  return hlo_put(g, kind, operands, 2, comparison(g, elem, false, attrs, sizeof attrs),
                 (sk_type){0});
}

bool hlo_make_complex(hlo_gen *g, sk_opkind kind) {
  hlo_shape shape = hlo_any_shape(g);
  sk_elem elem = hlo_chance(g, 1, 2) ? SK_F32 : SK_F64;
  sk_value operands[2] = {hlo_value(g, elem, &shape), hlo_value(g, elem, &shape)};
  return hlo_put(g, kind, operands, 2, NULL, (sk_type){0});
}

bool hlo_make_broadcast_complex(hlo_gen *g, sk_opkind kind) {
  hlo_shape shape = hlo_any_shape(g);
  sk_elem elem = hlo_chance(g, 1, 2) ? SK_F32 : SK_F64;
  sk_value operands[2] = {hlo_value(g, elem, &shape), pick_stretching(g, elem, &shape)};
  return hlo_put(g, kind, operands, 2, NULL, (sk_type){0});
}

bool hlo_make_select(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, HLO_RANK);
  if (x.id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, x), scalar = {.rank = 0};
  sk_elem elem = (sk_elem)hlo_type(g, x)->elem;
  sk_value operands[3] = {hlo_value(g, SK_PRED, hlo_chance(g, 1, 4) ? &scalar : &shape), x,
                          hlo_value(g, elem, &shape)};
  return hlo_put(g, kind, operands, 3, NULL, (sk_type){0});
}

bool hlo_make_broadcast_select(hlo_gen *g, sk_opkind kind) {
  sk_value x = hlo_any(g, 31, 0, HLO_RANK);
  if (x.id == 0) {
    return false;
  }
  hlo_shape shape = hlo_shape_of(g, x);
  sk_value operands[3] = {pick_stretching(g, SK_PRED, &shape), x,
                          pick_stretching(g, (sk_elem)hlo_type(g, x)->elem, &shape)};
  return hlo_put(g, kind, operands, 3, NULL, (sk_type){0});
}

// A body over scalars of element-wise operations. What else it makes is small: it runs once for every
// element.
bool hlo_make_map(hlo_gen *g, sk_opkind kind) {
  hlo_shape shape = hlo_any_shape(g), scalar = {.rank = 0};
  sk_value operands[3];
  sk_type types[3];
  uint32_t count = (uint32_t)hlo_between(g, 1, 3);
  for (uint32_t i = 0; i < count; i++) {
    sk_elem elem = hlo_elem(g, 31);
    operands[i] = hlo_value(g, elem, &shape);
    types[i] = hlo_tensor(g, elem, &scalar);
  }
  hlo_place place;
  sk_region body = hlo_enter(g, types, count, true, &place);
  g->options.max_elems = 16;
  int64_t dims[HLO_RANK];
  char attrs[80] = "";
  for (uint32_t d = 0; d < shape.rank; d++) {
    dims[d] = d;
  }
  static const sk_opkind kinds[] = {SK_OP_ADD,     SK_OP_MULTIPLY, SK_OP_SUBTRACT, SK_OP_MAXIMUM,
                                    SK_OP_NEGATE,  SK_OP_COMPARE,  SK_OP_SELECT,   SK_OP_CONVERT,
                                    SK_OP_MINIMUM, SK_OP_ABS,      SK_OP_AND};
  for (int64_t i = hlo_between(g, 0, 5); i > 0; i--) {
    sk_opkind inner = kinds[hlo_below(g, SK_COUNT(kinds))];
    switch ((int)inner) {
      case SK_OP_COMPARE: (void)hlo_make_compare(g, inner); break;
      case SK_OP_SELECT: (void)hlo_make_select(g, inner); break;
      case SK_OP_CONVERT: (void)hlo_make_convert(g, inner); break;
      case SK_OP_NEGATE:
      case SK_OP_ABS: (void)hlo_make_unary(g, inner); break;
      default: (void)hlo_make_binary(g, inner); break;
    }
  }
  sk_value result = hlo_any(g, 31, 0, 0);
  hlo_leave(g, &place, SK_OP_RETURN, &result, 1);
  return hlo_emit_regions(g, kind, operands, count,
                          hlo_list(attrs, sizeof attrs, "dimensions", dims, shape.rank), NULL, 0,
                          &body, 1)
             .id != 0;
}

// ---- quantized: quantize, a few operations, dequantize

static sk_type quantized_type(hlo_gen *g, const hlo_shape *shape, bool per_tensor) {
  static const struct {
    sk_elem elem;
    int64_t low, high;
  } storages[] = {{SK_S8, -128, 127},
                  {SK_U8, 0, 255},
                  {SK_S4, -8, 7},
                  {SK_S16, -32768, 32767},
                  {SK_S8, -127, 127}};
  size_t at = (size_t)hlo_below(g, SK_COUNT(storages));
  double scales[64];
  int64_t zeros[64];
  int64_t channels = shape->rank > 0 ? shape->dims[shape->rank - 1] : 0;
  bool axis = !per_tensor && channels > 0 && channels <= 64 && hlo_chance(g, 1, 3);
  uint32_t count = axis ? (uint32_t)channels : 1;
  for (uint32_t i = 0; i < count; i++) {
    scales[i] = (double)hlo_between(g, 1, 9) / 16;
    zeros[i] = hlo_chance(g, 1, 2) || axis
                   ? 0
                   : hlo_between(g, SK_MAX(storages[at].low, -20), SK_MIN(storages[at].high, 20));
  }
  sk_quant quant = {.storage = storages[at].elem,
                    .expressed = SK_F32,
                    .axis = axis ? (int32_t)shape->rank - 1 : -1,
                    .count = count,
                    .storage_min = storages[at].low,
                    .storage_max = storages[at].high,
                    .scales = scales,
                    .zero_points = zeros};
  return sk_type_intern(g->m, &(sk_type_rec){.kind = SK_TYPE_TENSOR,
                                             .elem = SK_QUANT,
                                             .rank = (uint16_t)shape->rank,
                                             .dims = shape->dims,
                                             .quant = &quant});
}

// An operation on quantized values of one type.
static sk_value quantized_step(hlo_gen *g, sk_value x, sk_value y, sk_type type) {
  static const sk_opkind kinds[] = {SK_OP_ADD,     SK_OP_SUBTRACT, SK_OP_MULTIPLY, SK_OP_MAXIMUM,
                                    SK_OP_MINIMUM, SK_OP_NEGATE,   SK_OP_ABS,      SK_OP_FLOOR,
                                    SK_OP_CEIL,    SK_OP_RESHAPE};
  sk_opkind kind = kinds[hlo_below(g, SK_COUNT(kinds))];
  uint32_t operands = sk_opkind_info(kind)->operands_min;
  return hlo_emit(g, kind, (sk_value[]){x, y}, operands, NULL, type);
}

bool hlo_make_quantized(hlo_gen *g, sk_opkind kind) {
  hlo_shape shape = hlo_any_shape(g);
  (void)kind;
  bool computes = hlo_chance(g, 2, 3);
  sk_type type = quantized_type(g, &shape, computes);
  sk_value x = hlo_value(g, SK_F32, &shape), y = hlo_value(g, SK_F32, &shape);
  sk_value q = hlo_emit(g, SK_OP_UNIFORM_QUANTIZE, &x, 1, NULL, type);
  sk_value p = computes ? hlo_emit(g, SK_OP_UNIFORM_QUANTIZE, &y, 1, NULL, type) : q;
  for (int64_t i = computes ? hlo_between(g, 1, 3) : 0; i > 0 && q.id != 0 && p.id != 0; i--) {
    q = quantized_step(g, q, p, type);
  }
  return q.id != 0 &&
         hlo_put(g, SK_OP_UNIFORM_DEQUANTIZE, &q, 1, NULL, hlo_tensor(g, SK_F32, &shape));
}
