// SPDX-License-Identifier: Apache-2.0
// Bodies over scalars (reductions, comparators, combiners): prepared once per op, run per element.
//
//   plain    element-wise ops, constants and values from outside become steps over numbered slots
//   others   (loops, calls, wider tensors inside) are run as regions on 0-D tensors
//
// Floats keep double precision from step to step, so that a sum is rounded once, when it is stored,
// unless `rounds` is set; a conversion or a quantized step rounds where it stands. Integers wrap at
// every step.
#include "base/mem.h"
#include "interp/interp_int.h"

// ---- preparing

// Slots by value while a body is prepared: arguments first, then what steps need and make.
typedef struct preparing {
  sk_body *body;
  uint32_t *values;  // owned; value id of each slot
  uint32_t count;
} preparing;

static bool is_scalar(const sk_type_rec *type) {
  return type->kind == SK_TYPE_TENSOR && type->rank == 0;
}

static bool is_bitcast(const sk_module *m, sk_op op) {
  const sk_type_rec *from = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  const sk_type_rec *to = sk_value_type_rec(m, sk_op_result(m, op, 0));
  return sk_op_kind(m, op) == SK_OP_BITCAST_CONVERT && !from->quant && !to->quant &&
         sk_elem_bits((sk_elem)from->elem) == sk_elem_bits((sk_elem)to->elem);
}

static bool is_plain_op(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  sk_opkind kind = sk_op_kind(m, op);
  if (rec->result_count != 1 || rec->operand_count > 3 ||
      !is_scalar(sk_value_type_rec(m, sk_op_result(m, op, 0)))) {
    return false;
  }
  for (uint32_t i = 0; i < rec->operand_count; i++) {
    if (!is_scalar(sk_value_type_rec(m, sk_op_operand(m, op, i)))) {
      return false;
    }
  }
  return sk_opkind_info(kind)->op_class == SK_OPCLASS_ELEMENTWISE || kind == SK_OP_CONSTANT ||
         kind == SK_OP_RESHAPE || kind == SK_OP_BROADCAST_IN_DIM || is_bitcast(m, op);
}

static bool is_plain(const sk_module *m, sk_region region) {
  const sk_region_rec *rec = sk_region_get(m, region);
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    if (!is_scalar(sk_value_type_rec(m, sk_region_arg(m, region, i)))) {
      return false;
    }
  }
  for (sk_op op = rec->first; op.id != rec->last.id; op = sk_op_next(m, op)) {
    if (!is_plain_op(m, op)) {
      return false;
    }
  }
  return true;
}

// The slot of a value; one from outside gets a slot with its number.
static sk_status find_slot(preparing *p, sk_op op, sk_value v, uint32_t *out) {
  for (uint32_t i = p->count; i-- > 0;) {
    if (p->values[i] == v.id) {
      *out = i;
      return NULL;
    }
  }
  const sk_tensor *outer = p->body->s->env[v.id];
  if (!outer || outer->count != 1) {
    return sk_op_error(p->body->s->m, op, SK_INTERNAL, "operand of a body has no value");
  }
  *out = p->count;
  p->body->slots[p->count] = sk_tensor_get(outer, 0);
  p->values[p->count++] = v.id;
  return NULL;
}

static sk_status prepare_step(preparing *p, sk_op op) {
  sk_body *body = p->body;
  const sk_module *m = body->s->m;
  sk_opkind kind = sk_op_kind(m, op);
  sk_value result = sk_op_result(m, op, 0);
  const sk_type_rec *to = sk_value_type_rec(m, result);
  sk_elem stored = to->quant ? to->quant->storage : (sk_elem)to->elem;
  if (kind == SK_OP_CONSTANT) {
    const sk_attr_rec *value = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_value));
    body->slots[p->count] = sk_number_read(stored, value->u.dense.data);
    p->values[p->count++] = result.id;
    return NULL;
  }
  const sk_type_rec *from = sk_value_type_rec(m, sk_op_operand(m, op, 0));
  sk_body_step *step = &body->steps[body->step_count++];
  *step = (sk_body_step){
      .op = op,
      .from = (uint8_t)(from->quant ? from->quant->expressed : (sk_elem)from->elem),
      .to = (uint8_t)(to->quant ? to->quant->expressed : (sk_elem)to->elem),
      .forwards = kind == SK_OP_RESHAPE || kind == SK_OP_BROADCAST_IN_DIM,
      .bitcasts = kind == SK_OP_BITCAST_CONVERT,
      .rounds = kind == SK_OP_CONVERT || kind == SK_OP_REDUCE_PRECISION,
      .operand_count = (uint8_t)sk_interp_operand_count(body->s, op),
      .quant_out = to->quant,
  };
  for (uint32_t i = 0; i < step->operand_count; i++) {
    sk_value v = sk_op_operand(m, op, i);
    step->quant_in[i] = sk_value_type_rec(m, v)->quant;
    SK_TRY(find_slot(p, op, v, &step->in[i]));
  }
  step->out = p->count;
  p->values[p->count++] = result.id;
  return NULL;
}

