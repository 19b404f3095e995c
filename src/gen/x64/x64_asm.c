// SPDX-License-Identifier: Apache-2.0
// The assembler's bookkeeping: code buffer, labels and branches, constant pool, final layout.
//
//   labels[id]   position of a bound label, or UNBOUND with the head of its chain of fixups
//   fixups[]     places to patch: branches of labels not bound yet (chained per label), and pool
//                references (in code order)
//   consts[]     {size, bytes}; found again by a small hash table
//   finish       aligns the code to 64, lays out the pool by falling size (then all are aligned),
//                patches its references
//
// Branches back to a bound label take rel8 where it reaches; forward ones rel32 unless the caller
// asks for short. Positions are 32-bit offsets; the code limit keeps every displacement within
// reach.
#include "gen/x64/x64.h"

#include "base/hash.h"

enum { FIRST_CAP = 4096, DEFAULT_LIMIT = 1 << 30 };
#define UNBOUND 0x80000000u

static void fail(sk_asm *a, sk_asm_error error) {
  if (a->error == SK_ASM_OK) {
    a->error = error;
    a->error_at = a->len;
    a->error_op = SK_X_COUNT;
  }
}

void sk_asm_init(sk_asm *a, sk_arena *arena, sk_isa isa, uint32_t limit) {
  memset(a, 0, sizeof *a);
  a->arena = arena;
  a->isa = isa;
  a->limit = limit == 0 || limit > DEFAULT_LIMIT ? DEFAULT_LIMIT : limit;
  bool ok = sk_vec_push(arena, &a->fixups, (sk_asm_fixup){0}) &&
            sk_vec_push(arena, &a->consts, (sk_asm_const){0});
  if (!ok) {
    fail(a, SK_ASM_NO_MEMORY);
  }
}

// Makes room for `extra` bytes. On failure the buffer is rewound to its start, so that emission can
// go on harmlessly until the error is looked at.
bool sk_asm_grow(sk_asm *a, uint32_t extra) {
  uint64_t need = (uint64_t)a->len + extra;
  uint64_t cap = SK_MAX((uint64_t)a->cap * 2, (uint64_t)FIRST_CAP);
  cap = SK_MAX(cap, need);
  if (need > a->limit) {
    fail(a, SK_ASM_TOO_LARGE);
    a->len = 0;
    return a->cap >= extra;
  }
  uint8_t *code = sk_arena_alloc(a->arena, cap, 64);
  if (!code) {
    fail(a, SK_ASM_NO_MEMORY);
    a->len = 0;
    return a->cap >= extra;
  }
  if (a->len != 0) {
    memcpy(code, a->code, a->len);
  }
  a->code = code;
  a->cap = (uint32_t)cap;
  return true;
}

// ---- labels and branches

sk_label sk_asm_new_label(sk_asm *a) {
  if (!sk_vec_push(a->arena, &a->labels, UNBOUND)) {
    fail(a, SK_ASM_NO_MEMORY);
    return (sk_label){0};
  }
  return (sk_label){a->labels.count - 1};
}

static void patch(sk_asm *a, const sk_asm_fixup *fixup, uint32_t target) {
  if (a->error != SK_ASM_OK) {
    return;
  }
  if (fixup->is_short) {
    int64_t rel = (int64_t)target - (fixup->at + 1);
    if (rel < -128 || rel > 127) {
      fail(a, SK_ASM_BAD_OPERANDS);
      return;
    }
    a->code[fixup->at] = (uint8_t)rel;
    return;
  }
  int32_t rel = (int32_t)((int64_t)target + fixup->addend - (fixup->at + 4 + fixup->tail));
  memcpy(a->code + fixup->at, &rel, 4);
}

void sk_asm_bind_at(sk_asm *a, sk_label label, uint32_t pos) {
  if (a->error != SK_ASM_OK) {
    return;
  }
  uint32_t at = a->labels.data[label.id] & ~UNBOUND;
  while (at != 0) {
    patch(a, &a->fixups.data[at], pos);
    at = a->fixups.data[at].next;
  }
  a->labels.data[label.id] = pos;
}

void sk_asm_bind(sk_asm *a, sk_label label) { sk_asm_bind_at(a, label, a->len); }

