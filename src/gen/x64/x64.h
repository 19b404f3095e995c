// SPDX-License-Identifier: Apache-2.0
// The x86-64 assembler: machine instructions as data (x64.def) and one emitter for all of them.
//
//   sk_asm      code bytes + labels + constant pool; position independent; sticky error, checked
//               once at sk_asm_finish
//   sk_x_*      instruction ids, one per row of x64.def
//   sk_x64_rm   the operand that may be register or memory
//   layout      [ code ... | padding | pool: 64-byte, 32-byte, 16-byte, 8-byte, 4-byte constants ]
//
// VEX is chosen where it suffices, EVEX where registers 16-31, zmm, masks, broadcast or an
// EVEX-only instruction ask for it (only when the target is v4: otherwise the error sticks).
// Displacements are compressed (disp8*N) where possible. Registers are plain numbers: GPR 0-15,
// vector 0-31, mask k0-k7. Operand order is Intel's: destination first.
#ifndef SK_GEN_X64_X64_H
#define SK_GEN_X64_X64_H

#include "base/arena.h"
#include "base/cpu.h"
#include "base/vec.h"

typedef enum sk_x64_op {
#define X(name, ...) SK_X_##name,
#include "gen/x64/x64.def"
#undef X
  SK_X_COUNT
} sk_x64_op;

enum {
  SK_RAX,
  SK_RCX,
  SK_RDX,
  SK_RBX,
  SK_RSP,
  SK_RBP,
  SK_RSI,
  SK_RDI,
  SK_R8,
  SK_R9,
  SK_R10,
  SK_R11,
  SK_R12,
  SK_R13,
  SK_R14,
  SK_R15,
  SK_REG_NONE = 0xff
};

// Vector length of vector instructions; operand size of general ones.
enum { SK_XMM = 0, SK_YMM = 1, SK_ZMM = 2 };
enum { SK_OP32 = 0, SK_OP64 = 1 };

// Conditions of jumps, set and cmov, by their encoding.
enum {
  SK_CC_O,
  SK_CC_NO,
  SK_CC_B,
  SK_CC_AE,
  SK_CC_E,
  SK_CC_NE,
  SK_CC_BE,
  SK_CC_A,
  SK_CC_S,
  SK_CC_NS,
  SK_CC_P,
  SK_CC_NP,
  SK_CC_L,
  SK_CC_GE,
  SK_CC_LE,
  SK_CC_G
};

// Predicates of vcmp*: quiet ones only, as the loop IR asks. For vpcmp* (EVEX): SK_ICMP_*.
enum {
  SK_FCMP_EQ = 0x00,
  SK_FCMP_LT = 0x11,
  SK_FCMP_LE = 0x12,
  SK_FCMP_UNORD = 0x03,
  SK_FCMP_NE = 0x04,
  SK_FCMP_GE = 0x1d,
  SK_FCMP_GT = 0x1e
};
enum { SK_ICMP_EQ, SK_ICMP_LT, SK_ICMP_LE, SK_ICMP_NE = 4, SK_ICMP_GE, SK_ICMP_GT };

enum { SK_RM_REG, SK_RM_MEM, SK_RM_POOL };
typedef struct sk_x64_rm {
  uint8_t kind;  // SK_RM_*
  uint8_t base;  // REG: the register. MEM: base GPR or SK_REG_NONE
  uint8_t
      index;  // MEM: index GPR (not rsp), a vector register in gathers and scatters, or SK_REG_NONE
  uint8_t scale;  // log2: 0..3
  int32_t disp;   // MEM: displacement in bytes. POOL: byte offset within the constant
  uint32_t pool;  // POOL: id from sk_asm_constant
} sk_x64_rm;

// Decorations of an EVEX instruction: mask k1-k7 in the low bits, or'ed with these.
enum { SK_DECO_ZERO = 8, SK_DECO_BCAST = 16 };

typedef struct sk_label {
  uint32_t id;
} sk_label;

typedef enum sk_asm_error {
  SK_ASM_OK,
  SK_ASM_NO_MEMORY,
  SK_ASM_TOO_LARGE,  // code beyond the limit
  // no encoding: EVEX wanted below v4, wrong length, short jump out of reach: our defect
  SK_ASM_BAD_OPERANDS,
} sk_asm_error;

typedef struct sk_asm_fixup {  // a rel32 at `at` that is to hold target - (at + 4 + tail)
  uint32_t at;
  uint32_t target;  // label id, or constant id with the top bit set
  int32_t addend;
  uint32_t next;     // chain of one label; 0 = end
  uint8_t tail;      // bytes of immediate after the field
  uint8_t is_short;  // rel8
} sk_asm_fixup;

typedef struct sk_asm_const {
  uint32_t bytes_at;  // in pool_bytes
  uint32_t size;      // 4, 8, 16, 32, 64
  uint32_t hash_next;
  uint32_t offset;  // in the finished code
} sk_asm_const;

