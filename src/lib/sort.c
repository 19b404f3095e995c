// SPDX-License-Identifier: Apache-2.0
// SORT: several operands of shape [outer, length, inner] sorted together along `length`, stably.
//
//   row of keys -> records {key bits as an unsigned number, position} -> sorted records -> rows moved
//
// A key becomes a number whose unsigned order is the order asked for, so that one sort serves all
// types: integers with the sign bit flipped, floats with the bits of negative numbers inverted,
// descending keys complemented. Several keys are sorted one after the other, the least significant
// first, which stability makes right.
//
// Rows up to SMALL_ROW are sorted by insertion. Longer ones by counting digits of eight bits, least
// significant first; digits that all keys share are skipped. Every step is stable, so the
// permutation depends on the keys alone.
#include <string.h>

#include "base/mem.h"
#include "lib/lib.h"

enum { SMALL_ROW = 48, DIGITS = 8, DIGIT_VALUES = 256 };

typedef struct sort_record {
  uint64_t key;
  uint64_t position;
} sort_record;

typedef struct sort_key {
  const char *data;  // element 0 of the operand
  int64_t elem_bytes, order, exponent_bits, descending;
} sort_key;

typedef struct sort_call {
  void *const *pointers;
  const int64_t *elem_bytes;  // by operand
  const int64_t *keys;        // four numbers each
  int64_t operand_count, key_count, outer, length, inner;
  sort_record *records, *spare;  // `length` each
  char *row;                     // `length` elements of any operand
} sort_call;

// ---- keys

static uint64_t load_bits(const char *at, int64_t bytes) {
  uint8_t b1;
  uint16_t b2;
  uint32_t b4;
  uint64_t b8;
  switch (bytes) {
    case 1: memcpy(&b1, at, 1); return b1;
    case 2: memcpy(&b2, at, 2); return b2;
    case 4: memcpy(&b4, at, 4); return b4;
    default: memcpy(&b8, at, 8); return b8;
  }
}

// Negative zero and NaN in their one form: +0, and the largest positive pattern.
static uint64_t canonical_float(uint64_t bits, uint64_t sign, int64_t exponent_bits) {
  uint64_t magnitude = bits & (sign - 1);
  uint64_t mantissa = (sign >> exponent_bits) - 1;
  uint64_t infinity = (sign - 1) & ~mantissa;
  if (magnitude == 0) {
    return 0;
  }
  return magnitude > infinity ? sign - 1 : bits;
}

static uint64_t key_number(const sort_key *key, const char *at) {
  uint64_t bits = load_bits(at, key->elem_bytes);
  uint64_t sign = (uint64_t)1 << (8 * key->elem_bytes - 1);
  uint64_t all = sign | (sign - 1);
  if (key->order == SK_SORT_NUMERIC) {
    bits = canonical_float(bits, sign, key->exponent_bits);
  }
  if (key->order == SK_SORT_SIGNED) {
    bits ^= sign;
  } else if (key->order != SK_SORT_UNSIGNED) {
    bits = (bits & sign) ? ~bits & all : bits | sign;
  }
  return key->descending ? ~bits & all : bits;
}

// ---- one row of records, ordered by key

static void sort_by_insertion(sort_record *records, int64_t count) {
  for (int64_t i = 1; i < count; i++) {
    sort_record moving = records[i];
    int64_t at = i;
    for (; at > 0 && records[at - 1].key > moving.key; at--) {
      records[at] = records[at - 1];
    }
    records[at] = moving;
  }
}

static void move_by_digit(const sort_record *from, sort_record *to, int64_t count, int shift,
                          uint64_t *starts) {
  uint64_t sum = 0;
  for (int value = 0; value < DIGIT_VALUES; value++) {
    uint64_t here = starts[value];
    starts[value] = sum;
    sum += here;
  }
  for (int64_t i = 0; i < count; i++) {
    to[starts[(from[i].key >> shift) & (DIGIT_VALUES - 1)]++] = from[i];
  }
}

