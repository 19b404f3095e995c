// SPDX-License-Identifier: Apache-2.0
// Runs x86-64 machine code of the tiers v3 and v4 (AVX-512 F/BW/DQ/VL/CD) on any x86-64 machine, by
// interpretation: for testing code that the processor at hand cannot execute, and as an oracle of
// the encoder that shares nothing with it (the bytes are decoded by Zydis).
//
// The code runs on an emulated register file but in this process's memory: pointers are pointers.
// It covers what a tensor code generator emits in VEX, EVEX and integer instructions; anything else,
// and every instruction outside the tier and the features allowed, ends the run with a message that
// names address, bytes and disassembly. Calls to addresses outside the code ranges are made for real
// (System V convention, on the emulated stack), after which every register the callee may change
// holds garbage. Values are bit-exact, NaN payloads included, except VRCP14*/VRSQRT14*, which are
// within their specified error but not a particular processor's bits. MXCSR's control bits are
// obeyed; its sticky exception flags are not kept.
//
// Thread rule: an sk_emu belongs to one thread at a time. An access to unmapped memory is a real
// SIGSEGV of this process; sk_emu_describe says which instruction made it.
#ifndef SK_EMU_EMU_H
#define SK_EMU_EMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef union sk_emu_vec {
  uint8_t u8[64];
  int8_t s8[64];
  uint16_t u16[32];
  int16_t s16[32];
  uint32_t u32[16];
  int32_t s32[16];
  uint64_t u64[8];
  int64_t s64[8];
  float f32[16];
  double f64[8];
} sk_emu_vec;

enum {
  SK_EMU_RAX,
  SK_EMU_RCX,
  SK_EMU_RDX,
  SK_EMU_RBX,
  SK_EMU_RSP,
  SK_EMU_RBP,
  SK_EMU_RSI,
  SK_EMU_RDI
};  // r8..r15 are 8..15

enum {
  SK_EMU_CF = 1 << 0,
  SK_EMU_PF = 1 << 2,
  SK_EMU_AF = 1 << 4,
  SK_EMU_ZF = 1 << 6,
  SK_EMU_SF = 1 << 7,
  SK_EMU_DF = 1 << 10,
  SK_EMU_OF = 1 << 11
};

typedef struct sk_emu_cpu {
  uint64_t gpr[16];
  uint64_t rip;
  uint32_t flags;  // SK_EMU_*F
  uint32_t mxcsr;
  uint64_t k[8];
  sk_emu_vec vec[32];
} sk_emu_cpu;

enum {  // beyond the tier; sk_emu_options.features
  SK_EMU_VNNI = 1 << 0,
  SK_EMU_BF16 = 1 << 1,
  SK_EMU_POPCNTDQ = 1 << 2,
};

typedef struct sk_emu_range {
  const void *begin;
  size_t bytes;
} sk_emu_range;

typedef struct sk_emu_options {
  const sk_emu_range *ranges;  // code to interpret, borrowed; everything else is called natively
  size_t range_count;
  bool v3_only;               // EVEX and k instructions are errors
  uint32_t features;          // SK_EMU_*
  size_t stack_bytes;         // 0 = 1 MiB, between two PROT_NONE pages
  uint64_t max_instructions;  // 0 = no limit
  FILE *trace;                // disassembly of every instruction executed, or NULL
} sk_emu_options;

typedef struct sk_emu_result {
  uint64_t rax;
  double xmm0;
  uint64_t instructions;  // interpreted
  uint64_t vector_instructions;
  uint64_t native_calls;
  uint64_t dirty_upper;  // native calls and returns with a nonzero bit above xmm0-15: no vzeroupper
  char error[512];       // empty when the call succeeded
} sk_emu_result;

typedef struct sk_emu sk_emu;

// NULL when memory runs out.
sk_emu *sk_emu_create(const sk_emu_options *options);
void sk_emu_destroy(sk_emu *emu);

// Calls `entry` with six integer or pointer arguments. All other registers, flags excepted, hold
// garbage. Afterwards rsp, rbx, rbp, r12-r15, the direction flag and MXCSR's control bits must be as
// before; a violation is an error. 0 = success, -1 = result->error says what happened.
int sk_emu_invoke(sk_emu *emu, const void *entry, const uint64_t args[6], sk_emu_result *result);

// sk_emu_create, sk_emu_invoke, sk_emu_destroy.
int sk_emu_call(const void *entry, const uint64_t args[6], const sk_emu_options *options,
                sk_emu_result *result);

// Runs from cpu->rip until rip equals `stop`; no register is prepared or checked. 0 or -1.
int sk_emu_run(sk_emu *emu, sk_emu_cpu *cpu, uint64_t stop, sk_emu_result *result);

// Runs one instruction at cpu->rip, which need not lie in a range. 0 or -1.
int sk_emu_step(sk_emu *emu, sk_emu_cpu *cpu, sk_emu_result *result);

// Whether the mnemonic (a ZydisMnemonic) is implemented.
bool sk_emu_supports(unsigned mnemonic);

// After a longjmp out of a run: the emulator is not running any more and may be used again.
void sk_emu_abandon(sk_emu *emu);

// Other code ranges from now on (borrowed); sk_emu_forget is the caller's business.
void sk_emu_set_ranges(sk_emu *emu, const sk_emu_range *ranges, size_t count);

// Forgets decoded instructions, for code that was rewritten in place. sk_emu_invoke does it itself.
void sk_emu_forget(sk_emu *emu);

// The instruction this thread is interpreting at the moment, "" when none: for signal handlers.
const char *sk_emu_describe(char *buffer, size_t bytes);

#endif
