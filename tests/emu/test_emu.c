// SPDX-License-Identifier: Apache-2.0
// The emulator against the processor: every instruction of its table, in every encoding that can be
// enumerated, from random register and memory contents, executed once for real and once emulated;
// all registers, flags and memory must come out bit for bit the same.
//
// Encodings are made by counting through prefix fields and opcodes with random registers; what Zydis
// decodes to a mnemonic of the table, without stack and control flow, is a test case. On a processor
// without AVX-512 the VEX and integer half runs; scripts/bochs/bochs_run.py runs this program on an
// emulated one that has it (check_emu.sh beside it names the differences known to be that emulator's).
// Instructions a processor refuses (sub-features) are counted and named.
//
//   SK_EMU_SEED    seed (printed)          SK_EMU_ROUNDS   register contents per encoding (2)
//   SK_EMU_ONLY    one mnemonic            SK_EMU_SAMPLE   one in so many encodings (1)
//   SK_EMU_SKIP    mnemonics, by commas    SK_EMU_VERBOSE  list what was not executed

#include "emu/emu_int.h"

#include <Zydis/Zydis.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xmmintrin.h>

#include <cmocka.h>

enum { ARENA = 32768, ARENAS = 6, MAX_REPORTS = 2 };

// --- execution for real ---

_Static_assert(offsetof(sk_emu_cpu, flags) == 136, "known to the assembly");
_Static_assert(offsetof(sk_emu_cpu, mxcsr) == 140, "known to the assembly");
_Static_assert(offsetof(sk_emu_cpu, k) == 144, "known to the assembly");
_Static_assert(offsetof(sk_emu_cpu, vec) == 208, "known to the assembly");

void sk_test_execute(sk_emu_cpu *cpu, const void *code, uint64_t has_avx512);
extern const char sk_test_execute_back[];

// Loads every register but rsp from *cpu, jumps to the code, which jumps back, and stores them.
// Stack: 0 cpu, 8 scratch, 16 code, 24 has_avx512.
__asm__(
    ".text\n"
    ".globl sk_test_execute, sk_test_execute_back\n"
    ".type sk_test_execute, @function\n"
    "sk_test_execute:\n"
    "  push %rbp\n  push %rbx\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
    "  sub $40, %rsp\n"
    "  mov %rdi, (%rsp)\n  mov %rsi, 16(%rsp)\n  mov %rdx, 24(%rsp)\n"
    "  ldmxcsr 140(%rdi)\n"
    "  test %rdx, %rdx\n"
    "  jz 1f\n"
    "  .irp r,0,1,2,3,4,5,6,7\n  kmovq 144+8*\\r(%rdi), %k\\r\n  .endr\n"
    "  .irp "
    "r,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
    "  vmovdqu64 208+64*\\r(%rdi), %zmm\\r\n  .endr\n"
    "  jmp 2f\n"
    "1:\n"
    "  .irp r,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n  vmovdqu 208+64*\\r(%rdi), %ymm\\r\n  .endr\n"
    "2:\n"
    "  mov 136(%rdi), %eax\n  or $0x202, %eax\n  push %rax\n  popfq\n"
    "  mov 0(%rdi), %rax\n  mov 8(%rdi), %rcx\n  mov 16(%rdi), %rdx\n  mov 24(%rdi), %rbx\n"
    "  mov 40(%rdi), %rbp\n  mov 48(%rdi), %rsi\n"
    "  .irp r,8,9,10,11,12,13,14,15\n  mov 8*\\r(%rdi), %r\\r\n  .endr\n"
    "  mov 56(%rdi), %rdi\n"
    "  jmp *16(%rsp)\n"
    "sk_test_execute_back:\n"
    "  mov %rax, 8(%rsp)\n  mov (%rsp), %rax\n"
    "  mov %rcx, 8(%rax)\n  mov %rdx, 16(%rax)\n  mov %rbx, 24(%rax)\n  mov %rbp, 40(%rax)\n"
    "  mov %rsi, 48(%rax)\n  mov %rdi, 56(%rax)\n"
    "  .irp r,8,9,10,11,12,13,14,15\n  mov %r\\r, 8*\\r(%rax)\n  .endr\n"
    "  mov 8(%rsp), %rcx\n  mov %rcx, 0(%rax)\n"
    "  pushfq\n  pop %rcx\n  mov %ecx, 136(%rax)\n  cld\n"
    "  stmxcsr 140(%rax)\n"
    "  cmpq $0, 24(%rsp)\n"
    "  jz 3f\n"
    "  .irp r,0,1,2,3,4,5,6,7\n  kmovq %k\\r, 144+8*\\r(%rax)\n  .endr\n"
    "  .irp "
    "r,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
    "  vmovdqu64 %zmm\\r, 208+64*\\r(%rax)\n  .endr\n"
    "  jmp 4f\n"
    "3:\n"
    "  .irp r,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n  vmovdqu %ymm\\r, 208+64*\\r(%rax)\n  .endr\n"
    "4:\n"
    "  vzeroupper\n"
    "  movl $0x1f80, 8(%rsp)\n  ldmxcsr 8(%rsp)\n"
    "  add $40, %rsp\n"
    "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbx\n  pop %rbp\n"
    "  ret\n"
    ".size sk_test_execute, . - sk_test_execute\n");