typedef struct sk_asm {
  sk_arena *arena;  // borrowed
  sk_isa isa;
  uint8_t *code;
  uint32_t len, cap, limit;
  sk_asm_error error;  // the first one
  uint32_t error_at;   // code offset
  uint32_t error_op;
  uint32_t emitted;             // instructions so far
  SK_VEC(uint32_t) labels;      // position, or UNBOUND | first fixup
  SK_VEC(sk_asm_fixup) fixups;  // [0] unused
  SK_VEC(sk_asm_const) consts;  // [0] unused
  SK_VEC(uint8_t) pool_bytes;
  uint32_t *pool_hash, pool_mask;  // constants by hash of their bytes; NULL: there are none
} sk_asm;

// `limit` bounds the code in bytes (0: 1 GiB).
void sk_asm_init(sk_asm *a, sk_arena *arena, sk_isa isa, uint32_t limit);
// Resolves constants and labels. *out_length covers code and pool; the bytes are a->code.
sk_status sk_asm_finish(sk_asm *a, uint32_t *out_length);

// Room for `extra` more bytes of code, for emitters that write bytes themselves; false: sticky
// error, write nothing.
bool sk_asm_grow(sk_asm *a, uint32_t extra);

sk_label sk_asm_new_label(sk_asm *a);
void sk_asm_bind(sk_asm *a, sk_label label);
void sk_asm_bind_at(sk_asm *a, sk_label label, uint32_t pos);   // at code emitted before
uint32_t sk_asm_label_pos(const sk_asm *a, sk_label label);     // must be bound
void sk_asm_put(sk_asm *a, const void *bytes, uint32_t count);  // data or ready-made code
void sk_asm_align(sk_asm *a, uint32_t pow2);                    // pads with long nops
void sk_asm_pad_int3(sk_asm *a, uint32_t pow2);                 // between functions

// Constant of 4, 8, 16, 32 or 64 bytes; equal bytes share one place.
uint32_t sk_asm_constant(sk_asm *a, const void *bytes, uint32_t size);
uint32_t sk_asm_constant32(sk_asm *a, uint32_t bits);
uint32_t sk_asm_constant64(sk_asm *a, uint64_t bits);
uint32_t sk_asm_splat32(sk_asm *a, uint32_t bits,
                        uint32_t size);  // a vector of `size` bytes, all lanes `bits`
uint32_t sk_asm_splat64(sk_asm *a, uint64_t bits, uint32_t size);

// ---- operands
static inline sk_x64_rm sk_rm_reg(uint32_t reg) {
  return (sk_x64_rm){SK_RM_REG, (uint8_t)reg, 0, 0, 0, 0};
}
static inline sk_x64_rm sk_rm_base(uint32_t base, int32_t disp) {
  return (sk_x64_rm){SK_RM_MEM, (uint8_t)base, SK_REG_NONE, 0, disp, 0};
}
static inline sk_x64_rm sk_rm_index(uint32_t base, uint32_t index, uint32_t scale_log2,
                                    int32_t disp) {
  return (sk_x64_rm){SK_RM_MEM, (uint8_t)base, (uint8_t)index, (uint8_t)scale_log2, disp, 0};
}
static inline sk_x64_rm sk_rm_const(uint32_t constant) {
  return (sk_x64_rm){SK_RM_POOL, 0, 0, 0, 0, constant};
}

// ---- the emitter. reg: the ModRM.reg operand (or ignored where the row has a digit), vvvv: the
// middle source (or the destination of shift-by-immediate rows), rm: the third. Unused operands are
// 0. imm: 8-bit immediate, register << 4 for the blendv rows, or the 8/32-bit immediate of general
// instructions.
void sk_x64_emit(sk_asm *a, uint32_t op, uint32_t vl, uint32_t reg, uint32_t vvvv, sk_x64_rm rm,
                 int32_t imm, uint32_t deco);

// d = op(s1, s2)
static inline void sk_x64_rvm(sk_asm *a, uint32_t op, uint32_t vl, uint32_t d, uint32_t s1,
                              sk_x64_rm s2) {
  sk_x64_emit(a, op, vl, d, s1, s2, 0, 0);
}
static inline void sk_x64_rrr(sk_asm *a, uint32_t op, uint32_t vl, uint32_t d, uint32_t s1,
                              uint32_t s2) {
  sk_x64_emit(a, op, vl, d, s1, sk_rm_reg(s2), 0, 0);
}
// d = op(s1, s2, imm)
static inline void sk_x64_rvmi(sk_asm *a, uint32_t op, uint32_t vl, uint32_t d, uint32_t s1,
                               sk_x64_rm s2, int32_t imm) {
  sk_x64_emit(a, op, vl, d, s1, s2, imm, 0);
}
// reg = op(rm): also loads (d, [mem]) and, for the *_ST rows, stores (reg -> rm)
static inline void sk_x64_rm_(sk_asm *a, uint32_t op, uint32_t vl, uint32_t reg, sk_x64_rm rm) {
  sk_x64_emit(a, op, vl, reg, 0, rm, 0, 0);
}
static inline void sk_x64_rr(sk_asm *a, uint32_t op, uint32_t vl, uint32_t d, uint32_t s) {
  sk_x64_emit(a, op, vl, d, 0, sk_rm_reg(s), 0, 0);
}
static inline void sk_x64_rmi(sk_asm *a, uint32_t op, uint32_t vl, uint32_t reg, sk_x64_rm rm,
                              int32_t imm) {
  sk_x64_emit(a, op, vl, reg, 0, rm, imm, 0);
}
// d = op(s, imm) for the rows whose destination is vvvv (shifts by immediate)
static inline void sk_x64_shift(sk_asm *a, uint32_t op, uint32_t vl, uint32_t d, uint32_t s,
                                int32_t imm) {
  sk_x64_emit(a, op, vl, 0, d, sk_rm_reg(s), imm, 0);
}

