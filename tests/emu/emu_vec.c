// SPDX-License-Identifier: Apache-2.0
// How vector instructions fetch their operands and write their results:
//
//   sources -> sk_emu_args -> vector function -> merge or zero by mask -> register or memory
//
//   old   1 1 1 1 1 1 1 1        lanes k = 0 keep old, or become 0 with {z}
//   out   a b c d e f g h
//   k     0 1 1 0 1 0 0 1
//   dst   1 b c 1 e 1 1 h 0 0 0 0 0 ...   everything above the vector length is zeroed
//
// A masked-off lane of a memory operand is not touched for lane-wise instructions, as on hardware,
// so that tails may be read and written by mask right up to an unmapped page.

#include "emu/emu_int.h"

#include <string.h>
#include <xmmintrin.h>

static uint64_t lane_bits(unsigned count) {
  return count >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1;
}

uint64_t sk_emu_active_lanes(const sk_emu *emu, const sk_emu_insn *insn, unsigned count) {
  uint64_t all = lane_bits(count);
  return insn->mask != 0 ? emu->cpu->k[insn->mask] & all : all;
}

// Merges `count` lanes into a register and zeroes the rest of it.
void sk_emu_write_register(sk_emu *emu, const sk_emu_insn *insn, unsigned reg,
                           const sk_emu_vec *value, unsigned count, unsigned lane_bytes) {
  sk_emu_vec *dst = &emu->cpu->vec[reg];
  uint64_t active = sk_emu_active_lanes(emu, insn, count);
  if (active == lane_bits(count)) {
    memcpy(dst->u8, value->u8, count * lane_bytes);
  } else {
    for (unsigned i = 0; i < count; ++i) {
      uint8_t *lane = &dst->u8[i * lane_bytes];
      if (active >> i & 1) {
        memcpy(lane, &value->u8[i * lane_bytes], lane_bytes);
      } else if (insn->zeroing) {
        memset(lane, 0, lane_bytes);
      }
    }
  }
  memset(&dst->u8[count * lane_bytes], 0, 64 - count * lane_bytes);
}

static void write_result(sk_emu *emu, const sk_emu_insn *insn, const sk_emu_vec *value,
                         unsigned count) {
  const sk_emu_operand *op = &insn->op[0];
  unsigned lane_bytes = insn->row->out_bytes;
  if (op->kind == SK_EMU_VEC) {
    sk_emu_write_register(emu, insn, op->reg, value, count, lane_bytes);
    return;
  }
  char *address = (char *)(uintptr_t)sk_emu_address(emu, op);
  uint64_t active = sk_emu_active_lanes(emu, insn, count);
  if (active == lane_bits(count)) {
    memcpy(address, value->u8, count * lane_bytes);
    return;
  }
  for (unsigned i = 0; i < count; ++i) {
    if (active >> i & 1) {
      memcpy(address + i * lane_bytes, &value->u8[i * lane_bytes], lane_bytes);
    }
  }
}

// A vector source: the register, or memory copied to `storage`. lanes 0 = read whole, whatever the
// mask.
static const sk_emu_vec *source(const sk_emu *emu, const sk_emu_insn *insn,
                                const sk_emu_operand *op, unsigned lanes, sk_emu_vec *storage) {
  if (op->kind == SK_EMU_VEC) {
    return &emu->cpu->vec[op->reg];
  }
  memset(storage, 0, sizeof *storage);
  if (op->kind != SK_EMU_MEM) {
    storage->u64[0] = sk_emu_get(emu, op);
    return storage;
  }
  const char *address = (const char *)(uintptr_t)sk_emu_address(emu, op);
  uint64_t active = lanes != 0 ? sk_emu_active_lanes(emu, insn, lanes) : 0;
  if (insn->broadcast) {
    if (lanes == 0 || active != 0) {
      memcpy(storage->u8, address, op->bytes);
    }
    for (unsigned at = op->bytes; at < 64; at += op->bytes) {
      memcpy(&storage->u8[at], storage->u8, op->bytes);
    }
  } else if (lanes == 0 || active == lane_bits(lanes)) {
    memcpy(storage->u8, address, op->bytes);
  } else {
    unsigned step = op->bytes / lanes;
    for (unsigned i = 0; i < lanes; ++i) {
      if (active >> i & 1) {
        memcpy(&storage->u8[i * step], address + i * step, step);
      }
    }
  }
  return storage;
}

