// SPDX-License-Identifier: Apache-2.0
// Data movement that is not lane-wise arithmetic: loads and stores, parts of vectors, gathers and
// scatters, compress and expand, and everything on k registers.

#include "emu/emu_int.h"

#include <string.h>

// --- whole vectors ---

// aux 1: memory must be aligned to the vector.
void sk_emu_x_move(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned lane = insn->row->out_bytes, count = insn->vector_bytes / lane;
  const sk_emu_operand *dst = &insn->op[0], *src = &insn->op[1];
  const sk_emu_operand *memory = dst->kind == SK_EMU_MEM ? dst : src;
  uint64_t address = memory->kind == SK_EMU_MEM ? sk_emu_address(emu, memory) : 0;
  if (insn->row->aux && address % insn->vector_bytes != 0) {
    sk_emu_fail(emu, "address %#llx not aligned to %u bytes", (unsigned long long)address,
                insn->vector_bytes);
    return;
  }
  uint64_t active = sk_emu_active_lanes(emu, insn, count);
  bool all = active == (count == 64 ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1);
  sk_emu_vec value;
  char *bytes = (char *)(uintptr_t)address;
  if (src->kind == SK_EMU_VEC) {
    value = emu->cpu->vec[src->reg];
  } else if (all) {
    memcpy(value.u8, bytes, insn->vector_bytes);
  } else {
    for (unsigned i = 0; i < count; ++i) {
      if (active >> i & 1) {
        memcpy(&value.u8[i * lane], bytes + i * lane, lane);
      }
    }
  }
  if (dst->kind == SK_EMU_VEC) {
    sk_emu_write_register(emu, insn, dst->reg, &value, count, lane);
  } else if (all) {
    memcpy(bytes, value.u8, insn->vector_bytes);
  } else {
    for (unsigned i = 0; i < count; ++i) {
      if (active >> i & 1) {
        memcpy(bytes + i * lane, &value.u8[i * lane], lane);
      }
    }
  }
}

// Writes the low `bytes` of a register and zeroes the rest.
static void set_low(sk_emu *emu, unsigned reg, uint64_t value, unsigned bytes) {
  sk_emu_vec result = {{0}};
  memcpy(result.u8, &value, bytes);
  emu->cpu->vec[reg] = result;
}

// vmovss, vmovsd: load, store, or merge of three registers; each may be masked.
void sk_emu_x_move_scalar(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->row->out_bytes;
  bool active = sk_emu_active_lanes(emu, insn, 1) != 0;
  const sk_emu_operand *dst = &insn->op[0];
  if (dst->kind == SK_EMU_MEM) {
    if (active) {
      sk_emu_write_memory(sk_emu_address(emu, dst), sk_emu_get(emu, &insn->op[1]), bytes);
    }
    return;
  }
  const sk_emu_operand *src = &insn->op[insn->operand_count - 1];
  sk_emu_vec result = {{0}};
  if (insn->operand_count == 3) {
    memcpy(result.u8, emu->cpu->vec[insn->op[1].reg].u8, 16);
  }
  uint64_t value = active          ? sk_emu_get(emu, src)
                   : insn->zeroing ? 0
                                   : emu->cpu->vec[dst->reg].u64[0];
  memcpy(result.u8, &value, bytes);
  emu->cpu->vec[dst->reg] = result;
}

// vmovd, vmovq: between the low lane and a general register, memory, or another vector.
void sk_emu_x_move_low(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned bytes = insn->row->out_bytes;
  uint64_t value = sk_emu_get(emu, &insn->op[1]);
  if (insn->op[0].kind == SK_EMU_VEC) {
    set_low(emu, insn->op[0].reg, value, bytes);
  } else {
    sk_emu_operand dst = insn->op[0];
    dst.bytes = (uint8_t)bytes;
    sk_emu_set(emu, &dst, value);
  }
}

