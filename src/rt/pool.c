// SPDX-License-Identifier: Apache-2.0
// Fork-join of parallel regions: the calling thread and a gang of workers claim chunks of one loop.
//
//   job       kernel, frame, iterations per chunk                written by the caller between
//   regions seats[p]  share { generation : 32 | next chunk : 16 | end : 16 }     one cache line per
//   participant
//             bell, asleep                                               where worker p sleeps
//   left      chunks not finished                                the caller waits for 0
//
// Participant 0 is the caller. Each begins with its own share, a contiguous part of the loop that
// is the same in every region of that size (what it touched last time is in its cache), and takes
// from the others when that is used up. Claiming is a compare-and-swap that raises `next`; it
// succeeds only on the generation the claimer has seen. While a claimed chunk is unfinished the
// region cannot end, so whoever has claimed may read the job. Nobody waits for a worker that has
// claimed nothing: one that the system has put aside delays a region by at most one chunk.
//
// Workers spin for a while on their seat, then sleep on its bell; the last to finish wakes the
// caller if that sleeps. The caller wakes the first few sleepers, each of which wakes a few more.
// One region runs at a time: a nested region, or one of another thread meanwhile, runs on its own
// thread. Chunk bounds are multiples of `align`, so results do not depend on who computes what.
//
// A share is stored before `asleep` is looked at, and `asleep` before the share is looked at again,
// all sequentially consistent: one of the two sides sees the other. Shares are stored from the last
// to the first, so that whoever has seen its own may rely on those of the seats it wakes.
#include <string.h>

#include "rt/rt_int.h"

enum {
  CHUNKS_PER_THREAD = 8,
  MAX_CHUNKS = 32768,
  WAKE_FAN_OUT = 4,
  SPINS_PER_CHECK = 64,
};
static const uint64_t spin_ns = 40000;

typedef struct pool_seat {
  _Alignas(SK_CACHE_LINE) _Atomic uint64_t share;
  _Atomic uint32_t bell;
  _Atomic uint32_t asleep;
  uint32_t index;
  sk_pool *pool;
  sk_thread thread;
} pool_seat;

typedef struct pool_job {
  sk_kernel_fn kernel;
  sk_frame *frame;
  int64_t total, chunk;  // iterations; of every chunk but the last
} pool_job;

struct sk_pool {
  // Written by callers.
  _Alignas(SK_CACHE_LINE) _Atomic uint32_t gang;  // 1: taken
  _Atomic uint32_t participants;                  // of the current region
  _Atomic uint32_t worker_count;                  // started; raised under gang
  _Atomic uint64_t scratch_need;                  // most any region ever asked for
  _Atomic uint64_t spin;                          // ns; 0 with more threads than processors
  _Atomic bool stopping;
  uint32_t generation;  // under gang
  bool cannot_grow;     // under gang: memory or starting a thread failed
  pool_job job;         // under gang; read by whoever has claimed a chunk
  pool_seat *seats;     // SK_MAX_THREADS, made with the first worker
  // Written by workers too.
  _Alignas(SK_CACHE_LINE) _Atomic uint32_t left;
  _Atomic uint32_t caller_sleeps;
};

static uint64_t share_word(uint32_t generation, uint32_t next, uint32_t end) {
  return (uint64_t)generation << 32 | (uint64_t)next << 16 | end;
}
static uint32_t share_generation(uint64_t share) { return (uint32_t)(share >> 32); }
static uint32_t share_next(uint64_t share) { return (uint32_t)(share >> 16) & 0xffff; }
static uint32_t share_end(uint64_t share) { return (uint32_t)share & 0xffff; }

// ---- taking part

// Claims one chunk of a seat's share of the given generation: its number, or UINT32_MAX.
static uint32_t claim(pool_seat *seat, uint32_t generation) {
  uint64_t share = atomic_load_explicit(&seat->share, memory_order_acquire);
  while (share_generation(share) == generation && share_next(share) < share_end(share)) {
    if (atomic_compare_exchange_weak_explicit(&seat->share, &share, share + ((uint64_t)1 << 16),
                                              memory_order_acq_rel, memory_order_acquire)) {
      return share_next(share);
    }
  }
  return UINT32_MAX;
}

