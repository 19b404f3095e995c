// SPDX-License-Identifier: Apache-2.0
// How wide the lanes of a vector loop are: the narrowest width in which all its values can be held.
//
//   8 bytes   some value is of 64 bits (I32, F32 and PRED then stay in lanes of 4)
//   4         some value is an F32 or an I32 that needs its bits
//   2, 1      every value is a PRED or an I32 of which the low 16 or 8 bits say all
//
// In narrow lanes an I32 is its low bits. Sums, products and bit operations need no more of their
// operands than that; what looks at a whole number (comparisons, extremes, right shifts) needs
// operands that are their low bits extended, all with sign or all with zeros. That is known from
// ranges, which one forward sweep finds: what is loaded is as wide as its memory, what is wrapped
// is as wide as its wrap.
//
//   %4 load u8 [0, 255]   %6 add %4 %5 [0, 510]   %7 and %6 255 [0, 255]   ult %7 %4
//                         low bits are enough     does nothing             both zero-extended
//
// Memory is as wide as the lanes, or narrower (widened by loads, packed by stores), and is passed
// through one element after the other. Nothing is masked but the tail of the loop, whose length is
// known.
#include "gen/gen_int.h"

static const sk_range all_i32 = {INT32_MIN, INT32_MAX};

// ---- ranges

static sk_range range_of(const sk_gen *g, sk_val v) { return g->range[v.id]; }

static sk_range range_union(sk_range x, sk_range y) {
  return (sk_range){SK_MIN(x.lo, y.lo), SK_MAX(x.hi, y.hi)};
}

static sk_range range_if_i32(int64_t lo, int64_t hi) {
  return lo < INT32_MIN || hi > INT32_MAX ? all_i32 : (sk_range){lo, hi};
}

// Of a type of so many bits that holds both, and with it their bits combined in any way.
static sk_range range_of_bits(sk_range x, sk_range y) {
  sk_range both = range_union(x, y);
  int64_t limit = 1;
  while (limit <= both.hi || -limit > both.lo) {
    limit *= 2;
  }
  return (sk_range){both.lo < 0 ? -limit : 0, limit - 1};
}

static sk_range range_of_product(sk_range x, sk_range y) {
  const int64_t p[4] = {x.lo * y.lo, x.lo * y.hi, x.hi * y.lo, x.hi * y.hi};
  int64_t lo = p[0], hi = p[0];
  for (uint32_t i = 1; i < 4; i++) {
    lo = SK_MIN(lo, p[i]);
    hi = SK_MAX(hi, p[i]);
  }
  return range_if_i32(lo, hi);
}

static sk_range range_of_and(sk_range x, sk_range y) {
  if (x.lo >= 0 || y.lo >= 0) {
    return (sk_range){0, x.lo < 0 ? y.hi : y.lo < 0 ? x.hi : SK_MIN(x.hi, y.hi)};
  }
  return range_of_bits(x, y);
}

static sk_range range_of_shift(const sk_gen *g, const sk_inst *inst, sk_range x) {
  uint64_t amount;
  if (!sk_gen_get_const(g, inst->b, &amount) || (uint32_t)amount > 31) {
    return all_i32;
  }
  switch ((int)inst->op) {
    case SK_L_SHL:
      return range_of_product(x, (sk_range){INT64_C(1) << amount, INT64_C(1) << amount});
    case SK_L_SAR: return (sk_range){x.lo >> amount, x.hi >> amount};
    default:
      return x.lo >= 0     ? (sk_range){x.lo >> amount, x.hi >> amount}
             : amount == 0 ? x
                           : (sk_range){0, UINT32_MAX >> amount};
  }
}

// Extremes of unsigned numbers: negative ones are the largest.
static sk_range range_of_unsigned_extreme(bool is_max, sk_range x, sk_range y) {
  if (x.lo < 0 || y.lo < 0) {
    return range_union(x, y);
  }
  return is_max ? (sk_range){SK_MAX(x.lo, y.lo), SK_MAX(x.hi, y.hi)}
                : (sk_range){SK_MIN(x.lo, y.lo), SK_MIN(x.hi, y.hi)};
}