static sigjmp_buf fault_jump;
static volatile sig_atomic_t fault_signal;

static volatile sig_atomic_t executing;

static void on_fault(int number) {
  if (!executing) {
    char text[256];
    fprintf(stderr, "signal %d while emulating %s\n", number, sk_emu_describe(text, sizeof text));
    signal(number, SIG_DFL);
    raise(number);
  }
  fault_signal = number;
  siglongjmp(fault_jump, 1);
}

// 0, or the signal the instruction raised.
static int execute(sk_emu_cpu *cpu, uint8_t *page, const uint8_t *bytes, unsigned length,
                   bool has_avx512) {
  memcpy(page, bytes, length);
  memcpy(page + length, "\xff\x25\0\0\0\0", 6);  // jmp *(next 8 bytes)
  uint64_t back = (uint64_t)(uintptr_t)sk_test_execute_back;
  memcpy(page + length + 6, &back, 8);
  fault_signal = 0;
  executing = 1;
  if (sigsetjmp(fault_jump, 0) == 0) {
    sk_test_execute(cpu, page, has_avx512);
  }
  executing = 0;
  _mm_setcsr(0x1f80);
  return fault_signal;
}

// --- random contents ---

static uint64_t random_state;

static uint64_t random64(void) {
  random_state += 0x9e3779b97f4a7c15u;
  uint64_t z = random_state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static unsigned below(unsigned limit) { return (unsigned)(random64() % limit); }

static uint32_t special32(void) {
  static const uint32_t values[] = {
      0,          0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000,
      0x7fc12345, 0xffc00001, 0x7f800001, 0xff923456, 0x00000001, 0x807fffff, 0x00800000,
      0x7f7fffff, 0x3f000000, 0x40200000, 0xc0200000, 0x4effffff, 0x4f000000, 0xcf000000,
      0x4f800000, 0x5f000000, 0x5f800000, 0x3fc00000, 0x40600000, 0x477ff000, 0x33000000,
      0x33800001, 0x387fe000, 0x42b40000, 0x4b000001};
  uint32_t r = (uint32_t)random64();
  switch (below(4)) {
    case 0: return values[below(sizeof values / sizeof values[0])];
    case 1: return (r & 0x807fffff) | (100 + below(56)) << 23;
    case 2: return (r & 0x80000000) | (0x3f800000 + (r & 0x0fffffff) % 0x06000000);
    default: return r;
  }
}

static uint64_t special64(void) {
  static const uint64_t values[] = {0,
                                    0x8000000000000000,
                                    0x3ff0000000000000,
                                    0xbff0000000000000,
                                    0x7ff0000000000000,
                                    0xfff0000000000000,
                                    0x7ff8000000000000,
                                    0x7ff8000012345678,
                                    0xfff800000000abcd,
                                    0x7ff0000000000001,
                                    0xfff4567800000000,
                                    1,
                                    0x800fffffffffffff,
                                    0x0010000000000000,
                                    0x7fefffffffffffff,
                                    0x3fe0000000000000,
                                    0x4004000000000000,
                                    0xc004000000000000,
                                    0x41dfffffffc00000,
                                    0x41e0000000000000,
                                    0xc1e0000000000000,
                                    0x41efffffffe00000,
                                    0x43e0000000000000,
                                    0xc3e0000000000000,
                                    0x43f0000000000000,
                                    0x47efffffefffffff,
                                    0x36a0000000000000,
                                    0x380fffffffffffff,
                                    0x4330000000000001,
                                    0x3ff8000000000000};
  uint64_t r = random64();
  switch (below(4)) {
    case 0: return values[below(sizeof values / sizeof values[0])];
    case 1: return (r & 0x800fffffffffffff) | (uint64_t)(1000 + below(60)) << 52;
    case 2: return (r & 0x800fffffffffffff) | (uint64_t)(1085 + below(4)) << 52;
    default: return r;
  }
}

// Eight bytes of one flavour: bits, floats, doubles, halves, small integers, corner integers.
static uint64_t random_lane(unsigned flavour) {
  static const uint64_t corners[] = {0,
                                     ~(uint64_t)0,
                                     0x8000000080000000,
                                     0x7fffffff7fffffff,
                                     0x8080808080808080,
                                     0x7f7f7f7f7f7f7f7f,
                                     0x80007fff80007fff,
                                     0x8000000000000000,
                                     0x7fffffffffffffff,
                                     0x00000001ffffffff};
  switch (flavour) {
    case 0: return random64();
    case 1: return special32() | (uint64_t)special32() << 32;
    case 2: return special64();
    case 3: return random64() & 0xbfffbfffbfffbfff;
    case 4: return random64() & 0x0000003f0000003f;
    default: return below(2) ? corners[below(10)] : random64();
  }
}

typedef struct fixture {
  sk_emu *emu;
  uint8_t *code;
  uint8_t *arena;  // ARENAS of ARENA bytes, one per flavour
  uint8_t *saved, *native;
  bool has_avx512;
  unsigned rounds;
  const char *only, *skip;
  unsigned sample;
  unsigned reports;
  bool silent;  // enough was said about this mnemonic
  uint64_t cases, refused;
  bool seen[ZYDIS_MNEMONIC_MAX_VALUE + 1], ran[ZYDIS_MNEMONIC_MAX_VALUE + 1];
  uint8_t reported[ZYDIS_MNEMONIC_MAX_VALUE + 1];
} fixture;

// Called in each test: cmocka puts its own handlers in place before.
static void start(fixture *f) {
  f->reports = 0;
  static const int signals[] = {SIGILL, SIGSEGV, SIGFPE, SIGBUS};
  struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; ++i) {
    sigaction(signals[i], &action, NULL);
  }
}