static void run_chunk(const sk_pool *pool, uint32_t chunk, void *scratch) {
  const pool_job *job = &pool->job;
  int64_t begin = (int64_t)chunk * job->chunk;
  int64_t end = job->total - begin < job->chunk ? job->total : begin + job->chunk;
  job->kernel(job->frame, begin, end, scratch);
}

static void finish_chunks(sk_pool *pool, uint32_t count, bool is_caller) {
  if (count == 0) {
    return;
  }
  uint32_t before = atomic_fetch_sub(&pool->left, count);
  if (before == count && !is_caller && atomic_load(&pool->caller_sleeps)) {
    sk_futex_wake(&pool->left, 1);
  }
}

// Own share first, then the others' in turn, until nothing is left to claim.
static void take_part(sk_pool *pool, uint32_t self, uint32_t generation, void *scratch) {
  uint32_t participants = atomic_load_explicit(&pool->participants, memory_order_acquire);
  uint32_t done = 0;
  for (uint32_t i = 0; i < participants; i++) {
    uint32_t from = self + i < participants ? self + i : self + i - participants;
    if (from >= participants) {
      break;  // our region has ended, and a smaller one has begun
    }
    uint32_t chunk;
    while ((chunk = claim(&pool->seats[from], generation)) != UINT32_MAX) {
      run_chunk(pool, chunk, scratch);
      done++;
    }
  }
  finish_chunks(pool, done, self == 0);
}

// Wakes those of the seats under `self` in the tree that sleep.
static void wake_below(sk_pool *pool, uint32_t self, uint32_t participants) {
  for (uint32_t i = 1; i <= WAKE_FAN_OUT; i++) {
    uint32_t p = self * WAKE_FAN_OUT + i;
    if (p >= participants) {
      return;
    }
    pool_seat *seat = &pool->seats[p];
    if (atomic_load(&seat->asleep)) {
      atomic_fetch_add(&seat->bell, 1);
      sk_futex_wake(&seat->bell, 1);
    }
  }
}

// ---- workers

typedef struct worker_scratch {
  void *memory;
  uint64_t bytes;
} worker_scratch;

static bool ensure_scratch(sk_pool *pool, worker_scratch *scratch) {
  uint64_t need = atomic_load_explicit(&pool->scratch_need, memory_order_acquire);
  if (need <= scratch->bytes && scratch->memory) {
    return true;
  }
  sk_mem_free(scratch->memory);
  scratch->bytes = SK_MAX(need, (uint64_t)SK_CACHE_LINE);
  scratch->memory = sk_mem_alloc_aligned(scratch->bytes, SK_CACHE_LINE);
  if (!scratch->memory) {
    scratch->bytes = 0;
  }
  return scratch->memory != NULL;
}

static bool is_new(const pool_seat *seat, uint32_t seen, uint32_t *out_generation) {
  *out_generation = share_generation(atomic_load(&seat->share));
  return *out_generation != seen;
}

static bool spin_for_share(pool_seat *seat, uint32_t seen, uint32_t *out_generation) {
  uint64_t spin = atomic_load_explicit(&seat->pool->spin, memory_order_relaxed);
  if (spin == 0) {
    return is_new(seat, seen, out_generation);
  }
  uint64_t until = sk_time_ns() + spin;
  do {
    for (int i = 0; i < SPINS_PER_CHECK; i++) {
      if (is_new(seat, seen, out_generation)) {
        return true;
      }
      sk_cpu_pause();
    }
  } while (sk_time_ns() < until);
  return false;
}

