// SPDX-License-Identifier: Apache-2.0
// Arenas and the vectors in them: alignment, growth, marks, limits, bailing out, exhaustion at
// every allocation, pools of blocks, and under AddressSanitizer that what is not handed out is
// poisoned.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/vec.h"

#if defined(SK_ASAN)
int __asan_address_is_poisoned(void const volatile *addr);
#define IS_POISONED(p) __asan_address_is_poisoned(p)
#endif

static void test_alignment_and_contents(void **state) {
  (void)state;
  enum { COUNT = 3000 };
  static unsigned char *p[COUNT];
  static size_t bytes[COUNT];
  sk_arena arena;
  sk_arena_init(&arena);
  uint64_t seed = 1, total = 0;
  for (int i = 0; i < COUNT; i++) {
    const uint64_t r = sk_hash_splitmix(seed += 0x9E3779B97F4A7C15u);
    const size_t align = (size_t)1 << (r % 7);
    bytes[i] = i % 500 == 499 ? 3000000 : r >> 8 & 1023;
    p[i] = sk_arena_alloc(&arena, bytes[i], align);
    assert_non_null(p[i]);
    assert_int_equal((uintptr_t)p[i] % align, 0);
    memset(p[i], i & 255, bytes[i]);
    total += bytes[i];
    assert_int_equal(arena.total_bytes, total);
  }
  for (int i = 0; i < COUNT; i++) {
    for (size_t k = 0; k<bytes[i]; k += bytes[i]> 5000 ? 977 : 1) {
      assert_int_equal(p[i][k], i & 255);
    }
  }
  assert_int_equal(sk_arena_peak(&arena), total);
  sk_arena_fini(&arena);
  assert_int_equal(arena.total_bytes, 0);
}

static void test_empty_allocations(void **state) {
  (void)state;
  sk_arena arena;
  sk_arena_init(&arena);
  assert_non_null(sk_arena_alloc(&arena, 0, 1));
  assert_non_null(SK_NEW_ARRAY(&arena, uint64_t, 0));
  assert_non_null(sk_arena_copy(&arena, NULL, 0, 8));
  assert_string_equal(sk_arena_strndup(&arena, NULL, 0), "");
  sk_arena_fini(&arena);
  sk_arena_reset(&arena);
  sk_arena_fini(&arena);
}

static void test_helpers(void **state) {
  (void)state;
  sk_arena arena;
  sk_arena_init(&arena);
  uint64_t *zero = SK_NEW(&arena, uint64_t);
  assert_int_equal(*zero, 0);
  assert_string_equal(sk_arena_strndup(&arena, "hello", 4), "hell");
  assert_string_equal(sk_arena_printf(&arena, "%d-%s", 5, "x"), "5-x");
  char *longer = sk_arena_printf(&arena, "%20000d", 1);
  assert_int_equal(strlen(longer), 20000);
  const char data[] = {1, 2, 3};
  assert_memory_equal(sk_arena_copy(&arena, data, 3, 1), data, 3);
  assert_null(SK_NEW_ARRAY(&arena, uint64_t, SIZE_MAX / 4));
  assert_null(SK_NEW_ARRAY(&arena, uint64_t, SIZE_MAX / 8 + 2));  // the product wraps to 8
  assert_null(sk_arena_alloc(&arena, SIZE_MAX - 3, 1));
  assert_null(sk_arena_strndup(&arena, "", SIZE_MAX));
  sk_arena_fini(&arena);
}

// Rewinding gives the same addresses again and takes no new memory.
static void test_rewind_reuses_blocks(void **state) {
  (void)state;
  enum { COUNT = 400 };
  sk_arena arena;
  sk_arena_init(&arena);
  char *kept = sk_arena_strndup(&arena, "kept", 4);
  const sk_arena_mark mark = sk_arena_get_mark(&arena);
  void *first[COUNT];
  for (int i = 0; i < COUNT; i++) {
    first[i] = sk_arena_alloc(&arena, 1000, 8);
  }
  const uint64_t peak = sk_arena_peak(&arena);
  for (int round = 0; round < 5; round++) {
    sk_arena_rewind(&arena, mark);
    assert_int_equal(arena.total_bytes, 5);
    sk_mem_fail_at(1, true);  // any allocation from the heap would fail
    for (int i = 0; i < COUNT; i++) {
      assert_ptr_equal(sk_arena_alloc(&arena, 1000, 8), first[i]);
    }
    assert_int_equal(sk_mem_fail_hits(), 0);
    sk_mem_fail_at(0, false);
  }
  assert_int_equal(sk_arena_peak(&arena), peak);
  assert_string_equal(kept, "kept");
  sk_arena_reset(&arena);
  assert_int_equal(arena.total_bytes, 0);
  assert_int_equal(sk_arena_peak(&arena), peak);
  sk_mem_fail_at(1, true);
  assert_non_null(sk_arena_alloc(&arena, 5000, 8));
  sk_mem_fail_at(0, false);
  sk_arena_fini(&arena);
}