// vmovlps and kin: 64 bits of memory to or from half `aux` of a register.
void sk_emu_x_move_half(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned half = insn->row->aux;
  if (insn->op[0].kind == SK_EMU_MEM) {
    sk_emu_set(emu, &insn->op[0], emu->cpu->vec[insn->op[1].reg].u64[half]);
    return;
  }
  sk_emu_vec result = {{0}};
  memcpy(result.u8, emu->cpu->vec[insn->op[1].reg].u8, 16);
  result.u64[half] = sk_emu_get(emu, &insn->op[2]);
  emu->cpu->vec[insn->op[0].reg] = result;
}

void sk_emu_x_move_signs(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned lane = insn->row->out_bytes;
  const sk_emu_vec *a = &emu->cpu->vec[insn->op[1].reg];
  uint64_t bits = 0;
  for (unsigned i = 0; i < insn->vector_bytes / lane; ++i) {
    bits |= (uint64_t)sk_emu_lane_sign(a, i, lane) << i;
  }
  sk_emu_set(emu, &insn->op[0], bits);
}

// vmaskmov: the sign bits of the second operand select lanes of memory.
void sk_emu_x_mask_move(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned lane = insn->row->out_bytes;
  bool store = insn->op[0].kind == SK_EMU_MEM;
  const sk_emu_vec *mask = &emu->cpu->vec[insn->op[1].reg];
  uint64_t address = sk_emu_address(emu, &insn->op[store ? 0 : 2]);
  sk_emu_vec result = {{0}};
  for (unsigned i = 0; i < insn->vector_bytes / lane; ++i) {
    if (!sk_emu_lane_sign(mask, i, lane)) {
      continue;
    }
    void *at = (void *)(uintptr_t)(address + i * lane);
    if (store) {
      memcpy(at, &emu->cpu->vec[insn->op[2].reg].u8[i * lane], lane);
    } else {
      memcpy(&result.u8[i * lane], at, lane);
    }
  }
  if (!store) {
    emu->cpu->vec[insn->op[0].reg] = result;
  }
}

// Broadcasts read exactly what they repeat, and nothing when no lane wants it.
void sk_emu_x_repeat(sk_emu *emu, const sk_emu_insn *insn) {
  const sk_emu_operand *op = &insn->op[1];
  sk_emu_vec in = {{0}}, out = {{0}};
  unsigned lane = insn->row->out_bytes;
  if (op->kind == SK_EMU_VEC) {
    in = emu->cpu->vec[op->reg];
  } else if (op->kind == SK_EMU_GPR) {
    in.u64[0] = emu->cpu->gpr[op->reg];
  } else if (sk_emu_active_lanes(emu, insn, insn->vector_bytes / lane) != 0) {
    memcpy(in.u8, (const void *)(uintptr_t)sk_emu_address(emu, op), insn->row->aux);
  }
  sk_emu_args args = {.out = &out, .a = &in, .aux = insn->row->aux, .bytes = insn->vector_bytes};
  insn->row->vec(&args);
  sk_emu_write_register(emu, insn, insn->op[0].reg, &out, insn->vector_bytes / lane, lane);
}

// --- parts of vectors; aux = bytes of the part ---

void sk_emu_x_insert(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned part = insn->row->aux, lane = insn->row->out_bytes;
  unsigned which = (unsigned)insn->op[3].value & (insn->vector_bytes / part - 1);
  sk_emu_vec out = emu->cpu->vec[insn->op[1].reg];
  const sk_emu_operand *op = &insn->op[2];
  const void *from = op->kind == SK_EMU_MEM ? (const void *)(uintptr_t)sk_emu_address(emu, op)
                                            : emu->cpu->vec[op->reg].u8;
  memcpy(&out.u8[which * part], from, part);
  sk_emu_write_register(emu, insn, insn->op[0].reg, &out, insn->vector_bytes / lane, lane);
}