static sk_range range_of_memory(sk_mem mem) {
  switch (mem) {
    case SK_MEM_S8: return (sk_range){INT8_MIN, INT8_MAX};
    case SK_MEM_U8: return (sk_range){0, UINT8_MAX};
    case SK_MEM_S16: return (sk_range){INT16_MIN, INT16_MAX};
    case SK_MEM_U16: return (sk_range){0, UINT16_MAX};
    case SK_MEM_NONE:
    case SK_MEM_PRED:
    case SK_MEM_I32:
    case SK_MEM_I64:
    case SK_MEM_F32:
    case SK_MEM_F64:
    case SK_MEM_COUNT: break;
  }
  return all_i32;
}

bool sk_gen_starts_empty(const sk_gen *g, const sk_inst *carry) {
  uint64_t bits;
  return carry->imm != SK_L_NONE && sk_gen_get_const(g, carry->a, &bits) &&
         bits == sk_combiner_identity((sk_lop)carry->imm, (sk_lt)carry->type);
}

// What a carry is after its loop. Within it a reduction's has no value, and a sequence's any.
static sk_range range_of_carry(const sk_gen *g, uint32_t i) {
  const sk_inst *carry = sk_gen_inst(g, i);
  const sk_loop *l = &g->kernel->loops.data[g->in_loop[i]];
  if (l->kind != SK_LOOP_RED) {
    return all_i32;
  }
  const sk_inst *yield =
      sk_gen_inst(g, l->end - sk_gen_carries(g, g->in_loop[i]) + i - l->begin - 1);
  sk_range y = range_of(g, yield->b), x = sk_gen_starts_empty(g, carry) ? y : range_of(g, carry->a);
  switch ((int)carry->imm) {
    case SK_L_SMIN:
    case SK_L_SMAX:
    case SK_L_UMIN:
    case SK_L_UMAX: return range_union(x, y);
    case SK_L_AND:
    case SK_L_OR:
    case SK_L_XOR: return range_of_bits(x, y);
    default: return all_i32;
  }
}

static sk_range find_range(const sk_gen *g, uint32_t i) {
  const sk_inst *inst = sk_gen_inst(g, i);
  sk_range x = range_of(g, inst->a), y = range_of(g, inst->b), z = range_of(g, inst->c);
  switch ((int)inst->op) {
    case SK_L_CONST: return (sk_range){(int32_t)(uint32_t)inst->imm, (int32_t)(uint32_t)inst->imm};
    case SK_L_INDEX: return range_if_i32(0, g->kernel->loops.data[inst->imm].extent - 1);
    case SK_L_LOAD: return range_of_memory((sk_mem)g->kernel->accesses.data[inst->imm].mem);
    case SK_L_ZEXT: return (sk_range){0, 1};  // of a PRED
    case SK_L_SEXT8: return x.lo >= INT8_MIN && x.hi <= INT8_MAX ? x : range_of_memory(SK_MEM_S8);
    case SK_L_SEXT16:
      return x.lo >= INT16_MIN && x.hi <= INT16_MAX ? x : range_of_memory(SK_MEM_S16);
    case SK_L_ADD: return range_if_i32(x.lo + y.lo, x.hi + y.hi);
    case SK_L_SUB: return range_if_i32(x.lo - y.hi, x.hi - y.lo);
    case SK_L_MUL: return range_of_product(x, y);
    case SK_L_AND: return range_of_and(x, y);
    case SK_L_OR:
    case SK_L_XOR: return range_of_bits(x, y);
    case SK_L_ANDN: return y.lo >= 0 ? (sk_range){0, y.hi} : range_of_bits(x, y);
    case SK_L_NOT: return (sk_range){~x.hi, ~x.lo};
    case SK_L_SMIN: return (sk_range){SK_MIN(x.lo, y.lo), SK_MIN(x.hi, y.hi)};
    case SK_L_SMAX: return (sk_range){SK_MAX(x.lo, y.lo), SK_MAX(x.hi, y.hi)};
    case SK_L_UMIN:
    case SK_L_UMAX: return range_of_unsigned_extreme(inst->op == SK_L_UMAX, x, y);
    case SK_L_SHL:
    case SK_L_SHR:
    case SK_L_SAR: return range_of_shift(g, inst, x);
    case SK_L_SELECT:
    case SK_L_MERGE: return range_union(y, z);
    case SK_L_CARRY: return range_of_carry(g, i);
    default: return all_i32;
  }
}