static void test_nested_marks(void **state) {
  (void)state;
  sk_arena arena;
  sk_arena_init(&arena);
  const sk_arena_mark empty = sk_arena_get_mark(&arena);
  sk_arena_alloc(&arena, 100, 1);
  const sk_arena_mark outer = sk_arena_get_mark(&arena);
  sk_arena_alloc(&arena, 20000, 1);
  const sk_arena_mark inner = sk_arena_get_mark(&arena);
  sk_arena_alloc(&arena, 2000000, 1);
  sk_arena_rewind(&arena, inner);
  assert_int_equal(arena.total_bytes, 20100);
  sk_arena_rewind(&arena, outer);
  assert_int_equal(arena.total_bytes, 100);
  sk_arena_rewind(&arena, empty);
  assert_int_equal(arena.total_bytes, 0);
  assert_int_equal(sk_arena_peak(&arena), 2020100);
  sk_arena_fini(&arena);
}

// The limit counts handed-out bytes exactly, on the inline path too.
static void test_limit(void **state) {
  (void)state;
  static const size_t steps[] = {1, 8, 24, 100, 4096, 70000};
  for (size_t s = 0; s < SK_COUNT(steps); s++) {
    sk_arena arena;
    sk_arena_init(&arena);
    arena.limit_bytes = 100000;
    uint64_t handed = 0;
    while (sk_arena_alloc(&arena, steps[s], 8)) {
      handed += steps[s];
      assert_in_range(handed, 1, 100000);
    }
    assert_int_equal(handed, 100000 / steps[s] * steps[s]);
    assert_null(sk_arena_alloc(&arena, 100001, 1));
    sk_arena_reset(&arena);
    assert_non_null(sk_arena_alloc(&arena, 100000, 1));
    assert_null(sk_arena_alloc(&arena, 1, 1));
    sk_arena_fini(&arena);
  }
}

static void *volatile sink;

static int bails(sk_arena *arena, int what) {
  jmp_buf bail;
  arena->bail = &bail;
  const int jumped = setjmp(bail);
  if (jumped == 0) {
    switch (what) {
      case 0: sink = sk_arena_alloc(arena, 2000, 1); break;
      case 1: sink = SK_NEW_ARRAY(arena, uint64_t, SIZE_MAX / 2); break;
      case 2: sink = sk_arena_alloc(arena, SIZE_MAX - 1, 1); break;
      case 3: sink = sk_arena_printf(arena, "%3000d", 1); break;
      case 4: sink = sk_arena_strndup(arena, "", SIZE_MAX); break;
      default: sink = sk_arena_alloc(arena, 10, 1); break;
    }
  }
  assert_int_equal(jumped != 0, arena->bail && what < 5);
  arena->bail = NULL;
  return jumped;
}

static void test_bail(void **state) {
  (void)state;
  sk_arena arena;
  sk_arena_init(&arena);
  arena.limit_bytes = 1000;
  for (int what = 0; what < 5; what++) {
    assert_int_equal(bails(&arena, what), 1);
  }
  assert_int_equal(bails(&arena, 5), 0);
  assert_int_equal(arena.total_bytes, 10);
  sk_arena_fini(&arena);
}

static void test_heap_exhaustion(void **state) {
  (void)state;
  for (uint64_t n = 1;; n++) {
    sk_arena arena;
    sk_arena_init(&arena);
    sk_mem_fail_at(n, false);
    uint32_t missing = 0;
    for (int i = 0; i < 200; i++) {
      char *p = sk_arena_alloc(&arena, 5000, 16);
      missing += p == NULL;
      if (p) {
        memset(p, 1, 5000);
      }
    }
    const uint64_t hits = sk_mem_fail_hits();
    sk_mem_fail_at(0, false);
    assert_int_equal(missing, hits);
    sk_arena_fini(&arena);
    if (hits == 0) {
      assert_true(n > 4);  // several blocks were needed
      return;
    }
  }
}

// -- vectors --------------------------------------------------------------------------------------