void sk_emu_x_extract(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned part = insn->row->aux, lane = insn->row->out_bytes;
  unsigned which = (unsigned)insn->op[2].value & (insn->vector_bytes / part - 1);
  sk_emu_vec out = {{0}};
  memcpy(out.u8, &emu->cpu->vec[insn->op[1].reg].u8[which * part], part);
  const sk_emu_operand *dst = &insn->op[0];
  if (dst->kind == SK_EMU_VEC) {
    sk_emu_write_register(emu, insn, dst->reg, &out, part / lane, lane);
    return;
  }
  uint64_t active = sk_emu_active_lanes(emu, insn, part / lane);
  char *address = (char *)(uintptr_t)sk_emu_address(emu, dst);
  for (unsigned i = 0; i < part / lane; ++i) {
    if (active >> i & 1) {
      memcpy(address + i * lane, &out.u8[i * lane], lane);
    }
  }
}

void sk_emu_x_insert_lane(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned lane = insn->row->out_bytes;
  unsigned which = (unsigned)insn->op[3].value & (16 / lane - 1);
  uint64_t value = sk_emu_get(emu, &insn->op[2]);
  sk_emu_vec result = {{0}};
  memcpy(result.u8, emu->cpu->vec[insn->op[1].reg].u8, 16);
  memcpy(&result.u8[which * lane], &value, lane);
  emu->cpu->vec[insn->op[0].reg] = result;
}

void sk_emu_x_extract_lane(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned lane = insn->row->out_bytes;
  unsigned which = (unsigned)insn->op[2].value & (16 / lane - 1);
  uint64_t value = 0;
  memcpy(&value, &emu->cpu->vec[insn->op[1].reg].u8[which * lane], lane);
  sk_emu_operand dst = insn->op[0];
  dst.bytes = (uint8_t)(dst.kind == SK_EMU_MEM ? lane : 8);
  sk_emu_set(emu, &dst, value);
}

// imm: bits 7:6 source lane (registers only), 5:4 destination lane, 3:0 lanes to zero.
void sk_emu_x_insert_ps(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned imm = (unsigned)insn->op[3].value;
  const sk_emu_operand *op = &insn->op[2];
  uint32_t value = op->kind == SK_EMU_MEM ? (uint32_t)sk_emu_read_memory(sk_emu_address(emu, op), 4)
                                          : emu->cpu->vec[op->reg].u32[imm >> 6 & 3];
  sk_emu_vec result = {{0}};
  memcpy(result.u8, emu->cpu->vec[insn->op[1].reg].u8, 16);
  result.u32[imm >> 4 & 3] = value;
  for (unsigned i = 0; i < 4; ++i) {
    result.u32[i] = imm >> i & 1 ? 0 : result.u32[i];
  }
  emu->cpu->vec[insn->op[0].reg] = result;
}

// --- gathers and scatters ---

static uint64_t element_address(const sk_emu *emu, const sk_emu_insn *insn,
                                const sk_emu_operand *memory, unsigned i) {
  const sk_emu_vec *index = &emu->cpu->vec[memory->index];
  int64_t at = insn->row->in_bytes == 4 ? index->s32[i] : index->s64[i];
  return sk_emu_address(emu, memory) + (uint64_t)at * memory->scale;
}

static unsigned element_count(const sk_emu_insn *insn) {
  unsigned out = insn->row->out_bytes, in = insn->row->in_bytes;
  return insn->vector_bytes / (out > in ? out : in);
}

// EVEX: the mask is a k register, cleared afterwards. VEX: the sign bits of the third operand, which
// becomes zero. Elements not selected keep the destination.
void sk_emu_x_gather(sk_emu *emu, const sk_emu_insn *insn) {
  const sk_emu_operand *memory = &insn->op[1];
  unsigned bytes = insn->row->out_bytes, count = element_count(insn);
  unsigned dst = insn->op[0].reg, mask = insn->evex ? 0 : insn->op[2].reg;
  if (dst == memory->index || (!insn->evex && (mask == dst || mask == memory->index))) {
    sk_emu_fail(emu, "gather with overlapping registers is undefined");
    return;
  }
  uint64_t active = insn->evex ? sk_emu_active_lanes(emu, insn, count) : 0;
  for (unsigned i = 0; !insn->evex && i < count; ++i) {
    active |= (uint64_t)sk_emu_lane_sign(&emu->cpu->vec[mask], i, bytes) << i;
  }
  sk_emu_vec result = emu->cpu->vec[dst];
  for (unsigned i = 0; i < count; ++i) {
    if (active >> i & 1) {
      uint64_t value = sk_emu_read_memory(element_address(emu, insn, memory, i), bytes);
      memcpy(&result.u8[i * bytes], &value, bytes);
    }
  }
  memset(&result.u8[count * bytes], 0, 64 - count * bytes);
  emu->cpu->vec[dst] = result;
  if (insn->evex) {
    emu->cpu->k[insn->mask] = 0;
  } else {
    memset(&emu->cpu->vec[mask], 0, sizeof emu->cpu->vec[mask]);
  }
}