static void fill_arena(fixture *f) {
  for (unsigned i = 0; i < ARENAS * ARENA / 8; ++i) {
    uint64_t value = random_lane(i / (ARENA / 8));
    memcpy(f->arena + 8 * i, &value, 8);
  }
}

// Eight bytes at a time from the arena of a flavour.
static const uint8_t *random_bytes(const fixture *f, unsigned flavour) {
  return f->arena + flavour * ARENA + 8 * below((ARENA - 64) / 8);
}

static void random_cpu(const fixture *f, sk_emu_cpu *cpu) {
  unsigned flavour = below(ARENAS);
  memset(cpu, 0, sizeof *cpu);
  memcpy(cpu->gpr, random_bytes(f, below(2) ? 0 : 5), 64);
  memcpy(cpu->gpr + 8, random_bytes(f, below(2) ? 0 : 4), 64);
  unsigned registers = f->has_avx512 ? 32 : 16, bytes = f->has_avx512 ? 64 : 32;
  for (unsigned r = 0; r < registers; ++r) {
    memcpy(cpu->vec[r].u8, random_bytes(f, below(4) ? flavour : below(ARENAS)), bytes);
  }
  for (unsigned k = 0; k < 8 && f->has_avx512; ++k) {
    cpu->k[k] = below(4) ? random64() : below(2) ? ~(uint64_t)0 : 0;
  }
  cpu->gpr[SK_EMU_RSI] = (uint64_t)(uintptr_t)(f->arena + flavour * ARENA + ARENA / 2 +
                                               (below(4) ? 64 * below(16) : below(1024)));
  cpu->gpr[SK_EMU_RDI] = below(16);
  cpu->flags = (uint32_t)random64() &
               (SK_EMU_CF | SK_EMU_PF | SK_EMU_AF | SK_EMU_ZF | SK_EMU_SF | SK_EMU_OF);
  cpu->mxcsr = 0x1f80 | below(4) << 13;
}

// --- which decoded instructions are test cases ---

typedef struct subject {
  uint8_t bytes[16];
  ZydisDecodedInstruction insn;
  ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
  const sk_emu_row *row;
  bool writes_memory;
  int index_register;  // vector index, or -1
} subject;

static bool is_plain(ZydisMnemonic mnemonic) {
  static const ZydisMnemonic excluded[] = {
      ZYDIS_MNEMONIC_PUSH,    ZYDIS_MNEMONIC_POP,      ZYDIS_MNEMONIC_LEAVE,
      ZYDIS_MNEMONIC_CALL,    ZYDIS_MNEMONIC_RET,      ZYDIS_MNEMONIC_JMP,
      ZYDIS_MNEMONIC_JRCXZ,   ZYDIS_MNEMONIC_MOVSB,    ZYDIS_MNEMONIC_MOVSQ,
      ZYDIS_MNEMONIC_STOSB,   ZYDIS_MNEMONIC_STOSD,    ZYDIS_MNEMONIC_STOSQ,
      ZYDIS_MNEMONIC_STD,     ZYDIS_MNEMONIC_LDMXCSR,  ZYDIS_MNEMONIC_VLDMXCSR,
      ZYDIS_MNEMONIC_STMXCSR, ZYDIS_MNEMONIC_VSTMXCSR, ZYDIS_MNEMONIC_ENDBR64,
      ZYDIS_MNEMONIC_PAUSE  // as Zydis 4.0.0 names F3 REX.B 90, which is an xchg
  };
  for (size_t i = 0; i < sizeof excluded / sizeof excluded[0]; ++i) {
    if (mnemonic == excluded[i]) {
      return false;
    }
  }
  return true;
}

