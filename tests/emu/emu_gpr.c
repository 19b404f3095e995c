// SPDX-License-Identifier: Apache-2.0
// Integer instructions, jumps and the stack: operands, effective addresses, and flags as in Intel's
// manual, volume 2. Flags that the manual leaves undefined have no promised value here.

#include "emu/emu_int.h"

#include <string.h>

enum { ARITHMETIC_FLAGS = SK_EMU_CF | SK_EMU_PF | SK_EMU_AF | SK_EMU_ZF | SK_EMU_SF | SK_EMU_OF };

__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 i128;

// --- operands ---

uint64_t sk_emu_address(const sk_emu *emu, const sk_emu_operand *op) {
  uint64_t address = (uint64_t)op->value;
  if (op->base != SK_EMU_NO_REG) {
    address += emu->cpu->gpr[op->base];
  }
  if (op->index != SK_EMU_NO_REG && !op->vector_index) {
    address += emu->cpu->gpr[op->index] * op->scale;
  }
  return address;
}

uint64_t sk_emu_read_memory(uint64_t address, unsigned bytes) {
  uint64_t value = 0;
  memcpy(&value, (const void *)(uintptr_t)address, bytes);
  return value;
}

void sk_emu_write_memory(uint64_t address, uint64_t value, unsigned bytes) {
  memcpy((void *)(uintptr_t)address, &value, bytes);
}

static uint64_t truncate(uint64_t value, unsigned bytes) {
  return bytes >= 8 ? value : value & (((uint64_t)1 << (8 * bytes)) - 1);
}

static int64_t sign_extend(uint64_t value, unsigned bytes) {
  unsigned shift = 64 - 8 * bytes;
  return (int64_t)(value << shift) >> shift;
}

static bool sign_of(uint64_t value, unsigned bytes) { return value >> (8 * bytes - 1) & 1; }

uint64_t sk_emu_get(const sk_emu *emu, const sk_emu_operand *op) {
  switch ((sk_emu_kind)op->kind) {
    case SK_EMU_GPR: return truncate(emu->cpu->gpr[op->reg] >> (op->high_byte ? 8 : 0), op->bytes);
    case SK_EMU_MEM: return sk_emu_read_memory(sk_emu_address(emu, op), op->bytes);
    case SK_EMU_IMM: return (uint64_t)op->value;
    case SK_EMU_MASK: return emu->cpu->k[op->reg];
    case SK_EMU_VEC: return emu->cpu->vec[op->reg].u64[0];
    case SK_EMU_NONE: break;
  }
  return 0;
}

void sk_emu_set(sk_emu *emu, const sk_emu_operand *op, uint64_t value) {
  if (op->kind == SK_EMU_MEM) {
    sk_emu_write_memory(sk_emu_address(emu, op), value, op->bytes);
    return;
  }
  uint64_t *reg = &emu->cpu->gpr[op->reg];
  if (op->bytes >= 4) {
    *reg = truncate(value, op->bytes);
  } else {
    unsigned shift = op->high_byte ? 8 : 0;
    uint64_t field = truncate(~(uint64_t)0, op->bytes) << shift;
    *reg = (*reg & ~field) | (value << shift & field);
  }
}

// --- flags ---

static void set_flag(sk_emu *emu, uint32_t flag, bool on) {
  emu->cpu->flags = (emu->cpu->flags & ~flag) | (on ? flag : 0);
}

static bool flag(const sk_emu *emu, uint32_t which) { return (emu->cpu->flags & which) != 0; }

static void set_result_flags(sk_emu *emu, uint64_t result, unsigned bytes) {
  result = truncate(result, bytes);
  set_flag(emu, SK_EMU_ZF, result == 0);
  set_flag(emu, SK_EMU_SF, sign_of(result, bytes));
  set_flag(emu, SK_EMU_PF, !(__builtin_popcount((unsigned)result & 0xff) & 1));
}

static uint64_t add_with_flags(sk_emu *emu, uint64_t a, uint64_t b, bool carry, unsigned bytes) {
  a = truncate(a, bytes);
  b = truncate(b, bytes);
  u128 wide = (u128)a + b + carry;
  uint64_t result = truncate((uint64_t)wide, bytes);
  set_flag(emu, SK_EMU_CF, (wide >> (8 * bytes)) != 0);
  set_flag(emu, SK_EMU_OF, sign_of((a ^ result) & (b ^ result), bytes));
  set_flag(emu, SK_EMU_AF, (a ^ b ^ result) >> 4 & 1);
  set_result_flags(emu, result, bytes);
  return result;
}