// Waits for a share of a generation other than `seen`; false when the pool stops.
static bool wait_for_share(pool_seat *seat, uint32_t seen, uint32_t *out_generation) {
  while (!spin_for_share(seat, seen, out_generation)) {
    uint32_t bell = atomic_load(&seat->bell);
    atomic_store(&seat->asleep, 1);
    bool stopping = atomic_load(&seat->pool->stopping);
    bool found = is_new(seat, seen, out_generation);
    if (!found && !stopping) {
      sk_futex_wait(&seat->bell, bell, UINT64_MAX);
    }
    atomic_store(&seat->asleep, 0);
    if (found || stopping) {
      return found;
    }
  }
  return true;
}

static void worker_main(void *raw) {
  pool_seat *seat = raw;
  sk_pool *pool = seat->pool;
  worker_scratch scratch = {NULL, 0};
  uint32_t seen = 0, generation;
  sk_mxcsr_set(SK_DEFAULT_MXCSR);
  while (wait_for_share(seat, seen, &generation)) {
    seen = generation;
    wake_below(pool, seat->index, atomic_load_explicit(&pool->participants, memory_order_acquire));
    // A share is stored after the need for scratch that its region has: what is ensured here
    // suffices for every claim of generation `seen`.
    if (ensure_scratch(pool, &scratch)) {
      take_part(pool, seat->index, seen, scratch.memory);
    }
  }
  sk_mem_free(scratch.memory);
}

// ---- the gang (all of this with `gang` taken)

static bool take_gang(sk_pool *pool) {
  return atomic_load_explicit(&pool->gang, memory_order_relaxed) == 0 &&
         atomic_exchange_explicit(&pool->gang, 1, memory_order_acquire) == 0;
}

static void leave_gang(sk_pool *pool) {
  atomic_store_explicit(&pool->gang, 0, memory_order_release);
}

static void init_seat(sk_pool *pool, uint32_t index) {
  pool_seat *seat = &pool->seats[index];
  memset(seat, 0, sizeof *seat);
  seat->index = index;
  seat->pool = pool;
}

static SK_NOINLINE void grow(sk_pool *pool, uint32_t workers) {
  if (!pool->seats && !pool->cannot_grow) {
    pool->seats = sk_mem_alloc_aligned(SK_MAX_THREADS * sizeof *pool->seats, SK_CACHE_LINE);
    pool->cannot_grow = !pool->seats;
    if (pool->seats) {
      init_seat(pool, 0);
    }
  }
  uint32_t count = atomic_load(&pool->worker_count);
  while (count < workers && !pool->cannot_grow) {
    init_seat(pool, count + 1);
    pool_seat *seat = &pool->seats[count + 1];
    sk_status status = sk_thread_start(&seat->thread, "skarn", worker_main, seat);
    pool->cannot_grow = status != NULL;
    sk_status_free(status);
    count += status == NULL;
  }
  // Spinning pays only while every thread has a processor.
  atomic_store(&pool->spin, count + 1 <= sk_cpu_get()->threads ? spin_ns : 0);
  atomic_store(&pool->worker_count, count);
}

static void publish(sk_pool *pool, uint32_t participants, uint32_t chunks) {
  pool->generation = pool->generation == UINT32_MAX ? 1 : pool->generation + 1;
  atomic_store_explicit(&pool->participants, participants, memory_order_release);
  atomic_store_explicit(&pool->left, chunks, memory_order_relaxed);
  uint32_t end = chunks;
  for (uint32_t p = participants; p-- > 0;) {
    uint32_t begin = (uint32_t)((uint64_t)chunks * p / participants);
    atomic_store(&pool->seats[p].share, share_word(pool->generation, begin, end));
    end = begin;
  }
  wake_below(pool, 0, participants);
}

static void wait_until_done(sk_pool *pool) {
  uint64_t until = 0, spin = atomic_load_explicit(&pool->spin, memory_order_relaxed);
  for (;;) {
    for (int i = 0; i < SPINS_PER_CHECK; i++) {
      if (atomic_load_explicit(&pool->left, memory_order_acquire) == 0) {
        return;
      }
      sk_cpu_pause();
    }
    uint64_t now = sk_time_ns();
    until = until == 0 ? now + spin : until;
    if (now < until) {
      continue;
    }
    atomic_store(&pool->caller_sleeps, 1);
    uint32_t left = atomic_load(&pool->left);
    if (left != 0) {
      sk_futex_wait(&pool->left, left, UINT64_MAX);
    }
    atomic_store(&pool->caller_sleeps, 0);
  }
}