// EVEX.X must be one when the operand is a general register; processors differ on what they do else.
static bool is_odd_encoding(const subject *s) {
  if (s->insn.encoding != ZYDIS_INSTRUCTION_ENCODING_EVEX || (s->bytes[1] >> 6 & 1)) {
    return false;
  }
  for (unsigned i = 0; i < s->insn.operand_count_visible; ++i) {
    const ZydisDecodedOperand *op = &s->operands[i];
    ZydisRegisterClass class = ZydisRegisterGetClass(op->reg.value);
    if (op->type == ZYDIS_OPERAND_TYPE_REGISTER &&
        op->encoding == ZYDIS_OPERAND_ENCODING_MODRM_RM &&
        (class == ZYDIS_REGCLASS_GPR32 || class == ZYDIS_REGCLASS_GPR64)) {
      return true;
    }
  }
  return false;
}

// Memory is reached from rsi, with rdi or a vector as index; rsp is left alone.
static bool operands_fit(subject *s) {
  s->writes_memory = false;
  s->index_register = -1;
  for (unsigned i = 0; i < s->insn.operand_count; ++i) {
    const ZydisDecodedOperand *op = &s->operands[i];
    if (op->type == ZYDIS_OPERAND_TYPE_REGISTER) {
      ZydisRegister whole =
          ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, op->reg.value);
      if (whole == ZYDIS_REGISTER_RSP ||
          ZydisRegisterGetClass(op->reg.value) == ZYDIS_REGCLASS_SEGMENT) {
        return false;
      }
    }
    if (op->type != ZYDIS_OPERAND_TYPE_MEMORY) {
      continue;
    }
    s->writes_memory |= (op->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
    if (op->mem.base != ZYDIS_REGISTER_RSI || s->insn.raw.disp.size > 8 ||
        op->mem.segment == ZYDIS_REGISTER_FS || op->mem.segment == ZYDIS_REGISTER_GS) {
      return false;
    }
    if (op->mem.type == ZYDIS_MEMOP_TYPE_VSIB) {
      s->index_register = ZydisRegisterGetId(op->mem.index);
    } else if (op->mem.index != ZYDIS_REGISTER_NONE && op->mem.index != ZYDIS_REGISTER_RDI) {
      return false;
    }
  }
  return true;
}

// bt [memory], register: the register counts bits from the address, anywhere.
static bool is_bit_string(const subject *s) {
  return s->row->execute == sk_emu_x_bit_test && s->operands[0].type == ZYDIS_OPERAND_TYPE_MEMORY &&
         s->operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER;
}

static bool is_skipped(const fixture *f, const char *name) {
  const char *at = f->skip != NULL ? strstr(f->skip, name) : NULL;
  char end = at != NULL ? at[strlen(name)] : 'x';
  return end == ',' || end == '\0';
}

// scalef with its own directed rounding: see tame_rounding.
static bool is_directed_scalef(const subject *s) {
  return (s->row->vec == sk_emu_v_scalef_f32 || s->row->vec == sk_emu_v_scalef_f64) &&
         s->insn.avx.rounding.mode > ZYDIS_ROUNDING_MODE_RN;
}

static bool decode_subject(const fixture *f, subject *s) {
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  if (!ZYAN_SUCCESS(
          ZydisDecoderDecodeFull(&decoder, s->bytes, sizeof s->bytes, &s->insn, s->operands))) {
    return false;
  }
  s->row = sk_emu_find_row(s->insn.mnemonic);
  if (s->row == NULL || s->row->execute == sk_emu_x_jcc || !is_plain(s->insn.mnemonic) ||
      !operands_fit(s) || is_bit_string(s) || is_odd_encoding(s) || is_directed_scalef(s)) {
    return false;
  }
  const char *name = ZydisMnemonicGetString(s->insn.mnemonic);
  if ((f->only != NULL && strcmp(f->only, name) != 0) || is_skipped(f, name)) {
    return false;
  }
  if (name[0] == 'v' && s->insn.encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY) {
    return false;
  }
  const char *set = ZydisISASetGetString(s->insn.meta.isa_set);
  return f->has_avx512 || strncmp(set, "AVX512", 6) != 0;
}