static unsigned lane_count(const sk_emu_insn *insn) {
  unsigned out = insn->row->out_bytes, in = insn->row->in_bytes;
  return insn->vector_bytes / (out > in ? out : in);
}

static void run_rounded(const sk_emu_insn *insn, const sk_emu_args *args) {
  if (insn->rounding == SK_EMU_ROUND_MXCSR) {
    insn->row->vec(args);
    return;
  }
  unsigned mxcsr = _mm_getcsr();
  _mm_setcsr((mxcsr & ~0x6000u) | (unsigned)(insn->rounding - SK_EMU_ROUND_NEAREST) << 13);
  insn->row->vec(args);
  _mm_setcsr(mxcsr);
}

// Fetches operands first.. and calls the vector function. masked_lanes as in source().
static void compute(sk_emu *emu, const sk_emu_insn *insn, unsigned first, unsigned masked_lanes,
                    unsigned count, sk_emu_vec *out) {
  sk_emu_vec storage[3];
  const sk_emu_vec *sources[3] = {out, out, out};
  sk_emu_args args = {.out = out,
                      .aux = insn->row->aux,
                      .count = count,
                      .bytes = insn->vector_bytes,
                      .mask = sk_emu_active_lanes(emu, insn, count)};
  memset(out, 0, sizeof *out);
  args.old = insn->op[0].kind == SK_EMU_VEC ? &emu->cpu->vec[insn->op[0].reg] : out;
  unsigned used = 0;
  for (unsigned i = first; i < insn->operand_count; ++i) {
    const sk_emu_operand *op = &insn->op[i];
    if (op->kind == SK_EMU_IMM) {
      args.has_imm = true;
      args.imm = (uint32_t)op->value & 0xff;
    } else if (used < 3) {
      sources[used] = source(emu, insn, op, masked_lanes, &storage[used]);
      ++used;
    }
  }
  args.a = sources[0];
  args.b = sources[1];
  args.c = sources[2];
  run_rounded(insn, &args);
}

void sk_emu_x_lane(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned count = lane_count(insn);
  sk_emu_vec out;
  compute(emu, insn, 1, count, count, &out);
  write_result(emu, insn, &out, count);
}

void sk_emu_x_whole(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned count = lane_count(insn);
  sk_emu_vec out;
  compute(emu, insn, 1, 0, count, &out);
  write_result(emu, insn, &out, count);
}

// By an immediate lane-wise; by a register or 128 bits of memory, which no mask applies to.
void sk_emu_x_shift(sk_emu *emu, const sk_emu_insn *insn) {
  if (insn->op[2].kind == SK_EMU_IMM) {
    sk_emu_x_lane(emu, insn);
  } else {
    sk_emu_x_whole(emu, insn);
  }
}

// Lane 0 computed, the low 128 bits completed from `upper`.
static void write_scalar(sk_emu *emu, const sk_emu_insn *insn, const sk_emu_vec *upper,
                         const sk_emu_vec *value) {
  unsigned bytes = insn->row->out_bytes;
  sk_emu_vec *dst = &emu->cpu->vec[insn->op[0].reg];
  sk_emu_vec result = *upper;
  if (sk_emu_active_lanes(emu, insn, 1)) {
    memcpy(result.u8, value->u8, bytes);
  } else if (insn->zeroing) {
    memset(result.u8, 0, bytes);
  } else {
    memcpy(result.u8, dst->u8, bytes);
  }
  memset(&result.u8[16], 0, 48);
  *dst = result;
}

void sk_emu_x_scalar(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_vec out;
  compute(emu, insn, 1, 1, 1, &out);
  write_scalar(emu, insn, &emu->cpu->vec[insn->op[1].reg], &out);
}