static uint64_t sub_with_flags(sk_emu *emu, uint64_t a, uint64_t b, bool borrow, unsigned bytes) {
  uint64_t result = add_with_flags(emu, a, ~b, !borrow, bytes);
  emu->cpu->flags ^= SK_EMU_CF | SK_EMU_AF;
  return result;
}

static uint64_t logic_with_flags(sk_emu *emu, uint64_t result, unsigned bytes) {
  emu->cpu->flags &= ~(uint32_t)(SK_EMU_CF | SK_EMU_OF | SK_EMU_AF);
  set_result_flags(emu, result, bytes);
  return result;
}

static bool condition(const sk_emu *emu, unsigned code) {
  bool less = flag(emu, SK_EMU_SF) != flag(emu, SK_EMU_OF);
  bool holds = false;
  switch (code >> 1) {
    case 0: holds = flag(emu, SK_EMU_OF); break;
    case 1: holds = flag(emu, SK_EMU_CF); break;
    case 2: holds = flag(emu, SK_EMU_ZF); break;
    case 3: holds = flag(emu, SK_EMU_CF | SK_EMU_ZF); break;
    case 4: holds = flag(emu, SK_EMU_SF); break;
    case 5: holds = flag(emu, SK_EMU_PF); break;
    case 6: holds = less; break;
    case 7: holds = less || flag(emu, SK_EMU_ZF); break;
    default: break;
  }
  return holds != (code & 1);
}

// --- moves ---

void sk_emu_x_nop(sk_emu *emu, const sk_emu_insn *insn) { (void)emu, (void)insn; }

void sk_emu_x_mov(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_set(emu, &insn->op[0], sk_emu_get(emu, &insn->op[1]));
}

void sk_emu_x_movsx(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t value = sk_emu_get(emu, &insn->op[1]);
  sk_emu_set(emu, &insn->op[0], (uint64_t)sign_extend(value, insn->op[1].bytes));
}

static uint64_t swap_bytes(uint64_t value, unsigned bytes) {
  return __builtin_bswap64(value) >> (64 - 8 * bytes);
}

void sk_emu_x_movbe(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t value = sk_emu_get(emu, &insn->op[1]);
  sk_emu_set(emu, &insn->op[0], swap_bytes(value, insn->op[0].bytes));
}

void sk_emu_x_bswap(sk_emu *emu, const sk_emu_insn *insn) {
  if (insn->op[0].bytes < 4) {
    sk_emu_fail(emu, "bswap of 16 bits is undefined");
    return;
  }
  uint64_t value = sk_emu_get(emu, &insn->op[0]);
  sk_emu_set(emu, &insn->op[0], swap_bytes(value, insn->op[0].bytes));
}

void sk_emu_x_lea(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_set(emu, &insn->op[0], sk_emu_address(emu, &insn->op[1]));
}

void sk_emu_x_xchg(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t a = sk_emu_get(emu, &insn->op[0]);
  uint64_t b = sk_emu_get(emu, &insn->op[1]);
  if (insn->op[0].kind == SK_EMU_MEM) {  // the register last: it may be part of the address
    sk_emu_set(emu, &insn->op[0], b);
    sk_emu_set(emu, &insn->op[1], a);
  } else {
    sk_emu_set(emu, &insn->op[1], a);
    sk_emu_set(emu, &insn->op[0], b);
  }
}

void sk_emu_x_cmov(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t value = sk_emu_get(emu, &insn->op[1]);
  bool take = condition(emu, insn->row->aux);
  sk_emu_set(emu, &insn->op[0], take ? value : sk_emu_get(emu, &insn->op[0]));
}

void sk_emu_x_setcc(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_set(emu, &insn->op[0], condition(emu, insn->row->aux));
}