static void test_vector(void **state) {
  (void)state;
  sk_arena arena;
  sk_arena_init(&arena);
  SK_VEC(int) v = {0};
  for (int i = 0; i < 10000; i++) {
    assert_true(sk_vec_push(&arena, &v, i * 3));
    assert_int_equal(sk_vec_last(&v), i * 3);
  }
  assert_int_equal(v.count, 10000);
  for (int i = 0; i < 10000; i++) {
    assert_int_equal(v.data[i], i * 3);
  }
  assert_true(v.cap >= v.count && v.cap < 2 * 10000 + 16);
  assert_true(arena.total_bytes < 2 * sizeof(int) * v.cap);
  SK_VEC(struct { char c[3]; }) odd = {0};
  assert_true(sk_vec_reserve(&arena, &odd, 100));
  assert_int_equal(odd.cap, 100);
  assert_int_equal(odd.count, 0);
  sk_arena_fini(&arena);
}

// Two vectors that grow in turn, one of them now and then the last allocation: neither runs into
// the other.
static void test_vectors_side_by_side(void **state) {
  (void)state;
  sk_arena arena;
  sk_arena_init(&arena);
  SK_VEC(uint64_t) v = {0};
  SK_VEC(char) w = {0};
  for (uint32_t i = 0; i < 20000; i++) {
    assert_true(sk_vec_push(&arena, &v, i * (uint64_t)3));
    assert_true(i % 7 != 0 || sk_vec_push(&arena, &w, (char)(i & 127)));
    assert_true(i % 1000 != 999 || sk_arena_alloc(&arena, 1, 1));
  }
  for (uint32_t i = 0; i < 20000; i++) {
    assert_int_equal(v.data[i], i * (uint64_t)3);
    assert_true(i % 7 != 0 || w.data[i / 7] == (char)(i & 127));
  }
  sk_arena_fini(&arena);
}

static void test_extend(void **state) {
  (void)state;
#if defined(SK_ASAN)
  skip();
#else
  sk_arena arena;
  sk_arena_init(&arena);
  char *a = sk_arena_alloc(&arena, 10, 1);
  assert_true(sk_arena_extend(&arena, a + 10, 6));
  assert_int_equal(arena.total_bytes, 16);
  assert_ptr_equal(sk_arena_alloc(&arena, 1, 1), a + 16);
  assert_false(sk_arena_extend(&arena, a + 16, 1));
  assert_false(sk_arena_extend(&arena, a + 17, (size_t)1 << 40));
  // A vector behind which nothing stands grows where it is.
  uint64_t before = arena.total_bytes;
  SK_VEC(int) v = {0};
  for (int i = 0; i < 1000; i++) {
    assert_true(sk_vec_push(&arena, &v, i));
  }
  assert_int_equal(arena.total_bytes - before, sizeof(int) * v.cap);
  sk_arena_fini(&arena);
  arena.limit_bytes = 100;
  char *b = sk_arena_alloc(&arena, 50, 1);
  assert_false(sk_arena_extend(&arena, b + 50, 51));
  assert_true(sk_arena_extend(&arena, b + 50, 50));
  assert_int_equal(arena.total_bytes, 100);
  sk_arena_fini(&arena);
#endif
}

static void test_vector_limits(void **state) {
  (void)state;
  sk_arena arena;
  sk_arena_init(&arena);
  arena.limit_bytes = 1 << 20;
  SK_VEC(char) v = {0};
  while (sk_vec_push(&arena, &v, 'x')) {
  }
  assert_int_equal(v.count, v.cap);
  assert_int_equal(v.data[v.count - 1], 'x');
  SK_VEC(char) huge = {NULL, 0x7FFFFFFF, 0x7FFFFFFF};
  arena.limit_bytes = 0;
  assert_false(sk_vec_reserve(&arena, &huge, 2));
  jmp_buf bail;
  arena.bail = &bail;
  volatile int jumps = 0;
  if (setjmp(bail) == 0) {
    (void)!sk_vec_reserve(&arena, &huge, 2);
  } else {
    jumps = 1;
  }
  assert_int_equal(jumps, 1);
  sk_arena_fini(&arena);
}

// -- pools ----------------------------------------------------------------------------------------

// Allocates `count` pieces and fills them; returns the first one.
static char *fill(sk_arena *arena, size_t count, size_t bytes, int value) {
  char *first = NULL;
  for (size_t i = 0; i < count; i++) {
    char *at = sk_arena_alloc(arena, bytes, 64);
    assert_non_null(at);
    memset(at, value, bytes);
    first = first ? first : at;
  }
  return first;
}