// A fused multiply-add keeps the rest of its destination.
void sk_emu_x_scalar_fused(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_vec out;
  compute(emu, insn, 1, 1, 1, &out);
  write_scalar(emu, insn, &emu->cpu->vec[insn->op[0].reg], &out);
}

void sk_emu_x_scalar1(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_vec out;
  compute(emu, insn, 2, 1, 1, &out);
  write_scalar(emu, insn, &emu->cpu->vec[insn->op[1].reg], &out);
}

void sk_emu_x_convert_scalar(sk_emu *emu, const sk_emu_insn *insn) { sk_emu_x_scalar1(emu, insn); }

// --- comparisons ---

static uint64_t gather_bits(const sk_emu_vec *value, unsigned count, unsigned lane_bytes) {
  uint64_t bits = 0;
  for (unsigned i = 0; i < count; ++i) {
    bits |= (uint64_t)sk_emu_lane_sign(value, i, lane_bytes) << i;
  }
  return bits;
}

void sk_emu_x_compare(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned count = lane_count(insn);
  sk_emu_vec out;
  compute(emu, insn, 1, count, count, &out);
  if (insn->op[0].kind == SK_EMU_MASK) {
    emu->cpu->k[insn->op[0].reg] =
        gather_bits(&out, count, insn->row->out_bytes) & sk_emu_active_lanes(emu, insn, count);
  } else {
    write_result(emu, insn, &out, count);
  }
}

void sk_emu_x_scalar_compare(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_vec out;
  compute(emu, insn, 1, 1, 1, &out);
  if (insn->op[0].kind == SK_EMU_MASK) {
    emu->cpu->k[insn->op[0].reg] =
        gather_bits(&out, 1, insn->row->out_bytes) & sk_emu_active_lanes(emu, insn, 1);
  } else {
    write_scalar(emu, insn, &emu->cpu->vec[insn->op[1].reg], &out);
  }
}

// The mask picks between the two sources; {z} makes the first one zero. All of the second is read
// lane by lane, all of the first is a register.
void sk_emu_x_blendm(sk_emu *emu, const sk_emu_insn *insn) {
  unsigned count = lane_count(insn), bytes = insn->row->out_bytes;
  sk_emu_vec storage, zero = {{0}};
  const sk_emu_vec *b = source(emu, insn, &insn->op[2], count, &storage);
  sk_emu_vec out = insn->zeroing ? zero : emu->cpu->vec[insn->op[1].reg];
  uint64_t active = sk_emu_active_lanes(emu, insn, count);
  for (unsigned i = 0; i < count; ++i) {
    if (active >> i & 1) {
      memcpy(&out.u8[i * bytes], &b->u8[i * bytes], bytes);
    }
  }
  memset(&out.u8[insn->vector_bytes], 0, 64u - insn->vector_bytes);
  emu->cpu->vec[insn->op[0].reg] = out;
}

// --- scalar conversions from and to general registers ---

// aux 1: unsigned
void sk_emu_x_convert_from_gpr(sk_emu *emu, const sk_emu_insn *insn) {
  const sk_emu_operand *op = &insn->op[2];
  uint64_t raw = sk_emu_get(emu, op);
  sk_emu_vec in = {.u64 = {raw}}, out = {{0}};
  if (!insn->row->aux) {
    in.s64[0] = op->bytes == 4 ? (int32_t)(uint32_t)raw : (int64_t)raw;
  }
  static const struct {
    sk_emu_vec_fn *fn[2];
  } convert[2] = {{{sk_emu_v_i64_f32, sk_emu_v_u64_f32}}, {{sk_emu_v_i64_f64, sk_emu_v_u64_f64}}};
  sk_emu_row row = *insn->row;
  row.vec = convert[row.out_bytes == 8].fn[row.aux];
  sk_emu_insn with = *insn;
  with.row = &row;
  sk_emu_args args = {.out = &out, .a = &in, .count = 1};
  run_rounded(&with, &args);
  write_scalar(emu, insn, &emu->cpu->vec[insn->op[1].reg], &out);
}

