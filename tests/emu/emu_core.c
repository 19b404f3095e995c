// SPDX-License-Identifier: Apache-2.0
// The run loop: fetch from the cache of decoded instructions, execute, leave the code ranges for
// native functions, and the call wrapper with its checks.
//
// Registers that hold nothing defined are filled with NaN patterns from a fixed generator,
// so code that relies on them fails the same way every time: before an invocation all but the
// arguments, after a native call everything the callee may have changed, the upper parts of vector
// registers, zmm16-31 and the k registers included.

#include "emu/emu_int.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xmmintrin.h>

enum { PAGE = 4096, DEFAULT_STACK = 1 << 20, MXCSR_CONTROL = 0xffc0 };

static const uint64_t STOP_ADDRESS = 0x5afe0ddba11;  // never code: what `entry` returns to

static _Thread_local const sk_emu *running;

void sk_emu_fail(sk_emu *emu, const char *format, ...) {
  if (emu->failed) {
    return;
  }
  emu->failed = true;
  char message[256];
  va_list list;
  va_start(list, format);
  vsnprintf(message, sizeof message, format, list);
  va_end(list);
  snprintf(emu->result->error, sizeof emu->result->error, "%s", message);
}

const char *sk_emu_describe(char *buffer, size_t bytes) {
  buffer[0] = '\0';
  if (running != NULL) {
    sk_emu_disassemble(running->at, buffer, bytes);
  }
  return buffer;
}

uint64_t sk_emu_garbage(sk_emu *emu) {
  emu->garbage += 0x9e3779b97f4a7c15u;
  uint64_t z = emu->garbage;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  return z ^ (z >> 31);
}

void sk_emu_poison_vectors(sk_emu *emu) {
  for (unsigned r = 0; r < 32; ++r) {
    for (unsigned i = 0; i < 8; ++i) {
      emu->cpu->vec[r].u64[i] = (sk_emu_garbage(emu) & 0x000fffff000fffffu) | 0x7ff010007f801000u;
    }
  }
  for (unsigned k = 0; k < 8; ++k) {
    emu->cpu->k[k] = sk_emu_garbage(emu);
  }
}