static void find_ranges(sk_gen *g) {
  uint32_t n = g->kernel->insts.count;
  g->range = SK_NEW_ARRAY(&g->scratch, sk_range, n);
  g->range[0] = all_i32;
  for (uint32_t i = 1; i < n; i++) {
    const sk_inst *inst = sk_gen_inst(g, i);
    g->range[i] = inst->type == SK_LT_I32 && inst->op != SK_L_CARRY ? find_range(g, i) : all_i32;
    if (inst->op == SK_L_YIELD) {  // its carry is known from here on
      g->range[inst->a.id] = find_range(g, inst->a.id);
    }
  }
}

// ---- what a value is in lanes of `bytes`

enum { BY_SIGN = 1, BY_ZEROS = 2 };

// The ways of extending the low bits that give the number back.
static uint32_t extensions(const sk_gen *g, sk_val v, uint32_t bytes) {
  sk_range r = range_of(g, v);
  int64_t limit = INT64_C(1) << (8 * bytes);
  return (r.lo >= -limit / 2 && r.hi < limit / 2 ? BY_SIGN : 0u) |
         (r.lo >= 0 && r.hi < limit ? BY_ZEROS : 0u);
}

static uint32_t common_extensions(const sk_gen *g, const sk_inst *inst, uint32_t bytes) {
  return extensions(g, inst->a, bytes) & extensions(g, inst->b, bytes);
}

bool sk_gen_is_signed(const sk_gen *g, sk_val v, uint32_t bytes) {
  return extensions(g, v, bytes) & BY_SIGN;
}

sk_lop sk_gen_lane_op(const sk_gen *g, const sk_inst *inst, uint32_t bytes) {
  bool is_carry = inst->op == SK_L_CARRY;
  sk_lop op = is_carry ? (sk_lop)inst->imm : (sk_lop)inst->op;
  if (bytes == 4) {
    return op;
  }
  uint32_t ways = is_carry
                      ? extensions(g, (sk_val){(uint32_t)(inst - g->kernel->insts.data)}, bytes)
                      : common_extensions(g, inst, bytes);
  if (ways & BY_SIGN) {
    return op;
  }
  switch ((int)op) {
    case SK_L_SMIN: return SK_L_UMIN;
    case SK_L_SMAX: return SK_L_UMAX;
    case SK_L_SLT: return SK_L_ULT;
    case SK_L_SLE: return SK_L_ULE;
    default: return op;
  }
}

// max(x, 0 - x)
bool sk_gen_is_size(const sk_gen *g, const sk_inst *inst) {
  const sk_inst *minus = sk_gen_inst(g, inst->b.id);
  uint64_t zero;
  return inst->op == SK_L_SMAX && minus->op == SK_L_SUB && minus->b.id == inst->a.id &&
         sk_gen_get_const(g, minus->a, &zero) && (uint32_t)zero == 0;
}

sk_val sk_gen_kept_in_lane(const sk_gen *g, const sk_inst *inst, uint32_t bytes) {
  const sk_val none = {0};
  uint64_t mask, low = (UINT64_C(1) << (8 * bytes)) - 1;
  if (bytes == 4 || inst->type != SK_LT_I32) {
    return none;
  }
  switch ((int)inst->op) {
    case SK_L_SEXT8: return bytes == 1 ? inst->a : none;
    case SK_L_SEXT16: return inst->a;
    case SK_L_AND:
      if (sk_gen_get_const(g, inst->a, &mask) && (mask & low) == low) {
        return inst->b;
      }
      return sk_gen_get_const(g, inst->b, &mask) && (mask & low) == low ? inst->a : none;
    default: return none;
  }
}

// ---- which instructions fit

// Whole elements one after the other, for all lanes.
static bool access_fits(const sk_gen *g, const sk_inst *inst, uint32_t loop, uint32_t bytes) {
  bool load = inst->op == SK_L_LOAD;
  sk_val dyn = load ? inst->a : inst->b, guard = load ? inst->b : inst->c;
  sk_mem mem = (sk_mem)g->kernel->accesses.data[inst->imm].mem;
  return sk_mem_bytes(mem) <= bytes && guard.id == 0 && !g->vary[dyn.id] &&
         sk_access_stride(g->kernel, (uint32_t)inst->imm, loop) == 1;
}

