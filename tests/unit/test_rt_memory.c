// SPDX-License-Identifier: Apache-2.0
// Code memory in each of its modes (W^X, reuse, coalescing, many sizes) and the memory pool
// (alignment, classes, reuse, limits, chunks, trimming), with allocations failing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "rt/rt_int.h"

// ---- code memory

// mov eax, value; ret
static void put_code(uint8_t *code, uint32_t value) {
  code[0] = 0xb8;
  memcpy(code + 1, &value, 4);
  code[5] = 0xc3;
}

static uint32_t call(const uint8_t *code) {
  union {
    const uint8_t *address;
    uint32_t (*function)(void);
  } view = {code};
  return view.function();
}

// Protection of the mapping that holds an address: "r-xs", from /proc/self/maps.
static void protection_of(const void *address, char out[5]) {
  sk_file maps;
  assert_null(sk_file_open("/proc/self/maps", 0, &maps));
  const char *line = (const char *)maps.data, *end = line + maps.len;
  strcpy(out, "?");
  while (line < end) {
    unsigned long long low, high;
    char protection[5];
    if (sscanf(line, "%llx-%llx %4s", &low, &high, protection) == 3 && low <= (uintptr_t)address &&
        (uintptr_t)address < high) {
      strcpy(out, protection);
    }
    const char *next = memchr(line, '\n', (size_t)(end - line));
    line = next ? next + 1 : end;
  }
  sk_file_close(&maps);
}

static bool writable_and_executable_exists(void) {
  sk_file maps;
  assert_null(sk_file_open("/proc/self/maps", 0, &maps));
  bool found = false;
  for (size_t i = 0; i + 4 < maps.len; i++) {
    found = found || memcmp(maps.data + i, " rwx", 4) == 0;
  }
  sk_file_close(&maps);
  return found;
}

static void code_runs(void **state) {
  (void)state;
  for (int mode = SK_CODEMEM_AUTO; mode <= SK_CODEMEM_FLIP; mode++) {
    sk_codemem cm;
    assert_null(sk_codemem_init(&cm, (sk_codemem_mode)mode));
    enum { COUNT = 200 };
    sk_code_span spans[COUNT];
    static uint8_t code[20000];
    memset(code, 0x90, sizeof code);
    for (uint32_t i = 0; i < COUNT; i++) {
      put_code(code, i);
      assert_null(sk_codemem_load(&cm, code, 6 + (i * 97) % (sizeof code - 6), false, &spans[i]));
      assert_int_equal((uintptr_t)spans[i].exec % 64, 0);
    }
    char protection[5];
    protection_of(spans[0].exec, protection);
    assert_int_equal(protection[1], '-');
    assert_int_equal(protection[2], 'x');
    for (uint32_t i = 0; i < COUNT; i++) {
      assert_int_equal(call(spans[i].exec), i);
    }
    // Every other one goes, and others take the room.
    for (uint32_t i = 0; i < COUNT; i += 2) {
      sk_codemem_unload(&cm, &spans[i]);
      assert_null(spans[i].exec);
    }
    for (uint32_t i = 0; i < COUNT; i += 2) {
      put_code(code, 1000 + i);
      assert_null(sk_codemem_load(&cm, code, 6 + (i * 31) % 3000, false, &spans[i]));
    }
    assert_false(writable_and_executable_exists());
    for (uint32_t i = 0; i < COUNT; i++) {
      assert_int_equal(call(spans[i].exec), i % 2 ? i : 1000 + i);
      sk_codemem_unload(&cm, &spans[i]);
    }
    assert_int_equal(cm.in_use, 0);
    sk_codemem_fini(&cm);
  }
}

// perf looks up names for code in anonymous memory only: pages of its own, whatever the others are.
static void code_can_be_anonymous(void **state) {
  (void)state;
  sk_codemem cm;
  sk_code_span shared, own;
  uint8_t code[16];
  char protection[5];
  put_code(code, 7);
  assert_null(sk_codemem_init(&cm, SK_CODEMEM_DUAL));
  assert_null(sk_codemem_load(&cm, code, sizeof code, false, &shared));
  assert_null(sk_codemem_load(&cm, code, sizeof code, true, &own));
  protection_of(shared.exec, protection);
  assert_string_equal(protection, "r-xs");
  protection_of(own.exec, protection);
  assert_string_equal(protection, "r-xp");
  assert_int_equal(call(own.exec), 7);
  assert_false(writable_and_executable_exists());
  sk_codemem_unload(&cm, &own);
  sk_codemem_unload(&cm, &shared);
  assert_int_equal(cm.in_use, 0);
  sk_codemem_fini(&cm);
}

