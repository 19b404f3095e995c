// SPDX-License-Identifier: Apache-2.0
// One instruction -> its bytes. Everything that differs between instructions is in x64.def; what
// differs between encodings is here: legacy (66/F2/F3, REX), VEX (C5, C4) and EVEX (62), then
// ModRM, SIB, displacement and immediate, which they share.
//
//   VEX  C5  [R vvvv L pp]                    ~R.X.B.vvvv are stored inverted
//        C4  [R X B mmmmm] [W vvvv L pp]
//   EVEX 62  [R X B R' 0 mmm] [W vvvv 1 pp] [z L'L b V' aaa]
//        X is bit 4 of a register in rm, V' bit 4 of a vector index
//
// Assumes operands in range; an impossible combination (zmm with a VEX-only row, EVEX below v4)
// sets the sticky error. Knows nothing about what the instructions mean. Intel SDM volume 2,
// sections 2.1 to 2.7.
#include "gen/x64/x64.h"

enum {
  V = SK_ENC_V,
  E = SK_ENC_E,
  VE = SK_ENC_VE,
  L = SK_ENC_L
};  // short names of the table's columns
#define LENS_X SK_L_X
#define LENS_Y SK_L_Y
#define LENS_Z SK_L_Z
#define LENS_XY (SK_L_X | SK_L_Y)
#define LENS_YZ (SK_L_Y | SK_L_Z)
#define LENS_XYZ (SK_L_X | SK_L_Y | SK_L_Z)
#define LENS_IG SK_L_IG

const sk_x64_info sk_x64_table[SK_X_COUNT] = {
#define X(name, vex_text, evex_text, form, enc, map, pp, opcode, digit, vex_w, evex_w, tuple,      \
          elem, lens, operands)                                                                    \
  [SK_X_##name] = {vex_text, evex_text, operands, SK_F_##form, enc,          map,  pp,             \
                   opcode,   digit,     vex_w,    evex_w,      SK_T_##tuple, elem, LENS_##lens},
#include "gen/x64/x64.def"
#undef X
};

enum { MAX_INST_BYTES = 16 };

static void fail(sk_asm *a, sk_asm_error error, uint32_t op) {
  if (a->error == SK_ASM_OK) {
    a->error = error;
    a->error_at = a->len;
    a->error_op = op;
  }
}

// Room for one instruction; NULL when the buffer is at its limit.
static inline uint8_t *reserve(sk_asm *a) {
  if (SK_UNLIKELY(a->cap - a->len < MAX_INST_BYTES) && !sk_asm_grow(a, MAX_INST_BYTES)) {
    return NULL;
  }
  a->emitted++;
  return a->code + a->len;
}

static inline uint8_t *put32(uint8_t *p, int32_t v) {
  memcpy(p, &v, 4);
  return p + 4;
}

// Factor by which disp8 counts, per tuple (SDM 2.7.5).
static inline uint32_t disp8_scale(const sk_x64_info *info, uint32_t vl, bool bcast) {
  uint32_t bytes = 16u << vl;
  switch ((enum sk_x64_tuple)info->tuple) {
    case SK_T_FULL: return bcast ? info->elem : bytes;
    case SK_T_HALF: return bcast ? info->elem : bytes / 2;
    case SK_T_FVM: return bytes;
    case SK_T_HVM: return bytes / 2;
    case SK_T_QVM: return bytes / 4;
    case SK_T_OVM: return bytes / 8;
    case SK_T_T1: return info->elem;
    case SK_T_T2: return 2u * info->elem;
    case SK_T_T4: return 4u * info->elem;
    case SK_T_T8: return 8u * info->elem;
    case SK_T_M128: return 16;
    case SK_T_DUP: return vl == SK_XMM ? 8 : bytes;
    case SK_T_NONE: break;
  }
  return 1;
}

static bool add_pool_fixup(sk_asm *a, uint8_t *at, sk_x64_rm rm, uint32_t tail) {
  sk_asm_fixup fixup = {.at = (uint32_t)(at - a->code),
                        .target = rm.pool | 0x80000000u,
                        .addend = rm.disp,
                        .tail = (uint8_t)tail};
  return sk_vec_push(a->arena, &a->fixups, fixup);
}

