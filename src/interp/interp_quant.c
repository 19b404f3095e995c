// SPDX-License-Identifier: Apache-2.0
// Quantized tensors: integers to the floats they stand for and back, and ops that compute on those
// floats (dequantize_op_quantize of the specification, also for hybrid operands).
//
//   float = (integer - zero point) * scale      integer = round(clamp(float / scale + zero point))
//
// Every step is rounded to the expressed type, as the specification writes it. What only moves
// elements works on the integers, and so do bodies, whose steps quantize by themselves.
#include <math.h>

#include "base/mem.h"
#include "interp/interp_int.h"

double sk_dequantize(const sk_quant *q, uint32_t channel, int64_t stored) {
  uint64_t difference = (uint64_t)stored - (uint64_t)q->zero_points[channel];
  double shifted = sk_round_to(q->expressed, (double)(int64_t)difference);
  return sk_round_to(q->expressed, shifted * sk_round_to(q->expressed, q->scales[channel]));
}

int64_t sk_quantize(const sk_quant *q, uint32_t channel, double value) {
  sk_elem elem = q->expressed;
  double scaled = sk_round_to(elem, value / sk_round_to(elem, q->scales[channel]));
  double zero_point = sk_round_to(elem, (double)q->zero_points[channel]);
  double shifted = sk_round_to(elem, scaled + zero_point);
  double low = sk_round_to(elem, (double)q->storage_min);
  double high = sk_round_to(elem, (double)q->storage_max);
  double rounded = rint(shifted < low ? low : shifted > high ? high : shifted);
  rounded = isnan(rounded) ? 0 : rounded;  // as conversions to integers have it
  return rounded >= (double)q->storage_max   ? q->storage_max
         : rounded <= (double)q->storage_min ? q->storage_min
                                             : (int64_t)rounded;
}

// Which scale element i has.
static uint32_t channel_of(const sk_type_rec *type, const sk_quant *q, int64_t i) {
  int64_t at[SK_MAX_RANK];
  if (q->axis < 0 || q->axis >= (int32_t)type->rank) {
    return 0;
  }
  sk_unravel(type, i, at);
  return at[q->axis] < (int64_t)q->count ? (uint32_t)at[q->axis] : 0;
}

sk_tensor *sk_tensor_dequantized(const sk_tensor *t) {
  const sk_quant *q = t->type->quant;
  sk_type_rec like = {.kind = SK_TYPE_TENSOR, .elem = (uint8_t)q->expressed};
  sk_tensor *out = sk_tensor_new(&like, t->type->rank, t->type->dims);
  for (int64_t i = 0; out && i < t->count; i++) {
    double value = sk_dequantize(q, channel_of(t->type, q, i), sk_tensor_get(t, i).i);
    sk_tensor_set(out, i, (sk_number){.re = value});
  }
  return out;
}

sk_tensor *sk_tensor_quantized(const sk_tensor *t, const sk_quant *quant) {
  sk_type_rec like = {.kind = SK_TYPE_TENSOR, .elem = SK_QUANT, .quant = quant};
  sk_tensor *out = sk_tensor_new(&like, t->type->rank, t->type->dims);
  for (int64_t i = 0; out && i < t->count; i++) {
    int64_t stored = sk_quantize(quant, channel_of(t->type, quant, i), sk_tensor_get(t, i).re);
    sk_tensor_set(out, i, (sk_number){.i = stored});
  }
  return out;
}

// ---- conversions

static sk_status finish(sk_interp *s, sk_op op, sk_tensor *t) {
  sk_interp_set(s, sk_op_result(s->m, op, 0), t);
  return t ? NULL : sk_status_no_memory();
}

sk_status sk_interp_UNIFORM_DEQUANTIZE(sk_interp *s, sk_op op) {
  const sk_tensor *from = sk_interp_operand(s, op, 0);
  SK_TRY(sk_interp_require(s, op, from->type->quant != NULL, "the operand is not quantized"));
  return finish(s, op, sk_tensor_dequantized(from));
}

sk_status sk_interp_UNIFORM_QUANTIZE(sk_interp *s, sk_op op) {
  sk_tensor *from = sk_interp_operand(s, op, 0);
  const sk_type_rec *type = sk_value_type_rec(s->m, sk_op_result(s->m, op, 0));
  SK_TRY(sk_interp_require(s, op, type->quant != NULL, "the result is not quantized"));
  sk_tensor *floats = from->type->quant ? sk_tensor_dequantized(from) : sk_tensor_retain(from);
  sk_tensor *t = floats ? sk_tensor_quantized(floats, type->quant) : NULL;
  sk_tensor_release(floats);
  return finish(s, op, t);
}

// ---- ops on the floats

bool sk_interp_is_quantized(const sk_interp *s, sk_op op) {
  switch ((int)sk_opkind_info(sk_op_kind(s->m, op))->op_class) {
    case SK_OPCLASS_ELEMENTWISE:
    case SK_OPCLASS_DOT:
    case SK_OPCLASS_CONV:
    case SK_OPCLASS_LINALG:
    case SK_OPCLASS_FFT:
    case SK_OPCLASS_NORM: break;
    default:
      if (sk_op_kind(s->m, op) != SK_OP_DYNAMIC_CONV) {
        return false;
      }
  }
  for (uint32_t i = 0; i < sk_interp_operand_count(s, op); i++) {
    if (sk_interp_operand(s, op, i)->type->quant) {
      return true;
    }
  }
  return false;
}

// Puts the floats in place of quantized operands; *out_saved[i] is what stood there, or NULL.
static sk_status express_operands(sk_interp *s, sk_op op, sk_tensor **saved) {
  for (uint32_t i = 0; i < sk_interp_operand_count(s, op); i++) {
    uint32_t id = sk_op_operand(s->m, op, i).id;
    if (s->env[id]->type->quant) {
      sk_tensor *floats = sk_tensor_dequantized(s->env[id]);
      if (!floats) {
        return sk_status_no_memory();
      }
      saved[i] = s->env[id];
      s->env[id] = floats;
    }
  }
  return NULL;
}

static sk_status quantize_results(sk_interp *s, sk_op op) {
  for (uint32_t i = 0; i < sk_op_get(s->m, op)->result_count; i++) {
    sk_value v = sk_op_result(s->m, op, i);
    const sk_quant *quant = sk_value_type_rec(s->m, v)->quant;
    if (quant) {
      sk_tensor *t = sk_tensor_quantized(s->env[v.id], quant);
      if (!t) {
        return sk_status_no_memory();
      }
      sk_interp_set(s, v, t);
    }
  }
  return NULL;
}

sk_status sk_interp_run_quantized(sk_interp *s, sk_op op, sk_interp_fn fn) {
  uint32_t count = sk_interp_operand_count(s, op);
  sk_tensor **saved = sk_mem_zalloc(sizeof *saved * ((size_t)count + 1));
  if (!saved) {
    return sk_status_no_memory();
  }
  sk_status status = express_operands(s, op, saved);
  if (!status) {
    s->expressed = true;
    status = fn(s, op);
    s->expressed = false;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (saved[i]) {
      sk_interp_set(s, sk_op_operand(s->m, op, i), saved[i]);
    }
  }
  sk_mem_free(saved);
  return status ? status : quantize_results(s, op);
}
