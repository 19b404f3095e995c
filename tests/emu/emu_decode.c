// SPDX-License-Identifier: Apache-2.0
// Bytes -> sk_emu_insn, by Zydis. What Zydis decodes is turned down here when it is not in the
// instruction table, not in the tier, or uses an addressing form that generated code has no business
// with (segment overrides, 32-bit addresses, legacy SSE encodings of vector instructions).
//
// Displacements leave here resolved: rip-relative operands become absolute, and so do the targets of
// direct jumps and calls.

#include "emu/emu_int.h"

#include <Zydis/Zydis.h>
#include <string.h>

static const sk_emu_row rows[ZYDIS_MNEMONIC_MAX_VALUE + 1] = {
#define ROW(mnemonic, execute, vec, out_bytes, in_bytes, aux)                                      \
  [ZYDIS_MNEMONIC_##mnemonic] = {sk_emu_x_##execute, sk_emu_v_##vec, out_bytes, in_bytes, aux},
#include "emu/emu_table.def"
#undef ROW
};

const sk_emu_row *sk_emu_find_row(unsigned mnemonic) {
  if (mnemonic > ZYDIS_MNEMONIC_MAX_VALUE || rows[mnemonic].execute == NULL) {
    return NULL;
  }
  return &rows[mnemonic];
}

bool sk_emu_supports(unsigned mnemonic) { return sk_emu_find_row(mnemonic) != NULL; }

// Never reads past the last byte of the instruction's page when the next page may be missing: the
// decoder is given what is left of the page first, and more only if it asks for it.
static ZyanStatus decode_bytes(uint64_t address, ZydisDecodedInstruction *out,
                               ZydisDecodedOperand *operands) {
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  const void *bytes = (const void *)(uintptr_t)address;
  size_t in_page = 4096 - (size_t)(address & 4095);
  size_t have = in_page < ZYDIS_MAX_INSTRUCTION_LENGTH ? in_page : ZYDIS_MAX_INSTRUCTION_LENGTH;
  ZyanStatus status = ZydisDecoderDecodeFull(&decoder, bytes, have, out, operands);
  if (status == ZYDIS_STATUS_NO_MORE_DATA) {
    status = ZydisDecoderDecodeFull(&decoder, bytes, ZYDIS_MAX_INSTRUCTION_LENGTH, out, operands);
  }
  return status;
}

void sk_emu_disassemble(uint64_t address, char *buffer, size_t bytes) {
  ZydisDecodedInstruction insn;
  ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
  char text[160] = "(no instruction)";
  unsigned length = 8;
  if (ZYAN_SUCCESS(decode_bytes(address, &insn, operands))) {
    ZydisFormatter formatter;
    ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
    ZydisFormatterFormatInstruction(&formatter, &insn, operands, insn.operand_count_visible, text,
                                    sizeof text, address, NULL);
    length = insn.length;
  }
  char hex[3 * ZYDIS_MAX_INSTRUCTION_LENGTH + 1] = "";
  const uint8_t *code = (const uint8_t *)(uintptr_t)address;
  for (unsigned i = 0; i < length; ++i) {
    snprintf(hex + 3 * i, 4, "%02x ", code[i]);
  }
  snprintf(buffer, bytes, "%#llx: %s %s", (unsigned long long)address, hex, text);
}

static uint8_t gpr_number(ZydisRegister reg, bool *out_high) {
  *out_high = false;
  if (reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH) {
    *out_high = true;
    return (uint8_t)(reg - ZYDIS_REGISTER_AH);
  }
  return (uint8_t)ZydisRegisterGetId(
      ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg));
}

static bool convert_register(ZydisRegister reg, sk_emu_operand *out) {
  switch (ZydisRegisterGetClass(reg)) {
    case ZYDIS_REGCLASS_GPR8:
    case ZYDIS_REGCLASS_GPR16:
    case ZYDIS_REGCLASS_GPR32:
    case ZYDIS_REGCLASS_GPR64:
      out->kind = SK_EMU_GPR;
      out->reg = gpr_number(reg, &out->high_byte);
      return true;
    case ZYDIS_REGCLASS_XMM:
    case ZYDIS_REGCLASS_YMM:
    case ZYDIS_REGCLASS_ZMM:
      out->kind = SK_EMU_VEC;
      out->reg = (uint8_t)ZydisRegisterGetId(reg);
      return true;
    case ZYDIS_REGCLASS_MASK:
      out->kind = SK_EMU_MASK;
      out->reg = (uint8_t)ZydisRegisterGetId(reg);
      return true;
    default: return false;
  }
}

static bool convert_memory(const ZydisDecodedOperandMem *mem, uint64_t next, sk_emu_operand *out) {
  if (mem->segment == ZYDIS_REGISTER_FS || mem->segment == ZYDIS_REGISTER_GS) {
    return false;
  }
  out->kind = SK_EMU_MEM;
  out->base = out->index = SK_EMU_NO_REG;
  out->scale = mem->scale;
  out->value = mem->disp.has_displacement ? mem->disp.value : 0;
  bool high;
  if (mem->base == ZYDIS_REGISTER_RIP) {
    out->value += (int64_t)next;
  } else if (mem->base != ZYDIS_REGISTER_NONE) {
    if (ZydisRegisterGetClass(mem->base) != ZYDIS_REGCLASS_GPR64) {
      return false;
    }
    out->base = gpr_number(mem->base, &high);
  }
  if (mem->type == ZYDIS_MEMOP_TYPE_VSIB) {
    out->vector_index = true;
    out->index = (uint8_t)ZydisRegisterGetId(mem->index);
  } else if (mem->index != ZYDIS_REGISTER_NONE) {
    out->index = gpr_number(mem->index, &high);
  }
  return true;
}