static void sort_by_digits(sort_call *call, int64_t key_bytes) {
  uint64_t counts[DIGITS][DIGIT_VALUES];
  memset(counts, 0, (size_t)key_bytes * sizeof counts[0]);
  for (int64_t i = 0; i < call->length; i++) {
    for (int64_t digit = 0; digit < key_bytes; digit++) {
      counts[digit][(call->records[i].key >> (8 * digit)) & (DIGIT_VALUES - 1)]++;
    }
  }
  for (int64_t digit = 0; digit < key_bytes; digit++) {
    int shift = (int)(8 * digit);
    uint64_t first = (call->records[0].key >> shift) & (DIGIT_VALUES - 1);
    if (counts[digit][first] == (uint64_t)call->length) {
      continue;
    }
    move_by_digit(call->records, call->spare, call->length, shift, counts[digit]);
    sort_record *sorted = call->spare;
    call->spare = call->records;
    call->records = sorted;
  }
}

// ---- rows

static void sort_row(sort_call *call, int64_t row_start) {
  for (int64_t i = 0; i < call->length; i++) {
    call->records[i].position = (uint64_t)i;
  }
  for (int64_t k = call->key_count; k-- > 0;) {
    const int64_t *numbers = call->keys + 4 * k;
    sort_key key = {call->pointers[numbers[0]], call->elem_bytes[numbers[0]], numbers[1],
                    numbers[2], numbers[3]};
    for (int64_t i = 0; i < call->length; i++) {
      int64_t elem = row_start + (int64_t)call->records[i].position * call->inner;
      call->records[i].key = key_number(&key, key.data + elem * key.elem_bytes);
    }
    if (call->length <= SMALL_ROW) {
      sort_by_insertion(call->records, call->length);
    } else {
      sort_by_digits(call, key.elem_bytes);
    }
  }
}

// Moves one operand's row to its sorted order by way of call->row, so that it may be done in place.
static void move_row(const sort_call *call, int64_t operand, int64_t row_start) {
  size_t bytes = (size_t)call->elem_bytes[operand];
  const char *in = (const char *)call->pointers[operand] + row_start * (int64_t)bytes;
  char *out = (char *)call->pointers[call->operand_count + operand] + row_start * (int64_t)bytes;
  size_t stride = bytes * (size_t)call->inner;
  for (int64_t i = 0; i < call->length; i++) {
    memcpy(call->row + (size_t)i * bytes, in + call->records[i].position * stride, bytes);
  }
  if (call->inner == 1) {
    memcpy(out, call->row, (size_t)call->length * bytes);
    return;
  }
  for (int64_t i = 0; i < call->length; i++) {
    memcpy(out + (size_t)i * stride, call->row + (size_t)i * bytes, bytes);
  }
}

static void sort_rows(sort_call *call) {
  for (int64_t outer = 0; outer < call->outer; outer++) {
    for (int64_t inner = 0; inner < call->inner; inner++) {
      int64_t row_start = outer * call->length * call->inner + inner;
      sort_row(call, row_start);
      for (int64_t operand = 0; operand < call->operand_count; operand++) {
        move_row(call, operand, row_start);
      }
    }
  }
}

void sk_lib_sort(sk_frame *frame, void *const *pointers, const int64_t *params) {
  sort_call call = {.pointers = pointers,
                    .operand_count = params[0],
                    .key_count = params[1],
                    .outer = params[2],
                    .length = params[3],
                    .inner = params[4],
                    .elem_bytes = params + 5};
  call.keys = call.elem_bytes + call.operand_count;
  if (call.outer == 0 || call.length == 0 || call.inner == 0) {
    return;
  }
  sort_record small[2 * SMALL_ROW];
  char small_row[16 * SMALL_ROW];
  if (call.length <= SMALL_ROW) {
    call.records = small;
    call.spare = small + SMALL_ROW;
    call.row = small_row;
    sort_rows(&call);
    return;
  }
  size_t bytes, per_elem = 2 * sizeof(sort_record) + 16;
  char *memory =
      SK_MUL_OVERFLOW(per_elem, (size_t)call.length, &bytes) ? NULL : sk_mem_alloc(bytes);
  if (!memory) {
    frame->fault = frame->fault ? frame->fault : SK_RESOURCE_EXHAUSTED;
    return;
  }
  call.records = (sort_record *)(void *)memory;
  call.spare = call.records + call.length;
  call.row = (char *)(call.spare + call.length);
  sort_rows(&call);
  sk_mem_free(memory);
}
