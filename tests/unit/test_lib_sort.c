// SPDX-License-Identifier: Apache-2.0
// The sort call against a plain stable insertion by a comparison written from the definition: every
// key type and order, several keys, carried operands, inner dimensions, in place, long and short
// rows, exhausted memory.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/sortcall.h"
#include "lib/lib.h"

enum { MAX_ELEMS = 4000, MAX_OPERANDS = 4 };

typedef struct key {
  int64_t operand, order, exponent_bits, descending;
} key;

typedef struct problem {
  int64_t operand_count, key_count, outer, length, inner;
  int64_t first;     // elements at the start of each row that nobody wants
  int64_t left_out;  // ... at the end
  int64_t roles[MAX_OPERANDS];
  int64_t elem_bytes[MAX_OPERANDS];
  key keys[MAX_OPERANDS];
  uint8_t in[MAX_OPERANDS][MAX_ELEMS * 16];
} problem;

static uint64_t seed = 1;
static uint64_t next_random(void) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return seed ^ seed >> 29;
}

static uint64_t bits_at(const problem *p, int64_t operand, int64_t elem) {
  uint64_t bits = 0;
  size_t bytes = (size_t)p->elem_bytes[operand];
  memcpy(&bits, p->in[operand] + (size_t)elem * bytes, bytes < 8 ? bytes : 8);
  return bits;
}

static double float_value(int64_t bytes, int64_t exponent_bits, uint64_t bits) {
  if (bytes == 8) {
    double value;
    memcpy(&value, &bits, 8);
    return value;
  }
  if (bytes == 4) {
    uint32_t half = (uint32_t)bits;
    float value;
    memcpy(&value, &half, 4);
    return (double)value;
  }
  return sk_num_decode(exponent_bits == 8 ? SK_NUM_BF16 : SK_NUM_F16, (uint32_t)bits);
}

enum { UNORDERED = 2 };

// -1, 0, 1 by value, as the orders are defined.
static int compare_key(const key *k, int64_t bytes, uint64_t a, uint64_t b) {
  int shift = 64 - 8 * (int)bytes;
  int64_t sa = (int64_t)(a << shift), sb = (int64_t)(b << shift);
  if (k->order == SK_SORT_SIGNED) {
    return (sa > sb) - (sa < sb);
  }
  if (k->order == SK_SORT_UNSIGNED) {
    return (a > b) - (a < b);
  }
  double x = float_value(bytes, k->exponent_bits, a), y = float_value(bytes, k->exponent_bits, b);
  if (k->order == SK_SORT_PLAIN) {
    return isnan(x) || isnan(y) ? UNORDERED : (x > y) - (x < y);
  }
  if (k->order == SK_SORT_NUMERIC) {
    if (isnan(x) || isnan(y)) {
      return isnan(x) - isnan(y);
    }
    return (x > y) - (x < y);
  }
  // totalOrder: by sign, then by magnitude of the bits.
  int na = sa < 0, nb = sb < 0;
  if (na != nb) {
    return nb - na;
  }
  int order = ((uint64_t)sa << 1 > (uint64_t)sb << 1) - ((uint64_t)sa << 1 < (uint64_t)sb << 1);
  return na ? -order : order;
}

static bool comes_before(const problem *p, int64_t a, int64_t b) {
  for (int64_t i = 0; i < p->key_count; i++) {
    const key *k = &p->keys[i];
    int64_t bytes = p->elem_bytes[k->operand];
    int order = compare_key(k, bytes, bits_at(p, k->operand, a), bits_at(p, k->operand, b));
    if (order == UNORDERED) {
      return false;
    }
    if (order != 0) {
      return k->descending ? order > 0 : order < 0;
    }
  }
  return false;
}

// Every row as a list of positions, by the definition: merged bottom-up where a PLAIN key is NaN.
static void merge_positions(const problem *p, int64_t start, int64_t *order) {
  static int64_t spare[MAX_ELEMS];
  for (int64_t i = 0; i < p->length; i++) {
    order[i] = start + i * p->inner;
  }
  for (int64_t width = 1; width < p->length; width *= 2) {
    int64_t at = 0;
    for (int64_t from = 0; from < p->length; from += 2 * width) {
      int64_t x = from, y = SK_MIN(from + width, p->length), middle = y;
      int64_t to = SK_MIN(from + 2 * width, p->length);
      while (x < middle || y < to) {
        bool right = x == middle || (y < to && comes_before(p, order[y], order[x]));
        spare[at++] = order[right ? y++ : x++];
      }
    }
    memcpy(order, spare, (size_t)p->length * sizeof *order);
  }
}