// What was given back joins to what it was cut from, in whatever order.
static void code_memory_joins(void **state) {
  (void)state;
  sk_codemem cm;
  assert_null(sk_codemem_init(&cm, SK_CODEMEM_DUAL));
  enum { COUNT = 32 };
  sk_code_span spans[COUNT];
  static uint8_t code[SK_HUGE_PAGE];
  const uint8_t *first = NULL;
  for (uint32_t round = 0; round < 5; round++) {
    for (uint32_t i = 0; i < COUNT; i++) {
      assert_null(sk_codemem_load(&cm, code, SK_HUGE_PAGE / COUNT, false, &spans[i]));
      first = first ? first : spans[i].exec;
      assert_ptr_equal(spans[i].exec, first + i * (SK_HUGE_PAGE / COUNT));
    }
    for (uint32_t i = 0; i < COUNT; i++) {
      sk_codemem_unload(&cm, &spans[(i * (2 * round + 1) + round) % COUNT]);
    }
  }
  // The whole region is one range again; one byte more takes a region of its own.
  sk_code_span whole, more;
  assert_null(sk_codemem_load(&cm, code, sizeof code, false, &whole));
  assert_ptr_equal(whole.exec, first);
  assert_null(sk_codemem_load(&cm, code, 1, false, &more));
  assert_ptr_not_equal(more.region, whole.region);
  // What is unloaded stops whoever jumps there.
  const uint8_t *gone = whole.exec;
  sk_codemem_unload(&cm, &whole);
  assert_int_equal(gone[100], 0xcc);
  sk_codemem_unload(&cm, &more);
  sk_codemem_fini(&cm);
}

static void no_executable_memory(void **state) {
  (void)state;
  sk_codemem cm;
  assert_null(sk_codemem_init(&cm, SK_CODEMEM_NONE));
  sk_code_span span;
  sk_status status = sk_codemem_load(&cm, "\xc3", 1, false, &span);
  assert_int_equal(sk_status_code(status), SK_UNIMPLEMENTED);
  sk_status_free(status);
  assert_null(span.exec);
  sk_codemem_unload(&cm, &span);
  sk_codemem_fini(&cm);
}

// ---- memory pool

static void blocks_are_aligned_and_separate(void **state) {
  (void)state;
  sk_mempool pool;
  assert_null(sk_mempool_init(&pool, 0));
  static const uint64_t sizes[] = {0,      1,       64,      65,      256,      257,
                                   1000,   4096,    100000,  131072,  262144,   300000,
                                   400000, 1000000, 2097152, 3000000, 10 << 20, (10 << 20) + 1};
  enum { COPIES = 3 };
  sk_block *blocks[SK_COUNT(sizes)][COPIES];
  for (size_t i = 0; i < SK_COUNT(sizes); i++) {
    for (int c = 0; c < COPIES; c++) {
      assert_null(sk_mempool_take(&pool, sizes[i], false, &blocks[i][c]));
      assert_int_equal((uintptr_t)sk_block_data(blocks[i][c]) % 64, 0);
      assert_true(blocks[i][c]->capacity >= sizes[i]);
      assert_true(blocks[i][c]->capacity <= sizes[i] + SK_MAX(sizes[i] / 4, 64u));
      memset(sk_block_data(blocks[i][c]), (int)(i * COPIES) + c, sizes[i]);
    }
  }
  for (size_t i = 0; i < SK_COUNT(sizes); i++) {
    for (int c = 0; c < COPIES; c++) {
      const char *data = sk_block_data(blocks[i][c]);
      for (uint64_t at = 0; at < sizes[i]; at += at < 1000 ? 1 : 997) {
        assert_int_equal(data[at], (char)((int)(i * COPIES) + c));
      }
      sk_mempool_give(&pool, blocks[i][c]);
    }
  }
  assert_int_equal(pool.in_use, 0);
  assert_int_equal(pool.block_count, 0);
  sk_mempool_fini(&pool);
}

