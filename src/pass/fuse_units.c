// SPDX-License-Identifier: Apache-2.0
// Fusion: what ops are to it, and units.
//
// Classes: views and constants (inlined, never a kernel of their own), element-wise ops, reductions, and the rest, which are statements.
// Units are joined by union-find; a merged unit keeps the translation of its dimension ids to its parent's, so that uses recorded
// earlier are brought up to date when they are looked at.
#include "pass/fuse_int.h"

fuse_shape sk_fuse_squeeze(const sk_type_rec *t) {
  fuse_shape s = {.fits = t->kind == SK_TYPE_TENSOR};
  for (uint32_t d = 0; d < t->rank && s.fits; d++) {
    if (t->dims[d] == 1) {
      continue;
    }
    if (s.rank == SK_GROUP_MAX_RANK) {
      s.fits = false;
      break;
    }
    s.from[s.rank] = (uint8_t)d;
    s.dims[s.rank++] = t->dims[d];
  }
  return s;
}

fuse_shape sk_fuse_squeeze_value(const fuser *f, sk_value v) {
  return sk_fuse_squeeze(sk_value_type_rec(f->m, v));
}

bool sk_fuse_same_dims(const int64_t *a, uint32_t a_rank, const int64_t *b, uint32_t b_rank) {
  return a_rank == b_rank && (a_rank == 0 || memcmp(a, b, sizeof(int64_t) * a_rank) == 0);
}

uint8_t sk_fuse_classify(const fuser *f, sk_op op) {
  const sk_op_rec *rec = sk_op_get(f->m, op);
  for (uint32_t i = 0; i < rec->result_count; i++) {
    if (!sk_fuse_squeeze_value(f, sk_op_result(f->m, op, i)).fits) {
      return FUSE_ROOT;
    }
  }
  switch ((sk_op_class)sk_opkind_info((sk_opkind)rec->kind)->op_class) {
    case SK_OPCLASS_ELEMENTWISE: return FUSE_ELEM;
    case SK_OPCLASS_CONSTANT: return FUSE_VIEW;
    case SK_OPCLASS_VIEW: {
      if (rec->kind == SK_OP_CONCATENATE && sk_concatenate_is_statement(f->m, op)) {
        return FUSE_ROOT;
      }
      if (rec->kind != SK_OP_BITCAST_CONVERT) {
        return FUSE_VIEW;
      }
      const sk_type_rec *from = sk_value_type_rec(f->m, sk_op_operand(f->m, op, 0));
      const sk_type_rec *to = sk_value_type_rec(f->m, sk_op_result(f->m, op, 0));
      return from->rank == to->rank ? FUSE_ELEM : FUSE_ROOT;
    }
    case SK_OPCLASS_REDUCE:
      return sk_fuse_squeeze_value(f, sk_op_operand(f->m, op, 0)).fits ? FUSE_REDUCE : FUSE_ROOT;
    case SK_OPCLASS_INDEXING:
      return rec->kind == SK_OP_DYNAMIC_SLICE ? FUSE_VIEW
             : rec->kind == SK_OP_GATHER      ? FUSE_ELEM
                                              : FUSE_ROOT;
    default: return FUSE_ROOT;
  }
}

uint32_t sk_fuse_cost(sk_opkind kind) {
  switch ((int)kind) {
    case SK_OP_DIVIDE:
    case SK_OP_SQRT: return 5;
    case SK_OP_GATHER: return 6;
    case SK_OP_RSQRT:
    case SK_OP_REDUCE_PRECISION:
    case SK_OP_CHLO_NEXT_AFTER: return 10;
    case SK_OP_EXPONENTIAL:
    case SK_OP_LOG:
    case SK_OP_LOGISTIC: return 18;
    case SK_OP_REMAINDER:
    case SK_OP_TANH:
    case SK_OP_EXPONENTIAL_MINUS_ONE:
    case SK_OP_LOG_PLUS_ONE:
    case SK_OP_CBRT: return 24;
    case SK_OP_SINE:
    case SK_OP_COSINE:
    case SK_OP_TAN:
    case SK_OP_ATAN2:
    case SK_OP_CHLO_ERF:
    case SK_OP_CHLO_ERFC:
    case SK_OP_CHLO_ERF_INV:
    case SK_OP_CHLO_ACOS:
    case SK_OP_CHLO_ASIN:
    case SK_OP_CHLO_ATAN:
    case SK_OP_CHLO_TAN: return 32;
    case SK_OP_POWER:
    case SK_OP_CHLO_COSH:
    case SK_OP_CHLO_SINH:
    case SK_OP_CHLO_ACOSH:
    case SK_OP_CHLO_ASINH:
    case SK_OP_CHLO_ATANH:
    case SK_OP_CHLO_BESSEL_I1E:
    case SK_OP_CHLO_DIGAMMA:
    case SK_OP_CHLO_LGAMMA: return 60;
    case SK_OP_CONVERT:
    case SK_OP_NEGATE:
    case SK_OP_COMPARE: return 1;
    default: return 2;
  }
}

uint32_t sk_fuse_find(const fuser *f, uint32_t u) {
  while (f->units.data[u].parent != u) {
    u = f->units.data[u].parent;
  }
  return u;
}

uint32_t sk_fuse_new_unit(fuser *f, sk_op op) {
  uint32_t u = f->units.count;
  sk_vec_push(f->arena, &f->units, (fuse_unit){.parent = u, .op = op});
  return u;
}

bool sk_fuse_is_group(const fuser *f, uint32_t u) { return f->units.data[u].op.id == 0; }

uint32_t sk_fuse_position_of_id(const fuse_unit *g, uint8_t id) {
  for (uint32_t i = 0; i < g->rank; i++) {
    if (g->id[i] == id) {
      return i;
    }
  }
  return UINT32_MAX;
}

void sk_fuse_refresh(const fuser *f, fuse_use *u) {
  while (f->units.data[u->unit].parent != u->unit) {
    const fuse_unit *old = &f->units.data[u->unit];
    for (uint32_t i = 0; u->aligned && i < u->rank; i++) {
      u->map[i] = old->to_id[sk_fuse_position_of_id(old, u->map[i])];
    }
    u->unit = old->parent;
  }
}

bool sk_fuse_use_mask(fuser *f, fuse_use *u, uint32_t *out_mask) {
  sk_fuse_refresh(f, u);
  const fuse_unit *g = &f->units.data[u->unit];
  uint32_t mask = 0, next = 0;
  if (!u->aligned || g->op.id != 0) {
    return false;
  }
  for (uint32_t i = 0; i < u->rank; i++) {
    uint32_t at = sk_fuse_position_of_id(g, u->map[i]);
    if (at == UINT32_MAX || at < next) {
      return false;
    }
    next = at + 1;
    mask |= 1u << at;
  }
  *out_mask = mask;
  return true;
}