void sk_emu_x_extend(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned from = insn->row->aux;
  sk_emu_operand rax = {.kind = SK_EMU_GPR, .bytes = (uint8_t)(2 * from), .reg = SK_EMU_RAX};
  sk_emu_set(emu, &rax, (uint64_t)sign_extend(emu->cpu->gpr[SK_EMU_RAX], from));
}

void sk_emu_x_extend_pair(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->row->aux;
  sk_emu_operand rdx = {.kind = SK_EMU_GPR, .bytes = (uint8_t)bytes, .reg = SK_EMU_RDX};
  bool negative = sign_of(truncate(emu->cpu->gpr[SK_EMU_RAX], bytes), bytes);
  sk_emu_set(emu, &rdx, negative ? ~(uint64_t)0 : 0);
}

// --- arithmetic ---

void sk_emu_x_alu(sk_emu *emu, const sk_emu_insn *insn) {
  enum { ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST };
  unsigned bytes = insn->op[0].bytes;
  uint64_t a = sk_emu_get(emu, &insn->op[0]);
  uint64_t b = sk_emu_get(emu, &insn->op[1]);
  bool carry = flag(emu, SK_EMU_CF);
  uint64_t result = 0;
  switch (insn->row->aux) {
    case ADD: result = add_with_flags(emu, a, b, false, bytes); break;
    case ADC: result = add_with_flags(emu, a, b, carry, bytes); break;
    case SUB: result = sub_with_flags(emu, a, b, false, bytes); break;
    case SBB: result = sub_with_flags(emu, a, b, carry, bytes); break;
    case OR: result = logic_with_flags(emu, a | b, bytes); break;
    case AND: result = logic_with_flags(emu, a & b, bytes); break;
    case XOR: result = logic_with_flags(emu, a ^ b, bytes); break;
    case CMP: sub_with_flags(emu, a, b, false, bytes); return;
    case TEST: logic_with_flags(emu, a & b, bytes); return;
    default: break;
  }
  sk_emu_set(emu, &insn->op[0], result);
}

void sk_emu_x_inc(sk_emu *emu, const sk_emu_insn *insn) {
  bool carry = flag(emu, SK_EMU_CF);
  unsigned bytes = insn->op[0].bytes;
  uint64_t a = sk_emu_get(emu, &insn->op[0]);
  uint64_t result = insn->row->aux ? sub_with_flags(emu, a, 1, false, bytes)
                                   : add_with_flags(emu, a, 1, false, bytes);
  set_flag(emu, SK_EMU_CF, carry);
  sk_emu_set(emu, &insn->op[0], result);
}

void sk_emu_x_neg(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t a = sk_emu_get(emu, &insn->op[0]);
  sk_emu_set(emu, &insn->op[0], sub_with_flags(emu, 0, a, false, insn->op[0].bytes));
}

void sk_emu_x_not(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_set(emu, &insn->op[0], ~sk_emu_get(emu, &insn->op[0]));
}

// Writes a double-width result to (r)dx:(r)ax, or ax for bytes.
static void set_pair(sk_emu *emu, u128 value, unsigned bytes) {
  sk_emu_operand rax = {.kind = SK_EMU_GPR, .bytes = (uint8_t)bytes, .reg = SK_EMU_RAX};
  sk_emu_operand rdx = {.kind = SK_EMU_GPR, .bytes = (uint8_t)bytes, .reg = SK_EMU_RDX};
  if (bytes == 1) {
    rax.bytes = 2;
    sk_emu_set(emu, &rax, (uint64_t)value);
    return;
  }
  sk_emu_set(emu, &rax, (uint64_t)value);
  sk_emu_set(emu, &rdx, (uint64_t)(value >> (8 * bytes)));
}

static u128 get_pair(const sk_emu *emu, unsigned bytes) {
  uint64_t rax = emu->cpu->gpr[SK_EMU_RAX];
  if (bytes == 1) {
    return rax & 0xffff;
  }
  return (u128)truncate(emu->cpu->gpr[SK_EMU_RDX], bytes) << (8 * bytes) | truncate(rax, bytes);
}