// --- comparison ---

static bool is_approximation(ZydisMnemonic m) {
  return m == ZYDIS_MNEMONIC_VRCP14PS || m == ZYDIS_MNEMONIC_VRCP14SS ||
         m == ZYDIS_MNEMONIC_VRSQRT14PS || m == ZYDIS_MNEMONIC_VRSQRT14SS ||
         m == ZYDIS_MNEMONIC_VRCP14PD || m == ZYDIS_MNEMONIC_VRCP14SD ||
         m == ZYDIS_MNEMONIC_VRSQRT14PD || m == ZYDIS_MNEMONIC_VRSQRT14SD;
}

static bool close_enough(const sk_emu_vec *a, const sk_emu_vec *b, bool wide) {
  for (unsigned i = 0; i < (wide ? 8u : 16u); ++i) {
    double x = wide ? a->f64[i] : (double)a->f32[i], y = wide ? b->f64[i] : (double)b->f32[i];
    double limit = wide ? 0x1p511 : 0x1p62;  // beyond: of a subnormal
    bool alike = x == y || (isnan(x) && isnan(y)) || (fabs(x) > limit && fabs(y) > limit) ||
                 (fabs(x) < 1 / limit && fabs(y) < 1 / limit);
    if (!alike && !(fabs(x - y) <= 0x1.1p-13 * fabs(x))) {
      return false;
    }
  }
  return true;
}

static void print_lanes(const char *label, const sk_emu_vec *v) {
  printf("    %-8s", label);
  for (int i = 15; i >= 0; --i) {
    printf("%08x%s", v->u32[i], i % 4 == 0 ? " " : "_");
  }
  printf("\n");
}

static void print_sources(const subject *s, const sk_emu_cpu *before) {
  for (unsigned i = 0; i < s->insn.operand_count_visible; ++i) {
    const ZydisDecodedOperand *op = &s->operands[i];
    if (op->type != ZYDIS_OPERAND_TYPE_REGISTER) {
      continue;
    }
    ZydisRegisterClass class = ZydisRegisterGetClass(op->reg.value);
    const char *name = ZydisRegisterGetString(op->reg.value);
    int id = ZydisRegisterGetId(op->reg.value);
    if (class == ZYDIS_REGCLASS_XMM || class == ZYDIS_REGCLASS_YMM || class == ZYDIS_REGCLASS_ZMM) {
      print_lanes(name, &before->vec[id]);
    } else if (class == ZYDIS_REGCLASS_MASK) {
      printf("    %-8s%016llx\n", name, (unsigned long long)before->k[id]);
    } else {
      int whole = ZydisRegisterGetId(
          ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, op->reg.value));
      printf("    %-8s%016llx\n", name, (unsigned long long)before->gpr[whole & 15]);
    }
  }
}

SK_PRINTF(4, 5)
static void report(fixture *f, const subject *s, const sk_emu_cpu *before, const char *format,
                   ...) {
  f->reports += 1;
  f->silent = f->reported[s->insn.mnemonic] == MAX_REPORTS;
  if (f->silent) {
    return;
  }
  f->reported[s->insn.mnemonic] += 1;
  char text[256];
  sk_emu_disassemble((uint64_t)(uintptr_t)s->bytes, text, sizeof text);
  printf("%s\n  ", text);
  va_list list;
  va_start(list, format);
  vprintf(format, list);
  va_end(list);
  printf("  flags %03x mxcsr %04x, before:\n", before->flags, before->mxcsr);
  print_sources(s, before);
}

static void compare(fixture *f, const subject *s, const sk_emu_cpu *before,
                    const sk_emu_cpu *native, const sk_emu_cpu *emulated) {
  const uint32_t arithmetic =
      SK_EMU_CF | SK_EMU_PF | SK_EMU_AF | SK_EMU_ZF | SK_EMU_SF | SK_EMU_OF | SK_EMU_DF;
  uint32_t undefined = s->insn.cpu_flags != NULL ? s->insn.cpu_flags->undefined : 0;
  uint32_t flags = (native->flags ^ emulated->flags) & arithmetic & ~undefined;
  if (flags != 0) {
    report(f, s, before, "flags %03x on the processor, %03x emulated\n", native->flags & arithmetic,
           emulated->flags);
  }
  for (unsigned r = 0; r < 16; ++r) {
    if (r != SK_EMU_RSP && native->gpr[r] != emulated->gpr[r]) {
      report(f, s, before, "gpr %u: %016llx on the processor, %016llx emulated\n", r,
             (unsigned long long)native->gpr[r], (unsigned long long)emulated->gpr[r]);
    }
  }
  for (unsigned k = 0; k < 8; ++k) {
    if (native->k[k] != emulated->k[k]) {
      report(f, s, before, "k%u: %016llx on the processor, %016llx emulated\n", k,
             (unsigned long long)native->k[k], (unsigned long long)emulated->k[k]);
    }
  }
  for (unsigned r = 0; r < 32; ++r) {
    bool same = is_approximation(s->insn.mnemonic)
                    ? close_enough(&native->vec[r], &emulated->vec[r], s->row->out_bytes == 8)
                    : memcmp(&native->vec[r], &emulated->vec[r], 64) == 0;
    if (!same) {
      report(f, s, before, "vector %u:\n", r);
      if (!f->silent) {
        print_lanes("real", &native->vec[r]);
        print_lanes("emulated", &emulated->vec[r]);
      }
    }
  }
}