static bool only_low_bits_used(const sk_gen *g, uint32_t value, uint32_t bytes) {
  for (uint32_t i = value + 1; i <= g->last_user[value]; i++) {
    const sk_inst *inst = sk_gen_inst(g, i);
    uint64_t mask;
    bool used = inst->a.id == value || inst->b.id == value || inst->c.id == value, fits = false;
    switch ((int)inst->op) {
      case SK_L_YIELD: fits = inst->a.id == value; break;
      case SK_L_AND:
        fits = sk_gen_get_const(g, inst->a.id == value ? inst->b : inst->a, &mask) &&
               (uint32_t)mask >> (8 * bytes) == 0;
        break;
      case SK_L_SEXT8: fits = true; break;
      case SK_L_SEXT16: fits = bytes == 2; break;
      case SK_L_STORE:
        fits = inst->a.id == value &&
               sk_mem_bytes((sk_mem)g->kernel->accesses.data[inst->imm].mem) <= bytes;
        break;
      default: break;
    }
    if (used && !fits) {
      return false;
    }
  }
  return true;
}

static bool carry_fits(const sk_gen *g, uint32_t i, uint32_t loop, uint32_t bytes) {
  const sk_inst *carry = sk_gen_inst(g, i);
  const sk_loop *l = &g->kernel->loops.data[g->in_loop[i]];
  bool along_lanes = g->in_loop[i] == loop, is_red = l->kind == SK_LOOP_RED;
  if (!along_lanes && is_red && l->lanes > 1) {
    return false;
  }
  if (carry->type == SK_LT_PRED) {
    return true;
  }
  uint32_t ways = extensions(g, (sk_val){i}, bytes);
  switch (is_red ? (int)carry->imm : SK_L_ADD) {
    case SK_L_SMIN:
    case SK_L_SMAX:
    case SK_L_UMIN:
    case SK_L_UMAX: return ways != 0;
    default: return !along_lanes || ways != 0 || only_low_bits_used(g, i, bytes);
  }
}

static bool pure_fits(const sk_gen *g, const sk_inst *inst, uint32_t bytes) {
  uint64_t amount;
  switch ((int)inst->op) {
    case SK_L_ADD:
    case SK_L_SUB:
    case SK_L_MUL:
    case SK_L_AND:
    case SK_L_OR:
    case SK_L_XOR:
    case SK_L_ANDN:
    case SK_L_NOT:
    case SK_L_SEXT8:
    case SK_L_SEXT16:
    case SK_L_SELECT:
    case SK_L_MERGE:
    case SK_L_PAND:
    case SK_L_POR:
    case SK_L_PXOR:
    case SK_L_PNOT:
    case SK_L_ZEXT: return true;
    case SK_L_SHL: return sk_gen_get_const(g, inst->b, &amount);
    case SK_L_SHR:
      return sk_gen_get_const(g, inst->b, &amount) && (extensions(g, inst->a, bytes) & BY_ZEROS);
    case SK_L_SAR:
      return sk_gen_get_const(g, inst->b, &amount) && extensions(g, inst->a, bytes) != 0;
    case SK_L_SMAX:
      return common_extensions(g, inst, bytes) != 0 ||
             (sk_gen_is_size(g, inst) && sk_gen_is_signed(g, inst->a, bytes));
    case SK_L_SMIN:
    case SK_L_UMIN:
    case SK_L_UMAX:
    case SK_L_IEQ:
    case SK_L_INE:
    case SK_L_SLT:
    case SK_L_SLE:
    case SK_L_ULT:
    case SK_L_ULE: return common_extensions(g, inst, bytes) != 0;
    default: return false;
  }
}

