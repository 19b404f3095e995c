// SPDX-License-Identifier: Apache-2.0
// Slices, the interner, the text buffer, hashing. Allocation failure at every point of a
// representative use leaves the interner as it was and the text buffer marked as failed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"

static void test_slices(void **state) {
  (void)state;
  assert_true(sk_str_eq(SK_STR("abc"), sk_str_from("abc")));
  assert_false(sk_str_eq(SK_STR("abc"), SK_STR("abd")));
  assert_false(sk_str_eq(SK_STR("abc"), SK_STR("ab")));
  assert_true(sk_str_eq(sk_str_from(NULL), SK_STR("")));
  assert_true(sk_str_has_prefix(SK_STR("stablehlo.add"), SK_STR("stablehlo.")));
  assert_true(sk_str_has_prefix(SK_STR("x"), SK_STR("")));
  assert_false(sk_str_has_prefix(SK_STR("x"), SK_STR("xy")));
  assert_true(sk_str_eq((sk_str){"a\0b", 3}, (sk_str){"a\0b", 3}));
  assert_false(sk_str_eq((sk_str){"a\0b", 3}, (sk_str){"a\0c", 3}));
}

static void expect_found(const char *text, const char *what, int64_t expected) {
  const char *at = sk_str_find_unquoted(sk_str_from(text), sk_str_from(what));
  assert_int_equal(at == NULL ? -1 : at - text, expected);
}

static void test_string_literals(void **state) {
  (void)state;
  assert_int_equal(sk_str_quoted_len(SK_STR("\"ab\"c")), 4);
  assert_int_equal(sk_str_quoted_len(SK_STR("\"a\\\"b\"c")), 6);
  assert_int_equal(sk_str_quoted_len(SK_STR("\"a\\\\\"b")), 5);
  assert_int_equal(sk_str_quoted_len(SK_STR("\"ab")), 3);
  assert_int_equal(sk_str_quoted_len(SK_STR("\"ab\\")), 4);
  expect_found("x = 1, y = 2", "y = ", 7);
  expect_found("x", "y = ", -1);
  expect_found("", "y", -1);
  expect_found("\"y = \" y = ", "y = ", 7);
  expect_found("\"a\\\" y = \" x", "y = ", -1);
  expect_found("\"a\\\\\" y = \"", "y = ", 6);
  expect_found("\"open y = ", "y = ", -1);
}

// -- interner -------------------------------------------------------------------------------------

static void test_interner_ids(void **state) {
  (void)state;
  enum { COUNT = 300000 };  // some of their 32-bit hashes are equal
  sk_arena arena;
  sk_arena_init(&arena);
  sk_interner in;
  assert_true(sk_interner_init(&in, &arena));
  sk_sym sym;
  assert_true(sk_intern(&in, SK_STR(""), &sym));
  assert_int_equal(sym.id, 0);
  for (int round = 0; round < 2; round++) {
    for (uint32_t i = 0; i < COUNT; i++) {
      char name[32];
      const int len = snprintf(name, sizeof name, "value%u", (unsigned)i * 7);
      assert_int_equal(sk_intern_find(&in, (sk_str){name, (size_t)len}, &sym), round == 1);
      assert_true(sk_intern(&in, (sk_str){name, (size_t)len}, &sym));
      assert_int_equal(sym.id, i + 1);  // in the order of creation
      memset(name, '!', sizeof name);   // the text was copied
      assert_int_equal(sk_sym_str(&in, sym).len, len);
    }
  }
  assert_int_equal(in.count, COUNT + 1);
  assert_string_equal(sk_sym_cstr(&in, (sk_sym){3}), "value14");
  assert_false(sk_intern_find(&in, SK_STR("value1"), &sym));
  // NUL bytes are ordinary; a prefix is another text.
  sk_sym a, b, c;
  assert_true(sk_intern(&in, (sk_str){"a\0b", 3}, &a));
  assert_true(sk_intern(&in, (sk_str){"a\0c", 3}, &b));
  assert_true(sk_intern(&in, (sk_str){"a", 1}, &c));
  assert_true(a.id != b.id && b.id != c.id && a.id != c.id);
  sk_arena_fini(&arena);
}