void sk_emu_x_imul(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->op[0].bytes;
  bool pair = insn->operand_count == 1;
  unsigned first = insn->operand_count == 3 ? 1 : 0;
  uint64_t a = pair ? emu->cpu->gpr[SK_EMU_RAX] : sk_emu_get(emu, &insn->op[first]);
  uint64_t b = sk_emu_get(emu, &insn->op[pair ? 0 : first + 1]);
  i128 product = (i128)sign_extend(a, bytes) * sign_extend(b, bytes);
  bool overflow = product != sign_extend((uint64_t)product, bytes);
  set_flag(emu, SK_EMU_CF | SK_EMU_OF, overflow);
  if (pair) {
    set_pair(emu, (u128)product, bytes);
  } else {
    sk_emu_set(emu, &insn->op[0], (uint64_t)product);
  }
}

void sk_emu_x_mul(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->op[0].bytes;
  u128 product = (u128)truncate(emu->cpu->gpr[SK_EMU_RAX], bytes) * sk_emu_get(emu, &insn->op[0]);
  set_flag(emu, SK_EMU_CF | SK_EMU_OF, (product >> (8 * bytes)) != 0);
  set_pair(emu, product, bytes);
}

static void set_quotient(sk_emu *emu, uint64_t quotient, uint64_t remainder, unsigned bytes) {
  if (bytes == 1) {
    set_pair(emu, (quotient & 0xff) | (remainder & 0xff) << 8, 1);
  } else {
    set_pair(emu, (u128)truncate(remainder, bytes) << (8 * bytes) | truncate(quotient, bytes),
             bytes);
  }
}

void sk_emu_x_div(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->op[0].bytes;
  uint64_t divisor = sk_emu_get(emu, &insn->op[0]);
  u128 dividend = get_pair(emu, bytes);
  if (divisor == 0 || dividend / divisor >> (8 * bytes) != 0) {
    sk_emu_fail(emu, "divide error");
    return;
  }
  set_quotient(emu, (uint64_t)(dividend / divisor), (uint64_t)(dividend % divisor), bytes);
}

void sk_emu_x_idiv(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->op[0].bytes;
  i128 divisor = sign_extend(sk_emu_get(emu, &insn->op[0]), bytes);
  unsigned shift = 128 - 16 * bytes;
  i128 dividend = (i128)(get_pair(emu, bytes) << shift) >> shift;
  bool overflow = divisor == 0 || (divisor == -1 && dividend == (i128)((u128)1 << 127));
  i128 quotient = overflow ? 0 : dividend / divisor;
  if (overflow || quotient != sign_extend((uint64_t)quotient, bytes)) {
    sk_emu_fail(emu, "divide error");
    return;
  }
  set_quotient(emu, (uint64_t)quotient, (uint64_t)(dividend % divisor), bytes);
}

// --- shifts and bits ---

// Carry is the last bit shifted out; overflow is what a shift by one sets, undefined otherwise.
void sk_emu_x_shift_gpr(sk_emu *emu, const sk_emu_insn *insn) {
  enum { SHL, SHR, SAR };
  unsigned bytes = insn->op[0].bytes;
  unsigned bits = 8 * bytes;
  unsigned count = (unsigned)sk_emu_get(emu, &insn->op[1]) & (bytes == 8 ? 63 : 31);
  uint64_t a = sk_emu_get(emu, &insn->op[0]);
  if (count == 0) {
    sk_emu_set(emu, &insn->op[0], a);
    return;
  }
  uint64_t result;
  bool carry, overflow;
  if (insn->row->aux == SHL) {
    u128 wide = (u128)a << count;
    result = truncate((uint64_t)wide, bytes);
    carry = wide >> bits & 1;
    overflow = sign_of(result, bytes) != carry;
  } else {
    int64_t wide = insn->row->aux == SAR ? sign_extend(a, bytes) : (int64_t)a;
    bool logical = insn->row->aux == SHR;
    carry = count > 64 ? false : (logical ? a >> (count - 1) : (uint64_t)(wide >> (count - 1))) & 1;
    result = logical ? a >> count : truncate((uint64_t)(wide >> count), bytes);
    overflow = logical && sign_of(a, bytes);
  }
  set_flag(emu, SK_EMU_CF, carry);
  set_flag(emu, SK_EMU_OF, overflow);
  set_flag(emu, SK_EMU_AF, false);
  set_result_flags(emu, result, bytes);
  sk_emu_set(emu, &insn->op[0], result);
}