uint32_t sk_asm_label_pos(const sk_asm *a, sk_label label) {
  return label.id < a->labels.count ? a->labels.data[label.id] & ~UNBOUND : 0;
}

void sk_asm_put(sk_asm *a, const void *bytes, uint32_t count) {
  if (a->cap - a->len < count && !sk_asm_grow(a, count)) {
    return;
  }
  memcpy(a->code + a->len, bytes, count);
  a->len += count;
}

// The displacement field at the end of the code so far, for a label that may be bound or not.
static void put_rel(sk_asm *a, sk_label label, bool is_short) {
  if (a->error != SK_ASM_OK) {
    return;
  }
  uint32_t state = a->labels.data[label.id];
  sk_asm_fixup fixup = {.at = a->len, .target = label.id, .is_short = is_short};
  sk_asm_put(a, (const uint8_t[4]){0}, is_short ? 1 : 4);
  if (!(state & UNBOUND)) {
    patch(a, &fixup, state);
    return;
  }
  fixup.next = state & ~UNBOUND;
  a->labels.data[label.id] = UNBOUND | a->fixups.count;
  if (!sk_vec_push(a->arena, &a->fixups, fixup)) {
    fail(a, SK_ASM_NO_MEMORY);
  }
}

// Is the label behind us, and near enough for an instruction of two bytes?
static bool is_near_back(const sk_asm *a, sk_label label) {
  if (label.id >= a->labels.count) {
    return false;
  }
  uint32_t state = a->labels.data[label.id];
  return !(state & UNBOUND) && a->len + 2 - state <= 128;
}

static void branch(sk_asm *a, sk_label target, bool is_short, uint8_t short_opcode,
                   const uint8_t *opcode, uint32_t count) {
  a->emitted++;
  if (is_short) {
    sk_asm_put(a, &short_opcode, 1);
  } else {
    sk_asm_put(a, opcode, count);
  }
  put_rel(a, target, is_short);
}

void sk_x64_jmp(sk_asm *a, sk_label target) {
  branch(a, target, is_near_back(a, target), 0xeb, (const uint8_t[]){0xe9}, 1);
}
void sk_x64_jmp_short(sk_asm *a, sk_label target) { branch(a, target, true, 0xeb, NULL, 0); }
void sk_x64_jcc(sk_asm *a, uint32_t cc, sk_label target) {
  branch(a, target, is_near_back(a, target), (uint8_t)(0x70 | cc),
         (const uint8_t[]){0x0f, (uint8_t)(0x80 | cc)}, 2);
}
void sk_x64_jcc_short(sk_asm *a, uint32_t cc, sk_label target) {
  branch(a, target, true, (uint8_t)(0x70 | cc), NULL, 0);
}
void sk_x64_call(sk_asm *a, sk_label target) {
  branch(a, target, false, 0, (const uint8_t[]){0xe8}, 1);
}
void sk_x64_lea_label(sk_asm *a, uint32_t reg, sk_label target) {
  uint8_t bytes[3] = {(uint8_t)(0x48 | (reg >> 3) << 2), 0x8d, (uint8_t)((reg & 7) << 3 | 5)};
  branch(a, target, false, 0, bytes, 3);
}