static void expect_sorted(const problem *p, uint8_t out[MAX_OPERANDS][MAX_ELEMS * 16]) {
  static int64_t order[MAX_ELEMS];
  for (int64_t row = 0; row < p->outer * p->inner; row++) {
    int64_t start = row / p->inner * p->length * p->inner + row % p->inner;
    merge_positions(p, start, order);
    for (int64_t o = 0; o < p->operand_count; o++) {
      size_t bytes = (size_t)p->elem_bytes[o];
      for (int64_t i = p->first; p->roles[o] != SK_SORT_UNWANTED && i < p->length - p->left_out;
           i++) {
        assert_memory_equal(out[o] + (size_t)(start + i * p->inner) * bytes,
                            p->in[o] + (size_t)order[i] * bytes, bytes);
      }
    }
  }
}

static int64_t sort(const problem *p, uint8_t in[MAX_OPERANDS][MAX_ELEMS * 16],
                    uint8_t out[MAX_OPERANDS][MAX_ELEMS * 16]) {
  void *pointers[2 * MAX_OPERANDS];
  int64_t params[SK_SORT_HEAD + MAX_OPERANDS * 6], *at = params;
  *at++ = p->operand_count;
  *at++ = p->key_count;
  *at++ = p->outer;
  *at++ = p->length;
  *at++ = p->inner;
  *at++ = p->first;
  *at++ = p->length - p->left_out;
  *at++ = 0;
  for (int64_t o = 0; o < p->operand_count; o++) {
    pointers[o] = in[o];
    pointers[p->operand_count + o] = out[o];
    *at++ = p->elem_bytes[o];
  }
  memcpy(at, p->roles, (size_t)p->operand_count * sizeof p->roles[0]);
  at += p->operand_count;
  memcpy(at, p->keys, (size_t)p->key_count * sizeof(key));
  sk_frame frame = {.fault = 0};
  sk_lib_find(SK_BUILTIN_SORT)(&frame, pointers, params);
  return frame.fault;
}

static void check(problem *p) {
  static uint8_t out[MAX_OPERANDS][MAX_ELEMS * 16], same[MAX_OPERANDS][MAX_ELEMS * 16];
  memset(out, 0xee, sizeof out);
  assert_int_equal(sort(p, p->in, out), 0);
  expect_sorted(p, out);
  memcpy(same, p->in, sizeof same);
  assert_int_equal(sort(p, same, same), 0);
  expect_sorted(p, same);
}

// Few different values, so that stability shows; among them the special ones.
static void fill(problem *p, int64_t operand, int64_t kinds) {
  size_t bytes = (size_t)p->elem_bytes[operand];
  for (int64_t i = 0; i < p->outer * p->length * p->inner; i++) {
    uint64_t bits = next_random();
    if (kinds) {
      bits = (bits >> 40) % (uint64_t)kinds;
      bits = bits == 1   ? UINT64_MAX
             : bits == 2 ? (uint64_t)1 << (8 * bytes - 1)
                         : bits * 0x55555555;
    }
    uint64_t two[2] = {bits, next_random()};
    memcpy(p->in[operand] + (size_t)i * bytes, two, bytes);
  }
}

static const int64_t lengths[] = {0, 1, 2, 3, 47, 48, 49, 300, 1000};

static void every_key_type(void **state) {
  (void)state;
  static problem p;
  static const key keys[] = {
      {0, SK_SORT_SIGNED, 0, 0},  {0, SK_SORT_UNSIGNED, 0, 0}, {0, SK_SORT_TOTAL, 8, 0},
      {0, SK_SORT_NUMERIC, 8, 0}, {0, SK_SORT_NUMERIC, 5, 0},  {0, SK_SORT_NUMERIC, 11, 0},
      {0, SK_SORT_PLAIN, 8, 0},   {0, SK_SORT_PLAIN, 5, 0},    {0, SK_SORT_PLAIN, 11, 0}};
  for (size_t k = 0; k < SK_COUNT(keys); k++) {
    for (int64_t bytes = 1; bytes <= 8; bytes *= 2) {
      int64_t exponent = keys[k].exponent_bits;
      bool is_float = keys[k].order >= SK_SORT_TOTAL;
      bool exists = !is_float || (bytes == 2 && (exponent == 8 || exponent == 5)) ||
                    (bytes == 4 && exponent == 8) || (bytes == 8 && exponent == 11);
      for (size_t n = 0; exists && n < SK_COUNT(lengths); n++) {
        for (int descending = 0; descending < 2; descending++) {
          p = (problem){.operand_count = 1, .key_count = 1, .outer = 1, .inner = 1};
          p.length = lengths[n];
          p.elem_bytes[0] = bytes;
          p.keys[0] = keys[k];
          p.keys[0].descending = descending;
          fill(&p, 0, n % 2 ? 9 : 0);
          check(&p);
        }
      }
    }
  }
}