static void blocks_are_used_again(void **state) {
  (void)state;
  sk_mempool pool;
  assert_null(sk_mempool_init(&pool, 0));
  for (uint64_t bytes = 1; bytes <= 8 << 20; bytes = bytes * 3 + 5) {
    sk_block *first, *second;
    assert_null(sk_mempool_take(&pool, bytes, false, &first));
    sk_mempool_give(&pool, first);
    assert_null(sk_mempool_take(&pool, bytes, false, &second));
    assert_ptr_equal(first, second);
    sk_mempool_give(&pool, second);
  }
  assert_true(pool.pooled > 0);
  sk_mempool_trim(&pool);
  assert_int_equal(pool.pooled, 0);
  sk_mempool_fini(&pool);
}

static void exact_blocks_begin_a_huge_page(void **state) {
  (void)state;
  sk_mempool pool;
  assert_null(sk_mempool_init(&pool, 0));
  for (int i = 0; i < 20; i++) {
    sk_block *block, *exact;
    assert_null(sk_mempool_take(&pool, 3 << 20, false, &block));
    sk_mempool_give(&pool, block);
    assert_null(sk_mempool_take(&pool, 3 << 20, true, &exact));
    assert_int_equal((uintptr_t)sk_block_data(exact) % SK_HUGE_PAGE, 0);
    sk_mempool_give(&pool, exact);
  }
  sk_mempool_fini(&pool);
}

// Large blocks do not all begin at one offset within their pages.
static void large_blocks_are_coloured(void **state) {
  (void)state;
  sk_mempool pool;
  assert_null(sk_mempool_init(&pool, 0));
  sk_block *blocks[8];
  uintptr_t offsets = 0;
  for (int i = 0; i < 8; i++) {
    assert_null(sk_mempool_take(&pool, 4 << 20, false, &blocks[i]));
    offsets |= (uintptr_t)1 << ((uintptr_t)sk_block_data(blocks[i]) % 4096 / 64);
  }
  assert_true(sk_popcount64(offsets) >= 4);
  for (int i = 0; i < 8; i++) {
    sk_mempool_give(&pool, blocks[i]);
  }
  sk_mempool_fini(&pool);
}

static void keeps_to_its_limit(void **state) {
  (void)state;
  sk_mempool pool;
  sk_block *a, *b;
  assert_null(sk_mempool_init(&pool, 1000));
  assert_null(sk_mempool_take(&pool, 600, false, &a));
  sk_status status = sk_mempool_take(&pool, 401, false, &b);
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  assert_string_equal(sk_status_message(status),
                      "401 bytes more than the 600 in use exceed the memory limit of 1000");
  sk_status_free(status);
  assert_null(sk_mempool_take(&pool, 400, false, &b));
  sk_mempool_give(&pool, a);
  sk_mempool_give(&pool, b);
  assert_int_equal(pool.peak, 1000);
  sk_mempool_fini(&pool);
  assert_null(sk_mempool_init(&pool, 0));
  status = sk_mempool_take(&pool, (uint64_t)1 << 60, false, &a);
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  sk_status_free(status);
  // Without a limit it is the machine that has one.
  status = sk_mempool_take(&pool, pool.machine_bytes + 1, false, &a);
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  assert_non_null(strstr(sk_status_message(status), "the machine or the control group has"));
  sk_status_free(status);
  sk_mempool_fini(&pool);
}

static void survives_failing_allocations(void **state) {
  (void)state;
  static const uint64_t sizes[] = {100, 300000, 4 << 20};
  for (size_t i = 0; i < SK_COUNT(sizes); i++) {
    for (uint64_t n = 1;; n++) {
      sk_mempool pool;
      assert_null(sk_mempool_init(&pool, 0));
      sk_block *block;
      sk_mem_fail_at(n, false);
      sk_status status = sk_mempool_take(&pool, sizes[i], false, &block);
      bool hit = sk_mem_fail_hits() != 0;
      sk_mem_fail_at(0, false);
      assert_int_equal(status != NULL, hit);
      if (status) {
        assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
        sk_status_free(status);
        assert_int_equal(pool.in_use, 0);
      } else {
        sk_mempool_give(&pool, block);
      }
      sk_mempool_fini(&pool);
      if (!hit) {
        break;
      }
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(code_runs),
      cmocka_unit_test(code_can_be_anonymous),
      cmocka_unit_test(code_memory_joins),
      cmocka_unit_test(no_executable_memory),
      cmocka_unit_test(blocks_are_aligned_and_separate),
      cmocka_unit_test(blocks_are_used_again),
      cmocka_unit_test(exact_blocks_begin_a_huge_page),
      cmocka_unit_test(large_blocks_are_coloured),
      cmocka_unit_test(keeps_to_its_limit),
      cmocka_unit_test(survives_failing_allocations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