static sk_status prepare_plain(sk_body *body, preparing *p) {
  const sk_module *m = body->s->m;
  const sk_region_rec *rec = sk_region_get(m, body->region);
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    p->values[p->count++] = rec->args + i;
  }
  for (sk_op op = rec->first; op.id != rec->last.id; op = sk_op_next(m, op)) {
    SK_TRY(prepare_step(p, op));
  }
  for (uint32_t i = 0; i < body->result_count; i++) {
    SK_TRY(find_slot(p, rec->last, sk_op_operand(m, rec->last, i), &body->results[i]));
  }
  return NULL;
}

// Most slots that a region can need: arguments, operands, results.
static void count_parts(const sk_module *m, sk_region region, uint32_t *out_ops,
                        uint32_t *out_slots) {
  *out_ops = 0;
  *out_slots = sk_region_get(m, region)->arg_count;
  SK_FOR_EACH_OP(m, region, op) {
    *out_ops += 1;
    *out_slots += sk_op_get(m, op)->operand_count + 1;
  }
}

sk_status sk_body_init(sk_body *body, sk_interp *s, sk_region region) {
  const sk_region_rec *rec = sk_region_get(s->m, region);
  uint32_t ops, slots;
  *body = (sk_body){.s = s,
                    .region = region,
                    .arg_count = rec->arg_count,
                    .result_count = sk_op_get(s->m, rec->last)->operand_count,
                    .plain = is_plain(s->m, region)};
  count_parts(s->m, region, &ops, &slots);
  body->steps = sk_mem_alloc(sizeof *body->steps * (ops + 1));
  body->slots = sk_mem_alloc(sizeof *body->slots * (slots + 1));
  body->results = sk_mem_alloc(sizeof *body->results * (body->result_count + 1));
  body->args = sk_mem_zalloc(sizeof *body->args * (body->arg_count + 1));
  body->out = sk_mem_zalloc(sizeof *body->out * (body->result_count + 1));
  preparing p = {body, sk_mem_alloc(sizeof(uint32_t) * (slots + 1)), 0};
  bool made = body->steps && body->slots && body->results && body->args && body->out && p.values;
  sk_status status = !made ? sk_status_no_memory() : body->plain ? prepare_plain(body, &p) : NULL;
  sk_mem_free(p.values);
  return status;
}

void sk_body_fini(sk_body *body) {
  sk_mem_free(body->steps);
  sk_mem_free(body->slots);
  sk_mem_free(body->results);
  sk_tensors_release(body->args, body->arg_count);
  sk_tensors_release(body->out, body->result_count);
  *body = (sk_body){0};
}

// ---- running

static sk_number settled(sk_elem elem, sk_number n, bool rounds) {
  bool keeps = (sk_elem_is_float(elem) || sk_elem_is_complex(elem)) && !rounds;
  return keeps ? n : sk_number_rounded(elem, n);
}

// ---- where the operation that has the body is run again with changes

static bool is_changed(const sk_body *body, const sk_body_step *step) {
  bool quantized = step->quant_out != NULL;
  for (uint32_t i = 0; i < step->operand_count; i++) {
    quantized = quantized || step->quant_in[i];
  }
  return body->s->changes && !quantized;
}

