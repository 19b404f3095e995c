// SPDX-License-Identifier: Apache-2.0
// Measures what this machine can do at most, as the denominator of roofline shares.
//
//   limits THREADS     one JSON object on stdout:
//     {"threads": 2, "vector_bits": 256, "gfma": 51.2, "gdiv": 4.2,
//      "levels": [{"bytes": 16384, "read_gb_s": .., "copy_gb_s": .., "triad_gb_s": ..}, ...]}
//
// gfma      10^9 f32 fused multiply-adds per second, all threads together, from twelve independent
//           chains per thread in registers, at the widest vector the machine has.
// gdiv      10^9 f32 divisions per second, in the same way.
// levels    bandwidth over a working set of that many bytes in total, divided evenly over threads
//           and arrays; bytes read and written are counted once each, without the line that a
//           store reads before it writes. copy is b = a, triad is c = a + s * b; the better of
//           ordinary and non-temporal stores counts. Buffers lie on huge pages where the
//           system grants them and are touched by the thread that uses them.
//
// Every figure is the best of several repetitions: a limit is what is possible, not what is usual.
// Threads start each repetition together through a spinning barrier and are not pinned; use
// taskset for that.
#include <immintrin.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { MAX_THREADS = 64, REPEATS = 9, FMAS_PER_TRIP = 24, DIVS_PER_TRIP = 8 };

static const size_t level_bytes[] = {
    16u << 10, 128u << 10, 1u << 20, 4u << 20, 16u << 20, 64u << 20, 256u << 20,
};
enum { LEVELS = sizeof level_bytes / sizeof level_bytes[0] };

// One pass over arrays of `elems` floats (a multiple of 128, 64-byte aligned).
typedef void pass_fn(float *c, const float *a, const float *b, size_t elems);
typedef struct {
  const char *name;
  pass_fn *plain;
  pass_fn *streaming;  // NULL: none
  int arrays;
} kernel;
typedef struct {
  int vector_bits;
  float (*fma_loop)(long trips);  // FMAS_PER_TRIP vector multiply-adds each
  float (*div_loop)(long trips);  // DIVS_PER_TRIP vector divisions each
  kernel kernels[3];
} tier;

static float sink;  // keeps results alive; its value means nothing