// Indices stay within the arena.
static void tame_index(const subject *s, sk_emu_cpu *cpu) {
  sk_emu_vec *index = &cpu->vec[s->index_register];
  for (unsigned i = 0; i < 16; ++i) {
    if (s->row->in_bytes == 4) {
      index->s32[i] = index->s32[i] % 512;
    } else if (i < 8) {
      index->s64[i] = index->s64[i] % 512;
    }
  }
}

// With {sae} alone the length bits have no meaning, but some implementations take them for a rounding
// mode: with the same mode in MXCSR both readings agree.
static void tame_rounding(const subject *s, sk_emu_cpu *cpu) {
  if (s->insn.avx.has_sae && s->insn.avx.rounding.mode == ZYDIS_ROUNDING_MODE_INVALID) {
    unsigned length = (unsigned)(s->insn.raw.evex.L2 << 1 | s->insn.raw.evex.L);
    cpu->mxcsr = 0x1f80 | length << 13;
  }
  if (s->row->vec == sk_emu_v_scalef_f32 || s->row->vec == sk_emu_v_scalef_f64) {
    cpu->mxcsr = 0x1f80;  // Bochs takes far underflow for zero in every mode
  }
}

static void run_case(fixture *f, const subject *s) {
  sk_emu_cpu before, native, emulated;
  random_cpu(f, &before);
  tame_rounding(s, &before);
  if (s->index_register >= 0) {
    tame_index(s, &before);
    memset((uint8_t *)&before.vec[s->index_register] + (f->has_avx512 ? 64 : 32), 0,
           f->has_avx512 ? 0 : 32);
  }
  native = before;
  uint8_t *arena = f->arena;
  size_t arena_bytes = (size_t)ARENAS * ARENA;
  if (s->writes_memory) {
    size_t which = (size_t)(before.gpr[SK_EMU_RSI] - (uint64_t)(uintptr_t)arena) / ARENA;
    arena += which * ARENA;
    arena_bytes = ARENA;
    memcpy(f->saved, arena, arena_bytes);
  }
  int signal_number = execute(&native, f->code, s->bytes, s->insn.length, f->has_avx512);
  if (s->writes_memory) {
    memcpy(f->native, arena, arena_bytes);
    memcpy(arena, f->saved, arena_bytes);
  }
  emulated = before;
  emulated.rip = (uint64_t)(uintptr_t)f->code;
  sk_emu_result result = {0};
  sk_emu_forget(f->emu);
  int status = sk_emu_step(f->emu, &emulated, &result);
  f->cases += 1;
  f->seen[s->insn.mnemonic] = true;
  f->ran[s->insn.mnemonic] |= signal_number == 0;
  bool undefined = status != 0 && strstr(result.error, "undefined") != NULL;
  // The emulator wants alignment even of a move whose mask is empty.
  undefined |= status != 0 && signal_number == 0 && strstr(result.error, "not aligned") != NULL &&
               s->insn.avx.mask.reg > ZYDIS_REGISTER_K0;
  if (signal_number == SIGILL || undefined) {
    f->refused += signal_number == SIGILL && !undefined;
    return;
  }
  if ((signal_number != 0) != (status != 0)) {
    report(f, s, &before, "signal %d on the processor, emulated: %s\n", signal_number,
           status != 0 ? result.error : "no error");
  } else if (status == 0) {
    compare(f, s, &before, &native, &emulated);
    if (s->writes_memory && memcmp(arena, f->native, arena_bytes) != 0) {
      report(f, s, &before, "memory differs\n");
    }
  }
  if (s->writes_memory) {
    memcpy(arena, f->saved, arena_bytes);
  }
}