static void change_numbers(const sk_body *body, const sk_body_step *step, sk_number *in) {
  const sk_interp_changes *changes = body->s->changes;
  char data[16];
  for (uint32_t i = 0; i < step->operand_count && changes->operand; i++) {
    sk_value v = sk_op_operand(body->s->m, step->op, i);
    sk_elem elem = (sk_elem)sk_value_type_rec(body->s->m, v)->elem;
    sk_number_write(elem, data, in[i]);
    changes->operand(changes->user, step->op, i, data, 1);
    in[i] = sk_number_read(elem, data);
  }
}

static void change_number(const sk_body *body, const sk_body_step *step, const sk_number *in,
                          sk_number *out) {
  const sk_module *m = body->s->m;
  const sk_interp_changes *changes = body->s->changes;
  char operands[3][16], data[16];
  const void *list[3];
  if (!changes->inner) {
    return;
  }
  for (uint32_t i = 0; i < step->operand_count; i++) {
    sk_value v = sk_op_operand(m, step->op, i);
    sk_number_write((sk_elem)sk_value_type_rec(m, v)->elem, operands[i], in[i]);
    list[i] = operands[i];
  }
  sk_number_write((sk_elem)step->to, data, *out);
  changes->inner(changes->user, step->op, 0, list, data, 1);
  *out = sk_number_read((sk_elem)step->to, data);
}

static sk_status run_step(sk_body *body, const sk_body_step *step) {
  sk_number in[3] = {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}, out;
  for (uint32_t i = 0; i < step->operand_count; i++) {
    in[i] = body->slots[step->in[i]];
    if (step->quant_in[i] && !step->forwards) {
      in[i].re = sk_dequantize(step->quant_in[i], 0, in[i].i);
    }
  }
  if (step->forwards) {
    body->slots[step->out] = in[0];
    return NULL;
  }
  sk_elem from = (sk_elem)step->from, to = (sk_elem)step->to;
  if (step->bitcasts) {
    char bytes[16];
    sk_number_write(from, bytes, in[0]);
    body->slots[step->out] = sk_number_read(to, bytes);
    return NULL;
  }
  sk_opkind kind = sk_op_kind(body->s->m, step->op);
  bool is_again = is_changed(body, step);
  if (is_again) {
    change_numbers(body, step, in);
  }
  if (!sk_interp_scalar_op(body->s, step->op, kind, from, to, in, &out)) {
    return sk_op_error(body->s->m, step->op, SK_UNIMPLEMENTED,
                       "the reference interpreter does not have this operation in a body yet");
  }
  out = settled(to, out, body->rounds || step->rounds || step->quant_out);
  if (step->quant_out) {
    out.i = sk_quantize(step->quant_out, 0, out.re);
  }
  if (is_again) {
    change_number(body, step, in, &out);
  }
  body->slots[step->out] = out;
  return NULL;
}

static sk_status run_region(sk_body *body, const sk_number *args, sk_number *out) {
  const sk_module *m = body->s->m;
  for (uint32_t i = 0; i < body->arg_count; i++) {
    sk_tensor_release(body->args[i]);
    const sk_type_rec *type = sk_value_type_rec(m, sk_region_arg(m, body->region, i));
    body->args[i] = sk_tensor_new(type, 0, NULL);
    if (!body->args[i]) {
      return sk_status_no_memory();
    }
    sk_tensor_set(body->args[i], 0, args[i]);
  }
  SK_TRY(sk_interp_region(body->s, body->region, body->args, body->out));
  for (uint32_t i = 0; i < body->result_count; i++) {
    out[i] = sk_tensor_get(body->out[i], 0);
    sk_tensor_release(body->out[i]);
    body->out[i] = NULL;
  }
  return NULL;
}

sk_status sk_body_run(sk_body *body, const sk_number *args, sk_number *out) {
  if (!body->plain) {
    return run_region(body, args, out);
  }
  memcpy(body->slots, args, sizeof *args * body->arg_count);
  for (uint32_t i = 0; i < body->step_count; i++) {
    SK_TRY(run_step(body, &body->steps[i]));
  }
  for (uint32_t i = 0; i < body->result_count; i++) {
    out[i] = body->slots[body->results[i]];
  }
  return NULL;
}