// The kernels for one vector width. A function attribute selects the instructions, as the file
// itself is compiled for baseline x86-64; main() asks CPUID before it calls any of them.
#define DEFINE_TIER(suffix, features, vec, bits, lanes, P)                                         \
  __attribute__((target(features))) static float fma_loop_##suffix(long trips) {                   \
    const vec m = P##_set1_ps(0.999f), s = P##_set1_ps(0.001f);                                    \
    vec x0 = P##_set1_ps(2.0f), x1 = P##_set1_ps(3.0f), x2 = P##_set1_ps(4.0f);                    \
    vec x3 = P##_set1_ps(5.0f), x4 = P##_set1_ps(6.0f), x5 = P##_set1_ps(7.0f);                    \
    vec x6 = P##_set1_ps(8.0f), x7 = P##_set1_ps(9.0f), x8 = P##_set1_ps(10.0f);                   \
    vec x9 = P##_set1_ps(11.0f), x10 = P##_set1_ps(12.0f), x11 = P##_set1_ps(13.0f);               \
    while (trips-- > 0) {                                                                          \
      FMA_ROUND(P)                                                                                 \
      FMA_ROUND(P)                                                                                 \
    }                                                                                              \
    x0 = P##_add_ps(P##_add_ps(P##_add_ps(x0, x1), P##_add_ps(x2, x3)),                            \
                    P##_add_ps(P##_add_ps(x4, x5), P##_add_ps(x6, x7)));                           \
    x0 = P##_add_ps(x0, P##_add_ps(P##_add_ps(x8, x9), P##_add_ps(x10, x11)));                     \
    float out[lanes];                                                                              \
    P##_storeu_ps(out, x0);                                                                        \
    return out[0];                                                                                 \
  }                                                                                                \
  __attribute__((target(features))) static float div_loop_##suffix(long trips) {                   \
    const vec d = P##_set1_ps(1.0001f);                                                            \
    vec x0 = P##_set1_ps(2.0f), x1 = P##_set1_ps(3.0f), x2 = P##_set1_ps(4.0f),                    \
        x3 = P##_set1_ps(5.0f);                                                                    \
    vec x4 = P##_set1_ps(6.0f), x5 = P##_set1_ps(7.0f), x6 = P##_set1_ps(8.0f),                    \
        x7 = P##_set1_ps(9.0f);                                                                    \
    while (trips-- > 0) {                                                                          \
      x0 = P##_div_ps(x0, d), x1 = P##_div_ps(x1, d);                                              \
      x2 = P##_div_ps(x2, d), x3 = P##_div_ps(x3, d);                                              \
      x4 = P##_div_ps(x4, d), x5 = P##_div_ps(x5, d);                                              \
      x6 = P##_div_ps(x6, d), x7 = P##_div_ps(x7, d);                                              \
    }                                                                                              \
    x0 = P##_add_ps(P##_add_ps(x0, x1), P##_add_ps(x2, x3));                                       \
    x4 = P##_add_ps(P##_add_ps(x4, x5), P##_add_ps(x6, x7));                                       \
    float out[lanes];                                                                              \
    P##_storeu_ps(out, P##_add_ps(x0, x4));                                                        \
    return out[0];                                                                                 \
  }                                                                                                \
  __attribute__((target(features))) static void read_##suffix(float *c, const float *a,            \
                                                              const float *b, size_t n) {          \
    (void)b;                                                                                       \
    vec x0 = P##_setzero_ps(), x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0, x6 = x0, x7 = x0;      \
    for (size_t i = 0; i < n; i += 8 * lanes) {                                                    \
      x0 = P##_add_ps(x0, P##_load_ps(a + i));                                                     \
      x1 = P##_add_ps(x1, P##_load_ps(a + i + lanes));                                             \
      x2 = P##_add_ps(x2, P##_load_ps(a + i + 2 * lanes));                                         \
      x3 = P##_add_ps(x3, P##_load_ps(a + i + 3 * lanes));                                         \
      x4 = P##_add_ps(x4, P##_load_ps(a + i + 4 * lanes));                                         \
      x5 = P##_add_ps(x5, P##_load_ps(a + i + 5 * lanes));                                         \
      x6 = P##_add_ps(x6, P##_load_ps(a + i + 6 * lanes));                                         \
      x7 = P##_add_ps(x7, P##_load_ps(a + i + 7 * lanes));                                         \
    }                                                                                              \
    x0 = P##_add_ps(P##_add_ps(x0, x1), P##_add_ps(x2, x3));                                       \
    x4 = P##_add_ps(P##_add_ps(x4, x5), P##_add_ps(x6, x7));                                       \
    P##_storeu_ps(c, P##_add_ps(x0, x4));                                                          \
  }                                                                                                \
  DEFINE_STORES(suffix, features, vec, lanes, P, plain, P##_store_ps)                              \
  DEFINE_STORES(suffix, features, vec, lanes, P, streaming, P##_stream_ps)                         \
  static const tier tier_##suffix = {                                                              \
      bits,                                                                                        \
      fma_loop_##suffix,                                                                           \
      div_loop_##suffix,                                                                           \
      {{"read", read_##suffix, NULL, 1},                                                           \
       {"copy", copy_plain_##suffix, copy_streaming_##suffix, 2},                                  \
       {"triad", triad_plain_##suffix, triad_streaming_##suffix, 3}},                              \
  };
#define FMA_ROUND(P)                                                                               \
  x0 = P##_fmadd_ps(x0, m, s), x1 = P##_fmadd_ps(x1, m, s);                                        \
  x2 = P##_fmadd_ps(x2, m, s), x3 = P##_fmadd_ps(x3, m, s);                                        \
  x4 = P##_fmadd_ps(x4, m, s), x5 = P##_fmadd_ps(x5, m, s);                                        \
  x6 = P##_fmadd_ps(x6, m, s), x7 = P##_fmadd_ps(x7, m, s);                                        \
  x8 = P##_fmadd_ps(x8, m, s), x9 = P##_fmadd_ps(x9, m, s);                                        \
  x10 = P##_fmadd_ps(x10, m, s), x11 = P##_fmadd_ps(x11, m, s);
#define DEFINE_STORES(suffix, features, vec, lanes, P, kind, put)                                  \
  __attribute__((target(features))) static void copy_##kind##_##suffix(float *c, const float *a,   \
                                                                       const float *b, size_t n) { \
    (void)b;                                                                                       \
    for (size_t i = 0; i < n; i += 2 * lanes) {                                                    \
      put(c + i, P##_load_ps(a + i));                                                              \
      put(c + i + lanes, P##_load_ps(a + i + lanes));                                              \
    }                                                                                              \
  }                                                                                                \
  __attribute__((target(features))) static void triad_##kind##_##suffix(                           \
      float *c, const float *a, const float *b, size_t n) {                                        \
    const vec s = P##_set1_ps(1.5f);                                                               \
    for (size_t i = 0; i < n; i += 2 * lanes) {                                                    \
      put(c + i, P##_fmadd_ps(s, P##_load_ps(b + i), P##_load_ps(a + i)));                         \
      put(c + i + lanes, P##_fmadd_ps(s, P##_load_ps(b + i + lanes), P##_load_ps(a + i + lanes))); \
    }                                                                                              \
  }

DEFINE_TIER(v3, "avx2,fma", __m256, 256, 8, _mm256)
DEFINE_TIER(v4, "avx512f", __m512, 512, 16, _mm512)

// --- Threads -------------------------------------------------------------------------------

typedef struct {
  int threads;
  atomic_int arrived;
  atomic_int round;
  const tier *tier;
  double fma_s[REPEATS];  // these are written by thread 0
  double div_s[REPEATS];
  double pass_s[LEVELS][3][2][REPEATS];  // level, kernel, plain or streaming
} job;

static void barrier(job *j) {
  int round = atomic_load_explicit(&j->round, memory_order_acquire);
  if (atomic_fetch_add_explicit(&j->arrived, 1, memory_order_acq_rel) + 1 == j->threads) {
    atomic_store_explicit(&j->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&j->round, round + 1, memory_order_release);
    return;
  }
  while (atomic_load_explicit(&j->round, memory_order_acquire) == round) {
    _mm_pause();
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const long fma_trips = 200000, div_trips = 100000;

static void measure_loop(job *j, bool first, float (*loop)(long), long trips, double *seconds) {
  for (int r = 0; r < REPEATS; r++) {
    barrier(j);
    double start = now();
    float x = loop(trips);
    barrier(j);
    if (first) {
      seconds[r] = now() - start;
      sink = x;
    }
  }
}

static void measure_level(job *j, bool first, int level, float *base) {
  for (int k = 0; k < 3; k++) {
    const kernel *kn = &j->tier->kernels[k];
    size_t elems = level_bytes[level] / sizeof(float) / (size_t)j->threads / (size_t)kn->arrays;
    elems &= ~(size_t)127;
    // An odd number of lines between the arrays: loads and stores of one index then differ in
    // the low twelve address bits and don't alias.
    size_t step = elems + 16 * 21;
    float *a = base, *b = base + step, *c = kn->arrays == 1 ? base + elems : base + 2 * step;
    if (kn->arrays == 2) {
      c = base + step;
      b = a;
    }
    long trips = (long)((64u << 20) / level_bytes[level]);
    trips = trips < 1 ? 1 : trips;
    for (int s = 0; s < 2; s++) {
      pass_fn *pass = s ? kn->streaming : kn->plain;
      for (int r = 0; pass && r < REPEATS; r++) {
        barrier(j);
        double start = now();
        for (long t = 0; t < trips; t++) {
          pass(c, a, b, elems);
        }
        _mm_sfence();
        barrier(j);
        if (first) {
          j->pass_s[level][k][s][r] = (now() - start) / (double)trips;
        }
      }
    }
  }
}

typedef struct {
  job *job;
  int index;
  bool failed;
} worker;

static void *work(void *arg) {
  worker *w = arg;
  job *j = w->job;
  size_t bytes = level_bytes[LEVELS - 1] / (size_t)j->threads + (4u << 20);
  void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  w->failed = map == MAP_FAILED;
  float *base = NULL;
  if (!w->failed) {
    madvise(map, bytes, MADV_HUGEPAGE);
    base = (float *)(((uintptr_t)map + (2u << 20) - 1) & ~(uintptr_t)((2u << 20) - 1));
    for (size_t i = 0; i < (bytes - (2u << 20)) / sizeof(float); i++) {
      base[i] = 1.0f;
    }
  }
  measure_loop(j, w->index == 0, j->tier->fma_loop, fma_trips, j->fma_s);
  measure_loop(j, w->index == 0, j->tier->div_loop, div_trips, j->div_s);
  for (int level = 0; level < LEVELS; level++) {
    if (!w->failed) {
      measure_level(j, w->index == 0, level, base);
    }
  }
  if (!w->failed) {
    munmap(map, bytes);
  }
  return NULL;
}

// --- Report --------------------------------------------------------------------------------

static double best(const double *seconds) {
  double least = 0.0;
  for (int r = 0; r < REPEATS; r++) {
    if (seconds[r] > 0.0 && (least <= 0.0 || seconds[r] < least)) {
      least = seconds[r];
    }
  }
  return least;
}

static double bandwidth(const job *j, int level, int k) {
  const kernel *kn = &j->tier->kernels[k];
  size_t elems = level_bytes[level] / sizeof(float) / (size_t)j->threads / (size_t)kn->arrays;
  elems &= ~(size_t)127;
  double plain = best(j->pass_s[level][k][0]), streaming = best(j->pass_s[level][k][1]);
  double seconds = kn->streaming && streaming < plain ? streaming : plain;
  double bytes = (double)(elems * sizeof(float)) * kn->arrays * j->threads;
  return bytes / seconds * 1e-9;
}

static void print_report(const job *j) {
  double lanes = 1e-9 * (j->tier->vector_bits / 32) * j->threads;
  double fmas = (double)fma_trips * FMAS_PER_TRIP, divs = (double)div_trips * DIVS_PER_TRIP;
  printf("{\"threads\": %d, \"vector_bits\": %d, \"gfma\": %.1f, \"gdiv\": %.2f, \"levels\": [",
         j->threads, j->tier->vector_bits, fmas * lanes / best(j->fma_s),
         divs * lanes / best(j->div_s));
  for (int level = 0; level < LEVELS; level++) {
    printf("%s{\"bytes\": %zu", level ? ", " : "", level_bytes[level]);
    for (int k = 0; k < 3; k++) {
      printf(", \"%s_gb_s\": %.1f", j->tier->kernels[k].name, bandwidth(j, level, k));
    }
    printf("}");
  }
  printf("]}\n");
}

int main(int argc, char **argv) {
  char *end = NULL;
  long threads = argc == 2 ? strtol(argv[1], &end, 10) : 0;
  if (threads < 1 || threads > MAX_THREADS || *end != '\0') {
    fprintf(stderr, "usage: limits THREADS (1 to %d)\n", MAX_THREADS);
    return 2;
  }
  __builtin_cpu_init();
  bool has_v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (!has_v3) {
    fprintf(stderr, "limits: this CPU lacks AVX2 and FMA\n");
    return 3;
  }
  static job j;
  j.threads = (int)threads;
  j.tier = __builtin_cpu_supports("avx512f") ? &tier_v4 : &tier_v3;
  pthread_t handles[MAX_THREADS];
  worker workers[MAX_THREADS];
  for (int i = 0; i < j.threads; i++) {
    workers[i] = (worker){&j, i, false};
    if (pthread_create(&handles[i], NULL, work, &workers[i])) {
      fprintf(stderr, "limits: cannot start %ld threads\n", threads);
      exit(4);
    }
  }
  bool failed = false;
  for (int i = 0; i < j.threads; i++) {
    pthread_join(handles[i], NULL);
    failed |= workers[i].failed;
  }
  if (failed) {
    fprintf(stderr, "limits: out of memory\n");
    return 4;
  }
  print_report(&j);
  return 0;
}
