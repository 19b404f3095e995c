// SPDX-License-Identifier: Apache-2.0
// Inside of the emulator: decoded instructions and the functions the instruction table names.
//
//   bytes --Zydis--> sk_emu_insn { execute, row, operands } --execute--> registers, memory
//
// A row of emu_table.def names, for one mnemonic, an execute function (how operands are fetched,
// masked and written back) and, for most vector instructions, a vector function that computes all
// lanes of the result from whole source vectors. Execute functions know masks, broadcasts and memory
// and no arithmetic; vector functions know arithmetic and neither masks nor memory.
#ifndef SK_EMU_EMU_INT_H
#define SK_EMU_EMU_INT_H

#include "base/compiler.h"
#include "emu/emu.h"

typedef enum sk_emu_kind {
  SK_EMU_NONE,
  SK_EMU_GPR,
  SK_EMU_VEC,
  SK_EMU_MASK,
  SK_EMU_MEM,
  SK_EMU_IMM,
} sk_emu_kind;

enum { SK_EMU_NO_REG = 0xff, SK_EMU_MAX_OPERANDS = 5 };

typedef struct sk_emu_operand {
  uint8_t kind;                // sk_emu_kind
  uint8_t bytes;               // register part or memory access; element of a broadcast
  uint8_t reg;                 // number of a register
  bool high_byte;              // ah, ch, dh, bh
  uint8_t base, index, scale;  // memory; SK_EMU_NO_REG = none
  bool vector_index;
  int64_t value;  // immediate, or displacement (rip-relative ones resolved)
} sk_emu_operand;

struct sk_emu_row;
struct sk_emu_insn;

typedef void sk_emu_execute_fn(sk_emu *emu, const struct sk_emu_insn *insn);

// Arguments of a vector function. Sources are whole registers; memory sources are padded with zeros.
typedef struct sk_emu_args {
  sk_emu_vec *out;              // zero on entry
  const sk_emu_vec *old;        // the destination before
  const sk_emu_vec *a, *b, *c;  // second, third, fourth operand
  bool has_imm;
  uint32_t imm;
  uint32_t aux;    // of the row
  uint32_t count;  // lanes to compute
  uint32_t bytes;  // vector length
  uint64_t mask;   // lanes enabled
} sk_emu_args;

typedef void sk_emu_vec_fn(const sk_emu_args *x);

typedef struct sk_emu_row {
  sk_emu_execute_fn *execute;
  sk_emu_vec_fn *vec;
  uint8_t out_bytes;  // element of the destination: what one mask bit governs
  uint8_t in_bytes;   // element of the sources
  uint8_t aux;
} sk_emu_row;

typedef enum sk_emu_rounding {
  SK_EMU_ROUND_MXCSR,
  SK_EMU_ROUND_NEAREST,
  SK_EMU_ROUND_DOWN,
  SK_EMU_ROUND_UP,
  SK_EMU_ROUND_ZERO
} sk_emu_rounding;

typedef struct sk_emu_insn {
  uint64_t address;
  uint32_t generation;
  sk_emu_execute_fn *execute;
  const sk_emu_row *row;
  uint8_t length;
  uint8_t bytes[15];  // as they were decoded: code may be written through another mapping
  uint8_t operand_count;
  uint8_t vector_bytes;  // 0 for integer instructions
  uint8_t mask;          // k register, 0 = no mask
  bool zeroing;
  bool broadcast;
  bool evex;
  bool repeat;       // rep prefix
  uint8_t rounding;  // sk_emu_rounding
  sk_emu_operand op[SK_EMU_MAX_OPERANDS];
} sk_emu_insn;

enum { SK_EMU_CACHE = 4096 };

struct sk_emu {
  sk_emu_cpu *cpu;  // borrowed during a run
  sk_emu_options options;
  char *stack;  // owned mapping, guard pages included
  size_t stack_bytes;
  uint32_t generation;
  bool failed;
  sk_emu_result *result;  // borrowed during a run
  sk_emu_insn *cache;     // owned, SK_EMU_CACHE entries by address
  uint64_t at;            // address of the instruction being executed
  uint64_t garbage;       // state of the generator that fills clobbered registers
};

// --- emu_core.c ---
void sk_emu_fail(sk_emu *emu, const char *format, ...) SK_PRINTF(2, 3);
void sk_emu_poison_vectors(sk_emu *emu);
uint64_t sk_emu_garbage(sk_emu *emu);

// --- emu_decode.c ---
const sk_emu_row *sk_emu_find_row(unsigned mnemonic);
bool sk_emu_decode(sk_emu *emu, uint64_t address, sk_emu_insn *out);
void sk_emu_disassemble(uint64_t address, char *buffer, size_t bytes);

// --- emu_native.c: calls the function at `target` with the registers of cpu; rsp points at the
// return address that the callee would pop ---
void sk_emu_call_native(sk_emu_cpu *cpu, uint64_t target);

// --- emu_gpr.c ---
uint64_t sk_emu_address(const sk_emu *emu, const sk_emu_operand *op);
uint64_t sk_emu_read_memory(uint64_t address, unsigned bytes);
void sk_emu_write_memory(uint64_t address, uint64_t value, unsigned bytes);
uint64_t sk_emu_get(const sk_emu *emu, const sk_emu_operand *op);
void sk_emu_set(sk_emu *emu, const sk_emu_operand *op, uint64_t value);

// --- lanes ---
static inline bool sk_emu_lane_sign(const sk_emu_vec *v, unsigned lane, unsigned lane_bytes) {
  return v->u8[((lane + 1) * lane_bytes - 1) % sizeof v->u8] >> 7;
}

// --- emu_vec.c ---
uint64_t sk_emu_active_lanes(const sk_emu *emu, const sk_emu_insn *insn, unsigned count);
void sk_emu_write_register(sk_emu *emu, const sk_emu_insn *insn, unsigned reg,
                           const sk_emu_vec *value, unsigned count, unsigned lane_bytes);

// --- emu_convert.c: to an integral value in the rounding mode of MXCSR; a NaN stays ---
double sk_emu_round_integral(double a);

// --- everything the table names ---
#define ROW(mnemonic, execute, vec, out_bytes, in_bytes, aux)                                      \
  sk_emu_execute_fn sk_emu_x_##execute;                                                            \
  sk_emu_vec_fn sk_emu_v_##vec;
#include "emu/emu_table.def"
#undef ROW

#endif