static void try_bytes(fixture *f, const uint8_t *bytes, unsigned length) {
  if (f->sample > 1 && below(f->sample) != 0) {
    return;
  }
  subject s;
  memcpy(s.bytes, bytes, length);
  for (unsigned i = length; i < sizeof s.bytes; ++i) {
    s.bytes[i] = (uint8_t)random64();
  }
  if (decode_subject(f, &s)) {
    for (unsigned i = 0; i < f->rounds; ++i) {
      run_case(f, &s);
    }
  }
}

// --- enumeration ---

enum form { FORM_REGISTER, FORM_BASE, FORM_INDEX, FORMS };

// modrm and what follows: a register; [rsi + disp8]; [rsi + index * scale + disp8].
static unsigned put_operand(uint8_t *out, enum form form, bool vector_index) {
  uint8_t reg = (uint8_t)(below(8) << 3);
  switch (form) {
    case FORM_REGISTER: out[0] = (uint8_t)(0xc0 | reg | below(8)); return 1;
    case FORM_BASE:
      out[0] = 0x46 | reg;
      out[1] = (uint8_t)(below(3) ? below(4) : below(256));
      return 2;
    default:
      out[0] = 0x44 | reg;
      out[1] = (uint8_t)(below(4) << 6 | (vector_index ? below(8) : 7) << 3 | 6);
      out[2] = (uint8_t)below(256);
      return 3;
  }
}

// Each form once for each of eight ways to use the other fields; the rest are register forms, which
// have the most fields that an encoding may forbid.
enum { ATTEMPTS = 40 };
static enum form form_of(unsigned attempt) {
  return attempt < 24 ? (enum form)(attempt / 8) : FORM_REGISTER;
}

static unsigned random_bit(void) { return below(2); }

static void try_vex(fixture *f, unsigned map, unsigned pp, unsigned w, unsigned l, unsigned opcode,
                    enum form form, bool use_v) {
  uint8_t b[8] = {0xc4};
  bool memory = form != FORM_REGISTER;
  unsigned r = random_bit(), x = memory ? 1 : random_bit(), base = memory ? 1 : random_bit();
  b[1] = (uint8_t)(r << 7 | x << 6 | base << 5 | map);
  b[2] = (uint8_t)(w << 7 | (use_v ? below(16) : 15) << 3 | l << 2 | pp);
  b[3] = (uint8_t)opcode;
  try_bytes(f, b, 4 + put_operand(b + 4, form, random_bit()));
}

static void test_vex(void **state) {
  fixture *f = *state;
  start(f);
  for (unsigned map = 1; map <= 3; ++map) {
    for (unsigned i = 0; i < 256 * 16; ++i) {
      for (unsigned attempt = 0; attempt < ATTEMPTS; ++attempt) {
        try_vex(f, map, i & 3, i >> 2 & 1, i >> 3 & 1, i >> 4, form_of(attempt), attempt & 1);
      }
    }
  }
  assert_int_equal(f->reports, 0);
}

static void try_evex(fixture *f, unsigned map, unsigned pp, unsigned w, unsigned ll, unsigned bc,
                     unsigned opcode, enum form form, bool use_v, bool use_k, bool zero) {
  uint8_t b[9] = {0x62};
  bool memory = form != FORM_REGISTER;
  unsigned x = memory ? 1 : random_bit(), base = memory ? 1 : random_bit();
  unsigned k = use_k ? 1 + below(7) : 0;
  unsigned high_v = use_v ? random_bit() : 1;
  b[1] = (uint8_t)(random_bit() << 7 | x << 6 | base << 5 | random_bit() << 4 | map);
  b[2] = (uint8_t)(w << 7 | (use_v ? below(16) : 15) << 3 | 4 | pp);
  b[3] = (uint8_t)((unsigned)(use_k && zero) << 7 | ll << 5 | bc << 4 | high_v << 3 | k);
  b[4] = (uint8_t)opcode;
  try_bytes(f, b, 5 + put_operand(b + 5, form, random_bit()));
}

static void test_evex(void **state) {
  fixture *f = *state;
  if (!f->has_avx512) {
    skip();
  }
  start(f);
  for (unsigned map = 1; map <= 3; ++map) {
    for (unsigned i = 0; i < 256 * 64; ++i) {
      for (unsigned attempt = 0; attempt < ATTEMPTS; ++attempt) {
        try_evex(f, map, i & 3, i >> 2 & 1, i >> 3 & 3, i >> 5 & 1, i >> 6, form_of(attempt),
                 attempt & 1, attempt & 2, attempt & 4);
      }
    }
  }
  assert_int_equal(f->reports, 0);
}