static bool instruction_fits(const sk_gen *g, uint32_t i, uint32_t loop, uint32_t bytes) {
  const sk_inst *inst = sk_gen_inst(g, i);
  if (g->vary[i] && g->rotation[i] != 0) {
    return false;
  }
  switch ((int)inst->op) {
    case SK_L_CARRY: return (g->in_loop[i] != loop && !g->vary[i]) || carry_fits(g, i, loop, bytes);
    case SK_L_STORE: return access_fits(g, inst, loop, bytes);
    case SK_L_LOAD: return !g->vary[i] || access_fits(g, inst, loop, bytes);
    case SK_L_IF: return !g->vary[inst->a.id];
    default: return !g->vary[i] || pure_fits(g, inst, bytes);
  }
}

static bool loop_fits(const sk_gen *g, uint32_t loop, uint32_t bytes) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  if (loop == 0 && g->is_parallel && g->multiple % (g->vector_bytes / bytes) != 0) {
    return false;  // the length of the tail is known at run time only
  }
  for (uint32_t i = l->begin + 1; i < l->end; i++) {
    if (!instruction_fits(g, i, loop, bytes)) {
      return false;
    }
  }
  return true;
}

uint32_t sk_gen_narrowest_lane(sk_gen *g, uint32_t loop, uint32_t least) {
  if (g->range == NULL && least < 4) {
    find_ranges(g);
  }
  while (least < 4 && !loop_fits(g, loop, least)) {
    least *= 2;
  }
  return least;
}

// ---- values that are equal in all lanes

// In narrow lanes.
static sk_vr make_narrow(sk_gen *g, uint32_t id) {
  sk_vcode *vc = &g->vc;
  bool bytes = sk_gen_lane(g, true) == 1;
  sk_vr v = g->val[id * g->max_copies];
  if (sk_gen_inst(g, id)->type == SK_LT_I32) {
    return sk_vc_rm(vc, bytes ? SK_X_VPBROADCASTB : SK_X_VPBROADCASTW, g->full_vl, g->full_vl, v);
  }
  if (!g->v4) {
    return v;
  }
  sk_vr lanes = sk_vc_to(vc, SK_CLASS_V, SK_X_VPMOVM2D, g->full_vl, v);
  return sk_vc_to(vc, SK_CLASS_K, bytes ? SK_X_VPMOVB2M : SK_X_VPMOVW2M, g->full_vl, lanes);
}

static bool needs_narrow(const sk_gen *g, uint32_t id) {
  const sk_inst *inst = sk_gen_inst(g, id);
  return id != 0 && !g->vary[id] && inst->op != SK_L_CONST &&
         (inst->type == SK_LT_I32 || inst->type == SK_LT_PRED);
}

// Those from outside are made in front of the loop.
void sk_gen_prepare_narrow(sk_gen *g, uint32_t loop, bool begins) {
  const sk_loop *l = &g->kernel->loops.data[loop];
  for (uint32_t i = l->begin + 1; i < l->end && sk_gen_lane(g, true) < 4; i++) {
    const sk_inst *inst = sk_gen_inst(g, i);
    bool moves = inst->op == SK_L_LOAD || inst->op == SK_L_STORE;
    const uint32_t operands[3] = {inst->op == SK_L_LOAD ? 0 : inst->a.id, moves ? 0 : inst->b.id,
                                  moves ? 0 : inst->c.id};
    for (uint32_t o = 0; o < 3 && (g->vary[i] || inst->op == SK_L_STORE); o++) {
      uint32_t id = operands[o];
      if (id < l->begin && needs_narrow(g, id) && (g->narrow[id] == 0) == begins) {
        g->narrow[id] = begins ? make_narrow(g, id) : 0;
      }
    }
  }
}

sk_vr sk_gen_lane_val(sk_gen *g, sk_val v, uint32_t copy) {
  const sk_inst *inst = sk_gen_inst(g, v.id);
  uint32_t lane = sk_gen_lane(g, true);
  if (lane == 4 || v.id == 0 || g->vary[v.id]) {
    return sk_gen_val(g, v, copy);
  }
  if (inst->op == SK_L_CONST) {
    return inst->type == SK_LT_PRED ? sk_gen_pred_const(g, inst->imm & 1)
                                    : sk_gen_const(g, lane, inst->imm);
  }
  return g->narrow[v.id] != 0 ? g->narrow[v.id] : make_narrow(g, v.id);
}