// ModRM, SIB and displacement. `field` is the low three bits of the reg operand, `scale` the disp8
// factor, `tail` the number of immediate bytes that follow.
static inline uint8_t *put_modrm(sk_asm *a, uint8_t *p, uint32_t field, sk_x64_rm rm,
                                 uint32_t scale, uint32_t tail) {
  uint8_t reg = (uint8_t)((field & 7) << 3);
  if (rm.kind == SK_RM_REG) {
    *p++ = (uint8_t)(0xc0 | reg | (rm.base & 7));
    return p;
  }
  if (rm.kind == SK_RM_POOL) {
    *p++ = (uint8_t)(reg | 5);
    if (!add_pool_fixup(a, p, rm, tail)) {
      fail(a, SK_ASM_NO_MEMORY, 0);
    }
    return put32(p, 0);
  }
  if (rm.base == SK_REG_NONE) {  // [index*scale + disp32] or [disp32]
    *p++ = reg | 4;
    *p++ = (uint8_t)(rm.scale << 6 | (rm.index == SK_REG_NONE ? 4 : rm.index & 7) << 3 | 5);
    return put32(p, rm.disp);
  }
  uint32_t base = rm.base & 7;
  int32_t disp = rm.disp;
  uint32_t mod;
  int32_t disp8 = disp;
  if (disp == 0 && base != 5) {
    mod = 0;
  } else {
    bool exact = true;
    if (scale > 1) {
      exact = (disp & (int32_t)(scale - 1)) == 0;
      disp8 = disp / (int32_t)scale;
    }
    mod = exact && disp8 >= -128 && disp8 <= 127 ? 0x40 : 0x80;
  }
  if (rm.index != SK_REG_NONE || base == 4) {
    *p++ = (uint8_t)(mod | reg | 4);
    *p++ = (uint8_t)(rm.scale << 6 | (rm.index == SK_REG_NONE ? 4 : rm.index & 7) << 3 | base);
  } else {
    *p++ = (uint8_t)(mod | reg | base);
  }
  if (mod == 0x40) {
    *p++ = (uint8_t)disp8;
  } else if (mod == 0x80) {
    p = put32(p, disp);
  }
  return p;
}

// Bits X and B of the prefix: X = bit 3 of the index, B = bit 3 of base or register.
static inline uint32_t index_high(sk_x64_rm rm) {
  return rm.kind == SK_RM_MEM && rm.index != SK_REG_NONE ? rm.index >> 3 & 1 : 0;
}
static inline uint32_t base_high(sk_x64_rm rm) {
  return rm.kind == SK_RM_POOL || rm.base == SK_REG_NONE ? 0 : rm.base >> 3 & 1;
}

static inline bool has_digit(uint32_t form) {
  return form == SK_F_VMI || form == SK_F_M || form == SK_F_MI || form == SK_F_MI8 ||
         form == SK_F_VM;
}

static inline bool has_imm8(uint32_t form) {
  return form == SK_F_RVMI || form == SK_F_RMI || form == SK_F_MRI || form == SK_F_VMI ||
         form == SK_F_RVMR;
}

static uint8_t *put_vex(uint8_t *p, const sk_x64_info *info, uint32_t w, uint32_t l, uint32_t field,
                        uint32_t vvvv, sk_x64_rm rm) {
  uint32_t r = field >> 3 & 1, x = index_high(rm), b = base_high(rm);
  uint32_t low = (~vvvv & 15) << 3 | l << 2 | info->pp;
  if (info->map == 1 && (x | b | w) == 0) {
    *p++ = 0xc5;
    *p++ = (uint8_t)((r ^ 1) << 7 | low);
  } else {
    *p++ = 0xc4;
    *p++ = (uint8_t)((r ^ 1) << 7 | (x ^ 1) << 6 | (b ^ 1) << 5 | info->map);
    *p++ = (uint8_t)(w << 7 | low);
  }
  return p;
}