static void try_legacy(fixture *f, unsigned opcode, bool two_bytes, unsigned prefix, unsigned rex,
                       enum form form) {
  static const uint8_t prefixes[] = {0, 0x66, 0xf3, 0xf2};
  uint8_t b[10];
  unsigned n = 0;
  if (prefix != 0) {
    b[n++] = prefixes[prefix];
  }
  if (rex != 0) {
    unsigned extend = form == FORM_REGISTER ? below(8) & 5 : below(2) << 2;
    b[n++] = (uint8_t)(0x40 | (rex == 2 ? 8 : 0) | extend);
  }
  if (two_bytes) {
    b[n++] = 0x0f;
  }
  b[n++] = (uint8_t)opcode;
  n += put_operand(b + n, form, false);
  try_bytes(f, b, n);
}

static void test_legacy(void **state) {
  fixture *f = *state;
  start(f);
  for (unsigned i = 0; i < 512 * 4 * 3; ++i) {
    for (unsigned form = 0; form < FORMS * 24; ++form) {
      try_legacy(f, i & 255, i >> 8 & 1, i >> 9 & 3, i >> 11, form % FORMS);
    }
  }
  // The three-byte map holds movbe.
  for (unsigned i = 0; i < 4 * 3 * 64; ++i) {
    uint8_t b[10];
    static const uint8_t prefixes[] = {0x66, 0xf3, 0x48, 0x40};
    unsigned n = 0;
    b[n++] = prefixes[i & 3];
    b[n++] = random_bit() ? 0x48 : 0x44;
    b[n++] = 0x0f;
    b[n++] = 0x38;
    b[n++] = (uint8_t)(0xf0 + random_bit());
    n += put_operand(b + n, i % FORMS, false);
    try_bytes(f, b, n);
  }
  assert_int_equal(f->reports, 0);
}

// Nothing of the table was left out but what this test cannot run.
static void test_coverage(void **state) {
  fixture *f = *state;
  if (f->only != NULL) {
    skip();
  }
  unsigned missing = 0, refused = 0;
  for (unsigned m = 0; m <= ZYDIS_MNEMONIC_MAX_VALUE; ++m) {
    const sk_emu_row *row = sk_emu_find_row(m);
    if (row == NULL || row->execute == sk_emu_x_jcc || !is_plain(m) ||
        is_skipped(f, ZydisMnemonicGetString(m))) {
      continue;
    }
    missing += !f->seen[m];
    refused += f->seen[m] && !f->ran[m];
    if ((!f->ran[m] && getenv("SK_EMU_VERBOSE") != NULL) || (!f->seen[m] && f->has_avx512)) {
      printf("not executed: %s%s\n", ZydisMnemonicGetString(m), f->seen[m] ? " (refused)" : "");
    }
  }
  printf("%llu cases, %llu refused by this processor (%u mnemonics); AVX-512 %s, %u mnemonics not "
         "reached\n",
         (unsigned long long)f->cases, (unsigned long long)f->refused, refused,
         f->has_avx512 ? "compared" : "absent", missing);
  if (f->has_avx512) {
    assert_int_equal(missing, 0);
  }
}

static int set_up(void **state) {
  static fixture f;
  static const sk_emu_options options = {.features = SK_EMU_VNNI | SK_EMU_BF16 | SK_EMU_POPCNTDQ};
  const char *seed = getenv("SK_EMU_SEED"), *rounds = getenv("SK_EMU_ROUNDS");
  random_state = seed != NULL ? strtoull(seed, NULL, 0) : 1;
  printf("seed %llu\n", (unsigned long long)random_state);
  f.rounds = rounds != NULL ? (unsigned)atoi(rounds) : 2;
  f.only = getenv("SK_EMU_ONLY");
  f.skip = getenv("SK_EMU_SKIP");
  const char *sample = getenv("SK_EMU_SAMPLE");
  f.sample = sample != NULL ? (unsigned)atoi(sample) : 1;
  f.has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                 __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  f.emu = sk_emu_create(&options);
  f.code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  f.arena = aligned_alloc(64, (size_t)ARENAS * ARENA);
  f.saved = malloc(ARENA);
  f.native = malloc(ARENA);
  if (f.emu == NULL || f.code == MAP_FAILED || f.arena == NULL || f.saved == NULL ||
      f.native == NULL) {
    return -1;
  }
  fill_arena(&f);
  *state = &f;
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  sk_emu_destroy(f->emu);
  munmap(f->code, 4096);
  free(f->arena);
  free(f->saved);
  free(f->native);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_vex),
      cmocka_unit_test(test_evex),
      cmocka_unit_test(test_legacy),
      cmocka_unit_test(test_coverage),
  };
  return cmocka_run_group_tests_name("emu", tests, set_up, tear_down);
}