// Ids of the seed first, in its order; what is interned later leaves the seed alone.
static void test_interner_seed(void **state) {
  (void)state;
  static const sk_str texts[] = {
      {"", 0}, {"one", 3}, {"two", 3}, {"a longer text than others", 25}};
  uint32_t hashes[SK_COUNT(texts)], table[8] = {0};
  const sk_interner_seed seed = {texts, hashes, table, SK_COUNT(texts), SK_COUNT(table)};
  sk_interner_index(&seed, hashes, table);
  sk_arena arena;
  sk_arena_init(&arena);
  for (int round = 0; round < 2; round++) {
    sk_interner in;
    sk_sym sym;
    assert_true(sk_interner_init_seeded(&in, &arena, &seed));
    for (uint32_t id = 0; id < SK_COUNT(texts); id++) {
      assert_true(sk_intern_find(&in, texts[id], &sym));
      assert_int_equal(sym.id, id);
    }
    assert_false(sk_intern_find(&in, SK_STR("three"), &sym));
    for (uint32_t i = 0; i < 100; i++) {
      char text[16];
      int len = snprintf(text, sizeof text, "new %u", i);
      assert_true(sk_intern(&in, (sk_str){text, (size_t)len}, &sym));
      assert_int_equal(sym.id, SK_COUNT(texts) + i);
    }
    assert_true(sk_intern(&in, texts[2], &sym));
    assert_int_equal(sym.id, 2);
  }
  sk_arena_fini(&arena);
}

static void test_interner_allocation_failure(void **state) {
  (void)state;
  enum { COUNT = 300 };
  for (uint64_t limit = 64;; limit += 64) {
    sk_arena arena;
    sk_arena_init(&arena);
    arena.limit_bytes = limit;
    sk_interner in;
    if (sk_interner_init(&in, &arena)) {
      bool all = true;
      uint32_t made = 1;
      for (uint32_t i = 0; i < COUNT; i++) {
        char name[16];
        const sk_str text = {name, (size_t)snprintf(name, sizeof name, "n%u", (unsigned)i)};
        sk_sym sym = {77777};
        if (sk_intern(&in, text, &sym)) {
          assert_int_equal(sym.id, made);
          made++;
        } else {
          all = false;
          assert_int_equal(sym.id, 77777);
          assert_int_equal(in.count, made);
          assert_false(sk_intern_find(&in, text, &sym));
        }
      }
      for (uint32_t id = 0; id < in.count; id++) {
        sk_sym found;
        assert_true(sk_intern_find(&in, sk_sym_str(&in, (sk_sym){id}), &found));
        assert_int_equal(found.id, id);
      }
      if (all) {
        sk_arena_fini(&arena);
        return;
      }
    }
    sk_arena_fini(&arena);
  }
}

// -- text buffer ----------------------------------------------------------------------------------

static void test_text(void **state) {
  (void)state;
  sk_text text;
  sk_text_init(&text);
  assert_null(text.data);
  sk_text_add(&text, SK_STR("ab"));
  sk_text_add_char(&text, 'c');
  sk_text_addf(&text, "%d|%s", 42, "x");
  sk_text_addf(&text, "%s", "");
  assert_string_equal(text.data, "abc42|x");
  assert_int_equal(text.len, 7);
  sk_text_addf(&text, "%3000d", 9);
  assert_int_equal(text.len, 3007);
  assert_int_equal(strlen(text.data), 3007);
  for (int i = 0; i < 5000; i++) {
    sk_text_add_char(&text, (char)('a' + i % 26));
  }
  assert_int_equal(text.len, 8007);
  assert_int_equal(text.data[3007 + 27], 'b');
  assert_false(text.failed);
  sk_text_fini(&text);
  sk_text_add(&text, SK_STR(""));
  assert_string_equal(text.data, "");
  sk_text_fini(&text);
}

static void test_text_quoting(void **state) {
  (void)state;
  sk_text text;
  sk_text_init(&text);
  sk_text_add_quoted(&text, (sk_str){"a\"b\\c\n\t\x7F\xC3\xA9\0z", 12});
  assert_string_equal(text.data, "\"a\\22b\\\\c\\0A\\09\\7F\\C3\\A9\\00z\"");
  text.len = 0;
  sk_text_add_quoted(&text, SK_STR(""));
  assert_string_equal(text.data, "\"\"");
  text.len = 0;
  sk_text_add_quoted(&text, SK_STR("plain text ~ !"));
  assert_string_equal(text.data, "\"plain text ~ !\"");
  sk_text_fini(&text);
}

static void fill(sk_text *text) {
  for (int i = 0; i < 100; i++) {
    sk_text_add(text, SK_STR("piece "));
    sk_text_addf(text, "%d ", i);
    sk_text_add_quoted(text, SK_STR("q\"q"));
    sk_text_add_f64(text, 0.5 + i);
    sk_text_add_i64(text, -i);
  }
}