static uint8_t *put_evex(uint8_t *p, const sk_x64_info *info, uint32_t l, uint32_t field,
                         uint32_t vvvv, sk_x64_rm rm, uint32_t deco) {
  uint32_t x = index_high(rm), v_high = vvvv >> 4 & 1;
  if (rm.kind == SK_RM_REG) {
    x = rm.base >> 4 & 1;
  } else if (info->form == SK_F_GATHER || info->form == SK_F_SCATTER) {
    v_high = rm.index >> 4 & 1;
  }
  *p++ = 0x62;
  *p++ = (uint8_t)(((field >> 3 & 1) ^ 1) << 7 | (x ^ 1) << 6 | (base_high(rm) ^ 1) << 5 |
                   ((field >> 4 & 1) ^ 1) << 4 | info->map);
  *p++ = (uint8_t)((uint32_t)info->evex_w << 7 | (~vvvv & 15) << 3 | 4 | info->pp);
  *p++ = (uint8_t)((deco >> 3 & 1) << 7 | l << 5 | (deco >> 4 & 1) << 4 | (v_high ^ 1) << 3 |
                   (deco & 7));
  return p;
}

// Legacy general instructions.
static void emit_general(sk_asm *a, uint32_t op, uint32_t size, uint32_t reg, sk_x64_rm rm,
                         int32_t imm) {
  const sk_x64_info *info = &sk_x64_table[op];
  uint8_t *p = reserve(a);
  if (!p) {
    return;
  }
  uint32_t field = has_digit(info->form) ? info->ext : reg;
  uint32_t w = info->vex_w == 0 ? size : info->vex_w == 1;
  bool imm8 = info->form == SK_F_MI8;
  uint32_t imm_bytes = imm8 ? 1 : 0;
  uint32_t opcode = info->opcode;
  if (info->form == SK_F_MI || info->form == SK_F_RMI) {
    imm_bytes = 4;
    if ((opcode == 0x81 || opcode == 0x69) && imm >= -128 && imm <= 127) {
      opcode += 2;
      imm_bytes = 1;
    }
  }
  static const uint8_t prefix[4] = {0, 0x66, 0xf3, 0xf2};
  if (info->pp != 0) {
    *p++ = prefix[info->pp];
  }
  uint32_t rex = w << 3 | (field >> 3 & 1) << 2 | index_high(rm) << 1 | base_high(rm);
  bool low_byte = (op == SK_X_MOV8_MR && reg >= 4) || ((op == SK_X_MOVZX8 || op == SK_X_MOVSX8) &&
                                                       rm.kind == SK_RM_REG && rm.base >= 4);
  if (rex != 0 || low_byte) {
    *p++ = (uint8_t)(0x40 | rex);
  }
  if (info->map == 1) {
    *p++ = 0x0f;
  }
  *p++ = (uint8_t)opcode;
  if (info->form != SK_F_NONE) {
    p = put_modrm(a, p, field, rm, 1, imm_bytes);
  }
  if (imm_bytes == 1) {
    *p++ = (uint8_t)imm;
  } else if (imm_bytes == 4) {
    p = put32(p, imm);
  }
  a->len = (uint32_t)(p - a->code);
}

void sk_x64_emit(sk_asm *a, uint32_t op, uint32_t vl, uint32_t reg, uint32_t vvvv, sk_x64_rm rm,
                 int32_t imm, uint32_t deco) {
  const sk_x64_info *info = &sk_x64_table[op];
  if (info->enc == SK_ENC_L) {
    emit_general(a, op, vl, reg, rm, imm);
    return;
  }
  uint8_t *p = reserve(a);
  if (!p) {
    return;
  }
  uint32_t w = info->vex_w;
  uint32_t l = vl;
  if ((info->lens & (info->lens - 1)) == 0) {  // one length only: the caller need not say it
    w = info->elem == 0 && info->form != SK_F_NONE ? vl : w;
    l = info->lens == SK_L_Y ? 1 : info->lens == SK_L_Z ? 2 : 0;
  } else if (SK_UNLIKELY(!(info->lens >> vl & 1))) {
    fail(a, SK_ASM_BAD_OPERANDS, op);
  }
  uint32_t field = has_digit(info->form) ? info->ext : reg;
  uint32_t imm_bytes = has_imm8(info->form);
  uint32_t high = (field | vvvv) & 16;
  high |= rm.kind == SK_RM_REG ? rm.base & 16 : rm.index != SK_REG_NONE ? rm.index & 16 : 0;
  bool vex = (info->enc & SK_ENC_V) && !(high | deco | (l & 2));
  if (vex && info->form == SK_F_VMI && rm.kind != SK_RM_REG) {
    vex = false;  // shifts of memory by immediate exist in EVEX only
  }
  if (vex) {
    p = put_vex(p, info, w, l, field, vvvv, rm);
  } else {
    if (SK_UNLIKELY(!(info->enc & SK_ENC_E) || a->isa < SK_ISA_V4)) {
      fail(a, SK_ASM_BAD_OPERANDS, op);
    }
    p = put_evex(p, info, l, field, vvvv, rm, deco);
  }
  *p++ = info->opcode;
  if (info->form != SK_F_NONE) {
    uint32_t scale =
        vex || rm.kind != SK_RM_MEM ? 1 : disp8_scale(info, l, (deco & SK_DECO_BCAST) != 0);
    p = put_modrm(a, p, field, rm, scale, imm_bytes);
  }
  if (imm_bytes) {
    *p++ = (uint8_t)imm;
  }
  a->len = (uint32_t)(p - a->code);
}

