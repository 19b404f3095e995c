// SPDX-License-Identifier: Apache-2.0
// From emulated code to a real function: loads the argument registers from the emulated ones, switches
// to the emulated stack (arguments beyond the sixth are already there) and calls.
//
//   frame, 8 bytes each:  0 rdi  8 rsi  16 rdx  24 rcx  32 r8  40 r9  48 rax  56 rsp  64 target
//                         72 xmm0 .. xmm7, 16 bytes each
// On return rax, rdx, xmm0 and xmm1 hold the results. What the target sees in callee-saved registers
// is the emulator's, which it must preserve; it cannot tell.

#include "emu/emu_int.h"

#include <string.h>

typedef struct native_frame {
  uint64_t rdi, rsi, rdx, rcx, r8, r9, rax, rsp, target;
  uint8_t xmm[8][16];
} native_frame;

_Static_assert(offsetof(native_frame, xmm) == 72, "the assembly below knows the layout");

void sk_emu_enter_native(native_frame *frame);

__asm__(".text\n"
        ".globl sk_emu_enter_native\n"
        ".hidden sk_emu_enter_native\n"
        ".type sk_emu_enter_native, @function\n"
        "sk_emu_enter_native:\n"
        "  pushq %rbp\n"
        "  pushq %rbx\n"
        "  pushq %r12\n"
        "  movq %rdi, %rbx\n"
        "  movq %rsp, %rbp\n"
        "  movups 72(%rbx), %xmm0\n"
        "  movups 88(%rbx), %xmm1\n"
        "  movups 104(%rbx), %xmm2\n"
        "  movups 120(%rbx), %xmm3\n"
        "  movups 136(%rbx), %xmm4\n"
        "  movups 152(%rbx), %xmm5\n"
        "  movups 168(%rbx), %xmm6\n"
        "  movups 184(%rbx), %xmm7\n"
        "  movq 56(%rbx), %rsp\n"
        "  movq 0(%rbx), %rdi\n"
        "  movq 8(%rbx), %rsi\n"
        "  movq 16(%rbx), %rdx\n"
        "  movq 24(%rbx), %rcx\n"
        "  movq 32(%rbx), %r8\n"
        "  movq 40(%rbx), %r9\n"
        "  movq 48(%rbx), %rax\n"
        "  call *64(%rbx)\n"
        "  movq %rbp, %rsp\n"
        "  movq %rax, 48(%rbx)\n"
        "  movq %rdx, 16(%rbx)\n"
        "  movups %xmm0, 72(%rbx)\n"
        "  movups %xmm1, 88(%rbx)\n"
        "  popq %r12\n"
        "  popq %rbx\n"
        "  popq %rbp\n"
        "  ret\n"
        ".size sk_emu_enter_native, . - sk_emu_enter_native\n");

void sk_emu_call_native(sk_emu_cpu *cpu, uint64_t target) {
  native_frame frame = {.rdi = cpu->gpr[SK_EMU_RDI],
                        .rsi = cpu->gpr[SK_EMU_RSI],
                        .rdx = cpu->gpr[SK_EMU_RDX],
                        .rcx = cpu->gpr[SK_EMU_RCX],
                        .r8 = cpu->gpr[8],
                        .r9 = cpu->gpr[9],
                        .rax = cpu->gpr[SK_EMU_RAX],
                        .rsp = cpu->gpr[SK_EMU_RSP] +
                               8,  // the call below pushes its own return address there
                        .target = target};
  for (unsigned i = 0; i < 8; ++i) {
    memcpy(frame.xmm[i], cpu->vec[i].u8, 16);
  }
  sk_emu_enter_native(&frame);
  cpu->gpr[SK_EMU_RAX] = frame.rax;
  cpu->gpr[SK_EMU_RDX] = frame.rdx;
  memcpy(cpu->vec[0].u8, frame.xmm[0], 16);
  memcpy(cpu->vec[1].u8, frame.xmm[1], 16);
}