sk_emu *sk_emu_create(const sk_emu_options *options) {
  sk_emu *emu = calloc(1, sizeof *emu);
  sk_emu_insn *cache = calloc(SK_EMU_CACHE, sizeof *cache);
  size_t stack = options->stack_bytes != 0 ? options->stack_bytes : DEFAULT_STACK;
  stack = (stack + PAGE - 1) / PAGE * PAGE + 2 * PAGE;
  char *map = mmap(NULL, stack, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (emu == NULL || cache == NULL || map == MAP_FAILED ||
      mprotect(map + PAGE, stack - 2 * PAGE, PROT_READ | PROT_WRITE) != 0) {
    if (map != MAP_FAILED) {
      munmap(map, stack);
    }
    free(cache);
    free(emu);
    return NULL;
  }
  emu->options = *options;
  emu->cache = cache;
  emu->stack = map;
  emu->stack_bytes = stack;
  emu->generation = 1;
  return emu;
}

void sk_emu_destroy(sk_emu *emu) {
  if (emu != NULL) {
    munmap(emu->stack, emu->stack_bytes);
    free(emu->cache);
    free(emu);
  }
}

void sk_emu_forget(sk_emu *emu) { ++emu->generation; }

void sk_emu_abandon(sk_emu *emu) {
  if (running == emu) {
    running = NULL;
  }
}

void sk_emu_set_ranges(sk_emu *emu, const sk_emu_range *ranges, size_t count) {
  emu->options.ranges = ranges;
  emu->options.range_count = count;
}

static bool is_code(const sk_emu *emu, uint64_t address) {
  for (size_t i = 0; i < emu->options.range_count; ++i) {
    if (address - (uint64_t)(uintptr_t)emu->options.ranges[i].begin <
        emu->options.ranges[i].bytes) {
      return true;
    }
  }
  return false;
}

// Whether code forgot vzeroupper: any bit above the low 128 of registers 0-15.
static bool upper_is_dirty(const sk_emu_cpu *cpu) {
  for (unsigned r = 0; r < 16; ++r) {
    for (unsigned i = 2; i < 8; ++i) {
      if (cpu->vec[r].u64[i] != 0) {
        return true;
      }
    }
  }
  return false;
}

static void leave_for_native(sk_emu *emu, uint64_t target) {
  static const uint8_t clobbered[] = {SK_EMU_RCX, SK_EMU_RSI, SK_EMU_RDI, 8, 9, 10, 11};
  sk_emu_cpu *cpu = emu->cpu;
  if ((cpu->gpr[SK_EMU_RSP] & 15) != 8) {
    sk_emu_fail(emu, "stack not aligned to 16 bytes at the call of %#llx",
                (unsigned long long)target);
    return;
  }
  if (cpu->flags & SK_EMU_DF) {
    sk_emu_fail(emu, "direction flag set at the call of %#llx", (unsigned long long)target);
    return;
  }
  emu->result->native_calls += 1;
  emu->result->dirty_upper += upper_is_dirty(cpu);
  uint64_t back = sk_emu_read_memory(cpu->gpr[SK_EMU_RSP], 8);
  const sk_emu *outer = running;
  sk_emu_call_native(cpu, target);
  running = outer;
  cpu->rip = back;
  cpu->gpr[SK_EMU_RSP] += 8;
  sk_emu_vec low[2] = {cpu->vec[0], cpu->vec[1]};
  sk_emu_poison_vectors(emu);
  memcpy(cpu->vec[0].u8, low[0].u8, 16);
  memcpy(cpu->vec[1].u8, low[1].u8, 16);
  for (size_t i = 0; i < sizeof clobbered; ++i) {
    cpu->gpr[clobbered[i]] = sk_emu_garbage(emu);
  }
  cpu->flags = (uint32_t)sk_emu_garbage(emu) &
               (SK_EMU_CF | SK_EMU_PF | SK_EMU_AF | SK_EMU_ZF | SK_EMU_SF | SK_EMU_OF);
}

// NULL: not in the code ranges (unless `anywhere`), or emu->failed.
static const sk_emu_insn *fetch(sk_emu *emu, uint64_t address, bool anywhere) {
  sk_emu_insn *slot = &emu->cache[(address ^ address >> 12) % SK_EMU_CACHE];
  if (slot->address == address && slot->generation == emu->generation &&
      memcmp(slot->bytes, (const void *)(uintptr_t)address, slot->length) == 0) {
    return slot;
  }
  if (!anywhere && !is_code(emu, address)) {
    return NULL;
  }
  emu->at = address;
  return sk_emu_decode(emu, address, slot) ? slot : NULL;
}

static void execute(sk_emu *emu, const sk_emu_insn *insn) {
  emu->at = insn->address;
  if (emu->options.trace != NULL) {
    char text[256];
    sk_emu_disassemble(insn->address, text, sizeof text);
    fprintf(emu->options.trace, "%s\n", text);
  }
  emu->cpu->rip = insn->address + insn->length;
  emu->result->instructions += 1;
  emu->result->vector_instructions += insn->vector_bytes != 0;
  insn->execute(emu, insn);
}

static void begin(sk_emu *emu, sk_emu_cpu *cpu, sk_emu_result *result) {
  emu->cpu = cpu;
  emu->result = result;
  emu->failed = false;
  result->error[0] = '\0';
  running = emu;
}

// Adds address, bytes and disassembly to the message.
static int finish(sk_emu *emu, const sk_emu *outer) {
  running = outer;
  if (!emu->failed) {
    return 0;
  }
  char text[256];
  sk_emu_disassemble(emu->at, text, sizeof text);
  size_t used = strlen(emu->result->error);
  snprintf(emu->result->error + used, sizeof emu->result->error - used, " at %s", text);
  return -1;
}

int sk_emu_run(sk_emu *emu, sk_emu_cpu *cpu, uint64_t stop, sk_emu_result *result) {
  const sk_emu *outer = running;
  unsigned host_mxcsr = _mm_getcsr();
  begin(emu, cpu, result);
  emu->at = cpu->rip;
  _mm_setcsr(cpu->mxcsr);
  uint64_t limit = emu->options.max_instructions;
  limit = limit != 0 ? limit + result->instructions : UINT64_MAX;
  while (!emu->failed && cpu->rip != stop) {
    const sk_emu_insn *insn = fetch(emu, cpu->rip, false);
    if (insn != NULL && result->instructions < limit) {
      execute(emu, insn);
    } else if (insn != NULL) {
      sk_emu_fail(emu, "instruction limit reached");
    } else if (!emu->failed) {
      leave_for_native(emu, cpu->rip);
    }
  }
  cpu->mxcsr = _mm_getcsr();
  _mm_setcsr(host_mxcsr);
  return finish(emu, outer);
}

int sk_emu_step(sk_emu *emu, sk_emu_cpu *cpu, sk_emu_result *result) {
  const sk_emu *outer = running;
  unsigned host_mxcsr = _mm_getcsr();
  begin(emu, cpu, result);
  emu->at = cpu->rip;
  _mm_setcsr(cpu->mxcsr);
  const sk_emu_insn *insn = fetch(emu, cpu->rip, true);
  if (insn != NULL) {
    execute(emu, insn);
  }
  cpu->mxcsr = _mm_getcsr();
  _mm_setcsr(host_mxcsr);
  return finish(emu, outer);
}

static const uint8_t callee_saved[] = {SK_EMU_RBX, SK_EMU_RBP, 12, 13, 14, 15};

static void prepare(sk_emu *emu, sk_emu_cpu *cpu, const void *entry, const uint64_t args[6]) {
  static const uint8_t argument[] = {SK_EMU_RDI, SK_EMU_RSI, SK_EMU_RDX, SK_EMU_RCX, 8, 9};
  sk_emu_poison_vectors(emu);
  for (unsigned r = 0; r < 16; ++r) {
    for (unsigned i = 2; i < 8; ++i) {
      cpu->vec[r].u64[i] = 0;  // the caller did vzeroupper
    }
    cpu->gpr[r] = sk_emu_garbage(emu);
  }
  for (unsigned i = 0; i < 6; ++i) {
    cpu->gpr[argument[i]] = args[i];
  }
  uint64_t top = (uint64_t)(uintptr_t)(emu->stack + emu->stack_bytes - PAGE) - 64;
  cpu->gpr[SK_EMU_RSP] = top - 8;
  sk_emu_write_memory(top - 8, STOP_ADDRESS, 8);
  cpu->rip = (uint64_t)(uintptr_t)entry;
  cpu->mxcsr = 0x1f80;
}

static void check_return(sk_emu *emu, const sk_emu_cpu *cpu, const sk_emu_cpu *before) {
  static const char *const names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                      "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
  for (size_t i = 0; i < sizeof callee_saved; ++i) {
    unsigned r = callee_saved[i];
    if (cpu->gpr[r] != before->gpr[r]) {
      sk_emu_fail(emu, "%s not preserved, returned", names[r]);
    }
  }
  if (cpu->gpr[SK_EMU_RSP] != before->gpr[SK_EMU_RSP] + 8) {
    sk_emu_fail(emu, "rsp off by %lld, returned",
                (long long)(cpu->gpr[SK_EMU_RSP] - before->gpr[SK_EMU_RSP] - 8));
  }
  if ((cpu->mxcsr & MXCSR_CONTROL) != (before->mxcsr & MXCSR_CONTROL)) {
    sk_emu_fail(emu, "MXCSR changed from %#x to %#x, returned", before->mxcsr, cpu->mxcsr);
  }
  if (cpu->flags & SK_EMU_DF) {
    sk_emu_fail(emu, "direction flag set, returned");
  }
}

int sk_emu_invoke(sk_emu *emu, const void *entry, const uint64_t args[6], sk_emu_result *result) {
  static const sk_emu_cpu zero;
  sk_emu_cpu cpu = zero;
  memset(result, 0, sizeof *result);
  sk_emu_forget(emu);
  emu->cpu = &cpu;
  emu->garbage = 0;
  prepare(emu, &cpu, entry, args);
  sk_emu_cpu before = cpu;
  if (sk_emu_run(emu, &cpu, STOP_ADDRESS, result) != 0) {
    return -1;
  }
  result->rax = cpu.gpr[SK_EMU_RAX];
  result->xmm0 = cpu.vec[0].f64[0];
  result->dirty_upper += upper_is_dirty(&cpu);
  check_return(emu, &cpu, &before);
  return finish(emu, running);
}

int sk_emu_call(const void *entry, const uint64_t args[6], const sk_emu_options *options,
                sk_emu_result *result) {
  sk_emu *emu = sk_emu_create(options);
  if (emu == NULL) {
    memset(result, 0, sizeof *result);
    snprintf(result->error, sizeof result->error, "out of memory");
    return -1;
  }
  int status = sk_emu_invoke(emu, entry, args, result);
  sk_emu_destroy(emu);
  return status;
}