// ---- general instructions that are not plain rows

void sk_x64_mov_imm(sk_asm *a, uint32_t reg, int64_t imm) {
  if (imm == 0) {
    sk_x64_rr(a, SK_X_XOR, SK_OP32, reg, reg);
    return;
  }
  if (imm >= INT32_MIN && imm < 0) {
    sk_x64_emit(a, SK_X_MOV_MI, SK_OP64, 0, 0, sk_rm_reg(reg), (int32_t)imm, 0);
    return;
  }
  uint8_t *p = reserve(a);
  if (!p) {
    return;
  }
  bool wide = imm < 0 || imm > UINT32_MAX;
  uint8_t rex = (uint8_t)(0x40 | (wide ? 8 : 0) | reg >> 3);
  if (rex != 0x40) {
    *p++ = rex;
  }
  *p++ = (uint8_t)(0xb8 | (reg & 7));
  memcpy(p, &imm, 8);
  a->len = (uint32_t)(p - a->code) + (wide ? 8 : 4);
}

void sk_x64_alu_imm(sk_asm *a, uint32_t op, uint32_t size, sk_x64_rm rm, int32_t imm) {
  sk_x64_emit(a, op, size, 0, 0, rm, imm, 0);
}

static void emit_bytes(sk_asm *a, const uint8_t *bytes, uint32_t count) {
  uint8_t *p = reserve(a);
  if (p) {
    memcpy(p, bytes, count);
    a->len += count;
  }
}

static void push_or_pop(sk_asm *a, uint32_t reg, uint32_t opcode) {
  uint8_t bytes[2] = {0x41, (uint8_t)(opcode | (reg & 7))};
  emit_bytes(a, reg >= 8 ? bytes : bytes + 1, reg >= 8 ? 2 : 1);
}

void sk_x64_push(sk_asm *a, uint32_t reg) { push_or_pop(a, reg, 0x50); }
void sk_x64_pop(sk_asm *a, uint32_t reg) { push_or_pop(a, reg, 0x58); }
void sk_x64_ret(sk_asm *a) { emit_bytes(a, (const uint8_t[]){0xc3}, 1); }

void sk_x64_setcc(sk_asm *a, uint32_t cc, uint32_t reg) {
  uint8_t bytes[4] = {(uint8_t)(0x40 | reg >> 3), 0x0f, (uint8_t)(0x90 | cc),
                      (uint8_t)(0xc0 | (reg & 7))};
  emit_bytes(a, reg >= 4 ? bytes : bytes + 1, reg >= 4 ? 4 : 3);
}

void sk_x64_cmov(sk_asm *a, uint32_t cc, uint32_t size, uint32_t d, sk_x64_rm s) {
  uint8_t *p = reserve(a);
  if (!p) {
    return;
  }
  uint32_t rex = size << 3 | (d >> 3) << 2 | index_high(s) << 1 | base_high(s);
  if (rex != 0) {
    *p++ = (uint8_t)(0x40 | rex);
  }
  *p++ = 0x0f;
  *p++ = (uint8_t)(0x40 | cc);
  p = put_modrm(a, p, d, s, 1, 0);
  a->len = (uint32_t)(p - a->code);
}