// Iterations per chunk: at least grain, a multiple of align, and few enough chunks.
static int64_t chunk_iterations(uint32_t threads, int64_t total, int64_t grain, int64_t align) {
  int64_t most = SK_MIN((int64_t)threads * CHUNKS_PER_THREAD, (int64_t)MAX_CHUNKS);
  int64_t chunk = SK_MAX(total / most + (total % most != 0), grain);
  int64_t rest = chunk % align;
  if (rest != 0 && SK_ADD_OVERFLOW(chunk, align - rest, &chunk)) {
    return total;
  }
  return chunk;
}

void sk_pool_run(sk_pool *pool, uint32_t threads, uint64_t scratch_bytes, sk_frame *frame,
                 sk_kernel_fn kernel, int64_t total, int64_t grain, int64_t align) {
  if (total <= 0) {
    return;
  }
  threads = SK_MAX(SK_MIN(threads, (uint32_t)SK_MAX_THREADS), 1u);
  int64_t chunk = chunk_iterations(threads, total, SK_MAX(grain, 1), SK_MAX(align, 1));
  if (threads == 1 || chunk >= total || !take_gang(pool)) {
    kernel(frame, 0, total, frame->scratch);
    return;
  }
  uint32_t chunks = (uint32_t)(total / chunk + (total % chunk != 0));
  threads = SK_MIN(threads, chunks);
  if (SK_UNLIKELY(atomic_load_explicit(&pool->worker_count, memory_order_relaxed) + 1 < threads)) {
    grow(pool, threads - 1);
  }
  uint32_t workers = atomic_load_explicit(&pool->worker_count, memory_order_relaxed);
  if (SK_UNLIKELY(workers == 0)) {
    leave_gang(pool);
    kernel(frame, 0, total, frame->scratch);
    return;
  }
  if (atomic_load_explicit(&pool->scratch_need, memory_order_relaxed) < scratch_bytes) {
    atomic_store_explicit(&pool->scratch_need, scratch_bytes, memory_order_release);
  }
  pool->job = (pool_job){kernel, frame, total, chunk};
  publish(pool, SK_MIN(threads, workers + 1), chunks);
  take_part(pool, 0, pool->generation, frame->scratch);
  wait_until_done(pool);
  leave_gang(pool);
}

void sk_pool_wake(sk_pool *pool, uint32_t threads) {
  uint32_t workers = atomic_load_explicit(&pool->worker_count, memory_order_acquire);
  if (workers != 0) {
    wake_below(pool, 0, SK_MIN(threads, workers + 1));
  }
}

// ---- making and ending

sk_pool *sk_pool_create(void) {
  sk_pool *pool = sk_mem_alloc_aligned(sizeof *pool, SK_CACHE_LINE);
  if (pool) {
    memset(pool, 0, sizeof *pool);
  }
  return pool;
}

void sk_pool_after_fork(sk_pool *pool) {
  atomic_store(&pool->worker_count, 0);
  atomic_store(&pool->left, 0);
  atomic_store(&pool->caller_sleeps, 0);
  atomic_store(&pool->gang, 0);
  pool->cannot_grow = false;
}

void sk_pool_destroy(sk_pool *pool) {
  if (!pool) {
    return;
  }
  atomic_store(&pool->stopping, true);
  uint32_t workers = atomic_load(&pool->worker_count);
  for (uint32_t p = 1; p <= workers; p++) {
    atomic_fetch_add(&pool->seats[p].bell, 1);
    sk_futex_wake(&pool->seats[p].bell, 1);
  }
  for (uint32_t p = 1; p <= workers; p++) {
    sk_thread_join(&pool->seats[p].thread);
  }
  sk_mem_free(pool->seats);
  sk_mem_free(pool);
}