void sk_emu_x_scatter(sk_emu *emu, const sk_emu_insn *insn) {
  const sk_emu_operand *memory = &insn->op[0];
  unsigned bytes = insn->row->out_bytes, count = element_count(insn);
  const sk_emu_vec *value = &emu->cpu->vec[insn->op[1].reg];
  uint64_t active = sk_emu_active_lanes(emu, insn, count);
  for (unsigned i = 0; i < count; ++i) {
    if (active >> i & 1) {
      memcpy((void *)(uintptr_t)element_address(emu, insn, memory, i), &value->u8[i * bytes],
             bytes);
    }
  }
  emu->cpu->k[insn->mask] = 0;
}

// --- compress and expand: memory holds as many lanes as the mask has bits ---

void sk_emu_x_compress(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned lane = insn->row->out_bytes, count = insn->vector_bytes / lane;
  uint64_t active = sk_emu_active_lanes(emu, insn, count);
  const sk_emu_vec *src = &emu->cpu->vec[insn->op[1].reg];
  const sk_emu_operand *dst = &insn->op[0];
  sk_emu_vec packed = {{0}};
  unsigned used = 0;
  for (unsigned i = 0; i < count; ++i) {
    if (active >> i & 1) {
      memcpy(&packed.u8[used++ * lane], &src->u8[i * lane], lane);
    }
  }
  if (dst->kind == SK_EMU_MEM) {
    memcpy((void *)(uintptr_t)sk_emu_address(emu, dst), packed.u8, used * lane);
    return;
  }
  sk_emu_vec *out = &emu->cpu->vec[dst->reg];
  memcpy(out->u8, packed.u8, used * lane);
  unsigned keep = insn->zeroing ? used * lane : insn->vector_bytes;
  memset(&out->u8[keep], 0, 64 - keep);
}

void sk_emu_x_expand(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned lane = insn->row->out_bytes, count = insn->vector_bytes / lane;
  uint64_t active = sk_emu_active_lanes(emu, insn, count);
  const sk_emu_operand *op = &insn->op[1];
  const uint8_t *from = op->kind == SK_EMU_MEM ? (const uint8_t *)(uintptr_t)sk_emu_address(emu, op)
                                               : emu->cpu->vec[op->reg].u8;
  sk_emu_vec out = {{0}};
  unsigned used = 0;
  for (unsigned i = 0; i < count; ++i) {
    if (active >> i & 1) {
      memcpy(&out.u8[i * lane], from + used++ * lane, lane);
    }
  }
  sk_emu_write_register(emu, insn, insn->op[0].reg, &out, count, lane);
}

// --- k registers; out_bytes = width ---

static uint64_t width_mask(const sk_emu_insn *insn) {
  unsigned bits = 8u * insn->row->out_bytes;
  return bits == 64 ? ~(uint64_t)0 : ((uint64_t)1 << bits) - 1;
}

static void set_k(sk_emu *emu, const sk_emu_insn *insn, uint64_t value) {
  emu->cpu->k[insn->op[0].reg] = value & width_mask(insn);
}

void sk_emu_x_kmov(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t value = sk_emu_get(emu, &insn->op[1]) & width_mask(insn);
  if (insn->op[0].kind == SK_EMU_MASK) {
    set_k(emu, insn, value);
  } else {
    sk_emu_set(emu, &insn->op[0], value);
  }
}