// ---- general instructions that are not plain rows. Plain ones go through the functions above, for
// example sk_x64_rm_(a, SK_X_ADD, SK_OP64, d, rm), sk_x64_rr(a, SK_X_MOV, SK_OP64, d, s),
// sk_x64_rm_(a, SK_X_MOV_MR, SK_OP32, s, mem).
void sk_x64_mov_imm(sk_asm *a, uint32_t reg,
                    int64_t imm);  // shortest of xor, mov r32, mov r64 (xor changes flags)
void sk_x64_alu_imm(sk_asm *a, uint32_t op, uint32_t size, sk_x64_rm rm,
                    int32_t imm);  // SK_X_ADD_MI etc.: imm8 where it fits
void sk_x64_push(sk_asm *a, uint32_t reg);
void sk_x64_pop(sk_asm *a, uint32_t reg);
void sk_x64_jmp(sk_asm *a, sk_label target);  // backward: shortest; forward: rel32
void sk_x64_jcc(sk_asm *a, uint32_t cc, sk_label target);
void sk_x64_jmp_short(sk_asm *a, sk_label target);  // rel8; error if the label ends up out of reach
void sk_x64_jcc_short(sk_asm *a, uint32_t cc, sk_label target);
void sk_x64_call(sk_asm *a, sk_label target);
void sk_x64_lea_label(sk_asm *a, uint32_t reg, sk_label target);  // address of a label in this code
void sk_x64_setcc(sk_asm *a, uint32_t cc, uint32_t reg);          // low byte; the rest is left
void sk_x64_cmov(sk_asm *a, uint32_t cc, uint32_t size, uint32_t d, sk_x64_rm s);
void sk_x64_ret(sk_asm *a);

// ---- facts about rows, for the register allocator and the tests
enum sk_x64_form {
  SK_F_RVM,      // reg, vvvv, rm
  SK_F_RVMI,     // reg, vvvv, rm, imm8
  SK_F_RVMR,     // reg, vvvv, rm, is4 register
  SK_F_RM,       // reg, rm
  SK_F_RMI,      // reg, rm, imm8
  SK_F_MR,       // rm, reg
  SK_F_MRI,      // rm, reg, imm8
  SK_F_VMI,      // vvvv, rm, imm8 (digit)
  SK_F_VM,       // vvvv, rm (digit)
  SK_F_M,        // rm (digit)
  SK_F_MI,       // rm, imm8 or imm32 (digit)
  SK_F_MI8,      // rm, imm8 (digit)
  SK_F_RMV,      // reg, rm, vvvv
  SK_F_MVR,      // rm, vvvv, reg (masked store)
  SK_F_GATHER,   // VEX: reg, vsib, vvvv mask. EVEX: reg{k}, vsib
  SK_F_SCATTER,  // vsib{k}, reg
  SK_F_NONE      // no operands
};
enum { SK_ENC_V = 1, SK_ENC_E = 2, SK_ENC_VE = 3, SK_ENC_L = 4 };
enum sk_x64_tuple {
  SK_T_NONE,
  SK_T_FULL,
  SK_T_HALF,
  SK_T_FVM,
  SK_T_HVM,
  SK_T_QVM,
  SK_T_OVM,
  SK_T_T1,
  SK_T_T2,
  SK_T_T4,
  SK_T_T8,
  SK_T_M128,
  SK_T_DUP
};
enum { SK_L_X = 1, SK_L_Y = 2, SK_L_Z = 4, SK_L_IG = 8 };

typedef struct sk_x64_info {
  const char *vex_text, *evex_text;  // mnemonic; evex_text "" = the same
  const char *operands;              // classes in Intel order, see x64.def
  uint8_t form, enc, map, pp, opcode, ext, vex_w, evex_w, tuple, elem, lens;
} sk_x64_info;
extern const sk_x64_info sk_x64_table[SK_X_COUNT];

// May rm be a scalar broadcast from memory (EVEX)? Element size in bytes, else 0.
static inline uint32_t sk_x64_bcast_bytes(uint32_t op) {
  const sk_x64_info *i = &sk_x64_table[op];
  return (i->enc & SK_ENC_E) && (i->tuple == SK_T_FULL || i->tuple == SK_T_HALF) ? i->elem : 0;
}

#endif