static void test_text_allocation_failure(void **state) {
  (void)state;
  sk_text whole;
  sk_text_init(&whole);
  fill(&whole);
  assert_false(whole.failed);
  for (int sticky = 0; sticky < 2; sticky++) {
    for (uint64_t n = 1;; n++) {
      sk_text text;
      sk_text_init(&text);
      sk_mem_fail_at(n, sticky != 0);
      fill(&text);
      const uint64_t hits = sk_mem_fail_hits();
      sk_mem_fail_at(0, false);
      assert_int_equal(text.failed, hits != 0);
      assert_int_equal(hits <= 1, true);  // nothing is tried after the failure
      // What was written before the failure stands, terminated.
      assert_true(text.len <= whole.len);
      assert_true(text.len == 0 ||
                  (memcmp(text.data, whole.data, text.len) == 0 && text.data[text.len] == '\0'));
      assert_int_equal(text.len == whole.len, hits == 0);
      sk_text_fini(&text);
      if (hits == 0) {
        assert_true(n > 3);
        break;
      }
    }
  }
  sk_text_fini(&whole);
}

// -- hashing --------------------------------------------------------------------------------------

static void test_hash_is_fixed(void **state) {
  (void)state;
  // The values are part of file formats: if this fails, cache keys and checksums changed.
  char data[200];
  for (int i = 0; i < 200; i++) {
    data[i] = (char)(i * 7 + 1);
  }
  uint64_t all = 0;
  for (size_t len = 0; len <= 200; len++) {
    all = sk_hash_mix(all, sk_hash_bytes(data, len, len));
  }
  assert_true(sk_hash_bytes("", 0, 0) == 0x154ECCDDB37D49AAu);
  assert_true(all == 0x0AC4F62482EF6249u);
  assert_true(sk_hash_splitmix(0x9E3779B97F4A7C15u) == 0xE220A8397B1DCDAFu);  // published vector
}

// Every bit of the input and of the seed moves about half of the bits of the result.
static void test_hash_avalanche(void **state) {
  (void)state;
  static const size_t lengths[] = {1, 3, 4, 7, 8, 15, 16, 17, 33, 64, 65, 128, 129, 200};
  for (size_t k = 0; k < SK_COUNT(lengths); k++) {
    uint8_t data[200] = {0};
    const size_t len = lengths[k];
    const uint64_t base = sk_hash_bytes(data, len, 0);
    uint64_t flips = 0;
    for (size_t bit = 0; bit < len * 8; bit++) {
      data[bit / 8] ^= (uint8_t)(1 << bit % 8);
      const uint64_t changed = sk_hash_bytes(data, len, 0) ^ base;
      data[bit / 8] ^= (uint8_t)(1 << bit % 8);
      assert_true(changed != 0);
      assert_in_range(sk_popcount64(changed), 8, 56);
      flips += sk_popcount64(changed);
    }
    assert_in_range(flips, len * 8 * 29, len * 8 * 35);
    assert_true(sk_hash_bytes(data, len, 1) != base);
  }
}

static int compare_u64(const void *a, const void *b) {
  uint64_t x, y;
  memcpy(&x, a, 8);
  memcpy(&y, b, 8);
  return x < y ? -1 : x > y;
}

// Runs of zeros of every length, and small counters at every place, do not collide.
static void test_hash_collisions(void **state) {
  (void)state;
  enum { COUNT = 60000 };
  uint64_t *seen = malloc(COUNT * sizeof *seen);
  uint8_t data[512] = {0};
  assert_non_null(seen);
  size_t n = 0;
  for (size_t len = 0; len <= sizeof data; len++) {
    seen[n++] = sk_hash_bytes(data, len, 0);
  }
  for (size_t at = 0; at < 100; at++) {
    for (int value = 1; value < 256; value++) {
      data[at] = (uint8_t)value;
      seen[n++] = sk_hash_bytes(data, 100, 0);
      seen[n++] = sk_hash_bytes(data, 101, 0);
    }
    data[at] = 0;
  }
  assert_true(n <= COUNT);
  qsort(seen, n, sizeof *seen, compare_u64);
  for (size_t i = 1; i < n; i++) {
    assert_true(seen[i] != seen[i - 1]);
  }
  free(seen);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_slices),
      cmocka_unit_test(test_string_literals),
      cmocka_unit_test(test_interner_ids),
      cmocka_unit_test(test_interner_seed),
      cmocka_unit_test(test_interner_allocation_failure),
      cmocka_unit_test(test_text),
      cmocka_unit_test(test_text_quoting),
      cmocka_unit_test(test_text_allocation_failure),
      cmocka_unit_test(test_hash_is_fixed),
      cmocka_unit_test(test_hash_avalanche),
      cmocka_unit_test(test_hash_collisions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