void sk_emu_x_knot(sk_emu *emu, const sk_emu_insn *insn) {
  set_k(emu, insn, ~emu->cpu->k[insn->op[1].reg]);
}

void sk_emu_x_kop(sk_emu *emu, const sk_emu_insn *insn) {
  enum { AND, ANDN, OR, XOR, XNOR, ADD };
  uint64_t a = emu->cpu->k[insn->op[1].reg], b = emu->cpu->k[insn->op[2].reg];
  switch (insn->row->aux) {
    case AND: set_k(emu, insn, a & b); break;
    case ANDN: set_k(emu, insn, ~a & b); break;
    case OR: set_k(emu, insn, a | b); break;
    case XOR: set_k(emu, insn, a ^ b); break;
    case XNOR: set_k(emu, insn, ~(a ^ b)); break;
    case ADD: set_k(emu, insn, a + b); break;
    default: break;
  }
}

// aux 0: left, 1: right
void sk_emu_x_kshift(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned count = (unsigned)insn->op[2].value & 0xff;
  uint64_t a = emu->cpu->k[insn->op[1].reg] & width_mask(insn);
  uint64_t shifted = count > 63 ? 0 : insn->row->aux ? a >> count : a << count;
  set_k(emu, insn, shifted);
}

// The second operand is the low half.
void sk_emu_x_kunpack(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t half = width_mask(insn);
  uint64_t high = emu->cpu->k[insn->op[1].reg] & half, low = emu->cpu->k[insn->op[2].reg] & half;
  emu->cpu->k[insn->op[0].reg] = high << (8 * insn->row->out_bytes) | low;
}

static void set_zero_carry(sk_emu *emu, bool zero, bool carry) {
  emu->cpu->flags =
      (emu->cpu->flags & SK_EMU_DF) | (zero ? SK_EMU_ZF : 0) | (carry ? SK_EMU_CF : 0);
}

void sk_emu_x_kortest(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t all = width_mask(insn);
  uint64_t either = (emu->cpu->k[insn->op[0].reg] | emu->cpu->k[insn->op[1].reg]) & all;
  set_zero_carry(emu, either == 0, either == all);
}

void sk_emu_x_ktest(sk_emu *emu, const sk_emu_insn *insn) {
  uint64_t a = emu->cpu->k[insn->op[0].reg], b = emu->cpu->k[insn->op[1].reg];
  uint64_t all = width_mask(insn);
  set_zero_carry(emu, (a & b & all) == 0, (~a & b & all) == 0);
}

// --- between k registers and vectors ---

void sk_emu_x_expand_mask(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned lane = insn->row->out_bytes;
  uint64_t bits = emu->cpu->k[insn->op[1].reg];
  sk_emu_vec out = {{0}};
  for (unsigned i = 0; i < insn->vector_bytes / lane; ++i) {
    memset(&out.u8[i * lane], bits >> i & 1 ? 0xff : 0, lane);
  }
  emu->cpu->vec[insn->op[0].reg] = out;
}

void sk_emu_x_take_mask(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned lane = insn->row->out_bytes;
  const sk_emu_vec *a = &emu->cpu->vec[insn->op[1].reg];
  uint64_t bits = 0;
  for (unsigned i = 0; i < insn->vector_bytes / lane; ++i) {
    bits |= (uint64_t)sk_emu_lane_sign(a, i, lane) << i;
  }
  emu->cpu->k[insn->op[0].reg] = bits;
}

// The low aux bytes of a k register to every lane.
void sk_emu_x_repeat_mask(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned lane = insn->row->out_bytes;
  uint64_t value = emu->cpu->k[insn->op[1].reg] & (((uint64_t)1 << (8 * insn->row->aux)) - 1);
  sk_emu_vec out = {{0}};
  for (unsigned at = 0; at < insn->vector_bytes; at += lane) {
    memcpy(&out.u8[at], &value, lane);
  }
  emu->cpu->vec[insn->op[0].reg] = out;
}
