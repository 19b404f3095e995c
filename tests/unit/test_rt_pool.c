// SPDX-License-Identifier: Apache-2.0
// The fork-join pool: every iteration exactly once whatever the number of threads, chunk bounds,
// scratch, nested and competing regions, workers that cannot start, and a long run of small regions
// (worth running under the thread sanitizer).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "rt/rt_int.h"

enum { MAX_TOTAL = 6000 };

typedef struct region {
  sk_pool *pool;
  uint32_t threads;
  int64_t total, grain, align;
  _Atomic uint32_t seen[MAX_TOTAL];
  _Atomic uint32_t chunks, bad_bounds, nested;
  bool nests;
} region;

static region *region_of(sk_frame *frame) { return frame->runtime; }

static void inner_kernel(sk_frame *frame, int64_t begin, int64_t end, void *scratch) {
  (void)scratch;
  atomic_fetch_add(&region_of(frame)->nested, (uint32_t)(end - begin));
}

static void count_kernel(sk_frame *frame, int64_t begin, int64_t end, void *scratch) {
  region *r = region_of(frame);
  memset(scratch, 0x5a, 64);
  bool last = end == r->total;
  if (begin % r->align != 0 ||
      (!last && ((end - begin) % r->align != 0 || end - begin < r->grain)) || end <= begin) {
    atomic_fetch_add(&r->bad_bounds, 1);
  }
  for (int64_t i = begin; i < end; i++) {
    atomic_fetch_add_explicit(&r->seen[i], 1, memory_order_relaxed);
  }
  if (r->nests) {
    // The gang is taken: this runs here and now.
    sk_pool_run(r->pool, r->threads, 64, frame, inner_kernel, 100, 1, 1);
  }
  atomic_fetch_add(&r->chunks, 1);
}

static void run_region(region *r) {
  _Alignas(64) char scratch[64];
  sk_frame frame = {.scratch = scratch, .runtime = r};
  memset(r->seen, 0, sizeof r->seen);
  atomic_store(&r->chunks, 0);
  sk_pool_run(r->pool, r->threads, 64, &frame, count_kernel, r->total, r->grain, r->align);
}

static void expect_once(region *r) {
  assert_int_equal(r->bad_bounds, 0);
  for (int64_t i = 0; i < MAX_TOTAL; i++) {
    if (r->seen[i] != (i < r->total)) {
      fail_msg("iteration %lld ran %u times (threads %u total %lld grain %lld align %lld)",
               (long long)i, r->seen[i], r->threads, (long long)r->total, (long long)r->grain,
               (long long)r->align);
    }
  }
}

static void runs_every_iteration_once(void **state) {
  (void)state;
  static region r;
  static const uint32_t threads[] = {1, 2, 3, 8, 17};
  static const int64_t totals[] = {0, 1, 2, 63, 64, 65, 1000, MAX_TOTAL};
  static const int64_t grains[] = {1, 7, 64, 5000, 1 << 30};
  static const int64_t aligns[] = {1, 8, 64};
  r.pool = sk_pool_create();
  assert_non_null(r.pool);
  for (size_t t = 0; t < SK_COUNT(threads); t++) {
    for (size_t n = 0; n < SK_COUNT(totals); n++) {
      for (size_t g = 0; g < SK_COUNT(grains); g++) {
        for (size_t a = 0; a < SK_COUNT(aligns); a++) {
          r.threads = threads[t];
          r.total = totals[n];
          r.grain = grains[g];
          r.align = aligns[a];
          run_region(&r);
          expect_once(&r);
        }
      }
    }
  }
  sk_pool_destroy(r.pool);
}

static void uses_several_chunks(void **state) {
  (void)state;
  static region r;
  r.pool = sk_pool_create();
  r.threads = 2;
  r.total = 1600;
  r.grain = 1;
  r.align = 1;
  run_region(&r);
  assert_int_equal(r.chunks, 16);  // eight for each thread
  r.grain = 500;
  run_region(&r);
  assert_int_equal(r.chunks, 4);
  r.align = 64;
  run_region(&r);  // 512 at a time
  assert_int_equal(r.chunks, 4);
  r.threads = 1;
  run_region(&r);
  assert_int_equal(r.chunks, 1);
  sk_pool_destroy(r.pool);
}

static void nested_regions_run_inline(void **state) {
  (void)state;
  static region r;
  r = (region){.pool = sk_pool_create(), .threads = 3, .total = 500, .grain = 1, .align = 1};
  r.nests = true;
  run_region(&r);
  expect_once(&r);
  assert_int_equal(r.nested, 100 * r.chunks);
  sk_pool_destroy(r.pool);
}

typedef struct rival {
  region r;
  sk_thread thread;
  uint32_t rounds;
} rival;

static void run_rounds(void *raw) {
  rival *v = raw;
  for (uint32_t i = 0; i < v->rounds; i++) {
    v->r.total = 1 + (i * 37) % 3000;
    run_region(&v->r);
    for (int64_t e = 0; e < v->r.total; e++) {
      if (v->r.seen[e] != 1) {
        atomic_fetch_add(&v->r.bad_bounds, 1);
      }
    }
  }
}