// aux bit 0: truncate, bit 1: unsigned
void sk_emu_x_convert_to_gpr(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_vec storage, out = {{0}};
  sk_emu_vec_fn *const convert[2][2][2] = {
      {{sk_emu_v_f32_i32, sk_emu_v_f32_i64}, {sk_emu_v_f32_u32, sk_emu_v_f32_u64}},
      {{sk_emu_v_f64_i32, sk_emu_v_f64_i64}, {sk_emu_v_f64_u32, sk_emu_v_f64_u64}}};
  unsigned aux = insn->row->aux;
  sk_emu_row row = *insn->row;
  row.vec = convert[row.in_bytes == 8][aux >> 1][insn->op[0].bytes == 8];
  sk_emu_insn with = *insn;
  with.row = &row;
  sk_emu_args args = {
      .out = &out, .aux = aux & 1, .count = 1, .a = source(emu, insn, &insn->op[1], 0, &storage)};
  run_rounded(&with, &args);
  sk_emu_set(emu, &insn->op[0], out.u64[0]);
}

// --- flags from vectors ---

void sk_emu_x_comi(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_vec storage[2];
  const sk_emu_vec *a = source(emu, insn, &insn->op[0], 0, &storage[0]);
  const sk_emu_vec *b = source(emu, insn, &insn->op[1], 0, &storage[1]);
  bool wide = insn->row->out_bytes == 8;
  bool less = wide ? a->f64[0] < b->f64[0] : a->f32[0] < b->f32[0];
  bool greater = wide ? a->f64[0] > b->f64[0] : a->f32[0] > b->f32[0];
  bool equal = wide ? a->f64[0] == b->f64[0] : a->f32[0] == b->f32[0];
  uint32_t flags = less ? SK_EMU_CF : equal ? SK_EMU_ZF : SK_EMU_ZF | SK_EMU_PF | SK_EMU_CF;
  emu->cpu->flags = (emu->cpu->flags & SK_EMU_DF) | (greater ? 0 : flags);
}

// aux 1: only the sign bits of the lanes count.
void sk_emu_x_vptest(sk_emu *emu, const sk_emu_insn *insn) {
  sk_emu_vec storage;
  const sk_emu_vec *a = &emu->cpu->vec[insn->op[0].reg];
  const sk_emu_vec *b = source(emu, insn, &insn->op[1], 0, &storage);
  uint64_t signs = insn->row->out_bytes == 4 ? 0x8000000080000000u : 0x8000000000000000u;
  uint64_t considered = insn->row->aux ? signs : ~(uint64_t)0;
  uint64_t both = 0, only_b = 0;
  for (unsigned i = 0; i < insn->vector_bytes / 8u; ++i) {
    both |= a->u64[i] & b->u64[i] & considered;
    only_b |= ~a->u64[i] & b->u64[i] & considered;
  }
  emu->cpu->flags =
      (emu->cpu->flags & SK_EMU_DF) | (both == 0 ? SK_EMU_ZF : 0) | (only_b == 0 ? SK_EMU_CF : 0);
}

// aux: bytes to keep of registers 0-15
void sk_emu_x_zero(sk_emu *emu, const sk_emu_insn *insn) {
  for (unsigned r = 0; r < 16; ++r) {
    memset(&emu->cpu->vec[r].u8[insn->row->aux], 0, 64u - insn->row->aux);
  }
}

// The host's MXCSR is the emulated one while code runs.
void sk_emu_x_mxcsr(sk_emu *emu, const sk_emu_insn *insn) {
  if (insn->row->aux) {
    sk_emu_set(emu, &insn->op[0], _mm_getcsr());
    return;
  }
  uint32_t value = (uint32_t)sk_emu_get(emu, &insn->op[0]);
  if ((value & 0xffff0000) != 0 || (value & 0x1f80) != 0x1f80) {
    sk_emu_fail(emu, "MXCSR %#x has reserved bits or unmasked exceptions", value);
    return;
  }
  _mm_setcsr(value);
}