// Recommended long nops (Intel SDM volume 2B, NOP), by length.
static const uint8_t NOPS[9][9] = {
    {0x90},
    {0x66, 0x90},
    {0x0f, 0x1f, 0x00},
    {0x0f, 0x1f, 0x40, 0x00},
    {0x0f, 0x1f, 0x44, 0x00, 0x00},
    {0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
    {0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00},
    {0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
    {0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
};

void sk_asm_align(sk_asm *a, uint32_t pow2) {
  uint32_t left = -a->len & (pow2 - 1);
  while (left != 0) {
    uint32_t count = SK_MIN(left, 9u);
    sk_asm_put(a, NOPS[count - 1], count);
    left -= count;
  }
}

void sk_asm_pad_int3(sk_asm *a, uint32_t pow2) {
  for (uint32_t left = -a->len & (pow2 - 1); left != 0; left--) {
    sk_asm_put(a, (const uint8_t[]){0xcc}, 1);
  }
}

// ---- constants

enum { FIRST_POOL = 64 };

static bool grow_pool(sk_asm *a) {
  uint32_t size = a->pool_hash ? 4 * (a->pool_mask + 1) : FIRST_POOL;
  uint32_t *heads = sk_arena_zalloc(a->arena, size * sizeof *heads, _Alignof(uint32_t));
  if (!heads) {
    return false;
  }
  for (uint32_t id = 1; id < a->consts.count; id++) {
    sk_asm_const *c = &a->consts.data[id];
    uint32_t bucket =
        (uint32_t)sk_hash_bytes(a->pool_bytes.data + c->bytes_at, c->size, c->size) & (size - 1);
    c->hash_next = heads[bucket];
    heads[bucket] = id;
  }
  a->pool_hash = heads;
  a->pool_mask = size - 1;
  return true;
}

uint32_t sk_asm_constant(sk_asm *a, const void *bytes, uint32_t size) {
  if (a->consts.count > a->pool_mask && !grow_pool(a)) {
    fail(a, SK_ASM_NO_MEMORY);
    return 0;
  }
  uint32_t bucket = (uint32_t)sk_hash_bytes(bytes, size, size) & a->pool_mask;
  for (uint32_t id = a->pool_hash[bucket]; id != 0; id = a->consts.data[id].hash_next) {
    const sk_asm_const *c = &a->consts.data[id];
    if (c->size == size && memcmp(a->pool_bytes.data + c->bytes_at, bytes, size) == 0) {
      return id;
    }
  }
  sk_asm_const c = {
      .bytes_at = a->pool_bytes.count, .size = size, .hash_next = a->pool_hash[bucket]};
  if (!sk_vec_reserve(a->arena, &a->pool_bytes, size) || !sk_vec_push(a->arena, &a->consts, c)) {
    fail(a, SK_ASM_NO_MEMORY);
    return 0;
  }
  memcpy(a->pool_bytes.data + a->pool_bytes.count, bytes, size);
  a->pool_bytes.count += size;
  return a->pool_hash[bucket] = a->consts.count - 1;
}

uint32_t sk_asm_constant32(sk_asm *a, uint32_t bits) { return sk_asm_constant(a, &bits, 4); }
uint32_t sk_asm_constant64(sk_asm *a, uint64_t bits) { return sk_asm_constant(a, &bits, 8); }

uint32_t sk_asm_splat32(sk_asm *a, uint32_t bits, uint32_t size) {
  return sk_asm_splat64(a, (uint64_t)bits << 32 | bits, size);
}

uint32_t sk_asm_splat64(sk_asm *a, uint64_t bits, uint32_t size) {
  uint64_t lanes[8] = {bits, bits, bits, bits, bits, bits, bits, bits};
  return sk_asm_constant(a, lanes, size);
}

static void lay_out_pool(sk_asm *a) {
  for (uint32_t size = 64; size >= 4; size /= 2) {
    for (uint32_t i = 1; i < a->consts.count; i++) {
      sk_asm_const *c = &a->consts.data[i];
      if (c->size == size) {
        c->offset = a->len;
        sk_asm_put(a, a->pool_bytes.data + c->bytes_at, size);
      }
    }
  }
}

static sk_status describe_error(const sk_asm *a) {
  if (a->error == SK_ASM_NO_MEMORY) {
    return sk_status_no_memory();
  }
  if (a->error == SK_ASM_TOO_LARGE) {
    return sk_status_new(SK_RESOURCE_EXHAUSTED, "machine code exceeds %u bytes", a->limit);
  }
  const char *name = a->error_op < SK_X_COUNT ? sk_x64_table[a->error_op].vex_text : "branch";
  return sk_status_new(SK_INTERNAL, "no encoding for %s at code offset %u", name, a->error_at);
}

sk_status sk_asm_finish(sk_asm *a, uint32_t *out_length) {
  if (a->consts.count > 1) {
    sk_asm_pad_int3(a, 64);
    lay_out_pool(a);
  }
  for (uint32_t i = 1; i < a->fixups.count; i++) {
    const sk_asm_fixup *fixup = &a->fixups.data[i];
    if (fixup->target & UNBOUND) {
      patch(a, fixup, a->consts.data[fixup->target & ~UNBOUND].offset);
    }
  }
  if (a->error != SK_ASM_OK) {
    return describe_error(a);
  }
  *out_length = a->len;
  return NULL;
}