// Regions of several threads at once share one pool; sizes and thread counts differ.
static void competing_regions(void **state) {
  (void)state;
  static rival rivals[3];
  sk_pool *pool = sk_pool_create();
  for (uint32_t i = 0; i < 3; i++) {
    rivals[i].r = (region){.pool = pool, .threads = 2 + i, .grain = 1 + 5 * i, .align = 1};
    rivals[i].rounds = 150;
    assert_null(sk_thread_start(&rivals[i].thread, "rival", run_rounds, &rivals[i]));
  }
  for (uint32_t i = 0; i < 3; i++) {
    sk_thread_join(&rivals[i].thread);
    assert_int_equal(rivals[i].r.bad_bounds, 0);
  }
  sk_pool_destroy(pool);
}

// Workers fall asleep in between, more and fewer than before are wanted, and the next region may
// come while late ones of the last still look for work.
static void many_small_regions(void **state) {
  (void)state;
  static region r;
  r = (region){.pool = sk_pool_create(), .grain = 1, .align = 1};
  for (uint32_t i = 0; i < 3000; i++) {
    r.threads = 1 + i % 5;
    r.total = 1 + (i * 7) % 200;
    _Alignas(64) char scratch[64];
    sk_frame frame = {.scratch = scratch, .runtime = &r};
    for (int64_t e = 0; e < r.total; e++) {
      atomic_store_explicit(&r.seen[e], 0, memory_order_relaxed);
    }
    sk_pool_run(r.pool, r.threads, 64, &frame, count_kernel, r.total, r.grain, r.align);
    for (int64_t e = 0; e < r.total; e++) {
      assert_int_equal(r.seen[e], 1);
    }
    if (i % 500 == 0) {
      _Atomic uint32_t nobody = 0;
      sk_futex_wait(&nobody, 0, 2000000);  // long enough for everyone to sleep
      sk_pool_wake(r.pool, 5);
    }
  }
  assert_int_equal(r.bad_bounds, 0);
  sk_pool_destroy(r.pool);
}

typedef struct scratch_user {
  uint64_t bytes;
  _Atomic uint32_t wrong;
} scratch_user;

static void fill_scratch(sk_frame *frame, int64_t begin, int64_t end, void *scratch) {
  scratch_user *u = frame->runtime;
  if ((uintptr_t)scratch % 64 != 0) {
    atomic_fetch_add(&u->wrong, 1);
  }
  memset(scratch, (int)begin & 0xff, u->bytes);
  for (uint64_t i = 0; i < u->bytes; i++) {
    if (((uint8_t *)scratch)[i] != (begin & 0xff)) {
      atomic_fetch_add(&u->wrong, 1);
    }
  }
  (void)end;
}

// Every participant has scratch of its own, as large as the region asks, also when a later region
// asks for more.
static void scratch_grows(void **state) {
  (void)state;
  sk_pool *pool = sk_pool_create();
  static _Alignas(64) char scratch[1 << 16];
  for (uint64_t bytes = 64; bytes <= sizeof scratch; bytes *= 4) {
    for (int i = 0; i < 20; i++) {
      scratch_user u = {.bytes = bytes};
      sk_frame frame = {.scratch = scratch, .runtime = &u};
      sk_pool_run(pool, 4, bytes, &frame, fill_scratch, 200, 1, 1);
      assert_int_equal(u.wrong, 0);
    }
  }
  sk_pool_destroy(pool);
}

// Without memory for seats or threads, the caller does everything.
static void does_without_workers(void **state) {
  (void)state;
  static region r;
  for (uint64_t n = 1; n <= 2; n++) {
    r = (region){.pool = sk_pool_create(), .threads = 4, .total = 100, .grain = 1, .align = 1};
    sk_mem_fail_at(n, true);
    run_region(&r);
    assert_int_equal(sk_mem_fail_hits(), 1);
    sk_mem_fail_at(0, false);
    expect_once(&r);
    assert_int_equal(r.chunks, 1);
    run_region(&r);  // it does not try again
    assert_int_equal(r.chunks, 1);
    sk_pool_destroy(r.pool);
  }
}

// Workers that cannot get scratch stay away; nothing is lost.
static void does_without_scratch(void **state) {
  (void)state;
  static region r;
  r = (region){.pool = sk_pool_create(), .threads = 3, .total = 1000, .grain = 1, .align = 1};
  run_region(&r);
  sk_mem_fail_at(1, true);
  _Alignas(64) static char scratch[4096];
  sk_frame frame = {.scratch = scratch, .runtime = &r};
  memset(r.seen, 0, sizeof r.seen);
  sk_pool_run(r.pool, 3, 4096, &frame, count_kernel, r.total, 1, 1);
  sk_mem_fail_at(0, false);
  expect_once(&r);
  run_region(&r);
  expect_once(&r);
  sk_pool_destroy(r.pool);
}

static void huge_totals(void **state) {
  (void)state;
  // Nothing overflows where iterations are as many as there can be; one chunk takes them all.
  sk_pool *pool = sk_pool_create();
  region r = {.pool = pool};
  sk_frame frame = {.runtime = &r};
  sk_pool_run(pool, 4, 0, &frame, inner_kernel, INT64_MAX, INT64_MAX, 64);
  assert_int_equal(r.nested, (uint32_t)INT64_MAX);
  sk_pool_destroy(pool);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(runs_every_iteration_once),
      cmocka_unit_test(uses_several_chunks),
      cmocka_unit_test(nested_regions_run_inline),
      cmocka_unit_test(competing_regions),
      cmocka_unit_test(many_small_regions),
      cmocka_unit_test(scratch_grows),
      cmocka_unit_test(does_without_workers),
      cmocka_unit_test(does_without_scratch),
      cmocka_unit_test(huge_totals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