static uint64_t rotate_left(uint64_t a, unsigned count, unsigned bits) {
  count %= bits;
  return count == 0 ? a : truncate(a << count | a >> (bits - count), bits / 8);
}

void sk_emu_x_rotate(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->op[0].bytes;
  unsigned bits = 8 * bytes;
  unsigned count = (unsigned)sk_emu_get(emu, &insn->op[1]) & (bytes == 8 ? 63 : 31);
  uint64_t a = sk_emu_get(emu, &insn->op[0]);
  bool right = insn->row->aux;
  uint64_t result = rotate_left(a, right ? bits - count % bits : count, bits);
  sk_emu_set(emu, &insn->op[0], result);
  if (count != 0) {
    bool top = sign_of(result, bytes);
    bool next = result >> (bits - 2) & 1;
    set_flag(emu, SK_EMU_CF, right ? top : result & 1);
    set_flag(emu, SK_EMU_OF, right ? top != next : top != (result & 1));
  }
}

void sk_emu_x_shift_double(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->op[0].bytes;
  unsigned bits = 8 * bytes;
  unsigned count = (unsigned)sk_emu_get(emu, &insn->op[2]) & (bytes == 8 ? 63 : 31);
  uint64_t a = sk_emu_get(emu, &insn->op[0]);
  uint64_t b = sk_emu_get(emu, &insn->op[1]);
  if (count > bits) {
    sk_emu_fail(emu, "double shift beyond the width is undefined");
    return;
  }
  if (count == 0) {
    sk_emu_set(emu, &insn->op[0], a);
    return;
  }
  uint64_t result;
  if (insn->row->aux) {
    u128 wide = ((u128)b << bits | a) >> (count - 1);
    set_flag(emu, SK_EMU_CF, wide & 1);
    result = truncate((uint64_t)(wide >> 1), bytes);
  } else {
    u128 wide = (u128)a << bits | b;
    set_flag(emu, SK_EMU_CF, a >> (bits - count) & 1);
    result = truncate((uint64_t)(wide >> (bits - count)), bytes);
  }
  set_flag(emu, SK_EMU_OF, sign_of(a ^ result, bytes));
  set_result_flags(emu, result, bytes);
  sk_emu_set(emu, &insn->op[0], result);
}

void sk_emu_x_shift_bmi(sk_emu *emu, const sk_emu_insn *insn) {
  enum { SHLX, SHRX, SARX, RORX };
  unsigned bytes = insn->op[0].bytes;
  uint64_t a = sk_emu_get(emu, &insn->op[1]);
  unsigned count = (unsigned)sk_emu_get(emu, &insn->op[2]) & (bytes == 8 ? 63 : 31);
  switch (insn->row->aux) {
    case SHLX: a <<= count; break;
    case SHRX: a >>= count; break;
    case SARX: a = (uint64_t)(sign_extend(a, bytes) >> count); break;
    case RORX: a = rotate_left(a, 8 * bytes - count, 8 * bytes); break;
    default: break;
  }
  sk_emu_set(emu, &insn->op[0], a);
}

void sk_emu_x_andn(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t result = ~sk_emu_get(emu, &insn->op[1]) & sk_emu_get(emu, &insn->op[2]);
  sk_emu_set(emu, &insn->op[0], logic_with_flags(emu, result, insn->op[0].bytes));
}

void sk_emu_x_bextr(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bits = 8u * insn->op[0].bytes;
  uint64_t a = sk_emu_get(emu, &insn->op[1]);
  uint64_t control = sk_emu_get(emu, &insn->op[2]);
  unsigned start = control & 0xff;
  unsigned length = control >> 8 & 0xff;
  uint64_t result = start >= bits ? 0 : a >> start;
  result = length >= 64 ? result : result & (((uint64_t)1 << length) - 1);
  sk_emu_set(emu, &insn->op[0], logic_with_flags(emu, result, insn->op[0].bytes));
}

void sk_emu_x_bzhi(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bits = 8u * insn->op[0].bytes;
  uint64_t a = sk_emu_get(emu, &insn->op[1]);
  unsigned n = sk_emu_get(emu, &insn->op[2]) & 0xff;
  uint64_t result = n >= bits ? a : a & (((uint64_t)1 << n) - 1);
  sk_emu_set(emu, &insn->op[0], logic_with_flags(emu, result, insn->op[0].bytes));
  set_flag(emu, SK_EMU_CF, n >= bits);
}

