// SPDX-License-Identifier: Apache-2.0
// Tables of loop-IR operations and types, expanded from lops.def.
#include "loop/loop.h"
#include "loop/loop_int.h"

// Flag letters of lops.def as bits; a cell such as `C P` is two tokens, so they are matched as text.
typedef struct lop_info {
  const char *name, *flags;
  uint8_t operands;
  uint8_t rule;
} lop_info;

static const lop_info lop_table[SK_LOP_COUNT] = {
    [SK_L_NONE] = {"none", "", 0, SK_RULE_NONE},
#define X(name, text, operands, rule, flags)                                                       \
  [SK_L_##name] = {text, #flags, operands, SK_RULE_##rule},
#include "loop/lops.def"
#undef X
};

const char *sk_lop_name(sk_lop op) {
  if (op == SK_L_FMAX) {
    return "fmax";
  }
  if (op == SK_L_FMIN) {
    return "fmin";
  }
  return (unsigned)op < SK_LOP_COUNT ? lop_table[op].name : "?";
}

uint32_t sk_lop_operand_count(sk_lop op) {
  return (unsigned)op < SK_LOP_COUNT ? lop_table[op].operands : 0;
}

static bool has_flag(sk_lop op, char flag) {
  return (unsigned)op < SK_LOP_COUNT && strchr(lop_table[op].flags, flag) != NULL;
}

bool sk_lop_is_pure(sk_lop op) { return has_flag(op, 'P'); }
bool sk_lop_is_commutative(sk_lop op) { return has_flag(op, 'C'); }
sk_lop_rule sk_lop_result_rule(sk_lop op) {
  return (unsigned)op < SK_LOP_COUNT ? (sk_lop_rule)lop_table[op].rule : SK_RULE_NONE;
}

uint32_t sk_lt_bytes(sk_lt type) {
  switch (type) {
    case SK_LT_NONE: return 0;
    case SK_LT_PRED: return 1;
    case SK_LT_I32:
    case SK_LT_F32: return 4;
    case SK_LT_I64:
    case SK_LT_F64: return 8;
  }
  return 0;
}

uint32_t sk_mem_bytes(sk_mem mem) {
  switch (mem) {
    case SK_MEM_NONE:
    case SK_MEM_COUNT: return 0;
    case SK_MEM_PRED:
    case SK_MEM_S8:
    case SK_MEM_U8: return 1;
    case SK_MEM_S16:
    case SK_MEM_U16: return 2;
    case SK_MEM_I32:
    case SK_MEM_F32: return 4;
    case SK_MEM_I64:
    case SK_MEM_F64: return 8;
  }
  return 0;
}

sk_lt sk_mem_lt(sk_mem mem) {
  switch (mem) {
    case SK_MEM_NONE:
    case SK_MEM_COUNT: return SK_LT_NONE;
    case SK_MEM_PRED: return SK_LT_PRED;
    case SK_MEM_S8:
    case SK_MEM_U8:
    case SK_MEM_S16:
    case SK_MEM_U16:
    case SK_MEM_I32: return SK_LT_I32;
    case SK_MEM_I64: return SK_LT_I64;
    case SK_MEM_F32: return SK_LT_F32;
    case SK_MEM_F64: return SK_LT_F64;
  }
  return SK_LT_NONE;
}