// The beginnings of rows, by one key and by two, narrow and wide.
static void first_elements(void **state) {
  (void)state;
  static problem p;
  static const int64_t kept[] = {0, 1, 5, 64, 65, 200};
  for (size_t n = 0; n < SK_COUNT(kept); n++) {
    for (int64_t bytes = 1; bytes <= 8; bytes *= 2) {
      p = (problem){.operand_count = 2,
                    .key_count = 1 + (int64_t)n % 2,
                    .outer = 2,
                    .inner = 1 + (int64_t)n % 3};
      p.length = 300;
      p.left_out = p.length - kept[n];
      p.elem_bytes[0] = p.elem_bytes[1] = bytes;
      p.keys[0] = (key){0, SK_SORT_SIGNED, 0, (int64_t)n % 2};
      p.keys[1] = (key){1, SK_SORT_UNSIGNED, 0, 0};
      fill(&p, 0, 9);
      fill(&p, 1, n % 4 ? 0 : 3);
      check(&p);
    }
  }
}

// The same of floats, most of them special, so that many are equal; long enough for most keys to be passed over.
static void first_floats(void **state) {
  (void)state;
  static problem p;
  static const float values[] = {0.0f, -0.0f, NAN, -NAN, INFINITY, -INFINITY, 1.0f, -1.0f};
  static const int64_t kept[] = {1, 7, 24, 25, 100, 249};
  for (size_t n = 0; n < 4 * SK_COUNT(kept); n++) {
    p = (problem){.operand_count = 2, .key_count = 1, .outer = 1, .inner = 1, .length = 1000};
    p.left_out = p.length - kept[n / 4];
    p.elem_bytes[0] = p.elem_bytes[1] = 4;
    p.keys[0] = (key){0, n % 2 ? SK_SORT_TOTAL : SK_SORT_NUMERIC, 8, n / 2 % 2};
    for (uint32_t i = 0; i < p.length; i++) {
      float small = (float)(next_random() % 1000) / 7.0f - 60.0f;
      const float *value = next_random() % 3 ? &values[next_random() % SK_COUNT(values)] : &small;
      memcpy(p.in[0] + 4 * i, value, 4);
      memcpy(p.in[1] + 4 * i, &i, 4);
    }
    check(&p);
  }
}

// Some from the middle of each row, whatever the operands.
static void middle_elements(void **state) {
  (void)state;
  static problem p;
  for (int64_t n = 0; n < 40; n++) {
    int64_t bytes = (int64_t)1 << n % 4;
    p = (problem){.operand_count = 1 + n % 3,
                  .key_count = 1 + (n % 3 == 2),
                  .outer = 1 + n % 2,
                  .inner = 1 + n % 5,
                  .length = 300,
                  .first = 1 + (int64_t)(next_random() % 250)};
    p.left_out = (int64_t)(next_random() % (uint64_t)(p.length - p.first));
    for (int64_t o = 0; o < p.operand_count; o++) {
      p.elem_bytes[o] = o == 0 ? bytes : 4;
      fill(&p, o, n % 3 ? 0 : 9);
    }
    p.keys[0] = (key){0, bytes >= 4 ? SK_SORT_NUMERIC : SK_SORT_SIGNED,
                      bytes == 4   ? 8
                      : bytes == 8 ? 11
                                   : 0,
                      n / 4 % 2};
    p.keys[1] = (key){1, SK_SORT_UNSIGNED, 0, 0};
    check(&p);
  }
}

static void float_specials(void **state) {
  (void)state;
  static problem p;
  static const float values[] = {0.0f,  -0.0f,  NAN,     -NAN,    INFINITY, -INFINITY, 1.0f,
                                 -1.0f, 1e-45f, -1e-45f, 3.4e38f, NAN,      -0.0f};
  for (int order = SK_SORT_TOTAL; order <= SK_SORT_PLAIN; order++) {
    p = (problem){.operand_count = 2, .key_count = 1, .outer = 1, .inner = 1};
    p.length = SK_COUNT(values);
    p.elem_bytes[0] = p.elem_bytes[1] = 4;
    p.keys[0] = (key){0, order, 8, 0};
    memcpy(p.in[0], values, sizeof values);
    uint32_t quiet = 0x7fc12345;  // NaN of another payload
    memcpy(p.in[0] + 4 * 11, &quiet, 4);
    for (uint32_t i = 0; i < p.length; i++) {
      memcpy(p.in[1] + 4 * i, &i, 4);
    }
    check(&p);
  }
}