void sk_emu_x_bls(sk_emu *emu, const sk_emu_insn *insn) {
  enum { BLSI, BLSMSK, BLSR };
  unsigned bytes = insn->op[0].bytes;
  uint64_t a = sk_emu_get(emu, &insn->op[1]);
  uint64_t result = insn->row->aux == BLSI     ? a & (0 - a)
                    : insn->row->aux == BLSMSK ? a ^ (a - 1)
                                               : a & (a - 1);
  sk_emu_set(emu, &insn->op[0], logic_with_flags(emu, truncate(result, bytes), bytes));
  set_flag(emu, SK_EMU_CF, (a == 0) != (insn->row->aux == BLSI));
}

void sk_emu_x_mulx(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->op[0].bytes;
  u128 product = (u128)truncate(emu->cpu->gpr[SK_EMU_RDX], bytes) * sk_emu_get(emu, &insn->op[2]);
  sk_emu_set(emu, &insn->op[1], (uint64_t)product);
  sk_emu_set(emu, &insn->op[0], (uint64_t)(product >> (8 * bytes)));  // wins if both are one
}

void sk_emu_x_pdep(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t a = sk_emu_get(emu, &insn->op[1]);
  uint64_t mask = sk_emu_get(emu, &insn->op[2]);
  uint64_t result = 0;
  for (unsigned i = 0; mask != 0; ++i, mask &= mask - 1) {
    unsigned at = (unsigned)__builtin_ctzll(mask);
    result |= insn->row->aux ? (a >> at & 1) << i : (a >> i & 1) << at;
  }
  sk_emu_set(emu, &insn->op[0], result);
}

void sk_emu_x_count_zeros(sk_emu *emu, const sk_emu_insn *insn) {
  enum { LZCNT, TZCNT, BSR, BSF };
  unsigned bits = 8u * insn->op[0].bytes;
  uint64_t a = sk_emu_get(emu, &insn->op[1]);
  unsigned aux = insn->row->aux;
  if (a == 0) {
    set_flag(emu, SK_EMU_ZF, aux >= BSR);
    set_flag(emu, SK_EMU_CF, true);
    if (aux < BSR) {  // bsr and bsf leave the destination, whose upper half stays too
      sk_emu_set(emu, &insn->op[0], bits);
    }
    return;
  }
  unsigned leading = (unsigned)__builtin_clzll(a) - (64 - bits);
  unsigned trailing = (unsigned)__builtin_ctzll(a);
  unsigned result = aux == LZCNT ? leading : aux == BSR ? bits - 1 - leading : trailing;
  sk_emu_set(emu, &insn->op[0], result);
  set_flag(emu, SK_EMU_CF, false);
  set_flag(emu, SK_EMU_ZF, aux < BSR && result == 0);
}

void sk_emu_x_popcnt(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t a = sk_emu_get(emu, &insn->op[1]);
  sk_emu_set(emu, &insn->op[0], (uint64_t)__builtin_popcountll(a));
  emu->cpu->flags &= ~(uint32_t)ARITHMETIC_FLAGS;
  set_flag(emu, SK_EMU_ZF, a == 0);
}

void sk_emu_x_bit_test(sk_emu *emu, const sk_emu_insn *insn) {
  enum { BT, BTS, BTR, BTC };
  const sk_emu_operand *op = &insn->op[0];
  unsigned bytes = op->bytes;
  int64_t bit = sign_extend(sk_emu_get(emu, &insn->op[1]), insn->op[1].bytes);
  bool in_memory = op->kind == SK_EMU_MEM;
  uint64_t address = in_memory ? sk_emu_address(emu, op) : 0;
  if (in_memory && insn->op[1].kind == SK_EMU_GPR) {  // a bit string of any length
    address += (uint64_t)((bit >> (bytes == 8 ? 6 : bytes == 4 ? 5 : 4)) * (int64_t)bytes);
  }
  uint64_t one = (uint64_t)1 << (bit & (8 * bytes - 1));
  uint64_t a = in_memory ? sk_emu_read_memory(address, bytes) : sk_emu_get(emu, op);
  set_flag(emu, SK_EMU_CF, (a & one) != 0);
  unsigned aux = insn->row->aux;
  if (aux == BT) {
    return;
  }
  a = aux == BTS ? a | one : aux == BTR ? a & ~one : a ^ one;
  if (in_memory) {
    sk_emu_write_memory(address, a, bytes);
  } else {
    sk_emu_set(emu, op, a);
  }
}