static bool convert_operand(const ZydisDecodedOperand *in, uint64_t next, sk_emu_operand *out) {
  out->bytes = (uint8_t)(in->size / 8);
  switch (in->type) {
    case ZYDIS_OPERAND_TYPE_REGISTER: return convert_register(in->reg.value, out);
    case ZYDIS_OPERAND_TYPE_MEMORY: return convert_memory(&in->mem, next, out);
    case ZYDIS_OPERAND_TYPE_IMMEDIATE:
      out->kind = SK_EMU_IMM;
      out->value = in->imm.value.s + (in->imm.is_relative ? (int64_t)next : 0);
      return true;
    default: return false;
  }
}

// Why the instruction may not be used under these options; NULL = it may.
static const char *refuse(const sk_emu_options *options, const ZydisDecodedInstruction *insn) {
  const char *set = ZydisISASetGetString(insn->meta.isa_set);
  bool vector_name = ZydisMnemonicGetString(insn->mnemonic)[0] == 'v';
  if (vector_name && insn->encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY) {
    return "legacy encoding of a vector instruction";
  }
  if (set == NULL || strncmp(set, "AVX512", 6) != 0) {
    return set != NULL && strncmp(set, "AVX_VNNI", 8) == 0 ? "not in tier v3" : NULL;
  }
  if (options->v3_only) {
    return "not in tier v3";
  }
  static const char *const base[] = {"AVX512F_", "AVX512BW_", "AVX512DQ_", "AVX512CD_"};
  static const struct {
    const char *prefix;
    uint32_t feature;
  } extra[] = {{"AVX512_VNNI_", SK_EMU_VNNI},
               {"AVX512_BF16_", SK_EMU_BF16},
               {"AVX512_VPOPCNTDQ_", SK_EMU_POPCNTDQ}};
  for (size_t i = 0; i < sizeof base / sizeof base[0]; ++i) {
    if (strncmp(set, base[i], strlen(base[i])) == 0) {
      return NULL;
    }
  }
  for (size_t i = 0; i < sizeof extra / sizeof extra[0]; ++i) {
    if (strncmp(set, extra[i].prefix, strlen(extra[i].prefix)) == 0) {
      return options->features & extra[i].feature ? NULL : "of a feature that is not enabled";
    }
  }
  return "not in tier v4";
}

static uint8_t rounding_of(ZydisRoundingMode mode) {
  switch (mode) {
    case ZYDIS_ROUNDING_MODE_RN: return SK_EMU_ROUND_NEAREST;
    case ZYDIS_ROUNDING_MODE_RD: return SK_EMU_ROUND_DOWN;
    case ZYDIS_ROUNDING_MODE_RU: return SK_EMU_ROUND_UP;
    case ZYDIS_ROUNDING_MODE_RZ: return SK_EMU_ROUND_ZERO;
    default: return SK_EMU_ROUND_MXCSR;
  }
}

static void convert_prefixes(const ZydisDecodedInstruction *in, sk_emu_insn *out) {
  out->length = in->length;
  memcpy(out->bytes, (const void *)(uintptr_t)out->address, in->length);
  out->evex = in->encoding == ZYDIS_INSTRUCTION_ENCODING_EVEX;
  out->repeat = (in->attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE)) != 0;
  bool vector = out->evex || in->encoding == ZYDIS_INSTRUCTION_ENCODING_VEX;
  if (vector) {
    out->vector_bytes = (uint8_t)(in->avx.vector_length / 8);
  }
  if (out->evex) {
    out->mask =
        (uint8_t)(in->avx.mask.reg != ZYDIS_REGISTER_NONE ? ZydisRegisterGetId(in->avx.mask.reg)
                                                          : 0);
    out->zeroing = in->avx.mask.mode == ZYDIS_MASK_MODE_ZEROING ||
                   in->avx.mask.mode == ZYDIS_MASK_MODE_CONTROL_ZEROING;
    out->broadcast =
        in->avx.broadcast.mode != ZYDIS_BROADCAST_MODE_INVALID && !in->avx.broadcast.is_static;
    out->rounding = rounding_of(in->avx.rounding.mode);
  }
}

bool sk_emu_decode(sk_emu *emu, uint64_t address, sk_emu_insn *out) {
  ZydisDecodedInstruction insn;
  ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
  if (!ZYAN_SUCCESS(decode_bytes(address, &insn, operands))) {
    sk_emu_fail(emu, "not an instruction");
    return false;
  }
  const sk_emu_row *row = sk_emu_find_row(insn.mnemonic);
  if (row == NULL) {
    sk_emu_fail(emu, "the emulator does not know this instruction");
    return false;
  }
  const char *reason = refuse(&emu->options, &insn);
  if (reason != NULL) {
    sk_emu_fail(emu, "%s", reason);
    return false;
  }
  memset(out, 0, sizeof *out);
  out->address = address;
  out->generation = emu->generation;
  out->execute = row->execute;
  out->row = row;
  convert_prefixes(&insn, out);
  for (unsigned i = 0; i < insn.operand_count_visible; ++i) {
    if (operands[i].encoding == ZYDIS_OPERAND_ENCODING_MASK) {
      continue;
    }
    if (out->operand_count == SK_EMU_MAX_OPERANDS ||
        !convert_operand(&operands[i], address + insn.length, &out->op[out->operand_count])) {
      sk_emu_fail(emu, "the emulator does not know this operand");
      return false;
    }
    ++out->operand_count;
  }
  return true;
}