static void several_keys_and_operands(void **state) {
  (void)state;
  static problem p;
  for (int round = 0; round < 60; round++) {
    p = (problem){.operand_count = 1 + round % 4, .outer = 1 + round % 3, .inner = 1 + round % 5};
    p.length = lengths[(size_t)round % SK_COUNT(lengths)] / 4;
    if (round % 7 == 6) {  // more neighbours than fit a tile
      p.inner = 37;
      p.length = 1 + round / 2;
    }
    p.key_count = 1 + round % p.operand_count;
    for (int64_t o = 0; o < p.operand_count; o++) {
      bool is_key = o < p.key_count;
      p.elem_bytes[o] = (int64_t)1 << (next_random() >> 20) % (is_key ? 4 : 5);
      p.keys[o] =
          (key){o, (int64_t)(next_random() >> 20) % 2, 0, (int64_t)(next_random() >> 9) % 2};
      fill(&p, o, is_key ? 4 : 0);
    }
    check(&p);
  }
}

// Operands whose elements are their positions, which are not read, and operands that are not written.
static void every_role(void **state) {
  (void)state;
  static problem p;
  static uint8_t in[MAX_OPERANDS][MAX_ELEMS * 16], out[MAX_OPERANDS][MAX_ELEMS * 16],
      untouched[MAX_OPERANDS][MAX_ELEMS * 16];
  for (int round = 0; round < 48; round++) {
    p = (problem){
        .operand_count = 3, .key_count = 1 + round % 2, .outer = 2, .inner = 1 + round % 3};
    p.length = lengths[(size_t)round % SK_COUNT(lengths)] / 2;
    for (int64_t o = 0; o < p.operand_count; o++) {
      p.elem_bytes[o] = (int64_t)1 << (o == 2 ? 1 + round % 3 : (round >> o) % 4);
      p.keys[o] = (key){o, SK_SORT_SIGNED, 0, round % 2};
      fill(&p, o, 4);
    }
    p.roles[0] = round % 4 < 2 ? SK_SORT_UNWANTED : SK_SORT_MOVED;
    p.roles[1] = round % 8 < 4 ? SK_SORT_UNWANTED : SK_SORT_MOVED;
    p.roles[2] = round % 16 < 8 ? SK_SORT_UNWANTED : SK_SORT_POSITIONS;
    memcpy(in, p.in, sizeof in);
    memset(in[2], 0xaa, sizeof in[2]);
    for (int64_t i = 0; i < p.outer * p.length * p.inner; i++) {
      int64_t position = i / p.inner % p.length;
      memcpy(p.in[2] + i * p.elem_bytes[2], &position, (size_t)p.elem_bytes[2]);
    }
    memset(out, 0xee, sizeof out);
    memset(untouched, 0xee, sizeof untouched);
    assert_int_equal(sort(&p, in, out), 0);
    expect_sorted(&p, out);
    for (int64_t o = 0; o < p.operand_count; o++) {
      if (p.roles[o] == SK_SORT_UNWANTED) {
        assert_memory_equal(out[o], untouched[o], sizeof out[o]);
      }
    }
  }
}

static void exhausted_memory_is_a_fault(void **state) {
  (void)state;
  static problem p;
  static uint8_t out[MAX_OPERANDS][MAX_ELEMS * 16];
  p = (problem){.operand_count = 1, .key_count = 1, .outer = 1, .length = 1000, .inner = 1};
  p.elem_bytes[0] = 4;
  fill(&p, 0, 0);
  sk_mem_fail_at(1, false);
  assert_int_equal(sort(&p, p.in, out), SK_RESOURCE_EXHAUSTED);
  sk_mem_fail_at(0, false);
  p.length = 40;  // short rows need no memory
  sk_mem_fail_at(1, false);
  assert_int_equal(sort(&p, p.in, out), 0);
  sk_mem_fail_at(0, false);
}

static void builtins_have_functions(void **state) {
  (void)state;
  assert_null(sk_lib_find(SK_BUILTIN_PARALLEL));
  assert_null(sk_lib_find(SK_BUILTIN_HOST_CALL));  // the runtime's, as PARALLEL
  for (int i = SK_BUILTIN_PARALLEL + 1; i < SK_BUILTIN_HOST_CALL; i++) {
    assert_non_null(sk_lib_find((sk_builtin)i));
  }
  assert_null(sk_lib_find(SK_BUILTIN_COUNT));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_key_type),
      cmocka_unit_test(first_elements),
      cmocka_unit_test(first_floats),
      cmocka_unit_test(middle_elements),
      cmocka_unit_test(float_specials),
      cmocka_unit_test(several_keys_and_operands),
      cmocka_unit_test(every_role),
      cmocka_unit_test(exhausted_memory_is_a_fault),
      cmocka_unit_test(builtins_have_functions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