void sk_emu_x_carry(sk_emu *emu, const sk_emu_insn *insn) {
  set_flag(emu, SK_EMU_CF, insn->row->aux);
}

void sk_emu_x_direction(sk_emu *emu, const sk_emu_insn *insn) {
  set_flag(emu, SK_EMU_DF, insn->row->aux);
}

// --- control flow and stack ---

static void push(sk_emu *emu, uint64_t value) {
  emu->cpu->gpr[SK_EMU_RSP] -= 8;
  sk_emu_write_memory(emu->cpu->gpr[SK_EMU_RSP], value, 8);
}

static uint64_t pop(sk_emu *emu) {
  uint64_t value = sk_emu_read_memory(emu->cpu->gpr[SK_EMU_RSP], 8);
  emu->cpu->gpr[SK_EMU_RSP] += 8;
  return value;
}

void sk_emu_x_jcc(sk_emu *emu, const sk_emu_insn *insn) {
  if (condition(emu, insn->row->aux)) {
    emu->cpu->rip = (uint64_t)insn->op[0].value;
  }
}

void sk_emu_x_jrcxz(sk_emu *emu, const sk_emu_insn *insn) {
  if (emu->cpu->gpr[SK_EMU_RCX] == 0) {
    emu->cpu->rip = (uint64_t)insn->op[0].value;
  }
}

void sk_emu_x_jmp(sk_emu *emu, const sk_emu_insn *insn) {
  emu->cpu->rip = sk_emu_get(emu, &insn->op[0]);
}

void sk_emu_x_call(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t target = sk_emu_get(emu, &insn->op[0]);
  push(emu, emu->cpu->rip);
  emu->cpu->rip = target;
}

void sk_emu_x_ret(sk_emu *emu, const sk_emu_insn *insn) {
  emu->cpu->rip = pop(emu);
  if (insn->operand_count != 0) {
    emu->cpu->gpr[SK_EMU_RSP] += (uint64_t)insn->op[0].value;
  }
}

void sk_emu_x_push(sk_emu *emu, const sk_emu_insn *insn) {
  if (insn->op[0].kind != SK_EMU_IMM && insn->op[0].bytes != 8) {
    sk_emu_fail(emu, "push of 16 bits");
    return;
  }
  push(emu, sk_emu_get(emu, &insn->op[0]));
}

void sk_emu_x_pop(sk_emu *emu, const sk_emu_insn *insn) {
  if (insn->op[0].bytes != 8) {
    sk_emu_fail(emu, "pop of 16 bits");
    return;
  }
  sk_emu_set(emu, &insn->op[0], pop(emu));
}

void sk_emu_x_leave(sk_emu *emu, const sk_emu_insn *insn) {
  (void)insn;
  emu->cpu->gpr[SK_EMU_RSP] = emu->cpu->gpr[SK_EMU_RBP];
  emu->cpu->gpr[SK_EMU_RBP] = pop(emu);
}

// movs and stos, alone or with rep. aux: width, +16 for stos.
void sk_emu_x_string(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->row->aux & 15;
  bool store = insn->row->aux & 16;
  sk_emu_cpu *cpu = emu->cpu;
  uint64_t step = flag(emu, SK_EMU_DF) ? 0 - (uint64_t)bytes : bytes;
  uint64_t count = insn->repeat ? cpu->gpr[SK_EMU_RCX] : 1;
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t value = cpu->gpr[SK_EMU_RAX];
    if (!store) {
      value = sk_emu_read_memory(cpu->gpr[SK_EMU_RSI], bytes);
      cpu->gpr[SK_EMU_RSI] += step;
    }
    sk_emu_write_memory(cpu->gpr[SK_EMU_RDI], value, bytes);
    cpu->gpr[SK_EMU_RDI] += step;
  }
  if (insn->repeat) {
    cpu->gpr[SK_EMU_RCX] = 0;
  }
}