static void test_pool_keeps_blocks(void **state) {
  (void)state;
  sk_arena_pool pool;
  sk_arena_pool_init(&pool, 4 << 20);
  assert_true(sk_arena_pool_warm(&pool, 100000));
  assert_null(sk_arena_use_pool(&pool));
  uint64_t bytes = 0;
  for (int round = 0; round < 3; round++) {
    sk_arena a, b;
    sk_arena_init(&a);
    sk_arena_init(&b);
    fill(&a, 1, 100, round);
    fill(&b, 30, 10000, round + 1);
    fill(&a, 1, 300000, round + 2);
    fill(&b, 1, 5 << 20, round + 3);  // more than the pool may keep
    assert_true(round == 0 || pool.bytes < bytes);
    sk_arena_fini(&b);
    sk_arena_fini(&a);
    // The same is there again, and suffices for the next round.
    assert_true(pool.bytes > 100000 && pool.bytes <= pool.limit_bytes);
    assert_true(round == 0 || pool.bytes == bytes);
    bytes = pool.bytes;
  }
  assert_ptr_equal(sk_arena_use_pool(NULL), &pool);
  sk_arena_pool_fini(&pool);
}

// Blocks stay good until their arena ends, however late that is.
static void test_arena_outlives_pool(void **state) {
  (void)state;
  sk_arena_pool pool;
  sk_arena_pool_init(&pool, 1 << 20);
  assert_true(sk_arena_pool_warm(&pool, 4096));
  sk_arena a, b;
  sk_arena_init(&a);
  sk_arena_init(&b);
  sk_arena_use_pool(&pool);
  char *in_a = fill(&a, 10, 50000, 'a');
  fill(&b, 1, 10, 'b');
  sk_arena_fini(&b);
  sk_arena_use_pool(NULL);
  sk_arena_pool_fini(&pool);
  assert_int_equal(in_a[49999], 'a');
  fill(&a, 10, 50000, 'A');
  sk_arena_fini(&a);
}

static void test_pool_exhaustion(void **state) {
  (void)state;
  sk_arena_pool pool;
  sk_arena_pool_init(&pool, 1 << 20);
  sk_mem_fail_at(1, false);
  assert_false(sk_arena_pool_warm(&pool, 4096));
  sk_mem_fail_at(0, false);
  sk_arena a;
  sk_arena_init(&a);
  sk_arena_use_pool(&pool);
  fill(&a, 10, 50000, 'a');  // from the heap
  sk_arena_fini(&a);
  assert_true(pool.bytes > 0);
  sk_arena_use_pool(NULL);
  sk_arena_pool_fini(&pool);
  assert_int_equal(pool.bytes, 0);
}

// -- poison ---------------------------------------------------------------------------------------

static void test_poison(void **state) {
  (void)state;
#if defined(SK_ASAN)
  sk_arena arena;
  sk_arena_init(&arena);
  char *a = sk_arena_alloc(&arena, 13, 1);
  char *b = sk_arena_alloc(&arena, 8, 8);
  for (int i = 0; i < 13; i++) {
    assert_false(IS_POISONED(a + i));
  }
  assert_true(IS_POISONED(a + 13));
  assert_true(IS_POISONED(b - 1));
  assert_true(IS_POISONED(b + 8));
  const sk_arena_mark mark = sk_arena_get_mark(&arena);
  char *c = sk_arena_alloc(&arena, 100, 1);
  char *d = sk_arena_alloc(&arena, 100000, 1);
  sk_arena_rewind(&arena, mark);
  assert_true(IS_POISONED(c) && IS_POISONED(c + 99) && IS_POISONED(d) && IS_POISONED(d + 99999));
  assert_false(IS_POISONED(b + 7));
  sk_arena_reset(&arena);
  assert_true(IS_POISONED(a) && IS_POISONED(b));
  sk_arena_fini(&arena);
#else
  skip();
#endif
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_alignment_and_contents),
      cmocka_unit_test(test_empty_allocations),
      cmocka_unit_test(test_helpers),
      cmocka_unit_test(test_rewind_reuses_blocks),
      cmocka_unit_test(test_nested_marks),
      cmocka_unit_test(test_limit),
      cmocka_unit_test(test_bail),
      cmocka_unit_test(test_heap_exhaustion),
      cmocka_unit_test(test_vector),
      cmocka_unit_test(test_vectors_side_by_side),
      cmocka_unit_test(test_extend),
      cmocka_unit_test(test_vector_limits),
      cmocka_unit_test(test_pool_keeps_blocks),
      cmocka_unit_test(test_arena_outlives_pool),
      cmocka_unit_test(test_pool_exhaustion),
      cmocka_unit_test(test_poison),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
